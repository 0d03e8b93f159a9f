"""Proposals and approvals: who has read which texts, and whether these are still what would go out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from typing import Literal

from overflight.case.life.desk import CaseDesk, Happening
from overflight.case.life.events import Approved, Proposed, Refused, Released
from overflight.case.life.model import Case, Noted
from overflight.case.life.rehearsal import (
    TEXTS,
    Request,
    of_office,
    rehearse,
    request_of,
    timeless,
    whole_digest,
)
from overflight.errors import ConflictError, InputError

__all__ = [
    "Change",
    "Standing",
    "approve",
    "named",
    "needed",
    "open_only",
    "propose",
    "refuse",
    "standing",
]


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
    _, words = rehearse(of_office(desk, account), case, request, moment)
    if not words:
        raise InputError("nothing can be told to anybody", where=case.id, mend="state the new facts first")
    digest = whole_digest(request, words)
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
    noted = named(case, proposal)
    if account == noted.body.account:
        raise InputError("whoever proposes cannot approve", where=proposal, mend="ask another account")
    if digest != noted.body.digest:
        raise ConflictError("these are not the texts of the proposal", where=proposal, mend="read it again")
    found = standing(of_office(desk, account), case, noted, 0, moment)
    open_only(found)
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
    noted = named(case, proposal)
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
    if whole_digest(request, words) == body.digest:
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
        for name in TEXTS:
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
    old, new = before.splitlines(), now.splitlines()
    gone: list[str] = []
    come: list[str] = []
    was, is_ = timeless(before).splitlines(), timeless(now).splitlines()
    for tag, a, b, c, d in SequenceMatcher(None, was, is_, autojunk=False).get_opcodes():
        if tag != "equal":
            gone += [line for line in old[a:b] if line.strip()]
            come += [line for line in new[c:d] if line.strip()]
    return tuple(gone), tuple(come)


def open_only(found: Standing) -> None:
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


def named(case: Case, proposal: str) -> Noted[Proposed]:
    wanted = proposal.strip().upper()
    found = next((n for n in case.proposals if n.body.id == wanted), None)
    if found is None:
        raise InputError("no such proposal", where=proposal, mend="the case names its proposals")
    return found


def _plain(text: str) -> str:
    return " ".join(text.split())[:2000]
