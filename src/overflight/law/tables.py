"""The tables of law: comma-separated files, a source for every row, every fault with file, line and column.

The shipped tables lie in ``law/data``; a desk's own rows, in the same columns, in the folder ``law`` of the
desk. What a file holds is told by its first line; what its fields may say, by `schema`.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from overflight.errors import LawError
from overflight.world.states import alpha3_codes

__all__ = ["COLUMNS", "DATA", "WIDE", "Row", "identify"]

DATA = Path(__file__).parent / "data"
MAX_BYTES = 5_000_000
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)
#: What no field has: control characters would reach the terminal of whoever reads the row.
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")

COLUMNS = {
    "measures": (
        *("id", "instrument", "paragraph", "adopted", "in_force_from", "in_force_until", "applies_to"),
        *("target", "links", "kind", "binding", "trigger", "cargo", "carriers", "when", "supports", "effect"),
        *("exemptions", "clock", "verified", "unverified", "key", "note", "source"),
    ),
    "periods": (
        *("measure", "from", "until", "status", "dispute", "held_by", "verified", "key", "note", "source"),
    ),
    "disputes": ("id", "title", "question", "from", "key", "note", "source"),
    "positions": ("dispute", "state", "position", "from", "until", "verified", "key", "note", "source"),
    "groups": ("group", "state", "from", "until", "verified", "note", "source"),
    "psi": ("state", "status", "from", "until", "precision", "verified", "key", "note", "source"),
    "parties": ("convention", "state", "status", "from", "until", "verified", "key", "note", "source"),
    "practice": (
        *("id", "states", "from", "since", "until", "policy", "option", "basis", "law", "verified", "key"),
        *("note", "source"),
    ),
    "sources": ("key", "title", "date", "licence", "verified", "source"),
}
#: Names that stand for more than one state, beside the groups of groups.csv.
WIDE = ("*", "UN", "PSI")


class Row:
    """One line of a table, with readers that name file, line and column when a field is wrong."""

    def __init__(self, file: str, line: int, values: dict[str, str]) -> None:
        self.file, self.line, self.values = file, line, values

    def fault(self, column: str, what: str, mend: str | None = None) -> LawError:
        return LawError(what, where=f"{self.file}, line {self.line}, column {column}", mend=mend)

    def text(self, column: str) -> str:
        return self.values[column]

    def needed(self, column: str) -> str:
        if not (value := self.values[column]):
            raise self.fault(column, "the field is empty")
        return value

    def words(self, column: str) -> tuple[str, ...]:
        return tuple(self.values[column].split())

    def choice(self, column: str, allowed: tuple[str, ...]) -> str:
        return self.one_of(column, self.values[column], allowed)

    def one_of(self, column: str, value: str, allowed: tuple[str, ...]) -> str:
        if value not in allowed:
            raise self.fault(column, f"{value!r} is none of {', '.join(allowed)}")
        return value

    def flag(self, column: str) -> bool:
        return self.choice(column, ("yes", "no")) == "yes"

    def moment(self, column: str) -> datetime | None:
        """A day or an instant in UTC; None when empty."""
        if not (value := self.values[column]):
            return None
        try:
            if not _DAY.match(value):
                raise ValueError(value)
            if len(value) == 10:
                day = date.fromisoformat(value)
                return datetime(day.year, day.month, day.day, tzinfo=UTC)
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment.astimezone(UTC)
        except (OverflowError, ValueError):
            raise self.fault(
                column, f"{value!r} is no day", "write 2016-03-02 or 2025-09-28T00:00Z"
            ) from None
        raise self.fault(column, f"{value!r} has no zone", "end it with Z")

    def start(self, column: str) -> datetime:
        if (moment := self.moment(column)) is None:
            raise self.fault(column, "the field is empty", "write 2016-03-02")
        return moment

    def ordered(self, first: str, last: str) -> datetime | None:
        """The end of a span that must lie after its beginning."""
        begin, end = self.moment(first), self.moment(last)
        if begin and end and end <= begin:
            raise self.fault(last, f"{self.values[last]} is not after {self.values[first]}")
        return end

    def states(self, column: str, also: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Codes parted by blanks; groups are checked when all files are together."""
        known = (*alpha3_codes(), *also)
        for word in (found := self.words(column)):
            if word not in known and not (also and _is_group(word)):
                raise self.fault(column, f"{word!r} is not an alpha-3 code")
        return found

    def source(self) -> str:
        if not self.values["source"]:
            raise self.fault("source", "the row has no source", "say where the fact comes from")
        return self.values["source"]


def _is_group(word: str) -> bool:
    return (len(word) != 3 and word.isupper()) or "-" in word


def identify(path: Path, label: str | None = None) -> tuple[str, list[Row]]:
    """What table a file holds, by its first line, and its rows."""
    name = label or path.name
    try:
        raw = path.read_bytes()
        if len(raw) > MAX_BYTES:
            raise LawError("the table is too long", where=name, mend=f"keep it under {MAX_BYTES:,} bytes")
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise LawError(f"cannot be read: {(error.strerror or 'no file').lower()}", where=name) from None
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise LawError(
            "is no UTF-8 text", where=f"{name}, line {line}", mend="save it as CSV in UTF-8"
        ) from None
    try:
        header = next(csv.reader(io.StringIO(text, newline="")), [])
    except csv.Error as error:
        raise LawError(f"not comma-separated text ({error})", where=f"{name}, line 1") from None
    kind = next((k for k, columns in COLUMNS.items() if list(columns) == header), None)
    if kind is None:
        near = max(COLUMNS, key=lambda k: len(set(COLUMNS[k]) & set(header)))
        raise LawError(
            "the first line names the columns of no table of law",
            where=f"{name}, line 1",
            mend=f"for {near} it must be {','.join(COLUMNS[near])}",
        )
    return kind, list(_rows(text, name, COLUMNS[kind]))


def _rows(text: str, name: str, columns: tuple[str, ...]) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        next(reader)
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            if len(fields) != len(columns):
                raise LawError(
                    f"{len(fields)} fields where {len(columns)} belong",
                    where=f"{name}, line {reader.line_num}",
                )
            row = Row(name, reader.line_num, dict(zip(columns, (f.strip() for f in fields), strict=True)))
            for column, value in row.values.items():
                if _CONTROL.search(value.replace("\r\n", "\n")):
                    raise row.fault(column, "has a control character", "take it out")
            yield row
    except csv.Error as error:
        raise LawError(
            f"not comma-separated text ({error})", where=f"{name}, line {reader.line_num}"
        ) from None
