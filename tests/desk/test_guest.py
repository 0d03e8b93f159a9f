"""A guest's pages: his state's shelf, the form for its answer, and nothing that tells of anything else."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from signed import EVENING, SECRET, by_header
from starlette.testclient import TestClient

from overflight.case.life.approvals import Request, propose, release
from overflight.case.life.desk import CaseDesk
from overflight.case.life.exercise import script
from overflight.case.life.model import Case
from overflight.case.life.planning import Sheet, plan, state_it
from overflight.case.life.repairs import merge
from overflight.case.life.replies import answer, end
from overflight.case.life.requests import close
from overflight.desk.app import create_app
from overflight.desk.rooms import Rooms, open_rooms
from overflight.desk.views.answers import waiting_answers
from overflight.desk.views.guest import capital_time, choices
from overflight.desk.views.shelves import keeper_of, shelf_of
from overflight.errors import InputError
from overflight.settings import Settings
from overflight.store.shelf import Received

Browser = Callable[[str], TestClient]
CASE = script().case
DUE = EVENING + timedelta(hours=20)


def put_out(rooms: Rooms, *states: str, **more: object) -> None:
    """An approach, as if others had approved it."""
    request = replace(Request("approach", states, ("refuse-overflight",), DUE), **more)  # type: ignore[arg-type]
    _, body = propose(rooms.cases, CASE, request, account="officer-1")
    release(rooms.cases, keeper_of(rooms), CASE, body.id, account="officer-1", wanted=0)


@pytest.fixture
def guest(browser: Browser, rooms: Rooms) -> TestClient:
    """A guest of Pakistan with one paper on his shelf; India has one, too."""
    put_out(rooms, "PAK", "IND")
    return browser("guest PAK")


def reference(rooms: Rooms, state: str = "PAK") -> str:
    return shelf_of(rooms, state).released()[0].reference


def give(client: TestClient, name: str, **fields: str) -> Any:
    token = re.findall(r'data-csrf="([0-9a-f]+)"', client.get("/guest").text)[0]
    return client.post(f"/guest/{name}", data={"csrf": token, **fields})


def test_a_guest_finds_what_was_released_to_his_state(guest: TestClient, rooms: Rooms) -> None:
    page = guest.get("/guest").text
    assert "Request about flight KOR621" in page
    assert "2008-08-06 14:00Z" in page
    assert "6 Aug 20:00 in Islamabad" in page
    assert "refuse the flight overflight of your territory" in page
    paper = guest.get(f"/guest/{reference(rooms)}").text
    assert "and back the same way on 8 August" in paper
    assert "loading platform" not in paper
    assert "concerned" not in paper
    assert CASE not in paper + page
    assert "officer-1" not in paper + page
    indian = shelf_of(rooms, "IND").released()[0]
    assert "loading platform" in indian.paper


def test_an_empty_shelf_teaches(browser: Browser) -> None:
    page = browser("guest KAZ").get("/guest").text
    assert "Nothing was released to your state yet" in page
    assert "deadlines.ics" not in page


@pytest.mark.parametrize("path", ["/guest/{}", "/guest/{}/paper.pdf", "/guest/{}/answered/1"])
def test_another_state_s_paper_is_not_there(guest: TestClient, rooms: Rooms, path: str) -> None:
    theirs, nobody = guest.get(path.format(reference(rooms, "IND"))), guest.get(path.format("a" * 12))
    assert theirs.status_code == nobody.status_code == 404
    assert theirs.content.replace(reference(rooms, "IND").encode(), b"a" * 12) == nobody.content
    answer_ = give(guest, reference(rooms, "IND"), decision="ALLOW")
    assert answer_.status_code == 404
    api = guest.get(f"/api/v1/guest/papers/{reference(rooms, 'IND')}")
    assert (api.status_code, api.json()["error"]["what"]) == (404, "there is nothing here")


def test_an_answer_is_kept_once_and_thanked_for(guest: TestClient, rooms: Rooms) -> None:
    name = reference(rooms)
    fields = {
        "decision": "DENY_OVERFLIGHT", "conditions": "EXERCISE: none", "valid_from": "2008-08-06",
        "valid_until": "2008-08-09", "text": "EXERCISE: the regulator knows.\r\nSecond line.",
    }  # fmt: skip
    first, second = give(guest, name, **fields), give(guest, name, **fields)
    assert first.status_code == second.status_code == 303
    assert first.headers["location"] == second.headers["location"] == f"/guest/{name}/answered/1"
    thanks = guest.get(first.headers["location"]).text
    assert "Thank you" in thanks
    assert "We refuse the flight our airspace" in thanks
    found = keeper_of(rooms).received(waiting=True)
    assert len(found) == 1
    given = found[0].answer
    assert given.text == "EXERCISE: the regulator knows.\nSecond line."
    assert given.account == "guest-pak"
    assert f"{given.valid_until:%d %H:%M}" == "09 23:59"
    assert "answered" in guest.get("/guest").text
    assert give(guest, name, decision="ALLOW").headers["location"].endswith("/2")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({}, "No decision is chosen"),
        ({"decision": "NOT_DUE"}, "no such decision"),
        ({"decision": "ALLOW", "valid_from": "soon"}, "is no day"),
        ({"decision": "ALLOW", "valid_from": "2008-08-09", "valid_until": "2008-08-01"}, "ends before"),
        ({"decision": "ALLOW", "text": "x" * 8001}, "longer than 8000"),
    ],
)
def test_a_wrong_form_comes_back_as_it_was(
    guest: TestClient, rooms: Rooms, fields: dict[str, str], says: str
) -> None:
    answer_ = give(guest, reference(rooms), conditions="EXERCISE: kept", **fields)
    assert answer_.status_code == 422
    assert says in answer_.text
    assert "EXERCISE: kept</textarea>" in answer_.text
    assert not keeper_of(rooms).received()


def test_every_decision_is_one_of_the_case_s(rooms: Rooms) -> None:
    from overflight.case.life.answers import decisions

    assert set(choices()) == set(decisions()) - {"NOT_DUE", "NO_ANSWER"}


def test_the_clock_of_the_capital() -> None:
    assert capital_time("IND", DUE) == "6 Aug 19:30 in New Delhi"
    assert capital_time("PRK", DUE) == ""
    assert capital_time("IND", None) == ""


@pytest.mark.parametrize("form", ["txt", "docx", "pdf"])
def test_papers_to_take_along(guest: TestClient, rooms: Rooms, form: str) -> None:
    name = reference(rooms)
    page = guest.get(f"/guest/{name}/paper.{form}")
    assert page.content == guest.get(f"/api/v1/guest/papers/{name}/paper.{form}").content
    if form == "txt":
        assert page.text == shelf_of(rooms, "PAK").released()[0].paper
    assert guest.get(f"/guest/{name}/paper.exe").status_code == 404


def test_deadlines_for_a_calendar(guest: TestClient) -> None:
    answer_ = guest.get("/api/v1/guest/deadlines.ics")
    events = Calendar.from_ical(answer_.content).walk("VEVENT")
    assert [one["summary"] for one in events] == ["Answer due: Request about flight KOR621"]
    assert events[0]["dtstart"].dt == DUE
    assert answer_.content == guest.get("/api/v1/guest/deadlines.ics").content


def test_the_shelf_as_json(guest: TestClient, rooms: Rooms) -> None:
    name = reference(rooms)
    page = guest.get("/api/v1/guest/papers").json()
    assert [one["reference"] for one in page["items"]] == [name]
    one = guest.get(f"/api/v1/guest/papers/{name}").json()
    assert one == page["items"][0]
    assert set(one) == {
        "reference", "title", "kind", "paper", "ask", "due", "due_local", "released_at",
    }  # fmt: skip
    guest.headers["authorization"] = "Bearer test"
    given = {"decision": "ALLOW", "valid_until": "2008-08-09", "text": "EXERCISE"}
    first = guest.post(f"/api/v1/guest/papers/{name}/answers", json=given)
    assert first.status_code == 201
    assert guest.post(f"/api/v1/guest/papers/{name}/answers", json=given).json() == first.json()
    answers = guest.get(f"/api/v1/guest/papers/{name}/answers").json()["items"]
    assert [one["number"] for one in answers] == [1]
    assert set(answers[0]) == {
        "reference", "number", "decision", "conditions", "valid_from", "valid_until", "text", "given_at",
        "account",
    }  # fmt: skip
    assert {one["code"] for one in guest.get("/api/v1/guest/decisions").json()} == set(choices())
    bad = guest.post(f"/api/v1/guest/papers/{name}/answers", json={"decision": "MAYBE"})
    assert (bad.status_code, bad.json()["error"]["where"]) == (400, "decision")


def test_an_officer_takes_an_answer_into_the_case(guest: TestClient, browser: Browser, rooms: Rooms) -> None:
    name = reference(rooms)
    give(guest, name, decision="DENY_OVERFLIGHT", conditions="EXERCISE", text="EXERCISE: our ground.")
    waiting = waiting_answers(rooms)
    assert [(one.case, one.act.href) for one in waiting] == [(CASE, f"/cases/{CASE}/answers")]
    officer = browser("officer")
    page = officer.get(f"/cases/{CASE}/answers").text
    assert "Pakistan refused" in page
    before = guest.get(f"/guest/{name}").content, guest.get("/guest").content
    token = re.findall(r'data-csrf="([0-9a-f]+)"', page)[0]
    take = f"/cases/{CASE}/answers/{name}/1/take"
    assert browser("auditor").post(take, headers={"authorization": "Bearer x"}).status_code == 403
    assert officer.post(take, data={"csrf": token}).status_code == 303
    case = rooms.cases.load(CASE)
    taken = case.answers[-1]
    assert (taken.body.state, taken.body.decision, taken.body.basis) == (
        "PAK",
        "DENY_OVERFLIGHT",
        "EXERCISE: our ground.",
    )
    assert taken.source == f"answer of guest-pak of 2008-08-05T18:00Z to {name} (1)"
    assert taken.body.prompted
    assert (guest.get(f"/guest/{name}").content, guest.get("/guest").content) == before
    assert not waiting_answers(rooms)
    again = officer.post(take, data={"csrf": token})
    assert again.status_code == 422
    assert "taken into its case already" in again.text
    assert len(rooms.cases.load(CASE).answers) == len(case.answers)


def test_an_answer_is_put_aside_with_a_reason(guest: TestClient, browser: Browser, rooms: Rooms) -> None:
    name = reference(rooms)
    give(guest, name, decision="REVERSED")
    officer = browser("officer")
    officer.headers["authorization"] = "Bearer test"
    waiting = officer.get("/api/v1/received").json()["items"]
    assert [(one["state"], one["decision"], one["fate"]) for one in waiting] == [("PAK", "REVERSED", "")]
    refused = officer.post(f"/api/v1/received/{name}/1/take")
    assert refused.status_code == 400
    assert "nothing that it could take back" in refused.json()["error"]["what"]
    assert officer.get("/api/v1/received").json()["items"] == waiting
    before = guest.get(f"/guest/{name}").content
    assert officer.post(f"/api/v1/received/{name}/1/dismissal", json={"why": ""}).status_code == 422
    done = officer.post(f"/api/v1/received/{name}/1/dismissal", json={"why": "sent by mistake"}).json()
    assert (done["fate"], done["why"]) == ("dismissed", "sent by mistake")
    assert rooms.cases.load(CASE).dismissals[-1].body.why == "sent by mistake"
    assert officer.get(f"/api/v1/cases/{CASE}/received").json()["items"][0]["fate"] == "dismissed"
    assert guest.get(f"/guest/{name}").content == before
    assert officer.get("/api/v1/received/zzz/1/take").status_code in (404, 405)
    assert officer.post("/api/v1/received/zzz/1/take").status_code == 404


def test_an_answer_recorded_before_a_crash_is_not_recorded_twice(guest: TestClient, rooms: Rooms) -> None:
    from overflight.case.life.received import source_of, take

    give(guest, reference(rooms), decision="ALLOW")
    one = keeper_of(rooms).received(waiting=True)[0]
    answer(rooms.cases, CASE, "PAK", "ALLOW", at=one.answer.given_at, source=source_of(one))
    count = len(rooms.cases.load(CASE).answers)
    take(rooms.cases, keeper_of(rooms), one, account="officer-1")
    assert len(rooms.cases.load(CASE).answers) == count
    assert not keeper_of(rooms).received(waiting=True)


def test_two_officers_who_take_an_answer_at_once_record_it_once(
    guest: TestClient, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    from overflight.case.life import received

    give(guest, reference(rooms), decision="ALLOW")
    keeper = keeper_of(rooms)
    one = keeper.received(waiting=True)[0]
    before, plain = len(rooms.cases.load(CASE).answers), received.home_of

    def overtaken(desk: CaseDesk, given: Received) -> Case:
        found = plain(desk, given)
        monkeypatch.setattr(received, "home_of", plain)
        received.take(replace(rooms.cases, office="desk/officer-2"), keeper, given, account="officer-2")
        return found

    monkeypatch.setattr(received, "home_of", overtaken)
    with pytest.raises(InputError):
        received.take(rooms.cases, keeper, one, account="officer-1")
    assert len(rooms.cases.load(CASE).answers) == before + 1
    assert not keeper.received(waiting=True)


# --- whatever the case has come to, the guest's answer is answered alike ------------------------------------


def ended(rooms: Rooms) -> None:
    end(rooms.cases, CASE, "CANCELLED", evidence="EXERCISE")


def closed(rooms: Rooms) -> None:
    ended(rooms)
    close(rooms.cases, CASE)


def merged(rooms: Rooms) -> None:
    from overflight.case.life.planning import open_case

    open_case(rooms.cases, rooms.cases.load(CASE).flight, case_id="OTHER", title="EXERCISE")
    merge(rooms.cases, "OTHER", CASE)


def replanned(rooms: Rooms) -> None:
    flight = rooms.cases.load(CASE).flight
    plan(rooms.cases, CASE, replace(flight, aircraft=replace(flight.aircraft, registration="P-885")))


def answered(rooms: Rooms) -> None:
    answer(rooms.cases, CASE, "PAK", "ALLOW")
    answer(rooms.cases, CASE, "IND", "DENY_OVERFLIGHT")


def stated(rooms: Rooms) -> None:
    sheets = [Sheet(f"EXERCISE: secret {n}.", mark, "R", facts) for n, (mark, facts) in enumerate(HIDDEN)]
    state_it(rooms.cases, CASE, sheets)


HIDDEN = (("S//NF", ("route",)), ("S//REL TO USA, IND", ("cargo",)), ("TS//NF", ()))
STORIES: dict[str, tuple[Callable[[Rooms], None], ...]] = {
    "ended": (ended,),
    "closed": (closed,),
    "merged": (merged,),
    "replanned": (replanned,),
    "answered": (answered,),
    "stated": (stated,),
    "much": (stated, answered, replanned, ended),
}
PATHS = (
    "/guest",
    "/guest/{0}",
    "/guest/{0}/paper.txt",
    "/guest/{0}/paper.docx",
    "/guest/{0}/answered/1",
    "/guest/{0}/answered/2",
    "/guest/{1}",
    f"/cases/{CASE}",
    f"/cases/{CASE}/compose",
    "/api/v1/guest/papers",
    "/api/v1/guest/papers/{0}",
    "/api/v1/guest/papers/{0}/answers",
    "/api/v1/guest/papers/{1}/answers",
    "/api/v1/guest/decisions",
    "/api/v1/guest/deadlines.ics",
    f"/api/v1/cases/{CASE}/proposals",
    "/api/v1/received",
)


def open_at(home: Path) -> Rooms:
    told = script()
    return open_rooms(
        Settings(home=home, state=told.home, office=told.office), clock=lambda: EVENING + timedelta(hours=12)
    )


def seen(rooms: Rooms, others: str) -> Iterator[object]:
    """Everything that a guest of Pakistan gets to see, his answers to `0` and to another state's paper."""
    app = create_app(rooms, reader_of=by_header, secret=SECRET)
    headers = {"x-test-reader": "guest PAK"}
    with TestClient(app, base_url="http://localhost", headers=headers, follow_redirects=False) as client:
        name = reference(rooms)
        for name_ in (name, others):
            for decision in ("REVERSED", "REVERSED", "DENY_OVERFLIGHT"):
                done = give(client, name_, decision=decision, text="EXERCISE")
                yield done.status_code, sorted(done.headers.items()), done.content
        for path in PATHS:
            found = client.get(path.format(name, others))
            yield path, found.status_code, sorted(found.headers.items()), found.content


