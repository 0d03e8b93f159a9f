"""What resembles a marking is kept; what a text says every day is not."""

from __future__ import annotations

import pytest

from overflight.marking import release
from overflight.marking.suspect import resembles

#: Marks as copies spell them, and such as no portion of the telegraph form has.
MARKS = [
    "(//NS)", "(//JOINT S GBR USA)", "(FGI S)", "(SECRET)", "(SECRET//NOFORN)", "(CONFIDENTIAL)",
    "(TOP SECRET)", "(S E C R E T)", "(LIMITED OFFICIAL USE)", "(SENSITIVE BUT UNCLASSIFIED)", "(NF)",
    "(NOFORN)", "(//NF)", "(NODIS)", "(EXDIS)", "(SECRET - NOFORN)", "(s//nf)", "(s)", "(c)", "(5//NF)",
    "(8//NF)", "($//NF)", "(C0NFIDENTIAL)", "(T S//NF)", "(SNF)", "(S, NF)", "(S; NF)", "(S.NF)", "(S\\NF)",
    "(SREL KGZ)", "[S//NF]", "{S//NF}", "<S//NF>", "S//NF", "(S//NF", "S//NF)", "&#40;S//NF&#41;",
    "(S&#47;&#47;NF)", "(S$//$NF)", "($S//NF$)", "(S//NF[^1])", "(S\u2044\u2044NF)", "(\u0405//NF)",
    "(S//\u039dF)", "\uff08S//NF\uff09", "(S//NF\u200e)", "(C//REL TO USA, UZB; TJK)",
    "(S//REL TO USA,\n\nUZB)", "(S//REL TO USA, TJK", "S/NF", "S-NF", "(S)", "(TS)",
]  # fmt: skip

PLAIN = [
    "THE FLIGHT(S) CROSS TWO STATES.",
    "THE POINTS: (A) ASK; (B) REPORT.",
    "The duties under (a), (b) and (c) stay.",
    "Article 5 (c) of the Convention and paragraph 8(s) apply.",
    "SEE HTTPS://EXAMPLE.ORG AND https://example.org/s.",
    "SEE S/RES/1718 (2006) AND S/2006/815.",
    "A C-130 (C-130) AND AN S-300 (S-300) WERE SEEN.",
    "THE SECRETARIAT (NATO) WAS TOLD, AND/OR THE UN (UN).",
    "C/O THE EMBASSY; ON A 24/7 BASIS; N/A; W/O DELAY.",
    "The secret agreement was made in confidence (see below).",
    "TWO CRATES (5) AND EIGHT (8 IN ALL) WERE LOADED.",
    "AIRCRAFT P-885 (IL-62), OPERATOR KOR (AIR KORYO).",
    "THE MINISTER (DEFENCE) AND THE ADVISER (R&D) CAME.",
    "Route R/W 09, height FL330/350; TAGS: EAIR, KNNP.",
]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("shape", ["{} WORDS.", "MORE {} WORDS.", "MORE.\n{} WORDS.", "MORE. {}"])
def test_what_resembles_a_marking_is_kept(mark: str, shape: str) -> None:
    text = shape.format(mark)
    assert resembles(text, "U")
    found = release.product([(1, "U", text), (2, "U", "OPEN.")], "CHE")
    assert [one.text for one in found.portions] == ["OPEN."]
    assert found.withheld == 1


@pytest.mark.parametrize("text", PLAIN)
def test_ordinary_words_are_none(text: str) -> None:
    assert not resembles(text, "U")


@pytest.mark.parametrize(
    "text", ["TOP SECRET\nANNEX.", "MORE.\nSECRET", "OPEN.\n¶2 MORE.", "S E C R E T\nMORE"]
)
def test_a_level_that_opens_a_line_is_one(text: str) -> None:
    assert resembles(text, "U")


def test_its_own_mark_again_is_no_other() -> None:
    text = "WORDS. ( S//REL TO USA, IND ) MORE."
    assert not resembles(text, "S//REL TO USA, IND")
    assert resembles(text, "S//REL TO USA, PAK")
    assert resembles(text)
