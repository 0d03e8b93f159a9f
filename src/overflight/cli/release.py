"""``overflight release``."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from overflight.marking.release import ReleasedProduct
    from overflight.telegram import Reading

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
    file: Annotated[str, typer.Argument(help='File with telegrams, or "-".', metavar="FILE")],
    to: Annotated[str, typer.Option("--to", help="State: code or English name.", metavar="STATE")],
    confirm_inferred: Annotated[
        bool,
        typer.Option(
            "--confirm-inferred",
            help="You confirm release lists that were inferred; the desk's log records it first.",
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
    from overflight.cli.common import day
    from overflight.cli.read import load
    from overflight.telegram.portions import inferred_for, release_to
    from overflight.telegram.recipients import recipient

    code = recipient(to, "--to")
    products: list[ReleasedProduct] = []
    confirmed: list[dict[str, Any]] = []
    for _, reading in load(file, day(received, "--received", "2026-08-01")):
        products.append(
            release_to(reading, code, confirmed_inferred=confirm_inferred, hide_withheld=hide_withheld)
        )
        if confirm_inferred:
            confirmed += [_confirmation(reading, *found, code) for found in inferred_for(reading, code)]
    # Before anything is written: what cannot be recorded does not go out.
    _record(confirmed)
    documents = _documents(products, code, hide_withheld)
    if as_json:
        for document in documents:
            if confirm_inferred:
                document["confirmed_inferred"] = True
        typer.echo(json.dumps(documents if len(documents) > 1 else documents[0], ensure_ascii=False))
        return
    if confirmed:
        print(f"recorded in the desk's log: {len(confirmed)} inferences confirmed", file=sys.stderr)
    for document in documents:
        _show(document, code)


def _confirmation(reading: Reading, portion: int | str, marking: str, state: str) -> dict[str, Any]:
    """What the log keeps of one confirmed inference: enough to find the portion again, none of its text."""
    number = reading.telegram.number
    return {
        "sha256": hashlib.sha256(reading.source.data).hexdigest(),
        "number": str(number) if number else None,
        "paragraph": portion,
        "marking": marking,
        "state": state,
    }


def _record(confirmed: list[dict[str, Any]]) -> None:
    """One event for each confirmed inference, all or none of them, by the desk's office."""
    if not confirmed:
        return
    from overflight.settings import load as settings
    from overflight.store import open_desk

    now = dt.datetime.now(dt.UTC)
    with open_desk(settings()) as desk:
        desk.log.append(
            [
                desk.draft(
                    "desk", "inference-confirmed", body, true_at=now, source=f"sha256:{body['sha256']}"
                )
                for body in confirmed
            ]
        )


def _documents(products: list[ReleasedProduct], code: str, hide: bool) -> list[dict[str, Any]]:
    """One document for each telegram that anything of goes out.

    A telegram of which nothing goes does not show but in the number withheld: that of the only document, or
    of one more document behind several.
    """
    shown = [product.to_json() for product in products if product.portions or product.oral]
    silent = sum(p.withheld or 0 for p in products if not p.portions and not p.oral)
    if len(shown) > 1:
        return shown if hide or not silent else [*shown, {"to": code, "portions": [], "withheld": silent}]
    if not shown:
        return [{"to": code, "banner": "", "portions": []} | ({} if hide else {"withheld": silent})]
    if not hide:
        shown[0]["withheld"] += silent
    return shown


def _show(document: dict[str, Any], code: str) -> None:
    if document.get("banner"):
        typer.echo(document["banner"])
    for portion in document["portions"]:
        typer.echo(f"[{portion['source']}] ({portion['marking']}) {portion['text']}")
    if document.get("oral"):
        typer.echo(f"\nTo be spoken only, never left: {document['oral_banner']}")
        for portion in document["oral"]:
            typer.echo(f"[{portion['source']}] ({portion['marking']}) {portion['text']}")
    if not document["portions"] and not document.get("oral"):
        typer.echo(f"Nothing of this telegram may go to {code}.")
    if "withheld" in document:
        typer.echo(f"withheld: {document['withheld']}")
