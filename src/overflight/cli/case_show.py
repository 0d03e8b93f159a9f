"""``overflight case show``, ``list``, ``due``, ``paper``, ``record``: looking, nothing is changed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from overflight.cli.case_common import CaseId, case_desk, head, moment, progress, unread, write_paper
from overflight.cli.common import AsJson, console, finding, write_json
from overflight.world.times import minute_text, second_text

if TYPE_CHECKING:
    from overflight.case.life.model import Case

__all__ = ["add"]

Now = Annotated[
    str | None, typer.Option("--now", metavar="TIME", help="Take this for the time now, in exercises.")
]

_SHOW = """A case as it stands: what is open and what to do next first, then plans, approaches, answers.

--as-of folds to any moment: what was known then, not what is known now.

Example: overflight case show KOR621 --as-of 2008-08-05T12:00Z
"""
_LIST = """Every case: where it stands and what it is about.

Example: overflight case list --json
"""
_DUE = """What is overdue, due today and next, over all cases; --ical writes it for a calendar.

Exit code 1: something is overdue.

Example: overflight case due --ical due.ics
"""
_PAPER = """What one state may be told as things stand: the non-paper, what may only be said, what is kept.

What is kept, and why, is for the home desk alone.

Example: overflight case paper KOR621 --to IND --out papers/
"""
_RECORD = """The after-action record on one page: who was told when, who answered when, what worked.

