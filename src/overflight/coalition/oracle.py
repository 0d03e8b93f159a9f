"""What the coalition room asks of geometry: one question, answered by a route finder.

Everything here works on sets of states. Where the states lie, and how long a route is, only the oracle
knows; so the same code is proved on small invented worlds and run on the real one.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from overflight.errors import InputError

__all__ = ["Oracle", "RouteFound", "order_of", "plain_codes"]


class RouteFound(Protocol):
    """The shortest route that enters no refusing state.

    An answer may also carry ``order``, a tuple of the same states in order of flight; reports then name
    corridors in that order instead of the alphabet's.
    """

    @property
    def states(self) -> frozenset[str]:
        """States entered, without those of departure and arrival."""

    @property
    def km(self) -> float:
        """Length of the route in km."""


class Oracle(Protocol):
    """One flight within one range; the states of departure and arrival always permit.

    An oracle may also carry ``blocking``: after an answer of None, those refusing states that the search ran
    against within range, or None where it cannot tell. No other refusal mattered, so the flight stays
    closed whoever else permits; that answers many later questions without a search.

    An oracle that measures roughly may also carry ``exact``, which answers the same question with the true
    length; it is asked once for each corridor.
    """

    @property
    def candidates(self) -> frozenset[str]:
        """Every state that some route within range could enter."""

    def route(self, refusing: frozenset[str]) -> RouteFound | None:
        """Return the shortest route within range that enters no refusing state, or None."""


def order_of(found: RouteFound) -> tuple[str, ...]:
    """Return the states of a route in order of flight where the oracle gives it, else by name."""
    order = tuple(dict.fromkeys(getattr(found, "order", ())))
    return order if frozenset(order) == found.states else tuple(sorted(found.states))


def plain_codes(states: Collection[str], where: str) -> frozenset[str]:
    """Return `states` as a set, refusing a bare string where a list was meant.

    Raises
    ------
    InputError
        If `states` is one string (its letters would silently pass for states) or holds an empty code.
    """
    if isinstance(states, str):
        raise InputError(f"'{states}' is one text, not a list of states", where=where, mend="give a list")
    codes = frozenset(states)
    if "" in codes:
        raise InputError("an empty state code", where=where, mend="leave it out")
    return codes
