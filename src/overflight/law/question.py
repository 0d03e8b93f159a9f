"""The question put to the law: one flight, one state, one day, and what is known and not known of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from overflight.errors import InputError
from overflight.law.measure import Day
from overflight.law.words import (
    CATEGORIES,
    CIRCUMSTANCES,
    FLIGHT_KINDS,
    LOADS,
    OVER,
    PERMITS,
    PHASES,
    SHOWINGS,
    category_of,
)
from overflight.world.airspace import Regime
from overflight.world.flight import Flight, Leg
from overflight.world.identity import state_of_registration
from overflight.world.operators import operator as find_operator
from overflight.world.states import details

__all__ = ["Designation", "Question", "over_of", "question_for", "regimes_in"]


@dataclass(frozen=True, slots=True)
class Designation:
    """Somebody or something about the flight that stands on a list.

    Attributes
    ----------
    list : str
        The publisher's list, such as ``UN`` or ``OFAC``; only those of the UN can meet a measure of the
        Council, every other one is a concern.
    subject : str
        ``operator``, ``aircraft``, ``owner`` or ``consignee``.
    name : str
        As listed.
    target : str
        Alpha-3 of the state that the listing is about; where none is known it meets no state's measures.
    grounds : str
        The publisher's reason.
    """

    list: str
    subject: str
    name: str = ""
    target: str = ""
    grounds: str = ""

    @property
    def of_un(self) -> bool:
        """Whether the list is one of the United Nations."""
        return re.match(r"(UN|UNSC|UNSCR|United Nations)\b", self.list, re.I) is not None


@dataclass(frozen=True, slots=True)
class Question:
    """What may, must or is one state asked to do about one flight, on one day, on what showing?

    Attributes
    ----------
    state : str
        Alpha-3 of the state that is asked.
    on : date or datetime
        The day (whole, in UTC) or the instant.
    kind : str
        ``civil scheduled``, ``civil non-scheduled`` or ``state``: by use, not by register.
    cargo : str
        Its wording, as declared or alleged.
    category : str
        One of `CATEGORIES`; empty: told from the wording.
    showing : str
        What the state has to go on, one of `SHOWINGS`.
    grounds_apart : bool
        Whether the grounds concern the cargo apart from a delegation that travels too.
    origins, destinations : tuple of str
        States where the whole flight has been before, and where it goes after, this state.
    flag : str or None
        State of registry.
    operator : tuple of str
        Designator and names under which the operator is known.
    operator_state : str or None
    brokers : tuple of str
        States of brokers of the cargo.
    designations : tuple of Designation
    over : str
        ``land``, ``territorial sea``, ``strait``, ``archipelagic lane``, ``caspian`` or ``high seas``.
    phase : str
        ``before departure``, ``in flight`` or ``on the ground``.
    landing : bool
        Whether the flight means to land in the state, or starts there.
    departing : bool
        Whether it starts there: it is told to stay, not to land.
    elsewhere : tuple of str
        Other places of the state that it crosses besides `over`, in the same words: they give remarks.
    unauthorised : bool
        Whether it is in the airspace without authority.
    permit : str
        Whether the state's law asks for a permit: ``required``, ``not required`` or ``unknown``.
    carries : str
        ``cargo``, ``passengers``, ``mixed`` or ``unknown``.
    circumstances : frozenset of str
        Of `CIRCUMSTANCES`: emergency, diplomatic, humanitarian, approvals …
    position : str
        Alpha-3 of the state whose position on contested measures the desk works with; empty for none.
    assumed : tuple of str
        What was taken for granted in filling the question; shown with the answer.
    """

    state: str
    on: Day
    kind: str = "civil non-scheduled"
    cargo: str = ""
    category: str = ""
    showing: str = "none"
    grounds_apart: bool = False
    origins: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    flag: str | None = None
    operator: tuple[str, ...] = ()
    operator_state: str | None = None
    brokers: tuple[str, ...] = ()
    designations: tuple[Designation, ...] = ()
    over: str = "land"
    phase: str = "before departure"
    landing: bool = False
    departing: bool = False
    elsewhere: tuple[str, ...] = ()
    unauthorised: bool = False
    permit: str = "unknown"
    carries: str = "unknown"
    circumstances: frozenset[str] = field(default_factory=frozenset)
    position: str = ""
    assumed: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name, known in (
            ("kind", FLIGHT_KINDS),
            ("showing", SHOWINGS),
            ("over", OVER),
            ("phase", PHASES),
            ("permit", PERMITS),
            ("carries", LOADS),
            ("category", ("", *CATEGORIES)),
        ):
            if (value := getattr(self, name)) not in known:
                raise InputError(
                    f"{value!r} is not known",
                    where=name,
                    mend=f"give one of {', '.join(k for k in known if k)}",
                )
        if wrong := [place for place in self.elsewhere if place not in OVER]:
            raise InputError(
                f"{wrong[0]!r} is not known", where="elsewhere", mend=f"give one of {', '.join(OVER)}"
            )
        if unknown := sorted(set(self.circumstances) - set(CIRCUMSTANCES)):
            raise InputError(
                f"{unknown[0]!r} is not known",
                where="circumstances",
                mend=f"known are {', '.join(CIRCUMSTANCES)}",
            )
        codes = (self.state, self.flag, self.operator_state, self.position)
        for code in (*codes, *self.origins, *self.destinations, *self.brokers):
            if code:
                details(code)
        if not isinstance(self.on, date):
            raise InputError("is neither a day nor an instant", where="on")

    @property
    def what(self) -> str:
        """The category of the cargo: as given, else as the wording tells."""
        return self.category or category_of(self.cargo)

    @property
    def grounded(self) -> bool:
        """Whether the aircraft stands in the state when the option is taken: landed, or not yet started."""
        return self.phase == "on the ground" or (self.departing and self.phase == "before departure")

    @property
    def day(self) -> date:
        return self.on.date() if isinstance(self.on, datetime) else self.on

    @property
    def all_circumstances(self) -> frozenset[str]:
        """The circumstances with those that follow from kind and load."""
        more = {"state-aircraft"} if self.kind == "state" else set()
        if self.carries in ("mixed", "passengers"):
            more.add("mixed-load")
        return self.circumstances | more


def over_of(over: str, regimes: Iterable[str] = ()) -> str:
    """Where a crossing lies in law, from its ``over`` and the kinds of the waters it touches.

    Parameters
    ----------
    over : str
        As in a crossing: ``land``, ``territorial sea`` or ``high seas``.
    regimes : iterable of str
        Kinds of the waters entered, as `overflight.world.airspace.Regime` has them.

    >>> over_of("territorial sea", ["transit passage"]), over_of("high seas", ["inland sea"])
    ('strait', 'caspian')
    """
    kinds = set(regimes)
    if over == "high seas":
        return "caspian" if "inland sea" in kinds else "high seas"
    if over == "territorial sea" and "transit passage" in kinds:
        return "strait"
    if over == "territorial sea" and "archipelagic sea lane" in kinds:
        return "archipelagic lane"
    return over


def regimes_in(remarks: Iterable[str], regimes: Iterable[Regime]) -> tuple[str, ...]:
    """The kinds of the waters that a crossing's remarks name.

    Parameters
    ----------
    remarks : iterable of str
        As a crossing carries them: ``NAME: what holds there``.
    regimes : iterable of Regime
        Those of the airspace.
    """
    told = tuple(remarks)
    return tuple(
        dict.fromkeys(r.kind for r in regimes if any(text.startswith(f"{r.name}:") for text in told))
    )


def question_for(
    flight: Flight,
    leg: Leg | int | None,
    state: str,
    over: str = "land",
    *,
    on: Day | None = None,
    showing: str | None = None,
    category: str = "",
    grounds_apart: bool = False,
    phase: str = "before departure",
    permit: str = "unknown",
    carries: str = "unknown",
    unauthorised: bool = False,
    circumstances: Iterable[str] = (),
    designations: Iterable[Designation] = (),
    flag: str | None = None,
    position: str = "",
    elsewhere: Iterable[str] = (),
) -> Question:
    """The question about one state under one leg of a flight.

    Parameters
    ----------
    flight : Flight
    leg : Leg, int or None
        The leg that enters the state, or its number; None asks about the flight as a whole.
    state : str
        Alpha-3.
    over : str
        See `over_of`.
    on : date or datetime, optional
        Default: the day on which the leg may depart.
    showing : str, optional
        What the state has to go on. Default: ``reasonable-grounds`` when the flight file states a concern,
        else ``itinerary``; the answer says that it was assumed.
    elsewhere : iterable of str
        Where else over the state the leg passes, beside `over`.

    Raises
    ------
    InputError
        A word that no list has, or a leg that the flight has not.
    """
    assumed = []
    if isinstance(leg, int):
        try:
            leg = next(one for one in flight.legs if one.number == leg)
        except StopIteration:
            raise InputError(f"the flight has no leg {leg}", where="leg") from None
    stops = [flight.legs[0].origin.state, *(one.destination.state for one in flight.legs)]
    if leg is None:
        before, after, here = stops[:-1], stops[1:], stops
        when = flight.legs[0]
    else:
        at = flight.legs.index(leg)
        before, after = stops[: at + 1], stops[at + 1 :]
        here, when = [leg.origin.state, leg.destination.state], leg
    if showing is None:
        showing = "reasonable-grounds" if flight.concern else "itinerary"
        assumed.append(
            f"the file states a concern ({flight.concern}): taken as reasonable grounds"
            if flight.concern
            else "the file states no concern: taken as the itinerary alone"
        )
    day = on if on is not None else when.departs.day
    looked = day.date() if isinstance(day, datetime) else day
    who = find_operator(flight.operator, looked)
    names = dict.fromkeys(n for n in (flight.operator, who.designator, who.name) if n)
    if flag is None and flight.aircraft.registration:
        try:
            flag = state_of_registration(flight.aircraft.registration, looked).state
        except InputError:
            assumed.append(f"no register is known for {flight.aircraft.registration}: flag unknown")
    if flag is None and who.state:
        flag = who.state
        assumed.append(f"flag taken from the operator: {flag}")
    if not category:
        category = _category(flight)
    if permit == "unknown":
        assumed.append("whether the state's law asks for a permit is not known: taken as asked, as most do")
    return Question(
        state=state,
        on=day,
        kind=flight.kind,
        cargo="; ".join(text for text in (flight.cargo, flight.concern) if text),
        category=category,
        showing=showing,
        grounds_apart=grounds_apart,
        origins=tuple(dict.fromkeys(before)),
        destinations=tuple(dict.fromkeys(after)),
        flag=flag,
        operator=tuple(names),
        operator_state=who.state,
        designations=tuple(designations),
        over=over,
        phase=phase,
        landing=state in here,
        departing=when.origin.state == state,
        elsewhere=tuple(elsewhere),
        unauthorised=unauthorised,
        permit=permit,
        carries=carries,
        circumstances=frozenset(circumstances),
        position=position,
        assumed=tuple(assumed),
    )


def _category(flight: Flight) -> str:
    """The tip names the category before the declaration does."""
    found = category_of(flight.concern)
    return found if found != "unknown" else category_of(flight.cargo)
