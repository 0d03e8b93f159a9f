"""Aircraft types by designator and name."""

from __future__ import annotations

import pickle
import string
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import UnknownCodeError
from overflight.world.aircraft import COLUMNS, CONFIDENCES, FIGURES, aircraft, designators
from overflight.world.tables import table


@pytest.mark.parametrize(
    ("text", "designator", "name"),
    [
        ("IL62", "IL62", "Il-62 (base)"),
        ("Il-62M", "IL62", "Il-62M"),
        ("il62m", "IL62", "Il-62M"),
        ("IL-76TD", "IL76", "Il-76TD"),
        ("Ilyushin Il-76", "IL76", "Il-76TD"),
        ("IL76MD-90A", "IL76", "Il-76TD-90"),
        ("AN124", "A124", "An-124-100"),
        ("A124", "A124", "An-124-100"),
        ("An-124 Ruslan", "A124", "An-124-100"),
        ("B744F", "B744", "Boeing 747-400F"),
        ("747-400F", "B744", "Boeing 747-400F"),
        ("B744", "B744", "Boeing 747-400 (passenger)"),
        ("TU214", "T204", "Tu-204-100"),
        ("Tu-214", "T204", "Tu-204-100"),
        ("T204-300", "T204", "Tu-204-300"),
        ("Tu-234", "T204", "Tu-204-300"),
        ("B742F", "B742", "Boeing 747-200F"),
        ("A300-600R", "A306", "Airbus A300F4-600R"),
        ("A320", "A320", "Airbus A320"),
        ("737-800", "B738", "Boeing 737-800"),
        ("IL96", "IL96", "Ilyushin Il-96"),
        ("An-225", "A225", "Antonov An-225 Mriya"),
    ],
)
def test_designators_and_names(text: str, designator: str, name: str) -> None:
    found = aircraft(text)
    assert (found.designator, found.name) == (designator, name)


def test_the_figures_of_the_table_arrive() -> None:
    found = aircraft("IL76TD")
    assert found.mtow_t == (190, 190)
    assert found.payload_max_t == (50, 52)
    assert [point.range_km for point in found.ranges] == [(4000, 4200), (6700, 7800)]
    assert [point.payload_t for point in found.ranges] == [(50, 52), (0, 5)]
    assert (found.cruise_kmh, found.ceiling_fl, found.field_m) == ((750, 800), 390, (1700, 2500))
    assert dict(found.confidence)["fuel"] == "C"
    assert aircraft("T204-100").ranges[-1].reserves == "out"
    assert aircraft("T154B").ranges[0].reserves == "in"


def test_a_designator_tells_what_else_it_may_mean() -> None:
    assert {sibling.name for sibling in aircraft("IL62").siblings} == {"Il-62M"}
    assert {sibling.name for sibling in aircraft("Tu-154").siblings} == {"Tu-154B"}
    assert {sibling.key for sibling in aircraft("747-400").siblings} == {"B744F"}
    assert aircraft("Il-62M").siblings == ()
    assert aircraft("AN26").siblings == ()


def test_speed_from_a_mach_number() -> None:
    """Mach 0.78 in the standard atmosphere above 11 km is 230 m/s; ten degrees either way make 2.3 %."""
    low, high = aircraft("A320").cruise_kmh or (0, 0)
    assert (low + high) / 2 == pytest.approx(0.78 * 295.07 * 3.6, rel=0.002)
    assert (high - low) / (high + low) == pytest.approx(0.0231, abs=0.001)


def test_types_without_figures_are_known_all_the_same() -> None:
    for code in ("C130", "A310", "IL86", "A225", "AN30", "A158", "A30B"):
        found = aircraft(code)
        assert (found.designator, found.ranges, found.cruise_kmh) == (code, (), None)


def test_every_row_is_whole_and_every_spelling_finds_it() -> None:
    for row in table("aircraft.csv", COLUMNS):
        for spelling in (row.text("key"), row.text("name"), *row.words("aliases", by="|")):
            found = aircraft(spelling.removeprefix("*"))
            assert found.designator == row.text("designator")
            assert found.key == row.text("key") or row.text("key") in {s.key for s in found.siblings}
        entry = aircraft(row.text("name"))
        letters = dict(entry.confidence)
        assert set(letters) <= set(FIGURES)
        assert set(letters.values()) <= set(CONFIDENCES)
        for figure, value in (
            ("mtow", entry.mtow_t),
            ("payload", entry.payload_max_t),
            ("cruise", entry.cruise_kmh),
            ("ceiling", entry.ceiling_fl),
            ("field", entry.field_m),
        ):
            assert (value is not None) == (figure in letters), (entry.key, figure)
        if entry.payload_max_t and entry.mtow_t:
            assert entry.payload_max_t[1] < entry.mtow_t[0]
        for heavy, light in pairwise(entry.ranges):
            assert heavy.range_km[1] <= light.range_km[1]
            assert (
                heavy.payload_t is None or light.payload_t is None or heavy.payload_t[0] > light.payload_t[1]
            )


def test_every_designator_is_found_and_can_be_sent_elsewhere() -> None:
    codes = designators()
    assert len(codes) > 600
    for code in codes:
        assert aircraft(code).designator == code
    found = aircraft("IL62")
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(found) == hash(aircraft("il-62"))


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(["IL62M", "IL76TD", "A124", "B744F", "T204-300", "A320", "C130"]), st.data())
def test_case_blanks_and_hyphens_do_not_matter(text: str, data: st.DataObject) -> None:
    joints = data.draw(st.lists(st.sampled_from(["", "-", " "]), min_size=len(text), max_size=len(text)))
    typed = "".join(
        data.draw(st.sampled_from([c, c.lower()])) + joint for c, joint in zip(text, joints, strict=True)
    )
    assert aircraft(typed) == aircraft(text)


@pytest.mark.parametrize(("text", "near"), [("IL62X", "IL62"), ("Ilyushn Il-76", "IL76"), ("B7444", "B744")])
def test_an_unknown_type_brings_near_ones(text: str, near: str) -> None:
    with pytest.raises(UnknownCodeError, match=near):
        aircraft(text)


def test_a_nickname_of_several_types_is_not_guessed() -> None:
    with pytest.raises(UnknownCodeError, match="did you mean") as caught:
        aircraft("Hercules 2")
    assert caught.value.mend


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=string.printable + "éИл", max_size=10))
def test_any_text_is_found_or_refused_in_one_line(text: str) -> None:
    refused = None
    try:
        assert aircraft(text).designator
    except UnknownCodeError as error:
        refused = error
    if refused is not None:
        assert refused.mend
        assert "\n" not in str(refused)
