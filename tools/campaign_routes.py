"""Try shortest permitted routes on thousands of random cases, against two judges.

    python tools/campaign_routes.py [--toy 2000] [--real 200] [--seed 1]

Toy worlds are judged by a visibility graph with exact geodesics (``tests/route/visibility.py``). On the real
world the judges are the crossing kernel, which knows nothing of the mesh (does the route enter a refusing
state, and how far?), and a search over the whole fine mesh without a guide (is there a shorter one?).
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent / "tests" / "route")]

from toyworld import lonlat, toy_finder, toy_world  # noqa: E402
from visibility import shortest_km  # noqa: E402

from overflight.route.crossing import crossings  # noqa: E402
from overflight.route.geodesy import length_km  # noqa: E402
from overflight.route.permitted import RouteFinder, finder  # noqa: E402
from overflight.world import airspace  # noqa: E402
from overflight.world.mesh import reduced_vectors  # noqa: E402


def random_pair(rng: np.random.Generator) -> NDArray[np.float64]:
    """Two points on the sphere that are not nearly antipodal, (2, 3)."""
    while True:
        p = rng.normal(size=(2, 3))
        p /= np.linalg.norm(p, axis=1)[:, None]
        if p[0] @ p[1] > -0.9:
            return np.asarray(p)


def toy(cases: int, seed: int) -> None:
    """Random worlds against the visibility graph."""
    rng = np.random.default_rng(seed)
    done = closed = wrong = 0
    worst = 0.0
    while done < cases:
        world = toy_world(
            int(rng.integers(1 << 30)), sites=int(rng.integers(24, 60)), depth=int(rng.integers(0, 3))
        )
        routes = toy_finder(world)
        for _ in range(10):
            p = random_pair(rng)
            ends = {routes.state_at(q) for q in lonlat(p)}
            refused = {
                k for k in range(1, world.countries + 1) if rng.random() < 0.5 and f"S{k:02}" not in ends
            }
            found = routes.shortest(*lonlat(p), {f"S{k:02}" for k in refused})
            want = shortest_km(world, refused, p[0], p[1])
            done += 1
            if found is None or math.isinf(want):
                closed += 1
                wrong += (found is None) != math.isinf(want)
                continue
            worst = max(worst, abs(found.km / want - 1))
    print(f"toy worlds: {done} cases, {closed} closed, {wrong} disagree on that; "
          f"lengths differ by {worst:.1e} at most")  # fmt: skip


def real(cases: int, seed: int, routes: RouteFinder) -> None:
    """Random pairs and refusing states on the shipped borders."""
    rng = np.random.default_rng(seed)
    world, states = airspace.load(), sorted(routes.states)
    longer = entered_km = 0.0
    closed = wrong = bent = 0
    for _ in range(cases):
        ends = lonlat(random_pair(rng))
        refuse = {states[k] for k in rng.choice(len(states), rng.integers(1, 31), replace=False)}
        found = routes.shortest(*ends, refuse)
        refuse -= {routes.state_at(q) for q in ends}
        refused = np.array([state in refuse for state in routes.face_state])
        p = reduced_vectors(ends)
        t = [routes.fine.locate(q) for q in p]
        whole = routes.fine.shortest(refused, p[0], t[0], p[1], t[1], math.inf)
        if found is None or whole is None:
            closed += 1
            wrong += (found is None) != (whole is None)
            continue
        bent += len(found.line) > 2
        longer = max(longer, found.km / length_km(lonlat(whole)) - 1)
        inside = sum(c.exit_km - c.entry_km for c in crossings(found.line, world) if c.state in refuse)
        entered_km = max(entered_km, inside)
    print(f"real borders: {cases} cases, {bent} bent, {closed} closed, {wrong} disagree on that; "
          f"longer than the whole-mesh search by {longer:.1e} at most; "
          f"inside refusing airspace {1000 * entered_km:.1f} m at most")  # fmt: skip


def main() -> int:
    """Run both parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--toy", type=int, default=2000)
    parser.add_argument("--real", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    toy(options.toy, options.seed)
    real(options.real, options.seed, finder())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
