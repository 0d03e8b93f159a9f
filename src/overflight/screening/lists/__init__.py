"""Sanctions lists: reading the publishers' own files, keeping every version, asking who was listed when."""

from overflight.screening.lists.asof import BASES, Part, Snapshot
from overflight.screening.lists.changes import Change, Changes, changes
from overflight.screening.lists.kinds import KINDS, PARSER, Kind, read
from overflight.screening.lists.library import Imported, Library
from overflight.screening.lists.reading import Reading
from overflight.screening.lists.version import SourceFile, Version

__all__ = [
    "BASES",
    "KINDS",
    "PARSER",
    "Change",
    "Changes",
    "Imported",
    "Kind",
    "Library",
    "Part",
    "Reading",
    "Snapshot",
    "SourceFile",
    "Version",
    "changes",
    "read",
]
