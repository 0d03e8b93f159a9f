"""Many pairs of desks: everything asked of both, as a guest and as nobody, and every byte compared.

Run: ``nice -n 10 python tools/campaign_desk.py PAIRS [FIRST]``. Prints requests and the time for each pair;
stops at the first pair that a guest could tell apart, with its seeds.
"""

from __future__ import annotations

import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "tests" / "desk"))


def main(count: int, first: int = 0) -> int:
    from test_noninterference import NOBODY, PROGRAM, G, made, told
    from two_desks import SEEN

    total, begun = 0, time.perf_counter()
    for number in range(first, first + count):
        seeds = (f"{number} one", f"{number} other")
        with tempfile.TemporaryDirectory() as folder, ExitStack() as opened:
            desks = made(Path(folder), seeds, opened)
            if desks.built[0].papers != desks.built[1].papers:
                print(f"seeds {seeds}: the guest's papers have other names")
                return 1
            crawl = desks.crawl((G, PROGRAM, NOBODY), seed=number, thorough=number % 5 == 0)
        total += crawl.asked
        seen = all(crawl.saw(words) for words in SEEN)
        if crawl.differences or crawl.broken or not seen:
            print(f"seeds {seeds}:\n{told(crawl)}\nfaults of the desk: {crawl.broken[:3]}; all seen: {seen}")
            return 1
        took = time.perf_counter() - begun
        print(f"{number - first + 1} pairs, {total:,} requests to each desk, {took:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*(int(one) for one in sys.argv[1:3])))
