"""Rules between the parts of a United States marking, and the corrected form where there is one."""

from __future__ import annotations

from dataclasses import replace

from overflight.marking.model import Marking
from overflight.marking.register import Register
from overflight.marking.us_reading import Reading
from overflight.marking.us_writing import canonical

__all__ = ["correct"]

#: Levels that carry classified information.
CLASSIFIED = frozenset({"TS", "S", "C", "R"})


def correct(reading: Reading, marking: Marking, register: Register) -> Marking | None:
    """Note every broken rule and give the marking that keeps them all.

    The result never names a state that the marking as read does not name, and drops every list where NOFORN
    stands, because NOFORN dominates (rule 2). None when the right form cannot be determined.
    """
    notes, columns = reading.notes, reading.columns
    controls = list(marking.controls)
    rel, display, rel_same = marking.rel, marking.display, marking.rel_same
    classified = marking.level in CLASSIFIED

    def column(mark: str) -> int:
        return columns.get(mark, reading.column)

    for mark in list(controls):
        control = register.controls[mark]
        if control.levels and marking.level and marking.level not in control.levels:
            if control.only_banner or control.category == "legacy":
                notes.fault(column(mark), "level", f"{control.banner} is used with UNCLASSIFIED only")
                controls.remove(mark)
                if (control.noforn or control.noforn_classified) and "NF" not in controls:
                    controls.append("NF")  # the level protects the rest, the bar on foreign readers stays
            else:
                notes.open(column(mark), "level", f"{control.banner} is not used with this level")
    for mark, stronger in register.gives_way.items():
        winner = next((s for s in stronger if s in controls), None)
        if mark in controls and winner is not None:
            name = register.controls[winner].banner
            notes.fault(column(mark), "superseded", f"{register.controls[mark].banner} gives way to {name}")
            controls.remove(mark)
    for mark in [c for c in controls if register.controls[c].requires_noforn]:
        if "NF" not in controls:
            notes.fault(column(mark), "requires-noforn", f"{register.controls[mark].banner} requires NOFORN")
            controls.append("NF")
    for mark in [c for c in controls if register.controls[c].plain]:
        if "NF" in controls:
            plain = register.controls[mark].plain
            notes.fault(column(mark), "noforn-twice", f"beside NOFORN the mark is {plain}")
            controls[controls.index(mark)] = plain
    if register.closes(tuple(controls), marking.level):
        for mark, there in (
            ("REL", bool(rel) or rel_same or marking.recipients),
            ("DISPLAY ONLY", bool(display)),
            ("RELIDO", "RELIDO" in controls),
        ):
            if there:
                notes.fault(
                    column(mark), "noforn-conflict", f"{mark} cannot stand beside NOFORN, which dominates"
                )
        rel, display, rel_same = (), (), False
        controls = [c for c in controls if c != "RELIDO"]
    if "RELIDO" in controls and any(c in controls for c in ("OC", "OC-USGOV")):
        notes.fault(column("RELIDO"), "relido-conflict", "RELIDO cannot stand beside originator control")
        controls.remove("RELIDO")
    if "RELIDO" in controls and display:
        notes.open(column("RELIDO"), "relido-conflict", "RELIDO cannot stand beside DISPLAY ONLY")
    both = set(rel) & set(display)
    if both:
        notes.fault(
            column("DISPLAY ONLY"), "display-twice", "what may be given may be told: list a state once"
        )
        display = tuple(c for c in display if c not in both)
    if rel and rel_same:
        notes.open(column("REL"), "rel-list", "REL with a list and REL without one")
    if not classified and (marking.sci or marking.sap):
        notes.open(reading.column, "level", "compartments and special access programmes are classified")
    if marking.fgi and marking.origin != "us":
        notes.open(reading.column, "fgi", "a foreign or joint mark names its sources before the level")
    if marking.origin == "joint":
        _joint(reading, marking, controls)
    # A legacy control has no form that the Register knows.
    legacy = any(register.controls[mark].category == "legacy" for mark in controls)
    if legacy or notes.undetermined or notes.lost or not marking.level or marking.recipients:
        return None
    fixed = replace(
        marking, controls=tuple(controls), rel=rel, display=display, rel_same=rel_same, inferred=False
    )
    return canonical(fixed, register)


def _joint(reading: Reading, marking: Marking, controls: list[str]) -> None:
    notes = reading.notes
    if "NF" in controls:
        notes.open(
            reading.columns.get("NF", reading.column), "joint", "NOFORN cannot stand in a joint marking"
        )
    elif not marking.rel and not marking.rel_same:
        notes.open(reading.column, "joint", "a joint marking carries REL TO with all its owners")
    elif marking.rel and not {*marking.sources} <= {*marking.rel, *marking.release}:
        notes.open(reading.column, "joint", "every owner stands on the release list")
