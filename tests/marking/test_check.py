"""Validation: faults with their columns, corrected forms, and what must never be guessed."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from overflight.marking import check, format_banner, format_portion, parse_portion
from overflight.marking.register import load

from .strategies import faulty_text, us_markings

VALID = [
    "(U)",
    "(S//NF)",
    "S//REL TO USA, GBR",
    "SECRET//REL TO USA, GBR",
    "SECRET//REL TO USA, FVEY/RELIDO",
    "(S//REL/RELIDO)",
    "TOP SECRET//SI-G/TALENT KEYHOLE//RISK SENSITIVE/ORIGINATOR CONTROLLED/NOFORN",
    "(TS//SI-G/TK//RS/OC/NF)",
    "TOP SECRET//SI-ABC-DEF//ORCON/NOFORN",
    "(TS//SI-G ABCD EFGH-XYZ//OC/NF)",
    "TOP SECRET//HCS-P JJJ-P DDDD//ORCON/NOFORN",
    "(TS//SAR-BP-123/CA-XYZ YYY//NF)",
    "TOP SECRET//RD-CNWDI//NOFORN",
    "SECRET//FRD-SIGMA 14 18//REL TO USA, ACGU",
    "(S//FRD-SG 14 18//REL)",
    "//COSMIC TOP SECRET//BOHEMIA",
    "(//CTS//BOHEMIA)",
    "//DEU SECRET//REL TO USA, DEU",
    "(//DEU S//REL TO USA, DEU)",
    "//NATO SECRET//ATOMAL//ORCON",
    "(//NS//ATOMAL//OC)",
    "//JOINT SECRET CAN GBR USA//REL TO USA, CAN, GBR",
    "(//JOINT S//REL)",
    "TOP SECRET//FGI DEU GBR//REL TO USA, DEU, GBR",
    "(//FGI S//NF)",
    "SECRET//NOFORN/PROPIN",
    "UNCLASSIFIED//FOUO/NOFORN",
    "UNCLASSIFIED//FOR OFFICIAL USE ONLY",
    "UNCLASSIFIED//SBU NOFORN",
    "(U//SBU-NF)",
    "(U//NF//SBU)",
    "(S//NF//XD)",
    "SECRET//NOFORN//NO DISTRIBUTION",
    "SECRET//REL TO USA, IRQ/DISPLAY ONLY AFG",
    "UNCLASSIFIED//SSI",
    "(TS//FGI)",
    "(//CAN GBR S)",
    "CONFIDENTIAL//DISPLAY ONLY AFG, IRQ",
]

#: (text, rule, column, corrected)
FAULTY = [
    ("S//REL TO TJK, USA", "list-order", 11, "S//REL TO USA, TJK"),
    ("S//REL TO USA", "list-partner", 4, None),
    ("S//NF/REL TO USA, GBR", "noforn-conflict", 7, "S//NF"),
    ("C//FOUO", "level", 4, "C"),
    ("U//ND", "requires-noforn", 4, "U//NF//ND"),
    ("SECRET//NF", "banner-form", 9, "SECRET//NOFORN"),
    (
        "S//REL TO USA, GB",
        "two-letter-code",
        16,
        None,
    ),  # Gabon in one code set, the United Kingdom in the other
    ("S//REL TO USA, QQQ", "unknown-code", 16, None),
    ("S//REL TO USA, GBR,", "list-comma", 20, "S//REL TO USA, GBR"),
    ("(S//REL TO TJK, USA)", "list-order", 12, "(S//REL TO USA, TJK)"),
    ("SECRET//REL TO USA, TKM, TJK", "list-order", 21, "SECRET//REL TO USA, TJK, TKM"),
    ("S//REL TO USA, FVEY, TUR", "list-order", 16, "S//REL TO USA, TUR, FVEY"),
    ("S//REL TO USA,GBR", "list-blank", 15, "S//REL TO USA, GBR"),
    ("S//REL TO USA, GBR, GBR", "duplicate", 21, "S//REL TO USA, GBR"),
    ("S //NF", "blank", 2, "S//NF"),
    ("s//nf", "case", 1, "S//NF"),
    ("S//NOFORN", "portion-form", 4, "S//NF"),
    ("(SECRET//NF)", "portion-form", 2, "(S//NF)"),
    ("S//NF/OC", "order", 7, "S//OC/NF"),
    ("S//XD//NF", "order", 8, "S//NF//XD"),
    ("S//NF/XD", "separator", 7, "S//NF//XD"),
    ("S//OC//NF", "separator", 8, "S//OC/NF"),
    ("S/NF", "separator", 3, "S//NF"),
    ("S//NF//", "separator", 6, "S//NF"),
    ("(S//NF", "brackets", 1, "S//NF"),
    ("S//NF//XD/ND", "superseded", 8, "S//NF//ND"),
    ("U//SBU-NF/SBU", "superseded", 11, "U//SBU-NF"),
    ("U//NF//SBU-NF", "noforn-twice", 8, "U//NF//SBU"),
    ("C//SBU-NF", "level", 4, "C//NF"),
    ("C//SBU", "level", 4, "C//NF"),
    ("S//REL TO USA, GBR//SBU", "noforn-conflict", 4, "S//NF"),
    ("S//REL TO USA, GBR//DS", "level", 21, "S//REL TO USA, GBR"),
    ("U//OC", "level", 4, None),
    ("S//RELIDO/DISPLAY ONLY GBR", "relido-conflict", 4, None),
    ("S//OC/RELIDO", "relido-conflict", 7, "S//OC"),
    ("S//REL TO USA, GBR/DISPLAY ONLY GBR, TUR", "display-twice", 20, "S//REL TO USA, GBR/DISPLAY ONLY TUR"),
    ("//JOINT S AUS USA", "joint", 1, None),
    ("//JOINT S AUS USA//NF", "joint", 20, None),
    ("//JOINT R AUS USA//REL TO USA, AUS", "joint", 3, None),
    ("//GBR CAN S//NF", "list-order", 3, "//CAN GBR S//NF"),
    ("//NATO S//NF", "nato", 3, "//NS//NF"),
    ("R//NF", "level", 1, None),
    ("SECRET//REL", "rel-list", 9, None),
    ("S//USA/AUS/GBR EYES ONLY", "eyes-only", 12, "S//REL TO USA, AUS, GBR"),
    ("S//NOSUCH", "unknown", 4, None),
    ("XS//NF", "level", 1, None),
    ("", "level", 1, None),
    ("(CUI//", "level", 2, None),  # found by fuzzing: the Register has no form to correct it to
    ("U//LOU", "register", 4, None),
    ("C//LOU", "level", 4, "C"),
    ("TS//SAR-NODIS//NF", "unknown", 5, None),  # found by fuzzing: a programme named like a control
    ("U//ND/SBU-NF", "superseded", 7, "U//NF//ND"),  # found by fuzzing
    ("TS//SAR- BP//NF", "unknown", 5, None),  # found by fuzzing: a blank at the edge of a name
    ("TS//SAR-BP/SAR-CA//NF", "sar", 12, "TS//SAR-BP/CA//NF"),
    ("TOP SECRET//TK/SI//NOFORN", "order", 16, "TOP SECRET//SI/TK//NOFORN"),
    ("(TS//TK/SI-G//NF)", "order", 9, "(TS//SI-G/TK//NF)"),
    ("TS//SI/SI//NF", "duplicate", 8, "TS//SI//NF"),
    ("TS//SAR-CA/BP//NF", "order", 12, "TS//SAR-BP/CA//NF"),
    ("S//FRD/RD//NF", "order", 8, "S//RD/FRD//NF"),
    ("S\u2013NF", "character", 2, "S//NF"),
    ("U//LES//REL TO USA, FVEY", "order", 9, "U//REL TO USA, FVEY//LES"),
]


@pytest.mark.parametrize("text", VALID)
def test_valid(text: str) -> None:
    checked = check(text)
    assert checked.faults == ()
    assert checked.valid
    assert checked.corrected == text
    assert not checked.marking.unparsed


@pytest.mark.parametrize(("text", "rule", "column", "corrected"), FAULTY)
def test_fault_with_its_place_and_corrected_form(
    text: str, rule: str, column: int, corrected: str | None
) -> None:
    checked = check(text)
    assert not checked.valid
    assert (column, rule) in [(f.column, f.rule) for f in checked.faults]
    assert checked.corrected == corrected


def test_every_fault_of_one_marking_is_told_at_once() -> None:
    rules = [f.rule for f in check("(s/rel gbr and TJK, FVEY, usa)").faults]
    assert set(rules) >= {"case", "separator", "list-words", "list-separator", "list-order"}


@settings(deadline=None, max_examples=150)
@given(us_markings())
def test_generated_markings_are_valid_in_both_forms(marking) -> None:  # type: ignore[no-untyped-def]
    assert check(format_portion(marking)).faults == ()
    if not marking.rel_same:
        assert check(format_banner(marking)).faults == ()


@settings(deadline=None, max_examples=400)
@given(faulty_text)
@example("S//REL TO USA, GBR/TUR")
@example("(S//REL TO USA, GBR//)")
@example("U//REL TO ,")
@example("[S//NF]")
def test_corrected_is_valid_and_never_wider(text: str) -> None:
    checked = check(text)
    marking = parse_portion(text)
    assert checked.valid == (not checked.faults)
    assert all(1 <= f.column <= len(text) + 1 for f in checked.faults)
    if checked.corrected is None:
        return
    again = check(checked.corrected)
    assert again.valid, (text, checked.corrected, again.faults)
    assert again.corrected == checked.corrected
    fixed = parse_portion(checked.corrected)
    assert set(fixed.release) <= set(marking.release) | {"USA"}
    assert set(fixed.display_only) <= set(marking.display_only)
    assert not marking.unparsed


@settings(deadline=None, max_examples=150)
@given(us_markings(), st.randoms(use_true_random=False))
def test_shuffled_lists_are_corrected_to_the_canonical_form(marking, random) -> None:  # type: ignore[no-untyped-def]
    """Damage whose meaning is certain comes back: order of lists, blanks beside slashes, lower case."""
    text = format_portion(marking)
    for codes in (marking.rel, marking.display):
        if codes:
            shuffled = list(codes)
            random.shuffle(shuffled)
            text = text.replace(", ".join(codes), ", ".join(shuffled), 1)
    if random.random() < 0.5:
        text = text.replace("//", " // ").strip()
    if random.random() < 0.5:
        text = text.lower()
    checked = check(text)
    assert checked.corrected == format_portion(marking)
    assert not parse_portion(text).inferred


@pytest.mark.parametrize("level", ["TS", "S", "C", "U"])
def test_every_choice_of_three_marks_is_corrected_to_a_valid_one_or_not_at_all(level: str) -> None:
    marks = [c for c, control in load().controls.items() if not control.is_list]
    marks += ["REL TO USA, GBR", "DISPLAY ONLY GBR, TUR"]
    valid = 0
    for size in (1, 2, 3):
        for chosen in combinations(marks, size):
            checked = check(f"{level}//{'/'.join(chosen)}")
            valid += checked.valid
            if checked.corrected is not None:
                assert check(checked.corrected).valid, (chosen, checked.corrected)
                bars = load().closes(checked.marking.controls, checked.marking.level)
                assert not bars or load().closes(parse_portion(checked.corrected).controls, level), chosen
    assert valid


def test_text_longer_than_any_marking_is_refused_at_once() -> None:
    checked = check("S//REL TO USA" + ", GBR" * 2000)
    assert [f.rule for f in checked.faults] == ["length"]
    assert checked.corrected is None
