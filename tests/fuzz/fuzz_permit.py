"""Fuzz target for flight plans and permit applications (atheris); not collected by pytest.

Run it with::

    python tests/fuzz/fuzz_permit.py tests/fuzz/corpus_permit -max_total_time=600

It looks for exceptions other than an input error, for findings outside the text, for canonical forms that do
not read back, and for rows of a table that one bad row takes with it.
"""

from __future__ import annotations

import sys
from datetime import date

import atheris

with atheris.instrument_imports(include=["overflight.permit"]):
    from overflight.errors import InputError
    from overflight.permit import (
        Application,
        Fault,
        flags,
        fold,
        permits_in,
        read_messages,
        to_flight,
        write_message,
    )

DAY = date(2026, 8, 1)
GOOD = "P-885,IL62,KOR621,ZKPY,OIIE,2026-08-01"


def _messages(text: str) -> None:
    readings = read_messages(text)
    lines = text.count("\n") + 1
    for reading in readings:
        for finding in reading.findings:
            assert 1 <= finding.line <= lines, "a finding stands outside the text"
            assert finding.column >= 1
        if reading.message is None:
            assert reading.findings, "nothing was read and nothing is said"
            continue
        try:
            once = write_message(reading.message)
        except InputError:
            assert reading.findings, "a message that cannot be written has no finding"
            continue
        again = read_messages(once)
        assert len(again) == 1, "the canonical form is not one message"
        assert again[0].message is not None
        assert write_message(again[0].message) == once, "the canonical form does not read back"
    plans, left = fold(readings)
    assert len(plans) + len(left) <= len(readings)


def _applications(text: str) -> int:
    rows = 0
    try:
        for _, one in permits_in(text, on=DAY):
            rows += 1
            if isinstance(one, Fault):
                assert one.what
                continue
            assert isinstance(one, Application)
            assert all(flag.what and flag.grounds for flag in flags(one, on=DAY))
            try:
                flight = to_flight(one, on=DAY)
            except InputError:
                continue
            assert flight.legs
    except InputError:
        assert not rows, "a file was given up after its first row"
    return rows


def one_input(data: bytes) -> None:
    """One input: as messages, as a file of any form, and as a bad row of a good table."""
    text = data.decode("utf-8", "surrogateescape")
    _messages(text)
    _applications(text)
    row = " ".join(text.splitlines()).replace('"', "")
    table = f"registration,type,call sign,from,to,date\n{GOOD}\n{row}\n{GOOD}\n"
    assert _applications(table) >= 2, "a bad row took others with it"


if __name__ == "__main__":
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()
