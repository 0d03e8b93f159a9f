"""Where a name can stand on the map: on its own state, clear of lines, numbers and other names.

The window is cut into cells of a few pixels. What is drawn marks its cells as taken; for each name the sums
over its box, at every place at once, say where it fits.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Board"]

_CELL = 4.0
Points = NDArray[np.float64]


class Board:
    """The taken cells of a window.

    Parameters
    ----------
    width, height : float
        Pixels.
    """

    def __init__(self, width: float, height: float) -> None:
        self._shape = (max(1, int(np.ceil(height / _CELL))), max(1, int(np.ceil(width / _CELL))))
        self._taken = np.zeros(self._shape, dtype=bool)

    def take_line(self, line: Points, spread: float = 0.0) -> None:
        """Mark the cells along a line, (N, 2) in pixels, widened by `spread` pixels on each side."""
        if len(line) < 2:
            return
        lengths = np.hypot(*np.diff(line, axis=0).T)
        for start, end, length in zip(line[:-1], line[1:], lengths.tolist(), strict=True):
            steps = np.linspace(0.0, 1.0, max(2, min(4000, int(length / _CELL * 1.5) + 1)))[:, None]
            self._take_points(start + (end - start) * steps, spread)

    def take_box(self, x: float, y: float, width: float, height: float) -> None:
        """Mark a box given by its upper left corner and its size, in pixels."""
        rows, columns = self._shape
        top, bottom = int(np.clip(y // _CELL, 0, rows)), int(np.clip(-(-(y + height) // _CELL), 0, rows))
        left, right = int(np.clip(x // _CELL, 0, columns)), int(np.clip(-(-(x + width) // _CELL), 0, columns))
        self._taken[top:bottom, left:right] = True

    def free(self, x: float, y: float, width: float, height: float) -> bool:
        """Whether a box lies in the window and touches nothing."""
        rows, columns = self._shape
        if x < 0 or y < 0 or x + width > columns * _CELL or y + height > rows * _CELL:
            return False
        top, bottom = int(y // _CELL), int(-(-(y + height) // _CELL))
        left, right = int(x // _CELL), int(-(-(x + width) // _CELL))
        return not bool(self._taken[top:bottom, left:right].any())

    def area(self, rings: Sequence[Points]) -> NDArray[np.bool_]:
        """The cells whose middle is inside the rings, by the even-odd rule."""
        rows, columns = self._shape
        flips = np.zeros((rows, columns + 1), dtype=np.int32)
        for ring in rings:
            ends = np.roll(ring, -1, axis=0)
            low_y = np.minimum(ring[:, 1], ends[:, 1]) / _CELL - 0.5
            high_y = np.maximum(ring[:, 1], ends[:, 1]) / _CELL - 0.5
            first = np.clip(np.ceil(low_y), 0, rows).astype(int)
            last = np.clip(np.ceil(high_y), 0, rows).astype(int)  # half open: a vertex counts once
            for edge in np.flatnonzero(last > first).tolist():
                row = np.arange(first[edge], last[edge])
                y = (row + 0.5) * _CELL
                (x1, y1), (x2, y2) = ring[edge], ends[edge]
                x = x1 + (y - y1) * (x2 - x1) / (y2 - y1)
                column = np.clip(np.ceil(x / _CELL - 0.5), 0, columns).astype(int)
                np.add.at(flips, (row, column), 1)
        inside: NDArray[np.bool_] = (np.cumsum(flips, axis=1)[:, :columns] % 2).astype(bool)
        return inside

    def place(
        self, area: NDArray[np.bool_], width: float, height: float, *, least_share: float = 0.6
    ) -> tuple[float, float] | None:
        """Find and take the best place for a box on an area.

        Parameters
        ----------
        area : bool array of cells, from `area`
        width, height : float
            Of the box, pixels.
        least_share : float
            How much of the box must lie on the area.

        Returns
        -------
        (x, y) of the middle of the box in pixels, or None when it fits nowhere.
        """
        rows, columns = self._shape
        high, wide = int(np.ceil(height / _CELL)), int(np.ceil(width / _CELL))
        if high >= rows or wide >= columns or not area.any():
            return None
        taken = _box_sums(self._taken, high, wide)
        share = _box_sums(area, high, wide) / (high * wide)
        possible = (taken == 0) & (share >= least_share)
        if not possible.any():
            return None
        # As near as can be to the middle of the area, and well inside it.
        row, column = np.nonzero(area)
        centre_row, centre_column = float(np.median(row)) - high / 2, float(np.median(column)) - wide / 2
        reach = max(float(np.hypot(np.ptp(row), np.ptp(column))), 1.0)
        all_rows, all_columns = np.indices(share.shape)
        far = np.hypot(all_rows - centre_row, all_columns - centre_column) / reach
        score = np.where(possible, share - 1.2 * far, -np.inf)
        top, left = np.unravel_index(int(np.argmax(score)), score.shape)
        x, y = float(left) * _CELL, float(top) * _CELL
        self.take_box(x, y, wide * _CELL, high * _CELL)
        return x + wide * _CELL / 2, y + high * _CELL / 2

    def _take_points(self, points: Points, spread: float) -> None:
        rows, columns = self._shape
        reach = int(np.ceil(spread / _CELL))
        cells = np.floor(points / _CELL).astype(int)
        near = (cells >= -reach).all(axis=1) & (cells[:, 0] < columns + reach) & (cells[:, 1] < rows + reach)
        for down in range(-reach, reach + 1):
            for right in range(-reach, reach + 1):
                column, row = cells[near, 0] + right, cells[near, 1] + down
                ok = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
                self._taken[row[ok], column[ok]] = True


def _box_sums(cells: NDArray[np.bool_], high: int, wide: int) -> NDArray[np.float64]:
    total = np.zeros((cells.shape[0] + 1, cells.shape[1] + 1))
    total[1:, 1:] = cells.cumsum(axis=0).cumsum(axis=1)
    sums: NDArray[np.float64] = (
        total[high:, wide:] - total[:-high, wide:] - total[high:, :-wide] + total[:-high, :-wide]
    )
    return sums
