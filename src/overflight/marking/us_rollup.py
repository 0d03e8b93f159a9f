"""From an element of the lattice to a banner, with its rule and the portions that forced each part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

from overflight.errors import MarkingError
from overflight.marking.model import Forced, Marking, Rolled, Switches
from overflight.marking.register import Register
from overflight.marking.us_lattice import Element, element, sure, together, unmarked
from overflight.marking.us_rules import CLASSIFIED
from overflight.marking.us_writing import banner, canonical

__all__ = ["conclude", "over", "rollup"]


def rollup(marks: Sequence[Marking], on: dt.date | None, switches: Switches, register: Register) -> Rolled:
    """The banner over portions.

    Raises
    ------
    MarkingError
        When there is no portion, or one is not understood.
    """
    elements = _elements(marks, on, switches, register)
    whole = together(elements)
    marking, rule = conclude(whole, register)
    forced = _forced(marks, elements, whole, marking, rule, register)
    return Rolled(
        banner(marking, register), marking, forced, _warnings(marks, whole, marking, on, switches, register)
    )


def over(marks: Sequence[Marking], on: dt.date | None, switches: Switches, register: Register) -> Marking:
    """The banner's marking alone, without what forced it."""
    return conclude(together(_elements(marks, on, switches, register)), register)[0]


def _elements(
    marks: Sequence[Marking], on: dt.date | None, switches: Switches, register: Register
) -> list[Element]:
    if not marks:
        raise MarkingError("there is nothing to roll up", mend="give at least one portion mark")
    for number, mark in enumerate(marks, 1):
        if mark.unparsed or mark.level not in register.levels:
            raise MarkingError(
                "the marking cannot be understood", where=f"mark {number}", mend="see overflight mark check"
            )
    return [element(mark, on, switches, register) for mark in marks]


@lru_cache(4_096)
def conclude(whole: Element, register: Register) -> tuple[Marking, str]:
    """The banner's marking and the rule that gave its release marking ("" when there is none)."""
    levels = sorted((lv for lv in register.levels.values() if not lv.foreign_only), key=lambda lv: lv.rank)
    level = next(lv.portion for lv in levels if lv.rank >= whole.level)
    outcome, rule = _release(whole, level, register)
    rel: tuple[str, ...] = ()
    display: tuple[str, ...] = ()
    if outcome == "lists":
        rel, display = _lists(whole, register)
    controls = _controls(whole, level, outcome, bool(display), register)
    found = Marking(
        level=level,
        sci=tuple(whole.sci),
        sap=tuple(whole.sap),
        aea=tuple(whole.aea),
        fgi=() if whole.concealed else tuple(whole.fgi),
        fgi_concealed=whole.concealed,
        controls=tuple(controls),
        rel=rel,
        display=display,
    )
    return canonical(found, register), rule


def _release(whole: Element, level: str, register: Register) -> tuple[str, str]:
    """The release marking ("noforn", "apart" in SBU-NF or LES-NF, "lists", "relido", "") and its rule."""
    mixed = whole.has_list or whole.has_display or whole.has_relido
    if any(register.controls[c].noforn and not register.controls[c].plain for c in whole.controls) or any(
        register.controls[c].requires_noforn for c in whole.controls
    ):
        return "noforn", "2" if mixed else "3-8" if whole.closed_apart else "1"
    if whole.closed_apart:
        if mixed or level in CLASSIFIED:
            return "noforn", "14-15" if whole.has_list else "3-8"
        return "apart", ""
    if not mixed:
        return "", ""
    if whole.disclose:
        told_only = bool(whole.disclose - (whole.release or frozenset()))
        if whole.release:
            return "lists", "27" if told_only else "23" if whole.expanded else "21"
        return "lists", "26" if whole.has_list else "25"
    bare = whole.soft or whole.hard
    if whole.relido and not (bare and (whole.has_list or whole.has_display)):
        return "relido", "17" if whole.soft else "24"
    return "noforn", _why_noforn(whole, bare)


def _why_noforn(whole: Element, bare: bool) -> str:
    """The rule of table 3 by which a mixture became NOFORN; where several apply, the first of this order."""
    if whole.has_list:
        if bare:
            return "12" if whole.listed_relido else "16"
        if whole.relido_alone:
            return "10"
        return "11" if whole.has_display else "9"
    if whole.has_display:
        return "19" if bare else "18" if whole.relido_alone else "20"
    return "17"


def _lists(whole: Element, register: Register) -> tuple[tuple[str, ...], tuple[str, ...]]:
    release = whole.release or frozenset()
    rel = _compact(release, whole.release_codes or frozenset(), register)
    told = (whole.disclose or frozenset()) - release
    display = _compact(told, whole.disclose_codes or frozenset(), register)
    return ((register.home, *rel) if rel else ()), tuple(display)


def _compact(atoms: frozenset[str], codes: frozenset[str], register: Register) -> list[str]:
    """Write atoms with the groups that every portion named, and the rest one by one."""
    left = set(atoms)
    found: list[str] = []
    for code in sorted(
        codes, key=lambda c: (-len(register.groups[c].members) if c in register.groups else 0, c)
    ):
        group = register.groups.get(code)
        if group is not None and group.expand:
            members = set(group.members) - {register.home}
            if members <= atoms and members & left:
                found.append(code)
                left -= members
    return [*found, *left]


