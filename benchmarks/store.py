"""How fast the log takes events, proves itself and answers, in both stores, and whether memory stays flat.

Run it with::

    python benchmarks/store.py [--events 1000000] [--cases 10000] [--seconds 5] [--store sqlite|postgresql]

Appends are durable and acknowledged one by one; their floor is the disk, so that the time of one bare flush
(``fdatasync`` after writing 8 KiB over themselves) and plain ``sqlite3`` inserting the same bytes, one
transaction for each, are measured in the same run. Wall time and processor time of the measured process both
stand there: the machine may have other work.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import platform
import random
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))

import psycopg
import sqlalchemy

from overflight.settings import Settings
from overflight.store import AgendaItem, Draft, open_desk
from overflight.store.verify import verify

_DAY = datetime(2026, 8, 1, tzinfo=UTC)
_WORDS = ("ministry", "confirms", "permission", "flight", "will", "not", "given", "dates", "stated", "the")


def draft(number: int, case: int) -> Draft:
    """An event of about 400 bytes."""
    chance = random.Random(number)
    text = "EXERCISE " + " ".join(chance.choices(_WORDS, k=14))
    body = {"state": chance.choice(("KAZ", "KGZ", "IND", "MMR")), "number": number, "text": text}
    return Draft(
        f"CASE {case}", "answered", body, _DAY + timedelta(minutes=number), "EXERCISE DESK", "26 STATE 1"
    )


def flush_ms(folder: Path) -> float:
    """The time of one bare flush."""
    path = folder / "flush"
    handle = os.open(path, os.O_CREAT | os.O_RDWR)
    os.write(handle, bytes(1 << 22))
    os.fsync(handle)
    began = time.perf_counter()
    for place in range(200):
        os.pwrite(handle, os.urandom(8192), 8192 * place)
        os.fdatasync(handle)
    taken = (time.perf_counter() - began) / 200 * 1e3
    os.close(handle)
    path.unlink()
    return taken


def plain_sqlite(folder: Path, seconds: float) -> float:
    """Events a second of bare sqlite3, one transaction each."""
    link = sqlite3.connect(folder / "plain.db", isolation_level=None)
    link.execute("PRAGMA journal_mode = WAL")
    link.execute("PRAGMA synchronous = FULL")
    link.execute("CREATE TABLE plain (seq INTEGER PRIMARY KEY, record BLOB)")
    count, end = 0, time.perf_counter() + seconds
    while time.perf_counter() < end:
        link.execute("BEGIN IMMEDIATE")
        link.execute("INSERT INTO plain VALUES (NULL, ?)", (bytes(500),))
        link.execute("COMMIT")
        count += 1
    link.close()
    return count / seconds


# --- appending ----------------------------------------------------------------------------------------


def _append(settings: Settings, writer: int, together: int, seconds: float, go: Any, out: Any) -> None:
    with open_desk(settings) as desk:
        drafts = [draft(n, writer) for n in range(together)]
        desk.log.append(drafts)
        go.wait()
        began, cpu, count = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() < began + seconds:
            desk.log.append(drafts)
            count += together
        out.put((count, time.perf_counter() - began, time.process_time() - cpu))


def by_processes(settings: Settings, writers: int, together: int, seconds: float) -> tuple[float, float]:
    """Events a second of several processes, and the processors they used."""
    context = multiprocessing.get_context("fork")
    go, out = context.Barrier(writers), context.Queue()
    rest = (together, seconds, go, out)
    some = [context.Process(target=_append, args=(settings, n, *rest)) for n in range(writers)]
    for one in some:
        one.start()
    results = [out.get() for _ in some]
    for one in some:
        one.join()
    return sum(c / wall for c, wall, _ in results), sum(cpu / wall for _, wall, cpu in results)


def by_threads(settings: Settings, writers: int, together: int, seconds: float) -> tuple[float, float]:
    """Events a second of several threads of one process, and the processors they used."""
    counts = [0] * writers
    with open_desk(settings) as desk:
        drafts = [[draft(n, writer) for n in range(together)] for writer in range(writers)]
        desk.log.append(drafts[0])
        end = time.perf_counter() + seconds

        def work(writer: int) -> None:
            while time.perf_counter() < end:
                desk.log.append(drafts[writer])
                counts[writer] += together

        began, cpu = time.perf_counter(), time.process_time()
        some = [threading.Thread(target=work, args=(n,)) for n in range(writers)]
        for one in some:
            one.start()
        for one in some:
            one.join()
        wall = time.perf_counter() - began
        return sum(counts) / wall, (time.process_time() - cpu) / wall


# --- a large log --------------------------------------------------------------------------------------


def fill(settings: Settings, events: int, cases: int) -> None:
    """Many events in many cases, and an agenda of three items for each case."""
    with open_desk(settings) as desk:
        for start in range(0, events, 2000):
            desk.log.append([draft(n, n % cases) for n in range(start, min(start + 2000, events))])
        for start in range(0, cases, 500):
            agenda = {}
            for number in range(start, min(start + 500, cases)):
                case = f"CASE {number}"
                agenda[case] = [
                    AgendaItem(case, f"answer {n}", _DAY + timedelta(hours=number % 997 + n), "answer", "due")
                    for n in range(3)
                ]
            desk.log.replace_agenda(agenda)


def in_child(work: Callable[..., Any], *arguments: Any) -> Any:
    """Run in a process of its own; what it returns, and its peak of memory in MB."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measured, (work, arguments))


