"""What is new for a state: what it holds that is no longer so, out of what it may read.

A statement that a state may not read changes nothing for it, but for one thing: what it replaces is not said
again to anybody. That one was withdrawn is home's own deed; what stands in its place decides nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from overflight.case.life.compose import Composed, Counsel, compose
from overflight.case.life.facts import of_flight
from overflight.case.life.model import Case, Statement
from overflight.case.life.plans import Change
from overflight.case.life.statements import barred, chosen
from overflight.marking import parse_portion, release

__all__ = ["News", "news_for"]


@dataclass(frozen=True, slots=True)
class News:
    """What goes to one state.

    Attributes
    ----------
    changes : mapping of fact to Change
        What reads otherwise for the state than it was told.
    composed : Composed
        What it is told.
    background : tuple of Statement
        What else home knows of these facts, for the post.
    kept : str
        Why it is not told all of it, for home; empty where it is.
    facts : tuple of str
        Facts that have changed, the untold ones among them.
    """

    changes: Mapping[str, Change]
    composed: Composed
    background: tuple[Statement, ...] = field(compare=False)
    kept: str = field(compare=False)
    facts: tuple[str, ...] = field(compare=False)


def news_for(
    case: Case,
    state: str,
    *,
    day: date,
    fresh: Sequence[Statement] = (),
    counsel: Counsel | None = None,
    ask: Sequence[str] = (),
) -> News | None:
    """What is new for one state; None where nothing is.

    Parameters
    ----------
    fresh : sequence of Statement
        New facts, which go to the state unless it has heard them.
    """
    heard = {
        one
        for sent in case.sent
        if sent.product.state == state
        for one in (*sent.product.released, *sent.product.oral)
    }
    untold = [one for one in fresh if one.id not in heard]
    may = _may_hear(case, state, day)
    changes = _changes(case, state, may)
    secret: dict[str, None] = {h.fact: None for h in case.holders if h.state == state and not h.sent}
    for one in untold:
        if one.id in may:
            for fact, value in one.facts.items():
                changes.setdefault(fact, Change(fact, None, value))
        else:
            secret |= dict.fromkeys(one.facts)
    everything = {**changes, **secret}
    if not everything:
        return None

    def touched(facts: Collection[str], known: Collection[str]) -> list[Statement]:
        # A fact goes as a whole: every statement that holds now and rests on something that has changed.
        return [
            one
            for one in chosen(case)
            if one in fresh or set(one.facts) & set(facts) or _replaces(case, one, facts, known)
        ]

    new = touched(changes, may)
    bars = barred(case, new, state)
    composed = compose(new, state, day=day, counsel=counsel, ask=ask, barred=bars)
    at_home = touched(everything, [one.id for one in case.statements])
    background = tuple(one for one in at_home if one.id not in {*composed.released, *composed.spoken})
    missing = sorted(set(everything) - set(composed.told))
    why = _why(missing, case, state, day, at_home) if missing else ""
    return News(changes, composed, background, why, tuple(everything))


def _may_hear(case: Case, state: str, day: date) -> frozenset[str]:
    """Ids of statements that the state may read or hear."""
    closed = barred(case, case.statements, state)
    return frozenset(
        one.id
        for one in case.statements
        if one.id not in closed
        and release.decide(parse_portion(one.marking, day), state, date=day).kind != "withhold"
    )


def _changes(case: Case, state: str, may: Collection[str]) -> dict[str, Change]:
    """What the state was told that is no longer so, as far as it may know."""
    now = _now(case, may)
    told, coming = case.told(state), case.told(state, coming=True)
    return {
        fact: Change(fact, value, now.get(fact))
        for fact, value in {**coming, **told}.items()
        if now.get(fact) not in (value, coming.get(fact))
    }


def _now(case: Case, may: Collection[str]) -> dict[str, str]:
    """Every fact as it stands for somebody who may hear these statements and no others."""
    found = {fact: value for fact, value in case.now.items() if of_flight(fact)}
    by_id = {one.id: one for one in case.statements}
    after = {old: n.body.id for n in case.stated if n.body.id in may for old in n.body.replaces if old in may}
    for one in case.statements:
        if one.id not in may:
            continue
        heir, seen = one, {one.id}
        while heir.id in after and after[heir.id] not in seen:
            heir = by_id[after[heir.id]]
            seen.add(heir.id)
        if heir.id in after or not heir.replaced:  # else it was withdrawn, for nothing that may be known
            found |= {fact: heir.text for fact in one.facts if not of_flight(fact)}
    return found


def _replaces(case: Case, one: Statement, facts: Collection[str], known: Collection[str]) -> bool:
    """Whether a statement took the place of a known one that rested on one of these facts."""
    olds = next(n.body.replaces for n in case.stated if n.body.id == one.id)
    return any(old.id in olds and old.id in known and set(old.facts) & set(facts) for old in case.statements)


def _why(missing: Sequence[str], case: Case, state: str, day: date, at_home: Sequence[Statement]) -> str:
    kept = compose(at_home, state, day=day, barred=barred(case, at_home, state)).kept
    by_id = {one.id: one for one in at_home}
    for one in kept:
        if set(missing) & set(by_id[one.statement].facts):
            return f"{', '.join(missing)}: {one.statement} ({one.marking}) may not go there, {one.reason}"
    return f"{', '.join(missing)}: no statement says how it stands now"
