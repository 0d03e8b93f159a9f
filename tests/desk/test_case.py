"""The page of a case and its API: what stands there is what the case says, what is typed is recorded."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from html import unescape
from importlib.resources import files

import pytest
from starlette.testclient import TestClient

from overflight.case.life.exercise import script
from overflight.case.life.headline import headline
from overflight.case.life.view import to_json
from overflight.desk.recording import ACTS
from overflight.desk.rooms import Rooms
from overflight.desk.views import figures as module
from overflight.desk.views.case import case_view, moment_of, opened, state_rows
from overflight.desk.views.figures import Job, figures, finished
from overflight.errors import InputError

Browser = Callable[[str], TestClient]
CASE = "KOR621-2008"
PAGE = f"/cases/{CASE}"
API = f"/api/v1/cases/{CASE}"
NOW = datetime(2008, 8, 5, 18, 0, tzinfo=UTC)


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def fields(html: str, act: str) -> dict[str, str]:
    """The hidden fields of the form of an act, as a browser sends them."""
    form = re.search(rf'action="{PAGE}/record/{act}".*?</form>', html, re.DOTALL)
    assert form, act
    found = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form[0]))
    assert {"csrf", "last"} <= found.keys()
    return found


def post(client: TestClient, act: str, **typed: str) -> object:
    page = client.get(PAGE)
    return client.post(f"{PAGE}/record/{act}", data=fields(page.text, act) | typed)


def test_the_page_says_what_the_case_says(browser: Browser, rooms: Rooms) -> None:
    case = opened(rooms, CASE)
    finished(figures(rooms, case, 240.0))
    page = browser("officer").get(PAGE)
    assert page.status_code == 200
    told = text_of(page.text)
    assert headline(case, NOW)[1:] in told
    for one in case.statements:
        assert one.text in told
        assert f"({one.marking})" in told
    for row in state_rows(case, NOW, finished(figures(rooms, case, 240.0))):
        assert row.name in told
        assert f'id="state-{row.state}"' in page.text
        if row.option:
            assert row.option.cited[0][0] in told
    for moment in case_view(rooms, case, finished(figures(rooms, case, 240.0))).timeline:
        assert moment.title in told
    for event in to_json(case, NOW)["history"]:
        assert f'id="event-{event["seq"]}"' in page.text
    for sent in case.sent:
        assert sent.product.number in told
    assert "style=" not in page.text
    assert "Non-Aligned Movement" in told


def test_the_page_comes_before_its_figures(
    browser: Browser, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    import concurrent.futures

    held: concurrent.futures.Future[object] = concurrent.futures.Future()
    monkeypatch.setattr(module, "_asked", lambda key, work: Job(held, "plausible routes"))
    officer = browser("officer")
    page = officer.get(PAGE)
    assert "plausible routes…" in page.text
    assert 'hx-trigger="load delay:700ms"' in page.text
    part = officer.get(f"{PAGE}/states")
    assert "plausible routes…" in part.text
    assert 'id="timeline"' not in part.text
    monkeypatch.undo()
    finished(figures(rooms, opened(rooms, CASE), 240.0))
    done = officer.get(f"{PAGE}/states")
    assert 'hx-trigger="load' not in done.text
    assert done.headers["hx-trigger-after-settle"] == "figures"
    assert 'id="timeline"' in done.text
    states = officer.get(f"{API}/states").json()
    assert states["complete"]
    assert {row["state"]: row["likelihood"] for row in states["items"]}["CHN"] == 1


def test_what_cannot_be_worked_out_is_said(
    browser: Browser, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> object:
        raise InputError("no range is held for IL62")

    monkeypatch.setattr(module, "_jobs", OrderedDict())
    monkeypatch.setattr(module._apart, "do", fails)
    assert finished(figures(rooms, opened(rooms, CASE), 240.0)) is None
    page = browser("officer").get(PAGE)
    assert page.status_code == 200
    assert "no range is held for IL62" in page.text
    assert browser("officer").get(f"{API}/states?wait=true").json()["stage"] == "no range is held for IL62"
    assert browser("officer").get(f"{PAGE}/map").status_code == 200


def test_as_of_a_past_moment(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    at = datetime(2008, 8, 3, 12, 0, tzinfo=UTC)
    then = rooms.cases.load(CASE, at)
    page = officer.get(f"{PAGE}?as_of=2008-08-03T12:00Z")
    told = text_of(page.text)
    assert headline(then, at)[1:] in told
    assert "as it was known at 2008-08-03 12:00Z" in told
    assert "/record/" not in page.text
    assert len(then.history) < len(opened(rooms, CASE).history)
    assert page.text.count('id="event-') == len(then.history)
    data = officer.get(f"{API}?as_of=2008-08-03T12:00Z").json()
    assert data == to_json(then, at)
    assert officer.get(f"{API}?as_of=2001-01-01").status_code == 400
    assert officer.get(f"{PAGE}?as_of=yesterday").status_code == 400
    early = officer.get(f"{PAGE}?as_of=0001-01-01T00:00")
    assert early.status_code == 400
    assert "the case was not open yet at 0001-01-01T00:00Z" in early.text
    assert moment_of("2008-08-03") == datetime(2008, 8, 3, 23, 59, 59, 999_999, tzinfo=UTC)
    assert moment_of("2008-08-03T12:00:00+02:00") == datetime(2008, 8, 3, 10, tzinfo=UTC)


def test_the_case_as_json(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    answer = officer.get(API)
    assert answer.json() == to_json(rooms.cases.load(CASE), NOW)
    assert answer.headers["etag"].startswith(f'"{rooms.cases.load(CASE).last}')
    assert officer.get(API, headers={"if-none-match": answer.headers["etag"]}).status_code == 304
    found = []
    cursor = ""
    while True:
        part = officer.get(f"{API}/history?limit=4{cursor}").json()
        found += part["items"]
        if part["next"] is None:
            break
        cursor = f"&cursor={part['next']}"
    assert found == to_json(rooms.cases.load(CASE), NOW)["history"]
    assert officer.get("/api/v1/cases/NONE").status_code == 404
    assert officer.get("/cases/NONE").status_code == 404


WRITES = [
    (
        "answer",
        {"state": "Myanmar", "decision": "DENY_LANDING", "conditions": "EXERCISE"},
        "MMR: DENY_LANDING",
    ),
    ("delivered", {"state": "MMR", "office": "Department of Civil Aviation", "form": "oral"}, "MMR: to Dep"),
    ("statement", {"text": "It is late.", "marking": "S//REL TO USA, MMR", "source": "x"}, "S7"),
    ("plan", {"leg-1": "2008-08-08", "why": "it slipped"}, "plan 3: it slipped"),
    ("inspected", {"state": "MMR", "place": "VYMD", "result": "clean"}, "MMR at VYMD: clean"),
    ("outcome", {"code": "CANCELLED", "evidence": "press"}, "CANCELLED"),
    ("correct", {"event": "10", "why": "another flight", "strike": "true"}, "event 10: another flight"),
]


@pytest.mark.parametrize(("act", "typed", "words"), WRITES, ids=[one[0] for one in WRITES])
def test_what_is_typed_is_recorded(
    browser: Browser, rooms: Rooms, act: str, typed: dict[str, str], words: str
) -> None:
    officer = browser("officer")
    before = rooms.cases.load(CASE)
    answer = post(officer, act, **typed)
    assert answer.status_code == 303  # type: ignore[attr-defined]
    after = rooms.cases.load(CASE)
    fresh = [n for n in after.history if n.seq > before.last]
    assert len(fresh) == 1
    assert fresh[0].by == f"{script().office}/officer-1"
    said = officer.get(answer.headers["location"])  # type: ignore[attr-defined]
    assert f"Recorded as event {fresh[0].seq}" in text_of(said.text)
    assert words in text_of(said.text)


def test_the_course_of_a_case_to_its_end(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    assert post(officer, "inspected", state="MMR", place="VYMD", result="seized").status_code == 303  # type: ignore[attr-defined]
    keys = [one.key for n in rooms.cases.load(CASE).inspections for one in n.body.clocks]
    assert post(officer, "outcome", code="INSPECTED_SEIZED", evidence="telegram").status_code == 303  # type: ignore[attr-defined]
    for key in keys:
        assert "report is due" in post(officer, "close", why="").text  # type: ignore[attr-defined]
        assert post(officer, "reported", key=key, text="sent").status_code == 303  # type: ignore[attr-defined]
    assert post(officer, "close", why="done").status_code == 303  # type: ignore[attr-defined]
    assert rooms.cases.load(CASE).step == "CLOSED"
    assert "The case is closed" in officer.get(PAGE).text


@pytest.mark.parametrize(
    ("act", "typed", "words"),
    [
        ("answer", {"state": "Nowhere", "decision": "ALLOW"}, "Nowhere"),
        ("answer", {"state": "IND", "decision": "PERHAPS"}, "is no decision"),
        ("answer", {"state": "", "decision": "ALLOW"}, "state is missing"),
        ("answer", {"state": "IND", "decision": "ALLOW", "at": "noon"}, "at input should be"),
        ("delivered", {"state": "CHN", "office": "x"}, "was never approached"),
        ("statement", {"text": "x", "marking": "PURPLE", "source": "y"}, "PURPLE"),
        ("plan", {"leg-1": "soon"}, "is no time"),
        ("plan", {}, "gives no plan"),
        ("plan", {"toml": "[flight"}, "FLIGHT.toml"),
        ("outcome", {"code": "EATEN", "evidence": "x"}, "is no outcome"),
        ("correct", {"event": "999", "why": "x", "strike": "true"}, "has no event 999"),
        ("correct", {"event": "10", "why": "x", "changes": "office"}, "changes nothing"),
        ("merge", {"other": "NONE"}, "no such case"),
    ],
)
def test_what_is_wrong_is_said_in_the_form(
    browser: Browser, rooms: Rooms, act: str, typed: dict[str, str], words: str
) -> None:
    before = rooms.cases.load(CASE).last
    answer = post(browser("officer"), act, **typed)
    assert answer.status_code == 400  # type: ignore[attr-defined]
    told = answer.text  # type: ignore[attr-defined]
    assert 'role="alert"' in told
    assert words in text_of(told)
    assert rooms.cases.load(CASE).last == before
    for field, value in typed.items():
        if value and field not in ("decision", "code", "strike", "event"):
            assert value in unescape(told)  # what was typed is still there


def test_a_case_that_has_moved_on_is_a_conflict(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    page = officer.get(PAGE)
    typed = fields(page.text, "answer") | {"state": "MMR", "decision": "DENY_LANDING", "conditions": "kept"}
    assert post(officer, "answer", state="IND", decision="NO_ANSWER").status_code == 303  # type: ignore[attr-defined]
    last = rooms.cases.load(CASE).last
    answer = officer.post(f"{PAGE}/record/answer", data=typed)
    assert answer.status_code == 409
    told = text_of(answer.text)
    assert "IND: NO_ANSWER" in told
    assert "kept" in told
    assert rooms.cases.load(CASE).last == last
    again = fields(answer.text, "answer")
    assert again["conditions"] == "kept"
    assert officer.post(f"{PAGE}/record/answer", data=again).status_code == 303
    assert rooms.cases.load(CASE).last == last + 1


def test_the_log_itself_refuses_what_rests_on_an_old_event(rooms: Rooms) -> None:
    """Between the look and the append another one may come: the append rests on what was seen."""
    from overflight.case.life.replies import answer
    from overflight.desk.access import Reader, Role
    from overflight.desk.acts import desk_for
    from overflight.errors import ConflictError

    reader = Reader("officer-1", Role.OFFICER)
    desk = desk_for(rooms, reader, CASE, rooms.cases.load(CASE).last)
    answer(rooms.cases, CASE, "MMR", "NO_ANSWER")
    with pytest.raises(ConflictError):
        answer(desk, CASE, "MMR", "ALLOW")


def test_only_an_officer_writes(browser: Browser, rooms: Rooms) -> None:
    before = rooms.cases.load(CASE).last
    for who in ("auditor", "approver"):
        client = browser(who)
        page = client.get(PAGE)
        assert page.status_code == 200
        assert "/record/" not in page.text
        token = re.search(r'data-csrf="([^"]+)"', page.text)
        assert token
        data = {"csrf": token[1], "last": str(before), "state": "MMR", "decision": "ALLOW"}
        assert client.post(f"{PAGE}/record/answer", data=data).status_code == 403
        assert client.get("/cases/new").status_code == 403
        assert client.post(
            f"{API}/answers", json={"state": "MMR", "decision": "ALLOW"}, headers={"x-csrf-token": token[1]}
        ).status_code == 403  # fmt: skip
    assert browser("admin").get(PAGE).status_code == 403
    for address in (PAGE, API, f"{PAGE}/states", f"{PAGE}/whatif?refuse=CHN", f"{PAGE}/map", f"{API}/map"):
        assert browser("guest KAZ").get(address).status_code == 404
    assert browser("officer").post(f"{PAGE}/record/answer", data={"state": "MMR"}).status_code == 403
    assert rooms.cases.load(CASE).last == before


def token(client: TestClient) -> dict[str, str]:
    found = re.search(r'data-csrf="([^"]+)"', client.get("/cases").text)
    assert found
    return {"x-csrf-token": found[1]}


def test_writing_by_the_api(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    head = token(officer)
    etag = officer.get(API).headers["etag"]
    body = {"state": "MMR", "decision": "allow with scrutiny", "at": "2008-08-05T17:00:00Z"}
    answer = officer.post(
        f"{API}/answers", json=body, headers=head | {"if-match": etag, "idempotency-key": "one"}
    )
    assert answer.status_code == 201, answer.text
    case = rooms.cases.load(CASE)
    assert answer.json()["last"] == case.last
    assert answer.json()["headline"] == headline(case, NOW)
    current = case.current("MMR")
    assert current is not None
    assert current.body.decision == "ALLOW_WITH_SCRUTINY"
    assert current.true_at == datetime(2008, 8, 5, 17, tzinfo=UTC)
    again = officer.post(
        f"{API}/answers", json=body, headers=head | {"if-match": etag, "idempotency-key": "one"}
    )
    assert again.json() == answer.json()
    assert rooms.cases.load(CASE).last == case.last
    moved = officer.post(f"{API}/answers", json=body, headers=head | {"if-match": etag})
    assert moved.status_code == 412
    bad = officer.post(f"{API}/answers", json=body | {"colour": "red"}, headers=head)
    assert bad.status_code == 422
    wrong = officer.post(f"{API}/answers", json=body | {"decision": "PERHAPS"}, headers=head)
    assert wrong.status_code == 400
    assert wrong.json()["error"]["what"]


@pytest.mark.parametrize("changes", [{"marking": "bad"}, {"id": "S1"}, {"text": ""}, {"facts": {"x": "y"}}])
def test_a_statement_is_not_corrected_into_what_could_not_be_stated(
    browser: Browser, rooms: Rooms, changes: dict[str, object]
) -> None:
    officer = browser("officer")
    case = rooms.cases.load(CASE)
    body = {"event": case.stated[-1].seq, "why": "t", "changes": changes}
    answer = officer.post(f"{API}/corrections", json=body, headers=token(officer))
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["what"]
    assert answer.json()["error"]["mend"]
    assert rooms.cases.load(CASE).last == case.last


API_WRITES = [
    ("plans", {"departures": {"1": "2008-08-08T03:00Z"}, "why": "slipped"}),
    ("statements", {"text": "It is late.", "marking": "U", "source": "x", "facts": ["route", "dates"]}),
    ("deliveries", {"state": "IND", "office": "Ministry of External Affairs", "form": "both"}),
    ("inspections", {"state": "IND", "place": "VIDP", "result": "open"}),
    ("outcome", {"code": "FLOWN", "evidence": "press"}),
    ("corrections", {"event": 10, "why": "wrong office", "changes": {"office": "Civil Aviation"}}),
]


@pytest.mark.parametrize(("path", "body"), API_WRITES, ids=[one[0] for one in API_WRITES])
def test_every_act_by_the_api(browser: Browser, rooms: Rooms, path: str, body: dict[str, object]) -> None:
    officer = browser("officer")
    before = rooms.cases.load(CASE).last
    answer = officer.post(f"{API}/{path}", json=body, headers=token(officer))
    assert answer.status_code == 201, answer.text
    assert answer.json()["last"] > before
    assert rooms.cases.load(CASE).last == answer.json()["last"]


FAR_OFF = [
    ("plans", {"departures": {"1": "0001-01-01"}, "why": "t"}, 1),
    ("plans", {"departures": {"1": "9999-12-30"}, "why": "t"}, 9999),
    ("plans", {"departures": {"1": "2500-01-01"}, "why": "t"}, 2500),
    ("statements", {"text": "t", "marking": "U", "source": "s", "at": "0001-01-01T00:00:00Z"}, 1),
    ("answers", {"state": "IND", "decision": "ALLOW", "valid_from": "0999-01-01T00:00:00Z"}, 999),
    (
        "inspections",
        {"state": "MMR", "place": "Mandalay", "result": "seized", "at": "9999-12-31T00:00:00Z"},
        9999,
    ),
]


@pytest.mark.parametrize(("path", "body", "year"), FAR_OFF)
def test_a_year_of_no_flight_is_not_recorded(
    browser: Browser, rooms: Rooms, path: str, body: dict[str, object], year: int
) -> None:
    officer = browser("officer")
    before = rooms.cases.load(CASE).last
    answer = officer.post(f"{API}/{path}", json=body, headers=token(officer))
    assert answer.status_code in (400, 422)
    assert f"is in the year {year}; write a year from 1919 to 2100" in answer.text
    assert rooms.cases.load(CASE).last == before


def test_the_form_refuses_a_year_of_no_flight(browser: Browser, rooms: Rooms) -> None:
    before = rooms.cases.load(CASE).last
    answer = post(browser("officer"), "plan", **{"leg-1": "0001-01-01", "why": "t"})
    assert answer.status_code in (400, 422)  # type: ignore[attr-defined]
    assert "write a year from 1919 to 2100" in answer.text  # type: ignore[attr-defined]
    assert rooms.cases.load(CASE).last == before


@pytest.mark.parametrize("year", [1, 9999])
def test_a_far_off_year_that_is_in_the_log_breaks_no_page(browser: Browser, rooms: Rooms, year: int) -> None:
    from dataclasses import replace

    from overflight.case.life.planning import Sheet, plan, state_it
    from overflight.case.life.replies import inspect
    from overflight.desk.access import Reader, Role
    from overflight.world.flight import Window

    desk = rooms.writing(Reader("officer-1", Role.OFFICER))
    moment = datetime(year, 12, 31, tzinfo=UTC) if year > 1 else datetime(year, 1, 1, tzinfo=UTC)
    state_it(desk, CASE, [Sheet("t", "U", "s")], at=moment)
    inspect(desk, CASE, "MMR", place="Mandalay", result="seized", at=moment)
    flight = rooms.cases.load(CASE).flight
    legs = (
        replace(flight.legs[0], departs=Window(moment, moment), arrives=None),
        *flight.legs[1:],
    )
    plan(desk, CASE, replace(flight, legs=legs), at=NOW)
    officer = browser("officer")
    page = officer.get(PAGE)
    assert page.status_code == 200
    assert f"{year:04}-" in page.text
    assert officer.get(API).status_code == 200
    assert officer.get("/cases").status_code == 200
    assert officer.get("/").status_code == 200


def test_every_act_of_the_page_is_in_the_api(browser: Browser) -> None:
    described = browser("officer").get("/api/v1/openapi.json").json()
    posts = [
        path for path, ways in described["paths"].items() if "post" in ways and "/cases/{case_id}/" in path
    ]
    bodies = set()
    for path in posts:
        content = described["paths"][path]["post"].get("requestBody", {}).get("content", {})
        reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
        bodies.add(reference.rsplit("/", 1)[-1])
    assert {model.__name__ for model in ACTS.values()} <= bodies
    for model in ACTS.values():
        schema = described["components"]["schemas"][model.__name__]
        assert schema["description"]


def flight_file() -> str:
    return (files("overflight.world") / "data" / "demo" / "KOR621.toml").read_text(encoding="utf-8")


def test_opening_a_case_out_of_a_flight_file(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    csrf = token(officer)["x-csrf-token"]
    answer = officer.post(
        "/cases", data={"csrf": csrf, "toml": flight_file(), "id": "second", "tip": "a tip"}
    )
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/cases/SECOND?")
    case = rooms.cases.load("SECOND")
    assert case.opened.body.tip == "a tip"
    assert officer.get(answer.headers["location"]).status_code == 200
    upload = officer.post(
        "/cases", data={"csrf": csrf, "id": "third"}, files={"file": ("FLIGHT.toml", flight_file().encode())}
    )
    assert upload.status_code == 303
    twice = officer.post("/cases", data={"csrf": csrf, "toml": flight_file(), "id": "second"})
    assert twice.status_code == 400
    assert "there is a case of this id already" in text_of(twice.text)
    bad = officer.post("/cases", data={"csrf": csrf, "toml": "[flight]\nid = 3"})
    assert bad.status_code == 400
    assert "id = 3" in bad.text
    made = officer.post("/api/v1/cases", json={"toml": flight_file(), "id": "fourth"}, headers=token(officer))
    assert made.status_code == 201
    assert made.headers["location"] == "/api/v1/cases/FOURTH"


TELEGRAM = """VZCZCXYZ0001
OO RUEHC
DE RUEHUL #0077 2180900
ZNR UUUUU ZZH
O 050900Z AUG 08
FM AMEMBASSY SEOUL
TO RUEHC/SECSTATE WASHDC IMMEDIATE 0077
BT
UNCLAS SEOUL 000077

