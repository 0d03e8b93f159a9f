"""What can happen to a case: one frozen body for each kind of event. The log keeps them as JSON.

Those of a release that several people must agree to stand in `overflight.case.life.release_bodies`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from overflight.world.flight import Flight

__all__ = [
    "Answered",
    "Approached",
    "Clock",
    "Closed",
    "Corrected",
    "Delivered",
    "Ended",
    "Filed",
    "Inspected",
    "Merged",
    "Opened",
    "Planned",
    "Product",
    "Reported",
    "Split",
    "Stated",
    "Taken",
    "Thanked",
    "Updated",
]


@dataclass(frozen=True, slots=True)
class Opened:
    """The tip. `taken` are events of `split_from` that belong to this flight."""

    title: str
    tip: str = ""
    split_from: str | None = None
    taken: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Planned:
    """One dated version of the flight; rescheduling adds one."""

    number: int
    flight: Flight
    why: str = ""
    #: Fields that a person confirmed out of a telegram's text.
    confirmed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stated:
    """One sentence that may be told to somebody: its marking, where it comes from, the facts it rests on.

    `facts` has the value of each fact as the sentence says it; without any the sentence is a fact of its own.
    """

    id: str
    text: str
    marking: str
    source: str
    facts: Mapping[str, str] = field(default_factory=dict)
    replaces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Product:
    """One telegram to a post, with what it lets the post tell the state.

    Attributes
    ----------
    state, post : str
        The state it is about, and the address of the post.
    telegram : str
        The whole text of the draft: for home and the post.
    released, oral : tuple of str
        Ids of statements that may be left there, and of those that may only be spoken.
    told : mapping of fact to value
        What of the flight the state learns from them.
    number : str
        Reference number, empty while it has none.
    info : tuple of str
        Addresses for information.
    paper, spoken : str
        The non-paper, and what may be said and not left; empty in logs that are older than the field.
    """

    state: str
    post: str
    telegram: str
    released: tuple[str, ...] = ()
    oral: tuple[str, ...] = ()
    told: Mapping[str, str] = field(default_factory=dict)
    number: str = ""
    info: tuple[str, ...] = ()
    paper: str = ""
    spoken: str = ""


@dataclass(frozen=True, slots=True)
class Approached:
    """One request to one state. `chance` is a person's estimate that it refuses."""

    id: str
    ask: tuple[str, ...]
    due: datetime
    plan: int
    product: Product
    chance: float | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The post has spoken, and perhaps left a paper."""

    state: str
    office: str
    form: str  # "oral", "paper" or "both"
    reaction: str = ""
    questions: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What a state replied.

    Attributes
    ----------
    decision : str
        A code of `overflight.case.life.answers.DECISIONS`; "REVERSED" takes back the answer before.
    relied : mapping of fact to value
        What it had been told of the flight when it answered; the answer is good for these facts only.
    standing : bool
        A policy whatever the day: a changed date does not touch it.
    tell : tuple of str
        States that may be told this answer; nobody unless said.
    prompted : bool
        False when nobody had asked.
    """

    id: str
    state: str
    decision: str
    relied: Mapping[str, str]
    plan: int
    conditions: str = ""
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    tails: tuple[str, ...] = ()
    basis: str = ""
    standing: bool = False
    tell: tuple[str, ...] = ()
    prompted: bool = True
    number: str = ""


@dataclass(frozen=True, slots=True)
class Updated:
    """New facts went to everybody who held the old ones; `kept` says of whom that is not so, and why."""

    facts: tuple[str, ...]
    why: str
    products: tuple[Product, ...]
    kept: Mapping[str, str] = field(default_factory=dict)
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """A duty to report that an inspection set going."""

    key: str
    due: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Inspected:
    """Somebody looked inside."""

    state: str
    place: str
    result: str  # "clean", "seized" or "open"
    text: str = ""
    clocks: tuple[Clock, ...] = ()


@dataclass(frozen=True, slots=True)
class Reported:
    """A duty to report was fulfilled."""

    key: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """What happened, and how it is known. `observed` are the states a track entered."""

    code: str
    evidence: str
    text: str = ""
    track: str = ""
    observed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thanked:
    """Thanks to the states that helped; `kept` names those that could not be thanked, and why."""

    products: tuple[Product, ...]
    kept: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Filed:
    """A telegram that came in, and why it belongs here."""

    digest: str
    telegram: str
    number: str = ""
    origin: str = ""
    subject: str = ""
    states: tuple[str, ...] = ()
    why: str = ""
    proposes: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """An event was recorded in error. With a body it reads otherwise, without one it did not happen."""

    event: int
    why: str
    body: Mapping[str, Any] | None = None
    true_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """Another case proves to be this flight; its events up to `until` count here from now on."""

    other: str
    until: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """This case proves to be another's flight: look there."""

    into: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """The named events prove to be about another flight, which has its own case now."""

    other: str
    taken: tuple[int, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Closed:
    """Nothing is left to do."""

    why: str = ""
