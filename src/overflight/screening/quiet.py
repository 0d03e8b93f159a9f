"""Building much at once without looking for garbage in between."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["built_once", "no_collection"]


@contextmanager
def no_collection() -> Iterator[None]:
    """Nothing built inside is garbage: looking for some takes longer than the building."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


@contextmanager
def built_once() -> Iterator[None]:
    """As `no_collection`; what was built stays as long as the process and is not looked through again."""
    with no_collection():
        yield
        gc.freeze()
