"""Appending: drafts become chained rows, several appends share a commit, none returns before it is durable.

The chain needs a serial point. It is the row of the table `desk`: a writer locks it, reads the head, computes
the digests, inserts, moves the head and commits.

- Threads of one process queue up: whoever comes first commits for all who came during the last commit.
- In SQLite the lock is ``BEGIN IMMEDIATE``, and the commit waits for the disk (``synchronous = FULL``).
- In PostgreSQL the commit itself does not wait for the disk, so that the lock is held for two round trips
  only; the writer then makes a second, waited-for transaction. The server's journal is one sequence: when
  the later commit is on the disk, so is the earlier, with all that it was chained to. Writers share these
  flushes.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from overflight.errors import ConflictError, InputError, OverflightError, StoreError
from overflight.store.canonical import as_time, clean_body, digest, from_record, later, record, time_text
from overflight.store.engine import faults, undo
from overflight.store.event import AgendaItem, Draft, Event, Expect, Head
from overflight.store.tables import AGENDA, CASES, DESK, EVENTS

__all__ = ["Request", "Writer", "agenda_rows"]

#: A clock this far behind the log's last event is worth a word.
_BEHIND = timedelta(seconds=5)
#: Most events that are put into one shared commit.
_TOGETHER = 2000

_log = logging.getLogger("overflight.store")


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


def agenda_rows(case: str, items: Iterable[AgendaItem]) -> list[dict[str, Any]]:
    """An agenda's items as rows."""
    rows: dict[str, dict[str, Any]] = {}
    for item in items:
        if item.case != case:
            raise InputError(f"an item of {item.case!r} in the agenda of {case!r}", where="agenda")
        if item.key in rows:
            raise InputError(f"two items {item.key!r} in one agenda", where="agenda")
        rows[item.key] = {
            "case_id": case,
            "key": item.key,
            "due_at": None if item.due_at is None else time_text(item.due_at),
            "kind": item.kind,
            "text": item.text,
            "body": clean_body(item.body),
        }
    return list(rows.values())


class Writer:
    """Appends to one store for all threads of a process."""

    def __init__(self, engine: Engine, where: str, clock: Callable[[], datetime] | None) -> None:
        self._engine, self._where, self._clock = engine, where, clock
        self._waiting: list[Request] = []
        self._gate, self._turn = threading.Lock(), threading.Lock()
        self._sql = _Statements(engine)
        self._checked = False

    def append(self, request: Request) -> tuple[Event, ...]:
        """Record one request, in a commit of its own or shared; return when it is on the disk."""
        with self._gate:
            self._waiting.append(request)
        with self._turn:
            if not request.done:
                self._lead()
        if request.fault is not None:
            raise request.fault
        assert request.events is not None
        return request.events

    def _lead(self) -> None:
        """Commit for everybody who waits."""
        with self._gate:
            group: list[Request] = []
            count = 0
            while self._waiting and (not group or count < _TOGETHER):
                count += len(self._waiting[0].drafts)
                group.append(self._waiting.pop(0))
        try:
            self._commit(group)
        except StoreError as fault:
            if len(group) == 1:
                group[0].fault = fault
            else:  # one of them may be what does not fit: each on its own
                for one in group:
                    one.events, one.fault = None, None
                    try:
                        self._commit([one])
                    except StoreError as own:
                        one.fault = own
        except BaseException as fault:
            for one in group:
                one.fault = one.fault or fault
            raise
        finally:
            for one in group:
                one.done = True

    def replace_agenda(self, agenda: Mapping[str, Sequence[dict[str, Any]]]) -> None:
        """Replace agendas without recording anything."""
        self.append(Request((), None, agenda, None))

    # --- one commit ----------------------------------------------------------------------------------

    def _commit(self, group: Sequence[Request]) -> None:
        with faults(self._where), self._engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            postgres = self._engine.dialect.name == "postgresql"
            if postgres and not self._checked:
                self._check_server(raw)
            try:
                with raw.pipeline() if postgres else nullcontext():
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

        ask(sql.begin)
        head = ask(sql.head)
        keys = sorted({one.key for one in group if one.key is not None})
        known = [(key, ask(sql.keyed, {"key": key})) for key in keys]
        cases = sorted({case for one in group for case in _expected(one)})
        lasts = [(case, ask(sql.last, {"case_id": case})) for case in cases]

        row = head.fetchone()
        if row is None:
            raise StoreError("the store names no desk", where=self._where, mend="restore a backup")
        now = row[4] if len(row) > 4 and self._clock is None else (self._clock or _now)()
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
        if behind > _BEHIND:
            _log.warning(
                "the clock is %s behind the log's last event; it is recorded with that event's time, %s",
                str(behind).split(".")[0],
                before,
            )
        return time_text(moment)

    def _chain(self, chain: _Chain, one: Request, last: dict[str, int]) -> None:
        """Make the rows of one request; a fault leaves the chain as it was."""
        if one.key is not None and one.key in chain.keys:
            found = chain.keys[one.key]
            if not _same(one, found):
                raise InputError("already used for other events", where=f"key {one.key!r}")
            one.events = found
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
        if sql.flush is not None:  # the server goes on to it by itself, the lock already gone
            ask(sql.flush)

    # --- PostgreSQL ----------------------------------------------------------------------------------

    def settle(self, connection: Connection) -> None:
        """Wait until what this connection has read is on the server's disk."""
        if connection.dialect.name == "postgresql":
            raw: Any = connection.connection.driver_connection
            if raw.execute("SHOW transaction_read_only").fetchone()[0] == "on":
                return
            if not raw.execute("SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()").fetchone()[
                0
            ]:
                raw.execute(self._sql.flush)

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


