"""The desk's library of lists: every import is a version that is never changed afterwards.

A version is one file, ``lists/KIND/PUBLISHED.NUMBER.jsonl.gz`` in the desk's folder. It is written beside its
place, flushed to disk and then renamed, so that at every moment it is there whole or not at all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from overflight import __version__
from overflight.errors import InputError
from overflight.screening.entity import Entity
from overflight.screening.lists import codec
from overflight.screening.lists.asof import Snapshot, snapshot
from overflight.screening.lists.changes import Changes, changes
from overflight.screening.lists.kinds import KINDS, PARSER, known, read
from overflight.screening.lists.reading import Reading
from overflight.screening.lists.version import (
    HEADER,
    SourceFile,
    Version,
    digest,
    digests,
    from_header,
    instant,
    store,
)

__all__ = ["Imported", "Library"]

#: An import with fewer entries than this part of the version before it is refused.
SHRINK = 0.75
#: … when at least this many entries are gone.
_FEW = 10
_NAME = re.compile(r"(?P<published>\d{4}-\d{2}-\d{2})\.(?P<number>\d{4})\.jsonl\.gz", re.ASCII)
#: Versions whose entries stay in memory: one of each list and as many again.
_KEPT = 14


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did.

    Attributes
    ----------
    version : Version
        The new version, or the one that was there already.
    new : bool
        False when the same files had been imported before: nothing was changed.
    current : bool
        Whether it is the newest publication of its list; an older one is kept as history.
    before : Version or None
        The version that it is compared with: the publication before it.
    changes : Changes or None
        Against `before`; None for the first version of a list.
    """

    version: Version
    new: bool
    current: bool
    before: Version | None
    changes: Changes | None


def _now() -> datetime:
    return datetime.now(UTC)


