"""The bytes of an event: pinned, round trip, one form for one event, and what cannot be recorded."""

from __future__ import annotations

import enum
import hashlib
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from overflight.errors import InputError, StoreError
from overflight.store import Draft
from overflight.store.canonical import (
    as_time,
    clean_body,
    clean_draft,
    clean_key,
    digest,
    from_record,
    genesis,
    is_canonical,
    record,
    time_text,
)

DAY = datetime(2026, 8, 1, 12, 30, tzinfo=UTC)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
names = texts.map(lambda text: unicodedata.normalize("NFC", text))
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=8,
)
bodies = st.dictionaries(names, values, max_size=5)


def normal(value: Any) -> Any:
    """A value as it should come back; written apart from the code under test."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [normal(one) for one in value]
    if isinstance(value, dict):
        return {normal(name): normal(one) for name, one in value.items()}
    return value


def tagged(value: Any) -> Any:
    """Equal only for the same value of the same type: 1 is not 1.0, 0.0 is not -0.0."""
    if isinstance(value, list):
        return [tagged(one) for one in value]
    if isinstance(value, dict):
        return {name: tagged(one) for name, one in value.items()}
    return (type(value).__name__, repr(value))


def test_the_bytes_are_these() -> None:
    draft = Draft(
        "KOR621",
        "answered",
        {"b": [1, 2.5, None], "a": 'e\u0301 "\\\n\x01\x7f☃'},
        DAY,
        "EXERCISE",
        "26 STATE 1",
    )
    clean, written = clean_draft(draft)
    raw = record(7, "2026-08-02T00:00:00.000001Z", clean, written, None)
    assert raw == (
        b'\x01{"seq":7,"recorded_at":"2026-08-02T00:00:00.000001Z","case":"KOR621","kind":"answered",'
        b'"true_at":"2026-08-01T12:30:00.000000Z","by":"EXERCISE","source":"26 STATE 1","key":null,'
        b'"body":{"a":"\xc3\xa9 \\"\\\\\\n\\u0001\x7f\xe2\x98\x83","b":[1,2.5,null]}}'
    )
    before = hashlib.sha256(b"overflight desk\nNAME").digest()
    assert genesis("NAME") == before
    assert digest(before, raw) == hashlib.sha256(before + raw).digest()
    assert digest(before, raw).hex() == "008005343902bb95430da1d114acff595f6c7c0277330b9d359ae2782e335e80"


@hypothesis_settings(max_examples=100, deadline=None)
@given(bodies)
def test_round_trip(body: dict[str, Any]) -> None:
    clean, written = clean_draft(Draft("C", "k", body, DAY, "o"))
    raw = record(1, time_text(DAY), clean, written, "key")
    event = from_record(raw, b"p" * 32, b"d" * 32)
    assert tagged(event.body) == tagged(normal(body))
    assert clean_body(event.body) == written
    assert is_canonical(raw)


@hypothesis_settings(max_examples=50, deadline=None)
@given(bodies, st.randoms())
def test_one_form_for_one_body(body: dict[str, Any], chance: Any) -> None:
    names = list(body)
    chance.shuffle(names)
    shuffled = {unicodedata.normalize("NFD", name): body[name] for name in names}
    assert clean_body(shuffled) == clean_body(body)


@hypothesis_settings(max_examples=100, deadline=None)
@given(st.datetimes(timezones=st.just(UTC)))
def test_times(moment: datetime) -> None:
    text = time_text(moment)
    assert len(text) == 27
    assert as_time(text) == moment


def test_times_are_in_utc() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert time_text(datetime(2026, 8, 1, 2, 0, tzinfo=east)) == "2026-07-31T20:30:00.000000Z"
    with pytest.raises(InputError, match="no time zone"):
        time_text(datetime(2026, 8, 1))
    with pytest.raises(InputError, match="outside the years"):
        time_text(datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))))
    for bad in ("2026-08-01", "2026-08-01T00:00:00Z", "2026-08-01T00:00:00.000000+00:00"):
        with pytest.raises(ValueError, match="not a time"):
            as_time(bad + ("T00:00:00+00:00" if len(bad) == 10 else ""))


class Word(enum.StrEnum):
    """A word of the field, as models inside the program hold them."""

    YES = "yes"


def test_plain_kin_of_json_are_taken() -> None:
    assert (
        clean_body({"a": Word.YES, "b": (1, 2), "c": enum.IntEnum("N", "X")(1)})
        == '{"a":"yes","b":[1,2],"c":1}'
    )


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"a": float("nan")}, r"body\.a: nan is not a number"),
        ({"a": [1, float("inf")]}, r"body\.a\[1\]: inf is not a number"),
        ({"a": 2**63}, r"body\.a: a whole number beyond 64 bits"),
        ({"a": {"b": {1}}}, r"body\.a\.b: set is not JSON"),
        ({"a": b"x"}, r"body\.a: bytes is not JSON"),
        ({"a": Decimal("1.5")}, r"body\.a: Decimal is not JSON"),
        ({1: "x"}, r"body: the name 1 is not a text"),
        ({"a": "\ud800"}, r"body\.a: half a surrogate pair"),
        ({"\ud800": 1}, r"body: half a surrogate pair"),
        ({"é": 1, "e\u0301": 2}, r"body: two names that are the same in normal form C"),
        ([], r"body: must be an object"),
        ({"a": "x" * (17 << 20)}, r"body: its body is longer than 16 MiB"),
    ],
)
def test_what_is_not_recorded(body: Any, words: str) -> None:
    with pytest.raises(InputError, match=words):
        clean_draft(Draft("C", "k", body, DAY, "o"))


def test_nesting_has_an_end() -> None:
    deep: Any = 1
    for _ in range(5000):
        deep = [deep]
    with pytest.raises(InputError, match="nested deeper"):
        clean_body({"a": deep})


@pytest.mark.parametrize("field", ["case", "kind", "by", "source"])
@pytest.mark.parametrize("text", ["", " x", "x ", "a\nb", "a\x00b", "x" * 2001, "\ud800", None, 5])
def test_names_are_names(field: str, text: Any) -> None:
    if field == "source" and text is None:
        return
    fields = {"case": "C", "kind": "k", "by": "o", "source": "s"} | {field: text}
    with pytest.raises(InputError, match=field):
        clean_draft(Draft(fields["case"], fields["kind"], {}, DAY, fields["by"], fields["source"]))
    if text is not None:
        with pytest.raises(InputError, match="key"):
            clean_key(text)


def test_true_at_is_a_moment() -> None:
    for bad in (None, "2026-08-01", DAY.date(), DAY.replace(tzinfo=None)):
        with pytest.raises(InputError, match="true_at"):
            clean_draft(Draft("C", "k", {}, bad, "o"))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"body":{}', b'"body":{ }'),
        (b'"seq":1', b'"seq":1.0'),
        (b'"seq":1', b'"seq":"1"'),
        (b'"seq":1', b'"seq":true'),
        (b'"body":{}', b'"body":[]'),
        (b'"body":{}', b'"body":{},"more":1'),
        (b'"case":"C"', b'"case":"e\xcc\x81"'),
        (b'"case":"C"', b'"case":"\\u0043"'),
        (b'12:30:00.000000Z', b'12:30:00Z'),
        (b"\x01{", b"\x02{"),
        (b'"body":{}', b'"body":{"a":NaN}'),
    ],
)  # fmt: skip
def test_other_forms_are_not_canonical(old: bytes, new: bytes) -> None:
    clean, body = clean_draft(Draft("C", "k", {}, DAY, "o"))
    raw = record(1, time_text(DAY), clean, body, None)
    assert is_canonical(raw)
    assert old in raw
    assert not is_canonical(raw.replace(old, new))


def test_an_unknown_form_is_said() -> None:
    with pytest.raises(StoreError, match="unknown form"):
        from_record(b"\x02{}", b"", b"")
    with pytest.raises(StoreError, match="cannot be read"):
        from_record(b"\x01{}", b"", b"")
