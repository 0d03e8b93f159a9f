"""A filed plan as an application: the same questions are asked of both."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from overflight.permit.application import Application, Fault, Sector
from overflight.permit.codes import codes
from overflight.permit.message import Message, Plan

__all__ = ["application_of", "designator_of", "flight_kind", "plan_times"]

_CALL_SIGN = re.compile(r"([A-Z]{3})[0-9][A-Z0-9]{0,3}")
_MARK = re.compile(r"[A-Z0-9]{2,8}")
#: What field 8 says of the kind of flight; other flights (X) and visual ones say nothing.
_KINDS = {"S": "civil scheduled", "N": "civil non-scheduled", "G": "civil non-scheduled", "M": "state"}


def designator_of(call_sign: str | None) -> str | None:
    """The ICAO designator at the head of a call sign such as KOR621; None for a registration."""
    found = _CALL_SIGN.fullmatch(call_sign or "")
    return found[1] if found else None


def flight_kind(message: Message) -> str | None:
    """``state`` for STS/STATE or a military flight; else what field 8 says; None when it does not say.

    STS/HEAD does not make a state aircraft of it: heads of state also travel on chartered ones.
    """
    if "STATE" in message.special:
        return "state"
    return _KINDS.get(message.flight_type or "")


def plan_times(message: Message, on: date | None = None) -> tuple[datetime | date | None, datetime | None]:
    """Off-block and landing in UTC; `on` is the day of a plan that states no date of flight."""
    day = message.day or on
    if day is None or message.time is None:
        return day, None
    departs = datetime.combine(day, time(int(message.time[:2]), int(message.time[2:])), UTC)
    if message.eet is None:
        return departs, None
    return departs, departs + timedelta(hours=int(message.eet[:2]), minutes=int(message.eet[2:]))


def _place(message: Message, code: str | None, key: str) -> str | None:
    """ZZZZ stands for what field 18 says in clear."""
    return (message.item(key) or code) if code == "ZZZZ" else code


def application_of(
    plan: Plan | Message, row: int = 1, on: date | None = None, source: str = ""
) -> Application:
    """The facts of a filed plan in the shape of an application.

    Parameters
    ----------
    plan : Plan or Message
        A filed plan, possibly changed since.
    row : int
        Where it stands in its file.
    on : date, optional
        Day of the flight, for a plan without DOF/.
    source : str
        Its file.
    """
    plan = plan if isinstance(plan, Plan) else Plan(plan)
    message = plan.message
    departs, arrives = plan_times(message, on)
    origin = _place(message, message.origin, "DEP")
    destination = _place(message, message.destination, "DEST")
    sectors = (Sector(origin, destination, departs, arrives),) if origin and destination else ()
    designator = designator_of(message.aircraft_id)
    marks = tuple(mark for mark in (message.item("REG") or "").split() if _MARK.fullmatch(mark))
    if not marks and message.aircraft_id and designator is None:
        marks = (message.aircraft_id,)
    given = message.item("CODE") or ""
    route = " ".join(item.text for item in message.route)
    return Application(
        row=row,
        operator=message.item("OPR"),
        operator_code=designator,
        registrations=marks,
        type=message.item("TYP") if message.type == "ZZZZ" else message.type,
        hex=given if re.fullmatch(r"[0-9A-F]{6}", given) else None,
        call_sign=message.aircraft_id,
        flight_kind=flight_kind(message),
        purpose=_purpose(message),
        sectors=sectors,
        route=route or None,
        dangerous_goods=True if "HAZMAT" in message.special else None,
        plan=plan,
        faults=tuple(
            Fault(fault.line or row, f"field {fault.field}" if fault.field else "", fault.what)
            for fault in plan.findings
        ),
        source=source,
    )


def _purpose(message: Message) -> str | None:
    told = [
        codes("special")[word]
        for word in message.special
        if word in ("HEAD", "HUM", "HOSP", "MEDEVAC", "SAR")
    ]
    return f"{', '.join(told)} (STS/)" if told else None
