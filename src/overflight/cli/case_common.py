"""What the commands of a case share: opening the desk, reading times and lists, writing drafts."""

from __future__ import annotations

import gc
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from overflight.cli.common import write_json
from overflight.errors import InputError
from overflight.world.times import sound_time

if TYPE_CHECKING:
    from overflight.case.life.compose import Composed, Counsel
    from overflight.case.life.desk import CaseDesk
    from overflight.case.life.events import Clock, Inspected
    from overflight.case.life.jurist import LawBook
    from overflight.case.life.model import Case
    from overflight.case.life.planning import Sheet
    from overflight.case.life.requests import Envelope
    from overflight.world.flight import Flight

__all__ = [
    "At",
    "CaseId",
    "Info",
    "NumberOf",
    "Out",
    "Posts",
    "Slug",
    "Source",
    "case_desk",
    "envelope",
    "head",
    "lines",
    "moment",
    "note",
    "progress",
    "sheets_in",
    "span",
    "text_file",
    "told",
    "unread",
    "words",
    "write_drafts",
    "write_paper",
]

CaseId = Annotated[str, typer.Argument(metavar="CASE", help="Id of the case.")]
At = Annotated[
    str | None,
    typer.Option("--at", metavar="TIME", help="When it was true, UTC: 2008-08-03T12:00Z; default: now."),
]
Source = Annotated[
    str | None, typer.Option("--source", metavar="TEXT", help="The telegram or report that it rests on.")
]
NumberOf = Annotated[
    str,
    typer.Option("--number", metavar="N", help='Number of the (first) telegram, such as "STATE 101".'),
]
Posts = Annotated[
    list[str] | None,
    typer.Option("--post", metavar="S=ADDRESS", help='Post for a state: "IRN=AMEMBASSY BERN".'),
]
Info = Annotated[
    list[str] | None, typer.Option("--info", metavar="ADDRESS", help="An address for information.")
]
Slug = Annotated[str, typer.Option("--slug", metavar="OFFICE", help="Office to which replies are slugged.")]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="Write telegrams and papers into this folder.")
]


@contextmanager
def case_desk(
    view: str | None = None, *, create: bool = False, write: bool = True, at: datetime | None = None
) -> Iterator[CaseDesk]:
    """The desk of the settings, open. `at` is the time that it takes for now."""
    from overflight.case.life.desk import CaseDesk
    from overflight.case.life.geography import Earth
    from overflight.settings import load
    from overflight.store.desk import open_desk
    from overflight.world.states import state

    settings = load()
    home = state(settings.state) if settings.state else ""
    position = state(settings.position) if settings.position else ""
    with open_desk(settings, create=create, write=write) as desk:
        gc.freeze()  # what is loaded by now stays: the collector need not walk through it again and again
        yield CaseDesk(
            desk.log,
            Earth(view or settings.view),
            _Law(position, settings.home),
            home,
            settings.office,
            lambda: at or datetime.now(UTC),
        )


class _Law:
    """The book of law, opened when it is first needed: looking at a case needs none."""

    def __init__(self, position: str, home: Path) -> None:
        self._position, self._home = position, home

    def _book(self) -> LawBook:
        from overflight.case.life.jurist import LawBook

        return LawBook(self._position, home=self._home)

    def counsel(self, flight: Flight) -> Counsel:
        return self._book().counsel(flight)

    def clocks(self, flight: Flight, inspection: Inspected, at: datetime) -> Sequence[Clock]:
        return self._book().clocks(flight, inspection, at)


def moment(text: str | None, option: str, *, end: bool = False) -> datetime | None:
    """A time given on the command line; a day alone is its beginning, or its last minute for a deadline."""
    if text is None:
        return None
    plain = text.strip()
    try:
        if len(plain) == 10:
            found = datetime.combine(date.fromisoformat(plain), time(23, 59) if end else time(), UTC)
        else:
            found = datetime.fromisoformat(plain)
    except ValueError:
        raise InputError(f"{text!r} is no time", where=option, mend="write it as 2008-08-03T12:00Z") from None
    try:
        return sound_time(found)
    except ValueError as error:
        raise InputError(str(error), where=f"{option} {plain}") from None


def span(text: str | None, option: str) -> tuple[datetime | None, datetime | None]:
    """``FROM..UNTIL``; either end may be missing."""
    if text is None:
        return None, None
    if ".." not in text:
        raise InputError(f"{text!r} is no span", where=option, mend="write it as 2008-08-04..2008-08-09")
    first, _, last = text.partition("..")
    return moment(first or None, option), moment(last or None, option, end=True)


def words(text: str | None) -> tuple[str, ...]:
    """A list with commas."""
    return tuple(part for one in (text or "").split(",") if (part := one.strip()))


