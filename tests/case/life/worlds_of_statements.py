"""Generated cases for the property that no product depends on what its reader may not read."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from overflight.case.life.compose import Composed, compose, paper_text, spoken_text
from overflight.case.life.model import Statement
from overflight.marking import parse_portion, release

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
