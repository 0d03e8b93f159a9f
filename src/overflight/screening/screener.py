"""Queries against the lists as of a day: one index, any number of questions.

``screen(query, screener(library, day))`` is the whole interface. The index is built once for the entries that
were listed and answers thousands of queries; days on which the same entries were listed share it.
"""

from __future__ import annotations

from collections.abc import Hashable
from datetime import date, datetime
from threading import Lock

from overflight.errors import InputError
from overflight.garbage import built_once
from overflight.screening.bands import band
from overflight.screening.lists import Library, Snapshot
from overflight.screening.match import Match, Screening
from overflight.screening.query import Query
from overflight.screening.register import Register

__all__ = ["NoListsError", "Screener", "screen", "screener"]

_REMEMBERED = 3
_registers: dict[Hashable, Register] = {}
_lock = Lock()


class NoListsError(InputError):
    """No list has been imported: nobody can be called clean."""

    def __init__(self) -> None:
        super().__init__(
            "no list has been imported, so nothing can be screened",
            mend="import one first, such as: overflight lists import un consolidated.xml",
        )


class Screener:
    """The lists as of one day, ready for queries.

    Parameters
    ----------
    snapshot : Snapshot
        Who was listed on the day (`Library.as_of`).

    Raises
    ------
    NoListsError
        The snapshot consulted no list at all.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        if not snapshot.consulted:
            raise NoListsError
        self.snapshot = snapshot
        self.register = _register(snapshot)
        self._remarks = snapshot.remarks()

    def screen(self, query: Query) -> Screening:
        """What the lists say about a query; deterministic for one snapshot and one version of overflight.

        Raises
        ------
        InputError
            The query holds nothing to look for, or a field that cannot be one.
        """
        query = query.checked()
        matches = []
        for one in self.register.search(query, self.snapshot.on):
            if grade := band(one.score, one.equal):
                entity = self.register.entities[one.at]
                part = self.snapshot.part_of(entity)
                matches.append(
                    Match(entity, grade, one.score, one.features, one.name, part.basis, part.version)
                )
        matches.sort(key=lambda match: match.order)
        shot = self.snapshot
        return Screening(query, shot.on, shot.known_at, tuple(matches), shot.consulted, self._remarks)


def _register(snapshot: Snapshot) -> Register:
    """The register of the entries of a snapshot, kept for the next snapshot with the same ones."""
    key = tuple(
        (part.version.path, part.basis == "undated", tuple([one.id for one in part.entities]))
        for part in sorted(snapshot.parts, key=lambda part: (part.version.path, part.basis))
    )
    with _lock:
        found = _registers.pop(key, None)
        if found is None:
            with built_once():
                found = Register(snapshot.entities, snapshot.undated)
            while len(_registers) >= _REMEMBERED:
                del _registers[next(iter(_registers))]
        _registers[key] = found  # the last one used goes to the end
        return found


def screener(library: Library, on: date, known: datetime | None = None) -> Screener:
    """The lists of a desk as of a day, as known at a moment.

    Parameters
    ----------
    library : Library
    on : date
        The day of the flight.
    known : datetime, optional
        Only imports until then count; default: all.
    """
    return Screener(library.as_of(on, known))


def screen(query: Query, lists: Screener) -> Screening:
    """What the lists say about a query.

    Parameters
    ----------
    query : Query
    lists : Screener
        From `screener`.

    Raises
    ------
    InputError
        The query holds nothing to look for, or a field that cannot be one.
    """
    return lists.screen(query)
