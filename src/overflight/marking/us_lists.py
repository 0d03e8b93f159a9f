"""Reading the lists of states in REL TO and DISPLAY ONLY marks, the strict form and the looser ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from overflight.marking import codes
from overflight.marking.register import Register
from overflight.marking.us_notes import Notes, quote

__all__ = ["Listed", "is_code", "ordered", "read_codes", "read_list"]

_RECIPIENTS = frozenset(
    {
        "RECIPIENT",
        "RECIPIENTS",
        "ADDRESSEES",
        "RECIPIENT COUNTRIES",
        "RECIPIENT GOVERNMENTS",
        "RECIPIENT STATES",
        "HOST COUNTRIES",
        "HOST GOVERNMENTS",
    }
)
_JOINERS = frozenset({"AND", "&", "PLUS"})


@dataclass(slots=True)
class Listed:
    """What a list held, in reading order with columns."""

    codes: list[tuple[str, int]] = field(default_factory=list)
    controls: list[tuple[str, int]] = field(default_factory=list)
    recipients: bool = False


def is_code(text: str, register: Register) -> bool:
    """Whether a text is a known alpha-3 code or a known group."""
    return codes.is_state(text) or text in register.groups


def _tetragraph(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isalpha()


def ordered(listed: Iterable[str], *, usa_first: bool) -> tuple[str, ...]:
    """Codes in canonical order without repeats: USA first in release lists, trigraphs, then tetragraphs."""
    return tuple(sorted(set(listed), key=lambda c: (not (usa_first and c == "USA"), len(c), c)))


def read_list(text: str, column: int, register: Register, on: dt.date | None, notes: Notes) -> Listed:
    """Read the text of a list.

    Parameters
    ----------
    text : str
        Capitals, without blanks at the ends.
    column : int
        Column of the first character.
    register : Register
        Vocabulary.
    on : date, optional
        Day of the document, by which dated names are understood.
    notes : Notes
        Takes the faults.
    """
    listed = Listed()
    position = 0
    for number, item in enumerate(text.replace(";", ",").split(",")):
        bare = item.strip(" ")
        offset = len(item) - len(item.lstrip(" "))
        here = column + position + offset
        if not bare:
            notes.fault(column + position, "list-comma", "a comma with nothing beside it")
        else:
            if offset != (1 if number else 0) or len(bare) + offset != len(item):
                notes.fault(here, "list-blank", "codes are separated by a comma and one blank")
            _read_item(bare, here, register, on, notes, listed)
        position += len(item) + 1
    if ";" in text:
        notes.fault(column + text.index(";"), "list-separator", "codes are separated by commas")
    return listed


def _read_item(
    text: str, column: int, register: Register, on: dt.date | None, notes: Notes, listed: Listed
) -> None:
    if is_code(text, register):
        listed.codes.append((text, column))
    elif not _interpret(text, column, register, on, notes, listed):
        if _tetragraph(text):
            listed.codes.append((text, column))  # a group that is not known here stands for nobody
        elif " " in text or "&" in text:
            _read_words(text, column, register, on, notes, listed)
        else:
            _lose(text, column, notes)


def _lose(text: str, column: int, notes: Notes) -> None:
    if len(text) == 2:
        notes.lose(
            column,
            "two-letter-code",
            text,
            f"{quote(text)} is not one state in every code set: write three letters",
        )
    elif len(text) == 3:
        notes.lose(column, "unknown-code", text, f"{quote(text)} is no known trigraph")
    else:
        notes.lose(column, "unknown-code", text, f"{quote(text)} is no known code or name")


def _interpret(
    text: str, column: int, register: Register, on: dt.date | None, notes: Notes, listed: Listed
) -> bool:
    """Understand one item that is not a code as such; False when it is not to be understood as one item."""
    if text in register.control_words:
        listed.controls.append((text, column))
        notes.infer(
            column, "list-control", text, "a control of its own", f"{quote(text)} is a control, not a state"
        )
        return True
    if text.removeprefix("THE ") in _RECIPIENTS:
        listed.recipients = True
        meant = "the governments that the action addressees are accredited to"
        notes.infer(column, "list-recipients", text, meant, "name the states: recipients are no list")
        return True
    if len(text) == 2 and text.isalpha() and (state := codes.by_letters(text)) is not None:
        listed.codes.append((state, column))
        notes.infer(column, "two-letter-code", text, state, f"two letters are no code here: write {state}")
        return True
    if (state := codes.by_name(text, on)) is not None:
        listed.codes.append((state, column))
        notes.infer(column, "list-name", text, state, f"a name is no code: write {state}")
        return True
    return False


def _read_words(
    text: str, column: int, register: Register, on: dt.date | None, notes: Notes, listed: Listed
) -> None:
    """Read an item of several words, taking the longest name at each place."""
    words: list[tuple[str, int]] = []
    position = 0
    for word in text.replace("&", " ").split(" "):
        if word:
            words.append((word, column + position))
        position += len(word) + 1
    parts = 0
    at = 0
    while at < len(words):
        word, here = words[at]
        if word in _JOINERS:
            at += 1
            continue
        parts += 1
        if is_code(word, register):
            listed.codes.append((word, here))
            at += 1
            continue
        for size in range(min(codes.longest_name(), len(words) - at), 0, -1):
            phrase = " ".join(w for w, _ in words[at : at + size])
            if _interpret(phrase, here, register, on, notes, listed):
                at += size
                break
        else:
            _lose(word, here, notes)
            at += 1
    if parts > 1:
        notes.infer(
            column, "list-separator", text, "several codes", "codes are separated by a comma and one blank"
        )


def read_codes(text: str, column: int, register: Register, notes: Notes) -> tuple[str, ...]:
    """Read the blank-separated sources of foreign or joint marks."""
    found: list[str] = []
    position = 0
    for word in text.split(" "):
        if word:
            here = column + position
            if is_code(word, register) or _tetragraph(word):
                found.append(word)
            else:
                notes.lose(here, "unknown-code", word, f"{quote(word)} is no known code")
        position += len(word) + 1
    canonical = ordered(found, usa_first=False)
    if tuple(found) != canonical:
        notes.fault(column, "list-order", "trigraphs in the order of the alphabet, then tetragraphs")
    return canonical
