"""The page for screening against the room of screening, with an invented list."""

from __future__ import annotations

import base64
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from overflight.desk.api.screen import ScreeningOut, SurveyOut, VerifiedOut
from overflight.desk.rooms import Rooms, open_rooms
from overflight.screening.certificate import verified
from overflight.screening.keys import trusted_keys
from overflight.screening.lists import Library
from overflight.screening.query import Query
from overflight.screening.screener import screen, screener
from overflight.settings import Settings

NOW = datetime(2026, 3, 21, 9, 0, tzinfo=UTC)
DAY = date(2026, 3, 20)
EVIL = "<script>alert(1)</script> \u202eLINES"
PLAN = """(FPL-EXR621-IN
-IL76/H-SDE2/S
-ZKPY0400
-K0850S1010 DCT
-OIIE0830
-DOF/260320 REG/EXAAA OPR/EXERCISE AIR LINES)
"""
Browser = Callable[[str], TestClient]


def entity(number: str, schema: str, **properties: list[str]) -> str:
    """One entry in the form of OpenSanctions."""
    return json.dumps(
        {
            "id": number,
            "caption": properties["name"][0],
            "schema": schema,
            "properties": {"topics": ["sanction"], **properties},
            "datasets": ["exercise_list"],
            "last_seen": "2026-03-16T06:00:00",
            "target": True,
        }
    )


LISTED = [
    entity("exr-1", "Company", name=["EXERCISE AIR LINES"], alias=["Air Exercise", EVIL], country=["kg"]),
    entity("exr-2", "Airplane", name=["EX-AAA"], registrationNumber=["EX-AAA"], operator=["exr-1"]),
    entity("exr-3", "Company", name=[EVIL], country=["kg"]),
]


@pytest.fixture
def rooms(settings: Settings) -> Iterator[Rooms]:
    made = open_rooms(settings, clock=lambda: NOW)
    yield made
    made.close()


@pytest.fixture
def listed(settings: Settings) -> None:
    path = settings.home / "entities.ftm.json"
    path.write_text("\n".join(LISTED) + "\n", encoding="utf-8")
    Library(settings.home, now=lambda: NOW).add("opensanctions", [path], published=date(2026, 3, 16))


@pytest.fixture
def officer(browser: Browser, listed: None) -> TestClient:
    return signed(browser("officer"))


def signed(client: TestClient) -> TestClient:
    token = re.search(r'data-csrf="(\w+)"', client.get("/screen").text)
    assert token
    client.headers["x-csrf-token"] = token[1]
    return client


def room_says(settings: Settings, **query: str) -> Any:
    return screen(Query(**query), screener(Library(settings.home), DAY))


def test_without_lists_the_page_teaches_and_nobody_is_clean(browser: Browser) -> None:
    client = signed(browser("officer"))
    page = client.get("/screen")
    assert "overflight lists import un consolidated.xml" in page.text
    asked = client.get("/screen?name=Air+Exercise")
    assert asked.status_code == 200
    assert "No list has been imported yet" in asked.text
    assert "Clean" not in asked.text
    said = client.get("/api/v1/screen?name=Air+Exercise")
    assert said.status_code == 400
    assert "no list has been imported" in said.json()["error"]["what"]
    posted = client.post("/screen", data={"text": PLAN})
    assert "No list has been imported yet" in posted.text
    assert "FPL-EXR621" in posted.text


def test_a_question_in_the_address_is_answered_with_every_ground(
    officer: TestClient, settings: Settings
) -> None:
    query = {"name": "Air Exercise", "tail": "EX-AAA"}
    found = room_says(settings, **query)
    page = officer.get("/screen?" + urlencode(query | {"on": DAY.isoformat()}))
    assert page.status_code == 200
    assert "<strong>Hit.</strong>" in page.text
    assert page.text.count('<article class="card match"') == len(found.matches) >= 2
    for match in found.matches:
        assert f"{match.score:.3f}" in page.text
        assert f"band-{match.band}" in page.text
        assert html.escape(match.entity.id) in page.text
        for feature in match.features:
            assert f"{feature.contribution:+.3f}" in page.text
            assert feature.feature in page.text
    assert "2026-03-16" in page.text
    assert "Also known as" in page.text
    clean = officer.get("/screen?name=Nobody+Whatsoever").text
    assert "<strong>Clean.</strong>" in clean
    assert "It clears nobody." in clean


