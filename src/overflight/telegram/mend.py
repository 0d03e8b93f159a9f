"""Text that line breaks hurt: glued paragraphs, broken words, words taken back, signatures that run on."""

from __future__ import annotations

import re
from dataclasses import replace

from overflight.marking.suspect import resembles
from overflight.telegram.model import Paragraph
from overflight.telegram.numbered import RULER, SENTENCE_END
from overflight.telegram.numbering import INLINE, INLINE_BARE, ROMAN
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line
from overflight.telegram.words import join_halves, spelled_words

__all__ = [
    "corrected",
    "is_glued",
    "is_long",
    "join_lines",
    "mended",
    "note_broken",
    "run_on",
    "take_signature",
    "unglue",
]


_MIDLINE = re.compile(
    r"(?<=[.?!:\"])\s+(?=\(\s*(?:TS|SBU|S|C|U)\s*(?:/{1,2}\s*|-)(?:NF|NOFORN|REL\b|OC|FOUO|SBU|RELIDO|"
    r"DISPLAY|ND|XD)[^()]{0,300}\))"
    r"|(?<=[.?!:\"])\s+(?=\((?:TS|SBU|[SCU])\)\s+[A-Z\"])"
)


# A number, letter or bullet in front of a mark: the mark is its own, not that of a portion in the middle
# of a line.
_LEAD_ONLY = re.compile(
    r"^\s*(?:(?:--|[-*+])\s*)?(?:PARA(?:GRAPH)?\s+)?[\[(¶§\s]*(?:\d{1,3}\.[A-Za-z]|\d(?:\s?\d){0,3}|[IVX]{2,4}|[A-Za-z])?\]?\s*[.):,;-]{0,2}$"
)


_ASIDE = re.compile(r" {3}$|\b(?:PARAS?|NOS?|REFS?|SECS?|ARTS?|I\.E|E\.G|CF|VIZ)\.\s*$", re.IGNORECASE)
_ANY_MARK = re.compile(r"\(\s*(?:TS|S|C|U|SBU|FOUO|LOU)(?=\s*[)/-])")


_SIGNED = re.compile(r"^(?=.{2})(?:(?:[A-Z]\.|[A-Z][A-Z'’-]{0,24})(?:\s|$)){1,3}$")


_RUN_ON = re.compile(r"(?<=[.?!\")])\s+(?P<name>[A-Z][A-Z'’-]{2,24})$")


_NO_SIGNATURE = re.compile(
    r"^(?:END|BEGIN|MINIMIZE|COMMENT|SUMMARY|BACKGROUND|NNNN|BT|SECRET|CONFIDENTIAL|UNCLASSIFIED|UNCLAS|NOTE|TEXT|"
    r"PARA)\b"
)


_ERROR = re.compile(r"(?:(?<=\s)|^)(?:E\s){5,}E(?=\s|$)")


_BROKEN = re.compile(r"(?<![A-Za-z'/-])([A-Za-z]{2,})- ([A-Za-z]{2,})(?![A-Za-z'/-])")


_HEAD = re.compile(r"[ ]*([A-Za-z]{2,})(?![\w'’-])")


# The number of a paragraph at the end of a line, behind a sentence; its mark is on the next.
_NUMBER_LAST = re.compile(r"(?<=[.?!:\"])\s+(\d{1,3}[.)])\s*$")

# The quick look before it.
_BREAK = re.compile(r"-(?<=[A-Za-z]{2}-) [A-Za-z]{2}")


def is_glued(joined: str) -> bool:
    """Whether a mark stands where a line break may be lost: quick, and wrong only on the careful side."""
    for match in _ANY_MARK.finditer(joined):
        start = match.start()
        before = joined[max(0, joined.rfind("\n", 0, start) + 1, start - 40) : start].rstrip()
        if len(before) < 6 and (before[:-1].isdecimal() or before[:-1] in ROMAN) and before[-1] == ".":
            continue  # the number of a paragraph, as nearly always
        if before and before[-1] in ".?!:\"')*]" and not _LEAD_ONLY.match(before):
            return True
        if not before and joined[max(0, start - 3) : start].rstrip()[-1:] in (".", ")"):
            above = joined[max(0, start - 40) : start].rstrip()
            if above[-2:-1].isdecimal() and _NUMBER_LAST.search(above):
                return True
    return False


def is_long(texts: list[str]) -> bool:
    return max(map(len, texts), default=0) > 160


def unglue(lines: list[Line], log: Log) -> list[Line]:
    """Put back line breaks before numbered or marked paragraphs that begin in the middle of a line."""
    lines = _with_their_marks(lines, log)
    out: list[Line] = []
    for line in lines:
        cuts = {m.end(): "line break lost" for m in INLINE.finditer(line.text) if m.start()}
        for m in _MIDLINE.finditer(line.text):
            if not _LEAD_ONLY.match(
                line.text[max(0, m.start() - 16) : m.start()] if m.start() < 16 else "...."
            ):
                cuts[m.end()] = "line break lost"
        if len(line.text) > 160:
            cuts.update({m.end(): "line break lost?" for m in INLINE_BARE.finditer(line.text)})
        if not cuts:
            out.append(line)
            continue
        start = 0
        previous_fresh = line.fresh
        for cut, kind in sorted(cuts.items()):
            if start and _LEAD_ONLY.match(line.text[start:cut].rstrip()):
                continue  # the mark of the number before it
            piece = line.part(start, cut, fresh=previous_fresh)
            piece.text = piece.text.rstrip()
            # Behind a gap stands another column, behind an abbreviation the number of something else.
            piece.cut = piece.cut or bool(start and _ASIDE.search(line.text[max(0, start - 12) : start]))
            out.append(piece)
            if kind == "line break lost":
                log.repair(line, cut, line.text[cut : cut + 12].split("\n")[0], "a new paragraph", kind)
            previous_fresh = True
            start = cut
        out.append(line.part(start, fresh=previous_fresh))
        out[-1].cut = out[-1].cut or bool(start and _ASIDE.search(line.text[max(0, start - 12) : start]))
    return out


