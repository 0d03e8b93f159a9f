"""A campaign of round trips: random telegrams, clean and damaged, written and read back.

Run it with::

    python tools/campaign_telegrams.py --count 100000

Every model is written and read; then its text is damaged with one to four kinds of damage and read again. A
model that does not come back is printed with its seed, and so is one that only the quoted form can say. The
same seeds give the same telegrams.
"""

from __future__ import annotations

import argparse
import datetime as dt
import platform
import random
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from overflight.telegram import read, write
from telegram.generate import DAMAGES, ENCODINGS, aftn, damaged, telegram

RECEIVED = dt.date(2026, 12, 31)


def main() -> int:
    """Run the campaign and print a table; exit code 1 when a model was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--first", type=int, default=0, help="first seed")
    options = parser.parse_args()
    kinds = [*DAMAGES, *ENCODINGS]
    applied: Counter[str] = Counter()
    lost: list[str] = []
    quoted: list[str] = []
    size = 0
    clean = hurt = 0
    begin = time.perf_counter()
    for seed in range(options.first, options.first + options.count):
        r = random.Random(seed)
        if seed % 50 == 0:
            model = aftn(r)
            assert model.head.sent is not None
            text = write(model, verify=False)
            if read(text.encode(), received=model.head.sent.date()).telegram != model:
                lost.append(f"seed {seed}: AFTN")
            clean += 1
            continue
        model = telegram(r)
        text = write(model, verify=False)
        size += len(text)
        clean += 1
        if read(text.encode(), received=RECEIVED).telegram != model:
            # No plain text says it, as when a portion (C) follows a list of (A) and (B): the writer sees that
            # by reading its own text, and quotes.
            quoted.append(f"seed {seed}: clean text is ambiguous, quoted")
            if read(write(model).encode(), received=RECEIVED).telegram != model:
                lost.append(f"seed {seed}: clean")
            continue
        data, done = damaged(r, model, r.sample(kinds, r.randint(1, 4)))
        hurt += 1
        applied.update(done)
        if read(data, received=RECEIVED).telegram != model:
            lost.append(f"seed {seed}: {', '.join(done)}")
    took = time.perf_counter() - begin
    print(f"{platform.machine()}, {platform.python_implementation()} {platform.python_version()}")
    mean = size / max(hurt, 1)
    print(
        f"{clean} models clean, {hurt} damaged, {mean:.0f} characters each, {took:.0f} s, "
        f"quoted: {len(quoted)}, lost: {len(lost)}"
    )
    for name, count in sorted(applied.items()):
        print(f"  {count:7d}  {name}")
    for line in [*quoted, *lost][:50]:
        print(line)
    return 1 if lost else 0


if __name__ == "__main__":
    raise SystemExit(main())
