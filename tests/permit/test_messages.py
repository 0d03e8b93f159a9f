"""Messages of air traffic services: grammar, faults with their place, round trips, changes of a plan."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import InputError
from overflight.permit import (
    Item,
    Level,
    Message,
    Speed,
    apply,
    fold,
    read_message,
    read_messages,
    write_message,
)
from overflight.permit.route_field import position, route_item

from .generate import others, plans, route_words

PLAN = """(FPL-XXX621-IN
-IL62/H-SHIWY/C
-ZKPY0400
-K0850S1060 DCT ALPHA DCT 4512N10530E/K0850S1110 A345 BRAVO/N0460F360 DCT
-OIIE0815 OIII OIMM
-STS/STATE NONRVSM PBN/B1 DOF/260801 REG/P000 EET/ZMUB0145 UAAA0410 OPR/EXAMPLE RMK/TEST MESSAGE)"""
FORMS = [
    "(CHG-XXX621-ZKPY0400-OIIE-DOF/260801-16/OIMM0700 OIII)",
    "(DLA-XXX621-ZKPY0445-OIIE-DOF/260801)",
    "(CNL-XXX621-ZKPY0400-OIIE-0)",
    "(DEP-XXX621/A0254-ZKPY0412-OIIE-DOF/260801)",
    "(ARR-XXX621-ZKPY-OIIE1212)",
    "(ARR-XXX621-ZKPY-OIIE-ZZZZ1212 SOME STRIP)",
    "(CHGA/B012C/D011-XXX621-ZKPY0400-OIIE-0-8/IN-15/N0460F360 DCT)",
]


def plan() -> Message:
    message = read_message(PLAN).message
    assert message is not None
    return message


def test_the_sample_is_understood() -> None:
    reading = read_message(PLAN)
    message = reading.message
    assert reading.findings == ()
    assert message is not None
    assert (message.aircraft_id, message.rules, message.flight_type) == ("XXX621", "I", "N")
    assert (message.type, message.wake, message.equipment, message.surveillance) == (
        "IL62",
        "H",
        "SHIWY",
        "C",
    )
    assert (message.origin, message.time, message.destination, message.eet) == (
        "ZKPY",
        "0400",
        "OIIE",
        "0815",
    )
    assert message.alternates == ("OIII", "OIMM")
    assert (message.speed, message.level) == (Speed("K", 850), Level("S", 1060))
    assert message.level is not None
    assert message.level.metres == 10_600
    assert [item.kind for item in message.route] == [
        *("direct", "point", "direct", "position", "airway", "point", "direct")
    ]
    assert message.route[3].lonlat == (105.5, 45.2)
    assert message.route[5].speed == Speed("N", 460)
    assert message.special == ("STATE", "NONRVSM")
    assert str(message.day) == "2026-08-01"
    assert message.elapsed == (("ZMUB", 105), ("UAAA", 250))
    assert write_message(message) == PLAN


@pytest.mark.parametrize("text", FORMS)
def test_published_forms_round_trip(text: str) -> None:
    reading = read_message(text)
    assert reading.findings == ()
    assert reading.message is not None
    assert write_message(reading.message) == text


@settings(max_examples=150, deadline=None)
@given(plans())
def test_generated_plans_round_trip(message: Message) -> None:
    reading = read_message(write_message(message))
    assert reading.message == message
    assert reading.findings == ()


#: The grammar once more, written apart as one expression for each field.
ORACLE = {
    7: r"(?P<acid>[A-Z0-9]{1,7})(?:/(?P<ssr>A[0-7]{4}))?",
    8: r"(?P<rules>[IVYZ])(?P<type>[SNGMX])",
    9: r"(?P<n>\d{1,2})?(?P<typ>[A-Z][A-Z0-9]{1,3})/(?P<wake>[LMHJ])",
    10: r"(?P<com>(?:[ABCDFGHIKLOPTUVWXYZ]|E[1-3]|J[1-7]|M[1-3]|P[1-9]|R|S)+)"
    r"/(?P<surv>(?:[ACEHILPSX]|B[12]|U[12]|V[12]|D1|G1)+)",
    13: r"(?P<adep>[A-Z]{4})(?P<eobt>(?:[01]\d|2[0-3])[0-5]\d)",
    15: r"(?P<spd>K\d{4}|N\d{4}|M\d{3})(?P<lvl>F\d{3}|S\d{4}|A\d{3}|M\d{4}|VFR)\s+(?P<route>.+)",
    16: r"(?P<ades>[A-Z]{4})(?P<eet>\d{2}[0-5]\d)(?:\s+(?P<a1>[A-Z]{4}))?(?:\s+(?P<a2>[A-Z]{4}))?",
}


@settings(max_examples=100, deadline=None)
@given(plans())
def test_plans_agree_with_the_grammar_written_apart(message: Message) -> None:
    text = write_message(message)
    _, *fields = re.split(r"\n?-(?=[A-Z0-9])", text[:-1])
    found = {
        n: re.fullmatch(form, field, re.S) for (n, form), field in zip(ORACLE.items(), fields, strict=False)
    }
    parts = {name: value for match in found.values() if match for name, value in match.groupdict().items()}
    assert all(found.values()), found
    assert (parts["acid"], parts["ssr"]) == (message.aircraft_id, message.ssr)
    assert (parts["rules"], parts["type"]) == (message.rules, message.flight_type)
    assert (int(parts["n"] or 1), parts["typ"], parts["wake"]) == (
        message.count or 1,
        message.type,
        message.wake,
    )
    assert (parts["com"], parts["surv"]) == (message.equipment, message.surveillance)
    assert (parts["adep"], parts["eobt"]) == (message.origin, message.time)
    assert parts["route"].split() == [item.text for item in message.route]
    assert (parts["ades"], parts["eet"]) == (message.destination, message.eet)
    assert tuple(one for one in (parts["a1"], parts["a2"]) if one) == message.alternates


@settings(max_examples=100, deadline=None)
@given(others())
def test_generated_messages_round_trip(message: Message) -> None:
    reading = read_message(write_message(message))
    assert reading.message == message
    assert reading.findings == ()


@settings(max_examples=100, deadline=None)
@given(plans(), st.data())
def test_spacing_case_and_envelope_do_not_matter(message: Message, data: st.DataObject) -> None:
    text = write_message(message).lower()
    loose = re.sub(r" ", lambda _: data.draw(st.sampled_from([" ", "  ", "\n", "\r\n"])), text)
    wrapped = f"ZCZC ABC123 010815\nFF ZZZZZZZZ YYYYYYYY\n010815 XXXXXXXX\n{loose}\n\nNNNN\n"
    assert read_message(wrapped).message == message


@settings(max_examples=100, deadline=None)
@given(route_words)
def test_words_of_a_route_are_what_they_were_made_as(made: tuple[str, str]) -> None:
    word, kind = made
    assert route_item(word).kind == kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("45N105E", (105.0, 45.0)),
        ("4512N10530E", (105.5, 45.2)),
        ("4512S10530W", (-105.5, -45.2)),
        ("91N105E", None),
        ("4560N10530E", None),
        ("4512N105E", None),
        ("ALPHA", None),
    ],
)
def test_positions(text: str, expected: tuple[float, float] | None) -> None:
    assert position(text) == expected


# One fault each: what is replaced, by what, the field and the kind of the finding.
FAULTS = [
    ("XXX621-IN", "XXXX62199-IN", "7", "malformed"),
    ("-IN", "-QN", "8", "unknown-code"),
    ("-IN", "-I", "8", "missing"),
    ("IL62/H", "IL62/Q", "9", "unknown-code"),
    ("IL62/H", "IL62", "9", "missing"),
    ("IL62/H", "1IL62/H", "9", "malformed"),
    ("SHIWY/C", "SHQWY/C", "10", "unknown-code"),
    ("SHIWY/C", "SHIWYS/C", "10", "duplicate"),
    ("SHIWY/C", "NS/C", "10", "extra"),
    ("SHIWY/C", "SHIWY", "10", "missing"),
    ("ZKPY0400", "ZKPY2400", "13", "malformed"),
    ("ZKPY0400", "ZKPY", "13", "missing"),
    ("ZKPY0400", "ZK0400", "13", "malformed"),
    ("K0850S1060", "K850S1060", "15", "malformed"),
    ("A345", "A-45", "16", "malformed"),
    ("BRAVO/N0460F360", "BRAVO/N460F360", "15", "malformed"),
    ("ALPHA", "ALPHA*", "15", "malformed"),
    ("OIIE0815 OIII", "OIIE OIII", "16", "missing"),
    ("OIIE0815", "OIIE0875", "16", "malformed"),
    ("OIII OIMM", "OIII OIMM OISS", "16", "extra"),
    ("OIII OIMM", "OIII OIM", "16", "malformed"),
    ("STS/STATE", "STS/DIPLOMATIC", "18 STS", "unknown-code"),
    ("DOF/260801", "DOF/260231", "18 DOF", "malformed"),
    ("DOF/260801 REG/P000", "REG/P000 DOF/260801", "18 DOF", "order"),
    ("PBN/B1", "PBN/B1 PBN/B2", "18 PBN", "duplicate"),
    ("REG/P000", "REG/", "18 REG", "missing"),
    ("PBN/B1", "QQQ/B1", "18 QQQ", "unknown-code"),
    ("UAAA0410", "UAAA0475", "18 EET", "malformed"),
    ("REG/P000", "REG/P000 CODE/72012", "18 CODE", "malformed"),
    ("-STS/STATE", "-SOMETHING STS/STATE", "18", "malformed"),
    ("MESSAGE)", "MESSAGE", "", "unclosed"),
    ("TEST MESSAGE", "TEST (X) MESSAGE", "", "extra"),
]


@pytest.mark.parametrize(("good", "bad", "field", "kind"), FAULTS)
def test_every_fault_is_a_finding_with_its_place(good: str, bad: str, field: str, kind: str) -> None:
    text = PLAN.replace(good, bad, 1)
    assert text != PLAN
    found = [one for one in read_message(text).findings if (one.field, one.kind) == (field, kind)]
    assert found
    at = text.index(bad)
    line, start = text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
    if field != "":
        assert found[0].line in (line, line + 1)
        assert abs(found[0].column - start) <= len(bad) or found[0].line != line


def test_the_column_is_that_of_the_word() -> None:
    text = PLAN.replace("ALPHA", "ALPHA*")
    (found,) = read_message(text).findings
    assert text.splitlines()[found.line - 1][found.column - 1 :].startswith("ALPHA*")


def test_the_rest_of_a_faulty_plan_is_kept() -> None:
    message = read_message(PLAN.replace("IL62/H", "???")).message
    assert message is not None
    assert message.type is None
    assert message.destination == "OIIE"
    with pytest.raises(InputError, match="lacks field 9"):
        write_message(message)


def test_nothing_to_read_is_a_finding() -> None:
    reading = read_message("no plan at all")
    assert reading.message is None
    assert [one.kind for one in reading.findings] == ["missing"]
    assert read_messages("no plan at all") == ()


def test_a_message_that_is_not_read_says_so() -> None:
    reading = read_message("(CPL-XXX621-IN)")
    assert reading.message is None
    assert reading.findings[0].kind == "not-read"


def test_several_messages_in_one_text() -> None:
    found = read_messages("\n".join([PLAN, "words between", *FORMS]))
    assert [one.message.kind for one in found if one.message] == ["FPL", *(form[1:4] for form in FORMS)]
    assert found[1].line == PLAN.count("\n") + 3


def test_supplementary_information_is_kept() -> None:
    text = PLAN[:-1] + "\n-E/0945 P/006 R/UV J/LF\nA/WHITE)"
    message = read_message(text).message
    assert message is not None
    assert message.supplementary == "E/0945 P/006 R/UV J/LF A/WHITE"
    assert message.item("RMK") == "TEST MESSAGE"
    assert read_message(write_message(message)).message == message


def test_free_text_may_hold_what_looks_like_a_key() -> None:
    message = read_message(PLAN.replace("TEST MESSAGE", "DIPCLR AB/123 -X QQ/1")).message
    assert message is not None
    assert message.item("RMK") == "DIPCLR AB/123 -X QQ/1"


# --- what later messages make of it -------------------------------------------------------------------


def message_of(text: str) -> Message:
    message = read_message(text).message
    assert message is not None
    return message


def test_a_change_replaces_whole_fields() -> None:
    after = apply(plan(), message_of("(CHG-XXX621-ZKPY0400-OIIE-DOF/260801-16/OIMM0700 OIII)"))
    assert after.status == "changed"
    assert (after.message.destination, after.message.eet, after.message.alternates) == (
        "OIMM",
        "0700",
        ("OIII",),
    )
    assert after.findings == ()
    assert plan().destination == "OIIE"


def test_an_element_that_vanishes_is_a_finding() -> None:
    change = message_of("(CHG-XXX621-ZKPY0400-OIIE-DOF/260801-18/DOF/260801 REG/P001 OPR/EXAMPLE)")
    after = apply(plan(), change)
    assert {one.field for one in after.findings} == {"18 STS", "18 PBN", "18 EET", "18 RMK"}
    assert "RMK/TEST MESSAGE is gone" in {one.what for one in after.findings}
    assert after.message.item("REG") == "P001"


def test_a_malformed_change_leaves_the_field() -> None:
    after = apply(plan(), message_of("(CHG-XXX621-ZKPY0400-OIIE-0-9/???-16/OIMM0700)"))
    assert after.message.type == "IL62"
    assert after.message.destination == "OIMM"
    assert [one.field for one in after.findings] == ["9"]


@pytest.mark.parametrize(("time", "finding"), [("0445", False), ("0400", True), ("0300", True)])
def test_a_delay_is_later(time: str, finding: bool) -> None:
    after = apply(plan(), message_of(f"(DLA-XXX621-ZKPY{time}-OIIE-DOF/260801)"))
    assert (after.status, after.message.time) == ("delayed", time)
    assert bool(after.findings) is finding


def test_departure_arrival_diversion_cancellation() -> None:
    gone = apply(plan(), message_of("(DEP-XXX621/A0254-ZKPY0412-OIIE-DOF/260801)"))
    assert (gone.status, gone.departed, gone.message.ssr) == ("departed", "0412", "A0254")
    home = apply(gone, message_of("(ARR-XXX621-ZKPY-OIIE1212)"))
    assert (home.status, home.arrived, home.departed) == ("arrived", "1212", "0412")
    away = apply(gone, message_of("(ARR-XXX621-ZKPY-OIIE-OIMM1100)"))
    assert (away.status, away.arrival) == ("diverted", "OIMM")
    assert away.findings[0].kind == "changed"
    off = apply(plan(), message_of("(CNL-XXX621-ZKPY0400-OIIE-DOF/260801)"))
    assert off.status == "cancelled"
    again = apply(off, message_of("(DEP-XXX621-ZKPY0412-OIIE-DOF/260801)"))
    assert again.findings[0].kind == "mismatch"


@pytest.mark.parametrize(
    "other",
    [
        "(DLA-XXX622-ZKPY0445-OIIE-DOF/260801)",
        "(DLA-XXX621-ZKPP0445-OIIE-DOF/260801)",
        "(DLA-XXX621-ZKPY0445-OIII-DOF/260801)",
        "(DLA-XXX621-ZKPY0445-OIIE-DOF/260802)",
    ],
)
def test_a_message_about_another_flight_is_refused(other: str) -> None:
    with pytest.raises(InputError, match="another flight"):
        apply(plan(), message_of(other))


def test_only_a_filed_plan_can_be_changed() -> None:
    with pytest.raises(InputError, match="no filed plan"):
        apply(message_of(FORMS[2]), message_of(FORMS[2]))


def test_messages_fold_into_plans() -> None:
    other = PLAN.replace("XXX621", "XXX700")
    text = "\n".join([PLAN, other, FORMS[1], FORMS[3], "(CNL-XXX999-ZKPY0400-OIIE-0)", "(CPL-XXX621-IN)"])
    plans_, left = fold(read_messages(text))
    assert [(one.message.aircraft_id, one.status) for one in plans_] == [
        ("XXX621", "departed"),
        ("XXX700", "filed"),
    ]
    assert [one.message.kind if one.message else None for one in left] == ["CNL", None]


def test_a_plan_filed_again_replaces_the_first() -> None:
    newer = replace(plan(), items=(Item("DOF", "260801"),))
    after = apply(plan(), newer)
    assert after.message == newer
    assert "RMK/TEST MESSAGE is gone" in {one.what for one in after.findings}


# --- noise --------------------------------------------------------------------------------------------


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=st.sampled_from("(FPLCHGDSTANZ-/0125 \n)é\x00\udc80"), max_size=200))
def test_noise_is_never_a_crash(text: str) -> None:
    for reading in read_messages("(FPL-" + text):
        lines = ("(FPL-" + text).count("\n") + 1
        assert all(1 <= one.line <= lines and one.column >= 1 for one in reading.findings)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([PLAN, *FORMS]), st.data())
def test_damaged_messages_read_back_once_written(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 1))
    until = data.draw(st.integers(at, min(len(text), at + 12)))
    bad = text[:at] + data.draw(st.text(max_size=6)) + text[until:]
    for reading in read_messages(bad):
        if reading.message is None:
            assert reading.findings
            continue
        try:
            once = write_message(reading.message)
        except InputError:
            assert reading.findings
            continue
        assert write_message(message_of(once)) == once
