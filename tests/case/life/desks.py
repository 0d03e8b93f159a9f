"""A desk without a disk: a log that is a list, a world that is a table, a clock that is turned by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

from overflight.case.life.compose import NoCounsel, Phrase
from overflight.case.life.desk import CaseDesk
from overflight.case.life.events import Clock, Inspected
from overflight.case.life.facts import leg_names
from overflight.case.life.ways import Entry, LegWays, Way, Ways
from overflight.errors import ConflictError, InputError
from overflight.store.event import AgendaItem, CaseHead, Draft, Event, Expect, Head
from overflight.world.flight import Aircraft, Flight, Leg, Stop, Window


class ListLog:
    """The log's protocol over a list."""

    def __init__(self, clock: TurnedClock) -> None:
        self.clock = clock
        self.recorded_events: list[Event] = []
        self.items: dict[str, tuple[AgendaItem, ...]] = {}

    def append(
        self,
        drafts: Sequence[Draft],
        *,
        expect: Expect | None = None,
        agenda: Mapping[str, Sequence[AgendaItem]] | None = None,
        key: str | None = None,
    ) -> tuple[Event, ...]:
        expected = {drafts[0].case: expect} if isinstance(expect, int) else expect
        if isinstance(expected, Mapping):
            for case, last in expected.items():
                if self.last(case) != last:
                    raise InputError(f"{case} has moved on", where="log")
        out = []
        for draft in drafts:
            previous = self.recorded_events[-1].digest if self.recorded_events else b"\0" * 32
            seq = len(self.recorded_events) + 1
            event = Event(
                seq, self.clock(), draft.case, draft.kind, draft.body, draft.true_at, draft.by, draft.source,
                previous, sha256(previous + str(seq).encode()).digest(), key,
            )  # fmt: skip
            self.recorded_events.append(event)
            out.append(event)
        for case, items in (agenda or {}).items():
            self.items[case] = tuple(items)
        return tuple(out)

    @contextmanager
    def recorded(
        self,
        drafts: Sequence[Draft],
        *,
        expect: Expect | None = None,
        agenda: Mapping[str, Sequence[AgendaItem]] | None = None,
        key: str | None = None,
    ) -> Iterator[tuple[Event, ...]]:
        yield self.append(drafts, expect=expect, agenda=agenda, key=key)

    def events(
        self,
        case: str | None = None,
        *,
        after: int = 0,
        until: datetime | None = None,
        true_until: datetime | None = None,
        kind: str | None = None,
    ) -> Iterator[Event]:
        for event in self.recorded_events:
            if (
                (case is None or event.case == case)
                and event.seq > after
                and (until is None or event.recorded_at <= until)
                and (true_until is None or event.true_at <= true_until)
                and (kind is None or event.kind == kind)
            ):
                yield event

    def head(self) -> Head:
        events = self.recorded_events
        return Head(len(events), events[-1].digest if events else b"\0" * 32, "desk")

    def last(self, case: str) -> int:
        return max((event.seq for event in self.recorded_events if event.case == case), default=0)

    def cases(self) -> Iterator[CaseHead]:
        for case in dict.fromkeys(event.case for event in self.recorded_events):
            seqs = [event.seq for event in self.recorded_events if event.case == case]
            yield CaseHead(case, seqs[0], seqs[-1], len(seqs))

    def agenda(
        self, *, before: datetime | None = None, case: str | None = None, kind: str | None = None
    ) -> Iterator[AgendaItem]:
        last = datetime.max.replace(tzinfo=UTC)
        found = [one for items in self.items.values() for one in items]
        for one in sorted(found, key=lambda i: (i.due_at or last, i.case, i.key)):
            timely = before is None or (one.due_at is not None and one.due_at < before)
            if timely and (case is None or one.case == case) and (kind is None or one.kind == kind):
                yield one

    def replace_agenda(
        self, agenda: Mapping[str, Sequence[AgendaItem]], *, expect: Mapping[str, int] | None = None
    ) -> None:
        for case, last in (expect or {}).items():
            if self.last(case) != last:
                raise ConflictError(f"{case} has moved on", where="log")
        for case, items in agenda.items():
            self.items[case] = tuple(items)


