"""Running the desk: where it listens, how the way there is protected, and what it says when it stands."""

from __future__ import annotations

import gc
import ipaddress
import signal
import socket
import ssl
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from overflight.case.life.approvals import needed
from overflight.desk.app import create_app
from overflight.desk.oidc import configured
from overflight.desk.rooms import Rooms
from overflight.desk.server import Server
from overflight.errors import DataError, InputError
from overflight.garbage import look_at_the_new
from overflight.settings import Settings

__all__ = ["Place", "door_of", "hosts_of", "serve", "server_of"]

#: Connections and requests at once, bytes of a head, seconds of a connection without a request.
_AT_ONCE = 400
_HEAD_BYTES = 32_768
_IDLE_S = 20
#: A request asks the store a dozen times and waits for the interpreter after each, usually for 5 ms.
_SWITCH_S = 0.0005
_EVERYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the desk listens.

    Attributes
    ----------
    host, port
        Port 0 takes a free one.
    certificate, key : Path or None
        TLS, as PEM files.
    proxy : str
        Address of the proxy whose headers are believed; empty: none.
    """

    host: str = "127.0.0.1"
    port: int = 8470
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = ""

    def __post_init__(self) -> None:
        """Refuse to listen beyond this machine in the clear.

        Raises
        ------
        InputError
            Neither TLS nor a proxy is configured and the address is not loopback's; the certificate cannot be
            used; the proxy is no address.
        """
        if not 0 <= self.port <= 65535:
            raise InputError(f"{self.port} is no port", where="--port", mend="give 0 to 65535")
        if bool(self.certificate) != bool(self.key):
            raise InputError("one of certificate and key is missing", where="--certificate", mend="give both")
        if not self.loopback and not self.certificate and not self.proxy:
            raise InputError(
                f"{self.host} can be reached from other machines, and nothing protects the way there",
                where="--host",
                mend="give --certificate and --key, or name the proxy in front with --proxy",
            )
        if self.proxy:
            try:
                ipaddress.ip_address(self.proxy)
            except ValueError:
                raise InputError(
                    f"{self.proxy!r} is no address of one machine", where="--proxy", mend="write 10.0.0.5"
                ) from None
        if self.certificate and self.key:
            _check_certificate(self.certificate, self.key)

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach it."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def address(self) -> str:
        """Its address for a browser on this machine."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http{'s' if self.certificate else ''}://{host}:{self.port}"


def hosts_of(settings: Settings, place: Place) -> frozenset[str]:
    """Names beside this machine's own under which the desk may be addressed.

    Raises
    ------
    InputError
        The setting is no address of a desk, or there is none although other machines are to come.
    """
    found = set()
    if not settings.address and (place.proxy or place.host in _EVERYWHERE):
        raise InputError(
            "other machines are to come, and the desk answers to no name but this machine's",
            where="address",
            mend="set OVERFLIGHT_ADDRESS to what they type, such as https://desk.example.org",
        )
    if settings.address:
        parts = urlsplit(settings.address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise InputError(
                f"{settings.address!r} is no address of a desk",
                where="address",
                mend="write https://desk.example.org",
            )
        if parts.scheme == "http" and not Place(parts.hostname, proxy="127.0.0.1").loopback:
            raise InputError("is in the clear", where="address", mend="begin it with https")
        found.add(parts.hostname)
    if place.host not in _EVERYWHERE:
        found.add(place.host.lower())
    return frozenset(found)


def serve(rooms: Rooms, place: Place, say: Callable[[str, str], None] = lambda _, __: None) -> None:
    """Serve until told to stop.

    Parameters
    ----------
    rooms : Rooms
    place : Place
    say : callable
        Is given the desk's address, and where it listens, once the door is open.

    Raises
    ------
    InputError
        The settings name something that cannot be used, or the port is taken.
    """
    server = server_of(rooms, place)
    with door_of(place) as door, _told_to_stop(), look_at_the_new():
        sys.setswitchinterval(_SWITCH_S)
        here = replace(place, port=door.getsockname()[1])
        say(rooms.settings.address.rstrip("/") or here.address, here.address)
        threading.Thread(target=_warm, args=(rooms,), name="warm", daemon=True).start()
        try:
            server.run(sockets=[door])
        finally:
            server.config.app.state.audit.flush()  # type: ignore[union-attr]


def server_of(rooms: Rooms, place: Place) -> Server:
    """A server of the desk, with its limits; `door_of` gives the socket that it is run with.

    Raises
    ------
    InputError
        The settings name something that cannot be used.
    """
    configured(rooms.settings)  # what is set up wrongly is told now, not to whoever signs in or approves
    needed(rooms.settings.approvals)
    return Server(
        create_app(rooms, hosts=hosts_of(rooms.settings, place)),
        http="h11",
        ws="none",
        limit_concurrency=_AT_ONCE,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        timeout_keep_alive=_IDLE_S,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
        proxy_headers=bool(place.proxy),
        forwarded_allow_ips=place.proxy or None,
    )


def _warm(rooms: Rooms) -> None:
    """What the first reader would wait for: the shelves, borders, routes, and the ground of the map.

    What outlives the look for garbage at the end stays for good (see `look_at_the_new`).
    """
    from overflight.desk import parts
    from overflight.desk.views.figures import warm
    from overflight.desk.views.shelves import keeper_of
    from overflight.desk.views.world import world
    from overflight.route.permitted import finder
    from overflight.world.airspace import load

    view = rooms.settings.view
    warm(view)
    with suppress(Exception):  # whoever asks for it hears what is wrong
        keeper_of(rooms)
        load()
        finder(view)
        world(view, parts.folder())
    gc.collect()


@contextmanager
def _told_to_stop() -> Iterator[None]:
    """Being told to stop is an end like any other: everything is closed, and the exit code is 0."""

    def end(*_: object) -> None:
        raise SystemExit(0)

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # in a thread of a program that serves a desk itself
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def door_of(place: Place) -> Iterator[socket.socket]:
    """The open door: a listening socket.

    Raises
    ------
    InputError
        The port is taken, or the address is not this machine's.
    """
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family) as door:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            door.bind((place.host, place.port))
        except (OSError, OverflowError) as error:
            words = getattr(error, "strerror", None) or str(error)
            raise InputError(
                f"cannot listen at {place.host} port {place.port}: {words.lower()}",
                where="--port",
                mend="name another one; 0 takes a free one",
            ) from None
        door.listen(256)
        yield door


def _check_certificate(certificate: Path, key: Path) -> None:
    for path, option in ((certificate, "--certificate"), (key, "--key")):
        try:
            path.read_bytes()
        except OSError as error:
            raise DataError(f"cannot be read: {error.strerror}", where=f"{option} {path}") from None
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(certificate, key, lambda: "")
    except (ssl.SSLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", None) or str(error)
        raise DataError(
            f"cannot be used with its key: {str(reason).replace('_', ' ').lower()}",
            where=f"--certificate {certificate}",
            mend="give PEM files that belong together, the key without a password",
        ) from None
