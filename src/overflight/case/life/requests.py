"""Approaching, updating, thanking: what the desk sends out."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from overflight.case.life.compose import Composed, compose, paper_text, spoken_text
from overflight.case.life.desk import CaseDesk, Happening, not_home
from overflight.case.life.draft import Letterhead, numbered, parse_number, text_of
from overflight.case.life.draft import approach as approach_telegram
from overflight.case.life.draft import thanks as thanks_telegram
from overflight.case.life.draft import update as update_telegram
from overflight.case.life.events import (
    Approached,
    Closed,
    Product,
    Thanked,
    Updated,
)
from overflight.case.life.headline import helpers
from overflight.case.life.model import Case
from overflight.case.life.news import News, news_for
from overflight.case.life.planning import alive
from overflight.case.life.posts import post_for, sound_address
from overflight.case.life.statements import barred, chosen
from overflight.errors import InputError
from overflight.world.states import name
from overflight.world.times import minute_text

__all__ = ["ASKS", "Envelope", "approach", "close", "preview", "thank", "update"]

#: What a state may be asked, in the words of the options of law, and as the telegram says it.
ASKS: Mapping[str, str] = {
    "refuse-overflight": "refuse the flight overflight of its territory",
    "require-landing-and-inspect": "let the flight over only on condition that it lands and is inspected",
    "require-landing": "require the flight to land",
    "deny-landing": "refuse the flight landing",
    "allow-with-scrutiny": "ask for the cargo manifest and crew list before it gives a permit",
    "information": "say whether a permit was asked for, and what was declared",
}


@dataclass(frozen=True, slots=True)
class Envelope:
    """How telegrams go out: posts by state where they differ from the table's, info, first number, slug."""

    posts: Mapping[str, str] | None = None
    info: tuple[str, ...] = ()
    number: str = ""
    slug: str = ""


def approach(
    desk: CaseDesk,
    case_id: str,
    states: Sequence[str],
    *,
    ask: Sequence[str],
    due: datetime,
    statements: Sequence[str] = (),
    envelope: Envelope = Envelope(),
    chance: float | None = None,
    at: datetime | None = None,
) -> tuple[Case, tuple[tuple[Approached, Composed], ...]]:
    """Make one approach for each state, with its own points, and draft the telegrams.

    Raises
    ------
    InputError
        The home state is among them, the deadline has passed, nothing may be told to one of them, or no post
        is known.
    """
    case = alive(desk.load(case_id))
    moment = desk.at(at)
    if not states:
        raise InputError("no state to approach", where="--to", mend="name one or more, such as KAZ,KGZ")
    if due <= moment:
        raise InputError(
            f"the deadline {minute_text(due)} has passed",
            where="--due",
            mend=f"give one after {minute_text(moment)}",
        )
    ask = _sound_asks(ask)
    if chance is not None and not 0 <= chance <= 1:
        raise InputError(f"{chance:g} is no chance", where="--chance", mend="give a number from 0 to 1")
    for state in states:
        not_home(state, desk.home, "it is not approached")
    sayable = chosen(case, statements)
    counsel = desk.jurist.counsel(case.flight)
    head = _letterhead(desk, moment, envelope)
    made: list[tuple[Approached, Composed]] = []
    what: list[Happening] = []
    for step, state in enumerate(dict.fromkeys(states)):
        composed = compose(
            sayable, state, day=moment.date(), counsel=counsel, ask=ask, barred=barred(case, sayable, state)
        )
        letter = _to(numbered(head, step), state, moment, envelope)
        background = [one for one in chosen(case) if one.id not in {*composed.released, *composed.spoken}]
        telegram = approach_telegram(
            case, composed, letter, ask=[ASKS.get(one, one) for one in ask], due=due, background=background
        )
        count = sum(
            1 for n in case.history if isinstance(n.body, Approached) and n.body.product.state == state
        )
        body = Approached(
            f"{state}-{count + 1}",
            tuple(ask),
            due,
            case.plans[-1].body.number,
            _product(composed, letter, text_of(telegram)),
            chance,
        )
        made.append((body, composed))
        what.append(Happening(body, moment, str(letter.number) if letter.number else None))
    return desk.record(case, case.id, what), tuple(made)


