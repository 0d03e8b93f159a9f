"""What is remembered of a log is what the log says, whoever has written to it since."""

from __future__ import annotations

import weakref
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.case.life import memory
from overflight.case.life.desk import CaseDesk
from overflight.case.life.fold import fold
from overflight.case.life.memory import Memory, memory_of
from overflight.case.life.planning import Sheet, open_case, state_it
from overflight.case.life.repairs import correct, merge
from overflight.case.life.replies import answer
from overflight.case.life.requests import approach
from overflight.errors import InputError

from .desks import ListLog, Table, desk, flight

WORLD = Table({"AAAA-BBBB": ((("KAZ",), 6400.0), (("TKM",), 6700.0))}, {"AAAA-BBBB": ("KAZ",)})
SHEET = Sheet("It flies.", "S//REL TO USA, KAZ, TKM", "R1", ("route", "dates"))


def other(officer: CaseDesk) -> CaseDesk:
    """A desk over the same events that remembers nothing."""
    log = officer.log
    assert isinstance(log, ListLog)
    twin = ListLog(log.clock)
    twin.recorded_events, twin.items = log.recorded_events, log.items
    return replace(officer, log=twin)


@pytest.fixture
def officer() -> CaseDesk:
    found, clock = desk(WORLD, "2008-07-01")
    open_case(found, flight("2008-07-28"), case_id="C1", statements=[SHEET])
    approach(found, "C1", ["KAZ", "TKM"], ask=["x"], due=clock.now + timedelta(days=2))
    return found


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.booleans(), st.sampled_from(["answer", "state", "correct", "merge"]), st.integers(0, 5)),
        max_size=8,
    )
)
def test_two_desks_that_write_in_turn_see_the_same(moves: list[tuple[bool, str, int]]) -> None:
    first, clock = desk(WORLD, "2008-07-01")
    open_case(first, flight("2008-07-28"), case_id="C1", statements=[SHEET])
    approach(first, "C1", ["KAZ"], ask=["x"], due=clock.now + timedelta(days=2))
    second = other(first)
    merged = 0
    for mine, what, number in moves:
        officer = first if mine else second
        clock.now += timedelta(hours=1)
        if what == "answer":
            answer(officer, "C1", "KAZ", ("ALLOW", "DENY_OVERFLIGHT")[number % 2])
        elif what == "state":
            state_it(officer, "C1", [replace(SHEET, text=f"It flies {number}.")])
        elif what == "merge":
            merged += 1
            open_case(officer, flight("2008-07-28"), case_id=f"D{merged}", statements=[SHEET])
            merge(officer, "C1", f"D{merged}")
        else:
            found = [n for n in officer.load("C1").stated if n.case == "C1"]
            correct(officer, "C1", found[-1].seq, why="EXERCISE", changes={"text": f"It flew {number}."})
        assert first.load("C1") == second.load("C1") == fold(other(first).events("C1"))


def test_only_what_is_new_is_read_again(officer: CaseDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    officer.load("C1")
    asked: list[int] = []
    log = officer.log
    plain = log.events

    def events(case: str | None = None, *, after: int = 0, **rest: object) -> object:
        asked.append(after)
        return plain(case, after=after, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(log, "events", events)
    before = log.last("C1")
    answer(officer, "C1", "KAZ", "ALLOW")
    assert asked
    assert min(asked) == before - 1


def test_a_log_that_was_put_in_the_place_of_another_is_read_from_its_beginning(officer: CaseDesk) -> None:
    log = officer.log
    assert isinstance(log, ListLog)
    kept = list(log.recorded_events)
    answer(officer, "C1", "KAZ", "ALLOW")
    assert officer.load("C1").current("KAZ")
    log.recorded_events[:] = kept  # an old copy
    assert officer.load("C1").current("KAZ") is None
    log.recorded_events[:] = [replace(one, digest=bytes([n] * 32)) for n, one in enumerate(kept, 1)]
    log.recorded_events[-1] = replace(log.recorded_events[-1], by="Another Office")
    assert officer.load("C1").approaches[-1].by == "Another Office"


def test_a_case_that_has_moved_on_since_it_was_looked_at_is_not_recorded_on(officer: CaseDesk) -> None:
    from overflight.case.life.desk import Happening
    from overflight.case.life.events import Closed

    seen = officer.load("C1")
    answer(other(officer), "C1", "KAZ", "ALLOW")
    with pytest.raises(InputError, match="has moved on"):
        officer.record(seen, "C1", [Happening(Closed("EXERCISE"), officer.clock())])
    assert officer.load("C1").closing is None


def test_a_memory_has_an_end(officer: CaseDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_MOST", 8)
    for number in range(2, 6):
        open_case(officer, flight("2008-07-28"), case_id=f"C{number}", statements=[SHEET])
    found = memory_of(officer.log)
    assert sum(map(len, found._cases.values())) == found._count <= 8
    assert len(found._bodies) <= 16
    for _ in range(3):  # looking back keeps nothing for good
        for number in range(1, 6):
            officer.load(f"C{number}", officer.clock())
            assert len(found._bodies) <= 16
    assert [officer.load(f"C{n}").id for n in range(1, 6)] == [f"C{n}" for n in range(1, 6)]
    assert officer.load("C1") == other(officer).load("C1")


def test_a_log_that_is_gone_is_forgotten() -> None:
    log = ListLog(desk(WORLD, "2008-07-01")[1])
    assert isinstance(memory_of(log), Memory)
    assert memory_of(log) is memory_of(log)
    gone = weakref.ref(log)
    del log
    assert gone() is None
