"""Every importer on an invented file of its publisher's format: what stands where."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from list_samples import SETS, entities, identifiers, links, names, paths

from overflight.errors import InputError
from overflight.screening import Identifier, Name
from overflight.screening.lists import read
from overflight.screening.lists.text import clean, country, day, day_first, items, month_first, partial_day

DAY = date(2026, 9, 16)


@pytest.mark.parametrize("name", sorted(SETS))
def test_every_format_states_its_day_or_asks_for_it(name: str) -> None:
    kind, _, given = SETS[name]
    found = read(kind, paths(name))
    assert found.published == (None if given else DAY)
    assert not found.doubts
    assert all(one.list == kind for one in found.entities)


def test_ofac_aircraft_are_taken_apart() -> None:
    one = entities("ofac-csv")["102"]
    assert one.schema == "Airplane"
    assert identifiers(one) == [
        ("registration", "EX-AAA", ""),
        ("registration", "EX-ZZZ", "previous"),
        ("construction", "8401", ""),
        ("serial", "1000000001", ""),
        ("hex", "600123", ""),
        ("registration", "4L-AAA", "previous"),
    ]
    assert (one.model, one.built, one.countries) == ("IL76-TD", "28 Aug 2002", ("KGZ",))
    assert links(one) == [
        ("operator", "EXERCISE AIRLINES", "101"),
        ("linked-to", "EXERCISE AIRLINES", "101"),
    ]


def test_an_aircraft_named_by_its_serial_has_its_registration_in_the_remarks() -> None:
    one = entities("ofac-csv")["103"]
    assert identifiers(one) == [("serial", "777", ""), ("registration", "EX-AAB", "")]
    assert links(one) == [("operator", "EXERCISE CARGO", None)]


def test_ofac_people_vessels_and_bodies() -> None:
    found = entities("ofac-csv")
    body, vessel, person = found["101"], found["104"], found["105"]
    assert names(body) == [
        ("primary", "EXERCISE AIRLINES"),
        ("strong", "AIR EXERCISE"),
        ("former", "EXERCISE MINHANG"),
    ]
    assert body.programs == ("EXR1", "EXR2")
    assert body.countries == ("PRK", "IRN")
    assert body.addresses == ("1 Example Street, Exampleville, Korea, North", "Tehran, Iran")
    assert ("former", "EXERCISE MOON") in names(vessel)
    assert {("imo", "9999901", ""), ("mmsi", "999990001", ""), ("callsign", "EXRC", "")} == set(
        identifiers(vessel)
    )
    assert links(vessel) == [("owner", "EXERCISE SHIPPING LTD.", None)]
    assert names(person)[-1] == ("weak", "EXY")
    assert person.birth_dates == ("1951-05-26", "circa 1952")
    assert person.identifiers == (
        Identifier("passport", "X0000001", date(1999, 5, 26), date(2004, 5, 25), "Korea, North"),
    )


def test_remarks_cut_at_a_thousand_characters_are_joined() -> None:
    one = entities("ofac-csv")["106"]
    assert [v for k, v, _ in identifiers(one) if k == "phone"] == [f"{n:010d}" for n in range(60)]
    assert links(one) == [("linked-to", "EXERCISE AIRLINES", "101")]


def test_the_three_ofac_formats_agree_on_an_aircraft() -> None:
    csv, xml, advanced = (entities(name)["102"] for name in ("ofac-csv", "ofac-xml", "ofac-advanced"))
    assert csv.caption == xml.caption == advanced.caption == "EX-AAA"
    assert csv.model == xml.model == advanced.model == "IL76-TD"
    for kind in ("serial", "hex"):
        values = [{i.value for i in one.identifiers if i.kind == kind} for one in (csv, xml, advanced)]
        assert values[0] == values[1] == values[2] != set()
    for one in (csv, xml, advanced):
        assert ("operator", "EXERCISE AIRLINES", "101") in links(one)


def test_ofac_standard_xml() -> None:
    found = entities("ofac-xml")
    body = found["101"]
    assert names(body)[1:] == [("strong", "AIR EXERCISE"), ("former", "EXERCISE MINHANG"), ("weak", "EXY")]
    assert links(body) == [("linked-to", "EXERCISE HOLDING", None)]
    assert "Unheard Of Number 777" in body.remarks
    assert found["105"].identifiers[0].until == date(2004, 5, 25)
    assert found["104"].model == "General Cargo"


def test_ofac_advanced_xml() -> None:
    found = entities("ofac-advanced")
    body, person = found["101"], found["105"]
    assert body.names[1] == Name("تمرین", "strong", script="Arab")
    assert body.listed_on == date(2011, 10, 12)
    assert body.sources == ("SDN List",)
    assert identifiers(body) == [("wallet", "1EXERCISEexerciseEXERCISE", "XBT")]
    assert person.caption == "TESTPERSON, Exercise"
    assert person.birth_dates == ("circa 1951",)
    assert person.countries == ("PRK",)
    assert links(person) == [("previous-providing-support-to", "EXERCISE AIRLINES", "101")]
    assert ("owner", "EXERCISE AIRLINES", "101") in links(found["102"])


def test_un() -> None:
    found = entities("un")
    person, body, ended = found["EXi.001"], found["EXe.001"], found["EXe.002"]
    assert names(person) == [
        ("primary", "EXERCISE TESTPERSON"),
        ("strong", "تمرین"),
        ("strong", "Ex Testperson"),
        ("strong", "Exer Testperson"),
        ("weak", "Exy"),
    ]
    assert person.listed_on == date(2015, 4, 7)  # a day with a zone
    assert person.amended_on == date(2020, 11, 2)
    assert person.birth_dates == ("circa 1951", "1950 to 1952")
    assert person.countries == ("PRK",)
    assert ("former", "Exercise Minhang") in names(body)
    assert ("imo", "9999901", "in the comments") in identifiers(body)
    assert ended.delisted_on == date(2016, 1, 17)


def test_eu() -> None:
    found = entities("eu")
    body, person = found["EU.999.01"], found["EU.999.02"]
    assert names(body) == [
        ("primary", "Exercise Airlines"),
        ("strong", "Авиакомпания Учение"),
        ("weak", "Exy"),
    ]
    assert body.names[1].lang == "ru"
    assert body.listed_on == date(2010, 7, 26)
    assert ("swift", "EXRCIRTH", "IRAN (ISLAMIC REPUBLIC OF)") in identifiers(body)
    assert (person.caption, person.schema) == ("Exercise TESTPERSON", "Person")
    assert person.listed_on is None  # the act it names is no listing date
    assert person.amended_on == date(2016, 12, 8)
    assert identifiers(person)[0][2].endswith("expired")


@pytest.mark.parametrize("name", ["uk-csv", "uk-xml"])
def test_uk_sanctions_list(name: str) -> None:
    found = entities(name)
    body, person, ship = found["EXR0001"], found["EXR0002"], found["EXR0003"]
    assert {("primary", "EXERCISE AIRLINES"), ("strong", "AIR EXERCISE"), ("weak", "EXY")} <= set(names(body))
    assert links(body) == [("parent", "EXERCISE HOLDING", None)]
    assert body.listed_on == date(2012, 6, 29)
    assert (person.caption, person.birth_dates) == ("Exercise TESTPERSON", ("1951",))
    assert identifiers(person) == [("passport", "X0000001", "North Korea number")]
    assert identifiers(ship) == [("imo", "9999901", "")]
    assert (ship.schema, ship.model, ship.built, ship.countries) == (
        "Vessel",
        "Bulk Carrier",
        "2011",
        ("COM",),
    )
    assert links(ship) == [("owner", "EXERCISE SHIPPING LTD", None)]


def test_ofsi() -> None:
    found = entities("ofsi-csv")
    body, person, ship = found["90001"], found["90002"], found["90003"]
    assert names(body) == [("primary", "EXERCISE AIRLINES"), ("strong", "AIR EXERCISE"), ("weak", "EXY")]
    assert (body.listed_on, body.amended_on) == (date(2009, 4, 24), date(2022, 5, 13))
    assert {("website", "www.example.test", ""), ("registration-number", "12345", "")} == set(
        identifiers(body)
    )
    assert person.countries == ("PRK", "IRN")
    assert [(v, n) for _, v, n in identifiers(person)] == [
        ("X0000001", "North Korea number"),
        ("X0000002", "Iran number"),
    ]
    assert identifiers(ship) == [("imo", "9999901", "")]
    assert entities("ofsi-xml")["90003"].built == "2011"
    assert names(entities("ofsi-xml")["90001"]) == [("primary", "EXERCISE AIRLINES"), ("weak", "EXY")]


def test_opensanctions() -> None:
    found = entities("ftm-json")
    assert sorted(found) == ["exr-1", "exr-2", "exr-3"]  # exr-4 holds an office and is not sanctioned
    assert [one.kind for one in found["exr-1"].names] == ["primary", "strong", "former", "acronym", "weak"]
    assert found["exr-1"].listed_on == date(2011, 10, 12)
    assert set(identifiers(found["exr-2"])) == {
        ("registration", "EX-AAA", ""),
        ("registration", "600123", ""),
        ("hex", "600123", "given as a registration number"),
        ("serial", "1000000001", ""),
    }
    assert links(found["exr-2"]) == [
        ("operator", "Exercise Airlines", "exr-1"),
        ("owner", "Exercise Airlines", "exr-1"),
    ]
    assert found["exr-3"].delisted_on == date(2016, 1, 17)
    simple = entities("simple-csv")
    assert sorted(simple) == ["exr-1", "exr-2"]
    assert ("registration", "EX-AAA", "") in identifiers(simple["exr-2"])


@pytest.mark.parametrize(
    ("kind", "file", "says"),
    [
        ("un", "sdn.xml", "is XML with the root sdnList, and no file of un"),
        ("eu", "un.xml", "no file of eu"),
        ("un", "ConList.csv", "is not XML, and no file of un"),
        ("uk", "ConList.csv", "does not begin with its day"),
        ("ofac-sdn", "sdn.csv", "the set is not whole: alt.csv"),
        ("ofac-sdn", "targets.simple.csv", "rows of 16 fields"),
        ("nothing", "un.xml", "is no kind of list"),
    ],
)
def test_a_file_of_another_list_is_refused(kind: str, file: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(kind, [paths("un")[0].parent / file])


def test_ofac_pieces_must_belong_together(tmp_path: Path) -> None:
    files = {path.name: path.read_bytes() for path in paths("ofac-csv")}

    def attempt(**changed: bytes) -> str:
        for name, data in {**files, **{f"{k}.csv": v for k, v in changed.items()}}.items():
            (tmp_path / name).write_bytes(data)
        with pytest.raises(InputError) as caught:
            read("ofac-sdn", sorted(tmp_path.iterdir()))
        return str(caught.value)

    assert "alt.csv, line 1" in attempt(alt=files["alt.csv"].replace(b"101,1", b"999,1"))
    assert "add.csv, line 3: belongs to entry 777" in attempt(
        add=files["add.csv"].replace(b"102,3", b"777,3")
    )
    assert "no type of alias" in attempt(alt=files["alt.csv"].replace(b'"fka"', b'"xka"'))
    assert "entry 104 is there twice" in attempt(sdn=files["sdn.csv"].replace(b"105,", b"104,"))
    assert "go on in the comments file" in attempt(
        sdn_comments=files["sdn_comments.csv"].replace(b"106,", b"101,")
    )
    assert "not in the set" in attempt(sdn_comments=files["sdn_comments.csv"] + b'999,"x"\r\n')


def test_standard_xml_must_have_the_records_it_states(tmp_path: Path) -> None:
    path = tmp_path / "sdn.xml"
    path.write_bytes(paths("ofac-xml")[0].read_bytes().replace(b"<Record_Count>4", b"<Record_Count>5"))
    with pytest.raises(InputError, match="states 5 records and has 4"):
        read("ofac-sdn", [path])


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x SYSTEM "http://example.test/x.dtd">',
        '<!DOCTYPE lolz [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>',
    ],
)
def test_a_document_type_is_refused(tmp_path: Path, head: str) -> None:
    path = tmp_path / "un.xml"
    text = paths("un")[0].read_text(encoding="utf-8")
    path.write_text(text.replace("<CONSOLIDATED_LIST", f"{head}<CONSOLIDATED_LIST", 1), encoding="utf-8")
    with pytest.raises(InputError, match="has a document type"):
        read("un", [path])


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "un.xml"
    path.write_text("<CONSOLIDATED_LIST>" + "<a>" * 5000 + "</a>" * 5000 + "</CONSOLIDATED_LIST>")
    with pytest.raises(InputError, match="nested too deep"):
        read("un", [path])


def test_an_unknown_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "un.xml"
    path.write_bytes(b'<?xml version="1.0" encoding="UTFz-8"?><CONSOLIDATED_LIST/>')
    with pytest.raises(InputError, match="encoding that nobody knows"):
        read("un", [path])


def test_a_list_in_which_nobody_has_a_name_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "un.xml"
    path.write_text(
        "<CONSOLIDATED_LIST dateGenerated='2026-01-01'>"
        "<ENTITY><DATAID>1</DATAID></ENTITY></CONSOLIDATED_LIST>"
    )
    with pytest.raises(InputError, match="has no entries"):
        read("un", [path])


def test_days_as_publishers_write_them() -> None:
    assert day("2015-04-07-04:00") == day("2015-04-07T00:00:00Z") == day("07 Apr 2015") == date(2015, 4, 7)
    assert day_first("07/04/2015") == month_first("04/07/2015") == date(2015, 4, 7)
    assert day_first("16-Sep-2026") == DAY
    assert day("2015-13-01") is day("yesterday") is day_first("31/02/2015") is None
    assert partial_day("00/00/1958") == "1958"
    assert items("(1) A (2) B") == ["A", "B"]
    assert country("Congo, Republic of the") == "COG"
    assert country("nowhere") is None


@given(st.text())
def test_clean_text_is_clean(text: str) -> None:
    line = clean(text)
    assert clean(line) == line
    line.encode("utf-8")
    assert "\n" not in line
    assert "\x00" not in line


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)))
def test_every_day_is_read_in_every_style(one: date) -> None:
    month = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")[
        one.month - 1
    ]
    year = f"{one.year:04d}"
    assert day(one.isoformat()) == day(f"{one.day:02d} {month} {year}") == one
    assert day_first(f"{one.day:02d}/{one.month:02d}/{year}") == one
    assert month_first(f"{one.month:02d}/{one.day:02d}/{year}") == one
    assert partial_day(f"{one.day:02d}/{one.month:02d}/{year}") == one.isoformat()
