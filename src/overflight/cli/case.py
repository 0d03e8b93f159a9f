"""``overflight case``: the life of a case, one sub-command for each thing that can happen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from overflight.cli.case_common import (
    At,
    CaseId,
    Info,
    NumberOf,
    Out,
    Posts,
    Slug,
    Source,
    case_desk,
    envelope,
    head,
    lines,
    moment,
    note,
    sheets_in,
    span,
    text_file,
    words,
    write_drafts,
)
from overflight.cli.common import AsJson, View, states_option, write_json
from overflight.errors import InputError

if TYPE_CHECKING:
    from overflight.case.life.desk import CaseDesk
    from overflight.case.life.model import Case
    from overflight.world.flight import Flight

__all__ = ["register"]

_HELP = "The life of a case: every request, every answer, nothing overwritten."


def register(app: typer.Typer) -> None:
    """Add the command to the application."""
    from overflight.cli import case_mend, case_show

    case = typer.Typer(no_args_is_help=True, rich_markup_mode="rich", help=_HELP)
    case.command("open", help=_OPEN)(_open)
    case.command("plan", help=_PLAN)(_plan)
    case.command("statement", help=_STATEMENT)(_statement)
    case.command("approach", help=_APPROACH)(_approach)
    case.command("delivered", help=_DELIVERED)(_delivered)
    case.command("answer", help=_ANSWER)(_answer)
    case.command("update", help=_UPDATE)(_update)
    case.command("inspected", help=_INSPECTED)(_inspected)
    case.command("reported", help=_REPORTED)(_reported)
    case.command("outcome", help=_OUTCOME)(_outcome)
    case.command("thanks", help=_THANKS)(_thanks)
    case_show.add(case)
    case_mend.add(case)
    app.add_typer(case, name="case")


def _told(desk: CaseDesk, case: Case, as_json: bool, *said: str) -> None:
    """What every command ends with: the case as it stands now."""
    if as_json:
        from overflight.case.life.view import to_json

        write_json(to_json(case, desk.clock()))
        return
    for line in said:
        typer.echo(line)
    typer.echo(head(case, desk.clock()))


# --- what the desk knows
# -----------------------------------------------------------------------------------------------------

_OPEN = """Open a case from FLIGHT.toml, or from a telegram out of which you confirm each fact.

Without --confirm, --telegram shows the facts proposed, each with its portion, and opens nothing.

Example: overflight case open FLIGHT.toml --id KOR621
"""


def _open(
    file: Annotated[Path | None, typer.Argument(metavar="[FLIGHT.toml]", help="The planned flight.")] = None,
    telegram: Annotated[
        Path | None, typer.Option("--telegram", metavar="FILE", help="A telegram that tells of the flight.")
    ] = None,
    confirm: Annotated[
        str | None, typer.Option("--confirm", metavar="F,F", help="Proposed facts that you confirm, or all.")
    ] = None,
    id_: Annotated[
        str, typer.Option("--id", metavar="ID", help="Id of the case; default: flight and day.")
    ] = "",
    title: Annotated[str, typer.Option("--title", metavar="TEXT", help="Title of the case.")] = "",
    tip: Annotated[str, typer.Option("--tip", metavar="TEXT", help="What the tip says.")] = "",
    statements: Annotated[
        Path | None, typer.Option("--statements", metavar="FILE.toml", help="Statements to begin with.")
    ] = None,
    at: At = None,
    source: Source = None,
    view: View = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.planning import open_case

    flight, confirmed, cited = _flight_of(file, telegram, confirm, as_json)
    if flight is None:
        return
    sheets = sheets_in(statements) if statements else ()
    with case_desk(view, create=True, at=moment(at, "--at")) as desk:
        case = open_case(
            desk,
            flight,
            case_id=id_,
            title=title,
            tip=tip,
            source=source or cited,
            confirmed=confirmed,
            statements=sheets,
        )
        _told(desk, case, as_json)


def _flight_of(
    file: Path | None, telegram: Path | None, confirm: str | None, as_json: bool
) -> tuple[Flight | None, tuple[str, ...], str | None]:
    if (file is None) == (telegram is None):
        raise InputError("needs one of FLIGHT.toml and --telegram", where="case open")
    if file is not None:
        from overflight.world.flight_file import read_flight

        if confirm is not None:
            raise InputError("confirms facts of a telegram only", where="--confirm", mend="leave it out")
        return read_flight(file), (), None
    from overflight.case.life.proposal import confirmed_flight, proposals
    from overflight.telegram import read

    assert telegram is not None
    reading = read(text_file(telegram), name=str(telegram))
    found = proposals(reading)
    number = str(reading.telegram.number) if reading.telegram.number else telegram.name
    if confirm is None:
        if as_json:
            write_json(
                {
                    "telegram": number,
                    "proposed": [
                        {"field": p.field, "value": p.value, "portion": p.portion, "words": p.words}
                        for p in found
                    ],
                }
            )
        else:
            typer.echo(f"proposed out of {number}; nothing is taken unless you confirm it:")
            typer.echo(lines(f"{p.field:9} {p.value:24} {p.portion}: {p.words}" for p in found))
        raise typer.Exit(1)
    wanted = tuple(p.field for p in found) if confirm == "all" else words(confirm)
    return confirmed_flight(found, wanted), wanted, number


_PLAN = """Add a dated plan: what changed, states newly under the route, permits that lapse, stale answers.

