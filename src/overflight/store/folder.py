"""The folder of a desk: nobody but its owner enters it, or reads the secrets in it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from overflight.errors import StoreError

__all__ = ["make_folder", "make_secret"]


def make_folder(folder: Path) -> None:
    """Make a folder that only its owner can enter."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreError(
            f"the desk's folder cannot be made: {fault.strerror}",
            where=str(folder),
            mend="check OVERFLIGHT_HOME",
        ) from fault


def make_secret(path: Path, content: bytes) -> None:
    """Write a file that its owner alone can read, in a folder that is made where there is none.

    Of several who make it at once one has made it; a file that is there is left as it is.

    Raises
    ------
    StoreError
        The folder cannot be made.
    """
    make_folder(path.parent)
    part = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, path)  # whoever comes first has made it
    except FileExistsError:
        pass
    finally:
        part.unlink()
