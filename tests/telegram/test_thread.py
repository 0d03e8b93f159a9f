"""Which messages belong together, and what is missing."""

from __future__ import annotations

import datetime as dt

from overflight.telegram import Number, read, threads

TEXT = (
    "P {when}\nFM {origin}\nTO SECSTATE WASHDC\nBT\nUNCLAS {mrn}\nE.O. 13526: N/A\nTAGS: EAIR\n"
    "SUBJECT: {subject}\n{ref}\n1. TEXT.\n\nBT\nNNNN\n"
)


def message(when: str, origin: str, mrn: str, subject: str, ref: str = "") -> object:
    text = TEXT.format(when=when, origin=origin, mrn=mrn, subject=subject, ref=f"REF: {ref}\n" if ref else "")
    return read(text.encode(), received=dt.date(2026, 11, 22)).telegram


MESSAGES = [
    (
        "reply",
        message(
            "031530Z AUG 26",
            "AMEMBASSY DUSHANBE",
            "DUSHANBE 000020",
            "EXERCISE: HOST REPLY ONE",
            "A. STATE 10",
        ),
    ),
    (
        "request",
        message(
            "011530Z AUG 26", "SECSTATE WASHDC", "STATE 000010", "EXERCISE: FLIGHT XXX621 OVERFLIGHT REQUEST"
        ),
    ),
    (
        "update",
        message(
            "041530Z AUG 26", "SECSTATE WASHDC", "STATE 000030", "EXERCISE: FLIGHT XXX621 OVERFLIGHT REQUEST"
        ),
    ),
    (
        "stray",
        message(
            "051530Z AUG 26",
            "AMEMBASSY BAKU",
            "BAKU 000007",
            "EXERCISE: ANOTHER MATTER ALTOGETHER",
            "A. 25 STATE 10",
        ),
    ),
    (
        "other",
        message("061530Z AUG 26", "AMEMBASSY TBILISI", "TBILISI 000008", "EXERCISE: LUNCH", "A. 25 STATE 10"),
    ),
    (
        "alone",
        message(
            "071530Z AUG 26",
            "AMEMBASSY ANKARA",
            "ANKARA 000009",
            "EXERCISE: QUITE ALONE HERE",
            "A. DUSHANBE 999",
        ),
    ),
]


def test_threads_by_reference_subject_and_common_missing_message() -> None:
    found = threads(MESSAGES)  # type: ignore[arg-type]
    assert [t.messages for t in found] == [("request", "reply", "update"), ("stray", "other"), ("alone",)]
    assert {(link.a, link.b, link.why) for link in found[0].links} == {
        ("reply", "request", "reference"),
        ("request", "update", "subject"),
    }
    assert found[0].missing == ()
    assert [(m.number, m.referred_by) for m in found[1].missing] == [
        (Number("STATE", 10, 2025), ("stray", "other"))
    ]
    assert [m.number for m in found[2].missing] == [Number("DUSHANBE", 999, 2026)]


def test_the_order_of_the_files_does_not_matter() -> None:
    assert [t.messages for t in threads(MESSAGES[::-1])] == [t.messages for t in threads(MESSAGES)]  # type: ignore[arg-type]


def test_two_sections_in_two_files_are_one_message() -> None:
    base = TEXT.format(
        when="011530Z AUG 26", origin="SECSTATE WASHDC", mrn="STATE 000010", subject="EXERCISE: X", ref=""
    )
    parts = [
        (
            str(n),
            read(
                base.replace("UNCLAS STATE", f"UNCLAS SECTION 0{n} OF 02 STATE").encode(),
                received=dt.date(2026, 11, 22),
            ).telegram,
        )
        for n in (1, 2)
    ]
    found = threads(parts)
    assert len(found) == 1
    assert found[0].links[0].why == "number"
