"""A file of telegrams as the desk shows it: text beside structure, markings checked, where it may belong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from importlib.resources import files
from itertools import islice
from typing import Any

from overflight.case.life.filing import Match, Proposal, digest_of, matches, proposed_answer
from overflight.desk.views.read_source import PAGE_CHARACTERS, SourceLine, source_lines
from overflight.errors import MarkingError, TelegramError
from overflight.marking import Checked, Rolled, check, rollup
from overflight.marking.release import ReleasedPortion, ReleasedProduct
from overflight.store.event import AgendaItem
from overflight.telegram import Reading, Telegram, Thread, read_all, state_of, threads, to_json
from overflight.telegram.portions import inferred_for, release_to
from overflight.world.times import minute_text

__all__ = [
    "MOST_BYTES",
    "PAGE_LINES",
    "PAGE_MESSAGES",
    "PREVIEWED",
    "CheckedMark",
    "Found",
    "Place",
    "Release",
    "Row",
    "Sheet",
    "Threaded",
    "as_json",
    "checked_marks",
    "example",
    "found_in",
    "one_of",
    "place_of",
    "release_document",
    "release_of",
    "rolled",
    "sentences",
    "shortened",
]

#: Bytes of the largest file that the desk reads.
MOST_BYTES = 4_000_000
#: Telegrams on one page, and lines of text on it.
PAGE_MESSAGES, PAGE_LINES = 8, 3000
#: Portions of a telegram whose release is previewed: each is decided on by itself.
PREVIEWED = 2000
_SENTENCE = re.compile(r"(?<=[.!?])\s+")


def example() -> str:
    """A telegram to try the page with: invented, marked EXERCISE, with some of the usual damage."""
    return (files("overflight.desk") / "data" / "read_example.txt").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Sheet:
    """One telegram of a file.

    Attributes
    ----------
    number : int
        Which of the file's telegrams it is, from 1.
    reading : Reading
    lines : tuple of SourceLine
        Its text; `cut` says how many lines are not shown.
    cut : int
    """

    number: int
    reading: Reading
    lines: tuple[SourceLine, ...]
    cut: int = 0

    @property
    def name(self) -> str:
        """Its own number, or what else tells it from the others."""
        told = self.reading.telegram
        return str(told.number) if told.number else f"message {self.number}"

    @cached_property
    def shown_lines(self) -> frozenset[int]:
        return frozenset(line.no for line in self.lines)

    @cached_property
    def marks(self) -> tuple[CheckedMark, ...]:
        return checked_marks(self.reading)

    @cached_property
    def rolled(self) -> Rolled | None:
        return rolled(self.reading)

    @property
    def printed_banner(self) -> str:
        """Classification line as printed, with its control."""
        told = self.reading.telegram
        return (told.classification or "") + told.control


@dataclass(frozen=True)
class Found:
    """The telegrams of a file.

    Attributes
    ----------
    sheets : tuple of Sheet
        Those on this page.
    rows : tuple of Row
        All of them, for the overview.
    threads : tuple of Threaded
        How several belong together.
    first : int
        Number of the first one on this page.
    """

    sheets: tuple[Sheet, ...]
    rows: tuple[Row, ...]
    threads: tuple[Threaded, ...]
    first: int

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def addressed(self) -> tuple[str, ...]:
        """States that the telegrams on this page are addressed to, for the release preview."""
        return tuple(sorted({code for sheet in self.sheets for code in sheet.reading.meaning.recipients}))


@dataclass(frozen=True, slots=True)
class Row:
    """One telegram in the overview of a file with several."""

    number: int
    name: str
    origin: str
    sent: str
    subject: str
    repairs: int
    complete: bool


def found_in(data: bytes, *, name: str, received: date | None = None, first: int = 1) -> Found:
    """Read a file for the page: its overview whole, and one page of its telegrams.

    Raises
    ------
    TelegramError
        The file is empty, too large, or holds no telegram.
    """
    sheets: list[Sheet] = []
    rows: list[Row] = []
    all_told: list[tuple[str, Telegram]] = []
    left, characters = PAGE_LINES, PAGE_CHARACTERS
    for number, reading in enumerate(_read(data, name, received), 1):
        told = reading.telegram
        all_told.append((str(number), told))
        rows.append(
            Row(
                number,
                str(told.number) if told.number else "",
                told.head.origin or "",
                f"{minute_text(told.head.sent, ' ')}" if told.head.sent else "",
                shortened(told.subject.text, 200) if told.subject else "",
                len(reading.repairs),
                reading.complete,
            )
        )
        if first <= number < first + PAGE_MESSAGES:
            length = len(reading.source.lines())
            lines = source_lines(reading, max(left, 200), max(characters, 20_000))
            left -= len(lines)
            characters -= sum(len(piece.text) for line in lines for piece in line.pieces)
            sheets.append(Sheet(number, reading, lines, length - len(lines)))
    several = threads(all_told) if len(all_told) > 1 else ()
    together = tuple(Threaded(tuple(map(int, one.messages)), one) for one in several)
    return Found(tuple(sheets), tuple(rows), together, first)


def _read(data: bytes, name: str, received: date | None) -> Iterable[Reading]:
    if len(data) > MOST_BYTES:
        raise TelegramError(
            f"is larger than {MOST_BYTES // 1_000_000} MB",
            where=name,
            mend="split it, or use overflight read on the command line",
        )
    return read_all(data, received=received, name=name)


def one_of(data: bytes, number: int, *, name: str, received: date | None = None) -> Reading:
    """The telegram with a number in a file.

    Raises
    ------
    TelegramError
        There is none.
    """
    found = next(islice(_read(data, name, received), number - 1, None), None) if number > 0 else None
    if found is None:
        raise TelegramError(f"has no telegram number {number}", where=name, mend="read the file again")
    return found


def as_json(data: bytes, *, name: str, received: date | None = None) -> dict[str, Any] | list[dict[str, Any]]:
    """What ``overflight read --json`` prints: one object, or a list when there are several telegrams."""
    found = [to_json(reading) for reading in _read(data, name, received)]
    if len(found) == 1:
        return found[0]
    return [{"file": name, "message": number} | one for number, one in enumerate(found, 1)]


# --- markings ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CheckedMark:
    """A marking of a telegram against the rules: as printed, what it is found in, its faults."""

    text: str
    where: str
    paragraphs: tuple[int, ...]
    checked: Checked


def checked_marks(reading: Reading) -> tuple[CheckedMark, ...]:
    """Banner, subject and portions, each different marking once."""
    told = reading.telegram
    on = told.head.sent.date() if told.head.sent else None
    out = []
    if told.classification:
        out.append(
            CheckedMark(
                told.classification + told.control,
                "classification line",
                (),
                check(told.classification + told.control, date=on),
            )
        )
    if told.subject and told.subject.marking:
        out.append(
            CheckedMark(
                f"({told.subject.marking})", "subject", (), check(f"({told.subject.marking})", date=on)
            )
        )
    places: dict[str, list[int]] = {}
    for number, paragraph in enumerate(told.paragraphs):
        if paragraph.marking:
            places.setdefault(paragraph.marking, []).append(number)
    for text, where in places.items():
        out.append(CheckedMark(f"({text})", "portions", tuple(where), check(f"({text})", date=on)))
    return tuple(out)


def rolled(reading: Reading) -> Rolled | None:
    """The banner that the portions ask for and what forced it; None when a mark is not understood."""
    told = reading.telegram
    marks = [mark for mark in reading.meaning.markings if mark is not None]
    if not marks:
        return None
    try:
        return rollup(marks, told.head.sent.date() if told.head.sent else None)
    except MarkingError:
        return None


# --- release -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Release:
    """What one state may have of a telegram, for the eyes of the home desk.

    Attributes
    ----------
    product : ReleasedProduct
    sources : dict of str to int
        Paragraph (from 0) behind the source that a portion names.
    inferred : tuple of (int or str, str)
        Portions that it may have only when a person confirms an inferred list, with their marking.
    """

    product: ReleasedProduct
    sources: dict[str, int]
    inferred: tuple[tuple[int | str, str], ...]

    @property
    def parts(self) -> tuple[tuple[str, str, tuple[ReleasedPortion, ...]], ...]:
        """What may be given, and what may only be told: title, banner, portions."""
        found = []
        if self.product.portions:
            found.append(("May be given", self.product.banner, self.product.portions))
        if self.product.oral:
            found.append(("May be told, never left", self.product.oral_banner, self.product.oral))
        return tuple(found)


def release_of(reading: Reading, state: str) -> Release | None:
    """Preview of a release to a state; None where a telegram has more portions than `PREVIEWED`.

    Raises
    ------
    UnknownCodeError
        No such state.
    """
    if len(reading.telegram.paragraphs) > PREVIEWED:
        return None
    product = release_to(reading, state)
    sources: dict[str, int] = {}
    last, offset = "0", 0
    for number, paragraph in enumerate(reading.telegram.paragraphs):
        if paragraph.number is not None:
            last, offset = paragraph.label, 0
            sources[f"paragraph {last}"] = number
        else:
            offset += 1
            sources[f"paragraph {last}+{offset}"] = number
    return Release(product, sources, inferred_for(reading, state))


def release_document(
    data: bytes, state: str, *, name: str, received: date | None, hide: bool
) -> list[dict[str, Any]]:
    """What ``overflight release --json`` prints: a document for each telegram that anything of goes out.

    A telegram of which nothing goes does not show but in the number withheld.
    """
    products: list[ReleasedProduct] = []
    left = 10 * PREVIEWED
    for reading in _read(data, name, received):
        left -= len(reading.telegram.paragraphs)
        if left < 0:
            raise TelegramError(
                f"has more than {10 * PREVIEWED:,} portions",
                where=name,
                mend="split it, or use overflight release on the command line",
            )
        products.append(release_to(reading, state, hide_withheld=hide))
    shown = [product.to_json() for product in products if product.portions or product.oral]
    silent = sum(p.withheld or 0 for p in products if not p.portions and not p.oral)
    if len(shown) > 1:
        return shown if hide or not silent else [*shown, {"to": state, "portions": [], "withheld": silent}]
    if not shown:
        return [{"to": state, "banner": "", "portions": []} | ({} if hide else {"withheld": silent})]
    if not hide:
        shown[0]["withheld"] += silent
    return shown


def shortened(text: str, most: int) -> str:
    """The beginning of a text, and how much of it is left out."""
    return text if len(text) <= most else f"{text[:most]} … [{len(text) - most:,} more characters]"


def sentences(text: str) -> list[str]:
    """The sentences of a portion, one for each line of its own at least."""
    return [part for line in text.split("\n") for part in _SENTENCE.split(line) if part.strip()]


# --- where it belongs --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Place:
    """Where a telegram may belong, and what it seems to report.

    Attributes
    ----------
    filed : str
        The case that has it already; empty for none.
    matches : tuple of Match
        Cases that it may belong to, the best first.
    state : str
        Alpha-3 of the state that it comes from; empty when not known.
    proposal : Proposal or None
        The answer that it seems to report.
    """

    filed: str
    matches: tuple[Match, ...]
    state: str
    proposal: Proposal | None

    @property
    def plain(self) -> bool:
        """Whether one case fits better than every other."""
        found = self.matches
        return len(found) == 1 or (len(found) > 1 and found[0].weight > found[1].weight)


def place_of(reading: Reading, summaries: Iterable[AgendaItem], home: str) -> Place:
    """Propose the case of a telegram; a person confirms."""
    known = tuple(summaries)
    digest = digest_of(reading)
    filed = next(
        (one.case for one in known if digest in _texts(one.body.get("digests"))),
        "",
    )
    head = reading.telegram.head
    state = ""
    if head.origin and head.sent:
        state = state_of(head.origin, head.sent.date()) or ""
    proposal = proposed_answer(reading, state) if state and state != home else None
    return Place(filed, matches(reading, known), state, proposal)


def _texts(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()


# --- several -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Threaded:
    """A thread of a file's telegrams: their numbers in the file, the links, what is missing."""

    messages: tuple[int, ...]
    thread: Thread
