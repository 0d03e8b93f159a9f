"""Signing in through an OpenID Connect provider: code flow with PKCE, state and nonce, a checked id token.

A provider says who somebody is and nothing about what he may do: it opens only accounts that the admin made
and linked to a subject of that very issuer.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import logging
import os
import secrets
import stat
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request

from overflight.errors import InputError
from overflight.settings import Settings

__all__ = ["COOKIE", "LASTS_S", "NotAcceptedError", "Provider", "back", "configured", "provider_of"]

#: The cookie that holds what this browser was sent away with.
COOKIE = "overflight-oidc"
#: How long the way there and back may take, seconds.
LASTS_S = 600
#: Signatures that are accepted: by a private key of the provider. Never "none", never a shared secret.
_ALGORITHMS = ["RS256", "PS256", "ES256", "ES384", "EdDSA"]
#: Clocks may differ by this much, seconds.
_LEEWAY_S = 60
_PATIENCE_S = 10.0
_LARGEST = 1_000_000

logger = logging.getLogger("overflight.desk")


class NotAcceptedError(Exception):
    """The provider's answer is not accepted; why is in the log, never in the answer."""


@dataclass(slots=True)
class Provider:
    """One provider and the desk's registration there.

    Attributes
    ----------
    issuer, client, secret : str
        `secret` is empty for a public client.
    claim : str
        Names the subject.
    """

    issuer: str
    client: str
    secret: str = field(repr=False)
    claim: str = "sub"
    _known: dict[str, Any] = field(default_factory=dict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def begin(self, redirect: str, goes: str, key: bytes, now: datetime) -> tuple[str, str]:
        """Where to send the browser, and the note that it keeps as a cookie.

        Raises
        ------
        NotAcceptedError
            The provider cannot be reached, or does not say what it must.
        """
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        place = str(self._told("authorization_endpoint"))
        with self._client(redirect) as client:
            url, _ = client.create_authorization_url(
                place, state=state, code_verifier=verifier, nonce=nonce, redirect_uri=redirect
            )
        note = {
            "state": state,
            "nonce": nonce,
            "verifier": verifier,
            "goes": goes,
            "at": int(now.timestamp()),
        }
        return str(url), _sealed(note, key)

    def finish(
        self, redirect: str, query: Mapping[str, str], note: str, key: bytes, now: datetime
    ) -> tuple[str, str]:
        """The subject that the provider vouches for, and where the browser wanted to go.

        Raises
        ------
        NotAcceptedError
            Anything is not as it must be.
        """
        kept = _opened(note, key)
        if kept is None or not 0 <= now.timestamp() - kept["at"] <= LASTS_S:
            raise _refused("the browser did not begin here, or too long ago")
        if not hmac.compare_digest(query.get("state", "").encode(), kept["state"].encode()):
            raise _refused("the state is another one")
        if "iss" in query and query["iss"] != self.issuer:
            raise _refused("the answer is of another issuer")
        if "error" in query or not query.get("code"):
            raise _refused("the provider refuses")
        token = self._token(redirect, query["code"], kept["verifier"])
        return self.subject(str(token.get("id_token", "")), kept["nonce"], now), str(kept["goes"])

    def subject(self, id_token: str, nonce: str, now: datetime) -> str:
        """The subject of an id token, after signature, issuer, audience, times and nonce were checked.

        Raises
        ------
        NotAcceptedError
            One of them is wrong.
        """
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError

        read = None
        for fresh in (False, True):  # a key that is not known yet: the provider may have changed its keys
            try:
                read = jwt.decode(id_token, self._keys(fresh), algorithms=_ALGORITHMS)
                break
            except (JoseError, ValueError) as error:
                if fresh:
                    raise _refused(f"the id token does not hold ({type(error).__name__})") from error
        assert read is not None
        options: Any = {
            "iss": {"essential": True, "value": self.issuer},
            "aud": {"essential": True, "value": self.client},
            "exp": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
        }
        claims = CodeIDToken(read.claims, read.header, options, {"nonce": nonce, "client_id": self.client})
        try:
            claims.validate(now=int(now.timestamp()), leeway=_LEEWAY_S)
        except (JoseError, ValueError, TypeError) as error:
            raise _refused(f"the id token says something else ({type(error).__name__})") from error
        subject = read.claims.get(self.claim)
        if not isinstance(subject, str) or not subject.strip():
            raise _refused(f"the id token has no {self.claim}")
        return subject.strip()

    # --- talking to the provider ---------------------------------------------------------------------

    def _client(self, redirect: str = "") -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # which HTTP library is the newer one is no matter of ours
            from authlib.integrations.httpx_client import OAuth2Client

        return OAuth2Client(
            client_id=self.client,
            client_secret=self.secret or None,
            scope="openid",
            redirect_uri=redirect or None,
            code_challenge_method="S256",
            timeout=_PATIENCE_S,
            trust_env=False,
        )

    def _token(self, redirect: str, code: str, verifier: str) -> Mapping[str, Any]:
        place = str(self._told("token_endpoint"))
        try:
            with self._client(redirect) as client:
                found = client.fetch_token(place, code=code, code_verifier=verifier, redirect_uri=redirect)
        except Exception as error:  # whatever the library or the network makes of it
            raise _refused(f"no token for the code ({type(error).__name__})") from error
        if not isinstance(found, Mapping):
            raise _refused("no token for the code")
        return found

    def _told(self, name: str) -> Any:
        """A field of what the provider says of itself."""
        with self._lock:
            if "about" not in self._known:
                about = self._fetched(self.issuer.rstrip("/") + "/.well-known/openid-configuration")
                if about.get("issuer") != self.issuer:
                    raise _refused("the provider names another issuer")
                self._known["about"] = about
            value = self._known["about"].get(name)
        if not isinstance(value, str) or not _safe(value):
            raise _refused(f"the provider's {name} is none, or in the clear")
        return value

    def _keys(self, fresh: bool) -> Any:
        from joserfc.jwk import KeySet

        place = self._told("jwks_uri")
        with self._lock:
            if fresh or "keys" not in self._known:
                try:
                    self._known["keys"] = KeySet.import_key_set(self._fetched(place))  # type: ignore[arg-type]
                except (ValueError, KeyError, TypeError) as error:
                    raise _refused("the provider's keys cannot be read") from error
            return self._known["keys"]

    def _fetched(self, url: str) -> dict[str, Any]:
        try:
            with self._client() as client:
                answer = client.request("GET", url, withhold_token=True, follow_redirects=False)
            if answer.status_code != 200 or len(answer.content) > _LARGEST:
                raise ValueError
            found = answer.json()
        except Exception as error:
            raise _refused(f"the provider does not answer ({type(error).__name__})") from error
        if not isinstance(found, dict):
            raise _refused("the provider does not answer with an object")
        return found


def configured(settings: Settings) -> Provider | None:
    """The provider that the settings name; None when they name none.

    Raises
    ------
    InputError
        Something is missing, in the clear, or readable by others.
    """
    if not settings.oidc_issuer:
        return None
    if not settings.oidc_client:
        raise InputError("names no client", where="oidc_client", mend="register the desk at the provider")
    if not _safe(settings.oidc_issuer):
        raise InputError("must begin with https", where="oidc_issuer")
    if settings.oidc_claim in ("email", "name"):
        raise InputError(
            f"{settings.oidc_claim} passes from person to person", where="oidc_claim", mend="take sub"
        )
    secret = _secret(Path(settings.oidc_secret_file)) if settings.oidc_secret_file else ""
    return Provider(settings.oidc_issuer, settings.oidc_client, secret, settings.oidc_claim)


def provider_of(request: Request) -> Provider | None:
    """The provider of the desk that serves a request."""
    state = request.app.state
    if not hasattr(state, "oidc"):
        state.oidc = configured(state.rooms.settings)
    found: Provider | None = state.oidc
    return found


def back(request: Request) -> str:
    """Where the provider sends browsers back to: the desk's address, not whatever the request calls it."""
    base = request.app.state.rooms.settings.address or f"{request.url.scheme}://{request.headers['host']}"
    return f"{base.rstrip('/')}/sign-in/oidc/back"


def _secret(path: Path) -> str:
    try:
        if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
            raise InputError("can be read by others", where=str(path), mend=f"chmod 600 {path}")
        text = path.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except UnicodeDecodeError as error:
        raise InputError("is no text", where=str(path)) from error
    if not text:
        raise InputError("is empty", where=str(path))
    return text


def _safe(url: str) -> bool:
    """TLS, or this very machine."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1", "::1")
    )


def _refused(why: str) -> NotAcceptedError:
    logger.warning("signing in through the provider: %s", why)
    return NotAcceptedError(why)


def _seal(text: bytes, key: bytes) -> str:
    return hmac.new(key, b"oidc " + text, hashlib.sha256).hexdigest()


def _sealed(note: Mapping[str, Any], key: bytes) -> str:
    text = base64.urlsafe_b64encode(json.dumps(note).encode()).rstrip(b"=")
    return f"{text.decode()}.{_seal(text, key)}"


def _opened(note: str, key: bytes) -> dict[str, Any] | None:
    text, _, mark = note.partition(".")
    if not hmac.compare_digest(mark.encode(), _seal(text.encode(), key).encode()):
        return None
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return found
