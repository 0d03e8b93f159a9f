"""Hand-made telegrams over all forms and damages, each an exercise, with what must come out, checked by hand.

The expectation is a part of ``read --json``: a mapping must hold the keys given, a list must have the
length given.
``repairs_include`` and ``warnings_include`` name entries that must be among others, ``repairs_count`` how
many there
are, ``absent`` words that no output may carry, ``release``, ``oral`` and ``confirmed`` the paragraphs that
states get.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from overflight.telegram import from_json, read, to_json, write
from overflight.telegram.portions import release_to

SAMPLES = Path(__file__).parent / "samples"
NAMES = sorted(path.stem for path in SAMPLES.glob("*.txt"))
SPECIAL = {
    "repairs_include",
    "repairs_count",
    "warnings_include",
    "absent",
    "release",
    "oral",
    "confirmed",
    "received",
}


def differences(expected: Any, found: Any, where: str = "") -> list[str]:
    if isinstance(expected, dict) and isinstance(found, dict):
        return [
            d
            for key, value in expected.items()
            for d in differences(value, found.get(key, "(absent)"), f"{where}.{key}")
        ]
    if isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            return [f"{where}: {len(expected)} expected, {len(found)} found: {found}"]
        return [d for n, value in enumerate(expected) for d in differences(value, found[n], f"{where}[{n}]")]
    return [] if expected == found else [f"{where}: {expected!r} expected, {found!r} found"]


def load(name: str) -> tuple[bytes, dict[str, Any]]:
    return (SAMPLES / f"{name}.txt").read_bytes(), json.loads((SAMPLES / f"{name}.json").read_text("utf-8"))


def test_there_are_sixty() -> None:
    assert len(NAMES) >= 60


@pytest.mark.parametrize("name", NAMES)
def test_sample(name: str) -> None:
    data, expected = load(name)
    received = dt.date.fromisoformat(expected.get("received", "2026-11-22"))
    reading = read(data, received=received)
    found = to_json(reading)
    wrong = differences({k: v for k, v in expected.items() if k not in SPECIAL}, found)
    for entry in expected.get("repairs_include", ()):
        if not any(not differences(entry, repair) for repair in found["repairs"]):
            wrong.append(f"no repair {entry} in {found['repairs']}")
    if "repairs_count" in expected and len(found["repairs"]) != expected["repairs_count"]:
        wrong.append(f"{expected['repairs_count']} repairs expected: {found['repairs']}")
    for text in expected.get("warnings_include", ()):
        if not any(text in warning for warning in found["warnings"]):
            wrong.append(f"no warning {text!r} in {found['warnings']}")
    output = json.dumps(found, ensure_ascii=False)
    wrong += [f"{word!r} is carried on" for word in expected.get("absent", ()) if word in output]
    for key, confirmed in (("release", False), ("confirmed", True)):
        for state, numbers in expected.get(key, {}).items():
            given = [p.paragraph for p in release_to(reading, state, confirmed_inferred=confirmed).portions]
            if given != numbers:
                wrong.append(f"{key} to {state}: {numbers} expected, {given} found")
    for state, numbers in expected.get("oral", {}).items():
        told = [p.paragraph for p in release_to(reading, state).oral]
        if told != numbers:
            wrong.append(f"oral to {state}: {numbers} expected, {told} found")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", NAMES)
def test_the_text_written_from_a_sample_is_stable(name: str) -> None:
    data, expected = load(name)
    received = dt.date.fromisoformat(expected.get("received", "2026-11-22"))
    telegram = read(data, received=received).telegram
    text = write(telegram)
    again = read(text.encode(), received=received)
    assert again.telegram == telegram
    assert write(again.telegram) == text
    assert from_json(to_json(again)) == telegram


@pytest.mark.parametrize("name", NAMES)
def test_every_sample_is_an_exercise(name: str) -> None:
    text = load(name)[0].replace(b"\0", b"").upper()
    assert b"EXERCISE" in text
