"""Signing in through an OpenID Connect provider that runs as a process of its own."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

import pytest
from signing import Signing
from starlette.testclient import TestClient

from overflight.desk.access import Role
from overflight.desk.oidc import COOKIE, LASTS_S, NotAcceptedError, Provider, configured
from overflight.errors import InputError
from overflight.settings import Settings

CLIENT = "overflight-desk"
SUBJECT = "f7c1-0042"


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider on a free port of this machine."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    environ = {**os.environ, "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port), "--require-nonce", "true"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{address}/.well-known/openid-configuration", timeout=5).close()
                break
            except OSError:
                assert process.poll() is None
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
def make(tmp_path: Path, issuer: str) -> Iterator[Callable[..., Signing]]:
    made: list[Signing] = []

    def desk(**settings: str) -> Signing:
        file = tmp_path / "oidc.secret"
        file.write_text("the desk's secret at the provider\n", encoding="utf-8")
        file.chmod(0o600)
        known = {"oidc_issuer": issuer, "oidc_client": CLIENT, "oidc_secret_file": str(file), **settings}
        one = Signing(tmp_path / str(len(made)), **known)
        one.now = datetime.now(UTC)  # the provider has a clock of its own
        one.accounts.make("officer-1", Role.OFFICER, issuer=issuer, subject=SUBJECT)
        made.append(one)
        return one

    yield desk
    for one in made:
        one.close()


def begin(client: TestClient, path: str = "/sign-in/oidc") -> str:
    answer = client.get(path)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def asked(place: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(place).query).items()}


def changed(place: str, **query: str) -> str:
    parts = urlsplit(place)
    return urlunsplit(parts._replace(query=urlencode({**asked(place), **query})))


def consent(place: str, subject: str = SUBJECT, **form: str) -> str:
    """Say who one is at the provider; where it sends the browser."""
    opener = urllib.request.build_opener(_Stay)
    data = urlencode({"sub": subject, **form}).encode()
    try:
        opener.open(place, data, timeout=20).close()
    except urllib.error.HTTPError as answer:
        with answer:
            if answer.code == 302:
                return answer.headers["location"]
    raise AssertionError("the provider sends nobody back")


def back(client: TestClient, place: str) -> Any:
    parts = urlsplit(place)
    return client.get(f"{parts.path}?{parts.query}")


def decoded(part: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return found


# --- the whole way ----------------------------------------------------------------------------------------


def test_the_way_there_and_back_opens_a_session(make: Callable[..., Signing]) -> None:
    desk = make()
    client = desk.browser()
    assert "/sign-in/oidc" in client.get("/sign-in").text
    place = begin(client, "/sign-in/oidc?next=/cases/KOR621")
    answer = back(client, consent(place))
    assert answer.status_code == 200
    assert '<meta http-equiv="refresh" content="0; url=/cases/KOR621">' in answer.text
    assert "SameSite=Strict" in answer.headers.get_list("set-cookie")[0]
    assert client.get("/account").status_code == 200
    assert "organisation" in client.get("/account").text
    assert COOKIE not in client.cookies


def test_what_is_asked_of_the_provider(make: Callable[..., Signing]) -> None:
    client = make(address="https://desk.example").browser("https://desk.example")
    answer = client.get("/sign-in/oidc")
    query = asked(answer.headers["location"])
    assert query["response_type"] == "code"
    assert query["client_id"] == CLIENT
    assert query["redirect_uri"] == "https://desk.example/sign-in/oidc/back"
    assert query["scope"] == "openid"
    assert query["code_challenge_method"] == "S256"
    kept = answer.headers.get_list("set-cookie")[0]
    assert kept.startswith(f"__Host-{COOKIE}=")
    assert kept.endswith("HttpOnly; Path=/; SameSite=Lax; Secure; Max-Age=600")
    note = decoded(kept.split("=", 1)[1].split(".")[0])
    challenge = base64.urlsafe_b64encode(hashlib.sha256(note["verifier"].encode()).digest()).decode()
    assert query["code_challenge"] == challenge.rstrip("=")
    assert (query["state"], query["nonce"]) == (note["state"], note["nonce"])
    again = asked(client.get("/sign-in/oidc").headers["location"])
    assert all(again[name] != query[name] for name in ("state", "nonce", "code_challenge"))


def test_the_verifier_goes_with_the_code(
    make: Callable[..., Signing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The provider of this test does not look at PKCE itself; what it is sent is looked at here."""
    from authlib.integrations.httpx_client import OAuth2Client

    sent: list[dict[str, Any]] = []
    real = OAuth2Client.fetch_token

    def fetch(self: Any, url: str, **more: Any) -> Any:
        sent.append(more)
        return real(self, url, **more)

    monkeypatch.setattr(OAuth2Client, "fetch_token", fetch)
    client = make().browser()
    place = begin(client)
    back(client, consent(place))
    challenge = base64.urlsafe_b64encode(hashlib.sha256(sent[0]["code_verifier"].encode()).digest()).decode()
    assert challenge.rstrip("=") == asked(place)["code_challenge"]


