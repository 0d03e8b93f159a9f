"""The schemes that are installed: one data file with a ``[scheme]`` table and the module that it names."""

from __future__ import annotations

import importlib
from functools import cache, lru_cache
from importlib.resources import files

from overflight.errors import MarkingError
from overflight.marking.codes import read_toml
from overflight.marking.model import Scheme

__all__ = ["HOME", "beginnings", "names", "of", "scheme"]

#: The scheme of a mark that does not say by its first word which one it is of.
HOME = "us"


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


@cache
def beginnings() -> dict[str, str]:
    """The words by which marks tell their scheme, with its name."""
    heads = ((name, read_toml(f"{name}.toml")["scheme"].get("begins")) for name in names())
    return {word: name for name, word in heads if word}


@lru_cache(4_096)
def of(mark: str) -> str:
    """The name of the scheme that a mark is of, by its first word.

    >>> of("(TLP:CLEAR)"), of("S//REL TO USA, TJK")
    ('tlp', 'us')
    """
    bare = mark.lstrip(" ([").upper()
    for word, name in beginnings().items():
        if bare.startswith(word) and not bare[len(word) : len(word) + 1].isalpha():
            return name
    return HOME
