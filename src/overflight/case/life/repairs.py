"""Mistakes put right: an event corrected, two cases made one, one made two. Nothing is ever taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from overflight.case.life.corrections import corrected
from overflight.case.life.desk import CaseDesk, Happening, sound_case_id
from overflight.case.life.events import (
    Approved,
    Corrected,
    Merged,
    Opened,
    Planned,
    Proposed,
    Refused,
    Released,
    Split,
    Taken,
)
from overflight.case.life.model import Case
from overflight.errors import InputError
from overflight.world.flight import Flight

__all__ = ["correct", "merge", "split"]


def correct(
    desk: CaseDesk,
    case_id: str,
    seq: int,
    *,
    why: str,
    changes: Mapping[str, Any] | None = None,
    strike: bool = False,
    true_at: datetime | None = None,
    at: datetime | None = None,
) -> Case:
    """Correct an event that was recorded in error, with a new event; the old one stays.

    Parameters
    ----------
    changes : mapping of field to value, optional
        What it should have said: fields of `overflight.case.life.corrections.STATED` alone.
    strike : bool
        It did not happen at all.
    true_at : datetime, optional
        When it was true, where that was wrong.

    Raises
    ------
    InputError
        No such event in this case, nothing to change, a field that it does not have or that nobody states, a
        value that would have been refused when it was recorded, or an event that cannot be struck out.
    """
    case = desk.load(case_id)
    found = [n for n in case.history if n.seq == seq]
    if not found:
        raise InputError(
            f"has no event {seq}", where=case.id, mend="overflight case show names them with --history"
        )
    noted = found[0]
    if noted.case != case.id:
        raise InputError(f"event {seq} belongs to {noted.case}", where=case.id, mend="correct it there")
    if not why.strip():
        raise InputError("a correction needs its reason", where="--why")
    if strike == bool(changes or true_at):
        raise InputError(
            "says neither what it should read nor that it did not happen"
            if not strike
            else "does two things",
            where=f"event {seq}",
            mend="give --set FIELD=VALUE or --at, or --strike",
        )
    if isinstance(noted.body, Proposed | Approved | Refused | Released):
        raise InputError(
            f"event {seq} is what somebody approved or released, and stands as it is",
            where=case.id,
            mend="refuse the proposal, or send an update",
        )
    only_plan = isinstance(noted.body, Planned) and len(case.plans) == 1
    if strike and (isinstance(noted.body, Opened) or only_plan):
        raise InputError(
            f"event {seq} opens the case and cannot be struck out", where=case.id, mend="merge it instead"
        )
    body: dict[str, Any] | None = None
    if not strike:
        body = corrected(desk, case, noted, changes or {})
    made = Corrected(seq, " ".join(why.split()), body, true_at)
    return desk.record(case, case.id, [Happening(made, desk.at(at))])


def merge(desk: CaseDesk, case_id: str, other_id: str, *, why: str = "", at: datetime | None = None) -> Case:
    """Make another case part of this one: both prove to be one flight.

    Raises
    ------
    InputError
        It is the same case, or one of them is part of another already.
    """
    case, other = desk.load(case_id), desk.load(other_id)
    if case.id == other.id:
        raise InputError("a case cannot be merged with itself", where=case.id)
    for one in (case, other):
        if one.taken:
            raise InputError(f"was merged into {one.taken.body.into}", where=one.id, mend="name that one")
    moment = desk.at(at)
    before = desk.events(other.id)
    into, items_other, _ = desk.drafts(other, other.id, before, [Happening(Taken(case.id, why), moment)])
    own = desk.events(case.id)
    until = max(event.seq for event in before)
    # The other's events count here from now on, so the figures of this case are worked out over both.
    both = [*own, *before]
    merged = Happening(Merged(other.id, until, why), moment)
    drafts, items, _ = desk.drafts(case, case.id, both, [merged])
    lasts = {
        case.id: max(event.seq for event in own if event.case == case.id),
        other.id: max(event.seq for event in before if event.case == other.id),
    }
    desk.log.append([*drafts, *into], expect=lasts, agenda={case.id: items, other.id: items_other})
    return desk.load(case.id)


def split(
    desk: CaseDesk,
    case_id: str,
    flight: Flight,
    events: Sequence[int],
    *,
    new_id: str,
    why: str = "",
    at: datetime | None = None,
) -> tuple[Case, Case]:
    """Move events to a case of their own: they prove to be about another flight.

    Raises
    ------
    InputError
        No event is named, one is not there, or one cannot be moved.
    """
    case = desk.load(case_id)
    wanted = sound_case_id(new_id)
    if desk.log.last(wanted):
        raise InputError("there is a case of this id already", where=wanted, mend="give another")
    if not events:
        raise InputError(
            "no event is named", where="--events", mend="name those that belong to the other flight"
        )
    by_seq = {n.seq: n for n in case.history}
    for seq in events:
        noted = by_seq.get(seq)
        if noted is None or noted.void:
            raise InputError(
                f"has no event {seq}", where=case.id, mend="overflight case show --history names them"
            )
        if isinstance(noted.body, Opened | Planned | Merged | Split | Taken):
            raise InputError(
                f"event {seq} cannot be moved",
                where=case.id,
                mend="move approaches, answers and what goes with them",
            )
    moment = desk.at(at)
    taken = tuple(sorted(set(events)))
    own = desk.events(case.id)
    moved, items, _ = desk.drafts(case, case.id, own, [Happening(Split(wanted, taken, why), moment)])
    opening = [
        Happening(Opened(f"Flight {flight.id}", f"split from {case.id}", case.id, taken), moment),
        Happening(Planned(1, flight, why), moment),
    ]
    carried = [event for event in own if event.seq in taken]
    fresh, items_new, _ = desk.drafts(None, wanted, [], opening, carried=carried)
    lasts = {case.id: max(event.seq for event in own if event.case == case.id), wanted: 0}
    desk.log.append([*moved, *fresh], expect=lasts, agenda={case.id: items, wanted: items_new})
    return desk.load(case.id), desk.load(wanted)
