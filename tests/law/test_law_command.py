"""``overflight law``: the contract, the demo flight, and errors in one line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from overflight.cli import main
from overflight.world import airspace

DEMO = str(Path(airspace.__file__).parent / "data" / "demo" / "KOR621.toml")


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path))
    monkeypatch.delenv("OVERFLIGHT_POSITION", raising=False)


def document(capsys: pytest.CaptureFixture[str], *argv: str) -> dict[str, Any]:
    assert main(["law", *argv, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.count("\n") == 1
    found = json.loads(out)
    assert isinstance(found, dict)
    return found


def test_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "IND", "--on", "2016-03-02", "--flight", DEMO)
    assert (found["state"], found["on"], found["contested"]) == ("IND", "2016-03-02", [])
    first = found["options"][0]
    assert (first["option"], first["duty"]) == ("require-landing-and-inspect", "must")
    measure = first["measures"][0]
    assert (measure["id"], measure["paragraph"], measure["binding"], measure["verified"]) == (
        "2270-21",
        "paragraph 21",
        "mandatory",
        True,
    )
    assert measure["instrument"] == "Security Council resolution 2270 (2016)"


def test_the_demo_flight_in_2008_cites_no_overflight_paragraph(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "India", "--on", "2008-08-07", "--flight", DEMO)
    measures = [m for one in found["options"] for m in one["measures"]]
    assert not [m for m in measures if m["kind"] == "DENY_AIR"]
    assert {"CHI-1", "CHI-5-permit", "1718-8f", "1718-8b", "1737-3/4"} <= {m["id"] for m in measures}
    assert all(one["duty"] == "may" for one in found["options"])
    assert not [m for m in measures if m["id"][:4] in ("1874", "1929", "2094", "2270")]


def test_the_day_of_the_flight_is_the_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert document(capsys, "IND", "--flight", DEMO)["on"] == "2008-08-07"


def test_the_position_comes_from_option_or_setting(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("IND", "--on", "2025-10-01", "--flight", DEMO)
    assert document(capsys, *asked)["contested"][0]["position"] == "none chosen"
    monkeypatch.setenv("OVERFLIGHT_POSITION", "FRA")
    assert document(capsys, *asked)["contested"][0]["position"] == "applies"
    found = document(capsys, *asked, "--position", "China")["contested"][0]
    assert (found["position_of"], found["position"], found["state_position"]) == ("CHN", "rejects", "silent")


def test_a_calendar_without_a_flight(capsys: pytest.CaptureFixture[str]) -> None:
    found = document(capsys, "DEU", "--on", "2025-09-28T00:00Z")
    assert found["options"] == []
    assert (found["on"], found["psi"]) == (
        "2025-09-28T00:00:00Z",
        "endorsed, since 2003-09-04 (drafter; launched in Krakow on 2003-05-31)",
    )
    assert any(text.startswith("TRANSIT: party") and "unverified" in text for text in found["parties"])
    assert {"2270-21", "1747-5", "CHI-1"} <= {m["id"] for m in found["measures"]}
    assert [m["status"] for m in found["measures"] if m["id"] == "1747-5"] == ["contested"]
    assert main(["law", "IND", "--on", "2008-08-07"]) == 0
    out = capsys.readouterr().out
    assert "1718-8a [unverified]" in out
    assert "2270" not in out


def test_what_people_see(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    assert main(["law", "IND", "--on", "2016-03-02", "--flight", DEMO, "--position", "FRA"]) == 0
    out = capsys.readouterr().out
    for text in ("must", "2270-21", "unverified: paragraph and wording", "Article 3 bis", "Not open"):
        assert text in out
    assert main(["law", "TUR", "--on", "2025-10-01", "--flight", DEMO]) == 0
    assert "Contested" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        ([], "STATE"),
        (["Atlantis", "--on", "2008-08-07"], "STATE"),
        (["IND"], "--on"),
        (["IND", "--on", "7 August"], "--on"),
        (["IND", "--on", "2008-08-07", "--flight", "nothing.toml"], "nothing.toml"),
        (["IND", "--on", "2008-08-07", "--flight", DEMO, "--grounds", "hunch"], "--grounds"),
        (["IND", "--on", "2008-08-07", "--flight", DEMO, "--over", "sea"], "--over"),
        (["IND", "--on", "2008-08-07", "--flight", DEMO, "--cargo", "gold"], "--cargo"),
        (["IND", "--on", "2008-08-07", "--flight", DEMO, "--circumstance", "fog"], "--circumstance"),
        (["IND", "--on", "2008-08-07", "--flight", DEMO, "--leg", "7"], "--leg"),
        (["IND", "--on", "2008-08-07", "--position", "Mars"], "--position"),
        (["--check", DEMO], "line 1"),
        (["--check", "nothing.csv"], "nothing.csv"),
    ],
)
def test_errors_are_one_line(capsys: pytest.CaptureFixture[str], argv: list[str], said: str) -> None:
    assert main(["law", *argv]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert said in err


def test_a_bad_row_of_the_desks_own_stops_the_command(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "mine.csv").write_text("id,what\n", encoding="utf-8")
    assert main(["law", "IND", "--on", "2008-08-07"]) == 2
    assert "mine.csv, line 1" in capsys.readouterr().err