@pytest.fixture(scope="module")
def released_home(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The exercise's desk with papers on the shelves of Pakistan and India."""
    home = tmp_path_factory.mktemp("released") / "desk"
    shutil.copytree(played, home)
    rooms = open_at(home)
    put_out(rooms, "PAK", "IND", due=DUE + timedelta(hours=12))
    rooms.close()
    return home


@pytest.fixture(scope="module")
def plain(released_home: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[object]]:
    home = tmp_path_factory.mktemp("plain") / "desk"
    shutil.copytree(released_home, home)
    rooms = open_at(home)
    try:
        others = reference(rooms, "IND")
        return others, list(seen(rooms, others))
    finally:
        rooms.close()


@pytest.mark.parametrize("name", STORIES)
def test_nothing_that_a_guest_may_not_see_changes_what_he_sees(
    released_home: Path, tmp_path: Path, plain: tuple[str, list[object]], name: str
) -> None:
    home = tmp_path / "desk"
    shutil.copytree(released_home, home)
    rooms = open_at(home)
    try:
        for deed in STORIES[name]:
            deed(rooms)
        if name in ("stated", "replanned"):
            put_out(rooms, "IND", "CHN", due=DUE + timedelta(hours=12))
        others, found = plain
        for one, other in zip(seen(rooms, others), found, strict=True):
            assert one == other
    finally:
        rooms.close()