def _measured(work: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
    return work(*arguments), peak_mb()


def peak_mb() -> float:
    """The peak of this process's memory; what its parent had before it does not count."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def prove(settings: Settings) -> tuple[int, float, float]:
    """Events proved, wall seconds, processor seconds."""
    with open_desk(settings, write=False) as desk:
        began, cpu = time.perf_counter(), time.process_time()
        proof = verify(desk.log.engine, desk.log.where)
        assert proof.whole
        return proof.events, time.perf_counter() - began, time.process_time() - cpu


def ask(settings: Settings, cases: int) -> dict[str, list[float]]:
    """Milliseconds of the questions that commands ask."""
    taken: dict[str, list[float]] = {}
    with open_desk(settings, write=False) as desk:
        log, chance = desk.log, random.Random(1)

        def measure(name: str, times: int, work: Callable[[], Any]) -> None:
            work()
            for _ in range(times):
                began = time.perf_counter()
                work()
                taken.setdefault(name, []).append((time.perf_counter() - began) * 1e3)

        measure("one case's events", 200, lambda: list(log.events(f"CASE {chance.randrange(cases)}")))
        measure("the case's last event", 200, lambda: log.last(f"CASE {chance.randrange(cases)}"))
        soon = _DAY + timedelta(hours=100)
        measure("agenda of all cases, due in 100 h", 20, lambda: list(log.agenda(before=soon)))
        measure("agenda of all cases, everything", 10, lambda: list(log.agenda()))
        measure("every case", 10, lambda: list(log.cases()))
    return taken


def one_store(name: str, new: Callable[[], Settings], given: argparse.Namespace) -> None:
    """Every figure of one store."""
    print(f"\n{name}")
    for kind, work in (("processes", by_processes), ("threads of one process", by_threads)):
        for writers, together in ((1, 1), (8, 1), (8, 4), (8, 10)):
            if kind != "processes" and writers == 1:
                continue
            rate, cpu = work(new(), writers, together, given.seconds)
            print(
                f"  append: {writers} {kind}, {together:>2} events each time: {rate:8,.0f} events/s"
                f"   (writers' processors {cpu:.2f}, load {os.getloadavg()[0]:.1f})",
                flush=True,
            )
    small, large = new(), new()
    fill(small, given.events // 10, given.cases)
    began = time.perf_counter()
    fill(large, given.events, given.cases)
    print(f"  fill: {given.events:,} events in {given.cases:,} cases in {time.perf_counter() - began:.0f} s")
    for label, settings in (("a tenth", small), ("all", large)):
        (count, wall, cpu), peak = in_child(prove, settings)
        print(
            f"  verify, {label}: {count / wall:,.0f} events/s ({count / cpu:,.0f} a processor second),"
            f" peak {peak:.0f} MB, load {os.getloadavg()[0]:.1f}"
        )
    taken, peak = in_child(ask, large, given.cases)
    for question, values in taken.items():
        print(f"  {question}: median {statistics.median(values):.2f} ms, longest {max(values):.2f} ms")
    print(f"  peak of the process that asked: {peak:.0f} MB")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Speed of the log.")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    parser.add_argument("--store", choices=("sqlite", "postgresql"))
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="store"))
    count = iter(range(1000))
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; Python"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}, SQLAlchemy {sqlalchemy.__version__},"
        f" psycopg {psycopg.__version__}"
    )
    print(f"one bare flush: {flush_ms(folder):.2f} ms")
    print(f"bare sqlite3, one transaction each: {plain_sqlite(folder, given.seconds):,.0f} events/s")
    try:
        if given.store != "postgresql":
            one_store("SQLite", lambda: Settings(home=folder / f"home{next(count)}"), given)
        if given.store != "sqlite":
            from local_postgres import LocalPostgres

            server = LocalPostgres("shared_buffers = 512MB\nmax_wal_size = 4GB\n")
            try:
                with server.connect() as link:
                    version = link.execute("SHOW server_version").fetchone()
                home = folder / "none"
                one_store(
                    f"PostgreSQL {version and version[0]}",
                    lambda: Settings(home=home, database=server.new_store()),
                    given,
                )
            finally:
                server.stop()
        print(f"\none bare flush, again: {flush_ms(folder):.2f} ms")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
