"""The laws of roll-up, and an oracle that knows nothing of the lattice."""

from __future__ import annotations

import datetime as dt
from functools import reduce

from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.marking import (
    Marking,
    Switches,
    banner_over,
    format_banner,
    format_portion,
    parse_banner,
    rollup,
)
from overflight.marking.us_lattice import BOTTOM, Element, element, join, permitted, together
from overflight.marking.us_rollup import conclude

from .strategies import REGISTER, STATES, us_markings

documents = st.lists(us_markings(), min_size=1, max_size=5)
switches = st.builds(
    Switches, st.sampled_from(["ignore", "strict"]), st.sampled_from(["noforn", "follow_banner"])
)
days = st.sampled_from([None, dt.date(2005, 1, 1), dt.date(2026, 8, 1)])
NOW = dt.date(2026, 8, 1)


def elements(marks: list[Marking], on: dt.date | None, by: Switches) -> list[Element]:
    return [element(mark, on, by, REGISTER) for mark in marks]


@settings(deadline=None, max_examples=200)
@given(us_markings(), us_markings(), us_markings(), days, switches)
def test_join_is_a_semilattice(a: Marking, b: Marking, c: Marking, on: dt.date | None, by: Switches) -> None:
    x, y, z = elements([a, b, c], on, by)
    assert join(x, y) == join(y, x)
    assert join(join(x, y), z) == join(x, join(y, z))
    assert join(x, x) == x
    assert join(BOTTOM, x) == x


@settings(deadline=None, max_examples=150)
@given(documents, st.randoms(use_true_random=False), days, switches)
def test_order_repeats_and_grouping_do_not_matter(marks, random, on, by) -> None:  # type: ignore[no-untyped-def]
    banner = rollup(marks, on, by).banner
    shuffled = [*marks, *marks]
    random.shuffle(shuffled)
    assert rollup(shuffled, on, by).banner == banner
    cut = random.randrange(len(marks) + 1)
    parts = [reduce(join, elements(part, on, by), BOTTOM) for part in (marks[:cut], marks[cut:])]
    assert conclude(join(*parts), REGISTER)[0] == rollup(marks, on, by).marking
    assert join(*parts) == together(elements(marks, on, by))


def within(a: frozenset[str] | None, b: frozenset[str] | None) -> bool:
    return b is None or (a is not None and a <= b)


@settings(deadline=None, max_examples=200)
@given(documents, us_markings(), days, switches)
def test_one_more_portion_never_widens(marks, more, on, by) -> None:  # type: ignore[no-untyped-def]
    before = reduce(join, elements(marks, on, by), BOTTOM)
    after = join(before, element(more, on, by, REGISTER))
    assert all(within(a, b) for a, b in zip(permitted(after), permitted(before), strict=True))
    assert after.level >= before.level
    # In the text as well: a list never gains a state by one more portion, once there was a list.
    first, second = rollup(marks, on, by).marking, rollup([*marks, more], on, by).marking
    if first.rel or first.display:
        told = {*first.release, *first.display_only}
        assert set(second.release) - {"USA"} <= set(first.release)
        assert {*second.release, *second.display_only} - {"USA"} <= told


@settings(deadline=None, max_examples=200)
@given(documents, days)
def test_the_banner_allows_nobody_whom_a_portion_bars(marks, on) -> None:  # type: ignore[no-untyped-def]
    """Oracle: read the portions' text, state by state, without elements or rule numbers."""
    banner = rollup(marks, on).marking

    def states(text: str, head: str) -> set[str]:
        if head not in text:
            return set()
        words = text.split(head, 1)[1].split("/")[0].split(", ")
        found = {w for w in words if len(w) == 3}
        for group, members in (
            ("FVEY", {"AUS", "CAN", "GBR", "NZL"}),
            ("ACGU", {"AUS", "CAN", "GBR"}),
            ("TEYE", {"AUS", "GBR"}),
        ):
            if group in words:
                found |= members
        return found - {"USA"}

    given_to = told = set(STATES)
    mixed = False
    for mark in marks:
        text = format_portion(mark)
        rel, display = states(text, "REL TO "), states(text, "DISPLAY ONLY ")
        marked = "REL TO" in text or "DISPLAY" in text or "RELIDO" in text
        mixed = mixed or marked
        if text == "U":
            continue  # left out
        given_to, told = given_to & rel, told & (rel | display)
    listed = bool(banner.rel or banner.display)
    if mixed:
        assert set(banner.release) & set(STATES) == given_to
        assert (set(banner.release) | set(banner.display_only)) & set(STATES) == told
    else:
        assert not listed
    if listed:
        assert "NF" not in banner.controls


@settings(deadline=None, max_examples=200)
@given(documents, days, switches)
def test_the_banner_is_itself_a_valid_marking(marks, on, by) -> None:  # type: ignore[no-untyped-def]
    rolled = rollup(marks, on, by)
    assert parse_banner(rolled.banner) == rolled.marking
    assert not rolled.marking.inferred
    for forced in rolled.forced:
        assert forced.portions, forced
        assert all(0 <= n < len(marks) for n in forced.portions)


@settings(deadline=None, max_examples=150)
@given(documents)
def test_dropping_the_forcing_portions_changes_the_part(marks) -> None:  # type: ignore[no-untyped-def]
    """Where NOFORN or a control was forced by some portions, a document without them does not have it."""
    rolled = rollup(marks, NOW)
    for forced in rolled.forced:
        rest = [m for n, m in enumerate(marks) if n not in forced.portions]
        if rest and forced.rule in ("1", "2", "carried by the portion"):
            parts = {f.part for f in rollup(rest, NOW).forced if f.rule == forced.rule}
            assert forced.part not in parts


@settings(deadline=None, max_examples=100)
@given(documents, days, switches)
def test_the_quicker_banner_is_the_same(marks: list[Marking], on: dt.date | None, by: Switches) -> None:
    assert format_banner(banner_over(marks, on, by)) == rollup(marks, on, by).banner
