"""Drafting, clearing and releasing lines that stand in a text: the names go, the offices are kept."""

from __future__ import annotations

import re

from overflight.telegram.contacts import Redaction
from overflight.telegram.namelines import redact_line
from overflight.telegram.offices import office_of
from overflight.telegram.persons import names_only
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line, blocks
from overflight.telegram.telephones import dialled, redact_numbers

__all__ = ["nameless", "strip_drafting"]

_ROLE = (
    r"DRAFTED|CLEARED|APPROVED|RELEASED|AUTHORI[SZ]ED|PREPARED|DRAFTERS?|CLEARANCES?|APPROVER|RELEASER|"
    r"DRFTD?|DRFTR|CLRD?|(?:DRAFTING|CLEARING|RELEASING|APPROVING|AUTHORI[SZ]ING)\s+OFFIC(?:ER|IAL)S?"
)
_LINE = re.compile(
    rf"^\s*(?P<role>{_ROLE})(?:\s+IN\s+DRAFT)?"
    r"(?:(?:\s+BY)?\s*(?P<sign>:|-{1,2}(?=\s))\s*|\s+BY\s+(?=[A-Z]))(?P<who>.*)$",
    re.IGNORECASE,
)
_MORE = re.compile(r"^\s*[A-Z]{1,6}(?:/[A-Z]{1,6})*\s*:\s*(?P<who>\S.*)$")
_ROLES = {"D": "drafted", "P": "drafted", "C": "cleared", "A": "approved", "R": "approved"}
_LONE = ("DRAFT", "PREPARED")  # behind these one unknown word alone is a name
# How a line begins that names a drafter or a contact, in capitals: only these lines are looked at.
_OPENING = re.compile(
    r"\n[^\S\n]*+(?:"
    r"C(?:ONTACT|LEAR(?:ED|ANCES?(?:\s*:| -)|ANCE LIST|ING O)|LR|"
    r"LASSIF(?:IED BY|IER|YING|ICATION (?:AUTH|BY))"
    r"|(?:AS|OUNTR)[EY] OFF|L(?:ASS)?\s?BY|LA\S{3,8}D\s?BY|[O0]N ?TACT|[1I]ASS)"
    r"|D(?:RAFT(?:E[DR]|ING (?:O|D))|RFT|(?:ESK|UTY) OFF|EPARTMENT (?:CON|FOR|PASS)|ECLASSIFIED BY"
    r"|ERIVED (?:BY|FROM)|ISTRIBUTION\s?:|EPT (?:FOR|PASS))"
    r"|P(?:REPARED (?:B|FOR)|OC|\.\s?O|OINTS? OF CON|LEASE|LS|OST CON| ?[O0] ?C\b|HONE|ASS )"
    r"|A(?:PPR[O0]V(?:E[DR]|ING O)|UTHORI[SZ](?:ED BY|ING O)|TTN|TTENTION:|CTION OFF|NSWERS? TO"
    r"|UTH(?:OR|ORS|ORITY)?\s?:|LSO (?:FOR|PASS))"
    r"|R(?:ELEAS(?:E[DR]|ING O)|EPL(?:Y|IES) TO|ESPONSES? TO|EPORTING OFF)"
    r"|E(?:-?MAIL|MBASSY CON|NQUIRIES:|YES ONLY|XCLUSIVE)|(?:INQUIRIES|QUESTIONS):|K(?:INDLY|ONTAKT)"
    r"|S(?:END|ENT BY|IGNED(?: BY)?\s?:|TATE (?:FOR|PASS))|F(?:OR:? [A-Z]|ROM:? [A-Z])"
    r"|MISSION CON|WATCH OFF|LIAISON OFF|O(?:RIGINAL(?:LY)? CLASS|CA\s?:|FFICE PHONE)|USER\s?:|TEL"
    r")"
)
_OFFICE_COLON = re.compile(r":(?<=[A-Z]:)[A-Z]{3}")
_BLOCK_LINES = 8  # the drafter's block of a joint message form stands at the end
_RANKED = re.compile(r" (?:CDR|LCDR|CAPT|COL|LTC|LTCOL|MAJ|LT|GS)\b")
_NEXT = re.compile(
    r"\s*(?:\(?[A-Z0-9]{1,3}[.)]|[A-Z][A-Z. ]{1,30}\d*\s?:|E\.?O|[-=_]{3}|BT\s*$|N{4}|[A-Z]{1,6}:)",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\s*(?:¶\s*)?\d{1,2}\s?\.")
_CLASSIFIED = re.compile(r"\s*(?:\([A-Z/]+\)\s*)?(?:CLASSIF(?!ICATION\s+BY)|ORIGINAL)", re.IGNORECASE)


def strip_drafting(lines: list[Line], start: int, log: Log) -> tuple[list[Line], tuple[tuple[str, str], ...]]:
    """Lines without those that only say who drafted, cleared, approved or released; and the offices of these.

    Parameters
    ----------
    lines : list of Line
        Cleaned lines; those before ``start`` are let be.
    start : int
        Index of the first line of the text.
    log : Log
        Takes a repair for each line.
    """
    looked = _opening(lines, start)
    if not looked:
        return lines, ()
    offices: list[tuple[str, str]] = []
    changed: dict[int, Line | None] = {}
    begun = start  # the first line that was not yet looked at for a number of a paragraph
    at = 0
    while at < len(looked):
        index = looked[at]
        at += 1
        if match := _LINE.match(lines[index].text):
            index = _officers(lines, index, match, offices, changed, log)
            while at < len(looked) and looked[at] < index:
                at += 1
        if index > looked[at - 1] and match:
            continue
        index = looked[at - 1]
        if _CLASSIFIED.match(lines[index].text):
            while 0 <= begun < index:
                begun = -1 if _NUMBER.match(lines[begun].text) else begun + 1
            if begun >= 0:
                continue  # the authority is read with the labelled lines
        line = _redacted(lines, index, log)
        if line is not None:
            changed[index] = line
    if not changed:
        return lines, ()
    kept = (changed.get(n, line) for n, line in enumerate(lines))
    return [line for line in kept if line is not None], tuple(dict.fromkeys(offices))


def _officers(
    lines: list[Line],
    index: int,
    match: re.Match[str],
    offices: list[tuple[str, str]],
    changed: dict[int, Line | None],
    log: Log,
) -> int:
    """Take a line of officers, and those below that go on with it; the index of the line behind."""
    role = _ROLES[match["role"][0].upper()]
    who = match["who"].strip()
    sure, lone = match["sign"] is not None, match["role"].upper().startswith(_LONE)
    while (sure or who[-1:] != ",") and names_only(who, sure=sure, lone=lone):
        line = lines[index]
        changed[index] = None
        log.repair(line, 0, "(a personal name)", "left out; the office is kept", "personal name")
        for piece in re.split(r"[;,]|\s{2,}", who):
            if office := office_of(re.split(r":|\s-+\s", piece, maxsplit=1)[0]):
                offices.append((role, office))
        index += 1
        below = lines[index].text if index < len(lines) else ""
        # Behind a label that stands alone comes who it is.
        alone = not who and below.strip() and not _NEXT.match(below)
        if not alone and not (_MORE.match(below) and _colon_office(below)):
            break
        who, sure = below.strip(), True
    return index


def _redacted(lines: list[Line], index: int, log: Log) -> Line | None:
    """A line that names a contact and stands for itself, without the name; None where nothing changes.

    It may be a caption, a heading or a signature, which nobody looks at again.
    """
    line = lines[index]
    below = lines[index + 1].text if index + 1 < len(lines) else ""
    if "@" not in line.text and below.strip() and (line.text.endswith("-") or not _NEXT.match(below)):
        text, count = redact_numbers(line.text)
        if not count:
            return None
        log.repair(line, 0, "(contact details of a person)", "left out; the office is kept", "personal name")
        return Line(text, line.no, [line.column(0)] * len(text), line.cut, line.fresh)
    text, count = redact_line(line.text)
    if not count:
        return None
    log.repair(line, 0, "(contact details of a person)", "left out; the office is kept", "personal name")
    return Line(text, line.no, [line.column(0)] * len(text), line.cut, line.fresh)


def nameless(lines: list[Line]) -> list[str]:
    """Lines of a head that are not understood, as a warning may quote them: without persons."""
    out: list[str] = []
    above = -1  # number of the line of a classifier or drafter, which may go on
    for line in lines:
        text, count = redact_line(line.text.strip(), caption=True)
        if not count and line.no == above + 1:
            text = Redaction().who(text, asking=True, small=False)
            count = "(NAME)" in text
        if count or _PERSONAL.match(text):
            above = line.no
        out.append(text)
    return out


_PERSONAL = re.compile(rf"\s*(?:\([A-Z/]+\)\s*)?(?:{_ROLE}|CLASSIF|CLASS BY|DERIVED BY)", re.IGNORECASE)


def _colon_office(text: str) -> bool:
    return bool(office_of(text.split(":", 1)[0]))


def _opening(lines: list[Line], start: int) -> list[int]:
    """Indices of the lines that begin as those do that name a drafter or a contact, or hold a mailbox."""
    out: set[int] = set()
    base = start
    for block in blocks([line.text for line in lines[start:]]):
        text = f"\n{block.upper()}"
        starts = [match.start() for match in _OPENING.finditer(text)]
        at = text.find("@")
        while at >= 0:
            starts.append(text.rfind("\n", 0, at))
            at = text.find("@", text.find("\n", at))
        starts.extend(text.rfind("\n", 0, at) for at in dialled(text))
        if ":" in text:
            starts.extend(text.rfind("\n", 0, match.start()) for match in _OFFICE_COLON.finditer(text))
        index, before = base, 0
        for found in sorted(starts):
            index += text.count("\n", before, found)
            before = found
            out.add(index)
        base += text.count("\n") - 1
    last = range(max(start, len(lines) - _BLOCK_LINES), len(lines))
    out.update(index for index in last if _RANKED.search(lines[index].text))
    return sorted(out)
