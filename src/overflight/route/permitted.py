"""The shortest permitted route: the shortest line on the ellipsoid that enters no refusing airspace.

Only the outlines of refusing states bend a route. The search runs any-angle over a mesh that respects every
border (:mod:`overflight.route.polyanya`), so a line between two refusing states that share a border does not
exist, and no passage is lost to a grid.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from overflight.errors import InputError
from overflight.route.geodesy import densify, interpolate, length_km
from overflight.route.meshwalk import joined, locate, pieces, pinches, reduced_km, walk
from overflight.route.polyanya import search
from overflight.world import airspace as world_airspace
from overflight.world import mesh as world_mesh
from overflight.world.airspace import DE_FACTO, Airspace
from overflight.world.mesh import Mesh, reduced_vectors

__all__ = ["PermittedRoute", "RouteFinder", "RouteOracle", "finder"]

F64 = NDArray[np.float64]

#: bends keep this distance from the outline they turn at, so that the route touches no refusing airspace
CLEARANCE_KM = 0.025
#: a geodesic leg may leave the plane arc that the search saw by this much before it is looked at again
BOW_KM = 0.010
_AXIS_KM = 6378.137


@dataclass(frozen=True)
class PermittedRoute:
    """A route that enters no refusing airspace.

    Attributes
    ----------
    line : (N, 2) float64
        Points in degrees, both ends included, joined by WGS-84 geodesics.
    km : float
        Its length.
    states : tuple of str
        States whose airspace it enters, in order of first entry, departure and arrival included.
    """

    line: F64
    km: float
    states: tuple[str, ...]


class RouteFinder:
    """Shortest permitted routes over one airspace, from one point of view.

    Parameters
    ----------
    airspace : Airspace
    mesh : Mesh
        Built from the borders of `airspace`.
    view : str
        "de-facto" or an alpha-3 (see ``Airspace.states``).
    """

    def __init__(self, airspace: Airspace, mesh: Mesh, view: str = DE_FACTO) -> None:
        self.mesh = mesh
        self.face_state = airspace.states(view)
        self.states = frozenset(state for state in self.face_state if state)
        self._faces: dict[str, list[int]] = {}
        for face, state in enumerate(self.face_state):
            if state:
                self._faces.setdefault(state, []).append(face)
        self._best_g = np.full(len(mesh.xyz), np.inf)
        self._piece, count = pieces(mesh.triangles, mesh.neighbours, mesh.face)
        self._pinch = pinches(mesh.triangles, mesh.neighbours, mesh.face, len(mesh.xyz))
        self._piece_face = np.zeros(count, np.int32)
        self._piece_face[self._piece] = mesh.face
        here = np.repeat(self._piece, 3).astype(np.int64)
        pairs = np.unique(here * count + self._piece[mesh.neighbours.ravel()])
        self._next_start = np.searchsorted(pairs // count, np.arange(count + 1)).astype(np.int32)
        self._next = (pairs % count).astype(np.int32)
        # one triangle in every few hundred, to start the walk to a point near by
        self._samples = np.arange(0, len(mesh.triangles), max(1, len(mesh.triangles) // 2000), dtype=np.int32)
        self._sample_xyz = mesh.xyz[mesh.triangles[self._samples, 0]]

    def locate(self, lonlat: ArrayLike) -> tuple[F64, int]:
        """Return the unit vector of reduced latitude of a point, and the mesh triangle that holds it."""
        point = reduced_vectors(np.asarray(lonlat, np.float64).reshape(1, 2))[0]
        hint = int(self._samples[np.argmax(self._sample_xyz @ point)])
        m = self.mesh
        return point, int(locate(m.xyz, m.triangles, m.neighbours, hint, point[0], point[1], point[2]))

    def state_at(self, lonlat: ArrayLike) -> str | None:
        """Return the state whose airspace holds the point, None over the high seas."""
        return self.face_state[self.mesh.face[self.locate(lonlat)[1]]]

    def shortest(
        self,
        origin: ArrayLike,
        destination: ArrayLike,
        refuse: Collection[str] = (),
        limit_km: float = math.inf,
    ) -> PermittedRoute | None:
        """Find the shortest route that stays out of the airspace of every state in `refuse`.

        The states of departure and arrival always permit, even where `refuse` names them.

        Parameters
        ----------
        origin, destination : (2,) degrees, [lon, lat]
        refuse : collection of str
            Alpha-3 codes.
        limit_km : float
            Range: longer routes do not count.

        Returns
        -------
        PermittedRoute or None
            None when no permitted route is within the limit.

        Raises
        ------
        InputError
            When `refuse` names a state that holds no airspace.
        """
        unknown = sorted(set(refuse) - self.states)
        if unknown:
            raise InputError(
                f"no airspace of {', '.join(unknown)} is known", mend="name states by alpha-3, such as KAZ"
            )
        m = self.mesh
        (start, t_start), (goal, t_goal) = self.locate(origin), self.locate(destination)
        ends = {self.face_state[m.face[t_start]], self.face_state[m.face[t_goal]]}
        refused = np.zeros(len(self.face_state), np.bool_)
        for state in set(refuse) - ends:
            refused[self._faces[state]] = True
        if not joined(
            self._next_start, self._next, refused[self._piece_face], self._piece[t_start], self._piece[t_goal]
        ):
            return None
        slack_km = limit_km * (1 + 2e-5) + 0.1
        km, bends, _ = search(
            m.xyz, m.triangles, m.neighbours, m.face, refused, self._pinch, self._best_g,
            start, t_start, goal, t_goal, slack_km,
        )  # fmt: skip
        if math.isinf(km):
            return None
        line = _lonlat(_cleared(np.vstack([start, m.xyz[bends], goal])))
        line[0], line[-1] = np.asarray(origin, np.float64), np.asarray(destination, np.float64)
        line, faces = self._flyable(line, refused, t_start)
        route_km = float(length_km(line))
        if route_km > limit_km:
            return None
        seen = dict.fromkeys(self.face_state[f] for f in faces)
        return PermittedRoute(line, route_km, tuple(state for state in seen if state))

    def _faces_under(self, line: F64, t: int) -> tuple[list[int], int]:
        """Faces under the plane arcs of a line from triangle `t` on, in order, and the last triangle."""
        m, faces = self.mesh, [int(self.mesh.face[t])]
        points = reduced_vectors(line)
        for p, q in pairwise(points):
            triangles = walk(m.xyz, m.triangles, m.neighbours, t, p, q)
            t = int(triangles[-1])
            under = m.face[triangles]
            faces += under[np.flatnonzero(np.diff(under, prepend=faces[-1]))].tolist()
        return faces, t

    def _flyable(self, line: F64, refused: NDArray[np.bool_], t: int) -> tuple[F64, list[int]]:
        """Make every geodesic leg keep to the arc that the search found free; also list the faces below.

        A geodesic is not a plane arc: on a long leg it bows aside by up to some kilometres. Where that would
        carry it into refusing airspace, points of the plane arc are put in.
        """
        points, out, faces = reduced_vectors(line), [line[:1]], []
        for i in range(len(line) - 1):
            leg = line[i : i + 2]
            km = reduced_km(*points[i], *points[i + 1])
            pieces = leg
            if km > 100.0:
                middle = points[i] + points[i + 1]
                middle /= np.linalg.norm(middle)
                true = reduced_vectors(interpolate(leg[0], leg[1], [km / 2]).reshape(-1, 2))[0]
                normal = np.cross(points[i], points[i + 1])
                bow_km = abs(float(true @ normal)) / float(np.linalg.norm(normal)) * _AXIS_KM
                if bow_km > BOW_KM:
                    parts = math.ceil(math.sqrt(bow_km / BOW_KM)) + 1
                    pieces = densify(leg, km / parts + 1e-6)
                    under, _ = self._faces_under(pieces, t)
                    if refused[under].any():
                        f = np.linspace(0.0, 1.0, parts + 1)[:, None]
                        pieces = _lonlat(_arc(points[i], points[i + 1], f))
                        pieces[0], pieces[-1] = leg
                        out.append(pieces[1:-1])
            under, t = self._faces_under(pieces, t)
            faces += under
            out.append(line[i + 1 : i + 2])
        return np.vstack(out), faces


def _arc(p: F64, q: F64, f: F64) -> F64:
    """Points of the plane arc p-q at the fractions `f`, (N, 1), of its angle."""
    angle = math.acos(max(-1.0, min(1.0, float(p @ q))))
    return np.asarray((np.sin((1 - f) * angle) * p + np.sin(f * angle) * q) / math.sin(angle))


def _lonlat(xyz: F64) -> F64:
    """Degrees of unit vectors of reduced latitude."""
    ratio = 1 - 1 / 298.257223563  # b / a
    lat = np.arctan2(xyz[:, 2], ratio * np.hypot(xyz[:, 0], xyz[:, 1]))
    return np.degrees(np.stack([np.arctan2(xyz[:, 1], xyz[:, 0]), lat], axis=1))


def _cleared(points: F64) -> F64:
    """Move each bend a little to the outside of its turn, and drop bends that do not turn."""
    out = [points[0]]
    for i in range(1, len(points) - 1):
        before, here, after = out[-1], points[i], points[i + 1]
        come = here * float(here @ before) - before  # direction of travel on arrival, and below on departure
        go = after - here * float(here @ after)
        come, go = come / (np.linalg.norm(come) or 1.0), go / (np.linalg.norm(go) or 1.0)
        turn = float(here @ np.cross(come, go))
        if abs(turn) < 1e-9:
            continue
        aside = np.cross(come + go, here)  # to the right of the line
        aside *= math.copysign(CLEARANCE_KM / _AXIS_KM, turn) / (np.linalg.norm(aside) or 1.0)
        moved = here + aside
        out.append(moved / np.linalg.norm(moved))
    out.append(points[-1])
    return np.array(out)


@lru_cache(maxsize=4)
def finder(view: str = DE_FACTO) -> RouteFinder:
    """Return the route finder of the shipped world; it is made once for each view."""
    return RouteFinder(world_airspace.load(), world_mesh.load(), view)


@dataclass(frozen=True)
class Found:
    """What the coalition engine needs of a route: the states whose consent it takes, and its length."""

    states: frozenset[str]
    km: float


class RouteOracle:
    """Answers "is there a permitted route within range" for one flight, whoever refuses.

    Parameters
    ----------
    routes : RouteFinder
    origin, destination : (2,) degrees
    range_km : float
    """

    def __init__(
        self, routes: RouteFinder, origin: ArrayLike, destination: ArrayLike, range_km: float
    ) -> None:
        self.routes, self.range_km = routes, range_km
        self.origin, self.destination = np.asarray(origin, float), np.asarray(destination, float)
        self.ends = frozenset(
            state for state in (routes.state_at(origin), routes.state_at(destination)) if state
        )
        self.candidates = self._reachable() - self.ends

    def _reachable(self) -> frozenset[str]:
        """States that some line within range can touch: a vertex of theirs lies in the range ellipse."""
        m, states = self.routes.mesh, self.routes.face_state
        near = np.zeros(len(m.xyz), np.bool_)
        (p, _), (q, _) = self.routes.locate(self.origin), self.routes.locate(self.destination)
        # chord lengths on the sphere bound the distance from below, give or take the flattening
        arc = np.arccos(np.clip(m.xyz @ p, -1, 1)) + np.arccos(np.clip(m.xyz @ q, -1, 1))
        near[:] = arc * _AXIS_KM * (1 - 1 / 298.257223563) <= self.range_km + 30.0
        faces = np.unique(m.face[near[m.triangles].any(axis=1)])
        return frozenset(state for state in (states[f] for f in faces) if state)

    def route(self, refusing: Collection[str]) -> Found | None:
        """Find the shortest permitted route within range when `refusing` refuse."""
        found = self.routes.shortest(
            self.origin, self.destination, set(refusing) & self.routes.states, self.range_km
        )
        return None if found is None else Found(frozenset(found.states) - self.ends, found.km)
