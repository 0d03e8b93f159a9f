"""Release: the decision order, default denial, and noninterference over generated documents."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import InputError, UnknownCodeError
from overflight.marking import Marking, Settings, check, parse_portion, rollup, scheme_of
from overflight.marking.release import ReleasedProduct, decide, product
from overflight.marking.suspect import resembles

from .strategies import faulty_text, marks_text

BEFORE, AFTER = dt.date(2010, 6, 27), dt.date(2010, 6, 28)

#: (mark, state, day, kind, rule)
DECISIONS = [
    ("(S//REL TO USA, TJK)", "TJK", None, "release", "3"),
    ("(S//REL TO USA, TJK)", "TKM", None, "withhold", "3"),
    ("(S//REL TO USA, FVEY)", "GBR", None, "release", "3"),
    ("(S//REL TO USA, TEYE)", "GBR", None, "withhold", "inferred"),  # members of TEYE are not verified
    ("(S//REL TO USA, NATO)", "DEU", None, "withhold", "3"),  # opaque
    ("(S//DISPLAY ONLY TJK)", "TJK", None, "oral only", "3"),
    ("(S//REL TO USA, TKM/DISPLAY ONLY TJK)", "TJK", None, "oral only", "3"),
    ("(S//REL TO USA, TKM/DISPLAY ONLY TJK)", "TKM", None, "release", "3"),
    ("(S//NF)", "GBR", None, "withhold", "2"),
    ("(S//NF)", "USA", None, "release", "home"),
    ("(S//OC/REL TO USA, GBR)", "GBR", None, "withhold", "1"),
    ("(S//OC/REL TO USA, GBR)", "USA", None, "withhold", "1"),
    ("(S//NF//ND)", "USA", None, "withhold", "1"),
    ("(S//NF//XD)", "GBR", None, "withhold", "1"),
    ("(//GBR S//REL TO USA, TJK)", "TJK", None, "release", "3"),
    ("(//GBR S//REL TO USA, TJK)", "GBR", None, "withhold", "3"),
    ("(//GBR S)", "GBR", AFTER, "withhold", "4"),
    ("(//GBR U)", "GBR", AFTER, "withhold", "4"),
    ("(S//FGI GBR)", "GBR", AFTER, "withhold", "4"),
    ("(S)", "GBR", AFTER, "withhold", "5"),
    ("(S)", "GBR", BEFORE, "withhold", "5"),
    ("(S)", "GBR", None, "withhold", "5"),
    ("(S//RELIDO)", "GBR", None, "withhold", "5"),
    ("(S//REL)", "GBR", None, "withhold", "3"),
    ("(U//FOUO)", "GBR", None, "withhold", "6"),
    ("(U//FISA)", "GBR", None, "withhold", "6"),
    ("(U//FOUO/REL TO USA, GBR)", "GBR", None, "release", "3"),
    ("(U//SBU-NF)", "GBR", None, "withhold", "2"),
    ("(U)", "GBR", None, "release", "7"),
    ("(UNCLAS)", "GBR", None, "withhold", "inferred"),
    ("(U//SI)", "GBR", None, "withhold", "inferred"),
    ("(U//DCNI)", "GBR", None, "withhold", "6"),
    ("(U//REL TO ,)", "GBR", None, "withhold", "inferred"),
    ("(S//REL CHINA)", "CHN", None, "withhold", "inferred"),
    ("(S//REL RECIPIENTS)", "CHN", None, "withhold", "inferred"),
    ("(S//REL TO USA, TJK, QQQ)", "TJK", None, "withhold", "unreadable"),
    ("(S//NF/REL TO USA, GBR)", "GBR", None, "withhold", "2"),
    ("", "GBR", None, "withhold", "unreadable"),
    ("(LOU)", "GBR", None, "withhold", "inferred"),
]


@pytest.mark.parametrize(("mark", "state", "day", "kind", "rule"), DECISIONS)
def test_decision_order(mark: str, state: str, day: dt.date | None, kind: str, rule: str) -> None:
    decision = decide(parse_portion(mark), state, date=day)
    assert (decision.kind, decision.rule) == (kind, rule), decision


def test_the_day_decides_who_must_be_asked() -> None:
    assert "disclosure officer" in decide(parse_portion("(S)"), "GBR", date=AFTER).reason
    assert "NOFORN" in decide(parse_portion("(S)"), "GBR", date=BEFORE).reason
    assert "NOFORN" in decide(parse_portion("(S)"), "GBR", date=None).reason
    assert "NOFORN" in decide(parse_portion("(S//PR)"), "GBR", date=AFTER).reason


@pytest.mark.parametrize(
    ("mark", "state", "kind"),
    [
        ("(S//REL CHINA)", "CHN", "release"),
        ("(S//REL CHINA)", "TJK", "withhold"),
        ("(S/NF)", "CHN", "withhold"),
        ("(S//DISPLAY ONLY CHINA)", "CHN", "oral only"),
        ("(S//REL TO USA, TEYE)", "GBR", "release"),
        ("(S//REL RECIPIENTS)", "CHN", "withhold"),
        ("(S//REL TO USA, TJK, QQQ)", "TJK", "withhold"),
    ],
)
def test_a_person_confirms_what_was_inferred_and_no_more(mark: str, state: str, kind: str) -> None:
    assert decide(parse_portion(mark), state, confirmed_inferred=True).kind == kind


def test_recipients_once_resolved_and_confirmed() -> None:
    marking = parse_portion("(S//REL RECIPIENTS)").with_recipients(["TJK"])
    assert decide(marking, "TJK").kind == "withhold"
    assert decide(marking, "TJK", confirmed_inferred=True).kind == "release"
    assert decide(marking, "TKM", confirmed_inferred=True).kind == "withhold"


@pytest.mark.parametrize(
    "caption", ["NODIS", "EXDIS", "nodis for the ambassador", "ROGER CHANNEL", "STADIS", "NOFORN"]
)
def test_a_caption_of_the_message_holds_back_every_portion(caption: str) -> None:
    assert decide(parse_portion("(S//REL TO USA, TJK)"), "TJK", captions=["SIPDIS", caption]).rule == "1"
    assert decide(parse_portion("(S//REL TO USA, TJK)"), "TJK", captions=["SIPDIS"]).kind == "release"


@pytest.mark.parametrize("caption", ["FOR OFFICIAL USE ONLY", "SBU", "", "OFFICIAL INFORMAL"])
def test_other_captions_leave_release_to_the_portions(caption: str) -> None:
    assert decide(parse_portion("(S//REL TO USA, TJK)"), "TJK", captions=[caption]).kind == "release"


def test_free_material_still_needs_the_approval_of_policy() -> None:
    assert decide(parse_portion("(U)"), "TJK").needs == "policy approval"


@pytest.mark.parametrize("state", ["", "tjk", "TJ", "QQQ", "FVEY", None, 7])
def test_an_unknown_state_is_an_error(state: Any) -> None:
    with pytest.raises(UnknownCodeError):
        decide(parse_portion("(U)"), state)
    with pytest.raises(UnknownCodeError):
        product([(1, "(U)", "text")], state)


DOCUMENT: list[tuple[int | str, Marking | str, str]] = [
    (1, "(U)", "THIS IS AN ACTION REQUEST."),
    (2, "(S//REL TO USA, KAZ, TJK)", "EXERCISE point for two."),
    (3, "(S//REL TO USA, TJK)", "EXERCISE point for one."),
    (4, "(S//DISPLAY ONLY KAZ)", "EXERCISE to be said."),
    (5, "(S//NF)", "EXERCISE for home."),
    ("5bis", "(S//REL KAZAKHSTAN)", "EXERCISE inferred."),
]


def test_product_for_each_addressee() -> None:
    kaz = product(DOCUMENT, "KAZ")
    assert [p.paragraph for p in kaz.portions] == [1, 2]
    assert [p.paragraph for p in kaz.oral] == [4]
    assert kaz.withheld == 3
    assert [p.source for p in kaz.portions] == ["paragraph 1", "paragraph 2"]
    assert [p.paragraph for p in product(DOCUMENT, "TJK").portions] == [1, 2, 3]
    assert [p.paragraph for p in product(DOCUMENT, "TKM").portions] == [1]
    confirmed = product(DOCUMENT, "KAZ", confirmed_inferred=True)
    assert [p.paragraph for p in confirmed.portions] == [1, 2, "5bis"]


def test_the_copy_for_one_state_names_no_other() -> None:
    kaz = product(DOCUMENT, "KAZ")
    assert [p.marking for p in kaz.portions] == ["U", "S//REL TO USA, KAZ"]
    assert kaz.oral[0].marking == "S//DISPLAY ONLY KAZ"
    assert kaz.banner == "SECRET//REL TO USA, KAZ"
    assert kaz.oral_banner == "SECRET//DISPLAY ONLY KAZ"
    assert "TJK" not in json.dumps(kaz.to_json())
    group = product([(1, "(S//REL TO USA, NATO, FVEY)", "EXERCISE")], "GBR")
    assert group.portions[0].marking == "S//REL TO USA, GBR"


def test_json_has_the_agreed_shape() -> None:
    data = product(DOCUMENT, "TKM").to_json()
    assert data["to"] == "TKM"
    assert [(p["paragraph"], p["text"]) for p in data["portions"]] == [(1, "THIS IS AN ACTION REQUEST.")]
    assert data["withheld"] == 5
    assert "oral" not in data
    assert "withheld" not in product(DOCUMENT, "TKM", hide_withheld=True).to_json()


def test_hidden_count_leaves_no_gap_in_the_numbers() -> None:
    hidden = product(DOCUMENT, "TJK", hide_withheld=True)
    assert hidden.withheld is None
    assert [p.paragraph for p in hidden.portions] == [1, 2, 3]
    bare = [row for row in DOCUMENT if row[0] in (1, 2, 3)]
    shifted = [(f"{n}x", mark, text) for n, (_, mark, text) in enumerate(bare)]
    assert product(shifted, "TJK", hide_withheld=True) == hidden


def test_nothing_released_has_no_banner() -> None:
    empty = product([(1, "(S//NF)", "EXERCISE")], "TJK")
    assert (empty.portions, empty.banner, empty.withheld) == ((), "", 1)
    assert product([], "TJK").withheld == 0


class Explosive:
    """A marking or text that fails whatever is done with it, and whose failure tells a secret."""

    def __getattribute__(self, name: str) -> Any:
        if name.startswith("__"):
            return object.__getattribute__(self, name)
        raise RuntimeError("SECRET TEXT")

    def __repr__(self) -> str:
        return "Explosive()"

    def __str__(self) -> str:
        raise RuntimeError("SECRET TEXT")


def test_a_failure_while_deciding_is_a_denial() -> None:
    rows: list[Any] = [(1, "(U)", "open"), (2, Explosive(), "x"), (3, None, "x"), (4, "(S//NF)", Explosive())]
    rows.append((5, Marking(level="S", controls=("NO SUCH",), rel=("USA", "TJK")), "x"))
    rows.append((6, Marking(level="ZZ", rel=("USA", "TJK")), "x"))
    rows.append((7, Marking(scheme="nowhere", level="U"), "x"))
    rows.append((8, Marking(scheme="tlp", level="CLEAR"), "x"))
    made = product(rows, "TJK", scheme="us")
    assert [p.text for p in made.portions] == ["open"]
    assert made.withheld == 7


def test_an_error_tells_nothing_of_a_portion() -> None:
    rows: Any = [("SECRET NUMBER", "(S//REL TO USA, TJK)", None), (2, "(S//NF)", "SECRET TEXT")]
    with pytest.raises(InputError) as caught:
        product(rows, "TJK")
    assert "SECRET" not in str(caught.value)
    assert "TJK" not in str(caught.value)


# -- noninterference

texts = st.text(max_size=30)
anything = st.one_of(marks_text, faulty_text, faulty_text.map(parse_portion), st.just(Explosive()), st.none())
portions = st.tuples(st.one_of(st.integers(1, 99), st.text(max_size=3)), anything, texts)
targets = st.sampled_from(["TJK", "TKM", "GBR", "AUS", "CHN"])
options = st.fixed_dictionaries(
    {
        "date": st.sampled_from([None, BEFORE, AFTER]),
        "confirmed_inferred": st.booleans(),
        "captions": st.sampled_from([(), ("SIPDIS",), ("NODIS",)]),
    }
)


def dumped(made: ReleasedProduct) -> bytes:
    return json.dumps(made.to_json(), ensure_ascii=True).encode()


def readable(row: Any, to: str, how: dict[str, Any]) -> bool:
    """Whether a state may read a portion, asked of that portion alone."""
    return product([row], to, **how).withheld == 0


@settings(deadline=None, max_examples=250)
@given(st.lists(portions, max_size=8), targets, options, st.data())
def test_what_the_state_may_not_read_changes_nothing(rows, to, how, data) -> None:  # type: ignore[no-untyped-def]
    may = [readable(row, to, how) for row in rows]
    other: list[Any] = []
    for row, open_ in zip(rows, may, strict=True):
        if open_:
            other.append(row)
            continue
        # Put any number of other withheld portions, of any text and marking, in its place.
        for _ in range(data.draw(st.integers(0, 2))):
            number, mark, _ = data.draw(portions)
            text = data.draw(st.one_of(texts, st.just(Explosive()), st.none()))
            replacement = (number, mark, text)
            if not readable((number, mark, "probe"), to, how):
                other.append(replacement)
    first, second = product(rows, to, **how), product(other, to, **how)
    a, b = first.to_json(), second.to_json()
    assert a.pop("withheld") == may.count(False)
    assert b.pop("withheld") == len(other) - may.count(True)
    assert json.dumps(a) == json.dumps(b)
    hidden = product(rows, to, hide_withheld=True, **how)
    assert dumped(hidden) == dumped(product(other, to, hide_withheld=True, **how))


@settings(deadline=None, max_examples=150)
@given(st.lists(portions, max_size=8), targets, options)
def test_what_goes_out_is_the_text_of_the_portions_unchanged(rows, to, how) -> None:  # type: ignore[no-untyped-def]
    made = product(rows, to, **how)
    expected = [
        (number, text)
        for number, mark, text in rows
        if isinstance(mark, str | Marking) and not isinstance(mark, Explosive)
        for marking in [parse_portion(mark, how["date"]) if isinstance(mark, str) else mark]
        if decide(marking, to, **how).kind == "release" and not resembles(text, marking.text)
    ]
    assert [(p.paragraph, p.text) for p in made.portions] == expected


@settings(deadline=None, max_examples=100)
@given(st.lists(portions, max_size=6), options)
def test_a_portion_goes_only_to_states_that_its_marking_names(rows, how) -> None:  # type: ignore[no-untyped-def]
    """Oracle: a state gets a portion only if its code or name stands in the mark, or the mark is (U)."""
    for to in ("TJK", "CHN"):
        for part in product(rows, to, **how).portions:
            marks = [
                m if isinstance(m, str) else m.text
                for n, m, t in rows
                if n == part.paragraph and t == part.text
            ]
            names = {"TJK": ("TJK", "TAJIK", "TJ", "TI"), "CHN": ("CHN", "CHINA")}[to]
            assert any(
                m.strip("()[] ") in ("U", "u") or any(n in m.upper() for n in names) for m in marks
            ) or (how["confirmed_inferred"] and any("UNCLAS" in m.upper() or "U" in m.upper() for m in marks))


# -- a sharing scale


@pytest.mark.parametrize(
    ("label", "state", "kind"),
    [
        ("TLP:CLEAR", "TJK", "release"),
        ("TLP:GREEN", "TJK", "withhold"),
        ("TLP:GREEN", "GBR", "release"),
        ("TLP:AMBER", "GBR", "withhold"),
        ("TLP:AMBER", "JPN", "release"),
        ("TLP:AMBER+STRICT", "JPN", "withhold"),
        ("TLP:RED", "GBR", "withhold"),
        ("TLP:WHITE", "GBR", "withhold"),  # version 1.0: a person confirms
        ("TLP:PINK", "GBR", "withhold"),
    ],
)
def test_tlp_goes_to_the_circles_that_the_desk_has_named(label: str, state: str, kind: str) -> None:
    circles = Settings(community=frozenset({"GBR"}), clients=frozenset({"JPN"}))
    assert decide(parse_portion(label, scheme="tlp"), state, settings=circles).kind == kind
    if label != "TLP:CLEAR":
        assert decide(parse_portion(label, scheme="tlp"), state).kind == "withhold"


def test_tlp_product() -> None:
    rows: list[tuple[int | str, Marking | str, str]] = [
        (1, "(TLP:CLEAR)", "open"),
        (2, "(TLP:RED)", "closed"),
    ]
    made = product(rows, "TJK", scheme="tlp")
    assert ([p.text for p in made.portions], made.withheld, made.banner) == (["open"], 1, "TLP:CLEAR")


def test_each_portion_is_judged_by_the_scheme_of_its_own_mark() -> None:
    rows: list[tuple[int | str, Marking | str, str]] = [
        (1, "(TLP:CLEAR)", "anyone"),
        (2, "(U)", "open"),
        (3, "(TLP:GREEN)", "community"),
        (4, "(S//REL TO USA, TJK)", "listed"),
        (5, "(TLP:CLEAR//NF)", "neither scheme's"),
        (6, "(TLPCLEAR)", "no label"),
        (7, "(TLP:WHITE)", "of version 1.0"),
    ]
    made = product(rows, "TJK")
    assert [(p.text, p.marking) for p in made.portions] == [
        ("anyone", "TLP:CLEAR"),
        ("open", "U"),
        ("listed", "S//REL TO USA, TJK"),
    ]
    assert made.banner == "SECRET//REL TO USA, TJK; TLP:CLEAR"
    assert product(rows[:1], "TJK").banner == "TLP:CLEAR"
    assert [p.text for p in product(rows, "TJK", scheme="tlp").portions] == ["anyone"]
    assert "of version 1.0" in [p.text for p in product(rows, "TJK", confirmed_inferred=True).portions]


def test_a_caption_of_the_message_holds_portions_of_every_scheme() -> None:
    rows: list[tuple[int | str, Marking | str, str]] = [(1, "(TLP:CLEAR)", "anyone"), (2, "(U)", "open")]
    assert not product(rows, "TJK", captions=["NODIS"]).portions


@pytest.mark.parametrize(
    ("mark", "text", "goes"),
    [
        ("TLP:CLEAR", "THIS TEXT IS TLP:CLEAR THROUGHOUT.", True),
        ("TLP:CLEAR", "(TLP:CLEAR) AGAIN.", True),
        ("TLP:CLEAR", "A TULIP: RED.", True),
        ("TLP:CLEAR", "OPEN. (TLP:RED) CLOSED.", False),
        ("TLP:CLEAR", "OPEN. [TLP: RED] CLOSED.", False),
        ("TLP:CLEAR", "OPEN. (T L P RED) CLOSED.", False),
        ("TLP:CLEAR", "OPEN. tlp:amber CLOSED.", False),
        ("TLP:CLEAR", "OPEN. \u0422LP:RED CLOSED.", False),
        ("TLP:CLEAR", "OPEN. TLP:CLEAR+STRICT CLOSED.", False),
        ("U", "OPEN. TLP:RED CLOSED.", False),
    ],
)
def test_a_label_inside_a_text_keeps_it(mark: str, text: str, goes: bool) -> None:
    assert bool(product([(1, mark, text)], "TJK").portions) is goes


# -- what goes out is marked by the rules

odd = st.builds(
    lambda level, lists, more: f"({level}{''.join('//' + part for part in (*lists, *more))})",
    st.sampled_from(["TS", "S", "C", "U", "R", "//GBR S", "//JOINT S GBR USA", "S/", "UNCLAS"]),
    st.lists(
        st.sampled_from(
            ["REL TO USA, TJK", "REL TO USA, CHN, TJK", "REL TJK", "REL CHINA", "REL TO USA, FVEY", "NF",
             "REL", "DISPLAY ONLY TJK", "REL TO USA, GBR/DISPLAY ONLY TJK", "RELIDO", "REL TO USA",
             "REL RECIPIENTS"]
        ),
        max_size=2,
    ),
    st.lists(
        st.sampled_from(["SBU", "DS", "FOUO", "LES", "SBU-NF", "LOU", "CUI", "XD", "SI", "FGI GBR", "RD"]),
        max_size=3,
    ),
)  # fmt: skip
labels = st.sampled_from(["TLP:CLEAR", "(TLP:WHITE)", "TLP:GREEN", "tlp:clear", "TLP:AMBER+STRICT"])


@settings(deadline=None, max_examples=400)
@given(
    st.one_of(odd, odd, marks_text, faulty_text, labels),
    st.sampled_from(["TJK", "CHN", "GBR", "USA"]),
    st.booleans(),
    st.sampled_from([None, BEFORE, AFTER]),
)
def test_what_goes_out_carries_a_valid_mark_that_allows_the_state(
    mark: str, to: str, confirmed: bool, day: dt.date | None
) -> None:
    made = product([(1, mark, "open")], to, confirmed_inferred=confirmed, date=day)
    decided = decide(parse_portion(mark, day), to, date=day, confirmed_inferred=confirmed)
    assert decided.kind == ("release" if made.portions else "oral only" if made.oral else "withhold")
    for rows, kind, banner in (
        (made.portions, "release", made.banner),
        (made.oral, "oral only", made.oral_banner),
    ):
        for part in rows:
            scheme = scheme_of(part.marking)
            assert check(part.marking, scheme, day).valid
            assert decide(parse_portion(part.marking, day), to, date=day).kind == kind
            assert rollup([part.marking], day, scheme=scheme).banner == banner
            assert check(banner, scheme, day).valid


@pytest.mark.parametrize(
    ("mark", "state", "out"),
    [
        ("(S//REL TO USA, CHE//SBU)", "CHE", None),  # SBU in a classified portion: NOFORN in its place
        ("(S//REL TO USA, CHE//SBU)", "USA", "S//NF"),
        ("(S//REL TO USA, CHE//SBU-NF)", "CHE", None),
        ("(S//REL TO USA, CHE//DS)", "CHE", "S//REL TO USA, CHE"),
        ("(C//FOUO/REL TO USA, CHE)", "CHE", "C//REL TO USA, CHE"),
        ("(S//DISPLAY ONLY CHE//DS)", "CHE", None),  # told, never given
        ("(U//SBU)", "USA", "U//SBU"),
        ("(U//REL TO USA, CHE//SBU)", "CHE", "U//REL TO USA, CHE//SBU"),
        ("(LOU)", "USA", None),  # the Register has no form for it
    ],
)
def test_a_mark_that_breaks_a_rule_goes_out_corrected_or_not_at_all(
    mark: str, state: str, out: str | None
) -> None:
    assert [p.marking for p in product([(1, mark, "open")], state).portions] == ([out] if out else [])


def test_what_may_be_told_is_marked_by_the_rules_too() -> None:
    made = product([(1, "(S//DISPLAY ONLY CHE//DS)", "told")], "CHE")
    assert [p.marking for p in made.oral] == ["S//DISPLAY ONLY CHE"]
