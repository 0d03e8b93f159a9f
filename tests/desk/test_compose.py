"""Composing, proposing, approving, releasing: as pages and as JSON, and who may do which of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from signed import EVENING, SECRET, by_header
from starlette.testclient import TestClient

from overflight.case.life.compose import compose, paper_text
from overflight.case.life.exercise import script
from overflight.case.life.statements import barred, chosen
from overflight.desk.access import Reader, Role
from overflight.desk.rooms import Rooms
from overflight.desk.views.papers import sheet_of
from overflight.desk.views.proposals import waiting_approvals
from overflight.desk.views.shelves import shelf_of
from overflight.desk.views.wanted import address, wanted_of
from overflight.settings import Settings

Browser = Callable[[str], TestClient]
CASE = script().case
PAGE = f"/cases/{CASE}/compose"
API = f"/api/v1/cases/{CASE}"
DUE = "2008-08-06T20:00"
ASKED = {"to": "IND,PAK", "ask": "refuse-overflight", "due": DUE}
BODY = {"states": ["IND", "PAK"], "ask": ["refuse-overflight"], "due": f"{DUE}:00Z"}


def csrf(client: TestClient) -> str:
    return re.findall(r'data-csrf="([0-9a-f]+)"', client.get(PAGE).text)[0]


def sent(client: TestClient, address_: str, **fields: Any) -> Any:
    return client.post(address_, data={"csrf": csrf(client), **fields})


def bearer(client: TestClient) -> TestClient:
    """As a program: no form, no token of one."""
    client.headers["authorization"] = "Bearer test"
    return client


@pytest.fixture
def others(rooms: Rooms) -> Callable[[str, str], None]:
    """Approvals by accounts of one's own choosing, without a browser."""
    from overflight.case.life.approvals import approve

    def give(proposal: str, *accounts: str) -> None:
        case = rooms.cases.load(CASE)
        digest = next(n.body.digest for n in case.proposals if n.body.id == proposal)
        for account in accounts:
            desk = rooms.writing(Reader(account, Role.APPROVER))
            approve(desk, CASE, proposal, account=account, digest=digest)

    return give  # type: ignore[return-value]


def test_each_recipient_s_text_is_what_would_be_released(browser: Browser, rooms: Rooms) -> None:
    page = browser("officer").get(PAGE, params=ASKED).text
    case = rooms.cases.load(CASE)
    said = chosen(case)
    counsel = rooms.cases.jurist.counsel(case.flight)
    for state in ("IND", "PAK"):
        found = compose(
            said,
            state,
            day=rooms.clock().date(),
            counsel=counsel,
            ask=("refuse-overflight",),
            barred=barred(case, said, state),
        )
        answer = browser("officer").get(f"{PAGE}/{state}/paper.txt", params=ASKED)
        assert answer.text == paper_text(found)
        for line in found.paper:
            assert line.text in page
        assert answer.headers["content-disposition"].startswith("attachment")
    assert "The charter was arranged by a firm under watch." not in answer.text
    assert "MAY BE SAID" not in answer.text
    assert "May be said, not left" in page
    assert "outdated: route" in page


def test_the_live_part_comes_alone_and_fast(browser: Browser) -> None:
    client = browser("officer")
    client.get(f"{PAGE}/preview", params=ASKED, headers={"hx-request": "true"})
    answer = client.get(f"{PAGE}/preview", params=ASKED, headers={"hx-request": "true"})
    assert "<html" not in answer.text
    assert answer.headers["hx-replace-url"] == f"{PAGE}?to=IND,PAK&ask=refuse-overflight&due={DUE}"
    assert 'id="to-IND"' in answer.text
    whole = client.get(f"{PAGE}/preview", params=ASKED)
    assert "<html" in whole.text


@pytest.mark.parametrize(
    ("params", "says"),
    [
        ({"to": "IND"}, "No deadline"),
        ({"to": "IND", "due": DUE}, "Nothing is asked"),
        ({**ASKED, "due": "2008-01-01T00:00"}, "has passed"),
        ({**ASKED, "due": "soon"}, "is no time"),
        ({**ASKED, "to": "Atlantis"}, "Atlantis"),
        ({**ASKED, "chance": "much"}, "is no chance"),
        ({**ASKED, "posts": "nowhere"}, "names no post"),
        ({**ASKED, "chosen": "1"}, "No statement is chosen"),
        ({**ASKED, "s": "S1"}, "was replaced by"),
        ({**ASKED, "to": "USA"}, "home state"),
        ({"kind": "update"}, "S6 (U)"),
        ({"kind": "thanks"}, "no outcome yet"),
    ],
)
def test_what_is_missing_is_said_and_cannot_be_proposed(
    browser: Browser, params: dict[str, str], says: str
) -> None:
    client = browser("officer")
    page = client.get(PAGE, params=params)
    assert page.status_code == 200
    text = re.sub(r"<[^>]+>|\s+", " ", page.text)
    assert says.lower() in re.sub(r"\s+", " ", text).lower() or params == {"kind": "update"}
    answer = sent(client, PAGE, **params)
    assert answer.status_code in (422, 303)
    if params != {"kind": "update"}:
        assert answer.status_code == 422


