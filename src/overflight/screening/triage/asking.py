"""One application as questions to the lists: every party in its role, every mark of the aircraft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from overflight.errors import InputError
from overflight.permit import Application, Flag
from overflight.permit.plan_form import designator_of
from overflight.screening.match import Match
from overflight.screening.query import Query
from overflight.screening.screener import Screener

__all__ = ["Asker", "queries", "roles_of"]

_REMEMBERED = 8192
_PARTIES = ("operator", "owner", "charterer", "consignee", "consignor", "agent")
_MARKS = ("tail", "hex", "serial")


def queries(application: Application) -> tuple[Query, ...]:
    """What is asked about one application, each query about one party or one aircraft.

    The applicant is asked about as a name, whoever it is. Operators are asked about by name and by
    designator, stated or at the head of the call sign.
    """
    found = list(_aircraft(application))
    for role in _PARTIES:
        if text := getattr(application, role):
            found.append(_with(Query(), {role: text}))
    for code in (application.operator_code, designator_of(application.call_sign)):
        if code:
            found.append(Query(operator=code))
    if application.applicant:
        found.append(Query(name=application.applicant))
    return tuple(dict.fromkeys(found))


def _aircraft(application: Application) -> Iterator[Query]:
    serial, address = application.serial or "", application.hex or ""
    kind = application.type or ""
    if len(application.registrations) <= 1:
        tail = application.registration or ""
        if tail or serial or address:
            yield Query(tail=tail, hex=address, serial=serial, type=kind)
        return
    # Which of several aircraft has the number is not said.
    for tail in application.registrations:
        yield Query(tail=tail, type=kind)
    if serial or address:
        yield Query(hex=address, serial=serial, type=kind)


class Asker:
    """Puts applications to the lists as of one day; parties that come again are not searched again.

    Parameters
    ----------
    lists : Screener
    """

    def __init__(self, lists: Screener) -> None:
        self.lists = lists
        self._kept: dict[Query, tuple[Match, ...]] = {}

    def ask(self, application: Application) -> tuple[tuple[Match, ...], tuple[Flag, ...]]:
        """Matches, best first, and a flag for each field that could not be asked about."""
        best: dict[tuple[str, str], Match] = {}
        refused: list[Flag] = []
        parties: dict[str, str] = {}
        aircraft: list[Query] = []
        for query in self._askable(application, refused):
            found = self._answer(query)
            for role, text in query.names():
                if role in _PARTIES:
                    parties.setdefault(role, text)
            if found and any(getattr(query, mark) for mark in _MARKS):
                aircraft.append(query)
            _keep(best, found)
        for query in aircraft:
            # A list ties aircraft to bodies: those named beside the marks speak for a match.
            _keep(best, self._answer(_with(query, parties)))
        return tuple(sorted(best.values(), key=lambda match: match.order)), tuple(refused)

    def _askable(self, application: Application, refused: list[Flag]) -> Iterator[Query]:
        """Queries that the lists can answer; of the others a flag, and what is left of them."""
        for query in queries(application):
            try:
                self._answer(query)
            except InputError as error:
                parts = [(mark, text) for mark in _MARKS if (text := getattr(query, mark))]
                if len(parts) > 1:
                    for mark, text in parts:
                        alone = _with(Query(type=query.type), {mark: text})
                        try:
                            self._answer(alone)
                        except InputError as fault:
                            refused.append(_unasked(mark, fault))
                        else:
                            yield alone
                else:
                    refused.append(_unasked(next(iter(query.document())), error))
            else:
                yield query

    def _answer(self, query: Query) -> tuple[Match, ...]:
        found = self._kept.get(query)
        if found is None:
            if len(self._kept) >= _REMEMBERED:
                self._kept.clear()
            found = self._kept[query] = self.lists.screen(query).matches
        return found


def _with(query: Query, given: dict[str, str]) -> Query:
    changes: dict[str, Any] = {**given}
    return replace(query, **changes)


def _unasked(field: str, error: InputError) -> Flag:
    return Flag("unreadable", f"{field}: {error.what}; not screened", "as it stands in the file", True)


def _keep(best: dict[tuple[str, str], Match], found: tuple[Match, ...]) -> None:
    for match in found:
        key = match.entity.list, match.entity.id
        if key not in best or match.order < best[key].order:
            best[key] = match


def roles_of(match: Match) -> tuple[str, ...]:
    """The fields of the application that a match rests on."""
    return tuple("applicant" if role == "name" else role for role in match.roles)
