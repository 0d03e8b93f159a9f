"""Connections to a desk's store: SQLite in a file, or PostgreSQL; one transaction; faults as one line.

Both databases are driven in their own autocommit mode, with ``BEGIN`` and ``COMMIT`` said here.
"""

from __future__ import annotations

import logging
import os
import select
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, DisconnectionError, NoSuchModuleError, SQLAlchemyError

from overflight.errors import InputError, StoreError
from overflight.settings import Settings

__all__ = [
    "AGAIN",
    "APPLICATION",
    "GONE",
    "PATIENCE_S",
    "UNKNOWN",
    "address",
    "connect",
    "database_file",
    "faults",
    "fresh_file",
    "is_damage",
    "line_of",
    "transaction",
    "undo",
]

#: Marks an SQLite file as a desk's store (`PRAGMA application_id`): "OVFL".
APPLICATION = 0x4F56464C
#: How long a writer waits for another one, seconds.
PATIENCE_S = 30.0
#: SQLite's page cache of one connection, KiB.
_CACHE_KIB = 16384


def address(settings: Settings) -> URL:
    """The address of the store: the setting's, or ``desk.db`` in the desk's folder."""
    if not settings.database:
        return URL.create("sqlite", database=str(settings.home / "desk.db"))
    try:
        url = make_url(settings.database)
        name = url.get_backend_name()
        if name == "postgresql":
            if url.drivername == "postgresql":
                url = url.set(drivername="postgresql+psycopg")
            if url.get_driver_name() != "psycopg":
                raise ArgumentError("only the driver psycopg is known")
            return url
    except (ArgumentError, NoSuchModuleError, ValueError) as fault:
        raise InputError(
            f"not an address of a store: {fault}",
            where="database",
            mend="postgresql+psycopg://USER@HOST/NAME",
        ) from fault
    if name != "sqlite" or not url.database or url.database == ":memory:":
        raise InputError(
            "a store is an SQLite file or a PostgreSQL database",
            where="database",
            mend="sqlite:////FOLDER/FILE or postgresql+psycopg://USER@HOST/NAME",
        )
    return url


def database_file(url: URL) -> Path | None:
    """The file of an SQLite store; None for a server."""
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def connect(url: URL, *, write: bool = True, patience_s: float = PATIENCE_S) -> Engine:
    """An engine for the store at an address; nothing is opened yet.

    Parameters
    ----------
    url : URL
    write : bool
        False: the store is only read, and is not touched even where SQLite would tidy up its journal.
    patience_s : float
        How long to wait for a lock, seconds.
    """
    if url.get_backend_name() == "sqlite":
        return _sqlite(Path(url.database or ""), write, patience_s)
    try:
        # Commits that are not waited for one by one: `overflight.store.writing` waits for the flush itself.
        options = f"-c lock_timeout={int(patience_s * 1000)} -c statement_timeout=0 -c synchronous_commit=off"
        options += " -c timezone=UTC -c client_encoding=UTF8"
        given = str(url.query.get("options", ""))
        url = url.update_query_dict({"options": f"{given} {options}".strip()})
        if not write:
            url = url.update_query_dict({"options": f"{given} {options} -c default_transaction_read_only=on"})
        engine = create_engine(url, isolation_level="AUTOCOMMIT")
        event.listen(engine, "checkout", _still_there)
        # It would print a second line about a connection that has already been complained of.
        logger = logging.getLogger("psycopg")
        if logger.level in (logging.NOTSET, logging.WARNING):
            logger.setLevel(logging.ERROR)
        return engine
    except ModuleNotFoundError as fault:
        raise StoreError(
            "PostgreSQL needs psycopg, which is not installed", mend="install overflight[team]"
        ) from fault


def _still_there(link: Any, *_: object) -> None:
    """Ask for another connection when the server has ended this one while nobody used it."""
    if link.closed or select.select([link.fileno()], [], [], 0)[0]:
        raise DisconnectionError


def _sqlite(path: Path, write: bool, patience_s: float) -> Engine:
    def dial() -> sqlite3.Connection:
        modes = ["rw"] if write else ["ro", "ro&immutable=1"]
        for last, mode in enumerate(modes, 1):
            link = sqlite3.connect(
                f"{path.absolute().as_uri()}?mode={mode}",
                uri=True,
                timeout=patience_s,
                isolation_level=None,
                check_same_thread=False,
            )
            try:
                if write:
                    link.execute("PRAGMA synchronous = FULL")
                link.execute("PRAGMA cell_size_check = ON")
                link.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
                link.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            except sqlite3.OperationalError:
                link.close()
                # Read from a folder that cannot be written: no journal is beside the file, none can come.
                if last == len(modes) or path.with_name(path.name + "-wal").exists():
                    raise
            except sqlite3.DatabaseError:
                link.close()
                raise
            else:
                return link
        raise AssertionError

    return create_engine(
        URL.create("sqlite", database=str(path)),
        creator=dial,
        isolation_level="AUTOCOMMIT",
        paramstyle="named",
    )


