"""Applications and lists invented for tests; every party is invented."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

from overflight.screening.lists import Library

DAY = date(2026, 3, 20)
PUBLISHED = date(2026, 3, 16)

#: An application in which nothing is amiss.
PLAIN = {
    "call sign": "XXX100",
    "operator": "Sample Wings",
    "operator state": "Germany",
    "owner": "Sample Wings",
    "owner state": "Germany",
    "charterer": "",
    "charterer state": "",
    "operator code": "",
    "registration": "D-AXXA",
    "state of registry": "Germany",
    "type": "A332",
    "msn": "",
    "24-bit address": "",
    "mtow t": "",
    "from": "EDDF",
    "to": "VIDP",
    "date": "2026-03-20",
    "etd": "09:00",
    "eta": "16:30",
    "true origin": "EDDF",
    "true destination": "VIDP",
    "cargo": "tractor tyres",
    "cargo weight t": "20",
    "consignor": "Tyres of Frankfurt",
    "consignee": "Tyres of Delhi",
    "munitions": "",
    "return empty": "",
    "entry point": "TIGER",
    "exit point": "DPN",
}


def entity(number: str, schema: str, **properties: list[str]) -> str:
    name = properties["name"][0]
    return json.dumps(
        {
            "id": number,
            "caption": name,
            "schema": schema,
            "properties": {"topics": ["sanction"], **properties},
            "datasets": ["exercise_list"],
            "last_seen": "2026-03-16T06:00:00",
            "target": True,
        }
    )


def listed_aircraft(number: str, mark: str, serial: str) -> str:
    return entity(
        number,
        "Airplane",
        name=[mark],
        registrationNumber=[mark],
        serialNumber=[serial],
        model=["IL76-TD"],
        operator=["exr-1"],
    )


LISTED = "\n".join(
    (
        entity("exr-1", "Company", name=["EXERCISE AIR LINES"], alias=["Air Exercise"], country=["kg"]),
        listed_aircraft("exr-2", "EX-AAA", "1000000001"),
        listed_aircraft("exr-3", "EX-BBB", "1000000002"),
        listed_aircraft("exr-4", "EX-CCC", "1000000003"),
    )
)


def desk_with_lists(home: Path) -> Path:
    """A desk's folder with the invented list."""
    file = home / "entities.ftm.json"
    home.mkdir(parents=True, exist_ok=True)
    file.write_text(LISTED + "\n", encoding="utf-8")
    Library(home).add("opensanctions", [file], published=PUBLISHED)
    return home


def table(rows: list[dict[str, str]]) -> str:
    """Rows that differ from `PLAIN` as they say."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(PLAIN))
    writer.writeheader()
    for row in rows:
        writer.writerow(PLAIN | row)
    return out.getvalue()
