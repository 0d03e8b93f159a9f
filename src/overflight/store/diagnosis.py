"""What is wrong with one row of the log: which field was changed, and where it can be told, how."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import Any, TypeAlias

from overflight.store.canonical import FORM

__all__ = ["Row", "diagnose", "one_byte"]

#: seq, recorded_at, case, kind, true_at, by, source, key, previous, digest, record.
Row: TypeAlias = "tuple[Any, ...]"

_NAMES = ("seq", "recorded_at", "case", "kind", "true_at", "by", "source", "key")
#: Records whose every byte is tried with every other value; longer ones only with one bit turned.
_SHORT = 4096
_LONG = 1 << 20
#: Two digests that differ in no more bytes than this are one digest, changed.
_FEW = 8


def diagnose(row: Row, expected: int, previous: bytes, moment: str) -> Iterator[tuple[int | None, str, str]]:
    """Name what is wrong with a row.

    Parameters
    ----------
    row : tuple
        The columns.
    expected : int
        The `seq` that should come here.
    previous : bytes
        The digest that the row before has.
    moment : str
        When the row before was recorded.

    Yields
    ------
    tuple of (int or None, str, str)
        Event, field, and the words for a person.
    """
    seq, before, mark, record = row[0], row[8], row[9], row[10]
    if not (
        isinstance(seq, int)
        and isinstance(record, bytes)
        and isinstance(mark, bytes)
        and isinstance(before, bytes)
    ):
        yield expected, "row", "the row has a column of another type"
        return
    if seq != expected:
        missing = f"event {expected} is" if seq == expected + 1 else f"events {expected} to {seq - 1} are"
        yield (
            expected,
            "seq",
            f"{missing} missing: event {seq} comes next" if seq > expected else "is out of order",
        )
    linked = before == previous
    own = hashlib.sha256(before + record).digest() == mark
    crossed = hashlib.sha256(previous + record).digest() == mark
    head = _head(record)
    if head is None or not own:
        if not linked and crossed:
            yield seq, "previous", "its link to the event before was changed; record and digest hold"
        elif not own:
            yield from _record(row, head)
    if own and not linked:
        if seq == expected:
            yield (
                seq,
                "previous",
                (
                    f"does not follow event {seq - 1}:"
                    " one of the two was replaced, moved or inserted with a digest of its own"
                ),
            )
        else:
            yield seq, "previous", "does not follow the event before it here"
    if own and head is not None:
        for name, column, value in zip(_NAMES, row[:8], head, strict=True):
            if column != value:
                yield seq, name, f"its column {name} says {_short(column)}, its record {_short(value)}"
    if own and head is None:
        yield seq, "record", "its record is not of a known form"
    if own and linked and isinstance(row[1], str) and row[1] < moment:
        yield seq, "recorded_at", f"was recorded at {row[1]}, before the event before it"


def _record(row: Row, head: list[Any] | None) -> Iterator[tuple[int | None, str, str]]:
    """A row whose digest is not that of its record."""
    seq, before, mark, record = row[0], row[8], row[9], row[10]
    true = hashlib.sha256(before + record).digest()
    if len(mark) == len(true) and sum(a != b for a, b in zip(mark, true, strict=True)) <= _FEW:
        yield seq, "digest", "its digest was changed; the record holds"
        return
    found = one_byte(before, record, mark)
    if found is not None:
        place, was = found
        good = record[:place] + bytes((was,)) + record[place + 1 :]
        name = _field_at(good, place)
        yield (
            seq,
            name,
            (
                f"one byte of its {name} was changed:"
                f" byte {place} of the record is 0x{record[place]:02x}, was 0x{was:02x}"
            ),
        )
        return
    for name, column, value in zip(_NAMES, row[:8], head or (), strict=False):
        if column != value:
            yield (
                seq,
                name,
                f"its {name} was changed: the column says {_short(column)}, the record {_short(value)}",
            )
            return
    if head is None:
        yield seq, "record", "its record was changed and cannot be read"
    else:
        yield seq, "body", "its body or its digest was changed; the columns agree with the record"


def one_byte(previous: bytes, record: bytes, mark: bytes) -> tuple[int, int] | None:
    """Which one byte of a record, and what it was, if putting it back gives the digest."""
    if len(record) > _LONG:
        return None
    sha = hashlib.sha256
    start = sha(previous)
    for place in range(len(record)):
        turned = range(256) if len(record) <= _SHORT else [record[place] ^ (1 << bit) for bit in range(8)]
        rest = record[place + 1 :]
        begun = start.copy()
        begun.update(record[:place])
        for value in turned:
            attempt = begun.copy()
            attempt.update(bytes((value,)) + rest)
            if attempt.digest() == mark:
                return place, value
    return None


def _head(record: bytes) -> list[Any] | None:
    """The fields of a record before its body, if it can be read."""
    if record[:1] != bytes((FORM,)):
        return None
    try:
        fields = json.loads(record[1:])
        return [fields[name] for name in _NAMES] if isinstance(fields, dict) else None
    except (ValueError, KeyError, RecursionError):
        return None


def _field_at(record: bytes, place: int) -> str:
    """The field of a good record that a byte belongs to."""
    if place == 0:
        return "form"
    name, after = "record", 0
    for candidate in (*_NAMES, "body"):
        found = record.find(f'"{candidate}":'.encode(), after)
        if found < 0 or found > place:
            break
        name, after = candidate, found
    return name


def _short(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"
