"""Bad input and hard cases: each a clear line, and nothing lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from overflight.case.life.desk import CaseDesk
from overflight.case.life.headline import headline
from overflight.case.life.planning import Sheet, open_case, plan, state_it
from overflight.case.life.repairs import correct, merge, split
from overflight.case.life.replies import answer, deliver, end, inspect, report
from overflight.case.life.requests import Envelope, approach, close, thank, update
from overflight.errors import InputError, MarkingError

from .desks import Lawyer, Table, TurnedClock, desk, flight

WORLD = Table(
    {
        "AAAA-BBBB": ((("CHN", "KAZ"), 6400.0), (("CHN", "TKM", "AFG"), 6700.0)),
        "AAAA-CCCC": ((("CHN",), 3000.0),),
        "CCCC-BBBB": ((("AFG",), 2000.0),),
    },
    {"AAAA-BBBB": ("CHN", "KAZ"), "AAAA-CCCC": ("CHN",), "CCCC-BBBB": ("AFG",)},
    {"CHN": 1, "KAZ": 4, "TKM": 5, "AFG": 6},
)
DUE = datetime(2008, 7, 24, 12, tzinfo=UTC)
SHEET = Sheet("It flies from A to B on 28 July.", "S//REL TO USA, AFG, KAZ, TKM", "R1", ("route", "dates"))


@pytest.fixture
def opened() -> tuple[CaseDesk, TurnedClock]:
    found, clock = desk(WORLD, "2008-07-20", lawyer=Lawyer())
    open_case(found, flight("2008-07-28"), case_id="C1", title="EXERCISE", statements=[SHEET])
    return found, clock


def told(opened: tuple[CaseDesk, TurnedClock], *states: str) -> CaseDesk:
    approach(opened[0], "C1", states, ask=["refuse-overflight"], due=DUE)
    return opened[0]


def test_an_answer_of_a_state_that_was_never_approached(opened: tuple[CaseDesk, TurnedClock]) -> None:
    found = answer(opened[0], "C1", "KAZ", "ALREADY_DENIED")
    assert found.notes == ("KAZ was never approached: its answer is recorded as given unasked",)
    assert found.case.standing("KAZ").sky == "closed"
    assert not found.answer.prompted
    # It is good for the whole plan, as nobody can say what it rests on.
    assert found.answer.relied["date AAAA-BBBB"] == "28 July 2008 (UTC)"


def test_two_answers_in_the_wrong_order(opened: tuple[CaseDesk, TurnedClock]) -> None:
    officer, clock = opened
    told(opened, "KAZ")
    clock.to("2008-07-23")
    answer(officer, "C1", "KAZ", "DENY_OVERFLIGHT", at=datetime(2008, 7, 22, 9, tzinfo=UTC))
    late = answer(officer, "C1", "KAZ", "ALLOW", at=datetime(2008, 7, 21, 9, tzinfo=UTC))
    assert late.notes[0].startswith("this answer is older than the one of 2008-07-22 09:00Z")
    current = late.case.current("KAZ")
    assert current is not None
    assert current.body.decision == "DENY_OVERFLIGHT"
    assert len(late.case.answers) == 2
    assert late.case.standing("KAZ").sky == "closed"


def test_a_reversal_in_the_wrong_order_takes_back_what_came_before_it(
    opened: tuple[CaseDesk, TurnedClock],
) -> None:
    officer, clock = opened
    told(opened, "KAZ")
    clock.to("2008-07-24")
    answer(officer, "C1", "KAZ", "ALLOW", at=datetime(2008, 7, 21, 9, tzinfo=UTC))
    withdrawn = answer(officer, "C1", "KAZ", "REVERSED", at=datetime(2008, 7, 23, 9, tzinfo=UTC))
    assert any("two channels" in line for line in withdrawn.notes)
    assert withdrawn.case.standing("KAZ").words == "withdrew its permission"
    # Now it turns out that on the 22nd it had refused: then the 23rd took back a refusal.
    found = answer(officer, "C1", "KAZ", "DENY_OVERFLIGHT", at=datetime(2008, 7, 22, 9, tzinfo=UTC))
    assert found.case.standing("KAZ").words == "took back its refusal"


@pytest.mark.parametrize(
    ("do", "words"),
    [
        (lambda d: approach(d, "C1", ["USA"], ask=["x"], due=DUE), "--to: United States is the home state"),
        (lambda d: answer(d, "C1", "USA", "ALLOW"), "home state"),
        (lambda d: approach(d, "C1", [], ask=["x"], due=DUE), "no state to approach"),
        (lambda d: approach(d, "C1", ["KAZ"], ask=[], due=DUE), "nothing is asked"),
        (
            lambda d: approach(d, "C1", ["KAZ"], ask=["x"], due=datetime(2008, 7, 1, tzinfo=UTC)),
            "--due: the deadline 2008-07-01T00:00Z has passed",
        ),
        (lambda d: approach(d, "C1", ["KAZ"], ask=["x"], due=DUE, chance=1.5), "--chance: 1.5"),
        (lambda d: approach(d, "C1", ["KAZ"], ask=["x"], due=DUE, statements=["S9"]), "no statement S9"),
        (lambda d: approach(d, "C1", ["IRN"], ask=["x"], due=DUE), "no post is known in IRN"),
        (lambda d: approach(d, "C9", ["KAZ"], ask=["x"], due=DUE), "C9: no such case"),
        (
            lambda d: approach(d, "C1", ["KAZ"], ask=["x"], due=DUE, envelope=Envelope(number="101")),
            "is no reference number",
        ),
        (lambda d: answer(d, "C1", "KAZ", "PERHAPS"), "'PERHAPS' is no decision"),
        (lambda d: answer(d, "C1", "KAZ", "REVERSED"), "nothing that it could take back"),
        (lambda d: deliver(d, "C1", "KAZ", office="MFA"), "Kazakhstan was never approached"),
        (lambda d: update(d, "C1"), "nobody holds an earlier version"),
        (lambda d: thank(d, "C1"), "there is no outcome yet"),
        (lambda d: close(d, "C1"), "there is no outcome yet"),
        (lambda d: end(d, "C1", "vanished", evidence="x"), "'vanished' is no outcome"),
        (lambda d: end(d, "C1", "flown", evidence=" "), "needs its evidence"),
        (lambda d: inspect(d, "C1", "KAZ", place="x", result="maybe"), "'maybe' is no result"),
        (lambda d: report(d, "C1", "R"), "no duty to report"),
        (lambda d: plan(d, "C1", flight("2008-07-28")), "says what the present one says"),
        (lambda d: plan(d, "C1", flight("2008-07-28", legs=())), "a plan needs at least one leg"),
        (lambda d: open_case(d, flight("2008-07-28", legs=()), case_id="C9"), "needs at least one leg"),
        (lambda d: open_case(d, flight("2008-07-28"), case_id="c1"), "C1: there is a case of this id"),
        (lambda d: open_case(d, flight("2008-07-28"), case_id="../x"), "is no id of a case"),
        (lambda d: open_case(d, flight("2008-07-28"), case_id="desk"), "is no id of a case"),
        (lambda d: merge(d, "C1", "C1"), "merged with itself"),
        (lambda d: merge(d, "C1", "C2"), "C2: no such case"),
        (lambda d: split(d, "C1", flight("2008-07-28"), [2], new_id="C3"), "event 2 cannot be moved"),
        (lambda d: split(d, "C1", flight("2008-07-28"), [], new_id="C3"), "no event is named"),
        (lambda d: split(d, "C1", flight("2008-07-28"), [99], new_id="C3"), "has no event 99"),
        (lambda d: correct(d, "C1", 99, why="x", strike=True), "has no event 99"),
        (lambda d: correct(d, "C1", 1, why="x", strike=True), "cannot be struck out"),
        (lambda d: correct(d, "C1", 2, why="x", strike=True), "cannot be struck out"),
        (lambda d: correct(d, "C1", 3, why="", strike=True), "needs its reason"),
        (lambda d: correct(d, "C1", 3, why="x"), "says neither"),
        (lambda d: correct(d, "C1", 3, why="x", changes={"shade": "blue"}), "has no field shade"),
        (lambda d: correct(d, "C1", 3, why="x", changes={"facts": 3}), "--set"),
    ],
)
def test_what_cannot_be_is_one_line_and_changes_nothing(
    opened: tuple[CaseDesk, TurnedClock], do: object, words: str
) -> None:
    before = opened[0].log.head()
    with pytest.raises(InputError) as fault:
        do(opened[0])  # type: ignore[operator]
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)
    assert opened[0].log.head() == before


@pytest.mark.parametrize(
    ("marking", "words"),
    [
        ("S//NF//REL TO USA, IND", "write S//NF"),
        ("S//REL TO IND", "write S//REL TO USA, IND"),
        ("XYZ", "does not begin with a level"),
        ("", "no marking"),
        ("S//REL", "names no state"),
    ],
)
def test_a_statement_with_an_impossible_marking(
    opened: tuple[CaseDesk, TurnedClock], marking: str, words: str
) -> None:
    with pytest.raises(MarkingError) as fault:
        state_it(opened[0], "C1", [Sheet("text", marking, "R")])
    assert words in str(fault.value)


def test_an_outdated_statement_is_not_said_again(opened: tuple[CaseDesk, TurnedClock]) -> None:
    officer, clock = opened
    clock.to("2008-07-21")
    plan(officer, "C1", flight("2008-07-30"))
    with pytest.raises(InputError, match="S1 rests on date AAAA-BBBB '28 July 2008"):
        approach(officer, "C1", ["KAZ"], ask=["x"], due=DUE, statements=["S1"])
    # Without naming any, nothing is left to say, and the paper is empty.
    _, made = approach(officer, "C1", ["KAZ"], ask=["x"], due=DUE)
    assert made[0][1].empty
    assert "nothing that the host may be told" in made[0][0].product.telegram


def test_what_a_state_may_not_read_is_no_news_to_it(opened: tuple[CaseDesk, TurnedClock]) -> None:
    officer, _ = opened
    sheet = Sheet("EXERCISE: a meeting is held in B.", "S//REL TO USA, KAZ", "R2", ("meeting",))
    state_it(officer, "C1", [sheet])
    told(opened, "KAZ")
    # Home learns more of the meeting, which KAZ may not know: KAZ is sent nothing, and home is told why.
    state_it(officer, "C1", [replace(sheet, text="EXERCISE: it is a pretext.", marking="S//NF")])
    _, body, made = update(officer, "C1")
    assert (body.products, made) == ((), {})
    assert body.kept["KAZ"].startswith("meeting: S3 (S//NF) may not go there, ")
    # Withdrawn for a secret reason: it is not said again, and KAZ still holds it.
    state_it(officer, "C1", [replace(sheet, marking="S//NF", replaces=("S2",))])
    _, body, made = update(officer, "C1")
    assert (body.products, made) == ((), {})
    assert body.kept["KAZ"].startswith("meeting: S3 (S//NF) may not go there, ")
    assert (
        "meeting is held" not in approach(officer, "C1", ["KAZ"], ask=["x"], due=DUE)[1][0][0].product.paper
    )


def test_a_correction_is_a_new_event_and_the_old_one_stays(opened: tuple[CaseDesk, TurnedClock]) -> None:
    officer, clock = opened
    told(opened, "KAZ")
    wrong = answer(officer, "C1", "KAZ", "ALLOW").case
    assert wrong.coverage is not None
    clock.to("2008-07-21")
    seq = wrong.answers[0].seq
    right = correct(officer, "C1", seq, why="misread", changes={"decision": "DENY_OVERFLIGHT"})
    assert right.standing("KAZ").sky == "closed"
    assert right.coverage is not None
    assert right.coverage.closing == ("KAZ",)
    assert [n.body.decision for n in right.answers] == ["DENY_OVERFLIGHT"]
    assert [e.body.get("decision") for e in officer.log.events("C1", kind="answered")] == ["ALLOW"]
    # As it was known before the correction, it had allowed.
    assert officer.load("C1", until=datetime(2008, 7, 20, 23, tzinfo=UTC)).standing("KAZ").sky == "open"
    # The correction proves wrong in its turn: struck out, the first reading is back.
    clock.to("2008-07-22")
    back = correct(officer, "C1", right.corrections[0].seq, why="it was right", strike=True)
    assert back.standing("KAZ").sky == "open"
    # And an answer that was never given is struck out for good, yet still to be seen.
    gone = correct(officer, "C1", seq, why="another state", strike=True)
    assert gone.answers == ()
    assert [n.void for n in gone.history if n.seq == seq] == [True]
    assert gone.waiting("KAZ")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"marking": "bad"}, "'bad': "),
        ({"marking": "S//NF//REL TO USA, IND"}, "write S//NF"),
        ({"id": "S1"}, "id of event 4 (stated) cannot be corrected; correct text, marking"),
        ({"id": ""}, "cannot be corrected"),
        ({"text": ""}, "--set text: says nothing"),
        ({"text": " \u000b "}, "says nothing"),
        ({"text": "x" * 4001}, "longer than 4000 characters"),
        ({"source": " "}, "says nothing"),
        ({"replaces": ["S99"]}, "no statement S99 before S2; there are S1"),
        ({"replaces": ["S2"]}, "no statement S2 before S2"),
        ({"facts": {"x": "y"}}, "the case has no fact 'x'"),
        ({"facts": {"flight": "XX1"}}, "no plan says flight 'XX1'; write 'KOR621'"),
        ({"facts": {"date AAAA-ZZZZ": "1 July"}}, "the plan says nothing of date AAAA-ZZZZ"),
    ],
)
def test_a_statement_is_corrected_as_it_could_have_been_stated(
    opened: tuple[CaseDesk, TurnedClock], changes: dict[str, object], words: str
) -> None:
    officer, _ = opened
    seq = state_it(officer, "C1", [Sheet("EXERCISE: so.", "U", "R2")])[0].stated[-1].seq
    before = officer.log.head()
    with pytest.raises(InputError) as fault:
        correct(officer, "C1", seq, why="x", changes=changes)
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)
    assert officer.log.head() == before


def test_a_corrected_statement_is_cleaned(opened: tuple[CaseDesk, TurnedClock]) -> None:
    officer, _ = opened
    seq = state_it(officer, "C1", [Sheet("EXERCISE: so.", "U", "R2", ("meeting",))])[0].stated[-1].seq
    changes = {"text": "A fact\u000b here.", "marking": "(S//NF)", "replaces": ["s1"]}
    body = correct(officer, "C1", seq, why="t", changes=changes).stated[-1].body
    assert (body.text, body.marking, body.replaces) == ("A fact here.", "S//NF", ("S1",))
    assert body.facts == {"meeting": "A fact here."}


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("approached", {"due": "0001-01-01T00:00:00Z"}, "due of event"),
        ("approached", {"product": {}}, "product of event"),
        ("approached", {"chance": 1.5}, "1.5 is no chance"),
        ("updated", {"products": []}, "(updated) cannot be corrected; strike the event out"),
        ("planned", {"number": 7}, "number of event"),
        ("opened", {"taken": [1]}, "taken of event"),
        ("delivered", {"form": "song"}, "'song' is no form of delivery"),
        ("delivered", {"office": ""}, "--set office: says nothing"),
        ("answered", {"decision": "PERHAPS"}, "'PERHAPS' is no decision"),
        ("answered", {"decision": "REVERSED"}, "nothing that it could take back"),
        ("answered", {"state": "XXX"}, "state of event"),
        ("answered", {"valid_from": "2008-07-28T00:00"}, "has no time zone"),
        ("answered", {"valid_until": "0001-01-01T00:00Z"}, "the year 1 is out of reach"),
        (
            "answered",
            {"valid_from": "2008-07-28T00:00Z", "valid_until": "2008-07-27T00:00Z"},
            "before it begins",
        ),
        ("answered", {"tell": ["ZZZ"]}, "'ZZZ' is no state"),
        ("inspected", {"result": "maybe"}, "'maybe' is no result"),
        ("ended", {"code": "vanished"}, "'vanished' is no outcome"),
        ("corrected", {"body": {}}, "body of event"),
    ],
)
def test_only_what_a_person_states_is_corrected(
    opened: tuple[CaseDesk, TurnedClock], kind: str, changes: dict[str, object], words: str
) -> None:
    officer, clock = opened
    told(opened, "KAZ")
    clock.to("2008-07-21")
    deliver(officer, "C1", "KAZ", office="MFA")
    seq = answer(officer, "C1", "KAZ", "ALLOW").case.answers[-1].seq
    correct(officer, "C1", seq, why="x", changes={"decision": "deny overflight", "number": "almaty 7"})
    plan(officer, "C1", flight("2008-07-30"))
    state_it(officer, "C1", [Sheet("EXERCISE: on 30 July.", "S//REL TO USA, KAZ", "R9", ("dates",), ("S1",))])
    update(officer, "C1")
    inspect(officer, "C1", "KAZ", place="x", result="open")
    end(officer, "C1", "flown", evidence="EXERCISE")
    found = officer.load("C1")
    assert (found.answers[-1].body.decision, found.answers[-1].body.number) == (
        "DENY_OVERFLIGHT",
        "2008 ALMATY 7",
    )
    seq = next(event.seq for event in officer.log.events("C1", kind=kind))
    before = officer.log.head()
    with pytest.raises(InputError) as fault:
        correct(officer, "C1", seq, why="x", changes=changes)
    assert words in str(fault.value)
    assert "\n" not in str(fault.value)
    assert officer.log.head() == before


def test_a_plan_recorded_in_error_is_struck_out(opened: tuple[CaseDesk, TurnedClock]) -> None:
    officer, clock = opened
    told(opened, "KAZ")
    answer(officer, "C1", "KAZ", "DENY_OVERFLIGHT")
    clock.to("2008-07-21")
    case, _ = plan(officer, "C1", flight("2008-07-30", legs=(("AAAA", "CCCC"), ("CCCC", "BBBB"))))
    assert case.ways is not None
    assert [leg.leg for leg in case.ways.legs] == ["AAAA-CCCC", "CCCC-BBBB"]
    seq = case.plans[-1].seq
    case = correct(officer, "C1", seq, why="another flight", strike=True)
    assert len(case.plans) == 1
    assert case.ways is not None
    assert [leg.leg for leg in case.ways.legs] == ["AAAA-BBBB"]
    assert case.coverage is not None
    assert case.coverage.closing == ("KAZ",)
    assert case.stale(case.answers[0]) == ()


def test_a_merge_keeps_both_and_a_later_look_finds_the_way(opened: tuple[CaseDesk, TurnedClock]) -> None:
    officer, clock = opened
    told(opened, "KAZ")
    open_case(officer, flight("2008-07-28", id_="KOR622"), case_id="C2", statements=[SHEET])
    approach(officer, "C2", ["TKM"], ask=["x"], due=DUE)
    answer(officer, "C2", "TKM", "DENY_OVERFLIGHT")
    clock.to("2008-07-21")
    case = merge(officer, "C1", "C2", why="one charter, two call signs")
    assert set(case.approached) == {"KAZ", "TKM"}
    assert case.standing("TKM").sky == "closed"
    assert case.coverage is not None
    assert case.coverage.closing == ("TKM",)
    assert len(case.plans) == 1
    assert [s.id for s in case.statements] == ["S1", "C2:S1"]
    gone = officer.load("C2")
    assert gone.step == "MERGED"
    assert headline(gone, clock()) == "merged into C1"
    assert not [i for i in officer.log.agenda(case="C2") if i.due_at]
    for do in (
        lambda: approach(officer, "C2", ["AFG"], ask=["x"], due=DUE),
        lambda: answer(officer, "C2", "AFG", "ALLOW"),
        lambda: end(officer, "C2", "flown", evidence="x"),
        lambda: merge(officer, "C1", "C2"),
    ):
        with pytest.raises(InputError, match="was merged into C1"):
            do()
    # Before the merge the two were two.
    then = datetime(2008, 7, 20, 23, tzinfo=UTC)
    assert officer.load("C1", until=then).approached == ("KAZ",)
    assert officer.load("C2", until=then).step == "HOST_DECISION"
    # A new statement gets a name of its own.
    assert state_it(officer, "C1", [replace(SHEET, text="Another.")])[1] == ("S2",)


def test_a_split_moves_events_and_loses_none(opened: tuple[CaseDesk, TurnedClock]) -> None:
    officer, clock = opened
    told(opened, "KAZ", "TKM")
    first = answer(officer, "C1", "TKM", "DENY_OVERFLIGHT").case
    moved = [n.seq for n in first.history if getattr(n.body, "state", "") == "TKM"]
    moved += [n.seq for n in first.approaches if n.body.product.state == "TKM"]
    clock.to("2008-07-21")
    old, new = split(
        officer, "C1", flight("2008-07-29", id_="KOR999"), moved, new_id="C5", why="another aircraft"
    )
    assert old.approached == ("KAZ",)
    assert old.coverage is not None
    assert old.coverage.closing == ()
    assert [n.void for n in old.history if n.seq in moved] == [True, True]
    assert new.approached == ("TKM",)
    assert new.flight.id == "KOR999"
    assert new.opened.body.split_from == "C1"
    assert {n.seq for n in new.history} >= set(moved)
    # The answer was given on the 28th, and the other flight is on the 29th.
    assert [r.fact for r in new.stale(new.answers[0])] == ["date AAAA-BBBB"]
    assert officer.load("C1", until=datetime(2008, 7, 20, 23, tzinfo=UTC)).approached == ("KAZ", "TKM")


def test_a_late_withdrawal_names_both_channels(opened: tuple[CaseDesk, TurnedClock]) -> None:
    officer, clock = opened
    told(opened, "KAZ")
    answer(officer, "C1", "KAZ", "ALLOW")
    clock.to("2008-07-27")
    found = answer(officer, "C1", "KAZ", "REVERSED")
    text = " ".join(found.notes)
    assert "foreign ministry" in text
    assert "civil aviation authority" in text
    assert "state of departure before take-off" in text
    assert found.case.standing("KAZ").sky == "closed"


def test_clocks_start_with_an_inspection_and_hold_the_case_open(
    opened: tuple[CaseDesk, TurnedClock],
) -> None:
    officer, clock = opened
    clock.to("2008-07-29")
    case, body = inspect(officer, "C1", "KAZ", place="Almaty", result="seized", text="cases")
    assert [c.key for c in body.clocks] == ["R-12"]
    assert "report R-12" in {i.key for i in officer.log.agenda(case="C1")}
    case = end(officer, "C1", "inspected seized", evidence="the state told the post")
    assert [i.key for i in officer.log.agenda(case="C1")] == ["report R-12", "summary"]
    with pytest.raises(InputError, match="a report is due"):
        close(officer, "C1")
    case = report(officer, "C1", "R-12")
    with pytest.raises(InputError, match="reported already"):
        report(officer, "C1", "R-12")
    assert close(officer, "C1").step == "CLOSED"
    assert case.inspections[0].body.result == "seized"


def test_an_outcome_is_given_once_and_holds_a_track_against_the_prediction(
    opened: tuple[CaseDesk, TurnedClock],
) -> None:
    officer, _ = opened
    from overflight.case.life.view import to_json

    case = end(officer, "C1", "flown", evidence="recorded track", track="PRK,CHN,TKM,IRN")
    shown = to_json(case, officer.clock())["outcome"]
    assert shown["not_predicted"] == ["PRK", "TKM", "IRN"]
    assert shown["not_entered"] == ["KAZ"]
    with pytest.raises(InputError, match="has its outcome already"):
        end(officer, "C1", "cancelled", evidence="x")
    with pytest.raises(InputError, match="has its outcome"):
        approach(officer, "C1", ["KAZ"], ask=["x"], due=DUE)


def test_a_desk_that_was_overtaken_is_refused(opened: tuple[CaseDesk, TurnedClock]) -> None:
    from overflight.case.life.desk import Happening
    from overflight.case.life.events import Closed

    officer, _ = opened
    stale_look = officer.load("C1")
    state_it(officer, "C1", [replace(SHEET, text="Meanwhile.")])
    events = officer.events("C1")[:-1]
    drafts, _, _ = officer.drafts(stale_look, "C1", events, [Happening(Closed("x"), officer.clock())])
    with pytest.raises(InputError, match="moved on"):
        officer.log.append(drafts, expect=stale_look.last)


def test_no_state_is_told_what_another_answered_unless_that_was_said(
    opened: tuple[CaseDesk, TurnedClock],
) -> None:
    from overflight.case.life.requests import preview

    officer, _ = opened
    told(opened, "KAZ")
    answer(officer, "C1", "KAZ", "DENY_OVERFLIGHT", tell=("TKM",))
    sheet = Sheet("Kazakhstan has refused.", "U", "ASTANA 5", ("answer KAZ",))
    case, ids = state_it(officer, "C1", [sheet])
    assert ids[0] in preview(officer, case, "TKM").released
    assert ids[0] in preview(officer, case, "KAZ").released
    found = preview(officer, case, "AFG")
    assert ids[0] not in found.released
    assert [(k.statement, k.reason) for k in found.kept] == [(ids[0], "KAZ's answer may not be told to AFG")]
