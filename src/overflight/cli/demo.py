"""``overflight demo``."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Annotated

import typer

from overflight.cli.brief import brief_flight, deliver
from overflight.cli.common import AsJson, View, to_stderr

__all__ = ["register"]

_HELP = """The whole main job on a built-in public case: KOR621 of August 2008, as the press reported it.

Prints the brief and writes brief.html, brief.geojson and brief.kml.

Example: overflight demo --out overflight-demo
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo", help=_HELP)(_demo)


def _demo(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Write the brief's files here.")] = Path(
        "overflight-demo"
    ),
    view: View = None,
    as_json: AsJson = False,
) -> None:
    from overflight.world.flight_file import read_flight

    with as_file(files("overflight.world") / "data" / "demo" / "KOR621.toml") as path:
        flight = read_flight(path)
    told = to_stderr()
    told.print(
        "A public case of August 2008. The first run compiles the route finder, later ones start at once.",
        style="dim",
    )
    written = deliver(brief_flight(flight, view), out, as_json=as_json)
    told.print(f"\nOpen the brief in a browser: {written[0].resolve().as_uri()}", soft_wrap=True)
