"""A real desk on loopback, and people with real browsers who come in by the links that they were given."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)

from desk_pages import chromium as installed
from overflight.desk import parts
from overflight.desk.access import Role
from overflight.desk.accounts import Accounts
from overflight.desk.app import create_app
from overflight.desk.rooms import Rooms, open_rooms
from overflight.desk.server import serving
from overflight.errors import DataError
from overflight.settings import Settings
from overflight.store.accounts import AccountBook

PASSWORD = "four unrelated little words"
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_FLAGS = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
)
#: A busy machine is waited for.
expect.set_options(timeout=40_000)

#: What an open page asks for by itself.
_BESIDE = ("/events", "/map", "/states")
#: What htmx says of a request that ends because its page was left.
_LEFT = ("htmx:afterRequest", "htmx:sendError", "htmx:sendAbort")


class Person:
    """Somebody with a browser of his own; what his console complains of is a fault of the desk."""

    def __init__(self, context: BrowserContext, address: str) -> None:
        self.context, self.address = context, address
        self.handle = ""
        self.faults: list[str] = []
        #: Statuses of pages that the story brings about on purpose.
        self.expected: set[int] = set()
        context.set_default_timeout(40_000)
        self.page: Page = context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type != "error" or any(f"status of {one}" in message.text for one in self.expected):
            return
        if message.text.startswith(_LEFT):
            return  # the story went on to another page while this one was still asking
        asked = str(message.location.get("url", ""))
        if "status of 401" in message.text and asked.endswith(_BESIDE):
            return  # the story's clock has run past the session of a page that was left open
        self.faults.append(f"{message.text} at {message.location}")

    def open(self, path: str) -> Page:
        self.page.goto(self.address + path)
        return self.page

    def come_in(self, secret: str) -> None:
        """Set a password by a one-time link."""
        self.open(f"/set-up/{secret}")
        self.page.get_by_label("New password").fill(PASSWORD)
        self.page.get_by_label("The same again").fill(PASSWORD)
        self.page.get_by_role("button", name="Set it and come in").click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()

    def come_back(self) -> None:
        """Sign in anew, where the session has run out."""
        self.open("/sign-in")
        if self.page.get_by_label("Password").is_visible():
            self.page.get_by_label("Handle").fill(self.handle)
            self.page.get_by_label("Password").fill(PASSWORD)
            self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.get_by_role("button", name="Sign out")).to_be_visible()


class Desk:
    """A desk that is served, its clock, and whoever came in."""

    def __init__(self, browser: Browser, settings: Settings, now: datetime) -> None:
        self.now, self._browser = now, browser
        self.rooms: Rooms = open_rooms(settings, clock=lambda: self.now)
        self.app = create_app(self.rooms)
        log = self.rooms.store.log
        self.accounts = Accounts(AccountBook(log.engine, log.where), self.rooms.clock, _CHEAP)
        self.app.state.accounts = self.accounts
        self.address = ""
        self.people: list[Person] = []

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def visitor(self, **more: Any) -> Person:
        """Somebody at the door."""
        person = Person(self._browser.new_context(**more), self.address)
        self.people.append(person)
        return person

    def person(self, handle: str, role: Role, state: str = "", **more: Any) -> Person:
        """Somebody who has come in."""
        self.accounts.make(handle, role, state)
        person = self.visitor(**more)
        person.handle = handle
        person.come_in(self.accounts.link(handle))
        return person


@pytest.fixture(scope="module")  # Playwright keeps an event loop going: not into the tests that follow
def chromium() -> Iterator[Browser]:
    found = installed()
    if found is None:
        pytest.skip("no Chromium on this machine; on Debian: apt-get install chromium")
    root = ("--no-sandbox",) if os.geteuid() == 0 else ()
    with sync_playwright() as playwright:
        yield _launched(playwright, found, [*_FLAGS, *root])


def _launched(playwright: Playwright, path: str, flags: list[str]) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=flags)


@pytest.fixture(scope="session")
def with_map() -> bool:
    """Whether the browser's libraries are here, or could be brought."""
    try:
        parts.fetch()
    except DataError:
        return False
    return True


@pytest.fixture
def make_desk(chromium: Browser, with_map: bool) -> Callable[..., Any]:
    @contextmanager
    def make(settings: Settings, now: datetime) -> Iterator[Desk]:
        desk = Desk(chromium, settings, now)
        try:
            with serving(desk.app) as desk.address:
                try:
                    yield desk
                finally:
                    for person in desk.people:
                        person.context.close()
            for person in desk.people:
                assert not person.faults, person.faults
        finally:
            desk.rooms.close()

    return make


@pytest.fixture
def empty_desk(make_desk: Callable[..., Any], tmp_path: Path) -> Iterator[Desk]:
    """A desk on its first day."""
    settings = Settings(home=tmp_path / "desk", state="USA", office="Exercise Office")
    with make_desk(settings, datetime(2008, 8, 2, 8, 0, tzinfo=UTC)) as desk:
        yield desk


@pytest.fixture
def played_desk(make_desk: Callable[..., Any], settings: Settings) -> Iterator[Desk]:
    """The exercise half played."""
    with make_desk(settings, datetime(2008, 8, 5, 18, 0, tzinfo=UTC)) as desk:
        yield desk
