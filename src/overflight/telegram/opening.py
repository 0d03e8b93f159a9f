"""The line that opens the text where a copy damaged it: its level, and the number of the message."""

from __future__ import annotations

import re
from dataclasses import replace

from overflight.telegram.banner import Banner, class_line, level_of
from overflight.telegram.dtg import expand_year
from overflight.telegram.flattened import behind_class_line
from overflight.telegram.head import fields_below
from overflight.telegram.labels import LABEL
from overflight.telegram.misread import near_class
from overflight.telegram.model import Number
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["doubtful", "number_of", "numbered_below"]

_NUMBER_BELOW = re.compile(
    r"^[ \t]*(?:(?P<origin>[A-Z](?:[A-Z .'’/-]{0,38}[A-Z])?)\s{1,4})?(?P<serial>\d{3,7})[ \t]*$"
)


def numbered_below(lines: list[Line], index: int, places: frozenset[str], log: Log) -> Banner | None:
    """The classification line whose number stands on the next line; it is made one line."""
    if index + 1 >= len(lines):
        return None
    line, below = lines[index], lines[index + 1]
    if len(line.text) + len(below.text) > 90 or not (match := _NUMBER_BELOW.match(below.text)):
        return None
    origin = match["origin"]
    if origin and origin not in places and origin != "STATE" and len(match["serial"]) < 5:
        return None  # "EXERCISE SAMPLE 2026"
    banner = class_line(whole := f"{line.text.strip()} {below.text.strip()}")
    if banner is None or banner.serial is None or not fields_below(lines, index + 1):
        return None
    at = match.start("origin") if origin else match.start("serial")
    log.repair(below, at, below.text.strip(), f"the number of the message: {whole!r}", "line break")
    log.warn(f"line {below.no}: {below.text.strip()!r} is taken for the number of the message, check it")
    lines[index : index + 2] = [Line(whole, line.no, None, line.cut, line.fresh)]
    return banner


def doubtful(lines: list[Line], index: int, log: Log) -> tuple[Banner | None, str]:
    """What opens the text and begins like a classification line, but is none in its right form.

    The banner, and what is left over of the line.
    """
    if behind_class_line(lines, index, log):
        return class_line(lines[index].text.strip()), ""
    line = lines[index]
    text = " ".join(line.text.split())
    if text != text.upper() and (banner := class_line(text.upper())):
        log.repair(line, line.text.find(text[:1]), text, text.upper(), "letter case")
        return banner, ""
    if near := near_class(text):
        return _proposed(*near, line, text, log)
    found = level_of(text)
    if found is None:
        return None, ""
    level, rest = found
    below = lines[index + 1].text.strip() if index + 1 < len(lines) else ""
    alone = not below or LABEL.match(below) is not None or class_line(below) is not None
    if len(text) > 69 or text.endswith(".") or not (alone or any(c.isdigit() or c == "/" for c in rest)):
        log.warn(f"line {line.no}: the text begins with {level} and has no classification line; check it")
        return None, ""
    log.warn(
        f"line {line.no}: of the classification line {text!r} only {level} is understood; the rest is "
        "kept as a caption"
    )
    return Banner(level), rest


def _proposed(banner: Banner, understood: str, line: Line, text: str, log: Log) -> tuple[Banner, str]:
    """A classification line as it may have been; who may read it is not taken from a doubtful line."""
    log.repair(line, line.text.find(text[:1]), text, understood, "classification line")
    log.warn(f"line {line.no}: the classification line reads {text!r}; {understood!r} is proposed, check it")
    if "REL" in banner.control or "DISPLAY" in banner.control:
        return replace(banner, control=""), banner.control.strip(" /")
    return banner, ""


def number_of(
    banner: Banner | None, line: Line | None, year: int | None, latest: int, log: Log
) -> Number | None:
    if banner is None or line is None or banner.serial is None or banner.origin is None:
        return None
    if banner.repaired:
        at = line.text.find(banner.repaired)
        log.repair(line, at, banner.repaired, f"{banner.serial:06d}", "digits")
        log.warn(
            f"line {line.no}: the number reads {banner.repaired!r}; {banner.serial} is proposed, check it"
        )
    own = expand_year(banner.year, latest) if banner.year else year
    return Number(banner.origin, banner.serial, own)
