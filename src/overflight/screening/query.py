"""What is asked about: names in their roles, and the marks of an aircraft."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from overflight.errors import InputError
from overflight.screening.identifiers import address, registration, serial
from overflight.world.flight import Flight

__all__ = ["LONGEST", "ROLES", "Query", "of_flight"]

#: Fields that hold a name, in the order in which they are shown.
ROLES = ("name", "operator", "owner", "consignee", "consignor", "charterer", "agent", "person")
#: Longer than any name or mark of a list; longer input is a mistake.
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Query:
    """One question to the lists; every field may be empty, but not all.

    Attributes
    ----------
    name : str
        A person or a body, or any mark or code: the asker does not say which.
    operator : str
        Name or ICAO designator.
    owner, consignee, consignor, charterer, agent, person : str
        Names in those roles; `person` is read as a person's name only.
    tail, hex, serial, type : str
        Registration, 24-bit address, manufacturer's serial number, type designator or model.
    born : str
        Birth date of the person, an ISO prefix ("1971", "1971-05", "1971-05-03").
    states : tuple of str
        Where the parties are from, alpha-3.
    """

    name: str = ""
    operator: str = ""
    owner: str = ""
    consignee: str = ""
    consignor: str = ""
    charterer: str = ""
    agent: str = ""
    person: str = ""
    tail: str = ""
    hex: str = ""
    serial: str = ""
    type: str = ""
    born: str = ""
    states: tuple[str, ...] = ()

    def checked(self) -> Query:
        """This query without outer blanks.

        Raises
        ------
        InputError
            Nothing to look for, or a field that cannot be one.
        """
        given: dict[str, Any] = {
            one.name: " ".join(value.split()) if isinstance(value := getattr(self, one.name), str) else value
            for one in fields(self)
        }
        for field, value in given.items():
            if isinstance(value, str) and len(value) > LONGEST:
                raise InputError(f"has {len(value)} characters", where=field, mend=f"give at most {LONGEST}")
        if given["hex"] and not address(given["hex"]):
            raise InputError(
                f"{given['hex']!r} is no 24-bit address", where="hex", mend="give six hexadecimal digits"
            )
        for field, read in (("tail", registration), ("serial", serial)):
            if given[field] and not read(given[field]):
                raise InputError(f"{given[field]!r} has no letter or digit", where=field)
        if given["born"]:
            _check_born(given["born"])
        for _, text in Query(**given).names():
            if not any(letter.isalnum() for letter in text):
                raise InputError(f"{text!r} has no letter or digit", where="name")
        found = Query(**given)
        if not any((*dict(found.names()).values(), found.tail, found.hex, found.serial)):
            raise InputError(
                "nothing to look for", mend="give a name, a registration, an address or a serial"
            )
        return found

    def names(self) -> Iterator[tuple[str, str]]:
        """Role and name of everyone asked about."""
        for role in ROLES:
            if text := getattr(self, role):
                yield role, text

    def document(self) -> dict[str, Any]:
        """The fields that are given, as JSON."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        return {
            key: list(value) if isinstance(value, tuple) else value for key, value in found.items() if value
        }

    @classmethod
    def of_document(cls, document: dict[str, Any]) -> Query:
        """The query of a `document`.

        Raises
        ------
        InputError
            A field that no query has, or a value that is no text.
        """
        known = {one.name for one in fields(cls)}
        for key, value in document.items():
            if key not in known:
                raise InputError(f"unknown field {key!r}", where="query")
            whole = isinstance(value, list) and all(isinstance(one, str) for one in value)
            if not (whole if key == "states" else isinstance(value, str)):
                raise InputError("is not text", where=f"query, field {key}")
        given: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in document.items()
        }
        return cls(**given).checked()


def _check_born(text: str) -> None:
    year, *rest = text.split("-")
    padded = "-".join([year, *rest, *["01", "01"][len(rest) :]])
    try:
        date.fromisoformat(padded)
    except ValueError:
        raise InputError(
            f"{text!r} is no birth date", where="born", mend="write it as 1971 or 1971-05-03"
        ) from None


def of_flight(flight: Flight) -> Query:
    """Operator, owner, consignee and aircraft of a flight, to be screened as of its day."""
    aircraft = flight.aircraft
    return Query(
        operator=flight.operator,
        owner=flight.owner or "",
        consignee=flight.consignee or "",
        tail=aircraft.registration or "",
        hex=aircraft.hex or "",
        serial=aircraft.serial or "",
        type=aircraft.type,
    ).checked()
