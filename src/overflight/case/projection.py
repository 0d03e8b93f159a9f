"""From the globe to paper: an equal-area projection centred on the flight, and the view that fits it.

The sphere is enough for a picture: the error against the ellipsoid is far below a pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["View", "fit", "laea"]

EARTH_KM = 6371.0
_FARTHEST = 1.98  # of 2.0, the antipode: beyond it the projection has no direction
_MARGIN = 0.07
_NARROWEST_KM = 400.0
_SHAPE = (0.50, 0.92)  # height over width, lowest and highest


def _vectors(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, lat = np.radians(lonlat[:, 0]), np.radians(lonlat[:, 1])
    xyz: NDArray[np.float64] = np.stack(
        [np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1
    )
    return xyz


def laea(lonlat: NDArray[np.float64], centre: tuple[float, float]) -> NDArray[np.float64]:
    """Lambert's azimuthal equal-area projection on the unit sphere.

    Parameters
    ----------
    lonlat : (N, 2) float64
        Degrees.
    centre : (lon, lat)
        Degrees; maps to the origin, north up.

    Returns
    -------
    (N, 2) float64
        x to the right, y up, in earth radii; within a disc of radius 2.
    """
    lon, lat = np.radians(lonlat[:, 0] - centre[0]), np.radians(lonlat[:, 1])
    sin_c, cos_c = np.sin(np.radians(centre[1])), np.cos(np.radians(centre[1]))
    cosine = sin_c * np.sin(lat) + cos_c * np.cos(lat) * np.cos(lon)
    x = np.cos(lat) * np.sin(lon)
    y = cos_c * np.sin(lat) - sin_c * np.cos(lat) * np.cos(lon)
    scale = np.sqrt(2.0 / np.maximum(1.0 + cosine, 1e-12))
    points = np.stack([x * scale, y * scale], axis=1)
    radius = np.hypot(points[:, 0], points[:, 1])
    held: NDArray[np.float64] = points * np.minimum(1.0, _FARTHEST / np.maximum(radius, 1e-12))[:, None]
    return held


@dataclass(frozen=True, slots=True)
class View:
    """A window on the projected globe, in pixels with y down.

    Attributes
    ----------
    centre : (lon, lat)
        Degrees.
    scale : float
        Pixels for one earth radius.
    x0, y0 : float
        Projected coordinates of the upper left corner, earth radii.
    width, height : float
        Pixels.
    """

    centre: tuple[float, float]
    scale: float
    x0: float
    y0: float
    width: float
    height: float

    def project(self, lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels, (N, 2), of points in degrees, (N, 2)."""
        plane = laea(np.asarray(lonlat, dtype=np.float64).reshape(-1, 2), self.centre)
        return np.stack([(plane[:, 0] - self.x0) * self.scale, (self.y0 - plane[:, 1]) * self.scale], axis=1)

    def inside(self, points: NDArray[np.float64], margin: float = 0.0) -> NDArray[np.bool_]:
        """Which pixels, (N, 2), lie in the window widened by `margin`."""
        x, y = points[:, 0], points[:, 1]
        inside: NDArray[np.bool_] = (
            (x >= -margin) & (x <= self.width + margin) & (y >= -margin) & (y <= self.height + margin)
        )
        return inside

    @property
    def km_per_pixel(self) -> float:
        """At the centre."""
        return EARTH_KM / self.scale


def fit(lines: Sequence[NDArray[np.float64]], *, width: float = 1000.0) -> View:
    """The view that shows every line, (N, 2) in degrees, with a margin around.

    Its shape follows the lines, within limits that suit a screen and an A4 page.
    """
    vectors = np.concatenate([_vectors(line) for line in lines])
    middle = vectors.mean(axis=0)
    if np.linalg.norm(middle) < 1e-6:  # right round the earth: any centre is as good
        middle = vectors[0]
    middle = middle / np.linalg.norm(middle)
    centre = (float(np.degrees(np.arctan2(middle[1], middle[0]))), float(np.degrees(np.arcsin(middle[2]))))
    plane = laea(np.concatenate(lines), centre)
    low, high = plane.min(axis=0), plane.max(axis=0)
    size = np.maximum(high - low, _NARROWEST_KM / EARTH_KM)
    middle_xy = (low + high) / 2
    size = size + 2 * _MARGIN * size.max()
    shape = float(np.clip(size[1] / size[0], *_SHAPE))
    across = float(max(size[0], size[1] / shape))
    scale = width / across
    return View(
        centre=centre,
        scale=scale,
        x0=float(middle_xy[0] - across / 2),
        y0=float(middle_xy[1] + across * shape / 2),
        width=width,
        height=round(width * shape, 1),
    )
