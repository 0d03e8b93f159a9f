"""The UK Sanctions List: ``UK_Sanctions_List.csv`` and ``UK_Sanctions_List.xml`` (root ``Designations``).

Both state their day. The CSV has one row per name and address; a unique number joins them.
"""

from __future__ import annotations

import re
from pathlib import Path

from overflight.screening.lists.csvtable import headed, open_sheet
from overflight.screening.lists.reading import Draft, Reading, damaged, finished
from overflight.screening.lists.text import clean, day_first, joined
from overflight.screening.lists.uk_fields import (
    NAMES,
    births,
    labelled,
    name,
    nationalities,
    non_latin,
    other_information,
    schema,
)
from overflight.screening.lists.xmlstream import Element, stream, texts

__all__ = ["read_csv", "read_xml"]

_NEEDED = ("Unique ID", "Name 6", "Name type", "Regime Name", "Date Designated")
_REPORT = re.compile(r"\s*\"?Report Date\s*:?,?\s*(?P<day>[^,\"]+)", re.IGNORECASE)
_RECORDS = frozenset({"DateGenerated", "Designation"})
_TYPES = ("designation type", "individual, entity, ship")
_LABELS = (
    "imo number",
    "current owner/operator (s)",
    "previous owner/operator (s)",
    "current believed flag of ship",
    "type of ship",
    "year built",
    "hull identification number (hin)",
    "business registration number (s)",
    "parent company",
    "subsidiaries",
    "phone number",
    "email address",
    "website",
)
_ADDRESS = (*(f"address line {n}" for n in range(1, 7)), "address postal code", "address country")
#: Elements of the XML that hold what the CSV has under a label; how deep they lie differs.
_TAGS = {
    "IMONumber": "imo number",
    "CurrentOwnerOperator": "current owner/operator (s)",
    "PreviousOwnerOperator": "previous owner/operator (s)",
    "CurrentBelievedFlagOfShip": "current believed flag of ship",
    "TypeOfShip": "type of ship",
    "YearBuilt": "year built",
    "HullIdentificationNumber": "hull identification number (hin)",
    "BusinessRegistrationNumber": "business registration number (s)",
    "ParentCompany": "parent company",
    "Subsidiary": "subsidiaries",
    "PhoneNumber": "phone number",
    "EmailAddress": "email address",
    "Website": "website",
}
#: Elements of the XML that have their additional information beside them.
_NUMBERED = {"PassportNumber": "passport number", "NationalIdentifierNumber": "national identifier number"}


def read_csv(kind: str, path: Path) -> Reading:
    """Read ``UK_Sanctions_List.csv``; InputError when it is cut off or is another file."""
    sheet = open_sheet(path)
    report = _REPORT.match(sheet.text.partition("\n")[0])
    if not report:
        raise damaged("does not begin with its day (Report Date)", where=f"{path.name}, line 1")
    drafts: dict[str, Draft] = {}
    for line, row in headed(sheet, _NEEDED, first_line=2):
        where = f"{path.name}, line {line}"
        number = clean(row["unique id"])
        if not number:
            raise damaged("has no unique number", where=where)
        of_type = schema(next((row[column] for column in _TYPES if column in row), ""))
        if of_type is None:
            raise damaged("has no known designation type", where=where)
        _row(drafts.setdefault(number, Draft(kind, number, of_type)), row)
    doubts = () if sheet.whole_line else ("the last line has no end",)
    return _reading("csv", path, report["day"], drafts, doubts)


def read_xml(kind: str, path: Path) -> Reading:
    """Read ``UK_Sanctions_List.xml``; InputError when it is cut off or is another file."""
    drafts: dict[str, Draft] = {}
    generated = ""
    for element in stream(path, _RECORDS):
        if element.tag == "DateGenerated":
            generated = clean(element.text)
        elif element.tag == "Designation":
            where = f"{path.name}, record {len(drafts) + 1}"
            number = clean(element.findtext("UniqueID"))
            if not number or number in drafts:
                raise damaged(f"entry {number} is there twice" if number else "has no UniqueID", where=where)
            of_type = schema(element.findtext("IndividualEntityShip") or "")
            if of_type is None:
                raise damaged("has no known type", where=where)
            drafts[number] = Draft(kind, number, of_type)
            _designation(drafts[number], element)
    return _reading("xml", path, generated, drafts, ())


