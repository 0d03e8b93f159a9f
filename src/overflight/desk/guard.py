"""What stands between the network and every route: who is asking, our own forms, limits, headers, the audit.

An ASGI middleware of its own, so that no route can be added beside it. Nothing in an answer to somebody who
is signed in depends on chance: two requests that ask the same of the same shelf get the same bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import ipaddress
import re
from collections.abc import Callable, Collection
from urllib.parse import urlsplit

import anyio
from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from overflight.desk.access import Action, Reader, Role, may
from overflight.desk.faults import fault, of
from overflight.errors import InputError, OverflightError, StoreError
from overflight.settings import Settings

__all__ = [
    "FORM_COOKIE",
    "HEADERS",
    "Guard",
    "body_limit",
    "cookie_name",
    "csrf_of",
    "first_page",
    "form_is_ours",
    "same_origin",
]

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
#: Under TLS alone: browsers come back by TLS for a year.
_HSTS = "max-age=31536000"
#: Methods that change nothing.
_SAFE = ("GET", "HEAD", "OPTIONS")
#: Of everybody's static files, and of the machines that ask whether the desk lives, no audit is kept.
_UNSEEN = ("/static/", "/healthz", "/readyz")
#: Where it makes no difference who asks.
_ANYBODY = ("/static/", "/healthz")
#: The cookie before anybody is signed in, which the sign-in form is tied to.
FORM_COOKIE = "overflight-form"
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
#: A body that stops coming is not waited for longer than this, seconds.
_BODY_PATIENCE_S = 30.0
#: Open streams ask this often whether their reader is still signed in, seconds.
_STREAM_CHECK_S = 10.0
_FIRST = {Role.ADMIN: "/admin", Role.GUEST: "/guest"}


class Guard:
    """Finds the reader, checks hosts, forms and sizes, sets headers, writes the audit.

    Parameters
    ----------
    app : ASGI application
    reader_of : callable
        Gives the reader of a request, or None; may look into a database.
    hosts : collection of str
        Names beside this machine's own under which the desk may be addressed.
    limit_bytes : int
        The largest body.
    """

    def __init__(
        self,
        app: ASGIApp,
        reader_of: Callable[[Request], Reader | None],
        hosts: Collection[str] = (),
        limit_bytes: int = 10_000_000,
    ) -> None:
        self._app, self._reader_of = app, reader_of
        self._hosts, self._limit = frozenset(host.lower() for host in hosts), limit_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # no other protocol is spoken here
        request = Request(scope)
        request.state.reader = None
        head, scope["method"] = scope["method"] == "HEAD", _method(scope)
        request.state.looking = head or "prefetch" in request.headers.get("sec-purpose", "")
        answer = _Answer(request, send, head=head)
        bounded = _Bounded(receive, self._limit)
        try:
            try:
                refused = await self._refused(request, bounded)
            except OverflightError as error:
                refused = of(request, error)
            if refused is not None:
                await refused(scope, bounded, answer)
            else:
                await self._passed(request, bounded, answer)
        finally:
            await answer.after()

    async def _passed(self, request: Request, receive: Receive, answer: _Answer) -> None:
        """Hand the request on; a stream ends with the desk, and with the session of its reader."""
        watcher: asyncio.Task[None] | None = None

        def streaming() -> None:
            nonlocal watcher
            watcher = asyncio.create_task(self._watch(request, cut))

        answer.streaming = streaming
        with anyio.CancelScope() as cut:
            answer.cut = cut.cancel
            try:
                await self._app(request.scope, receive, answer)
            finally:
                if watcher is not None:
                    watcher.cancel()
        await answer.end()

    async def _watch(self, request: Request, cut: anyio.CancelScope) -> None:
        """End a stream when the desk closes, or when its reader is not signed in any more."""
        closing: asyncio.Event | None = getattr(request.app.state, "closing", None)
        reader, request.state.quietly = request.state.reader, True
        while True:
            if closing is None:
                await asyncio.sleep(_STREAM_CHECK_S)
            else:
                try:
                    await asyncio.wait_for(closing.wait(), _STREAM_CHECK_S)
                    break
                except TimeoutError:
                    pass
            try:
                if await run_in_threadpool(self._reader_of, request) != reader:
                    break
            except OverflightError:
                break
        cut.cancel()

    async def _refused(self, request: Request, body: _Bounded) -> Response | None:
        """What is answered before any route sees the request; None: it may pass."""
        wrong = self._misplaced(request)
        if wrong is not None:
            return wrong
        if body.announced(request):
            return fault(request, 413)
        if request.url.path.startswith(_ANYBODY):
            return None
        reader = await run_in_threadpool(self._reader_of, request)
        request.state.reader = reader
        if reader is None and _bearer(request):
            answer = fault(request, 401, "the token is unknown, revoked or out of date", "", "make a new one")
            answer.headers["WWW-Authenticate"] = 'Bearer error="invalid_token"'
            return answer
        if request.scope["method"] not in _SAFE:
            try:
                ours = await _ours(request, body)
            except HTTPException as error:
                return fault(request, error.status_code)
            if not ours:
                return fault(request, 403, "the form is not from this desk, or too old", "", "open it again")
        elif request.url.path == "/" and reader is not None and not may(reader, Action.READ_CASES):
            return RedirectResponse(first_page(reader.role), 303)
        return None

    def _misplaced(self, request: Request) -> Response | None:
        """Refuses names that are not the desk's (rebinding), and the clear where it is not this machine."""
        host = _host(request.headers.get("host", ""))
        local = _is_local(host)
        if not local and host not in self._hosts:
            return fault(request, 421, "the desk is not known under this name", "", "set its address")
        if not local and request.url.scheme != "https":
            return fault(request, 421, "the desk is reached by TLS alone", "", "begin the address with https")
        return None


