"""A whole desk in one file: JSON lines with a header, every event's record as it was hashed, and a trailer.

::

    {"overflight":"desk","form":1,"desk":…,"created_at":…,"events":N,"head":…}
    {"form":1,"digest":…,"record":{…}}          one line for every event, in order
    {"agenda":{…}}                              one line for every agenda item; derived, for convenience
    {"end":"overflight","lines":…,"sha256":…}   over every byte before this line
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import Connection, Engine, delete, insert, select, update

from overflight.errors import InputError, StoreError
from overflight.store.canonical import (
    FORM,
    LONGEST,
    as_time,
    digest,
    from_record,
    genesis,
    is_canonical,
    time_text,
)
from overflight.store.engine import faults, transaction
from overflight.store.event import AgendaItem, Head
from overflight.store.files import whole_file
from overflight.store.request import agenda_rows
from overflight.store.schema import derive_cases
from overflight.store.tables import AGENDA, DESK, EVENTS
from overflight.store.writing import Writer

__all__ = ["Imported", "check", "export", "take_in"]

_PORTION = 500
_LINE = re.compile(rb'\{"form":(\d+),"digest":"([0-9a-f]{64})","record":(\{.*\})\}\n', re.S)
_ITEM = ("case", "key", "due_at", "kind", "text", "body")


@dataclass(frozen=True, slots=True)
class Imported:
    """What came in."""

    desk: str
    #: Events that were new here, and events in the file.
    new: int
    events: int


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    seq: int = 0
    digest: bytes = b""
    previous: bytes = b""
    record: bytes = b""
    item: AgendaItem | None = None


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a container's header and trailer say."""

    head: Head
    created_at: str
    sha256: str


def export(engine: Engine, where: str, path: Path) -> Head:
    """Write a whole desk, as it is at one moment, while others may write to it.

    The file appears under its name when it is complete and on the disk, or not at all.
    """
    with (
        whole_file(path) as file,
        faults(where),
        engine.connect() as connection,
        transaction(connection, write=False),
    ):
        row = connection.execute(select(DESK.c.id, DESK.c.created_at, DESK.c.seq, DESK.c.digest)).one()
        head = Head(row[2], bytes(row[3]), row[0])
        seal, lines = hashlib.sha256(), 0
        for line in _lines(connection, head, row[1]):
            seal.update(line)
            file.write(line)
            lines += 1
        file.write(_json({"end": "overflight", "lines": lines, "sha256": seal.hexdigest()}))
    return head


def _lines(connection: Connection, head: Head, created_at: str) -> Iterator[bytes]:
    yield _json(
        {
            "overflight": "desk",
            "form": FORM,
            "desk": head.desk,
            "created_at": created_at,
            "events": head.seq,
            "head": head.digest.hex(),
        }
    )
    columns = select(EVENTS.c.seq, EVENTS.c.previous, EVENTS.c.digest, EVENTS.c.record).order_by(EVENTS.c.seq)
    before, last = genesis(head.desk), 0
    with connection.execute(columns.execution_options(yield_per=_PORTION)) as rows:
        for seq, previous, mark, record in rows:
            raw, mark = bytes(record), bytes(mark)
            if seq != last + 1 or bytes(previous) != before or digest(before, raw) != mark:
                raise StoreError(f"event {seq} is not as it was recorded", mend="overflight log verify")
            yield b'{"form":%d,"digest":"%s","record":%s}\n' % (raw[0], mark.hex().encode(), raw[1:])
            before, last = mark, seq
    if (last, before) != (head.seq, head.digest):
        raise StoreError("the log does not end where its head says", mend="overflight log verify")
    c = AGENDA.c
    items = select(c.case_id, c.key, c.due_at, c.kind, c.text, c.body).order_by(c.case_id, c.key)
    with connection.execute(items.execution_options(yield_per=_PORTION)) as rows:
        for row in rows:
            yield _json({"agenda": dict(zip(_ITEM, (*row[:5], json.loads(row[5])), strict=True))})


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


# --- reading ------------------------------------------------------------------------------------------


def check(path: Path) -> Sealed:
    """Prove a container from its first line to its last; nothing is written anywhere.

    Raises
    ------
    InputError
        When it is no container, is damaged, cut off, or its chain does not hold; the line is named.
    """
    with path.open("rb") as file:
        sealed, created = None, ""
        head = None
        for one in _read(file, str(path)):
            if isinstance(one, tuple):
                head, created = one
            elif isinstance(one, str):
                sealed = one
        assert head is not None
        assert sealed is not None
        return Sealed(head, created, sealed)


def _fault(what: str, where: str, number: int) -> InputError:
    return InputError(
        what, where=f"{where}, line {number}", mend="fetch the file again; nothing was taken in"
    )


def _read(file: BinaryIO, where: str) -> Iterator[tuple[Head, str] | _Line | str]:
    """The header's head and time, every line, the trailer's digest; each line proved before it is given."""
    seal = hashlib.sha256()
    line = file.readline(4096)
    head, created = _header(line, where)
    yield head, created
    before, number = genesis(head.desk), 1
    while number <= head.seq:
        seal.update(line)
        line = file.readline(LONGEST + 4096)
        number += 1
        if line.startswith(b'{"end"') or not line:
            raise _fault(f"cut off: {number - 2} of {head.seq} events are here", where, number)
        found = _LINE.fullmatch(line)
        if found is None:
            raise _fault("not an event", where, number)
        record = bytes((int(found[1]) & 255,)) + found[3]
        mark = bytes.fromhex(found[2].decode())
        if digest(before, record) != mark:
            raise _fault(f"event {number - 1} was changed, or does not follow the one before", where, number)
        if not is_canonical(record) or from_record(record, before, mark).seq != number - 1:
            raise _fault(f"event {number - 1} is not written in the form of a record", where, number)
        yield _Line(number, number - 1, mark, before, record)
        before = mark
    if before != head.digest:
        raise _fault("the last event is not the head that the header names", where, number)
    while True:
        seal.update(line)
        line = file.readline(LONGEST)
        number += 1
        if line.startswith(b'{"end"'):
            break
        yield _Line(number, item=_item(line, where, number))
    end = {"end": "overflight", "lines": number - 1, "sha256": seal.hexdigest()}
    if line != _json(end) or file.read(1):
        raise _fault("the trailer does not fit what is before it", where, number)
    yield seal.hexdigest()


