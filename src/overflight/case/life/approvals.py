"""Four eyes: nothing goes out from the web desk before others have approved the very texts.

A proposal holds every text word for word. What an approval stands for is composed again whenever somebody
looks: as soon as one character would differ, because a statement was corrected, a plan came or another law is
in force, the approvals have lapsed. A release composes once more, on top of exactly the events that it read,
and is recorded together with what it sends, or not at all.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b32encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from overflight.case.life.desk import CaseDesk, Happening
from overflight.case.life.events import (
    Approached,
    Approved,
    Body,
    Product,
    Proposed,
    Refused,
    Released,
    Thanked,
    Updated,
    Wording,
    decode,
)
from overflight.case.life.fold import fold
from overflight.case.life.model import Case, Noted
from overflight.case.life.requests import ASKS, Envelope, approach, thank, update
from overflight.errors import ConflictError, InputError
from overflight.store.event import Event
from overflight.store.shelf import Released as OnShelf
from overflight.store.shelf import ShelfKeeper

__all__ = [
    "KINDS",
    "Change",
    "Kind",
    "Request",
    "Standing",
    "approve",
    "needed",
    "propose",
    "rebuild_shelf",
    "refuse",
    "rehearse",
    "release",
    "request_of",
    "standing",
]

Kind = Literal["approach", "update", "thanks"]
KINDS: tuple[Kind, ...] = ("approach", "update", "thanks")
_TEXTS = ("paper", "spoken", "telegram")
#: What of a telegram's head the clock alone decides: when it is sent, and when it may be declassified.
_SENT = re.compile(r"^([A-Z]{1,2}) \d{6}Z [A-Z]{3} \d{2,4}$", re.MULTILINE)
_DECLASSIFIED = re.compile(r"^(E\.O\. \d+: DECL:) \d{2}/\d{2}/\d{4}$", re.MULTILINE)
#: Requests as the state itself reads them, where that is not how the telegram says it.
_YOURS = {
    "refuse-overflight": "refuse the flight overflight of your territory",
    "allow-with-scrutiny": "ask for the cargo manifest and crew list before you give a permit",
}
_TITLES = {"approach": "Request", "update": "New facts", "thanks": "Thanks"}


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be proposed: the parameters of `requests.approach`, `update` or `thank`."""

    kind: Kind = "approach"
    states: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    due: datetime | None = None
    statements: tuple[str, ...] = ()
    why: str = ""
    chance: float | None = None
    envelope: Envelope = Envelope()  # noqa: RUF009 - frozen


