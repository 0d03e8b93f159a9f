"""The laws.

Reading what was written gives the model; damage is undone; any text settles after one writing.
"""

from __future__ import annotations

import datetime as dt
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overflight.errors import TelegramError
from overflight.telegram import from_json, read, to_json, write
from telegram.generate import DAMAGES, ENCODINGS, aftn, damaged, telegram

RECEIVED = dt.date(2026, 12, 31)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32).map(random.Random)


@QUICK
@given(seeds)
def test_reading_what_was_written_gives_the_model(r: random.Random) -> None:
    model = telegram(r)
    text = write(model, verify=False)
    reading = read(text.encode(), received=RECEIVED)
    assert reading.telegram == model
    assert "=QUOTED" not in write(model)


@QUICK
@given(seeds)
def test_json_carries_the_whole_model(r: random.Random) -> None:
    model = telegram(r)
    reading = read(write(model, verify=False).encode(), received=RECEIVED)
    assert from_json(json.loads(json.dumps(to_json(reading)))) == model


@QUICK
@given(seeds)
def test_messages_of_the_aeronautical_network(r: random.Random) -> None:
    model = aftn(r)
    assert model.head.sent is not None
    text = write(model)
    assert "=QUOTED" not in text
    assert read(text.encode(), received=model.head.sent.date()).telegram == model


@pytest.mark.parametrize("kind", [*DAMAGES, *ENCODINGS])
def test_each_kind_of_damage_is_undone(kind: str) -> None:
    applied = 0
    for seed in range(400):
        r = random.Random(f"{kind} {seed}")
        model = telegram(r)
        data, done = damaged(r, model, [kind])
        if not done and kind != "utf-8":
            continue
        applied += 1
        reading = read(data, received=RECEIVED)
        assert reading.telegram == model, (kind, seed)
        if applied == 8:
            return
    assert applied, f"{kind} was never applied"


@QUICK
@given(seeds)
def test_several_kinds_of_damage_are_undone(r: random.Random) -> None:
    model = telegram(r)
    kinds = r.sample([*DAMAGES, *ENCODINGS], 3)
    data, done = damaged(r, model, kinds)
    assert read(data, received=RECEIVED).telegram == model, done


#: Damage that is not listed, because nothing was lost: blanks, encodings, forms that are read as they are.
SILENT = {
    "trailing blanks", "indent", "labels in small letters", "blank lines lost", "one line a paragraph",
    "utf-8",
    "utf-8 with mark", "utf-16", "utf-16 without mark", "windows-1252", "crlf", "teleprinter",
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted({*DAMAGES, *ENCODINGS} - SILENT))
def test_no_repair_is_silent(kind: str) -> None:
    seen = 0
    for seed in range(200):
        r = random.Random(seed)
        model = telegram(r)
        clean = read(write(model, verify=False).encode(), received=RECEIVED)
        data, done = damaged(r, model, [kind])
        if not done:
            continue
        seen += 1
        reading = read(data, received=RECEIVED)
        assert len(reading.repairs) > len(clean.repairs), (kind, seed)
        for repair in reading.repairs:
            assert repair.line >= 1
            assert repair.column >= 1
            assert repair.understood
        if seed > 60 and seen > 3:
            return


SNIPPETS = (
    "1. ", "2. ", "(S) ", "(S//NF) ", "\n", "\n\n", "- ", "-- ", "END SUMMARY", "BEGIN TEXT ", "BT\n",
    "NNNN\n", "SECRET\n", "TAGS: ",
    "SUBJECT: ", "REF: ", "A. ", "(A) ", "FM ", "TO ", "INFO ", "E.O. 12958: ", "EXAMPLE\n", "---\n",
    "11. ", "SECTION 01 OF 02 ", "**",
    "Classified By: ", "$\\P3$ ", "[1](#)", "POC IS X, ", "’", "UNCLAS STATE 000123\n",
    "O 011530Z AUG 26\n", '"', "//", "E E E E E E E E ",
    "PAGE 02 STATE 000001 011530Z\n", "XMT ", "GR 5\n", "ZEN/", "2008. ", "MRN: ", "=QUOTED\n",
    '=SIGNED "X"\n', "=END\n", "\0", "\r",
    "\u2028", "\ud7ff", "=", "DECLASSIFIED/RELEASED BY X\n",
)  # fmt: skip


@settings(max_examples=250, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    seeds,
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 30), st.sampled_from(SNIPPETS)), max_size=6),
)
def test_any_text_settles(r: random.Random, edits: list[tuple[int, int, str]]) -> None:
    text = write(telegram(r), verify=False)
    for at, cut, piece in edits:
        at %= len(text) + 1
        text = text[:at] + piece + text[at + cut :]
    try:
        first = read(text.encode(), received=RECEIVED)
    except TelegramError:
        return
    written = write(first.telegram)
    again = read(written.encode(), received=RECEIVED)
    assert again.telegram == first.telegram
    assert write(again.telegram) == written


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400))
def test_noise_behind_a_head_settles(noise: str) -> None:
    text = f"P 011530Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nUNCLAS STATE 000123\n{noise}"
    first = read(text.encode("utf-8", "replace"), received=RECEIVED)
    assert read(write(first.telegram).encode(), received=RECEIVED).telegram == first.telegram
