"""The page for law against the room of law: the same options, measures and meetings."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from starlette.testclient import TestClient

from overflight.desk.views import law as view
from overflight.desk.views import law_calendar as measures
from overflight.law import advice, calendar, measures_in_force, question_for, shipped
from overflight.meetings import CAUTION, coincident, place_of
from overflight.meetings import shipped as shipped_meetings
from overflight.world.states import name

Browser = Callable[[str], TestClient]
WAY = {"on": "2008-08-07", "way": "ZKPY OIIE", "operator": "KOR"}


@pytest.fixture
def officer(browser: Browser) -> TestClient:
    return browser("officer")


def address(**query: str) -> str:
    return "/law?" + urlencode(query)


def test_the_calendar_has_every_measure_once_with_its_days(officer: TestClient) -> None:
    page = officer.get("/law?on=2017-06-01").text
    rules = shipped()
    for one in rules.measures:
        assert page.count(f"<code>{one.id}</code>") == 1, one.id
        assert one.periods[0].start.date().isoformat() in page
        assert html.escape(one.effect, quote=False) in page.replace("&#39;", "'").replace("&#34;", '"')
    assert page.count('<details class="instrument"') == len(
        {(one.targets, one.instrument) for one in rules.measures}
    )
    assert "contested" in page
    assert "unverified" in page


@pytest.mark.parametrize("day", ["2005-01-01", "2008-08-07", "2017-06-01", "2025-10-01", "2026-11-22"])
def test_what_stands_on_a_day_is_what_the_room_says(officer: TestClient, day: str) -> None:
    on = date.fromisoformat(day)
    wanted = {one.id for one in measures_in_force(on, rules=shipped())}
    told = officer.get("/api/v1/law/measures", params={"on": day, "standing": "true"}).json()["measures"]
    assert {one["id"] for one in told} == wanted
    page = officer.get(address(on=day, standing="yes")).text
    assert set(re.findall(r"<br><code>([^<]+)</code>", page)) == wanted
    everything = officer.get("/api/v1/law/measures", params={"on": day}).json()["measures"]
    standing = {one["id"] for one in everything if one["on_the_day"] in ("in force", "contested")}
    assert standing == wanted
    assert len(everything) == len(shipped().measures)


def test_the_calendar_can_be_narrowed(officer: TestClient) -> None:
    told = officer.get("/api/v1/law/measures?about=Iran&binding=mandatory").json()["measures"]
    assert told
    assert all("IRN" in one["targets"] and one["binding"] == "mandatory" for one in told)
    page = officer.get(address(on="2017-06-01", about="IRN", binding="mandatory")).text
    assert set(re.findall(r"<br><code>([^<]+)</code>", page)) == {one["id"] for one in told}
    assert "No measure is like that" in officer.get("/law?about=IRN&measure_kind=NOTHING").text
    assert {
        tuple(one["targets"]) for one in officer.get("/api/v1/law/measures?about=none").json()["measures"]
    } == {()}


def test_bars_lie_where_their_days_are() -> None:
    rules = shipped()
    years = measures.years_of(rules, date(2017, 6, 1))
    for group in measures.instruments(rules, date(2017, 6, 1)):
        for line in group.rows:
            for row in line.measures:
                for bar, period in zip(row.bars, row.measure.periods, strict=True):
                    assert 0 <= bar.begin <= bar.end <= 1
                    assert (bar.end == 1.0) or period.until is not None
    places = [place for _, place in measures.ticks(years)]
    assert places == sorted(places)
    assert len(places) > 2


def test_a_state_on_a_day_is_the_rooms_calendar(officer: TestClient) -> None:
    wanted = calendar("IND", date(2017, 8, 7), rules=shipped())
    page = officer.get(address(on="2017-08-07", state="India")).text
    for _, one in wanted.measures:
        assert f"<code>{one.id}</code>" in page
    assert f"{len(wanted.measures)} measures in force" in page
    assert '<option value="IND" selected>India</option>' in page
    assert officer.get("/api/v1/law?state=IND&on=2017-08-07").json() == wanted.to_json()


def test_options_of_a_state_are_the_rooms_options(officer: TestClient) -> None:
    told = officer.get("/api/v1/law", params=WAY | {"state": "IND", "category": "missile"}).json()
    question = told["question"]
    assert (question["category"], question["origins"], question["destinations"]) == (
        "missile",
        ["PRK"],
        ["IRN"],
    )
    page = officer.get(address(**WAY, state="IND", category="missile")).text
    for option in told["options"]:
        assert option["option"].replace("-", " ") in page
        for measure in option["measures"]:
            assert f"<code>{measure['id']}</code>" in page
            assert html.escape(measure["paragraph"]) in page
    assert told["options"][0]["option"].replace("-", " ") in page[page.index('class="verdict') :][:200]
    for text in told["cautions"]:
        assert html.escape(text, quote=False) in page.replace("&#39;", "'").replace("&#34;", '"')


def test_every_state_under_the_flight_is_asked_with_its_own_place(officer: TestClient, rooms: object) -> None:
    told = officer.get("/api/v1/law", params=WAY).json()
    assert next(one["state"] for one in told["states"]) == "PRK"
    assert [one["state"] for one in told["states"]][-1] == "IRN"
    page = officer.get(address(**WAY)).text
    under = page[page.index('class="under"') :]
    assert re.findall(r'<th scope="row"><a [^>]*>([^<]+)</a>', under) == [
        html.escape(name(one["state"])) for one in told["states"]
    ]
    asked = view.Asked(**WAY)
    flying = view.flight_of(rooms, asked, date(2008, 8, 7))  # type: ignore[arg-type]
    assert flying is not None
    leg = flying.flight.legs[0]
    for one in told["states"]:
        question = question_for(
            flying.flight, leg, one["state"], one["over"], on=date(2008, 8, 7), showing="itinerary"
        )
        wanted = advice(question, shipped()).to_json()
        assert {key: one[key] for key in wanted} == wanted
    links = re.findall(r'<th scope="row"><a href="([^"]+)"', under)
    second = officer.get(html.unescape(links[1])).text
    assert "China may" in second or "China must" in second


def test_exempt_contested_and_unverified_are_told(officer: TestClient) -> None:
    page = officer.get(
        address(on="2025-10-01", way="ZKPY OIIE", state="DEU", circumstance="diplomatic", position="DEU")
    ).text
    assert 'value="diplomatic" checked' in page
    assert "contested" in page
    told = officer.get(
        "/api/v1/law", params={"on": "2025-10-01", "way": "ZKPY OIIE", "state": "DEU", "position": "DEU"}
    ).json()
    assert told["contested"][0]["position_of"] == "DEU"
    assert html.escape(told["contested"][0]["question"]) in page


def test_legs_hours_and_designations_are_understood(officer: TestClient) -> None:
    two = {"on": "2017-01-10", "way": "ZKPY-VYMD-OIIE", "leg": "2"}
    told = officer.get("/api/v1/law", params=two).json()
    assert told["flight"] == "ZKPY-VYMD-OIIE"
    assert told["states"][0]["state"] == "MMR"
    assert {one["leg"] for one in told["states"]} == {2}
    listed = officer.get(
        "/api/v1/law",
        params={"on": "2017-01-10", "way": "ZKPY OIIE", "state": "CHN", "listed": "OFAC", "operator": "KOR"},
    ).json()
    assert any("listing by OFAC" in text for text in listed["cautions"])
    hour = officer.get(address(on="2025-09-28", at="00:30", state="FRA"))
    assert hour.status_code == 200
    assert officer.get("/api/v1/law?state=FRA&on=2025-09-27T23:30Z").json()["on"] == "2025-09-27T23:30:00Z"


def test_meetings_beside_the_flight(officer: TestClient) -> None:
    told = officer.get("/api/v1/meetings", params={"on": "2008-08-07", "way": "ZKPY OIIE"}).json()
    assert [one["id"] for one in told["near"]] == ["nam-2008-ministerial"]
    assert told["explanations"][0]["meeting"] == "nam-2008-ministerial"
    assert told["caution"] == CAUTION
    page = officer.get(address(**WAY)).text
    assert "closed 8 days before" in page
    assert html.escape(CAUTION) in page
    days = officer.get("/api/v1/meetings?on=2008-07-25..2008-08-08&place=Iran").json()
    wanted = coincident(date(2008, 7, 25), date(2008, 8, 8), places=[place_of("Iran", shipped_meetings())])
    assert [one["id"] for one in days["meetings"]] == [one.meeting.id for one in wanted if one.fits]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"on": "yesterday"}, "is no day"),
        ({"on": "0001-01-01"}, "is no day"),
        ({"on": "9999-12-31"}, "is no day"),
        ({"way": "ZKPY"}, "names 1 aerodrome"),
        ({"way": "ZKPY ZKPY"}, "egins and ends at ZKPY"),
        ({"way": "ZKPY XQXQ"}, "XQXQ"),
        ({"way": " ".join(["ZKPY", "OIIE"] * 6)}, "names 12 aerodromes"),
        ({"state": "Nowhere"}, "is not a state"),
        ({"way": "ZKPY OIIE", "state": "IND", "phase": "asleep"}, "is not known"),
        ({"way": "ZKPY OIIE", "state": "IND", "leg": "4"}, "has no leg 4"),
        ({"way": "ZKPY OIIE", "circumstance": "rain"}, "is not known"),
        ({"state": "IND", "position": "Nowhere"}, "is not a state"),
    ],
)
def test_what_cannot_be_asked_is_told_and_kept(
    officer: TestClient, query: dict[str, str], words: str
) -> None:
    page = officer.get(address(**query))
    assert page.status_code == 422
    assert words in html.unescape(page.text)
    assert 'class="wrong"' in page.text
    if "way" in query:
        assert f'value="{query["way"]}"' in page.text
    keys = {"circumstance": "circumstances"}
    answer = officer.get("/api/v1/law", params={keys.get(k, k): v for k, v in query.items()})
    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"status", "what", "where", "mend"}


def test_hostile_questions_are_shown_and_never_obeyed(officer: TestClient) -> None:
    evil = '"><script>alert(1)</script>\u202e'
    for field in ("way", "operator", "cargo", "state", "listed", "on", "about", "at", "position"):
        page = officer.get(address(**WAY | {field: evil}))
        assert page.status_code in (200, 422), field
        assert "<script>alert" not in page.text


def test_meetings_wrongly_asked(officer: TestClient) -> None:
    for query in ("on=2008-08-09..2008-08-07", "on=2000-01-01..2008-08-07", "on=x", "place=Nowhereville"):
        answer = officer.get("/api/v1/meetings?" + query)
        assert answer.status_code == 400, query
    assert officer.get("/api/v1/meetings?near=9999").status_code == 422
    assert officer.get("/api/v1/law").status_code == 400


def test_roles(browser: Browser) -> None:
    assert browser("approver").get("/law").status_code == 200
    for who, status in (("auditor", 403), ("admin", 403), ("guest KAZ", 404)):
        assert browser(who).get("/law").status_code == status
    assert browser("").get("/api/v1/meetings").status_code == 401


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=strategies.dictionaries(
        strategies.sampled_from(
            [
                "on",
                "at",
                "state",
                "way",
                "leg",
                "operator",
                "flag",
                "kind",
                "cargo",
                "category",
                "grounds",
                "over",
            ]
        ),
        strategies.text(max_size=20)
        | strategies.sampled_from(["2008-08-07", "IND", "ZKPY OIIE", "land", "missile", "high seas", "1"]),
        max_size=6,
    )
)
def test_no_question_breaks_the_page(officer: TestClient, query: dict[str, str]) -> None:
    sound = {k: v.encode("utf-8", "replace").decode() for k, v in query.items()}
    nul = any("\0" in one for one in sound.values())  # which no page takes
    assert officer.get("/law", params=sound).status_code in ((400,) if nul else (200, 422))
    assert officer.get("/api/v1/law", params=sound).status_code in (200, 400, 422)
