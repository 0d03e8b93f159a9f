"""What a brief says, as frozen data: terminal, page, JSON and map files are drawn from this alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from overflight.case.question import Answer
from overflight.law import Advice
from overflight.meetings import Beside
from overflight.route.crossing import Crossing, Times
from overflight.route.range import RangeVerdict
from overflight.screening.match import Screening
from overflight.world.flight import Flight, Leg

__all__ = [
    "Alternative",
    "Brief",
    "Caution",
    "Closure",
    "Counsel",
    "Direct",
    "Forgotten",
    "LegBrief",
    "Passage",
    "SourceNote",
    "StateView",
]


@dataclass(frozen=True, slots=True)
class Passage:
    """One crossing of the great circle, with its times.

    `number` is printed beside the entry point on the map; None where nobody's permission is needed, at
    departure, and on a short return into a state that has a number already.
    """

    number: int | None
    crossing: Crossing
    times: Times
    hours: tuple[float, float]


@dataclass(frozen=True, slots=True)
class StateView:
    """One state's part in a leg.

    Attributes
    ----------
    state, name : str
    on_line : bool
        Whether the great circle enters it.
    km : float
        Distance flown there on the great circle.
    share, share_error : float
        Share of the plausible routes that enter it, and its standard error.
    into_km : float
        Smallest detour that takes the flight into its airspace; 0 when the great circle does.
    around_km : float or None
        Smallest detour that keeps out of it; None where there is none within range. 0 off the line.
    standing : str
        "permits" (departure or arrival), "asked", "refused", "unwilling" or "".
    """

    state: str
    name: str
    on_line: bool
    km: float
    share: float
    share_error: float
    into_km: float
    around_km: float | None
    standing: str


@dataclass(frozen=True, slots=True)
class Alternative:
    """The shortest permitted route that remains when some states refuse."""

    label: str
    refusing: tuple[str, ...]
    why: str
    km: float
    extra_km: float
    states: tuple[str, ...]
    line: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Forgotten:
    """A state off the great circle, or never asked, that the flight may come to need.

    `rank` is 0 on the great circle, 1 where plausible routes go, 2 on a way that refusals would leave open.
    """

    state: str
    name: str
    rank: int
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counsel:
    """What one state may, must or is asked to do about a leg on the day of entry.

    `over` is where the great circle is in law while it is in the state's airspace, `on_line` whether it is
    there at all; off the line the state is asked as for its land.
    """

    state: str
    name: str
    on_line: bool
    over: str
    advice: Advice


@dataclass(frozen=True, slots=True)
class Caution:
    """Something to know before acting on the brief; `about` says which part it touches."""

    kind: str
    about: str
    text: str


@dataclass(frozen=True, slots=True)
class SourceNote:
    """Where a fact of the brief comes from."""

    key: str
    title: str
    date: str
    licence: str
    verified: bool


@dataclass(frozen=True, eq=False)
class LegBrief:
    """Everything about one leg."""

    leg: Leg
    distance_km: float
    line: NDArray[np.float64]
    ensemble: NDArray[np.float64]
    extension: float
    verdict: RangeVerdict
    speed_kmh: tuple[float, float]
    passages: tuple[Passage, ...]
    states: tuple[StateView, ...]
    answer: Answer
    alternatives: tuple[Alternative, ...]
    forgotten: tuple[Forgotten, ...]
    law: tuple[Counsel, ...]

    @property
    def on_line(self) -> tuple[StateView, ...]:
        """States of the great circle in order of flight."""
        return tuple(view for view in self.states if view.on_line)


@dataclass(frozen=True, slots=True)
class Closure:
    """What stops the whole flight: a refusal that closes any one leg, or the landing between two.

    `complete` is False when the search on some leg was cut short.
    """

    coalitions: tuple[tuple[str, ...], ...]
    grounds: tuple[str, ...]
    complete: bool


@dataclass(frozen=True, eq=False)
class Direct:
    """The same journey without its stops."""

    verdict: RangeVerdict
    distance_km: float
    states: tuple[str, ...]
    answer: Answer
    new_states: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Brief:
    """One planned flight, briefed. `screening` is None where the desk has imported no list."""

    flight: Flight
    operator: str
    aircraft: str
    view: str
    legs: tuple[LegBrief, ...]
    beside: Beside
    screening: Screening | None
    closure: Closure
    direct: Direct | None
    warnings: tuple[Caution, ...]
    grounds: tuple[str, ...]
    sources: tuple[SourceNote, ...]

    @property
    def forgotten(self) -> tuple[tuple[int, Forgotten], ...]:
        """The forgotten states of all legs with the number of the leg, those on the great circle first."""
        found = [(leg.leg.number, one) for leg in self.legs for one in leg.forgotten]
        return tuple(sorted(found, key=lambda item: item[1].rank))
