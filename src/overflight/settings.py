"""The settings of one desk: ``desk.toml`` in its folder, overruled by the environment.

A command that takes an option for the same thing lets the option go before both.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from overflight.errors import InputError

__all__ = ["VARIABLES", "Settings", "desk_folder", "load"]

#: The environment's name of every setting.
VARIABLES = {
    "home": "OVERFLIGHT_HOME",
    "view": "OVERFLIGHT_VIEW",
    "state": "OVERFLIGHT_STATE",
    "position": "OVERFLIGHT_POSITION",
    "database": "OVERFLIGHT_DATABASE",
    "office": "OVERFLIGHT_OFFICE",
    "address": "OVERFLIGHT_ADDRESS",
    "body_mb": "OVERFLIGHT_BODY_MB",
    "oidc_issuer": "OVERFLIGHT_OIDC_ISSUER",
    "oidc_client": "OVERFLIGHT_OIDC_CLIENT",
    "oidc_secret_file": "OVERFLIGHT_OIDC_SECRET_FILE",
    "oidc_claim": "OVERFLIGHT_OIDC_CLAIM",
    "approvals": "OVERFLIGHT_APPROVALS",
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What a desk is set to. Codes of states are checked by whoever uses them."""

    #: The folder with the desk's store, lists, keys and own rows of law and meetings.
    home: Path
    #: Whose point of view disputed areas are taken from.
    view: str = "de-facto"
    #: The state or organisation that owns the desk; empty when it is nobody's yet.
    state: str = ""
    #: Whose position on contested measures the desk works with; empty: none, and the dispute is shown.
    position: str = ""
    #: SQLAlchemy address of the store; empty: SQLite in `home`.
    database: str = ""
    #: The office on whose behalf events are recorded; an office, never a person's name.
    office: str = "desk"
    #: The web desk's address as others type it, such as ``https://desk.example.org``; empty: this machine.
    address: str = ""
    #: The largest body that the web desk takes, megabytes.
    body_mb: str = "10"
    #: An OpenID Connect provider, the desk's name there, and the file with the desk's secret there.
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret_file: str = ""
    #: The claim that names an account's subject.
    oidc_claim: str = "sub"
    #: How many accounts must approve the exact texts before anything goes out from the web desk: 2, 1 or 0.
    approvals: str = "2"


def desk_folder(environ: Mapping[str, str] | None = None) -> Path:
    """The desk's folder: ``OVERFLIGHT_HOME``, else the platform's folder for a user's data."""
    given = (os.environ if environ is None else environ).get(VARIABLES["home"], "").strip()
    if given:
        return Path(given).expanduser()
    from platformdirs import user_data_path

    return user_data_path("overflight", appauthor=False)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings that hold now.

    Raises
    ------
    InputError
        When ``desk.toml`` cannot be read, or has a field or a value that no setting takes.
    """
    env = os.environ if environ is None else environ
    home = desk_folder(env)
    values = dict(_in_file(home / "desk.toml"))
    for name, variable in VARIABLES.items():
        given = env.get(variable, "").strip()
        if given and name != "home":
            values[name] = given
    return Settings(home=home, **values)


def _in_file(path: Path) -> Mapping[str, str]:
    try:
        stamp = path.stat().st_mtime_ns
    except (FileNotFoundError, NotADirectoryError):
        return {}
    return _read(path, stamp)


@cache
def _read(path: Path, _stamp: int) -> Mapping[str, str]:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as fault:
        raise InputError(f"not a readable TOML file: {fault}", where=str(path)) from fault
    known = [field.name for field in fields(Settings) if field.name != "home"]
    for name, value in table.items():
        if name not in known:
            raise InputError(f"unknown field {name}", where=str(path), mend=f"known are {', '.join(known)}")
        if not isinstance(value, str):
            raise InputError(f"{name} must be a text in quotes", where=str(path))
    return {name: value.strip() for name, value in table.items() if value.strip()}
