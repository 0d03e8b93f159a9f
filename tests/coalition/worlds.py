"""Small invented worlds, and brute force over them, written apart from the code under test."""

from __future__ import annotations

import heapq
import math
import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product

from overflight.coalition import Coalitions


@dataclass(frozen=True)
class Found:
    """A route as the worlds answer it."""

    states: frozenset[str]
    km: float
    order: tuple[str, ...] = ()


@dataclass
class FamilyWorld:
    """A world given by its ways: each a set of states and a length; the shortest one open is found."""

    candidates: frozenset[str]
    ways: list[tuple[frozenset[str], float]]
    calls: list[frozenset[str]] = field(default_factory=list)

    def route(self, refusing: frozenset[str]) -> Found | None:
        self.calls.append(refusing)
        left = [(km, sorted(states)) for states, km in self.ways if not states & refusing]
        if not left:
            return None
        km, states = min(left)
        return Found(frozenset(states), km, tuple(reversed(states)))


@dataclass
class GraphWorld:
    """Points in a square, each in one state or at sea, joined to their neighbours; a flight from 0 to 1."""

    where: list[tuple[float, float]]
    state: list[str | None]
    near: list[list[int]]
    range_km: float
    calls: list[frozenset[str]] = field(default_factory=list)

    @property
    def candidates(self) -> frozenset[str]:
        return frozenset(s for s in self.state if s is not None) - self.ends

    @property
    def ends(self) -> frozenset[str]:
        return frozenset(s for s in self.state[:2] if s is not None)

    def length(self, a: int, b: int) -> float:
        return math.dist(self.where[a], self.where[b])

    def route(self, refusing: frozenset[str]) -> Found | None:
        self.calls.append(refusing)
        best, before, heap = {0: 0.0}, {0: 0}, [(0.0, 0)]
        while heap:
            km, here = heapq.heappop(heap)
            if km > best[here]:
                continue
            if here == 1:
                break
            for there in self.near[here]:
                if self.state[there] in refusing and self.state[there] not in self.ends:
                    continue
                further = km + self.length(here, there)
                if further <= self.range_km and further < best.get(there, math.inf):
                    best[there], before[there] = further, here
                    heapq.heappush(heap, (further, there))
        if 1 not in best:
            return None
        order, here = [], 1
        while here:
            order.append(self.state[here])
            here = before[here]
        states = [s for s in reversed(order) if s is not None and s not in self.ends]
        return Found(frozenset(states), best[1], tuple(dict.fromkeys(states)))


def graph_world(seed: int, points: int = 26, states: int = 9, stretch: float = 1.4) -> GraphWorld:
    """Draw a world: states are the cells around random capitals, few cells are sea."""
    draw = random.Random(seed)
    where = [(0.0, 0.5), (1.0, 0.5)] + [(draw.random(), draw.random()) for _ in range(points)]
    capitals = [(draw.random(), draw.random()) for _ in range(states)]
    names: list[str | None] = [f"S{i}" if draw.random() < 0.92 else None for i in range(states)]
    state = [names[min(range(states), key=lambda i: math.dist(p, capitals[i]))] for p in where]
    near: list[list[int]] = [[] for _ in where]
    for a in range(len(where)):
        for b in sorted(range(len(where)), key=lambda i: math.dist(where[a], where[i]))[1:5]:
            if b not in near[a]:
                near[a].append(b)
                near[b].append(a)
    return GraphWorld(where, state, near, stretch)


def subsets(states: Iterable[str]) -> list[frozenset[str]]:
    """All subsets, smallest first."""
    members = sorted(states)
    return [frozenset(c) for n in range(len(members) + 1) for c in combinations(members, n)]


def smallest(sets: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Those that contain no other."""
    family = list(dict.fromkeys(sets))
    return [one for one in family if not any(other < one for other in family)]


def tuples(sets: Iterable[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(sorted(s)) for s in sets), key=lambda s: (len(s), s)))


def open_to(world: FamilyWorld | GraphWorld, permitting: frozenset[str]) -> float:
    """Length of the shortest route when exactly `permitting` consent; inf if none is within range.

    Lengths over a graph come from repeated relaxation of all edges, not from the world's own search.
    """
    if isinstance(world, FamilyWorld):
        return min((km for states, km in world.ways if states <= permitting), default=math.inf)
    free = [s is None or s in permitting or s in world.ends for s in world.state]
    km = [math.inf] * len(free)
    km[0] = 0.0
    edges = [(a, b, world.length(a, b)) for a in range(len(free)) for b in world.near[a] if free[b]]
    before: list[float] = []
    while before != km:
        before = km[:]
        for a, b, length in edges:
            km[b] = min(km[b], km[a] + length)
    return km[1] if km[1] <= world.range_km else math.inf


@dataclass(frozen=True)
class Truth:
    """Everything about a world, from all subsets of its states."""

    closed: bool
    coalitions: tuple[tuple[str, ...], ...]
    corridors: Mapping[tuple[str, ...], float]


def brute_force(
    world: FamilyWorld | GraphWorld,
    unwilling: frozenset[str] = frozenset(),
    refused: frozenset[str] = frozenset(),
) -> Truth:
    present = world.candidates - refused
    km = {permitting: open_to(world, permitting) for permitting in subsets(present)}
    if math.isinf(km[present]):
        return Truth(True, (), {})
    corridors = smallest(s for s, length in km.items() if math.isfinite(length))
    closing = smallest(s for s in subsets(present - unwilling) if math.isinf(km[present - s]))
    return Truth(False, tuples(closing), {tuple(sorted(c)): km[c] for c in corridors})


def transversals(family: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
    """All minimal hitting sets, by multiplying out one set after the other."""
    partial = [frozenset[str]()]
    for one in family:
        partial = smallest(p if p & set(one) else p | {s} for p in partial for s in one)
    return tuples(partial)


def stopped(
    found: Coalitions, chance: Mapping[str, float], hit: Callable[[frozenset[str]], bool] | None = None
) -> float:
    """Probability that the flight is stopped, summed over all 2^n outcomes."""
    states = sorted(chance)
    gone = set(found.unwilling)
    family = [set(c.states) - gone for c in found.corridors]
    total = 0.0
    for outcome in product((False, True), repeat=len(states)):
        refusing = frozenset(s for s, yes in zip(states, outcome, strict=True) if yes)
        weight = math.prod(chance[s] if s in refusing else 1 - chance[s] for s in states)
        if hit(refusing) if hit else all(c & refusing for c in family):
            total += weight
    return total
