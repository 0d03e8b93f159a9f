"""FLIGHT.toml to a `Flight`: every fault is one line that names file, line, field and mend."""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import partial
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from overflight.errors import FlightFileError, InputError
from overflight.world.aerodromes import aerodrome
from overflight.world.aircraft import aircraft as aircraft_type
from overflight.world.flight import Aircraft, Approaches, Flight, Leg, Stop, Window
from overflight.world.states import state
from overflight.world.times import sound_time
from overflight.world.toml_lines import field_lines, line_of

__all__ = ["KINDS", "MAX_BYTES", "parse_flight", "read_flight"]

MAX_BYTES = 1_000_000
KINDS = ("civil scheduled", "civil non-scheduled", "state")

_LONGEST_WINDOW = timedelta(days=31)
_LONGEST_FLIGHT = timedelta(days=92)
_WAY_ROUND_KM = 40_076.0
_T = TypeVar("_T")


def _moment(value: object) -> datetime:
    """A TOML date-time, or a text in RFC 3339, as an instant in UTC; without an offset it is UTC already."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise ValueError(
                "is not a date or a date-time; write 2008-08-07 or 2008-08-07T03:00:00Z"
            ) from None
    if not isinstance(value, datetime):
        raise ValueError("is not a date or a date-time; write 2008-08-07 or 2008-08-07T03:00:00Z")
    return sound_time(value)


def _span(value: object) -> tuple[datetime, datetime]:
    """First and last instant of a day (whole) or an instant."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value.strip()):
        value = _as_date(value.strip())
    if isinstance(value, date) and not isinstance(value, datetime):
        start = _moment(datetime.combine(value, time(), UTC))
        return start, start + timedelta(days=1)
    moment = _moment(value)
    return moment, moment


def _as_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no day of the calendar; check the month and the day") from None


def _window(value: object) -> Window:
    if isinstance(value, list):
        if len(value) != 2:
            raise ValueError(f"has {len(value)} ends; a window is [earliest, latest]")
        (earliest, _), (begin, latest) = _span(value[0]), _span(value[1])
        if begin < earliest and latest < earliest + timedelta(days=1):
            raise ValueError("ends before it begins; a window is [earliest, latest]")
    else:
        earliest, latest = _span(value)
    if latest - earliest > _LONGEST_WINDOW:
        raise ValueError(f"is longer than {_LONGEST_WINDOW.days} days; give the window of one departure")
    return Window(earliest, latest)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError('is not a text; put it in quotes ("…")')
    value = " ".join(value.split())
    if not value:
        raise ValueError("is empty; leave the line out if it is not known")
    if len(value) > 300:
        raise ValueError("is longer than 300 characters; shorten it")
    return value


def _number(low: float, high: float, unit: str, *, zero: bool = False) -> Callable[[object], float]:
    def check(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"is not a number; write it in {unit}, without quotes")
        if not math.isfinite(value) or not (low <= value if zero else low < value) or value > high:
            above = "from" if zero else "above"
            raise ValueError(f"is {value:g}; write {unit} {above} {low:g} and up to {high:g}")
        return float(value)

    return check


def _hex(value: object) -> str:
    text = _text(value).upper()
    if not re.fullmatch(r"[0-9A-F]{6}", text):
        raise ValueError("is not a 24-bit address; write six hexadecimal digits")
    return text


def _kind(value: object) -> str:
    text = _text(value)
    if text not in KINDS:
        raise ValueError(f"is none of {', '.join(KINDS)}; write one of these")
    return text


_Text = Annotated[str, BeforeValidator(_text)]
_When = Annotated[Window, BeforeValidator(_window)]
_Hex = Annotated[str, BeforeValidator(_hex)]
_Kind = Annotated[Literal["civil scheduled", "civil non-scheduled", "state"], BeforeValidator(_kind)]
assert get_args(get_args(_Kind)[0]) == KINDS


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class _AircraftTable(_Table):
    type: _Text
    registration: _Text | None = None
    hex: _Hex | None = None
    serial: _Text | None = None
    range_km: Annotated[float, BeforeValidator(_number(0, _WAY_ROUND_KM, "km"))] | None = None
    payload_t: Annotated[float, BeforeValidator(_number(0, 300, "tonnes", zero=True))] | None = None
    speed_kmh: Annotated[float, BeforeValidator(_number(50, 3000, "km/h", zero=True))] | None = None


class _FlightTable(_Table):
    id: _Text
    operator: _Text
    kind: _Kind
    purpose: _Text | None = None
    cargo: _Text | None = None
    concern: _Text | None = None
    owner: _Text | None = None
    consignee: _Text | None = None
    sources: Annotated[tuple[_Text, ...], Field(max_length=50)] = ()
    aircraft: _AircraftTable


class _LegTable(_Table):
    origin: _Text = Field(alias="from")
    destination: _Text = Field(alias="to")
    departs: _When
    arrives: _When | None = None


