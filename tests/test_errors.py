"""One tree of errors, drawn as it is, and one line for a person."""

from __future__ import annotations

import re

import pytest

from overflight import errors
from overflight.errors import DataError, FlightFileError, InputError, OverflightError


def _classes() -> dict[str, type]:
    return {n: c for n, c in vars(errors).items() if isinstance(c, type) and issubclass(c, Exception)}


def test_exports_are_the_whole_tree_and_sorted() -> None:
    assert errors.__all__ == sorted(_classes())


def test_the_drawing_shows_the_tree() -> None:
    drawn: list[tuple[int, str]] = []
    for line in (errors.__doc__ or "").splitlines():
        if found := re.match(r"^    ([ │├└─]*)(\w+Error)\b", line):
            drawn.append((len(found[1]) // 4, found[2]))
    parents: dict[str, str] = {}
    path: list[str] = []
    for depth, name in drawn:
        path[depth:] = [name]
        if depth:
            parents[name] = path[depth - 1]
    assert {name for _, name in drawn} == set(_classes())
    for name, parent in parents.items():
        assert _classes()[name].__bases__ == (_classes()[parent],)


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (InputError("is empty"), "is empty"),
        (InputError("is empty", where="a.toml:3"), "a.toml:3: is empty"),
        (FlightFileError("is\nempty", where="a.toml", mend="fill it"), "a.toml: is empty; fill it"),
        (DataError("is damaged", mend="build it again"), "is damaged; build it again"),
    ],
)
def test_an_error_is_one_line(error: OverflightError, line: str) -> None:
    assert str(error) == line
    assert "\n" not in str(error)
