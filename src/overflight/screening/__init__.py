"""Lists and matches: who is listed, as of which day, and whether this aircraft or operator is one of them.

`entity` is the shape of an entry, `lists` reads the publishers' files and keeps every version of them.
"""

from overflight.screening.entity import NAME_KINDS, SCHEMAS, Entity, Identifier, Link, Name

__all__ = [
    "NAME_KINDS",
    "SCHEMAS",
    "Entity",
    "Identifier",
    "Link",
    "Name",
]
