"""The same tests over both stores: an SQLite file, and a PostgreSQL that the tests start themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from local_postgres import LocalPostgres
from overflight.settings import Settings
from overflight.store import Desk, open_desk

STORES = ("sqlite", "postgresql")


@pytest.fixture(scope="session")
def server() -> Iterator[LocalPostgres]:
    one = LocalPostgres()
    yield one
    one.stop()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def new_settings(request: pytest.FixtureRequest, store: str, tmp_path: Path) -> Callable[[], Settings]:
    """Settings of a desk that does not exist yet; every call another one."""
    count = iter(range(1000))

    def make() -> Settings:
        home = tmp_path / f"home{next(count)}"
        if store == "sqlite":
            return Settings(home=home, office="EXERCISE DESK")
        server: LocalPostgres = request.getfixturevalue("server")
        return Settings(home=home, office="EXERCISE DESK", database=server.new_store())

    return make


@pytest.fixture
def settings(new_settings: Callable[[], Settings]) -> Settings:
    return new_settings()


@pytest.fixture
def desk(settings: Settings) -> Iterator[Desk]:
    with open_desk(settings) as one:
        yield one
