"""What reading a United States marking gives: the pieces, and the notes taken on the way."""

from __future__ import annotations

from dataclasses import dataclass, field

from overflight.marking.model import Fault

__all__ = ["Notes", "Piece", "clean", "quote", "split"]

#: A marking longer than this is none; it bounds the work on hostile input.
LONGEST = 4096
_LOWER = {ord("a") + n: ord("A") + n for n in range(26)}
_ODD: dict[int, str] = {
    **dict.fromkeys(map(ord, "\t\n\r\f\v\u00a0\u202f\u3000"), " "),
    **dict.fromkeys(range(0x2000, 0x200B), " "),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-"),
}
_PLAIN: dict[int, int | str] = {**_LOWER, **_ODD}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a marking: its text in capitals, its column from 1, and the `//` segment it stands in."""

    text: str
    column: int
    segment: int


@dataclass(slots=True)
class Notes:
    """Faults, interpretations and losses, in the order in which reading met them."""

    faults: list[Fault] = field(default_factory=list)
    understood: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    inferred: bool = False
    undetermined: bool = False

    def fault(self, column: int, rule: str, message: str) -> None:
        """A deviation whose meaning is certain."""
        self.faults.append(Fault(column, rule, message))

    def infer(self, column: int, rule: str, read: str, meant: str, message: str) -> None:
        """A deviation that was interpreted: nothing is released on it before a person confirms."""
        self.faults.append(Fault(column, rule, message))
        self.understood.append(f"{quote(read)} as {meant}")
        self.inferred = True

    def lose(self, column: int, rule: str, read: str, message: str) -> None:
        """A piece that nobody understands: the marking has no corrected form and releases nothing."""
        self.faults.append(Fault(column, rule, message))
        self.lost.append(read)

    def open(self, column: int, rule: str, message: str) -> None:
        """A broken rule whose right form cannot be determined."""
        self.faults.append(Fault(column, rule, message))
        self.undetermined = True


def quote(text: str) -> str:
    """A piece of input as it may stand in a message: printable and short."""
    shown = "".join(c if c.isprintable() else "\ufffd" for c in text[:40])
    return f"'{shown}{'…' if len(text) > 40 else ''}'"


def clean(text: str, notes: Notes) -> str:
    """The text in capitals, with plain blanks and hyphens, and of the same length.

    Only ASCII letters are raised: a letter that merely looks like one (ſ, K) must not become one.
    """
    plain = text.translate(_PLAIN)
    if plain == text:
        return plain
    changed = [place for place, (old, new) in enumerate(zip(text, plain, strict=True), 1) if old != new]
    lower = next((place for place in changed if ord(text[place - 1]) in _LOWER), 0)
    odd = next((place for place in changed if ord(text[place - 1]) in _ODD), 0)
    if lower:
        notes.fault(lower, "case", "markings are in capitals")
    if odd and text.strip():
        notes.fault(odd, "character", "a blank or hyphen that is not the plain one")
    return plain


def split(text: str, start: int, end: int, notes: Notes) -> tuple[bool, list[Piece]]:
    """Cut a marking at its slashes.

    Returns
    -------
    bool
        Whether the marking begins with `//`, as foreign and joint ones do.
    list of Piece
        Pieces without blanks around them, none empty.
    """
    pieces: list[Piece] = []
    segment = 0
    leading = False
    position = start
    while position < end:
        if text[position] == "/":
            run = position
            while run < end and text[run] == "/":
                run += 1
            slashes = run - position
            if slashes > 2:
                notes.fault(position + 1, "separator", "more than two slashes")
            if position == start:
                leading = slashes >= 2
                if not leading:
                    notes.fault(position + 1, "separator", "a slash before the level")
            elif run == end:
                notes.fault(position + 1, "separator", "a slash with nothing after it")
            if slashes >= 2:
                segment += 1
            position = run
            continue
        stop = text.find("/", position, end)
        stop = end if stop < 0 else stop
        body = text[position:stop]
        bare = body.strip(" ")
        if bare:
            offset = len(body) - len(body.lstrip(" "))
            if offset or len(bare) + offset != len(body):
                column = position + 1 if offset else position + 1 + len(bare)
                notes.fault(column, "blank", "a blank beside a slash or at the edge")
            pieces.append(Piece(bare, position + offset + 1, segment))
        else:
            notes.fault(position + 1, "separator", "nothing between two slashes")
        position = stop
    return leading, pieces
