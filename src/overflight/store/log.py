"""The log in a database: appends through `overflight.store.writing`, reading in small portions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, tuple_

from overflight.errors import InputError, StoreError
from overflight.store.canonical import clean_draft, clean_key, digest, from_record, time_text
from overflight.store.engine import faults
from overflight.store.event import JSON, AgendaItem, CaseHead, Draft, Event, Expect, Head
from overflight.store.request import Request, agenda_rows
from overflight.store.tables import AGENDA, CASES, DESK, EVENTS
from overflight.store.writing import Writer

__all__ = ["SqlLog"]

#: Events that are read at a time.
_PORTION = 500
#: Agenda items and cases, which are small.
_MANY = 4000


class SqlLog:
    """A desk's log in SQLite or PostgreSQL; see `overflight.store.event.Log` for what it promises.

    Parameters
    ----------
    engine : Engine
        From `overflight.store.engine.connect`, of a store that `overflight.store.schema.prepare` has seen.
    where : str
        What to call the store in a complaint.
    clock : callable, optional
        Gives the time to record; default: the server's clock in PostgreSQL, this machine's in SQLite.
    """

    def __init__(self, engine: Engine, where: str, clock: Callable[[], datetime] | None = None) -> None:
        self.engine, self.where = engine, where
        self._writer = Writer(engine, where, clock)

    # --- writing -------------------------------------------------------------------------------------

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        expect: Expect | None = None,
        agenda: Mapping[str, Sequence[AgendaItem]] | None = None,
        key: str | None = None,
    ) -> tuple[Event, ...]:
        """Record all drafts in one durable transaction, or none of them; see `Log.append`."""
        if not drafts:
            raise InputError("no event to record")
        clean = [clean_draft(draft) for draft in drafts]
        if isinstance(expect, int) and len({draft.case for draft, _ in clean}) > 1:
            raise InputError(
                "one number is expected of several cases", where="expect", mend="give one for each case"
            )
        rows = {case: agenda_rows(case, items) for case, items in (agenda or {}).items()}
        return self._writer.append(Request(clean, expect, rows, clean_key(key)))

    @contextmanager
    def recorded(
        self,
        drafts: Sequence[Draft],
        *,
        expect: Expect | None = None,
        agenda: Mapping[str, Sequence[AgendaItem]] | None = None,
        key: str | None = None,
    ) -> Iterator[tuple[Event, ...]]:
        """``with log.recorded(drafts) as events:`` The body runs only once the events are on the disk."""
        yield self.append(drafts, expect=expect, agenda=agenda, key=key)

    def replace_agenda(
        self, agenda: Mapping[str, Sequence[AgendaItem]], *, expect: Mapping[str, int] | None = None
    ) -> None:
        """Replace the agendas of the named cases; see `Log.replace_agenda`."""
        rows = {case: agenda_rows(case, items) for case, items in agenda.items()}
        self._writer.append(Request((), expect, rows, None))

    # --- reading -------------------------------------------------------------------------------------

    def events(
        self,
        case: str | None = None,
        *,
        after: int = 0,
        until: datetime | None = None,
        true_until: datetime | None = None,
        kind: str | None = None,
    ) -> Iterator[Event]:
        """Events in order of `seq`, as far as the log goes now; see `Log.events`.

        Raises
        ------
        StoreError
            When an event's digest is not the one that was recorded with it.
        """
        query = select(EVENTS.c.seq, EVENTS.c.record, EVENTS.c.previous, EVENTS.c.digest).order_by(
            EVENTS.c.seq
        )
        if case is not None:
            query = query.where(EVENTS.c.case_id == case)
        if kind is not None:
            query = query.where(EVENTS.c.kind == kind)
        if until is not None:
            query = query.where(EVENTS.c.recorded_at <= time_text(until))
        if true_until is not None:
            query = query.where(EVENTS.c.true_at <= time_text(true_until))
        last, end = after, None
        while True:
            with faults(self.where), self.engine.connect() as connection:
                if end is None:
                    end = _head(connection, self.where).seq
                page = query.where(EVENTS.c.seq > last, EVENTS.c.seq <= end).limit(_PORTION)
                rows = connection.execute(page).fetchall()
            for seq, record, previous, mark in rows:
                yield _checked(seq, bytes(record), bytes(previous), bytes(mark), self.where)
            if len(rows) < _PORTION:
                return
            last = rows[-1][0]

    def head(self) -> Head:
        """The last event; in PostgreSQL it is on the disk, too, when this returns."""
        with faults(self.where), self.engine.connect() as connection:
            head = _head(connection, self.where)
            self._writer.settle(connection)
            return head

    def name(self) -> str:
        """The desk's own name."""
        with faults(self.where), self.engine.connect() as connection:
            return _head(connection, self.where).desk

    def last(self, case: str) -> int:
        """`seq` of the case's last event; 0 when there is none."""
        with faults(self.where), self.engine.connect() as connection:
            return connection.execute(select(CASES.c.last).where(CASES.c.case_id == case)).scalar() or 0

    def cases(self) -> Iterator[CaseHead]:
        """Every case with events, in order of its first event."""
        c = CASES.c
        query, last = select(c.case_id, c.first, c.last, c.events).order_by(c.first).limit(_MANY), 0
        while rows := self._rows(query.where(c.first > last)):
            for row in rows:
                yield CaseHead(*row)
            last = rows[-1][1]

    def agenda(
        self, *, before: datetime | None = None, case: str | None = None, kind: str | None = None
    ) -> Iterator[AgendaItem]:
        """Agenda items across cases, soonest first; see `Log.agenda`."""
        c = AGENDA.c
        query = select(c.case_id, c.key, c.due_at, c.kind, c.text, c.body).limit(_MANY)
        if case is not None:
            query = query.where(c.case_id == case)
        if kind is not None:
            query = query.where(c.kind == kind)
        due = query.where(c.due_at.is_not(None))
        if before is not None:
            due = due.where(c.due_at < time_text(before))
        yield from self._items(due, tuple_(c.due_at, c.case_id, c.key), (2, 0, 1))
        if before is None:
            yield from self._items(query.where(c.due_at.is_(None)), tuple_(c.case_id, c.key), (0, 1))

    def _items(self, query: Any, place: Any, columns: Sequence[int]) -> Iterator[AgendaItem]:
        """Items in the order of a place, a portion at a time."""
        query = query.order_by(*place.clauses)
        rows = self._rows(query)
        while rows:
            for name, key, due, what, words, body in rows:
                moment = None if due is None else datetime.fromisoformat(due)
                yield AgendaItem(name, key, moment, what, words, {} if body == "{}" else _Body(body))
            if len(rows) < _MANY:
                return
            rows = self._rows(query.where(place > tuple(rows[-1][n] for n in columns)))

    def _rows(self, query: Any) -> Sequence[Any]:
        """The rows of a query, as the driver gives them: there may be tens of thousands."""
        with faults(self.where), self.engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            asked = query.compile(dialect=connection.dialect)
            cursor = raw.cursor()
            cursor.execute(str(asked), asked.params)
            rows: Sequence[Any] = cursor.fetchall()
            return rows


class _Body(Mapping[str, JSON]):
    """A JSON object that is read when it is first asked: most of a long agenda's are not."""

    __slots__ = ("_read", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._read: dict[str, JSON] | None = None

    def _fields(self) -> dict[str, JSON]:
        if self._read is None:
            self._read = json.loads(self._text)
        return self._read

    def __getitem__(self, name: str) -> JSON:
        return self._fields()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields())

    def __len__(self) -> int:
        return len(self._fields())

    def __repr__(self) -> str:
        return repr(self._fields())


def _head(connection: Connection, where: str) -> Head:
    row = connection.execute(select(DESK.c.seq, DESK.c.digest, DESK.c.id)).fetchone()
    if row is None:
        raise StoreError("the store names no desk", where=where, mend="restore a backup")
    return Head(row[0], bytes(row[1]), row[2])


def _checked(seq: int, record: bytes, previous: bytes, mark: bytes, where: str) -> Event:
    if digest(previous, record) == mark:
        event = from_record(record, previous, mark)
        if event.seq == seq:
            return event
    raise StoreError(f"event {seq} is not as it was recorded", where=where, mend="overflight log verify")
