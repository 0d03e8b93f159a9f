"""Permit files of any size: one application after the other, and a fault for each row that is none.

Told apart by what is in them: JSON (an object, a list, or one object a line), messages of air traffic
services, a table with a header line (CSV with comma, semicolon, tab or bar), and a letter of lines
``Label: value``.
"""

from __future__ import annotations

import csv
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

from overflight.errors import InputError
from overflight.permit.application import Application, Fault, Sector
from overflight.permit.applying import fold
from overflight.permit.form import Cell, field_of, fill
from overflight.permit.letters import letter_cells
from overflight.permit.plan_form import application_of
from overflight.permit.reading import read_messages

__all__ = ["MAX_BYTES", "permits_in", "read_permits"]

#: Files other than tables are read whole.
MAX_BYTES = 64_000_000
_LONGEST_RECORD = 60_000
_MOST_LINES = 40
_IDENTITY = frozenset({"operator", "operator_code", "registrations", "call_sign", "type"})
_SKIPPED = frozenset({"person", "known", None})
_DELIMITERS = ",;\t|"
_RULE = re.compile(r"[ \t]*[-=_*]{3,}[ \t]*")
Row = tuple[int, Application | Fault]


def read_permits(path: str | Path, on: date | None = None) -> Iterator[Row]:
    """The applications of a file, row by row.

    Parameters
    ----------
    path : str or Path
        The file, in UTF-8.
    on : date, optional
        Day of the flight, for flight plans without a date of flight.

    Yields
    ------
    (int, Application or Fault)
        Row number and what it holds. One bad row does not lose the rest.

    Raises
    ------
    InputError
        No such file, or none that holds applications; before the first row.
    """
    path = Path(path)
    name = str(path)
    try:
        if path.is_dir():
            raise InputError("is a folder", where=name, mend="name a file in it")
        with path.open("rb") as file:
            head = file.read(4096)
            size = path.stat().st_size
    except FileNotFoundError:
        raise InputError("no such file", where=name, mend="check the path") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=name, mend="check its rights") from None
    if b"\0" in head:
        raise InputError("is not a text file", where=name, mend="save it as CSV, JSON or text in UTF-8")
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
        yield from _rows(text, name, on, size)


def permits_in(text: str, name: str = "permits", on: date | None = None) -> Iterator[Row]:
    """As `read_permits`, from a text."""
    return _rows(iter(text.removeprefix("\ufeff").splitlines(keepends=True)), name, on, len(text))


def _rows(lines: Iterator[str], name: str, on: date | None, size: int) -> Iterator[Row]:
    first, seen = "", 0
    for first in lines:
        seen += 1
        if first.strip():
            break
    if not first.strip():
        raise InputError("is empty", where=name, mend="it needs at least one application")
    delimiter = _table(first)
    if delimiter is not None:
        yield from _from_table(first, lines, delimiter, name, seen)
        return
    if size > MAX_BYTES:
        raise InputError(
            f"is larger than {MAX_BYTES // 1_000_000} MB", where=name, mend="split it, or make it a CSV table"
        )
    text = "\n" * (seen - 1) + "".join(chain([first], lines))
    if _broken(text):
        line = text.count("\n", 0, next(n for n, c in enumerate(text) if "\udc80" <= c <= "\udcff")) + 1
        raise InputError("is not UTF-8", where=f"{name}:{line}", mend="save it as UTF-8")
    if first.lstrip()[0] in "{[":
        yield from _from_json(text, name)
        return
    readings = read_messages(text)
    if readings:
        plans, left = fold(readings)
        starts = [reading.line for reading in readings if reading.message and reading.message.kind == "FPL"]
        for line, plan in zip(starts, plans, strict=True):
            yield line, application_of(plan, line, on, f"{name}:{line}")
        for reading in left:
            what = reading.findings[0].what if reading.message is None else _no_plan(reading.message)
            yield reading.line, Fault(reading.line, "", what)
        return
    yield from _from_letters(text, name)


def _no_plan(message: Any) -> str:
    return (
        f"{message.kind} for {message.aircraft_id or 'an unknown flight'}, for which no plan is in the file"
    )


