"""When garbage is looked for: not while much is built that stays, and seldom through all there is."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

__all__ = ["built_once", "look_at_the_new", "no_collection"]


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


@contextmanager
def look_at_the_new(whole_s: float = 3600.0, clock: Callable[[], float] = time.monotonic) -> Iterator[None]:
    """Leave out what has outlived one look for garbage; all of it is looked at once an hour.

    A desk keeps cases and figures, millions of small things: a look through all of them is half a second in
    which nobody is answered, and it would come every few seconds. What has no more use is let go of without
    it; only what hangs together in a circle waits for the hour.

    Parameters
    ----------
    whole_s : float
        Seconds between two looks at everything.
    clock : callable
    """
    last = clock()

    def looked(phase: str, about: dict[str, int]) -> None:
        nonlocal last
        if phase == "start" or about["generation"] != 2:
            return
        if clock() - last < whole_s:
            gc.freeze()
        else:
            last = clock()
            gc.unfreeze()  # the look that comes next takes everything

    gc.callbacks.append(looked)
    try:
        yield
    finally:
        gc.callbacks.remove(looked)
        gc.unfreeze()