class _Bounded:
    """The body as it comes, up to a size; what was read here can be read again."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._limit, self._size = receive, limit, 0
        self._again: list[Message] = []
        self._whole = False

    def announced(self, request: Request) -> bool:
        """Whether the request says itself that it is too large."""
        length = request.headers.get("content-length", "0")
        return not length.isdigit() or int(length) > self._limit

    async def __call__(self) -> Message:
        if self._again:
            return self._again.pop(0)
        if self._whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), _BODY_PATIENCE_S)
        except TimeoutError:
            raise HTTPException(408) from None
        self._size += len(message.get("body", b""))
        if self._size > self._limit:
            raise HTTPException(413)
        self._whole = not message.get("more_body", False)
        return message

    async def form(self, request: Request) -> str:
        """The token in a form's body, which the route can read again."""
        kept: list[Message] = []
        while not self._whole:
            kept.append(await self())
        self._again = list(kept)
        form = await Request(request.scope, self).form()
        try:
            return str(form.get("csrf", ""))
        finally:
            await form.close()
            self._again = kept


class _Answer:
    """What goes out: headers set, an ETag and 304 where the answer is in one piece, the audit written."""

    def __init__(self, request: Request, send: Send, *, head: bool) -> None:
        self._request, self._send, self._head = request, send, head
        self._start: Message | None = None
        self._open = self._ended = False
        #: Called when a stream of events begins; ends the route's work when nobody wants more of it.
        self.streaming: Callable[[], None] = lambda: None
        self.cut: Callable[[], None] = lambda: None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if await self._written(message["status"]):
                self._start = message
                self._dress(message)
            else:
                await self._refuse_unwritten()
            return
        if self._ended:
            return
        more = bool(message.get("more_body", False))
        if self._start is not None:
            message = self._first(message, more)
            start, self._start = self._start, None
            self._open = True
            if "text/event-stream" in MutableHeaders(scope=start).get("content-type", ""):
                self.streaming()
            await self._send(start)
        if self._head:
            message = {"type": "http.response.body", "body": b"", "more_body": False}
            more = False
        self._ended = not more
        await self._send(message)
        if self._head:
            self.cut()

    def _dress(self, start: Message) -> None:
        headers = MutableHeaders(scope=start)
        for header, value in HEADERS.items():
            headers.setdefault(header, value)
        if self._request.url.scheme == "https":
            headers.setdefault("Strict-Transport-Security", _HSTS)
        if not self._request.url.path.startswith("/static/"):
            headers.setdefault("Cache-Control", "no-store")
        reader: Reader | None = self._request.state.reader
        if reader is not None and reader.guest:
            headers["Cache-Control"] = "no-store"  # whose machine a guest sits at is not known

    def _first(self, message: Message, more: bool) -> Message:
        """An answer in one piece gets an ETag; whoever has it already gets 304 and no body."""
        assert self._start is not None
        if self._start["status"] != 200 or self._request.scope["method"] != "GET":
            return message
        headers = MutableHeaders(scope=self._start)
        if "etag" not in headers:
            if more:
                return message
            body = message.get("body", b"")
            headers["ETag"] = f'"{hashlib.sha256(bytes(body)).hexdigest()[:32]}"'
        if more or not _known(self._request.headers.get("if-none-match", ""), headers["etag"]):
            return message
        self._start["status"] = 304
        for header in ("content-length", "content-type"):
            del headers[header]
        return {"type": "http.response.body", "body": b""}

    async def _written(self, status: int) -> bool:
        """Write the access down: a change before its answer goes out, a reading with the next few."""
        request = self._request
        trail = getattr(request.app.state, "audit", None)
        if trail is None or request.url.path.startswith(_UNSEEN):
            return True
        noted = trail.access(request, "HEAD" if self._head else request.scope["method"], status)
        if request.scope["method"] in _SAFE or (request.state.reader is None and status >= 400):
            if trail.note(noted):
                return True
            return bool(await run_in_threadpool(trail.flush))
        try:
            await run_in_threadpool(trail.write, noted)
        except StoreError:
            return False
        return True

    async def _refuse_unwritten(self) -> None:
        self._ended = True
        answer = fault(
            self._request, 503, "the audit cannot be written, so nothing is shown", "", "try again soon"
        )
        for header, value in HEADERS.items():
            answer.headers.setdefault(header, value)
        answer.headers.setdefault("Cache-Control", "no-store")
        await answer(self._request.scope, self._request.receive, self._send)

    async def end(self) -> None:
        """Close a stream that was cut short."""
        if self._open and not self._ended:
            self._ended = True
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def after(self) -> None:
        """Once the answer is out: readings are written down when enough have come together."""
        trail = getattr(self._request.app.state, "audit", None)
        if trail is None:
            return
        if trail.due:
            await run_in_threadpool(trail.flush)
        trail.arm()