def test_another_claim_than_sub(make: Callable[..., Signing]) -> None:
    desk = make(oidc_claim="nonce")  # the one other text that this provider puts into its id token
    client = desk.browser()
    place = begin(client)
    desk.accounts.identify("officer-1", desk.rooms.settings.oidc_issuer, asked(place)["nonce"])
    assert back(client, consent(place)).status_code == 200
    assert client.get("/account").status_code == 200


# --- what is not accepted ---------------------------------------------------------------------------------


def refused(client: TestClient, place: str) -> None:
    answer = back(client, place)
    assert answer.status_code == 401
    assert "cannot be accepted, or nobody here goes by that name" in answer.text
    assert client.get("/account").status_code == 303


def test_somebody_nobody_here_knows(make: Callable[..., Signing]) -> None:
    desk = make()
    client = desk.browser()
    refused(client, consent(begin(client), "f7c1-9999"))
    assert [one.handle for one in desk.book.accounts()] == ["officer-1"]  # nobody is made on the way in


def test_a_disabled_account(make: Callable[..., Signing]) -> None:
    desk = make()
    desk.accounts.disable("officer-1")
    client = desk.browser()
    refused(client, consent(begin(client)))


def test_a_subject_of_another_issuer(make: Callable[..., Signing]) -> None:
    desk = make()
    desk.accounts.identify("officer-1", "https://other.example", SUBJECT)
    client = desk.browser()
    refused(client, consent(begin(client)))


def test_another_nonce(make: Callable[..., Signing]) -> None:
    client = make().browser()
    refused(client, consent(changed(begin(client), nonce="another one")))


def test_another_state(make: Callable[..., Signing]) -> None:
    client = make().browser()
    refused(client, changed(consent(begin(client)), state="another one"))


def test_a_code_that_another_browser_fetched(make: Callable[..., Signing]) -> None:
    """Login CSRF through the provider: somebody else's way back leads nowhere in this browser."""
    desk = make()
    theirs = consent(begin(desk.browser()))
    refused(desk.browser(), theirs)
    mine = desk.browser()
    begin(mine)
    refused(mine, theirs)


def test_a_code_used_twice(make: Callable[..., Signing]) -> None:
    desk = make()
    client = desk.browser()
    begun = begin(client)
    note = dict(client.cookies)
    place = consent(begun)
    assert back(client, place).status_code == 200
    other = desk.browser(cookies=note)
    refused(other, place)


def test_a_code_of_another_client(make: Callable[..., Signing]) -> None:
    client = make().browser()
    refused(client, consent(changed(begin(client), client_id="another-program")))


def test_coming_back_too_late_or_without_having_left(make: Callable[..., Signing]) -> None:
    desk = make()
    client = desk.browser()
    place = consent(begin(client))
    desk.later(seconds=LASTS_S + 1)
    refused(client, place)
    refused(desk.browser(), place)


def test_a_note_that_was_written_by_somebody_else(make: Callable[..., Signing]) -> None:
    client = make().browser()
    place = consent(begin(client))
    text, _, mark = client.cookies[COOKIE].partition(".")
    note = decoded(text)
    note["goes"] = "/elsewhere"
    forged = base64.urlsafe_b64encode(json.dumps(note).encode()).decode().rstrip("=")
    client.cookies.clear()
    client.cookies.set(COOKIE, f"{forged}.{mark}")
    refused(client, place)


@pytest.mark.parametrize("form", [{"action": "deny"}])
def test_a_provider_that_says_no(make: Callable[..., Signing], form: dict[str, str]) -> None:
    client = make().browser()
    refused(client, consent(begin(client), **form))


def test_another_issuer_in_the_answer(make: Callable[..., Signing]) -> None:
    client = make().browser()
    refused(client, changed(consent(begin(client)), iss="https://other.example"))


def test_a_provider_that_does_not_answer(make: Callable[..., Signing]) -> None:
    client = make(oidc_issuer="http://127.0.0.1:9").browser()
    answer = client.get("/sign-in/oidc")
    assert answer.status_code == 502
    assert "does not answer" in answer.text


# --- the id token -----------------------------------------------------------------------------------------


