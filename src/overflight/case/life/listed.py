"""Open cases against a list that has just been imported: whose flight is named by what is new in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from overflight.case.life.desk import CaseDesk
from overflight.screening.bands import FINDINGS
from overflight.screening.lists import Library
from overflight.screening.lists.library import Imported
from overflight.screening.match import Match
from overflight.screening.query import of_flight
from overflight.screening.screener import screener

__all__ = ["Listed", "newly_listed"]


@dataclass(frozen=True, slots=True)
class Listed:
    """One open case and one entry, new or changed, that its flight matches."""

    case: str
    flight: str
    match: Match

    def to_json(self) -> dict[str, Any]:
        return {"case": self.case, "flight": self.flight, "match": self.match.document()}


def newly_listed(desk: CaseDesk, library: Library, done: Imported, today: date) -> Iterator[Listed]:
    """Screen every open case again after an import.

    A flight that is over is screened as of today too: whoever is listed now was worth knowing of. Only what
    the import added or changed is told, and only matches that are findings.

    Parameters
    ----------
    desk : CaseDesk
    library : Library
    done : Imported
        What the import did; nothing is new when it changed nothing or is kept as history.
    today : date
    """
    if not (done.new and done.current) or (done.changes is not None and not done.changes):
        return
    fresh = None
    if done.changes is not None:
        fresh = {one.id for one in (*done.changes.added, *(one.after for one in done.changes.changed))}
    for summary in sorted(desk.summaries(), key=lambda one: one.case):
        if summary.body.get("step") == "CLOSED":
            continue
        flight = desk.load(summary.case).flight
        found = screener(library, max(today, flight.day)).screen(of_flight(flight))
        for match in found.matches:
            new = fresh is None or match.entity.id in fresh
            if new and match.entity.list == done.version.kind and match.band in FINDINGS:
                yield Listed(summary.case, flight.id, match)
