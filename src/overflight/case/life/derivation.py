"""What is derived of the log and kept beside it, worked out anew: the agenda of every case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from overflight.case.life.agenda import agenda_of
from overflight.case.life.fold import fold
from overflight.case.life.memory import events_of
from overflight.errors import ConflictError, DataError
from overflight.store.event import AgendaItem, Log

__all__ = ["Rebuilt", "rebuild"]

#: Cases whose agendas are written together.
_TOGETHER = 100


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many agendas were worked out, and which cases could not be read, each with its line."""

    cases: int
    unread: tuple[str, ...] = ()


def rebuild(log: Log, progress: Callable[[int, int], None] | None = None) -> Rebuilt:
    """Derive the agenda of every case again from its events.

    A case that cannot be read waits for nothing that this program knows: its agenda is emptied, and a line
    says so. Others may be recording meanwhile.

    Parameters
    ----------
    log : Log
    progress : callable, optional
        Called with cases done and cases in all.
    """
    names = [head.case for head in log.cases()]
    done, unread = 0, list[str]()
    for start in range(0, len(names), _TOGETHER):
        some = names[start : start + _TOGETHER]
        done += _replace(log, some, unread)
        if progress is not None:
            progress(min(start + _TOGETHER, len(names)), len(names))
    return Rebuilt(done, tuple(unread))


def _replace(log: Log, names: Sequence[str], unread: list[str]) -> int:
    lines: list[str] = []
    agenda: dict[str, Sequence[AgendaItem]] = {}
    lasts: dict[str, int] = {}
    for name in names:
        events = events_of(log, name)
        lasts[name] = max(event.seq for event in events if event.case == name)
        try:
            agenda[name] = agenda_of(fold(events))
        except DataError as fault:
            agenda[name] = ()
            lines.append(f"case {name} cannot be read: {fault}")
    try:
        log.replace_agenda(agenda, expect=lasts)
    except ConflictError:  # somebody has recorded since: look at each again, until nobody has
        return sum(_replace(log, [name], unread) for name in names)
    unread += lines
    return len(names) - len(lines)
