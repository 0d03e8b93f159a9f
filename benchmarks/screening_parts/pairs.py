"""Labelled pairs out of real lists, labelled by what the lists say, never by how names look.

Usage: LISTS_DIR=FOLDER python benchmarks/screening_parts/pairs.py, which writes data/screening_listed.csv

Same: a person or body of one list and one of another that share the number of a document; a body's alias and
its other names in the same entry; a mark of an aircraft written another way. Not the same: two entries of one
list, the nearest in shared trigrams of letters; marks of two aircraft of one list that differ in one place.
The draw is by a fixed seed. Rows whose names are the same words in another order are left out as too easy.
"""

from __future__ import annotations

import csv
import os
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from rapidfuzz import fuzz

from overflight.screening.entity import Entity
from overflight.screening.lists import Library

OUT = Path(__file__).parents[1] / "data" / "screening_listed.csv"
HEADER = ("kind", "query", "listed", "countries", "same", "why", "source")
NUMBERS = ("passport", "national-id", "registration-number", "tax-number", "imo", "swift")
SEED = 20261122
#: An alias with fewer than this many hundredths of its letters in common is another name altogether.
OTHER_NAME = 55
Row = tuple[str, str, str, str, str, str, str]


def loaded() -> tuple[Entity, ...]:
    folder = Path(os.environ["LISTS_DIR"])
    with tempfile.TemporaryDirectory() as home:
        library = Library(Path(home))
        library.add("un", [next(folder.glob("un_consolidated*.xml"))])
        ofac = next(folder.glob("ofac-*"))
        names = ("sdn.csv", "alt.csv", "add.csv", "sdn_comments.csv")
        library.add("ofac-sdn", [ofac / name for name in names], published=date(2021, 7, 15))
        return library.as_of(date(2026, 11, 22)).entities


def words(text: str) -> tuple[str, ...]:
    return tuple(sorted("".join(c if c.isalnum() else " " for c in text.casefold()).split()))


def row(kind: str, query: str, one: Entity, same: bool, why: str, names: list[str] | None = None) -> Row:
    listed = names if names is not None else [name.text for name in one.names if name.kind != "weak"]
    source = "UN" if one.list == "un" else "OFAC"
    return (
        kind,
        query,
        "|".join(name.replace("|", " ") for name in listed),
        " ".join(one.countries),
        "yes" if same else "no",
        why,
        source,
    )


def kind_of(one: Entity) -> str:
    return "person" if one.schema == "Person" else "body"


def by_number(entities: tuple[Entity, ...]) -> Iterator[Row]:
    """The same document number in two lists."""
    held: dict[str, set[Entity]] = defaultdict(set)
    for one in entities:
        for mark in one.identifiers:
            value = "".join(c for c in mark.value.upper() if c.isalnum())
            if mark.kind in NUMBERS and len(value) >= 5:
                held[f"{mark.kind} {value}"].add(one)
    done = set()
    for number, owners in sorted(held.items()):
        for one in sorted(owners, key=lambda e: (e.list, e.id)):
            for other in sorted(owners, key=lambda e: (e.list, e.id)):
                key = (one.list, one.id, other.list, other.id)
                if one.list == "un" and other.list != "un" and key not in done:
                    done.add(key)
                    if all(words(one.caption) != words(name.text) for name in other.names):
                        why = f"{number.split()[0]} shared with {one.list} {one.id}"
                        yield row(kind_of(other), one.caption, other, True, why)


def by_alias(entities: tuple[Entity, ...], rng: random.Random) -> Iterator[Row]:
    """An alias, against the other names of its entry."""
    bodies = [one for one in entities if one.schema == "Organization" and len(one.names) > 1]
    for one in rng.sample(bodies, len(bodies)):
        aliases = [name.text for name in one.names[1:] if name.kind == "strong"]
        if not aliases:
            continue
        alias = rng.choice(aliases)
        others = [name.text for name in one.names if name.text != alias and name.kind != "weak"]
        best = max(fuzz.token_sort_ratio(alias.casefold(), other.casefold()) for other in others)
        if best >= OTHER_NAME and all(words(alias) != words(other) for other in others):
            yield row(
                "body",
                alias,
                one,
                True,
                f"alias of {one.list} {one.id}, left out of the listed names",
                others,
            )


def trigrams(text: str) -> frozenset[str]:
    line = f"  {' '.join(words(text))} "
    return frozenset(line[at : at + 3] for at in range(len(line) - 2))


def nearest(entities: tuple[Entity, ...], schema: str, rng: random.Random) -> Iterator[Row]:
    """Another entry of the same list whose name looks most alike."""
    pool = [one for one in entities if one.schema == schema and one.list == "ofac-sdn"]
    grams = {one.id: trigrams(one.caption) for one in pool}
    for one in rng.sample(pool, len(pool)):
        mine = {word for name in one.names for word in [words(name.text)]}
        others = [
            other
            for other in pool
            if other.id != one.id and mine.isdisjoint(words(n.text) for n in other.names)
        ]
        here = grams[one.id]
        other = max(others, key=lambda e: (len(here & grams[e.id]) / len(here | grams[e.id]), e.id))
        if len(here & grams[other.id]) / len(here | grams[other.id]) >= 0.35:
            why = f"{one.list} {one.id} is another entry than {other.id}"
            yield row(kind_of(one), one.caption, other, False, why)


def marks(entities: tuple[Entity, ...], rng: random.Random) -> Iterator[Row]:
    planes = [
        (one, mark.value)
        for one in entities
        if one.schema == "Airplane"
        for mark in one.identifiers
        if mark.kind == "registration" and not mark.note
    ]
    for one, mark in rng.sample(planes, 25):
        plain = mark.replace("-", "")
        how = rng.choice((plain, plain.lower(), mark.replace("-", " "), f"{plain[:2]} {plain[2:]}"))
        yield row("aircraft", how, one, True, "the same mark written another way", [mark])
    for one, mark in rng.sample(planes, len(planes)):
        near = [other for e, other in planes if e.id != one.id and _one_apart(mark, other)]
        if near:
            other = rng.choice(near)
            yield row("aircraft", other, one, False, "marks of two aircraft of one list", [mark])


def _one_apart(one: str, other: str) -> bool:
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1


def take(rows: Iterator[Row], count: int) -> list[Row]:
    found = []
    for one in rows:
        found.append(one)
        if len(found) == count:
            break
    return found


def main() -> None:
    entities, rng = loaded(), random.Random(SEED)
    rows = [
        *take(by_number(entities), 110),
        *take(by_alias(entities, rng), 110),
        *take(nearest(entities, "Person", rng), 90),
        *take(nearest(entities, "Organization", rng), 90),
        *take(marks(entities, rng), 60),
    ]
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)
    print(f"{len(rows)} rows in {OUT}")


if __name__ == "__main__":
    main()
