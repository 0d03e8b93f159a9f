"""A planned flight: who flies what, from where to where, when. Models only; `flight_file` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

__all__ = ["Aircraft", "Approaches", "Flight", "Leg", "Stop", "Window"]


@dataclass(frozen=True, slots=True)
class Window:
    """A span of time in UTC; an instant has equal ends."""

    earliest: datetime
    latest: datetime

    @property
    def day(self) -> date:
        """The UTC day on which the window opens; codes are looked up as of this day."""
        return self.earliest.date()

    @property
    def is_instant(self) -> bool:
        return self.earliest == self.latest

    @property
    def is_day(self) -> bool:
        """Whether the window is exactly one UTC day."""
        start = self.earliest
        midnight = start.hour == start.minute == start.second == start.microsecond == 0
        return midnight and self.latest - start == timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Aircraft:
    """What is known of the aircraft; every field but the type may be unknown.

    `type` is kept as it was written: a designator may stand for several variants, a name for one.
    """

    type: str
    registration: str | None = None
    hex: str | None = None
    serial: str | None = None
    range_km: float | None = None
    payload_t: float | None = None
    speed_kmh: float | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """An aerodrome at one end of a leg.

    `key` is its lasting name: two codes mean one place when their keys agree. `notes` say what a person must
    know about the code that was given.
    """

    key: str
    icao: str
    name: str
    city: str
    state: str
    lon: float
    lat: float
    notes: tuple[str, ...] = ()
    source: str = ""

    @property
    def lonlat(self) -> tuple[float, float]:
        return self.lon, self.lat


@dataclass(frozen=True, slots=True)
class Leg:
    """One movement from aerodrome to aerodrome.

    `arrives` is None when the plan does not say; then it follows from the distance and the speed.
    """

    number: int
    origin: Stop
    destination: Stop
    departs: Window
    arrives: Window | None = None


@dataclass(frozen=True, slots=True)
class Approaches:
    """How states stand towards this flight, as alpha-3 codes."""

    asked: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    unwilling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flight:
    """One planned flight with at least one leg."""

    id: str
    operator: str
    kind: str
    aircraft: Aircraft
    legs: tuple[Leg, ...]
    purpose: str | None = None
    cargo: str | None = None
    concern: str | None = None
    owner: str | None = None
    consignee: str | None = None
    approaches: Approaches = Approaches()
    sources: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        """The day on which the first leg may depart."""
        return self.legs[0].departs.day
