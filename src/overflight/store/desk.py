"""A desk: its folder, its log, and the office it records for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from sqlalchemy import Engine
from sqlalchemy.engine import URL

from overflight.errors import InputError
from overflight.settings import Settings
from overflight.store.engine import PATIENCE_S, address, connect, database_file, faults, transaction
from overflight.store.event import JSON, Draft
from overflight.store.folder import make_folder
from overflight.store.log import SqlLog
from overflight.store.schema import derive_cases, migrate, no_desk, prepare
from overflight.store.tables import REVISION

__all__ = ["Desk", "migrate_store", "open_desk", "stands", "store_name"]


@dataclass(frozen=True, slots=True)
class Desk:
    """One installation, open. Close it, or use it in a ``with``."""

    #: The desk's own name, made once; it starts the chain.
    id: str
    log: SqlLog
    settings: Settings

    @property
    def home(self) -> Path:
        """The desk's folder."""
        return self.settings.home

    def draft(
        self,
        case: str,
        kind: str,
        body: Mapping[str, JSON],
        *,
        true_at: datetime | None = None,
        source: str | None = None,
        by: str | None = None,
    ) -> Draft:
        """A draft by the desk's office, true now, unless told otherwise."""
        return Draft(case, kind, body, true_at or datetime.now(UTC), by or self.settings.office, source)

    def close(self) -> None:
        """Let go of every connection."""
        self.log.engine.dispose()

    def __enter__(self) -> Desk:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def store_name(url: URL) -> str:
    """What to call a store in a complaint: its file, or its address without a password."""
    path = database_file(url)
    if path is not None:
        return str(path)
    host = url.host or url.query.get("host")
    return f"database {url.database}" + (f" at {host}" if isinstance(host, str) else "")


def stands(settings: Settings) -> bool:
    """Whether the desk has a store: a file that is there, or a server that the settings name."""
    path = database_file(address(settings))
    return path is None or path.exists()


def open_desk(
    settings: Settings,
    *,
    create: bool = True,
    write: bool = True,
    clock: Callable[[], datetime] | None = None,
    patience_s: float = PATIENCE_S,
) -> Desk:
    """Open the desk that the settings name.

    Parameters
    ----------
    settings : Settings
    create : bool
        Make the folder and an empty store when there is none.
    write : bool
        False: only read; works on a read-only disk, and migrates nothing.
    clock : callable, optional
        Gives the time to record, for tests and exercises.
    patience_s : float
        How long to wait for another writer, seconds.

    Raises
    ------
    InputError
        When the settings name no usable store, or there is none and `create` is False.
    StoreError
        When the store cannot be opened, is damaged, is another program's, or was made by a newer overflight.
    """
    url = address(settings)
    path, where = database_file(url), store_name(url)
    if path is not None:
        if path.is_dir():
            raise InputError("is a folder", where=where, mend="name a file")
        if create and write:
            make_folder(path.parent)
    engine = _opened(url, where, create=create and write, write=write, patience_s=patience_s)
    log = SqlLog(engine, where, clock)
    try:
        return Desk(log.name(), log, settings)
    except BaseException:
        engine.dispose()
        raise


def _opened(url: URL, where: str, *, create: bool, write: bool, patience_s: float) -> Engine:
    engine = connect(url, write=write, patience_s=patience_s)
    try:
        prepare(engine, where, create=create, write=write)
    except BaseException:
        engine.dispose()
        raise
    return engine


def migrate_store(settings: Settings) -> tuple[tuple[str | None, str], Path | None]:
    """Bring the store of a desk to this version's schema, and derive again what is derived of the log.

    Returns
    -------
    tuple of ((str or None, str), Path or None)
        Schema before and after; the backup of an SQLite file that was older.
    """
    url = address(settings)
    path, where = database_file(url), store_name(url)
    if path is not None and not path.is_file():
        raise no_desk(where)
    engine = connect(url)
    try:
        found, backup = migrate(engine, where)
        with faults(where), engine.connect() as connection, transaction(connection):
            derive_cases(connection)
        return (found, REVISION), backup
    finally:
        engine.dispose()
