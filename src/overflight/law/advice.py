"""The answer of the law to one question: options in order of fit, each with its measures and its limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from overflight.law.measure import Day, span
from overflight.law.question import Question

__all__ = ["Advice", "Contest", "Dropped", "ExemptionView", "MeasureView", "Option", "Report", "stamp"]


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure as an option cites it.

    `role` is what it is to the option (see `overflight.law.measure.ROLES`), `status` "in force" or
    "contested", `until` the day or instant on which it ends, as far as a row says so, `remark` what ties the
    flight to it or what is doubtful about that.
    """

    id: str
    instrument: str
    paragraph: str
    binding: str
    verified: bool
    role: str
    kind: str
    effect: str
    status: str
    until: datetime | None
    unverified: str
    own: bool
    remark: str
    source: str

    @property
    def citation(self) -> str:
        return f"{self.instrument}, {self.paragraph}" if self.paragraph else self.instrument

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "instrument": self.instrument,
            "paragraph": self.paragraph,
            "binding": self.binding,
            "verified": self.verified,
            "role": self.role,
            "kind": self.kind,
            "effect": self.effect,
            "status": self.status,
            "until": _moment(self.until),
            "unverified": self.unverified,
            "own": self.own,
            "remark": self.remark,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class ExemptionView:
    """An exception of one of the option's measures; `applies` when the question has its circumstance."""

    measure: str
    code: str
    text: str
    applies: bool
    verified: bool

    def to_json(self) -> dict[str, Any]:
        return {
            "measure": self.measure,
            "code": self.code,
            "text": self.text,
            "applies": self.applies,
            "verified": self.verified,
        }


@dataclass(frozen=True, slots=True)
class Report:
    """A duty to report an inspection; `by` is None for "promptly".

    `in_doubt`: its measure is contested and the desk works with no position on it.
    """

    measure: str
    within: str
    by: date | None
    verified: bool
    contested: bool
    in_doubt: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "measure": self.measure,
            "within": self.within,
            "by": self.by.isoformat() if self.by else None,
            "verified": self.verified,
            "contested": self.contested,
        }


@dataclass(frozen=True, slots=True)
class Option:
    """One thing the state can do.

    Attributes
    ----------
    option : str
        Of `overflight.law.measure.OPTIONS`.
    meaning : str
        What it means for this flight: in the air, on the ground, before departure.
    duty : str
        ``must`` or ``may``. Where several options are ``must``, any one of them does; of a
        landing that is not planned ``must`` is said for the case that it is asked for.
    asked : str or None
        The strongest word that binds or asks the state: ``mandatory``, ``recommended``, ``requested``,
        ``political``; None where nothing asks.
    measures : tuple of MeasureView
        What it rests on, what obliges or asks, and what explains it, in this order.
    pending : tuple of MeasureView
        Measures that would oblige or ask if more were shown; `remark` says what.
    needs : str
        The showing, and whether the question has it.
    met : bool
        Whether the showing that its measures need is there.
    exemptions, reports : tuple
    report_by : date or None
        The earliest day on which a report would be due if the inspection were on the day of the question;
        a contested clock counts only on the position of the desk.
    must_not : tuple of str
        What an officer must not do.
    checks, limits : tuple of str
        What to look at; what narrows the option.
    why : tuple of str
        Why it stands where it stands.
    disputed : bool
        Whether a contested rule would close the option.
    """

    option: str
    meaning: str
    duty: str
    asked: str | None
    measures: tuple[MeasureView, ...]
    pending: tuple[MeasureView, ...]
    needs: str
    met: bool
    exemptions: tuple[ExemptionView, ...]
    reports: tuple[Report, ...]
    report_by: date | None
    must_not: tuple[str, ...]
    checks: tuple[str, ...]
    limits: tuple[str, ...]
    why: tuple[str, ...]
    disputed: bool = False

    def to_json(self) -> dict[str, Any]:
        return {
            "option": self.option,
            "duty": self.duty,
            "measures": [m.to_json() for m in self.measures],
            "needs": self.needs,
            "exemptions": [e.to_json() for e in self.exemptions],
            "report_by": self.report_by.isoformat() if self.report_by else None,
            "meaning": self.meaning,
            "asked": self.asked,
            "showing_met": self.met,
            "pending": [m.to_json() for m in self.pending],
            "reports": [r.to_json() for r in self.reports],
            "must_not": list(self.must_not),
            "checks": list(self.checks),
            "limits": list(self.limits),
            "why": list(self.why),
            "disputed": self.disputed,
        }


