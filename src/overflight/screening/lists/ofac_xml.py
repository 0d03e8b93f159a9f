"""OFAC's standard XML: ``sdn.xml`` and ``consolidated.xml`` (root ``sdnList``).

The file states its day of publication and how many records it has; both are held against what was read.
"""

from __future__ import annotations

from pathlib import Path

from overflight.screening.lists.ofac_labels import aircraft_marks, labelled, remarks
from overflight.screening.lists.reading import Draft, Reading, damaged, finished
from overflight.screening.lists.text import clean, country, joined, month_first, partial_day
from overflight.screening.lists.xmlstream import Element, stream, texts

__all__ = ["read"]

_RECORDS = frozenset({"publshInformation", "sdnEntry"})
_SCHEMAS = {
    "individual": "Person",
    "vessel": "Vessel",
    "aircraft": "Airplane",
    "entity": "Organization",
    "": "Organization",
}
_ADDRESS = ("address1", "address2", "address3", "city", "stateOrProvince", "postalCode", "country")


def read(kind: str, path: Path) -> Reading:
    """Read a standard XML file; InputError when it is cut off or has fewer records than it says."""
    drafts: list[Draft] = []
    published = None
    stated: int | None = None
    for element in stream(path, _RECORDS):
        if element.tag == "publshInformation":
            published = month_first(element.findtext("Publish_Date"))
            count = clean(element.findtext("Record_Count"))
            stated = int(count) if count.isascii() and count.isdigit() and len(count) < 9 else None
        elif element.tag == "sdnEntry":
            drafts.append(_entry(kind, element, f"{path.name}, record {len(drafts) + 1}"))
    if stated is not None and stated != len(drafts):
        raise damaged(f"states {stated} records and has {len(drafts)}", where=path.name)
    entities, doubts = finished(drafts, where=path.name, resolve=True)
    note = "OFAC's standard XML gives no listing dates: an entry counts as listed by publication date"
    return Reading("xml", published, entities, (note,), doubts)


def _entry(kind: str, entry: Element, where: str) -> Draft:
    number = clean(entry.findtext("uid"))
    if not number:
        raise damaged("has no uid", where=where)
    word = clean(entry.findtext("sdnType"))
    schema = _SCHEMAS.get(word.casefold())
    if schema is None:
        raise damaged(f"{word[:30]!r} is no type of entry", where=where)
    draft = Draft(kind, number, schema)
    draft.name(_name(entry), "primary")
    for aka in entry.iterfind("akaList/aka"):
        if clean(aka.findtext("category")).casefold() == "weak":
            how = "weak"
        else:
            how = "former" if clean(aka.findtext("type")).casefold().startswith("f") else "strong"
        draft.name(_name(aka), how)
    draft.add("programs", texts(entry, "programList/program"))
    for item in entry.iterfind("idList/id"):
        place = clean(item.findtext("idCountry"))
        label, value = clean(item.findtext("idType")), clean(item.findtext("idNumber"))
        for word, tag in (("issued", "issueDate"), ("expires", "expirationDate")):
            if end := clean(item.findtext(tag)):
                value = f"{value} {word} {end}"
        if value and not labelled(draft, label, value, place=place):
            draft.add("remarks", (f"{label} {value}" + (f" ({place})" if place else "") + ".",))
    for item in entry.iterfind("addressList/address"):
        draft.add("addresses", (joined(item.findtext(tag) for tag in _ADDRESS),))
        draft.add("countries", (country(item.findtext("country")),))
    for path in ("nationalityList/nationality/country", "citizenshipList/citizenship/country"):
        draft.add("countries", map(country, texts(entry, path)))
    draft.add("birth_dates", map(partial_day, texts(entry, "dateOfBirthList/dateOfBirthItem/dateOfBirth")))
    if (vessel := entry.find("vesselInfo")) is not None:
        draft.identifier("callsign", vessel.findtext("callSign"))
        draft.model = clean(vessel.findtext("vesselType"))
        draft.add("countries", (country(vessel.findtext("vesselFlag")),))
        draft.link("owner", vessel.findtext("vesselOwner"))
    remarks(draft, entry.findtext("remarks") or "")
    if title := clean(entry.findtext("title")):
        draft.add("remarks", (f"Title: {title}.",))
    aircraft_marks(draft)
    return draft


def _name(element: Element) -> str:
    return joined((element.findtext("lastName"), element.findtext("firstName")))
