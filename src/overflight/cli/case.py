"""``overflight case``: the life of a case, one sub-command for each thing that can happen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overflight.cli.case_common import (
    At,
    CaseId,
    Source,
    case_desk,
    lines,
    moment,
    sheets_in,
    text_file,
    told,
    words,
)
from overflight.cli.common import AsJson, View, write_json
from overflight.errors import InputError

if TYPE_CHECKING:
    from overflight.case.life.proposal import Proposed
    from overflight.telegram import Reading
    from overflight.world.flight import Flight

__all__ = ["register"]

_HELP = "The life of a case: every request, every answer, nothing overwritten."


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    from overflight.cli import case_in, case_mend, case_out, case_show

    case = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help=_HELP)
    case.command("open", help=_OPEN)(_open)
    case.command("plan", help=_PLAN)(_plan)
    case.command("statement", help=_STATEMENT)(_statement)
    for part in (case_out, case_in, case_show, case_mend):
        part.add(case)
    app.add_typer(case, name="case")


_OPEN = """Open a case from FLIGHT.toml, or from a telegram out of which you confirm each fact.

At a terminal you are asked about each fact that --telegram proposes. Elsewhere, without --confirm, the facts
are shown, each with its portion, and nothing is opened.

Example: overflight case open FLIGHT.toml --id KOR621
"""


def _open(
    file: Annotated[Path | None, typer.Argument(metavar="[FLIGHT.toml]", help="The planned flight.")] = None,
    telegram: Annotated[
        Path | None, typer.Option("--telegram", metavar="FILE", help="A telegram that tells of the flight.")
    ] = None,
    confirm: Annotated[
        str | None, typer.Option("--confirm", metavar="F,F", help="Proposed facts that you confirm, or all.")
    ] = None,
    message: Annotated[
        int,
        typer.Option("--message", metavar="N", min=0, help="Which telegram of a file that holds several."),
    ] = 0,
    id_: Annotated[
        str, typer.Option("--id", metavar="ID", help="Id of the case; default: flight and day.")
    ] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Title of the case.")] = "",
    tip: Annotated[str, typer.Option("--tip", metavar="TEXT", help="What the tip says.")] = "",
    statements: Annotated[
        Path | None, typer.Option("--statements", metavar="FILE.toml", help="Statements to begin with.")
    ] = None,
    at: At = None,
    source: Source = None,
    view: View = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.planning import open_case

    flight, confirmed, cited = _flight_of(file, telegram, message, confirm, as_json)
    sheets = sheets_in(statements) if statements else ()
    with case_desk(view, create=True, at=moment(at, "--at")) as desk:
        case = open_case(
            desk,
            flight,
            case_id=id_,
            title=title,
            tip=tip,
            source=source or cited,
            confirmed=confirmed,
            statements=sheets,
        )
        told(desk, case, as_json)


def _flight_of(
    file: Path | None, telegram: Path | None, message: int, confirm: str | None, as_json: bool
) -> tuple[Flight, tuple[str, ...], str | None]:
    if (file is None) == (telegram is None):
        raise InputError("needs one of FLIGHT.toml and --telegram", where="case open")
    if file is not None:
        from overflight.world.flight_file import read_flight

        for option, given in (("--confirm", confirm), ("--message", message)):
            if given not in (None, 0):
                raise InputError("is about a telegram only", where=option, mend="leave it out")
        return read_flight(file), (), None
    from overflight.case.life.proposal import confirmed_flight, proposals

    assert telegram is not None
    reading = _one_of(telegram, message)
    found = proposals(reading)
    number = str(reading.telegram.number) if reading.telegram.number else telegram.name
    if confirm is not None:
        wanted = tuple(p.field for p in found) if confirm == "all" else words(confirm)
    elif as_json:
        write_json(
            {
                "telegram": number,
                "proposed": [
                    {"field": p.field, "value": p.value, "portion": p.portion, "words": p.words}
                    for p in found
                ],
            }
        )
        raise typer.Exit(1)
    elif found and sys.stdin.isatty() and sys.stdout.isatty():
        wanted = _asked(number, found)
    else:
        typer.echo(f"proposed out of {number}; nothing is taken unless you confirm it:")
        typer.echo(lines(f"{p.field:9} {p.value:24} {p.portion}: {p.words}" for p in found))
        raise typer.Exit(1)
    return confirmed_flight(found, wanted), wanted, number


def _one_of(path: Path, message: int) -> Reading:
    """The telegram that is meant; where a file holds several, somebody must say which."""
    from overflight.telegram import read_all

    found = list(read_all(text_file(path), name=str(path)))
    if message > len(found):
        some = "one telegram" if len(found) == 1 else f"{len(found)} telegrams"
        raise InputError(f"holds {some}, not {message}", where=str(path), mend="give another --message")
    if len(found) > 1 and not message:
        named = [f"{n}: {one.telegram.number or 'without a number'}" for n, one in enumerate(found[:6], 1)]
        more = " …" if len(found) > 6 else ""
        raise InputError(
            f"holds {len(found)} telegrams ({', '.join(named)}{more})",
            where=str(path),
            mend="say which is meant with --message N",
        )
    return found[max(message, 1) - 1]


def _asked(number: str, found: Sequence[Proposed]) -> tuple[str, ...]:
    """The facts that the person at the terminal confirms, one by one."""
    typer.echo(f"proposed out of {number}; nothing is taken unless you confirm it:")
    wanted = tuple(
        p.field for p in found if typer.confirm(f"  {p.field:9} {p.value:24} {p.portion}: {p.words}")
    )
    if not wanted:
        typer.echo("nothing was confirmed, nothing is opened")
        raise typer.Exit(1)
    return wanted


_PLAN = """Add a dated plan: what changed, states newly under the route, permits that lapse, stale answers.

