"""Many generated cases: no product for a state depends on what that state may not read.

Run: ``nice -n 10 python tools/campaign_cases.py 100000``. Prints cases, changes tried and the time; stops at
the first product that differs, with its seed.
"""

from __future__ import annotations

import importlib
import random
import sys
import time
from pathlib import Path
from types import ModuleType

STEP = 20_000


def _worlds() -> ModuleType:
    """The generator of the tests."""
    sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "case"))
    return importlib.import_module("life.worlds_of_statements")


def main(count: int, first: int = 0) -> int:
    worlds = _worlds()
    begun = time.perf_counter()
    tried = told = updates = 0
    for seed in range(first, first + count):
        dice = random.Random(seed)
        sheet = worlds.statements(dice)
        state = dice.choice(worlds.STATES)
        found, shown = worlds.product(sheet, state)
        told += not found.empty
        texts = {one.text for one in sheet if worlds.readable(one, state)}
        leak = [
            one.id
            for one in sheet
            if not worlds.readable(one, state) and one.text not in texts and one.text.encode() in shown
        ]
        other = worlds.changed(dice, sheet, state)
        tried += other is not None
        if leak or (other is not None and worlds.product(other, state)[1] != shown):
            print(f"seed {seed}: the product for {state} depends on a statement it may not read {leak}")
            return 1
        course = worlds.course(dice)
        other = worlds.other_course(dice, course, state)
        updates += other is not None
        if other is not None and worlds.seen(other, state) != worlds.seen(course, state):
            print(f"seed {seed}: what {state} sees of a course depends on a statement it may not read")
            return 1
        if (seed - first + 1) % STEP == 0:
            print(f"{seed - first + 1:,} cases, {time.perf_counter() - begun:.0f} s", file=sys.stderr)
    print(
        f"{count:,} cases, {told:,} with something to tell, {tried:,} changes of what may not be read, and"
        f" {updates:,} in courses where statements replace others: every product the same,"
        f" {time.perf_counter() - begun:.0f} s"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, *map(int, sys.argv[2:3])))
