"""What a desk records: drafts, events, the head of the chain, the agenda, and the `Log` that keeps them.

Models only: nothing here knows of files or SQL. `overflight.store.canonical` says which bytes of an event are
hashed; `overflight.store.log` keeps them in a database.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, TypeAlias, runtime_checkable

__all__ = ["JSON", "AgendaItem", "CaseHead", "Draft", "Event", "Expect", "Head", "Log"]

JSON: TypeAlias = "bool | int | float | str | Sequence[JSON] | Mapping[str, JSON] | None"


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be recorded. Texts are kept in Unicode normal form C, times in UTC to the microsecond."""

    #: The case it belongs to; a desk's own events use a name of their own, such as ``desk``.
    case: str
    #: What happened: a word of the field, such as ``opened`` or ``answered``.
    kind: str
    #: What there is to know about it, as JSON.
    body: Mapping[str, JSON]
    #: When it was true, with a time zone; not when it was recorded.
    true_at: datetime
    #: The office on whose behalf it is recorded; never a person's name.
    by: str
    #: The telegram it rests on (its number or digest), or a citation.
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded event, as it stands in the chain."""

    #: Place in the desk's log: 1, 2, 3 … without a gap.
    seq: int
    #: When the desk recorded it, UTC; never before the event before it.
    recorded_at: datetime
    case: str
    kind: str
    body: Mapping[str, JSON]
    true_at: datetime
    by: str
    source: str | None
    #: Digest of the event before, 32 bytes; of the desk's name for the first.
    previous: bytes
    #: SHA-256 over version, `previous` and the canonical form, 32 bytes.
    digest: bytes
    #: The idempotency key it was appended with.
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """How far a desk's log has come. An empty log has `seq` 0."""

    seq: int
    digest: bytes
    desk: str


@dataclass(frozen=True, slots=True)
class CaseHead:
    """How far one case has come."""

    case: str
    first: int
    last: int
    events: int


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """Something a case waits for. Derived data: replaced whole for a case, rebuilt by folding."""

    case: str
    #: Unique within the case, such as ``answer KAZ``.
    key: str
    #: When it is due, UTC; None for what is kept with the case without a time of its own.
    due_at: datetime | None
    #: A word of the field, such as ``answer``, ``report`` or ``summary``.
    kind: str
    text: str
    body: Mapping[str, JSON] = field(default_factory=dict)


#: What an append rests on: the last event of its one case or of each named case (0: none yet), or the head.
Expect: TypeAlias = Head | int | Mapping[str, int]


@runtime_checkable
class Log(Protocol):
    """An append-only log of events. What it has returned from `append` is on the disk."""

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        expect: Expect | None = None,
        agenda: Mapping[str, Sequence[AgendaItem]] | None = None,
        key: str | None = None,
    ) -> tuple[Event, ...]:
        """Record all drafts in one durable transaction, or none of them.

        Parameters
        ----------
        drafts : sequence of Draft
            Become events with consecutive `seq`, in this order.
        expect : Head, int or mapping of case to int, optional
            What the drafts were written on top of; `ConflictError` when the log has moved on since. An int is
            the last `seq` of the one case that the drafts belong to, 0 for a new case.
        agenda : mapping of case to items, optional
            The cases' agendas after these events, replaced in the same transaction.
        key : str, optional
            Idempotency key. The same drafts under the same key are recorded once and returned again; other
            drafts under it are an `InputError`.

        Raises
        ------
        InputError
            When a draft cannot be recorded (`overflight.store.canonical` says what can).
        ConflictError
            When `expect` does not hold.
        StoreError
            When the store cannot take it: full, read-only, damaged, gone. Nothing was recorded, unless the
            connection broke while the database was asked to commit; append again with the same key to know.
        """
        ...

    def recorded(
        self,
        drafts: Sequence[Draft],
        *,
        expect: Expect | None = None,
        agenda: Mapping[str, Sequence[AgendaItem]] | None = None,
        key: str | None = None,
    ) -> AbstractContextManager[tuple[Event, ...]]:
        """``with log.recorded(drafts) as events:`` The body runs only once the events are on the disk."""
        ...

    def events(
        self,
        case: str | None = None,
        *,
        after: int = 0,
        until: datetime | None = None,
        true_until: datetime | None = None,
        kind: str | None = None,
    ) -> Iterator[Event]:
        """Events in order of `seq`, read in small portions.

        Parameters
        ----------
        case : str, optional
            Only this case's.
        after : int
            Only events with a greater `seq`.
        until : datetime, optional
            Only what was recorded at or before this time: what was known then.
        true_until : datetime, optional
            Only what was true at or before this time, whenever it became known.
        kind : str, optional
            Only events of this kind.
        """
        ...

    def head(self) -> Head:
        """The last event that is on the disk."""
        ...

    def last(self, case: str) -> int:
        """`seq` of the case's last event; 0 when there is none."""
        ...

    def cases(self) -> Iterator[CaseHead]:
        """Every case with events, in order of its first event."""
        ...

    def agenda(
        self, *, before: datetime | None = None, case: str | None = None, kind: str | None = None
    ) -> Iterator[AgendaItem]:
        """Agenda items across cases, soonest first.

        With `before`, only items due before that time. Items without a time come last, without `before`.
        """
        ...

    def replace_agenda(
        self, agenda: Mapping[str, Sequence[AgendaItem]], *, expect: Mapping[str, int] | None = None
    ) -> None:
        """Replace the agendas of the named cases, for rebuilding; `append` does it for what it records.

        `expect` names the last event of cases on which the agendas rest.

        Raises
        ------
        ConflictError
            When `expect` does not hold; nothing was replaced.
        """
        ...
