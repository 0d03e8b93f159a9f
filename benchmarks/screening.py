"""Matching of names: precision and recall on labelled pairs, and speed over 50,000 names, beside two peers.

Usage: LISTS_DIR=FOLDER NK_PYTHON=PYTHON python benchmarks/screening.py [--names 50000] [--queries 2000]

Peers, in the same run: brute-force rapidfuzz (``token_sort_ratio``, with upper and lower case and marks made
one), and nomenklatura's ``logic-v2`` comparing pairs. nomenklatura needs PyICU and a compiler, so it runs in
an interpreter of its own: NK_PYTHON names one (``python -m venv nk && nk/bin/pip install nomenklatura``);
without it that peer is left out. LISTS_DIR names a folder with OFAC's and the UN's files for the names to
search; without it names are made up of syllables.

Pairs: data/screening_operators.csv (by hand) and data/screening_listed.csv (screening_parts/pairs.py). A
pair is for development where the first hexadecimal digit of the SHA-256 of "query|listed" is below 8, else
for the test; the pairs named by the project's own promises are for development. The threshold of a peer that
has no bands is the one with the best F1 on the development pairs.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import numpy as np
import rapidfuzz
from rapidfuzz import fuzz, process, utils

from overflight.screening.entity import Entity, Identifier, Name
from overflight.screening.index import Named, NameIndex
from overflight.screening.lists import Part, Snapshot, Version
from overflight.screening.names import name_form
from overflight.screening.query import Query
from overflight.screening.screener import Screener, screen

HERE = Path(__file__).parent
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class Pair:
    kind: str
    query: str
    listed: tuple[str, ...]
    countries: tuple[str, ...]
    same: bool
    why: str

    @property
    def part(self) -> str:
        if self.why.startswith("issue pair"):
            return "dev"
        digest = sha256(f"{self.query}|{'|'.join(self.listed)}".encode()).hexdigest()
        return "dev" if digest[0] < "8" else "test"


def pairs() -> list[Pair]:
    found = []
    for name in ("screening_operators.csv", "screening_listed.csv"):
        with (HERE / "data" / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                listed = tuple(row["listed"].split("|"))
                states = tuple(row["countries"].split())
                found.append(
                    Pair(row["kind"], row["query"], listed, states, row["same"] == "yes", row["why"])
                )
    return found


def version(entries: int) -> Version:
    return Version(
        "ofac-sdn", "Benchmark", "csv", TODAY, "user", datetime.now(UTC), (), "0" * 64, entries, {}, 1, "",
        (), (),
        Path("benchmark"),
    )  # fmt: skip


def entity(number: int, pair: Pair) -> Entity:
    kind = "registration" if pair.kind == "aircraft" else ""
    marks = tuple(Identifier(kind, mark) for mark in pair.listed) if kind else ()
    schema = {"person": "Person", "body": "Organization", "aircraft": "Airplane"}[pair.kind]
    names = tuple(Name(text, "strong" if at else "primary") for at, text in enumerate(pair.listed))
    return Entity("uk", f"pair-{number}", schema, pair.listed[0], names, marks, countries=pair.countries)


def ours(labelled: Sequence[Pair], others: Sequence[Entity]) -> list[float]:
    """The score of the pair's own entry, if it is found at all; weights from all listed names."""
    made: dict[tuple[str, tuple[str, ...]], Entity] = {}
    for pair in labelled:
        made.setdefault((pair.kind, pair.listed), entity(len(made), pair))
    entities = (*made.values(), *others)
    one = version(len(entities))
    lists = Screener(Snapshot(TODAY, None, (one,), (Part(one, "published", entities),)))
    scores = []
    for pair in labelled:
        field = {"person": "person", "body": "operator", "aircraft": "tail"}[pair.kind]
        found = screen(Query(**{field: pair.query}), lists)  # type: ignore[arg-type]
        wanted = made[pair.kind, pair.listed]
        scores.append(next((match.score for match in found.matches if match.entity is wanted), 0.0))
    return scores


def brute(labelled: Sequence[Pair]) -> list[float]:
    return [
        max(fuzz.token_sort_ratio(pair.query, name, processor=utils.default_process) for name in pair.listed)
        / 100
        for pair in labelled
    ]


