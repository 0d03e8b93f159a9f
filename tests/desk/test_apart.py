"""Work in a process of its own: stages, faults, and a process that is ended from outside."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from overflight.desk.apart import Apart
from overflight.errors import InputError


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> Iterator[Apart]:
    # The process over there must find this module.
    paths = [str(Path(__file__).parent), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
    found = Apart()
    yield found
    found.close()


def test_it_is_another_process_and_stays(apart: Apart) -> None:
    told: list[str] = []
    first = apart.do(told.append, _pid, 3)
    assert first == apart.do(told.append, _pid, 2) != os.getpid()
    assert told == ["0", "1", "2", "0", "1"]


def test_a_fault_of_the_user_comes_back_whole(apart: Apart) -> None:
    with pytest.raises(InputError) as caught:
        apart.do(print, _wrong)
    assert str(caught.value) == "--range: no range is held; give one"
    assert apart.do(print, _pid, 0)


def test_a_fault_of_ours_is_told_and_the_next_wish_is_heard(apart: Apart) -> None:
    with pytest.raises(RuntimeError, match="ZeroDivisionError"):
        apart.do(print, _broken)
    assert apart.do(print, _pid, 0)


def test_what_is_printed_does_not_spoil_the_answer(apart: Apart) -> None:
    assert apart.do(print, _prints) == 7


def test_it_is_started_again_when_it_was_ended(apart: Apart) -> None:
    first = apart.do(print, _pid, 0)
    os.kill(first, signal.SIGKILL)
    second = apart.do(print, _pid, 0)
    assert second != first


def test_work_that_ends_its_process_is_tried_twice_and_given_up(apart: Apart) -> None:
    with pytest.raises(RuntimeError, match="ended"):
        apart.do(print, _ends)
    assert apart.do(print, _pid, 0)


def test_it_ends_with_what_asks_it(apart: Apart) -> None:
    pid = apart.do(print, _pid, 0)
    apart.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(RuntimeError, match="ended"):  # and none is started behind it
        apart.do(print, _pid, 0)


def _pid(told: Callable[[str], None], stages: int) -> int:
    for number in range(stages):
        told(str(number))
    return os.getpid()


def _wrong(told: Callable[[str], None]) -> None:
    raise InputError("no range is held", where="--range", mend="give one")


def _broken(told: Callable[[str], None]) -> float:
    return 1 / 0


def _prints(told: Callable[[str], None]) -> int:
    print("a word too many")
    os.write(1, b"and another\n")
    return 7


def _ends(told: Callable[[str], None]) -> None:
    os._exit(3)
