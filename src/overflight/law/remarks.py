"""What is said beside the options: cautions, disputes, what the state has done before."""

from __future__ import annotations

from collections.abc import Sequence

from overflight.law.advice import Contest
from overflight.law.fitting import NOWHERE, Fit, credible
from overflight.law.measure import PSI_BEGAN, Measure, Period, span
from overflight.law.question import Question
from overflight.law.rules import Rules
from overflight.law.words import label
from overflight.world.states import name as state_name

__all__ = ["cautions", "contests", "customs"]

_HOLDS = {"applies": "holds that the measures apply", "rejects": "holds that the measures do not apply"}


def customs(question: Question, rules: Rules) -> tuple[str, ...]:
    """What the state has done about suspect flights before."""
    return tuple(
        f"{p.since}: {p.policy}"
        + (f" (basis: {p.basis})" if p.basis else "")
        + ("" if p.verified else " (unverified)")
        + ("" if p.law else "; history, may have lapsed")
        for p in sorted(rules.customs(question.state, question.on), key=lambda p: (p.start, p.id))
    )


def contests(question: Question, rules: Rules, *, everything: bool = False) -> tuple[Contest, ...]:
    """The disputes that touch the flight: about measures tied to it, or about where it is."""
    by_dispute: dict[str, list[str]] = {}
    for measure, of in rules.contested(question.on):
        tied = (
            bool(set(measure.targets) & _touched(question)) if measure.targets else _placed(question, measure)
        )
        if everything or tied:
            by_dispute.setdefault(of, []).append(measure.id)
    found = []
    for key, ids in sorted(by_dispute.items()):
        dispute = rules.dispute(key)
        sides: dict[str, list[str]] = {"applies": [], "rejects": [], "silent": []}
        for row in rules.positions:
            if row.dispute == key and row.holds(question.on):
                sides[row.position].append(row.state + ("" if row.verified else " (unverified)"))
        own = rules.position(key, question.position, question.on) if question.position else None
        theirs = rules.position(key, question.state, question.on)
        found.append(
            Contest(
                key,
                dispute.title,
                dispute.question,
                tuple(sorted(ids)),
                question.position,
                (own.position if own else "silent") if question.position else "none chosen",
                question.state,
                theirs.position if theirs else "silent",
                tuple(sorted(sides["applies"])),
                tuple(sorted(sides["rejects"])),
                tuple(sorted(sides["silent"])),
                dispute.note,
                dispute.source,
            )
        )
    return tuple(found)


def _touched(question: Question) -> set[str]:
    states = {*question.origins, *question.destinations, *question.brokers}
    return states | {code for code in (question.flag, question.operator_state) if code}


def _placed(question: Question, measure: Measure) -> bool:
    where = question.over.replace(" ", "-")
    return any(c.key == "over" and where in c.values for c in measure.when)


def cautions(
    question: Question,
    rules: Rules,
    found: Sequence[Fit],
    disputes: Sequence[Contest],
    unmet: Sequence[str],
) -> tuple[str, ...]:
    """What to beware of."""
    said = list(question.assumed)
    who = state_name(question.state)
    if question.over in NOWHERE:
        said.append(
            f"over the {label(question.over, 'over')} nobody but the flag state has a say; others may watch, "
            "and ask it"
        )
        said += [
            f"{one.measure.instrument}: {one.measure.effect}"
            + ("" if one.measure.verified else " (unverified)")
            for one in found
            if question.over == "caspian" and one.measure.binding == "clarification"
        ]
    if any(
        question.state in one.measure.targets
        for one in rules.alive(question.state, question.on, question.position)
    ):
        said.append(f"{who} is itself the target of measures in force; those are not counted as its options")
    if "diplomatic" in question.circumstances:
        if not credible(question):
            said.append(
                "a delegation that nobody means to block: grounds that rest on the itinerary are not grounds "
                "about the cargo, so the advice moves to scrutiny where no duty stands. It does not clear "
                "the cargo: if grounds about the cargo stand apart from the delegation, ask again with them"
            )
        if any(o.works and o.sure and o.bound and _obliges(question, o) for o in found):
            said.append("no measure that obliges here has an exception for delegations")
    if "humanitarian" in question.circumstances and not any(one.exempt for one in found):
        said.append("no measure that touches the flight exempts humanitarian flights by itself")
    if "emergency" in question.circumstances:
        said.append("an aircraft in distress: let it land first; what has to be inspected is inspected then")
    if unmet:
        said.append(f"{', '.join(unmet)}: no option that is open discharges it; put it to the Committee")
    if question.kind == "state":
        said.append("a state aircraft: silence is no permission; once admitted it is not searched")
    places = (question.over, *question.elsewhere)
    if {"strait", "archipelagic lane"} & set(places):
        part = "" if question.over in ("strait", "archipelagic lane") else "over a part of the way: "
        said.append(
            f"{part}transit passage: continuous and expeditious, not to be suspended; whether it covers a "
            "civil aircraft on an ATS route is disputed"
        )
    if question.over not in NOWHERE:
        said += [
            f"over a part of the way, the {label(place, 'over')}, nobody but the flag state has a say"
            for place in dict.fromkeys(question.elsewhere)
            if place in NOWHERE
        ]
    for contest in disputes:
        if {contest.working_position, contest.state_position} == {"applies", "rejects"}:
            said.append(
                f"{who} itself {_HOLDS[contest.state_position]} in the dispute on the {contest.title}; "
                f"this answer follows {state_name(contest.working)}"
            )
    said += _own_carriage(question, found)
    said += _parties(question, rules, found)
    said += _psi(question, rules)
    foreign = sorted({d.list for d in question.designations if not d.of_un})
    if foreign:
        said.append(f"a listing by {', '.join(foreign)} is a concern; by itself it obliges nobody else")
    return tuple(dict.fromkeys(said))


