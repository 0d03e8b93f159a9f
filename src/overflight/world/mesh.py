"""The route mesh: triangles over the whole sphere that respect every border of the airspace file.

``tools/build_mesh.py`` makes it from the shipped borders; its vertices are border vertices and nothing else.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import numpy as np
from numba import njit
from numpy.typing import NDArray

from overflight.errors import DataError
from overflight.world.airspace import Coverage, unit_vectors

__all__ = ["Mesh", "decode", "encode", "link", "load", "reduced_vectors"]

_MAGIC = b"overflight mesh 1\n"
_AXIS_RATIO = 1 / (1 - 1 / 298.257223563)  # a / b of WGS-84


@dataclass(frozen=True)
class Mesh:
    """Triangles, counter-clockwise seen from above.

    Attributes
    ----------
    xyz : (N, 3) float64
        Vertices as unit vectors of reduced latitude.
    triangles : (T, 3) int32
        Vertex numbers.
    neighbours : (T, 3) int32
        Triangle across the edge from vertex k to vertex k + 1.
    face : (T,) int32
        Airspace (index into ``Airspace.faces``) of each triangle.
    """

    xyz: NDArray[np.float64]
    triangles: NDArray[np.int32]
    neighbours: NDArray[np.int32]
    face: NDArray[np.int32]


def reduced_vectors(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn (N, 2) degrees into (N, 3) unit vectors of reduced latitude, ``(x/a, y/a, z/b)``."""
    xyz = unit_vectors(lonlat)
    xyz[:, 2] *= _AXIS_RATIO
    return np.asarray(xyz / np.linalg.norm(xyz, axis=1)[:, None])


@njit(cache=True)
def _link(triangles: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    # edges wait under their smaller vertex until the triangle on the other side comes
    waiting = np.full(count, -1, np.int32)
    after = np.full(3 * len(triangles), -1, np.int32)
    out = np.full((len(triangles), 3), -1, np.int32)
    for t in range(len(triangles)):
        for k in range(3):
            u, v = triangles[t, k], triangles[t, (k + 1) % 3]
            low = min(u, v)
            e, previous = waiting[low], -1
            while e >= 0:
                t2, k2 = e // 3, e % 3
                if triangles[t2, k2] == v and triangles[t2, (k2 + 1) % 3] == u:
                    break
                e, previous = after[e], e
            if e < 0:
                after[3 * t + k] = waiting[low]
                waiting[low] = 3 * t + k
                continue
            out[t, k], out[t2, k2] = t2, t
            if previous < 0:
                waiting[low] = after[e]
            else:
                after[previous] = after[e]
    return out


def link(triangles: NDArray[np.int32], count: int) -> NDArray[np.int32]:
    """(T, 3) neighbours of triangles over `count` vertices: who walks the same edge the other way.

    Raises
    ------
    DataError
        When some edge has no other side.
    """
    out: NDArray[np.int32] = _link(triangles, count)
    if len(out) and out.min() < 0:
        raise DataError("the route mesh is not closed", mend="reinstall overflight or run `make world`")
    return out


def _mark(borders: Coverage) -> int:
    """Short digest that ties a mesh to the borders it was made from."""
    return zlib.crc32(borders.arc_vertex.tobytes(), zlib.crc32(borders.lonlat.tobytes()))


def encode(
    vertices: NDArray[np.int32], triangles: NDArray[np.int32], face: NDArray[np.int32], borders: Coverage
) -> bytes:
    """Pack a mesh whose vertex k is vertex ``vertices[k]`` of `borders`."""
    parts = [np.diff(vertices, prepend=0), np.diff(triangles, axis=0, prepend=0).T.ravel(), face]
    head = {"vertices": len(vertices), "triangles": len(triangles), "borders": _mark(borders)}
    planes = b"".join(np.ascontiguousarray(p, "<i4").view(np.uint8).reshape(-1, 4).T.tobytes() for p in parts)
    return _MAGIC + json.dumps(head).encode() + b"\n" + zlib.compress(planes, 9)


def decode(data: bytes, borders: Coverage) -> Mesh:
    """Unpack :func:`encode`; vertices are taken from `borders`.

    Raises
    ------
    DataError
        When the bytes are damaged or belong to other borders.
    """
    try:
        if not data.startswith(_MAGIC):
            raise ValueError("wrong head")
        line, _, body = data[len(_MAGIC) :].partition(b"\n")
        head = json.loads(line)
        if head["borders"] != _mark(borders):
            raise ValueError("it was made from other borders")
        n, t = int(head["vertices"]), int(head["triangles"])
        raw = np.frombuffer(zlib.decompress(body), np.uint8)

        def plane(start: int, count: int) -> NDArray[np.int32]:
            return np.ascontiguousarray(raw[4 * start : 4 * (start + count)].reshape(4, count).T).view("<i4")[
                :, 0
            ]

        vertices = np.cumsum(plane(0, n), dtype=np.int32)
        triangles = np.cumsum(plane(n, 3 * t).reshape(3, t), axis=1, dtype=np.int32).T
        face = plane(n + 3 * t, t)
        xyz = reduced_vectors(borders.lonlat[vertices])
        triangles = np.ascontiguousarray(triangles, np.int32)
    except (ValueError, KeyError, IndexError, EOFError, zlib.error) as error:
        raise DataError(
            f"the route mesh cannot be read ({error})", mend="reinstall overflight or run `make world`"
        ) from error
    return Mesh(xyz, triangles, link(triangles, n), np.ascontiguousarray(face, np.int32))


@lru_cache(maxsize=3)
def load(level: str = "fine") -> Mesh:
    """Load the shipped mesh: "fine", "coarse" (outlines within 2 km) or "rough" (within about 10 km)."""
    from overflight.world import airspace

    data = files("overflight.world") / "data" / f"mesh_{level}.bin"
    return decode(data.read_bytes(), airspace.load().borders)
