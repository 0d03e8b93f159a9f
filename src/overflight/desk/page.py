"""Rendering a page: one environment of templates, one layout, what every page knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from overflight import __version__
from overflight.desk.access import Action, may
from overflight.desk.routing import reader_of
from overflight.world.states import name
from overflight.world.times import minute_text

__all__ = ["environment", "render"]

#: The home desk's pages in the order of the menu.
_MENU = (
    ("Today", "/", Action.READ_CASES),
    ("Cases", "/cases", Action.READ_CASES),
    ("Read", "/read", Action.USE_TOOLS),
    ("Screen", "/screen", Action.USE_TOOLS),
    ("Law", "/law", Action.USE_TOOLS),
    ("Admin", "/admin", Action.MANAGE),
    ("Audit", "/audit", Action.READ_AUDIT),
    ("Released to you", "/guest", Action.READ_SHELF),
)


def _when(moment: datetime | str | None) -> str:
    """``2008-08-07 04:10Z``; an empty cell where there is none; a text that is no time as it stands."""
    if moment is None:
        return ""
    try:
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    except ValueError:
        return str(moment)
    return minute_text(moment, " ")


def _state(code: str | None) -> str:
    return name(code) if code else ""


@cache
def environment() -> Environment:
    """Templates of the desk; whoever leaves a name undefined hears of it."""
    made = Environment(
        loader=PackageLoader("overflight.desk", "templates"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters |= {"when": _when, "state": _state}
    return made


def render(
    request: Request,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **known: Any,
) -> HTMLResponse:
    """A page, or a part of one, as the reader of this request may see it.

    Every template knows ``reader``, ``menu``, ``csrf`` (the token that its forms carry), ``path``, ``parts``
    (addresses of browser libraries by name, empty when they are not on disk) and ``version``.
    """
    from overflight.desk.guard import csrf_of

    reader = reader_of(request)
    text = (
        environment()
        .get_template(template)
        .render(
            reader=reader,
            menu=[(words, path) for words, path, action in _MENU if may(reader, action)],
            csrf=csrf_of(request),
            path=request.url.path,
            parts=request.app.state.parts,
            version=__version__,
            **known,
        )
    )
    return HTMLResponse(text, status, dict(headers or {}))
