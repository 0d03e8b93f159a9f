"""``overflight screen --permits``: what the triage of applications prints and writes."""

from __future__ import annotations

import csv
import json
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from overflight.cli.common import console, finding, to_stderr, world
from overflight.errors import InputError

if TYPE_CHECKING:
    from datetime import date

    from rich.console import Console

    from overflight.screening.triage import Survey

__all__ = ["COLUMNS", "screen_permits"]

_SHOWN, _FLAGS, _CITED = 100, 4, 2
_LEVELS = {
    "hit": "[bold red]HIT[/]",
    "must": "[red]MUST[/]",
    "unread": "[magenta]not read[/]",
    "look": "[yellow]look[/]",
    "ask": "ask",
    "nothing": "[dim]–[/]",
}
#: Of the table that --csv writes.
COLUMNS = (
    *("row", "level", "flight", "operator", "registration", "type", "itinerary", "day"),
    *("band", "score", "match", "list", "entry", "roles", "matches"),
    *("state", "duty", "option", "asked", "paragraphs", "states"),
    *("flags", "reasons", "fault"),
)
#: A cell that begins like this is a formula to some programs, and an application is a stranger's text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def screen_permits(
    path: Path,
    *,
    state: str | None,
    on: date | None,
    known: datetime | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Put a file of applications in order, print it, and end with 1 when there is a hit."""
    from overflight.garbage import built_once
    from overflight.screening.triage import survey

    if out is not None:
        _check_out(out)
    with built_once():
        desk, remarks = _desk(state, on, known)
        with ExitStack() as stack:
            bar = _progress()
            stages: dict[str, Any] = {}

            def told(stage: str, done: int, total: int | None) -> None:
                if not stages:  # not before there is something to show: a complaint stands alone
                    stack.enter_context(bar)
                if stage not in stages:
                    stages[stage] = bar.add_task(stage, total=total)
                bar.update(stages[stage], completed=done)

            found = survey(path, desk, told)
    found.remarks |= dict.fromkeys(remarks)
    with found:
        if out is not None:
            _write_csv(found, out)
        if as_json:
            _write_json(found)
        else:
            _show(found, console(), out)
        hit = found.hit
    if hit:
        finding()


def _desk(state: str | None, on: date | None, known: datetime | None) -> tuple[Any, list[str]]:
    from overflight import settings
    from overflight.screening.triage import Desk
    from overflight.world.states import state as code_of

    here = settings.load()
    remarks: list[str] = []
    deciding = position = ""
    if state is not None:
        try:
            deciding = code_of(state)
        except InputError as error:
            raise InputError(error.what, where="--state", mend=error.mend) from None
    elif here.state:
        try:
            deciding = code_of(here.state)
        except InputError:
            # A desk may be an organisation's.
            remarks.append(f"the desk's {here.state} is no state: every state under a route was asked")
    if here.position:
        try:
            position = code_of(here.position)
        except InputError as error:
            raise InputError(error.what, where="OVERFLIGHT_POSITION", mend=error.mend) from None
    _, view = world(here.view)
    today = datetime.now(UTC).date()
    return Desk(here.home, today, deciding, on, known, position, view), remarks


def _progress() -> Any:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=to_stderr(), transient=True)


# --- JSON and CSV ---------------------------------------------------------------------------------------


def _write_json(found: Survey) -> None:
    """One document, written piece by piece: it may be long."""
    put = sys.stdout.write
    put(_dumped(found.head())[:-1])
    put(', "applications": [')
    for number, document in enumerate(found.documents()):
        put(", " if number else "")
        put(_dumped(document))
    put("]}\n")


def _dumped(document: dict[str, Any]) -> str:
    """As JSON; half a character, which a JSON file can hold and UTF-8 cannot, becomes a question mark."""
    text = json.dumps(document, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8", "replace").decode("utf-8")


def _check_out(out: Path) -> None:
    if out.exists():
        raise InputError("is there already", where=str(out), mend="give another name with --csv")
    if not out.parent.is_dir():
        raise InputError("no such folder", where=str(out.parent), mend="make it, or give another name")


def _write_csv(found: Survey, out: Path) -> None:
    try:
        with out.open("x", encoding="utf-8", errors="replace", newline="") as file:
            table = csv.writer(file)
            table.writerow(COLUMNS)
            for document in found.documents():
                cells = _cells(document)
                table.writerow([_cell(cells[name]) for name in COLUMNS])
    except OSError as error:
        out.unlink(missing_ok=True)
        raise InputError(
            f"cannot be written: {(error.strerror or '').lower()}", where=str(out), mend="give another place"
        ) from None


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _cells(document: dict[str, Any]) -> dict[str, Any]:
    stated, best, law = document["application"] or {}, _best(document), document["law"] or {}
    return {
        "row": document["row"],
        "level": document["level"],
        "flight": _name(document),
        "operator": stated.get("operator") or stated.get("operator_code"),
        "registration": " ".join(stated.get("registrations", ())),
        "type": stated.get("type"),
        "itinerary": _itinerary(document),
        "day": _day(document),
        "band": best.get("band"),
        "score": best.get("score"),
        "match": best.get("caption"),
        "list": best.get("list"),
        "entry": best.get("id"),
        "roles": " ".join(best.get("roles", ())),
        "matches": len(document["matches"]),
        "state": law.get("state"),
        "duty": law.get("duty"),
        "option": law.get("option"),
        "asked": law.get("asked"),
        "paragraphs": "; ".join(_citations(law)),
        "states": " ".join(dict.fromkeys(state for leg in _legs(document) for state in leg["states"])),
        "flags": " ".join(dict.fromkeys(flag["kind"] for flag in document["flags"])),
        "reasons": "; ".join(f"{flag['kind']}: {_reason(flag)}" for flag in document["flags"]),
        "fault": document["fault"],
    }


# --- what both say --------------------------------------------------------------------------------------


def _best(document: dict[str, Any]) -> dict[str, Any]:
    return document["matches"][0] if document["matches"] else {}


def _legs(document: dict[str, Any]) -> list[dict[str, Any]]:
    return document["flight"]["legs"] if document["flight"] else []


def _name(document: dict[str, Any]) -> str:
    stated = document["application"] or {}
    marks = stated.get("registrations", [""])
    return str(stated.get("call_sign") or stated.get("id") or marks[0] or "")


def _itinerary(document: dict[str, Any]) -> str:
    legs = _legs(document)
    return "-".join([legs[0]["from"], *(leg["to"] for leg in legs)]) if legs else ""


def _day(document: dict[str, Any]) -> str:
    return document["flight"]["day"] if document["flight"] else ""


def _reason(flag: dict[str, Any]) -> str:
    return f"{flag['what']} ({flag['grounds']}{'' if flag['verified'] else '; unverified'})"


def _citations(law: dict[str, Any]) -> list[str]:
    """What obliges or asks, else what gives the power; * where it is not verified, † once it lands."""
    measures = law.get("measures", [])
    acting = [one for one in measures if one["role"] in ("act", "on-landing")]
    power = [one for one in measures if one["role"] in ("power", "unbar")]
    cited = []
    for one in acting or power:
        text = ", ".join(part for part in (one["instrument"], one["paragraph"]) if part)
        doubt = "" if one["verified"] and not one["unverified"] else "*"
        doubt += "†" if one["role"] == "on-landing" else ""
        contested = " (contested)" if one["status"] == "contested" else ""
        cited.append(f"{text}{doubt}{contested}")
    return list(dict.fromkeys(cited))


# --- for people -----------------------------------------------------------------------------------------


def _show(found: Survey, out: Console, written: Path | None) -> None:
    from rich.table import Table

    from overflight.screening.triage import LEVELS

    table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 1, 0))
    table.add_column("row", justify="right", no_wrap=True)
    table.add_column("urgency", no_wrap=True)
    for title, share in (("flight", 3), ("match", 3), ("option", 4), ("red flags", 5)):
        table.add_column(title, overflow="fold", ratio=share)
    for document in islice(found.documents(), _SHOWN):
        table.add_row(
            str(document["row"]),
            _LEVELS[document["level"]],
            _flight(document),
            _match(document),
            _option(document),
            _flags(document),
        )
    out.print(table)
    if len(found) > _SHOWN:
        out.print(f"and {len(found) - _SHOWN:,} more; --csv and --json have them all")
    counts = ", ".join(f"{_LEVELS[level]} {number:,}" for level, number in found.levels.items() if number)
    out.print(f"{len(found):,} applications: {counts}")
    for level, number in found.levels.items():
        if number:
            out.print(f"[dim]  {_LEVELS[level]}: {LEVELS[level]}[/]")
    out.print("[dim]  * not verified, † once it lands; full reasons: --csv OUT or --json[/]")
    if written is not None:
        out.print(f"written: {_plain(str(written))}")
    for one in found.lists.values():
        out.print(f"[dim]{one['kind']}, published {one['published']}, {one['entries']:,} entries[/]")
    for remark in found.remarks:
        out.print(f"[yellow]note[/]: {_plain(remark)}")
    out.print(found.head()["note"])


def _plain(text: str) -> str:
    """A stranger's text, without what a terminal or the markup would take for an order."""
    from rich.markup import escape

    return escape("".join(c if c.isprintable() else " " for c in text))


