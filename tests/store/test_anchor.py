"""Anchors: codes a person types, notes, signatures."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from overflight.errors import InputError, StoreError
from overflight.store.anchor import Anchor, code_of, from_code, from_text, read, text_of
from overflight.store.keys import desk_key, public_of, sign, signature_fault

anchors = st.builds(Anchor, st.integers(0, 10**15), st.binary(min_size=32, max_size=32))
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ONE = Anchor(812, bytes(range(32)), desk="5f0c", recorded_at="2026-08-01T00:00:00.000000Z")


@hypothesis_settings(max_examples=100, deadline=None)
@given(anchors)
def test_a_code_stands_for_its_head(one: Anchor) -> None:
    back = from_code(code_of(one))
    assert back.seq == one.seq
    assert back.against("any", one.seq, one.digest) is None
    changed = bytes((one.digest[0] ^ 1,)) + one.digest[1:]
    assert back.against("any", one.seq, changed) is not None


@hypothesis_settings(max_examples=60, deadline=None)
@given(anchors, st.data())
def test_a_mistyped_code_is_refused(one: Anchor, data: st.DataObject) -> None:
    code = code_of(one)
    places = [n for n, letter in enumerate(code) if letter != "-"]
    place = data.draw(st.sampled_from(places))
    digits = "0123456789" if place < code.index("-") else LETTERS
    other = data.draw(st.sampled_from([letter for letter in digits if letter != code[place]]))
    with pytest.raises(InputError, match="mistyped"):
        from_code(code[:place] + other + code[place + 1 :])
    first = data.draw(st.sampled_from(places[places.index(code.index("-") + 1) : -1]))
    second = places[places.index(first) + 1]
    if code[first] != code[second]:
        swapped = list(code)
        swapped[first], swapped[second] = code[second], code[first]
        with pytest.raises(InputError, match="mistyped"):
            from_code("".join(swapped))


def test_typing_is_forgiven() -> None:
    code = code_of(ONE)
    assert code == "812-000G4-0R40M-30E20-9185G-E9"
    loose = code.lower().replace("0", "o").replace("1", "l").replace("-", " ")
    loose = "812 " + loose.split(" ", 1)[1]
    assert from_code(loose).digest == from_code(code).digest
    assert from_code(f"  {code}  ").seq == 812


@pytest.mark.parametrize(
    "text",
    ["", "812", "812-", "812-00041", "x-00041", "812-" + "U" * 22, "812-" + "0" * 23, "-1-" + "0" * 22],
)
def test_what_is_no_code(text: str) -> None:
    with pytest.raises(InputError):
        read(text)


def test_a_note_round_trips() -> None:
    assert replace(from_text(text_of(ONE), "x"), where="anchor") == ONE


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("overflight anchor 1", "overflight anchor 2"),
        ("event 812", "event 813"),
        ("event 812", "event x"),
        ("event 812\n", ""),
        ("digest 0001", "digest 0101"),
        ("digest 00", "digest zz"),
        ("digest 00", "digest "),
        ("code 812", "code 811"),
        ("desk 5f0c", "desk 5f0c\ndesk 5f0c"),
        ("desk 5f0c", "owner 5f0c"),
    ],
)
def test_a_changed_note_is_refused(old: str, new: str) -> None:
    text = text_of(ONE)
    assert old in text
    with pytest.raises(InputError, match=r"anchor|line"):
        from_text(text.replace(old, new), "x")


def test_a_signed_note(tmp_path: Path) -> None:
    key = desk_key(tmp_path)
    assert key is not None
    assert stat.S_IMODE((tmp_path / "keys" / "log.pem").stat().st_mode) == 0o600
    again = desk_key(tmp_path)
    assert again is not None
    assert public_of(again) == public_of(key)
    signed = sign(ONE, key)
    back = from_text(text_of(signed), "x")
    assert signature_fault(back, public_of(key)) is None
    assert signature_fault(back, None) is None
    assert signature_fault(ONE, public_of(key)) is None
    other = desk_key(tmp_path / "other")
    assert other is not None
    assert "another key" in (signature_fault(back, public_of(other)) or "")
    for bad in (replace(back, seq=813), replace(back, digest=bytes(32)), replace(back, desk="x")):
        assert "does not hold" in (signature_fault(bad, public_of(key)) or "")
    (tmp_path / "keys" / "log.pem").write_text("nothing", encoding="utf-8")
    with pytest.raises(StoreError, match="not a readable key"):
        desk_key(tmp_path)


def test_reading_a_file(tmp_path: Path) -> None:
    path = tmp_path / "head.anchor"
    path.write_text(text_of(ONE), encoding="utf-8")
    assert read(str(path)).digest == ONE.digest
    path.write_bytes(b"\xff\xfe" * 40)
    with pytest.raises(InputError, match="not an anchor"):
        read(str(path))
    path.write_text("x" * 5000, encoding="utf-8")
    with pytest.raises(InputError, match="too long"):
        read(str(path))
    with pytest.raises(InputError, match="no such file, and not a code"):
        read(str(tmp_path / "nothing"))
