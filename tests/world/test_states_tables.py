"""The reader of fact tables, and what all shipped fact tables have in common."""

from __future__ import annotations

from pathlib import Path

import pytest

from overflight.errors import DataError
from overflight.world import aerodromes, aircraft, identity, operators, states, tables

COLUMNS = ("code", "figure", "source")
FACTS = {
    "states.csv": states.COLUMNS,
    "aerodromes.csv": aerodromes.COLUMNS,
    "aerodrome_changes.csv": aerodromes.CHANGE_COLUMNS,
    "aerodrome_overrides.csv": aerodromes.OVERRIDE_COLUMNS,
    "aerodrome_pairs.csv": aerodromes.PAIR_COLUMNS,
    "aircraft.csv": aircraft.COLUMNS,
    "aircraft_openap.csv": aircraft.OPENAP_COLUMNS,
    "aircraft_designators.csv": aircraft.DESIGNATOR_COLUMNS,
    "operators.csv": operators.COLUMNS,
    "address_blocks.csv": identity.BLOCK_COLUMNS,
    "registrations.csv": identity.REGISTRATION_COLUMNS,
}


def _file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_table(tmp_path: Path) -> None:
    path = _file(tmp_path, 'code,figure,source\nA," 3-4 ",S1 S2\n\nB,,S1\n')
    assert tables.read(path, COLUMNS) == (("A", " 3-4 ", "S1 S2"), ("B", "", "S1"))
    first, second = tables.records(path, COLUMNS)
    assert (first.line, first.interval("figure"), first.words("source")) == (2, (3.0, 4.0), ("S1", "S2"))
    assert (second.line, second.number("figure"), second.day("figure")) == (4, None, None)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code,figure,source\nA,1,S\nB,2,\n", "line 3: the row has no source"),
        ("code,figure,source\nA,1,  \n", "line 2: the row has no source"),
        ("code,figure,source\nA,1\n", "line 2: 2 fields where 3 belong"),
        ("code,source,figure\n", "line 1: the columns must be code,figure,source"),
        ("", "line 1"),
        ('code,figure,source\n"A,1,S\n', "not comma-separated text"),
    ],
)
def test_a_bad_table_names_file_and_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(DataError, match=told) as caught:
        tables.read(_file(tmp_path, text), COLUMNS)
    assert "facts.csv" in str(caught.value)


def test_a_missing_table(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.csv"):
        tables.read(tmp_path / "none.csv", COLUMNS)


@pytest.mark.parametrize(
    ("field", "method"),
    [
        ("many", "number"),
        ("inf", "number"),
        ("nan", "number"),
        ("9-3", "interval"),
        ("3-x", "interval"),
        ("1-inf", "interval"),
        ("2008-13-01", "day"),
        ("maybe", "flag"),
        ("", "needed"),
    ],
)
def test_a_bad_field_names_its_column(tmp_path: Path, field: str, method: str) -> None:
    (row,) = tables.records(_file(tmp_path, f"code,figure,source\nA,{field},S\n"), COLUMNS)
    with pytest.raises(DataError, match=r"facts\.csv, line 2, column figure"):
        getattr(row, method)("figure")


@pytest.mark.parametrize("name", sorted(FACTS))
def test_every_fact_has_sources_that_are_listed(name: str) -> None:
    rows = tables.read(tables.DATA / name, FACTS[name])
    assert rows or name == "aerodrome_overrides.csv"
    for keys in {row[-1] for row in rows}:
        assert tables.source(keys), keys


def test_no_table_lists_a_row_twice() -> None:
    for name, columns in FACTS.items():
        rows = tables.read(tables.DATA / name, columns)
        assert len(set(rows)) == len(rows), name


def test_an_unlisted_source_is_a_fault() -> None:
    with pytest.raises(DataError, match="NOWHERE"):
        tables.source("V18 NOWHERE")


def test_every_state_in_the_tables_is_a_state() -> None:
    known = set(states.alpha3_codes())
    found = {row[4] for row in tables.read(tables.DATA / "aerodromes.csv", aerodromes.COLUMNS)}
    found |= {entry.state for entry in operators.operators() if entry.state}
    for name, columns in (
        ("address_blocks.csv", identity.BLOCK_COLUMNS),
        ("registrations.csv", identity.REGISTRATION_COLUMNS),
    ):
        found |= {row.text("state") for row in tables.table(name, columns)}
    assert found <= known
