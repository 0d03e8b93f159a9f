"""From labelled values to an `Application`, whatever file they came from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, lru_cache, partial
from itertools import pairwise
from typing import Any

from overflight.permit import values
from overflight.permit.application import Application, Fault, Sector
from overflight.permit.codes import DATA
from overflight.permit.schedule import read_schedule
from overflight.world.tables import records

__all__ = ["Cell", "field_of", "fill"]

_COLUMNS = ("label", "field", "source")
#: How each field of the model is read; fields that the itinerary is made of are read apart.
_READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(
        (
            *("id", "permit_kind", "permit_number", "diplomatic_note", "applicant", "operator", "owner"),
            *("charterer", "agent", "type", "serial", "purpose", "entry_point", "exit_point", "route"),
            *("cargo", "consignor", "consignee", "munitions_permit", "insurance"),
        ),
        values.words,
    ),
    **dict.fromkeys(
        ("operator_state", "owner_state", "charterer_state", "register_state"), values.state_code
    ),
    **dict.fromkeys(("dangerous_goods", "munitions", "return_empty", "vip"), values.flag),
    **dict.fromkeys(("crew", "passengers"), values.count),
    **dict.fromkeys(("true_origin", "true_destination"), values.place),
}
#: ``BIDEX AT 0610Z``
_POINT_AND_TIME = re.compile(r"(\S+)\s*(?:\bAT\b|@|/|\s)\s*([0-2][0-9]:?[0-5][0-9]\s?Z?)", re.IGNORECASE)
_KINDS = {
    "state": re.compile(r"\b(?:state|military|government|governmental|customs|police|diplomatic)\b", re.I),
    "civil non-scheduled": re.compile(
        r"\b(?:non[- ]?scheduled|nonscheduled|charter|ad[- ]?hoc|private|general|ferry|ambulance)\b", re.I
    ),
    "civil scheduled": re.compile(r"\bscheduled\b", re.I),
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One labelled value as it stands in a file."""

    label: str
    text: str
    #: Line of a text file, where it differs from that of the application.
    line: int | None = None


def _key(label: str) -> str:
    parted = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", label)
    return " ".join(re.sub(r"[^0-9a-z]+", " ", parted.casefold()).split())


@cache
def _labels() -> dict[str, str]:
    return {_key(row.needed("label")): row.needed("field") for row in records(DATA / "labels.csv", _COLUMNS)}


@lru_cache(maxsize=4096)
def field_of(label: str) -> str | None:
    """The field of the form that a header or label means; None when nobody knows it.

    >>> field_of("Nationality and registration marks"), field_of("ETD (UTC)"), field_of("colour")
    ('registrations', 'etd', None)
    """
    if len(label) > 100:
        return None
    labels = _labels()
    if (found := labels.get(_key(label))) is not None:
        return found
    if (found := labels.get(_key(re.sub(r"\([^)]*\)", " ", label)))) is not None:
        return found
    # Nested names: the whole first ("aircraft type"), then the last part.
    return labels.get(_key(label.rsplit(".", 1)[-1])) if "." in label else None


class _Form:
    def __init__(self, row: int, cells: Iterable[Cell]) -> None:
        self.row = row
        self.read: dict[str, Any] = {}
        self.texts: dict[str, Cell] = {}
        self.unread: dict[str, None] = {}
        self.faults: list[Fault] = []
        for cell in cells:
            field = field_of(cell.label)
            if field == "type_registration":
                self._take_both(cell)
            elif field is None:
                self.unread[" ".join(cell.label.split())[:60]] = None
            elif field not in ("person", "known"):
                self._take(field, cell)

    def _take(self, field: str, cell: Cell) -> None:
        before = self.texts.get(field)
        if before is None or values.words(before.text) is None:
            self.texts[field] = cell
        elif values.words(cell.text) not in (None, values.words(before.text)):
            self.fault(cell, "is given a second time with another value", "say it once")

    def _take_both(self, cell: Cell) -> None:
        """Type and registration in one cell: ``IL76TD / 4L-AWA``."""
        kind, _, mark = cell.text.partition("/")
        self._take("type", Cell(cell.label, kind, cell.line))
        self._take("registrations", Cell(cell.label, mark, cell.line))

    def fault(self, cell: Cell, what: str, mend: str = "") -> None:
        row = cell.line if cell.line is not None else self.row
        self.faults.append(Fault(row, " ".join(cell.label.split())[:60], what, mend))

    def value(self, field: str, reader: Callable[[str], Any]) -> Any:
        cell = self.texts.get(field)
        if cell is None:
            return None
        try:
            return reader(cell.text)
        except ValueError as error:
            what, _, mend = str(error).partition("; ")
            shown = " ".join(cell.text.split())
            self.fault(cell, f"{shown[:40]!r} {what}", mend)
            return None