def test_an_address_says_all_that_was_chosen(rooms: Rooms) -> None:
    given = {
        "kind": ["approach"], "to": ["IND, PAK"], "ask": ["refuse-overflight"], "own": ["call us"],
        "due": [DUE], "s": ["S3,S6"], "chance": ["0.4"], "posts": ["IND=AMCONSUL MUMBAI"],
        "info": ["AMEMBASSY BEIJING"], "number": ["STATE 120"], "slug": ["ISN"],
    }  # fmt: skip
    wanted = wanted_of(given)
    assert not wanted.faults
    from urllib.parse import parse_qs

    case = rooms.cases.load(CASE)
    assert wanted_of(parse_qs(address(case, wanted).partition("?")[2])) == wanted


def test_a_statement_is_added_and_taken_up(browser: Browser, rooms: Rooms) -> None:
    client = browser("officer")
    fields = {"text": "EXERCISE: a second firm.", "marking": "S//REL TO USA, IND", "source": "EXERCISE note"}
    answer = sent(client, f"{PAGE}/statement", **ASKED, **fields, facts=["cargo"])
    assert answer.status_code == 303
    assert "to=IND,PAK" in answer.headers["location"]
    case = rooms.cases.load(CASE)
    assert case.statements[-1].text == fields["text"]
    assert case.history[-1].by == f"{script().office}/officer-1"
    page = client.get(answer.headers["location"]).text
    assert page.count("EXERCISE: a second firm.") > 1
    wrong = sent(client, f"{PAGE}/statement", **ASKED, **{**fields, "marking": "S//REL"})
    assert wrong.status_code == 422
    assert "EXERCISE: a second firm." in wrong.text
    assert 'role="alert"' in wrong.text


@pytest.mark.parametrize(
    ("marking", "says"),
    [
        ("S//REL TO USA, IND", "May go to India"),
        ("S//NF", "No foreign state"),
        ("U", "Anybody"),
        ("S//REL", ""),
    ],
)
def test_a_marking_is_checked_while_it_is_typed(browser: Browser, marking: str, says: str) -> None:
    answer = browser("officer").get(f"{PAGE}/marking", params={"marking": marking})
    assert says in answer.text
    assert ("Valid" in answer.text) == bool(says)


def test_from_proposal_to_shelf_by_way_of_two_others(
    browser: Browser, rooms: Rooms, others: Callable[..., None]
) -> None:
    officer, reader = browser("officer"), browser("approver")
    answer = sent(officer, PAGE, **ASKED)
    place = answer.headers["location"]
    assert place == f"/cases/{CASE}/proposals/P1"
    assert [one.act.href for one in waiting_approvals(rooms)] == [place]
    assert "waits for 2 of 2 approvals" in officer.get(place).text
    assert "Approve these texts" not in officer.get(place).text
    early = sent(officer, f"{place}/release")
    assert early.status_code == 422
    assert "must approve first" in early.text
    digest = re.findall(r'name="digest" value="([0-9a-f]{64})"', reader.get(place).text)[0]
    assert sent(reader, f"{place}/approve", digest="0" * 64).status_code == 409
    assert sent(reader, f"{place}/approve", digest=digest, why="read").status_code == 303
    assert "You have approved these texts" in reader.get(place).text
    others("P1", "approver-2")
    assert "Release to 2 states" in officer.get(place).text
    assert sent(officer, f"{place}/release").status_code == 303
    page = officer.get(place).text
    assert "Released to India" in page
    assert "approver-2" in page
    assert not waiting_approvals(rooms)
    case = rooms.cases.load(CASE)
    paper = shelf_of(rooms, "PAK").released()[0].paper
    assert paper == case.approaches[-1].body.product.paper
    assert paper == officer.get(f"{place}/PAK/paper.txt").text
    assert case.releases[-1].body.by == ("approver-1", "approver-2")
    assert script().office in case.approaches[-1].body.product.telegram
    assert "officer-1" not in case.approaches[-1].body.product.telegram


