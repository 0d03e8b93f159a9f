"""A binary heap and growing arrays for compiled searches."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from overflight.route.kernels import compiled

__all__ = ["grown", "pop", "push"]

F64 = NDArray[np.float64]
I32 = NDArray[np.int32]


@compiled
def push(heap_f: F64, heap_i: I32, n: int, f: float, i: int) -> None:
    """Add node `i` of value `f` to the first `n`; the arrays must have room."""
    k = n
    while k > 0:
        up = (k - 1) >> 1
        if heap_f[up] <= f:
            break
        heap_f[k], heap_i[k] = heap_f[up], heap_i[up]
        k = up
    heap_f[k], heap_i[k] = f, i


@compiled
def pop(heap_f: F64, heap_i: I32, n: int) -> int:
    """Remove the smallest of `n`; returns its node."""
    top = int(heap_i[0])
    f, i = heap_f[n - 1], heap_i[n - 1]
    k = 0
    while True:
        c = 2 * k + 1
        if c >= n - 1:
            break
        if c + 1 < n - 1 and heap_f[c + 1] < heap_f[c]:
            c += 1
        if heap_f[c] >= f:
            break
        heap_f[k], heap_i[k] = heap_f[c], heap_i[c]
        k = c
    heap_f[k], heap_i[k] = f, i
    return top


@compiled
def grown(a: Any) -> Any:
    """Copy an array into one twice as long."""
    b = np.empty((2 * a.shape[0], *a.shape[1:]), a.dtype)
    b[: a.shape[0]] = a
    return b
