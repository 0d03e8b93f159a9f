"""The page for telegrams against the room of telegrams: nothing lost, everything linked, nothing executed."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies
from starlette.testclient import TestClient

from overflight.case.life.exercise import script
from overflight.desk.api.read import TelegramOut
from overflight.desk.rooms import Rooms
from overflight.desk.views import read as view
from overflight.desk.views.read_source import printable, source_lines
from overflight.marking import check, rollup
from overflight.telegram import read, read_all, to_json
from overflight.telegram.portions import release_to

SAMPLES = Path(__file__).parents[1] / "telegram" / "samples"
#: Of every kind of damage and every form a few.
CHOSEN = [*sorted(SAMPLES.glob("*.txt"))[::3], SAMPLES / "damage-01-everything.txt"]
Browser = Callable[[str], TestClient]


@pytest.fixture
def officer(browser: Browser) -> TestClient:
    return signed(browser("officer"))


def signed(client: TestClient) -> TestClient:
    """A client whose forms carry the token of the page."""
    token = re.search(r'data-csrf="(\w+)"', client.get("/read").text)
    assert token
    client.headers["x-csrf-token"] = token[1]
    return client


def sent_file(client: TestClient, data: bytes, name: str = "sample.txt", **more: str) -> str:
    answer = client.post("/read", files={"file": (name, data, "text/plain")}, data=more)
    assert answer.status_code == 200, answer.text[:300]
    return answer.text


class Parsed(HTMLParser):
    """Ids, links inside the page, and the text of every line of the source."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.lines: list[str] = []
        self.scripts = 0
        self._depth = -1
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if str(found.get("href", "")).startswith("#"):
            self.links.add(str(found["href"])[1:])
        if tag == "script":
            self.scripts += 1
            assert str(found.get("src", "")).startswith("/static/")
        for name, _ in attrs:
            assert not name.startswith("on")
            assert name != "style"
        if self._depth >= 0:
            self._depth += 1
        elif tag == "span" and found.get("class") == "text":
            self._depth = 0
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        if self._depth >= 0:
            self._depth -= 1

    def handle_data(self, data: str) -> None:
        if self._depth >= 0:
            self.lines[-1] += data


@pytest.mark.parametrize("path", CHOSEN, ids=lambda path: path.stem)
def test_text_repairs_and_paragraphs_are_all_there_and_linked_both_ways(
    officer: TestClient, path: Path
) -> None:
    data = path.read_bytes()
    readings = list(read_all(data))
    page = sent_file(officer, data)
    parsed = Parsed(page)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert parsed.links <= {*parsed.ids, "main"}
    lines = [line for reading in readings for line in reading.source.lines()]
    if all(line == printable(line) for line in lines):
        shown = [line.replace("repair here", "") for line in parsed.lines]
        assert shown == [line.replace("repair here", "") for line in lines]
    for number, reading in enumerate(readings, 1):
        for n, repair in enumerate(reading.repairs):
            assert f"m{number}-r{n}" in parsed.ids
            assert f"m{number}-ra{n}" in parsed.ids
            assert html.escape(printable(repair.understood[:120]), quote=True) in page.replace(
                "&#39;", "&#x27;"
            )
        for n, paragraph in enumerate(reading.telegram.paragraphs):
            assert f"m{number}-p{n}" in parsed.ids
            for line in paragraph.text.split("\n"):
                assert html.escape(printable(line)) in page.replace("&#34;", "&quot;").replace(
                    "&#39;", "&#x27;"
                )


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda path: path.stem)
def test_pieces_of_a_line_are_the_line(path: Path) -> None:
    for reading in read_all(path.read_bytes()):
        lines = source_lines(reading, 10_000)
        for told, line in zip(lines, reading.source.lines(), strict=True):
            if line == printable(line):
                assert "".join(piece.text for piece in told.pieces) == line
        repairs = [piece.ref for line in lines for piece in line.pieces if piece.kind in ("repair", "place")]
        assert sorted(repairs) == list(range(len(reading.repairs)))


def test_a_repair_is_marked_where_it_was_read(officer: TestClient) -> None:
    page = sent_file(officer, view.example().encode())
    assert re.search(r'<a class="repair" id="m1-ra1" href="#m1-r1"[^>]*>\[1\]\(#\)</a>', page)
    assert re.search(r'<tr id="m1-r1"[^>]*>.*?13:24', page)
    assert '<b class="portion">(S//REL TO USA, PAK, IND)</b>' in page
    assert "write <code>(S//REL TO USA, IND, PAK)</code>" in page
    assert "roll up to <strong" in page
    assert "SECRET//NOFORN" in page
    assert "2008-08-06" in page


