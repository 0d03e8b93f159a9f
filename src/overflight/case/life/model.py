"""A case as it stands: what a fold over its events gives. Frozen; nothing here knows of a log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Generic, TypeVar

from overflight.case.life.answers import Reason as StaleReason
from overflight.case.life.answers import Standing, decisions, reasons
from overflight.case.life.events import (
    Answered,
    Approached,
    Approved,
    Body,
    Closed,
    Corrected,
    Delivered,
    Dismissed,
    Ended,
    Filed,
    Inspected,
    Merged,
    Opened,
    Planned,
    Product,
    Proposed,
    Refused,
    Released,
    Reported,
    Split,
    Stated,
    Taken,
    Thanked,
    Updated,
)
from overflight.case.life.facts import facts_of, of_flight
from overflight.case.life.ways import Coverage, Ways
from overflight.world.flight import Flight

__all__ = ["Case", "Holder", "Noted", "Sent", "Statement"]

B = TypeVar("B", bound=Body, covariant=True)


@dataclass(frozen=True, slots=True)
class Noted(Generic[B]):
    """A body with what the log says about it.

    `corrected` is the event that made it read as it does now, 0 where none did; `void` says that it did not
    happen, or belongs to another case.
    """

    body: B
    seq: int
    case: str
    recorded_at: datetime
    true_at: datetime
    by: str
    source: str | None = None
    corrected: int = 0
    void: bool = False

    @property
    def order(self) -> tuple[datetime, int]:
        """When it was true, then when it was recorded: two answers in the wrong order find their places."""
        return self.true_at, self.seq


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement and what it says of each fact it rests on.

    `outdated` names the facts that read otherwise by now; `replaced` the statement that took its place.
    """

    id: str
    text: str
    marking: str
    source: str
    facts: Mapping[str, str]
    seq: int
    true_at: datetime
    replaced: str = ""
    outdated: tuple[str, ...] = ()

    @property
    def current(self) -> bool:
        return not self.replaced and not self.outdated


@dataclass(frozen=True, slots=True)
class Sent:
    """One product and when it was drafted: an approach, an update or thanks."""

    kind: str
    product: Product
    seq: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """A state that has been told something that is no longer so.

    `sent` says that the new version has gone to the post, and waits to be delivered.
    """

    state: str
    post: str
    fact: str
    holds: str
    now: str | None
    sent: bool


