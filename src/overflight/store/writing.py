"""Appending: drafts become chained rows, several appends share a commit, none returns before it is durable.

The chain needs a serial point. It is the row of the table `desk`: a writer locks it, reads the head, computes
the digests, inserts, moves the head and commits.

- Threads of one process queue up: whoever comes first commits for all who came during the last commit.
- In SQLite the lock is ``BEGIN IMMEDIATE``, and the commit waits for the disk (``synchronous = FULL``).
- In PostgreSQL `overflight.store.serverside` has the server do it, in one round trip.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, insert, select, update
from sqlalchemy.dialects import sqlite

from overflight.errors import OverflightError, StoreError
from overflight.store import serverside
from overflight.store.canonical import as_time, digest, from_record, later, record, time_text
from overflight.store.engine import AGAIN, GONE, UNKNOWN, faults, undo
from overflight.store.event import Event, Head
from overflight.store.request import (
    BEHIND,
    Request,
    case_conflict,
    expected_lasts,
    head_conflict,
    settle_known,
)
from overflight.store.tables import AGENDA, CASES, DESK, EVENTS

__all__ = ["Writer"]

#: Most events that are put into one shared commit.
_TOGETHER = 2000

_log = logging.getLogger("overflight.store")


@dataclass(slots=True)
class _Chain:
    """The head, as it moves while rows are made."""

    desk: str
    seq: int
    digest: bytes
    recorded_at: str
    now: str
    rows: list[dict[str, Any]] = field(default_factory=list)
    agenda: dict[str, Sequence[dict[str, Any]]] = field(default_factory=dict)
    #: case → [first, last, events], of the rows made here.
    cases: dict[str, list[int]] = field(default_factory=dict)
    keys: dict[str, tuple[Event, ...]] = field(default_factory=dict)


class Writer:
    """Appends to one store for all threads of a process."""

    def __init__(self, engine: Engine, where: str, clock: Callable[[], datetime] | None) -> None:
        self._engine, self._where, self._clock = engine, where, clock
        self._waiting: list[Request] = []
        self._gate, self._led = threading.Lock(), False
        self._sql = _Statements()
        self._checked = False
        #: When every thread last asked, and how long the last commit took, seconds.
        self._seen: dict[int, float] = {}
        self._took = 0.0

    def append(self, request: Request) -> tuple[Event, ...]:
        """Record one request, in a commit of its own or shared; return when it is on the disk."""
        with self._gate:
            self._waiting.append(request)
            self._seen[threading.get_ident()] = time.perf_counter()
            lead, self._led = not self._led, True
        if not lead:
            try:
                request.turn.wait()
            except BaseException:  # interrupted: what was not begun is taken back, and somebody else leads
                with self._gate:
                    if request in self._waiting:
                        self._waiting.remove(request)
                        if request.turn.is_set():
                            self._pass_on()
                raise
        if not request.done:
            self._lead()
        if request.fault is not None:
            raise request.fault
        assert request.events is not None
        return request.events

    def _lead(self) -> None:
        """Commit for everybody who waits, then let the next one lead."""
        try:
            self._gather()
            began = time.perf_counter()
            self._share()
            self._took = time.perf_counter() - began
        finally:
            with self._gate:
                self._pass_on()

    def _pass_on(self) -> None:
        self._led = bool(self._waiting)
        if self._led:
            self._waiting[0].turn.set()

    def _gather(self) -> None:
        """Where several threads have been writing, give those a moment who are just coming back.

        A fifth of a commit's time at most, and none for a thread that writes alone.
        """
        now = time.perf_counter()
        with self._gate:
            since = now - max(3 * self._took, 0.02)
            self._seen = {thread: seen for thread, seen in self._seen.items() if seen >= since}
            awaited = len(self._seen)
        while len(self._waiting) < awaited and time.perf_counter() - now < self._took / 5:
            time.sleep(0.00005)

    def _share(self) -> None:
        """One commit for all whose requests are waiting now."""
        with self._gate:
            group: list[Request] = []
            count = 0
            while self._waiting and (not group or count < _TOGETHER):
                count += len(self._waiting[0].drafts)
                group.append(self._waiting.pop(0))
        try:
            self._commit(group)
        except StoreError as fault:
            if len(group) == 1 or fault.what in (GONE, UNKNOWN):  # never again what may have been recorded
                for one in group:
                    one.fault = one.fault or fault
            else:  # one of them may be what does not fit: each on its own
                for one in group:
                    one.events, one.fault = None, None
                    try:
                        self._commit([one])
                    except StoreError as own:
                        one.fault = own
        except BaseException:
            for one in group:
                one.fault = one.fault or StoreError(UNKNOWN, where=self._where, mend=AGAIN)
            raise
        finally:
            for one in group:
                one.done = True
                one.turn.set()

    # --- one commit ----------------------------------------------------------------------------------

    def _commit(self, group: Sequence[Request]) -> None:
        with faults(self._where), self._engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            try:
                if self._engine.dialect.name == "postgresql":
                    if not self._checked:
                        self._check_server(raw)
                    serverside.commit(connection, group, self._clock)
                else:
                    self._transact(raw, group)
            except BaseException:
                undo(connection)
                raise

    def _transact(self, raw: Any, group: Sequence[Request]) -> None:
        sql = self._sql

        def ask(statement: str, values: Mapping[str, Any] | None = None) -> Any:
            cursor = raw.cursor()
            cursor.execute(statement, values or {})
            return cursor

        ask("BEGIN IMMEDIATE")
        head = ask(sql.head)
        keys = sorted({one.key for one in group if one.key is not None})
        known = [(key, ask(sql.keyed, {"key": key})) for key in keys]
        cases = sorted({case for one in group for case in expected_lasts(one)})
        lasts = [(case, ask(sql.last, {"case_id": case})) for case in cases]

        row = head.fetchone()
        if row is None:
            raise StoreError("the store names no desk", where=self._where, mend="restore a backup")
        now = (self._clock or _now)()
        moment = self._time(now, row[3]) if row[1] else time_text(now)
        chain = _Chain(row[0], row[1], bytes(row[2]), row[3], moment)
        for key, cursor in known:
            found = tuple(from_record(bytes(r[0]), bytes(r[1]), bytes(r[2])) for r in cursor.fetchall())
            if found:
                chain.keys[key] = found
        last = {case: (cursor.fetchone() or (0,))[0] for case, cursor in lasts}
        for one in group:
            try:
                self._chain(chain, one, last)
            except OverflightError as fault:
                one.fault = fault
        self._write(raw, ask, chain)

    def _time(self, now: datetime, before: str) -> str:
        moment, behind = later(now.astimezone(UTC), as_time(before))
        if behind > BEHIND:
            _log.warning(
                "the clock is %s behind the log's last event; it is recorded with that event's time, %s",
                str(behind).split(".")[0],
                before,
            )
        return time_text(moment)

    def _chain(self, chain: _Chain, one: Request, last: dict[str, int]) -> None:
        """Make the rows of one request; a fault leaves the chain as it was."""
        if one.key is not None and one.key in chain.keys:
            settle_known(one, chain.keys[one.key])
            return
        _check(one, chain, last)
        seq, before, events = chain.seq, chain.digest, []
        rows: list[dict[str, Any]] = []
        for draft, body in one.drafts:
            seq += 1
            raw = record(seq, chain.now, draft, body, one.key)
            mark = digest(before, raw)
            rows.append(
                {
                    "seq": seq,
                    "recorded_at": chain.now,
                    "case_id": draft.case,
                    "kind": draft.kind,
                    "true_at": time_text(draft.true_at),
                    "office": draft.by,
                    "source": draft.source,
                    "key": one.key,
                    "previous": before,
                    "digest": mark,
                    "record": raw,
                }
            )
            event = from_record(raw, before, mark)
            events.append(event)
            before = mark
        for row in rows:
            case = chain.cases.setdefault(row["case_id"], [row["seq"], row["seq"], 0])
            case[1], case[2] = row["seq"], case[2] + 1
            last[row["case_id"]] = row["seq"]
        chain.rows += rows
        chain.seq, chain.digest = seq, before
        chain.agenda |= one.agenda
        one.events = tuple(events)
        if one.key is not None:
            chain.keys[one.key] = one.events

    def _write(self, raw: Any, ask: Callable[..., Any], chain: _Chain) -> None:
        sql = self._sql

        def many(statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
            if len(rows) == 1:
                ask(statement, rows[0])
            elif rows:
                raw.cursor().executemany(statement, rows)

        if not chain.rows and not chain.agenda:
            ask("ROLLBACK")
            return
        many(sql.events, chain.rows)
        many(
            sql.cases,
            [
                {"case_id": c, "first": f, "last": e, "events": n}
                for c, (f, e, n) in sorted(chain.cases.items())
            ],
        )
        many(sql.clear, [{"case": case} for case in chain.agenda])
        many(sql.agenda, [row for rows in chain.agenda.values() for row in rows])
        if chain.rows:
            ask(sql.move, {"to": chain.seq, "mark": chain.digest, "time": chain.now})
        ask("COMMIT")

    # --- PostgreSQL ----------------------------------------------------------------------------------

    def settle(self, connection: Connection) -> None:
        """Wait until what this connection has read is on the server's disk."""
        if connection.dialect.name == "postgresql":
            raw: Any = connection.connection.driver_connection
            if raw.execute("SHOW transaction_read_only").fetchone()[0] == "on":
                return
            flushed = raw.execute("SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()")
            if not flushed.fetchone()[0]:
                raw.execute(serverside.FLUSH)

    def _check_server(self, raw: Any) -> None:
        if raw.execute("SHOW fsync").fetchone()[0] != "on":
            raise StoreError(
                "the server runs with fsync = off and cannot promise that an event is on the disk",
                where=self._where,
                mend="set fsync = on",
            )
        self._checked = True


