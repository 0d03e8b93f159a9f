"""Answers that guests gave at the desk itself: taken into their case, or put aside with a reason."""

from __future__ import annotations

from datetime import datetime

from overflight.case.life.desk import CaseDesk, Happening
from overflight.case.life.events import Dismissed
from overflight.case.life.model import Case
from overflight.case.life.replies import Recorded
from overflight.case.life.replies import answer as record_answer
from overflight.errors import InputError
from overflight.store.shelf import Received, ShelfKeeper
from overflight.world.times import minute_text

__all__ = ["dismiss", "home_of", "source_of", "take"]


def source_of(one: Received) -> str:
    """What the log calls an answer that a guest gave: ``answer of guest-kaz of 2008-08-05T18:00Z …``."""
    given = one.answer
    return f"answer of {given.account} of {minute_text(given.given_at)} to {given.reference} ({given.number})"


def home_of(desk: CaseDesk, one: Received) -> Case:
    """The case that an answer belongs to now: where its own was merged into another, that one."""
    case = desk.load(one.case)
    seen = {case.id}
    while case.taken and case.taken.body.into not in seen:
        case = desk.load(case.taken.body.into)
        seen.add(case.id)
    return case


def take(
    desk: CaseDesk, keeper: ShelfKeeper, one: Received, *, account: str, at: datetime | None = None
) -> Recorded:
    """Record a guest's answer as his state's, true from the moment at which he gave it.

    Raises
    ------
    InputError
        It was taken or put aside before; or as `replies.answer`, and then it waits on.
    """
    _waits(one)
    case, given, source = home_of(desk, one), one.answer, source_of(one)
    there = [n for n in case.answers if n.source == source]
    if there:  # recorded already, but the shelf was not told
        recorded = Recorded(case, there[0].body, ())
    else:
        recorded = record_answer(
            desk,
            case.id,
            given.state,
            given.decision,
            conditions=given.conditions,
            valid_from=given.valid_from,
            valid_until=given.valid_until,
            basis=given.text,
            at=given.given_at,
            source=source,
            key=source[:200],  # two who take it at once record it once
        )
    keeper.settle(given, "taken", account=account, at=desk.at(at))
    return recorded


def dismiss(
    desk: CaseDesk,
    keeper: ShelfKeeper,
    one: Received,
    *,
    account: str,
    why: str,
    at: datetime | None = None,
) -> Case:
    """Put a guest's answer aside: the log keeps that it was, by whom and why.

    Raises
    ------
    InputError
        It was taken or put aside before, or there is no reason.
    """
    _waits(one)
    reason = " ".join(why.split())[:2000]
    if not reason:
        raise InputError("an answer is not put aside without a reason", where="why", mend="say why")
    case, given = home_of(desk, one), one.answer
    done = any(n.body.reference == given.reference and n.body.number == given.number for n in case.dismissals)
    if not done:
        body = Dismissed(given.state, given.reference, given.number, account, reason)
        case = desk.record(case, case.id, [Happening(body, desk.at(at), source_of(one))])
    keeper.settle(given, "dismissed", account=account, at=desk.at(at), why=reason)
    return case


def _waits(one: Received) -> None:
    if one.fate:
        words = "taken into its case" if one.fate == "taken" else "put aside"
        raise InputError(f"was {words} already", where=one.answer.reference, mend="open the case")
