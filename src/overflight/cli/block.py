"""``overflight block``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from overflight.cli.common import (
    AsJson,
    OnDay,
    View,
    console,
    day,
    no_state_twice,
    pair,
    positive,
    states_option,
    to_stderr,
    world,
    write_json,
)
from overflight.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from overflight.case.question import Answer

__all__ = ["register"]

_HELP = """Whose refusals close every route within range: coalitions, corridors as proof, whom to ask next.

--unwilling names states that will not refuse whatever is said, --refused states that have, --asked those
approached so far: the gap report says what stays open if all of them refuse.

Example: overflight block ZKPY OIIE --range-km 7500 --unwilling CHN,RUS
"""
_SHOWN = 12


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("block", help=_HELP)(_block)


def _block(
    origin: Annotated[str, typer.Argument(metavar="FROM", help="Aerodrome: ICAO or IATA code.")],
    destination: Annotated[str, typer.Argument(metavar="TO", help="Aerodrome: ICAO or IATA code.")],
    range_km: Annotated[float, typer.Option("--range-km", metavar="R", help="How far the aircraft can fly.")],
    unwilling: Annotated[
        str | None, typer.Option("--unwilling", metavar="S,S", help="States that will not refuse.")
    ] = None,
    refused: Annotated[
        str | None, typer.Option("--refused", metavar="S,S", help="States that have refused.")
    ] = None,
    asked: Annotated[
        str | None,
        typer.Option("--asked", metavar="S,S", help="States approached so far: adds the gap report."),
    ] = None,
    max_size: Annotated[
        int, typer.Option("--max-size", metavar="N", min=1, max=40, help="Largest coalition looked for.")
    ] = 6,
    max_calls: Annotated[
        int | None,
        typer.Option(
            "--max-calls", metavar="N", min=1, help="Stop after N route searches; the answer says so."
        ),
    ] = None,
    view: View = None,
    on: OnDay = None,
    as_json: AsJson = False,
) -> None:
    start, end = pair(origin, destination, day(on))
    reach = positive(range_km, "--range-km")
    held, gone, told = (
        states_option(text, option)
        for text, option in ((unwilling, "--unwilling"), (refused, "--refused"), (asked, "--asked"))
    )
    no_state_twice(held, "--unwilling", gone, "--refused")
    _, seen_by = world(view)

    from overflight.case.question import put
    from overflight.route.permitted import finder

    assert reach is not None
    with to_stderr().status("searching routes"):
        try:
            answer = put(
                finder(seen_by),
                (start.lon, start.lat),
                (end.lon, end.lat),
                reach,
                unwilling=held,
                refused=gone,
                asked=told,
                max_size=max_size,
                max_calls=max_calls,
            )
        except InputError as error:
            where = f"--{error.where}" if error.where in ("refused", "unwilling", "asked") else error.where
            raise InputError(error.what, where=where, mend=error.mend) from None
    document = {"origin": start.icao, "destination": end.icao} | answer.to_json()
    if as_json:
        write_json(document)
    else:
        _show(start.icao, end.icao, answer)


def _show(origin: str, destination: str, answer: Answer) -> None:
    from rich.table import Table

    from overflight.case.wording import km, listed, way
    from overflight.world.states import name

    out = console()
    found = answer.found
    out.print(
        f"[bold]{origin}–{destination}[/]  great circle {km(answer.great_circle_km)}, "
        f"range {km(answer.range_km)}; {listed(answer.always_permit)} always permit"
    )
    out.print(found.meaning)
    for one in found.coalitions[:_SHOWN]:
        out.print(f"  · {listed(one)}")
    _more(out, len(found.coalitions))
    if not found.complete:
        out.print(f"[yellow]not the whole list[/]: {found.why_incomplete}")
    if found.corridors:
        out.print("\n[bold]Corridors[/], each enough for a route within range")
        for corridor in found.corridors[:_SHOWN]:
            out.print(f"  · {way(corridor.order)}, {km(corridor.km)}")
        _more(out, len(found.corridors))
    if answer.chances and answer.chances.next:
        table = Table(box=None, pad_edge=False, header_style="dim", title_justify="left")
        table.add_column("ask next")
        table.add_column("closes", justify="right")
        table.add_column("gain", justify="right")
        for chance in answer.chances.next[:_SHOWN]:
            table.add_row(
                name(chance.state), f"{chance.closes} of {len(found.corridors)}", f"{chance.gain:.1%}"
            )
        out.print()
        out.print(table)
    if answer.gaps:
        out.print("\n[bold]If those asked refuse[/]")
        for words in answer.gaps.words[:_SHOWN]:
            out.print(f"  · {words}")
        _more(out, len(answer.gaps.words))


def _more(out: Console, count: int) -> None:
    if count > _SHOWN:
        out.print(f"    and {count - _SHOWN} more; --json has them all")
