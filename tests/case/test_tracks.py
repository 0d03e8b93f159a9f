"""Recorded tracks: reading, crossing, holes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overflight.case.tracks import cross_track
from overflight.errors import InputError
from overflight.world import airspace
from overflight.world.track_file import MAX_BYTES, parse_track, read_track

ROWS = [
    ("2020-01-01T00:00:00Z", 8.5, 47.4),
    ("2020-01-01T00:05:00Z", 9.5, 47.6),
    ("2020-01-01T00:10:00Z", 10.2, 47.8),
]
CSV = "time,lon,lat\n" + "\n".join(f"{t},{x},{y}" for t, x, y in ROWS)
GEOJSON = {
    "type": "Feature",
    "properties": {"times": [t for t, _, _ in ROWS]},
    "geometry": {"type": "LineString", "coordinates": [[x, y] for _, x, y in ROWS]},
}


def test_both_forms_say_the_same() -> None:
    collection = json.dumps({"type": "FeatureCollection", "features": [GEOJSON]})
    first, *others = (parse_track(text) for text in (CSV, json.dumps(GEOJSON), collection))
    for other in others:
        assert (other.lonlat == first.lonlat).all()
        assert (other.seconds == first.seconds).all()


def test_order_and_repeated_moments_do_not_matter() -> None:
    head, *rows = CSV.splitlines()
    track = parse_track("\n".join([head, *rows[::-1], rows[1]]))
    assert (track.seconds == parse_track(CSV).seconds).all()


def test_seconds_and_other_columns_are_understood() -> None:
    track = parse_track(
        "callsign,latitude,longitude,timestamp\nX,47.4,8.5,1577836800\nX,47.6,9.5,1577837100.5\n"
    )
    assert track.seconds.tolist() == [1577836800, 1577837100.5]
    assert track.lonlat[0].tolist() == [8.5, 47.4]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("time,lon\n1,2\n", "has no column lat"),
        ("time,lon,lat\n", "fewer than two points"),
        ("time,lon,lat\n2020-01-01T00:00:00Z,8\n", "TRACK:2: has too few fields"),
        ("time,lon,lat\nyesterday,8,47\n", "TRACK:2: 'yesterday' is no time"),
        ("time,lon,lat\nnan,8,47\n", "is no time"),
        ("time,lon,lat\n1,8,91\n", "lies off the earth"),
        ("time,lon,lat\n1,x,1\n", "is no position"),
        ("time,lon,lat\n1,8,47\n1,9,47\n", "has one moment only"),
        ("{", "not JSON"),
        ("{}", "holds no LineString"),
        ('{"geometry": {"type": "LineString", "coordinates": [[1, 2]]}}', "one time for each position"),
        ("{" * 3 + '"a":' + "[" * 100_000, "not JSON"),
    ],
)
def test_a_bad_track_is_one_line(text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_track(text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_are_checked(tmp_path: Path) -> None:
    for path, words in ((tmp_path, "is a folder"), (tmp_path / "x", "no such file")):
        with pytest.raises(InputError, match=words):
            read_track(path)
    (tmp_path / "y").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="UTF-8"):
        read_track(tmp_path / "y")
    assert MAX_BYTES > 1_000_000


def test_holes_are_told() -> None:
    document = cross_track(parse_track(CSV), airspace.load())
    assert document["states"][:1] == ["CHE"]
    assert document["points"] == 3
    assert not any(one["gap"] for one in document["crossings"])
    for gap in ({"gap_s": 60.0}, {"gap_km": 10.0}):
        assert all(one["gap"] for one in cross_track(parse_track(CSV), airspace.load(), **gap)["crossings"])
    assert document["crossings"][0]["entry"] == "2020-01-01T00:00:00Z"
    assert document["crossings"][-1]["exit"] == "2020-01-01T00:10:00Z"
