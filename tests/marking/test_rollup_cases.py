"""Worked roll-ups: the 27 of the domain reference and the page examples of the 2016 manual.

Markings here are examples; nothing in this file is classified.
"""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.errors import MarkingError
from overflight.marking import Switches, rollup

WORKED = [
    (1, ["(U)", "(S//NF)"], "SECRET//NOFORN", "1"),
    (2, ["(S//REL TO USA, TJK)", "(S//NF)"], "SECRET//NOFORN", "2"),
    (3, ["(S//REL TO USA, JPN, NZL)", "(S//REL TO USA, NZL)"], "SECRET//REL TO USA, NZL", "21"),
    (4, ["(S//REL TO USA, TJK)", "(S//REL TO USA, TKM)"], "SECRET//NOFORN", "9"),
    (5, ["(S//REL TO USA, TJK)", "(C)"], "SECRET//NOFORN", "16"),
    (6, ["(U)", "(S//REL TO USA, KGZ, TJK)"], "SECRET//REL TO USA, KGZ, TJK", "21"),
    (7, ["(C//REL TO USA, TUR)", "(S//REL TO USA, IRQ, TUR)"], "SECRET//REL TO USA, TUR", "21"),
    (8, ["(S//REL TO USA, FVEY)", "(S//REL TO USA, AUS, CAN)"], "SECRET//REL TO USA, AUS, CAN", "23"),
    (9, ["(S//REL TO USA, AUS)", "(C//RELIDO)"], "SECRET//NOFORN", "10"),
    (10, ["(S//RELIDO)", "(S//RELIDO)", "(U)"], "SECRET//RELIDO", "24"),
    (11, ["(U//FOUO)", "(S//NF)"], "SECRET//NOFORN", "1"),
    (12, ["(U//FOUO)", "(U)"], "UNCLASSIFIED//FOUO", ""),
    (13, ["(S//NF//XD)", "(S//REL TO USA, GBR)"], "SECRET//NOFORN//EXDIS", "2"),
    (14, ["(U//SBU-NF)", "(U//REL TO USA, FVEY)"], "UNCLASSIFIED//NOFORN//SBU", "14-15"),
    (15, ["(S//REL TO USA, TUR)", "(S//DISPLAY ONLY IRQ, TUR)"], "SECRET//DISPLAY ONLY TUR", "26"),
    (16, ["(S//OC/NF)", "(TS//NF)"], "TOP SECRET//ORCON/NOFORN", "1"),
    (17, ["(C)", "(S)"], "SECRET", ""),
    (18, ["(U//SBU-NF)", "(U//FOUO)"], "UNCLASSIFIED//SBU NOFORN", ""),
    (19, ["(S//REL TO USA, NATO)", "(S//REL TO USA, DEU)"], "SECRET//NOFORN", "9"),
    (20, ["(S//NF//ND)", "(S//NF//XD)"], "SECRET//NOFORN//NODIS", "1"),
    (21, ["(U)", "(U//REL TO USA, FVEY)"], "UNCLASSIFIED//REL TO USA, FVEY", "23"),
    (22, ["(U//FISA)", "(S//REL TO USA, GBR)"], "SECRET//NOFORN/FISA", "10"),
    (23, ["(U//FOUO/REL TO USA, JPN)", "(S//REL TO USA, JPN)"], "SECRET//REL TO USA, JPN", "21"),
    (24, ["(U//SBU-NF)", "(U//FOUO)", "(S//REL TO USA, AUS)"], "SECRET//NOFORN", "14-15"),
    (25, ["(U//LES//REL TO USA, FVEY)", "(S//REL TO USA, FVEY)"], "SECRET//REL TO USA, FVEY//LES", "23"),
    (26, ["(U//FOUO)", "(U//FOUO/NF)"], "UNCLASSIFIED//FOUO/NOFORN", "1"),
    (27, ["(U//FOUO)", "(S//REL TO USA, TJK)"], "SECRET//NOFORN", "16"),
]

