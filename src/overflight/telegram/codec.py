"""Readings to the JSON of ``read --json``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from overflight.marking import Marking
from overflight.telegram import model as m
from overflight.telegram.reader import Reading

__all__ = ["to_json"]

Json = dict[str, Any]


def _instant(sent: datetime | None) -> str | None:
    return f"{sent.replace(tzinfo=None).isoformat(timespec='seconds')}Z" if sent else None


def _number(number: m.Number | None) -> Json | None:
    return {"origin": number.origin, "serial": number.serial, "year": number.year} if number else None


def _addresses(
    addresses: tuple[m.Address, ...], states: tuple[str | None, ...], usual: str | None
) -> list[Json]:
    out: list[Json] = []
    for address, state in zip(addresses, states, strict=True):
        entry: Json = {"address": address.address, "precedence": address.precedence or usual, "state": state}
        if address.precedence is None:
            entry["precedence_printed"] = False
        if address.serial is not None:
            entry["serial"] = address.serial
        if address.routing:
            entry["routing"] = address.routing
        if address.other_means:
            entry["other_means"] = True
        out.append(entry)
    return out


def _head(head: m.Head) -> Json:
    none: tuple[None, ...] = ()
    return {
        "precedence": head.precedence,
        "info_precedence": head.info_precedence,
        "sent": _instant(head.sent),
        "from": head.origin,
        "to": _addresses(head.to, none + (None,) * len(head.to), head.precedence),
        "info": _addresses(
            head.info, none + (None,) * len(head.info), head.info_precedence or head.precedence
        ),
        "exempted": list(head.exempted),
        "book": head.book,
    }


def to_json(reading: Reading) -> Json:
    """The object that ``read --json`` prints.

    The keys of the design come first; further ones follow. What is derived (states, kinds of tags, the due
    day, blocks, roll-up) is there for programs that only look; `from_json` leaves it aside.
    """
    telegram, meaning = reading.telegram, reading.meaning
    head = telegram.head
    out: Json = {
        "number": _number(telegram.number),
        "precedence": head.precedence,
        "sent": _instant(head.sent),
        "from": head.origin,
        "to": _addresses(head.to, meaning.to, head.precedence),
        "info": _addresses(head.info, meaning.info, head.info_precedence or head.precedence),
        "classification": telegram.classification,
        "captions": list(telegram.captions),
        "order": telegram.order.number if telegram.order else None,
        "declassify_on": meaning.declassify.value,
        "reasons": list(telegram.authority.reasons) if telegram.authority else [],
        "tags": [
            {"tag": t.tag, "kind": t.kind} | ({"state": t.state} if t.kind == "state" else {})
            for t in meaning.tags
        ],
        "subject": {"text": telegram.subject.text, "marking": telegram.subject.marking}
        if telegram.subject
        else None,
        "references": [_reference(r) for r in telegram.references],
        "action": {"requested": meaning.action.requested, "paragraphs": list(meaning.action.paragraphs)},
        "due": meaning.due.day.isoformat() if meaning.due else None,
        "slugs": list(meaning.slugs),
        "paragraphs": _paragraphs(telegram.paragraphs, meaning.markings),
        "signed": telegram.signed,
        "complete": reading.complete,
        "repairs": [
            {"line": r.line, "column": r.column, "read": r.read, "understood": r.understood, "kind": r.kind}
            for r in reading.repairs
        ],
        "warnings": list(reading.warnings),
        "form": reading.form,
        "encoding": reading.source.encoding,
        "info_precedence": head.info_precedence,
        "control": telegram.control,
        "rollup": meaning.rolled,
        "declassify": {
            "text": telegram.order.text,
            "code": meaning.declassify.code,
            "event": meaning.declassify.event,
        }
        if telegram.order
        else None,
        "authority": _authority(telegram.authority),
        "blocks": [
            {
                "kind": b.kind,
                "paragraphs": [
                    n
                    for n in (telegram.paragraphs[i].number for i in range(b.first, b.last + 1))
                    if n is not None
                ],
                "text": b.text,
                "closed": b.closed,
            }
            for b in meaning.blocks
        ],
        "due_paragraph": telegram.paragraphs[meaning.due.paragraph].number if meaning.due else None,
        "ended": telegram.ended,
        "part": _part(telegram.part),
        "transmission": _transmission(telegram.transmission),
    }
    if head.exempted:
        out["exempted"] = list(head.exempted)
    if head.book:
        out["book"] = True
    if telegram.readdressed:
        out["readdressed"] = [_head(h) for h in telegram.readdressed]
    if telegram.distribution:
        out["distribution"] = [
            {"role": s.role, "office": s.office, "copies": s.copies} for s in telegram.distribution
        ]
    if telegram.drafted:
        out["drafted"] = [{"role": role, "office": office} for role, office in telegram.drafted]
    if telegram.accounting:
        out["accounting"] = telegram.accounting
    if telegram.groups is not None:
        out["groups"] = telegram.groups
    if telegram.release_note:
        out["release_note"] = telegram.release_note
    if telegram.aftn:
        a = telegram.aftn
        out["aftn"] = {
            "priority": a.priority,
            "filed": a.filed,
            "channel": a.channel,
            "transmitted": a.transmitted,
            "extra": a.extra,
        }
    return out


def _reference(reference: m.Reference) -> Json:
    number = reference.number
    out: Json = {"letter": reference.letter}
    out |= _number(number) or {"origin": None, "serial": None, "year": None}
    if reference.text or number is None:
        out["text"] = reference.text
    return out


def _paragraphs(paragraphs: tuple[m.Paragraph, ...], markings: tuple[Marking | None, ...]) -> list[Json]:
    """The same marking is the same object nearly always: its shape is made once."""
    shapes = {id(marking): marking for marking in markings if marking is not None}
    made = {key: marking.to_json() for key, marking in shapes.items()}
    return [_paragraph(p, made.get(id(k))) for p, k in zip(paragraphs, markings, strict=True)]


def _paragraph(paragraph: m.Paragraph, marking: Json | None) -> Json:
    out: Json = {
        "number": paragraph.number,
        "printed": paragraph.printed,
        "heading": paragraph.heading,
        "marking": {**marking, "text": paragraph.marking} if marking is not None else None,
        "text": paragraph.text,
        "label": paragraph.label,
        "lines": list(paragraph.lines) if paragraph.lines else None,
    }
    if paragraph.lead:
        out["lead"] = paragraph.lead
    if paragraph.copy:
        out["copy"] = paragraph.copy
    return out


def _authority(authority: m.Authority | None) -> Json | None:
    if authority is None:
        return None
    return {
        "office": authority.office,
        "reasons": list(authority.reasons),
        "derived_from": authority.derived_from,
        "declassify_on": authority.declassify_on,
    }


def _part(part: m.Part | None) -> Json | None:
    if part is None:
        return None
    runs = [{"first": r.first, "last": r.last, "paragraph": r.paragraph} for r in part.runs]
    return {"of": part.of, "sections": list(part.present), "missing": list(part.missing), "runs": runs}


def _transmission(wire: m.Transmission | None) -> Json | None:
    if wire is None:
        return None
    return {
        "start": wire.start, "header": wire.header, "precedence": wire.precedence,
        "routing": list(wire.routing),
        "station": wire.station, "serial": wire.serial, "filed": wire.filed, "security": wire.security,
    }  # fmt: skip


# --- JSON to telegram
# -------------------------------------------------------------------------------------------
