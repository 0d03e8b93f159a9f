"""The map: its ground against the shipped borders, its features against the case, its drawing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from starlette.testclient import TestClient

from overflight.desk.rooms import Rooms
from overflight.desk.views.case import STANDINGS, opened, standing_of
from overflight.desk.views.figures import figures, finished
from overflight.desk.views.map import case_map, drawing, letters
from overflight.desk.views.world import key_of, world
from overflight.route.permitted import finder
from overflight.world.airspace import load

Browser = Callable[[str], TestClient]
CASE = "KOR621-2008"


@pytest.fixture(scope="module")
def layers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(world("de-facto", tmp_path_factory.mktemp("map")).plain)
    return found


@pytest.fixture(scope="module")
def shapes(layers: dict[str, Any]) -> dict[str, BaseGeometry]:
    return {
        one["properties"]["state"]: shape(one["geometry"]).buffer(0) for one in layers["states"]["features"]
    }


def test_every_state_of_the_airspace_is_on_the_map(shapes: dict[str, BaseGeometry]) -> None:
    assert set(shapes) == {state for state in load().states() if state}
    assert all(not one.is_empty for one in shapes.values())


def test_the_thinned_ground_says_whose_sky_it_is(shapes: dict[str, BaseGeometry]) -> None:
    routes = finder("de-facto")
    dice = np.random.default_rng(7)
    lons, lats = dice.uniform(-179.9, 179.9, 700), np.degrees(np.arcsin(dice.uniform(-0.95, 0.98, 700)))
    wrong = 0
    asked = 0
    for lon, lat in zip(lons, lats, strict=True):
        state = routes.state_at(np.array([lon, lat]))
        points = [Point(lon + turn, lat) for turn in (0, 360, -360)]
        near = {code for code, one in shapes.items() if any(one.distance(p) < 0.12 for p in points)}
        here = {code for code, one in shapes.items() if any(one.contains(p) for p in points)}
        if len(near) > 1 or (near and not here):
            continue  # so near a border that thinning may decide
        asked += 1
        wrong += here != ({state} if state else set())
    assert asked > 500
    assert wrong == 0


def test_labels_stand_in_their_states(layers: dict[str, Any], shapes: dict[str, BaseGeometry]) -> None:
    for one in layers["labels"]["features"]:
        lon, lat = one["geometry"]["coordinates"]
        where = shapes[one["properties"]["state"]]
        assert any(where.contains(Point(lon + turn, lat)) for turn in (0, 360, -360)), one["properties"]


def test_land_lies_where_land_is(layers: dict[str, Any]) -> None:
    rings = [np.array(ring) for one in layers["land"]["features"] for ring in one["geometry"]["coordinates"]]

    def dry(lon: float, lat: float) -> bool:
        """Rings crossed on the way east, counted: odd on land."""
        crossed = 0
        for ring in rings:
            (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
            spans = (y0 > lat) != (y1 > lat)
            east = x0[spans] + (lat - y0[spans]) / (y1 - y0)[spans] * (x1 - x0)[spans]
            crossed += sum(int(np.count_nonzero(east + turn > lon)) for turn in (0, 360, -360))
        return bool(crossed % 2)

    for place in ((77.2, 28.6), (135.0, -25.0), (-60.0, -10.0), (0.0, -85.0), (105.0, 65.0), (-179.0, 67.0)):
        assert dry(*place), place
    for place in ((-30.0, 30.0), (80.0, -20.0), (50.5, 42.0), (-170.0, 0.0)):
        assert not dry(*place), place


def test_the_ground_is_small_and_kept(tmp_path: Path) -> None:
    found = world("de-facto", tmp_path)
    assert len(found.packed) < 1_500_000
    assert json.loads(found.plain)["states"]["features"]
    assert found is world("de-facto", tmp_path)


def test_the_ground_is_served_for_ever(browser: Browser) -> None:
    officer = browser("officer")
    address = f"/map/world-{key_of()}.json"
    answer = officer.get(address)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.json()["type" if "type" in answer.json() else "states"]
    plain = officer.get(address, headers={"accept-encoding": "identity"})
    assert plain.json() == answer.json()
    assert officer.get("/map/world-0.json").headers["location"] == address
    assert browser("guest KAZ").get(address).status_code == 404


def test_features_of_a_case(rooms: Rooms) -> None:
    case = opened(rooms, CASE)
    bare = case_map(case, None)
    assert not bare["complete"]
    done = finished(figures(rooms, case, 240.0))
    assert done is not None
    found = case_map(case, done)
    assert found["complete"]
    by_style: dict[str, list[Any]] = {}
    for one in found["features"]:
        by_style.setdefault(one["properties"]["style"], []).append(one)
    assert len(by_style["route"]) == len(case.flight.legs) == len([
        one for one in bare["features"] if one["properties"]["style"] == "route"
    ])  # fmt: skip
    numbers = [p.number for leg in done.brief.legs for p in leg.passages if p.number is not None]
    assert [one["properties"]["number"] for one in by_style["entry"]] == numbers
    assert {one["properties"]["letter"] for one in by_style["alternative"]} <= set(letters(case).values())
    assert len(by_style["band"]) >= 40
    for state, about in found["states"].items():
        assert about["standing"] == standing_of(case, state)
        assert about["standing"] in STANDINGS
    assert found["states"]["IND"]["standing"] == "stale"
    assert found["states"]["MMR"]["standing"] == "asked"
    assert found["states"]["IRN"]["standing"] == "ends"


def test_ways_on_the_map_enter_the_states_that_they_name(rooms: Rooms) -> None:
    from overflight.route.crossing import crossings, states_entered

    case = opened(rooms, CASE)
    done = finished(figures(rooms, case, 240.0))
    assert done is not None
    assert case.ways is not None
    always = {leg.leg: set(leg.always) for leg in case.ways.legs}
    assert len(done.lines) >= 6
    for (leg, states), line in done.lines.items():
        entered = set(states_entered(crossings(line, load(), "de-facto")))
        assert entered - always[leg] <= set(states)


def test_the_map_as_geojson(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    finished(figures(rooms, opened(rooms, CASE), 240.0))
    found = officer.get(f"/api/v1/cases/{CASE}/map?wait=true").json()
    assert found["type"] == "FeatureCollection"
    assert found["complete"]
    assert {one["geometry"]["type"] for one in found["features"]} <= {
        "LineString",
        "MultiLineString",
        "Point",
    }
    assert officer.get("/api/v1/cases/NONE/map").status_code == 404


def test_the_drawing(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    finished(figures(rooms, opened(rooms, CASE), 240.0))
    page = officer.get(f"/cases/{CASE}/map")
    assert page.status_code == 200
    assert page.text.count('<svg class="map"') == 1
    part = officer.get(f"/cases/{CASE}/map", headers={"hx-request": "true"})
    assert part.text.lstrip().startswith("<svg")
    assert "India (answer stale)" in drawing(
        opened(rooms, CASE), finished(figures(rooms, opened(rooms, CASE), 240.0)), "de-facto"
    )  # type: ignore[arg-type]
    assert "style=" not in part.text
