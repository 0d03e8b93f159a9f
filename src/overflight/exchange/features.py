"""Points and lines with properties, ready to be written in any map format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["Feature", "Value", "split_at_date_line"]

Value = str | float | int | bool | None | list[str]


@dataclass(frozen=True, eq=False)
class Feature:
    """One point or line.

    Attributes
    ----------
    name, group : str
        What it is called, and the folder it belongs to.
    lonlat : (N, 2) float64
        Degrees; one row is a point.
    properties : mapping
        Plain values.
    span : (datetime, datetime) or None
        When it happens, UTC.
    style : str
        "route", "alternative", "entry" or "stop".
    """

    name: str
    group: str
    lonlat: NDArray[np.float64]
    style: str
    properties: Mapping[str, Value] = field(default_factory=dict)
    span: tuple[datetime, datetime] | None = None

    @property
    def is_point(self) -> bool:
        return len(self.lonlat) == 1


def split_at_date_line(lonlat: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """Cut a line where it crosses the 180th meridian, as RFC 7946 section 3.1.9 asks.

    Parameters
    ----------
    lonlat : (N, 2) float64
        Degrees; neighbouring points less than 180 degrees of longitude apart the short way round.

    Returns
    -------
    list of (M, 2) float64
        Parts that keep to -180..180; where the line was cut both sides end on the meridian.
    """
    parts: list[NDArray[np.float64]] = []
    current = [lonlat[0]]
    for here, there in pairwise(lonlat):
        step = there[0] - here[0]
        if abs(step) > 180.0:
            side = 180.0 if here[0] > 0 else -180.0
            span = 360.0 - abs(step)
            share = abs(side - here[0]) / span if span > 0 else 0.0
            lat = here[1] + share * (there[1] - here[1])
            current.append(np.array([side, lat]))
            parts.append(np.array(current))
            current = [np.array([-side, lat])]
        current.append(there)
    parts.append(np.array(current))
    return [part for part in parts if len(part) > 1 and not (part == part[0]).all()] or [lonlat]
