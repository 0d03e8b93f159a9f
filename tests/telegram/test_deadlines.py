"""The wordings of a deadline, what is no deadline, and what is a proposal or a warning."""

from __future__ import annotations

import datetime as dt

import pytest

from overflight.telegram.deadline import find_due

SENT = dt.date(2026, 7, 15)  # a Wednesday


def _due(text: str, sent: dt.date | None = SENT) -> tuple[str | None, tuple[str, ...]]:
    found, warnings = find_due([("", text)], [text.upper()], sent)
    return (found.day.isoformat() if found else None), warnings


@pytest.mark.parametrize("ask", ["PLEASE REPORT", "RESPONSES ARE DUE", "A REPLY IS REQUESTED"])
@pytest.mark.parametrize(
    ("wording", "day"),
    [
        ("BY THE 24TH OF JULY", "2026-07-24"),
        ("NOT LATER THAN CLOSE OF BUSINESS (COB) JULY 24", "2026-07-24"),
        ("NO LATER THAN (NLT) JULY 24", "2026-07-24"),
        ("BY 1700 LOCAL TIME ON JULY 24", "2026-07-24"),
        ("BY 5:00 PM EDT JULY 24", "2026-07-24"),
        ("BY 5 P.M. ON JULY 24", "2026-07-24"),
        ("BY NOON WASHINGTON TIME (1600Z) ON JULY 24", "2026-07-24"),
        ("BY OOB WASHINGTON JULY 24", "2026-07-24"),
        ("PRIOR TO JULY 24", "2026-07-24"),
        ("ON OR BEFORE JULY 24", "2026-07-24"),
        ("BY JULY 24 1700 LOCAL", "2026-07-24"),
        ("IN FIVE WORKING DAYS", "2026-07-22"),
        ("WITHIN A WEEK", "2026-07-22"),
        ("WITHIN ONE MONTH", "2026-08-15"),
        ("WITHIN 24 HRS", "2026-07-16"),
        ("WITHIN TWENTY-FOUR HOURS", "2026-07-16"),
        ("WITHIN SEVENTY-TWO HOURS", "2026-07-18"),
        ("WITHIN THIRTY DAYS", "2026-08-14"),
        ("BY COB TODAY", "2026-07-15"),
        ("BY TOMORROW", "2026-07-16"),
        ("BY THE END OF JULY", "2026-07-31"),
        ("BY END OF THE MONTH", "2026-07-31"),
        ("BY END OF FEBRUARY", "2027-02-28"),
        ("BY 24 JUL 26", "2026-07-24"),
        ("BY 24JUL2026", "2026-07-24"),
        ("BY 24-JUL-2026", "2026-07-24"),
        ("NO LATER THAN THE 24TH", "2026-07-24"),
        ("BY THURSDAY (JULY 23)", "2026-07-23"),
        ("BY THURSDAY, JULY 23", "2026-07-23"),
    ],
)
def test_wordings(ask: str, wording: str, day: str) -> None:
    assert _due(f"{ask} {wording}.") == (day, ())


@pytest.mark.parametrize(
    "label", ["SUSPENSE: 24 JUL 26", "SUSPENSE DATE IS 24 JULY", "DEADLINE: JULY 24, 2026"]
)
def test_labels(label: str) -> None:
    assert _due(f"{label}.") == ("2026-07-24", ())


def test_the_day_of_the_report_goes_before_the_day_of_delivery() -> None:
    text = "POST SHOULD DELIVER THE POINTS BEFORE JULY 18 AND REPORT THE RESPONSE BY JULY 24."
    assert _due(text) == ("2026-07-24", ())
    assert _due(text.replace("BY JULY 24", "SOON"))[0] == "2026-07-18"
    assert _due("REPORT BY JULY 24 ON FLIGHTS BEFORE JULY 20.") == ("2026-07-24", ())


@pytest.mark.parametrize(
    "text",
    [
        "REPORTS SAY THE AIRCRAFT WILL ARRIVE BY JULY 24.",
        "PRESS REPORTS OF AN ARRIVAL BY JULY 24 ARE KNOWN.",
        "THE RESULTS OF THE ELECTION WILL BE KNOWN BY JULY 24.",
        "THE AIRCRAFT REPORTEDLY WILL ARRIVE BY JULY 24.",
        "REPORT BY CABLE ON THE 24TH SESSION.",
        "THE TALKS RESUME IN FIVE DAYS.",
    ],
)
def test_what_is_no_deadline(text: str) -> None:
    assert _due(text) == (None, ())


@pytest.mark.parametrize(
    ("text", "day", "printed"),
    [
        ("reply by AUGUST l2", "2026-08-12", "l2"),
        ("REPLY BY AUGU5T 12", "2026-08-12", "AUGU5T"),
        ("REPLY BY JU1Y 24", "2026-07-24", "JU1Y"),
        ("REPLY BY 0CTOBER 1O", "2026-10-10", "0CTOBER 1O"),
        ("REPLY BY l5 AUGUST", "2026-08-15", "l5"),
        ("REPLY BY 07/2O/2026", "2026-07-20", "07/2O/2026"),
    ],
)
def test_damaged_days_are_proposals(text: str, day: str, printed: str) -> None:
    found, warnings = _due(f"Please {text}.")
    assert found == day
    assert warnings == (f"the deadline reads {printed!r}; {day} is proposed, check it",)


@pytest.mark.parametrize(
    "wording",
    [
        "BY NEXT FRIDAY",
        "BY THE END OF THE WEEK",
        "BY COB",
        "BY EARLY AUGUST",
        "BY MAY 2027",
        "WITHIN A FEW DAYS",
    ],
)
def test_a_deadline_that_is_not_understood_is_a_warning(wording: str) -> None:
    found, warnings = _due(f"PLEASE REPORT {wording}.")
    assert found is None
    assert warnings == (f"a deadline is not understood: {wording!r}",)


def test_a_day_just_past_is_said() -> None:
    assert _due("A REPLY IS NEEDED BY JULY 10.") == (
        "2027-07-10",
        ("the deadline of JUL 10 has passed in 2026; 2027-07-10 is taken, check it",),
    )
    assert _due("A REPLY IS NEEDED BY JULY 10, 2026.") == ("2026-07-10", ())
    assert _due("A REPLY IS NEEDED BY JANUARY 10.") == ("2027-01-10", ())


def test_days_told_from_that_of_sending_need_one() -> None:
    for wording in ("TODAY", "THE 24TH", "END OF JULY", "24 JULY"):
        assert _due(f"PLEASE REPORT BY {wording}.", None) == (
            None,
            ("a deadline is given, but the telegram has no date to tell its year",),
        )


@pytest.mark.parametrize("wording", ["TODAY", "TOMORROW", "THE 1ST", "END OF JANUARY", "JANUARY 5", "FRIDAY"])
def test_the_last_day_of_the_calendar(wording: str) -> None:
    found, _ = _due(f"PLEASE REPORT BY {wording}.", dt.date.max)
    assert found == ("9999-12-31" if wording == "TODAY" else None)
