"""Applications in order: each verdict written by hand, and what must not change it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from exercise_permits import DAY, PLAIN, desk_with_lists, table

from overflight.errors import InputError
from overflight.permit import FLAGS, KnownUse
from overflight.screening.screener import NoListsError
from overflight.screening.triage import FLAG_KINDS, LEVELS, Desk, survey

TODAY = date(2026, 3, 20)

#: Row, what differs from a plain application, and by hand: level, band of the best match, red flags.
BY_HAND: list[tuple[dict[str, str], str, str | None, set[str]]] = [
    ({"call sign": "XXX101"}, "nothing", None, set()),
    (
        {"call sign": "XXX102", "registration": "D-AXXB", "true origin": ""},
        "look",
        None,
        {"true-origin"},
    ),
    (
        {"call sign": "XXX103", "registration": "D-AXXC", "true destination": "OIIE"},
        "look",
        None,
        {"true-destination"},
    ),
    (
        {
            "call sign": "XXX104",
            "registration": "D-AXXD",
            "type": "A320",
            "cargo weight t": "2",
            "from": "SBGR",
            "true origin": "SBGR",
            "eta": "",
        },
        "look",
        None,
        {"range-impossible"},
    ),
    (
        {
            "call sign": "XXX105",
            "registration": "D-AXXE",
            "type": "IL76",
            "cargo weight t": "120",
            "from": "OPKC",
            "true origin": "OPKC",
            "eta": "",
        },
        "look",
        None,
        {"payload-impossible"},
    ),
    (
        {"call sign": "XXX106", "registration": "D-AXXF", "eta": "10:30"},
        "ask",
        None,
        {"times-impossible"},
    ),
    (
        {
            "call sign": "XXX107",
            "registration": "D-AXXG",
            "owner": "Sample Leasing",
            "owner state": "United Arab Emirates",
            "charterer": "Sample Brokers",
            "charterer state": "Seychelles",
        },
        "look",
        None,
        {"three-states"},
    ),
    (
        {"call sign": "XXX108", "registration": "D-AXXH", "msn": "1001"},
        "look",
        None,
        {"registration-reused"},
    ),
    (
        {"call sign": "XXX109", "registration": "D-AXXH", "msn": "1002"},
        "look",
        None,
        {"registration-reused"},
    ),
    (
        {"call sign": "XXX110", "registration": "EX-76001", "state of registry": "Kyrgyzstan"},
        "ask",
        None,
        {"operator-registration"},
    ),
    (
        {
            "call sign": "XXX111",
            "operator state": "Kyrgyzstan",
            "registration": "EX-76004",
            "state of registry": "Kyrgyzstan",
            "24-bit address": "720001",
        },
        "look",
        None,
        {"address"},
    ),
    (
        {"call sign": "KOR112", "registration": "D-AXXJ", "operator code": "XXX"},
        "look",
        None,
        {"operator-code"},
    ),
    (
        {"call sign": "XXX113", "registration": "D-AXXK", "cargo": "spare parts"},
        "ask",
        None,
        {"cargo-vague"},
    ),
    (
        {"call sign": "XXX114", "registration": "D-AXXL", "consignee": ""},
        "ask",
        None,
        {"consignee-absent"},
    ),
    (
        {"call sign": "XXX115", "registration": "D-AXXM", "munitions": "yes"},
        "look",
        None,
        {"munitions"},
    ),
    (
        {"call sign": "XXX116", "registration": "D-AXXN", "return empty": "yes", "exit point": ""},
        "ask",
        None,
        {"return-empty", "entry-exit"},
    ),
    (
        {"call sign": "XXX117", "registration": "D-AXXO", "type": "Sample Jet 9", "mtow t": "20"},
        "ask",
        None,
        {"type-unknown"},
    ),
    (
        {"call sign": "XXX118", "registration": "D-AXXP", "mtow t": "30", "cargo weight t": "2"},
        "ask",
        None,
        {"type-weight"},
    ),
    (
        {"call sign": "XXX119", "registration": "EX-76002", "operator state": "Kyrgyzstan"},
        "look",
        None,
        {"registry"},
    ),
    ({"call sign": "XXX120", "registration": "D-AXXQ"}, "ask", None, {"call-sign-reused"}),
    ({"call sign": "XXX120", "registration": "D-AXXR"}, "ask", None, {"call-sign-reused"}),
    ({"call sign": "XXX121", "registration": "D-AXXS"}, "look", None, {"operator-differs"}),
    (
        {"call sign": "XXX122", "registration": "D-AXXS", "operator": "Specimen Charter"},
        "look",
        None,
        {"operator-differs"},
    ),
    ({"call sign": "XXX123", "registration": "D-AXXT", "type": "A332"}, "look", None, {"type-registration"}),
    ({"call sign": "XXX124", "registration": "D-AXXT", "type": "B744"}, "look", None, {"type-registration"}),
    # A listed aircraft of its listed operator.
    (
        {
            "call sign": "XXX125",
            "operator": "Exercise Air Lines",
            "operator state": "Kyrgyzstan",
            "registration": "EX-AAA",
            "state of registry": "Kyrgyzstan",
            "type": "IL76",
            "msn": "1000000001",
        },
        "hit",
        "exact",
        {"registry"},  # letters, where the register's form is digits
    ),
    # The registration of a listed aircraft on another airframe, for another operator.
    (
        {
            "call sign": "XXX126",
            "operator state": "Kyrgyzstan",
            "registration": "EX-BBB",
            "state of registry": "Kyrgyzstan",
            "msn": "4711",
        },
        "look",
        "possible",
        {"registry", "registration-reused", "operator-differs"},
    ),
    # A listed airframe under another registration.
    (
        {
            "call sign": "XXX127",
            "operator": "Sample Cargo",
            "operator state": "Kyrgyzstan",
            "registration": "EX-76003",
            "state of registry": "Kyrgyzstan",
            "type": "IL76",
            "msn": "1000000003",
        },
        "hit",
        "exact",
        {"registration-reused", "operator-differs"},
    ),
    (
        {"call sign": "XXX128", "registration": "D-AXXU", "consignee": "Air Exercise Ltd"},
        "hit",
        "exact",
        set(),
    ),
    ({"call sign": "XXX129", "registration": "D-AXXV", "owner": "Exercise Cargo"}, "look", "possible", set()),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return desk_with_lists(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def triage(home: Path, tmp_path: Path) -> Callable[..., dict[str, Any]]:
    def run(text: str | bytes, **more: Any) -> dict[str, Any]:
        file = tmp_path / "permits.csv"
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        given: dict[str, Any] = {"today": TODAY, "state": "IND"} | more
        with survey(file, Desk(home, **given)) as found:
            return found.head() | {"applications": list(found.documents())}

    return run


def told(found: dict[str, Any]) -> dict[tuple[str, str], tuple[str, str | None, frozenset[str]]]:
    """Level, band and flags of each application, whatever its row."""
    out = {}
    for one in found["applications"]:
        if one["application"] is None:
            continue
        stated = one["application"]
        band = one["matches"][0]["band"] if one["matches"] else None
        flags = frozenset(flag["kind"] for flag in one["flags"])
        out[stated["call_sign"], stated["registrations"][0]] = one["level"], band, flags
    return out


def test_verdicts_written_by_hand(triage: Callable[..., dict[str, Any]]) -> None:
    found = told(triage(table([row for row, *_ in BY_HAND])))
    assert len(found) == len(BY_HAND)
    for row, level, band, flags in BY_HAND:
        whole = PLAIN | row
        assert found[whole["call sign"], whole["registration"]] == (level, band, flags), row


def test_every_kind_of_flag_is_in_the_hand_made_file() -> None:
    shown = {kind for *_, flags in BY_HAND for kind in flags}
    # A range within the spread and an unreadable field have tests of their own.
    assert shown | {"range-doubtful", "unreadable"} == set(FLAG_KINDS)
    assert set(FLAGS) < set(FLAG_KINDS)


def test_the_order_of_rows_changes_no_verdict(triage: Callable[..., dict[str, Any]]) -> None:
    rows = [row for row, *_ in BY_HAND]
    forward = told(triage(table(rows)))
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        assert told(triage(table(rows))) == forward


def test_most_urgent_first(triage: Callable[..., dict[str, Any]]) -> None:
    found = triage(table([row for row, *_ in BY_HAND]) + "half a row\n")
    levels = [list(LEVELS).index(one["level"]) for one in found["applications"]]
    assert levels == sorted(levels)
    assert found["hit"]
    expected = Counter(level for _, level, *_ in BY_HAND) | Counter(unread=1)
    assert found["levels"] == {level: expected[level] for level in LEVELS}
    assert [one["row"] for one in found["applications"]] != sorted(
        one["row"] for one in found["applications"]
    )


def test_a_plain_application_stays_plain(triage: Callable[..., dict[str, Any]]) -> None:
    found = triage(table([{}]))
    one = found["applications"][0]
    assert not found["hit"]
    assert one["level"] == "nothing"
    assert one["matches"] == one["flags"] == []
    assert one["law"]["option"] == "allow"
    assert one["law"]["duty"] == "may"
    assert one["flight"]["legs"][0]["states"][0] == "DEU"
    assert one["flight"]["legs"][0]["states"][-1] == "IND"


def test_one_aircraft_on_many_days_is_no_contradiction(triage: Callable[..., dict[str, Any]]) -> None:
    rows = [{"date": f"2026-03-{day:02d}", "msn": "1001", "type": "A332"} for day in range(1, 21)]
    found = triage(table(rows))
    assert found["levels"]["nothing"] == 20


def test_a_bad_row_costs_itself_only(triage: Callable[..., dict[str, Any]]) -> None:
    lines = table([{}, {"consignee": "Exercise Air Lines"}, {}]).splitlines(keepends=True)
    lines.insert(2, 'XXX,"never closed\n')
    found = triage("".join(lines))
    assert found["rows"] == 4
    assert found["levels"]["unread"] == 1
    assert found["levels"]["hit"] == 1
    bad = next(one for one in found["applications"] if one["level"] == "unread")
    assert bad["row"] == 3
    assert "quotation mark" in bad["fault"]


def test_a_flight_that_cannot_be_made_out_is_screened_all_the_same(
    triage: Callable[..., dict[str, Any]],
) -> None:
    found = triage(table([{"to": "ZZZQ", "consignee": "Exercise Air Lines"}, {"to": "ZZZQ"}]))
    first, second = found["applications"]
    assert first["level"] == "hit"
    assert "ZZZQ" in first["fault"]
    assert first["law"] is None
    assert second["level"] == "unread"


def test_a_party_that_cannot_be_asked_about_is_told_and_the_others_are_asked(
    triage: Callable[..., dict[str, Any]],
) -> None:
    found = triage(table([{"owner": "???", "consignee": "Exercise Air Lines"}]))
    one = found["applications"][0]
    assert one["level"] == "hit"
    assert any(flag["kind"] == "unreadable" and "owner" in flag["what"] for flag in one["flags"])


def test_another_code_page_is_told_row_by_row(triage: Callable[..., dict[str, Any]]) -> None:
    text = table([{}, {"owner": "Über"}]).encode("latin-1")
    found = triage(text)
    assert found["levels"]["nothing"] == 1
    assert [one["fault"] for one in found["applications"] if one["fault"]] == [
        "is not UTF-8; save the file as UTF-8"
    ]


def test_what_cannot_be_worked_with_is_refused(
    triage: Callable[..., dict[str, Any]], tmp_path: Path, home: Path
) -> None:
    for text, word in (
        (b"", "empty"),
        (table([{}]).encode("utf-16"), "not a text file"),
        (table([]).encode(), "no application"),
        ((table([]) + "half\nhalf\n").encode(), "none of 2 rows"),
        (b"This letter says nothing at all.\n", "no permit application"),
    ):
        with pytest.raises(InputError, match=word):
            triage(text)
    with pytest.raises(InputError, match="no such file"):
        survey(tmp_path / "none.csv", Desk(home, TODAY))
    (tmp_path / "some.csv").write_text(table([{}]), encoding="utf-8")
    with pytest.raises(NoListsError, match="no list has been imported"):
        survey(tmp_path / "some.csv", Desk(tmp_path / "elsewhere", TODAY))


# --- law ------------------------------------------------------------------------------------------------

KOREAN = {
    "call sign": "KOR621",
    "operator": "Air Koryo",
    "operator state": "PRK",
    "operator code": "KOR",
    "owner": "",
    "owner state": "",
    "registration": "P-885",
    "state of registry": "PRK",
    "type": "IL62",
    "from": "ZKPY",
    "to": "OIIE",
    "true origin": "ZKPY",
    "true destination": "OIIE",
    "eta": "",
    "etd": "04:00",
    "cargo": "rockets",
    "munitions": "yes",
}


def test_without_a_state_the_weightiest_under_the_route_is_shown(
    triage: Callable[..., dict[str, Any]],
) -> None:
    row = KOREAN | {"date": "2016-03-02"}
    one = triage(table([row]), state="")["applications"][0]
    assert one["level"] == "must"
    law = one["law"]
    assert law["duty"] == "must"
    assert law["state"] != "PRK"
    cited = {(m["instrument"], m["paragraph"]) for m in law["measures"] if m["role"] == "act"}
    assert any(
        "2270" in instrument and paragraph.startswith("paragraph 21") for instrument, paragraph in cited
    )
    under = set(one["flight"]["legs"][0]["states"])
    assert {law["state"], *(other["state"] for other in law["other_states"])} == under


def test_before_the_resolution_nobody_had_to(triage: Callable[..., dict[str, Any]]) -> None:
    one = triage(table([KOREAN | {"date": "2016-03-01"}]), state="CHN")["applications"][0]
    assert one["law"]["duty"] == "may"
    assert one["level"] != "must"


def test_a_state_off_the_great_circle_is_asked_and_told(triage: Callable[..., dict[str, Any]]) -> None:
    one = triage(table([{}]), state="BRA")["applications"][0]
    assert one["law"]["state"] == "BRA"
    assert one["law"]["under"] is False
    assert any("does not pass BRA" in text for text in one["law"]["assumed"])


def test_lists_are_those_of_the_day_of_the_flight_and_of_today(triage: Callable[..., dict[str, Any]]) -> None:
    row = {"consignee": "Exercise Air Lines"}
    ahead = triage(table([row | {"date": "2026-06-01"}]))["applications"][0]
    assert ahead["on"] == TODAY.isoformat()
    assert ahead["level"] == "hit"
    # The list gives no listing date: whether the entry was listed before it was published is not known.
    past = triage(table([row | {"date": "2026-03-01"}]))["applications"][0]
    assert past["on"] == "2026-03-01"
    assert past["matches"][0]["band"] == "possible"
    fixed = triage(table([row | {"date": "2026-03-01"}]), on=DAY)["applications"][0]
    assert fixed["on"] == DAY.isoformat()
    assert fixed["level"] == "hit"


def test_earlier_uses_of_the_desk_count(triage: Callable[..., dict[str, Any]]) -> None:
    use = KnownUse(registration="D-AXXA", serial="999", operator="Specimen Charter", source="permit 7")
    one = triage(table([{"msn": "1001"}]), uses=(use,))["applications"][0]
    assert {flag["kind"] for flag in one["flags"]} == {"registration-reused", "operator-differs"}
    assert all("permit 7" in flag["grounds"] for flag in one["flags"])


def test_filed_plans_are_taken_too(triage: Callable[..., dict[str, Any]]) -> None:
    plan = (
        "(FPL-XXX130-IN-A332/H-SHIWY/C-EDDF0900-N0460F360 DCT-VIDP0730-"
        "DOF/260320 REG/EXAAA OPR/EXERCISE AIR LINES RMK/EXERCISE)"
    )
    one = triage(plan)["applications"][0]
    assert one["level"] == "hit"
    assert one["flight"]["legs"][0]["states"][0] == "DEU"
