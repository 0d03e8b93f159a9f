"""How fast all minimal coalitions are found on real geography.

Random pairs of large aerodromes, range 1.3 times the great circle, coalitions of up to six states. The peer
is the same enumeration as a textbook has it, run on the same pairs in the same process: the covering step of
the same kept solver, but each route's states taken as they come, not reduced to a corridor, and nothing
remembered.

    python benchmarks/coalitions.py --pairs 200 --seed 1 --peer 40
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
from pysat.examples.hitman import Hitman

from overflight.coalition import Coalitions, Oracle, RouteFound, coalitions, importance
from overflight.route.geodesy import length_km
from overflight.route.permitted import RouteFinder, RouteOracle, finder
from overflight.world.aerodromes import Aerodrome, aerodrome, aerodromes_of
from overflight.world.states import alpha3_codes

STRETCH, SIZE = 1.3, 6


class Counted:
    """An oracle that counts its searches and times them."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle, self.candidates = oracle, oracle.candidates
        self.calls, self.seconds = 0, 0.0

    @property
    def blocking(self) -> frozenset[str] | None:
        """Which refusals mattered, where the oracle under measurement tells it."""
        known: frozenset[str] | None = getattr(self.oracle, "blocking", None)
        return known

    def route(self, refusing: frozenset[str]) -> RouteFound | None:
        begun = time.perf_counter()
        answer = self.oracle.route(refusing)
        self.seconds += time.perf_counter() - begun
        self.calls += 1
        return answer


@dataclass(frozen=True)
class Run:
    """One pair, measured."""

    name: str
    seconds: float
    cpu_seconds: float
    in_routes: float
    calls: int
    found: Coalitions
    importance_seconds: float


def pairs(
    count: int, seed: int, least_km: float, most_km: float
) -> Iterator[tuple[Aerodrome, Aerodrome, float]]:
    """Yield random pairs of large aerodromes whose distance lies between the two limits."""
    codes = [code for state in alpha3_codes() for code in aerodromes_of(state)]
    large = [place for place in map(aerodrome, codes) if place.size == "large"]
    draw = np.random.default_rng(seed)
    drawn = 0
    while drawn < count:
        a, b = (large[i] for i in draw.choice(len(large), size=2, replace=False))
        km = float(length_km(np.array([[a.lon, a.lat], [b.lon, b.lat]])))
        if a.state != b.state and least_km <= km <= most_km:
            drawn += 1
            yield a, b, km


def textbook(oracle: Oracle, size: int) -> list[frozenset[str]]:
    """Return all minimal coalitions by the plainest implicit hitting sets."""
    found: list[frozenset[str]] = []
    first = oracle.route(frozenset())
    if first is None or oracle.route(oracle.candidates) is not None:
        return found
    with Hitman(bootstrap_with=[sorted(first.states)]) as cover:
        while (chosen := cover.get()) is not None and len(chosen) <= size:
            answer = oracle.route(frozenset(chosen))
            if answer is None:
                found.append(frozenset(chosen))
                cover.block(chosen)
            else:
                cover.hit(sorted(answer.states - set(chosen)))
    return found


def measure(routes: RouteFinder, a: Aerodrome, b: Aerodrome, km: float) -> Run:
    """Find the coalitions of one pair, the candidate states included in the time."""
    begun, cpu_begun = time.perf_counter(), time.process_time()
    oracle = Counted(RouteOracle(routes, (a.lon, a.lat), (b.lon, b.lat), STRETCH * km))
    found = coalitions(oracle, max_size=SIZE)
    seconds, cpu_seconds = time.perf_counter() - begun, time.process_time() - cpu_begun
    begun = time.perf_counter()
    importance(found)
    return Run(
        f"{a.icao}-{b.icao}",
        seconds,
        cpu_seconds,
        oracle.seconds,
        oracle.calls,
        found,
        time.perf_counter() - begun,
    )


