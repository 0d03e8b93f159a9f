"""How fast the desk's pages come with many cases and many people at work, and whether its memory stays.

The desk runs as it is served, one process over one store of ``--cases`` cases of a hundred events each
(those of ``benchmarks/cases.py``); the people are another process on the same machine, so both share its
cores. A person opens a page, looks at it for a while (``--think`` seconds on average, exponentially
distributed, never the same kind of page twice in a row), and opens the next; everybody keeps one connection,
as a browser does. Beside the pages officers record answers (``--writing`` of a hundred requests). The last
lines ask for pages as fast as they come; their peer is a file of the same server that needs neither store nor
template. A soak is the same for more minutes: the server's memory is noted all along, and plotted.

Run: ``python benchmarks/desk.py [--cases 10000] [--people 50] [--minutes 3] [--think 2] [--plot FILE.svg]``
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
import psutil

from cases import case_desk, copies, work
from overflight.desk.access import Role
from overflight.settings import Settings
from overflight.store import open_desk

#: Share of each page in a hundred, by the template of its address.
MIX = {
    "/": 18,
    "/cases": 10,
    "/cases?q=C12": 5,
    "/cases/{case}": 36,
    "/cases/{case}/whatif?refuse=IND,CHN": 8,
    "/cases/{case}/compose": 6,
    "/api/v1/cases/{case}": 8,
    "/law": 4,
    "/screen": 2,
    "/read": 3,
}

#: Different flights among the cases: for each one the desk works out likelihoods, times and law once.
_PLANS = 200


def settings_of(folder: Path, database: str = "") -> Settings:
    return Settings(home=folder, state="USA", office="bench", database=database)


def fill(settings: Settings, cases: int) -> None:
    """One case recorded as an officer would, and the same of other flights: `_PLANS` of them, each often."""
    with open_desk(settings) as store:
        pattern = work(case_desk(store.log))
        plain = json.dumps([event.body for event in pattern])
        each = max(1, cases // _PLANS)
        for first in range(1, cases, each):
            bodies = json.loads(plain.replace("KOR621", f"KOR{1000 + first}"))
            own = [replace(event, body=body) for event, body in zip(pattern, bodies, strict=True)]
            copies(store, own, range(first, min(first + each, cases)))


def run_desk(settings: Settings, pipe: Any) -> None:
    """The server, in a process of its own: says its address and the secrets of sessions, then serves."""
    from overflight.desk.accounts import accounts_of_store
    from overflight.desk.rooms import open_rooms
    from overflight.desk.serving import Place, serve

    rooms = open_rooms(settings)
    accounts = accounts_of_store(rooms.store.log.engine, rooms.store.log.where, rooms.clock)
    secrets = []
    for number in range(10):
        account = accounts.make(f"officer-{number}", Role.OFFICER)
        secrets.append(accounts.open(account, "bench"))
    serve(rooms, Place(port=0), lambda _, here: pipe.send((here, secrets)))


async def person(
    address: str,
    secret: str,
    cases: int,
    until: float,
    think_s: float,
    writing: float,
    dice: random.Random,
    taken: dict[str, list[float]],
    wrong: dict[str, int],
) -> None:
    """Open pages until the time is over, noting milliseconds by kind of page."""
    cookies = {"overflight": secret}
    async with httpx.AsyncClient(base_url=address, cookies=cookies, timeout=60) as client:
        await asyncio.sleep(dice.random() * think_s)
        last = ""
        while time.perf_counter() < until:
            kind = last
            while kind == last and len(MIX) > 1:
                kind = dice.choices(list(MIX), list(MIX.values()))[0]
            last = kind
            name = f"C{dice.randrange(1, cases)}"
            if dice.random() * 100 < writing:
                kind = "POST /api/v1/cases/{case}/answers"
                said = {"state": dice.choice(("IND", "PAK", "AFG")), "decision": "ALLOW"}
                begun = time.perf_counter()
                headers = {**await _form(client), "Idempotency-Key": str(dice.getrandbits(64))}
                try:
                    answer = await client.post(f"/api/v1/cases/{name}/answers", json=said, headers=headers)
                except httpx.RemoteProtocolError:
                    answer = await client.post(f"/api/v1/cases/{name}/answers", json=said, headers=headers)
            else:
                begun = time.perf_counter()
                try:
                    answer = await client.get(kind.format(case=name))
                except httpx.RemoteProtocolError:  # closed for idleness just now: a browser opens another
                    answer = await client.get(kind.format(case=name))
            taken.setdefault(kind, []).append((time.perf_counter() - begun) * 1e3)
            if answer.status_code >= 400:
                wrong[f"{kind} {answer.status_code}"] = wrong.get(f"{kind} {answer.status_code}", 0) + 1
            if think_s:
                await asyncio.sleep(dice.expovariate(1 / think_s))


_FORM: dict[int, str] = {}


async def _form(client: httpx.AsyncClient) -> Mapping[str, str]:
    """The token of this session's forms, as the page carries it."""
    if id(client) not in _FORM:
        page = (await client.get("/cases")).text
        _FORM[id(client)] = page.split('data-csrf="', 1)[1].split('"', 1)[0]
    return {"X-CSRF-Token": _FORM[id(client)]}


async def crowd(
    address: str, secrets: list[str], people: int, seconds: float, think_s: float, cases: int, writing: float
) -> tuple[dict[str, list[float]], dict[str, int]]:
    """Everybody at once."""
    taken: dict[str, list[float]] = {}
    wrong: dict[str, int] = {}
    until = time.perf_counter() + seconds
    await asyncio.gather(
        *(
            person(
                address,
                secrets[n % len(secrets)],
                cases,
                until,
                think_s,
                writing,
                random.Random(n),
                taken,
                wrong,
            )
            for n in range(people)
        )
    )
    return taken, wrong


