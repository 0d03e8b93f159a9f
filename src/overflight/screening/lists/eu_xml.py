"""The financial sanctions file of the European Union, full export 1.1 (root ``export``).

Nearly everything stands in attributes. A listing date is taken from ``designationDate`` only: the acts that
an entry names may be older than the entry or newer.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from overflight.screening.lists.reading import Draft, Reading, damaged, finished
from overflight.screening.lists.text import clean, country, day, joined, partial_day, slug, table
from overflight.screening.lists.xmlstream import Element, stream, texts

__all__ = ["read"]

_RECORDS = frozenset({"sanctionEntity"})
_SCHEMAS = {"person": "Person", "p": "Person", "enterprise": "Organization", "e": "Organization"}
_ADDRESS = ("poBox", "street", "place", "city", "zipCode", "region", "countryDescription")
_FLAGS = {
    "knownExpired": "expired",
    "knownFalse": "false",
    "reportedLost": "reported lost",
    "revokedByIssuer": "revoked",
}
_IMO = re.compile(r"\bIMO(?:\s+(?:number|no\.?))?\s*:?\s*(\d{7})\b", re.ASCII | re.IGNORECASE)


@cache
def _documents() -> dict[str, str]:
    return {code: kind for code, kind, _ in table("eu_documents", ("code", "kind", "source"))}


def read(kind: str, path: Path) -> Reading:
    """Read the export; InputError when the file is cut off or is another file."""
    drafts: list[Draft] = []
    published = None
    for element in stream(path, _RECORDS):
        if element.tag == "export":
            published = day(element.get("generationDate"))
        elif element.tag == "sanctionEntity":
            drafts.append(_entry(kind, element, f"{path.name}, record {len(drafts) + 1}"))
    entities, doubts = finished(drafts, where=path.name)
    note = "entries without designationDate count as listed by publication date"
    return Reading("xml", published, entities, (note,), doubts)


def _entry(kind: str, entry: Element, where: str) -> Draft:
    number = clean(entry.get("euReferenceNumber")) or clean(entry.get("logicalId"))
    if not number:
        raise damaged("has neither euReferenceNumber nor logicalId", where=where)
    subject = entry.find("subjectType")
    word = "" if subject is None else clean(subject.get("code") or subject.get("classificationCode"))
    draft = Draft(kind, number, _SCHEMAS.get(word.casefold(), "LegalEntity"))
    for alias in entry.iterfind("nameAlias"):
        text = clean(alias.get("wholeName")) or joined(
            (alias.get(tag) for tag in ("firstName", "middleName", "lastName")), " "
        )
        weak = clean(alias.get("strong")).casefold() == "false"
        first = not weak and not any(name.kind == "primary" for name in draft.names.values())
        draft.name(
            text,
            "weak" if weak else "primary" if first else "strong",
            lang=clean(alias.get("nameLanguage")).casefold(),
        )
        for tag in ("title", "function"):
            if said := clean(alias.get(tag)):
                draft.add("remarks", (f"{tag.capitalize()}: {said}.",))
    for tag in ("citizenship", "address"):
        for one in entry.iterfind(tag):
            code, words = clean(one.get("countryIso2Code")), one.get("countryDescription")
            if tag == "citizenship" or draft.schema != "Person":
                draft.add("countries", (country(code) or country(words),))
            if tag == "address":
                line = joined(one.get(part) for part in _ADDRESS if one.get(part) != "UNKNOWN")
                draft.add("addresses", (line,))
    for birth in entry.iterfind("birthdate"):
        about = "circa " if clean(birth.get("circa")).casefold() == "true" else ""
        text = partial_day(birth.get("birthdate")) or clean(birth.get("year"))
        first_year, last_year = clean(birth.get("yearRangeFrom")), clean(birth.get("yearRangeTo"))
        if not text and first_year:
            text = f"{first_year} to {last_year or '?'}"
        draft.add("birth_dates", (about + text if text else "",))
    for one in entry.iterfind("identification"):
        _document(draft, one)
    remarks = [clean(text) for text in texts(entry, "remark")]
    draft.add("remarks", remarks)
    draft.add("remarks", (entry.get("designationDetails"),))
    for text in remarks:
        for found in _IMO.finditer(text):
            draft.identifier("imo", found[1], note="in the remark")
    acts = list(entry.iterfind("regulation"))
    draft.add("programs", (act.get("programme") for act in acts))
    if reference := clean(entry.get("unitedNationId")):
        draft.add("remarks", (f"UN reference {reference}.",))
    draft.listed_on = day(entry.get("designationDate"))
    draft.delisted_on = day(entry.get("delistingDate"))
    draft.amended_on = max(filter(None, (day(act.get("publicationDate")) for act in acts)), default=None)
    return draft


def _document(draft: Draft, one: Element) -> None:
    code = clean(one.get("identificationTypeCode")).casefold()
    words = clean(one.get("identificationTypeDescription"))
    state = clean(one.get("countryDescription"))
    flags = [text for tag, text in _FLAGS.items() if clean(one.get(tag)).casefold() == "true"]
    note = joined(("" if state == "UNKNOWN" else state, words if code in ("other", "") else "", *flags), "; ")
    draft.identifier(
        _documents().get(code) or slug(words) or "other",
        clean(one.get("number")) or one.get("latinNumber"),
        since=day(one.get("issuedDate")) or day(one.get("issueDate")) or day(one.get("validFrom")),
        until=day(one.get("validTo")),
        note=note,
    )
