"""Characters that copying put in: Markdown, TeX, HTML, typographers' quotes, NULs.

Every change is listed. Plain lines, nearly all of them, pass a single test and are not touched. Where a block
of HTML ends, or a sign ends a line that the file does not end, one line of the file becomes several.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator, Sequence
from itertools import count

from overflight.marking.suspect import opens_a_line
from overflight.telegram.repairs import Log, Repair
from overflight.telegram.seams import goes_on
from overflight.telegram.source import Line, Source

__all__ = ["clean", "clean_text", "typed"]

_ENTITIES = {
    "para": "¶", "amp": "&", "lt": "<", "gt": ">", "nbsp": " ", "quot": '"', "apos": "'",
    "ldquo": '"', "rdquo": '"',
    "lsquo": "'", "rsquo": "'", "mdash": "--", "ndash": "-", "hellip": "...", "sect": "§", "shy": "",
    "#182": "¶",
    "#160": " ", "#39": "'", "#34": '"', "#38": "&", "#40": "(", "#41": ")",
    "#47": "/", "#8211": "-", "#8212": "--", "#8217": "'", "#8216": "'",
    "#8220": '"', "#8221": '"', "#xb6": "¶", "#xa0": " ",
    "#10": "\n", "#xa": "\n", "#x0a": "\n", "#13": "", "#xd": "", "#x0d": "",
    "#8232": "\n", "#8233": "\n\n\n",
}  # fmt: skip
_CHARACTERS = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'", "\u00b4": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "--", "\u2015": "--", "\u2212": "-",
    "\u2026": "...", "\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl",
    "\u2022": "*", "\u25cf": "*", "\u00b7": "*", "\u25e6": "*", "\u25aa": "*", "\u2023": "*",
    "\u00a0": " ", "\u2002": " ", "\u2003": " ", "\u2007": " ", "\u2009": " ", "\u200a": " ", "\u202f": " ",
    "\u3000": " ", "\u00ad": "", "\u200b": "", "\u200c": "", "\u200d": "", "\u2060": "", "\ufeff": "",
    "\u2028": " ", "\u2029": " ", "\u0085": " ", "\f": " ", "\v": " ",
}  # fmt: skip
# Two blank lines, so that a text parted by them is not taken for one that is printed double-spaced.
_APART = "\n\n\n"
_ENDS = {"\u2028": "\n", "\u2029": _APART, "\u0085": "\n", "\v": "\n"}  # a form feed stays: it ends a page
_FRACTIONS = {
    "\u00bd": "1/2", "\u00bc": "1/4", "\u00be": "3/4", "\u2153": "1/3", "\u2154": "2/3", "\u2155": "1/5",
    "\u2156": "2/5", "\u2157": "3/5", "\u2158": "4/5", "\u2159": "1/6", "\u215a": "5/6", "\u215b": "1/8",
    "\u215c": "3/8", "\u215d": "5/8", "\u215e": "7/8",
}  # fmt: skip
_CHARACTERS |= _FRACTIONS

_CONTROL = "".join(map(chr, {*range(32), 127} - {10, 13}))
# What the rules below may change in a text with a line feed before it. It is looked for only where one of the
# signs before it is there at all: to look for one character costs next to nothing.
_SUSPECTS = tuple(
    (needed, re.compile(pattern))
    for needed, pattern in (
        (_CONTROL + "\\`", r"[\\`\x00-\x09\x0b\x0c\x0e-\x1f\x7f]"),
        ("".join(_CHARACTERS), "[" + "".join(re.escape(c) for c in _CHARACTERS) + "]"),
        ("&", r"&[#A-Za-z]"),
        ("<", r"<[/A-Za-z]"),
        ("*", r"\*\*"),
        ("_", r"__"),
        ("]", r"\]\("),
        (">$", r"\n[ ]{0,8}[>$]"),
        (("# ",), r"\n[ ]{0,3}#{1,6}[ ]"),
    )
)
_SUSPECT = re.compile("|".join(pattern.pattern for _, pattern in _SUSPECTS))
_RULES: tuple[tuple[str, str], ...] = (
    # A TeX formula that holds nothing but a pilcrow, a box and digits: $\P4$, $\underline{\mbox{1}} 7.$
    ("tex", r"\$(?=[^$\n]{0,60}\\)(?P<tex>[^$\n]{1,60})\$"),
    ("tex", r"^(?P<math>[ ]{0,8}\$[ ]?\d{1,4}[ ]?[.)]?[ ]?\$)(?=[ .)(]|$)"),
    ("tex", r"(?P<bare>\\(?:P|S|S?pilcrow)(?![A-Za-z])[ ]?)"),
    ("tex", r"\\(?:underline|mbox|text(?:bf|it|rm|tt)?|mathrm|mathbf|emph)\{(?P<box>[^{}\n]{0,80})\}"),
    (
        "html",
        r"(?P<block></?(?P<name>(?i:p|br|hr|div|pre|td|th|tr|table|thead|tbody|li|ul|ol|dl|dt|dd|h[1-6]|"
        r"blockquote|o:p)|body|html)\b[^<>\n]{0,200}>)",
    ),
    ("html", r"(?P<tag></?(?:a|b|i|u|em|strong|span|sup|sub|font)\b[^<>\n]{0,200}>)"),
    ("html", r"&(?P<entity>[A-Za-z]{2,7}|#x?[0-9A-Fa-f]{2,5});"),
    ("markdown", r"\[(?P<anchor>[^\[\]\n]{0,80})\]\((?:#[^()\n]{0,80}|https?:[^()\s]{1,200})?\)"),
    ("markdown", r"(?P<bold>\*\*|__(?=\S)|(?<=\S)__|`+)"),
    ("markdown", r"\\(?P<escaped>[\\`*_{}\[\]()#+.!>$&-])"),
    ("markdown", r"^(?P<quote>[ ]{0,8}(?:>[ ]?)+|[ ]{0,3}#{1,6}[ ]+)"),
    ("control", r"(?P<control>[\x00-\x08\x0e-\x1f\x7f]+)"),
    ("tab", r"(?P<tab>\t)"),
    ("characters", "(?P<char>[" + "".join(re.escape(c) for c in _CHARACTERS) + "])"),
)
_RULE = re.compile("|".join(pattern for _, pattern in _RULES))
_KIND = {
    "tex": "tex", "math": "tex", "bare": "tex", "box": "tex",
    "block": "html", "tag": "html", "entity": "html",
    "anchor": "markdown", "bold": "markdown", "escaped": "markdown", "quote": "markdown",
    "control": "control",
    "tab": "tab", "char": "characters",
}  # fmt: skip
_REMOVED = frozenset({"tag", "bold", "quote", "control"})
_NAMED = {"": "removed", " ": "blank", "\n": "line break", _APART: "blank line"}  # what a repair says of them
# What may stand before the text in the first cells of a row: a number, a marking.
_CELL = re.compile(r"(?:\d{1,3}[.)]?)?\s*(?:\([^()]{1,60}\))?")
_LINEWISE = re.compile(r"[\s\0]*<(?:p|div)\b", re.IGNORECASE)
_FEW, _MOST = 8, 0.9  # lines of a copy that has a tag before each, and the share of them
_BESIDE = 200  # characters of other tags at the edge of a line
# How debris begins, but for what stands at the start of a line.
_FIRST = re.compile(r"[$\\<&\[*_`\x00-\x1f\x7f" + "".join(re.escape(c) for c in _CHARACTERS) + "]")
_COLUMNS = array("H", range(1, 2_001))  # those of a line as it stands in the file
_TAG = re.compile(r"</?[a-z]+[^<>]{0,200}>", re.IGNORECASE)
_INLINE = re.compile(r"[\s\0]*(?:</?(?:a|b|i|u|em|strong|span|sup|sub|font)\b[^<>]{0,200}>[\s\0]*)*")
_TAGS = re.compile(r"[\s\0]*(?:<[^<>]{1,200}>[\s\0]*)*")
_TEX_WORD = re.compile(r"\\P(?![A-Za-z])|\\[A-Za-z]+|\\[ ,;:!]|[{}]")


# What a mailer makes of characters (quoted-printable). It shows by the signs that only a mailer writes; a
# telegram may have "SPEED =20" by itself.
_PRINTED = re.compile(r"(?:=[0-9A-F]{2})+")
_MAILER = re.compile(
    r"=C[23]=[89AB][0-9A-F]|=E2=80=[89AB][0-9A-F]|=3D|=(?:20|0A|0D)$|=20(?=[A-Za-z])", re.MULTILINE
)
_SURE_MAILER = re.compile(r"=C[23]=|=E2=80=|=3D[0-9A-F\s]|=(?:20|0A|0D)$", re.MULTILINE)


def _is_printed(text: str) -> bool:
    """Whether a text shows plainly that a mailer has written its characters as ``=20`` and ``=C3=89``."""
    if "=" not in text or not any(sign in text for sign in ("=C", "=E2", "=3D", "=20", "=0")):
        return False
    found = _MAILER.finditer(text)
    return _SURE_MAILER.search(text) is not None and sum(1 for _ in zip(range(2), found, strict=False)) == 2


def _from_printed(raw: list[str], first: int, log: Log) -> list[Line]:
    """Lines with the characters that a mailer has written out, and those that it has broken joined again."""
    out: list[Line] = []
    pieces: list[str] = []
    cols: list[int] = []
    at = 0  # the first of the lines that are joined
    for n, text in enumerate(raw):
        if not pieces:
            at = n
        done = 0
        shift = cols[-1] if cols else 0  # a place on a further line cannot be told on the first
        for match in _PRINTED.finditer(text):
            written = bytes.fromhex(match[0].replace("=", ""))
            try:
                new = written.decode()
            except UnicodeDecodeError:
                new = written.decode("cp1252", "replace")
            new = new.replace("\r", "").replace("\n", "") if match.end() == len(text) else new
            if not new.isprintable() and new.strip():
                continue
            log.add(Repair(first + n, match.start() + 1, match[0], new or "removed", "quoted-printable"))
            pieces += (text[done : match.start()], new)
            cols += range(shift + done + 1, shift + match.start() + 1)
            cols += [shift + match.start() + 1] * len(new)
            done = match.end()
        rest = text[done:]
        broken = (
            rest.endswith("=") and not rest.endswith("==") and n + 1 < len(raw) and bool(raw[n + 1].strip())
        )
        if broken:
            log.add(Repair(first + n, len(text), "=", "the line goes on", "quoted-printable"))
            rest = rest[:-1]
        pieces.append(rest)
        cols += range(shift + done + 1, shift + done + 1 + len(rest))
        if not broken:
            whole = "".join(pieces)
            out.append(Line(whole, first + at) if whole == text else Line(whole, first + at, cols))
            pieces, cols = [], []
    return out


def clean(source: Source, log: Log) -> list[Line]:
    """Lines of a file, each cleaned; the changes go to ``log``."""
    raw = source.lines()
    if "=" in source.text and _is_printed("\n".join(raw)):
        lines = _from_printed(raw, source.first, log)
        hurt = {n for n, line in enumerate(lines) if "\n" in line.text or _SUSPECT.search(f"\n{line.text}")}
    else:
        lines = []
        hurt = _suspects(source.text if "\r" not in source.text else "\n".join(raw))
        if not hurt:
            return list(map(Line, raw, count(source.first)))
    linewise = "<" in source.text and _is_linewise(raw)
    out: list[Line] = []
    for n, line in enumerate(lines or map(Line, raw, count(source.first))):
        if n not in hurt:
            out.append(line)
            continue
        found = _clean_line(line.text, line.no, log, linewise)
        pieces = _parted(found, log) if "\n" in found.text or "\f" in found.text else [found]
        above = out[-1].text if linewise and out else ""
        if above.strip() and pieces[0].text.strip() and not goes_on(above, pieces[0].text):
            log.lost.add(line.no)  # the tag stands for a line or for a paragraph: it cannot be told
        if ("<" in line.text or len(pieces) > 1) and any(
            opens_a_line(f"\n{one.text}") for one in pieces if one.text.strip()
        ):
            log.lost.add(line.no)  # the line as it stands in the file does not show it
        out += pieces
    return out


def _is_linewise(raw: list[str]) -> bool:
    """Whether a copy has the tag of a paragraph before each line: it does not tell where paragraphs end."""
    lines = [text for text in raw if text.strip(" \t\0")]
    return len(lines) >= _FEW and sum(map(bool, map(_LINEWISE.match, lines))) >= _MOST * len(lines)


def _parted(line: Line, log: Log) -> list[Line]:
    """The lines that a line holds; a form feed is one of its own."""
    if not line.text.strip(" \f"):
        return [Line("\f", line.no)]
    out: list[Line] = []
    for piece in _pieces(line):
        if piece.text != "\f" and _SUSPECT.search(f"\n{piece.text}"):
            again = _clean_line(piece.text, line.no, log, False, piece.cols)
            out += _pieces(again)
        else:
            out.append(piece)
    return out


def _pieces(line: Line) -> Iterator[Line]:
    """The pieces of a line between line feeds and form feeds, two blank ones behind each other at most."""
    blanks = at = 0
    texts = line.text.split("\n")
    for text in texts:
        bare = not text.strip(" ")
        if not bare or blanks < 2:
            start = at
            for sign in re.finditer("\f", text) if "\f" in text else ():
                end = at + sign.start()
                if line.text[start:end].strip():
                    yield line.part(start, end)
                yield line.part(end, end + 1)
                start = end + 1
            if start == at or line.text[start : at + len(text)].strip():
                yield line.part(start, at + len(text))
        blanks = blanks + 1 if bare else 0
        at += len(text) + 1


def _suspects(text: str) -> set[int]:
    """Indices of the lines that may hold debris."""
    text = f"\n{text}"
    found: set[int] = set()
    # Those of the table that are ASCII, form feed and vertical tab, are among the first as well.
    for needed, pattern in (_SUSPECTS[0], *_SUSPECTS[2:]) if text.isascii() else _SUSPECTS:
        if not any(map(text.__contains__, needed)):
            continue
        line, done = -1, 0
        for match in pattern.finditer(text):
            at = match.start()
            line += text.count("\n", done, at + 1)
            done = at + 1
            found.add(line)
    return found


def clean_text(text: str) -> str:
    """One line of text as `clean` would leave it."""
    if not _SUSPECT.search(f"\n{text}"):
        return text
    found = _clean_line(text, 1, Log()).text
    return " ".join(found.split()) if "\n" in found or "\f" in found else found


_UNTYPED = re.compile("[" + "".join(re.escape(c) for c in _CHARACTERS) + "]")


def typed(text: str) -> str:
    """A text as cables carry it: typographers' characters as they are read, blanks one by one.

    Letters of any script stay as they are. It is the table of `clean` and nothing else of it: what looks like
    HTML or Markdown may be meant.
    """
    plain = _UNTYPED.sub(lambda m: _spelled(m.group(), text, m.start()), text)
    return "\n".join(" ".join(line.split()) for line in plain.split("\n"))


def _spelled(character: str, text: str, at: int) -> str:
    """What a character of the table stands for; a fraction behind a digit stands apart from it."""
    apart = " " if character in _FRACTIONS and at and text[at - 1].isdecimal() else ""
    return apart + _CHARACTERS[character]


def _clean_line(
    text: str, number: int, log: Log, linewise: bool = False, columns: Sequence[int] | None = None
) -> Line:
    """Round after round: what one layer hid may be the next layer's debris (``[$\\P4$](#)``).

    Line feeds stand in it where it is to be parted.
    """
    whole = _COLUMNS if len(text) <= len(_COLUMNS) else array("L", range(1, len(text) + 1))
    if columns is not None:
        whole = array("L", columns)
    cols = whole
    for _ in range(12):
        changed, text, cols = _round(text, number, cols, log, linewise)
        if not changed or not _SUSPECT.search(f"\n{text}"):
            break
    if columns is None and cols is whole:
        return Line(text, number)
    return Line(text, number, cols)


def _debris(text: str) -> Iterator[re.Match[str]]:
    """What `_RULE` finds, one behind the other; it is tried only where it can match."""
    match, at = _RULE.match(text), 0
    while True:
        if match:
            yield match
        begin = _FIRST.search(text, match.end() if match else at + 1)
        if begin is None:
            return
        at = begin.start()
        match = _RULE.match(text, at)


def _round(
    text: str, number: int, cols: array[int], log: Log, linewise: bool
) -> tuple[bool, str, array[int]]:
    pieces: list[str] = []
    places = array(cols.typecode)
    done = 0
    for match in _debris(text):
        group = match.lastgroup or ""
        start, end = match.span()
        if group == "tab":  # the columns that the writer saw
            new: str | None = " " * (8 - (len(places) + start - done) % 8)
        else:
            new = _between(match, text, linewise) if group == "block" else _understood(group, match, text)
        if new is None:
            continue
        pieces += (text[done:start], new)
        places += cols[done:start]
        places += cols[start : start + 1] * len(new)
        done = end
        if group != "tab":
            log.add(Repair(number, cols[start], match.group(), _NAMED.get(new, new), _KIND[group]))
    if not done:
        return False, text, cols
    pieces.append(text[done:])
    places += cols[done : len(text)]
    return True, "".join(pieces), places


def _between(match: re.Match[str], text: str, linewise: bool) -> str:
    """What stands between two blocks of HTML: the end of a line, a blank line, in a row perhaps a blank."""
    name = match["name"].lower()
    start, end = match.span()
    if name == "br":  # at the end of a line it is that end
        return "" if len(text) - end <= _BESIDE and _INLINE.fullmatch(text, end) else "\n"
    if name in ("td", "th"):
        cell = text[max(0, start - _BESIDE) : start].rpartition(">")[2].rpartition("\n")[2].strip()
        return (" " if cell else "") if _CELL.fullmatch(cell) else _APART
    if linewise and name in ("p", "div"):
        first = start <= _BESIDE and _TAGS.fullmatch(text, 0, start)
        if first or (len(text) - end <= _BESIDE and _TAGS.fullmatch(text, end)):
            return ""
    return _APART


def _understood(group: str, match: re.Match[str], text: str) -> str | None:
    """What a piece of debris stands for; None when it is no debris."""
    if group in _REMOVED:
        return ""
    value = match.group(group)
    if group == "tex":
        inner = _TEX_WORD.sub(lambda m: "¶" if m.group() == "\\P" else "", value)
        return " ".join(inner.split()) if "\\" in value else None
    if group == "math":
        return str(value).replace("$", "")
    if group == "bare":
        return "¶"
    if group == "entity":
        return _ENTITIES.get(value.lower())
    if group == "anchor":
        # At the start of a line it is a paragraph's number; elsewhere a footnote's anchor, which
        # says nothing.
        if not value.strip().isdigit():
            return value
        first = not _TAG.sub("", text[: match.start()]).strip(" -*>#([")
        return value if first and not text[match.end() : match.end() + 1].isalnum() else " "
    if group == "char":
        if value == "\f":
            return None
        if value in _ENDS and match.end() < len(text):
            return _ENDS[value]
        return _spelled(value, text, match.start())
    return str(value)