def preview(desk: CaseDesk, case: Case, state: str, at: datetime | None = None) -> Composed:
    """What one state may be told as things stand; nothing is recorded."""
    return compose(
        chosen(case),
        state,
        day=desk.at(at).date(),
        counsel=desk.jurist.counsel(case.flight),
        ask=_asked(case, state) or ("refuse-overflight",),
        barred=barred(case, chosen(case), state),
    )


def update(
    desk: CaseDesk,
    case_id: str,
    *,
    why: str = "",
    states: Sequence[str] = (),
    statements: Sequence[str] = (),
    due: datetime | None = None,
    envelope: Envelope = Envelope(),
    at: datetime | None = None,
) -> tuple[Case, Updated, dict[str, Composed]]:
    """Bring what has changed to everybody who holds an earlier version.

    `statements` are new facts, such as a meeting on the same days: they go to every state approached that
    has not heard them.

    Raises
    ------
    InputError
        Nobody holds an earlier version, or a state named does not; the deadline has passed.
    """
    case = desk.load(case_id)
    moment = desk.at(at)
    if due is not None and due <= moment:
        raise InputError(
            f"the deadline {minute_text(due)} has passed", where="--due", mend="give a later one"
        )
    fresh = chosen(case, statements) if statements else ()
    counsel = desk.jurist.counsel(case.flight)
    waiting: dict[str, News] = {}
    for state in case.approached:
        news = news_for(case, state, day=moment.date(), fresh=fresh, counsel=counsel, ask=_asked(case, state))
        if news is not None:
            waiting[state] = news
    wanted = {state: news for state, news in waiting.items() if not states or state in states}
    if extra := [state for state in states if state not in waiting]:
        raise InputError(f"{extra[0]} holds no earlier version", where="--to", mend="leave it out")
    if not wanted:
        raise InputError(
            "nobody holds an earlier version",
            where=case.id,
            mend="record what is new first: case plan or case statement",
        )
    head = _letterhead(desk, moment, envelope)
    products: list[Product] = []
    kept: dict[str, str] = {}
    made: dict[str, Composed] = {}
    for state, news in wanted.items():
        if news.kept:
            kept[state] = news.kept
        composed = news.composed
        if composed.empty:
            continue
        answer = case.current(state)
        stale = [reason.words for reason in case.stale(answer)] if answer else []
        letter = _to(numbered(head, len(products)), state, moment, envelope, case)
        telegram = update_telegram(
            case,
            composed,
            letter,
            changes=[change.words for change in news.changes.values() if change.fact in composed.told],
            why=why,
            due=due,
            stale=stale,
            background=news.background,
        )
        made[state] = composed
        products.append(_product(composed, letter, text_of(telegram)))
    facts = tuple(dict.fromkeys(fact for news in wanted.values() for fact in news.facts))
    body = Updated(facts, why, tuple(products), kept, due)
    if not products and not kept:
        raise InputError("nothing can be told to anybody", where=case.id, mend="state the new facts first")
    return desk.record(case, case.id, [Happening(body, moment)]), body, made


def _asked(case: Case, state: str) -> tuple[str, ...]:
    """What the state was asked last."""
    asked = [n.body.ask for n in case.approaches if n.body.product.state == state]
    return asked[-1] if asked else ()


