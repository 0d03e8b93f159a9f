"""Four eyes: nothing goes out from the web desk before others have approved the very texts.

A proposal holds every text word for word. What an approval stands for is composed again whenever somebody
looks: as soon as one character would differ, because a statement was corrected, a plan came or another law is
in force, the approvals have lapsed. A release composes once more, on top of exactly the events that it read,
and is recorded together with what it sends, or not at all.
"""

from __future__ import annotations

from overflight.case.life.approving import (
    Change,
    Standing,
    approve,
    needed,
    propose,
    refuse,
    standing,
)
from overflight.case.life.rehearsal import KINDS, Kind, Request, rehearse, request_of
from overflight.case.life.releasing import rebuild_shelf, release

__all__ = [
    "KINDS",
    "Change",
    "Kind",
    "Request",
    "Standing",
    "approve",
    "needed",
    "propose",
    "rebuild_shelf",
    "refuse",
    "rehearse",
    "release",
    "request_of",
    "standing",
]
