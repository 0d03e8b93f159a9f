"""Browser libraries: fetched once from the npm registry, checked against a pinned digest, kept on disk.

Nothing of them is in the repository. A desk without a network is given the folder on a disk
(``OVERFLIGHT_PARTS``); a desk without them works too, with a drawn map instead of a live one.
"""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePosixPath

from platformdirs import user_cache_path

from overflight.errors import DataError

__all__ = ["Part", "fetch", "folder", "listed", "missing"]

REGISTRY = "https://registry.npmjs.org"
#: No part comes near it; a registry that sends more is refused.
_MOST_BYTES = 64_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """One file that the browser loads, out of one package."""

    name: str
    version: str
    tarball: str
    integrity: str
    file: str
    licence: str

    @property
    def local(self) -> str:
        """Its name in the folder of parts."""
        return f"{self.name}-{self.version}-{PurePosixPath(self.file).name}"


@cache
def listed() -> tuple[Part, ...]:
    """Every part, from ``data/parts.csv``."""
    text = (files("overflight.desk") / "data" / "parts.csv").read_text(encoding="utf-8")
    return tuple(
        Part(row["name"], row["version"], row["tarball"], row["integrity"], row["file"], row["licence"])
        for row in csv.DictReader(io.StringIO(text))
    )


def folder() -> Path:
    """Where parts are kept: ``OVERFLIGHT_PARTS``, else the platform's cache folder."""
    given = os.environ.get("OVERFLIGHT_PARTS", "").strip()
    return Path(given).expanduser() if given else user_cache_path("overflight", appauthor=False) / "parts"


def missing(where: Path | None = None) -> tuple[Part, ...]:
    """Parts that are not in the folder yet."""
    where = folder() if where is None else where
    return tuple(part for part in listed() if not (where / part.local).is_file())


def fetch(where: Path | None = None, say: Callable[[str], None] = lambda _: None) -> None:
    """Bring what is missing; each file is whole or not there.

    Raises
    ------
    DataError
        The registry cannot be reached, or what it sends is not what was pinned.
    """
    where = folder() if where is None else where
    for tarball in dict.fromkeys(part.tarball for part in missing(where)):
        wanted = [part for part in missing(where) if part.tarball == tarball]
        say(
            f"fetching {wanted[0].name} {wanted[0].version} ({wanted[0].licence}) from the npm registry, once"
        )
        data = _download(tarball, wanted[0].integrity)
        where.mkdir(parents=True, exist_ok=True)
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
            for part in wanted:
                member = archive.extractfile(f"package/{part.file}")
                if member is None:
                    raise DataError(f"has no file {part.file}", where=tarball)
                _keep(where / part.local, member.read())


def _download(tarball: str, integrity: str) -> bytes:
    base = os.environ.get("NPM_CONFIG_REGISTRY", "").strip() or REGISTRY
    url = f"{base.rstrip('/')}/{tarball}"
    try:
        with urllib.request.urlopen(url, timeout=60) as answer:  # the scheme is the registry's own
            data: bytes = answer.read(_MOST_BYTES)
    except (OSError, urllib.error.URLError, ValueError) as fault:
        raise DataError(
            f"cannot be fetched ({getattr(fault, 'reason', fault)})",
            where=url,
            mend="name a folder that has the parts with OVERFLIGHT_PARTS",
        ) from fault
    found = "sha512-" + base64.b64encode(hashlib.sha512(data).digest()).decode()
    if found != integrity:
        raise DataError("is not the package that was pinned", where=url, mend="nothing of it was kept")
    return data


def _keep(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
    os.chmod(name, 0o644)
    os.replace(name, path)
