"""Messages cut into sections: where each ends, which belong together, what is missing between them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from overflight.telegram.banner import Banner, class_line
from overflight.telegram.body import Body, read_body
from overflight.telegram.captions import canonical, take
from overflight.telegram.lead import Lead, read_lead
from overflight.telegram.misread import near_class
from overflight.telegram.model import Number, Paragraph, Part, Run
from overflight.telegram.numbered import RULER, SENTENCE_END
from overflight.telegram.numbering import CANDIDATE
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["Section", "class_lines", "end_of", "is_closed", "join_sections", "more_sections", "warn_of_rest"]


_END = re.compile(r"^(?:BT|NNNN|#\d{3,4}|N\s?N\s?N\s?N)$")


_ENDING = frozenset("BN# ")  # how such a line begins
_HEADISH = re.compile(
    r"^(?:BT|V?ZCZC.*|(?:ZZ|OO|PP|RR)\s+R[A-Z]{4,}.*|DE\s+[A-Z]{4,8}.*|ZN[RY]\b.*|"
    r"(?:[ZOPR]\s+){0,2}\d{6}Z.*|(?:FM|TO|INFO)(?:\s.*)?|#\d{3,4}|NNNN|"
    r"(?:R[A-Z]{4,7}/)?(?:AM|US|SEC)[A-Z]+\s.*)$"
)


# A section on a line of its own, or what is left of it on the next line.
_ALONE = re.compile(r"^(?:FINAL\s+)?SECTION\s+(?:[0-9OIl]{1,2}\s+)?OF\s+[0-9OIl]{1,2}$")
_HALF = re.compile(r"\bSECTION(?:\s+[0-9OIl]{1,2}(?:\s+OF)?)?$")
_WIDE = 90  # a longer line is text
_FAR = 4  # lines between the classification and its section: captions, a blank


@dataclass
class Section:
    number: int
    lines: list[Line]
    closed: bool
    level: str = ""  # with its control


def class_lines(lines: list[Line], log: Log) -> list[Line]:
    """The lines with each classification line whole whose section stands on a line of its own below it."""
    gone: set[int] = set()
    for index in [n for n, line in enumerate(lines) if "SECTION" in line.text]:
        text = lines[index].text.strip()
        if _ALONE.match(text):
            above = _class_above(lines, index)
            if above is not None:
                _join(lines, above, index, log)
                gone.add(index)
        elif len(text) < _WIDE and index + 1 < len(lines) and _HALF.search(text):
            banner = class_line(_joined(lines, index))
            if banner and banner.of:
                _join(lines, index, index + 1, log)
                gone.add(index + 1)
    return [line for n, line in enumerate(lines) if n not in gone] if gone else lines


def _class_above(lines: list[Line], index: int) -> int | None:
    """Index of the classification line without a section that stands above a section."""
    for above in range(index - 1, max(index - 1 - _FAR, -1), -1):
        text = lines[above].text.strip()
        if banner := _banner(text):
            return above if banner.of is None and banner.level != "CLEAR" else None
        if text and not canonical(text) and not text.startswith("//"):
            return None
    return None


def _banner(text: str) -> Banner | None:
    """A classification line, misread perhaps."""
    if banner := class_line(text):
        return banner
    near = near_class(text)
    return near[0] if near else None


def _joined(lines: list[Line], index: int) -> str:
    return f"{lines[index].text.strip()} {lines[index + 1].text.strip()[:_WIDE]}"


def _join(lines: list[Line], above: int, below: int, log: Log) -> None:
    """Put what stands below behind the classification line."""
    line, rest = lines[above], lines[below]
    log.repair(rest, rest.text.find(rest.text.strip()), rest.text.strip(), "of the line above", "line break")
    lines[above] = Line(f"{line.text.rstrip()} {rest.text.strip()}", line.no, line.cols, line.cut, line.fresh)


def end_of(lines: list[Line], start: int) -> int:
    # Looked for from here on, and no further than found: a file may hold many sections.
    for index in range(start, len(lines)):
        text = lines[index].text
        if not (text and text[0] in _ENDING) and "SECTION" not in text:
            continue
        if text[:1] in _ENDING and _END.match(text.strip()):
            return index
        if index > start and "SECTION" in text and (banner := _banner(text.strip())) and banner.of:
            while index > start and _HEADISH.match(lines[index - 1].text.strip() or "BT"):
                index -= 1
            return index
    return len(lines)


def is_closed(lines: list[Line], end: int) -> bool:
    return end < len(lines) and bool(_END.match(lines[end].text.strip()))


def more_sections(
    lines: list[Line],
    start: int,
    number: Number | None,
    sections: list[Section],
    first: Lead,
    log: Log,
    year: int | None,
) -> int:
    """Gather the further sections of the same message; the index behind the last of them."""
    rest = start
    index = start
    while index < len(lines):
        text = lines[index].text
        if (
            ("SECTION" not in text and " OF 0" not in text)
            or not (banner := _banner(text.strip()))
            or banner.section is None
        ):
            index += 1
            continue
        if (
            number
            and banner.serial is not None
            and (banner.origin, banner.serial) != (number.origin, number.serial)
        ):
            break
        if class_line(text.strip()) is None and (near := near_class(text.strip())):
            read, indent = text.strip(), len(text) - len(text.lstrip())
            log.repair(lines[index], indent, read, near[1], "classification line")
            log.warn(
                f"line {lines[index].no}: the classification line reads {read!r}; {near[1]!r} is proposed, "
                "check it"
            )
        elif banner.lettered:
            at = text.find(banner.lettered)
            log.repair(lines[index], at, banner.lettered, f"{banner.section} OF {banner.of}", "digits")
        quiet = Log()
        end = end_of(lines, index + 1)
        lead = read_lead(lines, index + 1, end, quiet, year)
        end = lead.end
        log.repairs += quiet.repairs
        if lead.labels and not first.labels:  # the sections are not in their order: the fields stand here
            for name in ("captions", "order", "tags", "subject", "references", "authority", "labels"):
                setattr(first, name, getattr(lead, name))
        start_of_text = lead.body if lead.labels else index + 1
        if not lead.labels:  # no fields here, but captions there may be
            while start_of_text < end and (
                not (above := lines[start_of_text].text.strip()) or canonical(above)
            ):
                if above:
                    found = take(lines[start_of_text], log)
                    log.repair(lines[start_of_text], 0, above, "a caption of the whole", "caption")
                    first.captions += [word for word in found if word not in first.captions]
                start_of_text += 1
        elif first is not lead:
            first.captions += [word for word in lead.captions if word not in first.captions]
        body = lines[start_of_text:end]
        sections.append(Section(banner.section, body, is_closed(lines, end), banner.level + banner.control))
        rest = index = end
    while rest < len(lines) and (not lines[rest].text.strip() or _END.match(lines[rest].text.strip())):
        rest += 1
    return rest


def join_sections(
    sections: list[Section], of: int | None, log: Log
) -> tuple[list[Paragraph], Body, Part | None]:
    """Paragraphs of all sections at hand; sections that follow each other are read as one text."""
    unique: dict[int, Section] = {}
    for section in sections:
        if section.number in unique:
            log.warn(f"section {section.number} occurs more than once; the first is read")
        else:
            unique[section.number] = section
    order = sorted(unique)
    runs: list[list[int]] = []
    for n in order:
        if runs and runs[-1][-1] == n - 1:
            runs[-1].append(n)
        else:
            runs.append([n])
    total = max(of or 1, order[-1])
    whole = len(order) == total
    paragraphs: list[Paragraph] = []
    found: list[Run] = []
    body = Body()
    copies: dict[int, int] = {}
    for run in runs:
        text: list[Line] = []
        for n in run:
            lines = unique[n].lines
            if text:
                while text and not text[-1].text.strip():
                    text.pop()
                start = next((i for i, line in enumerate(lines) if line.text.strip()), len(lines))
                lines = lines[start:]
                if lines and (
                    CANDIDATE.match(lines[0].text) or (len(lines) > 1 and RULER.match(lines[1].text))
                ):
                    text.append(Line("", lines[0].no))  # a paragraph or a heading begins here
                elif lines:
                    lines[0].cut = True
                    ends = bool(text) and text[-1].text.rstrip().endswith(SENTENCE_END)
                    if ends or unique[n].level != unique[n - 1].level:
                        log.lost.add(lines[0].no)  # it may be of another paragraph, or of another level
            text += lines
        body = read_body(text, log, first=1 if run[0] == 1 else 0, last_section=run[-1] == total)
        found.append(Run(run[0], run[-1], len(paragraphs)))
        for paragraph in body.paragraphs:
            number = paragraph.number
            if number is not None:
                copy = copies.get(number, 0)
                copies[number] = copy + 1
                if copy != paragraph.copy:
                    paragraph = _recopied(paragraph, copy)
            paragraphs.append(paragraph)
    # The sections stand in the order of their numbers, not in that of the file.
    sections[:] = [unique[n] for n in order]
    return paragraphs, body, None if whole else Part(total, tuple(found))


def _recopied(paragraph: Paragraph, copy: int) -> Paragraph:
    return replace(paragraph, copy=copy)


def warn_of_rest(lines: list[Line], start: int, log: Log) -> None:
    rest = [line for line in lines[start:] if line.text.strip() and not _END.match(line.text.strip())]
    if rest:
        log.warn(
            f"the file holds more from line {rest[0].no} on, behind the end of the message; it is not read"
        )
