"""Screening as JSON: the shapes of ``overflight screen --json``, certificates and their verification."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Depends, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from overflight.desk.access import Action
from overflight.desk.api.common import api
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.views import screen as view
from overflight.errors import InputError

__all__ = ["router"]

router = api(Action.USE_TOOLS, "screening")

_Rooms = Annotated[Rooms, Depends(rooms_of)]
_MOST_TEXT = 4_000_000


def _field(words: str) -> Any:
    return Field("", max_length=400, description=words)


class QueryIn(BaseModel):
    """One question to the lists; every field may be empty, but not all."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"name": "Koryo Air Lines", "tail": "P-885"}}
    )
    name: str = _field("A person or a body, or any mark or code.")
    operator: str = _field("Name or ICAO designator.")
    owner: str = _field("Name.")
    consignee: str = _field("Name.")
    consignor: str = _field("Name.")
    charterer: str = _field("Name.")
    agent: str = _field("Name.")
    person: str = _field("Read as a person's name only.")
    tail: str = _field("Registration.")
    hex: str = _field("24-bit address, six hexadecimal digits.")
    serial: str = _field("Manufacturer's serial number.")
    type: str = _field("Type of the aircraft, for serial numbers.")
    born: str = _field("Birth date of the person: 1971 or 1971-05-03.")
    on: date | None = Field(None, description="As of this day; default: today.")
    known: datetime | None = Field(None, description="Only what was imported until then, UTC.")

    def asked(self) -> dict[str, str]:
        """The fields of the query that were given."""
        given: dict[str, str] = self.model_dump(exclude={"on", "known", "text", "state", "limit"})
        return {key: value for key, value in given.items() if value}


class ScreenIn(QueryIn):
    """A question, or a text with flight plans or permit applications; not both."""

    text: str = Field("", max_length=_MOST_TEXT, description="Plans or applications of any form.")
    state: str = Field(
        "",
        max_length=100,
        description='With `text`: who decides; default: the desk; "*": all under it.',
    )
    limit: int = Field(100, ge=1, le=view.MOST_ROWS, description="With `text`: how many applications.")


class ListOut(BaseModel):
    """A publication that was consulted."""

    kind: str
    published: str
    sha256: str
    entries: int
    publisher: str
    imported_at: str
    parser: int


class FeatureOut(BaseModel):
    """One reason for or against a match."""

    feature: str
    contribution: float
    query: str | None
    listed: str | None
    field: str | None = None
    note: str | None = None


class MatchOut(BaseModel):
    """One entry that the question may mean."""

    model_config = ConfigDict(extra="allow")
    list_: str = Field(alias="list")
    id: str
    caption: str
    schema_: str = Field(alias="schema")
    band: str = Field(description="`exact`, `strong` or `possible`.")
    score: float
    name: str | None
    features: list[FeatureOut]
    links: list[dict[str, str]]
    programs: list[str]
    listed_on: str | None
    basis: str
    published: str


class ScreeningOut(BaseModel):
    """What the lists say about one question."""

    query: dict[str, Any]
    on: str
    known: str | None
    hit: bool
    matches: list[MatchOut]
    lists: list[ListOut]
    remarks: list[str]


class SurveyOut(BaseModel):
    """Applications in the order in which a person should look at them."""

    model_config = ConfigDict(extra="allow")
    hit: bool
    rows: int
    levels: dict[str, int]
    lists: list[ListOut]
    remarks: list[str]
    note: str
    applications: list[dict[str, Any]]


class CertificateOut(BaseModel):
    """A signed certificate: both files, byte for byte, and what they say."""

    name: str = Field(description="A name for the files, without an ending.")
    certificate: str = Field(description="The signed file (DSSE envelope), base64.")
    pdf: str = Field(description="Its paper, base64; its digest is signed too.")
    key: str = Field(description="Id of the key that signed.")
    statement: dict[str, Any]


class VerifyIn(BaseModel):
    """A certificate to check."""

    model_config = ConfigDict(extra="forbid")
    certificate: str = Field(
        min_length=1, max_length=9_000_000, description="The signed file or the archive, base64."
    )
    pdf: str = Field("", max_length=9_000_000, description="The PDF beside it, base64.")
    again: bool = Field(False, description="Put its question to the same publications again.")


class AgainOut(BaseModel):
    """The question put again; `same` is null where a publication is not in the library."""

    same: bool | None
    differences: list[str]


class VerifiedOut(BaseModel):
    """Whether a certificate holds."""

    valid: bool
    why: str | None = None
    key: str | None = None
    paper: bool | None = None
    statement: dict[str, Any] | None = None
    again: AgainOut | None = None


@router.get("/screen", summary="One question to the lists", response_model=ScreeningOut)
def asked(rooms: _Rooms, given: Annotated[QueryIn, Query()]) -> JSONResponse:
    return JSONResponse(_screened(rooms, given).document())


@router.post(
    "/screen",
    summary="One question, or plans and applications as text",
    response_model=ScreeningOut | SurveyOut,
)
def posted(rooms: _Rooms, given: ScreenIn) -> JSONResponse:
    """A question is answered with a screening; a text with its applications, the most urgent first."""
    if not given.text:
        return JSONResponse(_screened(rooms, given).document())
    if given.asked():
        raise InputError("asks about every row", where="text", mend="leave the fields of one question out")
    found = view.survey_of(
        rooms,
        given.text.encode(),
        name="text",
        on=given.on,
        known=_utc(given.known),
        deciding=given.state,
        most=given.limit,
    )
    return JSONResponse(found.head | {"applications": list(found.rows)})


@router.post("/certificate", status_code=201, summary="A signed certificate of a question")
def certificate(rooms: _Rooms, given: QueryIn) -> CertificateOut:
    made = view.certificate(rooms, _screened(rooms, given))
    return CertificateOut(
        name=made.stem,
        certificate=base64.b64encode(made.signed).decode(),
        pdf=base64.b64encode(made.paper).decode(),
        key=made.key,
        statement=made.statement,
    )


@router.post("/verify", summary="Check a certificate", response_model=VerifiedOut)
def verify(rooms: _Rooms, given: VerifyIn) -> JSONResponse:
    paper = _bytes(given.pdf, "pdf") if given.pdf else None
    found = view.check_certificate(
        rooms, _bytes(given.certificate, "certificate"), paper, once_more=given.again
    )
    return JSONResponse(found.document())


def _screened(rooms: Rooms, given: QueryIn) -> Any:
    return view.ask(rooms, view.query_of(given.asked()), given.on, _utc(given.known))


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        raise InputError("is beyond the calendar", where="known", mend="check the year") from None


def _bytes(text: str, field: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise InputError("is no base64", where=field, mend="send the file's bytes in base64") from None
