"""Appending in PostgreSQL: the server chains what it is given, in one round trip for a whole commit.

The function ``overflight_append`` (a migration makes it) locks the row of the table `desk`, looks whether
what the request rests on still holds, computes the digests, inserts, and moves the head; no message goes back
and forth while the lock is held. The commit itself does not wait for the disk; a second, empty one right
behind it does. The server's journal is one sequence: when the later commit is on the disk, so is the earlier,
with all that it was chained to. Writers share these flushes.

One request alone is one message to the server: the procedure ``overflight_record`` does all of this. It is
sent by libpq's own call, since what a cursor does around it takes twice the processor time.

The digests that the server computed are computed again here, before anything is acknowledged.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection

from overflight.errors import StoreError
from overflight.store.canonical import FORM, as_time, digest, from_record, header, time_text
from overflight.store.engine import AGAIN, UNKNOWN
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
_GIVEN = ", ".join(f"${number}::{one}" for number, one in enumerate(_TYPES, 1))
_RECORD = f"CALL overflight_record({_GIVEN}, {', '.join(['NULL'] * 8)})".encode()
_NAME = b"overflight_record"
_BINARY = 1
_CANCELLED = "57014"
_KNOWN = "SELECT record, previous, digest FROM events WHERE key = %s ORDER BY seq"
_AGENDA = ("case_id", "key", "due_at", "kind", "text", "body")

_log = logging.getLogger("overflight.store")


def commit(link: Connection, group: Sequence[Request], clock: Callable[[], datetime] | None) -> None:
    """Record a group of requests in one transaction; each gets its events or its fault.

    Parameters
    ----------
    link : sqlalchemy Connection
        In autocommit mode, over psycopg.
    group : sequence of Request
    clock : callable, optional
        Gives the time to record; default: the server's clock.

    Raises
    ------
    psycopg.Error
        The server refused; nothing was recorded.
    StoreError
        It could not say whether it has recorded.
    """
    raw: Any = link.connection.driver_connection
    tails = [[_tail(one, n) for n in range(len(one.drafts))] for one in group]
    asked = [_arguments(one, tail, clock) for one, tail in zip(group, tails, strict=True)]
    results = [_alone(link, raw, asked[0])] if len(group) == 1 else _together(raw, asked)
    for one, tail, result in zip(group, tails, results, strict=True):
        _take(raw, one, tail, result)


def _together(raw: Any, asked: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    done = None
    try:
        with raw.pipeline():
            raw.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            cursors = [raw.execute(_APPEND, given) for given in asked]
            done = raw.execute("COMMIT")
            raw.execute(FLUSH)
        return [cursor.fetchone() for cursor in cursors]
    except Exception as fault:
        if done is not None and done.statusmessage == "COMMIT":
            raise StoreError(UNKNOWN, mend=AGAIN) from fault
        raise


def _alone(link: Connection, raw: Any, given: Sequence[Any]) -> Sequence[Any]:
    """One request in one message, past the driver's cursors."""
    from psycopg import DatabaseError, errors
    from psycopg.pq import DiagnosticField, ExecStatus

    values = [_written(value) for value in given]
    if "overflight" in link.info:
        result = raw.pgconn.exec_prepared(_NAME, values, None, _BINARY)
    else:
        result = raw.pgconn.prepare(_NAME, _RECORD)
        if result.status == ExecStatus.COMMAND_OK:
            link.info["overflight"] = True
            result = raw.pgconn.exec_prepared(_NAME, values, None, _BINARY)
    if result.status == ExecStatus.TUPLES_OK:
        return _read([result.get_value(0, column) for column in range(8)])
    code = (result.error_field(DiagnosticField.SQLSTATE) or b"").decode()
    words = result.error_message.decode("utf-8", "replace")
    if code == _CANCELLED:  # perhaps between the two commits
        raise StoreError(UNKNOWN, mend=AGAIN)
    try:
        kind = errors.lookup(code)
    except KeyError:
        kind = DatabaseError if code else errors.OperationalError
    raise kind(words)


def _written(value: Any) -> bytes | None:
    """A parameter as PostgreSQL reads it."""
    if value is None:
        return None
    if isinstance(value, list):
        return f"{{{','.join(map(_element, value))}}}".encode()
    return b"\\x" + value.hex().encode() if isinstance(value, bytes) else str(value).encode()


def _element(value: str | int | None) -> str:
    if value is None:
        return "NULL"
    if isinstance(value, int):
        return str(value)
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}"'


def _read(row: Sequence[bytes | None]) -> Sequence[Any]:
    """The answer's columns, which come in PostgreSQL's binary form."""
    status, seq, moment, before, after, behind, named, found = row
    whole = [None if one is None else int.from_bytes(one, "big", signed=True) for one in (seq, found)]
    words = [None if one is None else one.decode() for one in (status, moment, behind, named)]
    return words[0], whole[0], words[1], before, after, words[2], words[3], whole[1]


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
