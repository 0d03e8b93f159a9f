"""Files that appear under their name when they are complete and on the disk, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from overflight.errors import InputError

__all__ = ["part_of", "put_in_place", "whole_file"]


@contextmanager
def part_of(path: Path, *, replace: bool = False) -> Iterator[Path]:
    """An empty file beside `path`, for its owner alone, that takes its name when the body has ended well."""
    if not replace and path.exists():
        raise InputError("exists already", where=str(path), mend="name another file")
    if path.exists() and not path.is_file():  # a device would become a plain file
        raise InputError("is no ordinary file", where=str(path), mend="name another file")
    if not path.parent.is_dir():
        raise InputError("no such folder", where=str(path.parent))
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600))
    try:
        yield part
        put_in_place(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def put_in_place(part: Path, path: Path) -> None:
    """Give a finished file its name, both on the disk."""
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(part, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A new file to write, named `path` when the body has ended well."""
    with part_of(path) as part, part.open("wb") as file:
        yield file
