"""Several telegrams in one file: each is read as if it stood alone, and no more than one is held."""

from __future__ import annotations

import datetime as dt
import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.telegram import Telegram, read, read_all, to_json, write
from telegram.generate import DAMAGES, aftn, damaged, telegram

RECEIVED = dt.date(2026, 12, 31)
SAMPLES = sorted((Path(__file__).parent / "samples").glob("*.txt"))


def _numbered(serial: int, ended: bool = True, head: str = "") -> str:
    end = "BT\nNNNN\n" if ended else ""
    return (
        f"{head}P 01{serial:02d}30Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\n"
        f"UNCLAS STATE {serial:06d}\nTAGS: EAIR\nSUBJECT: EXERCISE: SAMPLE {serial}\n\n1. ALPHA TEXT.\n{end}"
    )


def _serials(text: str | bytes) -> list[int | None]:
    data = text if isinstance(text, bytes) else text.encode()
    return [
        r.telegram.number.serial if r.telegram.number else None for r in read_all(data, received=RECEIVED)
    ]


@pytest.mark.parametrize(
    "between", ["", "\n", "\n\n\n", "#0001\n", "\f\n", "DECLASSIFIED/RELEASED US 2030\n\n"]
)
def test_messages_behind_an_end(between: str) -> None:
    assert _serials(between.join(_numbered(n) for n in range(1, 6))) == [1, 2, 3, 4, 5]


def test_messages_with_nothing_but_a_new_head_between() -> None:
    assert _serials("\n".join(_numbered(n, ended=False) for n in range(1, 4))) == [1, 2, 3]
    assert _serials("\n".join(_numbered(n, ended=False, head="ZCZC ABC123\n") for n in range(1, 4))) == [
        1,
        2,
        3,
    ]


def test_bare_texts_without_heads() -> None:
    bare = "CONFIDENTIAL DUSHANBE 0000{}\nE.O. 13526: N/A\nSUBJECT: EXERCISE: {}\n\n1. (U) ALPHA.\n\n"
    assert _serials("".join(bare.format(n, n) for n in range(1, 4))) == [1, 2, 3]


def test_messages_of_the_aeronautical_network() -> None:
    one = "ZCZC ABC{0:03d} 010455\nFF UTDDZQZX\n010450 ZKPYZPZX\nEXERCISE TEXT {0}\nNNNN\n\n"
    found = list(read_all("".join(one.format(n) for n in range(1, 4)).encode(), received=RECEIVED))
    assert [r.form for r in found] == ["aftn"] * 3
    assert [r.telegram.paragraphs[0].text for r in found] == [f"EXERCISE TEXT {n}" for n in range(1, 4)]


def test_sections_with_heads_of_their_own_stay_together() -> None:
    section = (
        "P 011530Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\n"
        "UNCLAS SECTION 0{0} OF 02 STATE 000001\n{1}\n{0}. ALPHA TEXT.\nBT\nNNNN\n\n"
    )
    text = section.format(1, "SUBJECT: EXERCISE: LONG\n") + section.format(2, "") + _numbered(2)
    found = list(read_all(text.encode(), received=RECEIVED))
    assert [(r.telegram.number.serial, len(r.telegram.paragraphs)) for r in found if r.telegram.number] == [
        (1, 2),
        (2, 1),
    ]


def test_a_quoted_telegram_is_no_message_of_its_own() -> None:
    inner = _numbered(7, ended=False)
    text = (
        _numbered(1, ended=False)
        + "\n2. THE TEXT FOLLOWS.\n\nBEGIN TEXT:\n"
        + inner
        + "END TEXT.\n\nBT\nNNNN\n"
    )
    assert _serials(text) == [1]


def test_the_same_telegram_twice_is_read_twice() -> None:
    assert _serials(_numbered(1) * 2) == [1, 1]


def test_what_is_no_telegram_stays_with_the_one_before() -> None:
    found = list(read_all((_numbered(1) + "\nA NOTE OF THE REGISTRY.\n").encode(), received=RECEIVED))
    assert len(found) == 1
    assert any("holds more" in warning for warning in found[0].warnings)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r\r\n"])
