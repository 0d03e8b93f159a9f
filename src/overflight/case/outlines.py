"""Outlines of a coverage as SVG paths: picked for a view, thinned to what the eye can see, clipped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from overflight.case.projection import View, laea
from overflight.world.airspace import Coverage
from overflight.world.coarse import Coarse

__all__ = ["Outlines", "path", "thin"]

_TOLERANCE_PX = 0.45
_MARGIN_PX = 12.0

Points = NDArray[np.float64]


def thin(points: Points, tolerance: float = _TOLERANCE_PX) -> Points:
    """Douglas and Peucker's thinning of a line, (N, 2); the ends stay."""
    count = len(points)
    if count < 3:
        return points
    keep = np.zeros(count, dtype=bool)
    keep[[0, -1]] = True
    stack = [(0, count - 1)]
    while stack:
        first, last = stack.pop()
        if last - first < 2:
            continue
        start, end = points[first], points[last]
        along = end - start
        away = points[first + 1 : last] - start
        share = np.clip(away @ along / max(float(along @ along), 1e-12), 0.0, 1.0)
        distance = np.hypot(*(away - share[:, None] * along).T)
        farthest = int(np.argmax(distance))
        if distance[farthest] > tolerance:
            middle = first + 1 + farthest
            keep[middle] = True
            stack += [(first, middle), (middle, last)]
    return points[keep]


def path(lines: Iterable[Points], *, closed: bool = False) -> str:
    """The ``d`` of an SVG path: tenths of a pixel, relative steps."""
    pieces: list[str] = []
    for line in lines:
        whole = np.rint(line * 10).astype(np.int64)
        steps = np.diff(whole, axis=0)
        steps = steps[np.any(steps != 0, axis=1)]
        if not len(steps):
            continue
        text = "".join(
            f"{_tenths(x)}{_joined(y)}" if i == 0 else f"{_joined(x)}{_joined(y)}"
            for i, (x, y) in enumerate(steps.tolist())
        )
        pieces.append(
            f"M{_tenths(int(whole[0, 0]))}{_joined(int(whole[0, 1]))}l{text}{'z' if closed else ''}"
        )
    return "".join(pieces)


def _tenths(value: int) -> str:
    sign, value = ("-" if value < 0 else ""), abs(value)
    whole, rest = divmod(value, 10)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole or ''}.{rest}"


def _joined(value: int) -> str:
    text = _tenths(value)
    return text if text[0] == "-" else f" {text}"


class Outlines:
    """The coarse outline of a coverage in one view.

    Parameters
    ----------
    coverage : Coverage
    view : View
    """

    def __init__(self, coverage: Coverage, view: View) -> None:
        self._view = view
        self._coarse = coarse = Coarse(coverage)
        pixels = view.project(coarse.lonlat)
        plane = laea(coarse.lonlat, view.centre)
        near = view.inside(pixels, _MARGIN_PX)
        self._arcs: list[Points] = []
        #: Twice the signed area under each arc: the sum over a face tells whether it holds the antipode.
        self._area = np.zeros(len(coarse.runs))
        self._near = np.zeros(len(coarse.runs), dtype=bool)
        for arc, run in enumerate(coarse.runs):
            line = plane[run]
            self._area[arc] = float(np.sum(line[:-1, 0] * line[1:, 1] - line[1:, 0] * line[:-1, 1]))
            self._near[arc] = bool(near[run].any()) or self._spans(pixels[run])
            self._arcs.append(thin(pixels[run]) if self._near[arc] else pixels[run][[0, -1]])

    def _spans(self, pixels: Points) -> bool:
        """Whether the arc, with no vertex in the view, may still reach across it."""
        low, high = pixels.min(axis=0), pixels.max(axis=0)
        return bool(low[0] < self._view.width and low[1] < self._view.height and high[0] > 0 and high[1] > 0)

    def faces(self) -> list[int]:
        """Faces with at least one outline in the view."""
        seen = np.unique(np.concatenate([self._coarse.left[self._near], self._coarse.right[self._near]]))
        return [int(face) for face in seen]

    def borders(self, arcs: NDArray[np.bool_] | None = None) -> list[Points]:
        """The arcs that pass through the view as lines; `arcs`, (A,) bool, picks among them."""
        picked = self._near if arcs is None else self._near & arcs
        lines: list[Points] = []
        for arc in np.flatnonzero(picked):
            lines += _runs(self._arcs[arc], self._view)
        return lines

    def rings(self, faces: Sequence[int]) -> list[Points]:
        """Closed rings around one or more faces together, clipped to the view, for an even-odd fill."""
        used = self._coarse.around(faces)
        area = sum(self._area[arc] if forward else -self._area[arc] for arc, forward in used.items())
        rings = [_clipped(ring, self._view) for ring in self._coarse.rings(used, self._arcs)]
        rings = [ring for ring in rings if len(ring) > 2]
        if area < 0:  # the antipode is inside: outside and inside change places
            rings.append(_frame(self._view))
        return rings


def _frame(view: View) -> Points:
    m = _MARGIN_PX
    w, h = view.width + m, view.height + m
    return np.array([[-m, -m], [w, -m], [w, h], [-m, h]])


def _runs(line: Points, view: View) -> list[Points]:
    """The parts of a line whose edges touch the view."""
    near = view.inside(line, _MARGIN_PX)
    edge = near[:-1] | near[1:]
    if edge.all():
        return [line]
    runs: list[Points] = []
    bounds = np.flatnonzero(np.diff(np.concatenate([[False], edge, [False]]).astype(np.int8)))
    for first, last in zip(bounds[::2].tolist(), bounds[1::2].tolist(), strict=True):
        runs.append(line[first : last + 1])
    return runs


def _clipped(ring: Points, view: View) -> Points:
    """Sutherland and Hodgman's clipping of a ring to the view."""
    m = _MARGIN_PX
    for axis, limit, sign in (
        (0, -m, 1.0),
        (0, view.width + m, -1.0),
        (1, -m, 1.0),
        (1, view.height + m, -1.0),
    ):
        if not len(ring):
            return ring
        depth = (ring[:, axis] - limit) * sign
        if (depth >= 0).all():
            continue
        ahead, ahead_depth = np.roll(ring, -1, axis=0), np.roll(depth, -1)
        crosses = (depth >= 0) != (ahead_depth >= 0)
        share = np.where(crosses, depth / np.where(crosses, depth - ahead_depth, 1.0), 0.0)
        cut = ring + (ahead - ring) * share[:, None]
        both = np.stack([ring, cut], axis=1)
        keep = np.stack([depth >= 0, crosses], axis=1)
        ring = both[keep]
    return ring
