"""Opening, planning, stating: what the desk knows and what has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from overflight.case.life.desk import CaseDesk, Happening, sound_case_id
from overflight.case.life.events import Answered, Opened, Planned, Stated
from overflight.case.life.facts import expand, facts_of, of_flight
from overflight.case.life.model import Case, Noted
from overflight.case.life.plans import Difference, difference
from overflight.case.life.statements import next_id, sound_marking, sound_text
from overflight.errors import InputError
from overflight.world.flight import Flight

__all__ = ["Replanned", "Sheet", "alive", "open_case", "plan", "replanned", "state_it"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A statement as a person gives it."""

    text: str
    marking: str
    source: str
    facts: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replanned:
    """What a new plan has changed, before anything else is done about it.

    Attributes
    ----------
    difference : Difference
    lapsed : tuple of Noted[Answered]
        Permits that do not cover the new plan.
    stale : tuple of (Noted[Answered], str)
        Every answer that no longer holds, and why.
    holders : tuple of (str, str)
        States that hold an earlier version, and of which fact.
    """

    difference: Difference
    lapsed: tuple[Noted[Answered], ...]
    stale: tuple[tuple[Noted[Answered], str], ...]
    holders: tuple[tuple[str, str], ...]


def open_case(
    desk: CaseDesk,
    flight: Flight,
    *,
    case_id: str = "",
    title: str = "",
    tip: str = "",
    at: datetime | None = None,
    source: str | None = None,
    confirmed: Sequence[str] = (),
    statements: Sequence[Sheet] = (),
    split_from: str | None = None,
    taken: Sequence[int] = (),
) -> Case:
    """Open a case with its first plan.

    Raises
    ------
    InputError
        There is a case of that id; a statement's marking is impossible.
    """
    _flies(flight)
    wanted = sound_case_id(case_id or f"{flight.id}-{flight.day:%Y%m%d}")
    if desk.log.last(wanted):
        raise InputError("there is a case of this id already", where=wanted, mend="give another with --id")
    moment = desk.at(at)
    what = [
        Happening(Opened(title or f"Flight {flight.id}", tip, split_from, tuple(taken)), moment, source),
        Happening(Planned(1, flight, "", tuple(confirmed)), moment, source),
    ]
    known = facts_of(flight)
    for number, sheet in enumerate(statements, 1):
        what.append(Happening(_stated(sheet, f"S{number}", known, moment, ()), moment, sheet.source))
    return desk.record(None, wanted, what)


def plan(
    desk: CaseDesk,
    case_id: str,
    flight: Flight,
    *,
    why: str = "",
    at: datetime | None = None,
    source: str | None = None,
) -> tuple[Case, Replanned]:
    """Add a plan.

    Raises
    ------
    InputError
        It says what the present plan says, or the case is over.
    """
    _flies(flight)
    case = alive(desk.load(case_id))
    moment = desk.at(at)
    if not difference(case.flight, flight):
        raise InputError(
            "this plan says what the present one says", where=case.id, mend="change the flight file"
        )
    number = case.plans[-1].body.number + 1
    after = desk.record(case, case.id, [Happening(Planned(number, flight, why), moment, source)])
    return after, replanned(case, after)


def replanned(before: Case, after: Case) -> Replanned:
    """What changed from one state of a case to the next."""
    changed = difference(before.flight, after.flight, before.ways, after.ways)
    stale = []
    lapsed = []
    for state in after.standings:
        answer = after.current(state)
        assert answer is not None or state in after.approached
        if answer is None or not (why := after.stale(answer)):
            continue
        if before.stale(answer):
            continue
        stale.append((answer, "; ".join(reason.words for reason in why)))
        if answer.body.decision in ("ALLOW", "ALLOW_WITH_SCRUTINY", "REQUIRE_LANDING_AND_INSPECT"):
            lapsed.append(answer)
    return Replanned(
        changed,
        tuple(lapsed),
        tuple(stale),
        tuple(dict.fromkeys((holder.state, holder.fact) for holder in after.holders)),
    )


def state_it(
    desk: CaseDesk, case_id: str, sheets: Sequence[Sheet], *, at: datetime | None = None
) -> tuple[Case, tuple[str, ...]]:
    """Record statements; the ids that they got.

    Raises
    ------
    InputError
        A marking is impossible, a fact is not known, or what is replaced is not there.
    """
    case = desk.load(case_id)
    moment = desk.at(at)
    first = int(next_id(case)[1:])
    there = tuple(one.id for one in case.statements)
    ids = []
    what = []
    for offset, sheet in enumerate(sheets):
        ids.append(f"S{first + offset}")
        what.append(Happening(_stated(sheet, ids[-1], case.now, moment, there), moment, sheet.source))
    if not what:
        raise InputError("no statement was given", where=case.id, mend="give a text and its marking")
    return desk.record(case, case.id, what), tuple(ids)


def _stated(sheet: Sheet, id_: str, now: Mapping[str, str], moment: datetime, there: Sequence[str]) -> Stated:
    facts = expand(sheet.facts, now)
    if unknown := [fact for fact in facts if of_flight(fact) and fact not in now]:
        raise InputError(f"the plan says nothing of {unknown[0]}", where="--fact", mend="leave it out")
    replaces = tuple(dict.fromkeys(one.strip().upper() for one in sheet.replaces))
    if missing := [one for one in replaces if one not in there]:
        raise InputError(
            f"no statement {missing[0]}", where="--replaces", mend=f"there are {', '.join(there) or 'none'}"
        )
    if not sheet.source.strip():
        raise InputError(
            "a statement needs its source", where="--source", mend="name the telegram or report it rests on"
        )
    text = sound_text(sheet.text)
    return Stated(
        id_,
        text,
        sound_marking(sheet.marking, moment.date()),
        " ".join(sheet.source.split()),
        {fact: now[fact] if of_flight(fact) else text for fact in facts},
        replaces,
    )


def _flies(flight: Flight) -> None:
    if not flight.legs:
        raise InputError(
            "a plan needs at least one leg", where=flight.id, mend="give the legs, or record the outcome"
        )


def alive(case: Case) -> Case:
    if case.taken:
        raise InputError(f"was merged into {case.taken.body.into}", where=case.id, mend="work there")
    if case.endings:
        raise InputError(
            "has its outcome", where=case.id, mend="correct the outcome first if the flight is on again"
        )
    return case
