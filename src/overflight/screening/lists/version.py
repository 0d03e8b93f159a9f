"""One import of one list: what is known of it, and how its file comes to be there whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from overflight.errors import DataError, InputError
from overflight.screening.entity import Entity
from overflight.screening.lists import codec

__all__ = ["HEADER", "SourceFile", "Version", "digest", "digests", "from_header", "instant", "store"]

#: Version of the header of a kept file.
HEADER = 1
#: Nothing is written for longer than this, in seconds.
_LEFT_S = 86_400


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file as the user gave it."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Version:
    """One import of one list.

    Attributes
    ----------
    kind, publisher : str
    format : str
        As `Reading.format`.
    published : date
        Publication date; of the file, or as the user gave it.
    published_by : str
        ``file`` or ``user``: who said so.
    imported_at : datetime
        UTC.
    files : tuple of SourceFile
    sha256 : str
        One digest for the whole set: the file's own for one file, else the SHA-256 of the sorted digests.
    entries : int
    counts : mapping of str to int
        Entities by schema, and ``names``, ``identifiers``, ``links``.
    parser : int
        Version of the importers.
    software : str
        Version of overflight.
    notes : tuple of str
    forced : tuple of str
        Doubts that the user overruled.
    path : Path
    """

    kind: str
    publisher: str
    format: str
    published: date
    published_by: str
    imported_at: datetime
    files: tuple[SourceFile, ...]
    sha256: str
    entries: int
    counts: Mapping[str, int] = field(hash=False)
    parser: int
    software: str
    notes: tuple[str, ...]
    forced: tuple[str, ...]
    path: Path = field(compare=False)

    @property
    def order(self) -> tuple[date, datetime]:
        """Versions of one list in their order: by publication, then by import."""
        return (self.published, self.imported_at)

    def entities(self) -> tuple[Entity, ...]:
        """The entries of this version, sorted by number; DataError when the file is damaged."""
        return codec.unpack(self.path, self.kind)

    def dates(self) -> Iterator[codec.Dated]:
        """Number and days of every entry; errors as for `entities`."""
        return codec.unpack_dates(self.path, self.kind)

    def document(self) -> dict[str, Any]:
        """The version as other programs and certificates quote it."""
        return {
            "kind": self.kind,
            "publisher": self.publisher,
            "format": self.format,
            "published": self.published.isoformat(),
            "published_by": self.published_by,
            "imported_at": instant(self.imported_at),
            "sha256": self.sha256,
            "files": [{"name": f.name, "sha256": f.sha256, "size": f.size} for f in self.files],
            "entries": self.entries,
            "counts": dict(self.counts),
            "parser": self.parser,
            "software": self.software,
            "notes": list(self.notes),
            "forced": list(self.forced),
        }


def from_header(header: dict[str, Any], path: Path, kind: str) -> Version:
    """The version that a header describes; DataError when it describes none."""
    try:
        if header["header"] != HEADER or header["kind"] != kind:
            raise ValueError(header["header"])
        return Version(
            kind=kind,
            publisher=header["publisher"],
            format=header["format"],
            published=date.fromisoformat(header["published"]),
            published_by=header["published_by"],
            imported_at=datetime.fromisoformat(header["imported_at"]),
            files=tuple(SourceFile(*one) for one in header["files"]),
            sha256=header["sha256"],
            entries=header["entries"],
            counts=header["counts"],
            parser=header["parser"],
            software=header["software"],
            notes=tuple(header["notes"]),
            forced=tuple(header["forced"]),
            path=path,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            "this version of a list is damaged on disk, or of another overflight",
            where=str(path),
            mend="remove the file and import the list again",
        ) from error


def store(folder: Path, published: date, data: bytes) -> Path:
    """Write beside the place, flush, then take the next free number by a link that never overwrites."""
    for left in folder.glob(".import-*.part"):  # of an import that was killed
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _LEFT_S:
                left.unlink()
    descriptor, name = tempfile.mkstemp(prefix=".import-", suffix=".part", dir=folder)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        number = 1
        while True:
            path = folder / f"{published.isoformat()}.{number:04d}.jsonl.gz"
            try:
                os.link(part, path)
                break
            except FileExistsError:
                number += 1
            except OSError:  # a file system without links: the rename is atomic too
                if path.exists():
                    number += 1
                    continue
                part.replace(path)
                break
    finally:
        part.unlink(missing_ok=True)
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return path


def instant(moment: datetime) -> str:
    """A moment as RFC 3339 in UTC."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def digests(paths: Sequence[Path]) -> tuple[SourceFile, ...]:
    """Name, SHA-256 and size of every file; InputError when one cannot be read."""
    found = []
    for path in paths:
        try:
            if path.exists() and not (
                path.is_file() or path.is_dir()
            ):  # a pipe is read once, a device forever
                raise InputError("is no ordinary file", where=str(path), mend="save it as a file first")
            with path.open("rb") as file:
                found.append(
                    SourceFile(
                        path.name, hashlib.file_digest(file, "sha256").hexdigest(), path.stat().st_size
                    )
                )
        except OSError as error:
            raise InputError(
                f"cannot be read: {(error.strerror or 'no file').lower()}", where=str(path)
            ) from None
    return tuple(found)


def digest(files: tuple[SourceFile, ...]) -> str:
    """One digest for a set of files: see `Version.sha256`."""
    if len(files) == 1:
        return files[0].sha256
    return hashlib.sha256("".join(sorted(one.sha256 for one in files)).encode()).hexdigest()
