"""What in a text may be a marking that nobody could read: a released text must hold none.

A damaged copy spells a mark in a hundred ways: other brackets, other slashes, letters of another alphabet,
digits for letters, blanks between. Which of them it was cannot be told, and need not be: whatever resembles a
level or a control keeps the text with the desk (default deny).
"""

from __future__ import annotations

import html
import re
import unicodedata

from overflight.marking.codes import is_state

__all__ = ["is_struck", "letter_of_list", "opens_a_line", "plain", "resembles"]

# Letters that look like Latin ones, and signs that stand for a slash.
_LIKE = str.maketrans(
    "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαοАВЕКМНОРСТУХЅІЈаеорсухѕі\ua731\u1d04\u1d1c\u2044\u2215\u29f8\\|\u00a6",
    "ABEZHIKMNOPTYXaoABEKMHOPCTYXSIJaeopcyxsiSCU//////",
)
_PERCENT = re.compile(r"%(28|29|2F|5B|5D)", re.IGNORECASE)
_DEBRIS = re.compile(
    r"\[\^?\d{1,3}\]|[$*_`~\u00b9\u00b2\u00b3\u2070-\u2079]|"
    r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)
_ADDRESS = re.compile(r"\b[a-z]{3,5}://", re.IGNORECASE)


def _spread(words: str) -> str:
    """A word whose letters a copy may have set apart."""
    return "|".join(r"[\s.-]?".join(word.replace("O", "0")).replace("0", "[O0]") for word in words.split())


_LEVELS = rf"(?:T\s?O\s?P\s*)?(?:{_spread('SECRET')})|{_spread('CONFIDENTIAL')}|RESTRICTED"
_UNCLASSIFIED = r"LIMITED\s+OFFICIAL\s+USE|SENSITIVE\s+BUT\s+UNCLASSIFIED|FOR\s+OFFICIAL\s+USE\s+ONLY"
# Wherever they stand: two slashes between words, a level with its control, words that are nothing else.
_ANYWHERE = re.compile(
    r"//|\(\s*/|(?<![A-Za-z0-9])(?:T\s?S|S|C|SBU|U|5|8)\s?/\s?(?:NF|NOFORN|REL|OC|SI|TK|NODIS|EXDIS|FOUO|SBU)\b|"
    r"(?<![A-Za-z0-9])(?:T\s?S|S|C|SBU)\s?-\s?(?:NF|NOFORN|REL)\b|"
    rf"\b(?:{_spread('NOFORN')}|{_spread('NODIS')}|{_spread('EXDIS')})\b|\bNO\s?FORN\b|"
    r"\b(?:SECRETNOFORN|ORCON|PROPIN|RELIDO|NOCONTRACT|WNINTEL|LIMDIS|STADIS|SPECAT|FOUO|SBU|COSMIC|RESTREINT)\b|"
    r"\bREL(?:EASABLE)?\s+TO\s+(?!THE\b|ALL\b|ANY\b)[A-Z]{3}\b|\bDISPLAY\s+ONLY\b|\bEYES\s+ONLY\b|"
    r"\b(?:SECRET|CONFIDENTIAL)\s*[/-]\s*NOFORN|\b(?:NATO|EU|UK)\s+(?:TOP\s+)?(?:SECRET|CONFIDENTIAL|RESTRICTED)\b|"
    r"\bCEKPETHO\b|\s-\s(?:TS|[SC])\s-\s|\(\s*(?:\.{2,}|\u2026)\s*\)|\bNOT?\s+(?:FOR\s+)?FOREIGN\s+(?:DISSEM|RELEASE)|"
    r"\b(?:SECRET|CONFIDENTIAL|CLASSIFIED)\s+(?:ANNEX|ATTACHMENT|APPENDIX|ENCLOSURE|ADDENDUM|SUPPLEMENT)\b"
)
# A heading of something that is enclosed, with its level.
_HEADED = re.compile(
    r"\b(?:ANNEX|ATTACHMENT|APPENDIX|ENCLOSURE|BEGIN|START|CLASSIFICATION)\b[^.\n]{0,60}?"
    r"\b(?:SECRET|CONFIDENTIAL|RESTRICTED|CLASSIFIED)\b",
    re.IGNORECASE,
)
# How a line begins: a bullet, a number or a letter, then what might be a mark.
_LINE = re.compile(
    r"^(?P<bullet>[^\S\n]*(?:(?:--+|[-*+•o>=]+)[^\S\n]*)?)(?:\d{1,3}[.)]?[^\S\n]+|[A-Za-z][.)][^\S\n]+)?",
    re.M,
)
_OPENING = re.compile(
    rf"\W{{0,3}}(?:{_LEVELS})(?![A-Za-z0-9])(?!\s+(?:AIRSPACE|AREA|ZONE))|"
    rf"(?:{_UNCLASSIFIED}|SBU|FOUO|LOU|CUI)(?![A-Za-z0-9])|¶|S?NF\b|[A-Z]{{1,3}}/[^\S\n]*$|"
    r"(?:T\s?S|S|C|SBU)[ \t]*(?:/[ \t]*(?:NF|REL|OC|SI|TK|ND|XD|NODIS|EXDIS)\b|-[ \t]*(?:NF|REL|NOFORN)\b)|"
    r"\([^\S\n]*(?:T\s?S|[SCR]|SBU|FOUO|LOU|CUI)(?:\s|[/,;.:-]|$)(?![^()\n]{0,40}\))",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"(T\s?S|[SCUR]|SBU|FOUO|LOU|CUI)(?:\s?(?P<sign>[):;])|\s?(?P<dash>-{1,2})\s)|"
    r"[\"'|*/=\u2018\u201c\u00ab\u2039-](?P<quoted>TS|[SCU]|SBU)[\"'|*/=\u2019\u201d\u00bb\u203a-](?=\s)|"
    r"(?P<word>(?:SECR?|CONF|SENSITIVE|PRIVILEGED|PROTECTED|INTERNAL)\s?(?::|-{1,2}\s)|OFFICIAL-SENSITIVE\b|"
    r"(?:\w+\s)?CEKPETHO\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.?!]\s+(?=[\"'|*/=\u2018\u201c\u00ab\u2039TSCURFLOIP-])")
