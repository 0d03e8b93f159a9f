"""Feeds for other programs, and the token that opens them and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from xml.etree.ElementTree import fromstring

import pytest
from icalendar import Calendar
from starlette.testclient import TestClient

from overflight.desk.access import Action, Reader, Role
from overflight.desk.accounts import accounts_of_store
from overflight.desk.app import create_app
from overflight.desk.rooms import Rooms

Browser = Callable[[str], TestClient]
DUE = "/api/v1/feeds/due.ics"


def test_what_is_due_as_a_calendar(rooms: Rooms, browser: Browser) -> None:
    answer = browser("officer").get(DUE)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    entries = Calendar.from_ical(answer.content).walk("VEVENT")
    due = {item.key: item.due_at for item in rooms.store.log.agenda() if item.due_at}
    assert entries
    for entry in entries:
        case, _, key = str(entry["uid"]).removesuffix("@overflight").partition("KOR621-2008-")
        assert case == ""
        assert entry.decoded("dtstart") == due[key.replace("-", " ")]
        assert len(entry.walk("VALARM")) == 1
    again = browser("officer").get(DUE, headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    fewer = Calendar.from_ical(browser("officer").get(DUE + "?days=1").content).walk("VEVENT")
    assert len(fewer) < len(entries)


@pytest.mark.parametrize(
    ("who", "status"), [("", 401), ("admin", 403), ("guest IND", 404), ("approver", 200), ("auditor", 200)]
)
def test_feeds_are_the_home_desk_s(browser: Browser, who: str, status: int) -> None:
    assert browser(who).get(DUE).status_code == status


def test_a_token_for_feeds_opens_feeds_in_an_address_and_nothing_else(rooms: Rooms) -> None:
    app = create_app(rooms)
    log = rooms.store.log
    accounts = accounts_of_store(log.engine, log.where, rooms.clock)
    accounts.make("officer-7", Role.OFFICER)
    officer = Reader("officer-7", Role.OFFICER)
    feeds, _ = accounts.make_token(officer, "calendar", [Action.READ_FEEDS.value], 30)
    wide, _ = accounts.make_token(officer, "program", [Action.READ_FEEDS.value, Action.READ_CASES.value], 30)
    with TestClient(app, base_url="http://localhost") as client:
        assert client.get(DUE, params={"token": feeds}).status_code == 200
        assert client.get(DUE, headers={"authorization": f"Bearer {feeds}"}).status_code == 200
        assert client.get(DUE, headers={"authorization": f"Bearer {wide}"}).status_code == 200
        # A token that opens more does not belong into an address, and is not taken from one.
        assert client.get(DUE, params={"token": wide}).status_code == 401
        assert client.get(DUE, params={"token": "ofl_nonsense"}).status_code == 401
        assert client.get(DUE, params={"token": ""}).status_code == 401
        stream = {"accept": "text/event-stream"}
        for path in ("/api/v1/events", "/api/v1/feeds", "/api/v1/feeds/../events"):
            assert client.get(path, params={"token": feeds}, headers=stream).status_code in (401, 404)
        bearer = stream | {"authorization": f"Bearer {feeds}"}
        assert client.get("/api/v1/events", headers=bearer).status_code == 403
        accounts.disable("officer-7")
        assert client.get(DUE, params={"token": feeds}).status_code == 401


def test_a_case_for_a_map_and_for_a_globe(rooms: Rooms, browser: Browser) -> None:
    client, case = browser("officer"), rooms.cases.load("KOR621-2008")
    answer = client.get("/api/v1/feeds/cases/KOR621-2008/map.geojson")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    assert answer.json()["complete"] is True
    styles = {feature["properties"]["style"] for feature in features}
    assert styles == {"route", "alternative", "entry", "stop"}
    entries = [f["properties"] for f in features if f["properties"]["style"] == "entry"]
    assert case.ways is not None
    assert [one["state"] for one in entries if one["state"] in case.ways.line]
    assert all(one["standing"] and one["earliest"] <= one["latest"] for one in entries)
    for feature in features:
        for lon, lat in _positions(feature["geometry"]["coordinates"]):
            assert -180 <= lon <= 180
            assert -90 <= lat <= 90
    globe = client.get("/api/v1/feeds/cases/KOR621-2008/map.kml")
    assert globe.status_code == 200
    root = fromstring(globe.content)
    names = [mark.findtext("{*}name") for mark in root.iter("{http://www.opengis.net/kml/2.2}Placemark")]
    assert sorted(map(str, names)) == sorted(f["properties"]["name"] for f in features)
    assert client.get("/api/v1/feeds/cases/NO-SUCH/map.kml").status_code == 404
    assert browser("guest IND").get("/api/v1/feeds/cases/KOR621-2008/map.kml").status_code == 404


def _positions(part: Any) -> Iterator[tuple[float, float]]:
    if isinstance(part[0], float | int):
        yield part[0], part[1]
    else:
        for one in part:
            yield from _positions(one)