def _controls(whole: Element, level: str, outcome: str, display: bool, register: Register) -> list[str]:
    """Dissemination controls of the banner."""
    classified = level in CLASSIFIED
    controls = set(whole.controls) - {"NF", "RELIDO"}
    for mark, stronger in register.gives_way.items():
        if mark in controls and any(s in controls for s in stronger):
            controls.discard(mark)
    if outcome == "noforn":
        for mark in [c for c in controls if register.controls[c].plain]:
            controls.discard(mark)
            controls.add(register.controls[mark].plain)
    if classified:
        controls = {c for c in controls if not _unclassified_only(c, register)}
    others = {c for c in controls if register.controls[c].only_banner != "alone"} | whole.sap | whole.aea
    if classified or others:
        controls = {c for c in controls if register.controls[c].only_banner != "alone"}
    if outcome == "noforn":
        controls.add("NF")
    elif outcome == "relido" or (outcome == "lists" and whole.relido and not display):
        controls.add("RELIDO")
    return list(controls)


def _unclassified_only(mark: str, register: Register) -> bool:
    control = register.controls[mark]
    return bool(control.only_banner) or control.category == "legacy"


def _forced(
    marks: Sequence[Marking],
    elements: Sequence[Element],
    whole: Element,
    result: Marking,
    rule: str,
    register: Register,
) -> tuple[Forced, ...]:
    """Which portions forced each part of the banner, in the order of the banner."""
    found: list[Forced] = []

    def add(part: str, portions: list[int], by: str) -> None:
        found.append(Forced(part, tuple(portions), by))

    def carriers(field: str, code: str) -> list[int]:
        return [n for n, e in enumerate(elements) if code in getattr(e, field)]

    top = [n for n, e in enumerate(elements) if e.level == whole.level]
    add(register.levels[result.level].banner, top, "highest level")
    for field in ("sci", "sap", "aea"):
        for code in getattr(result, field):
            add(code, carriers(field, code), "carried by the portion")
    if result.fgi or result.fgi_concealed:
        concealing = [n for n, e in enumerate(elements) if e.concealed]
        all_foreign = [n for n, e in enumerate(elements) if e.fgi or e.concealed]
        add(" ".join(("FGI", *result.fgi)), concealing or all_foreign, "carried by the portion")
    lists = [n for n, e in enumerate(elements) if e.has_list or e.has_display]
    if result.rel:
        add("REL TO " + ", ".join(result.rel), lists, rule)
    if result.display:
        add("DISPLAY ONLY " + ", ".join(result.display), lists, rule)
    for mark in result.controls:
        control = register.controls[mark]
        if mark == "NF":
            add(control.banner, _closers(marks, elements, rule, register), rule)
        elif mark == "RELIDO":
            who = [n for n, e in enumerate(elements) if e.has_relido or e.relido_alone or e.soft]
            add(control.banner, who, rule if result.rel == () else "24")
        else:
            same = [c for c in register.controls if c == mark or register.controls[c].plain == mark]
            who = sorted({n for c in same for n in carriers("controls", c)})
            add(control.banner, who, "carried by the portion")
    return tuple(found)


def _closers(
    marks: Sequence[Marking], elements: Sequence[Element], rule: str, register: Register
) -> list[int]:
    """The portions that made a banner NOFORN."""
    direct = [n for n, mark in enumerate(marks) if register.closes(mark.controls, mark.level)]
    if direct:
        return direct
    bare = [n for n, e in enumerate(elements) if e.hard or e.soft]
    alone = [n for n, e in enumerate(elements) if e.relido_alone]
    if rule in ("12", "16", "17", "19"):
        return bare
    if rule in ("10", "18"):
        return alone
    return [n for n, e in enumerate(elements) if e.has_list or e.has_display]


def _warnings(
    marks: Sequence[Marking],
    whole: Element,
    result: Marking,
    on: dt.date | None,
    switches: Switches,
    register: Register,
) -> tuple[str, ...]:
    found: list[str] = []
    mixed = whole.has_list or whole.has_display or whole.has_relido
    for number, mark in enumerate(marks, 1):
        listed = bool(mark.rel or mark.display or mark.rel_same or mark.recipients)
        if listed and not mark.closed and not sure(mark, switches):
            if mark.rel_same:
                found.append(f"portion {number}: REL without a list counts as nobody; write its list")
            elif mark.recipients:
                found.append(
                    f"portion {number}: REL to recipients counts as nobody until the states are named"
                )
            else:
                found.append(
                    f"portion {number}: its list was inferred and counts as nobody until a person confirms it"
                )
        if mixed and not (listed or mark.closed or "RELIDO" in mark.controls):
            kind = unmarked(mark, on, switches, register)
            if kind == "hard" and mark.level == "U":
                found.append(f"portion {number}: add a release marking to the portion; it counts as NOFORN")
            elif kind == "hard" and on is None and mark.level in CLASSIFIED:
                found.append(f"portion {number}: no release marking and no date; it counts as NOFORN")
    if not mixed and not result.closed and result.level in CLASSIFIED:
        found.append("no portion carries a release marking: handle each portion by its date and caveats")
    if any(mark.level == "R" for mark in marks):
        found.append("foreign RESTRICTED is taken as CONFIDENTIAL in the banner")
    if all(mark.origin == "joint" for mark in marks):
        found.append(
            "every portion is joint: a document that is itself joint has a //JOINT banner, written by hand"
        )
    return tuple(found)
