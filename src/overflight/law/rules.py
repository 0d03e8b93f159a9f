"""All rows of law together: the shipped ones and the desk's own, checked against each other."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

from overflight import settings
from overflight.errors import DataError, LawError
from overflight.law.measure import (
    OPTIONS,
    Day,
    Dispute,
    Endorsement,
    Measure,
    Membership,
    Party,
    Period,
    Position,
    Practice,
)
from overflight.law.schema import parse
from overflight.law.tables import DATA, Row, identify
from overflight.world.tables import records

__all__ = [
    "Alive",
    "Rules",
    "Standing",
    "build",
    "check",
    "load",
    "measures_in_force",
    "own_files",
    "shipped",
]

_T = TypeVar("_T")
_NOTHING = object()
_MOST_KEPT = 20_000
#: Tables that a desk's own folder leaves out: words and the order of fit are not a desk's to change.
_FIXED = ("words.csv", "cargo_words.csv", "order.csv")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a measure stands on a day for a desk that works with one state's position.

    `counts` is "yes", "no" or "in doubt" (contested, and no position chosen or that state is silent).
    """

    period: Period
    counts: str
    held: str = ""

    @property
    def contested(self) -> bool:
        return self.period.status == "contested"


@dataclass(frozen=True, slots=True)
class Alive:
    """A measure in force that is addressed to a state: how it stands, its roles, whether it binds."""

    measure: Measure
    standing: Standing
    roles: Mapping[str, str]
    bound: bool


@dataclass(frozen=True)
class Rules:
    """Every row, sorted so that the order of files and lines never matters."""

    measures: tuple[Measure, ...]
    disputes: tuple[Dispute, ...]
    positions: tuple[Position, ...]
    memberships: tuple[Membership, ...]
    endorsements: tuple[Endorsement, ...]
    parties: tuple[Party, ...]
    practice: tuple[Practice, ...]
    #: Answers kept: thousands of applications ask about the same states and days.
    _kept: dict[tuple[object, ...], object] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )

    def _keep(self, key: tuple[object, ...], make: Callable[[], _T]) -> _T:
        found = self._kept.get(key, _NOTHING)
        if found is _NOTHING:
            if len(self._kept) > _MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = make()
        return cast(_T, found)

    def measure(self, id: str) -> Measure:  # noqa: A002 - the column's name
        """The measure with an id.

        Raises
        ------
        KeyError
            There is none.
        """
        for one in self.measures:
            if one.id == id:
                return one
        raise KeyError(id)

    def dispute(self, id: str) -> Dispute:  # noqa: A002
        return next(one for one in self.disputes if one.id == id)

    def groups_of(self, state: str, on: Day) -> frozenset[str]:
        """The groups a state is in on a day."""
        return self._keep(
            ("groups", state, on),
            lambda: frozenset(m.group for m in self.memberships if m.state == state and m.holds(on)),
        )

    def alive(self, state: str, on: Day, position: str = "") -> tuple[Alive, ...]:
        """The measures in force on a day that are addressed to a state, by id, with how they stand."""

        def make() -> tuple[Alive, ...]:
            found = []
            for measure in self.measures:
                standing = self.standing(measure, on, position)
                if standing is not None and self.speaks_to(measure, state, on):
                    roles = {name: role for name in OPTIONS if (role := measure.role(name))}
                    found.append(Alive(measure, standing, roles, self.bound(measure, state, on)))
            return tuple(found)

        return self._keep(("alive", state, on, position), make)

    def contested(self, on: Day) -> tuple[tuple[Measure, str], ...]:
        """The measures that are contested on a day, each with its dispute."""

        def make() -> tuple[tuple[Measure, str], ...]:
            periods = ((m, m.period(on)) for m in self.measures)
            return tuple((m, p.dispute) for m, p in periods if p is not None and p.status == "contested")

        return self._keep(("contested", on), make)

    def endorsement(self, state: str, on: Day) -> Endorsement | None:
        """How a state stands to the PSI principles; an endorsement before any weaker word."""
        found = [
            e
            for e in self.endorsements
            if e.state == state and (e.start is None or Period(e.start, e.until).covers(on))
        ]
        order = ("endorsed", "suspended", "supports", "opposed", "not listed")
        return min(found, key=lambda e: (e.start is None, order.index(e.status)), default=None)

    def speaks_to(self, measure: Measure, state: str, on: Day) -> bool:
        """Whether a measure is addressed to a state on a day; the Council speaks to all states."""
        groups = self.groups_of(state, on)
        for who in measure.applies_to:
            if who in ("*", "UN", state) or who in groups:
                return True
            if who == "PSI":
                stand = self.endorsement(state, on)
                if stand and stand.status == "endorsed" and stand.start:
                    return True
        return False

    def bound(self, measure: Measure, state: str, on: Day) -> bool:
        """Whether what it decides binds the state: decisions of the Council bind members."""
        return measure.applies_to != ("UN",) or "NOT-UN" not in self.groups_of(state, on)

    def position(self, dispute: str, state: str, on: Day) -> Position | None:
        """What a state holds in a dispute on a day: its own row, else that of a group it is in."""
        holding = [p for p in self.positions if p.dispute == dispute and p.holds(on)]
        own = [p for p in holding if p.state == state]
        groups = self.groups_of(state, on)
        found = own or [p for p in holding if p.state in groups]
        return max(found, key=lambda p: (p.own, p.start), default=None)

    def standing(self, measure: Measure, on: Day, position: str = "") -> Standing | None:
        """How a measure stands on a day; None when it is not in force, or is suspended.

        Parameters
        ----------
        position : str
            The state whose position the desk works with; empty for none.
        """
        period = measure.period(on)
        if period is None or period.status == "suspended":
            return None
        if period.status == "in force":
            return Standing(period, "yes")
        row = self.position(period.dispute, position, on) if position else None
        held = row.position if row else "silent"
        counts = "in doubt" if held == "silent" else "yes" if held == period.held_by else "no"
        return Standing(period, counts, held)

    def customs(self, state: str, on: Day) -> tuple[Practice, ...]:
        """What a state has done about suspect flights, up to a day."""
        names = {state} | self.groups_of(state, on)
        return tuple(
            p for p in self.practice if names & set(p.states) and Period(p.start, p.until).covers(on)
        )


