"""The shipped airspace: one face per point, the right state on it, disputes by name."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files

import numpy as np
import pytest
from airspace_polygons import areas_km2, crossing_pairs, edges, face_at

from overflight.errors import DataError, UnknownCodeError
from overflight.world import airspace
from overflight.world.airspace import Airspace, Coverage, Face, load, unit_vectors


@lru_cache(maxsize=1)
def world() -> Airspace:
    return load()


def at(lon: float, lat: float) -> Face:
    return world().faces[face_at(world().borders, lon, lat)]


LAYERS = [("borders", 0), ("land", 2)]


def layer(name: str) -> Coverage:
    return world().borders if name == "borders" else world().land


@pytest.mark.parametrize("name", ["borders", "land"])
def test_every_inner_vertex_lies_on_one_arc_and_every_node_on_several(name: str) -> None:
    coverage = layer(name)
    start, sequence = coverage.arc_start, coverage.arc_vertex
    ends = np.zeros(len(sequence), bool)
    ends[start[:-1]] = ends[start[1:] - 1] = True
    inner = np.bincount(sequence[~ends], minlength=len(coverage.lonlat))
    node = np.bincount(sequence[ends], minlength=len(coverage.lonlat))
    assert ((inner == 1) ^ (node >= 2)).all()
    assert (inner + node > 0).all()
    assert (coverage.level[node > 0] == 0).all()


@pytest.mark.parametrize("name", ["borders", "land"])
def test_the_outline_of_every_face_is_closed(name: str) -> None:
    coverage = layer(name)
    first, last = (
        coverage.arc_vertex[coverage.arc_start[:-1]],
        coverage.arc_vertex[coverage.arc_start[1:] - 1],
    )
    assert (coverage.arc_left != coverage.arc_right).all()
    balance: dict[tuple[int, int], int] = {}
    for a, b, left, right in zip(
        first.tolist(), last.tolist(), coverage.arc_left.tolist(), coverage.arc_right.tolist(), strict=True
    ):
        for face, out, into in ((left, a, b), (right, b, a)):
            balance[face, out] = balance.get((face, out), 0) + 1
            balance[face, into] = balance.get((face, into), 0) - 1
    assert not any(balance.values())


@pytest.mark.parametrize("name", ["borders", "land"])
def test_no_edge_is_there_twice_and_none_is_long(name: str) -> None:
    coverage = layer(name)
    first, last, _ = edges(coverage)
    pairs = np.sort(np.stack([first, last], axis=1), axis=1)
    assert len(np.unique(pairs, axis=0)) == len(pairs)
    vector = unit_vectors(coverage.lonlat)
    chord = np.linalg.norm(vector[first] - vector[last], axis=1) * 6371
    assert chord.min() > 0
    assert chord.max() < 25.5


@pytest.mark.parametrize(("name", "coarse"), [("borders", False), ("borders", True), ("land", True)])
def test_no_two_edges_cross(name: str, coarse: bool) -> None:
    assert crossing_pairs(layer(name), coarse) == []


def test_no_border_runs_along_the_seam_of_the_map() -> None:
    # Where the land source differs by a few km on both sides of the seam, the shore steps along it.
    for coverage, allowed in ((world().borders, 0.0), (world().land, 0.1)):
        first, last, _ = edges(coverage)
        on_seam = (coverage.lonlat[first, 0] == -180) & (coverage.lonlat[last, 0] == -180)
        assert np.abs(coverage.lonlat[first, 1] - coverage.lonlat[last, 1])[on_seam].sum() <= allowed
        assert coverage.lonlat[:, 0].min() >= -180
        assert coverage.lonlat[:, 0].max() < 180


def test_faces_part_the_sphere() -> None:
    faces = world().faces
    area = areas_km2(world().borders, len(faces))
    assert area.sum() == pytest.approx(0, abs=1.0)  # every border counts once for each side
    held = [k for k, face in enumerate(faces) if face.kind in ("sovereign", "claim")]
    assert (area[held] > 0).all()  # interiors lie to the left
    # Surface of WGS-84: 510,065,622 km². A face that holds a pole lacks half of it.
    antarctica = next(k for k, face in enumerate(faces) if face.kind == "antarctica")
    half = 510_065_622 / 2
    assert area[antarctica] + half == pytest.approx(34.4e6, rel=0.01)
    assert area[held].sum() + area[antarctica] + area[0] == pytest.approx(0, abs=1.0)


def test_known_sizes() -> None:
    faces = world().faces
    area = dict(zip([f.territory for f in faces], areas_km2(world().borders, len(faces)), strict=True))
    # Landlocked states have no sea belt: published areas, 2 % for different surveys.
    for territory, published in {
        "MNG": 1_564_116,
        "LSO": 30_355,
        "CHE": 41_285,
        "KGZ": 199_951,
        "AFG": 652_864,
    }.items():
        assert area[territory] == pytest.approx(published, rel=0.02), territory


CITIES = """
AFG 69.18 34.53|AGO 13.23 -8.84|ARE 54.37 24.45|ARG -58.40 -34.61|ARM 44.51 40.18|AUS 149.13 -35.28
AUT 16.37 48.21|AZE 49.87 40.41|BEL 4.35 50.85|BGD 90.41 23.81|BOL -68.15 -16.50|BRA -47.93 -15.78
BTN 89.64 27.47|CAN -75.70 45.42|CHE 7.45 46.95|CHL -70.65 -33.45|CHN 116.40 39.90|COD 15.31 -4.33
COG 15.27 -4.27|COL -74.07 4.71|CUB -82.38 23.13|CYP 33.03 34.85|DEU 13.40 52.52|DZA 3.06 36.75
EGY 31.24 30.04|ESP -3.70 40.42|ETH 38.75 9.03|FIN 24.94 60.17|FJI 178.44 -18.14|FRA 2.35 48.85
GBR -0.13 51.51|GEO 44.79 41.72|GRC 23.73 37.98|IDN 106.85 -6.21|IND 77.21 28.61|IRN 51.39 35.69
IRQ 44.36 33.31|ISL -21.90 64.15|ISR 34.78 32.07|JPN 139.69 35.69|KAZ 71.43 51.13|KEN 36.82 -1.29
KGZ 74.59 42.87|KOR 126.98 37.57|LAO 102.60 17.97|LSO 27.48 -29.31|MMR 96.16 16.80|MNG 106.92 47.92
NPL 85.32 27.72|PAK 73.05 33.68|PER -77.04 -12.05|PHL 120.98 14.60|PRK 125.75 39.03|RUS 37.62 55.76
SMR 12.45 43.94|SYR 36.29 33.51|THA 100.50 13.75|TJK 68.78 38.56|TKM 58.38 37.95|TUR 32.86 39.93
UZB 69.24 41.30|VAT 12.453 41.903|VNM 105.85 21.03|ZAF 28.19 -25.75|GUF>FRA -53.0 4.0|GLP>FRA -61.6 16.2
GRL>DNK -51.7 64.18|PRI>USA -66.1 18.4|HKG>CHN 114.15 22.35|KAZ 63.3 45.95|AZE 45.4 39.2|AFG 73.0 37.1
AGO 12.2 -5.55|RUS 20.5 54.7|USA -149.9 61.2|BEL 4.930 51.440|PSE 35.2 32.2|PSE 34.45 31.5
RUS 179.9 71.2|FJI -179.99 -16.8|FJI 179.99 -16.8|BRN 114.94 4.89|TLS 124.35 -9.25|GBR 32.98 34.59
KIR 173.0 1.4|NZL 174.78 -41.29|SJM>NOR 15.6 78.2|ALA>FIN 19.9 60.2|ESP -2.94 35.285|GMB -16.6 13.4
MCO 7.42 43.735
"""


@pytest.mark.parametrize("row", CITIES.replace("\n", "|").strip("|").split("|"))
def test_known_places(row: str) -> None:
    code, lon, lat = row.split()
    territory, _, state = code.rpartition(">")
    face = at(float(lon), float(lat))
    assert face.state == state
    if territory:
        assert face.territory == territory


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        (-150, 30),
        (51, 41.5),
        (10, 89.9),
        (180, 10),
        (-30, 0),
        (25.5, 38.0),
        (17.5, 33.9),
        (-52.0, 45.0),
        (35, 43.5),
    ],
)
def test_high_seas_belong_to_nobody(lon: float, lat: float) -> None:
    assert at(lon, lat).kind == "high seas"
    assert at(lon, lat).state is None


def test_antarctica_belongs_to_nobody() -> None:
    for lat in (-89.99, -85.05, -75.0, -60.2):
        assert at(11.0, lat).kind == "antarctica"
        assert at(11.0, lat).state is None
    assert at(11.0, -59.8).kind == "high seas"


@pytest.mark.parametrize(
    ("lon", "lat", "territory"),
    [(-79.5, -12.0, "PER-claim"), (-83.0, -2.0, "ECU-claim"), (18.5, 31.9, "LBY-claim")],
)
def test_a_belt_beyond_the_lawful_breadth_is_a_claim(lon: float, lat: float, territory: str) -> None:
    face = at(lon, lat)
    assert (face.kind, face.state, face.territory) == ("claim", None, territory)
    assert "claim" in face.name


def test_the_lawful_belt_of_a_claimant_is_its_own() -> None:
    # Callao, La Punta at 77.17 W: 12 nm reach to about 77.4 W; San Lorenzo island adds to it.
    assert at(-77.35, -12.07).state == "PER"
    assert at(-77.75, -12.07).territory == "PER-claim"


DISPUTES = [
    (34.1, 45.0, "RUS", "UKR"),
    (38.0, 48.2, "RUS", "UKR"),
    (75.0, 33.9, "IND", "PAK"),
    (73.5, 34.4, "PAK", "IND"),
    (74.5, 35.9, "PAK", "IND"),
    (79.2, 35.2, "CHN", "IND"),
    (94.0, 28.0, "IND", "CHN"),
    (77.1, 35.4, "IND", "PAK"),
    (-13.2, 25.5, "MAR", "ESH"),
    (-10.5, 26.2, "ESH", "MAR"),
    (121.0, 24.0, "TWN", "CHN"),
    (118.35, 24.45, "TWN", "CHN"),
    (35.78, 33.0, "ISR", "SYR"),
    (33.36, 35.25, "TUR", "CYP"),
    (41.0, 43.0, "RUS", "GEO"),
    (43.97, 42.22, "RUS", "GEO"),
    (29.6, 46.85, "MDA", "XPM"),
    (44.06, 9.56, "SOM", "XSL"),
    (21.0, 42.6, "XKX", "SRB"),
    (55.03, 25.87, "IRN", "ARE"),
    (55.30, 26.26, "IRN", "ARE"),
    (112.33, 16.83, "CHN", "VNM"),
    (114.37, 10.38, "TWN", "CHN"),
    (111.92, 8.64, "VNM", "CHN"),
    (146.1, 44.1, "RUS", "JPN"),
    (147.9, 45.1, "RUS", "JPN"),
    (28.4, 9.6, "SDN", "SSD"),
    (35.8, 22.5, "EGY", "SDN"),
    (-59.5, -51.7, "GBR", "ARG"),
    (-60.0, 6.0, "GUY", "VEN"),
    (123.47, 25.745, "JPN", "CHN"),
    (131.87, 37.24, "KOR", "JPN"),
    (35.235, 31.79, "ISR", "PSE"),
]


@pytest.mark.parametrize(("lon", "lat", "holder", "claimant"), DISPUTES)
def test_disputed_areas_name_holder_and_claimant(lon: float, lat: float, holder: str, claimant: str) -> None:
    face = at(lon, lat)
    assert face.state == holder
    assert claimant in face.disputed_by
    assert holder not in face.disputed_by


def test_disputed_islands_take_their_sea_along() -> None:
    assert at(55.0, 25.75).disputed_by == ("ARE",)  # south of Abu Musa
    assert at(33.4, 35.5).state == "TUR"  # off Kyrenia
    assert at(144.0, 43.4).disputed_by == ()  # off Hokkaido


@pytest.mark.parametrize(
    ("view", "lon", "lat"),
    [("IND", 79.2, 35.2), ("UKR", 34.1, 45.0), ("CHN", 121.0, 24.0), ("SRB", 21.0, 42.6)],
)
def test_a_view_takes_its_own_claims(view: str, lon: float, lat: float) -> None:
    number = face_at(world().borders, lon, lat)
    assert world().states()[number] != view
    assert world().states(view)[number] == view
    paris = face_at(world().borders, 2.35, 48.85)
    assert world().states(view)[paris] == "FRA"


def test_an_unknown_view_is_one_line() -> None:
    with pytest.raises(UnknownCodeError) as caught:
        world().states("QQQ")
    assert "\n" not in str(caught.value)
    assert "QQQ" in str(caught.value)


def test_every_open_dispute_of_the_table_is_a_face() -> None:
    text = (files("overflight.world") / "data" / "disputes.csv").read_text(encoding="utf-8")
    territories = {face.territory for face in world().faces}
    for row in csv.DictReader(text.splitlines()):
        assert row["source"], row["id"]
        assert row["verified"] in ("yes", "no"), row["id"]
        if row["status"] == "open" and row["method"] not in ("territory", "none"):
            assert any(t == row["id"] or t.startswith(row["id"] + "-") for t in territories), row["id"]


def test_land_and_sea() -> None:
    def land(lon: float, lat: float) -> int:
        return face_at(world().land, lon, lat)

    assert [land(2.35, 48.85), land(10.0, -89.9), land(108.0, 53.0), land(134.0, -25.0)] == [1, 1, 1, 1]
    assert [land(51.0, 41.5), land(-150.0, 30.0), land(56.4, 26.6), land(10.0, 89.9)] == [0, 0, 0, 0]


def test_regimes_are_rings_with_a_source() -> None:
    assert {"Caspian Sea", "Strait of Hormuz", "Strait of Malacca", "Bosporus"} <= {
        r.name for r in world().regimes
    }
    for regime in world().regimes:
        ring = regime.lonlat
        assert (ring[0] == ring[-1]).all()
        x, y = ring[:, 0], ring[:, 1]
        assert (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() > 0, regime.name
        assert regime.remark
        assert regime.source


def test_unit_vectors_are_geocentric() -> None:
    vector = unit_vectors([[0.0, 0.0], [90.0, 0.0], [0.0, 90.0], [0.0, 45.0]])
    assert vector[:3] == pytest.approx(np.eye(3), abs=1e-12)
    # Geocentric latitude of 45 N on WGS-84: 44.8075766 degrees.
    assert np.degrees(np.arcsin(vector[3, 2])) == pytest.approx(44.8075766, abs=1e-6)


def test_a_missing_file_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    load.cache_clear()
    monkeypatch.setattr(airspace, "files", lambda _: tmp_path)
    try:
        with pytest.raises(DataError) as caught:
            load()
    finally:
        load.cache_clear()
        world.cache_clear()
    assert "\n" not in str(caught.value)
    assert "missing" in str(caught.value)
