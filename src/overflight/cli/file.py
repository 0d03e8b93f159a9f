"""``overflight file``: telegrams find their cases, and propose the answers that they report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from overflight.cli.case_common import case_desk, note, text_file
from overflight.cli.common import AsJson, day, write_json
from overflight.errors import InputError
from overflight.world.times import minute_text

if TYPE_CHECKING:
    from overflight.case.life.desk import CaseDesk
    from overflight.case.life.filing import Outcome

__all__ = ["register"]

_HELP = """File telegrams under their cases, by references, flight and dates.

A post's telegram proposes the answer that it reports; --accept records the proposal as you see it, otherwise
the command that would is printed. A telegram filed twice is told and refused. Of a file with several
telegrams each is filed by itself.

Example: overflight file answer.txt --case KOR621
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("file", help=_HELP)(_file)


def _file(
    files: Annotated[list[Path], typer.Argument(metavar="TELEGRAM...", help="Files with telegrams.")],
    case_id: Annotated[str, typer.Option("--case", metavar="CASE", help="The case, where you know it.")] = "",
    accept: Annotated[bool, typer.Option("--accept", help="Record the answers proposed.")] = False,
    received: Annotated[
        str | None,
        typer.Option("--received", metavar="YYYY-MM-DD", help="Day of receipt, for years of two digits."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.filing import file_all

    rows: list[dict[str, Any]] = []
    faults: list[InputError] = []
    counts: dict[Path, int] = {}
    with case_desk() as desk:
        for path in files:
            try:
                data = text_file(path)
                for number, outcome in enumerate(
                    file_all(
                        desk, data, name=str(path), case_id=case_id, received=day(received, "--received")
                    ),
                    1,
                ):
                    counts[path] = number
                    if isinstance(outcome, InputError):
                        faults.append(outcome)
                    else:
                        rows.append(_row(path, number, outcome, _accepted(desk, outcome) if accept else ""))
            except InputError as error:
                counts.setdefault(path, 1)
                faults.append(error)
    if faults and sum(counts.values()) == 1:
        raise faults[0]
    if as_json:
        write_json({"filed": rows, "refused": [str(fault) for fault in faults]})
    else:
        for row in rows:
            _print(row, several=counts[Path(row["file"])] > 1)
        for fault in faults:
            note(str(fault))
    if faults:
        raise typer.Exit(1)


def _accepted(desk: CaseDesk, outcome: Outcome) -> str:
    """Record the answer that a telegram proposes; its id."""
    if outcome.proposal is None:
        return ""
    from overflight.case.life.replies import answer

    made = answer(
        desk,
        outcome.case.id,
        outcome.proposal.state,
        outcome.proposal.decision,
        number=outcome.number,
        at=outcome.at,
    )
    for line in made.notes:
        note(line)
    return made.answer.id


def _row(path: Path, number: int, outcome: Outcome, recorded: str) -> dict[str, Any]:
    found = outcome.proposal
    return {
        "file": str(path),
        "telegram": number,
        "case": outcome.case.id,
        "why": outcome.match.why,
        "number": outcome.number or None,
        "from": outcome.origin,
        "proposal": None
        if found is None
        else {
            "state": found.state,
            "decision": found.decision,
            "paragraph": found.paragraph,
            "words": found.words,
            "recorded": recorded or None,
        },
        "others": [{"case": m.case, "why": m.why} for m in outcome.others],
        "missing": list(outcome.missing),
        "at": minute_text(outcome.at),
    }


def _print(row: dict[str, Any], *, several: bool) -> None:
    which = f", telegram {row['telegram']}" if several else ""
    typer.echo(
        f"{row['file']}{which}: {row['number'] or 'a telegram'} from {row['from']}, case {row['case']}:"
        f" {row['why']}"
    )
    for number in row["missing"]:
        typer.echo(f"  refers to {number}, which is not here")
    for other in row["others"]:
        typer.echo(f"  may also concern {other['case']}: {other['why']}")
    found = row["proposal"]
    if found is None:
        return
    typer.echo(f"  paragraph {found['paragraph']}: {found['words']}")
    if found["recorded"]:
        typer.echo(f"  recorded as {found['state']} {found['decision']}")
        return
    number = f' --number "{row["number"]}"' if row["number"] else ""
    said = f"{row['case']} {found['state']} {found['decision']}{number} --at {row['at']}"
    typer.echo(f"  proposes: overflight case answer {said}")
