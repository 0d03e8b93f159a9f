"""Telegrams to canonical text: header order, line width, numbers, markings, letters, sections when long.

``read(write(m))`` gives ``m`` back. A model that no telegram form can say (a paragraph that begins like a
marking,
say) is written in the quoted form of `overflight.telegram.quoted`.
"""

from __future__ import annotations

import re
from datetime import date

from overflight.errors import TelegramError
from overflight.telegram.columns import parted
from overflight.telegram.dtg import WORDS, print_group
from overflight.telegram.model import LAST_SECTION, Address, Head, Number, Paragraph, Reference, Telegram
from overflight.telegram.numbering import CANDIDATE
from overflight.telegram.quoted import quote
from overflight.telegram.wrap import wrap

__all__ = ["SECTION_LINES", "write"]

#: Lines of text after which a new section begins, at the next numbered paragraph.
SECTION_LINES = 120
_SPACED = ("TOP SECRET", "SECRET", "CONFIDENTIAL", "RESTRICTED")
_ENDS = (".", "?", "!", ":", '"', ")", ";")


def write(telegram: Telegram, *, verify: bool = True) -> str:
    """Canonical text of a telegram, line ends as line feeds.

    Parameters
    ----------
    telegram : Telegram
        What to write.
    verify : bool
        Read the result, compare, and write the quoted form when it would be read as something else.
        Without it the
        caller knows that the telegram form can say the model.
    """
    text = "\n".join(_aftn(telegram) if telegram.aftn else _common(telegram)) + "\n"
    if not verify or _says(telegram, text):
        return text
    banner = class_line_of(telegram)
    return "\n".join([*_opening(telegram), "BT", *([banner] if banner else []), *quote(telegram), ""])


def _says(telegram: Telegram, text: str) -> bool:
    from overflight.telegram.reader import read

    sent = telegram.head.sent
    received = sent.date() if sent and telegram.aftn else date(max(sent.year, 2026) if sent else 2026, 12, 31)
    try:
        return read(text.encode("utf-8", "surrogatepass"), received=received).telegram == telegram
    except TelegramError:
        return False


# --- the head
# ---------------------------------------------------------------------------------------------------


def _common(telegram: Telegram) -> list[str]:
    opening = _opening(telegram)
    runs = _runs(telegram)
    total = telegram.part.of if telegram.part else sum(len(sections) for _, sections in runs)
    out: list[str] = []
    first = True
    for number, sections in runs:
        for offset, body in enumerate(sections):
            section = number + offset
            if not first:
                out.append("")
            out += opening if first else _repeated(opening)
            out.append("BT")
            out += _lead(telegram, section, total, full=first)
            final = (number, offset) == (runs[-1][0], len(sections) - 1)
            if body:
                out += ["", *body]
            if telegram.signed and final:
                out += ["", telegram.signed]
            if telegram.ended or not final:
                out += _closing(telegram)
            first = False
    if telegram.release_note:
        out.append(telegram.release_note)
    return out


def _repeated(opening: list[str]) -> list[str]:
    """The head of a further section: that of the first, bureau copies and drafting lines left out."""
    return [line for line in opening if not re.match(r"(?:ORIGIN|ACTION|DRAFTED|APPROVED|CLEARED)\b", line)]


def _opening(telegram: Telegram) -> list[str]:
    out: list[str] = []
    for share in telegram.distribution:
        copies = f"-{share.copies:02d}" if share.copies is not None else ""
        out.append(f"{share.role} {share.office}{copies}")
    for role, office in telegram.drafted:
        out.append(f"{role.upper()} BY {office}")
    wire = telegram.transmission
    if wire:
        if wire.start:
            out.append(wire.start)
        if wire.header:
            out.append(wire.header)
        letter = WORDS.get(wire.precedence or "", "R")
        for start in range(0, len(wire.routing), 7):
            out.append(f"{letter * 2} {' '.join(wire.routing[start : start + 7])}")
        if wire.station:
            serial = f" #{wire.serial:04d}" if wire.serial is not None else ""
            out.append(f"DE {wire.station}{serial}" + (f" {wire.filed}" if wire.filed else ""))
        if wire.security:
            out.append(wire.security)
    for head in (*telegram.readdressed, telegram.head):
        out += _head(head)
    if telegram.accounting:
        out.append(f"ACCT {telegram.accounting}")
    if telegram.groups is not None:
        out.append(f"GR {telegram.groups}")
    return out


