"""The admin's pages: the desk at a glance, accounts, one account. No case is named on any of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from overflight.desk.access import Action, Role
from overflight.desk.accounts import LINK_LASTS, Accounts, accounts_of
from overflight.desk.faults import fault
from overflight.desk.page import render
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import room
from overflight.desk.views import admin
from overflight.errors import InputError, OverflightError
from overflight.world.states import alpha3_codes, name

__all__ = ["router"]

router = room(Action.MANAGE, include_in_schema=False)


@router.get("/admin")
def overview(
    request: Request, rooms: Rooms = Depends(rooms_of), accounts: Accounts = Depends(accounts_of)
) -> Response:
    return _overview(request, rooms, accounts)


@router.post("/admin/backups")
def back_up(
    request: Request, rooms: Rooms = Depends(rooms_of), accounts: Accounts = Depends(accounts_of)
) -> Response:
    try:
        made = admin.back_up(rooms)
    except OverflightError as error:
        return _overview(request, rooms, accounts, status=503, wrong=_sentence(error))
    return _overview(request, rooms, accounts, said=f"Backed up to {made.name}.")


def _overview(
    request: Request, rooms: Rooms, accounts: Accounts, *, status: int = 200, wrong: str = "", said: str = ""
) -> Response:
    trail = request.app.state.audit
    trail.flush()
    number, _ = trail.book.last()
    refused = trail.book.failures(rooms.clock() - timedelta(days=1))
    rows, broken = admin.lists(rooms)
    return render(
        request,
        "admin.html",
        status=status,
        wrong=wrong,
        said=said,
        health=admin.health(rooms, number, refused),
        lists=rows,
        broken=broken,
        backups=admin.backups(rooms),
        accounts=admin.accounts_view(accounts),
        settings=rooms.settings,
        folder=str(rooms.settings.home / "backups"),
    )


# --- accounts ---------------------------------------------------------------------------------------------


@router.get("/admin/accounts")
def accounts_page(request: Request, accounts: Accounts = Depends(accounts_of)) -> Response:
    return _accounts(request, accounts)


@router.post("/admin/accounts")
def make(
    request: Request,
    handle: Annotated[str, Form()] = "",
    role: Annotated[str, Form()] = "",
    state: Annotated[str, Form()] = "",
    subject: Annotated[str, Form()] = "",
    accounts: Accounts = Depends(accounts_of),
    rooms: Rooms = Depends(rooms_of),
) -> Response:
    typed = {"handle": handle.strip(), "role": role, "state": state, "subject": subject.strip()}
    try:
        issuer = rooms.settings.oidc_issuer
        made = accounts.make(handle, _role(role), state, issuer=issuer, subject=subject)
    except InputError as error:
        return _accounts(request, accounts, status=422, wrong=_sentence(error), typed=typed)
    request.state.about = made.handle
    if made.subject is not None:
        return _accounts(request, accounts, said=f"{made.handle} can sign in through the identity provider.")
    return _accounts(request, accounts, link=accounts.link(made.handle), about=made.handle)


@router.get("/admin/accounts/{handle}")
def account_page(
    handle: str,
    request: Request,
    accounts: Accounts = Depends(accounts_of),
    rooms: Rooms = Depends(rooms_of),
) -> Response:
    return _account(request, accounts, rooms, handle)


@router.post("/admin/accounts/{handle}/role")
def change_role(
    handle: str,
    request: Request,
    role: Annotated[str, Form()] = "",
    state: Annotated[str, Form()] = "",
    accounts: Accounts = Depends(accounts_of),
    rooms: Rooms = Depends(rooms_of),
) -> Response:
    request.state.about = handle[:40]
    try:
        accounts.change(handle, _role(role), state)
    except InputError as error:
        return _account(request, accounts, rooms, handle, status=422, wrong=_sentence(error))
    said = "The role is changed; its sessions and tokens have ended."
    return _account(request, accounts, rooms, handle, said=said)


@router.post("/admin/accounts/{handle}/identity")
def change_identity(
    handle: str,
    request: Request,
    subject: Annotated[str, Form()] = "",
    accounts: Accounts = Depends(accounts_of),
    rooms: Rooms = Depends(rooms_of),
) -> Response:
    request.state.about = handle[:40]
    try:
        accounts.identify(handle, rooms.settings.oidc_issuer, subject)
    except InputError as error:
        return _account(request, accounts, rooms, handle, status=422, wrong=_sentence(error))
    said = "The link to the identity provider is changed; its sessions and tokens have ended."
    return _account(request, accounts, rooms, handle, said=said)


@router.post("/admin/accounts/{handle}/{deed}")
def act(
    handle: str,
    deed: str,
    request: Request,
    accounts: Accounts = Depends(accounts_of),
    rooms: Rooms = Depends(rooms_of),
) -> Response:
    request.state.about = handle[:40]
    link, said = "", ""
    try:
        if deed == "reset":
            link = accounts.reset(handle)
        elif deed == "disable":
            accounts.disable(handle)
            said = "It is disabled; its sessions, tokens and links have ended."
        elif deed == "enable":
            accounts.enable(handle)
            said = "It is enabled again, and signs in as before."
        elif deed == "sign-out":
            count = accounts.book.end_sessions(accounts.one(handle).handle)
            said = f"{count} session{'' if count == 1 else 's'} ended."
        else:
            raise InputError(f"nothing is called {deed[:20]!r} here", where="deed")
    except InputError as error:
        return _account(request, accounts, rooms, handle, status=422, wrong=_sentence(error))
    return _account(request, accounts, rooms, handle, said=said, link=link)


@router.post("/admin/accounts/{handle}/sessions/{session}/end")
def end_session(
    handle: str, session: str, request: Request, accounts: Accounts = Depends(accounts_of)
) -> Response:
    request.state.about = handle[:40]
    accounts.book.end_session(session, handle)
    return RedirectResponse(f"/admin/accounts/{accounts.one(handle).handle}", 303)


@router.post("/admin/accounts/{handle}/tokens/{token}/end")
def end_token(
    handle: str, token: str, request: Request, accounts: Accounts = Depends(accounts_of)
) -> Response:
    request.state.about = handle[:40]
    accounts.book.end_token(token, handle)
    return RedirectResponse(f"/admin/accounts/{accounts.one(handle).handle}", 303)


def _accounts(request: Request, accounts: Accounts, *, status: int = 200, **known: Any) -> Response:
    shown = {
        "wrong": "",
        "said": "",
        "link": "",
        "about": "",
        "typed": {"handle": "", "role": "officer", "state": "", "subject": ""},
        **known,
    }
    return render(
        request,
        "admin_accounts.html",
        status=status,
        accounts=admin.accounts_view(accounts),
        roles=list(Role),
        states=_states(),
        provider=request.app.state.rooms.settings.oidc_issuer,
        base=_base(request),
        hours=int(LINK_LASTS.total_seconds() // 3600),
        **shown,
    )


def _account(
    request: Request, accounts: Accounts, rooms: Rooms, handle: str, *, status: int = 200, **known: Any
) -> Response:
    row = next((one for one in admin.accounts_view(accounts) if one.handle == handle), None)
    if row is None:
        return fault(request, 404)
    return render(
        request,
        "admin_account.html",
        status=status,
        account=row,
        sessions=accounts.sessions_now(handle),
        tokens=accounts.book.tokens(handle),
        roles=list(Role),
        states=_states(),
        provider=rooms.settings.oidc_issuer,
        claim=rooms.settings.oidc_claim,
        base=_base(request),
        now=rooms.clock(),
        hours=int(LINK_LASTS.total_seconds() // 3600),
        **{"wrong": "", "said": "", "link": "", **known},
    )


def _states() -> list[tuple[str, str]]:
    return sorted(((code, name(code)) for code in alpha3_codes()), key=lambda pair: pair[1])


def _base(request: Request) -> str:
    """The desk's address as it stands in a link that is given to somebody."""
    own: str = request.app.state.rooms.settings.address
    return own.rstrip("/") or f"{request.url.scheme}://{request.headers['host']}"


def _role(given: str) -> Role:
    try:
        return Role(given)
    except ValueError:
        raise InputError(f"{given[:20]!r} is no role", where="role") from None


def _sentence(error: OverflightError) -> str:
    words = f"{error.where}: {error.what}" if error.where else error.what
    return f"{words[0].upper()}{words[1:]}" + (f"; {error.mend}." if error.mend else ".")
