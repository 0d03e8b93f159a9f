"""Meetings and explanations as JSON: one shape for every command."""

from __future__ import annotations

from typing import Any

from overflight.meetings.coincidence import Coincidence
from overflight.meetings.explanation import Score
from overflight.meetings.model import Meeting

__all__ = ["coincidence_json", "explanation_json", "meeting_json"]


def meeting_json(meeting: Meeting) -> dict[str, Any]:
    """A meeting as JSON."""
    return {
        "id": meeting.id,
        "name": meeting.name,
        "series": meeting.series,
        "kind": meeting.kind,
        "level": meeting.level,
        "city": meeting.place.city,
        "state": meeting.place.state,
        "aerodromes": list(meeting.place.aerodromes),
        "first": meeting.first.isoformat(),
        "last": meeting.last.isoformat(),
        "parts": [
            {"name": part.name, "first": part.first.isoformat(), "last": part.last.isoformat()}
            for part in meeting.parts
        ],
        "travel": meeting.travel,
        "exact": meeting.exact,
        "participants": [*meeting.groups, *meeting.states],
        "confirmed": list(meeting.confirmed),
        "verified": {"event": meeting.event_verified, "days": meeting.days_verified},
        "note": meeting.note,
        "source": meeting.source,
        "calendar": meeting.calendar or None,
    }


def coincidence_json(one: Coincidence) -> dict[str, Any]:
    """A meeting beside some days as JSON."""
    return {**meeting_json(one.meeting), "gap_days": one.gap_days, "place": one.place, "words": one.words}


def explanation_json(score: Score) -> dict[str, Any]:
    """A score as JSON, with every contribution."""
    return {
        "meeting": score.meeting.id,
        "leg": score.leg,
        "direction": score.direction,
        "band": score.band,
        "total": score.total,
        "contributions": [
            {"feature": one.feature, "outcome": one.outcome, "points": one.points, "says": one.says}
            for one in score.contributions
        ],
        "unknown": list(score.unknown),
        "notes": list(score.notes),
        "caution": score.caution,
    }
