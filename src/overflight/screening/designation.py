"""A match as the law asks about it: who is designated, by whom, and about which state."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from overflight.law import Designation
from overflight.screening.bands import FINDINGS
from overflight.screening.entity import Entity
from overflight.screening.match import Match
from overflight.world.tables import records

__all__ = ["designations"]

#: Marks of the aircraft; the other fields of a query are parties, and are called in law what they are here.
_MARKS = ("tail", "hex", "serial")
#: A designation that is about no state: it ties the flight to no state's measures.
_NOWHERE = "-"


def designations(matches: Iterable[Match]) -> tuple[Designation, ...]:
    """Those matches that count as a finding, as designations."""
    return tuple(_designation(match) for match in matches if match.band in FINDINGS)


def _designation(match: Match) -> Designation:
    role = match.roles[0] if match.roles else "operator"
    one = match.entity
    return Designation(
        list=one.list,
        subject="aircraft" if role in _MARKS else "applicant" if role == "name" else role,
        name=one.caption,
        target=_target(one),
        grounds=", ".join(one.programs),
    )


def _target(one: Entity) -> str:
    """The state whose measures a listing belongs to, by its programme; else by the entry's own country."""
    for program in one.programs:
        if (one.list, program) in _programs():
            return _programs()[one.list, program]
    return one.countries[0] if one.countries else _NOWHERE


@cache
def _programs() -> dict[tuple[str, str], str]:
    rows = records(Path(__file__).parent / "data" / "programs.csv", ("list", "program", "target", "source"))
    return {(row.needed("list"), row.needed("program")): row.needed("target") for row in rows}
