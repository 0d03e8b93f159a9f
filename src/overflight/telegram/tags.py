"""What TAGS mean on a day: three schemes of codes for states, of which only the newest is ISO."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from overflight.telegram.tables import rows

__all__ = ["MISFIT", "Tag", "meanings", "mended", "scheme_of", "tags_of", "without_persons"]

MISFIT = "TAGS scheme does not fit the date"
_TO_LETTERS = str.maketrans("058", "OSB")
_SECOND = str.maketrans("0568", "OSGB")  # of two letters, what is printed for the second
_STATE = re.compile(r"^[A-Z]{2}$")
_REGION = re.compile(r"^\d[A-Z]$")
_SUBJECT = re.compile(r"^[ABCELMOPST][A-Z]{3}$")
_PROGRAM = re.compile(r"^K[A-Z]{3,4}$")


@dataclass(frozen=True, slots=True)
class Tag:
    """A code, its kind (subject, program, state, organisation, region, unknown), and the state it stands
    for.
    """

    tag: str
    kind: str
    state: str | None = None


@lru_cache(1)
def _schemes() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for row in rows("tags_states.csv"):
        found.setdefault(row["scheme"], {})[row["code"]] = row["state"]
    return found


def meanings(code: str) -> frozenset[str]:
    """The states that a code of two letters, in capitals, has stood for in any of the schemes.

    >>> sorted(meanings("CH"))
    ['CHE', 'CHN']
    """
    return frozenset(codes[code] for codes in _schemes().values() if code in codes)


@lru_cache(1)
def _kinds() -> dict[str, tuple[tuple[str, str], ...]]:
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for row in rows("tags.csv"):
        found[row["code"]] = (*found.get(row["code"], ()), (row["kind"], row["scheme"]))
    return found


_BRACKET = re.compile(r"[(\[{]\s*([A-Z.'’-]{2,}(?:[\s,]+[A-Z.'’-]+){0,4})\s*(?:[)\]}]|$)", re.IGNORECASE)
_ITEM = re.compile(r"[A-Z.'’-]+(?:\s+[A-Z.'’-]+)+", re.IGNORECASE)


def without_persons(text: str) -> tuple[str, int]:
    """A line of codes without the persons who stand behind OVIP, and how many.

    A person stands in brackets, or is two words side by side of which one is too long for a code and none
    is known.
    """
    count = 0

    def bracket(match: re.Match[str]) -> str:
        nonlocal count
        if not _personal(match[1].replace(",", " ").split(), 1):
            return match[0]
        count += 1
        return " "

    def item(match: re.Match[str]) -> str:
        nonlocal count
        words = match[0].split()
        first = next((n for n, word in enumerate(words) if not _is_code(word)), len(words))
        if not _personal(words[first:], 2):
            return match[0]
        count += 1
        return " ".join(words[:first])

    if any(map(text.__contains__, "([{")):
        text = _BRACKET.sub(bracket, text)
    if _LONG.search(text):
        text = _ITEM.sub(item, text)
    return text, count


_LONG = re.compile(r"[A-Za-z'’-]{5}")


def _is_code(word: str) -> bool:
    upper = word.upper()
    return upper in _kinds() or len(upper) < 3


def _personal(words: list[str], least: int) -> bool:
    strange = [word for word in words if not _is_code(word)]
    return len(strange) >= least and len(strange) * 2 >= len(words) and max(map(len, strange), default=0) > 4


def mended(printed: str) -> str | None:
    """The known code that a printed one with digits for letters, or ``l`` for ``I``, stands for.

    None where nothing is to be put right: the code is known as it stands, or no reading of it is.
    """
    if len(printed) == 2 and printed[0].isalpha() and printed[1] in "0568":
        code = printed[0].upper() + printed[1].translate(_SECOND)
        tables = _schemes().values()
        known = printed.upper() in _kinds() or any(printed.upper() in table for table in tables)
        return code if not known and any(code in table for table in tables) else None
    small = "l" in printed and printed.replace("l", "").isupper()
    if not small and (len(printed) < 4 or printed.upper() in _kinds()):
        return None
    letters = printed.replace("l", "I") if small else printed.upper()
    letters = letters.translate(_TO_LETTERS)
    for one in "IL":
        code = letters.replace("1", one)
        if code in _kinds() or (small and any(code in table for table in _schemes().values())):
            return code if code != printed.upper() else None
    return None


def scheme_of(day: date) -> tuple[str, tuple[str, ...]]:
    """The scheme in use on a day, and those that may be in use around it, the first included."""
    usual = "iso"
    possible: list[str] = []
    text = day.isoformat()
    for row in rows("tags_schemes.csv"):
        if row["from"] <= text and (not row["until"] or text <= row["until"]):
            usual = row["scheme"]
        if row["doubtful_from"] and row["doubtful_from"] <= text <= row["doubtful_until"]:
            possible.append(row["scheme"])
    return usual, tuple(dict.fromkeys((usual, *possible)))


def _telling(codes: list[str], schemes: tuple[str, ...]) -> set[str]:
    """Schemes that codes of the line belong to alone."""
    tables = _schemes()
    out: set[str] = set()
    for code in codes:
        # The two older schemes differ from each other by date alone; together they stand against the newest.
        old = any(code in tables[s] for s in ("1974", "fips"))
        new = code in tables["iso"]
        if new and not old:
            out.add("iso")
        elif old and not new:
            out.add("1974" if "1974" in schemes and code in tables["1974"] else "fips")
    return out


@lru_cache(4096)
def tags_of(codes: tuple[str, ...], day: date | None) -> tuple[tuple[Tag, ...], tuple[str, ...]]:
    """Kinds and states of a line of codes, and warnings.

    Parameters
    ----------
    codes : tuple of str
        Codes as printed.
    day : date or None
        Day of the telegram. Without it, or when the line holds codes that only another scheme
        knows, a code that
        means different states in different schemes gets none: two letters alone are never guessed.
    """
    warnings: list[str] = []
    geographic = [c for c in codes if _STATE.match(c) and _kind(c, None) is None]
    if day is None:
        usual, possible = "", tuple(_schemes())
    else:
        usual, possible = scheme_of(day)
    if usual == "1974":
        geographic = [c for c in geographic if _kind(c, "1974") is None]
    telling = _telling(geographic, possible)
    scheme: str | None = usual or None
    among = possible  # schemes that may be meant where none is sure
    if {"iso"} < telling or (len(telling) > 1 and "iso" in telling):
        warnings.append("TAGS line has codes of an old scheme and of the new one")
        scheme, among = None, tuple(_schemes())
    elif telling:
        told = next(iter(telling))
        if not usual:
            scheme = told
        elif told != usual and (told == "iso" or usual == "iso"):
            if told in possible:
                scheme = told
            else:
                warnings.append(
                    f"{MISFIT}: codes of scheme {told!r} in a telegram of {day.isoformat() if day else '?'}"
                )
                scheme, among = None, tuple(_schemes())
    elif len({tuple(_schemes()[s].get(c) for c in geographic) for s in possible}) > 1:
        warnings.append(
            "the TAGS scheme of this date is not certain; codes that differ between schemes have no state"
        )
        scheme = None
    out: list[Tag] = []
    for code in codes:
        tag = _tag(code, scheme, among)
        if tag.kind == "unknown":
            warnings.append(f"TAGS code {code} is not known")
        out.append(tag)
    return tuple(out), tuple(dict.fromkeys(warnings))


def _kind(code: str, scheme: str | None) -> str | None:
    for kind, own in _kinds().get(code, ()):
        if not own or own == scheme:
            return kind
    return None


def _tag(code: str, scheme: str | None, possible: tuple[str, ...]) -> Tag:
    kind = _kind(code, scheme)
    if kind:
        return Tag(code, kind)
    if _STATE.match(code):
        tables = _schemes()
        if scheme is None:
            meanings = {tables[s].get(code) for s in possible}
            known = any(code in tables[s] for s in possible)
            return Tag(
                code, "state" if known else "unknown", next(iter(meanings)) if len(meanings) == 1 else None
            )
        state = tables[scheme].get(code)
        return Tag(code, "state" if state else "unknown", state)
    if _REGION.match(code):
        return Tag(code, "region")
    if any(own for _, own in _kinds().get(code, ())):  # a code of another time: still a subject or a region
        return Tag(code, _kinds()[code][0][0])
    if _SUBJECT.match(code):
        return Tag(code, "subject")
    if _PROGRAM.match(code):
        return Tag(code, "program")
    return Tag(code, "organisation" if len(code) >= 2 else "unknown")
