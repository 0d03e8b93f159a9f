"""Many generated cases: no product for a state depends on what that state may not read.

Run: ``nice -n 10 python tools/campaign_cases.py 100000``. Prints cases, changes tried and the time; stops at
the first product that differs, with its seed.
"""

from __future__ import annotations

import importlib.util
import random
import sys
import time
from pathlib import Path
from types import ModuleType

STEP = 20_000


def _worlds() -> ModuleType:
    """The generator of the tests."""
    path = Path(__file__).parent.parent / "tests" / "case" / "life" / "worlds_of_statements.py"
    spec = importlib.util.spec_from_file_location("worlds_of_statements", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def main(count: int, first: int = 0) -> int:
    worlds = _worlds()
    begun = time.perf_counter()
    tried = told = 0
    for seed in range(first, first + count):
        dice = random.Random(seed)
        sheet = worlds.statements(dice)
        state = dice.choice(worlds.STATES)
        found, seen = worlds.product(sheet, state)
        told += not found.empty
        texts = {one.text for one in sheet if worlds.readable(one, state)}
        leak = [
            one.id
            for one in sheet
            if not worlds.readable(one, state) and one.text not in texts and one.text.encode() in seen
        ]
        other = worlds.changed(dice, sheet, state)
        tried += other is not None
        if leak or (other is not None and worlds.product(other, state)[1] != seen):
            print(f"seed {seed}: the product for {state} depends on a statement it may not read {leak}")
            return 1
        if (seed - first + 1) % STEP == 0:
            print(f"{seed - first + 1:,} cases, {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    print(
        f"{count:,} cases, {told:,} with something to tell, {tried:,} changes of what may not be read: "
        f"every product the same, {time.perf_counter() - begun:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, *map(int, sys.argv[2:3])))
