"""How fast telegrams are read, and whether time and memory stay in proportion.

Run it with::

    python benchmarks/telegrams.py [--large] [--plot FILE]

Reading means bytes to the text of ``read --json``: repairs, warnings, meaning and roll-up included. The
telegrams are generated (see ``tests/telegram/generate.py``), 4 to 6 kB each: of ordinary sentences, and with
every eighth word a trap (a lone number, a letter with a full stop, a mark in the middle), each clean and with
two kinds of damage. Figures are processor seconds of one process; the calibration line lets two machines, or
two hours of one machine, be compared.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import random
import resource
import sys
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from overflight.telegram import Telegram, read, to_json, write
from telegram.generate import DAMAGES, WORDS, damaged, telegram

RECEIVED = dt.date(2026, 12, 31)


def _prose(r: random.Random, model: Telegram) -> Telegram:
    """The same telegram with sentences of ordinary words, nine to a sentence."""

    def text(length: int) -> str:
        words = [r.choice(WORDS) for _ in range(max(9, length // 7))]
        return " ".join(w + ("." if n % 9 == 8 else "") for n, w in enumerate(words)).rstrip(".") + "."

    paragraphs = tuple(
        replace(p, text="\n".join(text(len(t)) for t in p.text.split("\n"))) for p in model.paragraphs
    )
    return replace(model, paragraphs=paragraphs)


def sample(count: int, *, hurt: bool, prose: bool = False) -> list[bytes]:
    """Telegrams of about 5 kB."""
    out: list[bytes] = []
    seed = 0
    while len(out) < count:
        r = random.Random(seed)
        seed += 1
        model = _prose(r, telegram(r)) if prose else telegram(r)
        text = write(model, verify=False)
        if 4000 <= len(text) <= 6000:
            out.append(damaged(r, model, r.sample(list(DAMAGES), 2))[0] if hurt else text.encode())
    return out


def rate(files: list[bytes]) -> float:
    """Telegrams each second of processor time, the best of five rounds."""
    best = float("inf")
    for _ in range(5):
        begin = time.process_time()
        for data in files:
            json.dumps(to_json(read(data, received=RECEIVED)))
        best = min(best, time.process_time() - begin)
    return len(files) / best


def long_telegram(size: int) -> bytes:
    """One telegram of about ``size`` bytes."""
    head = (
        "P 011530Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 000001\n"
        "TAGS: EAIR\nSUBJECT: EXERCISE: LONG\n\n"
    )
    words = "THE GOVERNMENT IS ASKED TO REFUSE PERMISSION FOR THIS FLIGHT AND TO REPORT"
    line = f"(S//REL TO USA, TJK) {words}.\n" + f"{words}.\n" * 4 + "\n"
    count = max(1, (size - len(head)) // (len(line) + 5))
    return (head + "".join(f"{n}. {line}" for n in range(1, min(count, 900) + 1))).encode() + (
        ("A SECOND PART: " + line) * max(0, count - 900)
    ).encode()


def noise(size: int) -> bytes:
    """A head with random bytes behind it."""
    return b"P 011530Z AUG 26\nFM SECSTATE WASHDC\nBT\nUNCLAS STATE 000001\n" + random.Random(1).randbytes(
        size
    )


def plot(points: dict[str, list[tuple[float, float]]]) -> str:
    """An SVG of seconds over megabytes, one line for each kind."""
    right = max(x for line in points.values() for x, _ in line)
    top = max(y for line in points.values() for _, y in line)

    def at(x: float, y: float) -> str:
        return f"{60 + 520 * x / right:.1f},{300 - 260 * y / top:.1f}"

    parts = [
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 350" '
        'font-family="sans-serif" font-size="13">',
        '<path d="M60 40V300H580" fill="none" stroke="#444"/>',
        f'<text x="580" y="325" text-anchor="end">{right:.0f} MB</text><text x="60" y="325">0</text>',
        f'<text x="52" y="46" text-anchor="end">{top:.0f} s</text>',
    ]
    for (name, line), colour in zip(points.items(), ("#1b5e9c", "#b3541e"), strict=True):
        path = " ".join(at(x, y) for x, y in [(0.0, 0.0), *line])
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [
            f'<circle cx="{at(x, y).split(",")[0]}" cy="{at(x, y).split(",")[1]}" r="3" fill="{colour}"/>'
            for x, y in line
        ]
        x, y = at(*line[-1]).split(",")
        parts.append(f'<text x="{x}" y="{float(y) - 8:.1f}" text-anchor="end" fill="{colour}">{name}</text>')
    return "\n".join([*parts, "</svg>", ""])


def main() -> None:
    """Print the figures with machine and versions beside them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help="lengths up to 50 MB")
    parser.add_argument("--plot", type=Path, help="write seconds over megabytes as SVG")
    options = parser.parse_args()
    points: dict[str, list[tuple[float, float]]] = {}
    load = os.getloadavg()[0]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"
    )
    begin = time.process_time()
    sum(n * n for n in range(5_000_000))
    print(f"calibration: 5 million squares summed in {time.process_time() - begin:.2f} s")
    for name, hurt, prose in (
        ("ordinary sentences", False, True),
        ("ordinary sentences, damaged", True, True),
        ("full of traps", False, False),
        ("full of traps, damaged", True, False),
    ):
        files = sample(300, hurt=hurt, prose=prose)
        mean = sum(map(len, files)) / len(files)
        print(f"{name}: {rate(files):.0f} telegrams of {mean:.0f} bytes per second and core")
    sizes = [100_000, 400_000, 1_600_000, 6_400_000] + ([25_000_000, 50_000_000] if options.large else [])
    for name, make in (("telegram", long_telegram), ("noise", noise)):
        for size in sizes:
            data = make(size)
            begin = time.process_time()
            read(data, received=RECEIVED)
            took = time.process_time() - begin
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            mb = len(data) / 1e6
            points.setdefault(name, []).append((mb, took))
            print(f"{name} of {mb:.1f} MB: {took:.2f} s, {mb / took:.1f} MB/s, peak {peak:.0f} MB")

    if options.plot:
        options.plot.write_text(plot(points), encoding="utf-8")


if __name__ == "__main__":
    main()
