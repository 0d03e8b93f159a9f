"""The desk: loads a case, decides, and appends. All that is written goes through here.

Every rule that needs no clock and no file stands in the modules beside; the functions of `requests`,
`replies` and `repairs` put them together for one command each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from overflight.case.life.agenda import SUMMARY, agenda_of
from overflight.case.life.answers import chance_of
from overflight.case.life.compose import Counsel
from overflight.case.life.events import (
    Body,
    Clock,
    Derived,
    Inspected,
    encode,
    kind_of,
)
from overflight.case.life.fold import fold
from overflight.case.life.geography import Geography
from overflight.case.life.memory import events_of, memory_of
from overflight.case.life.model import Case
from overflight.case.life.ways import Coverage, Ways, cover
from overflight.errors import InputError
from overflight.store.event import AgendaItem, Draft, Event, Log
from overflight.world.flight import Flight
from overflight.world.states import name
from overflight.world.times import minute_text

__all__ = ["CaseDesk", "Happening", "Jurist", "coverage_of", "sound_case_id"]

_ID = re.compile(r"[A-Z0-9][A-Z0-9._-]{0,39}")
_NOBODY = b"\0" * 32


class Jurist(Protocol):
    """Whoever knows the law for a flight."""

    def counsel(self, flight: Flight) -> Counsel:
        """Words of law and the caveat for this flight."""
        ...

    def clocks(self, flight: Flight, inspection: Inspected, at: datetime) -> Sequence[Clock]:
        """Duties to report that an inspection sets going."""
        ...


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to record: what, when it was true, on what telegram it rests."""

    body: Body
    true_at: datetime
    source: str | None = None


@dataclass(frozen=True)
class CaseDesk:
    """One desk over one log.

    Parameters
    ----------
    log : Log
    geography : Geography
        Asked once for each plan.
    jurist : Jurist
    home : str
        The state that owns the desk; empty when nobody's yet.
    office : str
        On whose behalf events are recorded.
    clock : callable
        The time now, UTC.
    """

    log: Log
    geography: Geography
    jurist: Jurist
    home: str = ""
    office: str = "desk"
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)

    # --- reading

    def load(self, case_id: str, until: datetime | None = None) -> Case:
        """A case as it stands, or as it was known to stand at a time.

        Raises
        ------
        InputError
            No such case, or none yet at that time.
        """
        events = self.events(sound_case_id(case_id), until)
        if not events:
            if until is not None and self.log.last(sound_case_id(case_id)):
                raise InputError(f"the case was not open yet at {minute_text(until)}", where=case_id)
            raise InputError("no such case", where=case_id, mend="overflight case list names them")
        return self._fold(events)

    def events(self, case_id: str, until: datetime | None = None) -> list[Event]:
        """Events of a case in order, those that it has taken over from others in their places."""
        return events_of(self.log, case_id, until)

    def summaries(self) -> Iterable[AgendaItem]:
        """The summary of every case."""
        return self.log.agenda(kind=SUMMARY)

    # --- writing

    def record(
        self, case: Case | None, case_id: str, what: Sequence[Happening], *, key: str | None = None
    ) -> Case:
        """Append to one case, with the coverage and the agenda that follow from it.

        Parameters
        ----------
        case : Case or None
            As it was when this was decided; None for a new case. The log refuses when it has moved on.
        """
        before = self.events(case_id) if case is not None else []
        drafts, items, _ = self.drafts(case, case_id, before, what)
        last = 0 if case is None else max(one.seq for one in case.history if one.case == case_id)
        self.log.append(drafts, expect=last, agenda={case_id: items}, key=key)
        return self.load(case_id)

    def drafts(
        self,
        case: Case | None,
        case_id: str,
        before: Sequence[Event],
        what: Sequence[Happening],
        carried: Sequence[Event] = (),
    ) -> tuple[list[Draft], tuple[AgendaItem, ...], Case]:
        """Drafts with what follows from them; nothing is written.

        `carried` are events of another case that count here as soon as the case is opened.
        """
        drafts = [
            Draft(case_id, kind_of(one.body), encode(one.body), one.true_at, self.office, one.source)
            for one in what
        ]
        trial = self._trial(before, drafts, carried)
        figures = self._figures(case, trial)
        if figures != Derived():
            drafts[-1] = replace(drafts[-1], body=encode(what[-1].body, figures, figures.ways or trial.ways))
            trial = self._trial(before, drafts, carried)
        return drafts, agenda_of(trial), trial

    def _trial(self, before: Sequence[Event], drafts: Sequence[Draft], carried: Sequence[Event]) -> Case:
        """The case as it will be once the drafts are recorded."""
        now = self.clock()
        first = max((one.seq for one in (*before, *carried)), default=0) + 1
        fresh = [
            Event(n, now, d.case, d.kind, d.body, d.true_at, d.by, d.source, _NOBODY, _NOBODY)
            for n, d in enumerate(drafts, first)
        ]
        return self._fold([*before, *fresh, *carried])

    def _fold(self, events: Sequence[Event]) -> Case:
        return fold(events, memory_of(self.log).body)

    def _figures(self, case: Case | None, trial: Case) -> Derived:
        """Ways and coverage where they have changed."""
        if not trial.plans or trial.taken:
            return Derived()
        fresh: Ways | None = None
        closing = _closing(trial)
        if case is None or case.ways is None or not case.plans or case.flight != trial.flight:
            fresh = self.geography.ways(trial.flight)
        elif not all(leg.complete for leg in case.ways.legs) and closing != _closing(case):
            # The list of ways was cut short: what a refusal leaves must be searched again.
            fresh = self.geography.ways(trial.flight, closing)
        ways = fresh or trial.ways
        if ways is None:
            return Derived()
        # As late as anything in the case: figures follow from what is recorded, not from who looks when.
        coverage = coverage_of(trial, ways, max(n.true_at for n in trial.history))
        if fresh is None and case is not None and coverage == case.coverage and coverage == trial.coverage:
            return Derived()
        return Derived(fresh, coverage)

    def at(self, given: datetime | None) -> datetime:
        """The time at which something was true: as given, else now."""
        return given if given is not None else self.clock()


