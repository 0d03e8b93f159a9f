"""Kill writers and servers of the store, again and again, and look whether anything acknowledged was lost.

A writer appends and then says so on a pipe. It is killed with SIGKILL: *stepped*, before or after every call
of the system with which it writes, one run for each (Linux on x86-64); or at *random* moments; or the server
is killed under it. After every kill the store is read with a few lines that share nothing with the package:

- every acknowledged append is there, whole, with the digests that were acknowledged;
- the chain is whole from the desk's name to the head;
- there is at most one append more for each writer, and it is whole.

Run: ``python tools/kill_store.py --store sqlite --kills 1000``, ``--store postgresql --servers 40``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import select
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import event

import syscalls
from overflight.errors import StoreError
from overflight.settings import Settings
from overflight.store import Draft, open_desk

_EVENTS = "SELECT seq, key, previous, digest, record FROM events ORDER BY seq"
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND datname = current_database()"
)
_DAY = datetime(2026, 8, 1, tzinfo=UTC)


class LostError(Exception):
    """Something that was promised is not there."""


# --- the writer ---------------------------------------------------------------------------------------


def write(settings: Settings, pipe: int, name: str, appends: int) -> None:
    """Append, say so, append, say so; in a process of its own."""
    try:
        with open_desk(settings) as desk:
            desk.log.engine.dispose()
            event.listen(desk.log.engine, "connect", _often)
            for number in range(appends):
                key = f"{name} {number}"
                count = 1 + number % 3
                body = {"number": number, "text": "EXERCISE " * (1 + 60 * (number % 5 == 4))}
                drafts = [Draft(f"CASE {number % 4}", "noted", body, _DAY, "EXERCISE DESK")] * count
                made = desk.log.append(drafts, key=key)
                os.write(pipe, f"{key}|{made[0].seq}|{made[-1].digest.hex()}\n".encode())
    except StoreError as fault:
        os.write(pipe, f"!{fault}\n".encode())


def _often(link: Any, _: object) -> None:
    """Move SQLite's journal into its file every few commits, so that kills meet that, too."""
    if isinstance(link, sqlite3.Connection):
        link.execute("PRAGMA wal_autocheckpoint = 16")


