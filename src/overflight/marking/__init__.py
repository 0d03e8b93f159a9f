"""Markings of portions and documents, and the decision what may be released to whom.

Examples
--------
>>> from overflight.marking import check, parse_portion, rollup
>>> parse_portion("(S//REL TO USA, FVEY)").release
('AUS', 'CAN', 'GBR', 'NZL', 'USA')
>>> check("S//REL TO GBR, USA").corrected
'S//REL TO USA, GBR'
>>> rollup(["(S//REL TO USA, JPN, NZL)", "(S//REL TO USA, NZL)", "(U)"]).banner
'SECRET//REL TO USA, NZL'
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from overflight.marking.model import (
    Checked,
    Fault,
    Forced,
    Marking,
    Rolled,
    Scheme,
    Settings,
    Switches,
    Terms,
)
from overflight.marking.schemes import names as schemes
from overflight.marking.schemes import scheme

__all__ = [
    "Checked",
    "Fault",
    "Forced",
    "Marking",
    "Rolled",
    "Scheme",
    "Settings",
    "Switches",
    "Terms",
    "banner_over",
    "check",
    "format_banner",
    "format_portion",
    "parse_banner",
    "parse_portion",
    "rollup",
    "scheme",
    "schemes",
]

_DEFAULT = Switches()
_SCHEME = scheme  # the parameters of the functions below carry the scheme's name


def parse_portion(text: str, date: dt.date | None = None, *, scheme: str = "us") -> Marking:
    """Read a portion mark, with or without brackets. Never raises on a string.

    Parameters
    ----------
    text : str
        The mark: "(S//REL TO USA, TJK)", "S/NF", "TLP:AMBER".
    date : date, optional
        Day of the document; names of states are understood as of that day.
    scheme : str
        Name of the scheme.
    """
    return _SCHEME(scheme).parse(text, date)


def parse_banner(text: str, date: dt.date | None = None, *, scheme: str = "us") -> Marking:
    """Read a banner: "SECRET//NOFORN", "S E C R E T". Never raises on a string."""
    return _SCHEME(scheme).parse(text, date)


def format_portion(marking: Marking) -> str:
    """The canonical portion form, without brackets."""
    return _SCHEME(marking.scheme).portion(marking)


def format_banner(marking: Marking) -> str:
    """The canonical banner form."""
    return _SCHEME(marking.scheme).banner(marking)


def check(text: str, scheme: str = "us", date: dt.date | None = None) -> Checked:
    """Validate one marking: each fault with its column and rule, and the corrected form."""
    return _SCHEME(scheme).check(text, date)


def rollup(
    marks: Sequence[Marking | str],
    on_date: dt.date | None = None,
    switches: Switches = _DEFAULT,
    scheme: str = "us",
) -> Rolled:
    """Roll portion marks up to a banner.

    Parameters
    ----------
    marks : sequence of Marking or str
        Portion marks; strings are read by the scheme.
    on_date : date, optional
        Day of the document, by which unmarked portions are handled; an unknown day is the stricter one.
    switches : Switches
        Local policy.
    scheme : str
        Name of the scheme.

    Raises
    ------
    MarkingError
        When a mark cannot be understood.
    """
    book = _SCHEME(scheme)
    read = [book.parse(mark, on_date) if isinstance(mark, str) else mark for mark in marks]
    return book.rollup(read, on_date, switches)


def banner_over(
    marks: Sequence[Marking],
    on_date: dt.date | None = None,
    switches: Switches = _DEFAULT,
    scheme: str = "us",
) -> Marking:
    """The marking of the banner that `rollup` gives, without what forced it: the quicker of the two.

    Raises
    ------
    MarkingError
        When a mark cannot be understood.
    """
    return _SCHEME(scheme).over(marks, on_date, switches)