Example: overflight case plan KOR621 FLIGHT.toml --why "the operator moved the flight"
"""


def _plan(
    case_id: CaseId,
    file: Annotated[Path, typer.Argument(metavar="FLIGHT.toml", help="The flight as planned now.")],
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What is known of the reason.")] = "",
    at: At = None,
    source: Source = None,
    view: View = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.planning import plan
    from overflight.world.flight_file import read_flight

    flight = read_flight(file)
    with case_desk(view, at=moment(at, "--at")) as desk:
        case, new = plan(desk, case_id, flight, why=why, at=moment(at, "--at"), source=source)
        said = [change.words for change in new.difference.changes]
        if new.difference.newly:
            said.append(f"newly under the route: {', '.join(new.difference.newly)}")
        if new.difference.gone:
            said.append(f"no longer under it: {', '.join(new.difference.gone)}")
        said += [
            f"permit lapses: {n.body.state} ({n.body.decision}, {n.true_at:%Y-%m-%d})" for n in new.lapsed
        ]
        said += [f"stale: {n.body.state} {n.body.decision}: {why_}" for n, why_ in new.stale]
        old: dict[str, list[str]] = {}
        for state, fact in new.holders:
            old.setdefault(fact, []).append(state)
        said += [f"an earlier {fact} is with {', '.join(states)}" for fact, states in old.items()]
        _told(desk, case, as_json, *said)


_STATEMENT = """Record a sentence that may be told: its marking, its source, the facts it rests on.

Facts are flight, operator, kind, type, tail, purpose, cargo, route, dates (or "date VYMD-OIIE"), or a word of
your own such as meeting. --replaces withdraws an earlier statement for everybody.

Example: overflight case statement KOR621 "It leaves on 9 August." --marking U --source PRESS --fact dates
"""


def _statement(
    case_id: CaseId,
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="The sentence.")] = None,
    marking: Annotated[str, typer.Option("--marking", metavar="MARK", help="Its portion mark.")] = "",
    source: Source = None,
    fact: Annotated[
        list[str] | None, typer.Option("--fact", metavar="FACT", help="A fact that it rests on; repeat.")
    ] = None,
    replaces: Annotated[
        str | None, typer.Option("--replaces", metavar="S1,S2", help="Statements that it replaces.")
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--from", metavar="FILE.toml", help="Statements in a file instead.")
    ] = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.planning import Sheet, state_it

    if (text is None) == (file is None):
        raise InputError("needs one of TEXT and --from", where="case statement")
    sheets = (
        sheets_in(file)
        if file is not None
        else (Sheet(text or "", marking, source or "", tuple(fact or ()), words(replaces)),)
    )
    with case_desk(at=moment(at, "--at")) as desk:
        case, ids = state_it(desk, case_id, sheets)
        _told(desk, case, as_json, f"recorded {', '.join(ids)}")


# --- what goes out
# -----------------------------------------------------------------------------------------------------

_APPROACH = """Approach states: one request each, with its own points, and the telegram to each post.

--ask takes refuse-overflight, require-landing-and-inspect, require-landing, deny-landing,
allow-with-scrutiny, information, or words of your own.

Example: overflight case approach KOR621 --to IND,PAK --ask refuse-overflight --due 2008-08-06T12:00Z
"""


def _approach(
    case_id: CaseId,
    to: Annotated[str, typer.Option("--to", metavar="S,S", help="States to approach.")],
    ask: Annotated[str, typer.Option("--ask", metavar="A,A", help="What each is asked to do.")],
    due: Annotated[str, typer.Option("--due", metavar="TIME", help="When the answer is due, UTC.")],
    statements: Annotated[
        str | None, typer.Option("--statements", metavar="S1,S2", help="Only these; default: all that hold.")
    ] = None,
    posts: Posts = None,
    info: Info = None,
    number: NumberOf = "",
    slug: Slug = "",
    chance: Annotated[
        float | None, typer.Option("--chance", metavar="P", help="Your estimate that they refuse, 0 to 1.")
    ] = None,
    out: Out = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.posts import local
    from overflight.case.life.requests import approach

    states = states_option(to, "--to")
    deadline = moment(due, "--due", end=True)
    assert deadline is not None
    with case_desk(at=moment(at, "--at")) as desk:
        case, made = approach(
            desk,
            case_id,
            states,
            ask=words(ask),
            due=deadline,
            statements=words(statements),
            envelope=envelope(posts, info, number, slug),
            chance=chance,
        )
        said = []
        for body, composed in made:
            there = local(body.due, body.product.post)
            left = ", ".join(composed.released) or "nothing"
            spoken = f"; may be said: {', '.join(composed.spoken)}" if composed.spoken else ""
            said.append(
                f"{body.product.state}: {body.product.number or 'draft'} to {body.product.post}, due "
                f"{body.due:%Y-%m-%d %H:%MZ}{f' ({there})' if there else ''}; may be left: {left}{spoken}"
            )
            said += [f"  kept: {k.statement} ({k.marking}), {k.reason}" for k in composed.kept]
        _told(desk, case, as_json, *said)
        write_drafts(out, [(body.id, body.product.telegram) for body, _ in made], [c for _, c in made])


_UPDATE = """Bring new facts to everybody who was told the old ones, and say who still holds them.