@contextmanager
def transaction(connection: Connection, *, write: bool = True) -> Iterator[None]:
    """Everything inside or nothing; a reading one sees one moment of the store."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
    else:
        level = "READ COMMITTED READ WRITE" if write else "REPEATABLE READ READ ONLY"
        connection.exec_driver_sql(f"BEGIN ISOLATION LEVEL {level}")
    try:
        yield
        connection.exec_driver_sql("COMMIT")
    except BaseException:
        undo(connection)
        raise


def undo(connection: Connection) -> None:
    """Roll back, if there is anything left to roll back; a connection that cannot is thrown away."""
    try:
        raw: Any = connection.connection.driver_connection
        if connection.dialect.name == "postgresql" or raw.in_transaction:
            connection.exec_driver_sql("ROLLBACK")
    except _complaints():
        connection.invalidate()


#: Words of a database about bytes that are not as it wrote them.
_DAMAGE = (
    "malformed",
    "not a database",
    "utf-8",
    "no such table",
    "no such column",
    "invalid page",
    "checksum",
    "could not read block",
    "corrupt",
    "disk i/o error",
)


def is_damage(fault: BaseException) -> bool:
    """Whether a `StoreError` came from a file that is not as it was written."""
    cause = fault.__cause__
    words = str(getattr(cause, "orig", None) or cause).lower()
    return any(sign in words for sign in _DAMAGE)


GONE = "the database server went away; whether it was recorded is not known"
UNKNOWN = "interrupted; whether it was recorded is not known"
AGAIN = "look at the log, or repeat under the same key"
_LINES = (
    ("database or disk is full", "the disk is full; nothing was recorded", "make room, then repeat"),
    ("no space left", "the server's disk is full; nothing was recorded", "make room, then repeat"),
    ("file too large", "the disk is full; nothing was recorded", "make room, then repeat"),
    ("readonly database", "the store cannot be written", "check the disk and the rights of its folder"),
    ("read-only transaction", "the store was opened for reading only", None),
    (
        "unable to open database file",
        "the store cannot be opened",
        "check the disk and the rights of its folder",
    ),
    ("database is locked", "another program holds the store", "try again when it is done"),
    ("lock timeout", "another program holds the store", "try again when it is done"),
    ("disk i/o error", "the disk refuses to read or write; nothing was recorded", "check the disk"),
    ("malformed", "the file is damaged", "overflight log verify says where; restore a backup"),
    ("not a database", "the file is no SQLite database", "restore a backup, or name another file"),
    ("is the server running", "the database server does not answer", "start it, or check the address"),
    ("connection refused", "the database server does not answer", "start it, or check the address"),
    ("connection failed", "the database server does not answer", "start it, or check the address"),
    ("could not translate host", "the database server does not answer", "check the address"),
    ("server closed the connection", GONE, AGAIN),
    ("terminating connection", GONE, AGAIN),
    ("consuming input failed", GONE, AGAIN),
    ("connection is lost", GONE, AGAIN),
    ("connection is closed", GONE, AGAIN),
    ("never changed", "events are never changed", None),
)


def line_of(fault: BaseException, where: str) -> StoreError:
    """A database's complaint as one line."""
    cause = getattr(fault, "orig", None) or fault
    text = " ".join(str(cause).split())
    lower = text.lower()
    for sign, what, mend in _LINES:
        if sign in lower:
            return StoreError(what, where=where, mend=mend)
    if isinstance(cause, sqlite3.Error):
        return StoreError(f"SQLite says: {text}", where=where)
    return StoreError(f"the database says: {text[:300]}", where=where)


def _complaints() -> tuple[type[Exception], ...]:
    """What databases raise, through SQLAlchemy or from the driver in use."""
    psycopg = sys.modules.get("psycopg")
    return (DBAPIError, sqlite3.Error) if psycopg is None else (DBAPIError, sqlite3.Error, psycopg.Error)


@contextmanager
def faults(where: str) -> Iterator[None]:
    """Turns what a database complains about into a `StoreError`."""
    try:
        yield
    except _complaints() as fault:
        raise line_of(fault, where) from fault
    except SQLAlchemyError as fault:
        raise StoreError(f"the database says: {fault}", where=where) from fault
    except OSError as fault:
        raise StoreError(
            fault.strerror or str(fault), where=where if fault.filename is None else os.fspath(fault.filename)
        ) from fault


def fresh_file(path: Path) -> None:
    """Make the empty file of a new store, for its owner alone, with a write-ahead log."""
    handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    os.close(handle)
    link = sqlite3.connect(path, isolation_level=None, timeout=PATIENCE_S)
    try:
        if link.execute("PRAGMA page_count").fetchone()[0] == 0:
            link.execute("PRAGMA journal_mode = WAL")
    finally:
        link.close()
