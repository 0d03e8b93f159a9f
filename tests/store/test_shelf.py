"""The shelf over both stores; in PostgreSQL, what the database itself refuses a guest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

import psycopg
import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError
from storework import fill

from local_postgres import LocalPostgres
from overflight.errors import InputError, StoreError
from overflight.settings import Settings
from overflight.store import Desk, open_desk
from overflight.store.engine import transaction
from overflight.store.schema import prepare
from overflight.store.shelf import GUEST, Received, Released, Shelf, ShelfKeeper, guests_ready

MORNING = datetime(2008, 8, 2, 9, tzinfo=UTC)


def paper(state: str, name: str, **more: object) -> Released:
    row = Released(
        name, state, f"Request {name}", "approach", f"U\n\nNON-PAPER\n\n(U) EXERCISE {name}\n\nU\n",
        ("refuse the flight",), MORNING + timedelta(days=3), MORNING,
    )  # fmt: skip
    return replace(row, **more)  # type: ignore[arg-type]


@pytest.fixture
def engine(desk: Desk) -> Engine:
    """A store with papers for two states, one of them answered by both."""
    keeper = ShelfKeeper(desk.log.engine)
    for row in (paper("KAZ", "aaa"), paper("KAZ", "bbb", released_at=MORNING + timedelta(hours=1))):
        assert keeper.put(row, "C1", "KAZ-1")
    keeper.put(paper("IND", "ccc"), "C1", "IND-1")
    for state, name in (("KAZ", "aaa"), ("IND", "ccc")):
        give(Shelf(desk.log.engine, state), name)
    return desk.log.engine


def give(shelf: Shelf, name: str, decision: str = "DENY_OVERFLIGHT", words: str = "EXERCISE") -> int:
    at = MORNING + timedelta(days=1)
    return shelf.answer(name, decision, account="guest-1", at=at, words=words).number


def test_a_state_finds_its_own_and_nothing_else(engine: Engine) -> None:
    shelf = Shelf(engine, "KAZ")
    assert [one.reference for one in shelf.released()] == ["bbb", "aaa"]
    assert shelf.one("aaa") == paper("KAZ", "aaa")
    assert shelf.one("ccc") is None
    assert [(one.reference, one.state) for one in shelf.answers()] == [("aaa", "KAZ")]
    assert shelf.answers("ccc") == ()
    assert Shelf(engine, "PAK").released() == ()
    first = shelf.released(most=1)[0]
    assert [o.reference for o in shelf.released(before=(first.released_at, first.reference))] == ["aaa"]


def test_the_same_answer_twice_is_one_and_another_is_the_next(engine: Engine) -> None:
    shelf = Shelf(engine, "KAZ")
    assert give(shelf, "aaa") == 1
    assert give(shelf, "aaa", "ALLOW") == 2
    assert give(shelf, "aaa", "ALLOW") == 2
    assert give(shelf, "aaa") == 3
    assert [one.decision for one in shelf.answers("aaa")] == ["DENY_OVERFLIGHT", "ALLOW", "DENY_OVERFLIGHT"]


def test_nobody_answers_for_another_state(engine: Engine) -> None:
    for name in ("ccc", "zzz"):
        with pytest.raises(InputError, match="there is no such paper"):
            give(Shelf(engine, "KAZ"), name)
    with pytest.raises(InputError):
        Shelf(engine, "' OR")


def test_many_answers_at_once_are_all_there(engine: Engine) -> None:
    shelf = Shelf(engine, "KAZ")
    threads = [Thread(target=give, args=(shelf, "bbb", "ALLOW", f"EXERCISE {n}")) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = shelf.answers("bbb")
    assert [one.number for one in found] == [1, 2, 3, 4]
    assert {one.text for one in found} == {f"EXERCISE {n}" for n in range(4)}


def test_home_sees_all_and_settles_each_once(engine: Engine) -> None:
    keeper = ShelfKeeper(engine)
    found = keeper.received(waiting=True)
    assert [(one.answer.state, one.case, one.approach) for one in found] == [
        ("IND", "C1", "IND-1"),
        ("KAZ", "C1", "KAZ-1"),
    ] or {one.answer.state for one in found} == {"IND", "KAZ"}
    assert keeper.waiting_count() == 2
    one = next(row for row in found if row.answer.state == "KAZ").answer
    assert keeper.settle(one, "taken", account="officer-1", at=MORNING)
    assert not keeper.settle(one, "dismissed", account="officer-2", at=MORNING, why="late")
    after: Received = keeper.received(reference="aaa", number=1)[0]
    assert (after.fate, after.fate_by, after.why) == ("taken", "officer-1", "")
    assert keeper.waiting_count() == 1
    assert not keeper.put(paper("KAZ", "aaa"), "C1", "KAZ-1")
    assert keeper.there("aaa")
    assert not keeper.there("zzz")
    assert [(one.reference, case) for one, case, _ in keeper.released("C1")] == [
        ("aaa", "C1"),
        ("ccc", "C1"),
        ("bbb", "C1"),
    ]
    assert keeper.released("C2") == ()


def test_what_became_of_an_answer_does_not_show(engine: Engine) -> None:
    shelf = Shelf(engine, "KAZ")
    before = shelf.answers()
    ShelfKeeper(engine).settle(before[0], "dismissed", account="officer-1", at=MORNING, why="secret")
    assert shelf.answers() == before


# --- what PostgreSQL itself refuses ---------------------------------------------------------------------

postgres = pytest.mark.parametrize("store", ["postgresql"], indirect=True)


@contextmanager
def as_guest(engine: Engine, state: str) -> Iterator[Connection]:
    """A transaction as the shelf opens them, for queries that it would never send."""
    with Shelf(engine, state)._as_guest(write=True) as connection:
        yield connection


@postgres
@pytest.mark.parametrize(
    "table", ["events", "users", "agenda", "cases", "desk", "sessions", "tokens", "audit", "shelf_seal"]
)
def test_a_guest_has_rights_on_nothing_else(engine: Engine, desk: Desk, table: str) -> None:
    fill(desk, 3)
    for deed in (f"SELECT count(*) FROM {table}", f"DELETE FROM {table}"):
        with pytest.raises(StoreError, match="permission denied"), as_guest(engine, "KAZ") as link:
            link.exec_driver_sql(deed)


@postgres
@pytest.mark.parametrize(
    "deed",
    [
        "SELECT case_id FROM shelf",
        "SELECT approach FROM shelf",
        "SELECT fate FROM shelf_answers",
        "SELECT * FROM shelf",
        "UPDATE shelf SET title = 'x'",
        "UPDATE shelf_answers SET words = 'x'",
        "DELETE FROM shelf",
        "DELETE FROM shelf_answers",
        "TRUNCATE shelf",
        "INSERT INTO shelf (reference, state) VALUES ('x', 'KAZ')",
        "INSERT INTO shelf_answers (reference, number, state, decision, conditions, words, given_at, account,"
        " fate) VALUES ('aaa', 9, 'KAZ', 'ALLOW', '', '', '2008', 'x', 'taken')",
        "SELECT overflight_guest_seal('IND')",
        "SELECT overflight_guest_enter('IND')",
        "CREATE TABLE mine (a int)",
        "ALTER TABLE shelf DISABLE ROW LEVEL SECURITY",
        "DROP POLICY shelf_guest ON shelf",
    ],
)
def test_a_guest_reads_and_writes_only_what_is_for_him(engine: Engine, deed: str) -> None:
    with pytest.raises(StoreError, match=r"permission denied|must be owner"), as_guest(engine, "KAZ") as link:
        link.exec_driver_sql(deed)


@postgres
def test_rows_of_other_states_are_not_there(engine: Engine) -> None:
    with as_guest(engine, "KAZ") as link:
        assert link.exec_driver_sql("SELECT DISTINCT state FROM shelf").scalars().all() == ["KAZ"]
        assert link.exec_driver_sql("SELECT count(*) FROM shelf").scalar() == 2
        assert link.exec_driver_sql("SELECT DISTINCT state FROM shelf_answers").scalars().all() == ["KAZ"]
        assert link.exec_driver_sql("SELECT 1 FROM shelf WHERE reference = 'ccc'").all() == []


_ROW = (
    "INSERT INTO shelf_answers (reference, number, state, decision, conditions, words, given_at, account)"
    " VALUES ('{}', 7, '{}', 'ALLOW', '', '', '2008-08-02T09:00:00.000000Z', 'guest-1')"
)


@postgres
@pytest.mark.parametrize(("reference", "state"), [("ccc", "IND"), ("ccc", "KAZ"), ("aaa", "IND")])
def test_an_answer_for_another_state_is_refused(engine: Engine, reference: str, state: str) -> None:
    with pytest.raises(StoreError, match="row-level security"), as_guest(engine, "KAZ") as link:
        link.exec_driver_sql(_ROW.format(reference, state))
    with as_guest(engine, "KAZ") as link:
        link.exec_driver_sql(_ROW.format("aaa", "KAZ"))


@postgres
def test_a_query_cannot_name_another_state(engine: Engine) -> None:
    """The name of the state alone opens nothing: it comes with a seal that a guest cannot make."""
    with as_guest(engine, "KAZ") as link:
        wider = "SELECT state FROM shelf WHERE set_config('overflight.state', 'IND', true) IS NOT NULL"
        assert "IND" not in link.exec_driver_sql(wider).scalars().all()
        assert link.exec_driver_sql("SELECT state FROM shelf").all() == []
    with as_guest(engine, "KAZ") as link:
        link.exec_driver_sql("SELECT set_config('overflight.seal', '', true)")
        assert link.exec_driver_sql("SELECT state FROM shelf").all() == []


@postgres
@pytest.mark.parametrize(
    "name", ["' OR '1'='1", "aaa' UNION SELECT * FROM events --", "'; RESET ROLE; SELECT 1; --", "\x1f%s:x"]
)
def test_what_a_guest_types_is_never_a_query(engine: Engine, name: str) -> None:
    shelf = Shelf(engine, "KAZ")
    assert shelf.one(name) is None
    assert shelf.answers(name) == ()
    shelf.answer("aaa", name, account=name, at=MORNING, conditions=name, words=name)
    assert name in {one.text for one in shelf.answers("aaa")}


@postgres
def test_the_next_user_of_a_connection_is_home_again(engine: Engine) -> None:
    Shelf(engine, "KAZ").released()
    with engine.connect() as link:
        assert link.exec_driver_sql("SELECT current_user").scalar() != GUEST
        assert link.exec_driver_sql("SELECT current_setting('overflight.state', true)").scalar() in (None, "")
    with pytest.raises(RuntimeError), as_guest(engine, "KAZ"):
        raise RuntimeError
    with engine.connect() as link:
        assert link.exec_driver_sql("SELECT current_user").scalar() != GUEST


def login(server: LocalPostgres, name: str, rights: str = "") -> Callable[[str], str]:
    """A login of its own that owns a schema of its own; gives addresses."""
    with server.connect() as link:
        link.execute(f"DROP SCHEMA IF EXISTS {name} CASCADE".encode())
        link.execute(f"DROP ROLE IF EXISTS {name}".encode())
        link.execute(f"CREATE ROLE {name} LOGIN {rights}".encode())
        link.execute(f"CREATE SCHEMA {name} AUTHORIZATION {name}".encode())
    path = f"%3Fhost={server.socket}"
    assert path
    return lambda user: (
        f"postgresql+psycopg://{user}@/postgres?host={server.socket}&options=-c%20search_path%3D{name}"
    )


def engine_of(url: str) -> Engine:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    prepare(engine, "here", create=True, write=True)
    return engine


def without_role(server: LocalPostgres) -> None:
    with server.connect() as link:
        if link.execute("SELECT 1 FROM pg_roles WHERE rolname = 'overflight_guest'").fetchone():
            link.execute("DROP OWNED BY overflight_guest CASCADE")
            link.execute("DROP ROLE overflight_guest")


def test_without_the_role_guests_stay_out_and_the_line_lets_them_in(server: LocalPostgres) -> None:
    without_role(server)
    engine = engine_of(login(server, "poor_desk")("poor_desk"))
    try:
        ShelfKeeper(engine).put(paper("KAZ", "aaa"), "C1", "KAZ-1")
        with pytest.raises(StoreError, match="before the database keeps them apart") as fault:
            Shelf(engine, "KAZ").released()
        line = str(fault.value.mend).partition("run: ")[2]
        assert line == f'CREATE ROLE {GUEST} NOLOGIN; GRANT {GUEST} TO "poor_desk";'
        with server.connect() as link:
            link.execute(line.encode())
        assert [one.reference for one in Shelf(engine, "KAZ").released()] == ["aaa"]
        # The desk owns the tables and is no superuser: the rules hold all the same.
        with as_guest(engine, "IND") as link_:
            assert link_.exec_driver_sql("SELECT reference FROM shelf").all() == []
        assert [one.reference for one, _, _ in ShelfKeeper(engine).released()] == ["aaa"]
        assert give(Shelf(engine, "KAZ"), "aaa") == 1
    finally:
        engine.dispose()


def test_a_desk_that_may_make_roles_makes_it_by_itself(server: LocalPostgres) -> None:
    without_role(server)
    engine = engine_of(login(server, "rich_desk", "CREATEROLE")("rich_desk"))
    try:
        guests_ready(engine)
        ShelfKeeper(engine).put(paper("KAZ", "aaa"), "C1", "KAZ-1")
        assert [one.reference for one in Shelf(engine, "KAZ").released()] == ["aaa"]
        with engine.connect() as link, transaction(link):
            link.execute(text(f"SET LOCAL ROLE {GUEST}"))
            with pytest.raises(DBAPIError, match="permission denied"):
                link.execute(text("SELECT 1 FROM events"))
    finally:
        engine.dispose()
        without_role(server)


def test_another_login_is_no_guest_and_no_home(server: LocalPostgres) -> None:
    """Somebody else's login reads nothing of the desk, role or not."""
    engine = engine_of(login(server, "own_desk")("own_desk"))
    try:
        with server.connect() as link:
            link.execute("DROP ROLE IF EXISTS stranger")
            link.execute("CREATE ROLE stranger LOGIN")
        with (
            psycopg.connect(host=str(server.socket), user="stranger", dbname="postgres") as other,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            other.execute("SELECT 1 FROM own_desk.shelf")
    finally:
        engine.dispose()


def test_a_closed_desk_keeps_its_shelves(settings: Settings) -> None:
    with open_desk(settings) as one:
        ShelfKeeper(one.log.engine).put(paper("KAZ", "aaa"), "C1", "KAZ-1")
        give(Shelf(one.log.engine, "KAZ"), "aaa")
    with open_desk(settings) as one:
        assert len(Shelf(one.log.engine, "KAZ").answers()) == 1
