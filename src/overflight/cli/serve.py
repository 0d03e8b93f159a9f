"""``overflight serve``."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overflight.cli.common import to_stderr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from overflight.desk.rooms import Rooms
    from overflight.desk.serving import Place

__all__ = ["register"]

_HELP = """The desk in the browser, and its JSON API, for this machine alone unless told otherwise.

Where nobody can sign in yet, it prints a link that works once and sets the first admin's password. The first
start fetches two browser libraries from the npm registry and checks them against pinned digests; without them
the desk works too, with a drawn map instead of a live one.

With --exercise it opens a desk to look around in: the public case of 2008, half played, and a link that
signs in for every role.

Example: overflight serve --port 8470
"""


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("serve", help=_HELP)(_serve)


def _serve(
    host: Annotated[str, typer.Option("--host", metavar="ADDRESS", help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", help="0 takes a free one.")] = 8470,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="PEM", help="TLS certificate with its chain.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="PEM", help="Its key.")] = None,
    proxy: Annotated[
        str, typer.Option("--proxy", metavar="ADDRESS", help="The proxy in front whose headers are believed.")
    ] = "",
    link: Annotated[
        str,
        typer.Option("--link", metavar="HANDLE", help="Print a link that sets this account's password anew."),
    ] = "",
    exercise: Annotated[
        bool, typer.Option("--exercise", help="Open a desk of its own with the public case, half played.")
    ] = False,
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="With --exercise: where its desk is kept.")
    ] = Path("overflight-demo/exercise"),
) -> None:
    from overflight.desk.serving import Place, serve
    from overflight.errors import InputError

    place = Place(host, port, certificate, key, proxy)
    if exercise and not place.loopback:
        raise InputError(
            "an exercise's links sign in without a password", where="--host", mend="leave it on this machine"
        )
    if exercise and link:
        raise InputError("an exercise has links of its own", where="--link", mend="leave it out")
    told = to_stderr()

    def say(words: str) -> None:
        told.print(words, markup=False, soft_wrap=True)

    _fetch_parts(say)
    with _rooms(exercise, out, say) as rooms:
        lines = _links(rooms, exercise, link, place)
        serve(rooms, place, lambda address, here: _announce(address, here, lines, say))


@contextmanager
def _rooms(exercise: bool, out: Path, say: Callable[[str], None]) -> Iterator[Rooms]:
    from overflight.desk.rooms import open_rooms
    from overflight.settings import load

    if exercise:
        from overflight.desk.exercise import opened

        with opened(load(), out, say) as rooms:
            yield rooms
        return
    rooms = open_rooms(load())
    try:
        yield rooms
    finally:
        rooms.close()


def _fetch_parts(say: Callable[[str], None]) -> None:
    from overflight.desk import parts
    from overflight.errors import DataError

    try:
        parts.fetch(say=say)
    except DataError as fault:
        say(f"without the live map: {fault}")


def _links(rooms: Rooms, exercise: bool, handle: str, place: Place) -> list[tuple[str, str]]:
    """What each one-time link is for, and its path."""
    if exercise:
        from overflight.desk.exercise import links

        return [(f"{name}  {role}", path) for name, role, path in links(rooms)]
    from overflight.desk.accounts import accounts_of_store, first_link

    log = rooms.store.log
    accounts = accounts_of_store(log.engine, log.where, rooms.clock)
    if handle:
        return [(f"{handle}: sets a new password", f"/set-up/{accounts.reset(handle)}")]
    first = first_link(accounts)
    return [] if first is None else [(f"{first[0]}: sets the first password", f"/set-up/{first[1]}")]


def _announce(address: str, here: str, lines: list[tuple[str, str]], say: Callable[[str], None]) -> None:
    say(f"The desk is at {address}" + ("" if here == address else f", listening at {here}"))
    if lines:
        wide = max(len(words) for words, _ in lines)
        say("Each of these links works once:" if len(lines) > 1 else "This link works once, for 48 hours:")
        for words, path in lines:
            say(f"  {words:<{wide}}  {address}{path}")
    say("Control-C stops it.")
