"""Fuzz target for telegrams and AFTN messages (atheris); not collected by pytest.

Run it with a folder of its own first, where it keeps what it finds worth keeping::

    python tests/fuzz/fuzz_read.py found tests/fuzz/corpus_read -max_total_time=600

It looks for exceptions other than a one-line error, for text that does not settle after one writing, for
repairs whose original bytes cannot be reached, and for releases of portions that carry no marking.
"""

from __future__ import annotations

import datetime as dt
import sys

import atheris

with atheris.instrument_imports(include=["overflight.telegram"]):
    from overflight.errors import TelegramError
    from overflight.telegram import from_json, read, read_all, to_json, write
    from overflight.telegram.portions import release_to

RECEIVED = dt.date(2026, 12, 31)


def one_input(data: bytes) -> None:
    """Read, look at everything, write, read again."""
    try:
        reading = read(data, received=RECEIVED)
    except TelegramError:
        return
    every = list(read_all(data, received=RECEIVED))
    assert b"".join(one.source.data for one in every) == data, "bytes are lost between two messages"
    for one in every:
        to_json(one)
    found = to_json(reading)
    for repair in reading.repairs:
        reading.original(repair)
    text = write(reading.telegram)
    again = read(text.encode("utf-8", "surrogatepass"), received=RECEIVED)
    assert again.telegram == reading.telegram, "the text does not settle"
    assert write(again.telegram) == text
    from_json(found)
    product = release_to(reading, "TJK")
    marked = [p for p in reading.telegram.paragraphs if p.marking is not None]
    assert len(product.portions) + len(product.oral) <= len(marked)


def main() -> None:
    """Hand the command line to the fuzzer."""
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
