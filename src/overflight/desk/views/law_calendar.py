"""The calendar of measures: what was adopted, in force, changed and ended, on one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from overflight.law import Measure, Rules
from overflight.law.measure import Day

__all__ = [
    "About",
    "Bar",
    "InstrumentRow",
    "MeasureRow",
    "instruments",
    "kinds_in",
    "measures_json",
    "place_in",
    "targets_in",
    "ticks",
    "years_of",
]


@dataclass(frozen=True, slots=True)
class Bar:
    """One span of a measure on the line of time: where it begins and ends, 0 to 1, and what holds in it."""

    begin: float
    end: float
    status: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class MeasureRow:
    """One measure in the calendar."""

    measure: Measure
    bars: tuple[Bar, ...]
    since: date
    until: date | None
    #: "in force", "contested", "suspended", "not yet", "ended".
    today: str

    @property
    def verified(self) -> bool:
        return self.measure.verified


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """One instrument with its measures; `changes` tells in order of time how it changed and ended."""

    instrument: str
    adopted: str
    since: date
    until: date | None
    changes: tuple[str, ...]
    measures: tuple[MeasureRow, ...]

    @property
    def today(self) -> str:
        """The strongest word that holds for any of its measures."""
        order = ("in force", "contested", "suspended", "not yet", "ended")
        return min((one.today for one in self.measures), key=order.index)


@dataclass(frozen=True, slots=True)
class About:
    """The instruments about some states."""

    targets: tuple[str, ...]
    rows: tuple[InstrumentRow, ...]


def years_of(rules: Rules, on: Day) -> tuple[int, int]:
    """First year of the line of time and the one after its last.

    It begins with the first measure about a state: conventions are older, and open at its left end.
    """
    starts = [one.periods[0].start.year for one in rules.measures if one.targets]
    ends = [p.until.year for one in rules.measures for p in one.periods if p.until]
    return min([*starts, on.year]), max([*starts, *ends, on.year]) + 2


def place_in(day: datetime | date, years: tuple[int, int]) -> float:
    """Where a day is between two New Year's days, 0 to 1."""
    first, last = date(years[0], 1, 1), date(min(years[1], date.max.year), 1, 1)
    plain = day.date() if isinstance(day, datetime) else day
    return min(max((plain - first).days / max((last - first).days, 1), 0.0), 1.0)


def instruments(
    rules: Rules, on: Day, *, about: str = "", kind: str = "", binding: str = "", standing: bool = False
) -> tuple[About, ...]:
    """Every measure by whom it is about and by instrument, in order of time.

    Parameters
    ----------
    about : str
        Alpha-3 of one target; ``none`` for rules that are about nobody in particular.
    kind, binding : str
        Only these.
    standing : bool
        Only what is in force, or contested, on the day.
    """
    years = years_of(rules, on)
    groups: dict[tuple[str, ...], dict[str, list[MeasureRow]]] = {}
    for one in rules.measures:
        if about and not (about in one.targets or (about == "none" and not one.targets)):
            continue
        if (kind and one.kind != kind) or (binding and one.binding != binding):
            continue
        row = _measure_row(one, on, years)
        if standing and row.today not in ("in force", "contested"):
            continue
        groups.setdefault(one.targets, {}).setdefault(one.instrument, []).append(row)
    found = []
    for targets in sorted(groups, key=lambda t: (not t, -sum(map(len, groups[t].values())), t)):
        rows = [_instrument(name, some) for name, some in groups[targets].items()]
        found.append(About(targets, tuple(sorted(rows, key=lambda row: (row.since, row.instrument)))))
    return tuple(found)


def _measure_row(one: Measure, on: Day, years: tuple[int, int]) -> MeasureRow:
    first = one.periods[0]
    bars = tuple(
        Bar(
            place_in(p.start, years),
            place_in(p.until, years) if p.until else 1.0,
            p.status,
            p.start.date().isoformat(),
            p.until.date().isoformat() if p.until else "",
        )
        for p in one.periods
    )
    now = one.period(on)
    if now is not None:
        today = now.status
    else:
        plain = on.date() if isinstance(on, datetime) else on
        today = "not yet" if plain < first.start.date() else "ended"
    return MeasureRow(one, bars, first.start.date(), first.until.date() if first.until else None, today)


def _instrument(name: str, some: list[MeasureRow]) -> InstrumentRow:
    some = sorted(some, key=lambda row: (row.since, row.measure.id))
    ends = [row.until for row in some]
    until = None if None in ends else max(e for e in ends if e)
    told = {(until, "ended")} if until else set()
    for row in some:
        for period in row.measure.periods[1:]:
            told.add((period.start.date(), period.status))
            if period.until is not None:
                told.add((period.until.date(), f"{period.status} no more"))
    return InstrumentRow(
        name,
        min(row.measure.adopted for row in some),
        some[0].since,
        until,
        tuple(f"{word} {day.isoformat()}" for day, word in sorted(told)),
        tuple(some),
    )


def measures_json(rules: Rules, on: Day, **narrow: Any) -> list[dict[str, Any]]:
    """The calendar as JSON, measure by measure."""
    return [
        {
            "id": row.measure.id,
            "instrument": row.measure.instrument,
            "paragraph": row.measure.paragraph,
            "adopted": row.measure.adopted,
            "targets": list(row.measure.targets),
            "kind": row.measure.kind,
            "binding": row.measure.binding,
            "effect": row.measure.effect,
            "on_the_day": row.today,
            "periods": [
                {
                    "from": _stamp(p.start),
                    "until": _stamp(p.until),
                    "status": p.status,
                    "verified": p.verified,
                }
                for p in row.measure.periods
            ],
            "verified": row.measure.verified,
            "unverified": row.measure.unverified,
            "own": row.measure.own,
            "source": row.measure.source,
        }
        for group in instruments(rules, on, **narrow)
        for line in group.rows
        for row in line.measures
    ]


def _stamp(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
    return moment.date().isoformat() if midnight else moment.isoformat().replace("+00:00", "Z")


def targets_in(rules: Rules) -> tuple[str, ...]:
    """States that measures are about, the most often named first."""
    counts: dict[str, int] = {}
    for one in rules.measures:
        for code in one.targets:
            counts[code] = counts.get(code, 0) + 1
    return tuple(sorted(counts, key=lambda code: (-counts[code], code)))


def kinds_in(rules: Rules) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Kinds and bindings that the rows have."""
    return (
        tuple(sorted({one.kind for one in rules.measures})),
        tuple(sorted({one.binding for one in rules.measures})),
    )


def ticks(years: tuple[int, int]) -> tuple[tuple[int, float], ...]:
    """Years to write under the line of time, and where."""
    span = years[1] - years[0]
    step = next((s for s in (1, 2, 5, 10, 20, 50) if span / s <= 9), 50)
    first = -(-years[0] // step) * step
    return tuple((year, place_in(date(year, 1, 1), years)) for year in range(first, years[1], step))
