"""The words of an option: measures as they are cited, showings, exemptions, reports."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from overflight.law.advice import ExemptionView, MeasureView, Option, Report
from overflight.law.clock import due, wording
from overflight.law.fitting import Fit, shown
from overflight.law.meanings import meaning
from overflight.law.measure import Measure, Period
from overflight.law.question import Question
from overflight.law.rules import Rules
from overflight.law.words import label

__all__ = ["beside", "build_option", "cite", "view"]

_INSPECT = "require-landing-and-inspect"
_ROLE_ORDER = ("act", "on-landing", "power", "unbar", "reason")
_TRIGGER_ORDER = (
    *("none", "link", "items", "as-necessary", "good-cause"),
    *("reasonable-grounds", "designated", "found"),
)


def view(fit: Fit, role: str) -> MeasureView:
    """A fit as an option cites it."""
    return cite(fit.measure, fit.standing.period, role, _remark(fit))


def cite(measure: Measure, period: Period, role: str = "", remark: str = "") -> MeasureView:
    """A measure in one of its periods, as it is cited."""
    doubt = measure.unverified or ("" if measure.verified else "not compared with a copy")
    if not period.verified:
        doubt = "; ".join(part for part in (doubt, "that it holds in this period") if part)
    return MeasureView(
        id=measure.id,
        instrument=measure.instrument,
        paragraph=measure.paragraph,
        binding=measure.binding,
        verified=measure.verified and period.verified,
        role=role,
        kind=measure.kind,
        effect=measure.effect,
        status=period.status,
        until=period.until,
        unverified=doubt,
        own=measure.own,
        remark=remark,
        source=" ".join(part for part in (measure.source, f"[{measure.key}]" if measure.key else "") if part),
    )


def _remark(fit: Fit) -> str:
    parts = []
    if fit.ties:
        parts.append(f"the flight {' and '.join(fit.ties)}")
    if fit.lacks:
        parts.append(f"still to be shown: {'; '.join(fit.lacks)}")
    if fit.standing.contested:
        held = {"yes": "held in force", "in doubt": "no position taken", "no": "held not in force"}
        parts.append(f"contested; {held[fit.standing.counts]}")
    if fit.exempt:
        parts.append(f"excepted: {'; '.join(e.text for e in fit.exempt)}")
    if fit.measure.binding == "mandatory" and not fit.bound:
        parts.append("decisions of the Council bind members of the United Nations")
    if fit.measure.note:
        parts.append(fit.measure.note)
    return "; ".join(parts)


def build_option(
    question: Question,
    rules: Rules,
    found: Sequence[Fit],
    name: str,
    *,
    must: bool,
    asked: str | None,
    disputed: bool,
    others: tuple[str, ...],
    why: tuple[str, ...],
) -> Option:
    """Put together everything that is said of one option."""
    here = [(one, role) for one in found if (role := one.role(name))]
    cited, pending = [], []
    for one, role in here:
        if role in ("act", "on-landing"):
            if one.works and one.sure:
                cited.append((one, role))
            elif one.works and not one.exempt:
                cited.append((one, "reason"))  # contested, no position taken
            elif not one.exempt and one.measure.trigger != "found":  # what finds oblige to stands beside
                pending.append((one, role))
        elif role in ("power", "unbar", "reason"):
            if one.works:
                cited.append((one, role if one.sure else "reason"))
            elif role == "unbar" and not one.exempt:
                pending.append((one, role))
    cited.sort(key=lambda pair: (_ROLE_ORDER.index(pair[1]), _strength(pair[0]), pair[0].measure.id))
    acting = [one for one, role in here if role in ("act", "on-landing")]
    reports = _reports(question, rules, acting) if name == _INSPECT else ()
    dates = [report.by for report in reports if report.by and not report.in_doubt]
    said = meaning(question, name)
    if others:
        said = f"{said}; else {' or '.join(others)}"
    needs, met = _needs(question, [p for p in cited if p[1] in ("act", "on-landing")], pending, must)
    return Option(
        option=name,
        meaning=said,
        duty="must" if must else "may",
        asked=asked,
        measures=tuple(view(one, role) for one, role in cited),
        pending=tuple(view(one, role) for one, role in pending),
        needs=needs,
        met=met,
        exemptions=tuple(
            ExemptionView(
                one.measure.id, e.code, e.text, e in one.exempt, e.verified and one.measure.verified
            )
            for one in acting
            for e in one.measure.exemptions
        ),
        reports=reports,
        report_by=min(dates, default=None),
        must_not=_said(here, "forbid"),
        checks=_said(here, "check"),
        limits=(*_said(here, "limit"), *(_said(here, "bar") if disputed else ())),
        why=why,
        disputed=disputed,
    )


def _strength(fit: Fit) -> int:
    order = (
        "mandatory",
        "recommended",
        "requested",
        "political",
        "permission",
        "prohibition",
        "clarification",
    )
    return order.index(fit.measure.binding)


def _said(here: Iterable[tuple[Fit, str]], role: str) -> tuple[str, ...]:
    return tuple(
        f"{one.measure.effect} ({one.measure.citation}"
        + ("" if one.measure.verified else ", unverified")
        + (", contested)" if one.standing.contested else ")")
        for one, r in here
        if r == role and one.works
    )


def _reports(question: Question, rules: Rules, acting: Iterable[Fit]) -> tuple[Report, ...]:
    found: dict[str, Report] = {}
    for one in acting:
        words = one.measure.clock.split()
        if not words or one.measure.kind != "INSPECT" or not one.works:
            continue  # an inspection that does not rest on the paragraph starts none of its clocks
        setting = one.measure if len(words) == 1 else rules.measure(words[1])
        standing = rules.standing(setting, question.on, question.position)
        if standing is None or standing.counts == "no":
            continue
        found[setting.id] = Report(
            setting.id,
            wording(one.measure.clock),
            due(one.measure.clock, question.day),
            setting.verified,
            standing.contested,
            standing.counts == "in doubt",
        )
    return tuple(found[key] for key in sorted(found))


def _needs(
    question: Question,
    acting: Sequence[tuple[Fit, str]],
    pending: Sequence[tuple[Fit, str]],
    must: bool,
) -> tuple[str, bool]:
    """The showing: of what obliges or asks, else none, for a state needs no grounds for its own airspace."""
    have = shown(question)
    parts = []
    if acting:
        triggers = {one.measure.trigger for one, _ in acting}
        strongest = next((t for t in reversed(_TRIGGER_ORDER) if t in triggers), "none")
        if strongest in ("none", "link", "items"):
            parts.append("no suspicion: origin, destination, flag or operator are enough")
        elif strongest == "designated":
            parts.append("a designation by the competent Committee (held)")
        else:
            least = "itinerary" if strongest == "as-necessary" else strongest
            held = "held" if least == have else f"held: {label(have, 'showing')}"
            parts.append(f"{label(least, 'showing')} ({held})")
    elif not must:
        parts.append("no showing: the state's own discretion")
    wanting: dict[tuple[str, str], list[str]] = {}
    for one, _ in pending:
        binding = one.measure.binding == "mandatory" and one.sure and one.bound
        duty = "may" if one.measure.kind == "CARGO_RULE" else "must" if binding else "asked to"
        wanting.setdefault((duty, " and ".join(one.lacks)), []).append(one.measure.id)
    parts += [f"{duty}, with {need}: {', '.join(ids)}" for (duty, need), ids in wanting.items()]
    return "; ".join(parts), bool(acting) or not pending


def beside(found: Iterable[Fit]) -> tuple[MeasureView, ...]:
    """Duties beside the options."""
    return tuple(
        view(one, "beside") for one in found if any(s.role == "beside" for s in one.measure.supports)
    )
