"""The audit as the desk writes it: changes at once, readings a few at a time.

A change that is answered is in the audit: when the row cannot be written, the answer is withheld. Readings
wait in memory for about a second at most; when the store takes none of them for long, they are withheld, too.
"""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime

from fastapi import Request

from overflight.desk.access import Reader
from overflight.errors import StoreError
from overflight.store.audit import Access, AuditBook

__all__ = ["AuditTrail"]

logger = logging.getLogger("overflight.desk")

#: Readings that are written together, the seconds that they wait for it, and how many may wait.
_TOGETHER = 100
_WAIT_S = 1.0
_MOST = 5000


class AuditTrail:
    """Accesses of one running desk.

    Parameters
    ----------
    book : AuditBook
    clock : callable
        The time now, UTC.
    """

    def __init__(self, book: AuditBook, clock: Callable[[], datetime]) -> None:
        self.book, self._clock = book, clock
        self._waiting: list[Access] = []
        self._since = 0.0
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._timer: tuple[asyncio.AbstractEventLoop, asyncio.TimerHandle] | None = None

    def access(self, request: Request, method: str, status: int) -> Access:
        """One row: the route's template, never the address."""
        reader: Reader | None = request.state.reader
        route = getattr(request.scope.get("route"), "path", "") or "(none)"
        who = ("", "") if reader is None else (reader.account, reader.role.value)
        about = str(getattr(request.state, "about", ""))
        return Access(self._clock(), *who, method, route, status, about)

    def note(self, access: Access) -> bool:
        """Let a reading wait for its turn; False when too many wait already."""
        with self._lock:
            if len(self._waiting) >= _MOST:
                return False
            if not self._waiting:
                self._since = time.monotonic()
            self._waiting.append(access)
        return True

    @property
    def due(self) -> bool:
        """Whether it is time to write."""
        waiting = len(self._waiting)
        return waiting >= _TOGETHER or (waiting > 0 and time.monotonic() - self._since >= _WAIT_S)

    def arm(self) -> None:
        """See to it that what waits is written although nobody asks for anything more."""
        loop = asyncio.get_running_loop()
        if self._waiting and (self._timer is None or self._timer[0] is not loop):
            self._timer = (loop, loop.call_later(_WAIT_S, self._fire, loop))

    def _fire(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        loop.run_in_executor(None, self.flush)

    def write(self, access: Access) -> None:
        """Write a change down, with what waits.

        Raises
        ------
        StoreError
            It cannot be written.
        """
        with self._writing:
            with self._lock:
                rows, self._waiting = [*self._waiting, access], []
            try:
                self.book.add(rows)
            except StoreError:
                with self._lock:
                    self._waiting = [*rows[:-1], *self._waiting]
                raise

    def flush(self) -> bool:
        """Write what waits; False when there is no room for more."""
        with self._writing:
            with self._lock:
                rows, self._waiting = self._waiting, []
            if not rows:
                return True
            try:
                self.book.add(rows)
            except StoreError as error:
                logger.error("the audit cannot be written: %s", error.what)
                with self._lock:
                    self._waiting = [*rows, *self._waiting]
                    self._since = time.monotonic()
        return len(self._waiting) < _MOST
