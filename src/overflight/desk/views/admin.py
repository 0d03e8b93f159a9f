"""What the admin looks after: accounts, age of lists, health, backups, the log's proof. No case is named."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

from pydantic import BaseModel, Field

from overflight import __version__
from overflight.desk import parts
from overflight.desk.accounts import Accounts
from overflight.desk.rooms import Rooms
from overflight.desk.work import Work
from overflight.errors import InputError, OverflightError
from overflight.screening.lists.kinds import KINDS
from overflight.screening.lists.library import Library
from overflight.store.container import export
from overflight.store.desk import store_name
from overflight.store.engine import database_file, faults
from overflight.store.folder import make_folder
from overflight.store.proving import prove
from overflight.store.schema import back_up_file, revision
from overflight.store.verify import Proof

__all__ = [
    "AccountRow",
    "Backup",
    "Health",
    "ListRow",
    "PartRow",
    "ProofView",
    "accounts_view",
    "back_up",
    "backups",
    "health",
    "lists",
    "proof_view",
    "prover",
]

#: A list older than this is pointed out, days.
OLD_DAYS = 30


class AccountRow(BaseModel):
    """One account, without anything that opens it."""

    handle: str = Field(examples=["officer-1"])
    role: str
    state: str = Field(description="Alpha-3 of a guest's state; empty for the home desk's own.")
    signs_in: str = Field(description="With what: `password`, `provider`, `both` or `nothing yet`.")
    subject: str | None = Field(description="Who the identity provider says it is.")
    sessions: int
    tokens: int
    link_until: datetime | None = Field(description="An unused one-time link is open until then.")
    created_at: datetime
    disabled_at: datetime | None


class PartRow(BaseModel):
    """One file of a browser library."""

    name: str
    version: str
    file: str
    licence: str
    present: bool


class Health(BaseModel):
    """How the desk is."""

    software: str
    desk: str = Field(description="The desk's own name, made once.")
    home: str = Field(description="Alpha-3 of the state that owns it, or empty.")
    office: str
    store: str = Field(description="`SQLite` or `PostgreSQL`.")
    where: str
    size_bytes: int | None = Field(description="Of the store; null where it cannot be told.")
    schema_revision: str
    events: int
    head: str = Field(description="First 16 hexadecimal digits of the log's head.")
    accesses: int = Field(description="Rows of the audit.")
    refused_day: int = Field(description="Tries to sign in that were refused within a day.")
    clock: datetime
    parts: list[PartRow]


class ListRow(BaseModel):
    """One list of designated persons, ships or aircraft, and its age."""

    kind: str
    title: str
    publisher: str
    published: date | None = Field(description="Of the newest version here; null: never imported.")
    age_days: int | None
    imported_at: datetime | None
    entries: int
    versions: int
    old: bool


class Backup(BaseModel):
    """One copy of the store."""

    name: str
    size_bytes: int
    made_at: datetime


class ProofView(BaseModel):
    """How far the proof of the log has come, and what it found."""

    running: bool
    done: int
    total: int
    began_at: datetime | None
    ended_at: datetime | None
    whole: bool | None = Field(description="null: not known yet.")
    events: int
    head: str
    anchors: int
    anchored: int
    findings: list[str] = Field(description="Places that are not as they were recorded; never their content.")
    wrong: str = Field(description="Why it could not be proved.")


def accounts_view(accounts: Accounts) -> list[AccountRow]:
    """Every account."""
    links = accounts.book.links(accounts.clock())
    sessions, tokens = accounts.sessions_now(), accounts.book.tokens()
    return [
        AccountRow(
            handle=one.handle,
            role=one.role,
            state=one.state,
            signs_in=_WITH[one.password is not None, one.subject is not None],
            subject=one.subject,
            sessions=sum(session.handle == one.handle for session in sessions),
            tokens=sum(token.handle == one.handle for token in tokens),
            link_until=links.get(one.handle),
            created_at=one.created_at,
            disabled_at=one.disabled_at,
        )
        for one in accounts.book.accounts()
    ]


_WITH = {
    (False, False): "nothing yet",
    (True, False): "password",
    (False, True): "provider",
    (True, True): "both",
}


def health(rooms: Rooms, accesses: int, refused: int) -> Health:
    """How the desk is.

    Parameters
    ----------
    rooms : Rooms
    accesses, refused : int
        From the audit.
    """
    log = rooms.store.log
    head, path = log.head(), database_file(log.engine.url)
    with faults(log.where), log.engine.connect() as connection:
        found = revision(connection, log.where)
        size = None
        if path is None:
            size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar()
    where = parts.folder()
    return Health(
        software=__version__,
        desk=head.desk,
        home=rooms.home,
        office=rooms.settings.office,
        store="SQLite" if path is not None else "PostgreSQL",
        where=store_name(log.engine.url),
        size_bytes=_size(path) if path is not None else size,
        schema_revision=str(found),
        events=head.seq,
        head=head.digest.hex()[:16],
        accesses=accesses,
        refused_day=refused,
        clock=rooms.clock(),
        parts=[
            PartRow(
                name=one.name,
                version=one.version,
                file=one.local,
                licence=one.licence,
                present=(where / one.local).is_file(),
            )
            for one in parts.listed()
        ],
    )


def _size(path: Path) -> int:
    files = (path, path.with_name(f"{path.name}-wal"))
    return sum(one.stat().st_size for one in files if one.exists())


def lists(rooms: Rooms) -> tuple[list[ListRow], str]:
    """Every kind of list with its newest version, and what is wrong with the library, if anything."""
    library, today = Library(rooms.settings.home, rooms.clock), rooms.clock().date()
    rows, wrong = [], ""
    for kind in KINDS:
        try:
            versions = library.versions(kind.kind)
        except OverflightError as error:
            versions, wrong = (), f"{error.what}: {error.where}"
        newest = versions[-1] if versions else None
        age = None if newest is None else (today - newest.published).days
        rows.append(
            ListRow(
                kind=kind.kind,
                title=kind.title,
                publisher=kind.publisher,
                published=None if newest is None else newest.published,
                age_days=age,
                imported_at=None if newest is None else newest.imported_at,
                entries=0 if newest is None else newest.entries,
                versions=len(versions),
                old=age is not None and age > OLD_DAYS,
            )
        )
    return rows, wrong


# --- backups ----------------------------------------------------------------------------------------------


def backups(rooms: Rooms) -> list[Backup]:
    """Copies of the store in the desk's folder, newest first."""
    folder = rooms.settings.home / "backups"
    if not folder.is_dir():
        return []
    found = []
    for path in folder.glob("desk-*"):
        stat = path.stat()
        made = datetime.fromtimestamp(stat.st_mtime, tz=rooms.clock().tzinfo)
        found.append(Backup(name=path.name, size_bytes=stat.st_size, made_at=made))
    return sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)


