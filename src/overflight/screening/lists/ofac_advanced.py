"""OFAC's advanced XML: ``sdn_advanced.xml`` and ``cons_advanced.xml`` (root ``Sanctions``).

Everything is a number that another part of the file explains: reference values, places and documents come
first, then the parties, their relations, and last the entries that list them, with day and programmes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from overflight.errors import InputError
from overflight.screening.lists.ofac_labels import aircraft_marks, labelled
from overflight.screening.lists.reading import Draft, Reading, damaged, finished
from overflight.screening.lists.text import clean, country, joined, slug
from overflight.screening.lists.xmlstream import Element, stream, texts

__all__ = ["read"]

_RECORDS = frozenset(
    {
        *("DateOfIssue", "ReferenceValueSets", "Location", "IDRegDocument"),
        *("DistinctParty", "ProfileRelationship", "SanctionsEntry"),
    }
)
_SCHEMAS = {"vessel": "Vessel", "aircraft": "Airplane", "individual": "Person", "entity": "Organization"}
_PLACES = ("ADDRESS1", "ADDRESS2", "ADDRESS3", "CITY", "STATE/PROVINCE", "POSTAL CODE", "REGION")
_OWNED = "Owned or Controlled By"


@dataclass(slots=True)
class _File:
    """What the first parts of the file explain, and the parties read so far."""

    values: dict[tuple[str, str], str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    scripts: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[str, str]] = field(default_factory=dict)
    documents: dict[str, list[tuple[str, str, str, tuple[str, ...]]]] = field(default_factory=dict)
    drafts: dict[str, Draft] = field(default_factory=dict)
    listed: dict[str, list[date]] = field(default_factory=dict)
    entered: set[str] = field(default_factory=set)

    def value(self, kind: str, number: str | None) -> str:
        return self.values.get((kind, number or ""), "")


def read(kind: str, path: Path) -> Reading:
    """Read an advanced XML file.

    Raises
    ------
    InputError
        The file is cut off, or a part refers to a party that is not there.
    """
    file, published = _File(), None
    for element in stream(path, _RECORDS):
        if element.tag == "DateOfIssue":
            published = _date(element)
        elif element.tag == "ReferenceValueSets":
            _references(file, element)
        elif element.tag == "Location":
            file.places[element.get("ID", "")] = _place(file, element)
        elif element.tag == "IDRegDocument":
            _document(file, element)
        elif element.tag == "DistinctParty":
            _party(file, kind, element, path)
        elif element.tag == "ProfileRelationship":
            _relation(file, element, path)
        elif element.tag == "SanctionsEntry":
            _entry(file, element, path)
    for number, draft in file.drafts.items():
        draft.listed_on = min(file.listed.get(number, ()), default=None)
        aircraft_marks(draft)
    unlisted = len(file.drafts.keys() - file.entered)
    entities, nameless = finished(file.drafts.values(), where=path.name, resolve=True)
    doubts = (f"{unlisted} parties have no sanctions entry",) if unlisted else ()
    return Reading("advanced-xml", published, entities, (), (*doubts, *nameless))


def _date(element: Element | None) -> date | None:
    if element is None:
        return None
    parts = [clean(element.findtext(tag)) for tag in ("Year", "Month", "Day")]
    try:
        return date(*map(int, parts))
    except (ValueError, OverflowError):
        return None


def _references(file: _File, sets: Element) -> None:
    for one in sets:
        for value in one:
            number = value.get("ID", "")
            file.values[value.tag, number] = clean(value.text)
            if value.tag == "PartySubType":
                file.parents[number] = value.get("PartyTypeID", "")
            elif value.tag == "Script":
                file.scripts[number] = clean(value.get("ScriptCode"))


def _place(file: _File, location: Element) -> tuple[str, str]:
    """Address in one line, and its country's name."""
    parts: dict[str, str] = {}
    for part in location.iterfind("LocationPart"):
        label = file.value("LocPartType", part.get("LocPartTypeID")).upper()
        parts[label] = joined(texts(part, "LocationPartValue/Value"))
    state = ""
    if (found := location.find("LocationCountry")) is not None:
        state = file.value("Country", found.get("CountryID"))
    rest = [parts[label] for label in parts if label not in _PLACES]
    return joined([*(parts.get(label) for label in _PLACES), *rest, state]), state


def _document(file: _File, document: Element) -> None:
    label = file.value("IDRegDocType", document.get("IDRegDocTypeID"))
    number = clean(document.findtext("IDRegistrationNo"))
    place = file.value("Country", document.get("IssuedBy-CountryID"))
    days = []
    for one in document.iterfind("DocumentDate"):
        word = file.value("IDRegDocDateType", one.get("IDRegDocDateTypeID")).casefold()
        if when := _date(one.find("DatePeriod/Start/From")):
            days.append(f"{'expires' if 'expir' in word else 'issued'} {when.isoformat()}")
    if number:
        known = file.documents.setdefault(document.get("IdentityID", ""), [])
        known.append((label, number, place, tuple(sorted(days, reverse=True))))


