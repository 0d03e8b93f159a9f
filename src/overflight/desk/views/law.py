"""Law as the desk asks it: one state on a day, its options about a flight, all states under it, meetings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from overflight.desk.rooms import Rooms
from overflight.errors import InputError
from overflight.law import (
    Advice,
    Calendar,
    Designation,
    MeasureView,
    Option,
    Rules,
    advice,
    calendar,
    load,
    question_for,
)
from overflight.law.measure import Day
from overflight.meetings import (
    CAUTION,
    NEAR_DAYS,
    Coincidence,
    Place,
    Score,
    coincident,
    explanations,
    gather,
    place_of,
)
from overflight.meetings.document import coincidence_json, explanation_json
from overflight.permit.flights import NO_TYPE, stop_of
from overflight.screening.triage.under import Under, Way, Ways
from overflight.world import airspace as borders
from overflight.world.flight import Aircraft, Flight, Leg, Window
from overflight.world.states import state

__all__ = [
    "CAUTION",
    "LAST_YEAR",
    "Asked",
    "Flying",
    "Meetings",
    "StateAdvice",
    "advice_of",
    "best_measures",
    "calendar_of",
    "flight_of",
    "grounds_of",
    "in_order",
    "meetings_json",
    "meetings_on",
    "moment_of",
    "position_of",
    "question_options",
    "rules_of",
    "state_advice",
    "states_under",
]

#: Years that a day may be of.
FIRST_YEAR, LAST_YEAR = 1945, 2100
#: The most legs of a flight, and days that one question about meetings may span.
_LEGS, _LONGEST_DAYS = 8, 366
_GROUNDS = {"reasonable": "reasonable-grounds"}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: every field as it was typed or sent.

    Attributes
    ----------
    on, state, way, operator, registration, flag, kind, cargo, category, grounds, over, phase, permit, carries
        Texts; empty where nothing is said. `way` is the itinerary, aerodromes in order of flight.
    leg : str
        Number of the leg that enters the state; empty: the whole flight.
    grounds_apart : bool
    circumstances : tuple of str
    listed, listed_as, listed_about : str
        A designation: on which list, who (operator, aircraft, owner, consignee), about which state.
    position : str
        Whose position on contested measures; empty: the desk's.
    """

    on: str = ""
    state: str = ""
    way: str = ""
    leg: str = ""
    operator: str = ""
    registration: str = ""
    flag: str = ""
    kind: str = "civil non-scheduled"
    cargo: str = ""
    category: str = ""
    grounds: str = ""
    grounds_apart: bool = False
    over: str = ""
    phase: str = "before departure"
    permit: str = "unknown"
    carries: str = "unknown"
    circumstances: tuple[str, ...] = ()
    listed: str = ""
    listed_as: str = "operator"
    listed_about: str = ""
    position: str = ""


def rules_of(rooms: Rooms) -> Rules:
    """The shipped rows and the desk's own."""
    return load(rooms.settings.home)


def moment_of(text: str, where: str = "on") -> Day | None:
    """A day, or an instant in UTC; None when nothing is written.

    Raises
    ------
    InputError
        It is neither, or of a year that nobody asks about.
    """
    text = text.strip()
    if not text:
        return None
    try:
        if not re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", text, re.ASCII):
            raise ValueError(text)
        if len(text) == 10:
            found: Day = date.fromisoformat(text)
        else:
            moment = datetime.fromisoformat(text)
            found = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValueError(text)
    except (OverflowError, ValueError):
        raise InputError(
            f"{text[:40]!r} is no day between {FIRST_YEAR} and {LAST_YEAR}",
            where=where,
            mend="write it as 2008-08-07 or 2025-09-28T00:00Z",
        ) from None
    return found


def _code(text: str, where: str) -> str:
    try:
        return state(text)
    except InputError as error:
        raise InputError(error.what, where=where, mend=error.mend) from None


def position_of(rooms: Rooms, text: str) -> str:
    """Whose position to work with: as given, else the desk's."""
    given = text.strip() or rooms.settings.position
    return _code(given, "position") if given else ""


# --- a state, a flight------------------------------------------------------------------------------------


def calendar_of(rooms: Rooms, asked: Asked, on: Day) -> Calendar:
    """What holds for one state on a day, without a flight."""
    position = position_of(rooms, asked.position)
    return calendar(_code(asked.state, "state"), on, position=position, rules=rules_of(rooms))


@dataclass(frozen=True, slots=True)
class Flying:
    """The flight that is asked about, and what lies under it."""

    flight: Flight
    ways: tuple[Way, ...]


