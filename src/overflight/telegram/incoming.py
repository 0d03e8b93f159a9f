"""JSON to telegrams: the shape of ``read --json`` again, with its derived keys left aside."""

from __future__ import annotations

from datetime import UTC, date, datetime

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from overflight.errors import TelegramError
from overflight.telegram import model as m
from overflight.telegram.clean import clean_text
from overflight.telegram.columns import find_tables
from overflight.telegram.contacts import redact_contact
from overflight.telegram.offices import office_of

__all__ = ["from_json"]


def _one_line(text: str) -> str:
    return " ".join(clean_text(text.replace("\r", " ").replace("\n", " ")).split())


def _text(text: str) -> str:
    """Text of a paragraph as a telegram can carry it: no name in contact lines, one blank between words.

    The blanks of a table stay.
    """
    lines = [clean_text(line).rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    rows = {n for start, stop in find_tables(lines) for n in range(start, stop)}
    kept = (line if n in rows else " ".join(line.split()) for n, line in enumerate(lines))
    return redact_contact("\n".join(line for line in kept if line))[0]


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True, strict=True)


class _NumberIn(_Model):
    origin: str
    serial: int = Field(ge=0)
    year: int | None = None


class _AddressIn(_Model):
    address: str
    precedence: str | None = None
    precedence_printed: bool = True
    serial: int | None = None
    routing: str | None = None
    other_means: bool = False


class _HeadIn(_Model):
    precedence: str | None = None
    info_precedence: str | None = None
    sent: str | None = None
    origin: str | None = Field(default=None, alias="from")
    to: list[_AddressIn] = []
    info: list[_AddressIn] = []
    exempted: list[str] = []
    book: bool = False


class _TagIn(_Model):
    tag: str


class _SubjectIn(_Model):
    text: str
    marking: str | None = None


class _ReferenceIn(_Model):
    letter: str
    origin: str | None = None
    serial: int | None = None
    year: int | None = None
    text: str = ""


class _MarkingIn(_Model):
    text: str


class _ParagraphIn(_Model):
    number: int | None = None
    text: str
    marking: _MarkingIn | None = None
    heading: str | None = None
    lead: str = ""
    copy_: int = Field(default=0, alias="copy")
    printed: str = ""
    lines: list[int] | None = None


class _DeclassifyIn(_Model):
    text: str = ""


class _AuthorityIn(_Model):
    office: str = ""
    reasons: list[str] = []
    derived_from: str | None = None
    declassify_on: str | None = None


class _RunIn(_Model):
    first: int = Field(ge=0, le=m.LAST_SECTION)
    last: int = Field(ge=0, le=m.LAST_SECTION)
    paragraph: int


class _PartIn(_Model):
    of: int = Field(ge=0, le=m.LAST_SECTION)
    runs: list[_RunIn]


class _TransmissionIn(_Model):
    start: str | None = None
    header: str | None = None
    precedence: str | None = None
    routing: list[str] = []
    station: str | None = None
    serial: int | None = None
    filed: str | None = None
    security: str | None = None


class _ShareIn(_Model):
    role: str
    office: str
    copies: int | None = None


class _DraftedIn(_Model):
    role: str
    office: str


class _AftnIn(_Model):
    priority: str
    filed: str
    channel: str | None = None
    transmitted: str | None = None
    extra: str = ""


class _TelegramIn(_HeadIn):
    number: _NumberIn | None = None
    classification: str | None = None
    control: str = ""
    captions: list[str] = []
    order: str | None = None
    declassify: _DeclassifyIn | None = None
    declassify_on: str | None = None
    reasons: list[str] = []
    tags: list[_TagIn] = []
    subject: _SubjectIn | None = None
    references: list[_ReferenceIn] = []
    authority: _AuthorityIn | None = None
    paragraphs: list[_ParagraphIn] = []
    signed: str | None = None
    complete: bool = True
    ended: bool | None = None
    part: _PartIn | None = None
    transmission: _TransmissionIn | None = None
    readdressed: list[_HeadIn] = []
    distribution: list[_ShareIn] = []
    drafted: list[_DraftedIn] = []
    accounting: str | None = None
    groups: int | None = None
    release_note: str | None = None
    aftn: _AftnIn | None = None


