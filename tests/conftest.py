"""What every test shares: a desk's folder of its own, so that nobody's real one is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """``OVERFLIGHT_HOME`` for the whole run; a test that needs an empty one sets another."""
    folder = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OVERFLIGHT_HOME", str(folder))
        patch.delenv("COLUMNS", raising=False)  # tables are as wide as where no terminal is
        yield folder