_BRACKETS = re.compile(
    r"(?<![A-Za-z0-9])\(([^()\n]{0,60})\)|<([^<>\n]{1,60})>|(?<![A-Za-z0-9(])\(([^()]{1,60})$"
)
_WORD = re.compile(r"[A-Z0-9]+")
_ANY_WORD = re.compile(r"[A-Za-z]{2,}")
_SHORT = frozenset({"TS", "S", "C", "U", "R", "SBU", "FOUO", "LOU", "CUI", "CTS", "NS", "NC", "NR", "CONF"})
_LONG = frozenset(
    {"SECRET", "CONFIDENTIAL", "RESTRICTED", "UNCLASSIFIED", "UNCLAS", "SECRETNOFORN"}
    | {level + control for level in ("TS", "S", "C", "SBU", "FOUO") for control in ("NF", "REL", "NOFORN")}
)
_CONTROLS = frozenset(
    {
        "NF", "NOFORN", "NODIS", "EXDIS", "ND", "XD", "ORCON", "PROPIN", "RELIDO", "REL", "RSEN", "IMCON",
        "FGI", "LES", "SSI", "DISPLAY", "EYES", "SPECAT", "LIMDIS", "STADIS", "CHANNEL",
    }
)  # fmt: skip
# Controls that are everyday abbreviations, too: alone in brackets they are none.
_WEAK = frozenset({"OC", "PR", "SI", "TK", "HCS", "RD", "FRD", "IMC"})
_BESIDE = frozenset(
    {
        "TO", "ONLY", "AND", "UK", "EU", "US", "NATO", "JOINT", "TOP", "BUT", "USE", "LIMITED", "OFFICIAL",
        "SENSITIVE", "FOR", "FVEY", "ACGU", "TEYE", "COSMIC", "ATOMAL",
    }
)  # fmt: skip
# Words of levels, of this scheme and of others (some from the table of equivalents in Council Decision
# 2013/488/EU): in brackets they are a marking wherever they stand.
_FOREIGN = frozenset(
    {
        "SECRET", "CONFIDENTIAL", "RESTRICTED", "CLASSIFIED", "CONFID", "CONFDTL", "CONF", "SECR", "SCT",
        "GEHEIM", "VERTRAULICH", "SEGRETO", "RISERVATO", "RISERVATISSIMO", "SECRETO", "RESERVADO",
        "CONFIDENCIAL", "CONFIDENTIEL", "RESTREINT", "TRES", "HEMMELIG", "FORTROLIGT", "HEMLIG", "SALAINEN",
        "TAJNE", "POUFNE", "GIZLI", "FVEY", "ACGU", "TEYE",
        "CEKPETHO",  # as Latin letters show it
    }
)  # fmt: skip
# Limits in words, lines of classification, and what a copy says of words that it lost.
_LIMIT = re.compile(
    r"\bNOT\s+(?:FOR|TO)\s+(?:BE\s+)?(?:RELEASED?|SHARED?|DISCLOS(?:ED|URE)|DISSEMINAT\w+|PASSED)\b|"
    r"\bNOT\s+FOR\s+[^.\n]{0,40}[:)]|\bDO\s+NOT\s+(?:SHARE|RELEASE|DISCLOSE|DISSEMINATE|PASS)\b|"
    r"\b(?:U\.?\s?S\.?|U\.?K\.?|AUS|CAN|NZL|USA|GBR)\s+(?:EYES|ONLY)\b|"
    r"\b(?:REST|REMAINDER|FOLLOWING|BELOW)\b[^.\n]{0,40}\b(?:SECRET|CONFIDENTIAL|RESTRICTED|CLASSIFIED)\b|"
    r"\bCLASS\s*:\s*[TSCUR]|\bCLASSIFIED\s*:|"
    r"[-\u2013\u2014]\s*(?:TOP\s+)?(?:SECRET|CONFIDENTIAL|RESTRICTED)\.?\s*$|"
    r"\((?:[^()\n]{0,30}\s)?(?:GARBLED?|REDACTED|ILLEGIBLE|(?:LINES?|TEXT|WORDS?|PARAGRAPHS?)\s+MISSING)"
    r"(?:\s[^()\n]{0,20})?\)",
    re.IGNORECASE | re.MULTILINE,
)
_STRUCK = re.compile(r"<!--|~~|<(?:del|s|strike)\b|&#1[03];|=0A=0A|(?:\\r)?\\n(?:\\r)?\\n", re.IGNORECASE)
# Brackets that begin a line or a sentence and hold few words, or nothing that can be read.
_BEGINS = re.compile(r"(?:^|[.?!:;][\"')]?\s)[^\S\n]*(?:(?:--+|[-*+\u2022o>=]+|[\w.]{1,4}[.)])[^\S\n]+)?$")
_ITEM = re.compile(r"\d{1,3}|[A-Za-z]|[ivx]{1,5}|[IVX]{1,5}")
# What is put where a name or a number was (telegram.contacts), and what a writer says of a sentence.
_HARMLESS = frozenset({"NAME", "NUMBER", "MAILBOX", "NOTAL", "SIC", "PHONE"})
_LOOKALIKES = str.maketrans("015$8", "OISSB")
# Behind these a letter in brackets is one of a list: behind the parts of a law anywhere, behind the others
# and behind a number in the middle of a sentence only, for a paragraph may begin so.
_OF_LAW = re.compile(
    r"\b(?:articles?|sections?|subparagraphs?|clauses?|rules?|through|to|and|or)(?:\s[\d.]{1,8})?\s?$|,\s?$",
    re.IGNORECASE,
)
_OF_LIST = re.compile(
    r"(?P<words>\w.*?)\b(?:\d[\d.]*|paragraphs?|paras?|sub|items?|options?|points?|annex(?:es)?|categor(?:y|ies)|"
    r"classe?s?|tables?|groups?)\s?$",
    re.IGNORECASE,
)
_BEGUN = re.compile(r".*[.?!:;]\s+", re.DOTALL)
_EDGE = r"(?:^|[ \t]{2,}|\t|\|[ ]*)"
_CELL = re.compile(
    _EDGE + r"(?:TS|[SCU]|SBU|FOUO|LOU|CUI|CONF(?:IDENTIAL)?|SECR?|SECRET|RESTRICTED|UNCLAS(?:SIFIED)?|"
    r"REL|RELEASE|RELEASABLE(?:\s+TO)?|CLASS|CLASSIFICATION|MARKING)(?=[ \t]{2,}|\t|[ \t]*$|[ ]*\|)|"
    r"(?<=[^\s,]),(?:TS|[SCU]|SECRET|CONFIDENTIAL)(?:,(?=\S)|$)",
    re.MULTILINE,
)
_COLUMNS = re.compile(r"\S(?:[ \t]{3,}|\t|[ ]*\|[ ]*|,(?=[A-Z]+(?:,|$)))\S", re.MULTILINE)


