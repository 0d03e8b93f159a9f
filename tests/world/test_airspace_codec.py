"""Bytes of a coverage: what goes in comes out, and damage is noticed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import DataError
from overflight.world.airspace_codec import Arcs, decode, encode

LON = st.integers(-18_000_000, 17_999_999)
LAT = st.integers(-9_000_000, 9_000_000)


@st.composite
def coverages(draw: st.DrawFn) -> Arcs:
    """Random arcs over random nodes, numbered as the codec wants them."""
    nodes = draw(st.lists(st.tuples(LON, LAT), min_size=1, max_size=6))
    arcs = draw(
        st.lists(
            st.tuples(
                st.integers(0, len(nodes) - 1),
                st.integers(0, len(nodes) - 1),
                st.lists(st.tuples(LON, LAT), max_size=5),
                st.integers(0, 300),
                st.integers(0, 300),
            ),
            min_size=1,
            max_size=6,
        )
    )
    # Every node ends an arc, as in a real coverage.
    arcs += [(k, 0, [], 1, 2) for k in range(len(nodes))]
    vertex, sequence, start = list(nodes), [], [0]
    for first, last, inner, _, _ in arcs:
        numbers = range(len(vertex), len(vertex) + len(inner))
        vertex += inner
        sequence += [first, *numbers, last]
        start.append(len(sequence))
    level = draw(st.lists(st.integers(0, 1), min_size=len(vertex), max_size=len(vertex)))
    return Arcs(
        np.array(vertex, np.int64),
        np.array(level, np.uint8),
        np.array(start, np.int64),
        np.array(sequence, np.int64),
        np.array([a[3] for a in arcs], np.int64),
        np.array([a[4] for a in arcs], np.int64),
    )


@settings(max_examples=60, deadline=None)
@given(coverages(), coverages())
def test_what_goes_in_comes_out(borders: Arcs, land: Arcs) -> None:
    head = {"faces": [{"name": "Å"}]}
    raw = encode(head, {"borders": borders, "land": land})
    assert raw == encode(head, {"land": land, "borders": borders})
    found_head, found = decode(raw, "test")
    assert found_head == head
    for name, arcs in (("borders", borders), ("land", land)):
        for field in ("vertex", "level", "start", "sequence", "left", "right"):
            assert np.array_equal(getattr(found[name], field), getattr(arcs, field)), field


@settings(max_examples=60, deadline=None)
@given(coverages(), st.data())
def test_any_damage_is_one_line(arcs: Arcs, data: st.DataObject) -> None:
    raw = encode({"faces": []}, {"borders": arcs, "land": arcs})
    where = data.draw(st.integers(0, len(raw) - 1))
    broken = bytearray(raw)
    broken[where] ^= data.draw(st.integers(1, 255))
    for damaged in (bytes(broken), raw[:where], raw + b"x"):
        with pytest.raises(DataError) as caught:
            decode(damaged, "airspace.bin")
        assert "\n" not in str(caught.value)
        assert str(caught.value).startswith("airspace.bin: ")
