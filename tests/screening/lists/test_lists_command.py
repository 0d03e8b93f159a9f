"""``overflight lists``: what it prints, its JSON and its exit codes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from list_samples import paths

from overflight.cli import main


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = main(["lists", *args])
    out, err = capsys.readouterr()
    return code, out, err


def test_import_show_and_changes_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    files = [str(path) for path in paths("ofac-csv")]
    code, out, _ = run(capsys, "import", "ofac-sdn", *files, "--published", "2026-09-01", "--json")
    first = json.loads(out)
    assert (code, first["new"], first["current"], first["before"]) == (0, True, True, None)
    assert first["version"]["counts"]["Airplane"] == 2
    code, out, _ = run(capsys, "import", "ofac-sdn", str(paths("ofac-xml")[0]), "--json")
    second = json.loads(out)
    assert (code, second["changes"]) == (0, {"added": 0, "removed": 2, "changed": 4})
    code, out, _ = run(capsys, "show", "--json")
    shown = json.loads(out)["lists"]
    assert [(one["published"], one["current"]) for one in shown] == [
        ("2026-09-01", False),
        ("2026-09-16", True),
    ]
    code, out, _ = run(capsys, "changes", "ofac-sdn", "--json")
    found = json.loads(out)
    assert {one["id"] for one in found["removed"]} == {"103", "106"}
    assert all(one["fields"] for one in found["changed"])
    code, out, _ = run(capsys, "show", "--on", "2026-09-10", "--json")
    seen = json.loads(out)
    assert (seen["listed"], seen["undated"], seen["lists"][0]["published"]) == (6, 0, "2026-09-01")
    code, out, _ = run(capsys, "show", "--on", "2026-09-10", "--known", "2020-01-01", "--json")
    assert json.loads(out)["lists"] == []


def test_for_people(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "show")[1].startswith("no list has been imported")
    assert run(capsys, "show", "--on", "2016-01-01")[1].startswith("no list had been imported")
    code, out, _ = run(capsys, "import", "un", str(paths("un")[0]))
    assert code == 0
    assert "3 entries, published 2026-09-16" in out
    assert "nothing was changed" in run(capsys, "import", "un", str(paths("un")[0]))[1]
    assert "current" in run(capsys, "show", "un")[1]
    code, out, _ = run(capsys, "show", "--on", "2010-01-01", "--known", "2099-01-01T00:00:00Z")
    assert "listed on 2010-01-01: 2" in out


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (("import", "un", "{half}"), "line 22: not whole XML: the file ends in the middle"),
        (("import", "un", "{missing}"), "cannot be read: no such file"),
        (("import", "unknown", "{half}"), "KIND: 'unknown' is no kind of list"),
        (("import", "uk-ofsi", "{undated}"), "does not state its publication date; give it with --published"),
        (("import", "un", "{half}", "--published", "soon"), "--published: 'soon' is no day"),
        (("changes", "un"), "fewer than two publications of un"),
        (("show", "--known", "then"), "--known: 'then' is no moment"),
        (("show", "nothing"), "is no kind of list"),
    ],
)
def test_wrong_use_is_one_line_and_changes_nothing(
    args: tuple[str, ...], says: str, tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    half = tmp_path / "half.xml"
    half.write_bytes(paths("un")[0].read_bytes()[:1700])
    names = {"half": str(half), "missing": str(tmp_path / "none.xml"), "undated": str(paths("ofsi-xml")[0])}
    code, out, err = run(capsys, *(arg.format(**names) for arg in args))
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1
    assert not list(home.rglob("*.gz"))
