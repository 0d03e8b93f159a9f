"""Queries against lists: bands, grounds, marks in their time, what contradicts."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from exercise_lists import DAY, aircraft, body, person, snapshot
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import InputError
from overflight.screening.bands import BANDS
from overflight.screening.entity import Identifier
from overflight.screening.identifiers import same_registration
from overflight.screening.lists import Snapshot
from overflight.screening.match import Screening
from overflight.screening.query import Query, of_flight
from overflight.screening.screener import NoListsError, Screener, screen
from overflight.world.flight_file import parse_flight

ENTITIES = (
    body("1", "MAHAN AIR", "MAHAN AIR CO.", countries=("IRN",)),
    body("2", "AIR KORYO", countries=("PRK",)),
    body("3", "QESHM FARS AIR", "FARS AIR QESHM"),
    body("4", "IRAN AIR", "HOMA", kinds=("primary", "weak")),
    body("5", "KORYO BANK", countries=("PRK",)),
    person("6", "EXAMPLE, Ivan Petrovich", birth_dates=("1971-05-03",), countries=("RUS",)),
    person("7", "KIM, Chol Example", birth_dates=("circa 1960",), countries=("PRK",)),
    aircraft("10", "EP-GOM", serial="1023409321", model="IL76-TD", operator="YAS AIR"),
    aircraft("11", "EP-GOL", serial="1013409297", model="IL-76TD", operator="YAS AIR"),
    aircraft("12", "P-885", serial="3647853", model="IL62-M", operator="Air Koryo", hexcode="72012F"),
    aircraft("13", "EX-301", serial="524", model="A310-304", previous="F-EXAM"),
    aircraft("14", "UR-EXA", until=date(2015, 1, 1), since=date(2010, 1, 1)),
    body("15", "EXERCISE STAR", schema="Vessel"),
)
LISTS = Screener(snapshot(ENTITIES))


def ask(lists: Screener = LISTS, **fields: str) -> Screening:
    return screen(Query(**fields), lists)  # type: ignore[arg-type]


def bands(found: Screening) -> dict[str, str]:
    return {match.entity.id: match.band for match in found.matches}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mahan Airlines", {"1": "strong"}),
        ("Mahan Air", {"1": "exact"}),
        ("AIR MAHAN Ltd", {"1": "exact"}),
        ("هواپیمایی ماهان", {"1": "exact"}),
        ("Koryo Air Lines", {"2": "strong"}),
        ("Choson Minhang Koryo Airlines", {"2": "strong"}),
        ("Chosonminhang", {"2": "strong"}),
        ("고려항공", {"2": "strong"}),
        ("高丽航空", {"2": "strong"}),
        ("Fars Air Qeshm", {"3": "exact"}),
        ("Gheshm Fars Airways", {"3": "strong"}),
        ("Islamic Republic of Iran Airlines", {"4": "strong"}),
        ("Air Korea", {}),
        ("Korean Air", {}),
        ("Iran Aseman Airlines", {}),
        ("Homa", {"4": "possible"}),
        ("EP-GOM", {"10": "exact"}),
        ("ep gol", {"11": "exact"}),
        ("EP-GON", {}),
        ("P885", {"12": "exact"}),
        ("72012F", {"12": "exact"}),
        ("MSN 3647853", {"12": "strong"}),
        ("KOR", {"2": "strong"}),
        ("ZZZ", {}),
    ],
)
def test_names_and_marks(name: str, expected: dict[str, str]) -> None:
    found = ask(name=name)
    assert bands(found) == expected
    assert found.hit == any(band != "possible" for band in expected.values())


def test_contributions_add_up() -> None:
    for query in (
        Query(name="Gheshm Fars Airways"),
        Query(operator="Koryo Airlines", tail="P885", hex="72012f", serial="3647853", type="IL62"),
        Query(tail="EP-GOM", serial="999", type="B742"),
        Query(person="Ivan Example", born="1971-05-03", states=("RUS",)),
        Query(person="Ivan Example", born="1950"),
    ):
        for match in screen(query, LISTS).matches:
            assert match.score == pytest.approx(sum(one.contribution for one in match.features))
            assert 0 < match.score <= 1
            assert match.band in BANDS


def test_a_tail_with_all_marks_is_one_match_and_its_operator_another() -> None:
    found = ask(operator="Air Koryo", tail="P-885", hex="72012F", serial="3647853", type="IL62")
    assert bands(found) == {"12": "exact", "2": "exact"}
    features = {one.feature for match in found.matches if match.entity.id == "12" for one in match.features}
    assert features >= {"registration", "24-bit address", "serial number", "link"}


def test_a_registration_on_another_airframe_is_possible_with_grounds() -> None:
    found = ask(tail="EP-GOM", serial="1013409297x")
    assert bands(found)["10"] == "possible"
    notes = " ".join(one.note for one in found.matches[0].features)
    assert "another airframe" in notes
    assert bands(ask(tail="EP-GOM", serial="1023409321"))["10"] == "exact"
    assert bands(ask(tail="EP-GOM", type="A320"))["10"] == "possible"


def test_a_registration_holds_in_its_time() -> None:
    for day, band in (
        (date(2012, 6, 1), "exact"),
        (date(2015, 1, 1), "possible"),
        (date(2009, 1, 1), "possible"),
    ):
        lists = Screener(snapshot(ENTITIES, on=day, sha256="1" * 64))
        assert bands(ask(lists, tail="UR-EXA"))["14"] == band
    assert bands(ask(tail="F-EXAM")) == {"13": "possible"}
    only = aircraft("1", "MSN 449")
    marks = (Identifier("serial", "449"), Identifier("registration", "YI-EXA", note="previous"))
    lists = Screener(snapshot([replace(only, identifiers=marks)], sha256="5" * 64))
    found = ask(lists, tail="YI-EXA")
    assert bands(found) == {"1": "strong"}
    assert "no later one" in found.matches[0].features[0].note


def test_a_serial_number_needs_its_type() -> None:
    assert bands(ask(serial="524", type="A310")) == {"13": "exact"}
    assert bands(ask(serial="524", type="B742")) == {}
    assert bands(ask(serial="524")) == {"13": "possible"}
    assert bands(ask(serial="1023409321")) == {"10": "strong"}
    renamed = ask(serial="1023409321", tail="EP-NEW", type="IL76")
    assert bands(renamed) == {"10": "exact"} or bands(renamed) == {"10": "strong"}
    assert any("another registration" in one.note for one in renamed.matches[0].features)


@given(st.sampled_from([one.caption for one in ENTITIES if one.schema == "Airplane"]), st.data())
@settings(max_examples=60, deadline=None)
def test_marks_are_never_matched_by_nearness(mark: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(mark) - 1))
    letter = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
    other = mark[:at] + letter + mark[at + 1 :]
    for match in ask(tail=other).matches:
        held = [one.value for one in match.entity.identifiers if one.kind == "registration"]
        assert any(same_registration(other, value) for value in held)


def test_birth_dates_raise_and_lower() -> None:
    plain = ask(person="Ivan Example").matches[0].score
    same = ask(person="Ivan Example", born="1971-05-03").matches[0].score
    year = ask(person="Ivan Example", born="1971").matches[0].score
    other = ask(person="Ivan Petrovich Example", born="1950-01-01")
    assert plain < year < same
    assert other.matches[0].band != "exact"
    assert ask(person="Ivan Petrovich Example").matches[0].band == "exact"
    assert bands(ask(person="Kim Chol Example", born="1961")) == {"7": "exact"}


def test_kinds_of_parties() -> None:
    assert bands(ask(name="Exercise Star")) == {"15": "exact"}
    assert bands(ask(operator="Exercise Star")) == {"15": "possible"}
    assert bands(ask(name="Ivan Petrovich Example Trading Ltd")).get("6") in (None, "possible")


def test_an_entry_of_unknown_date_is_no_more_than_possible() -> None:
    lists = Screener(snapshot((), [body("1", "MAHAN AIR"), aircraft("2", "EP-MNX")], sha256="2" * 64))
    for fields in ({"name": "Mahan Air"}, {"tail": "EP-MNX"}):
        found = ask(lists, **fields)
        assert [match.band for match in found.matches] == ["possible"]
        assert not found.hit
        assert found.matches[0].basis == "undated"
        assert DAY.isoformat() in found.matches[0].features[-1].note


def test_aliases_join_no_stranger() -> None:
    """A body that merely shares a word, or sits elsewhere, does not get an operator's other names."""
    lists = Screener(
        snapshot([body("1", "POUYA"), body("2", "MAHAN AIR", countries=("USA",))], sha256="3" * 64)
    )
    assert bands(ask(lists, name="Pouya Air")) == {"1": "strong"}
    assert bands(ask(lists, name="Mol-e-Mavahid-Mahan Air")) == {}


