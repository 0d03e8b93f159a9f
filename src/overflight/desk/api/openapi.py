"""The OpenAPI document of the desk, and the page that lists its endpoints; static, and open to all."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse
from fastapi.routing import APIRoute

from overflight import __version__
from overflight.desk.api.common import ApiRoute
from overflight.desk.page import render
from overflight.desk.routing import API, action_of, routes_of

__all__ = ["described", "router"]

router = APIRouter(prefix=API, tags=["description"])

_ABOUT = """\
Everything that the pages of a desk do, for programs.

**Signing in.** Send a token of your account (made on its page) as `Authorization: Bearer ...`; a browser's
session works as well, and then every change carries the page's `X-CSRF-Token`.

**Errors** have one shape: `{"error": {"status", "what", "where", "mend"}}`.

**Lists** come in pages: `limit` says how many, `next` of one page is the `cursor` of the following.

**ETags** are strong. Send one back in `If-None-Match` and an unchanged answer is 304; send that of a case in
`If-Match` with a change, and it is 412 when the case has moved on since.

**Idempotency-Key** with a POST: the same request under the same key is carried out once and answered the same
way every time, for seven days. What failed with 4xx did nothing and may be sent again.

**Times** are UTC, RFC 3339; states are ISO 3166-1 alpha-3; positions are `[lon, lat]` in degrees.
"""
_TAGS = {
    "today": "What is overdue, due, open and newly matched.",
    "cases": "The life of a case: plans, approaches, answers, what is still open.",
    "approvals": "What may be sent to a state: proposed by one, approved by others.",
    "guest": "What was released to a guest's own state, and its answers.",
    "telegrams and markings": "Telegrams: text to structure, repairs, markings, release.",
    "screening": "Names, tails, addresses, flights and applications against the lists.",
    "law and meetings": "What a state may do on a day, with the measures; public meetings beside it.",
    "events": "Server-sent events of what changes.",
    "feeds": "GeoJSON, KML and iCalendar for other programs.",
    "accounts": "Accounts, roles, sessions and tokens.",
    "admin": "Accounts, lists, backups.",
    "audit": "The proof of the log, and who looked at what.",
    "health": "Whether the desk works, and the age of its data.",
    "description": "This description.",
}
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "1 to 200 printable characters of your own; the request is carried out once under it.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"},
}
_IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "description": "The ETag of what you read; 412 when it has moved on since.",
    "schema": {"type": "string", "pattern": '^(\\*|"[!#-~]*")$'},
}
_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The ETag that you have; 304 when nothing has changed.",
    "schema": {"type": "string", "pattern": '^(\\*|"[!#-~]*")$'},
}
_ETAG = {"description": "Of this answer; strong.", "schema": {"type": "string"}}


def described(app: FastAPI) -> dict[str, Any]:
    """The document, made once: what FastAPI knows, and what every endpoint of ours does besides."""
    if app.openapi_schema is not None:
        return app.openapi_schema
    made = get_openapi(
        title="overflight desk",
        version=__version__,
        description=_ABOUT,
        routes=app.routes,
        openapi_version="3.1.0",
    )
    made["paths"] = {
        path: item for path, item in made["paths"].items() if path.startswith((API, "/healthz", "/readyz"))
    }
    made.setdefault("components", {})["securitySchemes"] = {
        "token": {"type": "http", "scheme": "bearer", "description": "A token of an account, with scopes."},
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "overflight",
            "description": "A browser's session; changes carry X-CSRF-Token as well.",
        },
    }
    for route in routes_of(app):
        for method in route.methods or ():
            operation = made["paths"].get(route.path_format, {}).get(method.lower())
            if operation is not None:
                _complete(operation, route, method)
    used = {tag for item in made["paths"].values() for one in item.values() for tag in one.get("tags", ())}
    order = [*(tag for tag in _TAGS if tag in used), *sorted(used - _TAGS.keys())]
    made["tags"] = [{"name": tag, "description": _TAGS.get(tag, "")} for tag in order]
    app.openapi_schema = made
    return made


def _complete(operation: dict[str, Any], route: APIRoute, method: str) -> None:
    actions = sorted(action_of(route))
    operation["security"] = [{"token": []}, {"session": []}] if actions else []
    if actions:
        operation["x-needs"] = [str(one) for one in actions]
    if not isinstance(route, ApiRoute):
        return
    more = operation.setdefault("parameters", [])
    if method == "GET":
        for status, answer in operation["responses"].items():
            if status == "200" and "text/event-stream" not in answer.get("content", {}):
                answer.setdefault("headers", {})["ETag"] = _ETAG
                more.append(_IF_NONE_MATCH)
                operation["responses"]["304"] = {"description": "You have it."}
                break
    elif method == "POST":
        more.append(_KEY)
    if _heeds_versions(route.endpoint):
        more.append(_IF_MATCH)


def _heeds_versions(function: Any, depth: int = 2) -> bool:
    """Whether an endpoint, or what it calls in its own module, looks at ``If-Match``."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    if "unmoved" in code.co_names:
        return True
    known = [function.__globals__.get(name) for name in code.co_names] if depth else []
    module = function.__module__
    return any(_heeds_versions(one, depth - 1) for one in known if getattr(one, "__module__", "") == module)


@router.get("/docs", response_class=HTMLResponse, include_in_schema=False)
def docs(request: Request) -> HTMLResponse:
    """The endpoints, for people."""
    made = described(request.app)
    topics: dict[str, list[dict[str, Any]]] = {}
    for path, item in made["paths"].items():
        for method, operation in item.items():
            row = {"method": method.upper(), "path": path, **operation}
            topics.setdefault((operation.get("tags") or ["other"])[0], []).append(row)
    words = {tag["name"]: tag["description"] for tag in made["tags"]}
    order = [*(tag for tag in words if tag in topics), *sorted(topics.keys() - words.keys())]
    return render(
        request,
        "api.html",
        about=[part for part in _ABOUT.split("\n\n") if part.strip()],
        topics=[(tag, words.get(tag, ""), topics[tag]) for tag in order],
        name_of=_name_of,
    )


def _name_of(schema: dict[str, Any] | None) -> str:
    """A schema in a few words: ``list of CaseRow``."""
    if not schema:
        return ""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if schema.get("type") == "array":
        return f"list of {_name_of(schema.get('items')) or 'anything'}"
    for both in ("anyOf", "oneOf"):
        if both in schema:
            return " or ".join(dict.fromkeys(_name_of(one) for one in schema[both]))
    return str(schema.get("title") if schema.get("type") == "object" else schema.get("type", "")) or ""