def test_a_change_makes_approvals_lapse_and_the_page_says_which(
    browser: Browser, rooms: Rooms, others: Callable[..., None]
) -> None:
    officer = browser("officer")
    place = sent(officer, PAGE, **ASKED).headers["location"]
    others("P1", "approver-1", "approver-2")
    fields = {"text": "EXERCISE: a late word.", "marking": "U", "source": "EXERCISE note"}
    sent(officer, f"{PAGE}/statement", **fields)
    page = officer.get(place).text
    assert "What has changed since" in page
    assert '<ins><span class="hidden">now: </span>(U) EXERCISE: a late word.</ins>' in page
    assert sent(officer, f"{place}/release").status_code == 409
    assert not shelf_of(rooms, "PAK").released()
    assert sent(officer, f"{place}/withdraw").status_code == 303
    assert "took it back" in officer.get(place).text


def test_a_refusal_needs_its_reason(browser: Browser) -> None:
    officer, reader = browser("officer"), browser("approver")
    place = sent(officer, PAGE, **ASKED).headers["location"]
    assert sent(reader, f"{place}/refuse", why="").status_code == 422
    assert sent(reader, f"{place}/refuse", why="too soon").status_code == 303
    assert "too soon" in officer.get(place).text
    assert sent(reader, f"{place}/refuse", why="again").status_code == 422


@pytest.mark.parametrize("who", ["auditor", "approver", "admin", "guest IND", ""])
def test_who_may_not_write_changes_nothing(browser: Browser, rooms: Rooms, who: str) -> None:
    officer, client = browser("officer"), browser(who)
    place = sent(officer, PAGE, **ASKED).headers["location"]
    last = rooms.cases.load(CASE).last
    deeds = [PAGE, f"{PAGE}/statement", f"{place}/release", f"{place}/withdraw"]
    if who != "approver":
        deeds += [f"{place}/approve", f"{place}/refuse"]
    for deed in deeds:
        answer = bearer(client).post(deed, data={**ASKED, "why": "x"})
        assert answer.status_code in (401, 403, 404), deed
    for method, path in (("post", "/proposals"), ("post", "/proposals/P1/release")):
        assert client.request(method, f"{API}{path}", json=BODY).status_code in (401, 403, 404)
    assert rooms.cases.load(CASE).last == last
    read = browser(who).get(place)
    assert (read.status_code == 200) == (who in ("auditor", "approver"))
    if who == "auditor":
        assert "<button>" not in read.text.partition("<main")[2]
        assert "Propose" not in re.sub(r"Proposed|Proposals?", "", browser(who).get(PAGE).text)


def test_an_officer_cannot_approve(browser: Browser) -> None:
    officer = browser("officer")
    place = sent(officer, PAGE, **ASKED).headers["location"]
    assert sent(officer, f"{place}/approve", digest="0" * 64).status_code == 403


@pytest.mark.parametrize("form", ["paper.docx", "paper.pdf", "paper.txt", "telegram.txt"])
def test_files(browser: Browser, form: str) -> None:
    officer = browser("officer")
    place = sent(officer, PAGE, **ASKED).headers["location"]
    first = officer.get(f"{PAGE}/IND/{form}", params=ASKED)
    second = officer.get(f"{place}/IND/{form}")
    assert first.status_code == second.status_code == 200
    assert first.content == second.content
    assert officer.get(f"{place}/CHN/{form}").status_code == 404
    assert officer.get(f"{place}/IND/paper.exe").status_code == 404


def test_papers_are_read_back_from_their_text(rooms: Rooms) -> None:
    case = rooms.cases.load(CASE)
    for state in ("IND", "PAK", "CHN"):
        found = compose(chosen(case), state, day=rooms.clock().date())
        assert [one.text for one in sheet_of(paper_text(found)).paper] == [one.text for one in found.paper]
    assert sheet_of("no paper of ours").paper[0].text == "no paper of ours"
    assert not sheet_of("").paper


