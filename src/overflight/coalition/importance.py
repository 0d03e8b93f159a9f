"""Which approach next: the chance that the flight is stopped, and what asking each state adds to it.

Every state is given a probability that it refuses if asked; states answer independently. The flight is
stopped when no corridor is left without a refusal.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from overflight.coalition.diagram import Diagram, TooLarge
from overflight.coalition.oracle import plain_codes
from overflight.coalition.result import Coalitions
from overflight.errors import InputError

__all__ = ["Importance", "NextApproach", "importance"]

#: Confidence of the stated error of a sampled figure.
_CONFIDENCE = 0.95
_SEED = 20080807


@dataclass(frozen=True, slots=True)
class NextApproach:
    """What asking one state next is worth.

    Attributes
    ----------
    state
        The state.
    closes
        Corridors still open that its refusal alone would close.
    gain
        How much asking it raises the probability that the flight is stopped.
    birnbaum
        P(stopped | it refuses) - P(stopped | it permits), Birnbaum's importance.
    campaign
        The gain if every other state that can refuse is asked too; the same as `gain` when no list of states
        already asked was given.
    """

    state: str
    closes: int
    gain: float
    birnbaum: float
    campaign: float


@dataclass(frozen=True, slots=True)
class Importance:
    """The value of the next approach.

    Attributes
    ----------
    stopped
        Probability that every corridor found meets a refusal. If the list of coalitions is complete, this is
        the probability that the flight is stopped; if it was cut short, it can only be too high.
    at_least
        Probability that the members of some coalition found all refuse: never above the truth.
    exact
        The figures are computed, not sampled, and the list of coalitions is complete.
    error
        With 95 % confidence no probability or importance here is off by more than this (Hoeffding's bound
        over all of them together) and no gain by more than that times the state's own probability;
        0.0 where nothing was sampled.
    samples
        Samples drawn; 0 where none were needed.
    next
        States that can still be asked, best first.
    """

    stopped: float
    at_least: float
    exact: bool
    error: float
    samples: int
    next: tuple[NextApproach, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the part of ``block --json`` that this module answers for."""
        return {
            "stopped": round(self.stopped, 6),
            "stopped_at_least": round(self.at_least, 6),
            "exact": self.exact,
            "error": round(self.error, 6),
            "next": [
                {"state": one.state, "closes": one.closes, "gain": round(one.gain, 6)} for one in self.next
            ],
        }


def importance(
    found: Coalitions,
    *,
    probability: Mapping[str, float] | None = None,
    default: float = 0.5,
    asked: Collection[str] | None = None,
    samples: int = 20_000,
    node_limit: int = 50_000,
    seed: int = _SEED,
) -> Importance:
    """Tell what asking each state next is worth.

    Parameters
    ----------
    found
        Coalitions and corridors of the flight. Its unwilling states never refuse; its refused ones have.
    probability
        Probability that a state refuses if asked; the others have `default`. 1 for an answer in hand.
    default
        Probability of a state that `probability` does not name.
    asked
        States approached so far. They refuse with their probability, and nobody else does; `gain` is what one
        more approach adds. None: every state that can refuse will be asked sooner or later, and `gain`
        is what the campaign would lose without that one.
    samples
        Samples to draw where the exact diagram grows past `node_limit`.
    node_limit
        Largest exact diagram.
    seed
        Seed of the samples: the same question has the same answer.

    Raises
    ------
    InputError
        A probability outside 0 to 1, or above 0 for a state held unwilling.
    """
    chances = dict(probability or {})
    _check(chances, default, found, samples)
    gone = set(found.unwilling)
    family = [[state for state in corridor.states if state not in gone] for corridor in found.corridors]
    states = sorted({state for states in family for state in states})
    index = {state: number for number, state in enumerate(states)}
    masks = [sum(1 << index[state] for state in corridor) for corridor in family]
    closing = [sum(1 << index[state] for state in one) for one in found.coalitions]
    everybody = np.array([chances.get(state, default) for state in states], dtype=np.float64)
    approached = None if asked is None else plain_codes(asked, "asked")
    now = everybody.copy()
    if approached is not None:
        now[[state not in approached for state in states]] = 0.0

    hit = _Chance(masks, len(states), node_limit, samples, seed)
    stopped, birnbaum = hit.measure(now)
    campaign = birnbaum if approached is None else hit.measure(everybody)[1]
    if found.closed:
        at_least, sampled = 1.0, hit.samples
    elif not closing:
        at_least, sampled = 0.0, hit.samples
    elif found.complete and hit.exact:
        # Complete lists are each other's dual, so both roads lead to the same figure.
        at_least, sampled = stopped, 0
    else:
        # Some coalition refuses whole, unless each has a member that permits: the same question, mirrored.
        permit = _Chance(closing, len(states), node_limit, samples, seed + 1)
        at_least, sampled = 1.0 - permit.measure(1.0 - now)[0], max(hit.samples, permit.samples)

    closes = [sum(mask >> number & 1 for mask in masks) for number in range(len(states))]
    ranked = [
        NextApproach(
            state,
            closes[number],
            float(everybody[number] * birnbaum[number]),
            float(birnbaum[number]),
            float(everybody[number] * campaign[number]),
        )
        for state, number in index.items()
        if approached is None or state not in approached
    ]
    # Sums of many products differ in the last digits; such differences must not decide the order.
    ranked.sort(key=lambda one: (-round(one.gain, 9), -round(one.campaign, 9), -one.closes, one.state))
    return Importance(
        stopped=stopped,
        at_least=min(at_least, stopped) if sampled == 0 else at_least,
        exact=found.complete and sampled == 0,
        error=_hoeffding(sampled, 2 * len(states) + 2) if sampled else 0.0,
        samples=sampled,
        next=tuple(ranked),
    )


