"""Deliveries, answers, inspections, outcomes: what comes back to the desk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath

from overflight.case.life.answers import decision as decision_of
from overflight.case.life.desk import CaseDesk, Happening, not_home
from overflight.case.life.draft import parse_number
from overflight.case.life.events import Answered, Delivered, Ended, Inspected, Reported
from overflight.case.life.facts import facts_of
from overflight.case.life.model import Case
from overflight.errors import InputError
from overflight.world.flight import Flight
from overflight.world.states import name
from overflight.world.times import minute_text

__all__ = [
    "OUTCOMES",
    "Recorded",
    "answer",
    "deliver",
    "end",
    "inspect",
    "report",
    "settles",
    "sound_form",
    "sound_outcome",
    "sound_result",
]

#: What can become of a flight.
OUTCOMES = (
    "FLOWN",
    "DENIED",
    "LANDED",
    "INSPECTED_CLEAN",
    "INSPECTED_SEIZED",
    "TURNED_BACK",
    "CANCELLED",
    "UNKNOWN",
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """An answer as recorded, and what a person should know about it."""

    case: Case
    answer: Answered
    notes: tuple[str, ...]


def deliver(
    desk: CaseDesk,
    case_id: str,
    state: str,
    *,
    office: str,
    form: str = "oral",
    reaction: str = "",
    questions: str = "",
    number: str = "",
    at: datetime | None = None,
    source: str | None = None,
) -> Case:
    """Record that the post has delivered.

    Raises
    ------
    InputError
        The state was never approached, or nothing had gone to the post by then.
    """
    case = desk.load(case_id)
    moment = desk.at(at)
    sent = [s.at for s in case.sent if s.product.state == state]
    if not sent:
        raise InputError(f"{name(state)} was never approached", where="STATE", mend="approach it first")
    if moment < min(sent):
        raise InputError(
            f"nothing had gone to {state} by {minute_text(moment)}", where="--at", mend="check the time"
        )
    sound_form(form, where="--form")
    paper = any(s.product.released for s in case.sent if s.product.state == state)
    if form != "oral" and not paper:
        raise InputError(
            f"nothing may be left with {name(state)}", where="--form", mend="say oral, or correct the marking"
        )
    plain = " ".join(office.split())
    if not plain:
        raise InputError(
            "names no office", where="--office", mend="name the ministry or authority, never a person"
        )
    shown = str(parse_number(number, moment.date())) if number else ""
    body = Delivered(state, plain, form, reaction, questions, shown)
    return desk.record(case, case.id, [Happening(body, moment, source or shown or None)])


def answer(
    desk: CaseDesk,
    case_id: str,
    state: str,
    decision: str,
    *,
    conditions: str = "",
    valid_from: datetime | None = None,
    valid_until: datetime | None = None,
    tails: Sequence[str] = (),
    basis: str = "",
    standing: bool = False,
    tell: Sequence[str] = (),
    number: str = "",
    at: datetime | None = None,
    source: str | None = None,
    key: str | None = None,
) -> Recorded:
    """Record what a state replied.

    An answer of a state that nobody had asked is recorded too, and so is one that is older than the answer
    already here: both are told. Under one `key` an answer is recorded once.

    Raises
    ------
    InputError
        No such decision; there is nothing to take back; the validity runs backwards; home's own answer.
    """
    case = desk.load(case_id)
    if case.taken:
        raise InputError(f"was merged into {case.taken.body.into}", where=case.id, mend="work there")
    moment = desk.at(at)
    row = decision_of(decision)
    not_home(state, desk.home, "it gives no answer to itself")
    if valid_from and valid_until and valid_until < valid_from:
        raise InputError("the validity ends before it begins", where="--valid", mend="give FROM..UNTIL")
    earlier = [n for n in case.answers_of(state) if n.true_at <= moment]
    if row.code == "REVERSED" and not any(settles(n.body.decision) for n in earlier):
        raise InputError(
            f"{name(state)} has given nothing that it could take back",
            where="decision",
            mend="record the answer itself",
        )
    told = case.told(state, moment)
    prompted = any(n.body.product.state == state and n.true_at <= moment for n in case.approaches)
    relied = told or {**facts_of(_plan_at(case, moment))}
    count = sum(1 for n in case.history if isinstance(n.body, Answered) and n.body.state == state)
    shown = str(parse_number(number, moment.date())) if number else ""
    body = Answered(
        id=f"{state}-answer-{count + 1}",
        state=state,
        decision=row.code,
        relied=relied,
        plan=case.plans[-1].body.number,
        conditions=conditions,
        valid_from=valid_from,
        valid_until=valid_until,
        tails=tuple(tails),
        basis=basis,
        standing=standing,
        tell=tuple(tell),
        prompted=prompted,
        number=shown,
    )
    after = desk.record(case, case.id, [Happening(body, moment, source or shown or None)], key=key)
    return Recorded(after, body, _notes(case, after, body, moment))


def sound_form(form: str, *, where: str) -> None:
    """Refuse what is no form of delivery."""
    if form not in ("oral", "paper", "both"):
        raise InputError(f"{form!r} is no form of delivery", where=where, mend="oral, paper or both")


def sound_result(result: str, *, where: str) -> None:
    """Refuse what is no result of an inspection."""
    if result not in ("clean", "seized", "open"):
        raise InputError(f"{result!r} is no result", where=where, mend="clean, seized or open")


def sound_outcome(code: str, *, where: str) -> str:
    """An outcome in the letters of `OUTCOMES`.

    Raises
    ------
    InputError
        It is none of them.
    """
    wanted = "_".join(code.upper().replace("-", " ").replace("_", " ").split())
    if wanted not in OUTCOMES:
        raise InputError(f"{code!r} is no outcome", where=where, mend=f"one of {', '.join(OUTCOMES)}")
    return wanted


def settles(code: str) -> bool:
    """Whether an answer of this code settles something that can be taken back."""
    row = decision_of(code)
    return bool(row.sky) or bool(row.landing)


def _plan_at(case: Case, moment: datetime) -> Flight:
    """The plan in force at a time; the first one before it."""
    known = [n for n in case.plans if n.true_at <= moment]
    return (known or case.plans[:1])[-1].body.flight


def _notes(before: Case, after: Case, body: Answered, moment: datetime) -> tuple[str, ...]:
    out = []
    state = body.state
    if not body.prompted:
        out.append(f"{state} was never approached: its answer is recorded as given unasked")
    current = after.current(state)
    if current is not None and current.body.id != body.id:
        out.append(
            f"this answer is older than the one of {minute_text(current.true_at, ' ')}, which stays current"
        )
    if current is not None and current.body.id == body.id and (why := after.stale(current)):
        out.append(f"stale from the start: {why[0].words}")
    due = [n.body.due for n in before.approaches if n.body.product.state == state]
    if due and moment > due[-1] and before.waiting(state):
        from overflight.case.life.agenda import hours_words

        out.append(f"reported {hours_words(moment - due[-1])} after the deadline")
    if body.decision == "REVERSED" and after.standing(state).sky == "closed":
        flown = after.flight.legs[0].departs.earliest
        out.append(
            f"{state} withdraws a permit: two channels must know, the foreign ministry for the policy and "
            f"the civil aviation authority and its air traffic control to carry it out"
            + (", and the state of departure before take-off" if moment < flown else "")
        )
    if body.tell:
        out.append(f"may be told to {', '.join(body.tell)}")
    return tuple(out)


def inspect(
    desk: CaseDesk,
    case_id: str,
    state: str,
    *,
    place: str,
    result: str,
    text: str = "",
    at: datetime | None = None,
    source: str | None = None,
) -> tuple[Case, Inspected]:
    """Record that a state has looked inside; duties to report start by themselves.

    Raises
    ------
    InputError
        The result is none of clean, seized and open.
    """
    case = desk.load(case_id)
    moment = desk.at(at)
    sound_result(result, where="--result")
    bare = Inspected(state, place, result, text)
    clocks = tuple(desk.jurist.clocks(case.flight, bare, moment))
    body = Inspected(state, place, result, text, clocks)
    return desk.record(case, case.id, [Happening(body, moment, source)]), body


def report(desk: CaseDesk, case_id: str, key: str, *, text: str = "", at: datetime | None = None) -> Case:
    """Record that a duty to report was fulfilled.

    Raises
    ------
    InputError
        No such duty, or it was reported already.
    """
    case = desk.load(case_id)
    there = [clock.key for n in case.inspections for clock in n.body.clocks]
    if key not in there:
        raise InputError(
            f"no duty to report {key!r}", where="--reported", mend=f"there are {', '.join(there) or 'none'}"
        )
    if any(n.body.key == key for n in case.reports):
        raise InputError(f"{key} was reported already", where="--reported")
    return desk.record(case, case.id, [Happening(Reported(key, text), desk.at(at))])


def end(
    desk: CaseDesk,
    case_id: str,
    code: str,
    *,
    evidence: str,
    text: str = "",
    track: str = "",
    at: datetime | None = None,
    source: str | None = None,
) -> Case:
    """Record what became of the flight.

    Raises
    ------
    InputError
        No such outcome, no evidence, or the case has one already.
    """
    case = desk.load(case_id)
    if case.taken:
        raise InputError(f"was merged into {case.taken.body.into}", where=case.id, mend="work there")
    if case.endings:
        seq = case.endings[-1].seq
        raise InputError(
            "has its outcome already", where=case.id, mend=f"correct event {seq} if it was recorded in error"
        )
    wanted = sound_outcome(code, where="OUTCOME")
    if not evidence.strip():
        raise InputError("an outcome needs its evidence", where="--evidence", mend="say how it is known")
    observed = desk.geography.entered(track) if track else ()
    body = Ended(wanted, " ".join(evidence.split()), text, PurePath(track).name, observed)
    return desk.record(case, case.id, [Happening(body, desk.at(at), source)])
