"""GeoJSON and KML: valid by their standards, and cut where they must be."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.exchange import geojson, kml
from overflight.exchange.features import Feature, split_at_date_line

SPAN = datetime(2008, 8, 7, tzinfo=UTC), datetime(2008, 8, 8, tzinfo=UTC)
FEATURES = [
    Feature(
        "Leg <1> & more",
        "Leg 1",
        np.array([(170.0, 10.0), (-170.0, 20.0)]),
        "route",
        {"km": 1.5, "states": ["A", "B"]},
    ),
    Feature(
        "A\x00B", "Leg 1", np.array([(1.0, 2.0)]), "entry", {"state": "PRK", "none": None, "yes": True}, SPAN
    ),
    Feature("Other", "Leg 2", np.array([(1.0, 2.0), (3.0, 4.0)]), "alternative"),
    Feature("ZKPY", "Aerodromes", np.array([(125.67, 39.22)]), "stop"),
]


def _positions(geometry: dict[str, Any]) -> list[list[float]]:
    coordinates = geometry["coordinates"]
    if geometry["type"] == "MultiLineString":
        return [position for part in coordinates for position in part]
    return [coordinates] if geometry["type"] == "Point" else list(coordinates)


def test_geojson_is_rfc_7946() -> None:
    document = json.loads(json.dumps(geojson.feature_collection(FEATURES)))
    assert document["type"] == "FeatureCollection"
    for feature in document["features"]:
        assert feature["type"] == "Feature"
        assert isinstance(feature["properties"], dict)
        for lon, lat in _positions(feature["geometry"]):
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
    assert document["features"][0]["geometry"]["type"] == "MultiLineString"
    assert document["features"][1]["properties"]["earliest"] == "2008-08-07T00:00:00Z"


def test_kml_is_well_formed_and_in_order() -> None:
    text = kml.document("T & <t>", "d", FEATURES)
    root = ET.fromstring(text.encode())
    n = "{http://www.opengis.net/kml/2.2}"
    assert root.tag == f"{n}kml"
    assert [f.findtext(f"{n}name") for f in root.iter(f"{n}Folder")] == ["Leg 1", "Leg 2", "Aerodromes"]
    marks = list(root.iter(f"{n}Placemark"))
    assert [m.findtext(f"{n}name") for m in marks] == ["Leg <1> & more", "AB", "Other", "ZKPY"]
    # The schema's order of a placemark's children.
    order = ["name", "TimeSpan", "styleUrl", "ExtendedData", "Point", "LineString", "MultiGeometry"]
    styles = {f"#{style.get('id')}" for style in root.iter(f"{n}Style")}
    for mark in marks:
        tags = [child.tag.removeprefix(n) for child in mark]
        assert tags == sorted(tags, key=order.index)
        assert mark.findtext(f"{n}styleUrl") in styles
    for coordinates in root.iter(f"{n}coordinates"):
        for triple in (coordinates.text or "").split():
            lon, lat, height = (float(v) for v in triple.split(","))
            assert abs(lon) <= 180
            assert abs(lat) <= 90
            assert height == 0


def test_a_line_along_the_cut_meets_itself() -> None:
    parts = split_at_date_line(np.array([(170.0, 10.0), (-170.0, 20.0)]))
    assert len(parts) == 2
    assert parts[0][-1].tolist() == [180.0, 15.0]
    assert parts[1][0].tolist() == [-180.0, 15.0]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-89, 89)), min_size=2, max_size=12))
def test_cutting_loses_no_point_and_never_jumps(points: list[tuple[float, float]]) -> None:
    line = np.array(points)
    parts = split_at_date_line(line)
    for part in parts:
        assert np.abs(np.diff(part[:, 0])).max(initial=0) <= 180
    kept = {tuple(p) for part in parts for p in part.tolist()}
    moved = [p for p in line.tolist() if tuple(p) not in kept]
    assert all(abs(abs(p[0]) - 180) < 1e-9 for p in moved)


def test_a_point_stays_a_point() -> None:
    assert geojson.feature_collection([FEATURES[3]])["features"][0]["geometry"] == {
        "type": "Point",
        "coordinates": [pytest.approx(125.67), pytest.approx(39.22)],
    }