def test_a_flight_is_asked_for_operator_and_aircraft() -> None:
    flight = parse_flight(
        '[flight]\nid = "T"\noperator = "KOR"\nkind = "civil non-scheduled"\n'
        'aircraft = { type = "IL62", registration = "P-885" }\n'
        '[[leg]]\nfrom = "ZKPY"\nto = "VYMD"\ndeparts = 2026-03-20\n'
    )
    assert bands(screen(of_flight(flight), LISTS)) == {"12": "exact", "2": "strong"}


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"type": "IL62"},
        {"name": "..."},
        {"hex": "12345"},
        {"tail": "--"},
        {"name": "x" * 401},
        {"person": "A Example", "born": "1971-13"},
        {"name": " \n "},
    ],
)
def test_bad_queries(fields: dict[str, str]) -> None:
    with pytest.raises(InputError):
        ask(**fields)


def test_documents_of_queries_come_back() -> None:
    query = Query(operator="Air Koryo", tail="P-885", states=("PRK",))
    assert Query.of_document(query.document()) == query
    for bad in ({"veil": "x"}, {"tail": 3}, {"states": "PRK"}):
        with pytest.raises(InputError):
            Query.of_document(bad)


def test_without_lists_nobody_is_clean() -> None:
    with pytest.raises(NoListsError, match="overflight lists import"):
        Screener(Snapshot(DAY, None, (), ()))


