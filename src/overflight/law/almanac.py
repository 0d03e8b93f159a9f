"""What is in force for one state on one day, without a flight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from overflight.law.advice import Contest, MeasureView
from overflight.law.explain import cite
from overflight.law.measure import Day
from overflight.law.question import Question
from overflight.law.remarks import contests, customs
from overflight.law.rules import Rules, load

__all__ = ["Calendar", "calendar"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The measures addressed to one state on a day, with disputes and its practice so far.

    `measures` are pairs of the states that a measure is about and the measure as it is cited; a contested one
    is there whatever position the desk works with.
    """

    state: str
    on: Day
    measures: tuple[tuple[tuple[str, ...], MeasureView], ...]
    contested: tuple[Contest, ...]
    practice: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "on": self.on.isoformat(),
            "options": [],
            "measures": [{**view.to_json(), "targets": list(about)} for about, view in self.measures],
            "contested": [one.to_json() for one in self.contested],
            "practice": list(self.practice),
        }


def calendar(state: str, on: Day, *, position: str = "", rules: Rules | None = None) -> Calendar:
    """What holds for one state on a day: measures first by whom they are about, then by date."""
    known = load() if rules is None else rules
    found = []
    for measure in known.measures:
        period = measure.period(on)
        if period is not None and known.speaks_to(measure, state, on):
            found.append((measure, period))
    found.sort(key=lambda pair: (not pair[0].targets, pair[0].targets, pair[0].periods[0].start, pair[0].id))
    question = Question(state, on, position=position)
    return Calendar(
        state,
        on,
        tuple((m.targets, cite(m, p, remark=m.note)) for m, p in found),
        contests(question, known, everything=True),
        customs(question, known),
    )
