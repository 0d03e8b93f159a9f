"""The head of a United States marking: brackets, level, foreign and joint owners; and what is being read."""

from __future__ import annotations

from dataclasses import dataclass, field

from overflight.marking.model import Marking
from overflight.marking.register import Register
from overflight.marking.us_lists import Listed, is_code, read_codes
from overflight.marking.us_notes import Notes, Piece, quote
from overflight.marking.us_writing import canonical

__all__ = ["Reading", "brackets", "foreign_head", "level"]


@dataclass(slots=True)
class Reading:
    """A marking as it is being read, and where its parts stand."""

    notes: Notes = field(default_factory=Notes)
    form: str = "portion"
    brackets: str = ""
    column: int = 1
    level: str = ""
    origin: str = "us"
    sources: tuple[str, ...] = ()
    fgi: tuple[str, ...] = ()
    fgi_concealed: bool = False
    sci: list[str] = field(default_factory=list)
    sap: list[str] = field(default_factory=list)
    aea: list[str] = field(default_factory=list)
    controls: list[str] = field(default_factory=list)
    rel: Listed | None = None
    display: Listed | None = None
    rel_same: bool = False
    #: Column of each control and list, by its portion form.
    columns: dict[str, int] = field(default_factory=dict)
    #: (category, place in the Register, column, segment) of every item, in reading order.
    order: list[tuple[int, int, int, int]] = field(default_factory=list)

    def marking(self, text: str, register: Register) -> Marking:
        """The model of what was understood."""
        lists = [part for part in (self.rel, self.display) if part is not None]
        rel: tuple[str, ...] = ()
        display: tuple[str, ...] = ()
        # The United States are implied wherever others are named. A list that names nobody is still a list:
        # it keeps USA, so that nothing takes the marking for one without limits.
        if self.rel is not None:
            rel = ("USA", *(code for code, _ in self.rel.codes))
            if self.rel.recipients and len(rel) == 1:
                rel = ()
        if self.display is not None:
            display = tuple(code for code, _ in self.display.codes if code != "USA") or ("USA",)
        found = Marking(
            text=text,
            level=self.level,
            origin=self.origin,
            sources=self.sources,
            sci=tuple(self.sci),
            sap=tuple(self.sap),
            aea=tuple(self.aea),
            fgi=self.fgi,
            fgi_concealed=self.fgi_concealed,
            controls=tuple(self.controls),
            rel=rel,
            display=display,
            rel_same=self.rel_same,
            recipients=any(part.recipients for part in lists),
            inferred=self.notes.inferred,
            understood=tuple(self.notes.understood),
            unparsed=" | ".join(self.notes.lost),
        )
        return canonical(found, register)


def brackets(plain: str, start: int, end: int, reading: Reading) -> tuple[int, int]:
    """Take off one pair of brackets; gives back where the marking inside begins and ends."""
    pair = {"(": ")", "[": "]"}.get(plain[start : start + 1])
    if pair is not None and plain[end - 1 : end] == pair and end - start >= 2:
        reading.brackets = plain[start] + pair
        if pair != ")":
            reading.notes.fault(start + 1, "brackets", "a portion mark stands in round brackets")
        inner = plain[start + 1 : end - 1]
        skipped = len(inner) - len(inner.lstrip(" "))
        if inner != inner.strip(" "):
            reading.notes.fault(start + 2, "blank", "a blank beside a bracket")
        return start + 1 + skipped, max(start + 1 + skipped, end - 1 - (len(inner) - len(inner.rstrip(" "))))
    if pair is not None or plain[end - 1 : end] in (")", "]"):
        reading.notes.fault(start + 1 if pair else end, "brackets", "one bracket of two")
        return (start + 1, end) if pair else (start, end - 1)
    return start, end


