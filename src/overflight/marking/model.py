"""What a marking is: one frozen model for every scheme, and what checking and rolling up give back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Protocol

__all__ = [
    "Checked",
    "Fault",
    "Forced",
    "Marking",
    "Rolled",
    "Scheme",
    "Settings",
    "Switches",
    "Terms",
]


@dataclass(frozen=True, slots=True)
class Marking:
    """The marking of a portion or of a document.

    Two markings are equal when they mean the same in the same scheme; the text they were read from is not
    compared.

    Attributes
    ----------
    text : str
        As read, without outer brackets and blanks.
    scheme : str
        Name of the scheme.
    level : str
        Level in its portion form ("S", "AMBER+STRICT"); empty when no level was understood.
    origin : str
        "us", "foreign" or "joint"; which kind of marking this is in the United States scheme.
    sources : tuple of str
        Giving states of a foreign marking, owners of a joint one; empty when concealed or left out.
    sci, sap, aea : tuple of str
        Controls of these categories, in portion form (special access programmes without their SAR-).
    fgi : tuple of str
        Foreign sources inside a United States portion ("S//FGI GBR").
    fgi_concealed : bool
        Foreign government information whose source is not named.
    controls : tuple of str
        Dissemination controls in portion form, in the order of the scheme's data file, without the lists.
    rel, display : tuple of str
        Codes of the release list and of the DISPLAY ONLY list, in canonical order, groups not expanded.
    rel_same : bool
        A release mark without a list: the same list as the banner's.
    recipients : bool
        A release mark that names "recipients" in place of states.
    inferred : bool
        Looser usage was interpreted: nothing goes out on it before a person has confirmed it.
    understood : tuple of str
        What was understood in place of what was read, one sentence each.
    unparsed : str
        Pieces that nobody understands; empty when everything was understood.
    closed : bool
        A control excludes every foreign reader; derived from the controls.
    members : tuple of (str, tuple of str)
        Members of the groups named in the lists that may be expanded.
    """

    text: str = field(default="", compare=False)
    scheme: str = "us"
    level: str = ""
    origin: str = "us"
    sources: tuple[str, ...] = ()
    sci: tuple[str, ...] = ()
    sap: tuple[str, ...] = ()
    aea: tuple[str, ...] = ()
    fgi: tuple[str, ...] = ()
    fgi_concealed: bool = False
    controls: tuple[str, ...] = ()
    rel: tuple[str, ...] = ()
    display: tuple[str, ...] = ()
    rel_same: bool = False
    recipients: bool = False
    inferred: bool = False
    closed: bool = False
    understood: tuple[str, ...] = field(default=(), compare=False)
    unparsed: str = ""
    members: tuple[tuple[str, tuple[str, ...]], ...] = field(default=(), compare=False)

    def __hash__(self) -> int:
        # Marks are looked up again and again; these fields tell most of them apart.
        return hash((self.level, self.controls, self.rel, self.display))

    @property
    def release(self) -> tuple[str, ...]:
        """Sorted alpha-3 codes that the release list names; none when the marking is closed."""
        return () if self.closed else _expand(self.rel, self.members)

    @property
    def display_only(self) -> tuple[str, ...]:
        """Sorted alpha-3 codes that may be told but not given."""
        return () if self.closed else _expand(self.display, self.members)

    def with_recipients(self, states: Collection[str]) -> Marking:
        """Put states in the place of "recipients"; the release stays inferred.

        Parameters
        ----------
        states : collection of str
            Alpha-3 codes of the states that the *action* addressees are accredited to.
        """
        if not self.recipients:
            return self
        others = sorted({*self.rel, *states} - {"USA"}, key=lambda code: (len(code), code))
        said = f"'RECIPIENTS' as {', '.join(sorted(states)) or 'nobody'}"
        return replace(
            self,
            rel=("USA", *others),
            recipients=False,
            inferred=True,
            understood=(*self.understood, said),
        )

    def with_banner(self, banner: Marking) -> Marking:
        """Put the banner's list in the place of a release mark without a list."""
        if not self.rel_same or not banner.rel or banner.closed:
            return self
        return replace(
            self,
            rel=banner.rel,
            rel_same=False,
            members=banner.members,
            inferred=self.inferred or banner.inferred,
            unparsed=self.unparsed or banner.unparsed,
        )

    def to_json(self) -> dict[str, Any]:
        """The marking in the shape of ``read --json``, with more fields only where they hold something."""
        data: dict[str, Any] = {
            "text": self.text,
            "level": self.level,
            "release": list(self.release),
            "inferred": self.inferred,
        }
        extra: Mapping[str, Any] = {
            "display_only": list(self.display_only),
            "controls": list(self.controls),
            "understood": list(self.understood),
            "unparsed": self.unparsed,
        }
        data.update({key: value for key, value in extra.items() if value})
        return data


