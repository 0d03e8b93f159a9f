"""A desk for every test: the exercise half played, and browsers of every role that need no password."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from overflight.case.life.desk import CaseDesk
from overflight.case.life.exercise import play, script
from overflight.case.life.geography import Earth
from overflight.case.life.jurist import LawBook
from overflight.desk.access import Reader, Role
from overflight.desk.app import create_app
from overflight.desk.rooms import Rooms, open_rooms
from overflight.settings import Settings
from overflight.store.desk import open_desk
from overflight.world.flight_file import read_flight

#: The evening on which the tests look at the exercise: some answers are in, some are due.
EVENING = datetime(2008, 8, 5, 18, 0, tzinfo=UTC)
SECRET = b"exercise" * 4


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a desk with the exercise played up to `EVENING`. Copy it; never write to it."""
    folder = tmp_path_factory.mktemp("played")
    told = script()
    with as_file(files("overflight.world") / "data" / "demo" / "KOR621.toml") as path:
        flight = read_flight(path)
    now = [told.steps[0]["at"]]

    def turn(at: datetime) -> None:
        now[0] = at

    with open_desk(Settings(home=folder, state=told.home, office=told.office), clock=lambda: now[0]) as store:
        desk = CaseDesk(store.log, Earth("de-facto"), LawBook(), told.home, told.office, lambda: now[0])
        for step in play(desk, flight, told, turn):
            if step.at > EVENING:
                break
    return folder


@pytest.fixture
def settings(played: Path, tmp_path: Path) -> Settings:
    """Settings of a desk of the test's own, with the exercise in it."""
    home = tmp_path / "desk"
    shutil.copytree(played, home)
    told = script()
    return Settings(home=home, state=told.home, office=told.office)


@pytest.fixture
def rooms(settings: Settings) -> Iterator[Rooms]:
    made = open_rooms(settings, clock=lambda: EVENING)
    yield made
    made.close()


def by_header(request: Request) -> Reader | None:
    """Who a test says it is: ``X-Test-Reader: officer`` or ``guest KAZ``."""
    role, _, state = request.headers.get("x-test-reader", "").partition(" ")
    if not role:
        return None
    return Reader(
        f"{role}-1" if not state else f"guest-{state.lower()}", Role(role), state, session=role + state
    )


@pytest.fixture
def app(rooms: Rooms) -> FastAPI:
    return create_app(rooms, reader_of=by_header, secret=SECRET)


@pytest.fixture
def browser(app: FastAPI) -> Iterator[Callable[[str], TestClient]]:
    """``browser("officer")``, ``browser("guest KAZ")``: a client signed in as that role; "" is nobody."""
    opened: list[TestClient] = []

    def make(who: str) -> TestClient:
        client = TestClient(
            app,
            base_url="http://localhost",
            headers={"x-test-reader": who} if who else {},
            follow_redirects=False,
        )
        opened.append(client)
        return client

    yield make
    for client in opened:
        client.close()
