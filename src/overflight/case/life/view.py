"""A case as plain data: the shape of ``case show --json``, for programs and for pages. For the home desk."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from overflight.case.life.events import Corrected, kind_of
from overflight.case.life.facts import facts_of
from overflight.case.life.headline import headline, helpers, until
from overflight.case.life.model import Case, Noted
from overflight.case.life.posts import local
from overflight.world.times import minute_text, second_text

__all__ = ["history_words", "to_json"]


def to_json(case: Case, now: datetime) -> dict[str, Any]:
    """The whole case."""
    return {
        "id": case.id,
        "title": case.opened.body.title,
        "headline": headline(case, now),
        "step": case.step,
        "as_of": _time(now),
        "last": case.last,
        "flight": facts_of(case.flight),
        "plans": [
            {
                "number": n.body.number,
                "recorded": _time(n.recorded_at),
                "true_at": _time(n.true_at),
                "why": n.body.why,
                "source": n.source,
                "facts": facts_of(n.body.flight),
            }
            for n in case.plans
        ],
        "approaches": [_approach(case, n) for n in case.approaches],
        "answers": [_answer(case, n) for n in sorted(case.answers, key=lambda n: n.order)],
        "statements": [
            {
                "id": s.id,
                "text": s.text,
                "marking": s.marking,
                "source": s.source,
                "facts": dict(s.facts),
                "replaced_by": s.replaced or None,
                "outdated": list(s.outdated),
            }
            for s in case.statements
        ],
        "holders": [
            {"state": h.state, "post": h.post, "fact": h.fact, "holds": h.holds, "now": h.now, "sent": h.sent}
            for h in case.holders
        ],
        **_coverage(case),
        "telegrams": _telegrams(case),
        "inspections": [
            {
                "state": n.body.state,
                "place": n.body.place,
                "result": n.body.result,
                "at": _time(n.true_at),
                "clocks": [
                    {
                        "key": c.key,
                        "due": _time(c.due),
                        "text": c.text,
                        "reported": any(r.body.key == c.key for r in case.reports),
                    }
                    for c in n.body.clocks
                ],
            }
            for n in case.inspections
        ],
        "outcome": _outcome(case),
        "thanks": [
            {"state": p.state, "at": _time(n.true_at), "number": p.number or None}
            for n in case.thanks
            for p in n.body.products
        ],
        "merged_into": case.taken.body.into if case.taken else None,
        "merged": [n.body.other for n in case.merged],
        "split_from": case.opened.body.split_from,
        "split": [n.body.other for n in case.splits],
        "history": [
            {
                "seq": n.seq,
                "case": n.case,
                "recorded": _time(n.recorded_at),
                "true_at": _time(n.true_at),
                "by": n.by,
                "source": n.source,
                "kind": kind_of(n.body),
                "words": history_words(n),
                "void": n.void,
                "corrected_by": n.corrected or None,
            }
            for n in case.history
        ],
    }


def _approach(case: Case, noted: Noted[Any]) -> dict[str, Any]:
    body = noted.body
    state = body.product.state
    delivered = [n for n in case.deliveries if n.body.state == state and n.true_at >= noted.true_at]
    answer = case.current(state)
    if answer is not None and answer.true_at < noted.true_at:
        answer = None
    stale = case.stale(answer) if answer is not None else ()
    return {
        "id": body.id,
        "state": state,
        "post": body.product.post,
        "number": body.product.number or None,
        "asked": _time(noted.true_at),
        "ask": list(body.ask),
        "due": _time(body.due),
        "due_local": local(body.due, body.product.post) or None,
        "delivered": _time(delivered[0].true_at) if delivered else None,
        "delivered_to": delivered[0].body.office if delivered else None,
        "form": delivered[0].body.form if delivered else None,
        "released": list(body.product.released),
        "oral": list(body.product.oral),
        "told": dict(body.product.told),
        "answer": answer.body.decision if answer else None,
        "stale": [reason.words for reason in stale] if answer else None,
    }


def _answer(case: Case, noted: Noted[Any]) -> dict[str, Any]:
    body = noted.body
    current = case.current(body.state)
    is_current = current is not None and current.seq == noted.seq
    return {
        "id": body.id,
        "state": body.state,
        "decision": body.decision,
        "at": _time(noted.true_at),
        "source": noted.source,
        "conditions": body.conditions or None,
        "valid_from": _time(body.valid_from),
        "valid_until": _time(body.valid_until),
        "tails": list(body.tails),
        "basis": body.basis or None,
        "standing": body.standing,
        "tell": list(body.tell),
        "prompted": body.prompted,
        "relied": dict(body.relied),
        "current": is_current,
        "stale": [reason.words for reason in case.stale(noted)],
    }


def _coverage(case: Case) -> dict[str, Any]:
    found = case.coverage
    if found is None:
        return {"open": [], "next": [], "closed": None, "never_asked": [], "legs": []}
    return {
        "open": [list(way.states) for leg in found.legs for way in leg.open],
        "next": [
            {"state": n.state, "leg": n.leg, "closes": n.closes, "gain": round(n.gain, 6)} for n in found.next
        ],
        "closed": found.closed,
        "never_asked": [s for s in found.never if s not in case.standings],
        "legs": [
            {
                "leg": leg.leg,
                "closed": leg.closed,
                "why": leg.why or None,
                "open": [
                    {"states": list(w.states), "km": w.km, "until": _time(until(case, leg, w))}
                    for w in leg.open
                ],
                "coalitions": [list(one) for one in leg.coalitions],
                "stopped": round(leg.stopped, 6),
                "complete": leg.complete,
            }
            for leg in found.legs
        ],
    }


def _telegrams(case: Case) -> list[dict[str, Any]]:
    out = [
        {
            "direction": "out",
            "kind": sent.kind,
            "at": _time(sent.at),
            "number": sent.product.number or None,
            "state": sent.product.state,
            "post": sent.product.post,
        }
        for sent in case.sent
    ]
    out += [
        {
            "direction": "in",
            "kind": "filed",
            "at": _time(n.true_at),
            "number": n.body.number or None,
            "from": n.body.origin,
            "subject": n.body.subject,
            "digest": n.body.digest,
            "why": n.body.why,
        }
        for n in case.telegrams
    ]
    return sorted(out, key=lambda one: str(one["at"]))


def _outcome(case: Case) -> dict[str, Any] | None:
    if not case.endings:
        return None
    noted = case.endings[-1]
    body = noted.body
    predicted = list(case.ways.line) if case.ways else []
    return {
        "code": body.code,
        "at": _time(noted.true_at),
        "evidence": body.evidence,
        "text": body.text or None,
        "helped": helpers(case),
        "predicted": predicted,
        "observed": list(body.observed),
        "not_predicted": [s for s in body.observed if s not in predicted] if body.observed else [],
        "not_entered": [s for s in predicted if s not in body.observed] if body.observed else [],
    }


def _time(moment: datetime | None) -> str | None:
    return second_text(moment) if moment else None


def history_words(noted: Noted[Any]) -> str:
    """One event in a few words."""
    body = noted.body
    match kind_of(body):
        case "opened":
            words = body.title
        case "planned":
            words = f"plan {body.number}" + (f": {body.why}" if body.why else "")
        case "stated":
            words = f"{body.id} ({body.marking})" + (
                f" replaces {', '.join(body.replaces)}" if body.replaces else ""
            )
        case "approached":
            words = (
                f"{body.product.state} asked through {body.product.post}, due {minute_text(body.due, ' ')}"
            )
        case "delivered":
            words = f"{body.state}: to {body.office}, {body.form}"
        case "answered":
            words = f"{body.state}: {body.decision}"
        case "updated":
            words = f"{', '.join(body.facts)} to {', '.join(p.state for p in body.products) or 'nobody'}"
        case "inspected":
            words = f"{body.state} at {body.place}: {body.result}"
        case "reported":
            words = body.key
        case "ended":
            words = body.code
        case "thanked":
            words = ", ".join(p.state for p in body.products) or "nobody"
        case "filed":
            words = body.number or body.subject or body.digest[:12]
        case "corrected":
            assert isinstance(body, Corrected)
            words = f"event {body.event}: {body.why}"
        case "merged":
            words = f"{body.other} up to event {body.until}"
        case "taken":
            words = f"into {body.into}"
        case "split":
            words = f"{body.other} takes events {', '.join(map(str, body.taken))}"
        case "proposed":
            words = (
                f"{body.id}: {body.kind} to {', '.join(one.state for one in body.words)} by {body.account}"
            )
        case "approved":
            words = f"{body.proposal} by {body.account}" + (f": {body.why}" if body.why else "")
        case "refused":
            words = f"{body.proposal} by {body.account}: {body.why}"
        case "released":
            words = f"{body.proposal}: {body.kind} to {body.state}"
            words += f", approved by {', '.join(body.by)}" if body.by else ""
        case "dismissed":
            words = f"answer {body.number} of {body.state} to {body.reference} put aside: {body.why}"
        case _:
            words = body.why
    return " ".join(words.split())
