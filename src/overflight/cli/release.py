"""``overflight release``."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

__all__ = ["register"]

_HELP = """What may go to one state: only portions whose own marking allows it, each with its source
paragraph.

Default is denial. What is withheld is counted, not described; --hide-withheld leaves out the count as well.

Example: overflight release telegram.txt --to TJK
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("release", help=_HELP)(_release)


def _release(
    file: Annotated[str, typer.Argument(help='File with one telegram, or "-".', metavar="FILE")],
    to: Annotated[str, typer.Option("--to", help="State: code or English name.", metavar="STATE")],
    confirm_inferred: Annotated[
        bool,
        typer.Option(
            "--confirm-inferred", help="You confirm release lists that were inferred; the result records it."
        ),
    ] = False,
    hide_withheld: Annotated[
        bool, typer.Option("--hide-withheld", help="Leave out how many portions are withheld.")
    ] = False,
    received: Annotated[
        str | None,
        typer.Option("--received", help="Day of receipt, for years of two digits.", metavar="YYYY-MM-DD"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document.")] = False,
) -> None:
    from overflight.cli.read import day, load
    from overflight.telegram.portions import release_to
    from overflight.world.states import state

    code = state(to)
    reading = load(file, day(received, "--received"))
    product = release_to(reading, code, confirmed_inferred=confirm_inferred, hide_withheld=hide_withheld)
    if as_json:
        document = product.to_json()
        if confirm_inferred:
            document["confirmed_inferred"] = True
        typer.echo(json.dumps(document, ensure_ascii=False))
        return
    if confirm_inferred:
        print("recorded: inferred release lists were confirmed by a person", file=sys.stderr)
    if product.banner:
        typer.echo(product.banner)
    for portion in product.portions:
        typer.echo(f"[{portion.source}] ({portion.marking}) {portion.text}")
    if product.oral:
        typer.echo(f"\nTo be spoken only, never left: {product.oral_banner}")
        for portion in product.oral:
            typer.echo(f"[{portion.source}] ({portion.marking}) {portion.text}")
    if not product.portions and not product.oral:
        typer.echo(f"Nothing of this telegram may go to {code}.")
    if product.withheld is not None:
        typer.echo(f"withheld: {product.withheld}")
