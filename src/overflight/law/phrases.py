"""Sentences that may stand in a paper for one state on one day: never a text that is not yet adopted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from overflight.law.measure import Day, Measure
from overflight.law.rules import Rules, load

__all__ = ["Phrase", "legal_phrases"]

_VERBS = {
    "mandatory": "states must",
    "recommended": "states are called upon to",
    "requested": "states are asked to",
    "political": "participating states have declared that they will",
    "permission": "a state may",
    "prohibition": "a state must not",
}
#: Instruments that take an article.
_NAMED = (
    "Chicago",
    "UN Convention",
    "International Air",
    "PSI Statement",
    "Convention on",
    "Vienna Convention",
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence with the measure it rests on.

    `caution` says what must be settled before it is used: not verified, contested.
    """

    text: str
    measure: str
    kind: str
    binding: str
    verified: bool
    contested: bool
    targets: tuple[str, ...]
    caution: str = ""


def legal_phrases(
    state: str,
    on: Day,
    *,
    targets: Iterable[str] | None = None,
    position: str = "",
    rules: Rules | None = None,
) -> tuple[Phrase, ...]:
    """The sentences of law that may be put to one state on one day.

    Parameters
    ----------
    state : str
        Alpha-3 of the reader: only measures addressed to it, or that it has endorsed.
    on : date or datetime
        Only measures in force then.
    targets : iterable of str, optional
        Only measures about these states, and those about none in particular.
    position : str
        The state whose position the desk works with; what it rejects is left out.

    Returns
    -------
    tuple of Phrase
        By target and id. A contested measure says so in its own text.
    """
    known = load() if rules is None else rules
    wanted = None if targets is None else set(targets)
    found = []
    for measure in known.measures:
        standing = known.standing(measure, on, position)
        if standing is None or standing.counts == "no" or measure.binding not in _VERBS:
            continue
        if not known.speaks_to(measure, state, on) or not known.bound(measure, state, on):
            continue
        if state in measure.targets or (
            wanted is not None and measure.targets and not wanted & set(measure.targets)
        ):
            continue
        cautions = [f"unverified: {measure.unverified}" if measure.unverified else ""]
        if not measure.verified and not measure.unverified:
            cautions.append("unverified")
        if standing.contested:
            cautions.append("contested")
        found.append(
            Phrase(
                _sentence(measure, standing.contested),
                measure.id,
                measure.kind,
                measure.binding,
                measure.verified and standing.period.verified,
                standing.contested,
                measure.targets,
                "; ".join(part for part in cautions if part),
            )
        )
    return tuple(sorted(found, key=lambda p: (p.targets, p.measure)))


def _sentence(measure: Measure, contested: bool) -> str:
    named = measure.instrument
    if named.startswith(_NAMED):
        named = f"the {named}"
    where = f"{measure.paragraph} of {named}" if measure.paragraph else named
    doubt = ", whose present force is contested," if contested else ""
    return f"Under {where}{doubt or ','} {_VERBS[measure.binding]} {measure.effect}."
