"""What the itinerary and the times of an application reveal, with what the type can do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import pairwise

from overflight.errors import InputError
from overflight.permit.application import Application
from overflight.permit.flag import Flag
from overflight.permit.flights import stop_of
from overflight.permit.reach import SPREAD, best_range_km, geodesic_km, known_type, speeds_kmh, variants
from overflight.world.aircraft import AircraftType
from overflight.world.flight import Stop

__all__ = ["Stops", "ends", "ranges", "times"]

#: Departure and arrival of each sector; None where nobody knows the code.
Stops = tuple[tuple[Stop | None, Stop | None], ...]
_MEMORY = "from memory or of unverified origin"


# --- where it begins and ends -------------------------------------------------------------------------


def ends(application: Application, stops: Stops) -> Iterator[Flag]:
    if application.plan is not None:
        return  # a flight plan has no place for it
    for kind, word, verb, given, code, at in (
        ("true-origin", "origin", "begins", application.true_origin, _first(application), 0),
        ("true-destination", "destination", "ends", application.true_destination, _last(application), -1),
    ):
        if given is None:
            how = (
                "the field is empty"
                if kind.replace("-", "_") in application.stated
                else "the form has no such field"
            )
            yield Flag(kind, f"the true {word} is not stated", how, True)
            continue
        if code is None:
            continue
        stop = stops[at][0 if at == 0 else 1]
        try:
            same = stop is not None and stop_of(given, application.day).key == stop.key
        except InputError:
            # A place in words: it agrees when it names the aerodrome's city or name.
            text = given.casefold()
            same = stop is not None and any(
                part and part.casefold() in text for part in (stop.city, stop.name, stop.icao)
            )
        if not same:
            yield Flag(
                kind, f"the itinerary {verb} at {code}, the true {word} is {given}", "both are stated", True
            )


def _first(application: Application) -> str | None:
    return application.sectors[0].origin if application.sectors else None


def _last(application: Application) -> str | None:
    return application.sectors[-1].destination if application.sectors else None


# --- what the aircraft can do -------------------------------------------------------------------------


def ranges(application: Application, stops: Stops) -> Iterator[Flag]:
    if application.type is None:
        return
    kind = known_type(application.type)
    if kind is None:
        yield Flag(
            "type-unknown", f"{application.type} is no aircraft type that a table has", "world tables", True
        )
        return
    yield from _weights(application, kind)
    if application.cargo_t:
        most = [one.payload_max_t[1] for one in variants(kind) if one.payload_max_t]
        if most and application.cargo_t > max(most):
            yield Flag(
                "payload-impossible",
                f"{application.cargo_t:g} t of cargo; the type carries at most {max(most):g} t",
                f"{kind.name}, {kind.source}",
                all(
                    dict(one.confidence).get("payload") == "A" for one in variants(kind) if one.payload_max_t
                ),
            )
    best = best_range_km(kind, application.cargo_t)
    if best is None:
        return
    reach, variant = best
    sure = all(point.confidence == "A" for point in variant.ranges)
    load = f"with {application.cargo_t:g} t" if application.cargo_t else "with the least load"
    grounds = f"{variant.name}: at most {reach:,.0f} km {load}, {variant.source}" + (
        "" if sure else f"; {_MEMORY}"
    )
    for number, (origin, destination) in enumerate(stops, 1):
        if origin is None or destination is None:
            continue
        length = geodesic_km(origin.lonlat, destination.lonlat)
        words = f"leg {number}, {origin.icao} to {destination.icao}, is {length:,.0f} km"
        if length > reach * (1 + SPREAD):
            yield Flag("range-impossible", f"{words}: beyond the {reach:,.0f} km of the type", grounds, sure)
        elif length > reach:
            yield Flag("range-doubtful", f"{words}: more than the {reach:,.0f} km of the type", grounds, sure)


#: Lower limits of the wake categories, tonnes.
_HEAVY_T, _MEDIUM_T = 136.0, 7.0


def _weights(application: Application, kind: AircraftType) -> Iterator[Flag]:
    known = [one for one in variants(kind) if one.mtow_t]
    if not known:
        return
    low, high = (
        min(one.mtow_t[0] for one in known if one.mtow_t),
        max(one.mtow_t[1] for one in known if one.mtow_t),
    )
    grounds = f"{kind.name}: {low:g} to {high:g} t, {kind.source}"
    sure = all(dict(one.confidence).get("mtow") == "A" for one in known)
    stated = application.mtow_t
    if stated and not low * (1 - SPREAD) <= stated <= high * (1 + SPREAD):
        what = f"a take-off weight of {stated:g} t is stated for {application.type}"
        yield Flag("type-weight", what, grounds, sure)
    wake = application.plan.message.wake if application.plan else None
    if wake in ("H", "M", "L"):
        fits = {"H" if weight >= _HEAVY_T else "M" if weight > _MEDIUM_T else "L" for weight in (low, high)}
        # A light version of a type may be certified below its class.
        order = "LMH"
        if not min(map(order.index, fits)) <= order.index(wake) <= max(map(order.index, fits)):
            what = f"wake category {wake} is filed for {application.type}"
            yield Flag("type-weight", what, grounds, sure)


def _instant(moment: datetime | date | None) -> datetime | None:
    return moment if isinstance(moment, datetime) else None


def _day(moment: datetime | date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def times(application: Application, stops: Stops) -> Iterator[Flag]:
    kind = known_type(application.type) if application.type else None
    speeds = speeds_kmh(kind) if kind else None
    for number, sector in enumerate(application.sectors, 1):
        departs, arrives = _instant(sector.departs), _instant(sector.arrives)
        if sector.departs is None or sector.arrives is None:
            continue
        if _day(sector.arrives) < _day(sector.departs) or (departs and arrives and arrives <= departs):
            yield Flag(
                "times-impossible",
                f"leg {number} arrives before it departs",
                f"departs {sector.departs.isoformat()}, arrives {sector.arrives.isoformat()}",
                True,
            )
            continue
        if departs is None or arrives is None:
            continue
        # Only a single leg has a departure and an arrival of its own.
        ends = stops[number - 1]
        if ends[0] is None or ends[1] is None:
            continue
        hours = (arrives - departs) / timedelta(hours=1)
        speed = geodesic_km(ends[0].lonlat, ends[1].lonlat) / hours
        if speeds and kind and speed > speeds[1] * (1 + SPREAD) + 50 / max(hours, 0.5):
            yield Flag(
                "times-impossible",
                f"leg {number} takes {hours:.1f} h, that is {speed:,.0f} km/h over the ground",
                f"{kind.name} cruises at {speeds[0]:,.0f} to {speeds[1]:,.0f} km/h, {kind.source}",
                dict(kind.confidence).get("cruise") == "A",
            )
        elif speeds and kind and hours > 3 and speed < speeds[0] / 3:
            yield Flag(
                "times-impossible",
                f"leg {number} takes {hours:.1f} h for {speed * hours:,.0f} km: a stop may be left out",
                f"{kind.name} cruises at {speeds[0]:,.0f} to {speeds[1]:,.0f} km/h, {kind.source}",
                dict(kind.confidence).get("cruise") == "A",
            )
    for number, (before, after) in enumerate(pairwise(application.sectors), 2):
        came, goes = _instant(before.arrives or before.departs), _instant(after.departs)
        if came and goes and goes <= came:
            yield Flag(
                "times-impossible",
                f"leg {number} departs before leg {number - 1} is over",
                f"{goes.isoformat()} against {came.isoformat()}",
                True,
            )
        if before.destination != after.origin:
            yield Flag(
                "times-impossible",
                f"leg {number} begins at {after.origin}, leg {number - 1} ends at {before.destination}",
                "a leg is left out, or the order is wrong",
                True,
            )
    entry, leave = _instant(application.entry_time), _instant(application.exit_time)
    if entry and leave and leave <= entry:
        grounds = f"entry {entry.isoformat()}, exit {leave.isoformat()}"
        yield Flag("times-impossible", "the exit is before the entry", grounds, True)
    start, end = (
        _instant(application.departs),
        _instant(application.sectors[-1].arrives if application.sectors else None),
    )
    for word, moment in (("entry", entry), ("exit", leave)):
        if moment and ((start and moment < start) or (end and moment > end)):
            grounds = f"{word} {moment.isoformat()}, flight " + " to ".join(
                one.isoformat() if one else "?" for one in (start, end)
            )
            yield Flag("times-impossible", f"the {word} is not within the flight", grounds, True)
