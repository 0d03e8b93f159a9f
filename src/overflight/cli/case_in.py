"""``overflight case delivered``, ``answer``, ``inspected``, ``reported`` and ``outcome``: what comes back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from overflight.cli.case_common import (
    At,
    CaseId,
    NumberOf,
    Source,
    case_desk,
    moment,
    note,
    span,
    told,
    words,
)
from overflight.cli.common import AsJson, View, states_option

__all__ = ["add"]


def add(case: typer.Typer) -> None:
    """Add the sub-commands."""
    case.command("delivered", help=_DELIVERED)(_delivered)
    case.command("answer", help=_ANSWER)(_answer)
    case.command("inspected", help=_INSPECTED)(_inspected)
    case.command("reported", help=_REPORTED)(_reported)
    case.command("outcome", help=_OUTCOME)(_outcome)


State = Annotated[str, typer.Argument(metavar="STATE", help="State: code or English name.")]

_DELIVERED = """Record that the post has delivered: when, to which office, spoken or left.

Example: overflight case delivered KOR621 IND --office "Ministry of External Affairs" --form both
"""


def _delivered(
    case_id: CaseId,
    state: State,
    office: Annotated[
        str, typer.Option("--office", metavar="TEXT", help="Ministry or authority, no person.")
    ],
    form: Annotated[str, typer.Option("--form", metavar="FORM", help="oral, paper or both.")] = "oral",
    reaction: Annotated[str, typer.Option("--reaction", metavar="TEXT", help="First reaction.")] = "",
    questions: Annotated[str, typer.Option("--questions", metavar="TEXT", help="What was asked back.")] = "",
    number: NumberOf = "",
    at: At = None,
    source: Source = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.replies import deliver
    from overflight.world.states import state as code_of

    with case_desk(at=moment(at, "--at")) as desk:
        case = deliver(
            desk,
            case_id,
            code_of(state),
            office=office,
            form=form,
            reaction=reaction,
            questions=questions,
            number=number,
            source=source,
        )
        told(desk, case, as_json)


_ANSWER = """Record what a state replied.

DECISION is DENY_OVERFLIGHT, DENY_LANDING, REQUIRE_LANDING_AND_INSPECT, ALLOW, ALLOW_WITH_SCRUTINY,
ASK_MORE_INFORMATION, NO_REQUEST_RECEIVED, ALREADY_DENIED, REFUSE_TO_SAY, NO_ANSWER or REVERSED.

Example: overflight case answer KOR621 IND ALLOW --valid 2008-08-04..2008-08-09 --number "NEW DELHI 55"
"""


def _answer(
    case_id: CaseId,
    state: State,
    decision: Annotated[str, typer.Argument(metavar="DECISION", help="What it decided.")],
    conditions: Annotated[str, typer.Option("--conditions", metavar="TEXT", help="On what condition.")] = "",
    valid: Annotated[
        str | None, typer.Option("--valid", metavar="FROM..UNTIL", help="For which departures it is good.")
    ] = None,
    tail: Annotated[
        str | None, typer.Option("--tail", metavar="T,T", help="Registrations that it names.")
    ] = None,
    basis: Annotated[str, typer.Option("--basis", metavar="TEXT", help="Ground that it gave.")] = "",
    standing: Annotated[bool, typer.Option("--standing", help="A policy, whatever the day.")] = False,
    tell: Annotated[
        str | None, typer.Option("--tell", metavar="S,S", help="States that may be told; default: nobody.")
    ] = None,
    number: NumberOf = "",
    at: At = None,
    source: Source = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.replies import answer
    from overflight.world.states import state as code_of

    first, last = span(valid, "--valid")
    with case_desk(at=moment(at, "--at")) as desk:
        recorded = answer(
            desk,
            case_id,
            code_of(state),
            decision,
            conditions=conditions,
            valid_from=first,
            valid_until=last,
            tails=words(tail),
            basis=basis,
            standing=standing,
            tell=states_option(tell, "--tell"),
            number=number,
            source=source,
        )
        for line in recorded.notes:
            note(line)
        told(desk, recorded.case, as_json)


_INSPECTED = """Record that a state has looked inside; duties to report start by themselves.

Example: overflight case inspected KOR621 THA --place VTBD --result seized
"""


def _inspected(
    case_id: CaseId,
    state: State,
    place: Annotated[str, typer.Option("--place", metavar="TEXT", help="Where.")],
    result: Annotated[str, typer.Option("--result", metavar="RESULT", help="clean, seized or open.")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="What was found.")] = "",
    at: At = None,
    source: Source = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.replies import inspect
    from overflight.world.states import state as code_of

    with case_desk(at=moment(at, "--at")) as desk:
        case, body = inspect(
            desk,
            case_id,
            code_of(state),
            place=place,
            result=result,
            text=text,
            source=source,
        )
        told(desk, case, as_json, *(f"{c.text}: by {c.due:%Y-%m-%d} (key {c.key})" for c in body.clocks))


_REPORTED = """Record that a duty to report was fulfilled; the key is the one that case inspected named.

Example: overflight case reported KOR621 1929-17
"""


def _reported(
    case_id: CaseId,
    key: Annotated[str, typer.Argument(metavar="KEY", help="Which duty.")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="How.")] = "",
    at: At = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.replies import report

    with case_desk(at=moment(at, "--at")) as desk:
        told(desk, report(desk, case_id, key, text=text), as_json)


_OUTCOME = """Record what became of the flight, with the evidence; a track is held against the prediction.

OUTCOME is FLOWN, DENIED, LANDED, INSPECTED_CLEAN, INSPECTED_SEIZED, TURNED_BACK, CANCELLED or UNKNOWN.

Example: overflight case outcome KOR621 CANCELLED --evidence "press of 8 August"
"""


def _outcome(
    case_id: CaseId,
    code: Annotated[str, typer.Argument(metavar="OUTCOME", help="What happened.")],
    evidence: Annotated[str, typer.Option("--evidence", metavar="TEXT", help="How it is known.")],
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="More about it.")] = "",
    track: Annotated[
        Path | None, typer.Option("--track", metavar="TRACK", help="A recorded track, as for cross.")
    ] = None,
    at: At = None,
    source: Source = None,
    view: View = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.replies import end

    with case_desk(view, at=moment(at, "--at")) as desk:
        case = end(
            desk,
            case_id,
            code,
            evidence=evidence,
            text=text,
            track=str(track) if track else "",
            source=source,
        )
        body = case.endings[-1].body
        said = []
        if body.observed and case.ways:
            said = [f"predicted: {', '.join(case.ways.line)}", f"observed: {', '.join(body.observed)}"]
        told(desk, case, as_json, *said)
