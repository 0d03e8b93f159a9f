"""Deadlines in UTC and on the clock of the post; calendars; the first line; the page after the end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar

from overflight.case.life.agenda import due_list, hours_words, to_ical
from overflight.case.life.headline import headline
from overflight.case.life.jurist import LawBook
from overflight.case.life.planning import Sheet, open_case, plan
from overflight.case.life.posts import local, post_for
from overflight.case.life.record import record_of, to_html, to_text
from overflight.case.life.replies import answer, deliver, end
from overflight.case.life.requests import approach, close, thank
from overflight.case.life.view import to_json
from overflight.errors import InputError
from overflight.world.flight import Approaches
from overflight.world.flight_file import parse_flight

from .desks import Table, desk, flight

WORLD = Table(
    {"AAAA-BBBB": ((("KAZ",), 6400.0), (("TKM", "AFG"), 6700.0), (("IND", "PAK"), 7000.0))},
    {"AAAA-BBBB": ("KAZ",)},
    {"KAZ": 4, "TKM": 2, "AFG": 4.1667, "IND": 5, "PAK": 6},
)
SHEET = Sheet("It flies.", "U", "R", ("route", "dates"))


def test_the_first_line_says_what_is_open_until_when_and_who_was_never_asked() -> None:
    officer, clock = desk(WORLD, "2008-07-20")
    open_case(officer, flight("2008-07-28"), case_id="C1", statements=[SHEET])
    due = datetime(2008, 7, 27, 18, tzinfo=UTC)
    approach(officer, "C1", ["KAZ", "TKM"], ask=["x"], due=due)
    answer(officer, "C1", "KAZ", "DENY_OVERFLIGHT")
    clock.to("2008-07-27")
    case = officer.load("C1")
    assert headline(case, clock()) == (
        "KAZ refused; the way by TKM – AFG is open until 28 Jul 04:10Z, TKM's answer is due in 6 h; "
        "IND, PAK and AFG were never asked"
    )
    clock.to("2008-07-28", "05:00")
    assert "TKM – AFG may have been entered since 28 Jul 04:10Z, TKM's answer is 11 h overdue" in headline(
        case, clock()
    )


def test_what_is_due_is_overdue_today_or_next() -> None:
    officer, clock = desk(WORLD, "2026-07-20")
    open_case(officer, flight("2026-07-28"), case_id="C1", statements=[SHEET])
    for state, hour in (("KAZ", 20), ("TKM", 22), ("IND", 50)):
        due = datetime(2026, 7, 20, tzinfo=UTC) + timedelta(hours=hour)
        approach(officer, "C1", [state], ask=["x"], due=due)
        deliver(officer, "C1", state, office="MFA")
    clock.to("2026-07-20", "21:00")
    found = due_list(officer.log.agenda(), clock())
    assert [(one.item.key, one.when, one.local) for one in found] == [
        ("answer KAZ", "overdue", "21 Jul 01:00 in Astana"),
        ("answer TKM", "today", "21 Jul 03:00 in Ashgabat"),
        ("answer IND", "next", "22 Jul 07:30 in New Delhi"),
        ("departure", "next", ""),
    ]
    assert len(due_list(officer.log.agenda(), clock(), until=clock() + timedelta(hours=2))) == 2
    calendar = Calendar.from_ical(to_ical(found, clock()))
    events = list(calendar.walk("VEVENT"))
    assert len(events) == 4
    assert str(events[0]["SUMMARY"]) == "C1: KAZ: answer due"
    assert events[0].decoded("DTSTART") == datetime(2026, 7, 20, 20, tzinfo=UTC)
    # Once it has answered, nothing is due of it.
    answer(officer, "C1", "KAZ", "ALLOW")
    assert "answer KAZ" not in {one.item.key for one in due_list(officer.log.agenda(), clock())}
    # A new day, and the answer is stale and due again.
    plan(officer, "C1", flight("2026-07-30"))
    keys = {one.item.key: one.item.text for one in due_list(officer.log.agenda(), clock())}
    assert "stale, departure AAAA-BBBB was 28 July 2026 (UTC), now 30 July 2026 (UTC)" in keys["answer KAZ"]
    assert "KAZ still holds an earlier version" in keys["update KAZ"]


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(20, "20 min"), (89, "89 min"), (120, "2 h"), (71 * 60, "71 h"), (96 * 60, "4 days")],
)
def test_spans_in_words(minutes: int, words: str) -> None:
    assert hours_words(timedelta(minutes=minutes)) == words
    assert hours_words(-timedelta(minutes=minutes)) == words


def test_posts_follow_the_day() -> None:
    from datetime import date

    assert post_for("KAZ", date(2000, 1, 1)) in ("AMEMBASSY ALMATY", "AMEMBASSY ASTANA")
    assert post_for("KAZ", date(2020, 1, 1)).startswith("AMEMBASSY NUR")
    assert post_for("BTN", date(2020, 1, 1)) == "AMEMBASSY NEW DELHI"
    with pytest.raises(InputError, match="no post is known in PRK"):
        post_for("PRK", date(2020, 1, 1))
    # Summer time there, none in UTC; and a place that no table knows has no clock.
    assert local(datetime(2026, 7, 1, 12, tzinfo=UTC), "AMEMBASSY PARIS") == "1 Jul 14:00 in Paris"
    assert local(datetime(2026, 1, 1, 12, tzinfo=UTC), "AMEMBASSY PARIS") == "1 Jan 13:00 in Paris"
    assert local(datetime(2026, 1, 1, 12, tzinfo=UTC), "AMEMBASSY NOWHERE") == ""


def test_the_record_after_the_end_is_one_page() -> None:
    officer, clock = desk(WORLD, "2008-07-20")
    open_case(officer, flight("2008-07-28"), case_id="C1", title="EXERCISE <b>", statements=[SHEET])
    due = datetime(2008, 7, 24, 12, tzinfo=UTC)
    approach(officer, "C1", ["KAZ", "TKM"], ask=["x"], due=due)
    clock.to("2008-07-24", "18:00")
    answer(officer, "C1", "KAZ", "DENY_OVERFLIGHT")
    clock.to("2008-07-29")
    end(officer, "C1", "turned back", evidence="a recorded track", track="PRK,CHN")
    thank(officer, "C1")
    text = to_text(record_of(close(officer, "C1")))
    assert "Outcome: turned back, 2008-07-29. a recorded track." in text
    assert "not predicted: PRK, CHN; predicted and not entered: KAZ" in text
    assert "6 h late" in text
    assert "- KAZ refused the overflight; thanked" in text
    assert "No answer was ever had from TKM" in text
    assert text.count("\n") < 60
    html = to_html(record_of(officer.load("C1")))
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_the_whole_case_is_plain_data() -> None:
    import json

    officer, clock = desk(WORLD, "2008-07-20")
    open_case(officer, flight("2008-07-28"), case_id="C1", statements=[SHEET])
    approach(officer, "C1", ["KAZ"], ask=["x"], due=datetime(2008, 7, 24, 12, tzinfo=UTC))
    answer(officer, "C1", "KAZ", "DENY_OVERFLIGHT")
    shown = json.loads(json.dumps(to_json(officer.load("C1"), clock()), allow_nan=False))
    # What other programs rely on.
    assert {"id", "flight", "plans", "approaches", "open", "next", "telegrams", "outcome"} <= shown.keys()
    assert {"state", "asked", "due", "delivered", "answer", "stale"} <= shown["approaches"][0].keys()
    assert shown["approaches"][0]["answer"] == "DENY_OVERFLIGHT"
    assert shown["approaches"][0]["stale"] == []
    assert shown["open"] == [["TKM", "AFG"], ["IND", "PAK"]]
    assert shown["outcome"] is None


def test_the_flight_file_counts_for_what_was_asked_and_refused_before() -> None:
    from dataclasses import replace

    officer, _ = desk(WORLD, "2008-07-20")
    known = replace(flight("2008-07-28"), approaches=Approaches(("IND",), ("KAZ",), ("TKM",)))
    case = open_case(officer, known, case_id="C1", statements=[SHEET])
    assert case.coverage is not None
    assert [way.states for way in case.coverage.legs[0].open] == [("TKM", "AFG"), ("IND", "PAK")]
    assert "IND" not in case.coverage.never
    assert all("TKM" not in one for one in case.coverage.legs[0].coalitions)


FLIGHT = """
[flight]
id = "KOR621"
operator = "KOR"
kind = "civil non-scheduled"
concern = "missile-related items"
aircraft = {{ type = "IL62" }}
[[leg]]
from = "ZKPY"
to = "OIIE"
departs = {day}
"""


def test_law_is_of_the_day_and_the_caveat_of_the_meeting() -> None:
    from datetime import date

    book = LawBook()
    told = {"route": "ZKPY-OIIE", "date ZKPY-OIIE": "x"}

    def cited(day: str) -> set[str]:
        law = book.counsel(parse_flight(FLIGHT.format(day=day)))
        found = law.phrases("KAZ", date.fromisoformat(day), told, ["refuse-overflight"])
        assert len(found) <= 4
        return {one.measure for one in found}

    assert not {"2094-18", "2270-21"} & cited("2008-08-07")
    assert "2094-18" in cited("2014-08-07")
    assert "2270-21" not in cited("2014-08-07")
    assert "2270-21" in cited("2026-08-07")
    assert cited("2014-08-07") >= {"CHI-1"}
    # The ministerial of 27 to 30 July 2008 explains a flight into it, not one of a week later.
    during, after = (book.counsel(parse_flight(FLIGHT.format(day=d))) for d in ("2008-07-27", "2008-08-07"))
    assert "Tehran from 27 July 2008" in during.caveat(told)
    assert after.caveat(told) == ""


def test_a_request_without_law_asks_for_no_law() -> None:
    from datetime import date

    law = LawBook().counsel(parse_flight(FLIGHT.format(day="2026-08-07")))
    assert law.phrases("KAZ", date(2026, 8, 1), {"route": "x"}, ["information"]) == ()
