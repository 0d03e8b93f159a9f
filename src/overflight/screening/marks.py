"""Evidence from identifiers: exact after normalising, in its time, with its type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from overflight.screening.entity import Entity, Identifier
from overflight.screening.identifiers import (
    KINDS,
    address,
    code,
    is_registration,
    normal,
    registration,
    same_registration,
    same_type,
    serial,
)
from overflight.screening.match import Evidence, Feature
from overflight.screening.query import Query

__all__ = ["Marks"]

EQUAL, NUMBER = 0.97, 0.95
PREVIOUS, OTHER_TIME, STILL = 0.75, 0.72, 0.71
#: A previous registration, and the list gives no later one.
PREVIOUS_ONLY = 0.86
#: Serial numbers: of one type, long enough to be one builder's, short, and line numbers.
SERIAL, SERIAL_LONG, SERIAL_SHORT, LINE = 0.96, 0.88, 0.74, 0.72
LONG_SERIAL = 6
OTHER_AIRFRAME, OTHER_TYPE, OTHER_MARK = -0.27, -0.2, -0.03
#: Fewer characters are a word or a year rather than a number of a document.
LEAST_NUMBER = 6
_SERIAL_NAME = re.compile(r"(?:MSN|S/N|C/N|L/N|F/N)[\s.:#]*(?=\S*\d)", re.IGNORECASE)

Held = tuple[int, Identifier]


class Marks:
    """Every identifier of every listed entity, by its normal form.

    Parameters
    ----------
    entities : sequence of Entity
    """

    def __init__(self, entities: Sequence[Entity]) -> None:
        self._entities = entities
        self._held: dict[tuple[str, str], list[Held]] = {}
        for at, entity in enumerate(entities):
            for one in entity.identifiers:
                way = KINDS.get(one.kind, "number")
                if way == "registration" and entity.schema not in ("Airplane", "Vehicle"):
                    way = "number"
                if value := normal(one.kind, one.value):
                    self._held.setdefault((way, value), []).append((at, one))
            if entity.schema == "Airplane" and not entity.identifiers and is_registration(entity.caption):
                mark = Identifier("registration", entity.caption)
                self._held.setdefault(("registration", registration(entity.caption)), []).append((at, mark))

    def search(self, query: Query, on: date) -> Iterator[tuple[int, Evidence]]:
        """Entities with an identifier of the query, each with its grounds."""
        name = query.name
        if query.tail:
            yield from self._tails("tail", query.tail, query, on)
        elif is_registration(name):
            yield from self._tails("name", name, query, on)
        for field, text in (("hex", query.hex), ("name", name)):
            if digits := address(text):
                yield from self._equal(field, "24-bit address", ("hex",), digits, text, on)
        if query.serial:
            yield from self._serials("serial", query.serial, query)
        elif _SERIAL_NAME.match(name):
            yield from self._serials("name", name, query)
        for field in ("name", "operator"):
            text = getattr(query, field)
            if 2 <= len(text) <= 3 and text.isalnum() and (field == "operator" or text.isupper()):
                way = "icao" if len(text) == 3 else "iata"
                yield from self._equal(field, f"{way.upper()} code", (way,), code(text), text, on)
        if name and len(key := code(name)) >= LEAST_NUMBER and any(c.isdigit() or c in "@." for c in name):
            yield from self._equal("name", "number", ("number", "mmsi", "callsign"), key, name, on, NUMBER)
            yield from self._equal("name", "IMO number", ("imo",), normal("imo", name), name, on)

    def _equal(
        self,
        field: str,
        feature: str,
        ways: Iterable[str],
        key: str,
        text: str,
        on: date,
        score: float = EQUAL,
    ) -> Iterator[tuple[int, Evidence]]:
        for way in ways:
            for at, one in self._held.get((way, key), ()):
                found, note = (score, "") if _valid(one, on) else (OTHER_TIME, _time(one))
                label = feature if way != "number" else one.kind.replace("-", " ")
                yield at, Evidence(found, (Feature(label, found, text, one.value, field, note),), not note)

    def _tails(self, field: str, text: str, query: Query, on: date) -> Iterator[tuple[int, Evidence]]:
        for at, one in self._held.get(("registration", registration(text)), ()):
            if not same_registration(text, one.value):
                continue
            score, note = EQUAL, ""
            if not _valid(one, on):
                score, note = OTHER_TIME, f"{_time(one)}; on the day another airframe may carry it"
            elif one.note == "previous":
                only = all(held.note == "previous" for held in _registrations(self._entities[at]))
                score = PREVIOUS_ONLY if only else PREVIOUS
                note = "a previous registration: another airframe may carry it now"
                note += "; the list gives no later one" if only else ""
            features = [Feature("registration", score, text, one.value, field, note)]
            for against in self._airframe(query, self._entities[at]):
                # A mark that moved to another airframe is worth a person's look, whatever else differs.
                by = max(against.contribution, min(0.0, STILL - score))
                features.append(replace(against, contribution=by))
                score += by
            yield at, Evidence(score, tuple(features), len(features) == 1 and not note)

    def _airframe(self, query: Query, entity: Entity) -> Iterator[Feature]:
        """What contradicts that the registration is still on the listed airframe."""
        serials = [one.value for one in entity.identifiers if KINDS.get(one.kind) == "serial"]
        if query.serial and serials and serial(query.serial) not in {serial(one) for one in serials}:
            note = "the registration moved to another airframe, or one of the numbers is wrong"
            yield Feature("serial number", OTHER_AIRFRAME, query.serial, serials[0], "serial", note)
        addresses = [one.value for one in entity.identifiers if one.kind == "hex"]
        if query.hex and addresses and address(query.hex) not in {address(one) for one in addresses}:
            yield Feature(
                "24-bit address", OTHER_TYPE, query.hex, addresses[0], "hex", "the addresses differ"
            )
        if same_type(query.type, entity.model) is False:
            yield Feature("type", OTHER_TYPE, query.type, entity.model, "type", "another type of aircraft")

    def _serials(self, field: str, text: str, query: Query) -> Iterator[tuple[int, Evidence]]:
        key = serial(text)
        for at, one in self._held.get(("serial", key), ()):
            entity = self._entities[at]
            alike = same_type(query.type, entity.model)
            if alike is False:
                continue
            if one.kind == "construction" and len(key) < LONG_SERIAL:
                score, note = LINE, "a line number, which every type counts from 1"
            elif alike:
                score, note = SERIAL, ""
            elif len(key) >= LONG_SERIAL:
                score, note = SERIAL_LONG, "the type is not known on both sides"
            else:
                score, note = SERIAL_SHORT, "a short number that several types use, and the type is not known"
            features = [Feature("serial number", score, text, one.value, field, note)]
            if alike:
                features.append(Feature("type", 0.0, query.type, entity.model, "type"))
            if query.tail and (marks := _marks(entity)) and registration(query.tail) not in marks:
                other = next(iter(marks.values()))
                note = "the airframe has been given another registration, or one of the marks is wrong"
                features.append(Feature("registration", OTHER_MARK, query.tail, other, "tail", note))
                score += OTHER_MARK
            yield at, Evidence(score, tuple(features), bool(alike) and score >= EQUAL + OTHER_MARK - 0.01)


def _marks(entity: Entity) -> dict[str, str]:
    return {registration(one.value): one.value for one in _registrations(entity)}


def _registrations(entity: Entity) -> list[Identifier]:
    return [one for one in entity.identifiers if one.kind == "registration"]


def _valid(one: Identifier, on: date) -> bool:
    return not ((one.since and on < one.since) or (one.until and on >= one.until))


def _time(one: Identifier) -> str:
    since = f"from {one.since.isoformat()}" if one.since else ""
    until = f"until {one.until.isoformat()}" if one.until else ""
    return f"held {' '.join(part for part in (since, until) if part)}"
