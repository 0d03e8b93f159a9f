"""Accounts of the desk: passwords, sessions, tokens, one-time links, and tries that are slowed down.

Nothing that opens a door is kept: passwords are there as argon2 writes them, all else as a digest of 256
random bits.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from fastapi import Request
from sqlalchemy import Engine

from overflight.desk.access import GRANTS, Action, Reader, Role
from overflight.desk.guard import cookie_name
from overflight.desk.routing import API
from overflight.errors import InputError
from overflight.store.accounts import Account, AccountBook, Link, Session, Token
from overflight.store.folder import make_secret
from overflight.world.states import state as code_of

__all__ = [
    "ABSOLUTE",
    "IDLE",
    "LINK_LASTS",
    "SHORTEST",
    "Accounts",
    "ThrottledError",
    "WrongError",
    "accounts_of",
    "accounts_of_store",
    "first_link",
    "kept_secret",
    "scopes_of",
    "signed_in",
]

#: A session nobody works in ends after this …
IDLE = timedelta(hours=1)
#: … and every session after this.
ABSOLUTE = timedelta(hours=12)
#: How long a one-time link can be used.
LINK_LASTS = timedelta(hours=48)
#: Fewest characters of a password; longer ones than `_LONGEST` are not hashed.
SHORTEST = 12
_LONGEST = 256
#: Failed tries that are let through in a quarter of an hour: for one handle, from one address.
_WINDOW = timedelta(minutes=15)
_PER_HANDLE = 8
_PER_ADDRESS = 40
#: A session's last moment is written down this often, not at every request.
_NOTICED = timedelta(minutes=1)
_HANDLE = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", re.ASCII)
_TOKEN = "ovf_"
_FEEDS = f"{API}/feeds/"
_PASSWORD, _SIGN_IN = "password", "sign-in"


class WrongError(Exception):
    """Handle or password is wrong; nobody is told which."""


class ThrottledError(Exception):
    """Too many failed tries; the answer is the same whether the account exists."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """Everything about who may come in.

    Parameters
    ----------
    book : AccountBook
    clock : callable
        The time now, UTC.
    hasher : PasswordHasher
        argon2id with the library's parameters (RFC 9106, second choice) unless a test wants it cheap.
    """

    book: AccountBook
    clock: Callable[[], datetime]
    hasher: PasswordHasher

    # --- signing in ----------------------------------------------------------------------------------

    def sign_in(self, handle: str, password: str, address: str) -> Account:
        """The account of a handle and its password.

        Parameters
        ----------
        handle, password : str
            As typed.
        address : str
            Where the request comes from.

        Raises
        ------
        WrongError, ThrottledError
        """
        now, handle = self.clock(), handle.strip().lower()
        if not _HANDLE.fullmatch(handle) or len(handle) > 40:
            handle = ""  # nobody's, and it takes as long
        keys = (f"handle {handle}", f"address {address}")
        since = now - _WINDOW
        if (
            self.book.failures(keys[0], since) >= _PER_HANDLE
            or self.book.failures(keys[1], since) >= _PER_ADDRESS
        ):
            raise ThrottledError
        account = self.book.account(handle)
        usable = account is not None and account.password is not None and account.disabled_at is None
        # An account that does not exist costs the same work.
        kept = account.password if usable and account is not None and account.password else self._nobodys
        with _AT_ONCE:
            right = len(password) <= _LONGEST and _verified(self.hasher, kept, password)
        if account is None or not usable or not right:
            self.book.failed(keys, now, since)
            raise WrongError
        self.book.forgive(keys[0])
        if self.hasher.check_needs_rehash(kept):
            self.book.change(handle, revoke=False, password=self._hashed(password))
        return account

    @property
    def _nobodys(self) -> str:
        return _dummy(self.hasher)

    def open(self, account: Account, how: str) -> str:
        """Open a session; the secret for the cookie."""
        now, secret = self.clock(), secrets.token_urlsafe(32)
        session = Session(secrets.token_hex(6), account.handle, how, now, now, now + ABSOLUTE)
        self.book.open_session(_digest(secret), session)
        return secret

    def by_session(self, secret: str, *, notice: bool = True) -> Reader | None:
        """Whoever a cookie belongs to.

        Parameters
        ----------
        secret : str
        notice : bool
            Whether this counts as being at work.
        """
        found = self.book.session(_digest(secret))
        if found is None:
            return None
        session, account = found
        now = self.clock()
        if now >= session.expires_at or now - session.seen_at >= IDLE or account.disabled_at is not None:
            return None
        if notice and now - session.seen_at >= _NOTICED:
            self.book.seen(session.name, now)
        return _reader(account, None, session.name)

    def by_token(self, secret: str, *, notice: bool = True) -> Reader | None:
        """Whoever a program's token belongs to."""
        if not secret.startswith(_TOKEN):
            return None
        found = self.book.token(_digest(secret))
        if found is None:
            return None
        token, account = found
        now = self.clock()
        if now >= token.expires_at or account.disabled_at is not None:
            return None
        if notice and (token.used_at is None or now - token.used_at >= _NOTICED):
            self.book.used(token.name, now)
        scopes = frozenset(Action(one) for one in token.scopes.split(",") if one in _ACTIONS)
        return _reader(account, scopes, f"token {token.name}")

    def sign_out(self, secret: str) -> None:
        """End the session of a cookie."""
        found = self.book.session(_digest(secret))
        if found is not None:
            self.book.end_session(found[0].name)

    def sessions_now(self, handle: str | None = None) -> list[Session]:
        """Sessions that are still open, newest first."""
        now = self.clock()
        return [
            one for one in self.book.sessions(handle) if now < one.expires_at and now - one.seen_at < IDLE
        ]

    # --- one-time links ------------------------------------------------------------------------------

    def link(self, handle: str, *, signs_in: bool = False, goes_to: str = "") -> str:
        """A fresh one-time secret for an account: to set its password, or (exercises) to come straight in."""
        now, secret = self.clock(), secrets.token_urlsafe(32)
        kind = _SIGN_IN if signs_in else _PASSWORD
        self.book.add_link(_digest(secret), Link(handle, kind, goes_to, now, now + LINK_LASTS))
        return secret

    def look(self, secret: str) -> Link | None:
        """A link that can still be used; it is not used by looking."""
        return self.book.link(_digest(secret), self.clock())

    def come_in(self, secret: str) -> tuple[Account, Link] | None:
        """Use a link that signs in."""
        found = self.look(secret)
        if found is None or found.kind != _SIGN_IN:
            return None
        taken = self.book.take_link(_digest(secret), self.clock())
        account = self.book.account(found.handle)
        return None if taken is None or account is None else (account, taken)

    def set_password(self, secret: str, password: str, again: str) -> Account | None:
        """Use a link that sets a password; None when it cannot be used any more.

        Raises
        ------
        InputError
            The password will not do; the link stays.
        """
        found = self.look(secret)
        if found is None or found.kind != _PASSWORD:
            return None
        self._will_do(found.handle, password, again)
        taken = self.book.take_link(_digest(secret), self.clock(), self._hashed(password))
        return None if taken is None else self.book.account(found.handle)

    def change_password(self, reader: Reader, old: str, password: str, again: str, address: str) -> None:
        """Change one's own password; every other session of the account ends.

        Raises
        ------
        WrongError, ThrottledError
            The old one is wrong.
        InputError
            The new one will not do.
        """
        self.sign_in(reader.account, old, address)
        self._will_do(reader.account, password, again)
        self.book.change(reader.account, revoke=False, password=self._hashed(password))
        self.book.end_sessions(reader.account, but=reader.session)

    def _will_do(self, handle: str, password: str, again: str) -> None:
        if len(password) < SHORTEST:
            raise InputError(
                f"has fewer than {SHORTEST} characters",
                where="password",
                mend="a few words are easier to keep than signs",
            )
        if len(password) > _LONGEST:
            raise InputError(f"has more than {_LONGEST} characters", where="password")
        if handle in password.lower() or len(set(password)) < 5:
            raise InputError("is too easy to guess", where="password", mend="take a few unrelated words")
        if password != again:
            raise InputError("the two are not the same", where="password", mend="type it again")

    def _hashed(self, password: str) -> str:
        with _AT_ONCE:
            return self.hasher.hash(password)

    # --- managing ------------------------------------------------------------------------------------

    def make(
        self, handle: str, role: Role, state: str = "", *, issuer: str = "", subject: str = ""
    ) -> Account:
        """Make an account that cannot sign in yet; `link` lets its owner set a password.

        Raises
        ------
        InputError
            The handle is none, or taken; a guest has no state, or somebody else has one.
        """
        handle = handle.strip().lower()
        if not _HANDLE.fullmatch(handle) or len(handle) > 40:
            raise InputError(
                f"{handle[:40]!r} is no handle",
                where="handle",
                mend="small letters, digits, hyphens; the function, not the person: officer-1, guest-kaz",
            )
        identity = _identity(issuer, subject)
        made = Account(handle, role.value, _state_of(role, state), None, *identity, self.clock())
        self.book.add(made)
        return made

    def change(self, handle: str, role: Role, state: str = "") -> None:
        """Give an account another role; whoever is signed in with it is signed out, its tokens end."""
        self._changed(handle, role=role.value, state=_state_of(role, state))

    def disable(self, handle: str) -> None:
        """Let nobody in with an account any more; sessions, tokens and links end."""
        self._changed(handle, disabled_at=self.clock())

    def enable(self, handle: str) -> None:
        """Let an account in again; it signs in as it did before."""
        self._changed(handle, disabled_at=None)

    def reset(self, handle: str) -> str:
        """Take an account's password, sessions and tokens away; a fresh one-time link for a new password."""
        found = self.one(handle)
        if found.disabled_at is not None:
            raise InputError("is disabled", where=handle, mend="enable it first")
        self.book.change(handle, revoke=True, password=None)
        return self.link(handle)

    def identify(self, handle: str, issuer: str, subject: str) -> None:
        """Link an account to somebody an identity provider knows; an empty subject unlinks it."""
        known, who = _identity(issuer, subject)
        self._changed(handle, issuer=known, subject=who)

    def one(self, handle: str) -> Account:
        """The account of a handle.

        Raises
        ------
        InputError
            There is none.
        """
        found = self.book.account(handle) if _HANDLE.fullmatch(handle) else None
        if found is None:
            raise InputError("no such account", where=handle[:64])
        return found

    def _changed(self, handle: str, **values: object) -> None:
        words = "is the last admin; somebody must be able to manage the desk"
        last = (Role.ADMIN.value, words) if self.one(handle).role == Role.ADMIN else None
        self.book.change(handle, last=last, revoke=True, **values)

    # --- tokens --------------------------------------------------------------------------------------

    def make_token(self, reader: Reader, label: str, scopes: Collection[str], days: int) -> tuple[str, str]:
        """Make a token for a program of one's own: its secret, shown once, and its name.

        Raises
        ------
        InputError
            A scope that the role does not have, no scope, no label, or a time out of bounds.
        """
        allowed = scopes_of(reader.role)
        label = label.strip()
        if not label or len(label) > 60 or not label.isprintable():
            raise InputError("say in up to 60 characters what the token is for", where="label")
        if not scopes or not set(scopes) <= {one.value for one in allowed}:
            raise InputError("choose from what the account may do", where="scopes")
        if not 1 <= days <= 366:
            raise InputError("a token lasts from 1 to 366 days", where="days")
        now, secret = self.clock(), _TOKEN + secrets.token_urlsafe(32)
        name = secrets.token_hex(6)
        token = Token(name, reader.account, label, ",".join(sorted(scopes)), now, now + timedelta(days=days))
        self.book.add_token(_digest(secret), token)
        return secret, name


