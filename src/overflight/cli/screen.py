"""``overflight screen``."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from overflight.cli.common import AsJson, console, day, finding, known_at, to_stderr, write_json
from overflight.errors import InputError

if TYPE_CHECKING:
    from rich.console import Console

    from overflight.screening.certificate import Again, Verified
    from overflight.screening.match import Match, Screening
    from overflight.screening.query import Query

__all__ = ["register"]

_HELP = """Screen a name, an aircraft or a flight against the lists as of a day.

NAME is a person, a body, or any mark or code. Marks are compared exactly, names by their words, in any
script. Without --on the day is today's, with --flight that of the flight. --known leaves out what this desk
imported later. --certificate writes OUT.json, signed, and OUT.pdf; --verify checks one offline, and with
--again puts its question to the same lists again.

Exit codes: 0 clean, 1 a match of band strong or exact (or a certificate refused), 2 wrong input.

Example: overflight screen "Koryo Air Lines" --tail P-885 --on 2026-11-22
"""
_SHOWN = 20


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("screen", help=_HELP)(_screen)


def _screen(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="A person or a body, or any mark or code.")
    ] = None,
    tail: Annotated[str | None, typer.Option("--tail", metavar="T", help="Registration.")] = None,
    hex_: Annotated[str | None, typer.Option("--hex", metavar="H", help="24-bit address.")] = None,
    serial: Annotated[
        str | None, typer.Option("--serial", metavar="N", help="Manufacturer's serial number.")
    ] = None,
    type_: Annotated[
        str | None, typer.Option("--type", metavar="T", help="Type of the aircraft, for serial numbers.")
    ] = None,
    operator: Annotated[
        str | None, typer.Option("--operator", metavar="O", help="Operator: name or ICAO designator.")
    ] = None,
    owner: Annotated[str | None, typer.Option("--owner", metavar="O", help="Owner.")] = None,
    consignee: Annotated[str | None, typer.Option("--consignee", metavar="C", help="Consignee.")] = None,
    born: Annotated[
        str | None,
        typer.Option("--born", metavar="DATE", help="Birth date of the person: 1971 or 1971-05-03."),
    ] = None,
    flight: Annotated[
        Path | None,
        typer.Option("--flight", metavar="FLIGHT.toml", help="Operator, aircraft and day of a flight."),
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="YYYY-MM-DD", help="As of this day; default: today, or the flight's."),
    ] = None,
    known: Annotated[
        str | None,
        typer.Option(
            "--known", metavar="WHEN", help="Only what was imported until then: a day or a moment in UTC."
        ),
    ] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="OUT", help="Write OUT.json, signed, and OUT.pdf.")
    ] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="FILE", help="Check a certificate, offline.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="With --verify: put its question to the same lists again.")
    ] = False,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="PUB", help="With --verify: trust this public key too.")
    ] = None,
    permits: Annotated[
        Path | None,
        typer.Option("--permits", metavar="FILE", help="Put a file of permit applications in order."),
    ] = None,
    state: Annotated[
        str | None,
        typer.Option("--state", metavar="S", help="With --permits: the state that decides."),
    ] = None,
    csv_out: Annotated[
        Path | None, typer.Option("--csv", metavar="OUT", help="With --permits: write the table as CSV.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    options = {
        "name": name,
        "tail": tail,
        "hex": hex_,
        "serial": serial,
        "type": type_,
        "operator": operator,
        "owner": owner,
        "consignee": consignee,
        "born": born,
    }
    given: dict[str, Any] = {field: value for field, value in options.items() if value is not None}
    if permits is not None:
        if given or flight or certificate or verify or again or key:
            raise InputError(
                "asks about every row", where="--permits", mend="leave the options for one question out"
            )
        from overflight.cli.permits_table import screen_permits

        when = known_at(known)
        screen_permits(permits, state=state, on=day(on), known=when, out=csv_out, as_json=as_json)
        return
    if state or csv_out:
        raise InputError("needs --permits FILE", where="--state" if state else "--csv")
    if verify is not None:
        if given or flight or on or known or certificate:
            raise InputError(
                "asks a question of its own", where="--verify", mend="leave the other options out"
            )
        _verify(verify, again, key, as_json)
        return
    if again or key:
        raise InputError("needs --verify FILE", where="--again" if again else "--key")
    query, of_flight = _query(given, flight)
    if certificate is not None:
        _check_out(certificate)
    asked = day(on) or of_flight or datetime.now(UTC).date()
    found = _ask(query, asked, known_at(known))
    document = found.document()
    if certificate is not None:
        document["certificate"] = _certify(found, certificate)
    if as_json:
        write_json(document)
    else:
        _show(found)
        if certificate is not None:
            written = document["certificate"]
            console().print(f"\ncertificate: {written['json']}, {written['pdf']}; key {written['key'][:16]}…")
    if found.hit:
        finding()


def _query(given: dict[str, Any], path: Path | None) -> tuple[Query, date | None]:
    from overflight.screening.query import Query, of_flight

    if path is None:
        try:
            return Query(**given).checked(), None
        except InputError as error:
            raise InputError(error.what, where=_option(error.where), mend=error.mend) from None
    from overflight.world.flight_file import read_flight

    flight = read_flight(path)
    document = of_flight(flight).document() | given
    return Query.of_document(document), flight.day


def _option(where: str | None) -> str | None:
    return where if where is None or where == "name" else f"--{where}"


def _ask(query: Query, on: date, known: datetime | None) -> Screening:
    from overflight.garbage import built_once
    from overflight.screening.lists import Library
    from overflight.screening.screener import NoListsError, screener
    from overflight.settings import load

    library = Library(load().home)
    with to_stderr().status("reading the lists"), built_once():
        try:
            lists = screener(library, on, known)
        except NoListsError:
            if known is None or not library.versions():
                raise
            raise InputError(
                f"no list had been imported by {known:%Y-%m-%d %H:%M} UTC",
                where="--known",
                mend="name a later time",
            ) from None
    return lists.screen(query)


def _check_out(out: Path) -> None:
    """Refuse a place for the certificate before anything is worked out."""
    for path in _files(out):
        if path.exists():
            raise InputError("is there already", where=str(path), mend="give another name with --certificate")
    try:
        import typst  # noqa: F401
    except ImportError:
        raise InputError(
            "a certificate needs typst for its PDF", where="--certificate", mend="pip install typst"
        ) from None


def _files(out: Path) -> tuple[Path, Path]:
    stem = out.with_suffix("") if out.suffix in (".json", ".pdf") else out
    return stem.with_name(f"{stem.name}.json"), stem.with_name(f"{stem.name}.pdf")


def _certify(found: Screening, out: Path) -> dict[str, str]:
    from overflight.screening.certificate import issued, statement
    from overflight.screening.certificate_paper import pdf
    from overflight.screening.keys import desk_key, key_id
    from overflight.screening.lists import Library
    from overflight.settings import load

    desk = load()
    key = desk_key(desk.home)
    name = key_id(key.public_key())
    versions = Library(desk.home).versions(known_at=found.known)
    settings = {"office": desk.office, "state": desk.state}
    said = statement(found, versions, settings, datetime.now(UTC))
    paper = pdf(said, name)
    signed, printed = _files(out)
    signed.parent.mkdir(parents=True, exist_ok=True)
    for path, data in ((printed, paper), (signed, issued(said, key, paper))):
        with path.open("xb") as file:
            file.write(data)
    return {"json": str(signed), "pdf": str(printed), "key": name}


def _verify(path: Path, again: bool, key: Path | None, as_json: bool) -> None:
    from overflight.screening.certificate import again as put_again
    from overflight.screening.certificate import verified
    from overflight.screening.dsse import RefusedError
    from overflight.screening.keys import key_id, public_key, trusted_keys
    from overflight.screening.lists import Library
    from overflight.settings import load

    home = load().home
    trusted = trusted_keys(home)
    if key is not None:
        other = public_key(key)
        trusted[key_id(other)] = other
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {(error.strerror or '').lower()}", where=str(path)) from None
    beside = path.with_suffix(".pdf")
    paper = beside.read_bytes() if beside != path and beside.is_file() else None
    try:
        found = verified(data, trusted, paper)
    except RefusedError as refused:
        if as_json:
            write_json({"valid": False, "why": str(refused), "file": str(path)})
        else:
            console().print(f"[red]refused[/]: {refused}")
        finding()
        return
    once_more = put_again(found, Library(home)) if again else None
    if as_json:
        write_json(_verified_document(path, found, once_more, paper is not None))
    else:
        _show_verified(found, once_more, paper is not None)
    if once_more is not None and not once_more.same:
        finding()


def _verified_document(path: Path, found: Verified, again: Again | None, paper: bool) -> dict[str, Any]:
    document: dict[str, Any] = {
        "valid": True,
        "file": str(path),
        "key": found.key,
        "paper": paper,
        "statement": found.statement,
    }
    if again is not None:
        document["again"] = {"same": again.same, "differences": list(again.differences)}
    return document


def _show_verified(found: Verified, again: Again | None, paper: bool) -> None:
    out, said = console(), found.statement
    beside = "; the PDF beside it belongs to it" if paper else "; no PDF beside it"
    out.print(f"[green]valid[/]: signed by {found.key[:16]}… on {said['issued_at']}{beside}")
    asked = ", ".join(f"{field} {value}" for field, value in said["query"].items())
    out.print(f"  {asked}, as of {said['on']}: {said['result']}, {len(said['matches'])} matches")
    for one in said["lists"]:
        out.print(f"  {one['kind']}, published {one['published']}, {one['sha256'][:16]}…")
    if again is not None:
        out.print("run again: the same result" if again.same else "[red]run again: another result[/]")
        for difference in again.differences:
            out.print(f"  {difference}")


def _show(found: Screening) -> None:
    out = console()
    asked = ", ".join(
        f"{field} {' '.join(value) if isinstance(value, list) else value}"
        for field, value in found.query.document().items()
    )
    verdict = "[bold red]HIT[/]" if found.hit else "[bold green]clean[/]"
    out.print(f"{verdict}  {asked}, as of {found.on}")
    for match in found.matches[:_SHOWN]:
        _show_match(out, match)
    if len(found.matches) > _SHOWN:
        out.print(f"and {len(found.matches) - _SHOWN} more; --json has them all")
    if not found.matches:
        out.print("no entry is like it")
    for version in found.lists:
        out.print(
            f"[dim]{version.kind}, published {version.published}, {version.entries:,} entries, "
            f"{version.sha256[:16]}…[/]"
        )
    for remark in found.remarks:
        out.print(f"[yellow]note[/]: {remark}")


def _show_match(out: Console, match: Match) -> None:
    from rich.markup import escape

    one = match.entity
    colour = {"exact": "red", "strong": "red", "possible": "yellow"}[match.band]
    links = "; ".join(f"{link.kind} {link.name}" for link in one.links[:3])
    place = " · ".join(part for part in (one.schema, ", ".join(one.programs), one.model or "", links) if part)
    out.print(
        f"\n[{colour}]{match.band}[/] {match.score:.3f}  [bold]{escape(one.caption)}[/]  {one.list} {one.id}"
    )
    out.print(f"  {escape(place)}")
    for feature in match.features:
        sides = f"{feature.query or '–'} | {feature.listed or '–'}"
        note = f"  ({feature.note})" if feature.note else ""
        out.print(f"  {feature.contribution:+.3f}  {feature.feature}: {escape(sides + note)}")
