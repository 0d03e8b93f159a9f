"""What a telegram says: frozen values that know nothing of files, lines or damage.

The model holds what is *said* (an address, a tag, a marking as printed). What it *means* (the state of a
post,
the state of a tag on that date, the day a reply is due) is worked out by `overflight.telegram.meaning`, so
that
``read(write(m)) == m`` speaks about the text alone. Where a paragraph stood in the file and how its number
was
printed are kept beside it and do not take part in comparisons.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

__all__ = [
    "LAST_SECTION",
    "Address",
    "Aftn",
    "Authority",
    "Head",
    "Number",
    "Order",
    "Paragraph",
    "Part",
    "Reference",
    "Run",
    "Share",
    "Subject",
    "Telegram",
    "Transmission",
]

#: The form has two digits for the number of a section.
LAST_SECTION = 99


@dataclass(frozen=True, slots=True)
class Number:
    """A message reference number: who sent it, its serial, the year (None when nothing tells it)."""

    origin: str
    serial: int
    year: int | None = None

    def __str__(self) -> str:
        return f"{self.year or '????'} {self.origin} {self.serial}"


@dataclass(frozen=True, slots=True)
class Address:
    """One addressee: plain-language address, its own precedence and continuity serial where printed."""

    address: str
    precedence: str | None = None
    serial: int | None = None
    routing: str | None = None
    other_means: bool = False  # ZEN: delivered by other means


@dataclass(frozen=True, slots=True)
class Head:
    """Format lines 5 to 9: precedence, date-time group, originator, addressees."""

    precedence: str | None = None
    info_precedence: str | None = None
    sent: datetime | None = None
    origin: str | None = None
    to: tuple[Address, ...] = ()
    info: tuple[Address, ...] = ()
    exempted: tuple[str, ...] = ()
    book: bool = False  # ZEX: other addressees may be hidden


@dataclass(frozen=True, slots=True)
class Transmission:
    """Format lines 1 to 4, kept as the relays printed them."""

    start: str | None = None
    header: str | None = None  # the 43-position line of JANAP 128
    precedence: str | None = None
    routing: tuple[str, ...] = ()
    station: str | None = None
    serial: int | None = None
    filed: str | None = None
    security: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A bureau's copies in a form of the 1970s: these are no addressees."""

    role: str  # ORIGIN, ACTION or INFO
    office: str
    copies: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """The order on classification that the telegram cites, and the rest of its line as printed."""

    number: str
    text: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    text: str
    marking: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference: a message (``number``), or other text; ``text`` is what else is printed."""

    letter: str
    number: Number | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """Who classified it: the office alone, never a person; the reasons as ``1.4(b)``."""

    office: str = ""
    reasons: tuple[str, ...] = ()
    derived_from: str | None = None
    declassify_on: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Sections ``first`` to ``last`` are at hand, and begin at this index of the paragraphs."""

    first: int
    last: int
    paragraph: int


@dataclass(frozen=True, slots=True)
class Part:
    """Set only when some of the ``of`` sections of a message are not at hand."""

    of: int
    runs: tuple[Run, ...]

    def __post_init__(self) -> None:
        numbers = (self.of, *(n for run in self.runs for n in (run.first, run.last)))
        if not all(0 <= n <= LAST_SECTION for n in numbers):
            raise ValueError(f"sections are numbered to {LAST_SECTION}")

    @property
    def present(self) -> tuple[int, ...]:
        return tuple(n for run in self.runs for n in range(run.first, run.last + 1))

    @property
    def missing(self) -> tuple[int, ...]:
        have = set(self.present)
        return tuple(n for n in range(1, self.of + 1) if n not in have)


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One portion: number, marking and text.

    ``number`` is None for an unnumbered portion, ``copy`` tells a repeated number from the first (1 is
    "4bis").
    ``lead`` is a bullet or letter printed before the marking of an unnumbered portion. ``text`` has one line
    for each sub-paragraph; line breaks inside one are not kept. ``printed``, ``lines`` (first and last line
    in the file, from 1) and ``sure`` belong to one copy and do not take part in comparisons; ``sure`` is the
    number of characters of the text that stand under the marking beyond doubt, None for all of them.
    """

    number: int | None
    text: str
    marking: str | None = None
    heading: str | None = None
    lead: str = ""
    copy: int = 0
    printed: str = field(default="", compare=False)
    lines: tuple[int, int] | None = field(default=None, compare=False)
    sure: int | None = field(default=None, compare=False)

    @property
    def label(self) -> str:
        if self.number is None:
            return ""
        suffix = ("", "bis", "ter", "quater")[self.copy] if self.copy < 4 else f"#{self.copy + 1}"
        return f"{self.number}{suffix}"


@dataclass(frozen=True, slots=True)
class Aftn:
    """Envelope of the aeronautical fixed network: it has no month and no year of its own."""

    priority: str
    filed: str  # ddhhmm
    channel: str | None = None
    transmitted: str | None = None
    extra: str = ""


@dataclass(frozen=True, slots=True)
class Telegram:
    """A formal message."""

    head: Head = Head()
    number: Number | None = None
    classification: str | None = None
    control: str = ""  # what follows the level on its line: "//NOFORN"
    captions: tuple[str, ...] = ()
    order: Order | None = None
    tags: tuple[str, ...] = ()
    subject: Subject | None = None
    references: tuple[Reference, ...] = ()
    authority: Authority | None = None
    paragraphs: tuple[Paragraph, ...] = ()
    signed: str | None = None
    ended: bool = True
    part: Part | None = None
    transmission: Transmission | None = None
    readdressed: tuple[Head, ...] = ()
    distribution: tuple[Share, ...] = ()
    drafted: tuple[tuple[str, str], ...] = ()  # (role, office): never a person
    accounting: str | None = None
    groups: int | None = None
    release_note: str | None = None
    aftn: Aftn | None = None
