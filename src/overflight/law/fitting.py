"""Which measures touch a flight, and what each still needs: the facts of a question against the rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from overflight.law.measure import Exemption, Measure
from overflight.law.question import Question
from overflight.law.rules import Alive, Rules, Standing
from overflight.law.words import SHOWINGS, covers, label
from overflight.world.states import name

__all__ = ["NOWHERE", "Fit", "credible", "fits", "shown"]

#: Where no state is sovereign.
NOWHERE = ("high seas", "caspian")
_BANS = ("SUPPLY_BAN", "AIRCRAFT_TRADE")
_BENIGN = ("goods", "relief", "passengers")
#: Below these no measure with the trigger works.
_LEAST = {"as-necessary": "itinerary", "good-cause": "good-cause", "reasonable-grounds": "reasonable-grounds"}


@dataclass(frozen=True, slots=True)
class Fit:
    """A measure that touches the flight.

    Attributes
    ----------
    measure, standing, roles
    ties : tuple of str
        What ties the flight to its target.
    lacks : tuple of str
        What has to be shown before it works; empty when it works.
    exempt : tuple of Exemption
        Its exceptions whose circumstance holds.
    bound : bool
        Whether a mandatory measure binds the state (it does not bind states outside the United Nations).
    """

    measure: Measure
    standing: Standing
    roles: Mapping[str, str]
    ties: tuple[str, ...]
    lacks: tuple[str, ...]
    exempt: tuple[Exemption, ...]
    bound: bool

    def role(self, option: str) -> str | None:
        """What it is to an option, or None."""
        return self.roles.get(option)

    @property
    def works(self) -> bool:
        """Shown, and not excepted."""
        return not self.lacks and not self.exempt

    @property
    def sure(self) -> bool:
        """In force beyond dispute, or on the position the desk works with."""
        return self.standing.counts == "yes"


def shown(question: Question) -> str:
    """The showing that counts: grounds that may concern a delegation alone are no more than its itinerary."""
    if credible(question) or SHOWINGS.index(question.showing) < SHOWINGS.index("good-cause"):
        return question.showing
    return "itinerary"


def credible(question: Question) -> bool:
    """Whether what is shown stands although a delegation travels."""
    return "diplomatic" not in question.circumstances or question.grounds_apart or question.showing == "found"


def fits(question: Question, rules: Rules) -> tuple[Fit, ...]:
    """Every measure that touches the flight on that day, by id."""
    alive = rules.alive(question.state, question.on, question.position)
    bans = [one for one in alive if one.measure.kind in _BANS and one.measure.binding == "mandatory"]
    sure = [one.measure for one in bans if one.standing.counts == "yes"]
    every = [one.measure for one in bans]
    found = (_fit(question, one, sure if one.standing.counts == "yes" else every) for one in alive)
    return tuple(one for one in found if one is not None)


def _fit(question: Question, alive: Alive, bans: Sequence[Measure]) -> Fit | None:
    measure = alive.measure
    if question.over in NOWHERE and not any(c.key == "over" for c in measure.when):
        return None  # acts of the Council and of governments speak of the states' own territory
    ties = _ties(question, measure)
    if measure.links and not ties:
        return None
    if measure.targets and question.state in measure.targets:
        return None
    if measure.carriers and not _carried(question, measure):
        return None
    lacks: list[str] = []
    for condition in measure.when:
        value = _fact(question, condition.key)
        if condition.key == "carries" and value == {"unknown"} and "unknown" not in condition.values:
            lacks.append(f"that the flight carries {' or '.join(sorted(condition.values))} only")
        elif not value & condition.values:
            return None
    cargo = _cargo(question, measure, bans)
    if cargo is False:
        return None
    if cargo is None:
        lacks.append(
            f"that {label(question.what)} are of a class it covers"
            if question.what != "unknown"
            else "what the cargo is"
        )
    if need := _trigger(question, measure):
        lacks.append(need)
    holding = question.all_circumstances
    exempt = tuple(e for e in measure.exemptions if e.code in holding and _fitting(question, e))
    return Fit(measure, alive.standing, alive.roles, ties, tuple(lacks), exempt, alive.bound)


def _fitting(question: Question, exemption: Exemption) -> bool:
    """An exception for notice of small arms is not one for missiles."""
    return exemption.code != "notified" or question.what in ("small-arms", "arms", "unknown")


def _ties(question: Question, measure: Measure) -> tuple[str, ...]:
    found = []
    for target in measure.targets:
        who = name(target)
        named = any(d.of_un and d.target == target for d in question.designations)
        for link, holds, text in (
            ("from", target in question.origins, f"comes from {who}"),
            ("to", target in question.destinations, f"goes to {who}"),
            ("flag", target == question.flag, f"is registered in {who}"),
            ("operator", target == question.operator_state, f"is flown by an operator of {who}"),
            ("broker", target in question.brokers, f"is brokered from {who}"),
            ("designated", named, "concerns somebody on a list of the United Nations"),
            ("within", target == question.state, f"is in {who}"),
        ):
            if holds and link in measure.links:
                found.append(text)
    return tuple(dict.fromkeys(found))


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in folded if c.isalnum())


def _carried(question: Question, measure: Measure) -> bool:
    names = {_plain(text) for text in question.operator}
    return bool(names & {_plain(text) for text in measure.carriers})


def _fact(question: Question, key: str) -> frozenset[str]:
    facts = {
        "flight": question.kind,
        "over": question.over,
        "phase": question.phase,
        "permit": question.permit,
        "carries": question.carries,
        "landing": "yes" if question.landing else "no",
        "grounded": "yes" if question.grounded else "no",
        "unauthorised": "yes" if question.unauthorised else "no",
        "flag": "own" if question.flag == question.state else "other",
        "state": question.state,
    }
    if key == "circumstance":
        return question.all_circumstances
    value = facts[key]
    return frozenset({value if key in ("state", "carries") else value.replace(" ", "-")})


def _cargo(question: Question, measure: Measure, bans: Sequence[Measure]) -> bool | None:
    """Whether the cargo is one the measure is about; None when it may be."""
    if not measure.cargo:
        return True
    if "prohibited" not in measure.cargo:
        if question.what == "unknown" and "*" not in measure.cargo:
            return False
        return covers(measure.cargo, question.what)
    if question.what == "unknown":
        # Reasonable grounds are grounds that the cargo is prohibited, whatever it is.
        enough = SHOWINGS.index(shown(question)) >= SHOWINGS.index("reasonable-grounds")
        return True if enough else None
    verdicts = [
        covers(ban.cargo, question.what)
        for ban in bans
        if set(ban.targets) & set(measure.targets)
        and _ties(question, ban)
        and not any(e.code in question.all_circumstances and _fitting(question, e) for e in ban.exemptions)
    ]
    if True in verdicts:
        return True
    if None in verdicts:
        return None
    return False if question.what in _BENIGN or verdicts else None


def _trigger(question: Question, measure: Measure) -> str:
    """What the trigger still needs; empty when it is met."""
    trigger, have = measure.trigger, shown(question)
    if trigger in ("none", "link", "items"):
        return ""
    if trigger in _LEAST:
        least = _LEAST[trigger]
        return "" if SHOWINGS.index(have) >= SHOWINGS.index(least) else label(least, "showing")
    if trigger == "designated":
        listed = any(d.of_un and d.target in measure.targets for d in question.designations)
        return "" if listed else "a designation by the competent Committee"
    if trigger == "found":
        return "" if have == "found" else label("found", "showing")
    if trigger == "activated":
        return "a further decision that activates it"
    return "the state's own determination"
