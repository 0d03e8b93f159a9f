"""Options of one state about one flight, in order of fit.

The code only evaluates: which measure is what to which option, under which facts, stands in the rows; the
order stands in ``order.csv``. How it is decided is told in docs/law.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from overflight.law.advice import Advice, Dropped, Option
from overflight.law.explain import beside, build_option
from overflight.law.fitting import NOWHERE, Fit, fits, shown
from overflight.law.measure import OPTIONS
from overflight.law.question import Question
from overflight.law.remarks import cautions, contests, customs
from overflight.law.rules import Rules, fit_order, load
from overflight.law.words import SHOWINGS

__all__ = ["Duty", "advice"]

_INSPECT, _REFUSE, _DENY = "require-landing-and-inspect", "refuse-overflight", "deny-landing"
_ASKING = ("recommended", "requested", "political")
#: Circumstances of flights that nobody means to block.
_UNBLOCKED = frozenset({"diplomatic", "humanitarian"})


@dataclass(frozen=True, slots=True)
class Duty:
    """A mandatory measure that works: the options that discharge it, and those that never bring it about."""

    fit: Fit
    discharges: frozenset[str]
    avoids: frozenset[str]


def advice(question: Question, rules: Rules | None = None) -> Advice:
    """Say what one state may do, must do or is asked to do about one flight on one day.

    Parameters
    ----------
    question : Question
    rules : Rules, optional
        Default: the shipped rows and the desk's own.

    Returns
    -------
    Advice
        Options in order of fit, disputes, what is not open and why.
    """
    known = load() if rules is None else rules
    found = fits(question, known)
    touching = tuple(one for one in found if one.standing.counts != "no")
    offered = [name for name in OPTIONS if not _pointless(question, name)]
    barred = {name: bar for name in offered if (bar := _bar(touching, name))}
    duties = _duties(question, touching, offered, barred)
    options: list[tuple[tuple[int, int, int], Option]] = []
    dropped = [Dropped(name, _pointless(question, name)) for name in OPTIONS if name not in offered]
    klass = _class(question, touching)
    order, reason = fit_order()[klass]
    disputes = contests(question, known)
    for name in offered:
        must = [d for d in duties if name in d.discharges]
        if closed := _closed(question, touching, name, duties, must, barred):
            dropped.append(Dropped(name, closed))
            continue
        asked = _asked(touching, name, bool(must))
        disputed = name in barred and not barred[name].sure
        tier = _tier(question, bool(must), asked, klass, name)
        option = build_option(
            question,
            known,
            touching,
            name,
            must=bool(must),
            asked=asked,
            disputed=disputed,
            others=_others(question, name, must, offered, barred),
            why=_why(name, bool(must), asked, klass, reason, disputed),
        )
        options.append(((tier, int(disputed), order.index(name)), option))
    options.sort(key=lambda pair: pair[0])
    return Advice(
        question=question,
        options=tuple(option for _, option in options),
        dropped=tuple(dropped),
        contested=disputes,
        beside=beside(touching),
        cautions=cautions(question, known, touching, disputes, _unmet(duties, [o for _, o in options])),
        practice=customs(question, known),
    )


def _pointless(question: Question, name: str) -> str:
    """Why an option makes no sense for where the flight is; empty when it does."""
    if question.grounded:
        if name == _DENY:
            if question.phase == "on the ground":
                return "the aircraft has landed"
            return "the flight starts here: refusing it is refuse-overflight"
        if name == "require-landing":
            return "the aircraft is on the ground"
    elif question.landing and name == _REFUSE:
        return "the flight means to land here: refusing it is deny-landing"
    elif question.landing and name == "require-landing":
        return "the flight means to land here anyway"
    return ""


def _bar(found: Sequence[Fit], name: str) -> Fit | None:
    """The rule that closes an option: one beyond dispute first."""
    bars = [one for one in found if one.role(name) == "bar" and one.works]
    if any(one.role(name) == "unbar" and one.works and one.sure for one in found):
        bars = [one for one in bars if one.measure.kind != "PERMIT"]
    return min(bars, key=lambda one: (not one.sure, one.measure.id), default=None)


def _duties(
    question: Question, found: Sequence[Fit], offered: Sequence[str], barred: dict[str, Fit]
) -> tuple[Duty, ...]:
    """What the state must do, as far as anything that is open does it."""
    duties = []
    on_ground = question.landing or question.phase == "on the ground"
    for one in found:
        if one.measure.binding != "mandatory" or not one.works or not one.sure or not one.bound:
            continue
        does = frozenset(name for name in offered if one.role(name) == "act")
        landed = frozenset(name for name in offered if one.role(name) == "on-landing")
        if does:
            duties.append(Duty(one, does, frozenset()))
        elif landed and on_ground:
            # Cargo that never lands is never within reach: keeping it out leaves nothing to inspect.
            keeps_out = frozenset() if question.phase == "on the ground" else frozenset({_REFUSE, _DENY})
            duties.append(Duty(one, landed, keeps_out))
    return tuple(d for d in duties if any(not _shut(name, barred, question) for name in d.discharges))


def _shut(name: str, barred: dict[str, Fit], question: Question) -> bool:
    """Whether not even a duty opens an option: nobody's airspace, or an aircraft in distress."""
    bar = barred.get(name)
    return (
        bar is not None and bar.sure and (question.over in NOWHERE or "emergency" in question.circumstances)
    )