def coverage_of(case: Case, ways: Ways, now: datetime) -> Coverage:
    """What the answers of a case leave open.

    A state that let it over holds its ways open; one that was asked and is silent past its day is less
    likely to refuse than one whose day has not come. A person's own estimate goes before the table's.
    """
    chances: dict[str, float] = {}
    standings = case.standings
    for state in case.approached:
        last = [n for n in case.approaches if n.body.product.state == state][-1]
        answer = case.current(state)
        told = answer.body.decision if answer is not None and not case.stale(answer) else ""
        chances[state] = chance_of("" if told == "REVERSED" else told, overdue=last.body.due < now)
        if last.body.chance is not None and not told:
            chances[state] = last.body.chance
    flight = case.flight.approaches
    return cover(
        ways,
        closing=_closing(case),
        landing=[s for s, one in standings.items() if one.landing == "refused"],
        allowing=[
            *(s for s, one in standings.items() if one.sky == "open"),
            *(s for s in flight.unwilling if s not in standings),
        ],
        asked=sorted({*case.approached, *flight.asked}),
        chances=chances,
    )


def _closing(case: Case) -> list[str]:
    shut = [s for s, one in case.standings.items() if one.sky in ("closed", "landing")]
    return sorted({*shut, *(s for s in case.flight.approaches.refused if s not in case.standings)})


def sound_case_id(text: str) -> str:
    """The id of a case: capitals, digits, dots and hyphens.

    Raises
    ------
    InputError
        It is none, or is kept for the desk itself.
    """
    wanted = text.strip().upper()
    if not _ID.fullmatch(wanted) or wanted == "DESK":
        raise InputError(
            f"{text!r} is no id of a case", where="CASE", mend="use letters, digits, dots and hyphens"
        )
    return wanted


def not_home(state: str, home: str, what: str) -> None:
    """Refuse to treat the home state as a foreign one.

    Raises
    ------
    InputError
        It is the home state.
    """
    if home and state == home:
        raise InputError(
            f"{name(state)} is the home state of this desk: {what}", where="--to", mend="name a foreign state"
        )
