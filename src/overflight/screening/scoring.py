"""How alike two names are: tokens aligned one to one, weighed by how much each tells.

The score is the weight of what was matched, on both sides, over the weight of both names; then come the
reasons that lower it. `compare` is what the index must agree with, name by name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log

from overflight.screening.names import NUMBER, NameForm, Token
from overflight.screening.similarity import SAME_MEANING, similarity

__all__ = ["ACRONYM", "JOINED", "Pairing", "Scored", "Weighed", "Weights", "compare"]

#: Two neighbours written as one word.
JOINED = 0.95
#: A name and the first letters of its words.
ACRONYM = 0.72
LEAST_WEIGHT = 0.35
#: What ordinary words weigh in a name that has nothing else ("Iran Air").
RAISED = 0.35
OTHER_ORDER, OTHER_TRADE, OTHER_WORDS, OTHER_NUMBER = -0.2, -0.2, -0.05, -0.3
#: Words of one meaning where nothing else tells two names apart ("Air China", "China Airlines").
SAME_MEANING_ONLY = 0.8
#: Below this many names sharing it a word is rare; at this share of all names it weighs least.
RARE, COMMON_SHARE = 2, 0.005

Matrix = Sequence[Sequence[float]]


class Weights:
    """How much a word tells, by how many names share it.

    Parameters
    ----------
    forms : iterable of NameForm
        Every listed name.
    """

    def __init__(self, forms: Iterable[NameForm]) -> None:
        counts: dict[str, int] = {}
        total = 0
        for form in forms:
            total += 1
            for word in {_shared(token) for token in form.tokens if token.weight is None}:
                counts[word] = counts.get(word, 0) + 1
        self.counts, self.total = counts, total
        self._span = max(log(max(total * COMMON_SHARE, 8.0) / RARE), 1e-9)

    def of(self, token: Token) -> float:
        """The weight of a token, from `LEAST_WEIGHT` for the commonest to 1 for a rare one."""
        if token.weight is not None:
            return token.weight
        count = self.counts.get(token.canon or token.hard, 0)
        if count <= RARE:
            return 1.0
        return max(LEAST_WEIGHT, round(1.0 - (1.0 - LEAST_WEIGHT) * log(count / RARE) / self._span, 4))


def _shared(token: Token) -> str:
    return token.canon or token.hard


@dataclass(frozen=True, slots=True)
class Weighed:
    """A name with the weights of its tokens.

    Attributes
    ----------
    form : NameForm
    weights : tuple of float
        One for each token.
    total : float
    plain : bool
        Nothing in it but ordinary words: then they tell it apart, and their order does.
    """

    form: NameForm
    weights: tuple[float, ...]
    total: float
    plain: bool

    @classmethod
    def of(cls, form: NameForm, weights: Weights) -> Weighed:
        """Weigh a name."""
        found = tuple([weights.of(token) for token in form.tokens])
        plain = not form.person and all(token.known for token in form.tokens)
        if plain:
            found = tuple([max(RAISED, weight) for weight in found])
        return cls(form, found, sum(found), plain)


@dataclass(frozen=True, slots=True)
class Pairing:
    """Words of one name matched with words of the other.

    Attributes
    ----------
    asked, listed : tuple of int
        Positions of the tokens on either side.
    similarity : float
    gain : float
        What it adds to the score.
    """

    asked: tuple[int, ...]
    listed: tuple[int, ...]
    similarity: float
    gain: float


@dataclass(frozen=True, slots=True)
class Scored:
    """A comparison of two names: the score is the sum of gains and lowerings, never below 0.

    Attributes
    ----------
    score : float
    pairings : tuple of Pairing
    lowered : tuple of (str, float)
        Why the score was lowered, and by how much.
    acronym : bool
        One name is the other's first letters; then there are no pairings.
    """

    score: float
    pairings: tuple[Pairing, ...] = ()
    lowered: tuple[tuple[str, float], ...] = ()
    acronym: bool = False


def compare(asked: Weighed, listed: Weighed, hint: str = "", known: Matrix | None = None) -> Scored:
    """How alike two names are.

    Parameters
    ----------
    asked, listed : Weighed
        Both read as persons' names, or both as bodies'.
    hint : str
        State whose romanisations apply to the listed name (`similarity`).
    known : sequence of sequence of float, optional
        Similarity of every token asked with every token listed, where the caller has worked it out.

    Examples
    --------
    >>> from overflight.screening.names import name_form
    >>> weights = Weights(())
    >>> def score(one, other):
    ...     return compare(*(Weighed.of(name_form(text), weights) for text in (one, other))).score
    >>> score("Mahan Air", "Mahan Airlines Co.") > 0.95, score("Air Korea", "Air Koryo") < 0.5
    (True, True)
    """
    if known is None:
        known = [[similarity(one, other, hint) for other in listed.form.tokens] for one in asked.form.tokens]
    pairings = _aligned(asked, listed, known)
    whole = asked.total + listed.total
    score = sum(pairing.gain for pairing in pairings) / whole if whole else 0.0
    pairings = tuple(Pairing(one.asked, one.listed, one.similarity, one.gain / whole) for one in pairings)
    if score < ACRONYM and _acronym(asked.form, listed.form):
        return Scored(ACRONYM, acronym=True)
    lowered = tuple(_lowered(asked, listed, pairings))
    return Scored(max(0.0, score + sum(by for _, by in lowered)), pairings, lowered)


def _acronym(one: NameForm, other: NameForm) -> bool:
    return (len(one.tokens) == 1 and one.tokens[0].text in other.initials) or (
        len(other.tokens) == 1 and other.tokens[0].text in one.initials
    )


def _aligned(asked: Weighed, listed: Weighed, alike: Matrix) -> tuple[Pairing, ...]:
    """Tokens matched one to one, the most alike first."""
    ours, theirs = asked.form.tokens, listed.form.tokens
    our, their = asked.weights, listed.weights
    found: list[tuple[float, float, tuple[int, ...], tuple[int, ...]]] = []
    for i, row in enumerate(alike):
        for j, likeness in enumerate(row):
            if likeness:
                found.append((likeness * (our[i] + their[j]), likeness, (i,), (j,)))
    if asked.plain and listed.plain:
        found = [
            (gain * SAME_MEANING_ONLY / one, SAME_MEANING_ONLY, i, j)
            if one == SAME_MEANING
            else (gain, one, i, j)
            for gain, one, i, j in found
        ]
    for at, fold in asked.form.joins:
        for j, other in enumerate(theirs):
            if other.hard == fold:
                ends = (at, at + 1) if at >= 0 else (-1 - at,)
                found.append((JOINED * (sum(our[i] for i in ends) + their[j]), JOINED, ends, (j,)))
    for at, fold in listed.form.joins:
        for i, one in enumerate(ours):
            if one.hard == fold:
                ends = (at, at + 1) if at >= 0 else (-1 - at,)
                found.append((JOINED * (our[i] + sum(their[j] for j in ends)), JOINED, (i,), ends))
    if len(found) > 1:
        found.sort(key=lambda one: (-one[1], -one[0], one[2], one[3]))
    taken_ours: set[int] = set()
    taken_theirs: set[int] = set()
    kept: list[Pairing] = []
    for gain, likeness, mine, other_side in found:
        if taken_ours.isdisjoint(mine) and taken_theirs.isdisjoint(other_side):
            taken_ours.update(mine)
            taken_theirs.update(other_side)
            kept.append(Pairing(mine, other_side, likeness, gain))
    return tuple(kept)


def _left(name: Weighed, matched: Iterable[tuple[int, ...]]) -> bool:
    """Whether a word of a trade or a general word was left without a partner."""
    used = {i for one in matched for i in one}
    return any(
        token.kind in ("sector", "generic") and i not in used for i, token in enumerate(name.form.tokens)
    )


def _lowered(asked: Weighed, listed: Weighed, pairings: tuple[Pairing, ...]) -> Iterable[tuple[str, float]]:
    if asked.form.person:
        return
    if asked.plain and listed.plain and len(pairings) == len(asked.weights) == len(listed.weights) == 2:
        order = [one.listed for one in sorted(pairings, key=lambda one: one.asked)]
        if order != sorted(order):
            yield "other word order of ordinary words", OTHER_ORDER
    ours, theirs = ({t.sector for t in one.form.tokens if t.sector} for one in (asked, listed))
    if ours and theirs and not ours & theirs:
        yield "another line of business", OTHER_TRADE
    elif _left(asked, [p.asked for p in pairings]) and _left(listed, [p.listed for p in pairings]):
        yield "other ordinary words on both sides", OTHER_WORDS
    ours, theirs = ({t.text for t in one.form.tokens if t.kind == NUMBER} for one in (asked, listed))
    if ours and theirs and ours != theirs:
        yield "numbers differ", OTHER_NUMBER
