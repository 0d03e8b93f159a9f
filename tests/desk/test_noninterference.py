"""A guest cannot tell two desks apart that differ only in what he may not see: `two_desks`, `crawl`."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from crawl import Crawl, Hand, Pair, Pool, table
from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import func, select
from starlette.middleware.base import BaseHTTPMiddleware, RequestResponseEndpoint
from starlette.routing import WebSocketRoute
from two_desks import CHEAP, EVENING, GUEST, LEAVING, SECRET, SEEN, SESSION, STATE, TOKEN, Built, build

from desk_routes import PAGE, page
from local_postgres import LocalPostgres
from overflight.case.life.replies import deliver
from overflight.desk.access import Action
from overflight.desk.app import create_app
from overflight.desk.faults import FaultError
from overflight.desk.live import Live
from overflight.desk.rooms import Rooms, open_rooms, rooms_of
from overflight.desk.routing import room
from overflight.desk.server import serving
from overflight.settings import Settings
from overflight.store.shelf import Released, ShelfKeeper
from overflight.store.tables import SHELF

G = Hand.session("guest by session", SESSION, "session-of-g", SECRET)
PROGRAM = Hand.token("guest by token", TOKEN)
NOBODY = Hand.nobody(SECRET)
#: Ends the session that the crawl lives on; it has a test of its own.
LEFT_OUT = ("/sign-out",)


@dataclass
class Desks:
    """Two desks, built, and open."""

    built: tuple[Built, Built]
    rooms: tuple[Rooms, Rooms]

    def crawl(
        self,
        hands: tuple[Hand, ...],
        *,
        only: str = "",
        plant: Callable[[FastAPI], None] = lambda _: None,
        seed: int = 0,
        thorough: bool = False,
        brief: bool = False,
    ) -> Crawl:
        """Crawl both, after something was planted in both."""
        apps = [create_app(one, secret=SECRET) for one in self.rooms]
        for app in apps:
            app.state.accounts = replace(app.state.accounts, hasher=CHEAP)
            plant(app)
        crawl = Crawl(Pair(*apps), self.pool(), random.Random(seed), thorough, brief)

        async def run() -> None:
            async with crawl.pair.running():
                await crawl.run(hands, only)

        asyncio.run(run())
        return crawl

    def pool(self) -> Pool:
        one, other = self.built
        mixed = [
            name
            for pair in zip(
                [*one.cases[:2], *one.others[:2], *one.names[:6], one.tag],
                [*other.cases[:2], *other.others[:2], *other.names[:6], other.tag],
                strict=False,
            )
            for name in pair
        ]
        return Pool((*one.papers, GUEST), tuple(dict.fromkeys(mixed)))


def made(
    folder: Path, seeds: tuple[str, str], opened: ExitStack, databases: tuple[str, str] = ("", "")
) -> Desks:
    """Two desks from two seeds."""
    built = []
    for seed, database in zip(seeds, databases, strict=True):
        home = folder / seed
        settings = Settings(home=home, state="USA", office="Exercise Office", database=database)
        built.append(build(settings, seed))
    rooms = [open_rooms(one.settings, clock=lambda: EVENING) for one in built]
    for one in rooms:
        opened.callback(one.close)
    return Desks((built[0], built[1]), (rooms[0], rooms[1]))


@pytest.fixture(scope="module")
def desks(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with ExitStack() as opened:
        yield made(tmp_path_factory.mktemp("desks"), ("heron", "sandpiper"), opened)


def told(crawl: Crawl) -> str:
    return "\n".join(str(one) for one in crawl.differences)


def test_the_two_desks_differ_in_all_but_the_guests_papers(desks: Desks) -> None:
    one, other = desks.built
    assert one.papers == other.papers
    assert len(one.papers) == 3
    assert not set(one.cases) & set(other.cases)
    assert not set(one.others) & set(other.others)
    heads = [rooms.store.log.head() for rooms in desks.rooms]
    assert heads[0].seq != heads[1].seq
    assert heads[0].desk == heads[1].desk


@pytest.fixture(scope="module")
def crawled(desks: Desks) -> Crawl:
    return desks.crawl((G, PROGRAM, NOBODY))


def test_a_guest_gets_the_same_bytes_from_both(crawled: Crawl) -> None:
    assert not crawled.differences, told(crawled)
    assert not crawled.broken, crawled.broken[0]


def test_the_crawl_saw_what_the_guest_may_see_and_nothing_else(desks: Desks, crawled: Crawl) -> None:
    for words in SEEN:
        assert crawled.saw(words), f"the crawl never came to {words!r}"
    for built in desks.built:
        assert not crawled.saw(built.tag)
    kinds = {"text/html", "application/json", "text/calendar", "text/event-stream", "application/pdf"}
    assert kinds <= crawled.kinds
    assert crawled.asked > 2000


def test_the_crawl_gets_into_every_address_that_a_guest_may_open(desks: Desks, crawled: Crawl) -> None:
    """Whoever adds one with a parameter that the crawler cannot fill teaches `Pool` how."""
    for address in table(crawled.pair.apps[0]):
        assert address.path in crawled.statuses or address.path in LEFT_OUT, address.path
        if not address.actions or not address.for_guests or address.path in LEFT_OUT:
            continue
        got_in = {status for status in crawled.statuses[address.path] if status < 400}
        assert got_in - {304, 307} or not address.methods & {"GET"}, f"never inside {address.path}"
        assert crawled.statuses[address.path] - {401, 403, 404, 405}, f"never inside {address.path}"


def test_signing_out_is_the_same(desks: Desks) -> None:
    leaving = replace(Hand.session("guest who leaves", LEAVING, "session-that-ends", SECRET), leaves=True)
    crawl = desks.crawl((leaving,), only="^/(sign-out|guest)$")
    assert not crawl.differences, told(crawl)
    assert crawl.statuses["/sign-out"] & {303}


def test_home_is_closed_to_a_guest(crawled: Crawl) -> None:
    """No address of the home desk opens for him."""
    for address in table(crawled.pair.apps[0]):
        if address.actions and not address.for_guests:
            inside = {status for status in crawled.statuses[address.path] if status in (200, 201, 204)}
            assert not inside, address.path


def test_the_page_of_addresses_is_true() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python tools/desk_routes.py"


# --- leaks that are planted are found ------------------------------------------------------------------


def header_of_the_head(app: FastAPI) -> None:
    """How far the log is, in a header of every answer."""

    class Leaky(BaseHTTPMiddleware):
        async def dispatch(self, request: Request, call_next: RequestResponseEndpoint) -> Response:
            answer = await call_next(request)
            answer.headers["X-Version"] = str(app.state.rooms.store.log.head().seq)
            return answer

    app.add_middleware(Leaky)


def count_of_papers(app: FastAPI) -> None:
    """A new page for guests that counts everybody's papers."""
    router = room(Action.READ_SHELF)

    @router.get("/guest/planted/summary")
    def summary(rooms: Rooms = Depends(rooms_of)) -> HTMLResponse:
        with rooms.store.log.engine.connect() as link:
            count = link.execute(select(func.count()).select_from(SHELF)).scalar()
        return HTMLResponse(f"<p>{count} papers were released.</p>")

    first(app, router)


