"""Red flags: each is raised by what it is for, and by nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from geographiclib.geodesic import Geodesic

from overflight.permit import (
    FLAGS,
    Application,
    Fault,
    Flag,
    KnownUse,
    Register,
    Sector,
    flags,
    read_message,
    to_flight,
    uses_of,
)
from overflight.permit.plan_form import application_of
from overflight.permit.reach import best_range_km, geodesic_km, known_type

DAY = date(2008, 8, 7)
CLEAN = Application(
    operator="Air Koryo",
    operator_code="KOR",
    operator_state="PRK",
    register_state="PRK",
    registrations=("P-885",),
    type="Il-62M",
    hex="720123",
    call_sign="KOR621",
    flight_kind="civil non-scheduled",
    sectors=(
        Sector("ZKPY", "OIIE", datetime(2008, 8, 7, 3, tzinfo=UTC), datetime(2008, 8, 7, 11, tzinfo=UTC)),
    ),
    true_origin="ZKPY",
    true_destination="Tehran",
)


def kinds(found: tuple[Flag, ...]) -> list[str]:
    return [one.kind for one in found]


def test_a_plain_application_raises_none() -> None:
    assert flags(CLEAN) == ()


def sector(
    origin: str, destination: str, start: int | None = 3, end: int | None = None
) -> tuple[Sector, ...]:
    times = [
        datetime(2008, 8, 7, hour, tzinfo=UTC) if hour is not None else DAY for hour in (start, end or 3)
    ]
    return (Sector(origin, destination, times[0], times[1] if end else None),)


CASES = [
    ("true-origin", {"true_origin": None}),
    ("true-origin", {"true_origin": "RJTT"}),
    ("true-destination", {"true_destination": "Damascus"}),
    ("range-impossible", {"sectors": sector("ZKPY", "MUHA"), "true_destination": "MUHA"}),
    (
        "range-doubtful",
        {
            "type": "Il-76TD",
            "sectors": sector("ZKPY", "HECA"),
            "true_destination": "HECA",
            "cargo_t": 1.0,
            "consignee": "X",
            "consignor": "Y",
        },
    ),
    (
        "payload-impossible",
        {
            "cargo_t": 60.0,
            "consignee": "X",
            "consignor": "Y",
            "sectors": sector("ZKPY", "ZBAA"),
            "true_destination": "ZBAA",
        },
    ),
    ("times-impossible", {"sectors": sector("ZKPY", "OIIE", 3, 2)}),
    ("times-impossible", {"sectors": sector("ZKPY", "OIIE", 3, 6)}),
    ("times-impossible", {"sectors": sector("ZKPY", "ZBAA", 3, 23), "true_destination": "ZBAA"}),
    ("times-impossible", {"sectors": (Sector("ZKPY", "VYMD", DAY), Sector("VYYY", "OIIE"))}),
    (
        "times-impossible",
        {"entry_time": datetime(2008, 8, 7, 6, tzinfo=UTC), "exit_time": datetime(2008, 8, 7, 5, tzinfo=UTC)},
    ),
    ("times-impossible", {"entry_time": datetime(2008, 8, 7, 1, tzinfo=UTC)}),
    ("three-states", {"owner_state": "NZL", "charterer_state": "HKG"}),
    ("operator-registration", {"registrations": ("4L-AWA",), "register_state": None, "hex": None}),
    ("operator-code", {"call_sign": "IRA621"}),
    ("operator-code", {"operator": "Iran Air"}),
    ("registry", {"register_state": "GEO"}),
    ("address", {"hex": "730123"}),
    ("address", {"hex": "000000"}),
    ("type-weight", {"mtow_t": 90.0}),
    ("type-unknown", {"type": "Flying carpet"}),
    ("cargo-vague", {"cargo": "Spare  Parts", "consignee": "X", "consignor": "Y"}),
    ("consignee-absent", {"cargo": "flowers", "consignor": "Y"}),
    ("munitions", {"munitions": True}),
    ("entry-exit", {"stated": frozenset({"entry_point"})}),
    ("return-empty", {"return_empty": True}),
    ("unreadable", {"faults": (Fault(2, "ETD", "'x' is no day"),)}),
]


@pytest.mark.parametrize(
    ("kind", "changes"), CASES, ids=lambda value: value if isinstance(value, str) else ""
)
def test_each_flag_has_its_cause(kind: str, changes: dict[str, object]) -> None:
    found = flags(replace(CLEAN, **changes))  # type: ignore[arg-type]
    assert kinds(found) == [kind]
    assert all(one.what and one.grounds for one in found)


def test_every_kind_is_tested() -> None:
    later = {"type-registration", "registration-reused", "call-sign-reused"}
    assert {kind for kind, _ in CASES} | later == set(FLAGS)


def test_known_uses() -> None:
    serial = replace(CLEAN, serial="1234")
    use = KnownUse(
        registration="P885", serial="9999", type="IL76", call_sign="KOR621", source="register of 2007"
    )
    assert kinds(flags(serial, [use])) == ["type-registration", "registration-reused"]
    assert kinds(flags(serial, [KnownUse(registration="P-881", serial="1234", type="IL62")])) == [
        "registration-reused"
    ]
    # A serial number is the maker's own: another type may carry the same.
    assert flags(serial, [KnownUse(registration="P-881", serial="1234", type="B744")]) == ()
    other = KnownUse(registration="P-881", call_sign="KOR621", since=date(2008, 8, 1), until=date(2008, 8, 9))
    assert kinds(flags(CLEAN, [other])) == ["call-sign-reused"]
    assert flags(CLEAN, [replace(other, until=date(2008, 8, 2))]) == ()
    assert flags(CLEAN, [KnownUse(registration="P-885", type="IL62", hex="720123")]) == ()


def test_many_contradictions_are_counted() -> None:
    serials = [KnownUse(registration="P-885", serial=str(n), source=f"row {n}") for n in range(10)]
    found = flags(replace(CLEAN, serial="1234"), serials)
    assert [one.what for one in found][-1] == "7 more known uses disagree"
    assert len(found) == 4


def test_a_batch_knows_itself() -> None:
    register = Register()
    other = replace(CLEAN, registrations=("P-881",), hex=None)
    found = []
    for application in (CLEAN, other, CLEAN):
        found.append(kinds(flags(application, register)))
        for use in uses_of(application):
            register.add(use)
    assert found == [[], ["call-sign-reused"], ["call-sign-reused"]]
    assert flags(replace(CLEAN, sectors=sector("ZKPY", "OIIE")), register)[0].grounds == "application, row 1"


def test_the_bangkok_case() -> None:
    found = flags(
        Application(
            operator="Air West",
            operator_code="AWG",
            charterer_state="HKG",
            owner_state="NZL",
            registrations=("4L-AWA",),
            type="IL76",
            call_sign="AWG732",
            sectors=(Sector("ZKPY", "VTBD", date(2009, 12, 11)),),
            cargo="oil industry spare parts",
            cargo_t=35,
        )
    )
    assert {"true-origin", "true-destination", "three-states", "cargo-vague", "consignee-absent"} == set(
        kinds(found)
    )


def test_a_plan_is_not_asked_for_what_it_has_no_field_for() -> None:
    text = "(FPL-KOR621-IN-IL62/H-S/C-ZKPY0400-K0850S1060 DCT-OIIE0815-DOF/260801 REG/P885 CODE/720123)"
    message = read_message(text).message
    assert message is not None
    assert flags(application_of(message)) == ()
    light = read_message(text.replace("IL62/H", "IL62/M")).message
    assert light is not None
    assert kinds(flags(application_of(light))) == ["type-weight"]
    wrong = read_message(text.replace("720123", "730123")).message
    assert wrong is not None
    assert kinds(flags(application_of(wrong))) == ["address"]


def test_lengths_agree_with_another_geodesic() -> None:
    stops = to_flight(CLEAN).legs[0]
    expected = Geodesic.WGS84.Inverse(
        stops.origin.lat, stops.origin.lon, stops.destination.lat, stops.destination.lon
    )
    assert geodesic_km(stops.origin.lonlat, stops.destination.lonlat) == pytest.approx(
        expected["s12"] / 1000, abs=1e-6
    )
    assert expected["s12"] / 1000 == pytest.approx(6426.1, abs=2)


def test_more_load_never_reaches_further() -> None:
    for name in ("IL62", "IL76", "A124", "B744F", "B742", "T204", "AN26"):
        kind = known_type(name)
        assert kind is not None
        found = [best_range_km(kind, load) for load in (None, 0, 5, 10, 20, 40, 80, 120, 150)]
        reaches = [one[0] for one in found if one]
        assert reaches == sorted(reaches, reverse=True)
