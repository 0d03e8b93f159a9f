"""Sovereign airspace of every state: who grants permission where, as one partition of the sphere.

The shipped file holds two coverages. `borders` parts the sphere into faces: the airspaces of states and
territories (land, internal and archipelagic waters, territorial sea), disputed areas with who administers and
who claims them, belts that a state claims beyond the lawful breadth, Antarctica, and the rest, which is high
seas. `land` parts it into water and land. Every border is stored once and is shared by both neighbours.

An edge runs between two neighbouring vertices along the plane through the earth's centre (a great ellipse).
Edges are at most about 25 km long.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from overflight.errors import DataError, UnknownCodeError
from overflight.world.airspace_codec import GRID_PER_DEGREE, Arcs, decode

__all__ = [
    "DE_FACTO",
    "Airspace",
    "Coverage",
    "Face",
    "Regime",
    "load",
    "read",
    "unit_vectors",
]

DE_FACTO = "de-facto"
"""The default view: whoever administers an area grants permission there."""

_FLATTENING = 1 / 298.257223563  # WGS-84 (NGA.STND.0036)
_POLAR_FACTOR = (1 - _FLATTENING) ** 2  # 1 - e²


@dataclass(frozen=True, slots=True)
class Face:
    """One area of the partition.

    Attributes
    ----------
    state : str or None
        ISO alpha-3 of the state that grants permission in the default view (the administering state);
        None where nobody does (high seas, Antarctica, a claimed belt beyond the lawful breadth).
    territory : str
        ISO alpha-3 of the territory, or a short id of a disputed area or claim ("Crimea", "PER-claim").
    name : str
        English name for people.
    kind : str
        "sovereign", "claim", "antarctica" or "high seas".
    disputed_by : tuple of str
        Claimants other than `state`; empty when undisputed.
    source : str
        Where outline and standing come from.
    """

    state: str | None
    territory: str
    name: str
    kind: str
    disputed_by: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Coverage:
    """A partition of the sphere into faces; face 0 is the outside (high seas, or water).

    Attributes
    ----------
    lonlat : (V, 2) float64
        Vertices, degrees WGS-84, longitude in [-180, 180).
    level : (V,) uint8
        0 = also kept in the coarse (2 km) outline, 1 = fine only.
    arc_start : (A + 1,) int32
        Offsets into `arc_vertex`.
    arc_vertex : (S,) int32
        Vertex numbers; neighbours within an arc are border edges. Closed arcs repeat their first vertex.
    arc_left, arc_right : (A,) int32
        Face left and right of the direction of travel, seen from above.
    """

    lonlat: NDArray[np.float64]
    level: NDArray[np.uint8]
    arc_start: NDArray[np.int32]
    arc_vertex: NDArray[np.int32]
    arc_left: NDArray[np.int32]
    arc_right: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Regime:
    """A water with rules of its own; a crossing there carries the remark.

    Attributes
    ----------
    name, kind, remark : str
        `kind` is "inland sea", "transit passage", "archipelagic sea lane", "treaty strait" or "strait".
    lonlat : (N, 2) float64
        Hand-drawn ring around the water, degrees, counter-clockwise, closed.
    source : str
    verified : bool
        Whether the legal statement was checked against a source at hand.
    """

    name: str
    kind: str
    remark: str
    lonlat: NDArray[np.float64]
    source: str
    verified: bool


@dataclass(frozen=True)
class Airspace:
    """Everything the shipped file knows about whose sky is where."""

    faces: tuple[Face, ...]
    borders: Coverage
    land: Coverage
    regimes: tuple[Regime, ...]

    def states(self, view: str = DE_FACTO) -> tuple[str | None, ...]:
        """Say for each face which state grants permission, from one point of view.

        Parameters
        ----------
        view : str
            "de-facto" (who administers), or an alpha-3 whose own claims are then taken as its territory.

        Returns
        -------
        tuple of (str or None), one per face

        Raises
        ------
        UnknownCodeError
            When `view` is neither "de-facto" nor a state that holds or claims any airspace.
        """
        if view == DE_FACTO:
            return tuple(face.state for face in self.faces)
        known = {face.state for face in self.faces}.union(*(face.disputed_by for face in self.faces))
        if view not in known:
            raise UnknownCodeError(
                f"unknown point of view {view!r}",
                where="view",
                mend=f"use {DE_FACTO!r} or a state's alpha-3 code such as 'IND'",
            )
        return tuple(view if view in face.disputed_by else face.state for face in self.faces)


def unit_vectors(lonlat: ArrayLike) -> NDArray[np.float64]:
    """Directions from the earth's centre to points on the WGS-84 ellipsoid.

    Parameters
    ----------
    lonlat : (N, 2) array_like
        Geodetic longitude and latitude, degrees.

    Returns
    -------
    (N, 3) float64
        Unit vectors of the geocentric direction: tan(phi_c) = (1 - e²) tan(phi).
    """
    degrees = np.asarray(lonlat, np.float64)
    lon, lat = np.radians(degrees[..., 0]), np.radians(degrees[..., 1])
    x, z = np.cos(lat), _POLAR_FACTOR * np.sin(lat)
    scale = 1.0 / np.hypot(x, z)
    return np.stack([np.cos(lon) * x * scale, np.sin(lon) * x * scale, z * scale], axis=-1)


def _coverage(arcs: Arcs) -> Coverage:
    return Coverage(
        lonlat=arcs.vertex / GRID_PER_DEGREE,
        level=arcs.level,
        arc_start=arcs.start.astype(np.int32),
        arc_vertex=arcs.sequence.astype(np.int32),
        arc_left=arcs.left.astype(np.int32),
        arc_right=arcs.right.astype(np.int32),
    )


def _face(row: dict[str, Any]) -> Face:
    return Face(
        row["state"], row["territory"], row["name"], row["kind"], tuple(row["disputed_by"]), row["source"]
    )


def _regimes(text: str) -> tuple[Regime, ...]:
    return tuple(
        Regime(
            name=row["name"],
            kind=row["kind"],
            remark=row["remark"],
            lonlat=np.asarray(row["ring"], np.float64),
            source=row["source"],
            verified=row["verified"],
        )
        for row in json.loads(text)["regimes"]
    )


def read(raw: bytes, regimes: str, where: str) -> Airspace:
    """Build an `Airspace` from the bytes of an airspace file and the text of a regimes file.

    Raises
    ------
    DataError
        When the file is damaged or of another version.
    """
    head, coverages = decode(raw, where)
    return Airspace(
        faces=tuple(_face(row) for row in head["faces"]),
        borders=_coverage(coverages["borders"]),
        land=_coverage(coverages["land"]),
        regimes=_regimes(regimes),
    )


@lru_cache(maxsize=1)
def load() -> Airspace:
    """Read the airspace file that ships with the package; the second call is free.

    Raises
    ------
    DataError
        When the file is missing or damaged.
    """
    folder = files("overflight.world") / "data"
    try:
        raw = (folder / "airspace.bin").read_bytes()
        regimes = (folder / "regimes.json").read_text(encoding="utf-8")
    except OSError as error:
        raise DataError(
            "the airspace file is missing",
            where=str(error.filename or folder),
            mend="reinstall overflight, or build it with tools/build_world.py",
        ) from error
    return read(raw, regimes, "airspace.bin")