def forbidden_instead_of_absent(app: FastAPI) -> None:
    """A page that says 403 of a case that exists, and 404 of one that does not."""
    router = room(Action.READ_SHELF)

    @router.get("/guest/planted/{case_id}/brief")
    def brief(case_id: str, rooms: Rooms = Depends(rooms_of)) -> None:
        raise FaultError(403 if rooms.store.log.last(case_id) else 404)

    first(app, router)


def search_in_all(app: FastAPI) -> None:
    """A search that looks beyond the guest's shelf."""
    router = room(Action.READ_SHELF)

    @router.get("/api/v1/guest/planted/search")
    def search(q: str = "", rooms: Rooms = Depends(rooms_of)) -> dict[str, bool]:
        return {
            "found": any(q in one.reference for one, _, _ in ShelfKeeper(rooms.store.log.engine).released())
        }

    first(app, router)


def link_to_a_case(app: FastAPI) -> None:
    """A link in a page that only leads on: the next page tells."""
    router = room(Action.READ_SHELF)

    @router.get("/guest/planted/start")
    def start() -> HTMLResponse:
        return HTMLResponse('<a href="/guest/planted/by/%E2%98%83">on</a>')

    @router.get("/guest/planted/by/{sign}")
    def by(sign: str, rooms: Rooms = Depends(rooms_of)) -> dict[str, str]:
        if sign != "\N{SNOWMAN}":
            raise FaultError(404)
        return {"case": next(iter(rooms.store.log.cases())).case}

    first(app, router)