def _obliges(question: Question, fit: Fit) -> bool:
    """Whether a measure obliges to stop or to inspect the flight as it is planned."""
    if fit.measure.binding != "mandatory":
        return False
    on_ground = question.landing or question.phase == "on the ground"
    inspects = on_ground and fit.role("require-landing-and-inspect") == "on-landing"
    return inspects or fit.role("refuse-overflight") == "act"


def _own_carriage(question: Question, found: Sequence[Fit]) -> list[str]:
    """Supply bans are no duty to refuse overflight, but they bind the flag state and the state of an end."""
    bans = [
        one.measure.id
        for one in found
        if one.measure.kind == "SUPPLY_BAN"
        and one.measure.cargo
        and one.measure.binding == "mandatory"
        and one.works
        and one.sure
    ]
    roles = []
    if question.flag == question.state:
        roles.append("flag state")
    if question.state in question.origins[:1] or question.state in question.destinations[-1:]:
        roles.append("state of departure or destination")
    if not bans or not roles:
        return []
    return [f"as {' and '.join(roles)} {state_name(question.state)} is itself bound by {', '.join(bans)}"]


def _parties(question: Question, rules: Rules, found: Sequence[Fit]) -> list[str]:
    said = []
    who = state_name(question.state)
    ids = {one.measure.id for one in found}
    for convention, of, what in (
        ("CHI-3BIS", "CHI-3bis-b", "Article 3 bis binds its parties"),
        ("UNCLOS", "UNCLOS-", "the Convention on the Law of the Sea binds its parties"),
        ("TRANSIT", "TRANSIT-", "the Transit Agreement binds its parties"),
        ("CASPIAN-2018", "CASPIAN-2018", "the Aktau Convention needs the ratification of all five"),
    ):
        if not any(id_.startswith(of) for id_ in ids):
            continue
        row = next(
            (
                p
                for p in rules.parties
                if p.convention == convention
                and p.state == question.state
                and (p.start is None or Period(p.start, p.until).covers(question.on))
            ),
            None,
        )
        if row is None:
            said.append(f"{what}; whether {who} is one has not been checked")
        else:
            doubt = "" if row.verified else " (unverified)"
            note = f": {row.note}" if row.note else ""
            said.append(f"{what}; {who}: {row.status}{note}{doubt}")
    return said


def _psi(question: Question, rules: Rules) -> list[str]:
    row = rules.endorsement(question.state, question.on)
    who = state_name(question.state)
    if row is None or span(question.on)[1] < PSI_BEGAN:
        return []
    doubt = "" if row.verified else " (unverified)"
    if row.status == "endorsed" and row.start is None:
        return [
            f"{who} is named as an endorser of the PSI principles, since when is not known{doubt}: not cited"
        ]
    if row.status == "supports":
        return [f"{who}: {row.note}{doubt}"]
    words = {
        "suspended": f"endorsed the PSI principles and {row.note}",
        "opposed": "has opposed the PSI",
        "not listed": "is not on the list of PSI endorsers",
    }
    return [f"{who} {words[row.status]}{doubt}: do not cite it"] if row.status in words else []
