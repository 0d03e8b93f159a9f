"""The desk as one web application: rooms opened, routers put together, the guard in front."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection
from importlib.resources import as_file, files

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, Response
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from overflight import __version__
from overflight.desk import faults, parts
from overflight.desk.access import Reader
from overflight.desk.accounts import accounts_of_store, kept_secret, signed_in
from overflight.desk.api.openapi import described
from overflight.desk.guard import Guard, body_limit
from overflight.desk.live import Live
from overflight.desk.rooms import Rooms
from overflight.desk.trail import AuditTrail
from overflight.store.audit import AuditBook

__all__ = ["ROUTERS", "create_app"]

#: Modules of this package with a ``router``, in the order in which addresses are looked up.
ROUTERS: tuple[str, ...] = (
    "pages.today",
    "pages.cases",
    "pages.case",
    "api.cases",
    "api.record",
    "api.map",
    "pages.sign",
    "pages.admin",
    "pages.audit",
    "api.admin",
    "pages.read",
    "pages.screen",
    "pages.compose",
    "pages.proposals",
    "pages.guest",
    "pages.law",
    "api.read",
    "api.screen",
    "api.compose",
    "api.guest",
    "api.law",
    "api.events",
    "api.feeds",
    "api.health",
    "api.openapi",
)


def create_app(
    rooms: Rooms,
    *,
    reader_of: Callable[[Request], Reader | None] | None = None,
    secret: bytes | None = None,
    hosts: Collection[str] = (),
) -> FastAPI:
    """Put the desk together.

    Parameters
    ----------
    rooms : Rooms
        Open; the caller closes them.
    reader_of : callable, optional
        Who is asking; default: the session or token that the request carries.
    secret : bytes, optional
        Key of the forms' tokens; default: the one kept in the desk's folder.
    hosts : collection of str
        Names under which other machines address the desk; this machine's own are always known.
    """
    app = FastAPI(
        title="overflight desk",
        version=__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
    )
    app.state.rooms = rooms
    app.state.secret = secret or kept_secret(rooms.settings.home)
    log = rooms.store.log
    app.state.accounts = accounts_of_store(log.engine, log.where, rooms.clock)
    app.state.audit = AuditTrail(AuditBook(log.engine, log.where), rooms.clock)
    app.state.live = Live()
    app.openapi = lambda: described(app)  # type: ignore[method-assign]
    app.state.work = {}  # what takes longer than an answer may
    app.state.running = set()  # requests with an idempotency key that are being carried out
    app.state.parts = {
        part.local.removeprefix(f"{part.name}-{part.version}-"): f"/static/parts/{part.local}"
        for part in parts.listed()
        if (parts.folder() / part.local).is_file()
    }
    faults.install(app)
    for name in ROUTERS:
        app.include_router(importlib.import_module(f"overflight.desk.{name}").router)
    app.add_api_route("/static/parts/{name}", _part, include_in_schema=False)
    with as_file(files("overflight.desk") / "static") as folder:
        app.mount("/static", StaticFiles(directory=folder), name="static")
    app.add_middleware(faults.Catch)
    app.add_middleware(
        Guard, reader_of=reader_of or signed_in, hosts=hosts, limit_bytes=body_limit(rooms.settings)
    )
    app.add_middleware(faults.Catch)  # the guard's own faults
    return app


def _part(name: str) -> Response:
    """A browser library that was fetched."""
    if name not in {part.local for part in parts.listed()} or not (parts.folder() / name).is_file():
        raise HTTPException(404)
    kind = "text/css" if name.endswith(".css") else "text/javascript"
    return FileResponse(
        parts.folder() / name,
        media_type=kind,
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
