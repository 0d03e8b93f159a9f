"""The store: an append-only log of events with a hash chain, in SQLite or PostgreSQL."""

from __future__ import annotations

from overflight.store.desk import Desk, open_desk
from overflight.store.event import JSON, AgendaItem, CaseHead, Draft, Event, Expect, Head, Log

__all__ = ["JSON", "AgendaItem", "CaseHead", "Desk", "Draft", "Event", "Expect", "Head", "Log", "open_desk"]
