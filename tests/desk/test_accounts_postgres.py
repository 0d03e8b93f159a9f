"""Accounts, audit and the admin's pages over a PostgreSQL that the test starts itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from signing import PASSWORD, Signing, at_once, csrf, post, sign_in
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from local_postgres import LocalPostgres
from overflight.desk.access import Role
from overflight.errors import InputError


@pytest.fixture(scope="module")
def server() -> Iterator[LocalPostgres]:
    one = LocalPostgres()
    yield one
    one.stop()


@pytest.fixture
def desk(server: LocalPostgres, tmp_path: Path) -> Iterator[Signing]:
    made = Signing(tmp_path, database=server.new_store())
    made.account("admin-1", Role.ADMIN)
    yield made
    made.close()


def test_the_whole_way_of_an_account(desk: Signing) -> None:
    admin = desk.signed_in("admin-1")
    post(admin, "/admin/accounts", "/admin/accounts", handle="officer-1", role="officer")
    with pytest.raises(InputError, match="already"):
        desk.accounts.make("officer-1", Role.OFFICER)
    link = desk.accounts.link("officer-1")
    client = desk.browser()
    page = client.get(f"/set-up/{link}")
    client.post(f"/set-up/{link}", data={"csrf": csrf(page.text), "password": PASSWORD, "again": PASSWORD})
    assert client.get("/account").status_code == 200
    assert desk.accounts.look(link) is None
    post(admin, "/admin/accounts/officer-1/disable", "/admin/accounts/officer-1")
    assert client.get("/account").status_code == 303
    assert sign_in(desk.browser(), "officer-1", PASSWORD).status_code == 401
    with pytest.raises(InputError, match="last admin"):
        desk.accounts.disable("admin-1")


@pytest.mark.parametrize("handle", ["officer\x00-1", "'; DROP TABLE users; --", "x" * 5000, "é\ud800"])
def test_whatever_is_typed_is_a_wrong_handle(desk: Signing, handle: str) -> None:
    client = desk.browser()
    token = csrf(client.get("/sign-in").text)
    body = {"handle": handle.encode("utf-8", "replace").decode(), "password": "x\x00y", "csrf": token}
    assert client.post("/sign-in", data=body).status_code == 401
    cookies = {"overflight": "a\x00b".replace("\x00", "%00")}
    assert desk.browser(cookies=cookies).get("/account").status_code == 303


def test_of_many_who_use_a_link_at_once_one_gets_in(desk: Signing) -> None:
    link = desk.accounts.link("admin-1", signs_in=True)
    got = at_once(6, lambda: desk.accounts.come_in(link))
    assert sum(found is not None for found in got) == 1


def test_the_audit_is_only_added_to(desk: Signing) -> None:
    desk.signed_in("admin-1").get("/admin")
    desk.app.state.audit.flush()
    for statement in ("UPDATE audit SET account = 'nobody'", "DELETE FROM audit", "TRUNCATE audit"):
        with desk.rooms.store.log.engine.connect() as link, pytest.raises(DBAPIError, match="never changed"):
            link.execute(text(statement))


@pytest.mark.parametrize("name", ["%00", "a%00b", "%27", "%F0%9F%98%80"])
def test_names_typed_by_hand_are_nobody_s(desk: Signing, name: str) -> None:
    admin = desk.signed_in("admin-1")
    place = "/admin/accounts/admin-1"
    token = csrf(admin.get(place).text)
    found = [admin.get(path) for path in (f"/admin/accounts/{name}", f"/api/v1/admin/accounts/{name}")]
    for path in (
        f"/admin/accounts/{name}/reset",
        f"/admin/accounts/{name}/role",
        f"{place}/sessions/{name}/end",
        f"{place}/tokens/{name}/end",
        f"/account/sessions/{name}/end",
        f"/account/tokens/{name}/end",
    ):
        found.append(admin.post(path, data={"csrf": token, "role": "officer"}))
    for kind in ("sessions", "tokens"):
        found.append(admin.delete(f"/api/v1/admin/{kind}/{name}", headers={"X-CSRF-Token": token}))
    found.append(desk.browser().get(f"/set-up/{name}"))
    assert {one.status_code for one in found} <= {303, 400, 404}
    assert admin.get(place).status_code == 200


def test_health_and_backup_of_a_server(desk: Signing) -> None:
    admin = desk.signed_in("admin-1")
    found = admin.get("/api/v1/admin/health").json()
    assert found["store"] == "PostgreSQL"
    assert found["size_bytes"] > 1_000_000
    assert "database" in found["where"]
    assert "Backed up to desk-20260302T080000Z.jsonl" in post(admin, "/admin/backups", "/admin").text
