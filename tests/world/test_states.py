"""States by code and name."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import UnknownCodeError
from overflight.world.states import alpha3_codes, details, from_alpha2, name, parse_states, state


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("PRK", "PRK"),
        ("kp", "PRK"),
        ("North Korea", "PRK"),
        ("  dprk ", "PRK"),
        ("Democratic People's Republic of Korea", "PRK"),
        ("Korea, Republic of", "KOR"),
        ("Burma", "MMR"),
        ("Turkey", "TUR"),
        ("TÜRKİYE", "TUR"),
        ("Türkiye", "TUR"),
        ("Ivory Coast", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("Côte d’Ivoire", "CIV"),
        ("kosovo", "XKX"),
        ("the Netherlands", "NLD"),
        ("UK", "GBR"),
        ("U.S.A.", "USA"),
        ("Zaire", "COD"),
        ("Congo", "COG"),
        ("Trinidad & Tobago", "TTO"),
        ("St. Lucia", "LCA"),
        ("Timor-Leste", "TLS"),
    ],
)
def test_spellings_that_people_use(text: str, code: str) -> None:
    assert state(text) == code


def test_the_table_is_iso_3166_with_kosovo_and_two_parties_to_disputes() -> None:
    pycountry = pytest.importorskip("pycountry")
    official = {country.alpha_3: country.alpha_2 for country in pycountry.countries}
    ours = {"XKX": "XK", "XPM": "", "XSL": ""}
    assert {code: details(code).alpha2 for code in alpha3_codes()} == official | ours


def test_every_row_answers_to_all_its_spellings() -> None:
    for code in alpha3_codes():
        row = details(code)
        assert not row.alpha2 or from_alpha2(row.alpha2) == code
        assert name(code) == row.name
        for spelling in filter(None, (row.alpha3, row.alpha2, row.name, row.iso_name, *row.aliases)):
            assert state(spelling) == code, spelling


@settings(deadline=None, max_examples=60)
@given(st.sampled_from(alpha3_codes()), st.data())
def test_case_and_blanks_do_not_matter(code: str, data: st.DataObject) -> None:
    text = data.draw(st.sampled_from([code, details(code).alpha2 or code, name(code)]))
    flipped = "".join(data.draw(st.sampled_from([c, c.lower()])) for c in text)
    assert state(f"  {flipped}\t") == code


@pytest.mark.parametrize(("text", "near"), [("Nroth Korea", "PRK"), ("Kazakstn", "KAZ"), ("Mongola", "MNG")])
def test_an_unknown_name_brings_the_nearest(text: str, near: str) -> None:
    with pytest.raises(UnknownCodeError, match=near):
        state(text)


@pytest.mark.parametrize("text", ["", "   ", "XQZ", "...", "日本", "1"])
def test_nonsense_is_one_line_with_a_mend(text: str) -> None:
    with pytest.raises(UnknownCodeError) as caught:
        state(text)
    assert caught.value.mend
    assert "\n" not in str(caught.value)


def test_codes_are_not_accepted_where_only_a_kind_of_code_fits() -> None:
    for wrong in ("prk", "KP", "North Korea", ""):
        with pytest.raises(UnknownCodeError):
            name(wrong)
    with pytest.raises(UnknownCodeError):
        from_alpha2("PRK")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("CHN,rus, North Korea", ("CHN", "RUS", "PRK")),
        ("", ()),
        (" , ;", ()),
        ("CHN,CHN,cn", ("CHN",)),
        ("Korea, Republic of, China", ("KOR", "CHN")),
        ("Congo, Democratic Republic of the; Congo", ("COD", "COG")),
        ("Hong Kong, China", ("HKG", "CHN")),
        ("Iran;Iraq\nSyria", ("IRN", "IRQ", "SYR")),
    ],
)
def test_lists_as_people_type_them(text: str, codes: tuple[str, ...]) -> None:
    assert parse_states(text) == codes


def test_a_list_may_come_in_pieces() -> None:
    assert parse_states(["kaz", "Uzbekistan,TKM"]) == ("KAZ", "UZB", "TKM")


def test_a_list_names_the_piece_that_is_wrong() -> None:
    with pytest.raises(UnknownCodeError, match="Atlantis"):
        parse_states("CHN, Atlantis, RUS")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(alpha3_codes()), unique=True, max_size=8))
def test_a_list_of_names_reads_back(codes: list[str]) -> None:
    assert parse_states(";".join(map(name, codes))) == tuple(codes)
    assert parse_states(", ".join(codes)) == tuple(codes)
