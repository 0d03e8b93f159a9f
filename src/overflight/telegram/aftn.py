"""Messages of the aeronautical fixed network: priority, eight-letter addressees, origin, text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

from overflight.telegram.model import Address, Aftn, Head, Paragraph, Telegram
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["envelope", "is_aftn", "named_addressee", "read_aftn"]

_PRIORITY = re.compile(r"^(SS|DD|FF|GG|KK)((?:\s+[A-Z]{8})+)\s*$")
_ADDRESSEES = re.compile(r"^(?:[A-Z]{8}\s*)+$")
_ORIGIN = re.compile(r"^(\d{6})\s+([A-Z]{8})(?:\s+(.*))?$")
_HEADING = re.compile(r"^V?ZCZC\s+([A-Z]{3}\d{3,4})(?:\s+(\d{6}))?(?:\s.*)?$")
_ENVELOPE = re.compile(
    r"^[ \t]*(?:SS|DD|FF|GG|KK)(?:\s+[A-Z]{8})+[^\S\r\n]*[\r\n]\s*\d{6}[ \t]+[A-Z]{8}\b", re.MULTILINE
)
_PRIORITY_LINE = re.compile(r"\n[ \t]*(?:SS|DD|FF|GG|KK)\s")  # the quick look before the whole envelope
#: Designators that stand for a party with none of its own; it is named in the first item of the text.
_NAMED = ("YXY", "YYY", "ZZZ")


def is_aftn(text: str) -> bool:
    """Whether the beginning of a text holds an envelope of the network."""
    return envelope(text) is not None


def envelope(text: str) -> int | None:
    """Where in the beginning of a text an envelope of the network stands; None when there is none."""
    head = "\n" + text[:6_000]
    if "\r" in head:
        head = head.replace("\r", "\n")
    found = _ENVELOPE.search(head) if _PRIORITY_LINE.search(head) else None
    return found.start() - 1 if found else None


def named_addressee(address: str) -> bool:
    """Whether the true party of an address is named in the text."""
    return len(address) == 8 and address[4:7] in _NAMED


def read_aftn(lines: list[Line], log: Log, received: date | None) -> Telegram | None:
    """Read one message; None when no envelope is found.

    Parameters
    ----------
    lines : list of Line
        Cleaned lines.
    log : Log
        Takes repairs and warnings.
    received : date, optional
        Day of receipt, which gives the month and the year of the filing time.
    """
    channel = transmitted = None
    index = 0
    priority = ""
    to: list[str] = []
    origin: re.Match[str] | None = None
    while index < len(lines):
        text = lines[index].text.strip()
        index += 1
        if not text:
            continue
        if match := _HEADING.match(text):
            channel, transmitted = match[1], match[2]
        elif match := _PRIORITY.match(text):
            priority, to = match[1], match[2].split()
        elif priority and (origin := _ORIGIN.match(text)):
            break
        elif priority and _ADDRESSEES.match(text):
            to += text.split()
        elif priority:
            log.warn(f"line {lines[index - 1].no}: {text[:40]!r} is no addressee of eight letters")
    if origin is None:
        return None
    body: list[str] = []
    begin = index
    ended = False
    for at in range(index, len(lines)):
        text = " ".join(lines[at].text.split())
        if text == "NNNN":
            ended = True
            rest = [line.no for line in lines[at + 1 :] if line.text.strip()]
            if rest:
                log.warn(
                    f"the file holds more from line {rest[0]} on, behind the end of the message; it is "
                    f"not read"
                )
            break
        body.append(text)
    text = "\n".join(body).strip("\n")
    text = re.sub(r"\n{2,}", "\n", text)
    if not ended:
        log.warn("the end of the message (NNNN) is missing")
    first, last = lines[min(begin, len(lines) - 1)].no, lines[min(begin + len(body), len(lines)) - 1].no
    sent = _instant(origin[1], received)
    if sent is None and received is not None:
        log.warn(f"filing time {origin[1]} is no time of the days before {received.isoformat()}")
    if received is None:
        log.warn("the message has no month and no year of its own; give the day of receipt")
    for address in (*to, origin[2]):
        if named_addressee(address):
            log.warn(f"{address} has no designator of its own: the first item of the text names it")
    return Telegram(
        head=Head(priority, None, sent, origin[2], tuple(Address(a) for a in to)),
        paragraphs=(Paragraph(None, text, lines=(first, last)),) if text else (),
        ended=ended,
        aftn=Aftn(priority, origin[1], channel, transmitted, " ".join((origin[3] or "").split())),
    )


def _instant(filed: str, received: date | None) -> datetime | None:
    """Filing time in the last month up to the day after receipt."""
    if received is None:
        return None
    day, hour, minute = int(filed[:2]), int(filed[2:4]), int(filed[4:])
    for back in range(-1, 31):
        candidate = received - timedelta(days=back)
        if candidate.day == day and hour < 24 and minute < 60:
            return datetime(candidate.year, candidate.month, candidate.day, hour, minute, tzinfo=UTC)
    return None
