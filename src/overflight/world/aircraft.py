"""Aircraft types: what they weigh, carry and reach, with a letter of confidence on every figure.

All figures are published or commonly quoted ones; sources differ by 10 to 25 per cent, so most are intervals.
A designator such as IL76 stands for several variants: looking it up gives the commonest, with the others as
`siblings`. The model that turns these figures into a verdict is `overflight.route.range`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from math import sqrt
from types import MappingProxyType

from overflight.errors import DataError, UnknownCodeError
from overflight.world.tables import Row, table

__all__ = ["CONFIDENCES", "AircraftType", "PayloadRange", "aircraft", "designators"]

Interval = tuple[float, float]

COLUMNS = (
    *("key", "designator", "default", "name", "aliases", "mtow_t", "payload_max_t"),
    *("pay_payload_t", "pay_range_km", "pay_reserves", "mid_payload_t", "mid_range_km"),
    *("fuel_payload_t", "fuel_range_km", "fuel_reserves", "cruise_kmh", "ceiling_fl", "field_m"),
    *("confidence", "note", "source"),
)
OPENAP_COLUMNS = ("designator", "name", "mtow_t", "range_km", "mach", "ceiling_fl", "source")
DESIGNATOR_COLUMNS = ("designator", "name", "models", "wake", "source")
CONFIDENCES: Mapping[str, str] = MappingProxyType(
    {
        "A": "from a source that was seen",
        "B": "a widely repeated value, not verified",
        "C": "rough, not verified",
    }
)
FIGURES = ("mtow", "payload", "pay", "fuel", "cruise", "ceiling", "field")
RESERVES = ("in", "assumed", "out")


@dataclass(frozen=True, slots=True)
class PayloadRange:
    """One point of a payload-range diagram.

    Attributes
    ----------
    payload_t : (float, float) or None
        Payload in tonnes, low and high; None for the maker's usual load of passengers.
    range_km : (float, float)
        Still-air range, low and high.
    reserves : str
        Whether fuel reserves are left at the end of this range: ``in`` (the source says so), ``assumed``
        (the source does not say) or ``out`` (a ferry range, to dry tanks).
    confidence : str
        A, B or C, see `CONFIDENCES`.
    """

    payload_t: Interval | None
    range_km: Interval
    reserves: str
    confidence: str


@dataclass(frozen=True, slots=True)
class AircraftType:
    """One type or variant. Figures that nobody holds are None.

    Attributes
    ----------
    key : str
        Lasting name of the row, such as IL62M.
    designator : str
        ICAO type designator, such as IL62.
    name : str
        Name for people, such as Il-62M.
    mtow_t, payload_max_t : (float, float) or None
        Greatest take-off weight and payload, tonnes, low and high.
    ranges : tuple of PayloadRange
        From the greatest payload to the least; empty where no range is held.
    cruise_kmh : (float, float) or None
        Cruising speed over the air mass, km/h, low and high: the interval for times.
    ceiling_fl : int or None
        Ceiling as a flight level.
    field_m : (float, float) or None
        Dry take-off field at sea level, standard atmosphere, metres.
    confidence : tuple of (str, str)
        A letter for each of ``mtow payload pay fuel cruise ceiling field`` that has a figure.
    note, source : str
        Remarks; keys of ``sources.csv``.
    siblings : tuple of AircraftType
        Other variants that the text asked for may mean; empty when a variant was named.
    """

    key: str
    designator: str
    name: str
    mtow_t: Interval | None
    payload_max_t: Interval | None
    ranges: tuple[PayloadRange, ...]
    cruise_kmh: Interval | None
    ceiling_fl: int | None
    field_m: Interval | None
    confidence: tuple[tuple[str, str], ...]
    note: str
    source: str
    siblings: tuple[AircraftType, ...] = ()


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.upper())
    return "".join(c for c in plain if c.isascii() and c.isalnum())


@cache
def _own() -> tuple[dict[str, AircraftType], dict[str, str], dict[str, tuple[str, ...]]]:
    """Rows of ``aircraft.csv`` by key; spellings with key or designator; designators with their keys."""
    types: dict[str, AircraftType] = {}
    spellings: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    defaults: set[str] = set()
    for row in table("aircraft.csv", COLUMNS):
        entry = _own_type(row)
        if entry.key in types:
            raise row.fault("key", f"{entry.key} is there twice")
        types[entry.key] = entry
        default = row.flag("default")
        if default:
            if entry.designator in defaults:
                raise row.fault("default", f"{entry.designator} has two defaults")
            defaults.add(entry.designator)
        group = groups.setdefault(entry.designator, [])
        group.insert(0 if default else len(group), entry.key)
        spellings.setdefault(_key(entry.designator), entry.designator)
        for spelling in (entry.key, entry.name, *row.words("aliases", by="|")):
            # A star marks a family name: it means the designator, not this one variant.
            meant = entry.designator if spelling.startswith("*") else entry.key
            if spellings.setdefault(_key(spelling), meant) not in (meant, entry.designator):
                raise row.fault("aliases", f"{spelling!r} also stands for {spellings[_key(spelling)]}")
    if without := groups.keys() - defaults:
        raise DataError(f"no variant of {min(without)} is the default", where="aircraft.csv")
    return types, spellings, {code: tuple(keys) for code, keys in groups.items()}


def _own_type(row: Row) -> AircraftType:
    confidence = {}
    for pair in row.words("confidence"):
        figure, _, letter = pair.partition(":")
        if figure not in FIGURES or letter not in CONFIDENCES:
            raise row.fault("confidence", f"{pair!r} is not FIGURE:LETTER")
        confidence[figure] = letter
    ranges = []
    for point, figure in (("pay", "pay"), ("mid", "pay"), ("fuel", "fuel")):
        reach = row.interval(f"{point}_range_km")
        if reach is None:
            continue
        if figure not in confidence:
            raise row.fault("confidence", f"no letter for the range {point}_range_km")
        reserves = row.choice(f"{figure}_reserves", RESERVES)
        ranges.append(PayloadRange(row.interval(f"{point}_payload_t"), reach, reserves, confidence[figure]))
    return AircraftType(
        key=row.needed("key"),
        designator=row.needed("designator"),
        name=row.needed("name"),
        mtow_t=row.interval("mtow_t"),
        payload_max_t=row.interval("payload_max_t"),
        ranges=tuple(ranges),
        cruise_kmh=row.interval("cruise_kmh"),
        ceiling_fl=_level(row),
        field_m=row.interval("field_m"),
        confidence=tuple(confidence.items()),
        note=row.text("note"),
        source=row.text("source"),
    )


def _level(row: Row) -> int | None:
    level = row.number("ceiling_fl")
    return None if level is None else round(level)


@cache
def _openap() -> dict[str, AircraftType]:
    found = {}
    for row in table("aircraft_openap.csv", OPENAP_COLUMNS):
        reach, mach = row.interval("range_km"), row.number("mach")
        figures = (
            {"mtow": "C", "ceiling": "C"}
            | ({"fuel": "C"} if reach else {})
            | ({"cruise": "C"} if mach else {})
        )
        code = row.needed("designator")
        found[code] = AircraftType(
            key=code,
            designator=code,
            name=row.needed("name"),
            mtow_t=row.interval("mtow_t"),
            payload_max_t=None,
            ranges=(PayloadRange(None, reach, "assumed", "C"),) if reach else (),
            cruise_kmh=_kmh(mach) if mach else None,
            ceiling_fl=_level(row),
            field_m=None,
            confidence=tuple(figures.items()),
            note="The range is for a usual load of passengers; none with the greatest payload is held.",
            source=row.text("source"),
        )
    return found


# Speed of sound in dry air, m/s per square root of a kelvin; temperature of the standard atmosphere above
# 11 km, and how far a day may lie from it.
SOUND = sqrt(1.4 * 287.05287)
TROPOPAUSE_K, SPREAD_K = 216.65, 10.0


def _kmh(mach: float) -> Interval:
    """The interval of true airspeeds that a Mach number means at cruising height."""
    low, high = (3.6 * mach * SOUND * sqrt(TROPOPAUSE_K + off) for off in (-SPREAD_K, SPREAD_K))
    return round(low), round(high)


@cache
def _coded() -> tuple[dict[str, AircraftType], dict[str, tuple[str, ...]]]:
    """Designators without figures; and model names with the designators that they may mean."""
    types: dict[str, AircraftType] = {}
    models: dict[str, tuple[str, ...]] = {}
    words: dict[str, tuple[str, ...]] = {}
    for row in table("aircraft_designators.csv", DESIGNATOR_COLUMNS):
        code = row.needed("designator")
        types[code] = AircraftType(
            key=code,
            designator=code,
            name=row.needed("name"),
            mtow_t=None,
            payload_max_t=None,
            ranges=(),
            cruise_kmh=None,
            ceiling_fl=None,
            field_m=None,
            confidence=(),
            note="No figures are held for this type.",
            source=row.text("source"),
        )
        names = (row.text("name"), *row.words("models", by="|"))
        for model in dict.fromkeys(map(_key, names)):
            models[model] = (*models.get(model, ()), code)
        # "An-225" means the "An-225 Mriya", unless a model is called just that.
        for word in dict.fromkeys(_key(name.split()[0]) for name in names[1:]):
            if len(word) > 2 and any(c.isdigit() for c in word):
                words[word] = (*words.get(word, ()), code)
    return types, words | models


def aircraft(text: str) -> AircraftType:
    """The type behind a designator or a name.

    Parameters
    ----------
    text : str
        ICAO designator, variant or name, in any case, with or without blanks and hyphens.

    Returns
    -------
    AircraftType
        For a designator that covers several variants the commonest, with the others as `siblings`.

    Raises
    ------
    UnknownCodeError
        Nobody knows it; the message names the nearest types.

    Examples
    --------
    >>> aircraft("Il-62M").designator
    'IL62'
    >>> aircraft("AN124").designator
    'A124'
    """
    wanted = _key(text)
    types, spellings, groups = _own()
    if (meant_key := spellings.get(wanted)) is not None:
        if meant_key not in groups:
            return types[meant_key]
        first, *others = (types[key] for key in groups[meant_key])
        return replace(first, siblings=tuple(others))
    if wanted in _openap():
        return _openap()[wanted]
    coded, models = _coded()
    if wanted not in coded:
        meant = models.get(wanted, ())
        if len(meant) != 1:
            raise UnknownCodeError(
                f"{text.strip()!r} is not one known aircraft type", mend=_mend(wanted, meant)
            )
        if meant[0] in groups or meant[0] in _openap():
            return aircraft(meant[0])
        wanted = meant[0]
    return coded[wanted]


def designators() -> tuple[str, ...]:
    """Every designator that `aircraft` knows, sorted."""
    return tuple(sorted({*_own()[2], *_openap(), *_coded()[0]}))


def _mend(wanted: str, meant: Iterable[str]) -> str:
    types, spellings, groups = _own()
    coded, models = _coded()
    near = {code: coded[code].name for code in meant}
    if not near and wanted:
        named = {**{model: codes[0] for model, codes in models.items()}, **{code: code for code in coded}}
        named |= {**{code: code for code in groups}, **spellings}
        for spelling in get_close_matches(wanted, named, n=6, cutoff=0.7):
            code = named[spelling]
            entry = types.get(code) or _openap().get(code) or coded.get(code) or types[groups[code][0]]
            near.setdefault(code, entry.name)
    if not near:
        return "give an ICAO type designator such as IL62"
    return "did you mean " + " or ".join(f"{code} ({name})" for code, name in list(near.items())[:3]) + "?"