def plain(text: str) -> str:
    """The text as an eye reads it: one alphabet, one kind of slash and bracket, nothing invisible."""
    if "&" in text:
        text = html.unescape(text)
    if "%" in text:
        text = _PERCENT.sub(lambda match: chr(int(match[1], 16)), text)
    text = _DEBRIS.sub("", text)
    if text.isascii():
        return text.translate(_ROUND)
    text = _LONE.sub(lambda match: _uncircled(match[0]), text).replace("\u00a9", "(C)")
    bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return "".join(map(_bracket, "".join(bare).translate(_LIKE)))


_LONE = re.compile(r"(?<!\S)[^\x00-\x7f](?!\S)")
_ROUND = str.maketrans("[]{}", "()()")


def _uncircled(character: str) -> str:
    """A letter in a circle is one in brackets."""
    kind, _, letter = unicodedata.decomposition(character).partition(" ")
    return f"({chr(int(letter, 16))})" if kind == "<circle>" and " " not in letter else character


def _bracket(character: str) -> str:
    kind = unicodedata.category(character)
    return "(" if kind == "Ps" else ")" if kind == "Pe" else character


def resembles(text: str, own: str | None = None) -> bool:
    """Whether a text holds what may be a marking other than its own.

    Parameters
    ----------
    text : str
        The text of a portion, without its mark.
    own : str, optional
        Its mark as printed; the same again in brackets is no other one.
    """
    seen = plain(text)
    if own:
        seen = re.sub(r"\(\s*" + r"\s*".join(map(re.escape, "".join(own.split()))) + r"\s*\)", " ", seen)
    seen = _ADDRESS.sub(" ", seen)
    if _ANYWHERE.search(seen) or _HEADED.search(seen) or _LIMIT.search(seen) or is_struck(text):
        return True
    if _has_cells(seen) or _any_opens(seen):
        return True
    return any(_is_mark(seen, match) for match in _BRACKETS.finditer(seen))


