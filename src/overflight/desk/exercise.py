"""A desk to look around in: the public case of 2008 half played, one account for every role."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path

from overflight.case.life.desk import CaseDesk
from overflight.case.life.exercise import Script, play, script
from overflight.case.life.geography import Earth
from overflight.case.life.jurist import LawBook
from overflight.desk.access import Role
from overflight.desk.accounts import Accounts, accounts_of_store
from overflight.desk.guard import first_page
from overflight.desk.rooms import Rooms, open_rooms
from overflight.errors import InputError
from overflight.settings import Settings
from overflight.store.audit import AuditBook
from overflight.store.desk import open_desk
from overflight.world.flight_file import read_flight

__all__ = ["EVENING", "links", "opened"]

#: Some answers are in by then, some are due.
EVENING = datetime(2008, 8, 5, 18, 0, tzinfo=UTC)
_ACCOUNTS = (
    ("officer-1", Role.OFFICER, ""),
    ("approver-1", Role.APPROVER, ""),
    ("approver-2", Role.APPROVER, ""),
    ("auditor-1", Role.AUDITOR, ""),
    ("admin-1", Role.ADMIN, ""),
    ("guest-kaz", Role.GUEST, "KAZ"),
    ("guest-mmr", Role.GUEST, "MMR"),
    ("guest-ind", Role.GUEST, "IND"),
)
_MINE = "exercise"


@contextmanager
def opened(settings: Settings, folder: Path, say: Callable[[str], None] = lambda _: None) -> Iterator[Rooms]:
    """The exercise's desk in a folder, played up to `EVENING`; its clock goes on from there.

    A desk that is there already is opened as it was left, a moment after the last thing that was done at it.

    Parameters
    ----------
    settings : Settings
        What the exercise does not set itself: the view, the largest upload.
    folder : Path
    say : callable
        Is told what takes a while.

    Raises
    ------
    InputError
        The folder holds a desk that is no exercise.
    """
    told = script()
    own = replace(settings, home=folder, state=told.home, office=told.office, database="", oidc_issuer="")
    mark = folder / _MINE
    if not mark.exists():
        if (folder / "desk.db").exists():
            raise InputError(
                "holds a desk that is no exercise", where=str(folder), mend="name another folder with --out"
            )
        evening = f"{EVENING.day} {EVENING:%B %Y}"
        say(f"playing the exercise up to the evening of {evening}; the first time takes a moment")
        _play(own, told)
        mark.touch()
    began = time.monotonic()
    start = _left(own)
    rooms = open_rooms(own, clock=lambda: start + timedelta(seconds=time.monotonic() - began))
    try:
        yield rooms
    finally:
        rooms.close()


def links(rooms: Rooms) -> list[tuple[str, str, str]]:
    """Handle, role and the path of a fresh one-time link for every account, made where they are missing."""
    log = rooms.store.log
    accounts: Accounts = accounts_of_store(log.engine, log.where, rooms.clock)
    case = script().case
    found = []
    for handle, role, state in _ACCOUNTS:
        if accounts.book.account(handle) is None:
            accounts.make(handle, role, state)
        goes = f"/cases/{case}" if role in (Role.OFFICER, Role.APPROVER, Role.AUDITOR) else first_page(role)
        secret = accounts.link(handle, signs_in=True, goes_to=goes)
        found.append((handle, f"{role.value} of {state}" if state else role.value, f"/set-up/{secret}"))
    return found


def _play(settings: Settings, told: Script) -> None:
    with as_file(files("overflight.world") / "data" / "demo" / "KOR621.toml") as path:
        flight = read_flight(path)
    now = [told.steps[0]["at"]]

    def turn(at: datetime) -> None:
        now[0] = at

    part = settings.home / "desk.db"
    try:
        with open_desk(settings, clock=lambda: now[0]) as store:
            geography = Earth(settings.view)
            desk = CaseDesk(store.log, geography, LawBook(), told.home, told.office, lambda: now[0])
            until = [step["at"].astimezone(UTC) <= EVENING for step in told.steps].count(True)
            for _ in zip(range(until), play(desk, flight, told, turn), strict=False):
                pass
    except BaseException:
        for left in (part, part.with_name("desk.db-wal"), part.with_name("desk.db-shm")):
            left.unlink(missing_ok=True)  # half an exercise is none
        raise


def _left(settings: Settings) -> datetime:
    """When the desk was left: the last event or access, and not before the evening."""
    with open_desk(settings) as store:
        last = max((event.recorded_at for event in store.log.events()), default=EVENING)
        _, seen = AuditBook(store.log.engine, store.log.where).last()
    return max(EVENING, last, seen or EVENING) + timedelta(seconds=1)