def _flight(document: dict[str, Any]) -> str:
    stated = document["application"]
    if stated is None:
        return f"[magenta]{_plain(document['fault'])}[/]"
    marks = " ".join(part for part in (*stated.get("registrations", [])[:2], stated.get("type", "")) if part)
    day, way = _day(document), _itinerary(document)
    lines = [f"[bold]{_plain(_name(document)) or '–'}[/]"]
    operator = stated.get("operator") or stated.get("operator_code") or ""
    lines += [_plain(text) for text in (operator, marks, f"{way} {day}".strip()) if text]
    if document["fault"]:
        lines.append(f"[magenta]{_plain(document['fault'])}[/]")
    return "\n".join(lines)


def _match(document: dict[str, Any]) -> str:
    best = _best(document)
    if not best:
        return "[dim]none[/]" if document["application"] is not None else ""
    colour = "yellow" if best["band"] == "possible" else "red"
    lines = [
        f"[{colour}]{best['band']}[/] {best['score']:.2f} {_plain(', '.join(best['roles']))}".strip(),
        f"{_plain(best['caption'])}, {best['list']} {_plain(best['id'])}",
    ]
    if more := len(document["matches"]) - 1:
        lines.append(f"[dim]and {more} more[/]")
    return "\n".join(lines)


def _option(document: dict[str, Any]) -> str:
    law = document["law"]
    if law is None:
        return ""
    if law["option"] is None:
        return f"{law['state']}: no option"
    duty = "[bold red]must[/]" if law["duty"] == "must" else "may"
    asked = f" ({law['asked']})" if law["asked"] and law["duty"] == "may" else ""
    lines = [f"{law['state']} {duty} {law['option']}{asked}"]
    cited = _citations(law)
    lines += [_plain(text) for text in cited[:_CITED]]
    if len(cited) > _CITED:
        lines.append(f"[dim]and {len(cited) - _CITED} more[/]")
    if law["contested"]:
        lines.append("[yellow]contested[/]")
    if not law["under"]:
        lines.append("[dim]not under the great circle[/]")
    return "\n".join(lines)


def _flags(document: dict[str, Any]) -> str:
    lines = [
        f"{_plain(flag['kind'])}: {_plain(flag['what'])}{'' if flag['verified'] else '*'}"
        for flag in document["flags"][:_FLAGS]
    ]
    if (more := len(document["flags"]) - _FLAGS) > 0:
        lines.append(f"[dim]and {more} more[/]")
    return "\n".join(lines)
