"""Where in a TOML text a field stands: the parser of the standard library does not say."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["field_lines", "line_of"]

_TABLE = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_LONG = re.compile(r'"""|' + "'''")

Path = tuple[str | int, ...]


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in re.split(r"\s*\.\s*", dotted))


def field_lines(text: str) -> dict[Path, int]:
    """Map the path of every table and key to its line, counted from 1.

    Tables of an array carry their place in it: ``("leg", 0, "from")``. Keys inside an inline table stand on
    the line of the table, which `line_of` finds through the shorter path.
    """
    lines: dict[Path, int] = {}
    counts: dict[str, int] = {}
    here: Path = ()
    inside: str | None = None  # the quotes of a string that runs over several lines
    for number, line in enumerate(text.splitlines(), 1):
        if inside is not None:
            if inside in line:
                inside = None
            continue
        if table := _TABLE.match(line):
            name = _parts(table[2])
            if table[1] == "[[":
                counts[name[0]] = counts.get(name[0], -1) + 1
            here = (name[0], counts[name[0]], *name[1:]) if name[0] in counts else name
            lines.setdefault(here, number)
            continue
        if key := _KEY.match(line):
            path = (*here, *_parts(key[1]))
            for end in range(len(here) + 1, len(path) + 1):
                lines.setdefault(path[:end], number)
        opened = _LONG.findall(line.split("#", 1)[0])
        if len(opened) % 2:
            inside = opened[-1]
    return lines


def line_of(lines: dict[Path, int], path: Sequence[str | int]) -> int | None:
    """The line of the field, or of the nearest table around it; None when neither is in the text."""
    for end in range(len(path), 0, -1):
        if (number := lines.get(tuple(path[:end]))) is not None:
            return number
    return None
