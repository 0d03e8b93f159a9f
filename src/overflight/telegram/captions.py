"""Captions of handling and distribution, as they stand and as copies damage them."""

from __future__ import annotations

import re
from functools import lru_cache

from overflight.marking import scheme
from overflight.marking.suspect import plain
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["canonical", "originators", "take", "words_in"]

_WORDS = ("SIPDIS", "NODIS", "EXDIS", "STADIS", "LIMDIS", "NOFORN")
_ONLY = re.compile("(?:(?:" + "|".join(_WORDS) + ")(?:AND)?)+")
_EACH = re.compile("|".join(_WORDS))
_LABEL = re.compile(r"^(?:CAPTIONS?|(?:SPECIAL\s+)?HANDLING)\s*(?:\(S\))?\s*[:;-]\s*", re.IGNORECASE)
_INSIDE = re.compile(r"(?<![A-Z])(?:N\s?O|E\s?X|ST\s?A|LIM|SIP)\s?D\s?I\s?S(?![A-Z])")
_SIGNS = re.compile(r"[^A-Z]")
_LOOKALIKES = (str.maketrans("015|!", "OISII"), str.maketrans("015|!l", "OISIII"))
_LONGEST = 69
# A longer line with a letter that no caption has holds something else: the quick look.
_MANGLED, _OTHER = 24, re.compile("[BCGHJKQUVWYZbcghjkquvwyz]")

#: Captions with which the originator must be asked (5 FAH-2 H-442, H-251), and what may stand beside them.
_ORIGINATOR = ("NODIS", "EXDIS", "STADIS", "SPECAT")
_BESIDE = frozenset(
    {
        *_WORDS, "SPECAT", "AND", "EXCLUSIVE", "TOP", "SECRET", "CONFIDENTIAL", "UNCLASSIFIED", "UNCLAS",
        "SBU", "SENSITIVE", "CAPTION", "CAPTIONS", "HANDLING", "HANDLE", "AS", "SPECIAL", "SENSITIVITY",
        "DISSEMINATION", "RULE", "RULES", "CONTROL", "CONTROLS", "DISTRIBUTION", "CODE",
    }
)  # fmt: skip
_ASKED = re.compile("|".join(_ORIGINATOR))
_SPREAD = {word: re.compile(rf"(?<!\w){r'[ .-]?'.join(word)}(?!\w)") for word in _ORIGINATOR}
# What a caption looks like where a subject and references stand as well.
_SHAPED = re.compile(
    r"\W*(?:FOR\b.*\bONLY\W*$|EYES ONLY|EXCLUSIVE|(?:\w+\W+){1,3}CHANNEL\W*$|[A-Z](?:\W+[A-Z])+\W*$)"
)
_WORD = re.compile(r"[A-Z0-9]+")
_SPACED_LEVELS = tuple(
    level + word
    for level in ("SECRET", "TOPSECRET", "CONFIDENTIAL", "UNCLAS")
    for word in ("", "NOFORN")
    for word in (f"{word}{caption}" for caption in _ORIGINATOR)
)
# What such a line says is prose: only a whole word of it can be a caption.
_PROSE = re.compile(r"\s*(?:SUBJ|REF|CLASSIFIED|REASON|E\.?O)", re.IGNORECASE)


def canonical(text: str) -> tuple[str, ...]:
    """The captions of a line that holds nothing else, whatever the case, the signs and the blanks."""
    return _canonical(text) if len(text) <= _LONGEST else ()


@lru_cache(1_024)
def _canonical(text: str) -> tuple[str, ...]:
    text = _LABEL.sub("", text)
    if len(text) > _MANGLED and _OTHER.search(text):
        return ()
    for table in _LOOKALIKES:
        bare = _SIGNS.sub("", text.translate(table).upper())
        if _ONLY.fullmatch(bare):
            return tuple(dict.fromkeys(_EACH.findall(bare)))
    bare = _SIGNS.sub("", text.translate(_LOOKALIKES[1]).upper())
    near = [word for word in _WORDS if len(word) == len(bare) and _one_off(word, bare)]
    return tuple(near[:1])


def _one_off(word: str, other: str) -> bool:
    return sum(a != b for a, b in zip(word, other, strict=True)) == 1


def words_in(text: str) -> tuple[str, ...]:
    """The captions that stand as words in a longer line."""
    found = (match.group().replace(" ", "") for match in _INSIDE.finditer(text.upper()))
    return tuple(dict.fromkeys(found))


def take(line: Line, log: Log) -> tuple[str, ...]:
    """The captions of a line, and the repair when they are not printed as they should be."""
    text = line.text.strip()
    found = canonical(text)
    if found and text != found[0]:
        indent = len(line.text) - len(line.text.lstrip())
        log.repair(line, indent, text, ", ".join(found), "caption")
        bare = _SIGNS.sub("", text.translate(_LOOKALIKES[1]).upper())
        if len(found) == 1 and len(bare) == len(found[0]) and bare != found[0]:
            log.warn(f"line {line.no}: {text!r} is taken for the caption {found[0]}, check it")
    return found


def originators(line: str, *, head: bool, labelled: bool = False) -> list[str]:
    """Captions of a line that leave release to the originator, however the line spells them.

    A copy breaks them as it breaks everything else, or puts them behind a label; one that is not recognised
    would give the whole message away. In the head they may stand anywhere; below it they count on a line that
    holds nothing else.

    Parameters
    ----------
    line : str
        Any line of the file.
    head : bool
        It stands above the first paragraph.
    labelled : bool
        It stands below the first labelled field, where running text is, too.
    """
    if len(line) > (400 if head else 60):
        return []
    bare = plain(line)
    seen = bare.upper().translate(_LOOKALIKES[0])
    if "l" in bare and not bare.islower():
        other = bare.translate(_LOOKALIKES[1]).upper()
        seen = other if _ASKED.search("".join(_WORD.findall(other))) else seen
    words = _WORD.findall(seen)
    whole = "".join(words)
    prose = bool(_PROSE.match(line))
    if not _ASKED.search(whole):
        shaped = head and not prose and len(words) < 24 and (not labelled or _SHAPED.match(seen))
        return [" ".join(words)] if shaped and scheme("us").holds(" ".join(words)) else []
    if head and prose:
        return [word for word in _ORIGINATOR if _SPREAD[word].search(seen)]
    alone = all(word in _BESIDE or word == whole for word in words) or whole in _ORIGINATOR
    if not alone and ":" in line:  # behind a label that no list holds
        behind = _WORD.findall(seen.rpartition(":")[2])
        alone = bool(behind) and all(word in _BESIDE for word in behind) and len(words) - len(behind) < 5
    alone = alone or whole.startswith(_SPACED_LEVELS)  # S E C R E T NODIS
    return [word for word in _ORIGINATOR if word in whole and (head or alone)]
