"""``overflight read``: one telegram after the other, from one file or many."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from overflight.cli.common import day, to_stderr
from overflight.errors import InputError, TelegramError

if TYPE_CHECKING:
    from overflight.telegram import Reading

__all__ = ["day", "load", "register"]

_LONG = 1_000_000  # bytes of a file from which on a person is told what goes on

_HELP = """Read telegrams: structure, meaning, and every repair with line and column.

State's forms old and new, ACP 126 and 127, JANAP 128, DD-173 and AFTN are told apart by themselves. FILE
may be "-", and may hold several telegrams, one behind the other.

Example: overflight read telegram.txt --json
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("read", help=_HELP)(_read)


def load(path: str, received: dt.date | None = None) -> Iterator[tuple[int | None, Reading]]:
    """Each telegram of a file, or of standard input when the path is ``-``, and which of several it is.

    The number is None where the file holds one telegram only. No more than one is held at a time.
    """
    from overflight.telegram import read_all

    data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    name = "standard input" if path == "-" else path
    found = read_all(data, received=received, name=name)
    long = len(data) > _LONG and sys.stderr.isatty()
    for n in count(1):
        with to_stderr().status(f"reading {name}, {len(data) / 1e6:.0f} MB") if long else nullcontext():
            reading = next(found, None)
        if reading is None:
            return
        yield (None if len(reading.source.data) == len(data) else n), reading


def _read(
    files: Annotated[list[str], typer.Argument(help="Files with telegrams.", metavar="FILE...")],
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document.")] = False,
    thread: Annotated[
        bool, typer.Option("--thread", help="Sort the files into threads; list what is missing.")
    ] = False,
    received: Annotated[
        str | None,
        typer.Option(
            "--received", help="Day of receipt, for years of two digits and AFTN.", metavar="YYYY-MM-DD"
        ),
    ] = None,
) -> None:
    when = day(received, "--received", "2026-08-01")
    if thread:
        _threads(files, when, as_json)
        return
    if len(files) > 1:
        _several(_gone_on(files, when), as_json)
        return
    first = next(found := ((files[0], n, reading) for n, reading in load(files[0], when)))
    if first[1] is not None:
        _several(chain([first], found), as_json)
    elif as_json:
        from overflight.telegram import to_json

        typer.echo(json.dumps(to_json(first[2]), ensure_ascii=False))
    else:
        _show(first[2])


def _gone_on(files: list[str], when: dt.date | None) -> Iterator[tuple[str, int | None, Reading | str]]:
    """The telegrams of all files; what cannot be read is an error in its place."""
    for path in files:
        try:
            for n, reading in load(path, when):
                yield path, n, reading
        except TelegramError as error:
            yield path, None, str(error)
        except OSError as error:
            yield path, None, f"{path}: {error.strerror or 'cannot be read'}"


def _several(found: Iterable[tuple[str, int | None, Reading | str]], as_json: bool) -> None:
    """One telegram after the other, so that the memory does not grow with their number."""
    from overflight.telegram import to_json

    failed = False
    before = "["
    for path, n, reading in found:
        entry: dict[str, Any] = {"file": path} | ({} if n is None else {"message": n})
        if isinstance(reading, str):
            failed = True
            print(f"overflight: {reading}", file=sys.stderr)
            entry["error"] = reading
        elif not as_json:
            typer.echo(f"── {path}" + ("" if n is None else f", message {n}"))
            _show(reading)
        else:
            entry |= to_json(reading)
        if as_json:
            typer.echo(before + json.dumps(entry, ensure_ascii=False), nl=False)
            before = ","
    if as_json:
        typer.echo("]")
    if failed:
        raise typer.Exit(2)


