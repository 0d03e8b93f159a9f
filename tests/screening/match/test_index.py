"""The index finds exactly what comparing with every name finds."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from overflight.screening.index import Named, NameIndex
from overflight.screening.names import name_form
from overflight.screening.neighbours import shortened
from overflight.screening.similarity import edits_allowed

LETTERS = "aeioumhnrskdb"
SYLLABLES = (
    "ma",
    "han",
    "ko",
    "ryo",
    "qe",
    "shm",
    "gh",
    "al",
    "bu",
    "ri",
    "kim",
    "zha",
    "ou",
    "ee",
    "th",
    "ov",
)
ORDINARY = (
    "air",
    "airlines",
    "trading",
    "iran",
    "korean",
    "group",
    "no",
    "7",
    "12",
    "J",
    "al",
    "abdul",
    "blue",
)
HINTS = ("", "", "", "PRK", "CHN")


@st.composite
def words(draw: st.DrawFn) -> str:
    if draw(st.integers(0, 3)) == 0:
        return draw(st.sampled_from(ORDINARY))
    return "".join(draw(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=4)))


NAMES = st.lists(words(), min_size=1, max_size=5).map(" ".join)


def mutated(name: str, rng: random.Random) -> str:
    """A name as a hurried hand would write it."""
    letters = list(name)
    for _ in range(rng.choice((0, 1, 1, 2))):
        at = rng.randrange(len(letters))
        how = rng.random()
        if how < 0.3:
            letters[at] = rng.choice(LETTERS)
        elif how < 0.6:
            letters.insert(at, rng.choice(LETTERS))
        elif len(letters) > 3:
            del letters[at]
    parts = "".join(letters).split(" ")
    if rng.random() < 0.3:
        rng.shuffle(parts)
    return " ".join(parts)


def agree(index: NameIndex, asked: str, person: bool, threshold: float) -> int:
    form = name_form(asked, person)
    fast = [(one.at, one.scored) for one in index.search(form, threshold)]
    slow = [(one.at, one.scored) for one in index.exhaustive(form, threshold)]
    assert fast == slow, asked
    return len(fast)


@given(
    st.lists(st.tuples(NAMES, st.sampled_from(HINTS)), min_size=1, max_size=40),
    st.lists(NAMES, max_size=3),
    st.booleans(),
    st.sampled_from((0.5, 0.62, 0.7, 0.85)),
    st.randoms(use_true_random=False),
)
@settings(max_examples=120, deadline=None)
def test_generated_names(
    listed: list[tuple[str, str]], others: list[str], person: bool, threshold: float, rng: random.Random
) -> None:
    names = [Named(at, name_form(text, person), hint) for at, (text, hint) in enumerate(listed)]
    index = NameIndex(names)
    for asked in [*others, *(mutated(text, rng) for text, _ in listed[:4])]:
        agree(index, asked, person, threshold)


@pytest.mark.parametrize("person", [False, True])
def test_many_names(person: bool) -> None:
    rng = random.Random(20261122)
    listed = [
        " ".join(
            rng.choice(ORDINARY)
            if rng.random() < 0.3
            else "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 4)))
            for _ in range(rng.randint(1, 5))
        )
        for _ in range(1500)
    ]
    index = NameIndex([Named(at, name_form(text, person)) for at, text in enumerate(listed)])
    found = sum(agree(index, mutated(rng.choice(listed), rng), person, 0.7) for _ in range(60))
    assert found > 40


@given(
    st.text("abcdk", min_size=3, max_size=14),
    st.lists(st.tuples(st.sampled_from("idst"), st.integers(0, 20), st.sampled_from("abcdk")), max_size=2),
)
@settings(max_examples=300, deadline=None)
def test_words_within_the_edits_allowed_share_a_shortened_form(
    word: str, edits: list[tuple[str, int, str]]
) -> None:
    other = list(word)
    for how, place, letter in edits:
        at = place % max(1, len(other))
        if how == "i":
            other.insert(at, letter)
        elif how == "d" and len(other) > 3:
            del other[at]
        elif how == "s":
            other[at] = letter
        elif how == "t" and at + 1 < len(other):
            other[at], other[at + 1] = other[at + 1], other[at]
    near = "".join(other)
    if OSA.distance(word, near) <= edits_allowed(min(len(word), len(near))):
        assert set(shortened(word)) & set(shortened(near)), (word, near)


def test_an_empty_index_and_an_empty_name_find_nothing() -> None:
    assert NameIndex([]).search(name_form("Mahan Air"), 0.5) == []
    index = NameIndex([Named(0, name_form("..."))])
    assert index.search(name_form("Mahan"), 0.5) == []
    assert index.search(name_form("..."), 0.5) == []


def test_a_common_word_alone_does_not_make_a_match() -> None:
    listed = [f"{first}{last} Trading" for first in ("ko", "ma", "ri") for last in ("ban", "dur", "mik")]
    index = NameIndex([Named(at, name_form(text)) for at, text in enumerate(listed)])
    assert index.search(name_form("Zeta Trading"), 0.7) == []
    assert [one.at for one in index.search(name_form("Koban Trading"), 0.9)] == [0]