Example: overflight case record KOR621 --out record.html
"""


def add(case: typer.Typer) -> None:
    """Add the sub-commands."""
    case.command("show", help=_SHOW)(_show)
    case.command("list", help=_LIST)(_list)
    case.command("due", help=_DUE)(_due)
    case.command("paper", help=_PAPER)(_paper)
    case.command("record", help=_RECORD)(_record)


def _now(text: str | None) -> datetime:
    return moment(text, "--now") or datetime.now(UTC)


def _show(
    case_id: CaseId,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="TIME", help="As it was known at this time.")
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="Every event with its number.")] = False,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    until = moment(as_of, "--as-of", end=True)
    with case_desk(write=False) as desk:
        case = desk.load(case_id, until)
    read_at = until or _now(now)
    if as_json:
        from overflight.case.life.view import to_json

        write_json(to_json(case, read_at))
        return
    _print(case, read_at, history)


def _print(case: Case, now: datetime, history: bool) -> None:
    from overflight.case.life.facts import facts_of
    from overflight.case.life.headline import until, way_words
    from overflight.case.wording import clock

    out = console()
    out.print(head(case, now), markup=False, soft_wrap=True)
    facts = facts_of(case.flight)
    told = [v for k, v in facts.items() if k in ("flight", "operator", "type", "tail", "route")]
    dates = [f"{k[5:]} {v}" for k, v in facts.items() if k.startswith("date ")]
    out.print(
        f"{case.opened.body.title}; {', '.join(told)}; {'; '.join(dates)}", markup=False, soft_wrap=True
    )
    plans = len(case.plans)
    out.print(f"{case.step}, plan {plans}, {len(case.history)} events", markup=False)
    if case.coverage and not case.over:
        for leg in case.coverage.legs:
            for way in leg.open[:4]:
                times = f"until {clock(until(case, leg, way))}Z" if way.states else ""
                out.print(
                    f"  open on {leg.leg}: {way_words(way)}, {way.km:,.0f} km {times}".rstrip(), markup=False
                )
            if len(leg.open) > 4:
                out.print(f"    and {len(leg.open) - 4} more ways", markup=False)
            if not leg.complete:
                out.print("    the search was cut short: there may be more", markup=False)
        if case.coverage.next and not case.coverage.closed:
            best = ", ".join(f"{n.state} (+{n.gain:.0%})" for n in case.coverage.next[:4])
            out.print(f"  ask next: {best}", markup=False)
    if case.standings:
        _standings(case, out)
    for holder in case.holders:
        coming = ", the new one is on its way" if holder.sent else ""
        out.print(
            f"  {holder.state} holds {holder.fact} {holder.holds!r}, now "
            f"{holder.now or 'no longer so'!r}{coming}",
            markup=False,
            soft_wrap=True,
        )
    for one in case.statements:
        state = f"replaced by {one.replaced}" if one.replaced else "outdated" if one.outdated else ""
        out.print(f"  {one.id} ({one.marking}) {one.text}" + (f" [{state}]" if state else ""), markup=False)
    if history:
        from overflight.case.life.events import kind_of
        from overflight.case.life.view import history_words

        for noted in case.history:
            mark = (
                " (void)" if noted.void else f" (corrected by {noted.corrected})" if noted.corrected else ""
            )
            out.print(
                f"  {noted.seq:>5} {minute_text(noted.true_at, ' ')} {kind_of(noted.body):10} "
                f"{history_words(noted)}{mark}",
                markup=False,
                soft_wrap=True,
            )


def _standings(case: Case, out: Any) -> None:
    from rich.table import Table

    from overflight.case.wording import clock

    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("state", "asked", "due", "delivered", "answer", ""):
        table.add_column(title, no_wrap=title in ("state", "asked", "due", "delivered"))
    for state, standing in case.standings.items():
        asked = [n for n in case.approaches if n.body.product.state == state]
        due = case.deadline(state)
        delivered = [n for n in case.deliveries if n.body.state == state]
        answer = case.current(state)
        stale = case.stale(answer) if answer else ()
        table.add_row(
            state,
            f"{clock(asked[-1].true_at)}Z" if asked else "not asked",
            f"{clock(due)}Z" if due else "",
            f"{clock(delivered[-1].true_at)}Z" if delivered else "",
            standing.words if answer else ("waiting" if asked else ""),
            "stale: " + "; ".join(reason.words for reason in stale) if stale else "",
        )
    out.print(table)


def _list(
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Work out anew what is derived from the log.")
    ] = False,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    read_at = _now(now)
    if rebuild:
        from overflight.case.life.derivation import rebuild as work_out

        with case_desk() as desk:
            unread(work_out(desk.log, progress("cases", 500)).unread)
    with case_desk(write=False) as desk:
        rows = sorted(desk.summaries(), key=lambda one: one.case)
        due: dict[str, datetime] = {}
        for item in desk.log.agenda():
            if item.due_at is not None and item.kind != "departure":
                due.setdefault(item.case, item.due_at)
    listed = [
        {
            "id": one.case,
            "title": one.body.get("title"),
            "step": one.body.get("step"),
            "flight": one.body.get("flight", []),
            "states": one.body.get("states", []),
            "next_due": second_text(due[one.case]) if one.case in due else None,
        }
        for one in rows
    ]
    if as_json:
        write_json({"cases": listed})
        return
    said = []
    for row in listed:
        when = due.get(str(row["id"]))
        late = (
            f", {'overdue since' if when < read_at else 'next due'} {minute_text(when, ' ')}" if when else ""
        )
        said.append(f"{row['id']}: {row['step']}, {row['title']}{late}")
    _write_lines(said or ["no case yet; overflight case open begins one"])


def _write_lines(said: Sequence[str]) -> None:
    """Many plain lines at once: measuring each for the terminal would take longer than finding them."""
    typer.echo("\n".join(said))


def _due(
    within_days: Annotated[
        float, typer.Option("--days", metavar="N", min=0, help="Look so many days ahead.")
    ] = 14.0,
    case_id: Annotated[
        str | None, typer.Option("--case", metavar="CASE", help="Only what this case waits for.")
    ] = None,
    ical: Annotated[
        Path | None, typer.Option("--ical", metavar="FILE", help="Write an iCalendar file.")
    ] = None,
    now: Now = None,
    as_json: AsJson = False,
) -> None:
    from datetime import timedelta

    from overflight.case.life.agenda import due_list, hours_words, to_ical

    read_at = _now(now)
    until = read_at + timedelta(days=min(within_days, 36_500))
    with case_desk(write=False) as desk:
        wanted = desk.load(case_id).id if case_id else None
        found = due_list(desk.log.agenda(before=until, case=wanted), read_at)
    if ical is not None:
        ical.write_bytes(to_ical(found, read_at))
        print(f"wrote {ical}", file=sys.stderr)
    if as_json:
        write_json(
            {
                "as_of": second_text(read_at),
                "due": [
                    {
                        "case": one.item.case,
                        "kind": one.item.kind,
                        "key": one.item.key,
                        "due": second_text(one.at),
                        "local": one.local or None,
                        "when": one.when,
                        "text": one.item.text,
                    }
                    for one in found
                ],
            }
        )
    else:
        said = []
        for one in found:
            span = f"{hours_words(one.at - read_at)} {'late' if one.when == 'overdue' else 'left'}"
            there = f", {one.local}" if one.local else ""
            said.append(
                f"{one.when:8} {minute_text(one.at, ' ')} ({span}{there})  {one.item.case}  {one.item.text}"
            )
        _write_lines(said or ["nothing is due"])
    if any(one.when == "overdue" for one in found):
        finding()


def _paper(
    case_id: CaseId,
    to: Annotated[str, typer.Option("--to", metavar="STATE", help="The state that is to be told.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write text, DOCX and PDF here.")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", metavar="TIME", help="As it would be said then; default: now.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.compose import paper_text, spoken_text
    from overflight.case.life.requests import preview
    from overflight.telegram.recipients import recipient

    code = recipient(to, "--to")
    with case_desk(at=moment(at, "--at"), write=False) as desk:
        composed = preview(desk, desk.load(case_id), code)
    if as_json:
        write_json(
            {
                "to": composed.state,
                "banner": composed.banner,
                "paper": [{"text": s.text, "marking": s.marking, "source": s.source} for s in composed.paper],
                "oral_banner": composed.oral_banner,
                "oral": [{"text": s.text, "marking": s.marking, "source": s.source} for s in composed.oral],
                "kept": [
                    {"statement": k.statement, "marking": k.marking, "reason": k.reason}
                    for k in composed.kept
                ],
            }
        )
    else:
        if composed.empty:
            typer.echo(f"Nothing may be told to {composed.state}.")
        typer.echo(paper_text(composed), nl=False)
        typer.echo(spoken_text(composed), nl=False)
        for one in composed.kept:
            print(f"kept: {one.statement} ({one.marking}), {one.reason}", file=sys.stderr)
    if out is not None:
        write_paper(out, composed)


def _record(
    case_id: CaseId,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it as .html or .txt.")
    ] = None,
) -> None:
    from overflight.case.life.record import record_of, to_html, to_text

    with case_desk(write=False) as desk:
        record = record_of(desk.load(case_id))
    if out is None:
        typer.echo(to_text(record), nl=False)
        return
    out.write_text(to_html(record) if out.suffix == ".html" else to_text(record), encoding="utf-8")
    print(f"wrote {out}", file=sys.stderr)
