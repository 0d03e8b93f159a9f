"""The shortest permitted route: the shortest line on the ellipsoid that enters no refusing airspace.

Only the outlines of refusing states bend a route. Which way round is found among the corners of the
coarse outlines (:mod:`overflight.route.tangents`), the exact line in a tube about it on the fine ones
(:mod:`overflight.route.polyanya`); both walk a mesh that respects every border, so a line between two
refusing states that share a border does not exist, and no passage is lost to a grid.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from overflight.errors import InputError
from overflight.route.geodesy import densify, interpolate, length_km
from overflight.route.kernels import AXIS_KM, FLATTENING, reduced_km
from overflight.route.meshsearch import MeshSearch
from overflight.world import airspace as world_airspace
from overflight.world import mesh as world_mesh
from overflight.world.airspace import DE_FACTO, Airspace
from overflight.world.mesh import reduced_vectors

__all__ = ["Found", "PermittedRoute", "RouteFinder", "RouteOracle", "finder"]

F64 = NDArray[np.float64]

#: bends keep this distance from the outline they turn at, so that the route touches no refusing airspace
CLEARANCE_KM = 0.025
#: a line on simplified outlines is as long as one on the fine outlines within this factor and these km; the
#: greatest differences met in 1,493 random cases were 1.8 km (coarse) and 8.0 km (rough), docs/routes.md
COARSE, ROUGH = (1.0005, 5.0), (1.002, 20.0)
#: a geodesic leg may leave the plane arc that the search saw by this much before it is looked at again
BOW_KM = 0.010


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


class _Asked(NamedTuple):
    """One question: ends in degrees, refused faces, and the ends as vectors, each with its fine triangle."""

    origin: F64
    destination: F64
    refused: NDArray[np.bool_]
    p: F64
    t: int
    q: F64
    u: int


class RouteFinder:
    """Shortest permitted routes over one airspace, from one point of view.

    Parameters
    ----------
    airspace : Airspace
    rough : callable that gives a MeshSearch
    coarse, fine : MeshSearch
        Three levels of the mesh of `airspace.borders`: the coarse one says which way round, the fine one
        where exactly; the rough one, made when it is first needed, settles most questions of an enumeration.
    view : str
        "de-facto" or an alpha-3 (see ``Airspace.states``).
    """

    def __init__(
        self,
        airspace: Airspace,
        rough: Callable[[], MeshSearch],
        coarse: MeshSearch,
        fine: MeshSearch,
        view: str = DE_FACTO,
    ) -> None:
        self.coarse, self.fine = coarse, fine
        self._rough = rough
        self.face_state = airspace.states(view)
        self.states = frozenset(state for state in self.face_state if state)
        self._faces: dict[str, list[int]] = {}
        for face, state in enumerate(self.face_state):
            if state:
                self._faces.setdefault(state, []).append(face)

    def state_at(self, lonlat: ArrayLike) -> str | None:
        """Return the state whose airspace holds the point, None over the high seas."""
        return self.face_state[self.fine.face(self.fine.locate(_vector(lonlat)))]

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
        asked = self._asked(origin, destination, refuse)
        if self.fine.sees(asked.refused, asked.p, asked.t, asked.q):
            return self._flown(asked, np.array([asked.p, asked.q]), limit_km)
        ends = self._ends(self.coarse, asked)
        if ends is None:
            return self._exact(asked, None, limit_km)
        # corners of the coarse outline stand on the fine one, but its sides may hide a way that is shorter
        way, _ = self.coarse.way_round(asked.refused, *ends, _slack(limit_km, COARSE))
        return None if way is None else self._exact(asked, way.points, limit_km)

    def rough(
        self, origin: ArrayLike, destination: ArrayLike, refuse: Collection[str], limit_km: float
    ) -> tuple[PermittedRoute | None, frozenset[str] | None]:
        """Like :meth:`shortest`, but on simplified outlines wherever the limit is not at stake.

        Whether there is a route within the limit comes out the same; its line and length are those of
        outlines simplified to 10 or 2 km. For enumerations that ask some hundred times.

        Returns
        -------
        route : PermittedRoute or None
        blocking : frozenset of str, or None when it is not known
            With a route of None: the refusing states that matter for that answer.
        """
        asked = self._asked(origin, destination, refuse)
        blocking: frozenset[str] | None = None
        guide: F64 | None = None
        for mesh, tolerance in ((self._rough(), ROUGH), (self.coarse, COARSE)):
            ends = self._ends(mesh, asked)
            if ends is None:
                continue
            way, met = mesh.way_round(asked.refused, *ends, _slack(limit_km, tolerance))
            blocking = frozenset(self._named(np.flatnonzero(met).tolist()))
            if way is None:
                return None, blocking
            if _slack(way.km, tolerance) < limit_km:
                faces, _ = mesh.faces_under(way.clear, ends[1])
                return PermittedRoute(_lonlat(way.clear), way.km, self._named(faces)), blocking
            guide = way.points if mesh is self.coarse else None
        return self._exact(asked, guide, limit_km), blocking

    def _asked(self, origin: ArrayLike, destination: ArrayLike, refuse: Collection[str]) -> _Asked:
        """Locate the ends, whose own states permit, and mark the faces of the others that refuse."""
        p, q = _vector(origin), _vector(destination)
        t, u = self.fine.locate(p), self.fine.locate(q)
        ends = {self.face_state[self.fine.face(t)], self.face_state[self.fine.face(u)]}
        refused = np.zeros(len(self.face_state), np.bool_)
        for state in set(refuse) - ends:
            refused[self._faces[state]] = True
        return _Asked(
            np.asarray(origin, np.float64), np.asarray(destination, np.float64), refused, p, t, q, u
        )

    @staticmethod
    def _ends(mesh: MeshSearch, asked: _Asked) -> tuple[F64, int, F64, int] | None:
        """Ends on a simplified mesh; None so near a border that its outline has one on the wrong side."""
        t, u = mesh.locate(asked.p), mesh.locate(asked.q)
        wrong = asked.refused[[mesh.face(t), mesh.face(u)]].any()
        return None if wrong else (asked.p, t, asked.q, u)

    def _exact(self, asked: _Asked, near: F64 | None, limit_km: float) -> PermittedRoute | None:
        """Shortest route on the fine outlines; with `near`, the one that goes that way round."""
        exact_km = limit_km * (1 + 2e-5) + 0.1  # the search measures to a hundred-thousandth
        path = self.fine.shortest(asked.refused, asked.p, asked.t, asked.q, asked.u, exact_km, near)
        return None if path is None else self._flown(asked, path, limit_km)

    def _flown(self, asked: _Asked, path: F64, limit_km: float) -> PermittedRoute | None:
        """Make a route of a path of plane arcs, (K, 3); None when it is longer than the limit."""
        line = _lonlat(_cleared(path))
        line[0], line[-1] = asked.origin, asked.destination
        line, faces = self._flyable(line, asked.refused, asked.t)
        route_km = float(length_km(line))
        return None if route_km > limit_km else PermittedRoute(line, route_km, self._named(faces))

    def _named(self, faces: list[int]) -> tuple[str, ...]:
        seen = dict.fromkeys(self.face_state[f] for f in faces)
        return tuple(state for state in seen if state)

    def _flyable(self, line: F64, refused: NDArray[np.bool_], t: int) -> tuple[F64, list[int]]:
        """Make every geodesic leg keep to the arc that the search found free; also list the faces below.

        A geodesic is not a plane arc: on a long leg it bows aside by up to some kilometres. Where that would
        carry it into refusing airspace, points of the plane arc are put in.
        """
        points, out, faces = reduced_vectors(line), [line[:1]], []
        for i in range(len(line) - 1):
            leg, p, q = line[i : i + 2], points[i], points[i + 1]
            km, pieces = reduced_km(*p, *q), points[i : i + 2]
            parts = _parts(leg, p, q, km)
            if parts > 1:
                pieces = reduced_vectors(densify(leg, km / parts + 1e-6))
                under, _ = self.fine.faces_under(pieces, t)
                if refused[under].any():
                    pieces = _arc(p, q, np.linspace(0.0, 1.0, parts + 1)[:, None])
                    out.append(_lonlat(pieces[1:-1]))
            under, t = self.fine.faces_under(pieces, t)
            faces += under
            out.append(leg[1:])
        return np.vstack(out), faces


def _slack(km: float, tolerance: tuple[float, float]) -> float:
    """Longest that a line of so many km may prove to be on finer outlines, and the other way round."""
    factor, more_km = tolerance
    return km * factor + more_km


def _vector(lonlat: ArrayLike) -> F64:
    """Unit vector of reduced latitude, (3,), of a point in degrees."""
    return np.asarray(reduced_vectors(np.asarray(lonlat, np.float64).reshape(1, 2))[0])


def _parts(leg: F64, p: F64, q: F64, km: float) -> int:
    """Into how many parts to cut a geodesic leg so that none leaves its plane arc by more than BOW_KM."""
    if km < 100.0:
        return 1
    middle = reduced_vectors(interpolate(leg[0], leg[1], [km / 2]).reshape(-1, 2))[0]
    normal = np.cross(p, q)
    bow_km = abs(float(middle @ normal)) / float(np.linalg.norm(normal)) * AXIS_KM
    return 1 if bow_km <= BOW_KM else math.ceil(math.sqrt(bow_km / BOW_KM)) + 1


def _arc(p: F64, q: F64, f: F64) -> F64:
    """Points of the plane arc p-q at the fractions `f`, (N, 1), of its angle."""
    angle = math.acos(max(-1.0, min(1.0, float(p @ q))))
    return np.asarray((np.sin((1 - f) * angle) * p + np.sin(f * angle) * q) / math.sin(angle))


def _lonlat(xyz: F64) -> F64:
    """Degrees of unit vectors of reduced latitude."""
    lat = np.arctan2(xyz[:, 2], (1 - FLATTENING) * np.hypot(xyz[:, 0], xyz[:, 1]))
    return np.asarray(np.degrees(np.stack([np.arctan2(xyz[:, 1], xyz[:, 0]), lat], axis=1)))


def _cleared(points: F64) -> F64:
    """Move each bend a little to the outside of its turn, and drop bends that do not turn."""
    out = [points[0]]
    for i in range(1, len(points) - 1):
        before, here, after = points[i - 1], points[i], points[i + 1]
        come = here * float(here @ before) - before  # direction of travel on arrival, and below on departure
        go = after - here * float(here @ after)
        come, go = come / (np.linalg.norm(come) or 1.0), go / (np.linalg.norm(go) or 1.0)
        turn = float(here @ np.cross(come, go))
        if abs(turn) < 1e-9:
            continue
        aside = np.cross(come + go, here)  # to the right of the line
        aside *= math.copysign(CLEARANCE_KM / AXIS_KM, turn) / (np.linalg.norm(aside) or 1.0)
        moved = here + aside
        out.append(moved / np.linalg.norm(moved))
    out.append(points[-1])
    return np.array(out)


@lru_cache(maxsize=3)
def _mesh(level: str) -> MeshSearch:
    return MeshSearch(world_mesh.load(level))


@lru_cache(maxsize=4)
def finder(view: str = DE_FACTO) -> RouteFinder:
    """Return the route finder of the shipped world; it is made once for each view."""
    return RouteFinder(
        world_airspace.load(), partial(_mesh, "rough"), _mesh("coarse"), _mesh("fine"), view=view
    )


@dataclass(frozen=True)
class Found:
    """What the coalition engine needs of a route: whose consent it takes, and its length."""

    states: frozenset[str]
    km: float
    order: tuple[str, ...]


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
        self.blocking: frozenset[str] | None = None

    def _reachable(self) -> frozenset[str]:
        """States that some line within range can touch: a vertex of theirs lies in the range ellipse."""
        m, states = self.routes.coarse.mesh, self.routes.face_state
        p, q = _vector(self.origin), _vector(self.destination)
        # the sphere bounds the distance from below, give or take the flattening and the coarse outline
        arc = np.arccos(np.clip(m.xyz @ p, -1, 1)) + np.arccos(np.clip(m.xyz @ q, -1, 1))
        near = arc * AXIS_KM * (1 - FLATTENING) <= self.range_km + 30.0
        faces = np.unique(m.face[near[m.triangles].any(axis=1)])
        return frozenset(state for state in (states[f] for f in faces) if state)

    def route(self, refusing: Collection[str]) -> Found | None:
        """Find the shortest permitted route within range when `refusing` refuse."""
        found, self.blocking = self.routes.rough(
            self.origin, self.destination, set(refusing) & self.routes.states, self.range_km
        )
        return self._found(found)

    def exact(self, refusing: Collection[str]) -> Found | None:
        """Find the same route on the fine outlines, for its true length."""
        return self._found(
            self.routes.shortest(
                self.origin, self.destination, set(refusing) & self.routes.states, self.range_km
            )
        )

    def _found(self, route: PermittedRoute | None) -> Found | None:
        if route is None:
            return None
        order = tuple(state for state in route.states if state not in self.ends)
        return Found(frozenset(order), route.km, order)
