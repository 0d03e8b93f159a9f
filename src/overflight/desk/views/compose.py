"""Composing: what each recipient would be given as things stand, and what is kept from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from overflight.case.life.answers import decisions
from overflight.case.life.approvals import Request, rehearse
from overflight.case.life.compose import Composed, Counsel, compose
from overflight.case.life.desk import CaseDesk, Jurist
from overflight.case.life.events import Clock, Inspected, Updated, Wording
from overflight.case.life.headline import helpers
from overflight.case.life.model import Case, Statement
from overflight.case.life.posts import local
from overflight.case.life.statements import barred, chosen
from overflight.desk.views.papers import sheet_of
from overflight.desk.views.wanted import Wanted
from overflight.errors import InputError, OverflightError
from overflight.world.flight import Flight
from overflight.world.states import name

__all__ = [
    "Draft",
    "Line",
    "Preview",
    "Recipient",
    "default_statements",
    "draft",
    "of_wording",
    "recipients",
    "steady",
    "thanked",
]


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a paper with its mark; `source` is the statement or the words of law it came from."""

    marking: str
    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Withheld:
    """A statement that this state is not told, and why."""

    statement: str
    marking: str
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What one state would be given.

    Attributes
    ----------
    banner, oral_banner : str
    paper, oral : tuple of Line
        What is left, and what may only be said.
    kept : tuple of Withheld
        For home eyes.
    title, ask, post, telegram
        Empty while something is missing that they need.
    local : str
        The deadline where the post is.
    """

    state: str
    name: str
    banner: str
    paper: tuple[Line, ...]
    oral_banner: str
    oral: tuple[Line, ...]
    kept: tuple[Withheld, ...]
    title: str = ""
    ask: tuple[str, ...] = ()
    post: str = ""
    telegram: str = ""
    paper_text: str = ""
    local: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that would go out.

    Attributes
    ----------
    previews : tuple of Preview
    wrong : InputError or None
        Why it cannot be proposed as it is.
    kept_whole : tuple of (state, reason)
        States that an update or thanks leaves out.
    """

    previews: tuple[Preview, ...]
    wrong: OverflightError | None
    kept_whole: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Recipient:
    """A state that could be told: how far it has come with this case."""

    state: str
    name: str
    group: str  # "line", "way" or "other"
    words: str


class _Steady:
    """A jurist who is asked once for each flight: the law does not change while one page is made."""

    def __init__(self, jurist: Jurist) -> None:
        self._jurist = jurist
        self._known: list[tuple[Flight, Counsel]] = []

    def counsel(self, flight: Flight) -> Counsel:
        for known, counsel in self._known:
            if known == flight:
                return counsel
        made = self._jurist.counsel(flight)
        self._known.append((flight, made))
        return made

    def clocks(self, flight: Flight, inspection: Inspected, at: datetime) -> Sequence[Clock]:
        return self._jurist.clocks(flight, inspection, at)


def steady(desk: CaseDesk) -> CaseDesk:
    """The desk for making one page."""
    return replace(desk, jurist=_Steady(desk.jurist))


def draft(desk: CaseDesk, case: Case, wanted: Wanted, at: datetime | None = None) -> Draft:
    """What would go out as things stand; nothing is recorded.

    Where something is still missing, an approach is shown as far as it goes.
    """
    request, moment, desk = wanted.request, desk.at(at), steady(desk)
    wrong: OverflightError | None = None
    words: Sequence[Wording] = ()
    kept: Mapping[str, str] = {}
    try:
        if wanted.faults:
            raise InputError(wanted.faults[0], where="form")
        if wanted.nothing:
            raise InputError("no statement is chosen", where="statements", mend="tick one or more")
        what, words = rehearse(desk, case, request, moment)
        kept = next((one.body.kept for one in what if isinstance(one.body, Updated)), {})
        if not words:
            raise InputError(
                "nothing can be told to anybody", where=case.id, mend="state the new facts first"
            )
    except InputError as error:
        wrong = error
    by_state = {one.state: one for one in words}
    if request.kind != "approach":
        return Draft(tuple(of_wording(case, one, request) for one in words), wrong, tuple(kept.items()))
    try:
        sayable = () if wanted.nothing else chosen(case, request.statements)
    except InputError:
        sayable = ()
    counsel = desk.jurist.counsel(case.flight)
    previews = []
    for code in request.states:
        if code == desk.home:
            continue
        composed = compose(
            sayable,
            code,
            day=moment.date(),
            counsel=counsel,
            ask=request.ask,
            barred=barred(case, sayable, code),
        )
        previews.append(_of_composed(case, composed, by_state.get(code), request))
    return Draft(tuple(previews), wrong)


