"""Telegrams of a case to its posts: drafts, complete but for what the communications centre adds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from overflight.case.life.compose import Composed
from overflight.case.life.model import Case, Statement
from overflight.case.life.posts import local
from overflight.case.life.statements import portion_over
from overflight.case.wording import day as in_words
from overflight.errors import InputError
from overflight.marking import rollup
from overflight.telegram import (
    Address,
    Authority,
    Head,
    Number,
    Order,
    Paragraph,
    Reference,
    Subject,
    Telegram,
    write,
)
from overflight.telegram.clean import typed
from overflight.telegram.order import orders
from overflight.telegram.tables import rows
from overflight.telegram.tags import scheme_of
from overflight.world.states import name

__all__ = [
    "Letterhead",
    "approach",
    "number_of",
    "numbered",
    "parse_number",
    "references",
    "text_of",
    "thanks",
    "update",
]

_SUBJECTS = ("EAIR", "KNNP", "PARM", "PREL")
_YEARS_CLASSIFIED = 10
_SOON = timedelta(hours=48)
_NUMBER = re.compile(r"^\s*(?:(\d{4})\s+)?([A-Z][A-Z .'/-]*?)\s+0*(\d{1,7})\s*$")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes, to whom, when.

    Attributes
    ----------
    post : str
        The action addressee.
    sent : datetime
    origin, office : str
        The originator as addressed, and the office that classifies and wants the answers.
    info : tuple of str
    number : Number or None
    slug : str
        The office to which replies are slugged.
    """

    post: str
    sent: datetime
    origin: str
    office: str
    info: tuple[str, ...] = ()
    number: Number | None = None
    slug: str = ""


def parse_number(text: str, day: date, where: str = "--number") -> Number:
    """``STATE 101`` or ``2008 STATE 101``.

    Raises
    ------
    InputError
        It is no reference number.
    """
    match = _NUMBER.match(text.upper())
    if not match:
        raise InputError(f"{text!r} is no reference number", where=where, mend='write it as "STATE 101"')
    return Number(match[2], int(match[3]), int(match[1]) if match[1] else day.year)


def number_of(text: str) -> Number | None:
    """A number as the log keeps it (``2008 STATE 101``)."""
    match = _NUMBER.match(text)
    return Number(match[2], int(match[3]), int(match[1]) if match[1] else None) if match else None


def references(case: Case, state: str = "") -> tuple[Reference, ...]:
    """The earlier telegrams of the case, oldest first: all those about the state, and what came in."""
    found: dict[str, Number] = {}
    dated: list[tuple[datetime, str]] = [
        (sent.at, sent.product.number)
        for sent in case.sent
        if sent.product.number and (not state or sent.product.state == state)
    ]
    dated += [
        (n.true_at, n.body.number)
        for n in case.telegrams
        if n.body.number and (not state or not n.body.states or state in n.body.states)
    ]
    for _, text in sorted(dated):
        number = number_of(text)
        if number:
            found[text] = number
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    last = list(found.values())[-len(letters) :]
    return tuple(Reference(letter, number) for letter, number in zip(letters, last, strict=False))


class _Sheet:
    """Paragraphs as they are put down, each with its own mark."""

    def __init__(self, home: str) -> None:
        self.home = home
        self.paragraphs: list[Paragraph] = []

    def add(self, heading: str, text: str, marking: str | None = None) -> None:
        number = len(self.paragraphs) + 1
        # Cables know no typographers' characters: with them a reader would find another text than was sent.
        self.paragraphs.append(Paragraph(number, typed(text), marking or self.home, heading))


def approach(
    case: Case,
    composed: Composed,
    head: Letterhead,
    *,
    ask: Sequence[str],
    due: datetime,
    background: Sequence[Statement],
) -> Telegram:
    """The telegram that asks a post to approach its host."""
    sheet = _Sheet(_home(case, composed, background))
    host = name(composed.state)
    sheet.paragraphs.append(Paragraph(1, "This is an action request. See paragraph 2.", "U"))
    sheet.add(
        "ACTION REQUEST",
        f"Post is requested to approach the government of {host} about flight {case.flight.id} at the "
        f"appropriate level, and to ask it to {_series(ask)}. {_by(due, head.post)}",
    )
    sheet.add("OBJECTIVES", _objectives(host, ask))
    _background(sheet, background)
    _points(sheet, composed)
    sheet.add("REPORTING REQUIREMENT", _report(due, head), "U")
    sheet.add("POINT OF CONTACT", f"The office for this matter is {head.office}.", "U")
    return _telegram(case, sheet, head, f"REQUEST FOR ACTION ON FLIGHT {case.flight.id}", composed.state, due)


