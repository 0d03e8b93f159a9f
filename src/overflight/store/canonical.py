"""The bytes of an event: one text for one event, and the digest over it.

Form 1 of a record is the byte ``0x01`` and then JSON in UTF-8 without any space, its fields in this order::

    {"seq":…,"recorded_at":…,"case":…,"kind":…,"true_at":…,"by":…,"source":…,"key":…,"body":{…}}

- Times are ``YYYY-MM-DDTHH:MM:SS.ffffffZ``, always 27 characters; `source` and `key` may be ``null``.
- Keys inside `body` are sorted by code point. All texts, keys too, are in Unicode normal form C.
- Only ``"``, ``\\`` and the controls below U+0020 are escaped: ``\\b \\t \\n \\f \\r``, else ``\\u00xx`` in
  lower case.
- Whole numbers have 64 bits; others are the shortest decimal that reads back as the same IEEE 754 double, as
  Python's ``repr`` writes it. There is no NaN and no infinity.

The digest is SHA-256 over the digest before (32 bytes) and the record (first byte included). The digest
before the first event is SHA-256 over ``overflight desk`` and a line feed and the desk's name.
"""

from __future__ import annotations

import hashlib
import json
import math
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from json.encoder import encode_basestring
from typing import Any

from overflight.errors import InputError, StoreError
from overflight.store.event import JSON, Draft, Event

__all__ = [
    "FORM",
    "LONGEST",
    "as_time",
    "clean_body",
    "clean_draft",
    "clean_key",
    "digest",
    "from_record",
    "genesis",
    "header",
    "is_canonical",
    "later",
    "quoted",
    "record",
    "time_text",
]

#: The form written now; the first byte of every record.
FORM = 1
#: Longest record, bytes.
LONGEST = 16 << 20
_DEEPEST = 64
_WHOLE = 1 << 63
_LENGTHS = {"case": 200, "kind": 64, "by": 200, "source": 2000, "key": 200}
_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))


def quoted(text: str) -> str:
    """A text as JSON writes it, in quotes."""
    written: str = encode_basestring(text)
    return written


def genesis(desk: str) -> bytes:
    """What stands for the digest before a desk's first event."""
    return hashlib.sha256(b"overflight desk\n" + desk.encode()).digest()


def digest(previous: bytes, record: bytes) -> bytes:
    """The digest of a record that follows `previous`."""
    return hashlib.sha256(previous + record).digest()


def time_text(moment: datetime) -> str:
    """A moment in UTC, to the microsecond, always 27 characters."""
    if moment.tzinfo is None:
        raise InputError(f"the time {moment} has no time zone", mend="give it in UTC")
    try:
        return moment.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"
    except OverflowError as fault:
        raise InputError(f"the time {moment} is outside the years 1 to 9999 in UTC") from fault


def as_time(text: str) -> datetime:
    """The inverse of `time_text`."""
    moment = datetime.fromisoformat(text)
    if time_text(moment) != text:
        raise ValueError(f"{text!r} is not a time of this form")
    return moment


def header(
    seq: int,
    recorded_at: str,
    case: str,
    kind: str,
    true_at: str,
    by: str,
    source: str | None,
    key: str | None,
) -> str:
    """The record's JSON up to its body."""
    return (
        f'{{"seq":{seq},"recorded_at":"{recorded_at}","case":{quoted(case)},"kind":{quoted(kind)},'
        f'"true_at":"{true_at}","by":{quoted(by)},"source":{"null" if source is None else quoted(source)},'
        f'"key":{"null" if key is None else quoted(key)},"body":'
    )


def record(seq: int, recorded_at: str, draft: Draft, body: str, key: str | None) -> bytes:
    """The record of a clean draft whose body has been written as `body`."""
    head = header(
        seq, recorded_at, draft.case, draft.kind, time_text(draft.true_at), draft.by, draft.source, key
    )
    return bytes((FORM,)) + head.encode() + body.encode() + b"}"


def from_record(record: bytes, previous: bytes, digest: bytes) -> Event:
    """The event in a record; its digest is not checked here.

    Raises
    ------
    StoreError
        When the record is not of a known form, or is not what its event would be written as.
    """
    if record[:1] != bytes((FORM,)):
        raise StoreError("a record of an unknown form", mend="a newer overflight may know it")
    try:
        fields: dict[str, Any] = json.loads(record[1:])
        if list(fields) != list(_FIELDS):
            raise ValueError("its fields are not those of an event")
        return Event(
            seq=fields["seq"],
            recorded_at=datetime.fromisoformat(fields["recorded_at"]),
            case=fields["case"],
            kind=fields["kind"],
            body=fields["body"],
            true_at=datetime.fromisoformat(fields["true_at"]),
            by=fields["by"],
            source=fields["source"],
            previous=previous,
            digest=digest,
            key=fields["key"],
        )
    except (ValueError, TypeError, AttributeError, RecursionError) as fault:
        raise StoreError(f"a record that cannot be read: {fault}") from fault


