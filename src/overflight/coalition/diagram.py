"""Exact probability that a family of sets is hit, by a decision diagram.

Each state refuses or not, independently of the others; the family is hit when every set in it holds a state
that refuses. A reduced, ordered decision diagram is built once for a family; probabilities and derivatives
are then one pass each, for any number of probability vectors.

Source: Bryant, *Graph-based algorithms for Boolean function manipulation*, IEEE Transactions on Computers
35 (1986); Birnbaum, *On the importance of different components in a multicomponent system*, 1969.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Diagram", "TooLarge", "minimal"]

_MISSED, _HIT = 0, 1


class TooLarge(Exception):  # noqa: N818 - a signal to sample instead, not an error of the user
    """The diagram passed its limit of nodes."""


def minimal(masks: Collection[int]) -> list[int]:
    """Return the masks that contain no other, smallest first."""
    kept: list[int] = []
    for mask in sorted(set(masks), key=lambda m: (m.bit_count(), m)):
        if not any(small & ~mask == 0 for small in kept):
            kept.append(mask)
    return kept


class Diagram:
    """The event that every set of a family is hit.

    Parameters
    ----------
    family
        Sets as bit masks over `count` variables. No set at all is always hit, an empty set never.
    count
        Number of variables.
    limit
        Most nodes allowed.

    Raises
    ------
    TooLarge
        If the diagram would pass `limit` nodes.
    """

    def __init__(self, family: Collection[int], count: int, limit: int = 50_000) -> None:
        self.count = count
        self._limit = limit
        self._rank = _order(family, count)
        # Nodes 0 and 1 are the two answers; children always stand before their parents.
        self._variable: list[int] = [-1, -1]
        self._low: list[int] = [_MISSED, _HIT]
        self._high: list[int] = [_MISSED, _HIT]
        self._unique: dict[tuple[int, int, int], int] = {}
        self._of: dict[tuple[int, ...], int] = {}
        # Masks are renumbered by rank, so the lowest bit set anywhere is the variable to branch on.
        self._root = self._build(tuple(sorted(minimal([_permute(mask, self._rank) for mask in family]))))
        by_rank = np.empty(count, dtype=np.int64)
        by_rank[self._rank] = np.arange(count)
        self._variables = [int(by_rank[rank]) if rank >= 0 else -1 for rank in self._variable]

    def __len__(self) -> int:
        """Return the number of nodes, the two answers included."""
        return len(self._low)

    def _build(self, family: tuple[int, ...]) -> int:
        if not family:
            return _HIT
        if 0 in family:
            return _MISSED
        known = self._of.get(family)
        if known is not None:
            return known
        union = 0
        for mask in family:
            union |= mask
        bit = union & -union
        without = [mask for mask in family if not mask & bit]
        shorter = [mask & ~bit for mask in family if mask & bit]
        # The family holds no set inside another, so only a shortened set can have come to lie inside one
        # that was not shortened.
        kept = [mask for mask in without if not any(small & ~mask == 0 for small in shorter)]
        high = self._build(tuple(without))
        low = self._build(tuple(sorted(shorter + kept)))
        node = high if low == high else self._node(bit.bit_length() - 1, low, high)
        self._of[family] = node
        if len(self._of) > self._limit:
            raise TooLarge
        return node

    def _node(self, rank: int, low: int, high: int) -> int:
        key = (rank, low, high)
        node = self._unique.get(key)
        if node is None:
            node = self._unique[key] = len(self._low)
            self._variable.append(rank)
            self._low.append(low)
            self._high.append(high)
        return node

    def probability(self, chance: Sequence[float] | NDArray[np.float64]) -> float:
        """Return the probability that the family is hit.

        Parameters
        ----------
        chance : (count,)
            Probability that each variable refuses.
        """
        return self._values(chance)[self._root]

    def importance(self, chance: Sequence[float] | NDArray[np.float64]) -> NDArray[np.float64]:
        """Return, per variable, P(hit | it refuses) - P(hit | it does not), shape (count,)."""
        value = self._values(chance)
        reach = [0.0] * len(value)
        reach[self._root] = 1.0
        result = np.zeros(self.count)
        for node in range(len(value) - 1, 1, -1):
            variable, low, high = self._variables[node], self._low[node], self._high[node]
            share = reach[node]
            result[variable] += share * (value[high] - value[low])
            reach[high] += share * chance[variable]
            reach[low] += share * (1.0 - chance[variable])
        return result

    def _values(self, chance: Sequence[float] | NDArray[np.float64]) -> list[float]:
        value = [0.0, 1.0]
        for node in range(2, len(self._low)):
            p = float(chance[self._variables[node]])
            value.append(p * value[self._high[node]] + (1.0 - p) * value[self._low[node]])
        return value


def _permute(mask: int, rank: Sequence[int]) -> int:
    permuted, index = 0, 0
    while mask:
        if mask & 1:
            permuted |= 1 << rank[index]
        mask >>= 1
        index += 1
    return permuted


def _order(family: Collection[int], count: int) -> list[int]:
    """Rank the variables so that those sharing sets stand close together.

    The most frequent variable first; then, again and again, the one that finishes or joins most of the sets
    already begun.
    """
    members = [[index for index in range(count) if mask >> index & 1] for mask in family]
    inside: list[list[int]] = [[] for _ in range(count)]
    for number, states in enumerate(members):
        for state in states:
            inside[state].append(number)
    begun: Counter[int] = Counter()
    rank = [-1] * count
    for position in range(count):
        best = max(
            (index for index in range(count) if rank[index] < 0),
            key=lambda i: (
                sum((begun[n] + 0.5) / len(members[n]) for n in inside[i] if begun[n]),
                len(inside[i]),
                -i,
            ),
        )
        rank[best] = position
        begun.update(inside[best])
    return rank
