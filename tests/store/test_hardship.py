"""Full and read-only disks, two desks on one file, killed writers, other schemas: nothing is lost."""

from __future__ import annotations

import os
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event, text
from storework import draft, fill, whole

import syscalls
from local_postgres import LocalPostgres
from overflight.errors import OverflightError, StoreError
from overflight.settings import Settings
from overflight.store import Desk, Draft, open_desk, schema
from overflight.store.desk import migrate_store
from overflight.store.engine import address, connect
from overflight.store.tables import METADATA, REVISION

ROOT = Path(__file__).parent.parent.parent


def child(work: Callable[[], None]) -> list[str]:
    """What some work prints in a process of its own, line by line."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(ours)
            os.dup2(theirs, 1)
            work()
            code = 0
        finally:
            os._exit(code)
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as pipe:
        lines = pipe.read().splitlines()
    assert os.waitpid(pid, 0)[1] == 0, lines
    return lines


def say(line: object) -> None:
    os.write(1, f"{line}\n".encode())


def append_until_it_fails(settings: Settings) -> None:
    """Append large events, saying each; then say the complaint, and that reading still works."""
    with open_desk(settings) as desk:
        for number in range(10_000):
            noise = os.urandom(30_000).hex()
            try:
                desk.log.append([draft("A", number, noise=noise)])
            except StoreError as fault:
                say(f"!{fault}")
                say(f"={whole(desk)}")
                return
            say(number)


def test_a_full_disk(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with open_desk(settings) as desk:
        fill(desk, 3)

    def work() -> None:
        # Python ignores the signal: a write beyond the limit fails as on a full disk.
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_500_000, resource.RLIM_INFINITY))
        append_until_it_fails(settings)

    lines = child(work)
    acknowledged = [line for line in lines if line.isdigit()]
    assert lines[-2].startswith("!")
    assert "nothing was recorded" in lines[-2]
    assert lines[-1] == f"={len(acknowledged) + 3}"
    assert len(acknowledged) > 2
    with open_desk(settings) as desk:
        assert whole(desk) == len(acknowledged) + 3
        desk.log.append([draft("A")])


def test_a_full_database(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "home")
    with open_desk(settings) as desk:
        desk.log.engine.dispose()
        event.listen(desk.log.engine, "connect", lambda link, _: link.execute("PRAGMA max_page_count = 60"))
        done = fill_up(desk, lambda: "x" * 3000)
        assert done > 5
        assert whole(desk) == done
    with open_desk(settings) as desk:
        desk.log.append([draft("A", 0, noise="x" * 30_000)])
        assert whole(desk) == done + 1


def fill_up(desk: Desk, noise: Callable[[], str]) -> int:
    """Append until it fails; how many did not."""
    done = -1
    while (done := done + 1) < 1000:
        if fault := refused(desk, noise()):
            assert fault.endswith("the disk is full; nothing was recorded; make room, then repeat")
            break
    return done


def refused(desk: Desk, noise: str) -> str | None:
    """The complaint of an append, if there is one."""
    try:
        desk.log.append([draft("A", 0, noise=noise)])
    except StoreError as fault:
        return str(fault)
    return None


def test_a_full_server(tmp_path: Path) -> None:
    """A server none of whose files may grow beyond two segments of its journal."""
    server = LocalPostgres(longest_file=32 << 20)
    try:
        settings = Settings(home=tmp_path, database=server.new_store())
        with open_desk(settings) as desk:
            done = fill_up(desk, lambda: os.urandom(1_500_000).hex())
            assert done > 5
            assert whole(desk) == done
            desk.log.append([draft("A")])  # what is small still fits
            assert whole(desk) == done + 1
    finally:
        server.stop()


def as_nobody(work: Callable[[], None]) -> list[str]:
    """Work done by somebody whom the rights of files bind."""

    def other() -> None:
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)
        work()

    return child(other)


@pytest.fixture
def open_tmp() -> Path:
    """A folder that anybody can enter; removed with the rest of the system's temporary files' folder."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="overflight-test"))
    folder.chmod(0o755)
    return folder


def test_a_read_only_disk(open_tmp: Path) -> None:
    import shutil

    home = open_tmp / "home"
    settings = Settings(home=home)
    with open_desk(settings) as desk:
        fill(desk, 5)
    home.chmod(0o555)
    (home / "desk.db").chmod(0o444)

    def work() -> None:
        with open_desk(settings, create=False, write=False) as desk:
            say(whole(desk))
            say(len(list(desk.log.events("CASE 1"))))
        try:
            with open_desk(settings) as desk:
                desk.log.append([draft("A")])
        except OverflightError as fault:
            say(fault)

    try:
        lines = as_nobody(work)
    finally:
        home.chmod(0o755)
        shutil.rmtree(open_tmp)
    assert lines[:2] == ["5", "2"]
    assert lines[2] == (
        f"{home}/desk.db: the store cannot be written; check the disk and the rights of its folder"
    ), lines


