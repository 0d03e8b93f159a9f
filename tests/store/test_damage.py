"""Damage is found and named: flipped bytes, rows cut off, moved, put in, doubled; in rows, in the file."""

from __future__ import annotations

import random
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from storework import fill, spoil, whole

from overflight.errors import OverflightError
from overflight.settings import Settings
from overflight.store import Desk, open_desk
from overflight.store.anchor import Anchor, from_head
from overflight.store.proving import prove
from overflight.store.verify import verify

COUNT = 30


@pytest.fixture
def filled(desk: Desk) -> Desk:
    fill(desk, COUNT)
    return desk


def found(desk: Desk, *anchors: Anchor) -> list[tuple[int | None, str]]:
    proof = verify(desk.log.engine, desk.log.where, anchors)
    return [(one.seq, one.field) for one in proof.findings]


def column(desk: Desk, name: str, seq: int) -> bytes | str:
    with desk.log.engine.connect() as connection:
        value = connection.execute(text(f"SELECT {name} FROM events WHERE seq = {seq}")).scalar()
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value)


def put(desk: Desk, name: str, seq: int, value: bytes | str | None) -> None:
    """Write a column of one row, whatever the triggers say."""
    if value is None:
        written = "NULL"
    elif isinstance(value, str):
        written = "'" + value.replace("'", "''") + "'"
    elif desk.log.engine.dialect.name == "sqlite":
        written = f"x'{value.hex()}'"
    else:
        written = f"'\\x{value.hex()}'"
    spoil(desk, f"UPDATE events SET {name} = {written} WHERE seq = {seq}")


@pytest.mark.parametrize("seq", [1, 17, COUNT])
def test_every_byte_of_a_record_counts_and_is_named(filled: Desk, seq: int) -> None:
    good = column(filled, "record", seq)
    assert isinstance(good, bytes)
    chance = random.Random(seq)
    parts = {
        "form": 0,
        "seq": good.index(b'"seq":') + 6,
        "recorded_at": good.index(b'"recorded_at":') + 20,
        "case": good.index(b'"case":') + 9,
        "kind": good.index(b'"kind":') + 9,
        "true_at": good.index(b'"true_at":') + 16,
        "by": good.index(b'"by":') + 7,
        "source": good.index(b'"source":') + 10,
        "key": good.index(b'"key":') + 8,
        "body": good.index("señal".encode()) + 3,
    }
    for name, place in parts.items():
        bad = bytearray(good)
        bad[place] ^= 1 << chance.randrange(8)
        put(filled, "record", seq, bytes(bad))
        proof = verify(filled.log.engine, filled.log.where)
        assert [(one.seq, one.field) for one in proof.findings] == [(seq, name)], name
        assert f"byte {place} of the record is 0x{bad[place]:02x}, was 0x{good[place]:02x}" in str(
            proof.findings[0]
        )
    for place in chance.sample(range(len(good)), 20):
        bad = bytearray(good)
        bad[place] ^= 1 << chance.randrange(8)
        put(filled, "record", seq, bytes(bad))
        assert [one for one, _ in found(filled)] == [seq]
    put(filled, "record", seq, good)
    assert whole(filled) == COUNT


def test_more_than_a_byte_is_named_by_field(filled: Desk) -> None:
    good = column(filled, "record", 9)
    assert isinstance(good, bytes)
    put(filled, "record", 9, good.replace(b"EXERCISE DESK", b"ANOTHER  DESK"))
    assert found(filled) == [(9, "by")]
    put(filled, "record", 9, good.replace("EXERCISE ‖".encode(), "ANOTHER. ‖".encode()))
    assert found(filled) == [(9, "body")]
    put(filled, "record", 9, good[:40])
    assert found(filled) == [(9, "record")]
    put(filled, "record", 9, b"")
    assert found(filled) == [(9, "record")]


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("case_id", "CASE 9", "case"),
        ("kind", "answered", "kind"),
        ("office", "OTHER DESK", "by"),
        ("source", "26 STATE 2", "source"),
        ("source", None, None),
        ("key", "other", "key"),
        ("true_at", "2026-08-01T00:00:00.000001Z", "true_at"),
        ("recorded_at", "2026-08-01T00:00:00.000001Z", "recorded_at"),
    ],
)
def test_a_changed_column_is_named(filled: Desk, name: str, value: str | None, field: str | None) -> None:
    put(filled, name, 12, value)
    expected = (12, field or name)
    assert found(filled)[0] == expected
    assert {one for one, _ in found(filled)} <= {12, None}