def test_bytes_lines_and_columns_are_those_of_the_file(encoding: str, end: str) -> None:
    second = _numbered(2).replace("1. ALPHA", "¶1. ALPHA")
    text = (_numbered(1) + "\n" + second).replace("\n", end)
    data = text.encode(encoding)
    first, last = read_all(data, received=RECEIVED)
    assert first.source.data + last.source.data == data
    repair = next(r for r in last.repairs if r.kind == "pilcrow kept")
    assert text.split(end)[repair.line - 1].startswith("¶1.")
    assert (
        last.original(repair)
        .decode(
            encoding.removesuffix("-sig").replace("utf-16-le", "utf-16-le")
            if encoding not in ("utf-16", "utf-32")
            else f"{encoding}-le"
        )
        .startswith("¶1.")
    )


def test_nuls_between_the_letters() -> None:
    text = (_numbered(1) + _numbered(2)).replace(" ", " \0")
    assert _serials(text) == [1, 2]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=4), st.booleans())
def test_each_is_read_as_if_it_stood_alone(seeds: list[int], hurt: bool) -> None:
    models: list[Telegram] = []
    parts: list[bytes] = []
    for serial, seed in enumerate(seeds):
        r = Random(seed)
        model = telegram(r)
        if not model.ended or model.part or (model.number is None and not model.classification):
            continue
        if any(m.number == model.number for m in models):
            continue
        models.append(model)
        text = write(model, verify=False).encode()
        parts.append(damaged(r, model, r.sample(list(DAMAGES), 2))[0] if hurt and serial % 2 else text)
    if parts:
        found = list(read_all(b"\n".join(parts), received=RECEIVED))
        assert [r.telegram for r in found] == models


@pytest.mark.parametrize("path", SAMPLES, ids=lambda p: p.stem)
def test_a_sample_is_one_message(path: Path) -> None:
    data = path.read_bytes()
    (only,) = read_all(data, received=RECEIVED)
    assert only.telegram == read(data, received=RECEIVED).telegram


def test_no_more_than_one_is_held() -> None:
    """The reader is an iterator: what was yielded before is gone when the next is asked for."""
    data = "\n".join(_numbered(n % 90 + 1) for n in range(40)).encode()
    found = read_all(data, received=RECEIVED)
    assert isinstance(found, Iterator)
    before: weakref.ref[object] | None = None
    count = 0
    for reading in found:
        count += 1
        assert before is None or before() is not None  # the loop's own name still holds it here
        before = weakref.ref(reading)
        del reading
        gc.collect()
        assert before() is None
        before = None
    assert count == 40


def test_messages_of_the_network_and_telegrams_in_one_file() -> None:
    model = aftn(Random(1))
    assert model.head.sent is not None
    text = write(model, verify=False).rstrip("\n")
    text += "" if text.endswith("NNNN") else "\nNNNN"
    forms = [r.form for r in read_all((text + "\n\n" + _numbered(1)).encode(), received=RECEIVED)]
    assert forms == ["aftn", "state"]


_PLAN = "FF UTDDZQZX\n010450 UTDDZPZX\n(FPL-EXERCISE1-IS\n-A320/M-S/C)\n"


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize("heading", ["ZCZC ABC123 010455\n", ""])
@pytest.mark.parametrize("first", [True, False])
def test_a_message_of_the_network_without_end_beside_a_telegram(
    first: bool, heading: str, ended: bool
) -> None:
    """Found by hand: the one swallowed the other without a word."""
    note = _numbered(1, ended) if first or ended else _numbered(1, ended) + "BT\n"
    parts = [heading + _PLAN, note]
    found = list(read_all("\n".join(parts if first else parts[::-1]).encode(), received=RECEIVED))
    assert [r.form for r in found] == (["aftn", "state"] if first else ["state", "aftn"])
    state, network = sorted(found, key=lambda r: r.form, reverse=True)
    assert [p.text for p in state.telegram.paragraphs] == ["ALPHA TEXT."]
    assert [p.text for p in network.telegram.paragraphs] == ["(FPL-EXERCISE1-IS\n-A320/M-S/C)"]


