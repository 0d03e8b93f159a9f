"""``overflight log``: the session of its page is real; one document, one line, exit codes."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest
from storework import draft, fill

from overflight import settings
from overflight.cli import main
from overflight.store import open_desk
from transcripts import ROOT, matches, prepare, run

PAGE = ROOT / "docs" / "commands" / "log.md"
_BLOCK = re.compile(r"^```text\n(.*?)^```$", re.M | re.S)
_COMMAND = re.compile(r"^\$ (overflight .*)\n((?:(?!\$ ).*\n)*)", re.M)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "desk"))
    for name in ("OVERFLIGHT_DATABASE", "OVERFLIGHT_OFFICE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "desk"


def session(folder: Path, page: str) -> str:
    """The page's session, run from its beginning; the page as it should be."""
    prepare(folder)

    def block(found: re.Match[str]) -> str:
        return (
            f"```text\n{_COMMAND.sub(lambda one: f'$ {one[1]}{chr(10)}{run(one[1], folder)}', found[1])}```"
        )

    return _BLOCK.sub(block, page)


def test_the_session_of_the_page_is_real(home: Path, tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert session(tmp_path, page) == page, "python tests/store/test_cli_log.py writes it anew"
    assert matches("", "\n")


def whole(capsys: pytest.CaptureFixture[str]) -> str:
    assert main(["log", "verify"]) == 0
    return capsys.readouterr().out


def test_no_desk_is_one_line(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for line in ("verify", "anchor", "show", "export x.jsonl", "backup x.db", "migrate"):
        assert main(["log", *line.split()]) == 2
        out, err = capsys.readouterr()
        assert (out, err) == (
            "",
            f"overflight: {home}/desk.db: there is no desk here yet; open a case with overflight case open, "
            "or name the desk's folder in OVERFLIGHT_HOME\n",
        )
    assert not home.exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("log show --until yesterday", "--until: 'yesterday' is no time"),
        ("log show --case NONE", "--case: no case 'NONE' here"),
        ("log show --after -1", "--after"),
        ("log verify --anchor nothing.anchor", "nothing.anchor: no such file, and not a code"),
        ("log import nothing.jsonl", "nothing.jsonl: No such file"),
        ("log import .", "Is a directory"),
        ("log export here.jsonl", "here.jsonl: exists already"),
        ("log backup here.jsonl", "here.jsonl: exists already"),
        ("log export no/where.jsonl", "no: no such folder"),
        ("log anchor --out here.jsonl", "here.jsonl: exists already"),
    ],
)
def test_bad_use(home: Path, line: str, words: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("here.jsonl").write_text("precious", encoding="utf-8")
    with open_desk(settings.load()) as desk:
        fill(desk, 3)
    assert main(line.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert words in err
    assert Path("here.jsonl").read_text(encoding="utf-8") == "precious"


def test_a_broken_chain_is_a_finding(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_desk(settings.load()) as desk:
        fill(desk, 9)
    link = sqlite3.connect(home / "desk.db")
    link.execute("DROP TRIGGER events_update")
    link.execute("UPDATE events SET kind = 'answered' WHERE seq = 4")
    link.commit()
    link.close()
    assert main(["log", "verify"]) == 1
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "event 4: its column kind says 'answered', its record 'noted'",
        "the trigger events_update, which refuses changes, is gone",
        "broken: 2 findings in 9 events",
    ]
    assert main(["log", "verify", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["whole"] is False
    assert document["findings"][0]["event"] == 4
    assert document["findings"][0]["field"] == "kind"


def test_a_file_that_is_none_is_a_finding(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home.mkdir()
    (home / "desk.db").write_bytes(b"garbage " * 2000)
    assert main(["log", "verify"]) == 1
    assert capsys.readouterr().out.splitlines()[0] == "the file is damaged: file is not a database"


def test_kept_anchors_catch_an_old_copy(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_desk(settings.load()) as desk:
        fill(desk, 9)
    assert main(["log", "backup", "old.db"]) == 0
    with open_desk(settings.load()) as desk:
        desk.log.append([draft("A")])
    assert main(["log", "anchor", "--sign"]) == 0
    assert main(["log", "anchor"]) == 0
    assert main(["log", "anchor", "--print", "--json"]) == 0
    code = json.loads(capsys.readouterr().out.splitlines()[-1])["code"]
    assert "whole: 10 events" in whole(capsys)
    for rest in home.glob("desk.db*"):
        rest.unlink()
    Path("old.db").rename(home / "desk.db")
    assert main(["log", "verify", "--anchor", code]) == 1
    out = capsys.readouterr().out
    assert out.count("vouches for event 10, but the log ends at event 9: cut off") == 2


def test_show_is_one_document(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_desk(settings.load()) as desk:
        fill(desk, 700)
    assert main(["log", "show", "--json", "--case", "CASE 1", "--after", "600"]) == 0
    out = capsys.readouterr().out
    document = json.loads(out)
    assert out.count("\n") == 1
    assert [one["seq"] for one in document["events"]] == list(range(602, 700, 3))
    assert document["event"] == 700
    assert main(["log", "show"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 700


if __name__ == "__main__":
    import os
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        os.environ["OVERFLIGHT_HOME"] = str(Path(name) / "desk")
        PAGE.write_text(session(Path(name), PAGE.read_text(encoding="utf-8")), encoding="utf-8")
