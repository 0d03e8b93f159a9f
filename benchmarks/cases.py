"""How fast a case is shown among many, what is due found, and the whole log proved, in both stores.

One case of a hundred events is worked for real over the shipped borders: opened, five states approached,
ninety-three answers. Its events are then recorded again under other names, and cases are shown in random
order, none twice. Whatever is measured runs in a process of its own, whose memory is noted. Processor time is
that of the process and of the server's process that works for it; on a machine with nothing else to do, wall
time is little more.

Run: ``python benchmarks/cases.py [--cases 10000] [--store sqlite|postgresql] [--plot docs/log-size.svg]``
"""

from __future__ import annotations

import argparse
import gc
import os
import platform
import random
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, update

from overflight.case.life.agenda import agenda_of, due_list
from overflight.case.life.desk import CaseDesk
from overflight.case.life.fold import fold
from overflight.case.life.geography import Earth
from overflight.case.life.headline import headline
from overflight.case.life.jurist import LawBook
from overflight.case.life.planning import Sheet, open_case
from overflight.case.life.replies import answer
from overflight.case.life.requests import approach
from overflight.case.life.view import to_json
from overflight.settings import Settings
from overflight.store import open_desk
from overflight.store.canonical import FORM, clean_body, digest, header, time_text
from overflight.store.desk import Desk
from overflight.store.engine import transaction
from overflight.store.event import Event, Log
from overflight.store.request import agenda_rows
from overflight.store.schema import derive_cases
from overflight.store.tables import DESK, EVENTS
from overflight.store.verify import Proof, verify
from overflight.world.flight_file import read_flight
from store import in_child

MANY = 100
STATES = ("IND", "PAK", "AFG", "CHN", "BGD")
START = datetime(2008, 8, 1, tzinfo=UTC)
NOW = START + timedelta(days=2)
MARK = "S//REL TO USA, AFG, BGD, CHN, IND, PAK"


def case_desk(log: Log) -> CaseDesk:
    return CaseDesk(log, Earth(), LawBook(), "USA", "bench")


def work(desk: CaseDesk) -> list[Event]:
    """One case of a hundred events, worked as an officer would."""
    path = Path(str(files("overflight.world"))) / "data" / "demo" / "KOR621.toml"
    sheet = Sheet("It is planned for 7 August.", MARK, "EXERCISE", ("route", "dates"))
    open_case(desk, read_flight(path), case_id="C0", title="EXERCISE", statements=[sheet], at=START)
    due = START + timedelta(days=5)
    approach(desk, "C0", STATES, ask=["refuse-overflight"], due=due, at=START + timedelta(hours=1))
    count = MANY - len(desk.events("C0"))
    for number in range(count):
        said = ("ALLOW", "DENY_OVERFLIGHT", "NO_REQUEST_RECEIVED")[number // len(STATES) % 3]
        answer(desk, "C0", STATES[number % len(STATES)], said, at=START + timedelta(days=1, minutes=number))
    return desk.events("C0")


def copies(desk: Desk, pattern: Sequence[Event], cases: range) -> None:
    """The same events under other names, chained, with their agendas; written as an import writes them."""
    log, engine = desk.log, desk.log.engine
    items = agenda_of(fold(pattern))
    bodies = [clean_body(e.body).encode() + b"}" for e in pattern]
    head, moment = log.head(), time_text(datetime.now(UTC))
    seq, before = head.seq, head.digest
    for start in range(cases.start, cases.stop, 100):
        rows, agenda = [], []
        for number in range(start, min(start + 100, cases.stop)):
            name = f"C{number}"
            agenda += agenda_rows(name, [replace(item, case=name) for item in items])
            for e, body in zip(pattern, bodies, strict=True):
                seq += 1
                true_at = time_text(e.true_at)
                first = header(seq, moment, name, e.kind, true_at, e.by, e.source, None).encode()
                raw = bytes((FORM,)) + first + body
                mark = digest(before, raw)
                rows.append((seq, moment, name, e.kind, true_at, e.by, e.source, None, before, mark, raw))
                before = mark
        with engine.connect() as connection, transaction(connection):
            _insert(connection, "events", [column.name for column in EVENTS.columns], rows)
            _insert(connection, "agenda", list(agenda[0]), [tuple(row.values()) for row in agenda])
            connection.execute(update(DESK).values(seq=seq, digest=before, recorded_at=moment))
    with engine.connect() as connection, transaction(connection):
        derive_cases(connection)
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE events, cases, agenda")


def _insert(
    connection: Connection, table: str, names: Sequence[str], rows: Sequence[Sequence[object]]
) -> None:
    raw = connection.connection.driver_connection
    assert raw is not None
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(names))
        raw.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
        return
    with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


# --- what is measured, in a process of its own --------------------------------------------------------

Taken = dict[str, list[tuple[float, float]]]


