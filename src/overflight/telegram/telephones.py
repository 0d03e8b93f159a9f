"""Telephone numbers, and mailboxes that are spelled out, wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["dialled", "four_digits", "redact_numbers"]

_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_FOUR = re.compile(rb"0000(?!0)")
_ABROAD = re.compile(r"\+\d")
_WORDS = re.compile("EXT|TEL|PHONE|FAX|DSN|MOBILE|CELL|CALL")


def four_digits(text: str) -> Iterator[re.Match[bytes]]:
    """Where four digits stand, the last of a number: found quickest where all of them are zeros."""
    return _FOUR.finditer(text.encode("ascii", "replace").translate(_ZEROS))


def dialled(upper: str) -> list[int]:
    """Where in a text, in capitals, something stands that may be a telephone number: the quick look."""
    out = [match.start() for match in _ABROAD.finditer(upper)] if "+" in upper else []
    for match in four_digits(upper):
        at = match.start()
        above = upper[max(0, at - 22) : at]
        if (above[-1:] in ("-", ".") and above[-2:-1].isdigit()) or ")" in above or _WORDS.search(above):
            out.append(at)
    return out


# A number that is one by its form: 202-555-0147, (202) 555-0147, 202.555.0147, +1 202 555 0147.
_WHOLE = re.compile(
    r"(?<![\w/.+-])(?:(?:\+?1[-. ])?(?:\(\d{3}\)[-. ]?\d{3}[-. ]|\d{3}-\d{3}-|\d{3}\.\d{3}\.)\d{4}"
    r"|\+\d{1,3}(?:[-. ]?\(\d{1,4}\))?(?:[-. ]\d{1,4}){2,5}|\+\d{9,14})(?![\w/-]|\.\d)"
)

# A shorter one, beside the word that says what it is.
_BESIDE = re.compile(
    r"(?P<on>(?<![\w-])(?:(?:TEL(?:EPHONES?)?|(?:TELE)?PHONES?|FAX|EXT(?:ENSION)?|DSN)(?:\.|\b)"
    r"(?:\s?(?:NO\.|NUMBER|NOS\.|AT|ON|IS))?\s?[:#-]?\s?|(?P<far>(?:MOBILE|CELL|CALL|STE|AT|ON)\b\.?"
    r"(?:\s?(?:NO\.|NUMBER|AT|ON))?\s?:?\s?)))"
    r"(?P<number>\+?\(?\d[\d ().-]{2,18}\d)(?![\w/-]|\.\d)",
    re.IGNORECASE,
)
_FAR = re.compile(r"\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}|\d{3}-\d{4}|\d-\d{4}|\d{10}")

_OF_A_THING = re.compile(
    r"(?:S/N|P/N|SERIALS?|SERIAL (?:NO\.?|NUMBER)|\bNO\.|\bNR\.?|NUMBER|REG(?:ISTRATION)?\.?|PERMIT|INVOICE|"
    r"CONTRACT|MSN)\s?:?\s?$",
    re.IGNORECASE,
)

# ROXBYJ AT STATE DOT GOV
_SPELLED = re.compile(
    r"(?<![\w.@-])(?P<box>[A-Z0-9][A-Z0-9._-]{1,40})\s(?:AT|\(AT\)|\[AT\])\s"
    r"(?P<domain>[A-Z0-9-]{1,40}(?:(?:\sDOT\s|\s?\(DOT\)\s?|\s?\[DOT\]\s?)[A-Z]{2,12}){1,4})\b",
    re.IGNORECASE,
)

_DOT = re.compile(r"\s?[(\[]?\bDOT\b[)\]]?\s?", re.IGNORECASE)


def redact_numbers(text: str) -> tuple[str, int]:
    """A text without telephone numbers and spelled-out mailboxes, and how many there were.

    Date-time groups, coordinates, serials and registrations have another form or another word beside them.
    """
    count = 0

    def whole(match: re.Match[str]) -> str:
        nonlocal count
        digits = sum(map(str.isdigit, match[0]))
        above = match.string[max(0, match.start() - 18) : match.start()]
        thing = _OF_A_THING.search(above) and not above.upper().rstrip(" :").endswith("PHONE NUMBER")
        if digits < 9 or thing:
            return match[0]
        count += 1
        return "(NUMBER)"

    def beside(match: re.Match[str]) -> str:
        nonlocal count
        number = match["number"]
        digits = sum(map(str.isdigit, number))
        year = digits == 4 and number.startswith(("19", "20"))
        if not 4 <= digits <= 15 or year or (match["far"] is not None and not _FAR.fullmatch(number)):
            return match[0]
        count += 1
        return match["on"] + "(NUMBER)"

    def spelled(match: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"(MAILBOX) AT {_DOT.sub('.', match['domain'])}"

    upper = text.upper()
    if dialled(upper):
        text = _BESIDE.sub(beside, _WHOLE.sub(whole, text))
    if "DOT" in upper:
        text = _SPELLED.sub(spelled, text)
    return text, count
