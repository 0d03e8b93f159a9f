"""What would be left if some states refused: sets alone, out of the ways that the log keeps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from overflight.case.life.desk import coverage_of
from overflight.case.life.events import Answered
from overflight.case.life.facts import facts_of
from overflight.case.life.headline import headline
from overflight.case.life.model import Case, Noted
from overflight.case.life.ways import Coverage, Way
from overflight.desk.rooms import Rooms
from overflight.desk.views.figures import Job, searched
from overflight.errors import InputError
from overflight.world.states import state

__all__ = ["LegLeft", "WhatIf", "states_in", "suppose"]

#: More refusals at once are no question.
_MOST = 60


@dataclass(frozen=True, slots=True)
class LegLeft:
    """One leg: the ways that stay open, those that go, and whose further refusal would close it."""

    leg: str
    closed: bool
    why: str
    open: tuple[Way, ...]
    lost: tuple[Way, ...]
    coalitions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What a supposed refusal leaves.

    Attributes
    ----------
    refuse : tuple of str
        States that are supposed to refuse.
    known : tuple of str
        Those among them that have refused already.
    sentence : str
        The first line that the case would have.
    complete : bool
        Every way was known; else `searching` says that the search is made anew, and `searched` that it was.
    next : tuple of str
        Whom to ask then, best first.
    """

    refuse: tuple[str, ...]
    known: tuple[str, ...]
    sentence: str
    before: str
    closed: bool
    closed_before: bool
    legs: tuple[LegLeft, ...]
    never: tuple[str, ...]
    next: tuple[str, ...]
    complete: bool
    searching: bool
    searched: bool
    stage: str

    @property
    def open_count(self) -> int:
        return sum(len(leg.open) for leg in self.legs)

    @property
    def lost_count(self) -> int:
        return sum(len(leg.lost) for leg in self.legs)


def states_in(text: str, more: Sequence[str] = ()) -> tuple[str, ...]:
    """States out of an address, ``CHN,RUS``; codes or names, each once.

    Raises
    ------
    InputError
        No such state, or too many.
    """
    given = [one for part in (text, *more) for one in part.split(",") if one.strip()]
    if len(given) > _MOST:
        raise InputError(f"{len(given)} states at once", where="refuse", mend=f"suppose at most {_MOST}")
    return tuple(dict.fromkeys(state(one.strip()) for one in given))


def suppose(rooms: Rooms, case: Case, refuse: Sequence[str], now: datetime, *, search: bool = True) -> WhatIf:
    """What stays open when some states refuse.

    Parameters
    ----------
    refuse : sequence of str
        Alpha-3.
    search : bool
        Whether to search anew, beside the request, where the list of ways was cut short.
    """
    before = case.coverage
    if case.ways is None or before is None:
        sentence = headline(case, now)
        return WhatIf(
            tuple(refuse), (), sentence, sentence, False, False, (), (), (), False, False, False, ""
        )
    refusing = [one for one in refuse if one not in before.closing]
    trial = _with_refusals(case, refusing, now)
    coverage = coverage_of(trial, case.ways, now)
    ways, stage, found_anew = case.ways, "", False
    incomplete = not all(leg.complete for leg in case.ways.legs)
    searching = False
    if incomplete and refusing and search:
        anew = searched(rooms, case, frozenset(coverage.closing))
        if isinstance(anew, Job):
            searching, stage = not anew.done, anew.stage
        else:
            ways, found_anew = anew, True
            coverage = coverage_of(trial, ways, now)
    told = replace(trial, ways=ways, coverage=coverage)
    return WhatIf(
        refuse=tuple(refuse),
        known=tuple(one for one in refuse if one in before.closing),
        sentence=headline(told, now),
        before=headline(case, now),
        closed=coverage.closed,
        closed_before=before.closed,
        legs=_legs(before, coverage),
        never=tuple(s for s in coverage.never if s not in trial.standings),
        next=tuple(dict.fromkeys(one.state for one in coverage.next)),
        complete=all(leg.complete for leg in coverage.legs),
        searching=searching,
        searched=found_anew,
        stage=stage,
    )


def _with_refusals(case: Case, refuse: Sequence[str], now: datetime) -> Case:
    """The case as it would be had these states refused just now."""
    latest = max([now, *(n.true_at for n in case.history)])
    facts = facts_of(case.flight)
    seq = case.last
    answers = [
        Noted(
            Answered(f"{one}-supposed", one, "DENY_OVERFLIGHT", facts, case.plans[-1].body.number),
            seq + number,
            case.id,
            latest,
            latest,
            "supposed",
        )
        for number, one in enumerate(refuse, 1)
    ]
    return replace(case, answers=(*case.answers, *answers))


def _legs(before: Coverage, after: Coverage) -> tuple[LegLeft, ...]:
    old = {leg.leg: leg.open for leg in before.legs}
    out = []
    for leg in after.legs:
        left = {way.states for way in leg.open}
        lost = tuple(way for way in old.get(leg.leg, ()) if way.states not in left)
        out.append(LegLeft(leg.leg, leg.closed, leg.why, leg.open, lost, leg.coalitions))
    return tuple(out)
