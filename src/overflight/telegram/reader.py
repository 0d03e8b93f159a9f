"""Reads a file into a telegram: recognises the form, removes furniture, and puts the parts together."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from operator import attrgetter

from overflight.errors import TelegramError
from overflight.telegram import dd173, labelled
from overflight.telegram.aftn import envelope, is_aftn, read_aftn
from overflight.telegram.banner import Banner, class_line, level_of
from overflight.telegram.body import read_body
from overflight.telegram.captions import originators
from overflight.telegram.clean import clean
from overflight.telegram.drafting import strip_drafting
from overflight.telegram.dtg import expand_year
from overflight.telegram.furniture import end_made_whole, strip_furniture
from overflight.telegram.head import Opening, fields_below, read_opening
from overflight.telegram.labels import LABEL
from overflight.telegram.lead import Lead, read_lead
from overflight.telegram.meaning import Meaning, understand
from overflight.telegram.messages import letter_above, split
from overflight.telegram.misread import near_class
from overflight.telegram.model import Number, Paragraph, Part, Telegram
from overflight.telegram.posts import known_places
from overflight.telegram.quoted import unquote
from overflight.telegram.repairs import Log, Repair
from overflight.telegram.sections import (
    Section,
    class_lines,
    end_of,
    is_closed,
    join_sections,
    more_sections,
    warn_of_rest,
)
from overflight.telegram.source import Line, Source, decode, unreturned
from overflight.telegram.words import words_of

__all__ = ["Reading", "read", "read_all"]

# Marks of a head or of the labelled lines. What a copy may put before them is let pass.
_MARKS = re.compile(
    r"^[ \t>*#_-]{0,12}(?:<\w{1,6}>)?[ \t]{0,4}(?:(?P<fm>FM|FROM|From)\b[ \t:]|(?P<to>TO|To)\b[ "
    r"\t:]+\S|(?P<bt>BT[ \t\r]*$)|(?P<nnnn>NNNN\b)|"
    r"(?P<eo>E\.?[ ]?[O0]\.?[ ]?[\dOIlS]{5})|(?P<tags>TAGS\b|Tags:)|(?P<subj>SUBJ(?:ECT)?[ \t]*:|"
    r"Subject[ \t]*:)|(?P<mrn>MRN[ \t]*:)|"
    r"(?P<zczc>V?ZCZC)|(?P<by>Classified By|CLASSIFIED BY)|"
    r"(?P<dtg>(?:[ZOPR]{1,2}[ \t]+){0,2}[0-9OIl]{6}Z[ \t]*[A-Z]{3})|"
    r"(?P<class>(?:S[ ]?E[ ]?C[ ]?R[ ]?E[ ]?T|C[ ]?O[ ]?N[ ]?F[ ]?I[ ]?D[ ]?E[ ]?N[ ]?T[ ]?I[ ]?A[ ]?L|"
    r"UNCLAS\w*|LIMITED[ ]OFFICIAL[ ]USE)\b[^\r\n]{0,60}\d))",
    re.MULTILINE,
)
_OPENING = frozenset({"mrn", "dtg", "class", "eo", "tags"})  # no letter that goes with a message has these
_ENOUGH = frozenset({"fm", "mrn", "dtg", "class", "tags", "eo", "zczc"})
_MRN = re.compile(
    r"^MRN: (?:(\d{4}) )?([A-Z][A-Z .'/-]*?) (\d{1,7})$"
)  # a number without a classification line
_NUMBER_BELOW = re.compile(
    r"^[ \t]*(?:(?P<origin>[A-Z](?:[A-Z .'’/-]{0,38}[A-Z])?)\s{1,4})?(?P<serial>\d{3,7})[ \t]*$"
)
_cut = attrgetter("cut")
_CAPTIONED = 20_001  # lines among which captions are looked for


@dataclass(frozen=True)
class Reading:
    """What came out of a file.

    Attributes
    ----------
    telegram : Telegram
        What the file says.
    form : str
        ``state``, ``labelled``, ``archive``, ``acp127``, ``acp126``, ``janap128``, ``dd173``,
        ``aftn`` or ``quoted``.
    repairs : tuple of Repair
        Every repair, in the order of the file.
    warnings : tuple of str
        What could not be decided, or does not fit.
    source : Source
        The original bytes and the way from line and column to them.
    """

    telegram: Telegram
    form: str
    repairs: tuple[Repair, ...]
    warnings: tuple[str, ...]
    source: Source = field(repr=False)
    meaning: Meaning = field(repr=False, compare=False)

    @cached_property
    def complete(self) -> bool:
        return self.telegram.ended and self.telegram.part is None

    @cached_property
    def originators(self) -> tuple[str, ...]:
        """Captions that leave release of the whole to the originator, however they are spelled."""
        text = next((p.lines[0] for p in self.telegram.paragraphs[:1] if p.lines), None)
        found: dict[str, None] = {}
        above, labelled = "", False
        for number, line in enumerate(self.source.lines()[:_CAPTIONED], self.source.first):
            head = text is None or number < text
            labelled = labelled or LABEL.match(line.strip()) is not None
            found |= dict.fromkeys(originators(line, head=head, labelled=labelled))
            if len(above) < 10 > len(line):  # a caption that a line break cuts in two
                found |= dict.fromkeys(originators(f"{above.strip()}{line.strip()}", head=False))
            above = line
        return tuple(found)

    def original(self, repair: Repair) -> bytes:
        """The bytes that a repair stands for, as they are in the file."""
        return self.source.bytes_at(repair.line, repair.column, len(repair.read))


def read(data: bytes, *, received: date | None = None, name: str | None = None) -> Reading:
    """Read one telegram; what a file holds behind its end is not read, which is a warning.

    Parameters
    ----------
    data : bytes
        The file.
    received : date, optional
        Day of receipt. It settles the century of a year of two digits and, for messages of the aeronautical
        network, month and year. Today where not given.
    name : str, optional
        Name of the file, for errors.

    Raises
    ------
    TelegramError
        The file is empty or is no telegram.
    """
    return _read(_decoded(data, name), received, name)


def read_all(data: bytes, *, received: date | None = None, name: str | None = None) -> Iterator[Reading]:
    """Read each telegram of a file, one after the other; no more than one is held at a time.

    Parameters and errors are those of `read`. Lines are counted from the beginning of the file.
    """
    for piece in split(_decoded(data, name), _is_telegram):
        yield _read(piece, received, name)


def _decoded(data: bytes, name: str | None) -> Source:
    try:
        return decode(data)
    except TelegramError as error:
        raise TelegramError(error.what, where=name, mend=error.mend) from None


def _read(source: Source, received: date | None, name: str | None) -> Reading:
    bare = source.text.replace("\0", "") if "\0" in source.text else source.text
    bare = unreturned(bare)
    log = Log()
    if "=" in bare and "=QUOTED" in bare and (quoted := unquote(bare)) is not None:
        return _reading(quoted, "quoted", source, log)
    if _of_network(bare):
        first = next(split(source, _is_telegram))
        telegram = read_aftn(clean(first, log), log, received)
        if telegram is not None:
            if first is not source:
                behind = first.first + len(first.lines()) - 1
                log.warn(
                    f"the file holds more from line {behind} on, behind the end of the message; it is "
                    f"not read"
                )
            return _reading(telegram, "aftn", source, log)
    if not _is_telegram(bare):
        raise TelegramError(
            "this is no telegram: no two of originator, date-time group, classification line, TAGS and "
            "subject were found",
            where=name,
            mend="give the whole message as plain text",
        )
    own, banners = source, list[Line]()
    if "From:" in bare and len(bare) == len(source.text):
        own, banners = _without_letter(source, bare, log)
        bare = bare[len(bare) - len(own.text) :]
    telegram, form = _parsed(own, bare, log, (received or date.today()).year + 1, banners)
    return _reading(telegram, form, source, log)


def _without_letter(source: Source, bare: str, log: Log) -> tuple[Source, list[Line]]:
    """The file from the telegram on where a letter stands above it, and the banners of the letter.

    Nothing else of the letter is read: who wrote to whom is no part of the telegram.
    """
    size, banners = letter_above(bare)
    at = 0
    for _ in range(size):
        at = bare.index("\n", at) + 1
    if not at or not _is_telegram(bare[at:]):
        return source, []
    own = list(source.pieces([at]))[1]
    log.repair(Line("", source.first), 0, "(a letter)", "left out", "letter")
    log.warn(
        f"lines {source.first} to {own.first - 1} are a letter that stands above the telegram; it is not read"
    )
    return own, [Line(text, source.first + n) for n, text in banners]


def _parsed(source: Source, bare: str, log: Log, latest: int, banners: list[Line]) -> tuple[Telegram, str]:
    """The telegram and its form; the lines are given up when it is done."""
    lines = end_made_whole(_single_spaced(clean(source, log), log), log)
    lines[:0] = banners
    if labelled.is_labelled(bare):
        return _read_labelled(lines, log, latest), "labelled"
    if dd173.is_dd173(bare):
        return _read_common(dd173.unfold(lines, log, latest), source, log, latest), "dd173"
    telegram = _read_common(lines, source, log, latest)
    return telegram, _form(telegram)


def _is_telegram(text: str) -> bool:
    """Two different marks of a telegram at least, one of them a telling one; or the envelope of AFTN."""
    return _marked(text, _ENOUGH) or is_aftn(text) or labelled.is_labelled(text)


def _marked(text: str, telling: frozenset[str]) -> bool:
    """Two different marks of a telegram at least, one of them a telling one."""
    found: set[str] = set()
    for match in _MARKS.finditer(text):
        found.add(str(match.lastgroup))
        if len(found) >= 2 and found & telling:
            return True
    return False


def _of_network(text: str) -> bool:
    """Whether a message is one of the aeronautical network, and no telegram that quotes one."""
    at = envelope(text)
    return at is not None and not _marked(text[:at], _OPENING)


def _single_spaced(lines: list[Line], log: Log) -> list[Line]:
    """Where every second line of a file is blank, the copy was printed double-spaced."""
    if len(lines) < 24 or not lines[0].text.strip() or any(line.text.strip() for line in lines[1::2]):
        return lines
    log.repair(lines[1], 0, "every second line blank", "single spacing", "double spacing")
    return lines[0::2]


def _reading(telegram: Telegram, form: str, source: Source, log: Log) -> Reading:
    meaning = understand(telegram)
    for warning in meaning.warnings:
        log.warn(warning)
    return Reading(telegram, form, log.sorted(), log.warnings, source, meaning)


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
        if LABEL.match(text) and text[:1] in "EeTtSs":
            return index
    return None


def _read_common(lines: list[Line], source: Source, log: Log, latest: int) -> Telegram:
    if "SECTION" in source.text:
        lines = class_lines(lines, log)
    lines, note, named = strip_furniture(lines, log, _text_begins(lines))
    words = words_of(source.text) if True in map(_cut, lines) else frozenset()
    places = known_places()
    opening = read_opening(lines, 0, log, latest, words, places)
    for stray in opening.unplaced:
        if opening.distribution and stray.text.strip().isdecimal():
            continue  # the number of the copy that an archive printed
        log.warn(f"line {stray.no}: {stray.text.strip()[:60]!r} is no line of a head and is not read")
    index = opening.text
    while index < len(lines) and not lines[index].text.strip():
        index += 1
    banner = class_line(lines[index].text.strip()) if index < len(lines) else None
    if (opening.breaks or banner) and (banner is None or banner.serial is None):
        banner = _numbered_below(lines, index, places, log) or banner
    unread = ""
    if banner is None and (opening.breaks or opening.doubtful) and index < len(lines):
        banner, unread = _doubtful(lines, index, log)
    banner_line = lines[index] if banner else None
    if banner and banner.lettered:
        at = lines[index].text.find(banner.lettered)
        log.repair(lines[index], at, banner.lettered, f"{banner.section} OF {banner.of}", "digits")
    numbered = _MRN.match(lines[index].text) if banner is None and index < len(lines) else None
    if banner or numbered:
        index += 1
    sent = opening.head.sent
    year = sent.year if sent else None
    number = _number(banner, banner_line, year, latest, log)
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
    first = Section(banner.section or 1 if banner else 1, lines[lead.body : end], is_closed(lines, end))
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


def _numbered_below(lines: list[Line], index: int, places: frozenset[str], log: Log) -> Banner | None:
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


def _doubtful(lines: list[Line], index: int, log: Log) -> tuple[Banner | None, str]:
    """What opens the text and begins like a classification line, but is none in its right form.

    The banner, and what is left over of the line.
    """
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


def _form(telegram: Telegram) -> str:
    if telegram.distribution or telegram.drafted:
        return "archive"
    wire = telegram.transmission
    if wire and wire.header:
        return "janap128"
    if telegram.number or telegram.tags or telegram.order:
        return "state"
    return "acp127" if wire else "acp126"


def _number(
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
