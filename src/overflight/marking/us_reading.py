"""Reading United States markings: one pass from text to a model, with a note of every deviation."""

from __future__ import annotations

import datetime as dt

from overflight.marking.register import CATEGORIES, Register
from overflight.marking.us_heads import Reading, brackets, foreign_head, level
from overflight.marking.us_lists import Listed, is_code, ordered, read_codes, read_list
from overflight.marking.us_notes import LONGEST, Notes, Piece, clean, quote, split
from overflight.marking.us_writing import in_order

__all__ = ["Reading", "read"]

_REL = ("REL TO ", "AUTHORIZED FOR RELEASE TO ", "RELEASABLE TO ", "RELEASE TO ", "REL ")
_REL_PROPER = frozenset({"REL TO ", "AUTHORIZED FOR RELEASE TO "})
_DISPLAY = ("FOR DISPLAY ONLY TO ", "FOR DISPLAY ONLY ", "DISPLAY ONLY TO ", "DISPLAY ONLY ")


def read(text: str, register: Register, on: dt.date | None = None) -> Reading:
    """Read a portion mark or a banner, with or without brackets.

    The time is linear in the length of the text, and no string makes it fail.
    """
    reading = Reading()
    notes = reading.notes
    if len(text) > LONGEST:
        notes.lose(1, "length", text[:40], f"longer than {LONGEST} characters: this is no marking")
        return reading
    plain = clean(text, notes)
    start, end = len(plain) - len(plain.lstrip(" ")), len(plain.rstrip(" "))
    start, end = brackets(plain, start, end, reading)
    reading.column = start + 1
    leading, pieces = split(plain, start, end, notes)
    if not pieces:
        notes.lose(start + 1, "level", "(nothing)", "there is no level")
        return reading
    head = foreign_head if leading else level
    rest = head(pieces[0], reading, register)
    _read_pieces([*rest, *pieces[1:]], reading, register, on)
    _check_order(reading)
    _check_codes(reading, register)
    _check_lists(reading)
    return reading


def _read_pieces(pieces: list[Piece], reading: Reading, register: Register, on: dt.date | None) -> None:
    """Read everything after the level."""
    waiting: list[Piece] = []  # codes that an EYES ONLY may claim
    last = ""
    for piece in pieces:
        if piece.segment == 0 and reading.origin == "us":
            meant = f"{reading.level}//{piece.text}"
            reading.notes.infer(
                piece.column,
                "separator",
                piece.text,
                meant,
                "two slashes stand between the level and what follows",
            )
        last = _read_piece(piece, reading, register, on, last, waiting)
    for piece in waiting:
        reading.notes.lose(piece.column, "unknown", piece.text, f"{quote(piece.text)} stands outside a list")


def _read_piece(
    piece: Piece, reading: Reading, register: Register, on: dt.date | None, last: str, waiting: list[Piece]
) -> str:
    """Read one piece; gives back its kind, by which the next piece may be understood."""
    text, notes = piece.text, reading.notes
    same_segment = bool(reading.order) and reading.order[-1][3] == piece.segment
    if text in register.control_words:
        _control(text, piece, reading, register)
        return "control"
    if text.endswith("EYES ONLY") or text == "EYES":
        _eyes(piece, reading, register, on, waiting)
        return "control"
    for prefixes, mark in ((_REL, "REL"), (_DISPLAY, "DISPLAY ONLY")):
        prefix = next((p for p in prefixes if text.startswith(p)), None)
        if prefix is not None:
            _list(piece, prefix, mark, reading, register, on)
            return mark
    if text == "REL":
        _place(reading, register, "REL", piece)
        reading.rel_same = True
        if reading.form == "banner":
            notes.open(piece.column, "rel-list", "a banner names the states of its release list")
        return "control"
    if text == "FGI" or text.startswith("FGI "):
        reading.fgi = read_codes(text[4:], piece.column + 4, register, notes)
        reading.fgi_concealed = not reading.fgi
        reading.order.append((CATEGORIES.index("fgi"), 0, piece.column, piece.segment))
        return "fgi"
    if _special(piece, reading, register, last if same_segment else ""):
        return "sap" if reading.order[-1][0] == CATEGORIES.index("sap") else "special"
    if same_segment and last in ("REL", "DISPLAY ONLY") and _continues(piece, last, reading, register, on):
        return last
    if is_code(text, register):
        waiting.append(piece)
        return last
    if _several(piece, reading, register, on):
        return "control"
    notes.lose(piece.column, "unknown", text, f"{quote(text)} is no known control")
    return ""


def _place(reading: Reading, register: Register, mark: str, piece: Piece) -> None:
    if mark in reading.columns:
        reading.notes.fault(piece.column, "duplicate", f"{mark} a second time")
    reading.columns.setdefault(mark, piece.column)
    reading.order.append((*register.place(mark)[:2], piece.column, piece.segment))


