"""What can happen to a text on its way out: proposed, approved or refused, released; an answer put aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

__all__ = [
    "Approved",
    "Dismissed",
    "Proposed",
    "Refused",
    "Released",
    "Wording",
]


@dataclass(frozen=True, slots=True)
class Wording:
    """What is to go out about one state, word for word.

    Attributes
    ----------
    state, post : str
        The state, and the address of the post that speaks to it.
    title : str
        The heading under which the state finds it: a function of what the paper says.
    ask : tuple of str
        What it is asked, as it reads it.
    paper, spoken, telegram : str
        The non-paper; what may be said and not left; the draft, for home and the post.
    digests : mapping of str to str
        SHA-256 of each of the three texts.
    """

    state: str
    post: str
    title: str
    ask: tuple[str, ...]
    paper: str
    spoken: str
    telegram: str
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Proposed:
    """An approach, an update or thanks that waits for others to approve its exact texts.

    Attributes
    ----------
    kind : str
        "approach", "update" or "thanks".
    account : str
        Who proposes; its own approval never counts.
    digest : str
        SHA-256 over everything that is approved.
    states, ask, due, statements, why, chance, posts, info, number, slug
        What it was composed with, to compose it again.
    """

    id: str
    kind: str
    account: str
    words: tuple[Wording, ...]
    digest: str
    states: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    due: datetime | None = None
    statements: tuple[str, ...] = ()
    why: str = ""
    chance: float | None = None
    posts: Mapping[str, str] = field(default_factory=dict)
    info: tuple[str, ...] = ()
    number: str = ""
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Approved:
    """An account has read the texts of a proposal, and agrees that they go out as they are."""

    proposal: str
    digest: str
    account: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A proposal does not go out: refused by an approver, or taken back by whoever made it."""

    proposal: str
    account: str
    why: str


@dataclass(frozen=True, slots=True)
class Released:
    """The texts of a proposal went out to one state, as they were approved.

    Attributes
    ----------
    approach : str
        The approach that it made; empty for an update and for thanks.
    digest : str
        That of the proposal.
    reference : str
        Under which the state finds the non-paper on its shelf; empty when nothing may be left.
    by : tuple of str
        Accounts that had approved.
    """

    proposal: str
    state: str
    kind: str
    digest: str
    reference: str
    account: str
    by: tuple[str, ...] = ()
    approach: str = ""
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Dismissed:
    """An answer that a guest gave at the desk was put aside: it is kept, and counts for nothing."""

    state: str
    reference: str
    number: int
    account: str
    why: str
