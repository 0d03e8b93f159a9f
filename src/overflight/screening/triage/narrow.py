"""One answer of the law for all questions that it cannot tell apart: thousands of flights, few answers.

A question is narrowed to what the rows of law can see of it: states that no row targets, operators that no
row names and wordings of cargo fall away, and days between which no row begins or ends are one. What an
answer derives from the day itself, the date of a report, is asked afresh.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime

from overflight.law import Advice, Designation, Question, Rules, advice
from overflight.law.measure import PSI_BEGAN

__all__ = ["Narrow"]

_REMEMBERED = 8_192


class Narrow:
    """Asks the law, and keeps the answers.

    Parameters
    ----------
    rules : Rules
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._targets = {code for one in rules.measures for code in one.targets}
        self._carriers = {_plain(text) for one in rules.measures for text in one.carriers}
        tables = (rules.measures, rules.disputes, rules.positions, rules.memberships)
        more = (rules.endorsements, rules.parties, rules.practice, (PSI_BEGAN,))
        days = {day.toordinal() for day in _days((*tables, *more))}
        self._edges = sorted({edge for day in days for edge in (day, day + 1) if edge < date.max.toordinal()})
        self._kept: dict[Question, Advice] = {}

    def ask(self, question: Question) -> Advice:
        """The advice to a question; the same as `overflight.law.advice` gives.

        The cargo stands in the answer's question by its category alone.
        """
        question = replace(question, category=question.what, cargo="")
        seen = self.narrowed(question)
        found = self._answer(replace(seen, on=self.first_day_like(question.day)))
        if any(option.reports or option.report_by for option in found.options):
            found = self._answer(seen)
        told = tuple(dict.fromkeys((*question.assumed, *found.cautions)))
        return replace(found, question=question, cautions=told)

    def first_day_like(self, day: date) -> date:
        """The first of the days around a day on which no row begins or ends."""
        at = bisect_right(self._edges, day.toordinal())
        return date.fromordinal(self._edges[at - 1]) if at else day

    def narrowed(self, question: Question) -> Question:
        """What the rows can see of a question."""
        here, targets = question.state, self._targets
        ends = {*question.origins, *question.destinations}
        # Whether the flight begins or ends here is seen from the order of the states.
        kept = ends if here in ends else ends & targets
        flag = question.flag if question.flag in targets or question.flag == here else None
        return replace(
            question,
            origins=tuple(code for code in question.origins if code in kept),
            destinations=tuple(code for code in question.destinations if code in kept),
            flag=flag,
            operator=tuple(name for name in question.operator if _plain(name) in self._carriers),
            operator_state=question.operator_state if question.operator_state in targets else None,
            designations=tuple(
                dict.fromkeys(
                    Designation(one.list, "", target=one.target if one.of_un else "")
                    for one in question.designations
                )
            ),
            assumed=(),
        )

    def _answer(self, question: Question) -> Advice:
        found = self._kept.get(question)
        if found is None:
            if len(self._kept) >= _REMEMBERED:
                self._kept.clear()
            found = self._kept[question] = advice(question, self._rules)
        return found


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in folded if c.isalnum())


def _days(thing: object) -> Iterator[date]:
    """Every day that stands anywhere in some rows."""
    if isinstance(thing, datetime):
        yield (thing if thing.tzinfo is None else thing.astimezone(UTC)).date()
    elif isinstance(thing, date):
        yield thing
    elif isinstance(thing, tuple | frozenset | list):
        for part in thing:
            yield from _days(part)
    elif is_dataclass(thing) and not isinstance(thing, type):
        for field in fields(thing):
            yield from _days(getattr(thing, field.name))
