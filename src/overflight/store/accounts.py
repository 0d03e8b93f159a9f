"""Accounts in the store: who may sign in, open sessions, tokens, one-time links, failed tries.

Secrets come here as digests and are kept as nothing else. What a role may do is no matter of this room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from overflight.errors import InputError
from overflight.store.canonical import time_text
from overflight.store.engine import faults, transaction
from overflight.store.tables import LINKS, SESSIONS, TOKENS, TRIES, USERS

__all__ = ["Account", "AccountBook", "Link", "Session", "Token"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Account:
    """One account.

    Attributes
    ----------
    handle : str
        A function of the office such as ``officer-1``.
    role, state : str
        A guest has the alpha-3 of his state; all others none.
    password : str or None
        As argon2 writes it; None: it cannot sign in with a password.
    issuer, subject : str or None
        Who an identity provider says it is.
    created_at : datetime
    disabled_at : datetime or None
    """

    handle: str
    role: str
    state: str
    password: str | None
    issuer: str | None
    subject: str | None
    created_at: datetime
    disabled_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody signed in. `name` tells sessions apart and opens nothing."""

    name: str
    handle: str
    how: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """What a program signs in with. `name` tells tokens apart and opens nothing."""

    name: str
    handle: str
    label: str
    scopes: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An address that may be used once: to set a password, or to come in and go to a page."""

    handle: str
    kind: str
    goes_to: str
    created_at: datetime
    expires_at: datetime


class AccountBook:
    """The accounts of one store.

    Parameters
    ----------
    engine : Engine
        Of a prepared store.
    where : str
        What to call the store in a complaint.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine, self._where = engine, where

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with faults(self._where), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction, on the disk when it is over."""
        with faults(self._where), self._engine.connect() as connection, transaction(connection):
            _durable(connection)
            yield connection

    # --- accounts ------------------------------------------------------------------------------------

    def accounts(self) -> list[Account]:
        """All, by handle."""
        with self._reading() as connection:
            return [_account(row) for row in connection.execute(_USERS.order_by(USERS.c.handle))]

    def account(self, handle: str) -> Account | None:
        """The account of a handle."""
        with self._reading() as connection:
            row = connection.execute(_USERS.where(USERS.c.handle == handle)).fetchone()
        return None if row is None else _account(row)

    def by_subject(self, issuer: str, subject: str) -> Account | None:
        """The account that is linked to somebody an identity provider knows."""
        with self._reading() as connection:
            query = _USERS.where(USERS.c.issuer == issuer, USERS.c.subject == subject)
            row = connection.execute(query).fetchone()
        return None if row is None else _account(row)

    def empty(self) -> bool:
        """Whether nobody has an account yet."""
        with self._reading() as connection:
            return connection.execute(select(USERS.c.handle).limit(1)).fetchone() is None

    def add(self, account: Account) -> None:
        """Make an account.

        Raises
        ------
        InputError
            The handle, or the identity, has an account already.
        """
        with faults(self._where), self._engine.connect() as connection:
            try:
                with transaction(connection):
                    _durable(connection)
                    connection.execute(insert(USERS), _row(account))
            except IntegrityError:
                raise InputError(
                    "has an account already", where=account.handle, mend="choose another"
                ) from None

    def change(
        self, handle: str, *, last: tuple[str, str] | None = None, revoke: bool, **values: Any
    ) -> bool:
        """Change columns of an account; False when there is none.

        Parameters
        ----------
        handle : str
        last : tuple of (str, str), optional
            A role, and what to say when nobody would be left who has it and is not disabled.
        revoke : bool
            Whether its sessions, tokens and unused links end in the same moment.
        **values
            Columns.
        """
        clean = {
            key: time_text(value) if isinstance(value, datetime) else value for key, value in values.items()
        }
        with faults(self._where), self._engine.connect() as connection:
            try:
                with transaction(connection):
                    _durable(connection)
                    done = connection.execute(update(USERS).where(USERS.c.handle == handle).values(**clean))
                    if last is not None:
                        query = select(func.count()).where(
                            USERS.c.role == last[0], USERS.c.disabled_at.is_(None)
                        )
                        if not connection.execute(query).scalar():
                            raise InputError(last[1], where=handle)
                    if revoke:
                        for table in (SESSIONS, TOKENS, LINKS):
                            connection.execute(delete(table).where(table.c.handle == handle))
                    return bool(done.rowcount)
            except IntegrityError:
                raise InputError("is linked to another account already", where="subject") from None

    # --- sessions ------------------------------------------------------------------------------------

    def open_session(self, digest: bytes, session: Session) -> None:
        """Note that somebody has signed in; sessions that are long over are swept away."""
        with self._writing() as connection:
            old = SESSIONS.c.expires_at < time_text(session.created_at)
            connection.execute(delete(SESSIONS).where(old))
            connection.execute(insert(SESSIONS), {"digest": digest, **_row(session)})

    def session(self, digest: bytes) -> tuple[Session, Account] | None:
        """The session of a secret and its account."""
        return self._with_account(SESSIONS, Session, digest)

    def seen(self, name: str, at: datetime) -> None:
        """Note when a session was last at work."""
        with self._writing() as connection:
            connection.execute(update(SESSIONS).where(SESSIONS.c.name == name).values(seen_at=time_text(at)))

    def sessions(self, handle: str | None = None) -> list[Session]:
        """Sessions of an account, or all; newest first."""
        return self._listed(SESSIONS, Session, handle)

    def end_session(self, name: str, handle: str | None = None) -> bool:
        """End one session; with a handle, only if it is that account's."""
        return self._end(SESSIONS, name, handle)

    def end_sessions(self, handle: str, but: str = "") -> int:
        """End every session of an account but one."""
        with self._writing() as connection:
            wanted = (SESSIONS.c.handle == handle) & (SESSIONS.c.name != but)
            return connection.execute(delete(SESSIONS).where(wanted)).rowcount

    # --- tokens --------------------------------------------------------------------------------------

    def add_token(self, digest: bytes, token: Token) -> None:
        """Keep a new token."""
        with self._writing() as connection:
            connection.execute(insert(TOKENS), {"digest": digest, **_row(token)})

    def token(self, digest: bytes) -> tuple[Token, Account] | None:
        """The token of a secret and its account."""
        return self._with_account(TOKENS, Token, digest)

    def used(self, name: str, at: datetime) -> None:
        """Note when a token was last used."""
        with self._writing() as connection:
            connection.execute(update(TOKENS).where(TOKENS.c.name == name).values(used_at=time_text(at)))

    def tokens(self, handle: str | None = None) -> list[Token]:
        """Tokens of an account, or all; newest first."""
        return self._listed(TOKENS, Token, handle)

    def end_token(self, name: str, handle: str | None = None) -> bool:
        """Revoke one token; with a handle, only if it is that account's."""
        return self._end(TOKENS, name, handle)

    # --- links ---------------------------------------------------------------------------------------

    def add_link(self, digest: bytes, link: Link) -> None:
        """Keep a new one-time link; earlier ones of the same account end."""
        with self._writing() as connection:
            connection.execute(delete(LINKS).where(LINKS.c.handle == link.handle))
            connection.execute(insert(LINKS), {"digest": digest, **_row(link)})

    def link(self, digest: bytes, now: datetime) -> Link | None:
        """A link that can still be used."""
        with self._reading() as connection:
            return _link(connection, digest, now)

    def links(self, now: datetime) -> dict[str, datetime]:
        """Handles that have an unused link, with the time when it ends."""
        with self._reading() as connection:
            query = select(LINKS.c.handle, LINKS.c.expires_at).where(LINKS.c.expires_at > time_text(now))
            return {row[0]: datetime.fromisoformat(row[1]) for row in connection.execute(query)}

    def take_link(self, digest: bytes, now: datetime, password: str | None = None) -> Link | None:
        """Use a link: only one caller ever gets it. A password, when given, is set in the same moment."""
        with self._writing() as connection:
            found = _link(connection, digest, now)
            if (
                not connection.execute(delete(LINKS).where(LINKS.c.digest == digest)).rowcount
                or found is None
            ):
                return None
            if password is not None:
                mine = USERS.c.handle == found.handle
                connection.execute(update(USERS).where(mine).values(password=password))
                connection.execute(delete(SESSIONS).where(SESSIONS.c.handle == found.handle))
            return found

    # --- tries ---------------------------------------------------------------------------------------

    def failures(self, key: str, since: datetime) -> int:
        """Failed tries under a key since a moment."""
        with self._reading() as connection:
            query = select(func.count()).where(TRIES.c.key == key, TRIES.c.at > time_text(since))
            return connection.execute(query).scalar() or 0

    def failed(self, keys: Sequence[str], at: datetime, sweep: datetime) -> None:
        """Note a failed try under each key; older ones than `sweep` are forgotten."""
        with self._writing() as connection:
            connection.execute(delete(TRIES).where(TRIES.c.at < time_text(sweep)))
            connection.execute(insert(TRIES), [{"key": key, "at": time_text(at)} for key in keys])

    def forgive(self, key: str) -> None:
        """Forget the failed tries under a key."""
        with self._writing() as connection:
            connection.execute(delete(TRIES).where(TRIES.c.key == key))

    # --- rows ----------------------------------------------------------------------------------------

    def _with_account(self, table: Table, kind: type[T], digest: bytes) -> tuple[T, Account] | None:
        own = [table.c[name] for name in _names(kind)]
        query = select(*own, *_ACCOUNT).join(USERS, USERS.c.handle == table.c.handle)
        with self._reading() as connection:
            row = connection.execute(query.where(table.c.digest == digest)).fetchone()
        return None if row is None else (kind(*_times(kind, row[: len(own)])), _account(row[len(own) :]))

    def _listed(self, table: Table, kind: type[T], handle: str | None) -> list[T]:
        query = select(*[table.c[name] for name in _names(kind)])
        if handle is not None:
            query = query.where(table.c.handle == handle)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(table.c.created_at.desc(), table.c.name)).fetchall()
        return [kind(*_times(kind, row)) for row in rows]

    def _end(self, table: Table, name: str, handle: str | None) -> bool:
        if not (name.isascii() and name.isalnum()):  # typed by hand: no name of ours
            return False
        wanted = table.c.name == name
        if handle is not None:
            wanted &= table.c.handle == handle
        with self._writing() as connection:
            return bool(connection.execute(delete(table).where(wanted)).rowcount)