class Clock:
    """Wall and processor time, that of the server's process for this connection included."""

    def __init__(self, desk: Desk) -> None:
        self._server = ""
        if desk.log.engine.dialect.name == "postgresql":
            with desk.log.engine.connect() as connection:
                pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            self._server = f"/proc/{pid}/schedstat"

    def _spent(self) -> float:
        own = time.process_time()
        if not self._server:
            return own
        with open(self._server, encoding="ascii") as file:
            return own + int(file.read().split()[0]) / 1e9

    def measure(self, do: Callable[[], object]) -> tuple[float, float]:
        """Milliseconds."""
        spent, begun = self._spent(), time.perf_counter()
        do()
        wall = time.perf_counter() - begun
        return wall * 1e3, (self._spent() - spent) * 1e3


def proof(settings: Settings) -> tuple[float, float]:
    """Wall and processor milliseconds of a proof of the whole log."""
    with open_desk(settings, write=False) as desk:
        clock = Clock(desk)
        found: list[Proof] = []
        taken = clock.measure(lambda: found.append(verify(desk.log.engine, desk.log.where)))
        assert found[0].whole
        return taken


def ask(settings: Settings, cases: int) -> Taken:
    """Wall and processor milliseconds of every question."""
    taken: Taken = {}
    dice = random.Random(1)

    with open_desk(settings, write=False) as store:
        desk, clock = case_desk(store.log), Clock(store)
        gc.freeze()  # as the commands do

        def measure(what: str, times: int, do: Callable[[], object]) -> None:
            do()
            taken[what] = [clock.measure(do) for _ in range(times)]

        def each() -> Callable[[], str]:
            names = iter(dice.sample(range(1, cases), min(cases - 1, 500)))
            return lambda: f"C{next(names)}"

        some = min(cases - 2, 400)
        name = each()
        measure("a case with its first line", some, lambda: headline(desk.load(name()), NOW))
        other = each()
        measure("a case as JSON", some, lambda: to_json(desk.load(other()), NOW))
        third = each()
        measure("a case as of a time", some, lambda: desk.load(third(), datetime.now(UTC)))
        for days in (1, 14):
            soon = NOW + timedelta(days=days)
            count = len(due_list(desk.log.agenda(before=soon), NOW))
            what = f"due within {days} day{'s' * (days > 1)}: {count:,}"
            measure(what, 20, lambda soon=soon: due_list(desk.log.agenda(before=soon), NOW))  # type: ignore[misc]
    return taken


def answers(settings: Settings, cases: int) -> Taken:
    """An answer recorded in a case of a hundred events: read, decided, worked out, on the disk."""
    taken: Taken = {"an answer recorded": []}
    dice = random.Random(2)
    with open_desk(settings) as store:
        desk, clock = case_desk(store.log), Clock(store)
        gc.freeze()
        for number in range(100):
            name = f"C{dice.randrange(1, cases)}"
            at = START + timedelta(days=3, minutes=number)
            said = ("ALLOW", "DENY_OVERFLIGHT")[number % 2]
            record = partial(answer, desk, name, "IND", said, at=at)
            taken["an answer recorded"].append(clock.measure(record))
    return taken


# --- one store ----------------------------------------------------------------------------------------


@dataclass
class Curve:
    """What one store showed while it grew: figure → (events, value)."""

    name: str
    points: dict[str, list[tuple[int, float]]] = field(default_factory=dict)

    def add(self, what: str, events: int, value: float) -> None:
        self.points.setdefault(what, []).append((events, value))


def grown(name: str, settings: Settings, sizes: Sequence[int], pattern: Sequence[Event]) -> Curve:
    """Every figure of one store, at every size."""
    curve, there = Curve(name), 0
    for size in sizes:
        begun = time.perf_counter()
        with open_desk(settings) as store:
            copies(store, pattern, range(there, size))
        events = (size - there) * len(pattern)
        there = size
        print(
            f"\n{name}: {size:,} cases of {len(pattern)} events, the last {events:,} recorded in"
            f" {time.perf_counter() - begun:.0f} s"
        )
        events = size * len(pattern)
        rates = []
        for _ in range(2):
            (wall, cpu), peak = in_child(proof, settings)
            rates.append(events / cpu * 1e3)
            print(
                f"  proof: {events / wall * 1e3:,.0f} events/s, {rates[-1]:,.0f} a processor second,"
                f" peak {peak:.0f} MB, load {os.getloadavg()[0]:.1f}"
            )
        curve.add("proof", events, max(rates))
        taken, peak = in_child(ask, settings, size)
        if size == sizes[-1]:
            taken |= in_child(answers, settings, size)[0]
        for what, times in taken.items():
            walls, cpu = (sorted(column) for column in zip(*times, strict=True))
            middle, high = len(times) // 2, min(int(len(times) * 0.99), len(times) - 1)
            print(
                f"  {what:32} wall: median {walls[middle]:6.1f}, 99 % {walls[high]:6.1f}, longest"
                f" {walls[-1]:6.1f} ms; processor: median {cpu[middle]:6.1f}, 99 % {cpu[high]:6.1f},"
                f" longest {cpu[-1]:6.1f} ms"
            )
            if what == "a case as JSON":
                curve.add("show", events, cpu[high])
            elif what.startswith("due within 14"):
                curve.add("due", events, cpu[middle])
        print(f"  peak of the process that asked: {peak:.0f} MB, load {os.getloadavg()[0]:.1f}", flush=True)
        curve.add("memory", events, peak)
    return curve


