"""Compiled helpers on unit geocentric vectors, shared by the kernels of this room.

Directions from the earth's centre turn everything on the ellipsoid into dot and cross products, without a
date line and without poles. Lengths come back through :func:`lambert_km`, which needs no latitude either.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TypeVar, cast

from numba import njit

__all__ = ["AXIS_KM", "ECCENTRICITY_2", "FLATTENING", "compiled", "lambert_km", "radius_km", "reduced_km"]

#: Equatorial radius of WGS-84 (NIMA TR8350.2, table 3.1).
AXIS_KM = 6378.137
#: Flattening of WGS-84 (the same table).
FLATTENING = 1.0 / 298.257223563
#: Square of the first eccentricity.
ECCENTRICITY_2 = FLATTENING * (2.0 - FLATTENING)

_F = TypeVar("_F", bound=Callable[..., object])


@lru_cache(maxsize=64)
def _stamp(module: str) -> tuple[tuple[str, int, int], ...]:
    """Size and time of every file of this room with compiled functions that `module` can draw on."""
    room = Path(__file__).parent
    seen: dict[str, tuple[int, int]] = {}
    waiting, known = [module], {module}
    while waiting:
        path = room / f"{waiting.pop()}.py"
        if not path.is_file():
            continue
        text = path.read_text(encoding="utf-8")
        if "@compiled" in text:
            stat = path.stat()
            seen[path.name] = (stat.st_size, stat.st_mtime_ns)
        near = set(re.findall(r"^\s*from overflight\.route\.(\w+) import", text, re.MULTILINE)) - known
        known |= near
        waiting.extend(near)
    return tuple((name, *seen[name]) for name in sorted(seen))


def compiled(function: _F) -> _F:
    """Compile `function` with Numba, keep the machine code on disk, and leave its type as it is written.

    Machine code holds copies of the compiled functions it calls, in other modules too, but Numba watches only
    the module of the caller and would go on with old copies. The stamps of the modules it draws on are
    therefore made part of the stamp of the file of machine code.
    """
    dispatcher = njit(cache=True, nogil=True)(function)
    kept = getattr(getattr(dispatcher, "_cache", None), "_cache_file", None)
    if kept is not None and hasattr(kept, "_source_stamp"):
        kept._source_stamp = (kept._source_stamp, _stamp(function.__module__.rpartition(".")[2]))
    return cast(_F, dispatcher)


@compiled
def reduced_km(ax: float, ay: float, az: float, bx: float, by: float, bz: float) -> float:
    """Length of the geodesic between two points on WGS-84, given as unit vectors of reduced latitude.

    The series of Andoyer and Lambert, to the first order in the flattening: no iteration, one arc tangent and
    three square roots. Greatest error found against geographiclib (docs/crossings.md): 1.5e-6 of
    the length up to 10,000 km (13 m), 4e-6 up to 15,000 km (56 m), 2.5e-5 up to 19,000 km. Towards the
    antipode, where the flattening decides which way round is shorter, the series breaks down: up to 20 km
    beyond 19,500 km.

    Parameters
    ----------
    ax, ay, az, bx, by, bz : float
        The two unit vectors, ``(x / a, y / a, z / b)`` of the points on the ellipsoid.

    Returns
    -------
    float
        Kilometres.
    """
    dx, dy, dz = ax - bx, ay - by, az - bz
    mx, my, mz = ax + bx, ay + by, az + bz
    # squares of sine and cosine of half the angle, each without cancellation
    sine2, cosine2 = 0.25 * (dx * dx + dy * dy + dz * dz), 0.25 * (mx * mx + my * my + mz * mz)
    if sine2 < 1e-24:
        return 0.0
    angle = 2.0 * math.atan2(math.sqrt(sine2), math.sqrt(cosine2))
    if cosine2 < 1e-24:
        return AXIS_KM * angle  # the antipode: no correction can be told
    sine = 2.0 * math.sqrt(sine2 * cosine2)
    gap = angle * angle * angle / 6.0 if angle < 1e-3 else angle - sine  # the difference loses its digits
    x = gap * 0.25 * mz * mz / cosine2
    y = (angle + sine) * 0.25 * dz * dz / sine2
    return AXIS_KM * (angle - 0.5 * FLATTENING * (x + y))


@compiled
def lambert_km(ax: float, ay: float, az: float, bx: float, by: float, bz: float) -> float:
    """Length of the geodesic like :func:`reduced_km`, given geocentric vectors of any length.

    Parameters
    ----------
    ax, ay, az, bx, by, bz : float
        Two vectors that point from the earth's centre to the points.

    Returns
    -------
    float
        Kilometres.
    """
    # Reduced latitude: tan(beta) = tan(geocentric latitude) / (1 - f).
    az /= 1.0 - FLATTENING
    bz /= 1.0 - FLATTENING
    an = 1.0 / math.sqrt(ax * ax + ay * ay + az * az)
    bn = 1.0 / math.sqrt(bx * bx + by * by + bz * bz)
    return reduced_km(ax * an, ay * an, az * an, bx * bn, by * bn, bz * bn)


@compiled
def radius_km(z: float) -> float:
    """Kilometres from the earth's centre to the surface of WGS-84 along the unit vector with this z."""
    polar = 1.0 - FLATTENING
    return AXIS_KM * polar / math.sqrt(polar * polar * (1.0 - z * z) + z * z)
