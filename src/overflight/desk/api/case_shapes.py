"""The shapes in which the JSON API answers about cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "AnswerOut",
    "ApproachOut",
    "CaseOut",
    "CaseRowOut",
    "DueOut",
    "EventOut",
    "LegLeftOut",
    "OpenOut",
    "OptionOut",
    "PlanOut",
    "RecordedOut",
    "StateOut",
    "StatementOut",
    "StatesOut",
    "TodayOut",
    "WaitingOut",
    "WayOut",
    "WhatIfOut",
]


class Loose(BaseModel):
    """Fields may be added; none is taken away."""

    model_config = ConfigDict(extra="allow")


class CaseRowOut(BaseModel):
    """One case in the list."""

    id: str
    title: str
    step: str = Field(description="TIP, ROUTE, TASKED, DELIVERED, REPORTED … CLOSED, MERGED")
    flight: list[str]
    tails: list[str]
    places: list[str] = Field(description="Aerodromes of every plan, ICAO.")
    asked: list[str] = Field(description="States approached, alpha-3.")
    first: datetime | None = Field(description="Earliest departure of any plan.")
    last: datetime | None = Field(description="Latest departure of any plan.")
    events: int
    seq: int = Field(description="The last event; newer cases have a greater one.")
    into: str | None = Field(description="The case that it was merged into.")
    next: str | None = Field(description="What is due first.")
    next_at: datetime | None


class PlanOut(Loose):
    """One plan with its facts."""

    number: int
    recorded: str
    true_at: str
    why: str
    source: str | None
    facts: dict[str, str]


class ApproachOut(Loose):
    """One request to one state."""

    id: str
    state: str
    post: str
    number: str | None
    asked: str
    ask: list[str]
    due: str
    due_local: str | None
    delivered: str | None
    answer: str | None
    stale: list[str] | None = Field(description="Why the answer no longer holds; null without an answer.")


class AnswerOut(Loose):
    """What a state replied."""

    id: str
    state: str
    decision: str
    at: str
    conditions: str | None
    standing: bool
    current: bool
    stale: list[str]


class StatementOut(Loose):
    """One statement with its marking."""

    id: str
    text: str
    marking: str
    source: str
    facts: dict[str, str]
    replaced_by: str | None
    outdated: list[str]


class EventOut(Loose):
    """One event of the log."""

    seq: int
    case: str
    recorded: str
    true_at: str
    by: str
    source: str | None
    kind: str
    words: str
    void: bool = Field(description="It does not count any more.")
    corrected_by: int | None


class CaseOut(Loose):
    """A whole case, in the shape of ``overflight case show --json``."""

    id: str
    title: str
    headline: str = Field(description="The sentence that matters.")
    step: str
    as_of: str
    last: int = Field(description="The last event; send it back as If-Match when you change something.")
    flight: dict[str, str]
    plans: list[PlanOut]
    approaches: list[ApproachOut]
    answers: list[AnswerOut]
    statements: list[StatementOut]
    holders: list[dict[str, Any]] = Field(description="Who still holds an earlier version.")
    open: list[list[str]] = Field(description="States of every open way, leg by leg.")
    next: list[dict[str, Any]] = Field(description="Whom to ask, best first.")
    closed: bool | None
    never_asked: list[str]
    legs: list[dict[str, Any]]
    telegrams: list[dict[str, Any]]
    inspections: list[dict[str, Any]]
    outcome: dict[str, Any] | None
    thanks: list[dict[str, Any]]
    merged_into: str | None
    history: list[EventOut]


class OptionOut(BaseModel):
    """What the law lets the state do, and on what paragraph."""

    words: str
    duty: str = Field(description="must or may, with what asks for it.")
    measures: list[str]
    until: str | None


class StateOut(BaseModel):
    """One state's part in a case."""

    state: str
    name: str
    standing: str = Field(
        description="never, asked, unsettled, stale, allowed, landing, refused or ends (departure, arrival)"
    )
    words: str
    on_line: bool
    likelihood: float | None = Field(
        description="Share of plausible routes that enter it; null: not known yet."
    )
    entry: list[datetime] | None = Field(description="Earliest and latest entry.")
    entry_by: Literal["line", "way"] | None
    ways: int = Field(description="Open ways that need it.")
    option: OptionOut | None
    asked: datetime | None
    due: datetime | None
    due_local: str | None
    overdue: bool
    delivered: datetime | None
    answered: datetime | None
    decision: str | None
    stale: list[str]


class StatesOut(BaseModel):
    """The table of states; `complete` is false while likelihoods and options are being worked out."""

    id: str
    complete: bool
    stage: str | None = Field(description="What is being worked out.")
    items: list[StateOut]


class WayOut(BaseModel):
    """One way."""

    states: list[str]
    km: float


class LegLeftOut(BaseModel):
    """What is left of one leg."""

    leg: str
    closed: bool
    why: str | None
    open: list[WayOut]
    lost: list[WayOut]
    coalitions: list[list[str]] = Field(description="Smallest sets whose further refusal closes it.")


class WhatIfOut(BaseModel):
    """What stays open when some states refuse."""

    refuse: list[str]
    refused_already: list[str]
    headline: str
    before: str
    closed: bool
    closed_before: bool
    legs: list[LegLeftOut]
    never_asked: list[str]
    next: list[str]
    complete: bool
    searching: bool = Field(description="The list of ways was cut short and is searched anew; ask again.")


class DueOut(BaseModel):
    """One thing that is due."""

    case: str
    text: str
    kind: str
    at: datetime
    when: str = Field(description="overdue, today or next")
    left: str
    local: str | None
    act: str
    href: str


class OpenOut(BaseModel):
    """An open case with the sentence that matters."""

    case: str
    title: str
    step: str
    headline: str


class WaitingOut(BaseModel):
    """Something that waits for the desk."""

    case: str
    text: str
    at: datetime | None
    act: str
    href: str


class TodayOut(BaseModel):
    """The day at a glance: the first lines of everything, and how many there are."""

    now: datetime
    overdue: list[DueOut]
    today: list[DueOut]
    next: list[DueOut]
    counts: dict[str, int]
    open: list[OpenOut]
    answers: list[WaitingOut]
    approvals: list[WaitingOut]
    matched: list[WaitingOut]


class RecordedOut(BaseModel):
    """The case after something was recorded."""

    id: str
    last: int
    headline: str
    step: str
    notes: list[str]
