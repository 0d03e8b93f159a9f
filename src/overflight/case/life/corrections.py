"""What a correction may make of an event: what a person stated, checked as it was when it was recorded.

What the desk worked out itself (ids, plans, what a state was told, duties to report) and what went out (a
telegram, what it asks, its deadline) cannot be corrected: the event is struck out and recorded anew, or an
update is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any

from overflight.case.life.answers import decision as decision_of
from overflight.case.life.desk import CaseDesk
from overflight.case.life.draft import parse_number
from overflight.case.life.events import (
    Answered,
    Approached,
    Body,
    Closed,
    Corrected,
    Delivered,
    Ended,
    Filed,
    Inspected,
    Merged,
    Opened,
    Planned,
    Reported,
    Split,
    Stated,
    Taken,
    decode,
    encode,
    kind_of,
)
from overflight.case.life.facts import facts_of, of_flight
from overflight.case.life.model import Case, Noted
from overflight.case.life.replies import settles, sound_form, sound_outcome, sound_result
from overflight.case.life.statements import sound_marking, sound_text
from overflight.errors import DataError, InputError
from overflight.world.states import alpha3_codes

__all__ = ["STATED", "corrected"]

#: What a person states of each kind of event; of the others nothing can be corrected but when they were true.
STATED: Mapping[type, tuple[str, ...]] = {
    Opened: ("title", "tip"),
    Planned: ("why",),
    Stated: ("text", "marking", "source", "facts", "replaces"),
    Approached: ("chance",),
    Delivered: ("office", "form", "reaction", "questions", "number"),
    Answered: (
        "decision", "conditions", "valid_from", "valid_until", "tails", "basis", "standing", "tell", "number",
    ),
    Inspected: ("place", "result", "text"),
    Reported: ("text",),
    Ended: ("code", "evidence", "text"),
    Filed: ("why",),
    Corrected: ("why",),
    Merged: ("why",),
    Taken: ("why",),
    Split: ("why",),
    Closed: ("why",),
}  # fmt: skip
#: Fields that may not be left empty.
_NEEDED = frozenset({"text of stated", "source", "title", "office", "evidence", "place", "why of corrected"})
_MOST = 4000  # characters of one field
_YEARS = (1900, 2200)
_SET = "--set"


def corrected(desk: CaseDesk, case: Case, noted: Noted[Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """The body of an event as it should have been, as JSON.

    Raises
    ------
    InputError
        A field that the event does not have or that nobody states, or a value that would have been refused
        when the event was recorded.
    """
    old: Any = noted.body
    kind = kind_of(old)
    names = {field.name for field in fields(old)}
    may = STATED.get(type(old), ())
    body = encode(old)
    for field, value in changes.items():
        if field not in names:
            raise InputError(
                f"event {noted.seq} has no field {field}",
                where=_SET,
                mend=f"may be corrected: {', '.join(may) or 'nothing'}",
            )
        if field not in may:
            raise InputError(
                f"{field} of event {noted.seq} ({kind}) cannot be corrected",
                where=_SET,
                mend=f"correct {', '.join(may)}, or strike the event out" if may else "strike the event out",
            )
        body[field] = value
    try:
        made: Any = decode(kind, body)
    except DataError as error:
        raise InputError(error.what, where=_SET, mend="give a value of the right kind") from None
    made = _plain(made, kind, changes)
    return encode(_sound(desk, case, noted, made, changes))


def _plain(body: Any, kind: str, changes: Mapping[str, Any]) -> Any:
    """Texts as paragraphs of plain characters; empty only where that says something."""
    found = {}
    for field in changes:
        value = getattr(body, field)
        if isinstance(value, str):
            if value.strip() or {field, f"{field} of {kind}"} & _NEEDED:
                value = sound_text(value, where=f"{_SET} {field}")
            else:
                value = ""
        elif field == "tails":
            value = tuple(sound_text(one, where=f"{_SET} {field}") for one in value)
        found[field] = value
    return replace(body, **found)


def _sound(desk: CaseDesk, case: Case, noted: Noted[Any], body: Any, changes: Mapping[str, Any]) -> Body:
    match body:
        case Stated():
            return _statement(case, noted, body, changes)
        case Approached():
            if body.chance is not None and not 0 <= body.chance <= 1:
                raise InputError(
                    f"{body.chance:g} is no chance", where=_SET, mend="give a number from 0 to 1"
                )
        case Delivered():
            return _delivery(case, noted, body, changes)
        case Answered():
            return _answer(case, noted, body, changes)
        case Inspected():
            sound_result(body.result, where=_SET)
            # Duties to report follow from what was found.
            clocks = desk.jurist.clocks(case.flight, replace(body, clocks=()), noted.true_at)
            return replace(body, clocks=tuple(clocks)) if "result" in changes else body
        case Ended():
            return replace(body, code=sound_outcome(body.code, where=_SET))
    made: Body = body
    return made


def _statement(case: Case, noted: Noted[Any], body: Stated, changes: Mapping[str, Any]) -> Stated:
    old = noted.body
    facts = dict(body.facts)
    if "facts" in changes:
        for fact, value in facts.items():
            _known(case, fact, value)
    # A fact that no plan knows reads as the statement says it.
    facts = {fact: value if of_flight(fact) else body.text for fact, value in facts.items()}
    replaces = body.replaces
    if "replaces" in changes:
        there = [one.id for one in case.statements if one.seq < noted.seq]
        replaces = tuple(dict.fromkeys(one.strip().upper() for one in replaces))
        if missing := [one for one in replaces if one not in there]:
            raise InputError(
                f"no statement {missing[0]} before {old.id}",
                where=f"{_SET} replaces",
                mend=f"there are {', '.join(there) or 'none'}",
            )
    marking = body.marking
    if "marking" in changes:
        marking = sound_marking(marking, noted.true_at.date(), where=f"{_SET} marking")
    return replace(body, facts=facts, replaces=replaces, marking=marking)


def _known(case: Case, fact: str, value: str) -> None:
    """Raise InputError where neither a plan nor a statement of the case has the fact."""
    if of_flight(fact):
        values = {found[fact]: None for n in case.plans if fact in (found := facts_of(n.body.flight))}
        if value in values:
            return
        raise InputError(
            f"no plan says {fact} {value!r}" if values else f"the plan says nothing of {fact}",
            where=f"{_SET} facts",
            mend=f"write {' or '.join(map(repr, values))}" if values else "leave it out",
        )
    there = {name: None for n in case.stated for name in n.body.facts if not of_flight(name)}
    answers = {f"answer {n.body.state}": None for n in case.answers}
    if fact not in {**there, **answers}:
        raise InputError(
            f"the case has no fact {fact!r}", where=f"{_SET} facts", mend="leave it out, or state it anew"
        )


def _delivery(case: Case, noted: Noted[Any], body: Delivered, changes: Mapping[str, Any]) -> Delivered:
    sound_form(body.form, where=_SET)
    left = any(s.product.released for s in case.sent if s.product.state == body.state)
    if "form" in changes and body.form != "oral" and not left:
        raise InputError(f"nothing may be left with {body.state}", where=_SET, mend="say oral")
    return replace(body, number=_number(body.number, noted, changes))


def _answer(case: Case, noted: Noted[Any], body: Answered, changes: Mapping[str, Any]) -> Answered:
    code = decision_of(body.decision).code
    earlier = [n for n in case.answers_of(body.state) if n.order < noted.order]
    if code == "REVERSED" and not any(settles(n.body.decision) for n in earlier):
        raise InputError(
            f"{body.state} had given nothing that it could take back",
            where=f"{_SET} decision",
            mend="record the answer itself",
        )
    for field in ("valid_from", "valid_until"):
        if field in changes:
            _day(getattr(body, field), field)
    if body.valid_from and body.valid_until and body.valid_until < body.valid_from:
        raise InputError("the validity ends before it begins", where=_SET, mend="correct both ends")
    if "tell" in changes:
        _states(body.tell)
    return replace(body, decision=code, number=_number(body.number, noted, changes))


def _day(given: datetime | None, field: str) -> None:
    if given is None:
        return
    if given.tzinfo is None:
        raise InputError("has no time zone", where=f"{_SET} {field}", mend="write it as 2008-07-28T08:40Z")
    if not _YEARS[0] <= given.year <= _YEARS[1]:
        raise InputError(
            f"the year {given.year} is out of reach",
            where=f"{_SET} {field}",
            mend=f"between {_YEARS[0]} and {_YEARS[1]}",
        )


def _states(given: Sequence[str]) -> None:
    known = frozenset(alpha3_codes())
    if wrong := [one for one in given if one not in known]:
        raise InputError(
            f"{wrong[0]!r} is no state", where=f"{_SET} tell", mend="give alpha-3 codes such as KAZ"
        )


def _number(number: str, noted: Noted[Any], changes: Mapping[str, Any]) -> str:
    if "number" not in changes or not number:
        return number
    return str(parse_number(number, noted.true_at.date(), where=f"{_SET} number"))
