"""When garbage is looked for: what stays is looked through seldom, and nothing is kept for good."""

from __future__ import annotations

import gc
import weakref

import pytest

from overflight.garbage import built_once, look_at_the_new, no_collection


class Ring:
    """Something that only the collector can let go of."""

    def __init__(self) -> None:
        self.me = self


def test_nothing_is_looked_for_while_much_is_built() -> None:
    assert gc.isenabled()
    with no_collection():
        assert not gc.isenabled()
        with no_collection():
            pass
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(RuntimeError), no_collection():
        raise RuntimeError
    assert gc.isenabled()


def test_what_was_built_once_is_left_out() -> None:
    try:
        with built_once():
            ring = Ring()
            gone = weakref.ref(ring)
            del ring
        gc.collect()
        assert gone() is not None
    finally:
        gc.unfreeze()
    gc.collect()
    assert gone() is None


def test_what_outlived_a_look_is_left_out_until_the_hour() -> None:
    now = 0.0
    with look_at_the_new(3600, lambda: now):
        ring = Ring()
        gone = weakref.ref(ring)
        gc.collect()
        del ring
        gc.collect()
        assert gone() is not None  # it had outlived one
        young = weakref.ref(Ring())
        gc.collect()
        assert young() is None
        now = 3601.0
        gc.collect()  # the hour is noticed
        gc.collect()
        assert gone() is None
        assert gc.get_freeze_count() > 0  # and what lives on is left out again
    assert gc.get_freeze_count() == 0
    assert look_at_the_new not in gc.callbacks
