"""States and territories by code and name.

The code everywhere is ISO 3166-1 alpha-3; Kosovo, which ISO has not coded, is XKX. On input alpha-2, the
names in use and many older ones are understood too, in any case and with or without accents.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache

from overflight.errors import DataError, UnknownCodeError
from overflight.world.tables import table

__all__ = ["State", "alpha3_codes", "details", "from_alpha2", "name", "parse_states", "state"]

COLUMNS = ("alpha3", "alpha2", "name", "iso_name", "aliases", "source")
LONGEST_NAME_PIECES = 4  # "Saint Helena, Ascension and …" has commas of its own


@dataclass(frozen=True, slots=True)
class State:
    """One row of the table.

    Attributes
    ----------
    alpha3, alpha2 : str
        ISO 3166-1 codes (XKX and XK, both user-assigned, for Kosovo; XPM and XSL, without alpha-2, for the
        self-administered Transnistria and Somaliland, so that a dispute can name them).
    name : str
        The English name shown to people.
    iso_name : str
        The English short name of ISO 3166-1, empty where ISO has none.
    aliases : tuple of str
        Other names understood on input.
    source : str
        Keys of ``sources.csv``.
    """

    alpha3: str
    alpha2: str
    name: str
    iso_name: str
    aliases: tuple[str, ...]
    source: str


@cache
def _states() -> dict[str, State]:
    found: dict[str, State] = {}
    for row in table("states.csv", COLUMNS):
        entry = State(
            row.needed("alpha3"),
            row.text("alpha2"),
            row.needed("name"),
            row.text("iso_name"),
            row.words("aliases", by="|"),
            row.text("source"),
        )
        if entry.alpha3 in found:
            raise row.fault("alpha3", f"{entry.alpha3} is there twice")
        found[entry.alpha3] = entry
    return found


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold()).replace("&", " and ")
    words = re.findall(
        r"[^\W_]+", "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’.")
    )
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


@cache
def _names() -> dict[str, str]:
    """Every accepted spelling, as `_key` folds it, with its alpha-3."""
    keys: dict[str, str] = {}
    for entry in _states().values():
        for spelling in (entry.alpha3, entry.alpha2, entry.name, entry.iso_name, *entry.aliases):
            key = _key(spelling)
            if key and keys.setdefault(key, entry.alpha3) != entry.alpha3:
                raise DataError(
                    f"{spelling!r} stands for both {keys[key]} and {entry.alpha3}", where="states.csv"
                )
    return keys


def state(text: str) -> str:
    """The alpha-3 code of a state or territory.

    Parameters
    ----------
    text : str
        Alpha-3, alpha-2 or a name, in any case.

    Returns
    -------
    str
        ISO 3166-1 alpha-3, or XKX.

    Raises
    ------
    UnknownCodeError
        Nobody knows it; the message names the nearest spellings.

    Examples
    --------
    >>> state("kp"), state("Burma"), state("Ivory Coast")
    ('PRK', 'MMR', 'CIV')
    """
    code = _names().get(_key(text))
    if code is None:
        raise UnknownCodeError(f"{text.strip()!r} is not a state", mend=_mend(text))
    return code


def _mend(text: str) -> str:
    key = _key(text)
    spellings = [spelling for spelling in _names() if len(spelling) > 3 or len(key) <= 3]
    near: list[str] = []
    for spelling in get_close_matches(key, spellings, n=8, cutoff=0.6) if key else []:
        if (code := _names()[spelling]) not in near:
            near.append(code)
    if not near:
        return "give an ISO 3166-1 code such as PRK, or an English name"
    return "did you mean " + " or ".join(f"{name(code)} ({code})" for code in near[:3]) + "?"


def details(alpha3: str) -> State:
    """The whole row of an alpha-3 code (upper case); UnknownCodeError for any other text."""
    entry = _states().get(alpha3)
    if entry is None:
        raise UnknownCodeError(f"{alpha3!r} is not an alpha-3 code", mend=_mend(alpha3))
    return entry


def name(alpha3: str) -> str:
    """The English name of an alpha-3 code, as people write it.

    >>> name("PRK")
    'North Korea'
    """
    return details(alpha3).name


def alpha3_codes() -> tuple[str, ...]:
    """Every alpha-3 code of the table, sorted."""
    return tuple(sorted(_states()))


@cache
def _by_alpha2() -> dict[str, str]:
    return {entry.alpha2: entry.alpha3 for entry in _states().values() if entry.alpha2}


def from_alpha2(alpha2: str) -> str:
    """The alpha-3 code of an alpha-2 code (upper case); UnknownCodeError for any other text."""
    code = _by_alpha2().get(alpha2)
    if code is None:
        raise UnknownCodeError(f"{alpha2!r} is not an alpha-2 code", mend=_mend(alpha2))
    return code


def parse_states(text: str | Iterable[str]) -> tuple[str, ...]:
    """A list of states as a person types it.

    Parameters
    ----------
    text : str or iterable of str
        Codes or names parted by commas, semicolons or line ends; or already parted.

    Returns
    -------
    tuple of str
        Alpha-3 codes in the order given, each once; empty for an empty text.

    Raises
    ------
    UnknownCodeError
        The first piece that is no state.

    Examples
    --------
    >>> parse_states("CHN,rus, North Korea")
    ('CHN', 'RUS', 'PRK')
    """
    texts = [text] if isinstance(text, str) else list(text)
    found: dict[str, None] = {}
    for chunk in (piece for one in texts for piece in re.split(r"[;\n]", one)):
        pieces = [piece.strip() for piece in chunk.split(",") if piece.strip()]
        at = 0
        while at < len(pieces):
            # Some names hold commas ("Korea, Republic of"): the longest run that is a name wins, unless its
            # pieces are all states by themselves.
            for width in range(min(LONGEST_NAME_PIECES, len(pieces) - at), 1, -1):
                run = pieces[at : at + width]
                code = _names().get(_key(", ".join(run)))
                if code is not None and not all(_key(piece) in _names() for piece in run):
                    found[code] = None
                    at += width
                    break
            else:
                found[state(pieces[at])] = None
                at += 1
    return tuple(found)
