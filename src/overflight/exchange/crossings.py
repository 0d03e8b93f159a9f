"""Crossings as JSON: one shape for every command."""

from __future__ import annotations

from typing import Any

from overflight.route.crossing import Crossing

__all__ = ["crossing_json", "km_json", "point_json"]


def km_json(value: float | None) -> float | None:
    """Kilometres to the metre."""
    return None if value is None else round(value, 3)


def point_json(lonlat: tuple[float, float]) -> list[float]:
    """Longitude and latitude to a tenth of a metre."""
    return [round(lonlat[0], 6), round(lonlat[1], 6)]


def crossing_json(crossing: Crossing) -> dict[str, Any]:
    """One crossing in the shape of ``route --json``."""
    return {
        "state": crossing.state,
        "over": crossing.over,
        "entry_km": km_json(crossing.entry_km),
        "exit_km": km_json(crossing.exit_km),
        "entry": point_json(crossing.entry),
        "exit": point_json(crossing.exit),
        "disputed_by": list(crossing.disputed_by),
        "sliver": crossing.sliver,
        "remarks": list(crossing.remarks),
        "territories": list(crossing.territories),
    }
