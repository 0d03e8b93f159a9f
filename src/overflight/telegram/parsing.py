"""From the lines of a file to a telegram: the labelled form, and the form with a head that others share."""

from __future__ import annotations

import re
from operator import attrgetter

from overflight.telegram import dd173, labelled
from overflight.telegram.banner import Banner, class_line
from overflight.telegram.body import read_body
from overflight.telegram.clean import clean
from overflight.telegram.drafting import nameless, strip_drafting
from overflight.telegram.flattened import break_heads
from overflight.telegram.forms import form_of
from overflight.telegram.furniture import end_made_whole, strip_furniture
from overflight.telegram.head import Opening, read_opening
from overflight.telegram.labels import LABEL
from overflight.telegram.lead import Lead, read_lead
from overflight.telegram.model import Number, Paragraph, Part, Telegram
from overflight.telegram.opening import doubtful, number_of, numbered_below
from overflight.telegram.posts import known_places
from overflight.telegram.repairs import Log
from overflight.telegram.sections import (
    Section,
    class_lines,
    end_of,
    is_closed,
    join_sections,
    more_sections,
    warn_of_rest,
)
from overflight.telegram.source import Line, Source
from overflight.telegram.words import words_of

__all__ = ["parse"]

_MRN = re.compile(
    r"^MRN: (?:(\d{4}) )?([A-Z][A-Z .'/-]*?) (\d{1,7})$"
)  # a number without a classification line
_cut = attrgetter("cut")


def parse(source: Source, bare: str, log: Log, latest: int, banners: list[Line]) -> tuple[Telegram, str]:
    """The telegram and its form; the lines are given up when it is done."""
    lines = end_made_whole(_single_spaced(clean(source, log), log), log)
    lines[:0] = banners
    if " FM " in bare or " BT" in bare:
        lines = break_heads(lines, log)
    if labelled.is_labelled(bare):
        return _read_labelled(lines, log, latest), "labelled"
    if dd173.is_dd173(bare):
        return _read_common(dd173.unfold(lines, log, latest), source, log, latest), "dd173"
    telegram = _read_common(lines, source, log, latest)
    return telegram, form_of(telegram)


def _single_spaced(lines: list[Line], log: Log) -> list[Line]:
    """Where every second line of a file is blank, the copy was printed double-spaced."""
    if len(lines) < 24 or not lines[0].text.strip() or any(line.text.strip() for line in lines[1::2]):
        return lines
    log.repair(lines[1], 0, "every second line blank", "single spacing", "double spacing")
    return lines[0::2]


def _read_labelled(lines: list[Line], log: Log, latest: int) -> Telegram:
    lines, note, _ = strip_furniture(lines, log, None)
    opening, lead, fields = labelled.read_labelled(lines, 0, log, latest)
    year = opening.head.sent.year if opening.head.sent else None
    tail = lines[lead.body :]
    stop = next((n for n, line in enumerate(tail) if line.text.strip() == "NNNN"), len(tail))
    tail = tail[:stop]
    tail, inside = strip_drafting(tail, 0, log)
    drafted, signed = labelled.strip_foot(tail, log)
    opening.drafted = tuple(dict.fromkeys((*opening.drafted, *inside, *drafted)))
    body = read_body(tail, log, last_section=signed is None)
    banner = Banner(fields.classification, fields.control) if fields.classification else None
    ended = body.whole or signed is not None or stop < len(lines) - lead.body
    number = labelled.number_of(fields, latest, year)
    telegram = _assemble(opening, lead, body.paragraphs, number, note, banner, signed or body.signed, ended)
    if not ended:
        log.warn("the end of the message is missing")
    return telegram


def _text_begins(lines: list[Line]) -> int | None:
    """Index of the line that opens the text: classification with number or section, or what follows BT."""
    for index, line in enumerate(lines):
        text = line.text.strip()
        if not text:
            continue
        if text == "BT":
            for after in range(index + 1, len(lines)):
                if lines[after].text.strip():
                    return after
            return None
        banner = class_line(text)
        if banner and banner.full:
            return index
        if text[0] in "EeTtSs" and LABEL.match(text):
            return index
    return None