def accepted_form(app: FastAPI) -> None:
    """A form whose refusal names what is already there."""
    router = room(Action.ANSWER)

    @router.post("/guest/planted/{reference}")
    def post(reference: str, rooms: Rooms = Depends(rooms_of)) -> dict[str, str]:
        there = ShelfKeeper(rooms.store.log.engine).there(reference)
        raise FaultError(409 if there else 404, "it is taken" if there else "")

    first(app, router)


def first(app: FastAPI, router: APIRouter) -> None:
    """Put a router before all others."""
    app.include_router(router)
    app.router.routes.insert(0, app.router.routes.pop())


@pytest.mark.parametrize(
    ("plant", "only"),
    [
        (header_of_the_head, "^/guest$"),
        (count_of_papers, "planted"),
        (forbidden_instead_of_absent, "planted"),
        (search_in_all, "planted"),
        (link_to_a_case, "planted"),
        (accepted_form, "planted"),
    ],
)
def test_a_leak_that_is_planted_is_found(desks: Desks, plant: Callable[[FastAPI], None], only: str) -> None:
    assert desks.crawl((G,), only=only, plant=plant).differences


def test_a_route_of_an_unknown_kind_stops_the_crawl(desks: Desks) -> None:
    app = create_app(desks.rooms[0], secret=SECRET)
    app.router.routes.append(WebSocketRoute("/guest/socket", lambda _: None))
    with pytest.raises(TypeError, match="does not know"):
        table(app)


# --- over the network, and over the other store ----------------------------------------------------------


def test_a_stream_says_the_same_whatever_else_happens(desks: Desks) -> None:
    """Two real servers: on one of them others are at work while the guest listens."""
    apps = [create_app(one, secret=SECRET) for one in desks.rooms]
    for app in apps:
        app.state.live = Live(beat_s=0.02, heartbeat_s=60)
    reference = "a-paper-of-now"
    with ExitStack() as opened:
        heard = [opened.enter_context(_listening(opened.enter_context(serving(app)))) for app in apps]
        for stream in heard:
            stream.until(b"welcome")
        busy = desks.rooms[1]
        ShelfKeeper(busy.store.log.engine).put(_paper("for-another", "KGZ"), "X", "")
        case_id = desks.built[1].cases[0]
        deliver(busy.cases, case_id, busy.cases.load(case_id).approached[0], office="a ministry")
        for rooms in desks.rooms:
            ShelfKeeper(rooms.store.log.engine).put(_paper(reference, STATE), "X", "")
        said = [stream.until(reference.encode()) for stream in heard]
    assert said[0] == said[1]
    assert b"for-another" not in said[1]
    assert heard[0].headers == heard[1].headers


@dataclass
class _Stream:
    headers: list[tuple[str, str]]
    parts: Iterator[bytes]
    heard: bytes = b""

    def until(self, words: bytes) -> bytes:
        """All that was heard so far, once the words are in it."""
        while words not in self.heard or not self.heard.endswith(b"\n\n"):
            self.heard += next(self.parts)
        return self.heard


@contextmanager
def _listening(address: str) -> Iterator[_Stream]:
    headers = {"Accept": "text/event-stream", "Cookie": f"overflight={SESSION}"}
    with httpx.stream("GET", f"{address}/api/v1/guest/events", headers=headers, timeout=20) as answer:
        assert answer.status_code == 200
        plain = [(name, value) for name, value in answer.headers.items() if name != "date"]
        yield _Stream(plain, answer.iter_raw())


def _paper(reference: str, state: str) -> Released:
    return Released(reference, state, "Request", "approach", "U\n", ("answer",), None, EVENING)


def test_a_guest_gets_the_same_bytes_from_two_desks_in_postgresql(tmp_path: Path) -> None:
    """There the database keeps the shelves apart, too."""
    server = LocalPostgres()
    try:
        with ExitStack() as opened:
            databases = (server.new_store(), server.new_store())
            desks = made(tmp_path, ("heron", "sandpiper"), opened, databases)
            assert desks.built[0].papers == desks.built[1].papers
            crawl = desks.crawl(
                (G,), only="^/guest|^/api/v1/guest/(papers|events)|/cases/{case_id}$", brief=True
            )
            assert not crawl.differences, told(crawl)
            assert not crawl.broken, crawl.broken[0]
            assert all(crawl.saw(words) for words in SEEN)
    finally:
        server.stop()
