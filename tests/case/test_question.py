"""The question of coalitions on the real world: what is remembered is what would be found."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.case.question import _Remembering, put
from overflight.errors import InputError
from overflight.route.permitted import finder

ZKPY, OIIE = (125.67, 39.2241), (51.1522, 35.4161)
STATES = ("CHN", "RUS", "MNG", "KAZ", "KGZ", "UZB", "TKM", "TJK", "AFG", "PAK", "IND")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.frozensets(st.sampled_from(STATES), max_size=6), min_size=2, max_size=6))
def test_memory_changes_no_answer(questions: list[frozenset[str]]) -> None:
    oracle = _Remembering(finder(), ZKPY, OIIE, 7500.0)
    for refusing in questions:
        answer = oracle.route(refusing)
        true = finder().shortest(ZKPY, OIIE, refusing, 7500.0)
        assert (answer is None) == (true is None)
        if answer is not None and true is not None:
            assert answer.km == pytest.approx(true.km, abs=8.5)  # simplified outlines
            assert not answer.states & refusing


def test_corridors_are_measured_on_the_fine_outlines() -> None:
    answer = put(finder(), ZKPY, OIIE, 7500.0, unwilling=["CHN"])
    assert len(answer.found.corridors) > 3
    for corridor in answer.found.corridors:
        others = finder().states - set(corridor.states) - set(answer.always_permit)
        true = finder().shortest(ZKPY, OIIE, others)
        assert true is not None
        assert corridor.km == pytest.approx(true.km, abs=1e-6)
        assert set(corridor.order) == set(corridor.states) <= set(true.states)


def test_departure_and_arrival_always_permit() -> None:
    with pytest.raises(InputError, match="Iran is a state of departure or arrival"):
        put(finder(), ZKPY, OIIE, 7500.0, refused=["IRN"])
    answer = put(finder(), ZKPY, OIIE, 7500.0, unwilling=["PRK", "RUS"])
    assert answer.always_permit == ("IRN", "PRK")
    assert answer.found.unwilling == ("RUS",)


def test_refusals_that_close_the_flight_are_told() -> None:
    answer = put(finder(), ZKPY, OIIE, 7500.0, refused=["CHN"], asked=["CHN"])
    assert answer.found.closed
    assert answer.chances is None
    assert answer.gaps is not None
    assert answer.gaps.closed
    document = answer.to_json()
    assert document["next"] == []
    assert document["closed"] is True