def build(files: Iterable[tuple[str, str, list[Row], bool]]) -> Rules:
    """Put tables together.

    Parameters
    ----------
    files : iterable of (name, table, rows, own)

    Raises
    ------
    LawError
        A row that the schema refuses, an id used twice, or a name that no other row has.
    """
    found: dict[str, list[object]] = defaultdict(list)
    lines: dict[str, list[Row]] = defaultdict(list)
    seen: dict[tuple[str, str], Row] = {}
    for _, kind, entries, own in files:
        for row in entries:
            found[kind].append(parse(kind, row, own))
            lines[kind].append(row)
            id_ = row.values.get("id") or (row.values.get("key") if kind == "sources" else "") or ""
            if id_:
                other = seen.setdefault((kind, id_), row)
                if other is not row:
                    raise row.fault(
                        "id", f"{id_} is there twice (see {other.file}, line {other.line})", "choose another"
                    )
    _cross_check(lines, found)
    periods: dict[str, list[Period]] = defaultdict(list)
    for entry in found["periods"]:
        assert isinstance(entry, tuple)
        periods[entry[0]].append(entry[1])

    def of(kind: str) -> list[object]:
        return sorted(found[kind], key=lambda one: (getattr(one, "id", ""), repr(one)))

    return Rules(
        measures=tuple(
            replace(m, periods=(*m.periods, *sorted(periods[m.id], key=repr)))
            for m in of("measures")
            if isinstance(m, Measure)
        ),
        disputes=tuple(d for d in of("disputes") if isinstance(d, Dispute)),
        positions=tuple(p for p in of("positions") if isinstance(p, Position)),
        memberships=tuple(m for m in of("groups") if isinstance(m, Membership)),
        endorsements=tuple(e for e in of("psi") if isinstance(e, Endorsement)),
        parties=tuple(p for p in of("parties") if isinstance(p, Party)),
        practice=tuple(p for p in of("practice") if isinstance(p, Practice)),
    )


