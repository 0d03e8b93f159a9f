"""What if: held against `cover` over the stored ways, and against a refusal that is really recorded."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from overflight.case.life.headline import headline
from overflight.case.life.model import Case
from overflight.case.life.replies import answer
from overflight.case.life.ways import LegWays
from overflight.desk.rooms import Rooms
from overflight.desk.views.case import opened
from overflight.desk.views.figures import Job, searched
from overflight.desk.views.whatif import states_in, suppose
from overflight.errors import InputError

Browser = Callable[[str], TestClient]
CASE = "KOR621-2008"


def left(leg: LegWays, gone: set[str]) -> list[tuple[str, ...]]:
    """Ways of a leg that none of these states lies on: counted by hand."""
    gone = gone - set(leg.always)
    return [way.states for way in leg.ways if not gone & set(way.states)]


@pytest.mark.parametrize(
    "refuse", [["CHN"], ["CHN", "LAO"], ["IDN", "MYS", "THA", "LAO", "CHN"], ["FRA"], []]
)
def test_what_is_left_is_what_nobody_refusing_lies_on(rooms: Rooms, refuse: list[str]) -> None:
    case = opened(rooms, CASE)
    assert case.ways is not None
    assert case.coverage is not None
    found = suppose(rooms, case, refuse, rooms.clock())
    gone = {*refuse, *case.coverage.closing}
    for leg, ways in zip(found.legs, case.ways.legs, strict=True):
        wanted = left(ways, gone)
        assert [way.states for way in leg.open] == ([] if leg.closed else wanted)
        assert leg.closed == (not wanted)
    assert found.closed == any(leg.closed for leg in found.legs)


def test_a_refusal_supposed_reads_as_one_recorded(rooms: Rooms) -> None:
    case = opened(rooms, CASE)
    supposed = suppose(rooms, case, ["CHN"], rooms.clock())
    assert rooms.cases.load(CASE).last == case.last  # nothing was recorded
    after = answer(rooms.cases, CASE, "CHN", "DENY_OVERFLIGHT").case
    assert supposed.sentence == headline(after, rooms.clock())
    assert after.coverage is not None
    assert supposed.closed == after.coverage.closed
    again = suppose(rooms, after, ["CHN"], rooms.clock())
    assert again.known == ("CHN",)


def test_a_list_cut_short_is_searched_anew(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    case = opened(rooms, CASE)
    assert case.ways is not None
    short = replace(
        case.ways,
        legs=tuple(replace(leg, ways=leg.ways[:1], coalitions=(), complete=False) for leg in case.ways.legs),
    )
    cut: Case = replace(case, ways=short)
    first = suppose(rooms, cut, ["CHN"], rooms.clock())
    assert first.searching or first.searched
    job = searched(rooms, cut, frozenset({"CHN", *(case.coverage.closing if case.coverage else ())}))
    if isinstance(job, Job):
        job.future.result(240)
    whole = suppose(rooms, cut, ["CHN"], rooms.clock())
    assert whole.searched
    assert not whole.searching
    assert whole.open_count >= suppose(rooms, case, ["CHN"], rooms.clock()).open_count


def test_page_fragment_and_json_say_the_same(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    case = opened(rooms, CASE)
    found = suppose(rooms, case, ["CHN", "LAO"], rooms.clock())
    told = officer.get(f"/api/v1/cases/{CASE}/whatif?refuse=CHN,LAO").json()
    assert told["headline"] == found.sentence
    assert told["refuse"] == ["CHN", "LAO"]
    assert [len(leg["open"]) for leg in told["legs"]] == [len(leg.open) for leg in found.legs]
    page = officer.get(f"/cases/{CASE}/whatif?refuse=CHN&refuse=laos")
    assert page.status_code == 200
    assert "<html" in page.text
    part = officer.get(f"/cases/{CASE}/whatif?refuse=CHN,LAO", headers={"hx-request": "true"})
    assert "<html" not in part.text
    assert part.headers["hx-replace-url"] == f"/cases/{CASE}?refuse=CHN,LAO"
    for text in (page.text, part.text):
        assert found.sentence[1:].replace("'", "&#39;") in text
        assert "5,0" in text or "km" in text
    shared = officer.get(f"/cases/{CASE}?refuse=CHN,LAO")
    assert shared.text.count(" checked") == 2


def test_as_of_a_time_it_is_supposed_then(browser: Browser, rooms: Rooms) -> None:
    early = rooms.cases.load(CASE).history[5].recorded_at
    before = rooms.cases.load(CASE, early)
    told = browser("officer").get(
        f"/api/v1/cases/{CASE}/whatif?refuse=CHN&as_of={early.strftime('%Y-%m-%dT%H:%M:%SZ')}"
    )
    assert told.json()["headline"] == suppose(rooms, before, ["CHN"], early).sentence


def test_nonsense_is_refused(browser: Browser) -> None:
    officer = browser("officer")
    assert officer.get(f"/api/v1/cases/{CASE}/whatif?refuse=XXQ").status_code == 400
    assert officer.get("/api/v1/cases/NONE/whatif?refuse=CHN").status_code == 404
    assert officer.get(f"/api/v1/cases/{CASE}/whatif").status_code == 422
    assert officer.get(f"/cases/{CASE}/whatif?refuse=nowhere").status_code == 400
    with pytest.raises(InputError):
        states_in(",".join(["CHN"] * 61))
    assert states_in("chn, China,CHN") == ("CHN",)
