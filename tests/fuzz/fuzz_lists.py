"""Fuzz target for the importers of lists (atheris); not collected by pytest.

Run it with a folder of its own first, where it keeps what it finds worth keeping::

    python tests/fuzz/fuzz_lists.py found tests/fuzz/corpus_lists -max_total_time=1200

The first byte of an input says which list it claims to be, the rest is the file (OFAC's delimited files are
parted by a line ``=====``). It looks for exceptions other than a one-line error, for anything left behind by
an import that failed, for a version that does not come back as it was read, and for an import that is not
the same when it is made again.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, date, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["overflight.screening.lists"]):
    from overflight.errors import InputError
    from overflight.screening.lists import KINDS, Library, changes

NAMES = tuple(kind.kind for kind in KINDS)
PART = b"\n=====\n"
ROOT = Path(tempfile.mkdtemp(prefix="fuzz-lists-"))
NOW = datetime(2026, 12, 31, tzinfo=UTC)
DAY = date(2026, 1, 1)


def one_input(data: bytes) -> None:
    """Import, look at what is kept, import again."""
    if not data:
        return
    kind = NAMES[data[0] % len(NAMES)]
    home, source = ROOT / "home", ROOT / "source"
    shutil.rmtree(home, ignore_errors=True)
    shutil.rmtree(source, ignore_errors=True)
    source.mkdir()
    pieces = data[1:].split(PART)[:5]
    paths = []
    for number, piece in enumerate(pieces):
        path = source / f"{number}"
        path.write_bytes(piece)
        paths.append(path)
    library = Library(home, now=lambda: NOW)
    for given in (None, DAY):
        fault = ""
        try:
            done = library.add(kind, paths, published=given, force=bool(data[0] & 128))
            break
        except InputError as error:
            fault = str(error)
        assert "\n" not in fault
        assert not [one for one in home.rglob("*") if one.is_file()], "something was left behind"
    else:
        return
    fresh = Library(home, now=lambda: NOW)
    (kept,) = fresh.versions()
    assert kept == done.version
    read_back = kept.entities()
    assert read_back == library.entities(done.version)
    assert kept.entries == len(read_back) > 0
    assert len({one.id for one in read_back}) == len(read_back)
    assert all(one.names and one.names[0].kind == "primary" for one in read_back)
    assert not changes(read_back, library.entities(done.version))
    again = fresh.add(kind, paths, published=given, force=bool(data[0] & 128))
    assert not again.new
    seen = fresh.as_of(NOW.date())
    assert len(seen.entities) + len(seen.undated) <= len(read_back)


def main() -> None:
    """Hand the command line to the fuzzer."""
    atheris.Setup(sys.argv, one_input)
    try:
        atheris.Fuzz()
    finally:
        shutil.rmtree(ROOT, ignore_errors=True)


if __name__ == "__main__":
    main()