def _party(file: _File, kind: str, party: Element, path: Path) -> None:
    profile = party.find("Profile")
    number = clean(profile.get("ID") if profile is not None else "") or clean(party.get("FixedRef"))
    where = f"{path.name}, party {number or len(file.drafts) + 1}"
    if profile is None or not number:
        raise damaged("has no profile", where=where)
    if number in file.drafts:
        raise damaged("is there twice", where=where)
    subtype = profile.get("PartySubTypeID")
    word = file.value("PartySubType", subtype).casefold()
    if word not in _SCHEMAS:
        word = file.value("PartyType", file.parents.get(subtype or "")).casefold()
    file.drafts[number] = draft = Draft(kind, number, _SCHEMAS.get(word, "LegalEntity"))
    for identity in profile.iterfind("Identity"):
        groups = {
            group.get("ID", ""): file.value("NamePartType", group.get("NamePartTypeID"))
            for group in identity.iterfind("NamePartGroups/MasterNamePartGroup/NamePartGroup")
        }
        for alias in identity.iterfind("Alias"):
            _alias(file, draft, alias, groups)
        for label, value, place, days in file.documents.get(identity.get("ID", ""), ()):
            if not labelled(draft, label, " ".join((value, *days)), place=place):
                draft.add("remarks", (f"{label} {value}" + (f" ({place})" if place else "") + ".",))
    for feature in profile.iterfind("Feature"):
        _feature(file, draft, feature)


def _alias(file: _File, draft: Draft, alias: Element, groups: dict[str, str]) -> None:
    first = alias.get("Primary", "").casefold() == "true"
    word = file.value("AliasType", alias.get("AliasTypeID")).casefold()
    for number, documented in enumerate(alias.iterfind("DocumentedName")):
        family: list[str | None] = []
        rest: list[str | None] = []
        script = ""
        for value in documented.iterfind("DocumentedNamePart/NamePartValue"):
            role = groups.get(value.get("NamePartGroupID", ""), "").casefold()
            (family if role == "last name" else rest).append(value.text)
            script = file.scripts.get(value.get("ScriptID", ""), "")
        if first:
            kind = "primary" if number == 0 else "strong"
        elif alias.get("LowQuality", "").casefold() == "true":
            kind = "weak"
        else:
            kind = "former" if word.startswith("f") else "strong"
        text = joined((joined(family, " "), joined(rest, " ")))
        draft.name(text, kind, script="" if script == "Latn" else script)


def _feature(file: _File, draft: Draft, feature: Element) -> None:
    label = file.value("FeatureType", feature.get("FeatureTypeID"))
    for version in feature.iterfind("FeatureVersion"):
        details = [
            joined((one.text, file.value("DetailReference", one.get("DetailReferenceID"))), " ")
            for one in version.iterfind("VersionDetail")
        ]
        for one in version.iterfind("VersionLocation"):
            address, state = file.places.get(one.get("LocationID", ""), ("", ""))
            if label.casefold() == "location":
                draft.add("addresses", (address,))
                draft.add("countries", (country(state),))
            details.append(state or address)
        periods = list(version.iterfind("DatePeriod"))
        details.extend(_period(period) for period in periods)
        for detail in filter(None, details):
            if not labelled(draft, label, detail):
                draft.add("remarks", (f"{label} {detail}.",))


def _period(period: Element) -> str:
    """A day, or the years between which it lies, as far as OFAC knows it."""
    first = _date(period.find("Start/From"))
    last = _date(period.find("End/To")) or _date(period.find("Start/To")) or first
    if first is None or last is None:
        return ""
    about = ""
    start = period.find("Start")
    if start is not None and start.get("Approximate", "").casefold() == "true":
        about = "circa "
    if first == last:
        return f"{about}{first.isoformat()}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{about}{first.year}" if first.year == last.year else f"{first.year} to {last.year}"
    if (first.year, first.month, first.day) == (last.year, last.month, 1):
        return f"{about}{first.year}-{first.month:02d}"
    return f"{first.isoformat()} to {last.isoformat()}"


def _relation(file: _File, relation: Element, path: Path) -> None:
    start = _known(file, relation.get("From-ProfileID"), "a relation", path)
    end = _known(file, relation.get("To-ProfileID"), "a relation", path)
    word = file.value("RelationType", relation.get("RelationTypeID"))
    name = next(iter(end.names), "")
    kind = "owner" if word == _OWNED else slug(word) or "linked-to"
    if relation.get("Former", "").casefold() == "true":
        kind = f"previous-{kind}"
    start.link(kind, name, end.id)


def _known(file: _File, number: str | None, what: str, path: Path) -> Draft:
    draft = file.drafts.get(number or "")
    if draft is None:
        raise _orphan(what, number, path)
    return draft


def _orphan(what: str, number: str | None, path: Path) -> InputError:
    return damaged(f"{what} names party {number or '?'}, which is not in the file", where=path.name)


def _entry(file: _File, entry: Element, path: Path) -> None:
    draft = _known(file, entry.get("ProfileID"), "a sanctions entry", path)
    file.entered.add(draft.id)
    file.listed.setdefault(draft.id, []).extend(
        when for when in (_date(one) for one in entry.iterfind("EntryEvent/Date")) if when
    )
    draft.add("sources", (file.value("List", entry.get("ListID")),))
    draft.add("programs", _programs(file, entry))


def _programs(file: _File, entry: Element) -> Iterator[str]:
    for measure in entry.iterfind("SanctionsMeasure"):
        word = file.value("SanctionsType", measure.get("SanctionsTypeID")).casefold()
        if word in ("program", ""):
            yield from texts(measure, "Comment")
