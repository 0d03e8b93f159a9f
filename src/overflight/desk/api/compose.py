"""Composing, proposing, approving and releasing as JSON; answers that guests gave at the desk."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from overflight.case.life import approvals, received
from overflight.case.life.model import Case
from overflight.case.life.requests import Envelope
from overflight.desk.access import Action, Reader
from overflight.desk.api.common import Listed, Page, api, listed, unmoved, version
from overflight.desk.faults import FaultError
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs
from overflight.desk.views import answers as answers_view
from overflight.desk.views import compose as view
from overflight.desk.views import proposals as proposals_view
from overflight.desk.views.shelves import keeper_of
from overflight.desk.views.shelves import received as received_one
from overflight.desk.views.wanted import YEARS, Wanted
from overflight.store.shelf import Received
from overflight.world.states import state

__all__ = ["router"]

router = api(Action.READ_CASES, "approvals")

_Rooms = Annotated[Rooms, Depends(rooms_of)]
_Writer = Annotated[Reader, needs(Action.WRITE_CASES)]
_Approver = Annotated[Reader, needs(Action.APPROVE)]
_CaseId = Annotated[str, Path(max_length=60, description="The case's id.", examples=["KOR621-2008"])]
_Proposal = Annotated[str, Path(max_length=20, description="The proposal's id.", examples=["P1"])]
_Reference = Annotated[str, Path(max_length=40, description="The paper that was answered.")]
_Number = Annotated[int, Path(ge=1, le=10_000, description="Which answer to it, from 1.")]
_Text = Annotated[str, Field(max_length=2000)]


class RequestIn(BaseModel):
    """What is to go out: an approach, an update or thanks."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["approach", "update", "thanks"] = "approach"
    states: list[Annotated[str, Field(max_length=60)]] = Field(
        default_factory=list, max_length=40, description="Recipients: codes or names.", examples=[["IND"]]
    )
    ask: list[Annotated[str, Field(min_length=1, max_length=400)]] = Field(
        default_factory=list,
        max_length=10,
        description="Words such as refuse-overflight, or your own.",
        examples=[["refuse-overflight"]],
    )
    due: datetime | None = Field(None, description="By when the answer is needed; UTC where no zone is told.")
    statements: list[Annotated[str, Field(max_length=60)]] = Field(
        default_factory=list, max_length=200, description="Only these; none: all that hold."
    )
    why: _Text = Field("", description="What is behind a change; for an update.")
    chance: float | None = Field(None, ge=0, le=1, description="An estimate that they refuse.")
    posts: dict[str, Annotated[str, Field(max_length=60)]] = Field(
        default_factory=dict, max_length=40, description="Posts by state where they differ from the table's."
    )
    info: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=20)
    number: Annotated[str, Field(max_length=60)] = Field("", description="Number of the first telegram.")
    slug: Annotated[str, Field(max_length=40)] = ""

    @field_validator("due")
    @classmethod
    def _near(cls, due: datetime | None) -> datetime | None:
        if due is not None and due.year not in YEARS:
            raise ValueError(f"is not between {YEARS.start} and {YEARS.stop - 1}")
        return due

    def request(self) -> approvals.Request:
        """As the house knows it."""
        due = self.due
        if due is not None:
            due = due.replace(tzinfo=UTC) if due.tzinfo is None else due.astimezone(UTC)
        posts = {state(code): post for code, post in self.posts.items()}
        envelope = Envelope(posts, tuple(self.info), self.number, self.slug)
        states = tuple(dict.fromkeys(state(one) for one in self.states))
        picked = tuple(one.strip().upper() for one in self.statements)
        return approvals.Request(
            self.kind, states, tuple(self.ask), due, picked, self.why, self.chance, envelope
        )


class LineOut(BaseModel):
    """One sentence with its portion mark."""

    model_config = ConfigDict(from_attributes=True)

    marking: str
    text: str
    source: str = Field(description="The statement, or the words of law, that it came from.")


class KeptOut(BaseModel):
    """A statement that this state is not told; for home eyes."""

    model_config = ConfigDict(from_attributes=True)

    statement: str
    marking: str
    text: str
    reason: str


class TextsOut(BaseModel):
    """What one state is given."""

    model_config = ConfigDict(from_attributes=True)

    state: str
    name: str
    title: str = Field(description="Its heading on the shelf; empty while something is missing.")
    ask: list[str]
    banner: str
    paper: list[LineOut] = Field(description="What is left.")
    oral_banner: str
    oral: list[LineOut] = Field(description="What may be said and not left.")
    kept: list[KeptOut]
    post: str
    telegram: str


class DraftOut(BaseModel):
    """What would go out as things stand."""

    ready: bool = Field(description="Whether it could be proposed as it is.")
    missing: str = Field(description="Why not; empty when it could.")
    texts: list[TextsOut]


