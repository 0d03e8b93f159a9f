"""An import screens open cases again: what is new in a list, and nothing else, is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from overflight.cli import main

COLUMNS = (
    "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids,"
    "dataset,first_seen,last_seen,last_change"
)


def entry(number: str, name: str, last_seen: str) -> str:
    """An invented row of OpenSanctions' simple table."""
    stamp = f"{last_seen}T00:00:00"
    return f"{number},Company,{name},,,kp,,,EXERCISE,,,EXERCISE,exercise,2020-01-01T00:00:00,{stamp},{stamp}"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Path:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "desk"))
    monkeypatch.chdir(tmp_path)
    for number, operator in (("EX1", "Exercise Freight Lines"), ("EX2", "Calm Example Airways")):
        (tmp_path / f"{number}.toml").write_text(
            f'''[flight]
id = "{number}"
operator = "{operator}"
kind = "civil non-scheduled"
aircraft = {{ type = "A332" }}
[[leg]]
from = "EDDF"
to = "EKCH"
departs = 2026-12-01
''',
            encoding="utf-8",
        )
        assert main(["case", "open", f"{number}.toml", "--id", number]) == 0
    capsys.readouterr()
    return tmp_path


def publish(folder: Path, day: str, *rows: str) -> list[str]:
    path = folder / f"targets-{day}.csv"
    path.write_text("\n".join([COLUMNS, *rows, ""]), encoding="utf-8")
    return ["lists", "import", "opensanctions", str(path), "--json"]


def test_only_what_is_new_is_told(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    others = [entry(f"N-{n}", f"Nobody Example {n}", "2026-01-01") for n in range(12)]
    assert main(publish(desk, "2026-01-01", *others)) == 0
    assert json.loads(capsys.readouterr().out)["cases"] == []
    listed = entry("EX-1", "Exercise Freight Lines", "2026-02-01")
    assert main(publish(desk, "2026-02-01", *others, listed)) == 1
    (found,) = json.loads(capsys.readouterr().out)["cases"]
    assert (found["case"], found["match"]["id"], found["match"]["band"]) == ("EX1", "EX-1", "exact")
    # The same entry in the next publication is no news; the same files again change nothing.
    later = [row.replace("2026-01-01T", "2026-03-01T") for row in others]
    assert main(publish(desk, "2026-03-01", *later, listed)) == 0
    assert main(publish(desk, "2026-02-01", *others, listed)) == 0


def test_a_desk_without_cases_has_nothing_to_screen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "desk"))
    assert main(publish(tmp_path, "2026-01-01", entry("EX-1", "Exercise Freight Lines", "2026-01-01"))) == 0
    assert not (tmp_path / "desk" / "desk.db").exists()


def test_a_damaged_store_says_that_the_list_is_in(desk: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (desk / "desk" / "desk.db").write_bytes(b"no database at all, only some text that stands in its place")
    assert main(publish(desk, "2026-01-01", entry("EX-1", "Exercise Freight Lines", "2026-01-01"))) == 2
    captured = capsys.readouterr()
    assert "the list was imported, but open cases could not be screened" in captured.err
    assert main(["lists", "show"]) == 0
    assert "opensanctions" in capsys.readouterr().out
