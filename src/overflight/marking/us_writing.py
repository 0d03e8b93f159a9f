"""Writing United States markings: the canonical portion and banner forms of a model."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from overflight.marking.model import Marking
from overflight.marking.register import CATEGORIES, Register
from overflight.marking.us_lists import ordered

__all__ = ["banner", "canonical", "in_order", "portion"]


def in_order(category: str, codes: Iterable[str], register: Register) -> list[str]:
    """Codes of compartments (sci), special access programmes (sap) or atomic energy (aea), in order."""
    if category == "sap":
        return sorted(codes, key=lambda code: (code in register.nato_controls, code))
    if category == "aea":
        stems = list(register.aea_banner)
        return sorted(codes, key=lambda code: (stems.index(code.split("-")[0]), code))
    return sorted(codes)


def canonical(marking: Marking, register: Register) -> Marking:
    """The same marking, controls and lists in the order of the Register, derived fields set."""
    controls = tuple(sorted(set(marking.controls), key=register.place))
    rel = ordered(marking.rel, usa_first=True)
    display = ordered(marking.display, usa_first=False)
    return replace(
        marking,
        sources=ordered(marking.sources, usa_first=False),
        fgi=ordered(marking.fgi, usa_first=False),
        sci=tuple(in_order("sci", set(marking.sci), register)),
        sap=tuple(in_order("sap", set(marking.sap), register)),
        aea=tuple(in_order("aea", set(marking.aea), register)),
        controls=controls,
        rel=rel,
        display=display,
        closed=register.closes(controls, marking.level),
        members=register.members((*rel, *display)),
    )


def _head(marking: Marking, register: Register, *, long: bool) -> str:
    level = register.levels[marking.level].banner if long else marking.level
    if marking.origin == "joint":
        return " ".join(("//JOINT", level, *marking.sources))
    if marking.origin == "foreign":
        if marking.sources == ("NATO",):
            for short, (plain, words) in register.nato.items():
                if plain == marking.level:
                    return f"//{words if long else short}"
        return " ".join(("//" + (" ".join(marking.sources) or "FGI"), level))
    return level


def _write(marking: Marking, register: Register, *, long: bool) -> str:
    categories: dict[str, list[str]] = {name: [] for name in CATEGORIES}
    categories["sci"] = list(marking.sci)
    ours = [code for code in marking.sap if code not in register.nato_controls]
    theirs = [code for code in marking.sap if code in register.nato_controls]
    categories["sap"] = [*(f"SAR-{code}" if n == 0 else code for n, code in enumerate(ours)), *theirs]
    for code in marking.aea:
        stem, _, rest = code.partition("-")
        if long:
            stem = register.aea_banner[stem]
            rest = f"SIGMA{rest[2:]}" if rest.startswith("SG ") else rest
        categories["aea"].append(f"{stem}-{rest}" if rest else stem)
    if marking.fgi or marking.fgi_concealed:
        categories["fgi"].append(" ".join(("FGI", *marking.fgi)))
    marks = list(marking.controls)
    if marking.rel or marking.rel_same or marking.recipients:
        marks.append("REL")
    if marking.display:
        marks.append("DISPLAY ONLY")
    for mark in sorted(marks, key=register.place):
        control = register.controls[mark]
        if mark == "REL":
            named = [*marking.rel, *(["RECIPIENTS"] if marking.recipients else [])]
            text = "REL TO " + ", ".join(named) if named else "REL"
        elif mark == "DISPLAY ONLY":
            text = "DISPLAY ONLY " + ", ".join(marking.display)
        else:
            text = control.banner if long else control.portion
        categories[control.category].append(text)
    return "//".join((_head(marking, register, long=long), *("/".join(c) for c in categories.values() if c)))


def portion(marking: Marking, register: Register) -> str:
    """The portion form, without brackets."""
    return _write(marking, register, long=False)


@lru_cache(4_096)
def banner(marking: Marking, register: Register) -> str:
    """The banner form."""
    return _write(marking, register, long=True)