def test_a_changed_digest_or_link_is_named(filled: Desk) -> None:
    for name, field in (("digest", "digest"), ("previous", "previous")):
        for seq in (1, 11, COUNT):
            good = column(filled, name, seq)
            assert isinstance(good, bytes)
            put(filled, name, seq, bytes((good[0] ^ 4,)) + good[1:])
            assert found(filled) == [(seq, field)]
            put(filled, name, seq, good)
    assert whole(filled) == COUNT


def test_the_head_is_held(filled: Desk) -> None:
    for deed in ("seq = 29", "seq = 31", "digest = previous"):
        column_of = f"(SELECT previous FROM events WHERE seq = {COUNT})"
        spoil(filled, f"UPDATE desk SET {deed.replace('previous', column_of)}")
        assert found(filled) == [(None, "head")]
        seq = f"(SELECT max(seq) FROM events), digest = (SELECT digest FROM events WHERE seq = {COUNT})"
        spoil(filled, f"UPDATE desk SET seq = {seq}")
    assert whole(filled) == COUNT
    spoil(filled, "UPDATE desk SET id = 'another'")
    assert found(filled)[0] == (1, "previous")


def test_removed_moved_doubled_and_inserted_rows(filled: Desk) -> None:
    columns = "recorded_at, case_id, kind, true_at, office, source, key, previous, digest, record"
    # Doubled at the end, with the head moved along.
    spoil(filled, f"INSERT INTO events (seq, {columns}) SELECT 31, {columns} FROM events WHERE seq = 30")
    assert (31, "previous") in found(filled)
    spoil(filled, "DELETE FROM events WHERE seq = 31")
    assert whole(filled) == COUNT
    # Two events change places.
    spoil(
        filled,
        "UPDATE events SET seq = 99 WHERE seq = 5",
        "UPDATE events SET seq = 5 WHERE seq = 6",
        "UPDATE events SET seq = 6 WHERE seq = 99",
    )
    swapped = found(filled)
    assert {(5, "seq"), (6, "seq")} <= set(swapped)
    spoil(
        filled,
        "UPDATE events SET seq = 99 WHERE seq = 5",
        "UPDATE events SET seq = 5 WHERE seq = 6",
        "UPDATE events SET seq = 6 WHERE seq = 99",
    )
    # One is taken out of the middle.
    spoil(filled, "DELETE FROM events WHERE seq = 14")
    proof = verify(filled.log.engine, filled.log.where)
    assert (proof.findings[0].seq, proof.findings[0].field) == (14, "seq")
    assert "event 14 is missing: event 15 comes next" in str(proof.findings[0])


def test_a_log_cut_off_is_caught_by_its_head_and_by_an_anchor(filled: Desk) -> None:
    anchor = from_head(filled.log.head())
    early = Anchor(20, bytes(column(filled, "digest", 20)))  # type: ignore[arg-type]
    spoil(filled, "DELETE FROM events WHERE seq > 22", "DELETE FROM cases")
    assert (None, "head") in found(filled)
    # Whoever cuts carefully moves the head along and derives the rest anew: only an anchor knows.
    last = "FROM events WHERE seq = 22"
    spoil(
        filled,
        f"UPDATE desk SET seq = 22, digest = (SELECT digest {last})",
        f"UPDATE desk SET recorded_at = (SELECT recorded_at {last})",
        "INSERT INTO cases SELECT case_id, min(seq), max(seq), count(*) FROM events GROUP BY case_id",
    )
    assert found(filled) == []
    assert found(filled, early) == []
    proof = verify(filled.log.engine, filled.log.where, [early, anchor])
    assert [str(one) for one in proof.findings] == [
        "anchor: vouches for event 30, but the log ends at event 22: cut off"
    ]
    assert proof.anchored == 20


