"""The gap report: which ways are open whatever the states approached so far may answer.

The states approached that may refuse are taken to refuse, all of them. What is still open then is a gap, and
a gap is closed only by asking somebody new.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from overflight.coalition.coalitions import coalitions
from overflight.coalition.oracle import Oracle, plain_codes
from overflight.coalition.result import Coalitions, Corridor, Progress
from overflight.errors import InputError

__all__ = ["Forgotten", "Gap", "GapReport", "gaps"]


@dataclass(frozen=True, slots=True)
class Gap:
    """One corridor that nobody approached could close.

    Attributes
    ----------
    corridor
        Its states, in order of flight where the route finder tells it, else by name.
    km
        Length of the shortest route through it.
    detour_km
        The same over the great circle.
    ask
        States in it that could be asked.
    unwilling
        States in it that are held unwilling.
    words
        The gap in one line for people.
    """

    corridor: tuple[str, ...]
    km: float
    detour_km: float
    ask: tuple[str, ...]
    unwilling: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A state never asked that holds at least one gap open.

    Attributes
    ----------
    state
        The state.
    closes
        Gaps that its refusal would close.
    detour_km
        Smallest detour among them.
    needed
        It is in every smallest set of further refusals that closes all gaps.
    """

    state: str
    closes: int
    detour_km: float
    needed: bool


