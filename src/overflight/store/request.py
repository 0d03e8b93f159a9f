"""One call of `append`, on its way to its commit."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from overflight.errors import ConflictError, InputError
from overflight.store.canonical import clean_body, time_text
from overflight.store.event import AgendaItem, Draft, Event, Expect

__all__ = [
    "BEHIND",
    "Request",
    "agenda_rows",
    "case_conflict",
    "expected_lasts",
    "head_conflict",
    "settle_known",
]

#: A clock this far behind the log's last event is worth a word.
BEHIND = timedelta(seconds=5)


@dataclass(slots=True)
class Request:
    """One call of `append`, waiting for its commit."""

    #: Drafts in normal form with their bodies as canonical JSON.
    drafts: Sequence[tuple[Draft, str]]
    expect: Expect | None
    agenda: Mapping[str, Sequence[dict[str, Any]]]
    key: str | None
    events: tuple[Event, ...] | None = None
    fault: BaseException | None = None
    done: bool = False
    #: Set when it is done, and when its thread is to commit for those who wait.
    turn: threading.Event = field(default_factory=threading.Event)


def agenda_rows(case: str, items: Iterable[AgendaItem]) -> list[dict[str, Any]]:
    """An agenda's items as rows."""
    rows: dict[str, dict[str, Any]] = {}
    for item in items:
        if item.case != case:
            raise InputError(f"an item of {item.case!r} in the agenda of {case!r}", where="agenda")
        if item.key in rows:
            raise InputError(f"two items {item.key!r} in one agenda", where="agenda")
        for words in (item.key, item.kind, item.text):
            if "\x00" in words:
                raise InputError("a text with a NUL", where="agenda")
        rows[item.key] = {
            "case_id": case,
            "key": item.key,
            "due_at": None if item.due_at is None else time_text(item.due_at),
            "kind": item.kind,
            "text": item.text,
            "body": clean_body(item.body),
        }
    return list(rows.values())


def expected_lasts(one: Request) -> dict[str, int]:
    """The cases whose last event the request rests on."""
    if isinstance(one.expect, Mapping):
        return dict(one.expect)
    if isinstance(one.expect, int):
        return {draft.case: one.expect for draft, _ in one.drafts}
    return {}


def head_conflict(found: int, wanted: int) -> ConflictError:
    """The head is not what the request rests on."""
    what = f"event {found} has been recorded since, after event {wanted}"
    return ConflictError(what, where="log", mend="look at it again, then repeat")


def case_conflict(case: str, found: int, wanted: int) -> ConflictError:
    """A case has moved on."""
    what = f"event {found} has been recorded since, after event {wanted}"
    return ConflictError(what, where=f"case {case}", mend="look at the case again, then repeat")


def settle_known(one: Request, found: Sequence[Event]) -> None:
    """Give a request the events that its key has brought about before; or a fault, if it means others."""
    if _same(one, found):
        one.events = tuple(found)
    else:
        one.fault = InputError("already used for other events", where=f"key {one.key!r}")


def _same(one: Request, found: Sequence[Event]) -> bool:
    if len(found) != len(one.drafts):
        return False
    return all(
        (d.case, d.kind, body, d.true_at, d.by, d.source)
        == (e.case, e.kind, clean_body(e.body), e.true_at, e.by, e.source)
        for (d, body), e in zip(one.drafts, found, strict=True)
    )
