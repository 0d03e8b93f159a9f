"""How likely each state is to be overflown, given that nobody flies the great circle.

An ensemble of plausible routes stands around the ideal line: each bends away from it to the side by a few
smooth waves, as a Brownian bridge does, and all together are as much longer than the line as flights in fact
are. The share of them that enters a state is its likelihood. The same seed gives the same routes everywhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from overflight.errors import InputError
from overflight.route.cuts import Stretches, cross_vectors
from overflight.route.geodesy import Floats, along, length_km, line_of, lonlat_of
from overflight.route.index import Borders, borders_of
from overflight.route.kernels import compiled, lambert_km, radius_km
from overflight.world.airspace import DE_FACTO, Airspace, unit_vectors

__all__ = ["EXTENSION", "MEMBERS", "SEED", "Ensemble", "Share", "likelihood"]

#: Mean extension over the ideal line. Flights in Europe were 47.6 km longer than direct on average in 2009
#: (Performance Review Commission, as quoted in IJTTE 1(3), 2011), near 5 % of a flight of 1,000 km; 393,360
#: flights worldwide 7.6 % including the terminal areas, short ones more and long ones less ("The magnitude of
#: detours faced by commercial flights", 2019, TRID 1643592). 4 % is a planner's middle for a long leg.
EXTENSION = 0.04
MEMBERS = 1000
SEED = 1944

_WAVES = 6  # no bend shorter than a sixth of the way
_STATIONS = 129  # points on each member
# Where states refuse: how often the deviation is halved, after how many draws (in multiples of the members
# wanted), and at once when fewer than this share of a draw keep out.
_HALVINGS, _DRAWS, _RARE = 4, 4, 0.05


@dataclass(frozen=True, slots=True)
class Share:
    """How much of the ensemble enters a state.

    Attributes
    ----------
    state : str
    share : float
        From 0 to 1.
    standard_error : float
        Of the share, from the number of members alone; never 0 (rule of succession).
    """

    state: str
    share: float
    standard_error: float


@dataclass(frozen=True, eq=False)
class Ensemble:
    """Plausible routes around a line, and what they enter.

    Attributes
    ----------
    shares : tuple of Share
        Likeliest first; states that no member enters are left out.
    line : ndarray, shape (129, 2)
        Stations on the ideal line, [longitude, latitude].
    members : ndarray, shape (N, 129, 2)
        The routes, abreast of these stations.
    offset_km : ndarray, shape (N, 129)
        How far each lies to the left of the line.
    extension : float
        Mean extension of the members over the line.
    drawn : int
        Routes drawn to find the members; more than N only where states refuse.
    """

    shares: tuple[Share, ...]
    line: Floats
    members: Floats
    offset_km: Floats
    extension: float
    drawn: int

    def band(self, share: float) -> Floats:
        """Outline of the middle part of the ensemble: abreast of each station, that share of the members.

        Parameters
        ----------
        share : float
            0.5 for the middle half.

        Returns
        -------
        ndarray, shape (2 * 129, 2)
            A ring, counter-clockwise, not closed, longitude from -180 to 180: out on the right of the line,
            back on its left.
        """
        if not 0.0 < share < 1.0:
            raise InputError(
                "a band holds part of the routes", where="share", mend="give a number between 0 and 1"
            )
        if len(self.members) == 0:
            return np.concatenate((self.line, self.line[::-1]))
        low, high = np.quantile(self.offset_km, [(1.0 - share) / 2.0, (1.0 + share) / 2.0], axis=0)
        vectors, aside = _frame(self.line)
        right = _displaced(vectors, aside, low[None])[0]
        left = _displaced(vectors, aside, high[None])[0]
        return lonlat_of(np.concatenate((right, left[::-1])))


def likelihood(
    line: ArrayLike,
    airspace: Airspace,
    *,
    refused: Iterable[str] = (),
    view: str = DE_FACTO,
    members: int = MEMBERS,
    extension: float = EXTENSION,
    seed: int = SEED,
) -> Ensemble:
    """Share of an ensemble of plausible routes that enters each state.

    Parameters
    ----------
    line : array_like, shape (K, 2)
        The ideal line: departure and arrival, or the corners of the shortest permitted route.
    airspace : Airspace
    refused : iterable of str
        States that no member may enter. Departure and arrival always permit. A member that enters one is
        drawn again; where so little room is left that this rarely succeeds, the deviation is halved, up to
        four times. Give the permitted route as `line` then: a line through refused airspace is no guide.
    view : str
    members : int
        How many routes.
    extension : float
        Mean extension over the line to calibrate to, before any refusal.
    seed : int

    Returns
    -------
    Ensemble
        With fewer members than asked for, or none, where refusing states leave hardly any room.
    """
    if not (1 <= members <= 100_000 and 0.0 < extension <= 0.25):
        raise InputError(
            "no such ensemble",
            where="likelihood",
            mend="ask for 1 to 100,000 members and an extension up to 0.25",
        )
    corners = line_of(line)
    whole = length_km(corners)
    stations = along(corners, np.linspace(0.0, whole, _STATIONS))
    vectors, aside = _frame(stations)
    borders = borders_of(airspace.borders)
    granted = airspace.states(view)
    at_home = {granted[face] for face in borders.locate_vectors(vectors[[0, -1]])}
    closed = np.array([state in set(refused) - at_home for state in granted])

    shape = np.sin(np.pi * np.outer(np.arange(1, _WAVES + 1), np.linspace(0.0, 1.0, _STATIONS)))
    shape /= np.arange(1, _WAVES + 1)[:, None]
    noise = np.random.Philox(key=seed)
    offsets = _normal(noise, members) @ shape
    scale = _calibrated(vectors, aside, offsets, whole, extension)

    kept: list[tuple[Floats, Floats, Floats, NDArray[np.bool_]]] = []
    count = drawn = draws = 0
    halvings = _HALVINGS if closed.any() else 0
    while True:
        routes = _displaced(vectors, aside, scale * offsets)
        lengths = np.empty(routes.shape[:2])
        _flown(routes, lengths)
        entered = _entered(routes, lengths, borders, len(granted))
        good = np.flatnonzero(~entered[:, closed].any(axis=1))[: members - count]
        kept.append((routes[good], scale * offsets[good], lengths[good, -1], entered[good]))
        count += len(good)
        # Draws after the last one that was needed do not count.
        drawn += int(good[-1]) + 1 if count == members else members
        draws += 1
        if count == members:
            break
        if draws == _DRAWS or len(good) < _RARE * members:
            if halvings == 0:
                break
            halvings -= 1
            draws = 0
            scale *= 0.5
        offsets = _normal(noise, members) @ shape

    offset = np.concatenate([k[1] for k in kept])
    flown = np.concatenate([k[2] for k in kept])
    return Ensemble(
        shares=_shares(np.concatenate([k[3] for k in kept]), granted),
        line=stations,
        members=lonlat_of(np.concatenate([k[0] for k in kept])),
        offset_km=offset,
        extension=float(flown.mean() / whole - 1.0) if count and whole > 0.0 else 0.0,
        drawn=drawn,
    )


def _shares(entered: NDArray[np.bool_], granted: tuple[str | None, ...]) -> tuple[Share, ...]:
    states = sorted({state for state in granted if state is not None})
    count = len(entered)
    out = []
    for state in states:
        faces = [face for face, owner in enumerate(granted) if owner == state]
        hits = int(entered[:, faces].any(axis=1).sum())
        if hits:
            even = (hits + 1) / (count + 2)
            out.append(Share(state, hits / count, float(np.sqrt(even * (1.0 - even) / count))))
    return tuple(sorted(out, key=lambda s: (-s.share, s.state)))


def _normal(noise: np.random.Philox, members: int) -> Floats:
    """Standard normal numbers, shape (members, waves), from raw bits: no version of NumPy changes them."""
    raw = np.asarray(noise.random_raw(2 * members * _WAVES), dtype=np.uint64)
    uniform = ((raw >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53
    first, second = uniform.reshape(2, members, _WAVES)
    return np.asarray(np.sqrt(-2.0 * np.log(first)) * np.cos(2.0 * np.pi * second))


def _frame(stations: Floats) -> tuple[Floats, Floats]:
    """Unit vectors of the stations, and of the direction to the left of the line there."""
    vectors = unit_vectors(stations)
    ahead = np.gradient(vectors, axis=0)
    aside = np.cross(vectors, ahead)
    size = np.linalg.norm(aside, axis=1, keepdims=True)
    return vectors, np.divide(aside, size, out=np.zeros_like(aside), where=size > 0.0)


def _displaced(vectors: Floats, aside: Floats, offset_km: Floats) -> Floats:
    """Move the stations to the left: shape (N, stations, 3)."""
    out = np.empty((*offset_km.shape, 3))
    _displace(vectors, aside, offset_km, out)
    return out


@compiled
def _displace(vectors: Floats, aside: Floats, offset_km: Floats, out: Floats) -> None:
    for member in range(len(offset_km)):
        for i in range(len(vectors)):
            angle = offset_km[member, i] / radius_km(vectors[i, 2])
            cosine, sine = np.cos(angle), np.sin(angle)
            for axis in range(3):
                out[member, i, axis] = cosine * vectors[i, axis] + sine * aside[i, axis]


@compiled
def _flown(routes: Floats, lengths: Floats) -> None:
    """Distance flown at every station of every route."""
    for member in range(len(routes)):
        total = 0.0
        lengths[member, 0] = 0.0
        r = routes[member]
        for i in range(1, len(r)):
            total += lambert_km(r[i - 1, 0], r[i - 1, 1], r[i - 1, 2], r[i, 0], r[i, 1], r[i, 2])
            lengths[member, i] = total


def _calibrated(vectors: Floats, aside: Floats, offsets: Floats, whole: float, extension: float) -> float:
    """Kilometres per unit of offset that make the routes as much longer than the line as wanted."""
    if whole == 0.0:
        return 0.0
    lengths = np.empty(offsets.shape)

    def mean(scale: float) -> float:
        _flown(_displaced(vectors, aside, scale * offsets), lengths)
        return float(lengths[:, -1].mean() / whole - 1.0)

    # For small bends the extension grows with the square of their size: (k pi a / 2 L)² for each wave.
    scale = 2.0 * whole / np.pi * np.sqrt(extension / _WAVES)
    for _ in range(12):
        found = mean(scale)
        if abs(found - extension) < 1e-6:
            break
        scale *= np.sqrt(extension / found)
    return float(scale)


def _entered(routes: Floats, lengths: Floats, borders: Borders, faces: int) -> NDArray[np.bool_]:
    """Which member enters which face: shape (N, faces)."""
    members, points = lengths.shape
    starts = np.arange(0, members * points + 1, points, dtype=np.int64)
    cut: Stretches = cross_vectors(routes.reshape(-1, 3), lengths.reshape(-1), starts, borders)
    out = np.zeros((members, faces), dtype=bool)
    out[cut.line, cut.face] = True
    return out
