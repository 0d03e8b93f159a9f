"""The day by which a reply is due: the year comes from the telegram's own date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from overflight.telegram.days import days_in, last_before, raised

__all__ = ["Due", "find_due"]

# One of these stands in every sentence that sets a day, and one of those in every day, date or span.
_DUE_WORDS = (
    "BY ", "WITHIN", "LATER THAN", "NLT", "DEADLINE", "DUE ", "BEFORE", "UNTIL", "NO MORE THAN", "PRIOR TO",
    "SUSPENSE", "WORKING DAY", "REPORT IN ", "REPORT BACK IN ", "REPLY IN ", "RESPOND IN ", "ANSWER IN ",
)  # fmt: skip
_DIGITS = "0123456789"
_NAMED = ("DAY", "WEEK", "HOUR", "HRS", "MONTH", "MORROW", "END OF", "EARLY", "COB", "OOB")
_CUE = re.compile(
    r"\b(?P<word>REPORT|REPORTS|REPORTING|REPLY|REPLIES|RESPOND|RESPONSE|RESPONSES|ANSWER|ANSWERS|DEADLINE|"
    r"RESULTS?|REACTION|READOUT|ADVISE|CONFIRM|SUSPENSE)(?P<more>\w{0,9})",
    re.IGNORECASE,
)
# Words that tell of replies as well as ask for them; they ask where something in the sentence does.
_TOLD = ("RESULT", "RESULTS", "REACTION", "READOUT")
_SAID = re.compile(
    r"\s+(?:SAYS?|SAID|INDICATE[SD]?|SUGGEST(?:S|ED)?|CLAIM(?:S|ED)?|ALLEGE[SD]?|SHOW(?:S|ED)?|HAVE\s+IT)\b",
    re.IGNORECASE,
)
_HEARD = ("PRESS ", "MEDIA ", "NEWS ")
_ASKED = re.compile(
    r"\b(?:PLEASE|SHOULD|MUST|SHALL|REQUEST|ASK|REQUIRE|NEED|APPRECIAT|GRATEFUL|WELCOME|DUE\b|DEADLINE|SUSPENSE|"
    r"NLT\b|LATER\s+THAN|INSTRUCT|DIRECTED|TASKED|SEND|CABLE|WANT|EXPECT|TO\s+BE\b)",
    re.IGNORECASE,
)
_FINITE = re.compile(
    r"\b(?:WILL|WOULD|COULD|MAY|MIGHT|CAN|WAS|WERE|ARE|IS|HAS|HAVE|HAD|\w{2,20}ED)\b", re.IGNORECASE
)
_DELIVER = re.compile(
    r"\b(?:DELIVER|DEMARCHE|APPROACH|RAISE|REQUEST|CONVEY|URGE|ACKNOWLEDGE\b)", re.IGNORECASE
)
_HANDING = re.compile(r"\b(?:DELIVER(?!Y|IES)|APPROACH|RAISE|CONVEY|URGE|PRESENT\b)", re.IGNORECASE)
# Between two sentences; a blank first, since the search is fastest for those.
_BETWEEN = re.compile(r"\s(?:(?<=[.?!;]\s)(?<![AaPp]\.[Mm]\.\s)\s*(?=[A-Z(\"])|(?<=\n))")


class Due(tuple[date, int]):
    """The day, and the index of the paragraph that says so."""

    __slots__ = ()

    @property
    def day(self) -> date:
        return self[0]

    @property
    def paragraph(self) -> int:
        return self[1]


def find_due(
    texts: Sequence[tuple[str, str]], capitals: Sequence[str], sent: date | None
) -> tuple[Due | None, tuple[str, ...]]:
    """The reporting deadline of a telegram.

    Parameters
    ----------
    texts : sequence of (heading, text)
        Its paragraphs.
    capitals : sequence of str
        The texts in capitals.
    sent : date or None
        Day on which it was sent. A day without a year is the first such day not before it.

    Returns
    -------
    Due or None
        The deadline; a sentence that speaks of reporting goes before one that speaks of delivery.
    tuple of str
        Warnings: several days, or a day that needs the date of the telegram.
    """
    found: list[tuple[int, date, int]] = []
    warnings: list[str] = []
    words = list(filter("\n".join(capitals).__contains__, _DUE_WORDS))
    for index, (heading, text) in enumerate(texts):
        if not _may_be_due(capitals[index], words):
            continue
        cued = bool(heading) and bool(_CUE.search(heading))
        for sentence in _sentences(text):
            if not _may_be_due(sentence.upper(), words):
                continue
            cues = _cues(sentence)
            rank = 1 if cues else 2 if cued else 3 if _DELIVER.search(sentence) else 4
            if rank == 4:
                continue
            days, told = days_in(sentence, sent, cues)
            warnings += told
            hands = [m.start() for m in _HANDING.finditer(sentence)] if cues else []
            behind: set[int] = set()
            for at, day in days:
                # The word nearest in front of a day tells what is due on it.
                cue, hand = last_before(cues, at), last_before(hands, at)
                if (nearest := max(cue, hand)) in behind:
                    continue
                behind.add(nearest)
                found.append((0 if rank == 1 and hand <= cue else rank, day, index))
    if not found:
        return None, tuple(dict.fromkeys(warnings))
    best = min(found, key=lambda item: (item[0], item[1], item[2]))
    if len({day for rank, day, _ in found if rank == best[0]}) > 1:
        warnings.append(f"several deadlines are given; the earliest, {best[1].isoformat()}, is taken")
    return Due((best[1], best[2])), tuple(dict.fromkeys(warnings))


def _may_be_due(upper: str, words: Sequence[str]) -> bool:
    """The quick look: one of few words goes before a day written with a digit, or a span with its unit."""
    for word in words:
        if word in upper:
            return any(map(upper.__contains__, _DIGITS)) or any(map(upper.__contains__, _NAMED))
    return False


def _cues(sentence: str) -> list[int]:
    """Where words stand that ask for a report; not where they tell of one."""
    out: list[int] = []
    asked: bool | None = None
    for cue in _CUE.finditer(sentence):
        if _SAID.match(sentence, cue.end()) or raised(
            sentence[max(0, cue.start() - 6) : cue.start()]
        ).endswith(_HEARD):
            continue
        if cue["more"] or raised(cue["word"]) in _TOLD:
            if asked is None:
                asked = bool(_ASKED.search(sentence)) or not _FINITE.search(sentence)
            if not asked:
                continue
        out.append(cue.start())
    return out


def _sentences(text: str) -> list[str]:
    return _BETWEEN.split(text)
