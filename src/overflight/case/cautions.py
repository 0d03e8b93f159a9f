"""What to beware of in a brief: doubts about codes, figures, borders and the search itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from overflight.case.context import Context
from overflight.case.model import Caution, LegBrief
from overflight.errors import InputError
from overflight.route.crossing import SLIVER_KM
from overflight.screening.bands import FINDINGS
from overflight.world.aircraft import CONFIDENCES, AircraftType
from overflight.world.airspace import Airspace
from overflight.world.flight import Flight
from overflight.world.identity import contradiction, state_of_address, state_of_registration
from overflight.world.operators import Operator
from overflight.world.states import name

__all__ = ["context_cautions", "flight_cautions", "leg_cautions"]


def flight_cautions(flight: Flight, kind: AircraftType, who: Operator) -> Iterator[Caution]:
    """Doubts about who and what flies."""
    for note in who.notes:
        if not who.known or "used by others" in note:
            yield Caution("operator", flight.operator, note)
    if kind.siblings:
        others = ", ".join(sibling.name for sibling in kind.siblings)
        yield Caution(
            "aircraft",
            flight.aircraft.type,
            f"{flight.aircraft.type} is taken as {kind.name}; it may be {others}",
        )
    letters = dict(kind.confidence)
    for figure, label in (
        ("cruise", "cruising speed"),
        ("pay", "range with most payload"),
        ("fuel", "range with most fuel"),
    ):
        given = flight.aircraft.speed_kmh if figure == "cruise" else flight.aircraft.range_km
        if given is None and letters.get(figure, "A") != "A":
            yield Caution("figure", kind.name, f"{label}: {CONFIDENCES[letters[figure]]}")
    craft = flight.aircraft
    try:
        if craft.hex and craft.registration:
            clash = contradiction(craft.hex, craft.registration, flight.day)
            if clash:
                yield Caution("contradiction", craft.registration, clash)
        if craft.hex and state_of_address(craft.hex).state is None:
            yield Caution(
                "identity", craft.hex, f"no block that is known holds the 24-bit address {craft.hex}"
            )
        if craft.registration and state_of_registration(craft.registration, flight.day).state is None:
            yield Caution("identity", craft.registration, f"no register is known for {craft.registration}")
    except InputError as error:
        yield Caution("identity", craft.registration or craft.hex or "", str(error))


def context_cautions(context: Context) -> Iterator[Caution]:
    """Who is listed, what may explain the flight, and what nobody has looked up."""
    if context.screening is None:
        yield Caution(
            "lists",
            "lists",
            "none has been imported, so nobody was screened; overflight lists import KIND FILE imports one",
        )
    else:
        for match in context.screening.matches:
            if match.band in FINDINGS:
                yield Caution(
                    "match", "lists", f"{match.entity.caption} ({match.entity.list}): {match.band} match"
                )
        for remark in context.screening.remarks:
            yield Caution("lists", "lists", remark)
    for score in context.beside.scores:
        if score.band != "none":
            yield Caution(
                "meeting",
                f"leg {score.leg}",
                f"{score.meeting.name} may explain it ({score.band}). {score.caution}",
            )


def leg_cautions(brief: LegBrief, airspace: Airspace) -> Iterator[Caution]:
    """Doubts about one leg."""
    leg = brief.leg
    about = f"leg {leg.number}"
    for stop in (leg.origin, leg.destination):
        for note in stop.notes:
            yield Caution("code", stop.icao, note)
    if brief.verdict.verdict != "feasible":
        yield Caution("range", about, f"the leg is {brief.verdict.verdict}: {brief.verdict.grounds[0]}")
    yield from _arrival(brief, about)
    yield from _slivers(brief, about)
    territories = {face.territory: face.name for face in airspace.faces}
    for passage in brief.passages:
        crossing = passage.crossing
        who = name(crossing.state) if crossing.state else "high seas"
        if crossing.disputed_by:
            places = ", ".join(territories.get(t, t) for t in crossing.territories)
            claimants = ", ".join(name(state) for state in crossing.disputed_by)
            yield Caution(
                "disputed", about, f"{places}: {who} grants permission there; claimed by {claimants}"
            )
    if not brief.answer.found.complete:
        yield Caution(
            "search", about, f"the list of coalitions is not whole: {brief.answer.found.why_incomplete}"
        )
    if brief.answer.chances and not brief.answer.chances.exact:
        yield Caution(
            "search",
            about,
            f"the value of the next approach is sampled, within {brief.answer.chances.error:.3f}",
        )


def _slivers(brief: LegBrief, about: str) -> Iterator[Caution]:
    """Short passages, told once for each leg; a state entered by slivers alone may be missed altogether."""
    slivers = [p.crossing for p in brief.passages if p.crossing.sliver and p.crossing.state]
    if not slivers:
        return
    states = list(dict.fromkeys(name(c.state) for c in slivers if c.state))
    longer = {p.crossing.state for p in brief.passages if not p.crossing.sliver}
    only = sorted({name(c.state) for c in slivers if c.state and c.state not in longer})
    count = "one passage" if len(slivers) == 1 else f"{len(slivers)} passages"
    text = f"{count} of less than {SLIVER_KM:g} km over {', '.join(states)}: a small change of course misses"
    otherwise = f" them; {', '.join(only)} not entered otherwise" if only else " them"
    yield Caution("sliver", about, text + otherwise)


def _arrival(brief: LegBrief, about: str) -> Iterator[Caution]:
    """Whether the stated arrival fits the distance and the speed."""
    leg = brief.leg
    if leg.arrives is None or not brief.passages:
        return
    earliest, latest = brief.passages[-1].times.exit
    slack = timedelta(minutes=30)
    if leg.arrives.latest < earliest - slack:
        hours = (leg.arrives.latest - leg.departs.earliest).total_seconds() / 3600
        yield Caution(
            "contradiction",
            about,
            f"the stated arrival needs at least {brief.distance_km / hours:,.0f} km/h; "
            f"the type cruises at {brief.speed_kmh[1]:,.0f} km/h at most",
        )
    elif leg.arrives.earliest > latest + timedelta(hours=2):
        yield Caution(
            "contradiction",
            about,
            "the stated arrival is hours later than the distance explains: a stop may have been left out",
        )
