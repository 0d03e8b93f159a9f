"""Work beside the requests: the newest wish first, faults told, what nobody wants any more left out."""

from __future__ import annotations

import threading
import time

import pytest
from signing import at_once

from overflight.desk.beside import Worker
from overflight.desk.rooms import Rooms
from overflight.desk.views import figures
from overflight.errors import InputError


def test_the_newest_wish_goes_first() -> None:
    worker = Worker("test")
    gate = threading.Event()
    order: list[int] = []
    first = worker.submit(gate.wait)
    later = [worker.submit(lambda n=n: order.append(n)) for n in range(4)]  # type: ignore[misc]
    later[1].cancel()
    gate.set()
    first.result(10)
    for number in (0, 2, 3):
        later[number].result(10)
    assert order == [3, 2, 0]


def test_a_fault_is_told_and_the_thread_lives_on() -> None:
    worker = Worker("test")

    def fails() -> None:
        raise InputError("no range is known")

    with pytest.raises(InputError):
        worker.submit(fails).result(10)
    assert worker.submit(lambda: 7).result(10) == 7


def test_a_fault_of_the_user_stays_and_one_of_ours_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_jobs", figures.OrderedDict())
    tries: list[str] = []

    def wrong(told: object) -> None:
        tries.append("wrong")
        raise InputError("no range is known")

    def broken(told: object) -> None:
        tries.append("broken")
        raise RuntimeError

    for work, times in ((wrong, 1), (broken, 2)):
        for _ in range(2):
            job = figures._asked(work.__name__, work)
            with pytest.raises((InputError, RuntimeError)):
                job.future.result(10)
        assert tries.count(work.__name__) == times


def test_only_so_much_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(figures, "_jobs", figures.OrderedDict())
    monkeypatch.setattr(figures, "_KEPT", 3)
    jobs = [figures._asked(number, lambda told, n=number: n) for number in range(6)]  # type: ignore[misc]
    jobs[-1].future.result(10)
    assert list(figures._jobs) == [3, 4, 5]


def test_what_many_want_at_once_is_made_once(rooms: Rooms) -> None:
    made: list[int] = []

    def make() -> int:
        time.sleep(0.05)
        made.append(1)
        return len(made)

    assert at_once(8, lambda: rooms.kept("wanted", make)) == [1] * 8
    assert rooms.kept("wanted", make) == 1

    def fails() -> int:
        time.sleep(0.01)
        raise InputError("no range is known")

    def tried() -> bool:
        with pytest.raises(InputError):
            rooms.kept("never", fails)
        return True

    assert all(at_once(4, tried))
    assert rooms.kept("never", lambda: 5) == 5
