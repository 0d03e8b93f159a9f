"""State codes, names and two-letter codes that release lists are read with."""

from __future__ import annotations

import csv
import datetime as dt
import re
import tomllib
import unicodedata
from bisect import bisect_right
from functools import cache
from importlib.resources import files
from typing import Any

from overflight.errors import DataError

__all__ = [
    "Name",
    "by_letters",
    "by_name",
    "dated",
    "fold",
    "is_state",
    "longest_name",
    "period",
    "read_csv",
    "read_toml",
    "states",
]


def read_toml(name: str) -> dict[str, Any]:
    """One TOML data file of this room."""
    try:
        return tomllib.loads((files("overflight.marking") / "data" / name).read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise DataError("the markings' data file cannot be read", where=name) from error


def read_csv(name: str) -> list[dict[str, str]]:
    """The rows of one CSV data file of this room."""
    try:
        text = (files("overflight.marking") / "data" / name).read_text("utf-8")
    except OSError as error:
        raise DataError("the markings' data file cannot be read", where=name) from error
    return list(csv.DictReader(text.splitlines()))


@cache
def states() -> frozenset[str]:
    """Every alpha-3 code that a release list may hold."""
    return frozenset(row["alpha3"] for row in read_csv("states.csv"))


def is_state(code: str) -> bool:
    """Whether `code` is a known alpha-3 code, in capitals."""
    return code in states()


class Name:
    """A name of a state, with the time in which it was in use."""

    __slots__ = ("since", "state", "until")

    def __init__(self, state: str, since: str, until: str) -> None:
        self.state = state
        self.since = dt.date.fromisoformat(since) if since else None
        self.until = dt.date.fromisoformat(until) if until else None

    def covers(self, on: dt.date | None) -> bool:
        """Whether the name was in use on a day; an unknown day is covered."""
        if on is None:
            return True
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)


@cache
def _names() -> dict[str, Name]:
    return {row["alias"]: Name(row["state"], row["since"], row["until"]) for row in read_csv("aliases.csv")}


@cache
def _turns() -> tuple[dt.date, ...]:
    """First days on which another set of names is in use."""
    names = _names().values()
    begins = {name.since for name in names if name.since}
    return tuple(sorted(begins | {name.until + dt.timedelta(days=1) for name in names if name.until}))


def period(on: dt.date | None) -> dt.date | None:
    """A day on which the same names are in use as on the given one: the first such, or None for none."""
    if on is None:
        return None
    before = bisect_right(_turns(), on)
    return _turns()[before - 1] if before else dt.date.min


@cache
def _letters() -> dict[str, str]:
    return {row["code"]: row["state"] for row in read_csv("letters2.csv")}


@cache
def longest_name() -> int:
    """The number of words of the longest name."""
    return max(len(alias.split()) for alias in _names())


def fold(text: str) -> str:
    """Capitals without accents, apostrophes, points or double blanks: the form in which names are compared.

    >>> fold("Côte d'Ivoire")
    'COTE DIVOIRE'
    """
    plain = unicodedata.normalize("NFKD", text)
    kept = (c for c in plain.upper() if not unicodedata.combining(c) and c not in "'’")
    return " ".join("".join(c if c.isascii() and c.isalnum() else " " for c in kept).split())


def by_name(text: str, on: dt.date | None = None) -> str | None:
    """The state that a name or an adjective means on a day, or None."""
    words = fold(text)
    name = _names().get(words) or _names().get(words.removeprefix("THE "))
    return name.state if name is not None and name.covers(on) else None


@cache
def _dated_names() -> re.Pattern[str]:
    names = (alias for alias, name in _names().items() if name.since or name.until)
    return re.compile("|".join(sorted({"".join(alias.split()) for alias in names})))


def dated(text: str) -> bool:
    """Whether a text may hold a name whose meaning depends on the day; blanks and signs do not count."""
    return not text.isascii() or bool(_dated_names().search("".join(fold(text).split())))


def by_letters(code: str) -> str | None:
    """The state of a two-letter code, or None where the code sets of the telegrams and of ISO disagree."""
    return _letters().get(code)
