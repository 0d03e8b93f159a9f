"""Dated law: what a state may do, must do or is asked to do about a flight on a day, and on what paragraph.

- `advice(question, rules=None)`: options in order of fit.
- `question_for(flight, leg, state, over, …)`: the question of one state under one leg.
- `measures_in_force(on, …)`: what holds on a day.
- `legal_phrases(state, on, …)`: sentences that may stand in a paper for one state.
- `calendar(state, on)`: the same for one state, with disputes and its practice.
- `report_by(measure, inspected_on)`: working-day clocks.
- `load(home)`, `check(path)`: the shipped rows with the desk's own; the schema check.
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
