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
    "POST SHOULD (A) CALL ON THE MINISTRY, (B) LEAVE THE TEXT AND (C) REPORT BY AUGUST 30.",
    "ARTICLE 9 (C) APPLIES, AS DO SECTIONS (C) AND (D) AND SUBPARAGRAPHS (C) THROUGH (E).",
    "RESTRICTED AIRSPACE R-12 IS ACTIVE.",
    "TURKISH AIRLINES (TK) USES RUNWAY 04 (R) UNDER CLAUSE (c) IN SI UNITS (SI).",
    "WHAT IS RELEASABLE TO THE PRESS IS IN THE ANNEX.",
    "(NOTE: THE AIRCRAFT LEFT AT DAWN.)",
    "- A) FIRST\n- B) SECOND\n- C) THIRD",
    "UNDER ARTICLE 1.2 (C) OF THE TREATY; SEE THE TEXT OF POINT (C) ABOVE.",
    "THE AGENCY (IAEA) AND THE STATE (AS A WHOLE) AGREE (NOTE THE DATE).",
    "THE C-130 IS ONE. SUMMARY: THE FLIGHT LEFT. COMMENT: IT IS LATE. UN: ASKED.",
    "CONTACT (NAME) AT (NUMBER). (NAME) WILL ANSWER.",
    "THE MINISTRY ASKED (WHO?) AND WAITED (SEE 3).",
    "(1) FIRST\n(2) SECOND\n(iii) THIRD",
    "A\u00a0FLIGHT \u2013 AND \u201cANOTHER\u201d (\u201cTHE FLIGHT\u201d).",
]


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("shape", ["{} WORDS.", "MORE {} WORDS.", "MORE.\n{} WORDS.", "MORE. {}"])
def test_what_resembles_a_marking_is_kept(mark: str, shape: str) -> None:
    text = shape.format(mark)
    assert resembles(text, "U")
    found = release.product([(1, "U", text), (2, "U", "OPEN.")], "CHE")
    assert [one.text for one in found.portions] == ["OPEN."]
    assert found.withheld == 1


#: What stands at the beginning of a text, or of a line of it.
OPENING = [
    "BEGIN TEXT OF SECRET ANNEX: WORDS", "ANNEX A - CONFIDENTIAL", "CLASSIFICATION: SECRET", "NATO SECRET",
    "- SECRET -", "Confidential", "BEGIN CONFIDENTIAL ANNEX", "--- SECRET ---", "S-E-C-R-E-T WORDS",
    "COSMIC TOP SECRET", "RESTREINT UE/EU RESTRICTED", "UNCLASSIFIED FOUO", "NOT FOR FOREIGN DISSEMINATION",
    "CLASSIFIED ANNEX:", "(S THE SOURCE", "- C) THE SOURCE", "S) THE SOURCE", "( C THE SOURCE",
    "\u00a9 WORDS",
    "(\u00a9) WORDS", "(Secret) X", "(Ts) X", "(sbu) X", "(L O U) X", "(CONF) X", "(ND) X", "(XD) X",
    "(C-) X",
    "(C/) X", "(C,) X", "(C.) X", "(S\u00b9) X", "(S\u00a6NF) X", "(S&frasl;NF) X", "(S%2FNF) X", "(&#67;) X",
    "(GBR S) X", "(UK SECRET) X", "(NATO S) X", "(N/F) X", "NO FORN: X", "N0F0RN X", "\u27e8C\u27e9 X",
    "\u3010S\u3011 X", "2 (c) THE SOURCE", "FOUO X", "- (S/\n/NF) X", "SBU WORDS", "CONFIDENTIAL WORDS",
    "002       S         SOURCE IS THE FOREMAN",
]  # fmt: skip


#: Marks of other schemes, limits in words, marks that nobody can read, levels behind numbers and in cells.
BEYOND = [
    "(TRES SECRET) X", "(TRÈS SECRET) X", "(GEHEIM) X", "(VS-NFD) X", "(SEGRETO) X", "(СЕКРЕТНО) X",
    "(OFFICIAL-SENSITIVE) X", "OFFICIAL-SENSITIVE X", "(PROTECTED) X", "(CLASSIFIED) X", "(INTERNAL) X",
    "(US ONLY) X", "(GBR ONLY) X", "(USA, GBR ONLY) X", "(NOT FOR CHE) X", "(FVEY) X", "(NATO) X",
    "(DO NOT SHARE) X", "NOT FOR RELEASE TO SWITZERLAND: X", "FOR U.S. EYES: X", "(REMAINDER S) X",
    "(THE FOLLOWING IS SECRET) X", "THE REST OF THIS IS CLASSIFIED SECRET. X", "(CONFID) X", "(CONFDTL) X",
    "(SEC) X", "CONF - X", "SEC: X", "SENSITIVE: X", "CLASS: S X", "CLASSIFIED: X", "X - SECRET",
    "(?) X", "( ) X", "() X", "(_) X", "(CLASS.) X", "(ILLEGIBLE) X", "MORE (LINE MISSING) X",
    "MORE [GARBLED] X", "1.2 (C) X", "A.1 (S) X", "2-1 (C) X", "ITEM 2 (C) X", "PARA 2 (C) X", "ANNEX (S) X",
    "POINT (C) X", "TAB 1 (S) X", "(S\u0301) X", "(\ua731) X", "\u24c8 X", "\u24d2 X", "S: X", "S - X",
    "'S' X", "|S| X", "001   SECRET   X", "001   CONF   X", "001 | S | X", "001,S,X", "FLIGHT   RELEASE   X",
]  # fmt: skip


@pytest.mark.parametrize("line", [*OPENING, *BEYOND])
@pytest.mark.parametrize("shape", ["{}", "MORE.\n{}"])
def test_what_may_be_a_marking_at_the_beginning_of_a_line_is_kept(line: str, shape: str) -> None:
    assert resembles(shape.format(line), "U")


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


@pytest.mark.parametrize(
    ("text", "kept"),
    [("X (C\u4e2d) Y", True), ("X (\u4e2d) Y", False), ("() X", True), ("X (\u01c4) Y", False)],
)
def test_signs_of_any_script_in_brackets_are_looked_at(text: str, kept: bool) -> None:
    assert resembles(text, "U") is kept