def flight_of(rooms: Rooms, asked: Asked, on: Day) -> Flying | None:
    """The flight of a question; None where no itinerary is given.

    Raises
    ------
    InputError
        An aerodrome that nobody knows, the same place twice, too many legs.
    """
    stops = [word for word in re.split(r"[\s,;>–—-]+", asked.way.strip()) if word]
    if not stops:
        return None
    if not 2 <= len(stops) <= _LEGS + 1:
        raise InputError(
            f"names {len(stops)} aerodrome{'' if len(stops) == 1 else 's'}",
            where="itinerary",
            mend=f"give two to {_LEGS + 1}, in order of flight, such as ZKPY OIIE",
        )
    day = on.date() if isinstance(on, datetime) else on
    start = datetime.combine(day, time(), UTC)
    window = Window(start, start + timedelta(days=1))
    places = []
    for word in stops:
        try:
            places.append(stop_of(word[:20], day))
        except InputError as error:
            raise InputError(error.what, where="itinerary", mend=error.mend) from None
    legs = []
    for number in range(1, len(places)):
        origin, destination = places[number - 1], places[number]
        if origin.key == destination.key:
            raise InputError(
                f"begins and ends at {origin.icao}", where="itinerary", mend="give another aerodrome"
            )
        legs.append(Leg(number, origin, destination, window))
    flight = Flight(
        id="-".join(one.icao for one in places),
        operator=asked.operator.strip()[:300] or "unknown",
        kind=asked.kind,
        aircraft=Aircraft(type=NO_TYPE, registration=asked.registration.strip()[:20] or None),
        legs=tuple(legs),
        cargo=asked.cargo.strip()[:300] or None,
    )
    shared: Ways = rooms.kept(
        ("law", "ways", rooms.settings.view),
        lambda: Ways(borders.load(), _view(rooms.settings.view)),
    )
    return Flying(flight, tuple(shared.of(leg) for leg in flight.legs))


def _view(text: str) -> str:
    return borders.DE_FACTO if text.casefold() in ("", borders.DE_FACTO) else state(text)


def advice_of(
    rooms: Rooms, asked: Asked, on: Day, flying: Flying, code: str, *, under: Under | None, leg: Leg | None
) -> Advice:
    """The options of one state about a flight.

    Raises
    ------
    InputError
        A word that no list has.
    """
    over = asked.over or (under.over if under else "land")
    about = asked.listed_about.strip()
    designations = (
        [
            Designation(
                asked.listed.strip()[:60],
                asked.listed_as,
                asked.operator.strip(),
                _code(about, "listed_about") if about else "",
            )
        ]
        if asked.listed.strip()
        else []
    )
    question = question_for(
        flying.flight,
        leg,
        code,
        over,
        on=on,
        showing=grounds_of(asked.grounds) or "itinerary",
        category=asked.category,
        grounds_apart=asked.grounds_apart,
        phase=asked.phase,
        permit=asked.permit,
        carries=asked.carries,
        circumstances=asked.circumstances,
        designations=designations,
        flag=_code(asked.flag, "flag") if asked.flag.strip() else None,
        position=position_of(rooms, asked.position),
    )
    return advice(question, rules_of(rooms))


def grounds_of(text: str) -> str | None:
    """The showing of a question; None: told from the flight."""
    text = text.strip()
    return _GROUNDS.get(text, text) if text else None


@dataclass(frozen=True, slots=True)
class StateAdvice:
    """One state under a flight: where it lies, and what it may, must or is asked to do.

    Attributes
    ----------
    state : str
    leg : Leg or None
    under : Under or None
        None where the great circle misses it.
    advice : Advice
    """

    state: str
    leg: Leg | None
    under: Under | None
    advice: Advice

    @property
    def best(self) -> Option | None:
        return self.advice.best


def states_under(rooms: Rooms, asked: Asked, on: Day, flying: Flying) -> tuple[StateAdvice, ...]:
    """The advice for every state under a flight, in order of flight."""
    found: list[StateAdvice] = []
    seen: set[str] = set()
    wanted = _leg_number(asked, flying)
    for leg, way in zip(flying.flight.legs, flying.ways, strict=True):
        if wanted is not None and leg.number != wanted:
            continue
        for under in way.states:
            if under.state not in seen:
                seen.add(under.state)
                told = advice_of(rooms, asked, on, flying, under.state, under=under, leg=leg)
                found.append(StateAdvice(under.state, leg, under, told))
    return tuple(found)


