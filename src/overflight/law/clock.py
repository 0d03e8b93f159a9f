"""Reporting clocks: by which day a report is due after an inspection.

Working days are Monday to Friday. Public holidays differ from place to place and are not taken out, so the
day given is the earliest that can be meant: whoever keeps it is never late. The day of the inspection does
not count.
"""

from __future__ import annotations

from datetime import date, timedelta

from overflight.law.measure import Measure

__all__ = ["add_working_days", "due", "report_by", "wording"]


def add_working_days(start: date, days: int) -> date:
    """The day on which a number of working days after `start` is complete.

    >>> add_working_days(date(2011, 3, 18), 5).isoformat()  # a Friday
    '2011-03-25'
    """
    found = start
    while days and found < date.max:
        found += timedelta(days=1)
        days -= found.weekday() < 5
    return found


def due(clock: str, inspected_on: date) -> date | None:
    """The last day under a clock such as ``5wd`` or ``30d``; None for ``prompt`` and for no clock."""
    length = clock.split()[0] if clock else ""
    if length.endswith("wd"):
        return add_working_days(inspected_on, int(length[:-2]))
    if length.endswith("d"):
        return inspected_on + min(timedelta(days=int(length[:-1])), date.max - inspected_on)
    return None


def report_by(measure: Measure, inspected_on: date) -> date | None:
    """The day by which an inspection on `inspected_on` must be reported under a measure.

    Returns
    -------
    date or None
        None when the measure sets no clock, or only asks to report promptly.
    """
    return due(measure.clock, inspected_on)


def wording(clock: str) -> str:
    """``within 5 working days``."""
    length = clock.split()[0] if clock else ""
    if length == "prompt":
        return "promptly"
    if length.endswith("wd"):
        return f"within {length[:-2]} working days"
    return f"within {length[:-1]} days" if length.endswith("d") else ""
