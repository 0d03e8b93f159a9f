"""The rows: schema, sources, marks of verification, a desk's own rows."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.errors import LawError
from overflight.law import Question, advice, calendar, check, load, shipped
from overflight.law.tables import COLUMNS, DATA

RULES = shipped()
GOOD = {
    "id": "XX-1",
    "instrument": "Decree 1",
    "paragraph": "article 2",
    "adopted": "2020-01-01",
    "in_force_from": "2020-02-01",
    "in_force_until": "",
    "applies_to": "KAZ",
    "target": "PRK",
    "links": "to from",
    "kind": "DENY_AIR",
    "binding": "mandatory",
    "trigger": "link",
    "cargo": "*",
    "carriers": "",
    "when": "flight=civil-non-scheduled|civil-scheduled",
    "supports": "refuse-overflight=act deny-landing=act",
    "effect": "keep them out",
    "exemptions": "emergency?: emergency landing",
    "clock": "",
    "verified": "no",
    "unverified": "",
    "key": "",
    "note": "",
    "source": "the gazette",
}


def table(*rows: dict[str, str], kind: str = "measures") -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS[kind])
    for row in rows:
        writer.writerow([row[column] for column in COLUMNS[kind]])
    return out.getvalue()


def refused(tmp_path: Path, text: str) -> str:
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LawError) as caught:
        check(path)
    return str(caught.value)


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("source", "", "no source"),
        ("id", "", "empty"),
        ("id", "two words", "no id"),
        ("id", "2270-21", "there twice"),
        ("instrument", "", "empty"),
        ("adopted", "soon", "no day"),
        ("adopted", "2020-13-01", "no day"),
        ("adopted", "2020-03-01", "in_force_from"),  # after it came into force
        ("in_force_from", "", "empty"),
        ("in_force_from", "2020-02-30", "is no day"),
        ("in_force_from", "2020-02-01T12:00", "no zone"),
        ("in_force_until", "2020-02-01", "is not after"),
        ("in_force_until", "2019-02-01", "is not after"),
        ("applies_to", "", "empty"),
        ("applies_to", "KZ", "no group"),
        ("applies_to", "Kazakhstan", "alpha-3"),
        ("applies_to", "NATO", "no group"),
        ("target", "QQQ", "alpha-3"),
        ("target", "", "links"),
        ("links", "via", "none of"),
        ("links", "", "links"),
        ("kind", "BOMB", "none of"),
        ("binding", "maybe", "none of"),
        ("trigger", "hunch", "none of"),
        ("cargo", "gold", "none of"),
        ("when", "wind=strong", "no condition"),
        ("when", "flight=balloon", "none of"),
        ("supports", "shoot-down=act", "none of"),
        ("supports", "refuse-overflight", "OPTION=ROLE"),
        ("supports", "refuse-overflight=love", "none of"),
        ("effect", "", "empty"),
        ("exemptions", "fog: bad weather", "none of"),
        ("exemptions", "emergency", "CODE: TEXT"),
        ("clock", "7wd", "none of"),
        ("clock", "5wd nothing", "no measure"),
        ("verified", "perhaps", "none of"),
        ("key", "V999", "no key"),
    ],
)
def test_a_bad_field_is_refused_with_file_line_and_column(
    tmp_path: Path, column: str, value: str, said: str
) -> None:
    message = refused(tmp_path, table({**GOOD, "id": "XX-0"}, {**GOOD, column: value}))
    assert said in message
    assert "own.csv, line 3, column " in message
    assert "\n" not in message


def test_other_damage_is_refused(tmp_path: Path) -> None:
    assert "first line" in refused(tmp_path, "a,b,c\n1,2,3\n")
    assert "first line" in refused(tmp_path, "")
    assert "23 fields where 24" in refused(tmp_path, table() + ",".join("x" * 23) + "\n")
    assert "line 2" in refused(tmp_path, table() + '"open,' + "x," * 22 + "\n")
    assert "there twice" in refused(tmp_path, table(GOOD, GOOD))
    path = tmp_path / "own.csv"
    path.write_bytes(b"\xff\xfe" + table(GOOD).encode("utf-16-le"))
    with pytest.raises(LawError, match="UTF-8"):
        check(path)
    with pytest.raises(LawError, match="cannot be read"):
        check(tmp_path / "nothing.csv")


def test_the_example_of_the_page_is_good(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "law.md").read_text(encoding="utf-8")
    path = tmp_path / "example.csv"
    path.write_text(page.partition("```csv\n")[2].partition("```")[0], encoding="utf-8")
    assert check(path) == ("measures", 1)


@settings(deadline=None, max_examples=60)
@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_make_a_crash(tmp_path_factory: pytest.TempPathFactory, raw: bytes, headed: bool) -> None:
    path = tmp_path_factory.getbasetemp() / "raw.csv"
    path.write_bytes(table().encode() + raw if headed else raw)
    try:
        said = check(path)[0]
    except LawError as error:
        said = str(error)
    assert said == "measures" or "raw.csv" in said


def test_a_good_file_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("\ufeff" + table(GOOD, {**GOOD, "id": "XX-2"}) + "\n", encoding="utf-8")
    assert check(path) == ("measures", 2)


@settings(deadline=None, max_examples=150)
@given(st.sampled_from(sorted(GOOD)), st.text(max_size=30))
def test_no_text_in_a_field_makes_a_crash(
    tmp_path_factory: pytest.TempPathFactory, column: str, text: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(table({**GOOD, column: text}).encode("utf-8", "surrogatepass"))
    try:
        said = str(check(path))
    except LawError as error:
        said = str(error)
    assert said == "('measures', 1)" or "any.csv" in said


def test_rows_of_the_desks_own_count_and_are_marked(tmp_path: Path) -> None:
    folder = tmp_path / "law"
    folder.mkdir()
    (folder / "kaz.csv").write_text(table(GOOD), encoding="utf-8")
    (folder / "positions.csv").write_text(
        table(
            {
                "dispute": "snapback-2025",
                "state": "KAZ",
                "position": "rejects",
                "from": "2025-10-01",
                "until": "",
                "verified": "no",
                "key": "",
                "note": "",
                "source": "note of the ministry",
            },
            kind="positions",
        ),
        encoding="utf-8",
    )
    rules = load(tmp_path)
    asked = Question("KAZ", date(2021, 1, 1), origins=("PRK",), destinations=("CUB",))
    before = advice(asked, RULES)
    after = advice(asked, rules)
    assert before.options[0].duty == "may"
    assert after.options[0].option == "refuse-overflight"
    own = next(m for m in after.options[0].measures if m.id == "XX-1")
    assert own.own
    assert after.options[0].duty == "must"
    row = rules.position("snapback-2025", "KAZ", date(2025, 12, 1))
    assert row is not None
    assert row.own
    (folder / "bad.csv").write_text(table({**GOOD, "id": "XX-9", "source": ""}), encoding="utf-8")
    with pytest.raises(LawError, match=r"bad\.csv, line 2, column source: the row has no source"):
        load(tmp_path)
    assert load(tmp_path / "nowhere") is RULES


def test_every_shipped_row_has_a_source_and_verified_ones_their_copy() -> None:
    for path in DATA.glob("*.csv"):
        rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        assert rows, path.name
        for row in rows:
            assert row["source"].strip(), (path.name, row)
            if row.get("verified") == "yes" and "key" in row and path.name != "sources.csv":
                assert row["key"], (path.name, row)


def test_every_row_begins_and_ends_on_its_day() -> None:
    """Read with nothing but the csv module: in force on the first day and not the day before."""
    seen = 0
    for path in ("measures_un.csv", "measures_autonomous.csv", "conventions.csv"):
        text = (DATA / path).read_text(encoding="utf-8")
        for row in csv.DictReader(io.StringIO(text, newline="")):
            measure = RULES.measure(row["id"])
            first = date.fromisoformat(row["in_force_from"][:10])
            assert measure.period(first) is not None
            assert measure.period(first - timedelta(days=1)) is None, row["id"]
            if until := row["in_force_until"]:
                last = date.fromisoformat(until[:10])
                whole = "T" not in until or "T00:00Z" in until
                after = measure.period(last)
                # A later period, such as a contested one, has a beginning of its own.
                assert after is None or not whole or after.status != "in force", row["id"]
                assert measure.period(last - timedelta(days=1)) is not None
            seen += 1
    assert seen == len(RULES.measures) >= 100


#: What the reference calls unverified must never be shown as verified.
DOUBTFUL = (
    *("1718-8a", "1718-8b", "1718-8f", "1874-11", "1874-14/15", "2087", "2094-16", "2270-19", "2321-20"),
    *("2375", "2397-7", "2397-9", "1737-7", "1803-11", "1803-12", "1929-14", "1929-16", "1929-17"),
    *("1540-2/3", "1540-10", "1970-11", "1973-13", "1973-18", "1267-4a", "1333-11", "EU-2012-36"),
    *("CHI-13", "PSI-4e1", "PSI-4e2", "PSI-4f"),
)
CHECKED = (
    *("1874-10", "1874-17", "2094-18", "2270-18", "2270-21", "2270-31", "2321-13", "2321-15", "2321-21"),
    *("2321-30", "1737-3/4", "1747-5", "1747-6", "1835", "1929-8", "1929-18", "1929-20", "2231-B5"),
    *("2231-B6b", "2231-B4", "670-3/4", "748-4a", "1070-3", "1701-15", "1973-6", "UK-2019-411-65"),
    *("CHI-1", "CHI-5-landing", "CHI-6", "CHI-9", "CHI-16", "CHI-35a", "CHI-3bis-a"),
)


def test_marks_of_verification() -> None:
    for name in DOUBTFUL:
        measure = RULES.measure(name)
        assert not measure.verified, name
        assert measure.unverified, name
    for name in CHECKED:
        assert RULES.measure(name).verified, name
    assert not next(e for e in RULES.measure("2270-21").exemptions if e.code == "emergency").verified
    found = calendar("DEU", date(2016, 3, 2), rules=RULES)
    for _, view in found.measures:
        if not view.verified:
            assert view.unverified


def test_endorsers_of_the_principles_are_dated() -> None:
    for state, day, held in (
        ("DEU", "2003-09-03", None),
        ("DEU", "2003-09-04", "endorsed"),
        ("RUS", "2010-01-01", "endorsed"),
        ("RUS", "2022-06-01", "suspended"),
        ("KOR", "2009-05-26", None),
        ("KOR", "2009-05-27", "endorsed"),
        ("THA", "2012-11-30", "endorsed"),
        ("GHA", "2024-02-02", "endorsed"),
        ("KAZ", "2004-11-12", "supports"),
        ("IND", "2008-08-07", "opposed"),
        ("PAK", "2016-01-01", "not listed"),
    ):
        row = RULES.endorsement(state, date.fromisoformat(day))
        assert (row.status if row else None) == held, (state, day)
    principle = RULES.measure("PSI-4e1")
    assert RULES.speaks_to(principle, "TUR", date(2009, 6, 1))
    assert not RULES.speaks_to(principle, "UZB", date(2020, 1, 1))  # since when is not known
    assert not RULES.speaks_to(principle, "KAZ", date(2020, 1, 1))
