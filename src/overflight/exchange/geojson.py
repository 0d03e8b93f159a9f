"""Features as GeoJSON (RFC 7946)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC
from typing import Any

import numpy as np
from numpy.typing import NDArray

from overflight.exchange.features import Feature, split_at_date_line

__all__ = ["feature_collection"]

_DIGITS = 6  # a decimetre


def feature_collection(features: Sequence[Feature]) -> dict[str, Any]:
    """A FeatureCollection; lines over the date line are cut there."""
    return {"type": "FeatureCollection", "features": [_feature(feature) for feature in features]}


def _feature(feature: Feature) -> dict[str, Any]:
    properties: dict[str, Any] = {"name": feature.name, "group": feature.group, "style": feature.style}
    properties |= feature.properties
    if feature.span:
        properties["earliest"], properties["latest"] = (
            moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for moment in feature.span
        )
    return {"type": "Feature", "geometry": _geometry(feature), "properties": properties}


def _geometry(feature: Feature) -> dict[str, Any]:
    if feature.is_point:
        return {"type": "Point", "coordinates": _positions(feature.lonlat)[0]}
    parts = [_positions(part) for part in split_at_date_line(feature.lonlat)]
    if len(parts) == 1:
        return {"type": "LineString", "coordinates": parts[0]}
    return {"type": "MultiLineString", "coordinates": parts}


def _positions(lonlat: NDArray[np.float64]) -> list[list[float]]:
    return [[round(float(lon), _DIGITS), round(float(lat), _DIGITS)] for lon, lat in lonlat]
