"""``overflight lists import``, ``lists show`` and ``lists changes``."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from overflight.cli.common import AsJson, console, finding, known_at, to_stderr, write_json
from overflight.errors import InputError, OverflightError

if TYPE_CHECKING:
    from overflight.case.life.listed import Listed
    from overflight.screening.entity import Entity
    from overflight.screening.lists import Changes, Imported, Library, Version

__all__ = ["register"]

_IMPORT_HELP = """Import a sanctions list from the publisher's own files.

KIND is ofac-sdn, ofac-cons, un, eu, uk, uk-ofsi or opensanctions. FILE is the publisher's file as it came; of
OFAC's delimited form all files of one day together. A file that is damaged or cut off changes nothing, and
the line that says so names the place. Every import is kept as a version of its own; an older publication is
kept as history. Where the files do not state their publication date, --published gives it. Open cases are
screened again: exit code 1 when one of them matches something new in the list.

Example: overflight lists import ofac-sdn sdn.csv alt.csv add.csv sdn_comments.csv --published 2026-11-20
"""
_SHOW_HELP = """The lists in the library: every version with its publication date, entries and digest.

With --on, what is consulted for a flight on that day; with --known too, what this desk had imported until
then (a day, or a moment in UTC).

Example: overflight lists show --on 2016-01-16
"""
_CHANGES_HELP = """What the newest publication of a list changed against the one before it.

Example: overflight lists changes un --json
"""

_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    lists = typer.Typer(
        no_args_is_help=True,
        rich_markup_mode="rich",
        help="Import sanctions lists, see which versions there are, and what changed.",
    )
    lists.command("import", help=_IMPORT_HELP)(_import)
    lists.command("show", help=_SHOW_HELP)(_show)
    lists.command("changes", help=_CHANGES_HELP)(_changes)
    app.add_typer(lists, name="lists")


def _library() -> Library:
    from overflight.screening.lists import Library
    from overflight.settings import load

    return Library(load().home)


def _import(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Which list the files are.")],
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="The publisher's files.")],
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="YYYY-MM-DD", help="Publication date, where the file has none."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Take a list that looks unfinished or much shorter all the same.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    day = _day(published, "--published")
    from rich.markup import escape

    with to_stderr().status("looking at the library") as status:
        done = _library().add(
            kind, files, published=day, force=force, report=lambda text: status.update(escape(text))
        )
        status.update("open cases")
        listed = _open_cases(done)
    if as_json:
        write_json(
            {
                "version": done.version.document(),
                "new": done.new,
                "current": done.current,
                "before": done.before.document() if done.before else None,
                "changes": _numbers(done.changes) if done.changes else None,
                "cases": [one.to_json() for one in listed],
            }
        )
    else:
        _say(done)
        for one in listed:
            _line(f"  open case {one.case}: {one.match.band} match with {one.match.entity.caption}, new here")
    if listed:
        finding()


def _open_cases(done: Imported) -> list[Listed]:
    """Open cases of the desk's store, if it has one, that what is new in the list names."""
    from overflight import settings
    from overflight.case.life.listed import newly_listed
    from overflight.cli.case_common import case_desk
    from overflight.store.desk import stands

    if not stands(settings.load()):
        return []
    try:
        with case_desk(write=False) as desk:
            return list(newly_listed(desk, _library(), done, datetime.now(UTC).date()))
    except OverflightError as error:  # the list is in the library all the same
        raise InputError(
            f"the list was imported, but open cases could not be screened: {error.what}", where=error.where
        ) from error


def _line(text: str) -> None:
    """One line as it is: what lists say is no markup, and a terminal wraps it by itself."""
    console().print(text, markup=False, soft_wrap=True)


def _say(done: Imported) -> None:
    version = done.version
    head = f"{version.publisher}, {version.kind}: {version.entries:,} entries, published {version.published}"
    if not done.new:
        _line(f"{head}; these files are in the library already, nothing was changed")
        return
    _line(head)
    schemas = [f"{number:,} {name}" for name, number in version.counts.items() if name[0].isupper()]
    others = [f"{version.counts[name]:,} {name}" for name in ("names", "identifiers", "links")]
    _line(f"  {', '.join(schemas)}; {', '.join(others)}")
    for note in version.notes:
        _line(f"  {note}")
    for doubt in version.forced:
        _line(f"  taken by --force: {doubt}")
    if not done.current:
        _line("  a newer publication is in the library: this one is kept as history")
    if done.before and done.changes is not None:
        numbers = _numbers(done.changes)
        _line(
            f"  against {done.before.published}: {numbers['added']:,} added, {numbers['removed']:,} removed, "
            f"{numbers['changed']:,} changed"
        )


