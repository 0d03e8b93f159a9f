"""A damaged or half file changes nothing, wherever it was cut."""

from __future__ import annotations

import gzip
import os
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from list_samples import SETS, paths

from overflight.errors import DataError, InputError
from overflight.screening.lists import Library

#: Formats that have neither an end mark nor a count: a cut between two lines cannot be seen in the file.
OPEN_ENDED = {"uk-csv", "ofsi-csv", "ftm-json", "simple-csv"}


def _inside(home: Path) -> dict[str, bytes]:
    return {str(p.relative_to(home)): p.read_bytes() for p in sorted(home.rglob("*")) if p.is_file()}


@pytest.mark.parametrize("name", sorted(SETS))
def test_a_file_cut_anywhere_changes_nothing(name: str, tmp_path: Path) -> None:
    kind, files, given_day = SETS[name]
    home, source = tmp_path / "home", tmp_path / "source"
    source.mkdir()
    library = Library(home)
    library.add("un", paths("un"))
    if kind != "un":
        library.add(kind, paths(name), published=given_day)
    before = _inside(home)
    whole = {path.name: path.read_bytes() for path in paths(name)}
    for file in files:
        data = whole[file]
        end = len(data.rstrip(b"\r\n"))  # a lost line end after the closing tag or end mark is no loss
        for cut in [*range(0, end, max(5, end // 250)), end - 1]:
            if name in OPEN_ENDED and data[cut - 1 : cut] == b"\n":
                continue
            for other, content in whole.items():
                (source / other).write_bytes(content)
            (source / file).write_bytes(data[:cut])
            with pytest.raises(InputError) as caught:
                library.add(kind, [source / one for one in files], published=given_day)
            assert file.split(".")[0] in str(caught.value) or "set is not whole" in str(caught.value)
    assert _inside(home) == before


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_file_with_a_changed_piece_is_read_or_refused_whole(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SETS)))
    kind, files, given_day = SETS[name]
    whole = {path.name: path.read_bytes() for path in paths(name)}
    file = data.draw(st.sampled_from(files))
    start = data.draw(st.integers(0, len(whole[file])))
    length = data.draw(st.integers(0, 40))
    piece = data.draw(st.binary(max_size=12))
    whole[file] = whole[file][:start] + piece + whole[file][start + length :]
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        for other, content in whole.items():
            (Path(folder) / other).write_bytes(content)
        library = Library(home)
        fault = ""
        try:
            done = library.add(kind, [Path(folder) / one for one in files], published=given_day)
        except InputError as error:
            fault = str(error)
        if fault:
            assert "\n" not in fault
            assert _inside(home) == {}
        else:
            assert Library(home).versions() == (done.version,)
            assert done.version.entities() == library.entities(done.version)


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_disk_that_fails_leaves_nothing_behind(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = Library(tmp_path)
    library.add("un", paths("un"))
    before = _inside(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, call, full)
    if call == "link":  # a file system without links falls back to the rename, which fails too
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(InputError, match="no space left on device"):
        library.add("eu", paths("eu"))
    monkeypatch.undo()
    assert _inside(tmp_path) == before
    assert library.add("eu", paths("eu")).new


def test_a_file_system_without_links_keeps_versions_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", none)
    library = Library(tmp_path)
    library.add("un", paths("un"))
    library.add("uk", paths("uk-csv"))
    library.add("uk", paths("uk-xml"))
    assert len(Library(tmp_path).versions()) == 3
    assert not list(tmp_path.rglob("*.part"))


def test_a_half_written_import_of_a_crash_is_no_version(tmp_path: Path) -> None:
    library = Library(tmp_path)
    done = library.add("un", paths("un"))
    (done.version.path.parent / ".import-x.part").write_bytes(b"half")
    left = done.version.path.parent / ".import-x.part"
    assert Library(tmp_path).versions() == (done.version,)
    os.utime(left, (0, 0))
    library.add("un", paths("un"))  # the same again: nothing is written
    assert left.exists()
    library.add("un", [un_of_another_day(tmp_path)])
    assert not left.exists()


def un_of_another_day(folder: Path) -> Path:
    path = folder / "another.xml"
    path.write_bytes(paths("un")[0].read_bytes().replace(b"2026-09-16T", b"2026-09-17T"))
    return path


@pytest.mark.parametrize("cut", [0, 1, 40, -1, -9])
def test_a_version_damaged_on_disk_is_found(cut: int, tmp_path: Path) -> None:
    done = Library(tmp_path).add("un", paths("un"))
    data = done.version.path.read_bytes()
    done.version.path.write_bytes(data[:cut])
    with pytest.raises(DataError, match="damaged on disk"):
        Library(tmp_path).versions()[0].entities()


def test_a_version_altered_on_disk_is_found(tmp_path: Path) -> None:
    version = Library(tmp_path).add("un", paths("un")).version
    data = gzip.decompress(version.path.read_bytes())
    for old, new in ((b"AIRLINES", b"AIRLANES"), (b'"kind":"un"', b'"kind":"eu"')):
        version.path.write_bytes(gzip.compress(data.replace(old, new)))
        with pytest.raises(DataError, match="damaged on disk"):
            Library(tmp_path).versions()[0].entities()


def test_a_missing_end_mark_can_be_overruled(tmp_path: Path) -> None:
    for path in paths("ofac-csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes().rstrip(b"\x1a"))
    files = sorted(tmp_path.glob("*.csv"))
    library = Library(tmp_path / "home")
    with pytest.raises(InputError, match="end mark"):
        library.add("ofac-sdn", files, published=date(2026, 1, 1))
    done = library.add("ofac-sdn", files, published=date(2026, 1, 1), force=True)
    assert done.version.forced