def _expected(one: Request) -> Iterable[str]:
    if isinstance(one.expect, Mapping):
        return one.expect
    if isinstance(one.expect, int):
        return {draft.case for draft, _ in one.drafts}
    return ()


def _check(one: Request, chain: _Chain, last: Mapping[str, int]) -> None:
    expect = one.expect
    if isinstance(expect, Head):
        if (expect.desk, expect.seq, expect.digest) != (chain.desk, chain.seq, chain.digest):
            raise ConflictError(
                f"event {chain.seq} has been recorded since, after event {expect.seq}",
                where="log",
                mend="look at it again, then repeat",
            )
        return
    for case in _expected(one):
        wanted = expect[case] if isinstance(expect, Mapping) else expect
        if last[case] != wanted:
            raise ConflictError(
                f"event {last[case]} has been recorded since, after event {wanted}",
                where=f"case {case}",
                mend="look at the case again, then repeat",
            )


def _same(one: Request, found: Sequence[Event]) -> bool:
    if len(found) != len(one.drafts):
        return False
    return all(
        (d.case, d.kind, body, d.true_at, d.by, d.source)
        == (e.case, e.kind, clean_body(e.body), e.true_at, e.by, e.source)
        for (d, body), e in zip(one.drafts, found, strict=True)
    )


class _Statements:
    """The statements of a commit, written once for a database."""

    def __init__(self, engine: Engine) -> None:
        dialect, postgres = engine.dialect, engine.dialect.name == "postgresql"

        def text(statement: Any) -> str:
            return str(statement.compile(dialect=dialect))

        desk = select(DESK.c.id, DESK.c.seq, DESK.c.digest, DESK.c.recorded_at)
        self.begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE" if postgres else "BEGIN IMMEDIATE"
        # One clock for all writers of a server: its own.
        now: Any = func.clock_timestamp()
        self.head = text(desk.add_columns(now).with_for_update() if postgres else desk)
        self.last = text(select(CASES.c.last).where(CASES.c.case_id == bindparam("case_id")))
        self.keyed = text(
            select(EVENTS.c.record, EVENTS.c.previous, EVENTS.c.digest)
            .where(EVENTS.c.key == bindparam("key"))
            .order_by(EVENTS.c.seq)
        )
        self.events = text(insert(EVENTS))
        add: Any = (postgresql.insert if postgres else sqlite.insert)(CASES)
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
        # A message in the journal is the smallest thing that can be committed.
        self.flush = (
            "SELECT set_config('synchronous_commit', 'on', true),"
            " pg_logical_emit_message(true, 'overflight', '')"
            if postgres
            else None
        )
