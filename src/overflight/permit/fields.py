"""The grammar of single fields of a message (ICAO Doc 4444 appendix 3).

Each reader takes a field's text and the place where it stands, and returns the part of the model; what it
cannot read it notes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from overflight.permit.codes import codes
from overflight.permit.message import Change, Finding, Item, Message
from overflight.permit.route_field import read_route

__all__ = ["Field", "Log", "read_field", "read_items"]

_ACID = re.compile(r"([A-Z0-9]{1,7})(?:/(A[0-7]{4}))?")
_RULES = re.compile(r"([A-Z])([A-Z])?")
_TYPE = re.compile(r"(\d{1,2})?([A-Z][A-Z0-9]{1,3})(?:/([A-Z]))?")
_PLACE_TIME = re.compile(r"([A-Z]{4})(\d{4})?")
_ARRIVAL = re.compile(r"([A-Z]{4})(\d{4})(?: (.+))?")
_LETTERS = re.compile(r"[A-Z]\d?")
_KEY = re.compile(r"(?:^|(?<=\s))([A-Z]{2,5})/")
#: Elements that hold free text: only a known key ends them.
_FREE = frozenset(
    {"RMK", "OPR", "ORGN", "DEP", "DEST", "TYP", "ALTN", "RALT", "TALT", "COM", "DAT", "NAV", "SUR"}
)


@dataclass(frozen=True, slots=True)
class Field:
    """A slice of the text that was given."""

    text: str
    start: int

    def stripped(self) -> Field:
        """Without blanks at its ends."""
        inner = self.text.strip()
        return Field(inner, self.start + (self.text.index(inner) if inner else 0))

    @property
    def words(self) -> str:
        """In one line, one blank between words."""
        return " ".join(self.text.split())


class Log:
    """Collects findings and turns offsets into lines and columns."""

    def __init__(self, text: str) -> None:
        self._ends = [0, *(match.end() for match in re.finditer(r"\n", text))]
        self.findings: list[Finding] = []

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self._ends, offset)
        return line, offset - self._ends[line - 1] + 1

    def add(self, field: str, kind: str, what: str, offset: int) -> None:
        """Note one fault."""
        self.findings.append(Finding(field, kind, what, *self.place(offset)))


def clock(text: str) -> bool:
    """Whether four digits are a time of day."""
    return int(text[:2]) < 24 and int(text[2:]) < 60


def read_field(number: int, field: Field, log: Log, *, kind: str = "FPL") -> dict[str, Any]:
    """One field as the attributes of a `Message` that it gives; empty when it cannot be read.

    Parameters
    ----------
    number : int
        7, 8, 9, 10, 13, 15, 16, 17, 18 or 22.
    field : Field
        Its text.
    log : Log
        Takes the faults.
    kind : str
        The message's kind, which decides what field 16 and field 13 must have.
    """
    field = field.stripped()
    if number == 18:
        return {"items": read_items(field, log)}
    if number == 15:
        speed, level, route = read_route(field.text, field.start, log)
        return {"speed": speed, "level": level, "route": route}
    reader = {
        7: _seven,
        8: _eight,
        9: _nine,
        10: _ten,
        13: _thirteen,
        16: _sixteen,
        17: _seventeen,
        22: _change,
    }
    if number not in reader:
        log.add(str(number), "not-read", f"field {number} is not one that is read", field.start)
        return {}
    if not field.text:
        log.add(str(number), "missing", f"field {number} is empty", field.start)
        return {}
    if number in (13, 16):
        return reader[number](field, log, kind)  # type: ignore[operator,no-any-return]
    return reader[number](field, log)  # type: ignore[operator,no-any-return]


def _malformed(number: int, field: Field, log: Log, form: str) -> dict[str, Any]:
    log.add(str(number), "malformed", f"{_short(field.words)!r} is not {form}", field.start)
    return {}


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"


def _seven(field: Field, log: Log) -> dict[str, Any]:
    found = _ACID.fullmatch(field.text)
    if found:
        return {"aircraft_id": found[1], "ssr": found[2]}
    # A code of the wrong form does not make the call sign unreadable.
    name, slash, code = field.text.partition("/")
    if slash and _ACID.fullmatch(name):
        log.add("7", "malformed", f"{_short(code)!r} is no code such as A0254", field.start + len(name) + 1)
        return {"aircraft_id": name}
    return _malformed(7, field, log, "up to seven letters and digits, such as KOR621")


def _eight(field: Field, log: Log) -> dict[str, Any]:
    found = _RULES.fullmatch(field.text)
    if not found:
        return _malformed(8, field, log, "rules and type, such as IN")
    read: dict[str, Any] = {}
    for name, value, known, at in (
        ("rules", found[1], "rules", 0),
        ("flight_type", found[2], "flight", 1),
    ):
        if value is None:
            log.add("8", "missing", "the type of flight is left out", field.start + 1)
        elif value in codes(known):
            read[name] = value
        else:
            log.add("8", "unknown-code", f"{value} is none of {' '.join(codes(known))}", field.start + at)
    return read


def _nine(field: Field, log: Log) -> dict[str, Any]:
    found = _TYPE.fullmatch(field.text)
    if not found:
        return _malformed(9, field, log, "a type and a wake category, such as IL62/H")
    read: dict[str, Any] = {"type": found[2]}
    if found[1]:
        if int(found[1]) > 1:
            read["count"] = int(found[1])
        else:
            log.add("9", "malformed", f"a number of {int(found[1])} aircraft is left out", field.start)
    if found[3] is None:
        log.add("9", "missing", "the wake category is left out", field.start + len(field.text))
    elif found[3] in codes("wake"):
        read["wake"] = found[3]
    else:
        at = field.start + found.start(3)
        log.add("9", "unknown-code", f"{found[3]} is no wake category", at)
    return read


def _ten(field: Field, log: Log) -> dict[str, Any]:
    radio, slash, surveillance = "".join(field.text.split()).partition("/")
    if not radio.isalnum() or not radio.isascii() or (slash and not surveillance.isalnum()):
        return _malformed(10, field, log, "equipment and surveillance, such as SHIWY/C")
    if not surveillance.isascii():
        return _malformed(10, field, log, "equipment and surveillance, such as SHIWY/C")
    for text, known in ((radio, "equipment"), (surveillance, "surveillance")):
        found = _LETTERS.findall(text)
        if "".join(found) != text:
            log.add("10", "malformed", f"{_short(text)} is not a run of codes", field.start)
        wrong = [code for code in found if code not in codes(known)]
        if wrong:
            log.add("10", "unknown-code", f"{_short(' '.join(wrong))}: no code of {known}", field.start)
        if "N" in found and len(found) > 1:
            log.add("10", "extra", f"N (none) beside other codes of {known}", field.start)
        if len(set(found)) < len(found):
            log.add("10", "duplicate", f"a code of {known} is there twice", field.start)
    if not surveillance:
        log.add("10", "missing", "the part after the slash (surveillance) is left out", field.start)
        return {"equipment": radio}
    return {"equipment": radio, "surveillance": surveillance}


def _thirteen(field: Field, log: Log, kind: str) -> dict[str, Any]:
    found = _PLACE_TIME.fullmatch(field.text)
    if not found:
        return _malformed(13, field, log, "an aerodrome and a time, such as ZKPY0400")
    read: dict[str, Any] = {"origin": found[1]}
    if found[2] is None:
        if kind != "ARR":
            log.add("13", "missing", "the time is left out", field.start + 4)
    elif clock(found[2]):
        read["time"] = found[2]
    else:
        log.add("13", "malformed", f"{found[2]} is no time of day", field.start + 4)
    return read


def _sixteen(field: Field, log: Log, kind: str) -> dict[str, Any]:
    words = field.text.split()
    found = _PLACE_TIME.fullmatch(words[0])
    if not found:
        return _malformed(16, field, log, "an aerodrome and an elapsed time, such as OIIE0815")
    read: dict[str, Any] = {"destination": found[1]}
    if kind != "FPL":
        if found[2] or len(words) > 1:
            log.add("16", "extra", f"in {kind} the field holds the aerodrome alone", field.start + 4)
        return read
    if found[2] is None:
        log.add("16", "missing", "the total elapsed time is left out", field.start + 4)
    elif int(found[2][2:]) >= 60 or found[2] == "0000":
        log.add("16", "malformed", f"{found[2]} is no elapsed time", field.start + 4)
    else:
        read["eet"] = found[2]
    alternates: list[str] = []
    for word in words[1:]:
        at = field.start + field.text.index(word, 4)
        if not re.fullmatch(r"[A-Z]{4}", word):
            log.add("16", "malformed", f"{_short(word)!r} is no alternate aerodrome", at)
        elif len(alternates) == 2:
            log.add("16", "extra", f"a third alternate, {word}", at)
        else:
            alternates.append(word)
    return read | {"alternates": tuple(alternates)}


def _seventeen(field: Field, log: Log) -> dict[str, Any]:
    found = _ARRIVAL.fullmatch(field.words)
    if not found:
        return _malformed(17, field, log, "an aerodrome and a time of arrival, such as OIIE1212")
    read: dict[str, Any] = {"arrival": found[1]}
    if clock(found[2]):
        read["arrival_time"] = found[2]
    else:
        log.add("17", "malformed", f"{found[2]} is no time of day", field.start + 4)
    if found[3]:
        read["arrival_name"] = found[3]
    elif found[1] == "ZZZZ":
        log.add("17", "missing", "ZZZZ without the name of the place", field.start + len(field.text))
    return read


def _change(field: Field, log: Log) -> dict[str, Any]:
    number, slash, text = field.words.partition("/")
    if not slash or not re.fullmatch(r"[0-9]{1,2}", number) or not text.strip():
        return _malformed(22, field, log, "a field's number and its new content, such as 16/OIMM0700")
    return {"changes": (Change(int(number), text.strip()),)}


def read_items(field: Field, log: Log) -> tuple[Item, ...]:
    """The elements of field 18, in the order in which they stand; an unknown key is kept and noted."""
    field = field.stripped()
    if field.text == "0":
        return ()
    if not field.text:
        log.add("18", "missing", "field 18 is empty; 0 stands for nothing", field.start)
        return ()
    known = codes("item")
    marks = []
    free = False
    for match in _KEY.finditer(field.text):
        if match[1] in known:
            free = match[1] in _FREE
        elif free:
            continue
        marks.append(match)
    if not marks or marks[0].start() > 0:
        head = field.text[: marks[0].start() if marks else None].strip()
        log.add("18", "malformed", f"{_short(' '.join(head.split()))!r} has no key", field.start)
    if not marks:
        return ()
    items: list[Item] = []
    order = list(known)
    highest, seen = -1, set[str]()
    for match, after in zip(marks, [*(m.start() for m in marks[1:]), len(field.text)], strict=True):
        key, at = match[1], field.start + match.start()
        raw = Field(field.text[match.end() : after], field.start + match.end())
        value = raw.words
        if not value:
            log.add(f"18 {key}", "missing", f"{key}/ is empty", at)
            continue
        if key not in known:
            log.add(f"18 {key}", "unknown-code", f"{key}/ is no key of field 18, perhaps a regional one", at)
        else:
            if order.index(key) < highest:
                log.add(f"18 {key}", "order", f"{key}/ stands behind {order[highest]}/", at)
            highest = max(highest, order.index(key))
            if key in seen:
                log.add(f"18 {key}", "duplicate", f"{key}/ is there twice", at)
        _check_value(key, value, raw, log)
        seen.add(key)
        items.append(Item(key, value))
    return tuple(items)


def _check_value(key: str, value: str, raw: Field, log: Log) -> None:
    inner = raw.stripped()
    if key in ("STS", "EET"):
        for match in re.finditer(r"\S+", raw.text):
            word, at = match[0], raw.start + match.start()
            if key == "STS" and word not in codes("special"):
                log.add("18 STS", "unknown-code", f"{_short(word)} is no reason for special handling", at)
            elif key == "EET" and not re.fullmatch(r"[A-Z0-9]{2,11}[0-9]{2}[0-5][0-9]", word):
                log.add("18 EET", "malformed", f"{_short(word)!r} is no boundary with an elapsed time", at)
    elif key == "DOF" and _no_day(value):
        log.add("18 DOF", "malformed", f"{_short(value)!r} is no day YYMMDD", inner.start)
    elif key == "CODE" and not re.fullmatch(r"[0-9A-F]{6}", value):
        log.add("18 CODE", "malformed", f"{_short(value)!r} is no 24-bit address of six digits", inner.start)


def _no_day(value: str) -> bool:
    return Message("FPL", items=(Item("DOF", value),)).day is None
