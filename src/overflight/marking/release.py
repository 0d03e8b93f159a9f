"""The one place that decides what may be given to which state.

Every page, answer, command, export, count and error that a reader outside the home desk can reach goes
through `decide` or `product`; nothing else compares markings. The rule is denial: a portion goes out only
when its own marking lets that state have it. A failure of any kind while deciding is a denial, and no message
of this module holds text of a portion.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any, Literal

from overflight.errors import InputError, UnknownCodeError
from overflight.marking.codes import is_state
from overflight.marking.model import Marking, Settings, Switches, Terms
from overflight.marking.schemes import HOME, beginnings, of
from overflight.marking.schemes import scheme as scheme_of
from overflight.marking.suspect import plain, resembles

__all__ = ["Decision", "ReleasedPortion", "ReleasedProduct", "decide", "product"]

_CONFIRMED = Switches(confirmed_inferred=True)  # what is in a product was decided, not inferred
Kind = Literal["release", "oral only", "withhold"]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision on one portion. For the home desk alone: a reason tells what a marking holds.

    Attributes
    ----------
    kind : str
        "release" (may be given), "oral only" (may be told, never left) or "withhold".
    reason : str
        In words.
    rule : str
        Step of the decision order: "1" originator, "2" closed to foreign states, "3" lists, "4" foreign
        information, "5" classified without release marking, "6" controlled, "7" free; or "unreadable",
        "inferred", "invalid" (no valid marking for the copy), "home", "default".
    needs : str
        What a person still has to give ("policy approval"), empty when nothing.
    """

    kind: Kind
    reason: str
    rule: str
    needs: str = ""


@dataclass(frozen=True, slots=True)
class ReleasedPortion:
    """A portion as the state may have it.

    Attributes
    ----------
    paragraph : int or str
        Its paragraph number.
    text : str
        Its text, unchanged.
    source : str
        The portion that it came from.
    marking : str
        Its marking for this copy: no other state is named.
    """

    paragraph: int | str
    text: str
    source: str
    marking: str


@dataclass(frozen=True, slots=True)
class ReleasedProduct:
    """Everything in a document that one state may have, and nothing else.

    Attributes
    ----------
    to : str
        Alpha-3 code of the state.
    portions : tuple of ReleasedPortion
        What may be given. Only this may become a paper that is left behind.
    oral : tuple of ReleasedPortion
        What may be told and never left.
    withheld : int or None
        How many portions are withheld; None when the desk hides the number.
    banner, oral_banner : str
        Banners over the two parts; empty when there is nothing.
    """

    to: str
    portions: tuple[ReleasedPortion, ...]
    oral: tuple[ReleasedPortion, ...]
    withheld: int | None
    banner: str = ""
    oral_banner: str = ""

    def to_json(self) -> dict[str, Any]:
        """The shape of ``release --json``."""

        def rows(portions: tuple[ReleasedPortion, ...]) -> list[dict[str, Any]]:
            return [
                {"paragraph": p.paragraph, "text": p.text, "source": p.source, "marking": p.marking}
                for p in portions
            ]

        data: dict[str, Any] = {"to": self.to, "banner": self.banner, "portions": rows(self.portions)}
        if self.oral:
            data["oral_banner"] = self.oral_banner
            data["oral"] = rows(self.oral)
        if self.withheld is not None:
            data["withheld"] = self.withheld
        return data


def _state(to_state: str) -> str:
    if not isinstance(to_state, str) or not is_state(to_state):
        raise UnknownCodeError("the state to release to is not known", mend="give its three-letter code")
    return to_state


