"""The admin's part of the JSON API, the audit and the proof of the log. No case is named.

What gives out a one-time link is carried out once under an idempotency key, and the link is not kept.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, ConfigDict, Field

from overflight.desk.access import Action, Reader, Role, may
from overflight.desk.accounts import Accounts, accounts_of
from overflight.desk.api.common import Listed, Page, api, listed
from overflight.desk.faults import FaultError
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs
from overflight.desk.views import admin
from overflight.desk.work import work_of
from overflight.errors import InputError

__all__ = ["router"]

managing = api(Action.MANAGE, "admin", prefix="/admin")
audit = api(Action.READ_AUDIT, "audit", prefix="/audit")
secret = api(Action.MANAGE, "admin", prefix="/admin", secret=True)

_Handle = Annotated[str, Path(max_length=40, description="The account's handle.", examples=["officer-1"])]
_Name = Annotated[str, Path(max_length=40, description="Its name, which opens nothing.")]


class NewAccount(BaseModel):
    """An account to make."""

    model_config = ConfigDict(extra="forbid")

    handle: str = Field(
        max_length=40, description="A function, never a person's name.", examples=["officer-2"]
    )
    role: Role
    state: str = Field("", max_length=60, description="Of a guest, and of nobody else.")
    subject: str = Field("", max_length=255, description="Who the provider says it is, if it signs in there.")


class Changes(BaseModel):
    """What to change; what is left out stays. Every change ends the account's sessions and tokens."""

    model_config = ConfigDict(extra="forbid")

    role: Role | None = None
    state: str | None = Field(None, max_length=60)
    subject: str | None = Field(None, max_length=255, description="Empty: it is unlinked.")
    disabled: bool | None = None


class Made(BaseModel):
    """An account, and the path of a one-time link that sets its password; shown this once."""

    account: admin.AccountRow
    set_up: str | None = Field(description="null: it signs in through the identity provider.")


class SessionRow(BaseModel):
    """Somebody signed in."""

    name: str
    handle: str
    how: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


class TokenRow(BaseModel):
    """A program's token, without the secret."""

    name: str
    handle: str
    label: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


class Lists(BaseModel):
    """The lists of the desk."""

    lists: list[admin.ListRow]
    wrong: str = Field(description="What is wrong with the library; empty: nothing.")


class AccessRow(BaseModel):
    """One access."""

    number: int
    at: datetime
    account: str = Field(description="Empty: nobody was signed in.")
    role: str
    method: str
    route: str = Field(description="The route's template; never the address.")
    status: int
    about: str = Field(description="The account that an act of management was about.")


# --- accounts ---------------------------------------------------------------------------------------------


@managing.get("/accounts", summary="Accounts, by handle")
def accounts_list(page: Page, accounts: Accounts = Depends(accounts_of)) -> Listed[admin.AccountRow]:
    return listed(admin.accounts_view(accounts), page, place=lambda one: (one.handle,))


@managing.get("/accounts/{handle}", summary="One account")
def account(handle: _Handle, accounts: Accounts = Depends(accounts_of)) -> admin.AccountRow:
    return _row(accounts, handle)


@secret.post("/accounts", status_code=201, summary="Make an account")
def make(
    given: NewAccount,
    request: Request,
    accounts: Accounts = Depends(accounts_of),
    rooms: Rooms = Depends(rooms_of),
) -> Made:
    issuer = rooms.settings.oidc_issuer
    made = accounts.make(given.handle, given.role, given.state, issuer=issuer, subject=given.subject)
    request.state.about = made.handle
    link = None if made.subject is not None else f"/set-up/{accounts.link(made.handle)}"
    return Made(account=_row(accounts, made.handle), set_up=link)


@secret.post(
    "/accounts/{handle}/reset", summary="Take password, sessions and tokens away; a new one-time link"
)
def reset(handle: _Handle, request: Request, accounts: Accounts = Depends(accounts_of)) -> Made:
    _row(accounts, handle)
    request.state.about = handle
    link = f"/set-up/{accounts.reset(handle)}"
    return Made(account=_row(accounts, handle), set_up=link)


@managing.patch("/accounts/{handle}", summary="Change an account")
def change(
    handle: _Handle,
    given: Changes,
    request: Request,
    accounts: Accounts = Depends(accounts_of),
    rooms: Rooms = Depends(rooms_of),
) -> admin.AccountRow:
    before = _row(accounts, handle)
    request.state.about = handle
    if given.role is not None or given.state is not None:
        role = given.role or Role(before.role)
        kept = before.state if role is Role.GUEST else ""
        accounts.change(handle, role, kept if given.state is None else given.state)
    if given.subject is not None:
        accounts.identify(handle, rooms.settings.oidc_issuer, given.subject)
    if given.disabled is not None:
        (accounts.disable if given.disabled else accounts.enable)(handle)
    return _row(accounts, handle)