def _head(head: Head) -> list[str]:
    out: list[str] = []
    if head.sent:
        # A priority of the aeronautical network has no letter here: the quoted form keeps it.
        words = (word.removeprefix("NIACT ") for word in (head.precedence, head.info_precedence) if word)
        letters = [WORDS[word] for word in words if word in WORDS]
        line = " ".join([*letters, print_group(head.sent)])
        if head.book:
            line += " ZEX"
        if head.precedence == "NIACT IMMEDIATE":
            line += " NIACT"
        out.append(line)
    if head.origin:
        out.append(f"FM {head.origin}")
    for name, addresses in (("TO", head.to), ("INFO", head.info)):
        out += [(f"{name} " if n == 0 else "") + _address(a) for n, a in enumerate(addresses)]
    out += [(("XMT ") if n == 0 else "") + a for n, a in enumerate(head.exempted)]
    return out


def _address(address: Address) -> str:
    text = f"{address.routing}/{address.address}" if address.routing else address.address
    if address.other_means:
        text = f"ZEN/{text}"
    if address.precedence:
        text += f" {address.precedence}"
    return text + (f" {address.serial:04d}" if address.serial is not None else "")


def _number(number: Number, year: int | None) -> str:
    prefix = f"{number.year} " if number.year is not None and number.year != year else ""
    return f"{prefix}{number.origin} {number.serial:06d}"


def class_line_of(telegram: Telegram, section: int = 1, total: int = 1) -> str:
    """The line that opens the text: classification, section, number."""
    year = telegram.head.sent.year if telegram.head.sent else None
    number = _number(telegram.number, year) if telegram.number else ""
    if not telegram.classification:
        return f"MRN: {number}" if number else ""
    level, control = telegram.classification, telegram.control
    word = (
        " ".join(level.replace(" ", ""))
        if level in _SPACED
        else "UNCLAS"
        if level == "UNCLASSIFIED"
        else level
    )
    line = word + (control if control.startswith("//") or not control else f" {control}")
    if total > 1:
        line += f" SECTION {section:02d} OF {total:02d}"
    return f"{line} {number}".rstrip()


def _lead(telegram: Telegram, section: int, total: int, *, full: bool) -> list[str]:
    out: list[str] = []
    sent = telegram.head.sent
    year = sent.year if sent else None
    line = class_line_of(telegram, section, total)
    if line:
        out.append(line)
    if not full:
        return out
    out += telegram.captions
    if telegram.order:
        name = f"E.O. {telegram.order.number}" if telegram.order.number else "E.O."
        out.append(f"{name}: {telegram.order.text}".rstrip())
    if telegram.tags:
        out += _tags(telegram.tags)
    if telegram.subject:
        mark = f"({telegram.subject.marking}) " if telegram.subject.marking else ""
        out += wrap((mark + telegram.subject.text).strip(), "SUBJECT: ")
    out += _references(telegram.references, year)
    out += _authority(telegram)
    return out


def _tags(tags: tuple[str, ...]) -> list[str]:
    lines: list[str] = []
    line = "TAGS: "
    for n, tag in enumerate(tags):
        piece = tag + ("," if n + 1 < len(tags) else "")
        if len(line) + len(piece) > 65 and line.strip() != "TAGS:":
            lines.append(line.rstrip())
            line = ""
        line += piece + " "
    return [*lines, line.rstrip()]


def _references(references: tuple[Reference, ...], year: int | None) -> list[str]:
    out: list[str] = []
    for n, reference in enumerate(references):
        parts = []
        if reference.number:
            number = reference.number
            prefix = f"{number.year % 100:02d} " if number.year is not None and number.year != year else ""
            if prefix and year is not None and not year - 99 < (number.year or 0) <= year + 1:
                prefix = f"{number.year} "
            parts.append(f"{prefix}{number.origin} {number.serial}")
        if reference.text:
            parts.append(reference.text)
        out += wrap(
            " ".join(parts), f"{'REF:' if n == 0 else '    '} {reference.letter}. ", indent="        "
        )
    return out


