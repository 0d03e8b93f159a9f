"""Many applications put in the order in which a person should look at them. It decides nothing.

Two passes: the first reads the file, writes the applications down and learns what they say of each aircraft;
the second asks the lists day by day, cuts the great circles of many legs at once, and asks the law. What is
kept in memory is a line an application, whatever the length of the file; the rest lies in a spool.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from overflight.errors import InputError
from overflight.law import Rules, load
from overflight.permit import Application, Fault, Flag, KnownUse, flags, read_permits, to_flight
from overflight.screening.bands import BANDS, FINDINGS
from overflight.screening.lists import Library
from overflight.screening.match import Match, listed
from overflight.screening.screener import NoListsError, screener
from overflight.screening.triage.asking import Asker, roles_of
from overflight.screening.triage.counsel import Counsel, Lawyer
from overflight.screening.triage.history import History
from overflight.screening.triage.listed import listed_flags
from overflight.screening.triage.spool import Spool
from overflight.screening.triage.under import Way, Ways
from overflight.screening.triage.weights import FLAG_KINDS, grave, weight
from overflight.world import airspace as borders
from overflight.world.flight import Flight

__all__ = ["LEVELS", "Desk", "Survey", "survey"]

#: In what order a person should look, and why.
LEVELS = {
    "hit": "a match of band exact or strong",
    "must": "a mandatory measure obliges the state",
    "unread": "not read, or without a flight: not checked, or not wholly",
    "look": "a possible match, a grave red flag or several, or a measure that asks for something",
    "ask": "a red flag to ask about",
    "nothing": "nothing was found, which clears nobody",
}
_TOGETHER = 512
Row = tuple[int, Application | Fault]
Order = tuple[int, int, float, int, int, int]


@dataclass(frozen=True, slots=True)
class Desk:
    """With what applications are held together.

    Attributes
    ----------
    home : Path
        The desk's folder: lists and own rows of law.
    today : date
        Flights of later days are screened against the lists of this day: no later ones are known.
    state : str
        Alpha-3 of the state that decides; empty: the weightiest under the route.
    on : date, optional
        Screen everything as of this day; also the day of plans that state none.
    known : datetime, optional
        Only lists imported until then.
    position, view : str
        See `overflight.settings.Settings`.
    uses : tuple of KnownUse
        What the desk knows of earlier flights.
    """

    home: Path
    today: date
    state: str = ""
    on: date | None = None
    known: datetime | None = None
    position: str = ""
    view: str = borders.DE_FACTO
    uses: tuple[KnownUse, ...] = ()


@dataclass
class Survey:
    """Applications in order of urgency, each as a JSON document.

    Close it, or use it in a ``with`` statement.

    Attributes
    ----------
    levels : dict of str to int
        How many applications have each level of `LEVELS`.
    kinds : dict of str to int
        How many raise each kind of flag.
    lists, remarks
        Publications consulted, and what a reader must know about their dates.
    """

    desk: Desk
    levels: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LEVELS, 0))
    kinds: dict[str, int] = field(default_factory=lambda: dict.fromkeys(FLAG_KINDS, 0))
    lists: dict[str, dict[str, Any]] = field(default_factory=dict)
    remarks: dict[str, None] = field(default_factory=dict)
    _order: list[tuple[Order, int]] = field(default_factory=list)
    _spool: Spool[dict[str, Any]] = field(default_factory=Spool)

    def __len__(self) -> int:
        return len(self._order)

    def __enter__(self) -> Survey:
        return self

    def __exit__(self, *_: object) -> None:
        self._spool.close()

    @property
    def hit(self) -> bool:
        """Whether any application has a match of band exact or strong."""
        return self.levels["hit"] > 0

    def documents(self) -> Iterator[dict[str, Any]]:
        """What was found about each application, the most urgent first."""
        for _, at in self._order:
            yield self._spool.get(at)

    def head(self) -> dict[str, Any]:
        """What holds for all of them, as JSON."""
        desk = self.desk
        return {
            "state": desk.state or None,
            "on": desk.on.isoformat() if desk.on else None,
            "known": desk.known.isoformat().replace("+00:00", "Z") if desk.known else None,
            "position": desk.position or None,
            "hit": self.hit,
            "rows": len(self),
            "levels": dict(self.levels),
            "flags": {kind: number for kind, number in self.kinds.items() if number},
            "lists": list(self.lists.values()),
            "remarks": list(self.remarks),
            "note": "this puts applications in order for people; it decides nothing and clears nobody",
        }

    def _add(self, order: Order, level: str, document: dict[str, Any]) -> None:
        self.levels[level] += 1
        for kind in {flag["kind"] for flag in document["flags"]}:
            self.kinds[kind] += 1
        self._order.append((order, self._spool.add(document)))


def survey(
    path: str | Path,
    desk: Desk,
    progress: Callable[[str, int, int | None], None] = lambda stage, done, total: None,
) -> Survey:
    """Read a file of applications and filed plans, and put them in order.

    Parameters
    ----------
    path : str or Path
        As `overflight.permit.read_permits` takes it.
    desk : Desk
    progress : callable
        Told the stage, how many are done, and of how many.

    Raises
    ------
    InputError
        No file, a file that holds no application, or one of which no row could be read.
    NoListsError
        No list has been imported.
    """
    path = Path(path)
    library = Library(desk.home)
    if not library.versions(known_at=desk.known):
        raise NoListsError
    rules = load(desk.home)
    history = History(desk.uses)
    written: Spool[Application] = Spool()
    found = Survey(desk)
    try:
        where: list[tuple[date, int, int]] = []
        faults: list[Fault] = []
        for done, (row, one) in enumerate(read_permits(path, desk.on), 1):
            if isinstance(one, Fault):
                faults.append(one)
            else:
                history.add(one)
                where.append((_as_of(one, desk), row, written.add(one)))
            progress("reading", done, None)
        if not where:
            raise _nothing(path, faults)
        for fault in faults:
            found._add(_place("unread", (), (), None, fault.row), "unread", _fault_document(fault))
        _look(found, written, sorted(where), history, library, rules, progress)
    except BaseException:
        found._spool.close()
        raise
    finally:
        written.close()
    found._order.sort()
    return found


def _nothing(path: Path, faults: list[Fault]) -> InputError:
    first = faults[0] if faults else Fault(1, "", "holds no application")
    what = f"none of {len(faults):,} rows could be read; the first: {first.what}"
    return InputError(
        what if faults else first.what,
        where=f"{path}:{first.row}",
        mend=first.mend or "it needs at least one application",
    )


def _as_of(application: Application, desk: Desk) -> date:
    """The day of the lists: that of the flight, and today for what is still to come."""
    return desk.on or min(application.day or desk.today, desk.today)


def _look(
    found: Survey,
    written: Spool[Application],
    where: list[tuple[date, int, int]],
    history: History,
    library: Library,
    rules: Rules,
    progress: Callable[[str, int, int | None], None],
) -> None:
    desk = found.desk
    lawyer = Lawyer(rules, desk.state, desk.position)
    ways = Ways(borders.load(), desk.view)
    asker: Asker | None = None
    done = 0
    for together in _batches(where, _TOGETHER):
        applications = [written.get(at) for _, _, at in together]
        flights = [_flight(one, desk.on) for one in applications]
        ways.prepare(flight for flight in flights if isinstance(flight, Flight))
        for (on, _, _), application, flight in zip(together, applications, flights, strict=True):
            if asker is None or asker.lists.snapshot.on != on:
                asker = Asker(screener(library, on, desk.known))
                found.lists |= {version.sha256: listed(version) for version in asker.lists.snapshot.consulted}
                found.remarks |= dict.fromkeys(asker.lists.snapshot.remarks())
            _one(found, application, flight, on, asker, history, lawyer, ways)
            done += 1
            progress("screening", done, len(where))


def _batches(rows: list[tuple[date, int, int]], size: int) -> Iterator[list[tuple[date, int, int]]]:
    source = iter(rows)
    while batch := list(islice(source, size)):
        yield batch


def _flight(application: Application, on: date | None) -> Flight | InputError:
    try:
        return to_flight(application, on=on)
    except InputError as error:
        return error


def _one(
    found: Survey,
    application: Application,
    flight: Flight | InputError,
    on: date,
    asker: Asker,
    history: History,
    lawyer: Lawyer,
    ways: Ways,
) -> None:
    day = application.day or found.desk.on
    matches, refused = asker.ask(application)
    raised = (
        *flags(application, history.about(application, day), day),
        *listed_flags(application, matches, day),
        *history.operators(application, day),
        *refused,
    )
    raised = tuple(dict.fromkeys(raised))
    counsel: Counsel | None = None
    flown: list[Way] = []
    fault = ""
    if isinstance(flight, Flight):
        flown = [ways.of(leg) for leg in flight.legs]
        counsel = lawyer.counsel(application, flight, flown, matches)
    else:
        fault = flight.what
    level = _level(matches, raised, counsel, fault)
    document = {
        "row": application.row,
        "level": level,
        "fault": fault or None,
        "source": application.source,
        "on": on.isoformat(),
        "application": _stated(application),
        "flight": _flight_document(flight, flown) if isinstance(flight, Flight) else None,
        "matches": [match.document() | {"roles": list(roles_of(match))} for match in matches],
        "flags": [
            {
                "kind": flag.kind,
                "what": flag.what,
                "grounds": flag.grounds,
                "verified": flag.verified,
                "weight": weight(flag),
            }
            for flag in sorted(raised, key=lambda flag: -weight(flag))
        ],
        "law": counsel.document() if counsel else None,
    }
    found._add(_place(level, matches, raised, day, application.row), level, document)


def _level(matches: tuple[Match, ...], raised: tuple[Flag, ...], counsel: Counsel | None, fault: str) -> str:
    best = counsel.first.best if counsel else None
    if any(match.band in FINDINGS for match in matches):
        return "hit"
    if best is not None and best.duty == "must":
        return "must"
    if fault:
        return "unread"
    if matches or grave(raised) or (best is not None and best.asked):
        return "look"
    return "ask" if raised else "nothing"


def _place(
    level: str, matches: tuple[Match, ...], raised: tuple[Flag, ...], day: date | None, row: int
) -> Order:
    """By level, best match, weight of the flags, day of the flight, row."""
    band = BANDS.index(matches[0].band) if matches else len(BANDS)
    score = -round(matches[0].score, 6) if matches else 0.0
    weights = {flag.kind: weight(flag) for flag in raised}
    when = day.toordinal() if day else 0
    return list(LEVELS).index(level), band, score, -sum(weights.values()), when, row


def _stated(application: Application) -> dict[str, Any]:
    names = (
        *("id", "call_sign", "operator", "operator_code", "operator_state", "applicant", "owner"),
        *("charterer", "agent", "registrations", "type", "serial", "hex", "purpose", "cargo"),
        *("consignor", "consignee"),
    )
    given = {name: getattr(application, name) for name in names}
    return {name: list(v) if isinstance(v, tuple) else v for name, v in given.items() if v}


def _flight_document(flight: Flight, ways: Iterable[Way]) -> dict[str, Any]:
    return {
        "id": flight.id,
        "operator": flight.operator,
        "kind": flight.kind,
        "type": flight.aircraft.type,
        "registration": flight.aircraft.registration,
        "day": flight.day.isoformat(),
        "assumed": list(flight.sources[1:]),
        "legs": [
            {
                "from": leg.origin.icao,
                "to": leg.destination.icao,
                "departs": leg.departs.earliest.isoformat().replace("+00:00", "Z"),
                "distance_km": round(way.km, 1),
                "states": [one.state for one in way.states],
                "under": [
                    {
                        "state": one.state,
                        "over": one.over,
                        "entry_km": round(one.entry_km, 1),
                        "exit_km": round(one.exit_km, 1),
                        "disputed_by": list(one.disputed_by),
                    }
                    for one in way.states
                ],
            }
            for leg, way in zip(flight.legs, ways, strict=True)
        ],
    }


def _fault_document(fault: Fault) -> dict[str, Any]:
    column = f"{fault.column}: " if fault.column else ""
    mend = f"; {fault.mend}" if fault.mend else ""
    return {
        "row": fault.row,
        "level": "unread",
        "fault": f"{column}{fault.what}{mend}",
        "source": None,
        "on": None,
        "application": None,
        "flight": None,
        "matches": [],
        "flags": [],
        "law": None,
    }