def _now() -> datetime:
    return datetime.now(UTC)


def _check(one: Request, chain: _Chain, last: Mapping[str, int]) -> None:
    expect = one.expect
    if isinstance(expect, Head):
        if (expect.desk, expect.seq, expect.digest) != (chain.desk, chain.seq, chain.digest):
            raise head_conflict(chain.seq, expect.seq)
        return
    for case, wanted in expected_lasts(one).items():
        if last[case] != wanted:
            raise case_conflict(case, last[case], wanted)


class _Statements:
    """SQLite's statements of a commit, written once."""

    def __init__(self) -> None:
        dialect: Any = sqlite.dialect(paramstyle="named")

        def text(statement: Any) -> str:
            return str(statement.compile(dialect=dialect))

        self.head = text(select(DESK.c.id, DESK.c.seq, DESK.c.digest, DESK.c.recorded_at))
        self.last = text(select(CASES.c.last).where(CASES.c.case_id == bindparam("case_id")))
        self.keyed = text(
            select(EVENTS.c.record, EVENTS.c.previous, EVENTS.c.digest)
            .where(EVENTS.c.key == bindparam("key"))
            .order_by(EVENTS.c.seq)
        )
        self.events = text(insert(EVENTS))
        add = sqlite.insert(CASES)
        self.cases = text(
            add.on_conflict_do_update(
                index_elements=[CASES.c.case_id],
                set_={"last": add.excluded.last, "events": CASES.c.events + add.excluded.events},
            )
        )
        self.clear = text(delete(AGENDA).where(AGENDA.c.case_id == bindparam("case")))
        self.agenda = text(insert(AGENDA))
        self.move = text(
            update(DESK).values(seq=bindparam("to"), digest=bindparam("mark"), recorded_at=bindparam("time"))
        )
