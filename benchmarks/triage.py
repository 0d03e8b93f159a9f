"""Triage of permit applications: a cold `overflight screen --permits` over full lists.

    python benchmarks/triage.py --ofac DIR --un FILE [--rows 2000]

DIR holds OFAC's set of delimited files, FILE the consolidated list of the United Nations; without them the
script says so and stops. The applications are invented with a fixed seed: operators out of syllables, one
party in twenty one letter or one word away from a listed name, one in fifty listed as it stands, one aircraft
in fifty a listed one, and every hundredth row broken. Importing the lists is not counted; starting Python,
reading the lists, building the index, cutting the great circles and writing the answer are.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from overflight.screening.entity import Entity
from overflight.screening.lists import Library
from overflight.world.aerodromes import aerodrome, aerodromes_of
from overflight.world.states import alpha3_codes

SEED = 20261122
FIRST = date(2026, 11, 22)
TYPES = ("A320", "A332", "A333", "B738", "B744", "B77W", "IL76", "IL62", "AN12", "AN24", "A306", "MD11")
GOODS = ("", "", "", "tractor tyres", "flowers", "machine tools", "spare parts", "live fish", "relief goods")
#: Registers: state, prefix, letters and digits that follow, an address in the block.
REGISTERS = (
    ("IND", "VT-", "AAA", 0x800000),
    ("ARE", "A6-", "AAA", 0x896000),
    ("IRN", "EP-", "AAA", 0x730000),
    ("KAZ", "UP-", "A0000", 0x683000),
    ("KGZ", "EX-", "00000", 0x601000),
    ("TUR", "TC-", "AAA", 0x4B8000),
)
SYLLABLES = [
    text + ending for text in ("ba", "ko", "te", "ma", "li", "za", "ho", "no") for ending in ("", "r", "n")
]
TRADES = ("Air", "Airlines", "Cargo", "Aviation", "Trading", "Logistics", "Leasing", "Wings", "Charter")
COLUMNS = (
    *("call sign", "operator", "operator code", "registration", "type", "msn", "24-bit address"),
    *("owner", "owner state", "charterer", "charterer state", "handling agent", "applicant"),
    *("from", "to", "date", "etd", "true origin", "true destination", "purpose"),
    *("cargo", "cargo weight t", "consignor", "consignee", "entry point", "exit point"),
)


def places(rng: random.Random, count: int) -> list[str]:
    """Aerodromes with a paved runway of 2,400 m or more, from all states."""
    found = []
    for state in alpha3_codes():
        for code in aerodromes_of(state):
            one = aerodrome(code)
            if one.size == "large" and (one.longest_runway_m or 0) >= 2400:
                found.append(one.icao)
    return rng.sample(sorted(set(found)), min(count, len(set(found))))


def invented(rng: random.Random) -> str:
    word = "".join(rng.choice(SYLLABLES) for _ in range(rng.choice((2, 3, 3)))).capitalize()
    return f"{word} {rng.choice(TRADES)}{rng.choice(('', ' Ltd', ' LLC', ' FZE', ' Co'))}"


def near(rng: random.Random, name: str) -> str:
    """A listed name with one letter changed, or one word."""
    if rng.random() < 0.5:
        at = rng.randrange(len(name))
        return name[:at] + rng.choice("aeiounrst") + name[at + 1 :]
    words = name.split()
    words[rng.randrange(len(words))] = rng.choice(TRADES)
    return " ".join(words)


def party(rng: random.Random, pool: list[str], names: list[str]) -> str:
    dice = rng.random()
    if dice < 0.02:
        return rng.choice(names)
    return near(rng, rng.choice(names)) if dice < 0.07 else rng.choice(pool)


def applications(path: Path, count: int, entities: tuple[Entity, ...]) -> None:
    """Write the file."""
    rng = random.Random(SEED)
    names = sorted(
        one.caption for one in entities if one.schema in ("Organization", "Company") and len(one.caption) > 3
    )
    planes = sorted((one for one in entities if one.schema == "Airplane"), key=lambda one: one.id)
    pool = sorted({invented(rng) for _ in range(600)})
    where = places(rng, 250)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for number in range(count):
            if number % 100 == 99:
                file.write("half a row\r\n")
                continue
            origin, destination = rng.sample(where, 2)
            register, prefix, more, block = rng.choice(REGISTERS)
            mark = prefix + "".join(rng.choice("ABCDEFGH" if one == "A" else "0123456789") for one in more)
            address = f"{block + rng.randrange(0x400):06X}" if rng.random() < 0.2 else ""
            other = rng.choice(REGISTERS)[0] if rng.random() < 0.1 else register
            serial, kind = str(rng.randint(100, 99999)), rng.choice(TYPES)
            if planes and rng.random() < 0.02:
                plane = rng.choice(planes)
                marks = [one.value for one in plane.identifiers if one.kind == "registration"]
                serials = [one.value for one in plane.identifiers if one.kind == "serial"]
                mark = marks[0] if marks else mark
                address = ""
                serial = serials[0] if serials and rng.random() < 0.5 else serial
                kind = plane.model or kind
            goods = rng.choice(GOODS)
            day = FIRST + timedelta(days=rng.randint(0, 29))
            parties = [party(rng, pool, names) for _ in range(7)]
            table.writerow(
                (
                    f"{rng.choice(('XXX', 'YYY', 'ZZY'))}{rng.randint(1, 999)}",
                    *(parties[0], "", mark, kind, serial, address),
                    *(parties[1], other, parties[2] if rng.random() < 0.2 else "", ""),
                    *(parties[3], parties[4], origin, destination, day.isoformat()),
                    f"{rng.randint(0, 23):02d}:{rng.choice(('00', '15', '30', '45'))}",
                    *(origin, destination, "cargo" if goods else "passengers", goods),
                    *(rng.randint(1, 30) if goods else "", *(parties[5:7] if goods else ("", ""))),
                    *("ALPHA", rng.choice(("BRAVO", ""))),
                )
            )


def run(home: Path, file: Path, *more: str) -> dict[str, object]:
    """One cold command: wall and CPU seconds, most memory, and what it found."""
    command = [sys.executable, "-c", "from overflight.cli import main; raise SystemExit(main())"]
    command += ["screen", "--permits", str(file), "--json", *more]
    # A child of its own, so that the peak of memory is that of this run.
    code = (
        "import json,resource,subprocess,sys,time\n"
        "begin=time.perf_counter()\n"
        "done=subprocess.run(sys.argv[1:],capture_output=True)\n"
        "wall=time.perf_counter()-begin\n"
        "used=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "head=json.loads(done.stdout) if done.returncode<2 else {'levels':done.stderr.decode()}\n"
        "print(json.dumps({'exit':done.returncode,'wall_s':wall,'cpu_s':used.ru_utime+used.ru_stime,"
        "'peak_mb':used.ru_maxrss/1024,'rows':head.get('rows'),'levels':head['levels'],"
        "'output_mb':len(done.stdout)/1e6}))\n"
    )
    env = os.environ | {"OVERFLIGHT_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-c", code, *command], capture_output=True, text=True, env=env, check=True
    )
    return dict(json.loads(done.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--ofac", type=Path, help="folder with OFAC's delimited files")
    parser.add_argument("--ofac-published", type=date.fromisoformat, default=date(2021, 7, 15))
    parser.add_argument("--un", type=Path, help="the consolidated list of the United Nations, XML")
    parser.add_argument("--rows", type=int, nargs="+", default=[500, 2000, 8000])
    given = parser.parse_args()
    if given.ofac is None or given.un is None:
        print("no lists given (--ofac DIR --un FILE): nothing measured")
        return
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}", end=", ")
    print(f"Python {platform.python_version()}, seed {SEED}")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        library = Library(home)
        begin = time.process_time()
        library.add("ofac-sdn", sorted(given.ofac.glob("*.csv")), published=given.ofac_published)
        library.add("un", [given.un])
        print(f"import of the lists, not counted below: {time.process_time() - begin:.1f} CPU s")
        shot = library.as_of(FIRST)
        for version in shot.consulted:
            print(f"  {version.kind}, published {version.published}, {version.entries:,} entries")
        for count in given.rows:
            file = Path(folder) / f"permits-{count}.csv"
            applications(file, count, shot.entities)
            for label, more in (("every state", ()), ("one state", ("--state", "IND"))):
                found = run(home, file, *more)
                print(
                    f"{count:,} rows, {label}: {found['wall_s']:.1f} s wall, {found['cpu_s']:.1f} s CPU",
                    end=", ",
                )
                print(f"peak {found['peak_mb']:.0f} MB, {found['output_mb']:.1f} MB of JSON")
                print(f"  {found['levels']}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"(this script itself: peak {peak:.0f} MB)")


if __name__ == "__main__":
    main()
