"""Events, desks and damage for the tests of the store."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from overflight.store import Desk, Draft
from overflight.store.verify import verify

DAY = datetime(2026, 8, 1, tzinfo=UTC)


def draft(case: str = "KOR621", number: int = 0, **body: object) -> Draft:
    """An invented event."""
    return Draft(
        case,
        "noted",
        {"number": number, "text": "EXERCISE ‖ señal", **body},  # type: ignore[dict-item]
        DAY + timedelta(hours=number),
        "EXERCISE DESK",
        "26 STATE 1" if number % 2 else None,
    )


def fill(desk: Desk, count: int, cases: int = 3, name: str = "fill") -> None:
    """Some events in some cases, a few in each append."""
    numbers = list(range(count))
    for start in range(0, count, 7):
        some = numbers[start : start + 7]
        desk.log.append([draft(f"CASE {n % cases}", n) for n in some], key=f"{name} {start}")


def whole(desk: Desk) -> int:
    proof = verify(desk.log.engine, desk.log.where)
    assert proof.findings == ()
    return proof.events


def flipped(desk: Desk) -> str:
    whole = "CAST(replace(CAST(record AS TEXT), 'señal', 'senal') AS BLOB)"
    if desk.log.engine.dialect.name == "sqlite":
        return whole
    return "convert_to(replace(convert_from(record, 'UTF8'), 'señal', 'senal'), 'UTF8')"


def spoil(desk: Desk, *deeds: str) -> None:
    """Change the store as one could who owns the database: around its triggers."""
    with desk.log.engine.connect() as connection:
        triggers = []
        if connection.dialect.name == "sqlite":
            query = text("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
            triggers = connection.execute(query).all()
            for name, _ in triggers:
                connection.execute(text(f"DROP TRIGGER {name}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        for deed in deeds:
            connection.exec_driver_sql(deed)
        for _, made in triggers:
            connection.exec_driver_sql(made)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = DEFAULT"))
