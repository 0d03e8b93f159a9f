"""Who was listed on a day, as far as a desk knew at a moment.

Lists are dated twice: some give each entry's own listing date, all have a publication date. For a day, the
publication *in force* is the newest one not after it. What an entry's place rests on is one of three bases:

``listed-on``
    The list gives the entry's listing date, it is not after the day, and no delisting date is.
``published``
    The publication in force has the entry; its own listing date is not given.
``undated``
    Only a publication after the day has the entry, and gives no listing date: it may have been listed on the
    day or not. Such entries stand apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from overflight.screening.entity import Entity

if TYPE_CHECKING:
    from overflight.screening.lists.codec import Dated
    from overflight.screening.lists.version import Version

__all__ = ["BASES", "Part", "Snapshot", "snapshot"]

#: A publication in force that is older than this is remarked on.
STALE_DAYS = 14
BASES = ("listed-on", "published", "undated")


@dataclass(frozen=True, slots=True)
class Part:
    """Entries that rest on one version, on one basis."""

    version: Version
    basis: str
    entities: tuple[Entity, ...]


@dataclass(frozen=True)
class Snapshot:
    """Who was listed on a day.

    Attributes
    ----------
    on : date
    known_at : datetime or None
        Imports after this moment were left out; None: all count.
    consulted : tuple of Version
        For each list, the version in force on the day, else the earliest after it. This is what a
        certificate names.
    parts : tuple of Part
        The entries, by version and basis; the undated are among them.
    """

    on: date
    known_at: datetime | None
    consulted: tuple[Version, ...]
    parts: tuple[Part, ...]

    @cached_property
    def entities(self) -> tuple[Entity, ...]:
        """Entries known to have been listed on the day."""
        return tuple(one for part in self.parts if part.basis != "undated" for one in part.entities)

    @cached_property
    def undated(self) -> tuple[Entity, ...]:
        """Entries of which no list says whether they were listed on the day already."""
        return tuple(one for part in self.parts if part.basis == "undated" for one in part.entities)

    @cached_property
    def _places(self) -> dict[tuple[str, str], Part]:
        return {(one.list, one.id): part for part in self.parts for one in part.entities}

    def part_of(self, entity: Entity) -> Part:
        """The version and the basis on which an entry stands here; KeyError for one that does not."""
        return self._places[entity.list, entity.id]

    def basis_of(self, entity: Entity) -> str:
        """One of `BASES`."""
        return self.part_of(entity).basis

    def remarks(self) -> tuple[str, ...]:
        """What a reader must know about the dates behind this answer."""
        found = []
        for version in self.consulted:
            kind, published = version.kind, version.published
            if published > self.on:
                found.append(
                    f"{kind}: no publication of {self.on} or before is in the library; the earliest is of "
                    f"{published}"
                )
            elif (age := (self.on - published).days) > STALE_DAYS:
                found.append(f"{kind}: the publication in force, of {published}, is {age:,} days older")
            if number := self._number(kind, "published"):
                found.append(
                    f"{kind}: entries without a listing date: {number:,}; they count as listed by the "
                    f"publication of {published}"
                )
            if number := self._number(kind, "undated"):
                found.append(
                    f"{kind}: entries without a listing date, in a later publication only: {number:,}; "
                    f"whether they were listed on {self.on} is not known"
                )
        return tuple(found)

    def _number(self, kind: str, basis: str) -> int:
        here = (part for part in self.parts if (part.version.kind, part.basis) == (kind, basis))
        return sum(len(part.entities) for part in here)


def snapshot(
    on: date,
    known_at: datetime | None,
    versions: Iterable[Version],
    entities: Callable[[Version], tuple[Entity, ...]],
    dated: Callable[[Version], Iterable[Dated]],
) -> Snapshot:
    """Work out who was listed.

    Parameters
    ----------
    on : date
        The day.
    known_at : datetime or None
        For the record; `versions` are those known then.
    versions : iterable of Version
        Grouped by list, in order of publication.
    entities : callable
        Gives the entries of a version; called for the publications in force.
    dated : callable
        Gives number and days of a version's entries; called for later publications.
    """
    consulted: list[Version] = []
    parts: list[Part] = []
    for _, group in groupby(versions, key=lambda one: one.kind):
        here = list(group)
        until = [one for one in here if one.published <= on]
        base = until[-1] if until else None
        consulted.append(base or here[0])
        parts.extend(_of_one_list(on, base, _latest_of_each_day(here, on), entities, dated))
    return Snapshot(on, known_at, tuple(consulted), tuple(parts))


def _latest_of_each_day(versions: list[Version], on: date) -> list[Version]:
    """Publications after the day, each in its last import."""
    after = {one.published: one for one in versions if one.published > on}
    return [after[day] for day in sorted(after)]


def _of_one_list(
    on: date,
    base: Version | None,
    after: list[Version],
    entities: Callable[[Version], tuple[Entity, ...]],
    days: Callable[[Version], Iterable[Dated]],
) -> list[Part]:
    ended: set[str] = set()
    not_yet: set[str] = set()
    dated: dict[str, tuple[Version, Dated]] = {}
    undated: dict[str, tuple[Version, Dated]] = {}
    standing = {one.id for one in entities(base)} if base else set()
    for version in after:
        for one in days(version):
            if one.delisted_on and one.delisted_on <= on:
                ended.add(one.id)  # a later publication knows that the entry had ended
            elif one.id in standing:
                continue
            elif one.listed_on is None:
                undated.setdefault(one.id, (version, one))
            elif one.listed_on <= on:
                dated.setdefault(one.id, (version, one))
            else:
                not_yet.add(one.id)
    parts: list[Part] = []
    if base:
        by_date: list[Entity] = []
        by_publication: list[Entity] = []
        for entity in entities(base):
            if entity.id in ended or (entity.delisted_on and entity.delisted_on <= on):
                continue
            (by_date if entity.listed_on and entity.listed_on <= on else by_publication).append(entity)
        parts += [Part(base, "listed-on", tuple(by_date)), Part(base, "published", tuple(by_publication))]
        undated.clear()  # the publication in force lacks them: they were not listed yet
    for number in ended | not_yet | dated.keys():
        undated.pop(number, None)
    for number in ended:
        dated.pop(number, None)
    for version in after:
        for basis, found in (("listed-on", dated), ("undated", undated)):
            here = tuple(one.entity() for there, one in found.values() if there is version)
            parts.append(Part(version, basis, here))
    return [part for part in parts if part.entities]
