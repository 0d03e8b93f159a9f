"""Reading: the model, its round trip, and the looser usage of telegrams."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.marking import format_banner, format_portion, parse_banner, parse_portion
from overflight.marking.codes import by_name, period, read_csv
from overflight.marking.release import decide
from overflight.marking.us import SCHEME, _parse

from .strategies import faulty_text, us_markings

#: (text, canonical portion, release) - all of it understood, none of it certain
LOOSE = [
    ("(S/NF)", "S//NF", ()),
    ("(C-NF)", "C//NF", ()),
    ("(S NF)", "S//NF", ()),
    ("(S/Rel UK)", "S//REL TO USA, GBR", ("GBR", "USA")),
    ("(S//REL CHINA, AFGHANISTAN)", "S//REL TO USA, AFG, CHN", ("AFG", "CHN", "USA")),
    ("(S/REL ROK AND JAPAN)", "S//REL TO USA, JPN, KOR", ("JPN", "KOR", "USA")),
    ("(C//REL TO KYRGYZ REPUBLIC)", "C//REL TO USA, KGZ", ("KGZ", "USA")),
    ("(C//REL TO THE KYRGYZ REPUBLIC)", "C//REL TO USA, KGZ", ("KGZ", "USA")),
    ("(S//REL TO USA, TJK/TKM)", "S//REL TO USA, TJK, TKM", ("TJK", "TKM", "USA")),
    ("(S//REL TO USA TJK TKM)", "S//REL TO USA, TJK, TKM", ("TJK", "TKM", "USA")),
    ("(S//REL TJK)", "S//REL TO USA, TJK", ("TJK", "USA")),
    ("(S//REL TO TJK)", "S//REL TO USA, TJK", ("TJK", "USA")),
    ("(S//REL TO USA, TI, TX)", "S//REL TO USA, TJK, TKM", ("TJK", "TKM", "USA")),
    ("(S//REL TO USA, TJ, TM)", "S//REL TO USA, TJK, TKM", ("TJK", "TKM", "USA")),
    ("(C/REL BRITISH, FRENCH)", "C//REL TO USA, FRA, GBR", ("FRA", "GBR", "USA")),
    ("(S//REL TO CÔTE D'IVOIRE)", "S//REL TO USA, CIV", ("CIV", "USA")),
    ("(SBU/NF)", "U//SBU-NF", ()),
    ("(SBU-N)", "U//SBU-NF", ()),
    ("(SBU)", "U//SBU", ()),
    ("(LOU)", "U//LOU", ()),
    ("(FOUO)", "U//FOUO", ()),
    ("S E C R E T", "S", ()),
    ("C O N F I D E N T I A L//NOFORN", "C//NF", ()),
    ("CONFIDENTIAL NOFORN", "C//NF", ()),
    ("UNCLAS", "U", ()),
    ("SECRET NOFORN NODIS", "S//NF//ND", ()),
    ("S//NF, OC", "S//OC/NF", ()),
    ("S//DISPLAY ONLY TO TJK", "S//DISPLAY ONLY TJK", ()),
]


@pytest.mark.parametrize(("text", "canonical", "release"), LOOSE)
def test_looser_usage_is_understood_and_never_certain(
    text: str, canonical: str, release: tuple[str, ...]
) -> None:
    marking = parse_portion(text)
    assert marking.unparsed == ""
    assert format_portion(marking) == canonical
    assert marking.release == release
    assert marking.inferred
    assert marking.understood


@pytest.mark.parametrize(
    "text",
    ["(S//REL TO USA, CH)", "(S//REL TO USA, KN)", "(S//REL TO KOREA)", "(S//REL TO CONGO)"],
)
def test_what_means_two_states_is_not_guessed(text: str) -> None:
    marking = parse_portion(text)
    assert marking.unparsed
    assert set(marking.release) <= {"USA"}


@pytest.mark.parametrize(
    "text",
    [
        "(S//REL TO EAST GERMANY)",
        "(S//REL TO ALL EXCEPT TJK)",
        "(S//REL TO USA AND NOT TKM)",
        "(S//REL TO USA, TJK/NOT TKM)",
        "(S//NOT REL TO USA, TJK)",
        "(S//REL TO USA, TJK (LESS ANNEX))",
    ],
)
def test_a_word_too_many_makes_the_list_useless(text: str) -> None:
    assert parse_portion(text).unparsed


def test_names_are_understood_as_of_the_day() -> None:
    assert parse_portion("(C/REL ZAIRE)", dt.date(1975, 3, 1)).release == ("COD", "USA")
    assert parse_portion("(C/REL ZAIRE)", dt.date(2008, 3, 1)).unparsed


def test_recipients_are_the_states_of_the_action_addressees() -> None:
    marking = parse_portion("(S//REL TO RECIPIENTS)")
    assert marking.recipients
    assert marking.release == ()
    resolved = marking.with_recipients(["TKM", "TJK"])
    assert resolved.release == ("TJK", "TKM", "USA")
    assert resolved.inferred
    assert not resolved.recipients
    assert marking.with_recipients([]).release == ("USA",)  # nobody else, and still a list
    assert parse_portion("(S//REL TO USA, TJK)").with_recipients(["TKM"]).release == ("TJK", "USA")


def test_rel_alone_takes_the_list_of_the_banner() -> None:
    marking = parse_portion("(S//REL)")
    assert marking.rel_same
    assert marking.release == ()
    extracted = marking.with_banner(parse_banner("SECRET//REL TO USA, EGY, ISR"))
    assert extracted.release == ("EGY", "ISR", "USA")
    assert not extracted.inferred
    assert marking.with_banner(parse_banner("SECRET//NOFORN")) == marking
    assert marking.with_banner(parse_banner("SECRET//REL TO EGYPT")).inferred


def test_groups_expand_or_stay_opaque() -> None:
    assert parse_portion("(S//REL TO USA, FVEY)").release == ("AUS", "CAN", "GBR", "NZL", "USA")
    assert parse_portion("(S//REL TO USA, ACGU)").release == ("AUS", "CAN", "GBR", "USA")
    assert parse_portion("(S//REL TO USA, NATO)").release == ("USA",)
    assert parse_portion("(S//REL TO USA, ZZZZ)").release == ("USA",)
    assert parse_portion("(S//REL TO USSR)").release == ("USA",)


def test_noforn_leaves_no_release_whatever_else_is_written() -> None:
    for text in ("S//NF/REL TO USA, GBR", "S//REL TO USA, GBR//ND", "U//SBU-NF/REL TO USA, GBR"):
        assert parse_portion(text).release == ()


def test_a_list_that_names_nobody_is_still_a_list() -> None:
    for text in ("U//REL TO ,", "U//REL TO USA", "U//DISPLAY ONLY USA"):
        marking = parse_portion(text)
        assert marking.rel or marking.display
        assert set(marking.release) <= {"USA"}


@pytest.mark.parametrize("text", ["(ſ//NF)", "(Ｓ//NF)", "(S\u200b//NF)", "(S//NF\x00)"])
def test_letters_that_only_look_like_letters_are_not_taken_for_them(text: str) -> None:
    assert parse_portion(text).unparsed


@settings(deadline=None, max_examples=300)
@given(us_markings())
def test_round_trip_of_both_forms(marking) -> None:  # type: ignore[no-untyped-def]
    assert parse_portion(f"({format_portion(marking)})") == marking
    assert parse_banner(format_banner(marking)) == marking
    assert not parse_portion(format_portion(marking)).inferred


@settings(deadline=None, max_examples=300)
@given(faulty_text)
def test_no_text_makes_reading_fail(text: str) -> None:
    marking = parse_portion(text)
    assert set(marking.release) <= {"USA"} or marking.rel
    assert marking.unparsed or marking.level
    marking.to_json()


@settings(deadline=None, max_examples=200)
@given(us_markings(), st.integers(0, 5))
def test_looser_separators_never_change_the_release(marking, seed: int) -> None:  # type: ignore[no-untyped-def]
    """A single slash after the level is understood as two, and marked as understood."""
    text = format_portion(marking)
    if marking.origin != "us" or "//" not in text:
        return
    loose = parse_portion(text.replace("//", "/ -"[seed % 3], 1))
    if loose.unparsed:
        return
    assert loose.inferred
    assert set(loose.release) <= set(marking.release)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(read_csv("aliases.csv")), st.dates(), st.integers(-2, 2))
def test_a_mark_means_the_same_over_a_whole_period(row: dict[str, str], day: dt.date, near: int) -> None:
    turn = row["until"] or row["since"]
    for on in (day, dt.date.fromisoformat(turn) + dt.timedelta(days=near) if turn else day):
        text = f"S//REL TO USA, {row['alias']}"
        assert by_name(row["alias"], period(on)) == by_name(row["alias"], on)
        assert _parse.__wrapped__(text, on) == parse_portion(text, on)
        assert _parse.__wrapped__(text, on).understood == parse_portion(text, on).understood


#: Names that meant two states, or a part of one, until the day given.
AMBIGUOUS = [
    ("CHINA", "CHN", "1979-01-01"),
    ("CHINESE", "CHN", "1979-01-01"),
    ("GERMANY", "DEU", "1990-10-03"),
    ("GERMAN", "DEU", "1990-10-03"),
    ("VIETNAM", "VNM", "1976-07-02"),
    ("VIET NAM", "VNM", "1976-07-02"),
    ("YEMEN", "YEM", "1990-05-22"),
    ("CZECH", "CZE", "1993-01-01"),
    ("SERBIA", "SRB", "2006-06-05"),
    ("SAMOA", "WSM", "1997-07-04"),
    ("MICRONESIA", "FSM", "1986-11-03"),
    ("GEORGIA", "GEO", "1991-12-25"),
    ("SOUTH SUDAN", "SSD", "2011-07-09"),
]


@pytest.mark.parametrize(("name", "state", "since"), AMBIGUOUS)
def test_an_ambiguous_name_is_nobody_before_its_day(name: str, state: str, since: str) -> None:
    first = dt.date.fromisoformat(since)
    before = first - dt.timedelta(days=1)
    assert parse_portion(f"(S/REL {name})", first).release == tuple(sorted((state, "USA")))
    early = parse_portion(f"(S/REL {name})", before)
    assert early.unparsed
    assert state not in early.release
    for confirmed in (False, True):
        assert decide(early, state, date=before, confirmed_inferred=confirmed).kind == "withhold"
    mixed = parse_portion(f"(S/REL {name} AND JAPAN)", before)
    assert decide(mixed, "JPN", date=before, confirmed_inferred=True).kind == "withhold"


def test_a_name_of_one_state_alone_has_no_day() -> None:
    long_ago = dt.date(1975, 3, 1)
    for name, state in (("PRC", "CHN"), ("PEOPLES REPUBLIC OF CHINA", "CHN"), ("FRG", "DEU"),
                        ("FEDERAL REPUBLIC OF GERMANY", "DEU"), ("ROK", "KOR"), ("GUINEA", "GIN"),
                        ("SUDAN", "SDN"), ("CONGO BRAZZAVILLE", "COG")):  # fmt: skip
        assert by_name(name, long_ago) == state
    for name in ("KOREA", "CONGO", "REPUBLIC OF CHINA"):
        assert by_name(name, long_ago) is None
        assert by_name(name) is None


@settings(deadline=None, max_examples=200)
@given(
    st.one_of(
        faulty_text,
        st.sampled_from([row["alias"] for row in read_csv("aliases.csv")]).map(
            lambda name: f"(S/REL {name})"
        ),
        st.sampled_from(
            ["(S/Rel Chi na)", "(S//REL TO USA, CHI\u00adNA)", "(S/REL C.H.I.N.A)", "(S/REL GERMANY&JAPAN)"]
        ),
    ),
    st.dates(dt.date(1960, 1, 1), dt.date(2026, 12, 31)),
)
def test_what_is_remembered_is_what_is_read(text: str, on: dt.date) -> None:
    found = SCHEME.parse(text, on)
    afresh = _parse.__wrapped__(text, on)
    assert (found, found.understood, found.unparsed) == (afresh, afresh.understood, afresh.unparsed)
