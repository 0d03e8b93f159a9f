"""The shelf: what was released to each state, and what its guests answered. All that a guest can reach.

`Shelf` is for one state. In PostgreSQL each of its queries runs in a transaction of its own as the role
``overflight_guest``, which has rights on these rows of this state and on nothing else: whatever the pages
above forget, the database does not. In SQLite, which knows no roles, the same class filters. `ShelfKeeper` is
home's.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from weakref import WeakSet

from sqlalchemy import Connection, Engine, func, insert, select, text, tuple_, update
from sqlalchemy.exc import IntegrityError

from overflight.errors import ConflictError, InputError, StoreError
from overflight.store.canonical import time_text
from overflight.store.engine import faults, transaction
from overflight.store.tables import SHELF, SHELF_ANSWERS

__all__ = ["GUEST", "GuestAnswer", "Received", "Released", "Shelf", "ShelfKeeper", "guests_ready"]

#: The role as which PostgreSQL runs every query of a guest.
GUEST = "overflight_guest"
#: Answers to one paper; nobody needs as many.
_MOST_ANSWERS = 200
_TRIES = 5
_RELEASED = (
    SHELF.c.reference,
    SHELF.c.state,
    SHELF.c.title,
    SHELF.c.kind,
    SHELF.c.paper,
    SHELF.c.ask,
    SHELF.c.due,
    SHELF.c.released_at,
)
_A = SHELF_ANSWERS.c
_ANSWER = (
    _A.reference,
    _A.state,
    _A.number,
    _A.decision,
    _A.conditions,
    _A.valid_from,
    _A.valid_until,
    _A.words,
    _A.given_at,
    _A.account,
)


@dataclass(frozen=True, slots=True)
class Released:
    """One paper as its state finds it.

    Attributes
    ----------
    reference : str
        Its name; says nothing but which it is.
    state, title : str
    kind : str
        "approach", "update" or "thanks".
    paper : str
        The text of the non-paper, with its marks.
    ask : tuple of str
        What the state is asked.
    due : datetime or None
        By when its answer is wanted.
    released_at : datetime
    """

    reference: str
    state: str
    title: str
    kind: str
    paper: str
    ask: tuple[str, ...]
    due: datetime | None
    released_at: datetime


@dataclass(frozen=True, slots=True)
class GuestAnswer:
    """What a guest answered to a paper, as he sees it; `number` counts the answers to this paper."""

    reference: str
    state: str
    number: int
    decision: str
    conditions: str
    valid_from: datetime | None
    valid_until: datetime | None
    text: str
    given_at: datetime
    account: str


@dataclass(frozen=True, slots=True)
class Received:
    """A guest's answer as home sees it.

    Attributes
    ----------
    answer : GuestAnswer
    title : str
        Of the paper that it answers.
    case : str
    approach : str
    fate : str
        "" while it waits; "taken" into the case, or "dismissed".
    """

    answer: GuestAnswer
    title: str
    case: str
    approach: str
    fate: str = ""
    fate_at: datetime | None = None
    fate_by: str = ""
    why: str = ""


_ready: WeakSet[Engine] = WeakSet()
_making = threading.Lock()
_MISSING = {
    "role": f'CREATE ROLE {GUEST} NOLOGIN; GRANT {GUEST} TO "{{login}}";',
    "member": f'GRANT {GUEST} TO "{{login}}";',
    "schema": f'GRANT USAGE ON SCHEMA "{{schema}}" TO {GUEST};',
}


def guests_ready(engine: Engine) -> None:
    """See to it that the database keeps guests apart.

    Raises
    ------
    StoreError
        It does not, and the desk may not change that: says what the database's owner must run.
    """
    if engine in _ready:
        return
    if engine.dialect.name != "sqlite":
        with _making, faults("guests"), engine.connect() as connection:
            said, login, schema = connection.exec_driver_sql(
                "SELECT overflight_guest_ready(), current_user, current_schema()"
            ).one()
        if said:
            raise StoreError(
                "guests cannot be let in before the database keeps them apart",
                where="guests",
                mend="have the database's owner run: " + _MISSING[said].format(login=login, schema=schema),
            )
    _ready.add(engine)


class Shelf:
    """The shelf of one state.

    Parameters
    ----------
    engine : Engine
        Of the desk's store.
    state : str
        Alpha-3. Nothing of another state is reached, whatever is asked.
    """

    def __init__(self, engine: Engine, state: str) -> None:
        if len(state) != 3 or not state.isalpha():
            raise InputError("a shelf is that of a state", where="state")
        self._engine, self._state = engine, state

    @contextmanager
    def _as_guest(self, *, write: bool = False) -> Iterator[Connection]:
        guests_ready(self._engine)
        with faults("shelf"), self._engine.connect() as connection, transaction(connection, write=write):
            if connection.dialect.name == "postgresql":
                if write:
                    connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
                connection.execute(text("SELECT overflight_guest_enter(:state)"), {"state": self._state})
                connection.exec_driver_sql(f"SET LOCAL ROLE {GUEST}")
            yield connection

    def released(
        self, *, most: int = 1000, before: tuple[datetime, str] | None = None
    ) -> tuple[Released, ...]:
        """Papers, the newest first.

        Parameters
        ----------
        most : int
        before : (datetime, str), optional
            Time and reference of the last one seen: only those after it in this order.
        """
        place = tuple_(SHELF.c.released_at, SHELF.c.reference)
        query = select(*_RELEASED).where(SHELF.c.state == self._state)
        if before is not None:
            query = query.where(place < (time_text(before[0]), before[1]))
        query = query.order_by(SHELF.c.released_at.desc(), SHELF.c.reference.desc()).limit(most)
        with self._as_guest() as connection:
            return tuple(_released(row) for row in connection.execute(query).all())

    def one(self, reference: str) -> Released | None:
        """One paper; None where there is none of this name for this state."""
        if not _sound(reference):
            return None
        query = select(*_RELEASED).where(SHELF.c.state == self._state, SHELF.c.reference == reference)
        with self._as_guest() as connection:
            row = connection.execute(query).one_or_none()
        return _released(row) if row else None

    def answers(self, reference: str | None = None) -> tuple[GuestAnswer, ...]:
        """Answers that this state has given, oldest first: to one paper, or to all."""
        query = select(*_ANSWER).where(_A.state == self._state)
        if reference is not None:
            if not _sound(reference):
                return ()
            query = query.where(_A.reference == reference)
        with self._as_guest() as connection:
            rows = connection.execute(query.order_by(_A.given_at, _A.reference, _A.number)).all()
        return tuple(_answer(row) for row in rows)

    def answer(
        self,
        reference: str,
        decision: str,
        *,
        account: str,
        at: datetime,
        conditions: str = "",
        valid_from: datetime | None = None,
        valid_until: datetime | None = None,
        words: str = "",
    ) -> GuestAnswer:
        """Give an answer to a paper; it is on the disk when this returns.

        The same answer again, right after itself, is the same one.

        Raises
        ------
        InputError
            There is no such paper for this state; it was answered too often.
        """
        if not _sound(reference):
            raise InputError("there is no such paper", where="reference")
        said = (decision, conditions, valid_from, valid_until, words)
        for _ in range(_TRIES):
            try:
                with self._as_guest(write=True) as connection:
                    there = select(SHELF.c.reference).where(
                        SHELF.c.state == self._state, SHELF.c.reference == reference
                    )
                    if connection.execute(there).one_or_none() is None:
                        raise InputError("there is no such paper", where="reference")
                    query = select(*_ANSWER).where(_A.state == self._state, _A.reference == reference)
                    row = connection.execute(query.order_by(_A.number.desc()).limit(1)).one_or_none()
                    last = _answer(row) if row else None
                    if last and said == (
                        last.decision, last.conditions, last.valid_from, last.valid_until, last.text
                    ):  # fmt: skip
                        return last
                    number = last.number + 1 if last else 1
                    if number > _MOST_ANSWERS:
                        raise InputError("was answered too often", where=reference)
                    made = GuestAnswer(
                        reference, self._state, number, decision, conditions, valid_from, valid_until, words,
                        at, account,
                    )  # fmt: skip
                    connection.execute(insert(SHELF_ANSWERS).values(_columns(made)))
                    return made
            except IntegrityError:
                continue  # somebody of this state was faster: count again
            except StoreError as fault:
                if not isinstance(fault.__cause__, IntegrityError):
                    raise
        raise ConflictError("others of your state are answering, too", where=reference, mend="send it again")


class ShelfKeeper:
    """Home's hand on all shelves.

    Parameters
    ----------
    engine : Engine
        Of the desk's store.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @contextmanager
    def _open(self, *, write: bool = False) -> Iterator[Connection]:
        with faults("shelf"), self._engine.connect() as connection, transaction(connection, write=write):
            if write and connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
            yield connection

    def put(self, row: Released, case: str, approach: str) -> bool:
        """Put a paper on its shelf; False when it is there already."""
        with self._open(write=True) as connection:
            known = connection.execute(
                select(SHELF.c.reference).where(SHELF.c.reference == row.reference)
            ).one_or_none()
            if known is None:
                values = {
                    "reference": row.reference,
                    "state": row.state,
                    "title": row.title,
                    "kind": row.kind,
                    "paper": row.paper,
                    "ask": json.dumps(row.ask, ensure_ascii=False),
                    "due": _text(row.due),
                    "released_at": time_text(row.released_at),
                    "case_id": case,
                    "approach": approach,
                }
                connection.execute(insert(SHELF).values(values))
            return known is None

    def references(self) -> frozenset[str]:
        """Names of all papers on all shelves."""
        with self._open() as connection:
            return frozenset(connection.execute(select(SHELF.c.reference)).scalars())

    def there(self, reference: str) -> bool:
        """Whether a paper of this name is on a shelf."""
        with self._open() as connection:
            query = select(SHELF.c.reference).where(SHELF.c.reference == reference)
            return connection.execute(query).one_or_none() is not None

    def released(self, case: str | None = None) -> tuple[tuple[Released, str, str], ...]:
        """Papers with the case and the approach that they belong to, oldest first."""
        query = select(*_RELEASED, SHELF.c.case_id, SHELF.c.approach)
        if case is not None:
            query = query.where(SHELF.c.case_id == case)
        with self._open() as connection:
            rows = connection.execute(query.order_by(SHELF.c.released_at, SHELF.c.reference)).all()
        return tuple((_released(row[:8]), row[8], row[9]) for row in rows)

    def received(
        self,
        *,
        case: str | None = None,
        waiting: bool = False,
        reference: str | None = None,
        number: int | None = None,
    ) -> tuple[Received, ...]:
        """Answers of guests, oldest first: all, or those of a case, those that wait, or one."""
        if reference is not None and not _sound(reference):
            return ()
        query = select(
            *_ANSWER, SHELF.c.title, SHELF.c.case_id, SHELF.c.approach, _A.fate, _A.fate_at, _A.fate_by,
            _A.fate_why,
        ).join_from(SHELF_ANSWERS, SHELF, _A.reference == SHELF.c.reference)  # fmt: skip
        if case is not None:
            query = query.where(SHELF.c.case_id == case)
        if waiting:
            query = query.where(_A.fate.is_(None))
        if reference is not None:
            query = query.where(_A.reference == reference)
        if number is not None:
            query = query.where(_A.number == number)
        with self._open() as connection:
            rows = connection.execute(query.order_by(_A.given_at, _A.reference, _A.number)).all()
        return tuple(
            Received(
                _answer(row[:10]), row[10], row[11], row[12], row[13] or "", _time(row[14]), row[15] or "",
                row[16] or "",
            )
            for row in rows
        )  # fmt: skip

    def waiting_count(self) -> int:
        """How many answers wait."""
        with self._open() as connection:
            query = select(func.count()).select_from(SHELF_ANSWERS).where(_A.fate.is_(None))
            return int(connection.execute(query).scalar() or 0)

    def settle(
        self,
        answer: GuestAnswer,
        fate: Literal["taken", "dismissed"],
        *,
        account: str,
        at: datetime,
        why: str = "",
    ) -> bool:
        """Say what became of an answer; False when that was said before."""
        change = (
            update(SHELF_ANSWERS)
            .where(_A.reference == answer.reference, _A.number == answer.number, _A.fate.is_(None))
            .values(fate=fate, fate_at=time_text(at), fate_by=account, fate_why=why)
        )
        with self._open(write=True) as connection:
            return connection.execute(change).rowcount == 1


