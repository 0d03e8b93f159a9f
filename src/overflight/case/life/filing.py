"""Telegrams that come in: the case they belong to, and the answer they seem to report. A person confirms."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import chain

from overflight.case.life.desk import CaseDesk, Happening, sound_case_id
from overflight.case.life.draft import number_of
from overflight.case.life.events import Filed
from overflight.case.life.model import Case
from overflight.errors import InputError
from overflight.store.event import AgendaItem
from overflight.telegram import Number, Reading, read, read_all, state_of, write

__all__ = [
    "Match",
    "Outcome",
    "Proposal",
    "digest_of",
    "file_all",
    "file_reading",
    "file_telegram",
    "matches",
    "proposed_answer",
]

#: A telegram further from the flight's dates than this is not about it.
_NEAR = timedelta(days=75)
_REFERENCE, _OWN, _FLIGHT, _TAIL, _PLACES = 4, 5, 3, 2, 1


@dataclass(frozen=True, slots=True)
class Match:
    """A case that a telegram may belong to; `weight` orders the grounds, `why` names them."""

    case: str
    weight: int
    why: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a telegram seems to report: a decision, the paragraph that says so, and its words."""

    state: str
    decision: str
    paragraph: str
    words: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a telegram."""

    case: Case
    match: Match
    number: str
    origin: str
    proposal: Proposal | None
    others: tuple[Match, ...]
    missing: tuple[str, ...]
    at: datetime


def digest_of(reading: Reading) -> str:
    """The same for every copy of one telegram, however it was wrapped or mended."""
    return sha256(write(reading.telegram, verify=False).encode("utf-8", "surrogatepass")).hexdigest()


def file_telegram(
    desk: CaseDesk, data: bytes, *, name: str = "telegram", case_id: str = "", received: date | None = None
) -> Outcome:
    """File the first telegram of a file under its case; see `file_reading`."""
    return file_reading(desk, read(data, name=name, received=received), name=name, case_id=case_id)


def file_all(
    desk: CaseDesk, data: bytes, *, name: str = "telegram", case_id: str = "", received: date | None = None
) -> Iterator[Outcome | InputError]:
    """File every telegram of a file, each as an event of its own; those that cannot be are faults.

    Parameters are those of `file_telegram`. One that fails does not hold up the others.

    Raises
    ------
    TelegramError
        The file is empty or holds no telegram.
    """
    readings = read_all(data, received=received, name=name)
    first, second = next(readings), next(readings, None)
    if second is None:
        yield _filed(desk, first, name, case_id)
        return
    for number, reading in enumerate(chain((first, second), readings), 1):
        yield _filed(desk, reading, f"{name}, telegram {number}", case_id)


def _filed(desk: CaseDesk, reading: Reading, name: str, case_id: str) -> Outcome | InputError:
    try:
        return file_reading(desk, reading, name=name, case_id=case_id)
    except InputError as fault:
        return fault


def file_reading(desk: CaseDesk, reading: Reading, *, name: str = "telegram", case_id: str = "") -> Outcome:
    """File a telegram under its case.

    Parameters
    ----------
    reading : Reading
    name : str
        What to call it in a complaint.
    case_id : str
        The case, where a person says so.

    Raises
    ------
    InputError
        It was filed already, belongs to no case or to several.
    """
    digest = digest_of(reading)
    summaries = {one.case: one for one in desk.summaries()}
    number = str(reading.telegram.number) if reading.telegram.number else ""
    for one in summaries.values():
        if digest in _texts(one, "digests"):
            raise InputError(f"was filed already in {one.case}", where=name, mend="nothing was changed")
    found = matches(reading, summaries.values())
    if case_id:
        wanted = sound_case_id(case_id)
        if wanted not in summaries:
            raise InputError("no such case", where=wanted, mend="overflight case list names them")
        chosen = next((m for m in found if m.case == wanted), Match(wanted, 0, "as a person said"))
    else:
        chosen = _one(found, name)
    into = str(summaries[chosen.case].body.get("into", ""))
    if into:
        chosen = Match(into, chosen.weight, f"{chosen.why}; {chosen.case} was merged into it")
    case = desk.load(chosen.case)
    origin = reading.telegram.head.origin or ""
    at = reading.telegram.head.sent or desk.clock()
    state = state_of(origin, at.date()) if origin else None
    same = [n.seq for n in case.telegrams if number and n.body.number == number]
    proposal = proposed_answer(reading, state) if state and state != desk.home else None
    body = Filed(
        digest=digest,
        telegram=write(reading.telegram),
        number=number,
        origin=origin,
        subject=reading.telegram.subject.text if reading.telegram.subject else "",
        states=(state,) if state else (),
        why=chosen.why + (f"; another text of {number}, event {same[-1]}" if same else ""),
        proposes=f"{proposal.state} {proposal.decision}" if proposal else "",
    )
    after = desk.record(case, case.id, [Happening(body, at, number or digest[:16])])
    known = {n for one in summaries.values() if one.case == case.id for n in _texts(one, "numbers")} | {
        number
    }
    missing = tuple(
        str(r.number)
        for r in reading.telegram.references
        if r.number and not any(_same(r.number, number_of(text)) for text in known)
    )
    others = tuple(m for m in found if m.case != chosen.case)
    return Outcome(after, chosen, number, origin, proposal, others, missing, at)


def matches(reading: Reading, summaries: Iterable[AgendaItem]) -> tuple[Match, ...]:
    """Cases that a telegram may belong to, the best first."""
    telegram = reading.telegram
    sent = telegram.head.sent
    text = " ".join(
        [telegram.subject.text if telegram.subject else "", *(p.text for p in telegram.paragraphs)]
    )
    words = set(re.findall(r"[A-Z0-9-]+", text.upper()))
    out = []
    for one in summaries:
        why: list[tuple[int, str]] = []
        numbers = [number for n in _texts(one, "numbers") if (number := number_of(n))]
        why += [
            (_REFERENCE, f"refers to {r.number}")
            for r in telegram.references
            if r.number and any(_same(r.number, number) for number in numbers)
        ]
        if telegram.number and any(_same(telegram.number, number) for number in numbers):
            why.append((_OWN, f"is {telegram.number}, which the case knows"))
        if _near(one, sent):
            flights = [f for f in _texts(one, "flight") if f.upper() in words]
            why += [(_FLIGHT, f"names flight {f} within its dates") for f in flights]
            why += [
                (_TAIL, f"names {t} within its dates") for t in _texts(one, "tails") if t.upper() in words
            ]
            places = [p for p in _texts(one, "places") if p in words]
            if len(places) > 1:
                why.append((_PLACES, f"names {' and '.join(places)} within its dates"))
        if why:
            best = max(weight for weight, _ in why)
            out.append(Match(one.case, best, "; ".join(dict.fromkeys(words_ for _, words_ in why))))
    return tuple(sorted(out, key=lambda m: (-m.weight, m.case)))


def _one(found: tuple[Match, ...], name: str) -> Match:
    if not found:
        raise InputError(
            "belongs to no case: no reference, flight or date fits one",
            where=name,
            mend="name the case with --case, or open one with case open --telegram",
        )
    best = [m for m in found if m.weight == found[0].weight]
    if len(best) > 1:
        raise InputError(
            f"may belong to {' or '.join(f'{m.case} ({m.why})' for m in best)}",
            where=name,
            mend="name the case with --case",
        )
    return best[0]


def _near(one: AgendaItem, sent: datetime | None) -> bool:
    first, last = one.body.get("first"), one.body.get("last")
    if sent is None or not isinstance(first, str) or not isinstance(last, str):
        return False
    # Spans between times always exist; a time so far from another may lie outside the calendar.
    return datetime.fromisoformat(first) - sent <= _NEAR and sent - datetime.fromisoformat(last) <= _NEAR


def _texts(one: AgendaItem, key: str) -> tuple[str, ...]:
    found = one.body.get(key, ())
    return tuple(str(text) for text in found) if isinstance(found, list | tuple) else ()


def _same(a: Number, b: Number | None) -> bool:
    if b is None or _origin(a) != _origin(b) or a.serial != b.serial:
        return False
    return a.year is None or b.year is None or a.year == b.year


def _origin(number: Number) -> str:
    plain = re.sub(r"[^A-Z]", "", number.origin.upper())
    return "STATE" if plain in ("SECSTATE", "SECSTATEWASHDC") else plain


# --- what it reports
# -----------------------------------------------------------------------------------------------------


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    text = (files("overflight.case") / "data" / "answer_words.csv").read_text(encoding="utf-8")
    return tuple(
        (row["code"], re.compile(row["pattern"], re.IGNORECASE)) for row in csv.DictReader(text.splitlines())
    )


_DOUBT = re.compile(
    r"\b(?:WHETHER|IF|MIGHT|MAY|COULD|WOULD|CONSIDER\w*|REQUESTED\s+TO|ASK\w*\s+\w+\s+TO)\b", re.I
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def proposed_answer(reading: Reading, state: str) -> Proposal | None:
    """The decision that a post's telegram seems to report; None where no sentence is plain.

    A sentence that only speaks of what might be, or repeats what was asked, proposes nothing. The last plain
    sentence counts: reports tell the course of a talk.
    """
    found: Proposal | None = None
    for paragraph in reading.telegram.paragraphs:
        for sentence in _SENTENCE.split(paragraph.text):
            if _DOUBT.search(sentence):
                continue
            for code, pattern in _patterns():
                if pattern.search(sentence):
                    found = Proposal(state, code, paragraph.label or "text", " ".join(sentence.split()))
                    break
    return found