@managing.get("/sessions", summary="Open sessions, the newest first")
def sessions(page: Page, accounts: Accounts = Depends(accounts_of)) -> Listed[SessionRow]:
    rows = [SessionRow.model_validate(one, from_attributes=True) for one in accounts.sessions_now()]
    return listed(rows, page, place=lambda one: (-one.created_at.timestamp(), one.name))


@managing.delete("/sessions/{name}", status_code=204, summary="End a session")
def end_session(name: _Name, accounts: Accounts = Depends(accounts_of)) -> None:
    if not accounts.book.end_session(name):
        raise FaultError(404)


@managing.get("/tokens", summary="Tokens of programs, the newest first")
def tokens(page: Page, accounts: Accounts = Depends(accounts_of)) -> Listed[TokenRow]:
    rows = [
        TokenRow(
            name=one.name,
            handle=one.handle,
            label=one.label,
            scopes=one.scopes.split(","),
            created_at=one.created_at,
            expires_at=one.expires_at,
            used_at=one.used_at,
        )
        for one in accounts.book.tokens()
    ]
    return listed(rows, page, place=lambda one: (-one.created_at.timestamp(), one.name))


@managing.delete("/tokens/{name}", status_code=204, summary="Revoke a token")
def end_token(name: _Name, accounts: Accounts = Depends(accounts_of)) -> None:
    if not accounts.book.end_token(name):
        raise FaultError(404)


def _row(accounts: Accounts, handle: str) -> admin.AccountRow:
    for one in admin.accounts_view(accounts):
        if one.handle == handle:
            return one
    raise FaultError(404, "no such account", handle)


# --- the desk ---------------------------------------------------------------------------------------------


@managing.get("/health", summary="How the desk is")
def health(request: Request, rooms: Rooms = Depends(rooms_of)) -> admin.Health:
    trail = request.app.state.audit
    trail.flush()
    number, _ = trail.book.last()
    return admin.health(rooms, number, trail.book.failures(rooms.clock() - timedelta(days=1)))


@managing.get("/lists", summary="Lists and their age")
def lists(rooms: Rooms = Depends(rooms_of)) -> Lists:
    rows, wrong = admin.lists(rooms)
    return Lists(lists=rows, wrong=wrong)


@managing.get("/backups", summary="Copies of the store in the desk's folder, the newest first")
def backups(page: Page, rooms: Rooms = Depends(rooms_of)) -> Listed[admin.Backup]:
    return listed(admin.backups(rooms), page, place=lambda one: (-one.made_at.timestamp(), one.name))


@managing.post("/backups", status_code=201, summary="Copy the store as it is now")
def back_up(rooms: Rooms = Depends(rooms_of)) -> admin.Backup:
    return admin.back_up(rooms)


# --- the audit and the proof ------------------------------------------------------------------------------


@audit.get("", summary="Accesses, the newest first")
def accesses(page: Page, request: Request, account: str = "") -> Listed[AccessRow]:
    trail = request.app.state.audit
    trail.flush()
    if not account.isprintable() or len(account) > 40:
        raise InputError("no handle", where="account")
    before = None
    if page.after is not None:
        if len(page.after) != 1 or not isinstance(page.after[0], int):
            raise InputError("no cursor of this list", where="cursor", mend="start again without one")
        before = -page.after[0]
    rows = trail.book.page(before=before, account=account, limit=page.limit + 1)
    shown = [AccessRow.model_validate(one, from_attributes=True) for one in rows]
    return listed(shown, page, place=lambda one: (-one.number,))


@audit.get("/proof", summary="The proof of the log, as far as it has come")
def proof(request: Request, reader: Reader = needs(Action.READ_AUDIT)) -> admin.ProofView:
    return admin.proof_view(work_of(request, "proof"), words=may(reader, Action.READ_CASES))


@audit.post("/proof", status_code=202, summary="Prove the log, unless that is being done")
def prove(
    request: Request, rooms: Rooms = Depends(rooms_of), reader: Reader = needs(Action.READ_AUDIT)
) -> admin.ProofView:
    work_of(request, "proof").start(admin.prover(rooms), rooms.clock)
    return proof(request, reader)


router = APIRouter()
for _one in (managing, secret, audit):
    router.include_router(_one)