def body_limit(settings: Settings) -> int:
    """The largest body that the desk takes, in bytes.

    Raises
    ------
    InputError
        The setting is no number of megabytes.
    """
    if not re.fullmatch(r"[1-9]\d{0,3}", settings.body_mb, re.ASCII):
        raise InputError(f"{settings.body_mb!r} is no number of megabytes", where="body_mb", mend="write 10")
    return int(settings.body_mb) * 1_000_000


def first_page(role: Role) -> str:
    """Where somebody of a role begins."""
    return _FIRST.get(role, "/")


def cookie_name(request: Request, plain: str = "overflight") -> str:
    """The name of a cookie here: bound to this host and to TLS, where there is TLS."""
    return f"__Host-{plain}" if request.url.scheme == "https" else plain


def csrf_of(request: Request) -> str:
    """The token that forms of this session carry; before a session, of the sign-in form's own cookie."""
    reader: Reader | None = getattr(request.state, "reader", None)
    key: bytes = request.app.state.secret
    if reader is not None:
        return hmac.new(key, f"form {reader.session}".encode(), hashlib.sha256).hexdigest()
    before = getattr(request.state, "before", "") or request.cookies.get(
        cookie_name(request, FORM_COOKIE), ""
    )
    return hmac.new(key, f"before {before}".encode(), hashlib.sha256).hexdigest() if before else ""


def form_is_ours(request: Request, given: str) -> bool:
    """Whether a form of somebody who is not signed in came from a page of this desk."""
    wanted = csrf_of(request)
    return bool(wanted) and hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def same_origin(request: Request) -> bool:
    """What the browser itself says of where a request comes from; programs say nothing."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("origin")
    if origin is None:
        return True
    parts = urlsplit(origin)
    return (
        parts.scheme == request.url.scheme and parts.netloc.lower() == request.headers.get("host", "").lower()
    )


async def _ours(request: Request, body: _Bounded) -> bool:
    """Whether a change comes from a page of this desk, or from a program with a token."""
    if _bearer(request):
        return True  # no browser sends this by itself
    if not same_origin(request):
        return False
    if request.state.reader is None:
        return True  # the sign-in forms look at their token themselves; every other route says 401
    given = request.headers.get("x-csrf-token", "")
    if not given and request.headers.get("content-type", "").startswith(_FORMS):
        given = await body.form(request)
    return hmac.compare_digest(given.encode("utf-8", "replace"), csrf_of(request).encode())


def _bearer(request: Request) -> bool:
    return request.headers.get("authorization", "").lower().startswith("bearer ")


def _method(scope: Scope) -> str:
    """HEAD is a GET whose body is kept back."""
    return "GET" if scope["method"] == "HEAD" else str(scope["method"])


def _host(header: str) -> str:
    """The name in a Host header, without its port."""
    found = re.fullmatch(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?", header.strip().lower())
    return found[1].strip("[]") if found else ""


def _is_local(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _known(asked: str, tag: str) -> bool:
    """Whether ``If-None-Match`` names a tag, weakly compared."""
    tags = {one.strip().removeprefix("W/") for one in asked.split(",") if one.strip()}
    return "*" in tags or tag.removeprefix("W/") in tags
