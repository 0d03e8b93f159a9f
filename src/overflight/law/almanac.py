"""What is in force for one state on one day, without a flight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from overflight.law.advice import Contest, MeasureView, stamp
from overflight.law.explain import cite
from overflight.law.measure import PSI_BEGAN, Day, Party, Period, span
from overflight.law.question import Question
from overflight.law.remarks import contests, customs
from overflight.law.rules import Rules, load

__all__ = ["Calendar", "calendar"]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The measures addressed to one state on a day, with disputes and its practice so far.

    `measures` are pairs of the states that a measure is about and the measure as it is cited; a contested one
    is there whatever position the desk works with. `parties` says how the state stands to conventions, `psi`
    how to the PSI principles; empty where no row says it.
    """

    state: str
    on: Day
    measures: tuple[tuple[tuple[str, ...], MeasureView], ...]
    contested: tuple[Contest, ...]
    practice: tuple[str, ...]
    parties: tuple[str, ...]
    psi: str

    def to_json(self) -> dict[str, Any]:
        return {
            "state": self.state,
            "on": stamp(self.on),
            "options": [],
            "measures": [{**view.to_json(), "targets": list(about)} for about, view in self.measures],
            "contested": [one.to_json() for one in self.contested],
            "practice": list(self.practice),
            "parties": list(self.parties),
            "psi": self.psi,
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
        tuple(sorted(_party(p) for p in known.parties if p.state == state and _begun(p, on))),
        _psi(known, state, on),
    )


def _begun(party: Party, on: Day) -> bool:
    return party.start is None or Period(party.start, party.until).covers(on)


def _party(party: Party) -> str:
    since = f" since {party.start.date().isoformat()}" if party.start and not party.note else ""
    note = f" ({party.note})" if party.note else ""
    return f"{party.convention}: {party.status}{since}{note}{'' if party.verified else ', unverified'}"


def _psi(rules: Rules, state: str, on: Day) -> str:
    row = rules.endorsement(state, on)
    if row is None or span(on)[1] < PSI_BEGAN:
        return ""
    when = (
        f", {'by' if row.precision == 'by' else 'since'} {row.start.date().isoformat()}" if row.start else ""
    )
    dated = when if row.status in ("endorsed", "suspended", "supports") else ""
    note = f" ({row.note})" if row.note else ""
    return f"{row.status}{dated}{note}{'' if row.verified else ', unverified'}"
