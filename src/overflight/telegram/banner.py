"""The line that opens the text.

Classification, section, post and number; and the banners that copies repeat.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

__all__ = ["Banner", "class_line", "first_words", "is_banner", "level_of"]


def _spaced(word: str) -> str:
    return r"\s?".join(map(re.escape, word.replace(" ", "")))


# Longest first; the telegraphic word stands for the level of the marking scheme.
_LEVELS = (
    ("TOP SECRET", "TOP SECRET"),
    ("LIMITED OFFICIAL USE", "LIMITED OFFICIAL USE"),
    ("CONFIDENTIAL", "CONFIDENTIAL"),
    ("RESTRICTED", "RESTRICTED"),
    ("UNCLASSIFIED", "UNCLASSIFIED"),
    ("UNCLAS", "UNCLASSIFIED"),
    ("SECRET", "SECRET"),
    ("SENSITIVE BUT UNCLASSIFIED", "SENSITIVE BUT UNCLASSIFIED"),
    ("SBU", "SENSITIVE BUT UNCLASSIFIED"),
    ("CLEAR", "CLEAR"),
    *((f"TLP:{level}", f"TLP:{level}") for level in ("AMBER+STRICT", "AMBER", "CLEAR", "GREEN", "RED")),
)
_CLASS = re.compile(
    "(?:" + "|".join(f"(?P<l{n}>{_spaced(word)})" for n, (word, _) in enumerate(_LEVELS)) + r")(?![A-Z])"
)
_SECTION = re.compile(
    r"^(?:(?P<final>F\s?I\s?N\s?A\s?L)\s+)?SECTION\s+(?P<nn>[0-9OIl]{1,2})?\s*OF\s+(?P<mm>[0-9OIl]{1,2})("
    r"?=\s|$)",
    re.I,
)
_NUMBER = re.compile(
    r"^(?P<year>\d{2}|\d{4})?\s*(?P<origin>[A-Z][A-Z .'’/-]*?)\s*(?P<serial>[0-9OIlS]*[0-9][0-9OIlS]*)\s*$"
)
_PIECE = (
    r"(?:(?:REL(?:\s+TO)?|DISPLAY\s+ONLY)\s+[A-Z]{3,4}(?:,\s?[A-Z]{3,4})*|SBU\s+NOFORN|LES\s+NOFORN|"
    r"[A-Z0-9+-]+)"
)
_HANDLING = (
    "NOFORN|" + _spaced("NODIS") + "|" + _spaced("EXDIS") + "|LIMDIS|STADIS|FOUO|FOR OFFICIAL USE ONLY"
)
_CONTROL = re.compile(rf"^(?:\s*//(?:{_PIECE}(?:/{_PIECE})*)?|\s+(?:{_HANDLING})\b)+")
_BEHIND = re.compile(rf"(?:\s*//+|\s+(?:{_HANDLING}))+\s*$")  # control and signs behind the number
_SECTION_BEHIND = re.compile(r"\s(?=(?:F\s?I\s?N\s?A\s?L\s+)?SECTION\s+[0-9OIl])", re.I)
# Copies of later years: "section.page OF sections" behind the number.
_FOLIO = re.compile(r"\s(?P<nn>\d{3})(?:\.\d{1,2})?\s+OF\s+(?P<mm>\d{3})$")
_PARTED = re.compile(r"^[A-Z][A-Z .'’/-]*?\s(?P<serial>\d{1,3}\s\d{2,4})$")
_SPREAD = re.compile(_spaced("NODIS") + "|" + _spaced("EXDIS"))
# The quick look: how a level begins, a blank perhaps between its letters.
_STARTS = frozenset(word[0] + sign for word, _ in _LEVELS for sign in (word[1], " "))
_DIGITS = str.maketrans("OoIiLlSs", "00111155")
_REMEMBERED = 120  # characters of a line that is asked for again, at most


@dataclass(frozen=True, slots=True)
class Banner:
    """A classification line in its parts.

    ``repaired`` is the serial as printed when letters stood for digits.
    """

    level: str
    control: str = ""
    efto: bool = False
    section: int | None = None
    of: int | None = None
    origin: str | None = None
    serial: int | None = None
    year: str | None = None
    repaired: str | None = None
    lettered: str | None = None  # the section as printed when letters stood for its digits

    @property
    def full(self) -> bool:
        return self.serial is not None or self.of is not None


def class_line(text: str) -> Banner | None:
    """A line (stripped) that opens a text, or None."""
    if text[:2] not in _STARTS:
        return None
    return _class_line(text) if len(text) <= _REMEMBERED else _class_line.__wrapped__(text)


@lru_cache(1_024)
def _class_line(text: str) -> Banner | None:
    match = _CLASS.match(text)
    if not match:
        return None
    level = _LEVELS[int((match.lastgroup or "l0")[1:])][1]
    rest = text[match.end() :]
    control = ""
    if rest and (found := _CONTROL.match(rest)):
        control = found.group()
        rest = rest[found.end() :]
    rest = rest.strip()
    efto = False
    if rest.startswith(("EFTO", "E F T O")):
        efto, rest = True, rest.replace("E F T O", "EFTO", 1)[4:]
        if rest and (found := _CONTROL.match(rest)):
            control += found.group()
            rest = rest[found.end() :]
        rest = rest.strip()
    if rest and (found := _BEHIND.search(rest)):
        control += found.group().rstrip("/ ")
        rest = rest[: found.start()]
    control = _SPREAD.sub(lambda m: m.group().replace(" ", ""), " ".join(control.split()))
    number = of = None
    lettered = None
    if rest and not rest.startswith(("SECTION", "F")) and (cut := _SECTION_BEHIND.search(rest)):
        rest = f"{rest[cut.end() :]} {rest[: cut.start()]}"  # the section stands behind the number
    if found := _SECTION.match(rest):
        of = int(found["mm"].translate(_DIGITS))
        number = int(found["nn"].translate(_DIGITS)) if found["nn"] else of
        if not ((found["nn"] or "0") + found["mm"]).isdigit():
            lettered = rest[found.start("nn") if found["nn"] else found.start("mm") : found.end("mm")]
        rest = rest[found.end() :].strip()
    elif rest and (found := _FOLIO.search(rest)):
        number, of, rest = int(found["nn"]), int(found["mm"]), rest[: found.start()].strip()
    if not rest:
        return Banner(level, control, efto, number, of, lettered=lettered)
    if found := _PARTED.match(rest):  # a blank in the number
        printed = found["serial"]
        origin = " ".join(rest[: found.start("serial")].split()).rstrip(" .-/")
        serial = int("".join(printed.split()))
        return Banner(level, control, efto, number, of, origin, serial, None, printed, lettered)
    found = _NUMBER.match(rest)
    if not found or len(rest) > 60:
        return None
    printed = found["serial"]
    if len(printed) > 7 or (not printed.isdigit() and len(printed) < 4):
        return None
    digits = printed.translate(_DIGITS)
    repaired = None if digits == printed else printed
    origin = " ".join(found["origin"].split()).rstrip(" .-/")
    return (
        Banner(level, control, efto, number, of, origin, int(digits), found["year"], repaired, lettered)
        if origin
        else None
    )


def level_of(text: str) -> tuple[str, str] | None:
    """The level that a line begins with, and what stands behind it."""
    match = _CLASS.match(text)
    if match is None:
        return None
    return _LEVELS[int((match.lastgroup or "l0")[1:])][1], text[match.end() :].strip()


#: Whether a line behind a line feed begins with a level: the quick look before `is_banner`.
first_words = re.compile(
    r"\n[^\S\n]*(?:" + "|".join(_spaced(word) for word, _ in _LEVELS if word != "CLEAR") + ")(?![A-Z])"
).search


def is_banner(text: str) -> bool:
    """A line of classification alone, as the foot and head of a page repeat it."""
    found = class_line(text)
    return bool(found) and not found.full and found.level != "CLEAR"  # type: ignore[union-attr]
