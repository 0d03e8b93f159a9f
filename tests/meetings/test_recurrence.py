"""Recurrence rules against an expander written by others."""

from __future__ import annotations

import calendar
from datetime import date, datetime, timedelta
from itertools import takewhile

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.meetings.recurrence import days, parse_rule

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
END = date(2012, 12, 31)
starts = st.dates(date(2007, 1, 1), date(2009, 12, 31))


def oracle(text: str, start: date, last: date) -> list[date]:
    rule = rrulestr(text, dtstart=datetime(start.year, start.month, start.day))
    return [one.date() for one in takewhile(lambda one: one.date() <= last, rule)]


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 4))}"]
    if draw(st.booleans()):
        parts.append("BYMONTH=" + draw(st.sampled_from(["1", "2,9", "4,5,6", "12"])))
    kind = draw(st.sampled_from(["none", "weekday", "numbered", "monthday", "yearday", "week"]))
    if kind == "weekday":
        some = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True))
        parts.append("BYDAY=" + ",".join(some))
    elif kind == "numbered" and freq in ("MONTHLY", "YEARLY"):
        parts.append(f"BYDAY={draw(st.sampled_from(['1', '3', '-1', '-2']))}{draw(st.sampled_from(DAYS))}")
    elif kind == "monthday" and freq != "WEEKLY":
        parts.append(
            "BYMONTHDAY=" + draw(st.sampled_from(["1", "-1", "15,31", "19,20,21,22,23,24,25", "-3"]))
        )
    elif kind == "yearday" and freq == "YEARLY":
        parts.append("BYYEARDAY=" + draw(st.sampled_from(["1", "100,200", "-1", "366"])))
    elif kind == "week" and freq == "YEARLY":
        parts.append("BYDAY=MO,TH")
    if draw(st.booleans()) and freq in ("MONTHLY", "YEARLY") and kind != "none":
        parts.append("BYSETPOS=" + draw(st.sampled_from(["1", "-1", "2"])))
    if freq == "WEEKLY":
        parts.append(f"WKST={draw(st.sampled_from(['MO', 'SU']))}")
    limit = draw(st.sampled_from(["", "COUNT=7", "UNTIL=20101115"]))
    return ";".join([*parts, limit] if limit else parts)


@settings(max_examples=120, deadline=None)
@given(rules(), starts)
def test_rules_agree_with_another_expander(text: str, start: date) -> None:
    theirs = oracle(text, start, END)
    if theirs[:1] != [start]:
        # Only a first day that the rule holds means the same to both.
        if not theirs:
            return
        start = theirs[0]
        theirs = oracle(text, start, END)
        if theirs[:1] != [start]:
            return
    assert list(days(parse_rule(text), start, END)) == theirs


def test_the_first_day_counts_even_outside_the_rule() -> None:
    rule = parse_rule("FREQ=WEEKLY;BYDAY=TU;COUNT=3")
    assert list(days(rule, date(2008, 8, 7), END)) == [date(2008, 8, 7), date(2008, 8, 12), date(2008, 8, 19)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("FREQ=HOURLY", "more often than daily"),
        ("FREQ=SECONDLY;COUNT=9", "more often than daily"),
        ("INTERVAL=2", "no FREQ"),
        ("FREQ=YEARLY;BYMONTH=13", "out of its range"),
        ("FREQ=YEARLY;BYMONTHDAY=0", "out of its range"),
        ("FREQ=YEARLY;BYMONTH=-1", "out of its range"),
        ("FREQ=YEARLY;BYDAY=XX", "no weekday"),
        ("FREQ=WEEKLY;BYDAY=2MO", "needs a month or a year"),
        ("FREQ=DAILY;INTERVAL=0", "out of its range"),
        ("FREQ=DAILY;UNTIL=20081332", "no day"),
        ("FREQ=DAILY;COLOUR=BLUE", "not understood"),
        ("FREQ=DAILY;FREQ=DAILY", "no part"),
        ("BYDAY", "no part"),
    ],
)
def test_rules_that_are_refused(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_rule(text)


def test_a_rule_that_never_holds_ends() -> None:
    assert (
        list(days(parse_rule("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), date(1900, 1, 1), date(2030, 1, 1)))[1:]
        == []
    )


def test_the_general_debate_is_where_the_resolution_puts_it() -> None:
    """Tuesday after the Tuesday of the third week of September, counted from the first with a working day."""
    text = "FREQ=YEARLY;BYMONTH=9;BYDAY=TU;BYMONTHDAY=19,20,21,22,23,24,25"
    found = {day.year: day for day in days(parse_rule(text), date(2000, 9, 19), date(2060, 1, 1))}
    for year in range(2000, 2060):
        first = date(year, 9, 1)
        monday = first - timedelta(days=first.weekday())
        if first.weekday() >= 5:
            monday += timedelta(days=7)
        assert found[year] == monday + timedelta(days=14 + 1 + 7)
        assert found[year].weekday() == calendar.TUESDAY
