"""Reads the room's own data files."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib import resources

from overflight.errors import DataError

__all__ = ["rows"]


@lru_cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """Rows of a data file by the names in its first line.

    Raises
    ------
    DataError
        The file is missing or has no rows.
    """
    try:
        text = resources.files("overflight.telegram").joinpath(f"data/{name}").read_text("utf-8")
    except OSError as error:
        raise DataError("a data file of the telegram room is missing", where=name) from error
    found = tuple(csv.DictReader(text.splitlines()))
    if not found:
        raise DataError("a data file of the telegram room is empty", where=name)
    return found
