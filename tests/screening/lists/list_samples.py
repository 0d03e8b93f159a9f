"""Invented lists in every publisher's format; all names are made up for exercises."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from overflight.screening import Entity
from overflight.screening.lists import read

SAMPLES = Path(__file__).parent / "samples"
#: Kind and files of every sample, and the date to give where the files state none.
SETS: dict[str, tuple[str, tuple[str, ...], date | None]] = {
    "ofac-csv": ("ofac-sdn", ("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv"), date(2026, 9, 16)),
    "ofac-xml": ("ofac-sdn", ("sdn.xml",), None),
    "ofac-advanced": ("ofac-cons", ("sdn_advanced.xml",), None),
    "un": ("un", ("un.xml",), None),
    "eu": ("eu", ("eu.xml",), None),
    "uk-csv": ("uk", ("UK_Sanctions_List.csv",), None),
    "uk-xml": ("uk", ("UK_Sanctions_List.xml",), None),
    "ofsi-csv": ("uk-ofsi", ("ConList.csv",), None),
    "ofsi-xml": ("uk-ofsi", ("ConList.xml",), date(2026, 9, 16)),
    "ftm-json": ("opensanctions", ("entities.ftm.json",), None),
    "simple-csv": ("opensanctions", ("targets.simple.csv",), None),
}


def paths(name: str) -> list[Path]:
    return [SAMPLES / file for file in SETS[name][1]]


def entities(name: str) -> dict[str, Entity]:
    return {one.id: one for one in read(SETS[name][0], paths(name)).entities}


def names(entity: Entity) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in entity.names]


def identifiers(entity: Entity) -> list[tuple[str, str, str]]:
    return [(one.kind, one.value, one.note) for one in entity.identifiers]


def links(entity: Entity) -> list[tuple[str, str, str | None]]:
    return [(one.kind, one.name, one.id) for one in entity.links]
