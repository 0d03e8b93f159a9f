"""Four eyes: what counts as approved, what makes it lapse, what a release records and puts on the shelf."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import astuple, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from overflight.case.life.agenda import agenda_of
from overflight.case.life.approvals import (
    Request,
    approve,
    needed,
    propose,
    rebuild_shelf,
    refuse,
    rehearse,
    release,
    standing,
)
from overflight.case.life.compose import paper_text, spoken_text
from overflight.case.life.desk import CaseDesk
from overflight.case.life.events import Approached, Proposed, Released, decode, encode
from overflight.case.life.model import Case, Noted
from overflight.case.life.paper import docx, pdf
from overflight.case.life.planning import Sheet, open_case, plan, state_it
from overflight.case.life.repairs import correct, merge
from overflight.case.life.replies import answer, end
from overflight.case.life.requests import Envelope, approach
from overflight.case.life.view import history_words, to_json
from overflight.desk.views.papers import sheet_of
from overflight.errors import ConflictError, InputError
from overflight.settings import Settings
from overflight.store.desk import open_desk
from overflight.store.shelf import Shelf, ShelfKeeper

from .desks import Lawyer, ListLog, Table, TurnedClock, desk, flight

LEGS = (("ZKPY", "OIIE"),)
WORLD = Table(
    {"ZKPY-OIIE": ((("CHN", "KAZ"), 6900.0), (("CHN", "PAK"), 7100.0))},
    {"ZKPY-OIIE": ("PRK", "CHN", "KAZ", "IRN")},
)
DUE = datetime(2008, 7, 10, 12, tzinfo=UTC)
SHEETS = (
    Sheet(
        "EXERCISE: KOR621 flies on 15 July.", "S//REL TO USA, IND, KAZ", "R1", ("flight", "route", "dates")
    ),
    Sheet("EXERCISE: we are concerned.", "S//DISPLAY ONLY KAZ", "R2"),
    Sheet("EXERCISE: the source is a clerk.", "S//NF", "R3"),
    Sheet("EXERCISE: for India alone.", "S//REL TO USA, IND", "R4"),
)


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[ShelfKeeper]:
    with open_desk(Settings(home=tmp_path)) as store:
        yield ShelfKeeper(store.log.engine)


def shelf(keeper: ShelfKeeper, state: str) -> Shelf:
    return Shelf(keeper._engine, state)


@pytest.fixture
def morning() -> tuple[CaseDesk, TurnedClock]:
    officer, clock = desk(WORLD, "2008-07-01", lawyer=Lawyer())
    open_case(officer, flight("2008-07-15", legs=LEGS), case_id="C1", title="EXERCISE", statements=SHEETS)
    return officer, clock


def ask(*states: str, **more: object) -> Request:
    return replace(Request("approach", states, ("refuse-overflight",), DUE), **more)  # type: ignore[arg-type]


def proposed(officer: CaseDesk, *states: str, **more: object) -> Proposed:
    return propose(officer, "C1", ask(*states, **more), account="officer-1")[1]


def yes(officer: CaseDesk, body: Proposed, *accounts: str) -> Case:
    case = officer.load("C1")
    for account in accounts:
        case = approve(officer, "C1", body.id, account=account, digest=body.digest)
    return case


def look(officer: CaseDesk, number: int = -1, wanted: int = 2) -> tuple[str, int]:
    case = officer.load("C1")
    found = standing(officer, case, case.proposals[number], wanted)
    return found.step, found.missing


def test_two_others_must_approve_and_the_proposer_is_none_of_them(
    morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper
) -> None:
    officer, _ = morning
    body = proposed(officer, "KAZ")
    assert look(officer) == ("waiting", 2)
    with pytest.raises(InputError, match="whoever proposes cannot approve"):
        yes(officer, body, "officer-1")
    yes(officer, body, "approver-1", "approver-1")
    assert look(officer) == ("waiting", 1)
    with pytest.raises(InputError, match="1 more account must approve first"):
        release(officer, keeper, "C1", "P1", account="officer-1", wanted=2)
    assert not officer.load("C1").approaches
    yes(officer, body, "approver-2")
    assert look(officer) == ("approved", 0)
    case, made = release(officer, keeper, "C1", "p1", account="officer-1", wanted=2)
    assert [one.by for one in made] == [("approver-1", "approver-2")]
    assert [n.body.id for n in case.approaches] == ["KAZ-1"]
    assert look(officer) == ("released", 0)


@pytest.mark.parametrize("wanted", [0, 1, 2])
def test_the_setting_says_how_many(
    morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper, wanted: int
) -> None:
    officer, _ = morning
    body = proposed(officer, "KAZ")
    for count in range(wanted):
        with pytest.raises(InputError, match="must approve first"):
            release(officer, keeper, "C1", "P1", account="officer-1", wanted=needed(str(wanted)))
        yes(officer, body, f"approver-{count}")
    assert release(officer, keeper, "C1", "P1", account="officer-1", wanted=wanted)[1]
    with pytest.raises(InputError, match="no number of approvals"):
        needed("3")


def test_a_release_records_the_very_texts(morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper) -> None:
    officer, clock = morning
    body = proposed(officer, "KAZ", "IND")
    yes(officer, body, "approver-1", "approver-2")
    clock.to("2008-07-01", "15:30")  # later the same day: only the hour of sending differs
    case, made = release(officer, keeper, "C1", "P1", account="officer-1", wanted=2)
    assert [(n.body.product.paper, n.body.product.spoken) for n in case.approaches] == [
        (one.paper, one.spoken) for one in body.words
    ]
    assert "011530Z JUL 2008" in case.approaches[0].body.product.telegram
    assert "clerk" not in body.words[0].paper + body.words[0].spoken
    assert "concerned" in body.words[0].spoken
    assert "concerned" not in body.words[0].paper
    row = shelf(keeper, "KAZ").released()[0]
    assert row.paper == body.words[0].paper
    assert (row.title, row.due, row.kind) == ("Request about flight KOR621", DUE, "approach")
    assert row.ask == ("refuse the flight overflight of your territory",)
    assert row.reference == made[0].reference
    assert "India" not in row.paper
    assert "India" in shelf(keeper, "IND").released()[0].paper
    assert shelf(keeper, "PAK").released() == ()
    # All of it came in one append.
    assert [n.seq for n in (*case.approaches, *case.releases)] == list(
        range(case.approaches[0].seq, case.approaches[0].seq + 4)
    )


def test_the_laptop_s_own_approach_is_on_no_shelf(
    morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper
) -> None:
    officer, _ = morning
    case, made = approach(officer, "C1", ["KAZ"], ask=["refuse-overflight"], due=DUE)
    assert made[0][0].product.paper == paper_text(made[0][1])
    assert made[0][0].product.spoken == spoken_text(made[0][1])
    assert rebuild_shelf(officer.log.events(), keeper) == 0
    assert not case.releases


def changed_statement(officer: CaseDesk, _: TurnedClock) -> None:
    seq = next(n.seq for n in officer.load("C1").stated if n.body.id == "S1")
    correct(officer, "C1", seq, why="a slip", changes={"text": "EXERCISE: KOR621 flies in July."})


def secret_statement(officer: CaseDesk, _: TurnedClock) -> None:
    state_it(officer, "C1", [Sheet("EXERCISE: a second clerk.", "S//NF", "R9")])


def new_plan(officer: CaseDesk, _: TurnedClock) -> None:
    plan(officer, "C1", flight("2008-07-16", legs=LEGS), why="moved")


def marking(officer: CaseDesk, _: TurnedClock) -> None:
    seq = next(n.seq for n in officer.load("C1").stated if n.body.id == "S2")
    correct(officer, "C1", seq, why="a slip", changes={"marking": "S//REL TO USA, KAZ"})


def late(_: CaseDesk, clock: TurnedClock) -> None:
    clock.to("2008-07-11")


def over(officer: CaseDesk, _: TurnedClock) -> None:
    end(officer, "C1", "CANCELLED", evidence="EXERCISE")


CHANGES = {
    "changed": (changed_statement, "KAZ", {"paper", "telegram"}, "flies in July"),
    "secret": (secret_statement, "KAZ", {"telegram"}, "second clerk"),
    "plan": (new_plan, "", {"all"}, ""),
    "marking": (marking, "KAZ", {"paper", "spoken", "telegram"}, "we are concerned"),
    "late": (late, "", {"all"}, "deadline"),
    "over": (over, "", {"all"}, "outcome"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changes_a_text_makes_approvals_lapse(
    morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper, name: str
) -> None:
    deed, state, texts, says = CHANGES[name]
    officer, clock = morning
    body = proposed(officer, "KAZ", statements=("S1", "S2") if name in ("changed", "plan") else ())
    yes(officer, body, "approver-1", "approver-2")
    deed(officer, clock)
    case = officer.load("C1")
    found = standing(officer, case, case.proposals[0], 2)
    assert found.step == "lapsed"
    assert {one.text for one in found.changes} == texts
    assert {one.state for one in found.changes} == {state}
    assert any(says in line for one in found.changes for line in one.now)
    with pytest.raises(ConflictError, match="no longer those of the proposal"):
        release(officer, keeper, "C1", "P1", account="officer-1", wanted=2)
    with pytest.raises(ConflictError):
        yes(officer, body, "approver-3")
    assert len(officer.load("C1").approaches) == 0
    assert keeper.released() == ()


def test_a_day_that_changes_the_law_makes_them_lapse(keeper: ShelfKeeper) -> None:
    officer, clock = desk(WORLD, "2008-07-01", lawyer=Lawyer(datetime(2008, 7, 2).date()))
    open_case(officer, flight("2008-07-15", legs=LEGS), case_id="C1", title="EXERCISE", statements=SHEETS)
    yes(officer, proposed(officer, "KAZ"), "approver-1", "approver-2")
    clock.to("2008-07-02")
    case = officer.load("C1")
    found = standing(officer, case, case.proposals[0], 2)
    assert (found.step, found.changes[0].text) == ("lapsed", "paper")
    assert any("The Council calls upon" in line for line in found.changes[0].now)
    # Proposed anew, it has to be approved anew.
    assert proposed(officer, "KAZ").id == "P2"
    assert look(officer) == ("waiting", 2)


def test_a_time_inside_a_sentence_is_no_time_of_sending(morning: tuple[CaseDesk, TurnedClock]) -> None:
    officer, _ = morning
    text = "EXERCISE: it was seen at 041100Z JUL 08."
    state_it(officer, "C1", [Sheet(text, "S//REL TO USA, KAZ", "R5")])
    yes(officer, proposed(officer, "KAZ"), "approver-1", "approver-2")
    assert look(officer) == ("approved", 0)
    seq = officer.load("C1").stated[-1].seq
    correct(officer, "C1", seq, why="a slip", changes={"text": text.replace("0411", "0511")})
    case = officer.load("C1")
    found = standing(officer, case, case.proposals[0], 2)
    assert (found.step, {one.text for one in found.changes}) == ("lapsed", {"paper", "telegram"})


@pytest.mark.parametrize("home", ["USA", "GBR", ""])
def test_only_the_hour_of_sending_may_differ(home: str, keeper: ShelfKeeper) -> None:
    officer, clock = desk(WORLD, "2008-07-01")
    officer = replace(officer, home=home)
    open_case(officer, flight("2008-07-15", legs=LEGS), case_id="C1", title="EXERCISE", statements=SHEETS)
    yes(officer, proposed(officer, "KAZ"), "approver-1", "approver-2")
    clock.to("2008-07-03", "17:45")  # two days on: the day of declassification differs, too
    assert look(officer) == ("approved", 0)
    clock.to("2008-07-09")  # a day before the deadline the telegram becomes immediate, and that is no detail
    assert look(officer)[0] == "lapsed"


TYPED = (
    "EXERCISE: the press says \u201ccharter\u201d \u2013 l\u2019avion\u2026 "
    "1\u00bd\u00a0hours \u00bb f\u00fcr \u4e2d."
)


@pytest.mark.parametrize("words", ["l\u2019avion", "say \u201cno\u201d", "say  no\u00a0 more"])
def test_typographers_characters_go_out_as_cables_carry_them(
    morning: tuple[CaseDesk, TurnedClock], words: str
) -> None:
    officer, clock = morning
    case, ids = state_it(officer, "C1", [Sheet(TYPED, "S//REL TO USA, KAZ", "R5")])
    yes(officer, proposed(officer, "KAZ", ask=(words,)), "approver-1", "approver-2")
    clock.to("2008-07-01", "13:00")
    assert look(officer) == ("approved", 0)
    found = officer.load("C1").proposals[0].body.words[0]
    assert "=QUOTED" not in found.telegram
    flat = " ".join(found.telegram.split())
    assert 'the press says "charter" - l\'avion... 1 1/2 hours " f\u00fcr \u4e2d.' in flat
    # The statement and the paper stay as they were written.
    assert case.stated[-1].body.text in found.paper
    assert "\u201ccharter\u201d" in found.paper
    assert ids == (case.stated[-1].body.id,)


@pytest.mark.parametrize("home", ["USA", "GBR"])
def test_no_approval_lapses_by_the_clock_where_the_telegram_is_quoted(home: str) -> None:
    officer, clock = desk(WORLD, "2008-07-01")
    officer = replace(officer, home=home)
    open_case(officer, flight("2008-07-15", legs=LEGS), case_id="C1", title="EXERCISE", statements=SHEETS)
    body = proposed(officer, "KAZ", ask=("<b>own</b>",))
    assert "\n=QUOTED\n" in body.words[0].telegram
    yes(officer, body, "approver-1", "approver-2")
    clock.to("2008-07-03", "17:45")
    assert look(officer) == ("approved", 0)
    clock.to("2008-07-09")  # immediate now
    assert look(officer)[0] == "lapsed"


def test_a_statement_that_looks_like_a_quoted_form_keeps_its_times(
    morning: tuple[CaseDesk, TurnedClock],
) -> None:
    officer, _ = morning
    text = 'EXERCISE: =QUOTED =HEAD {"sent": "2008-07-01T08:00Z"} <b>so</b> =END'
    seq = state_it(officer, "C1", [Sheet(text, "S//REL TO USA, KAZ", "R5")])[0].stated[-1].seq
    yes(officer, proposed(officer, "KAZ"), "approver-1", "approver-2")
    correct(officer, "C1", seq, why="a slip", changes={"text": text.replace("08:00", "09:00")})
    case = officer.load("C1")
    found = standing(officer, case, case.proposals[0], 2)
    assert {one.text for one in found.changes} == {"paper", "telegram"}


def test_a_paper_of_an_old_log_with_control_characters_is_set() -> None:
    text = "U\n\nNON-PAPER\n\n(U) A fact\u000b here\u0000\ufffe.\n\nU\n"
    made = docx(sheet_of(text))
    with zipfile.ZipFile(io.BytesIO(made)) as pack:
        assert "A fact here." in pack.read("word/document.xml").decode()
    assert pdf(sheet_of(text)).startswith(b"%PDF")


def test_a_day_that_changes_nothing_leaves_them(morning: tuple[CaseDesk, TurnedClock]) -> None:
    officer, clock = morning
    yes(officer, proposed(officer, "KAZ"), "approver-1", "approver-2")
    clock.to("2008-07-03")
    assert look(officer) == ("approved", 0)


def test_a_refusal_ends_a_proposal(morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper) -> None:
    officer, _ = morning
    body = proposed(officer, "KAZ")
    yes(officer, body, "approver-1")
    with pytest.raises(InputError, match="needs its reason"):
        refuse(officer, "C1", "P1", account="approver-2", why=" ")
    case = refuse(officer, "C1", "P1", account="approver-2", why="too soon")
    assert look(officer)[0] == "refused"
    assert not case.pending
    for deed in (
        lambda: yes(officer, body, "approver-3"),
        lambda: refuse(officer, "C1", "P1", account="approver-3", why="x"),
        lambda: release(officer, keeper, "C1", "P1", account="officer-1", wanted=0),
    ):
        with pytest.raises(InputError, match="already"):
            deed()
    with pytest.raises(InputError, match="no such proposal"):
        refuse(officer, "C1", "P7", account="approver-3", why="x")


def test_nothing_goes_out_twice(morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper) -> None:
    officer, _ = morning
    first = proposed(officer, "KAZ")
    assert proposed(officer, "KAZ") == first  # a form sent twice
    release(officer, keeper, "C1", "P1", account="officer-1", wanted=0)
    with pytest.raises(InputError, match="was released already"):
        release(officer, keeper, "C1", "P1", account="officer-1", wanted=0)
    assert len(keeper.released("C1")) == 1


def test_an_approval_is_of_texts_that_were_seen(morning: tuple[CaseDesk, TurnedClock]) -> None:
    officer, _ = morning
    proposed(officer, "KAZ")
    with pytest.raises(ConflictError, match="not the texts of the proposal"):
        approve(officer, "C1", "P1", account="approver-1", digest="0" * 64)


def test_a_case_that_moves_while_it_is_released_is_told(
    morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper
) -> None:
    """Somebody records an event between reading and appending: nothing is recorded, nothing on the shelf."""
    officer, _ = morning
    proposed(officer, "KAZ")

    meddled: list[int] = []

    class Meddled(ListLog):
        def append(self, *given: object, **more: object):  # type: ignore[no-untyped-def]
            if not meddled:
                meddled.append(1)
                state_it(officer, "C1", [Sheet("EXERCISE: late.", "U", "R8")])
            return log.append(*given, **more)  # type: ignore[arg-type]

    log = officer.log
    assert isinstance(log, ListLog)
    other = Meddled(log.clock)
    other.recorded_events, other.items = log.recorded_events, log.items
    with pytest.raises(InputError, match="has moved on"):
        release(replace(officer, log=other), keeper, "C1", "P1", account="officer-1", wanted=0)
    assert keeper.released() == ()
    assert not officer.load("C1").releases


def test_what_was_approved_cannot_be_corrected(morning: tuple[CaseDesk, TurnedClock]) -> None:
    officer, _ = morning
    yes(officer, proposed(officer, "KAZ"), "approver-1")
    case = officer.load("C1")
    for noted in (*case.proposals, *case.approvals):
        with pytest.raises(InputError, match="stands as it is"):
            correct(officer, "C1", noted.seq, why="x", strike=True)


def test_forged_texts_count_for_nothing(morning: tuple[CaseDesk, TurnedClock]) -> None:
    """Whoever writes a proposal into the log by other ways cannot have other texts approved under it."""
    officer, _ = morning
    body = proposed(officer, "KAZ")
    words = (replace(body.words[0], paper=body.words[0].paper + "More."),)
    case = officer.load("C1")
    forged: Noted[Proposed] = replace(case.proposals[0], body=replace(body, words=words, digest="0" * 64))
    assert standing(officer, case, forged, 2).step == "lapsed"


def test_shelves_are_rebuilt_from_the_log(
    morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper, tmp_path: Path
) -> None:
    officer, clock = morning
    proposed(officer, "KAZ", "IND")
    release(officer, keeper, "C1", "P1", account="officer-1", wanted=0)
    clock.to("2008-07-02")
    plan(officer, "C1", flight("2008-07-16", legs=LEGS), why="moved")
    state_it(
        officer,
        "C1",
        [Sheet("EXERCISE: it is the 16th now.", "S//REL TO USA, KAZ", "R5", ("flight", "dates"), ("S1",))],
    )
    propose(officer, "C1", Request("update", due=DUE, why="moved"), account="officer-1")
    release(officer, keeper, "C1", "P2", account="officer-1", wanted=0)
    clock.to("2008-07-09")
    answer(officer, "C1", "KAZ", "DENY_OVERFLIGHT")
    end(officer, "C1", "CANCELLED", evidence="EXERCISE")
    state_it(officer, "C1", [Sheet("EXERCISE: it did not fly.", "U", "R6")])
    case, _ = propose(officer, "C1", Request("thanks", statements=("S6",)), account="officer-1")
    assert any(item.key == "approval P3" for item in agenda_of(case))
    case, _ = release(officer, keeper, "C1", "P3", account="officer-1", wanted=0)
    assert not any(item.kind == "approval" for item in agenda_of(case))
    there = keeper.released()
    assert [(row.state, row.kind) for row, _, _ in there] == [
        *((one[0].state, "approach") for one in there[:2]),
        ("KAZ", "update"),
        ("KAZ", "thanks"),
    ]
    assert {one[0].state for one in there[:2]} == {"IND", "KAZ"}
    assert there[2][0].due == DUE
    assert there[3][0].due is None
    with open_desk(Settings(home=tmp_path / "other")) as store:
        fresh = ShelfKeeper(store.log.engine)
        assert rebuild_shelf(officer.log.events(), fresh) == 4
        assert fresh.released() == there
        assert rebuild_shelf(officer.log.events(), fresh) == 0
        assert fresh.released() == there


def test_a_crash_before_the_shelf_is_mended(
    morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer, _ = morning
    proposed(officer, "KAZ")
    with monkeypatch.context() as patch:

        def gone(*_: object) -> bool:
            raise OSError("the power went")

        patch.setattr(ShelfKeeper, "put", gone)
        with pytest.raises(OSError, match="power"):
            release(officer, keeper, "C1", "P1", account="officer-1", wanted=0)
    assert officer.load("C1").approaches
    assert shelf(keeper, "KAZ").released() == ()
    assert rebuild_shelf(officer.log.events(), keeper) == 1
    assert len(shelf(keeper, "KAZ").released()) == 1


def test_where_nothing_may_be_left_nothing_is_on_the_shelf(keeper: ShelfKeeper) -> None:
    officer, _ = desk(WORLD, "2008-07-01")
    sheets = [Sheet("EXERCISE: we are concerned.", "S//DISPLAY ONLY KAZ", "R2")]
    open_case(officer, flight("2008-07-15", legs=LEGS), case_id="C1", statements=sheets)
    proposed(officer, "KAZ")
    case, made = release(officer, keeper, "C1", "P1", account="officer-1", wanted=0)
    assert made[0].reference == ""
    assert case.approaches
    assert keeper.released() == ()


def test_a_title_says_no_more_than_the_paper(keeper: ShelfKeeper) -> None:
    officer, _ = desk(WORLD, "2008-07-01")
    sheets = [
        Sheet("EXERCISE: a flight is planned.", "U", "R1"),
        Sheet("EXERCISE: it is KOR621.", "S//DISPLAY ONLY KAZ", "R2", ("flight",)),
    ]
    open_case(officer, flight("2008-07-15", legs=LEGS), case_id="C1", statements=sheets)
    assert [one.title for one in proposed(officer, "KAZ", "IND").words] == ["Request", "Request"]


def test_every_event_has_its_words_and_its_json(
    morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper
) -> None:
    officer, _ = morning
    yes(officer, proposed(officer, "KAZ"), "approver-1")
    refuse(officer, "C1", "P1", account="approver-2", why="too soon")
    yes(officer, proposed(officer, "KAZ"), "approver-1")
    case, _ = release(officer, keeper, "C1", "P2", account="officer-1", wanted=1)
    said = [history_words(n) for n in case.history][-6:]
    assert (
        said
        == [
            "P1: approach to KAZ by officer-1",
            "P1 by approver-1",
            "P1 by approver-2: too soon",
            "P2: approach to KAZ by officer-1",
            "P2 by approver-1",
            "KAZ asked through AMEMBASSY ASTANA, due 2008-07-10 12:00Z",
        ]
        or said[-1] == "P2: approach to KAZ, approved by approver-1"
    )
    kinds = [row["kind"] for row in to_json(case, DUE)["history"]]
    assert kinds[-7:] == ["proposed", "approved", "refused", "proposed", "approved", "approached", "released"]
    for event in officer.log.events():
        body = decode(event.kind, event.body)
        assert decode(event.kind, encode(body)) == body


def test_a_merged_case_takes_no_proposals_along(
    morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper
) -> None:
    officer, _ = morning
    proposed(officer, "KAZ")
    open_case(officer, flight("2008-07-15", legs=LEGS), case_id="C2", title="EXERCISE")
    case = merge(officer, "C2", "C1")
    assert not case.proposals
    with pytest.raises(ConflictError, match="no longer those"):
        release(officer, keeper, "C1", "P1", account="officer-1", wanted=0)


def test_the_envelope_is_kept(morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper) -> None:
    officer, _ = morning
    envelope = Envelope({"KAZ": "AMCONSUL ALMATY"}, ("AMEMBASSY BEIJING",), "STATE 101", "ISN")
    proposed(officer, "KAZ", envelope=envelope, chance=0.4)
    case, _ = release(officer, keeper, "C1", "P1", account="officer-1", wanted=0)
    body: Approached = case.approaches[0].body
    assert (body.product.post, body.product.number, body.chance) == ("AMCONSUL ALMATY", "2008 STATE 101", 0.4)
    assert body.product.info == ("AMEMBASSY BEIJING",)


@pytest.mark.parametrize("kind", ["approach", "update", "thanks", "else"])
def test_what_cannot_be_sent_cannot_be_proposed(morning: tuple[CaseDesk, TurnedClock], kind: str) -> None:
    officer, _ = morning
    with pytest.raises(InputError):
        propose(officer, "C1", Request(kind), account="officer-1")  # type: ignore[arg-type]
    assert not officer.load("C1").proposals


# --- what a guest may not see changes nothing that he sees ---------------------------------------------

SECRETS = ("S//NF", "S//REL TO USA, IND", "S//DISPLAY ONLY IND", "S//OC", "TS//NF")


def played(dice: random.Random, hidden: random.Random | None, folder: Path) -> tuple[object, ...]:
    """A case on which KAZ is approached; `hidden` adds what KAZ may not see. All that KAZ's shelf gives."""
    officer, clock = desk(WORLD, "2008-07-01", lawyer=Lawyer())

    def meddle() -> None:
        if hidden is None:
            return
        for _ in range(hidden.randint(0, 2)):
            text = f"EXERCISE: secret {hidden.random()}."
            facts = tuple(hidden.sample(["route", "dates", "cargo", "flight"], hidden.randint(0, 2)))
            state_it(officer, "C1", [Sheet(text, hidden.choice(SECRETS), f"R{hidden.random()}", facts)])
        if hidden.random() < 0.5:
            approach(officer, "C1", ["IND"], ask=["information"], due=DUE + timedelta(days=1))
        if hidden.random() < 0.5:
            answer(officer, "C1", "IND", hidden.choice(["ALLOW", "DENY_OVERFLIGHT"]))
        if hidden.random() < 0.3:
            state_it(officer, "C1", [Sheet("EXERCISE: India said so.", "U", "R", ("answer IND",))])
        if hidden.random() < 0.4:
            now = officer.load("C1").flight
            tail = f"P-{hidden.randint(100, 999)}"
            plan(officer, "C1", replace(now, aircraft=replace(now.aircraft, registration=tail)))

    title = f"EXERCISE {hidden.random()}" if hidden else "EXERCISE"
    open_case(officer, flight("2008-07-15", legs=LEGS), case_id="C1", title=title)
    meddle()
    for number in range(dice.randint(1, 4)):
        facts = tuple(dice.sample(["route", "dates", "cargo", "flight"], dice.randint(0, 3)))
        mark = dice.choice(["U", "S//REL TO USA, KAZ", "S//DISPLAY ONLY KAZ", "S//REL TO USA, IND, KAZ"])
        state_it(officer, "C1", [Sheet(f"EXERCISE: fact {number}.", mark, f"R{number}", facts)])
        meddle()
    with open_desk(Settings(home=folder)) as store:
        keeper = ShelfKeeper(store.log.engine)
        if hidden is not None and hidden.random() < 0.5:
            propose(officer, "C1", ask("IND"), account="officer-2")
            release(officer, keeper, "C1", "P1", account="officer-2", wanted=0)
        clock.to("2008-07-02")
        for states in (("KAZ",), ("KAZ",)):
            wanted = (*states, "IND") if hidden is not None and hidden.random() < 0.5 else states
            body = propose(officer, "C1", ask(*wanted), account="officer-1")[1]
            release(officer, keeper, "C1", body.id, account="officer-1", wanted=0)
            meddle()
        clock.to("2008-07-03")
        own = Shelf(store.log.engine, "KAZ")
        given = [
            own.answer(row.reference, "ALLOW", account="guest-kaz", at=clock(), words="EXERCISE")
            for row in own.released()
        ]
        return (*map(astuple, own.released()), *map(astuple, given))