def _show(reading: Reading) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(soft_wrap=True, highlight=False)
    telegram, meaning, head = reading.telegram, reading.meaning, reading.telegram.head

    def row(name: str, value: object) -> None:
        if value:
            console.print(Text.assemble((f"{name:<13}", "dim"), _printable(str(value))))

    row("number", telegram.number)
    row("form", reading.form + ("" if reading.complete else ", incomplete"))
    row("class", (telegram.classification or "") + telegram.control)
    row("sent", f"{head.sent:%Y-%m-%d %H:%MZ}" if head.sent else "")
    row("precedence", " / ".join(p for p in (head.precedence, head.info_precedence) if p))
    row("from", head.origin)
    for name, addresses, states in (("to", head.to, meaning.to), ("info", head.info, meaning.info)):
        for address, state in zip(addresses, states, strict=True):
            shown = (address.address, address.precedence, f"[{state}]" if state else None)
            row(name, " ".join(part for part in shown if part))
    row("captions", ", ".join(telegram.captions))
    row("order", f"{telegram.order.number} {telegram.order.text}" if telegram.order else "")
    row("tags", ", ".join(t.tag + (f"={t.state}" if t.state else "") for t in meaning.tags))
    row("subject", telegram.subject.text if telegram.subject else "")
    for reference in telegram.references:
        row(f"ref {reference.letter}", f"{reference.number or ''} {reference.text}".strip())
    row("authority", telegram.authority.office if telegram.authority else "")
    row("reasons", ", ".join(telegram.authority.reasons) if telegram.authority else "")
    row(
        "action",
        ", ".join(f"para {n}" for n in meaning.action.paragraphs) if meaning.action.requested else "",
    )
    row("due", meaning.due.day.isoformat() if meaning.due else "")
    row("slugs", ", ".join(meaning.slugs))
    row("roll-up", meaning.rolled)
    heading = None
    for paragraph in telegram.paragraphs:
        if paragraph.heading and paragraph.heading != heading:
            console.print(Text(_printable(paragraph.heading), style="bold"))
        heading = paragraph.heading
        mark = f"({paragraph.marking}) " if paragraph.marking else ""
        console.print(
            Text.assemble(
                (f"{paragraph.label or '·':>5}  ", "dim"), (mark, "cyan"), _printable(paragraph.text)
            )
        )
    row("signed", telegram.signed)
    for repair in reading.repairs:
        console.print(
            Text.assemble(
                ("repair  ", "yellow"),
                f"line {repair.line}, column {repair.column}: “{_printable(repair.read)}” → "
                f"“{_printable(repair.understood)}”",
                (f"  [{repair.kind}]", "dim"),
            )
        )
    for warning in reading.warnings:
        console.print(Text(f"warning  {_printable(warning)}", style="yellow"))


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def _threads(files: list[str], when: dt.date | None, as_json: bool) -> None:
    from overflight.telegram import threads

    if len(set(files)) != len(files):
        raise InputError("a file is given twice", where="--thread", mend="give each file once")
    found = threads(
        [
            (path if n is None else f"{path}#{n}", reading.telegram)
            for path in files
            for n, reading in load(path, when)
        ]
    )
    if as_json:
        document = [
            {
                "messages": list(t.messages),
                "links": [{"a": link.a, "b": link.b, "why": link.why} for link in t.links],
                "missing": [
                    {
                        "number": {
                            "origin": m.number.origin,
                            "serial": m.number.serial,
                            "year": m.number.year,
                        },
                        "referred_by": list(m.referred_by),
                    }
                    for m in t.missing
                ],
            }
            for t in found
        ]
        typer.echo(json.dumps({"threads": document}, ensure_ascii=False))
        return
    for n, thread in enumerate(found, 1):
        typer.echo(f"thread {n}")
        for name in thread.messages:
            typer.echo(f"  {name}")
        for link in thread.links:
            typer.echo(
                f"    {link.a} – {link.b}: same {link.why}"
                if link.why != "reference"
                else f"    {link.a} – {link.b}: reference"
            )
        for lost in thread.missing:
            typer.echo(f"    missing {lost.number}, referred to by {', '.join(lost.referred_by)}")
