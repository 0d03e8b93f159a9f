"""The tables of names: legal forms, words of a trade, spellings, aliases. Read once, kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from overflight.errors import DataError
from overflight.world.tables import Row, records

__all__ = [
    "Alias",
    "Meaning",
    "aliases",
    "letters",
    "meaning",
    "phrases",
    "segmentable",
    "sources",
    "type_families",
    "variants",
]

DATA = Path(__file__).parent / "data"
CLASSES = ("legal", "stop", "article", "particle", "generic", "common", "place")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a known word is.

    Attributes
    ----------
    canon : str
        The word that stands for all with the same meaning.
    kind : str
        ``legal``, ``stop``, ``article``, ``particle``, ``sector``, ``generic``, ``common`` or ``place``.
    sector : str
        The line of business of a ``sector`` word, else empty.
    weight : float or None
        How much the word tells about who it is, from 0 to 1; None for words that are left out.
    """

    canon: str
    kind: str
    sector: str
    weight: float | None


@dataclass(frozen=True, slots=True)
class Alias:
    """One name by which an operator is known.

    Attributes
    ----------
    group : str
        All names with one group are one operator.
    name, designator, state : str
        The name, the ICAO designator (may be empty), the state as alpha-3.
    verified : bool
        Whether the source was seen.
    source : str
        Keys of ``sources.csv``.
    """

    group: str
    name: str
    designator: str
    state: str
    verified: bool
    source: str


def _rows(name: str, columns: tuple[str, ...]) -> tuple[Row, ...]:
    return records(DATA / name, columns)


@cache
def sources() -> frozenset[str]:
    """The keys of the sources of these tables."""
    columns = ("key", "title", "date", "licence", "verified", "source")
    return frozenset(row.needed("key") for row in _rows("sources.csv", columns))


@cache
def _words() -> dict[str, Meaning]:
    found: dict[str, Meaning] = {}
    for row in _rows("words.csv", ("word", "canon", "class", "weight", "source")):
        kind, _, sector = row.needed("class").partition(":")
        if kind not in CLASSES and not (kind == "sector" and sector):
            raise row.fault("class", f"{kind!r} is no class of words")
        weight = row.number("weight")
        if (weight is None) != (kind in ("legal", "stop", "article", "particle")):
            raise row.fault("weight", "words that count have a weight, words left out have none")
        if (word := row.needed("word")) in found:
            raise row.fault("word", f"{word!r} stands twice")
        found[word] = Meaning(row.needed("canon"), kind, sector, weight)
    return found


def meaning(word: str) -> Meaning | None:
    """What a word is, if a table knows it."""
    return _words().get(word)


@cache
def phrases() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Known expressions of several words, by their first word, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for word in _words():
        if len(parts := tuple(word.split())) > 1:
            found.setdefault(parts[0], []).append(parts)
    return {first: tuple(sorted(group, key=len, reverse=True)) for first, group in found.items()}


@cache
def segmentable() -> frozenset[str]:
    """Known words of scripts that put no blanks between words."""
    return frozenset(
        word for word in _words() if len(word) > 1 and not word.isascii() and ord(word[0]) >= 0x1100
    )


@cache
def variants() -> dict[str, str]:
    """Spellings of given names and family names, each with the one that stands for all."""
    found: dict[str, str] = {}
    for row in _rows("name_variants.csv", ("canon", "word", "source")):
        if (word := row.needed("word")) in found:
            raise row.fault("word", f"{word!r} stands twice")
        found[word] = row.needed("canon")
    return found


@cache
def letters(script: str) -> dict[str, str]:
    """Letters of a script in Latin."""
    rows = _rows("letters.csv", ("script", "letter", "latin", "source"))
    if not (
        found := {row.needed("letter"): row.text("latin") for row in rows if row.text("script") == script}
    ):
        raise DataError(f"no letters of {script}", where="letters.csv")
    return found


@cache
def aliases() -> tuple[Alias, ...]:
    """Every name of the table of known aliases."""
    columns = ("group", "name", "designator", "state", "from", "until", "verified", "note", "source")
    return tuple(
        Alias(
            row.needed("group"),
            row.needed("name"),
            row.text("designator"),
            row.needed("state"),
            row.flag("verified"),
            row.needed("source"),
        )
        for row in _rows("aliases.csv", columns)
    )


@cache
def type_families() -> dict[str, tuple[str, ...]]:
    """Families of aircraft types by ICAO type designator."""
    rows = _rows("type_families.csv", ("designator", "families", "source"))
    return {row.needed("designator"): row.words("families") for row in rows}
