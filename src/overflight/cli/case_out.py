"""``overflight case approach``, ``update`` and ``thanks``: what goes out to the posts."""

from __future__ import annotations

from typing import Annotated

import typer

from overflight.cli.case_common import (
    At,
    CaseId,
    Info,
    NumberOf,
    Out,
    Posts,
    Slug,
    case_desk,
    envelope,
    moment,
    told,
    words,
    write_drafts,
)
from overflight.cli.common import AsJson, states_option

__all__ = ["add"]


def add(case: typer.Typer) -> None:
    """Add the sub-commands."""
    case.command("approach", help=_APPROACH)(_approach)
    case.command("update", help=_UPDATE)(_update)
    case.command("thanks", help=_THANKS)(_thanks)


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
    from overflight.telegram.recipients import one_reading

    one_reading(to or "", "--to")
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
        told(desk, case, as_json, *said)
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
    from overflight.telegram.recipients import one_reading

    one_reading(to or "", "--to")
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
        told(desk, case, as_json, *said)
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
    from overflight.telegram.recipients import one_reading

    one_reading(to or "", "--to")
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
        told(desk, case, as_json, *said)
        write_drafts(out, drafts)
