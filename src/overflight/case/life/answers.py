"""Answers of states: the codes, what each does to the sky, and when an answer no longer holds."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

from overflight.case.life.events import Answered
from overflight.case.life.facts import leg_names
from overflight.case.wording import clock, day
from overflight.errors import DataError, InputError
from overflight.world.flight import Flight, Window

__all__ = ["Decision", "Reason", "Standing", "chance_of", "decision", "decisions", "reasons"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One code.

    Attributes
    ----------
    code, words : str
        The code, and how it reads after the name of a state.
    sky : str
        "closed", "landing" (open for a flight that lands to be looked into), "open", or "" where it settles
        nothing.
    landing : str
        "refused", "allowed" or "".
    chance : float
        How likely a state that said so is to refuse yet; an assumption, not a measurement.
    """

    code: str
    words: str
    sky: str
    landing: str
    chance: float


@dataclass(frozen=True, slots=True)
class Standing:
    """How a state stands now, all its answers taken together."""

    state: str
    sky: str
    landing: str
    words: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an answer no longer holds: the fact, what the state had been told, what is so now."""

    fact: str
    told: str
    now: str | None

    @property
    def words(self) -> str:
        if self.fact == "validity":
            return f"valid {self.told}; the flight is on {self.now}"
        name = f"departure {self.fact[5:]}" if self.fact.startswith("date ") else self.fact
        if self.now is None:
            return f"{name} was {self.told}, " + (
                "no longer flown" if self.fact.startswith("date ") else "no longer so"
            )
        return f"{name} was {self.told}, now {self.now}"


@cache
def decisions() -> Mapping[str, Decision]:
    """Every code, from ``data/decisions.csv``."""
    found: dict[str, Decision] = {}
    text = (files("overflight.case") / "data" / "decisions.csv").read_text(encoding="utf-8")
    for number, row in enumerate(csv.DictReader(text.splitlines()), 2):
        try:
            found[row["code"]] = Decision(
                row["code"], row["words"], row["sky"], row["landing"], float(row["chance"])
            )
        except (KeyError, ValueError) as error:
            raise DataError(f"bad row ({error})", where=f"decisions.csv:{number}") from None
    return found


def decision(text: str) -> Decision:
    """The code a person means: any case, spaces or hyphens for the underscores.

    Raises
    ------
    InputError
        No such code; the message names them all.
    """
    code = "_".join(text.upper().replace("-", " ").replace("_", " ").split())
    found = decisions().get(code)
    if found is None:
        raise InputError(
            f"{text!r} is no decision", where="decision", mend=f"one of {', '.join(decisions())}"
        )
    return found


def chance_of(code: str, overdue: bool) -> float:
    """How likely a state is to refuse whose last word this is; "" where it has said nothing."""
    return decisions()["NO_ANSWER" if not code and overdue else code or "NOT_DUE"].chance


def reasons(answer: Answered, flight: Flight, now: Mapping[str, str]) -> tuple[Reason, ...]:
    """Why an answer no longer holds; empty while it does.

    Parameters
    ----------
    answer : Answered
    flight : Flight
        As planned now.
    now : mapping of fact to value
        Every fact as it stands now, the desk's own statements included.

    Notes
    -----
    An answer is good for the facts that the state had been told, and no others. What the answer itself
    covers is not touched by a change inside it: a departure that moves within its dates, a tail that it
    names. A standing answer covers every date.
    """
    out: list[Reason] = []
    windows = {f"date {name}": leg.departs for name, leg in zip(leg_names(flight), flight.legs, strict=True)}
    for fact, told in answer.relied.items():
        current = now.get(fact)
        if current == told:
            continue
        if fact.startswith("date ") and (answer.standing or _covers(answer, windows.get(fact))):
            continue
        if fact == "tail" and answer.tails and current in answer.tails:
            continue
        out.append(Reason(fact, told, current))
    if not out and not answer.standing and (answer.valid_from or answer.valid_until):
        late = [w for key, w in windows.items() if _concerns(answer, key) and not _covers(answer, w)]
        if late:
            out.append(Reason("validity", _span(answer), day(late[0].earliest)))
    return tuple(out)


def _concerns(answer: Answered, date_fact: str) -> bool:
    dated = [fact for fact in answer.relied if fact.startswith("date ")]
    return date_fact in dated or not dated


def _covers(answer: Answered, window: Window | None) -> bool:
    """Whether the answer says in so many words that it is good for a departure in this window."""
    if window is None or (answer.valid_from is None and answer.valid_until is None):
        return False
    latest = window.latest - timedelta(microseconds=1) if window.is_day else window.latest
    return (answer.valid_from is None or answer.valid_from <= window.earliest) and (
        answer.valid_until is None or latest <= answer.valid_until
    )


def _span(answer: Answered) -> str:
    def one(moment: datetime) -> str:
        return f"{clock(moment)}Z"

    if answer.valid_from and answer.valid_until:
        return f"{one(answer.valid_from)} to {one(answer.valid_until)}"
    return f"from {one(answer.valid_from)}" if answer.valid_from else f"until {one(answer.valid_until)}"  # type: ignore[arg-type]
