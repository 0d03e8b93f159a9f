"""What an archive printed above a head and no field holds: each is listed, none is lost in silence."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram import read

RECEIVED = dt.date(2026, 12, 31)
TEXT = (
    "UNCLASSIFIED\n\nPAGE 01        STATE  118204\n\n{number}ORIGIN EB-07\n\n"
    "INFO  OCT-01  AF-10  DOTE-00  CIAE-00{total}\n\n{drafted}{counter}"
    "R 161422Z MAY 75\nFM SECSTATE WASHDC\nTO AMEMBASSY ACCRA\nUNCLAS STATE 118204\n"
    "E.O. 11652: N/A\nTAGS: EAIR, GH\nSUBJECT: EXERCISE: T\n1. TEXT. EXAMPLE\nUNCLASSIFIED\n\nNNN\n"
)


def _listed(**given: str) -> dict[str, list[str]]:
    parts = {"number": "", "total": "", "drafted": "", "counter": ""} | given
    reading = read(TEXT.format(**parts).encode(), received=RECEIVED)
    out: dict[str, list[str]] = {}
    for repair in reading.repairs:
        assert reading.original(repair)
        out.setdefault(repair.kind, []).append(repair.read)
    assert [share.office for share in reading.telegram.distribution] == ["EB", "OCT", "AF", "DOTE", "CIAE"]
    assert [share.copies for share in reading.telegram.distribution] == [7, 1, 10, 0, 0]
    assert reading.telegram.head.origin == "SECSTATE WASHDC"
    return out


@pytest.mark.parametrize(
    ("given", "kind", "shown"),
    [
        ({"number": "64\n"}, "counter", "64"),
        ({"counter": "                     --------------------- 041877\n"}, "counter", "041877"),
        ({"counter": "------------------102231 171122Z /23\n"}, "counter", "102231 171122Z /23"),
        ({"drafted": "DRAFTED BY EB/OA: J. ROE\n", "counter": "66011\n"}, "counter", "66011"),
        ({"total": "  /021 R"}, "total of copies", "/021 R"),
        ({"total": " /008 W"}, "total of copies", "/008 W"),
    ],
)
def test_what_no_field_holds_is_listed(given: dict[str, str], kind: str, shown: str) -> None:
    assert _listed(**given)[kind] == [shown]


def test_nothing_is_listed_where_nothing_stands() -> None:
    found = _listed(counter="---------------------\n")
    assert "counter" not in found
    assert "total of copies" not in found


def test_words_among_the_bureaus_are_not_quoted() -> None:
    found = _listed(total=" TALLER WALKS")
    assert found["shares of bureaus"] == ["(words among bureaus)"]
    assert "TALLER" not in str(found)
