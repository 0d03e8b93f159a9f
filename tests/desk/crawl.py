"""A crawler that asks two desks the same of everything that their route table has, and compares every byte.

It takes addresses from the routes themselves, so that a page is crawled the day it is added: every method and
a wrong one, every parameter with values of either desk, every body with and without what it wants,
conditional requests, and every link and form in the pages that come back. See `Crawl.run`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import random
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from html.parser import HTMLParser
from itertools import islice, product
from typing import Any, ClassVar
from urllib.parse import quote, urlencode, urljoin, urlsplit

from fastapi import FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.routing import BaseRoute, Mount, Route

from overflight.desk.access import GRANTS, Action, Role
from overflight.desk.routing import API, action_of

__all__ = ["Address", "Ask", "Crawl", "Got", "Hand", "Pair", "Pool", "table"]

_HOST = "127.0.0.1:8470"
#: Headers that say when, not what.
_CLOCK = ("date",)
_HTML = ("accept", "text/html,application/xhtml+xml")
_JSON = ("accept", "application/json")
#: Ends the session that the crawl lives on.
_LAST = ("/sign-out",)


# --- what is asked, what is answered -----------------------------------------------------------------------


@dataclass(frozen=True)
class Ask:
    """One request; `path` may carry a query."""

    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def __str__(self) -> str:
        more = "".join(f" [{name}: {value[:40]}]" for name, value in self.headers)
        return f"{self.method} {self.path}{more}" + (f" {self.body[:120]!r}" if self.body else "")


@dataclass(frozen=True)
class Got:
    """One answer, without its date and without the secret of a fresh cookie."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def kind(self) -> str:
        return self.header("content-type").partition(";")[0]


@dataclass(frozen=True)
class Hand:
    """Who asks: the cookies and headers that he sends, and the token of his forms."""

    name: str
    headers: tuple[tuple[str, str], ...] = ()
    csrf: str = ""
    #: What he may do, and what is crawled with less care: pages for a program, for one.
    may: frozenset[Action] = frozenset()
    program: bool = False
    #: His session may end.
    leaves: bool = False

    def depth(self, address: Address) -> int:
        """How much of an address is asked: 2 all there is, 1 the plain things, 0 whether he gets in."""
        if address.actions:
            inside = address.actions <= self.may and (not self.program or address.path.startswith(API))
            return 2 if inside else 0
        if self.program or address.files:
            return 0
        return 1 if self.may or not (address.query or address.body) else 2

    @staticmethod
    def session(name: str, cookie: str, session: str, secret: bytes) -> Hand:
        csrf = hmac.new(secret, f"form {session}".encode(), hashlib.sha256).hexdigest()
        return Hand(
            name, (("cookie", f"overflight={cookie}; overflight-form=a-form"),), csrf, GRANTS[Role.GUEST]
        )

    @staticmethod
    def token(name: str, token: str) -> Hand:
        return Hand(name, (("authorization", f"Bearer {token}"),), "", GRANTS[Role.GUEST], program=True)

    @staticmethod
    def nobody(secret: bytes) -> Hand:
        csrf = hmac.new(secret, b"before a-form", hashlib.sha256).hexdigest()
        return Hand("nobody", (("cookie", "overflight-form=a-form"),), csrf)


