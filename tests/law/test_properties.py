"""What holds for every question, whatever the rows."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from overflight.law import OPTIONS, Advice, Designation, Question, Rules, advice, shipped
from overflight.law.measure import (
    BINDINGS,
    KINDS,
    LINKS,
    ROLES,
    TRIGGERS,
    Measure,
    Period,
    Position,
    Support,
    span,
)
from overflight.law.rules import _shipped_files, build
from overflight.law.words import (
    CATEGORIES,
    CIRCUMSTANCES,
    FLIGHT_KINDS,
    LOADS,
    OVER,
    PERMITS,
    PHASES,
    SHOWINGS,
)

RULES = shipped()
STATES = ("IND", "TUR", "DEU", "GBR", "CHN", "RUS", "PRK", "IRN", "SYR", "LBY", "IRQ", "MMR", "TWN", "PAK")
_some = st.lists(st.sampled_from(STATES), max_size=2, unique=True).map(tuple)
_code = st.sampled_from((*STATES, None))
_days = st.one_of(
    st.dates(date(1985, 1, 1), date(2030, 12, 31)),
    st.sampled_from(
        sorted({p.start.date() for m in RULES.measures for p in m.periods if p.start.year > 1984})
    ),
)
QUICK = settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def questions(draw: st.DrawFn) -> Question:
    return Question(
        state=draw(st.sampled_from(STATES)),
        on=draw(_days),
        kind=draw(st.sampled_from(FLIGHT_KINDS)),
        category=draw(st.sampled_from(CATEGORIES)),
        showing=draw(st.sampled_from(SHOWINGS)),
        grounds_apart=draw(st.booleans()),
        origins=draw(_some),
        destinations=draw(_some),
        flag=draw(_code),
        operator=draw(st.sampled_from(((), ("IRM",), ("Iran Air Cargo",), ("KOR", "Air Koryo")))),
        operator_state=draw(_code),
        designations=draw(
            st.sampled_from(((), (Designation("UN", "owner"),), (Designation("OFAC", "aircraft"),)))
        ),
        over=draw(st.sampled_from(OVER)),
        phase=draw(st.sampled_from(PHASES)),
        landing=draw(st.booleans()),
        unauthorised=draw(st.booleans()),
        permit=draw(st.sampled_from(PERMITS)),
        carries=draw(st.sampled_from(LOADS)),
        circumstances=draw(st.frozensets(st.sampled_from(CIRCUMSTANCES), max_size=2)),
        position=draw(st.sampled_from(("", *STATES))),
    )


@st.composite
def measures(draw: st.DrawFn, after: date) -> Measure:
    """Some row that comes into force after a day."""
    start = datetime(after.year, after.month, after.day, tzinfo=UTC) + timedelta(
        days=1 + draw(st.integers(0, 4000)), seconds=draw(st.integers(0, 86_399))
    )
    targets = draw(_some)
    return Measure(
        id=f"new-{draw(st.integers(0, 99))}",
        instrument="Draft",
        paragraph="1",
        adopted=start.date().isoformat(),
        periods=(Period(start, None, draw(st.sampled_from(("in force", "suspended")))),),
        applies_to=("*",),
        targets=targets,
        links=LINKS if targets else (),
        kind=draw(st.sampled_from(KINDS)),
        binding=draw(st.sampled_from(BINDINGS)),
        trigger=draw(st.sampled_from(TRIGGERS)),
        cargo=draw(st.sampled_from((("*",), ("prohibited",), ("arms", "missile")))),
        carriers=(),
        when=(),
        supports=tuple(Support(o, draw(st.sampled_from(ROLES))) for o in OPTIONS),
        effect="do something",
        exemptions=(),
        clock=draw(st.sampled_from(("", "5wd", "prompt"))),
        verified=False,
        unverified="",
        key="",
        note="",
        source="a test",
    )


def alive(rules: Rules, on: date) -> Rules:
    """The rows that hold on a day and no others."""
    first, end = span(on)

    def holds(start: datetime | None, until: datetime | None) -> bool:
        return (start is None or start < end) and (until is None or until > first)

    return replace(
        rules,
        measures=tuple(
            replace(m, periods=tuple(p for p in m.periods if holds(p.start, p.until)))
            for m in rules.measures
            if any(holds(p.start, p.until) for p in m.periods)
        ),
        positions=tuple(p for p in rules.positions if holds(p.start, p.until)),
        memberships=tuple(m for m in rules.memberships if holds(m.start, m.until)),
        endorsements=tuple(e for e in rules.endorsements if holds(e.start, e.until)),
        parties=tuple(p for p in rules.parties if holds(p.start, p.until)),
        practice=tuple(p for p in rules.practice if holds(p.start, p.until)),
    )


@QUICK
@given(questions())
def test_only_rows_in_force_that_day_count(question: Question) -> None:
    assert isinstance(question.on, date)
    assert advice(question, alive(RULES, question.on)) == advice(question, RULES)


@QUICK
@given(st.data(), questions())
def test_a_later_row_changes_no_earlier_advice(data: st.DataObject, question: Question) -> None:
    assert isinstance(question.on, date)
    more = data.draw(st.lists(measures(question.on), min_size=1, max_size=3, unique_by=lambda m: m.id))
    start = min(m.periods[0].start for m in more)
    positions = tuple(
        Position("snapback-2025", s, "applies", start, None, False, "", "", "a test", True) for s in STATES
    )
    later = replace(
        RULES,
        measures=tuple(sorted((*RULES.measures, *more), key=lambda m: m.id)),
        positions=(*RULES.positions, *positions),
    )
    assert advice(question, later) == advice(question, RULES)


@QUICK
@given(questions())
def test_a_contested_measure_obliges_only_on_a_chosen_position(question: Question) -> None:
    answer = advice(question, RULES)
    for one in answer.options:
        acting = [m for m in one.measures if m.role in ("act", "on-landing")]
        for measure in acting:
            if measure.status == "contested":
                period = RULES.measure(measure.id).period(question.on)
                assert period is not None
                row = RULES.position(period.dispute, question.position, question.on)
                assert row is not None
                assert row.position == period.held_by
        if one.duty == "must":
            assert any(m.binding == "mandatory" for m in acting)


@QUICK
@given(questions())
def test_a_mandatory_duty_is_never_left_out(question: Question) -> None:
    """Where something must be done, whatever is left either does it or never brings it about."""
    answer = advice(question, RULES)
    if any(one.duty == "must" and one.option != "deny-landing" for one in answer.options):
        if question.over not in ("high seas", "caspian"):
            assert not {"allow", "allow-with-scrutiny"} & {one.option for one in answer.options}
        assert answer.options[0].duty == "must"


_FORCE = ("weapon", "shoot", "fire", "force down", "intercept", "missile strike", "use force")


def spoken(answer: Advice) -> list[str]:
    """Every word that tells somebody to do something."""
    return [
        text
        for one in answer.options
        for text in (one.option, one.meaning, *one.why, *one.checks, *(m.effect for m in one.measures))
    ]


@QUICK
@given(questions())
def test_force_is_never_suggested_and_always_forbidden(question: Question) -> None:
    answer = advice(question, RULES)
    for text in spoken(answer):
        assert not any(word in text.lower() for word in _FORCE), text
    for one in answer.options:
        if question.kind != "state" and question.over not in ("high seas", "caspian"):
            assert any("against a civil aircraft in flight" in text for text in one.must_not)


@QUICK
@given(questions())
def test_nobody_but_the_flag_state_over_the_high_seas(question: Question) -> None:
    there = replace(question, over="high seas")
    assume(there.flag != there.state)
    assert [one.option for one in advice(there, RULES).options] == ["allow"]
    assert "allow" in [o.option for o in advice(replace(there, flag=there.state), RULES).options]


@QUICK
@given(questions())
def test_an_answer_is_whole(question: Question) -> None:
    answer = advice(question, RULES)
    named = [one.option for one in answer.options] + [one.option for one in answer.dropped]
    assert sorted(named) == sorted(OPTIONS)
    assert answer.options or question.over in ("high seas", "caspian")
    for one in answer.options:
        assert one.needs or one.duty == "must"
        for view in (*one.measures, *one.pending):
            measure = RULES.measure(view.id)
            assert measure.period(question.on) is not None
            assert RULES.speaks_to(measure, question.state, question.on)
            assert view.unverified or view.verified
    document = answer.to_json()
    assert {"state", "on", "options", "contested"} <= document.keys()
    for option in document["options"]:
        assert {"option", "duty", "measures", "needs", "exemptions", "report_by"} <= option.keys()
        assert option["duty"] in ("may", "must")


@settings(deadline=None, max_examples=12)
@given(st.randoms(use_true_random=False), st.lists(questions(), min_size=3, max_size=6))
def test_the_order_of_rows_and_files_does_not_matter(rng: random.Random, some: list[Question]) -> None:
    files = [(name, kind, rng.sample(rows, len(rows)), own) for name, kind, rows, own in _shipped_files()]
    rng.shuffle(files)
    shuffled = build(files)
    assert shuffled == RULES
    for question in some:
        assert advice(question, shuffled) == advice(question, RULES)
