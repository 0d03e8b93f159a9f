"""Whose aircraft is it? 24-bit addresses and registrations, and whether the two agree.

States hold contiguous blocks of 24-bit addresses, often side by side (DPRK, Iraq and Iran follow each other),
so one wrong digit changes the state: an address is evidence only together with the registration. Some small
blocks exist in two generations; the part that only the newer one has is ``probable``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from overflight.errors import DataError, InputError
from overflight.world.states import name
from overflight.world.tables import table

__all__ = [
    "AddressOrigin",
    "RegistrationOrigin",
    "contradiction",
    "state_of_address",
    "state_of_registration",
]

BLOCK_COLUMNS = ("state", "first", "last", "certainty", "edition", "seen", "note", "source")
REGISTRATION_COLUMNS = (
    *("state", "prefix", "pattern", "form", "block_state", "from", "until", "verified", "note", "source"),
)
ADDRESS = re.compile(r"(?:0X)?([0-9A-F]{6})")


@dataclass(frozen=True, slots=True)
class AddressOrigin:
    """Where a 24-bit address comes from.

    Attributes
    ----------
    address : str
        Six hexadecimal digits, upper case.
    state : str or None
        ISO alpha-3; None when the address lies in no block of the table.
    certainty : str
        ``certain``, ``probable`` or ``unknown``.
    block : (str, str) or None
        First and last address of the block.
    edition : str
        Year of the table of Annex 10 that gives the block.
    seen : date or None
        Date of the source.
    note, source : str
        Remarks; keys of ``sources.csv``.
    """

    address: str
    state: str | None
    certainty: str
    block: tuple[str, str] | None = None
    edition: str = ""
    seen: date | None = None
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class RegistrationOrigin:
    """Which register a registration belongs to.

    Attributes
    ----------
    registration : str
        As given, upper case, without blanks.
    state : str or None
        ISO alpha-3 of the register; None when unknown.
    certainty : str
        ``form`` when it has a form of that register, ``prefix`` when only the prefix fits, ``unknown``.
    form : str
        The forms of the register, d for a digit, A for a letter, x for either.
    block_state : str or None
        The state in whose address block its aircraft are (Hong Kong: CHN).
    verified : bool
        Whether the row was checked against its source.
    note, source : str
        Remarks; keys of ``sources.csv``.
    """

    registration: str
    state: str | None
    certainty: str
    form: str = ""
    block_state: str | None = None
    verified: bool = False
    note: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Register:
    state: str
    prefix: str
    pattern: re.Pattern[str]
    compact: re.Pattern[str]
    form: str
    block_state: str
    start: date | None
    end: date | None
    verified: bool
    note: str
    source: str


@cache
def _blocks() -> tuple[tuple[int, int, AddressOrigin], ...]:
    found = []
    for row in table("address_blocks.csv", BLOCK_COLUMNS):
        first, last = row.needed("first"), row.needed("last")
        if not ADDRESS.fullmatch(first) or not ADDRESS.fullmatch(last) or first > last:
            raise row.fault("first", f"{first}-{last} is no block of six-digit addresses")
        origin = AddressOrigin(
            first,
            row.needed("state"),
            row.choice("certainty", ("certain", "probable")),
            (first, last),
            row.text("edition"),
            row.day("seen"),
            row.text("note"),
            row.text("source"),
        )
        found.append((int(first, 16), int(last, 16), origin))
    found.sort(key=lambda block: block[0])
    for (_, end, one), (start, _, other) in pairwise(found):
        if start <= end:
            raise DataError(
                f"the blocks at {one.address} and {other.address} overlap", where="address_blocks.csv"
            )
    return tuple(found)


@cache
def _registers() -> tuple[_Register, ...]:
    found = []
    for row in table("registrations.csv", REGISTRATION_COLUMNS):
        pattern = row.needed("pattern")
        try:
            full, compact = re.compile(pattern), re.compile(pattern.replace("-?", "").replace("-", "", 1))
        except re.error as error:
            raise row.fault("pattern", f"not a regular expression ({error})") from error
        found.append(
            _Register(
                row.needed("state"),
                row.needed("prefix"),
                full,
                compact if pattern.startswith(f"{row.text('prefix')}-") else full,
                row.needed("form"),
                row.text("block_state") or row.needed("state"),
                row.day("from"),
                row.day("until"),
                row.flag("verified"),
                row.text("note"),
                row.text("source"),
            )
        )
    return tuple(found)


def state_of_address(address: str) -> AddressOrigin:
    """The state that a 24-bit address was given to.

    Parameters
    ----------
    address : str
        Six hexadecimal digits, in any case.

    Returns
    -------
    AddressOrigin
        With state None when the address lies in no block of the table.

    Raises
    ------
    InputError
        Not six hexadecimal digits.

    Examples
    --------
    >>> state_of_address("72012f").state, state_of_address("682455").certainty
    ('PRK', 'probable')
    """
    found = ADDRESS.fullmatch(address.strip().upper())
    if not found:
        raise InputError(f"{address.strip()!r} is not a 24-bit address", mend="give six hexadecimal digits")
    digits = found[1]
    number = int(digits, 16)
    if number in (0, 0xFFFFFF):
        return AddressOrigin(
            digits, None, "unknown", note="all zeros and all ones are never given to an aircraft"
        )
    for first, last, block in _blocks():
        if first <= number <= last:
            return AddressOrigin(
                digits,
                block.state,
                block.certainty,
                block.block,
                block.edition,
                block.seen,
                block.note,
                block.source,
            )
    return AddressOrigin(digits, None, "unknown", note="in no block that the table holds")


def state_of_registration(text: str, on: date | None = None) -> RegistrationOrigin:
    """The register that a registration belongs to.

    Parameters
    ----------
    text : str
        Registration, in any case, with or without its hyphen (flight plans leave it out).
    on : date, optional
        The day of the flight, for prefixes that changed.

    Returns
    -------
    RegistrationOrigin
        With state None when no register of the table has the prefix, or several have and none the form.

    Raises
    ------
    InputError
        An empty text.

    Examples
    --------
    >>> state_of_registration("P-885").state, state_of_registration("4LAWA").state
    ('PRK', 'GEO')
    """
    registration = "".join(text.split()).upper().replace("–", "-").replace("‑", "-")
    if not registration:
        raise InputError(
            "the registration is empty", mend="give it as painted on the aircraft, such as P-885"
        )
    fits = [register for register in _registers() if register.pattern.fullmatch(registration)]
    if not fits and "-" not in registration:
        fits = [register for register in _registers() if register.compact.fullmatch(registration)]
    if len({register.state for register in fits}) == 1:
        return _origin(registration, fits[0], "form", on)
    prefix, hyphen, _ = registration.partition("-")
    by_prefix = fits or [register for register in _registers() if hyphen and register.prefix == prefix]
    states = sorted({register.state for register in by_prefix})
    if not states:
        return RegistrationOrigin(
            registration, None, "unknown", note="no register of the table has this prefix"
        )
    forms = "; ".join(dict.fromkeys(register.form for register in by_prefix))
    if len(states) > 1:
        names = ", ".join(name(state) for state in states)
        note = f"the prefix is shared by {names} and this fits {'several' if fits else 'none'} of their forms"
        return RegistrationOrigin(registration, None, "unknown", forms, note=note)
    return _origin(registration, by_prefix[0], "prefix", on, f"it does not have the form {forms}")


def _origin(
    registration: str, register: _Register, certainty: str, on: date | None, remark: str = ""
) -> RegistrationOrigin:
    notes = [remark, register.note, "" if register.verified else "the form is unverified"]
    if on is not None and register.end is not None and on >= register.end:
        notes.append(f"{register.prefix}- was given up before {register.end.isoformat()}")
    if on is not None and register.start is not None and on < register.start:
        notes.append(f"{register.prefix}- has been in use since {register.start.isoformat()}")
    return RegistrationOrigin(
        registration,
        register.state,
        certainty,
        register.form,
        register.block_state,
        register.verified,
        "; ".join(note.rstrip(".") for note in notes if note),
        register.source,
    )


def contradiction(address: str, registration: str, on: date | None = None) -> str | None:
    """What is wrong between a 24-bit address and a registration.

    Parameters
    ----------
    address, registration : str
        As in `state_of_address` and `state_of_registration`.
    on : date, optional
        The day of the flight.

    Returns
    -------
    str or None
        One line for people; None when they agree, or when one of the two is not known.

    Raises
    ------
    InputError
        As in the two lookups.

    Examples
    --------
    >>> contradiction("720123", "P-885") is None
    True
    """
    by_address = state_of_address(address)
    by_mark = state_of_registration(registration, on)
    if by_address.state is None or by_mark.block_state is None or by_address.state == by_mark.block_state:
        return None
    likely = "probably " if by_address.certainty == "probable" else ""
    told = (
        f"address {by_address.address} is {likely}{_people(by_address.state)}, "
        f"registration {by_mark.registration} is {_people(by_mark.state or by_mark.block_state)}"
    )
    if _one_digit_off(by_address.address, by_mark.block_state):
        told += "; one wrong digit in the address would explain it"
    return told


def _people(state: str) -> str:
    return f"{name(state)} ({state})"


def _one_digit_off(address: str, state: str) -> bool:
    """Whether changing one digit brings an address into a block of a state."""
    changed = (
        int(address[:at] + digit + address[at + 1 :], 16) for at in range(6) for digit in "0123456789ABCDEF"
    )
    blocks = [(first, last) for first, last, block in _blocks() if block.state == state]
    return any(first <= number <= last for number in changed for first, last in blocks)
