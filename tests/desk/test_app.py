"""The desk as a whole: every route asks who is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from overflight.desk import faults
from overflight.desk.access import GRANTS, Action, Reader, Role, may
from overflight.desk.app import ROUTERS
from overflight.desk.routing import action_of, routes_of

#: Addresses that anybody may open. Everything else names an action.
OPEN = {
    "/static/parts/{name}",
    "/sign-in",
    "/sign-out",
    "/set-up/{token}",
    "/about",
    "/healthz",
    "/readyz",
    "/sign-in/oidc",
    "/sign-in/oidc/back",
    "/api/v1/openapi.json",
    "/api/v1/docs",
}


def test_every_route_names_the_action_that_it_does(app: FastAPI) -> None:
    routes = list(routes_of(app))
    assert len(routes) > len(ROUTERS)  # it looks into the routers, too
    assert {route.path for route in routes if not action_of(route)} <= OPEN


def test_an_admin_reads_no_case_and_an_auditor_changes_nothing() -> None:
    assert not GRANTS[Role.ADMIN] & {Action.READ_CASES, Action.WRITE_CASES, Action.APPROVE}
    assert not GRANTS[Role.AUDITOR] & {Action.WRITE_CASES, Action.APPROVE, Action.MANAGE, Action.ANSWER}
    assert GRANTS[Role.GUEST] == {Action.READ_SHELF, Action.ANSWER}


def test_nobody_and_a_guest_of_no_state_may_do_nothing() -> None:
    for action in Action:
        assert not may(None, action)
        assert not may(Reader("guest-1", Role.GUEST), action)


def test_a_scope_only_narrows() -> None:
    reader = Reader("officer-1", Role.OFFICER, scopes=frozenset({Action.READ_CASES, Action.MANAGE}))
    assert may(reader, Action.READ_CASES)
    assert not may(reader, Action.WRITE_CASES)
    assert not may(reader, Action.MANAGE)


def test_every_answer_carries_the_headers_of_the_guard(browser: Callable[[str], TestClient]) -> None:
    answer = browser("officer").get("/nothing-here")
    assert answer.status_code == 404
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("--marking", "marking"),
        ("give --set FIELD=VALUE or --at, or --strike", "give set FIELD=VALUE or at, or strike"),
        ("a well-known--name -- and a dash", "a well-known--name -- and a dash"),
        ("NUL \x00", "NUL �"),
    ],
)
def test_options_of_commands_are_fields_on_a_page(said: str, told: str) -> None:
    assert faults._plain(said) == told