def test_what_a_list_says_is_never_obeyed(officer: TestClient) -> None:
    for name in ("Air Exercise", "alert script lines", EVIL):
        page = officer.get("/screen?" + urlencode({"name": name, "on": "2026-03-20"})).text
        assert "<script>alert" not in page
        assert "\u202e" not in page.split("</form>", 1)[1] or name == EVIL
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("hex=zz", "is no 24-bit address"),
        ("name=...", "has no letter or digit"),
        ("name=Exercise&on=tomorrow", "is no day"),
        ("name=Exercise&known=tomorrow", "is no moment"),
        ("name=" + "x" * 401, "Name: has 401 characters"),
        ("born=1971", "Nothing to look for"),
    ],
)
def test_a_wrong_field_is_named_and_what_was_typed_stays(officer: TestClient, query: str, words: str) -> None:
    page = officer.get("/screen?" + query)
    assert page.status_code == 422
    assert words in html.unescape(page.text)
    field, _, value = query.split("&")[0].partition("=")
    assert f'name="{field}" value="{value}"' in page.text


def test_a_plan_is_screened_with_its_law_and_flags(officer: TestClient) -> None:
    page = officer.post("/screen", data={"text": PLAN, "on": "2026-03-20"})
    assert page.status_code == 200
    assert "1 application in the text" in page.text
    assert "EXERCISE AIR LINES" in page.text
    assert "EX-AAA" in page.text
    assert "ZKPY–OIIE" in page.text
    assert "/law?way=ZKPY+OIIE" in page.text or "/law?way=ZKPY%20OIIE" in page.text
    as_file = officer.post("/screen", files={"file": ("<plan>.txt", PLAN.encode())})
    assert "&lt;plan&gt;.txt" in as_file.text
    assert "<plan>" not in as_file.text


@pytest.mark.parametrize(
    "text", ["nonsense", "{", "(FPL-", "a,b\n1,2\n", "   ", "=1+1\n", "(CNL-XXX1-ZKPY0400-OIIE-0)"]
)
def test_a_text_that_holds_no_application_says_so(officer: TestClient, text: str) -> None:
    page = officer.post("/screen", data={"text": text})
    assert page.status_code in (200, 422)
    assert page.status_code == 422 or "not read" in page.text or "unread" in page.text
    assert html.escape(text.strip()) in page.text
    assert "applications.txt" not in page.text
    assert "/tmp" not in page.text


