"""The admin's pages, the audit and the proof: what they do, and that they name no case."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from signing import PASSWORD, Signing, csrf, post
from starlette.testclient import TestClient

from overflight.desk.access import Action, Reader, Role
from overflight.desk.rooms import Rooms
from overflight.desk.work import Work
from overflight.errors import StoreError
from overflight.screening.lists.kinds import KINDS
from overflight.settings import Settings
from overflight.store.proving import prove

PAGES = ("/admin", "/admin/accounts", "/admin/accounts/officer-1", "/audit", "/audit/proof")
API = (
    "/api/v1/admin/accounts",
    "/api/v1/admin/accounts/officer-1",
    "/api/v1/admin/sessions",
    "/api/v1/admin/tokens",
    "/api/v1/admin/health",
    "/api/v1/admin/lists",
    "/api/v1/admin/backups",
    "/api/v1/audit",
    "/api/v1/audit/proof",
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Signing]:
    made = Signing(tmp_path)
    made.account("admin-1", Role.ADMIN)
    made.account("officer-1", Role.OFFICER)
    yield made
    made.close()


@pytest.fixture
def admin(desk: Signing) -> TestClient:
    return desk.signed_in("admin-1")


def link_of(text: str) -> str:
    found = re.search(r"http://localhost(/set-up/[\w-]{43})", text)
    assert found, text
    return found[1]


# --- who may come here ------------------------------------------------------------------------------------


def test_pages_of_the_admin_are_the_admins(browser: Callable[[str], TestClient], app: FastAPI) -> None:
    app.state.accounts.make("officer-1", Role.OFFICER)
    for path in (*PAGES, *API):
        shared = "audit" in path
        assert browser("admin").get(path).status_code == 200, path
        assert browser("auditor").get(path).status_code == (200 if shared else 403), path
        for who in ("officer", "approver"):
            assert browser(who).get(path).status_code == 403, path
        assert browser("guest KAZ").get(path).status_code == 404, path
        assert browser("").get(path).status_code in (303, 401), path


def test_the_admin_reads_no_case_on_any_of_them(
    browser: Callable[[str], TestClient], app: FastAPI, rooms: Rooms
) -> None:
    """Also when the proof finds something that would name one."""
    app.state.accounts.make("officer-1", Role.OFFICER)
    officer, admin = browser("officer"), browser("admin")
    case = next(iter(rooms.store.log.cases())).case
    for path in (f"/cases/{case}", f"/api/v1/cases/{case}", f"/cases/{case}?state=IND"):
        officer.get(path)
    with rooms.store.log.engine.connect() as connection:
        connection.exec_driver_sql("UPDATE cases SET events = 99")
    app.state.work["proof"] = work = Work()
    work.start(lambda tell: prove(rooms.settings, progress=tell), rooms.clock)
    work.join()
    assert case in browser("auditor").get("/audit/proof").text  # whoever reads cases hears which
    for path in (*PAGES, *API):
        text = admin.get(path).text
        assert case not in text, path
        assert "KOR621" not in text, path
    assert "not as it was recorded" in admin.get("/audit/proof").text


# --- accounts ---------------------------------------------------------------------------------------------


def test_an_account_is_made_and_its_link_shown_once(desk: Signing, admin: TestClient) -> None:
    made = post(admin, "/admin/accounts", "/admin/accounts", handle="approver-1", role="approver")
    link = link_of(made.text)
    assert link not in admin.get("/admin/accounts").text
    assert "link open until" in admin.get("/admin/accounts").text
    client = desk.browser()
    page = client.get(link)
    client.post(link, data={"csrf": csrf(page.text), "password": PASSWORD, "again": PASSWORD})
    assert client.get("/account").status_code == 200
    assert "link open until" not in admin.get("/admin/accounts").text


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"handle": "Ann Example", "role": "officer"}, "is no handle"),
        ({"handle": "officer-1", "role": "officer"}, "has an account already"),
        ({"handle": "officer-3", "role": "emperor"}, "is no role"),
        ({"handle": "guest-1", "role": "guest"}, "needs a state"),
        ({"handle": "officer-3", "role": "officer", "state": "KAZ"}, "only a guest has a state"),
        ({"handle": "officer-3", "role": "officer", "subject": "x"}, "no identity provider is set"),
    ],
)
def test_a_form_that_will_not_do_comes_back_with_what_was_typed(
    admin: TestClient, data: dict[str, str], words: str
) -> None:
    answer = post(admin, "/admin/accounts", "/admin/accounts", **data)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'value="{data["handle"]}"' in answer.text
    assert answer.text.count("<tr>") == admin.get("/admin/accounts").text.count("<tr>")


def test_an_account_s_own_page_does_what_it_says(desk: Signing, admin: TestClient) -> None:
    place = "/admin/accounts/officer-1"
    officer = desk.signed_in("officer-1")
    assert "1 session ended" in post(admin, f"{place}/sign-out", place).text
    assert officer.get("/account").status_code == 303
    assert "role is changed" in post(admin, f"{place}/role", place, role="approver").text
    assert desk.accounts.one("officer-1").role == "approver"
    assert "is disabled" in post(admin, f"{place}/disable", place).text
    assert desk.accounts.one("officer-1").disabled_at is not None
    assert "enabled again" in post(admin, f"{place}/enable", place).text
    link = link_of(post(admin, f"{place}/reset", place).text)
    assert desk.accounts.one("officer-1").password is None
    assert desk.browser().get(link).status_code == 200
    assert post(admin, f"{place}/explode", place).status_code == 422
    assert admin.get("/admin/accounts/nobody-1").status_code == 404


def test_a_session_and_a_token_are_ended_one_by_one(desk: Signing, admin: TestClient) -> None:
    place = "/admin/accounts/officer-1"
    kept, ended = desk.signed_in("officer-1"), desk.signed_in("officer-1")
    name = desk.accounts.by_session(ended.cookies["overflight"])
    assert name is not None
    secret, token = desk.accounts.make_token(Reader("officer-1", Role.OFFICER), "x", ["read cases"], 9)
    post(admin, f"{place}/sessions/{name.session}/end", place)
    post(admin, f"{place}/tokens/{token}/end", place)
    assert ended.get("/account").status_code == 303
    assert kept.get("/account").status_code == 200
    assert desk.accounts.by_token(secret) is None


def test_the_last_admin_cannot_lock_the_desk(desk: Signing, admin: TestClient) -> None:
    place = "/admin/accounts/admin-1"
    for deed, data in (("disable", {}), ("role", {"role": "officer"})):
        answer = post(admin, f"{place}/{deed}", place, **data)
        assert answer.status_code == 422
        assert "last admin" in answer.text
    assert admin.get("/admin").status_code == 200


def test_what_the_admin_does_to_whom_is_in_the_audit(desk: Signing, admin: TestClient) -> None:
    place = "/admin/accounts/officer-1"
    post(admin, f"{place}/disable", place)
    last = desk.app.state.audit.book.page(limit=1)[0]
    assert (last.account, last.route, last.about) == (
        "admin-1",
        "/admin/accounts/{handle}/{deed}",
        "officer-1",
    )


def test_the_json_does_the_same(desk: Signing, admin: TestClient) -> None:
    headers = {"X-CSRF-Token": csrf(admin.get("/account").text)}
    made = admin.post(
        "/api/v1/admin/accounts",
        json={"handle": "guest-kaz", "role": "guest", "state": "KAZ"},
        headers=headers,
    )
    assert made.status_code == 201
    assert desk.browser().get(made.json()["set_up"]).status_code == 200
    assert made.json()["account"]["state"] == "KAZ"
    again = admin.post(
        "/api/v1/admin/accounts",
        json={"handle": "guest-kaz", "role": "guest", "state": "KAZ"},
        headers=headers,
    )
    assert again.status_code == 400
    assert again.json()["error"]["what"] == "has an account already"
    changed = admin.patch("/api/v1/admin/accounts/guest-kaz", json={"disabled": True}, headers=headers)
    assert changed.json()["disabled_at"]
    assert (
        admin.patch("/api/v1/admin/accounts/admin-1", json={"role": "officer"}, headers=headers).status_code
        == 400
    )
    reset = admin.post("/api/v1/admin/accounts/officer-1/reset", headers=headers)
    assert desk.browser().get(reset.json()["set_up"]).status_code == 200
    assert admin.get("/api/v1/admin/accounts/nobody").status_code == 404
    handles = [one["handle"] for one in admin.get("/api/v1/admin/accounts").json()["items"]]
    assert handles == ["admin-1", "guest-kaz", "officer-1"]
    (session,) = admin.get("/api/v1/admin/sessions").json()["items"]
    assert admin.delete(f"/api/v1/admin/sessions/{session['name']}", headers=headers).status_code == 204
    assert admin.get("/api/v1/admin/accounts").status_code == 401


def test_a_one_time_link_is_kept_under_no_idempotency_key(desk: Signing, admin: TestClient) -> None:
    headers = {"X-CSRF-Token": csrf(admin.get("/account").text), "Idempotency-Key": "one"}
    made = admin.post(
        "/api/v1/admin/accounts", json={"handle": "officer-9", "role": "officer"}, headers=headers
    )
    secret = made.json()["set_up"].rpartition("/")[2]
    desk.rooms.store.log.engine.dispose()
    for file in desk.rooms.settings.home.glob("desk.db*"):
        assert secret.encode() not in file.read_bytes()


# --- the desk ---------------------------------------------------------------------------------------------


def test_an_empty_desk_teaches(admin: TestClient) -> None:
    text = admin.get("/admin").text
    assert "No list was imported yet" in text
    assert "No backup yet" in text
    assert "No OpenID Connect provider is set" in text


def test_a_backup_is_a_desk_of_its_own(desk: Signing, admin: TestClient) -> None:
    answer = post(admin, "/admin/backups", "/admin")
    assert "Backed up to desk-20260302T080000Z.db" in answer.text
    copy = desk.rooms.settings.home / "backups" / "desk-20260302T080000Z.db"
    link = sqlite3.connect(copy)
    assert link.execute("SELECT count(*) FROM users").fetchone() == (2,)
    link.close()
    assert copy.stat().st_mode & 0o077 == 0
    again = post(admin, "/admin/backups", "/admin")
    assert again.status_code == 503
    assert "of this second already" in again.text
    desk.later(seconds=1)
    post(admin, "/admin/backups", "/admin")
    names = [one["name"] for one in admin.get("/api/v1/admin/backups").json()["items"]]
    assert names == ["desk-20260302T080001Z.db", "desk-20260302T080000Z.db"]


def test_health_tells_what_there_is(desk: Signing, admin: TestClient) -> None:
    found = admin.get("/api/v1/admin/health").json()
    assert found["store"] == "SQLite"
    assert found["size_bytes"] > 10_000
    assert found["events"] == 0
    assert found["accesses"] >= 2
    desk.browser().get("/sign-in")
    assert found["home"] == "USA"


def test_a_damaged_library_of_lists_is_told_and_nothing_else_fails(desk: Signing, admin: TestClient) -> None:
    folder = desk.rooms.settings.home / "lists" / KINDS[0].kind
    folder.mkdir(parents=True)
    (folder / "2026-01-01.0001.jsonl.gz").write_bytes(b"no list")
    text = admin.get("/admin").text
    assert "cannot be read whole" in text


# --- the proof and the audit ------------------------------------------------------------------------------


def test_the_proof_runs_beside_and_says_how_far_it_has_come(desk: Signing, admin: TestClient) -> None:
    assert "Prove the log" in admin.get("/audit").text
    assert post(admin, "/audit/proof", "/audit").status_code == 303
    desk.app.state.work["proof"].join()
    assert "Whole:" in admin.get("/audit").text
    found = admin.get("/api/v1/audit/proof").json()
    assert found["whole"] is True
    assert found["running"] is False


def test_work_runs_once_at_a_time_and_tells_how_it_ended() -> None:
    import threading

    from signing import START

    gate, work = threading.Event(), Work()

    def do(tell: Callable[[int, int], None]) -> str:
        tell(3, 10)
        gate.wait(20)
        return "done"

    assert work.start(do, lambda: START)
    assert not work.start(do, lambda: START)
    while work.total == 0:
        pass
    assert (work.running, work.done, work.total, work.result) == (True, 3, 10, None)
    gate.set()
    work.join()
    assert (work.running, work.result, work.ended_at) == (False, "done", START)

    def fail(_: Any) -> None:
        raise StoreError("the disk is full")

    def slip(_: Any) -> None:
        raise KeyError("a case of somebody's")

    for deed, words in ((fail, "the disk is full"), (slip, "the desk made a mistake (KeyError)")):
        assert work.start(deed, lambda: START)
        work.join()
        assert (work.running, work.result, work.wrong) == (False, None, words)


def test_the_audit_has_pages_and_can_be_asked_for_one_account(desk: Signing, admin: TestClient) -> None:
    officer = desk.signed_in("officer-1")
    for _ in range(130):
        officer.get("/account")
    first = admin.get("/audit")
    assert first.text.count('<th scope="row"') == 100
    older = re.search(r'href="(/audit\?before=\d+)"', first.text)
    assert older
    assert ">Newest<" in admin.get(older[1]).text
    own = admin.get("/audit?account=officer-1").text
    assert "/account" in own
    assert "/admin" not in own.split("<tbody>")[1]
    assert "opened nothing" in admin.get("/audit?account=officer-7").text
    seen: list[int] = []
    cursor = ""
    while True:
        page = admin.get(f"/api/v1/audit?limit=60&account=officer-1{cursor}").json()
        seen += [one["number"] for one in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len(seen) == 130
    assert seen == sorted(set(seen), reverse=True)


@pytest.mark.parametrize("asked", ["cursor=x", "cursor=WyJhIl0", "cursor=WzEuNV0", "limit=0", "account=%00"])
def test_a_cursor_that_is_none_is_refused(admin: TestClient, asked: str) -> None:
    assert admin.get(f"/api/v1/audit?{asked}").status_code in (400, 422)


def test_about_is_open_to_all_and_the_same_for_all(browser: Callable[[str], TestClient]) -> None:
    answer = browser("").get("/about")
    assert answer.status_code == 200
    assert "decides nothing by itself" in answer.text
    assert "OpenStreetMap contributors" in answer.text


def test_where_everybody_begins(browser: Callable[[str], TestClient], settings: Settings) -> None:
    assert settings
    assert browser("admin").get("/").headers["location"] == "/admin"
    assert browser("guest KAZ").get("/").headers["location"] == "/guest"
    for role in ("admin", "guest KAZ"):
        assert browser(role).get("/sign-in").headers["location"] in ("/admin", "/guest")
    assert Action.READ_CASES
