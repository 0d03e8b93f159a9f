"""Files and folders as people have them: packed, piped, unreadable, in another order or encoding."""

from __future__ import annotations

import csv
import io
import os
from datetime import date
from pathlib import Path

import pytest
from list_samples import SAMPLES, SETS, paths

from overflight.cli import main
from overflight.errors import InputError
from overflight.screening.lists import Library, read


def one_line(code: int, capsys: pytest.CaptureFixture[str]) -> str:
    out, err = capsys.readouterr()
    assert (code, out, err.count("\n")) == (2, "", 1)
    return err


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def reversed_columns(text: str, headline: bool) -> bytes:
    """The same table with its columns backwards, all quoted, with a byte order mark and CRLF."""
    first, rest = text.split("\n", 1) if headline else ("", text)
    out = io.StringIO()
    rows = csv.reader(io.StringIO(rest, newline=""))
    csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerows(row[::-1] for row in rows)
    head = f"{first.strip()}\r\n" if headline else ""
    return b"\xef\xbb\xbf" + (head + out.getvalue()).encode()


@pytest.mark.parametrize(("name", "headline"), [("uk-csv", True), ("ofsi-csv", True), ("simple-csv", False)])
def test_the_order_of_columns_line_ends_and_a_mark_do_not_matter(
    tmp_path: Path, name: str, headline: bool
) -> None:
    kind, (file,), _ = SETS[name]
    other = tmp_path / file
    other.write_bytes(reversed_columns((SAMPLES / file).read_text("utf-8-sig"), headline))
    assert read(kind, [other]) == read(kind, paths(name))


@pytest.mark.parametrize("name", ["un", "eu", "ofac-xml", "ofac-advanced", "uk-xml", "ofsi-xml"])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_xml_in_another_encoding_says_the_same(tmp_path: Path, name: str, encoding: str) -> None:
    kind, (file,), _ = SETS[name]
    text = (SAMPLES / file).read_text("utf-8-sig").replace("\n", "\r\n")
    for quote in "\"'":
        for word in ("utf-8", "UTF-8"):
            text = text.replace(
                f"encoding={quote}{word}{quote}", f'encoding="{encoding.removesuffix("-sig")}"'
            )
    other = tmp_path / file
    other.write_bytes(text.encode(encoding))
    assert read(kind, [other]) == read(kind, paths(name))


def test_an_entry_with_empty_elements_and_odd_days(tmp_path: Path) -> None:
    path = tmp_path / "un.xml"
    path.write_text(
        """<?xml version="1.0"?><!-- EXERCISE -->
        <CONSOLIDATED_LIST dateGenerated="2026-03-02T23:59:59.999-05:00"><ENTITIES><ENTITY>
        <NAME_ORIGINAL_SCRIPT><![CDATA[예시 항공]]></NAME_ORIGINAL_SCRIPT>
        <ENTITY_ALIAS><QUALITY/><ALIAS_NAME/></ENTITY_ALIAS>
        <ENTITY_ALIAS>
        <ALIAS_NAME>Exercise\n Air &amp; Sons</ALIAS_NAME><QUALITY>f.k.a.</QUALITY></ENTITY_ALIAS>
        <LISTED_ON>2016-03-02-05:00</LISTED_ON>
        <LAST_DAY_UPDATED><VALUE/><VALUE>never</VALUE></LAST_DAY_UPDATED>
        <REFERENCE_NUMBER> KPe.901 </REFERENCE_NUMBER><FIRST_NAME>EXERCISE  AIR</FIRST_NAME></ENTITY>
        </ENTITIES>
        </CONSOLIDATED_LIST>""",
        encoding="utf-8",
    )
    found = read("un", [path])
    (one,) = found.entities
    assert found.published == date(2026, 3, 2)
    assert (one.id, one.caption, one.listed_on, one.amended_on) == (
        *("KPe.901", "EXERCISE AIR", date(2016, 3, 2)),
        None,
    )
    assert [(n.kind, n.text) for n in one.names[1:]] == [
        ("strong", "예시 항공"),
        ("former", "Exercise Air & Sons"),
    ]


@pytest.mark.parametrize(
    ("start", "word"),
    [(b"PK\x03\x04", "packed"), (b"\x1f\x8b\x08", "packed"), (b"BZh9", "packed"), (b"%PDF", "is not XML")],
)
def test_a_packed_file_is_to_be_unpacked_first(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str], start: bytes, word: str
) -> None:
    path = tmp_path / "list.xml"
    path.write_bytes(start + b"\0" * 100)
    assert word in one_line(main(["lists", "import", "un", str(path)]), capsys)
    assert not home.exists()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes here")
def test_a_pipe_is_not_waited_for(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "no ordinary file" in one_line(main(["lists", "import", "un", str(pipe)]), capsys)


def test_a_folder_that_cannot_be_read_or_written(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    home.write_text("in the way", encoding="utf-8")
    said = one_line(main(["lists", "import", "un", str(paths("un")[0])]), capsys)
    assert "the list cannot be kept: not a directory" in said
    home.unlink()
    Library(home).add("un", paths("un"))

    def denied(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)
    assert "the lists cannot be read: permission denied" in one_line(main(["lists", "show"]), capsys)


@pytest.mark.parametrize("day", ["20260916", "2026-W38-3", "2026-9-16", "٢٠٢٦-09-16", "2026-02-30"])
def test_days_are_written_one_way(home: Path, capsys: pytest.CaptureFixture[str], day: str) -> None:
    file = str(paths("ofsi-xml")[0])
    said = one_line(main(["lists", "import", "uk-ofsi", file, "--published", day]), capsys)
    assert said.startswith("overflight: --published:")
    assert "--on" in one_line(main(["lists", "show", "--on", day]), capsys)
    assert "--known" in one_line(main(["lists", "show", "--known", day]), capsys)


def test_an_import_reports_its_stages_and_a_future_day_names_the_option(tmp_path: Path) -> None:
    said: list[str] = []
    library = Library(tmp_path)
    library.add("un", paths("un"), report=said.append)
    assert [text.split()[0] for text in said] == ["taking", "reading", "keeping", "comparing"]
    assert "un.xml" in said[1]
    with pytest.raises(InputError, match="--published"):
        library.add("uk-ofsi", paths("ofsi-xml"), published=date(2999, 1, 1))


def test_a_file_name_is_no_markup(tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a[] [bold] [ red.xml"
    path.write_bytes(paths("un")[0].read_bytes())
    assert main(["lists", "import", "un", str(path)]) == 0
