"""Where lines are cut by borders: many lines at once, arrays in, arrays out.

A geodesic is followed in pieces of at most 100 km; on such a piece the plane through the earth's centre and
its ends keeps within a metre of it. Every piece is asked for the border edges it crosses, and the faces on
both sides of each crossing must make an unbroken chain from the face of the first point to that of the last.
Where they do not (a line along a border, through a point where three faces meet, an end exactly on a border),
the face of every stretch between two cuts is found afresh from its middle.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from overflight.errors import InputError
from overflight.route.geodesy import line_of, stations
from overflight.route.index import Borders
from overflight.route.kernels import AXIS_KM, compiled
from overflight.route.rays import Scratch, Vector, brushed_vertices, hit_edges, locate_one, scratch_for
from overflight.world.airspace import unit_vectors

__all__ = ["PIECE_KM", "TOUCH_KM", "Stretches", "cross_lines", "cross_vectors"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]

#: Longest piece on which a great ellipse stands in for the geodesic.
PIECE_KM = 100.0
#: Passages shorter than this are rounding, not flying.
TOUCH_KM = 0.001


class Stretches(NamedTuple):
    """Unbroken stretches of lines in one face each, in order of line and of flight, without gaps.

    Attributes
    ----------
    line : ndarray of int32, shape (S,)
    entry_km, exit_km : ndarray, shape (S,)
        Distance flown on the line.
    face : ndarray of int32, shape (S,)
    """

    line: Ints
    entry_km: Floats
    exit_km: Floats
    face: Ints


def cross_lines(points: ArrayLike, offsets: ArrayLike, borders: Borders) -> Stretches:
    """Cut polylines of WGS-84 geodesics at the borders of a coverage.

    Parameters
    ----------
    points : array_like, shape (N, 2)
        [longitude, latitude] in degrees of the corners of all lines, one line after the other.
    offsets : array_like of int, shape (L + 1,)
        Line `i` is ``points[offsets[i]:offsets[i + 1]]``.
    borders : Borders

    Returns
    -------
    Stretches
        Neighbouring stretches have different faces; a line of no length gives one stretch of no length.

    Raises
    ------
    InputError
        When a line has no point, or a coordinate is no coordinate.
    """
    corners = line_of(points) if np.size(points) else np.empty((0, 2))
    bounds = np.asarray(offsets, dtype=np.int64)
    if len(bounds) == 0 or bounds[0] != 0 or bounds[-1] != len(corners) or (np.diff(bounds) < 1).any():
        raise InputError("every line needs at least one point", where="line", mend="give two points or more")
    lonlat, km, starts = stations(corners, bounds, PIECE_KM)
    return cross_vectors(unit_vectors(lonlat), km, starts, borders)


def cross_vectors(vectors: Floats, km: Floats, starts: NDArray[np.int64], borders: Borders) -> Stretches:
    """Cut chains of short arcs at the borders of a coverage.

    Parameters
    ----------
    vectors : ndarray, shape (M, 3)
        Unit geocentric vectors of all lines, one line after the other; neighbours no more than a few hundred
        kilometres apart.
    km : ndarray, shape (M,)
        Distance flown on the line at each of them.
    starts : ndarray of int64, shape (L + 1,)
        Where each line begins.
    borders : Borders
    """
    return Stretches(*_cross(np.ascontiguousarray(vectors), km, starts, borders))


@compiled
def _row(vectors: Floats, i: int) -> Vector:
    return vectors[i, 0], vectors[i, 1], vectors[i, 2]


@compiled
def _wider(values: Floats) -> Floats:
    wide = np.empty(2 * len(values), np.float64)
    wide[: len(values)] = values
    return wide


@compiled
def _longer(values: Ints) -> Ints:
    long = np.empty(2 * len(values), np.int32)
    long[: len(values)] = values
    return long


@compiled
def _face_at(
    km_at: float,
    side: float,
    first: int,
    last: int,
    vectors: Floats,
    km: Floats,
    borders: Borders,
    scratch: Scratch,
) -> int:
    """Face a metre to port (side 1) or starboard (-1) of the point `km_at` on the chain ``first .. last``."""
    i = first + int(np.searchsorted(km[first : last + 1], km_at)) - 1
    i = min(max(i, first), max(last - 1, first))
    x, y, z = vectors[i, 0], vectors[i, 1], vectors[i, 2]
    if i < last and km[i + 1] > km[i]:
        u, v, w = vectors[i + 1, 0], vectors[i + 1, 1], vectors[i + 1, 2]
        share = (km_at - km[i]) / (km[i + 1] - km[i])
        cx, cy, cz = y * w - z * v, z * u - x * w, x * v - y * u
        angle = np.arctan2(np.sqrt(cx * cx + cy * cy + cz * cz), x * u + y * v + z * w)
        if angle > 0.0:
            here = np.sin((1.0 - share) * angle) / np.sin(angle)
            there = np.sin(share * angle) / np.sin(angle)
            aside = side * TOUCH_KM / AXIS_KM / np.sin(angle)
            x = here * x + there * u + aside * cx
            y = here * y + there * v + aside * cy
            z = here * z + there * w + aside * cz
    return locate_one((x, y, z), borders, scratch)


@compiled
def _more_cuts(
    cut_km: Floats,
    cuts: int,
    first: int,
    last: int,
    vectors: Floats,
    km: Floats,
    borders: Borders,
    scratch: Scratch,
) -> tuple[Floats, int]:
    """Cut one line also where a crossing can have been lost to rounding; sorted, the first at its start.

    That is at the ends of its pieces, and abreast of the vertices that it all but touches.
    """
    reach = TOUCH_KM / AXIS_KM
    for i in range(first, max(last, first + 1)):
        found = 0
        if i < last:
            p, q = _row(vectors, i), _row(vectors, i + 1)
            found = brushed_vertices(p, q, reach, borders, scratch)
            while found > len(scratch.shares):
                scratch = scratch_for(borders, 2 * found)
                found = brushed_vertices(p, q, reach, borders, scratch)
        while cuts + found + 1 > len(cut_km):
            cut_km = _wider(cut_km)
        cut_km[cuts] = km[i]
        for k in range(found):
            cut_km[cuts + 1 + k] = km[i] + scratch.shares[k] * (km[i + 1] - km[i])
        cuts += found + 1
    cut_km[:cuts] = np.sort(cut_km[:cuts])
    return cut_km, cuts


@compiled
def _mend(
    cut_km: Floats,
    cut_after: Ints,
    cuts: int,
    first: int,
    last: int,
    vectors: Floats,
    km: Floats,
    borders: Borders,
    scratch: Scratch,
) -> None:
    """Find the faces between the cuts of one line afresh.

    A line along a border lies in neither neighbour: it stays in the face it came from, or else goes to the
    one with the higher number (somebody's before nobody's), so that rounding does not toss it about.
    """
    held = -1
    for k in range(cuts):
        until = cut_km[k + 1] if k + 1 < cuts else km[last]
        if held < 0 or until - cut_km[k] > 0.1 * TOUCH_KM:
            middle = 0.5 * (cut_km[k] + until)
            port = _face_at(middle, 1.0, first, last, vectors, km, borders, scratch)
            starboard = _face_at(middle, -1.0, first, last, vectors, km, borders, scratch)
            if held not in (port, starboard):
                held = max(port, starboard)
        cut_after[k] = held


@compiled
def _cross(
    vectors: Floats, km: Floats, starts: NDArray[np.int64], borders: Borders
) -> tuple[Ints, Floats, Floats, Ints]:
    scratch = scratch_for(borders, 4096)
    cut_km = np.empty(1024, np.float64)
    cut_before = np.empty(1024, np.int32)
    cut_after = np.empty(1024, np.int32)
    out_line = np.empty(1024, np.int32)
    out_entry = np.empty(1024, np.float64)
    out_exit = np.empty(1024, np.float64)
    out_face = np.empty(1024, np.int32)
    out = 0
    for line in range(len(starts) - 1):
        first, last = int(starts[line]), int(starts[line + 1]) - 1
        cuts = 0
        delicate = False
        for i in range(first, last):
            p, q = _row(vectors, i), _row(vectors, i + 1)
            found, touchy = hit_edges(p, q, borders, scratch)
            while found > len(scratch.hits):
                scratch = scratch_for(borders, 2 * found)
                found, touchy = hit_edges(p, q, borders, scratch)
            delicate = delicate or touchy
            while cuts + found > len(cut_km):
                cut_km, cut_before, cut_after = _wider(cut_km), _longer(cut_before), _longer(cut_after)
            for k in range(found):
                e = scratch.hits[k]
                where = km[i] + scratch.shares[k] * (km[i + 1] - km[i])
                if e >= 0:
                    before, after = borders.right[e], borders.left[e]
                else:
                    before, after = borders.left[-1 - e], borders.right[-1 - e]
                # Insertion: the hits of a piece come in no order, but pieces do, and there are few.
                at = cuts
                while at > 0 and cut_km[at - 1] > where:
                    cut_km[at], cut_before[at], cut_after[at] = (
                        cut_km[at - 1],
                        cut_before[at - 1],
                        cut_after[at - 1],
                    )
                    at -= 1
                cut_km[at], cut_before[at], cut_after[at] = where, before, after
                cuts += 1

        face = locate_one(_row(vectors, first), borders, scratch)
        goal = locate_one(_row(vectors, last), borders, scratch)
        held = face
        for k in range(cuts):
            if cut_before[k] != held:
                held = -1
                break
            held = cut_after[k]
        if delicate or held != goal:
            cut_km, cuts = _more_cuts(cut_km, cuts, first, last, vectors, km, borders, scratch)
            cut_before = np.empty(len(cut_km), np.int32)
            cut_after = np.empty(len(cut_km), np.int32)
            _mend(cut_km, cut_after, cuts, first, last, vectors, km, borders, scratch)
            face = cut_after[0]

        begin = out
        entry = km[first]
        for k in range(cuts + 1):
            until = cut_km[k] if k < cuts else km[last]
            short = until - entry < TOUCH_KM
            if out > begin and (short or out_face[out - 1] == face):
                out_exit[out - 1] = until
                entry = until
            elif not short or k == cuts:
                if out == len(out_line):
                    out_line, out_face = _longer(out_line), _longer(out_face)
                    out_entry, out_exit = _wider(out_entry), _wider(out_exit)
                out_line[out], out_face[out] = line, face
                out_entry[out], out_exit[out] = entry, until
                out += 1
                entry = until
            if k < cuts:
                face = cut_after[k]
    return out_line[:out].copy(), out_entry[:out].copy(), out_exit[:out].copy(), out_face[:out].copy()
