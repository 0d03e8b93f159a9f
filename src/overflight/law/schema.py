"""What the fields of each table may say: rows to models, every fault with file, line and column."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

from overflight.law.measure import (
    BINDINGS,
    KINDS,
    LINKS,
    OPTIONS,
    ROLES,
    TRIGGERS,
    Condition,
    Dispute,
    Endorsement,
    Exemption,
    Measure,
    Membership,
    Party,
    Period,
    Position,
    Practice,
    Support,
)
from overflight.law.tables import WIDE, Row
from overflight.law.words import CATEGORIES, CIRCUMSTANCES, CONDITIONS
from overflight.world.states import alpha3_codes

__all__ = ["parse"]


def parse(kind: str, row: Row, own: bool = False) -> object:
    """The model of one row.

    Raises
    ------
    overflight.errors.LawError
        A field that the schema refuses, or no source.
    """
    row.source()
    return _READERS[kind](row, own)


def _measure(row: Row, own: bool) -> Measure:
    adopted = row.needed("adopted")
    if len(adopted) not in (4, 7, 10) or not adopted.replace("-", "").isdigit():
        raise row.fault(
            "adopted", f"{adopted!r} is no day, month or year", "write 2016-03-02, 2016-03 or 2016"
        )
    try:
        day = date.fromisoformat(f"{adopted}-01-01"[:10] if len(adopted) == 4 else f"{adopted}-01"[:10])
    except ValueError:
        raise row.fault("adopted", f"{adopted!r} is no day, month or year") from None
    start = row.start("in_force_from")
    if start.date() < day:
        raise row.fault("in_force_from", f"lies before {adopted}, the day of adoption")
    until = row.ordered("in_force_from", "in_force_until")
    links = row.words("links")
    targets = row.states("target")
    for link in links:
        row.one_of("links", link, LINKS)
    if bool(links) != bool(targets):
        raise row.fault("links", "a target needs links and links need a target")
    cargo = row.words("cargo")
    for word in cargo:
        row.one_of("cargo", word, (*CATEGORIES, "*", "prohibited"))
    if not (applies := row.states("applies_to", WIDE)):
        raise row.fault("applies_to", "the field is empty", "name states, a group, UN or *")
    return Measure(
        id=_id(row),
        instrument=row.needed("instrument"),
        paragraph=row.text("paragraph"),
        adopted=adopted,
        periods=(Period(start, until, source=row.text("source")),),
        applies_to=applies,
        targets=targets,
        links=links,
        kind=row.choice("kind", KINDS),
        binding=row.choice("binding", BINDINGS),
        trigger=row.choice("trigger", TRIGGERS),
        cargo=cargo,
        carriers=tuple(part.strip() for part in row.text("carriers").split("|") if part.strip()),
        when=tuple(_conditions(row)),
        supports=tuple(_supports(row)),
        effect=row.needed("effect"),
        exemptions=tuple(_exemptions(row)),
        clock=_clock(row),
        verified=_verified(row, own),
        unverified=row.text("unverified"),
        key=row.text("key"),
        note=row.text("note"),
        source=row.source(),
        own=own,
    )


def _id(row: Row) -> str:
    value = row.needed("id")
    if len(value) > 60 or not value.isascii() or any(not (c.isalnum() or c in "-./_") for c in value):
        raise row.fault("id", f"{value!r} is no id", "use letters, digits, - . / _")
    return value


def _verified(row: Row, own: bool) -> bool:
    """A shipped row that calls itself verified must name the copy that was compared."""
    if (yes := row.flag("verified")) and not own and not row.text("key"):
        raise row.fault("key", "a verified row names the copy that it was compared with")
    return yes


def _conditions(row: Row) -> Iterator[Condition]:
    for word in row.words("when"):
        key, equals, values = word.partition("=")
        if not equals or key not in CONDITIONS:
            raise row.fault("when", f"{word!r} is no condition", f"known are {', '.join(CONDITIONS)}")
        allowed = CONDITIONS[key] or alpha3_codes()
        for value in values.split("|"):
            row.one_of("when", value, tuple(allowed))
        yield Condition(key, frozenset(values.split("|")))


def _supports(row: Row) -> Iterator[Support]:
    for word in row.words("supports"):
        option, equals, role = word.partition("=")
        if not equals:
            raise row.fault("supports", f"{word!r} is not OPTION=ROLE")
        yield Support(row.one_of("supports", option, (*OPTIONS, "*")), row.one_of("supports", role, ROLES))


def _exemptions(row: Row) -> Iterator[Exemption]:
    for piece in row.text("exemptions").split("|"):
        if not piece.strip():
            continue
        code, colon, text = piece.partition(":")
        doubt = code.strip().endswith("?")
        code = code.strip().removesuffix("?")
        if not colon or not text.strip():
            raise row.fault("exemptions", f"{piece.strip()!r} is not CODE: TEXT")
        yield Exemption(row.one_of("exemptions", code, CIRCUMSTANCES), text.strip(), not doubt)


def _clock(row: Row) -> str:
    words = row.words("clock")
    if words:
        row.one_of("clock", words[0], ("5wd", "10wd", "30d", "60d", "prompt"))
        if len(words) > 2:
            raise row.fault("clock", "is CLOCK and at most one id")
    return " ".join(words)


def _period(row: Row, own: bool) -> tuple[str, Period]:
    status = row.choice("status", ("in force", "contested", "suspended"))
    if (status == "contested") != bool(row.text("dispute")):
        raise row.fault("dispute", "a contested period names its dispute, any other none")
    return row.needed("measure"), Period(
        row.start("from"),
        row.ordered("from", "until"),
        status,
        row.text("dispute"),
        row.choice("held_by", ("applies", "rejects")) if row.text("dispute") else "applies",
        _verified(row, own),
        row.text("note"),
        row.source(),
    )


def _dispute(row: Row, own: bool) -> Dispute:
    return Dispute(
        _id(row),
        row.needed("title"),
        row.needed("question"),
        row.start("from"),
        row.text("key"),
        row.text("note"),
        row.source(),
    )


def _position(row: Row, own: bool) -> Position:
    if len(row.states("state", WIDE)) != 1:
        raise row.fault("state", "name one state or group")
    return Position(
        row.needed("dispute"),
        row.text("state"),
        row.choice("position", ("applies", "rejects", "silent")),
        row.start("from"),
        row.ordered("from", "until"),
        _verified(row, own),
        row.text("key"),
        row.text("note"),
        row.source(),
        own,
    )


def _one_state(row: Row) -> str:
    if len(row.states("state")) != 1:
        raise row.fault("state", "name one state")
    return row.text("state")


def _membership(row: Row, own: bool) -> Membership:
    return Membership(
        row.needed("group"),
        _one_state(row),
        row.moment("from"),
        row.ordered("from", "until"),
        row.flag("verified"),
        row.text("note"),
        row.source(),
    )


def _endorsement(row: Row, own: bool) -> Endorsement:
    precision = row.choice("precision", ("day", "by", "unknown"))
    if (precision == "unknown") != (row.moment("from") is None):
        raise row.fault("precision", "is unknown exactly when no day is given")
    return Endorsement(
        _one_state(row),
        row.choice("status", ("endorsed", "suspended", "supports", "opposed", "not listed")),
        row.moment("from"),
        row.ordered("from", "until"),
        precision,
        _verified(row, own),
        row.text("key"),
        row.text("note"),
        row.source(),
    )


def _party(row: Row, own: bool) -> Party:
    return Party(
        row.needed("convention"),
        _one_state(row),
        row.choice("status", ("party", "signed", "not party")),
        row.moment("from"),
        row.ordered("from", "until"),
        _verified(row, own),
        row.text("key"),
        row.text("note"),
        row.source(),
    )


def _practice(row: Row, own: bool) -> Practice:
    if not (states := row.states("states", WIDE)):
        raise row.fault("states", "the field is empty")
    return Practice(
        _id(row),
        states,
        row.start("from"),
        row.needed("since"),
        row.ordered("from", "until"),
        row.needed("policy"),
        row.choice("option", (*OPTIONS, "")),
        row.text("basis"),
        row.flag("law"),
        _verified(row, own),
        row.text("key"),
        row.text("note"),
        row.source(),
        own,
    )


def _source_key(row: Row, own: bool) -> str:
    row.needed("title")
    return row.needed("key")


_READERS: dict[str, Callable[[Row, bool], object]] = {
    "measures": _measure,
    "periods": _period,
    "disputes": _dispute,
    "positions": _position,
    "groups": _membership,
    "psi": _endorsement,
    "parties": _party,
    "practice": _practice,
    "sources": _source_key,
}
