"""The labelled pairs: what the project promised is decided rightly, and the rest does not get worse."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from exercise_lists import snapshot

from overflight.screening.entity import Entity, Identifier, Name
from overflight.screening.query import Query
from overflight.screening.screener import Screener, screen

DATA = Path(__file__).parents[3] / "benchmarks" / "data"
FIELD = {"person": "person", "body": "operator", "aircraft": "tail"}
SCHEMA = {"person": "Person", "body": "Organization", "aircraft": "Airplane"}
Row = dict[str, str]


def rows() -> list[Row]:
    found: list[Row] = []
    for name in ("screening_operators.csv", "screening_listed.csv"):
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            found.extend(csv.DictReader(file))
    return found


@pytest.fixture(scope="module")
def bands() -> list[tuple[Row, str]]:
    made: dict[tuple[str, str], Entity] = {}
    labelled = rows()
    for row in labelled:
        names = row["listed"].split("|")
        kinds = ["primary", *["strong"] * len(names)]
        marks = tuple(Identifier("registration", one) for one in names) if row["kind"] == "aircraft" else ()
        made.setdefault(
            (row["kind"], row["listed"]),
            Entity(
                "ofac-sdn",
                str(len(made)),
                SCHEMA[row["kind"]],
                names[0],
                tuple(Name(text, kind) for text, kind in zip(names, kinds, strict=False)),
                marks,
                countries=tuple(row["countries"].split()),
            ),
        )
    lists = Screener(snapshot(made.values(), sha256="4" * 64))
    found = []
    for row in labelled:
        matches = screen(Query(**{FIELD[row["kind"]]: row["query"]}), lists).matches  # type: ignore[arg-type]
        entity = made[row["kind"], row["listed"]]
        found.append((row, next((one.band for one in matches if one.entity is entity), "")))
    return found


def test_there_are_enough_and_every_row_has_a_source() -> None:
    labelled = rows()
    assert len(labelled) >= 400
    assert {row["same"] for row in labelled} == {"yes", "no"}
    assert all(row["source"] and row["why"] and row["kind"] in FIELD for row in labelled)
    assert len({(row["kind"], row["query"], row["listed"]) for row in labelled}) == len(labelled)


def test_promised_pairs(bands: list[tuple[Row, str]]) -> None:
    promised = [(row, band) for row, band in bands if row["why"].startswith("issue pair")]
    assert len(promised) >= 10
    for row, band in promised:
        assert (band in ("exact", "strong")) == (row["same"] == "yes"), row


def test_marks_are_all_decided_rightly(bands: list[tuple[Row, str]]) -> None:
    for row, band in bands:
        if row["kind"] == "aircraft":
            assert (band == "exact") == (row["same"] == "yes"), row


def test_precision_and_recall_do_not_fall(bands: list[tuple[Row, str]]) -> None:
    for levels, precision, recall in (
        (("exact", "strong"), 0.93, 0.72),
        (("exact", "strong", "possible"), 0.85, 0.8),
    ):
        found = [row["same"] == "yes" for row, band in bands if band in levels]
        same = sum(row["same"] == "yes" for row, _ in bands)
        assert sum(found) / len(found) >= precision
        assert sum(found) / same >= recall
