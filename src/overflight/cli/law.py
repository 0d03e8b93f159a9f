"""``overflight law``."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from overflight.cli.common import AsJson, console, state_code, working_position, write_json
from overflight.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from overflight.law import Advice, Contest, MeasureView, Option

__all__ = ["register", "show_advice"]

_HELP = """What one state may do, must do or is asked to do about a flight on a day, and on what paragraph.

Without --flight: what is in force for that state on that day. What is not verified says so; a contested
measure obliges only on the position of --position. --check FILE checks a file of the desk's own rows.

Example: overflight law IND --on 2008-08-07 --flight FLIGHT.toml
"""
_GROUNDS = {
    "none": "none",
    "itinerary": "itinerary",
    "good-cause": "good-cause",
    "reasonable": "reasonable-grounds",
    "reasonable-grounds": "reasonable-grounds",
    "found": "found",
}


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("law", help=_HELP)(_law)


def _law(
    state: Annotated[
        str | None, typer.Argument(metavar="STATE", help="The state that is asked: code or name.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="Day, or instant such as 2025-09-28T00:00Z."),
    ] = None,
    flight: Annotated[
        Path | None, typer.Option("--flight", metavar="FLIGHT.toml", help="The planned flight.")
    ] = None,
    leg: Annotated[
        int | None, typer.Option("--leg", metavar="N", help="The leg that enters the state; default: all.")
    ] = None,
    grounds: Annotated[
        str | None,
        typer.Option(
            "--grounds",
            metavar="G",
            help="none, itinerary, good-cause, reasonable or found; default: from the file.",
        ),
    ] = None,
    grounds_apart: Annotated[
        bool, typer.Option("--grounds-apart", help="The grounds are about the cargo apart from a delegation.")
    ] = False,
    cargo: Annotated[
        str | None, typer.Option("--cargo", metavar="CATEGORY", help="missile, arms, dual-use …")
    ] = None,
    circumstance: Annotated[
        str | None,
        typer.Option("--circumstance", metavar="C,C", help="diplomatic, humanitarian, emergency …"),
    ] = None,
    over: Annotated[
        str,
        typer.Option(
            "--over",
            metavar="WHERE",
            help="land, territorial sea, strait, archipelagic lane, caspian or high seas.",
        ),
    ] = "land",
    phase: Annotated[
        str, typer.Option("--phase", metavar="P", help="before departure, in flight or on the ground.")
    ] = "before departure",
    permit: Annotated[
        str,
        typer.Option("--permit", metavar="P", help="Whether a permit is required, not required, unknown."),
    ] = "unknown",
    carries: Annotated[
        str, typer.Option("--carries", metavar="L", help="cargo, passengers, mixed or unknown.")
    ] = "unknown",
    flag: Annotated[
        str | None, typer.Option("--flag", metavar="STATE", help="State of registry, if the file is silent.")
    ] = None,
    position: Annotated[
        str | None,
        typer.Option(
            "--position", metavar="STATE", help="Whose position on contested measures to work with."
        ),
    ] = None,
    check: Annotated[
        Path | None, typer.Option("--check", metavar="FILE.csv", help="Check rows of your own, and stop.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    if check is not None:
        _check(check, as_json=as_json)
        return
    if state is None:
        raise InputError(
            "no state is named", where="STATE", mend="give a code such as IND, or --check FILE.csv"
        )
    code = state_code(state, "STATE")
    working = working_position(position)
    when = _when(on)

    from overflight.law import load

    if flight is None:
        if when is None:
            raise InputError("no day is given", where="--on", mend="write it as 2008-08-07, or give --flight")
        document = _calendar(code, when, working)
        if as_json:
            write_json(document)
        else:
            _show_calendar(document, console())
        return

    from overflight.law import advice, question_for
    from overflight.world.flight_file import read_flight

    try:
        question = question_for(
            read_flight(flight),
            leg,
            code,
            over,
            on=when,
            showing=_grounds(grounds),
            category=cargo or "",
            grounds_apart=grounds_apart,
            phase=phase,
            permit=permit,
            carries=carries,
            circumstances=[c.strip() for c in (circumstance or "").split(",") if c.strip()],
            flag=state_code(flag, "--flag") if flag else None,
            position=working,
        )
    except InputError as error:
        raise type(error)(error.what, where=_option(error.where), mend=error.mend) from None
    answer = advice(question, load())
    if as_json:
        write_json(answer.to_json())
    else:
        show_advice(answer, console())


def _option(where: str | None) -> str | None:
    names = {"category": "--cargo", "circumstances": "--circumstance", "showing": "--grounds"}
    fields = ("over", "phase", "permit", "carries", "leg")
    return f"--{where}" if where in fields else names.get(where or "", where)


def _grounds(text: str | None) -> str | None:
    if text is None:
        return None
    if text not in _GROUNDS:
        raise InputError(
            f"{text!r} is not known", where="--grounds", mend=f"give one of {', '.join(_GROUNDS)}"
        )
    return _GROUNDS[text]


def _when(text: str | None) -> date | datetime | None:
    """A day, or an instant with its zone."""
    if text is None:
        return None
    try:
        if not re.match(r"\d{4}-\d{2}-\d{2}(?!\d)", text, re.ASCII):
            raise ValueError(text)
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (OverflowError, ValueError):
        raise InputError(
            f"{text!r} is no day", where="--on", mend="write it as 2008-08-07 or 2025-09-28T00:00Z"
        ) from None


def _check(path: Path, *, as_json: bool) -> None:
    from overflight.law import check

    kind, count = check(path)
    if as_json:
        write_json({"file": str(path), "table": kind, "rows": count})
    else:
        rows = "one row" if count == 1 else f"{count} rows"
        console().print(f"{path}: {rows} of {kind}, all good", soft_wrap=True)


def _calendar(state: str, on: date | datetime, position: str) -> dict[str, Any]:
    from overflight.law import calendar

    return calendar(state, on, position=position).to_json()


# --- for people -----------------------------------------------------------------------------------------


def show_advice(answer: Advice, out: Console) -> None:
    """Print an advice: the options as a table, the measures they cite, then what narrows them."""
    from rich.markup import escape
    from rich.table import Table

    from overflight.law.words import label
    from overflight.world.states import name

    asked = answer.question
    ways = " – ".join(name(s) for s in dict.fromkeys((*asked.origins, *asked.destinations)))
    out.print(f"[bold]{escape(name(asked.state))}[/], {asked.on.isoformat()}: {asked.kind}, {escape(ways)}")
    out.print(
        f"cargo: {label(asked.what)}; shown: {label(asked.showing, 'showing')}; "
        f"over {label(asked.over, 'over')}, {asked.phase}"
    )
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    table.add_column("option", no_wrap=True)
    for title in ("duty", "obliges or asks", "power", "showing"):
        table.add_column(title, overflow="fold")
    for one in answer.options:
        duty = "[bold red]must[/]" if one.duty == "must" else "may"
        table.add_row(
            f"[bold]{one.option}[/]",
            duty + (f", {one.asked}" if one.asked and one.duty == "may" else ""),
            escape(_ids(one, "act", "on-landing")),
            escape(_ids(one, "power", "unbar")),
            escape(one.needs),
        )
    out.print()
    out.print(table)
    out.print()
    _list(out, "That is", [f"{one.option}: {one.meaning}" for one in answer.options])
    _list(out, "Not open", [f"{d.option}: {d.why}" for d in answer.dropped])
    _list(out, "Measures (* unverified, † once it lands, ‡ contested)", _cited(answer))
    _list(out, "Report", list(dict.fromkeys(_report(one) for one in answer.options if one.reports)))
    _list(out, "Exceptions", _exceptions(answer))
    for title, part in (("Must not", "must_not"), ("Look at", "checks"), ("Mind", "limits")):
        _list(out, title, list(dict.fromkeys(t for one in answer.options for t in getattr(one, part))))
    _list(out, "Beside", [_full(m) for m in answer.beside])
    _list(out, "Contested", [_contest(one) for one in answer.contested])
    _list(out, "Done before", list(answer.practice))
    _list(out, "Beware", list(answer.cautions))


def _list(out: Console, title: str, lines: list[str]) -> None:
    from rich.markup import escape
    from rich.table import Table

    if not lines:
        return
    out.print(f"[bold]{title}[/]")
    grid = Table.grid(padding=(0, 1, 0, 0))
    for line in lines:
        grid.add_row(" ·", escape(line))
    out.print(grid)


def _ids(option: Option, *roles: str) -> str:
    from overflight.case.wording import marked

    return ", ".join(marked(m) for m in option.measures if m.role in roles)


def _cited(answer: Advice) -> list[str]:
    """Every measure that the options cite, once, what obliges first."""
    order = ("act", "on-landing", "power", "unbar", "reason")
    found: dict[str, MeasureView] = {}
    for role in order:
        for one in answer.options:
            for measure in one.measures:
                if measure.role == role:
                    found.setdefault(measure.id, measure)
    return [_full(measure) for measure in found.values()]


def _full(measure: MeasureView) -> str:
    marks = [
        f"until {measure.until.date().isoformat()}" if measure.until else "",
        _contested(measure),
        f"unverified: {measure.unverified}" if measure.unverified else "",
        "own row" if measure.own else "",
    ]
    said = "; ".join(mark for mark in marks if mark)
    word = "reason" if measure.role == "reason" else measure.binding
    return f"{measure.id}: {measure.citation} ({word}): {measure.effect}" + (f" [{said}]" if said else "")


def _contested(measure: MeasureView) -> str:
    if measure.status != "contested":
        return ""
    return "contested, no position taken" if "no position taken" in measure.remark else "contested"


def _report(option: Option) -> str:
    return "; ".join(
        f"{r.within} under {r.measure}{'' if r.verified else ' (unverified)'}"
        + (" (contested, no position taken)" if r.in_doubt else " (contested)" if r.contested else "")
        + (f": by {r.by.isoformat()} if inspected on the day asked about" if r.by else "")
        for r in option.reports
    )


def _exceptions(answer: Advice) -> list[str]:
    return list(
        dict.fromkeys(
            f"{e.measure}: {e.text}{': applies' if e.applies else ''}{'' if e.verified else ' (unverified)'}"
            for one in answer.options
            for e in one.exemptions
        )
    )


def _contest(one: Contest) -> str:
    who = (
        f"you work with {one.working}: {one.working_position}" if one.working else "you work with no position"
    )
    return (
        f"{one.title} ({', '.join(one.measures)}): {one.question} {who}; {one.state}: {one.state_position}; "
        f"applies: {', '.join(one.applies) or 'nobody on record'}; "
        f"rejects: {', '.join(one.rejects) or 'nobody on record'}"
    )


def _show_calendar(document: dict[str, Any], out: Console) -> None:
    from rich.markup import escape
    from rich.table import Table

    from overflight.world.states import name

    rows = document["measures"]
    out.print(f"[bold]{escape(name(document['state']))}[/], {document['on']}: {len(rows)} measures in force")
    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
    for title in ("about", "measure", "binding", "effect", "until"):
        table.add_column(title, overflow="fold")
    for row in rows:
        marks = [
            part
            for part in (
                row["status"] if row["status"] != "in force" else "",
                "unverified" if row["unverified"] or not row["verified"] else "",
                "own row" if row["own"] else "",
            )
            if part
        ]
        table.add_row(
            " ".join(row["targets"]) or "any",
            escape(row["id"] + (f" [{', '.join(marks)}]" if marks else "")),
            row["binding"],
            escape(row["effect"]),
            row["until"] or "",
        )
    out.print(table)
    _list(out, "PSI principles", [document["psi"]] if document["psi"] else [])
    _list(out, "Conventions", document["parties"])
    _list(out, "Done before", document["practice"])
    _list(
        out,
        "Contested",
        [
            f"{one['title']} ({', '.join(one['measures'])}): "
            f"applies: {', '.join(one['applies']) or 'nobody on record'}; "
            f"rejects: {', '.join(one['rejects']) or 'nobody on record'}; you work with "
            f"{one['position_of'] or 'nobody'}: {one['position']}; {one['state']}: {one['state_position']}"
            for one in document["contested"]
        ],
    )