E.O. 12958: N/A
TAGS: MNUC, KNNP
SUBJECT: EXERCISE: FLIGHT KOR623

1. (U) EXERCISE. Flight KOR623 of Air Koryo, an IL-62, is planned from Pyongyang to Tehran
via Mandalay on 12 August.

BT
#0077
NNNN
"""


def test_opening_a_case_out_of_a_telegram(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    csrf = token(officer)["x-csrf-token"]
    page = officer.post("/cases/new", data={"csrf": csrf, "telegram": TELEGRAM})
    assert page.status_code == 200, text_of(page.text)
    proposed = re.findall(r'name="confirm" value="([^"]+)"', page.text)
    assert {"flight", "operator", "type", "route", "dates"} <= set(proposed)
    assert " checked" not in page.text  # a person confirms each
    text = re.search(r'name="telegram" value="([^"]*)"', page.text)
    assert text
    none = officer.post("/cases", data={"csrf": csrf, "telegram": unescape(text[1]), "confirm": ["flight"]})
    assert none.status_code == 400
    assert "are not confirmed" in text_of(none.text)
    assert none.text.count(" checked") == 1
    done = officer.post(
        "/cases", data={"csrf": csrf, "telegram": unescape(text[1]), "confirm": proposed, "id": "KOR623"}
    )
    assert done.status_code == 303, text_of(done.text)
    case = rooms.cases.load("KOR623")
    assert case.flight.id == "KOR623"
    assert [leg.destination.icao for leg in case.flight.legs] == ["VYMD", "OIIE"]
    assert set(case.plans[0].body.confirmed) == set(proposed)
    several = officer.post("/cases/new", data={"csrf": csrf, "telegram": TELEGRAM + "\n" + TELEGRAM})
    assert several.status_code == 400
    assert "holds 2 telegrams" in several.text
    empty = officer.post("/cases/new", data={"csrf": csrf, "telegram": ""})
    assert empty.status_code == 400


def test_a_merged_case_points_to_the_other(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    made = officer.post("/api/v1/cases", json={"toml": flight_file(), "id": "OTHER"}, headers=token(officer))
    assert made.status_code == 201
    assert post(officer, "merge", other="OTHER", why="one flight").status_code == 303  # type: ignore[attr-defined]
    assert "merged into" in text_of(officer.get("/cases/OTHER").text)
    assert rooms.cases.load("OTHER").step == "MERGED"


def test_a_form_without_its_token_changes_nothing(browser: Browser, rooms: Rooms) -> None:
    officer = browser("officer")
    before = rooms.cases.load(CASE).last
    typed = fields(officer.get(PAGE).text, "answer") | {"state": "MMR", "decision": "ALLOW"}
    assert officer.post(f"{PAGE}/record/answer", data=typed | {"csrf": "0" * 64}).status_code == 403
    assert officer.post(f"{PAGE}/record/answer", data=typed | {"last": ""}).status_code == 400
    assert officer.post(f"{PAGE}/record/dance", data=typed).status_code == 400
    assert rooms.cases.load(CASE).last == before