def table(taken: Mapping[str, list[float]]) -> None:
    every = [ms for times in taken.values() for ms in times]
    for kind, times in [*sorted(taken.items()), ("all", every)]:
        times = sorted(times)
        at = lambda share, times=times: times[min(int(len(times) * share), len(times) - 1)]  # noqa: E731
        print(
            f"  {kind:42} {len(times):6}  median {statistics.median(times):7.1f}"
            f"  95 % {at(0.95):7.1f}  99 % {at(0.99):7.1f}  longest {times[-1]:7.1f} ms"
        )


async def noted(
    process: psutil.Process, seconds: float, memory: list[tuple[float, float]], every_s: float
) -> None:
    """The server's memory, MB, over minutes."""
    begun = time.perf_counter()
    while (past := time.perf_counter() - begun) < seconds:
        memory.append((past / 60, process.memory_info().rss / 1e6))
        await asyncio.sleep(every_s)


def plot(memory: list[tuple[float, float]]) -> str:
    """Memory over minutes, as SVG."""
    most, high = memory[-1][0], 1.2 * max(y for _, y in memory)
    line = " ".join(f"{60 + 600 * x / most:.1f},{240 - 200 * y / high:.1f}" for x, y in memory)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 290" font-family="sans-serif"'
        ' font-size="13">'
        f'<text x="60" y="24" font-weight="bold">Memory of the desk under load (MB)</text>'
        '<path d="M60 40V240H660" fill="none" stroke="#444"/>'
        f'<text x="54" y="{244 - 200 * memory[-1][1] / high:.1f}" text-anchor="end">'
        f"{memory[-1][1]:.0f}</text>"
        '<text x="54" y="244" text-anchor="end">0</text>'
        f'<text x="660" y="262" text-anchor="end">{most:.0f} min</text>'
        f'<polyline points="{line}" fill="none" stroke="#1b5e9c" stroke-width="2"/></svg>\n'
    )


async def measure(address: str, secrets: list[str], pid: int, given: argparse.Namespace) -> None:
    server = psutil.Process(pid)
    async with httpx.AsyncClient(base_url=address, cookies={"overflight": secrets[0]}, timeout=120) as client:
        for kind in MIX:  # what is made once is made
            begun = time.perf_counter()
            answer = await client.get(kind.format(case="C1"))
            print(f"  first {kind:36} {answer.status_code} {(time.perf_counter() - begun) * 1e3:8.1f} ms")
    memory: list[tuple[float, float]] = []
    cpu = server.cpu_times()
    watch = asyncio.create_task(noted(server, given.minutes * 60, memory, 30 if given.minutes > 10 else 5))
    begun = time.perf_counter()
    taken, wrong = await crowd(
        address, secrets, given.people, given.minutes * 60, given.think, given.cases, given.writing
    )
    wall = time.perf_counter() - begun
    watch.cancel()
    used = server.cpu_times()
    count = sum(map(len, taken.values()))
    busy = (used.user + used.system - cpu.user - cpu.system) / wall
    print(
        f"\n{given.people} people, {given.think} s of looking, {given.minutes} min: {count:,} answers,"
        f" {count / wall:.1f}/s, server busy {busy:.0%} of a core, load {os.getloadavg()[0]:.1f}"
    )
    table(taken)
    print(f"  not as wished: {wrong or 'none'}")
    half = memory[len(memory) // 2 :]
    print(
        f"  memory: {memory[0][1]:.0f} MB at first, {half[0][1]:.0f} MB half way,"
        f" {memory[-1][1]:.0f} MB at the end"
    )
    if given.plot:
        given.plot.write_text(plot(memory), encoding="utf-8")
    for name, mix in (("pages", dict(MIX)), ("/static/mark.svg", {"/static/mark.svg": 1})):
        saved = dict(MIX)
        MIX.clear()
        MIX.update(mix)
        begun = time.perf_counter()
        taken, _ = await crowd(address, secrets, 8, 10, 0.0, given.cases, 0)
        count = sum(map(len, taken.values()))
        print(f"as fast as they come, 8 at once, {name}: {count / (time.perf_counter() - begun):.0f}/s")
        MIX.clear()
        MIX.update(saved)


def main() -> None:
    parser = argparse.ArgumentParser(description="Load and soak of the desk.")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--think", type=float, default=2.0)
    parser.add_argument("--writing", type=float, default=1.0)
    parser.add_argument("--plot", type=Path)
    parser.add_argument("--keep", type=Path, help="keep the filled store here, and use it when it is there")
    given = parser.parse_args()
    print(
        f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores,"
        f" uvicorn {version('uvicorn')}, FastAPI {version('fastapi')}, load {os.getloadavg()[0]:.1f}"
    )
    folder = Path(tempfile.mkdtemp(prefix="desk-bench-"))
    try:
        kept = given.keep / "desk.db" if given.keep else None
        if kept is None or not kept.exists():
            begun = time.perf_counter()
            fill(settings_of(given.keep or folder), given.cases)
            print(
                f"{given.cases:,} cases of a hundred events recorded in {time.perf_counter() - begun:.0f} s"
            )
        if given.keep:
            shutil.copytree(given.keep, folder, dirs_exist_ok=True)
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=run_desk, args=(settings_of(folder), there))
        process.start()
        try:
            address, secrets = here.recv()
            assert process.pid is not None
            asyncio.run(measure(address, secrets, process.pid, given))
        finally:
            process.terminate()
            process.join(20)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
