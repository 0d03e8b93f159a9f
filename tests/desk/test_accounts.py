"""Who may come in: passwords, sessions, one-time links, tokens, and tries that are slowed down."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from signing import PASSWORD, Signing, at_once, csrf, post, sign_in
from sqlalchemy import text

from overflight.desk.access import Action, Reader, Role
from overflight.desk.accounts import (
    ABSOLUTE,
    IDLE,
    LINK_LASTS,
    Accounts,
    ThrottledError,
    WrongError,
    accounts_of_store,
    first_link,
    kept_secret,
)
from overflight.errors import InputError


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Signing]:
    made = Signing(tmp_path)
    yield made
    made.close()


# --- passwords --------------------------------------------------------------------------------------------


def test_passwords_are_kept_as_argon2id_and_nothing_that_opens_a_door_is_kept(desk: Signing) -> None:
    desk.accounts = accounts_of_store(desk.rooms.store.log.engine, "here", desk.rooms.clock)
    desk.account("officer-1", Role.OFFICER)
    secret = desk.accounts.open(desk.accounts.one("officer-1"), "password")
    token, _ = desk.accounts.make_token(
        Reader("officer-1", Role.OFFICER), "export", [Action.READ_CASES.value], 30
    )
    link = desk.accounts.link("officer-1")
    kept = desk.accounts.one("officer-1").password or ""
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    desk.rooms.store.log.engine.dispose()
    for file in desk.rooms.settings.home.glob("desk.db*"):
        data = file.read_bytes()
        for one in (PASSWORD, secret, token, link):
            assert one.encode() not in data


def test_there_is_no_password_before_somebody_sets_one(desk: Signing) -> None:
    desk.accounts.make("admin-1", Role.ADMIN)
    for guess in ("", "admin", "admin-1", "password", "overflight"):
        with pytest.raises(WrongError):
            desk.accounts.sign_in("admin-1", guess, "192.0.2.1")


@pytest.mark.parametrize(
    ("given", "again", "words"),
    [
        ("too short", "too short", "fewer than 12"),
        ("x" * 300, "x" * 300, "more than 256"),
        ("aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaa", "too easy"),
        ("officer-1 officer-1", "officer-1 officer-1", "too easy"),
        (PASSWORD, PASSWORD + "s", "not the same"),
    ],
)
def test_a_password_that_will_not_do_leaves_the_link(
    desk: Signing, given: str, again: str, words: str
) -> None:
    desk.accounts.make("officer-1", Role.OFFICER)
    link = desk.accounts.link("officer-1")
    with pytest.raises(InputError, match=words):
        desk.accounts.set_password(link, given, again)
    assert desk.accounts.set_password(link, PASSWORD, PASSWORD)


def test_changing_the_password_ends_every_other_session(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    here, there = desk.signed_in("officer-1"), desk.signed_in("officer-1")
    answer = post(
        here, "/account/password", old=PASSWORD, password="other words entirely", again="other words entirely"
    )
    assert answer.status_code == 200
    assert "The password is changed" in answer.text
    assert here.get("/account").status_code == 200
    assert there.get("/account").status_code == 303
    assert sign_in(desk.browser(), "officer-1", PASSWORD).status_code == 401
    assert desk.signed_in("officer-1", "other words entirely")


def test_the_present_password_is_asked_for(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    here = desk.signed_in("officer-1")
    answer = post(
        here,
        "/account/password",
        old="not this one at all",
        password="other words entirely",
        again="other words entirely",
    )
    assert answer.status_code == 422
    assert desk.signed_in("officer-1")


def test_a_guest_changes_his_password_on_his_own_pages(desk: Signing) -> None:
    desk.account("guest-kaz", Role.GUEST, "KAZ")
    here = desk.signed_in("guest-kaz")
    assert here.get("/account").status_code == 404
    answer = post(
        here,
        "/guest/account/password",
        "/guest/account",
        old=PASSWORD,
        password="other words entirely",
        again="other words entirely",
    )
    assert "The password is changed" in answer.text
    assert desk.signed_in("guest-kaz", "other words entirely")


# --- handles and roles ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "handle", ["", "Ann Example", "ann.example@mail.example", "-x", "x-", "é-1", "a" * 41]
)
def test_a_handle_is_no_name_with_blanks_dots_or_an_address(desk: Signing, handle: str) -> None:
    with pytest.raises(InputError, match="no handle"):
        desk.accounts.make(handle, Role.OFFICER)


def test_a_handle_is_taken_once(desk: Signing) -> None:
    desk.accounts.make("officer-1", Role.OFFICER)
    with pytest.raises(InputError, match="already"):
        desk.accounts.make("Officer-1", Role.APPROVER)


def test_a_guest_has_a_state_and_nobody_else_has(desk: Signing) -> None:
    with pytest.raises(InputError, match="needs a state"):
        desk.accounts.make("guest-kaz", Role.GUEST)
    with pytest.raises(InputError, match="only a guest"):
        desk.accounts.make("officer-1", Role.OFFICER, "KAZ")
    with pytest.raises(InputError):
        desk.accounts.make("guest-x", Role.GUEST, "Atlantis")
    assert desk.accounts.make("guest-kaz", Role.GUEST, "Kazakhstan").state == "KAZ"


def test_the_last_admin_stays(desk: Signing) -> None:
    desk.account("admin-1", Role.ADMIN)
    for deed in (
        lambda: desk.accounts.disable("admin-1"),
        lambda: desk.accounts.change("admin-1", Role.OFFICER),
    ):
        with pytest.raises(InputError, match="last admin"):
            deed()
    assert desk.signed_in("admin-1")
    desk.account("admin-2", Role.ADMIN)
    desk.accounts.disable("admin-1")
    with pytest.raises(InputError, match="last admin"):
        desk.accounts.disable("admin-2")


@pytest.mark.parametrize("deed", ["role", "disable", "reset", "identity"])
def test_a_change_by_the_admin_signs_out_and_revokes_at_once(desk: Signing, deed: str) -> None:
    desk.account("officer-1", Role.OFFICER)
    here = desk.signed_in("officer-1")
    token, _ = desk.accounts.make_token(
        Reader("officer-1", Role.OFFICER), "export", [Action.READ_CASES.value], 30
    )
    program = desk.browser(headers={"Authorization": f"Bearer {token}"})
    assert here.get("/account").status_code == 200
    assert program.get("/account").status_code == 403  # known, and not allowed that
    {
        "role": lambda: desk.accounts.change("officer-1", Role.APPROVER),
        "disable": lambda: desk.accounts.disable("officer-1"),
        "reset": lambda: desk.accounts.reset("officer-1"),
        "identity": lambda: desk.accounts.identify("officer-1", "https://id.example", "77"),
    }[deed]()
    assert here.get("/account").status_code == 303
    assert program.get("/account").status_code == 401


def test_a_disabled_account_gets_in_by_no_way(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    desk.accounts.disable("officer-1")
    assert sign_in(desk.browser(), "officer-1", PASSWORD).status_code == 401
    with pytest.raises(InputError, match="disabled"):
        desk.accounts.reset("officer-1")
    link = desk.accounts.link("officer-1")
    assert desk.accounts.look(link) is None
    desk.accounts.enable("officer-1")
    assert desk.signed_in("officer-1")


# --- sessions ---------------------------------------------------------------------------------------------


def test_a_session_ends_when_nobody_works_in_it(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    here = desk.signed_in("officer-1")
    for _ in range(3):
        desk.now += IDLE * 0.9
        assert here.get("/account").status_code == 200
    desk.now += IDLE
    assert here.get("/account").status_code == 303


def test_a_session_ends_in_any_case(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    here = desk.signed_in("officer-1")
    end = desk.now + ABSOLUTE
    while desk.now + IDLE * 0.9 < end:
        desk.now += IDLE * 0.9
        assert here.get("/account").status_code == 200
    desk.now = end
    assert here.get("/account").status_code == 303


def test_signing_in_again_gives_another_session_and_ends_the_one_before(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    here = desk.signed_in("officer-1")
    before = here.cookies["overflight"]
    link = desk.accounts.link("officer-1")
    page = here.get(f"/set-up/{link}")
    here.post(f"/set-up/{link}", data={"csrf": csrf(page.text), "password": PASSWORD, "again": PASSWORD})
    assert here.cookies["overflight"] != before
    assert desk.accounts.by_session(before) is None


def test_a_cookie_that_was_planted_is_not_taken_over(desk: Signing) -> None:
    """Session fixation: the secret that a browser brings to the sign-in form never becomes a session."""
    desk.account("officer-1", Role.OFFICER)
    client = desk.browser(cookies={"overflight": "planted"})
    sign_in(client, "officer-1", PASSWORD)
    assert desk.accounts.by_session("planted") is None


def test_signing_out_ends_the_session_on_the_desk_too(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    here = desk.signed_in("officer-1")
    kept = here.cookies["overflight"]
    assert post(here, "/sign-out").status_code == 303
    assert "overflight" not in here.cookies
    assert desk.accounts.by_session(kept) is None


def test_own_sessions_are_listed_and_ended_and_nobody_elses(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    desk.account("officer-2", Role.OFFICER)
    here, there, other = (desk.signed_in(name) for name in ("officer-1", "officer-1", "officer-2"))
    mine = desk.accounts.by_session(there.cookies["overflight"])
    others = desk.accounts.by_session(other.cookies["overflight"])
    assert mine is not None
    assert others is not None
    assert mine.session in here.get("/account").text
    assert others.session not in here.get("/account").text
    post(here, f"/account/sessions/{mine.session}/end")
    post(here, f"/account/sessions/{others.session}/end")
    assert there.get("/account").status_code == 303
    assert other.get("/account").status_code == 200


def test_the_cookie_is_strict_and_under_tls_bound_to_the_host(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    plain = sign_in(desk.browser(), "officer-1", PASSWORD).headers.get_list("set-cookie")[0]
    assert plain.startswith("overflight=")
    assert "HttpOnly; Path=/; SameSite=Strict" in plain
    assert "Domain" not in plain
    tls = sign_in(desk.browser("https://desk.example"), "officer-1", PASSWORD)
    kept = tls.headers.get_list("set-cookie")[0]
    assert kept.startswith("__Host-overflight=")
    assert kept.endswith("HttpOnly; Path=/; SameSite=Strict; Secure")


# --- tries ------------------------------------------------------------------------------------------------


def test_tries_at_one_handle_are_slowed_down_whether_it_exists_or_not(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    heard = {}
    for handle in ("officer-1", "officer-77"):
        said = []
        for _ in range(9):
            client = desk.browser()
            answer = sign_in(client, handle, "not the right one")
            said.append((answer.status_code, answer.text.replace(handle, "H")))
        heard[handle] = [(code, text.replace(csrf(text), "")) for code, text in said]
    assert heard["officer-1"] == heard["officer-77"]
    assert [code for code, _ in heard["officer-1"]] == [401] * 8 + [429]
    assert sign_in(desk.browser(), "officer-1", PASSWORD).status_code == 429
    desk.later(minutes=16)
    assert desk.signed_in("officer-1")


def test_tries_from_one_address_are_slowed_down_over_many_handles(desk: Signing) -> None:
    for number in range(40):
        with pytest.raises(WrongError):
            desk.accounts.sign_in(f"officer-{number}", "a guess for everybody", "192.0.2.1")
    with pytest.raises(ThrottledError):
        desk.accounts.sign_in("officer-99", "a guess for everybody", "192.0.2.1")
    with pytest.raises(WrongError):
        desk.accounts.sign_in("officer-99", "a guess for everybody", "192.0.2.2")


def test_an_account_that_does_not_exist_costs_the_same_work(
    desk: Signing, monkeypatch: pytest.MonkeyPatch
) -> None:
    from overflight.desk import accounts as module

    verified: list[str] = []
    real = module._verified
    monkeypatch.setattr(
        module,
        "_verified",
        lambda hasher, kept, given: verified.append(kept[:9]) or real(hasher, kept, given),
    )
    desk.account("officer-1", Role.OFFICER)
    desk.accounts.make("officer-2", Role.OFFICER)
    for handle in ("officer-1", "officer-2", "officer-3"):
        with pytest.raises(WrongError):
            desk.accounts.sign_in(handle, "not the right one", "192.0.2.1")
    assert verified == ["$argon2id"] * 3


def test_the_right_password_forgives_the_wrong_ones(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    for _ in range(3):
        for _ in range(7):
            with pytest.raises(WrongError):
                desk.accounts.sign_in("officer-1", "not the right one", "192.0.2.1")
        assert desk.accounts.sign_in("officer-1", PASSWORD, "192.0.2.9")


# --- one-time links ---------------------------------------------------------------------------------------


def test_a_link_sets_a_password_once(desk: Signing) -> None:
    desk.accounts.make("officer-1", Role.OFFICER)
    link = desk.accounts.link("officer-1")
    client = desk.browser()
    page = client.get(f"/set-up/{link}")
    assert page.status_code == 200
    # Never sent elsewhere; "no-referrer" would make browsers hide where the form below comes from.
    assert page.headers["referrer-policy"] == "same-origin"
    data = {"csrf": csrf(page.text), "password": PASSWORD, "again": PASSWORD}
    assert client.post(f"/set-up/{link}", data=data).status_code == 303
    assert client.get("/account").status_code == 200
    assert desk.browser().get(f"/set-up/{link}").status_code == 404
    assert desk.accounts.set_password(link, PASSWORD, PASSWORD) is None


def test_a_link_ends(desk: Signing) -> None:
    desk.accounts.make("officer-1", Role.OFFICER)
    link = desk.accounts.link("officer-1")
    desk.now += LINK_LASTS
    assert desk.browser().get(f"/set-up/{link}").status_code == 404


def test_a_newer_link_ends_the_older_one(desk: Signing) -> None:
    desk.accounts.make("officer-1", Role.OFFICER)
    old, new = desk.accounts.link("officer-1"), desk.accounts.link("officer-1")
    assert desk.accounts.look(old) is None
    assert desk.accounts.look(new) is not None


def test_of_many_who_use_a_link_at_once_one_gets_in(desk: Signing) -> None:
    desk.accounts.make("officer-1", Role.OFFICER)
    link = desk.accounts.link("officer-1", signs_in=True)
    got = at_once(6, lambda: desk.accounts.come_in(link))
    assert sum(found is not None for found in got) == 1


def test_a_sign_in_link_goes_where_it_says_and_only_once(desk: Signing) -> None:
    desk.accounts.make("officer-1", Role.OFFICER)
    link = desk.accounts.link("officer-1", signs_in=True, goes_to="/cases/KOR621-2008")
    client = desk.browser()
    assert client.head(f"/set-up/{link}").status_code == 404  # looking ahead is not coming in
    assert client.get(f"/set-up/{link}", headers={"sec-purpose": "prefetch"}).status_code == 404
    page = client.get(f"/set-up/{link}")
    assert '<meta http-equiv="refresh" content="0; url=/cases/KOR621-2008">' in page.text
    assert client.get("/account").status_code == 200
    assert desk.browser().get(f"/set-up/{link}").status_code == 404


def test_a_sign_in_link_sets_no_password(desk: Signing) -> None:
    desk.accounts.make("officer-1", Role.OFFICER)
    link = desk.accounts.link("officer-1", signs_in=True)
    assert desk.accounts.set_password(link, PASSWORD, PASSWORD) is None
    assert (
        desk.browser().post(f"/set-up/{link}", data={"password": PASSWORD, "again": PASSWORD}).status_code
        == 404
    )


def test_the_first_link_is_the_admins_and_is_gone_once_he_can_sign_in(desk: Signing) -> None:
    first = first_link(desk.accounts)
    assert first is not None
    assert first[0] == "admin-1"
    again = first_link(desk.accounts)
    assert again is not None
    assert again[1] != first[1]
    assert desk.accounts.set_password(again[1], PASSWORD, PASSWORD)
    assert first_link(desk.accounts) is None


# --- tokens -----------------------------------------------------------------------------------------------


def test_a_token_narrows_and_never_widens(desk: Signing) -> None:
    desk.account("auditor-1", Role.AUDITOR)
    reader = Reader("auditor-1", Role.AUDITOR)
    for scopes in (
        [Action.WRITE_CASES.value],
        [Action.MANAGE.value],
        [Action.OWN_ACCOUNT.value],
        [],
        ["all"],
    ):
        with pytest.raises(InputError):
            desk.accounts.make_token(reader, "export", scopes, 30)
    secret, _ = desk.accounts.make_token(reader, "export", [Action.READ_AUDIT.value], 30)
    found = desk.accounts.by_token(secret)
    assert found is not None
    assert found.scopes == {Action.READ_AUDIT}


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_has_an_end(desk: Signing, days: int) -> None:
    desk.account("officer-1", Role.OFFICER)
    with pytest.raises(InputError, match="days"):
        desk.accounts.make_token(Reader("officer-1", Role.OFFICER), "x", [Action.READ_CASES.value], days)


def test_a_token_ends_and_can_be_revoked_alone(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    here = desk.signed_in("officer-1")
    page = post(here, "/account/tokens", label="export", scopes=["read cases"], days="30")
    secret = page.text.split('<code class="secret">')[1].split("<")[0]
    assert secret.startswith("ovf_")
    assert secret not in here.get("/account").text
    other, _ = desk.accounts.make_token(Reader("officer-1", Role.OFFICER), "x", ["read cases"], 1)
    name = next(one.name for one in desk.book.tokens("officer-1") if one.label == "export")
    assert desk.accounts.by_token(secret)
    post(here, f"/account/tokens/{name}/end")
    assert desk.accounts.by_token(secret) is None
    assert desk.accounts.by_token(other)
    desk.later(days=1)
    assert desk.accounts.by_token(other) is None


def test_a_token_that_opens_nothing_is_401_even_beside_a_cookie_that_would(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    here = desk.signed_in("officer-1")
    answer = here.get(
        "/account", headers={"Authorization": "Bearer ovf_nothing", "Accept": "application/json"}
    )
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.json()["error"]["status"] == 401


def test_a_session_is_no_token_and_a_token_no_session(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    secret = desk.accounts.open(desk.accounts.one("officer-1"), "password")
    token, _ = desk.accounts.make_token(Reader("officer-1", Role.OFFICER), "x", ["read cases"], 1)
    assert desk.accounts.by_token(secret) is None
    assert desk.accounts.by_session(token) is None


# --- the desk's own key -----------------------------------------------------------------------------------


def test_the_key_of_the_forms_outlives_a_restart_and_is_its_owners_alone(tmp_path: Path) -> None:
    first = kept_secret(tmp_path / "desk")
    assert kept_secret(tmp_path / "desk") == first
    assert len(first) == 32
    assert stat.S_IMODE(os.stat(tmp_path / "desk" / "keys" / "desk.secret").st_mode) == 0o600
    assert kept_secret(tmp_path / "other") != first
    (tmp_path / "desk" / "keys" / "desk.secret").write_bytes(b"short")
    with pytest.raises(InputError, match="no key"):
        kept_secret(tmp_path / "desk")


def test_a_role_of_a_newer_program_lets_nobody_in(desk: Signing) -> None:
    desk.account("officer-1", Role.OFFICER)
    here = desk.signed_in("officer-1")
    with desk.rooms.store.log.engine.connect() as connection:
        connection.execute(text("UPDATE users SET role = 'emperor'"))
    assert here.get("/account").status_code == 303


def test_two_passwords_at_a_time_are_hashed(desk: Signing) -> None:
    """Each takes 64 MiB: many tries at once must not take the memory."""
    now, most, lock = [0], [0], threading.Lock()

    class Counting:
        time_cost, memory_cost, parallelism = 1, 8, 1

        def hash(self, _: str) -> str:
            return "$nobody"

        def verify(self, *_: str) -> bool:
            with lock:
                now[0] += 1
                most[0] = max(most[0], now[0])
            threading.Event().wait(0.02)
            with lock:
                now[0] -= 1
            return False

    accounts = Accounts(desk.book, desk.rooms.clock, Counting())  # type: ignore[arg-type]

    def tries(number: int) -> None:
        with pytest.raises(WrongError):
            accounts.sign_in(f"officer-{number}", "a guess for everybody", "192.0.2.1")

    threads = [threading.Thread(target=tries, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert most[0] == 2