def test_a_folder_that_cannot_be_made(open_tmp: Path) -> None:
    def work() -> None:
        try:
            open_desk(Settings(home=open_tmp / "no" / "home"))
        except OverflightError as fault:
            say(fault)

    assert "the desk's folder cannot be made: Permission denied; check OVERFLIGHT_HOME" in as_nobody(work)[0]
    open_tmp.rmdir()


def test_two_desks_on_one_store(settings: Settings) -> None:
    with open_desk(settings) as one, open_desk(settings) as other:
        assert one.id == other.id
        for number in range(5):
            one.log.append([draft("A", number)], expect=2 * number)
            other.log.append([draft("A", number)], expect=2 * number + 1)
        assert list(one.log.events()) == list(other.log.events())
        assert whole(one) == 10


def test_a_store_that_another_program_holds(settings: Settings) -> None:
    with open_desk(settings) as desk, open_desk(settings, patience_s=0.2) as other:
        with desk.log.engine.connect() as link:
            if link.dialect.name == "sqlite":
                link.exec_driver_sql("BEGIN IMMEDIATE")
            else:
                link.exec_driver_sql("BEGIN")
                link.exec_driver_sql("SELECT * FROM desk FOR UPDATE")
            with pytest.raises(StoreError, match="another program holds the store"):
                other.log.append([draft("A")])
            link.exec_driver_sql("ROLLBACK")
        assert other.log.append([draft("A")])[0].seq == 1


def test_an_append_that_the_server_was_told_to_cancel(server: LocalPostgres, tmp_path: Path) -> None:
    with (
        open_desk(Settings(home=tmp_path, database=server.new_store())) as desk,
        desk.log.engine.connect() as link,
        server.connect() as chief,
    ):
        link.exec_driver_sql("BEGIN")
        link.exec_driver_sql("SELECT * FROM desk FOR UPDATE")
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(desk.log.append, [draft("A")])
            asked = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            while not chief.execute(asked).fetchall():
                time.sleep(0.01)
            with pytest.raises(StoreError, match="whether it was recorded is not known"):
                waiting.result()
        link.exec_driver_sql("ROLLBACK")
        assert desk.log.append([draft("A")])[0].seq == 1
        assert whole(desk) == 1


def test_a_server_that_is_away(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://postgres@/postgres?host={tmp_path}"
    with pytest.raises(StoreError, match="the database server does not answer"):
        open_desk(Settings(home=tmp_path, database=url))


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "nothing", "sqlite://", "sqlite:///:memory:", "postgresql+pg8000://x/y"]
)
def test_addresses_of_no_store(url: str, tmp_path: Path) -> None:
    with pytest.raises(OverflightError, match="database: "):
        open_desk(Settings(home=tmp_path, database=url))


# --- killed -------------------------------------------------------------------------------------------


