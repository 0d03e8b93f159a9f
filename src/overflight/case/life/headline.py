"""The first line of a case: what is open, until when, whose answer is due, who was never asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from overflight.case.life.agenda import hours_words
from overflight.case.life.model import Case
from overflight.case.life.ways import LegCover, Way
from overflight.case.wording import clock

__all__ = ["headline", "helpers", "until", "way_words"]

_NAMED = 3


def headline(case: Case, now: datetime) -> str:
    """One sentence, from what was worked out when the last event was recorded, and the clock.

    Parameters
    ----------
    case : Case
    now : datetime
        The moment it is read; only the hours left depend on it.
    """
    if case.taken:
        return f"merged into {case.taken.body.into}"
    if case.endings:
        return _ended(case)
    parts = _said(case)
    coverage = case.coverage
    if coverage is None:
        return "; ".join([*parts, "no way was worked out yet"])
    shut = [leg for leg in coverage.legs if leg.closed]
    if shut:
        return "; ".join([*parts, _shut(shut[0]), *_stale(case)])
    leg = min(coverage.legs, key=lambda one: (not one.coalitions, min(map(len, one.coalitions), default=99)))
    waiting: list[str] = []
    if leg.open:
        way = leg.open[0]
        last = until(case, leg, way)
        said = "is open until" if last >= now else "may have been entered since"
        parts.append(f"the way by {way_words(way)} {said} {clock(last)}Z")
        waiting = [state for state in way.states if case.waiting(state)]
    elif not leg.complete:
        parts.append(f"no way is known on {leg.leg}, but the search was cut short")
    if not leg.coalitions and leg.complete:
        parts[-1] += " and no refusal can close it"
    for state in waiting or [s for s in case.approached if case.waiting(s)][:1]:
        parts[-1] += f", {_due(case, state, now)}"
    parts += _stale(case)
    return "; ".join([*parts, *_never(case)])


def until(case: Case, leg: LegCover, way: Way) -> datetime:
    """The last moment at which a refusal still comes before the entry, at the earliest the flight can be."""
    departs = next(
        (one.departs for one in case.ways.legs if one.leg == leg.leg) if case.ways else iter(()), None
    )
    moments = [entry.earliest for entry in way.entries]
    if moments:
        return max(moments)
    return departs or case.flight.legs[0].departs.earliest


def way_words(way: Way) -> str:
    """``TKM – AFG``."""
    return " – ".join(way.states) or "departure and arrival alone"


def _said(case: Case) -> list[str]:
    refused = [s for s, one in case.standings.items() if one.sky == "closed"]
    landing = [s for s, one in case.standings.items() if one.sky == "landing"]
    out = []
    if refused:
        out.append(f"{_listed(refused)} refused")
    if landing:
        out.append(f"{_listed(landing)} only after a landing and a search")
    return out


def _listed(states: list[str]) -> str:
    return states[0] if len(states) == 1 else f"{', '.join(states[:-1])} and {states[-1]}"


def _shut(leg: LegCover) -> str:
    if leg.why == "landing":
        return f"closed: the landing at the end of {leg.leg} is refused"
    if leg.why == "range":
        return f"closed: {leg.leg} is out of range even if every state permits"
    return f"closed: no way within range is left on {leg.leg}"


def _due(case: Case, state: str, now: datetime) -> str:
    due = case.deadline(state)
    assert due is not None
    left = due - now
    if left < timedelta():
        return f"{state}'s answer is {hours_words(left)} overdue"
    return f"{state}'s answer is due in {hours_words(left)}"


def _stale(case: Case) -> list[str]:
    stale = [
        state
        for state in case.standings
        if (answer := case.current(state)) is not None and case.stale(answer)
    ]
    if not stale:
        return []
    return [f"{_listed(stale)}: {'answer' if len(stale) == 1 else 'answers'} stale"]


def _never(case: Case) -> list[str]:
    assert case.coverage is not None
    never = [s for s in case.coverage.never if s not in case.standings]
    if not never:
        return []
    first = never[:_NAMED]
    more = len(never) - len(first)
    verb = "was" if len(never) == 1 else "were"
    if more:
        return [f"{', '.join(first)} and {more} more were never asked"]
    return [f"{_listed(first)} {verb} never asked"]


def _ended(case: Case) -> str:
    words = case.endings[-1].body.code.lower().replace("_", " ")
    helped = helpers(case)
    thanked = {p.state for n in case.thanks for p in n.body.products}
    kept = {state for n in case.thanks for state in n.body.kept}
    owed = [state for state in helped if state not in thanked | kept]
    out = [f"ended: {words}"]
    if thanked:
        out.append(f"thanked: {', '.join(sorted(thanked))}")
    if owed:
        out.append(f"thanks are owed to {_listed(owed)}")
    if case.closing:
        out.append("closed")
    return "; ".join(out)


def helpers(case: Case) -> dict[str, str]:
    """States that helped, and how: what their last word that settled something did."""
    out: dict[str, str] = {}
    for state in case.standings:
        for noted in case.answers_of(state):
            body = noted.body
            shut = out.get(state, "")
            match body.decision:
                case "DENY_OVERFLIGHT" | "ALREADY_DENIED":
                    out[state] = "refused the overflight"
                case "DENY_LANDING":
                    out[state] = "refused the landing"
                case "REQUIRE_LANDING_AND_INSPECT":
                    out[state] = "required a landing and an inspection"
                case "ALLOW_WITH_SCRUTINY":
                    out[state] = "looked into the flight closely"
                case "REVERSED" if shut in ("refused the overflight", "refused the landing"):
                    out.pop(state)
                case "REVERSED":
                    out[state] = "withdrew its permission"
                case "ALLOW":
                    out.pop(state, None)
    for inspection in case.inspections:
        out.setdefault(inspection.body.state, "inspected the aircraft")
    return out
