"""The guard: names, sizes, forms, headers, streams, what an answer is when somebody has it already."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import Request, Response
from fastapi.responses import StreamingResponse
from signing import PASSWORD, Signing, csrf, post, sign_in

from overflight.desk.access import Reader, Role
from overflight.desk.guard import HEADERS, body_limit
from overflight.errors import InputError, StoreError
from overflight.settings import Settings


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Signing]:
    made = Signing(tmp_path, body_mb="1")
    made.account("officer-1", Role.OFFICER)
    yield made
    made.close()


def _echo(desk: Signing) -> None:
    """A route that reads whatever it is sent."""

    async def echo(request: Request) -> dict[str, Any]:
        return {"size": len(await request.body())}

    desk.app.add_api_route("/echo", echo, methods=["POST", "GET"])


# --- names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.0.0.1:8470", "[::1]:8470", "LOCALHOST"])
def test_this_machine_s_names_are_known(desk: Signing, host: str) -> None:
    assert desk.browser().get("/about", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "attacker.example",
        "localhost.attacker.example",
        "127.0.0.1.attacker.example",
        "",
        "a b",
        "desk.example@x",
    ],
)
def test_other_names_are_refused(desk: Signing, host: str) -> None:
    """A page elsewhere whose name was turned to this machine reads nothing here (DNS rebinding)."""
    for base in ("http://localhost", "https://localhost"):
        answer = desk.browser(base).get("/about", headers={"Host": host})
        assert answer.status_code == 421
        assert "About this desk" not in answer.text.split("<footer")[0]


def test_the_desk_s_own_name_is_served_by_tls_alone(desk: Signing) -> None:
    assert desk.browser("https://desk.example").get("/about").status_code == 200
    assert desk.browser("http://desk.example").get("/about").status_code == 421


# --- headers ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/about", "/sign-in", "/nothing", "/account", "/static/desk.css", "/api/v1/nothing"]
)
def test_every_answer_carries_the_headers(desk: Signing, path: str) -> None:
    answer = desk.browser().get(path)
    for header, value in HEADERS.items():
        assert answer.headers[header] == value
    assert "strict-transport-security" not in answer.headers
    assert ("no-store" in answer.headers.get("cache-control", "")) is not path.startswith("/static/")


def test_the_policy_lets_no_inline_script_or_style_run() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy


def test_no_template_needs_what_the_policy_forbids() -> None:
    import re
    from importlib.resources import files

    for file in (files("overflight.desk") / "templates").iterdir():
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", text), file.name
        assert not re.search(r"<style\b|\sstyle=|\son[a-z]+=|javascript:|hx-on", text), file.name
        assert not re.search(r"(src|href)=\"(https?:)?//", text), file.name


def test_hsts_under_tls(desk: Signing) -> None:
    answer = desk.browser("https://desk.example").get("/about")
    assert answer.headers["strict-transport-security"] == "max-age=31536000"


# --- sizes ------------------------------------------------------------------------------------------------


def test_a_body_that_says_it_is_too_large_is_refused(desk: Signing) -> None:
    _echo(desk)
    client = desk.browser()
    assert client.post("/echo", content=b"x" * 1_000_000).json() == {"size": 1_000_000}
    answer = client.post("/echo", content=b"x" * 1_000_001, headers={"Accept": "application/json"})
    assert answer.status_code == 413
    assert answer.json()["error"] == {"status": 413, "what": "too large", "where": "", "mend": "send less"}


@pytest.mark.parametrize("form", [False, True])
def test_a_body_without_a_length_is_counted(desk: Signing, form: bool) -> None:
    _echo(desk)
    client = desk.signed_in("officer-1") if form else desk.browser()
    read = 0

    def endless() -> Iterator[bytes]:
        nonlocal read
        for _ in range(400):
            read += 65_536
            yield b"x" * 65_536

    kind = "application/x-www-form-urlencoded" if form else "application/octet-stream"
    answer = client.post(
        "/echo", content=endless(), headers={"Content-Type": kind, "Accept": "application/json"}
    )
    assert answer.status_code == 413
    assert answer.json()["error"]["what"] == "too large"


def test_a_length_that_is_none_is_refused(desk: Signing) -> None:
    answer = desk.browser().post("/sign-in", content=b"", headers={"Content-Length": "-1"})
    assert answer.status_code == 413


@pytest.mark.parametrize("given", ["0", "-1", "ten", "1.5", "99999"])
def test_the_limit_is_a_number_of_megabytes(given: str) -> None:
    with pytest.raises(InputError, match="no number of megabytes"):
        body_limit(Settings(home=Path(), body_mb=given))


# --- forms ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "0" * 64, "é", "x" * 10_000])
def test_a_form_without_the_session_s_token_is_refused(desk: Signing, token: str) -> None:
    here = desk.signed_in("officer-1")
    data = {"csrf": token, "label": "x", "scopes": "read cases", "days": "1"}
    assert here.post("/account/tokens", data=data).status_code == 403
    assert here.post("/account/tokens", data=data, headers={"X-CSRF-Token": "0" * 64}).status_code == 403
    assert here.post("/account/tokens", json=data).status_code == 403
    assert not desk.book.tokens()


def test_the_token_of_another_session_does_not_do(desk: Signing) -> None:
    desk.account("officer-2", Role.OFFICER)
    mine = csrf(desk.signed_in("officer-2").get("/account").text)
    here = desk.signed_in("officer-1")
    assert here.post("/sign-out", data={"csrf": mine}).status_code == 403
    assert here.get("/account").status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://attacker.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Origin": "https://localhost"},
    ],
)
def test_a_form_from_elsewhere_is_refused_even_with_the_token(desk: Signing, headers: dict[str, str]) -> None:
    here = desk.signed_in("officer-1")
    token = csrf(here.get("/account").text)
    assert here.post("/sign-out", data={"csrf": token}, headers=headers).status_code == 403
    assert here.get("/account").status_code == 200
    good = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
    assert here.post("/sign-out", data={"csrf": token}, headers=good).status_code == 303


def test_the_token_may_come_as_a_header_and_in_a_form_with_files(desk: Signing) -> None:
    _echo(desk)
    here = desk.signed_in("officer-1")
    token = csrf(here.get("/account").text)
    assert here.post("/echo", json={"a": 1}, headers={"X-CSRF-Token": token}).status_code == 200
    sent = here.post("/echo", data={"csrf": token}, files={"file": ("a.txt", b"abc" * 1000)})
    assert sent.json()["size"] > 3000  # the route reads the whole body again


def test_the_sign_in_form_is_tied_to_this_browser(desk: Signing) -> None:
    """Login CSRF: somebody else's token and somebody else's account do not go into my browser."""
    attacker = csrf(desk.browser().get("/sign-in").text)
    victim = desk.browser()
    for prepare in (lambda: None, lambda: victim.get("/sign-in")):
        prepare()
        data = {"handle": "officer-1", "password": PASSWORD, "csrf": attacker}
        assert victim.post("/sign-in", data=data).status_code == 403
        assert "overflight" not in victim.cookies
    cross = {"Sec-Fetch-Site": "cross-site"}
    own = csrf(victim.get("/sign-in").text)
    data = {"handle": "officer-1", "password": PASSWORD, "csrf": own}
    assert victim.post("/sign-in", data=data, headers=cross).status_code == 403
    assert victim.post("/sign-in", data=data).status_code == 303


def test_what_a_page_left_behind_asks_takes_no_form_from_the_person(desk: Signing) -> None:
    person = desk.browser()
    script = person.get("/sign-in", headers={"Sec-Fetch-Dest": "empty"})
    assert "set-cookie" not in script.headers
    person.get("/cases", headers={"Sec-Fetch-Dest": "empty"})  # led to the sign-in page
    assert not person.cookies
    seen = person.get("/sign-in", headers={"Sec-Fetch-Dest": "document"})
    assert "overflight-form" in seen.headers["set-cookie"]


@pytest.mark.parametrize(
    ("asked", "gone"),
    [
        ("/cases/KOR621", "/cases/KOR621"),
        ("//attacker.example", "/"),
        ("/\\attacker.example", "/"),
        ("https://attacker.example", "/"),
        ("/a\r\nX: y", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-out", "/"),
    ],
)
def test_after_signing_in_nobody_is_sent_elsewhere(desk: Signing, asked: str, gone: str) -> None:
    assert sign_in(desk.browser(), "officer-1", PASSWORD, next=asked).headers["location"] == gone


def test_programs_need_no_form_token_and_no_cookie_helps_them(desk: Signing) -> None:
    _echo(desk)
    token, _ = desk.accounts.make_token(Reader("officer-1", Role.OFFICER), "x", ["read cases"], 1)
    program = desk.browser(headers={"Authorization": f"Bearer {token}"})
    assert program.post("/echo", json={}).status_code == 200
    here = desk.signed_in("officer-1")
    assert here.post("/echo", json={}, headers={"Authorization": "Bearer ovf_x"}).status_code == 401
    assert here.post("/echo", json={}, headers={"Authorization": "Basic eDp5"}).status_code == 403


# --- HEAD, ETag -------------------------------------------------------------------------------------------


def test_head_is_get_without_the_body(desk: Signing) -> None:
    client = desk.browser()
    got, headed = client.get("/about"), client.head("/about")
    assert headed.status_code == 200
    assert headed.content == b""
    assert dict(headed.headers) == dict(got.headers)
    assert client.head("/nothing").status_code == 404


def test_options_lets_no_page_elsewhere_in(desk: Signing) -> None:
    asked = {"Origin": "https://attacker.example", "Access-Control-Request-Method": "POST"}
    answer = desk.browser().options("/sign-in", headers=asked)
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_an_answer_that_is_there_already_is_not_sent_again(desk: Signing) -> None:
    client = desk.browser()
    first = client.get("/about")
    tag = first.headers["etag"]
    for asked in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        again = client.get("/about", headers={"If-None-Match": asked})
        assert again.status_code == 304
        assert again.content == b""
        assert again.headers["etag"] == tag
        assert again.headers["content-security-policy"]
    assert client.get("/about", headers={"If-None-Match": '"other"'}).status_code == 200
    assert "etag" not in client.get("/nothing").headers
    assert desk.signed_in("officer-1").get("/about").headers["etag"] != tag


def test_nothing_a_guest_reads_stays_on_his_machine(desk: Signing) -> None:
    def kept(response: Response) -> dict[str, str]:
        response.headers["Cache-Control"] = "private, max-age=600"
        return {}

    desk.app.add_api_route("/kept", kept)
    desk.account("guest-kaz", Role.GUEST, "KAZ")
    assert desk.signed_in("guest-kaz").get("/kept").headers["cache-control"] == "no-store"
    assert desk.signed_in("officer-1").get("/kept").headers["cache-control"] == "private, max-age=600"


# --- streams ----------------------------------------------------------------------------------------------


def _stream(desk: Signing) -> None:
    async def beat() -> Any:
        while True:
            yield b": still here\n\n"
            await asyncio.sleep(0.01)

    def stream() -> StreamingResponse:
        return StreamingResponse(beat(), media_type="text/event-stream")

    desk.app.add_api_route("/stream", stream)


def test_head_of_a_stream_ends(desk: Signing) -> None:
    _stream(desk)
    assert desk.browser().head("/stream").status_code == 200


def test_a_stream_ends_when_its_reader_is_signed_out(desk: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overflight.desk.guard._STREAM_CHECK_S", 0.05)
    _stream(desk)
    here = desk.signed_in("officer-1")
    seen = 0

    async def run() -> None:
        nonlocal seen
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/stream",
            "query_string": b"",
            "scheme": "http",
            "headers": [
                (b"host", b"localhost"),
                (b"cookie", f"overflight={here.cookies['overflight']}".encode()),
            ],
            "server": ("localhost", 80),
            "client": ("127.0.0.1", 1),
        }

        async def receive() -> dict[str, Any]:
            if seen:
                await asyncio.sleep(60)
            return {"type": "http.request", "body": b""}

        async def send(message: Any) -> None:
            nonlocal seen
            seen += 1
            if seen == 20:
                await asyncio.to_thread(desk.accounts.disable, "officer-1")

        await asyncio.wait_for(desk.app(scope, receive, send), 20)

    asyncio.run(run())
    assert seen >= 20


# --- what nobody sees -------------------------------------------------------------------------------------


def test_no_secret_is_in_any_log_line(desk: Signing, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    link = desk.accounts.link("officer-1")
    client = desk.browser()
    page = client.get(f"/set-up/{link}")
    client.post(
        f"/set-up/{link}", data={"csrf": csrf(page.text), "password": "first words of mine", "again": "no"}
    )
    client.post(
        f"/set-up/{link}",
        data={"csrf": csrf(page.text), "password": "second words of mine", "again": "second words of mine"},
    )
    session = client.cookies["overflight"]
    made = post(client, "/account/tokens", label="export", scopes=["read cases"], days="30")
    token = made.text.split('<code class="secret">')[1].split("<")[0]
    desk.browser(headers={"Authorization": f"Bearer {token}"}).get("/nothing?q=1")
    desk.browser(headers={"Authorization": "Bearer ovf_wrong-but-mine"}).get("/account")
    sign_in(desk.browser(), "officer-1", "third words of mine")

    def broken(request: Request) -> None:
        raise RuntimeError(f"a fault that quotes {request.headers['authorization']}")

    desk.app.add_api_route("/broken", broken)
    assert desk.browser(headers={"Authorization": f"Bearer {token}"}).get("/broken").status_code == 500
    desk.app.state.audit.flush()
    said = "\n".join(
        f"{one.getMessage()} {one.exc_text or ''} {one.exc_info or ''}" for one in caplog.records
    )
    own = "\n".join(line for line in said.splitlines() if "HTTP Request" not in line)  # the test's own client
    secrets = (
        link,
        session,
        token,
        "ovf_wrong",
        "first words",
        "second words",
        "third words",
        made.request.content.decode()[5:69],
    )
    for secret in secrets:
        assert secret not in own


# --- the audit --------------------------------------------------------------------------------------------


def rows(desk: Signing) -> list[tuple[str, ...]]:
    trail = desk.app.state.audit
    trail.flush()
    return [
        (one.account, one.method, one.route, str(one.status)) for one in reversed(trail.book.page(limit=1000))
    ]


def test_every_access_is_in_the_audit_by_its_template_and_without_content(desk: Signing) -> None:
    link = desk.accounts.link("officer-1")
    here = desk.signed_in("officer-1")
    here.get("/account?secret=KOR621")
    here.get(f"/set-up/{link}")
    here.get("/cases-of-nobody/KOR621")
    here.head("/about")
    here.get("/static/desk.css")
    post(here, "/account/sessions/abc/end")
    found = rows(desk)
    assert ("", "GET", "/sign-in", "200") in found
    assert ("", "POST", "/sign-in", "303") in found
    assert ("officer-1", "GET", "/account", "200") in found
    assert ("officer-1", "GET", "/set-up/{token}", "200") in found
    assert ("officer-1", "GET", "(none)", "404") in found
    assert ("officer-1", "HEAD", "/about", "200") in found
    assert ("officer-1", "POST", "/account/sessions/{name}/end", "303") in found
    everything = repr(found)
    assert "KOR621" not in everything
    assert link not in everything
    assert "static" not in everything


def test_a_change_is_in_the_audit_before_its_answer_is_out(desk: Signing) -> None:
    here = desk.signed_in("officer-1")
    token = csrf(here.get("/account").text)
    trail = desk.app.state.audit
    here.post("/account/sessions/abc/end", data={"csrf": token})
    assert trail.book.page(limit=1)[0].route == "/account/sessions/{name}/end"


def test_a_change_that_cannot_be_audited_is_not_answered(
    desk: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = desk.signed_in("officer-1")
    token = csrf(here.get("/account").text)
    trail = desk.app.state.audit

    def full(_: object) -> None:
        raise StoreError("the disk is full; nothing was recorded")

    with monkeypatch.context() as patched:
        patched.setattr(trail.book, "add", full)
        answer = here.post("/account/sessions/abc/end", data={"csrf": token})
        assert answer.status_code == 503
        assert "audit cannot be written" in answer.text
        assert answer.headers["content-security-policy"]
        assert here.get("/account").status_code == 200  # readings wait
    assert ("officer-1", "GET", "/account", "200") in rows(desk)


def test_readings_are_withheld_when_too_many_wait(desk: Signing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("overflight.desk.trail._MOST", 3)
    trail = desk.app.state.audit
    trail.flush()

    def full(_: object) -> None:
        raise StoreError("the disk is full; nothing was recorded")

    with monkeypatch.context() as patched:
        patched.setattr(trail.book, "add", full)
        client = desk.browser()
        assert [client.get("/about").status_code for _ in range(5)] == [200, 200, 200, 503, 503]
    assert client.get("/about").status_code == 200


def test_the_audit_is_only_added_to(desk: Signing) -> None:
    from sqlalchemy import text
    from sqlalchemy.exc import DBAPIError

    desk.browser().get("/about")
    rows(desk)
    for statement in ("UPDATE audit SET account = 'nobody'", "DELETE FROM audit"):
        with (
            desk.rooms.store.log.engine.connect() as connection,
            pytest.raises(DBAPIError, match="never changed"),
        ):
            connection.execute(text(statement))
