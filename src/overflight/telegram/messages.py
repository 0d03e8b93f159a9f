"""Several messages in one file: where each begins.

A file may hold many telegrams, one behind the other, with NNNN between them, a new ZCZC, or nothing but a new
head. Sections of one message have heads of their own and stay together; so does a head that a text quotes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from overflight.telegram.banner import Banner, class_line, is_banner
from overflight.telegram.furniture import is_stamp
from overflight.telegram.source import Source, unreturned

__all__ = ["letter_above", "split"]

# What stands in nearly every message once: where none of it comes twice, there is one message.
_ONCE = ("NNNN", "ZCZC", "TAGS", "Tags:", "SUBJ", "Subject:", "FM ", "MRN", "\nDE ")
_TAG = re.compile(r"</?\w{1,6}[ ]?/?>")
_NETWORK = re.compile(r"\n[ \t]*(?:SS|DD|FF|GG|KK)[ ]+[A-Z]{8}\b")
_ANCHOR = re.compile(
    r"^[ \t>*#_-]{0,12}(?:"
    r"(?P<end>N\s?N\s?N\s?N[ \t\r]*$|<{1,2}[ ]?END OF (?:DOCUMENT|MESSAGE)[ ]?>{1,2}[ \t\r]*$)|"
    r"(?P<start>V?ZCZC|VV[ ]+[A-Z]{3}\d{3}|JOINT MESSAGE)|"
    r"(?P<wire>(?:ZZ|OO|PP|RR)(?:[ ]+R[A-Z]{4,7})+[ \t\r]*$|[ZOPR][A-Z]{7}[ ]R[A-Z]{4,7}\d{4}[ ]|"
    r"DE[ ]R[A-Z]{3,7}[ ])|"
    r"(?P<network>(?:SS|DD|FF|GG|KK)(?:[ ]+[A-Z]{8})+[ \t]*"
    r"(?=[\r\n]+(?:[A-Z]{8}\s+){0,99}[ \t]*\d{6}[ ]+[A-Z]{8}\b))|"
    r"(?P<group>(?:[ZOPR]{1,2}[ ]+){0,2}[0-9OIl]{6}[A-IK-Z][ ]*[A-Z]{3}[ ]*\d{2})|"
    r"(?P<origin>FM[ \t:]+\S|FROM[ \t:]+[A-Z]|From:[ \t]*\S)|"
    r"(?P<mrn>MRN[ \t]*:[^\n]*)|"
    r"(?P<archive>PAGE[ ]+0?1[ ]|(?:ORIGIN|ACTION)[ ]+[A-Z/]+-\d{2}\b|DRAFTED BY\b)|"
    r"(?P<break>BT[ \t\r]*$)|"
    r"(?P<label>E\.?[ ]?[O0]\.?[ ]?[0-9OIl]{5}|TAGS?[ ]*:|Tags:|SUBJ(?:ECT)?[ ]*:|Subject:)|"
    r"(?P<class>(?:T[ ]?O[ ]?P[ ]|S[ ]?E[ ]?C[ ]?R|C[ ]?O[ ]?N[ ]?F|U[ ]?N[ ]?C[ ]?L|LIMITED[ ]|"
    r"R[ ]?E[ ]?S[ ]?T[ ]?R|SENSITIVE[ ]|S[ ]?B[ ]?U)[^\n]{2,90})"
    r")",
    re.MULTILINE,
)
# A letter that goes with a telegram: the labels of its head, and what no telegram has there.
_MAIL = re.compile(
    r"^[ \t>*]{0,8}(?P<name>From|Sent|To|Cc|Bcc|Reply-To|Subject|Date|Importance|Attachments?|Message-ID)"
    r"[ \t*]{0,4}:(?P<value>.*)$",
    re.IGNORECASE,
)
_MAIL_ONLY = frozenset({"sent", "cc", "bcc", "reply-to", "importance", "message-id"})
_MAIL_DATE = re.compile(r"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\b|\b\d{1,2}:\d\d\b", re.IGNORECASE)
_MAIL_SUBJECT = re.compile(r"^[ *]{0,4}(?:FWD?|RE|AW|WG)[ ]?:", re.IGNORECASE)
_FORWARDED = re.compile(r"^\W*(?:Original Message|(?:Begin )?Forwarded message)\W*$", re.IGNORECASE)
_OPENS = re.compile(
    r"^[ \t>*#_-]{0,12}(?:V?ZCZC|(?:ZZ|OO|PP|RR)(?:[ ]+R[A-Z]{4,7})+[ \t]*$|"
    r"[ZOPR][A-Z]{7}[ ]R[A-Z]{4,7}\d{4}[ ]|DE[ ]R[A-Z]{3,7}[ ]|ZN[RY][ ]|FM[ \t:]+[A-Z]|"
    r"(?:[ZOPR]{1,2}[ ]+){0,2}[0-9OIl]{6}[A-IK-Z][ ]*[A-Z]{3}[ ]*\d{2}|E\.?[ ]?[O0]\.?[ ]?:?[ ]?[0-9OIl]{5}|"
    r"(?i:MRN|Date/[ ]?DTG|DTG|TAGS)[ \t*]*:|PAGE[ ]+0?1[ ]|JOINT MESSAGE|"
    r"(?:ORIGIN|ACTION)[ ]+[A-Z/]+-\d{2}\b|(?:SS|DD|FF|GG|KK)(?:[ ]+[A-Z]{8})+[ \t]*$)"
)
_MARKED = re.compile(r"^\W{0,9}(?:\d{1,3}[.)]?\s*)?\((?:TS|S|C|U|R|SBU|LOU|FOUO)(?:\)|\s?[/-])")
_NAMED = re.compile(r"^[ \t>*]{0,8}(?:Classification|Sensitivity)[ \t*]*:(?P<value>.*)$", re.IGNORECASE)
_FIELD = re.compile(r"^[ \t>*]{0,8}(?:From|To|Action|Info|Precedence|Classification|Captions?)[ \t*]*:", re.I)
_LETTER, _FIRST_HEAD = 400, 30  # lines: of letters above a telegram, and before the head of the first
#: Lines of a head at most; what goes on for longer is text.
_LONGEST = 150
_QUOTES = re.compile(r"(?:BEGIN|START|QUOTE|QTE|UNQUOTE)\b", re.IGNORECASE)

_TELLING = frozenset({"group", "mrn", "class", "wire"})

_Key = tuple[str, int] | str | None


@dataclass
class _Head:
    """What may be the head of a new message: where it begins, what was seen of it, its number."""

    start: int
    quoted: bool = False  # a text opens with it
    seen: set[str] = field(default_factory=set)
    number: _Key = None

    def begins(self, *, ended: bool, network: bool, labelled: bool) -> bool:
        """Whether it is enough for a new message; less is where the one before has ended."""
        seen = self.seen
        if self.quoted:
            return False
        if ended and seen & {"class", "mrn", "network", "group", "origin"}:
            return True
        if "network" in seen and network:
            return True
        return (
            {"group", "origin"} <= seen
            or ("start" in seen and bool(seen & {"group", "origin", "wire"}))
            or (labelled and bool(seen & {"class", "mrn"}))
        )


def split(source: Source, valid: Callable[[str], bool]) -> Iterator[Source]:
    """Each message of a file as a piece of its own; the file itself where it holds one only.

    Parameters
    ----------
    source : Source
        The file.
    valid : callable
        Whether a text can be read by itself. What follows the end of a message and cannot stays with it.
    """
    text = unreturned(source.text)
    behind = text.partition("NNNN")[2].strip()
    if not behind and not any(text.count(word) > 1 for word in _ONCE) and not _NETWORK.search(f"\n{text}"):
        yield source
        return
    bare = text.replace("\0", "")
    # What a copy has put around a line hides no head; a place keeps its number.
    shown = _TAG.sub(lambda tag: " " * len(tag[0]), bare) if "<" in bare else bare
    begins = _begins(shown)
    if "From:" in bare[:4_000] and (size := letter_above(bare)[0]):
        below = 0
        for _ in range(size):
            below = bare.index("\n", below) + 1
        begins = [0, *(below + begin for begin in _begins(shown[below:])[1:])]  # the letter is no message
    if len(bare) < len(source.text):
        begins = _among_nuls(source.text, begins)
    kept = [0]
    for begin, end in pairwise([*begins[1:], len(source.text)]):
        if _stands(source, kept[-1], begin, valid) and _stands(source, begin, end, valid):
            kept.append(begin)
    yield from source.pieces(kept[1:]) if len(kept) > 1 else (source,)


def letter_above(text: str) -> tuple[int, list[tuple[int, str]]]:
    """Lines of a letter that stands above a telegram, 0 where none does; and the banners among them.

    A letter has a head with mailboxes, a day of the week or ``Sent:``; a telegram of the labelled form has
    ``From:`` and ``Subject:`` too, and none of these.
    """
    if "From:" not in text[:4_000]:
        return 0, []
    lines = text[:40_000].split("\n", _LETTER)[:_LETTER]
    index = 0
    letter = False
    while index < len(lines) and (letter or index < _FIRST_HEAD):
        line = lines[index].strip()
        if _opens(line):
            break
        if _MAIL.match(line):
            end = index
            while end < len(lines) and lines[end].strip() and not _opens(lines[end].strip()):
                end += 1
            above = next((above for above in reversed(lines[:index]) if above.strip()), "")
            letter = _is_mail(lines[index:end], above) or letter
            index = end
        else:
            index += 1
    if not letter or index >= len(lines) or not _opens(lines[index].strip()):
        return 0, []
    # Fields and banners directly above belong to the telegram.
    own = index
    while own and _FIELD.match(lines[own - 1]):
        own -= 1
    index = index if _is_mail(lines[own:index], "") else own
    while index and (not (above := lines[index - 1].strip()) or is_banner(above)):
        index -= 1
    if any(map(_MARKED.match, lines[:index])):  # a text with portions is more than a letter
        return 0, []
    banners: list[tuple[int, str]] = []
    for n, line in enumerate(lines[:index]):
        named = _NAMED.match(line)
        said = named["value"].strip().upper() if named else line.strip()
        if is_banner(said):
            banners.append((n, said))
    return index, banners


def _opens(line: str) -> bool:
    return bool(_OPENS.match(line)) or bool((banner := class_line(line)) and banner.full)


def _is_mail(lines: list[str], above: str) -> bool:
    """Whether labelled lines are the head of a letter."""
    names: set[str] = set()
    signs = bool(_FORWARDED.match(above))
    for line in lines:
        match = _MAIL.match(line)
        if match is None:
            continue
        name, value = match["name"].lower(), match["value"]
        names.add(name)
        signs = signs or name in _MAIL_ONLY
        signs = signs or (name in ("from", "to") and "@" in value)
        signs = signs or (name == "date" and bool(_MAIL_DATE.search(value)))
        signs = signs or (name == "subject" and bool(_MAIL_SUBJECT.match(value)))
    return signs and "from" in names and len(names) > 1


def _among_nuls(text: str, begins: list[int]) -> list[int]:
    """Where positions of a text without its NULs are in the text itself."""
    out = [0]
    for before, begin in pairwise(begins):
        start = at = out[-1]
        while at < (behind := start + begin - before + text.count("\0", start, at)):
            at = behind
        out.append(at)
    return out


def _stands(source: Source, begin: int, end: int, valid: Callable[[str], bool]) -> bool:
    return valid(unreturned(source.text[begin:end]).replace("\0", ""))


def _begins(text: str) -> list[int]:
    """Positions in the text where messages begin; the first is 0."""
    begins = [0]
    current: _Key = None  # the number of the message that is read
    body = ended = False  # its head is over; its end was seen
    network = False  # it is one of the aeronautical network
    opened = shut = False  # a BT stood before its text, and one behind it
    told = False  # it has what no letter has that goes with a message
    head: _Head | None = None
    end = 0
    for match in _ANCHOR.finditer(text):
        kind, at = str(match.lastgroup), match.start()
        banner = class_line(" ".join(match["class"].split())) if kind == "class" else None
        number = _number(match["mrn"], banner)
        if body and number is None and banner and (banner.section or 0) > 1:
            head = None
            continue
        if kind == "class" and number is None and not (head and {"group", "origin", "break"} <= head.seen):
            continue
        if kind == "end":
            body, ended, head, end = True, True, None, match.end()
            continue
        if not body:
            current = number or current
            network = network or kind == "network"
            opened = opened or kind == "break"
            told = told or kind in _TELLING or (kind == "label" and "Subject" not in match[0])
            body = kind in ("class", "label", "network")
            continue
        if number is not None and number == current and (not ended or "SECTION" in match[0]):
            head, shut = None, False  # a further section, or what a page repeats
            continue
        if head and text.count("\n", head.start, at) > _LONGEST:
            head = None
        if kind in ("label", "break"):
            if head is None:
                shut = opened and (shut or kind == "break")
                continue
        elif head is None:
            quoted = not ended and bool(_QUOTES.match(_above(text, at)))
            head = _Head(_behind(text, end, at) if ended else at, quoted)
        head.seen.add(kind)
        head.number = number or head.number
        near = text.count("\n", head.start, at) < 15 or "origin" in head.seen
        if kind not in ("class", "label", "network"):
            continue
        # A message of the network inside a text that goes on is quoted there.
        fits = network or (told and (shut or (not opened and "start" in head.seen)))
        if head.begins(ended=ended, network=fits, labelled=kind == "label" and near):
            begins.append(head.start)
            opened, shut, told = "break" in head.seen, False, bool(_TELLING & head.seen)
            current, ended, network, head = head.number, False, kind == "network", None
        elif head.quoted or (kind == "network" and not told):
            network = network or not head.quoted
            head = None
    return begins


def _above(text: str, at: int) -> str:
    """The last line with text above a position."""
    return text[max(0, at - 400) : at].rstrip().rsplit("\n", 1)[-1].strip()


def _behind(text: str, end: int, at: int) -> int:
    """The first line behind the end of a message, up to ``at``, that does not belong to it."""
    for line in text[end : min(at, end + 2_000)].splitlines(keepends=True):
        if line.strip() and not is_stamp(line) and not re.match(r"\s*#\d+\s*$", line):
            break
        end += len(line)
    return end


def _number(label: str | None, banner: Banner | None) -> _Key:
    """The number that a line of a head tells; None when it tells none."""
    if label is not None:
        return " ".join(label.split())
    if banner is None or banner.serial is None or not banner.origin:
        return None
    return banner.origin, banner.serial
