"""Appending in PostgreSQL: the server chains what it is given, in one round trip for a whole commit.

The function ``overflight_append`` (a migration makes it) locks the row of the table `desk`, looks whether
what the request rests on still holds, computes the digests, inserts, and moves the head; no message goes back
and forth while the lock is held. The commit itself does not wait for the disk; a second, empty one right
behind it does. The server's journal is one sequence: when the later commit is on the disk, so is the earlier,
with all that it was chained to. Writers share these flushes.

The digests that the server computed are computed again here, before anything is acknowledged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from overflight.errors import StoreError
from overflight.store.canonical import FORM, as_time, digest, from_record, header, time_text
from overflight.store.event import Event, Head
from overflight.store.request import (
    BEHIND,
    Request,
    case_conflict,
    expected_lasts,
    head_conflict,
    settle_known,
)

__all__ = ["FLUSH", "commit"]

#: A message in the journal is the smallest thing that can be committed, and waited for.
FLUSH = "SELECT set_config('synchronous_commit', 'on', true), pg_logical_emit_message(true, 'overflight', '')"
_TYPES = (*["text[]"] * 6, "text", "text[]", "bigint[]", "bigint", "bytea", "text", *["text[]"] * 7)
_APPEND = f"SELECT * FROM overflight_append({', '.join(f'%s::{one}' for one in _TYPES)})"
_KNOWN = "SELECT record, previous, digest FROM events WHERE key = %s ORDER BY seq"
_AGENDA = ("case_id", "key", "due_at", "kind", "text", "body")

_log = logging.getLogger("overflight.store")


def commit(raw: Any, group: Sequence[Request], clock: Callable[[], datetime] | None) -> None:
    """Record a group of requests in one transaction; each gets its events or its fault.

    Parameters
    ----------
    raw : psycopg connection
        In autocommit mode.
    group : sequence of Request
    clock : callable, optional
        Gives the time to record; default: the server's clock.
    """
    tails = [[_tail(one, n) for n in range(len(one.drafts))] for one in group]
    with raw.pipeline():
        raw.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
        cursors = [
            raw.execute(_APPEND, _arguments(one, tail, clock)) for one, tail in zip(group, tails, strict=True)
        ]
        raw.execute("COMMIT")
        raw.execute(FLUSH)
        results = [cursor.fetchone() for cursor in cursors]
    for one, tail, result in zip(group, tails, results, strict=True):
        _take(raw, one, tail, result)


def _tail(one: Request, number: int) -> str:
    """A record's JSON after the fields that only the server knows."""
    draft, body = one.drafts[number]
    head = header(0, "", draft.case, draft.kind, time_text(draft.true_at), draft.by, draft.source, one.key)
    return f"{head[len(_EMPTY) :]}{body}}}"


_EMPTY = '{"seq":0,"recorded_at":"",'


def _arguments(one: Request, tails: list[str], clock: Callable[[], datetime] | None) -> list[Any]:
    drafts = [draft for draft, _ in one.drafts]
    lasts = expected_lasts(one)
    head = one.expect if isinstance(one.expect, Head) else None
    items = [item for rows in one.agenda.values() for item in rows]
    return [
        tails,
        [draft.case for draft in drafts],
        [draft.kind for draft in drafts],
        [time_text(draft.true_at) for draft in drafts],
        [draft.by for draft in drafts],
        [draft.source for draft in drafts],
        one.key,
        list(lasts),
        list(lasts.values()),
        None if head is None else head.seq,
        None if head is None else head.digest,
        None if clock is None else time_text(clock().astimezone(UTC)),
        list(one.agenda),
        *([item[name] for item in items] for name in _AGENDA),
    ]


def _take(raw: Any, one: Request, tails: Sequence[str], result: Sequence[Any]) -> None:
    """What the server said about one request."""
    status, seq, moment, before, after, behind, named, found = result
    if status == "ok":
        one.events = _events(seq, moment, bytes(before), tails)
        if one.events and one.events[-1].digest != bytes(after):
            raise StoreError("the server has another digest than this program", mend="overflight log verify")
        if behind is not None and as_time(moment) - as_time(behind) > BEHIND:
            _log.warning(
                "the clock is %s behind the log's last event; it is recorded with that event's time, %s",
                str(as_time(moment) - as_time(behind)).split(".")[0],
                moment,
            )
    elif status == "known":
        rows = raw.execute(_KNOWN, (one.key,)).fetchall()
        settle_known(one, [from_record(bytes(r[0]), bytes(r[1]), bytes(r[2])) for r in rows])
    elif status == "head":
        assert isinstance(one.expect, Head)
        one.fault = head_conflict(found, one.expect.seq)
    elif status == "case":
        one.fault = case_conflict(named, found, expected_lasts(one)[named])
    else:
        raise StoreError("the store names no desk", mend="restore a backup")


def _events(first: int, moment: str, before: bytes, tails: Sequence[str]) -> tuple[Event, ...]:
    made = []
    for seq, tail in enumerate(tails, first):
        record = bytes((FORM,)) + f'{{"seq":{seq},"recorded_at":"{moment}",{tail}'.encode()
        mark = digest(before, record)
        made.append(from_record(record, before, mark))
        before = mark
    return tuple(made)
