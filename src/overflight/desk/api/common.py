"""What every endpoint of the JSON API has in common, so that no endpoint can forget it.

::

    from overflight.desk.api.common import Listed, Page, api, listed, log_key, unmoved, version

    router = api(Action.READ_CASES, "cases")          # prefix /api/v1, error answers, ETags, repeats


    @router.get("/cases", summary="Cases, the newest first")
    def cases(page: Page, rooms: Rooms = Depends(rooms_of)) -> Listed[CaseRow]:
        rows = sorted(case_rows(rooms), key=lambda row: (row.opened, row.id))
        return listed(rows, page, place=lambda row: (row.opened, row.id))   # the place sorts as the rows do


    @router.get("/cases/{id}", summary="One case")
    def one(id: str, response: Response, rooms: Rooms = Depends(rooms_of)) -> CaseView:
        case = rooms.cases.load(id)
        version(response, case.history[-1].seq)       # the first part of its ETag
        return view(case)


    @router.post("/cases/{id}/answers", status_code=201, summary="Record an answer")
    def answer(id: str, given: AnswerIn, request: Request, rooms: Rooms = Depends(rooms_of),
               reader: Reader = needs(Action.WRITE_CASES)) -> CaseView:
        unmoved(request, rooms.store.log.last(id))    # 412 when If-Match names an older version
        ...rooms.writing(reader).record(..., key=log_key(request))

What the router of `api` does by itself:

- **ETag** on every 200 to a GET: a strong one, of the content (after the `version`, if the endpoint names
  one); ``If-None-Match`` is answered with 304.
- **Idempotency-Key** on every POST: the same key with the same request is answered as the first time, without
  a second effect, also after a restart; with another request it is 422, while the first one runs 409. What
  failed with 4xx did nothing and may be sent again under its key.
- **Texts**: a JSON body that is no UTF-8, or holds NUL or half a surrogate pair, is 422 before the endpoint
  sees it.
- **Errors**: the answers 400 to 503 stand in the OpenAPI description with their one shape, `Fault`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import math
import re
from collections.abc import Callable, Coroutine, Iterable
from typing import Annotated, Any, Generic, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from overflight.desk.access import Action, may
from overflight.desk.api.once import log_key, once
from overflight.desk.faults import Fault, FaultError, NotSignedInError, RefusedError
from overflight.desk.routing import API, action_of, reader_of, room
from overflight.errors import InputError

__all__ = [
    "FAULTS",
    "ApiRoute",
    "Cursor",
    "Listed",
    "Page",
    "SecretRoute",
    "api",
    "listed",
    "log_key",
    "sound_text",
    "unmoved",
    "version",
]

T = TypeVar("T")
Place = tuple[str | int | float, ...]

#: The answers of every endpoint when something is wrong; given to every router by `api`.
FAULTS: dict[int | str, dict[str, Any]] = {
    status: {"model": Fault, "description": words}
    for status, words in {
        400: "What was sent cannot be used; nothing was changed.",
        401: "Nobody is signed in.",
        403: "The account may not do that.",
        404: "There is nothing here.",
        409: "Things have moved on since what the request rests on; nothing was changed.",
        412: "If-Match names another version; nothing was changed.",
        413: "Too large.",
        422: "A field is missing or wrong, or the idempotency key was used for something else.",
        429: "Too many tries.",
        503: "The store cannot be reached; try again.",
    }.items()
}


# --- pages of a list ---------------------------------------------------------------------------------------


class Listed(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T] = Field(description="As many as `limit`, or fewer.")
    next: str | None = Field(
        None, description="Send it as `cursor` for the page that follows; null: this is the last."
    )


class Cursor:
    """Which page of a list is asked for: a dependency, best taken as the annotation `Page`."""

    def __init__(
        self,
        limit: Annotated[int, Query(ge=1, le=200, description="How many at most.")] = 50,
        cursor: Annotated[
            str | None, Query(max_length=1000, description="`next` of the page before; none: the first page.")
        ] = None,
    ) -> None:
        self.limit = limit
        #: The place of the last item of the page before; None: from the start.
        self.after: Place | None = None if cursor is None else _place(cursor)


#: ``page: Page`` in the parameters of an endpoint.
Page = Annotated[Cursor, Depends()]


def listed(rows: Iterable[T], page: Cursor, *, place: Callable[[T], Place]) -> Listed[T]:
    """The page of a list that was asked for.

    Parameters
    ----------
    rows : iterable
        In ascending order of `place`; all of them, or those after `page.after`, at least ``limit + 1``.
    page : Cursor
    place : callable
        Texts and numbers that say where a row stands; different for every row. For a list that descends, give
        ``descending=`` a place that ascends, such as a negative number.

    Raises
    ------
    InputError
        The cursor is of another list.
    """
    taken: list[T] = []
    for row in rows:
        here = place(row)
        if page.after is not None:
            if [type(part) for part in here] != [type(part) for part in page.after]:
                raise _no_cursor()
            if here <= page.after:
                continue
        if len(taken) == page.limit:
            return Listed(items=taken, next=cursor_of(place(taken[-1])))
        taken.append(row)
    return Listed(items=taken, next=None)


def cursor_of(place: Place) -> str:
    """A place as an opaque word."""
    text = json.dumps(list(place), ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _place(cursor: str) -> Place:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        parts = json.loads(raw.decode())
    except (binascii.Error, ValueError, RecursionError) as fault:
        raise _no_cursor() from fault
    sound = isinstance(parts, list) and all(type(part) in (str, int, float) for part in parts)
    if not sound or any(type(part) is str and not sound_text(part) for part in parts):
        raise _no_cursor()
    if any(type(part) is int and abs(part) >= 2**63 for part in parts):
        raise _no_cursor()
    return tuple(parts)


def _no_cursor() -> InputError:
    return InputError("no cursor of this list", where="cursor", mend="start again without one")


# --- versions ----------------------------------------------------------------------------------------------


def version(response: Response, number: int | str) -> None:
    """Name the version of what is answered; it becomes the first part of the ETag."""
    response.headers["ETag"] = f'"{number}"'


def unmoved(request: Request, number: int | str) -> None:
    """Refuse to change what has moved on since the client read it, if the client asks so with ``If-Match``.

    Raises
    ------
    FaultError
        412: the tag names another version.
    """
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*":
        return
    if any(str(number) in (tag, tag.rpartition("-")[0]) for tag in _tags(given)):
        return
    raise FaultError(412, "it has changed since you read it", "If-Match", "read it again, then repeat")


def _tags(header: str) -> list[str]:
    """Entity tags of a header, without quotes; weak ones as if they were strong."""
    return re.findall(r'(?:W/)?"([\x21\x23-\x7e\x80-\xff]*)"', header)


def _tagged(request: Request, response: Response) -> Response:
    """The answer to a GET with its ETag; 304 without a body when the client has it."""
    body = getattr(response, "body", None)
    if response.status_code != 200 or not isinstance(body, bytes):
        return response
    named = response.headers.get("etag", "").strip('"')
    mark = hashlib.sha256(body).hexdigest()[:32]
    tag = f"{named}-{mark}" if named else mark
    response.headers["ETag"] = f'"{tag}"'
    response.headers.setdefault("Cache-Control", "private, no-cache")
    given = request.headers.get("if-none-match", "")
    if given.strip() != "*" and tag not in _tags(given):
        return response
    kept = {
        name: value
        for name, value in response.headers.items()
        if name not in ("content-length", "content-type")
    }
    return Response(status_code=304, headers=kept)


# --- the route ---------------------------------------------------------------------------------------------


class ApiRoute(APIRoute):
    """A route that checks texts, tags answers and knows repeats; see the module."""

    #: Whether an answer holds a secret and is not kept for repeats.
    secret = False

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        inner = super().get_route_handler()

        async def handle(request: Request) -> Response:
            reader = reader_of(request)
            # Before anything is read: what was sent makes no difference to who may not send it.
            if reader is None:
                raise NotSignedInError
            if not all(may(reader, action) for action in action_of(self)):
                raise RefusedError
            if request.method in ("GET", "HEAD"):
                return _tagged(request, await inner(request))
            await _check_body(request)
            key = request.headers.get("idempotency-key")
            if key is None or request.method != "POST":
                return await inner(request)
            return await once(request, inner, key, reader.account, secret=self.secret)

        return handle


class SecretRoute(ApiRoute):
    """A route whose answers hold a secret: a repeat is told that it was carried out, and no more."""

    secret = True


def api(action: Action, tag: str, *, prefix: str = "", secret: bool = False) -> APIRouter:
    """A router of the JSON API whose every route needs `action`; `prefix` follows ``/api/v1``.

    With `secret`, what the routes answer is never kept: one-time links, tokens.
    """
    kind = SecretRoute if secret else ApiRoute
    return room(action, prefix=API + prefix, tags=[tag], route_class=kind, responses=FAULTS)


async def _check_body(request: Request) -> None:
    """Refuse a JSON body that no text of ours can be made of."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    form = kind == "application/x-www-form-urlencoded"
    if not form and kind != "application/json" and not kind.endswith("+json"):
        return
    raw = await request.body()
    if form and (b"%00" in raw or b"\x00" in raw):
        raise FaultError(422, "a text with NUL", "body", "send Unicode text")
    if form or not raw:
        return
    try:
        read = json.loads(raw.decode())
    except (ValueError, RecursionError) as fault:
        raise FaultError(422, "the body is no JSON in UTF-8", "body", "see /api/v1/docs") from fault
    waiting = [read]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += one.keys()
            waiting += one.values()
        elif isinstance(one, list):
            waiting += one
        elif isinstance(one, str) and not sound_text(one):
            raise FaultError(422, "a text with NUL or half a surrogate pair", "body", "send Unicode text")
        elif isinstance(one, float) and not math.isfinite(one):
            raise FaultError(422, "a number that is none", "body", "send finite numbers")


def sound_text(text: str) -> bool:
    """Whether a text can be kept: no NUL, no half of a surrogate pair."""
    return not any(c == "\x00" or "\ud800" <= c <= "\udfff" for c in text)
