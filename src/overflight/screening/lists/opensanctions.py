"""OpenSanctions: ``entities.ftm.json`` (one FollowTheMoney entity per line) and ``targets.simple.csv``.

Neither file states its publication; the newest ``last_seen`` is the run that made it. Kept are sanctioned
entities; people and bodies that the file has for another reason (offices held, relations) are counted and
left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from overflight.screening.entity import SCHEMAS
from overflight.screening.lists.csvtable import headed, open_sheet
from overflight.screening.lists.ofac_labels import aircraft_marks
from overflight.screening.lists.reading import Draft, Reading, damaged, finished
from overflight.screening.lists.text import clean, countries, day, table

__all__ = ["read_csv", "read_json"]

_SCHEMAS = {**dict.fromkeys(SCHEMAS), "PublicBody": "Organization", "LegalEntity": "LegalEntity"}
_NAMES = (
    ("name", "primary"),
    ("alias", "strong"),
    ("weakAlias", "weak"),
    ("previousName", "former"),
    ("abbreviation", "acronym"),
)
_STATES = ("country", "nationality", "citizenship", "flag", "jurisdiction", "mainCountry")
#: Relations as links: the schema, whose entry gets the link, to whom, and the kind of link.
_RELATIONS = {
    "Ownership": ("asset", "owner", "owner"),
    "Directorship": ("organization", "director", "director"),
    "Membership": ("organization", "member", "member"),
    "Employment": ("employee", "employer", "employer"),
    "Representation": ("client", "agent", "agent"),
    "Family": ("person", "relative", "family"),
    "Associate": ("person", "associate", "associate"),
    "UnknownLink": ("subject", "object", "linked-to"),
    "Succession": ("predecessor", "successor", "successor"),
}
_DIRECT = ("owner", "operator", "parent")
_HEX = re.compile(r"(?=.*[0-9])[0-9A-F]{6}")
_LONGEST_LINE = 8 << 20
_COLUMNS = ("id", "schema", "name", "aliases", "countries", "dataset")


@cache
def _identifiers() -> dict[str, str]:
    columns = ("property", "kind", "source")
    return {name: kind for name, kind, _ in table("ftm_properties", columns)}


@dataclass(slots=True)
class _File:
    drafts: dict[str, Draft] = field(default_factory=dict)
    captions: dict[str, str] = field(default_factory=dict)
    links: list[tuple[str, str, str]] = field(default_factory=list)
    sanctions: dict[str, list[dict[str, list[str]]]] = field(default_factory=dict)
    seen: date | None = None
    others: int = 0


def read_json(kind: str, path: Path) -> Reading:
    """Read ``entities.ftm.json``.

    Raises
    ------
    InputError
        A line is no entity, the last one has no end, or nothing in it is sanctioned.
    """
    file = _File()
    for number, one in _lines(path):
        _take(file, kind, one, f"{path.name}, line {number}")
    for owner, other, how in file.links:
        if draft := file.drafts.get(owner):
            draft.link(how, file.captions.get(other, other), other if other in file.drafts else None)
    for owner, sanctions in file.sanctions.items():
        if draft := file.drafts.get(owner):
            _listed(draft, sanctions)
    return _reading("ftm-json", path, file)


def _reading(format_name: str, path: Path, file: _File, doubts: tuple[str, ...] = ()) -> Reading:
    if not file.drafts:
        raise damaged("has no sanctioned entities", where=path.name)
    for draft in file.drafts.values():
        aircraft_marks(draft)
    entities, nameless = finished(file.drafts.values(), where=path.name)
    notes = ["the publication date is the newest last_seen in the file"] if file.seen else []
    if file.others:
        notes.append(f"{file.others} entities that are not sanctioned were left out")
    return Reading(format_name, file.seen, entities, tuple(notes), (*doubts, *nameless))


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), 1):
            where = f"{path.name}, line {number}"
            if not line.endswith(b"\n"):
                what = (
                    "the line is too long" if len(line) == _LONGEST_LINE else "ends in the middle of a line"
                )
                raise damaged(what, where=where)
            if line.isspace():
                continue
            try:
                found = json.loads(line)
            except (ValueError, RecursionError):
                raise damaged("the line is no JSON", where=where) from None
            if not (isinstance(found, dict) and isinstance(found.get("properties"), dict)):
                raise damaged("the line is no FollowTheMoney entity", where=where)
            yield number, found


def _texts(values: Any) -> list[str]:
    if isinstance(values, str):
        return [values]
    return [value for value in values if isinstance(value, str)] if isinstance(values, list) else []


def _take(file: _File, kind: str, one: dict[str, Any], where: str) -> None:
    properties = {name: _texts(values) for name, values in one["properties"].items()}
    number, schema = one.get("id"), one.get("schema")
    if not isinstance(number, str) or not isinstance(schema, str) or not clean(number):
        raise damaged("the entity has no id or no schema", where=where)
    number = clean(number)
    seen = one.get("last_seen")
    if isinstance(seen, str) and (when := day(seen)):
        file.seen = max(when, file.seen or when)
    if schema == "Sanction":
        for owner in properties.get("entity", ()):
            file.sanctions.setdefault(owner, []).append(properties)
        return
    if relation := _RELATIONS.get(schema):
        start, end, how = relation
        file.links.extend((a, b, how) for a in properties.get(start, ()) for b in properties.get(end, ()))
        return
    caption = one.get("caption")
    file.captions[number] = clean(caption if isinstance(caption, str) else "") or number
    if schema not in _SCHEMAS or not _sanctioned(one, properties):
        file.others += 1
        return
    if number in file.drafts:
        raise damaged(f"entity {number} is there twice", where=where)
    file.drafts[number] = draft = Draft(kind, number, _SCHEMAS[schema] or schema)
    _fill(draft, properties, file.captions[number] if isinstance(caption, str) else "")
    draft.add("sources", _texts(one.get("datasets")))
    for how in _DIRECT:
        file.links.extend((number, other, how) for other in properties.get(how, ()))


def _sanctioned(one: dict[str, Any], properties: dict[str, list[str]]) -> bool:
    topics = properties.get("topics", ())
    if any(topic.startswith("sanction") for topic in topics):
        return True
    return one.get("target") is True and not topics


def _fill(draft: Draft, properties: dict[str, list[str]], caption: str) -> None:
    draft.name(caption, "primary")
    for name, how in _NAMES:
        for text in properties.get(name, ()):
            draft.name(text, how if how != "primary" or not draft.names else "strong")
    moving = draft.schema in ("Airplane", "Vessel")
    for name, kind in _identifiers().items():
        for text in properties.get(name, ()):
            draft.identifier("registration" if moving and name == "registrationNumber" else kind, text)
            # The model has no field for the 24-bit address: where there is one, it stands among these.
            if draft.schema == "Airplane" and name == "registrationNumber" and _HEX.fullmatch(text):
                draft.identifier("hex", text, note="given as a registration number")
    draft.add("countries", countries(text for name in _STATES for text in properties.get(name, ())))
    draft.model = clean(next(iter(properties.get("model") or properties.get("type") or ()), ""))
    draft.built = clean(next(iter(properties.get("buildDate") or ()), ""))
    draft.add("birth_dates", properties.get("birthDate", ()))
    draft.add("addresses", properties.get("address", ()))
    draft.add("programs", properties.get("programId") or properties.get("program") or ())
    draft.add("remarks", (*properties.get("notes", ()), *properties.get("position", ())))
    draft.amended_on = max(filter(None, map(day, properties.get("modifiedAt", ()))), default=None)


def _listed(draft: Draft, sanctions: list[dict[str, list[str]]]) -> None:
    """Listed since the first of its sanctions; no longer listed when all of them have ended."""
    starts, ends = [], []
    for one in sanctions:
        draft.add("programs", one.get("programId") or one.get("program") or ())
        dates = list(filter(None, map(day, one.get("listingDate") or one.get("startDate") or ())))
        starts.append(min(dates, default=None))
        ends.append(max(filter(None, map(day, one.get("endDate", ()))), default=None))
    if all(starts):
        draft.listed_on = min(filter(None, starts))
    if all(ends):
        draft.delisted_on = max(filter(None, ends))


def read_csv(kind: str, path: Path) -> Reading:
    """Read ``targets.simple.csv``; identifiers in it have no kind and are kept as ``identifier``."""
    sheet = open_sheet(path)
    file = _File()
    for line, row in headed(sheet, _COLUMNS):
        where = f"{path.name}, line {line}"
        number = clean(row["id"])
        if not number:
            raise damaged("has no id", where=where)
        if number in file.drafts:
            raise damaged(f"entity {number} is there twice", where=where)
        if when := day(row.get("last_seen")):
            file.seen = max(when, file.seen or when)
        schema = clean(row["schema"])
        sanctioned = any(clean(row.get(column)) for column in ("sanctions", "program_ids"))
        if schema not in _SCHEMAS or not sanctioned:
            file.others += 1
            continue
        file.drafts[number] = draft = Draft(kind, number, _SCHEMAS[schema] or schema)
        draft.name(row["name"], "primary")
        for text in _parts(row["aliases"]):
            draft.name(text, "strong")
        draft.add("countries", countries(_parts(row["countries"])))
        draft.add("birth_dates", _parts(row.get("birth_date")))
        draft.add("addresses", _parts(row.get("addresses")))
        draft.add("programs", _parts(row.get("program_ids")))
        draft.add("remarks", (row.get("sanctions"),))
        draft.add("sources", _parts(row["dataset"]))
        for column, how in (("identifiers", "identifier"), ("phones", "phone"), ("emails", "email")):
            for text in _parts(row.get(column)):
                draft.identifier(how, text)
    return _reading("simple-csv", path, file, () if sheet.whole_line else ("the last line has no end",))


def _parts(text: str | None) -> list[str]:
    return [part for part in map(clean, (text or "").split(";")) if part]
