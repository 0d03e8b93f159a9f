"""``overflight meetings``: one JSON document, one line for every fault, nothing changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from overflight.cli import main

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "home"))


def run(capsys: pytest.CaptureFixture[str], *args: str) -> dict[str, Any]:
    assert main(["meetings", *args, "--json"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.count("\n") == 1
    document = json.loads(out)
    assert isinstance(document, dict)
    return document


def test_days_and_a_place(capsys: pytest.CaptureFixture[str]) -> None:
    document = run(capsys, "--on", "2008-07-25..2008-08-08", "--place", "Iran")
    assert document["on"] == ["2008-07-25", "2008-08-08"]
    assert document["places"] == ["IRN"]
    (found,) = document["meetings"]
    assert found["id"] == "nam-2008-ministerial"
    assert (found["city"], found["state"], found["gap_days"]) == ("Tehran", "IRN", 0)
    assert found["verified"] == {"event": True, "days": True}
    assert [part["name"] for part in found["parts"]] == ["officials", "ministers"]
    assert document["near"] == document["explanations"] == []
    assert "never clears the cargo" in document["caution"]


def test_the_public_case(capsys: pytest.CaptureFixture[str]) -> None:
    document = run(capsys, "--flight", str(EXAMPLES / "KOR621.toml"))
    assert document["on"] == ["2008-08-07", "2008-08-08"]
    assert document["meetings"] == []
    assert [(one["id"], one["gap_days"]) for one in document["near"]] == [("nam-2008-ministerial", -8)]
    (score,) = document["explanations"]
    assert (score["meeting"], score["leg"], score["band"]) == ("nam-2008-ministerial", 2, "none")
    assert score["caution"] == document["caution"]
    assert {"feature", "outcome", "points", "says"} == score["contributions"][0].keys()


def test_calendars(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    calendar = EXAMPLES / "meetings.ics"
    given = run(capsys, "--on", "2008-08-07", "--place", "IRN", "--calendar", str(calendar))
    assert [one["name"] for one in given["meetings"]] == ["EXERCISE: invented trade week"]
    assert given["meetings"][0]["calendar"] == str(calendar)
    (tmp_path / "home" / "meetings").mkdir(parents=True)
    (tmp_path / "home" / "meetings" / "own.ics").write_bytes(calendar.read_bytes())
    own = run(capsys, "--on", "2008-08-07", "--place", "IRN")
    assert [one["name"] for one in own["meetings"]] == ["EXERCISE: invented trade week"]


def test_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["meetings", "--on", "2012-08-28", "--place", "Tehran"]) == 0
    assert "Non-Aligned Movement, XVI summit" in capsys.readouterr().out
    assert main(["meetings", "--on", "2008-06-15", "--place", "MMR"]) == 0
    assert capsys.readouterr().out == "No meeting is known on 2008-06-15.\n"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "--on"),
        ("--on yesterday", "--on: 'yesterday'"),
        ("--on 2008-02-30", "--on: '2008-02-30'"),
        ("--on 2008-08-09..2008-08-07", "ends before it begins"),
        ("--on 2008-01-01..2018-01-01", "more than 366 days"),
        ("--on 0001-01-01", "between 1900 and 2200"),
        ("--on 9999-12-31", "between 1900 and 2200"),
        ("--on 2008-08-07 --place Narnia", "--place: 'Narnia'"),
        ("--on 2008-08-07 --near -1", "--near"),
        ("--on 2008-08-07 --near 9999", "--near"),
        ("--on 2008-08-07 --calendar nothing.ics", "nothing.ics: no such file"),
        ("--on 2008-08-07 --calendar broken.ics", "broken.ics"),
        ("--flight nothing.toml", "nothing.toml: no such file"),
    ],
)
def test_bad_use_is_one_line(
    line: str, words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.ics").write_text("BEGIN:VCALENDAR\n", encoding="utf-8")
    assert main(["meetings", *line.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("overflight: ")
    assert err.count("\n") == 1
    assert words in err
    assert [path.name for path in tmp_path.iterdir()] == ["broken.ics"]
