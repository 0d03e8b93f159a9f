"""The commands: one JSON document, exit codes, one-line errors."""

from __future__ import annotations

import hashlib
import json
import weakref
from pathlib import Path
from typing import Any

import pytest

from overflight import cli, telegram
from overflight.settings import load as load_settings
from overflight.store import open_desk

SAMPLES = Path(__file__).parent / "samples"
PLAIN = str(SAMPLES / "number-01-plain.txt")
LOOSE = str(SAMPLES / "mark-03-loose-usage.txt")
SEVEN = str(SAMPLES / "state-04-seven-addressees.txt")


@pytest.fixture(autouse=True)
def _commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "COMMANDS", ("read", "write", "release"))


@pytest.fixture(autouse=True)
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of its own for every test."""
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("OVERFLIGHT_OFFICE", "nonproliferation desk")
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


def test_read_gives_one_document(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["read", PLAIN, "--json"]) == 0
    out, err = capsys.readouterr()
    found = json.loads(out)
    assert err == ""
    keys = {
        "number", "precedence", "sent", "from", "to", "info", "classification", "captions", "order",
        "declassify_on", "reasons",
        "tags", "subject", "references", "action", "due", "slugs", "paragraphs", "signed", "complete",
        "repairs", "warnings",
    }  # fmt: skip
    assert keys <= set(found)
    assert found["to"] == [
        {
            "address": "AMEMBASSY DUSHANBE",
            "precedence": "IMMEDIATE",
            "state": "TJK",
            "precedence_printed": False,
        }
    ]


def test_read_of_several_gives_a_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["read", PLAIN, SEVEN, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry["file"] for entry in found] == [PLAIN, SEVEN]


def test_read_of_several_goes_on_behind_a_bad_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_text("lunch at noon")
    assert cli.main(["read", PLAIN, str(bad), str(tmp_path / "none"), SEVEN, "--json"]) == 2
    out, err = capsys.readouterr()
    assert [("error" in entry) for entry in json.loads(out)] == [False, True, True, False]
    assert len(err.splitlines()) == 2


@pytest.mark.parametrize("content", [b"", b"lunch at noon", b"\0\1\2"])
def test_no_telegram_is_one_line_and_exit_2(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.txt"
    bad.write_bytes(content)
    assert cli.main(["read", str(bad), "--json"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "bad.txt" in err


def test_a_missing_file_and_a_wrong_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["read", "/nowhere/at/all"]) == 2
    assert cli.main(["read", PLAIN, "--received", "tomorrow"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda p: p.stem)
def test_read_for_people_never_fails(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["read", str(path), "--received", "2026-08-02"]) == 0
    assert capsys.readouterr().out


def test_threads(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        cli.main(["read", "--thread", PLAIN, SEVEN, str(SAMPLES / "ref-01-letters-lost.txt"), "--json"]) == 0
    )
    found = json.loads(capsys.readouterr().out)["threads"]
    assert sorted(len(t["messages"]) for t in found) in ([1, 2], [1, 1, 1], [3])
    assert any(m["number"]["origin"] == "NEW DELHI" for t in found for m in t["missing"])
    assert cli.main(["read", "--thread", PLAIN, PLAIN]) == 2
    assert cli.main(["read", "--thread", PLAIN, SEVEN]) == 0


def test_write_and_read_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["read", SEVEN, "--json"])
    model = json.loads(capsys.readouterr().out)
    path = tmp_path / "model.json"
    path.write_text(json.dumps(model))
    assert cli.main(["write", str(path)]) == 0
    text = tmp_path / "text.txt"
    text.write_text(capsys.readouterr().out)
    assert cli.main(["read", str(text), "--json"]) == 0
    again = json.loads(capsys.readouterr().out)
    for key in ("number", "to", "tags", "subject", "references", "action", "signed", "sent"):
        assert again[key] == model[key]


def test_write_needs_only_what_the_design_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = {
        "number": {"origin": "STATE", "serial": 1, "year": 2026}, "precedence": "IMMEDIATE",
        "sent": "2026-08-01T15:30:00Z",
        "from": "SECSTATE WASHDC", "info": [],
        "to": [{"address": "AMEMBASSY EXAMPLEVILLE", "precedence": "IMMEDIATE", "state": "XXX"}],
        "classification": "SECRET", "captions": [], "order": "13526", "declassify_on": "2036-08-01",
        "reasons": ["1.4(b)"],
        "tags": [{"tag": "EAIR", "kind": "subject"}, {"tag": "TI", "kind": "state", "state": "TJK"}],
        "subject": {"text": "EXERCISE: SAMPLE", "marking": "S"},
        "references": [{"letter": "A", "origin": "STATE", "serial": 2, "year": 2026}],
        "action": {"requested": True, "paragraphs": [2]}, "due": "2026-08-05", "slugs": ["ISN"],
        "paragraphs": [{"number": 1, "printed": "11", "heading": "OBJECTIVES", "text": "ALPHA TEXT.",
                        "marking": {"text": "S//REL TO USA, TJK", "level": "S", "release": ["TJK", "USA"],
                                    "inferred": False}}],
        "signed": "EXAMPLE", "complete": True, "repairs": [], "warnings": [],
    }  # fmt: skip
    path = tmp_path / "model.json"
    path.write_text(json.dumps(model))
    assert cli.main(["write", str(path)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines() == [
        "O 011530Z AUG 2026", "FM SECSTATE WASHDC", "TO AMEMBASSY EXAMPLEVILLE IMMEDIATE", "BT",
        "S E C R E T STATE 000001",
        "E.O. 13526: DECL: 08/01/2036", "TAGS: EAIR, TI", "SUBJECT: (S) EXERCISE: SAMPLE",
        "REF: A. STATE 2", "Reason: 1.4 (b)",
        "", "OBJECTIVES", "----------", "", "1. (S//REL TO USA, TJK) ALPHA TEXT.", "", "EXAMPLE", "BT",
        "NNNN",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "word"),
    [
        ("{", "JSON"),
        ("[]", "document"),
        ('{"paragraphs": [{"number": 1}]}', "paragraphs.0.text"),
        ('{"sent": "yesterday"}', "sent"),
        ('{"number": {"origin": "X", "serial": "one"}}', "number.serial"),
        ("\ud800".encode("utf-16", "surrogatepass").decode("latin-1"), "model"),
    ],
)
def test_a_wrong_model_is_one_line(
    content: str, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.json"
    path.write_bytes(content.encode("latin-1", "replace"))
    assert cli.main(["write", str(path), "--out", str(tmp_path / "out.txt")]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert word in err
    assert not (tmp_path / "out.txt").exists()


def test_a_model_that_no_telegram_can_say_is_quoted_and_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "model.json"
    path.write_text(
        json.dumps(
            {
                "tags": [{"tag": "EAIR"}],
                "classification": "SECRET",
                "paragraphs": [{"number": 1, "text": "(S) ALPHA."}],
            }
        )
    )
    assert cli.main(["write", str(path), "--json"]) == 0
    out, err = capsys.readouterr()
    assert "quoted form" in err
    text = tmp_path / "text.txt"
    text.write_text(json.loads(out)["text"])
    cli.main(["read", str(text), "--json"])
    assert json.loads(capsys.readouterr().out)["paragraphs"][0]["text"] == "(S) ALPHA."


def test_paper(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("docx")
    pytest.importorskip("typst")
    cli.main(["read", SEVEN, "--json"])
    path = tmp_path / "model.json"
    path.write_text(capsys.readouterr().out)
    pdf, docx = tmp_path / "t.pdf", tmp_path / "t.docx"
    assert cli.main(["write", str(path), "--pdf", str(pdf), "--docx", str(docx), "--json"]) == 0
    assert pdf.read_bytes().startswith(b"%PDF")
    assert docx.read_bytes().startswith(b"PK")
    assert json.loads(capsys.readouterr().out)["files"] == [str(docx), str(pdf)]


def test_release_shows_only_what_may_go(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["release", SEVEN, "--to", "IND", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [p["paragraph"] for p in found["portions"]] == [1, 2, 4, 7]
    assert found["withheld"] == 3
    assert cli.main(["release", SEVEN, "--to", "India"]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "ONE MAY HAVE THIS" in out
    assert "TWO MAY HAVE" not in out
    assert "NOBODY" not in out
    assert "TJK" not in out


def test_release_can_hide_the_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["release", LOOSE, "--to", "TJK", "--hide-withheld", "--json"]) == 0
    assert "withheld" not in json.loads(capsys.readouterr().out)


def test_a_confirmed_inference_is_recorded(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert cli.main(["release", LOOSE, "--to", "TJK", "--confirm-inferred", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["confirmed_inferred"] is True
    assert [portion["paragraph"] for portion in found["portions"]] == [4]
    with open_desk(load_settings(), create=False, write=False) as desk:
        (event,) = desk.log.events()
    assert (event.case, event.kind, event.by) == ("desk", "inference-confirmed", "nonproliferation desk")
    assert event.body == {
        "sha256": hashlib.sha256(Path(LOOSE).read_bytes()).hexdigest(),
        "number": "2026 STATE 123",
        "paragraph": 4,
        "marking": "S/REL RECIPIENTS",
        "state": "TJK",
    }


def test_nothing_inferred_is_nothing_recorded(desk: Path) -> None:
    assert cli.main(["release", PLAIN, "--to", "TJK", "--confirm-inferred", "--json"]) == 0
    assert not list(desk.glob("*.db"))


def test_what_cannot_be_recorded_does_not_go_out(
    desk: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = desk / "no-folder"
    file.write_text("")
    monkeypatch.setenv("OVERFLIGHT_HOME", str(file / "below"))
    assert cli.main(["release", LOOSE, "--to", "TJK", "--confirm-inferred", "--json"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


def test_release_to_nobody_known_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["release", SEVEN, "--to", "Atlantis"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)


@pytest.fixture
def three(tmp_path: Path) -> str:
    """A file with three telegrams: one for everyone, one for nobody, one for Tajikistan."""
    one = (
        "P 01{0:02d}30Z AUG 26\nFM SECSTATE WASHDC\nTO AMEMBASSY DUSHANBE\nBT\nS E C R E T STATE 00000{0}\n"
        "SUBJECT: EXERCISE: SAMPLE NUMBER {0}\n{2}\n1. ({1}) TEXT {0}.\nBT\nNNNN\n\n"
    )
    path = tmp_path / "three.txt"
    path.write_text(
        one.format(1, "U", "")
        + one.format(2, "S//NF", "REF: STATE 1\n")
        + one.format(3, "S//REL TO USA, TJK", "")
    )
    return str(path)


def test_read_of_a_file_with_several_gives_a_list(three: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["read", three, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(entry["file"], entry["message"], entry["number"]["serial"]) for entry in found] == [
        (three, 1, 1),
        (three, 2, 2),
        (three, 3, 3),
    ]
    assert cli.main(["read", three, PLAIN, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [entry.get("message") for entry in found] == [1, 2, 3, None]
    assert cli.main(["read", three]) == 0
    assert "three.txt, message 2" in capsys.readouterr().out


def test_a_thread_names_each_message_of_a_file(three: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["read", "--thread", three, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["threads"]
    assert [f"{three}#1", f"{three}#2"] in [thread["messages"] for thread in found]


def test_release_of_a_file_with_several(three: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["release", three, "--to", "TJK", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [[p["text"] for p in entry["portions"]] for entry in found] == [["TEXT 1."], ["TEXT 3."], []]
    assert [entry["withheld"] for entry in found] == [0, 0, 1]
    assert cli.main(["release", three, "--to", "GBR", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert ([p["text"] for p in found["portions"]], found["withheld"]) == (["TEXT 1."], 2)
    assert cli.main(["release", three, "--to", "TJK"]) == 0
    assert "TEXT 3." in capsys.readouterr().out


def test_what_a_state_may_not_read_of_another_message_changes_nothing(
    three: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A telegram more or less that the state may not read: the same bytes but for the number withheld."""
    text = Path(three).read_text()
    parts = [part + "NNNN\n\n" for part in text.split("NNNN\n\n")[:3]]
    outputs = []
    for kept in (parts, [parts[0], parts[2]], [parts[0], parts[1], parts[1].replace("2", "9"), parts[2]]):
        path = tmp_path / "changed.txt"
        path.write_text("".join(kept))
        assert cli.main(["release", str(path), "--to", "TJK", "--hide-withheld", "--json"]) == 0
        outputs.append(capsys.readouterr())
    assert outputs[0] == outputs[1] == outputs[2]


def test_read_holds_one_telegram_at_a_time(
    three: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of many files, and of many telegrams in one file, no more than the last two are alive."""
    seen: list[weakref.ref[Any]] = []
    alive: list[int] = []
    real = telegram.to_json

    def watched(reading: telegram.Reading) -> dict[str, Any]:
        seen.append(weakref.ref(reading))
        alive.append(sum(ref() is not None for ref in seen))
        return real(reading)

    monkeypatch.setattr(telegram, "to_json", watched)
    assert cli.main(["read", *[PLAIN] * 20, three, *[SEVEN] * 5, "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == len(seen) == 28
    assert max(alive) <= 2