def fill(row: int, cells: Iterable[Cell], source: str = "", sectors: Iterable[Sector] = ()) -> Application:
    """An application from labelled values.

    What cannot be understood becomes a fault of the application, which keeps the rest. `sectors` are legs
    that the file gave by themselves.
    """
    form = _Form(row, cells)
    read: dict[str, Any] = {}
    for field, reader in _READERS.items():
        if field in form.texts:
            read[field] = form.value(field, reader)
    for field in ("operator", "charterer"):
        # "Name and address": the name ends at the first comma.
        if field in form.texts and "address" in _key(form.texts[field].label).split() and read[field]:
            read[field] = read[field].partition(",")[0].strip() or None
    read["operator_code"] = form.value("operator_code", _designator)
    read["registrations"] = form.value("registrations", _registrations) or ()
    read["hex"] = form.value("hex", _hex)
    read["call_sign"] = form.value("call_sign", _call_sign)
    read["flight_kind"] = form.value("flight_kind", _kind)
    for field, bare in (("mtow", True), ("cargo_t", False)):
        label = form.texts[field].label if field in form.texts else ""
        read["mtow_t" if field == "mtow" else field] = form.value(
            field, partial(values.tonnes, label=label, bare=bare)
        )
    dof = "date" in form.texts and "dof" in _key(form.texts["date"].label).split()
    on = form.value("date", partial(values.day, dof=dof))
    given = tuple(sectors)
    read["sectors"] = given or _sectors(form, on)
    departs = read["sectors"][0].departs if read["sectors"] else on
    for end in ("entry", "exit"):
        field = f"{end}_time"
        point = _POINT_AND_TIME.fullmatch(read.get(f"{end}_point") or "")
        if point and field not in form.texts:
            read[f"{end}_point"] = point[1]
            form.texts[field] = replace(form.texts[f"{end}_point"], text=point[2])
        read[field] = _after(form, field, on or _date(departs), departs)
    stated = {*form.texts, *({"itinerary"} if given else ())}
    return Application(
        row=row,
        unread=tuple(form.unread),
        faults=tuple(form.faults),
        stated=frozenset(stated),
        source=source,
        **read,
    )


def _sectors(form: _Form, on: date | None) -> tuple[Sector, ...]:
    departs = form.value("etd", partial(values.moment, on=on))
    if departs is None:
        departs = on
    arrival_day = form.value("arrival_date", values.day)
    if arrival_day is None:
        arrives = _after(form, "eta", _date(departs), departs)
    else:
        arrives = form.value("eta", partial(values.moment, on=arrival_day)) or arrival_day
    if "itinerary" in form.texts:
        timetable: tuple[Sector, ...] | None = form.value("itinerary", partial(read_schedule, on=on))
        if timetable or timetable is None:
            return timetable or ()
    stops = form.value("itinerary", values.places) or ()
    if not stops:
        ends = form.value("origin", values.place), form.value("destination", values.place)
        stops = tuple(end for end in ends if end) if all(ends) else ()
    legs = [Sector(*pair) for pair in pairwise(stops)]
    if legs:
        legs[0] = Sector(legs[0].origin, legs[0].destination, departs, legs[0].arrives)
        last = legs[-1]
        legs[-1] = Sector(last.origin, last.destination, last.departs, arrives)
    return tuple(legs)


def _date(moment: datetime | date | None) -> date | None:
    return moment.date() if isinstance(moment, datetime) else moment


def _after(
    form: _Form, field: str, on: date | None, departs: datetime | date | None
) -> datetime | date | None:
    """A time of day without a day of its own, before the departure, is the day after."""
    found: datetime | date | None = form.value(field, partial(values.moment, on=on))
    if not (isinstance(found, datetime) and isinstance(departs, datetime)) or found > departs:
        return found
    try:
        values.moment(form.texts[field].text)
    except ValueError:
        return found + timedelta(days=1)
    return found


def _designator(text: str) -> str | None:
    found = values.code(text)
    if found is not None and not re.fullmatch(r"[A-Z]{3}", found):
        raise ValueError("is no ICAO designator of three letters; write it as KOR")
    return found


def _registrations(text: str) -> tuple[str, ...]:
    line = values.words(text)
    if line is None:
        return ()
    found = [part for part in re.split(r"\s*[,;/|]\s*|\s+(?:or|and)\s+", line.upper()) if part]
    marks = ["".join(part.split()).replace("–", "-").replace("‑", "-") for part in found]
    for mark in marks:
        if not re.fullmatch(r"[A-Z0-9]{1,5}-?[A-Z0-9]{1,7}", mark):
            raise ValueError("is no registration; write it as painted on the aircraft, such as P-885")
    return tuple(dict.fromkeys(marks))


def _hex(text: str) -> str | None:
    found = values.code(text)
    if found is not None and not re.fullmatch(r"(?:0X)?[0-9A-F]{6}", found):
        raise ValueError("is no 24-bit address; write six hexadecimal digits")
    return found[-6:] if found else None


def _call_sign(text: str) -> str | None:
    found = values.code(text)
    if found is not None and not re.fullmatch(r"[A-Z0-9-]{1,8}", found):
        raise ValueError("is no call sign; write it as KOR621")
    return found


def _kind(text: str) -> str | None:
    line = values.words(text)
    if line is None:
        return None
    for kind, form in _KINDS.items():
        if form.search(line):
            return kind
    raise ValueError("is none of civil scheduled, civil non-scheduled, state; write one of these")
