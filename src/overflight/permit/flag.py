"""A red flag, the kinds of them, and what a desk may know of earlier uses. Models only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

__all__ = ["FLAGS", "Flag", "KnownUse", "Register", "bare"]

#: Kinds of flags, in the order in which they are given, with what each means.
FLAGS = {
    "unreadable": "a field is there and could not be understood",
    "true-origin": "the true origin is left out, or the itinerary begins elsewhere",
    "true-destination": "the true destination is left out, or the itinerary ends elsewhere",
    "range-impossible": "a leg is longer than any published range of the type",
    "range-doubtful": "a leg is within the spread of the longest published range of the type",
    "payload-impossible": "more cargo than the type carries",
    "times-impossible": "times that contradict each other, or a speed that the type does not fly",
    "three-states": "operator, charterer and owner sit in three different states",
    "operator-registration": "the operator's state is not the state of registry",
    "operator-code": "designator, call sign and name do not belong to one operator",
    "registry": "the registration does not belong to the state of registry that is stated",
    "address": "the 24-bit address is not of the state of registry, or of no state",
    "type-unknown": "no table knows the aircraft type",
    "type-weight": "the weight or the wake category is not that of the type",
    "type-registration": "this registration is known for another type, serial number or address",
    "registration-reused": "this aircraft, or this registration, is known under another name",
    "call-sign-reused": "the call sign is in use for another aircraft",
    "cargo-vague": "the words for the cargo say nothing of it",
    "consignee-absent": "cargo without a consignee or consignor",
    "munitions": "munitions of war are declared",
    "entry-exit": "entry or exit point is left out",
    "return-empty": "the return leg is empty",
}


@dataclass(frozen=True, slots=True)
class Flag:
    """One red flag.

    Attributes
    ----------
    kind : str
        A key of `FLAGS`.
    what : str
        For people, without a full stop.
    grounds : str
        The figures, rows or fields behind it.
    verified : bool
        Whether the facts it rests on were checked against their source.
    """

    kind: str
    what: str
    grounds: str
    verified: bool


@dataclass(frozen=True, slots=True)
class KnownUse:
    """An earlier use of a registration or call sign, as a desk knows it. Empty fields are not known."""

    registration: str = ""
    call_sign: str = ""
    type: str = ""
    serial: str = ""
    hex: str = ""
    operator: str = ""
    since: date | None = None
    until: date | None = None
    source: str = ""
    verified: bool = False

    def holds(self, on: date | None) -> bool:
        """Whether the use covers a day, as far as known."""
        return on is None or not ((self.since and on < self.since) or (self.until and on > self.until))


def bare(text: str | None) -> str:
    """An identifier without hyphens, blanks and case, to compare it."""
    return "".join(c for c in (text or "").upper() if c.isalnum())


class Register:
    """Known uses, found by any of their identifiers.

    Parameters
    ----------
    uses : iterable of KnownUse
        More can be added later.
    """

    def __init__(self, uses: Iterable[KnownUse] = ()) -> None:
        self._by: dict[tuple[str, str], list[KnownUse]] = {}
        for use in uses:
            self.add(use)

    def add(self, use: KnownUse) -> None:
        """Keep one more use."""
        for kind in ("registration", "call_sign", "serial", "hex"):
            if key := bare(getattr(use, kind)):
                self._by.setdefault((kind, key), []).append(use)

    def about(
        self,
        registrations: Iterable[str] = (),
        call_sign: str | None = None,
        serial: str | None = None,
        hex: str | None = None,  # noqa: A002
    ) -> tuple[KnownUse, ...]:
        """Every use that shares an identifier, in the order in which they were added for each."""
        keys = [("registration", bare(mark)) for mark in registrations]
        keys += [("call_sign", bare(call_sign)), ("serial", bare(serial)), ("hex", bare(hex))]
        return tuple(dict.fromkeys(use for key in keys for use in self._by.get(key, ())))
