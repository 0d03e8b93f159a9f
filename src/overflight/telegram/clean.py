"""Characters that copying put in: Markdown, TeX, HTML, typographers' quotes, NULs.

Every change is listed. Plain lines, nearly all of them, pass a single test and are not touched.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from itertools import count

from overflight.telegram.repairs import Log, Repair
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
_FRACTIONS = {
    "\u00bd": "1/2", "\u00bc": "1/4", "\u00be": "3/4", "\u2153": "1/3", "\u2154": "2/3", "\u2155": "1/5",
    "\u2156": "2/5", "\u2157": "3/5", "\u2158": "4/5", "\u2159": "1/6", "\u215a": "5/6", "\u215b": "1/8",
    "\u215c": "3/8", "\u215d": "5/8", "\u215e": "7/8",
}  # fmt: skip
_CHARACTERS |= _FRACTIONS

_CONTROL = "".join(map(chr, {*range(32), 127} - {10, 13}))
# What the rules below may change in a text with a line feed before it. It is looked for only where one of the
# characters before it is there at all: to look for one character costs next to nothing.
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
        ("#", r"\n[ ]{0,3}#{1,6}[ ]"),
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
        r"(?P<tag></?(?:a|b|i|u|p|br|hr|em|strong|span|div|sup|sub|font|pre|td|tr|li|ul|"
        r"ol)\b[^<>\n]{0,200}>)",
    ),
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
    "tex": "tex", "math": "tex", "bare": "tex", "box": "tex", "tag": "html", "entity": "html",
    "anchor": "markdown", "bold": "markdown", "escaped": "markdown", "quote": "markdown",
    "control": "control",
    "tab": "tab", "char": "characters",
}  # fmt: skip
_REMOVED = frozenset({"tag", "bold", "quote", "control"})
_NAMED = {"": "removed", " ": "blank"}  # what a repair says of them
# How debris begins, but for what stands at the start of a line.
_FIRST = re.compile(r"[$\\<&\[*_`\x00-\x1f\x7f" + "".join(re.escape(c) for c in _CHARACTERS) + "]")
_COLUMNS = array("H", range(1, 2_001))  # those of a line as it stands in the file
_TAG = re.compile(r"</?[a-z]+[^<>]{0,200}>", re.IGNORECASE)
_TEX_WORD = re.compile(r"\\P(?![A-Za-z])|\\[A-Za-z]+|\\[ ,;:!]|[{}]")
_QUIET = frozenset("\f\v")  # blanks by another name: nothing is lost, nothing to report


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
        return [
            _clean_line(line.text, line.no, log) if _SUSPECT.search(f"\n{line.text}") else line
            for line in lines
        ]
    hurt = _suspects(source.text if "\r" not in source.text else "\n".join(raw))
    if not hurt:
        return list(map(Line, raw, count(source.first)))
    return [
        _clean_line(text, n + source.first, log) if n in hurt else Line(text, n + source.first)
        for n, text in enumerate(raw)
    ]


def _suspects(text: str) -> set[int]:
    """Indices of the lines that may hold debris."""
    text = f"\n{text}"
    found: set[int] = set()
    for needed, pattern in _SUSPECTS:
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
    return _clean_line(text, 1, Log()).text if _SUSPECT.search(f"\n{text}") else text


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


def _clean_line(text: str, number: int, log: Log) -> Line:
    """Round after round: what one layer hid may be the next layer's debris (``[$\\P4$](#)``)."""
    whole = _COLUMNS if len(text) <= len(_COLUMNS) else array("L", range(1, len(text) + 1))
    cols = whole
    for _ in range(12):
        changed, text, cols = _round(text, number, cols, log)
        if not changed or not _SUSPECT.search(f"\n{text}"):
            break
    return Line(text, number) if cols is whole else Line(text, number, cols)


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


def _round(text: str, number: int, cols: array[int], log: Log) -> tuple[bool, str, array[int]]:
    pieces: list[str] = []
    places = array(cols.typecode)
    done = 0
    for match in _debris(text):
        group = match.lastgroup or ""
        start, end = match.span()
        if group == "tab":  # the columns that the writer saw
            new: str | None = " " * (8 - (len(places) + start - done) % 8)
        else:
            new = _understood(group, match, text)
        if new is None:
            continue
        pieces += (text[done:start], new)
        places += cols[done:start]
        places += cols[start : start + 1] * len(new)
        done = end
        if group != "tab" and not (group == "char" and match.group() in _QUIET):
            log.add(Repair(number, cols[start], match.group(), _NAMED.get(new, new), _KIND[group]))
    if not done:
        return False, text, cols
    pieces.append(text[done:])
    places += cols[done : len(text)]
    return True, "".join(pieces), places


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
        return _spelled(value, text, match.start())
    return str(value)
