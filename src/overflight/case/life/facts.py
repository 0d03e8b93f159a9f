"""What a state can be told of a flight, fact by fact: the names of the facts and how they read.

A fact has a name (``operator``, ``date VYMD-OIIE``) and a value as a person reads it. Two plans differ where
a name has another value. A statement may rest on facts of its own (``meeting``), whose value is its text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from overflight.case.wording import when
from overflight.errors import InputError
from overflight.world.flight import Flight, Leg

__all__ = ["FIXED", "expand", "facts_of", "leg_key", "leg_names"]

#: Facts of the whole flight.
FIXED = ("flight", "operator", "kind", "type", "tail", "purpose", "cargo", "route")


def leg_key(leg: Leg) -> str:
    """``VYMD-OIIE``."""
    return f"{leg.origin.icao}-{leg.destination.icao}"


def leg_names(flight: Flight) -> tuple[str, ...]:
    """The key of each leg; the same pair flown again gets a number."""
    seen: dict[str, int] = {}
    names = []
    for leg in flight.legs:
        key = leg_key(leg)
        seen[key] = seen.get(key, 0) + 1
        names.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return tuple(names)


def facts_of(flight: Flight) -> dict[str, str]:
    """Every fact of a flight by name; what is not known is left out."""
    stops = [flight.legs[0].origin, *(leg.destination for leg in flight.legs)]
    found: dict[str, str | None] = {
        "flight": flight.id,
        "operator": flight.operator,
        "kind": flight.kind,
        "type": flight.aircraft.type,
        "tail": flight.aircraft.registration,
        "purpose": flight.purpose,
        "cargo": flight.cargo,
        "route": "-".join(stop.icao for stop in stops),
    }
    for name, leg in zip(leg_names(flight), flight.legs, strict=True):
        found[f"date {name}"] = when(leg.departs)
    return {name: value for name, value in found.items() if value}


def expand(names: Iterable[str], now: Mapping[str, str]) -> tuple[str, ...]:
    """Names of facts as a person gave them: ``dates`` means the date of every leg.

    Raises
    ------
    InputError
        A date of a leg that the plan does not have, or a name that says nothing.
    """
    out: dict[str, None] = {}
    dates = [name for name in now if name.startswith("date ")]
    for given in names:
        name = " ".join(given.split())
        if not name:
            raise InputError("an empty name of a fact", where="--fact", mend=f"such as {', '.join(FIXED)}")
        if name in ("date", "dates"):
            out |= dict.fromkeys(dates)
        elif name == "all":
            out |= dict.fromkeys(fact for fact in now if fact in FIXED or fact in dates)
        elif name.startswith("date "):
            key = f"date {name[5:].upper().replace('–', '-')}"
            if key not in now:
                raise InputError(
                    f"the plan has no leg {name[5:]}", where="--fact", mend=f"one of {', '.join(dates)}"
                )
            out[key] = None
        else:
            out[name] = None
    return tuple(out)


def of_flight(fact: str) -> bool:
    """Whether the plan itself says how a fact stands."""
    return fact in FIXED or fact.startswith("date ")
