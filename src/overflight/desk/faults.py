"""What goes wrong, said in one shape: JSON for programs, a page for people, the same words in both."""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from traceback import extract_tb
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overflight.errors import ConflictError, InputError, OverflightError, StoreError

__all__ = ["Catch", "Fault", "FaultError", "NotSignedInError", "RefusedError", "fault", "install"]

logger = logging.getLogger("overflight.desk")


class NotSignedInError(Exception):
    """Nobody is signed in."""


class RefusedError(Exception):
    """The reader may not do that."""


class FaultError(Exception):
    """An answer that is a fault, for whoever knows its status.

    Parameters
    ----------
    status : int
    what, where, mend : str
        As in `fault`.
    """

    def __init__(self, status: int, what: str = "", where: str = "", mend: str = "") -> None:
        self.status, self.what, self.where, self.mend = status, what, where, mend
        super().__init__(what)


class Wrong(BaseModel):
    """What is wrong, where, and what to do about it."""

    status: int = Field(description="The HTTP status.", examples=[404])
    what: str = Field(description="What is wrong, in a few words.", examples=["no such case"])
    where: str = Field(description="The field, parameter or thing it is about.", examples=["KOR999"])
    mend: str = Field(description="What can be done about it.", examples=["check the id"])


class Fault(BaseModel):
    """The one shape of everything that goes wrong."""

    error: Wrong


_OPTION = re.compile(r"(?<![\w-])--(?=[a-z])")
#: The words of every status that is not spelled out; the same for everybody.
_WORDS = {
    400: ("what was sent cannot be used", "see /api/v1/docs"),
    401: ("sign in first", "sign in, or send a token"),
    403: ("your account may not do that", "ask the desk's admin for another role"),
    404: ("there is nothing here", "check the address"),
    405: ("this address does not take that", "check the method"),
    413: ("too large", "send less"),
    429: ("too many tries", "wait a minute, then try again"),
    500: ("the desk made a mistake", "try again; tell whoever runs the desk when it stays"),
    503: ("the store cannot be reached", "try again soon"),
}


def fault(request: Request, status: int, what: str = "", where: str = "", mend: str = "") -> Response:
    """One answer about something wrong: ``{"error": {"status", "what", "where", "mend"}}`` or a page."""
    try:
        phrase = HTTPStatus(status).phrase.lower()
    except ValueError:
        phrase = "it cannot be done"
    words = _WORDS.get(status, (phrase, ""))
    error = {
        "status": status,
        "what": _plain(what) or words[0],
        "where": _plain(where),
        "mend": _plain(mend) or words[1],
    }
    if wants_json(request):
        return JSONResponse({"error": error}, status)
    from overflight.desk.page import render

    return render(request, "fault.html", status=status, error=error)


def wants_json(request: Request) -> bool:
    """Programs get JSON: everything under the API, and whoever asks for it."""
    from overflight.desk.routing import API

    return request.url.path.startswith((API, "/healthz", "/readyz")) or (
        request.headers.get("accept", "").startswith("application/json")
    )


def _plain(text: str) -> str:
    """A text that every answer can carry, of bounded length; options of commands are fields here."""
    text = _OPTION.sub("", text.encode("utf-8", "replace").decode().replace("\x00", "�"))
    return text if len(text) <= 600 else text[:599] + "…"


def of(request: Request, error: Exception) -> Response:
    """The answer to an exception of ours."""
    match error:
        case NotSignedInError():
            return _signed_out(request)
        case RefusedError():
            from overflight.desk.routing import reader_of

            # A guest cannot tell a page that is not his from one that does not exist.
            reader = reader_of(request)
            return fault(request, 404 if reader is None or reader.guest else 403)
        case FaultError():
            return fault(request, error.status, error.what, error.where, error.mend)
        case OverflightError():
            return fault(request, _status_of(error), error.what, error.where or "", error.mend or "")
        case _:
            return fault(request, 500)


def _status_of(error: OverflightError) -> int:
    if isinstance(error, StoreError):
        return 503
    if isinstance(error, ConflictError):
        return 409
    return 404 if isinstance(error, InputError) and error.what == "no such case" else 400


def _signed_out(request: Request) -> Response:
    if wants_json(request):
        answer = fault(request, 401)
        answer.headers["WWW-Authenticate"] = "Bearer"
        return answer
    if request.method != "GET":
        return fault(request, 401)
    asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/sign-in?next={quote(asked)}", 303)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    try:
        phrase = HTTPStatus(error.status_code).phrase
    except ValueError:
        phrase = ""
    said = error.detail if error.detail != phrase else ""
    answer = fault(request, error.status_code, str(said or ""))
    for header, value in (error.headers or {}).items():
        answer.headers[header] = value
    return answer


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first: dict[str, Any] = dict(error.errors()[0])
    where = ".".join(str(part) for part in first.get("loc", ()))
    mend = "see /api/v1/docs" if wants_json(request) else "check the address or the field"
    return fault(request, 422, str(first.get("msg", "")).lower(), where, mend)


def install(app: FastAPI) -> None:
    """Give an application its handlers."""
    for kind in (NotSignedInError, RefusedError, FaultError, OverflightError):
        app.add_exception_handler(kind, of)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)


class Catch:
    """The last resort, an ASGI middleware: what nobody expected becomes an answer of the one shape.

    The log gets one line: kind of fault and places in the code, never its words, which may quote a case.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            if "\x00" in scope["path"] or b"%00" in scope["query_string"]:
                raise FaultError(400, "a NUL in the address", "", "check the address")
            await self._app(scope, receive, watched)
        except Exception as error:
            if not isinstance(error, OverflightError | FaultError | NotSignedInError | RefusedError):
                logger.error("%s in %s: %s", type(error).__name__, _route(scope), places(error))
            if started:
                return  # too late for an answer; the server ends the connection
            request = Request(scope)
            try:
                answer = of(request, error)
            except Exception as second:
                logger.error("%s in the page about it: %s", type(second).__name__, places(second))
                answer = JSONResponse({"error": {"status": 500, "what": _WORDS[500][0]}}, 500)
            from overflight.desk.guard import HEADERS

            for header, value in (HEADERS | {"Cache-Control": "no-store"}).items():
                answer.headers.setdefault(header, value)
            await answer(scope, receive, send)


def _route(scope: Scope) -> str:
    route = scope.get("route")
    return f"{scope['method']} {getattr(route, 'path', '(no route)')}"


def places(error: BaseException) -> str:
    """Where in the code it happened, innermost first: ``map.py:41 outlines < case.py:12 one``."""
    frames = extract_tb(error.__traceback__)[-6:]
    names = (f"{one.filename.rpartition('/')[2]}:{one.lineno} {one.name}" for one in reversed(frames))
    return " < ".join(names)
