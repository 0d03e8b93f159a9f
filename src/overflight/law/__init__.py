"""Dated law: what a state may do, must do or is asked to do about a flight on a day, and on what paragraph.

The public names, and what to call for what::

    question_for(flight, leg, state, over="land", *, on=None, showing=None, category="", grounds_apart=False,
                 phase=…, permit=…, carries=…, circumstances=(), designations=(), flag=None, position="")
        The `Question` of one state under one leg. `leg` is a `Leg`, its number, or None for the whole flight;
        `over` comes from `over_of(crossing.over, regimes_in(crossing.remarks, airspace.regimes))`.
    advice(question, rules=None) -> Advice
        `Option`s in order of fit: duty, what obliges or asks, powers, showing, exceptions, reports, and
        what must not be done. `Advice.to_json()` is the document of ``overflight law --json``.
    calendar(state, on, *, position="", rules=None) -> Calendar
        What holds for one state on a day, without a flight.
    measures_in_force(on, *, state=None, target=None, kind=None, position="", rules=None) -> tuple of Measure
    legal_phrases(state, on, *, targets=None, position="", rules=None) -> tuple of Phrase
        Sentences that may stand in a paper for one state on one day, each with its measure.
    report_by(measure, inspected_on) -> date or None
    load(home=None), shipped() -> Rules; check(path) -> (table, rows)
        The shipped rows with the desk's own; the shipped ones alone; the schema check of a file.

Without `rules` every function takes the shipped rows and those of the desk's folder. Pass ``shipped()`` or
``load(home)`` to stay pure. A desk's position is for the caller to pass on: ``settings.load().position``.
"""

from overflight.law.advice import Advice, Contest, ExemptionView, MeasureView, Option, Report
from overflight.law.almanac import Calendar, calendar
from overflight.law.clock import report_by
from overflight.law.measure import OPTIONS, Measure
from overflight.law.options import advice
from overflight.law.phrases import Phrase, legal_phrases
from overflight.law.question import Designation, Question, over_of, question_for, regimes_in
from overflight.law.rules import Rules, check, load, measures_in_force, shipped

__all__ = [
    "OPTIONS",
    "Advice",
    "Calendar",
    "Contest",
    "Designation",
    "ExemptionView",
    "Measure",
    "MeasureView",
    "Option",
    "Phrase",
    "Question",
    "Report",
    "Rules",
    "advice",
    "calendar",
    "check",
    "legal_phrases",
    "load",
    "measures_in_force",
    "over_of",
    "question_for",
    "regimes_in",
    "report_by",
    "shipped",
]