#: argon2 takes 64 MiB for each: a flood of tries must not take the memory of the desk.
_AT_ONCE = threading.BoundedSemaphore(2)
_ACTIONS = {one.value for one in Action}
_DUMMIES: dict[tuple[int, int, int], str] = {}


def _dummy(hasher: PasswordHasher) -> str:
    key = (hasher.time_cost, hasher.memory_cost, hasher.parallelism)
    if key not in _DUMMIES:
        _DUMMIES[key] = hasher.hash(secrets.token_hex(16))
    return _DUMMIES[key]


def _verified(hasher: PasswordHasher, kept: str, password: str) -> bool:
    try:
        return hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _reader(account: Account, scopes: frozenset[Action] | None, session: str) -> Reader | None:
    try:
        role = Role(account.role)
    except ValueError:  # of a newer overflight: nobody we know
        return None
    return Reader(account.handle, role, account.state, scopes, session)


def _state_of(role: Role, given: str) -> str:
    if role is not Role.GUEST:
        if given.strip():
            raise InputError("only a guest has a state", where="state", mend="leave it empty")
        return ""
    if not given.strip():
        raise InputError("a guest needs a state", where="state", mend="give its code, such as KAZ")
    return code_of(given.strip())


def _identity(issuer: str, subject: str) -> tuple[str | None, str | None]:
    subject = subject.strip()
    if not subject:
        return None, None
    if len(subject) > 255 or not subject.isprintable():
        raise InputError("is too long, or has signs that cannot be seen", where="subject")
    if not issuer:
        raise InputError("no identity provider is set", where="subject", mend="set oidc_issuer first")
    return issuer, subject


