"""Posts and their clocks: which post goes to a state, and what time it is there."""

from __future__ import annotations

import csv
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from overflight.case.wording import clock
from overflight.errors import InputError

__all__ = ["local", "place_of", "post_for", "sound_address", "zone_of"]

#: The address of an embassy by home state; the table of posts is of one ministry.
_EMBASSY = "AMEMBASSY"


@cache
def _zones() -> dict[str, str]:
    text = (files("overflight.case") / "data" / "post_zones.csv").read_text(encoding="utf-8")
    return {row["place"]: row["zone"] for row in csv.DictReader(text.splitlines())}


@cache
def post_for(state: str, day: date) -> str:
    """The address of the post accredited to a state on a day.

    Raises
    ------
    InputError
        No post is known there; the user names one.
    """
    from overflight.telegram.tables import rows

    for also in (False, True):
        for row in rows("posts.csv"):
            serves = row["state"] == state or (also and state in row["also"].split())
            if not serves or row["kind"] != "embassy":
                continue
            text = day.isoformat()
            if (not row["from"] or row["from"] <= text) and (not row["until"] or text <= row["until"]):
                return f"{_EMBASSY} {row['place']}"
    raise InputError(
        f"no post is known in {state} on {day}",
        where="--to",
        mend='name one with --post "STATE=AMEMBASSY PLACE"',
    )


def sound_address(text: str) -> str:
    """An address as it is printed.

    Raises
    ------
    InputError
        It is empty, or holds what no address line can.
    """
    plain = " ".join(text.upper().split())
    if (
        not text.isprintable()
        or not plain
        or len(plain) > 60
        or not all(c.isalnum() or c in " .'/-" for c in plain)
    ):
        raise InputError(f"{text!r} is no address", where="--post", mend='write it as "AMEMBASSY NEW DELHI"')
    return plain


def place_of(address: str) -> str:
    """The place of a post, as a person writes it: New Delhi."""
    words = address.split("//")[0].split()
    return " ".join(words[1:] if len(words) > 1 else words).title()


def zone_of(address: str, day: date | None = None) -> ZoneInfo | None:
    """The time zone of a post; None where no table knows it."""
    from overflight.telegram.posts import post_of

    post = post_of(address, day)
    name = _zones().get(post.place if post else " ".join(address.upper().split()[1:]))
    return ZoneInfo(name) if name else None


def local(moment: datetime, address: str) -> str:
    """``6 Aug 17:30 in New Delhi``; empty where the zone is not known."""
    zone = zone_of(address, moment.date())
    return f"{clock(moment.astimezone(zone))} in {place_of(address)}" if zone else ""
