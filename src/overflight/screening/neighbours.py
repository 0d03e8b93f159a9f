"""Every listed word that is alike to a word, without looking at all of them.

Two words that `similarity` relates share a key: the same text, hard fold, meaning, consonants or
romanisation, the first letter where one is an initial, or, where they are related by spelling, a string that
both reach when at most as many letters are taken out of the first seven of their coarse folds as edits are
allowed. For if at most k edits lead from one string to the other, the first n letters of both have a common
subsequence of at least n - k letters, for every n: so no pair is missed, and `similarity` decides among those
found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import combinations

from rapidfuzz.distance import OSA

from overflight.screening import folds
from overflight.screening.names import INITIAL, NUMBER, Token
from overflight.screening.similarity import HINTS, edits_allowed, similarity

__all__ = ["PREFIX", "Neighbours", "shortened"]

#: Letters of a coarse fold from which some are taken out.
PREFIX = 7


@lru_cache(maxsize=50_000)
def shortened(coarse: str) -> tuple[str, ...]:
    """What is left of the first letters of a fold when as many as allowed are taken out."""
    most = edits_allowed(len(coarse))
    head = coarse[:PREFIX]
    if not most:
        return (head,)
    found = {head}
    for size in range(1, most + 1):
        found.update("".join(kept) for kept in combinations(head, len(head) - size))
    return tuple(found)


Keys = dict[str, list[int]]


class Neighbours:
    """The words of all listed names.

    Parameters
    ----------
    words : sequence of (Token, str)
        Distinct words, each with the hint that applies to it (`similarity.HINTS`), or an empty one.
    """

    def __init__(self, words: Iterable[tuple[Token, str]]) -> None:
        self.words = tuple(words)
        self._by_text: Keys = {}
        self._by_hard: Keys = {}
        self._by_canon: Keys = {}
        self._by_first: Keys = {}
        self._by_fold: dict[Callable[[str], str], Keys] = {}
        self._consonantal: Keys = {}
        self._initials: Keys = {}
        self._bones: Keys | None = None
        self._by_coarse: Keys = {}
        self._short: dict[str, list[str]] = {}
        for at, (token, hint) in enumerate(self.words):
            self._add(at, token, hint)

    def _add(self, at: int, token: Token, hint: str) -> None:
        self._by_text.setdefault(token.text, []).append(at)
        if token.kind == NUMBER:
            return
        (self._initials if token.kind == INITIAL else self._by_first).setdefault(token.text[0], []).append(at)
        if token.kind == INITIAL:
            return
        self._by_hard.setdefault(token.hard, []).append(at)
        if token.canon:
            self._by_canon.setdefault(token.canon, []).append(at)
        if fold := HINTS.get(hint):
            self._by_fold.setdefault(fold, {}).setdefault(fold(token.text), []).append(at)
        if token.consonantal:
            self._consonantal.setdefault(folds.skeleton(token.hard), []).append(at)
        if len(token.coarse) >= 3:
            if token.coarse not in self._by_coarse:
                self._by_coarse[token.coarse] = []
                for key in shortened(token.coarse):
                    self._short.setdefault(key, []).append(token.coarse)
            self._by_coarse[token.coarse].append(at)

    def hard(self, fold: str) -> list[int]:
        """Words with a hard fold."""
        return self._by_hard.get(fold, [])

    def of(self, token: Token) -> dict[int, float]:
        """Every listed word related to a word, with its similarity.

        Returns
        -------
        dict
            Position in `words` to similarity.
        """
        keys = set(self._by_text.get(token.text, ()))
        if token.kind == INITIAL:
            keys.update(self._by_first.get(token.text[0], ()))
        elif token.kind != NUMBER:
            self._gather(token, keys)
        found = {}
        for at in keys:
            other, hint = self.words[at]
            if alike := similarity(token, other, hint):
                found[at] = alike
        return found

    def _gather(self, token: Token, keys: set[int]) -> None:
        keys.update(self._by_hard.get(token.hard, ()))
        keys.update(self._initials.get(token.text[0], ()))
        if token.canon:
            keys.update(self._by_canon.get(token.canon, ()))
        for fold, table in self._by_fold.items():
            keys.update(table.get(fold(token.text), ()))
        if self._consonantal or token.consonantal:
            bones = folds.skeleton(token.hard)
            keys.update(self._consonantal.get(bones, ()))
            if token.consonantal:
                keys.update(self._all_bones().get(bones, ()))
        length = len(token.coarse)
        if length >= 3:
            near: set[str] = set()
            for key in shortened(token.coarse):
                near.update(self._short.get(key, ()))
            for coarse in near:
                allowed = edits_allowed(min(length, len(coarse)))
                if OSA.distance(token.coarse, coarse, score_cutoff=allowed) <= allowed:
                    keys.update(self._by_coarse[coarse])

    def _all_bones(self) -> Keys:
        """Consonants of every word; worked out when the first word in Arabic script is asked for."""
        if self._bones is None:
            table: Keys = {}
            for at, (token, _) in enumerate(self.words):
                if token.kind not in (INITIAL, NUMBER):
                    table.setdefault(folds.skeleton(token.hard), []).append(at)
            self._bones = table
        return self._bones