def test_hostile_text_is_shown_and_never_obeyed(officer: TestClient) -> None:
    evil = "</textarea><script>alert(1)</script><img src=x onerror=alert(2)>\u202egnp.exe\x1b[31m\u2066"
    data = view.example().replace("EXERCISE. SUMMARY", f"EXERCISE. {evil} SUMMARY").encode()
    page = sent_file(officer, data, "<b>name\u202e.txt")
    Parsed(page)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>name" not in page
    for hidden in "\u202e\u2066\x1b":
        assert hidden not in page
    assert "U+202E RIGHT-TO-LEFT OVERRIDE" in page
    typed = officer.post("/read", data={"text": evil})
    assert typed.status_code == 422
    assert "<script>alert" not in typed.text
    assert html.escape(evil[:30], quote=False) in typed.text


def test_what_is_no_telegram_says_so_and_keeps_what_was_typed(officer: TestClient) -> None:
    answer = officer.post("/read", data={"text": "Dear all,\nsee you on Monday."})
    assert answer.status_code == 422
    assert "this is no telegram" in answer.text
    assert "Give the whole message as plain text." in answer.text
    assert "see you on Monday." in answer.text
    assert officer.post("/read", data={"text": "  "}).status_code == 422
    wrong_day = officer.post("/read", data={"text": view.example(), "received": "yesterday"})
    assert wrong_day.status_code == 422
    assert "is no day" in wrong_day.text
    assert "EXAMPLEVILLE" in wrong_day.text
    assert officer.post("/read", data={"held": "%%%"}).status_code == 422


def test_the_empty_page_teaches(officer: TestClient) -> None:
    page = officer.get("/read").text
    assert "Paste a telegram here" in page
    assert "/read?example=1" in page
    assert "FLIGHT KOR621" in officer.get("/read?example=1").text


def test_sizes(officer: TestClient) -> None:
    one = view.example()
    many = "".join(one.replace("000412", f"{n:06d}") for n in range(1, 700)).encode()
    page = sent_file(officer, many)
    assert "699 telegrams in this file" in page
    assert len(Parsed(page).lines) < 2 * view.PAGE_LINES
    assert "too large to be carried" not in page
    large = officer.post("/read", files={"file": ("large.txt", b"A" * (view.MOST_BYTES + 1))})
    assert large.status_code == 422
    assert "larger than 4 MB" in large.text
    long = one.replace("APPROACHED.", "APPROACHED.\n" + "WORD WORD WORD\n" * 9_000).encode()
    page = sent_file(officer, long)
    assert "more lines are not shown here" in page
    assert sent_file(officer, (one * 900).encode()).count("too large to be carried") == 1


def test_several_are_told_apart_threaded_and_paged(officer: TestClient) -> None:
    one = view.example()
    data = "".join(one.replace("000412", f"{n:06d}") for n in (398, *range(500, 512))).encode()
    page = sent_file(officer, data)
    assert "13 telegrams in this file" in page
    assert page.count('<section class="sheet"') == view.PAGE_MESSAGES
    assert "2008 STATE 1234" in page
    assert "missing" in page
    held = re.search(r'name="held" value="([^"]+)"', page)
    assert held
    assert base64.b64decode(held[1]) == data
    second = officer.post("/read", data={"held": held[1], "filename": "sample.txt", "first": "9"}).text
    assert second.count('<section class="sheet"') == 5
    assert 'id="m13"' in second
    assert 'id="m1"' not in second


def test_release_preview_is_what_the_room_releases(officer: TestClient) -> None:
    data = view.example().encode()
    held = base64.b64encode(data).decode()
    for state in ("PAK", "IND", "CHN"):
        page = officer.post("/read", data={"held": held, "to": state}).text
        shown = page[page.index('<div class="preview"') :]
        product = release_to(read(data), state)
        for portion in product.portions:
            for sentence in view.sentences(portion.text):
                assert html.escape(sentence) in shown
        assert "CAREFUL" not in shown
        assert ("WE DELIVERED" in shown) == (state != "CHN")
        assert f"{product.withheld} portions withheld" in shown
    assert officer.post("/read", data={"held": held, "to": "Nowhere"}).status_code == 422


def withdrawn() -> bytes:
    """The telegram of the exercise that reports the answer of the morning after."""
    steps = [step for step in script().steps if step["do"] == "file"]
    return str(steps[-1]["telegram"]).strip().encode()