class Wire:
    """A desk's application, asked without a network; streams are listened to for a moment."""

    def __init__(self, app: FastAPI, listen_s: float = 0.15) -> None:
        self.app, self._listen_s = app, listen_s

    async def ask(self, ask: Ask, hand: Hand) -> Got:
        path, _, query = ask.path.partition("?")
        headers = {"host": _HOST, **dict(hand.headers), **dict(ask.headers)}
        if ask.body or ask.method in ("POST", "PUT", "PATCH"):
            headers["content-length"] = str(len(ask.body))
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": ask.method,
            "scheme": "http",
            "path": _unquoted(path),
            "raw_path": path.encode("ascii", "replace"),
            "query_string": query.encode("ascii", "replace"),
            "root_path": "",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": ("127.0.0.1", 50001),
            "server": ("127.0.0.1", 8470),
            "state": {},
        }
        return await self._talk(scope, ask.body)

    async def _talk(self, scope: dict[str, Any], body: bytes) -> Got:
        gone, streaming = asyncio.Event(), asyncio.Event()
        given = [{"type": "http.request", "body": body, "more_body": False}]
        start: dict[str, Any] = {}
        parts: list[bytes] = []

        async def receive() -> Any:
            if given:
                return given.pop()
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif not gone.is_set():
                parts.append(message.get("body", b""))
                if any(b"event-stream" in value for _, value in start["headers"]):
                    streaming.set()

        task = asyncio.ensure_future(self.app(scope, receive, send))
        stream = asyncio.ensure_future(streaming.wait())
        await asyncio.wait({task, stream}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            await asyncio.wait({task}, timeout=self._listen_s)
        gone.set()
        stream.cancel()
        await asyncio.wait_for(task, 20)
        return Got(start["status"], tuple(_plain(start["headers"])), b"".join(parts))


def _unquoted(path: str) -> str:
    from urllib.parse import unquote

    return unquote(path)


def _plain(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[str, str]]:
    for raw, value in headers:
        name, text = raw.decode("latin-1").lower(), value.decode("latin-1")
        if name == "set-cookie":
            text = re.sub(r"^([^=;]+)=[^;]+", r"\1=*", text)
        if name not in _CLOCK:
            yield name, text


# --- the route table -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Address:
    """One entry of the route table."""

    path: str
    methods: frozenset[str]
    actions: frozenset[Action] = frozenset()
    query: tuple[Any, ...] = ()
    body: tuple[Any, ...] = ()
    names: tuple[str, ...] = ()
    #: Files below it, for a folder.
    files: tuple[str, ...] = ()

    @property
    def params(self) -> list[tuple[str, str]]:
        """Name and convertor of every parameter in the path."""
        found = re.findall(r"{([^}:]+)(?::([^}]+))?}", self.path)
        return [(name, convertor or "str") for name, convertor in found]

    @property
    def for_guests(self) -> bool:
        """Whether a guest gets in, or everybody."""
        return self.actions <= GRANTS[Role.GUEST]


def table(app: FastAPI) -> list[Address]:
    """Every address of an application, as deep as routers go.

    Raises
    ------
    TypeError
        A kind of route that this crawler does not know: teach it.
    """
    return sorted(_addresses(app.routes, ""), key=lambda one: (one.path, sorted(one.methods)))


def _addresses(routes: Iterable[BaseRoute], prefix: str) -> Iterator[Address]:
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            context = getattr(route, "include_context", None)
            yield from _addresses(inner.routes, prefix + getattr(context, "prefix", ""))
        elif isinstance(route, APIRoute):
            dependant = list(_dependants(route.dependant))
            yield Address(
                prefix + route.path,
                frozenset(route.methods or ()),
                frozenset(action_of(route)),
                tuple(field for one in dependant for field in one.query_params),
                tuple(field for one in dependant for field in one.body_params),
                tuple(str(field.alias) for one in dependant for field in one.header_params),
            )
        elif isinstance(route, Route):
            yield Address(prefix + route.path, frozenset(route.methods or ("GET",)))
        elif isinstance(route, Mount):
            folder = getattr(route.app, "directory", None)
            if folder is None:
                yield from _addresses(route.routes, prefix + route.path)
            else:
                files = tuple(sorted(one.name for one in _folder(folder).iterdir() if one.is_file()))
                yield Address(f"{prefix}{route.path}/{{name}}", frozenset({"GET", "HEAD"}), files=files)
        else:
            raise TypeError(f"the crawler does not know what a {type(route).__name__} is: {route}")


def _folder(path: Any) -> Any:
    from pathlib import Path

    return Path(path)


def _dependants(one: Any) -> Iterator[Any]:
    yield one
    for other in one.dependencies:
        yield from _dependants(other)


# --- values ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pool:
    """Values to fill parameters with.

    Attributes
    ----------
    own : tuple of str
        What the guest knows: references of his papers, numbers of his answers, his account.
    hidden : tuple of str
        What only one of the desks has, or both: ids of cases, references of others, numbers, accounts.
    """

    own: tuple[str, ...]
    hidden: tuple[str, ...]

    garbage = ("0", "-1", "no-such-thing", "KAZ", "1", "%00", "..%2f..", "é", "x" * 300)

    #: Parameters whose values are the same everywhere.
    known: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "form": ("txt", "docx", "pdf"),
        "number": ("1", "2"),
        "code": ("KAZ", "KGZ"),
        "act": ("plan", "answer"),
        "proposal": ("P1", "P2"),
    }

    def values(self, name: str, convertor: str) -> tuple[list[str], list[str]]:
        """What fits, or the guest knows; and everything else.

        Raises
        ------
        LookupError
            A convertor that this crawler does not know: teach it.
        """
        if convertor not in ("str", "path", "int", "float", "uuid"):
            raise LookupError(f"the crawler cannot fill a parameter of the kind {convertor}")
        return list(self.known.get(name, self.own)), [*self.hidden, *self.garbage]


