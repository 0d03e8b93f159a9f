"""Entities as lines of compact JSON, and the file of one version: a header, then one entity per line.

The whole file is one deflated stream (gzip). The header carries the number of entities and the SHA-256 of the
lines below it, so that a file cut off or altered on disk is found when it is read.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from overflight.errors import DataError
from overflight.garbage import no_collection
from overflight.screening.entity import Entity, Identifier, Link, Name

__all__ = ["Dated", "from_row", "pack", "read_header", "to_row", "unpack", "unpack_dates"]

_LONGEST_HEADER = 1 << 20


@dataclass(frozen=True, slots=True)
class Dated:
    """An entry's number and days, and how to get the whole of it."""

    id: str
    listed_on: date | None
    delisted_on: date | None
    entity: Callable[[], Entity]


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _trimmed(*values: str) -> list[str]:
    """A row without the empty texts at its end."""
    end = len(values)
    while end and not values[end - 1]:
        end -= 1
    return list(values[:end])


def to_row(entity: Entity) -> list[Any]:
    """An entity as JSON values; `from_row` gives it back."""
    return [
        entity.id,
        entity.schema,
        entity.caption,
        [_trimmed(n.text, n.kind, n.lang, n.script) for n in entity.names],
        [_trimmed(i.kind, i.value, i.note, _iso(i.since), _iso(i.until)) for i in entity.identifiers],
        [_trimmed(x.kind, x.name, x.id or "") for x in entity.links],
        list(entity.countries),
        list(entity.programs),
        entity.model or "",
        entity.built or "",
        _iso(entity.listed_on),
        _iso(entity.delisted_on),
        _iso(entity.amended_on),
        entity.remarks,
        list(entity.birth_dates),
        list(entity.addresses),
        list(entity.sources),
    ]


def _identifier(kind: str, value: str, note: str = "", since: str = "", until: str = "") -> Identifier:
    if since or until:
        return Identifier(kind, value, _day(since), _day(until), note)
    return Identifier(kind, value, None, None, note)


def _link(kind: str, name: str, entry: str = "") -> Link:
    return Link(kind, name, entry or None)


def from_row(kind: str, row: list[Any]) -> Entity:
    """The entity of a row."""
    (number, schema, caption, names, identifiers, links, countries, programs, model, built) = row[:10]
    (listed, delisted, amended, remarks, births, addresses, sources) = row[10:]
    return Entity(
        kind,
        number,
        schema,
        caption,
        tuple([Name(*one) for one in names]),
        tuple([_identifier(*one) for one in identifiers]) if identifiers else (),
        tuple([_link(*one) for one in links]) if links else (),
        tuple(countries),
        tuple(programs),
        model or None,
        built or None,
        date.fromisoformat(listed) if listed else None,
        date.fromisoformat(delisted) if delisted else None,
        date.fromisoformat(amended) if amended else None,
        remarks,
        tuple(births),
        tuple(addresses),
        tuple(sources),
    )


def pack(header: dict[str, Any], entities: Iterable[Entity]) -> bytes:
    """The bytes of a version's file."""
    lines = [json.dumps(to_row(one), ensure_ascii=False, separators=(",", ":")) for one in entities]
    body = "\n".join(lines).encode()
    whole = {**header, "entries": len(lines), "body_sha256": hashlib.sha256(body).hexdigest()}
    head = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)
    return packer.compress(head + b"\n" + body) + packer.flush()


def read_header(path: Path) -> dict[str, Any]:
    """The header alone; DataError when it cannot be read."""
    unpacker = zlib.decompressobj(31)
    head = b""
    try:
        with path.open("rb") as file:
            while b"\n" not in head and len(head) < _LONGEST_HEADER:
                chunk = file.read(4096)
                if not chunk:
                    break
                head += unpacker.decompress(chunk, _LONGEST_HEADER)
        found = json.loads(head.partition(b"\n")[0])
    except (OSError, zlib.error, ValueError, RecursionError) as error:
        raise _broken(path) from error
    if not isinstance(found, dict):
        raise _broken(path)
    return found


def unpack(path: Path, kind: str) -> tuple[Entity, ...]:
    """The entities of a version's file, checked against its header.

    Raises
    ------
    DataError
        The file was cut off or altered.
    """
    with no_collection():
        rows = _rows(path)
        try:
            return tuple([from_row(kind, row) for row in rows])
        except (ValueError, TypeError) as error:
            raise _broken(path) from error


def unpack_dates(path: Path, kind: str) -> Iterator[Dated]:
    """Number and days of every entity, and the entity itself when asked for; errors as for `unpack`.

    Whoever looks through many versions for the few entries that differ need not build the others.
    """
    try:
        for row in _rows(path):
            yield Dated(row[0], _day(row[10]), _day(row[11]), partial(from_row, kind, row))
    except (ValueError, TypeError, LookupError) as error:
        raise _broken(path) from error


def _rows(path: Path) -> list[list[Any]]:
    try:
        data = zlib.decompress(path.read_bytes(), 31)
        head, _, body = data.partition(b"\n")
        header = json.loads(head)
        if hashlib.sha256(body).hexdigest() != header["body_sha256"]:
            raise _broken(path)
        with no_collection():
            rows = json.loads(b"[" + body.replace(b"\n", b",") + b"]")
    except (OSError, zlib.error, ValueError, TypeError, KeyError, RecursionError) as error:
        raise _broken(path) from error
    if not isinstance(rows, list) or len(rows) != header["entries"]:
        raise _broken(path)
    return rows


def _broken(path: Path) -> DataError:
    return DataError(
        "this version of a list is damaged on disk",
        where=str(path),
        mend="remove the file and import the list again",
    )
