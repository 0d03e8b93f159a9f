"""``overflight screen --permits`` as people and programs see it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from exercise_permits import desk_with_lists, table

from overflight.cli import main
from overflight.cli.permits_table import COLUMNS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("STATE", "POSITION", "VIEW"):
        monkeypatch.delenv(f"OVERFLIGHT_{name}", raising=False)
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "160")
    monkeypatch.chdir(tmp_path)
    return desk_with_lists(tmp_path / "home")


def write(rows: list[dict[str, str]], more: str = "") -> str:
    Path("permits.csv").write_text(table(rows) + more, encoding="utf-8")
    return "permits.csv"


def test_clean_is_0_and_a_hit_is_1(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["screen", "--permits", write([{}]), "--state", "IND"]) == 0
    printed = capsys.readouterr()
    assert "IND may allow" in printed.out
    assert "decides nothing" in printed.out
    assert main(["screen", "--permits", write([{"consignee": "Exercise Air Lines"}])]) == 1
    assert "HIT" in capsys.readouterr().out


def test_json_is_one_document(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = write([{}, {"owner": "Air Exercise"}], "half\n")
    assert main(["screen", "--permits", file, "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [one["level"] for one in found["applications"]] == ["hit", "unread", "nothing"]
    assert found["levels"]["hit"] == 1
    assert found["rows"] == 3
    assert found["hit"] is True
    match = found["applications"][0]["matches"][0]
    assert match["roles"] == ["owner"]
    assert sum(f["contribution"] for f in match["features"]) == pytest.approx(match["score"], abs=1e-3)


def test_the_desks_state_decides_unless_the_option_does(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write([{}])
    for setting, option, expected in (
        ("IND", [], "IND"),
        ("IND", ["--state", "Turkey"], "TUR"),
        ("An organisation", [], None),
    ):
        monkeypatch.setenv("OVERFLIGHT_STATE", setting)
        assert main(["screen", "--permits", file, "--json", *option]) == 0
        found = json.loads(capsys.readouterr().out)
        assert found["state"] == expected
    assert any("is no state" in remark for remark in found["remarks"])
    assert found["applications"][0]["law"]["other_states"]


def test_csv_has_every_row_and_no_formula(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"operator": '=HYPERLINK("x")'}, {"consignee": "Exercise Air Lines"}]
    assert main(["screen", "--permits", write(rows, "half\n"), "--csv", "out.csv", "--state", "IND"]) == 1
    with Path("out.csv").open(encoding="utf-8", newline="") as file:
        read = list(csv.DictReader(file))
    assert tuple(read[0]) == COLUMNS
    assert [one["level"] for one in read] == ["hit", "unread", "look"]
    assert read[0]["match"] == "EXERCISE AIR LINES"
    assert read[0]["roles"] == "consignee"
    assert not any(cell.startswith(("=", "+", "-", "@")) for one in read for cell in one.values())
    assert any(one["operator"].startswith("'=") for one in read)
    assert main(["screen", "--permits", "permits.csv", "--csv", "out.csv"]) == 2
    assert "is there already" in capsys.readouterr().err


def test_a_strangers_text_gives_the_terminal_no_orders(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["screen", "--permits", write([{"operator": "[red]Sample\x1b[2J Wings[/]"}])]) in (0, 1)
    out = capsys.readouterr().out
    assert "\x1b[2J" not in out
    assert "[red]Sample" in out


def test_half_a_character_breaks_nothing(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = '[{"operator": "\\ud800 Sample", "registration": "D-AXXA", "type": "A332", "owner": "\\ud800"}]'
    Path("permits.json").write_text(text, encoding="utf-8")
    for more in ([], ["--json"], ["--csv", "out.csv"]):
        assert main(["screen", "--permits", "permits.json", *more]) == 0
        capsys.readouterr().out.encode("utf-8")
    assert Path("out.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--permits", "none.csv"], "no such file"),
        (["--permits", "permits.csv", "--state", "Atlantis"], "--state"),
        (["--permits", "permits.csv", "--csv", "nowhere/out.csv"], "no such folder"),
        (["--permits", "permits.csv", "--tail", "P-885"], "--permits"),
        (["--permits", "permits.csv", "--on", "yesterday"], "--on"),
        (["--permits", "permits.csv", "--known", "2020-01-01"], "no list"),
        (["--state", "IND", "Sample"], "needs --permits"),
        (["--csv", "out.csv", "Sample"], "needs --permits"),
    ],
)
def test_wrong_use_is_one_line_and_2(
    home: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], word: str
) -> None:
    write([{}])
    assert main(["screen", *arguments]) == 2
    err = capsys.readouterr().err
    assert word in err
    assert "Traceback" not in err
    assert not Path("out.csv").exists()


def test_without_lists_the_line_teaches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "empty"))
    monkeypatch.chdir(tmp_path)
    assert main(["screen", "--permits", write([{}])]) == 2
    err = capsys.readouterr().err
    assert "no list has been imported" in err
    assert "overflight lists import" in err
