"""A desk whose clock tests turn, with real accounts and no borrowed readers."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from argon2 import PasswordHasher
from fastapi import FastAPI
from starlette.testclient import TestClient

from overflight.desk.access import Role
from overflight.desk.accounts import Accounts
from overflight.desk.app import create_app
from overflight.desk.rooms import Rooms, open_rooms
from overflight.settings import Settings
from overflight.store.accounts import AccountBook

#: argon2 as cheap as it gets: what is tested here is what is done with it.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PASSWORD = "four unrelated little words"

T = TypeVar("T")


class Signing:
    """One desk, its clock, and browsers that sign in for themselves."""

    def __init__(self, folder: Path, reader_of: Any = None, **settings: str) -> None:
        self.now = START
        home = folder / "desk"
        self.rooms: Rooms = open_rooms(Settings(home=home, state="USA", **settings), clock=lambda: self.now)
        self.app: FastAPI = create_app(self.rooms, reader_of=reader_of, hosts={"desk.example"})
        log = self.rooms.store.log
        self.book = AccountBook(log.engine, log.where)
        self.accounts = Accounts(self.book, self.rooms.clock, CHEAP)
        self.app.state.accounts = self.accounts
        self._open: list[TestClient] = []

    def later(self, **time: float) -> None:
        self.now += timedelta(**time)

    def account(self, handle: str, role: Role, state: str = "", password: str = PASSWORD) -> str:
        self.accounts.make(handle, role, state)
        assert self.accounts.set_password(self.accounts.link(handle), password, password)
        return handle

    def browser(self, base: str = "http://localhost", **more: Any) -> TestClient:
        client = TestClient(self.app, base_url=base, follow_redirects=False, **more)
        self._open.append(client)
        return client

    def signed_in(self, handle: str, password: str = PASSWORD, base: str = "http://localhost") -> TestClient:
        client = self.browser(base)
        answer = sign_in(client, handle, password)
        assert answer.status_code == 303, answer.text
        return client

    def close(self) -> None:
        for client in self._open:
            client.close()
        self.rooms.close()


def csrf(text: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', text)
    assert found, text
    return found[1]


def sign_in(client: TestClient, handle: str, password: str, **more: str) -> Any:
    token = csrf(client.get("/sign-in").text)
    return client.post("/sign-in", data={"handle": handle, "password": password, "csrf": token, **more})


def post(client: TestClient, path: str, page: str = "/account", **data: Any) -> Any:
    """Send a form of a page."""
    return client.post(path, data={"csrf": csrf(client.get(page).text), **data})


Make = Callable[..., Signing]


def at_once(count: int, call: Callable[[], T]) -> list[T]:
    """What each of so many threads gets that call it in the same moment."""
    gate = threading.Barrier(count)

    def come() -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(count) as pool:
        return [one.result() for one in [pool.submit(come) for _ in range(count)]]
