"""Brackets behind a blank line that are no items of a list end what a marking covers."""

from __future__ import annotations

import pytest

from overflight.telegram.coverage import covered


@pytest.mark.parametrize("sign", ["GBR", "SEC", "C0", "VS", "XXX", "FYI", "0S", "12", "iv", "7", "D"])
def test_brackets_of_no_list_end_the_reach(sign: str) -> None:
    assert covered(["OPEN.", f"({sign}) THE MAN."], {1}, listed=False) == 1


@pytest.mark.parametrize(
    "signs", [("1", "2", "3"), ("a", "b", "c"), ("i", "ii", "iii", "iv"), tuple(map(str, range(1, 13)))]
)
def test_a_list_that_goes_on_is_covered(signs: tuple[str, ...]) -> None:
    lines = ["OPEN.", *[f"({sign}) MORE." for sign in signs]]
    assert covered(lines, set(range(1, len(lines))), listed=False) is None
