"""Where a case meets the earth: the ways of a plan, searched once and kept with its event."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Protocol

from overflight.case.life.facts import leg_names
from overflight.case.life.ways import Entry, LegWays, Way, Ways
from overflight.errors import InputError
from overflight.world.flight import Flight, Leg

__all__ = ["MAX_CALLS", "Earth", "Geography"]

#: Route searches for one leg; an answer cut short says so, and is searched again when a state refuses.
MAX_CALLS = 1500
_MAX_SIZE = 6
_MAX_WAYS = 400  # ways whose entry times are worked out, the shortest first


class Geography(Protocol):
    """Whoever knows the ways of a flight."""

    def ways(self, flight: Flight, refused: Collection[str] = ()) -> Ways:
        """The ways of every leg that `refused` leave."""
        ...

    def entered(self, track: str) -> tuple[str, ...]:
        """The states that a recorded track entered, in order."""
        ...


class Earth:
    """The shipped borders and routes, loaded when they are first needed.

    Parameters
    ----------
    view : str
        "de-facto", or whose claims are taken as territory.
    """

    def __init__(self, view: str = "de-facto") -> None:
        self.view = view

    def ways(self, flight: Flight, refused: Collection[str] = ()) -> Ways:
        """The ways of every leg within the range of the aircraft.

        Raises
        ------
        InputError
            No speed or range is known for the aircraft.
        """
        last = len(flight.legs) - 1
        return Ways(
            tuple(
                self._leg(flight, leg, name, tuple(refused), number == last)
                for number, (name, leg) in enumerate(zip(leg_names(flight), flight.legs, strict=True))
            )
        )

    def _leg(self, flight: Flight, leg: Leg, name: str, refused: tuple[str, ...], last: bool) -> LegWays:
        import numpy as np

        from overflight.case.life.measured import MeasuringOracle
        from overflight.coalition import coalitions
        from overflight.route.crossing import crossings, states_entered, timed
        from overflight.route.geodesy import distance_km
        from overflight.route.permitted import finder
        from overflight.route.range import range_verdict
        from overflight.world import airspace as world_airspace
        from overflight.world.aircraft import aircraft

        kind = aircraft(flight.aircraft.type)
        airspace, routes = world_airspace.load(), finder(self.view)
        ends = np.array([leg.origin.lonlat, leg.destination.lonlat])
        length = float(distance_km(ends[0], ends[1]))
        low, high = range_verdict(
            kind, length, payload_t=flight.aircraft.payload_t, range_km=flight.aircraft.range_km
        ).still_air_range_km
        reach = (low + high) / 2
        given = flight.aircraft.speed_kmh
        speed = (given, given) if given is not None else kind.cruise_kmh
        if speed is None:
            raise InputError(
                f"no speed is held for {kind.designator}", where="flight, aircraft", mend="give speed_kmh"
            )
        window = leg.departs.earliest, leg.departs.latest

        def entries(line: object, keep: Collection[str] | None = None) -> tuple[Entry, ...]:
            found = crossings(line, airspace, self.view)  # type: ignore[arg-type]
            out: dict[str, Entry] = {}
            for crossing, times in zip(found, timed(found, window, speed), strict=True):
                state = crossing.state
                if state is not None and (keep is None or state in keep):
                    out.setdefault(state, Entry(state, *times.entry))
            return tuple(out.values())

        oracle = MeasuringOracle(routes, ends[0], ends[1], reach)
        gone = frozenset(refused) - oracle.ends
        found = coalitions(oracle, refused=gone, max_size=_MAX_SIZE, max_calls=MAX_CALLS)
        ways: list[Way] = []
        for corridor in sorted(found.corridors, key=lambda one: one.km):
            order, km = corridor.order, corridor.km
            times: tuple[Entry, ...] = ()
            if len(ways) < _MAX_WAYS:
                exact = oracle.line(frozenset(corridor.states))
                if exact is not None:
                    order = tuple(state for state in exact.states if state in corridor.states)
                    km, times = exact.km, entries(exact.line, corridor.states)
            ways.append(Way(order, round(km, 3), times))
        line = entries(ends)
        return LegWays(
            leg=name,
            always=tuple(sorted(oracle.ends)),
            line=states_entered(crossings(ends, airspace, self.view)),
            entries=line,
            departs=leg.departs.earliest,
            range_km=round(reach, 3),
            ways=tuple(sorted(ways, key=lambda way: way.km)),
            coalitions=found.coalitions,
            complete=found.complete,
            why_incomplete=found.why_incomplete or "",
            closed=found.closed,
            out_of_range=found.out_of_range,
            refused=found.refused,
            lands="" if last else leg.destination.state,
        )

    def entered(self, track: str) -> tuple[str, ...]:
        """The states that a recorded track (a file of ``overflight cross``) entered, in order."""
        from overflight.case.tracks import cross_track
        from overflight.world import airspace as world_airspace
        from overflight.world.track_file import read_track

        return tuple(cross_track(read_track(Path(track)), world_airspace.load(), self.view)["states"])
