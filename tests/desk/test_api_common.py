"""What every endpoint has in common: pages of lists, ETags, idempotency keys, one shape of faults."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI, Form, Request, Response, UploadFile
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from starlette.testclient import TestClient

from overflight.desk.access import Action, Reader
from overflight.desk.api.common import Cursor, Listed, Page, api, cursor_of, listed, log_key, unmoved, version
from overflight.desk.app import create_app
from overflight.desk.rooms import Rooms
from overflight.desk.routing import needs
from overflight.errors import ConflictError, InputError, StoreError
from overflight.store.engine import GONE

Browser = Callable[[str], TestClient]


class Thing(BaseModel):
    name: str
    number: int = 0


class Bench:
    """What the probe's endpoints did."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.version = 1
        self.gate = Event()
        self.inside = Event()
        self.keys: list[str | None] = []


@pytest.fixture
def bench(app: FastAPI) -> Bench:
    """The desk with a few endpoints more, made the way all are made."""
    made, router = Bench(), api(Action.READ_CASES, "probe", prefix="/probe")

    @router.get("/list")
    def some(page: Page) -> Listed[int]:
        return listed(range(0, 230, 2), page, place=lambda n: (n,))

    @router.get("/one")
    def one(response: Response) -> Thing:
        version(response, made.version)
        return Thing(name="one", number=made.version)

    @router.put("/one")
    def change(request: Request, thing: Thing, reader: Reader = needs(Action.WRITE_CASES)) -> Thing:
        unmoved(request, made.version)
        made.version += 1
        made.done.append(thing.name)
        return thing

    @router.post("/things", status_code=201)
    def add(
        request: Request, thing: Thing, response: Response, reader: Reader = needs(Action.WRITE_CASES)
    ) -> Thing:
        made.keys.append(log_key(request))
        match thing.name:
            case "wrong":
                raise InputError("no such thing", where="name")
            case "moved":
                raise ConflictError("it has moved on")
            case "broken":
                raise StoreError(GONE)
            case "mistake":
                made.done.append(thing.name)
                raise ZeroDivisionError("SECRET//NOFORN text of a case")
            case "slow":
                made.inside.set()
                assert made.gate.wait(20)
        made.done.append(thing.name)
        response.headers["Location"] = f"/api/v1/probe/{thing.name}"
        return Thing(name=thing.name, number=len(made.done))

    @router.post("/files")
    def files(file: UploadFile, words: str = Form(), reader: Reader = needs(Action.WRITE_CASES)) -> Thing:
        made.done.append(words)
        return Thing(name=words, number=len(file.file.read()))

    hidden = api(Action.READ_CASES, "probe", prefix="/probe", secret=True)

    @hidden.post("/links", status_code=201)
    def link(thing: Thing, reader: Reader = needs(Action.WRITE_CASES)) -> Thing:
        made.done.append(thing.name)
        return Thing(name="SECRET-LINK")

    app.include_router(router)
    app.include_router(hidden)
    return made


# --- pages of lists ----------------------------------------------------------------------------------------


def test_pages_follow_one_another_without_gap_or_repeat(browser: Browser, bench: Bench) -> None:
    client, found, cursor, pages = browser("officer"), [], None, 0
    while True:
        given = {"limit": "17"} | ({"cursor": cursor} if cursor else {})
        page = client.get("/api/v1/probe/list", params=given).json()
        found += page["items"]
        pages += 1
        cursor = page["next"]
        if cursor is None:
            break
    assert found == list(range(0, 230, 2))
    assert pages == 7


PLACES = st.tuples(
    st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=3), st.integers(0, 3)
)


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(PLACES, max_size=25, unique=True), limit=st.integers(1, 6), gone=st.sets(st.integers(0, 24))
)
def test_whatever_the_rows_are_every_page_goes_on_where_the_one_before_ended(
    rows: list[tuple[str, int]], limit: int, gone: set[int]
) -> None:
    rows = sorted(rows)
    found, cursor = [], None
    while True:
        page = listed(rows, Cursor(limit, cursor), place=lambda row: row)
        assert len(page.items) <= limit
        found += page.items
        if page.next is None:
            break
        cursor = page.next
        # Rows that go away in between spoil nothing.
        rows = [row for n, row in enumerate(rows) if n not in gone or row in found]
    assert found == [row for row in rows if row in found]
    assert set(rows) <= set(found)
    assert len(set(found)) == len(found)


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "%00",
        "ÿ",
        "W10",
        "e30",
        cursor_of(("a",)),
        cursor_of((1, 2)),
        cursor_of((2.5,)),
        "A" * 999,
        "bnVsbA",
    ],
)
def test_a_cursor_of_something_else_is_refused(browser: Browser, bench: Bench, cursor: str) -> None:
    answer = browser("officer").get("/api/v1/probe/list", params={"cursor": cursor})
    assert answer.status_code == 400
    assert answer.json()["error"]["where"] in ("cursor", "")