#: (page of the manual, portions, banner)
MANUAL = [
    (126, ["(TS//REL TO USA, CAN, DEU)", "(TS//FGI DEU//REL TO USA, CAN, DEU)",
           "(//CAN S//REL TO USA, CAN, DEU)"],
     "TOP SECRET//FGI CAN DEU//REL TO USA, CAN, DEU"),
    (127, ["(TS//RELIDO)", "(//CAN DEU S//REL TO USA, CAN, DEU)", "(//AUS S//REL TO USA, AUS)",
           "(//CTS//BOHEMIA//REL TO USA, NATO)"], "TOP SECRET//BOHEMIA//FGI AUS CAN DEU NATO//NOFORN"),
    (128, ["(S//RELIDO)", "(//DEU S//NF)", "(//DEU C//REL TO USA, CAN, DEU)", "(//FGI S//NF)"],
     "SECRET//FGI//NOFORN"),
    (129, ["(S//REL TO USA, AUS)", "(//CAN S//REL TO USA, AUS, CAN, GBR)", "(//DEU TS//NF)"],
     "TOP SECRET//FGI CAN DEU//NOFORN"),
    (130, ["(S//FGI CAN//REL TO USA, CAN, GBR)", "(//GBR S//REL TO USA, CAN, GBR)"],
     "SECRET//FGI CAN GBR//REL TO USA, CAN, GBR"),
    (133, ["(TS//TK//RS/REL TO USA, ACGU)"], "TOP SECRET//TK//RSEN/REL TO USA, ACGU"),
    (138, ["(TS//OC/NF)"], "TOP SECRET//ORCON/NOFORN"),
    (141, ["(TS//OC-USGOV/NF)", "(C//NF)"], "TOP SECRET//ORCON-USGOV/NOFORN"),
    (152, ["(S//REL TO USA, FVEY)", "(C//REL TO USA, ISAF)"], "SECRET//NOFORN"),
    (155, ["(TS//TK//RELIDO)"], "TOP SECRET//TK//RELIDO"),
    (155, ["(S//RELIDO)", "(S//REL TO USA, AUS, CAN/RELIDO)"], "SECRET//RELIDO"),
    (156, ["(S//RELIDO)", "(S//REL TO USA, AUS, CAN)"], "SECRET//NOFORN"),
    (160, ["(U//DSEN)", "(S//NF/DSEN)"], "SECRET//NOFORN/DSEN"),
    (162, ["(TS//NF/FISA)"], "TOP SECRET//NOFORN/FISA"),
    (165, ["(S//DISPLAY ONLY AFG)", "(S//DISPLAY ONLY AFG, IRQ)"], "SECRET//DISPLAY ONLY AFG"),
    (166, ["(S//DISPLAY ONLY AFG)", "(S//DISPLAY ONLY IRQ)"], "SECRET//NOFORN"),
    (166, ["(S//REL TO USA, IRQ)", "(S//DISPLAY ONLY IRQ)"], "SECRET//DISPLAY ONLY IRQ"),
    (167, ["(S//REL TO USA, IRQ/DISPLAY ONLY AFG)", "(S//REL TO USA, IRQ/DISPLAY ONLY AFG)"],
     "SECRET//REL TO USA, IRQ/DISPLAY ONLY AFG"),
    (167, ["(S//REL TO USA, AFG/DISPLAY ONLY IRQ)", "(S//REL TO USA, GBR/DISPLAY ONLY PAK)"],
     "SECRET//NOFORN"),
    (168, ["(S//DISPLAY ONLY IRQ)", "(S//RELIDO)"], "SECRET//NOFORN"),
    (171, ["(U//DS)", "(S//NF)"], "SECRET//NOFORN"),
    (177, ["(U//SBU)", "(U//SBU/SSI)", "(U//FOUO)"], "UNCLASSIFIED//SBU/SSI"),
    (177, ["(U//SBU)", "(S//NF)"], "SECRET//NOFORN"),
    (174, ["(U//NF//ND)", "(U//SBU-NF)", "(U//FOUO)"], "UNCLASSIFIED//NOFORN//NODIS"),  # the rule, no example
    (180, ["(U//SBU-NF)", "(U//FOUO/NF)"], "UNCLASSIFIED//NOFORN//SBU"),
    (182, ["(U//LES)", "(U)"], "UNCLASSIFIED//LES"),
    (183, ["(U//LES)", "(U//FOUO)"], "UNCLASSIFIED//LES"),
    (184, ["(S//NF)", "(U//LES)"], "SECRET//NOFORN//LES"),
    (187, ["(U//LES-NF)", "(U)"], "UNCLASSIFIED//LES NOFORN"),
    (187, ["(U//LES-NF)", "(U//FOUO)"], "UNCLASSIFIED//LES NOFORN"),
    (187, ["(S//REL TO USA, FVEY)", "(U//LES-NF)"], "SECRET//NOFORN//LES"),
    (190, ["(U//NF//SSI)"], "UNCLASSIFIED//NOFORN//SSI"),
    (191, ["(S//REL TO USA, ACGU)", "(U//REL TO USA, ACGU//SSI)"], "SECRET//REL TO USA, ACGU//SSI"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "portions", "banner", "rule"), WORKED)
def test_worked_rollup(number: int, portions: list[str], banner: str, rule: str) -> None:
    rolled = rollup(portions)
    assert rolled.banner == banner
    release = [f for f in rolled.forced if f.part.startswith(("NOFORN", "REL", "DISPLAY"))]
    assert [f.rule for f in release] == ([rule] if rule else [])


