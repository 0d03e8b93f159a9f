"""Events of cases that were read before: a log only grows, so that only what has come since is read again.

The digest of an event stands for everything before it. Before what is remembered is used, the last event of
it is read again; with the same digest, the log still says the same up to there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from weakref import WeakKeyDictionary

from overflight.case.life.events import Body, decode
from overflight.store.event import Event, Log

__all__ = ["Memory", "events_of", "memory_of"]

#: Most events that are remembered of one log: the cases that are being worked on.
_MOST = 1_000


class Memory:
    """What a process remembers of one log. Threads may share it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cases: OrderedDict[str, tuple[Event, ...]] = OrderedDict()
        self._bodies: dict[bytes, Body] = {}
        self._count = 0

    def events(self, log: Log, case_id: str) -> tuple[Event, ...]:
        """Every event that the log holds of a case by now, in order."""
        known = self._cases.get(case_id, ())
        if known:
            last = known[-1]
            fresh = tuple(log.events(case_id, after=last.seq - 1))
            if fresh and (fresh[0].seq, fresh[0].digest) == (last.seq, last.digest):
                if len(fresh) == 1:
                    return known
                return self._keep(case_id, known + fresh[1:])
        return self._keep(case_id, tuple(log.events(case_id)))

    def body(self, event: Event) -> Body:
        """An event's body, read once.

        Raises
        ------
        DataError
            It does not fit its kind.
        """
        found = self._bodies.get(event.digest)
        if found is None:
            found = decode(event.kind, event.body, where=f"event {event.seq}")
            if any(event.digest):  # it is in the log, and not only about to be
                if len(self._bodies) >= 2 * _MOST:  # of cases as they were at some time, which are not kept
                    self._bodies.clear()
                self._bodies[event.digest] = found
        return found

    def _keep(self, case_id: str, events: tuple[Event, ...]) -> tuple[Event, ...]:
        with self._lock:
            self._count += len(events) - len(self._cases.pop(case_id, ()))
            self._cases[case_id] = events
            while self._count > _MOST and len(self._cases) > 1:
                self._forget(self._cases.popitem(last=False)[1])
        return events

    def _forget(self, events: Iterable[Event]) -> None:
        for event in events:
            self._count -= 1
            self._bodies.pop(event.digest, None)


_OF: WeakKeyDictionary[Log, Memory] = WeakKeyDictionary()
_OF_LOCK = threading.Lock()


def memory_of(log: Log) -> Memory:
    """The memory that goes with a log."""
    with _OF_LOCK:
        found = _OF.get(log)
        if found is None:
            found = _OF[log] = Memory()
        return found


def events_of(log: Log, case_id: str, until: datetime | None = None) -> list[Event]:
    """Events of a case in order, those that it has taken over from others in their places."""
    out: list[Event] = []
    own = memory_of(log).events(log, case_id) if until is None else log.events(case_id, until=until)
    for event in own:
        out.append(event)
        if event.kind == "merged":
            other, last = str(event.body["other"]), int(event.body["until"])  # type: ignore[arg-type]
            out += [one for one in events_of(log, other, until) if one.seq <= last]
        elif event.kind == "opened" and event.body.get("split_from"):
            wanted = set(event.body.get("taken", ()))  # type: ignore[arg-type]
            source = str(event.body["split_from"])
            out += [one for one in events_of(log, source, until) if one.seq in wanted and one.seq < event.seq]
    return out
