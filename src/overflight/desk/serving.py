"""Running the desk: where it listens, and what it says when it stands."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from pathlib import Path

from overflight.desk.app import create_app
from overflight.desk.rooms import Rooms
from overflight.errors import InputError

__all__ = ["Place", "serve"]


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
            Neither TLS nor a proxy is configured and the address is not loopback's.
        """
        if bool(self.certificate) != bool(self.key):
            raise InputError("one of certificate and key is missing", where="--certificate", mend="give both")
        if not self.loopback and not self.certificate and not self.proxy:
            raise InputError(
                f"{self.host} can be reached from other machines, and nothing protects the way there",
                where="--host",
                mend="give --certificate and --key, or name the proxy in front with --proxy",
            )

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


def serve(rooms: Rooms, place: Place) -> None:
    """Serve until told to stop."""
    import uvicorn

    app = create_app(rooms)
    uvicorn.run(
        app,
        host=place.host,
        port=place.port,
        ssl_certfile=place.certificate,
        ssl_keyfile=place.key,
        proxy_headers=bool(place.proxy),
        forwarded_allow_ips=place.proxy or None,
        server_header=False,
        access_log=False,
        log_level="warning",
    )
