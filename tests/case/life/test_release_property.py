"""No product for a state contains, or depends on, a statement that the state may not read."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.case.life import news
from overflight.case.life.compose import compose, paper_text
from overflight.case.life.paper import docx, pdf

from .worlds_of_statements import (
    DAY,
    STATES,
    OneLaw,
    changed,
    course,
    other_course,
    product,
    readable,
    seen,
    statements,
)


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**63), st.sampled_from(STATES))
def test_what_may_not_be_read_changes_nothing(seed: int, state: str) -> None:
    dice = random.Random(seed)
    sheet = statements(dice)
    found, shown = product(sheet, state)
    texts = {one.text for one in (*found.paper, *found.oral)}
    for one in sheet:
        if readable(one, state):
            assert one.text in texts
        elif not any(other.text == one.text for other in sheet if readable(other, state)):
            assert one.text.encode() not in shown
            assert one.id in {kept.statement for kept in found.kept}
    other = changed(dice, sheet, state)
    if other is not None:
        assert product(other, state)[1] == shown
    # Nothing that may only be said stands in the paper.
    paper = paper_text(found)
    for one in sheet:
        said = {s.source for s in found.oral}
        if one.id in said and not any(s.text == one.text for s in found.paper):
            assert one.text not in paper
    # The paper names no state but its reader and home.
    for name in set(STATES) - {state}:
        assert name not in shown.decode()


def test_the_property_bites() -> None:
    """A composer that looked at everything would be caught."""
    dice = random.Random(7)
    caught = 0
    for _ in range(200):
        sheet = statements(dice)
        other = changed(dice, sheet, "KAZ")
        if other is not None:
            caught += "".join(s.text for s in sheet) != "".join(s.text for s in other)
    assert caught > 50


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**63), st.sampled_from(STATES))
def test_nothing_in_a_course_depends_on_what_may_not_be_read(seed: int, state: str) -> None:
    """The approach, the update and what may be said now, where statements replace others."""
    dice = random.Random(seed)
    one = course(dice)
    other = other_course(dice, one, state)
    if other is not None:
        assert seen(other, state) == seen(one, state)


def test_that_property_bites_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """An update that went by all that home knows would be caught."""

    def differing() -> int:
        count = 0
        for seed in range(300):
            dice = random.Random(seed)
            one, state = course(dice), dice.choice(STATES)
            other = other_course(dice, one, state)
            count += other is not None and seen(other, state) != seen(one, state)
        return count

    assert differing() == 0
    monkeypatch.setattr(news, "_may_hear", lambda case, state, day: {one.id for one in case.statements})
    assert differing() > 3


@pytest.mark.parametrize("state", ["KAZ", "IND"])
def test_files_are_the_same_bytes_too(state: str) -> None:
    dice = random.Random(11)
    while True:
        sheet = statements(dice)
        other = changed(dice, sheet, state)
        if other is not None and compose(sheet, state, day=DAY).paper:
            break
    law = OneLaw("x")
    first = compose(sheet, state, day=DAY, counsel=law)  # type: ignore[arg-type]
    second = compose(other, state, day=DAY, counsel=law)  # type: ignore[arg-type]
    assert docx(first) == docx(second)
    assert pdf(first) == pdf(second)
    assert pdf(first).startswith(b"%PDF-")


def test_law_follows_the_route_into_speech() -> None:
    """Where the route may only be said, words of law that betray it are said too, and not left."""
    dice = random.Random(5)
    base = statements(dice)[0]
    left = replace(base, id="S1", marking="U", text="Something is coming.", facts={"operator": "KOR"})
    said = replace(base, id="S2", marking="S//DISPLAY ONLY KAZ", text="It goes to B.", facts={"route": "A-B"})
    found = compose([left, said], "KAZ", day=DAY, counsel=OneLaw("x"))  # type: ignore[arg-type]
    assert [one.source for one in found.paper] == ["S1"]
    assert [one.source for one in found.oral] == ["S2", "law R"]
    assert found.spoken == ("S2",)


def test_law_is_told_only_to_who_knows_the_route() -> None:
    dice = random.Random(3)
    one = next(s for s in (statements(dice) for _ in range(999)) if s and readable(s[0], "KAZ"))[0]
    law = OneLaw("x")
    knows = compose([replace(one, facts={"route": "A-B"})], "KAZ", day=DAY, counsel=law)  # type: ignore[arg-type]
    not_told = compose([replace(one, facts={"cargo": "x"})], "KAZ", day=DAY, counsel=law)  # type: ignore[arg-type]
    assert any(s.source == "law R" for s in (*knows.paper, *knows.oral))
    assert not any(s.source.startswith("law") for s in (*not_told.paper, *not_told.oral))
