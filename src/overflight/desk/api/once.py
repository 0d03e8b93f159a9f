"""Requests that carry an idempotency key are carried out once, and answered the same way every time."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from overflight.desk.faults import FaultError, NotSignedInError, RefusedError
from overflight.desk.routing import reader_of
from overflight.errors import OverflightError
from overflight.store.engine import GONE, UNKNOWN
from overflight.store.repeats import Repeats

__all__ = ["log_key", "once"]

_KEY = re.compile(r"[\x21-\x7e]{1,200}")
_HEADERS = ("content-type", "etag", "location", "content-disposition")
#: Kept instead of the headers of a secret answer.
_SHOWN = "shown"
#: Raised on purpose, before anything was done.
_HARMLESS = (
    OverflightError,
    FaultError,
    HTTPException,
    NotSignedInError,
    RefusedError,
    RequestValidationError,
)


def log_key(request: Request) -> str | None:
    """The key under which to append to the log, so that the log itself knows a repeat; None without one."""
    key = request.headers.get("idempotency-key")
    reader = reader_of(request)
    if key is None or reader is None:
        return None
    return "api:" + hashlib.sha256(f"{reader.account}\n{key}".encode()).hexdigest()


async def once(
    request: Request,
    handler: Callable[[Request], Coroutine[Any, Any, Response]],
    key: str,
    account: str,
    *,
    secret: bool = False,
) -> Response:
    """Carry a request out, unless it was carried out before under its key.

    The answer is kept, but for one that is `secret`: a repeat of that hears only that it was carried out.

    Raises
    ------
    FaultError
        400: no key; 409: it is being carried out, or how it ended is not known; 422: another request.
    """
    if not _KEY.fullmatch(key):
        raise FaultError(
            400, "no idempotency key", "Idempotency-Key", "send 1 to 200 printable characters without a blank"
        )
    digest = _digest(request, await request.body())
    running: set[tuple[str, str]] = request.app.state.running
    if (account, key) in running:
        raise FaultError(409, "the same request is being carried out", "Idempotency-Key", "ask again soon")
    running.add((account, key))
    try:
        return await _first(request, handler, digest, key, account, secret)
    finally:
        running.discard((account, key))


async def _first(
    request: Request,
    handler: Callable[[Request], Coroutine[Any, Any, Response]],
    digest: bytes,
    key: str,
    account: str,
    secret: bool,
) -> Response:
    rooms = request.app.state.rooms
    log = rooms.store.log
    repeats = Repeats(log.engine, log.where)
    kept = await run_in_threadpool(repeats.begin, account, key, digest, rooms.clock())
    if kept is not None:
        if kept.digest != digest:
            raise FaultError(
                422, "the key was used for another request", "Idempotency-Key", "send another key"
            )
        if _SHOWN in kept.headers:
            what = "it was carried out, and its answer is shown only once"
            raise FaultError(409, what, "Idempotency-Key", "look, before you send it under another key")
        if kept.status is not None:
            return Response(kept.body, kept.status, kept.headers | {"Idempotent-Replayed": "true"})
        seq = await run_in_threadpool(repeats.recorded, log_key(request) or "")
        said = (
            "it was recorded, but its answer was lost" if seq else "nobody knows whether it was carried out"
        )
        raise FaultError(409, said, "Idempotency-Key", "look, before you send it under another key")
    try:
        response = await handler(request)
    except _HARMLESS as fault:
        # Where the database broke while it was committing, nobody knows.
        if getattr(fault, "what", "") not in (GONE, UNKNOWN):
            await run_in_threadpool(repeats.forget, account, key)
        raise
    body = getattr(response, "body", None)
    if response.status_code < 400 and isinstance(body, bytes):
        headers = {name: response.headers[name] for name in _HEADERS if name in response.headers}
        if secret:
            headers, body = {_SHOWN: "once"}, b""
        await run_in_threadpool(repeats.finish, account, key, response.status_code, headers, body)
    elif response.status_code < 500:
        await run_in_threadpool(repeats.forget, account, key)
    return response


def _digest(request: Request, body: bytes) -> bytes:
    """What a request asks for; the boundary of a form is drawn anew every time and is no part of it."""
    kind = request.headers.get("content-type", "")
    found = re.search(r'boundary="?([^";]+)', kind)
    if found:
        body = body.replace(found[1].encode("latin-1"), b"")
        kind = kind.replace(found[1], "")
    parts = (request.method, request.url.path, request.url.query, kind)
    made = hashlib.sha256()
    for part in (*(one.encode("utf-8", "surrogateescape") for one in parts), body):
        made.update(len(part).to_bytes(8, "big") + part)
    return made.digest()
