"""Can this type fly this far with that on board? A verdict with its grounds, never a bare yes or no.

The model is a payload-range line: straight between the published range with most payload and the published
range with most fuel. Two lines are kept, from the low and from the high figures of the sources. The middle
between them is held against the distance needed:

========================  ==========================================================================
``feasible``              the middle exceeds the need by 15 % or more, and the low line reaches it
``not feasible``          the middle falls short by 15 % or more, and the high line does not reach it
``marginal``              everything between
========================  ==========================================================================

The band of 15 % stands for the spread between sources. Reserves are 5 % of the trip, 45 minutes at cruise and
200 nautical miles to an alternate. Published ranges mostly do not say whether reserves are in them; unless
the source calls a range a ferry range they are taken to be, and the grounds of a verdict say so. There is no
table of winds: the mean headwind is a parameter, zero unless given.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

import numpy as np
from numpy.typing import ArrayLike, NDArray

from overflight.errors import InputError
from overflight.world.aircraft import CONFIDENCES, AircraftType, PayloadRange

__all__ = ["RangeVerdict", "Reserve", "payload_range_km", "range_verdict"]

BAND = 0.15
ASSUMED_SHARE = 0.5  # of the greatest payload, when nobody knows the load
VERDICTS = ("feasible", "marginal", "not feasible")
Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Reserve:
    """What fuel must be left, as a rule.

    Attributes
    ----------
    trip_share : float
        Share of the trip.
    hold_min : float
        Minutes at cruise.
    alternate_km : float
        Distance to an alternate aerodrome, km (200 nautical miles).
    """

    trip_share: float = 0.05
    hold_min: float = 45.0
    alternate_km: float = 370.4

    def beyond_km(self, trip_km: float, cruise_kmh: float) -> float:
        """The distance that the reserve of a trip would still fly, km."""
        return self.trip_share * trip_km + self.hold_min / 60 * cruise_kmh + self.alternate_km

    def usable_km(self, dry_km: float, cruise_kmh: float) -> float:
        """The trip that leaves the reserve, out of a range to dry tanks; km, never below zero."""
        return max(
            0.0, (dry_km - self.hold_min / 60 * cruise_kmh - self.alternate_km) / (1 + self.trip_share)
        )


@dataclass(frozen=True, slots=True)
class RangeVerdict:
    """Whether a distance can be flown.

    Attributes
    ----------
    verdict : str
        ``feasible``, ``marginal`` or ``not feasible``.
    still_air_range_km : (float, float)
        Range with this payload and with reserves left, low and high.
    needed_km : float
        Distance to fly through the air: over the ground, lengthened by the headwind.
    margin : float
        By what share the middle of the range exceeds the need; negative when it falls short.
    grounds : tuple of str
        Figures and assumptions behind the verdict, for people.
    confidence : str
        ``A``, ``B`` or ``C``: the weakest letter among the ranges used; ``given`` for a range of the user's.
    payload_t : float or None
        The payload reckoned with, given or assumed; None when none could be.
    feasible_up_to_t, not_feasible_from_t : float or None
        The greatest payload that is feasible, and the one from which the flight is not; None when there is
        none within what the type carries, or when the range does not depend on payload here.
    """

    verdict: str
    still_air_range_km: Interval
    needed_km: float
    margin: float
    grounds: tuple[str, ...]
    confidence: str
    payload_t: float | None = None
    feasible_up_to_t: float | None = None
    not_feasible_from_t: float | None = None


def payload_range_km(
    aircraft: AircraftType, payload_t: ArrayLike, reserve: Reserve | None = None
) -> NDArray[np.float64]:
    """Still-air range with reserves left, for payloads.

    Parameters
    ----------
    aircraft : AircraftType
        A type with at least one published range.
    payload_t : array_like, shape (...)
        Payloads in tonnes. Beyond the ends of the diagram the range of the end is kept.
    reserve : Reserve, optional
        The rule for ranges that hold no reserve.

    Returns
    -------
    ndarray, shape (..., 2)
        Low and high range, km; neither grows with payload.

    Raises
    ------
    InputError
        No range is held for the type.
    """
    if not aircraft.ranges:
        raise InputError(
            f"no range is held for {aircraft.designator} ({aircraft.name})",
            mend="give range_km for the aircraft",
        )
    rule = reserve or Reserve()
    payload = np.asarray(payload_t, dtype=np.float64)
    lines = []
    for end in (0, 1):
        points = sorted(
            (point.payload_t[end] if point.payload_t else 0.0, _usable(aircraft, point, end, rule))
            for point in aircraft.ranges
        )
        loads = np.array([load for load, _ in points])
        reach = np.array([km for _, km in points])
        # Less payload never shortens a flight, whatever the figures of two sources say side by side.
        reach = np.maximum.accumulate(reach[::-1])[::-1]
        lines.append(np.interp(payload, loads, reach))
    low, high = lines
    return np.stack([np.minimum(low, high), np.maximum(low, high)], axis=-1)


def _usable(aircraft: AircraftType, point: PayloadRange, end: int, rule: Reserve) -> float:
    if point.reserves != "out":
        return point.range_km[end]
    if aircraft.cruise_kmh is None:
        raise InputError(f"no speed is held for {aircraft.designator}", mend="give range_km for the aircraft")
    return rule.usable_km(point.range_km[end], _middle(aircraft.cruise_kmh))


def range_verdict(
    aircraft: AircraftType,
    distance_km: float,
    *,
    payload_t: float | None = None,
    range_km: float | None = None,
    headwind_kmh: float = 0.0,
    reserve: Reserve | None = None,
) -> RangeVerdict:
    """Whether a type can fly a distance without landing.

    Parameters
    ----------
    aircraft : AircraftType
        From `overflight.world.aircraft.aircraft`.
    distance_km : float
        Distance over the ground, km.
    payload_t : float, optional
        Load in tonnes; half of the greatest payload when not given.
    range_km : float, optional
        A range known to the user, with reserves left; overrides the type's figures.
    headwind_kmh : float, optional
        Mean headwind, km/h; negative for a tailwind.
    reserve : Reserve, optional
        The rule of reserves.

    Returns
    -------
    RangeVerdict

    Raises
    ------
    InputError
        A distance, range, payload or wind that makes no sense, or a type without a range.
    """
    _sensible("distance_km", distance_km, above=0.0)
    rule = reserve or Reserve()
    needed, grounds = _needed(aircraft, distance_km, headwind_kmh)
    if range_km is not None:
        _sensible("range_km", range_km, above=0.0)
        if payload_t is not None:
            _sensible("payload_t", payload_t, above=None)
        margin = range_km / needed - 1
        grounds.insert(0, f"range of {range_km:,.0f} km as given, reserves taken to be left")
        return RangeVerdict(
            _judge(range_km, range_km, needed),
            (range_km, range_km),
            needed,
            margin,
            tuple(grounds),
            "given",
            payload_t,
        )
    load, most = _load(aircraft, payload_t, grounds)
    low, high = (float(km) for km in payload_range_km(aircraft, load or 0.0, rule))
    grounds.insert(0, f"{aircraft.name}: {_span(low, high)} km {_with(load)}")
    grounds += _reserve_grounds(aircraft, distance_km, rule)
    margin = (low + high) / 2 / needed - 1
    verdict = _judge(low, high, needed)
    if load is not None and most is not None and load > most:
        verdict = "not feasible"
        grounds.insert(0, f"{load:g} t is more than the type carries ({most:g} t)")
    elif load is not None and aircraft.mtow_t and load >= aircraft.mtow_t[1]:
        verdict = "not feasible"
        grounds.insert(
            0, f"{load:g} t is no less than the greatest take-off weight ({aircraft.mtow_t[1]:g} t)"
        )
    feasible, beyond = _payload_limits(aircraft, needed, rule, most)
    if feasible is not None and most is not None and feasible < most:
        grounds.append(f"feasible with up to {feasible:.1f} t")
    if beyond is not None:
        grounds.append(f"not feasible with {beyond:.1f} t or more" if beyond else "not feasible even empty")
    letters = [point.confidence for point in aircraft.ranges]
    for sibling in aircraft.siblings:
        if sibling.ranges:
            other = range_verdict(
                sibling,
                distance_km,
                payload_t=None if payload_t is None else min(payload_t, _most(sibling) or payload_t),
                headwind_kmh=headwind_kmh,
                reserve=rule,
            )
            grounds.append(f"{aircraft.designator} may also be the {sibling.name}: {other.verdict}")
    confidence = max(letters)
    grounds.append(f"confidence {confidence}: {CONFIDENCES[confidence]}")
    return RangeVerdict(
        verdict, (low, high), needed, margin, tuple(grounds), confidence, load, feasible, beyond
    )


def _judge(low: float, high: float, needed: float) -> str:
    ratio = (low + high) / 2 / needed
    if ratio >= 1 + BAND and low >= needed:
        return "feasible"
    if ratio <= 1 - BAND and high < needed:
        return "not feasible"
    return "marginal"


def _needed(aircraft: AircraftType, distance_km: float, headwind_kmh: float) -> tuple[float, list[str]]:
    if not isfinite(headwind_kmh):
        raise InputError(f"headwind_kmh is {headwind_kmh}", mend="give a number of km/h")
    if headwind_kmh == 0:
        return distance_km, ["still air: no wind is reckoned with"]
    if aircraft.cruise_kmh is None:
        raise InputError(
            f"no speed is held for {aircraft.designator}", mend="leave the wind out or give range_km"
        )
    speed = _middle(aircraft.cruise_kmh)
    if headwind_kmh >= speed:
        raise InputError(
            f"a headwind of {headwind_kmh:g} km/h stops a type that cruises at {speed:g} km/h",
            mend="give the mean wind along the leg",
        )
    kind = "headwind" if headwind_kmh > 0 else "tailwind"
    needed = distance_km * speed / (speed - headwind_kmh)
    return needed, [
        f"mean {kind} of {abs(headwind_kmh):g} km/h: {distance_km:,.0f} km take as much as {needed:,.0f} km"
    ]


def _load(
    aircraft: AircraftType, payload_t: float | None, grounds: list[str]
) -> tuple[float | None, float | None]:
    """The payload to reckon with, and the greatest the type carries; what was assumed goes to `grounds`."""
    most = _most(aircraft)
    if payload_t is not None:
        _sensible("payload_t", payload_t, above=None)
        if most is None:
            grounds.append("range with the maker's usual load; how it changes with payload is not held")
        return payload_t, most
    if most is None:
        grounds.append("range with the maker's usual load")
        return None, None
    load = ASSUMED_SHARE * _middle(aircraft.payload_max_t or (most, most))
    grounds.append(f"payload unknown: {load:g} t assumed, half of the greatest")
    return load, most


def _most(aircraft: AircraftType) -> float | None:
    return aircraft.payload_max_t[1] if aircraft.payload_max_t else None


def _reserve_grounds(aircraft: AircraftType, distance_km: float, rule: Reserve) -> list[str]:
    if aircraft.cruise_kmh is None:
        return []
    km = rule.beyond_km(distance_km, _middle(aircraft.cruise_kmh))
    parts = (
        f"{rule.trip_share:.0%} of the trip, {rule.hold_min:g} min, {rule.alternate_km:g} km to an alternate"
    )
    how = {
        "in": "held by the published range",
        "assumed": "assumed to be held by the published ranges",
        "out": "taken off the ferry range",
    }
    told = [text for kind, text in how.items() if any(point.reserves == kind for point in aircraft.ranges)]
    return [f"reserve of {km:,.0f} km ({parts}) {' and '.join(told)}"]


def _payload_limits(
    aircraft: AircraftType, needed: float, rule: Reserve, most: float | None
) -> tuple[float | None, float | None]:
    """The greatest feasible payload and the least that is not feasible, to a tenth of a tonne."""
    if most is None or len(aircraft.ranges) < 2:
        return None, None
    loads = np.arange(0.0, most + 0.05, 0.1)
    reach = payload_range_km(aircraft, loads, rule)
    verdicts = [_judge(float(low), float(high), needed) for low, high in reach]
    feasible = verdicts.count("feasible")
    first_not = len(verdicts) - verdicts.count("not feasible")
    return (
        round(float(loads[feasible - 1]), 1) if feasible else None,
        round(float(loads[first_not]), 1) if first_not < len(verdicts) else None,
    )


def _sensible(name: str, value: float, *, above: float | None) -> None:
    if not isfinite(value) or value < 0 or (above is not None and value <= above):
        wish = "more than zero" if above is not None else "zero or more"
        raise InputError(f"{name} is {value:g}", mend=f"give a number that is {wish}")


def _middle(interval: Interval) -> float:
    return sum(interval) / 2


def _span(low: float, high: float) -> str:
    return f"{low:,.0f}" if round(low) == round(high) else f"{low:,.0f}-{high:,.0f}"


def _with(load: float | None) -> str:
    return "as published" if load is None else f"with {load:g} t"