def thank(
    desk: CaseDesk,
    case_id: str,
    *,
    states: Sequence[str] = (),
    statements: Sequence[str] = (),
    envelope: Envelope = Envelope(),
    at: datetime | None = None,
) -> tuple[Case, Thanked]:
    """Thank the states that helped, with what may be said about the result and nothing else.

    Only statements recorded after the outcome speak of it; the request itself is not repeated.

    Raises
    ------
    InputError
        There is no outcome yet; a state named did not help; nobody helped.
    """
    case = desk.load(case_id)
    moment = desk.at(at)
    if not case.endings:
        raise InputError("there is no outcome yet", where=case.id, mend="record it with case outcome")
    helped = helpers(case)
    if extra := [state for state in states if state not in helped]:
        raise InputError(
            f"{extra[0]} is not among those that helped",
            where="--to",
            mend=f"these did: {', '.join(helped) or 'none'}",
        )
    done = {p.state for n in case.thanks for p in n.body.products}
    owed = [state for state in (states or helped) if state not in done]
    if not owed:
        raise InputError("nobody is owed thanks", where=case.id)
    ended = case.endings[0].seq
    about = chosen(case, statements) if statements else [s for s in chosen(case) if s.seq > ended]
    head = _letterhead(desk, moment, envelope)
    products: list[Product] = []
    kept: dict[str, str] = {}
    for state in owed:
        composed = compose(about, state, day=moment.date(), barred=barred(case, about, state))
        try:
            letter = _to(numbered(head, len(products)), state, moment, envelope, case)
        except InputError as error:
            kept[state] = str(error)
            continue
        telegram = thanks_telegram(case, composed, letter, helped=helped[state])
        products.append(_product(composed, letter, text_of(telegram)))
    body = Thanked(tuple(products), kept)
    return desk.record(case, case.id, [Happening(body, moment)]), body


def close(desk: CaseDesk, case_id: str, *, why: str = "", at: datetime | None = None) -> Case:
    """Close a case.

    Raises
    ------
    InputError
        It has no outcome, or a duty to report is open.
    """
    case = desk.load(case_id)
    if case.closing:
        raise InputError("the case is closed already", where=case.id)
    if not case.endings:
        raise InputError("there is no outcome yet", where=case.id, mend="record it with case outcome")
    done = {n.body.key for n in case.reports}
    open_ = [c.text for n in case.inspections for c in n.body.clocks if c.key not in done]
    if open_:
        raise InputError(
            f"a report is due: {open_[0]}", where=case.id, mend="record it with case outcome --reported"
        )
    return desk.record(case, case.id, [Happening(Closed(why), desk.at(at))])


# --- parts
# -----------------------------------------------------------------------------------------------------


#: Controls, halves of pairs, what is no character; blanks of every kind may stand.
_UNPRINTED = frozenset({"Cc", "Cs", "Cn", "Co"})


def _sound_asks(ask: Sequence[str]) -> tuple[str, ...]:
    """What is asked, without blanks around it: something, and in words that a telegram can carry."""
    asked = tuple(one.strip() for one in ask)
    if not asked or not all(asked):
        raise InputError(
            "nothing is asked", where="--ask", mend=f"one of {', '.join(ASKS)}, or your own words"
        )
    for one in asked:
        if any(unicodedata.category(c) in _UNPRINTED for c in one):
            raise InputError(f"{one[:40]!r} cannot be printed", where="--ask", mend="use plain words")
    return asked


def _letterhead(desk: CaseDesk, moment: datetime, envelope: Envelope) -> Letterhead:
    origin = "SECSTATE WASHDC" if desk.home in ("", "USA") else f"MFA {name(desk.home)}".upper()
    number = parse_number(envelope.number, moment.date()) if envelope.number else None
    for post in filter(None, (envelope.posts or {}).values()):
        sound_address(post)  # one that no recipient of today needs is kept with the request all the same
    return Letterhead(
        "",
        moment,
        origin,
        desk.office,
        tuple(sound_address(one) for one in envelope.info),
        number,
        envelope.slug,
    )


def _to(
    head: Letterhead, state: str, moment: datetime, envelope: Envelope, case: Case | None = None
) -> Letterhead:
    from dataclasses import replace

    given = (envelope.posts or {}).get(state)
    earlier = [s.product for s in case.sent if s.product.state == state] if case else []
    if given:
        post = sound_address(given)
    elif earlier:
        post = earlier[-1].post
    else:
        post = post_for(state, moment.date())
    # The correction goes to everybody who had the first version, those for information included.
    info = dict.fromkeys((*(one for product in earlier for one in product.info), *head.info))
    return replace(head, post=post, info=tuple(one for one in info if one != post))


def _product(composed: Composed, letter: Letterhead, text: str) -> Product:
    return Product(
        composed.state,
        letter.post,
        text,
        composed.released,
        composed.spoken,
        dict(composed.told),
        str(letter.number) if letter.number else "",
        letter.info,
        paper_text(composed),
        spoken_text(composed),
    )
