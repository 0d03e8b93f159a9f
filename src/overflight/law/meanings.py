"""What an option means in plain words for one flight: nothing that cannot be done there and then.

Each table narrows the one before it: by phase, for a flight that starts or lands in the state, for a state
aircraft, for an aircraft in distress, for the state's own aircraft where no state is sovereign.
"""

from __future__ import annotations

from overflight.law.fitting import NOWHERE
from overflight.law.question import Question

__all__ = ["meaning"]

_REFUSE, _INSPECT, _LAND = "refuse-overflight", "require-landing-and-inspect", "require-landing"
_DENY, _SCRUTINY, _ALLOW = "deny-landing", "allow-with-scrutiny", "allow"

_PASSING = {
    "before departure": {
        _REFUSE: "refuse, or withdraw, permission to overfly",
        _INSPECT: "let it enter only on condition that it lands, and inspect it there",
        _LAND: "let it enter only on condition that it lands",
        _DENY: "refuse, or withdraw, permission to land",
        _SCRUTINY: "ask for documents, load and crew lists; hold it to its route",
        _ALLOW: "let it pass",
    },
    "in flight": {
        _REFUSE: "have the flight kept out: tell it not to enter, or to leave",
        _INSPECT: "have it land at a named airport, and inspect it there",
        _LAND: "have it land at a named airport",
        _DENY: "refuse permission to land",
        _SCRUTINY: "let it pass, and hold it to its route",
        _ALLOW: "let it pass",
    },
    "on the ground": {
        _REFUSE: "refuse take-off and onward flight",
        _INSPECT: "inspect it before it leaves",
        _SCRUTINY: "look at its documents, and let it leave",
        _ALLOW: "let it leave",
    },
}
_STARTING = {
    _REFUSE: "refuse take-off",
    _INSPECT: "inspect it on the ground before take-off",
    _SCRUTINY: "ask for documents, load and crew lists before take-off, and let it leave",
    _ALLOW: "let it leave",
}
_LANDING = {
    "before departure": {
        _INSPECT: "let it land only to be inspected, and inspect it on arrival",
        _SCRUTINY: "ask for documents, load and crew lists, and let it land",
        _ALLOW: "let it land",
    },
    "in flight": {
        _INSPECT: "let it land, at an airport named to it, and inspect it on arrival",
        _SCRUTINY: "let it land, and look at its documents",
        _ALLOW: "let it land",
    },
}
_STATE_AIRCRAFT = {
    "before departure": {
        _REFUSE: "refuse, or withdraw, the clearance",
        _INSPECT: "give the clearance only on the terms that it lands and is inspected",
        _LAND: "give the clearance only on the terms that it lands",
    },
    "in flight": {
        _INSPECT: "have it land where its clearance says so; inspect it only if the clearance or its "
        "commander allows it",
        _LAND: "have it land where its clearance says so",
    },
    "on the ground": {
        _REFUSE: "refuse the clearance for its onward flight; it may go back",
        _INSPECT: "inspect it only if its clearance or its commander allows it",
    },
}
_DISTRESS = {
    _INSPECT: "let it land where it can, and inspect it when it is safe on the ground",
    _LAND: "let it land where it can",
    _SCRUTINY: "let it land where it can, and look at its documents there",
    _ALLOW: "let it land where it can, and go on",
}
_OWN_FLAG = {
    _REFUSE: "forbid its own aircraft the flight, or call it back",
    _INSPECT: "order its own aircraft to land, and have it inspected there",
    _LAND: "order its own aircraft to land",
    _DENY: "refuse its own aircraft permission to land",
    _SCRUTINY: "ask its own operator for documents, load and crew lists",
    _ALLOW: "let it fly on",
}


def meaning(question: Question, option: str) -> str:
    """What an option comes to for this flight at this place and time.

    Parameters
    ----------
    question : Question
    option : str
        One that is offered: an aircraft on the ground is not told to land.
    """
    phase = question.phase
    tables = [_PASSING[phase]]
    if question.grounded and phase != "on the ground":
        tables.append(_STARTING)
    elif question.landing:
        tables.append(_LANDING.get(phase, {}))
    if question.kind == "state":
        tables.append(_STATE_AIRCRAFT["on the ground" if question.grounded else phase])
    if "emergency" in question.circumstances and not question.grounded:
        tables.append(_DISTRESS)
    if question.over in NOWHERE and question.flag == question.state:
        tables.append(_OWN_FLAG)
    said = next(table[option] for table in reversed(tables) if option in table)
    if option == _DENY and not question.landing:
        return f"should it ask to land: {said}"
    return said
