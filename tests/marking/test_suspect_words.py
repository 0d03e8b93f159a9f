"""Words of levels and limits, lost marks, and letters that a copy dressed up keep a text with the desk."""

from __future__ import annotations

import pytest

from overflight.marking.suspect import resembles

HELD = [
    # tables
    "ITEM     TEXT          LEVEL\nB        THE MAN       SECRET",
    "ITEM     TEXT          LEVEL\nB        THE MAN       CONF",
    "B        SECR          THE MAN",
    "TEXT          RELEASE\nTHE MAN       GBR",
    "| B | S | THE MAN |", "B,THE MAN,S", "B - S - THE MAN",
    # a number before a mark of one letter
    "1.2 (C) THE MAN", "A.1 (S) THE MAN", "ITEM 2 (C) THE MAN", "ANNEX (S) THE MAN", "POINT (C) THE MAN",
    "OPEN. 2-1 (R) THE MAN", "OPEN. PARA 2 (C) THE MAN",
    # words
    "OPEN. (GEHEIM) THE MAN", "OPEN. (VS-NfD) THE MAN", "OPEN. (TR\u00c8S SECRET) THE MAN",
    "OPEN. \u0421\u0415\u041a\u0420\u0415\u0422\u041d\u041e THE MAN", "OPEN. (OFFICIAL-SENSITIVE) THE MAN",
    "OPEN. (PROTECTED) THE MAN", "OPEN. (CLASSIFIED) THE MAN", "OPEN. (US ONLY) THE MAN",
    "OPEN. (USA, GBR ONLY) THE MAN", "OPEN. GBR ONLY: THE MAN", "OPEN. (NOT FOR CHE) THE MAN",
    "OPEN. NOT FOR RELEASE TO SWITZERLAND: THE MAN", "OPEN. FOR U.S. EYES: THE MAN", "OPEN. (FVEY) THE MAN",
    "OPEN. (NATO) THE MAN", "OPEN. (CONFID) THE MAN", "OPEN. (CONFDTL) THE MAN", "OPEN. CLASS: S",
    "A. OPEN\nB. THE MAN - SECRET", "OPEN. (REMAINDER S) THE MAN", "OPEN. (THE FOLLOWING IS SECRET) THE MAN",
    "OPEN. (GBR) THE MAN", "OPEN. (SEC) THE MAN",
    # what was lost
    "(?) THE MAN", "OPEN. ( ) THE MAN", "-- () THE MAN", "OPEN. (*) THE MAN", "OPEN. (ILLEGIBLE) THE MAN",
    "OPEN AND [GARBLED] THE MAN", "OPEN [...] THE MAN", "OPEN (LINE MISSING) THE MAN",
    # signs
    "OPEN. (S\u0301) THE MAN", "OPEN. (\ua731) THE MAN", "OPEN. \u24c8 THE MAN", "OPEN. \u24d2 THE MAN",
    "OPEN, N\u24c4FORN THE MAN",
    ") 2 (C) THE MAN", "OPEN. \u2039S\u203a THE MAN", 'OPEN. "S" THE MAN', "OPEN. |S| THE MAN",
    "S: THE MAN", "OPEN. S - THE MAN", "OPEN. (X) THE MAN",
    # struck out
    "OPEN. <!-- THE MAN -->", "OPEN. ~~THE MAN~~", "OPEN. <del>THE MAN</del>",
]  # fmt: skip

FREE = [
    "TURKISH RUNWAY 04 (R) AND ITEM 2 (C) OF THE LIST.",
    "THE SECRETARIAT (NATO) AND THE MISSION (OSCE) OF GERMANY (DEU) CAME.",
    "THE STATES ARE GBR, DEU AND FRA - ALL OF THEM.",
    "THREE POINTS: (A) ASK; (B) REPORT; (C) LEAVE.",
    "(1) FIRST\n(2) SECOND\n(3) THIRD",
    "THE NAME (?) IS NOT SURE.",
    "STATE     ROUTE         FLIGHTS\nDEU       NORTH         TWO",
    "GATES A, B, C",
    "HE SAID NO - A SURPRISE TO US.",
    "THE CAF\u00c9 IN Z\u00dcRICH.",
]


@pytest.mark.parametrize("text", HELD)
def test_what_may_be_a_marking_is_kept(text: str) -> None:
    assert resembles(text, "U")


@pytest.mark.parametrize("text", FREE)
def test_ordinary_text_goes(text: str) -> None:
    assert not resembles(text, "U")
