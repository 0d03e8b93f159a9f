"""The command line: exit codes, one line for every fault, one JSON document, a light start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from overflight.cli import COMMANDS, main

FLIGHT = """
[flight]
id = "T1"
operator = "KOR"
kind = "civil non-scheduled"
aircraft = { type = "IL62" }
[[leg]]
from = "ZKPY"
to = "UHWW"
departs = 2008-08-07T03:00:00Z
"""


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OVERFLIGHT_VIEW", raising=False)


BAD_USE = [
    ("bogus", "bogus"),
    ("route", "FROM"),
    ("route ZKPY", "TO"),
    ("route ZKPY OIIE --bogus", "--bogus"),
    ("route ZKPY ZKPY", "TO: ZKPY"),
    ("route ZKPY FNJ", "TO: ZKPY"),
    ("route QQQQ OIIE", "FROM: 'QQQQ'"),
    ("route ZKPY OIIE --refuse Narnia", "--refuse: 'Narnia'"),
    ("route ZKPY OIIE --refuse ,", "--refuse"),
    ("route ZKPY OIIE --refuse PRK", "always permits"),
    ("route ZKPY OIIE --refuse MNG,IRN", "always permits"),
    ("route ZKPY OIIE --range-km 0", "--range-km"),
    ("route ZKPY OIIE --range-km -5", "--range-km"),
    ("route ZKPY OIIE --range-km nan", "--range-km"),
    ("route ZKPY OIIE --range-km inf", "--range-km"),
    ("route ZKPY OIIE --range-km far", "--range-km"),
    ("route ZKPY OIIE --corridor-nm 0", "--corridor-nm"),
    ("route ZKPY OIIE --view Narnia", "Narnia"),
    ("route ZKPY OIIE --on 2008-02-30", "--on: '2008-02-30'"),
    ("block ZKPY OIIE", "--range-km"),
    ("block ZKPY OIIE --range-km 0", "--range-km"),
    ("block ZKPY OIIE --range-km 7500 --unwilling CHN --refused China", "CHN"),
    ("block ZKPY OIIE --range-km 7500 --refused IRN", "always permits"),
    ("block ZKPY OIIE --range-km 7500 --max-size 0", "--max-size"),
    ("brief", "FLIGHT.toml"),
    ("brief nothing.toml", "nothing.toml: no such file"),
    ("brief .", "is a folder"),
    ("cross nothing.csv", "nothing.csv: no such file"),
    ("cross .", "is a folder"),
]


@pytest.mark.parametrize(("line", "words"), BAD_USE, ids=lambda value: value)
def test_bad_use_is_one_line_and_exit_code_2(
    line: str, words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(line.split()) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("overflight: ")
    assert err.count("\n") == 1
    assert words in err
    assert list(tmp_path.iterdir()) == []


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    out, err = capsys.readouterr()
    assert "Commands" in out + err
    assert "Traceback" not in out + err


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name, "--help"]) == 0
    assert name in capsys.readouterr().out


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("overflight ")


def _document(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    out = capsys.readouterr().out
    document = json.loads(out)
    assert isinstance(document, dict)
    assert out.count("\n") == 1
    return document


def test_route_follows_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["route", "ZKPY", "OIIE", "--json", "--corridor-nm", "50"]) == 0
    document = _document(capsys)
    assert document["origin"] == "ZKPY"
    assert document["destination"] == "OIIE"
    assert document["distance_km"] == pytest.approx(6426, abs=2)
    assert document["route_km"] == document["distance_km"]
    assert document["within_range"] is None
    assert document["states"] == ["PRK", "CHN", "MNG", "KAZ", "KGZ", "UZB", "TKM", "IRN"]
    assert document["corridor_states"] == ["TJK"]
    crossings = document["crossings"]
    assert isinstance(crossings, list)
    assert crossings[0]["entry_km"] == 0
    for before, after in pairwise(crossings):
        assert before["exit_km"] == after["entry_km"]
        assert before["exit"] == after["entry"]
    for one in crossings:
        assert {"state", "over", "entry_km", "exit_km", "entry", "exit", "disputed_by"} <= one.keys()
        assert one["over"] in ("land", "territorial sea", "high seas")
        assert (one["state"] is None) == (one["over"] == "high seas")
    line = document["line"]
    assert isinstance(line, dict)
    assert line["type"] == "LineString"
    assert line["coordinates"][0] == crossings[0]["entry"]


def test_a_refusal_bends_the_route(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["route", "FNJ", "IKA", "--refuse", "Mongolia", "--range-km", "7000", "--json"]) == 0
    document = _document(capsys)
    assert "MNG" not in document["states"]  # type: ignore[operator]
    assert document["distance_km"] < document["route_km"] < 7000  # type: ignore[operator]
    assert document["within_range"] is True


def test_no_permitted_route_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["route", "ZKPY", "OIIE", "--refuse", "CHN", "--range-km", "7500", "--json"]) == 1
    document = _document(capsys)
    assert document["route_km"] is None
    assert document["within_range"] is False
    assert document["states"] == []
    assert document["crossings"] == []


def test_out_of_range_is_a_finding(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["route", "ZKPY", "OIIE", "--range-km", "6000", "--json"]) == 1
    assert _document(capsys)["within_range"] is False


def test_block_follows_the_contract(capsys: pytest.CaptureFixture[str]) -> None:
    asked = "AFG,CHN,KAZ,KGZ,TJK,TKM,UZB"
    line = f"block ZKPY OIIE --range-km 7500 --unwilling CHN,RUS --asked {asked} --json"
    assert main(line.split()) == 0
    document = _document(capsys)
    assert document["closed"] is False
    coalitions, corridors = document["coalitions"], document["corridors"]
    assert isinstance(coalitions, list)
    assert isinstance(corridors, list)
    assert coalitions
    assert all("PAK" in one for one in coalitions)
    assert coalitions == sorted(coalitions, key=lambda one: (len(one), one))
    for one in coalitions:
        assert all(set(one) & set(corridor) for corridor in corridors)
    chances = document["next"]
    assert isinstance(chances, list)
    assert {"state", "closes", "gain"} <= chances[0].keys()
    gaps = document["gaps"]
    assert isinstance(gaps, dict)
    assert any("Pakistan" in words and words.startswith("open:") for words in gaps["words"])


def test_brief_writes_its_files(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "f.toml").write_text(FLIGHT, encoding="utf-8")
    out = tmp_path / "deep" / "out"
    assert main(["brief", str(tmp_path / "f.toml"), "--out", str(out), "--json"]) == 0
    document = _document(capsys)
    assert {path.name for path in out.iterdir()} == {"brief.html", "brief.geojson", "brief.kml"}
    assert [leg["origin"] for leg in document["legs"]] == ["ZKPY"]  # type: ignore[attr-defined]


def test_a_track_is_crossed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    track = tmp_path / "t.csv"
    rows = [
        "time,lon,lat",
        "2020-01-01T00:00:00Z,8.5,47.4",
        "2020-01-01T00:05:00Z,9.5,47.6",
        "2020-01-01T00:30:00Z,12,48",
    ]
    track.write_text("\n".join(rows), encoding="utf-8")
    assert main(["cross", str(track), "--json"]) == 0
    document = _document(capsys)
    assert document["points"] == 3
    assert document["states"][0] == "CHE"  # type: ignore[index]
    crossings = document["crossings"]
    assert isinstance(crossings, list)
    assert [one["entry"] for one in crossings[1:]] == [one["exit"] for one in crossings[:-1]]
    assert not crossings[0]["gap"]
    assert crossings[-1]["gap"]


def test_a_view_is_a_setting(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["route", "UKFF", "URKK", "--json"]) == 0
    de_facto = _document(capsys)["states"]
    assert main(["route", "UKFF", "URKK", "--json", "--view", "UKR"]) == 0
    seen = _document(capsys)["states"]
    monkeypatch.setenv("OVERFLIGHT_VIEW", "Ukraine")
    assert main(["route", "UKFF", "URKK", "--json"]) == 0
    assert _document(capsys)["states"] == seen
    assert de_facto != seen


def test_light_to_start() -> None:
    code = (
        "import sys; from overflight.cli import build; build(); "
        "print([m for m in ('numpy', 'numba', 'pyproj', 'pysat', 'jinja2') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"


def test_a_reader_who_leaves_is_no_error() -> None:
    code = "import sys; from overflight.cli import main; sys.exit(main(['route', 'ZKPY', 'OIIE', '--json']))"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == ""
        process.wait()
    assert process.returncode == 0


def test_the_program_runs_as_a_module_as_well() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "overflight", "mark", "check", "(S//NF)"], capture_output=True, text=True
    )
    assert run.returncode == 0
    assert "valid" in run.stdout
