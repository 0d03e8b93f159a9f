"""Today, what is due, and the list of cases: held against the agenda itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from overflight.case.life.agenda import due_list
from overflight.case.life.headline import headline
from overflight.desk.rooms import Rooms, open_rooms
from overflight.desk.views.cases import list_cases
from overflight.desk.views.today import WHEN, due_page, today
from overflight.settings import Settings
from overflight.store.event import AgendaItem, Draft
from overflight.store.lookup import Lookup

Browser = Callable[[str], TestClient]
CASE = "KOR621-2008"
NOW = datetime(2008, 8, 5, 18, 0, tzinfo=UTC)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def many(rooms: Rooms, count: int) -> None:
    """Cases that are nothing but a summary and something due."""
    for number in range(count):
        name = f"X{number:03}"
        due = NOW + timedelta(hours=number - count // 3)
        items = [
            AgendaItem(
                name, "summary", None, "summary", f"Title {number}",
                {"title": f"Title {number}", "step": "CLOSED" if number % 5 == 0 else "TASKED",
                 "flight": [f"ABC{number}"], "tails": [], "places": ["OIIE"], "states": ["IND"], "into": "",
                 "numbers": [], "digests": []},
            ),
            AgendaItem(name, "answer IND", due, "answer", "IND: answer due", {"state": "IND", "local": ""}),
        ]  # fmt: skip
        draft = Draft(name, "opened", {"title": f"Title {number}"}, NOW, "exercise")
        rooms.store.log.append([draft], agenda={name: items})


def test_today_says_what_the_agenda_says(browser: Browser, rooms: Rooms) -> None:
    page = browser("officer").get("/")
    assert page.status_code == 200
    told = text_of(page.text)
    lines = due_list(rooms.store.log.agenda(), NOW)
    assert lines
    for one in lines:
        assert one.item.text in told
    assert headline(rooms.cases.load(CASE), NOW)[1:] in told
    assert 'href="/cases/KOR621-2008?do=answer&amp;state=MMR#record"' in page.text


def test_an_empty_desk_teaches(tmp_path: Path) -> None:
    rooms = open_rooms(Settings(home=tmp_path / "empty", state="USA"), clock=lambda: NOW)
    try:
        found = today(rooms)
        assert found.empty
        assert not any(page.lines for page in found.due)
    finally:
        rooms.close()


def test_pages_of_what_is_due_hold_every_item_once(rooms: Rooms) -> None:
    many(rooms, 60)
    expected = due_list(rooms.store.log.agenda(), NOW)
    for when in WHEN:
        found = []
        after = None
        while True:
            page = due_page(rooms, when, after=after, limit=7)
            found += page.lines
            if page.more is None:
                break
            after = page.more
        wanted = [(one.item.case, one.item.key, one.at) for one in expected if one.when == when]
        assert [(one.case, one.place[2], one.at) for one in found] == wanted
        assert page.count == len(wanted)


def test_the_page_of_what_is_due_can_be_turned(browser: Browser, rooms: Rooms) -> None:
    many(rooms, 170)
    officer = browser("officer")
    first = officer.get("/due?when=overdue")
    link = re.search(r'href="(/due\?when=overdue&amp;after=[^"]+)"', first.text)
    assert link
    second = officer.get(unescape(link[1]))
    cases = [re.findall(r'class="case" href="/cases/([^"]+)"', one.text) for one in (first, second)]
    assert cases[0]
    assert cases[1]
    assert not set(cases[0]) & set(cases[1])
    assert officer.get("/due?when=never").status_code == 400


@pytest.mark.parametrize(
    ("query", "step", "fits"),
    [
        ("", "", lambda n: True),
        ("abc7", "", lambda n: str(n).startswith("7")),
        ("title 3", "", lambda n: "3" in str(n)),
        ("", "closed", lambda n: n % 5 == 0),
        ("", "open", lambda n: n % 5),
        ("x01", "TASKED", lambda n: n // 10 == 1 and n % 5),
        ("india oiie", "", lambda n: True),
        ("100%", "", lambda n: False),
    ],
)
def test_the_list_finds_what_fits(rooms: Rooms, query: str, step: str, fits: Callable[[int], object]) -> None:
    many(rooms, 40)
    found = []
    below = None
    while True:
        page = list_cases(rooms, query=query, step=step, below=below, limit=9)
        found += [row.id for row in page.rows if row.id != CASE]
        if page.more is None:
            break
        below = page.more
    # "x01" finds X010 to X019 and "abc7" ABC7 and ABC7n.
    assert found == [f"X{n:03}" for n in reversed(range(40)) if fits(n)]


def test_the_list_says_what_is_due_first(rooms: Rooms) -> None:
    (row,) = list_cases(rooms, query="KOR621").rows
    soonest = min(
        (one for one in rooms.store.log.agenda(case=CASE) if one.due_at and one.kind != "departure"),
        key=lambda one: (one.due_at, one.key),
    )
    assert (row.next, row.next_at) == (soonest.text, soonest.due_at)
    assert row.step == rooms.cases.load(CASE).step
    assert row.states == rooms.cases.load(CASE).approached


def test_the_list_as_a_page(browser: Browser) -> None:
    officer = browser("officer")
    page = officer.get("/cases?q=kor621")
    assert page.status_code == 200
    assert 'href="/cases/KOR621-2008"' in page.text
    part = officer.get("/cases?q=kor621", headers={"hx-target": "found"})
    assert "<html" not in part.text
    assert 'href="/cases/KOR621-2008"' in part.text
    assert "No case fits" in officer.get("/cases?q=nothing+such").text
    assert officer.get("/cases?step=dancing").status_code == 400


def test_cursor_of_the_api_goes_through_every_case(browser: Browser, rooms: Rooms) -> None:
    many(rooms, 23)
    officer = browser("officer")
    found: list[str] = []
    cursor = ""
    while True:
        answer = officer.get(f"/api/v1/cases?limit=5{cursor}").json()
        found += [row["id"] for row in answer["items"]]
        if answer["next"] is None:
            break
        cursor = f"&cursor={answer['next']}"
    assert sorted(found) == sorted([CASE, *(f"X{n:03}" for n in range(23))])
    assert len(set(found)) == len(found)
    assert officer.get("/api/v1/cases?cursor=WyJ4Il0").status_code == 400


def test_due_and_today_of_the_api(browser: Browser, rooms: Rooms) -> None:
    many(rooms, 12)
    officer = browser("officer")
    day = officer.get("/api/v1/today").json()
    assert day["counts"]["cases"] == 13
    for when in WHEN:
        rows = officer.get(f"/api/v1/due?when={when}&limit=200").json()["items"]
        wanted = [
            (one.item.case, one.item.text)
            for one in due_list(rooms.store.log.agenda(), NOW)
            if one.when == when
        ]
        assert [(row["case"], row["text"]) for row in rows] == wanted
        assert day["counts"][when] == len(wanted)


def test_who_may_look(browser: Browser) -> None:
    for address in ("/", "/due", "/cases", "/api/v1/cases", "/api/v1/today", "/api/v1/due"):
        assert browser("auditor").get(address).status_code == 200
        assert browser("approver").get(address).status_code == 200
        # From the first page everybody is led to his own.
        assert browser("admin").get(address).status_code == (303 if address == "/" else 403)
        assert browser("guest KAZ").get(address).status_code == (303 if address == "/" else 404)
        assert browser("").get(address).status_code in (303, 401)


def test_counting_stops_somewhere(rooms: Rooms) -> None:
    many(rooms, 30)
    lookup = Lookup(rooms.store.log.engine, rooms.store.log.where)
    assert lookup.count_due(most=10) == 10
    assert lookup.count_due(before=NOW, most=1000) == sum(
        1 for one in rooms.store.log.agenda(before=NOW) if one.due_at
    )
    step = rooms.cases.load(CASE).step
    wanted = {"TASKED": 24, "CLOSED": 6}
    assert lookup.steps() == wanted | {step: wanted.get(step, 0) + 1}


def test_a_match_of_a_new_list_waits_on_the_first_page(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    from overflight.desk.views import matched

    one = matched.Matched(CASE, "ENTITY (un): certain match, new on the list", NOW, "/screen?case=K")
    monkeypatch.setattr(matched, "_news", lambda library, now: ("2008-08-05.0001.jsonl.gz",))
    monkeypatch.setattr(matched, "screened", lambda rooms, now: (one,))
    first = today(rooms)
    work = next(v for k, v in rooms._kept.items() if k[0] == "matched")
    work.result(10)
    assert (*first.matched, *today(rooms).matched)[-1].text == one.words


def test_screening_again_finds_what_an_import_added(settings: Settings) -> None:
    from overflight.desk.views.matched import screened

    rooms = open_rooms(replace(settings), clock=lambda: NOW)
    try:
        assert screened(rooms, NOW) == ()
    finally:
        rooms.close()
