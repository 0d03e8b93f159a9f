"""Law, meetings and lists in the brief, against the desk's own files."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from overflight.case import wording
from overflight.case.brief import compose
from overflight.case.context import gather
from overflight.case.files import to_json
from overflight.case.model import Brief
from overflight.case.page import page
from overflight.errors import InputError
from overflight.law import advice, question_for
from overflight.route.permitted import finder
from overflight.screening.lists import Library
from overflight.world import airspace
from overflight.world.flight import Flight, Window
from overflight.world.flight_file import parse_flight, read_flight

DEMO = Path(str(files("overflight.world") / "data" / "demo" / "KOR621.toml"))
#: An invented row of OpenSanctions' simple table.
ROW = {
    "id": "EX-1",
    "schema": "Company",
    "name": "Exercise Freight Lines",
    "aliases": "",
    "birth_date": "",
    "countries": "kp",
    "addresses": "",
    "identifiers": "",
    "sanctions": "EXERCISE",
    "phones": "",
    "emails": "",
    "program_ids": "EXERCISE",
    "dataset": "exercise",
    "first_seen": "2020-01-01T00:00:00",
    "last_seen": "2020-06-01T00:00:00",
    "last_change": "2020-01-01T00:00:00",
}


def on(flight: Flight, day: date) -> Flight:
    """The same flight on another day."""
    start = datetime(day.year, day.month, day.day, tzinfo=UTC)
    window = Window(start, start.replace(hour=23))
    return replace(flight, legs=tuple(replace(leg, departs=window, arrives=None) for leg in flight.legs))


def test_every_state_under_the_route_has_its_counsel(demo: Brief) -> None:
    for leg in demo.legs:
        told = [one.state for one in leg.law if one.on_line]
        assert told == list(dict.fromkeys(p.crossing.state for p in leg.passages if p.crossing.state))
        likely = {view.state for view in leg.states if not view.on_line and view.share >= 0.10}
        assert {one.state for one in leg.law if not one.on_line} == likely


def test_india_in_2008_rests_on_its_own_power_and_no_overflight_paragraph(demo: Brief) -> None:
    india = next(one for one in demo.legs[1].law if one.state == "IND")
    assert all(option.duty == "may" for option in india.advice.options)
    refuse = india.advice.option("refuse-overflight")
    assert refuse is not None
    assert wording.powers(refuse) == [("Chicago Convention, Articles 1, 5, 35(a), 35(b)", "")]
    cited = {m.instrument for option in india.advice.options for m in option.measures if m.kind == "DENY_AIR"}
    assert cited == set()


def test_the_same_flight_in_2016_must_be_denied_unless_it_lands(demo: Brief) -> None:
    flight = on(demo.flight, date(2016, 3, 2))
    question = question_for(flight, flight.legs[1], "IND")
    answer = advice(question)
    must = {option.option for option in answer.options if option.duty == "must"}
    assert must == {"require-landing-and-inspect", "refuse-overflight", "deny-landing"}
    assert answer.best is not None
    assert "2270-21" in {m.id for m in answer.best.measures}


def test_without_lists_the_brief_says_that_nobody_was_screened(demo: Brief) -> None:
    assert demo.screening is None
    assert any(c.kind == "lists" and "nobody was screened" in c.text for c in demo.warnings)
    assert "Not looked up: no list has been imported" in page(demo, airspace.load())


def test_a_listed_operator_is_found_and_told_to_the_law(tmp_path: Path) -> None:
    source = tmp_path / "targets.simple.csv"
    source.write_text("\n".join([",".join(ROW), ",".join(ROW.values()), ""]), encoding="utf-8")
    home = tmp_path / "desk"
    Library(home).add("opensanctions", [source])
    text = DEMO.read_text(encoding="utf-8").replace('operator = "KOR"', 'operator = "Exercise Freight Lines"')
    flight = on(parse_flight(text), date(2021, 5, 1))
    context = gather(flight, home)
    assert context.screening is not None
    assert context.screening.hit
    assert [(one.subject, one.name) for one in context.designations] == [
        ("operator", "Exercise Freight Lines")
    ]
    brief = compose(flight, airspace.load(), finder(), context=context)
    document = to_json(brief)
    json.dumps(document, allow_nan=False)
    assert document["screening"]["matches"][0]["caption"] == "Exercise Freight Lines"
    html = page(brief, airspace.load())
    assert "Exercise Freight Lines" in html
    assert "Operator and aircraft against the lists" in html
    before = gather(on(flight, date(2019, 5, 1)), home).screening
    assert before is None or not before.hit


def test_meetings_of_the_desks_calendars_are_held_against_the_legs(tmp_path: Path) -> None:
    (tmp_path / "meetings").mkdir()
    (tmp_path / "meetings" / "own.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:exercise\r\nBEGIN:VEVENT\r\nUID:1\r\n"
        "DTSTART;VALUE=DATE:20080808\r\nDTEND;VALUE=DATE:20080810\r\nSUMMARY:EXERCISE summit\r\n"
        "LOCATION:Tehran, Iran\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        encoding="utf-8",
    )
    context = gather(read_flight(DEMO), tmp_path)
    scores = {score.meeting.name: score for score in context.beside.scores}
    assert scores["EXERCISE summit"].total > max(s.total for n, s in scores.items() if n != "EXERCISE summit")
    assert "never clears the cargo" in scores["EXERCISE summit"].caution


def test_states_of_which_the_law_says_the_same_share_a_row(demo: Brief) -> None:
    for leg in demo.legs:
        rows = wording.law_rows(leg.law)
        assert sorted(name for _, names in rows for name in names) == sorted(one.name for one in leg.law)
    assert ["China", "Turkmenistan", "Bhutan"] in [names for _, names in wording.law_rows(demo.legs[1].law)]


def test_a_broken_desk_is_named(tmp_path: Path) -> None:
    flight = read_flight(DEMO)
    with pytest.raises(InputError, match="Atlantis"):
        gather(flight, tmp_path, "Atlantis")
    (tmp_path / "law").mkdir()
    (tmp_path / "law" / "measures.csv").write_text("id,nonsense\nX,1\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"measures\.csv"):
        gather(flight, tmp_path)
    shutil.rmtree(tmp_path / "law")
    gather(flight, tmp_path)
