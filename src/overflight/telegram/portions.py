"""The portions of a telegram as the room of markings wants them, and the product for one state."""

from __future__ import annotations

import re

from overflight.marking import Marking, parse_portion, release, suspect
from overflight.telegram.numbering import MARK
from overflight.telegram.reader import Reading

__all__ = ["Portion", "inferred_for", "portions", "release_to"]

#: Name of the portion, its marking, its text.
Portion = tuple[int | str, Marking, str]

#: Captions with which the originator must be asked (5 FAH-2 H-442, H-251), and such as stand beside them.
_ORIGINATOR = ("NODIS", "EXDIS", "STADIS", "SPECAT")
_SAID = frozenset({*_ORIGINATOR, "SIPDIS", "NOFORN", "LIMDIS", "AND", "EXCLUSIVE"})
_CAPTION = re.compile("|".join(_ORIGINATOR))
_WORD = re.compile(r"[A-Z0-9]+")
_DIGITS = str.maketrans("015", "OIS")
# What such a line says is prose: only a whole word of it can be a caption.
_LABEL = re.compile(r"\s*(?:SUBJ|REF|CLASSIFIED|REASON|E\.?O)", re.IGNORECASE)
_INSIDE = re.compile(r"(?<![A-Za-z0-9])\(\s*(" + MARK + r")\s*\)")


def portions(reading: Reading) -> tuple[Portion, ...]:
    """The paragraphs with their own markings, in the order of the text; subject and headings stay with
    the desk.

    A portion is named by its paragraph number (``4``, ``"4bis"``) or, when it has no number, by the
    paragraph it follows (``"4+1"``). A portion without a marking, and one whose text holds another marking
    that no line break parts from it, gets a marking that nobody understands: it goes to no one.
    """
    telegram, meaning = reading.telegram, reading.meaning
    out: list[Portion] = []
    last: int | str = 0
    offset = 0
    for paragraph, marking in zip(telegram.paragraphs, meaning.markings, strict=True):
        if paragraph.number is not None:
            name: int | str = paragraph.number if paragraph.copy == 0 else paragraph.label
            last, offset = name, 0
        else:
            offset += 1
            name = f"{last}+{offset}"
        out.append((name, _own(marking, paragraph.marking, paragraph.text), paragraph.text))
    return tuple(out)


def _own(marking: Marking | None, printed: str | None, text: str) -> Marking:
    if marking is None:
        return parse_portion("")
    for inside in _INSIDE.findall(text):
        if "".join(inside.split()) != "".join((printed or "").split()):
            return parse_portion("")
    return marking


def _originators(reading: Reading) -> list[str]:
    """Captions that leave release to the originator, wherever and however the head spells them.

    A copy breaks them as it breaks everything else, or puts them behind a label; one that is not recognised
    would give the whole message away. What counts is the head, and lines that hold nothing but captions.
    """
    telegram, source = reading.telegram, reading.source
    begins = telegram.paragraphs[0].lines[0] if telegram.paragraphs and telegram.paragraphs[0].lines else None
    found: dict[str, None] = {}
    for number, line in enumerate(source.lines(), source.first):
        if number - source.first > 20_000 or len(line) > 400:
            continue
        head = begins is None or number < begins
        if not head and len(line) > 60:
            continue
        words = _WORD.findall(suspect.plain(line).upper().translate(_DIGITS))
        whole = "".join(words)
        if not _CAPTION.search(whole):
            continue
        alone = all(word in _SAID or word == whole for word in words)
        labelled = head and bool(_LABEL.match(line))
        for word in _ORIGINATOR:
            if word in words if labelled else word in whole and (head or alone):
                found[word] = None
    return list(found)


def release_to(
    reading: Reading, state: str, *, confirmed_inferred: bool = False, hide_withheld: bool = False
) -> release.ReleasedProduct:
    """What one state may have of a telegram; nothing of the rest shows, the warnings of the reading included.

    Parameters
    ----------
    reading : Reading
        The telegram.
    state : str
        Alpha-3.
    confirmed_inferred : bool
        A person has confirmed release lists that were inferred.
    hide_withheld : bool
        Leave out how many portions are withheld.

    Raises
    ------
    UnknownCodeError
        No such state.
    """
    telegram = reading.telegram
    return release.product(
        portions(reading),
        state,
        date=telegram.head.sent.date() if telegram.head.sent else None,
        confirmed_inferred=confirmed_inferred,
        captions=[*telegram.captions, *_originators(reading)],
        hide_withheld=hide_withheld,
    )


def inferred_for(reading: Reading, state: str) -> tuple[tuple[int | str, str], ...]:
    """What a state may have only when a person confirms what was inferred: portion and marking as printed."""
    plain, confirmed = release_to(reading, state), release_to(reading, state, confirmed_inferred=True)
    free = {(p.paragraph, p.text) for p in plain.portions}
    told = {(p.paragraph, p.text) for p in plain.oral}
    opened = {p.paragraph for p in confirmed.portions if (p.paragraph, p.text) not in free}
    opened |= {p.paragraph for p in confirmed.oral if (p.paragraph, p.text) not in told}
    return tuple((name, marking.text) for name, marking, _ in portions(reading) if name in opened)
