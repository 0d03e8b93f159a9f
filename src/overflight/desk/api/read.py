"""Telegrams and markings as JSON: the shapes of ``read``, ``mark`` and ``release`` with ``--json``."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from overflight.case.life.filing import file_telegram
from overflight.desk.access import Action, Reader
from overflight.desk.api.common import api
from overflight.desk.faults import FaultError
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs
from overflight.desk.views import read as view
from overflight.desk.views.read_source import printable
from overflight.errors import InputError
from overflight.marking import Switches, check, rollup
from overflight.telegram.recipients import recipient
from overflight.world.times import minute_text

__all__ = ["router"]

router = api(Action.USE_TOOLS, "telegrams and markings")

_Rooms = Annotated[Rooms, Depends(rooms_of)]
_Writer = Annotated[Reader, needs(Action.WRITE_CASES)]
_Received = Annotated[
    date | None, Query(description="Day of receipt, for years of two digits and AFTN; default: today.")
]
_Name = Annotated[str, Query(max_length=120, description="What to call the file in a complaint.")]
#: A telegram travels as the bytes of its file, or as JSON ``{"text": "…"}``.
_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": f"Telegrams, at most {view.MOST_BYTES} bytes: the bytes, or the text in JSON.",
        "content": {
            "text/plain": {"schema": {"type": "string"}},
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
            "application/json": {
                "schema": {
                    "type": "object",
                    "required": ["text"],
                    "additionalProperties": False,
                    "properties": {"text": {"type": "string", "minLength": 1}},
                },
                "example": {"text": "O 011530Z AUG 26\nFM SECSTATE WASHDC\n…"},
            },
        },
    }
}


async def sent(request: Request) -> bytes:
    """A dependency: the bytes of the telegrams in a body."""
    data = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        told = await request.json()
        if not isinstance(told, dict) or set(told) != {"text"} or not isinstance(told["text"], str):
            raise FaultError(422, 'is not {"text": "…"}', "body", "send the text, or the bytes as text/plain")
        data = told["text"].encode()
    elif kind not in ("", "text/plain", "application/octet-stream"):
        raise FaultError(
            422, f"{kind[:60]!r} is no telegram", "Content-Type", "send text/plain or application/json"
        )
    if not data:
        raise FaultError(422, "nothing was given", "body", "send a telegram")
    return data


_Sent = Annotated[bytes, Depends(sent)]


class _Open(BaseModel):
    """Named fields, and the further ones that `docs/telegrams.md` tells."""

    model_config = ConfigDict(extra="allow")


class NumberOut(BaseModel):
    """A message reference number."""

    origin: str
    serial: int
    year: int | None


class AddressOut(_Open):
    """One addressee."""

    address: str
    precedence: str | None
    state: str | None = Field(description="Alpha-3 of the state that the post is accredited to.")


class RepairOut(BaseModel):
    """One repair: where it stood (from 1), what was read, what was understood."""

    line: int
    column: int
    read: str
    understood: str
    kind: str


class ParagraphOut(_Open):
    """One portion."""

    number: int | None
    printed: str
    heading: str | None
    marking: dict[str, Any] | None
    text: str


class TelegramOut(_Open):
    """A telegram as ``overflight read --json`` prints it."""

    number: NumberOut | None
    precedence: str | None
    sent: str | None
    to: list[AddressOut]
    info: list[AddressOut]
    classification: str | None
    captions: list[str]
    order: str | None
    declassify_on: str | None
    reasons: list[str]
    tags: list[dict[str, Any]]
    subject: dict[str, Any] | None
    references: list[dict[str, Any]]
    action: dict[str, Any]
    due: str | None
    slugs: list[str]
    paragraphs: list[ParagraphOut]
    signed: str | None
    complete: bool
    repairs: list[RepairOut]
    warnings: list[str]


class MarkIn(BaseModel):
    """A marking to check."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"text": "(S//REL TO GBR, USA)"}})
    text: str = Field(min_length=1, max_length=2000, description="A portion mark or a banner.")
    scheme: Literal["us", "tlp"] = "us"
    on: date | None = Field(None, description="Day of the document.")


class FaultOut(BaseModel):
    """One broken rule and its place, from 1."""

    column: int
    rule: str
    message: str


class CheckedOut(BaseModel):
    """What ``overflight mark check --json`` prints."""

    valid: bool
    faults: list[FaultOut]
    corrected: str | None = Field(description="Null where the right form cannot be determined.")


class RollIn(BaseModel):
    """Portion marks to roll up, in the order of the document."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"marks": ["(U)", "(S//REL TO USA, JPN)"]}}
    )
    marks: list[Annotated[str, Field(max_length=2000)]] = Field(min_length=1, max_length=10_000)
    scheme: Literal["us", "tlp"] = "us"
    on: date | None = None
    u_bare: Literal["ignore", "strict"] = "ignore"
    u_caveated: Literal["noforn", "follow_banner"] = "noforn"


class ForcedOut(BaseModel):
    """One part of a banner and the portions, from 0, that forced it."""

    part: str
    portions: list[int]
    rule: str


class RolledOut(BaseModel):
    """What ``overflight mark rollup --json`` prints."""

    banner: str
    forced: list[ForcedOut]
    warnings: list[str]


class PortionOut(BaseModel):
    """One released portion with its source."""

    paragraph: int | str
    text: str
    source: str
    marking: str


class ReleaseOut(BaseModel):
    """What one state may have of one telegram; `oral` may be told and never left."""

    to: str
    banner: str | None = None
    portions: list[PortionOut]
    oral_banner: str | None = None
    oral: list[PortionOut] | None = None
    withheld: int | None = Field(None, description="How many portions are withheld; absent when hidden.")


class ProposalOut(BaseModel):
    """The answer that a telegram seems to report; a person confirms."""

    state: str
    decision: str
    paragraph: str
    words: str


class FiledOut(BaseModel):
    """What became of a telegram."""

    case: str
    why: str
    number: str | None
    origin: str
    proposal: ProposalOut | None
    others: list[dict[str, str]]
    missing: list[str]
    at: str


@router.post(
    "/read",
    summary="Telegrams to structure, with every repair",
    response_model=TelegramOut | list[TelegramOut],
    openapi_extra=_BODY,
)
def read(rooms: _Rooms, data: _Sent, received: _Received = None, name: _Name = "telegram") -> JSONResponse:
    """One object, or a list when the body holds several telegrams one behind the other."""
    return JSONResponse(view.as_json(data, name=_plain(name), received=received or rooms.clock().date()))


@router.post("/mark/check", summary="One marking against the rules")
def mark_check(given: MarkIn) -> CheckedOut:
    return CheckedOut(**check(given.text, given.scheme, given.on).to_json())


@router.post("/mark/rollup", summary="Portion marks to a banner, and what forced it")
def mark_rollup(given: RollIn) -> RolledOut:
    switches = Switches(given.u_bare, given.u_caveated)
    return RolledOut(**rollup(given.marks, given.on, switches, given.scheme).to_json())


@router.post(
    "/release",
    summary="What may go to a state",
    response_model=ReleaseOut | list[ReleaseOut],
    openapi_extra=_BODY,
)
def release(
    rooms: _Rooms,
    data: _Sent,
    to: Annotated[str, Query(min_length=2, max_length=100, description="State: code or English name.")],
    received: _Received = None,
    name: _Name = "telegram",
    hide_withheld: Annotated[bool, Query(description="Leave out how many portions are withheld.")] = False,
) -> JSONResponse:
    """A preview: nothing is released by it, and lists that were inferred stay closed.

    One object, or a list when something goes of several telegrams.
    """
    try:
        code = recipient(to, "to")
    except InputError as error:
        raise InputError(error.what, where="to", mend=error.mend) from None
    found = view.release_document(
        data, code, name=_plain(name), received=received or rooms.clock().date(), hide=hide_withheld
    )
    return JSONResponse(found if len(found) > 1 else found[0])


@router.post("/read/file", status_code=201, summary="File a telegram under its case", openapi_extra=_BODY)
def file_it(
    rooms: _Rooms,
    reader: _Writer,
    data: _Sent,
    case: Annotated[str, Query(max_length=60, description="The case; default: the one that fits best.")] = "",
    received: _Received = None,
    name: _Name = "telegram",
) -> FiledOut:
    """Files the first telegram of the body; the answer that it reports is only proposed."""
    day = received or rooms.clock().date()
    reading = view.one_of(data, 1, name=_plain(name), received=day)
    done = file_telegram(
        rooms.writing(reader), reading.source.data, name=_plain(name), case_id=case, received=day
    )
    proposal = done.proposal
    return FiledOut(
        case=done.case.id,
        why=done.match.why,
        number=done.number or None,
        origin=done.origin,
        proposal=None
        if proposal is None
        else ProposalOut(
            state=proposal.state,
            decision=proposal.decision,
            paragraph=proposal.paragraph,
            words=proposal.words,
        ),
        others=[{"case": one.case, "why": one.why} for one in done.others],
        missing=list(done.missing),
        at=minute_text(done.at),
    )


def _plain(name: str) -> str:
    return re.sub(r"\s+", " ", printable(name)) or "telegram"