def _says(bar: Fit) -> str:
    word = "must not" if bar.measure.binding == "prohibition" else "must"
    return f"{bar.measure.citation}: a state {word} {bar.measure.effect}"


def _only_landing(duty: Duty, question: Question) -> bool:
    """A duty that arises only if the flight asks to land leaves its overflight alone."""
    return duty.discharges == {_DENY} and not question.landing


def _closed(
    question: Question,
    found: Sequence[Fit],
    name: str,
    duties: Sequence[Duty],
    must: Sequence[Duty],
    barred: dict[str, Fit],
) -> str:
    """Why an option is not open; empty when it is."""
    if _shut(name, barred, question):
        return _says(barred[name])
    for duty in duties:
        if name in duty.discharges | duty.avoids or _only_landing(duty, question):
            continue
        if name == _DENY and not question.landing:
            continue
        return f"it does not discharge {duty.fit.measure.id} ({duty.fit.measure.citation})"
    if must:
        return ""
    bar = barred.get(name)
    if bar is not None and bar.sure:
        return _says(bar)
    if name == _DENY and not question.landing:
        asks = any(one.role(name) == "act" and not one.exempt for one in found)
        return "" if asks else "the flight does not mean to land here"
    if not any(one.role(name) in ("power", "unbar") and one.works and one.sure for one in found):
        return "no rule gives the state this power over this flight"
    return ""


def _asked(found: Sequence[Fit], name: str, must: bool) -> str | None:
    """The strongest word by which the option is asked for."""
    if must:
        return "mandatory"
    words = set()
    for one in found:
        role = one.role(name)
        if role not in ("act", "on-landing") or not one.works or not one.sure:
            continue
        if one.measure.binding == "mandatory":
            # On landing only, or for a state that the Council does not bind: no more than a call.
            words.add("recommended")
        elif one.measure.binding in _ASKING:
            words.add(one.measure.binding)
    return next((word for word in _ASKING if word in words), None)


def _class(question: Question, found: Sequence[Fit]) -> str:
    """How strong the case is: it chooses the row of ``order.csv``."""
    if "emergency" in question.circumstances:
        return "special"
    if question.circumstances & _UNBLOCKED and not question.grounds_apart:
        return "special"
    if SHOWINGS.index(shown(question)) >= SHOWINGS.index("good-cause"):
        return "strong"
    tied = any(one.ties for one in found) or bool(question.designations)
    grave = question.what not in ("unknown", "goods", "relief", "passengers")
    return "weak" if tied or grave else "none"


def _tier(question: Question, must: bool, asked: str | None, klass: str, name: str) -> int:
    """0 must, 1 flights that nobody means to block, 2 asked for, 3 open, 4 only should it ask to land."""
    if name == _DENY and not question.landing:
        return 4
    if must:
        return 0
    if klass == "special":
        return 1
    return 2 if asked else 3


def _others(
    question: Question, name: str, must: Sequence[Duty], offered: Sequence[str], barred: dict[str, Fit]
) -> tuple[str, ...]:
    """The other options that discharge the same duties."""
    shared = [d.discharges for d in must]
    if not shared:
        return ()
    both = frozenset.intersection(*shared) if len(shared) > 1 else shared[0]
    if not question.landing:  # to keep a passing flight from landing leaves it in the air, and the reverse
        both -= {_REFUSE} if name == _DENY else {_DENY}
    return tuple(o for o in offered if o in both and o != name and o not in barred)


def _unmet(duties: Sequence[Duty], options: Sequence[Option]) -> tuple[str, ...]:
    """Duties that no open option discharges."""
    left = {one.option for one in options}
    return tuple(d.fit.measure.id for d in duties if not d.discharges & left)


def _why(
    name: str, must: bool, asked: str | None, klass: str, reason: str, disputed: bool
) -> tuple[str, ...]:
    words = []
    if must:
        words.append("a mandatory measure comes before anything that is only open or asked for")
    elif asked:
        words.append(f"a measure asks for it ({asked})")
    if not must or name == _INSPECT:
        words.append(reason)
    if disputed:
        words.append("a contested rule would close it: last among its equals")
    return tuple(words)
