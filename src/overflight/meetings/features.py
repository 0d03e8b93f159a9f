"""The features of the innocent-explanation test: what each fact says and adds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from overflight.errors import InputError
from overflight.meetings.geography import distance_km, nearness
from overflight.meetings.model import Meeting
from overflight.meetings.table import DATA, groups, is_member
from overflight.world.aircraft import aircraft
from overflight.world.flight import Flight, Leg, Stop, Window
from overflight.world.states import name as state_name
from overflight.world.tables import records

__all__ = ["Contribution", "Known", "contributions", "weights"]

_SPEEDS_KMH = (400.0, 950.0)
_GROUND_TIME = timedelta(minutes=30)
_UNSTATED = frozenset({"", "undeclared", "unknown", "not stated", "not declared"})
_NO_CARGO = frozenset(
    {"none", "nil", "no cargo", "no", "baggage", "passenger baggage", "baggage only", "empty"}
)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beyond the flight itself; None means nobody has said.

    Attributes
    ----------
    delegation : bool or None
        Whether a delegation from the flight's state is confirmed.
    rank : str
        Its rank, for people.
    host_protocol : bool or None
        Whether the host's protocol list has it.
    passengers : int or None
        As declared.
    cargo : str or None
        As declared, where the flight does not say.
    purpose : str or None
        As declared, where the flight does not say.
    """

    delegation: bool | None = None
    rank: str = ""
    host_protocol: bool | None = None
    passengers: int | None = None
    cargo: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one fact adds.

    Attributes
    ----------
    feature : str
        ``place``, ``dates``, ``delegation``, ``rank``, ``aircraft``, ``purpose``, ``host protocol``,
        ``passengers``, ``cargo``.
    outcome : str
        What was found, as in ``weights.csv``; ``unknown`` contributes nothing.
    points : float
    says : str
        For people.
    """

    feature: str
    outcome: str
    points: float
    says: str


@cache
def weights() -> dict[tuple[str, str], float]:
    found = {}
    for row in records(DATA / "weights.csv", ("feature", "outcome", "points", "meaning", "source")):
        points = row.number("points")
        if points is None:
            raise row.fault("points", "the field is empty")
        found[row.needed("feature"), row.needed("outcome")] = points
    return found


@cache
def _roles() -> dict[str, str]:
    rows = records(DATA / "roles.csv", ("type", "role", "of", "source"))
    return {row.needed("type"): row.choice("role", ("passenger", "freighter", "either")) for row in rows}


@cache
def _purposes() -> tuple[tuple[str, str], ...]:
    rows = records(DATA / "purposes.csv", ("words", "meaning", "source"))
    return tuple(
        (row.needed("words"), row.choice("meaning", ("delegation", "freight", "other"))) for row in rows
    )


def _gives(feature: str, outcome: str, says: str) -> Contribution:
    return Contribution(feature, outcome, weights()[feature, outcome], says)


def contributions(
    flight: Flight, leg: Leg, meeting: Meeting, known: Known, direction: str
) -> tuple[Contribution, ...]:
    """Every feature of one leg ``to`` a meeting or ``from`` it; place and dates come first."""
    if direction == "to":
        stop, home = leg.destination, flight.legs[0].origin
    else:
        stop, home = leg.origin, flight.legs[-1].destination
    return (
        _place(meeting, stop, direction),
        _dates(meeting, leg, flight, direction),
        _delegation(meeting, home, known),
        _rank(meeting, known),
        _aircraft_role(flight),
        _purpose(flight, known),
        _host(known),
        _passengers(known),
        _cargo(flight, known),
    )


def _place(meeting: Meeting, stop: Stop, direction: str) -> Contribution:
    outcome = nearness(meeting.place, stop.key, stop.city, stop.state, stop.lonlat)
    verb = "lands at" if direction == "to" else "takes off from"
    where = meeting.place.city or (
        state_name(meeting.place.state) if meeting.place.state else "a place not named"
    )
    here = f"{verb} {stop.icao} {stop.city or stop.name}".rstrip()
    says = {
        "aerodrome": f"{here}; the meeting is at {where}",
        "city": f"{here}; the meeting is at {where}",
        "state": f"{here}; the meeting is in the same state, at {where}",
        "elsewhere": f"{here}; the meeting is at {where}",
        "unknown": "the calendar names no place",
    }[outcome]
    return _gives("place", outcome, says)


def _speeds(flight: Flight) -> tuple[float, float]:
    given = flight.aircraft.speed_kmh
    if given:
        return given, given
    try:
        kind = aircraft(flight.aircraft.type)
    except InputError:
        return _SPEEDS_KMH
    found = [one.cruise_kmh for one in (kind, *kind.siblings) if one.cruise_kmh]
    return (min(low for low, _ in found), max(high for _, high in found)) if found else _SPEEDS_KMH


def _arrives(leg: Leg, flight: Flight) -> Window:
    if leg.arrives is not None:
        return leg.arrives
    length = distance_km(leg.origin.lonlat, leg.destination.lonlat)
    low, high = _speeds(flight)
    fast, slow = timedelta(hours=length / high), timedelta(hours=length / max(low, 50.0)) + _GROUND_TIME
    return Window(leg.departs.earliest + fast, leg.departs.latest + slow)


def _span(window: Window) -> tuple[date, date]:
    """First and last day of a window; a whole day does not touch the next one."""
    last = window.latest
    if window.latest > window.earliest:
        last -= timedelta(microseconds=1)
    return window.earliest.date(), last.date()


def _dates(meeting: Meeting, leg: Leg, flight: Flight, direction: str) -> Contribution:
    if not meeting.travel:
        return _gives("dates", "no travel", "held online, nobody travelled")
    first, last = _span(_arrives(leg, flight) if direction == "to" else leg.departs)
    verb = "arrives" if direction == "to" else "departs"
    when = f"{verb} {first.isoformat()}" + (f" or {last.isoformat()}" if last != first else "")
    if direction == "to":
        good = {day - timedelta(days=n) for day in meeting.openings for n in range(3)}
    else:
        good = {day + timedelta(days=n) for day in meeting.closings for n in range(3)}
    asked = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    inside = [day in good for day in asked]
    held = f"the meeting is {meeting.first.isoformat()} to {meeting.last.isoformat()}"
    if all(inside) and meeting.exact:
        return _gives("dates", "fits", f"{when}; {held}")
    if any(inside):
        return _gives("dates", "could", f"{when}; {held}")
    if any(meeting.first <= day <= meeting.last for day in asked):
        # Rules of thumb give a span in which the meeting is, not its days.
        outcome = "during" if meeting.exact else "could"
        return _gives("dates", outcome, f"{when}, while it is on; {held}")
    if first > meeting.last:
        gap, word = (first - meeting.last).days, "after it closed"
    else:
        gap, word = (meeting.first - last).days, "before it opens"
    return _gives("dates", "outside", f"{when}, {gap} day{'s' if gap != 1 else ''} {word}; {held}")


def _delegation(meeting: Meeting, home: Stop, known: Known) -> Contribution:
    who = state_name(home.state) if home.state else "a place whose state is not known"
    rank = f" ({known.rank})" if known.rank else ""
    if known.delegation is not None:
        if known.delegation:
            return _gives("delegation", "confirmed", f"a delegation of {who}{rank} is confirmed")
        return _gives("delegation", "denied", f"no delegation of {who} takes part")
    if home.state and home.state in meeting.confirmed:
        return _gives("delegation", "confirmed", f"the calendar confirms a delegation of {who}")
    if not home.state or not (meeting.groups or meeting.states):
        return _gives("delegation", "unknown", "who takes part is not known")
    if home.state in meeting.states:
        return _gives("delegation", "expected", f"{who} is a participant; nobody confirmed a delegation")
    for key in meeting.groups:
        member = is_member(home.state, key, meeting.first)
        if member:
            sure = "" if member.verified else " (membership not verified)"
            says = f"{who} is a member of {member.name}{sure}; nobody confirmed a delegation"
            return _gives("delegation", "expected", says)
    names = ", ".join(groups()[key][0].name for key in meeting.groups)
    return _gives("delegation", "not expected", f"{who} is no member of {names or 'those who take part'}")


@cache
def _ranks() -> tuple[tuple[str, float], ...]:
    """Words for ranks, the longest first: a vice minister is no minister."""
    rows = records(DATA / "ranks.csv", ("words", "rank", "source"))
    found = [(row.needed("words"), row.number("rank") or 0.0) for row in rows]
    return tuple(sorted(found, key=lambda pair: -len(pair[0])))


def _level(text: str) -> float | None:
    folded = text.casefold()
    return next((rank for words, rank in _ranks() if words in folded), None)


def _rank(meeting: Meeting, known: Known) -> Contribution:
    mine, level = _level(known.rank), _level(meeting.level)
    if not known.rank:
        return _gives("rank", "unknown", "the rank of the delegation is not known")
    if mine is None or level is None:
        return _gives("rank", "unknown", f"whether {known.rank} is a rank of this meeting is not known")
    # Heads of state are represented by ministers, and ministers by officials.
    fits = level - 1 <= mine <= level
    outcome = "fits" if fits else "does not fit"
    return _gives("rank", outcome, f"{known.rank}; the meeting is of {meeting.level}")


def _aircraft_role(flight: Flight) -> Contribution:
    text = flight.aircraft.type
    try:
        kind = aircraft(text)
    except InputError:
        return _gives("aircraft", "unknown", f"what {text} carries is not known")
    # A named variant first; a designator stands for whatever its variants are.
    role = None if kind.siblings else _roles().get(kind.key)
    role = role or _roles().get(kind.designator)
    if role is None:
        return _gives("aircraft", "unknown", f"what {kind.name} carries is not held")
    says = {
        "passenger": f"{text} is a passenger type",
        "either": f"{text} has passenger and freight versions",
        "freighter": f"{text} is a freighter",
    }[role]
    return _gives("aircraft", role, says)


def _purpose(flight: Flight, known: Known) -> Contribution:
    text = " ".join((flight.purpose or known.purpose or "").split())
    if text.casefold() in _UNSTATED:
        return _gives("purpose", "unknown", "the purpose is not declared, which is a reason to ask")
    found = {meaning for words, meaning in _purposes() if words in text.casefold()}
    outcome = next((one for one in ("freight", "delegation") if one in found), "other")
    return _gives("purpose", outcome, f"declared as {text}")


def _host(known: Known) -> Contribution:
    if known.host_protocol is None:
        return _gives("host protocol", "unknown", "the host's protocol list has not been asked for")
    if known.host_protocol:
        return _gives("host protocol", "confirmed", "the host's protocol list has the delegation")
    return _gives("host protocol", "denied", "the host's protocol list does not have the delegation")


def _passengers(known: Known) -> Contribution:
    if known.passengers is None:
        return _gives("passengers", "unknown", "the number of passengers is not declared")
    if known.passengers > 0:
        return _gives("passengers", "declared", f"{known.passengers} passengers are declared")
    return _gives("passengers", "none", "no passengers are declared")


def _cargo(flight: Flight, known: Known) -> Contribution:
    text = " ".join((flight.cargo or known.cargo or "").split())
    if text.casefold() in _UNSTATED:
        return _gives("cargo", "unknown", "the cargo is not declared")
    if text.casefold() in _NO_CARGO:
        return _gives("cargo", "none", f"declared: {text}")
    return _gives("cargo", "goods", f"declared: {text}")
