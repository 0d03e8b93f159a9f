"""Things written down one after the other and read back in any order, so that a long file needs no memory."""

from __future__ import annotations

import pickle
import tempfile
from typing import Generic, TypeVar

__all__ = ["Spool"]

T = TypeVar("T")


class Spool(Generic[T]):
    """A nameless file of this process alone, gone when it is closed."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(prefix="overflight-")  # noqa: SIM115
        self._end = 0

    def add(self, thing: T) -> int:
        """Write one down; the number reads it back."""
        at = self._end
        data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        self._file.seek(at)
        self._file.write(data)
        self._end = at + len(data)
        return at

    def get(self, at: int) -> T:
        """Read one back."""
        self._file.seek(at)
        # Written by this process, into a file without a name.
        thing: T = pickle.load(self._file)
        return thing

    def __enter__(self) -> Spool[T]:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()
