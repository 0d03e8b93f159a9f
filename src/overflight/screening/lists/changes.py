"""What one publication of a list changed against another."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from overflight.screening.entity import Entity

__all__ = ["Change", "Changes", "changes"]

_FIELDS = tuple(one.name for one in fields(Entity) if one.name not in ("list", "id"))
#: Fields in which the order of the values says nothing.
_UNORDERED = frozenset(
    ("names", "identifiers", "links", "countries", "programs", "birth_dates", "addresses", "sources")
)


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that both publications have, differently.

    Attributes
    ----------
    before, after : Entity
    fields : tuple of str
        Names of the fields that differ.
    """

    before: Entity
    after: Entity
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What was added, removed and changed, each sorted as in the list."""

    added: tuple[Entity, ...]
    removed: tuple[Entity, ...]
    changed: tuple[Change, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Every entity concerned: as it stands now, a removed one as it last stood."""
        return (*self.added, *(one.after for one in self.changed), *self.removed)


def _value(entity: Entity, name: str) -> Any:
    value = getattr(entity, name)
    return frozenset(value) if name in _UNORDERED else value


def changes(old: Iterable[Entity], new: Iterable[Entity]) -> Changes:
    """Compare two publications of one list.

    Parameters
    ----------
    old, new : iterable of Entity
        Entries are the same when their numbers are.
    """
    before = {one.id: one for one in old}
    added: list[Entity] = []
    changed: list[Change] = []
    for after in new:
        one = before.pop(after.id, None)
        if one is None:
            added.append(after)
        elif one != after:
            differing = tuple(name for name in _FIELDS if _value(one, name) != _value(after, name))
            if differing:
                changed.append(Change(one, after, differing))
    return Changes(tuple(added), tuple(before.values()), tuple(changed))
