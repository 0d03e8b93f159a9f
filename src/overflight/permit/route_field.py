"""Field 15: cruising speed, level and route."""

from __future__ import annotations

import re
from typing import Protocol

from overflight.permit.message import Level, RouteItem, Speed

__all__ = ["position", "read_level", "read_route", "read_speed", "route_item"]

_SPEED = re.compile(r"([KN])([0-9]{4})|(M)([0-9]{3})")
_LEVEL = re.compile(r"([FA])([0-9]{3})|([SM])([0-9]{4})|(VFR)")
_SPEED_LEVEL = re.compile(r"((?:[KN][0-9]{4})|(?:M[0-9]{3}))((?:[FA][0-9]{3})|(?:[SM][0-9]{4})|VFR)")
_POSITION = re.compile(r"([0-9]{2})([0-9]{2})?([NS])([0-9]{3})([0-9]{2})?([EW])")
_CLIMB = re.compile(
    r"C/[A-Z0-9]{2,11}/(?:[KN][0-9]{4}|M[0-9]{3})(?:F[0-9]{3}|S[0-9]{4}|A[0-9]{3}|M[0-9]{4})"
    r"(?:F[0-9]{3}|S[0-9]{4}|A[0-9]{3}|M[0-9]{4}|PLUS)"
)
_RULES = frozenset({"VFR", "IFR", "OAT", "GAT"})


class _Log(Protocol):
    def add(self, field: str, kind: str, what: str, offset: int) -> None: ...


def read_speed(text: str) -> Speed | None:
    """``K0850``, ``N0460`` or ``M082``."""
    found = _SPEED.fullmatch(text)
    return Speed(found[1] or found[3], int(found[2] or found[4])) if found else None


def read_level(text: str) -> Level | None:
    """``F350``, ``S1130``, ``A050``, ``M0840`` or ``VFR``."""
    found = _LEVEL.fullmatch(text)
    if not found:
        return None
    if found[5]:
        return Level("VFR")
    return Level(found[1] or found[3], int(found[2] or found[4]))


def position(text: str) -> tuple[float, float] | None:
    """Longitude and latitude of ``45N105E`` or ``4512N10530E``; None for anything else.

    >>> position("4512N10530E")
    (105.5, 45.2)
    """
    found = _POSITION.fullmatch(text)
    # Minutes go with both or with neither.
    if not found or (found[2] is None) != (found[5] is None):
        return None
    minutes = int(found[2] or 0), int(found[5] or 0)
    lat, lon = int(found[1]) + minutes[0] / 60, int(found[4]) + minutes[1] / 60
    if max(minutes) > 59 or lat > 90 or lon > 180:
        return None
    return round(lon if found[6] == "E" else -lon, 6), round(lat if found[3] == "N" else -lat, 6)


def route_item(word: str) -> RouteItem:
    """One word of the route; ``unknown`` when it has no form of the grammar."""
    if word == "DCT":
        return RouteItem("direct", word)
    if word in _RULES:
        return RouteItem("rules", word)
    if word == "T":
        return RouteItem("truncated", word)
    if _CLIMB.fullmatch(word):
        return RouteItem("cruise-climb", word)
    if re.fullmatch(r"STAY[0-9]/[0-9]{2}[0-5][0-9]", word):
        return RouteItem("stay", word)
    name, slash, change = word.partition("/")
    speed = level = None
    if slash:
        found = _SPEED_LEVEL.fullmatch(change)
        if not found:
            return RouteItem("unknown", word)
        speed, level = read_speed(found[1]), read_level(found[2])
    if (place := position(name)) is not None:
        return RouteItem("position", word, place, speed, level)
    if re.fullmatch(r"[A-Z]{2,5}", name):
        return RouteItem("point", word, None, speed, level)
    if re.fullmatch(r"[A-Z0-9]{2,5}[0-9]{6}", name):
        bearing = int(name[-6:-3])
        return RouteItem("bearing" if bearing <= 360 else "unknown", word, None, speed, level)
    if re.fullmatch(r"(?=.*[0-9])[A-Z][A-Z0-9]{1,6}", name):
        # A route cannot carry a change, a point with a digit in its name can.
        return RouteItem("point" if slash else "airway", word, None, speed, level)
    return RouteItem("unknown", word)


def read_route(text: str, start: int, log: _Log) -> tuple[Speed | None, Level | None, tuple[RouteItem, ...]]:
    """Speed, level and route of field 15; `start` is where it stands."""
    words = list(re.finditer(r"\S+", text))
    if not words:
        log.add("15", "missing", "field 15 is empty", start)
        return None, None, ()
    first = words[0][0]
    speed = level = None
    found = _SPEED_LEVEL.fullmatch(first)
    if found:
        speed, level = read_speed(found[1]), read_level(found[2])
        words = words[1:]
    else:
        log.add("15", "malformed", f"{first[:40]!r} is not speed and level, such as N0460F360", start)
        if re.match(r"[KNM][0-9]", first):
            words = words[1:]
    if not words:
        log.add("15", "missing", "the route is left out", start + len(text))
    items: list[RouteItem] = []
    for match in words:
        item = route_item(match[0])
        if item.kind == "unknown":
            log.add("15", "malformed", f"{match[0][:40]!r} is no word of a route", start + match.start())
        elif items and items[-1].kind == "truncated":
            log.add("15", "extra", "the route goes on behind T", start + match.start())
        items.append(item)
    return speed, level, tuple(items)
