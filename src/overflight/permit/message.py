"""What air traffic services are told about a flight: filed plans and what changes them. Models only.

Fields are numbered as in ICAO Doc 4444 appendix 3. Nothing here reads or writes text; `reading` and `writing`
do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["KINDS", "Change", "Finding", "Item", "Level", "Message", "Plan", "Reading", "RouteItem", "Speed"]

#: Messages that are read: filed plan, change, delay, cancellation, departure, arrival.
KINDS = ("FPL", "CHG", "DLA", "CNL", "DEP", "ARR")

_KMH_PER_KNOT = 1.852
_METRES_PER_FOOT = 0.3048


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a message.

    Attributes
    ----------
    field : str
        Number of the field, with the key for an item of field 18 (``18 DOF``); empty for the whole message.
    kind : str
        ``missing``, ``malformed``, ``unknown-code``, ``order``, ``duplicate``, ``extra``, ``unclosed``,
        ``not-read``, ``mismatch``, ``changed``.
    what : str
        For people, without a full stop.
    line, column : int
        Where in the text that was given, from 1; 0 for a fault of a model that was not read from text.
    """

    field: str
    kind: str
    what: str
    line: int = 0
    column: int = 0


@dataclass(frozen=True, slots=True)
class Speed:
    """Cruising speed: unit ``K`` (km/h), ``N`` (knots) or ``M`` (hundredths of Mach)."""

    unit: str
    value: int

    @property
    def kmh(self) -> float | None:
        """In km/h; None for a Mach number, which needs the temperature."""
        return {"K": float(self.value), "N": self.value * _KMH_PER_KNOT}.get(self.unit)


@dataclass(frozen=True, slots=True)
class Level:
    """Cruising level: unit ``F`` flight level, ``A`` hundreds of feet of altitude, ``S`` and ``M`` tens of
    metres of level and of altitude, ``VFR`` none."""

    unit: str
    value: int | None = None

    @property
    def metres(self) -> float | None:
        """Height in metres of the standard atmosphere or above sea level; None for ``VFR``."""
        if self.value is None:
            return None
        return self.value * 10.0 if self.unit in "SM" else self.value * 100 * _METRES_PER_FOOT


@dataclass(frozen=True, slots=True)
class RouteItem:
    """One word of field 15c.

    Attributes
    ----------
    kind : str
        ``direct``, ``airway`` (also a departure or arrival route), ``point``, ``position`` (latitude and
        longitude), ``bearing`` (point, bearing, distance), ``rules``, ``cruise-climb``, ``stay``,
        ``truncated`` or ``unknown``.
    text : str
        The word as filed.
    lonlat : (float, float) or None
        Of a ``position``.
    speed, level : Speed, Level or None
        What changes here.
    """

    kind: str
    text: str
    lonlat: tuple[float, float] | None = None
    speed: Speed | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """One element of field 18."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a change message: its number and its whole new text (field 22)."""

    field: int
    text: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message. Fields that its kind does not have, or that could not be read, are None or empty.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    aircraft_id, ssr : str or None
        Field 7: call sign or registration; code of the transponder (``A0254``).
    number, reference : str
        Field 3: this message's number and that of the one it refers to.
    rules, flight_type : str or None
        Field 8.
    count : int or None
        Field 9: aircraft in formation; None for one.
    type, wake : str or None
        Field 9.
    equipment, surveillance : str or None
        Field 10.
    origin, time : str or None
        Field 13: aerodrome (``ZZZZ``, ``AFIL``); ``hhmm``: off-block, for DEP the actual time, for DLA the
        new one.
    speed, level, route
        Field 15.
    destination, eet, alternates
        Field 16.
    arrival, arrival_time, arrival_name : str or None
        Field 17.
    items : tuple of Item
        Field 18.
    changes : tuple of Change
        Field 22.
    supplementary : str
        Field 19 as it stands; not interpreted.
    """

    kind: str
    aircraft_id: str | None = None
    ssr: str | None = None
    number: str = ""
    reference: str = ""
    rules: str | None = None
    flight_type: str | None = None
    count: int | None = None
    type: str | None = None
    wake: str | None = None
    equipment: str | None = None
    surveillance: str | None = None
    origin: str | None = None
    time: str | None = None
    speed: Speed | None = None
    level: Level | None = None
    route: tuple[RouteItem, ...] = ()
    destination: str | None = None
    eet: str | None = None
    alternates: tuple[str, ...] = ()
    arrival: str | None = None
    arrival_time: str | None = None
    arrival_name: str | None = None
    items: tuple[Item, ...] = ()
    changes: tuple[Change, ...] = ()
    supplementary: str = ""

    def item(self, key: str) -> str | None:
        """The value of an element of field 18; of several, joined by a blank; None when there is none."""
        values = [item.value for item in self.items if item.key == key]
        return " ".join(values) if values else None

    @property
    def day(self) -> date | None:
        """The date of flight (DOF), if it is stated and a day of the calendar."""
        text = self.item("DOF") or ""
        if len(text) != 6 or not (text.isascii() and text.isdigit()):
            return None
        try:
            return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
        except ValueError:
            return None

    @property
    def special(self) -> tuple[str, ...]:
        """Reasons for special handling (STS)."""
        return tuple((self.item("STS") or "").split())

    @property
    def elapsed(self) -> tuple[tuple[str, int], ...]:
        """Boundaries or points with the minutes from departure (EET): the planned sequence of regions."""
        found = []
        for word in (self.item("EET") or "").split():
            point, time = word[:-4], word[-4:]
            if point and time.isascii() and time.isdigit():
                found.append((point, int(time[:2]) * 60 + int(time[2:])))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out of one message text; `message` is None when it could not be read at all."""

    message: Message | None
    findings: tuple[Finding, ...]
    line: int = 1


@dataclass(frozen=True, slots=True)
class Plan:
    """A filed plan and what later messages made of it.

    Attributes
    ----------
    message : Message
        The plan as it now stands.
    status : str
        ``filed``, ``changed``, ``delayed``, ``cancelled``, ``departed``, ``arrived`` or ``diverted``.
    departed, arrived : str or None
        Actual times, ``hhmm``.
    arrival : str or None
        Where it landed.
    findings : tuple of Finding
        What must be looked at, of all messages so far.
    """

    message: Message
    status: str = "filed"
    departed: str | None = None
    arrived: str | None = None
    arrival: str | None = None
    findings: tuple[Finding, ...] = ()
