"""desk.toml and the environment."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from overflight import settings
from overflight.errors import InputError


def test_defaults_need_no_file(tmp_path: Path) -> None:
    found = settings.load({"OVERFLIGHT_HOME": str(tmp_path / "none")})
    assert found == settings.Settings(home=tmp_path / "none")
    assert not found.home.exists()


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    (tmp_path / "desk.toml").write_text('view = "UKR"\nstate = "NZL"\n', encoding="utf-8")
    env = {"OVERFLIGHT_HOME": str(tmp_path)}
    assert (settings.load(env).view, settings.load(env).state) == ("UKR", "NZL")
    env["OVERFLIGHT_VIEW"] = "IND"
    assert (settings.load(env).view, settings.load(env).state) == ("IND", "NZL")


def test_without_a_folder_the_platform_decides() -> None:
    assert settings.desk_folder({}).name == "overflight"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("veiw = 'UKR'", "unknown field veiw; known are view, state"),
        ("view = 3", "view must be a text"),
        ("view = ", "not a readable TOML file"),
        ("home = '/elsewhere'", "unknown field home"),
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "desk.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"desk\.toml: ") as fault:
        settings.load({"OVERFLIGHT_HOME": str(tmp_path)})
    assert says in str(fault.value)


def test_every_setting_has_its_variable() -> None:
    assert set(settings.VARIABLES) == {field.name for field in fields(settings.Settings)}
