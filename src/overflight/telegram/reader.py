"""Reads a file into telegrams, with every repair and what could not be decided."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from overflight.errors import TelegramError
from overflight.telegram.aftn import read_aftn
from overflight.telegram.captions import originators
from overflight.telegram.clean import clean
from overflight.telegram.flattened import head_pieces
from overflight.telegram.forms import is_telegram, of_network
from overflight.telegram.labels import LABEL
from overflight.telegram.meaning import Meaning, understand
from overflight.telegram.messages import letter_above, split
from overflight.telegram.model import Telegram
from overflight.telegram.numbering import CANDIDATE
from overflight.telegram.parsing import parse
from overflight.telegram.quoted import unquote
from overflight.telegram.repairs import Log, Repair
from overflight.telegram.source import Line, Source, decode, unreturned

__all__ = ["Reading", "read", "read_all"]

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
    def lines(self) -> list[str]:
        """Lines of the file, or of its piece, as they stand."""
        return self.source.lines()

    @cached_property
    def originators(self) -> tuple[str, ...]:
        """Captions that leave release of the whole to the originator, however they are spelled."""
        text = next((p.lines[0] for p in self.telegram.paragraphs[:1] if p.lines), None)
        found: dict[str, None] = {}
        above, labelled = "", False
        for number, line in enumerate(self.lines[:_CAPTIONED], self.source.first):
            pieces = head_pieces(line)
            for piece in pieces if len(pieces) > 1 else (line,):
                head = text is None or number < text or (piece is not line and not CANDIDATE.match(piece))
                labelled = labelled or LABEL.match(piece.strip()) is not None
                found |= dict.fromkeys(originators(piece, head=head, labelled=labelled))
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
    for piece in split(_decoded(data, name), is_telegram):
        yield _read(piece, received, name)


# A mail's head says so, and lines of nothing but such letters follow, perhaps behind other parts of the mail.
_BASE64 = re.compile(
    r"^Content-Transfer-Encoding:\s*base64\s*$[\s\S]{0,4000}?\n\n[A-Za-z0-9+/]{40,80}={0,2}$",
    re.IGNORECASE | re.MULTILINE,
)


def _is_encoded(text: str) -> bool:
    """Whether a mail begins whose text is written in base64; a part that is attached does not matter."""
    text = text.replace("\r", "")
    found = _BASE64.search(text)
    return found is not None and not is_telegram(text[: found.start()].partition("\n\n")[2])


def _decoded(data: bytes, name: str | None) -> Source:
    try:
        return decode(data)
    except TelegramError as error:
        raise TelegramError(error.what, where=name, mend=error.mend) from None


def _read(source: Source, received: date | None, name: str | None) -> Reading:
    bare = source.text.replace("\0", "") if "\0" in source.text else source.text
    bare = unreturned(bare)
    log = Log()
    if "base64" in bare[:8_000] and _is_encoded(bare[:8_000]):
        raise TelegramError(
            "this is a mail whose text is encoded (base64), no plain text",
            where=name,
            mend="open it in the mail program, save the text and give that",
        )
    if "=" in bare and "=QUOTED" in bare and (quoted := unquote(bare)) is not None:
        return _reading(quoted, "quoted", source, log)
    if of_network(bare):
        first = next(split(source, is_telegram))
        telegram = read_aftn(clean(first, log), log, received)
        if telegram is not None:
            if first is not source:
                behind = first.first + len(first.lines()) - 1
                log.warn(
                    f"the file holds more from line {behind} on, behind the end of the message; it is "
                    f"not read"
                )
            return _reading(telegram, "aftn", source, log)
    if not is_telegram(bare) and not is_telegram("\n".join(head_pieces(bare))):
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
    telegram, form = parse(own, bare, log, (received or date.today()).year + 1, banners)
    return _reading(telegram, form, source, log)


def _without_letter(source: Source, bare: str, log: Log) -> tuple[Source, list[Line]]:
    """The file from the telegram on where a letter stands above it, and the banners of the letter.

    Nothing else of the letter is read: who wrote to whom is no part of the telegram.
    """
    size, banners = letter_above(bare)
    at = 0
    for _ in range(size):
        at = bare.index("\n", at) + 1
    if not at or not is_telegram(bare[at:]):
        return source, []
    own = list(source.pieces([at]))[1]
    log.repair(Line("", source.first), 0, "(a letter)", "left out", "letter")
    log.warn(
        f"lines {source.first} to {own.first - 1} are a letter that stands above the telegram; it is not read"
    )
    return own, [Line(text, source.first + n) for n, text in banners]


def _reading(telegram: Telegram, form: str, source: Source, log: Log) -> Reading:
    meaning = understand(telegram)
    for warning in meaning.warnings:
        log.warn(warning)
    return Reading(telegram, form, log.sorted(), log.warnings, source, meaning)