@dataclass(frozen=True, slots=True)
class Change:
    """One text that would read otherwise if it were composed now; lines as they were and as they are."""

    state: str
    text: str  # "paper", "spoken", "telegram", or "all" where nothing could be composed any more
    before: tuple[str, ...]
    now: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a proposal stands.

    Attributes
    ----------
    proposal : Noted[Proposed]
    step : str
        "waiting", "approved", "lapsed", "refused" or "released".
    by : tuple of Noted[Approved]
        Approvals that count, the first of each account.
    missing : int
        How many accounts have yet to approve.
    changes : tuple of Change
        Why it has lapsed.
    refusal : Noted[Refused] or None
    releases : tuple of Noted[Released]
    """

    proposal: Noted[Proposed]
    step: Literal["waiting", "approved", "lapsed", "refused", "released"]
    by: tuple[Noted[Approved], ...]
    missing: int
    changes: tuple[Change, ...] = ()
    refusal: Noted[Refused] | None = None
    releases: tuple[Noted[Released], ...] = ()


def needed(setting: str) -> int:
    """How many accounts must approve, out of the setting `approvals`.

    Raises
    ------
    InputError
        It is none of 0, 1 and 2.
    """
    if setting not in ("0", "1", "2"):
        raise InputError(f"{setting!r} is no number of approvals", where="approvals", mend="set 2, 1 or 0")
    return int(setting)


# --- composing, as if it were sent


@dataclass(frozen=True)
class _Rehearsal(CaseDesk):
    """A desk over one case as it was read, that writes nothing down: what it would record is kept aside."""

    case: Case | None = None
    seen: list[Happening] = field(default_factory=list)

    def load(self, case_id: str, until: datetime | None = None) -> Case:
        assert self.case is not None
        return self.case

    def record(
        self, case: Case | None, case_id: str, what: Sequence[Happening], *, key: str | None = None
    ) -> Case:
        assert self.case is not None
        self.seen.extend(what)
        return self.case


def rehearse(
    desk: CaseDesk, case: Case, request: Request, at: datetime | None = None
) -> tuple[tuple[Happening, ...], tuple[Wording, ...]]:
    """What would be recorded if a request went out now, and its texts, state by state; nothing is.

    Raises
    ------
    InputError
        As `requests.approach`, `requests.update` and `requests.thank`.
    """
    stage = _Rehearsal(desk.log, desk.geography, desk.jurist, desk.home, desk.office, desk.clock, case)
    given = request
    match given.kind:
        case "approach":
            if given.due is None:
                raise InputError("no deadline", where="due", mend="say by when the answer is needed")
            approach(
                stage,
                case.id,
                given.states,
                ask=given.ask,
                due=given.due,
                statements=given.statements,
                envelope=given.envelope,
                chance=given.chance,
                at=at,
            )
        case "update":
            update(
                stage,
                case.id,
                why=given.why,
                states=given.states,
                statements=given.statements,
                due=given.due,
                envelope=given.envelope,
                at=at,
            )
        case "thanks":
            thank(
                stage,
                case.id,
                states=given.states,
                statements=given.statements,
                envelope=given.envelope,
                at=at,
            )
        case _:
            raise InputError(f"{given.kind!r} cannot be proposed", where="kind", mend=", ".join(KINDS))
    products = [product for one in stage.seen for product in _products(one.body)]
    return tuple(stage.seen), tuple(_wording(case, given, product) for product in products)


def _products(body: Body) -> tuple[Product, ...]:
    match body:
        case Approached():
            return (body.product,)
        case Updated() | Thanked():
            return body.products
    return ()


def _wording(case: Case, request: Request, product: Product) -> Wording:
    asked = request.ask if request.kind == "approach" else ()
    if request.kind == "update" and request.due is not None:
        asked = next(
            (n.body.ask for n in reversed(case.approaches) if n.body.product.state == product.state), ()
        )
    texts = {"paper": product.paper, "spoken": product.spoken, "telegram": product.telegram}
    return Wording(
        product.state,
        product.post,
        _title(case, request.kind, product),
        tuple(_YOURS.get(one, ASKS.get(one, one)) for one in asked),
        product.paper,
        product.spoken,
        product.telegram,
        {name: _digest(_timeless(text) if name == "telegram" else text) for name, text in texts.items()},
    )


def _title(case: Case, kind: str, product: Product) -> str:
    """A heading that says no more than the paper does."""
    left = [one for one in case.statements if one.id in product.released]
    flight = next((one.facts["flight"] for one in left if "flight" in one.facts), "")
    word = _TITLES[kind]
    if not flight:
        return word
    return f"{word} {'for help with' if kind == 'thanks' else 'about'} flight {flight}"


def _timeless(telegram: str) -> str:
    """A telegram without what the clock alone decides; nothing below its head is touched."""
    head, mark, body = telegram.partition("\nSUBJECT:")
    return _DECLASSIFIED.sub(r"\1", _SENT.sub(r"\1", head, count=1), count=1) + mark + body


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _whole(request: Request, words: Sequence[Wording]) -> str:
    """One digest over all that is approved: every text, who gets it, what is asked and by when."""
    rows = [[w.state, w.post, w.title, list(w.ask), [w.digests[name] for name in _TEXTS]] for w in words]
    due = request.due.isoformat() if request.due else ""
    return _digest(json.dumps([request.kind, due, rows], ensure_ascii=True))


def _office(desk: CaseDesk, account: str) -> CaseDesk:
    """The desk as telegrams name it: the office alone, without the account that records for it."""
    return replace(desk, office=desk.office.removesuffix(f"/{account}"))


# --- proposing and approving


def propose(
    desk: CaseDesk, case_id: str, request: Request, *, account: str, at: datetime | None = None
) -> tuple[Case, Proposed]:
    """Put the texts of a request before others.

    Raises
    ------
    InputError
        As `rehearse`; there is nothing to tell anybody; the same is proposed already.
    """
    case = desk.load(case_id)
    moment = desk.at(at)
    _, words = rehearse(_office(desk, account), case, request, moment)
    if not words:
        raise InputError("nothing can be told to anybody", where=case.id, mend="state the new facts first")
    digest = _whole(request, words)
    for noted in case.pending:
        if noted.body.digest == digest and noted.body.account == account:
            return case, noted.body
    number = 1 + sum(1 for n in case.history if isinstance(n.body, Proposed) and n.case == case.id)
    envelope = request.envelope
    body = Proposed(
        f"P{number}",
        request.kind,
        account,
        words,
        digest,
        request.states,
        request.ask,
        request.due,
        request.statements,
        request.why,
        request.chance,
        dict(envelope.posts or {}),
        envelope.info,
        envelope.number,
        envelope.slug,
    )
    return desk.record(case, case.id, [Happening(body, moment)]), body


def request_of(body: Proposed) -> Request:
    """What a proposal was composed with."""
    kind: Any = body.kind
    return Request(
        kind,
        body.states,
        body.ask,
        body.due,
        body.statements,
        body.why,
        body.chance,
        Envelope(dict(body.posts), body.info, body.number, body.slug),
    )


def approve(
    desk: CaseDesk,
    case_id: str,
    proposal: str,
    *,
    account: str,
    digest: str,
    why: str = "",
    at: datetime | None = None,
) -> Case:
    """Approve the texts that go by a digest, for an account that may.

    Raises
    ------
    InputError
        It is the proposer's own, or the account's second; the proposal was refused, released, or has lapsed.
    ConflictError
        The account has seen other texts than those of the proposal.
    """
    case = desk.load(case_id)
    moment = desk.at(at)
    noted = _named(case, proposal)
    if account == noted.body.account:
        raise InputError("whoever proposes cannot approve", where=proposal, mend="ask another account")
    if digest != noted.body.digest:
        raise ConflictError("these are not the texts of the proposal", where=proposal, mend="read it again")
    found = standing(_office(desk, account), case, noted, 0, moment)
    _open(found)
    if any(one.body.account == account for one in found.by):
        return case
    body = Approved(noted.body.id, digest, account, _plain(why))
    return desk.record(case, case.id, [Happening(body, moment)])


def refuse(
    desk: CaseDesk, case_id: str, proposal: str, *, account: str, why: str, at: datetime | None = None
) -> Case:
    """Refuse a proposal, or take one's own back.

    Raises
    ------
    InputError
        There is no reason; the proposal was refused or released already.
    """
    case = desk.load(case_id)
    noted = _named(case, proposal)
    if not _plain(why):
        raise InputError("a refusal needs its reason", where="why", mend="say what is to be changed")
    if noted not in case.pending:
        raise InputError("was refused or released already", where=proposal)
    body = Refused(noted.body.id, account, _plain(why))
    return desk.record(case, case.id, [Happening(body, desk.at(at))])


def standing(
    desk: CaseDesk, case: Case, noted: Noted[Proposed], wanted: int, at: datetime | None = None
) -> Standing:
    """Where a proposal stands now: who has approved, and whether the texts are still those approved."""
    body = noted.body
    first: dict[str, Noted[Approved]] = {}
    for one in case.approvals:
        counts = one.body.proposal == body.id and one.body.digest == body.digest and not one.corrected
        if counts and one.body.account != body.account:
            first.setdefault(one.body.account, one)
    by = tuple(first.values())
    missing = max(0, wanted - len(by))
    refusal = next((n for n in case.refusals if n.body.proposal == body.id), None)
    releases = tuple(n for n in case.releases if n.body.proposal == body.id)
    if releases:
        return Standing(noted, "released", by, 0, releases=releases)
    if refusal is not None:
        return Standing(noted, "refused", by, missing, refusal=refusal)
    if changes := _changes(desk, case, body, at):
        return Standing(noted, "lapsed", by, missing, changes)
    return Standing(noted, "waiting" if missing else "approved", by, missing)


def _changes(desk: CaseDesk, case: Case, body: Proposed, at: datetime | None) -> tuple[Change, ...]:
    """What would read otherwise if the proposal were composed now."""
    request = request_of(body)
    try:
        _, words = rehearse(desk, case, request, at)
    except InputError as error:
        return (Change("", "all", (), (f"{error.what}; {error.mend}" if error.mend else error.what,)),)
    if _whole(request, words) == body.digest:
        return ()
    now = {one.state: one for one in words}
    before = {one.state: one for one in body.words}
    out = []
    for state in dict.fromkeys((*before, *now)):
        old, new = before.get(state), now.get(state)
        if old is None or new is None:
            words_of = ("is told nothing" if new is None else "is told something, too",)
            out.append(Change(state, "all", (), words_of))
            continue
        for name in _TEXTS:
            if old.digests[name] != new.digests[name]:
                out.append(Change(state, name, *_differ(getattr(old, name), getattr(new, name))))
        for name, was, is_ in (
            ("title", old.title, new.title),
            ("post", old.post, new.post),
            ("ask", "; ".join(old.ask), "; ".join(new.ask)),
        ):
            if was != is_:
                out.append(Change(state, name, (was,), (is_,)))
    # A digest that fits no text: whoever wrote this log wrote it by hand.
    return tuple(out) or (Change("", "all", (), ("the digest is not that of the texts",)),)


def _differ(before: str, now: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines that are only in the one, and only in the other, in order."""
    from difflib import SequenceMatcher

    old, new = before.splitlines(), now.splitlines()
    gone: list[str] = []
    come: list[str] = []
    was, is_ = _timeless(before).splitlines(), _timeless(now).splitlines()
    for tag, a, b, c, d in SequenceMatcher(None, was, is_, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += [line for line in old[a:b] if line.strip()]
            come += [line for line in new[c:d] if line.strip()]
    return tuple(gone), tuple(come)


def _open(found: Standing) -> None:
    name = found.proposal.body.id
    if found.step in ("refused", "released"):
        raise InputError(f"was {found.step} already", where=name, mend="propose it anew")
    if found.step == "lapsed":
        one = found.changes[0]
        raise ConflictError(
            f"the texts are no longer those of the proposal ({one.state or 'all'}: {one.text})",
            where=name,
            mend="read what has changed, and propose it anew",
        )


def _named(case: Case, proposal: str) -> Noted[Proposed]:
    wanted = proposal.strip().upper()
    found = next((n for n in case.proposals if n.body.id == wanted), None)
    if found is None:
        raise InputError("no such proposal", where=proposal, mend="the case names its proposals")
    return found


def _plain(text: str) -> str:
    return " ".join(text.split())[:2000]


# --- releasing


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
    noted = _named(case, proposal)
    plain = _office(desk, account)
    found = standing(plain, case, noted, wanted, moment)
    _open(found)
    if found.missing:
        count = f"{found.missing} more account{'s' if found.missing > 1 else ''}"
        raise InputError(f"{count} must approve first", where=noted.body.id, mend="ask an approver")
    request = request_of(noted.body)
    what, words = rehearse(plain, case, request, moment)
    if _whole(request, words) != noted.body.digest:
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