def _texts_of(value: Any) -> list[str]:
    """Values for a query or form field, out of its kind: some that fit, and some that do not."""
    schema = _schema_of(value)
    found = [_text(example) for example in _examples(schema)]
    default = getattr(value.field_info, "default", None)
    if isinstance(default, str | int | float) and not isinstance(default, bool):
        found.append(str(default))
    return list(dict.fromkeys(found))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else json.dumps(value)


def _schema_of(value: Any) -> dict[str, Any]:
    from pydantic import TypeAdapter

    annotation = value.field_info.annotation
    try:
        made: dict[str, Any] = TypeAdapter(annotation).json_schema()
    except Exception:  # an upload, or anything else that no schema describes
        return {"type": "string"}
    return made


def _examples(schema: Mapping[str, Any]) -> list[Any]:
    """Values of a schema: everything given, then little given."""
    defs = schema.get("$defs", {})
    return [_example(schema, defs, full) for full in (True, False)]


def _example(schema: Mapping[str, Any], defs: Mapping[str, Any], full: bool) -> Any:
    if "$ref" in schema:
        return _example(defs[schema["$ref"].rpartition("/")[2]], defs, full)
    for both in ("anyOf", "oneOf", "allOf"):
        if both in schema:
            return _example(schema[both][0 if full else -1], defs, full)
    if schema.get("examples"):
        return schema["examples"][0]
    if "enum" in schema or "const" in schema:
        return schema["const"] if "const" in schema else schema["enum"][0 if full else -1]
    match schema.get("type"):
        case "object":
            wanted = schema.get("required", ())
            inner = schema.get("properties", {})
            return {name: _example(one, defs, full) for name, one in inner.items() if full or name in wanted}
        case "array":
            return [_example(schema.get("items", {}), defs, full)] if full else []
        case "integer" | "number":
            return max(1, int(schema.get("minimum", 1)))
        case "boolean":
            return full
        case "null":
            return None
    match schema.get("format"):
        case "date-time":
            return "2008-08-09T12:00:00Z"
        case "date":
            return "2008-08-09"
    return "KAZ" if schema.get("maxLength") == 3 else "words of a guest" if full else ""


# --- pages -----------------------------------------------------------------------------------------------


@dataclass
class _Form:
    action: str
    method: str
    kind: str
    #: Name and the values that it may take.
    fields: dict[str, list[str]] = field(default_factory=dict)


class _Page(HTMLParser):
    """Links and forms of a page."""

    def __init__(self, text: str, at: str) -> None:
        super().__init__()
        self.at, self.links, self.forms = at, [], []  # type: ignore[var-annotated]
        self._form: _Form | None = None
        self._select = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        for name, value in given.items():
            if name in ("href", "src", "hx-get", "data-src", "data-url", "data-events", "sse-connect"):
                self._link(value)
        if tag == "form":
            action = urljoin(self.at, given.get("action") or self.at)
            self._form = _Form(action, given.get("method", "get").upper(), given.get("enctype", ""))
            self.forms.append(self._form)
        elif "hx-post" in given:
            self.forms.append(_Form(urljoin(self.at, given["hx-post"]), "POST", ""))
        if self._form is None:
            return
        name = given.get("name", "")
        typed = tag == "input" and given.get("type") not in ("submit", "file", "image")
        if name and (typed or tag == "button"):
            self._form.fields.setdefault(name, []).append(given.get("value", ""))
        elif tag == "textarea" and name:
            self._form.fields.setdefault(name, []).extend(["", "Words of the guest.", "x" * 5000])
        elif tag == "select" and name:
            self._select = name
            self._form.fields.setdefault(name, [])
        elif tag == "option" and self._select:
            self._form.fields[self._select].append(given.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""

    def _link(self, value: str) -> None:
        full = urljoin(f"http://{_HOST}{self.at}", value)
        parts = urlsplit(full)
        if parts.scheme == "http" and parts.netloc == _HOST:
            self.links.append(parts.path + (f"?{parts.query}" if parts.query else ""))


# --- the crawl -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """Where the two desks can be told apart."""

    ask: Ask
    hand: str
    one: Got
    other: Got

    def __str__(self) -> str:
        where = []
        if self.one.status != self.other.status:
            where.append(f"status {self.one.status} and {self.other.status}")
        one, other = dict(self.one.headers), dict(self.other.headers)
        for name in sorted({*one, *other}):
            if one.get(name) != other.get(name):
                where.append(f"{name}: {one.get(name)!r} and {other.get(name)!r}")
        if self.one.body != self.other.body:
            at = next(
                (n for n, (a, b) in enumerate(zip(self.one.body, self.other.body, strict=False)) if a != b),
                min(len(self.one.body), len(self.other.body)),
            )
            window = slice(max(0, at - 60), at + 60)
            where.append(f"body from byte {at}: {self.one.body[window]!r} and {self.other.body[window]!r}")
        return f"{self.hand}: {self.ask}: " + "; ".join(where)


class Pair:
    """Two desks side by side."""

    def __init__(self, one: FastAPI, other: FastAPI) -> None:
        self.apps = (one, other)
        self._wires = (Wire(one), Wire(other))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Pair]:
        async with AsyncExitStack() as stack:
            for app in self.apps:
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield self

    async def ask(self, ask: Ask, hand: Hand) -> tuple[Got, Got]:
        one, other = self._wires
        return await one.ask(ask, hand), await other.ask(ask, hand)


