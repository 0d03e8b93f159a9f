"""What the law says to an application: the options of the state that decides, or the weightiest ones."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from overflight.law import OPTIONS, Advice, Option, Rules, question_for
from overflight.permit import Application
from overflight.screening.designation import designations
from overflight.screening.match import Match
from overflight.screening.triage.narrow import Narrow
from overflight.screening.triage.under import Under, Way
from overflight.world.flight import Flight

__all__ = ["Advised", "Counsel", "Lawyer"]

_ASKED = ("mandatory", "recommended", "requested", "political", None)
#: What a filed plan says of flights that nobody means to block (field 18, STS/).
_SPECIAL = {"HEAD": "diplomatic", "HUM": "humanitarian", "HOSP": "humanitarian", "MEDEVAC": "humanitarian"}


@dataclass(frozen=True, slots=True)
class Advised:
    """The advice for one state.

    Attributes
    ----------
    state : str
    leg : int
        Number of the leg that was asked about.
    under : Under or None
        How the state lies under that leg; None when its great circle misses the state.
    advice : Advice
    target : bool
        Whether the state is itself the target of measures in force.
    """

    state: str
    leg: int
    under: Under | None
    advice: Advice
    target: bool

    @property
    def best(self) -> Option | None:
        return self.advice.best

    @property
    def weight(self) -> tuple[bool, bool, int, int]:
        """Weightiest first: must, what asks, and how far the option that fits best goes."""
        best = self.best
        if best is None:
            return self.target, True, len(_ASKED), len(OPTIONS)
        return self.target, best.duty != "must", _ASKED.index(best.asked), OPTIONS.index(best.option)


@dataclass(frozen=True, slots=True)
class Counsel:
    """The weightiest advice, the rest of the states asked, and what was taken for granted."""

    first: Advised
    others: tuple[Advised, ...]
    assumed: tuple[str, ...]

    def document(self) -> dict[str, Any]:
        """As JSON: the best option of the first state in full, of the others its name."""
        one, best = self.first, self.first.best
        return {
            "state": one.state,
            "leg": one.leg,
            "on": one.advice.question.day.isoformat(),
            "over": one.under.over if one.under else None,
            "under": one.under is not None,
            **(best.to_json() if best else {"option": None, "duty": None, "measures": []}),
            "options": [{"option": o.option, "duty": o.duty, "asked": o.asked} for o in one.advice.options],
            "contested": [c.to_json() for c in one.advice.contested],
            "cautions": list(one.advice.cautions),
            "assumed": list(self.assumed),
            "other_states": [
                {
                    "state": other.state,
                    "option": other.best.option if other.best else None,
                    "duty": other.best.duty if other.best else None,
                    "asked": other.best.asked if other.best else None,
                }
                for other in self.others
            ],
        }


class Lawyer:
    """Asks the law about applications.

    Parameters
    ----------
    rules : Rules
    state : str
        Alpha-3 of the state that decides; empty: every state under the route is asked.
    position : str
        Whose position on contested measures to work with; empty for none.
    """

    def __init__(self, rules: Rules, state: str = "", position: str = "") -> None:
        self._rules, self._state, self._position = rules, state, position
        self._narrow = Narrow(rules)
        self._targets: dict[tuple[str, date], bool] = {}

    def counsel(
        self, application: Application, flight: Flight, ways: Sequence[Way], matches: Iterable[Match]
    ) -> Counsel | None:
        """Advice for one application; None where no state is under the route.

        Parameters
        ----------
        application, flight
            The same flight twice.
        ways : sequence of Way
            Of its legs.
        matches : iterable of Match
            Those that are findings count as designations.
        """
        assumed, facts = _facts(application)
        facts["designations"] = designations(matches)
        places: dict[str, tuple[int, Under | None]] = {}
        for number, way in enumerate(ways):
            for one in way.states:
                places.setdefault(one.state, (number, one))
        if self._state:
            if self._state not in places:
                assumed.append(f"the great circle does not pass {self._state}: taken as over its land")
            places = {self._state: places.get(self._state, (0, None))}
        found = []
        for code, (at, under) in places.items():
            leg = flight.legs[at]
            over = under.over if under else "land"
            question = question_for(flight, leg, code, over, position=self._position, **facts)
            found.append(
                Advised(code, leg.number, under, self._narrow.ask(question), self._target(code, question.day))
            )
        if not found:
            return None
        first = min(found, key=lambda one: one.weight)
        others = tuple(one for one in found if one is not first)
        return Counsel(first, others, tuple(assumed))

    def _target(self, state: str, on: date) -> bool:
        key = state, self._narrow.first_day_like(on)
        if key not in self._targets:
            self._targets[key] = any(
                state in one.measure.targets for one in self._rules.alive(*key, self._position)
            )
        return self._targets[key]


def _facts(application: Application) -> tuple[list[str], dict[str, Any]]:
    """What an application says of itself in the words of the law, and what was made of it."""
    assumed: list[str] = []
    showing = "itinerary"
    if application.munitions:
        showing = "reasonable-grounds"
        assumed.append("munitions of war are declared: taken as reasonable grounds of the state's own")
    else:
        assumed.append("nothing but the application is known: taken as the itinerary alone")
    special = application.plan.message.special if application.plan else ()
    circumstances = {_SPECIAL[word]: word for word in special if word in _SPECIAL}
    for circumstance, word in circumstances.items():
        assumed.append(f"{circumstance}, as the plan states (STS/{word}); not checked")
    if application.vip and application.flight_kind == "state":
        circumstances["diplomatic"] = ""
        assumed.append("diplomatic, as the application states a state flight with VIPs; not checked")
    carries = "unknown"
    if application.passengers is not None and application.cargo_t is not None:
        people, goods = application.passengers > 0, application.cargo_t > 0
        carries = "mixed" if people and goods else "passengers" if people else "cargo" if goods else "unknown"
    return assumed, {
        "showing": showing,
        "carries": carries,
        "circumstances": tuple(circumstances),
        "flag": application.register_state if not application.registrations else None,
    }