def test_a_certificate_is_issued_verified_and_refused_when_altered(
    officer: TestClient, settings: Settings, tmp_path: Path
) -> None:
    page = officer.get("/screen?name=Air+Exercise&on=2026-03-20").text
    form = dict(
        re.findall(r'name="(question|on|known)" value="([^"]*)"', page[page.index("/screen/certificate") :])
    )
    answer = officer.post("/screen/certificate", data={k: html.unescape(v) for k, v in form.items()})
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as pack:
        parts = {Path(name).suffix: pack.read(name) for name in pack.namelist()}
    said = verified(parts[".json"], trusted_keys(settings.home), parts[".pdf"]).statement
    assert said["query"] == {"name": "Air Exercise"}
    assert said["on"] == "2026-03-20"
    assert said["result"] == "hit"
    assert said["matches"] == room_says(settings, name="Air Exercise").document()["matches"]
    assert said["issued_at"] == "2026-03-21T09:00:00Z"
    for files in (
        {"certificate": ("c.zip", answer.content)},
        {"certificate": ("c.json", parts[".json"]), "paper": ("c.pdf", parts[".pdf"])},
    ):
        checked = officer.post("/screen/verify", files=files, data={"again": "yes"})
        assert "<strong>Valid.</strong>" in checked.text
        assert "the PDF belongs to it" in checked.text
        assert "the same result" in checked.text
    for files in (
        {"certificate": ("c.json", parts[".json"].replace(b"a", b"b", 1))},
        {"certificate": ("c.json", parts[".json"]), "paper": ("c.pdf", parts[".pdf"] + b" ")},
        {"certificate": ("c.zip", answer.content[: len(answer.content) // 2])},
        {"certificate": ("c.zip", b"PK\x03\x04" + b"\0" * 50)},
        {"certificate": ("c.json", b"{}")},
    ):
        refused = officer.post("/screen/verify", files=files)
        assert refused.status_code == 200
        assert "<strong>Refused:</strong>" in refused.text
    assert officer.post("/screen/verify", files={}).status_code == 422
    wrong = officer.post("/screen/certificate", data={"question": "hex=zz", "on": "2026-03-20"})
    assert wrong.status_code == 422


# --- JSON --------------------------------------------------------------------------------------------------


def test_json_is_what_the_room_says(officer: TestClient, settings: Settings) -> None:
    query = {"name": "Air Exercise", "tail": "EX-AAA"}
    wanted = room_says(settings, **query).document()
    got = officer.get("/api/v1/screen?" + urlencode(query | {"on": "2026-03-20"}))
    assert got.json() == wanted
    assert got.headers["etag"]
    assert officer.post("/api/v1/screen", json=query | {"on": "2026-03-20"}).json() == wanted
    early = officer.get("/api/v1/screen?name=Air+Exercise&known=2026-03-20T00:00:00Z")
    assert early.status_code == 400
    texts = officer.post("/api/v1/screen", json={"text": PLAN, "on": "2026-03-20", "state": "India"}).json()
    assert texts["hit"] is True
    assert texts["state"] == "IND"
    assert texts["applications"][0]["application"]["call_sign"] == "EXR621"
    assert texts["applications"][0]["source"].startswith("text:")


def test_answers_have_the_shape_that_is_described(officer: TestClient) -> None:
    query = {"name": "Air Exercise", "tail": "EX-AAA", "on": "2026-03-20"}
    said = officer.get("/api/v1/screen", params=query).json()
    assert ScreeningOut.model_validate(said).model_dump(by_alias=True)["hit"] is True
    texts = officer.post("/api/v1/screen", json={"text": PLAN, "on": "2026-03-20"}).json()
    assert SurveyOut.model_validate(texts).rows == 1
    made = officer.post("/api/v1/certificate", json=query).json()
    checked = officer.post("/api/v1/verify", json={"certificate": made["certificate"], "again": True}).json()
    assert VerifiedOut.model_validate(checked).valid
    assert not VerifiedOut.model_validate({"valid": False, "why": "altered"}).valid


def test_certificates_through_the_api(officer: TestClient, settings: Settings) -> None:
    made = officer.post("/api/v1/certificate", json={"name": "Air Exercise", "on": "2026-03-20"})
    assert made.status_code == 201
    said = made.json()
    signed_file, paper = base64.b64decode(said["certificate"]), base64.b64decode(said["pdf"])
    assert verified(signed_file, trusted_keys(settings.home), paper).statement == said["statement"]
    ask = {"certificate": said["certificate"], "pdf": said["pdf"], "again": True}
    checked = officer.post("/api/v1/verify", json=ask).json()
    assert checked["valid"] is True
    assert checked["again"] == {"same": True, "differences": []}
    assert officer.post("/api/v1/verify", json={"certificate": "AAAA"}).json()["valid"] is False


def test_json_says_what_is_wrong(officer: TestClient) -> None:
    for path, body, status in (
        ("/api/v1/screen", {}, 400),
        ("/api/v1/screen", {"nme": "x"}, 422),
        ("/api/v1/screen", {"name": 5}, 422),
        ("/api/v1/screen", {"name": "x", "on": "2026-02-30"}, 422),
        ("/api/v1/screen", {"text": PLAN, "name": "x"}, 400),
        ("/api/v1/screen", {"text": PLAN, "state": "Nowhere"}, 400),
        ("/api/v1/verify", {"certificate": "no base64!"}, 400),
    ):
        answer = officer.post(path, json=body)
        assert answer.status_code == status, (path, body, answer.text)
        assert set(answer.json()["error"]) == {"status", "what", "where", "mend"}
    assert officer.get("/api/v1/screen?name=x&colour=red").status_code == 422


def test_roles(browser: Browser, listed: None) -> None:
    assert browser("approver").get("/screen?name=Exercise").status_code == 200
    for who, status in (("auditor", 403), ("admin", 403), ("guest KAZ", 404)):
        assert browser(who).get("/screen").status_code == status
    assert browser("").get("/api/v1/screen?name=x").status_code == 401


def test_sizes(officer: TestClient) -> None:
    large = officer.post("/screen", files={"file": ("large.csv", b"a" * 8_000_001)})
    assert large.status_code == 422
    assert "larger than 8 MB" in large.text
    rows = "".join(PLAN.replace("EXR621", f"EXR{n}") for n in range(100, 250))
    page = officer.post("/screen", data={"text": rows, "on": "2026-03-20"})
    assert "150 applications in the text" in page.text
    assert page.text.count('<article class="card application"') == 100
