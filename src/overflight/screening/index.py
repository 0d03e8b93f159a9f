"""All listed names, searched at once: finds what comparing with every one of them would find.

For a name asked, every listed word alike to one of its words is known (`neighbours`). The gains of all of
them that a listed name holds, taken together as if they could all be matched, bound its score from above;
only names whose bound reaches the threshold are compared (`scoring.compare`). Nothing that would reach it is
left out, since whatever else is done to a score lowers it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from overflight.screening.names import NameForm, Token
from overflight.screening.neighbours import Neighbours
from overflight.screening.scoring import ACRONYM, JOINED, Scored, Weighed, Weights, compare

__all__ = ["Found", "NameIndex", "Named"]

#: Bounds are sums in another order than scores.
SLACK = 1e-6
#: Above this many names with a word alike, bounds are worked out by arrays.
MANY = 800
REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Named:
    """One listed name.

    Attributes
    ----------
    owner : int
        Whose name it is: the caller's number.
    form : NameForm
    hint : str
        State whose romanisations apply, or empty.
    """

    owner: int
    form: NameForm
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A listed name that reaches the threshold.

    Attributes
    ----------
    at : int
        Position of the name in the index.
    scored : Scored
    """

    at: int
    scored: Scored


@dataclass(slots=True)
class _Near:
    """Listed words alike to one word: similarities by place, how many names hold one, the greatest
    similarity and the greatest listed weight; arrays once they are needed."""

    alike: dict[int, float]
    size: int
    closest: float
    heaviest: float
    arrays: tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]] | None = None


