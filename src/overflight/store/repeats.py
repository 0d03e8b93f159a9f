"""What was answered to a request that carried an idempotency key, kept so that it is done once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from overflight.store.canonical import time_text
from overflight.store.engine import faults, transaction
from overflight.store.tables import EVENTS, REPEATS

__all__ = ["KEPT", "Kept", "Repeats"]

#: How long an answer is kept.
KEPT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Kept:
    """A request that came before under the same key.

    Attributes
    ----------
    digest : bytes
        Of what it asked for.
    status : int or None
        None: it was begun, and how it ended was never written down.
    headers : dict of str to str
    body : bytes
    """

    digest: bytes
    status: int | None
    headers: dict[str, str]
    body: bytes


class Repeats:
    """Requests by account and key.

    Parameters
    ----------
    engine : Engine
        Of a prepared store.
    where : str
        What to call the store in a complaint.
    """

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine, self._where = engine, where

    def begin(self, account: str, key: str, digest: bytes, now: datetime) -> Kept | None:
        """Note that a request is about to be carried out, or give what is known of the one before it."""
        t = REPEATS.c
        mine = (t.account == account) & (t.key == key)
        with faults(self._where), self._engine.connect() as connection:
            try:
                with transaction(connection):
                    _surely(connection)
                    connection.execute(delete(REPEATS).where(t.begun_at < time_text(now - KEPT)))
                    row = connection.execute(
                        select(t.digest, t.status, t.headers, t.body).where(mine)
                    ).fetchone()
                    if row is None:
                        values = {"account": account, "key": key, "digest": digest}
                        connection.execute(insert(REPEATS), {**values, "begun_at": time_text(now)})
                        return None
            except IntegrityError:
                # Another process was first with the same key, this very moment.
                row = connection.execute(select(t.digest, t.status, t.headers, t.body).where(mine)).one()
            return Kept(bytes(row[0]), row[1], json.loads(row[2] or "{}"), bytes(row[3] or b""))

    def finish(self, account: str, key: str, status: int, headers: dict[str, str], body: bytes) -> None:
        """Keep the answer."""
        t = REPEATS.c
        with faults(self._where), self._engine.connect() as connection, transaction(connection):
            _surely(connection)
            connection.execute(
                update(REPEATS)
                .where((t.account == account) & (t.key == key))
                .values(status=status, headers=json.dumps(headers), body=body)
            )

    def forget(self, account: str, key: str) -> None:
        """The request did nothing: it may come again under the same key."""
        t = REPEATS.c
        with faults(self._where), self._engine.connect() as connection, transaction(connection):
            connection.execute(delete(REPEATS).where((t.account == account) & (t.key == key)))

    def recorded(self, log_key: str) -> int | None:
        """`seq` of the first event that the log holds under a key of its own; None when there is none."""
        query = select(EVENTS.c.seq).where(EVENTS.c.key == log_key).order_by(EVENTS.c.seq).limit(1)
        with faults(self._where), self._engine.connect() as connection:
            found: int | None = connection.execute(query).scalar()
            return found


def _surely(connection: Connection) -> None:
    """The transaction is on the disk when it is over; SQLite's are always."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT set_config('synchronous_commit', 'on', true)"))