def _header(line: bytes, where: str) -> tuple[Head, str]:
    try:
        fields = json.loads(line)
        if fields["overflight"] != "desk" or fields["form"] != FORM:
            raise ValueError
        head = Head(fields["events"], bytes.fromhex(fields["head"]), fields["desk"])
        as_time(fields["created_at"])
        if not isinstance(head.seq, int) or head.seq < 0 or not isinstance(head.desk, str) or not head.desk:
            raise ValueError
    except (ValueError, KeyError, TypeError, RecursionError, InputError) as fault:
        raise InputError(
            "not an exported desk, or of a newer overflight", where=f"{where}, line 1"
        ) from fault
    return head, fields["created_at"]


def _item(line: bytes, where: str, number: int) -> AgendaItem:
    try:
        fields = json.loads(line)["agenda"]
        case, key, due, kind, words, body = (fields[name] for name in _ITEM)
        item = AgendaItem(case, key, None if due is None else as_time(due), kind, words, body)
        if len(fields) != len(_ITEM) or not all(isinstance(t, str) and t for t in (case, key, kind)):
            raise ValueError
        agenda_rows(case, [item])
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, InputError) as fault:
        raise _fault("cut off, or not an item of an agenda", where, number) from fault
    return item


# --- taking in ----------------------------------------------------------------------------------------


def take_in(engine: Engine, where: str, path: Path) -> Imported:
    """Take a container in, whole or not at all, after it has been proved from end to end.

    An empty desk becomes the exported one. A desk with events takes in only its own continuation.

    Raises
    ------
    InputError
        When the container is not sound, or is another desk's, or has another past.
    """
    sealed = check(path)
    with faults(where), engine.connect() as connection, path.open("rb") as file:
        with transaction(connection):
            query = select(DESK.c.id, DESK.c.seq, DESK.c.digest)
            mine = connection.execute(query.with_for_update()).one()
            have = Head(mine[1], bytes(mine[2]), mine[0])
            if have.seq:
                _is_continuation(connection, have, sealed.head, path)
            new = _copy(connection, file, str(path), have, sealed)
        Writer(engine, where, None).settle(connection)
    return Imported(sealed.head.desk, new, sealed.head.seq)


def _is_continuation(connection: Connection, have: Head, given: Head, path: Path) -> None:
    if given.desk != have.desk:
        raise InputError(
            f"another desk's ({given.desk}); this one has events of its own",
            where=str(path),
            mend="import it into an empty desk: another OVERFLIGHT_HOME",
        )
    if given.seq < have.seq:
        found = connection.execute(select(EVENTS.c.digest).where(EVENTS.c.seq == given.seq)).scalar()
        if given.seq and (found is None or bytes(found) != given.digest):
            raise InputError("has another past than this desk", where=str(path), mend="overflight log verify")
        raise InputError(
            f"older than this desk: it ends at event {given.seq}, here is event {have.seq}", where=str(path)
        )


def _copy(connection: Connection, file: BinaryIO, where: str, have: Head, sealed: Sealed) -> int:
    rows: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    new, moment, sha256 = 0, sealed.created_at, ""
    for one in _read(file, where):
        if isinstance(one, str):
            sha256 = one
        elif isinstance(one, tuple):
            continue
        elif one.item is not None:
            items += agenda_rows(one.item.case, [one.item])
        elif one.seq <= have.seq:
            if one.seq == have.seq and one.digest != have.digest:
                raise InputError("has another past than this desk", where=where, mend="overflight log verify")
        else:
            rows.append(_row(one))
            new, moment = new + 1, rows[-1]["recorded_at"]
            if len(rows) >= _PORTION:
                connection.execute(insert(EVENTS), rows)
                rows = []
    if sha256 != sealed.sha256:
        raise InputError("was changed while it was read", where=where, mend="repeat")
    if rows:
        connection.execute(insert(EVENTS), rows)
    head = {"id": sealed.head.desk, "seq": sealed.head.seq, "digest": sealed.head.digest}
    if not have.seq:
        head["created_at"] = sealed.created_at
    if new:
        head["recorded_at"] = moment
    if new or not have.seq:
        connection.execute(update(DESK).values(**head))
        connection.execute(delete(AGENDA))
        _insert_all(connection, items)
        derive_cases(connection)
    return new


def _insert_all(connection: Connection, items: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(items), _PORTION):
        connection.execute(insert(AGENDA), list(items[start : start + _PORTION]))


def _row(line: _Line) -> dict[str, Any]:
    event = from_record(line.record, line.previous, line.digest)
    return {
        "seq": line.seq,
        "recorded_at": time_text(event.recorded_at),
        "case_id": event.case,
        "kind": event.kind,
        "true_at": time_text(event.true_at),
        "office": event.by,
        "source": event.source,
        "key": event.key,
        "previous": line.previous,
        "digest": line.digest,
        "record": line.record,
    }