class NameIndex:
    """An index over listed names, all of persons or all of bodies.

    Parameters
    ----------
    names : sequence of Named
        Names without tokens are found by nothing.

    Examples
    --------
    >>> from overflight.screening.names import name_form
    >>> index = NameIndex([Named(0, name_form("Air Koryo")), Named(1, name_form("Mahan Air"))])
    >>> [found.at for found in index.search(name_form("Koryo Air Lines"), 0.7)]
    [0]
    """

    def __init__(self, names: Sequence[Named]) -> None:
        self.names = tuple(names)
        self.weights = Weights(named.form for named in self.names)
        self._weighed = [Weighed.of(named.form, self.weights) for named in self.names]
        places: dict[tuple[Token, str], int] = {}
        postings: list[list[int]] = []
        gains: list[list[float]] = []
        self._tokens: list[tuple[int, ...]] = []
        self._joins: dict[str, list[tuple[int, float]]] = {}
        self._acronyms: dict[str, list[int]] = {}
        self._singles: dict[str, list[int]] = {}
        for at, (named, weighed) in enumerate(zip(self.names, self._weighed, strict=True)):
            mine = []
            for token, weight in zip(named.form.tokens, weighed.weights, strict=True):
                place = places.setdefault((token, named.hint), len(places))
                if place == len(postings):
                    postings.append([])
                    gains.append([])
                postings[place].append(at)
                gains[place].append(weight)
                mine.append(place)
            self._tokens.append(tuple(mine))
            for first, fold in named.form.joins:
                ends = (first, first + 1) if first >= 0 else (-1 - first,)
                self._joins.setdefault(fold, []).append((at, sum(weighed.weights[i] for i in ends)))
            for letters in named.form.initials:
                self._acronyms.setdefault(letters, []).append(at)
            if len(named.form.tokens) == 1:
                self._singles.setdefault(named.form.tokens[0].text, []).append(at)
        self._neighbours = Neighbours(places)
        self._postings, self._listed = postings, gains
        self._heaviest = [max(one) for one in gains]
        self._weights = [weighed.total for weighed in self._weighed]
        self._near: dict[Token, _Near] = {}

    @cached_property
    def _totals(self) -> NDArray[np.float64]:
        """Weight of every name, as an array."""
        return np.asarray(self._weights, dtype=np.float64)

    def weigh(self, form: NameForm) -> Weighed:
        """A name asked, with the weights that the words have in this index."""
        return Weighed.of(form, self.weights)

    def _near_to(self, token: Token) -> _Near:
        """Every listed word alike to a word, remembered."""
        found = self._near.get(token)
        if found is None:
            if len(self._near) >= REMEMBERED:
                self._near.clear()
            alike = self._neighbours.of(token)
            found = self._near[token] = _Near(
                alike,
                sum(len(self._postings[place]) for place in alike),
                max(alike.values(), default=0.0),
                max((self._heaviest[place] for place in alike), default=0.0),
            )
        return found

    def search(self, form: NameForm, threshold: float) -> list[Found]:
        """Every listed name whose score reaches a threshold, in the order of the index.

        Parameters
        ----------
        form : NameForm
            Read the same way, person or body, as the names of the index.
        threshold : float
            Above 0.
        """
        if not form.tokens or not self.names:
            return []
        asked = self.weigh(form)
        near = [self._near_to(token) for token in form.tokens]
        found = []
        for at in self._possible(asked, near, threshold):
            scored = self._compare(asked, near, at)
            if scored.score >= threshold:
                found.append(Found(at, scored))
        return found

    def exhaustive(self, form: NameForm, threshold: float) -> list[Found]:
        """What `search` finds, by comparing with every name and word by word: slow, for proof."""
        asked = self.weigh(form)
        found = []
        for at, weighed in enumerate(self._weighed):
            scored = compare(asked, weighed, self.names[at].hint)
            if scored.score >= threshold:
                found.append(Found(at, scored))
        return found

    def _compare(self, asked: Weighed, near: list[_Near], at: int) -> Scored:
        tokens = self._tokens[at]
        known = [[one.alike.get(place, 0.0) for place in tokens] for one in near]
        return compare(asked, self._weighed[at], self.names[at].hint, known)

    def _possible(self, asked: Weighed, near: list[_Near], threshold: float) -> list[int]:
        """Names whose score may reach the threshold, ascending."""
        joined = self._joined(asked)
        sure = self._by_acronym(asked.form) if threshold <= ACRONYM else set()
        essential = _essential(asked, near, threshold)
        count = sum(near[i].size for i in essential)
        if count <= MANY:
            sure.update(self._bounded(asked, near, essential, joined, threshold - SLACK))
            return sorted(sure)
        parts = [self._arrays(one) for one in near]
        ids = [one for one, _, _ in parts]
        gains = [alike * weight + gain for (_, alike, gain), weight in zip(parts, asked.weights, strict=True)]
        if joined:
            ids.append(np.asarray([at for at, _ in joined], dtype=np.int32))
            gains.append(np.asarray([gain for _, gain in joined], dtype=np.float64))
        bound = np.bincount(np.concatenate(ids), np.concatenate(gains), minlength=len(self.names))
        reached = np.flatnonzero(bound >= (threshold - SLACK) * (asked.total + self._totals)).tolist()
        return sorted(sure.union(reached)) if sure else reached

    def _bounded(
        self,
        asked: Weighed,
        near: list[_Near],
        essential: list[int],
        joined: list[tuple[int, float]],
        threshold: float,
    ) -> Iterator[int]:
        """Names whose bound reaches the threshold: first with the most that words not essential can add, then
        with what they do add."""
        others = [(asked.weights[i], one) for i, one in enumerate(near) if i not in essential and one.size]
        rest = sum(one.closest * (weight + one.heaviest) for weight, one in others)
        bounds: dict[int, float] = {}
        for i in essential:
            weight = asked.weights[i]
            for place, alike in near[i].alike.items():
                for at, listed in zip(self._postings[place], self._listed[place], strict=True):
                    bounds[at] = bounds.get(at, rest) + alike * (weight + listed)
        for at, gain in joined:
            bounds[at] = bounds.get(at, rest) + gain
        totals, heaviest = self._weights, self._heaviest
        for at, bound in bounds.items():
            least = threshold * (asked.total + totals[at])
            if bound < least:
                continue
            if others:
                bound -= rest
                for weight, one in others:
                    for place in self._tokens[at]:
                        if likeness := one.alike.get(place):
                            bound += likeness * (weight + heaviest[place])
                if bound < least:
                    continue
            yield at

    def _arrays(self, near: _Near) -> tuple[NDArray[np.int32], NDArray[np.float64], NDArray[np.float64]]:
        """Names that hold a word alike, its similarity, and its listed weight times that."""
        if near.arrays is None:
            ids = [at for place in near.alike for at in self._postings[place]]
            alike = [found for place, found in near.alike.items() for _ in self._postings[place]]
            gains = [found * weight for place, found in near.alike.items() for weight in self._listed[place]]
            near.arrays = (np.asarray(ids, dtype=np.int32), np.asarray(alike), np.asarray(gains))
        return near.arrays

    def _joined(self, asked: Weighed) -> list[tuple[int, float]]:
        """Names in which two words stand for one of ours, or one for two, with the gain."""
        found = []
        for first, fold in asked.form.joins:
            ends = (first, first + 1) if first >= 0 else (-1 - first,)
            weight = sum(asked.weights[i] for i in ends)
            for place in self._neighbours.hard(fold):
                for at, theirs in zip(self._postings[place], self._listed[place], strict=True):
                    found.append((at, JOINED * (weight + theirs)))
        for i, token in enumerate(asked.form.tokens):
            for at, theirs in self._joins.get(token.hard, ()):
                found.append((at, JOINED * (asked.weights[i] + theirs)))
        return found

    def _by_acronym(self, form: NameForm) -> set[int]:
        found: set[int] = set()
        if len(form.tokens) == 1:
            found.update(self._acronyms.get(form.tokens[0].text, ()))
        for letters in form.initials:
            found.update(self._singles.get(letters, ()))
        return found


def _essential(asked: Weighed, near: list[_Near], threshold: float) -> list[int]:
    """Words asked of which a name must hold one alike to reach the threshold.

    A name in which only words of weights w are matched, at most s alike, with words of listed weights v, has
    a score of at most (sum of s w + sum of v) / (asked + sum of v), and that grows with v: the commonest
    words are set aside as long as it stays below the threshold.
    """
    order = sorted(range(len(near)), key=lambda i: -near[i].size)
    gained = listed = 0.0
    for position, i in enumerate(order):
        gained += near[i].closest * asked.weights[i]
        listed += near[i].heaviest
        if gained + listed >= (threshold - SLACK) * (asked.total + listed):
            return order[position:]
    return []