def test_killed_writers_lose_nothing(store: str) -> None:
    """The short form of tools/kill_store.py; the long one is run by hand."""
    more = (
        ["--stride", "23", "--kills", "24"]
        if store == "sqlite"
        else ["--stride", "17", "--kills", "20", "--servers", "3"]
    )
    done = subprocess.run(
        [sys.executable, "tools/kill_store.py", "--store", store, "--appends", "2", *more],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": "src"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "none lost" in done.stdout


@pytest.mark.skipif(not syscalls.CAN_TRACE, reason="needs Linux on x86-64")
def test_nothing_is_acknowledged_before_it_is_on_the_disk(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with open_desk(settings) as desk:
        desk.log.append([draft("A")])
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            syscalls.trace_me()
            with open_desk(settings) as desk:
                for number in range(5):
                    desk.log.append([draft("A", number)])
                    os.write(theirs, b"done\n")
        finally:
            os._exit(0)
    os.close(theirs)
    calls = syscalls.calls_of(pid)
    os.close(ours)
    acknowledgements = 0
    unsynced = written = False
    for call in calls:
        if call.file.endswith("desk.db-wal"):
            if call.name.startswith("pwrite"):
                unsynced = written = True
            elif call.name in ("fsync", "fdatasync"):
                unsynced = False
        elif call.name == "write" and call.file.startswith("pipe:"):
            assert written
            assert not unsynced, "acknowledged before it was on the disk"
            acknowledgements += 1
            written = False
    assert acknowledgements == 5


def test_a_server_without_fsync_is_refused(server: LocalPostgres, tmp_path: Path) -> None:
    with server.connect() as link:
        link.execute("ALTER SYSTEM SET fsync = off")
        link.execute("SELECT pg_reload_conf()")
        try:
            with open_desk(Settings(home=tmp_path, database=server.new_store())) as desk:
                for _ in range(200):
                    with desk.log.engine.connect() as connection:
                        if connection.execute(text("SHOW fsync")).scalar() == "off":
                            break
                with pytest.raises(StoreError, match="fsync = off and cannot promise"):
                    desk.log.append([draft("A")])
                assert whole(desk) == 0
        finally:
            link.execute("ALTER SYSTEM RESET fsync")
            link.execute("SELECT pg_reload_conf()")


# --- schemas ------------------------------------------------------------------------------------------


def test_the_newest_revision_is_the_scripts_own() -> None:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [REVISION]
    assert tuple(one.revision for one in reversed(list(scripts.walk_revisions()))) == schema.REVISIONS


def test_the_scripts_make_the_tables_that_the_program_uses(desk: Desk) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with desk.log.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": "overflight_version"})
        # Texts are compared by code point in PostgreSQL; that is no difference of tables.
        assert compare_metadata(context, METADATA) == []


def older(settings: Settings) -> list[object]:
    """Make the store what the first schema's program would have left."""
    with open_desk(settings) as desk:
        fill(desk, 12)
        with desk.log.engine.connect() as connection:
            for table in sorted(set(METADATA.tables) - {"desk", "events"}):
                connection.execute(text(f"DROP TABLE {table}"))
            if connection.dialect.name == "postgresql":
                connection.execute(text("DROP PROCEDURE overflight_record"))
                connection.execute(text("DROP FUNCTION overflight_append"))
            connection.execute(text("UPDATE overflight_version SET version_num = '0001'"))
        return list(desk.log.events())


def test_an_older_store_is_migrated(settings: Settings, store: str) -> None:
    events = older(settings)
    with pytest.raises(StoreError, match=rf"an older overflight \(schema 0001, now {REVISION}\)"):
        open_desk(settings, write=False)
    if store == "postgresql":
        with pytest.raises(StoreError, match="upgraded: overflight log migrate"):
            open_desk(settings)
        assert migrate_store(settings) == (("0001", REVISION), None)
    with open_desk(settings) as desk:
        assert list(desk.log.events()) == events
        assert [case.events for case in desk.log.cases()] == [4, 4, 4]
        desk.log.append([draft("A")])
        assert whole(desk) == 13
    if store == "sqlite":
        backup = settings.home / "desk.db.schema-0001"
        link = sqlite3.connect(backup)
        assert link.execute("SELECT count(*) FROM events").fetchone() == (12,)
        assert link.execute("SELECT version_num FROM overflight_version").fetchone() == ("0001",)
        link.close()
    assert migrate_store(settings) == ((REVISION, REVISION), None)


def test_a_migration_that_fails_half_way_leaves_the_old_store(settings: Settings) -> None:
    events = older(settings)
    engine = connect(address(settings))

    def fail() -> None:
        raise OSError("the power went")

    with pytest.raises(StoreError):
        schema.migrate(engine, "here", halfway=fail)
    with engine.connect() as connection:
        assert schema.revision(connection, "here") == "0001"
        assert connection.execute(text("SELECT count(*) FROM events")).scalar() == 12
        with pytest.raises(Exception, match="cases"):
            connection.execute(text("SELECT * FROM cases"))
    engine.dispose()
    migrate_store(settings)
    with open_desk(settings) as desk:
        assert list(desk.log.events()) == events


def test_a_newer_store_is_refused(settings: Settings) -> None:
    with open_desk(settings) as desk, desk.log.engine.connect() as connection:
        connection.execute(text("UPDATE overflight_version SET version_num = '0099'"))
    for write in (True, False):
        with pytest.raises(StoreError, match=rf"newer overflight \(schema 0099, this one knows {REVISION}\)"):
            open_desk(settings, write=write)
    with pytest.raises(StoreError, match="newer"):
        migrate_store(settings)


def test_another_program_s_tables_are_left_alone(settings: Settings, store: str) -> None:
    if store == "sqlite":
        settings.home.mkdir()
        with sqlite3.connect(settings.home / "desk.db") as link:
            link.execute("CREATE TABLE events (seq INTEGER)")
        link.close()
        words = "of another program"
    else:
        engine = connect(address(settings))
        with engine.connect() as connection:
            connection.execute(text("CREATE TABLE events (seq INTEGER)"))
        engine.dispose()
        words = "has a table events of another program; give the desk a database of its own"
    with pytest.raises(StoreError, match=words):
        open_desk(settings)


def test_two_desks_that_begin_at_once_are_one(settings: Settings) -> None:
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(3) as pool:
        names = pool.map(_name, [settings] * 3)
    assert len(set(names)) == 1


def _name(settings: Settings) -> str:
    with open_desk(settings) as desk:
        desk.log.append([Draft("A", "noted", {}, draft().true_at, "OFFICE")])
        return desk.id
