"""Delimited files as publishers make them: any encoding they use, every row of the width it must have."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from overflight.screening.lists.reading import damaged

__all__ = ["END", "Sheet", "headed", "open_sheet", "rows"]

#: The publisher's end mark of OFAC's delimited files, Ctrl-Z.
END = "\x1a"


@dataclass(frozen=True, slots=True)
class Sheet:
    """The text of one delimited file.

    Attributes
    ----------
    name : str
        The file's name, for messages.
    text : str
        Without byte order mark and end mark.
    ended : bool
        The end mark was there.
    whole_line : bool
        The text ends with the end of a line.
    """

    name: str
    text: str
    ended: bool
    whole_line: bool


def open_sheet(path: Path) -> Sheet:
    """Read a file; UTF-8, else the Western code page that publishers used before."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    ended = text.rstrip("\r\n").endswith(END)
    if ended:
        text = text.rstrip("\r\n")[: -len(END)]
    return Sheet(path.name, text, ended, not text or text[-1] in "\r\n")


def _lines(text: str) -> Iterator[str]:
    # Lines end with the publisher's line ends only: a paragraph separator inside a cell is no end.
    start = 0
    while start < len(text):
        end = text.find("\n", start) + 1 or len(text)
        yield text[start:end]
        start = end


def rows(sheet: Sheet, width: int | None = None, *, first_line: int = 1) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line on which each ends; blank lines are passed over.

    Raises
    ------
    InputError
        A row has another width, a quote is never closed, or the text is not delimited text.
    """
    lines = _lines(sheet.text)
    for _ in range(first_line - 1):
        next(lines, None)
    reader = csv.reader(lines, strict=True)
    shift = first_line - 1
    try:
        for row in reader:
            if not row or (len(row) == 1 and not row[0].strip()):
                continue
            if width is not None and len(row) != width:
                raise damaged(
                    f"{len(row)} fields where {width} belong",
                    where=f"{sheet.name}, line {reader.line_num + shift}",
                )
            yield reader.line_num + shift, row
    except csv.Error as error:
        what = "a quote is never closed" if "unexpected end of data" in str(error) else str(error)
        raise damaged(
            f"not comma-separated text: {what}", where=f"{sheet.name}, line {reader.line_num + shift}"
        ) from None


def headed(
    sheet: Sheet, needed: tuple[str, ...], *, first_line: int = 1
) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows under a header, as a dict by the header's names in lower case.

    Raises
    ------
    InputError
        A needed column is missing, and as for `rows`.
    """
    found = rows(sheet, first_line=first_line)
    line, header = next(found, (first_line, []))
    names = [" ".join(cell.split()).casefold() for cell in header]
    missing = [name for name in needed if name.casefold() not in names]
    if missing:
        raise damaged(f"the column {missing[0]!r} is missing", where=f"{sheet.name}, line {line}")
    width = len(names)
    for line, row in found:
        if len(row) != width:
            raise damaged(f"{len(row)} fields where {width} belong", where=f"{sheet.name}, line {line}")
        yield line, dict(zip(names, row, strict=True))