def envelope(posts: Sequence[str] | None, info: Sequence[str] | None, number: str, slug: str) -> Envelope:
    """How telegrams go out, from the options."""
    from overflight.case.life.requests import Envelope
    from overflight.world.states import state

    found: dict[str, str] = {}
    for one in posts or ():
        name, sign, address = one.partition("=")
        if not sign:
            raise InputError(f"{one!r} names no state", where="--post", mend='write "IRN=AMEMBASSY BERN"')
        found[state(name)] = address
    return Envelope(found, tuple(info or ()), number, slug)


def text_file(path: Path, most: int = 5_000_000) -> bytes:
    """A file's bytes."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError("no such file", where=str(path)) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", where=str(path)) from None
    if len(data) > most:
        raise InputError(f"is larger than {most // 1_000_000} MB", where=str(path))
    return data


def sheets_in(path: Path) -> tuple[Sheet, ...]:
    """Statements out of a TOML file: ``[[statement]]`` with text, marking, source, facts, replaces."""
    from overflight.case.life.planning import Sheet

    try:
        table = tomllib.loads(text_file(path).decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise InputError(f"is no readable TOML file: {fault}", where=str(path)) from None
    rows = table.pop("statement", None)
    if table or not isinstance(rows, list) or not rows:
        raise InputError(
            "holds something else than statements", where=str(path), mend="write [[statement]] tables"
        )
    out = []
    for number, row in enumerate(rows, 1):
        where = f"{path}: statement {number}"
        out.append(_sheet(row, where, Sheet))
    return tuple(out)


def _sheet(row: Any, where: str, make: type[Sheet]) -> Sheet:
    known = {"text": str, "marking": str, "source": str, "facts": list, "replaces": list}
    if not isinstance(row, Mapping):
        raise InputError("is no table", where=where)
    for name, value in row.items():
        if name not in known:
            raise InputError(f"unknown field {name}", where=where, mend=f"known are {', '.join(known)}")
        if not isinstance(value, known[name]) or (
            known[name] is list and not all(isinstance(one, str) for one in value)
        ):
            raise InputError(f"{name} is of the wrong kind", where=where)
    for name in ("text", "marking", "source"):
        if name not in row:
            raise InputError(f"{name} is missing", where=where, mend="add it")
    return make(
        row["text"],
        row["marking"],
        row["source"],
        tuple(row.get("facts", ())),
        tuple(row.get("replaces", ())),
    )


def note(text: str) -> None:
    """A line that a person should read, beside the answer."""
    print(f"note: {text}", file=sys.stderr)


def unread(lines: Sequence[str]) -> None:
    """Cases that could not be read, the first few by name."""
    for line in lines[:5]:
        note(line)
    if len(lines) > 5:
        note(f"and {len(lines) - 5} more cases that cannot be read")


def progress(what: str, least: int = 100_000) -> Callable[[int, int], None] | None:
    """Progress of what takes long, where a person looks; nothing below `least` in all."""
    if not sys.stderr.isatty():
        return None

    def show(done: int, total: int) -> None:
        if total > least:
            end = "\n" if done >= total else "\r"
            print(f"  {done} of {total} {what}", end=end, file=sys.stderr, flush=True)

    return show


def head(case: Case, now: datetime) -> str:
    """Id and first line of a case."""
    from overflight.case.life.headline import headline

    return f"{case.id}: {headline(case, now)}"


def told(desk: CaseDesk, case: Case, as_json: bool, *said: str) -> None:
    """What every command ends with: what it did, and the case as it stands now."""
    if as_json:
        from overflight.case.life.view import to_json

        write_json(to_json(case, desk.clock()))
        return
    for line in said:
        typer.echo(line)
    typer.echo(head(case, desk.clock()))


def lines(items: Iterable[str]) -> str:
    return "\n".join(f"  {one}" for one in items)


def write_drafts(
    out: Path | None, drafts: Sequence[tuple[str, str]], papers: Sequence[Composed] = ()
) -> None:
    """Write telegrams and papers; the folder is made."""
    if out is None:
        return
    out.mkdir(parents=True, exist_ok=True)
    for name, text in drafts:
        path = out / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        print(f"wrote {path}", file=sys.stderr)
    for composed in papers:
        write_paper(out, composed)


def write_paper(out: Path, composed: Composed) -> None:
    """The non-paper of one state as text, DOCX and PDF; what may only be said goes into a file of its own."""
    from overflight.case.life.compose import paper_text, spoken_text
    from overflight.case.life.paper import docx, pdf

    out.mkdir(parents=True, exist_ok=True)
    made: list[tuple[Path, bytes]] = []
    if composed.paper:
        name = f"non-paper-{composed.state}"
        made = [
            (out / f"{name}.txt", paper_text(composed).encode()),
            (out / f"{name}.docx", docx(composed)),
            (out / f"{name}.pdf", pdf(composed)),
        ]
    if composed.oral:
        made.append((out / f"may-be-said-{composed.state}.txt", spoken_text(composed).encode()))
    for path, data in made:
        path.write_bytes(data)
        print(f"wrote {path}", file=sys.stderr)
