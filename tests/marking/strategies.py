"""Generated markings: the whole grammar of the United States scheme, and faulty text."""

from __future__ import annotations

from hypothesis import strategies as st

from overflight.marking import Marking
from overflight.marking.register import load
from overflight.marking.us_writing import canonical

REGISTER = load()
STATES = ("AUS", "CAN", "GBR", "JPN", "NZL", "TJK", "TKM", "TUR")
CODES = (*STATES, "FVEY", "ACGU", "TEYE", "NATO", "ISAF")

lists = st.sets(st.sampled_from(CODES), min_size=1, max_size=4).map(tuple)
levels = st.sampled_from(["TS", "S", "C", "U"])


@st.composite
def release_marks(draw: st.DrawFn, *, noforn: bool = True) -> dict[str, object]:
    """One consistent choice of release marks."""
    kinds = [
        "none",
        "rel",
        "rel",
        "rel relido",
        "relido",
        "display",
        "rel display",
        *(["nf"] if noforn else []),
    ]
    kind = draw(st.sampled_from(kinds))
    marks: dict[str, object] = {}
    if "rel" in kind.split():
        marks["rel"] = ("USA", *draw(lists))
    if "display" in kind:
        marks["display"] = draw(lists)
    if "rel" in marks and "display" in marks:
        told = tuple(c for c in marks["display"] if c not in marks["rel"])  # type: ignore[operator, union-attr]
        marks["display"] = told
    marks["controls"] = ["RELIDO"] if "relido" in kind else ["NF"] if kind == "nf" else []
    return marks


@st.composite
def us_markings(draw: st.DrawFn) -> Marking:
    """A canonical marking that keeps every rule."""
    level = draw(levels)
    marks = draw(release_marks())
    controls = list(marks.pop("controls"))  # type: ignore[call-overload]
    classified = level != "U"
    if classified:
        more = ["PR", "DSEN", "FISA", "LES", "SSI"]
        if "RELIDO" not in controls:
            more += ["OC"]
        if level in ("TS", "S"):
            more += ["RS", "IMC"]
        controls += draw(st.lists(st.sampled_from(more), max_size=3, unique=True))
        if "NF" in controls:
            controls += draw(st.sampled_from([[], [], ["XD"], ["ND"]]))
        extra: dict[str, object] = {
            "sci": draw(
                st.sampled_from([(), (), ("SI",), ("SI-G ABCD EFGH-XYZ", "TK"), ("HCS-P JJJ-P DDDD",)])
            ),
            "sap": draw(st.sampled_from([(), (), (), ("BP-123", "CA-XYZ YYY"), ("BP",)])),
            "aea": draw(st.sampled_from([(), (), ("RD-CNWDI",), ("FRD-SG 14 18",), ("RD", "FRD", "TFNI")])),
        }
    else:
        extra = {"aea": draw(st.sampled_from([(), (), (), ("DCNI",), ("UCNI",)]))}
        open_list = "NF" not in controls
        single = ["FOUO", "DS", "SBU", "LES", "SSI", "FISA", "DSEN", "PR"]
        if open_list and not marks and "RELIDO" not in controls:
            single += ["SBU-NF", "LES-NF"]
        controls += draw(st.sampled_from([[], *([c] for c in single)]))
        if not open_list:
            controls += draw(st.sampled_from([[], [], ["ND"]])) if controls == ["NF"] else []
    origin = draw(st.sampled_from(["us", "us", "us", "us fgi", "foreign", "nato", "joint"]))
    if origin == "us fgi":
        extra["fgi"] = draw(st.sampled_from([(), ("DEU",), ("DEU", "GBR", "NATO")]))
        extra["fgi_concealed"] = not extra["fgi"]
    elif origin == "foreign":
        extra |= {"origin": "foreign", "sources": draw(st.sampled_from([(), ("DEU",), ("CAN", "GBR")]))}
        level = draw(st.sampled_from([level, *(["R"] if level == "C" else [])]))
    elif origin == "nato":
        extra |= {"origin": "foreign", "sources": ("NATO",)}
        if level == "TS":
            extra["sap"] = draw(st.sampled_from([(), ("BOHEMIA",)]))
    elif origin == "joint" and "rel" in marks and "NF" not in controls:
        owners = draw(st.sets(st.sampled_from(STATES), min_size=1, max_size=2))
        marks["rel"] = (*marks["rel"], *owners)  # type: ignore[misc]
        marks["display"] = tuple(c for c in marks.get("display", ()) if c not in owners)  # type: ignore[attr-defined]
        extra |= {"origin": "joint", "sources": draw(st.sampled_from([(), ("USA", *owners)]))}
    return canonical(
        Marking(level=level, controls=tuple(controls), **marks, **extra),  # type: ignore[arg-type]
        REGISTER,
    )


#: Portions as a desk's documents hold them: most right, some faulty, some no markings at all.
marks_text = st.one_of(
    us_markings().map(lambda m: f"({REGISTER and _portion(m)})"),
    st.sampled_from(
        [
            "(U)",
            "(C)",
            "(S)",
            "(S//NF)",
            "(S/NF)",
            "(S//REL TO USA, TJK)",
            "(S//REL TO USA, TJK, TKM)",
            "(S//REL TO USA, FVEY)",
            "(S//DISPLAY ONLY TJK)",
            "(S//REL TO USA, TKM/DISPLAY ONLY TJK)",
            "(S//RELIDO)",
            "(S//REL)",
            "(U//FOUO)",
            "(U//FISA)",
            "(U//SBU-NF)",
            "(U//REL TO USA, TJK)",
            "(//GBR S//REL TO USA, TJK)",
            "(//GBR S)",
            "(S//NF//ND)",
            "(S/REL TJK)",
            "(S//REL RECIPIENTS)",
        ]
    ),
)
faulty_text = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="SCUTNFREL/, ()-OGBRAJK\u00a0\u2013\u017f\u0130", max_size=60),
    us_markings().map(lambda m: _portion(m).replace("//", "/", 1)),
    us_markings().map(lambda m: _portion(m).lower()),
    st.sampled_from(
        ["", "()", "(", ")", "/", "//", "///", "S//", "S//REL TO", "S//REL TO ,,,", "\x00", "(S//\ud800)"]
    ),
)


def _portion(marking: Marking) -> str:
    from overflight.marking import format_portion

    return format_portion(marking)