def _read_common(lines: list[Line], source: Source, log: Log, latest: int) -> Telegram:
    if "SECTION" in source.text:
        lines = class_lines(lines, log)
    lines, note, named = strip_furniture(lines, log, _text_begins(lines))
    words = words_of(source.text) if True in map(_cut, lines) else frozenset()
    places = known_places()
    opening = read_opening(lines, 0, log, latest, words, places)
    strays = nameless(opening.unplaced)
    for n, stray in enumerate(opening.unplaced):
        if opening.distribution and stray.text.strip().isdecimal():
            log.repair(stray, 0, strays[n], "removed", "counter")  # of the copy, as an archive printed it
            continue
        log.warn(f"line {stray.no}: {strays[n][:60]!r} is no line of a head and is not read")
    index = opening.text
    while index < len(lines) and not lines[index].text.strip():
        index += 1
    banner = class_line(lines[index].text.strip()) if index < len(lines) else None
    if (opening.breaks or banner) and (banner is None or banner.serial is None):
        banner = numbered_below(lines, index, places, log) or banner
    unread = ""
    if banner is None and (opening.breaks or opening.doubtful) and index < len(lines):
        banner, unread = doubtful(lines, index, log)
    banner_line = lines[index] if banner else None
    if banner and banner.lettered:
        at = lines[index].text.find(banner.lettered)
        log.repair(lines[index], at, banner.lettered, f"{banner.section} OF {banner.of}", "digits")
    numbered = _MRN.match(lines[index].text) if banner is None and index < len(lines) else None
    if banner or numbered:
        index += 1
    sent = opening.head.sent
    year = sent.year if sent else None
    number = number_of(banner, banner_line, year, latest, log)
    if numbered:
        number = Number(numbered[2], int(numbered[3]), int(numbered[1]) if numbered[1] else year)
    lines, drafted = strip_drafting(lines, index, log)
    opening.drafted = tuple(dict.fromkeys((*opening.drafted, *drafted)))
    end = end_of(lines, index)
    lead = read_lead(lines, index, end, log, year)
    end = lead.end
    lead.captions[:0] = dict.fromkeys(word for word in opening.captions if word not in lead.captions)
    if unread:
        lead.captions.insert(0, unread)
    if banner and banner.efto:
        lead.captions.insert(0, "EFTO")
    level = banner.level + banner.control if banner else ""
    first = Section(
        banner.section or 1 if banner else 1, lines[lead.body : end], is_closed(lines, end), level
    )
    sections = [first]
    of = banner.of if banner else None
    rest = end
    if of:
        rest = more_sections(lines, end, number, sections, lead, log, year)
    paragraphs, body, part = join_sections(sections, of, log)
    if part and named.issuperset(part.missing):
        part = None  # page lines of the missing sections stand in the text: a copy that ran them together
    warn_of_rest(lines, rest, log)
    opened = opening.breaks
    closed = sections[-1].closed
    ended = closed if opened or closed else body.whole
    telegram = _assemble(opening, lead, paragraphs, number, note, banner, body.signed, ended, part)
    if not telegram.ended:
        log.warn("the end of the message is missing")
    if part:
        log.warn("missing of the message: " + ", ".join(f"section {n} of {part.of}" for n in part.missing))
    return telegram


def _assemble(
    opening: Opening,
    lead: Lead,
    paragraphs: list[Paragraph],
    number: Number | None,
    note: str | None,
    banner: Banner | None,
    signed: str | None,
    ended: bool,
    part: Part | None = None,
) -> Telegram:
    return Telegram(
        head=opening.head,
        number=number,
        classification=banner.level if banner else None,
        control=banner.control if banner else "",
        captions=tuple(lead.captions),
        order=lead.order,
        tags=lead.tags,
        subject=lead.subject,
        references=lead.references,
        authority=lead.authority,
        paragraphs=tuple(paragraphs),
        signed=signed,
        ended=ended,
        part=part,
        transmission=opening.transmission,
        readdressed=opening.readdressed,
        distribution=opening.distribution,
        drafted=opening.drafted,
        accounting=opening.accounting,
        groups=opening.groups,
        release_note=note,
    )
