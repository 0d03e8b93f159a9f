"""What a later message makes of a filed plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from overflight.errors import InputError
from overflight.permit.fields import Field, Log, read_field
from overflight.permit.message import Finding, Message, Plan, Reading

__all__ = ["apply", "fold", "same_flight"]

#: The parts of a `Message` that each field holds: a change gives the whole field again.
_PARTS: dict[int, dict[str, Any]] = {
    7: {"aircraft_id": None, "ssr": None},
    8: {"rules": None, "flight_type": None},
    9: {"count": None, "type": None, "wake": None},
    10: {"equipment": None, "surveillance": None},
    13: {"origin": None, "time": None},
    15: {"speed": None, "level": None, "route": ()},
    16: {"destination": None, "eet": None, "alternates": ()},
    18: {"items": ()},
}


def same_flight(plan: Message, message: Message) -> str | None:
    """Why a message is not about a plan; None when it is.

    Call sign and departure must agree; the destination and the date of flight where both state them. The
    off-block time is no part of it: DLA and DEP bring a new one.
    """
    pairs = [
        ("call sign", plan.aircraft_id, message.aircraft_id),
        ("departure", plan.origin, message.origin),
    ]
    if message.kind != "ARR":
        pairs.append(("destination", plan.destination, message.destination))
    pairs.append(("date of flight", plan.item("DOF"), message.item("DOF")))
    for name, mine, theirs in pairs:
        if mine and theirs and mine != theirs:
            return f"{name} {theirs}, the plan has {mine}"
    if not message.aircraft_id or not message.origin:
        return "it names no call sign or no departure"
    return None


def apply(plan: Message | Plan, message: Message) -> Plan:
    """A plan after one more message; the plan that was given stays what it is.

    Parameters
    ----------
    plan : Message or Plan
        A filed plan (FPL), or what earlier messages made of it.
    message : Message
        CHG, DLA, CNL, DEP or ARR; an FPL replaces the plan.

    Returns
    -------
    Plan
        With findings for what must be looked at: a delay to an earlier time, a departure before the time
        filed, a remark or any other element of field 18 that a change made vanish, another landing place.

    Raises
    ------
    InputError
        The first is no FPL, or the second is about another flight.
    """
    now = plan if isinstance(plan, Plan) else Plan(plan)
    if now.message.kind != "FPL":
        raise InputError(f"{now.message.kind} is no filed plan", mend="begin with the FPL")
    if why := same_flight(now.message, message):
        raise InputError(f"{message.kind} is about another flight: {why}")
    found = list(now.findings)
    if now.status in ("cancelled", "arrived", "diverted"):
        found.append(Finding("", "mismatch", f"{message.kind} for a plan that is {now.status}"))
    filed = now.message
    if message.kind == "FPL":
        found += _vanished(filed, message)
        return Plan(message, findings=tuple(found))
    if message.kind == "CNL":
        return replace(now, status="cancelled", findings=tuple(found))
    if message.kind == "DLA":
        if message.time and filed.time and message.time <= filed.time:
            what = f"delayed to {message.time}, which is not after {filed.time}: an error, or another day"
            found.append(Finding("13", "mismatch", what))
        changed = replace(filed, time=message.time or filed.time)
        return replace(now, message=changed, status="delayed", findings=tuple(found))
    if message.kind == "DEP":
        if message.time and filed.time and message.time < filed.time:
            what = f"departed at {message.time}, before the {filed.time} filed, or on another day"
            found.append(Finding("13", "mismatch", what))
        flown = replace(filed, ssr=message.ssr or filed.ssr)
        return replace(now, message=flown, status="departed", departed=message.time, findings=tuple(found))
    if message.kind == "ARR":
        diverted = bool(message.arrival and filed.destination and message.arrival != filed.destination)
        if diverted:
            found.append(
                Finding("17", "changed", f"landed at {message.arrival}, planned was {filed.destination}")
            )
        return replace(
            now,
            status="diverted" if diverted else "arrived",
            arrived=message.arrival_time,
            arrival=message.arrival,
            findings=tuple(found),
        )
    changed, more = _changed(filed, message)
    return replace(now, message=changed, status="changed", findings=(*found, *more))


def _changed(filed: Message, message: Message) -> tuple[Message, list[Finding]]:
    found: list[Finding] = []
    plan = filed
    for change in message.changes:
        parts = _PARTS.get(change.field)
        if parts is None:
            found.append(Finding("22", "not-read", f"field {change.field} is none that a plan can change"))
            continue
        log = Log(change.text)
        read = read_field(change.field, Field(change.text, 0), log)
        found += [replace(fault, line=0, column=0) for fault in log.findings]
        if not any(fault.kind == "malformed" for fault in log.findings):
            read = {**parts, **read}
        # What could not be read leaves the plan as it was.
        plan = replace(plan, **{name: value for name, value in read.items() if name in parts})
    return plan, found + _vanished(filed, plan)


def _vanished(old: Message, new: Message) -> list[Finding]:
    """Elements of field 18 that are no longer there: a permit number that vanished must be noticed."""
    keys = dict.fromkeys(item.key for item in old.items)
    found = []
    for key in keys:
        was, now = old.item(key), new.item(key)
        if was is not None and now is None:
            found.append(Finding(f"18 {key}", "changed", f"{key}/{was} is gone"))
    return found


def fold(readings: Iterable[Reading]) -> tuple[tuple[Plan, ...], tuple[Reading, ...]]:
    """Messages in order of receipt to plans.

    Returns
    -------
    plans : tuple of Plan
        In the order in which they were filed. Findings of the readings are in them.
    left : tuple of Reading
        What could not be read, and messages about flights for which no plan came.
    """
    plans: list[Plan] = []
    left: list[Reading] = []
    # Call sign and departure must agree, so only these plans can be meant; the latest one is.
    filed: dict[tuple[str | None, str | None], list[int]] = {}
    for reading in readings:
        message = reading.message
        if message is None:
            left.append(reading)
            continue
        if message.kind == "FPL":
            filed.setdefault((message.aircraft_id, message.origin), []).append(len(plans))
            plans.append(Plan(message, findings=reading.findings))
            continue
        for at in reversed(filed.get((message.aircraft_id, message.origin), [])):
            if same_flight(plans[at].message, message) is None:
                after = apply(plans[at], message)
                plans[at] = replace(after, findings=(*after.findings, *reading.findings))
                break
        else:
            left.append(reading)
    return tuple(plans), tuple(left)
