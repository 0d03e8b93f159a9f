"""Hypothesis strategies for messages in canonical form: every fact that the model can hold."""

from __future__ import annotations

import string
from datetime import date

from hypothesis import strategies as st

from overflight.permit import Change, Item, Level, Message, Speed
from overflight.permit.codes import codes
from overflight.permit.route_field import route_item

UPPER = string.ascii_uppercase
ALNUM = UPPER + string.digits

aerodromes = st.text(UPPER, min_size=4, max_size=4)
clocks = st.builds(lambda h, m: f"{h:02d}{m:02d}", st.integers(0, 23), st.integers(0, 59))
elapsed = st.builds(lambda h, m: f"{h:02d}{m:02d}", st.integers(0, 30), st.integers(1, 59))
call_signs = st.text(ALNUM, min_size=1, max_size=7)
transponders = st.none() | st.text("01234567", min_size=4, max_size=4).map(lambda t: f"A{t}")
numbers = st.just("") | st.builds(
    lambda a, b, n: f"{a}/{b}{n:03d}",
    st.text(UPPER, min_size=1, max_size=3),
    st.text(UPPER, min_size=1, max_size=3),
    st.integers(0, 999),
)
speeds = st.one_of(
    st.builds(Speed, st.sampled_from("KN"), st.integers(0, 9999)),
    st.builds(Speed, st.just("M"), st.integers(0, 999)),
)
levels = st.one_of(
    st.builds(Level, st.sampled_from("FA"), st.integers(0, 999)),
    st.builds(Level, st.sampled_from("SM"), st.integers(0, 9999)),
    st.just(Level("VFR")),
)


def _position(lat: int, lon: int, minutes: int, north: str, east: str, whole: bool) -> str:
    if whole:
        return f"{lat:02d}{north}{lon:03d}{east}"
    return f"{lat:02d}{minutes:02d}{north}{lon:03d}{minutes:02d}{east}"


_changes = st.just("") | st.builds(lambda speed, level: f"/{_speed(speed)}{_level(level)}", speeds, levels)


def _speed(speed: Speed) -> str:
    return f"{speed.unit}{speed.value:03d}" if speed.unit == "M" else f"{speed.unit}{speed.value:04d}"


def _level(level: Level) -> str:
    if level.value is None:
        return "VFR"
    return f"{level.unit}{level.value:04d}" if level.unit in "SM" else f"{level.unit}{level.value:03d}"


positions = st.builds(
    _position,
    st.integers(0, 89),
    st.integers(0, 179),
    st.integers(0, 59),
    st.sampled_from("NS"),
    st.sampled_from("EW"),
    st.booleans(),
)
#: Words of a route with the kind they must be read as, written without the code under test.
route_words = st.one_of(
    st.just(("DCT", "direct")),
    st.sampled_from(["VFR", "IFR", "OAT", "GAT"]).map(lambda word: (word, "rules")),
    st.builds(lambda p, c: (p + c, "position"), positions, _changes),
    st.builds(
        lambda p, c: (p + c, "point"),
        st.text(UPPER, min_size=2, max_size=5).filter(lambda t: t not in ("DCT", "VFR", "IFR", "OAT", "GAT")),
        _changes,
    ),
    st.builds(
        lambda letter, number: (f"{letter}{number}", "airway"),
        st.text(UPPER, min_size=1, max_size=2),
        st.integers(1, 999),
    ),
    st.builds(
        lambda p, b, d: (f"{p}{b:03d}{d:03d}", "bearing"),
        st.text(UPPER, min_size=2, max_size=3),
        st.integers(0, 360),
        st.integers(0, 999),
    ),
)

_words = st.text(UPPER, min_size=1, max_size=8).filter(lambda word: word != "NNNN")
free_text = st.lists(_words, min_size=1, max_size=5).map(" ".join)
days = st.dates(date(2004, 1, 1), date(2099, 12, 31)).map(lambda day: day.strftime("%y%m%d"))
_values = {
    "STS": st.lists(st.sampled_from(list(codes("special"))), min_size=1, max_size=3, unique=True).map(
        " ".join
    ),
    "DOF": days,
    "CODE": st.integers(0, 0xFFFFFF).map(lambda n: f"{n:06X}"),
    "EET": st.lists(st.builds(lambda p, t: p + t, aerodromes, elapsed), min_size=1, max_size=6).map(" ".join),
}


@st.composite
def items(draw: st.DrawFn) -> tuple[Item, ...]:
    """Elements of field 18 in their order, none twice."""
    known = list(codes("item"))
    keys = sorted(draw(st.lists(st.sampled_from(known), unique=True, max_size=8)), key=known.index)
    return tuple(Item(key, draw(_values.get(key, free_text))) for key in keys)


supplements = st.just("") | st.builds(
    lambda hours, persons: f"E/{hours} P/{persons:03d} R/UV", elapsed, st.integers(1, 600)
)


@st.composite
def plans(draw: st.DrawFn) -> Message:
    """A filed plan."""
    words = draw(st.lists(route_words, min_size=1, max_size=12))
    return Message(
        "FPL",
        aircraft_id=draw(call_signs),
        ssr=draw(transponders),
        number=draw(numbers),
        rules=draw(st.sampled_from("IVYZ")),
        flight_type=draw(st.sampled_from("SNGMX")),
        count=draw(st.none() | st.integers(2, 99)),
        type=draw(st.from_regex(r"[A-Z][A-Z0-9]{1,3}", fullmatch=True)),
        wake=draw(st.sampled_from("LMHJ")),
        equipment="".join(
            draw(
                st.lists(
                    st.sampled_from([c for c in codes("equipment") if c != "N"]), min_size=1, unique=True
                )
            )
        ),
        surveillance="".join(
            draw(
                st.lists(
                    st.sampled_from([c for c in codes("surveillance") if c != "N"]), min_size=1, unique=True
                )
            )
        ),
        origin=draw(aerodromes),
        time=draw(clocks),
        speed=draw(speeds),
        level=draw(levels),
        route=tuple(route_item(word) for word, _ in words),
        destination=draw(aerodromes),
        eet=draw(elapsed),
        alternates=tuple(draw(st.lists(aerodromes, max_size=2))),
        items=draw(items()),
        supplementary=draw(supplements),
    )


@st.composite
def others(draw: st.DrawFn) -> Message:
    """A message about a filed plan."""
    kind = draw(st.sampled_from(["CHG", "DLA", "CNL", "DEP", "ARR"]))
    head = {
        "kind": kind,
        "aircraft_id": draw(call_signs),
        "ssr": draw(transponders),
        "number": draw(numbers),
        "origin": draw(aerodromes),
    }
    if kind == "ARR":
        return Message(
            **head,
            time=draw(st.none() | clocks),
            destination=draw(st.none() | aerodromes),
            arrival=draw(aerodromes.filter(lambda code: code != "ZZZZ")),
            arrival_time=draw(clocks),
        )
    changes = (
        draw(
            st.lists(
                st.sampled_from([Change(16, "OIMM0700 OIII"), Change(9, "IL76/H"), Change(8, "IN")]),
                min_size=1,
            )
        )
        if kind == "CHG"
        else []
    )
    return Message(
        **head, time=draw(clocks), destination=draw(aerodromes), items=draw(items()), changes=tuple(changes)
    )
