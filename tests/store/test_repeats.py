"""Requests under an idempotency key: one of many at once is carried out, and what was answered is kept."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

from overflight.settings import Settings
from overflight.store import Desk, open_desk
from overflight.store.repeats import KEPT, Kept, Repeats

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


def repeats_of(desk: Desk) -> Repeats:
    return Repeats(desk.log.engine, desk.log.where)


def test_an_answer_is_kept_for_the_same_account_and_key(settings: Settings) -> None:
    with open_desk(settings) as desk:
        repeats = repeats_of(desk)
        assert repeats.begin("a", "k", b"1", NOW) is None
        assert repeats.begin("a", "k", b"1", NOW) == Kept(b"1", None, {}, b"")
        repeats.finish("a", "k", 201, {"location": "/x"}, b"\x00\xff answer")
        assert repeats.begin("b", "k", b"2", NOW) is None
    with open_desk(settings) as desk:
        again = repeats_of(desk).begin("a", "k", b"other", NOW)
        assert again == Kept(b"1", 201, {"location": "/x"}, b"\x00\xff answer")


def test_what_did_nothing_is_forgotten_and_old_answers_are(desk: Desk) -> None:
    repeats = repeats_of(desk)
    assert repeats.begin("a", "k", b"1", NOW) is None
    repeats.forget("a", "k")
    assert repeats.begin("a", "k", b"2", NOW) is None
    assert repeats.begin("a", "k", b"2", NOW + KEPT) is not None
    assert repeats.begin("a", "k", b"2", NOW + KEPT + timedelta(seconds=1)) is None


def test_of_many_at_once_one_is_carried_out(desk: Desk) -> None:
    repeats, together = repeats_of(desk), Barrier(6)

    def begin(key: str) -> bool:
        together.wait(20)
        return repeats.begin("a", key, b"1", NOW) is None

    with ThreadPoolExecutor(6) as pool:
        for turn in range(8):
            assert sum(pool.map(begin, [f"k-{turn}"] * 6)) == 1


def test_the_log_knows_what_came_under_a_key(desk: Desk) -> None:
    repeats = repeats_of(desk)
    draft = desk.draft("A", "opened", {}, true_at=NOW)
    desk.log.append([draft])
    (event,) = desk.log.append([draft], key="api:1")
    assert repeats.recorded("api:1") == event.seq
    assert repeats.recorded("api:2") is None
