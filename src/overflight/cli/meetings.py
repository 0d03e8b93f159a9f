"""``overflight meetings``."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from overflight.cli.common import AsJson, console, write_json
from overflight.errors import InputError

if TYPE_CHECKING:
    from overflight.meetings import Coincidence, Meeting, Score

__all__ = ["register"]

_HELP = """Public meetings on or near some days: a summit, a conference, a national day.

With --flight each of them is held against the flight's legs: would it explain them innocently? Place, dates,
delegation, aircraft, declared purpose: every contribution is shown. A meeting informs; it never clears the
cargo. Calendars (iCalendar files) in the folder meetings of the desk are read as well.

Example: overflight meetings --on 2008-07-25..2008-08-08 --place Iran
"""
_LONGEST_DAYS = 366


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("meetings", help=_HELP)(_meetings)


def _days(text: str) -> tuple[date, date]:
    first, dots, last = text.strip().partition("..")
    try:
        days = date.fromisoformat(first.strip()), date.fromisoformat((last if dots else first).strip())
    except ValueError:
        raise InputError(
            f"{text!r} is neither a day nor two of them", where="--on", mend="write 2008-08-07..2008-08-09"
        ) from None
    if days[1] < days[0]:
        raise InputError(f"{text!r} ends before it begins", where="--on", mend="write FIRST..LAST")
    if (days[1] - days[0]).days > _LONGEST_DAYS:
        raise InputError(
            f"spans more than {_LONGEST_DAYS} days", where="--on", mend="ask for a year at a time"
        )
    if days[0].year < 1900 or days[1].year > 2200:
        raise InputError(f"{text!r} is not between 1900 and 2200", where="--on", mend="check the year")
    return days


def _meetings(
    on: Annotated[
        str | None, typer.Option("--on", metavar="DATE[..DATE]", help="The days; default: those of --flight.")
    ] = None,
    place: Annotated[
        list[str] | None,
        typer.Option("--place", metavar="S", help="A state, a city or an aerodrome; may be repeated."),
    ] = None,
    flight: Annotated[
        str | None,
        typer.Option("--flight", metavar="FLIGHT.toml", help="Score each meeting as an explanation of it."),
    ] = None,
    calendar: Annotated[
        list[str] | None,
        typer.Option("--calendar", metavar="F.ics", help="Read this calendar too; may be repeated."),
    ] = None,
    near: Annotated[
        int, typer.Option("--near", metavar="DAYS", help="Also show meetings this many days off.")
    ] = 14,
    as_json: AsJson = False,
) -> None:
    from overflight import settings
    from overflight.meetings import CAUTION, Place, coincident, days_of, explanations, gather, place_of
    from overflight.meetings.document import coincidence_json, explanation_json

    if on is None and flight is None:
        raise InputError("no days are given", where="--on", mend="give --on DATE or --flight FLIGHT.toml")
    if not 0 <= near <= _LONGEST_DAYS:
        raise InputError(f"is {near}", where="--near", mend=f"give days from 0 to {_LONGEST_DAYS}")
    planned = None
    if flight is not None:
        from overflight.world.flight_file import read_flight

        planned = read_flight(flight)
    if on is not None:
        first, last = _days(on)
    else:
        assert planned is not None
        first, last = days_of(planned)
    off = timedelta(days=max(near, 2))
    held = gather(first - off, last + off, calendars=calendar or (), home=settings.load().home)
    places = []
    for text in place or ():
        try:
            places.append(place_of(text, held))
        except InputError as error:
            raise InputError(error.what, where="--place", mend=error.mend) from None
    if planned is not None and not places:
        states = dict.fromkeys(stop.state for leg in planned.legs for stop in (leg.origin, leg.destination))
        places = [Place(state=state) for state in states if state]
    found = coincident(first, last, places=places, meetings=held, near_days=near)
    scores = explanations(planned, [one.meeting for one in found]) if planned is not None else ()
    if as_json:
        write_json(
            {
                "on": [first.isoformat(), last.isoformat()],
                "places": [one.city or one.state for one in places],
                "meetings": [coincidence_json(one) for one in found if one.fits],
                "near": [coincidence_json(one) for one in found if not one.fits],
                "explanations": [explanation_json(one) for one in scores],
                "caution": CAUTION,
            }
        )
        return
    _show(first, last, found, scores)


def _show(first: date, last: date, found: tuple[Coincidence, ...], scores: tuple[Score, ...]) -> None:
    from rich.table import Table

    from overflight.meetings import CAUTION
    from overflight.world.states import name

    out = console()
    days = first.isoformat() if first == last else f"{first.isoformat()} to {last.isoformat()}"
    fitting = [one for one in found if one.fits]
    if not fitting:
        out.print(f"No meeting is known on {days}.")
    for title, some in ((f"On {days}", fitting), ("Near these days", [o for o in found if not o.fits])):
        if not some:
            continue
        out.print(f"[bold]{title}[/]")
        table = Table(box=None, pad_edge=False, header_style="dim")
        for column in ("meeting", "place", "days", "", "remarks"):
            table.add_column(column, overflow="fold", style="dim" if column == "remarks" else None)
        for one in some:
            meeting = one.meeting
            state = name(meeting.place.state) if meeting.place.state else ""
            table.add_row(
                meeting.name,
                ", ".join(part for part in (meeting.place.city, state) if part) or "not named",
                " to ".join(dict.fromkeys((meeting.first.isoformat(), meeting.last.isoformat()))),
                one.words,
                _remarks(meeting),
            )
        out.print(table)
    for score in scores:
        out.print(
            f"[bold]{score.meeting.name}[/], leg {score.leg}, {score.direction} the meeting: "
            f"explanation [bold]{score.band}[/], {score.total:g} points"
        )
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_column()
        table.add_column(justify="right")
        table.add_column(overflow="fold")
        for part in score.contributions:
            shown = "unknown" if part.outcome == "unknown" else f"{part.points:+g}"
            table.add_row(f"  {part.feature}", shown, part.says)
        out.print(table)
        for note in score.notes:
            out.print(f"  [dim]{note}[/]")
    if found:
        out.print(CAUTION)


def _remarks(meeting: Meeting) -> str:
    told = []
    if meeting.calendar:
        told.append(f"from {meeting.series}")
    elif not meeting.event_verified:
        told.append("not verified")
    elif not meeting.days_verified:
        told.append("days not verified")
    if not meeting.exact:
        told.append("days are a rule of thumb")
    return "; ".join(told)
