"""Permit applications and filed flight plans: read, checked for what they reveal by themselves, made flights.

Messages (FPL, CHG, DLA, CNL, DEP, ARR): `read_messages` finds them in any text, `apply` and `fold` follow a
plan through its changes, `write_message` gives the canonical text. Applications: `read_permits` streams a
file of any form, row by row. Both become a `Flight` with `to_flight`, and answer `flags`.
"""

from overflight.permit.application import Application, Fault, Sector
from overflight.permit.applying import apply, fold
from overflight.permit.flag import FLAGS, Flag, KnownUse, Register
from overflight.permit.flags import flags, uses_of
from overflight.permit.flights import to_flight
from overflight.permit.message import (
    KINDS,
    Change,
    Finding,
    Item,
    Level,
    Message,
    Plan,
    Reading,
    RouteItem,
    Speed,
)
from overflight.permit.plan_form import application_of
from overflight.permit.reading import read_message, read_messages
from overflight.permit.stream import permits_in, read_permits
from overflight.permit.writing import write_message

__all__ = [
    "FLAGS",
    "KINDS",
    "Application",
    "Change",
    "Fault",
    "Finding",
    "Flag",
    "Item",
    "KnownUse",
    "Level",
    "Message",
    "Plan",
    "Reading",
    "Register",
    "RouteItem",
    "Sector",
    "Speed",
    "application_of",
    "apply",
    "flags",
    "fold",
    "permits_in",
    "read_message",
    "read_messages",
    "read_permits",
    "to_flight",
    "uses_of",
    "write_message",
]