def level(piece: Piece, reading: Reading, register: Register) -> list[Piece]:
    """Read the level of a United States marking; gives back what else stands in its piece."""
    notes, text = reading.notes, _unspaced(piece, reading, register)
    for word in register.level_starts:
        if text == word or text.startswith((word + " ", word + "-")):
            break
    else:
        notes.lose(piece.column, "level", piece.text, f"{quote(piece.text)} does not begin with a level")
        return []
    if word in register.level_words:
        reading.level = register.level_words[word]
        reading.form = "portion" if word == reading.level and text is piece.text else "banner"
        if register.levels[reading.level].foreign_only:
            notes.open(piece.column, "level", "RESTRICTED is no level of the United States")
    else:
        reading.level, control = register.loose_levels[word]
        reading.form = "banner" if word.startswith("UNCLAS") else "portion"
        if control:
            reading.controls.append(control)
            reading.columns[control] = piece.column
            reading.order.append((*register.place(control)[:2], piece.column, piece.segment))
        meant = f"{reading.level}//{control}" if control else reading.level
        notes.infer(piece.column, "level", word, meant, f"{quote(word)} is no level: write {meant}")
    if reading.brackets and reading.form == "banner":
        reading.form = "portion"
        notes.fault(piece.column, "portion-form", "a portion mark abbreviates its level")
    rest = text[len(word) :].lstrip(" -")
    if not rest:
        return []
    return [Piece(rest, piece.column + len(piece.text) - len(rest), piece.segment)]


def _unspaced(piece: Piece, reading: Reading, register: Register) -> str:
    """The text with a letter-spaced level joined (`S E C R E T`)."""
    words = piece.text.split(" ")
    run = 0
    while run < len(words) and len(words[run]) <= 1:
        run += 1
    joined = "".join(words[:run])
    if len(joined) < 4:
        return piece.text
    for word in (*register.level_words, *register.loose_levels):
        if word.replace(" ", "") == joined:
            reading.notes.infer(
                piece.column, "letter-spacing", piece.text, word, f"write {word} without blanks"
            )
            return " ".join((word, *words[run:]))
    return piece.text


def foreign_head(piece: Piece, reading: Reading, register: Register) -> list[Piece]:
    """Read the head of a foreign or joint marking: `//JOINT S GBR USA`, `//GBR S`, `//FGI S`, `//NS`."""
    notes, text = reading.notes, piece.text
    if text in register.nato_words:
        short = register.nato_words[text]
        reading.origin, reading.sources = "foreign", ("NATO",)
        reading.level = register.nato[short][0]
        reading.form = "portion" if text == short else "banner"
        return []
    words = text.split(" ")
    joint = words[0] == "JOINT"
    reading.origin = "joint" if joint else "foreign"
    first = 1 if joint or words[0] == "FGI" else 0
    if not joint:
        while first < len(words) and words[0] != "FGI" and is_code(words[first], register):
            first += 1
    level_words = words[first:]
    size = 2 if " ".join(level_words[:2]) in register.level_words else 1
    word = " ".join(level_words[:size])
    if word not in register.level_words or (first == 0 and not joint):
        notes.lose(piece.column, "level", text, f"{quote(text)} is no foreign or joint level")
        return []
    reading.level = register.level_words[word]
    reading.form = "portion" if word == reading.level else "banner"
    named = level_words[size:] if joint else words[:first]
    if words[0] != "FGI" and named:
        column = piece.column + (len(" ".join(words[: first + size])) + 1 if joint else 0)
        reading.sources = read_codes(" ".join(named), column, register, notes)
        if not joint and reading.sources == ("NATO",):
            notes.fault(piece.column, "nato", "NATO levels have portion marks of their own")
    if not joint and level_words[size:]:
        lost = " ".join(level_words[size:])
        notes.lose(piece.column, "level", lost, f"{quote(lost)} after the level")
    if joint and reading.level == "R":
        notes.open(piece.column, "joint", "RESTRICTED is no joint level")
    if joint and reading.sources and "USA" not in reading.sources:
        notes.open(piece.column, "joint", "the United States are an owner of every joint marking")
    return []
