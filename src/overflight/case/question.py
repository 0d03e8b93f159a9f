"""Whose refusal closes every route between two places within a range: one question, answered whole."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from overflight.coalition import Coalitions, GapReport, Importance, coalitions, gaps, importance
from overflight.errors import InputError
from overflight.route.geodesy import distance_km
from overflight.route.permitted import Found, RouteFinder, RouteOracle
from overflight.world.states import name

__all__ = ["Answer", "put"]

LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Answer:
    """Coalitions with their proof, the value of the next approach, and what the approaches so far leave open.

    `chances` is None where no refusal could matter; `gaps` is None where nobody has been asked.
    """

    range_km: float
    great_circle_km: float
    always_permit: tuple[str, ...]
    found: Coalitions
    chances: Importance | None
    gaps: GapReport | None

    def to_json(self) -> dict[str, Any]:
        """The shape of ``block --json``."""
        document = self.found.to_json()
        chances = self.chances.to_json() if self.chances else {"next": []}
        document |= {
            "next": chances.pop("next"),
            "chance": chances or None,
            "gaps": self.gaps.to_json() if self.gaps else None,
            "range_km": round(self.range_km, 3),
            "distance_km": round(self.great_circle_km, 3),
            "always_permit": list(self.always_permit),
            "unwilling": list(self.found.unwilling),
            "refused": list(self.found.refused),
        }
        return document


class _Remembering(RouteOracle):
    """The route finder's oracle, which searches nothing twice and measures corridors on the fine outlines.

    More refusals bring back no route, and leave the shortest one as it is when none of its states is among
    them. The gap report asks again most of what the coalitions have asked.
    """

    def __init__(self, routes: RouteFinder, origin: LonLat, destination: LonLat, range_km: float) -> None:
        super().__init__(routes, origin, destination, range_km)
        self._known: list[tuple[frozenset[str], Found | None, frozenset[str] | None]] = []

    def route(self, refusing: Collection[str]) -> Found | None:
        asked = frozenset(refusing) - self.ends
        for fewer, way, blocking in self._known:
            if fewer <= asked and (way is None or not way.states & asked):
                self.blocking = blocking
                return way
        way = super().route(asked)
        self._known.append((asked, way, self.blocking))
        return way


def put(
    routes: RouteFinder,
    origin: LonLat,
    destination: LonLat,
    range_km: float,
    *,
    unwilling: Collection[str] = (),
    refused: Collection[str] = (),
    asked: Collection[str] = (),
    max_size: int = 6,
    max_calls: int | None = None,
) -> Answer:
    """Put the question for one leg.

    Parameters
    ----------
    routes : RouteFinder
    origin, destination : (lon, lat), degrees
    range_km : float
        How far the aircraft can fly.
    unwilling, refused, asked : collection of str
        States held never to refuse, that have refused, that have been asked; alpha-3.
    max_size, max_calls : int
        Limits of the search; an answer cut short says so.

    Raises
    ------
    InputError
        A state on both lists, or one of departure or arrival said to refuse: it always permits.
    """
    oracle = _Remembering(routes, origin, destination, range_km)
    if ends := sorted(oracle.ends & set(refused)):
        raise InputError(
            f"{name(ends[0])} is a state of departure or arrival, which always permits",
            where="refused",
            mend=f"leave {ends[0]} out",
        )
    held = frozenset(unwilling) - oracle.ends
    gone = frozenset(refused)
    found = coalitions(oracle, unwilling=held, refused=gone, max_size=max_size, max_calls=max_calls)
    chances = importance(found, asked=sorted(set(asked) - oracle.ends) or None) if found.coalitions else None
    length = float(distance_km(origin, destination))
    report = None
    if approached := set(asked) - oracle.ends:
        report = gaps(
            oracle,
            asked=sorted(approached | gone),
            great_circle_km=length,
            unwilling=held,
            refused=gone,
            name=name,
            max_size=max_size,
            max_calls=max_calls,
        )
    return Answer(range_km, length, tuple(sorted(oracle.ends)), found, chances, report)
