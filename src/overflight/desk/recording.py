"""What a person or a program may record in a case: one model for each act, the same for forms and for JSON.

Each act calls what the commands call. It rests on the last event that its author has seen: where the case has
moved on since, nothing is recorded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from overflight.case.life.answers import decisions
from overflight.case.life.desk import CaseDesk
from overflight.case.life.replies import OUTCOMES
from overflight.desk.acts import Act, Code, Done, Given, Source, Text, Time, Words
from overflight.errors import InputError
from overflight.world.flight import Flight, Window
from overflight.world.flight_file import parse_flight
from overflight.world.states import state
from overflight.world.times import sound_time

__all__ = ["ACTS"]


class Planning(Act):
    """A new plan: as FLIGHT.toml, or the departures that have moved."""

    NAME, WORDS = "plan", "New plan"

    toml: Annotated[str, StringConstraints(max_length=200_000)] = Field(
        "", description="The flight as FLIGHT.toml."
    )
    departures: dict[Given, Given] = Field(
        default_factory=dict,
        max_length=50,
        description="New departure by number of the leg: 2008-08-08, 2008-08-08T03:00Z or FROM..UNTIL.",
    )
    why: Text = Field("", description="Why the plan has changed.")
    source: Source = ""

    def do(self, desk: CaseDesk, case_id: str) -> Done:
        from overflight.case.life.planning import plan

        if bool(self.toml.strip()) == bool(self.departures):
            raise InputError(
                "gives two plans" if self.departures else "gives no plan",
                where="plan",
                mend="give the flight as FLIGHT.toml, or the new departures",
            )
        present = desk.load(case_id).flight
        flight = (
            replace(parse_flight(self.toml, name="FLIGHT.toml"), approaches=present.approaches)
            if self.toml.strip()
            else _moved(present, self.departures)
        )
        case, new = plan(desk, case_id, flight, why=self.why, at=self.at, source=self.source or None)
        notes = [change.words for change in new.difference.changes]
        notes += [f"permit lapses: {n.body.state}" for n in new.lapsed]
        notes += [f"stale: {n.body.state}: {why}" for n, why in new.stale]
        if states := dict.fromkeys(one for one, _ in new.holders):
            notes.append(f"an earlier version is with {', '.join(states)}")
        return Done(case, tuple(notes))


def _moved(flight: Flight, departures: Mapping[str, str]) -> Flight:
    """The flight with departures that have moved; an arrival moves with its departure."""
    legs = list(flight.legs)
    for number, text in departures.items():
        found = [n for n, leg in enumerate(legs) if str(leg.number) == number.strip()]
        if not found:
            raise InputError(
                f"the plan has no leg {number}", where="departures", mend=f"legs 1 to {len(legs)}"
            )
        leg = legs[found[0]]
        window = _window(text)
        shift = window.earliest - leg.departs.earliest
        arrives = leg.arrives
        if arrives is not None:
            arrives = Window(arrives.earliest + shift, arrives.latest + shift)
        legs[found[0]] = replace(leg, departs=window, arrives=arrives)
    return replace(flight, legs=tuple(legs))


def _window(text: str) -> Window:
    first, _, last = text.partition("..")

    def one(part: str, end: bool) -> datetime:
        plain = part.strip()
        try:
            found = datetime.fromisoformat(plain)
        except ValueError:
            raise InputError(
                f"{plain[:40]!r} is no time",
                where="departures",
                mend="write 2008-08-08, 2008-08-08T03:00Z or 2008-08-08..2008-08-09",
            ) from None
        try:
            if len(plain) == 10:
                start = sound_time(datetime.combine(found.date(), time(), UTC))
                return start + timedelta(days=1) if end else start
            return sound_time(found)
        except ValueError as error:
            raise InputError(str(error), where=f"departures: {plain[:40]}") from None

    window = Window(one(first, False), one(last or first, True))
    if window.latest < window.earliest or window.latest - window.earliest > timedelta(days=31):
        raise InputError("ends before it begins, or is longer than 31 days", where="departures")
    return window


class Statement(Act):
    """One sentence that may be told, with its marking."""

    NAME, WORDS = "statement", "Statement"

    text: Given
    marking: Given = Field(description="Portion mark: level and states that it may be released to.")
    source: Given = Field(description="The telegram or report that it rests on.")
    facts: Words = Field(default_factory=list, description="Facts of the flight that it rests on.")
    replaces: Words = Field(default_factory=list, description="Statements whose place it takes: S1, S2.")

    def do(self, desk: CaseDesk, case_id: str) -> Done:
        from overflight.case.life.planning import Sheet, state_it

        sheet = Sheet(self.text, self.marking, self.source, tuple(self.facts), tuple(self.replaces))
        case, ids = state_it(desk, case_id, [sheet], at=self.at)
        return Done(case, (f"recorded as {', '.join(ids)}",))


class Delivery(Act):
    """The post has spoken, and perhaps left a paper."""

    NAME, WORDS = "delivered", "Delivery"

    state: Code
    office: Given = Field(description="Ministry or authority; never a person.")
    form: Literal["oral", "paper", "both"] = "oral"
    reaction: Text = Field("", description="First reaction.")
    questions: Text = Field("", description="What was asked back.")
    number: Text = Field("", description="Number of the telegram that reports it.")
    source: Source = ""

    def do(self, desk: CaseDesk, case_id: str) -> Done:
        from overflight.case.life.replies import deliver

        case = deliver(
            desk,
            case_id,
            state(self.state),
            office=self.office,
            form=self.form,
            reaction=self.reaction,
            questions=self.questions,
            number=self.number,
            at=self.at,
            source=self.source or None,
        )
        return Done(case)


class Reply(Act):
    """What a state replied."""

    NAME, WORDS = "answer", "Answer"

    state: Code
    decision: Given = Field(description=f"One of {', '.join(c for c in decisions() if c != 'NOT_DUE')}.")
    conditions: Text = Field("", description="On what condition.")
    valid_from: Time | None = Field(None, description="Good for departures from then on.")
    valid_until: Time | None = Field(None, description="Good for departures until then.")
    tails: Words = Field(default_factory=list, description="Registrations that it names.")
    basis: Text = Field("", description="Ground that it gave.")
    standing: bool = Field(False, description="A policy, whatever the day.")
    tell: Words = Field(default_factory=list, description="States that may be told; nobody unless said.")
    number: Text = Field("", description="Number of the telegram that reports it.")
    source: Source = ""

    def do(self, desk: CaseDesk, case_id: str) -> Done:
        from overflight.case.life.replies import answer

        recorded = answer(
            desk,
            case_id,
            state(self.state),
            self.decision,
            conditions=self.conditions,
            valid_from=self.valid_from,
            valid_until=self.valid_until,
            tails=tuple(self.tails),
            basis=self.basis,
            standing=self.standing,
            tell=tuple(state(one) for one in self.tell),
            number=self.number,
            at=self.at,
            source=self.source or None,
        )
        return Done(recorded.case, recorded.notes)


class Inspection(Act):
    """Somebody looked inside; duties to report start by themselves."""

    NAME, WORDS = "inspected", "Inspection"

    state: Code
    place: Given
    result: Literal["clean", "seized", "open"]
    text: Text = Field("", description="What was found.")
    source: Source = ""

    def do(self, desk: CaseDesk, case_id: str) -> Done:
        from overflight.case.life.replies import inspect

        case, body = inspect(
            desk,
            case_id,
            state(self.state),
            place=self.place,
            result=self.result,
            text=self.text,
            at=self.at,
            source=self.source or None,
        )
        return Done(case, tuple(f"{one.text}: by {one.due.date().isoformat()}" for one in body.clocks))


class Report(Act):
    """A duty to report was fulfilled."""

    NAME, WORDS = "reported", "Report"

    key: Given = Field(description="Which duty, as the inspection named it.")
    text: Text = ""

    def do(self, desk: CaseDesk, case_id: str) -> Done:
        from overflight.case.life.replies import report

        return Done(report(desk, case_id, self.key, text=self.text, at=self.at))


class Outcome(Act):
    """What became of the flight."""

    NAME, WORDS = "outcome", "Outcome"

    code: Given = Field(description=f"One of {', '.join(OUTCOMES)}.")
    evidence: Given = Field(description="How it is known.")
    text: Text = ""
    source: Source = ""

    def do(self, desk: CaseDesk, case_id: str) -> Done:
        from overflight.case.life.replies import end

        case = end(
            desk,
            case_id,
            self.code,
            evidence=self.evidence,
            text=self.text,
            at=self.at,
            source=self.source or None,
        )
        return Done(case)


class Closing(Act):
    """Nothing is left to do."""

    NAME, WORDS = "close", "Close"

    why: Text = ""

    def do(self, desk: CaseDesk, case_id: str) -> Done:
        from overflight.case.life.requests import close

        return Done(close(desk, case_id, why=self.why, at=self.at))


def _changes(value: object) -> object:
    """Changes as a person types them: ``field = value``, one in a line; a value may be JSON."""
    if not isinstance(value, str):
        return value
    found: dict[str, Any] = {}
    for line in value.splitlines():
        if not line.strip():
            continue
        name, mark, text = line.partition("=")
        if not mark:
            raise ValueError(f"{line.strip()[:40]!r} changes nothing; write field = value")
        try:
            found[name.strip()] = json.loads(text)
        except ValueError:
            found[name.strip()] = text.strip()
    return found


class Correction(Act):
    """An event was recorded in error: it reads otherwise, or it did not happen."""

    NAME, WORDS = "correct", "Correction"

    event: int = Field(ge=1, le=2**53, description="`seq` of the event.")
    why: Given
    changes: Annotated[dict[str, Any], BeforeValidator(_changes)] = Field(
        default_factory=dict, max_length=40, description="What it should have said, by field."
    )
    strike: bool = Field(False, description="It did not happen at all.")
    true_at: Time | None = Field(None, description="When it was true, where that was wrong.")

    def do(self, desk: CaseDesk, case_id: str) -> Done:
        from overflight.case.life.repairs import correct

        case = correct(
            desk,
            case_id,
            self.event,
            why=self.why,
            changes=self.changes or None,
            strike=self.strike,
            true_at=self.true_at,
            at=self.at,
        )
        return Done(case)


class Merging(Act):
    """Another case proves to be this flight."""

    NAME, WORDS = "merge", "Merge"

    other: Given = Field(description="Id of the case that becomes part of this one.")
    why: Text = ""

    def do(self, desk: CaseDesk, case_id: str) -> Done:
        from overflight.case.life.repairs import merge

        return Done(merge(desk, case_id, self.other, why=self.why, at=self.at))


#: Every act by its name, in the order of the page.
ACTS: Mapping[str, type[Act]] = {
    one.NAME: one
    for one in (
        Reply,
        Delivery,
        Statement,
        Planning,
        Inspection,
        Report,
        Outcome,
        Closing,
        Correction,
        Merging,
    )
}
