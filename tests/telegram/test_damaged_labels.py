"""One damaged label loses neither its own field nor those behind it."""

from __future__ import annotations

import pytest

from overflight.telegram import read

HEAD = [
    "O 241410Z AUG 26", "FM SECSTATE WASHDC", "TO AMEMBASSY DUSHANBE", "BT", "S E C R E T STATE 047110",
]  # fmt: skip
FIELDS = [
    "E.O. 13526: DECL: 08/24/2036",
    "TAGS: EAIR, PREL",
    "SUBJECT: (C) EXERCISE: T",
    "REF: A. TBILISI 771",
    "Classified By: DCM, Reason 1.4 (b)",
]
TEXT = ["", "1. (U) ONE.", "", "BT", "NNNN", ""]


@pytest.mark.parametrize(
    ("at", "printed"),
    [
        (0, "E.O. 13526: DECL:\n08/24/2036"),
        (1, "TAG5: EAIR, PREL"),
        (1, "T A G S: EAIR, PREL"),
        (1, "TAGS EAIR PREL"),
        (2, "5UBJECT: (C) EXERCISE: T"),
        (2, "SUBlECT: (C) EXERCISE: T"),
        (2, "SU8JECT: (C) EXERCISE: T"),
        (2, "SUBJECT (C) EXERCISE: T"),
        (3, "REF A. TBILISI 771"),
        (3, "REF TBILISI 771"),
        (4, "C1assified By: DCM, Reason 1.4 (b)"),
        (4, "CLASSIFIED BV: DCM, Reason 1.4 (b)"),
    ],
)
def test_a_damaged_label_is_read_and_listed(at: int, printed: str) -> None:
    whole = read("\n".join([*HEAD, *FIELDS, *TEXT]).encode())
    hurt = read("\n".join([*HEAD, *FIELDS[:at], printed, *FIELDS[at + 1 :], *TEXT]).encode())
    assert hurt.telegram == whole.telegram
    assert at == 0 or hurt.repairs
    for repair in hurt.repairs:
        assert hurt.original(repair).decode() == repair.read


def test_labels_without_colons() -> None:
    lines = [FIELDS[0], "TAGS EAIR PREL", "SUBJECT EXERCISE MISSING COLONS", "REF 25 STATE 90001"]
    found = read("\n".join([*HEAD, *lines, *TEXT]).encode()).telegram
    assert found.tags == ("EAIR", "PREL")
    assert found.subject is not None
    assert found.subject.text == "EXERCISE MISSING COLONS"
    assert str(found.references[0].number) == "2025 STATE 90001"


def test_a_line_among_the_labels_that_is_not_understood_is_kept_and_said() -> None:
    found = read("\n".join([*HEAD, FIELDS[0], "QZX: EAIR", *FIELDS[2:], *TEXT]).encode())
    assert found.telegram.captions == ("QZX: EAIR",)
    assert found.telegram.subject is not None
    assert any("'QZX: EAIR' among the labelled lines is not understood" in one for one in found.warnings)


@pytest.mark.parametrize(
    ("printed", "number", "read_as"),
    [
        ("DECL: 08/24/2036", "", "DECL"),
        ("DECL ON: 08/24/2036", "", "DECL"),
        ("EXEC ORDER 13526: DECL: 08/24/2036", "13526", "EXEC ORDER"),
        ("EXECUTIVE ORDER 13526: DECL: 08/24/2036", "13526", "EXECUTIVE ORDER"),
        ("Executive Order No. 12958 DECL: 08/24/2036", "12958", "Executive Order No."),
    ],
)
def test_the_order_spelled_out_or_its_day_alone(printed: str, number: str, read_as: str) -> None:
    whole = read("\n".join([*HEAD, printed, *FIELDS[1:], *TEXT]).encode())
    assert whole.telegram.order is not None
    assert whole.telegram.order.number == number
    assert str(whole.meaning.declassify.on) == "2036-08-24"
    assert [r.read for r in whole.repairs if r.kind == "label"] == [read_as]
    assert whole.telegram.tags == ("EAIR", "PREL")


def test_a_day_below_its_order_is_of_the_order() -> None:
    whole = read("\n".join([*HEAD, "E.O. 13526:", "DECL: 08/24/2036", *FIELDS[1:], *TEXT]).encode())
    assert whole.telegram.order is not None
    assert whole.telegram.order.number == "13526"
    assert str(whole.meaning.declassify.on) == "2036-08-24"
    assert not [r for r in whole.repairs if r.kind == "label"]


@pytest.mark.parametrize(
    ("printed", "meant"), [("K6", "KG"), ("T5", "TS"), ("S0", "SO"), ("ZX", "ZX"), ("Q6", "Q6")]
)
def test_a_code_of_two_letters_with_a_digit_is_proposed(printed: str, meant: str) -> None:
    whole = read("\n".join([*HEAD, FIELDS[0], f"TAGS: EAIR, {printed}", *FIELDS[2:], *TEXT]).encode())
    assert whole.telegram.tags == ("EAIR", meant)
    assert any(repr(printed) in warning and meant in warning for warning in whole.warnings) is (
        printed != meant
    )