@pytest.mark.parametrize("limit", ["0", "201", "-1", "x", "9" * 30, ""])
def test_a_page_has_a_sound_size(browser: Browser, bench: Bench, limit: str) -> None:
    answer = browser("officer").get(f"/api/v1/probe/list?limit={limit}")
    assert answer.status_code == 422
    assert answer.json()["error"]["where"] == "query.limit"


# --- versions ----------------------------------------------------------------------------------------------


def test_an_answer_that_the_client_has_is_not_sent_again(browser: Browser, bench: Bench) -> None:
    client = browser("officer")
    first = client.get("/api/v1/probe/one")
    tag = first.headers["etag"]
    assert tag.startswith('"1-')
    again = client.get("/api/v1/probe/one", headers={"if-none-match": f'"x", {tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == tag
    bench.version = 2
    anew = client.get("/api/v1/probe/one", headers={"if-none-match": tag})
    assert anew.status_code == 200
    assert anew.headers["etag"] != tag


def test_a_change_on_top_of_an_older_version_is_refused(
    app: FastAPI, bench: Bench, browser: Browser, csrf: Callable[[str], dict[str, str]]
) -> None:
    client = browser("officer")
    tag = client.get("/api/v1/probe/one").headers["etag"]
    form = csrf("officer")
    said = client.put("/api/v1/probe/one", json={"name": "a"}, headers=form | {"if-match": tag})
    assert said.status_code == 200
    late = client.put("/api/v1/probe/one", json={"name": "b"}, headers=form | {"if-match": tag})
    assert late.status_code == 412
    assert late.json()["error"]["where"] == "If-Match"
    for header in ({"if-match": "*"}, {}):
        assert client.put("/api/v1/probe/one", json={"name": "c"}, headers=form | header).status_code == 200
    for odd in ("2", '"', "W/", '"2-', ""):
        answer = client.put("/api/v1/probe/one", json={"name": "d"}, headers=form | {"if-match": odd})
        assert answer.status_code == 412
    assert bench.done == ["a", "c", "c"]


# --- repeats -----------------------------------------------------------------------------------------------


@pytest.fixture
def csrf(browser: Browser) -> Callable[[str], dict[str, str]]:
    """Headers with which a program of a role may change things."""
    return lambda _: {"authorization": "Bearer test"}


@pytest.fixture
def post(browser: Browser, csrf: Callable[[str], dict[str, str]]) -> Callable[..., Any]:
    def send(who: str = "officer", key: str | None = "k-1", **more: Any) -> Any:
        headers = csrf(who) | ({"idempotency-key": key} if key is not None else {}) | more.pop("headers", {})
        return browser(who).post(more.pop("path", "/api/v1/probe/things"), headers=headers, **more)

    return send


def test_the_same_request_is_carried_out_once(bench: Bench, post: Callable[..., Any]) -> None:
    first = post(json={"name": "a"})
    again = post(json={"name": "a"})
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["location"] == first.headers["location"]
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert bench.done == ["a"]
    assert post(json={"name": "a"}, key="k-2").json()["number"] == 2
    assert post(json={"name": "a"}, key=None).json()["number"] == 3


def test_the_key_holds_after_a_restart(
    rooms: Rooms, bench: Bench, post: Callable[..., Any], by_header: Any
) -> None:
    first = post(json={"name": "a"})
    other = create_app(rooms, reader_of=by_header, secret=b"another" * 5)
    headers = {"authorization": "Bearer test", "idempotency-key": "k-1", "x-test-reader": "officer"}
    more = api(Action.READ_CASES, "probe", prefix="/probe")

    @more.post("/things", status_code=201)
    def add(thing: Thing, reader: Reader = needs(Action.WRITE_CASES)) -> Thing:
        raise AssertionError("carried out again")

    other.include_router(more)
    with TestClient(other, base_url="http://localhost") as client:
        answer = client.post("/api/v1/probe/things", json={"name": "a"}, headers=headers)
    assert (answer.status_code, answer.content) == (201, first.content)


def test_a_key_is_for_one_request_of_one_account(bench: Bench, post: Callable[..., Any]) -> None:
    assert post(json={"name": "a"}).status_code == 201
    other = post(json={"name": "b"})
    assert other.status_code == 422
    assert other.json()["error"]["where"] == "Idempotency-Key"
    assert post(json={"name": "a"}, path="/api/v1/probe/things?x=1").status_code == 422
    # Another account under the same key is somebody else; who may not do it gets no kept answer.
    assert post("approver", json={"name": "a"}).status_code == 403
    assert post("guest KAZ", json={"name": "a"}).status_code == 404
    assert post("", json={"name": "a"}).status_code == 401
    assert bench.done == ["a"]
    assert bench.keys[0] is not None
    assert bench.keys[0].startswith("api:")


def test_a_secret_answer_is_not_kept(rooms: Rooms, bench: Bench, post: Callable[..., Any]) -> None:
    first = post(path="/api/v1/probe/links", json={"name": "a"})
    assert first.json()["name"] == "SECRET-LINK"
    again = post(path="/api/v1/probe/links", json={"name": "a"})
    assert again.status_code == 409
    assert again.json()["error"]["what"] == "it was carried out, and its answer is shown only once"
    assert bench.done == ["a"]
    rooms.store.log.engine.dispose()
    kept = b"".join(path.read_bytes() for path in rooms.settings.home.glob("desk.db*"))
    assert b"SECRET-LINK" not in kept


def test_what_failed_may_be_sent_again(bench: Bench, post: Callable[..., Any]) -> None:
    assert post(json={"name": "wrong"}).status_code == 400
    assert post(json={"name": "moved"}).status_code == 409
    assert post(json={"nam": "typing"}).status_code == 422
    assert post(json={"name": "a"}).status_code == 201
    assert bench.done == ["a"]


def test_what_may_have_been_done_is_not_done_again(bench: Bench, post: Callable[..., Any]) -> None:
    assert post(json={"name": "mistake"}).status_code == 500
    again = post(json={"name": "mistake"})
    assert again.status_code == 409
    assert again.json()["error"]["what"] == "nobody knows whether it was carried out"
    assert bench.done == ["mistake"]
    assert post(json={"name": "broken"}, key="k-2").status_code == 503
    assert post(json={"name": "broken"}, key="k-2").status_code == 409


def test_the_same_request_while_the_first_runs(bench: Bench, post: Callable[..., Any]) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(post, json={"name": "slow"})
        try:
            assert bench.inside.wait(20)
            answer = post(json={"name": "slow"})
            assert answer.status_code == 409
            assert answer.json()["error"]["what"] == "the same request is being carried out"
        finally:
            bench.gate.set()
        assert first.result(20).status_code == 201
    assert post(json={"name": "slow"}).status_code == 201
    assert bench.done == ["slow"]


def test_a_form_with_a_file_is_the_same_with_another_boundary(bench: Bench, post: Callable[..., Any]) -> None:
    def send(text: bytes) -> Any:
        return post(path="/api/v1/probe/files", data={"words": "w"}, files={"file": ("a.txt", text)})

    assert [send(b"abc").status_code, send(b"abc").status_code, send(b"abd").status_code] == [200, 200, 422]
    assert bench.done == ["w"]


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 201])
def test_a_key_that_is_none(bench: Bench, post: Callable[..., Any], key: str) -> None:
    answer = post(json={"name": "a"}, key=key.encode("latin-1"))
    assert answer.status_code == 400
    assert bench.done == []


