"""Real files, read in place when ``LISTS_DIR`` names a folder with them; counts made without the importers.

The folder may hold ``ofac*/`` with OFAC's delimited set and ``un*.xml``.
"""

from __future__ import annotations

import csv
import os
import re
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from overflight.screening import Entity
from overflight.screening.lists import Library
from overflight.screening.lists.ofac_labels import remarks
from overflight.screening.lists.reading import Draft

FOLDER = Path(os.environ.get("LISTS_DIR") or "none")
OFAC = sorted(FOLDER.glob("ofac*/*.csv"))
UN = sorted(FOLDER.glob("un*.xml"))
ofac_files = pytest.mark.skipif(not OFAC, reason="LISTS_DIR has no OFAC set")
un_file = pytest.mark.skipif(not UN, reason="LISTS_DIR has no UN list")


def _rows(name: str) -> list[list[str]]:
    (path,) = [one for one in OFAC if one.name == name]
    with path.open(encoding="latin-1", newline="") as file:
        return [[cell.strip() for cell in row] for row in csv.reader(file) if len(row) > 1]


@pytest.fixture(scope="module")
def ofac(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Entity]:
    library = Library(tmp_path_factory.mktemp("ofac"))
    version = library.add("ofac-sdn", OFAC, published=date(2021, 7, 14)).version
    return {one.id: one for one in version.entities()}


@pytest.fixture(scope="module")
def un(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Entity]:
    library = Library(tmp_path_factory.mktemp("un"))
    return {one.id: one for one in library.add("un", UN).version.entities()}


@ofac_files
def test_ofac_counts(ofac: dict[str, Entity]) -> None:
    rows = _rows("sdn.csv")
    words = {"individual": "Person", "aircraft": "Airplane", "vessel": "Vessel", "-0-": "Organization"}
    assert len(ofac) == len(rows)
    assert Counter(one.schema for one in ofac.values()) == Counter(words[row[2]] for row in rows)
    assert all(ofac[row[0]].caption == " ".join(row[1].split()) for row in rows)


@ofac_files
def test_every_ofac_alias_and_address_is_there(ofac: dict[str, Entity]) -> None:
    for row in _rows("alt.csv"):
        assert " ".join(row[3].split()) in {name.text for name in ofac[row[0]].names}
    for row in _rows("add.csv"):
        if row[2] != "-0-":
            assert any(" ".join(row[2].split()) in line for line in ofac[row[0]].addresses)


@ofac_files
def test_every_listed_aircraft_is_taken_apart(ofac: dict[str, Entity]) -> None:
    rows = [row for row in _rows("sdn.csv") if row[2] == "aircraft"]
    assert rows
    patterns = {
        "serial": r"\(MSN\) ([^;]+?)\.?(?:;|$)|Serial Identification ([^;]+?)\.?(?:;|$)",
        "construction": r"S/N or F/N\) ([^;]+?)\.?(?:;|$)",
        "hex": r"Transponder Code ([0-9A-F]{6})",
    }
    for row in rows:
        one = ofac[row[0]]
        said = {(i.kind, i.value) for i in one.identifiers}
        for kind, pattern in patterns.items():
            for found in re.finditer(pattern, row[11]):
                assert (kind, next(filter(None, found.groups()))) in said
        for tail in re.findall(r"Tail Number ([^;.]+)", row[11]):
            assert ("registration", tail) in said
        assert ("registration", row[1]) in said or ("serial", row[1].removeprefix("MSN ")) in said
        assert one.model
        assert one.model in row[11]
        assert row[11].count("Manufacture Date") == bool(one.built)
        assert len([x for x in one.links if x.kind == "linked-to"]) == row[11].count("Linked To:")
        assert all(x.id for x in one.links if x.kind == "linked-to")
        assert len([x for x in one.links if x.kind == "operator"]) == len(
            set(re.findall(r"Aircraft Operator ([^;.]+)", row[11]))
        )
        assert remarks(Draft("ofac-sdn", row[0], "Airplane"), one.remarks) == []


@ofac_files
@pytest.mark.parametrize("airline", ["AIR KORYO", "MAHAN AIR"])
def test_every_aircraft_of_an_airline_is_found_by_its_tail(ofac: dict[str, Entity], airline: str) -> None:
    (owner,) = [one for one in ofac.values() if one.caption == airline]
    rows = [row for row in _rows("sdn.csv") if row[2] == "aircraft" and airline in row[11].upper()]
    assert len(rows) > 10
    by_tail = {
        i.value: one for one in ofac.values() for i in one.identifiers if i.kind in ("registration", "serial")
    }
    for row in rows:
        one = by_tail[row[1].removeprefix("MSN ")]
        assert one.id == row[0]
        assert owner.id in {link.id for link in one.links}


@un_file
def test_un_counts(un: dict[str, Entity]) -> None:
    text = UN[0].read_text(encoding="utf-8")
    schemas = Counter(one.schema for one in un.values())
    assert schemas == {
        "Person": len(re.findall(r"<INDIVIDUAL>", text)),
        "Organization": len(re.findall(r"<ENTITY>", text)),
    }


@un_file
def test_every_un_alias_document_and_day_is_there(un: dict[str, Entity]) -> None:
    root = ET.parse(UN[0]).getroot()
    for entry in [*root.iter("INDIVIDUAL"), *root.iter("ENTITY")]:
        one = un[entry.findtext("REFERENCE_NUMBER", "").strip()]
        texts = {name.text for name in one.names}
        kinds = {name.text: name.kind for name in one.names}
        for alias in entry.findall(f"{entry.tag}_ALIAS"):
            line = " ".join((alias.findtext("ALIAS_NAME") or "").split())
            if line and ";" not in line:
                assert line in texts
                if alias.findtext("QUALITY") == "Low":
                    assert kinds[line] in ("weak", "strong", "primary")  # said twice, the better stays
            elif line:
                assert len(texts & {p.strip(" ()") for p in re.split(r"[;(]", line)}) > 1
        numbers = {" ".join(n.text.split()) for n in entry.iter("NUMBER") if n.text and n.text.strip()}
        assert numbers <= {i.value for i in one.identifiers}
        assert one.listed_on is not None
        assert one.listed_on.isoformat() == (entry.findtext("LISTED_ON") or "")[:10]
        updates = [v.text or "" for v in entry.findall("LAST_DAY_UPDATED/VALUE") if v.text]
        assert (one.amended_on.isoformat() if one.amended_on else "") == max(
            (u[:10] for u in updates), default=""
        )