def test_two_messages_of_the_network_without_end() -> None:
    found = [r.telegram for r in read_all((_PLAN + "\n" + _PLAN).encode(), received=RECEIVED)]
    assert len(found) == 2
    assert found[0] == found[1]


@pytest.mark.parametrize("around", ["BEGIN TEXT\n\n%s\nEND TEXT", "%s"])
@pytest.mark.parametrize("heading", ["ZCZC ABC123 010455\n", ""])
def test_a_telegram_may_quote_a_message_of_the_network(heading: str, around: str) -> None:
    """Found by hand: what was quoted was read, and the telegram lost."""
    quoted = around % (heading + _PLAN)
    text = _numbered(1).replace("1. ALPHA TEXT.", f"1. ALPHA TEXT.\n\n{quoted}\n\n2. BRAVO TEXT.")
    (only,) = read_all(text.encode(), received=RECEIVED)
    assert only.form == "state"
    assert [p.number for p in only.telegram.paragraphs] == [1, 2]
    assert "(FPL-EXERCISE1-IS" in only.telegram.paragraphs[0].text
    assert only.telegram == read(text.encode(), received=RECEIVED).telegram


def test_the_first_of_two_is_read_and_the_other_told() -> None:
    reading = read((_PLAN + "\n" + _numbered(1)).encode(), received=RECEIVED)
    assert reading.form == "aftn"
    assert [p.text for p in reading.telegram.paragraphs] == ["(FPL-EXERCISE1-IS\n-A320/M-S/C)"]
    assert any(w.startswith("the file holds more from line 6 on") for w in reading.warnings)


@pytest.mark.parametrize("heading", ["ZCZC ABC123 010455\n", ""])
def test_a_letter_in_front_of_a_message_of_the_network_is_no_message(heading: str) -> None:
    text = f"From: desk@example.org\nSubject: EXERCISE: A PLAN\n\n{heading}{_PLAN}"
    (only,) = read_all(text.encode(), received=RECEIVED)
    assert only.form == "aftn"
    assert only.telegram == read(text.encode(), received=RECEIVED).telegram
    found = [r.form for r in read_all((text + "\n" + _numbered(1)).encode(), received=RECEIVED)]
    assert found == ["aftn", "state"]


@pytest.mark.parametrize("heading", ["ZCZC ABC123 010455\n", ""])
def test_a_text_without_head_in_front_of_a_message_of_the_network_is_kept(heading: str) -> None:
    text = f"E.O. 13526: N/A\nTAGS: EAIR\nSUBJECT: EXERCISE: SAMPLE\n\n1. ALPHA TEXT.\n\n{heading}{_PLAN}"
    found = list(read_all(text.encode(), received=RECEIVED))
    assert found[0].form == "state"
    assert "ALPHA TEXT." in found[0].telegram.paragraphs[0].text
    assert "(FPL-EXERCISE1-IS" in found[-1].telegram.paragraphs[0].text


def test_a_copy_in_html_hides_no_head() -> None:
    plain = _numbered(1) + _numbered(2)
    opened = "".join(f"<p>{line}\n" for line in plain.splitlines())
    closed = "".join(f"{line}<br>\n" for line in plain.splitlines())
    assert _serials(opened) == _serials(closed) == [1, 2]


def test_the_state_of_an_addressee_of_the_network_is_that_of_its_location() -> None:
    text = "FF UTDDZQZX OIIXZQZX XQXQZQZX\n010400 ZKPYZTZX\n(FPL-EXERCISE1-IS)\nNNNN\n"
    found = to_json(read(text.encode(), received=RECEIVED))
    assert [(a["address"], a["state"]) for a in found["to"]] == [
        ("UTDDZQZX", "TJK"),
        ("OIIXZQZX", "IRN"),
        ("XQXQZQZX", None),
    ]