def scopes_of(role: Role) -> tuple[Action, ...]:
    """What a token of this role may be allowed; the account itself is kept by its owner alone."""
    return tuple(sorted(GRANTS[role] - {Action.OWN_ACCOUNT}))


def kept_secret(home: Path) -> bytes:
    """The key of this desk's forms: ``keys/desk.secret`` in its folder, made when there is none.

    Raises
    ------
    StoreError
        The folder cannot be made.
    InputError
        The file is no such key.
    """
    path = home / "keys" / "desk.secret"
    if not path.exists():
        make_secret(path, secrets.token_bytes(32))
    found = path.read_bytes()
    if len(found) != 32:
        raise InputError("is no key of a desk", where=str(path), mend="move it away; a new one will be made")
    return found


def accounts_of_store(engine: Engine, where: str, clock: Callable[[], datetime]) -> Accounts:
    """The accounts that a store holds."""
    return Accounts(AccountBook(engine, where), clock, PasswordHasher())


def accounts_of(request: Request) -> Accounts:
    """The accounts of the desk that serves a request: a FastAPI dependency."""
    found: Accounts = request.app.state.accounts
    return found


def signed_in(request: Request) -> Reader | None:
    """Whoever a request's token or cookie belongs to. A token that opens nothing does not let a cookie in."""
    accounts, notice = accounts_of(request), not getattr(request.state, "quietly", False)
    if request.url.path.startswith(_FEEDS) and "token" in request.query_params:
        # A calendar sends no header: a token that may read feeds and nothing else may stand in the address.
        reader = accounts.by_token(request.query_params["token"], notice=notice)
        return reader if reader is not None and reader.scopes == frozenset({Action.READ_FEEDS}) else None
    kind, _, secret = request.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return accounts.by_token(secret.strip(), notice=notice)
    secret = request.cookies.get(cookie_name(request), "")
    return accounts.by_session(secret, notice=notice) if secret else None


def first_link(accounts: Accounts) -> tuple[str, str] | None:
    """Handle and link of an admin, when no admin can sign in; makes ``admin-1`` where there is no account."""
    known = accounts.book.accounts()
    admins = [one for one in known if one.role == Role.ADMIN and one.disabled_at is None]
    if any(one.password is not None or one.subject is not None for one in admins):
        return None
    if not admins:
        taken = {one.handle for one in known}
        handle = next(name for number in range(1, 1000) if (name := f"admin-{number}") not in taken)
        admins = [accounts.make(handle, Role.ADMIN)]
    return admins[0].handle, accounts.link(admins[0].handle)