def _control(text: str, piece: Piece, reading: Reading, register: Register) -> None:
    mark = register.control_words[text]
    control = register.controls[mark]
    if mark == "NF" and piece.segment == 0 and reading.controls == ["SBU"]:
        # `SBU/NF` is how telegrams write SBU-NF.
        reading.controls[0] = "SBU-NF"
        reading.columns["SBU-NF"] = reading.columns.pop("SBU")
        return
    if reading.form == "portion" and text != control.portion:
        reading.notes.fault(piece.column, "portion-form", f"the portion form is {control.portion}")
    elif reading.form == "banner" and text not in (control.banner, *control.titles):
        reading.notes.fault(piece.column, "banner-form", f"the banner form is {control.banner}")
    if control.category == "legacy":
        reading.notes.fault(piece.column, "register", f"{control.banner} is no marking of the Register")
    _place(reading, register, mark, piece)
    reading.controls.append(mark)


def _list(
    piece: Piece, prefix: str, mark: str, reading: Reading, register: Register, on: dt.date | None
) -> None:
    notes = reading.notes
    proper = prefix in _REL_PROPER if mark == "REL" else prefix == "DISPLAY ONLY "
    body = piece.text[len(prefix) :].strip(" ")
    if not proper:
        write = "REL TO" if mark == "REL" else mark
        notes.infer(piece.column, "list-words", prefix.strip(), write, f"the words are {write}")
    column = piece.column + len(piece.text) - len(body)
    listed = read_list(body, column, register, on, notes)
    _place(reading, register, mark, piece)
    known = reading.rel if mark == "REL" else reading.display
    if known is not None:  # two lists of one kind: only what both name is certain
        both = {c for c, _ in known.codes} & {c for c, _ in listed.codes}
        known.codes = [(c, at) for c, at in known.codes if c in both]
        known.recipients = known.recipients or listed.recipients
        notes.undetermined = True
    elif mark == "REL":
        reading.rel = listed
    else:
        reading.display = listed
    _take_controls(listed, piece, reading, register)


def _take_controls(listed: Listed, piece: Piece, reading: Reading, register: Register) -> None:
    for text, column in listed.controls:
        _control(text, Piece(text, column, piece.segment), reading, register)


def _continues(piece: Piece, mark: str, reading: Reading, register: Register, on: dt.date | None) -> bool:
    """A list whose codes are separated by slashes: understood, never certain."""
    trial = Notes()
    listed = read_list(piece.text, piece.column, register, on, trial)
    known = reading.rel if mark == "REL" else reading.display
    if trial.lost or known is None:
        return False
    notes = reading.notes
    notes.faults.extend(trial.faults)
    notes.understood.extend(trial.understood)
    notes.infer(
        piece.column,
        "list-separator",
        piece.text,
        "one more code",
        "codes are separated by a comma and one blank",
    )
    known.codes.extend(listed.codes)
    known.recipients = known.recipients or listed.recipients
    _take_controls(listed, piece, reading, register)
    return True


def _eyes(
    piece: Piece, reading: Reading, register: Register, on: dt.date | None, waiting: list[Piece]
) -> None:
    """The retired `USA/AUS/GBR EYES ONLY`: a release list that has to be marked anew."""
    notes = reading.notes
    own = piece.text.removesuffix("EYES ONLY").strip(" ") if piece.text != "EYES" else ""
    listed = read_list(own, piece.column, register, on, notes) if own else Listed()
    listed.codes.extend((w.text, w.column) for w in waiting)
    waiting.clear()
    _place(reading, register, "REL", piece)
    meant = "REL TO"
    notes.infer(piece.column, "eyes-only", piece.text, meant, "EYES ONLY is retired: mark it REL TO")
    if listed.codes and reading.rel is None:
        reading.rel = listed
    else:
        reading.rel_same = reading.rel is None
        notes.undetermined = True


def _special(piece: Piece, reading: Reading, register: Register, last: str) -> bool:
    """Read controls of compartments, special access programmes and the Atomic Energy Act."""
    text = piece.text
    stem = text.split("-")[0].split(" ")[0]
    words = text.replace("-", " ").split(" ")
    sound = all(word.isascii() and word.isalnum() for word in words)
    if text in register.aea or (stem in ("RD", "FRD") and text.startswith(stem + "-") and sound):
        if text in register.aea:
            code = register.aea[text]
        else:
            rest = text[len(stem) + 1 :]
            code = f"{stem}-SG {rest[6:]}" if rest.startswith("SIGMA ") else text
        reading.aea.append(code)
        category = "aea"
    elif text in register.nato_controls:
        reading.sap.append(text)
        category = "sap"
    elif text.startswith(("SAR-", "SPECIAL ACCESS REQUIRED-")) and sound:
        programme = text.removeprefix("SPECIAL ACCESS REQUIRED-").removeprefix("SAR-")
        if _reserved(programme, register):
            return False
        if any(code not in register.nato_controls for code in reading.sap):
            reading.notes.fault(piece.column, "sar", "SAR- stands once, before the first programme")
        reading.sap.append(programme)
        category = "sap"
    elif (
        last == "sap"
        and sound
        and any(code not in register.nato_controls for code in reading.sap)
        and not _reserved(text, register)
    ):
        reading.sap.append(text)
        category = "sap"
    elif text in register.sci:
        reading.sci.append(register.sci[text])
        category = "sci"
    elif stem in register.sci and text.startswith(stem + "-") and sound:
        reading.sci.append(text)
        category = "sci"
    else:
        return False
    reading.order.append((CATEGORIES.index(category), 0, piece.column, piece.segment))
    return True


