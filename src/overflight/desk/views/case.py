"""One case as its page and the API show it: the states in a table, the timeline, the log."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from overflight.case import wording
from overflight.case.life.answers import decisions
from overflight.case.life.events import (
    Answered,
    Approached,
    Corrected,
    Delivered,
    Ended,
    Filed,
    Inspected,
    Opened,
    Planned,
    Reported,
    Stated,
    Thanked,
    Updated,
    kind_of,
)
from overflight.case.life.headline import headline
from overflight.case.life.model import Case, Noted
from overflight.case.life.posts import local
from overflight.case.life.requests import ASKS
from overflight.case.life.view import history_words
from overflight.desk.rooms import Rooms
from overflight.desk.views.figures import Figures
from overflight.errors import InputError
from overflight.world.states import name

__all__ = [
    "STANDINGS",
    "CaseView",
    "Moment",
    "StateRow",
    "case_view",
    "moment_of",
    "opened",
    "standing_of",
    "state_rows",
    "timeline",
]

#: How a state stands, as the map colours it and as words; in the order of the legend.
STANDINGS = {
    "never": "never asked",
    "asked": "asked, no answer yet",
    "unsettled": "answered, nothing settled",
    "stale": "answer stale",
    "allowed": "allowed",
    "landing": "only after a landing and a search",
    "refused": "refused",
    "ends": "departure or arrival",
}


@dataclass(frozen=True, slots=True)
class Option:
    """What the law lets a state do about this flight on its day, with the paragraphs."""

    words: str
    duty: str
    cited: tuple[tuple[str, str], ...]
    until: str


@dataclass(frozen=True, slots=True)
class StateRow:
    """One state in the table of a case.

    Attributes
    ----------
    standing, standing_words : str
        A key of `STANDINGS`, and how it reads with what the state said.
    on_line : bool
        Whether the great circle of some leg enters it.
    share : float or None
        Share of the plausible routes that enter it; None while it is not worked out.
    numbers : tuple of int
        Of its entries on the map.
    entry : (datetime, datetime) or None
        Earliest and latest entry, by the great circle or else by the shortest open way.
    by : str
        ``line`` or ``way``: which of both the entry is of.
    ways : int
        Open ways that need it.
    option : Option or None
    asked, due, delivered, answered : datetime or None
    stale : tuple of str
        Why its answer no longer holds.
    """

    state: str
    name: str
    standing: str
    standing_words: str
    on_line: bool
    share: float | None
    numbers: tuple[int, ...]
    entry: tuple[datetime, datetime] | None
    by: str
    ways: int
    option: Option | None
    ask: str
    asked: datetime | None
    due: datetime | None
    due_local: str
    overdue: bool
    delivered: datetime | None
    delivered_to: str
    answered: datetime | None
    decision: str
    conditions: str
    stale: tuple[str, ...]

    @property
    def share_words(self) -> str:
        return "" if self.share is None else wording.share(self.share)


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline."""

    at: datetime
    kind: str
    title: str
    text: str = ""
    seq: int = 0
    state: str = ""
    future: bool = False


@dataclass(frozen=True, eq=False)
class CaseView:
    """A case at one moment, ready to be shown.

    Attributes
    ----------
    as_of : datetime or None
        The past moment it is shown at; None for now.
    now : datetime
        The moment from which hours are counted.
    """

    case: Case
    now: datetime
    as_of: datetime | None
    sentence: str
    rows: tuple[StateRow, ...]
    timeline: tuple[Moment, ...]
    complete: bool
    never: tuple[str, ...] = field(default_factory=tuple)


def moment_of(text: str | None) -> datetime | None:
    """A moment out of an address: a day is its end, a time without a zone is UTC.

    Raises
    ------
    InputError
        It is none.
    """
    if text is None or not text.strip():
        return None
    plain = text.strip()
    try:
        found = datetime.fromisoformat(plain)
        if len(plain) == 10:
            found = found.replace(hour=23, minute=59, second=59, microsecond=999_999)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise InputError(
            f"{plain[:40]!r} is no time", where="as_of", mend="write it as 2008-08-05T12:00Z"
        ) from None


def opened(rooms: Rooms, case_id: str, as_of: datetime | None = None) -> Case:
    """A case as it stands, or stood; folded once for each event.

    Raises
    ------
    InputError
        No such case, or not yet.
    """
    from overflight.case.life.desk import sound_case_id

    wanted = sound_case_id(case_id)
    if as_of is not None:
        return rooms.cases.load(wanted, as_of)
    last = rooms.cases.log.last(wanted)
    return rooms.kept(("case", wanted, last), lambda: rooms.cases.load(wanted))


