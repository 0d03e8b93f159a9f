"""The built-in exercise: the public case of 2008, played to its end by the hands that work a real one."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from importlib.resources import files
from typing import Any

from overflight.case.life.desk import CaseDesk
from overflight.case.life.events import Product
from overflight.case.life.filing import file_telegram
from overflight.case.life.headline import headline
from overflight.case.life.model import Case
from overflight.case.life.planning import Sheet, open_case, plan, state_it
from overflight.case.life.posts import local
from overflight.case.life.replies import answer, deliver, end
from overflight.case.life.requests import Envelope, approach, close, thank, update
from overflight.errors import DataError
from overflight.world.aerodromes import aerodrome
from overflight.world.flight import Flight, Leg, Stop, Window

__all__ = ["Played", "Script", "play", "script"]


@dataclass(frozen=True, slots=True)
class Script:
    """What is played: the id and title of the case, whose desk it is, and the steps."""

    case: str
    title: str
    home: str
    office: str
    steps: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Played:
    """One step that was played: when, what, the first line of the case after it, and drafts that it made."""

    at: datetime
    words: tuple[str, ...]
    first_line: str
    drafts: tuple[tuple[str, str], ...] = ()


def script() -> Script:
    """The shipped script.

    Raises
    ------
    DataError
        It is damaged.
    """
    try:
        text = (files("overflight.case") / "data" / "exercise.toml").read_text(encoding="utf-8")
        table = tomllib.loads(text)
        head = table["exercise"]
        return Script(head["case"], head["title"], head["home"], head["office"], tuple(table["step"]))
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"the exercise cannot be read ({error})", mend="reinstall overflight") from error


def play(desk: CaseDesk, flight: Flight, told: Script, turn: Callable[[datetime], None]) -> Iterator[Played]:
    """Play the steps, one after the other.

    Parameters
    ----------
    desk : CaseDesk
        An empty one, whose clock `turn` sets.
    flight : Flight
        The flight of the tip.
    told : Script
    turn : callable
        Is given the time of each step before it is played.
    """
    for step in told.steps:
        at = step["at"].astimezone(UTC)
        turn(at)
        case, words, drafts = _STEPS[step["do"]](desk, told, step, flight)
        yield Played(at, tuple(words), headline(case, at), tuple(drafts))


_Result = tuple[Case, Sequence[str], Sequence[tuple[str, str]]]


def _open(desk: CaseDesk, told: Script, step: Mapping[str, Any], flight: Flight) -> _Result:
    # What the flight file says of approaches is what this case is about to do.
    clean = replace(flight, approaches=replace(flight.approaches, asked=(), refused=()))
    sheets = [_sheet(row) for row in step["statement"]]
    case = open_case(
        desk,
        clean,
        case_id=told.case,
        title=told.title,
        tip=step["tip"],
        source=step["source"],
        statements=sheets,
    )
    return case, [f"tip: {step['tip']}", f"{len(sheets)} statements, from U to S//NF"], ()


def _approach(desk: CaseDesk, told: Script, step: Mapping[str, Any], flight: Flight) -> _Result:
    case, made = approach(
        desk,
        told.case,
        step["to"],
        ask=step["ask"],
        due=step["due"].astimezone(UTC),
        envelope=_envelope(step),
    )
    words, drafts = [], []
    for body, composed in made:
        there = local(body.due, body.product.post)
        left = ", ".join(composed.released)
        said = f", may only be said: {', '.join(composed.spoken)}" if composed.spoken else ""
        kept = f", kept: {', '.join(k.statement for k in composed.kept)}" if composed.kept else ""
        words.append(
            f"{body.product.state} is asked ({body.product.number} to {body.product.post}), due {there}; "
            f"may be left: {left}{said}{kept}"
        )
        drafts.append(
            (f"{body.product.number.replace(' ', '-')}-{body.product.state}", body.product.telegram)
        )
    return case, words, drafts


def _delivered(desk: CaseDesk, told: Script, step: Mapping[str, Any], flight: Flight) -> _Result:
    case = deliver(
        desk, told.case, step["state"], office=step["office"], form=step["form"], source=step["source"]
    )
    return case, [f"{step['state']}: delivered to the {step['office']}, {step['form']}"], ()


def _file(desk: CaseDesk, told: Script, step: Mapping[str, Any], flight: Flight) -> _Result:
    filed = file_telegram(desk, step["telegram"].lstrip().encode(), name="exercise")
    words = [f"{filed.number} is filed: {filed.match.why}"]
    case = filed.case
    if filed.proposal is not None and step.get("accept"):
        first, last = (
            (moment.astimezone(UTC) for moment in step["valid"]) if "valid" in step else (None, None)
        )
        recorded = answer(
            desk,
            told.case,
            filed.proposal.state,
            filed.proposal.decision,
            valid_from=first,
            valid_until=last,
            basis=step.get("basis", ""),
            number=filed.number,
            at=filed.at,
        )
        case = recorded.case
        words.append(f"it reports {filed.proposal.state} {filed.proposal.decision}, and is taken at its word")
        words += recorded.notes
    return case, words, ()


def _plan(desk: CaseDesk, told: Script, step: Mapping[str, Any], flight: Flight) -> _Result:
    legs = tuple(_leg(number, *row) for number, row in enumerate(step["legs"], 1))
    present = desk.load(told.case).flight
    case, new = plan(desk, told.case, replace(present, legs=legs), why=step["why"], source=step["source"])
    words = [f"new plan: {change.words}" for change in new.difference.changes]
    words += [f"permit lapses: {n.body.state} {n.body.decision}" for n in new.lapsed]
    words += [f"stale: {n.body.state} {n.body.decision}: {why}" for n, why in new.stale]
    old = dict.fromkeys(state for state, _ in new.holders)
    if old:
        words.append(f"the earlier version is with {', '.join(old)}")
    return case, words, ()


def _statement(desk: CaseDesk, told: Script, step: Mapping[str, Any], flight: Flight) -> _Result:
    case, ids = state_it(desk, told.case, [_sheet(step)])
    return case, [f"{ids[0]} ({step['marking']}): {step['text']}"], ()


def _update(desk: CaseDesk, told: Script, step: Mapping[str, Any], flight: Flight) -> _Result:
    case, body, _ = update(desk, told.case, why=step["why"], envelope=_envelope(step))
    words = [f"the new facts go to {p.state} ({p.number} to {p.post})" for p in body.products]
    words += [f"not told: {state}: {why}" for state, why in body.kept.items()]
    return case, words, [_draft(p) for p in body.products]


def _outcome(desk: CaseDesk, told: Script, step: Mapping[str, Any], flight: Flight) -> _Result:
    case = end(desk, told.case, step["code"], evidence=step["evidence"], source=step["source"])
    return case, [f"outcome: {step['code']}. {step['evidence']}"], ()


def _thanks(desk: CaseDesk, told: Script, step: Mapping[str, Any], flight: Flight) -> _Result:
    case, body = thank(desk, told.case, envelope=_envelope(step))
    if step.get("close"):
        case = close(desk, told.case)
    words = [f"thanks to {p.state} ({p.number} to {p.post}): {', '.join(p.released)}" for p in body.products]
    return case, words, [_draft(p) for p in body.products]


_STEPS: Mapping[str, Callable[[CaseDesk, Script, Mapping[str, Any], Flight], _Result]] = {
    "open": _open,
    "approach": _approach,
    "delivered": _delivered,
    "file": _file,
    "plan": _plan,
    "statement": _statement,
    "update": _update,
    "outcome": _outcome,
    "thanks": _thanks,
}


def _sheet(row: Mapping[str, Any]) -> Sheet:
    facts, replaces = tuple(row.get("facts", ())), tuple(row.get("replaces", ()))
    return Sheet(row["text"], row["marking"], row["source"], facts, replaces)


def _draft(product: Product) -> tuple[str, str]:
    return f"{product.number.replace(' ', '-')}-{product.state}", product.telegram


def _envelope(step: Mapping[str, Any]) -> Envelope:
    return Envelope(None, tuple(step.get("info", ())), step.get("number", ""), step.get("slug", ""))


def _leg(number: int, origin: str, destination: str, day: str) -> Leg:
    start = datetime.combine(datetime.fromisoformat(day), time(), UTC)
    return Leg(
        number, _stop(origin, start), _stop(destination, start), Window(start, start + timedelta(days=1))
    )


def _stop(code: str, start: datetime) -> Stop:
    found = aerodrome(code, start.date())
    place = (found.key, found.icao, found.name, found.city, found.state, found.lon, found.lat)
    return Stop(*place, found.notes, found.source)
