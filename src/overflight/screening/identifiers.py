"""Numbers, codes and marks: equal after normalising, or not at all.

A registration is painted with a hyphen and filed without; a serial number means something only with a type;
a 24-bit address is six hexadecimal digits. None of them is ever compared by nearness: EP-GOM is not EP-GOL.
"""

from __future__ import annotations

import re
from functools import lru_cache

from overflight.errors import InputError
from overflight.screening.facts import type_families
from overflight.screening.scripts import latin_words
from overflight.world.identity import state_of_registration

__all__ = [
    "KINDS",
    "address",
    "code",
    "is_registration",
    "normal",
    "registration",
    "same_registration",
    "same_type",
    "serial",
]

#: Kinds of listed identifiers by the way they are compared; any other kind is compared as a number.
KINDS = {
    "registration": "registration",
    "serial": "serial",
    "construction": "serial",
    "hex": "hex",
    "icao": "icao",
    "iata": "iata",
    "callsign": "callsign",
    "imo": "imo",
    "mmsi": "mmsi",
}
_HYPHENS = re.compile(r"[‐-―−﹣－]")
_LABEL = re.compile(r"(?:MSN|S/N|C/N|L/N|F/N|SN|CN|NO\.?|NR\.?|#)[\s.:#]*(?=\S)")
_IMO = re.compile(r"(?:IMO)?[\s.:#-]*(?:NUMBER|NO\.?)?[\s.:#-]*(\d{7})")


@lru_cache(maxsize=50_000)
def registration(text: str) -> str:
    """A registration without hyphen and blanks, upper case; empty when nothing is left.

    Examples
    --------
    >>> registration("p-885"), registration("YV 3360"), registration("EP–GOM")
    ('P885', 'YV3360', 'EPGOM')
    """
    line = text if text.isascii() else "".join(word.latin for word in latin_words(text))
    return "".join(letter for letter in line.upper() if letter.isalnum())


def same_registration(one: str, other: str) -> bool:
    """Whether two registrations are the same mark.

    Where both have a hyphen it must stand in the same place: P4-123 is Aruba's, P-4123 would be another's.

    Examples
    --------
    >>> same_registration("P-885", "P885"), same_registration("EP-GOM", "EP-GOL")
    (True, False)
    >>> same_registration("P4-123", "P-4123")
    False
    """
    if not (mark := registration(one)) or mark != registration(other):
        return False
    places = [_HYPHENS.sub("-", text).replace(" ", "").strip("-").find("-") for text in (one, other)]
    return -1 in places or places[0] == places[1]


def is_registration(text: str) -> bool:
    """Whether a text has the form of an aircraft registration.

    Examples
    --------
    >>> [is_registration(text) for text in ("EP-GOM", "ep gom", "P885", "Mahan Air")]
    [True, True, True, False]
    """
    mark = "-".join(text.split()) if text.count(" ") == 1 and "-" not in text else "".join(text.split())
    if not 3 <= len(mark) <= 9 or not any(letter.isdigit() or letter == "-" for letter in mark):
        return False
    try:
        return state_of_registration(mark).certainty == "form"
    except InputError:
        return False


@lru_cache(maxsize=50_000)
def serial(text: str) -> str:
    """A serial number: upper case letters and digits, no label, no leading zeros.

    Examples
    --------
    >>> serial("MSN 0391"), serial("UE-275"), serial("1023409321")
    ('391', 'UE275', '1023409321')
    """
    line = _LABEL.sub("", text.upper().strip(), count=1)
    return "".join(letter for letter in line if letter.isascii() and letter.isalnum()).lstrip("0")


def address(text: str) -> str:
    """A 24-bit address as six hexadecimal digits, or empty.

    Examples
    --------
    >>> address("0x72012f"), address("72012G")
    ('72012F', '')
    """
    digits = text.strip().upper().removeprefix("0X")
    return digits if re.fullmatch(r"[0-9A-F]{6}", digits) else ""


def code(text: str) -> str:
    """A designator or call sign: upper case letters and digits."""
    return "".join(letter for letter in text.upper() if letter.isascii() and letter.isalnum())


def normal(kind: str, text: str) -> str:
    """The value to compare for a listed identifier of a kind; empty for one that cannot be compared."""
    way = KINDS.get(kind, "number")
    if way == "registration":
        return registration(text)
    if way == "serial":
        return serial(text)
    if way == "hex":
        return address(text)
    if way == "imo":
        found = _IMO.fullmatch(text.upper().strip())
        return found[1] if found else code(text)
    return code(text)


@lru_cache(maxsize=10_000)
def _families(text: str) -> frozenset[str]:
    """The families of types that a designator or a model may belong to.

    Examples
    --------
    >>> sorted(_families("A300B4-622R") & _families("A306"))
    ['A300']
    """
    line = text.upper().replace("BOEING ", "B").replace("B.", "B").strip()
    by_code = type_families().get(code(line))
    if by_code:
        return frozenset(by_code)
    found = set()
    for match in re.finditer(r"([A-Z]*)[-. ]?(\d{2,3})", line):
        maker, number = match[1], match[2]
        if maker:
            found.add(f"{maker}{number}")
        elif match.start() == 0:  # "747-422", "208", "1900D"; elsewhere it is a version
            found.update(f"{one}{number}" for one in ("B", "DC", "C"))
    return frozenset(found)


def same_type(one: str | None, other: str | None) -> bool | None:
    """Whether two types or models may be one family; None when either is unknown.

    Examples
    --------
    >>> same_type("IL76", "IL-76TD"), same_type("B742", "A300B4-622R"), same_type("A310", None)
    (True, False, None)
    """
    ours, theirs = _families(one or ""), _families(other or "")
    if not ours or not theirs:
        return None
    return bool(ours & theirs)
