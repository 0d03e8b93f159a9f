"""What one state may have of a telegram does not depend on what it may not read."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from overflight.marking.release import ReleasedProduct
from overflight.telegram import Paragraph, read, write
from overflight.telegram.portions import portions, release_to
from telegram.generate import sentence, telegram

RECEIVED = dt.date(2026, 12, 31)
seeds = st.integers(0, 2**32).map(random.Random)
STATES = ("TJK", "TKM", "GBR", "TUR", "KAZ", "CHN", "AUS")


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(seeds, st.sampled_from(STATES))
def test_changing_what_is_withheld_changes_nothing(r: random.Random, state: str) -> None:
    model = telegram(r)
    reading = read(write(model).encode(), received=RECEIVED)
    product = release_to(reading, state)
    given_out = {p.paragraph for p in (*product.portions, *product.oral)}
    rest = {name for name, _, _ in portions(reading) if str(name).endswith(" and on")}
    names = [name for name, _, _ in portions(reading) if name not in rest]
    changed = []
    for name, paragraph in zip(names, model.paragraphs, strict=True):
        if name in given_out and f"{name} and on" in rest:
            own = next(p.sure for p in reading.telegram.paragraphs if p == paragraph)
            lines = [paragraph.text[:own], sentence(r)]
            changed.append(replace(paragraph, text="\n".join(lines)))
        elif name in given_out:
            changed.append(paragraph)
        else:
            text = sentence(r) + "\nREPORT BY JULY 5. SEE PARA 3."
            mark = r.choice(("S//NF", "TS//NF", "S//XYZZY", None))
            changed.append(replace(paragraph, text=text, marking=mark))
    other = read(write(replace(model, paragraphs=tuple(changed))).encode(), received=RECEIVED)
    if [p.number for p in other.telegram.paragraphs] != [p.number for p in model.paragraphs]:
        return
    if other.form != reading.form:  # the quoted form lays every paragraph out anew
        return
    again = release_to(other, state)
    assert json.dumps(_told(again)) == json.dumps(_told(product))


def _told(product: ReleasedProduct) -> dict[str, Any]:
    """All of it but the number withheld."""
    return {key: value for key, value in product.to_json().items() if key != "withheld"}


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(seeds, st.sampled_from(STATES))
def test_what_goes_out_is_in_the_telegram_under_its_own_number(r: random.Random, state: str) -> None:
    model = telegram(r)
    reading = read(write(model).encode(), received=RECEIVED)
    product = release_to(reading, state)
    all_portions = portions(reading)
    texts = {(name, text) for name, _, text in all_portions}
    for portion in (*product.portions, *product.oral):
        assert (portion.paragraph, portion.text) in texts
        assert portion.source
    assert product.withheld == len(all_portions) - len(product.portions) - len(product.oral)
    whole = [text for _, _, text in all_portions]
    assert "\n".join(whole) == "\n".join(p.text for p in reading.telegram.paragraphs)


def _one(text: str, marking: str | None) -> bool:
    from overflight.telegram import Telegram

    model = Telegram(classification="SECRET", tags=("EAIR",), paragraphs=(Paragraph(1, text, marking),))
    reading = read(write(model).encode(), received=RECEIVED)
    return bool(release_to(reading, "TJK").portions)


def test_a_portion_needs_a_marking_of_its_own() -> None:
    assert _one("ALPHA TEXT.", "U")
    assert not _one("ALPHA TEXT.", None)


def test_another_marking_inside_a_portion_keeps_it() -> None:
    assert not _one("ALPHA (S//NF) TEXT.", "U")
    assert not _one("ALPHA TEXT. (S//NF) BRAVO TEXT.", "S//NF")
