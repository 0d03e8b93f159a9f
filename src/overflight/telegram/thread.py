"""Which telegrams belong together, and which are referred to but not at hand."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from overflight.telegram.model import Number, Telegram

__all__ = ["Link", "Missing", "Thread", "threads"]

_OLDEST = datetime.min.replace(tzinfo=UTC)
#: Messages of the same subject further apart than this are not taken for one matter.
_APART = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Link:
    """Two messages of a thread and why they belong together: ``reference``, ``number`` or ``subject``."""

    a: str
    b: str
    why: str


@dataclass(frozen=True, slots=True)
class Missing:
    """A message that is referred to and not at hand."""

    number: Number
    referred_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Thread:
    """Names of messages in the order of their dates, the links between them, what is missing."""

    messages: tuple[str, ...]
    links: tuple[Link, ...]
    missing: tuple[Missing, ...]


def _key(number: Number) -> tuple[str, int]:
    origin = re.sub(r"[^A-Z]", "", number.origin.upper())
    return ("STATE" if origin in ("SECSTATE", "SECSTATEWASHDC") else origin, number.serial)


def _subject(telegram: Telegram) -> str:
    if telegram.subject is None:
        return ""
    text = re.sub(
        r"^(?:\s*(?:RE|FW|FWD|REPLY|EXERCISE|CORRECTED COPY)\s*:)+", "", telegram.subject.text.upper()
    )
    words = re.findall(r"[A-Z0-9]+", text)
    return " ".join(words) if len(words) >= 3 else ""


def threads(messages: Sequence[tuple[str, Telegram]]) -> tuple[Thread, ...]:
    """Sort messages into threads.

    Parameters
    ----------
    messages : sequence of (name, Telegram)
        Names are unique.

    Returns
    -------
    tuple of Thread
        By the date of the first message of each; a message alone is a thread of one.
    """
    parent = {name: name for name, _ in messages}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    links: list[Link] = []

    def join(a: str, b: str, why: str) -> None:
        if a != b:
            links.append(Link(a, b, why))
            parent[root(a)] = root(b)

    numbered: dict[tuple[str, int], list[tuple[str, int | None]]] = {}
    for name, telegram in messages:
        if telegram.number:
            same = numbered.setdefault(_key(telegram.number), [])
            for other, year in same:
                if year is None or telegram.number.year is None or year == telegram.number.year:
                    join(other, name, "number")
                    break
            same.append((name, telegram.number.year))
    missing: dict[tuple[str, int, int | None], tuple[Number, list[str]]] = {}
    for name, telegram in messages:
        for reference in telegram.references:
            number = reference.number
            if number is None:
                continue
            found = [
                other
                for other, year in numbered.get(_key(number), ())
                if year is None or number.year is None or year == number.year
            ]
            if found:
                join(name, found[0], "reference")
            else:
                missing.setdefault((*_key(number), number.year), (number, []))[1].append(name)
    # Two that refer to the same message that is not at hand belong together all the same.
    for _, names in missing.values():
        for other in names[1:]:
            join(names[0], other, "reference")
    _by_subject(messages, join)
    dates = {name: telegram.head.sent or _OLDEST for name, telegram in messages}
    groups: dict[str, list[str]] = {}
    for name, _ in messages:
        groups.setdefault(root(name), []).append(name)
    out: list[Thread] = []
    for names in groups.values():
        inside = set(names)
        lost = [
            Missing(number, tuple(dict.fromkeys(by))) for number, by in missing.values() if by[0] in inside
        ]
        out.append(
            Thread(
                tuple(sorted(names, key=lambda n: (dates[n], n))),
                tuple(dict.fromkeys(link for link in links if link.a in inside)),
                tuple(sorted(lost, key=lambda m: (m.number.origin, m.number.year or 0, m.number.serial))),
            )
        )
    return tuple(sorted(out, key=lambda t: (dates[t.messages[0]], t.messages[0])))


def _by_subject(messages: Sequence[tuple[str, Telegram]], join) -> None:  # type: ignore[no-untyped-def]
    subjects: dict[str, list[tuple[datetime, str]]] = {}
    for name, telegram in messages:
        if subject := _subject(telegram):
            subjects.setdefault(subject, []).append((telegram.head.sent or _OLDEST, name))
    for group in subjects.values():
        group.sort()
        for (earlier, a), (later, b) in itertools.pairwise(group):
            if later - earlier <= _APART or earlier == _OLDEST:
                join(a, b, "subject")
