"""Format lines 1 to 11: transmission, precedence and date-time group, originator, addressees.

One reader serves State's form, ACP 126 and 127, JANAP 128 and the head of a 1970s copy: the lines differ
only in which of them are there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from overflight.telegram.addresses import PREFIXES, parse_addresses
from overflight.telegram.archive import Archive
from overflight.telegram.banner import class_line, level_of
from overflight.telegram.captions import canonical, take, words_in
from overflight.telegram.dtg import LETTERS, MONTHS, WORDS, Group, parse_group, propose_group
from overflight.telegram.labels import LABEL
from overflight.telegram.misread import near_class
from overflight.telegram.model import Head, Share, Transmission
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["Opening", "fields_below", "read_opening"]

_START = re.compile(r"^(?:V?ZCZC\S*(?:\s+\S.*)?|VV\s+[A-Z]{3}\d{3}.*)$")
_ROUTING = re.compile(r"^(ZZ|OO|PP|RR)((?:\s+R[A-Z]{4,7})+)\s*$")
_JANAP = re.compile(r"^[ZOPR][A-Z]{7}\s+R[A-Z]{4,7}\d{4}\s+\d{7}-?\s?-?[A-Z]{4}-")
_STATION = re.compile(
    r"^DE\s+([A-Z]{4,8})\b\s*(?:#?\s?(\d{1,4})(?:/\d{2})?\b)?\s*([0-9]{3}/?[0-9]{4}Z?|[0-9]{2}/[0-9]{4}Z)?\s*$"
)
_SECURITY = re.compile(r"^(?:ZNR|ZNY)\b.*")
_TO_INSIDE = re.compile(r"\s(TO)\s+(?=(?:R[A-Z]{4,7}/)?[A-Z]{2,})")
_LABEL = re.compile(r"^(FM|FROM|TO|INFO|XMT)(?:\s*:\s*|\s+)(?=\S)(.*)$")
# How an address begins for sure, so that a label may be glued to it or to the address above.
_SURE = r"(?:ZEN\s*/|R[A-Z]{4,7}\s?/|(?:" + "|".join(PREFIXES) + r")\s)"
_INFO = r"[I1l|]\s?[NM]\s?F\s?[O0]"
_INFO_INSIDE = re.compile(
    rf"\s(INFO)\s+(?=(?:R[A-Z]{{4,7}}/)?[A-Z]{{2,}})|\s(INFO)\s*:?\s*$|({_INFO})[\s:]*(?={_SURE})"
)
# The labels as copies damage them: alone on the line, behind a bullet, letters and digits confused, glued.
_DAMAGED = re.compile(
    rf"^(?P<bullet>[-*+\u2022]+\s*)?(?P<name>(?P<fm>F\s?M|FROM)|(?P<to>T\s?[O0])|"
    rf"(?P<info>{_INFO}|INFORMATION(?=\s*:|\s+{_SURE})|CC|COPY(?:\s+TO)?))"
    rf"(?:(?![A-Z0-9])[\s:;.,-]*|(?={_SURE}))(?P<rest>.*)$",
    re.IGNORECASE,
)
_LABEL_STARTS = frozenset("-*+\u2022FfTtIi1lL|Cc")  # the quick looks
_BULLETS = frozenset("-*+\u2022")
_BULLET = re.compile(r"^[-*+\u2022]+\s*(?=[A-Z])")
_UNKNOWN_LABEL = re.compile(rf"^([A-Z0-9]{{2,6}})[\s:]+(?={_SURE})")
_MONTHS = (*MONTHS, "0CT", "N0V", "5EP")  # as they are, and with a digit for a letter
_WRITTEN = frozenset((*WORDS, "NIACT"))
_DOUBLED = frozenset((*LETTERS, *(2 * letter for letter in LETTERS)))
_COUNT = re.compile(r"^GR\s?(\d{1,4})$")
_ACCOUNT = re.compile(r"^ACCT\s+(\S.*)$")
_POSTAL = frozenset(("AM", "RU", "US"))  # how most addresses begin, and no level: the quick look
# A paragraph: its number or its marking, and no address behind it.
_PARAGRAPH = re.compile(
    rf"^(?:\u00b6\s?)?(?:\d{{1,2}}\s?[.)]\s+(?!{_SURE})\S|\(\s?(?:U|C|S|TS|SBU)(?:\s?//?[^()]{{1,60}})?\s?\)\s)"
)
_COLONLESS = ("TAGS", "E.O", "EO1", "EO 1")


@dataclass
class Opening:
    """What stands before the text, and the index of the line where the text begins."""

    head: Head = field(default_factory=Head)
    transmission: Transmission | None = None
    readdressed: tuple[Head, ...] = ()
    distribution: tuple[Share, ...] = ()
    drafted: tuple[tuple[str, str], ...] = ()
    accounting: str | None = None
    groups: int | None = None
    breaks: bool = False  # a BT was seen
    doubtful: bool = False  # the text begins with what may be a classification line, or without one
    captions: list[str] = field(default_factory=list)  # that stand above the text
    text: int = 0
    marks: int = 0  # lines of a head that were understood
    unplaced: list[Line] = field(default_factory=list)


@dataclass
class _Draft:
    """A head while it is read."""

    group: Group | None = None
    letters: tuple[str, ...] = ()
    origin: str | None = None
    lists: dict[str, list[Line]] = field(default_factory=dict)
    night: bool = False
    book: bool = False

    def __bool__(self) -> bool:
        return bool(self.group or self.origin or self.lists)


class _Reader:
    def __init__(self, log: Log, latest: int, words: frozenset[str], posts: frozenset[str]) -> None:
        self.log, self.latest, self.words, self.posts = log, latest, words, posts
        self.found = Opening()
        self.draft = _Draft()
        self.heads: list[Head] = []
        self.wire: dict[str, object] = {}
        self.archive = Archive(log)
        self.open: list[Line] | None = None  # the address list that goes on
        self.unsent = False  # the label FM stood alone on its line
        self.lines: list[Line] = []
        self.at = 0  # the index of the line that is read

    def close(self) -> None:
        draft = self.draft
        letters = draft.letters or (draft.group.letters if draft.group else ())
        words = [LETTERS[letter] for letter in letters[:2]]
        precedence = words[0] if words else None
        if draft.night and precedence == "IMMEDIATE":
            precedence = "NIACT IMMEDIATE"

        def listed(name: str):  # type: ignore[no-untyped-def]
            return parse_addresses(draft.lists.get(name, []), self.log, self.words, self.posts)

        self.heads.append(
            Head(
                precedence,
                words[1] if len(words) > 1 else None,
                draft.group.instant if draft.group else None,
                draft.origin,
                listed("TO"),
                listed("INFO"),
                tuple(a.address for a in listed("XMT")),
                draft.book,
            )
        )
        self.draft = _Draft()

    def line(self, line: Line, text: str) -> bool:
        """Take one line; False when the text of the message begins here."""
        found, wire = self.found, self.wire
        if text == "BT" or text.startswith("BT "):
            found.breaks = True
            return False
        if text[0] in "ZOPRV" and self.wired(text):
            return True
        if match := _STATION.match(text):
            wire["station"], wire["filed"] = match[1], match[3]
            wire["serial"] = int(match[2]) if match[2] else None
            return True
        if self.archive.line(line, text, begun=bool(self.draft)):
            return True
        if match := _LABEL.match(text):
            self.labelled(line, match)
            return True
        if self.dated(line, text):
            return True
        if text[0] in _LABEL_STARTS and self.draft and (match := _DAMAGED.match(text)):
            self.relabelled(line, match)
            return True
        if (self.draft or self.archive.shares) and class_line(text):
            return False
        if match := _COUNT.match(text):
            found.groups = int(match[1])
        elif match := _ACCOUNT.match(text):
            found.accounting = match[1]
        elif text in ("NIACT", "NIACT IMMEDIATE"):
            self.draft.night = True
        elif text[0] not in "ARUZOP" and canonical(text):
            found.captions += take(line, self.log)
        elif text[:2] not in _POSTAL and self.draft and self.ends(line, text):
            return False
        elif self.unsent and self.draft.origin is None:
            self.draft.origin, self.unsent = " ".join(text.split()), False
        elif self.open is not None:
            self.listed(line)
        elif self.archive.drafting and not self.draft:
            self.archive.office(line, "cleared", text)  # between APPROVED BY and the dashes
        else:
            found.unplaced.append(line)
            return True
        return True

    def ends(self, line: Line, text: str) -> bool:
        """Whether the text begins here, though no line says so in its right form."""
        if _labelled(text) or _PARAGRAPH.match(text):
            self.log.warn(
                f"line {line.no}: the text begins here, and no classification line stands above it; check "
                "the addressees"
            )
            return True
        if self.doubtful(text):
            self.found.doubtful = True
            return True
        return False

    def doubtful(self, text: str) -> bool:
        """Whether a line may be the classification line, misread."""
        if near := near_class(text):
            return near[0].full or fields_below(self.lines, self.at)
        known = level_of(text)
        return known is not None and known[0] != "CLEAR" and fields_below(self.lines, self.at)

    def wired(self, text: str) -> bool:
        """Format lines 1, 2 and 4."""
        wire = self.wire
        if _START.match(text):
            wire.setdefault("start", " ".join(text.split()))
        elif match := _ROUTING.match(text):
            wire["precedence"] = LETTERS[match[1][0]]
            wire["routing"] = tuple(match[2].split())
        elif _JANAP.match(text):
            wire["header"] = " ".join(text.split())
        elif _SECURITY.match(text):
            wire["security"] = " ".join(text.split())
        else:
            return False
        self.open = None
        return True

    def labelled(self, line: Line, match: re.Match[str]) -> None:
        indent = len(line.text) - len(line.text.lstrip())
        name, start = match[1], indent + match.start(2)
        if name in ("FM", "FROM"):
            if self.draft.origin is not None:
                self.close()
            rest = match[2]
            # "FM POST TO POST": the break between two lines is lost.
            lost = _TO_INSIDE.search(rest)
            self.draft.origin = " ".join((rest[: lost.start()] if lost else rest).split())
            self.open = None
            if lost:
                self.log.repair(line, start + lost.start(1), "TO", "the action addressees", "line break lost")
                self.addressed("TO", line, start + lost.end())
            return
        self.addressed(name, line, start)

    def relabelled(self, line: Line, match: re.Match[str]) -> None:
        """A label that is damaged, or alone on its line."""
        name = "FM" if match["fm"] else "TO" if match["to"] else "INFO"
        indent = len(line.text) - len(line.text.lstrip())
        read = match.string[: match.end("name")]
        kind = "address label" if read != name else "line break"
        self.log.repair(line, indent, read, f"{name}, the addressees follow", kind)
        if name != "FM":
            self.addressed(name, line, indent + match.start("rest"))
            return
        if self.draft.origin is not None:
            self.close()
        self.draft.origin = " ".join(match["rest"].split()) or None
        self.unsent = self.draft.origin is None
        self.open = None

    def addressed(self, name: str, line: Line, start: int) -> None:
        """Begin a list of addressees."""
        self.open = self.draft.lists.setdefault(name, [])
        self.listed(line.part(start, fresh=True))

    def listed(self, line: Line) -> None:
        """One line of a list of addressees; the break before INFO may be lost, a bullet may be added."""
        assert self.open is not None
        indent = len(line.text) - len(line.text.lstrip())
        text = line.text.strip()
        if text[:1] in _BULLETS and (bullet := _BULLET.match(text)):
            self.log.repair(line, indent, bullet.group().strip(), "an addressee", "bullet")
            line = line.part(indent + bullet.end(), fresh=True)
        elif (
            text[:2] not in ("AM", "RU")
            and (label := _UNKNOWN_LABEL.match(text))
            and label[1] not in PREFIXES
        ):
            if self.open is self.draft.lists.get("TO") and _near(label[1], "INFO"):
                at = indent + label.start(1)
                self.log.repair(line, at, label[1], "INFO, the addressees follow", "address label")
                self.log.warn(f"line {line.no}: {label[1]!r} is taken for INFO, check it")
                self.addressed("INFO", line, indent + label.end())
                return
            self.log.warn(f"line {line.no}: {label[1]!r} before an addressee is not understood")
        if (
            "F" not in text.upper()
            or self.open is not self.draft.lists.get("TO")
            or not (lost := _INFO_INSIDE.search(line.text))
        ):
            self.open.append(line)
            return
        label_at = next(n for n in (1, 2, 3) if lost[n])
        self.open.append(line.part(0, lost.start(), fresh=line.fresh))
        self.log.repair(line, lost.start(label_at), lost[label_at], "the info addressees", "line break lost")
        self.open = self.draft.lists.setdefault("INFO", [])
        self.open.append(line.part(lost.end(), fresh=True))

    def dated(self, line: Line, text: str) -> bool:
        upper = text.upper()
        if not any(map(upper.__contains__, _MONTHS)):
            return False
        group = parse_group(text, self.latest)
        where = line.text.find(text[:1])
        if group is None and (proposal := propose_group(text, self.latest)):
            group, read, proposed = proposal
            self.log.repair(line, where + group.start, read, proposed, "date-time group")
            self.log.warn(
                f"line {line.no}: the date-time group reads {read!r}; {proposed!r} is proposed, check it"
            )
        if group is None or group.start > 24:
            return False
        if self.draft.group or self.draft.origin:
            self.close()
        self.draft.group = group
        rest = text[group.end :].split()
        self.draft.book = "ZEX" in rest
        if "I" in text and (words := words_in(line.text)):
            self.log.repair(line, where, text, ", ".join(words), "caption")
            self.found.captions += words
        self.draft.night = "NIACT" in rest or text.startswith("NIACT")
        head = text[: group.start].split()
        if not group.letters and head and head[-1] in (*LETTERS, "NIACT"):
            self.draft.letters = tuple(part for part in head if part in LETTERS)
        elif not group.letters and head and all(part in _WRITTEN for part in head):
            self.draft.letters = tuple(WORDS[part] for part in head if part in WORDS)
            self.log.repair(line, where, " ".join(head), " ".join(self.draft.letters), "precedence letter")
        elif head and len(head) <= 2 and "0" in "".join(head):
            self.misread_letters(line, where, head, group)
        self.open = None
        return True

    def misread_letters(self, line: Line, where: int, head: list[str], group: Group) -> None:
        """A precedence letter O that was read as the digit."""
        letters = [part.replace("0", "O") for part in head]
        if len(head) + len(group.letters) > 2 or any(part not in _DOUBLED for part in letters):
            self.log.warn(f"line {line.no}: the precedence {' '.join(head)!r} is not understood")
            return
        read, understood = " ".join(head), " ".join(letters)
        self.draft.letters = (*(part[0] for part in letters), *group.letters)
        self.log.repair(line, where, read, understood, "precedence letter")
        self.log.warn(f"line {line.no}: the precedence reads {read!r}; {understood!r} is proposed, check it")


def _labelled(text: str) -> bool:
    """A labelled line, as no address is one."""
    match = LABEL.match(text)
    return match is not None and bool(match["colon"] or text.upper().startswith(_COLONLESS))


def fields_below(lines: list[Line], index: int) -> bool:
    """The labelled lines begin soon below."""
    below = (line.text.strip() for line in lines[index + 1 : index + 8])
    return any(_labelled(text) for text in below if text)


def _near(word: str, label: str) -> bool:
    """One letter is wrong, missing or too many."""
    from rapidfuzz.distance import Levenshtein  # seldom asked for, and slow to load

    return Levenshtein.distance(word, label) <= 1


def read_opening(
    lines: list[Line], start: int, log: Log, latest: int, words: frozenset[str], posts: frozenset[str]
) -> Opening:
    """Read the head of a message from ``lines[start]`` on.

    Parameters
    ----------
    lines : list of Line
        Cleaned lines, page furniture removed.
    start : int
        Index of the first line of this message.
    log : Log
        Takes repairs and warnings.
    latest : int
        Last year in which the message can have been sent.
    words, posts : frozenset of str
        Words of the telegram and names of known posts, to rejoin broken addresses.

    Returns
    -------
    Opening
        ``text`` is the index of the line that opens the text (its classification), or ``len(lines)``.
    """
    reader = _Reader(log, latest, words, posts)
    reader.lines = lines
    index = start
    strays = 0
    above: int | None = None  # a banner that may turn out to be the line that opens the text
    while index < len(lines):
        line = lines[index]
        text = line.text.strip()
        if not text:
            index += 1
            continue
        before = len(reader.found.unplaced)
        if not reader.draft and text[0] in "ETSets" and LABEL.match(text):
            index = index if above is None else above
            break
        if not reader.draft and (banner := class_line(text)):
            if banner.full and not reader.archive.shares:
                break
            if not banner.full:
                above = index
                index += 1
                continue
        reader.at = index
        if not reader.line(line, text):
            if reader.found.breaks:
                index += 1
            break
        if len(reader.found.unplaced) > before:
            if not reader.archive.shares and (near := near_class(text)) and near[0].full:
                reader.found.unplaced.pop()
                reader.found.doubtful = True
                break
            strays += 1
            # Nothing of a head for long: what follows is text.
            if strays > 40:
                reader.found.unplaced.pop()
                break
        index += 1
    reader.close()
    found = reader.found
    if above is not None and above != index:
        found.captions += words_in(lines[above].text)
    # Readdressed: the block above is the later one, the last block is the original.
    found.readdressed = tuple(reader.heads[:-1])
    found.head = reader.heads[-1]
    if reader.wire:
        found.transmission = replace(Transmission(), **reader.wire)  # type: ignore[arg-type]
    found.distribution = tuple(reader.archive.shares)
    found.drafted = tuple(dict.fromkeys(reader.archive.drafted))
    found.text = index
    return found
