"""Aerodromes by code, as of a day."""

from __future__ import annotations

import string
from datetime import date, timedelta

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import UnknownCodeError
from overflight.world.aerodromes import CHANGE_COLUMNS, aerodrome, aerodromes_of, state_of_indicator
from overflight.world.tables import Row, table

AUGUST_2008 = date(2008, 8, 7)

# Distances worked out apart from this program, on WGS-84, from another airport table. That table puts OPIS
# 2.7 km off to the north-east of where two others agree that it is, hence the wider limit for Islamabad.
DISTANCES_KM = [
    ("ZKPY", "OIIE", 6426.1),
    ("ZKPY", "OIII", 6399.0),
    ("ZKPY", "OSDI", 7693.9),
    ("OIIE", "OSDI", 1362.5),
    ("OIIE", "OSLK", 1379.6),
    ("ZKPY", "VTBD", 3728.5),
    ("ZKPY", "VYMD", 3424.4),
    ("VYMD", "OIIE", 4597.7),
    ("ZKPY", "OPIS", 4713.3),
    ("OPIS", "OKBK", 2408.7),
    ("ZKPY", "OKBK", 7028.4),
    ("ZKPY", "UNNT", 3628.2),
    ("UNNT", "OIIE", 3247.1),
    ("ZKPY", "ZBAA", 785.1),
    ("ZBAA", "OIIE", 5659.0),
    ("UUEE", "OSDI", 2508.1),
    ("SVMI", "OIIE", 11771.8),
]
KNOWN = [
    "ZKPY",
    "OIIE",
    "OSDI",
    "OSAP",
    "OSLK",
    "VYMD",
    "VTBD",
    "LTCC",
    "SAEZ",
    "SVMI",
    "UUEE",
    "UTAA",
    "UTDD",
]


@pytest.mark.parametrize(("origin", "destination", "km"), DISTANCES_KM)
def test_positions_give_the_known_distances(origin: str, destination: str, km: float) -> None:
    one, other = aerodrome(origin), aerodrome(destination)
    metres = Geodesic.WGS84.Inverse(one.lat, one.lon, other.lat, other.lon)["s12"]
    assert metres / 1000 == pytest.approx(km, abs=4.0 if "OPIS" in (origin, destination) else 2.0)


@pytest.mark.parametrize(
    ("code", "lat", "lon", "state"),
    [
        ("ZKPY", 39.2241, 125.6700, "PRK"),
        ("OIIE", 35.4161, 51.1522, "IRN"),
        ("OIII", 35.6892, 51.3134, "IRN"),
        ("OSDI", 33.4115, 36.5156, "SYR"),
    ],
)
def test_the_positions_that_matter_most(code: str, lat: float, lon: float, state: str) -> None:
    found = aerodrome(code)
    assert (found.lat, found.lon) == pytest.approx((lat, lon), abs=1e-4)
    assert (found.key, found.icao, found.state, found.notes) == (code, code, state, ())


@pytest.mark.parametrize(
    ("iata", "icao"),
    [
        ("FNJ", "ZKPY"),
        ("IKA", "OIIE"),
        ("THR", "OIII"),
        ("DAM", "OSDI"),
        ("MDL", "VYMD"),
        ("DMK", "VTBD"),
        ("EZE", "SAEZ"),
    ],
)
def test_iata_codes(iata: str, icao: str) -> None:
    assert aerodrome(iata).icao == icao
    assert aerodrome(icao).iata == iata


@settings(deadline=None, max_examples=40)
@given(st.sampled_from(KNOWN), st.data())
def test_case_and_blanks_do_not_matter(code: str, data: st.DataObject) -> None:
    text = "".join(data.draw(st.sampled_from([c, c.lower()])) for c in code)
    assert aerodrome(f" {text}\n") == aerodrome(code)


def test_runways_come_with_the_code_even_when_it_is_new() -> None:
    pyongyang, tashkent = aerodrome("ZKPY"), aerodrome("UZTT")
    assert pyongyang.longest_runway_m is not None
    assert 3000 < pyongyang.longest_runway_m < 4200
    assert tashkent.longest_runway_m is not None
    assert tashkent.longest_runway_m > 3500
    assert (pyongyang.surface, tashkent.size) == ("paved", "large")


def test_a_territory_keeps_its_own_code() -> None:
    assert aerodrome("CAY").state == "GUF"


def test_uzbekistan_before_and_after_the_change() -> None:
    last, first = date(2025, 10, 1), date(2025, 10, 2)
    assert (aerodrome("UTTT", last).icao, aerodrome("UTTT", last).notes) == ("UTTT", ())
    assert (aerodrome("UZTT", first).icao, aerodrome("UZTT", first).notes) == ("UZTT", ())
    early, late = aerodrome("UZTT", AUGUST_2008), aerodrome("UTTT", first)
    assert early.notes == ("UZTT has been in use since 2 October 2025; on 2008-08-07 it was UTTT",)
    assert early.icao == "UTTT"
    assert late.notes == ("UTTT was in use until 1 October 2025; on 2025-10-02 it was UZTT",)
    assert aerodrome("UTTT").notes == ("UTTT was in use until 1 October 2025; it is UZTT now",)
    assert {early.key, late.key, aerodrome("TAS").key} == {"UZTT"}


