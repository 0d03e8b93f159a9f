"""What goes wrong, said in one shape: JSON for programs, a page for people, the same words in both."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException

from overflight.errors import ConflictError, InputError, OverflightError, StoreError

__all__ = ["NotSignedInError", "RefusedError", "fault", "install"]


class NotSignedInError(Exception):
    """Nobody is signed in."""


class RefusedError(Exception):
    """The reader may not do that."""


#: The words of every status that is not spelled out; the same for everybody.
_WORDS = {
    401: ("sign in first", "sign in, or send a token"),
    403: ("your account may not do that", "ask the desk's admin for another role"),
    404: ("there is nothing here", "check the address"),
    405: ("this address does not take that", "check the method"),
    413: ("too large", "send less"),
    429: ("too many tries", "wait a minute, then try again"),
}


def fault(request: Request, status: int, what: str = "", where: str = "", mend: str = "") -> Response:
    """One answer about something wrong: ``{"error": {"status", "what", "where", "mend"}}`` or a page."""
    words = _WORDS.get(status, (HTTPStatus(status).phrase.lower(), ""))
    error = {"status": status, "what": what or words[0], "where": where, "mend": mend or words[1]}
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


def install(app: FastAPI) -> None:
    """Give an application its handlers."""

    def signed_out(request: Request, _: Exception) -> Response:
        if wants_json(request):
            answer = fault(request, 401)
            answer.headers["WWW-Authenticate"] = "Bearer"
            return answer
        if request.method != "GET":
            return fault(request, 401)
        return RedirectResponse(f"/sign-in?next={request.url.path}", 303)

    def refused(request: Request, _: Exception) -> Response:
        from overflight.desk.routing import reader_of

        # A guest cannot tell a page that is not his from one that does not exist.
        reader = reader_of(request)
        return fault(request, 404 if reader is None or reader.guest else 403)

    def http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        said = error.detail if error.detail != HTTPStatus(error.status_code).phrase else ""
        return fault(request, error.status_code, str(said or ""))

    def invalid(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        first: dict[str, Any] = dict(error.errors()[0])
        where = ".".join(str(part) for part in first.get("loc", ()))
        return fault(request, 422, str(first.get("msg", "")).lower(), where, "see /api/v1/docs")

    def wrong(request: Request, error: Exception) -> Response:
        assert isinstance(error, OverflightError)
        status = 409 if isinstance(error, ConflictError) else 503 if isinstance(error, StoreError) else 400
        if isinstance(error, InputError) and error.what == "no such case":
            status = 404
        return fault(request, status, error.what, error.where or "", error.mend or "")

    app.add_exception_handler(NotSignedInError, signed_out)
    app.add_exception_handler(RefusedError, refused)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(OverflightError, wrong)
