"""What one state may be told: the paper that may be left, and what may only be spoken.

Only `overflight.marking.release` decides. Everything that a state can come to see is a function of the
statements that it may read: the sentences, their numbers, their banner, and whether words of law stand among
them, which depends on what of the route it has been told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol

from overflight.case.life.model import Statement
from overflight.marking import parse_portion, release

__all__ = [
    "Composed",
    "Counsel",
    "Kept",
    "NoCounsel",
    "Phrase",
    "Sentence",
    "compose",
    "paper_text",
    "spoken_text",
]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words of law for one state on one day, with the measure they rest on."""

    measure: str
    text: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence as a state may have it. `source` is for home: the statement or measure it came from."""

    text: str
    marking: str
    source: str = field(compare=False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A statement that the state may not have, and why. For home alone: a marking tells what it guards."""

    statement: str
    marking: str
    reason: str


@dataclass(frozen=True, slots=True)
class Composed:
    """What one state may be told of a case.

    Attributes
    ----------
    state : str
    day : date
    paper, oral : tuple of Sentence
        What may be left, and what may only be said.
    banner, oral_banner : str
    kept : tuple of Kept
        For home alone; it takes no part in comparisons, so that two that compare equal look the same to
        the state.
    told : dict of fact to value
        What of the flight it learns.
    """

    state: str
    day: date
    paper: tuple[Sentence, ...]
    oral: tuple[Sentence, ...]
    banner: str
    oral_banner: str
    told: dict[str, str]
    kept: tuple[Kept, ...] = field(compare=False)

    @property
    def empty(self) -> bool:
        return not self.paper and not self.oral

    @property
    def released(self) -> tuple[str, ...]:
        """Ids of statements that may be left."""
        return tuple(one.source for one in self.paper if not one.source.startswith("law "))

    @property
    def spoken(self) -> tuple[str, ...]:
        """Ids of statements that may only be said."""
        return tuple(one.source for one in self.oral if not one.source.startswith("law "))


class Counsel(Protocol):
    """Whoever knows the law and the meetings of the day."""

    def phrases(self, state: str, day: date, told: Mapping[str, str], ask: Sequence[str]) -> Sequence[Phrase]:
        """Words of law in force on the day that bear on what is asked, out of what the state is told."""
        ...

    def caveat(self, told: Mapping[str, str]) -> str:
        """What to say where a meeting may explain the flight; empty where none does."""
        ...


class NoCounsel:
    """Nothing to add."""

    def phrases(self, state: str, day: date, told: Mapping[str, str], ask: Sequence[str]) -> Sequence[Phrase]:
        return ()

    def caveat(self, told: Mapping[str, str]) -> str:
        return ""


def compose(
    statements: Sequence[Statement],
    state: str,
    *,
    day: date,
    counsel: Counsel | None = None,
    ask: Sequence[str] = (),
    barred: Mapping[str, str] | None = None,
) -> Composed:
    """Put together what one state may be told.

    Parameters
    ----------
    statements : sequence of Statement
        What there is to say, in order.
    state : str
        Alpha-3 of the state that is to hear it.
    day : date
        Day on which it is said: markings are read, and law is quoted, as of it.
    counsel : Counsel, optional
        Asked only where the state learns the route, and told no more of the flight than the state is, so that
        words of law betray nothing.
    ask : sequence of str
        What the state is asked to do.
    barred : mapping of statement to reason, optional
        Statements that this state is not told whatever their marking: another state's answer, say.
    """
    barred = barred or {}
    product = release.product(
        [(one.id, one.marking, one.text) for one in statements if one.id not in barred],
        state,
        date=day,
        hide_withheld=False,
    )
    by_id = {one.id: one for one in statements}
    paper = tuple(Sentence(p.text, p.marking, str(p.paragraph)) for p in product.portions)
    oral = tuple(Sentence(p.text, p.marking, str(p.paragraph)) for p in product.oral)
    written = _learned(paper, by_id)
    told = written | _learned(oral, by_id)
    given = {one.source for one in (*paper, *oral)}
    kept = tuple(
        Kept(one.id, one.marking, barred[one.id]) if one.id in barred else _kept(one, state, day)
        for one in statements
        if one.id not in given
    )
    found = Composed(state, day, paper, oral, product.banner, product.oral_banner, told, kept)
    if counsel is None or "route" not in told:
        return found
    if "route" in written:
        words = _words_of_law(counsel, state, day, written, ask)
        return replace(found, paper=(*paper, *words))
    # The route may only be said: words of law on paper would leave it behind.
    return replace(found, oral=(*oral, *_words_of_law(counsel, state, day, told, ask)))


def _learned(sentences: Sequence[Sentence], by_id: Mapping[str, Statement]) -> dict[str, str]:
    told: dict[str, str] = {}
    for one in sentences:
        told |= by_id[one.source].facts
    return told


def _words_of_law(
    counsel: Counsel, state: str, day: date, told: Mapping[str, str], ask: Sequence[str]
) -> list[Sentence]:
    words = [Sentence(p.text, "U", f"law {p.measure}") for p in counsel.phrases(state, day, told, ask)]
    if any(fact.startswith("date ") for fact in told) and (caveat := counsel.caveat(told)):
        words.append(Sentence(caveat, "U", "law caveat"))
    return words


def _kept(one: Statement, state: str, day: date) -> Kept:
    decision = release.decide(parse_portion(one.marking, day), state, date=day)
    # Its own marking would let it go: it is the text that does not.
    reason = decision.reason if decision.kind == "withhold" else "the text holds what may be another marking"
    return Kept(one.id, one.marking, reason)


def paper_text(composed: Composed) -> str:
    """The non-paper as text: no letterhead, no number, no date, nothing that home alone may know."""
    if not composed.paper:
        return ""
    lines = [composed.banner, "", "NON-PAPER", ""]
    for one in composed.paper:
        lines += [f"({one.marking}) {one.text}", ""]
    return "\n".join([*lines, composed.banner, ""])


def spoken_text(composed: Composed) -> str:
    """What may be said and never left, for whoever speaks."""
    if not composed.oral:
        return ""
    lines = [composed.oral_banner, "", "MAY BE SAID, NOT LEFT", ""]
    for one in composed.oral:
        lines += [f"({one.marking}) {one.text}", ""]
    return "\n".join([*lines, composed.oral_banner, ""])