@lru_cache(4_096)
def _expand(codes: tuple[str, ...], members: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, ...]:
    """States that the codes of a list name, the members of groups included, sorted."""
    groups = dict(members)
    found: set[str] = set()
    for code in codes:
        if code in groups:
            found.update(groups[code])
        elif len(code) == 3:
            found.add(code)
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Fault:
    """One broken rule and its place: `column` counts from 1 in the text as given."""

    column: int
    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What `check` found; `corrected` is None when the right form cannot be determined."""

    valid: bool
    faults: tuple[Fault, ...]
    corrected: str | None
    marking: Marking = field(default_factory=Marking, compare=False)

    def to_json(self) -> dict[str, Any]:
        """The shape of ``mark check --json``."""
        faults = [{"column": f.column, "rule": f.rule, "message": f.message} for f in self.faults]
        return {"valid": self.valid, "faults": faults, "corrected": self.corrected}


@dataclass(frozen=True, slots=True)
class Forced:
    """One part of a banner, the portions (counted from 0) that forced it, and the rule by which they did."""

    part: str
    portions: tuple[int, ...]
    rule: str


@dataclass(frozen=True, slots=True)
class Rolled:
    """A banner, what forced each part of it, and what a person should look at."""

    banner: str
    marking: Marking
    forced: tuple[Forced, ...]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The shape of ``mark rollup --json``."""
        forced = [{"part": f.part, "portions": list(f.portions), "rule": f.rule} for f in self.forced]
        return {"banner": self.banner, "forced": forced, "warnings": list(self.warnings)}


@dataclass(frozen=True, slots=True)
class Switches:
    """Local policy for rolling up.

    Attributes
    ----------
    u_bare : str
        "ignore" (the manual's rule): unclassified portions without any control are left out when the release
        marking is worked out. "strict": they count as portions without release marking.
    u_caveated : str
        "noforn": unclassified portions with a control but no release marking make a mixed document NOFORN.
        "follow_banner": they follow the other portions.
    confirmed_inferred : bool
        A person has confirmed the release lists that were read from looser usage.
    """

    u_bare: str = "ignore"
    u_caveated: str = "noforn"
    confirmed_inferred: bool = False

    def __post_init__(self) -> None:
        if self.u_bare not in ("ignore", "strict") or self.u_caveated not in ("noforn", "follow_banner"):
            raise ValueError("u_bare is 'ignore' or 'strict', u_caveated 'noforn' or 'follow_banner'")


@dataclass(frozen=True, slots=True)
class Settings:
    """Which states a sharing scheme's circles mean for this desk; nobody unless the desk says so.

    Attributes
    ----------
    community : frozenset of str
        States of the community (TLP:GREEN).
    clients : frozenset of str
        States that are clients (TLP:AMBER).
    """

    community: frozenset[str] = frozenset()
    clients: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Terms:
    """What a scheme says about one marking; `overflight.marking.release` alone draws the conclusion.

    Attributes
    ----------
    unreadable : str
        Why the marking cannot be relied on; empty when it can.
    originator : tuple of str
        Controls by which the originator must be asked.
    home : str
        The state that is not foreign in this scheme; empty when there is none.
    closed : str
        Why no foreign state may have it; empty when that is not so.
    listed : bool
        Whether there is a list of states at all.
    release, disclose, doubtful : frozenset of str
        States that may have it, that may be told, and that are on a list only through a group whose
        members are not verified.
    deferred : str
        Whose decision is needed first, where one is.
    foreign : bool
        Foreign government information.
    unmarked : str
        Why a classified marking without release marking stays at home; empty when it is not one.
    controls : tuple of str
        Controls on unclassified material without release marking.
    free : bool
        Free of any limit.
    """

    unreadable: str = ""
    originator: tuple[str, ...] = ()
    home: str = ""
    closed: str = ""
    listed: bool = False
    release: frozenset[str] = frozenset()
    disclose: frozenset[str] = frozenset()
    doubtful: frozenset[str] = frozenset()
    deferred: str = ""
    foreign: bool = False
    unmarked: str = ""
    controls: tuple[str, ...] = ()
    free: bool = False


class Scheme(Protocol):
    """What a marking scheme can do. A scheme is one module that holds a ``SCHEME``, and one data file."""

    @property
    def name(self) -> str:
        """The short name: "us", "tlp"."""

    @property
    def title(self) -> str:
        """The name for people, with the edition."""

    def parse(self, text: str, date: dt.date | None = None) -> Marking:
        """Read a portion or a banner; never raises on a string."""

    def portion(self, marking: Marking) -> str:
        """The canonical portion form, without brackets."""

    def banner(self, marking: Marking) -> str:
        """The canonical banner form."""

    def check(self, text: str, date: dt.date | None = None) -> Checked:
        """Every fault with its column, and the corrected form."""

    def rollup(self, marks: Sequence[Marking], on_date: dt.date | None, switches: Switches) -> Rolled:
        """The banner over portions."""

    def over(self, marks: Sequence[Marking], on_date: dt.date | None, switches: Switches) -> Marking:
        """The marking of the banner over portions, without what forced it."""

    def holds(self, caption: str) -> bool:
        """Whether a caption of a whole message holds back every portion of it."""

    def terms(self, marking: Marking, date: dt.date | None, settings: Settings) -> Terms:
        """What the marking says about release."""

    def reduced(self, marking: Marking, to_state: str, oral: bool) -> Marking:
        """The marking of the copy for one state: its lists name no other state."""
