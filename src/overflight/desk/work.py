"""Work that takes longer than an answer may: one thread for each kind, its progress, its end."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from fastapi import Request

from overflight.errors import OverflightError

__all__ = ["Work", "work_of"]


@dataclass(slots=True)
class Work:
    """One kind of work; at any time it runs once or not at all.

    Attributes
    ----------
    done, total : int
        How far it has come; `total` is 0 until it is known.
    running : bool
    began_at, ended_at : datetime or None
    result
        What it gave; None before its end, and when it failed.
    wrong : str
        Why it failed.
    """

    done: int = 0
    total: int = 0
    running: bool = False
    began_at: datetime | None = None
    ended_at: datetime | None = None
    result: Any = None
    wrong: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _thread: threading.Thread | None = field(default=None, repr=False)

    def start(self, do: Callable[[Callable[[int, int], None]], Any], clock: Callable[[], datetime]) -> bool:
        """Begin, unless it runs already.

        Parameters
        ----------
        do : callable
            Is given a callable that takes how much is done, and how much there is in all.
        clock : callable
        """
        with self._lock:
            if self.running:
                return False
            self.running, self.done, self.total = True, 0, 0
            self.result, self.wrong, self.ended_at = None, "", None
            self.began_at = clock()
            self._thread = threading.Thread(target=self._run, args=(do, clock), daemon=True)
        self._thread.start()
        return True

    def _run(self, do: Callable[[Callable[[int, int], None]], Any], clock: Callable[[], datetime]) -> None:
        try:
            self.result = do(self._tell)
        except OverflightError as error:
            self.wrong = error.what
        except Exception as error:  # a thread has nobody else who would hear of it
            self.wrong = f"the desk made a mistake ({type(error).__name__})"
        finally:
            self.ended_at = clock()
            self.running = False

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def join(self) -> None:
        """Wait for its end."""
        if self._thread is not None:
            self._thread.join()


def work_of(request: Request, name: str) -> Work:
    """The work of a kind at the desk that serves a request."""
    known: dict[str, Work] = request.app.state.work
    return known.setdefault(name, Work())
