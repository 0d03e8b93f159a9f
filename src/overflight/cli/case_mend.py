"""``overflight case merge``, ``split`` and ``correct``: mistakes put right, nothing taken away."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from overflight.cli.case_common import At, CaseId, case_desk, head, moment, words
from overflight.cli.common import View
from overflight.errors import InputError

__all__ = ["add"]

_MERGE = """Make another case part of this one: both prove to be one flight.

Example: overflight case merge KOR621 KOR622 --why "one charter, two call signs"
"""
_SPLIT = """Move events to a case of their own: they prove to be about another flight.

Example: overflight case split KOR621 FLIGHT.toml --id KOR623 --events 7,9 --why "another aircraft"
"""
_CORRECT = """Correct an event that was recorded in error, with a new event; the old one stays.

Example: overflight case correct KOR621 12 --set decision=ALLOW --why "misread"
"""


def add(case: typer.Typer) -> None:
    """Add the sub-commands."""
    case.command("merge", help=_MERGE)(_merge)
    case.command("split", help=_SPLIT)(_split)
    case.command("correct", help=_CORRECT)(_correct)


def _merge(
    case_id: CaseId,
    other: Annotated[str, typer.Argument(metavar="OTHER", help="The case that becomes part of it.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why they are one.")] = "",
    at: At = None,
) -> None:
    from overflight.case.life.repairs import merge

    with case_desk(at=moment(at, "--at")) as desk:
        case = merge(desk, case_id, other, why=why)
        typer.echo(head(case, desk.clock()))


def _split(
    case_id: CaseId,
    file: Annotated[Path, typer.Argument(metavar="FLIGHT.toml", help="The other flight.")],
    new_id: Annotated[str, typer.Option("--id", metavar="ID", help="Id of the new case.")],
    events: Annotated[str, typer.Option("--events", metavar="N,N", help="Events that belong to it.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Why they are two.")] = "",
    at: At = None,
    view: View = None,
) -> None:
    from overflight.case.life.repairs import split
    from overflight.world.flight_file import read_flight

    flight = read_flight(file)
    with case_desk(view, at=moment(at, "--at")) as desk:
        old, new = split(desk, case_id, flight, _numbers(events), new_id=new_id, why=why)
        typer.echo(head(old, desk.clock()))
        typer.echo(head(new, desk.clock()))


def _numbers(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(one) for one in words(text))
    except ValueError:
        raise InputError(f"{text!r} is no list of events", where="--events", mend="write it as 7,9") from None


def _correct(
    case_id: CaseId,
    event: Annotated[int, typer.Argument(metavar="EVENT", help="Its number, as case show --history has it.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What was wrong.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="FIELD=VALUE", help="What it should say; repeat.")
    ] = None,
    strike: Annotated[bool, typer.Option("--strike", help="It did not happen.")] = False,
    true_at: Annotated[
        str | None, typer.Option("--true-at", metavar="TIME", help="When it was true, where that was wrong.")
    ] = None,
    at: At = None,
) -> None:
    from overflight.case.life.repairs import correct

    changes: dict[str, Any] = {}
    for one in set_ or ():
        field, sign, value = one.partition("=")
        if not sign or not field.strip():
            raise InputError(f"{one!r} sets nothing", where="--set", mend="write FIELD=VALUE")
        changes[field.strip()] = _value(value)
    with case_desk(at=moment(at, "--at")) as desk:
        case = correct(
            desk,
            case_id,
            event,
            why=why,
            changes=changes or None,
            strike=strike,
            true_at=moment(true_at, "--true-at"),
        )
        typer.echo(head(case, desk.clock()))


def _value(text: str) -> Any:
    """A list, table, number or truth value as JSON writes it; anything else is the text itself."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return text if isinstance(found, int | float) and not isinstance(found, bool) else found
