"""Outlines of a coverage as SVG paths: picked for a view, thinned to what the eye can see, clipped."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from overflight.case.projection import View, laea
from overflight.world.airspace import Coverage

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
        vertices = coverage.arc_vertex
        coarse = coverage.level[vertices] == 0
        starts = coverage.arc_start
        coarse[starts[:-1]] = True
        coarse[starts[1:] - 1] = True
        offsets = np.concatenate([[0], np.cumsum(coarse)])[starts]
        kept = vertices[coarse]
        lonlat = coverage.lonlat[kept]
        pixels = view.project(lonlat)
        plane = laea(lonlat, view.centre)
        near = view.inside(pixels, _MARGIN_PX)
        self._ends = np.stack([kept[offsets[:-1]], kept[offsets[1:] - 1]], axis=1)
        self._arcs: list[Points] = []
        #: Twice the signed area under each arc: the sum over a face tells whether it holds the antipode.
        self._area = np.zeros(len(starts) - 1)
        self._near = np.zeros(len(starts) - 1, dtype=bool)
        for arc in range(len(starts) - 1):
            run = slice(int(offsets[arc]), int(offsets[arc + 1]))
            line = plane[run]
            self._area[arc] = float(np.sum(line[:-1, 0] * line[1:, 1] - line[1:, 0] * line[:-1, 1]))
            self._near[arc] = bool(near[run].any()) or self._spans(pixels[run])
            self._arcs.append(thin(pixels[run]) if self._near[arc] else pixels[run][[0, -1]])
        self._left, self._right = coverage.arc_left, coverage.arc_right
        self._of: dict[int, list[tuple[int, bool]]] = defaultdict(list)
        for arc, (left, right) in enumerate(zip(self._left.tolist(), self._right.tolist(), strict=True)):
            self._of[left].append((arc, True))
            self._of[right].append((arc, False))

    def _spans(self, pixels: Points) -> bool:
        """Whether the arc, with no vertex in the view, may still reach across it."""
        low, high = pixels.min(axis=0), pixels.max(axis=0)
        return bool(low[0] < self._view.width and low[1] < self._view.height and high[0] > 0 and high[1] > 0)

    def faces(self) -> list[int]:
        """Faces with at least one outline in the view."""
        seen = np.unique(np.concatenate([self._left[self._near], self._right[self._near]]))
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
        wanted = set(faces)
        used: dict[int, bool] = {}
        area = 0.0
        for face in wanted:
            for arc, forward in self._of.get(face, ()):
                other = int(self._right[arc] if forward else self._left[arc])
                if other in wanted:
                    continue  # an inner border of the union
                used[arc] = forward
                area += self._area[arc] if forward else -self._area[arc]
        rings = [_clipped(ring, self._view) for ring in self._chained(used)]
        rings = [ring for ring in rings if len(ring) > 2]
        if area < 0:  # the antipode is inside: outside and inside change places
            rings.append(_frame(self._view))
        return rings

    def _chained(self, used: dict[int, bool]) -> list[Points]:
        after: dict[int, list[int]] = defaultdict(list)
        for arc, forward in used.items():
            after[int(self._ends[arc, 0 if forward else 1])].append(arc)
        rings: list[Points] = []
        left = dict.fromkeys(used)
        while left:
            arc = next(iter(left))
            start = int(self._ends[arc, 0 if used[arc] else 1])
            pieces: list[Points] = []
            near = False
            while True:
                del left[arc]
                after[int(self._ends[arc, 0 if used[arc] else 1])].remove(arc)
                line = self._arcs[arc] if used[arc] else self._arcs[arc][::-1]
                pieces.append(line)
                near |= bool(self._near[arc])
                end = int(self._ends[arc, 1 if used[arc] else 0])
                if end == start or not after[end]:
                    break
                arc = after[end][-1]
            rings.append(np.concatenate(pieces))
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