def test_filed_with_one_click_and_the_answer_recorded_with_the_next(
    officer: TestClient, rooms: Rooms
) -> None:
    data = withdrawn()
    page = sent_file(officer, data)
    assert "It seems to report" in page
    assert "India, " in page
    pick = re.search(r'formaction="/read/file" name="pick" value="([^"]+)"', page)
    held = re.search(r'name="held" value="([^"]+)"', page)
    assert pick
    assert held
    before = len(rooms.cases.load("KOR621-2008").telegrams)
    filed = officer.post("/read/file", data={"held": held[1], "filename": "t.txt", "pick": pick[1]})
    assert filed.status_code == 200
    assert "Filed in KOR621-2008" in filed.text
    case = rooms.cases.load("KOR621-2008")
    assert len(case.telegrams) == before + 1
    assert case.history[-1].by.endswith("/officer-1")
    again = officer.post("/read/file", data={"held": held[1], "filename": "t.txt", "pick": pick[1]})
    assert again.status_code == 422
    assert "was filed already in KOR621-2008" in again.text
    assert "filed already" in sent_file(officer, data)
    form = dict(re.findall(r'name="(case|of|decision|number|at)" value="([^"]*)"', filed.text))
    form = {key: html.unescape(value) for key, value in form.items()}
    said = officer.post("/read/answer", data=form)
    assert said.status_code == 200
    assert "Answer recorded in KOR621-2008" in said.text
    now = rooms.cases.load("KOR621-2008").current("IND")
    assert now is not None
    assert now.body.decision == form["decision"]
    twice = officer.post("/read/answer", data=form)
    assert twice.status_code == 422
    assert "is recorded already" in twice.text
    wrong = officer.post("/read/answer", data=form | {"decision": "PERHAPS"})
    assert wrong.status_code == 422
    assert "Not recorded" in wrong.text


def test_a_person_may_name_the_case(officer: TestClient, rooms: Rooms) -> None:
    data = SAMPLES.joinpath("acp126-01.txt").read_bytes()
    held = base64.b64encode(data).decode()
    assert "belongs to no case by itself" in sent_file(officer, data)
    wrong = officer.post("/read/file", data={"held": held, "pick": "1:", "other": "NONE-1"})
    assert wrong.status_code == 422
    assert "NONE-1: no such case" in wrong.text
    assert 'class="sheet"' in wrong.text
    done = officer.post("/read/file", data={"held": held, "pick": "1:", "other": "kor621-2008"})
    assert done.status_code == 200
    assert "as a person said" in done.text


def test_personal_names_stay_out_of_what_is_derived(officer: TestClient) -> None:
    data = SAMPLES.joinpath("authority-01-name-dropped.txt").read_bytes()
    page = sent_file(officer, data)
    assert "Mustermann" in page[page.index('class="lines"') : page.index("As it was understood")]
    assert "Mustermann" not in page[page.index("As it was understood") :]
    answer = officer.post("/api/v1/read", content=data, headers={"content-type": "text/plain"})
    assert "Mustermann" not in answer.text


def test_roles(browser: Browser) -> None:
    held = base64.b64encode(withdrawn()).decode()
    approver = signed(browser("approver"))
    page = sent_file(approver, withdrawn())
    assert "KOR621-2008" in page
    assert "/read/file" not in page
    assert approver.post("/read/file", data={"held": held, "pick": "1:KOR621-2008"}).status_code == 403
    for who, status in (("auditor", 403), ("admin", 403), ("guest KAZ", 404)):
        assert browser(who).get("/read").status_code == status
    assert browser("").get("/read").status_code == 303
    assert browser("").post("/api/v1/mark/check", json={"text": "(U)"}).status_code == 401


def test_a_marking_alone(officer: TestClient) -> None:
    wrong = officer.post("/read/mark", data={"mark": "(S//REL TO GBR, USA)"})
    assert "Not valid." in wrong.text
    assert "S//REL TO USA, GBR" in wrong.text
    assert "<!doctype" in wrong.text
    part = officer.post(
        "/read/mark", data={"roll": "(U)\n(S//REL TO USA, JPN, NZL)"}, headers={"hx-request": "true"}
    )
    assert "SECRET//REL TO USA, JPN, NZL" in part.text
    assert "<!doctype" not in part.text
    assert officer.post("/read/mark", data={}).status_code == 422
    assert officer.post("/read/mark", data={"roll": "(X)"}).status_code == 422


# --- JSON --------------------------------------------------------------------------------------------------


