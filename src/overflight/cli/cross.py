"""``overflight cross``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from overflight.cli.common import AsJson, View, console, positive, world, write_json

__all__ = ["register"]

_HELP = """Whose airspace a recorded track entered, and when.

TRACK is GeoJSON (a LineString with properties.times) or lines of time,lon,lat under such a header. Between
two points the track is taken as the great circle; a crossing that begins, ends or runs through a hole in
the record is marked: --gap-min and --gap-km say what counts as one.

Example: overflight cross track.csv --json
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("cross", help=_HELP)(_cross)


def _cross(
    track: Annotated[Path, typer.Argument(metavar="TRACK", help="The recorded track.")],
    gap_min: Annotated[
        float, typer.Option("--gap-min", metavar="M", help="Minutes without a point that count as a hole.")
    ] = 10.0,
    gap_km: Annotated[
        float, typer.Option("--gap-km", metavar="K", help="Kilometres without a point that count as a hole.")
    ] = 100.0,
    view: View = None,
    as_json: AsJson = False,
) -> None:
    longest_s = (positive(gap_min, "--gap-min", "minutes") or 0.0) * 60.0
    longest_km = positive(gap_km, "--gap-km") or 0.0

    from overflight.world.track_file import read_track

    recorded = read_track(track)
    airspace, seen_by = world(view)

    from overflight.case.tracks import cross_track

    document = cross_track(recorded, airspace, seen_by, gap_s=longest_s, gap_km=longest_km)
    if as_json:
        write_json(document)
    else:
        _show(document)


def _show(document: dict[str, Any]) -> None:
    from rich.table import Table

    from overflight.world.states import name

    out = console()
    out.print(f"{document['points']:,} points")
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("airspace", "over", "entry (UTC)", "exit (UTC)", "km", ""):
        table.add_column(title, justify="right" if title == "km" else "left")
    for one in document["crossings"]:
        table.add_row(
            name(one["state"]) if one["state"] else one["over"],
            one["over"] if one["state"] else "",
            one["entry"],
            one["exit"],
            f"{one['km']:,.1f}",
            "hole in the record" if one["gap"] else "",
        )
    out.print(table)
