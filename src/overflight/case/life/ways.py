"""Ways that a flight can go, and what answers leave of them: sets of states and times, no geometry.

The search over the earth is done once for each plan (`overflight.case.life.geography`). What a refusal does
to its result is a matter of sets alone: a smallest set of states whose consent is enough stays one as long as
none of its states refuses, and the coalitions of what is left are the least of the old ones without those
who have refused.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

__all__ = ["Coverage", "Entry", "LegCover", "LegWays", "Next", "Way", "Ways", "cover"]


@dataclass(frozen=True, slots=True)
class Entry:
    """When a flight by some way enters a state: earliest and latest."""

    state: str
    earliest: datetime
    latest: datetime


@dataclass(frozen=True, slots=True)
class Way:
    """One corridor in order of flight, without the states of departure and arrival."""

    states: tuple[str, ...]
    km: float
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class LegWays:
    """Every way of one leg within range, with everybody's permission but that of `refused`.

    Attributes
    ----------
    leg : str
        ``VYMD-OIIE``.
    always : tuple of str
        States of departure and arrival.
    line : tuple of str
        States under the great circle, in order of flight.
    entries : tuple of Entry
        When the great circle enters each of them.
    departs : datetime
        Earliest departure.
    ways, coalitions
        As `overflight.coalition` found them.
    complete : bool
        Nothing was left out.
    closed, out_of_range : bool
        The search found no way at all, and none even with everybody's permission.
    refused : tuple of str
        Refusals that the search already knew.
    lands : str
        The state of a landing on the way, which can refuse it; empty at the last leg.
    """

    leg: str
    always: tuple[str, ...]
    line: tuple[str, ...]
    entries: tuple[Entry, ...]
    departs: datetime
    range_km: float
    ways: tuple[Way, ...]
    coalitions: tuple[tuple[str, ...], ...]
    complete: bool
    why_incomplete: str = ""
    closed: bool = False
    out_of_range: bool = False
    refused: tuple[str, ...] = ()
    lands: str = ""


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways of every leg."""

    legs: tuple[LegWays, ...]

    @property
    def line(self) -> tuple[str, ...]:
        """States under the planned route, in order of flight."""
        return tuple(dict.fromkeys(state for leg in self.legs for state in leg.line))

    @property
    def any(self) -> frozenset[str]:
        """States that lie on some way."""
        return frozenset(s for leg in self.legs for way in leg.ways for s in way.states)


@dataclass(frozen=True, slots=True)
class Next:
    """What asking a state next is worth for a leg."""

    state: str
    leg: str
    closes: int
    gain: float


@dataclass(frozen=True, slots=True)
class LegCover:
    """What is open on one leg.

    `why` says what closed it: "ways" when none is left, "landing" when the landing at its end is refused,
    "range" when it was never within range; empty while it is open.
    """

    leg: str
    closed: bool
    why: str
    open: tuple[Way, ...]
    coalitions: tuple[tuple[str, ...], ...]
    stopped: float
    complete: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """What the answers so far leave open.

    Attributes
    ----------
    legs : tuple of LegCover
        One for each leg, in order.
    closing : tuple of str
        States whose answers close their sky, or open it for a landing only.
    asked : tuple of str
        States approached so far.
    never : tuple of str
        States on an open way or under the great circle of an open leg that were never asked, best first.
    next : tuple of Next
        Whom to ask, best first.
    """

    legs: tuple[LegCover, ...]
    closing: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    next: tuple[Next, ...] = ()

    @property
    def closed(self) -> bool:
        """The flight cannot go as planned: one leg that is closed stops it."""
        return any(leg.closed for leg in self.legs)


def cover(
    ways: Ways,
    *,
    closing: Collection[str],
    landing: Collection[str] = (),
    allowing: Collection[str] = (),
    asked: Collection[str] = (),
    chances: Mapping[str, float] | None = None,
) -> Coverage:
    """What is open after the answers so far.

    Parameters
    ----------
    ways : Ways
        Of the present plan.
    closing : collection of str
        States that let nobody over, or only to land and be looked into.
    landing : collection of str
        States that refuse a landing.
    allowing : collection of str
        States that have allowed it: they are not asked again.
    asked : collection of str
        States approached.
    chances : mapping of state to probability
        How likely a state is to refuse; half where nothing is said.
    """
    chances = chances or {}
    legs: list[LegCover] = []
    found: list[Next] = []
    for leg in ways.legs:
        one, nexts = _leg(leg, frozenset(closing), frozenset(landing), frozenset(allowing), asked, chances)
        legs.append(one)
        found += nexts
    found.sort(key=lambda n: (-n.gain, -n.closes, n.state))
    best: dict[str, Next] = {}
    for one_next in found:
        best.setdefault(one_next.state, one_next)
    new = {s: None for n in best.values() if (s := n.state) not in asked}
    for leg, cov in zip(ways.legs, legs, strict=True):
        if not cov.closed:
            for states in (*(way.states for way in cov.open), leg.line):
                new |= {s: None for s in states if s not in asked and s not in leg.always}
    silent = {s for s in new if s in closing or s in allowing}
    return Coverage(
        tuple(legs),
        tuple(sorted(closing)),
        tuple(sorted(asked)),
        tuple(s for s in new if s not in silent),
        tuple(best.values())[:8],
    )


def _leg(
    leg: LegWays,
    closing: frozenset[str],
    landing: frozenset[str],
    allowing: frozenset[str],
    asked: Collection[str],
    chances: Mapping[str, float],
) -> tuple[LegCover, list[Next]]:
    from overflight.coalition import Coalitions, Corridor, importance  # numbers: only when they are asked for

    gone = closing - set(leg.always)
    left = tuple(way for way in leg.ways if not gone.intersection(way.states))
    sets = _least([frozenset(one) - gone for one in leg.coalitions])
    why = (
        "range"
        if leg.out_of_range
        else "ways"
        if leg.closed or (leg.complete and not left)
        else "landing"
        if leg.lands and leg.lands in landing
        else ""
    )
    if why:
        return LegCover(leg.leg, True, why, (), (), 1.0, leg.complete), []
    known = {s for way in left for s in way.states}
    # Who has allowed it will not refuse without a new reason; it holds its ways open.
    held = allowing & known
    sets = [one for one in sets if not one & held]
    result = Coalitions(
        closed=False,
        coalitions=tuple(sorted((tuple(sorted(s)) for s in sets), key=lambda s: (len(s), s))),
        corridors=tuple(Corridor(tuple(sorted(way.states)), way.km, way.states) for way in left),
        complete=leg.complete,
        why_incomplete=leg.why_incomplete or None,
        unwilling=tuple(sorted(held)),
    )
    stopped, nexts = 0.0, []
    if result.coalitions:
        told = importance(
            result,
            probability={s: chances[s] for s in known - held if s in chances},
            asked=sorted(set(asked) & known - held) or None,
        )
        stopped = told.stopped if set(asked) & known - held else 0.0
        nexts = [
            Next(one.state, leg.leg, one.closes, one.gain)
            for one in told.next
            if one.state not in asked and one.state not in held
        ]
    return LegCover(leg.leg, False, "", left, result.coalitions, stopped, leg.complete), nexts


def _least(sets: list[frozenset[str]]) -> list[frozenset[str]]:
    """Sets that hold no other one."""
    out: list[frozenset[str]] = []
    for one in sorted(set(sets), key=lambda s: (len(s), sorted(s))):
        if one and not any(other <= one for other in out):
            out.append(one)
    return out
