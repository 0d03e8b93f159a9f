"""The shipped tables of facts: comma-separated files with a source for every row.

Every table lies in ``world/data``. Its first line names the columns, its last column is ``source``: one or
more keys of ``sources.csv``, parted by spaces. A row without a source is refused: a fact nobody can trace
is no fact. Tables are read when first asked for and kept.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from overflight.errors import DataError

__all__ = ["DATA", "Row", "Source", "read", "records", "source", "sources", "table"]

DATA = Path(__file__).parent / "data"
SOURCE_COLUMNS = ("key", "title", "date", "licence", "verified", "source")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, with readers that name file and line when a field is wrong."""

    file: str
    line: int
    values: dict[str, str]

    def fault(self, column: str, what: str) -> DataError:
        """The error for a bad field of this row."""
        return DataError(what, where=f"{self.file}, line {self.line}, column {column}")

    def text(self, column: str) -> str:
        """A field as it stands, without outer blanks; empty when it is empty."""
        return self.values[column]

    def needed(self, column: str) -> str:
        """A field that may not be empty."""
        if not (value := self.values[column]):
            raise self.fault(column, "the field is empty")
        return value

    def words(self, column: str, *, by: str | None = None) -> tuple[str, ...]:
        """A field that holds several values, parted by blanks or by `by`."""
        return tuple(part for piece in self.values[column].split(by) if (part := piece.strip()))

    def number(self, column: str) -> float | None:
        """A number, or None when the field is empty."""
        if not (value := self.values[column]):
            return None
        try:
            number = float(value)
        except ValueError:
            raise self.fault(column, f"{value!r} is not a number") from None
        if not abs(number) < float("inf"):
            raise self.fault(column, f"{value!r} is not a number")
        return number

    def interval(self, column: str) -> tuple[float, float] | None:
        """Two numbers ``low-high``, one number for both, or None when the field is empty."""
        if not (value := self.values[column]):
            return None
        low, dash, high = value.partition("-")
        try:
            pair = (float(low), float(high if dash else low))
        except ValueError:
            raise self.fault(column, f"{value!r} is neither a number nor LOW-HIGH") from None
        if not pair[0] <= pair[1] < float("inf"):
            raise self.fault(column, f"{value!r} has its low end above its high end")
        return pair

    def day(self, column: str) -> date | None:
        """A day ``YYYY-MM-DD``, or None when the field is empty."""
        if not (value := self.values[column]):
            return None
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise self.fault(column, f"{value!r} is not a day YYYY-MM-DD") from None

    def choice(self, column: str, allowed: tuple[str, ...]) -> str:
        """A field that must be one of `allowed`."""
        if (value := self.values[column]) not in allowed:
            raise self.fault(column, f"{value!r} is none of {', '.join(allowed)}")
        return value

    def flag(self, column: str) -> bool:
        """``yes`` or ``no``."""
        return self.choice(column, ("yes", "no")) == "yes"


def read(path: Path, columns: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """Read a table as plain tuples, checked.

    Parameters
    ----------
    path : Path
        The file.
    columns : tuple of str
        The header it must have; the last is ``source``.

    Returns
    -------
    tuple of tuple of str
        One per row, in the order of `columns`.

    Raises
    ------
    DataError
        The file is missing, its header is another, a row has too many or too few fields, or no source.
    """
    return tuple(fields for _, fields in _rows(path, columns))


def records(path: Path, columns: tuple[str, ...]) -> tuple[Row, ...]:
    """Read a table as rows with named fields; errors as in `read`."""
    return tuple(
        Row(path.name, line, dict(zip(columns, (field.strip() for field in fields), strict=True)))
        for line, fields in _rows(path, columns)
    )


@cache
def table(name: str, columns: tuple[str, ...]) -> tuple[Row, ...]:
    """A shipped table by its file name, kept once read; errors as in `read`."""
    return records(DATA / name, columns)


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[int, tuple[str, ...]]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            "the table cannot be read", where=path.name, mend="install overflight again"
        ) from error
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = tuple(next(reader, ()))
        if header != columns:
            raise DataError(f"the columns must be {','.join(columns)}", where=f"{path.name}, line 1")
        width = len(columns)
        for fields in reader:
            if not fields:
                continue
            if len(fields) != width:
                raise DataError(
                    f"{len(fields)} fields where {width} belong", where=f"{path.name}, line {reader.line_num}"
                )
            if not fields[-1] or fields[-1].isspace():
                raise DataError("the row has no source", where=f"{path.name}, line {reader.line_num}")
            yield reader.line_num, tuple(fields)
    except csv.Error as error:
        raise DataError(
            f"not comma-separated text ({error})", where=f"{path.name}, line {reader.line_num}"
        ) from error


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact comes from.

    Attributes
    ----------
    key : str
        The short key that rows carry.
    title : str
        What it is, for people.
    date : str
        Its date or edition, as far as known.
    licence : str
        The licence of the data taken from it; ``facts`` where single facts were taken from a publication.
    verified : bool
        Whether the source was seen when the row was written, or is quoted from memory.
    """

    key: str
    title: str
    date: str
    licence: str
    verified: bool


@cache
def sources() -> dict[str, Source]:
    """Every source that the tables name, by key."""
    return {
        row.needed("key"): Source(
            row.needed("key"),
            row.needed("title"),
            row.text("date"),
            row.needed("licence"),
            row.flag("verified"),
        )
        for row in table("sources.csv", SOURCE_COLUMNS)
    }


def source(keys: str) -> tuple[Source, ...]:
    """The sources behind a ``source`` field, one or several keys parted by blanks.

    Raises
    ------
    DataError
        A key that ``sources.csv`` does not have.
    """
    known = sources()
    try:
        return tuple(known[key] for key in keys.split())
    except KeyError as error:
        raise DataError(f"no source has the key {error}", where="sources.csv") from error
