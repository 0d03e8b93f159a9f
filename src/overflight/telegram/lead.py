"""The labelled lines that open a text.

Captions, order, TAGS, subject, references, classification authority.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from overflight.telegram.captions import canonical, take, words_in
from overflight.telegram.contacts import redact_signer
from overflight.telegram.labels import COLONLESS, LABEL, LABELLED, label_of, mend_labels
from overflight.telegram.model import Authority, Order, Reference, Subject
from overflight.telegram.numbering import CANDIDATE, MARK
from overflight.telegram.offices import office_of
from overflight.telegram.order import read_order, reasons_of
from overflight.telegram.persons import is_ordinary
from overflight.telegram.references import read_references, split_number
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line
from overflight.telegram.tags import mended, without_persons

__all__ = ["Lead", "read_lead"]

_INLINE = re.compile(r"(?<=\S)\s+(?=(?:TAGS|SUBJECT|SUBJ|REFS?|REFERENCES?)\s?:\s?\S|CLASSIFIED BY:)")
# Where the first paragraph begins on the line of a field, or any text behind the reasons of an authority.
_FIRST = re.compile(r"(?<=\S)\s+(?=[\u00b61]{0,2}1\s?[.)]\s*\(\s*" + MARK + r"\s*\))")
_LETTERS = r"\b1\s?[.,][45]\s*(?:[\s,;&]*(?:AND\s+|OR\s+)?\(?[A-Ha-h]\))+"
_MORE = r"(?!(?:AND|OR|OF|E\.?\s?O|AS|PER|UNDER|DECL|DERIVED|REASONS?|1[.,])\b|[(,;&.:/])"
_REASONED = re.compile(_LETTERS + r"\s?[.;]?\s+" + _MORE + r"(?=\S)", re.IGNORECASE)
_REASONS_LAST = re.compile(_LETTERS + r"\s?[.;]?$", re.IGNORECASE)
_MORE_SAID = re.compile(
    r"(?:FOR|REASONS?|AND|OR|OF|E\.?\s?O|AS|PER|UNDER|DECL|DERIVED|1[.,])\b|[(,;&.:/]", re.IGNORECASE
)
_ABBREVIATED = re.compile(r"\b(?:[A-Z]|[A-Z][a-z]{0,3}|[A-Z]{2,4})\.$")
_CODES = re.compile(r"^(?:\(?[A-Z0-9-]++\)?[,;\s]*+)++$")
_PERSON = re.compile(r"\(\s*[A-Z][A-Z.'’ -]+,\s*[A-Z][A-Z.'’ -]*\)?")
_SUBJECT_HEAD = re.compile(r"^\(\s*(" + MARK + r")\s*\)\s*")
_SUBJECT_TAIL = re.compile(r"\s*\(\s*(" + MARK + r")\s*\)$")
_MARKED = re.compile(r"\(\s*" + MARK + r"\s*\)\s*\S")
_CAPTION = re.compile(
    r"^(?:SIPDIS|NODIS|EXDIS|STADIS|LIMDIS|NOFORN|EFTO|TERREP|SENSITIVE|CODEL|CHEROKEE|OFFICIAL INFORMAL|"
    r"(?:SPECAT|EXCLUSIVE|EYES ONLY)\b.*|//[A-Z]\d{3,5}//|"
    r"[A-Z/ ]+ CHANNEL|[A-Z/ ]+ ONLY|(?:(?:DEPT|DEPARTMENT|STATE|ALSO)\s+)?(?:FOR|PASS(?:\s+TO)?)\s[A-Z].*)$"
)
# Captions that are neither codes nor part of a subject.
_CHANNEL = r"SENSITIVE|(?:ROGER|AGREMENT|DISSENT|DIRGEN|MED|DS|DEA|OIG|PERSONNEL) CHANNEL"
_NO_SUBJECT = re.compile(rf"^(?:{_CHANNEL})$")
_NO_TAGS = re.compile(
    rf"^(?:{_CHANNEL}|(?:[A-Z/]+ ){{1,2}}CHANNEL|(?:EYES ONLY |EXCLUSIVE )?FOR (?:THE )?"
    r"(?:AMBASSADOR|CHARGE|DCM|SECRETARY|CHIEF OF MISSION)\b.*)$"
)
_BULLET = re.compile(r"^(?:[-*+\u2022]+)\s*(?=\S)")
_NO_CAPTION = frozenset("ABDFGHIJKMOPQRTUVWXYZ0123456789 =_")  # the quick look: how captions never begin
_DAY = re.compile(r"^(?:\d{1,4}[/-]\d{1,2}[/-]\d{2,4}|\d{8}|\d{2}X\d|OADR|\d{1,2} [A-Z]{3} \d{2,4})\b")
_RULER = re.compile(r"^[-=_*]{3,}$")
_CODE = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_REF_NEXT = re.compile(r"^\(?[A-Z]\s?[.)]\s*\(?[A-Z0-9]")


@dataclass
class Lead:
    """Fields in front of the paragraphs, and the index of the first line of the paragraphs."""

    captions: list[str] = field(default_factory=list)
    order: Order | None = None
    tags: tuple[str, ...] = ()
    subject: Subject | None = None
    references: tuple[Reference, ...] = ()
    authority: Authority | None = None
    body: int = 0
    end: int = 0
    labels: int = 0


def read_lead(lines: list[Line], start: int, end: int, log: Log, year: int | None) -> Lead:
    """Read the fields from ``lines[start]`` up to the first paragraph, ``lines[end]`` at most."""
    lead = Lead(body=start, end=end)
    mend_labels(lines, start, end, log)
    index = start
    while index < lead.end:
        line = lines[index]
        text = line.text.strip()
        if not text:
            index += 1
            continue
        match = label_of(text)
        if match is None:
            if not _captioned(lines, index, text, lead, log):
                break
            index += 1
            continue
        index = _field(lines, index, match, lead, log, year)
        lead.labels += 1
    lead.body = index
    return lead


def _captioned(lines: list[Line], index: int, text: str, lead: Lead, log: Log) -> bool:
    """Take a line that has no label for a caption; False where the paragraphs begin."""
    line = lines[index]
    if _restricts(text):
        _add(lead, take(line, log))
        return True
    printed = " ".join(text.split())
    if lead.labels:
        if not _labels_follow(lines, index, lead.end):
            return False
        if len(text) > 69 or not _CAPTION.match(text):
            log.warn(
                f"line {line.no}: {printed[:60]!r} among the labelled lines is not understood; it is kept as "
                "a caption"
            )
        _add(lead, (printed,))
        return True
    if _caption(text, lines, index, lead.end):
        lead.captions.append(printed)
    elif _labels_follow(lines, index, lead.end):
        bare = _BULLET.sub("", printed)
        if bare != printed:
            log.repair(line, line.text.find(text[0]), text, bare, "bullet")
        if bare != bare.upper() or len(bare) > 69 or not bare[:1].isalpha() or bare[-1] in ".:":
            log.warn(
                f"line {line.no}: {bare[:60]!r} above the labelled lines is not understood; it is kept as a "
                "caption"
            )
        lead.captions.append(bare)
    else:
        return False
    if words := [word for word in words_in(printed) if word not in lead.captions]:
        log.repair(line, line.text.find(text[0]), text, ", ".join(words), "caption")
        lead.captions += words
    return True


def _add(lead: Lead, captions: tuple[str, ...]) -> None:
    lead.captions += [word for word in captions if word not in lead.captions]


def _restricts(text: str) -> bool:
    """A line that is nothing but captions of handling, printed well or badly."""
    if len(text) > 69 or text[0] in _NO_CAPTION:
        return False
    return bool(canonical(text))


def _labels_follow(lines: list[Line], index: int, end: int) -> bool:
    """The order, TAGS or the subject stand below, and no paragraph begins before them."""
    for line in lines[index : min(index + 16, end)]:
        text = line.text.strip()
        if not text:
            continue
        label = LABEL.match(text) if text[0] in LABELLED else None
        if label and label["name"][0] in "ETSets" and (label["colon"] or text.startswith(COLONLESS)):
            return True
        if CANDIDATE.match(text) or _MARKED.match(text) or _RULER.match(text):
            return False
    return False


def _caption(text: str, lines: list[Line], index: int, end: int) -> bool:
    """A caption: a short line in capitals above the first label, before any paragraph."""
    if len(text) > 69 or text != text.upper() or CANDIDATE.match(text) or _RULER.match(text):
        return False
    if text[0] == "(" or not text[0].isalpha() or text.endswith((".", ":")):
        return False
    # A label must follow soon, else this is text; the known forms need none.
    return bool(_CAPTION.match(text)) or any(
        LABEL.match(lines[i].text.strip()) for i in range(index + 1, min(index + 14, end))
    )


def _field(
    lines: list[Line], index: int, match: re.Match[str], lead: Lead, log: Log, year: int | None
) -> int:
    name = match["name"].upper()
    line = lines[index]
    indent = len(line.text) - len(line.text.lstrip())
    offset = indent + match.end()
    # Labels whose own line break is lost: cut the line before the next label.
    cuts = list(_INLINE.finditer(line.text, offset)) if ":" in line.text[offset:] else ()
    if cuts:
        starts = [0, *(m.end() for m in cuts)]
        ends = [*(m.start() for m in cuts), len(line.text)]
        pieces = [line.part(a, b, fresh=a > 0) for a, b in zip(starts, ends, strict=True)]
        for cut in cuts:
            word = line.text[cut.end() : cut.end() + 24].split()[0]
            log.repair(line, cut.end(), word, "a new line", "line break lost")
        lines[index : index + 1] = pieces
        lead.end += len(cuts)
        line = pieces[0]
    authority = name[0] in "CDO" or "CLASSIF" in name
    ended = _part(lines, index, offset, authority, lead, log)
    gathered = [lines[index].part(offset)]
    index += 1
    while index < lead.end and not ended:
        following = lines[index]
        text = following.text.strip()
        if not text:
            # A list of references may have blank lines between its letters.
            ahead = lines[index + 1].text.strip() if index + 1 < lead.end else ""
            if name.startswith("REF") and _REF_NEXT.match(ahead) and not following.cut:
                index += 1
                continue
            break
        if following.text[:1].strip() and _restricts(text):
            _add(lead, take(following, log))
            index += 1
            continue
        aside = _NO_TAGS if name.startswith("TAG") else _NO_SUBJECT if name.startswith("SUB") else None
        if aside and aside.match(text):
            _add(lead, (" ".join(text.split()),))
            index += 1
            continue
        if _ends(text, name) and not _goes_on(text, name, gathered):
            break
        if authority and _is_said(gathered[-1].text, text):
            break
        ended = _part(lines, index, 0, authority, lead, log)
        gathered.append(lines[index])
        index += 1
    _store(name, line, gathered, lead, log, year)
    return index


def _part(lines: list[Line], index: int, start: int, authority: bool, lead: Lead, log: Log) -> bool:
    """Cut a line of a field where the text begins on it; whether it does."""
    line = lines[index]
    found = _FIRST.search(line.text, start) if "(" in line.text[start:] and "1" in line.text[start:] else None
    if found is None and authority:
        found = _REASONED.search(line.text, start)
    if found is None:
        return False
    cut = found.end()
    log.repair(line, cut, line.text[cut : cut + 24].split()[0], "the text begins", "line break lost")
    lines[index : index + 1] = [line.part(0, cut), line.part(cut, fresh=True)]
    lines[index].text = lines[index].text.rstrip()
    lead.end += 1
    return True


def _is_said(above: str, text: str) -> bool:
    """Whether a line of authority is whole, and the one below it begins something else."""
    above = above.rstrip()
    whole = _REASONS_LAST.search(above) or (above[-1:] == "." and not _ABBREVIATED.search(above))
    # What is no sentence may be who classified.
    return bool(whole) and not _MORE_SAID.match(text) and "REASON" not in text.upper() and _is_prose(text)


def _is_prose(text: str) -> bool:
    return sum(map(is_ordinary, re.findall(r"[A-Z]{2,}", text.upper()))) >= 4


def _goes_on(text: str, name: str, gathered: list[Line]) -> bool:
    """Whether a line that looks like the next thing belongs to the field after all."""
    if name.startswith("REF"):
        return _next_letter(text, gathered)
    # The day of declassification, broken off behind its word.
    return name.startswith("E") and gathered[-1].text.rstrip()[-1:] in (":", "") and bool(_DAY.match(text))


def _next_letter(text: str, gathered: list[Line]) -> bool:
    """``(C)`` behind ``(B)`` in a list of references is its letter, no marking."""
    letter = text[1:2]
    if not (text[:1] == "(" and text[2:3] == ")" and "B" <= letter <= "Z"):
        return False
    return any(f"({chr(ord(letter) - 1)})" in line.text for line in gathered)


def _ends(text: str, name: str) -> bool:
    if label_of(text):
        return True
    if _RULER.match(text):
        return True
    if name.startswith("TAG") and not (_CODES.match(_PERSON.sub("", text)) or _PERSON.search(text)):
        return True
    if name.startswith("E") and not text.upper().startswith(("DECL", "REASON")):
        return True
    found = CANDIDATE.match(text)
    if not found:
        return text[0] == "(" and not name.startswith("SUB") and bool(_MARKED.match(text))
    if name.startswith("REF"):
        # A letter taken for a digit ("8. STATE 12") is followed by the number of a message.
        number, rest = split_number(text[found.end() :], None, 9999)
        return found["mark"] is not None or number is None or len(rest) > 30
    return True


def _store(name: str, line: Line, gathered: list[Line], lead: Lead, log: Log, year: int | None) -> None:
    text = " ".join(" ".join(piece.text for piece in gathered).split())
    if name.startswith("E"):
        lead.order = read_order(
            line, line.text.strip() + "".join(" " + p.text.strip() for p in gathered[1:]), log
        )
        reasons = reasons_of(text, line, log)
        if reasons and lead.authority is None and re.search(r"\bREASONS?\b", text, re.IGNORECASE):
            lead.authority = Authority("", reasons)
    elif name.startswith("TAG"):
        lead.tags = lead.tags + _tags(text, line, log)
    elif name.startswith("SUB"):
        lead.subject = lead.subject or _subject(text)
    elif name.startswith("REF"):
        lead.references = lead.references or read_references(gathered, year, log)
    else:
        lead.authority = _authority(name, text, lead.authority, line, log)


def _tags(text: str, line: Line, log: Log) -> tuple[str, ...]:
    people = len(_PERSON.findall(text))
    text = _PERSON.sub(" ", text)
    text, more = without_persons(text)
    people += more
    if people:
        log.repair(
            line,
            0,
            "(a personal name)" if people == 1 else f"({people} personal names)",
            "left out",
            "personal name",
        )
    if "," not in text and len(text.split()) > 1:
        at = max(0, line.text.find(text.split()[0], line.text.upper().find("TAG") + 4))
        log.repair(line, at, text, ", ".join(_CODE.findall(text.upper())), "commas lost")
    upper = text.upper()
    if not any(map(text.__contains__, "01568l")) or len(upper) != len(text):
        return tuple(_CODE.findall(upper))
    return tuple(_mended(text[m.start() : m.end()], line, log) for m in _CODE.finditer(upper))


def _mended(printed: str, line: Line, log: Log) -> str:
    code = mended(printed)
    if code is None:
        return printed.upper()
    log.repair(line, max(0, line.text.find(printed)), printed, code, "misprint")
    if len(code) == 2:
        log.warn(f"line {line.no}: the TAGS code reads {printed!r}; {code} is proposed, check it")
    return code


def _subject(text: str) -> Subject:
    if match := _SUBJECT_HEAD.match(text):
        return Subject(text[match.end() :], " ".join(match[1].split()))
    if match := _SUBJECT_TAIL.search(text):
        return Subject(text[: match.start()], " ".join(match[1].split()))
    return Subject(text)


_REASON_CUT = re.compile(
    r"[;,.:(]?\s*\b(?:FOR\s+)?(?:E\.O\.\s*\d{5}\s*,?\s*)?REASONS?\b\s*:?|(?=\b1[.,][45]\s*\()", re.IGNORECASE
)


def _derived(text: str, line: Line, log: Log) -> str:
    """The source of a derived classification, without who derived it."""
    clean = redact_signer(text) if " BY " in text.upper() else text
    if clean != text:
        log.repair(line, 0, "Derived From: (a name)", "left out; the office is kept", "personal name")
    return clean


def _authority(name: str, text: str, sofar: Authority | None, line: Line, log: Log) -> Authority:
    known = sofar or Authority()
    if name.startswith("DERIVED"):
        return Authority(known.office, known.reasons, _derived(text, line, log), known.declassify_on)
    if name.startswith("DECLASSIFY"):
        return Authority(known.office, known.reasons, known.derived_from, text)
    reasons = reasons_of(text, line, log) or known.reasons
    if name.startswith("REASON"):
        return Authority(known.office, reasons, known.derived_from, known.declassify_on)
    who = _REASON_CUT.split(text, maxsplit=1)[0]
    office = office_of(who)
    kept, printed = len(office.split()), len(re.findall(r"[A-Za-z][\w./'’&-]*", who))
    if kept < printed:
        log.repair(line, 0, f"{name.title()}: (a name)", office or "(office not stated)", "personal name")
    return Authority(office, reasons, known.derived_from, known.declassify_on)