def update(
    case: Case,
    composed: Composed,
    head: Letterhead,
    *,
    changes: Sequence[str],
    why: str,
    due: datetime | None,
    stale: Sequence[str],
    background: Sequence[Statement],
) -> Telegram:
    """The telegram that brings new facts to whoever had the old ones."""
    sheet = _Sheet(_home(case, composed, background))
    host = name(composed.state)
    sheet.paragraphs.append(Paragraph(1, "This is an action request. See paragraph 2.", "U"))
    ask = (
        f"Post is requested to tell the government of {host} that what it was told of flight "
        f"{case.flight.id} no longer holds, and to give it the facts as they stand."
    )
    if stale:
        ask += " Its answer was given on the earlier facts: post is requested to ask whether it stands."
    sheet.add("ACTION REQUEST", ask + (f" {_by(due, head.post)}" if due else ""))
    sheet.add("WHAT HAS CHANGED", "\n".join(f"-- {line}" for line in changes) or why)
    if why and changes:
        sheet.add("BACKGROUND", f"The earlier version was given in good faith. {_sentence(why)}")
    _background(sheet, background)
    _points(sheet, composed)
    if due:
        sheet.add("REPORTING REQUIREMENT", _report(due, head), "U")
    sheet.add("POINT OF CONTACT", f"The office for this matter is {head.office}.", "U")
    return _telegram(case, sheet, head, f"NEW FACTS ON FLIGHT {case.flight.id}", composed.state, due)


def thanks(case: Case, composed: Composed, head: Letterhead, *, helped: str) -> Telegram:
    """The telegram that thanks a state that helped, with what may be said about the result."""
    sheet = _Sheet(_home(case, composed, ()))
    host = name(composed.state)
    sheet.paragraphs.append(Paragraph(1, "This is an action request. See paragraph 2.", "U"))
    sheet.add(
        "ACTION REQUEST",
        f"Post is requested to thank the government of {host} for its part in the matter of flight "
        f"{case.flight.id}: it {helped}.",
    )
    _points(sheet, composed)
    sheet.add(
        "LIMITS",
        "Nothing about the result, its source or the part of any other state may be said beyond these "
        "points.",
        "U",
    )
    sheet.add("POINT OF CONTACT", f"The office for this matter is {head.office}.", "U")
    return _telegram(case, sheet, head, f"THANKS FOR HELP WITH FLIGHT {case.flight.id}", composed.state, None)


def text_of(telegram: Telegram) -> str:
    """The telegram as it will be sent."""
    return write(telegram)


# --- parts
# -----------------------------------------------------------------------------------------------------


def _home(case: Case, composed: Composed, background: Sequence[Statement]) -> str:
    """The mark of home's own words: they say what any statement at hand may say."""
    marks = [one.marking for one in background]
    marks += [one.marking for one in case.statements if one.id in {*composed.released, *composed.spoken}]
    return portion_over(marks, composed.day)


def _series(items: Sequence[str]) -> str:
    words = [item.rstrip(".") for item in items]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])}, and to {words[-1]}"


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _objectives(host: str, ask: Sequence[str]) -> str:
    """What is to come of it; who is asked to tell something tells it, who is asked to act decides to."""
    lines = [
        f"-- {host} says{item[3:].rstrip('.')}."
        if item.startswith("say ")
        else f"-- {host} decides to {item.rstrip('.')}."
        for item in ask
    ]
    return "\n".join(
        [*lines, "-- Post learns by whom, for which dates and for which aircraft a permit was asked for."]
    )


def _background(sheet: _Sheet, background: Sequence[Statement]) -> None:
    for one in background:
        sheet.add("BACKGROUND", f"For post only. {one.text}", one.marking)


