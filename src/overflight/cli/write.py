"""``overflight write``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from overflight.errors import InputError

__all__ = ["register"]

_HELP = """Write a telegram from a model, the JSON of "read --json"; derived fields may be left out.

Reading the text gives the same model. --docx and --pdf write paper as well, with banner and portion marks
on every page.

Example: overflight write model.json --pdf telegram.pdf
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("write", help=_HELP)(_write)


def _write(
    model: Annotated[str, typer.Argument(help='File with the model, or "-".', metavar="MODEL.json")],
    out: Annotated[
        Path | None, typer.Option("--out", help="Write the text to this file.", metavar="FILE")
    ] = None,
    docx: Annotated[
        Path | None, typer.Option("--docx", help="Write a DOCX to this file.", metavar="FILE")
    ] = None,
    pdf: Annotated[
        Path | None, typer.Option("--pdf", help="Write a PDF to this file.", metavar="FILE")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON document with the text.")] = False,
) -> None:
    from overflight.telegram import from_json, write

    where = "standard input" if model == "-" else model
    telegram = from_json(_document(model, where), where=where)
    text = write(telegram)
    if "\n=QUOTED\n" in text:
        note = "no telegram form can say this model; it is written in quoted form"
        print(f"overflight: {where}: {note}", file=sys.stderr)
    # Paper first: nothing is written when it fails.
    papers: list[tuple[Path, bytes]] = []
    if docx or pdf:
        from overflight.telegram import paper

        if docx:
            papers.append((docx, paper.docx(telegram)))
        if pdf:
            papers.append((pdf, paper.pdf(telegram)))
    for path, data in papers:
        path.write_bytes(data)
    if out:
        out.write_text(text, encoding="utf-8")
    if as_json:
        files = [str(p) for p in (out, docx, pdf) if p]
        typer.echo(json.dumps({"text": text, "files": files}, ensure_ascii=False))
    elif not out:
        typer.echo(text, nl=False)


def _document(path: str, where: str) -> Any:
    raw = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    try:
        return json.loads(raw)
    except UnicodeDecodeError:
        raise InputError("the model is no text in UTF-8", where=where) from None
    except json.JSONDecodeError as error:
        raise InputError(f"no JSON: {error.msg}", where=f"{where}:{error.lineno}:{error.colno}") from None
    except RecursionError:
        raise InputError("the model is nested too deeply", where=where) from None
