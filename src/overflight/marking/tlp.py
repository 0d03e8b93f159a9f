"""The Traffic Light Protocol 2.0: a sharing scale, for desks outside the United States and open sources."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from overflight.errors import MarkingError
from overflight.marking.codes import read_toml
from overflight.marking.model import Checked, Fault, Forced, Marking, Rolled, Settings, Switches, Terms

__all__ = ["SCHEME", "TrafficLight"]

_LONGEST = 64


@dataclass(frozen=True, slots=True)
class _Level:
    rank: int
    states: str
    reach: str


@cache
def _levels() -> dict[str, _Level]:
    rows = read_toml("tlp.toml")["level"]
    return {row["name"]: _Level(row["rank"], row["states"], row["reach"]) for row in rows}


@cache
def _former() -> dict[str, str]:
    return {row["name"]: row["now"] for row in read_toml("tlp.toml")["former"]}


def _read(text: str) -> tuple[str, list[Fault], bool, str]:
    """Level, faults, whether it was inferred, and what was understood."""
    if len(text) > _LONGEST:
        return "", [Fault(1, "length", f"longer than {_LONGEST} characters: this is no marking")], False, ""
    faults: list[Fault] = []
    body, column = text.strip(), len(text) - len(text.lstrip()) + 1
    if body[:1] in ("(", "[") and body[-1:] in (")", "]") and len(body) > 1:
        body, column = body[1:-1], column + 1
    capitals = "".join(chr(ord(c) - 32) if "a" <= c <= "z" else c for c in body)
    if capitals != body:
        first = next(n for n, c in enumerate(body) if "a" <= c <= "z")
        faults.append(Fault(column + first, "case", "TLP labels are in capitals"))
    inferred = False
    rest, at = capitals, column
    if capitals.startswith("TLP"):
        rest = capitals[3:]
        at += 3
        if not rest.startswith(":"):
            faults.append(Fault(at, "colon", "a colon stands between TLP and the level"))
            inferred = True
        rest, at = rest.removeprefix(":"), at + rest.startswith(":")
    else:
        faults.append(Fault(column, "prefix", "the label begins with TLP:"))
        inferred = True
    if " " in rest:
        faults.append(Fault(at + rest.index(" "), "blank", "there is no blank in a TLP label"))
    name = rest.replace(" ", "")
    if name in _former():
        now = _former()[name]
        faults.append(Fault(at, "version", f"{name} is of version 1.0: TLP 2.0 has {now}"))
        return now, faults, True, f"TLP:{name} as TLP:{now}"
    if name not in _levels():
        faults.append(Fault(at, "level", f"the levels are {', '.join(_levels())}"))
        return "", faults, False, ""
    return name, faults, inferred, f"'{body}' as TLP:{name}" if inferred else ""


class TrafficLight:
    """TLP:CLEAR, GREEN, AMBER, AMBER+STRICT, RED."""

    @property
    def name(self) -> str:
        """The short name."""
        return "tlp"

    @property
    def title(self) -> str:
        """The name for people."""
        return str(read_toml("tlp.toml")["scheme"]["title"])

    def parse(self, text: str, date: dt.date | None = None) -> Marking:
        """Read a label, in a portion or at the head of a page."""
        level, faults, inferred, said = _read(text)
        lost = "" if level or not faults else text.strip()[:40] or "no label"
        return Marking(
            text=text.strip().strip("()[]").strip()[:_LONGEST],
            scheme="tlp",
            level=level,
            inferred=inferred,
            understood=(said,) if said else (),
            unparsed=lost,
        )

    def portion(self, marking: Marking) -> str:
        """The label."""
        return f"TLP:{marking.level}"

    def banner(self, marking: Marking) -> str:
        """The label: one form serves both."""
        return f"TLP:{marking.level}"

    def check(self, text: str, date: dt.date | None = None) -> Checked:
        """Every fault with its column, and the corrected label."""
        level, faults, _, _ = _read(text)
        body = text.strip()
        if not faults:
            return Checked(True, (), body, self.parse(text))
        bracketed = body[:1] == "(" and body[-1:] == ")"
        corrected = (f"(TLP:{level})" if bracketed else f"TLP:{level}") if level else None
        return Checked(False, tuple(faults), corrected, self.parse(text))

    def rollup(self, marks: Sequence[Marking], on_date: dt.date | None, switches: Switches) -> Rolled:
        """The strictest label of all portions."""
        if not marks:
            raise MarkingError("there is nothing to roll up", mend="give at least one label")
        for number, mark in enumerate(marks, 1):
            if mark.unparsed or mark.level not in _levels():
                raise MarkingError(
                    "the marking cannot be understood",
                    where=f"mark {number}",
                    mend="see overflight mark check",
                )
        top = max((mark.level for mark in marks), key=lambda name: _levels()[name].rank)
        who = tuple(n for n, mark in enumerate(marks) if mark.level == top)
        result = Marking(scheme="tlp", level=top)
        return Rolled(f"TLP:{top}", result, (Forced(f"TLP:{top}", who, "strictest label"),), ())

    def over(self, marks: Sequence[Marking], on_date: dt.date | None, switches: Switches) -> Marking:
        """The marking of the banner over portions."""
        return self.rollup(marks, on_date, switches).marking

    def holds(self, caption: str) -> bool:
        """A sharing scale knows no captions of messages; one that is there is not understood, and holds."""
        return bool(caption.strip())

    def terms(self, marking: Marking, date: dt.date | None, settings: Settings) -> Terms:
        """What a label means for states: nobody reads, unless the label or the desk's settings say so."""
        level = _levels().get(marking.level)
        if level is None or marking.unparsed:
            return Terms(unreadable="the label is not understood")
        if level.states == "anyone":
            return Terms(free=True)
        circle = {"community": settings.community, "clients": settings.clients}.get(level.states)
        if circle is None:
            return Terms(closed=f"TLP:{marking.level}: {level.reach}")
        return Terms(listed=True, release=circle)

    def reduced(self, marking: Marking, to_state: str, oral: bool) -> Marking:
        """The label goes along unchanged."""
        return replace(marking, text="", understood=(), inferred=False)


SCHEME = TrafficLight()
