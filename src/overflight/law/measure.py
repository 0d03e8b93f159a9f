"""What a row of law says: measures with the time they hold, disputes, positions, endorsements, practice.

Models only; `tables` reads them, `rules` keeps them together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

__all__ = [
    "BINDINGS",
    "KINDS",
    "LINKS",
    "OPTIONS",
    "PSI_BEGAN",
    "ROLES",
    "TRIGGERS",
    "Condition",
    "Day",
    "Dispute",
    "Endorsement",
    "Exemption",
    "Measure",
    "Membership",
    "Party",
    "Period",
    "Position",
    "Practice",
    "Support",
    "span",
]

#: A day as a whole, or one instant.
Day = date | datetime

#: What a state can do about a flight, in the words of the contract.
OPTIONS = (
    "refuse-overflight",
    "require-landing-and-inspect",
    "require-landing",
    "deny-landing",
    "allow-with-scrutiny",
    "allow",
)
KINDS = (
    *("SUPPLY_BAN", "INSPECT", "DENY_AIR", "NO_FLY", "SEIZE", "REPORT", "SERVICE", "FUEL", "AIRCRAFT_TRADE"),
    *("TRAVEL", "TERMINATE", "REAFFIRM", "CONTROLS", "INTERDICT"),
    *("SOVEREIGNTY", "PERMIT", "LANDING", "SEARCH", "CARGO_RULE", "DOCUMENTS", "PASSAGE", "PROHIBITION"),
)
#: Who is bound and how: decided, called for, declared, requested; a power, a prohibition on the state itself,
#: or words that explain another measure.
BINDINGS = (
    *("mandatory", "recommended", "political", "requested"),
    *("permission", "prohibition", "clarification"),
)
#: The showing a measure needs before it works.
TRIGGERS = (
    *("none", "link", "items", "as-necessary", "good-cause", "reasonable-grounds"),
    *("designated", "found", "state-determines", "activated"),
)
#: How a flight can be tied to a measure's target.
LINKS = ("to", "from", "flag", "operator", "broker", "designated", "within")
#: What a measure is to an option. ``power``: the state may take it. ``act``: the measure obliges or asks the
#: state to take it. ``on-landing``: the same once the aircraft is on the ground. ``reason``: it explains the
#: option without asking for it. ``bar``: it closes the option; ``unbar``: a power that opens it all the same.
#: ``forbid``: something not to be done.
#: ``limit``, ``check``, ``beside``: a remark, a thing to look at, a duty beside the option.
ROLES = (
    *("power", "unbar", "act", "on-landing", "reason", "bar", "forbid"),
    *("limit", "check", "beside"),
)


#: The day of the statement of principles: nobody stands to it in any way before.
PSI_BEGAN = datetime(2003, 9, 4, tzinfo=UTC)


def span(on: Day) -> tuple[datetime, datetime]:
    """First instant and end of what a question asks about: a day is 24 hours of UTC, an instant itself.

    >>> span(date(2016, 3, 2))[1].isoformat()
    '2016-03-03T00:00:00+00:00'
    """
    if isinstance(on, datetime):
        moment = on.replace(tzinfo=UTC) if on.tzinfo is None else on.astimezone(UTC)
        return moment, moment
    start = datetime(on.year, on.month, on.day, tzinfo=UTC)
    return start, start + timedelta(days=1) if on < date.max else start


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time in which a measure holds; half open, ``until`` None for no end known.

    `status` is "in force", "contested" or "suspended"; `dispute` names the dispute of a contested period and
    `held_by` the side ("applies" or "rejects") that holds the measure in force in it.
    """

    start: datetime
    until: datetime | None
    status: str = "in force"
    dispute: str = ""
    held_by: str = "applies"
    verified: bool = True
    note: str = ""
    source: str = ""

    def covers(self, on: Day) -> bool:
        """Whether it holds at an instant, or for any part of a day."""
        first, end = span(on)
        if first == end:
            return self.start <= first and (self.until is None or first < self.until)
        return self.start < end and (self.until is None or self.until > first)


@dataclass(frozen=True, slots=True)
class Support:
    """What a measure is to one option (or to every option: ``*``)."""

    option: str
    role: str


