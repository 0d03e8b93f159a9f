"""What an importer gives back, and the one line that says where a file is broken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from overflight.errors import InputError
from overflight.screening.entity import Entity, Identifier, Link, Name
from overflight.screening.lists.text import clean

__all__ = ["Draft", "Reading", "damaged", "finished"]

_AGAIN = "get the file from the publisher again"
_RANK = {"primary": 0, "strong": 1, "former": 2, "acronym": 3, "weak": 4}


@dataclass(frozen=True, slots=True)
class Reading:
    """A list as its files say it.

    Attributes
    ----------
    format : str
        The publisher's format: ``csv``, ``xml``, ``advanced-xml``, ``ftm-json`` or ``simple-csv``.
    published : date or None
        The publication date that the files state; None when they state none.
    entities : tuple of Entity
        Sorted by their number.
    notes : tuple of str
        What a reader of the list should know about this file: what was left out and why.
    doubts : tuple of str
        What makes the files look unfinished without proving it; an import refuses them unless forced.
    """

    format: str
    published: date | None
    entities: tuple[Entity, ...]
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()


def damaged(what: str, *, where: str, mend: str = _AGAIN) -> InputError:
    """The error for a file that is broken: what, where (file, line or record), and the mend."""
    return InputError(what, where=where, mend=mend)


@dataclass(slots=True)
class Draft:
    """An entry while it is read: keeps order, drops what is empty or said twice."""

    list: str
    id: str
    schema: str
    names: dict[str, Name] = field(default_factory=dict)
    identifiers: dict[tuple[str, str, str], Identifier] = field(default_factory=dict)
    links: dict[tuple[str, str], Link] = field(default_factory=dict)
    countries: dict[str, None] = field(default_factory=dict)
    programs: dict[str, None] = field(default_factory=dict)
    birth_dates: dict[str, None] = field(default_factory=dict)
    addresses: dict[str, None] = field(default_factory=dict)
    sources: dict[str, None] = field(default_factory=dict)
    remarks: dict[str, None] = field(default_factory=dict)
    model: str = ""
    built: str = ""
    listed_on: date | None = None
    delisted_on: date | None = None
    amended_on: date | None = None

    def name(self, text: str | None, kind: str, lang: str = "", script: str = "") -> None:
        """Add a name; said twice, the better kind stays."""
        line = clean(text)
        if not line:
            return
        known = self.names.get(line)
        if known is None or _RANK[kind] < _RANK[known.kind]:
            self.names[line] = Name(line, kind, lang, script)

    def identifier(
        self,
        kind: str,
        value: str | None,
        *,
        since: date | None = None,
        until: date | None = None,
        note: str = "",
    ) -> None:
        """Add an identifier; the same value of the same kind is kept once."""
        line = clean(value)
        if line:
            self.identifiers.setdefault((kind, line, note), Identifier(kind, line, since, until, note))

    def link(self, kind: str, name: str | None, entry: str | None = None) -> None:
        """Add a link to another entity."""
        line = clean(name)
        if line:
            self.links.setdefault((kind, line), Link(kind, line, entry))

    def add(self, field_name: str, values: Iterable[str | None]) -> None:
        """Add texts to one of the fields that are lists of texts."""
        kept: dict[str, None] = getattr(self, field_name)
        for value in values:
            if line := clean(value):
                kept.setdefault(line)

    def entity(self, ids: Mapping[str, str] | None = None) -> Entity | None:
        """The finished entry; None when it has no name.

        Parameters
        ----------
        ids : mapping of str to str, optional
            Entry by name in lower case, for links that the list states by name only.
        """
        if not self.names:
            return None
        names = sorted(self.names.values(), key=lambda name: _RANK[name.kind])
        if names[0].kind != "primary":
            names[0] = Name(names[0].text, "primary", names[0].lang, names[0].script)
        links = tuple(self.links.values())
        if ids:
            links = tuple(
                link if link.id else Link(link.kind, link.name, _found(link.name, ids)) for link in links
            )
        return Entity(
            list=self.list,
            id=self.id,
            schema=self.schema,
            caption=names[0].text,
            names=tuple(names),
            identifiers=tuple(self.identifiers.values()),
            links=links,
            countries=tuple(self.countries),
            programs=tuple(self.programs),
            model=self.model or None,
            built=self.built or None,
            listed_on=self.listed_on,
            delisted_on=self.delisted_on,
            amended_on=self.amended_on,
            remarks=" ".join(self.remarks),
            birth_dates=tuple(self.birth_dates),
            addresses=tuple(self.addresses),
            sources=tuple(self.sources),
        )


def _found(name: str, ids: Mapping[str, str]) -> str | None:
    # The full stop at the end of a company's name is lost where it also ends the remarks.
    key = name.casefold()
    return ids.get(key) or ids.get(f"{key}.")


def _by_name(drafts: Iterable[Draft]) -> dict[str, str]:
    """Entry by name: by primary names that one entry has, then by good aliases that one entry has."""
    found: dict[str, str] = {}
    drafts = list(drafts)
    for kind in ("primary", "strong"):
        here: dict[str, set[str]] = {}
        for draft in drafts:
            for name in draft.names.values():
                if name.kind == kind:
                    here.setdefault(name.text.casefold(), set()).add(draft.id)
        for text, owners in here.items():
            if len(owners) == 1:
                found.setdefault(text, next(iter(owners)))
    return found


def finished(
    drafts: Iterable[Draft], *, where: str, resolve: bool = False
) -> tuple[tuple[Entity, ...], tuple[str, ...]]:
    """Every named entry sorted by number, and a doubt when some have no name.

    Raises
    ------
    InputError
        Two entries carry one number, or there is none with a name.
    """
    drafts = list(drafts)
    ids = _by_name(drafts) if resolve else {}
    found: dict[str, Entity] = {}
    nameless = 0
    for draft in drafts:
        entity = draft.entity(ids)
        if entity is None:
            nameless += 1
        elif found.setdefault(draft.id, entity) is not entity:
            raise damaged(f"entry {draft.id} is there twice", where=where)
    if not found:
        raise damaged("has no entries", where=where)
    doubts = (f"{nameless} entries have no name",) if nameless else ()
    return tuple(sorted(found.values(), key=_number)), doubts


def _number(entity: Entity) -> tuple[int, int, str]:
    digits = entity.id.isascii() and entity.id.isdigit()
    return (0, int(entity.id), "") if digits and len(entity.id) < 20 else (1, 0, entity.id)
