"""The map of a brief: one SVG drawing, made here, that needs no tile, no script and no network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from overflight.case.labels import Board
from overflight.case.outlines import Outlines, path
from overflight.case.projection import View, fit
from overflight.world.airspace import DE_FACTO, Airspace

__all__ = ["Entry", "Sketch", "Trace", "draw"]

Points = NDArray[np.float64]

ATTRIBUTION = "Borders © OpenStreetMap contributors, ODbL"
_NUMBER_RADIUS = 8.5
_ENSEMBLE_SHOWN = 60
_NEIGHBOURS_NAMED = 30
_BAR_KM = (100, 200, 250, 500, 1000, 2000, 2500, 5000)


@dataclass(frozen=True, slots=True)
class Trace:
    """A labelled line: (N, 2), degrees."""

    label: str
    lonlat: Points


@dataclass(frozen=True, slots=True)
class Entry:
    """A numbered point where a line enters a state's airspace, degrees."""

    number: int
    lonlat: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is drawn.

    Attributes
    ----------
    title, description : str
        For those who cannot see the picture.
    legs : sequence of Trace
        Great circles, as planned.
    alternatives : sequence of Trace
        Other routes, dashed and lettered.
    ensemble : sequence of (N, 2) float64
        Plausible routes, degrees: together they make the soft band.
    entries : sequence of Entry
    stops : sequence of Trace
        Aerodromes, one point each; the label is printed beside it.
    entered, likely, refusing : frozenset of str
        States, alpha-3, by how they are shaded.
    names : dict
        Alpha-3 to the name printed on the map.
    """

    title: str
    description: str
    legs: Sequence[Trace]
    alternatives: Sequence[Trace] = ()
    ensemble: Sequence[Points] = ()
    entries: Sequence[Entry] = ()
    stops: Sequence[Trace] = ()
    entered: frozenset[str] = frozenset()
    likely: frozenset[str] = frozenset()
    refusing: frozenset[str] = frozenset()
    names: dict[str, str] = field(default_factory=dict)


def draw(sketch: Sketch, airspace: Airspace, *, point_of_view: str = DE_FACTO) -> str:
    """Draw the map.

    Returns
    -------
    str
        An ``<svg>`` element for a page: colours come from the page's style sheet through classes.
    """
    view = fit([trace.lonlat for trace in (*sketch.legs, *sketch.alternatives)])
    drawing = _Drawing(sketch, airspace, view, point_of_view)
    return drawing.svg()


class _Drawing:
    def __init__(self, sketch: Sketch, airspace: Airspace, view: View, point_of_view: str) -> None:
        self._sketch, self._view = sketch, view
        self._land = Outlines(airspace.land, view)
        self._borders = Outlines(airspace.borders, view)
        self._board = Board(view.width, view.height)
        self._faces: dict[str, list[int]] = {}
        seen = set(self._borders.faces())
        self._disputed = np.array([bool(face.disputed_by) for face in airspace.faces])
        self._sovereign = np.array([face.kind == "sovereign" for face in airspace.faces])
        for number, state in enumerate(airspace.states(point_of_view)):
            if state is not None and number in seen:
                self._faces.setdefault(state, []).append(number)
        self._coverage = airspace.borders

    def svg(self) -> str:
        view, sketch = self._view, self._sketch
        width, height = f"{view.width:g}", f"{view.height:g}"
        # Later layers lie on top; the board must know every line before a name looks for its place.
        lines = self._lines()
        stops = self._stops()
        furniture = self._furniture()
        entries = self._entries()
        names = self._names()
        body = "\n".join(
            (self._ground(), *self._shades(), *self._border_lines(), lines, names, entries, stops, furniture)
        )
        return (
            f'<svg class="map" viewBox="0 0 {width} {height}" role="img" '
            'aria-labelledby="map-title map-desc" '
            f'xmlns="http://www.w3.org/2000/svg">\n<title id="map-title">{escape(sketch.title)}</title>\n'
            f'<desc id="map-desc">{escape(sketch.description)}</desc>\n'
            f'<defs><clipPath id="map-frame"><rect width="{width}" height="{height}" rx="6"/></clipPath>'
            '<pattern id="map-hatch" width="7" height="7" patternUnits="userSpaceOnUse" '
            'patternTransform="rotate(45)"><path class="hatch" d="M0 0v7"/></pattern></defs>\n'
            f'<g clip-path="url(#map-frame)">\n<rect class="sea" width="{width}" height="{height}"/>\n'
            f"{body}\n</g>\n</svg>"
        )

    def _ground(self) -> str:
        graticule: list[Points] = []
        step = 10 if self._view.km_per_pixel < 11 else 20
        along = np.linspace(-180.0, 180.0, 361)
        for lat in range(-80, 81, step):
            graticule.append(np.stack([along, np.full_like(along, lat)], axis=1))
        up = np.linspace(-80.0, 80.0, 161)
        for lon in range(-180, 180, step):
            graticule.append(np.stack([np.full_like(up, lon), up], axis=1))
        pieces = [run for line in graticule for run in self._in_view(self._view.project(line))]
        land = path(self._land.rings([1]), closed=True)
        return f'<path class="grid" d="{path(pieces)}"/>\n<path class="land" fill-rule="evenodd" d="{land}"/>'

    def _in_view(self, pixels: Points) -> list[Points]:
        near = self._view.inside(pixels, 60.0)
        bounds = np.flatnonzero(np.diff(np.concatenate([[False], near, [False]]).astype(np.int8)))
        return [
            pixels[a:b] for a, b in zip(bounds[::2].tolist(), bounds[1::2].tolist(), strict=True) if b - a > 1
        ]

    def _shades(self) -> list[str]:
        sketch = self._sketch
        out: list[str] = []
        for style, states in (
            ("entered", sketch.entered),
            ("likely", sketch.likely - sketch.entered - sketch.refusing),
            ("refusing", sketch.refusing),
        ):
            for state in sorted(states & self._faces.keys()):
                d = path(self._borders.rings(self._faces[state]), closed=True)
                out.append(f'<path class="{style}" fill-rule="evenodd" d="{d}"/>')
        return out

    def _border_lines(self) -> list[str]:
        left, right = self._coverage.arc_left, self._coverage.arc_right
        between = self._sovereign[left] & self._sovereign[right]
        disputed = between & (self._disputed[left] | self._disputed[right])
        return [
            f'<path class="shore" d="{path(self._borders.borders(~between))}"/>',
            f'<path class="coast" d="{path(self._land.borders())}"/>',
            f'<path class="border" d="{path(self._borders.borders(between & ~disputed))}"/>',
            f'<path class="border disputed" d="{path(self._borders.borders(disputed))}"/>',
        ]

    def _lines(self) -> str:
        sketch, view = self._sketch, self._view
        out: list[str] = []
        step = max(1, len(sketch.ensemble) // _ENSEMBLE_SHOWN)
        band = [view.project(line) for line in sketch.ensemble[::step]]
        if band:
            # Every line is as faint as it is one of many: where they run together the band is dark.
            out.append('<g class="band">' + "".join(f'<path d="{path([line])}"/>' for line in band) + "</g>")
        letters: list[str] = []
        for trace in sketch.alternatives:
            line = view.project(trace.lonlat)
            self._board.take_line(line, 3.0)
            out.append(f'<path class="route other" d="{path([line])}"/>')
        for trace in sketch.legs:
            line = view.project(trace.lonlat)
            self._board.take_line(line, 4.0)
            out.append(f'<path class="route" d="{path([line])}"/>')
        for trace in sketch.alternatives:
            line = view.project(trace.lonlat)
            letters.append(self._letter(trace.label, line))
        return "\n".join((*out, *letters))

    def _letter(self, label: str, line: Points) -> str:
        """A letter in a box on the line itself, where nothing else is near."""
        steps = np.linspace(0.12, 0.88, 39)
        order = np.argsort(np.abs(steps - 0.5))
        length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
        every = [self._view.project(t.lonlat) for t in (*self._sketch.legs, *self._sketch.alternatives)]
        others = [_dense(other) for other in every if not np.array_equal(other, line)]
        best, best_room = line[len(line) // 2], -1.0
        for share in steps[order]:
            at = np.array([np.interp(share * length[-1], length, line[:, axis]) for axis in (0, 1)])
            if not self._view.inside(at[None, :], -12.0)[0]:
                continue
            room = min(
                (float(np.hypot(*(other - at).T).min()) for other in others),
                default=99.0,
            )
            room = min(room, 40.0) - 8.0 * abs(float(share) - 0.5)
            if room > best_room:
                best, best_room = at, room
        x, y = float(best[0]), float(best[1])
        self._board.take_box(x - 10, y - 10, 20, 20)
        return (
            f'<g class="letter"><rect x="{x - 8:.1f}" y="{y - 8:.1f}" width="16" height="16" rx="3"/>'
            f'<text x="{x:.1f}" y="{y + 4:.1f}">{escape(label)}</text></g>'
        )

    def _stops(self) -> str:
        out: list[str] = []
        for stop in self._sketch.stops:
            x, y = (float(v) for v in self._view.project(stop.lonlat)[0])
            self._board.take_box(x - 6, y - 6, 12, 12)
            wide = 6.9 * len(stop.label) + 8
            spot = next(
                (
                    (left, top)
                    for left, top in (
                        (x - wide / 2, y + 9),
                        (x - wide / 2, y - 27),
                        (x + 10, y - 9),
                        (x - wide - 10, y - 9),
                        (x + 8, y + 8),
                        (x - wide - 8, y + 8),
                        (x + 8, y - 26),
                        (x - wide - 8, y - 26),
                    )
                    if self._board.free(left, top, wide, 18)
                ),
                (min(max(x - wide / 2, 4), self._view.width - wide - 4), min(y + 9, self._view.height - 20)),
            )
            self._board.take_box(*spot, wide, 18)
            out.append(
                f'<g class="stop"><rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" rx="1.5"/>'
                f'<text x="{spot[0] + wide / 2:.1f}" y="{spot[1] + 13:.1f}">{escape(stop.label)}</text></g>'
            )
        return "\n".join(out)

    def _entries(self) -> str:
        """Numbers beside the line, each with a hair to its point."""
        out: list[str] = []
        r = _NUMBER_RADIUS
        for entry in self._sketch.entries:
            x, y = (float(v) for v in self._view.project(np.array([entry.lonlat]))[0])
            spot = (x, y - 18)
            for away in (17.0, 24.0, 32.0, 42.0, 54.0):
                angles = np.radians(np.array([-90, 90, -60, -120, 60, 120, -30, -150, 30, 150, 0, 180]))
                spots = [(x + away * float(np.cos(a)), y + away * float(np.sin(a))) for a in angles]
                fits = [s for s in spots if self._board.free(s[0] - r, s[1] - r, 2 * r, 2 * r)]
                if fits:
                    spot = fits[0]
                    break
            self._board.take_box(spot[0] - r, spot[1] - r, 2 * r, 2 * r)
            out.append(
                f'<g class="entry"><path d="M{x:.1f} {y:.1f}L{spot[0]:.1f} {spot[1]:.1f}"/>'
                f'<circle class="point" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>'
                f'<circle cx="{spot[0]:.1f}" cy="{spot[1]:.1f}" r="{r}"/>'
                f'<text x="{spot[0]:.1f}" y="{spot[1] + 3.8:.1f}">{entry.number}</text></g>'
            )
        return "\n".join(out)

    def _names(self) -> str:
        sketch = self._sketch
        first = sketch.entered | sketch.likely | sketch.refusing
        areas = {
            state: self._board.area(self._borders.rings(faces))
            for state, faces in self._faces.items()
            if state in sketch.names
        }
        order = sorted(areas, key=lambda state: (state not in first, -int(areas[state].sum())))
        out: list[str] = []
        neighbours = 0
        for state in order:
            if state not in first:
                neighbours += 1
                if neighbours > _NEIGHBOURS_NAMED:
                    break
            placed = self._place(state, areas[state], state in first)
            if placed:
                out.append(placed)
        return "\n".join(out)

    def _place(self, state: str, area: NDArray[np.bool_], main: bool) -> str | None:
        """The full name where it fits on the state, else the code; a state that matters may spill over."""
        style, size, letter = ("name main", 13.0, 7.6) if main else ("name", 11.0, 6.2)
        name = self._sketch.names[state]
        tries = [(name, 0.85), (state, 0.7), (state, 0.3)] if main else [(name, 0.95), (state, 0.8)]
        for text, share in tries:
            at = self._board.place(area, letter * len(text) + 6, size + 4, least_share=share)
            if at is not None:
                x, y = at[0], at[1] + size * 0.36
                return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'
        return None

    def _furniture(self) -> str:
        """Scale bar and attribution, in the lower corners."""
        view = self._view
        bar = max((km for km in _BAR_KM if km / view.km_per_pixel <= view.width * 0.2), default=_BAR_KM[0])
        length = bar / view.km_per_pixel
        y = view.height - 14
        wide = 5.3 * len(ATTRIBUTION) + 10
        self._board.take_box(8, y - 22, length + 60, 36)
        self._board.take_box(view.width - wide - 8, y - 10, wide + 8, 24)
        return (
            f'<g class="scale"><path d="M14 {y - 5:.1f}v5h{length:.1f}v-5"/>'
            f'<text x="14" y="{y - 10:.1f}">{bar:,} km at the centre</text></g>\n'
            f'<text class="credit" x="{view.width - 10:g}" y="{y + 3:.1f}">{escape(ATTRIBUTION)}</text>'
        )


def _dense(line: Points) -> Points:
    """The line with points at most about ten pixels apart."""
    pieces = [
        start + (end - start) * np.linspace(0.0, 1.0, max(2, int(np.hypot(*(end - start)) / 10) + 1))[:, None]
        for start, end in pairwise(line)
    ]
    return np.concatenate(pieces)
