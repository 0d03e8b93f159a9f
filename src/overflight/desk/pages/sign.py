"""Coming in and going out: signing in, one-time links, the own account, and what the desk is."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from overflight.desk import oidc
from overflight.desk.access import Action, Reader
from overflight.desk.accounts import (
    SHORTEST,
    Accounts,
    ThrottledError,
    WrongError,
    accounts_of,
    scopes_of,
)
from overflight.desk.faults import fault
from overflight.desk.guard import FORM_COOKIE, cookie_name, first_page, form_is_ours
from overflight.desk.page import render
from overflight.desk.rooms import Rooms, rooms_of
from overflight.desk.routing import needs, reader_of, room
from overflight.errors import InputError
from overflight.store.accounts import Account

__all__ = ["local_path", "router"]

router = APIRouter(include_in_schema=False)
own = room(Action.OWN_ACCOUNT, include_in_schema=False)
guest = room(Action.READ_SHELF, include_in_schema=False)

_WRONG = "the handle or the password is wrong, or the account cannot be used"
_THROTTLED = "too many tries: wait a quarter of an hour, or ask the desk's admin"
_OLD_FORM = "the form was open for too long; try once more"
_FOREIGN = "the identity provider's answer cannot be accepted, or nobody here goes by that name"
_AWAY = "the identity provider does not answer as it should; try again soon, or sign in with a password"


def local_path(given: str) -> str:
    """A path on this desk to go on to; empty when it would lead elsewhere."""
    good = given.startswith("/") and not given.startswith(("//", "/\\")) and len(given) <= 500
    return given if good and given.isprintable() and not given.startswith("/sign-") else ""


@router.get("/sign-in")
def sign_in_page(request: Request, next: str = "") -> Response:  # noqa: A002 (the word in the address)
    reader = reader_of(request)
    if reader is not None:
        return RedirectResponse(local_path(next) or first_page(reader.role), 303)
    return _form(request, "sign_in.html", next=local_path(next), handle="", wrong="")


@router.post("/sign-in")
def sign_in(
    request: Request,
    handle: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    csrf: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002
    accounts: Accounts = Depends(accounts_of),
) -> Response:
    goes = local_path(next)
    if reader_of(request) is not None:
        return RedirectResponse(goes or "/", 303)
    known = {"next": goes, "handle": handle.strip()[:64]}
    if not form_is_ours(request, csrf):
        return _form(request, "sign_in.html", 403, wrong=_OLD_FORM, **known)
    try:
        account = accounts.sign_in(handle, password, _address(request))
    except ThrottledError:
        return _form(request, "sign_in.html", 429, wrong=_THROTTLED, **known)
    except WrongError:
        return _form(request, "sign_in.html", 401, wrong=_WRONG, **known)
    answer = RedirectResponse(_goes(account, goes), 303)
    return _come_in(request, answer, accounts, account, "password")


@router.post("/sign-out")
def sign_out(request: Request, accounts: Accounts = Depends(accounts_of)) -> Response:
    accounts.sign_out(request.cookies.get(cookie_name(request), ""))
    answer = RedirectResponse("/sign-in", 303)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    _drop(request, answer, cookie_name(request))
    return answer


# --- one-time links ---------------------------------------------------------------------------------------


@router.get("/set-up/{token}")
def link_page(token: str, request: Request, accounts: Accounts = Depends(accounts_of)) -> Response:
    found = accounts.look(token)
    if found is None:
        return render(request, "link_gone.html", status=404)
    if found.kind == "sign-in":
        taken = None if request.state.looking else accounts.come_in(token)
        if taken is None:
            return render(request, "link_gone.html", status=404)
        account, link = taken
        # A page of our own goes on: a strict cookie is not sent when the chain began elsewhere.
        answer = render(request, "come_in.html", goes=_goes(account, link.goes_to), account=account)
        return _come_in(request, answer, accounts, account, "link")
    return _form(request, "set_up.html", token=token, link=found, wrong="", shortest=SHORTEST)


@router.post("/set-up/{token}")
def set_password(
    token: str,
    request: Request,
    password: Annotated[str, Form()] = "",
    again: Annotated[str, Form()] = "",
    csrf: Annotated[str, Form()] = "",
    accounts: Accounts = Depends(accounts_of),
) -> Response:
    found = accounts.look(token)
    if found is None or found.kind != "password":
        return render(request, "link_gone.html", status=404)
    known = {"token": token, "link": found, "shortest": SHORTEST}
    if reader_of(request) is None and not form_is_ours(request, csrf):
        return _form(request, "set_up.html", 403, wrong=_OLD_FORM, **known)
    try:
        account = accounts.set_password(token, password, again)
    except InputError as error:
        return _form(request, "set_up.html", 422, wrong=f"The password {error.what}; {error.mend}.", **known)
    if account is None:
        return render(request, "link_gone.html", status=404)
    answer = RedirectResponse(_goes(account, found.goes_to), 303)
    return _come_in(request, answer, accounts, account, "link")


# --- identity providers -----------------------------------------------------------------------------------


@router.get("/sign-in/oidc")
def to_provider(request: Request, next: str = "", rooms: Rooms = Depends(rooms_of)) -> Response:  # noqa: A002
    provider = oidc.provider_of(request)
    if provider is None:
        return fault(request, 404)
    key, goes = request.app.state.secret, local_path(next)
    try:
        place, note = provider.begin(oidc.back(request), goes, key, rooms.clock())
    except oidc.NotAcceptedError:
        return _form(request, "sign_in.html", 502, next=goes, handle="", wrong=_AWAY)
    answer = RedirectResponse(place, 303)
    # The provider sends the browser back from elsewhere: this one cookie must come with it.
    _set(request, answer, cookie_name(request, oidc.COOKIE), note, "lax", oidc.LASTS_S)
    return answer


@router.get("/sign-in/oidc/back")
def from_provider(request: Request, accounts: Accounts = Depends(accounts_of)) -> Response:
    rooms = rooms_of(request)
    provider = oidc.provider_of(request)
    if provider is None:
        return fault(request, 404)
    note = request.cookies.get(cookie_name(request, oidc.COOKIE), "")
    try:
        subject, goes = provider.finish(
            oidc.back(request), dict(request.query_params), note, request.app.state.secret, rooms.clock()
        )
    except oidc.NotAcceptedError:
        account = None
    else:
        account = accounts.book.by_subject(provider.issuer, subject)
    if account is None or account.disabled_at is not None:
        answer: Response = _form(request, "sign_in.html", 401, next="", handle="", wrong=_FOREIGN)
    else:
        answer = render(request, "come_in.html", goes=_goes(account, goes), account=account)
        answer = _come_in(request, answer, accounts, account, "provider")
    _drop(request, answer, cookie_name(request, oidc.COOKIE), "lax")
    return answer


# --- the own account --------------------------------------------------------------------------------------


class NewPassword:
    """The form in which somebody changes the own password: a dependency."""

    def __init__(
        self,
        old: Annotated[str, Form()] = "",
        password: Annotated[str, Form()] = "",
        again: Annotated[str, Form()] = "",
    ) -> None:
        self._typed = old, password, again

    def change(self, request: Request, accounts: Accounts, reader: Reader) -> dict[str, Any]:
        """Change it: the status of the answer, and what is said to it."""
        wrong, status = "", 422
        try:
            accounts.change_password(reader, *self._typed, _address(request))
        except WrongError:
            wrong = "The present password is not right."
        except ThrottledError:
            wrong, status = f"{_THROTTLED[0].upper()}{_THROTTLED[1:]}.", 429
        except InputError as error:
            wrong = _sentence(error)
        if wrong:
            return {"status": status, "wrong": wrong, "said": ""}
        return {
            "status": 200,
            "wrong": "",
            "said": "The password is changed; every other session is signed out.",
        }


@own.get("/account")
def account_page(
    request: Request,
    reader: Reader = needs(Action.OWN_ACCOUNT),
    accounts: Accounts = Depends(accounts_of),
    rooms: Rooms = Depends(rooms_of),
) -> Response:
    return _own(request, reader, accounts, rooms.clock())


@own.post("/account/password")
def change_password(
    request: Request,
    new: Annotated[NewPassword, Depends()],
    reader: Reader = needs(Action.OWN_ACCOUNT),
    accounts: Accounts = Depends(accounts_of),
    rooms: Rooms = Depends(rooms_of),
) -> Response:
    return _own(request, reader, accounts, rooms.clock(), **new.change(request, accounts, reader))


@own.post("/account/sessions/{name}/end")
def end_session(
    name: str,
    reader: Reader = needs(Action.OWN_ACCOUNT),
    accounts: Accounts = Depends(accounts_of),
) -> Response:
    accounts.book.end_session(name, reader.account)
    return RedirectResponse("/account", 303)


@own.post("/account/tokens")
def make_token(
    request: Request,
    label: Annotated[str, Form()] = "",
    scopes: Annotated[list[str] | None, Form()] = None,
    days: Annotated[int, Form()] = 90,
    reader: Reader = needs(Action.OWN_ACCOUNT),
    accounts: Accounts = Depends(accounts_of),
    rooms: Rooms = Depends(rooms_of),
) -> Response:
    try:
        secret, _ = accounts.make_token(reader, label, scopes or [], days)
    except InputError as error:
        return _own(request, reader, accounts, rooms.clock(), status=422, wrong=_sentence(error), label=label)
    return _own(request, reader, accounts, rooms.clock(), token=secret)


@own.post("/account/tokens/{name}/end")
def end_token(
    name: str,
    reader: Reader = needs(Action.OWN_ACCOUNT),
    accounts: Accounts = Depends(accounts_of),
) -> Response:
    accounts.book.end_token(name, reader.account)
    return RedirectResponse("/account", 303)


def _own(
    request: Request, reader: Reader, accounts: Accounts, now: datetime, *, status: int = 200, **known: Any
) -> Response:
    shown = {"wrong": "", "said": "", "token": "", "label": "", **known}
    return render(
        request,
        "account.html",
        status=status,
        account=accounts.one(reader.account),
        sessions=accounts.sessions_now(reader.account),
        tokens=accounts.book.tokens(reader.account),
        scopes=scopes_of(reader.role),
        shortest=SHORTEST,
        now=now,
        **shown,
    )


@guest.get("/guest/account")
def guest_page(request: Request) -> Response:
    return render(request, "guest_account.html", wrong="", said="", shortest=SHORTEST)


@guest.post("/guest/account/password")
def guest_password(
    request: Request,
    new: Annotated[NewPassword, Depends()],
    reader: Reader = needs(Action.READ_SHELF),
    accounts: Accounts = Depends(accounts_of),
) -> Response:
    done = new.change(request, accounts, reader)
    return render(request, "guest_account.html", shortest=SHORTEST, **done)


@router.get("/about")
def about(request: Request) -> Response:
    return render(request, "about.html")


# --- what they share --------------------------------------------------------------------------------------


def _sentence(error: InputError) -> str:
    words = f"{error.where}: {error.what}" if error.where else error.what
    return f"{words[0].upper()}{words[1:]}" + (f"; {error.mend}." if error.mend else ".")


def _form(request: Request, template: str, status: int = 200, **known: Any) -> Response:
    """A form for somebody who is not signed in, tied to a cookie of this browser."""
    name = cookie_name(request, FORM_COOKIE)
    # A script that a page left behind still asks, and is led here: its answer must not take the cookie of the
    # form that a person sees meanwhile.
    seen = request.headers.get("sec-fetch-dest", "document") == "document"
    fresh = seen and reader_of(request) is None and not request.cookies.get(name)
    if fresh:
        request.state.before = secrets.token_urlsafe(18)
    provider = bool(rooms_of(request).settings.oidc_issuer)
    answer = render(request, template, status=status, provider=provider, **known)
    if fresh:
        _set(request, answer, name, request.state.before, "strict", None)
    return answer


def _come_in(request: Request, answer: Response, accounts: Accounts, account: Account, how: str) -> Response:
    """Give the browser a session of its own; one that it had before ends."""
    request.state.about = account.handle
    name = cookie_name(request)
    if before := request.cookies.get(name):
        accounts.sign_out(before)
    _set(request, answer, name, accounts.open(account, how), "strict", None)
    _drop(request, answer, cookie_name(request, FORM_COOKIE))
    return answer


def _goes(account: Account, wanted: str) -> str:
    from overflight.desk.access import Role

    first = first_page(Role(account.role))
    if not wanted or (account.role == Role.GUEST and not wanted.startswith("/guest")):
        return first
    return wanted


def _set(
    request: Request, answer: Response, name: str, value: str, same_site: str, lasts: int | None
) -> None:
    secure = "; Secure" if request.url.scheme == "https" else ""
    age = "" if lasts is None else f"; Max-Age={lasts}"
    strict = same_site.capitalize()
    answer.headers.append("Set-Cookie", f"{name}={value}; HttpOnly; Path=/; SameSite={strict}{secure}{age}")


def _drop(request: Request, answer: Response, name: str, same_site: str = "strict") -> None:
    _set(request, answer, name, "", same_site, 0)


def _address(request: Request) -> str:
    return request.client.host if request.client is not None else "?"


router.include_router(own)
router.include_router(guest)