def from_json(data: object, *, where: str | None = None) -> m.Telegram:
    """A telegram from an object of the shape that `to_json` makes; derived keys may be left out.

    Raises
    ------
    TelegramError
        A field is missing or of the wrong kind; the first is named.
    """
    try:
        given = _TelegramIn.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field = ".".join(str(part) for part in first["loc"]) or "the document"
        raise TelegramError(f"{field}: {first['msg'][0].lower()}{first['msg'][1:]}", where=where) from None
    authority = None
    if given.authority:
        a = given.authority
        authority = m.Authority(
            office_of(a.office), tuple(a.reasons or given.reasons), a.derived_from, a.declassify_on
        )
    elif given.reasons:
        authority = m.Authority("", tuple(given.reasons))
    order = None
    if given.order is not None:
        text = given.declassify.text if given.declassify else _declassify(given.declassify_on)
        order = m.Order(given.order, text)
    return m.Telegram(
        head=_head_in(given, where),
        number=m.Number(given.number.origin, given.number.serial, given.number.year)
        if given.number
        else None,
        classification=given.classification,
        control=given.control,
        captions=tuple(given.captions),
        order=order,
        tags=tuple(t.tag for t in given.tags),
        subject=m.Subject(_one_line(given.subject.text), given.subject.marking) if given.subject else None,
        references=tuple(_reference_in(r) for r in given.references),
        authority=authority,
        paragraphs=_paragraphs_in(given.paragraphs),
        signed=given.signed,
        ended=given.complete if given.ended is None else given.ended,
        part=m.Part(given.part.of, tuple(m.Run(r.first, r.last, r.paragraph) for r in given.part.runs))
        if given.part
        else None,
        transmission=_wire_in(given.transmission),
        readdressed=tuple(_head_in(h, where) for h in given.readdressed),
        distribution=tuple(m.Share(s.role, s.office, s.copies) for s in given.distribution),
        drafted=tuple((d.role, d.office) for d in given.drafted),
        accounting=given.accounting,
        groups=given.groups,
        release_note=given.release_note,
        aftn=m.Aftn(**given.aftn.model_dump()) if given.aftn else None,
    )


def _declassify(value: str | None) -> str:
    if not value:
        return ""
    try:
        return f"DECL: {date.fromisoformat(value):%m/%d/%Y}"
    except ValueError:
        return value if value in ("N/A", "GDS") else f"DECL: {value}"


def _head_in(given: _HeadIn, where: str | None) -> m.Head:
    sent = None
    if given.sent:
        try:
            sent = datetime.fromisoformat(given.sent)
            sent = (sent if sent.tzinfo else sent.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise TelegramError(
                f"sent: {given.sent!r} is no instant", where=where, mend="write 2026-08-01T15:30:00Z"
            ) from None
        sent = sent.replace(second=0, microsecond=0)
    return m.Head(
        given.precedence, given.info_precedence, sent, given.origin, _to(given.to), _to(given.info),
        tuple(given.exempted), given.book,
    )  # fmt: skip


def _to(addresses: list[_AddressIn]) -> tuple[m.Address, ...]:
    return tuple(
        m.Address(
            a.address, a.precedence if a.precedence_printed else None, a.serial, a.routing, a.other_means
        )
        for a in addresses
    )


def _reference_in(given: _ReferenceIn) -> m.Reference:
    number = None
    if given.origin is not None and given.serial is not None:
        number = m.Number(given.origin, given.serial, given.year)
    return m.Reference(given.letter, number, given.text)


def _paragraphs_in(given: list[_ParagraphIn]) -> tuple[m.Paragraph, ...]:
    out: list[m.Paragraph] = []
    seen: dict[int, int] = {}
    for p in given:
        copy = 0
        if p.number is not None:
            copy = seen.get(p.number, 0)
            seen[p.number] = copy + 1
        lines = (p.lines[0], p.lines[1]) if p.lines and len(p.lines) == 2 else None
        out.append(
            m.Paragraph(
                p.number,
                _text(p.text),
                p.marking.text if p.marking else None,
                p.heading,
                p.lead,
                copy,
                p.printed,
                lines,
            )
        )
    return tuple(out)


def _wire_in(given: _TransmissionIn | None) -> m.Transmission | None:
    if given is None:
        return None
    return m.Transmission(
        given.start,
        given.header,
        given.precedence,
        tuple(given.routing),
        given.station,
        given.serial,
        given.filed,
        given.security,
    )
