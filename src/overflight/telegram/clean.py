"""Characters that copying put in: Markdown, TeX, HTML, typographers' quotes, NULs.

Every change is listed. Plain lines, nearly all of them, pass a single test and are not touched.
"""

from __future__ import annotations

import re
from array import array

from overflight.telegram.repairs import Log, Repair
from overflight.telegram.source import Line, Source

__all__ = ["clean", "clean_text"]

_ENTITIES = {
    "para": "¶", "amp": "&", "lt": "<", "gt": ">", "nbsp": " ", "quot": '"', "apos": "'",
    "ldquo": '"', "rdquo": '"',
    "lsquo": "'", "rsquo": "'", "mdash": "--", "ndash": "-", "hellip": "...", "sect": "§", "shy": "",
    "#182": "¶",
    "#160": " ", "#39": "'", "#34": '"', "#38": "&", "#8211": "-", "#8212": "--", "#8217": "'", "#8216": "'",
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
    "\u2028": " ", "\u2029": " ", "\u0085": " ", "\t": " ", "\f": " ", "\v": " ",
}  # fmt: skip

#: One look tells whether a text holds anything that the rules below may change.
_SUSPECT = re.compile(
    r"\\|&[#A-Za-z]|<[/A-Za-z]|\*\*|`|__|\]\(|[\x00-\x08\x0e-\x1f\x7f]|["
    + "".join(re.escape(c) for c in _CHARACTERS)
    + r"]|^[ ]{0,8}>|^[ ]{0,3}#{1,6}[ ]",
    re.MULTILINE,
)
_NEVER = ("\\", "&", "<", ">", "**", "`", "__", "](", "# ")
_RULES: tuple[tuple[str, str], ...] = (
    # A TeX formula that holds nothing but a pilcrow, a box and digits: $\P4$, $\underline{\mbox{1}} 7.$
    ("tex", r"\$(?=[^$\n]{0,60}\\)(?P<tex>[^$\n]{1,60})\$"),
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
    ("characters", "(?P<char>[" + "".join(re.escape(c) for c in _CHARACTERS) + "])"),
)
_RULE = re.compile("|".join(pattern for _, pattern in _RULES))
_KIND = {
    "tex": "tex", "bare": "tex", "box": "tex", "tag": "html", "entity": "html", "anchor": "markdown",
    "bold": "markdown", "escaped": "markdown", "quote": "markdown", "control": "control",
    "char": "characters",
}  # fmt: skip
_TAG = re.compile(r"</?[a-z]+[^<>]{0,200}>", re.IGNORECASE)
_TEX_WORD = re.compile(r"\\P(?![A-Za-z])|\\[A-Za-z]+|[{}]")
_QUIET = frozenset("\t\f\v")  # blanks by another name: nothing is lost, nothing to report


def clean(source: Source, log: Log) -> list[Line]:
    """Lines of a file, each cleaned; the changes go to ``log``."""
    raw = source.lines()
    if _is_plain(source.text):
        return [Line(text, number) for number, text in enumerate(raw, 1)]
    out: list[Line] = []
    search = _SUSPECT.search
    for number, text in enumerate(raw, 1):
        out.append(_clean_line(text, number, log) if search(text) else Line(text, number))
    return out


def _is_plain(text: str) -> bool:
    """Whether nothing in a text can be debris; quick, and wrong only on the careful side."""
    bare = text.replace("\n", "").replace("\r", "")
    if bare.isascii() and bare.isprintable() and not any(piece in text for piece in _NEVER):
        return True
    return not _SUSPECT.search(text)


def clean_text(text: str) -> str:
    """One line of text as `clean` would leave it."""
    return _clean_line(text, 1, Log()).text if _SUSPECT.search(text) else text


def _clean_line(text: str, number: int, log: Log) -> Line:
    """Round after round: what one layer hid may be the next layer's debris (``[$\\P4$](#)``)."""
    cols: list[int] | None = None
    for _ in range(12):
        changed, text, cols = _round(text, number, cols, log)
        if not changed:
            break
    return Line(text, number, None if cols is None else array("i", cols))


def _round(text: str, number: int, cols: list[int] | None, log: Log) -> tuple[bool, str, list[int] | None]:
    pieces: list[str] = []
    places: list[int] = []
    done = 0
    for match in _RULE.finditer(text):
        group = match.lastgroup or ""
        new = _understood(group, match, text)
        if new is None:
            continue
        start, end = match.span()
        pieces.append(text[done:start])
        places += _places(cols, done, start)
        pieces.append(new)
        at = _places(cols, start, start + 1)[0]
        places += [at] * len(new)
        done = end
        if not (group == "char" and match.group() in _QUIET):
            log.add(
                Repair(number, at, match.group(), {"": "removed", " ": "blank"}.get(new, new), _KIND[group])
            )
    if not done:
        return False, text, cols
    pieces.append(text[done:])
    places += _places(cols, done, len(text))
    return True, "".join(pieces), places


def _places(cols: list[int] | None, start: int, end: int) -> list[int]:
    if cols is None:
        return list(range(start + 1, end + 1))
    return cols[start:end] or [cols[-1] + 1 if cols else 1]


def _understood(group: str, match: re.Match[str], text: str) -> str | None:
    """What a piece of debris stands for; None when it is no debris."""
    value = match.group(group)
    if group == "tex":
        inner = _TEX_WORD.sub(lambda m: "¶" if m.group() == "\\P" else "", value)
        return " ".join(inner.split()) if "\\" in value else None
    if group == "bare":
        return "¶"
    if group == "entity":
        return _ENTITIES.get(value.lower())
    if group == "anchor":
        # At the start of a line it is a paragraph's number; elsewhere a footnote's anchor, which
        # says nothing.
        if value.strip().isdigit() and not _TAG.sub("", text[: match.start()]).strip(" -*>#(["):
            return value
        return value if not value.strip().isdigit() else " "
    if group == "char":
        return _CHARACTERS[value]
    if group in ("box", "escaped"):
        return str(value)
    return ""