# --- faults ------------------------------------------------------------------------------------------------


def sound(answer: Any) -> dict[str, Any]:
    """The one shape, and nothing else."""
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"error"}
    error: dict[str, Any] = answer.json()["error"]
    assert set(error) == {"status", "what", "where", "mend"}
    assert error["status"] == answer.status_code
    assert error["what"]
    assert "content-security-policy" in answer.headers
    return error


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 422),
        (b"", 422),
        (b'{"name": "a', 422),
        (b'{"name": "\xff"}', 422),
        (b'{"name": "a\\u0000b"}', 422),
        (b'{"name": "\\ud800"}', 422),
        (b'{"\\udfff": 1, "name": "a"}', 422),
        (b'{"name": ["a"]}', 422),
        (b'{"name": "a", "number": NaN}', 422),
        (b'{"name": "a", "number": 1e999}', 422),
        (b'{"name": "a", "number": ' + b"9" * 5000 + b"}", 422),
        (b"[" * 100_000, 422),
        (b'"' + b"a" * 100 + b'"', 422),
        (b"null", 422),
    ],
)
def test_a_body_that_is_wrong(bench: Bench, post: Callable[..., Any], body: bytes, status: int) -> None:
    answer = post(content=body, headers={"content-type": "application/json"}, key=None)
    assert answer.status_code == status
    sound(answer)
    assert bench.done == []