@pytest.mark.parametrize(("page", "portions", "banner"), MANUAL)
def test_example_of_the_manual(page: int, portions: list[str], banner: str) -> None:
    assert rollup(portions).banner == banner
    assert rollup(portions[::-1]).banner == banner


def test_u_bare_strict_is_local_policy() -> None:
    strict = Switches(u_bare="strict")
    assert rollup(["(U)", "(S//REL TO USA, KGZ, TJK)"], switches=strict).banner == "SECRET//NOFORN"
    assert rollup(["(U)", "(U)"], switches=strict).banner == "UNCLASSIFIED"


def test_u_caveated_follows_the_banner_by_switch() -> None:
    portions = ["(U//FOUO)", "(S//REL TO USA, TJK)"]
    default = rollup(portions)
    assert "portion 1: add a release marking" in default.warnings[0]
    follow = rollup(portions, switches=Switches(u_caveated="follow_banner"))
    assert follow.banner == "SECRET//REL TO USA, TJK"
    assert follow.warnings == ()


@pytest.mark.parametrize(
    ("portions", "on", "banner"),
    [
        # Rule 17: unmarked beside RELIDO depends on the day and on other controls (table 2).
        (["(S//RELIDO)", "(C)"], dt.date(2010, 6, 28), "SECRET//RELIDO"),
        (["(S//RELIDO)", "(C)"], dt.date(2010, 6, 27), "SECRET//NOFORN"),
        (["(S//RELIDO)", "(C)"], None, "SECRET//NOFORN"),
        (["(S//RELIDO)", "(C//PR)"], dt.date(2020, 1, 1), "SECRET//NOFORN/PROPIN"),
        (["(S//RELIDO)", "(C//SI)"], dt.date(2020, 1, 1), "SECRET//SI//RELIDO"),  # SCI alone is no caveat
        (["(S//REL TO USA, GBR/RELIDO)", "(C)"], dt.date(2020, 1, 1), "SECRET//NOFORN"),  # rule 12
        (["(S//DISPLAY ONLY GBR)", "(C)"], dt.date(2020, 1, 1), "SECRET//NOFORN"),  # rule 19
        (["(S//REL TO USA, GBR)", "(//GBR U)"], dt.date(2020, 1, 1), "SECRET//FGI GBR//NOFORN"),
        (["(S//RELIDO)", "(U//FISA)"], dt.date(2020, 1, 1), "SECRET//RELIDO/FISA"),
    ],
)
def test_unmarked_portions_by_date(portions: list[str], on: dt.date | None, banner: str) -> None:
    assert rollup(portions, on).banner == banner


def test_groups_stay_written_as_groups_where_every_portion_names_them() -> None:
    assert (
        rollup(["(S//REL TO USA, TUR, FVEY)", "(S//REL TO USA, JPN, FVEY)"]).banner
        == "SECRET//REL TO USA, FVEY"
    )
    assert (
        rollup(["(S//REL TO USA, FVEY)", "(S//REL TO USA, ACGU)"]).banner
        == "SECRET//REL TO USA, AUS, CAN, GBR"
    )
    assert rollup(["(S//REL TO USA, NATO)", "(C//REL TO USA, NATO)"]).banner == "SECRET//REL TO USA, NATO"


def test_joint_portions_become_foreign_information_in_a_united_states_banner() -> None:
    rolled = rollup(["(S//REL TO USA, GBR)", "(//JOINT S GBR USA//REL TO USA, GBR)"])
    assert rolled.banner == "SECRET//FGI GBR//REL TO USA, GBR"


def test_inferred_and_unresolved_lists_release_to_nobody() -> None:
    for loose in ("(S//REL CHINA)", "(S//REL)", "(S//REL RECIPIENTS)"):
        rolled = rollup(["(S//REL TO USA, CHN)", loose])
        assert rolled.banner == "SECRET//NOFORN"
        assert "counts as nobody" in rolled.warnings[0]
    confirmed = rollup(["(S//REL TO USA, CHN)", "(S//REL CHINA)"], switches=Switches(confirmed_inferred=True))
    assert confirmed.banner == "SECRET//REL TO USA, CHN"


def test_forced_names_the_portions() -> None:
    rolled = rollup(["(U)", "(C//NF)", "(S//REL TO USA, GBR)", "(S//OC/NF)"])
    parts = {f.part: f.portions for f in rolled.forced}
    assert parts == {"SECRET": (2, 3), "ORCON": (3,), "NOFORN": (1, 3)}


def test_what_cannot_be_understood_is_an_error_without_a_guess() -> None:
    with pytest.raises(MarkingError) as caught:
        rollup(["(U)", "(S//REL TO USA, QQQ)"])
    assert "mark 2" in str(caught.value)
    with pytest.raises(MarkingError):
        rollup([])
