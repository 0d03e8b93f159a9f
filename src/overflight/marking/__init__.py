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

from overflight.errors import MarkingError
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
from overflight.marking.schemes import HOME, scheme
from overflight.marking.schemes import names as schemes
from overflight.marking.schemes import of as scheme_of

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
    "scheme_of",
    "schemes",
]

_DEFAULT = Switches()
_SCHEME = scheme  # the parameters of the functions below carry the scheme's name


def parse_portion(text: str, date: dt.date | None = None, *, scheme: str | None = None) -> Marking:
    """Read a portion mark, with or without brackets. Never raises on a string.

    Parameters
    ----------
    text : str
        The mark: "(S//REL TO USA, TJK)", "S/NF", "TLP:AMBER".
    date : date, optional
        Day of the document; names of states are understood as of that day.
    scheme : str, optional
        Name of the scheme; by default the one that the first word of the mark tells.
    """
    return _SCHEME(scheme or scheme_of(text)).parse(text, date)


def parse_banner(text: str, date: dt.date | None = None, *, scheme: str | None = None) -> Marking:
    """Read a banner: "SECRET//NOFORN", "S E C R E T", "TLP:AMBER". Never raises on a string."""
    return _SCHEME(scheme or scheme_of(text)).parse(text, date)


def format_portion(marking: Marking) -> str:
    """The canonical portion form, without brackets."""
    return _SCHEME(marking.scheme).portion(marking)


def format_banner(marking: Marking) -> str:
    """The canonical banner form."""
    return _SCHEME(marking.scheme).banner(marking)


def check(text: str, scheme: str | None = None, date: dt.date | None = None) -> Checked:
    """Validate one marking: each fault with its column and rule, and the corrected form.

    The scheme is the one that the first word of the marking tells, where none is named.
    """
    return _SCHEME(scheme or scheme_of(text)).check(text, date)


def rollup(
    marks: Sequence[Marking | str],
    on_date: dt.date | None = None,
    switches: Switches = _DEFAULT,
    scheme: str | None = None,
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
    scheme : str, optional
        Name of the scheme; by default that of the marks.

    Raises
    ------
    MarkingError
        When a mark cannot be understood, or the marks are of several schemes.
    """
    book = _book(marks, scheme)
    read = [book.parse(mark, on_date) if isinstance(mark, str) else mark for mark in marks]
    return book.rollup(read, on_date, switches)


def banner_over(
    marks: Sequence[Marking],
    on_date: dt.date | None = None,
    switches: Switches = _DEFAULT,
    scheme: str | None = None,
) -> Marking:
    """The marking of the banner that `rollup` gives, without what forced it: the quicker of the two.

    Raises
    ------
    MarkingError
        When a mark cannot be understood, or the marks are of several schemes.
    """
    return _book(marks, scheme).over(marks, on_date, switches)


def _book(marks: Sequence[Marking | str], scheme: str | None) -> Scheme:
    """The scheme that marks roll up by."""
    if scheme:
        return _SCHEME(scheme)
    found = sorted({scheme_of(m) if isinstance(m, str) else m.scheme for m in marks})
    if len(found) > 1:
        raise MarkingError(
            f"the marks are of several schemes ({', '.join(found)}): they roll up to no one banner",
            mend="roll up those of each scheme by themselves",
        )
    return _SCHEME(found[0] if found else HOME)
