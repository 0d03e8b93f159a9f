"""An application for a permit to overfly or land: the union of published forms. Models only.

Names of persons (pilots, passengers, contacts) have no place in it: the readers leave them out.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from overflight.permit.message import Plan

__all__ = ["Application", "Fault", "Sector"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in a row that could not be used.

    Attributes
    ----------
    row : int
        Line of the file (CSV, text) or number of the object (JSON), from 1.
    column : str
        The header or label, as it stands in the file; empty for the whole row.
    what, mend : str
        For people.
    """

    row: int
    column: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        place = f"row {self.row}" + (f", {self.column}" if self.column else "")
        return f"{place}: {self.what}" + (f"; {self.mend}" if self.mend else "")


@dataclass(frozen=True, slots=True)
class Sector:
    """One leg as applied for; codes as they stand, times in UTC.

    `departs` and `arrives` are an instant, a day when no time is given, or None.
    """

    origin: str
    destination: str
    departs: datetime | date | None = None
    arrives: datetime | date | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """One application. None and empty stand for "not stated", never for "no".

    Attributes
    ----------
    row : int
        Where it stands in its file.
    id, permit_kind, permit_number, diplomatic_note : str or None
        Of the request.
    operator, operator_code, operator_state : str or None
        Name, ICAO designator, ISO alpha-3 of the state of the operator.
    applicant, owner, owner_state, charterer, charterer_state, agent : str or None
        Bodies, not persons; states as alpha-3. `agent` is the handling agent.
    registrations : tuple of str
        As written. `register_state` is the state of registry, alpha-3.
    type, serial, hex : str or None
        Aircraft type as written, manufacturer's serial number, 24-bit address (six digits).
    mtow_t, cargo_t : float or None
        Tonnes.
    call_sign, flight_kind, purpose : str or None
        `flight_kind` is ``civil scheduled``, ``civil non-scheduled``, ``state`` or None.
    sectors : tuple of Sector
        The itinerary.
    true_origin, true_destination : str or None
        Where the journey really begins and ends, aerodrome codes or places as written.
    entry_point, exit_point, route : str or None
    entry_time, exit_time : datetime, date or None
    cargo, consignor, consignee : str or None
    dangerous_goods, munitions, return_empty, vip : bool or None
        `munitions`: arms, ammunition, explosives, radioactive or war equipment on board.
    munitions_permit, insurance : str or None
    crew, passengers : int or None
        Numbers only.
    plan : Plan or None
        The filed plan behind it, when it was read from messages.
    unread : tuple of str
        Labels that nobody knows; their values are not kept, they may name persons.
    faults : tuple of Fault
        Fields that are there and could not be understood.
    stated : frozenset of str
        Which fields the form has at all, filled in or not: a field that the form lacks is no omission.
    source : str
        File and row, for people.
    """

    row: int = 1
    id: str | None = None
    permit_kind: str | None = None
    permit_number: str | None = None
    diplomatic_note: str | None = None
    applicant: str | None = None
    operator: str | None = None
    operator_code: str | None = None
    operator_state: str | None = None
    owner: str | None = None
    owner_state: str | None = None
    charterer: str | None = None
    charterer_state: str | None = None
    agent: str | None = None
    register_state: str | None = None
    registrations: tuple[str, ...] = ()
    type: str | None = None
    serial: str | None = None
    hex: str | None = None
    mtow_t: float | None = None
    call_sign: str | None = None
    flight_kind: str | None = None
    purpose: str | None = None
    sectors: tuple[Sector, ...] = ()
    true_origin: str | None = None
    true_destination: str | None = None
    entry_point: str | None = None
    entry_time: datetime | date | None = None
    exit_point: str | None = None
    exit_time: datetime | date | None = None
    route: str | None = None
    cargo: str | None = None
    cargo_t: float | None = None
    consignor: str | None = None
    consignee: str | None = None
    dangerous_goods: bool | None = None
    munitions: bool | None = None
    munitions_permit: str | None = None
    return_empty: bool | None = None
    vip: bool | None = None
    crew: int | None = None
    passengers: int | None = None
    insurance: str | None = None
    plan: Plan | None = None
    unread: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    stated: frozenset[str] = field(default=frozenset())
    source: str = ""

    @property
    def registration(self) -> str | None:
        """The first registration."""
        return self.registrations[0] if self.registrations else None

    @property
    def departs(self) -> datetime | date | None:
        """When the first sector begins."""
        return self.sectors[0].departs if self.sectors else None

    @property
    def day(self) -> date | None:
        """The day of the first departure."""
        moment = self.departs
        return moment.date() if isinstance(moment, datetime) else moment