def case_view(
    rooms: Rooms, case: Case, figures: Figures | None = None, as_of: datetime | None = None
) -> CaseView:
    """Everything that the page of a case shows."""
    now = as_of or rooms.clock()
    coverage = case.coverage
    return CaseView(
        case=case,
        now=now,
        as_of=as_of,
        sentence=headline(case, now),
        rows=state_rows(case, now, figures),
        timeline=timeline(case, now, figures),
        complete=coverage is not None and all(leg.complete for leg in coverage.legs),
        never=tuple(s for s in coverage.never if s not in case.standings) if coverage else (),
    )


def standing_of(case: Case, state: str) -> str:
    """How the map colours a state: a key of `STANDINGS`."""
    if state not in case.standings:
        return "ends" if state in _ends(case) else "never"
    answer = case.current(state)
    if answer is None:
        return "asked"
    if case.stale(answer):
        return "stale"
    sky = case.standings[state].sky
    if sky:
        return {"closed": "refused", "landing": "landing", "open": "allowed"}[sky]
    return "asked" if case.waiting(state) else "unsettled"


def _ends(case: Case) -> frozenset[str]:
    if case.ways is not None:
        return frozenset(state for leg in case.ways.legs for state in leg.always)
    return frozenset()


def state_rows(case: Case, now: datetime, figures: Figures | None = None) -> tuple[StateRow, ...]:
    """States under the great circle in order of flight, then those likely, on open ways or asked."""
    line: dict[str, tuple[datetime, datetime]] = {}
    by_way: dict[str, tuple[datetime, datetime]] = {}
    ways: dict[str, int] = {}
    order: dict[str, None] = {}
    for leg in case.ways.legs if case.ways else ():
        for entry in leg.entries:
            line.setdefault(entry.state, (entry.earliest, entry.latest))
            order.setdefault(entry.state)
    shares, numbers, options = _figured(figures)
    for state, share in sorted(shares.items(), key=lambda one: -one[1]):
        if share >= 0.01:
            order.setdefault(state)
    for cover in case.coverage.legs if case.coverage else ():
        for way in cover.open:
            for state in way.states:
                ways[state] = ways.get(state, 0) + 1
                order.setdefault(state)
            for entry in way.entries:
                by_way.setdefault(entry.state, (entry.earliest, entry.latest))
    for state in case.standings:
        order.setdefault(state)
    return tuple(
        _row(
            case, now, state, line, by_way, ways.get(state, 0), shares, numbers, options, figures is not None
        )
        for state in order
    )


def _figured(
    figures: Figures | None,
) -> tuple[dict[str, float], dict[str, tuple[int, ...]], dict[str, Option]]:
    shares: dict[str, float] = {}
    numbers: dict[str, tuple[int, ...]] = {}
    options: dict[str, Option] = {}
    for leg in figures.brief.legs if figures else ():
        for view in leg.states:
            shares[view.state] = max(shares.get(view.state, 0.0), view.share)
        for passage in leg.passages:
            if passage.number is not None and (state := passage.crossing.state):
                numbers[state] = (*numbers.get(state, ()), passage.number)
        for counsel in leg.law:
            best = counsel.advice.best
            if best is not None and counsel.state not in options:
                options[counsel.state] = Option(
                    wording.option(counsel),
                    wording.duty(best),
                    tuple(wording.cited(best)),
                    wording.until(best),
                )
    return shares, numbers, options


