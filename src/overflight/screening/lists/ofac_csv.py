"""OFAC's delimited files: ``sdn.csv`` or ``cons_prim.csv`` with their aliases, addresses and spilled remarks.

The files have no header; ``-0-`` is null; a number joins them; each ends with Ctrl-Z. Remarks are cut at
1,000 characters and go on in the comments file. Layout: OFAC, data specification of 25 September 2023.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from overflight.errors import InputError
from overflight.screening.lists.csvtable import Sheet, open_sheet, rows
from overflight.screening.lists.ofac_labels import PROGRAM, aircraft_marks, remarks
from overflight.screening.lists.reading import Draft, Reading, damaged, finished
from overflight.screening.lists.text import clean, country, joined

__all__ = ["read"]

_WIDTHS = {12: "primary", 5: "aliases", 6: "addresses", 2: "comments"}
_NEEDED = {
    "primary": "sdn.csv or cons_prim.csv",
    "aliases": "alt.csv or cons_alt.csv",
    "addresses": "add.csv or cons_add.csv",
}
_LONGEST_REMARK = 1000
_SCHEMAS = {"individual": "Person", "vessel": "Vessel", "aircraft": "Airplane", "": "Organization"}
_ALIASES = {"aka": "strong", "nka": "strong", "fka": "former"}


def read(kind: str, paths: Sequence[Path]) -> Reading:
    """Read a set of delimited files.

    Parameters
    ----------
    kind : str
        ``ofac-sdn`` or ``ofac-cons``.
    paths : sequence of Path
        The set in any order; what a file is, its number of columns says.

    Raises
    ------
    InputError
        A file is missing, cut off, or does not fit the others.
    """
    sheets = _sheets(paths)
    doubts = [
        f"{sheet.name} ends without the publisher's end mark (Ctrl-Z)"
        for role, sheet in sheets.items()
        if not sheet.ended and role != "comments"
    ]
    drafts: dict[str, Draft] = {}
    notes: list[str] = []
    spilled = _spilled(sheets.get("comments"))
    unused = dict(spilled)
    main = sheets["primary"]
    for line, row in rows(main, 12):
        number, cells = _number(row[0], main, line), [_cell(cell) for cell in row]
        if number in drafts:
            raise damaged(f"entry {number} is there twice", where=f"{main.name}, line {line}")
        drafts[number] = draft = Draft(kind, number, _schema(cells[2], main, line))
        if not cells[1]:
            raise damaged(f"entry {number} has no name", where=f"{main.name}, line {line}")
        draft.name(cells[1], "primary")
        draft.add("programs", PROGRAM.split(cells[3].strip("[] ")))
        draft.identifier("callsign", cells[5])
        draft.model = cells[6]
        draft.add("countries", (country(cells[9]),))
        draft.link("owner", cells[10])
        if len(row[11]) >= _LONGEST_REMARK and number not in spilled:
            raise damaged(
                f"the remarks of entry {number} go on in the comments file, which has none for it",
                where=f"{main.name}, line {line}",
                mend="give sdn_comments.csv (cons_comments.csv) of the same day too",
            )
        # The cut may fall on a blank: the two pieces are joined before anything is trimmed.
        remarks(draft, row[11] + unused.pop(number) if number in unused else _cell(row[11]))
        draft.add("remarks", (f"Title: {cells[4]}." if cells[4] else "",))
    _joined_to(drafts, unused, sheets.get("comments"))
    _aliases(drafts, sheets["aliases"])
    _addresses(drafts, sheets["addresses"])
    for draft in drafts.values():
        aircraft_marks(draft)
    entities, _ = finished(drafts.values(), where=main.name, resolve=True)
    notes.append(
        "OFAC's delimited files give no listing dates: an entry counts as listed by publication date"
    )
    return Reading("csv", None, entities, tuple(notes), tuple(doubts))


def _sheets(paths: Sequence[Path]) -> dict[str, Sheet]:
    found: dict[str, Sheet] = {}
    for path in paths:
        sheet = open_sheet(path)
        if not sheet.whole_line:
            last = sheet.text.count("\n") + 1
            raise damaged("the file ends in the middle of a line", where=f"{path.name}, line {last}")
        width = next((len(row) for _, row in rows(sheet)), 2 if "comment" in path.name.casefold() else 0)
        role = _WIDTHS.get(width)
        if role is None:
            raise damaged(
                f"rows of {width} fields are in no file of OFAC's delimited set" if width else "is empty",
                where=path.name,
                mend="give sdn.csv, alt.csv, add.csv and sdn_comments.csv, or the four cons_ files",
            )
        if role in found:
            raise InputError(f"is another {role} file beside {found[role].name}", where=path.name)
        found[role] = sheet
    for role, names in _NEEDED.items():
        if role not in found:
            raise InputError(f"the set is not whole: {names} is missing", mend="give all files of one day")
    return found


def _cell(text: str) -> str:
    text = clean(text)
    return "" if text == "-0-" else text


def _number(text: str, sheet: Sheet, line: int) -> str:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise damaged(f"{text[:20]!r} is no entry number", where=f"{sheet.name}, line {line}")
    return text


def _schema(word: str, sheet: Sheet, line: int) -> str:
    schema = _SCHEMAS.get(word.casefold())
    if schema is None:
        raise damaged(f"{word[:30]!r} is no type of entry", where=f"{sheet.name}, line {line}")
    return schema


def _spilled(sheet: Sheet | None) -> dict[str, str]:
    found: dict[str, str] = {}
    if sheet is not None:
        for line, row in rows(sheet, 2):
            number = _number(row[0], sheet, line)
            # A long remark may fill several rows.
            found[number] = found.get(number, "") + ("" if row[1].strip() == "-0-" else row[1])
    return found


def _joined_to(drafts: dict[str, Draft], left: dict[str, str], sheet: Sheet | None) -> None:
    for number in left:
        if number not in drafts and sheet is not None:
            raise damaged(f"comments on entry {number}, which is not in the set", where=sheet.name)


def _owner(drafts: dict[str, Draft], row: list[str], sheet: Sheet, line: int) -> Draft:
    number = _number(row[0], sheet, line)
    if number not in drafts:
        raise damaged(
            f"belongs to entry {number}, which is not in the set",
            where=f"{sheet.name}, line {line}",
            mend="give the files of one publication together",
        )
    return drafts[number]


def _aliases(drafts: dict[str, Draft], sheet: Sheet) -> None:
    for line, row in rows(sheet, 5):
        draft = _owner(drafts, row, sheet, line)
        alias_kind = _ALIASES.get(row[2].strip().casefold())
        if alias_kind is None:
            raise damaged(f"{row[2][:20]!r} is no type of alias", where=f"{sheet.name}, line {line}")
        draft.name(_cell(row[3]), alias_kind)


def _addresses(drafts: dict[str, Draft], sheet: Sheet) -> None:
    for line, row in rows(sheet, 6):
        draft = _owner(drafts, row, sheet, line)
        cells = [_cell(cell) for cell in row]
        draft.add("addresses", (joined(cells[2:5]),))
        draft.add("countries", (country(cells[4]),))
