"""What a case waits for: answers, deliveries, reports, the departure itself; and what it is found by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from operator import attrgetter

from overflight.case.life.answers import decisions
from overflight.case.life.model import Case
from overflight.case.life.posts import local
from overflight.garbage import no_collection
from overflight.store.event import AgendaItem

__all__ = ["SUMMARY", "Due", "agenda_of", "due_list", "hours_words", "to_ical"]

#: The key under which a case's own summary stands in the agenda.
SUMMARY = "summary"
_UNSETTLED = ("ASK_MORE_INFORMATION", "NO_REQUEST_RECEIVED", "NO_ANSWER")


def agenda_of(case: Case) -> tuple[AgendaItem, ...]:
    """Everything that is due, and the summary that other questions than time are answered from."""
    items = [_summary(case)]
    reported = {n.body.key for n in case.reports}
    for inspection in case.inspections:
        items += [
            AgendaItem(case.id, f"report {one.key}", one.due, "report", one.text)
            for one in inspection.body.clocks
            if one.key not in reported
        ]
    for noted in case.pending:
        body = noted.body
        to = [one.state for one in body.words]
        text = f"{body.id}, {body.kind} to {', '.join(to)}, is not released yet"
        place = {"states": to, "proposal": body.id}
        items.append(AgendaItem(case.id, f"approval {body.id}", body.due, "approval", text, place))
    if case.over or not case.plans:
        return tuple(items)
    for state in case.approached:
        items += _of_state(case, state)
    first = case.flight.legs[0]
    text = f"{case.flight.id} may depart from {first.origin.icao}"
    items.append(AgendaItem(case.id, "departure", first.departs.earliest, "departure", text))
    return tuple(items)


def _of_state(case: Case, state: str) -> list[AgendaItem]:
    last = [n for n in case.approaches if n.body.product.state == state][-1]
    due = case.deadline(state) or last.body.due
    post = last.body.product.post
    place = {"post": post, "local": local(due, post), "state": state}
    answer = case.current(state)
    waiting = case.waiting(state)

    def item(kind: str, text: str) -> AgendaItem:
        return AgendaItem(case.id, f"{kind} {state}", due, kind, text, place)

    items = []
    delivered = any(n.body.state == state and n.true_at >= last.true_at for n in case.deliveries)
    if waiting and not delivered:
        items.append(item("delivery", f"{state}: delivery by {post} not yet reported"))
    if waiting:
        items.append(item("answer", f"{state}: answer due"))
    elif answer is not None and (stale := case.stale(answer)):
        items.append(item("answer", f"{state}: answer stale, {stale[0].words}"))
    elif answer is not None and answer.body.decision in _UNSETTLED:
        items.append(item("answer", f"{state} {decisions()[answer.body.decision].words}"))
    if any(holder.state == state for holder in case.holders):
        items.append(item("update", f"{state} still holds an earlier version"))
    return items


def _summary(case: Case) -> AgendaItem:
    """What a telegram finds its case by, without folding every case."""
    numbers = [s.product.number for s in case.sent if s.product.number]
    numbers += [n.body.number for n in case.telegrams if n.body.number]
    body = {
        "title": case.opened.body.title,
        "step": case.step,
        "numbers": sorted(set(numbers)),
        "digests": sorted(n.body.digest for n in case.telegrams),
        "states": list(case.approached),
        "into": case.taken.body.into if case.taken else "",
    }
    if case.plans:
        legs = [leg for plan in case.plans for leg in plan.body.flight.legs]
        body |= {
            "flight": sorted({plan.body.flight.id for plan in case.plans}),
            "tails": sorted({t for p in case.plans if (t := p.body.flight.aircraft.registration)}),
            "first": min(leg.departs.earliest for leg in legs).isoformat(),
            "last": max(leg.departs.latest for leg in legs).isoformat(),
            "places": sorted({stop.icao for leg in legs for stop in (leg.origin, leg.destination)}),
        }
    return AgendaItem(case.id, SUMMARY, None, SUMMARY, case.opened.body.title, body)


@dataclass(frozen=True, slots=True)
class Due:
    """One line of ``case due``; `when` is "overdue", "today" or "next"."""

    item: AgendaItem
    at: datetime
    when: str

    @property
    def local(self) -> str:
        return str(self.item.body.get("local", ""))


def due_list(items: Iterable[AgendaItem], now: datetime, until: datetime | None = None) -> tuple[Due, ...]:
    """What is overdue, due today (UTC) and next, soonest first; what is due at once stays in its order."""
    tomorrow = datetime.combine(now.date(), time(), UTC) + timedelta(days=1)
    out = []
    with no_collection():
        for item in items:
            if item.due_at is None or (until is not None and item.due_at > until):
                continue
            passed = item.due_at < now
            if passed and item.kind == "departure":
                continue
            when = "overdue" if passed else "today" if item.due_at < tomorrow else "next"
            out.append(Due(item, item.due_at, when))
    return tuple(sorted(out, key=attrgetter("at")))


def hours_words(span: timedelta) -> str:
    """``6 h``, ``40 min``, ``3 days``: how far off something is, whichever way."""
    minutes = round(abs(span).total_seconds() / 60)
    if minutes < 90:
        return f"{minutes} min"
    hours = round(minutes / 60)
    return f"{hours} h" if hours < 72 else f"{round(hours / 24)} days"


def to_ical(dues: Sequence[Due], stamp: datetime) -> bytes:
    """The same list as an iCalendar file, with an alarm six hours ahead of each."""
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    calendar.add("prodid", "-//overflight//case due//EN")
    calendar.add("version", "2.0")
    for one in dues:
        entry = Event()
        entry.add("uid", f"{one.item.case}-{one.item.key.replace(' ', '-')}@overflight")
        entry.add("dtstamp", stamp)
        entry.add("dtstart", one.at)
        entry.add("dtend", one.at)
        entry.add("summary", f"{one.item.case}: {one.item.text}")
        if one.local:
            entry.add("description", f"{one.local}; {one.item.body.get('post', '')}")
        entry.add("categories", [one.item.kind])
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{one.item.case}: {one.item.text}")
        alarm.add("trigger", timedelta(hours=-6))
        entry.add_component(alarm)
        calendar.add_component(entry)
    return bytes(calendar.to_ical())