def _row(
    case: Case,
    now: datetime,
    state: str,
    line: dict[str, tuple[datetime, datetime]],
    by_way: dict[str, tuple[datetime, datetime]],
    ways: int,
    shares: dict[str, float],
    numbers: dict[str, tuple[int, ...]],
    options: dict[str, Option],
    figured: bool,
) -> StateRow:
    approaches = [n for n in case.approaches if n.body.product.state == state]
    asked = approaches[-1] if approaches else None
    delivered = next(
        (n for n in case.deliveries if n.body.state == state and asked and n.true_at >= asked.true_at), None
    )
    answer = case.current(state)
    standing = standing_of(case, state)
    due = case.deadline(state)
    waiting = case.waiting(state)
    words = STANDINGS[standing]
    if answer is not None:
        words = decisions()[answer.body.decision].words
    return StateRow(
        state=state,
        name=name(state),
        standing=standing,
        standing_words=words,
        on_line=state in line,
        share=shares.get(state, 0.0) if figured else None,
        numbers=numbers.get(state, ()),
        entry=line.get(state) or by_way.get(state),
        by="line" if state in line else "way",
        ways=ways,
        option=options.get(state),
        ask="; ".join(one.replace("-", " ") if one in ASKS else one for one in asked.body.ask)
        if asked
        else "",
        asked=asked.true_at if asked else None,
        due=due,
        due_local=local(due, asked.body.product.post) if due and asked else "",
        overdue=bool(waiting and due and due < now and not case.over),
        delivered=delivered.true_at if delivered else None,
        delivered_to=delivered.body.office if delivered else "",
        answered=answer.true_at if answer else None,
        decision=answer.body.decision if answer else "",
        conditions=answer.body.conditions if answer else "",
        stale=tuple(reason.words for reason in case.stale(answer)) if answer else (),
    )


# --- the timeline ------------------------------------------------------------------------------------------


def timeline(case: Case, now: datetime, figures: Figures | None = None) -> tuple[Moment, ...]:
    """What happened and what is to come, in order of when it is true."""
    out = [found for n in case.history if not n.void and (found := _told(n)) is not None]
    if not case.over:
        for state in case.approached:
            if case.waiting(state) and (due := case.deadline(state)):
                out.append(Moment(due, "due", f"{name(state)}: answer due", "", 0, state))
    for number, leg in enumerate(case.flight.legs, 1):
        text = f"{leg.origin.icao} – {leg.destination.icao}, {wording.when(leg.departs)}"
        at = leg.departs.earliest
        out.append(Moment(at, "flight", f"Leg {number} may depart", text))
    for coincidence in figures.brief.beside.found if figures else ():
        meeting = coincidence.meeting
        at = datetime(meeting.first.year, meeting.first.month, meeting.first.day, tzinfo=UTC)
        span = f"{meeting.first.isoformat()} to {meeting.last.isoformat()}"
        text = f"{meeting.place.city}, {span}"
        out.append(Moment(at, "meeting", meeting.name, text))
    return tuple(replace(one, future=one.at > now) for one in sorted(out, key=lambda one: (one.at, one.seq)))


def _told(noted: Noted[object]) -> Moment | None:  # type: ignore[type-var]
    body = noted.body
    at, seq = noted.true_at, noted.seq

    def made(kind: str, title: str, text: str = "", state: str = "") -> Moment:
        return Moment(at, kind, title, text, seq, state)

    match body:
        case Planned():
            legs = ", ".join(f"{leg.origin.icao} – {leg.destination.icao}" for leg in body.flight.legs)
            return made("plan", f"Plan {body.number}", "; ".join(filter(None, (legs, body.why))))
        case Approached():
            state = body.product.state
            return made(
                "approach",
                f"{name(state)} asked",
                f"{body.product.number or 'no number yet'} to {body.product.post}",
                state,
            )
        case Delivered():
            return made(
                "delivery", f"Delivered in {name(body.state)}", f"{body.office}, {body.form}", body.state
            )
        case Answered():
            words = decisions()[body.decision].words
            return made("answer", f"{name(body.state)} {words}", body.conditions or body.basis, body.state)
        case Updated():
            states = ", ".join(p.state for p in body.products) or "nobody"
            return made("telegram", f"New facts to {states}", ", ".join(body.facts))
        case Thanked():
            return made("telegram", f"Thanks to {', '.join(p.state for p in body.products) or 'nobody'}")
        case Filed():
            return made("telegram", f"{body.number or 'A telegram'} filed", body.subject)
        case Inspected():
            return made("inspection", f"{name(body.state)} looked inside", f"{body.place}: {body.result}")
        case Reported():
            return made("inspection", f"Reported: {body.key}", body.text)
        case Ended():
            return made("outcome", body.code.lower().replace("_", " ").capitalize(), body.evidence)
        case Stated() | Corrected():
            return None
        case Opened():
            return made("opened", "Case opened", body.tip or body.title)
    return made(kind_of(body), kind_of(body).capitalize(), history_words(noted))  # type: ignore[arg-type]


def since(case: Case, last: int) -> Iterable[Noted[object]]:  # type: ignore[type-var]
    """What was recorded in a case after an event."""
    return [n for n in case.history if n.seq > last]