def _authority(telegram: Telegram) -> list[str]:
    authority = telegram.authority
    if authority is None:
        return []
    out: list[str] = []
    reasons = ", ".join(
        r[3:] if n and authority.reasons[n - 1][:3] == r[:3] else f"{r[:3]} {r[3:]}"
        for n, r in enumerate(authority.reasons)
    )
    if authority.office:
        out += wrap(authority.office + (f"; Reason {reasons}" if reasons else ""), "Classified By: ")
    elif reasons:
        out += wrap(reasons, "Reason: ")
    if authority.derived_from is not None:
        out += wrap(authority.derived_from, "Derived From: ")
    if authority.declassify_on is not None:
        out += wrap(authority.declassify_on, "Declassify On: ")
    return out


def _closing(telegram: Telegram) -> list[str]:
    wire = telegram.transmission
    return ["BT", *([f"#{wire.serial:04d}"] if wire and wire.serial is not None else []), "NNNN"]


# --- the text
# ---------------------------------------------------------------------------------------------------


def _runs(telegram: Telegram) -> list[tuple[int, list[list[str]]]]:
    """For each run of sections its first number and the lines of each section."""
    part = telegram.part
    if part is None:
        return [(1, _sections(telegram.paragraphs, telegram.classification is not None, None))]
    out: list[tuple[int, list[list[str]]]] = []
    for n, run in enumerate(part.runs):
        end = part.runs[n + 1].paragraph if n + 1 < len(part.runs) else len(telegram.paragraphs)
        out.append(
            (run.first, _sections(telegram.paragraphs[run.paragraph : end], True, run.last - run.first + 1))
        )
    return out


def _sections(paragraphs: tuple[Paragraph, ...], may_cut: bool, exactly: int | None) -> list[list[str]]:
    """Lines of the paragraphs, cut at numbered paragraphs only."""
    sections: list[list[str]] = [[]]
    heading: str | None = None
    for paragraph in paragraphs:
        lines: list[str] = []
        new = paragraph.heading is not None and paragraph.heading != heading
        if new:
            lines += [str(paragraph.heading), "-" * min(len(str(paragraph.heading)), 60), ""]
        heading = paragraph.heading
        lines += _paragraph(paragraph)
        full = exactly is None and may_cut and len(sections[-1]) + len(lines) > SECTION_LINES
        wanted = exactly is not None and len(sections) < exactly
        if (
            sections[-1]
            and paragraph.number is not None
            and (full or wanted)
            and len(sections) < LAST_SECTION
        ):
            sections.append(lines)
        else:
            sections[-1] += ([""] if sections[-1] else []) + lines
    while exactly is not None and len(sections) < exactly:
        sections.append([])
    return sections


def _paragraph(paragraph: Paragraph) -> list[str]:
    lead = (
        f"{paragraph.number}. "
        if paragraph.number is not None
        else f"{paragraph.lead} "
        if paragraph.lead
        else ""
    )
    if paragraph.marking is not None:
        lead += f"({paragraph.marking}) "
    subs = paragraph.text.split("\n") if paragraph.text else [""]
    pieces = list(parted(subs))
    # A table does not begin on the line of the number.
    first = "" if pieces[0][0] else pieces.pop(0)[1][0]
    # A long list of states may have to be broken, so the marking takes part in the wrapping.
    out = [line.rstrip() for line in wrap(f"{lead}{first}".strip())] if lead or first else []
    previous = first
    for table, lines in pieces:
        # What looks like a number begins a line of its own without a blank one above: a list
        # inside the paragraph.
        if out and (table or not (CANDIDATE.match(lines[0]) and previous.endswith(_ENDS))):
            out.append("")
        out += lines if table else wrap(lines[0])
        previous = lines[-1]
    return out or [""]


# --- the aeronautical network
# -----------------------------------------------------------------------------------


def _aftn(telegram: Telegram) -> list[str]:
    envelope = telegram.aftn
    assert envelope is not None
    out: list[str] = []
    if envelope.channel:
        out.append(f"ZCZC {envelope.channel}" + (f" {envelope.transmitted}" if envelope.transmitted else ""))
    addresses = [a.address for a in telegram.head.to]
    for start in range(0, len(addresses), 7):
        row = " ".join(addresses[start : start + 7])
        out.append(f"{envelope.priority} {row}" if start == 0 else row)
    out.append(f"{envelope.filed} {telegram.head.origin}" + (f" {envelope.extra}" if envelope.extra else ""))
    for paragraph in telegram.paragraphs:
        out += paragraph.text.split("\n")
    if telegram.ended:
        out.append("NNNN")
    return out
