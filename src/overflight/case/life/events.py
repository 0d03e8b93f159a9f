"""What can happen to a case: one frozen body for each kind of event, and the way to JSON and back.

The log keeps JSON; the rest of the house sees these values. A body that does not fit is an `InputError`
when it is to be recorded, and a `DataError` when it comes out of a log that somebody else has written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias

from overflight.case.life.ways import Coverage, Ways
from overflight.errors import DataError
from overflight.world.flight import Flight

__all__ = [
    "KINDS",
    "Answered",
    "Approached",
    "Approved",
    "Body",
    "Clock",
    "Closed",
    "Corrected",
    "Delivered",
    "Derived",
    "Dismissed",
    "Ended",
    "Filed",
    "Inspected",
    "Merged",
    "Opened",
    "Planned",
    "Product",
    "Proposed",
    "Refused",
    "Released",
    "Reported",
    "Split",
    "Stated",
    "Taken",
    "Thanked",
    "Updated",
    "Wording",
    "decode",
    "derived",
    "encode",
    "kind_of",
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


Body: TypeAlias = (
    Opened
    | Planned
    | Stated
    | Approached
    | Delivered
    | Answered
    | Updated
    | Inspected
    | Reported
    | Ended
    | Thanked
    | Filed
    | Corrected
    | Merged
    | Taken
    | Split
    | Closed
    | Proposed
    | Approved
    | Refused
    | Released
    | Dismissed
)

#: The word of every kind of event.
KINDS: Mapping[str, type[Body]] = {
    "opened": Opened,
    "planned": Planned,
    "stated": Stated,
    "approached": Approached,
    "delivered": Delivered,
    "answered": Answered,
    "updated": Updated,
    "inspected": Inspected,
    "reported": Reported,
    "ended": Ended,
    "thanked": Thanked,
    "filed": Filed,
    "corrected": Corrected,
    "merged": Merged,
    "taken": Taken,
    "split": Split,
    "closed": Closed,
    "proposed": Proposed,
    "approved": Approved,
    "refused": Refused,
    "released": Released,
    "dismissed": Dismissed,
}
_WORDS = {body: word for word, body in KINDS.items()}
_DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Derived:
    """What was worked out when the event was recorded, so that nobody has to work it out again."""

    ways: Ways | None = None
    coverage: Coverage | None = None


_adapters: dict[str, Any] = {}


def _adapter(shape: Any) -> Any:
    """The reader and writer of one shape; made when it is first needed, since making one takes a while."""
    found = _adapters.get(shape.__name__)
    if found is None:
        from pydantic import ConfigDict, TypeAdapter

        shape.__pydantic_config__ = ConfigDict(extra="forbid")
        found = _adapters[shape.__name__] = TypeAdapter(shape)
    return found


def kind_of(body: Body) -> str:
    """The word for the kind of event that a body makes."""
    return _WORDS[type(body)]


def encode(body: Body, worked_out: Derived | None = None, ways: Ways | None = None) -> dict[str, Any]:
    """A body as JSON, with what was worked out beside it.

    Fields that say nothing are left out, and an open way is the number of the way in `ways`: a log of many
    years is read more often than it is written.
    """
    data: dict[str, Any] = _adapter(type(body)).dump_python(body, mode="json", exclude_defaults=True)
    if worked_out is not None and worked_out != Derived():
        found = _adapter(Derived).dump_python(worked_out, mode="json", exclude_defaults=True)
        if worked_out.coverage is not None and ways is not None:
            for leg, cover, row in zip(
                ways.legs, worked_out.coverage.legs, found["coverage"]["legs"], strict=True
            ):
                row["open"] = [leg.ways.index(way) for way in cover.open]
        data[_DERIVED] = found
    return data


def decode(kind: str, data: Mapping[str, Any], *, where: str = "log") -> Body:
    """A body out of JSON.

    Raises
    ------
    DataError
        The kind is not known or the body does not fit it.
    """
    shape = KINDS.get(kind)
    if shape is None:
        raise DataError(f"no such kind of event: {kind!r}", where=where)
    from pydantic import ValidationError

    try:
        body: Body = _adapter(shape).validate_python({k: v for k, v in data.items() if k != _DERIVED})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        field_ = ", ".join(str(part) for part in first["loc"])
        raise DataError(f"{kind}: {field_}: {first['msg']}", where=where) from None
    return body


def derived(data: Mapping[str, Any], *, where: str = "log") -> Derived:
    """What was worked out when events were recorded; coverage needs the ways that it speaks of beside it.

    Raises
    ------
    DataError
        It does not fit together.
    """
    found = data.get(_DERIVED)
    if not found:
        return Derived()
    from pydantic import ValidationError

    try:
        ways = _adapter(Ways).validate_python(found["ways"])
        rows = found["coverage"]["legs"]
        bare = {**found["coverage"], "legs": [{**row, "open": ()} for row in rows]}
        coverage: Coverage = _adapter(Coverage).validate_python(bare)
        legs = tuple(
            replace(cover, open=tuple(leg.ways[number] for number in row["open"]))
            for leg, cover, row in zip(ways.legs, coverage.legs, rows, strict=True)
        )
    except ValidationError as error:
        raise DataError(f"derived: {error.errors(include_url=False)[0]['msg']}", where=where) from None
    except (KeyError, IndexError, TypeError, ValueError) as error:
        raise DataError(f"derived: {error}", where=where) from None
    return Derived(ways, replace(coverage, legs=legs))
