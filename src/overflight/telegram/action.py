"""What a text asks and how it is cut: action request, slugs, begin and end blocks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from overflight.telegram.days import NUMBERS, raised
from overflight.telegram.model import Paragraph
from overflight.telegram.persons import vocabulary
from overflight.telegram.words import common_words

__all__ = ["BLOCK_WORDS", "Action", "Block", "find_action", "find_blocks", "find_slugs"]

_REQUEST = re.compile(r"\bACTION\s+(?:REQUEST(?:ED)?|CABLE|MESSAGE|TELEGRAM)\b", re.IGNORECASE)
_COUNT = r"(?:\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + r")\b"
_POINTER = re.compile(
    r"\b(?:SEE|REFER\s+TO|(?:ARE|IS)\s+(?:IN|AT|CONTAINED\s+IN)|IN|AT)\s+PARA(?:S|GRAPH|GRAPHS|"
    rf"\(S\))?\.?\s+(?P<list>{_COUNT}(?:(?:\s*(?:,|-|AND|&|THROUGH|TO|OR)\s*)+{_COUNT})*)",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?P<from>{_COUNT})\s*(?:-{{1,2}}|THROUGH|TO)\s*(?P<to>{_COUNT})|(?P<one>{_COUNT})", re.IGNORECASE
)
_SLUG = re.compile(
    r"\bSLUG(?:GED|GING|LINE|S)?\b(?P<between>[^.:\n]{0,60}?)(?:\b(?:FOR|TO|WITH|AS|ATTENTION|ATTN)\b|"
    r":)\s*(?P<list>[^.;\n]{1,120})"
)
# The same without a word between: ``slug ISN/MTR and EUR, SIPDIS``.
_DESK = r"[A-Z]{1,6}(?:/[A-Z]{1,6})*"
_SLUG_BARE = re.compile(
    rf"\b(?i:SLUG(?:GED)?(?:\s?LINES?)?)\s+(?P<quote>[\"'“]?)(?P<list>{_DESK}(?:[\"'”]?\s*(?:,|&|"
    rf"\b(?i:AND)\b)\s*(?:(?i:AND)\s+)?[\"'“]?(?!SIPDIS\b){_DESK})*)\b(?P<sipdis>\s*,?\s*(?:(?i:AND)\s+)?SIPDIS\b)?"
)
_CAPTION = re.compile(
    r"^(?:(?:DEPT|DEPARTMENT|STATE|WASHDC|PLEASE)\s+)?(?:FOR|PASS(?:\s+TO)?|ALSO FOR)\s+(?P<list>.+)$"
)
_OFFICE = re.compile(r"\b(?!SIPDIS\b|AND\b|THE\b|REPLIES\b|BOTH\b)([A-Z]{1,6}(?:/[A-Z]{1,6})*)\b")
_STOP = re.compile(
    r"\b(?:SIPDIS|BY|FROM|PLEASE|POSTS?|ON|IN|NO|WHO|AS|WITH|USE|USING|SEND|MARK|VIA|AT|FRONT|CHANNEL)\b|\("
)
_EDGE_CAPITALS = re.compile(
    r"\b(?P<edge>BEGIN|START|END)\s+(?:OF\s+)?(?P<what>[A-Z][A-Z'/-]*(?:[ -][A-Z][A-Z'/-]*){0,4})"
)
_EDGE = re.compile(_EDGE_CAPITALS.pattern, re.IGNORECASE)
_OPEN_SUMMARY = re.compile(
    r"^[(\[]?\s?(?P<what>SUMMARY|COMMENT|NOTE|ACTION REQUEST(?:ED)?)\s*(?:AND\s+[A-Z ]+)?\s*[:.]\s",
    re.IGNORECASE,
)

_OPENS = frozenset("([SCNA")  # the quick look: how it begins, in capitals

# The heading of a paragraph that opens a block, where the text itself says that it ends.
_HEADED = re.compile(
    r"\W{0,3}(?:EXECUTIVE\s)?(?P<what>SUMMARY|COMMENT|NOTE|ACTION REQUEST(?:ED)?|BACKGROUND)\b", re.IGNORECASE
)
_INSIDE = re.compile(r"[(\[]\s?(?P<what>SUMMARY|COMMENT|NOTE)\s?[:.]\s", re.IGNORECASE)

#: Without one of them, in capitals, there is no block.
BLOCK_WORDS = ("BEGIN", "START", "SUMMARY", "COMMENT", "NOTE", "REQUEST")

_NAMES = (
    ("talking points", ("TALKING POINT", "POINTS", "POINT ")),
    ("non-paper", ("NON-PAPER", "NONPAPER", "NON PAPER")),
    ("aide-memoire", ("AIDE-MEMOIRE", "AIDE MEMOIRE")),
    ("note", ("NOTE",)),
    ("summary", ("SUMMARY",)),
    ("comment", ("COMMENT",)),
    ("text", ("TEXT",)),
    ("action request", ("ACTION REQUEST",)),
    ("background", ("BACKGROUND",)),
)


@dataclass(frozen=True, slots=True)
class Action:
    """Whether an action is requested, and the paragraphs that the request points to."""

    requested: bool
    paragraphs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A begin/end block: its kind, the first and last paragraph (indices), its text, whether its end was
    found.
    """

    kind: str
    first: int
    last: int
    text: str
    closed: bool


