"""The lattice on which United States markings roll up.

A banner forgets: once two lists have become NOFORN, or a bare (U) has been left out, the text no longer
tells what the portions held, so rolling up banners is not associative. `Element` therefore keeps more than
the banner shows. Each of its fields is joined by an operation that is commutative, associative and
idempotent on its own (maximum, union, intersection, or, and), so `join` is too, and the banner is a
function of the element alone, taken once at the end.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter
from typing import Any

from overflight.marking.model import Marking, Switches
from overflight.marking.register import Register
from overflight.marking.us_rules import CLASSIFIED

__all__ = ["BOTTOM", "Element", "element", "join", "permitted", "together"]

#: Codes that every list seen so far names; None before the first list.
Codes = frozenset[str] | None
_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Element:
    """What a set of portions amounts to.

    Attributes
    ----------
    level : int
        Rank of the highest level.
    controls, sci, sap, aea, fgi : frozenset of str
        Every control seen, in portion form.
    concealed : bool
        Foreign information whose source is not named.
    release, release_codes : frozenset of str or None
        Common atoms (states, opaque groups) of the release lists, expanded, and the common codes as written.
    disclose, disclose_codes : frozenset of str or None
        The same of release and DISPLAY ONLY lists together, since what may be given may be told.
    relido : bool
        Every portion that counts lets a disclosure officer decide.
    has_list, has_display, has_relido : bool
        Kinds of release marking seen.
    relido_alone, listed_relido : bool
        RELIDO seen without a list (or a portion that counts so), and beside one.
    soft, hard : bool
        Portions without release marking seen: handled as RELIDO, handled as NOFORN.
    closed_apart : bool
        A portion carries SBU-NF or LES-NF.
    expanded : bool
        A group was expanded.
    """

    level: int = 0
    controls: frozenset[str] = _NOBODY
    sci: frozenset[str] = _NOBODY
    sap: frozenset[str] = _NOBODY
    aea: frozenset[str] = _NOBODY
    fgi: frozenset[str] = _NOBODY
    concealed: bool = False
    release: Codes = None
    release_codes: Codes = None
    disclose: Codes = None
    disclose_codes: Codes = None
    relido: bool = True
    has_list: bool = False
    has_display: bool = False
    has_relido: bool = False
    relido_alone: bool = False
    listed_relido: bool = False
    soft: bool = False
    hard: bool = False
    closed_apart: bool = False
    expanded: bool = False


#: The element of no portion at all, and of portions that are left out.
BOTTOM = Element()


_VALUES = attrgetter(*Element.__slots__)
_UNITED = ("controls", "sci", "sap", "aea", "fgi")
_MET = ("release", "release_codes", "disclose", "disclose_codes")
_SEEN = (
    "concealed", "has_list", "has_display", "has_relido", "relido_alone", "listed_relido", "soft", "hard",
    "closed_apart", "expanded",
)  # fmt: skip


def _meet(a: Codes, b: Codes) -> Codes:
    if a is None or b is None:
        return b if a is None else a
    return a & b


def together(elements: Collection[Element]) -> Element:
    """The element of the portions of all: `join` again and again, in one sweep."""
    elements = {id(one): one for one in elements}.values()  # portions marked alike share their element
    if len(elements) < 2:
        return next(iter(elements), BOTTOM)
    columns = dict(zip(Element.__slots__, zip(*map(_VALUES, elements), strict=True), strict=True))
    found: dict[str, Any] = {"level": max(columns["level"]), "relido": all(columns["relido"])}
    for name in _UNITED:
        found[name] = _NOBODY.union(*columns[name])
    for name in _MET:
        lists = [codes for codes in columns[name] if codes is not None]
        found[name] = frozenset.intersection(*lists) if lists else None
    for name in _SEEN:
        found[name] = any(columns[name])
    return Element(**found)


def join(a: Element, b: Element) -> Element:
    """The element of the portions of both."""
    return Element(
        level=max(a.level, b.level),
        controls=a.controls | b.controls,
        sci=a.sci | b.sci,
        sap=a.sap | b.sap,
        aea=a.aea | b.aea,
        fgi=a.fgi | b.fgi,
        concealed=a.concealed or b.concealed,
        release=_meet(a.release, b.release),
        release_codes=_meet(a.release_codes, b.release_codes),
        disclose=_meet(a.disclose, b.disclose),
        disclose_codes=_meet(a.disclose_codes, b.disclose_codes),
        relido=a.relido and b.relido,
        has_list=a.has_list or b.has_list,
        has_display=a.has_display or b.has_display,
        has_relido=a.has_relido or b.has_relido,
        relido_alone=a.relido_alone or b.relido_alone,
        listed_relido=a.listed_relido or b.listed_relido,
        soft=a.soft or b.soft,
        hard=a.hard or b.hard,
        closed_apart=a.closed_apart or b.closed_apart,
        expanded=a.expanded or b.expanded,
    )


def _atoms(codes: tuple[str, ...], register: Register) -> frozenset[str]:
    found: set[str] = set()
    for code in codes:
        group = register.groups.get(code)
        found.update(group.members if group is not None and group.expand else (code,))
    return frozenset(found - {register.home})


def unmarked(marking: Marking, on: dt.date | None, switches: Switches, register: Register) -> str:
    """How a portion without release marking counts.

    "out": left out. "relido": like a portion marked RELIDO. "soft": handled as RELIDO, but no marked
    portion, so that rules 12, 16 and 19 apply. "hard": as NOFORN.
    """
    caveats = (*marking.controls, *marking.sap, *marking.aea)
    foreign = marking.origin != "us" or bool(marking.fgi) or marking.fgi_concealed
    if foreign:
        return "hard"
    if marking.level in CLASSIFIED:
        return "soft" if on is not None and on >= register.relido_from and not caveats else "hard"
    if not caveats:
        return "out" if switches.u_bare == "ignore" else "hard"
    if all(c in register.controls and register.controls[c].unmarked_as == "RELIDO" for c in caveats):
        return "relido"
    return "hard" if switches.u_caveated == "noforn" else "out"


def sure(marking: Marking, switches: Switches) -> bool:
    """Whether the lists of a marking can be used: resolved, and read without interpretation or confirmed."""
    unresolved = marking.rel_same or marking.recipients
    return not unresolved and (not marking.inferred or switches.confirmed_inferred)


def element(marking: Marking, on: dt.date | None, switches: Switches, register: Register) -> Element:
    """The element of one portion."""
    # Of the day only this counts (see `unmarked`), so that a mark is worked out once for every telegram.
    late = on is not None and on >= register.relido_from
    return _element(marking, register.relido_from if late else None, switches, register)


def _added(marking: Marking, register: Register) -> frozenset[str]:
    """NOFORN, where a classified portion carries what NOFORN stands for there."""
    closers = register.closers(marking.controls, marking.level)
    return frozenset({"NF"}) if any(register.controls[c].noforn_classified for c in closers) else _NOBODY


@lru_cache(4_096)
def _element(marking: Marking, on: dt.date | None, switches: Switches, register: Register) -> Element:
    listed = bool(marking.rel or marking.rel_same or marking.recipients)
    relido = "RELIDO" in marking.controls
    usable = sure(marking, switches)
    rel = marking.rel if usable else ()
    display = marking.display if usable else ()
    sources = (*marking.sources, *marking.fgi)
    foreign = marking.origin != "us" or marking.fgi_concealed
    carried: dict[str, Any] = {
        "level": register.levels[marking.level].rank,
        "controls": frozenset(marking.controls) | _added(marking, register),
        "sci": frozenset(marking.sci),
        "sap": frozenset(marking.sap),
        "aea": frozenset(marking.aea),
        "fgi": frozenset(sources) - {register.home},
        "concealed": foreign and not sources,
        "closed_apart": any(register.controls[c].plain for c in marking.controls),
    }
    if not (listed or marking.display or relido or marking.closed):
        kind = unmarked(marking, on, switches, register)
        if kind == "out":
            return Element(**carried)
        return Element(
            **carried,
            release=_NOBODY,
            release_codes=_NOBODY,
            disclose=_NOBODY,
            disclose_codes=_NOBODY,
            relido=kind != "hard",
            relido_alone=kind == "relido",
            soft=kind == "soft",
            hard=kind == "hard",
        )
    given = _NOBODY if marking.closed else _atoms(rel, register)
    told = given if marking.closed or not display else _atoms((*rel, *display), register)
    return Element(
        **carried,
        release=given,
        release_codes=frozenset(rel) if given else _NOBODY,
        disclose=told,
        disclose_codes=frozenset((*rel, *display)) if told else _NOBODY,
        relido=relido and not marking.closed,
        has_list=listed,
        has_display=bool(marking.display),
        has_relido=relido,
        relido_alone=relido and not listed and not marking.display,
        listed_relido=relido and listed,
        expanded=any(c in register.groups and register.groups[c].expand for c in (*rel, *display)),
    )


def permitted(of: Element) -> tuple[Codes, Codes]:
    """The states and groups that may have, and that may be told, everything in an element; None is anyone."""
    return of.release, of.disclose
