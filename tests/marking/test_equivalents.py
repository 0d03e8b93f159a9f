"""The line-up of scales: dated names with sources, shown and used for nothing else."""

from __future__ import annotations

import ast
import datetime as dt
import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import overflight
from overflight.cli import mark
from overflight.marking.equivalents import equivalents
from overflight.marking.register import load

PACKAGE = Path(overflight.__file__).parent


def _names(scale: str, on: dt.date | None) -> list[str]:
    return [row.name for row in equivalents(on) if row.scale == scale]


@pytest.mark.parametrize(
    ("scale", "on", "names"),
    [
        ("gb", "2014-04-01", ["TOP SECRET", "SECRET", "CONFIDENTIAL", "RESTRICTED"]),
        ("gb", "2014-04-02", ["TOP SECRET", "SECRET", "OFFICIAL-SENSITIVE", "OFFICIAL"]),
        ("fr", "2021-06-30", ["TRES SECRET DEFENSE", "SECRET DEFENSE", "CONFIDENTIEL DEFENSE"]),
        ("fr", "2021-07-01", ["TRES SECRET", "SECRET"]),
        ("us", "2016-11-13", ["TOP SECRET", "SECRET", "CONFIDENTIAL", "SBU", "UNCLASSIFIED"]),
    ],
)
def test_names_go_by_the_day(scale: str, on: str, names: list[str]) -> None:
    assert _names(scale, dt.date.fromisoformat(on)) == names


def test_every_row_has_its_source_and_a_rank() -> None:
    rows = equivalents()
    assert all(row.source and 0 <= row.rank <= 4 for row in rows)
    assert len({(row.rank, row.scale, row.name) for row in rows}) == len(rows)
    assert {row.scale for row in rows} == {"us", "nato", "eu", "gb", "fr", "tlp", "pap"}


def test_the_levels_of_the_scheme_are_in_the_table() -> None:
    banners = {level.banner for level in load().levels.values() if level.banner != "RESTRICTED"}
    assert banners <= set(_names("us", None))


def test_nothing_but_the_command_knows_the_table() -> None:
    """The table converts nothing: neither roll-up nor release can see it."""
    users = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module == "overflight.marking.equivalents":
                users.append(path.relative_to(PACKAGE).as_posix())
    assert users == ["cli/mark.py"]


def test_the_command_shows_it() -> None:
    app = typer.Typer()
    mark.register(app)
    app.command("other")(lambda: None)
    found = CliRunner().invoke(app, ["mark", "equivalents", "--on", "2026-08-01", "--json"])
    data = json.loads(found.stdout)
    assert data["on"] == "2026-08-01"
    assert {"rank": 1, "scale": "gb", "name": "OFFICIAL-SENSITIVE"}.items() <= data["equivalents"][
        [row["name"] for row in data["equivalents"]].index("OFFICIAL-SENSITIVE")
    ].items()
    shown = CliRunner().invoke(app, ["mark", "equivalents"]).stdout
    assert "COSMIC TOP SECRET" in shown
    assert "converted" in shown
