"""The commands of a case, over a real store and the real earth."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest

from overflight.cli import main

FLIGHT = """
[flight]
id = "KOR621"
operator = "KOR"
kind = "civil non-scheduled"
aircraft = {{ type = "IL62", range_km = 7500 }}
[[leg]]
from = "ZKPY"
to = "OIIE"
departs = {day}
[approaches]
unwilling = ["CHN", "RUS"]
"""


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "desk"))
    monkeypatch.setenv("OVERFLIGHT_STATE", "USA")
    monkeypatch.delenv("OVERFLIGHT_VIEW", raising=False)
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.chdir(tmp_path)
    Path("FLIGHT.toml").write_text(FLIGHT.format(day="2026-08-07"), encoding="utf-8")
    Path("LATER.toml").write_text(FLIGHT.format(day="2026-08-09"), encoding="utf-8")
    return tmp_path


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> object:
    def run(line: str, code: int = 0) -> str:
        assert main(shlex.split(line)) == code, capsys.readouterr().err
        out, err = capsys.readouterr()
        return err if code == 2 else out

    return run


def test_a_case_over_the_real_earth(ask, home: Path) -> None:  # type: ignore[no-untyped-def]
    out = ask('case open FLIGHT.toml --id C1 --title "EXERCISE" --at 2026-07-20T08:00Z')
    # China alone would close it, and is held unwilling: the others must.
    assert out.startswith("C1: the way by CHN – KGZ – UZB – TKM is open until 7 Aug ")
    ask(
        'case statement C1 "It flies." --marking "S//REL TO USA, KAZ, PAK" --source R '
        "--fact route --fact dates --at 2026-07-20T08:05Z"
    )
    out = ask(
        "case approach C1 --to KAZ,Pakistan --ask refuse-overflight --due 2026-07-24 --number 'STATE 101' "
        "--at 2026-07-20T09:00Z --out drafts"
    )
    assert "due 2026-07-24 23:59Z (25 Jul 04:59 in Astana)" in out
    assert sorted(p.name for p in (home / "drafts").iterdir()) == [
        *("KAZ-1.txt", "PAK-1.txt"),
        *(f"non-paper-{s}.{e}" for s in ("KAZ", "PAK") for e in ("docx", "pdf", "txt")),
    ]
    paper = (home / "drafts" / "non-paper-KAZ.txt").read_text(encoding="utf-8")
    assert "resolution 2270" in paper
    assert "PAK" not in paper
    ask("case delivered C1 KAZ --office MFA --form both --at 2026-07-21T09:00Z")
    for state in ("KAZ", "PAK", "AFG", "TKM"):
        out = ask(f"case answer C1 {state} deny-overflight --at 2026-07-22T09:00Z")
    assert "closed: no way within range is left on ZKPY-OIIE" in out
    out = ask("case plan C1 LATER.toml --at 2026-07-23T09:00Z")
    assert "departure ZKPY-OIIE: was 7 August 2026 (UTC), now 9 August 2026 (UTC)" in out
    assert "stale: KAZ DENY_OVERFLIGHT" in out
    assert "an earlier date ZKPY-OIIE is with KAZ, PAK" in out
    ask(
        'case statement C1 "Now on the 9th." --marking "S//REL TO USA, KAZ" --source R --fact dates '
        "--replaces S1 --at 2026-07-23T09:05Z"
    )
    out = ask("case update C1 --why moved --at 2026-07-23T09:10Z")
    assert "not told: PAK: date ZKPY-OIIE: S2 (S//REL TO USA, KAZ) may not go there" in out
    shown = json.loads(ask("case show C1 --json --now 2026-07-23T10:00Z"))
    assert {h["state"]: h["sent"] for h in shown["holders"]} == {"KAZ": True, "PAK": False}
    assert "stale: departure" in ask("case show C1 --history --now 2026-07-23T10:00Z")
    assert "overdue" in ask("case due --now 2026-07-25T10:00Z --ical due.ics", 1)
    assert (home / "due.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    due = json.loads(ask("case due --json --now 2026-07-23T10:00Z --case C1 --days 400"))
    assert {one["kind"] for one in due["due"]} >= {"answer", "update", "departure"}
    assert json.loads(ask("case list --json"))["cases"][0]["step"] == "UPDATE"
    assert "C1: UPDATE, EXERCISE" in ask("case list")
    before = ask("case due --now 2026-07-23T10:00Z")
    ask("case list --rebuild")
    assert ask("case due --now 2026-07-23T10:00Z") == before
    events = shown["history"]
    struck = next(e["seq"] for e in events if e["words"] == "AFG: DENY_OVERFLIGHT")
    ask(f"case correct C1 {struck} --strike --why 'another state'")
    ask(f"case correct C1 {struck - 1} --set decision=ALLOW --why misread")
    out = ask("case show C1 --history")
    assert "AFG: DENY_OVERFLIGHT (void)" in out
    ask("case outcome C1 cancelled --evidence press")
    assert "KAZ" in ask("case thanks C1 --close --out thanks")
    assert (home / "thanks" / "KAZ-thanks.txt").exists()
    assert "After-action record" in ask("case record C1")
    ask("case record C1 --out record.html")
    assert (home / "record.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_merge_and_split_on_the_command_line(ask, home: Path) -> None:  # type: ignore[no-untyped-def]
    ask("case open FLIGHT.toml --id C1 --at 2026-07-20T08:00Z")
    ask("case open FLIGHT.toml --id C2 --at 2026-07-20T08:00Z")
    ask("case answer C2 KAZ ALREADY_DENIED --at 2026-07-20T09:00Z")
    out = ask("case merge C1 C2 --why same --at 2026-07-20T10:00Z")
    assert out.startswith("C1: KAZ refused")
    assert ask("case show C2").startswith("C2: merged into C1")
    ask("case answer C1 PAK ALREADY_DENIED --at 2026-07-20T11:00Z")
    shown = json.loads(ask("case show C1 --json"))
    seq = next(e["seq"] for e in shown["history"] if e["words"] == "PAK: ALREADY_DENIED")
    out = ask(f"case split C1 LATER.toml --id C3 --events {seq} --why two")
    assert out.splitlines()[0].startswith("C1: KAZ refused; the way")
    assert "PAK: answer stale" in out.splitlines()[1]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("case", "see overflight case --help"),
        ("case show C9", "no desk"),
        ("case open", "needs one of FLIGHT.toml and --telegram"),
        ("case open nothing.toml", "nothing.toml: no such file"),
        ("case open FLIGHT.toml --confirm all", "--confirm"),
        ("case open FLIGHT.toml --at yesterday", "--at: 'yesterday' is no time"),
        ("case open FLIGHT.toml --id 'a b'", "is no id of a case"),
        ("case open FLIGHT.toml --statements FLIGHT.toml", "FLIGHT.toml: holds something else"),
        ("file nothing.txt", ""),
    ],
)
def test_bad_use_is_one_line(ask, home: Path, line: str, words: str) -> None:  # type: ignore[no-untyped-def]
    err = ask(line, 2)
    if words not in ("no desk", "see overflight case --help"):
        assert words in err
        assert err.startswith("overflight: ")
        assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("case show C9", "C9: no such case"),
        ("case statement C1", "needs one of TEXT and --from"),
        ("case statement C1 x --marking S//FOO --source R", "--marking"),
        ("case statement C1 x --marking U --source R --fact tail", "the plan says nothing of tail"),
        ("case statement C1 x --marking U --source R --fact 'date X-Y'", "the plan has no leg X-Y"),
        ("case statement C1 x --marking U", "needs its source"),
        ("case approach C1 --to USA --ask x --due 2030-01-01", "home state"),
        ("case approach C1 --to KAZ --ask x --due 2001-01-01", "has passed"),
        ("case approach C1 --to KAZ --ask x --due 9999-12-31", "is in the year 9999"),
        ("case approach C1 --to KAZ --ask ' ' --due 2030-01-01", "nothing is asked"),
        ("case statement C1 x --marking U --source R --at 0001-01-01", "is in the year 1; write a year from"),
        ("case approach C1 --to Narnia --ask x --due 2030-01-01", "Narnia"),
        ("case approach C1 --to KAZ --ask x --due 2030-01-01 --post BERN", "names no state"),
        ("case answer C1 KAZ ALLOW --valid 2026", "is no span"),
        ("case answer C1 KAZ ALLOW --valid 2026-08-09..2026-08-01", "ends before it begins"),
        ("case correct C1 2 --why x --set flight", "sets nothing"),
        ("case split C1 LATER.toml --id C4 --events x", "is no list of events"),
        ("case plan C1 FLIGHT.toml", "says what the present one says"),
    ],
)
def test_what_cannot_be_changes_nothing(ask, home: Path, line: str, words: str) -> None:  # type: ignore[no-untyped-def]
    ask("case open FLIGHT.toml --id C1 --at 2026-07-20T08:00Z")
    before = json.loads(ask("case show C1 --json"))["last"]
    err = ask(line, 2)
    assert words in err
    assert err.count("\n") == 1
    assert json.loads(ask("case show C1 --json"))["last"] == before


def test_several_telegrams_some_of_which_fit(ask, home: Path) -> None:  # type: ignore[no-untyped-def]
    ask("case open FLIGHT.toml --id C1 --at 2026-07-20T08:00Z")
    text = (
        "P 221000Z JUL 26\nFM AMEMBASSY ASTANA\nTO SECSTATE WASHDC\nBT\nUNCLAS ASTANA 000055\n"
        "E.O. 13526: N/A\nTAGS: EAIR\nSUBJECT: EXERCISE: FLIGHT KOR621\n\n"
        "1. (U) THE MINISTRY REFUSED OVERFLIGHT.\n\nEXERCISE\nBT\n"
    )
    Path("a.txt").write_text(text, encoding="utf-8")
    Path("b.txt").write_text(text.replace("KOR621", "A SHIP").replace("55", "56"), encoding="utf-8")
    found = json.loads(ask("file a.txt b.txt --json --accept", 1))
    assert [one["case"] for one in found["filed"]] == ["C1"]
    assert found["filed"][0]["proposal"]["recorded"] == "KAZ-answer-1"
    assert "belongs to no case" in found["refused"][0]
    assert json.loads(ask("case show C1 --json"))["answers"][0]["decision"] == "DENY_OVERFLIGHT"
