"""Paragraphs: numbers, headings, markings and text, out of lines that may be broken, glued or decorated."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from overflight.telegram.model import Paragraph
from overflight.telegram.numbering import CANDIDATE, INLINE, INLINE_BARE, MARK, Candidate, assign
from overflight.telegram.offices import redact_contact
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line
from overflight.telegram.words import join_halves, words_of

__all__ = ["BREAK", "PORTION", "RULER", "Body", "read_body"]

RULER = re.compile(r"^\s*[-=_*]{3,}\s*$")
#: A line that begins a new sub-paragraph by its form.
BREAK = re.compile(
    r"^\s*(?:(?:--|[-*+•o])\s+\S|[A-Z][.)]\s|\(\s?[A-Za-z0-9]{1,3}\s?\)\s|(?:BEGIN|END|START)\s+[A-Z]|[a-z]\)\s)"
)
_ALONE = re.compile(r"^\s*(?:BEGIN|END|START)\s+[A-Z][A-Z' /-]{2,60}[.:]?\s*$", re.IGNORECASE)
#: A portion that is not numbered: its mark stands at the start of a line, perhaps behind a bullet or letter.
PORTION = re.compile(
    r"^\s*(?P<lead>(?:--|[-*+]|[A-Z][.)]|\([A-Za-z0-9]{1,3}\))\s+)?\(\s*(?P<mark>" + MARK + r")\s*\)(?=\s|$|[A-Z\"])"
)
_MARK = re.compile(r"^\(\s*(?P<mark>" + MARK + r")\s*\)\s*")
_OPEN_MARK = re.compile(r"^[^()]{0,12}\(\s*(?:TS|S|C|U|SBU|FOUO|LOU)\s*[/-]{1,2}[^()]*$")
_MIDLINE = re.compile(
    r"(?<=[.?!:\"])\s+(?=\(\s*(?:TS|SBU|S|C|U)\s*(?:/{1,2}\s*|-)(?:NF|NOFORN|REL\b|OC|FOUO|SBU|RELIDO|DISPLAY|ND|XD)[^()]{0,300}\))"
    r"|(?<=[.?!:\"])\s+(?=\((?:TS|SBU|[SCU])\)\s+[A-Z\"])"
)
# A number, letter or bullet in front of a mark: the mark is its own, not that of a portion in the middle of a line.
_LEAD_ONLY = re.compile(r"^\s*(?:(?:--|[-*+])\s*)?[\[(¶\s]*(?:\d(?:\s?\d){0,3}|[A-Za-z])?\]?\s*[.):]?$")
_WEAK = re.compile(
    r"(?:\b(?:PARAS?|PARAGRAPHS?|AND|OR|OF|REFS?|REFTELS?|SECTIONS?|ARTICLES?|NOS?|TO|THE|IN|ON|BY|FOR|A|UNSCR|RESOLUTION|THROUGH|UNTIL|"
    r"JAN\w*|FEB\w*|MAR\w*|APR\w*|MAY|JUNE?|JULY?|AUG\w*|SEP\w*|OCT\w*|NOV\w*|DEC\w*)|,|[A-Za-z0-9])$",
    re.IGNORECASE,
)
_HYPHEN = re.compile(r"-(?<=[A-Za-z]-)[ ]*\n")
_ANY_MARK = re.compile(r"\(\s*(?:TS|S|C|U|SBU|FOUO|LOU)(?=\s*[)/-])")
_SIGNED = re.compile(r"^(?=.{2})(?:(?:[A-Z]\.|[A-Z][A-Z'’-]{0,24})(?:\s|$)){1,3}$")
_RUN_ON = re.compile(r"(?<=[.?!\")])\s+(?P<name>[A-Z][A-Z'’-]{2,24})$")
_SENTENCE_END = (".", "?", "!", ":", '"', ")", ";")
_NO_SIGNATURE = re.compile(r"^(?:END|BEGIN|COMMENT|SUMMARY|BACKGROUND|NNNN|BT|SECRET|CONFIDENTIAL|UNCLASSIFIED|UNCLAS|NOTE|TEXT|PARA)\b")
_ERROR = re.compile(r"(?:(?<=\s)|^)(?:E\s){5,}E(?=\s|$)")
_BROKEN = re.compile(r"(?<![A-Za-z'/-])([A-Za-z]{2,})- ([A-Za-z]{2,})(?![A-Za-z'/-])")
_ENUMERATED = re.compile(r"^\s*\(([A-Z])\)")


@dataclass
class Body:
    """Paragraphs, the signature, whether the text seems whole."""

    paragraphs: list[Paragraph] = field(default_factory=list)
    signed: str | None = None
    whole: bool = False  # ends with a signature or the end of a sentence


@dataclass
class _Open:
    """A paragraph that is being read."""

    number: int | None
    first: int
    heading: str | None
    printed: str = ""
    subs: list[list[Line]] = field(default_factory=list)


def read_body(lines: list[Line], log: Log, *, first: int = 1, last_section: bool = True) -> Body:
    """Read the paragraphs.

    Parameters
    ----------
    lines : list of Line
        Lines after the labelled fields up to the end of the text, page furniture removed.
    log : Log
        Takes repairs and warnings.
    first : int
        Number that the text is expected to begin with, 0 when unknown (a later section).
    last_section : bool
        A signature may follow.
    """
    while lines and not lines[-1].text.strip():
        lines.pop()
    joined = "\n".join(line.text for line in lines)
    if _long(lines) or _glued(joined):
        lines = _unglue(lines, log)
    words = words_of(joined) if _needs_words(joined, lines) else frozenset()
    body = Body()
    body.signed = _signature(lines)
    spots, texts = _spots(lines)
    numbers = _number(lines, spots, texts, log, first)
    headings = _headings(texts, numbers)
    copies: dict[int, int] = {}
    heading: str | None = None
    open_: _Open | None = None
    fresh = True
    alone = False
    for index, line in enumerate(lines):
        text = texts[index]
        if not text:
            fresh = True
            continue
        if index in headings:
            if headings[index]:
                if open_:
                    _close(open_, body, words, copies, log)
                    open_ = None
                heading = headings[index]
            fresh = True
            continue
        if index in numbers:
            if open_:
                _close(open_, body, words, copies, log)
            number, match = numbers[index]
            at = match.start("mark") if match["mark"] else match.end()
            rest = line.part(at) if line.cols else Line(line.text[at:], line.no, list(range(at + 1, len(line.text) + 2)))
            printed = line.text[match.start() : match.end("close") if match["close"] else match.end("digits")].strip()
            open_ = _Open(number, line.no, heading, printed, [[rest]])
            fresh = alone = False
            continue
        own = PORTION.match(line.text) if "(" in text[:40] else None
        if own and own["lead"] is None and open_ and open_.number is not None and not _has_text(open_):
            own = None  # the mark of a number that stands alone on its line
        elif own and own["lead"] is None and open_ and _enumeration(open_, own["mark"]):
            own = None
        if own or open_ is None:
            if open_:
                _close(open_, body, words, copies, log)
            open_ = _Open(None, line.no, heading, "", [[line]])
            fresh = alone = False
            if _ALONE.match(text):
                fresh = alone = True
            continue
        mine = bool(_ALONE.match(text))
        if (fresh and not line.cut) or alone or mine or line.fresh or BREAK.match(line.text) or index in spots:
            # A rejected number begins a sub-paragraph only where the line above ends a sentence.
            if index in spots and not (fresh or alone or line.fresh) and not _ends(open_):
                open_.subs[-1].append(line)
            elif not open_.subs[-1][0].text.strip() and len(open_.subs[-1]) == 1:
                open_.subs[-1].append(line)
            else:
                open_.subs.append([line])
        else:
            open_.subs[-1].append(line)
        fresh, alone = False, mine
    if open_:
        _close(open_, body, words, copies, log)
    _run_on(body, lines, log, last_section)
    body.whole = body.signed is not None or bool(
        body.paragraphs and body.paragraphs[-1].text.endswith((".", "?", "!", '"', ")", ":"))
    )
    return body


def _glued(joined: str) -> bool:
    """Whether a mark stands where a line break may be lost: quick, and wrong only on the careful side."""
    for match in _ANY_MARK.finditer(joined):
        start = match.start()
        before = joined[max(0, joined.rfind("\n", 0, start) + 1, start - 40) : start].rstrip()
        if before and before[-1] in ".?!:\"')*]" and not _LEAD_ONLY.match(before):
            return True
    return False


def _long(lines: list[Line]) -> bool:
    return any(len(line.text) > 160 for line in lines)


def _needs_words(joined: str, lines: list[Line]) -> bool:
    return bool("-\n" in joined and _HYPHEN.search(joined)) or any([line.cut for line in lines])


def _unglue(lines: list[Line], log: Log) -> list[Line]:
    """Put back line breaks before numbered or marked paragraphs that begin in the middle of a line."""
    out: list[Line] = []
    for line in lines:
        cuts = {m.end(): "line break lost" for m in INLINE.finditer(line.text) if m.start()}
        for m in _MIDLINE.finditer(line.text):
            if not _LEAD_ONLY.match(line.text[max(0, m.start() - 16) : m.start()] if m.start() < 16 else "...."):
                cuts[m.end()] = "line break lost"
        if len(line.text) > 160:
            cuts.update({m.end(): "line break lost?" for m in INLINE_BARE.finditer(line.text)})
        if not cuts:
            out.append(line)
            continue
        start = 0
        previous_fresh = line.fresh
        for cut, kind in sorted(cuts.items()):
            piece = line.part(start, cut, fresh=previous_fresh)
            piece.text = piece.text.rstrip()
            out.append(piece)
            if kind == "line break lost":
                log.repair(line, cut, line.text[cut : cut + 12].split("\n")[0], "a new paragraph", kind)
            previous_fresh = True
            start = cut
        out.append(line.part(start, fresh=previous_fresh))
    return out


def _spots(lines: list[Line]) -> tuple[dict[int, re.Match[str]], list[str]]:
    """Lines that may begin a numbered paragraph, and all lines stripped."""
    spots: dict[int, re.Match[str]] = {}
    texts: list[str] = []
    for index, line in enumerate(lines):
        text = line.text.strip()
        texts.append(text)
        if text and text[0] in "0123456789¶-*+[(lIOSPp" and (match := CANDIDATE.match(line.text)):
            spots[index] = match
    return spots, texts


def _number(
    lines: list[Line], spots: dict[int, re.Match[str]], texts: list[str], log: Log, first: int
) -> dict[int, tuple[int, re.Match[str]]]:
    """The number of each line that begins a paragraph; what was printed otherwise is listed as a repair."""
    if not spots:
        return {}
    marked = sum(1 for match in spots.values() if match["mark"])
    mostly_marked = marked >= 3 and marked * 2 >= len(spots)
    inside = _inside(texts, spots)
    candidates = [
        _candidate(index, match, lines, texts, mostly_marked, index in inside) for index, match in spots.items()
    ]
    found = assign(candidates, first)
    out: dict[int, tuple[int, re.Match[str]]] = {}
    for n, (index, match) in enumerate(spots.items()):
        number = found.numbers[n]
        if number is None:
            continue
        out[index] = (number, match)
        _list_repairs(lines[index], match, number, log)
        if n in found.doubtful:
            log.warn(f"line {lines[index].no}: {match.group().strip()!r} is taken for paragraph {number}; it is doubtful")
    _sequence_warnings([number for number, _ in out.values()], log, first)
    return out


def _inside(texts: list[str], spots: dict[int, re.Match[str]]) -> set[int]:
    """Spots between a BEGIN and an END line: lists of their own are common there."""
    if not any(text[:6].upper().startswith(("BEGIN", "START ")) for text in texts):
        return set()
    depth = False
    inside: set[int] = set()
    for index, text in enumerate(texts):
        if _ALONE.match(text):
            depth = not text[:3].upper() == "END"
        elif depth and index in spots:
            inside.add(index)
    return inside


def _candidate(
    index: int, match: re.Match[str], lines: list[Line], texts: list[str], mostly_marked: bool, inside: bool
) -> Candidate:
    pilcrow = match["pil"] is not None
    above = texts[index - 1] if index else ""
    bullet = match["bullet"] is not None
    blank = not above or lines[index].fresh
    accept = 0.0
    if match["mark"] or pilcrow:
        skip = 8.0
    elif inside and not blank:
        skip, accept = 0.3, 0.4
    elif mostly_marked:
        skip = 0.9
    elif blank:
        skip = 4.0
    elif above.endswith(_SENTENCE_END) or RULER.match(above):
        skip = 2.7
    elif _WEAK.search(above):
        skip, accept = (0.25, 0.5) if len(above) > 40 or not above[-1:].isalnum() else (1.2, 0.2)
    else:
        skip = 1.5
    if bullet and not match["mark"]:
        skip = min(skip, 2.0)
    if lines[index].fresh and not match["mark"] and not pilcrow:
        skip = 1.0
    if not match["digits"].replace(" ", "").isdigit() and not match["mark"]:
        accept += 1.0
    return Candidate(match["digits"], pilcrow, skip, accept)


def _list_repairs(line: Line, match: re.Match[str], number: int, log: Log) -> None:
    digits = match["digits"]
    read = line.text[match.start() : match.end("mark") if False else match.end("term")].strip()
    start = len(line.text) - len(line.text.lstrip())
    understood = f"paragraph {number}"
    if match["bullet"]:
        log.repair(line, start, read, understood, "bullet")
    if match["pil"]:
        log.repair(line, match.start("pil"), read, understood, "pilcrow kept")
    if digits != str(number):
        plain = digits.replace(" ", "")
        kind = "pilcrow" if plain.isdigit() and int(plain) != number else "digits"
        log.repair(line, match.start("digits"), read, understood, kind)
    if "." not in match["term"] and (match["term"] or match["close"]):
        log.repair(line, match.start("digits"), read, understood, "number form")
    elif not match["term"]:
        log.repair(line, match.start("digits"), read, understood, "number form")


def _sequence_warnings(numbers: list[int], log: Log, first: int) -> None:
    seen: set[int] = set()
    last = 0
    for number in numbers:
        if number in seen:
            log.warn(f"paragraph number {number} occurs more than once; a reference to it is ambiguous")
        elif last and number > last + 1:
            gap = f"{last + 1}" if number == last + 2 else f"{last + 1} to {number - 1}"
            log.warn(f"paragraph {gap} is missing")
        elif not last and first == 1 and number > 1:
            log.warn(f"the first paragraph is numbered {number}")
        elif last and number < last:
            log.warn(f"paragraph {number} stands after paragraph {last}")
        seen.add(number)
        last = number


def _headings(texts: list[str], numbers: dict[int, tuple[int, re.Match[str]]]) -> dict[int, str]:
    """Lines that are headings, and rulers (empty string) that go with them or with nothing."""
    out: dict[int, str] = {}
    size = len(texts)
    for index, text in enumerate(texts):
        if not text or index in numbers:
            continue
        if text[0] in "-=_*" and RULER.match(text):
            out[index] = ""
            for near in (index - 1, index + 1):
                if 0 <= near < size and _may_head(texts[near]) and near not in numbers and near not in out:
                    alone = near + 1 if near > index else near - 1
                    if not (0 <= alone < size) or not texts[alone] or RULER.match(texts[alone]):
                        out[near] = texts[near].rstrip(":")
                        break
            continue
        if index in out or len(text) > 60 or (index and texts[index - 1]):
            continue
        follow = index + 1
        while follow < size and not texts[follow]:
            follow += 1
        if follow in numbers and follow - index <= 3 and _may_head(text) and not _ALONE.match(text):
            if text.upper() == text or text.istitle() or text.endswith(":"):
                out[index] = text.rstrip(":")
    return out


def _may_head(text: str) -> bool:
    return 2 < len(text) <= 69 and not text.endswith((".", ",", ";", "?", "!")) and not RULER.match(text) and any(
        c.isalpha() for c in text
    ) and not _ALONE.match(text)


def _has_text(open_: _Open) -> bool:
    return any(line.text.strip() for sub in open_.subs for line in sub)


def _ends(open_: _Open) -> bool:
    text = open_.subs[-1][-1].text.rstrip()
    return not text or text.endswith(_SENTENCE_END)


def _enumeration(open_: _Open, mark: str) -> bool:
    """``(C)`` after ``(A)`` and ``(B)`` is a letter of a list, no marking."""
    if len(mark) != 1 or mark == "S" or len(open_.subs) < 2:
        return False
    before = [_ENUMERATED.match(sub[0].text) for sub in open_.subs[-2:]]
    return all(before) and [ord(b[1]) for b in before if b] == [ord(mark) - 2, ord(mark) - 1]


def _close(open_: _Open, body: Body, words: frozenset[str], copies: dict[int, int], log: Log) -> None:
    subs: list[str] = []
    last = open_.first
    for sub in open_.subs:
        text = _joined(sub, words, log)
        last = max(last, sub[-1].no)
        if text:
            subs.append(text)
    marking: str | None = None
    lead = ""
    if subs:
        if open_.number is None and (match := PORTION.match(subs[0])):
            lead = (match["lead"] or "").strip()
            marking, subs[0] = match["mark"], subs[0][match.end() :].strip()
        elif match := _MARK.match(subs[0]):
            marking, subs[0] = match["mark"], subs[0][match.end() :].strip()
        if not subs[0]:
            del subs[0]
    text = "\n".join(subs)
    if open_.number is None and marking is None and not text:
        return
    if "E E E E E E" in text:
        text = _corrected(text, open_.subs[0][0], log)
    if "- " in text:
        text = _mended(text, words, open_.subs[0][0], log)
    clean, names = redact_contact(text) if any(cue in text.upper() for cue in ("POC", "CONTACT", "OFFICER")) else (text, 0)
    if names:
        log.repair(open_.subs[0][0], 0, "(contact details of a person)", "left out; the office is kept", "personal name")
    copy = 0
    if open_.number is not None:
        copy = copies.get(open_.number, 0)
        copies[open_.number] = copy + 1
    if marking is not None:
        marking = " ".join(marking.split())
    previous = body.paragraphs[-1] if body.paragraphs else None
    if open_.number is None and marking is None and previous is not None and previous.heading == open_.heading:
        merged = "\n".join(part for part in (previous.text, clean) if part)
        body.paragraphs[-1] = Paragraph(
            previous.number, merged, previous.marking, previous.heading, previous.lead, previous.copy, previous.printed,
            (previous.lines[0] if previous.lines else open_.first, last),
        )  # fmt: skip
        return
    body.paragraphs.append(
        Paragraph(open_.number, clean, marking, open_.heading, lead, copy, open_.printed, (open_.first, last))
    )


def _joined(lines: list[Line], words: frozenset[str], log: Log) -> str:
    if len(lines) == 1:
        return " ".join(lines[0].text.split())
    if not words:  # no hyphen ends a line, no page line cuts one
        return " ".join(" ".join([line.text for line in lines]).split())
    text = " ".join(lines[0].text.split())
    for line in lines[1:]:
        right = " ".join(line.text.split())
        if not right:
            continue
        between = " " if text else ""
        found = join_halves(text, right, words, cut=line.cut) if text else None
        if found:
            glue, reason = found
            left = text.rsplit(None, 1)[-1]
            if text.endswith("-"):
                text = text[:-1]
            between = glue
            log.repair(line, 0, f"{left} / {right.split()[0]}", left.rstrip("-") + glue + right.split()[0], "word broken")
            if reason == "hyphen doubtful":
                log.warn(f"line {line.no}: the hyphen of {left + right.split()[0]!r} may belong to the line break")
        text += between + right
    return text


def _corrected(text: str, line: Line, log: Log) -> str:
    """What the error sign (eight times E) takes back: the words since the one that is repeated behind it."""
    while match := _ERROR.search(text):
        after = text[match.end() :].split(None, 1)
        before = text[: match.start()].split(" ")
        tail = [n for n in range(max(0, len(before) - 8), len(before)) if after and before[n] == after[0]]
        kept = before[: tail[-1]] if tail else before[:-2]
        if not tail:
            log.warn(f"line {line.no}: what the error sign takes back is not certain")
        log.repair(line, 0, text[len(" ".join(kept)) : match.end()].strip(), "taken back", "error sign")
        text = " ".join([*kept, text[match.end() :].strip()]).strip()
    return text


def _mended(text: str, words: frozenset[str], line: Line, log: Log) -> str:
    """Words that an earlier copy broke with a hyphen, and a later one put back on one line: ``INFOR- MATION``."""

    def mend(match: re.Match[str]) -> str:
        found = join_halves(match[1] + "-", match[2], words)
        if not found or found[1] == "hyphen doubtful":
            return match[0]
        log.repair(line, max(0, line.text.find(match[0])), match[0], match[1] + found[0] + match[2], "word broken")
        return match[1] + found[0] + match[2]

    return _BROKEN.sub(mend, text)


def _signature(lines: list[Line]) -> str | None:
    """Take the signature off the last line, if it stands there alone."""
    if not lines:
        return None
    text = " ".join(lines[-1].text.split())
    if not _SIGNED.match(text) or _NO_SIGNATURE.match(text) or text.endswith(".") or len(lines) < 2:
        return None
    above = lines[-2].text.rstrip()
    if above and not above.endswith(_SENTENCE_END):
        return None
    if RULER.match(above):
        return None
    lines.pop()
    while lines and not lines[-1].text.strip():
        lines.pop()
    return text


def _run_on(body: Body, lines: list[Line], log: Log, last_section: bool) -> None:
    """A signature that runs on at the end of the last paragraph."""
    if body.signed is not None or not last_section or not body.paragraphs:
        return
    last = body.paragraphs[-1]
    match = _RUN_ON.search(last.text)
    if not match or _NO_SIGNATURE.match(match["name"]):
        return
    body.signed = match["name"]
    text = last.text[: match.start()].rstrip()
    end = lines[-1]
    log.repair(end, max(0, end.text.rstrip().rfind(match["name"])), match["name"], f"signature {match['name']}", "signature")
    body.paragraphs[-1] = Paragraph(
        last.number, text, last.marking, last.heading, last.lead, last.copy, last.printed, last.lines
    )
