"""The audit of accesses: who, what kind of address, when, with what status; never any content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, func, insert, select, text

from overflight.store.canonical import time_text
from overflight.store.engine import faults, transaction
from overflight.store.tables import AUDIT

__all__ = ["Access", "AuditBook"]


@dataclass(frozen=True, slots=True)
class Access:
    """One access.

    Attributes
    ----------
    at : datetime
    account : str
        Empty: nobody was signed in.
    role : str
    method, route : str
        The route's template, such as ``/cases/{case_id}``; never the address with its values.
    status : int
    about : str
        The account that an act of management was about; empty for everything else.
    number : int
        Its place in the audit.
    """

    at: datetime
    account: str
    role: str
    method: str
    route: str
    status: int
    about: str = ""
    number: int = 0


class AuditBook:
    """The audit of one store. Rows are added and read; nothing here changes or deletes one."""

    def __init__(self, engine: Engine, where: str) -> None:
        self._engine, self._where = engine, where

    def add(self, accesses: Sequence[Access]) -> None:
        """Write accesses down; they are on the disk when this returns."""
        rows = [
            {
                "at": time_text(one.at),
                "account": one.account,
                "role": one.role,
                "method": one.method,
                "route": one.route,
                "status": one.status,
                "about": one.about,
            }
            for one in accesses
        ]
        with faults(self._where), self._engine.connect() as connection, transaction(connection):
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT set_config('synchronous_commit', 'on', true)"))
            connection.execute(insert(AUDIT), rows)

    def page(self, *, before: int | None = None, account: str = "", limit: int = 100) -> list[Access]:
        """Accesses, newest first, older than a number."""
        c = AUDIT.c
        query = select(c.at, c.account, c.role, c.method, c.route, c.status, c.about, c.number)
        if before is not None:
            query = query.where(c.number < before)
        if account:
            query = query.where(c.account == account)
        with faults(self._where), self._engine.connect() as connection:
            rows = connection.execute(query.order_by(c.number.desc()).limit(limit)).fetchall()
        return [Access(datetime.fromisoformat(row[0]), *row[1:]) for row in rows]

    def last(self) -> tuple[int, datetime | None]:
        """Number and time of the newest access."""
        query = select(AUDIT.c.number, AUDIT.c.at).order_by(AUDIT.c.number.desc()).limit(1)
        with faults(self._where), self._engine.connect() as connection:
            row = connection.execute(query).fetchone()
        return (0, None) if row is None else (row[0], datetime.fromisoformat(row[1]))

    def failures(self, since: datetime) -> int:
        """How many tries to sign in were refused since a moment."""
        c = AUDIT.c
        query = select(func.count()).where(
            c.at > time_text(since), c.route == "/sign-in", c.method == "POST", c.status >= 400
        )
        with faults(self._where), self._engine.connect() as connection:
            return connection.execute(query).scalar() or 0