def _numbers(found: Changes) -> dict[str, int]:
    return {"added": len(found.added), "removed": len(found.removed), "changed": len(found.changed)}


def _show(
    kind: Annotated[str | None, typer.Argument(metavar="[KIND]", help="One list only.")] = None,
    on: Annotated[
        str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="As of the day of a flight.")
    ] = None,
    known: Annotated[
        str | None, typer.Option("--known", metavar="WHEN", help="Only what was imported until then.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    library, moment = _library(), known_at(known)
    if on is not None:
        day = _day(on, "--on")
        assert day is not None
        _as_of(library, day, moment, kind, as_json)
        return
    versions = library.versions(kind, moment)
    current = {version.kind: version for version in versions}
    if as_json:
        write_json({"lists": [{**one.document(), "current": current[one.kind] is one} for one in versions]})
        return
    if not versions:
        _line("no list has been imported yet; see overflight lists import --help")
        return
    _table([(one, "current" if current[one.kind] is one else "history") for one in versions])


def _as_of(library: Library, day: date, moment: datetime | None, kind: str | None, as_json: bool) -> None:
    seen = library.as_of(day, moment, kind)
    if as_json:
        write_json(
            {
                "on": day.isoformat(),
                "known": moment.isoformat().replace("+00:00", "Z") if moment else None,
                "lists": [one.document() for one in seen.consulted],
                "listed": len(seen.entities),
                "undated": len(seen.undated),
                "bases": [
                    {
                        "kind": part.version.kind,
                        "published": part.version.published.isoformat(),
                        "basis": part.basis,
                        "entries": len(part.entities),
                    }
                    for part in seen.parts
                ],
                "remarks": list(seen.remarks()),
            }
        )
        return
    if not seen.consulted:
        _line("no list had been imported; see overflight lists import --help")
        return
    _table([(one, "in force" if one.published <= day else "later") for one in seen.consulted])
    _line(f"listed on {day}: {len(seen.entities):,}; not known to be: {len(seen.undated):,}")
    for remark in seen.remarks():
        _line(remark)


def _table(rows: list[tuple[Version, str]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="dim")
    for title in ("list", "published", "entries", "format", "sha256", "imported (UTC)", ""):
        table.add_column(title, justify="right" if title == "entries" else "left", no_wrap=True)
    for one, word in rows:
        table.add_row(
            one.kind,
            one.published.isoformat(),
            f"{one.entries:,}",
            one.format,
            one.sha256[:12],
            f"{one.imported_at:%Y-%m-%d %H:%M}",
            word,
        )
    console().print(table)


def _changes(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Which list.")],
    as_json: AsJson = False,
) -> None:
    found = _library().changes(kind)
    if found is None:
        raise InputError(
            f"fewer than two publications of {kind} are in the library",
            where="KIND",
            mend="import another one with overflight lists import",
        )
    before, after, differing = found
    if as_json:
        write_json(
            {
                "kind": after.kind,
                "before": before.document(),
                "after": after.document(),
                "added": [_brief(one) for one in differing.added],
                "removed": [_brief(one) for one in differing.removed],
                "changed": [{**_brief(one.after), "fields": list(one.fields)} for one in differing.changed],
            }
        )
        return
    _line(f"{after.kind}: {before.published} to {after.published}")
    if before.format != after.format:
        _line(f"  the formats differ ({before.format}, {after.format}): fields may differ in print only")
    for word, entities in (("added", differing.added), ("removed", differing.removed)):
        _listing(word, [(one, "") for one in entities])
    _listing("changed", [(one.after, ", ".join(one.fields)) for one in differing.changed])


def _listing(word: str, found: list[tuple[Entity, str]]) -> None:
    _line(f"{len(found):,} {word}")
    for one, fields in found[:_SHOWN]:
        _line(f"  {one.id}  {one.caption} ({one.schema})" + (f": {fields}" if fields else ""))
    if len(found) > _SHOWN:
        _line(f"  and {len(found) - _SHOWN:,} more; --json gives them all")


def _brief(one: Entity) -> dict[str, Any]:
    return {"id": one.id, "caption": one.caption, "schema": one.schema}


def _day(text: str | None, where: str) -> date | None:
    if text is None:
        return None
    try:
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            raise ValueError(text)
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"{text!r} is no day", where=where, mend="write it as 2026-11-20") from None
