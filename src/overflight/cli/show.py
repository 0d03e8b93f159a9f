"""A brief on the terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from overflight.case import wording
from overflight.case.model import Brief, LegBrief

__all__ = ["show_brief"]

_SHOWN = 6
_COLOURS = {"feasible": "green", "marginal": "yellow", "not feasible": "red"}
_STANDINGS = {
    "permits": "always permits",
    "asked": "asked",
    "refused": "refused",
    "unwilling": "held unwilling",
}


def show_brief(brief: Brief, out: Console) -> None:
    """Print the brief for people."""
    flight = brief.flight
    out.print()
    out.print(Text(f"{flight.id}: {wording.route_title(brief)}", style="bold"))
    facts = [brief.operator, brief.aircraft, flight.kind, wording.day(flight.legs[0].departs.earliest)]
    facts += [f"cargo {flight.cargo}"] if flight.cargo else []
    facts += [f"concern: {flight.concern}"] if flight.concern else []
    out.print(Text(" · ".join(facts), style="dim"))
    for leg in brief.legs:
        _leg(leg, out)
    _whole(brief, out)
    _beside(brief, out)
    _listed(brief, out)
    _forgotten(brief, out)
    if brief.warnings:
        _head("Before acting on this", out)
        for caution in brief.warnings:
            _item(f"{caution.about}: {caution.text}", out)
    _head("Sources", out)
    for source in flight.sources:
        _item(source, out)
    for note in brief.sources:
        _item(
            f"{', '.join(filter(None, (note.title, note.date)))}{'' if note.verified else ' (not verified)'}",
            out,
        )
    _item("Borders © OpenStreetMap contributors, ODbL", out)


def _head(text: str, out: Console) -> None:
    out.print()
    out.print(Text(text, style="bold"))


def _item(text: str, out: Console) -> None:
    table = Table.grid(padding=(0, 1))
    table.add_column(width=1)
    table.add_column(overflow="fold")
    table.add_row("·", escape(text))
    out.print(table)


def _table(*columns: tuple[str, str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="dim")
    for title, side in columns:
        table.add_column(title, justify="right" if side == "right" else "left", no_wrap=side != "fold")
    return table


def _leg(leg: LegBrief, out: Console) -> None:
    one = leg.leg
    verdict = leg.verdict.verdict
    ends = " – ".join(f"{stop.icao} {stop.city}".strip() for stop in (one.origin, one.destination))
    _head(f"Leg {one.number}: {ends}", out)
    out.print(
        f"{wording.km(leg.distance_km)} ({wording.nm(leg.distance_km)}), "
        f"departs {wording.when(one.departs)}; "
        f"[{_COLOURS[verdict]}]{verdict}[/]: {escape(leg.verdict.grounds[0])}"
    )
    table = _table(
        ("no.", "right"),
        ("airspace", "fold"),
        ("over", ""),
        ("from km", "right"),
        ("to km", "right"),
        ("after departure", "right"),
        ("enters (UTC)", ""),
    )
    for row in wording.rows(leg.passages):
        crossing, last = row[0].crossing, row[-1].crossing
        marks = [
            f" {len(row)} slivers"
            if len(row) > 1
            else " sliver"
            if crossing.sliver and crossing.state
            else ""
        ]
        marks += [f" claimed by {wording.listed(crossing.disputed_by)}" if crossing.disputed_by else ""]
        title = Text(wording.row_title(row))
        title.append("".join(marks), style="yellow")
        table.add_row(
            str(row[0].number or ""), title, crossing.over if crossing.state else "",
            f"{crossing.entry_km:,.0f}", f"{last.exit_km:,.0f}", wording.hours(row[0].hours),
            " – ".join(wording.clock(moment) for moment in row[0].times.entry),
            style=None if crossing.state and len(row) == 1 else "dim",
        )  # fmt: skip
    out.print(table)
    table = _table(
        ("state", "fold"),
        ("plausible routes", "right"),
        ("flown there", "right"),
        ("detour into it", "right"),
        ("detour around it", "right"),
        ("standing", ""),
    )
    for view in leg.states:
        table.add_row(
            view.name, wording.share(view.share), wording.km(view.km) if view.on_line else "–",
            "on the line" if view.on_line else wording.detour(view.into_km), wording.around(view),
            _STANDINGS.get(view.standing, ""), style=None if view.on_line or view.share >= 0.1 else "dim",
        )  # fmt: skip
    out.print()
    out.print(table)
    _law(leg, out)
    out.print()
    out.print(f"[bold]Whose refusal closes every route[/]: {escape(leg.answer.found.meaning)}")
    for coalition in leg.answer.found.coalitions[:_SHOWN]:
        _item(wording.listed(coalition), out)
    for words in leg.answer.gaps.words[:_SHOWN] if leg.answer.gaps else ():
        _item(f"if those asked refuse: {words}", out)
    if leg.alternatives:
        table = _table(("route", ""), ("when", "fold"), ("over", "fold"), ("length", "right"), ("", "right"))
        for other in leg.alternatives:
            table.add_row(other.label, other.why, wording.way(other.states), wording.km(other.km),
                          wording.detour(other.extra_km))  # fmt: skip
        out.print()
        out.print(table)


def _law(leg: LegBrief, out: Console) -> None:
    columns = ("state", "fits best", "duty", "obliges or asks", "own power", "until")
    table = _table(*((title, "fold") for title in columns))
    for one, names in wording.law_rows(leg.law):
        best = one.advice.best
        who = ", ".join(names) + ("" if one.on_line else " (off the line)")
        if best is None:
            table.add_row(who, wording.option(one), style="dim")
            continue
        acts, own = (
            ", ".join(wording.marked(measure) for measure in best.measures if measure.role in roles)
            for roles in (("act", "on-landing"), ("power", "unbar"))
        )
        duty = Text(wording.duty(best), style="bold red" if best.duty == "must" else "")
        table.add_row(
            who, wording.option(one), duty,
            escape(acts), escape(own), wording.until(best), style=None if one.on_line else "dim",
        )  # fmt: skip
    out.print()
    out.print("[bold]What each state may do on the day[/] (* unverified, † once it lands, ‡ contested)")
    out.print(table)
    out.print("[dim]In full, with what an officer must not do: overflight law STATE --flight FLIGHT.toml[/]")


def _beside(brief: Brief, out: Console) -> None:
    _head("Meetings that may explain it", out)
    for score in brief.beside.scores:
        _item(
            f"{score.meeting.name}, {score.meeting.place.city or 'place not named'}, leg {score.leg}: "
            f"explanation {score.band}, {score.total:g} points "
            f"({'; '.join(one.says for one in score.contributions if one.outcome != 'unknown')})",
            out,
        )
    if not brief.beside.scores:
        _item("none is known on or near these days", out)


def _listed(brief: Brief, out: Console) -> None:
    _head("Who is on a list", out)
    if brief.screening is None:
        _item("not looked up: no list has been imported (overflight lists import KIND FILE)", out)
        return
    for match in brief.screening.matches:
        _item(
            f"{match.entity.caption} ({match.entity.list}): {match.band}, score {match.score:.2f}; "
            + "; ".join(f"{f.feature} {f.query} = {f.listed}" for f in match.features if f.contribution > 0),
            out,
        )
    if not brief.screening.matches:
        _item("nobody, as of the day of the flight", out)
    lists = ", ".join(f"{one.kind} of {one.published.isoformat()}" for one in brief.screening.lists)
    _item(f"looked up in {lists}", out)


def _whole(brief: Brief, out: Console) -> None:
    _head("The flight as a whole", out)
    for coalition in brief.closure.coalitions[:_SHOWN]:
        _item(f"stops if {wording.listed(coalition)} {'refuses' if len(coalition) == 1 else 'refuse'}", out)
    for ground in brief.closure.grounds:
        _item(ground, out)
    if brief.direct:
        direct = brief.direct
        new = f"; not on any leg as planned: {wording.listed(direct.new_states)}" if direct.new_states else ""
        _item(
            f"without the stop, {wording.km(direct.distance_km)}, {direct.verdict.verdict}: "
            f"{wording.way(direct.states)}{new}. {direct.answer.found.meaning}",
            out,
        )


def _forgotten(brief: Brief, out: Console) -> None:
    _head("Who has been forgotten", out)
    for leg, one in brief.forgotten:
        where = f"leg {leg}: " if len(brief.legs) > 1 else ""
        _item(f"{one.name} – {where}{'; '.join(one.grounds)}", out)
    if not brief.forgotten:
        _item("nobody that this brief knows of", out)