def _cross_check(lines: Mapping[str, list[Row]], found: Mapping[str, list[object]]) -> None:
    """Names that one row uses and another must have."""
    ids = {row.values["id"] for row in lines["measures"]}
    disputes = {row.values["id"] for row in lines["disputes"]}
    groups = {row.values["group"] for row in lines["groups"]} | {"*", "UN", "PSI"}
    keys = set(map(str, found["sources"]))
    for kind, column, known, what in (
        ("periods", "measure", ids, "measure"),
        ("periods", "dispute", disputes | {""}, "dispute"),
        ("positions", "dispute", disputes, "dispute"),
    ):
        for row in lines[kind]:
            if row.values[column] not in known:
                raise row.fault(column, f"there is no {what} {row.values[column]!r}")
    for kind, column in (("measures", "applies_to"), ("positions", "state"), ("practice", "states")):
        for row in lines[kind]:
            for word in row.words(column):
                if len(word) != 3 and word not in groups:
                    raise row.fault(column, f"there is no group {word!r}")
    for kind, entries in lines.items():
        for row in entries:
            if kind != "sources" and "key" in row.values:
                for word in row.words("key"):
                    if keys and word not in keys:
                        raise row.fault("key", f"sources.csv has no key {word!r}", "leave it empty")
            if kind == "measures" and len(clock := row.words("clock")) == 2 and clock[1] not in ids:
                raise row.fault("clock", f"there is no measure {clock[1]!r}")


@cache
def _shipped_files() -> tuple[tuple[str, str, list[Row], bool], ...]:
    return tuple(
        (path.name, *identify(path), False) for path in sorted(DATA.glob("*.csv")) if path.name not in _FIXED
    )


@cache
def shipped() -> Rules:
    """The rows that come with the program.

    Raises
    ------
    DataError
        They are damaged.
    """
    try:
        return build(_shipped_files())
    except LawError as fault:
        raise DataError(fault.what, where=fault.where, mend="install overflight again") from fault


def own_files(home: Path) -> tuple[Path, ...]:
    """The files with a desk's own rows."""
    return tuple(sorted((home / "law").glob("*.csv")))


def load(home: Path | None = None) -> Rules:
    """The shipped rows and the desk's own, from the folder ``law`` of the desk.

    Parameters
    ----------
    home : Path, optional
        The desk's folder; default: that of the settings.

    Raises
    ------
    LawError
        A row of the desk's own that the schema refuses.
    """
    files = own_files(settings.load().home if home is None else home)
    if not files:
        return shipped()
    return _with_own(tuple((path, path.stat().st_mtime_ns) for path in files))


@cache
def _with_own(files: tuple[tuple[Path, int], ...]) -> Rules:
    shipped()
    return build((*_shipped_files(), *((str(path), *identify(path, str(path)), True) for path, _ in files)))


def check(path: Path) -> tuple[str, int]:
    """Check a file of rows against the schema and beside the shipped rows.

    Returns
    -------
    (str, int)
        Which table it is, and how many rows it has.

    Raises
    ------
    LawError
        The first row that is refused: file, line and column.
    """
    kind, entries = identify(path, str(path))
    build((*_shipped_files(), (str(path), kind, entries, True)))
    return kind, len(entries)


@cache
def fit_order() -> Mapping[str, tuple[tuple[str, ...], str]]:
    """For each class of showing the order of fit, best first, and why."""
    found = {}
    for row in records(DATA / "order.csv", ("showing", "options", "why", "source")):
        if sorted(row.words("options")) != sorted(OPTIONS):
            raise row.fault("options", "must name every option once")
        found[row.needed("showing")] = (row.words("options"), row.needed("why"))
    return found


def measures_in_force(
    on: Day,
    *,
    state: str | None = None,
    target: str | None = None,
    kind: str | None = None,
    position: str = "",
    rules: Rules | None = None,
) -> tuple[Measure, ...]:
    """Every measure in force on a day or at an instant, sorted by target and date.

    Parameters
    ----------
    on : date or datetime
        A day counts as a whole: what holds for any part of it is in force.
    state : str, optional
        Only measures addressed to this state.
    target : str, optional
        Only measures about this state.
    kind : str, optional
        Only this kind, such as ``DENY_AIR``.
    position : str, optional
        Leave out contested measures that this state rejects; by default they are all listed.
    """
    known = load() if rules is None else rules
    found = []
    for measure in known.measures:
        standing = known.standing(measure, on, position)
        if standing is None or standing.counts == "no":
            continue
        if state is not None and not known.speaks_to(measure, state, on):
            continue
        if (target is None or target in measure.targets) and kind in (None, measure.kind):
            found.append(measure)
    return tuple(sorted(found, key=lambda m: (m.targets, m.periods[0].start, m.id)))