class Library:
    """The lists of one desk.

    Parameters
    ----------
    home : Path
        The desk's folder (``Settings.home``); the library is ``lists/`` in it.
    now : callable
        The clock.
    """

    def __init__(self, home: Path, now: Callable[[], datetime] = _now) -> None:
        self.folder = home / "lists"
        self._now = now
        self._kept: dict[Path, tuple[Entity, ...]] = {}
        self._headers: dict[Path, Version] = {}

    def versions(self, kind: str | None = None, known_at: datetime | None = None) -> tuple[Version, ...]:
        """Versions in the order of kinds, publication and import.

        Parameters
        ----------
        kind : str, optional
            One list only.
        known_at : datetime, optional
            Only what had been imported at that moment; UTC when it names no zone.

        Raises
        ------
        DataError
            A version is damaged on disk.
        """
        if known_at is not None and known_at.tzinfo is None:
            known_at = known_at.replace(tzinfo=UTC)
        kinds = [known(kind).kind] if kind else [one.kind for one in KINDS]
        found: list[Version] = []
        for name in kinds:
            folder = self.folder / name
            try:
                paths = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
            except (FileNotFoundError, NotADirectoryError):
                continue
            except OSError as error:
                raise InputError(
                    f"the lists cannot be read: {(error.strerror or str(error)).lower()}",
                    where=str(folder),
                    mend="make the folder readable, or set OVERFLIGHT_HOME to another one",
                ) from None
            here = [self._version(path, name) for path in paths]
            here = [one for one in here if known_at is None or one.imported_at <= known_at]
            found.extend(sorted(here, key=lambda one: (one.order, one.path.name)))
        return tuple(found)

    def current(self, kind: str, known_at: datetime | None = None) -> Version | None:
        """The newest publication of a list; None when there is none."""
        found = self.versions(kind, known_at)
        return found[-1] if found else None

    def entities(self, version: Version) -> tuple[Entity, ...]:
        """The entries of a version, kept once read."""
        found = self._kept.pop(version.path, None)
        if found is None:
            found = version.entities()
        return self._keep(version, found)

    def _keep(self, version: Version, entities: tuple[Entity, ...]) -> tuple[Entity, ...]:
        self._kept[version.path] = entities
        while len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return entities

    def as_of(self, on: date, known_at: datetime | None = None, kind: str | None = None) -> Snapshot:
        """Who was listed on a day, as this desk knew it at a moment.

        Parameters
        ----------
        on : date
            The day of the flight.
        known_at : datetime, optional
            Only versions imported until then count; default: all.
        kind : str, optional
            One list only.
        """
        return snapshot(on, known_at, self.versions(kind, known_at), self.entities, Version.dates)

    def changes(self, kind: str) -> tuple[Version, Version, Changes] | None:
        """What the newest publication changed against the one before; None with fewer than two versions."""
        found = self.versions(kind)
        if len(found) < 2:
            return None
        before, after = found[-2:]
        return before, after, changes(self.entities(before), self.entities(after))

    def changed_since(self, moment: datetime) -> tuple[Entity, ...]:
        """Every entity that imports after a moment added, removed or changed, for screening cases again.

        A removed entity is given as it last stood. Publications imported as history change what is known of
        past days, not this.
        """
        found: dict[tuple[str, str], Entity] = {}
        for kind in KINDS:
            now = self.current(kind.kind)
            if now is None:
                continue
            then = self.current(kind.kind, moment)
            old = self.entities(then) if then else ()
            if then is not None and then.path == now.path:
                continue
            for one in changes(old, self.entities(now)).entities:
                found[one.list, one.id] = one
        return tuple(found.values())

    def add(
        self,
        kind: str,
        paths: Sequence[Path],
        *,
        published: date | None = None,
        force: bool = False,
        report: Callable[[str], None] = lambda _: None,
    ) -> Imported:
        """Import a list from the publisher's files.

        Parameters
        ----------
        kind : str
            A word of `KINDS`.
        paths : sequence of Path
            One file, or OFAC's set.
        published : date, optional
            The publication date, needed where the files state none.
        force : bool
            Take files that look unfinished, or a list that has become much shorter, all the same.
        report : callable
            Called with what is done next, for progress.

        Raises
        ------
        InputError
            The files are damaged, or not of this list, or the date is missing or contradicts the file;
            nothing was changed.
        """
        name = known(kind).kind
        what = ", ".join(path.name for path in paths)
        report(f"taking the digest of {what}")
        files = digests(paths)
        sha256 = digest(files)
        existing = self.versions(name)
        for one in existing:
            if (one.sha256, one.parser) == (sha256, PARSER) and published in (None, one.published):
                return Imported(one, False, one.path == existing[-1].path, None, None)
        report(f"reading {what} ({sum(file.size for file in files) / 1e6:,.1f} MB)")
        reading = read(name, paths)
        if digests(paths) != files:
            raise InputError(
                "the file changed while it was read", where=str(paths[0]), mend="import it again"
            )
        day, said_by = self._published(reading, published, paths)
        earlier = [one for one in existing if one.published <= day]
        before = earlier[-1] if earlier else None
        doubts = [*reading.doubts, *_shrunk(reading, before)]
        if doubts and not force:
            raise InputError(
                doubts[0],
                where=paths[0].name,
                mend="get the files from the publisher again, or import with --force if they are whole",
            )
        report(f"keeping {len(reading.entities):,} entries")
        version = self._write(name, reading, day, said_by, files, sha256, doubts)
        self._keep(version, reading.entities)
        report("comparing with the publication before")
        difference = changes(self.entities(before), reading.entities) if before else None
        newest = not existing or existing[-1].order <= version.order
        return Imported(version, True, newest, before, difference)

    def _published(self, reading: Reading, given: date | None, paths: Sequence[Path]) -> tuple[date, str]:
        stated = reading.published
        if stated is None and given is None:
            raise InputError(
                "the file does not state its publication date",
                where=paths[0].name,
                mend="give it with --published YYYY-MM-DD",
            )
        if stated is not None and given is not None and stated != given:
            raise InputError(
                f"is {given.isoformat()}, and the file says {stated.isoformat()}",
                where="--published",
                mend="leave the option out",
            )
        day = stated or given
        assert day is not None
        if day > self._now().date() + timedelta(days=1):
            raise InputError(
                f"the publication date {day.isoformat()} lies in the future",
                where=paths[0].name if stated else "--published",
            )
        return day, "file" if stated else "user"

    def _write(
        self,
        kind: str,
        reading: Reading,
        published: date,
        said_by: str,
        files: tuple[SourceFile, ...],
        sha256: str,
        doubts: list[str],
    ) -> Version:
        header = {
            "header": HEADER,
            "kind": kind,
            "publisher": known(kind).publisher,
            "format": reading.format,
            "published": published.isoformat(),
            "published_by": said_by,
            "imported_at": instant(self._now()),
            "files": [[f.name, f.sha256, f.size] for f in files],
            "sha256": sha256,
            "counts": _counts(reading.entities),
            "parser": PARSER,
            "software": __version__,
            "notes": list(reading.notes),
            "forced": doubts,
        }
        data = codec.pack(header, reading.entities)
        folder = self.folder / kind
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = store(folder, published, data)
        except OSError as error:
            raise InputError(
                f"the list cannot be kept: {(error.strerror or str(error)).lower()}",
                where=str(folder),
                mend="make room there, or set OVERFLIGHT_HOME to another folder",
            ) from None
        return self._version(path, kind)

    def _version(self, path: Path, kind: str) -> Version:
        found = self._headers.get(path)
        if found is None:
            found = self._headers[path] = from_header(codec.read_header(path), path, kind)
        return found


def _counts(entities: tuple[Entity, ...]) -> dict[str, int]:
    counts = dict(sorted(Counter(one.schema for one in entities).items()))
    counts["names"] = sum(len(one.names) for one in entities)
    counts["identifiers"] = sum(len(one.identifiers) for one in entities)
    counts["links"] = sum(len(one.links) for one in entities)
    return counts


def _shrunk(reading: Reading, before: Version | None) -> list[str]:
    if before is None:
        return []
    now, then = len(reading.entities), before.entries
    if now >= then * SHRINK or then - now < _FEW:
        return []
    return [f"has {now:,} entries where the publication of {before.published} has {then:,}"]