def _reading(
    format_name: str, path: Path, published: str, drafts: dict[str, Draft], doubts: tuple[str, ...]
) -> Reading:
    entities, nameless = finished(drafts.values(), where=path.name)
    return Reading(format_name, day_first(published), entities, (), (*doubts, *nameless))


def _row(draft: Draft, row: dict[str, str]) -> None:
    name(draft, [row.get(part) for part in NAMES], row["name type"], row.get("alias strength", ""))
    non_latin(draft, row.get("name non-latin script"), row.get("non-latin script type"))
    births(draft, row.get("d.o.b"))
    nationalities(draft, row.get("nationality(/ies)"))
    labelled(draft, "passport number", row.get("passport number"), row.get("passport additional information"))
    labelled(
        draft,
        "national identifier number",
        row.get("national identifier number"),
        row.get("national identifier additional information"),
    )
    for label in _LABELS:
        labelled(draft, label, row.get(label))
    draft.add("addresses", (joined(row.get(part) for part in _ADDRESS),))
    if draft.schema != "Person":
        nationalities(draft, row.get("address country"))
    draft.add("programs", (row["regime name"],))
    _said(
        draft,
        row.get("other information"),
        row.get("uk statement of reasons"),
        row.get("position"),
        row.get("un reference number"),
    )
    _days(draft, row["date designated"], row.get("last updated"))


def _designation(draft: Draft, element: Element) -> None:
    for one in element.iterfind("Names/Name"):
        parts = [one.findtext(f"Name{n}") for n in range(1, 7)]
        quality = one.findtext("AliasStrength") or ""
        name(draft, parts, one.findtext("NameType") or "", quality)
    for one in element.iter():
        text = clean(one.text)
        if text and one.tag in _TAGS:
            labelled(draft, _TAGS[one.tag], text)
        elif text and one.tag == "DOB":
            births(draft, text)
        elif text and one.tag == "Nationality":
            nationalities(draft, text)
        elif (script := one.find("NameNonLatinScript")) is not None:
            non_latin(draft, script.text, one.findtext("NonLatinScriptType"))
        else:
            _numbered(draft, one)
    for one in element.iterfind("Addresses/Address"):
        lines = [one.findtext(f"AddressLine{n}") for n in range(1, 7)]
        state = one.findtext("AddressCountry")
        draft.add("addresses", (joined((*lines, one.findtext("AddressPostalCode"), state)),))
        if draft.schema != "Person":
            nationalities(draft, state)
    draft.add("programs", (element.findtext("RegimeName"),))
    _said(
        draft,
        element.findtext("OtherInformation"),
        element.findtext("UKStatementofReasons"),
        joined(texts(element, "IndividualDetails/Individual/Positions/Position"), "; "),
        element.findtext("UNReferenceNumber"),
    )
    _days(draft, element.findtext("DateDesignated"), element.findtext("LastUpdated"))


def _numbered(draft: Draft, one: Element) -> None:
    for tag, label in _NUMBERED.items():
        if (number := one.find(tag)) is not None:
            beside = next((cell.text for cell in one if cell.tag.endswith("AdditionalInformation")), None)
            labelled(draft, label, number.text, beside)


def _said(
    draft: Draft, information: str | None, reasons: str | None, position: str | None, reference: str | None
) -> None:
    other_information(draft, information)
    draft.add("remarks", (reasons,))
    if clean(position):
        draft.add("remarks", (f"Position: {clean(position)}.",))
    if clean(reference):
        draft.add("remarks", (f"UN reference {clean(reference)}.",))


def _days(draft: Draft, designated: str | None, updated: str | None) -> None:
    listed = [when for when in (day_first(designated), draft.listed_on) if when]
    draft.listed_on = min(listed, default=None)
    if amended := day_first(updated):
        draft.amended_on = max(amended, draft.amended_on or amended)
