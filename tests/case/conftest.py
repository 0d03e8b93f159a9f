"""One small flight, briefed once for all tests of the room."""

from __future__ import annotations

from pathlib import Path

import pytest

from overflight.case.brief import compose
from overflight.case.model import Brief
from overflight.route.permitted import finder
from overflight.world import airspace
from overflight.world.flight_file import parse_flight, read_flight

DEMO = Path(airspace.__file__).parent / "data" / "demo" / "KOR621.toml"

#: Over the date line, with a name that would break a page if it were not escaped.
PACIFIC = """
[flight]
id = "T<1>&"
operator = "Nobody & Sons <x>"
kind = "state"
aircraft = { type = "B744", range_km = 14000 }
[[leg]]
from = "NZAA"
to = "PHNL"
departs = [2024-02-28T22:00:00Z, 2024-02-29T02:00:00Z]
"""


@pytest.fixture(scope="session")
def demo() -> Brief:
    return compose(read_flight(DEMO), airspace.load(), finder())


@pytest.fixture(scope="session")
def pacific() -> Brief:
    return compose(parse_flight(PACIFIC), airspace.load(), finder())
