"""The shelves of a running desk: opened once, with all that the log says was released on them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from heapq import merge
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from overflight.case.life.approvals import rebuild_shelf
from overflight.desk.rooms import Rooms
from overflight.errors import InputError
from overflight.store.event import Event
from overflight.store.shelf import Received, Shelf, ShelfKeeper

__all__ = ["keeper_of", "received", "shelf_of"]

_keepers: WeakKeyDictionary[Engine, ShelfKeeper] = WeakKeyDictionary()
_first = threading.Lock()


def keeper_of(rooms: Rooms) -> ShelfKeeper:
    """Home's hand on the shelves; what a crash kept off them is put there when a desk first asks."""

    engine = rooms.store.log.engine
    with _first:
        if engine not in _keepers:
            keeper = ShelfKeeper(engine)
            rebuild_shelf(_released(rooms), keeper)
            _keepers[engine] = keeper
        return _keepers[engine]


def shelf_of(rooms: Rooms, state: str) -> Shelf:
    """The shelf of one state: all that its guests can reach."""
    keeper_of(rooms)
    return Shelf(rooms.store.log.engine, state)


def received(rooms: Rooms, reference: str, number: int) -> Received:
    """One answer of a guest.

    Raises
    ------
    InputError
        There is none.
    """
    found = keeper_of(rooms).received(reference=reference, number=number)
    if not found:
        raise InputError("no such answer", where=reference, mend="it may have been given to another paper")
    return found[0]


def _released(rooms: Rooms) -> Iterator[Event]:
    log = rooms.store.log
    return merge(log.events(kind="proposed"), log.events(kind="released"), key=lambda one: one.seq)
