"""Laws of the fold, over generated courses of a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.case.life.desk import CaseDesk, coverage_of
from overflight.case.life.events import KINDS, Derived, decode, derived, encode, kind_of
from overflight.case.life.fold import fold
from overflight.case.life.model import Case
from overflight.case.life.planning import Sheet, open_case, plan, state_it
from overflight.case.life.repairs import correct
from overflight.case.life.replies import answer, deliver
from overflight.case.life.requests import approach, update
from overflight.errors import DataError, InputError
from overflight.store.event import Event

from .desks import Table, TurnedClock, desk, flight

WORLD = Table(
    {"AAAA-BBBB": ((("CHN", "KAZ"), 6400.0), (("CHN", "TKM", "AFG"), 6700.0))}, {"AAAA-BBBB": ("CHN", "KAZ")}
)
STATES = ("KAZ", "TKM", "AFG")
SHEET = Sheet("It flies.", "S//REL TO USA, AFG, KAZ, TKM", "R1", ("route", "dates"))
steps = st.lists(
    st.tuples(
        st.sampled_from(("approach", "deliver", "answer", "plan", "state", "update", "correct")),
        st.integers(0, 9),
        st.sampled_from(STATES),
        st.sampled_from(("ALLOW", "DENY_OVERFLIGHT", "REVERSED", "NO_ANSWER", "REQUIRE_LANDING_AND_INSPECT")),
        st.integers(-72, 0),
    ),
    min_size=1,
    max_size=12,
)


def course(moves: list[tuple[str, int, str, str, int]]) -> tuple[CaseDesk, TurnedClock]:
    """A case that took this course; moves that are refused change nothing."""
    officer, clock = desk(WORLD, "2008-07-01")
    open_case(officer, flight("2008-07-28"), case_id="C1", statements=[SHEET])
    for what, number, state, decision, hours in moves:
        clock.now += timedelta(hours=5)
        then = clock.now + timedelta(hours=hours)
        try:
            if what == "approach":
                approach(officer, "C1", [state], ask=["x"], due=clock.now + timedelta(days=2))
            elif what == "deliver":
                deliver(officer, "C1", state, office="MFA", at=then)
            elif what == "answer":
                answer(officer, "C1", state, decision, at=then)
            elif what == "plan":
                plan(officer, "C1", flight(f"2008-07-{20 + number}"))
            elif what == "state":
                there = [one.id for one in officer.load("C1").statements][-1:]
                sheet = Sheet(f"Again {number}.", SHEET.marking, "R2", ("dates",), tuple(there))
                state_it(officer, "C1", [sheet])
            elif what == "update":
                update(officer, "C1")
            else:
                seqs = [n.seq for n in officer.load("C1").history]
                correct(officer, "C1", seqs[number % len(seqs)], why="error", strike=True)
        except InputError:
            continue
    return officer, clock


@settings(max_examples=60, deadline=None)
@given(steps)
def test_as_of_is_the_same_fold_stopped_earlier(moves: list[tuple[str, int, str, str, int]]) -> None:
    officer, _ = course(moves)
    events = list(officer.log.events("C1"))
    for at in {event.recorded_at for event in events}:
        prefix = [event for event in events if event.recorded_at <= at]
        assert officer.load("C1", until=at) == fold(prefix)
    # What was recorded as worked out is what working it out again gives.
    case = officer.load("C1")
    assert case.ways is not None
    assert case.ways == WORLD.ways(case.flight)
    assert case.coverage == coverage_of(case, case.ways, max(n.true_at for n in case.history))
    for event in events:
        body = decode(event.kind, event.body)
        assert decode(kind_of(body), encode(body)) == body
    worked_out = Derived(case.ways, case.coverage)
    body = case.history[-1].body
    assert derived(encode(body, worked_out, case.ways)) == worked_out


@settings(max_examples=60, deadline=None)
@given(steps, st.integers(0, 30), st.sampled_from(("ALLOW", "DENY_OVERFLIGHT", "NO_ANSWER")))
def test_a_correction_reads_as_if_it_had_been_recorded_right(
    moves: list[tuple[str, int, str, str, int]], pick: int, decision: str
) -> None:
    officer, _ = course([("approach", 0, "KAZ", "ALLOW", 0), ("answer", 0, "KAZ", "ALLOW", 0), *moves])
    events = list(officer.log.events("C1"))
    mended = {int(e.body["event"]) for e in events if e.kind == "corrected"}  # type: ignore[call-overload]
    answers = [e for e in events if e.kind == "answered" and e.seq not in mended]
    if not answers:
        return
    wrong = answers[pick % len(answers)]
    case = correct(officer, "C1", wrong.seq, why="misread", changes={"decision": decision})
    right = fold([_read(e, decision) if e.seq == wrong.seq else e for e in events])
    assert _said(case) == _said(right)
    gone = correct(officer, "C1", case.corrections[-1].seq, why="no", strike=True)
    assert _said(gone) == _said(fold(events))


def _read(event: Event, decision: str) -> Event:
    from dataclasses import replace

    body: dict[str, Any] = {**event.body, "decision": decision}
    return replace(event, body=body)


def _said(case: Case) -> object:
    """What a case says, the marks of correction left out."""
    return (
        [(n.body, n.true_at) for n in case.answers],
        dict(case.standings),
        case.holders,
        case.statements,
        [(s.kind, s.product) for s in case.sent],
        dict(case.now),
    )


def test_every_kind_has_a_word_and_unknown_ones_are_told() -> None:
    assert len(set(KINDS.values())) == len(KINDS)
    with pytest.raises(DataError, match="no such kind"):
        decode("danced", {})
    with pytest.raises(DataError, match="answered: "):
        decode("answered", {"id": 3})
    with pytest.raises(DataError, match="shade"):
        decode("closed", {"shade": "blue"})
    with pytest.raises(DataError, match="does not begin with its opening"):
        fold([])


def test_a_case_of_many_events_folds_and_shows_the_last_of_all() -> None:
    officer, clock = desk(WORLD, "2008-07-01")
    open_case(officer, flight("2008-07-28"), case_id="C1", statements=[SHEET])
    approach(officer, "C1", ["KAZ"], ask=["x"], due=datetime(2008, 7, 24, tzinfo=UTC))
    for number in range(100):
        clock.now += timedelta(hours=1)
        answer(officer, "C1", "KAZ", ("ALLOW", "DENY_OVERFLIGHT")[number % 2])
    case = officer.load("C1")
    assert len(case.history) == 104
    assert case.standing("KAZ").sky == "closed"
    # The earth was asked once: what an answer does to the ways is a matter of sets.
    assert WORLD.searches >= 1
    assert sum("ways" in dict(e.body.get("derived", {})) for e in officer.log.events("C1")) == 1  # type: ignore[call-overload]