def find_action(paragraphs: Sequence[Paragraph], capitals: Sequence[str]) -> tuple[Action, tuple[str, ...]]:
    """The action request; warnings when it points to a number that is missing or occurs twice.

    ``capitals`` are the texts of the paragraphs in capitals.
    """
    numbers = [p.number for p in paragraphs if p.number is not None]
    pointed: dict[int, None] = {}
    requested = False
    own: list[int] = []
    for paragraph, upper in zip(paragraphs, capitals, strict=True):
        if paragraph.heading and _requests(paragraph.heading):
            requested = True
            if paragraph.number is not None:
                own.append(paragraph.number)
        if "ACTION" not in upper or not (match := _REQUEST.search(paragraph.text)):
            continue
        if re.search(r"\bNOT?\s+(?:AN?\s+)?$", paragraph.text[: match.start()], re.IGNORECASE):
            continue
        requested = True
        # The sentence that names the request, and the one after it, hold the pointer.
        stretch = paragraph.text[match.start() : match.end() + 160]
        pointers = list(_POINTER.finditer(stretch))
        for pointer in pointers[:2]:
            for part in _RANGE.finditer(pointer["list"]):
                if part["one"]:
                    pointed[_counted(part["one"])] = None
                elif _counted(part["to"]) - _counted(part["from"]) < 40:
                    for number in range(_counted(part["from"]), _counted(part["to"]) + 1):
                        pointed[number] = None
        if not pointers and paragraph.number is not None:
            own.append(paragraph.number)
    warnings = [
        f"the action request points to paragraph {n}, which is not there" for n in pointed if n not in numbers
    ]
    warnings += [
        f"the action request points to paragraph {n}, of which there are several"
        for n in pointed
        if numbers.count(n) > 1
    ]
    where = tuple(pointed) or tuple(dict.fromkeys(own))
    return Action(requested, where if requested else ()), tuple(warnings)


@lru_cache(1_024)
def _requests(heading: str) -> bool:
    return "ACTION" in raised(heading) and _REQUEST.search(heading) is not None


def _counted(text: str) -> int:
    """A number in digits or in words."""
    return int(text) if text.isdecimal() else NUMBERS[raised(text)]


def find_slugs(captions: Sequence[str], texts: Sequence[str]) -> tuple[str, ...]:
    """Offices in captions (``FOR ISN AND NEA``) and in what the text says about slugging replies."""
    found: dict[str, None] = {}
    for caption in captions:
        if match := _CAPTION.match(caption):
            _offices(match["list"], found)
    for text in texts:
        if "SLUG" not in (upper := text.upper()):
            continue
        for match in _SLUG_BARE.finditer(text):
            _bare_offices(match, text != upper, found)
        for match in _SLUG.finditer(upper):
            _offices(match["list"], found)
    return tuple(found)


def _bare_offices(match: re.Match[str], mixed: bool, found: dict[str, None]) -> None:
    """Offices right behind the word: a bureau that is known stands first, or nothing but capitals tell."""
    listed = _STOP.split(match["list"], maxsplit=1)[0]
    symbols = [m[1] for m in _OFFICE.finditer(listed)]
    if not symbols or any(s.lower() in common_words() for s in symbols if s not in vocabulary()):
        return  # SLUG THE REPLIES, SLUG LINE AND …
    first = symbols[0].split("/")[0]
    if (len(first) > 1 and first in vocabulary()) or match["sipdis"] or match["quote"] or mixed:
        found.update(dict.fromkeys(symbols))