def _broken(text: str) -> bool:
    return any("\udc80" <= c <= "\udcff" for c in text) if not text.isascii() else False


# --- tables -------------------------------------------------------------------------------------------


def _table(line: str) -> str | None:
    """The delimiter when a line is the header of a table of applications."""
    for delimiter in _DELIMITERS:
        if line.count(delimiter) < 1 or len(line) > _LONGEST_RECORD:
            continue
        try:
            cells = next(csv.reader([line], delimiter=delimiter), [])
        except csv.Error:
            continue
        fields = {field_of(cell.strip()) for cell in cells} - _SKIPPED
        # A letter's first line may be "Operator: A, B"; a header's cells are labels and nothing else.
        enough = len(fields) >= 3 or 4 * len(fields) >= len([cell for cell in cells if cell.strip()])
        if len(fields) >= 2 and fields & _IDENTITY and enough:
            return delimiter
    return None


def _records(first: str, lines: Iterable[str], start: int) -> Iterator[tuple[int, str | None]]:
    """Records with their first line; a quote that never ends costs its own line only (None)."""
    waiting: deque[str] = deque([first])
    source = iter(lines)
    at = start
    while True:
        if not waiting:
            line = next(source, None)
            if line is None:
                return
            waiting.append(line)
        record, taken = waiting[0], 1
        while record.count('"') % 2 and taken < _MOST_LINES and len(record) < _LONGEST_RECORD:
            if taken == len(waiting):
                line = next(source, None)
                if line is None:
                    break
                waiting.append(line)
            record += waiting[taken]
            taken += 1
        whole = record.count('"') % 2 == 0 and len(record) <= _LONGEST_RECORD
        if not whole:
            taken = 1
        yield at, record if whole else None
        at += taken
        for _ in range(taken):
            waiting.popleft()


def _from_table(first: str, lines: Iterator[str], delimiter: str, name: str, start: int) -> Iterator[Row]:
    records = _records(first, lines, start)
    _, top = next(records)
    try:
        header = [label.strip() for label in _cells(top or "", delimiter)] if top else []
    except csv.Error:
        header = []
    if not header:
        mend = "mend the quotation marks of the header"
        raise InputError("the header cannot be read", where=f"{name}:{start}", mend=mend)
    for row, record in records:
        if record is None:
            yield row, Fault(row, "", "a quotation mark is never closed, or the row is too long", "mend it")
            continue
        if not record.strip(f" \r\n{delimiter}"):
            continue
        if _broken(record):
            yield row, Fault(row, "", "is not UTF-8", "save the file as UTF-8")
            continue
        try:
            cells = _cells(record, delimiter)
        except csv.Error as error:
            yield row, Fault(row, "", f"cannot be read as a table row ({error})", "mend the quotation marks")
            continue
        while len(cells) > len(header) and not cells[-1].strip():
            cells.pop()
        if len(cells) != len(header):
            what = f"has {len(cells)} cells, the header has {len(header)}"
            yield row, Fault(row, "", what, "put quotation marks round a cell that holds the delimiter")
            continue
        pairs = [Cell(label, text) for label, text in zip(header, cells, strict=True) if label]
        yield row, _useful(fill(row, pairs, f"{name}:{row}"))


def _cells(record: str, delimiter: str) -> list[str]:
    return next(csv.reader(record.splitlines(keepends=True), delimiter=delimiter, strict=True), [])


def _useful(found: Application) -> Application | Fault:
    """An application that names neither an aircraft nor a flight nor an operator can be asked nothing."""
    if (
        found.operator
        or found.operator_code
        or found.registrations
        or found.call_sign
        or found.hex
        or found.serial
    ):
        return found
    first = found.faults[0].what + "; " if found.faults else ""
    return Fault(found.row, "", f"{first}names no operator, aircraft or call sign", "fill one of them in")


# --- JSON ---------------------------------------------------------------------------------------------


