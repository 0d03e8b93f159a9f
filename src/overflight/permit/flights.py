"""Applications and filed plans as a `Flight`: what is not stated stays unknown, what was assumed is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from overflight.errors import InputError
from overflight.permit.application import Application, Sector
from overflight.permit.message import Message, Plan
from overflight.permit.plan_form import application_of, designator_of
from overflight.permit.route_field import position
from overflight.world.aerodromes import aerodrome
from overflight.world.flight import Aircraft, Flight, Leg, Stop, Window

__all__ = ["ASSUMED_KIND", "NO_TYPE", "stop_of", "to_flight"]

#: ICAO's own word for a type that has or is given no designator.
NO_TYPE = "ZZZZ"
#: A permit is asked for flights that are not scheduled; used when nothing is said, and told in the sources.
ASSUMED_KIND = "civil non-scheduled"
_NO_PLACE = {
    "ZZZZ": "names an aerodrome without an indicator and does not say which",
    "AFIL": "was filed in the air: where it took off is not stated",
}
_UNKNOWN = "unknown"
_LATEST_ARRIVAL = timedelta(days=2)


def to_flight(source: Application | Plan | Message, *, on: date | None = None) -> Flight:
    """One application or filed plan as a flight.

    Parameters
    ----------
    source : Application, Plan or Message
        A `Message` must be a filed plan (FPL).
    on : date, optional
        Day of the flight, where the source states none.

    Returns
    -------
    Flight
        ``purpose`` and ``cargo`` are None when nothing was stated; an operator that is not stated is
        ``unknown`` and a type ``ZZZZ``. `sources` names the file, and every assumption.

    Raises
    ------
    InputError
        No departure, arrival or day, an aerodrome that nobody knows, or legs that do not follow each other.
    """
    if isinstance(source, Message | Plan):
        message = source.message if isinstance(source, Plan) else source
        if message.kind != "FPL":
            raise InputError(f"{message.kind} is no filed plan", mend="give the FPL")
        source = application_of(source, on=on)
    notes = [source.source or f"permit application, row {source.row}"]
    operator = source.operator_code or designator_of(source.call_sign) or source.operator
    if operator is None:
        notes.append("the operator is not stated")
    if source.flight_kind is None:
        kind = "state" if source.diplomatic_note else ASSUMED_KIND
        ground = "a diplomatic note is given" if source.diplomatic_note else "nothing is stated"
        notes.append(f"kind of flight: {ground}; taken as {kind}")
    else:
        kind = source.flight_kind
    if source.type is None:
        notes.append("the aircraft type is not stated")
    legs = _legs(source, on)
    cargo = source.cargo
    goods = [
        word
        for word, there in (
            ("dangerous goods", source.dangerous_goods),
            ("munitions of war", source.munitions),
        )
        if there
    ]
    if goods:
        declared = f"{' and '.join(goods)} declared"
        cargo = f"{cargo} ({declared})" if cargo else declared
    return Flight(
        id=source.call_sign or source.id or source.registration or f"row {source.row}",
        operator=operator or _UNKNOWN,
        kind=kind,
        aircraft=Aircraft(
            type=source.type or NO_TYPE,
            registration=source.registration,
            hex=source.hex,
            serial=source.serial,
            payload_t=source.cargo_t if source.cargo_t and source.cargo_t <= 300 else None,
        ),
        legs=legs,
        purpose=source.purpose or ("VIP on board" if source.vip else None),
        cargo=cargo,
        owner=source.owner,
        consignee=source.consignee,
        sources=tuple(notes),
    )


def stop_of(text: str, on: date | None = None) -> Stop:
    """The aerodrome behind a code, or a place given as latitude and longitude.

    Raises
    ------
    InputError
        Nobody knows the code, and the text gives no position.
    """
    for word in text.upper().split():
        if (lonlat := position(word)) is not None:
            return Stop(
                key=f"@{word}",
                icao="ZZZZ",
                name=text,
                city="",
                state="",
                lon=lonlat[0],
                lat=lonlat[1],
                notes=(f"{text} is a place without an indicator; its state is not known from the plan",),
                source="filed plan",
            )
    found = aerodrome(text, on)
    return Stop(
        key=found.key,
        icao=found.icao,
        name=found.name,
        city=found.city,
        state=found.state,
        lon=found.lon,
        lat=found.lat,
        notes=found.notes,
        source=found.source,
    )


def _window(moment: datetime | date) -> Window:
    if isinstance(moment, datetime):
        return Window(moment, moment)
    start = datetime.combine(moment, time(), UTC)
    return Window(start, start + timedelta(days=1))


def _legs(source: Application, on: date | None) -> tuple[Leg, ...]:
    if not source.sectors:
        raise InputError(
            "states no departure and arrival", where=_where(source), mend="give from and to, or the itinerary"
        )
    legs: list[Leg] = []
    first = source.sectors[0].departs or on
    if first is None:
        raise InputError("states no day of the flight", where=_where(source), mend="give the date of flight")
    for number, sector in enumerate(source.sectors, 1):
        legs.append(_leg(number, sector, first, legs, source))
    return tuple(legs)


def _where(source: Application) -> str:
    return source.source or f"row {source.row}"


def _leg(number: int, sector: Sector, first: datetime | date, before: list[Leg], source: Application) -> Leg:
    where = f"{_where(source)}, leg {number}"
    if sector.departs is not None or number == 1:
        departs = _window(sector.departs or first)
    else:
        # Stops on the way have no time of their own: some time after the leg before began, within a day.
        start = (before[-1].arrives or before[-1].departs).earliest
        departs = Window(start, start + timedelta(days=1))
    ends = []
    for code in (sector.origin, sector.destination):
        if (what := _NO_PLACE.get(code)) is not None:
            raise InputError(what, where=where, mend="give the aerodrome or its position")
        try:
            ends.append(stop_of(code, departs.day))
        except InputError as error:
            raise InputError(error.what, where=where, mend=error.mend) from None
    if ends[0].key == ends[1].key:
        raise InputError(f"begins and ends at {ends[0].icao}", where=where, mend="give another aerodrome")
    if before and before[-1].destination.key != ends[0].key:
        raise InputError(
            f"begins at {ends[0].icao}, the leg before ends at {before[-1].destination.icao}",
            where=where,
            mend="give the whole itinerary in order",
        )
    arrives = _window(sector.arrives) if sector.arrives is not None else None
    if arrives is not None and not (
        departs.earliest < arrives.latest and arrives.earliest - departs.latest <= _LATEST_ARRIVAL
    ):
        # A time that cannot be is no time; `flags` says so.
        arrives = None
    return Leg(number, ends[0], ends[1], departs, arrives)