class _Chance:
    """Probability that a family is hit, and its derivatives: exact if it can be, sampled if it must."""

    def __init__(self, masks: list[int], count: int, node_limit: int, samples: int, seed: int) -> None:
        self.count = count
        self.seed = seed
        self.diagram: Diagram | None = None
        self.samples = 0
        self.members = np.zeros((len(masks), count), dtype=np.float32)
        for row, mask in enumerate(masks):
            self.members[row] = [mask >> number & 1 for number in range(count)]
        try:
            self.diagram = Diagram(masks, count, node_limit)
        except TooLarge:
            self.samples = samples

    @property
    def exact(self) -> bool:
        return self.diagram is not None

    def measure(self, chance: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """Return the probability of a hit and Birnbaum's importance per variable."""
        if self.diagram is not None:
            return min(1.0, max(0.0, self.diagram.probability(chance))), self.diagram.importance(chance)
        return self._sample(chance)

    def _sample(self, chance: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        generator = np.random.default_rng(self.seed)
        hits, pivotal = 0, np.zeros(self.count)
        for start in range(0, self.samples, 2_000):
            rows = min(2_000, self.samples - start)
            refuses = generator.random((rows, self.count)) < chance
            refusals = refuses.astype(np.float32) @ self.members.T
            missed = (refusals == 0).astype(np.float32)
            open_sets = missed.sum(axis=1)
            hit = open_sets == 0
            hits += int(hit.sum())
            # With its refusal all is hit: whatever is missed holds it. Without: nothing is missed, and no set
            # hangs on it alone. It decides the outcome where the first holds and the second does not.
            with_it = open_sets[:, None] == missed @ self.members
            alone = ((refusals == 1).astype(np.float32) @ self.members) > 0
            without_it = hit[:, None] & ~(refuses & alone)
            pivotal += (with_it & ~without_it).sum(axis=0)
        return hits / self.samples, pivotal / self.samples


def _hoeffding(samples: int, figures: int) -> float:
    """Return the half width that holds for all `figures` means of values in 0 to 1 at once."""
    return math.sqrt(math.log(2.0 * figures / (1.0 - _CONFIDENCE)) / (2.0 * samples))


def _check(chances: Mapping[str, float], default: float, found: Coalitions, samples: int) -> None:
    for name, value in [("default", default), *sorted(chances.items())]:
        if not 0.0 <= value <= 1.0:
            raise InputError(
                f"a probability of {value}", where=f"probability of {name}", mend="give a number from 0 to 1"
            )
    for state in found.unwilling:
        if chances.get(state, 0.0) > 0.0:
            raise InputError(
                f"{state} is held unwilling, yet has a probability of {chances[state]} to refuse",
                where=f"probability of {state}",
                mend="drop one of the two",
            )
    if samples < 1:
        raise InputError(f"{samples} samples", where="samples", mend="give 1 or more")
