"""The list of what was repaired and what could not be decided."""

from __future__ import annotations

from dataclasses import dataclass

from overflight.telegram.source import Line

__all__ = ["Log", "Repair"]

_MOST = 100_000  # a file of nothing but debris must not fill the memory


@dataclass(frozen=True, slots=True)
class Repair:
    """One repair: where it stood (from 1), what was read, what was understood, and the kind of damage."""

    line: int
    column: int
    read: str
    understood: str
    kind: str


class Log:
    """Collects repairs and warnings while one telegram is read; a warning is kept once."""

    def __init__(self) -> None:
        self.repairs: list[Repair] = []
        self.unlisted = 0
        self.lost: set[int] = set()  # lines before which pages of the message are missing
        self._warnings: dict[str, None] = {}

    def repair(self, line: Line, position: int, read: str, understood: str, kind: str) -> None:
        self.add(Repair(line.no, line.column(position), read, understood, kind))

    def add(self, repair: Repair) -> None:
        if len(self.repairs) < _MOST:
            self.repairs.append(repair)
        else:
            self.unlisted += 1

    def warn(self, message: str) -> None:
        self._warnings[message] = None

    @property
    def warnings(self) -> tuple[str, ...]:
        if self.unlisted:
            self.warn(f"{self.unlisted} more repairs are not listed")
        return tuple(self._warnings)

    def sorted(self) -> tuple[Repair, ...]:
        if not self.repairs:
            return ()
        return tuple(sorted(self.repairs, key=lambda r: (r.line, r.column)))