class ChangeOut(BaseModel):
    """One text that would read otherwise by now."""

    model_config = ConfigDict(from_attributes=True)

    state: str
    text: str
    before: list[str]
    now: list[str]


class ApprovalOut(BaseModel):
    """Who approved, and when."""

    account: str
    at: datetime
    why: str


class ReleaseOut(BaseModel):
    """One state's part of a release."""

    state: str
    at: datetime
    account: str
    approach: str
    reference: str = Field(description="On the state's shelf; empty where nothing was left.")


class ProposalOut(BaseModel):
    """A proposal and where it stands."""

    id: str
    kind: str
    account: str
    at: datetime
    step: Literal["waiting", "approved", "lapsed", "refused", "released"]
    digest: str = Field(description="Of everything that is approved; an approval names it.")
    due: datetime | None
    wanted: int = Field(description="How many other accounts must approve.")
    missing: int
    approvals: list[ApprovalOut]
    changes: list[ChangeOut] = Field(description="Why it has lapsed.")
    refused: str = Field(description="The reason of a refusal.")
    releases: list[ReleaseOut]
    texts: list[TextsOut]


class ApprovalIn(BaseModel):
    """An approval of exactly these texts."""

    model_config = ConfigDict(extra="forbid")

    digest: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
    why: _Text = ""


class ReasonIn(BaseModel):
    """A reason."""

    model_config = ConfigDict(extra="forbid")

    why: Annotated[str, Field(min_length=1, max_length=2000)]


class ReceivedOut(BaseModel):
    """An answer that a guest gave at the desk."""

    reference: str
    number: int
    state: str
    decision: str
    conditions: str
    valid_from: datetime | None
    valid_until: datetime | None
    text: str
    given_at: datetime
    account: str
    case: str
    approach: str
    title: str
    fate: Literal["", "taken", "dismissed"]
    fate_at: datetime | None
    fate_by: str
    why: str


@router.post("/cases/{case_id}/compose", summary="What would go out as things stand; records nothing")
def compose(case_id: _CaseId, asked: RequestIn, rooms: _Rooms) -> DraftOut:
    """Each recipient's text word for word, and what is kept from it and why."""
    case = rooms.cases.load(case_id)
    found = view.draft(rooms.cases, case, Wanted(asked.request()))
    return DraftOut(
        ready=found.wrong is None,
        missing=str(found.wrong or ""),
        texts=[TextsOut.model_validate(one) for one in found.previews],
    )


@router.get("/cases/{case_id}/proposals", summary="Proposals of a case, the oldest first")
def proposals(case_id: _CaseId, page: Page, rooms: _Rooms) -> Listed[ProposalOut]:
    """Each with where it stands now."""
    case = rooms.cases.load(case_id)
    rows = [_out(one) for one in reversed(proposals_view.proposal_views(rooms, case))]
    return listed(rows, page, place=lambda one: (int(one.id[1:]),))


@router.post("/cases/{case_id}/proposals", status_code=201, summary="Propose what is to go out")
def propose(
    case_id: _CaseId, asked: RequestIn, request: Request, rooms: _Rooms, reader: _Writer
) -> ProposalOut:
    """Nothing goes out before others have approved these exact texts."""
    unmoved(request, rooms.store.log.last(case_id.upper()))
    case, body = approvals.propose(rooms.writing(reader), case_id, asked.request(), account=reader.account)
    return _one(rooms, case, body.id)


@router.get("/cases/{case_id}/proposals/{proposal}", summary="One proposal")
def proposal(case_id: _CaseId, proposal: _Proposal, response: Response, rooms: _Rooms) -> ProposalOut:
    """Where it stands now, with its exact texts."""
    case = rooms.cases.load(case_id)
    version(response, case.last)
    return _one(rooms, case, proposal)


@router.post("/cases/{case_id}/proposals/{proposal}/approval", summary="Approve exactly these texts")
def approve(
    case_id: _CaseId, proposal: _Proposal, given: ApprovalIn, rooms: _Rooms, reader: _Approver
) -> ProposalOut:
    """The proposer's own counts for nothing; 409 when the texts have changed since."""
    case = approvals.approve(
        rooms.writing(reader), case_id, proposal, account=reader.account, digest=given.digest, why=given.why
    )
    return _one(rooms, case, proposal)


@router.post("/cases/{case_id}/proposals/{proposal}/refusal", summary="Refuse a proposal")
def refuse(
    case_id: _CaseId, proposal: _Proposal, given: ReasonIn, rooms: _Rooms, reader: _Approver
) -> ProposalOut:
    """It ends there; what is changed is proposed anew."""
    case = approvals.refuse(rooms.writing(reader), case_id, proposal, account=reader.account, why=given.why)
    return _one(rooms, case, proposal)