def test_the_neighbours_of_uzbekistan_kept_their_codes() -> None:
    for code in ("UTDD", "UTAA"):
        assert aerodrome(code, date(2026, 1, 1)).notes == aerodrome(code, AUGUST_2008).notes == ()


def test_a_new_airport_is_another_place() -> None:
    old, new = aerodrome("OPRN", date(2016, 6, 28)), aerodrome("OPIS", date(2016, 6, 28))
    assert old.key != new.key
    assert "OPRN" in new.notes[0]
    assert "unverified" in new.notes[0]
    assert aerodrome("ISB", date(2016, 6, 28)).key == "OPRN"
    assert aerodrome("ISB", date(2020, 1, 1)).key == aerodrome("ISB").key == "OPIS"


def test_istanbul_exchanged_its_codes() -> None:
    assert [aerodrome("IST", day).key for day in (date(2019, 4, 5), date(2019, 4, 6))] == ["LTBA", "LTFM"]
    assert [aerodrome("ISL", day).key for day in (date(2019, 4, 5), date(2019, 4, 6))] == ["LTFM", "LTBA"]
    assert aerodrome("LTBA", AUGUST_2008).iata == "IST"
    assert aerodrome("LTBA").iata == "ISL"
    assert aerodrome("LTFM", AUGUST_2008).iata == ""


def test_a_change_of_unknown_day_says_so() -> None:
    for code in ("UAFM", "UCFM"):
        found = aerodrome(code, AUGUST_2008)
        assert found.key == "UCFM"
        assert "not known (unverified)" in found.notes[0]
    assert aerodrome("UCFM").notes == ()
    assert "both listed" in aerodrome("OKBK").notes[0]


def test_every_dated_code_resolves_inside_its_time_without_a_remark_and_outside_with_one() -> None:
    codes: dict[str, list[Row]] = {}
    for row in table("aerodrome_changes.csv", CHANGE_COLUMNS):
        codes.setdefault(row.text("code"), []).append(row)
        for column in ("aerodrome", *(["instead"] if row.text("instead") else [])):
            assert aerodrome(row.text(column)).key == row.text(column)
    for code, uses in codes.items():
        if any("?" in (row.text("from"), row.text("until")) for row in uses):
            continue
        for row in uses:
            start, end = row.day("from"), row.day("until")
            inside = start or end - timedelta(days=1)
            assert (aerodrome(code, inside).key, aerodrome(code, inside).notes) == (row.text("aerodrome"), ())
            for day in filter(None, [start and start - timedelta(days=1), end]):
                other = aerodrome(code, day)
                assert other.notes or other.key != row.text("aerodrome")


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from([row.text("code") for row in table("aerodrome_changes.csv", CHANGE_COLUMNS)]), st.dates()
)
def test_a_code_that_changed_resolves_on_any_day(code: str, day: date) -> None:
    found = aerodrome(code, day)
    again = aerodrome(found.icao, day)
    assert again.key == found.key or found.notes


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("Mandalay", "VYMD Mandalay"),
        ("mandaly", "VYMD Mandalay"),
        ("Tehran", "OIIE Tehran"),
        ("ZKPX", "ZKPY Pyongyang"),
    ],
)
def test_an_unknown_code_brings_near_ones(text: str, near: str) -> None:
    with pytest.raises(UnknownCodeError, match=near) as caught:
        aerodrome(text)
    assert text in caught.value.what


@settings(deadline=None, max_examples=40)
@given(st.text(alphabet=string.printable + "é日", max_size=8))
def test_any_text_is_found_or_refused_in_one_line(text: str) -> None:
    refused = None
    try:
        found = aerodrome(text)
        assert "".join(text.split()).upper() in (found.icao, found.iata) or found.notes
    except UnknownCodeError as error:
        refused = error
    if refused is not None:
        assert refused.mend
        assert "\n" not in str(refused)


def test_the_aerodromes_of_a_state() -> None:
    assert "ZKPY" in aerodromes_of("PRK")
    assert aerodromes_of("IRN")[0] in {"OIIE", "OIII", "OIMM", "OISS"}
    assert aerodromes_of("ZZZ") == ()


@pytest.mark.parametrize(
    ("indicator", "state"),
    [("UTDD", "TJK"), ("ZKPY", "PRK"), ("OIIX", "IRN"), ("RJJJ", "JPN"), ("UTTT", "UZB"), ("XXXX", None)],
)
def test_an_indicator_tells_its_state_also_where_it_is_a_control_centre(
    indicator: str, state: str | None
) -> None:
    assert state_of_indicator(indicator) == state
