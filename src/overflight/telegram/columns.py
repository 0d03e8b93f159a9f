"""Text set in columns: lines whose blanks and breaks say something, and stay as they are.

A run of lines is a table when their cells stand under each other. Blanks that only part sentences, or that
justify a line, make no table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

__all__ = ["find_tables", "is_ruler", "parted"]

# Two blanks part cells, but not behind a sentence; three always do.
_GAP = re.compile(r"(?<=\S)[ ]{3,}(?=\S)|(?<=[^\s.?!:;,\"')])[ ]{2}(?=\S)")
_LEAD = re.compile(r"\s*(?:(?:[\[(¶]*\w{1,4}[\]]?[.):]|[-*+•]|--)[ ]+)?(?:\([^()]{1,80}\)[ ]+)?")
_MARKED = re.compile(r"\s*(?:[-*+][ ]+)?[\[(¶]*\d{1,4}\]?[.)]?[ ]*\([A-Z/ ]")
_RULER = re.compile(r"\s*[-=_][-=_ +|]{2,}$")


def is_ruler(text: str) -> bool:
    """Whether a line is drawn, not written."""
    return bool(_RULER.match(text))


def parted(lines: Sequence[str]) -> Iterator[tuple[bool, list[str]]]:
    """Each line by itself, and the rows of a table together; whether it is a table comes first."""
    tables = dict(find_tables(lines))
    index = 0
    while index < len(lines):
        stop = tables.get(index, index + 1)
        yield index in tables, list(lines[index:stop])
        index = stop


def find_tables(lines: Sequence[str]) -> list[tuple[int, int]]:
    """First line and the one behind the last of each table; lines as they stand, indents included."""
    found: list[tuple[int, int]] = []
    index = 0
    while index < len(lines):
        if "  " not in lines[index] or (edges := _edges(lines[index])) is None:
            index += 1
            continue
        rows = [edges]
        end = stop = index + 1
        while end < len(lines) and (text := lines[end].rstrip()):
            inner = _edges(text)
            if inner is not None and _aligned(rows[-1], inner):
                rows.append(inner)
                stop = end + 1
            elif inner is None and _goes_on(text, rows[-1]):
                stop = end + 1
            elif inner is not None or not is_ruler(text):
                break
            end += 1
        if _is_table(rows):
            found.append((index, stop))
        index = stop
    return found


_Edges = tuple[frozenset[int], frozenset[int], int]  # left edges, right edges, widest gap


def _edges(text: str) -> _Edges | None:
    """Where the cells behind the first begin and end; None when the line has one cell only."""
    text = text.rstrip()
    lead = _LEAD.match(text)
    start = lead.end() if lead else 0
    gaps = list(_GAP.finditer(text, start))
    if not gaps or _MARKED.match(text):
        return None
    lefts = frozenset(gap.end() for gap in gaps)
    rights = frozenset([*(gap.start() for gap in gaps[1:]), len(text)])
    return lefts, rights, max(gap.end() - gap.start() for gap in gaps)


def _goes_on(text: str, above: _Edges) -> bool:
    """A cell that goes on: nothing but text under one of the further cells of the row above."""
    return len(text) - len(text.lstrip()) in above[0]


def _aligned(a: _Edges, b: _Edges) -> bool:
    return bool(a[0] & b[0] or a[1] & b[1])


def _is_table(rows: list[_Edges]) -> bool:
    """Two rows at least; two alone must have all their cells under each other. Justified text has few gaps
    that are wide.
    """
    if len(rows) == 2:
        fewer, more = sorted((row[0] for row in rows), key=len)
        return (fewer <= more or rows[0][1] == rows[1][1]) and all(row[2] >= 3 for row in rows)
    return len(rows) > 2 and sum(row[2] >= 3 for row in rows) * 2 >= len(rows)