@dataclass
class Writer:
    """A child that writes, and what it has said."""

    pid: int
    pipe: int
    said: bytes = b""

    @classmethod
    def start(cls, settings: Settings, name: str, appends: int, *, traced: bool = False) -> Writer:
        """Fork one."""
        ours, theirs = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                os.close(ours)
                if traced:
                    syscalls.trace_me()
                write(settings, theirs, name, appends)
                code = 0
            finally:
                os._exit(code)
        os.close(theirs)
        return cls(pid, ours)

    def listen(self) -> list[str]:
        """Everything it had said before it ended."""
        while part := os.read(self.pipe, 65536):
            self.said += part
        os.close(self.pipe)
        return self.said.decode().splitlines()

    def kill(self) -> list[str]:
        """Kill it, and hear what it had said."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return self.listen()


# --- the look afterwards, apart from the package ------------------------------------------------------


@dataclass
class Ledger:
    """What was acknowledged on one desk."""

    rows: Callable[[], tuple[tuple[str, int, bytes], list[tuple[int, str, bytes, bytes, bytes]]]]
    acknowledged: dict[str, tuple[int, str]] = field(default_factory=dict)

    def hear(self, lines: list[str]) -> None:
        """Take down acknowledgements."""
        for line in lines:
            if not line.startswith("!"):
                key, seq, digest = line.split("|")
                self.acknowledged[key] = (int(seq), digest)

    def check(self, spare: int = 1) -> int:
        """Raise `LostError`, or give the number of events."""
        (desk, last, mark), rows = self.rows()
        before = hashlib.sha256(b"overflight desk\n" + desk.encode()).digest()
        keys: dict[str, list[tuple[int, bytes]]] = {}
        for place, (seq, key, previous, digest, record) in enumerate(rows, 1):
            made = hashlib.sha256(previous + record).digest()
            fields = json.loads(record[1:])
            if (
                seq != place
                or previous != before
                or made != digest
                or fields["seq"] != seq
                or fields["key"] != key
            ):
                raise LostError(f"the chain is broken at event {seq}")
            keys.setdefault(key, []).append((seq, digest))
            before = digest
        if (last, mark) != (len(rows), before):
            raise LostError(f"the head says {last}, there are {len(rows)} events")
        for key, (first, digest) in self.acknowledged.items():
            there = keys.get(key, [])
            if not there or there[0][0] != first or there[-1][1].hex() != digest:
                raise LostError(f"{key!r} was acknowledged and is not there as it was")
        for key, there in keys.items():
            if len(there) != 1 + int(key.split()[-1]) % 3:
                raise LostError(f"{key!r} is there in part")
        more = [key for key in keys if key not in self.acknowledged]
        if len(more) > spare:
            raise LostError(f"{len(more)} appends are there that were not acknowledged: {more[:5]}")
        for key in more:  # it is there now, whole, and must stay
            self.acknowledged[key] = (keys[key][0][0], keys[key][-1][1].hex())
        return len(rows)


def sqlite_rows(path: Path) -> Any:
    """The rows of an SQLite store."""
    link = sqlite3.connect(path)
    try:
        if not link.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'agenda'").fetchone()[0]:
            return ("", 0, hashlib.sha256(b"overflight desk\n").digest()), []
        head = link.execute("SELECT id, seq, digest FROM desk").fetchone()
        return head, link.execute(
            "SELECT seq, key, previous, digest, record FROM events ORDER BY seq"
        ).fetchall()
    finally:
        link.close()


def postgres_rows(connect: Callable[[], Any], schema: str) -> Any:
    """The rows of a PostgreSQL store, once the server has noticed that its clients are dead."""
    with connect() as link:
        end = time.monotonic() + 30
        while link.execute(_OTHERS).fetchone()[0] and time.monotonic() < end:
            time.sleep(0.005)
        link.execute(f"SET search_path = {schema}")
        link.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        if link.execute("SELECT to_regclass('agenda')").fetchone()[0] is None:
            return ("", 0, hashlib.sha256(b"overflight desk\n").digest()), []
        head = link.execute("SELECT id, seq, digest FROM desk").fetchone()
        return head, link.execute(_EVENTS).fetchall()


# --- the ways to kill ---------------------------------------------------------------------------------


class Run:
    """Desks, one after another, and a count of kills."""

    def __init__(self, new: Callable[[], tuple[Settings, Callable[[], Any]]], chance: random.Random) -> None:
        self.new, self.chance = new, chance
        self.kills = self.events = self.acknowledged = self.unsaid = 0
        self.told: set[str] = set()
        self.settings, rows = new()
        self.ledger = Ledger(rows)

    def fresh(self) -> None:
        """Go on with another, empty desk."""
        self.acknowledged += len(self.ledger.acknowledged)
        self.settings, rows = self.new()
        self.ledger = Ledger(rows)

    def after(self, lines: list[str], spare: int = 1) -> None:
        """Look at the store after a kill."""
        self.kills += 1
        self.ledger.hear(lines)
        before = len(self.ledger.acknowledged)
        self.events = self.ledger.check(spare)
        self.unsaid += len(self.ledger.acknowledged) - before

    def stepped(self, appends: int, stride: int, *, create: bool) -> None:
        """Kill at every writing call of some appends, before and after it; with `create`, on a new desk."""
        for after in (False, True):
            point, reached, runs = 1, True, 0
            while reached:
                if create or runs % 50 == 0:
                    self.fresh()
                runs += 1
                if not create:
                    self.more("open")
                name = f"step {after} {point} {create}"
                writer = Writer.start(self.settings, name, appends, traced=True)
                reached = syscalls.kill_at(writer.pid, point, after=after)
                self.after(writer.listen())
                self.more(f"more {after} {point} {create}")
                point += stride
            what = f"making a desk and {appends} appends" if create else f"{appends} appends"
            print(f"  {what}: killed {'after' if after else 'before'} {runs - 1} calls", flush=True)

    def more(self, name: str) -> None:
        """The store must take more."""
        self.ledger.hear(_finish(Writer.start(self.settings, name, 1)))
        self.ledger.check(0)

    def at_random(self, limit: int, longest_s: float, writers: int) -> None:
        """Kill writers at random moments."""
        while self.kills < limit:
            if self.kills % 100 == 0:
                self.fresh()
                self.more("first")
            count = 1 + self.kills % writers
            some = [Writer.start(self.settings, f"{self.kills}.{n}", 100_000) for n in range(count)]
            if self.kills % 4:  # most are killed in the midst of their work, some before they begin
                select.select([one.pipe for one in some], [], [], 5)
            time.sleep(self.chance.random() * longest_s)
            self.after([line for one in some for line in one.kill()], count)
            if self.kills % 100 == 0:
                print(f"  {self.kills} kills", flush=True)

    def servers(self, server: Any, rounds: int) -> None:
        """Kill the server, or one of its processes, under three writers."""
        for number in range(rounds):
            if number % 10 == 0:
                self.fresh()
            some = [Writer.start(self.settings, f"{self.kills}.{n}", 100_000) for n in range(3)]
            time.sleep(0.3 + self.chance.random())
            if number % 3 == 0:
                family = server.processes()
                os.kill(self.chance.choice(family[1:]).pid, signal.SIGKILL)
            elif number % 3 == 1:
                server.crash()
            else:
                server.restart_at_once()
            lines = [line for one in some for line in _ended(one)]
            server.wait()
            self.told |= {line[1:].split(": ", 1)[-1] for line in lines if line.startswith("!")}
            self.after(lines, len(some))
        print(f"  {rounds} rounds with the server killed under three writers; they were told:")
        for line in sorted(self.told):
            print(f"    {line}")


def _finish(writer: Writer) -> list[str]:
    os.waitpid(writer.pid, 0)
    return writer.listen()


def _ended(writer: Writer) -> list[str]:
    """What a writer said until it ended by itself; one that did not notice is ended."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        if os.waitpid(writer.pid, os.WNOHANG)[0]:
            return writer.listen()
        time.sleep(0.01)
        if time.monotonic() > end - 18:  # its server has come back before it looked
            return writer.kill()
    return writer.kill()


