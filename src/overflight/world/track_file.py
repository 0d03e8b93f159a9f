"""A recorded track from a file: GeoJSON with times, or lines of ``time,lon,lat``."""

from __future__ import annotations

import csv
import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from overflight.errors import InputError

__all__ = ["MAX_BYTES", "Track", "parse_track", "read_track"]

MAX_BYTES = 200_000_000


@dataclass(frozen=True, eq=False)
class Track:
    """Points of one flight in order of time.

    Attributes
    ----------
    lonlat : (N, 2) float64
        Degrees.
    seconds : (N,) float64
        Since 1970-01-01T00:00Z; strictly growing.
    """

    lonlat: NDArray[np.float64]
    seconds: NDArray[np.float64]


def read_track(path: str | Path) -> Track:
    """Read a track file; errors name file and line."""
    path = Path(path)
    name = str(path)
    if path.is_dir():
        raise InputError("is a folder", where=name, mend="name the track file in it")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError("no such file", where=name, mend="check the path") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=name, mend="check its rights") from None
    if len(data) > MAX_BYTES:
        raise InputError(f"is larger than {MAX_BYTES // 1_000_000} MB", where=name, mend="split it by flight")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", where=name, mend="save it as UTF-8") from None
    return parse_track(text, name=name)


def parse_track(text: str, *, name: str = "TRACK") -> Track:
    """Parse GeoJSON (a LineString with times) or comma-separated lines with a header.

    GeoJSON times are ``properties.times`` or ``properties.coordTimes``, one for each position; CSV columns
    are ``time``, ``lon`` or ``longitude``, ``lat`` or ``latitude``. Times are RFC 3339 or seconds since 1970.
    """
    if not text.strip():
        raise InputError("is empty", where=name, mend="give GeoJSON with times, or lines of time,lon,lat")
    points = _geojson(text, name) if text.lstrip().startswith("{") else _table(text, name)
    if len(points) < 2:
        raise InputError("has fewer than two points", where=name, mend="a track needs at least two")
    rows = np.array(points, dtype=np.float64)
    rows = rows[np.argsort(rows[:, 0], kind="stable")]
    rows = rows[np.concatenate([[True], np.diff(rows[:, 0]) > 0])]
    if len(rows) < 2:
        raise InputError("has one moment only", where=name, mend="a track needs at least two")
    return Track(np.ascontiguousarray(rows[:, 1:]), np.ascontiguousarray(rows[:, 0]))


def _geojson(text: str, name: str) -> list[tuple[float, float, float]]:
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        raise InputError(
            f"not JSON: {error.msg.lower()}",
            where=f"{name}:{error.lineno}:{error.colno}",
            mend="mend that line",
        ) from None
    except RecursionError:
        raise InputError("is nested too deeply", where=name, mend="give one LineString") from None
    feature = _line_feature(document)
    if feature is None:
        raise InputError("holds no LineString", where=name, mend="give one Feature with a LineString")
    positions = feature["geometry"].get("coordinates")
    properties = feature.get("properties") or {}
    times = properties.get("times", properties.get("coordTimes"))
    if not isinstance(times, list) or not isinstance(positions, list) or len(times) != len(positions):
        raise InputError(
            "has not one time for each position", where=f"{name}: properties.times", mend="add RFC 3339 times"
        )
    points = []
    for index, (moment, position) in enumerate(zip(times, positions, strict=True)):
        where = f"{name}: position {index + 1}"
        if not isinstance(position, list) or len(position) < 2:
            raise InputError("is no [lon, lat]", where=where, mend="give degrees in that order")
        points.append((_seconds(moment, where), *_place(position[0], position[1], where)))
    return points


def _line_feature(document: Any) -> dict[str, Any] | None:
    if not isinstance(document, dict):
        return None
    for candidate in [document, *(document.get("features") or [])]:
        geometry = candidate.get("geometry") if isinstance(candidate, dict) else None
        if isinstance(geometry, dict) and geometry.get("type") == "LineString":
            return dict(candidate)
    return None


def _table(text: str, name: str) -> list[tuple[float, float, float]]:
    reader = csv.reader(text.splitlines())
    header = [cell.strip().lower() for cell in next(reader, [])]
    columns = []
    for names in (("time", "timestamp"), ("lon", "longitude"), ("lat", "latitude")):
        index = next((header.index(one) for one in names if one in header), None)
        if index is None:
            raise InputError(
                f"has no column {names[0]}", where=f"{name}:1", mend="begin with a line time,lon,lat"
            )
        columns.append(index)
    points = []
    try:
        for row in reader:
            if not row:
                continue
            where = f"{name}:{reader.line_num}"
            if len(row) <= max(columns):
                raise InputError("has too few fields", where=where, mend="give time, lon and lat")
            moment, lon, lat = (row[column].strip() for column in columns)
            points.append((_seconds(moment, where), *_place(lon, lat, where)))
    except csv.Error as error:
        raise InputError(f"not comma-separated ({error})", where=f"{name}:{reader.line_num}") from None
    return points


def _seconds(value: Any, where: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            raise InputError(f"{str(value)[:30]!r} is no time", where=where, mend="write RFC 3339") from None
        return (moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment).timestamp()
    if isinstance(value, bool) or not 0 <= number < 2**34:
        raise InputError(f"{str(value)[:30]!r} is no time", where=where, mend="write RFC 3339") from None
    return number


def _place(lon: Any, lat: Any, where: str) -> tuple[float, float]:
    try:
        x, y = float(lon), float(lat)
    except (TypeError, ValueError):
        raise InputError("is no position", where=where, mend="give degrees") from None
    if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= 360 and abs(y) <= 90):
        raise InputError("lies off the earth", where=where, mend="give [lon, lat] in degrees") from None
    return (x + 180.0) % 360.0 - 180.0, y