def plain(client: TestClient, path: str, data: bytes) -> object:
    answer = client.post(path, content=data, headers={"content-type": "text/plain"})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_json_is_what_the_commands_print(officer: TestClient) -> None:
    for path in CHOSEN[:12]:
        data = path.read_bytes()
        readings = list(read_all(data))
        if len(readings) == 1:
            assert plain(officer, "/api/v1/read?received=2026-08-01", data) == to_json(readings[0])
        assert TelegramOut.model_validate(to_json(readings[0])).complete == readings[0].complete
    data = view.example().encode()
    two = data + data.replace(b"000412", b"000413")
    told = plain(officer, "/api/v1/read?name=two.txt", two)
    assert isinstance(told, list)
    assert [(one["file"], one["message"], one["number"]["serial"]) for one in told] == [
        ("two.txt", 1, 412),
        ("two.txt", 2, 413),
    ]
    assert officer.post("/api/v1/read", json={"text": data.decode()}).json() == to_json(read(data))
    assert plain(officer, "/api/v1/release?to=Pakistan", data) == release_to(read(data), "PAK").to_json()
    hidden = plain(officer, "/api/v1/release?to=PAK&hide_withheld=true", data)
    assert isinstance(hidden, dict)
    assert "withheld" not in hidden
    mark = "S//REL TO GBR, USA"
    assert officer.post("/api/v1/mark/check", json={"text": mark}).json() == check(mark).to_json()
    marks = ["(U)", "(S//REL TO USA, JPN, NZL)", "(S//REL TO USA, NZL)"]
    assert officer.post("/api/v1/mark/rollup", json={"marks": marks}).json() == rollup(marks).to_json()


def test_json_says_what_is_wrong(officer: TestClient) -> None:
    for path, body, status in (
        ("/api/v1/read", {"text": "hello"}, 400),
        ("/api/v1/read", {"text": 5}, 422),
        ("/api/v1/read", {"text": ""}, 422),
        ("/api/v1/read", [], 422),
        ("/api/v1/mark/check", {"text": ""}, 422),
        ("/api/v1/mark/check", {"text": "x" * 3000}, 422),
        ("/api/v1/mark/rollup", {"marks": ["(X)"]}, 400),
        ("/api/v1/release?to=Nowhere", {"text": view.example()}, 400),
        ("/api/v1/release", {"text": view.example()}, 422),
    ):
        answer = officer.post(path, json=body)
        assert answer.status_code == status, (path, answer.text)
        assert set(answer.json()["error"]) == {"status", "what", "where", "mend"}
    assert officer.post("/api/v1/read", content=b"x", headers={"content-type": "a/b"}).status_code == 422


def test_filing_through_the_api(officer: TestClient, browser: Browser) -> None:
    headers = {"content-type": "text/plain", "x-csrf-token": officer.headers["x-csrf-token"]}
    done = officer.post("/api/v1/read/file", content=withdrawn(), headers=headers)
    assert done.status_code == 201
    assert done.json()["case"] == "KOR621-2008"
    assert done.json()["proposal"]["state"] == "IND"
    assert officer.post("/api/v1/read/file", content=withdrawn(), headers=headers).status_code == 400
    approver = signed(browser("approver"))
    assert approver.post("/api/v1/read/file", content=withdrawn()).status_code == 403


@pytest.fixture(scope="module")
def fragments() -> Iterator[list[bytes]]:
    return [path.read_bytes() for path in CHOSEN]


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=strategies.data())
def test_nothing_that_is_brought_breaks_the_page(
    officer: TestClient, fragments: list[bytes], data: strategies.DataObject
) -> None:
    base = data.draw(strategies.sampled_from(fragments))
    cut = data.draw(strategies.integers(0, len(base)))
    junk = data.draw(strategies.binary(max_size=40) | strategies.text(max_size=40).map(str.encode))
    body = base[:cut] + junk + base[cut:][: data.draw(strategies.integers(0, 3000))]
    answer = officer.post("/read", files={"file": ("a.txt", body)}, data={"to": "PAK"})
    assert answer.status_code in (200, 422)
    parsed = Parsed(answer.text)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert parsed.links <= {*parsed.ids, "main"}
    answer = officer.post("/api/v1/read", content=body, headers={"content-type": "text/plain"})
    assert answer.status_code in (200, 400, 422)


def test_a_telegram_of_very_many_portions_is_cut_short_and_says_so(officer: TestClient) -> None:
    portions = "\n".join(f"{n}. (U) EXERCISE." for n in range(4, 2_200))
    data = view.example().replace("$\\P4$.", portions).encode()
    page = sent_file(officer, data, to="PAK")
    assert "too many portions to be previewed" in page
    assert "more paragraphs" in page
    assert page.count('<article class="paragraph"') == 400
    long = view.example().replace("APPROACHED.", "APPROACHED." + " WORD" * 20_000).encode()
    page = sent_file(officer, long, to="PAK")
    assert "more characters]" in page
    assert len(page) < 250_000


def test_what_may_be_told_and_never_left_stands_apart(officer: TestClient) -> None:
    data = SAMPLES.parents[2].joinpath("docs", "examples", "seven.txt").read_bytes()
    page = sent_file(officer, data, to="KAZ")
    assert "to be told only: KAZ" in page
    shown = page[page.index("May be told, never left") :]
    assert "ONE MAY BE TOLD THIS." in shown
    assert (
        "ONE MAY BE TOLD THIS."
        not in page[page.index("May be given") : page.index("May be told, never left")]
    )