class _ApproachesTable(_Table):
    asked: tuple[_Text, ...] = ()
    refused: tuple[_Text, ...] = ()
    unwilling: tuple[_Text, ...] = ()


class _File(_Table):
    flight: _FlightTable
    leg: Annotated[tuple[_LegTable, ...], Field(min_length=1, max_length=20)]
    approaches: _ApproachesTable = _ApproachesTable()


def read_flight(path: str | Path) -> Flight:
    """Read a FLIGHT.toml.

    Raises
    ------
    FlightFileError
        With file, line, field and mend in one line.
    """
    path = Path(path)
    name = str(path)
    if path.is_dir():
        raise FlightFileError("is a folder", where=name, mend="name the FLIGHT.toml in it")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise FlightFileError("no such file", where=name, mend="check the path") from None
    except OSError as error:
        raise FlightFileError(
            f"cannot be read ({error.strerror})", where=name, mend="check its rights"
        ) from None
    if len(data) > MAX_BYTES:
        raise FlightFileError(
            f"is larger than {MAX_BYTES // 1000} kB", where=name, mend="name a FLIGHT.toml, not a data file"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FlightFileError("is not UTF-8", where=f"{name}:{line}", mend="save it as UTF-8") from None
    return parse_flight(text, name=name)


def parse_flight(text: str, *, name: str = "FLIGHT.toml") -> Flight:
    """Parse the text of a FLIGHT.toml; `name` is what errors call the file."""
    if not text.strip():
        raise FlightFileError("is empty", where=name, mend="it needs [flight] and at least one [[leg]]")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(error, name, text) from None
    except RecursionError:
        raise FlightFileError(
            "is nested too deeply", where=name, mend="use the tables that docs name"
        ) from None
    return _Builder(text, name).build(raw)


def _not_toml(error: tomllib.TOMLDecodeError, name: str, text: str) -> FlightFileError:
    message = str(error)
    place = re.search(r"\(at (?:line (\d+), column (\d+)|end of document)\)", message)
    what = re.sub(r"\s*\(at [^)]*\)", "", message)
    if place and place[1]:
        where = f"{name}:{place[1]}:{place[2]}"
        line = text.splitlines()[int(place[1]) - 1 : int(place[1])]
        if line and re.search(r"\d{4}-\d\d-\d\d", line[0]):
            return FlightFileError(
                "not TOML, perhaps a day that does not exist", where=where, mend="write dates as 2008-08-07"
            )
    else:
        where = f"{name}:{len(text.splitlines())}"
    return FlightFileError(f"not TOML: {what[:1].lower()}{what[1:]}", where=where, mend="mend that line")


class _Builder:
    """Turns the parsed tables into a `Flight`, and any fault into a line."""

    def __init__(self, text: str, name: str) -> None:
        self._lines = field_lines(text)
        self._name = name

    def build(self, raw: dict[str, Any]) -> Flight:
        if isinstance(raw.get("leg"), dict):
            raise self._fault(("leg",), "is one table", "write [[leg]] with two brackets, once for each leg")
        try:
            file = _File.model_validate(raw)
        except ValidationError as error:
            raise self._invalid(error) from None
        table = file.flight
        aircraft = table.aircraft
        self._known(("flight", "aircraft", "type"), lambda: aircraft_type(aircraft.type))
        return Flight(
            id=table.id,
            operator=table.operator,
            kind=table.kind,
            aircraft=Aircraft(
                type=aircraft.type,
                registration=aircraft.registration,
                hex=aircraft.hex,
                serial=aircraft.serial,
                range_km=aircraft.range_km,
                payload_t=aircraft.payload_t,
                speed_kmh=aircraft.speed_kmh,
            ),
            legs=self._legs(file.leg),
            purpose=table.purpose,
            cargo=table.cargo,
            concern=table.concern,
            owner=table.owner,
            consignee=table.consignee,
            approaches=self._approaches(file.approaches),
            sources=table.sources,
        )

    def _legs(self, tables: Sequence[_LegTable]) -> tuple[Leg, ...]:
        legs: list[Leg] = []
        for index, table in enumerate(tables):
            origin = self._stop(("leg", index, "from"), table.origin, table.departs)
            destination = self._stop(("leg", index, "to"), table.destination, table.departs)
            leg = Leg(index + 1, origin, destination, table.departs, table.arrives)
            if origin.key == destination.key:
                raise self._fault(
                    ("leg", index, "to"),
                    f"is {destination.icao} again, where the leg begins",
                    "name another aerodrome",
                )
            if leg.arrives is not None:
                if leg.arrives.latest <= leg.departs.earliest:
                    raise self._fault(
                        ("leg", index, "arrives"), "is before the departure", "write times in UTC, in order"
                    )
                if leg.arrives.earliest - leg.departs.latest > timedelta(days=2):
                    raise self._fault(
                        ("leg", index, "arrives"),
                        "is days after the departure",
                        "give each stop its own [[leg]]",
                    )
            if legs:
                self._joins(legs[-1], leg, index)
            legs.append(leg)
        first = legs[0].departs.earliest
        for index, leg in enumerate(legs):
            if leg.departs.earliest - first > _LONGEST_FLIGHT:
                raise self._fault(
                    ("leg", index, "departs"),
                    f"is {(leg.departs.earliest - first).days} days after the first leg",
                    "check the year, or make it a flight of its own",
                )
        return tuple(legs)

    def _joins(self, before: Leg, leg: Leg, index: int) -> None:
        if before.destination.key != leg.origin.key:
            raise self._fault(
                ("leg", index, "from"),
                f"is {leg.origin.icao}, but the leg before ends at {before.destination.icao}",
                "put the legs in order, with none left out",
            )
        arrived = before.arrives.earliest if before.arrives else before.departs.earliest
        if leg.departs.latest <= arrived:
            raise self._fault(
                ("leg", index, "departs"),
                "is before the leg before has arrived",
                "put the legs in order of time",
            )

    def _approaches(self, table: _ApproachesTable) -> Approaches:
        found: dict[str, tuple[str, ...]] = {}
        for field in ("asked", "refused", "unwilling"):
            texts: tuple[str, ...] = getattr(table, field)
            codes = [self._known(("approaches", field), partial(state, text)) for text in texts]
            found[field] = tuple(dict.fromkeys(codes))
        if both := sorted(set(found["refused"]) & set(found["unwilling"])):
            raise self._fault(
                ("approaches", "unwilling"),
                f"names {both[0]}, which has refused",
                "leave it in one of the two",
            )
        return Approaches(**found)

    def _stop(self, path: tuple[str | int, ...], code: str, departs: Window) -> Stop:
        found = self._known(path, lambda: aerodrome(code, departs.day))
        return Stop(
            key=found.key,
            icao=found.icao,
            name=found.name,
            city=found.city,
            state=found.state,
            lon=found.lon,
            lat=found.lat,
            notes=found.notes,
            source=found.source,
        )

    def _known(self, path: tuple[str | int, ...], look_up: Callable[[], _T]) -> _T:
        try:
            return look_up()
        except InputError as error:
            raise self._fault(path, error.what, error.mend) from None

    def _fault(self, path: Sequence[str | int], what: str, mend: str | None) -> FlightFileError:
        line = line_of(self._lines, path)
        place = f"{self._name}:{line}" if line else self._name
        return FlightFileError(what, where=f"{place}: {_spoken(path)}", mend=mend)

    def _invalid(self, error: ValidationError) -> FlightFileError:
        # A misspelt field is two faults, one missing and one unknown; the unknown one shows the slip.
        faults = error.errors(include_url=False)
        first = min(faults, key=lambda fault: fault["type"] != "extra_forbidden")
        path = tuple(part for part in first["loc"] if not str(part).startswith("function-"))
        kind = first["type"]
        if kind == "extra_forbidden":
            return self._fault(path, "is no field of this table", _closest(path))
        if kind == "missing":
            table = path[0] in ("flight", "leg") and len(path) == 1
            mend = f"add {'[[leg]]' if path == ('leg',) else '[flight]'}" if table else "add it"
            return self._fault(path, "is missing", mend)
        if kind == "too_short":
            return self._fault(path, "is empty", "give at least one [[leg]]")
        if kind == "too_long":
            return self._fault(path, "has too many entries", "split the flight")
        if kind in ("tuple_type", "list_type"):
            return self._fault(path, "is not a list", 'write a list such as ["IND", "PAK"]')
        if kind in ("model_type", "dict_type", "model_attributes_type"):
            spoken = '{ type = "IL62" }' if path[-1] == "aircraft" else f"[{path[0]}]"
            return self._fault(path, "is not a table", f"write it as {spoken}")
        what, _, mend = first["msg"].removeprefix("Value error, ").partition("; ")
        return self._fault(path, what, mend or None)


_TABLES: dict[tuple[str, ...], type[BaseModel]] = {
    (): _File,
    ("flight",): _FlightTable,
    ("flight", "aircraft"): _AircraftTable,
    ("leg",): _LegTable,
    ("approaches",): _ApproachesTable,
}


def _closest(path: Sequence[str | int]) -> str:
    table = _TABLES.get(tuple(str(part) for part in path[:-1] if not isinstance(part, int)), _File)
    names = [field.alias or name for name, field in table.model_fields.items()]
    near = get_close_matches(str(path[-1]), names, 1, 0.6)
    return f"did you mean {near[0]}?" if near else f"its fields are {', '.join(names)}"


def _spoken(path: Sequence[str | int]) -> str:
    """``("leg", 1, "from")`` as a person says it: leg 2, from."""
    words: list[str] = []
    for part in path:
        if isinstance(part, int):
            words[-1] = f"{words[-1]} {part + 1}"
        else:
            words.append(part)
    return ", ".join(words)
