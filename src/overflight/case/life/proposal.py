"""Facts of a flight proposed from a telegram's text. Each names its portion; a person confirms each."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from overflight.errors import InputError
from overflight.telegram import Reading
from overflight.world.aerodromes import aerodrome, aerodromes_of
from overflight.world.aircraft import aircraft
from overflight.world.flight import Flight
from overflight.world.flight_file import parse_flight
from overflight.world.operators import operator, operators
from overflight.world.states import alpha3_codes

__all__ = ["FIELDS", "Proposed", "confirmed_flight", "proposals"]

#: What can be proposed. A flight needs the first four; `tail`, `cargo` and `via` where they are told.
FIELDS = ("flight", "operator", "type", "route", "dates", "tail", "cargo")
_NEEDED = ("flight", "operator", "type", "route", "dates")

_CALLSIGN = re.compile(r"\b([A-Z]{3}\d{1,4}[A-Z]?)\b")
_TYPE = re.compile(
    r"\b(?:(?:IL|TU|AN|YAK|SU)-?\d{2,3}[A-Z]{0,3}|[AB]-?\d{3}(?:-\d{2,3})?F?|BOEING \d{3}(?:-\d{3})?F?)\b"
)
_ROUTE = re.compile(r"\b([A-Z]{4})((?:\s?[-/–]\s?[A-Z]{4})+)\b")
_FROM_TO = re.compile(
    r"\bFROM\s+(?P<a>[A-Z][A-Z' ]{2,30}?)\s+TO\s+(?P<b>[A-Z][A-Z' ]{2,30}?)"
    r"(?:\s+(?:VIA|BY WAY OF|THROUGH)\s+(?P<via>[A-Z][A-Z' ]{2,30}?))?"
    r"(?=[.,;]|\s+(?:ON|BETWEEN|VIA|WITH|CARRYING|IN)\b|$)"
)
_MONTHS = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
]
_DAY = re.compile(
    r"\b(?:(?P<d1>\d{1,2})\s+(?P<m1>" + "|".join(f"{m}|{m[:3]}" for m in _MONTHS) + r")"
    r"|(?P<m2>" + "|".join(f"{m}|{m[:3]}" for m in _MONTHS) + r")\s+(?P<d2>\d{1,2}))(?:,?\s+(?P<y>\d{4}))?\b"
    r"|\b(?P<iso>\d{4}-\d\d-\d\d)\b"
)
_CARGO = re.compile(
    r"\b(?:CARGO|LOAD|CARRYING|MANIFEST(?:ED)?)\b[^.]{0,12}?\b(?:OF|AS|IS|:)?\s*(?P<what>[^.;]{3,80})"
)
_TAIL = re.compile(
    r"\b(?:REGISTRATION|TAIL(?: NUMBER)?|REGISTERED(?: AS)?)\s*:?\s*(P-\d{3}|[A-Z0-9]{1,2}-[A-Z0-9]{3,5})\b"
)


@dataclass(frozen=True, slots=True)
class Proposed:
    """One fact: its field, its value, the portion it comes from and the words there."""

    field: str
    value: str
    portion: str
    words: str


def proposals(reading: Reading) -> tuple[Proposed, ...]:
    """Facts of a flight that a telegram seems to tell, at most one for each field: the first plain one."""
    telegram = reading.telegram
    day = telegram.head.sent.date() if telegram.head.sent else None
    portions = [("subject", telegram.subject.text)] if telegram.subject else []
    portions += [(f"paragraph {p.label}" if p.label else "text", p.text) for p in telegram.paragraphs]
    out: dict[str, Proposed] = {}
    for portion, text in portions:
        for field, value, words in _facts(" ".join(text.upper().split()), day):
            out.setdefault(field, Proposed(field, value, portion, words))
    if not out.keys() & {"flight", "operator", "route"}:
        return ()  # a day or a load alone is about anything
    return tuple(out[field] for field in FIELDS if field in out)


def _facts(text: str, sent: date | None) -> Iterator[tuple[str, str, str]]:
    for match in _CALLSIGN.finditer(text):
        code = match[1][:3]
        if operator(code).known:
            yield "flight", match[1], _around(text, match)
            yield "operator", code, _around(text, match)
            break
    for one in operators():
        if len(one.name) > 5 and (at := re.search(rf"\b{re.escape(one.name.upper())}\b", text)):
            yield "operator", one.designator or one.name, _around(text, at)
            break
    for match in _TYPE.finditer(text):
        if _known(lambda m=match: aircraft(m[0].removeprefix("BOEING ").replace(" ", ""))):  # type: ignore[misc]
            yield "type", match[0], _around(text, match)
            break
    yield from _route(text, sent)
    for match in _DAY.finditer(text):
        if (found := _date(match, sent)) is not None and (sent is None or found >= sent):
            yield "dates", found.isoformat(), _around(text, match)
            break
    if tail := _TAIL.search(text):
        yield "tail", tail[1], _around(text, tail)
    if cargo := _CARGO.search(text):
        yield "cargo", " ".join(cargo["what"].split()).lower(), _around(text, cargo)


def _route(text: str, sent: date | None) -> Iterator[tuple[str, str, str]]:
    for match in _ROUTE.finditer(text):
        codes = re.findall(r"[A-Z]{4}", match[0])
        if all(_known(lambda c=c: aerodrome(c, sent)) for c in codes):  # type: ignore[misc]
            yield "route", "-".join(codes), _around(text, match)
            return
    for match in _FROM_TO.finditer(text):
        names = [match["a"], *([match["via"]] if match["via"] else []), match["b"]]
        codes = [_place(name) for name in names]
        if all(codes):
            yield "route", "-".join(codes), _around(text, match)
            return


@cache
def _cities() -> dict[str, str]:
    """The aerodrome with most room of each city; a name that several states have belongs to none."""
    found: dict[str, set[str]] = {}
    best: dict[tuple[str, str], str] = {}
    for state in alpha3_codes():
        for key in aerodromes_of(state):
            try:
                city = aerodrome(key).city.split(",")[0].upper()
            except InputError:
                continue
            if city:
                found.setdefault(city, set()).add(state)
                best.setdefault((city, state), key)
    return {city: best[city, next(iter(states))] for city, states in found.items() if len(states) == 1}


def _place(name: str) -> str:
    return _cities().get(" ".join(name.split()), "")


def _known(look_up: Callable[[], object]) -> bool:
    try:
        look_up()
    except InputError:
        return False
    return True


def _date(match: re.Match[str], sent: date | None) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        month = (match["m1"] or match["m2"])[:3]
        number = next(n for n, name in enumerate(_MONTHS, 1) if name.startswith(month))
        day = int(match["d1"] or match["d2"])
        if match["y"]:
            return date(int(match["y"]), number, day)
        if sent is None:
            return None
        found = date(sent.year, number, day)
        # A day without a year is the first such day not long before the telegram.
        return found if (sent - found).days < 60 else date(sent.year + 1, number, day)
    except ValueError:
        return None


def _around(text: str, match: re.Match[str]) -> str:
    start, end = max(0, match.start() - 30), min(len(text), match.end() + 30)
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def confirmed_flight(found: Collection[Proposed], confirmed: Collection[str]) -> Flight:
    """The flight out of what a person confirmed.

    Raises
    ------
    InputError
        A field that a flight needs was not proposed or not confirmed, or the facts do not fit together.
    """
    by_field = {one.field: one for one in found}
    for field in confirmed:
        if field not in by_field:
            raise InputError(
                f"{field!r} was not proposed",
                where="--confirm",
                mend=f"proposed are {', '.join(by_field) or 'none'}",
            )
    if missing := [field for field in _NEEDED if field not in confirmed]:
        raise InputError(
            f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not confirmed",
            where="--confirm",
            mend="confirm them, or write a FLIGHT.toml",
        )
    value = {field: by_field[field].value for field in confirmed}
    stops = value["route"].split("-")
    tail = f', registration = "{value["tail"]}"' if "tail" in value else ""
    lines = [
        "[flight]",
        f'id = "{value["flight"]}"',
        f'operator = "{value["operator"]}"',
        'kind = "civil non-scheduled"',
        f'cargo = "{_quoted(value["cargo"])}"' if "cargo" in value else 'cargo = "undeclared"',
        f'aircraft = {{ type = "{value["type"]}"{tail} }}',
    ]
    for origin, destination in pairwise(stops):
        lines += ["[[leg]]", f'from = "{origin}"', f'to = "{destination}"', f"departs = {value['dates']}"]
    return parse_flight("\n".join(lines) + "\n", name="the confirmed facts")


def _quoted(text: str) -> str:
    return text.replace("\\", " ").replace('"', "'")