@given(st.text(min_size=1, max_size=30))
@settings(max_examples=100, deadline=None)
def test_any_name_is_answered_or_refused(name: str) -> None:
    try:
        found = ask(name=name)
    except InputError:
        return
    assert all(match.score <= 1 + 1e-9 for match in found.matches)


@pytest.mark.skipif("LISTS_DIR" not in os.environ, reason="LISTS_DIR names a folder with real lists")
def test_real_lists(tmp_path: Path) -> None:
    """Every aircraft of a real list is found by its mark; the index agrees with brute force."""
    import random

    from overflight.screening.lists import Library
    from overflight.screening.names import name_form
    from overflight.screening.screener import screener

    folder = Path(os.environ["LISTS_DIR"])
    library = Library(tmp_path)
    library.add("un", [next(folder.glob("un_consolidated*.xml"))])
    parts = [next(folder.glob("ofac-*")) / name for name in ("sdn.csv", "alt.csv", "add.csv")]
    library.add("ofac-sdn", [*parts, parts[0].with_name("sdn_comments.csv")], published=date(2021, 7, 15))
    lists = screener(library, date(2026, 11, 22))
    planes = [one for one in lists.register.entities if one.schema == "Airplane"]
    assert len(planes) > 250
    for plane in planes:
        marks = [one.value for one in plane.identifiers if one.kind == "registration" and not one.note]
        for mark in marks:
            assert bands(ask(lists, tail=mark))[plane.id] == "exact", mark
    rng = random.Random(4)
    for index in (lists.register.bodies, lists.register.people):
        for named in rng.sample(index.names, 25):
            text = named.form.text.lower().replace("a", "e", 1)
            form = name_form(text, named.form.person)
            assert index.search(form, 0.7) == index.exhaustive(form, 0.7)