def _sound(reference: str) -> bool:
    """Whether a database can be asked for it: they know no NUL, and no half of a surrogate pair."""
    return len(reference) <= 100 and not any(c == "\0" or "\ud800" <= c <= "\udfff" for c in reference)


def _released(row: Sequence[Any]) -> Released:
    reference, state, title, kind, paper, ask, due, at = row
    moment = _time(at)
    assert moment is not None
    return Released(reference, state, title, kind, paper, tuple(json.loads(ask)), _time(due), moment)


def _answer(row: Sequence[Any]) -> GuestAnswer:
    reference, state, number, decision, conditions, first, last, words, at, account = row
    moment = _time(at)
    assert moment is not None
    return GuestAnswer(
        reference, state, number, decision, conditions, _time(first), _time(last), words, moment, account
    )


def _columns(answer: GuestAnswer) -> dict[str, Any]:
    return {
        "reference": answer.reference,
        "number": answer.number,
        "state": answer.state,
        "decision": answer.decision,
        "conditions": answer.conditions,
        "valid_from": _text(answer.valid_from),
        "valid_until": _text(answer.valid_until),
        "words": answer.text,
        "given_at": time_text(answer.given_at),
        "account": answer.account,
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else time_text(moment)


def _time(text_: str | None) -> datetime | None:
    return None if text_ is None else datetime.fromisoformat(text_)
