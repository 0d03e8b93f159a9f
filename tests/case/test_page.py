"""The page stands alone: well formed, no script, nothing fetched, everything escaped."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from overflight.case.model import Brief
from overflight.case.page import page, sketch
from overflight.world import airspace

VOID = {"meta", "link", "br", "img", "hr", "input"}


class _Reader(HTMLParser):
    """Checks that tags nest, and keeps what was seen."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.text.append(data)


@pytest.fixture(scope="module", params=["demo", "pacific"])
def written(request: pytest.FixtureRequest) -> tuple[Brief, str, _Reader]:
    brief: Brief = request.getfixturevalue(request.param)
    text = page(brief, airspace.load())
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return brief, text, reader


def test_nothing_runs_and_nothing_is_fetched(written: tuple[Brief, str, _Reader]) -> None:
    _, text, reader = written
    names = {tag for tag, _ in reader.tags}
    assert not names & {"script", "link", "img", "iframe", "object", "embed", "form", "image", "use"}
    for _, attributes in reader.tags:
        assert not [name for name in attributes if name.startswith("on")]
        assert not {"src", "srcset", "action"} & attributes.keys()
        assert not (attributes.get("href") or "#").startswith(("http", "//", "javascript"))
    style = text[text.index("<style>") : text.index("</style>")]
    assert "@import" not in style
    assert set(re.findall(r"url\(([^)]*)\)", text)) <= {"#map-hatch", "#map-frame"}
    assert len(text) < 1_500_000


def test_it_can_be_read_without_seeing_it(written: tuple[Brief, str, _Reader]) -> None:
    brief, text, reader = written
    assert '<html lang="en">' in text
    assert [tag for tag, _ in reader.tags].count("h1") == 1
    tables = [tag for tag, _ in reader.tags if tag == "table"]
    captions = [tag for tag, _ in reader.tags if tag == "caption"]
    assert len(captions) == len(tables)
    assert all(a.get("scope") in ("col", "row") for tag, a in reader.tags if tag == "th")
    levels = [int(tag[1]) for tag, _ in reader.tags if re.fullmatch("h[1-6]", tag)]
    assert all(b <= a + 1 for a, b in pairwise(levels))
    drawing = ET.fromstring(text[text.index('<svg class="map"') : text.index("</svg>") + 6])
    spaces = {"svg": "http://www.w3.org/2000/svg"}
    title, description = drawing.find("svg:title", spaces), drawing.find("svg:desc", spaces)
    assert title is not None
    assert description is not None
    assert brief.flight.id in (title.text or "")
    assert len(description.text or "") > 20
    ids = [a["id"] for _, a in reader.tags if "id" in a]
    assert len(ids) == len(set(ids))


def test_every_state_and_every_number_is_there(written: tuple[Brief, str, _Reader]) -> None:
    brief, text, reader = written
    words = " ".join(reader.text)
    for leg in brief.legs:
        for view in leg.states:
            assert view.name in words
    drawing = text[text.index('<svg class="map"') : text.index("</svg>")]
    shown = re.findall(r'class="entry">.*?<text[^>]*>(\d+)</text>', drawing)
    assert [int(n) for n in shown] == [entry.number for entry in sketch(brief).entries]
    assert "OpenStreetMap" in words


def test_what_the_user_wrote_is_escaped(pacific: Brief) -> None:
    text = page(pacific, airspace.load())
    assert "T<1>" not in text
    assert "T&lt;1&gt;&amp;" in text
    assert "<x>" not in text


def test_the_page_is_the_same_every_time(demo: Brief) -> None:
    assert page(demo, airspace.load()) == page(demo, airspace.load())