Example: overflight case plan KOR621 FLIGHT.toml --why "the operator moved the flight"
"""


def _plan(
    case_id: CaseId,
    file: Annotated[Path, typer.Argument(metavar="FLIGHT.toml", help="The flight as planned now.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What is known of the reason.")] = "",
    at: At = None,
    source: Source = None,
    view: View = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.planning import plan
    from overflight.world.flight_file import read_flight

    flight = read_flight(file)
    with case_desk(view, at=moment(at, "--at")) as desk:
        case, new = plan(desk, case_id, flight, why=why, at=moment(at, "--at"), source=source)
        said = [change.words for change in new.difference.changes]
        if new.difference.newly:
            said.append(f"newly under the route: {', '.join(new.difference.newly)}")
        if new.difference.gone:
            said.append(f"no longer under it: {', '.join(new.difference.gone)}")
        said += [
            f"permit lapses: {n.body.state} ({n.body.decision}, {n.true_at:%Y-%m-%d})" for n in new.lapsed
        ]
        said += [f"stale: {n.body.state} {n.body.decision}: {why_}" for n, why_ in new.stale]
        old: dict[str, list[str]] = {}
        for state, fact in new.holders:
            old.setdefault(fact, []).append(state)
        said += [f"an earlier {fact} is with {', '.join(states)}" for fact, states in old.items()]
        told(desk, case, as_json, *said)


_STATEMENT = """Record a sentence that may be told: its marking, its source, the facts it rests on.

Facts are flight, operator, kind, type, tail, purpose, cargo, route, dates (or "date VYMD-OIIE"), or a word of
your own such as meeting. --replaces withdraws an earlier statement for everybody.

Example: overflight case statement KOR621 "It leaves on 9 August." --marking U --source PRESS --fact dates
"""


def _statement(
    case_id: CaseId,
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="The sentence.")] = None,
    marking: Annotated[str, typer.Option("--marking", metavar="MARK", help="Its portion mark.")] = "",
    source: Source = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="FACT", help="A fact that it rests on; repeat.")
    ] = None,
    replaces: Annotated[
        str | None, typer.Option("--replaces", metavar="S1,S2", help="Statements that it replaces.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE.toml", help="Statements in a file instead.")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.planning import Sheet, state_it

    if (text is None) == (file is None):
        raise InputError("needs one of TEXT and --from", where="case statement")
    sheets = (
        sheets_in(file)
        if file is not None
        else (Sheet(text or "", marking, source or "", tuple(fact or ()), words(replaces)),)
    )
    with case_desk(at=moment(at, "--at")) as desk:
        case, ids = state_it(desk, case_id, sheets)
        told(desk, case, as_json, f"recorded {', '.join(ids)}")