@dataclass(frozen=True, slots=True)
class Dropped:
    """An option that is not open, and why."""

    option: str
    why: str


@dataclass(frozen=True, slots=True)
class Contest:
    """A dispute that touches this answer.

    `working` is the state whose position the desk works with (empty for none) and `working_position` what it
    holds; `state_position` is what the asked state itself holds. A state without a row is "silent".
    """

    dispute: str
    title: str
    question: str
    measures: tuple[str, ...]
    working: str
    working_position: str
    state: str
    state_position: str
    applies: tuple[str, ...]
    rejects: tuple[str, ...]
    silent: tuple[str, ...]
    note: str
    source: str

    def to_json(self) -> dict[str, Any]:
        return {
            "dispute": self.dispute,
            "title": self.title,
            "question": self.question,
            "measures": list(self.measures),
            "position_of": self.working or None,
            "position": self.working_position,
            "state": self.state,
            "state_position": self.state_position,
            "applies": list(self.applies),
            "rejects": list(self.rejects),
            "silent": list(self.silent),
            "note": self.note,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Advice:
    """Everything the law says to one question.

    `beside` are duties beside the options (fuel, charter, seizure), `practice` what the state did before.
    """

    question: Question
    options: tuple[Option, ...]
    dropped: tuple[Dropped, ...]
    contested: tuple[Contest, ...]
    beside: tuple[MeasureView, ...]
    cautions: tuple[str, ...]
    practice: tuple[str, ...]

    @property
    def best(self) -> Option | None:
        """The option that fits best; None where the state has no say and nothing to allow."""
        return self.options[0] if self.options else None

    def option(self, name: str) -> Option | None:
        """An option by name, if it is open."""
        return next((one for one in self.options if one.option == name), None)

    def to_json(self) -> dict[str, Any]:
        """The document of ``overflight law --json``."""
        asked = self.question
        return {
            "state": asked.state,
            "on": stamp(asked.on),
            "options": [one.to_json() for one in self.options],
            "contested": [one.to_json() for one in self.contested],
            "not_open": [{"option": one.option, "why": one.why} for one in self.dropped],
            "beside": [one.to_json() for one in self.beside],
            "cautions": list(self.cautions),
            "practice": list(self.practice),
            "question": {
                "kind": asked.kind,
                "cargo": asked.cargo,
                "category": asked.what,
                "showing": asked.showing,
                "origins": list(asked.origins),
                "destinations": list(asked.destinations),
                "flag": asked.flag,
                "operator": list(asked.operator),
                "over": asked.over,
                "phase": asked.phase,
                "landing": asked.landing,
                "permit": asked.permit,
                "carries": asked.carries,
                "circumstances": sorted(asked.circumstances),
                "position": asked.position or None,
                "assumed": list(asked.assumed),
            },
        }


def stamp(on: Day) -> str:
    """A day as ``2008-08-07``, an instant in UTC with a Z."""
    return on.isoformat() if not isinstance(on, datetime) else span(on)[0].isoformat().replace("+00:00", "Z")


def _moment(value: datetime | None) -> str | None:
    if value is None:
        return None
    midnight = (value.hour, value.minute, value.second) == (0, 0, 0)
    return value.date().isoformat() if midnight else value.isoformat().replace("+00:00", "Z")
