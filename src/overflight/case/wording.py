"""How figures and lists are written for people: one way on the terminal, on the page and in files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from overflight.case.model import Brief, Passage, StateView
from overflight.world.flight import Window
from overflight.world.states import name

__all__ = [
    "around",
    "clock",
    "day",
    "detour",
    "hours",
    "km",
    "listed",
    "named",
    "nm",
    "route_title",
    "row_title",
    "rows",
    "share",
    "way",
    "when",
]

_KM_PER_NM = 1.852
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def km(value: float) -> str:
    """``6,426 km``; below 10 km with one decimal."""
    return f"{value:,.1f} km" if abs(value) < 9.95 else f"{value:,.0f} km"


def nm(value: float) -> str:
    """Kilometres as nautical miles."""
    return f"{value / _KM_PER_NM:,.0f} NM"


def detour(value: float | None, *, none: str = "none within range") -> str:
    """``+212 km``; a detour below a kilometre is still a detour."""
    if value is None:
        return none
    return f"+{km(max(value, 0.0))}" if value >= 0.05 else "0 km"


def share(value: float) -> str:
    """``63 %``, without ever calling the unlikely impossible or the likely certain."""
    if value <= 0:
        return "< 1 %"
    if value >= 1:
        return "100 %"
    return "> 99 %" if value > 0.99 else "< 1 %" if value < 0.01 else f"{value:.0%}".replace("%", " %")


def day(moment: datetime) -> str:
    """``7 August 2008``."""
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def clock(moment: datetime) -> str:
    """``7 Aug 03:10``, to the nearest minute, in UTC."""
    moment += timedelta(seconds=30)
    return f"{moment.day} {_MONTHS[moment.month - 1][:3]} {moment:%H:%M}"


def when(window: Window) -> str:
    """A departure or arrival window as a person writes it."""
    if window.is_day:
        return f"{day(window.earliest)} (UTC)"
    if window.is_instant:
        return f"{day(window.earliest)}, {window.earliest:%H:%M}Z"
    return f"{clock(window.earliest)}Z to {clock(window.latest)}Z {window.latest.year}"


def hours(interval: tuple[float, float]) -> str:
    """``1 h 05 – 1 h 40`` after departure."""

    def one(value: float) -> str:
        minutes = round(value * 60)
        return f"{minutes // 60} h {minutes % 60:02d}"

    low, high = one(interval[0]), one(interval[1])
    return low if low == high else f"{low} – {high}"


def named(states: Iterable[str]) -> list[str]:
    """English names of alpha-3 codes."""
    return [name(state) for state in states]


def listed(states: Iterable[str], word: str = "and") -> str:
    """``China, Laos and Thailand``."""
    names = named(states)
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {word} {names[-1]}"


def way(states: Iterable[str]) -> str:
    """``China – Mongolia – Kazakhstan`` in order of flight."""
    return " – ".join(named(states)) or "departure and arrival alone"


def route_title(brief: Brief) -> str:
    """``Pyongyang – Mandalay – Tehran``."""
    legs = brief.flight.legs
    stops = [legs[0].origin, *(leg.destination for leg in legs)]
    return " – ".join(stop.city or stop.icao for stop in stops)


def rows(passages: Iterable[Passage]) -> list[tuple[Passage, ...]]:
    """Passages as rows of a table: neighbouring slivers without a number share one."""
    out: list[tuple[Passage, ...]] = []
    for passage in passages:
        small = passage.number is None and passage.crossing.sliver and passage.crossing.state is not None
        last = out[-1][-1] if out else None
        if small and last and last.number is None and last.crossing.sliver and last.crossing.state:
            out[-1] = (*out[-1], passage)
        else:
            out.append((passage,))
    return out


def row_title(row: tuple[Passage, ...]) -> str:
    """``China``, ``High seas`` or ``Bangladesh and India``."""
    crossing = row[0].crossing
    if crossing.state is None:
        return "High seas" if crossing.over == "high seas" else "No state"
    return listed(dict.fromkeys(p.crossing.state for p in row if p.crossing.state))


def around(view: StateView) -> str:
    """How far out of the way a flight must go to keep out of a state."""
    if view.standing == "permits":
        return "always permits"
    return detour(view.around_km) if view.on_line else "not on it"
