"""Open cases that a list names since its last import, screened beside the requests."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlencode

from overflight.desk.beside import Worker
from overflight.desk.rooms import Rooms
from overflight.desk.views.case import opened
from overflight.store.lookup import Lookup

__all__ = ["Matched", "newly_matched", "screened"]

#: An import is news for so long.
_NEWS = timedelta(days=14)
#: Cases screened again, those worked on last first.
_MOST = 500
_OVER = ("CLOSED", "MERGED")

_worker = Worker("matched")
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Matched:
    """One open case and one entry of a list that is new or changed and that its flight matches."""

    case: str
    words: str
    since: datetime
    href: str


def newly_matched(rooms: Rooms) -> tuple[Matched, ...]:
    """What is known so far; the screening itself goes on beside."""
    from overflight.screening.lists import Library

    news = _news(Library(rooms.settings.home), rooms.clock())
    if not news:
        return ()
    key = ("matched", news, rooms.store.log.head().seq)
    with _lock:
        work: Future[tuple[Matched, ...]] = rooms.kept(
            key, lambda: _worker.submit(lambda: screened(rooms, rooms.clock()))
        )
    return work.result() if work.done() and work.exception() is None else ()


def _news(library: object, now: datetime) -> tuple[str, ...]:
    from overflight.screening.lists import Library

    assert isinstance(library, Library)
    return tuple(
        version.path.name for version in library.versions() if now - _NEWS <= version.imported_at <= now
    )


def screened(rooms: Rooms, now: datetime) -> tuple[Matched, ...]:
    """Screen the open cases against what the imports of the last days have added or changed."""
    from overflight.screening.bands import FINDINGS
    from overflight.screening.lists import Library
    from overflight.screening.query import of_flight
    from overflight.screening.screener import screener

    library = Library(rooms.settings.home)
    fresh = {(one.list, one.id) for one in library.changed_since(now - _NEWS)}
    if not fresh:
        return ()
    imported = {one.kind: one.imported_at for one in library.versions()}
    out: list[Matched] = []
    for case_id in _open(rooms):
        case = opened(rooms, case_id)
        if not case.plans:
            continue
        found = screener(library, max(now.date(), case.flight.day)).screen(of_flight(case.flight))
        for match in found.matches:
            if (match.entity.list, match.entity.id) in fresh and match.band in FINDINGS:
                words = f"{match.entity.caption} ({match.entity.list}): {match.band} match, new on the list"
                flight = case.flight
                asked = {
                    "operator": flight.operator,
                    "tail": flight.aircraft.registration or "",
                    "owner": flight.owner or "",
                    "consignee": flight.consignee or "",
                    "on": max(now.date(), flight.day).isoformat(),
                }
                href = f"/screen?{urlencode({k: v for k, v in asked.items() if v})}"
                out.append(Matched(case_id, words, imported.get(match.entity.list, now), href))
    return tuple(out)


def _open(rooms: Rooms) -> Iterable[str]:
    lookup = Lookup(rooms.store.log.engine, rooms.store.log.where)
    return [one.case for one in lookup.cases(without=_OVER, limit=_MOST)]
