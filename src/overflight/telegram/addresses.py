"""Address lists: one addressee a line, rejoined where a page line cut them, parted where line breaks were
lost.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from overflight.telegram.dtg import LETTERS
from overflight.telegram.misread import as_letters, near_place
from overflight.telegram.model import Address
from overflight.telegram.posts import is_known, known_places
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["PREFIXES", "parse_address", "parse_addresses", "split_addresses"]

#: First words of plain-language addresses that stand for a kind of post.
PREFIXES = (
    "AMEMBASSY", "AMCONSUL", "AMCONGEN", "AMLEGATION", "AMINTERESTS", "USMISSION", "USINT", "USLO",
    "USOFFICE",
    "USNATO", "USUN", "USEU", "USOSCE", "AIT", "AMIT", "SECSTATE", "SECDEF", "SECHOMELAND", "RUEHC",
)  # fmt: skip
# What stands before the address; precedence and serial are the last words behind it.
_AHEAD = re.compile(r"(?P<zen>ZEN\s*/\s*)?(?:(?P<routing>[A-Z]{4,8})\s*/\s*(?=[A-Z]))?")
_TOGETHER = re.compile(
    r"(?<=[A-Z0-9])\s+(?=(?:R[A-Z]{4,7}\s?/\s?)?(?:" + "|".join(PREFIXES) + r")\s)|(?<=[A-Z0-9])[;,]\s+"
)
_INSTITUTES = ("AMERICAN INSTITUTE TAIWAN", "AMERICAN INSTITUTE IN TAIWAN")
_ROUTED = re.compile(r"^(?:ZEN\s*/|R[A-Z]{4,7}\s*/)")

#: Kinds of post that are at a place, and no mission to an organisation.
_PLACED = frozenset(
    ("AMEMBASSY", "AMCONSUL", "AMCONGEN", "AMLEGATION", "AMINTERESTS", "USINT", "USLO", "USLIAISON")
)
_KINDS = frozenset(PREFIXES)
_PRECEDENCES = frozenset(("NIACT", "FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE"))
# Precedence by its letter, at the end or before the serial.
_LETTER = re.compile(r"\s(NIACT\s)?([ZOPR])(?=(?:\s\d{1,6})?$)")
# A sign that no letter of a word is, next to one: the quick look.
_MISREAD = re.compile(r"[01358l|!](?:[A-Z]|(?<=[A-Z].))")


@lru_cache(4_096)
def parse_address(text: str) -> Address:
    """``RUEHYY/AMEMBASSY SAMPLETON NIACT IMMEDIATE 0102``."""
    text = " ".join(text.split())
    ahead = _AHEAD.match(text)
    assert ahead is not None  # each part of it may be missing
    zen, routing = ahead["zen"] is not None, ahead["routing"]
    words = text[ahead.end() :].split(" ")
    if words == [""]:
        return Address(text)
    number = words.pop() if len(words) > 1 and len(words[-1]) < 7 and words[-1].isdecimal() else ""
    last = len(words)
    while last > 1 and words[last - 1] in _PRECEDENCES:
        last -= 1
    plad, precedence = " ".join(words[:last]), " ".join(words[last:]) or None
    if precedence == "NIACT":  # a word that goes with immediate messages only
        precedence = "NIACT IMMEDIATE"
    if plad == "AIG" and number:  # an address group is its number
        return Address(f"AIG {number}", precedence, None, routing, zen)
    return Address(plad.strip(" ,;"), precedence, int(number) if number else None, routing, zen)


def split_addresses(line: Line, log: Log) -> list[Line]:
    """One line for each addressee of a line that holds several."""
    text = line.text
    # USMISSION USUN NEW YORK is one post, and so is AMERICAN INSTITUTE TAIWAN, TAIPEI.
    cuts = [
        cut
        for cut in _TOGETHER.finditer(text)
        if not _open(text[: cut.start()]) and not text.endswith(_INSTITUTES, 0, cut.start())
    ]
    if not cuts:
        return [line]
    out: list[Line] = []
    start = 0
    for cut in cuts:
        out.append(line.part(start, cut.start(), fresh=bool(out)))
        log.repair(line, cut.end(), text[cut.start() : cut.end()], "a new addressee", "line break lost")
        start = cut.end()
    out.append(line.part(start, fresh=True))
    return out


def _begins(text: str) -> bool:
    return text.split(" ", 1)[0] in PREFIXES or bool(_ROUTED.match(text))


def _open(text: str) -> bool:
    """An address that cannot be whole.

    Nothing but the kind of post, or a routing indicator without an address.
    """
    bare = _ROUTED.sub("", text).strip()
    return not bare or bare in PREFIXES


def parse_addresses(
    lines: list[Line], log: Log, words: frozenset[str], posts: frozenset[str]
) -> tuple[Address, ...]:
    """Addressees of one list.

    Parameters
    ----------
    lines : list of Line
        Lines of the list, the word TO or INFO taken off the first.
    log : Log
        Takes the repairs.
    words : frozenset of str
        Words met elsewhere in the telegram.
    posts : frozenset of str
        Names of known posts, without the kind of post.
    """
    texts: list[str] = []
    stood: list[Line] = []
    for whole in lines:
        for line in split_addresses(whole, log):
            text = " ".join(line.text.split()).strip(" ,;")
            if not text:
                continue
            previous = texts[-1] if texts else ""
            if previous and not line.fresh and not _begins(text) and _half(previous, line, text, posts):
                texts[-1] = joined = _join(previous, text, words, posts)
                kind = "page line" if line.cut else "address broken"
                log.repair(line, 0, text, f"the rest of {joined!r}", kind)
                continue
            texts.append(text)
            stood.append(line)
    return tuple([_checked(text, line, log, posts) for text, line in zip(texts, stood, strict=True)])


@lru_cache(4_096)
def _unasked(text: str) -> Address | None:
    """The address where it raises no question: no sign is misread, and a post is a known one."""
    if _MISREAD.search(text):
        return None
    address = parse_address(text)
    kind, _, place = address.address.partition(" ")
    known = kind not in _PLACED or place in known_places() or is_known(address.address)
    return address if known else None


def _checked(text: str, line: Line, log: Log, posts: frozenset[str]) -> Address:
    """The address, with misread signs put right where a table knows the word."""
    if (address := _unasked(text)) is not None:
        return address
    if letter := _LETTER.search(text):
        words = f"{'NIACT ' * bool(letter[1])}{LETTERS[letter[2]]}"
        whole = parse_address(f"{text[: letter.start()]} {words}{text[letter.end() :]}")
        if whole.address.partition(" ")[2] in posts or is_known(whole.address):
            at = max(line.text.find(letter[2], len(whole.address)), 0)
            log.repair(line, at, letter.group().strip(), words, "precedence letter")
            return whole
    if misread := _MISREAD.search(text) is not None:
        text = _words_mended(text, line, log)
    address = parse_address(text)
    kind, _, place = address.address.partition(" ")
    if kind not in _PLACED or place in posts or is_known(address.address):
        return address
    near = near_place(place, posts) if place else None
    if near is None:
        log.warn(
            f"line {line.no}: {address.address!r} is no post that the table knows; its state is not told"
        )
        return address
    if not misread:
        log.warn(f"line {line.no}: {address.address!r} is no post that the table knows; is it {near}?")
        return address
    log.repair(line, max(line.text.find(place), 0), place, near, "misread address")
    log.warn(f"line {line.no}: the post reads {place!r}; {near!r} is proposed, check it")
    return replace(address, address=f"{kind} {near}")


def _words_mended(text: str, line: Line, log: Log) -> str:
    """The kind of post and the precedence with letters for the digits in them."""
    words = text.split()
    for n, word in enumerate(words):
        cut = word.rfind("/") + 1 if n == 0 else 0
        mended = as_letters(word[cut:])
        if mended != word[cut:] and mended in (_KINDS if n == 0 else _PRECEDENCES):
            words[n] = word[:cut] + mended
            log.repair(line, max(line.text.find(word), 0), word, words[n], "misread address")
    return " ".join(words)


def _half(previous: str, line: Line, text: str, posts: frozenset[str]) -> bool:
    """The line above is no whole address, or this one is none.

    After a page line, or with precedence and serial.
    """
    if _open(previous) or previous.endswith("-"):
        return True
    tail = parse_address("X " + text)
    if tail.address == "X" and tail.precedence and previous.endswith(" NIACT"):
        return True
    whole = parse_address(previous)
    if whole.precedence or whole.serial is not None:
        return False
    if tail.address == "X":
        return bool(tail.precedence or tail.serial is not None)
    glued = parse_address(previous + text).address.split(" ", 1)[-1]
    kind, _, place = whole.address.partition(" ")
    if line.cut:
        return glued in posts or (place or kind) not in posts
    # AMEMBASSY NEW / DELHI: only both together are a post.
    spaced = parse_address(f"{previous} {text}").address.partition(" ")[2]
    return kind in _PLACED and place not in posts and (spaced in posts or glued in posts)


def _join(previous: str, text: str, words: frozenset[str], posts: frozenset[str]) -> str:
    """Two halves of an address, glued where the glued word is a known post or met elsewhere in the
    telegram.
    """
    if previous.endswith("-"):
        return previous[:-1] + text
    left, right = previous.rsplit(None, 1)[-1], text.split(None, 1)[0]
    if left in PREFIXES or previous.endswith("/"):
        return f"{previous} {text}" if left in PREFIXES else previous + text
    spaced = parse_address(f"{previous} {text}").address.split(" ", 1)[-1]
    glued = parse_address(previous + text).address.split(" ", 1)[-1]
    if spaced not in posts and (glued in posts or left + right in words):
        return previous + text
    return f"{previous} {text}"