--statements names new facts, such as a meeting on the same days: they go to every state approached.

Example: overflight case update KOR621 --why "the operator moved the flight"
"""


def _update(
    case_id: CaseId,
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What is behind the change.")] = "",
    to: Annotated[str | None, typer.Option("--to", metavar="S,S", help="Only these states.")] = None,
    statements: Annotated[
        str | None, typer.Option("--statements", metavar="S1,S2", help="Statements that are new facts.")
    ] = None,
    due: Annotated[
        str | None, typer.Option("--due", metavar="TIME", help="When an answer is due, UTC.")
    ] = None,
    posts: Posts = None,
    info: Info = None,
    number: NumberOf = "",
    slug: Slug = "",
    out: Out = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.requests import update

    states = states_option(to, "--to")
    with case_desk(at=moment(at, "--at")) as desk:
        case, body, made = update(
            desk,
            case_id,
            why=why,
            states=states,
            statements=words(statements),
            due=moment(due, "--due", end=True),
            envelope=envelope(posts, info, number, slug),
        )
        said = [
            f"{p.state}: {p.number or 'draft'} to {p.post}; {', '.join((*p.released, *p.oral)) or 'nothing'}"
            for p in body.products
        ]
        said += [f"not told: {state}: {reason}" for state, reason in body.kept.items()]
        said += [
            f"{h.state} holds {h.fact} {h.holds!r}" + (", the new one is on its way" if h.sent else "")
            for h in case.holders
        ]
        _told(desk, case, as_json, *said)
        names = [(f"{p.state}-update-{case.last}", p.telegram) for p in body.products]
        write_drafts(out, names, list(made.values()))


_THANKS = """Thank the states that helped, saying only what may be said about the result.

Only statements recorded after the outcome are used, unless --statements names others. --close ends the case.

Example: overflight case thanks KOR621 --number "STATE 140" --close
"""


def _thanks(
    case_id: CaseId,
    to: Annotated[str | None, typer.Option("--to", metavar="S,S", help="Only these states.")] = None,
    statements: Annotated[
        str | None, typer.Option("--statements", metavar="S1,S2", help="What may be said of the result.")
    ] = None,
    posts: Posts = None,
    info: Info = None,
    number: NumberOf = "",
    slug: Slug = "",
    close_it: Annotated[bool, typer.Option("--close", help="Close the case when all are thanked.")] = False,
    out: Out = None,
    at: At = None,
    as_json: AsJson = False,
) -> None:
    from overflight.case.life.headline import helpers
    from overflight.case.life.requests import close, thank

    states = states_option(to, "--to")
    with case_desk(at=moment(at, "--at")) as desk:
        case = desk.load(case_id)
        said: list[str] = []
        drafts: list[tuple[str, str]] = []
        thanked = {p.state for n in case.thanks for p in n.body.products}
        owed = set(states or helpers(case)) - thanked
        if owed or not close_it:
            case, body = thank(
                desk,
                case_id,
                states=states,
                statements=words(statements),
                envelope=envelope(posts, info, number, slug),
            )
            said = [f"{p.state}: {p.number or 'draft'} to {p.post}" for p in body.products]
            said += [f"not thanked: {state}: {reason}" for state, reason in body.kept.items()]
            drafts = [(f"{p.state}-thanks", p.telegram) for p in body.products]
        if close_it:
            case = close(desk, case_id)
        _told(desk, case, as_json, *said)
        write_drafts(out, drafts)


# --- what comes back
# -----------------------------------------------------------------------------------------------------

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
        _told(desk, case, as_json)


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
        _told(desk, recorded.case, as_json)


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
        _told(desk, case, as_json, *(f"{c.text}: by {c.due:%Y-%m-%d} (key {c.key})" for c in body.clocks))


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
        _told(desk, report(desk, case_id, key, text=text), as_json)


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
        _told(desk, case, as_json, *said)