def main() -> int:
    """Run as the arguments say."""
    parser = argparse.ArgumentParser(
        description="Kill the store's writers and servers; see whether anything is lost."
    )
    parser.add_argument("--store", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--appends", type=int, default=12, help="appends of a stepped run")
    parser.add_argument("--stride", type=int, default=1, help="of the stepped runs, take every so many")
    parser.add_argument("--servers", type=int, default=0, help="rounds that kill the server (postgresql)")
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    began, folder = time.monotonic(), Path(tempfile.mkdtemp(prefix="kill"))
    server: Any = None
    count = iter(range(10**6))

    def new() -> tuple[Settings, Callable[[], Any]]:
        home = folder / f"home{next(count)}"
        if server is None:
            for old in folder.iterdir():
                shutil.rmtree(old)
            path = home / "desk.db"
            home.mkdir()
            return Settings(home=home), lambda: sqlite_rows(path)
        url = server.new_store()
        return Settings(home=home, database=url), lambda: postgres_rows(server.connect, url.split("%3D")[-1])

    with open_desk(Settings(home=folder / "warm")):
        pass  # what every child needs is imported once, before they are forked
    try:
        if given.store == "postgresql":
            from local_postgres import LocalPostgres

            server = LocalPostgres()
        run = Run(new, random.Random(given.seed))
        if syscalls.CAN_TRACE:
            run.stepped(1, given.stride, create=True)
            run.stepped(given.appends, given.stride, create=False)
        run.at_random(max(given.kills, run.kills + given.kills // 4), 0.12, 3)
        if server is not None and given.servers:
            run.servers(server, given.servers)
        run.fresh()
    except LostError as fault:
        print(f"LOST: {fault}")
        return 1
    finally:
        if server is not None:
            server.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(
        f"{given.store}: {run.kills} kills, {run.acknowledged} appends, {run.unsaid} of them on the disk"
        f" but not acknowledged, none lost, in {time.monotonic() - began:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
