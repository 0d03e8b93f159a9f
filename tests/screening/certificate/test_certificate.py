"""Certificates: signed, checked offline, refused when a byte is altered, run again."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from overflight.cli import main
from overflight.errors import DataError, InputError
from overflight.screening import dsse
from overflight.screening.certificate import PAYLOAD_TYPE, Verified, again, issued, spelt, statement, verified
from overflight.screening.certificate_paper import pdf
from overflight.screening.keys import desk_key, key_id, public_key, trusted_keys
from overflight.screening.lists import Library
from overflight.screening.query import Query
from overflight.screening.screener import screen, screener

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
DAY = date(2026, 3, 20)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "desk"
    monkeypatch.setenv("OVERFLIGHT_HOME", str(folder))
    Library(folder).add("un", [EXAMPLES / "exercise-list-march.xml"])
    return folder


def made(home: Path, name: str = "Air Exercise", paper: bytes | None = None) -> bytes:
    library = Library(home)
    found = screen(Query(name=name), screener(library, DAY))
    said = statement(found, library.versions(), {"office": "desk"}, datetime(2026, 3, 21, tzinfo=UTC))
    return issued(said, desk_key(home), paper)


def test_a_certificate_says_what_was_asked_of_what(home: Path) -> None:
    found = verified(made(home), trusted_keys(home))
    said = found.statement
    assert said["result"] == "hit"
    assert said["query"] == {"name": "Air Exercise"}
    assert said["on"] == "2026-03-20"
    digest = sha256((EXAMPLES / "exercise-list-march.xml").read_bytes()).hexdigest()
    assert [one["sha256"] for one in said["lists"]] == [digest]
    assert said["matches"][0]["features"]
    assert said["software"]["version"]
    assert said["settings"]["bands"]["strong"] == 0.85
    assert found.key == key_id(desk_key(home).public_key())
    assert verified(made(home, "Nobody Whatsoever"), trusted_keys(home)).statement["result"] == "clean"


def test_every_single_altered_byte_is_refused(home: Path) -> None:
    key = desk_key(home)
    data = dsse.sealed(PAYLOAD_TYPE, spelt({"form": "overflight screening certificate 1", "n": 1}), key)
    trusted = trusted_keys(home)
    assert verified(data, trusted).statement["n"] == 1
    for at in range(len(data)):
        for flip in (1, 2, 4, 8, 16, 32, 64, 128):
            altered = data[:at] + bytes([data[at] ^ flip]) + data[at + 1 :]
            with pytest.raises(dsse.RefusedError):
                verified(altered, trusted)
        with pytest.raises(dsse.RefusedError):
            verified(data[:at] + data[at + 1 :], trusted)
        with pytest.raises(dsse.RefusedError):
            verified(data[:at] + b" " + data[at:], trusted)
    for altered in (data + b"\n", b"", b"[]", b"{}", b"null", b"\xff", b'{"payload":1}', b"[" * 100_000):
        with pytest.raises(dsse.RefusedError):
            verified(altered, trusted)


def test_every_altered_byte_of_a_whole_certificate_is_refused(home: Path) -> None:
    data, trusted = made(home), trusted_keys(home)
    for at in range(len(data)):
        with pytest.raises(dsse.RefusedError):
            verified(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], trusted)


def test_the_envelope_is_dsse() -> None:
    """Pre-authentication encoding and signature, worked out here by hand from the specification."""
    key = Ed25519PrivateKey.generate()
    envelope = json.loads(dsse.sealed("a/b", b"payload", key))
    assert base64.b64decode(envelope["payload"]) == b"payload"
    assert envelope["payloadType"] == "a/b"
    (signature,) = envelope["signatures"]
    key.public_key().verify(base64.b64decode(signature["sig"]), b"DSSEv1 3 a/b 7 payload")
    assert signature["keyid"] == sha256(key.public_key().public_bytes_raw()).hexdigest()


def test_openssl_agrees(home: Path, tmp_path: Path) -> None:
    """Another program verifies the signature with nothing but the public key's file."""
    envelope = json.loads(made(home))
    payload = base64.b64decode(envelope["payload"])
    kind = envelope["payloadType"].encode()
    (tmp_path / "signed").write_bytes(b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload))
    (tmp_path / "sig").write_bytes(base64.b64decode(envelope["signatures"][0]["sig"]))
    line = ["openssl", "pkeyutl", "-verify", "-pubin", "-rawin", "-inkey", str(home / "keys" / "desk.pub")]
    line += ["-in", str(tmp_path / "signed"), "-sigfile", str(tmp_path / "sig")]
    try:
        done = subprocess.run(line, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        pytest.skip("no openssl here")
    assert done.returncode == 0, done.stderr


def test_another_key_another_type_another_paper(home: Path) -> None:
    desk_key(home)
    trusted = trusted_keys(home)
    other = Ed25519PrivateKey.generate()
    with pytest.raises(dsse.RefusedError, match="not known here"):
        verified(dsse.sealed(PAYLOAD_TYPE, b"{}", other), trusted)
    forged = json.loads(dsse.sealed(PAYLOAD_TYPE, b"{}", other))
    forged["signatures"][0]["keyid"] = next(iter(trusted))
    line = json.dumps(forged, sort_keys=True, separators=(",", ":")).encode() + b"\n"
    with pytest.raises(dsse.RefusedError, match="does not fit"):
        verified(line, trusted)
    with pytest.raises(dsse.RefusedError, match="type"):
        verified(dsse.sealed("text/plain", b"{}", desk_key(home)), trusted)
    with pytest.raises(dsse.RefusedError, match="no statement"):
        verified(dsse.sealed(PAYLOAD_TYPE, b"{}", desk_key(home)), trusted)
    with pytest.raises(dsse.RefusedError, match="PDF"):
        verified(made(home, paper=b"one"), trusted, b"two")
    assert verified(made(home, paper=b"one"), trusted, b"one")


def test_run_again(home: Path) -> None:
    found = verified(made(home), trusted_keys(home))
    library = Library(home)
    assert again(found, library).same
    # A publication that came in later, and would change the answer, does not count.
    library.add("un", [EXAMPLES / "exercise-list-january.xml"])
    assert again(found, library).same
    told = dict(found.statement, result="clean", matches=[])
    changed = again(Verified(told, found.key), library)
    assert not changed.same
    assert "clean" in changed.differences[0]
    missing = dict(found.statement, library=[dict(found.statement["library"][0], sha256="f" * 64)])
    with pytest.raises(InputError, match="not in this library"):
        again(Verified(missing, found.key), library)


def test_the_desk_key(tmp_path: Path) -> None:
    key = desk_key(tmp_path)
    path = tmp_path / "keys" / "desk.key"
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert key_id(desk_key(tmp_path).public_key()) == key_id(key.public_key())
    assert key_id(public_key(tmp_path / "keys" / "desk.pub")) == key_id(key.public_key())
    (tmp_path / "keys" / "trusted").mkdir()
    other = desk_key(tmp_path / "other")
    (tmp_path / "other" / "keys" / "desk.pub").rename(tmp_path / "keys" / "trusted" / "other.pub")
    assert set(trusted_keys(tmp_path)) == {key_id(key.public_key()), key_id(other.public_key())}
    path.write_text("nonsense", encoding="ascii")
    with pytest.raises(DataError, match="damaged"):
        desk_key(tmp_path)
    (tmp_path / "bad.pub").write_text("nonsense", encoding="ascii")
    for bad in ("bad.pub", "none.pub"):
        with pytest.raises(InputError):
            public_key(tmp_path / bad)


def test_paper(home: Path) -> None:
    library = Library(home)
    for name in ("Air Exercise", "Nobody Whatsoever", 'Odd "#$*_@\\ name <b> 고려항공'):
        found = screen(Query(name=name), screener(library, DAY))
        said = statement(found, library.versions(), {}, datetime(2026, 3, 21, tzinfo=UTC))
        paper = pdf(said, "0" * 64)
        assert paper.startswith(b"%PDF")
        assert len(paper) > 5000


def run(line: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(["screen", *line])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_command(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["Air Exercise", "--on", "2026-03-20"], capsys)[0] == 1
    assert run(["Nobody Whatsoever"], capsys)[0] == 0
    out = tmp_path / "deep" / "certificate"
    code, text, err = run(["Air Exercise", "--on", "2026-03-20", "--certificate", str(out), "--json"], capsys)
    assert (code, err) == (1, "")
    document = json.loads(text)
    assert document["matches"][0]["band"] == "exact"
    assert {"query", "on", "matches", "lists"} <= document.keys()
    assert {"list", "id", "caption", "band", "score", "features"} <= document["matches"][0].keys()
    feature = document["matches"][0]["features"][0]
    assert {"feature", "contribution", "query", "listed"} <= feature.keys()
    assert {"kind", "published", "sha256", "entries"} <= document["lists"][0].keys()
    signed = Path(document["certificate"]["json"])
    assert Path(document["certificate"]["pdf"]).read_bytes().startswith(b"%PDF")
    code, text, _ = run(["--verify", str(signed), "--again"], capsys)
    assert code == 0
    assert "the same result" in text
    code, text, _ = run(["--verify", str(signed), "--again", "--json"], capsys)
    assert json.loads(text)["again"] == {"same": True, "differences": []}
    data = signed.read_bytes()
    signed.write_bytes(data[:100] + bytes([data[100] ^ 1]) + data[101:])
    code, text, _ = run(["--verify", str(signed)], capsys)
    assert code == 1
    assert text.startswith("refused: ")
    assert json.loads(run(["--verify", str(signed), "--json"], capsys)[1])["valid"] is False
    signed.write_bytes(data)
    paper = Path(document["certificate"]["pdf"])
    printed = paper.read_bytes()
    paper.write_bytes(printed[:200] + bytes([printed[200] ^ 1]) + printed[201:])
    code, text, _ = run(["--verify", str(signed)], capsys)
    assert code == 1
    assert "PDF" in text


def test_another_desk_checks_with_the_public_key(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "certificate.json"
    assert run(["Air Exercise", "--certificate", str(out)], capsys)[0] == 1
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path / "elsewhere"))
    code, text, _ = run(["--verify", str(out)], capsys)
    assert code == 1
    assert "not known here" in text
    key = str(home / "keys" / "desk.pub")
    assert run(["--verify", str(out), "--key", key], capsys)[0] == 0
    code, _, err = run(["--verify", str(out), "--key", key, "--again"], capsys)
    assert code == 2
    assert "not in this library" in err


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ([], "nothing to look for"),
        (["--hex", "12"], "--hex: "),
        (["--tail", "-"], "--tail: "),
        (["Air", "--on", "tomorrow"], "--on: "),
        (["Air", "--known", "yesterday"], "--known: "),
        (["Air", "--known", "2001-01-01"], "no list had been imported by 2001-01-01"),
        (["Air", "--verify", "x.json"], "--verify: "),
        (["--verify", "nothing.json"], "nothing.json: "),
        (["Air", "--again"], "--again: "),
        (["--flight", "nothing.toml"], "nothing.toml"),
    ],
)
def test_bad_use(
    home: Path,
    line: list[str],
    says: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(home)
    code, out, err = run(line, capsys)
    assert (code, out) == (2, "")
    assert says in err
    assert err.count("\n") == 1


def test_without_lists_the_command_teaches(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OVERFLIGHT_HOME", str(tmp_path))
    code, out, err = run(["Mahan Air"], capsys)
    assert (code, out) == (2, "")
    assert "overflight lists import" in err


def test_a_certificate_overwrites_nothing(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.pdf").write_bytes(b"mine")
    code, _, err = run(["Air", "--certificate", str(tmp_path / "c")], capsys)
    assert code == 2
    assert "is there already" in err
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("c.")] == ["c.pdf"]


def test_without_typst_nothing_is_written(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "typst", None)
    code, _, err = run(["Air", "--certificate", str(tmp_path / "c")], capsys)
    assert code == 2
    assert "pip install typst" in err
    assert not (tmp_path / "c.json").exists()
