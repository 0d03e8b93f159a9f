"""How fast a case is shown, among many cases of a hundred events each.

One case is worked for real over the shipped borders: opened, five states approached, ninety-three answers.
Its events are then recorded again under other names, and cases are shown in random order.

Run: ``python benchmarks/cases.py [CASES]`` (default 10,000: a million events).
"""

from __future__ import annotations

import platform
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

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
from overflight.store.desk import open_desk
from overflight.store.event import Draft, Event
from overflight.world.flight_file import read_flight

EVENTS = 100
STATES = ("IND", "PAK", "AFG", "CHN", "BGD")
START = datetime(2008, 8, 1, tzinfo=UTC)
MARK = "S//REL TO USA, AFG, BGD, CHN, IND, PAK"


def work(desk: CaseDesk) -> list[Event]:
    """One case of a hundred events, worked as an officer would."""
    path = Path(str(files("overflight.world"))) / "data" / "demo" / "KOR621.toml"
    sheet = Sheet("It is planned for 7 August.", MARK, "EXERCISE", ("route", "dates"))
    open_case(desk, read_flight(path), case_id="C0", title="EXERCISE", statements=[sheet], at=START)
    due = START + timedelta(days=5)
    approach(desk, "C0", STATES, ask=["refuse-overflight"], due=due, at=START + timedelta(hours=1))
    count = EVENTS - len(desk.events("C0"))
    for number in range(count):
        said = ("ALLOW", "DENY_OVERFLIGHT", "NO_REQUEST_RECEIVED")[number // len(STATES) % 3]
        answer(desk, "C0", STATES[number % len(STATES)], said, at=START + timedelta(days=1, minutes=number))
    return desk.events("C0")


def copies(desk: CaseDesk, pattern: Sequence[Event], cases: int) -> None:
    """The same events under other names, with their agendas."""
    items = agenda_of(fold(pattern))
    for number in range(1, cases):
        name = f"C{number}"
        drafts = [Draft(name, e.kind, e.body, e.true_at, e.by, e.source) for e in pattern]
        desk.log.append(drafts, agenda={name: [replace(item, case=name) for item in items]})


def measured(what: str, times: int, do: Callable[[], object]) -> None:
    took = []
    for _ in range(times):
        begun = time.perf_counter()
        do()
        took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    print(f"{what:34} median {took[len(took) // 2]:7.1f} ms   99 % {took[int(len(took) * 0.99)]:7.1f} ms")


def main(cases: int) -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    print(f"pydantic {version('pydantic')}, SQLAlchemy {version('sqlalchemy')}")
    dice = random.Random(1)
    with tempfile.TemporaryDirectory() as folder, open_desk(Settings(home=Path(folder))) as store:
        desk = CaseDesk(store.log, Earth(), LawBook(), "USA", "bench")
        pattern = work(desk)
        copies(desk, pattern, cases)
        size = (Path(folder) / "desk.db").stat().st_size
        print(f"{cases:,} cases of {len(pattern)} events, {size / 1e6:,.0f} MB")
        now = START + timedelta(days=2)

        def any_case() -> str:
            return f"C{dice.randrange(cases)}"

        measured("case, its first line", 200, lambda: headline(desk.load(any_case()), now))
        measured("case as JSON", 200, lambda: to_json(desk.load(any_case()), now))
        measured("case as of a time", 200, lambda: desk.load(any_case(), datetime.now(UTC)))
        for days in (1, 14):
            soon = now + timedelta(days=days)
            count = len(due_list(desk.log.agenda(before=soon), now))
            measured(f"{count:,} due within {days} days", 20, partial(due_by, desk, soon, now))


def due_by(desk: CaseDesk, soon: datetime, now: datetime) -> int:
    return len(due_list(desk.log.agenda(before=soon), now))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
