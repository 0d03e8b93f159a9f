"""Routers that cannot forget to ask who is there: every one names the action that its routes do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import APIRouter, Depends, FastAPI, Request
from fastapi.routing import APIRoute
from starlette.routing import BaseRoute

from overflight.desk.access import Action, Reader, may
from overflight.desk.faults import NotSignedInError, RefusedError

__all__ = ["API", "Needs", "action_of", "needs", "reader_of", "room", "routes_of"]

#: Where the JSON API stands.
API = "/api/v1"


class Needs:
    """A dependency that lets a request pass when its reader may do an action, and gives the reader."""

    def __init__(self, action: Action) -> None:
        self.action = action

    def __call__(self, request: Request) -> Reader:
        reader = reader_of(request)
        if reader is None:
            raise NotSignedInError
        if not may(reader, self.action):
            raise RefusedError
        return reader


def needs(action: Action) -> Any:
    """``reader: Reader = needs(Action.READ_CASES)`` in a route's parameters."""
    return Depends(Needs(action))


def room(action: Action, *, prefix: str = "", tags: list[str] | None = None, **more: Any) -> APIRouter:
    """A router whose every route needs `action`; a route may ask for a second one with `needs`."""
    return APIRouter(prefix=prefix, tags=list(tags or ()), dependencies=[needs(action)], **more)


def reader_of(request: Request) -> Reader | None:
    """Whoever is signed in, as the guard found him."""
    reader: Reader | None = getattr(request.state, "reader", None)
    return reader


def action_of(route: BaseRoute) -> set[Action]:
    """Actions that a route asks for; empty for one that is open to everybody."""
    dependant = getattr(route, "dependant", None)
    found: set[Action] = set()
    waiting: list[Any] = [dependant] if dependant is not None else []
    while waiting:
        one = waiting.pop()
        call: Callable[..., Any] | None = one.call
        if isinstance(call, Needs):
            found.add(call.action)
        waiting += one.dependencies
    return found


def routes_of(app: FastAPI) -> Iterator[APIRoute]:
    """Every route of an application, those of its routers among them.

    Newer FastAPI keeps a router as one entry of ``app.routes`` and looks into it when a request comes.
    """
    waiting: list[BaseRoute] = list(app.routes)
    while waiting:
        one = waiting.pop(0)
        router = getattr(one, "original_router", None)
        if router is not None:
            waiting[:0] = router.routes
        elif isinstance(one, APIRoute):
            yield one
