"""Follow a child process from one system call to the next, and kill it at one of those with which it writes.

For Linux on x86-64; elsewhere `CAN_TRACE` is False.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import sys
from dataclasses import dataclass

__all__ = ["CAN_TRACE", "Call", "calls_of", "kill_at", "trace_me"]

CAN_TRACE = sys.platform == "linux" and platform.machine() == "x86_64"

_TRACE_ME, _PEEK_USER, _CONTINUE, _SYSCALL, _OPTIONS = 0, 3, 7, 24, 0x4200
_SYSGOOD_EXITKILL = 0x1 | 0x100000
_NUMBER, _RESULT, _FIRST = 15 * 8, 10 * 8, 14 * 8
#: The calls with which a store is written: to files, to folders, to the server, and to the one who listens.
WRITING = {
    1: "write",
    18: "pwrite64",
    20: "writev",
    44: "sendto",
    46: "sendmsg",
    74: "fsync",
    75: "fdatasync",
    77: "ftruncate",
    82: "rename",
    83: "mkdir",
    86: "link",
    87: "unlink",
    263: "unlinkat",
    285: "fallocate",
    296: "pwritev",
}

_libc = ctypes.CDLL(None, use_errno=True)
if CAN_TRACE:
    _libc.ptrace.argtypes = (ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p)
    _libc.ptrace.restype = ctypes.c_long


@dataclass(frozen=True, slots=True)
class Call:
    """One writing system call, and the file of its first argument where that is one."""

    name: str
    file: str


def trace_me() -> None:
    """In the child: let the parent follow from here."""
    _libc.ptrace(_TRACE_ME, 0, None, None)
    os.kill(os.getpid(), signal.SIGSTOP)


def _start(pid: int) -> None:
    os.waitpid(pid, 0)
    _libc.ptrace(_OPTIONS, pid, None, _SYSGOOD_EXITKILL)


def _next(pid: int) -> bool:
    """Go on to the next entry of or return from a system call; False when the child has ended."""
    deliver = 0
    while True:
        _libc.ptrace(_SYSCALL, pid, None, deliver)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            return False
        stop = os.WSTOPSIG(status)
        if stop == signal.SIGTRAP | 0x80:
            return True
        deliver = 0 if stop in (signal.SIGSTOP, signal.SIGTRAP) else stop


def kill_at(pid: int, point: int, *, after: bool) -> bool:
    """Kill a child that has called `trace_me` at its `point`-th writing call, before or after it.

    Returns
    -------
    bool
        False when it ended before it came so far.
    """
    _start(pid)
    seen, entering = 0, False
    while _next(pid):
        entering = not entering
        if _libc.ptrace(_PEEK_USER, pid, _NUMBER, None) not in WRITING:
            continue
        if entering:
            seen += 1
        if seen == point and entering != after:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            return True
    return False


def calls_of(pid: int) -> list[Call]:
    """Every writing call of a child that has called `trace_me`, in order, until it ends."""
    _start(pid)
    found: list[Call] = []
    entering = False
    while _next(pid):
        entering = not entering
        name = WRITING.get(_libc.ptrace(_PEEK_USER, pid, _NUMBER, None))
        if entering and name is not None:
            number = _libc.ptrace(_PEEK_USER, pid, _FIRST, None)
            try:
                file = os.readlink(f"/proc/{pid}/fd/{number}")
            except OSError:
                file = ""
            found.append(Call(name, file))
    return found