@dataclass(frozen=True)
class Case:
    """Everything about one flight."""

    id: str
    opened: Noted[Opened]
    plans: tuple[Noted[Planned], ...] = ()
    stated: tuple[Noted[Stated], ...] = ()
    approaches: tuple[Noted[Approached], ...] = ()
    deliveries: tuple[Noted[Delivered], ...] = ()
    answers: tuple[Noted[Answered], ...] = ()
    updates: tuple[Noted[Updated], ...] = ()
    inspections: tuple[Noted[Inspected], ...] = ()
    reports: tuple[Noted[Reported], ...] = ()
    endings: tuple[Noted[Ended], ...] = ()
    thanks: tuple[Noted[Thanked], ...] = ()
    telegrams: tuple[Noted[Filed], ...] = ()
    merged: tuple[Noted[Merged], ...] = ()
    taken: Noted[Taken] | None = None
    splits: tuple[Noted[Split], ...] = ()
    closing: Noted[Closed] | None = None
    corrections: tuple[Noted[Corrected], ...] = ()
    proposals: tuple[Noted[Proposed], ...] = ()
    approvals: tuple[Noted[Approved], ...] = ()
    refusals: tuple[Noted[Refused], ...] = ()
    releases: tuple[Noted[Released], ...] = ()
    dismissals: tuple[Noted[Dismissed], ...] = ()
    #: Every event in the order of the log, those that no longer count among them.
    history: tuple[Noted[Body], ...] = ()
    #: The ways of the present plan and what answers leave of them, as they were worked out then.
    ways: Ways | None = None
    coverage: Coverage | None = None

    # --- the flight

    @property
    def flight(self) -> Flight:
        """As planned now."""
        return self.plans[-1].body.flight

    @property
    def last(self) -> int:
        """`seq` of the last event, corrections and carried events included."""
        return max(noted.seq for noted in self.history)

    @cached_property
    def now(self) -> Mapping[str, str]:
        """Every fact as it stands now: the plan's, and those of statements that nothing has replaced."""
        flight = facts_of(self.flight) if self.plans else {}
        found = dict(flight)
        by_id = {noted.body.id: noted.body for noted in self.stated}
        for noted in self.stated:
            heir = by_id[self.heir(noted.body.id)]
            for fact in noted.body.facts or {noted.body.id: ""}:
                if not of_flight(fact):
                    found[fact] = heir.text
        return found

    def heir(self, statement: str) -> str:
        """Id of the statement that stands in the place of this one by now; its own where nothing does."""
        seen = {statement}
        while (after := self._replaced.get(statement)) and after not in seen:
            seen.add(after)
            statement = after
        return statement

    @cached_property
    def _replaced(self) -> Mapping[str, str]:
        return {old: noted.body.id for noted in self.stated for old in noted.body.replaces}

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement, in order, with what has become of it."""
        out = []
        for noted in self.stated:
            body = noted.body
            facts = dict(body.facts) or {body.id: body.text}
            replaced = self._replaced.get(body.id, "")
            outdated = tuple(
                fact for fact, value in facts.items() if of_flight(fact) and self.now.get(fact) != value
            )
            out.append(
                Statement(
                    body.id,
                    body.text,
                    body.marking,
                    body.source,
                    facts,
                    noted.seq,
                    noted.true_at,
                    replaced,
                    outdated,
                )
            )
        return tuple(out)

    @property
    def pending(self) -> tuple[Noted[Proposed], ...]:
        """Proposals that were neither refused nor released."""
        done = {n.body.proposal for n in self.refusals} | {n.body.proposal for n in self.releases}
        return tuple(n for n in self.proposals if n.body.id not in done)

    # --- who was told what

    @cached_property
    def sent(self) -> tuple[Sent, ...]:
        """Every product, in order of time."""
        out = [Sent("approach", n.body.product, n.seq, n.true_at) for n in self.approaches]
        out += [Sent("update", p, n.seq, n.true_at) for n in self.updates for p in n.body.products]
        out += [Sent("thanks", p, n.seq, n.true_at) for n in self.thanks for p in n.body.products]
        return tuple(sorted(out, key=lambda s: (s.at, s.seq, s.product.state)))

    def told(self, state: str, at: datetime | None = None, *, coming: bool = False) -> dict[str, str]:
        """What a state had been told of each fact by a time.

        What went to the post counts once the post has delivered it; where no delivery at all was reported,
        from the day it was sent. With `coming`, whatever has gone to the post counts.
        """
        deliveries = [n.true_at for n in self.deliveries if n.body.state == state and not coming]
        found: dict[str, str] = {}
        for sent in self.sent:
            if sent.product.state != state or (at is not None and sent.at > at):
                continue
            if deliveries and not any(
                sent.at <= moment and (at is None or moment <= at) for moment in deliveries
            ):
                continue
            _learn(found, sent.product.told)
        return found

    @cached_property
    def holders(self) -> tuple[Holder, ...]:
        """Who still holds something that is no longer so."""
        out = []
        for state in self.approached:
            told, on_way = self.told(state), self.told(state, coming=True)
            post = next(s.product.post for s in reversed(self.sent) if s.product.state == state)
            for fact, value in {**on_way, **told}.items():
                now = self.now.get(fact)
                if value != now:
                    out.append(Holder(state, post, fact, value, now, on_way.get(fact) == now))
        return tuple(out)

    # --- where states stand

    @cached_property
    def approached(self) -> tuple[str, ...]:
        """States approached, in order."""
        return tuple(dict.fromkeys(n.body.product.state for n in self.approaches))

    def deadline(self, state: str) -> datetime | None:
        """When the answer of a state is due: the day set last."""
        found: list[tuple[datetime, int, datetime]] = [
            (*n.order, n.body.due) for n in self.approaches if n.body.product.state == state
        ]
        found += [
            (*n.order, n.body.due)
            for n in self.updates
            if n.body.due and any(p.state == state for p in n.body.products)
        ]
        return max(found)[2] if found else None

    def waiting(self, state: str) -> bool:
        """Whether the state was asked and has not answered since."""
        asked = [n.order for n in self.approaches if n.body.product.state == state]
        answer = self.current(state)
        return bool(asked) and (answer is None or answer.order < max(asked))

    def answers_of(self, state: str) -> tuple[Noted[Answered], ...]:
        """All answers of a state in the order in which they were given."""
        return tuple(sorted((n for n in self.answers if n.body.state == state), key=lambda n: n.order))

    def current(self, state: str) -> Noted[Answered] | None:
        """The answer that counts: the one given last."""
        found = self.answers_of(state)
        return found[-1] if found else None

    def stale(self, answer: Noted[Answered]) -> tuple[StaleReason, ...]:
        """Why an answer no longer holds; empty while it does."""
        return reasons(answer.body, self.flight, self.now)

    def standing(self, state: str) -> Standing:
        """How a state stands now. A stale answer settles nothing: it was given on other facts."""
        book = decisions()
        sky = landing = ""
        words = "was asked" if state in self.approached else "was never asked"
        for noted in self.answers_of(state):
            row = book[noted.body.decision]
            if row.code == "REVERSED":
                # Taking back a permission is a refusal; taking back a refusal opens the sky.
                shut = sky == "closed"
                sky, landing = ("open", "allowed") if shut else ("closed", "refused")
                words = "took back its refusal" if shut else "withdrew its permission"
            else:
                sky, landing, words = row.sky, row.landing or landing, row.words
        last = self.current(state)
        if last is not None and self.stale(last):
            return Standing(state, "", "", f"{words}, on facts that have changed")
        return Standing(state, sky, landing, words)

    @cached_property
    def standings(self) -> Mapping[str, Standing]:
        """How every state stands that was asked or has spoken."""
        states = dict.fromkeys((*self.approached, *(n.body.state for n in self.answers)))
        return {state: self.standing(state) for state in states}

    # --- the course of the case

    @property
    def step(self) -> str:
        """The step of the case: TIP, ROUTE, TASKED, DELIVERED, HOST_DECISION, REPORTED, UPDATE …"""
        if self.taken:
            return "MERGED"
        if self.closing:
            return "CLOSED"
        if self.endings:
            return "OUTCOME"
        step = "TIP"
        for noted in self.history:
            if noted.void:
                continue
            body = noted.body
            if isinstance(body, Planned) and noted.case == self.id:
                step = "ROUTE" if body.number == 1 else "RESCHEDULED"
            elif isinstance(body, Answered):
                step = "REPORTED" if body.number or noted.source else "HOST_DECISION"
            else:
                step = _STEPS.get(type(body), step)
        return step

    @property
    def over(self) -> bool:
        """Nobody needs to answer any more."""
        return bool(self.endings or self.closing or self.taken)


_STEPS: Mapping[type, str] = {Approached: "TASKED", Delivered: "DELIVERED", Updated: "UPDATE"}


def _learn(known: dict[str, str], told: Mapping[str, str]) -> None:
    """Add what is told. Who hears a new route hears that the legs that are not on it are not flown."""
    if route := told.get("route"):
        stops = route.split("-")
        legs = {f"date {a}-{b}" for a, b in pairwise(stops)}
        for fact in [one for one in known if one.startswith("date ") and one.split("#")[0] not in legs]:
            del known[fact]
    known.update(told)
