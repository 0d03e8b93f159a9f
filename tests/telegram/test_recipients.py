"""Two letters that TAGS and ISO 3166 read as two states are refused by whatever releases."""

from __future__ import annotations

from pathlib import Path

import pycountry
import pytest

from overflight.cli import main
from overflight.errors import InputError
from overflight.telegram.recipients import one_reading, recipient
from overflight.world.states import alpha3_codes, name, state

SEVEN = str(Path(__file__).parent / "samples" / "state-04-seven-addressees.txt")


@pytest.mark.parametrize("text", ["CH", "ch", " Ch "])
def test_two_states_are_two_readings(text: str) -> None:
    with pytest.raises(InputError) as caught:
        recipient(text, "--to")
    assert (caught.value.where, caught.value.mend) == ("--to", "give CHE or CHN")
    assert "Switzerland" in caught.value.what
    assert "China" in caught.value.what


@pytest.mark.parametrize("code", ["KN", "RS", "AU", "SG", "GE", "NI", "TU", "TD", "BG", "SN", "MA", "GB"])
def test_refusals_are_the_very_differences(code: str) -> None:
    """Independent of the tables: what FIPS 10-4 or the list of 1974 makes of the code."""
    fips = {"KN": "PRK", "RS": "RUS", "AU": "AUT", "SG": "SEN", "NI": "NGA", "TD": "TTO", "BG": "BGD",
            "SN": "SGP", "MA": "MDG", "GB": "GAB"}  # fmt: skip
    iso = pycountry.countries.get(alpha_2=code)
    if iso is None:  # TU is Turkey in TAGS and free in ISO: nobody here
        with pytest.raises(InputError):
            recipient(code)
        return
    with pytest.raises(InputError) as caught:
        recipient(code)
    assert iso.alpha_3 in str(caught.value.mend)
    if code in fips:
        assert fips[code] in str(caught.value.mend)


def test_what_has_one_reading_stays() -> None:
    assert [recipient(t) for t in ("FR", "us", "UK", "KZ", "XK", "JP", "PK")] == [
        "FRA", "USA", "GBR", "KAZ", "XKX", "JPN", "PAK",
    ]  # fmt: skip
    for code in alpha3_codes():
        assert recipient(code) == code
        assert recipient(name(code)) == state(name(code))


def test_lists_are_looked_through() -> None:
    one_reading("CHN, France;TJK")
    with pytest.raises(InputError, match="CH"):
        one_reading("TJK, CH")


@pytest.mark.parametrize(
    "command",
    [
        ["release", SEVEN, "--to", "CH"],
        ["case", "paper", "KOR621", "--to", "CH"],
        ["case", "approach", "KOR621", "--to", "IND,CH"],
    ],
)
def test_commands_refuse_in_one_line(
    command: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path))
    if command[1] == "approach":
        command = [*command, "--due", "2026-09-01", "--ask", "inspect"]
    assert main(command) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "--to" in err
    assert "CHE or CHN" in err
