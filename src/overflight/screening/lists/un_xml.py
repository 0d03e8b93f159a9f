"""The consolidated list of the United Nations Security Council (root ``CONSOLIDATED_LIST``).

The day in the file is the day it was made, which the publisher does daily. An entry is known by its
permanent reference number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from overflight.screening.lists.reading import Draft, Reading, damaged, finished
from overflight.screening.lists.text import clean, country, day, joined, partial_day, slug
from overflight.screening.lists.xmlstream import Element, stream, texts

__all__ = ["read"]

_RECORDS = frozenset({"INDIVIDUAL", "ENTITY"})
_NAMES = ("FIRST_NAME", "SECOND_NAME", "THIRD_NAME", "FOURTH_NAME")
_ADDRESS = ("STREET", "CITY", "STATE_PROVINCE", "ZIP_CODE", "COUNTRY", "NOTE")
_QUALITY = {"low": "weak", "f.k.a.": "former"}
_SPELLINGS = re.compile(r"([^;]*\S)\s*\(([^()]*;.*)\)")
_IMO = re.compile(r"\bIMO(?:\s+(?:number|no\.?))?\s*:?\s*(\d{7})\b", re.ASCII | re.IGNORECASE)


def read(kind: str, path: Path) -> Reading:
    """Read the list; InputError when the file is cut off or is another file."""
    drafts: list[Draft] = []
    published = None
    for element in stream(path, _RECORDS):
        if element.tag == "CONSOLIDATED_LIST":
            published = day(element.get("dateGenerated"))
        else:
            drafts.append(_entry(kind, element, f"{path.name}, record {len(drafts) + 1}"))
    entities, doubts = finished(drafts, where=path.name)
    note = "the day in the file is the day on which the publisher made it"
    return Reading("xml", published, entities, (note,), doubts)


def _entry(kind: str, entry: Element, where: str) -> Draft:
    number = clean(entry.findtext("REFERENCE_NUMBER")) or clean(entry.findtext("DATAID"))
    if not number:
        raise damaged("has no reference number", where=where)
    person = entry.tag == "INDIVIDUAL"
    draft = Draft(kind, number, "Person" if person else "Organization")
    draft.name(joined((entry.findtext(tag) for tag in _NAMES), " "), "primary")
    draft.name(entry.findtext("NAME_ORIGINAL_SCRIPT"), "strong")
    for alias in entry.iterfind(f"{entry.tag}_ALIAS"):
        quality = clean(alias.findtext("QUALITY")).casefold()
        for text in _aliases(clean(alias.findtext("ALIAS_NAME"))):
            draft.name(text, _QUALITY.get(quality, "strong"))
        # A few aliases carry a birth date of their own, in words.
        draft.add("birth_dates", map(partial_day, texts(alias, "DATE_OF_BIRTH")))
    draft.add("programs", texts(entry, "UN_LIST_TYPE"))
    draft.add("countries", map(country, texts(entry, "NATIONALITY/VALUE")))
    for address in entry.iterfind(f"{entry.tag}_ADDRESS"):
        draft.add("addresses", (joined(address.findtext(tag) for tag in _ADDRESS),))
        if not person:
            draft.add("countries", (country(address.findtext("COUNTRY")),))
    draft.add("birth_dates", _births(entry))
    for document in entry.iterfind(f"{entry.tag}_DOCUMENT"):
        _document(draft, document)
    remarks = [clean(entry.findtext("COMMENTS1"))]
    remarks += [f"Title: {text}." for text in texts(entry, "TITLE/VALUE")]
    remarks += [f"Position: {text}." for text in texts(entry, "DESIGNATION/VALUE")]
    draft.add("remarks", remarks)
    for found in _IMO.finditer(remarks[0]):
        draft.identifier("imo", found[1], note="in the comments")
    draft.listed_on = day(entry.findtext("LISTED_ON"))
    draft.delisted_on = day(entry.findtext("DELISTED_ON"))
    updates = filter(None, map(day, texts(entry, "LAST_DAY_UPDATED/VALUE")))
    draft.amended_on = max(updates, default=None)
    return draft


def _aliases(text: str) -> list[str]:
    """One cell may hold several spellings: "a; b", or "name in its own script (a; b)".

    >>> _aliases("Exemple; Exampel"), _aliases("Primo (Example; Exampel)"), _aliases("Example (EX)")
    (['Exemple', ' Exampel'], ['Primo', 'Example', ' Exampel'], ['Example (EX)'])
    """
    if ";" not in text:
        return [text]
    if found := _SPELLINGS.fullmatch(text):
        return [found[1], *found[2].split(";")]
    return text.split(";")


def _births(entry: Element) -> Iterator[str]:
    for one in entry.iterfind("INDIVIDUAL_DATE_OF_BIRTH"):
        about = "circa " if clean(one.findtext("TYPE_OF_DATE")).casefold().startswith("approx") else ""
        if first := clean(one.findtext("FROM_YEAR")):
            yield f"{first} to {clean(one.findtext('TO_YEAR')) or '?'}"
        elif text := clean(one.findtext("DATE")) or clean(one.findtext("YEAR")):
            yield about + partial_day(text)


def _document(draft: Draft, document: Element) -> None:
    label = slug(clean(document.findtext("TYPE_OF_DOCUMENT")))
    kind = "passport" if "pas" in label and "or" in label else "national-id" if "national" in label else label
    place = clean(document.findtext("ISSUING_COUNTRY")) or clean(document.findtext("COUNTRY_OF_ISSUE"))
    draft.identifier(
        kind or "document",
        document.findtext("NUMBER"),
        since=day(document.findtext("DATE_OF_ISSUE")),
        note=joined((place, document.findtext("NOTE")), "; "),
    )
