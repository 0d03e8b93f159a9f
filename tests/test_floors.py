"""A room imports only from rooms on lower floors, from overflight.errors, .garbage and .settings."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "src" / "overflight"

FLOORS = (
    ("world", "marking"),
    ("route", "law", "meetings", "permit", "telegram", "store"),
    ("coalition", "screening", "exchange"),
    ("case", "watch", "archive"),
    ("desk",),
    ("cli",),
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS, 1) for room in rooms}
#: Modules outside the rooms that everybody may use: the error tree, the settings, the version.
COMMON = {"overflight", "overflight.errors", "overflight.garbage", "overflight.settings"}


def imports(path: Path, package: Path) -> Iterator[tuple[str, int]]:
    """Every module of the package that a file imports, with the line."""
    module = path.relative_to(package.parent).with_suffix("").parts
    here = module[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else ()
            start = ".".join((*base, *((node.module or "").split(".") if node.module else ())))
            if start == "overflight":  # from overflight import route
                for alias in node.names:
                    inner = package / alias.name
                    yield f"overflight.{alias.name}" if inner.is_dir() else "overflight", node.lineno
            else:
                yield start, node.lineno


def faults(package: Path) -> list[str]:
    """Every import that climbs or goes sideways."""
    found = []
    for path in sorted(package.rglob("*.py")):
        room = path.relative_to(package).parts[0]
        if room not in FLOOR:
            if path.parent != package:
                found.append(f"{room}/ is on no floor")
            continue
        for name, line in imports(path, package):
            if not name.startswith("overflight") or name in COMMON:
                continue
            other = name.split(".")[1]
            if other != room and not FLOOR.get(other, 99) < FLOOR[room]:
                found.append(f"{path.relative_to(package)}:{line} imports {name}")
    return found


def test_no_room_climbs_or_goes_sideways() -> None:
    assert faults(PACKAGE) == []


def test_there_is_no_empty_room() -> None:
    for folder in PACKAGE.iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            assert folder.name in FLOOR
            assert [p for p in folder.rglob("*.py") if p.name != "__init__.py"], f"{folder.name}/ is empty"


@pytest.mark.parametrize(
    ("room", "line", "bad"),
    [
        ("world", "from overflight.route import geodesy", True),
        ("world", "import overflight.marking", True),  # sideways
        ("route", "from overflight import case", True),
        ("route", "from ..telegram import read", True),
        ("case", "def f():\n    from overflight.cli import main", True),  # a late import is an import
        ("case", "from overflight.route import geodesy", False),
        ("case", "from . import brief", False),
        ("world", "from overflight.errors import InputError", False),
        ("cli", "from overflight import __version__", False),
        ("attic", "import json", True),
    ],
)
def test_the_rule_is_held(tmp_path: Path, room: str, line: str, bad: bool) -> None:
    package = tmp_path / "overflight"
    for name in ("world", "marking", "route", "telegram", "case", "cli", room):
        (package / name).mkdir(parents=True, exist_ok=True)
    (package / room / "module.py").write_text(line, encoding="utf-8")
    assert bool(faults(package)) is bad
