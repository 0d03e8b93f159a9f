"""Messages of air traffic services to text, in canonical form."""

from __future__ import annotations

from collections.abc import Callable

from overflight.errors import InputError
from overflight.permit.codes import codes
from overflight.permit.message import Level, Message, Speed

__all__ = ["write_level", "write_message", "write_speed"]

_WHERE = "message"
_Need = Callable[[str | None, str], str]


def write_speed(speed: Speed) -> str:
    """``K0850``, ``N0460``, ``M082``."""
    return f"{speed.unit}{speed.value:0{3 if speed.unit == 'M' else 4}d}"


def write_level(level: Level) -> str:
    """``F350``, ``S1130``, ``A050``, ``M0840``, ``VFR``."""
    if level.value is None:
        return level.unit
    return f"{level.unit}{level.value:0{4 if level.unit in 'SM' else 3}d}"


def write_message(message: Message) -> str:
    """The canonical text: elements of field 18 in their order, one blank between words.

    Raises
    ------
    InputError
        The message lacks a field that its kind must have; all of them are named.

    Examples
    --------
    >>> from overflight.permit.reading import read_message
    >>> write_message(read_message("(dla-xxx621-zkpy0445-oiie-dof/260801)").message)
    '(DLA-XXX621-ZKPY0445-OIIE-DOF/260801)'
    """
    missing: list[str] = []

    def need(value: str | None, name: str) -> str:
        if not value:
            missing.append(name)
        return value or ""

    head = f"({message.kind}{message.number}{message.reference}"
    seven = need(message.aircraft_id, "7") + (f"/{message.ssr}" if message.ssr else "")
    thirteen = need(message.origin, "13")
    if message.kind != "ARR":
        thirteen += need(message.time, "13 time")
    elif message.time:
        thirteen += message.time
    if message.kind == "FPL":
        text = _plan(message, head, seven, thirteen, need)
    elif message.kind == "ARR":
        seventeen = need(message.arrival, "17") + need(message.arrival_time, "17 time")
        if message.arrival_name:
            seventeen += f" {message.arrival_name}"
        parts = [head, seven, thirteen, *([message.destination] if message.destination else []), seventeen]
        text = "-".join(parts) + ")"
    else:
        parts = [head, seven, thirteen, need(message.destination, "16"), _items(message)]
        if message.kind == "CHG":
            need("x" if message.changes else "", "22")
            parts += [f"{change.field}/{change.text}" for change in message.changes]
        text = "-".join(parts) + ")"
    if missing:
        raise InputError(
            f"{message.kind} lacks field {', '.join(missing)}",
            where=_WHERE,
            mend="mend what could not be read",
        )
    return text


def _plan(message: Message, head: str, seven: str, thirteen: str, need: _Need) -> str:
    speed = write_speed(message.speed) if message.speed else ""
    level = write_level(message.level) if message.level else ""
    need(speed and level, "15")
    wake = f"/{message.wake}" if message.wake else ""
    surveillance = f"/{message.surveillance}" if message.surveillance else ""
    lines = [
        f"{head}-{seven}-{need(message.rules, '8')}{message.flight_type or ''}",
        f"{message.count or ''}{need(message.type, '9')}{wake}-{need(message.equipment, '10')}{surveillance}",
        thirteen,
        " ".join((f"{speed}{level}", *(item.text for item in message.route))),
        " ".join((f"{need(message.destination, '16')}{message.eet or ''}", *message.alternates)),
        _items(message),
    ]
    if message.supplementary:
        lines.append(message.supplementary)
    return "\n-".join(lines) + ")"


def _items(message: Message) -> str:
    """Field 18; a regional key stands before the remarks, which take everything behind them."""
    if not message.items:
        return "0"
    order = {key: n for n, key in enumerate(codes("item"))}
    items = sorted(message.items, key=lambda item: order.get(item.key, order["RMK"] - 0.5))
    return " ".join(f"{item.key}/{item.value}" for item in items)
