"""The exercise: the public case of 2008, played over the real earth and kept in a real store."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from overflight.case.life.desk import CaseDesk
from overflight.case.life.exercise import play, script
from overflight.case.life.geography import Earth
from overflight.case.life.jurist import LawBook
from overflight.cli import demo, main
from overflight.errors import InputError
from overflight.telegram import read
from overflight.world.flight_file import read_flight

from .desks import ListLog, TurnedClock

FLIGHT = Path(str(files("overflight.world"))) / "data" / "demo" / "KOR621.toml"


def test_the_case_of_2008_is_played_to_its_end() -> None:
    told = script()
    clock = TurnedClock(datetime(2008, 8, 1, tzinfo=UTC))
    officer = CaseDesk(ListLog(clock), Earth(), LawBook(), told.home, told.office, clock)
    steps = list(play(officer, read_flight(FLIGHT), told, lambda at: setattr(clock, "now", at)))
    assert [one.at for one in steps] == sorted(one.at for one in steps)
    case = officer.load(told.case)
    assert case.step == "CLOSED"
    assert case.opened.body.title.startswith("EXERCISE")
    # The press: cleared on the 4th, withdrawn on the 7th about noon in Delhi, the return with it.
    given = [(n.body.decision, n.true_at.day) for n in case.answers_of("IND")]
    assert given == [("ALLOW", 4), ("REVERSED", 7)]
    assert len(case.plans) == 2
    assert [leg.destination.icao for leg in case.flight.legs] == ["VYMD", "OIIE", "VYMD", "ZKPY"]
    assert any("two channels" in line for one in steps for line in one.words)
    assert case.endings[-1].body.code == "DENIED"
    assert [p.state for n in case.thanks for p in n.body.products] == ["IND"]
    # What could be known of it on a day is what had been recorded by then.
    fourth = officer.load(told.case, datetime(2008, 8, 4, 18, tzinfo=UTC))
    assert fourth.standing("IND").sky == "open"
    fifth = officer.load(told.case, datetime(2008, 8, 5, 18, tzinfo=UTC))
    assert fifth.stale(fifth.answers_of("IND")[0])
    # Every draft is an exercise, reads back without a repair, and tells nobody what is for home.
    drafts = [draft for one in steps for draft in one.drafts]
    assert len(drafts) == 5
    for _, text in drafts:
        reading = read(text.encode())
        assert not reading.repairs
        assert reading.telegram.subject is not None
        assert reading.telegram.subject.text.startswith("EXERCISE")
        for paragraph in reading.telegram.paragraphs:
            if "under watch" in paragraph.text:
                assert paragraph.marking == "S//NF"
    for step in told.steps:
        assert step["source"]


def test_the_demo_is_played_again_but_spares_other_cases(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "own"))
    monkeypatch.chdir(tmp_path)
    flight = read_flight(FLIGHT)
    for _ in range(2):
        demo.play_case(flight, Path("demo"), None, quiet=True)
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "demo" / "desk"))
    assert main(["case", "show", "KOR621-2008", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["step"] == "CLOSED"
    assert shown["history"][0]["recorded"].startswith("2008-08-02")
    assert main(["case", "open", str(FLIGHT), "--id", "MINE"]) == 0
    capsys.readouterr()
    with pytest.raises(InputError, match=r"holds other cases \(MINE\)"):
        demo.play_case(flight, Path("demo"), None, quiet=True)
    assert main(["case", "show", "MINE"]) == 0
