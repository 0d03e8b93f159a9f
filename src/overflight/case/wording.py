"""How figures and lists are written for people: one way on the terminal, on the page and in files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from overflight.world.states import name

if TYPE_CHECKING:  # whoever only wants a time in words need not load the brief
    from overflight.case.model import Brief, Counsel, Passage, StateView
    from overflight.law import MeasureView, Option
    from overflight.world.flight import Window

__all__ = [
    "around",
    "cited",
    "clock",
    "day",
    "detour",
    "duty",
    "hours",
    "km",
    "law_rows",
    "listed",
    "marked",
    "named",
    "nm",
    "option",
    "powers",
    "route_title",
    "row_title",
    "rows",
    "share",
    "until",
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


def option(one: Counsel) -> str:
    """What fits best, in words: before take-off an option means another thing than its name."""
    best = one.advice.best
    if best is None:
        return "has no say here"
    return best.meaning if one.advice.question.departing else best.option.replace("-", " ")


def duty(option: Option) -> str:
    """``must``, ``may`` or ``may, recommended``: what the law makes of an option."""
    return f"{option.duty}, {option.asked}" if option.asked and option.duty == "may" else option.duty


def cited(option: Option) -> list[tuple[str, str]]:
    """What obliges or asks, else the state's own powers: each instrument with its paragraphs and doubts."""
    return _grouped(option, ("act", "on-landing")) or powers(option)


def marked(measure: MeasureView) -> str:
    """``2270-18*†``: an id with its marks: * unverified, † once it lands, ‡ contested."""
    marks = ("†" if measure.role == "on-landing" else "") + ("‡" if measure.status == "contested" else "")
    return measure.id + ("*" if measure.unverified or not measure.verified else "") + marks


def powers(option: Option) -> list[tuple[str, str]]:
    """What lets the state choose an option whether or not anybody asks it."""
    return _grouped(option, ("power", "unbar"))


def _grouped(option: Option, roles: tuple[str, ...]) -> list[tuple[str, str]]:
    out: dict[tuple[str, str], list[str]] = {}
    for measure in option.measures:
        if measure.role in roles:
            out.setdefault((measure.instrument, _doubt(measure)), []).append(measure.paragraph)
    return [
        (", ".join(filter(None, (instrument, _articles(paragraphs)))), doubt)
        for (instrument, doubt), paragraphs in out.items()
    ]


def _articles(paragraphs: Iterable[str]) -> str:
    """``Articles 1, 16 and 35(a)`` where all are articles, else each in full."""
    parts = [part for text in paragraphs for part in re.sub(r"^Articles? ", "", text).split(" and ") if part]
    if not all(re.match(r"Articles? \d", text) for text in paragraphs):
        return ", ".join(dict.fromkeys(filter(None, paragraphs)))
    numbers = sorted(dict.fromkeys(parts), key=lambda part: (int(re.match(r"\d+", part)[0]), part))  # type: ignore[index]
    return f"Article{'s' if len(numbers) > 1 else ''} {', '.join(numbers)}"


def law_rows(law: Iterable[Counsel]) -> list[tuple[Counsel, list[str]]]:
    """Rows of a table of law: states of which it says the same share one, named in order of flight."""
    found: dict[tuple[object, ...], tuple[Counsel, list[str]]] = {}
    for one in law:
        best = one.advice.best
        options = tuple((option.option, option.duty) for option in one.advice.options)
        said = (duty(best), *cited(best), *powers(best), until(best)) if best else ()
        found.setdefault((one.on_line, options, *said), (one, []))[1].append(one.name)
    return list(found.values())


def _doubt(measure: MeasureView) -> str:
    words = [
        "contested" if measure.status == "contested" else "",
        "unverified" if measure.unverified or not measure.verified else "",
        "once it lands" if measure.role == "on-landing" else "",
    ]
    return ", ".join(word for word in words if word)


def until(option: Option) -> str:
    """The day on which the first of the measures ends that oblige or ask; empty where no end is known."""
    ends = [m.until for m in option.measures if m.until and m.role in ("act", "on-landing")]
    return day(min(ends)) if ends else ""