def test_the_whole_way_as_json(browser: Browser, rooms: Rooms, others: Callable[..., None]) -> None:
    officer, reader = bearer(browser("officer")), bearer(browser("approver"))
    draft = officer.post(f"{API}/compose", json=BODY).json()
    assert draft["ready"]
    assert [one["state"] for one in draft["texts"]] == ["IND", "PAK"]
    assert draft["texts"][1]["kept"][0]["marking"] == "S//DISPLAY ONLY IND"
    assert not officer.post(f"{API}/compose", json={"states": ["IND"]}).json()["ready"]
    made = officer.post(f"{API}/proposals", json=BODY)
    assert made.status_code == 201
    found = made.json()
    assert (found["id"], found["step"], found["missing"]) == ("P1", "waiting", 2)
    assert [one["paper"] for one in found["texts"]] != []
    bad = reader.post(f"{API}/proposals/P1/approval", json={"digest": "0" * 64})
    assert (bad.status_code, bad.json()["error"]["status"]) == (409, 409)
    good = reader.post(f"{API}/proposals/P1/approval", json={"digest": found["digest"]}).json()
    assert [one["account"] for one in good["approvals"]] == ["approver-1"]
    assert officer.post(f"{API}/proposals/P1/release").status_code == 400
    others("P1", "approver-2")
    out = officer.post(f"{API}/proposals/P1/release").json()
    assert out["step"] == "released"
    assert {one["state"] for one in out["releases"]} == {"IND", "PAK"}
    assert officer.get(f"{API}/proposals").json()["items"][0]["id"] == "P1"
    assert officer.get(f"{API}/proposals/P9").status_code == 404
    second = officer.post(f"{API}/proposals", json=BODY | {"states": ["CHN"]}).json()["id"]
    assert reader.post(f"{API}/proposals/{second}/refusal", json={"why": "no"}).json()["step"] == "refused"
    third = officer.post(f"{API}/proposals", json=BODY | {"states": ["NPL"]}).json()["id"]
    assert officer.post(f"{API}/proposals/{third}/withdrawal", json={"why": "no"}).json()["refused"] == "no"


@pytest.mark.parametrize(
    "given",
    [
        {"ask": []},
        {"ask": ["  "]},
        {"ask": ["x\u000by"]},
        {"ask": ["refuse-overflight", "\u00a0"]},
        {"posts": {"IND": "x\u000b"}},
        {"posts": {"KAZ": "x\u000b"}},
    ],
)
def test_words_that_say_nothing_or_cannot_be_printed_are_not_proposed(
    browser: Browser, rooms: Rooms, given: dict[str, Any]
) -> None:
    before = rooms.cases.load(CASE).last
    answer = bearer(browser("officer")).post(f"{API}/proposals", json=BODY | given)
    assert answer.status_code in (400, 422), answer.text
    assert "\n" not in answer.json()["error"]["what"]
    assert rooms.cases.load(CASE).last == before


def test_with_no_second_pair_of_eyes_an_officer_releases_alone(settings: Settings) -> None:
    from dataclasses import replace
    from datetime import timedelta

    from overflight.desk.app import create_app
    from overflight.desk.rooms import open_rooms

    rooms = open_rooms(replace(settings, approvals="0"), clock=lambda: EVENING + timedelta(hours=12))
    try:
        app = create_app(rooms, reader_of=by_header, secret=SECRET)
        client = TestClient(
            app,
            base_url="http://localhost",
            headers={"x-test-reader": "officer"},
            follow_redirects=False,
        )
        place = sent(client, PAGE, **ASKED).headers["location"]
        assert sent(client, f"{place}/release").status_code == 303
        assert shelf_of(rooms, "PAK").released()
    finally:
        rooms.close()


def test_a_crash_before_the_shelf_is_mended_when_the_desk_is_opened(
    settings: Settings, browser: Browser, rooms: Rooms
) -> None:
    from overflight.case.life.approvals import Request, propose, release
    from overflight.desk.views import shelves
    from overflight.store.shelf import ShelfKeeper

    class Gone(ShelfKeeper):
        def put(self, *_: object) -> bool:
            raise OSError("the power went")

    request = Request("approach", ("PAK",), ("refuse-overflight",), rooms.clock().replace(day=7))
    propose(rooms.cases, CASE, request, account="officer-1")
    with pytest.raises(OSError, match="power"):
        release(rooms.cases, Gone(rooms.store.log.engine), CASE, "P1", account="officer-1", wanted=0)
    shelves._keepers.clear()
    assert len(shelf_of(rooms, "PAK").released()) == 1


def test_a_case_says_what_waits_in_it(browser: Browser) -> None:
    officer = browser("officer")
    assert officer.get(f"/cases/{CASE}/waiting").text.strip() == ""
    sent(officer, PAGE, **ASKED)
    part = browser("approver").get(f"/cases/{CASE}/waiting").text
    assert f'href="/cases/{CASE}/proposals/P1"' in part
    assert "India, Pakistan" in part
