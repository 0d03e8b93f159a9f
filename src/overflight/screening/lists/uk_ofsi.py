"""The consolidated list of the United Kingdom's OFSI, 2022 format: ``ConList.csv`` and ``ConList.xml``.

One row or element per name and address; a group number joins them. The CSV begins with its day, the XML
states none.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from overflight.screening.lists.csvtable import headed, open_sheet, rows
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
from overflight.screening.lists.xmlstream import Element, stream

__all__ = ["read_csv", "read_xml"]

_NEEDED = ("Name 6", "Group Type", "Alias Type", "Regime", "Listed On", "Group ID")
_RECORDS = frozenset({"FinancialSanctionsTarget"})
#: Elements of the XML under the CSV's headings.
_ELEMENTS = {
    **{f"name{n}": f"name {n}" for n in range(1, 6)},
    "Name6": "name 6",
    "GroupTypeDescription": "group type",
    "AliasType": "alias type",
    "AliasQuality": "alias quality",
    "RegimeName": "regime",
    "DateListed": "listed on",
    "DateDesignated": "uk sanctions list date designated",
    "LastUpdated": "last updated",
    "GroupID": "group id",
    "NameNonLatinScript": "name non-latin script",
    "NonLatinScriptType": "non-latin script type",
    "Individual_DateOfBirth": "dob",
    "Individual_Nationality": "nationality",
    "Individual_PassportNumber": "passport number",
    "Individual_PassportDetails": "passport details",
    "Individual_NINumber": "national identification number",
    "Individual_NIDetails": "national identification details",
    "Individual_Position": "position",
    **{f"Address{n}": f"address {n}" for n in range(1, 7)},
    "PostCode": "post/zip code",
    "Country": "country",
    "OtherInformation": "other information",
    "UKSanctionsListRef": "uk sanctions list ref",
}
_LABELLED = {
    "Ship_IMONumber": "IMO number",
    "Ship_CurrentOwners": "Current owners",
    "Ship_PreviousOwners": "Previous owners",
    "Ship_Flag": "Current believed flag of ship",
    "Ship_Type": "Type of ship",
    "Ship_YearBuilt": "Year built",
    "Ship_HIN": "Hull identification number",
    "Entity_BusinessRegNumber": "Business Reg No",
    "Entity_ParentCompany": "Parent company",
    "Entity_Subsidiaries": "Subsidiaries",
    "PhoneNumber": "Phone number",
    "EmailAddress": "Email address",
    "Website": "Website",
}
_ADDRESS = (*(f"address {n}" for n in range(1, 7)), "post/zip code", "country")


def read_csv(kind: str, path: Path) -> Reading:
    """Read ``ConList.csv``; InputError when it is cut off or is another file."""
    sheet = open_sheet(path)
    line, first = next(rows(sheet), (1, [""]))
    if clean(first[0]).casefold() != "last updated":
        raise damaged("does not begin with its day (Last Updated)", where=f"{path.name}, line {line}")
    published = day_first(first[1] if len(first) > 1 else "")
    found = headed(sheet, _NEEDED, first_line=line + 1)
    groups = _groups(kind, ((f"{path.name}, line {number}", row) for number, row in found))
    doubts = () if sheet.whole_line else ("the last line has no end",)
    return _reading("csv", path, published, groups, doubts)


def read_xml(kind: str, path: Path) -> Reading:
    """Read ``ConList.xml``; InputError when it is cut off or is another file."""
    return _reading("xml", path, None, _groups(kind, _elements(path)), ())


def _elements(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    number = 0
    for element in stream(path, _RECORDS):
        if element.tag == "FinancialSanctionsTarget":
            number += 1
            yield f"{path.name}, record {number}", _row(element)


def _row(element: Element) -> dict[str, str]:
    row: dict[str, str] = {}
    for cell in element:
        key = _ELEMENTS.get(cell.tag) or (f"={_LABELLED[cell.tag]}" if cell.tag in _LABELLED else "")
        if key:
            row[key] = cell.text or ""
    return row


def _reading(
    format_name: str, path: Path, published: date | None, groups: list[Draft], doubts: tuple[str, ...]
) -> Reading:
    entities, nameless = finished(groups, where=path.name)
    return Reading(format_name, published, entities, (), (*doubts, *nameless))


def _groups(kind: str, found: Iterator[tuple[str, dict[str, str]]]) -> list[Draft]:
    groups: dict[str, Draft] = {}
    for where, row in found:
        number = clean(row.get("group id"))
        if not number:
            raise damaged("has no group number", where=where)
        of_type = schema(row.get("group type", ""))
        if of_type is None:
            raise damaged(f"{row.get('group type', '')[:30]!r} is no group type", where=where)
        draft = groups.setdefault(number, Draft(kind, number, of_type))
        _fill(draft, row)
    return list(groups.values())


def _fill(draft: Draft, row: dict[str, str]) -> None:
    name(draft, [row.get(part) for part in NAMES], row.get("alias type", ""), row.get("alias quality", ""))
    non_latin(draft, row.get("name non-latin script"), row.get("non-latin script type"))
    births(draft, row.get("dob"))
    nationalities(draft, row.get("nationality"))
    for label, beside in (
        ("passport number", "passport details"),
        ("national identification number", "national identification details"),
    ):
        labelled(draft, label, row.get(label), row.get(beside))
    draft.add("addresses", (joined(row.get(part) for part in _ADDRESS),))
    if draft.schema != "Person":
        nationalities(draft, row.get("country"))
    draft.add("programs", (row.get("regime"),))
    other_information(draft, row.get("other information"))
    if position := clean(row.get("position")):
        draft.add("remarks", (f"Position: {position}.",))
    if reference := clean(row.get("uk sanctions list ref")):
        draft.add("remarks", (f"UK Sanctions List {reference}.",))
    for key, text in row.items():
        if key.startswith("="):
            labelled(draft, key[1:], text)
    days = (row.get("listed on"), row.get("uk sanctions list date designated"))
    listed = [when for when in map(day_first, days) if when]
    draft.listed_on = min([*listed, *filter(None, (draft.listed_on,))], default=None)
    if amended := day_first(row.get("last updated")):
        draft.amended_on = max(amended, draft.amended_on or amended)
