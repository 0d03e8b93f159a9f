"""A store's schema: made new, migrated when older, refused when newer or somebody else's."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, Engine, insert, inspect, text

from overflight.errors import InputError, StoreError
from overflight.store.canonical import genesis, time_text
from overflight.store.engine import APPLICATION, database_file, faults, fresh_file, transaction
from overflight.store.files import part_of
from overflight.store.tables import DESK, METADATA, REVISION, VERSION

__all__ = ["REVISIONS", "back_up_file", "derive_cases", "migrate", "no_desk", "prepare", "revision"]

#: Every revision there has been, oldest first; a test holds it to the scripts.
REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006")
#: Held in PostgreSQL while a store is made or migrated.
_LOCK = 0x4F56464C


def revision(connection: Connection, where: str) -> str | None:
    """The schema's revision; None for an empty database.

    Raises
    ------
    StoreError
        When the database is somebody else's, or was made by a newer overflight.
    """
    names = set(inspect(connection).get_table_names())
    if connection.dialect.name == "sqlite":
        mark = connection.exec_driver_sql("PRAGMA application_id").scalar()
        if names and mark != APPLICATION:
            raise StoreError("an SQLite file of another program", where=where, mend="name another file")
    if VERSION not in names:
        taken = sorted(names & set(METADATA.tables))
        if taken:
            raise StoreError(
                f"has a table {taken[0]} of another program",
                where=where,
                mend="give the desk a database of its own",
            )
        return None
    found = connection.execute(text(f"SELECT version_num FROM {VERSION}")).scalar()
    if found not in REVISIONS:
        raise StoreError(
            f"made by a newer overflight (schema {found}, this one knows {REVISION})",
            where=where,
            mend="upgrade overflight; nothing was changed",
        )
    return str(found)


def no_desk(where: str) -> InputError:
    """Nothing was ever recorded here."""
    return InputError(
        "there is no desk here yet",
        where=where,
        mend="open a case with overflight case open, or name the desk's folder in OVERFLIGHT_HOME",
    )


def prepare(engine: Engine, where: str, *, create: bool, write: bool) -> None:
    """Leave a store behind that this version can use, or say in one line why not.

    A new store is made when `create` is set. An older SQLite file is backed up and migrated; an older
    PostgreSQL database is refused, since others may be at work on it, until somebody says
    ``overflight log migrate``.
    """
    path = database_file(engine.url)
    if path is not None and (not path.exists() or path.stat().st_size == 0):
        if not create:
            raise no_desk(where)
        with faults(where):
            fresh_file(path)
    with faults(where), engine.connect() as connection:
        found = revision(connection, where)
    if found == REVISION:
        return
    if found is None and not create:
        raise no_desk(where)
    if found is not None and not write:
        raise StoreError(
            f"made by an older overflight (schema {found}, now {REVISION})",
            where=where,
            mend="overflight log migrate",
        )
    if found is not None and path is None:
        raise StoreError(
            f"made by an older overflight (schema {found}, now {REVISION})",
            where=where,
            mend="when every desk on it has been upgraded: overflight log migrate",
        )
    migrate(engine, where)


def migrate(
    engine: Engine, where: str, *, halfway: Callable[[], None] | None = None
) -> tuple[str | None, Path | None]:
    """Bring a store to the newest schema, in one transaction.

    Parameters
    ----------
    engine : Engine
    where : str
        What to call the store in a complaint.
    halfway : callable, optional
        Called before the transaction is committed, for tests.

    Returns
    -------
    tuple of (str or None, Path or None)
        The revision it had, and the backup that was made of an SQLite file that was older.
    """
    path, backup = database_file(engine.url), None
    with faults(where), engine.connect() as connection:
        found = revision(connection, where)
        if path is not None and found is not None and found != REVISION:
            backup = path.with_name(f"{path.name}.schema-{found}")
            back_up_file(path, backup, replace=True)
        with transaction(connection):
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
            found = revision(connection, where)  # another process may have been first
            if found != REVISION:
                _upgrade(connection)
            if found is None:
                if path is not None:
                    connection.execute(text(f"PRAGMA application_id = {APPLICATION}"))
                _name_desk(connection)
            if halfway is not None:
                halfway()
    return found, backup


def _upgrade(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, REVISION)


def _name_desk(connection: Connection) -> None:
    now, name = time_text(datetime.now(UTC)), str(uuid.uuid4())
    row = {"one": 1, "id": name, "created_at": now, "seq": 0, "digest": genesis(name), "recorded_at": now}
    connection.execute(insert(DESK), row)


def back_up_file(path: Path, copy: Path, *, replace: bool = False) -> None:
    """Copy an SQLite file as it is at one moment, while others may write to it.

    The copy appears under its name when it is complete and on the disk, or not at all.
    """
    with part_of(copy, replace=replace) as part:
        source = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=30)
        target = sqlite3.connect(part, isolation_level=None)
        try:
            source.backup(target)
            # The copy is one file: no journal beside it.
            target.execute("PRAGMA journal_mode = DELETE")
        finally:
            target.close()
            source.close()


def derive_cases(connection: Connection) -> None:
    """Fill the table of cases from the log."""
    connection.execute(text("DELETE FROM cases"))
    connection.execute(
        text(
            "INSERT INTO cases (case_id, first, last, events)"
            " SELECT case_id, min(seq), max(seq), count(*) FROM events GROUP BY case_id"
        )
    )
