"""Fuzz target for messages of the aeronautical network (atheris); not collected by pytest.

Run it with a folder of its own first, where it keeps what it finds worth keeping::

    python tests/fuzz/fuzz_aftn.py found tests/fuzz/corpus_aftn -max_total_time=600

An input without an envelope gets one, so that the text behind it is tried as well. The target looks for
exceptions other than a one-line error, for text that does not settle after one writing, for repairs whose
original bytes cannot be reached, and for releases: the network carries no markings, so nothing may go out.
"""

from __future__ import annotations

import datetime as dt
import sys

import atheris

with atheris.instrument_imports(include=["overflight.telegram"]):
    from overflight.errors import TelegramError
    from overflight.telegram import from_json, read, to_json, write
    from overflight.telegram.aftn import is_aftn
    from overflight.telegram.portions import release_to

RECEIVED = dt.date(2026, 12, 31)
ENVELOPE = b"ZCZC ABC123 010455\nFF UTDDZQZX\n010450 UTDDZPZX\n"


def one_input(data: bytes) -> None:
    """Read, look at everything, write, read again."""
    if not is_aftn(data[:6_000].decode("latin-1")):
        data = ENVELOPE + data
    for received in (RECEIVED, None):
        try:
            reading = read(data, received=received)
        except TelegramError:
            return
        found = to_json(reading)
        for repair in reading.repairs:
            reading.original(repair)
        from_json(found)
        if reading.form != "aftn":
            continue
        text = write(reading.telegram)
        # Month and year of a message are those of its receipt, which the text does not carry.
        sent = reading.telegram.head.sent
        day = sent.date() if sent else received
        again = read(text.encode("utf-8", "surrogatepass"), received=day)
        assert again.telegram == reading.telegram, "the text does not settle"
        assert write(again.telegram) == text
        assert not release_to(reading, "TJK").portions, "released without a marking"


def main() -> None:
    """Hand the command line to the fuzzer."""
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
