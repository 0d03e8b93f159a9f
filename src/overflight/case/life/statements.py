"""Statements: what a case may tell, each with its marking. A marking that cannot be relied on is refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from unicodedata import normalize

from overflight.case.life.events import Stated
from overflight.case.life.model import Case, Statement
from overflight.errors import InputError, MarkingError
from overflight.marking import check, rollup

__all__ = ["barred", "chosen", "next_id", "portion_over", "sound_marking"]

_MOST = 4000  # characters of one statement


def sound_marking(text: str, day: date, where: str = "--marking") -> str:
    """The canonical form of a portion mark.

    Raises
    ------
    MarkingError
        It breaks a rule, or says nothing; the message tells which rule, where, and the corrected form.
    """
    bare = text.strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
    if not bare:
        raise MarkingError("no marking", where=where, mend='give one such as "S//REL TO USA, IND"')
    found = check(bare, "us", day)  # statements are told and rolled up together: one scheme for all
    if not found.valid or found.marking.unparsed or not found.marking.level:
        fault = found.faults[0].message if found.faults else "is not understood"
        mend = f"write {found.corrected}" if found.corrected else "correct the marking"
        raise MarkingError(f"{bare!r}: {fault.rstrip('.')}", where=where, mend=mend)
    if found.marking.recipients or found.marking.rel_same:
        raise MarkingError(
            f"{bare!r} names no state",
            where=where,
            mend="a statement travels alone: name the states it may be released to",
        )
    return bare


def sound_text(text: str, where: str = "statement") -> str:
    """A statement's text: one paragraph of plain characters."""
    plain = " ".join("".join(c if c.isprintable() else " " for c in normalize("NFC", text)).split())
    if not plain:
        raise InputError("says nothing", where=where, mend="give it a text")
    if len(plain) > _MOST:
        raise InputError(f"is longer than {_MOST} characters", where=where, mend="make several of it")
    return plain


def next_id(case: Case) -> str:
    """``S4`` after three statements; an id is never used twice, not even one that was struck out."""
    used = [n.body.id for n in case.history if isinstance(n.body, Stated)]
    numbers = [int(one[1:]) for one in used if one[1:].isdigit()]
    return f"S{max(numbers, default=0) + 1}"


def chosen(case: Case, ids: Sequence[str] = ()) -> tuple[Statement, ...]:
    """The statements for a product: all that hold, or those named.

    Raises
    ------
    InputError
        A named one is not there, was replaced, or rests on a fact that has changed.
    """
    if not ids:
        return tuple(one for one in case.statements if one.current)
    by_id = {one.id: one for one in case.statements}
    out = []
    for given in dict.fromkeys(one.strip().upper() for one in ids):
        found = by_id.get(given)
        if found is None:
            raise InputError(
                f"no statement {given}", where="--statements", mend=f"there are {', '.join(by_id)}"
            )
        if found.replaced:
            raise InputError(
                f"{given} was replaced by {found.replaced}",
                where="--statements",
                mend=f"say {found.replaced}",
            )
        if found.outdated:
            fact = found.outdated[0]
            raise InputError(
                f"{given} rests on {fact} {found.facts[fact]!r}, now {case.now.get(fact, 'not known')!r}",
                where="--statements",
                mend="state it anew and replace it",
            )
        out.append(found)
    return tuple(out)


def barred(case: Case, statements: Sequence[Statement], state: str) -> dict[str, str]:
    """Statements that rest on another state's answer which may not be told to this state, and why.

    A statement rests on an answer through the fact ``answer IND``. Nobody is told another state's answer
    unless that was said when the answer was recorded.
    """
    out = {}
    for one in statements:
        for fact in one.facts:
            other = fact.removeprefix("answer ").upper() if fact.startswith("answer ") else state
            answer = case.current(other) if other != state else None
            if other != state and (answer is None or state not in answer.body.tell):
                out[one.id] = f"{other}'s answer may not be told to {state}"
    return out


def portion_over(marks: Sequence[str], day: date) -> str:
    """The portion mark for home's own words about these statements: what they roll up to.

    Raises
    ------
    MarkingError
        They cannot be rolled up.
    """
    from overflight.marking import format_portion

    return format_portion(rollup(list(marks) or ["U"], day).marking)