@dataclass(frozen=True, slots=True)
class GapReport:
    """What the approaches so far leave open.

    Attributes
    ----------
    closed
        Nothing: if all those approached refuse, no route within range is left.
    gaps
        Shortest detour first.
    forgotten
        States to ask, the one that closes most gaps first.
    further
        Smallest sets of further states whose refusal, with the others', would close every route.
    approached
        States approached, sorted.
    complete
        False if the search was cut short; `why_incomplete` says how.
    words
        The report, one line per entry.
    """

    closed: bool
    gaps: tuple[Gap, ...]
    forgotten: tuple[Forgotten, ...]
    further: tuple[tuple[str, ...], ...]
    approached: tuple[str, ...]
    complete: bool
    why_incomplete: str | None
    words: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain data."""
        return {
            "closed": self.closed,
            "gaps": [
                {
                    "corridor": list(gap.corridor),
                    "km": round(gap.km, 3),
                    "detour_km": round(gap.detour_km, 3),
                    "ask": list(gap.ask),
                    "unwilling": list(gap.unwilling),
                    "words": gap.words,
                }
                for gap in self.gaps
            ],
            "forgotten": [
                {
                    "state": one.state,
                    "closes": one.closes,
                    "detour_km": round(one.detour_km, 3),
                    "needed": one.needed,
                }
                for one in self.forgotten
            ],
            "further": [list(one) for one in self.further],
            "approached": list(self.approached),
            "complete": self.complete,
            "why_incomplete": self.why_incomplete,
            "words": list(self.words),
        }


def gaps(
    oracle: Oracle,
    *,
    asked: Collection[str],
    great_circle_km: float,
    unwilling: Collection[str] = frozenset(),
    refused: Collection[str] = frozenset(),
    name: Callable[[str], str] = str,
    max_size: int | None = 6,
    max_count: int | None = None,
    max_calls: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> GapReport:
    """Report the corridors that no state approached so far could close.

    Parameters
    ----------
    oracle
        The flight and its range.
    asked
        States approached so far.
    great_circle_km
        Length of the great circle; detours are measured against it.
    unwilling, refused
        States held never to refuse, and states that have refused. An unwilling state that was approached
        closes nothing.
    name
        English name of a state.
    max_size, max_count, max_calls, progress
        Limits of the search, as for `coalitions`.

    Returns
    -------
    GapReport
        Gaps by detour, and whom to ask.

    Raises
    ------
    InputError
        A great circle that is not longer than zero, or what `coalitions` refuses.
    """
    if not great_circle_km > 0:
        raise InputError(
            f"a great circle of {great_circle_km} km",
            where="great_circle_km",
            mend="give the distance from departure to arrival",
        )
    approached = plain_codes(asked, "asked")
    held, gone = plain_codes(unwilling, "unwilling"), plain_codes(refused, "refused")
    found = coalitions(
        oracle,
        unwilling=held,
        refused=gone | (approached - held),
        max_size=max_size,
        max_count=max_count,
        max_calls=max_calls,
        progress=progress,
    )
    open_ways = [_gap(corridor, held, great_circle_km, name) for corridor in found.corridors]
    open_ways.sort(key=lambda gap: (round(gap.detour_km, 6), len(gap.corridor), gap.corridor))
    forgotten = _forgotten(open_ways, found)
    words = _words(open_ways, forgotten, found, sorted(approached & held), name)
    return GapReport(
        closed=found.closed,
        gaps=tuple(open_ways),
        forgotten=forgotten,
        further=found.coalitions,
        approached=tuple(sorted(approached)),
        complete=found.complete,
        why_incomplete=found.why_incomplete,
        words=words,
    )


def _gap(corridor: Corridor, held: frozenset[str], great_circle_km: float, name: Callable[[str], str]) -> Gap:
    ask = tuple(state for state in corridor.order if state not in held)
    unwilling = tuple(state for state in corridor.order if state in held)
    detour_km = corridor.km - great_circle_km
    way = " – ".join(name(state) for state in corridor.order) or "by departure and arrival alone"
    parts = [f"open: {way}, {round(detour_km):+,d} km"]
    if ask:
        parts.append(f"ask {_list(ask, name, 'or')}")
    else:
        parts.append("nobody can close it")
    if unwilling:
        parts.append(_held(unwilling, name))
    return Gap(corridor.order, corridor.km, detour_km, ask, unwilling, "; ".join(parts))


def _forgotten(open_ways: Sequence[Gap], found: Coalitions) -> tuple[Forgotten, ...]:
    """Rank the states that gaps ask for: most gaps closed, then the shortest detour, then name."""
    askable = sorted({state for gap in open_ways for state in gap.ask})
    everywhere = set(askable).intersection(*found.coalitions) if found.coalitions else set()
    ranked = [
        Forgotten(
            state,
            sum(state in gap.ask for gap in open_ways),
            min(gap.detour_km for gap in open_ways if state in gap.ask),
            state in everywhere,
        )
        for state in askable
    ]
    ranked.sort(key=lambda one: (not one.needed, -one.closes, round(one.detour_km, 6), one.state))
    return tuple(ranked)


def _words(
    open_ways: Sequence[Gap],
    forgotten: Sequence[Forgotten],
    found: Coalitions,
    asked_in_vain: Sequence[str],
    name: Callable[[str], str],
) -> tuple[str, ...]:
    lines = [gap.words for gap in open_ways]
    if found.out_of_range:
        lines.append("no route lies within range, even if every state permits")
    elif found.closed:
        lines.append("closed: if all those approached refuse, no route within range is left")
    for further in found.coalitions[:1]:
        count = sum(len(one) == len(further) for one in found.coalitions)
        others = f" (or another of {count} sets as small)" if count > 1 else ""
        lines.append(f"to close all of it, ask at least {_list(further, name, 'and')}{others}")
    named = {state for gap in open_ways for state in gap.unwilling}
    in_vain = [state for state in asked_in_vain if state not in named]
    if in_vain:
        lines.append(_held(in_vain, name))
    if not found.complete:
        lines.append(f"not the whole list: {found.why_incomplete}")
    return tuple(lines)


def _held(states: Sequence[str], name: Callable[[str], str]) -> str:
    return f"{_list(states, name, 'and')} {'is' if len(states) == 1 else 'are'} held unwilling"


def _list(states: Sequence[str], name: Callable[[str], str], word: str) -> str:
    """Write `A`, `A or B`, `A, B or C`."""
    names = [name(state) for state in states]
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
