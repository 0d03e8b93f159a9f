"""What stands between the network and every route: who is asking, our own forms, limits, headers.

An ASGI middleware of its own, so that no route can be added beside it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

from fastapi import Request
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.responses import Response
from starlette.types import ASGIApp

from overflight.desk.access import Reader
from overflight.desk.faults import fault

__all__ = ["HEADERS", "Guard", "csrf_of"]

#: On every answer. No inline script or style, nothing from elsewhere, no framing.
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; worker-src 'self' blob:; font-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
#: Methods that change nothing.
_SAFE = ("GET", "HEAD", "OPTIONS")


class Guard(BaseHTTPMiddleware):
    """Finds the reader, checks forms, sets headers.

    Parameters
    ----------
    app : ASGI application
    reader_of : callable
        Gives the reader of a request, or None.
    """

    def __init__(self, app: ASGIApp, reader_of: Callable[[Request], Reader | None]) -> None:
        super().__init__(app)
        self._reader_of = reader_of

    async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
        request.state.reader = self._reader_of(request)
        if request.method not in _SAFE and not await _ours(request):
            answer = fault(request, 403, "the form is not from this desk, or too old", "", "open it again")
        else:
            answer = await call_next(request)
        for header, value in HEADERS.items():
            answer.headers.setdefault(header, value)
        if not request.url.path.startswith("/static/"):
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer


def csrf_of(request: Request) -> str:
    """The token that forms of this session carry; empty when nobody is signed in."""
    reader: Reader | None = getattr(request.state, "reader", None)
    if reader is None:
        return ""
    key: bytes = request.app.state.secret
    return hmac.new(key, f"form {reader.session}".encode(), hashlib.sha256).hexdigest()


async def _ours(request: Request) -> bool:
    """Whether a change comes from a page of this desk, or from a program with a token."""
    if request.headers.get("authorization", "").lower().startswith("bearer "):
        return True  # no browser sends this by itself
    if getattr(request.state, "reader", None) is None:
        return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    given = request.headers.get("x-csrf-token", "")
    kind = request.headers.get("content-type", "")
    if not given and kind.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        form = await request.form()
        given = str(form.get("csrf", ""))
    return hmac.compare_digest(given.encode(), csrf_of(request).encode())
