"""What changed between two plans of one flight, and what follows from it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from difflib import SequenceMatcher

from overflight.case.life.facts import facts_of, leg_names
from overflight.case.life.ways import Ways
from overflight.world.flight import Flight

__all__ = ["Change", "Difference", "difference"]

_WORDS = {
    "flight": "call sign",
    "operator": "operator",
    "kind": "kind",
    "type": "aircraft type",
    "tail": "registration",
    "purpose": "purpose",
    "cargo": "cargo",
    "route": "route",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One fact that reads otherwise now; None stands for not known, or no longer flown."""

    fact: str
    was: str | None
    now: str | None

    @property
    def words(self) -> str:
        name = (
            f"departure {self.fact[5:]}"
            if self.fact.startswith("date ")
            else _WORDS.get(self.fact, self.fact)
        )
        if self.fact.startswith("date ") and self.now is None:
            return f"{name}: was {self.was}, no longer flown"
        if self.fact.startswith("date ") and self.was is None:
            return f"{name}: new, {self.now}"
        if self.was is None:
            return f"{name}: {self.now}"
        return f"{name}: was {self.was}, {f'now {self.now}' if self.now else 'no longer so'}"


@dataclass(frozen=True, slots=True)
class Difference:
    """Two plans compared.

    Attributes
    ----------
    changes : tuple of Change
        Facts that read otherwise, in the order of the facts.
    added, dropped : tuple of str
        Legs by key.
    newly, gone : tuple of str
        States that came under the route, and that are under it no longer; None of them where the ways of
        either plan were not worked out.
    off : tuple of str
        States that are on no way within range any more.
    """

    changes: tuple[Change, ...]
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()
    newly: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    off: tuple[str, ...] = ()

    @property
    def facts(self) -> frozenset[str]:
        return frozenset(change.fact for change in self.changes)

    def __bool__(self) -> bool:
        return bool(self.changes)


def difference(
    old: Flight, new: Flight, old_ways: Ways | None = None, new_ways: Ways | None = None
) -> Difference:
    """Compare two plans.

    Legs are matched by where they begin and end, in order, so that a leg put in between is added and the
    others stay what they were.
    """
    before, after = facts_of(old), facts_of(new)
    names = (*before, *(name for name in after if name not in before))
    changes = tuple(
        Change(name, before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    )
    first, second = leg_names(old), leg_names(new)
    added: list[str] = []
    dropped: list[str] = []
    for tag, a, b, c, d in SequenceMatcher(None, first, second, autojunk=False).get_opcodes():
        if tag != "equal":
            dropped += first[a:b]
            added += second[c:d]
    if old_ways is None or new_ways is None:
        return Difference(changes, tuple(added), tuple(dropped))
    return Difference(
        changes,
        tuple(added),
        tuple(dropped),
        _without(new_ways.line, old_ways.line),
        _without(old_ways.line, new_ways.line),
        tuple(sorted(_all(old_ways) - _all(new_ways))),
    )


def _without(states: Collection[str], others: Collection[str]) -> tuple[str, ...]:
    return tuple(state for state in states if state not in others)


def _all(ways: Ways) -> frozenset[str]:
    return ways.any | frozenset(ways.line)
