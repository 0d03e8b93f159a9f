"""Releases: what was approved goes out, and onto the shelves of the states that it goes to."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from overflight.case.life.approving import Standing, named, open_only, standing
from overflight.case.life.desk import CaseDesk, Happening
from overflight.case.life.events import Approached, Proposed, Released, Wording, decode
from overflight.case.life.fold import fold
from overflight.case.life.model import Case
from overflight.case.life.rehearsal import of_office, rehearse, request_of, whole_digest
from overflight.errors import ConflictError, InputError
from overflight.store.event import Event
from overflight.store.shelf import Released as OnShelf
from overflight.store.shelf import ShelfKeeper

__all__ = ["rebuild_shelf", "release"]


def release(
    desk: CaseDesk,
    keeper: ShelfKeeper,
    case_id: str,
    proposal: str,
    *,
    account: str,
    wanted: int,
    at: datetime | None = None,
) -> tuple[Case, tuple[Released, ...]]:
    """Send a proposal out: its approaches, update or thanks are recorded, its papers put on the shelves.

    The log comes first; should the shelf not be reached any more, `rebuild_shelf` puts there what is missing.

    Raises
    ------
    InputError
        Too few have approved; it was refused, released, or has lapsed.
    ConflictError
        The case moved on while this was decided.
    """
    before = desk.events(case_id.strip().upper())
    if not before:
        raise InputError("no such case", where=case_id)
    case = fold(before)
    moment = desk.at(at)
    noted = named(case, proposal)
    plain = of_office(desk, account)
    found = standing(plain, case, noted, wanted, moment)
    open_only(found)
    if found.missing:
        count = f"{found.missing} more account{'s' if found.missing > 1 else ''}"
        raise InputError(f"{count} must approve first", where=noted.body.id, mend="ask an approver")
    request = request_of(noted.body)
    what, words = rehearse(plain, case, request, moment)
    if whole_digest(request, words) != noted.body.digest:
        raise ConflictError("the texts have just changed", where=noted.body.id, mend="read it again")
    made = _released(desk, keeper, found, what, words, account, moment)
    rows = [*what, *(Happening(one, moment) for one in made)]
    drafts, items, _ = desk.drafts(case, case.id, before, rows)
    last = max(one.seq for one in before if one.case == case.id)
    desk.log.append(drafts, expect=last, agenda={case.id: items})
    for one, wording in zip(made, words, strict=True):
        if one.reference:
            keeper.put(_row(one, wording, moment), case.id, one.approach)
    return desk.load(case.id), made


def _released(
    desk: CaseDesk,
    keeper: ShelfKeeper,
    found: Standing,
    what: Sequence[Happening],
    words: Sequence[Wording],
    account: str,
    moment: datetime,
) -> tuple[Released, ...]:
    by = tuple(one.body.account for one in found.by)
    approaches = {one.body.product.state: one.body.id for one in what if isinstance(one.body, Approached)}
    body = found.proposal.body
    key = desk.log.head().desk
    return tuple(
        Released(
            body.id,
            one.state,
            body.kind,
            body.digest,
            _reference(keeper, key, one, moment) if one.paper else "",
            account,
            by,
            approaches.get(one.state, ""),
            body.due,
        )
        for one in words
    )


def _reference(keeper: ShelfKeeper, key: str, wording: Wording, moment: datetime) -> str:
    """The name of a paper on its shelf, out of what its reader knows: state, title, text, hour.

    A second paper that is the same in all of this gets the next name; nothing else is counted.
    """
    for number in range(1000):
        said = "\0".join((wording.state, wording.title, wording.paper, moment.isoformat(), str(number)))
        mark = hmac.new(f"shelf {key}".encode(), said.encode(), hashlib.sha256).digest()
        found = b32encode(mark)[:12].decode().lower()
        if not keeper.there(found):
            return found
    raise InputError("the same paper was released a thousand times", where=wording.state)


def _row(one: Released, wording: Wording, moment: datetime) -> OnShelf:
    due = one.due if one.kind != "thanks" else None
    return OnShelf(one.reference, one.state, wording.title, one.kind, wording.paper, wording.ask, due, moment)


def rebuild_shelf(events: Iterable[Event], keeper: ShelfKeeper) -> int:
    """Put on the shelves what the log says was released and is not there; how many papers that were.

    Parameters
    ----------
    events : iterable of Event
        The log, or those of kinds "proposed" and "released", in its order.
    """
    there = keeper.references()
    return sum(
        keeper.put(row, case, approach_id)
        for row, case, approach_id in _rows(events)
        if row.reference not in there
    )


def _rows(events: Iterable[Event]) -> Iterator[tuple[OnShelf, str, str]]:
    words: dict[tuple[str, str], Mapping[str, Wording]] = {}
    for event in events:
        if event.kind == "proposed":
            body = decode(event.kind, event.body, where=f"event {event.seq}")
            assert isinstance(body, Proposed)
            words[event.case, body.id] = {one.state: one for one in body.words}
        elif event.kind == "released":
            done = decode(event.kind, event.body, where=f"event {event.seq}")
            assert isinstance(done, Released)
            if done.reference:
                wording = words[event.case, done.proposal][done.state]
                yield _row(done, wording, event.true_at), event.case, done.approach