def state_advice(rooms: Rooms, asked: Asked, on: Day, flying: Flying) -> StateAdvice:
    """The advice for the state that is asked, under the leg that enters it."""
    code = _code(asked.state, "state")
    wanted = _leg_number(asked, flying)
    for leg, way in zip(flying.flight.legs, flying.ways, strict=True):
        if wanted is not None and leg.number != wanted:
            continue
        under = next((one for one in way.states if one.state == code), None)
        if under is not None:
            told = advice_of(rooms, asked, on, flying, code, under=under, leg=leg)
            return StateAdvice(code, leg, under, told)
    off = flying.flight.legs[wanted - 1] if wanted else None
    return StateAdvice(code, off, None, advice_of(rooms, asked, on, flying, code, under=None, leg=off))


def _leg_number(asked: Asked, flying: Flying) -> int | None:
    text = asked.leg.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:4]) <= len(flying.flight.legs):
        raise InputError(
            f"the flight has no leg {text[:10]}",
            where="leg",
            mend=f"give 1 to {len(flying.flight.legs)}, or leave it empty",
        )
    return int(text)


def best_measures(option: Option) -> tuple[MeasureView, ...]:
    """What obliges or asks, else what gives the power: each once, at most four."""
    acting = [m for m in option.measures if m.role in ("act", "on-landing")]
    power = [m for m in option.measures if m.role in ("power", "unbar")]
    return tuple({m.id: m for m in acting or power}.values())[:4]


_ROLES = ("act", "on-landing", "power", "unbar", "reason")


def in_order(option: Option) -> tuple[MeasureView, ...]:
    """The measures of an option, what obliges first."""
    return tuple(
        sorted(option.measures, key=lambda m: (_ROLES.index(m.role) if m.role in _ROLES else 9, m.id))
    )


def question_options() -> dict[str, Sequence[str]]:
    """The words that each field of a question may take."""
    from overflight.law import words

    return {
        "kind": words.FLIGHT_KINDS,
        "category": words.CATEGORIES,
        "grounds": words.SHOWINGS,
        "over": words.OVER,
        "phase": words.PHASES,
        "permit": words.PERMITS,
        "carries": words.LOADS,
        "circumstances": words.CIRCUMSTANCES,
    }


# --- meetings ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meetings:
    """Meetings on and near some days, and how well each would explain a flight."""

    first: date
    last: date
    on: tuple[Coincidence, ...]
    near: tuple[Coincidence, ...]
    scores: tuple[Score, ...] = ()
    best: dict[str, Score] = field(default_factory=dict)


def meetings_on(
    rooms: Rooms,
    first: date,
    last: date,
    *,
    places: Iterable[str] = (),
    flight: Flight | None = None,
    near: int = NEAR_DAYS,
) -> Meetings:
    """Meetings on or near some days; with a flight, at the states where it begins and ends.

    Raises
    ------
    InputError
        The days run backwards or are too many, a place that nobody knows, a calendar that is broken.
    """
    if last < first:
        raise InputError("ends before it begins", where="on", mend="give the first day first")
    if (last - first).days > _LONGEST_DAYS:
        raise InputError(f"spans more than {_LONGEST_DAYS} days", where="on", mend="ask for a year at a time")
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        raise InputError(f"is not between {FIRST_YEAR} and {LAST_YEAR}", where="on", mend="check the year")
    off = timedelta(days=max(near, 2))
    held = gather(first - off, last + off, home=rooms.settings.home)
    wanted = []
    for text in places:
        try:
            wanted.append(place_of(text, held))
        except InputError as error:
            raise InputError(error.what, where="place", mend=error.mend) from None
    if flight is not None and not wanted:
        ends = dict.fromkeys(stop.state for leg in flight.legs for stop in (leg.origin, leg.destination))
        wanted = [Place(state=code) for code in ends if code]
    found = coincident(first, last, places=wanted, meetings=held, near_days=near)
    scores = explanations(flight, [one.meeting for one in found]) if flight is not None else ()
    best: dict[str, Score] = {}
    for score in scores:
        before = best.get(score.meeting.id)
        if before is None or score.total > before.total:
            best[score.meeting.id] = score
    return Meetings(
        first,
        last,
        tuple(one for one in found if one.fits),
        tuple(one for one in found if not one.fits),
        tuple(scores),
        best,
    )


def meetings_json(found: Meetings) -> dict[str, Any]:
    """As ``overflight meetings --json``."""
    return {
        "on": [found.first.isoformat(), found.last.isoformat()],
        "meetings": [coincidence_json(one) for one in found.on],
        "near": [coincidence_json(one) for one in found.near],
        "explanations": [explanation_json(one) for one in found.scores],
        "caution": CAUTION,
    }
