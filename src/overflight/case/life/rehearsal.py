"""What would go out, word for word, without anything being recorded: the texts that are approved."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from overflight.case.life.desk import CaseDesk, Happening
from overflight.case.life.events import Approached, Body, Product, Proposed, Thanked, Updated, Wording
from overflight.case.life.model import Case
from overflight.case.life.requests import ASKS, Envelope, approach, thank, update
from overflight.errors import InputError

__all__ = [
    "KINDS",
    "TEXTS",
    "Kind",
    "Request",
    "of_office",
    "rehearse",
    "request_of",
    "timeless",
    "whole_digest",
]

Kind = Literal["approach", "update", "thanks"]
KINDS: tuple[Kind, ...] = ("approach", "update", "thanks")
TEXTS = ("paper", "spoken", "telegram")
#: What of a telegram's head the clock alone decides: when it is sent, and when it may be declassified.
_SENT = re.compile(r"^([A-Z]{1,2}) \d{6}Z [A-Z]{3} \d{2,4}$", re.MULTILINE)
_DECLASSIFIED = re.compile(r"^(E\.O\. \d+: DECL:) \d{2}/\d{2}/\d{4}$", re.MULTILINE)
#: The same in the quoted form, each field on a line of its own.
_QUOTED = re.compile(r"^=(HEAD|ORDER) (\{.*\})$", re.MULTILINE)
_QUOTED_DECL = re.compile(r"^(DECL:) \d{2}/\d{2}/\d{4}$")
#: Requests as the state itself reads them, where that is not how the telegram says it.
_YOURS = {
    "refuse-overflight": "refuse the flight overflight of your territory",
    "allow-with-scrutiny": "ask for the cargo manifest and crew list before you give a permit",
}
_TITLES = {"approach": "Request", "update": "New facts", "thanks": "Thanks"}


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be proposed: the parameters of `requests.approach`, `update` or `thank`."""

    kind: Kind = "approach"
    states: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    due: datetime | None = None
    statements: tuple[str, ...] = ()
    why: str = ""
    chance: float | None = None
    envelope: Envelope = Envelope()  # noqa: RUF009 - frozen


def request_of(body: Proposed) -> Request:
    """What a proposal was composed with."""
    kind: Any = body.kind
    return Request(
        kind,
        body.states,
        body.ask,
        body.due,
        body.statements,
        body.why,
        body.chance,
        Envelope(dict(body.posts), body.info, body.number, body.slug),
    )


@dataclass(frozen=True)
class _Rehearsal(CaseDesk):
    """A desk over one case as it was read, that writes nothing down: what it would record is kept aside."""

    case: Case | None = None
    seen: list[Happening] = field(default_factory=list)

    def load(self, case_id: str, until: datetime | None = None) -> Case:
        assert self.case is not None
        return self.case

    def record(
        self, case: Case | None, case_id: str, what: Sequence[Happening], *, key: str | None = None
    ) -> Case:
        assert self.case is not None
        self.seen.extend(what)
        return self.case


def rehearse(
    desk: CaseDesk, case: Case, request: Request, at: datetime | None = None
) -> tuple[tuple[Happening, ...], tuple[Wording, ...]]:
    """What would be recorded if a request went out now, and its texts, state by state; nothing is.

    Raises
    ------
    InputError
        As `requests.approach`, `requests.update` and `requests.thank`.
    """
    stage = _Rehearsal(desk.log, desk.geography, desk.jurist, desk.home, desk.office, desk.clock, case)
    given = request
    match given.kind:
        case "approach":
            if given.due is None:
                raise InputError("no deadline", where="due", mend="say by when the answer is needed")
            approach(
                stage,
                case.id,
                given.states,
                ask=given.ask,
                due=given.due,
                statements=given.statements,
                envelope=given.envelope,
                chance=given.chance,
                at=at,
            )
        case "update":
            update(
                stage,
                case.id,
                why=given.why,
                states=given.states,
                statements=given.statements,
                due=given.due,
                envelope=given.envelope,
                at=at,
            )
        case "thanks":
            thank(
                stage,
                case.id,
                states=given.states,
                statements=given.statements,
                envelope=given.envelope,
                at=at,
            )
        case _:
            raise InputError(f"{given.kind!r} cannot be proposed", where="kind", mend=", ".join(KINDS))
    products = [product for one in stage.seen for product in _products(one.body)]
    return tuple(stage.seen), tuple(_wording(case, given, product) for product in products)


def _products(body: Body) -> tuple[Product, ...]:
    match body:
        case Approached():
            return (body.product,)
        case Updated() | Thanked():
            return body.products
    return ()


def _wording(case: Case, request: Request, product: Product) -> Wording:
    asked = request.ask if request.kind == "approach" else ()
    if request.kind == "update" and request.due is not None:
        asked = next(
            (n.body.ask for n in reversed(case.approaches) if n.body.product.state == product.state), ()
        )
    texts = {"paper": product.paper, "spoken": product.spoken, "telegram": product.telegram}
    return Wording(
        product.state,
        product.post,
        _title(case, request.kind, product),
        tuple(_YOURS.get(one, ASKS.get(one, one)) for one in asked),
        product.paper,
        product.spoken,
        product.telegram,
        {name: _digest(timeless(text) if name == "telegram" else text) for name, text in texts.items()},
    )


def _title(case: Case, kind: str, product: Product) -> str:
    """A heading that says no more than the paper does."""
    left = [one for one in case.statements if one.id in product.released]
    flight = next((one.facts["flight"] for one in left if "flight" in one.facts), "")
    word = _TITLES[kind]
    if not flight:
        return word
    return f"{word} {'for help with' if kind == 'thanks' else 'about'} flight {flight}"


def timeless(telegram: str) -> str:
    """A telegram without what the clock alone decides; nothing below its head is touched."""
    head, mark, body = telegram.partition("\nSUBJECT:")
    if "\n=QUOTED\n" in head:  # a subject stands above every text but in the quoted form, which has none
        head = _QUOTED.sub(_unhurried, head)
    return _DECLASSIFIED.sub(r"\1", _SENT.sub(r"\1", head, count=1), count=1) + mark + body


def _unhurried(line: re.Match[str]) -> str:
    """A field of the quoted form without its time."""
    value = json.loads(line[2])
    if line[1] == "HEAD":
        value["sent"] = None
    else:
        value["text"] = _QUOTED_DECL.sub(r"\1", value["text"])
    return f"={line[1]} {json.dumps(value)}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def whole_digest(request: Request, words: Sequence[Wording]) -> str:
    """One digest over all that is approved: every text, who gets it, what is asked and by when."""
    rows = [[w.state, w.post, w.title, list(w.ask), [w.digests[name] for name in TEXTS]] for w in words]
    due = request.due.isoformat() if request.due else ""
    return _digest(json.dumps([request.kind, due, rows], ensure_ascii=True))


def of_office(desk: CaseDesk, account: str) -> CaseDesk:
    """The desk as telegrams name it: the office alone, without the account that records for it."""
    return replace(desk, office=desk.office.removesuffix(f"/{account}"))
