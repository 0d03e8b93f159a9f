"""Finding cases and what is due among many thousands: the database searches, a page at a time."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import JSON as AS_JSON
from sqlalchemy import Engine, and_, cast, func, or_, select, tuple_

from overflight.store.canonical import time_text
from overflight.store.engine import faults
from overflight.store.event import JSON, AgendaItem
from overflight.store.tables import AGENDA, CASES

__all__ = ["DuePlace", "Lookup", "Summary"]

#: The key under which a case keeps its own summary.
_SUMMARY = "summary"
#: Where an item stands among those that are due: its time, its case, its key.
DuePlace = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Summary:
    """A case as its summary has it, and how far it has come.

    Attributes
    ----------
    case, title : str
    last : int
        `seq` of its last event: newer cases have a greater one.
    events : int
    body : mapping
        As the agenda keeps it.
    """

    case: str
    title: str
    last: int
    events: int
    body: Mapping[str, JSON]


class Lookup:
    """Questions that are answered without folding a case.

    Parameters
    ----------
    engine : Engine
    where : str
        What to call the store in a complaint.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine, self._where = engine, where

    def cases(
        self,
        *,
        terms: Sequence[Collection[str]] = (),
        steps: Collection[str] = (),
        without: Collection[str] = (),
        below: int | None = None,
        limit: int = 50,
    ) -> list[Summary]:
        """Cases, those worked on last first.

        Parameters
        ----------
        terms : sequence of collections of str
            Of each, one word at least must stand in the id, the title or the summary; any case of letters.
        steps, without : collection of str
            Only cases at one of these steps; none at one of those.
        below : int, optional
            Only cases whose last event is before this one: where the page before ended.
        """
        query = (
            select(CASES.c.case_id, AGENDA.c.text, CASES.c.last, CASES.c.events, AGENDA.c.body)
            .join(AGENDA, and_(AGENDA.c.case_id == CASES.c.case_id, AGENDA.c.key == _SUMMARY))
            .order_by(CASES.c.last.desc())
            .limit(limit)
        )
        for words in terms:
            query = query.where(
                or_(
                    *(
                        column.icontains(word, autoescape=True)
                        for word in words
                        for column in (CASES.c.case_id, AGENDA.c.body)
                    )
                )
            )
        if steps:
            query = query.where(self._step().in_(sorted(steps)))
        if without:
            query = query.where(self._step().not_in(sorted(without)))
        if below is not None:
            query = query.where(CASES.c.last < below)
        return [Summary(row[0], row[1], row[2], row[3], json.loads(row[4])) for row in self._rows(query)]

    def steps(self) -> dict[str, int]:
        """How many cases stand at each step."""
        step = self._step()
        query = select(step, func.count()).where(AGENDA.c.key == _SUMMARY).group_by(step)
        return {row[0]: row[1] for row in self._rows(query)}

    def due(
        self,
        *,
        since: datetime | None = None,
        before: datetime | None = None,
        after: DuePlace | None = None,
        without: Collection[str] = (),
        limit: int = 50,
    ) -> list[tuple[DuePlace, AgendaItem]]:
        """Agenda items with a time, soonest first, each with its place.

        Parameters
        ----------
        since, before : datetime, optional
            Due at or after the one, before the other.
        after : DuePlace, optional
            Only items behind this place: where the page before ended.
        without : collection of str
            Kinds to leave out.
        """
        c = AGENDA.c
        query = select(c.case_id, c.key, c.due_at, c.kind, c.text, c.body)
        query = self._window(query, since, before, without).order_by(c.due_at, c.case_id, c.key).limit(limit)
        if after is not None:
            query = query.where(tuple_(c.due_at, c.case_id, c.key) > after)
        return [
            (
                (due, case, key),
                AgendaItem(case, key, datetime.fromisoformat(due), kind, text, json.loads(body)),
            )
            for case, key, due, kind, text, body in self._rows(query)
        ]

    def count_due(
        self,
        *,
        since: datetime | None = None,
        before: datetime | None = None,
        without: Collection[str] = (),
        most: int = 1000,
    ) -> int:
        """How many items are due in a span; counting stops at `most`."""
        inner = self._window(select(AGENDA.c.key), since, before, without).limit(most).subquery()
        return int(self._rows(select(func.count()).select_from(inner))[0][0])

    def next_due(self, cases: Collection[str], without: Collection[str] = ()) -> dict[str, AgendaItem]:
        """The item of each of a few cases that is due first."""
        c = AGENDA.c
        query = (
            select(c.case_id, c.key, c.due_at, c.kind, c.text, c.body)
            .where(c.case_id.in_(sorted(cases)), c.due_at.is_not(None))
            .order_by(c.due_at, c.case_id, c.key)
        )
        if without:
            query = query.where(c.kind.not_in(sorted(without)))
        found: dict[str, AgendaItem] = {}
        for case, key, due, kind, text, body in self._rows(query):
            if case not in found:
                found[case] = AgendaItem(case, key, datetime.fromisoformat(due), kind, text, json.loads(body))
        return found

    def _window(
        self, query: Any, since: datetime | None, before: datetime | None, without: Collection[str]
    ) -> Any:
        query = query.where(AGENDA.c.due_at.is_not(None))
        if since is not None:
            query = query.where(AGENDA.c.due_at >= time_text(since))
        if before is not None:
            query = query.where(AGENDA.c.due_at < time_text(before))
        if without:
            query = query.where(AGENDA.c.kind.not_in(sorted(without)))
        return query

    def _step(self) -> Any:
        """The step out of the summary's body, in the words of the database."""
        if self._engine.dialect.name == "sqlite":
            return func.json_extract(AGENDA.c.body, "$.step")
        return cast(AGENDA.c.body, AS_JSON)["step"].as_string()

    def _rows(self, query: Any) -> Sequence[Any]:
        with faults(self._where), self._engine.connect() as connection:
            return connection.execute(query).fetchall()
