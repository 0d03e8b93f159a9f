"""Every page of the desk, with something to show on it: for the pictures and the test of accessibility."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request

from overflight.case.life import approvals
from overflight.case.life.desk import CaseDesk
from overflight.case.life.exercise import play, script
from overflight.case.life.geography import Earth
from overflight.case.life.jurist import LawBook
from overflight.case.life.planning import Sheet, state_it
from overflight.desk.access import Reader, Role
from overflight.desk.accounts import accounts_of_store
from overflight.desk.app import create_app
from overflight.desk.rooms import Rooms, open_rooms
from overflight.settings import Settings
from overflight.store.desk import open_desk
from overflight.store.shelf import Shelf, ShelfKeeper
from overflight.world.flight_file import read_flight

__all__ = ["CASE", "MORNING", "Shown", "chromium", "furnish", "pages", "played", "reading_as"]

CASE = "KOR621-2008"
#: The morning on which the desk is looked at: some answers are in, some are due.
MORNING = datetime(2008, 8, 6, 9, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Shown:
    """One page.

    Attributes
    ----------
    name : str
        Of the picture.
    role : str
        Who looks: a role, ``guest IND``, or "" for nobody.
    path : str
    act : callable, optional
        What is done on the page before it is looked at; is given the browser's page.
    """

    name: str
    role: str
    path: str
    act: Callable[[Any], None] | None = None


def chromium() -> str | None:
    """The Chromium of this machine; None where there is none."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def played(folder: Path) -> Settings:
    """The public case, played until the morning on which the desk is looked at."""
    told = script()
    settings = Settings(home=folder, state=told.home, office=told.office)
    with as_file(files("overflight.world") / "data" / "demo" / "KOR621.toml") as path:
        flight = read_flight(path)
    now = [told.steps[0]["at"]]
    last = max(step["at"] for step in told.steps if step["at"] <= MORNING)

    def turn(at: datetime) -> None:
        now[0] = at

    with open_desk(settings, clock=lambda: now[0]) as store:
        desk = CaseDesk(store.log, Earth("de-facto"), LawBook(), told.home, told.office, lambda: now[0])
        for step in play(desk, flight, told, turn):
            if step.at >= last:
                break
    return settings


def furnish(rooms: Rooms) -> str:
    """Put something on every page: proposals in every state, a paper on a shelf, answers; its reference."""
    cases, keeper = rooms.cases, ShelfKeeper(rooms.store.log.engine)
    state_it(
        cases,
        CASE,
        [Sheet("EXERCISE. Its registration was changed in July.", "C//REL TO USA, IND", "invented")],
    )

    def propose(request: approvals.Request, *by: str) -> approvals.Proposed:
        _, body = approvals.propose(cases, CASE, request, account="officer-2")
        for one in by:
            approvals.approve(cases, CASE, body.id, account=one, digest=body.digest)
        return body

    due = MORNING + timedelta(hours=30)
    body = propose(
        approvals.Request("approach", ("IND",), ("refuse-overflight", "information"), due),
        "approver-1",
        "approver-2",
    )
    _, made = approvals.release(cases, keeper, CASE, body.id, account="officer-1", wanted=2)
    propose(approvals.Request("approach", ("PAK",), ("refuse-overflight",), due), "approver-2")
    reference = made[0].reference
    shelf = Shelf(rooms.store.log.engine, "IND")
    shelf.answer(
        reference,
        "ALLOW_WITH_SCRUTINY",
        account="guest-ind",
        at=MORNING,
        conditions="The manifest a day ahead",
        words="EXERCISE. The regulator asks for the manifest and the crew list.",
    )
    book = accounts_of_store(rooms.store.log.engine, rooms.store.log.where, rooms.clock)
    for handle, role, state in (
        ("admin-1", Role.ADMIN, ""),
        ("officer-1", Role.OFFICER, ""),
        ("officer-2", Role.OFFICER, ""),
        ("approver-1", Role.APPROVER, ""),
        ("auditor-1", Role.AUDITOR, ""),
        ("guest-ind", Role.GUEST, "IND"),
    ):
        book.make(handle, role, state)
    return reference


def pages(reference: str) -> tuple[Shown, ...]:
    """Every page, in the order of the menu."""
    case, asked = f"/cases/{CASE}", "ask=refuse-overflight&due=2008-08-07T12:00"
    return (
        Shown("sign-in", "", "/sign-in"),
        Shown("today", "officer", "/"),
        Shown("due", "officer", "/due"),
        Shown("cases", "officer", "/cases"),
        Shown("open-a-case", "officer", "/cases/new"),
        Shown("case", "officer", case, _settled),
        Shown("what-if", "officer", f"{case}/whatif?refuse=CHN,IND", _settled),
        Shown("map", "officer", f"{case}/map"),
        Shown("compose", "officer", f"{case}/compose?to=IND&to=MMR&{asked}"),
        Shown("proposal", "approver", f"{case}/proposals/P2"),
        Shown("answers", "officer", f"{case}/answers"),
        Shown("read", "officer", "/read?example=1", _read),
        Shown("screen", "officer", "/screen"),
        Shown("law", "officer", "/law"),
        Shown("account", "officer", "/account"),
        Shown("admin", "admin", "/admin"),
        Shown("accounts", "admin", "/admin/accounts"),
        Shown("account-of", "admin", "/admin/accounts/officer-2"),
        Shown("audit", "auditor", "/audit"),
        Shown("guest", "guest IND", "/guest"),
        Shown("guest-paper", "guest IND", f"/guest/{reference}"),
        Shown("guest-answered", "guest IND", f"/guest/{reference}/answered/1"),
        Shown("guest-account", "guest IND", "/guest/account"),
        Shown("api", "officer", "/api/v1/docs"),
        Shown("about", "officer", "/about"),
        Shown("not-there", "officer", "/nothing-here"),
    )


def _settled(page: Any) -> None:
    """Wait until the figures of a case are there."""
    page.locator("#states .progress, #whatif .waiting").first.wait_for(state="detached")
    if page.locator("[data-module]:not([data-module=''])").count():
        page.locator("[data-ready=yes]").wait_for(state="attached")


def _read(page: Any) -> None:
    page.locator("main form button:not(.quiet)").first.click()
    page.wait_for_selector("section.sheet")


def reading_as(rooms: Rooms) -> FastAPI:
    """The desk for whoever the header ``X-Looks`` names; for pictures, on this machine alone."""

    def reader_of(request: Request) -> Reader | None:
        role, _, state = request.headers.get("x-looks", "").partition(" ")
        if not role:
            return None
        handle = f"guest-{state.lower()}" if state else f"{role}-1"
        return Reader(handle, Role(role), state, session=role)

    return create_app(rooms, reader_of=reader_of)


@contextmanager
def furnished(folder: Path, source: Path | None = None) -> Iterator[tuple[Rooms, str]]:
    """Rooms with something on every page; `source` is a folder with the case already played."""
    if source is None:
        settings = played(folder)
    else:
        shutil.copytree(source, folder)
        settings = Settings(home=folder, state=script().home, office=script().office)
    rooms = open_rooms(settings, clock=lambda: MORNING)
    try:
        yield rooms, furnish(rooms)
    finally:
        rooms.close()
