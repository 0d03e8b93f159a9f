"""The command ``overflight mark``: shapes, exit codes, one line for errors."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from overflight.cli import mark
from overflight.errors import InputError, MarkingError

RUNNER = CliRunner()


@pytest.fixture
def app() -> typer.Typer:
    found = typer.Typer()
    mark.register(found)
    found.command("other")(lambda: None)
    return found


def run(app: typer.Typer, *args: str):  # type: ignore[no-untyped-def]
    return RUNNER.invoke(app, ["mark", *args])


def test_valid(app: typer.Typer) -> None:
    found = run(app, "check", "SECRET//REL TO USA, GBR", "--json")
    assert found.exit_code == 0
    assert json.loads(found.stdout) == {"valid": True, "faults": [], "corrected": "SECRET//REL TO USA, GBR"}
    assert run(app, "check", "(S//NF)").stdout.startswith("valid")


def test_invalid(app: typer.Typer) -> None:
    found = run(app, "check", "S//REL TO GBR, USA", "--json")
    assert found.exit_code == 1
    data = json.loads(found.stdout)
    assert data["corrected"] == "S//REL TO USA, GBR"
    assert [set(f) for f in data["faults"]] == [{"column", "rule", "message"}]


def test_the_caret_stands_under_the_fault(app: typer.Typer) -> None:
    text = "S//REL TO USA, QQQ"
    lines = run(app, "check", text).stdout.splitlines()
    line = next(n for n, found in enumerate(lines) if found.strip() == text)
    assert lines[line + 1].index("^") == lines[line].index("QQQ")
    assert "cannot be determined" in lines[-1]


def test_an_inferred_list_is_told_to_be_one(app: typer.Typer) -> None:
    assert "confirmed" in run(app, "check", "S//REL CHINA").stdout
    assert "confirmed" not in run(app, "check", "S//REL TO TJK, USA").stdout


def test_caret_and_odd_characters(app: typer.Typer) -> None:
    found = run(app, "check", "S//日本\x1b[31m, QQQ")
    assert found.exit_code == 1
    assert "\x1b" not in found.stdout


def test_rollup(app: typer.Typer) -> None:
    found = run(app, "rollup", "(U)", "(S//REL TO USA, JPN, NZL)", "(S//REL TO USA, NZL)", "--json")
    assert found.exit_code == 0
    data = json.loads(found.stdout)
    assert data["banner"] == "SECRET//REL TO USA, NZL"
    assert data["forced"][1] == {"part": "REL TO USA, NZL", "portions": [1, 2], "rule": "21"}
    assert data["warnings"] == []
    text = run(app, "rollup", "(U//FOUO)", "(S//REL TO USA, TJK)")
    assert text.exit_code == 0
    assert text.stdout.startswith("SECRET//NOFORN")
    assert "add a release marking" in text.stdout


def test_switches_and_scheme(app: typer.Typer) -> None:
    strict = run(app, "rollup", "(U)", "(S//REL TO USA, TJK)", "--u-bare", "strict", "--json")
    assert json.loads(strict.stdout)["banner"] == "SECRET//NOFORN"
    day = run(app, "rollup", "(S//RELIDO)", "(C)", "--on", "2026-08-01", "--json")
    assert json.loads(day.stdout)["banner"] == "SECRET//RELIDO"
    assert run(app, "check", "TLP:RED", "--scheme", "tlp").exit_code == 0


@pytest.mark.parametrize(
    "args",
    [
        ("rollup", "(S//REL TO USA, QQQ)"),
        ("rollup", "(U)", "--on", "1 August"),
        ("rollup", "(U)", "--u-bare", "maybe"),
        ("check", "(U)", "--scheme", "nowhere"),
    ],
)
def test_wrong_use_is_an_input_error(app: typer.Typer, args: tuple[str, ...]) -> None:
    found = run(app, *args)
    assert isinstance(found.exception, InputError | MarkingError)
    assert "\n" not in str(found.exception)