@dataclass
class Crawl:
    """One crawl of two desks; see `run`.

    Parameters
    ----------
    pair : Pair
    pool : Pool
    dice : random.Random
        Draws what is left out when there is no time for all.
    thorough : bool
        Leave nothing out.
    brief : bool
        Ask the plain things alone, and follow what comes back.
    """

    pair: Pair
    pool: Pool
    dice: random.Random
    thorough: bool = False
    brief: bool = False
    asked: int = 0
    differences: list[Difference] = field(default_factory=list)
    #: Statuses by address.
    statuses: dict[str, set[int]] = field(default_factory=dict)
    #: Every different body that came back as 200.
    bodies: set[bytes] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)
    #: What was answered with 5xx.
    broken: list[Ask] = field(default_factory=list)
    _done: set[tuple[Hand, Ask]] = field(default_factory=set)
    _waiting: list[tuple[Ask, str]] = field(default_factory=list)
    _tried: set[str] = field(default_factory=set)

    async def run(self, hands: Sequence[Hand], only: str = "") -> None:
        """Ask everything, as everybody; stops early after a handful of differences.

        Parameters
        ----------
        hands : sequence of Hand
        only : str
            A regular expression that paths of the route table must match.
        """
        addresses = [one for one in table(self.pair.apps[0]) if re.search(only, one.path)]
        for hand in hands:
            for address in addresses:
                for ask in self._asks(address, hand):
                    await self._one(ask, hand, address.path)
                    if len(self.differences) >= 5:
                        return
            if not only and (self.thorough or not hand.program):
                for ask in self._astray():
                    await self._one(ask, hand, "(no route)")
            while self._waiting and len(self.differences) < 5:
                ask, path = self._waiting.pop(0)
                await self._one(ask, hand, path)

    async def _one(self, ask: Ask, hand: Hand, path: str) -> Got | None:
        if (hand, ask) in self._done:
            return None
        self._done.add((hand, ask))
        one, other = await self.pair.ask(ask, hand)
        self.asked += 1
        self.statuses.setdefault(path, set()).add(one.status)
        if one != other:
            self.differences.append(Difference(ask, hand.name, one, other))
            return one
        self.kinds.add(one.kind)
        if one.status >= 500:
            self.broken.append(ask)
        if one.status == 200:
            self.bodies.add(one.body)
            self._follow(ask, hand, one, path)
        tag = one.header("etag")
        if tag and ask.method == "GET" and not _has(ask, "if-none-match"):
            others = () if path in self._tried else (f'W/{tag}, "other"', "*", '"other"')
            self._tried.add(path)
            for given in (tag, *others):
                await self._one(replace(ask, headers=(*ask.headers, ("if-none-match", given))), hand, path)
        return one

    # --- from the route table

    def _asks(self, address: Address, hand: Hand) -> Iterator[Ask]:
        if address.path in _LAST and not hand.leaves:
            return
        depth = 2 if self.thorough else hand.depth(address)
        few = 2 if not depth and (hand.program or not hand.may) and not self.thorough else None
        for number, path in enumerate(islice(self._paths(address, depth), few)):
            level = depth if number < 3 or self.thorough else 0
            if (hand.program or self.brief) and not self.thorough:
                level = min(level, 1)
            for method in sorted(address.methods - {"HEAD", "OPTIONS"}):
                if method == "GET":
                    yield from self._gets(address, path, level, odd=number == 0 or self.thorough)
                else:
                    yield from self._changes(address, method, path, hand, level)
            if number < 2 and (depth or self.dice.random() < 0.2):
                yield Ask("HEAD", path)
                yield Ask("OPTIONS", path, (("origin", "http://elsewhere.example"),))
                known = ("PATCH", "DELETE", "PUT", "GET", "POST", "BREW")
                wrong = next(one for one in known if one not in address.methods)
                yield Ask(wrong, path)
                yield Ask(wrong, path, (("x-csrf-token", hand.csrf),))

    def _paths(self, address: Address, depth: int) -> Iterator[str]:
        """The address with its parameters filled: what the guest knows first, then what he may not."""
        if not address.params:
            yield address.path
            return
        if address.files:
            count = len(address.files) if depth == 2 else 3
            yield from (address.path.replace("{name}", name) for name in address.files[:count])
            yield address.path.replace("{name}", "no-such-file.css")
            return
        own, all_of = [], []
        for name, convertor in address.params:
            mine, others = self.pool.values(name, convertor)
            own.append(mine)
            all_of.append([*mine, *others])
        filled = list(product(*own)) if len(own) > 1 else [(one,) for one in own[0]]
        longest = max(len(one) for one in all_of)
        more = [tuple(values[n % len(values)] for values in all_of) for n in range(longest)]
        more += [(filled[0][0], *(values[n % len(values)] for values in all_of[1:])) for n in range(longest)]
        if not self.thorough:
            few, hidden = (12, 8) if depth == 2 else (2, 2)
            fit = [(one, *(values[0] for values in own[1:])) for one in self.pool.hidden[:hidden]]
            more = [*fit, *self.dice.sample(more, min(few, len(more)))]
            filled = filled if depth == 2 else filled[:1]
        for values in dict.fromkeys([*filled, *more]):
            path = address.path
            for (name, convertor), value in zip(address.params, values, strict=True):
                shown = f"{{{name}:{convertor}}}" if f"{{{name}:" in path else f"{{{name}}}"
                path = path.replace(shown, value if "%" in value else quote(value, safe=""))
            yield path

    def _gets(self, address: Address, path: str, depth: int, *, odd: bool) -> Iterator[Ask]:
        yield Ask("GET", path, (_HTML,))
        if not depth:
            return
        yield Ask("GET", path, (_JSON,))
        if depth < 2:
            return
        if "{" not in address.path:
            yield Ask("GET", path, (("accept", "text/event-stream"),))
            yield Ask("GET", path, (("accept", "text/event-stream"), ("last-event-id", "1")))
        if not odd:
            return
        yield Ask("GET", path, (_HTML, ("hx-request", "true")))
        yield Ask("GET", path, (("range", "bytes=0-9"),))
        yield Ask("GET", path, (("if-modified-since", "Wed, 06 Aug 2008 18:00:00 GMT"),))
        yield Ask("GET", path + "/", (_HTML,))
        for name in address.names:
            for value in ("1", "0", "x", self.pool.hidden[-1]):
                if value.isascii():
                    yield Ask("GET", path, ((name, value),))
        texts = {str(one.alias): _texts_of(one) for one in address.query}
        hidden = self.pool.hidden if self.thorough else self.pool.hidden[:8]
        for name, values in texts.items():
            for value in dict.fromkeys([*values, *hidden, *self.pool.own[:2], "1", "-1", "x", "KAZ", "200"]):
                yield Ask("GET", f"{path}?{urlencode({name: value})}", (_HTML,))
        if texts:
            every = {name: (values or ["x"])[0] for name, values in texts.items()}
            yield Ask("GET", f"{path}?{urlencode(every)}", (_JSON,))
        for name, value in (
            ("q", self.pool.hidden[0]),
            ("next", "/cases"),
            ("cursor", "WzFd"),
            ("limit", "1"),
        ):
            if name not in texts:
                yield Ask("GET", f"{path}?{urlencode({name: value})}", (_HTML,))

    def _changes(self, address: Address, method: str, path: str, hand: Hand, depth: int) -> Iterator[Ask]:
        ours = ("x-csrf-token", hand.csrf)
        form = ("content-type", "application/x-www-form-urlencoded")
        plain = ("content-type", "application/json")
        yield Ask(method, path, (form, ours), b"")
        if not depth:
            return
        yield Ask(method, path, (form,), b"")
        yield Ask(method, path, (form, ("x-csrf-token", "wrong")), b"a=b")
        yield Ask(method, path, (form, ours, ("origin", "http://elsewhere.example")), b"")
        models = [one for one in address.body if _is_model(one)]
        fields = [one for one in address.body if not _is_model(one)]
        for one in models:
            for example in _examples(_schema_of(one)):
                body = json.dumps(example).encode()
                yield Ask(method, path, (plain, ours, _JSON), body)
                key = ("idempotency-key", hashlib.sha256(body).hexdigest()[:20])
                for extra in ((key,), (key, ("x-again", "1")), (("if-match", '"1"'),)):
                    yield Ask(method, path, (plain, ours, _JSON, *extra), body)
        for n in range(2):
            given = {str(one.alias): [*_texts_of(one), ""][n] for one in fields}
            body = urlencode({"csrf": hand.csrf, **given}).encode()
            yield Ask(method, path, (form, _HTML), body)
            yield Ask(method, path, (form, _JSON, ours), body)
        for name in [str(one.alias) for one in fields]:
            hidden = self.dice.choice(self.pool.hidden)
            yield Ask(method, path, (form, _HTML, ours), urlencode({**given, name: hidden}).encode())
        for body in (b"{", b"[]", b'{"a": "\\u0000"}', b"\xff"):
            yield Ask(method, path, (plain, ours), body)

    def _astray(self) -> Iterator[Ask]:
        """Addresses that no route has, or has under another name."""
        hidden = self.pool.hidden if self.thorough else self.pool.hidden[:6]
        for path in ("/", "/guest", "/cases", "/api/v1", "/api/v1/guest", "/static", "/static/parts"):
            for value in ("", *hidden, "..", ".git", "%2e%2e%2fdesk.sqlite"):
                yield Ask("GET", f"{path.rstrip('/')}/{value}", (_HTML,))
                yield Ask("GET", f"{path.rstrip('/')}/{value}", (_JSON,))
        yield Ask("GET", "//elsewhere.example/", (_HTML,))
        yield Ask("GET", "/", (_HTML, ("host", "elsewhere.example")))
        yield Ask("GET", "/", (("x-forwarded-for", "10.1.1.1"), ("x-forwarded-host", "elsewhere.example")))

    # --- from what comes back

    def _follow(self, ask: Ask, hand: Hand, got: Got, path: str) -> None:
        """Put what an answer names on the list."""
        if got.kind == "text/html" and (self.thorough or not hand.program):
            page = _Page(got.body.decode(), ask.path.partition("?")[0])
            self._waiting += [(Ask("GET", link, (_HTML,)), "(a link)") for link in dict.fromkeys(page.links)]
            for form in page.forms:
                self._waiting += [(one, path) for one in self._filled(form, hand)]
        elif got.kind == "application/json" and not path.endswith("openapi.json"):
            for text in re.findall(rb'"(/[^"\\ ]+)"', got.body)[:200]:
                if b"{" not in text:
                    self._waiting.append((Ask("GET", text.decode(), (_JSON,)), "(a link)"))
            for cursor in re.findall(rb'"next":"([^"]+)"', got.body):
                base = ask.path.partition("?")[0]
                self._waiting.append((Ask("GET", f"{base}?cursor={cursor.decode()}", (_JSON,)), path))

    def _filled(self, form: _Form, hand: Hand) -> Iterator[Ask]:
        """A form as it stands, with each of its choices, and without its token."""
        if urlsplit(form.action).path in _LAST:
            return
        first = {name: values[0] if values else "" for name, values in form.fields.items()}
        filled = [first]
        for name, values in form.fields.items():
            filled += [{**first, name: value} for value in values[1 : 99 if self.thorough else 4]]
        for given in filled:
            if form.method != "POST":
                base = form.action.partition("?")[0]
                yield Ask("GET", f"{base}?{urlencode(given)}", (_HTML,))
                continue
            kind = ("content-type", "application/x-www-form-urlencoded")
            body = urlencode({"csrf": hand.csrf, **given}).encode()
            yield Ask("POST", form.action, (_HTML, kind), body)
            bare = urlencode({name: value for name, value in given.items() if name != "csrf"}).encode()
            yield Ask("POST", form.action, (_HTML, kind), bare)

    def saw(self, words: str) -> bool:
        """Whether some page held these words."""
        return any(words in unescape(body.decode("utf-8", "replace")) for body in self.bodies)


def _has(ask: Ask, header: str) -> bool:
    return any(name == header for name, _ in ask.headers)


def _is_model(value: Any) -> bool:
    annotation = value.field_info.annotation
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)
