"""Posts: from a plain-language address to the state that the post is accredited to, on a day."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from overflight.telegram.tables import rows

__all__ = ["Post", "is_known", "known_places", "post_of", "state_of"]

# The kind of post that the first word of an address means; None: any.
_KINDS = {
    "AMEMBASSY": ("embassy", "capital", "liaison", "institute", "interests"),
    "AMCONSUL": ("consulate", "institute"),
    "AMCONGEN": ("consulate",),
    "AMLEGATION": ("embassy",),
    "AMINTERESTS": ("interests", "embassy"),
    "USINT": ("interests", "embassy"),
    "USLO": ("liaison", "embassy"),
    "USOFFICE": ("mission", "consulate", "embassy"),
    "USMISSION": ("mission",),
    "USLIAISON": ("liaison",),
    "USOP": ("mission", "embassy"),
    "US EMBASSY": ("embassy", "capital"),
    "US CONSULATE": ("consulate",),
    "APP": ("consulate",),  # an American Presence Post
    "AMERICAN PRESENCE POST": ("consulate",),
    "AMERICAN INSTITUTE TAIWAN": ("institute",),
    "AMERICAN INSTITUTE IN TAIWAN": ("institute",),
    "AIT": ("institute",),
    "SECSTATE": ("department",),
    "SECDEF": ("department",),
}
# A presence post belongs to an embassy, whose name may stand before its own.
_KIND = re.compile(
    r"^(?:AMEMBASSY\s+(?=APP\s))?(" + "|".join(sorted(_KINDS, key=len, reverse=True)) + r"),?\s+(.+)$"
)
_OFFICE = re.compile(r"\s+FOR\s+\S")  # whom at the post it is for
#: Missions to organisations: accredited to no state.
_ORGANISATIONS = ("USMISSION", "USUN", "USNATO", "USEU", "USOSCE", "UNVIE")


@dataclass(frozen=True, slots=True)
class Post:
    """One post over one period. ``also`` are further states it is accredited to."""

    place: str
    kind: str
    state: str
    also: tuple[str, ...]
    first: date | None
    last: date | None
    verified: bool

    def covers(self, day: date) -> bool:
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@lru_cache(1)
def _posts() -> dict[str, tuple[Post, ...]]:
    found: dict[str, list[Post]] = {}
    for row in rows("posts.csv"):
        post = Post(
            row["place"],
            row["kind"],
            row["state"],
            tuple(row["also"].split()),
            date.fromisoformat(row["from"]) if row["from"] else None,
            date.fromisoformat(row["until"]) if row["until"] else None,
            row["verified"] == "yes",
        )
        found.setdefault(_plain(post.place), []).append(post)
    return {place: tuple(posts) for place, posts in found.items()}


def _plain(place: str) -> str:
    return re.sub(r"[^A-Z]", "", place.upper())


@lru_cache(1)
def known_places() -> frozenset[str]:
    """Names of all posts, as in an address, without the kind of post."""
    return frozenset(row["place"] for row in rows("posts.csv"))


def post_of(address: str, day: date | None) -> Post | None:
    """The post of an address on a day; None when no table knows it, or the address is no post.

    A name that was in use at another time only is taken all the same when it means one state alone.
    """
    for pool in _named(address):
        if day:
            now = [p for p in pool if p.covers(day)]
            if now and len({p.state for p in now}) == 1:
                return now[0]
        if pool and len({p.state for p in pool}) == 1:
            return pool[-1]
    return None


@lru_cache(4096)
def _named(address: str) -> tuple[tuple[Post, ...], ...]:
    """The posts of any time that an address may mean: those of its kind, then all at the place."""
    match = _KIND.match(" ".join(address.upper().split("//")[0].split()))
    if not match:
        return ()
    kind, place = match[1], _OFFICE.split(match[2], maxsplit=1)[0]
    posts = _posts().get(_plain(place), ())
    fitting = tuple(p for p in posts if p.kind in _KINDS[kind])
    if kind in _ORGANISATIONS and not fitting:
        return ()
    return fitting, posts


def is_known(address: str) -> bool:
    """Whether the table has a post at the place that an address names, of whatever time."""
    return any(_named(address))


def state_of(address: str, day: date | None) -> str | None:
    """Alpha-3 of the state that a post is accredited to, None when unknown."""
    post = post_of(address, day)
    return post.state if post else None