def _of_composed(case: Case, composed: Composed, wording: Wording | None, request: Request) -> Preview:
    by_id = {one.id: one for one in case.statements}
    bare = Preview(
        composed.state,
        name(composed.state),
        composed.banner,
        tuple(Line(one.marking, one.text, one.source) for one in composed.paper),
        composed.oral_banner,
        tuple(Line(one.marking, one.text, one.source) for one in composed.oral),
        tuple(
            Withheld(one.statement, one.marking, by_id[one.statement].text, one.reason)
            for one in composed.kept
        ),
    )
    if wording is None:
        return bare
    return replace(
        bare,
        title=wording.title,
        ask=wording.ask,
        post=wording.post,
        telegram=wording.telegram,
        paper_text=wording.paper,
        local=local(request.due, wording.post) if request.due else "",
    )


def of_wording(case: Case, wording: Wording, request: Request) -> Preview:
    """A preview out of the texts alone; sources are found again by what the statements say."""
    sources = {one.text: one.id for one in case.statements}
    paper, spoken = sheet_of(wording.paper), sheet_of(wording.spoken.replace(*_SPOKEN))
    return Preview(
        wording.state,
        name(wording.state),
        paper.banner,
        tuple(Line(one.marking, one.text, sources.get(one.text, "law")) for one in paper.paper),
        spoken.banner,
        tuple(Line(one.marking, one.text, sources.get(one.text, "law")) for one in spoken.paper),
        (),
        wording.title,
        wording.ask,
        wording.post,
        wording.telegram,
        wording.paper,
        local(request.due, wording.post) if request.due else "",
    )


_SPOKEN = ("\n\nMAY BE SAID, NOT LEFT\n\n", "\n\nNON-PAPER\n\n")


def recipients(case: Case, home: str, chosen_: Sequence[str] = ()) -> tuple[Recipient, ...]:
    """States that could be told: under the planned route in order, on other ways, and those chosen."""
    groups: dict[str, str] = {}
    if case.ways is not None:
        groups = dict.fromkeys(case.ways.line, "line") | {
            one: "way" for one in sorted(case.ways.any, key=name) if one not in case.ways.line
        }
    for one in (*case.approached, *chosen_):
        groups.setdefault(one, "other")
    return tuple(
        Recipient(one, name(one), group, _course(case, one)) for one, group in groups.items() if one != home
    )


def _course(case: Case, one: str) -> str:
    answer = case.current(one)
    if answer is not None:
        words = decisions()[answer.body.decision].words
        return f"{words}, stale" if case.stale(answer) else words
    if one in case.approached:
        return "asked, no answer yet"
    if one == case.flight.legs[0].origin.state:
        return "departure"
    return "landing" if any(one == leg.destination.state for leg in case.flight.legs) else "never asked"


def default_statements(case: Case, request: Request) -> tuple[Statement, ...]:
    """Statements that a request takes when none is named."""
    if request.kind == "approach":
        return chosen(case)
    if request.kind == "thanks" and case.endings:
        return tuple(one for one in chosen(case) if one.seq > case.endings[0].seq)
    return ()


def thanked(case: Case) -> tuple[str, ...]:
    """States that helped and are owed thanks."""
    done = {p.state for n in case.thanks for p in n.body.products}
    return tuple(one for one in helpers(case) if one not in done)
