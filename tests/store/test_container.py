"""A whole desk in one file: out and in again, proved before anything is written; backups; both stores."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from storework import DAY, draft, fill, whole

from overflight.errors import InputError, StoreError
from overflight.settings import Settings
from overflight.store import AgendaItem, Desk, open_desk
from overflight.store.container import check, export, take_in
from overflight.store.schema import back_up_file

New = Callable[[], Settings]


@pytest.fixture
def filled(desk: Desk) -> Desk:
    fill(desk, 25)
    items = [
        AgendaItem("CASE 1", "x", DAY, "answer", "é", {"state": "KAZ"}),
        AgendaItem("CASE 1", "y", None, "note", "t"),
    ]
    desk.log.replace_agenda({"CASE 1": items})
    return desk


def everything(desk: Desk) -> list[object]:
    return [desk.log.head(), *desk.log.events(), *desk.log.cases(), *desk.log.agenda()]


def out(desk: Desk, path: Path) -> Path:
    export(desk.log.engine, desk.log.where, path)
    return path


def come_in(desk: Desk, path: Path) -> tuple[int, int]:
    done = take_in(desk.log.engine, desk.log.where, path)
    return done.new, done.events


def test_a_desk_goes_out_and_in(filled: Desk, new_settings: New, tmp_path: Path) -> None:
    path = out(filled, tmp_path / "desk.jsonl")
    for line in path.read_text(encoding="utf-8").splitlines():
        json.loads(line)
    with open_desk(new_settings()) as other:
        assert come_in(other, path) == (25, 25)
        assert everything(other) == everything(filled)
        assert whole(other) == 25
        # Its own continuation, later.
        fill(filled, 9, name="more")
        later = out(filled, tmp_path / "later.jsonl")
        assert come_in(other, later) == (9, 34)
        assert everything(other) == everything(filled)
        assert come_in(other, later) == (0, 34)
        with pytest.raises(InputError, match="older than this desk: it ends at event 25, here is event 34"):
            come_in(other, path)
        # It is the same desk now: it goes on by itself, and the first one does not fit any more.
        other.log.append([draft("A")])
        filled.log.append([draft("B")], key="b")
        filled.log.append([draft("B")])
        with pytest.raises(InputError, match="has another past than this desk"):
            come_in(other, out(filled, tmp_path / "apart.jsonl"))
        assert whole(other) == 35
        again = other.log.append(
            [draft("CASE 0", 0), *[draft(f"CASE {n % 3}", n) for n in range(1, 7)]], key="fill 0"
        )
        assert again[0].seq == 1  # keys came along
    with open_desk(new_settings()) as stranger:
        fill(stranger, 2)
        with pytest.raises(InputError, match="another desk's"):
            come_in(stranger, path)
        assert whole(stranger) == 2


def test_an_empty_desk_goes_out_and_in(desk: Desk, new_settings: New, tmp_path: Path) -> None:
    path = out(desk, tmp_path / "desk.jsonl")
    with open_desk(new_settings()) as other:
        assert come_in(other, path) == (0, 0)
    with open_desk(new_settings()) as third:
        come_in(third, path)
        assert third.log.name() == desk.id
        fill(third, 3)
        assert whole(third) == 3


def test_a_damaged_container_writes_nothing(filled: Desk, new_settings: New, tmp_path: Path) -> None:
    path = out(filled, tmp_path / "desk.jsonl")
    good = path.read_bytes()
    chance = random.Random(5)
    bad_file = tmp_path / "bad.jsonl"
    with open_desk(new_settings()) as other:
        before = everything(other)
        for place in chance.sample(range(len(good)), 120):
            bad = bytearray(good)
            bad[place] ^= 1 << chance.randrange(8)
            bad_file.write_bytes(bad)
            with pytest.raises(InputError, match=r"bad\.jsonl, line"):
                come_in(other, bad_file)
        lines = good.splitlines(keepends=True)
        for spoiled in (
            b"",
            b"\n",
            good[:-1],
            good + b"\n",
            good + good,
            b"".join(lines[:-1]),
            b"".join(lines[:10]),
            b"".join(lines[:10] + lines[11:]),
            b"".join([*lines[:10], lines[11], lines[10], *lines[12:]]),
            b"".join([*lines[:10], lines[9], *lines[10:]]),
            lines[0] + lines[-1],
            b"x" * 10000,
        ):
            bad_file.write_bytes(spoiled)
            with pytest.raises(InputError, match=r"bad\.jsonl, line"):
                come_in(other, bad_file)
        assert everything(other) == before


def test_a_forged_container_is_refused(filled: Desk, new_settings: New, tmp_path: Path) -> None:
    """Somebody who writes records of his own form, and every digest anew, still does not get them in."""
    import hashlib

    path = out(filled, tmp_path / "desk.jsonl")
    lines = path.read_bytes().splitlines(keepends=True)
    header = json.loads(lines[0])
    before = hashlib.sha256(b"overflight desk\n" + header["desk"].encode()).digest()
    record = lines[1].split(b'"record":', 1)[1][:-2].replace(b'"body":{', b'"body": {')
    mark = hashlib.sha256(before + b"\x01" + record).digest()
    header |= {"events": 1, "head": mark.hex()}
    first = json.dumps(header, separators=(",", ":")).encode() + b"\n"
    second = b'{"form":1,"digest":"%s","record":%s}\n' % (mark.hex().encode(), record)
    end = {"end": "overflight", "lines": 2, "sha256": hashlib.sha256(first + second).hexdigest()}
    path.write_bytes(first + second + json.dumps(end, separators=(",", ":")).encode() + b"\n")
    with (
        open_desk(new_settings()) as other,
        pytest.raises(InputError, match="not written in the form of a record"),
    ):
        come_in(other, path)


def test_a_damaged_log_is_not_exported(filled: Desk, tmp_path: Path) -> None:
    from storework import flipped, spoil

    spoil(filled, f"UPDATE events SET record = {flipped(filled)} WHERE seq = 3")
    with pytest.raises(StoreError, match="event 3 is not as it was recorded"):
        out(filled, tmp_path / "desk.jsonl")
    assert list(tmp_path.glob("*.jsonl*")) == list(tmp_path.glob(".*part")) == []


def test_no_file_is_written_over(filled: Desk, tmp_path: Path) -> None:
    path = tmp_path / "desk.jsonl"
    path.write_text("precious", encoding="utf-8")
    with pytest.raises(InputError, match="exists already"):
        out(filled, path)
    assert path.read_text(encoding="utf-8") == "precious"
    with pytest.raises(InputError, match="no such folder"):
        out(filled, tmp_path / "nowhere" / "desk.jsonl")


def test_a_container_is_the_owner_s_alone(filled: Desk, tmp_path: Path) -> None:
    assert out(filled, tmp_path / "desk.jsonl").stat().st_mode & 0o777 == 0o600
    assert check(tmp_path / "desk.jsonl").head == filled.log.head()


def test_a_backup_while_others_write(tmp_path: Path) -> None:
    import threading

    settings = Settings(home=tmp_path / "home")
    with open_desk(settings) as desk:
        fill(desk, 50)
        stop = threading.Event()

        def write() -> None:
            number = 0
            while not stop.is_set():
                desk.log.append([draft("A", number), draft("A", number)])
                number += 1

        thread = threading.Thread(target=write)
        thread.start()
        try:
            for number in range(5):
                back_up_file(settings.home / "desk.db", tmp_path / f"copy{number}.db")
        finally:
            stop.set()
            thread.join()
        counts = []
        for number in range(5):
            with open_desk(Settings(home=tmp_path, database=f"sqlite:///{tmp_path}/copy{number}.db")) as copy:
                assert copy.id == desk.id
                counts.append(whole(copy))
        assert counts == sorted(counts)
        assert all(count % 2 == 0 for count in counts)
    with pytest.raises(InputError, match="exists already"):
        back_up_file(settings.home / "desk.db", tmp_path / "copy0.db")
