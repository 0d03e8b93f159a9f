"""Files that are no telegrams, or hardly.

One line, or a result with warnings, in linear time, never a crash.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import time

import pytest

from overflight.errors import TelegramError
from overflight.telegram import read, to_json

RECEIVED = dt.date(2026, 11, 22)
PLAIN = (
    "O 011530Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nUNCLAS STATE 000123\nE.O. 13526: N/A\n"
    "TAGS: EAIR, TJ\n"
    "SUBJECT: EXERCISE: SAMPLE\n\n1. ALPHA TEXT.\n\n2. BRAVO TEXT.\n\nEXAMPLE\nBT\nNNNN\n"
)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n \n",
        b"\0\0\0\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"Dear all, lunch is at noon.",
        b"{}",
        b"\x00\x01\x02" * 50,
        b"%PDF-1.7 " + bytes(range(256)),
        "Grüße".encode("utf-16"),
        b"FM ",
        b"SUBJECT: x",
    ],
)
def test_no_telegram_is_one_line(data: bytes) -> None:
    with pytest.raises(TelegramError) as error:
        read(data, received=RECEIVED, name="file.txt")
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("file.txt: ")


def test_every_truncation_is_read_or_refused() -> None:
    for cut in range(0, len(PLAIN) + 1, 3):
        for data in (PLAIN[:cut].encode(), PLAIN[:cut].encode("utf-16")[:-1]):
            try:
                reading = read(data, received=RECEIVED)
            except TelegramError:
                continue
            to_json(reading)
            if cut < PLAIN.index("NNNN") - 3:
                assert not reading.complete or not reading.warnings


def test_random_bytes_never_crash() -> None:
    r = random.Random(1)
    for _ in range(300):
        data = bytearray(PLAIN.encode())
        for _ in range(r.randint(1, 30)):
            data[r.randrange(len(data))] = r.randrange(256)
        with contextlib.suppress(TelegramError):
            to_json(read(bytes(data), received=RECEIVED))


HOSTILE = {
    "ones": "1. " * 400_000,
    "numbers": "\n".join(f"{n}." for n in range(200_000)),
    "elevens": "11.\n" * 200_000,
    "brackets": "(S" * 500_000,
    "open marks": "1. (S//REL TO " * 80_000,
    "dollars": "$\\P" * 300_000,
    "anchors": "[1](#" * 250_000,
    "ampersands": "&para" * 250_000,
    "stars": "*" * 1_000_000,
    "dashes": "-\n" * 300_000,
    "spaces": " " * 1_200_000,
    "letters": "A" * 1_200_000,
    "capitals": "AA " * 400_000,
    "tags": "\nTAGS: " + "AAAA" * 300_000 + "!",
    "references": "\nREF: " + "A. STATE 1 " * 100_000,
    "subject": "\nSUBJECT: " + "X" * 1_000_000,
    "errors": "E " * 500_000,
    "pages": "PAGE 02 STATE 000001 011530Z\n" * 40_000,
    "sections": "UNCLAS SECTION 01 OF 02 STATE 000123\n" * 20_000,
    "begin": "BEGIN TEXT " * 80_000,
    "deadlines": "REPORT BY JULY 25 " * 60_000,
    "contacts": "POC IS A B C " * 80_000,
    "dates": "011530Z AUG 26\n" * 60_000,
    "addresses": "\nAMEMBASSY X" * 80_000,
    "quotes": "’" * 400_000,
    "nuls": "\0" * 1_000_000,
    "returns": "\r" * 600_000,
    "tex": "$\\underline{" * 90_000,
    "html": "<a " * 400_000,
    "hyphens": "AB-\nCD " * 150_000,
    "slugs": "SLUG " * 200_000,
    "one line with marks": "X. (S) Y " * 120_000,
    "1 1 1": "1 " * 500_000,
    "words taken back": "X E E E E E E E E X " * 60_000,
    "pages in a line": "1. X " + "Y PAGE 02 STATE 000001 011530Z " * 40_000,
    "labels in a line": "\nTAGS: EAIR" + " TAGS: EAIR" * 80_000,
    "blocks without an end": "\n\n".join(f"{n}. BEGIN TEXT X." for n in range(50_000)),
    "stamps": "\n".join(f"DECLASSIFIED BY X{n}" for n in range(60_000)),
    "quoted": "\n=QUOTED\n" + "=A 1\n" * 200_000,
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("place", ["head", "text"])
def test_time_grows_with_the_length_alone(name: str, place: str) -> None:
    """Processor time of a long hostile text against that of a quarter of it.

    A square law would give sixteen.
    """

    def cost(part: str) -> float:
        data = (
            PLAIN.replace("FM SEC", part + "\nFM SEC", 1)
            if place == "head"
            else PLAIN.replace("ALPHA TEXT.", part)
        ).encode()
        begin = time.process_time()
        with contextlib.suppress(TelegramError):
            read(data, received=RECEIVED)
        return time.process_time() - begin

    whole = HOSTILE[name]
    size = len(whole) // 16  # a part is enough to tell, and quick
    small = min(cost(whole[: size // 4]) for _ in range(2))
    large = cost(whole[:size])
    assert large < 9 * small + 0.5


def test_repairs_of_a_heap_of_debris_are_counted_not_kept() -> None:
    data = PLAIN.replace("ALPHA", "’ " * 150_000).encode()
    reading = read(data, received=RECEIVED)
    assert len(reading.repairs) <= 100_000
    assert any("more repairs are not listed" in w for w in reading.warnings)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "utf-32"]
)
def test_the_original_bytes_stay_reachable(encoding: str) -> None:
    text = PLAIN.replace("1. ALPHA", "11. ALPHÄ “X”").replace("2. BRAVO", "12. BRAVO")
    data = text.encode(encoding)
    reading = read(data, received=RECEIVED)
    assert [p.number for p in reading.telegram.paragraphs] == [1, 2]
    kinds = {repair.kind: repair for repair in reading.repairs}
    assert reading.original(kinds["characters"]).decode(_plain(encoding)) in "“”"
    pilcrow = next(r for r in reading.repairs if r.kind == "pilcrow")
    assert reading.source.bytes_at(pilcrow.line, pilcrow.column, 3) == "11.".encode(_plain(encoding))
    first = reading.telegram.paragraphs[0]
    assert first.lines is not None
    assert "ALPHÄ".encode(_plain(encoding)) in reading.source.bytes_of(*first.lines)


def _plain(encoding: str) -> str:
    return {"utf-16": "utf-16-le", "utf-32": "utf-32-le", "utf-8-sig": "utf-8"}.get(encoding, encoding)
