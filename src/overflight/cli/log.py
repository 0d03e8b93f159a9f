"""``overflight log``: prove, show, anchor, export, import, back up and migrate the desk's log."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from overflight.cli.case_common import progress, unread
from overflight.cli.common import AsJson, finding, write_json
from overflight.errors import InputError

if TYPE_CHECKING:
    from datetime import datetime

    from overflight.store import Event
    from overflight.store.anchor import Anchor
    from overflight.store.verify import Proof

__all__ = ["register"]

_VERIFY = """Prove the log: every digest, every link, the head, the file, and the anchors noted outside it.

The anchors kept in the desk's folder are always looked at; others are given as a file or as the typed code.
Exit code 0: whole. 1: something is not as it was recorded; each finding is a line.

Example: overflight log verify --anchor 812-7K3QF-9XM2C-QV5RT-8ASDF-4D
"""
_ANCHOR = """Note how far the log has come, outside the log: as a code to type, as a file, as a signed note.

Without --out or --print the note is kept in the desk's folder; take a copy elsewhere.

Example: overflight log anchor --sign --out head.anchor
"""
_SHOW = """Show recorded events, oldest first: when recorded, which case, what, by whom, on what source.

Example: overflight log show --case KOR621 --until 2008-08-06T12:00Z
"""
_EXPORT = """Write the whole desk into one file that any overflight can prove and import.

Example: overflight log export desk.jsonl
"""
_IMPORT = """Take in an exported desk, whole or not at all, after it has been proved from end to end.

An empty desk becomes the exported one; a desk with events takes in only its own continuation.

Example: overflight log import desk.jsonl
"""
_BACKUP = """Copy the store as it is at this moment, while others work on it.

SQLite: a copy of the file. PostgreSQL: an exported desk.

Example: overflight log backup desk-2026-11-22.db
"""
_MIGRATE = """Bring an older store to this version's schema, whole or not at all; SQLite is copied first.

Example: overflight log migrate --json
"""

_File = Annotated[Path, typer.Argument(metavar="FILE", help="The file.")]


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    log = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="rich",
        help="Prove, show, anchor, export, import, back up and migrate the desk's log.",
    )
    log.command("verify", help=_VERIFY)(_verify)
    log.command("anchor", help=_ANCHOR)(_anchor)
    log.command("show", help=_SHOW)(_show)
    log.command("export", help=_EXPORT)(_export)
    log.command("import", help=_IMPORT)(_import)
    log.command("backup", help=_BACKUP)(_backup)
    log.command("migrate", help=_MIGRATE)(_migrate)
    app.add_typer(log, name="log")


def _verify(
    anchor: Annotated[
        list[str] | None,
        typer.Option("--anchor", metavar="FILE|CODE", help="A note or a code; may be repeated."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    from overflight import settings
    from overflight.store.proving import prove

    chosen = settings.load()
    proof = prove(chosen, anchor or (), progress=None if as_json else progress("events"))
    if as_json:
        write_json(_proof_json(proof))
    else:
        for one in proof.findings:
            typer.echo(str(one))
        typer.echo(_verdict(proof))
    if not proof.whole:
        finding()


def _verdict(proof: Proof) -> str:
    if not proof.whole:
        count = len(proof.findings)
        return f"broken: {count} finding{'s' if count > 1 else ''} in {proof.events} events"
    if proof.anchors == 0:
        outside = "no anchor was given: a log that was cut off at its end would look the same"
    else:
        outside = f"{proof.anchors} anchor{'s' if proof.anchors > 1 else ''}, up to event {proof.anchored}"
    return f"whole: {proof.events} events, head {proof.head.hex()[:16]}; {outside}"


def _proof_json(proof: Proof) -> dict[str, Any]:
    return {
        "whole": proof.whole,
        "desk": proof.desk,
        "events": proof.events,
        "head": proof.head.hex(),
        "anchors": proof.anchors,
        "anchored": proof.anchored,
        "findings": [{"event": one.seq, "field": one.field, "message": one.text} for one in proof.findings],
    }


def _anchor(
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write the note here.")] = None,
    only_print: Annotated[bool, typer.Option("--print", help="Only print the code.")] = False,
    sign: Annotated[bool, typer.Option("--sign", help="Sign the note with the desk's own key.")] = False,
    as_json: AsJson = False,
) -> None:
    from overflight import settings
    from overflight.store import open_desk
    from overflight.store.anchor import code_of, from_head, text_of
    from overflight.store.files import whole_file

    chosen = settings.load()
    with open_desk(chosen, create=False) as desk:
        head = desk.log.head()
        if not head.seq:
            raise InputError("the log is empty: there is nothing to anchor", where=desk.log.where)
        noted: Anchor = from_head(head)
    if sign:
        from overflight.store.keys import desk_key
        from overflight.store.keys import sign as signed

        key = desk_key(chosen.home)
        assert key is not None
        noted = signed(noted, key)
    path = out
    if out is not None:
        with whole_file(out) as file:
            file.write(text_of(noted).encode())
    elif not only_print:
        path = _keep(chosen.home, noted)
    if as_json:
        write_json(
            {
                "desk": head.desk,
                "event": head.seq,
                "digest": head.digest.hex(),
                "code": code_of(noted),
                "file": None if path is None else str(path),
                "signed": sign,
            }
        )
        return
    typer.echo(code_of(noted))
    if sign and only_print:
        typer.echo(text_of(noted), nl=False)
    if path is not None:
        typer.echo(f"noted in {path}")


def _keep(home: Path, noted: Anchor) -> Path:
    """The note in the desk's own folder; one that is there already is only signed, never contradicted."""
    from overflight.store.anchor import read, text_of
    from overflight.store.files import whole_file
    from overflight.store.folder import make_folder

    make_folder(home / "anchors")
    path = home / "anchors" / f"event-{noted.seq}.anchor"
    if path.exists():
        known = read(str(path))
        if (known.desk, known.digest) != (noted.desk, noted.digest):
            raise InputError(
                "another head of the same event was noted", where=str(path), mend="overflight log verify"
            )
        if noted.signature is None or known.signature is not None:
            return path
        path.unlink()
    with whole_file(path) as file:
        file.write(text_of(noted).encode())
    return path


