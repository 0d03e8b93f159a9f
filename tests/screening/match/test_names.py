"""Names taken apart, words compared, names compared."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.screening import facts, folds
from overflight.screening.names import MOST_TOKENS, name_form
from overflight.screening.scoring import Weighed, Weights, compare
from overflight.screening.similarity import LEAST, similarity

WEIGHTS = Weights(())


def score(one: str, other: str, *, person: bool = False, hint: str = "") -> float:
    ours, theirs = (Weighed.of(name_form(text, person), WEIGHTS) for text in (one, other))
    return compare(ours, theirs, hint).score


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Mahan Air", "Mahan Airlines"),
        ("Mahan Air", "MAHAN AIR CO."),
        ("Mahan Air", "AIR, Mahan (Ltd)"),
        ("Air Koryo", "Koryo Air Lines"),
        ("Air Koryo", "AIRKORYO"),
        ("Qeshm Fars Air", "Fars Air Qeshm"),
        ("Qeshm Fars Air", "Gheshm Fars Airlines PJSC"),
        ("Iran Air", "IRANAIR"),
        ("Iran Air", "Iran Airways"),
        ("Syrian Air", "Syrianair"),
        ("Conviasa", "Conviassa"),
        ("Caspian Airlines", "Caspain Airlines"),
        ("Al-Naser Airlines", "Alnaser Airlines"),
        ("Korean Air", "Korean Air Lines"),
        ("Эйр Корё", "Air Koryo"),
        ("ООО Авиакомпания Маган", "Magan Airlines LLC"),
        ("هواپیمایی ماهان", "Mahan Air"),
        ("قشم فارس ایر", "Qeshm Fars Air"),
        ("Air Zagros", "ایر زاگرس"),
        ("Obshchestvo s ogranichennoi otvetstvennostyu Zvezda", "OOO Zvezda"),
        ("Transportes Aereos Ejemplo, S.A. de C.V.", "Transportes Aereos Ejemplo SA"),
        ("东方货运有限公司", "Dongfang Cargo Co., Ltd."),
    ],
)
def test_one_body(one: str, other: str) -> None:
    assert score(one, other) >= 0.85
    assert score(other, one) >= 0.85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Air Korea", "Air Koryo"),
        ("Korean Air", "Air Koryo"),
        ("Iran Air", "Iran Aseman Airlines"),
        ("Iran Air", "Iran Aircraft Industries"),
        ("Iran Air", "Iran Shipping Lines"),
        ("Air Koryo", "Koryo Bank"),
        ("Mahan Air", "Meraj Air"),
        ("Mahan Air", "Saha Air"),
        ("Kish Air", "Kam Air"),
        ("Plant No. 1", "Plant No. 2"),
        ("Military Unit 10", "Military Unit 11"),
        ("Qeshm Air", "Qatar Airways"),
        ("Air Arabia", "Air Astana"),
        ("SP Trading", "SPP"),
    ],
)
def test_two_bodies(one: str, other: str) -> None:
    assert score(one, other) < 0.70
    assert score(other, one) < 0.70


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Air China", "China Airlines"),
        ("Mahan Air", "Mahon Air"),
        ("Bell Aviation", "Ball Aviation"),
        ("Qeshm Air", "Qeshm Fars Air"),
        ("Koryo Air", "Koryo Bank"),
        ("Saha Air", "Sama Air"),
    ],
)
def test_near_names_are_never_strong(one: str, other: str) -> None:
    assert score(one, other) < 0.85
    assert score(other, one) < 0.85


@pytest.mark.parametrize(
    ("one", "other", "hint"),
    [
        ("Muhammed Hossein", "HUSAYN, Mohammad", ""),
        ("Abdulrahman Example", "EXAMPLE, Abd al-Rahman", ""),
        ("Петров Пётр Петрович", "PETROV, Petr Petrovich", ""),
        ("Pyotr Petrov", "PETROV, Petr Petrovich", ""),
        ("김철수", "KIM, Chol Su", "PRK"),
        ("Kim Cholsu", "KIM, Chol Su", "PRK"),
        ("Gim Cheol-su", "KIM, Chol Su", "PRK"),
        ("محمد قاسم", "QASEM, Mohammed", ""),
        ("Hsiang Tung", "XIANG, Dong", "CHN"),
    ],
)
def test_one_person(one: str, other: str, hint: str) -> None:
    assert score(one, other, person=True, hint=hint) >= 0.85


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kim Chol Su", "KIM, Chol Min"),
        ("Mohammad Ali", "ALI, Hassan"),
        ("Petrov Ivan", "IVANOV, Petr"),
        ("J. Example", "EXAMPLE, Robert"),
    ],
)
def test_two_persons(one: str, other: str) -> None:
    assert score(one, other, person=True) < 0.85


def test_an_initial_is_less_than_a_name() -> None:
    assert 0.70 <= score("J. Example", "EXAMPLE, John", person=True) < 0.85
    assert score("John Example", "EXAMPLE, John", person=True) == pytest.approx(1.0)


def test_what_is_left_out_is_kept_apart() -> None:
    form = name_form("The Example Company, Ltd.")
    assert [token.text for token in form.tokens] == ["example"]
    assert form.dropped == ("the", "company", "ltd")
    assert name_form("Company Ltd").tokens
    assert name_form("EXAMPLE AIRLINES (EAL)").dropped == ("eal",)
    assert [token.text for token in name_form("(EAL)").tokens] == ["eal"]
    assert len(name_form(" ".join(f"word{n}x" for n in range(60))).tokens) == MOST_TOKENS
    assert name_form("!!!").tokens == ()


@given(st.text(max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_has_a_form(text: str) -> None:
    for person in (False, True):
        form = name_form(text, person)
        for token in form.tokens:
            assert token.text.isascii()
            assert token.text
            assert token.text == token.text.lower()


WORDS = st.sampled_from(
    (
        *("mahan", "mehan", "air", "airlines", "koryo", "korea", "iran", "iranian", "qeshm", "bank", "3"),
        *("7", "fars", "trading", "blue", "j", "kish", "ii", "zagros"),
    )
)


@given(st.lists(WORDS, min_size=1, max_size=5), st.lists(WORDS, min_size=1, max_size=5), st.booleans())
@settings(max_examples=150, deadline=None)
def test_scores_lie_between_0_and_1_and_do_not_hang_on_who_asks(
    one: list[str], other: list[str], person: bool
) -> None:
    ours, theirs = (Weighed.of(name_form(" ".join(words), person), WEIGHTS) for words in (one, other))
    there, back = compare(ours, theirs), compare(theirs, ours)
    assert 0.0 <= there.score <= 1.0 + 1e-9
    assert there.score == pytest.approx(back.score, abs=1e-9)
    if not there.acronym and there.score > 0:
        total = sum(pair.gain for pair in there.pairings) + sum(by for _, by in there.lowered)
        assert there.score == pytest.approx(total)
    used = [i for pair in there.pairings for i in pair.asked]
    assert len(used) == len(set(used))
    assert compare(ours, ours).score == pytest.approx(1.0)


@given(st.lists(WORDS, min_size=1, max_size=4), st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_word_order_changes_nothing_where_a_word_tells_them_apart(words: list[str], random: object) -> None:
    shuffled = words.copy()
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    name = ["zagros", *words]
    one, other = name_form(" ".join(name)), name_form(" ".join([*shuffled, "zagros"]))
    if one.key == other.key:
        assert score(one.text, other.text) == pytest.approx(1.0)


@given(st.from_regex(r"[a-z]{2,12}", fullmatch=True), st.from_regex(r"[a-z]{2,12}", fullmatch=True))
@settings(max_examples=200, deadline=None)
def test_similarity_is_symmetric_and_keeps_its_limits(one: str, other: str) -> None:
    ours, theirs = (name_form(word, True).tokens for word in (one, other))
    if len(ours) == len(theirs) == 1:
        found = similarity(ours[0], theirs[0])
        assert found == similarity(theirs[0], ours[0])
        assert found == 0.0 or LEAST <= found <= 1.0
        assert (found == 1.0) == (ours[0].text == theirs[0].text)


def test_tables_name_their_sources() -> None:
    known = facts.sources()
    for path in sorted(facts.DATA.glob("*.csv")):
        if path.name == "sources.csv":
            continue
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].endswith(",source")
        for line in lines[1:]:
            assert set(line.rpartition(",")[2].split()) <= known, f"{path.name}: {line}"


def test_folds_come_to_rest() -> None:
    """A fold of a fold of the same kind is itself, so it does not matter how often it is taken."""
    for word in ("gheshm", "havapeymayi", "shchukin", "abdallah", "khuzestan", "choson", "xiang"):
        hard = folds.hard(word)
        assert folds.coarse(folds.coarse(hard)) == folds.coarse(hard)
        assert folds.skeleton(folds.skeleton(hard)) == folds.skeleton(hard)
        assert folds.korean(folds.korean(word)) == folds.korean(word)
