"""All minimal coalitions, smallest first, by implicit hitting sets.

A coalition has to hit every corridor. Corridors are not known in advance, so they are learned: the covering
step (python-sat's ``Hitman``) proposes a smallest set of states that hits every corridor found so far, and
the route finder is asked whether a route remains when exactly these refuse. If none does, the set is a
coalition, and minimal, because it is a minimal hitting set of genuine corridors. If one does, its states are
reduced to a corridor that the proposal missed, and the covering step tries again. When it has no proposal
left, nothing was overlooked.

Source: implicit hitting sets after Moreno-Centeno and Karp, *The implicit hitting set approach to solve
combinatorial optimization problems*, Operations Research 61 (2013); the duality of minimal
hitting sets after Berge, *Hypergraphs*, 1989, chapter 2.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

from pysat.examples.hitman import Hitman

from overflight.coalition.oracle import Oracle, RouteFound, order_of, plain_codes
from overflight.coalition.result import Coalitions, Corridor, Progress
from overflight.errors import InputError, OverflightError

__all__ = ["coalitions"]

#: Route searches spent, at most, on learning whether anything lies beyond the size limit.
_BEYOND_CALLS = 200


class _Stop(Exception):  # noqa: N818 - a signal inside this module, not an error
    """A limit was reached; the argument says which."""


@dataclass(frozen=True, slots=True)
class _Route:
    """A route of which only the states that permit it count."""

    states: frozenset[str]
    km: float
    order: tuple[str, ...]


@dataclass
class _Search:
    """One enumeration under way: what was asked, and what is known so far."""

    oracle: Oracle
    ground: frozenset[str]
    unwilling: frozenset[str]
    refused: frozenset[str]
    max_calls: int | None
    max_seconds: float | None
    progress: Callable[[Progress], None] | None
    clock: Callable[[], float]
    calls: int = 0
    started: float = 0.0
    found: list[frozenset[str]] = field(default_factory=list)
    corridors: list[Corridor] = field(default_factory=list)
    blocked: list[frozenset[str]] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)

    def ask(self, open_to: frozenset[str]) -> RouteFound | None:
        """Return the route that remains when exactly these states permit; search only where that is unknown.

        What lies inside a set of states through which no route leads has no route either.
        """
        if any(open_to <= closed for closed in self.blocked):
            return None
        if self.max_calls is not None and self.calls >= self.max_calls:
            raise _Stop(f"stopped after {self.calls} route searches")
        if self.max_seconds is not None and self.clock() - self.started >= self.max_seconds:
            raise _Stop(f"stopped after {self.max_seconds:g} s")
        self.calls += 1
        everybody = self.ground | self.unwilling
        answer = self.oracle.route(self.refused | everybody - open_to)
        if answer is None:
            against: frozenset[str] | None = getattr(self.oracle, "blocking", None)
            closed = open_to if against is None else everybody - against
            self.blocked = [known for known in self.blocked if not known <= closed]
            self.blocked.append(closed)
        elif not answer.states <= open_to:
            strangers = answer.states - everybody - self.refused
            if strangers:
                raise OverflightError(
                    "the route finder returned a route through a state that is no candidate",
                    where=", ".join(sorted(strangers)),
                )
            # Within its tolerance of some metres a route may touch an outline that it turns at.
            order = tuple(state for state in order_of(answer) if state in open_to)
            answer = _Route(answer.states & open_to, answer.km, order)
        self.tell()
        return answer

    def tell(self) -> None:
        """Report progress."""
        if self.progress is not None:
            self.progress(Progress(self.calls, len(self.found), len(self.corridors)))

    def without(self, refusing: Collection[str]) -> RouteFound | None:
        """Return the route that remains when these states refuse too."""
        return self.ask((self.ground | self.unwilling).difference(refusing))

    def with_all(self) -> RouteFound | None:
        """Ask once what lies within range if even those who have refused permit."""
        self.calls += 1
        return self.oracle.route(frozenset())

    def reduce(self, first: RouteFound) -> Corridor:
        """Shrink the states of a route to a corridor, the states that can be asked before the others.

        States that many corridors share are tried first: a corridor without them tells the covering step
        more.
        """
        best = first
        for part, others in ((self.ground, self.unwilling), (self.unwilling, frozenset[str]())):
            for state in sorted(best.states & part, key=lambda state: (-self.seen[state], state)):
                if state in best.states:
                    # While states that can be asked are tried, the unwilling ones all stay open: what is
                    # left is then minimal for the covering step too, where only askable states count.
                    best = self.ask((best.states - {state}) | others) or best
        self.seen.update(best.states)
        if (exact := getattr(self.oracle, "exact", None)) is not None:
            way = exact(self.refused | (self.ground | self.unwilling) - best.states)
            if way is not None:
                order = tuple(state for state in order_of(way) if state in best.states)
                best = _Route(best.states, way.km, order)
        corridor = Corridor(tuple(sorted(best.states)), best.km, order_of(best))
        self.corridors.append(corridor)
        return corridor

    def askable(self, corridor: Corridor) -> list[str]:
        """Return the states of a corridor that can refuse; here every corridor has some."""
        states = [state for state in corridor.states if state in self.ground]
        if not states:
            raise OverflightError(
                "the route finder contradicts itself: it found a way that it had called closed",
                where=", ".join(corridor.states) or "over the high seas",
            )
        return states


def coalitions(
    oracle: Oracle,
    *,
    unwilling: Collection[str] = frozenset(),
    refused: Collection[str] = frozenset(),
    max_size: int | None = 6,
    max_count: int | None = None,
    max_calls: int | None = None,
    max_seconds: float | None = None,
    progress: Callable[[Progress], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Coalitions:
    """Find every smallest set of states whose refusal leaves no permitted route within range.

    Parameters
    ----------
    oracle
        The flight and its range.
    unwilling
        States held never to refuse: they are in no coalition.
    refused
        States that have refused already: no route enters them, and no coalition needs to name them.
    max_size
        Largest coalition looked for; None for no limit.
    max_count
        At most so many coalitions, the smallest ones; None for no limit.
    max_calls, max_seconds
        Limits on route searches and on time. A time limit makes the answer depend on the machine.
    progress
        Called after each route search and at the end.
    clock
        Seconds that only go forward.

    Returns
    -------
    Coalitions
        Coalitions and corridors sorted by size, then name. With ``complete`` there are no other coalitions,
        and, where nobody is unwilling, no other corridors either. A list cut short says why.

    Raises
    ------
    InputError
        A state both unwilling and refused, or a limit below one.
    """
    unwilling, refused = plain_codes(unwilling, "unwilling"), plain_codes(refused, "refused")
    _check(unwilling & refused, max_size, max_count, max_calls, max_seconds)
    ground = oracle.candidates - unwilling - refused
    search = _Search(
        oracle,
        ground,
        (unwilling & oracle.candidates) - refused,
        refused,
        max_calls,
        max_seconds,
        progress,
        clock,
        started=clock(),
    )
    closed, out_of_range, why = False, False, None
    try:
        # The hardest question first: if a route remains when all who can refuse do, nobody can close the
        # flight, and on most long pairs over sea this one search is the whole answer.
        remaining = search.without(ground)
        if remaining is not None:
            search.reduce(remaining)
        else:
            first = search.without(())
            if first is None:
                closed = True
                out_of_range = not refused or search.with_all() is None
            else:
                why = _enumerate(search, first, max_size, max_count)
    except _Stop as stop:
        why = str(stop)
    search.tell()
    return Coalitions(
        closed=closed,
        coalitions=_sorted(search.found),
        corridors=_smallest(search.corridors),
        complete=why is None,
        why_incomplete=why,
        unwilling=tuple(sorted(unwilling)),
        refused=tuple(sorted(refused)),
        out_of_range=out_of_range,
        oracle_calls=search.calls,
    )


def _enumerate(search: _Search, first: RouteFound, max_size: int | None, max_count: int | None) -> str | None:
    """Fill the search; return why the list is not complete, or None if it is."""
    used: set[str] = set()
    disjoint = 0
    following: RouteFound | None = first
    # Corridors that share no askable state: each needs its own refusal, so their number is a lower bound.
    while following is not None:
        used.update(search.askable(search.reduce(following)))
        disjoint += 1
        if max_size is not None and disjoint > max_size:
            return (
                f"{disjoint} corridors share no state that can refuse, "
                f"so every coalition has more than {max_size} states"
            )
        following = search.without(used)
    with Hitman(bootstrap_with=[search.askable(corridor) for corridor in search.corridors]) as cover:
        while (proposal := cover.get()) is not None:
            chosen = frozenset(proposal)
            if max_size is not None and len(chosen) > max_size:
                return _beyond(search, cover, chosen, max_size)
            answer = search.without(chosen)
            if answer is not None:
                cover.hit(search.askable(search.reduce(answer)))
            elif max_count is not None and len(search.found) >= max_count:
                return f"stopped after {max_count} coalitions; there are more"
            else:
                search.found.append(chosen)
                cover.block(sorted(chosen))
    return None


def _beyond(search: _Search, cover: Hitman, chosen: frozenset[str], max_size: int) -> str | None:
    """Learn whether a coalition larger than the limit exists: say so, or return None if there is none.

    The proposal is widened by every state that completes no coalition found so far. If that closes the
    flight, a coalition lies within it, and it is none of those found. If not, the route that remains is a new
    corridor.
    """
    limit = search.calls + _BEYOND_CALLS
    proposal: frozenset[str] | None = chosen
    while proposal is not None:
        if search.calls >= limit:
            return f"only coalitions of at most {max_size} states were looked for; there may be larger ones"
        wide = set(proposal)
        for state in sorted(search.ground - proposal):
            wide.add(state)
            if any(coalition <= wide for coalition in search.found):
                wide.remove(state)
        answer = search.without(wide)
        if answer is None:
            return f"only coalitions of at most {max_size} states were looked for; there are larger ones"
        cover.hit(search.askable(search.reduce(answer)))
        more = cover.get()
        proposal = None if more is None else frozenset(more)
    return None


def _sorted(sets: list[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(sorted(one)) for one in sets), key=lambda one: (len(one), one)))


def _smallest(corridors: list[Corridor]) -> tuple[Corridor, ...]:
    """Sort by size, then name."""
    return tuple(sorted(corridors, key=lambda corridor: (len(corridor.states), corridor.states)))


def _check(
    both: frozenset[str],
    max_size: int | None,
    max_count: int | None,
    max_calls: int | None,
    max_seconds: float | None,
) -> None:
    if both:
        raise InputError(
            f"{', '.join(sorted(both))} cannot be both unwilling and refused",
            where="unwilling",
            mend="name each state once",
        )
    limits = {"max_size": max_size, "max_count": max_count, "max_calls": max_calls}
    for name, limit in limits.items():
        if limit is not None and limit < 1:
            raise InputError(f"a limit of {limit}", where=name, mend="give 1 or more, or none")
    if max_seconds is not None and not max_seconds > 0:
        raise InputError(f"a limit of {max_seconds} s", where="max_seconds", mend="give more than 0, or none")
