"""``case open --telegram``: a person at a terminal is asked about each fact, a script never."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from overflight.cli import main

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "desk"))
    monkeypatch.setenv("OVERFLIGHT_STATE", "USA")
    for name in ("OVERFLIGHT_VIEW", "OVERFLIGHT_DATABASE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "desk"


def at_a_terminal(*words: str, answers: str) -> tuple[int, str]:
    """Run a command at a terminal of its own, with these answers typed ahead; what stood there."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "import sys; from overflight.cli import main; sys.exit(main())", *words]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True) as child:
        os.close(theirs)
        os.write(ours, answers.encode())
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # nobody is at the other end any more
                break
            if not part:
                break
            shown += part
    os.close(ours)
    return child.returncode, shown.decode().replace("\r\n", "\n")


OPEN = ("case", "open", "--telegram", str(EXAMPLES / "tip.txt"), "--id", "EX2", "--at", "2008-08-11T08:00Z")


def test_each_fact_is_asked_for_at_a_terminal(home: Path) -> None:
    code, shown = at_a_terminal(*OPEN, answers="y\ny\ny\ny\ny\nn\n")
    assert code == 0, shown
    for field in ("flight    KOR631", "operator  KOR", "type      IL-62", "route     ZKPY-OIIE", "cargo "):
        assert f"  {field}" in shown
    assert shown.count("[y/N]") == 6
    assert "EX2: the way by " in shown
    from overflight.settings import load
    from overflight.store import open_desk

    with open_desk(load(), write=False) as desk:
        planned = next(event for event in desk.log.events("EX2") if event.kind == "planned")
    assert planned.body["confirmed"] == ["flight", "operator", "type", "route", "dates"]
    assert planned.source == "2008 RANGOON 77"
    assert planned.body["flight"]["cargo"] == "undeclared"  # type: ignore[index, call-overload]


@pytest.mark.parametrize(
    ("answers", "code", "words"),
    [
        ("n\n" * 6, 1, "nothing was confirmed, nothing is opened"),
        ("\n" * 6, 1, "nothing was confirmed, nothing is opened"),
        ("y\nn\ny\ny\ny\nn\n", 2, "operator is not confirmed"),
        ("y\n\x04", 130, "[y/N]"),
    ],
    ids=["no", "return", "one missing", "the end of the line"],
)
def test_what_is_not_confirmed_opens_nothing(home: Path, answers: str, code: int, words: str) -> None:
    found, shown = at_a_terminal(*OPEN, answers=answers)
    assert (found, words in shown) == (code, True), shown
    assert not home.exists()


def test_with_confirm_or_json_nobody_is_asked(home: Path) -> None:
    code, shown = at_a_terminal(*OPEN, "--json", answers="")
    assert code == 1
    assert len(json.loads(shown)["proposed"]) == 6
    code, shown = at_a_terminal(*OPEN, "--confirm", "all", answers="")
    assert code == 0
    assert "[y/N]" not in shown


def test_a_script_is_never_asked(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(list(OPEN)) == 1
    assert "[y/N]" not in capsys.readouterr().out
    assert not home.exists()


def test_of_several_telegrams_one_is_named(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "two.txt"
    path.write_bytes((EXAMPLES / "granted.txt").read_bytes() + (EXAMPLES / "tip.txt").read_bytes())
    words = ["case", "open", "--telegram", str(path), "--json"]
    assert main(words) == 2
    assert capsys.readouterr().err == (
        f"overflight: {path}: holds 2 telegrams (1: 2008 ASTANA 55, 2: 2008 RANGOON 77);"
        " say which is meant with --message N\n"
    )
    assert main([*words, "--message", "2"]) == 1
    assert json.loads(capsys.readouterr().out)["telegram"] == "2008 RANGOON 77"
    assert main([*words, "--message", "3"]) == 2
    assert "holds 2 telegrams, not 3; give another --message" in capsys.readouterr().err
    assert main(["case", "open", str(EXAMPLES / "KOR621.toml"), "--message", "2"]) == 2
    assert "--message: is about a telegram only" in capsys.readouterr().err
    assert not home.exists()
