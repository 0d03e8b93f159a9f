"""Crossings of a recorded track, with the times at which it entered and left."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np

from overflight.route.crossing import crossings, states_entered
from overflight.route.geodesy import leg_km
from overflight.world.airspace import DE_FACTO, Airspace
from overflight.world.times import second_text
from overflight.world.track_file import Track

__all__ = ["cross_track"]


def cross_track(
    track: Track, airspace: Airspace, view: str = DE_FACTO, *, gap_s: float = 600.0, gap_km: float = 100.0
) -> dict[str, Any]:
    """The shape of ``cross --json``.

    Parameters
    ----------
    track : Track
    airspace : Airspace
    view : str
    gap_s, gap_km : float
        Two points further apart than one of these leave a hole in the record.
    """
    steps = leg_km(track.lonlat)
    flown = np.concatenate([[0.0], np.cumsum(steps)])
    holes = (np.diff(track.seconds) > gap_s) | (steps > gap_km)
    found = crossings(track.lonlat, airspace, view)
    entries = []
    for one in found:
        first = max(0, int(np.searchsorted(flown, one.entry_km, side="right")) - 1)
        last = min(len(steps), int(np.searchsorted(flown, one.exit_km, side="left")))
        entries.append(
            {
                "state": one.state,
                "over": one.over,
                "entry": _moment(float(np.interp(one.entry_km, flown, track.seconds))),
                "exit": _moment(float(np.interp(one.exit_km, flown, track.seconds))),
                "entry_point": [round(one.entry[0], 6), round(one.entry[1], 6)],
                "exit_point": [round(one.exit[0], 6), round(one.exit[1], 6)],
                "km": round(one.km, 3),
                "gap": bool(holes[first:last].any()),
                "disputed_by": list(one.disputed_by),
                "remarks": list(one.remarks),
            }
        )
    return {"states": list(states_entered(found)), "crossings": entries, "points": len(track.seconds)}


def _moment(seconds: float) -> str:
    return second_text(datetime.fromtimestamp(round(seconds), UTC))
