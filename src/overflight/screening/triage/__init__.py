"""Thousands of permit applications put in the order in which a person should look at them.

``survey(path, Desk(home, today))`` reads a file of any form, holds each application against the lists, the
law, the other applications and itself, and gives a `Survey`: most urgent first, every reason with it. It
decides nothing.
"""

from overflight.screening.triage.asking import Asker, queries
from overflight.screening.triage.history import History
from overflight.screening.triage.survey import LEVELS, Desk, Survey, survey
from overflight.screening.triage.weights import FLAG_KINDS, weight

__all__ = [
    "FLAG_KINDS",
    "LEVELS",
    "Asker",
    "Desk",
    "History",
    "Survey",
    "queries",
    "survey",
    "weight",
]
