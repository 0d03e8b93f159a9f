"""What the applications of a batch, and earlier uses, say of one aircraft: the same whatever their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from overflight.permit import Application, Flag, KnownUse, uses_of
from overflight.permit.flag import bare
from overflight.screening.names import name_form
from overflight.screening.triage.weights import OPERATOR_DIFFERS
from overflight.world.operators import operator

__all__ = ["History", "same_operator"]

_MOST = 3
Facts = tuple[str, ...]


class History:
    """Known uses of registrations, serial numbers, addresses and call signs.

    Uses that say the same are kept once, so that an aircraft that flies every day costs no more than one
    that flies once.
    """

    def __init__(self, uses: Iterable[KnownUse] = ()) -> None:
        self._frames: dict[tuple[str, str], dict[Facts, KnownUse]] = {}
        self._signs: dict[str, dict[date | None, dict[Facts, KnownUse]]] = {}
        for use in uses:
            self._add(use)

    def add(self, application: Application) -> None:
        """Keep what an application says of its aircraft."""
        for use in uses_of(application):
            self._add(use)

    def _add(self, use: KnownUse) -> None:
        frame = replace(use, call_sign="", since=None, until=None)
        keys = ("registration", "serial", "hex")
        facts = (*(bare(getattr(frame, key)) for key in keys), bare(frame.type), bare(frame.operator))
        for kind in keys:
            if key := bare(getattr(frame, kind)):
                self._frames.setdefault((kind, key), {}).setdefault(facts, frame)
        if use.call_sign and use.registration:
            sign = replace(use, type="", serial="", hex="", operator="")
            day = use.since if use.since == use.until else None
            days = self._signs.setdefault(bare(use.call_sign), {})
            days.setdefault(day, {}).setdefault((bare(use.registration),), sign)

    def about(self, application: Application, day: date | None) -> tuple[KnownUse, ...]:
        """Uses that share an identifier with an application, in the order of what they say."""
        keys = [("registration", bare(mark)) for mark in application.registrations]
        keys += [("serial", bare(application.serial)), ("hex", bare(application.hex))]
        frames: dict[Facts, KnownUse] = {}
        for key in keys:
            frames |= self._frames.get(key, {})
        found = [frames[facts] for facts in sorted(frames)]
        days = self._signs.get(bare(application.call_sign), {})
        signs: dict[Facts, KnownUse] = {}
        for when in days if day is None else (day, None):
            signs |= days.get(when, {})
        return (*found, *(signs[facts] for facts in sorted(signs)))

    def operators(self, application: Application, day: date | None) -> Iterator[Flag]:
        """Other operators for whom the same registration is stated, a few of them."""
        stated = application.operator_code or application.operator
        if not stated:
            return
        others: dict[str, KnownUse] = {}
        for mark in application.registrations:
            for _, use in sorted(self._frames.get(("registration", bare(mark)), {}).items()):
                if use.operator and not same_operator(stated, use.operator, day):
                    others.setdefault(bare(use.operator), use)
        for use in list(others.values())[:_MOST]:
            what = f"{use.registration} is stated for {use.operator} too, here for {stated}"
            yield Flag(OPERATOR_DIFFERS, what, use.source or "a known use", use.verified)
        if rest := list(others.values())[_MOST:]:
            what = f"{len(rest)} more operators are stated for the same aircraft"
            yield Flag(OPERATOR_DIFFERS, what, f"{rest[0].source} and others", False)


def same_operator(one: str, other: str, day: date | None) -> bool:
    """Whether two words for an operator, names or designators, can mean the same one."""
    if bare(one) == bare(other):
        return True
    ours, theirs = operator(one, day), operator(other, day)
    if ours.known and theirs.known:
        same_name = bool(ours.name) and bare(ours.name) == bare(theirs.name)
        return ours.designator == theirs.designator or same_name
    # A designator that no table knows may be anybody's.
    if any(len(text) == 3 and text.isalpha() for text in (one, other)):
        return True
    return bool(name_form(one).key) and name_form(one).key == name_form(other).key
