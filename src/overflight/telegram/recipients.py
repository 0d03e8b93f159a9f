"""The state that something is released to, from what a person types.

Two letters are read by ISO 3166 elsewhere. Beside a telegram they may be meant as its TAGS have them, where
CH was China until the recoding: whoever releases says which of the two it is.
"""

from __future__ import annotations

import re

from overflight.errors import InputError
from overflight.telegram.tags import meanings
from overflight.world.states import alpha3_codes, name, state

__all__ = ["one_reading", "recipient"]


def recipient(text: str, where: str = "--to") -> str:
    """The alpha-3 code of a state named by code or name.

    Parameters
    ----------
    text : str
        Alpha-3, a name, or two letters that every scheme of codes reads alike; in any case.
    where : str
        What the text was given for, for the error.

    Raises
    ------
    InputError
        Two letters of which TAGS and ISO 3166 make two states; the mend names both codes.
    UnknownCodeError
        Nobody knows it.

    Examples
    --------
    >>> recipient("Tajikistan"), recipient("FR")
    ('TJK', 'FRA')
    """
    one_reading(text, where)
    return state(text)


def one_reading(text: str, where: str = "--to") -> None:
    """Refuse a list of states in which two letters may be two states; what is no state passes."""
    for piece in re.split(r"[,;\n]", text):
        code = piece.strip().upper()
        tagged = meanings(code) if len(code) == 2 else frozenset()
        if not tagged:
            continue
        try:
            usual = state(code)
        except InputError:
            continue
        others = sorted(tagged - {usual})
        if others:
            known = [c for c in (usual, *others) if c in alpha3_codes()]
            told = " and ".join(name(c) if c in known else c for c in others)
            raise InputError(
                f"{code!r} is {name(usual)} in ISO 3166 and {told} in the tags of older telegrams",
                where=where,
                mend=f"give {' or '.join(known)}",
            )
