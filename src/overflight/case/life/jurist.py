"""Where a case meets the law: phrases for a paper, the caveat on diplomats, clocks that an inspection starts.

What is asked of the law is asked out of what the state has been told, never out of the flight file: words of
law must betray nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from pathlib import Path

from overflight.case.life.compose import Phrase
from overflight.case.life.events import Clock, Inspected
from overflight.case.wording import day as in_words
from overflight.law import OPTIONS, Rules, advice, legal_phrases, load, question_for
from overflight.meetings import explanations, gather
from overflight.meetings.beside import in_our_years
from overflight.world.flight import Flight
from overflight.world.times import days_off

__all__ = ["LawBook", "LawOfFlight"]

_AROUND = timedelta(days=4)
#: How well a meeting must explain the flight for the caveat to be said.
_BANDS = ("plausible", "possible")
_MOST = 4  # sentences of law in one paper
_ROLES = ("act", "on-landing", "reason", "power")
#: What a request is: good cause shown. The sentences name their own conditions.
_SHOWING = "reasonable-grounds"
#: Stands for an operator that the state has not been told.
_UNKNOWN = "not told"


@dataclass(frozen=True)
class LawBook:
    """The law as one desk reads it.

    Parameters
    ----------
    position : str
        Whose position on contested measures the desk works with; empty for none.
    rules : Rules, optional
        Default: the shipped rows with the desk's own.
    home : Path, optional
        The desk's folder, with rows of law and calendars of its own.
    """

    position: str = ""
    rules: Rules | None = None
    home: Path | None = None

    def counsel(self, flight: Flight) -> LawOfFlight:
        """Words of law for one flight."""
        return LawOfFlight(flight, self.position, self.rules or load(self.home), self.home)

    def clocks(self, flight: Flight, inspection: Inspected, at: datetime) -> tuple[Clock, ...]:
        """Duties to report that an inspection sets going: those of the options to inspect.

        A duty to report "promptly" has no day; it is put down for the next one.
        """
        question = question_for(
            flight, None, inspection.state, on=at.date(), showing=_SHOWING, position=self.position
        )
        found: dict[str, Clock] = {}
        for option in advice(question, self.rules).options:
            for report in option.reports:
                by = report.by or days_off(at.date(), 1)
                due = datetime.combine(by, time(23, 59), UTC)
                doubt = "" if report.verified else ", not verified"
                doubt += ", contested" if report.contested else ""
                text = f"{inspection.state} reports under {report.measure} {report.within}{doubt}"
                found.setdefault(report.measure, Clock(report.measure, due, text))
        return tuple(sorted(found.values(), key=lambda one: (one.due, one.key)))


@dataclass(frozen=True)
class LawOfFlight:
    """The law on one flight; see `overflight.case.life.compose.Counsel`."""

    flight: Flight
    position: str
    rules: Rules
    home: Path | None = None

    def phrases(
        self, state: str, day: date, told: Mapping[str, str], ask: Sequence[str]
    ) -> tuple[Phrase, ...]:
        """Sentences on what is asked: in force on the day, verified, not contested, at most four.

        Measures that oblige or ask come before those that only permit.
        """
        known = replace(
            self.flight,
            operator=self.flight.operator if "operator" in told else _UNKNOWN,
            kind=self.flight.kind if "kind" in told else "civil non-scheduled",
            cargo=self.flight.cargo if "cargo" in told else None,
            purpose=None,
            concern=None,
            aircraft=replace(self.flight.aircraft, registration=None),
        )
        question = question_for(known, None, state, on=day, showing=_SHOWING, position=self.position)
        wanted = [one for one in ask if one in OPTIONS]
        ranks: dict[str, int] = {}
        for option in advice(question, self.rules).options:
            if option.option in wanted:
                for measure in option.measures:
                    if measure.verified and measure.status == "in force" and measure.role in _ROLES:
                        rank = _ROLES.index(measure.role)
                        ranks[measure.id] = min(rank, ranks.get(measure.id, rank))
        ends = {self.flight.legs[0].origin.state, self.flight.legs[-1].destination.state}
        found = [
            phrase
            for phrase in legal_phrases(state, day, targets=ends, position=self.position, rules=self.rules)
            if phrase.measure in ranks and phrase.verified and not phrase.contested
        ]
        found.sort(key=lambda phrase: (ranks[phrase.measure], phrase.binding != "mandatory", phrase.measure))
        return tuple(Phrase(phrase.measure, phrase.text) for phrase in found[:_MOST])

    def caveat(self, told: Mapping[str, str]) -> str:
        """The sentence that diplomatic travel is not to be blocked, where a meeting makes it plausible.

        Only of a meeting and days that were checked, and only out of route and days, which the state knows.
        """
        return self._caveat

    @cached_property
    def _caveat(self) -> str:
        if not in_our_years(self.flight):
            return ""
        days = [leg.departs for leg in self.flight.legs]
        first, last = min(d.earliest for d in days).date(), max(d.latest for d in days).date()
        known = replace(self.flight, purpose=None, cargo=None, concern=None)
        meetings = gather(first - _AROUND, last + _AROUND, home=self.home)
        for score in explanations(known, meetings):
            meeting = score.meeting
            if score.band in _BANDS and meeting.event_verified and meeting.days_verified:
                return (
                    f"The {meeting.name} is held in {meeting.place.city} from {_words(meeting.first)} to "
                    f"{_words(meeting.last)}. Travel of delegations to and from it is not to be hindered; an "
                    "inspection of the cargo remains possible."
                )
        return ""


def _words(day: date) -> str:
    """``27 July 2008``."""
    return in_words(datetime.combine(day, time(), UTC))
