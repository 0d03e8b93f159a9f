"""What an enumeration of coalitions returns: frozen, sorted, with its proof beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Coalitions", "Corridor", "Progress"]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an enumeration has come."""

    oracle_calls: int
    coalitions: int
    corridors: int


@dataclass(frozen=True, slots=True)
class Corridor:
    """A smallest set of states whose consent is enough for some route within range.

    Attributes
    ----------
    states
        Sorted by name; empty when a route needs only departure and arrival.
    km
        Length of the shortest route that enters no other state.
    order
        The same states in order of flight on that route, where the route finder tells it.
    """

    states: tuple[str, ...]
    km: float
    order: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coalitions:
    """Whose refusal closes every route, and the corridors that prove it.

    Attributes
    ----------
    closed
        No permitted route within range is left as things stand; there is nothing to add, so `coalitions` and
        `corridors` are empty.
    coalitions
        Smallest sets of states whose refusal leaves no route, by size, then name.
    corridors
        By size, then name. Every coalition meets each of them in a state that can still refuse, and each
        member of a coalition is the only one of it in some corridor.
    complete
        There are no other coalitions.
    why_incomplete
        Which limit cut the list short.
    unwilling, refused
        As given, sorted.
    out_of_range
        `closed`, and not because of a refusal: no route lies within range with everybody's permission.
    oracle_calls
        Route searches spent.
    """

    closed: bool
    coalitions: tuple[tuple[str, ...], ...]
    corridors: tuple[Corridor, ...]
    complete: bool
    why_incomplete: str | None
    unwilling: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    out_of_range: bool = False
    oracle_calls: int = 0

    @property
    def beyond_reach(self) -> bool:
        """Some corridor holds no state that could refuse: no coalition exists."""
        unwilling = set(self.unwilling)
        return any(unwilling.issuperset(corridor.states) for corridor in self.corridors)

    @property
    def meaning(self) -> str:
        """The finding in one English sentence."""
        if self.out_of_range:
            return "No route lies within range, even if every state permits."
        if self.closed:
            return "The refusals given already leave no route within range."
        if any(not corridor.states for corridor in self.corridors):
            return "A route that needs only departure and arrival lies within range: no refusal can close it."
        if self.beyond_reach:
            return (
                "A route lies within range that only states held unwilling could close: no coalition exists."
            )
        if not self.coalitions:
            return f"No coalition was found: {self.why_incomplete}."
        count = len(self.coalitions)
        least = "at least " if not self.complete else ""
        word = "coalition closes" if count == 1 and not least else "coalitions close"
        size = len(self.coalitions[0])
        states = "one state" if size == 1 else f"{size} states"
        return f"{least}{count} {word} every route; the smallest has {states}.".capitalize()

    def to_json(self) -> dict[str, Any]:
        """Return the part of ``block --json`` that this room answers for."""
        return {
            "closed": self.closed,
            "coalitions": [list(one) for one in self.coalitions],
            "corridors": [list(corridor.states) for corridor in self.corridors],
            "complete": self.complete,
            "why_incomplete": self.why_incomplete,
            "meaning": self.meaning,
            "corridor_km": [round(corridor.km, 3) for corridor in self.corridors],
        }
