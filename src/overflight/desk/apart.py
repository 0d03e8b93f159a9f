"""Work in a process of its own, so that the requests keep the interpreter for themselves.

The process is this module, started when it is first needed; it is asked through its standard input
and answers through its standard output, both pickled, and it ends when its input does.
"""

from __future__ import annotations

import atexit
import os
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import IO, Any, TypeVar

from overflight.errors import OverflightError

__all__ = ["Apart"]

T = TypeVar("T")


class Apart:
    """One process that does what it is given, one thing after the other."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._closed = False
        atexit.register(self.close)

    def do(self, told: Callable[[str], None], work: Callable[..., T], *given: Any) -> T:
        """Call `work` with a way to tell a stage, and with what is `given`, over there.

        Parameters
        ----------
        told : callable
            Is called here for every stage that the work tells there.
        work : callable
            Of a module; it, what is given and what it returns are pickled.

        Raises
        ------
        OverflightError
            As the work raised it.
        RuntimeError
            The work failed otherwise, or its process ended twice; what went wrong stands on standard error.
        """
        with self._lock:
            for again in (True, False):
                try:
                    found: T = self._ask(told, (work, given))
                    return found
                except (EOFError, OSError, pickle.UnpicklingError) as fault:
                    self._end()  # it was ended from outside, or memory ran out
                    if not again or self._closed:
                        raise RuntimeError("the process that works things out ended") from fault
        raise AssertionError

    def _ask(self, told: Callable[[str], None], wanted: object) -> Any:
        if self._closed:
            raise EOFError
        if self._process is None:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                start_new_session=True,  # an interrupt at the terminal is for the desk, which ends this
            )
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise AssertionError
        pickle.dump(wanted, process.stdin)
        process.stdin.flush()
        while True:
            kind, value = pickle.load(process.stdout)
            if kind == "stage":
                told(value)
            elif kind == "done":
                return value
            else:
                raise value

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except OSError:  # what was not sent yet
                    continue

    def close(self) -> None:
        """End the process for good; what it is at is lost."""
        self._closed = True
        self._end()


def _serve(asked: IO[bytes], answers: IO[bytes]) -> None:
    def say(kind: str, value: object) -> None:
        answers.write(pickle.dumps((kind, value)))
        answers.flush()

    while True:
        try:
            work, given = pickle.load(asked)
        except EOFError:
            return
        try:
            say("done", work(lambda stage: say("stage", stage), *given))
        except BrokenPipeError:  # the desk has ended
            return
        except OverflightError as error:
            say("fault", error)
        except Exception as error:  # the desk is told, and the next wish is heard
            sys.excepthook(type(error), error, error.__traceback__)
            say("fault", RuntimeError(f"{type(error).__name__} in the process that works things out"))


if __name__ == "__main__":
    # What the work prints by mistake must not stand among the answers.
    _out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.nice(5)  # behind the requests: a page is waited for, figures come to it later
    _serve(sys.stdin.buffer, _out)
