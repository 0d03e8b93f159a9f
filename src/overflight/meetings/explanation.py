"""The innocent-explanation test: would this meeting explain this leg?

Each fact contributes points by itself and says on what ground; what is not known says so and contributes
nothing. The result informs. It never clears the cargo: delegates and goods can be on board together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from overflight.errors import InputError
from overflight.meetings.features import Contribution, Known, contributions, weights
from overflight.meetings.model import Meeting
from overflight.world.flight import Flight, Leg

__all__ = ["BANDS", "CAUTION", "Score", "explanation", "explanations"]

CAUTION = "A meeting informs and never clears the cargo: delegates and goods can be on board together."
#: ``none``: place or days do not match, whatever the rest says.
BANDS = ("plausible", "possible", "weak", "none")


@dataclass(frozen=True, slots=True)
class Score:
    """Whether a meeting explains a leg.

    Attributes
    ----------
    meeting : Meeting
    leg : int
        Number of the leg.
    direction : str
        ``to`` the meeting or ``from`` it.
    band : str
        One of `BANDS`.
    total : float
    contributions : tuple of Contribution
        Every feature, also those that are unknown.
    unknown : tuple of str
        Features to ask about.
    notes : tuple of str
        What weakens the answer: days that are not verified, or not exact.
    caution : str
        Always `CAUTION`.
    """

    meeting: Meeting
    leg: int
    direction: str
    band: str
    total: float
    contributions: tuple[Contribution, ...]
    unknown: tuple[str, ...]
    notes: tuple[str, ...]
    caution: str = CAUTION


def explanation(flight: Flight, leg: Leg | int, meeting: Meeting, known: Known | None = None) -> Score:
    """Whether a meeting explains a leg innocently.

    Parameters
    ----------
    flight : Flight
    leg : Leg or int
        One of its legs, or its number.
    meeting : Meeting
    known : Known, optional
        Facts beyond the flight.

    Returns
    -------
    Score
        For the direction, to the meeting or from it, that fits better.

    Raises
    ------
    InputError
        The flight has no such leg.
    """
    one = _leg(flight, leg)
    facts = known or Known()
    scores = [_score(flight, one, meeting, facts, direction) for direction in ("to", "from")]
    return min(scores, key=_rank)


def explanations(
    flight: Flight, meetings: Iterable[Meeting], known: Known | None = None, *, all_places: bool = False
) -> tuple[Score, ...]:
    """The best score of each meeting over the legs of a flight, best first.

    Meetings in other states than those where a leg begins or ends are left out, unless `all_places`.
    """
    found = []
    for meeting in meetings:
        best = min((explanation(flight, leg, meeting, known) for leg in flight.legs), key=_rank)
        if all_places or best.contributions[0].outcome not in ("elsewhere",):
            found.append(best)
    return tuple(sorted(found, key=_rank))


def _rank(score: Score) -> tuple[int, float, float, str, int]:
    place = score.contributions[0].points
    return BANDS.index(score.band), -place, -score.total, score.meeting.id, score.leg


def _leg(flight: Flight, leg: Leg | int) -> Leg:
    for one in flight.legs:
        if one == leg or one.number == leg:
            return one
    raise InputError(f"the flight {flight.id} has no leg {leg}", mend=f"it has {len(flight.legs)}")


def _score(flight: Flight, leg: Leg, meeting: Meeting, known: Known, direction: str) -> Score:
    found = contributions(flight, leg, meeting, known, direction)
    place, dates = found[:2]
    total = sum(one.points for one in found)
    matches = place.outcome in ("aerodrome", "city", "state") and dates.outcome in ("fits", "could", "during")
    band = "none"
    if matches:
        band = next(name for name in BANDS if total >= weights()["band", name])
    notes = []
    if not meeting.event_verified:
        notes.append(
            "the meeting is not verified" if not meeting.calendar else f"from {meeting.series}, not checked"
        )
    elif not meeting.days_verified:
        notes.append("the days of the meeting are not verified")
    if not meeting.exact:
        notes.append("the days are a rule of thumb")
    if meeting.note:
        notes.append(meeting.note)
    return Score(
        meeting,
        leg.number,
        direction,
        band,
        total,
        found,
        tuple(one.feature for one in found if one.outcome == "unknown"),
        tuple(notes),
    )
