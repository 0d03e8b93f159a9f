"""``overflight mark``: ``check``, ``rollup``, ``equivalents``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from overflight.cli.common import day
from overflight.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from overflight.marking import Checked, Rolled

__all__ = ["register"]

_CHECK_HELP = """Validate one marking: each fault with its column, the rule broken, and the corrected form.

Portions "(S//REL TO USA, GBR)" and banners "SECRET//REL TO USA, GBR" are told apart by themselves.
Exit code 0: valid. 1: invalid.

Example: overflight mark check "S//REL TO GBR, USA"
"""
_ROLLUP_HELP = """Roll portion marks up to a banner, and say which portion forced each part of it.

Exit code 2: a mark cannot be understood.

Example: overflight mark rollup "(U)" "(S//REL TO USA, JPN, NZL)" "(S//REL TO USA, NZL)"
"""

_EQUIVALENTS_HELP = """How the levels of several scales are usually lined up, on a day.

For people to look at: nothing is converted by it.

Example: overflight mark equivalents --on 2026-08-01
"""

_Scheme = Annotated[
    str | None,
    typer.Option(
        "--scheme", help="Marking scheme: us or tlp; default: as the marking begins.", metavar="NAME"
    ),
]
_Json = Annotated[bool, typer.Option("--json", help="Write one JSON document.")]
_On = Annotated[str | None, typer.Option("--on", help="Day of the document.", metavar="YYYY-MM-DD")]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    mark = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="rich",
        help="Validate one marking, or roll portion marks up to a banner.",
    )
    mark.command("check", help=_CHECK_HELP)(_check)
    mark.command("rollup", help=_ROLLUP_HELP)(_rollup)
    mark.command("equivalents", help=_EQUIVALENTS_HELP)(_equivalents)
    app.add_typer(mark, name="mark")


def _check(
    text: Annotated[str, typer.Argument(help="The marking.", metavar="TEXT")],
    scheme: _Scheme = None,
    on: _On = None,
    as_json: _Json = False,
) -> None:
    from overflight.marking import check

    checked = check(text, scheme, day(on, like="2026-08-01"))
    if as_json:
        typer.echo(json.dumps(checked.to_json(), ensure_ascii=False))
    else:
        _show_checked(text, checked)
    if not checked.valid:
        raise typer.Exit(1)


def _rollup(
    marks: Annotated[
        list[str], typer.Argument(help="Portion marks, in the order of the document.", metavar="MARK...")
    ],
    scheme: _Scheme = None,
    on: _On = None,
    u_bare: Annotated[
        str, typer.Option("--u-bare", help="Bare (U) portions beside release lists: ignore or strict.")
    ] = "ignore",
    u_caveated: Annotated[
        str, typer.Option("--u-caveated", help="(U//FOUO) and the like beside them: noforn or follow_banner.")
    ] = "noforn",
    as_json: _Json = False,
) -> None:
    from overflight.marking import Switches, rollup

    try:
        switches = Switches(u_bare, u_caveated)
    except ValueError as error:
        raise InputError(str(error), where="--u-bare or --u-caveated") from None
    rolled = rollup(marks, day(on, like="2026-08-01"), switches, scheme)
    if as_json:
        typer.echo(json.dumps(rolled.to_json(), ensure_ascii=False))
    else:
        _show_rolled(marks, rolled)


def _equivalents(on: _On = None, as_json: _Json = False) -> None:
    from overflight.marking.equivalents import equivalents

    found = equivalents(day(on, like="2026-08-01"))
    if as_json:
        rows = [
            {
                "rank": row.rank,
                "scale": row.scale,
                "name": row.name,
                "since": row.since.isoformat() if row.since else None,
                "until": row.until.isoformat() if row.until else None,
                "verified": row.verified,
                "source": row.source,
            }
            for row in found
        ]
        typer.echo(json.dumps({"on": on, "equivalents": rows}, ensure_ascii=False))
        return
    from rich.console import Console
    from rich.table import Table

    scales = list(dict.fromkeys(row.scale for row in found))
    table = Table(box=None, show_header=True, header_style="dim", pad_edge=False)
    for scale in scales:
        table.add_column(scale)
    for rank in dict.fromkeys(row.rank for row in found):
        names = {scale: [r.name for r in found if (r.rank, r.scale) == (rank, scale)] for scale in scales}
        table.add_row(*(" or ".join(names[scale]) or "-" for scale in scales))
    Console(width=150, highlight=False).print(table)
    typer.echo("A habit of handling, not verified between scales: no marked material is converted by it.")


def _printable(text: str) -> str:
    # One column on the screen for each character, whatever the input holds.
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _show_checked(text: str, checked: Checked) -> None:
    from rich.cells import cell_len
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    if checked.valid:
        console.print(Text.assemble(("valid  ", "green"), _printable(text)))
        return
    console.print(Text.assemble(("invalid", "red")))
    console.print(Text("  " + _printable(text)))
    for fault in checked.faults:
        before = cell_len(
            _printable(text[: fault.column - 1])
        )  # wide characters take two columns of the screen
        caret = " " * (before + 2) + "^ "
        console.print(Text.assemble((caret, "red"), f"{fault.message} ", (f"[{fault.rule}]", "dim")))
    if checked.corrected is None:
        console.print(Text("  the right form cannot be determined"))
    else:
        console.print(Text.assemble("  write ", (_printable(checked.corrected), "bold")))
        if checked.marking.inferred and (checked.marking.rel or checked.marking.display):
            console.print(
                Text("  the list was inferred: use the corrected form only after a person has confirmed it")
            )


def _show_rolled(marks: Sequence[str], rolled: Rolled) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    console.print(Text(rolled.banner, style="bold"))
    table = Table(box=None, show_header=True, header_style="dim", pad_edge=False)
    for head in ("part", "forced by", "rule"):
        table.add_column(head)
    for forced in rolled.forced:
        who = ", ".join(f"{n + 1} {_printable(marks[n])}" for n in forced.portions)
        table.add_row(Text(forced.part), Text(who), Text(forced.rule))
    console.print(table)
    for warning in rolled.warnings:
        console.print(Text(f"warning: {warning}", style="yellow"))
