"""Likelihoods, entry times, options of law and lines on the map: seconds of work, done once for each plan.

A process of its own does it, one plan after the other; a page that is asked for meanwhile shows what the log
has.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent import futures
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from overflight.case.life.model import Case
from overflight.case.life.ways import Ways
from overflight.desk.apart import Apart
from overflight.desk.beside import Worker
from overflight.desk.rooms import Rooms
from overflight.errors import OverflightError
from overflight.world.flight import Approaches, Flight

if TYPE_CHECKING:
    from overflight.case.model import Brief

__all__ = [
    "PATIENCE_S",
    "Figures",
    "Job",
    "figures",
    "finished",
    "plan_digest",
    "searched",
    "warm",
    "work_out",
]

Points = NDArray[np.float64]
T = TypeVar("T")

#: Plans and searches whose figures are kept, less than a megabyte each.
_KEPT = 256
#: How long a request waits for figures that somebody wants at once.
PATIENCE_S = 6.0
#: Ways of a leg whose lines are worked out for the map, the shortest first.
_DRAWN = 6


@dataclass(frozen=True, eq=False)
class Figures:
    """What was worked out for one plan.

    Attributes
    ----------
    brief : Brief
        As if nobody had been asked: what answers do to the ways is the case's own business.
    lines : dict
        The line of a way by leg and states, (N, 2), degrees.
    """

    brief: Brief
    lines: dict[tuple[str, tuple[str, ...]], Points]
    _made: dict[str, tuple[Any, Any]] = field(default_factory=dict, repr=False)

    def once(self, what: str, key: Any, make: Callable[[], T]) -> T:
        """Something made out of them, such as a drawing; the last one of each kind is kept."""
        found = self._made.get(what)
        if found is None or found[0] != key:
            found = self._made[what] = (key, make())
        kept: T = found[1]
        return kept


@dataclass
class Job(Generic[T]):
    """Work under way, or done.

    Attributes
    ----------
    stage : str
        What is being worked out.
    fault : str
        Why it cannot be; empty otherwise.
    """

    future: futures.Future[T] = field(default_factory=futures.Future)
    stage: str = "waiting for its turn"
    fault: str = ""

    @property
    def done(self) -> bool:
        return self.future.done()

    def told(self, stage: str) -> None:
        """A stage has begun."""
        self.stage = stage


_jobs: OrderedDict[Any, Job[Any]] = OrderedDict()
_lock = threading.Lock()
_worker = Worker("figures")
_apart = Apart()


def plan_digest(flight: Flight) -> str:
    """Names what a plan says, whoever was asked about it."""
    bare = replace(flight, approaches=Approaches(unwilling=flight.approaches.unwilling), sources=())
    return hashlib.sha256(repr(bare).encode()).hexdigest()[:20]


def figures(rooms: Rooms, case: Case, patience: float = 0.0) -> Figures | Job[Figures]:
    """The figures of a case's plan; the work itself while it is under way, or when it failed.

    Parameters
    ----------
    rooms : Rooms
    case : Case
    patience : float
        Seconds to wait for work that is under way.
    """
    own = rooms.settings

    def work(told: Callable[[str], None]) -> Figures:
        given = case.flight, case.ways, own.home, own.view, own.position
        return _apart.do(told, work_out, *given)

    return _result(_asked(_key(rooms, case), work), patience)


def finished(found: Figures | Job[Figures]) -> Figures | None:
    """The figures, if they are there."""
    return found if isinstance(found, Figures) else None


def searched(rooms: Rooms, case: Case, closing: frozenset[str]) -> Ways | Job[Ways]:
    """The ways of a case's plan searched anew with some skies closed."""
    key = (*_key(rooms, case), closing)

    def search(told: Callable[[str], None]) -> Ways:
        told("searching for ways around those who refuse")
        return rooms.cases.geography.ways(case.flight, closing)

    return _result(_asked(key, search))