def _durable(connection: Connection) -> None:
    """Have the server wait for its disk: what is revoked stays revoked."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT set_config('synchronous_commit', 'on', true)"))


def _names(kind: Any) -> list[str]:
    return [one.name for one in fields(kind)]


_ACCOUNT = [USERS.c[name] for name in _names(Account)]
_USERS = select(*_ACCOUNT)


def _row(one: Any) -> dict[str, Any]:
    values = zip(_names(one), astuple(one), strict=True)
    return {name: time_text(value) if isinstance(value, datetime) else value for name, value in values}


def _times(kind: Any, row: Sequence[Any]) -> Iterator[Any]:
    for name, value in zip(_names(kind), row, strict=True):
        yield datetime.fromisoformat(value) if name.endswith("_at") and value is not None else value


def _account(row: Sequence[Any]) -> Account:
    return Account(*_times(Account, row))


def _link(connection: Connection, digest: bytes, now: datetime) -> Link | None:
    query = (
        select(*[LINKS.c[name] for name in _names(Link)])
        .join(USERS, USERS.c.handle == LINKS.c.handle)
        .where(LINKS.c.digest == digest, LINKS.c.expires_at > time_text(now), USERS.c.disabled_at.is_(None))
    )
    row = connection.execute(query).fetchone()
    return None if row is None else Link(*_times(Link, row))
