"""What the two lists of the United Kingdom have in common: kinds of names, labels, numbered cells."""

from __future__ import annotations

import re
from functools import cache

from overflight.screening.lists.reading import Draft
from overflight.screening.lists.text import clean, countries, country, items, joined, partial_day, slug, table

__all__ = ["NAMES", "births", "labelled", "name", "nationalities", "non_latin", "other_information", "schema"]

#: The columns of a name in the order in which it is spoken: given names, then the family name.
NAMES = ("name 1", "name 2", "name 3", "name 4", "name 5", "name 6")

_SCHEMAS = {"individual": "Person", "entity": "Organization", "ship": "Vessel", "aircraft": "Airplane"}
_SCRIPTS = {"arabic": "Arab", "cyrillic": "Cyrl", "hangul": "Hang", "korean": "Hang", "chinese": "Hani"}
_MARK = re.compile(r"\((?P<label>[A-Z][A-Za-z/.() ]{2,40}?)\)\s*:\s*")
_NOT_SPLIT = re.compile(r"\s*\((?:\d{1,2}|[a-z])\)\s*")


@cache
def _labels() -> dict[str, tuple[str, str]]:
    columns = ("label", "becomes", "kind", "source")
    return {label.casefold(): (becomes, kind) for label, becomes, kind, _ in table("uk_labels", columns)}


def schema(word: str) -> str | None:
    """The schema of a group type; None when the publisher has no such type."""
    return _SCHEMAS.get(clean(word).casefold())


def name(draft: Draft, parts: list[str | None], kind: str, quality: str) -> None:
    """Add one name with its type ("Primary name", "AKA" …) and quality ("Low quality")."""
    word = slug(kind)
    if word == "primary-name":
        how = "primary"
    elif "low" in quality.casefold():
        how = "weak"
    else:
        how = "former" if word in ("fka", "formerly-known-as") else "strong"
    draft.name(joined(parts, " "), how)


def non_latin(draft: Draft, text: str | None, script: str | None) -> None:
    """Add a name in another script."""
    for one in items(text):
        draft.name(one, "strong", script=_SCRIPTS.get(clean(script).casefold(), ""))


def labelled(draft: Draft, label: str, text: str | None, note: str | None = None) -> bool:
    """Put a cell where its label says; False when no table knows the label."""
    entry = _labels().get(clean(label).casefold())
    if entry is None:
        return False
    becomes, kind = entry
    notes = _NOT_SPLIT.split(clean(note))[1:] if clean(note).startswith("(1)") else [clean(note)]
    for number, one in enumerate(items(text)):
        if becomes == "identifier":
            value = one.removeprefix("IMO").strip() if kind == "imo" else one
            draft.identifier(kind, value, note=notes[number] if number < len(notes) else "")
        elif becomes == "link":
            draft.link(kind, one)
        elif becomes == "country":
            draft.add("countries", (country(one),))
        elif becomes == "model":
            draft.model = draft.model or one
        elif becomes == "built":
            draft.built = draft.built or one
    return True


def nationalities(draft: Draft, text: str | None) -> None:
    """Add the states of a cell; several are numbered or parted by commas."""
    for one in items(text):
        code = country(one)
        draft.add("countries", (code,) if code else countries(re.split(r"[,;/]", one)))


def births(draft: Draft, text: str | None) -> None:
    """Add birth dates; unknown days and months are zeros or letters."""
    draft.add("birth_dates", map(partial_day, items(text)))


def other_information(draft: Draft, text: str | None) -> None:
    """Take apart a cell of the form ``(IMO number):1234567 (Current owner/operator):EXAMPLE``."""
    line = clean(text)
    draft.add("remarks", (line,))
    marks = list(_MARK.finditer(line))
    ends = [*(mark.start() for mark in marks[1:]), len(line)]
    for mark, end in zip(marks, ends, strict=False):
        labelled(draft, mark["label"], line[mark.end() : end])
