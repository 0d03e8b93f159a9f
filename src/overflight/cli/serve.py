"""``overflight serve``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from overflight.cli.common import to_stderr

__all__ = ["register"]

_HELP = """The desk in the browser, and its JSON API, for this machine alone unless told otherwise.

The first start fetches two browser libraries from the npm registry and checks them against pinned digests;
without them the desk works too, with a drawn map instead of a live one.

Example: overflight serve --port 8470
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("serve", help=_HELP)(_serve)


def _serve(
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", help="0 takes a free one.")] = 8470,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="PEM", help="TLS certificate with its chain.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="PEM", help="Its key.")] = None,
    proxy: Annotated[
        str, typer.Option("--proxy", metavar="ADDRESS", help="The proxy in front whose headers are believed.")
    ] = "",
) -> None:
    from overflight.desk import parts
    from overflight.desk.rooms import open_rooms
    from overflight.desk.serving import Place, serve
    from overflight.errors import DataError
    from overflight.settings import load

    place = Place(host, port, certificate, key, proxy)
    told = to_stderr()
    try:
        parts.fetch(say=told.print)
    except DataError as fault:
        told.print(f"without the live map: {fault}", style="yellow", markup=False)
    rooms = open_rooms(load())
    try:
        told.print(f"The desk is at {place.address}", markup=False, soft_wrap=True)
        serve(rooms, place)
    finally:
        rooms.close()
