"""Who a test says it is, for tests that open a desk of their own."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import Request

from overflight.desk.access import Reader, Role

__all__ = ["EVENING", "SECRET", "by_header"]

#: When the exercise's desk is looked at.
EVENING = datetime(2008, 8, 5, 18, 0, tzinfo=UTC)
SECRET = b"exercise" * 4


def by_header(request: Request) -> Reader | None:
    """``X-Test-Reader: officer`` or ``guest KAZ``."""
    role, _, state = request.headers.get("x-test-reader", "").partition(" ")
    if not role:
        return None
    handle = f"guest-{state.lower()}" if state else f"{role}-1"
    return Reader(handle, Role(role), state, session=role + state)
