"""From events to a case: a pure fold. Stopped earlier, it gives what was known then."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from overflight.case.life.events import (
    Answered,
    Approached,
    Approved,
    Body,
    Closed,
    Corrected,
    Delivered,
    Dismissed,
    Ended,
    Filed,
    Inspected,
    Merged,
    Opened,
    Planned,
    Product,
    Proposed,
    Refused,
    Released,
    Reported,
    Split,
    Stated,
    Taken,
    Thanked,
    Updated,
    decode,
    derived,
)
from overflight.case.life.model import Case, Noted
from overflight.errors import DataError
from overflight.store.event import Event

__all__ = ["fold"]

_ID = re.compile(r"S\d+")

_LISTS: Mapping[type, str] = {
    Planned: "plans",
    Stated: "stated",
    Approached: "approaches",
    Delivered: "deliveries",
    Answered: "answers",
    Updated: "updates",
    Inspected: "inspections",
    Reported: "reports",
    Ended: "endings",
    Thanked: "thanks",
    Filed: "telegrams",
    Merged: "merged",
    Split: "splits",
    Corrected: "corrections",
    Proposed: "proposals",
    Approved: "approvals",
    Refused: "refusals",
    Released: "releases",
    Dismissed: "dismissals",
}
#: What another case says of itself is not carried over; its statements, approaches and answers are.
_OWN = (
    Opened, Planned, Merged, Taken, Split, Closed, Corrected,
    Proposed, Approved, Refused, Released, Dismissed,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Mended:
    """What a correction makes of an event."""

    by: int
    body: Mapping[str, Any] | None
    true_at: datetime | None


def fold(events: Iterable[Event], read: Callable[[Event], Body] | None = None) -> Case:
    """Put a case together.

    Parameters
    ----------
    events : iterable of Event
        Of one case, in the order of the log. Events of other cases among them are those it has taken over.
    read : callable, optional
        Gives the body of an event as `decode` would, where it may be known already.

    Raises
    ------
    DataError
        There is no event, the first one does not open a case, or a body does not fit its kind.
    """
    stream = list(events)
    if not stream or stream[0].kind != "opened":
        where = f"event {stream[0].seq}" if stream else "log"
        raise DataError("the case does not begin with its opening", where=where)
    mended = _corrections(stream)
    case_id = stream[0].case
    moved = _moved(stream, mended, case_id)
    found: dict[str, list[Noted[Any]]] = {name: [] for name in _LISTS.values()}
    history: list[Noted[Body]] = []
    opened: Noted[Opened] | None = None
    taken: Noted[Taken] | None = None
    closing: Noted[Closed] | None = None
    figures: dict[str, Any] = {}
    for event in stream:
        mend = mended.get(event.seq)
        noted = _noted(event, mend, moved, read)
        if event.case != case_id:
            noted = replace(noted, body=_carried(noted.body, event.case))
        history.append(noted)
        body = noted.body
        own = event.case == case_id
        # The last figures stand for the whole case as it was then, corrections included.
        if own and isinstance(fresh := event.body.get("derived"), Mapping):
            figures |= fresh
        if noted.void:
            continue
        if not own and isinstance(body, _OWN):
            continue
        match body:
            case Opened():
                opened = noted  # type: ignore[assignment]
            case Taken():
                taken = noted  # type: ignore[assignment]
            case Closed():
                closing = noted  # type: ignore[assignment]
            case _:
                found[_LISTS[type(body)]].append(noted)
    if opened is None:
        raise DataError("the opening of the case was struck out", where=f"case {case_id}")
    worked_out = derived({"derived": figures}, where=f"case {case_id}")
    return Case(
        id=case_id,
        opened=opened,
        taken=taken,
        closing=closing,
        history=tuple(history),
        ways=worked_out.ways,
        coverage=worked_out.coverage,
        **{name: tuple(items) for name, items in found.items()},
    )


def _noted(
    event: Event, mend: _Mended | None, moved: frozenset[int], read: Callable[[Event], Body] | None
) -> Noted[Body]:
    if read is not None and (mend is None or mend.body is None):
        body = read(event)
    else:
        raw = mend.body if mend and mend.body is not None else event.body
        body = decode(event.kind, raw, where=f"event {event.seq}")
    return Noted(
        body=body,
        seq=event.seq,
        case=event.case,
        recorded_at=event.recorded_at,
        true_at=(mend.true_at if mend and mend.true_at else event.true_at),
        by=event.by,
        source=event.source,
        corrected=mend.by if mend else 0,
        void=bool(mend and mend.body is None) or event.seq in moved,
    )


def _carried(body: Body, case: str) -> Body:
    """A body of another case: its statements keep their own names under that case's."""

    def own(ids: Iterable[str]) -> tuple[str, ...]:
        return tuple(f"{case}:{one}" for one in ids)

    def product(one: Product) -> Product:
        return replace(one, released=own(one.released), oral=own(one.oral), told=_named(one.told, case))

    match body:
        case Stated():
            return replace(body, id=f"{case}:{body.id}", replaces=own(body.replaces))
        case Approached():
            return replace(body, product=product(body.product))
        case Updated() | Thanked():
            return replace(body, products=tuple(product(one) for one in body.products))
        case Answered():
            return replace(body, relied=_named(body.relied, case))
    return body


def _named(told: Mapping[str, str], case: str) -> dict[str, str]:
    """Facts that are statements of their own go by the statement's name."""
    return {f"{case}:{k}" if _ID.fullmatch(k) else k: v for k, v in told.items()}


def _corrections(stream: Sequence[Event]) -> dict[int, _Mended]:
    """What each corrected event has become. A correction may itself have been corrected."""
    mended: dict[int, _Mended] = {}
    for event in reversed(stream):
        if event.kind != "corrected":
            continue
        mend = mended.get(event.seq)
        if mend is not None and mend.body is None:
            continue
        raw = mend.body if mend is not None and mend.body is not None else event.body
        body = decode("corrected", raw, where=f"event {event.seq}")
        assert isinstance(body, Corrected)
        # Read from the end: the last correction of an event is the one that counts.
        mended.setdefault(body.event, _Mended(event.seq, body.body, body.true_at))
    return mended


def _moved(stream: Sequence[Event], mended: Mapping[int, _Mended], case_id: str) -> frozenset[int]:
    """Events that went to another case."""
    gone: set[int] = set()
    for event in stream:
        if event.kind == "split" and event.case == case_id:
            mend = mended.get(event.seq)
            if mend is not None and mend.body is None:
                continue
            body = decode(
                "split", (mend.body if mend and mend.body else event.body), where=f"event {event.seq}"
            )
            assert isinstance(body, Split)
            gone.update(body.taken)
    return frozenset(gone)
