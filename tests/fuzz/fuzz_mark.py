"""Fuzz target for markings (atheris); not collected by pytest.

Run it with::

    python tests/fuzz/fuzz_mark.py tests/fuzz/corpus_mark -max_total_time=600

It looks for exceptions, for corrected forms that are not valid or release more than was read, for canonical
forms that do not round-trip, for roll-ups that allow a state which a portion does not, and for products
that depend on what the state may not read.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["overflight.marking"]):
    # The schemes are loaded when first asked for; they have to be imported here to be measured.
    import overflight.marking.tlp
    import overflight.marking.us  # noqa: F401
    from overflight.errors import MarkingError
    from overflight.marking import check, format_banner, format_portion, parse_portion, rollup
    from overflight.marking.release import decide, product

STATES = ("GBR", "TJK", "CHN")


def _one(text: str) -> None:
    checked = check(text)
    marking = parse_portion(text)
    assert checked.valid == (not checked.faults)
    assert all(1 <= fault.column <= len(text) + 1 for fault in checked.faults)
    if checked.corrected is not None:
        again = check(checked.corrected)
        assert again.valid, "the corrected form is not valid"
        fixed = parse_portion(checked.corrected)
        assert set(fixed.release) <= {*marking.release, "USA"}, "the corrected form releases more"
        assert set(fixed.display_only) <= set(marking.display_only), "the corrected form tells more"
    if marking.level and not marking.unparsed and not marking.inferred and not marking.rel_same:
        for written in (format_portion(marking), format_banner(marking)):
            assert parse_portion(written) == marking, "the canonical form does not round-trip"


def _many(texts: list[str]) -> None:
    try:
        banner = rollup(texts).marking
    except MarkingError:
        banner = None
    marks = [parse_portion(text) for text in texts]
    for state in STATES:
        kinds = [decide(mark, state).kind for mark in marks]
        if banner is not None and banner.rel and state in banner.release:
            assert all(kind == "release" for kind in kinds), "the banner releases more than its portions"
        rows = list(enumerate(texts))
        made = product([(n, mark, "text") for n, mark in rows], state)
        kept = [(n, mark, "text") for (n, mark), kind in zip(rows, kinds, strict=True) if kind != "withhold"]
        alone = product(kept, state)
        assert (made.portions, made.oral, made.banner) == (alone.portions, alone.oral, alone.banner)
        assert made.withheld == kinds.count("withhold")


def one_input(data: bytes) -> None:
    """One input: lines are portions."""
    text = data.decode("utf-8", "surrogateescape")
    for line in text.split("\n")[:8]:
        _one(line)
    if "\n" in text:
        _many(text.split("\n")[:8])
    check(text, "tlp")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
