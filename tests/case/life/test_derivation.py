"""What is derived of the log is worked out anew: forged, old or missing agendas do not last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from overflight.case.life.derivation import rebuild
from overflight.case.life.desk import CaseDesk
from overflight.case.life.planning import Sheet, open_case
from overflight.case.life.repairs import merge
from overflight.case.life.replies import answer
from overflight.case.life.requests import approach
from overflight.cli import main
from overflight.store.event import AgendaItem, Draft

from .desks import ListLog, Table, desk, flight

WORLD = Table({"AAAA-BBBB": ((("KAZ",), 6400.0), (("TKM",), 6700.0))}, {"AAAA-BBBB": ("KAZ",)})
SHEET = Sheet("It flies.", "S//REL TO USA, KAZ, TKM", "R1", ("route", "dates"))


def worked(cases: int) -> tuple[CaseDesk, ListLog]:
    officer, clock = desk(WORLD, "2008-07-01")
    for number in range(1, cases + 1):
        open_case(officer, flight("2008-07-28"), case_id=f"C{number}", statements=[SHEET])
        approach(officer, f"C{number}", ["KAZ", "TKM"], ask=["x"], due=clock.now + timedelta(days=number))
        answer(officer, f"C{number}", "KAZ", ("ALLOW", "NO_ANSWER")[number % 2])
    merge(officer, "C1", "C2")
    assert isinstance(officer.log, ListLog)
    return officer, officer.log


def test_what_is_worked_out_anew_is_what_was_kept() -> None:
    _, log = worked(205)
    kept = dict(log.items)
    log.items = dict.fromkeys(kept, ())
    log.items["C3"] = (AgendaItem("C3", "answer XXX", None, "answer", "FORGED"),)
    seen: list[tuple[int, int]] = []
    done = rebuild(log, lambda some, every: seen.append((some, every)))
    assert (done.cases, done.unread) == (205, ())
    assert seen == [(100, 205), (200, 205), (205, 205)]
    assert log.items == kept


def test_a_case_that_cannot_be_read_is_named_and_the_others_are_not_held_up() -> None:
    officer, log = worked(3)
    kept = dict(log.items)
    log.append([Draft("X1", "opened", {"shade": "blue"}, officer.clock(), "x")])
    log.append([Draft("X2", "danced", {}, officer.clock(), "x")])
    log.items = {"X1": (AgendaItem("X1", "a", None, "a", "FORGED"),)}
    done = rebuild(log)
    assert done.cases == 3
    assert [line.partition(":")[0] for line in done.unread] == [
        "case X1 cannot be read",
        "case X2 cannot be read",
    ]
    assert log.items == {**kept, "X1": (), "X2": ()}


def test_an_event_recorded_meanwhile_is_not_forgotten() -> None:
    officer, log = worked(3)

    class Overtaken(ListLog):
        late = False

        def replace_agenda(
            self, agenda: Mapping[str, Sequence[AgendaItem]], *, expect: Mapping[str, int] | None = None
        ) -> None:
            if not self.late:
                self.late = True
                answer(replace(officer, log=self), "C3", "TKM", "ALLOW")
            super().replace_agenda(agenda, expect=expect)

    other = Overtaken(log.clock)
    other.recorded_events, other.items = log.recorded_events, {}
    assert rebuild(other).cases == 3
    kept = other.items
    assert not [one for one in kept["C3"] if one.key in ("answer TKM", "delivery TKM")]
    assert [one for one in kept["C1"] if one.key == "answer TKM"]


def test_an_import_trusts_no_agenda(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ask(home: str, *words: str) -> str:
        monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / home))
        assert main(list(words)) == 0
        return capsys.readouterr().out

    monkeypatch.delenv("OVERFLIGHT_DATABASE", raising=False)
    given = Path(__file__).parents[3] / "docs" / "examples" / "exercise-desk.jsonl"
    ask("one", "log", "import", str(given))
    due = ask("one", "case", "due", "--now", "2026-08-03T00:00Z")
    assert "EXR101 may depart from ZKPY" in due
    lines = given.read_text(encoding="utf-8").splitlines(keepends=True)
    items = [line for line in lines if line.startswith('{"agenda"')]
    assert items
    forged = [line.replace("may depart", "has LANDED") for line in lines[:-1] if line not in items[:1]]
    seal = hashlib.sha256("".join(forged).encode()).hexdigest()
    end = json.dumps({"end": "overflight", "lines": len(forged), "sha256": seal}, separators=(",", ":"))
    path = tmp_path / "forged.jsonl"
    path.write_text("".join(forged) + end + "\n", encoding="utf-8")
    ask("two", "log", "import", str(path))
    assert ask("two", "case", "due", "--now", "2026-08-03T00:00Z") == due
    assert ask("two", "case", "list") == ask("one", "case", "list")
