"""How fast telegrams are read, and whether time and memory stay in proportion.

Run it with::

    python benchmarks/telegrams.py [--large] [--files 2000] [--plot FILE]

Reading means bytes to model, repairs, warnings, meaning and roll-up; beside it stands the figure with the
text of ``read --json`` included. The telegrams are generated (see ``tests/telegram/generate.py``), 4 to 6
kB each: of ordinary sentences, and with every eighth word a trap (a lone number, a letter with a full stop,
a mark in the middle), each clean and with two kinds of damage. Each telegram is read once; others were read
before, so that tables are loaded and what recurs from telegram to telegram (marks, posts) is known. Figures
are of one process, by processor time and by the clock; the calibration lets two machines, or two hours of
one machine, be compared.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
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


def rate(files: list[bytes], *, text: bool) -> tuple[float, float, float, float]:
    """Telegrams of 5,000 bytes each second: best and median by processor time, best by the clock.

    The fourth is a median as well: processor time of one such telegram over that of the calibration run right
    before, which other work on the machine slows too. There are five rounds of other telegrams each, and one
    before them that does not count.
    """
    size = len(files) // 6
    rates: list[float] = []
    clocks: list[float] = []
    ratios: list[float] = []
    for turn in range(6):
        mine = files[turn * size : (turn + 1) * size]
        yardstick = calibration(300_000)
        begin, at = time.process_time(), time.perf_counter()
        for data in mine:
            reading = read(data, received=RECEIVED)
            if text:
                json.dumps(to_json(reading))
        took, clock = time.process_time() - begin, time.perf_counter() - at
        if turn:
            count = sum(map(len, mine)) / 5000
            rates.append(count / took)
            clocks.append(count / clock)
            ratios.append(took / count / yardstick)
    return max(rates), sorted(rates)[2], max(clocks), sorted(ratios)[2]


def calibration(count: int) -> float:
    """Processor seconds of a sum of squares."""
    begin = time.process_time()
    sum(n * n for n in range(count))
    return time.process_time() - begin


_CHILD = """
import contextlib, sys
from pathlib import Path
from overflight import cli
with contextlib.redirect_stdout(open("/dev/null", "w")):
    cli.main(["read", *sys.argv[1:], "--json"])
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""


def peaks(counts: tuple[int, ...]) -> list[tuple[str, float]]:
    """Peak memory, MB, of ``overflight read FILE... --json`` over so many files, and one that holds all."""
    found: list[tuple[str, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for n, data in enumerate(sample(max(counts), hurt=False, prose=True)):
            files.append(Path(folder) / f"{n:05d}.txt")
            files[-1].write_bytes(data)
        together = Path(folder) / "together.txt"
        together.write_bytes(b"\n\n".join(file.read_bytes() for file in files))
        runs = [(f"{count} files", files[:count]) for count in counts]
        runs.append(
            (f"one file of {together.stat().st_size / 1e6:.1f} MB with {max(counts)} telegrams", [together])
        )
        for name, given in runs:
            child = [sys.executable, "-c", _CHILD, *map(str, given)]
            out = subprocess.run(child, check=True, capture_output=True, text=True).stdout
            found.append((name, float(out) / 1024))
    return found


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


LONG = {"telegram": long_telegram, "noise": noise}


def one(name: str, size: int) -> None:
    """Read one long input in this process: megabytes, processor seconds, seconds, peak memory in MB."""
    data = LONG[name](size)
    begin, at = time.process_time(), time.perf_counter()
    read(data, received=RECEIVED)
    took, clock = time.process_time() - begin, time.perf_counter() - at
    # The mark of this program alone: ru_maxrss begins with that of the parent.
    peak = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
    print(len(data) / 1e6, took, clock, peak / 1024)


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
    parser.add_argument("--files", type=int, default=0, help="peak memory over one and this many files")
    parser.add_argument("--plot", type=Path, help="write seconds over megabytes as SVG")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        one(options.one[0], int(options.one[1]))
        return
    points: dict[str, list[tuple[float, float]]] = {}
    load = os.getloadavg()[0]
    print(
        f"{platform.machine()}, {os.cpu_count()} cores, load {load:.1f}, Python {platform.python_version()}"
    )
    print(f"calibration: 5 million squares summed in {calibration(5_000_000):.2f} s of processor time")
    for name, hurt, prose in (
        ("ordinary sentences", False, True),
        ("ordinary sentences, damaged", True, True),
        ("full of traps", False, False),
        ("full of traps, damaged", True, False),
    ):
        files = sample(2_400, hurt=hurt, prose=prose)
        mean = sum(map(len, files)) / len(files)
        print(f"{name}, {mean:.0f} bytes each, scaled to 5,000:")
        for what, text in (("read", False), ("read, and written as JSON", True)):
            best, median, clock, ratio = rate(files[text::2], text=text)
            print(
                f"    {what}: {best:.0f} per second of processor time, median {median:.0f}, {clock:.0f} by "
                f"the clock; one is {1000 * ratio:.0f} thousandths of 300,000 squares",
                flush=True,
            )
    if options.files:
        for name, peak in peaks((1, options.files)):
            print(f"overflight read --json, {name}: peak {peak:.1f} MB")
    sizes = [100_000, 400_000, 1_600_000, 6_400_000] + ([25_000_000, 50_000_000] if options.large else [])
    for name in LONG:
        for size in sizes:
            child = [sys.executable, __file__, "--one", name, str(size)]
            out = subprocess.run(child, check=True, capture_output=True, text=True).stdout
            mb, took, clock, peak = map(float, out.split())
            points.setdefault(name, []).append((mb, took))
            print(
                f"{name} of {mb:.1f} MB: {took:.2f} s of processor time, {clock:.2f} s by the clock, "
                f"{mb / took:.1f} MB/s, peak {peak:.0f} MB"
            )
    if options.plot:
        options.plot.write_text(plot(points), encoding="utf-8")


if __name__ == "__main__":
    main()