def peer(labelled: Sequence[Pair], python: str) -> tuple[list[float], float]:
    """Scores, and pairs a second."""
    lines = [
        json.dumps({"kind": p.kind, "query": p.query, "listed": p.listed, "countries": p.countries})
        for p in labelled
    ]
    done = subprocess.run(
        [python, str(HERE / "screening_parts" / "peer.py")],
        input="\n".join(lines), capture_output=True, text=True, check=True, env={"PATH": os.environ["PATH"]},
    )  # fmt: skip
    *scores, rate = [float(line) for line in done.stdout.split()]
    return scores, rate


def rates(labelled: Sequence[Pair], scores: Sequence[float], least: float) -> tuple[float, float]:
    """Precision and recall at a threshold."""
    found = [pair.same for pair, score in zip(labelled, scores, strict=True) if score >= least - 1e-9]
    true = sum(found)
    return true / max(1, len(found)), true / max(1, sum(pair.same for pair in labelled))


def best(labelled: Sequence[Pair], scores: Sequence[float]) -> float:
    """The threshold with the best F1."""

    def f1(least: float) -> float:
        precision, recall = rates(labelled, scores, least)
        return 2 * precision * recall / max(1e-9, precision + recall)

    return max(sorted({round(score, 4) for score in scores if score > 0}), key=f1)


def quality(
    labelled: Sequence[Pair], results: dict[str, tuple[Sequence[float], dict[str, float | None]]]
) -> None:
    for part in ("dev", "test"):
        mine = [at for at, pair in enumerate(labelled) if pair.part == part]
        here = [labelled[at] for at in mine]
        print(f"\n{part}: {len(here)} pairs, {sum(p.same for p in here)} the same")
        for who, (scores, levels) in results.items():
            for label, least in levels.items():
                if least is None:
                    dev = [at for at, pair in enumerate(labelled) if pair.part == "dev"]
                    least = best([labelled[at] for at in dev], [scores[at] for at in dev])
                precision, recall = rates(here, [scores[at] for at in mine], least)
                print(
                    f"  {who:26} {label:22} from {least:.3f}: precision {precision:.3f}, recall {recall:.3f}"
                )
                by = defaultdict(list)
                for at in mine:
                    by[labelled[at].kind].append(at)
                for kind, ats in sorted(by.items()):
                    p, r = rates([labelled[at] for at in ats], [scores[at] for at in ats], least)
                    print(f"      {kind:9} {len(ats):4} pairs: precision {p:.3f}, recall {r:.3f}")


def listed_names(count: int) -> tuple[list[tuple[str, bool]], list[Entity]]:
    """Names to search: real ones first, then real words put together anew, or syllables."""
    rng = random.Random(1)
    found: list[tuple[str, bool]] = []
    entities: list[Entity] = []
    if "LISTS_DIR" in os.environ:
        from screening_parts.pairs import loaded

        entities = [one for one in loaded() if one.schema != "Airplane"]
        found = [(name.text, one.schema == "Person") for one in entities for name in one.names]
        print(f"names: {len(found):,} of real lists, the rest their words put together anew")
    words: dict[bool, list[list[str]]] = {True: [], False: []}
    for text, person in found:
        words[person].append(text.split())
    syllables = (
        "ma",
        "ko",
        "ri",
        "han",
        "qe",
        "shm",
        "al",
        "bu",
        "za",
        "di",
        "far",
        "ou",
        "ne",
        "to",
        "vich",
        "gu",
    )
    while len(found) < count:
        person = len(found) % 2 == 0
        if words[person]:
            one, other = rng.choice(words[person]), rng.choice(words[person])
            parts = [*one[: rng.randint(1, len(one))], *other[rng.randint(0, len(other) - 1) :]]
        else:
            parts = ["".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(rng.randint(2, 4))]
        found.append((" ".join(parts), person))
    return found[:count], entities


def hurried(text: str, rng: random.Random) -> str:
    letters = list(text)
    for _ in range(rng.choice((0, 1, 1, 2))):
        at = rng.randrange(len(letters))
        letters[at] = rng.choice("aeiourstnmkldh") if rng.random() < 0.5 else ""
    parts = "".join(letters).split() or [text]
    if rng.random() < 0.3:
        rng.shuffle(parts)
    return " ".join(parts)