@pytest.fixture
def token(issuer: str) -> str:
    """An id token that the provider signed for this client, fetched without the desk."""
    query = {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": "http://localhost/back",
        "scope": "openid",
        "nonce": f"n-{time.time_ns()}",
        "state": "s",
    }
    place = consent(f"{issuer}/oauth2/authorize?{urlencode(query)}")
    data = {
        "grant_type": "authorization_code",
        "code": asked(place)["code"],
        "redirect_uri": query["redirect_uri"],
        "client_id": CLIENT,
        "client_secret": "x",
    }
    with urllib.request.urlopen(f"{issuer}/oauth2/token", urlencode(data).encode(), timeout=20) as answer:
        return str(json.load(answer)["id_token"])


def nonce_of(token: str) -> str:
    return str(decoded(token.split(".")[1])["nonce"])


def test_a_token_that_holds(issuer: str, token: str) -> None:
    assert Provider(issuer, CLIENT, "").subject(token, nonce_of(token), datetime.now(UTC)) == SUBJECT


def test_a_token_for_another_audience(issuer: str, token: str) -> None:
    with pytest.raises(NotAcceptedError, match="something else"):
        Provider(issuer, "another-desk", "").subject(token, nonce_of(token), datetime.now(UTC))


def test_a_token_of_another_issuer(issuer: str, token: str) -> None:
    provider = Provider(issuer, CLIENT, "")
    provider._keys(False)
    provider.issuer = "https://other.example"
    with pytest.raises(NotAcceptedError, match="something else"):
        provider.subject(token, nonce_of(token), datetime.now(UTC))


@pytest.mark.parametrize("away", [timedelta(hours=2), timedelta(hours=-2)])
def test_a_token_of_another_time(issuer: str, token: str, away: timedelta) -> None:
    with pytest.raises(NotAcceptedError, match="something else"):
        Provider(issuer, CLIENT, "").subject(token, nonce_of(token), datetime.now(UTC) + away)


def test_a_token_with_another_signature(issuer: str, token: str) -> None:
    head, body, mark = token.split(".")
    said = decoded(body)
    nonce = said["nonce"]

    def encoded(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    forged = {
        "changed": f"{head}.{encoded({**said, 'sub': 'f7c1-0001'})}.{mark}",
        "none": f"{encoded({'alg': 'none'})}.{body}.",
        "shared secret": f"{encoded({'alg': 'HS256'})}.{body}.{mark}",
        "nothing": "",
        "no token": "a.b.c",
    }
    for one in forged.values():
        with pytest.raises(NotAcceptedError, match="does not hold"):
            Provider(issuer, CLIENT, "").subject(one, nonce, datetime.now(UTC))


def test_a_token_without_the_claim(issuer: str, token: str) -> None:
    with pytest.raises(NotAcceptedError, match="no employee"):
        Provider(issuer, CLIENT, "", "employee").subject(token, nonce_of(token), datetime.now(UTC))


# --- settings ---------------------------------------------------------------------------------------------


def _settings(tmp_path: Path, **more: str) -> Settings:
    return Settings(home=tmp_path, **{"oidc_issuer": "https://id.example", "oidc_client": "desk", **more})


def test_no_provider_is_set_and_none_is_offered(tmp_path: Path) -> None:
    assert configured(Settings(home=tmp_path)) is None
    desk = Signing(tmp_path)
    assert "/sign-in/oidc" not in desk.browser().get("/sign-in").text
    for path in ("/sign-in/oidc", "/sign-in/oidc/back"):
        assert desk.browser().get(path).status_code == 404
    desk.close()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"oidc_client": ""}, "names no client"),
        ({"oidc_issuer": "http://id.example"}, "must begin with https"),
        ({"oidc_issuer": "id.example"}, "must begin with https"),
        ({"oidc_claim": "email"}, "passes from person to person"),
        ({"oidc_secret_file": "/nowhere/secret"}, "cannot be read"),
    ],
)
def test_settings_that_will_not_do(tmp_path: Path, settings: dict[str, str], words: str) -> None:
    with pytest.raises(InputError, match=words):
        configured(_settings(tmp_path, **settings))


def test_the_secret_is_its_owners_alone_and_shown_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("s3cr3t\n", encoding="utf-8")
    file.chmod(0o644)
    with pytest.raises(InputError, match="can be read by others"):
        configured(_settings(tmp_path, oidc_secret_file=str(file)))
    file.chmod(0o600)
    found = configured(_settings(tmp_path, oidc_secret_file=str(file)))
    assert found is not None
    assert found.secret == "s3cr3t"
    assert "s3cr3t" not in repr(found)
