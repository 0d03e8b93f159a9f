"""``overflight route``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from overflight.cli.common import (
    AsJson,
    OnDay,
    View,
    console,
    day,
    finding,
    pair,
    positive,
    states_option,
    world,
    write_json,
)
from overflight.errors import InputError

if TYPE_CHECKING:
    from overflight.route.crossing import Crossing

__all__ = ["register"]

_HELP = """Great circle and shortest permitted route between two aerodromes, with every crossing.

Without --refuse the crossings are those of the great circle. With it they are those of the shortest route
that enters no refusing state; where there is none within range, route_km is null and the exit code is 1.
The states of departure and arrival always permit.

Example: overflight route ZKPY OIIE --refuse MNG,KAZ --range-km 7500
"""
_KM_PER_NM = 1.852
_LINE_KM = 100.0


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("route", help=_HELP)(_route)


def _route(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="Aerodrome: ICAO or IATA code.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="Aerodrome: ICAO or IATA code.")],
    refuse: Annotated[
        str | None, typer.Option("--refuse", metavar="S,S", help="States that refuse: codes or names.")
    ] = None,
    range_km: Annotated[
        float | None, typer.Option("--range-km", metavar="R", help="How far the aircraft can fly.")
    ] = None,
    corridor_nm: Annotated[
        float | None,
        typer.Option(
            "--corridor-nm", metavar="W", help="Also name the states within W nautical miles of it."
        ),
    ] = None,
    view: View = None,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    when = day(on)
    start, end = pair(origin, destination, when)
    reach = positive(range_km, "--range-km")
    width_nm = positive(corridor_nm, "--corridor-nm", "nautical miles", 1600.0)
    refusing = states_option(refuse, "--refuse")
    airspace, seen_by = world(view)

    import numpy as np

    from overflight.route.crossing import crossings, states_entered
    from overflight.route.geodesy import densify, distance_km

    ends = np.array([(start.lon, start.lat), (end.lon, end.lat)])
    length = float(distance_km(ends[0], ends[1]))
    line: Any = ends
    route_km: float | None = length
    if refusing:
        from overflight.route.permitted import finder
        from overflight.world.states import name

        routes = finder(seen_by)
        for state in refusing:
            if state in (routes.state_at(ends[0]), routes.state_at(ends[1])):
                raise InputError(
                    f"{name(state)} is a state of departure or arrival, which always permits",
                    where="--refuse",
                    mend=f"leave {state} out",
                )
        found = routes.shortest(ends[0], ends[1], refusing, reach if reach is not None else np.inf)
        line, route_km = (None, None) if found is None else (found.line, found.km)
    passed = crossings(line, airspace, seen_by) if line is not None else ()
    document: dict[str, Any] = {
        "origin": start.icao,
        "destination": end.icao,
        "distance_km": round(length, 3),
        "route_km": None if route_km is None else round(route_km, 3),
        "within_range": None if reach is None else route_km is not None and route_km <= reach,
        "states": list(states_entered(passed)),
        "crossings": [],
        "line": None,
    }
    if line is not None:
        from overflight.exchange.crossings import crossing_json

        document["crossings"] = [crossing_json(crossing) for crossing in passed]
        points = densify(line, _LINE_KM)
        document["line"] = {
            "type": "LineString",
            "coordinates": [[round(lon, 6), round(lat, 6)] for lon, lat in points.tolist()],
        }
    if width_nm is not None:
        from overflight.route.nearness import states_within

        near = states_within(line, airspace, width_nm * _KM_PER_NM, seen_by) if line is not None else ()
        document["corridor_states"] = [one.state for one in near if one.state not in document["states"]]
    document["notes"] = [*start.notes, *end.notes]
    if as_json:
        write_json(document)
    else:
        _show(document, passed, refusing)
    if route_km is None or document["within_range"] is False:
        finding()


def _show(document: dict[str, Any], passed: tuple[Crossing, ...], refusing: tuple[str, ...]) -> None:
    from rich.table import Table

    from overflight.case.wording import km, listed, nm
    from overflight.world.states import name

    out = console()
    length, route_km = document["distance_km"], document["route_km"]
    out.print(
        f"[bold]{document['origin']}–{document['destination']}[/]  great circle {km(length)} ({nm(length)})"
    )
    if refusing:
        if route_km is None:
            verb = "refuses" if len(refusing) == 1 else "refuse"
            out.print(f"No permitted route{_within(document)} when {listed(refusing)} {verb}.")
        else:
            out.print(f"Shortest route without {listed(refusing)}: {km(route_km)}, +{km(route_km - length)}")
    if document["within_range"] is not None and route_km is not None:
        out.print("Within range." if document["within_range"] else "Not within range.")
    if passed:
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("airspace")
        table.add_column("over")
        table.add_column("from km", justify="right")
        table.add_column("to km", justify="right")
        table.add_column("remarks", style="dim", overflow="fold")
        for crossing in passed:
            remarks = [*crossing.remarks]
            if crossing.disputed_by:
                remarks.insert(0, f"claimed by {listed(crossing.disputed_by)}")
            if crossing.sliver and crossing.state:
                remarks.insert(0, "sliver")
            table.add_row(
                name(crossing.state) if crossing.state else f"[dim]{crossing.over}[/]",
                crossing.over if crossing.state else "",
                f"{crossing.entry_km:,.1f}",
                f"{crossing.exit_km:,.1f}",
                "; ".join(remarks),
            )
        out.print(table)
    if "corridor_states" in document:
        near = document["corridor_states"]
        out.print(f"Near enough to be asked as well: {listed(near) if near else 'nobody'}.")
    for note in document["notes"]:
        out.print(f"[yellow]note[/] {note}")


def _within(document: dict[str, Any]) -> str:
    return "" if document["within_range"] is None else " within range"