@router.post("/cases/{case_id}/proposals/{proposal}/withdrawal", summary="Take a proposal back")
def withdraw(
    case_id: _CaseId, proposal: _Proposal, given: ReasonIn, rooms: _Rooms, reader: _Writer
) -> ProposalOut:
    """For officers."""
    case = approvals.refuse(rooms.writing(reader), case_id, proposal, account=reader.account, why=given.why)
    return _one(rooms, case, proposal)


@router.post("/cases/{case_id}/proposals/{proposal}/release", summary="Let an approved proposal go out")
def release(case_id: _CaseId, proposal: _Proposal, rooms: _Rooms, reader: _Writer) -> ProposalOut:
    """Records what goes out, and puts each non-paper on the shelf of its state."""
    wanted = approvals.needed(rooms.settings.approvals)
    case, _ = approvals.release(
        rooms.writing(reader), keeper_of(rooms), case_id, proposal, account=reader.account, wanted=wanted
    )
    return _one(rooms, case, proposal)


# --- answers that guests gave at the desk


@router.get("/received", summary="Answers of guests that wait for an officer, the oldest first")
def waiting(page: Page, rooms: _Rooms) -> Listed[ReceivedOut]:
    """Across all cases."""
    return listed(map(_received, keeper_of(rooms).received(waiting=True)), page, place=_place)


@router.get("/cases/{case_id}/received", summary="Answers of guests to what a case released")
def received_of(case_id: _CaseId, page: Page, rooms: _Rooms) -> Listed[ReceivedOut]:
    """Waiting, taken and put aside; the oldest first."""
    rows = answers_view.answers_of(rooms, rooms.cases.load(case_id))
    return listed(sorted(map(_received, rows), key=_place), page, place=_place)


@router.post("/received/{reference}/{number}/take", summary="Take a guest's answer into its case")
def take(reference: _Reference, number: _Number, rooms: _Rooms, reader: _Writer) -> ReceivedOut:
    """Recorded as his state's answer, true from the moment at which he gave it."""
    one = _found(rooms, reference, number)
    received.take(rooms.writing(reader), keeper_of(rooms), one, account=reader.account)
    return _received(_found(rooms, reference, number))


@router.post("/received/{reference}/{number}/dismissal", summary="Put a guest's answer aside")
def dismiss(
    reference: _Reference, number: _Number, given: ReasonIn, rooms: _Rooms, reader: _Writer
) -> ReceivedOut:
    """It is kept, with the reason; the guest sees nothing of it."""
    one = _found(rooms, reference, number)
    received.dismiss(rooms.writing(reader), keeper_of(rooms), one, account=reader.account, why=given.why)
    return _received(_found(rooms, reference, number))


# --- parts


def _one(rooms: Rooms, case: Case, proposal: str) -> ProposalOut:
    found = proposals_view.proposal_view(rooms, case, proposal)
    if found is None:
        raise FaultError(404)
    return _out(found)


def _out(one: proposals_view.ProposalView) -> ProposalOut:
    found, body = one.standing, one.body
    return ProposalOut(
        id=body.id,
        kind=body.kind,
        account=body.account,
        at=found.proposal.true_at,
        step=found.step,
        digest=body.digest,
        due=body.due,
        wanted=one.wanted,
        missing=found.missing,
        approvals=[ApprovalOut(account=n.body.account, at=n.true_at, why=n.body.why) for n in found.by],
        changes=[ChangeOut.model_validate(row) for row in found.changes],
        refused=found.refusal.body.why if found.refusal else "",
        releases=[
            ReleaseOut(
                state=n.body.state,
                at=n.true_at,
                account=n.body.account,
                approach=n.body.approach,
                reference=n.body.reference,
            )
            for n in found.releases
        ],
        texts=[TextsOut.model_validate(row) for row in one.words],
    )


def _found(rooms: Rooms, reference: str, number: int) -> Received:
    rows = keeper_of(rooms).received(reference=reference, number=number)
    if not rows:
        raise FaultError(404)
    return received_one(rooms, reference, number)


def _received(one: Received) -> ReceivedOut:
    given = one.answer
    known: dict[str, Any] = {
        name: getattr(given, name) for name in type(given).__dataclass_fields__ if name != "number"
    }
    return ReceivedOut(
        **known,
        number=given.number,
        case=one.case,
        approach=one.approach,
        title=one.title,
        fate=one.fate,  # type: ignore[arg-type]
        fate_at=one.fate_at,
        fate_by=one.fate_by,
        why=one.why,
    )


def _place(one: ReceivedOut) -> tuple[str, str, int]:
    return one.given_at.isoformat(timespec="microseconds"), one.reference, one.number
