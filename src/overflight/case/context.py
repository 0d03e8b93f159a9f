"""What bears on a flight beside its geography: the law of the day, meetings, and who is on a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from overflight import law
from overflight.case.model import Counsel, Passage
from overflight.law import Designation, Rules
from overflight.meetings import Beside, beside
from overflight.screening.designation import designations
from overflight.screening.lists import Library
from overflight.screening.match import Screening
from overflight.screening.query import of_flight
from overflight.screening.screener import NoListsError, screener
from overflight.world.airspace import Airspace
from overflight.world.flight import Flight, Leg
from overflight.world.states import name, state

__all__ = ["Context", "counsel", "gather"]


@dataclass(frozen=True)
class Context:
    """Rules, meetings and matches for one flight.

    Attributes
    ----------
    rules : Rules
        The shipped rows of law with the desk's own.
    beside : Beside
        Meetings on and near its days.
    screening : Screening or None
        Operator and aircraft against the lists as of its day; None where no list has been imported.
    position : str
        Whose position on contested measures the desk works with; empty: nobody's.
    """

    rules: Rules
    beside: Beside
    screening: Screening | None
    position: str = ""

    @property
    def designations(self) -> tuple[Designation, ...]:
        """The matches that count as a finding, as the law asks about them."""
        return designations(self.screening.matches if self.screening else ())


def gather(flight: Flight, home: Path | None = None, position: str = "") -> Context:
    """Read the rows, calendars and lists of a desk for one flight.

    Parameters
    ----------
    flight : Flight
    home : Path, optional
        The desk's folder; None for the shipped rows alone.
    position : str
        Whose position on contested measures to work with.

    Raises
    ------
    InputError
        A row, a calendar or a list of the desk is broken, or `position` names no state.
    """
    screening = None
    if home is not None:
        try:
            screening = screener(Library(home), flight.day).screen(of_flight(flight))
        except NoListsError:
            screening = None
    return Context(
        rules=law.shipped() if home is None else law.load(home),
        beside=beside(flight, home=home),
        screening=screening,
        position=state(position) if position else "",
    )


def counsel(
    flight: Flight,
    leg: Leg,
    passages: Sequence[Passage],
    likely: Iterable[str],
    airspace: Airspace,
    context: Context,
) -> tuple[Counsel, ...]:
    """Ask the law for every state under a leg, in order of flight, then for those off the line.

    A state is asked once: about its land where the great circle is over it, and as of the day of the first
    entry.
    """
    entered: dict[str, list[Passage]] = {}
    for passage in passages:
        if passage.crossing.state is not None:
            entered.setdefault(passage.crossing.state, []).append(passage)
    out: list[Counsel] = []
    for code in (*entered, *likely):
        there = entered.get(code, [])
        waters = [
            law.over_of(p.crossing.over, law.regimes_in(p.crossing.remarks, airspace.regimes)) for p in there
        ]
        over = "land" if not waters or "land" in waters else waters[0]
        elsewhere = [water for water in dict.fromkeys(waters) if water != over]
        question = law.question_for(
            flight,
            leg,
            code,
            over,
            elsewhere=elsewhere,
            on=there[0].times.entry[0].date() if there else None,
            designations=context.designations,
            position=context.position,
        )
        out.append(Counsel(code, name(code), bool(there), over, law.advice(question, context.rules)))
    return tuple(out)
