"""The log's promises, over both stores: order, all or nothing, keys, conflicts, as-of, agenda."""

from __future__ import annotations

import logging
import stat
import threading
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import text
from storework import DAY, draft, fill, flipped, spoil, whole

from overflight.errors import ConflictError, InputError, StoreError
from overflight.settings import Settings
from overflight.store import AgendaItem, Desk, Draft, Head, Log, open_desk
from overflight.store.canonical import genesis


def test_a_desk_is_made_once_and_kept(settings: Settings) -> None:
    with open_desk(settings) as desk:
        name = desk.id
        assert isinstance(desk.log, Log)
        assert desk.log.head() == Head(0, genesis(name), name)
        desk.log.append([desk.draft("A", "opened", {"n": 1})])
        assert next(iter(desk.log.events())).by == "EXERCISE DESK"
    with open_desk(settings, create=False) as again:
        assert again.id == name
        assert again.log.head().seq == 1


def test_the_folder_and_the_file_are_the_owner_s_alone(settings: Settings, store: str) -> None:
    with open_desk(settings) as desk:
        desk.log.append([draft()])
        if store == "sqlite":
            assert stat.S_IMODE(settings.home.stat().st_mode) == 0o700
            for file in settings.home.iterdir():
                assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        else:
            assert not settings.home.exists()


def test_no_desk_is_made_by_looking(settings: Settings) -> None:
    with pytest.raises(InputError, match="no desk here yet"):
        open_desk(settings, create=False)
    with pytest.raises(InputError, match="no desk here yet"):
        open_desk(settings, write=False)
    assert not settings.home.exists()