def _reserved(text: str, register: Register) -> bool:
    """Whether a programme's name would be read as another mark when it stands after the first."""
    stem = text.split("-")[0].split(" ")[0]
    return (
        text in register.control_words
        or text in register.nato_controls
        or text in register.aea
        or stem in register.sci
        or stem in ("RD", "FRD", "SAR", "REL", "FGI", "EYES", "DISPLAY")
        or text.startswith((*_REL, *_DISPLAY, "SPECIAL ACCESS REQUIRED-"))
        or text.endswith("EYES ONLY")
    )


def _several(piece: Piece, reading: Reading, register: Register, on: dt.date | None) -> bool:
    """Several controls in one piece, separated by commas or blanks as before July 2005."""
    parts: list[tuple[str, int]] = []
    position = 0
    for word in piece.text.replace(",", " ").split(" "):
        if word:
            parts.append((word, piece.column + position))
        position += len(word) + 1
    if len(parts) < 2 or not all(
        word in register.control_words
        and register.controls[register.control_words[word]].category != "legacy"
        for word, _ in parts
    ):
        return False
    meant = ", ".join(word for word, _ in parts)
    reading.notes.infer(piece.column, "separator", piece.text, meant, "controls are separated by slashes")
    for word, column in parts:
        _control(word, Piece(word, column, piece.segment), reading, register)
    return True


def _check_order(reading: Reading) -> None:
    """Categories in order, separated by two slashes; the Register's order and one slash within a category."""
    notes = reading.notes
    for before, here in zip(reading.order, reading.order[1:], strict=False):
        if here[0] < before[0]:
            notes.fault(here[2], "order", "this category stands before the one in front of it")
        elif here[0] == before[0] and here[1] < before[1]:
            notes.fault(here[2], "order", "out of the order of the Register")
        if here[0] == before[0] and here[3] != before[3]:
            notes.fault(here[2], "separator", "one slash between marks of one category")
        elif here[0] != before[0] and here[3] == before[3]:
            notes.fault(here[2], "separator", "two slashes between categories")


def _check_codes(reading: Reading, register: Register) -> None:
    """Compartments, programmes and the marks of the Atomic Energy Act each in their order, each once."""
    for category, codes in (("sci", reading.sci), ("sap", reading.sap), ("aea", reading.aea)):
        columns = [place[2] for place in reading.order if place[0] == CATEGORIES.index(category)]
        wanted = in_order(category, codes, register)
        for n, (code, column) in enumerate(zip(codes, columns, strict=True)):
            if code in codes[:n]:
                reading.notes.fault(column, "duplicate", f"{code} a second time")
            elif n and wanted.index(code) < wanted.index(codes[n - 1]):
                reading.notes.fault(column, "order", "out of the order of the Register")


def _check_lists(reading: Reading) -> None:
    notes = reading.notes
    for listed, mark in ((reading.rel, "REL"), (reading.display, "DISPLAY ONLY")):
        if listed is None:
            continue
        column = reading.columns[mark]
        found = [code for code, _ in listed.codes]
        wanted = ordered(found, usa_first=mark == "REL")
        if len(wanted) != len(found):
            again = next(c for n, (k, c) in enumerate(listed.codes) if k in found[:n])
            notes.fault(again, "duplicate", "a code a second time")
        else:
            wrong = next(
                (c for (code, c), want in zip(listed.codes, wanted, strict=True) if code != want), None
            )
            if wrong is not None:
                first = "USA first, then " if mark == "REL" else ""
                notes.fault(wrong, "list-order", f"{first}trigraphs by the alphabet, then tetragraphs")
        if mark == "DISPLAY ONLY":
            if "USA" in found:
                notes.fault(column, "display-usa", "the United States are not on a DISPLAY ONLY list")
            if set(found) <= {"USA"} and not listed.recipients:
                notes.open(column, "list-partner", "the list names no other state")
        elif listed.recipients or notes.lost:
            pass
        elif set(found) <= {"USA"}:
            notes.open(
                column, "list-partner", "REL TO USA alone is no marking: name another state or use NOFORN"
            )
        elif "USA" not in found:
            notes.infer(column, "list-usa", "REL TO", "REL TO USA, …", "the list begins with USA")
