"""The parts of triage held to slower or plainer accounts of the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from exercise_permits import DAY, desk_with_lists
from hypothesis import given, settings
from hypothesis import strategies as st

from overflight.law import Designation, Question, advice, over_of, question_for, regimes_in, shipped
from overflight.permit import Application, Flag, flags, to_flight, uses_of
from overflight.permit.stream import permits_in
from overflight.route.crossing import crossings
from overflight.screening.lists import Library
from overflight.screening.query import Query
from overflight.screening.screener import Screener, screener
from overflight.screening.triage import FLAG_KINDS, Asker, History, queries, weight
from overflight.screening.triage.counsel import Lawyer
from overflight.screening.triage.history import same_operator
from overflight.screening.triage.narrow import Narrow
from overflight.screening.triage.spool import Spool
from overflight.screening.triage.under import Ways
from overflight.screening.triage.weights import grave
from overflight.world import airspace
from overflight.world.flight import Leg, Stop, Window
from overflight.world.tables import records


@pytest.fixture(scope="module")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Screener:
    return screener(Library(desk_with_lists(tmp_path_factory.mktemp("desk"))), DAY)


NAMES = st.sampled_from(
    ["Exercise Air Lines", "Air Exercise Ltd", "Exercise Cargo", "Sample Wings", "Exersise Airlines", None]
)
MARKS = st.sampled_from(["EX-AAA", "EX-BBB", "EX-AAB", "D-AXXA", None])
SERIALS = st.sampled_from(["1000000001", "1000000002", "4711", None])


@given(NAMES, NAMES, NAMES, MARKS, SERIALS, st.sampled_from(["IL76", "A332", None]))
@settings(max_examples=150, deadline=None)
def test_asking_party_by_party_is_asking_all_at_once(
    lists: Screener,
    operator: str | None,
    owner: str | None,
    consignee: str | None,
    mark: str | None,
    serial: str | None,
    kind: str | None,
) -> None:
    """Each party alone, kept from row to row, finds what one query with everybody in it finds."""
    application = Application(
        operator=operator,
        owner=owner,
        consignee=consignee,
        registrations=(mark,) if mark else (),
        serial=serial,
        type=kind,
    )
    if not any((operator, owner, consignee, mark, serial)):
        assert queries(application) == ()
        return
    whole = lists.screen(
        Query(
            operator=operator or "",
            owner=owner or "",
            consignee=consignee or "",
            tail=mark or "",
            serial=serial or "",
            type=kind or "",
        )
    )
    found, refused = Asker(lists).ask(application)
    assert not refused
    assert [(m.entity.id, m.band, round(m.score, 9)) for m in found] == [
        (m.entity.id, m.band, round(m.score, 9)) for m in whole.matches
    ]


def test_every_party_of_an_application_is_asked_about() -> None:
    parties = ("operator", "owner", "charterer", "consignee", "consignor", "agent")
    application = Application(
        **{party: f"Sample {party}" for party in parties},  # type: ignore[arg-type]
        applicant="Sample applicant",
        operator_code="XXX",
        call_sign="YYY621",
        registrations=("P-000", "P-001"),
        serial="4711",
        hex="720001",
        type="IL62",
    )
    asked = queries(application)
    for party in parties:
        assert Query(**{party: f"Sample {party}"}) in asked  # type: ignore[arg-type]
    assert {one.tail for one in asked} == {"", "P-000", "P-001"}
    assert {one.operator for one in asked} >= {"XXX", "YYY"}
    assert any(one.hex == "720001" and one.serial == "4711" and not one.tail for one in asked)
    assert Query(name="Sample applicant") in asked


def test_marks_are_asked_one_by_one_when_one_of_them_cannot_be(lists: Screener) -> None:
    found, refused = Asker(lists).ask(Application(registrations=("EX-AAA",), serial="--"))
    assert [match.entity.id for match in found] == ["exr-2"]
    assert len(refused) == 1
    assert "serial" in refused[0].what


# --- routes ---------------------------------------------------------------------------------------------


def leg(ends: tuple[float, float, float, float]) -> Leg:
    from datetime import UTC, datetime

    stops = [
        Stop(
            key=str(at),
            icao="ZZZZ",
            name="",
            city="",
            state="",
            lon=ends[at],
            lat=ends[at + 1],
            notes=(),
            source="",
        )
        for at in (0, 2)
    ]
    moment = datetime(2026, 3, 20, tzinfo=UTC)
    return Leg(1, stops[0], stops[1], Window(moment, moment))


def test_ways_cut_together_are_those_cut_one_by_one() -> None:
    """The full account of each line, merged by state, is what the batch gives."""
    world = airspace.load()
    rng = np.random.default_rng(20260320)
    ends = [tuple(row) for row in rng.uniform((-20, -30, -20, -30), (140, 60, 140, 60), (40, 4)).tolist()]
    ends += [(56.0, 26.0, 56.6, 27.1), (50.0, 40.4, 53.0, 40.0), (103.6, 1.2, 104.2, 1.3)]
    ways = Ways(world, airspace.DE_FACTO)
    legs = [leg(one) for one in ends]  # type: ignore[arg-type]

    class Many:
        def __init__(self) -> None:
            self.legs = legs

    ways.prepare([Many()])  # type: ignore[list-item]
    seas = 0
    for one, flown in zip(ends, legs, strict=True):
        account = crossings([one[:2], one[2:]], world)
        expected: dict[str, list[object]] = {}
        for crossing in account:
            if crossing.state is None:
                continue
            over = over_of(crossing.over, regimes_in(crossing.remarks, world.regimes))
            here = expected.setdefault(crossing.state, [over, crossing.entry_km, crossing.exit_km])
            here[0] = "land" if "land" in (here[0], over) else here[0]
            here[2] = crossing.exit_km
        way = ways.of(flown)
        assert [under.state for under in way.states] == list(expected)
        for under in way.states:
            over, entry, exit_ = expected[under.state]
            assert under.over == over
            assert (under.entry_km, under.exit_km) == pytest.approx((entry, exit_), abs=0.01)
            seas += over != "land"
        assert way.km == pytest.approx(account[-1].exit_km, abs=0.01)
    assert seas > 3  # the sample passes waters too


# --- flags, history, spool ------------------------------------------------------------------------------


def flag(kind: str) -> Flag:
    return Flag(kind, kind, "", True)


def test_every_kind_of_flag_has_a_weight_and_a_reason() -> None:
    from overflight.screening.triage import weights

    rows = records(Path(weights.__file__).parent / "data" / "flags.csv", ("kind", "weight", "why", "source"))
    assert [row.needed("kind") for row in rows] == list(FLAG_KINDS)
    assert all(1 <= weight(flag(kind)) <= 3 for kind in FLAG_KINDS)
    assert all(row.needed("why") and row.needed("source") for row in rows)


def test_light_flags_are_grave_together_and_one_kind_counts_once() -> None:
    assert grave([flag("three-states")])
    assert not grave([flag("return-empty")] * 9)
    assert not grave([flag("return-empty"), flag("consignee-absent")])
    assert grave([flag("return-empty"), flag("consignee-absent"), flag("cargo-vague")])
    assert not grave([])


HEADER = "operator,operator code,call sign,registration,type,msn,hex,from,to,date\n"
CELLS = st.tuples(
    st.sampled_from(["Sample Wings", "Specimen Charter"]),
    st.sampled_from(["", "XXX"]),
    st.sampled_from(["XXX101", "XXX102"]),
    st.sampled_from(["D-AXXA", "D-AXXB", "D-AXXA D-AXXC", ""]),
    st.sampled_from(["A332", "A320", ""]),
    st.sampled_from(["1001", "1002", ""]),
    st.sampled_from(["3C0001", "3C0002", ""]),
    st.just("EDDF"),
    st.just("VIDP"),
    st.sampled_from(["2026-03-20", "2026-03-21", ""]),
)


@given(st.lists(CELLS, min_size=1, max_size=8), st.randoms(use_true_random=False))
@settings(max_examples=100, deadline=None)
def test_history_says_what_a_plain_register_of_all_uses_says(
    rows: list[tuple[str, ...]], rng: object
) -> None:
    text = HEADER + "".join(",".join(f'"{cell}"' for cell in row) + "\n" for row in rows)
    read = [one for _, one in permits_in(text) if isinstance(one, Application)]
    every = [use for one in read for use in uses_of(one)]
    history, other = History(), History()
    for one in read:
        history.add(one)
    for one in sorted(read, key=lambda one: -one.row):
        other.add(one)
    for one in read:
        known = history.about(one, one.day)
        ours = {flag.kind for flag in flags(one, known, one.day)}
        assert ours == {flag.kind for flag in flags(one, every, one.day)}
        again = {(f.kind, f.what) for f in flags(one, other.about(one, one.day), one.day)}
        assert {(f.kind, f.what) for f in flags(one, known, one.day)} == again
        told = [f.what for f in history.operators(one, one.day)]
        assert told == [f.what for f in other.operators(one, one.day)]


def test_an_aircraft_that_flies_every_day_is_kept_once() -> None:
    history = History()
    text = HEADER + "".join(
        f"Sample Wings,,XXX{n},D-AXXA,A332,1001,,EDDF,VIDP,2026-03-{1 + n % 28:02d}\n"
        for n in range(100, 400)
    )
    read = [one for _, one in permits_in(text) if isinstance(one, Application)]
    for one in read:
        history.add(one)
    assert len(read) == 300
    assert len(history.about(read[0], read[0].day)) == 2


def test_operators_that_can_be_the_same_are() -> None:
    day = date(2026, 3, 20)
    assert same_operator("Sample Wings Ltd", "SAMPLE WINGS", day)
    assert same_operator("KOR", "Air Koryo", day)
    assert same_operator("XXX", "Sample Wings", day)  # no table knows XXX
    assert not same_operator("Sample Wings", "Specimen Charter", day)
    assert not same_operator("KOR", "IRA", day)


@given(
    st.lists(st.text(max_size=40), max_size=20).flatmap(lambda things: st.permutations([*enumerate(things)]))
)
@settings(max_examples=30, deadline=None)
def test_spool_gives_back_what_was_written_in_any_order(shuffled: list[tuple[int, str]]) -> None:
    with Spool[str]() as spool:
        places = [spool.add(text) for _, text in sorted(shuffled)]
        for number, text in shuffled:
            assert spool.get(places[number]) == text


# --- law ------------------------------------------------------------------------------------------------

RULES = shipped()
CODES = st.sampled_from(["PRK", "IRN", "IND", "CHN", "KAZ", "DEU", "PAK", "TUR", "SYR", "LBY", "USA"])
EDGES = st.sampled_from(
    [
        "2006-10-14",
        "2008-03-03",
        "2010-06-09",
        "2013-03-07",
        "2016-01-16",
        "2016-03-02",
        "2025-09-28",
        "2025-10-18",
    ]
)
DAYS = st.one_of(
    st.dates(date(1998, 1, 1), date(2027, 1, 1)),
    st.builds(
        lambda day, off: date.fromisoformat(day) + timedelta(days=off),
        EDGES,
        st.integers(min_value=-2, max_value=2),
    ),
)
DESIGNATIONS = st.builds(
    Designation,
    st.sampled_from(["un", "ofac-sdn", "eu"]),
    st.sampled_from(["operator", "consignee"]),
    st.just("EXERCISE"),
    st.sampled_from(["PRK", "IRN", "-", "", "DEU"]),
)
QUESTIONS = st.builds(
    Question,
    CODES,
    DAYS,
    kind=st.sampled_from(["civil scheduled", "civil non-scheduled", "state"]),
    cargo=st.sampled_from(["", "rockets", "tractor tyres", "rifles"]),
    showing=st.sampled_from(["none", "itinerary", "reasonable-grounds"]),
    origins=st.lists(CODES, min_size=1, max_size=2, unique=True).map(tuple),
    destinations=st.lists(CODES, min_size=1, max_size=2, unique=True).map(tuple),
    flag=st.one_of(st.none(), CODES),
    operator=st.lists(
        st.sampled_from(["KOR", "AIR KORYO", "Sample Wings", "Mahan Air", "IRM", "Iran Air Cargo"]),
        max_size=2,
    ).map(tuple),
    operator_state=st.one_of(st.none(), CODES),
    designations=st.lists(DESIGNATIONS, max_size=2).map(tuple),
    over=st.sampled_from(["land", "territorial sea", "strait", "caspian"]),
    landing=st.booleans(),
    carries=st.sampled_from(["unknown", "cargo", "passengers"]),
    circumstances=st.sampled_from([frozenset(), frozenset({"diplomatic"}), frozenset({"humanitarian"})]),
    position=st.sampled_from(["", "USA", "CHN"]),
    assumed=st.sampled_from([(), ("flag taken from the operator: DEU",)]),
)


@given(st.lists(QUESTIONS, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_narrowed_questions_get_the_answers_of_the_whole_ones(questions: list[Question]) -> None:
    narrow = Narrow(RULES)
    for question in questions:
        whole = advice(replace(question, category=question.what, cargo=""), RULES)
        assert narrow.ask(question) == whole


def test_days_that_no_row_parts_share_an_answer() -> None:
    narrow = Narrow(RULES)
    assert narrow.first_day_like(date(2026, 11, 22)) == narrow.first_day_like(date(2026, 12, 20))
    assert narrow.first_day_like(date(2016, 3, 1)) != narrow.first_day_like(date(2016, 3, 2))
    assert narrow.first_day_like(date(2025, 9, 27)) != narrow.first_day_like(date(2025, 9, 28))


def test_a_leg_asks_what_the_law_itself_would_ask_of_each_state() -> None:
    text = HEADER + "Sample Wings,,XXX101,D-AXXA,A332,,,EDDF,VIDP,2026-03-20\n"
    application = next(one for _, one in permits_in(text) if isinstance(one, Application))
    flight = to_flight(application)
    ways = Ways(airspace.load(), airspace.DE_FACTO)
    found = Lawyer(RULES).counsel(application, flight, [ways.of(flight.legs[0])], ())
    assert found is not None
    for one in (found.first, *found.others):
        assert one.under is not None
        asked = question_for(flight, 1, one.state, one.under.over, showing="itinerary")
        assert one.advice.question == replace(asked, category=asked.what, cargo="")