def test_a_log_written_anew_is_caught_by_an_anchor(filled: Desk, settings: Settings) -> None:
    anchor = from_head(filled.log.head())
    fill(filled, 3, name="more")
    assert found(filled, anchor) == []
    other = replace(anchor, digest=bytes(32))
    assert found(filled, other) == [(None, "anchor")]
    assert found(filled, replace(anchor, desk="another")) == [(None, "anchor")]


def test_a_missing_trigger_is_named(filled: Desk, store: str) -> None:
    deed = (
        "DROP TRIGGER events_update"
        if store == "sqlite"
        else "ALTER TABLE events DISABLE TRIGGER events_rows"
    )
    with filled.log.engine.connect() as connection:
        connection.execute(text(deed))
    assert found(filled) == [(None, "schema")]


def test_the_table_of_cases_is_held_to_the_log(filled: Desk) -> None:
    for deed in ("UPDATE cases SET events = events + 1", "DELETE FROM cases WHERE case_id = 'CASE 1'"):
        spoil(filled, deed)
        assert found(filled) == [(None, "cases")]


# --- bytes of the raw file ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes]:
    """A small desk's file, all in one piece, and its bytes."""
    home = tmp_path_factory.mktemp("raw")
    with open_desk(Settings(home=home)) as desk:
        fill(desk, COUNT)
    path = home / "desk.db"
    link = sqlite3.connect(path)
    link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    link.close()
    for rest in home.glob("desk.db-*"):
        rest.unlink()
    return path, path.read_bytes()


def content(settings: Settings) -> list[object]:
    with open_desk(settings, create=False, write=False) as desk:
        return [*desk.log.events(), *desk.log.cases(), *desk.log.agenda(), desk.log.head()]


def test_any_flipped_byte_of_the_file_is_found_or_changes_nothing(
    raw: tuple[Path, bytes], tmp_path: Path
) -> None:
    path, good = raw
    truth = content(Settings(home=path.parent))
    chance = random.Random(2026)
    home = tmp_path / "home"
    home.mkdir()
    settings = Settings(home=home)
    named, same = 0, 0
    places = [*range(0, 100, 7), *chance.sample(range(100, len(good)), 150)]
    for place in places:
        bad = bytearray(good)
        bad[place] ^= 1 << chance.randrange(8)
        (home / "desk.db").write_bytes(bad)
        try:
            proof = prove(settings)
        except OverflightError as fault:
            lines = [str(fault)]
        else:
            lines = [str(one) for one in proof.findings]
        assert not any("\n" in line for line in lines)
        if not lines:
            assert content(settings) == truth, f"byte {place}"
            same += 1
        else:
            named += 1
    assert named > 20
    # What is not found lies in room that nothing uses.
    assert named + same == len(places)


def test_a_torn_or_foreign_file_is_one_line(raw: tuple[Path, bytes], tmp_path: Path) -> None:
    good = raw[1]
    settings = Settings(home=tmp_path)
    file = tmp_path / "desk.db"
    file.write_bytes(good[: len(good) // 2])
    torn = prove(settings)
    assert not torn.whole
    assert torn.findings[0].field == "file"
    file.write_bytes(b"not a database at all, but long enough to be looked at" * 100)
    assert "file is not a database" in str(prove(settings).findings[0])
    file.write_bytes(random.Random(1).randbytes(8192))
    assert not prove(settings).whole
    link = sqlite3.connect(tmp_path / "other.db")
    link.execute("CREATE TABLE something (a)")
    link.commit()
    link.close()
    shutil.copy(tmp_path / "other.db", file)
    with pytest.raises(OverflightError, match="an SQLite file of another program"):
        open_desk(settings)
    assert file.read_bytes() == (tmp_path / "other.db").read_bytes()