_FIELDS = ("seq", "recorded_at", "case", "kind", "true_at", "by", "source", "key", "body")


def is_canonical(raw: bytes) -> bool:
    """Whether a record is exactly what its event would be written as."""
    try:
        event = from_record(raw, b"", b"")
        draft = Draft(event.case, event.kind, event.body, event.true_at, event.by, event.source)
        clean, body = clean_draft(draft)
        again = record(event.seq, time_text(event.recorded_at), clean, body, clean_key(event.key))
    except (InputError, StoreError, TypeError, AttributeError):
        return False
    return isinstance(event.seq, int) and again == raw


def clean_key(key: str | None) -> str | None:
    """An idempotency key in normal form."""
    return None if key is None else _name("key", key)


def clean_draft(draft: Draft) -> tuple[Draft, str]:
    """A draft in normal form, and its body as canonical JSON.

    Raises
    ------
    InputError
        When something in it cannot be recorded; the field is named.
    """
    moment = draft.true_at
    if not isinstance(moment, datetime):
        raise InputError("true_at must be a moment with a time zone", where=f"event {draft.kind!r}")
    try:
        time_text(moment)
    except InputError as fault:
        raise InputError(fault.what, where="true_at", mend=fault.mend) from fault
    clean = Draft(
        case=_name("case", draft.case),
        kind=_name("kind", draft.kind),
        body=draft.body,
        true_at=moment.astimezone(UTC),
        by=_name("by", draft.by),
        source=None if draft.source is None else _name("source", draft.source),
    )
    body = clean_body(draft.body)
    if len(body) * 4 > LONGEST and len(body.encode()) > LONGEST - 16384:
        raise InputError(f"its body is longer than {LONGEST >> 20} MiB", where="body")
    return clean, body


def clean_body(body: Mapping[str, JSON]) -> str:
    """A body as canonical JSON."""
    if not isinstance(body, Mapping):
        raise InputError("must be an object of names and values", where="body")
    text: str = _ENCODER.encode(_clean(body, "body", 0))
    return text


def _clean(value: Any, where: str, depth: int) -> Any:
    kind = type(value)
    if kind is str:
        return _text(value, where)
    if value is None or kind is bool:
        return value
    if kind is int:
        if not -_WHOLE <= value < _WHOLE:
            raise InputError("a whole number beyond 64 bits", where=where, mend="give it as text")
        return value
    if kind is float:
        if not math.isfinite(value):
            raise InputError(f"{value} is not a number in JSON", where=where, mend="leave it out or use null")
        return value
    if depth > _DEEPEST:
        raise InputError(f"nested deeper than {_DEEPEST} levels", where=where.split(".")[0])
    if isinstance(value, Mapping):
        out = {}
        for name, inner in value.items():
            if not isinstance(name, str):
                raise InputError(f"the name {name!r} is not a text", where=where)
            tidy = _text(name, where)
            if tidy in out:
                raise InputError(f"two names that are the same in normal form C: {tidy!r}", where=where)
            out[tidy] = _clean(inner, f"{where}.{tidy}", depth + 1)
        return out
    if isinstance(value, list | tuple):
        return [_clean(inner, f"{where}[{place}]", depth + 1) for place, inner in enumerate(value)]
    for plain in (str, int, float):  # an enumeration's member, a NumPy number
        if isinstance(value, plain) and not isinstance(value, bool):
            return _clean(plain(value), where, depth)
    raise InputError(f"{kind.__name__} is not JSON", where=where)


def _text(text: str, where: str) -> str:
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        try:
            text.encode()
        except UnicodeEncodeError as fault:
            raise InputError("half a surrogate pair is not text", where=where) from fault
    return text


def _name(field: str, given: object) -> str:
    if not isinstance(given, str):
        raise InputError("must be a text", where=field)
    text = _text(str(given), field)
    if not text or text != text.strip():
        raise InputError("is empty, or has a space at an end", where=field)
    if len(text) > _LENGTHS[field]:
        raise InputError(f"is longer than {_LENGTHS[field]} characters", where=field)
    if any(unicodedata.category(letter) == "Cc" for letter in text):
        raise InputError("has a control character or a line end", where=field)
    return text


def later(moment: datetime, before: datetime) -> tuple[datetime, timedelta]:
    """The time to record: never before the event before; and how far the clock is behind it."""
    behind = before - moment
    return (before, behind) if behind > timedelta(0) else (moment, timedelta(0))
