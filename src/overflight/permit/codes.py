"""The code lists of flight plan fields, from ``data/codes.csv``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from overflight.world.tables import records

__all__ = ["DATA", "codes"]

DATA = Path(__file__).parent / "data"
_COLUMNS = ("set", "code", "meaning", "verified", "source")


@cache
def codes(name: str) -> dict[str, str]:
    """The codes of one set with their meaning, in the order to be used.

    >>> list(codes("item"))[:3]
    ['STS', 'PBN', 'NAV']
    """
    rows = records(DATA / "codes.csv", _COLUMNS)
    return {row.needed("code"): row.text("meaning") for row in rows if row.needed("set") == name}