def peer(
    routes: RouteFinder, a: Aerodrome, b: Aerodrome, km: float
) -> tuple[float, int, set[frozenset[str]]]:
    """Measure the textbook on one pair."""
    begun = time.perf_counter()
    oracle = Counted(RouteOracle(routes, (a.lon, a.lat), (b.lon, b.lat), STRETCH * km))
    found = textbook(oracle, SIZE)
    return time.perf_counter() - begun, oracle.calls, set(found)


def machine() -> str:
    """Return the line that says what was measured on what."""
    parts = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "python-sat"))
    return f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {parts}"


def spread(values: list[float], digits: int = 2) -> str:
    """Return median, 95th percentile and largest as table cells."""
    return " | ".join(f"{value:,.{digits}f}" for value in np.percentile(values, [50, 95, 100]))


def report(runs: list[Run], peers: list[tuple[Run, float, int]]) -> None:
    """Print the table."""
    seas = sum(run.found.beyond_reach for run in runs)
    print(
        f"{len(runs)} pairs, range {STRETCH} x great circle, coalitions of up to {SIZE} states; {machine()}"
    )
    whole = sum(run.found.complete for run in runs)
    print(f"{seas} pairs have a way over the high seas; {whole} lists are whole\n")
    for title, chosen in (
        ("all pairs", runs),
        ("not over the seas", [r for r in runs if not r.found.beyond_reach]),
    ):
        if not chosen:
            continue
        print(f"| {title} ({len(chosen)}) | median | 95 % | most |")
        print("|---|---|---|---|")
        print(f"| seconds | {spread([run.seconds for run in chosen], 3)} |")
        print(f"| the same on the processor's clock | {spread([run.cpu_seconds for run in chosen], 3)} |")
        print(f"| of the seconds, in the route finder | {spread([run.in_routes for run in chosen], 3)} |")
        print(f"| route searches | {spread([run.calls for run in chosen], 0)} |")
        print(f"| coalitions | {spread([len(run.found.coalitions) for run in chosen], 0)} |")
        print(f"| corridors | {spread([len(run.found.corridors) for run in chosen], 0)} |")
        print(f"| importance, seconds | {spread([run.importance_seconds for run in chosen], 3)} |\n")
    if peers:
        ours, theirs = sum(run.seconds for run, _, _ in peers), sum(seconds for _, seconds, _ in peers)
        calls = sum(run.calls for run, _, _ in peers), sum(count for _, _, count in peers)
        print(
            f"textbook on the first {len(peers)} pairs not over the seas: {theirs / ours:.2f} x the time, ",
            end="",
        )
        print(f"{calls[1] / calls[0]:.2f} x the route searches, same coalitions, no minimal corridors")


def main(routes: RouteFinder | None = None) -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--least-km", type=float, default=4000.0)
    parser.add_argument("--most-km", type=float, default=12000.0)
    parser.add_argument("--peer", type=int, default=20, help="pairs to run the textbook on as well")
    parser.add_argument("--verbose", action="store_true", help="one line per pair on stderr")
    options = parser.parse_args()
    routes = routes or finder()
    runs: list[Run] = []
    peers: list[tuple[Run, float, int]] = []
    for number, (a, b, km) in enumerate(
        pairs(options.pairs, options.seed, options.least_km, options.most_km)
    ):
        if number == 0:
            measure(routes, a, b, km)  # warm-up: compiled code is loaded
        run = measure(routes, a, b, km)
        runs.append(run)
        if options.verbose:
            found = run.found
            print(
                f"{run.name} {km:.0f} km {run.seconds:.3f} s ({run.cpu_seconds:.3f} s of the processor) "
                f"{run.calls} searches "
                f"{len(found.coalitions)} coalitions {len(found.corridors)} corridors "
                f"{found.why_incomplete or 'complete'}",
                file=sys.stderr,
                flush=True,
            )
        if len(peers) < options.peer and not run.found.beyond_reach:
            seconds, calls, found_too = peer(routes, a, b, km)
            if found_too != set(map(frozenset, run.found.coalitions)):
                print(f"{run.name}: the two lists of coalitions differ", file=sys.stderr)
                return 1
            peers.append((run, seconds, calls))
    report(runs, peers)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