def _with_their_marks(lines: list[Line], log: Log) -> list[Line]:
    """Lines where a number that ended the line above stands before its mark again: ``2.`` and ``(C) …``."""
    out: list[Line] = []
    for line in lines:
        above = out[-1] if out else None
        if above and _ANY_MARK.match(line.text.lstrip()) and (number := _NUMBER_LAST.search(above.text)):
            log.repair(above, number.start(1), number[1], "the number of the line below", "line break")
            out[-1] = above.part(0, number.start(), fresh=above.fresh)
            first = line.column(0)
            columns = [*[first] * (len(number[1]) + 1), *(line.cols or range(1, len(line.text) + 1))]
            line = Line(f"{number[1]} {line.text}", line.no, columns, line.cut, True)
        out.append(line)
    return out


def note_broken(lines: list[Line], texts: list[str]) -> None:
    """Mark as cut off each line that begins with the second half of a word, where no hyphen says so.

    ``INFOR`` and ``MATION``: the whole is a word, and neither half is one.
    """
    known = spelled_words()
    last = [text.rpartition(" ")[2] for text in texts]
    halves = {tail for tail in last if tail not in known and len(tail) > 1 and tail.isalpha()}
    for above in [n for n, tail in enumerate(last) if tail in halves] if halves else ():
        head = _HEAD.match(texts[above + 1]) if above + 1 < len(texts) else None
        if head and head[1] not in known and f"{last[above]}{head[1]}" in known:
            lines[above + 1].cut = True


def join_lines(lines: list[Line], words: frozenset[str], log: Log, *, blanks: bool = False) -> str:
    """The text of the lines as one; ``blanks`` says that they have no other white space."""
    if not words or len(lines) == 1:  # no hyphen ends a line, no page line cuts one
        text = " ".join([line.text for line in lines])
        return text.strip() if blanks and "  " not in text else " ".join(text.split())
    pieces = [" ".join(lines[0].text.split())]
    for line in lines[1:]:
        right = " ".join(line.text.split())
        if not right:
            continue
        left = pieces[-1]  # the line above, or what became of its last word
        found = join_halves(left, right, words, cut=line.cut) if left else None
        if not found:
            pieces += [" ", right] if left else [right]
            continue
        glue, reason = found
        before, after = left.rsplit(None, 1)[-1], right.split(None, 1)[0]
        pieces[-1] = left.removesuffix("-")
        pieces += [glue, right]
        log.repair(line, 0, f"{before} / {after}", before.removesuffix("-") + glue + after, "word broken")
        if reason == "hyphen doubtful":
            log.warn(f"line {line.no}: the hyphen of {before + after!r} may belong to the line break")
    return "".join(pieces)


def corrected(text: str, line: Line, log: Log) -> str:
    """What the error sign (eight times E) takes back: the words since the one that is repeated behind it."""
    segments = _ERROR.split(text)
    kept = segments[0].split()
    for segment in segments[1:]:
        after = segment.split()
        back = next((n for n in range(1, min(8, len(kept)) + 1) if after and kept[-n] == after[0]), 0)
        if not back:
            log.warn(f"line {line.no}: what the error sign takes back is not certain")
            back = min(1, len(kept))
        taken = kept[len(kept) - back :]
        if resembles(" ".join(taken)):  # a marking is not taken back: what stands behind it might be its text
            log.warn(f"line {line.no}: the error sign would take back what may be a marking; it is kept")
            kept += after
            continue
        del kept[len(kept) - back :]
        log.repair(line, 0, " ".join([*taken, "E E E E E E E E"]), "taken back", "error sign")
        kept += after
    return " ".join(kept)


def mended(text: str, words: frozenset[str], line: Line, log: Log) -> str:
    """Words that an earlier copy broke with a hyphen, and a later one put back on one line.

    ``INFOR- MATION``.
    """

    if not _BREAK.search(text):
        return text

    def mend(match: re.Match[str]) -> str:
        found = join_halves(match[1] + "-", match[2], words)
        if not found or found[1] == "hyphen doubtful":
            return match[0]
        log.repair(
            line, max(0, line.text.find(match[0])), match[0], match[1] + found[0] + match[2], "word broken"
        )
        return match[1] + found[0] + match[2]

    return _BROKEN.sub(mend, text)


def take_signature(lines: list[Line]) -> str | None:
    """Take the signature off the last line, if it stands there alone."""
    if not lines:
        return None
    text = " ".join(lines[-1].text.split())
    if not _SIGNED.match(text) or _NO_SIGNATURE.match(text) or text.endswith(".") or len(lines) < 2:
        return None
    above = lines[-2].text.rstrip()
    if above and not above.endswith(SENTENCE_END):
        return None
    if RULER.match(above):
        return None
    lines.pop()
    while lines and not lines[-1].text.strip():
        lines.pop()
    return text


def run_on(last: Paragraph, lines: list[Line], log: Log) -> tuple[Paragraph, str] | None:
    """The last paragraph without a signature that runs on at its end, and that signature.

    None when there is none.
    """
    match = _RUN_ON.search(last.text)
    if not match or _NO_SIGNATURE.match(match["name"]):
        return None
    end = lines[-1]
    at = max(0, end.text.rstrip().rfind(match["name"]))
    log.repair(end, at, match["name"], f"signature {match['name']}", "signature")
    return replace(last, text=last.text[: match.start()].rstrip()), match["name"]
