"""Proof of a log: every digest computed again, every link, every column, the head, the anchors outside."""

from __future__ import annotations

import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, inspect, select, text

from overflight.errors import StoreError
from overflight.store.anchor import Anchor
from overflight.store.canonical import FORM, genesis, quoted
from overflight.store.diagnosis import Row, diagnose
from overflight.store.engine import faults, is_damage, line_of, transaction
from overflight.store.tables import CASES, DESK, METADATA

__all__ = ["Finding", "Proof", "verify"]

#: Rows that are read at a time.
_PORTION = 1000
#: Findings after which looking on tells nothing new.
_ENOUGH = 100


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was recorded."""

    #: The event; None when it is the file, the head or an anchor.
    seq: int | None
    #: The field, as far as it can be told, such as ``body``; or what else: ``file``, ``schema``, ``head``,
    #: ``cases``, ``anchor``.
    field: str
    text: str

    def __str__(self) -> str:
        return self.text if self.seq is None else f"event {self.seq}: {self.text}"


@dataclass(frozen=True, slots=True)
class Proof:
    """What `verify` found."""

    desk: str
    events: int
    head: bytes
    findings: tuple[Finding, ...]
    anchors: int = 0
    #: The newest event that an anchor outside the store vouches for.
    anchored: int = 0

    @property
    def whole(self) -> bool:
        """Nothing was found."""
        return not self.findings


@dataclass(slots=True)
class _Walk:
    """Where the walk along the chain is."""

    desk: str = ""
    previous: bytes = b""
    seq: int = 0
    recorded_at: str = ""
    findings: list[Finding] = field(default_factory=list)
    cases: dict[str, list[int]] = field(default_factory=dict)
    #: What the anchors want to know: seq → digest found there.
    wanted: dict[int, bytes | None] = field(default_factory=dict)
    anchored: int = 0


def verify(
    engine: Engine,
    where: str,
    anchors: Sequence[Anchor] = (),
    *,
    progress: Callable[[int, int], None] | None = None,
) -> Proof:
    """Prove a desk's log, or name what is wrong with it.

    Parameters
    ----------
    engine : Engine
    where : str
        What to call the store.
    anchors : sequence of Anchor
        Heads that were noted outside the store.
    progress : callable, optional
        Called with events done and events in all.

    Returns
    -------
    Proof
        With every finding, in order of the events, at most about a hundred.
    """
    for lenient in (False, True):
        walk = _Walk()
        try:
            with faults(where), engine.connect() as connection, transaction(connection, write=False):
                with _texts(connection, lenient):
                    _chain(connection, walk, anchors, progress)
                walk.findings += _schema(connection)
                if connection.dialect.name == "sqlite":
                    walk.findings += _pages(connection)
        except StoreError as fault:
            if not lenient and "utf-8" in str(fault.__cause__).lower():
                continue  # a text that is none: look again, and name it
            if not is_damage(fault):
                raise
            walk.findings += _damage(engine, where, fault)
        break
    return Proof(walk.desk, walk.seq, walk.previous, tuple(walk.findings), len(anchors), walk.anchored)


# --- the chain ----------------------------------------------------------------------------------------


def _chain(
    connection: Connection,
    walk: _Walk,
    anchors: Sequence[Anchor],
    progress: Callable[[int, int], None] | None,
) -> None:
    row = connection.execute(select(DESK.c.id, DESK.c.seq, DESK.c.digest, DESK.c.recorded_at)).fetchone()
    found = walk.findings
    if row is None:
        found.append(Finding(None, "head", "the store names no desk"))
        return
    desk, seq, mark, moment = str(row[0]), int(row[1]), bytes(row[2]), str(row[3])
    walk.desk, walk.previous, walk.wanted = desk, genesis(desk), {one.seq: None for one in anchors}
    if 0 in walk.wanted:
        walk.wanted[0] = walk.previous
    done = 0
    for rows in _portions(connection):
        _walk(walk, rows)
        done += len(rows)
        if progress is not None:
            progress(done, seq)
        if len(walk.findings) >= _ENOUGH:
            return
    if walk.seq < seq:
        found.append(Finding(None, "head", f"the log ends at event {walk.seq}, its head says {seq}: cut off"))
    elif walk.seq > seq:
        found.append(
            Finding(None, "head", f"the log goes on to event {walk.seq}, its head says {seq}: added to")
        )
    elif walk.previous != mark:
        found.append(Finding(None, "head", f"the head's digest is not that of event {seq}"))
    elif walk.seq and moment != walk.recorded_at:
        found.append(Finding(None, "head", f"the head's time is not that of event {seq}"))
    found += _cases(connection, walk.cases)
    for anchor in anchors:
        fault = anchor.against(desk, walk.seq, walk.wanted[anchor.seq])
        if fault is None:
            walk.anchored = max(walk.anchored, anchor.seq)
        else:
            found.append(Finding(None, "anchor", fault))


def _walk(walk: _Walk, rows: Iterable[Row]) -> None:
    """Follow the chain through some rows.

    The columns are written as the beginning of a record and compared with the record, so that what the
    database searches and what was hashed are the same; only a row that fails is taken apart.
    """
    sha, form = hashlib.sha256, bytes((FORM,))
    previous, expected, moment = walk.previous, walk.seq, walk.recorded_at
    names: dict[str | None, str] = {None: "null"}
    cases, wanted = walk.cases, walk.wanted
    for row in rows:
        seq, recorded_at, case, kind, true_at, office, source, key, before, mark, record = row
        expected += 1
        try:
            for name in (case, kind, office, source, key):
                if name not in names:
                    names[name] = quoted(name)
            head = (
                f'{{"seq":{seq},"recorded_at":"{recorded_at}","case":{names[case]},"kind":{names[kind]},'
                f'"true_at":"{true_at}","by":{names[office]},"source":{names[source]},"key":{names[key]},"body":'
            )
            good = (
                seq == expected
                and before == previous
                and sha(previous + record).digest() == mark
                and record.startswith(form + head.encode())
                and recorded_at >= moment
            )
        except (TypeError, UnicodeError, AttributeError):  # a column of another type
            good = False
        if not good:
            mark = _wrong(walk, row, expected, previous, moment)
            if isinstance(seq, int):
                expected = seq
        previous = mark
        if recorded_at.__class__ is str:
            moment = recorded_at
        known = cases.get(case)
        if known is None:
            cases[case] = [seq, seq, 1]
        else:
            known[1] = seq
            known[2] += 1
        if expected in wanted:
            wanted[expected] = mark
        if len(names) > 50_000:
            names = {None: "null"}
    walk.previous, walk.seq, walk.recorded_at = previous, expected, moment


def _wrong(walk: _Walk, row: Row, expected: int, previous: bytes, moment: str) -> bytes:
    """Name what is wrong with a row; the digest that the next row should link to."""
    mark: bytes = row[9]
    for seq, name, words in diagnose(row, expected, previous, moment):
        walk.findings.append(Finding(seq, name, words))
        if name == "digest":  # only the copy beside the record was changed
            mark = hashlib.sha256(row[8] + row[10]).digest()
    return mark


def _cases(connection: Connection, cases: dict[str, list[int]]) -> Iterator[Finding]:
    """Whether what is derived of the cases is what the log says."""
    seen = 0
    for case, first, last, count in connection.execute(
        select(CASES.c.case_id, CASES.c.first, CASES.c.last, CASES.c.events)
    ):
        seen += 1
        if cases.get(case) != [first, last, count]:
            yield Finding(
                None, "cases", f"the table of cases is wrong about {case!r}; the log itself is not touched"
            )
            return
    if seen != len(cases):
        yield Finding(
            None, "cases", "the table of cases does not name every case; the log itself is not touched"
        )


# --- rows, fast ---------------------------------------------------------------------------------------

_COLUMNS = "seq, recorded_at, case_id, kind, true_at, office, source, key, previous, digest, record"


def _portions(connection: Connection) -> Iterator[Sequence[Row]]:
    """All rows in order, in portions, straight from the driver."""
    raw: Any = connection.connection.driver_connection
    statement = f"SELECT {_COLUMNS} FROM events ORDER BY seq"
    if connection.dialect.name == "sqlite":
        cursor = raw.cursor()
        # In the order of the file: an index that is damaged does not hide rows.
        cursor.execute(statement.replace("FROM events", "FROM events NOT INDEXED"))
        while rows := cursor.fetchmany(_PORTION):
            yield rows
        return
    with raw.cursor(name="overflight_verify", binary=True) as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(_PORTION):
            yield rows


# --- a damaged file -----------------------------------------------------------------------------------


@contextmanager
def _texts(connection: Connection, lenient: bool) -> Iterator[None]:
    """Read texts of SQLite that are no UTF-8, when `lenient`."""
    raw: Any = connection.connection.driver_connection
    if lenient and connection.dialect.name == "sqlite":
        raw.text_factory = lambda given: given.decode("utf-8", "surrogateescape")
        try:
            yield
        finally:
            raw.text_factory = str
    else:
        yield


_TRIGGERS = {"sqlite": ("update", "delete", "replace"), "postgresql": ("rows", "truncate")}
_ASK_TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events'"
    " AND sql LIKE '%BEGIN SELECT RAISE(ABORT, ''events are never changed''); END%'",
    "postgresql": "SELECT tgname FROM pg_trigger"
    " WHERE tgrelid = 'events'::regclass AND tgenabled IN ('O', 'A')",
}


def _schema(connection: Connection) -> Iterator[Finding]:
    """Whether the tables and the triggers that refuse changes are as they were made."""
    name = connection.dialect.name
    there = {str(row[0]) for row in connection.execute(text(_ASK_TRIGGERS[name]))}
    for one in _TRIGGERS[name]:
        if f"events_{one}" not in there:
            yield Finding(None, "schema", f"the trigger events_{one}, which refuses changes, is gone")
    for table in METADATA.sorted_tables:
        found = [column["name"] for column in inspect(connection).get_columns(table.name)]
        if found != [column.name for column in table.columns]:
            yield Finding(None, "schema", f"the table {table.name} is not as it was made")


def _pages(connection: Connection) -> Iterator[Finding]:
    """What SQLite itself finds wrong in its file: pages, indexes, rules."""
    for (line,) in connection.execute(text("PRAGMA integrity_check(20)")).fetchall():
        if line != "ok":
            yield Finding(None, "file", f"the file is damaged: {_tidy(str(line))}")


def _tidy(line: str) -> str:
    return re.sub(r"^\*\*\* in database main \*\*\*\s*", "", line.replace("\n", " ")).strip()


def _damage(engine: Engine, where: str, fault: StoreError) -> Iterator[Finding]:
    """What can be told of a store that its database cannot read to the end."""
    cause = getattr(fault.__cause__, "orig", None) or fault.__cause__
    if engine.dialect.name != "sqlite":
        yield Finding(
            None, "file", f"the server cannot read its files: {line_of(cause or fault, where).what}"
        )
        return
    try:
        with engine.connect() as connection:
            yield from _pages(connection)
            good = _readable(connection)
    except (StoreError, Exception) as again:
        words = str(getattr(again, "orig", None) or again)
        yield Finding(None, "file", f"the file is damaged: {words}")
        return
    if good is not None:
        yield Finding(
            None, "file", f"the file is damaged: the log can be read up to event {good}, not further"
        )


def _readable(connection: Connection) -> int | None:
    """The last event before the first that cannot be read."""
    raw: Any = connection.connection.driver_connection
    last = 0
    try:
        for seq, _ in raw.execute("SELECT seq, record FROM events NOT INDEXED ORDER BY seq"):
            last = seq
    except sqlite3.DatabaseError:
        return last
    return None