def speed(names: list[tuple[str, bool]], queries: int, pairs_a_second: float | None) -> None:
    rng = random.Random(2)
    entities = [
        Entity("ofac-sdn", str(at), "Person" if person else "Organization", text, (Name(text),))
        for at, (text, person) in enumerate(names)
    ]
    one = version(len(entities))
    start = time.process_time()
    lists = Screener(Snapshot(TODAY, None, (one,), (Part(one, "published", tuple(entities)),)))
    built = time.process_time() - start
    kinds = {
        "half listed and misspelt, half not listed": [
            hurried(rng.choice(names)[0], rng)
            if at % 2
            else " ".join(rng.choice(names)[0].split()[:1] + rng.choice(names)[0].split()[-1:])
            for at in range(queries)
        ],
        "misspelt persons": [hurried(t, rng) for t, p in rng.sample(names, queries * 3) if p][:queries],
        "misspelt bodies": [hurried(t, rng) for t, p in rng.sample(names, queries * 3) if not p][:queries],
    }
    print(f"\nspeed over {len(names):,} names; index built in {built:.1f} s of one core")
    plain = [utils.default_process(text) for text, _ in names]
    for label, asked in kinds.items():
        asked = [text if any(c.isalnum() for c in text) else "example" for text in asked]
        for text in asked[:20]:
            screen(Query(name=text), lists)
        start = time.process_time()
        hits = sum(len(screen(Query(name=text), lists).matches) for text in asked)
        mine = len(asked) / (time.process_time() - start)
        start = time.process_time()
        found = process.cdist(
            [utils.default_process(text) for text in asked], plain, scorer=fuzz.token_sort_ratio,
            score_cutoff=70, dtype=np.uint8, workers=1,
        )  # fmt: skip
        theirs = len(asked) / (time.process_time() - start)
        print(
            f"  {label}: ours {mine:,.0f} screens/s ({hits / len(asked):.1f} matches each), brute-force "
            f"rapidfuzz {theirs:,.0f}/s ({np.count_nonzero(found) / len(asked):.1f}), "
            f"ratio {mine / theirs:.1f}"
        )
    if pairs_a_second:
        print(
            f"  nomenklatura logic-v2: {pairs_a_second:,.0f} pairs/s, so {pairs_a_second / len(names):.3f} "
            "screens/s with every name"
        )


def agreement(names: list[tuple[str, bool]], samples: int) -> None:
    """The index against comparing with every name."""
    rng = random.Random(3)
    for person in (False, True):
        forms = [Named(at, name_form(text, person)) for at, (text, p) in enumerate(names) if p == person]
        index = NameIndex(forms)
        same = matches = 0
        for _ in range(samples):
            asked = name_form(hurried(rng.choice(forms).form.text, rng), person)
            fast = index.search(asked, 0.7)
            same += fast == index.exhaustive(asked, 0.7)
            matches += len(fast)
        kind = "persons" if person else "bodies"
        print(f"  {kind}: {same} of {samples} queries over {len(forms):,} names agree, {matches} matches")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--names", type=int, default=50_000)
    parser.add_argument("--queries", type=int, default=2_000)
    parser.add_argument("--samples", type=int, default=30)
    given = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, "
          f"rapidfuzz {rapidfuzz.__version__}, numpy {np.__version__}")  # fmt: skip
    labelled = pairs()
    names, entities = listed_names(given.names)
    results: dict[str, tuple[Sequence[float], dict[str, float | None]]] = {
        "overflight": (ours(labelled, entities), {"strong or exact": 0.85, "possible and better": 0.70}),
        "rapidfuzz token_sort_ratio": (brute(labelled), {"85": 0.85, "70": 0.70, "best F1 on dev": None}),
    }
    rate = None
    if python := os.environ.get("NK_PYTHON"):
        scores, rate = peer(labelled, python)
        results["nomenklatura logic-v2"] = (scores, {"its own 0.70": 0.70, "best F1 on dev": None})
    else:
        print("nomenklatura left out: NK_PYTHON names no interpreter that has it", file=sys.stderr)
    quality(labelled, results)
    speed(names, given.queries, rate)
    print("\nthe index against brute force with the same score, from 0.70")
    agreement(names, given.samples)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("OVERFLIGHT_HOME", home)
        main()
