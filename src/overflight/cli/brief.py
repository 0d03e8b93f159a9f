"""``overflight brief``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overflight.cli.common import AsJson, View, console, to_stderr, working_position, world, write_json

if TYPE_CHECKING:
    from overflight.case.model import Brief
    from overflight.world.flight import Flight

__all__ = ["brief_flight", "deliver", "register"]

_HELP = """One planned flight, briefed: whose sky and when, what remains if states refuse, who is forgotten.

FLIGHT.toml is explained in docs/flight-toml.md. With --out the brief is also written as brief.html,
brief.geojson and brief.kml into that folder.

Example: overflight brief FLIGHT.toml --out brief/
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("brief", help=_HELP)(_brief)


def _brief(
    file: Annotated[Path, typer.Argument(metavar="FLIGHT.toml", help="The planned flight.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the brief's files here.")
    ] = None,
    view: View = None,
    position: Annotated[
        str | None,
        typer.Option(
            "--position", metavar="STATE", help="Whose position on contested measures to work with."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    from overflight.world.flight_file import read_flight

    flight = read_flight(file)
    deliver(brief_flight(flight, view, position), out, as_json=as_json)


def brief_flight(flight: Flight, view: str | None, position: str | None = None) -> Brief:
    """Compose the brief and show progress on stderr."""
    with to_stderr().status("reading borders") as status:
        airspace, seen_by = world(view)

        from overflight import settings
        from overflight.case.brief import compose
        from overflight.case.context import gather
        from overflight.route.permitted import finder

        status.update("law, meetings and lists")
        context = gather(flight, settings.load().home, working_position(position))
        status.update("preparing routes")
        return compose(flight, airspace, finder(seen_by), view=seen_by, context=context, report=status.update)


def deliver(brief: Brief, out: Path | None, *, as_json: bool) -> tuple[Path, ...]:
    """Print the brief, as one JSON document or for people, and write its files where a folder is given."""
    from overflight.case.files import to_json, write_files

    written: tuple[Path, ...] = ()
    if out is not None:
        from overflight.world import airspace

        written = write_files(brief, airspace.load(), out)
    if as_json:
        write_json(to_json(brief))
    else:
        from overflight.cli.show import show_brief

        show_brief(brief, console())
    for path in written:
        to_stderr().print(f"wrote {path}", soft_wrap=True)
    return written
