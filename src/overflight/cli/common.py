"""What the commands share: reading codes and lists, writing one JSON document, exit codes, consoles."""

from __future__ import annotations

import json
import math
import os
import re
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Annotated, Any

import typer

from overflight.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from overflight.world.aerodromes import Aerodrome
    from overflight.world.airspace import Airspace

__all__ = [
    "FINDING",
    "AsJson",
    "OnDay",
    "View",
    "console",
    "day",
    "finding",
    "known_at",
    "no_state_twice",
    "pair",
    "positive",
    "state_code",
    "states_option",
    "to_stderr",
    "working_position",
    "world",
    "write_json",
]

FINDING = 1

AsJson = Annotated[bool, typer.Option("--json", help="Write one JSON document and nothing else.")]
View = Annotated[
    str | None,
    typer.Option(
        "--view",
        envvar="OVERFLIGHT_VIEW",
        metavar="STATE",
        help="Take disputed areas as this state sees them; default: who administers them.",
    ),
]
OnDay = Annotated[
    str | None,
    typer.Option("--on", metavar="YYYY-MM-DD", help="Day of the flight: codes are looked up as of it."),
]


def write_json(document: dict[str, Any]) -> None:
    """One JSON document on stdout."""
    typer.echo(json.dumps(document, ensure_ascii=False, allow_nan=False))


def finding() -> None:
    """End with the exit code of an answer that must be looked at."""
    raise typer.Exit(FINDING)


def console() -> Console:
    """The console for answers; a file or a pipe gets the width of a wide terminal."""
    from rich.console import Console

    out = Console(highlight=False)
    return out if out.is_terminal or "COLUMNS" in os.environ else Console(highlight=False, width=120)


def to_stderr() -> Console:
    """The console for progress."""
    from rich.console import Console

    return Console(stderr=True, highlight=False)


def day(text: str | None, where: str = "--on", like: str = "2008-08-07") -> date | None:
    """A day given on the command line; the mend shows one `like` it."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text[:20]!r} is no day", where=where, mend=f"write it as {like}") from None


def known_at(text: str | None) -> datetime | None:
    """The moment of ``--known`` in UTC; a day means its end, and days are written one way."""
    if text is None:
        return None
    try:
        if not re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", text, re.ASCII):
            raise ValueError(text)
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text!r} is no moment", where="--known", mend="write it as 2026-11-20 or 2026-11-20T12:00:00Z"
        ) from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def pair(origin: str, destination: str, on: date | None) -> tuple[Aerodrome, Aerodrome]:
    """Departure and arrival; the same place twice is an error."""
    from overflight.world.aerodromes import aerodrome

    found = []
    for argument, code in (("FROM", origin), ("TO", destination)):
        try:
            found.append(aerodrome(code, on))
        except InputError as error:
            raise InputError(error.what, where=argument, mend=error.mend) from None
    if found[0].key == found[1].key:
        raise InputError(
            f"{found[0].icao} is where the flight begins", where="TO", mend="name another aerodrome"
        )
    return found[0], found[1]


def positive(value: float | None, option: str, unit: str = "km", most: float = 40_076.0) -> float | None:
    """A length above zero, and no longer than the way round the earth."""
    if value is not None and not (math.isfinite(value) and 0 < value <= most):
        raise InputError(f"is {value:g}", where=option, mend=f"give {unit} above 0 and up to {most:g}")
    return value


def states_option(text: str | None, option: str) -> tuple[str, ...]:
    """A list of states given to an option."""
    from overflight.world.states import parse_states

    if text is None:
        return ()
    try:
        found = parse_states(text)
    except InputError as error:
        raise InputError(error.what, where=option, mend=error.mend) from None
    if not found:
        raise InputError("names no state", where=option, mend="give codes such as CHN,RUS")
    return found


def no_state_twice(first: tuple[str, ...], option: str, second: tuple[str, ...], other: str) -> None:
    """Refuse a state that two contradicting options name."""
    if both := sorted(set(first) & set(second)):
        raise InputError(
            f"{both[0]} is named by {other} too", where=option, mend="leave it in one of the two"
        )


def world(view: str | None) -> tuple[Airspace, str]:
    """The shipped airspace, and the view as the rooms below want it."""
    from overflight.world import airspace
    from overflight.world.states import state

    loaded = airspace.load()
    if view is None or view.casefold() == airspace.DE_FACTO:
        return loaded, airspace.DE_FACTO
    code = state(view)
    loaded.states(code)
    return loaded, code


def state_code(text: str, where: str) -> str:
    """The alpha-3 of a state given as code or name; `where` names the option."""
    from overflight.world.states import state

    try:
        return state(text)
    except InputError as error:
        raise InputError(error.what, where=where, mend=error.mend) from None


def working_position(text: str | None) -> str:
    """Whose position on contested measures to work with: the option's, else the desk's, else nobody's."""
    from overflight import settings

    given = settings.load().position if text is None else text
    return state_code(given, "--position" if text is not None else "OVERFLIGHT_POSITION") if given else ""
