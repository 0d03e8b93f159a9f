"""Generated cases for the property that no product depends on what its reader may not read."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from overflight.case.life.compose import Composed, compose, paper_text, spoken_text
from overflight.case.life.events import Approached, Delivered, Opened, Planned, Product, Stated
from overflight.case.life.facts import facts_of, of_flight
from overflight.case.life.model import Case, Noted, Statement
from overflight.case.life.news import news_for
from overflight.case.life.statements import barred, chosen
from overflight.marking import parse_portion, release

from .desks import flight

STATES = ("KAZ", "KGZ", "IND", "PAK", "TJK")
DAY = date(2026, 8, 1)
_TIME = datetime(2026, 8, 1, tzinfo=UTC)
_LEVELS = ("U", "C", "S", "TS")
_FACTS = ("route", "date A-B", "operator", "cargo", "meeting", "")
_WORDS = ("flight", "charter", "cargo", "aircraft", "permit", "tehran", "pyongyang", "refusal", "summit")


@dataclass(frozen=True)
class OneLaw:
    """A law whose words differ with everything that it is told, so that a leak would show."""

    secret: str

    def phrases(self, state: str, day: date, told: object, ask: Sequence[str]) -> Sequence[object]:
        from overflight.case.life.compose import Phrase

        return (Phrase("R", f"For {state} on {day}: {sorted(dict(told).items())}"),)  # type: ignore[call-overload]

    def caveat(self, told: object) -> str:
        return f"Caveat after {sorted(dict(told))}"  # type: ignore[call-overload]


def marking(dice: random.Random) -> str:
    level = dice.choice(_LEVELS)
    kind = dice.randrange(7)
    some = sorted(dice.sample(STATES, dice.randint(1, 3)))
    if kind == 0:
        return level
    if kind == 1:
        return f"{level}//NF"
    if kind == 2 and level != "U":
        return f"{level}//DISPLAY ONLY {', '.join(some)}"
    if kind == 3:
        return "U"
    if kind == 4 and level != "U":
        return f"{level}//ORCON"
    if kind == 5 and level != "U":
        return f"{level}//RELIDO"
    return f"{level}//REL TO USA, {', '.join(some)}"


def statement(dice: random.Random, number: int) -> Statement:
    text = " ".join(dice.choice(_WORDS) for _ in range(dice.randint(1, 12))).capitalize() + "."
    facts = {f: f"value {dice.randint(0, 3)}" for f in dice.sample(_FACTS, dice.randint(0, 3)) if f}
    return Statement(f"S{number}", text, marking(dice), f"R{number}", facts, number, _TIME)


def statements(dice: random.Random) -> list[Statement]:
    return [statement(dice, n) for n in range(1, dice.randint(1, 9))]


def readable(one: Statement, state: str) -> bool:
    """Whether the state may read or hear it, asked of the room of markings alone."""
    return release.decide(parse_portion(one.marking, DAY), state, date=DAY).kind != "withhold"


def product(sheet: Sequence[Statement], state: str) -> tuple[Composed, bytes]:
    """Everything of a case that a state can come to see, as bytes."""
    found = compose(sheet, state, day=DAY, counsel=OneLaw("x"), ask=("refuse-overflight",))  # type: ignore[arg-type]
    return found, (paper_text(found) + "\0" + spoken_text(found)).encode()


def changed(dice: random.Random, sheet: Sequence[Statement], state: str) -> list[Statement] | None:
    """The same statements but for one that the state may not read: rewritten, remarked, moved or left out."""
    secret = [n for n, one in enumerate(sheet) if not readable(one, state)]
    if not secret:
        return None
    at = dice.choice(secret)
    out = list(sheet)
    how = dice.randrange(4)
    if how == 0:
        del out[at]
    elif how == 1:
        out[at] = replace(out[at], text=f"Something else, {dice.random()}", facts={"route": "Z"})
    elif how == 2:
        fresh = statement(dice, out[at].seq)
        if readable(fresh, state):
            fresh = replace(fresh, marking="S//NF")
        out[at] = fresh
    else:
        out.insert(dice.randrange(len(out)), out.pop(at))
    return out


# --- a whole course: statements that replace others, what was sent, what is new ------------------------

_CUSTOM = ("meeting", "result", "cargo declared")
_PLANS = (flight("2026-08-20"), flight("2026-08-23"))
_FLIGHT = ("route", "operator", "date AAAA-BBBB")


@dataclass(frozen=True)
class Course:
    """One case as home knows it.

    Statements before `sent` are known when the states are approached, the others when they are updated.
    `fresh` are those that the officer names then.
    """

    stated: tuple[Stated, ...]
    sent: int
    delivered: bool
    rescheduled: bool
    fresh: frozenset[str]

    def case(self, *, later: bool, products: Sequence[tuple[int, Product]] = ()) -> Case:
        """The case when the states are approached, or later."""
        count = 2 if later and self.rescheduled else 1
        stated = self.stated if later else tuple(one for one in self.stated if _number(one) <= self.sent)
        return Case(
            id="C1",
            opened=_noted(Opened("EXERCISE"), 0),
            plans=tuple(_noted(Planned(n, _PLANS[n - 1]), n) for n in range(1, count + 1)),
            stated=tuple(_noted(one, 10 + _number(one)) for one in stated),
            approaches=tuple(
                _noted(Approached(f"{p.state}-1", ("refuse-overflight",), _TIME, 1, p), n)
                for n, p in products
            ),
            deliveries=tuple(
                _noted(Delivered(p.state, "MFA", "oral"), n + 1) for n, p in products if self.delivered
            ),
        )


def _noted(body: object, seq: int) -> Noted:  # type: ignore[type-arg]
    moment = _TIME + timedelta(minutes=seq)
    return Noted(body, seq, "C1", moment, moment, "desk")  # type: ignore[arg-type]


def _number(one: Stated) -> int:
    return int(one.id[1:])


def _stated(dice: random.Random, number: int, plan: int, replaces: Sequence[str]) -> Stated:
    text = " ".join(dice.choice(_WORDS) for _ in range(dice.randint(1, 4))).capitalize() + "."
    now = facts_of(_PLANS[plan])
    facts = dice.sample((*_CUSTOM, *_FLIGHT), dice.randint(0, 3))
    told = {fact: now[fact] if of_flight(fact) else text for fact in facts}
    return Stated(f"S{number}", text, marking(dice), f"R{number}", told, tuple(replaces))


def course(dice: random.Random) -> Course:
    """A course in which about half of the later statements replace earlier ones."""
    first, more = dice.randint(1, 5), dice.randint(0, 5)
    rescheduled = dice.random() < 0.3
    out: list[Stated] = []
    for number in range(1, first + more + 1):
        plan = int(rescheduled and number > first)
        names = [one.id for one in out]
        old = dice.sample(names, min(len(names), dice.choice((0, 0, 1, 1, 2))))
        if old and dice.random() < 0.2:  # the same words under another marking
            words = next(one for one in out if one.id == old[0])
            out.append(replace(words, id=f"S{number}", marking=marking(dice), replaces=tuple(old)))
        else:
            out.append(_stated(dice, number, plan, old))
    fresh = frozenset(one.id for one in out[first:] if dice.random() < 0.5)
    return Course(tuple(out), first, dice.random() < 0.5, rescheduled, fresh)


def seen(one: Course, state: str) -> bytes:
    """Everything that a state comes to see in a course: the approach, the update, what may be said now."""
    law = OneLaw("x")
    ask = ("refuse-overflight",)

    def told(case: Case) -> Composed:
        sheet = chosen(case)
        return compose(sheet, state, day=DAY, counsel=law, ask=ask, barred=barred(case, sheet, state))  # type: ignore[arg-type]

    first = told(one.case(later=False))
    product = Product(state, "AMEMBASSY", "", first.released, first.spoken, first.told)
    sent = [] if first.empty else [(8000, product)]
    case = one.case(later=True, products=sent)
    good = {found.id for found in chosen(case)}
    fresh = chosen(case, sorted(one.fresh & good)) if one.fresh & good else ()
    news = news_for(case, state, day=DAY, fresh=fresh, counsel=law, ask=ask) if sent else None  # type: ignore[arg-type]
    said = [first, told(case)] if news is None else [first, told(case), news.composed]
    return b"\0".join(
        (paper_text(found) + "\0" + spoken_text(found)).encode() for found in said if not found.empty
    )


def readable_text(one: Stated, state: str) -> bool:
    return release.decide(parse_portion(one.marking, DAY), state, date=DAY).kind != "withhold"


def other_course(dice: random.Random, one: Course, state: str) -> Course | None:
    """The same course but for a statement that the state may not read.

    What it replaces stays withdrawn, as far as the state could read it: that is home's own deed. All else may
    change: its words, its marking, its facts, what unreadable ones it replaces, and whether it is there.
    """
    secret = [n for n, body in enumerate(one.stated) if not readable_text(body, state)]
    if not secret:
        return None
    at = dice.choice(secret)
    old = one.stated[at]
    by_id = {body.id: body for body in one.stated}
    withdrawn = tuple(name for name in old.replaces if readable_text(by_id[name], state))
    if not withdrawn and dice.random() < 0.4:
        rest = [
            replace(body, replaces=tuple(name for name in body.replaces if name != old.id))
            for body in one.stated
            if body is not old
        ]
        return replace(one, stated=tuple(rest), fresh=one.fresh - {old.id})
    made = _stated(dice, _number(old), 0, ())
    if readable_text(made, state):
        made = replace(made, marking="S//NF")
    hidden = [body.id for body in one.stated[:at] if not readable_text(body, state)]
    some = dice.sample(hidden, dice.randint(0, len(hidden)))
    if withdrawn and dice.random() < 0.3:  # the very words of what it replaces
        words = by_id[withdrawn[0]]
        made = replace(made, text=words.text, facts=words.facts)
    made = replace(made, replaces=(*withdrawn, *some))
    return replace(one, stated=(*one.stated[:at], made, *one.stated[at + 1 :]))
