"""Streams of events, read from a real server on this machine."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from overflight.case.life.headline import headline
from overflight.case.life.replies import answer
from overflight.desk import live
from overflight.desk.access import Reader, Role
from overflight.desk.rooms import Rooms
from overflight.desk.server import serving
from overflight.store.shelf import Released, Shelf, ShelfKeeper

OFFICER = Reader("officer-1", Role.OFFICER)
CASE = "KOR621-2008"
HOME, GUEST = "/api/v1/events", "/api/v1/guest/events"


@pytest.fixture
def address(app: FastAPI) -> Iterator[str]:
    app.state.live = live.Live(beat_s=0.02, heartbeat_s=0.1)
    with serving(app) as address:
        yield address


Told = tuple[str, str, dict[str, Any]]


class Stream:
    """One open stream."""

    def __init__(self, answer: httpx.Response) -> None:
        self.lines = answer.iter_lines()

    def next(self) -> Told:
        """The next event: its id, kind and data."""
        found: dict[str, str] = {}
        for line in self.lines:
            if not line and "event" in found:
                return found.get("id", ""), found["event"], json.loads(found["data"])
            name, _, value = line.partition(": ")
            if name in ("id", "event", "data"):
                found[name] = value
        raise EOFError

    def comment(self) -> str:
        return next(line for line in self.lines if line.startswith(": "))


@contextmanager
def listening(address: str, who: str = "officer", path: str = HOME, last: str = "") -> Iterator[Stream]:
    headers = {"accept": "text/event-stream", "x-test-reader": who}
    if last:
        headers["last-event-id"] = last
    with httpx.stream("GET", address + path, headers=headers, timeout=20) as answer:
        assert answer.status_code == 200, answer.read()
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        stream = Stream(answer)
        assert stream.comment() == ": welcome"
        yield stream


def answered(rooms: Rooms, state: str, decision: str = "DENY_OVERFLIGHT") -> int:
    """Record an answer; `seq` of its event."""
    answer(rooms.writing(OFFICER), CASE, state, decision, at=rooms.clock())
    return rooms.store.log.last(CASE)


def put(rooms: Rooms, state: str, reference: str) -> None:
    ask, now = ("refuse-overflight",), rooms.clock()
    row = Released(reference, state, "EXERCISE", "approach", "EXERCISE TEXT", ask, None, now)
    ShelfKeeper(rooms.store.log.engine).put(row, CASE, "A1")


def test_an_officer_hears_of_a_change_with_the_new_headline(address: str, rooms: Rooms) -> None:
    with listening(address) as stream:
        seq = answered(rooms, "CHN")
        mark, kind, data = stream.next()
    assert (mark, kind) == (str(seq), "case")
    assert (data["case"], data["kind"], data["seq"]) == (CASE, "answered", seq)
    assert data["headline_changed"] is True
    assert data["headline"] == headline(rooms.cases.load(CASE), rooms.clock())


def test_who_comes_back_misses_nothing_and_hears_nothing_twice(address: str, rooms: Rooms) -> None:
    first = rooms.store.log.head().seq
    seqs = [answered(rooms, "IND"), answered(rooms, "MMR")]
    with listening(address, last=str(first)) as stream:
        assert [int(stream.next()[0]) for _ in seqs] == seqs
        seqs.append(answered(rooms, "CHN"))
        assert int(stream.next()[0]) == seqs[-1]
    with listening(address, last=str(seqs[0])) as stream:
        assert [int(stream.next()[0]) for _ in seqs[1:]] == seqs[1:]


def test_who_was_away_for_too_long_begins_anew(
    address: str, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "BEHIND", 3)
    with listening(address, last="1") as stream:
        assert stream.next() == (
            str(rooms.store.log.head().seq),
            "reset",
            {"seq": rooms.store.log.head().seq},
        )
    with listening(address, last=str(rooms.store.log.head().seq + 40)) as stream:  # of another desk
        assert stream.next()[1] == "reset"


def test_a_quiet_stream_says_that_it_lives(address: str) -> None:
    with listening(address) as stream:
        assert [stream.comment(), stream.comment()] == [": still here"] * 2


def test_a_guest_hears_of_his_own_shelf_alone(address: str, rooms: Rooms) -> None:
    with listening(address, "guest KAZ", GUEST) as stream:
        answered(rooms, "KAZ")
        put(rooms, "TKM", "R-TKM")
        put(rooms, "KAZ", "R-KAZ")
        mark, kind, data = stream.next()
    assert (kind, data) == ("shelf", {"what": "released", "reference": "R-KAZ"})
    papers = live.look_at_shelf(Shelf(rooms.store.log.engine, "KAZ"))(None)[1]
    assert mark == live.shelf_mark(papers)
    with listening(address, "guest KAZ", GUEST, last=mark) as stream:
        assert stream.comment() == ": still here"  # nothing new
    with listening(address, "guest KAZ", GUEST, last="what there was before") as stream:
        assert stream.next() == (mark, "reset", {})


def test_streams_of_others_are_refused(address: str) -> None:
    for who, path, status in [
        ("", HOME, 401),
        ("admin", HOME, 403),
        ("guest KAZ", HOME, 404),
        ("officer", GUEST, 403),
    ]:
        headers = {"accept": "text/event-stream"} | ({"x-test-reader": who} if who else {})
        answer = httpx.get(address + path, headers=headers)
        assert answer.status_code == status
        assert set(answer.json()["error"]) == {"status", "what", "where", "mend"}
    assert httpx.get(address + HOME, headers={"x-test-reader": "officer"}).status_code == 406


def test_the_number_of_streams_is_bounded_and_they_are_given_back(
    app: FastAPI, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "OF_ONE", 2)
    headers = {"accept": "text/event-stream", "x-test-reader": "officer"}
    with listening(address), listening(address):
        assert httpx.get(address + HOME, headers=headers).status_code == 429
        with listening(address, "approver"):
            assert app.state.live.listeners == 3
    until = time.monotonic() + 20
    while app.state.live.listeners and time.monotonic() < until:
        time.sleep(0.02)
    assert app.state.live.listeners == 0
    with listening(address):
        pass


def test_the_desk_goes_down_while_somebody_listens(app: FastAPI) -> None:
    headers = {"accept": "text/event-stream", "x-test-reader": "officer"}
    with httpx.Client(timeout=20) as reader:
        with serving(app) as address:
            asked = reader.build_request("GET", address + HOME, headers=headers)
            lines = reader.send(asked, stream=True).iter_lines()
            assert next(lines)
        assert list(lines)[-1] == ""  # brought to its end, not torn off


def test_a_slow_listener_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "WAITING", 4)
    one = live.Listener("officer-1")
    message = live.Message("case", {}, "1")
    one.tell([message] * 4)
    assert not one.over
    one.tell([message])
    assert one.over
    assert one.bell.is_set()


def test_a_great_import_names_every_event_and_works_out_a_few_headlines(rooms: Rooms) -> None:
    events = list(rooms.store.log.events())
    told = live.messages_of(rooms, events)
    assert [int(one.id) for one in told] == [event.seq for event in events]
    with_words = [one for one in told if one.data["headline"] is not None]
    assert [int(one.id) for one in with_words] == [rooms.store.log.last(CASE)]