def _result(job: Job[T], patience: float = 0.0) -> T | Job[T]:
    """What a job has worked out; the job itself while it is under way, or when it failed."""
    if patience:
        futures.wait([job.future], patience)
    return job if job.fault or not job.done or job.future.cancelled() else job.future.result()


def warm(view: str) -> None:
    """Have the process that works figures out load what it needs, before anybody asks for some."""
    _worker.submit(lambda: _apart.do(lambda _: None, _load, view))


def _load(told: Callable[[str], None], view: str) -> None:
    from overflight.route.permitted import finder
    from overflight.world.airspace import load

    told("reading borders and routes")
    load()
    finder(view)


def _asked(key: Any, work: Callable[[Callable[[str], None]], T]) -> Job[T]:
    job: Job[T] = Job()

    def run() -> T:
        try:
            return work(job.told)
        except OverflightError as error:
            job.fault = str(error)
            raise
        except BaseException:
            job.fault = "could not be worked out"
            with _lock:  # a fault of ours is tried again when it is next asked for
                _jobs.pop(key, None)
            raise

    with _lock:
        there = _jobs.get(key)
        if there is not None:
            _jobs.move_to_end(key)
            return there
        while len(_jobs) >= _KEPT:
            _, old = _jobs.popitem(last=False)
            old.future.cancel()  # nobody has asked for a while
        job.future = _worker.submit(run)
        _jobs[key] = job
    return job


def _key(rooms: Rooms, case: Case) -> tuple[Any, ...]:
    """What the figures depend on: the plan and its ways, and what the desk has of its own."""
    ways = tuple((leg.leg, leg.ways[:_DRAWN]) for leg in case.ways.legs) if case.ways else ()
    own = _stamp(rooms.settings.home)
    return (
        plan_digest(case.flight),
        hashlib.sha256(repr(ways).encode()).hexdigest()[:20],
        rooms.settings.view,
        rooms.settings.position,
        *((str(rooms.settings.home), own) if own else ()),
    )


def _stamp(home: Path) -> tuple[tuple[str, int], ...]:
    """When the lists, rows of law and calendars of a desk's own were last changed; they stand in folders."""
    try:
        folders = [one for one in home.iterdir() if one.is_dir()]
        return tuple(
            sorted(
                (str(one.relative_to(home)), one.stat().st_mtime_ns)
                for folder in folders
                for one in (folder, *folder.iterdir())
            )
        )
    except OSError:
        return ()


def work_out(
    told: Callable[[str], None], flight: Flight, ways: Ways | None, home: Path, view: str, position: str
) -> Figures:
    """The figures of a plan; seconds of work.

    Parameters
    ----------
    told : callable
        Is given each stage as it begins.
    ways : Ways or None
        Those whose lines are drawn.
    home : Path
        The desk's folder: lists, rows of law and calendars of its own.
    """
    from overflight.case.brief import compose
    from overflight.case.context import gather
    from overflight.case.life.facts import leg_names
    from overflight.route.geodesy import densify
    from overflight.route.permitted import finder
    from overflight.world.airspace import load

    told("reading borders and routes")
    airspace, routes = load(), finder(view)
    bare = replace(flight, approaches=Approaches(unwilling=flight.approaches.unwilling))
    told("reading law, meetings and lists")
    context = gather(bare, home, position)
    brief = compose(bare, airspace, routes, view=view, context=context, report=told)
    told("lines of the ways")
    lines: dict[tuple[str, tuple[str, ...]], Points] = {}
    legs = dict(zip(leg_names(flight), flight.legs, strict=True))
    for leg in ways.legs if ways else ():
        at = legs.get(leg.leg)
        if at is None:
            continue
        for way in leg.ways[:_DRAWN]:
            others = routes.states - set(way.states) - set(leg.always)
            found = routes.shortest(at.origin.lonlat, at.destination.lonlat, others, leg.range_km)
            if found is not None:
                lines[leg.leg, way.states] = densify(found.line, 60.0)
    return Figures(brief, lines)
