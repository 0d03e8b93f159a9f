"""Red flags that an application raises by itself, without any list.

Each names what was found and on what ground. A flag is a question to ask, not a finding against anybody: wet
leases, brokers and changed registrations are lawful and common.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from overflight.errors import InputError
from overflight.permit.application import Application
from overflight.permit.codes import DATA
from overflight.permit.flag import FLAGS, Flag, KnownUse, Register
from overflight.permit.flags_flight import Stops, ends, ranges, times
from overflight.permit.flags_identity import history, identity, parties
from overflight.permit.flights import stop_of
from overflight.world.flight import Stop
from overflight.world.tables import records

__all__ = ["flags", "uses_of"]


def flags(
    application: Application, known: Iterable[KnownUse] | Register = (), on: date | None = None
) -> tuple[Flag, ...]:
    """The red flags of one application.

    Parameters
    ----------
    application : Application
        As read.
    known : iterable of KnownUse, or Register
        Earlier uses of registrations and call signs: a register, other applications of the same batch
        (`uses_of`).
    on : date, optional
        Day of the flight, when the application states none.

    Returns
    -------
    tuple of Flag
        In the order of `FLAGS`.
    """
    day = application.day or on
    stops = _stops(application, day)
    found = [
        *_unreadable(application),
        *ends(application, stops),
        *ranges(application, stops),
        *times(application, stops),
        *parties(application, day),
        *identity(application, day),
        *history(application, _about(application, known), day),
        *_goods(application),
        *_form(application),
    ]
    order = {kind: n for n, kind in enumerate(FLAGS)}
    return tuple(sorted(dict.fromkeys(found), key=lambda flag: order[flag.kind]))


def _about(application: Application, known: Iterable[KnownUse] | Register) -> tuple[KnownUse, ...]:
    register = known if isinstance(known, Register) else Register(known)
    return register.about(
        application.registrations, application.call_sign, application.serial, application.hex
    )


def uses_of(application: Application) -> tuple[KnownUse, ...]:
    """What an application says of its aircraft, for those that follow: one known use a registration."""
    day = application.day
    return tuple(
        KnownUse(
            registration=mark,
            call_sign=application.call_sign or "",
            # Several aircraft share neither a serial number nor an address.
            serial=(application.serial or "") if len(application.registrations) == 1 else "",
            hex=(application.hex or "") if len(application.registrations) == 1 else "",
            type=application.type or "",
            operator=application.operator_code or application.operator or "",
            since=day,
            until=day,
            source=application.source or f"application, row {application.row}",
        )
        for mark in application.registrations
    )


def _stops(application: Application, day: date | None) -> Stops:
    def known(code: str) -> Stop | None:
        try:
            return stop_of(code, day)
        except InputError:
            return None

    return tuple((known(sector.origin), known(sector.destination)) for sector in application.sectors)


def _unreadable(application: Application) -> Iterator[Flag]:
    for fault in application.faults:
        yield Flag("unreadable", str(fault), "as it stands in the file", True)


# --- what is on board ---------------------------------------------------------------------------------


@cache
def _vague() -> tuple[tuple[str, str, str], ...]:
    rows = records(DATA / "vague_cargo.csv", ("words", "note", "source"))
    return tuple((row.needed("words"), row.text("note"), row.needed("source")) for row in rows)


def _goods(application: Application) -> Iterator[Flag]:
    if application.munitions:
        permit = application.munitions_permit
        told = (
            f"munitions of war are declared, permit {permit}"
            if permit
            else "munitions of war are declared without a permit"
        )
        yield Flag("munitions", told, "as stated", True)
    text = " ".join((application.cargo or "").casefold().split())
    for words, note, source in _vague():
        if words in text:
            yield Flag(
                "cargo-vague",
                f"the cargo is called {words}",
                f"{note}; {source}",
                "no publication" not in source,
            )
    loaded = bool(application.cargo_t) or (bool(text) and text not in _NO_CARGO)
    if loaded:
        absent = [word for word in ("consignee", "consignor") if getattr(application, word) is None]
        if absent:
            yield Flag(
                "consignee-absent", f"cargo without a {' or '.join(absent)}", "the fields are empty", True
            )


_NO_CARGO = frozenset({"nil", "none", "no", "no cargo", "nil cargo", "empty", "baggage", "passenger baggage"})


def _form(application: Application) -> Iterator[Flag]:
    if application.return_empty:
        yield Flag("return-empty", "the return leg is empty", "as stated", True)
    if application.plan is None:
        absent = [
            word
            for word in ("entry", "exit")
            if getattr(application, f"{word}_point") is None and f"{word}_point" in application.stated
        ]
        if absent:
            yield Flag(
                "entry-exit", f"the {' and the '.join(absent)} point is left out", "the field is empty", True
            )
