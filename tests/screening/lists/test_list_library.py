"""The library: versions, history, what was listed on a day and known at a moment, what changed."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from list_samples import SETS, paths

from overflight.errors import InputError
from overflight.screening import SCHEMAS, Entity, Identifier, Link, Name
from overflight.screening.lists import Library, Snapshot, Version, changes, codec
from overflight.screening.lists.asof import snapshot
from overflight.screening.lists.reading import Reading

NOON = datetime(2026, 10, 1, 12, tzinfo=UTC)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(tmp_path: Path, clock: Clock) -> Library:
    return Library(tmp_path / "home", now=clock)


def un_file(folder: Path, day: str, *entries: tuple[str, str, str]) -> Path:
    """A list of bodies: number, name, listing date or nothing."""
    path = folder / f"un-{day}-{len(list(folder.glob('*.xml')))}.xml"
    body = "".join(
        f"<ENTITY><FIRST_NAME>{name}</FIRST_NAME><REFERENCE_NUMBER>{number}</REFERENCE_NUMBER>"
        f"<LISTED_ON>{listed}</LISTED_ON></ENTITY>"
        for number, name, listed in entries
    )
    path.write_text(f"<CONSOLIDATED_LIST dateGenerated='{day}'>{body}</CONSOLIDATED_LIST>", encoding="utf-8")
    return path


@pytest.mark.parametrize("name", sorted(SETS))
def test_what_is_kept_is_what_was_read(name: str, library: Library) -> None:
    kind, files, given_day = SETS[name]
    done = library.add(kind, paths(name), published=given_day)
    assert (done.new, done.current, done.before) == (True, True, None)
    (kept,) = Library(library.folder.parent).versions()
    assert kept == done.version
    assert kept.entities() == library.entities(done.version)
    assert kept.entries == len(kept.entities())
    assert [one.name for one in kept.files] == list(files)
    assert kept.imported_at == NOON
    assert kept.published == date(2026, 9, 16)
    assert kept.published_by == ("user" if given_day else "file")
    assert kept.document()["counts"]["names"] == sum(len(one.names) for one in kept.entities())


def test_the_same_files_again_change_nothing(library: Library, clock: Clock) -> None:
    first = library.add("ofac-sdn", paths("ofac-csv"), published=date(2026, 9, 1))
    clock.now += timedelta(days=1)
    again = library.add("ofac-sdn", paths("ofac-csv")[::-1], published=date(2026, 9, 1))
    assert (again.new, again.version) == (False, first.version)
    assert not library.add("ofac-sdn", paths("ofac-csv")).new  # the date is known from the first time
    assert library.versions() == (first.version,)
    other_day = library.add("ofac-sdn", paths("ofac-csv"), published=date(2026, 9, 2))
    assert other_day.new
    assert other_day.changes is not None
    assert not other_day.changes


def test_the_date_must_be_there_once_and_not_contradict(library: Library) -> None:
    with pytest.raises(InputError, match="give it with --published"):
        library.add("ofac-sdn", paths("ofac-csv"))
    with pytest.raises(InputError, match="the file says 2026-09-16"):
        library.add("un", paths("un"), published=date(2026, 9, 15))
    with pytest.raises(InputError, match="lies in the future"):
        library.add("ofac-sdn", paths("ofac-csv"), published=date(2027, 1, 1))
    assert library.versions() == ()


def test_an_older_publication_is_history(library: Library, tmp_path: Path, clock: Clock) -> None:
    newer = un_file(tmp_path, "2026-03-01", ("1", "EXERCISE A", "2020-01-01"))
    older = un_file(
        tmp_path, "2026-01-01", ("1", "EXERCISE A", "2020-01-01"), ("2", "EXERCISE B", "2019-01-01")
    )
    first = library.add("un", [newer])
    clock.now += timedelta(hours=1)
    second = library.add("un", [older])
    assert (second.new, second.current, second.before) == (True, False, None)
    assert library.current("un") == first.version
    assert [one.published.month for one in library.versions("un")] == [1, 3]
    found = library.changes("un")
    assert found is not None
    assert [one.id for one in found[2].removed] == ["2"]


def test_a_list_that_shrinks_is_refused_unless_forced(library: Library, tmp_path: Path) -> None:
    many = [(str(n), f"EXERCISE {n}", "2020-01-01") for n in range(100)]
    library.add("un", [un_file(tmp_path, "2026-01-01", *many)])
    half = un_file(tmp_path, "2026-02-01", *many[:70])
    with pytest.raises(InputError, match="has 70 entries where the publication of 2026-01-01 has 100"):
        library.add("un", [half])
    assert len(library.versions()) == 1
    done = library.add("un", [half], force=True)
    assert done.version.forced == ("has 70 entries where the publication of 2026-01-01 has 100",)
    assert done.changes is not None
    assert len(done.changes.removed) == 30
    assert library.add("un", [un_file(tmp_path, "2026-03-01", *many[:60])]).new


def test_changes_and_what_to_screen_again(library: Library, tmp_path: Path, clock: Clock) -> None:
    one = un_file(
        tmp_path, "2026-01-01", ("1", "EXERCISE A", ""), ("2", "EXERCISE B", ""), ("3", "EXERCISE C", "")
    )
    two = un_file(
        tmp_path,
        "2026-02-01",
        ("2", "EXERCISE B", "2019-01-01"),
        ("3", "EXERCISE C", ""),
        ("4", "EXERCISE D", ""),
    )
    library.add("un", [one])
    moment = clock.now
    assert library.changed_since(moment) == ()
    clock.now += timedelta(hours=1)
    done = library.add("un", [two])
    assert done.changes is not None
    assert [e.id for e in done.changes.added] == ["4"]
    assert [e.id for e in done.changes.removed] == ["1"]
    assert [(c.after.id, c.fields) for c in done.changes.changed] == [("2", ("listed_on",))]
    assert {e.id for e in library.changed_since(moment)} == {"1", "2", "4"}
    assert library.changed_since(clock.now) == ()
    assert {e.id for e in library.changed_since(moment - timedelta(days=1))} == {"2", "3", "4"}


def test_listed_by_date_by_publication_or_not_known(library: Library, tmp_path: Path) -> None:
    library.add(
        "un",
        [
            un_file(
                tmp_path, "2026-03-01", ("1", "EXERCISE DATED", "2016-03-02"), ("2", "EXERCISE UNDATED", "")
            )
        ],
    )
    before = library.as_of(date(2016, 3, 1))
    assert before.entities == ()
    assert [one.id for one in before.undated] == ["2"]
    assert len(before.remarks()) == 2
    on_the_day = library.as_of(date(2016, 3, 2))
    assert [(one.id, on_the_day.basis_of(one)) for one in on_the_day.entities] == [("1", "listed-on")]
    today = library.as_of(date(2026, 3, 1))
    assert {one.id: today.basis_of(one) for one in today.entities} == {"1": "listed-on", "2": "published"}
    assert today.undated == ()
    assert today.remarks() == (
        "un: entries without a listing date: 1; they count as listed by the publication of 2026-03-01",
    )
    assert "is 31 days older" in library.as_of(date(2026, 4, 1)).remarks()[0]


def test_what_the_desk_knew(library: Library, tmp_path: Path, clock: Clock) -> None:
    old = un_file(tmp_path, "2026-01-01", ("1", "EXERCISE A", ""))
    new = un_file(tmp_path, "2026-02-01", ("1", "EXERCISE A", ""), ("2", "EXERCISE B", "2025-12-24"))
    library.add("un", [old])
    knew = clock.now
    clock.now += timedelta(days=30)
    library.add("un", [new])
    assert {one.id for one in library.as_of(date(2026, 1, 10)).entities} == {"1", "2"}
    assert {one.id for one in library.as_of(date(2026, 1, 10), knew).entities} == {"1"}
    assert {one.id for one in library.as_of(date(2026, 1, 10), knew.replace(tzinfo=None)).entities} == {"1"}
    nothing = library.as_of(date(2026, 1, 10), knew - timedelta(seconds=1))
    assert (nothing.entities, nothing.consulted) == ((), ())


def test_an_entry_that_ended(library: Library) -> None:
    library.add("un", paths("un"))
    assert "EXe.002" in {one.id for one in library.as_of(date(2016, 1, 16)).entities}
    assert "EXe.002" not in {one.id for one in library.as_of(date(2016, 1, 17)).entities}
    assert "EXe.002" not in {one.id for one in library.as_of(date(2026, 9, 17)).entities}


def test_two_lists_are_apart(library: Library) -> None:
    library.add("un", paths("un"))
    library.add("eu", paths("eu"))
    seen = library.as_of(date(2026, 9, 20))
    assert {one.list for one in seen.entities} == {"un", "eu"}
    assert [one.kind for one in seen.consulted] == ["un", "eu"]
    assert {one.list for one in library.as_of(date(2026, 9, 20), kind="eu").entities} == {"eu"}


# Random entities, random histories.

_days = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31))
_words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
_tuples = st.lists(_words, max_size=3).map(tuple)
_names = st.builds(
    Name,
    _words,
    st.sampled_from(["primary", "weak"]),
    st.sampled_from(["", "ru"]),
    st.sampled_from(["", "Arab"]),
)
_entities = st.builds(
    Entity,
    st.just("un"),
    _words,
    st.sampled_from(SCHEMAS),
    _words,
    st.lists(_names, min_size=1, max_size=3).map(tuple),
    st.lists(st.builds(Identifier, _words, _words, _days, _days, st.just("") | _words), max_size=3).map(
        tuple
    ),
    st.lists(st.builds(Link, _words, _words, st.none() | _words), max_size=3).map(tuple),
    _tuples,
    _tuples,
    st.none() | _words,
    st.none() | _words,
    _days,
    _days,
    _days,
    st.just("") | _words,
    _tuples,
    _tuples,
    _tuples,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_entities, max_size=5))
def test_every_entity_comes_back_from_its_row(
    tmp_path_factory: pytest.TempPathFactory, found: list[Entity]
) -> None:
    path = tmp_path_factory.getbasetemp() / "version.jsonl.gz"
    path.write_bytes(codec.pack({"any": "header"}, found))
    assert codec.unpack(path, "un") == tuple(found)
    assert [one.entity() for one in codec.unpack_dates(path, "un")] == found
    assert [(d.id, d.listed_on, d.delisted_on) for d in codec.unpack_dates(path, "un")] == [
        (one.id, one.listed_on, one.delisted_on) for one in found
    ]
    assert codec.read_header(path)["entries"] == len(found)


_ids = st.sampled_from("abcd")
_near = st.dates(date(2020, 1, 1), date(2020, 1, 9))
_small = st.builds(
    lambda number, listed, ended, remark: Entity(
        "un",
        number,
        "Organization",
        number,
        (Name(number),),
        listed_on=listed,
        delisted_on=ended,
        remarks=remark,
    ),
    _ids,
    st.none() | _near,
    st.none() | _near,
    st.sampled_from(["", "x"]),
)
_publications = st.lists(
    st.tuples(_near, st.lists(_small, max_size=4, unique_by=lambda one: one.id)),
    max_size=4,
    unique_by=lambda p: p[0],
)


def _version(published: date, number: int) -> Version:
    return Version(
        "un",
        "UN",
        "xml",
        published,
        "file",
        NOON + timedelta(hours=number),
        (),
        "",
        0,
        {},
        1,
        "",
        (),
        (),
        Path(str(number)),
    )


def _answers(found: list[tuple[date, list[Entity]]], on: date) -> dict[str, str]:
    """The rules of docs/lists.md, one entry at a time."""
    answers = {}
    for number in "abcd":
        told = sorted((day, one) for day, here in found for one in here if one.id == number)
        told = [(day, one) for day, one in told]
        in_force = max((day for day, _ in found if day <= on), default=None)
        counting = [(day, one) for day, one in told if in_force is None or day >= in_force]
        if any(one.delisted_on and one.delisted_on <= on for _, one in counting):
            continue
        standing = [one for day, one in counting if day == in_force]
        later = [one for day, one in counting if day > on]
        if standing:
            listed = standing[0].listed_on
            answers[number] = "listed-on" if listed and listed <= on else "published"
        elif any(one.listed_on and one.listed_on <= on for one in later):
            answers[number] = "listed-on"
        elif in_force is None and later and all(one.listed_on is None for one in later):
            answers[number] = "undated"
    return answers


def dated(entities: tuple[Entity, ...]) -> list[codec.Dated]:
    return [codec.Dated(one.id, one.listed_on, one.delisted_on, lambda one=one: one) for one in entities]


@settings(max_examples=300, deadline=None)
@given(_publications, _near)
def test_the_snapshot_against_the_rules_one_entry_at_a_time(
    found: list[tuple[date, list[Entity]]], on: date
) -> None:
    found = sorted(found, key=lambda one: one[0])
    versions = [_version(day, number) for number, (day, _) in enumerate(found)]
    contents = {one.path: tuple(here) for one, (_, here) in zip(versions, found, strict=True)}
    seen: Snapshot = snapshot(
        on,
        None,
        versions,
        lambda version: contents[version.path],
        lambda version: dated(contents[version.path]),
    )
    given_answers = {one.id: seen.basis_of(one) for one in (*seen.entities, *seen.undated)}
    assert given_answers == _answers(found, on)
    assert len(seen.entities) + len(seen.undated) == len(given_answers)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(_small, max_size=4, unique_by=lambda one: one.id),
    st.lists(_small, max_size=4, unique_by=lambda one: one.id),
)
def test_changes_against_sets(old: list[Entity], new: list[Entity]) -> None:
    found = changes(old, new)
    before, after = {one.id: one for one in old}, {one.id: one for one in new}
    assert {one.id for one in found.added} == after.keys() - before.keys()
    assert {one.id for one in found.removed} == before.keys() - after.keys()
    for one in found.changed:
        patched = dataclasses.replace(one.before, **{name: getattr(one.after, name) for name in one.fields})
        assert patched == one.after
    assert {one.after.id for one in found.changed} == {
        number for number in before.keys() & after.keys() if before[number] != after[number]
    }
    assert bool(found) == (set(old) != set(new))


def test_a_reading_without_doubts_is_the_default() -> None:
    assert Reading("xml", None, ()).doubts == ()
