"""Generated requests to every endpoint, in every role; `tools/campaign_api.py` sends many more."""

from __future__ import annotations

from fastapi import FastAPI

import campaign_api
from overflight.desk.app import create_app
from overflight.desk.rooms import Rooms
from overflight.desk.routing import API, routes_of


def test_nothing_makes_the_desk_fail(rooms: Rooms) -> None:
    app = campaign_api.app_of(rooms)
    found = campaign_api.campaign(app, 2, roles=("officer", "guest"))
    assert found.faults == {}
    endpoints = {r.path for r in routes_of(app) if r.path.startswith(API) and r.include_in_schema}
    assert found.requests >= 2 * len(endpoints)
    assert {"officer 200", "guest 200", "guest 404"} <= found.statuses.keys()


def test_endpoints_that_heed_versions_say_so(rooms: Rooms) -> None:
    app: FastAPI = create_app(rooms, secret=b"s" * 32)
    paths = app.openapi()["paths"]
    named = {p["name"] for p in paths["/api/v1/cases/{case_id}/answers"]["post"]["parameters"]}
    assert {"case_id", "If-Match", "Idempotency-Key"} <= named
    assert "If-Match" not in {p["name"] for p in paths["/api/v1/cases"]["get"]["parameters"]}
