"""Which form a message has, and whether a text is a message at all."""

from __future__ import annotations

import re

from overflight.telegram import labelled
from overflight.telegram.aftn import envelope, is_aftn
from overflight.telegram.model import Telegram

__all__ = ["form_of", "is_telegram", "of_network"]

# Marks of a head or of the labelled lines. What a copy may put before them is let pass.
_MARKS = re.compile(
    r"^[ \t>*#_-]{0,12}(?:<\w{1,6}>)?[ \t]{0,4}(?:(?P<fm>FM|FROM|From)\b[ \t:]|(?P<to>TO|To)\b[ "
    r"\t:]+\S|(?P<bt>BT[ \t\r]*$)|(?P<nnnn>NNNN\b)|"
    r"(?P<eo>E\.?[ ]?[O0]\.?[ ]?[\dOIlS]{5})|(?P<tags>TAGS\b|Tags:)|(?P<subj>SUBJ(?:ECT)?[ \t]*:|"
    r"Subject[ \t]*:)|(?P<mrn>MRN[ \t]*:)|"
    r"(?P<zczc>V?ZCZC)|(?P<by>Classified By|CLASSIFIED BY)|"
    r"(?P<dtg>(?:[ZOPR]{1,2}[ \t]+){0,2}[0-9OIl]{6}Z[ \t]*[A-Z]{3})|"
    r"(?P<class>(?:S[ ]?E[ ]?C[ ]?R[ ]?E[ ]?T|C[ ]?O[ ]?N[ ]?F[ ]?I[ ]?D[ ]?E[ ]?N[ ]?T[ ]?I[ ]?A[ ]?L|"
    r"UNCLAS\w*|LIMITED[ ]OFFICIAL[ ]USE)\b[^\r\n]{0,60}\d))",
    re.MULTILINE,
)
_OPENING = frozenset({"mrn", "dtg", "class", "eo", "tags"})  # no letter that goes with a message has these
_ENOUGH = frozenset({"fm", "mrn", "dtg", "class", "tags", "eo", "zczc"})


def is_telegram(text: str) -> bool:
    """Two different marks of a telegram at least, one of them a telling one; or the envelope of AFTN."""
    return _marked(text, _ENOUGH) or is_aftn(text) or labelled.is_labelled(text)


def _marked(text: str, telling: frozenset[str]) -> bool:
    """Two different marks of a telegram at least, one of them a telling one."""
    found: set[str] = set()
    for match in _MARKS.finditer(text):
        found.add(str(match.lastgroup))
        if len(found) >= 2 and found & telling:
            return True
    return False


def of_network(text: str) -> bool:
    """Whether a message is one of the aeronautical network, and no telegram that quotes one."""
    at = envelope(text)
    return at is not None and not _marked(text[:at], _OPENING)


def form_of(telegram: Telegram) -> str:
    if telegram.distribution or telegram.drafted:
        return "archive"
    wire = telegram.transmission
    if wire and wire.header:
        return "janap128"
    if telegram.number or telegram.tags or telegram.order:
        return "state"
    return "acp127" if wire else "acp126"