def decide(
    marking: Marking,
    to_state: str,
    *,
    date: dt.date | None = None,
    confirmed_inferred: bool = False,
    captions: Iterable[str] = (),
    scheme: str | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> Decision:
    """Whether a portion with this marking may go to a state.

    Parameters
    ----------
    marking : Marking
        The portion's own marking.
    to_state : str
        Alpha-3 code.
    date : date, optional
        Day of the document; an unknown day is the stricter one.
    confirmed_inferred : bool
        A person has confirmed what was understood in place of what was read.
    captions : iterable of str
        Captions of the whole message; one with which the originator must be asked holds everything back.
    scheme : str, optional
        The scheme that the marking must be of; by default the marking's own.
    settings : Settings
        Circles of states that the desk has named.

    Raises
    ------
    UnknownCodeError
        When the state is not known.

    Notes
    -----
    The order is that of the domain reference, section 2.3: originator, NOFORN, lists, foreign information,
    unmarked classified, controlled, free.
    """
    to = _state(to_state)
    if scheme is not None and marking.scheme != scheme:
        return Decision("withhold", "the marking is of another scheme", "unreadable")
    book = scheme_of(marking.scheme)
    terms = book.terms(marking, date, settings)
    if terms.unreadable:
        return Decision("withhold", terms.unreadable, "unreadable")
    if any(book.holds(caption) for caption in captions):
        return Decision("withhold", "a caption of the message: ask the originator", "1")
    decision = _decide(
        terms, to, inferred=marking.inferred and not confirmed_inferred, confirmed=confirmed_inferred
    )
    if decision.kind != "withhold" and _copy(marking, to, decision.kind, date, settings) is None:
        return Decision("withhold", "its marking breaks a rule; by no valid one it may go", "invalid")
    return decision


def _copy(marking: Marking, to: str, kind: Kind, date: dt.date | None, settings: Settings) -> Marking | None:
    """The marking of the copy for one state; None when the rules know none by which it may go there."""
    book = scheme_of(marking.scheme)
    written = book.portion(book.reduced(marking, to, kind == "oral only"))
    return _right(written, book.name, to, kind, date, settings)


@lru_cache(1_024)
def _right(
    written: str, scheme: str, to: str, kind: Kind, date: dt.date | None, settings: Settings
) -> Marking | None:
    """The marking that keeps every rule, instead of one as written, if it lets the state have as much."""
    book = scheme_of(scheme)
    checked = book.check(written, date)
    if checked.corrected is None:
        return None
    right = book.parse(checked.corrected, date)
    decision = _decide(book.terms(right, date, settings), to, inferred=right.inferred, confirmed=False)
    if right.unparsed or decision.kind != kind or not book.check(book.portion(right), date).valid:
        return None
    return right


def _decide(terms: Terms, to: str, *, inferred: bool, confirmed: bool) -> Decision:
    if terms.originator:
        return Decision("withhold", f"{', '.join(terms.originator)}: ask the originator; for home only", "1")
    if to == terms.home:
        return Decision("release", "the state is not foreign in this scheme", "home")
    if terms.closed:
        return Decision("withhold", f"closed to foreign states: {terms.closed}", "2")
    if inferred:
        return Decision("withhold", "the marking was inferred: a person must confirm it", "inferred")
    if terms.listed or terms.deferred:
        return _by_lists(terms, to, confirmed)
    if terms.foreign:
        return Decision("withhold", "foreign government information: only what the giving state allows", "4")
    if terms.unmarked:
        return Decision("withhold", terms.unmarked, "5")
    if terms.controls:
        return Decision("withhold", f"controlled: {', '.join(terms.controls)}", "6")
    if terms.free:
        return Decision("release", "free of any limit", "7", needs="policy approval")
    return Decision("withhold", "nothing in the marking allows it", "default")


def _by_lists(terms: Terms, to: str, confirmed: bool) -> Decision:
    if to in terms.release:
        return Decision("release", f"{to} is on the release list", "3")
    if to in terms.doubtful:
        if confirmed:
            return Decision("release", f"{to} is in a group on the release list, confirmed by a person", "3")
        return Decision(
            "withhold", f"{to} is on the list through a group whose members are not verified", "inferred"
        )
    if to in terms.disclose:
        return Decision("oral only", f"{to} is on the DISPLAY ONLY list: speak, leave nothing", "3")
    if terms.deferred:
        return Decision("withhold", terms.deferred, "5" if "RELIDO" in terms.deferred else "3")
    return Decision("withhold", f"{to} is not on the list, and a list closes it to everyone else", "3")


@dataclass(slots=True)
class _Sorted:
    release: list[tuple[int | str, Marking, str]] = field(default_factory=list)
    oral: list[tuple[int | str, Marking, str]] = field(default_factory=list)
    withheld: int = 0


def product(
    portions: Iterable[tuple[int | str, Marking | str, str]],
    to_state: str,
    *,
    date: dt.date | None = None,
    confirmed_inferred: bool = False,
    captions: Iterable[str] = (),
    hide_withheld: bool = False,
    scheme: str | None = None,
    settings: Settings = Settings(),  # noqa: B008 - frozen
) -> ReleasedProduct:
    """What one state may have of a document.

    Parameters
    ----------
    portions : iterable of (paragraph number, marking, text)
        In the order of the document; a marking given as a string is read by its scheme.
    to_state : str
        Alpha-3 code.
    date, confirmed_inferred, captions, settings
        As for `decide`.
    hide_withheld : bool
        Leave out the number withheld, and number the released portions afresh, so that gaps do not tell it.
    scheme : str, optional
        Name of the only scheme whose markings count; by default each portion is judged by the scheme of its
        own marking.

    Returns
    -------
    ReleasedProduct
        A function of the released and told portions alone, apart from `withheld`: changing anything that the
        state may not read leaves the rest byte for byte the same.

    Raises
    ------
    UnknownCodeError
        When the state is not known.
    InputError
        When a portion that may be released has no text; the message holds nothing of any portion.
    """
    to = _state(to_state)
    if scheme is not None:
        scheme_of(scheme)  # the scheme has to be there
    held = tuple(captions)
    sorted_ = _Sorted()
    for paragraph, mark, text in portions:
        kind, copy = _kind(mark, to, scheme, date, confirmed_inferred, held, settings)
        if copy is None or kind == "withhold":
            sorted_.withheld += 1
        elif not isinstance(text, str):
            raise InputError("a portion that may be released has no text", where="release")
        elif _holds_another(text, mark if isinstance(mark, str) else mark.text):
            sorted_.withheld += 1  # another portion may stand in it, whose mark nobody could read
        else:
            (sorted_.release if kind == "release" else sorted_.oral).append((paragraph, copy, text))
    count = _numbers() if hide_withheld else None
    return ReleasedProduct(
        to=to,
        portions=_rows(sorted_.release, count=count),
        oral=_rows(sorted_.oral, count=count),
        withheld=None if hide_withheld else sorted_.withheld,
        banner=_banner(sorted_.release, date),
        oral_banner=_banner(sorted_.oral, date),
    )


def _kind(
    mark: Marking | str,
    to: str,
    scheme: str | None,
    date: dt.date | None,
    confirmed: bool,
    captions: tuple[str, ...],
    settings: Settings,
) -> tuple[Kind, Marking | None]:
    """Decide on one portion, and its marking for the copy.

    Whatever fails is a denial, so that no error can tell what a portion holds.
    """
    try:
        name = scheme or (of(mark) if isinstance(mark, str) else mark.scheme)
        book = scheme_of(name)
        marking = book.parse(mark, date) if isinstance(mark, str) else mark
        decision = decide(
            marking,
            to,
            date=date,
            confirmed_inferred=confirmed,
            captions=captions,
            scheme=name,
            settings=settings,
        )
        if decision.kind == "withhold":
            return "withhold", None
        # What the product will need of the marking has to work, or the portion stays.
        copy = _copy(marking, to, decision.kind, date, settings)
        if copy is not None:
            book.rollup([copy], date, _CONFIRMED)
    except Exception:
        return "withhold", None
    return decision.kind, copy


@cache
def _labels() -> re.Pattern[str]:
    """The first words of the schemes that have one, however far apart a copy prints their letters."""
    words = (r"\s?".join(map(re.escape, word)) for word in beginnings())
    return re.compile(r"(?<![^\W_])(?:" + "|".join(words) + r")(?![^\W_])", re.IGNORECASE)


def _holds_another(text: str, own: str) -> bool:
    """Whether a text holds what may be a marking of any scheme other than its own."""
    if resembles(text, own):
        return True
    seen = plain(text)
    if not _labels().search(seen):
        return False
    # Its own label again, as it stands over the text, is no other one.
    same = rf"(?<![^\W_])\(?{re.escape(own)}\)?(?![\w+])" if own else r"(?!)"
    return bool(_labels().search(re.sub(same, " ", seen)))


def _numbers() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


def _rows(
    found: list[tuple[int | str, Marking, str]], *, count: Iterator[int] | None
) -> tuple[ReleasedPortion, ...]:
    rows: list[ReleasedPortion] = []
    for paragraph, copy, text in found:
        number = paragraph if count is None else next(count)
        source = f"paragraph {number}" if count is None else f"portion {number} of this product"
        rows.append(ReleasedPortion(number, text, source, scheme_of(copy.scheme).portion(copy)))
    return tuple(rows)


def _banner(found: list[tuple[int | str, Marking, str]], date: dt.date | None) -> str:
    """The banner; of each scheme, where there are several, since none has a word for the other's."""
    schemes = sorted({copy.scheme for _, copy, _ in found}, key=lambda name: (name != HOME, name))
    return "; ".join(
        scheme_of(name).rollup([c for _, c, _ in found if c.scheme == name], date, _CONFIRMED).banner
        for name in schemes
    )