@pytest.mark.parametrize(
    ("who", "status"), [("", 401), ("guest KAZ", 404), ("admin", 403), ("approver", 403)]
)
def test_who_may_not_send_it_hears_the_same_whatever_it_is(
    bench: Bench, post: Callable[..., Any], who: str, status: int
) -> None:
    answers = [
        post(who, content=body, headers={"content-type": kind}, key=None)
        for body in (b"{", b'{"name": "a"}', b"\xff", b"")
        for kind in ("application/json", "text/plain")
    ]
    assert {answer.status_code for answer in answers} == {status}
    assert len({answer.content for answer in answers}) == 1
    assert bench.done == []


def test_a_number_beyond_every_column_is_no_mistake_of_ours(bench: Bench, post: Callable[..., Any]) -> None:
    body = b'{"name": "a", "number": ' + b"9" * 400 + b"}"
    assert post(content=body, headers={"content-type": "application/json"}, key=None).status_code == 201


def test_wrong_addresses_and_methods(browser: Browser, bench: Bench) -> None:
    client = browser("officer")
    for path, method, status in [
        ("/api/v1/nothing", "GET", 404),
        ("/api/v1/probe/one", "DELETE", 405),
        ("/api/v1/probe/one", "BREW", 405),
        ("/api/v1/probe/one%00", "GET", 400),
        ("/api/v1/probe/list?cursor=a%00b", "GET", 400),
        ("/api/v1/%ff%fe/%C0%AF", "GET", 404),
        ("/api/v1/..%2f..%2fetc/passwd", "GET", 404),
    ]:
        answer = client.request(method, path, headers={"authorization": "Bearer test"})
        assert answer.status_code == status, path
        sound(answer)
    assert client.delete("/api/v1/probe/one", headers={"authorization": "Bearer test"}).headers["allow"]


def test_people_get_a_page_about_what_is_wrong(browser: Browser) -> None:
    answer = browser("officer").get("/nothing<here>")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is nothing here" in answer.text


def test_a_mistake_of_ours_says_nothing_of_what_it_was_about(
    bench: Bench, post: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG, "overflight.desk"):
        answer = post(json={"name": "mistake"}, key=None)
    assert answer.status_code == 500
    assert sound(answer)["what"] == "the desk made a mistake"
    assert "SECRET" not in answer.text
    lines = [record.getMessage() for record in caplog.records if record.name == "overflight.desk"]
    assert len(lines) == 1
    assert lines[0].startswith("ZeroDivisionError in POST /api/v1/probe/things: test_api_common.py:")
    assert "SECRET" not in caplog.text


def test_a_store_that_is_gone_is_no_mistake(app: FastAPI, browser: Browser) -> None:
    def gone() -> None:
        raise StoreError("the database server does not answer", where="database")

    router = api(Action.READ_CASES, "probe", prefix="/gone")
    router.add_api_route("", gone)
    app.include_router(router)
    answer = browser("officer").get("/api/v1/gone")
    assert answer.status_code == 503
    assert sound(answer)["where"] == "database"


@pytest.fixture
def by_header() -> Any:
    def found(request: Request) -> Reader | None:
        from overflight.desk.access import Role

        role = request.headers.get("x-test-reader", "")
        return Reader(f"{role}-1", Role(role), session=role) if role else None

    return found