def back_up(rooms: Rooms) -> Backup:
    """Copy the store as it is now into the desk's folder, while others work on it.

    Raises
    ------
    InputError, StoreError
        It cannot be copied; nothing is left behind.
    """
    log, folder, now = rooms.store.log, rooms.settings.home / "backups", rooms.clock()
    make_folder(folder)
    path = database_file(log.engine.url)
    name = f"desk-{now:%Y%m%dT%H%M%SZ}.{'jsonl' if path is None else 'db'}"
    if (folder / name).exists():
        raise InputError("there is a backup of this second already", where=name)
    with faults(log.where):
        if path is None:
            export(log.engine, log.where, folder / name)
        else:
            back_up_file(path, folder / name)
    stamp = now.timestamp()
    os.utime(folder / name, (stamp, stamp))
    return Backup(name=name, size_bytes=(folder / name).stat().st_size, made_at=now.replace(microsecond=0))


# --- the log's proof --------------------------------------------------------------------------------------


def prover(rooms: Rooms) -> Callable[[Callable[[int, int], None]], Proof]:
    """Work that proves the log, from its first event to its last and against the anchors in the folder."""
    return lambda tell: prove(rooms.settings, progress=tell)


def proof_view(work: Work, *, words: bool) -> ProofView:
    """The proof so far.

    Parameters
    ----------
    work : Work
    words : bool
        Whether findings may be quoted as they are, which can name a case: for those who read cases.
    """
    proof: Proof | None = work.result
    return ProofView(
        running=work.running,
        done=work.done,
        total=work.total,
        began_at=work.began_at,
        ended_at=work.ended_at,
        whole=None if proof is None else proof.whole,
        events=0 if proof is None else proof.events,
        head="" if proof is None else proof.head.hex()[:16],
        anchors=0 if proof is None else proof.anchors,
        anchored=0 if proof is None else proof.anchored,
        findings=[]
        if proof is None
        else [str(one) if words else _bare(one.seq, one.field) for one in proof.findings],
        wrong=work.wrong,
    )


def _bare(seq: int | None, field: str) -> str:
    return (
        f"{field}: not as it was recorded" if seq is None else f"event {seq}, {field}: not as it was recorded"
    )