def opens_a_line(text: str) -> bool:
    """Whether what may be a marking begins a line but the first of a text as printed, or fills a cell."""
    begin = text.find("\n") + 1
    if not begin:
        return False
    seen = plain(text)
    return _has_cells(seen) or _any_opens(seen[seen.find("\n") + 1 :])


def _has_cells(text: str) -> bool:
    """Whether a table may tell the marking of each row."""
    return _COLUMNS.search(text) is not None and _CELL.search(text) is not None


def is_struck(text: str) -> bool:
    """Whether a text as printed holds words that were struck out or commented out, or signs for breaks."""
    return _STRUCK.search(text) is not None


def _any_opens(text: str) -> bool:
    begins = {at for match in _LINE.finditer(text) for at in (match.end("bullet"), match.end())}
    if any(_opens(text, at) for at in begins):
        return True
    # Copies join lines: what was the beginning of one may follow a sentence.
    behind = (_CLOSED.match(text, match.end()) for match in _SENTENCE.finditer(text))
    return any(found is not None and found["sign"] != ")" for found in behind)


def _opens(text: str, at: int) -> bool:
    """Whether what stands at the beginning of a line may be a mark."""
    if _OPENING.match(text, at):
        return True
    closed = _CLOSED.match(text, at)
    if closed is None or closed["quoted"] or closed["word"]:
        return closed is not None
    if len(closed[1]) > 1:
        return True
    above = chr(ord(closed[1]) - 1)  # the letter before it in a list
    return text.find(above + (closed["sign"] or f" {closed['dash']}"), 0, at) < 0


def _is_mark(text: str, match: re.Match[str]) -> bool:
    """Whether brackets hold nothing but words of markings."""
    inside = next(group for group in match.groups() if group is not None)
    words = _WORD.findall(inside.upper().translate(_LOOKALIKES) if not inside.strip().isdigit() else inside)
    if any(word in _FOREIGN for word in words):
        return True
    if match[1] is not None and _may_begin(text, match.start(), match[1].strip(), words):
        return True
    if not words:
        return False
    whole = "".join(words)
    if (
        whole in _SHORT
        or whole in _LONG
        or whole in _CONTROLS
        or whole.startswith(("LIMITEDOFFICIAL", "TOPSECRET"))
    ):
        return not (
            len(inside.strip()) == 1
            and inside.strip().isalpha()
            and letter_of_list(text, match.start(), inside.strip())
        )
    if whole in _WEAK:
        return text[max(0, match.start() - 60) : match.start()].rstrip()[-1:] in ("", ".")
    telling = any(word in _SHORT or word in _LONG or word in _CONTROLS for word in words)
    return telling and all(
        word in _SHORT
        or word in _LONG
        or word in _CONTROLS
        or word in _WEAK
        or word in _BESIDE
        or is_state(word)
        for word in words
    )


def _may_begin(text: str, at: int, inside: str, words: list[str]) -> bool:
    """Whether brackets stand where a marking does, and hold what may be one that nobody can read."""
    if len(words) > 3 or (len(words) > 1 and inside.endswith((".", "?", "!"))):
        return False
    if words and _HARMLESS.issuperset(words):
        return False
    letter = len(inside) == 1 and inside.isalpha() and inside not in "AaIi"
    if _ITEM.fullmatch(inside) and not (letter and not letter_of_list(text, at, inside)):
        return False
    return _BEGINS.search(text[max(0, at - 40) : at]) is not None


def letter_of_list(text: str, at: int, letter: str) -> bool:
    """``(C)`` behind ``(B)``, or behind the number of an article."""
    if text.find(f"({chr(ord(letter) - 1)})", 0, at) >= 0:
        return True
    begin = max(text.rfind("\n", 0, at) + 1, at - 60)
    before = text[begin:at]
    if _OF_LAW.search(before):
        return True
    sentence = _BEGUN.search(before)
    found = _OF_LIST.search(before[sentence.end() :] if sentence else before)
    # Two words at least stand before the noun or the number: it begins no paragraph.
    return found is not None and len(_ANY_WORD.findall(found["words"])) > 1