def test_events_come_back_as_they_went_in(desk: Desk) -> None:
    body = {"états": ["KAZ", "KGZ"], "n": [1, 1.5, -0.0, True, None, {"z": 1, "a": ""}], "é": "e\u0301"}
    made = desk.log.append([Draft("C", "noted", body, DAY, "OFFICE", "26 STATE 1"), draft("D")])
    assert [event.seq for event in made] == [1, 2]
    assert tuple(desk.log.events()) == made
    first = made[0]
    assert first.body == {
        "états": ["KAZ", "KGZ"],
        "n": [1, 1.5, -0.0, True, None, {"z": 1, "a": ""}],
        "é": "é",
    }
    assert (first.case, first.kind, first.true_at, first.by, first.source) == (
        "C", "noted", DAY, "OFFICE", "26 STATE 1",
    )  # fmt: skip
    assert first.previous == genesis(desk.id)
    assert made[1].previous == first.digest
    assert desk.log.head() == Head(2, made[1].digest, desk.id)
    assert made[0].recorded_at == made[1].recorded_at
    assert abs(made[0].recorded_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_names_that_databases_write_otherwise(desk: Desk) -> None:
    names = ['a"b', "a\\b", "{a,b}", "NULL", "null", "a'b", "\\x41", "$1", "%s", "ключ ‖ 鍵", '{"a": null}']
    for number, name in enumerate(names):
        body = {name: [name, None, {"x": f"{name}\n\t\u0000"}]}
        made = Draft(name, name, body, DAY, name, name)  # type: ignore[arg-type]
        items = [AgendaItem(name, name, DAY, name, name, {name: name})]
        first = desk.log.append([made, made], expect=0, agenda={name: items}, key=name)
        assert [e.body for e in first] == [body, body]
        assert desk.log.append([made, made], key=name) == first == tuple(desk.log.events(name))
        assert list(desk.log.agenda(case=name)) == items
        with pytest.raises(ConflictError):
            desk.log.append([made], expect=2 * number)
    assert whole(desk) == 2 * len(names)


def test_all_or_nothing(desk: Desk) -> None:
    fill(desk, 5)
    bad = Draft("C", "noted", {"when": datetime.now(UTC)}, DAY, "OFFICE")  # type: ignore[dict-item]
    with pytest.raises(InputError, match=r"body\.when"):
        desk.log.append([draft(), bad])
    with pytest.raises(InputError, match="no event"):
        desk.log.append([])
    item = AgendaItem("OTHER", "x", None, "answer", "")
    with pytest.raises(InputError, match="agenda"):
        desk.log.append([draft()], agenda={"KOR621": [item]})
    assert whole(desk) == 5


def test_an_idempotency_key_records_once(desk: Desk) -> None:
    first = desk.log.append([draft("A", 1), draft("B", 2)], key="file 26 STATE 1")
    assert desk.log.append([draft("A", 1), draft("B", 2)], key="file 26 STATE 1") == first
    with pytest.raises(InputError, match="already used"):
        desk.log.append([draft("A", 1)], key="file 26 STATE 1")
    with pytest.raises(InputError, match="already used"):
        desk.log.append([draft("A", 1), draft("B", 3)], key="file 26 STATE 1")
    # The key wins over what was expected: the caller asks about the same deed again.
    assert desk.log.append([draft("A", 1), draft("B", 2)], key="file 26 STATE 1", expect={"A": 0}) == first
    assert whole(desk) == 2


def test_what_was_expected_must_hold(desk: Desk) -> None:
    log = desk.log
    log.append([draft("A")], expect=0)
    with pytest.raises(ConflictError, match="case A: event 1 has been recorded since, after event 0"):
        log.append([draft("A")], expect=0)
    log.append([draft("B")], expect=0)
    log.append([draft("A"), draft("B")], expect={"A": 1, "B": 2})
    with pytest.raises(ConflictError, match="case B"):
        log.append([draft("A")], expect={"A": 3, "B": 2})
    with pytest.raises(InputError, match="several cases"):
        log.append([draft("A"), draft("B")], expect=4)
    head = log.head()
    log.append([draft("C")], expect=head)
    with pytest.raises(ConflictError, match="event 5 has been recorded since, after event 4"):
        log.append([draft("C")], expect=head)
    assert (log.last("A"), log.last("B"), log.last("C"), log.last("D")) == (3, 4, 5, 0)
    assert whole(desk) == 5


def test_reading(desk: Desk) -> None:
    fill(desk, 1201)
    log = desk.log
    assert [event.seq for event in log.events()] == list(range(1, 1202))
    assert [event.body["number"] for event in log.events("CASE 1")] == list(range(1, 1201, 3))
    assert [event.seq for event in log.events(after=1198)] == [1199, 1200, 1201]
    assert [event.seq for event in log.events(kind="other")] == []
    known = log.events("CASE 2", true_until=DAY + timedelta(hours=8))
    assert [event.body["number"] for event in known] == [2, 5, 8]
    assert [(c.case, c.first, c.last, c.events) for c in log.cases()] == [
        ("CASE 0", 1, 1201, 401),
        ("CASE 1", 2, 1199, 400),
        ("CASE 2", 3, 1200, 400),
    ]


def test_as_of_is_a_prefix(settings: Settings) -> None:
    moments = iter([DAY + timedelta(minutes=n // 2) for n in range(40)])
    with open_desk(settings, clock=lambda: next(moments)) as desk:
        for number in range(40):
            desk.log.append([draft("A", number)])
        everything = list(desk.log.events())
        assert [event.recorded_at for event in everything] == sorted(
            event.recorded_at for event in everything
        )
        for minute in range(-1, 22):
            until = DAY + timedelta(minutes=minute)
            found = list(desk.log.events("A", until=until))
            assert found == everything[: len(found)]
            assert len(found) == min(max(2 * minute + 2, 0), 40)


def test_a_clock_set_back_is_said_and_time_never_goes_back(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    moments = iter([DAY, DAY - timedelta(hours=2), DAY - timedelta(seconds=1), DAY + timedelta(seconds=1)])
    with open_desk(settings, clock=lambda: next(moments)) as desk, caplog.at_level(logging.WARNING):
        times = [desk.log.append([draft()])[0].recorded_at for _ in range(4)]
        assert times == [DAY, DAY, DAY, DAY + timedelta(seconds=1)]
        assert [record.message for record in caplog.records] == [
            "the clock is 2:00:00 behind the log's last event;"
            " it is recorded with that event's time, 2026-08-01T00:00:00.000000Z"
        ]
        whole(desk)


def test_the_agenda_goes_with_the_events(desk: Desk) -> None:
    log = desk.log

    def item(case: str, key: str, hours: int | None, kind: str = "answer") -> AgendaItem:
        due = None if hours is None else DAY + timedelta(hours=hours)
        return AgendaItem(case, key, due, kind, f"{case} {key}", {"state": "KAZ"})

    log.append(
        [draft("A"), draft("B")],
        agenda={"A": [item("A", "x", 5), item("A", "y", 1)], "B": [item("B", "z", 3)]},
    )
    log.append([draft("C")], agenda={"C": [item("C", "s", None, "summary")]})
    assert [one.text for one in log.agenda()] == ["A y", "B z", "A x", "C s"]
    assert next(log.agenda()) == item("A", "y", 1)
    assert [one.text for one in log.agenda(before=DAY + timedelta(hours=5))] == ["A y", "B z"]
    assert [one.text for one in log.agenda(kind="summary")] == ["C s"]
    assert [one.text for one in log.agenda(case="A")] == ["A y", "A x"]
    log.append([draft("A")], agenda={"A": [item("A", "x", 9)]})
    log.append([draft("B")])
    assert [one.text for one in log.agenda()] == ["B z", "A x", "C s"]
    # A conflict replaces nothing.
    with pytest.raises(ConflictError):
        log.append([draft("A")], agenda={"A": []}, expect=1)
    assert [one.text for one in log.agenda(case="A")] == ["A x"]
    log.replace_agenda({"A": [], "B": [item("B", "w", 2)]})
    assert [one.text for one in log.agenda()] == ["B w", "C s"]
    assert whole(desk) == 5


def test_no_result_before_its_event(desk: Desk) -> None:
    left: list[str] = []

    def leave(drafts: list[Draft], **more: object) -> None:
        with suppress(InputError), desk.log.recorded(drafts, **more) as events:  # type: ignore[arg-type]
            assert desk.log.head().seq == events[-1].seq
            left.append("the result")

    leave([draft()])
    leave([draft()], expect=0)
    leave([Draft("A", "", {}, DAY, "OFFICE")])
    assert left == ["the result"]


@pytest.mark.parametrize(
    "deed", ["UPDATE events SET kind = 'x'", "DELETE FROM events", "DELETE FROM events WHERE seq = 3"]
)
def test_the_database_refuses_to_change_events(desk: Desk, deed: str) -> None:
    fill(desk, 5)
    with desk.log.engine.connect() as connection, pytest.raises(Exception, match="never changed"):
        connection.execute(text(deed))
    assert whole(desk) == 5


def test_the_database_refuses_other_ways(desk: Desk, store: str) -> None:
    fill(desk, 5)
    columns = "seq, recorded_at, case_id, 'x', true_at, office, source, key, previous, digest, record"
    copy = f"SELECT {columns} FROM events"
    deeds = (
        ("INSERT OR REPLACE INTO events " + copy, "REPLACE INTO events " + copy)
        if store == "sqlite"
        else (
            "TRUNCATE events",
            f"INSERT INTO events {copy} ON CONFLICT (seq) DO UPDATE SET kind = 'x'",
        )
    )
    for deed in deeds:
        with desk.log.engine.connect() as connection, pytest.raises(Exception, match="never changed"):
            connection.execute(text(deed))
    assert whole(desk) == 5


def test_threads_give_one_chain(desk: Desk) -> None:
    start = threading.Barrier(8)

    def write(worker: int) -> list[int]:
        start.wait()
        seqs = []
        for number in range(25):
            events = desk.log.append(
                [draft(f"W{worker}", number), draft("SHARED", number)], key=f"{worker} {number}"
            )
            assert events[1].seq == events[0].seq + 1
            seqs += [event.seq for event in events]
        return seqs

    with ThreadPoolExecutor(8) as pool:
        seqs = [seq for found in pool.map(write, range(8)) for seq in found]
    assert sorted(seqs) == list(range(1, 401))
    assert whole(desk) == 400
    for worker in range(8):
        assert [event.body["number"] for event in desk.log.events(f"W{worker}")] == list(range(25))


def test_one_bad_append_does_not_spoil_those_it_shares_a_commit_with(desk: Desk) -> None:
    start = threading.Barrier(6)

    def write(worker: int) -> str:
        start.wait()
        outcome = ""
        for number in range(10):
            try:
                desk.log.append(
                    [draft("A", number)], expect=0 if worker % 2 else None, key=f"{worker} {number}"
                )
                outcome += "."
            except ConflictError:
                outcome += "!"
        return outcome

    with ThreadPoolExecutor(6) as pool:
        outcomes = list(pool.map(write, range(6)))
    assert all(one == "." * 10 for one in outcomes[::2])
    assert sum(one.count(".") for one in outcomes[1::2]) <= 1
    assert whole(desk) == sum(one.count(".") for one in outcomes)


def test_processes_give_one_chain(settings: Settings) -> None:
    import multiprocessing

    with open_desk(settings):
        pass
    context = multiprocessing.get_context("spawn")
    with context.Pool(3) as pool:
        seqs = [seq for found in pool.starmap(_write, [(settings, n) for n in range(3)]) for seq in found]
    assert sorted(seqs) == list(range(1, 61))
    with open_desk(settings) as desk:
        assert whole(desk) == 60


def _write(settings: Settings, worker: int) -> list[int]:
    with open_desk(settings) as desk:
        return [desk.log.append([draft(f"P{worker}", n)])[0].seq for n in range(20)]


def test_a_damaged_event_is_not_shown(desk: Desk) -> None:
    fill(desk, 5)
    spoil(desk, "UPDATE events SET record = " + flipped(desk) + " WHERE seq = 3")
    with pytest.raises(StoreError, match="event 3 is not as it was recorded; overflight log verify"):
        list(desk.log.events())


_names = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)


@hypothesis_settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.tuples(
            st.lists(st.tuples(st.sampled_from("ABC"), _names), min_size=1, max_size=4),
            st.one_of(st.none(), _names),
        ),
        max_size=12,
    )
)
def test_any_history_folds_in_its_order(
    new_settings: Callable[[], Settings], history: list[tuple[list[tuple[str, str]], str | None]]
) -> None:
    with open_desk(new_settings()) as desk:
        said: list[tuple[str, str]] = []
        keys: dict[str, list[tuple[str, str]]] = {}
        for pairs, key in history:
            drafts = [Draft(case, "noted", {"text": words}, DAY, "OFFICE") for case, words in pairs]
            normal = [(event, str(words)) for event, words in pairs]
            try:
                desk.log.append(drafts, key=key)
            except InputError:
                assert key is not None
                continue
            tidy = None if key is None else unicodedata.normalize("NFC", key)
            if tidy is None or tidy not in keys:
                said += normal
            if tidy is not None:
                keys.setdefault(tidy, normal)
        shown = [(event.case, event.body["text"]) for event in desk.log.events()]
        assert shown == [(case, unicodedata.normalize("NFC", words)) for case, words in said]
        before = genesis(desk.id)
        for event in desk.log.events():
            assert event.previous == before
            before = event.digest
        assert whole(desk) == len(said)
