"""Composing: what each recipient would be given as things stand, what is kept, what waits for approval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from overflight.case.life.answers import decisions
from overflight.case.life.approvals import (
    KINDS,
    Change,
    Kind,
    Request,
    Standing,
    needed,
    rehearse,
    request_of,
    standing,
)
from overflight.case.life.compose import Composed, Counsel, compose
from overflight.case.life.desk import CaseDesk, Jurist
from overflight.case.life.events import Clock, Inspected, Proposed, Updated, Wording
from overflight.case.life.headline import helpers
from overflight.case.life.model import Case, Noted, Statement
from overflight.case.life.posts import local
from overflight.case.life.requests import ASKS, Envelope
from overflight.case.life.statements import barred, chosen
from overflight.desk.rooms import Rooms
from overflight.desk.views.papers import sheet_of
from overflight.desk.views.today import Act, Waiting
from overflight.errors import InputError, OverflightError
from overflight.world.flight import Flight
from overflight.world.states import name, state

__all__ = [
    "YEARS",
    "Draft",
    "Line",
    "Preview",
    "ProposalView",
    "Recipient",
    "Wanted",
    "address",
    "change_words",
    "default_statements",
    "draft",
    "proposal_view",
    "proposal_views",
    "recipients",
    "steady",
    "thanked",
    "waiting_approvals",
    "wanted_of",
]

#: Years that a deadline can be in: no clock of a post leaves the calendar.
YEARS = range(1900, 3000)
#: Recipients on one page; who needs more proposes twice.
_MOST_STATES = 40
_MOST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page was asked to compose: a request, and what could not be understood of it."""

    request: Request
    faults: tuple[str, ...] = ()
    #: No statement at all is chosen, on purpose.
    nothing: bool = False


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


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal as its page shows it.

    Attributes
    ----------
    words : tuple of Preview
        Each state's texts as proposed; without what is kept, which is not part of them.
    wanted : int
        How many accounts must approve.
    again : str
        Where the same can be composed anew.
    """

    standing: Standing
    words: tuple[Preview, ...]
    wanted: int
    again: str

    @property
    def body(self) -> Proposed:
        return self.standing.proposal.body

    @property
    def step_words(self) -> str:
        found = self.standing
        match found.step:
            case "waiting":
                return f"waits for {found.missing} of {self.wanted} approvals"
            case "approved":
                return "may be released"
            case "lapsed":
                return "lapsed: the texts have changed"
        return found.step


# --- what was asked for


def wanted_of(given: Mapping[str, Sequence[str]]) -> Wanted:
    """Read the fields of the page out of its address or its form; what makes no sense is told, not raised."""
    faults: list[str] = []

    def text(field: str) -> str:
        return " ".join(" ".join(given.get(field, ())).split())[:_MOST_TEXT]

    def words(field: str) -> list[str]:
        return [one.strip() for part in given.get(field, ()) for one in part.split(",") if one.strip()]

    states: list[str] = []
    for one in words("to"):
        try:
            states.append(state(one))
        except InputError as error:
            faults.append(str(error))
    if len(states) > _MOST_STATES:
        faults.append(f"more than {_MOST_STATES} recipients: propose twice")
        states = states[:_MOST_STATES]
    kind: Kind = next((one for one in KINDS if one == text("kind")), "approach")
    ask = [one for one in given.get("ask", ()) if one in ASKS]
    if own := text("own"):
        ask.append(own)
    due: datetime | None = None
    if text("due"):
        try:
            due = _moment(text("due"))
        except ValueError:
            faults.append(f"{text('due')[:40]!r} is no time: write 2008-08-06T12:00")
    chance: float | None = None
    if text("chance"):
        try:
            chance = float(text("chance"))
        except ValueError:
            faults.append(f"{text('chance')[:20]!r} is no chance: write a number from 0 to 1")
    posts: dict[str, str] = {}
    for row in words("posts"):
        code, _, post = row.partition("=")
        try:
            posts[state(code.strip())] = post.strip()
        except InputError:
            faults.append(f"{row[:60]!r} names no post: write KAZ=AMEMBASSY ASTANA")
    picked = [one.upper() for one in words("s")]
    request = Request(
        kind,
        tuple(dict.fromkeys(states)),
        tuple(dict.fromkeys(ask)),
        due,
        tuple(dict.fromkeys(picked)),
        text("why"),
        chance,
        Envelope(posts, tuple(words("info")), text("number"), text("slug")),
    )
    return Wanted(request, tuple(faults), kind == "approach" and bool(text("chosen")) and not picked)


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.year not in YEARS:
        raise ValueError
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def address(case: Case, wanted: Wanted | Request) -> str:
    """The address at which the page shows this."""
    request = wanted.request if isinstance(wanted, Wanted) else wanted
    fields: list[tuple[str, str]] = []
    if request.kind != "approach":
        fields.append(("kind", request.kind))
    if request.states:
        fields.append(("to", ",".join(request.states)))
    fields += [("ask", one) for one in request.ask if one in ASKS]
    fields += [("own", one) for one in request.ask if one not in ASKS]
    if request.due:
        fields.append(("due", f"{request.due:%Y-%m-%dT%H:%M}"))
    if request.statements:
        fields.append(("s", ",".join(request.statements)))
    if isinstance(wanted, Wanted) and wanted.nothing:
        fields.append(("chosen", "1"))
    envelope = request.envelope
    fields += [
        (field, value)
        for field, value in (
            ("why", request.why),
            ("chance", "" if request.chance is None else f"{request.chance:g}"),
            ("posts", ",".join(f"{k}={v}" for k, v in (envelope.posts or {}).items())),
            ("info", ",".join(envelope.info)),
            ("number", envelope.number),
            ("slug", envelope.slug),
        )
        if value
    ]
    return f"/cases/{quote(case.id)}/compose" + (f"?{urlencode(fields, safe=',:')}" if fields else "")


# --- what would go out


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
        return Draft(tuple(_of_wording(case, one, request) for one in words), wrong, tuple(kept.items()))
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


def _of_wording(case: Case, wording: Wording, request: Request) -> Preview:
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


# --- what waits for approval


def proposal_views(rooms: Rooms, case: Case, desk: CaseDesk | None = None) -> tuple[ProposalView, ...]:
    """Every proposal of a case, the newest first."""
    asked = desk or steady(rooms.cases)
    return tuple(_proposal(rooms, asked, case, one) for one in reversed(case.proposals))


def proposal_view(rooms: Rooms, case: Case, id_: str) -> ProposalView | None:
    """One proposal."""
    found = next((n for n in case.proposals if n.body.id == id_.upper()), None)
    return _proposal(rooms, steady(rooms.cases), case, found) if found else None


def _proposal(rooms: Rooms, desk: CaseDesk, case: Case, noted: Noted[Proposed]) -> ProposalView:
    wanted = needed(rooms.settings.approvals)
    request = request_of(noted.body)
    return ProposalView(
        standing(desk, case, noted, wanted),
        tuple(_of_wording(case, one, request) for one in noted.body.words),
        wanted,
        address(case, request),
    )


def change_words(change: Change) -> str:
    """What of a state's texts has changed."""
    of = {"paper": "the non-paper", "spoken": "what may be said", "telegram": "the telegram", "all": ""}
    return ": ".join(
        filter(None, [name(change.state) if change.state else "", of.get(change.text, change.text)])
    )


def waiting_approvals(rooms: Rooms) -> tuple[Waiting, ...]:
    """Proposals that are neither refused nor released, across cases."""
    return rooms.kept(("waiting approvals", rooms.store.log.head().seq), lambda: _waiting(rooms))


def _waiting(rooms: Rooms) -> tuple[Waiting, ...]:
    return tuple(
        Waiting(
            item.case,
            item.text,
            item.due_at,
            Act("Read and decide", f"/cases/{quote(item.case)}/proposals/{item.body.get('proposal', '')}"),
        )
        for item in rooms.store.log.agenda(kind="approval")
    )