@pytest.mark.parametrize("seed", range(15))
def test_a_shelf_is_a_function_of_what_its_state_may_see(seed: int, tmp_path: Path) -> None:
    plain = played(random.Random(seed), None, tmp_path / "a")
    secret = played(random.Random(seed), random.Random(seed + 1000), tmp_path / "b")
    assert secret == plain


def test_references_of_the_same_paper_differ(
    morning: tuple[CaseDesk, TurnedClock], keeper: ShelfKeeper
) -> None:
    officer, clock = morning
    for day in ("2008-07-02", "2008-07-02", "2008-07-03"):
        clock.to(day)
        body = proposed(officer, "KAZ")
        release(officer, keeper, "C1", body.id, account="officer-1", wanted=0)
    names = [row.reference for row, _, _ in keeper.released()]
    assert len(set(names)) == 3
    assert all(len(name) == 12 and name.isalnum() for name in names)


def test_nothing_is_written_by_looking(morning: tuple[CaseDesk, TurnedClock]) -> None:
    officer, _ = morning
    before = officer.log.head()
    happenings, words = rehearse(officer, officer.load("C1"), ask("KAZ", "IND"))
    assert [type(one.body) for one in happenings] == [Approached, Approached]
    assert [one.state for one in words] == ["KAZ", "IND"]
    assert officer.log.head() == before
    assert Released not in {type(one.body) for one in happenings}
