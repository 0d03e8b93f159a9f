"""Days of a recurrence rule (RFC 5545) between two days.

Meetings repeat daily at most, so a rule is a question asked of days: which of them does it hold? Every rule
is walked from its first day to the end of the window and no further, so that none can run away.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

__all__ = ["Rule", "days", "parse_rule"]

_FREQ = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
#: What a rule may say besides; times of day do not change the day.
_TIMES = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_LIMITS = {
    "BYMONTH": (1, 12, False),
    "BYMONTHDAY": (1, 31, True),
    "BYYEARDAY": (1, 366, True),
    "BYWEEKNO": (1, 53, True),
    "BYSETPOS": (1, 366, True),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule taken apart. `days` are pairs of weekday (Monday 0) and which one of the period (0: every)."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: tuple[tuple[int, int], ...] = ()
    months: tuple[int, ...] = ()
    monthdays: tuple[int, ...] = ()
    yeardays: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0


def parse_rule(text: str) -> Rule:
    """A rule from its text; `ValueError` says what is wrong with it."""
    parts: dict[str, str] = {}
    for piece in text.strip().upper().split(";"):
        if not piece:
            continue
        key, equals, value = piece.partition("=")
        if not equals or not value or key in parts:
            raise ValueError(f"{piece[:30]!r} is no part of a rule")
        parts[key] = value
    freq = parts.pop("FREQ", "")
    if freq not in _FREQ:
        known = freq in ("SECONDLY", "MINUTELY", "HOURLY")
        raise ValueError("repeats more often than daily" if known else "the rule has no FREQ that is known")
    for key in _TIMES:
        parts.pop(key, None)
    numbers: dict[str, tuple[int, ...]] = {}
    for key, (low, high, negative) in _LIMITS.items():
        if key in parts:
            numbers[key] = tuple(_number(key, one, low, high, negative) for one in parts.pop(key).split(","))
    weekdays = tuple(_weekday(one) for one in parts.pop("BYDAY").split(",")) if "BYDAY" in parts else ()
    interval = _number("INTERVAL", parts.pop("INTERVAL", "1"), 1, 10_000, False)
    count = _number("COUNT", parts.pop("COUNT"), 1, 1_000_000, False) if "COUNT" in parts else None
    until = _until(parts.pop("UNTIL")) if "UNTIL" in parts else None
    start = parts.pop("WKST", "MO")
    if start not in _DAYS:
        raise ValueError(f"WKST={start[:10]} is no weekday")
    if parts:
        raise ValueError(f"{sorted(parts)[0][:20]} is not understood")
    if "BYWEEKNO" in numbers and start != "MO":
        raise ValueError("week numbers with a week that does not begin on Monday are not understood")
    if any(n for _, n in weekdays) and (freq not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in numbers):
        raise ValueError("a numbered weekday needs a month or a year")
    return Rule(
        freq,
        interval,
        count,
        until,
        weekdays,
        numbers.get("BYMONTH", ()),
        numbers.get("BYMONTHDAY", ()),
        numbers.get("BYYEARDAY", ()),
        numbers.get("BYWEEKNO", ()),
        numbers.get("BYSETPOS", ()),
        _DAYS.index(start),
    )


def _number(key: str, text: str, low: int, high: int, negative: bool) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,7}", text):
        raise ValueError(f"{key}={text[:20]} is no number")
    value = int(text)
    if not low <= abs(value) <= high or (value < 0 and not negative):
        raise ValueError(f"{key}={value} is out of its range")
    return value


def _weekday(text: str) -> tuple[int, int]:
    found = re.fullmatch(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)", text)
    if not found or (found[1] and not 1 <= abs(int(found[1])) <= 53):
        raise ValueError(f"BYDAY={text[:20]} is no weekday")
    return _DAYS.index(found[2]), int(found[1] or 0)


def _until(text: str) -> date:
    found = re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T[0-9]{6}Z?)?", text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else date(0, 1, 1)
    except ValueError:
        raise ValueError(f"UNTIL={text[:20]} is no day") from None


def days(rule: Rule, start: date, last: date) -> Iterator[date]:
    """The days of a rule that begins on `start`, up to and including `last`; `start` is the first of them.

    >>> rule = parse_rule("FREQ=YEARLY;BYMONTH=9;BYDAY=TU;BYMONTHDAY=19,20,21,22,23,24,25")
    >>> [day.isoformat() for day in days(rule, date(2026, 9, 22), date(2028, 12, 31))]
    ['2026-09-22', '2027-09-21', '2028-09-19']
    """
    rule = _filled(rule, start)
    end = min(last, rule.until) if rule.until else last
    given = 0
    if start <= end and next(_walk(rule, start, start), None) is None:
        # RFC 5545: the first day counts even when the rule does not hold it.
        given += 1
        yield start
    for day in _walk(rule, start, end):
        if rule.count is not None and given >= rule.count:
            return
        given += 1
        yield day


def _walk(rule: Rule, start: date, end: date) -> Iterator[date]:
    for period in _periods(rule, start, end):
        chosen = [day for day in period if _holds(rule, day)]
        if rule.positions:
            chosen = sorted(
                {
                    chosen[n - 1 if n > 0 else n]
                    for n in rule.positions
                    if (n > 0 and n <= len(chosen)) or (n < 0 and -n <= len(chosen))
                }
            )
        for day in chosen:
            if start <= day <= end:
                yield day


def _filled(rule: Rule, start: date) -> Rule:
    """What a rule leaves out is taken from its first day."""
    if rule.weekdays or rule.monthdays or rule.yeardays or rule.weeks:
        if rule.weeks and not (rule.weekdays or rule.monthdays or rule.yeardays):
            return replace(rule, weekdays=((start.weekday(), 0),))
        return rule
    if rule.freq == "YEARLY":
        return replace(rule, months=rule.months or (start.month,), monthdays=(start.day,))
    if rule.freq == "MONTHLY":
        return replace(rule, monthdays=(start.day,))
    if rule.freq == "WEEKLY":
        return replace(rule, weekdays=((start.weekday(), 0),))
    return rule


def _periods(rule: Rule, start: date, end: date) -> Iterator[list[date]]:
    """The days of each year, month, week or day that the interval reaches."""
    if rule.freq == "YEARLY":
        for year in range(start.year, end.year + 1, rule.interval):
            yield _span(date(year, 1, 1), (date(year, 12, 31) - date(year, 1, 1)).days + 1)
    elif rule.freq == "MONTHLY":
        for month in range(start.year * 12 + start.month - 1, end.year * 12 + end.month, rule.interval):
            first = date(month // 12, month % 12 + 1, 1)
            yield _span(first, (_month_end(first) - first).days + 1)
    else:
        step = rule.interval * (7 if rule.freq == "WEEKLY" else 1)
        begin = start
        if rule.freq == "WEEKLY":
            begin -= timedelta(days=min((start.weekday() - rule.week_start) % 7, start.toordinal() - 1))
        for ordinal in range(begin.toordinal(), end.toordinal() + 1, step):
            yield _span(date.fromordinal(ordinal), 7 if rule.freq == "WEEKLY" else 1)


def _span(first: date, length: int) -> list[date]:
    start = first.toordinal()
    return [date.fromordinal(n) for n in range(start, min(start + length, date.max.toordinal() + 1))]


def _month_end(day: date) -> date:
    if day.month == 12:
        return date(day.year, 12, 31)
    return date(day.year, day.month + 1, 1) - timedelta(days=1)


def _holds(rule: Rule, day: date) -> bool:
    if rule.months and day.month not in rule.months:
        return False
    if rule.monthdays:
        back = day.day - _month_end(day).day - 1
        if day.day not in rule.monthdays and back not in rule.monthdays:
            return False
    if rule.yeardays:
        number = day.timetuple().tm_yday
        back = number - date(day.year, 12, 31).timetuple().tm_yday - 1
        if number not in rule.yeardays and back not in rule.yeardays:
            return False
    if rule.weeks:
        year, week, _ = day.isocalendar()
        weeks = date(year, 12, 28).isocalendar().week
        if year != day.year or (week not in rule.weeks and week - weeks - 1 not in rule.weeks):
            return False
    return not rule.weekdays or any(_is_weekday(rule, day, *one) for one in rule.weekdays)


def _is_weekday(rule: Rule, day: date, weekday: int, number: int) -> bool:
    if day.weekday() != weekday:
        return False
    if not number:
        return True
    if rule.freq == "MONTHLY" or rule.months:
        place, left = (day.day - 1) // 7 + 1, (_month_end(day).day - day.day) // 7 + 1
    else:
        end = date(day.year, 12, 31)
        place, left = (day.timetuple().tm_yday - 1) // 7 + 1, (end - day).days // 7 + 1
    return number in (place, -left)