def _points(sheet: _Sheet, composed: Composed) -> None:
    """Talking points and non-paper: every sentence in a paragraph of its own, with the mark of the copy."""
    if composed.empty:
        sheet.add("TALKING POINTS", "There is nothing that the host may be told beyond the request itself.")
        return
    for one in composed.paper:
        sheet.add("TALKING POINTS", one.text, one.marking)
    for one in composed.oral:
        sheet.add("MAY BE SAID, NOT LEFT", one.text, one.marking)
    if composed.paper:
        sheet.add("NON-PAPER", "BEGIN NON-PAPER:", "U")
        for one in composed.paper:
            sheet.add("NON-PAPER", one.text, one.marking)
        sheet.add("NON-PAPER", "END NON-PAPER.", "U")


def _by(due: datetime, post: str) -> str:
    there = local(due, post)
    return f"The answer is needed by {in_words(due)}, {due:%H:%M}Z" + (f" ({there})." if there else ".")


def _report(due: datetime, head: Letterhead) -> str:
    there = local(due, head.post)
    place = f" ({there})" if there else ""
    slug = f" Please slug replies for {head.slug}." if head.slug else ""
    return (
        f"Post is requested to report when and to which office the points were delivered, and the answer, by "
        f"{in_words(due)}, {due:%H:%M}Z{place}.{slug}"
    )


def _telegram(
    case: Case, sheet: _Sheet, head: Letterhead, subject: str, state: str, due: datetime | None
) -> Telegram:
    day = head.sent.date()
    marks = [p.marking or sheet.home for p in sheet.paragraphs]
    banner = rollup([*marks, sheet.home], day).banner
    level, mark, control = banner.partition("//")
    classified = level not in ("UNCLASSIFIED",)
    soon = due is not None and due - head.sent <= _SOON
    exercise = case.opened.body.title.upper().startswith("EXERCISE")
    return Telegram(
        head=Head(
            precedence="IMMEDIATE" if soon else "PRIORITY",
            sent=head.sent.replace(second=0, microsecond=0),
            origin=head.origin,
            to=(Address(head.post),),
            info=tuple(Address(one) for one in head.info),
        ),
        number=head.number,
        classification=level,
        control=mark + control,
        captions=("SIPDIS",) if _american(head.origin) else (),
        order=_order(day, classified) if _american(head.origin) else None,
        tags=_tags(case, state, day),
        subject=Subject(typed(("EXERCISE: " if exercise else "") + subject.upper()), sheet.home),
        references=references(case, state),
        authority=Authority(typed(head.office), ("1.4(b)", "1.4(d)"))
        if classified and _american(head.origin)
        else None,
        paragraphs=tuple(sheet.paragraphs),
        signed="EXERCISE" if exercise else None,
    )


def _american(origin: str) -> bool:
    return origin.startswith("SECSTATE")


def _order(day: date, classified: bool) -> Order:
    text = day.isoformat()
    number = next(
        (key for key, (first, last) in orders().items() if first <= text and (not last or text <= last)), ""
    )
    until = replace_year(day, day.year + _YEARS_CLASSIFIED)
    return Order(number, f"DECL: {until:%m/%d/%Y}" if classified else "N/A")


def replace_year(day: date, year: int) -> date:
    """The same day of another year; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def _tags(case: Case, state: str, day: date) -> tuple[str, ...]:
    """Subjects, then the host and the states of departure and arrival, in the codes of the day."""
    scheme, _ = scheme_of(day)
    codes = {row["state"]: row["code"] for row in rows("tags_states.csv") if row["scheme"] == scheme}
    legs = case.flight.legs
    states = (state, legs[0].origin.state, legs[-1].destination.state)
    return (*_SUBJECTS, *_codes(states, codes))


def _codes(states: Iterable[str], codes: dict[str, str]) -> tuple[str, ...]:
    return tuple(codes[one] for one in dict.fromkeys(states) if one in codes)


def numbered(head: Letterhead, step: int) -> Letterhead:
    """The letterhead of the telegram `step` places further on."""
    if head.number is None:
        return head
    number = head.number
    return replace(head, number=Number(number.origin, number.serial + step, number.year))