def _offices(text: str, found: dict[str, None]) -> None:
    text = _STOP.split(text, maxsplit=1)[0]
    for match in _OFFICE.finditer(text):
        if len(match[1]) == 1 or match[1].lower() not in common_words():
            found[match[1]] = None


@lru_cache(1_024)
def _kind(what: str) -> str:
    upper = f"{what.upper()} "
    return next(
        (name for name, words in _NAMES if any(w in upper for w in words)), " ".join(what.lower().split())
    )


def find_blocks(
    paragraphs: Sequence[Paragraph], capitals: Sequence[str]
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Blocks between BEGIN and END, and a summary or comment that names itself.

    Warnings for a missing end.
    """
    blocks: list[Block] = []
    open_: list[tuple[str, int, int]] = []  # kind, paragraph, position of the first character of the text
    lost: list[tuple[str, int, int, int]] = []  # the same, and the last paragraph, of those without an end
    above: str | None = None
    headed: tuple[str, int] | None = None  # kind and first paragraph of the heading that stands above
    for index, paragraph in enumerate(paragraphs):
        text, upper = paragraph.text, capitals[index]
        if paragraph.heading != above:
            above = paragraph.heading
            match = _HEADED.match(above) if above else None
            headed = (_kind(match["what"]), index) if match else None
        match = _OPEN_SUMMARY.match(text) if upper[:1] in _OPENS or upper[:1].isspace() else None
        if match and not any(kind == _kind(match["what"]) for kind, _, _ in open_):
            open_.append((_kind(match["what"]), index, match.end()))
        if (
            "BEGIN" not in upper
            and "START" not in upper
            and not ((open_ or headed or "(" in upper or "[" in upper) and "END " in upper)
        ):
            continue
        bracketed = list(_INSIDE.finditer(text)) if "(" in upper or "[" in upper else []
        bracketed.reverse()
        inside: dict[str, int] = {}  # kind, position of the first character of the text
        for edge in _EDGE.finditer(text) if len(text) != len(upper) else _EDGE_CAPITALS.finditer(upper):
            kind = _kind(edge["what"])
            if edge["edge"].upper() != "END":
                if kind in {name for name, _ in _NAMES}:
                    again = next((n for n, entry in enumerate(open_) if entry[0] == kind), None)
                    if again is not None:  # its end is missing: it goes as far as this one
                        earlier = open_.pop(again)
                        if earlier[1] != index:
                            lost.append((*earlier, index - 1))
                    open_.append((kind, index, edge.end()))
                continue
            while bracketed and bracketed[-1].end() <= edge.start():
                opener = bracketed.pop()
                inside[_kind(opener["what"])] = opener.end()
            at = next((n for n in range(len(open_) - 1, -1, -1) if open_[n][0] == kind), None)
            if at is not None:
                _, first, start = open_.pop(at)
            elif kind in inside:
                first, start = index, inside.pop(kind)
            elif headed and headed[0] == kind:
                first, start = headed[1], 0
                headed = None
            else:
                continue
            blocks.append(
                Block(kind, first, index, _between(paragraphs, first, start, index, edge.start()), True)
            )
    warnings = []
    for kind, first, start, last in (*lost, *((*entry, len(paragraphs) - 1) for entry in open_)):
        if kind in ("summary", "comment", "action request", "note"):  # they may end with their paragraph
            blocks.append(Block(kind, first, first, _opened(paragraphs[first].text[start:]), False))
            continue
        warnings.append(f"the end of the block {kind!r} is missing")
        end = len(paragraphs[last].text)
        blocks.append(Block(kind, first, last, _between(paragraphs, first, start, last, end), False))
    return tuple(sorted(blocks, key=lambda b: (b.first, b.last))), tuple(warnings)


def _between(paragraphs: Sequence[Paragraph], first: int, start: int, last: int, end: int) -> str:
    if first == last:
        return _opened(paragraphs[first].text[start:end])
    parts = [
        _opened(paragraphs[first].text[start:]),
        *(p.text.strip() for p in paragraphs[first + 1 : last]),
        paragraphs[last].text[:end].strip(),
    ]
    return "\n".join(part for part in parts if part)


def _opened(text: str) -> str:
    """Text behind the word that opens a block: without the stop of that word, with its own."""
    return text.lstrip(" .:\n").rstrip()
