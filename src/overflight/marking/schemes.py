"""The schemes that are installed: one data file with a ``[scheme]`` table and the module that it names."""

from __future__ import annotations

import importlib
from functools import cache
from importlib.resources import files

from overflight.errors import MarkingError
from overflight.marking.codes import read_toml
from overflight.marking.model import Scheme

__all__ = ["names", "scheme"]


@cache
def names() -> tuple[str, ...]:
    """The names of the installed schemes."""
    found = (entry.name for entry in (files("overflight.marking") / "data").iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in found if name.endswith(".toml")))


@cache
def scheme(name: str) -> Scheme:
    """A scheme by its name.

    Raises
    ------
    MarkingError
        When there is no such scheme.
    """
    if name not in names():
        raise MarkingError(
            f"there is no marking scheme {name[:20]!r}", mend=f"choose one of {', '.join(names())}"
        )
    module = read_toml(f"{name}.toml")["scheme"]["module"]
    found: Scheme = importlib.import_module(f"overflight.marking.{module}").SCHEME
    return found
