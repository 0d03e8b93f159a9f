"""Who must refuse: coalitions and corridors, the value of the next approach, the gap report.

The room knows states, not geometry: an `Oracle` answers which route remains when some states refuse.
"""

from overflight.coalition.coalitions import coalitions
from overflight.coalition.gaps import Forgotten, Gap, GapReport, gaps
from overflight.coalition.importance import Importance, NextApproach, importance
from overflight.coalition.oracle import Oracle, RouteFound
from overflight.coalition.result import Coalitions, Corridor, Progress

__all__ = [
    "Coalitions",
    "Corridor",
    "Forgotten",
    "Gap",
    "GapReport",
    "Importance",
    "NextApproach",
    "Oracle",
    "Progress",
    "RouteFound",
    "coalitions",
    "gaps",
    "importance",
]
