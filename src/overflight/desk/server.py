"""The server of a desk: streams end before it waits for its connections, so that it stops when told to."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn
from fastapi import FastAPI

from overflight.errors import StoreError

__all__ = ["Server", "serving"]

#: Seconds that running requests have to come to their end once the desk is told to stop.
_GRACE_S = 10


class Server(uvicorn.Server):
    """uvicorn, telling the guard when it goes down.

    Parameters
    ----------
    app : FastAPI
    more
        As `uvicorn.Config` takes it.
    """

    def __init__(self, app: FastAPI, **more: object) -> None:
        given = {"timeout_graceful_shutdown": _GRACE_S, "log_level": "warning", "access_log": False, **more}
        super().__init__(uvicorn.Config(app, server_header=False, **given))  # type: ignore[arg-type]
        self._app = app

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.closing = asyncio.Event()
        await super().startup(sockets)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._app.state.closing.set()
        await super().shutdown(sockets)


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve on a free port of this machine, in a thread, for programs and tests that bring their own desk.

    Yields
    ------
    str
        The address, such as ``http://127.0.0.1:49152``.

    Raises
    ------
    StoreError
        It does not start.
    """
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen(128)
        server = Server(app)
        thread = Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            thread.join(0.01)
            if not thread.is_alive():
                raise StoreError("the server does not start", where="127.0.0.1")
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(_GRACE_S + 5)