# --- the plot -----------------------------------------------------------------------------------------

_PANELS = (
    ("show", "case show, 99 % (processor ms)", 50.0),
    ("due", "case due, four items a case (processor ms)", 200.0),
    ("proof", "log verify (1,000 events a processor s)", 100.0),
    ("memory", "peak of memory while asking (MB)", None),
)
_COLOURS = ("#1b5e9c", "#b3541e")


def plot(curves: Sequence[Curve]) -> str:
    """Four small plots over the number of events, one line for each store; what is aimed at is dashed."""
    most = max(x for one in curves for line in one.points.values() for x, _ in line)
    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 560" font-family="sans-serif"'
        ' font-size="13">'
    ]
    for number, (what, title, aim) in enumerate(_PANELS):
        left, top = 60 + number % 2 * 355, 40 + number // 2 * 270
        scale = 1e-3 if what == "proof" else 1.0
        high = 1.25 * max([y * scale for one in curves for _, y in one.points[what]] + [aim or 0.0])

        def at(x: float, y: float, left: int = left, top: int = top, high: float = high) -> str:
            return f"{left + 270 * x / most:.1f},{top + 180 - 180 * y / high:.1f}"

        parts += [
            f'<text x="{left}" y="{top - 14}" font-weight="bold">{title}</text>',
            f'<path d="M{left} {top}V{top + 180}H{left + 270}" fill="none" stroke="#444"/>',
            f'<text x="{left - 6}" y="{top + 184}" text-anchor="end">0</text>',
        ]
        ends = sorted(((one.points[what][-1][1] * scale, n) for n, one in enumerate(curves)), reverse=True)
        for x in (most // 10, 3 * most // 10, most):
            place = at(x, 0).split(",")
            said = f"{x / 1e6:.3g} M events" if x == most else f"{x / 1e6:.3g} M"
            anchor = "end" if x == most else "middle"
            right = left + 270 if x == most else place[0]
            parts.append(
                f'<path d="M{place[0]} {top + 180}v5" stroke="#444"/>'
                f'<text x="{right}" y="{top + 200}" text-anchor="{anchor}">{said}</text>'
            )
        if aim is not None:
            y = at(0, aim).split(",")[1]
            parts += [
                f'<path d="M{left} {y}H{left + 270}" stroke="#777" stroke-dasharray="5 4"/>',
                f'<text x="{left - 6}" y="{float(y) + 4:.1f}" text-anchor="end">{aim:.0f}</text>',
            ]
        above = min(float(at(0, value).split(",")[1]) for value, _ in ends) - 9
        for row, (value, n) in enumerate(reversed(ends)):
            one = curves[n]
            line = [at(x, y * scale) for x, y in one.points[what]]
            parts.append(
                f'<polyline points="{" ".join(line)}" fill="none" stroke="{_COLOURS[n]}" stroke-width="2"/>'
            )
            for place_ in line:
                x_, y_ = place_.split(",")
                parts.append(f'<circle cx="{x_}" cy="{y_}" r="3" fill="{_COLOURS[n]}"/>')
            parts.append(
                f'<text x="{left + 270}" y="{above - 16 * row:.1f}" text-anchor="end" fill="{_COLOURS[n]}">'
                f"{one.name} {value:,.0f}</text>"
            )
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed of the cases.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--store", choices=("sqlite", "postgresql"))
    parser.add_argument("--plot", type=Path, help="write an SVG file here")
    given = parser.parse_args()
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; Python"
        f" {platform.python_version()}, SQLite {sqlite3.sqlite_version}, pydantic {version('pydantic')},"
        f" SQLAlchemy {version('sqlalchemy')}, psycopg {version('psycopg')}"
    )
    sizes = [given.cases // 10, 3 * given.cases // 10, given.cases]
    folder = Path(tempfile.mkdtemp(prefix="cases"))
    curves = []
    try:
        with open_desk(Settings(home=folder / "pattern")) as store:
            pattern = work(case_desk(store.log))
        if given.store != "postgresql":
            curves.append(grown("SQLite", Settings(home=folder / "home"), sizes, pattern))
            print(f"  the file: {(folder / 'home' / 'desk.db').stat().st_size / 1e6:,.0f} MB")
            shutil.rmtree(folder / "home")
        if given.store != "sqlite":
            from local_postgres import LocalPostgres

            server = LocalPostgres("shared_buffers = 512MB\nmax_wal_size = 4GB\n")
            try:
                settings = Settings(home=folder / "none", database=server.new_store())
                curves.append(grown("PostgreSQL", settings, sizes, pattern))
                with server.connect() as link:
                    size = link.execute("SELECT pg_database_size(current_database())").fetchone()
                print(f"  the database: {int(str(size and size[0])) / 1e6:,.0f} MB")
            finally:
                server.stop()
        if given.plot:
            given.plot.write_text(plot(curves), encoding="utf-8")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
    main()
