"""``overflight demo``."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overflight.cli.brief import brief_flight, deliver
from overflight.cli.common import AsJson, View, console, to_stderr
from overflight.errors import InputError

if TYPE_CHECKING:
    from overflight.case.life.exercise import Script
    from overflight.settings import Settings
    from overflight.world.flight import Flight

__all__ = ["play_case", "register"]

_HELP = """The whole main job on a built-in public case: KOR621 of August 2008, as the press reported it.

Prints the brief and writes brief.html, brief.geojson and brief.kml; then plays the case to its end in a desk
of its own: tip, approaches, clearance, its withdrawal, outcome, thanks. The facts are the press's, every text
is invented and marked as an exercise.

Example: overflight demo --out overflight-demo
"""
#: Files of a store that the exercise may take away before it is played again.
_STORE = ("desk.db", "desk.db-wal", "desk.db-shm")


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    app.command("demo", help=_HELP)(_demo)


def _demo(
    out: Annotated[
        Path, typer.Option("--out", metavar="DIR", help="Write the brief's files and the desk here.")
    ] = Path("overflight-demo"),
    view: View = None,
    as_json: AsJson = False,
) -> None:
    from overflight.world.flight_file import read_flight

    with as_file(files("overflight.world") / "data" / "demo" / "KOR621.toml") as path:
        flight = read_flight(path)
    told = to_stderr()
    told.print(
        "A public case of August 2008. The first run compiles the route finder, later ones start at once.",
        style="dim",
    )
    written = deliver(brief_flight(flight, view), out, as_json=as_json)
    play_case(flight, out, view, quiet=as_json)
    told.print(f"\nOpen the brief in a browser: {written[0].resolve().as_uri()}", soft_wrap=True)
    told.print("The desk in the browser, half way through it: overflight serve --exercise", soft_wrap=True)


def play_case(flight: Flight, out: Path, view: str | None, *, quiet: bool) -> None:
    """Play the case in a desk of its own, in the folder ``desk``."""
    from overflight.case.life.desk import CaseDesk
    from overflight.case.life.exercise import play, script
    from overflight.case.life.geography import Earth
    from overflight.case.life.headline import headline
    from overflight.case.life.jurist import LawBook
    from overflight.case.life.record import record_of, to_html
    from overflight.case.wording import clock
    from overflight.settings import Settings
    from overflight.store.desk import open_desk
    from overflight.store.verify import verify

    told = script()
    folder = out / "desk"
    settings = Settings(home=folder, state=told.home, office=told.office)
    _clear(settings, told)
    now = [told.steps[0]["at"]]
    page = console()

    def say(text: str) -> None:
        if not quiet:
            page.print(text, markup=False, soft_wrap=True)

    say("\nThe case, played to its end. This is an exercise: every text in it is invented.")
    with open_desk(settings, clock=lambda: now[0]) as store:
        desk = CaseDesk(
            store.log, Earth(view or "de-facto"), LawBook(), told.home, told.office, lambda: now[0]
        )

        def turn(at: datetime) -> None:
            now[0] = at

        drafts = out / "telegrams"
        for played in play(desk, flight, told, turn):
            say(f"\n{clock(played.at)}Z")
            for line in played.words:
                say(f"  {line}")
            say(f"  → {played.first_line}")
            for name, text in played.drafts:
                drafts.mkdir(parents=True, exist_ok=True)
                (drafts / f"{name}.txt").write_text(text, encoding="utf-8")
        case = desk.load(told.case)
        (out / "record.html").write_text(to_html(record_of(case)), encoding="utf-8")
        then = datetime.fromisoformat("2008-08-06T18:00:00+00:00")
        say(f"\nAs it was known on the evening of 6 August: {headline(desk.load(told.case, then), then)}")
        proof = verify(store.log.engine, store.log.where)
    say(f"The log of {proof.events} events is {'whole' if proof.whole else 'damaged'}.")
    say(f"\nwrote {drafts}/ and {out / 'record.html'}")
    say(f"To look around: OVERFLIGHT_HOME={folder} overflight case show {told.case} --history")


def _clear(settings: Settings, told: Script) -> None:
    """Take away the store of an earlier exercise, and nothing else.

    Raises
    ------
    InputError
        The store holds other cases.
    """
    from overflight.store.desk import open_desk

    if not (settings.home / "desk.db").exists():
        return
    with open_desk(settings, write=False) as store:
        others = [head.case for head in store.log.cases() if head.case != told.case]
    if others:
        raise InputError(
            f"holds other cases ({others[0]})",
            where=str(settings.home),
            mend="name another folder with --out",
        )
    for name in _STORE:
        (settings.home / name).unlink(missing_ok=True)