@dataclass
class TurnedClock:
    """The time, moved on by hand; it never goes back."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def to(self, day: str, hour: str = "12:00") -> datetime:
        moment = datetime.fromisoformat(f"{day}T{hour}:00+00:00")
        assert moment >= self.now
        self.now = moment
        return moment


@dataclass
class Table:
    """A world in which every leg is known by heart: its ways, its line, the hours to each state."""

    legs: dict[str, tuple[tuple[tuple[str, ...], float], ...]]
    lines: dict[str, tuple[str, ...]]
    hours: dict[str, float] = field(default_factory=dict)
    searches: int = 0

    def ways(self, flight: Flight, refused: Collection[str] = ()) -> Ways:
        self.searches += 1
        out = []
        names = leg_names(flight)
        for number, (name, leg) in enumerate(zip(names, flight.legs, strict=True)):
            ways = self.legs[name]
            sets = [frozenset(states) for states, _ in ways]
            departs = leg.departs.earliest

            def entry(state: str, departs: datetime = departs) -> Entry:
                moment = departs + timedelta(hours=self.hours.get(state, 1.0))
                return Entry(state, moment, moment + timedelta(hours=1))

            out.append(
                LegWays(
                    leg=name,
                    always=tuple(sorted({leg.origin.state, leg.destination.state})),
                    line=self.lines[name],
                    entries=tuple(entry(s) for s in self.lines[name]),
                    departs=departs,
                    range_km=8000.0,
                    ways=tuple(Way(states, km, tuple(entry(s) for s in states)) for states, km in ways),
                    coalitions=hitting_sets(sets),
                    complete=True,
                    closed=not ways,
                    lands=leg.destination.state if number < len(names) - 1 else "",
                )
            )
        return Ways(tuple(out))

    def entered(self, track: str) -> tuple[str, ...]:
        return tuple(track.split(","))


def hitting_sets(sets: Sequence[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
    """Every least set that meets each of `sets`, by trying all: the plain way, for small worlds."""
    from itertools import combinations

    if any(not one for one in sets):
        return ()
    states = sorted(frozenset().union(*sets)) if sets else []
    found: list[frozenset[str]] = []
    for size in range(1, len(states) + 1):
        for chosen in combinations(states, size):
            one = frozenset(chosen)
            if all(one & other for other in sets) and not any(least <= one for least in found):
                found.append(one)
    return tuple(sorted((tuple(sorted(one)) for one in found), key=lambda s: (len(s), s)))


class Lawyer:
    """Knows one resolution, adopted on a day, one duty to report, and perhaps a meeting."""

    def __init__(self, adopted: date = date(2013, 3, 7), meeting: str = "") -> None:
        self.adopted, self.meeting = adopted, meeting

    def counsel(self, flight: Flight) -> Lawyer:
        return self

    def phrases(self, state: str, day: date, told: Mapping[str, str], ask: Sequence[str]) -> Sequence[Phrase]:
        if day < self.adopted:
            return ()
        return (Phrase("R-18", "The Council calls upon states to deny such aircraft overflight."),)

    def caveat(self, told: Mapping[str, str]) -> str:
        return self.meeting

    def clocks(self, flight: Flight, inspection: Inspected, at: datetime) -> Sequence[Clock]:
        if inspection.result != "seized":
            return ()
        return (Clock("R-12", at + timedelta(days=7), f"{inspection.state} reports to the Committee"),)


class NoLawyer:
    """No law at all."""

    def counsel(self, flight: Flight) -> NoCounsel:
        return NoCounsel()

    def clocks(self, flight: Flight, inspection: Inspected, at: datetime) -> Sequence[Clock]:
        return ()


def stop(icao: str, state: str, lon: float = 0.0, lat: float = 0.0) -> Stop:
    return Stop(icao, icao, icao.title(), icao.title(), state, lon, lat)


def flight(
    *days: str,
    legs: Sequence[tuple[str, str]] = (("AAAA", "BBBB"),),
    states: Mapping[str, str] | None = None,
    operator: str = "KOR",
    type_: str = "IL62",
    tail: str | None = None,
    purpose: str | None = "undeclared",
    cargo: str | None = "undeclared",
    id_: str = "KOR621",
) -> Flight:
    """A flight over the given legs, each on its day; the last day serves for the legs left."""
    where = states or {}
    out = []
    for number, (a, b) in enumerate(legs, 1):
        day = datetime.fromisoformat(f"{days[min(number, len(days)) - 1]}T00:00:00+00:00")
        out.append(
            Leg(
                number,
                stop(a, where.get(a, "PRK")),
                stop(b, where.get(b, "IRN")),
                Window(day, day + timedelta(days=1)),
            )
        )
    return Flight(
        id_, operator, "civil non-scheduled", Aircraft(type_, registration=tail), tuple(out), purpose, cargo
    )


def desk(
    world: Table, start: str, *, lawyer: Lawyer | NoLawyer | None = None
) -> tuple[CaseDesk, TurnedClock]:
    """A desk of the United States on its first morning."""
    clock = TurnedClock(datetime.fromisoformat(f"{start}T08:00:00+00:00"))
    return CaseDesk(ListLog(clock), world, lawyer or NoLawyer(), "USA", "Exercise Office", clock), clock
