"""The labels of a telegram's fields: as they are printed, and as copies damage them."""

from __future__ import annotations

import re

from overflight.telegram.numbering import CANDIDATE, MARK
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["COLONLESS", "LABEL", "LABELLED", "label_of", "mend_labels"]

_AUTHORITIES = (
    r"CLASSIFYING OFFIC(?:ER|IAL)|(?:ORIGINAL )?CLASSIFIER|(?:ORIGINAL )?CLASSIFICATION AUTHORITY|"
    r"ORIGINALLY CLASSIFIED BY"
)
#: A line that opens a labelled field.
LABEL = re.compile(
    r"^(?P<name>E\.?\s?[O0]\.?\s?[0-9OIlS]{5}|E\.O\.|TAGS?|SUBJECT|SUBJ|REF(?:S|ERENCES?|TELS?)?(?:\(S\))?|"
    r"CLASSIFIED BY|DERIVED FROM|DECLASSIFY ON|" + _AUTHORITIES + r"|REASONS?)\s*(?P<colon>[:;]|(?=\s|$))",
    re.IGNORECASE,
)
# A line of authority that has a marking of its own: "(U) Classified by …".
_MARKED_LABEL = re.compile(
    r"^\(\s*(?:"
    + MARK
    + r")\s*\)\s*(?P<name>CLASSIFIED BY|DERIVED FROM|DECLASSIFY ON|(?:"
    + _AUTHORITIES
    + r"|REASONS?)(?=\s*:))"
    r"\s*(?P<colon>[:;]|(?=\s|$))",
    re.IGNORECASE,
)
LABELLED = frozenset("ETSRCDOetsrcdoſ(")  # how a label can begin: the quick look; case is passed over
COLONLESS = ("TAGS", "E.O", "EO1", "EO 1", "CLASSIFIED BY", "DERIVED FROM", "DECLASSIFY ON")

_FIELDS = 40  # lines among which damaged labels are looked for
_BEFORE_COLON = 16
_LOOKALIKES = str.maketrans("0158l|", "OISBII")
_WORDS = (
    "TAGS",
    "SUBJECT",
    "SUBJ",
    "REF",
    "REFS",
    "REFERENCES",
    "CLASSIFIED BY",
    "DERIVED FROM",
    "DECLASSIFY ON",
)
_BY_LETTERS = {word.replace(" ", ""): word for word in _WORDS} | dict.fromkeys(
    ("CLASSBY", "CLBY", "CIBY", "CIASSBY", "CLASSIFICATIONBY", "DERIVEDBY", "OCA"), "CLASSIFIED BY"
)
_SUBJECT = re.compile(r"SUBJ(?:ECT)?\s+(?=\()", re.IGNORECASE)
# As forms of messages for machines have it: REF/A/MSG/CDR EXAMPLE/010800ZJAN26//
_SLASHED = re.compile(r"(?P<sign>REF/(?P<letter>[A-Z])/)(?P<rest>[^/].*?)\s*/{0,2}$")
# The order spelled out, and its day without it.
_ORDER = re.compile(
    r"EXEC(?:UTIVE)?\.?\s+ORDER(?:\s+NO\.?)?\s+(?=[0-9OIlS]{5})|(?=DECL(?:\s+ON)?\s*:)", re.IGNORECASE
)
# What follows REF where its colon is lost: a letter, or the number of a message.
_REFERENCE = re.compile(r"REFS?\s+(?:\(?[A-Z]\)?[.)]\s|(?:\d{2}\s+)?[A-Z][A-Z ]+\s\d{1,7}\b)")


def label_of(text: str) -> re.Match[str] | None:
    """The label that opens a line."""
    if text[0] not in LABELLED:
        return None
    if text[0] == "(":
        return _MARKED_LABEL.match(text)
    match = LABEL.match(text)
    if match and not match["colon"] and not text.upper().startswith(COLONLESS):
        return None
    return match


def mend_labels(lines: list[Line], start: int, end: int, log: Log) -> None:
    """Put right, in place, the labels that a copy damaged.

    Letters and digits confused, letters set apart, colons lost. Lines are looked at up to the first numbered
    paragraph.
    """
    above = ""  # the label before
    for index in range(start, min(end, start + _FIELDS)):
        text = lines[index].text.strip()
        if not text:
            continue
        if text[0].isdecimal() and CANDIDATE.match(text):
            return
        if text[:4] == "REF/" and (slashed := _SLASHED.match(text)):
            above = _slashed(lines, index, slashed, above, log)
            continue
        match = LABEL.match(text) if text[0] in LABELLED else None
        name = match["name"].upper() if match else ""
        if match and (match["colon"] or text.upper().startswith(COLONLESS)):
            above = name
            continue
        if match:
            after_tags = name.startswith("SUBJ") and above.startswith(("TAG", "E"))
            if after_tags or _SUBJECT.match(text) or (above and _REFERENCE.match(text)):
                above = _replaced(lines, index, match.end("name"), name, log)
        elif (
            text[:4].upper() in ("EXEC", "DECL")
            and not above.startswith("E")
            and (order := _ORDER.match(text))
        ):
            above = _replaced(lines, index, order.end(), "E.O. ", log, colon=False)
        elif ":" in text[:_BEFORE_COLON] and (word := _meant(text[: text.index(":")])):
            above = _replaced(lines, index, text.index(":"), word, log)


def _slashed(lines: list[Line], index: int, match: re.Match[str], above: str, log: Log) -> str:
    """Write a reference between slashes as one with its letter."""
    line = lines[index]
    indent = len(line.text) - len(line.text.lstrip())
    lines[index] = line.part(0, indent + match.end("rest"), fresh=line.fresh)
    sign = f"{'' if above == 'REF' else 'REF: '}{match['letter']}. "
    _replaced(lines, index, match.end("sign"), sign, log, colon=False)
    return "REF"


def _meant(printed: str) -> str | None:
    """The label that a damaged one stands for."""
    letters = "".join(printed.translate(_LOOKALIKES).upper().split())
    if letters in _BY_LETTERS:
        return _BY_LETTERS[letters]
    if len(letters) < 6 or not letters.isalpha():
        return None
    from rapidfuzz.distance import Levenshtein  # seldom asked for, and slow to load

    near = [word for word in _BY_LETTERS if len(word) > 5 and Levenshtein.distance(word, letters) == 1]
    return _BY_LETTERS[near[0]] if len(near) == 1 else None


def _replaced(lines: list[Line], index: int, until: int, word: str, log: Log, *, colon: bool = True) -> str:
    """Write a label in the place of so many characters of a line, and list the repair."""
    line = lines[index]
    indent = len(line.text) - len(line.text.lstrip())
    rest = line.part(indent + until)
    text = rest.text if rest.text.startswith(":") or not colon else f":{rest.text}"
    read = line.text[indent : indent + until].strip()
    log.repair(
        line,
        indent,
        read or "DECL",
        f"{word}:" if colon else f"{word}{'' if read else 'DECL'}".strip(),
        "label",
    )
    columns = list(rest.cols or ())
    first = line.column(indent)
    ahead = [first] * (len(word) + len(text) - len(columns))
    lines[index] = Line(f"{word}{text}", line.no, [*ahead, *columns], line.cut, line.fresh)
    return word
