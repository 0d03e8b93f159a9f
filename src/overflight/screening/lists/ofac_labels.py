"""What OFAC writes behind a label, in remarks, in document types and in features, and where it belongs.

The delimited files keep all of it in one column of remarks, parted by semicolons; the XML files carry the
same labels as types. One table says what each becomes.
"""

from __future__ import annotations

import re
from functools import cache

from overflight.screening.lists.reading import Draft
from overflight.screening.lists.text import clean, country, day, partial_day, slug, table

__all__ = ["PROGRAM", "aircraft_marks", "labelled", "remarks"]

#: Programmes stand in one column as ``SDGT] [NPWMD] [IFSR``.
PROGRAM = re.compile(r"\]\s*\[")

_ALIAS = re.compile(r"(?P<how>[afn]\.k\.a\.,?) (?P<quote>['\"‘“])(?P<name>.+)['\"’”]$")
_ISSUED = re.compile(r"\s+issued (?P<day>[^()]*?)(?=\s+expires |$)")
_EXPIRES = re.compile(r"\s+expires (?P<day>[^()]*)$")
_PLACE = re.compile(r"\s*\((?P<place>[^()]*)\)\s*$")
_IMO = re.compile(r"IMO (\d{7})\b", re.ASCII)
_REGISTRATION = re.compile(r"(?=.*[0-9-])[A-Z0-9]{1,3}-?[A-Z0-9]{1,6}")
_MSN = re.compile(r"MSN (?P<serial>\S.*)")


@cache
def _labels() -> dict[str, tuple[str, str]]:
    columns = ("label", "becomes", "kind", "source")
    return {label: (becomes, kind) for label, becomes, kind, _ in table("ofac_labels", columns)}


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted(_labels(), key=len, reverse=True)
    return re.compile(rf"(?P<label>{'|'.join(map(re.escape, longest))})(?:\s+(?P<value>\S.*))?$")


def remarks(draft: Draft, text: str) -> list[str]:
    """Take a column of remarks apart.

    Parameters
    ----------
    draft : Draft
        Takes what the remarks say.
    text : str
        The whole column, spilled-over part included.

    Returns
    -------
    list of str
        Parts that no label explains; they stand in the remarks only.
    """
    line = clean(text)
    draft.add("remarks", (line,))
    if line.startswith("(") and line.endswith(")"):  # as the standard XML has them
        line = line[1:-1]
    left = []
    for part in re.split(r";\s+", line):
        one = part[:-1] if part.endswith(".") and line.endswith(part) else part
        one = one.removeprefix("alt. ").strip()
        if one and not _part(draft, one):
            left.append(one)
    return left


def _part(draft: Draft, part: str) -> bool:
    if alias := _ALIAS.match(part):
        draft.name(alias["name"], "former" if alias["how"].startswith("f") else "weak")
        return True
    found = _pattern().match(part)
    if not found:
        return False
    if found["value"]:
        labelled(draft, found["label"], found["value"])
    return True


def labelled(draft: Draft, label: str, value: str, *, note: str = "", place: str = "") -> bool:
    """Put a value where its label says; False when no table knows the label.

    Parameters
    ----------
    draft : Draft
    label : str
        As OFAC writes it, with or without a colon or hyphen at its end.
    value : str
        The value; a place in brackets and the days of issue and expiry may follow it.
    note, place : str
        What the file says beside the value.
    """
    text = clean(label)
    labels = _labels()
    entry = labels.get(text) or labels.get(f"{text}:") or labels.get(text.rstrip(" :-"))
    if entry is None and text.startswith("Digital Currency Address -"):
        value, text = f"{text.partition('-')[2].strip()} {value}", "Digital Currency Address -"
        entry = labels.get(text)
    if entry is None:
        return False
    becomes, kind = entry
    value = clean(value)
    if becomes == "model":
        draft.model = draft.model or value
    elif becomes == "built":
        draft.built = draft.built or value
    elif becomes == "link":
        draft.link(kind, value)
    elif becomes == "country":
        draft.add("countries", (country(value),))
    elif becomes == "birth":
        draft.add("birth_dates", (partial_day(value),))
    elif becomes == "previous":
        draft.identifier(kind, value, note="previous")
    elif becomes == "wallet":
        currency, _, address = value.partition(" ")
        draft.identifier(kind, address or currency, note=currency if address else note)
    elif becomes == "vessel" and (number := _IMO.search(value)):
        draft.identifier("imo", number[1], note="" if kind == "imo" else slug(text))
    elif becomes in ("identifier", "vessel"):
        _identifier(draft, slug(text) if kind == "imo" else kind, value, note or place)
    return True


def _identifier(draft: Draft, kind: str, value: str, note: str) -> None:
    since = until = None
    if found := _EXPIRES.search(value):
        until, value = day(found["day"]), value[: found.start()]
    if found := _ISSUED.search(value):
        since, value = day(found["day"]), value[: found.start()]
    if (found := _PLACE.search(value)) and found.start():
        note, value = note or found["place"].strip(), value[: found.start()]
    draft.identifier(kind, value, since=since, until=until, note=note)


def aircraft_marks(draft: Draft) -> None:
    """An aircraft's names are its marks: registrations, or ``MSN`` and a serial number.

    A name kept as former ("f.k.a.") is a previous registration.
    """
    if draft.schema != "Airplane":
        return
    known = dict(draft.identifiers)
    draft.identifiers.clear()
    for name in draft.names.values():
        if msn := _MSN.fullmatch(name.text):
            draft.identifier("serial", msn["serial"])
        elif _REGISTRATION.fullmatch(name.text):
            draft.identifier("registration", name.text, note="previous" if name.kind == "former" else "")
    for key, one in known.items():
        draft.identifiers.setdefault(key, one)
