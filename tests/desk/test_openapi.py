"""The description of the API, and health: nothing is left out, nothing secret is said."""

from __future__ import annotations

import json
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient

from overflight.desk.api.common import FAULTS, ApiRoute
from overflight.desk.rooms import Rooms
from overflight.desk.routing import API, action_of, routes_of
from overflight.errors import StoreError

Browser = Callable[[str], TestClient]


def endpoints(app: FastAPI) -> list[tuple[APIRoute, str]]:
    return [
        (route, method)
        for route in routes_of(app)
        if route.path.startswith(API) and route.include_in_schema
        for method in route.methods or ()
    ]


def test_every_endpoint_is_described_whole(app: FastAPI) -> None:
    made, found = app.openapi(), endpoints(app)
    assert len(found) >= 2
    for route, method in found:
        where = f"{method} {route.path}"
        operation = made["paths"][route.path_format][method.lower()]
        assert isinstance(route, ApiRoute), where
        assert operation["summary"], where
        assert "_" not in operation["summary"], where
        assert operation["tags"], where
        assert operation["x-needs"] == sorted(action_of(route)), where
        assert {str(status) for status in FAULTS} <= operation["responses"].keys(), where
        done = [status for status in operation["responses"] if status.startswith("2")]
        assert done, where
        for status in done:
            content = operation["responses"][status].get("content", {})
            assert content or status == "204", f"{where} says nothing of what it gives"
            for kind, body in content.items():
                assert body.get("schema"), f"{where} gives {kind} of no shape"
        assert ("Idempotency-Key" in {p["name"] for p in operation.get("parameters", ())}) is (
            method == "POST"
        )


def test_the_document_holds_together(app: FastAPI, browser: Browser) -> None:
    answer = browser("").get("/api/v1/openapi.json")
    assert answer.status_code == 200
    made = answer.json()
    assert made["openapi"].startswith("3.1")
    names = made["components"]["schemas"].keys()
    refs = {ref.rpartition("/")[2] for ref in _refs(made)}
    assert refs <= names
    assert set(made["components"]["securitySchemes"]) == {"token", "session"}
    described = {tag["name"] for tag in made["tags"]}
    used = {tag for item in made["paths"].values() for one in item.values() for tag in one["tags"]}
    assert used == described
    assert all(path.startswith((API, "/healthz", "/readyz")) for path in made["paths"])
    ids = [one["operationId"] for item in made["paths"].values() for one in item.values()]
    assert len(ids) == len(set(ids))


def _refs(part: object) -> list[str]:
    if isinstance(part, dict):
        own = [part["$ref"]] if isinstance(part.get("$ref"), str) else []
        return own + [ref for one in part.values() for ref in _refs(one)]
    return [ref for one in part for ref in _refs(one)] if isinstance(part, list) else []


def test_the_page_lists_every_endpoint(app: FastAPI, browser: Browser) -> None:
    answer = browser("").get("/api/v1/docs")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    codes: list[str] = []

    class Reader(HTMLParser):
        inside = ""

        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert "style" not in dict(attrs)
            self.inside = tag

        def handle_data(self, data: str) -> None:
            if self.inside == "code":
                codes.append(data.strip())

    Reader().feed(answer.text)
    for route, _ in endpoints(app):
        assert route.path in codes
    assert "http://" not in answer.text.replace("http://localhost", "")
    for who in ("officer", "guest KAZ"):
        assert browser(who).get("/api/v1/docs").status_code == 200


def test_the_desk_lives_and_is_ready(browser: Browser) -> None:
    assert browser("").get("/healthz").json() == {"alive": True}
    answer = browser("officer").get("/readyz")
    assert answer.status_code == 200
    found = answer.json()
    assert found["ready"] is True
    assert found["store"] == {"reachable": True, "schema_revision": _newest(), "current": True}
    assert found["lists"] == []
    assert found["law"]["measures"] > 50
    assert found["law"]["newest"] < "2008-08-06"
    assert found["world"]["oldest_source"] < found["world"]["newest_source"]
    for who in ("", "guest KAZ"):
        bare = browser(who).get("/readyz").json()
        assert bare["ready"] is True
        assert (bare["lists"], bare["law"]) == ([], None)
    assert "KOR621" not in answer.text
    assert {"content-security-policy", "etag"} <= answer.headers.keys()


def _newest() -> str:
    from overflight.store.schema import REVISIONS

    return REVISIONS[-1]


def test_a_desk_whose_store_is_gone_is_not_ready_and_lives(
    rooms: Rooms, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: object) -> None:
        raise StoreError("the database server does not answer", where="database SECRET")

    monkeypatch.setattr(type(rooms.store.log), "head", gone)
    answer = browser("").get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["store"] == {"reachable": False, "schema_revision": None, "current": False}
    assert "SECRET" not in answer.text
    assert browser("").get("/healthz").status_code == 200


def test_damaged_rows_of_law_and_lists_are_told(rooms: Rooms, browser: Browser) -> None:
    folder: Path = rooms.settings.home / "law"
    folder.mkdir()
    (folder / "measures.csv").write_text("nonsense", encoding="utf-8")
    answer = browser("officer").get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["law"] is None
    assert json.dumps(answer.json()).count("nonsense") == 0