def _show(
    case: Annotated[str | None, typer.Option("--case", metavar="CASE", help="Only this case's.")] = None,
    after: Annotated[int, typer.Option("--after", metavar="EVENT", help="Only later events.", min=0)] = 0,
    until: Annotated[
        str | None, typer.Option("--until", metavar="TIME", help="Only what had been recorded by then.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    from overflight import settings
    from overflight.store import open_desk
    from overflight.store.canonical import time_text

    moment = None if until is None else _time(until)
    with open_desk(settings.load(), create=False, write=False) as desk:
        if case is not None and not desk.log.last(case):
            raise InputError(f"no case {case!r} here", where="--case")
        events = desk.log.events(case, after=after, until=moment)
        if not as_json:
            for event in events:
                typer.echo(_line(event))
            return
        head = desk.log.head()
        # Written event by event: a log may be longer than the memory.
        document = {"desk": head.desk, "event": head.seq, "digest": head.digest.hex()}
        sys.stdout.write(json.dumps(document)[:-1] + ', "events": [')
        for number, event in enumerate(events):
            shown = {
                "seq": event.seq,
                "recorded_at": time_text(event.recorded_at),
                "case": event.case,
                "kind": event.kind,
                "true_at": time_text(event.true_at),
                "by": event.by,
                "source": event.source,
                "key": event.key,
                "body": event.body,
                "digest": event.digest.hex(),
            }
            sys.stdout.write((", " if number else "") + json.dumps(shown, ensure_ascii=False))
        sys.stdout.write("]}\n")


def _line(event: Event) -> str:
    words = [
        f"{event.seq:>6}  {event.recorded_at:%Y-%m-%d %H:%M:%SZ}  {event.case}  {event.kind}",
        f"by {event.by}",
    ]
    if abs((event.recorded_at - event.true_at).total_seconds()) >= 60:
        words.append(f"true {event.true_at:%Y-%m-%d %H:%MZ}")
    if event.source is not None:
        words.append(f"source {event.source}")
    return "  ".join(words)


def _time(text: str) -> datetime:
    from datetime import UTC, datetime

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InputError(
            f"{text[:30]!r} is no time", where="--until", mend="write 2008-08-06T12:00Z"
        ) from None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _export(file: _File) -> None:
    from overflight import settings
    from overflight.store import open_desk
    from overflight.store.container import export

    with open_desk(settings.load(), create=False, write=False) as desk:
        head = export(desk.log.engine, desk.log.where, file)
    typer.echo(f"{head.seq} events of desk {head.desk} in {file}")


def _import(file: _File) -> None:
    from overflight import settings
    from overflight.case.life.derivation import rebuild
    from overflight.store import open_desk
    from overflight.store.container import check, take_in

    check(file)  # before a desk is made for it
    with open_desk(settings.load()) as desk:
        done = take_in(desk.log.engine, desk.log.where, file)
        typer.echo(f"{done.new} of {done.events} events taken in; this is desk {done.desk}")
        # The chain proves the events, and nothing else that stands in the file.
        unread(rebuild(desk.log, progress("cases", 500)).unread)


def _backup(file: _File) -> None:
    from overflight import settings
    from overflight.store import open_desk
    from overflight.store.container import export
    from overflight.store.engine import database_file, faults
    from overflight.store.schema import back_up_file

    with open_desk(settings.load(), create=False, write=False) as desk:
        path = database_file(desk.log.engine.url)
        if path is None:
            export(desk.log.engine, desk.log.where, file)
        else:
            with faults(desk.log.where):
                back_up_file(path, file)
    typer.echo(f"backed up to {file}")


def _migrate(as_json: AsJson = False) -> None:
    from overflight import settings
    from overflight.store.desk import migrate_store

    found, backup = migrate_store(settings.load())
    if as_json:
        write_json({"from": found[0], "to": found[1], "backup": None if backup is None else str(backup)})
        return
    if backup is not None:
        typer.echo(f"backed up to {backup}")
    typer.echo(f"schema {found[1]}" if found[0] == found[1] else f"schema {found[0]} → {found[1]}")