def _from_json(text: str, name: str) -> Iterator[Row]:
    try:
        data = json.loads(text)
    except RecursionError:
        raise InputError("is nested too deeply", where=name, mend="write a list of flat objects") from None
    except ValueError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) > 1 and all(line.lstrip().startswith("{") for line in lines[:2]) and _is_json(lines[0]):
            yield from _from_json_lines(text, name)
            return
        line = getattr(error, "lineno", 1)
        what = str(getattr(error, "msg", "a number is too long"))
        raise InputError(f"not JSON: {what.lower()}", where=f"{name}:{line}", mend="mend that line") from None
    if isinstance(data, dict):
        inner = next(
            (data[key] for key in ("applications", "permits", "requests") if isinstance(data.get(key), list)),
            None,
        )
        data = [data] if inner is None else inner
    if not isinstance(data, list) or not data:
        raise InputError("holds no application", where=name, mend="write an object, or a list of objects")
    if not any(_knows(one) for one in data[:100]):
        raise _no_permits(name)
    for row, one in enumerate(data, 1):
        yield row, _from_object(one, row, name)


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except (ValueError, RecursionError):
        return False
    return True


def _from_json_lines(text: str, name: str) -> Iterator[Row]:
    for row, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            one = json.loads(line)
        except (ValueError, RecursionError):
            yield row, Fault(row, "", "is not JSON", "mend that line")
            continue
        yield row, _from_object(one, row, name)


def _knows(one: object) -> bool:
    if not isinstance(one, dict):
        return False
    fields = {field_of(cell.label) for cell in _flat(one)} - _SKIPPED
    return len(fields) >= 2 and bool(fields & _IDENTITY)


def _no_permits(name: str) -> InputError:
    return InputError(
        "holds no permit application",
        where=name,
        mend="labels such as operator, registration, type, from, to, date are looked for",
    )


def _flat(one: dict[Any, Any], before: str = "", depth: int = 0) -> Iterator[Cell]:
    for key, value in one.items():
        label = f"{before}.{key}" if before else str(key)
        if isinstance(value, dict):
            if depth < 4:
                yield from _flat(value, label, depth + 1)
        elif isinstance(value, list):
            if not any(isinstance(part, dict | list) for part in value):
                yield Cell(label, ", ".join(_text(part) for part in value))
        else:
            yield Cell(label, _text(value))


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _from_object(one: object, row: int, name: str) -> Application | Fault:
    if not isinstance(one, dict):
        return Fault(row, "", "is no object", "write it as {…}")
    sectors: list[Sector] = []
    faults: list[Fault] = []
    for key, value in one.items():
        if isinstance(value, list) and any(isinstance(part, dict) for part in value) and len(value) <= 20:
            if field_of(str(key)) != "itinerary":
                continue
            for part in value:
                made = fill(row, _flat(part)) if isinstance(part, dict) else None
                if made is None or len(made.sectors) != 1:
                    return Fault(
                        row, str(key)[:60], "has a leg without departure or arrival", "give from and to"
                    )
                faults += made.faults
                sectors += made.sectors
    found = fill(row, _flat(one), f"{name}, object {row}", sectors)
    return _useful(replace(found, faults=(*found.faults, *faults)))


# --- letters ------------------------------------------------------------------------------------------


def _from_letters(text: str, name: str) -> Iterator[Row]:
    parts: list[tuple[int, list[str]]] = [(1, [])]
    for number, line in enumerate(text.splitlines(), 1):
        if _RULE.fullmatch(line):
            parts.append((number + 1, []))
        else:
            parts[-1][1].append(line)
    letters = [(start, cells) for start, lines in parts if (cells := list(letter_cells(lines, start)))]
    known = [
        (start, cells)
        for start, cells in letters
        if len(fields := {field_of(cell.label) for cell in cells} - _SKIPPED) >= 2 and fields & _IDENTITY
    ]
    if not known:
        raise _no_permits(name)
    if len(known) == 1:
        # One application: a rule only parts its sections.
        start = known[0][0]
        yield start, _useful(fill(start, [cell for _, cells in letters for cell in cells], f"{name}:{start}"))
        return
    for start, cells in known:
        yield start, _useful(fill(start, cells, f"{name}:{start}"))