@dataclass(frozen=True, slots=True)
class Exemption:
    """An exception of a measure; `code` is a circumstance of a question."""

    code: str
    text: str
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Condition:
    """A fact of the question that must be one of `values` for the measure to fit."""

    key: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class Measure:
    """One dated rule.

    Attributes
    ----------
    id : str
        Short name, unique over all files.
    instrument, paragraph : str
        What is cited.
    adopted : str
        Day, month or year of adoption, as far as known.
    periods : tuple of Period
        When it holds; the first is that of its own row.
    applies_to : tuple of str
        Groups or alpha-3 codes of the states that it speaks to; ``*`` for all, ``UN`` for members.
    targets : tuple of str
        Alpha-3 codes of the states it is about; empty for none.
    links : tuple of str
        How a flight is tied to a target, any of them (`LINKS`); empty: no tie needed.
    kind, binding, trigger : str
        See `KINDS`, `BINDINGS`, `TRIGGERS`.
    cargo : tuple of str
        Categories it covers; ``*`` any, ``prohibited`` what a supply ban in force forbids.
    carriers : tuple of str
        Designators or names of operators it is limited to; empty for all.
    when : tuple of Condition
        Facts that must hold besides.
    supports : tuple of Support
    effect : str
        What the addressed state must, may or is asked to do, beginning with a verb.
    exemptions : tuple of Exemption
    clock : str
        ``5wd``, ``30d`` or ``prompt``, then the measure that sets it where that is another; empty for none.
    verified : bool
        Whether date, paragraph and effect were compared with a copy of the text.
    unverified : str
        What was not.
    key : str
        Keys of the copies that were compared.
    note, source : str
    own : bool
        A row of the desk's own.
    """

    id: str
    instrument: str
    paragraph: str
    adopted: str
    periods: tuple[Period, ...]
    applies_to: tuple[str, ...]
    targets: tuple[str, ...]
    links: tuple[str, ...]
    kind: str
    binding: str
    trigger: str
    cargo: tuple[str, ...]
    carriers: tuple[str, ...]
    when: tuple[Condition, ...]
    supports: tuple[Support, ...]
    effect: str
    exemptions: tuple[Exemption, ...]
    clock: str
    verified: bool
    unverified: str
    key: str
    note: str
    source: str
    own: bool = False

    def period(self, on: Day) -> Period | None:
        """The span that covers a day or an instant; a suspension or a dispute goes over the first one."""
        found = [period for period in self.periods if period.covers(on)]
        return min(found, key=lambda p: ("suspended", "contested", "in force").index(p.status), default=None)

    def role(self, option: str) -> str | None:
        """What it is to an option, or None."""
        return next((s.role for s in self.supports if s.option in (option, "*")), None)

    @property
    def citation(self) -> str:
        """``Security Council resolution 2270 (2016), paragraph 21``."""
        return f"{self.instrument}, {self.paragraph}" if self.paragraph else self.instrument


@dataclass(frozen=True, slots=True)
class Dispute:
    """A question on which states differ, and which is not decided here."""

    id: str
    title: str
    question: str
    start: datetime
    key: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Position:
    """What one state (or group) holds in a dispute: "applies", "rejects" or "silent"."""

    dispute: str
    state: str
    position: str
    start: datetime
    until: datetime | None
    verified: bool
    key: str
    note: str
    source: str
    own: bool = False

    def holds(self, on: Day) -> bool:
        return Period(self.start, self.until).covers(on)


@dataclass(frozen=True, slots=True)
class Membership:
    """A state in a group from a day to a day."""

    group: str
    state: str
    start: datetime | None
    until: datetime | None
    verified: bool
    note: str
    source: str

    def holds(self, on: Day) -> bool:
        return Period(self.start or datetime.min.replace(tzinfo=UTC), self.until).covers(on)


@dataclass(frozen=True, slots=True)
class Endorsement:
    """How a state stands to the PSI statement of principles.

    `status` is "endorsed", "suspended", "supports", "opposed" or "not listed"; `precision` says what the
    day means: "day", "by" (on that day or before) or "unknown".
    """

    state: str
    status: str
    start: datetime | None
    until: datetime | None
    precision: str
    verified: bool
    key: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Party:
    """A state and a convention: "party", "signed" or "not party"."""

    convention: str
    state: str
    status: str
    start: datetime | None
    until: datetime | None
    verified: bool
    key: str
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Practice:
    """What a state has done or said about suspect flights; history unless it is law in force."""

    id: str
    states: tuple[str, ...]
    start: datetime
    since: str
    until: datetime | None
    policy: str
    option: str
    basis: str
    law: bool
    verified: bool
    key: str
    note: str
    source: str
    own: bool = False
