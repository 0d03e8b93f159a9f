"""The joint message form DD-173.

Its line of handling data becomes format lines that the common reader knows.
"""

from __future__ import annotations

import re

from overflight.telegram.dtg import parse_group
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["is_dd173", "unfold"]

_FORM = re.compile(r"^[^\S\n]*JOINT MESSAGE\s?FORM\b", re.MULTILINE)
_DATA = re.compile(
    r"^\s*(?P<page>\d{1,2})\s*(?:OF\s*)?(?P<of>\d{1,2})\s+(?P<dtg>(?:\d{6}Z?\s*[A-Z]{3}\s*\d{2,4})?)\s*"
    r"(?P<act>ZZ|OO|PP|RR)\s*(?P<info>ZZ|OO|PP|RR)?\s+(?P<cls>(?P<c>[TSCREU])(?P=c){3})\b(?P<rest>.*)$"
)
_COUNTED = re.compile(r"\n[^\S\n]*+\d{1,2}[^\S\n]*(?:OF[^\S\n]*)?\d{1,2}\s")  # the quick look before it
_TITLES = re.compile(
    r"^\s*(?:JOINT MESSAGE\s?FORM.*|PAGE\b.*(?:DTG|PRECEDENCE|CLASS).*|MESSAGE HANDLING INSTRUCTIONS.*|"
    r"BOOK\b.*|.*\bDRAFTER\b.*|DISTR\b.*|RELEASER?\b.*|TYPED NAME.*|SIGNATURE\b.*)$"
)


def is_dd173(text: str) -> bool:
    """Whether a text carries the form's line of handling data."""
    head = text[:6_000]
    if "JOINT MESSAGE" in head and _FORM.search(head):
        return True
    if not _COUNTED.search(f"\n{head}"):
        return False
    return any(_DATA.match(line) for line in head.split("\n", 60)[:60] if line.lstrip()[:1].isdecimal())


def unfold(lines: list[Line], log: Log, latest: int) -> list[Line]:
    """The same lines with the handling data written as format lines 4 and 5, the form's titles left out."""
    out: list[Line] = []
    seen = False
    for line in lines:
        text = line.text
        if match := _DATA.match(text):
            if seen:  # the second page repeats it
                continue
            seen = True
            letters = match["act"][0] + (f" {match['info'][0]}" if match["info"] else "")
            if match["info"] and "ZOPR".index(match["info"][0]) < "ZOPR".index(match["act"][0]):
                log.warn(f"line {line.no}: the precedence for information exceeds the one for action")
            group = match["dtg"].strip()
            if group and "Z" not in group[:7]:
                group = group[:6] + "Z" + group[6:]
            if group and parse_group(group, latest):
                out.append(
                    Line(f"{letters} {group}", line.no, [line.column(0)] * (len(letters) + len(group) + 1))
                )
            letter = match["cls"][0]
            security = f"ZNR {letter * 5}" if letter in "UE" else f"ZNY {letter * 5}"
            out.append(Line(security, line.no, [line.column(0)] * len(security)))
            continue
        if not seen and not text.strip():
            continue
        if _TITLES.match(text):
            if _person_line(text):
                log.repair(line, 0, "(drafter or releaser)", "left out", "personal name")
            continue
        out.append(line)
    return out


def _person_line(text: str) -> bool:
    return bool(re.match(r"\s*(?:.*DRAFTER|RELEASE|TYPED NAME|SIGNATURE)", text))
