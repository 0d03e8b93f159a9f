"""What a running desk has open: its settings, its store, the desk of cases, the clock."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from fastapi import Request

from overflight.case.life.desk import CaseDesk
from overflight.case.life.geography import Earth
from overflight.case.life.jurist import LawBook
from overflight.desk.access import Reader
from overflight.settings import Settings
from overflight.store.desk import Desk, open_desk
from overflight.world.states import state

__all__ = ["Rooms", "open_rooms", "rooms_of"]

T = TypeVar("T")


@dataclass(frozen=True)
class Rooms:
    """One desk, open for serving.

    Attributes
    ----------
    settings : Settings
    store : Desk
        The store; its engine serves accounts and the shelf, too.
    cases : CaseDesk
        Records as the desk's office; `writing` gives one that records for an account.
    clock : callable
        The time now, UTC.
    """

    settings: Settings
    store: Desk
    cases: CaseDesk
    clock: Callable[[], datetime]
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)
    _turns: dict[Any, threading.Lock] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def home(self) -> str:
        """Alpha-3 of the state that owns the desk, or empty."""
        return self.cases.home

    def writing(self, reader: Reader) -> CaseDesk:
        """The desk of cases, recording on behalf of the office and the account that acts for it."""
        c = self.cases
        return CaseDesk(c.log, c.geography, c.jurist, c.home, f"{c.office}/{reader.account}", c.clock)

    def kept(self, key: Any, make: Callable[[], T]) -> T:
        """Something that takes a while to make, made once for a key; a few hundred are kept."""
        try:
            found: T = self._kept[key]
            return found
        except KeyError:
            with self._lock:
                turn = self._turns.setdefault(key, threading.Lock())
        with turn:  # whoever comes meanwhile waits for what is being made
            try:
                if key in self._kept:
                    return self.kept(key, make)
                made = make()
                with self._lock:
                    while len(self._kept) >= 512:
                        self._kept.pop(next(iter(self._kept)))
                    self._kept[key] = made
                return made
            finally:
                self._turns.pop(key, None)

    def close(self) -> None:
        """Let go of the store."""
        self.store.close()


def open_rooms(settings: Settings, *, clock: Callable[[], datetime] | None = None) -> Rooms:
    """Open the desk that the settings name, making an empty one where there is none.

    Raises
    ------
    InputError, StoreError
        As `overflight.store.desk.open_desk`; `state` or `position` names no state.
    """
    home = state(settings.state) if settings.state else ""
    position = state(settings.position) if settings.position else ""
    store = open_desk(settings, clock=clock)
    now = clock or (lambda: datetime.now(UTC))
    law = LawBook(position, home=settings.home)
    cases = CaseDesk(store.log, Earth(settings.view), law, home, settings.office, now)
    return Rooms(settings, store, cases, now)


def rooms_of(request: Request) -> Rooms:
    """The rooms of the desk that serves a request: a FastAPI dependency."""
    rooms: Rooms = request.app.state.rooms
    return rooms
