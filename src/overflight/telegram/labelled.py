"""The labelled form of later years: ``MRN:``, ``Date/DTG:``, ``From:``, ``Action:``, ``Info:`` …"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from overflight.telegram.addresses import PREFIXES, parse_address
from overflight.telegram.banner import class_line
from overflight.telegram.captions import canonical, words_in
from overflight.telegram.dtg import WORDS, expand_year, parse_group
from overflight.telegram.head import Opening
from overflight.telegram.lead import Lead, read_lead
from overflight.telegram.model import Address, Authority, Head, Number
from overflight.telegram.namelines import redact_line
from overflight.telegram.offices import office_of
from overflight.telegram.order import reasons_of
from overflight.telegram.repairs import Log
from overflight.telegram.source import Line

__all__ = ["is_labelled", "number_of", "read_labelled", "strip_foot"]

_LABEL = re.compile(
    r"^\s*(?:(?P<handling>Captions?(?:\s?\(s\))?|(?:Special )?Handling)\s*[:;-]|"
    r"(?P<name>MRN|Date/?\s?DTG|Date|DTG|From|To|Action|Info|Precedence|Classification|"
    r"Pass ?Line|E\.?O\.?|"
    r"TAGS|References?|Ref|Subject|Originator|Drafted By|Cleared By|Approved By|Released By|Classified "
    r"By|Reasons?|"
    r"(?:Drafting|Clearing|Approving|Releasing|Authorizing|Classifying) Officer|Authorized By|Prepared By|"
    r"Drafter|Drafted|Cleared|Clearances?|Clearance List|Approved|Authors?|"
    r"Class(?:ification)? By|Cl By|Derived By|OCA|"
    r"(?:Original )?Classifier|(?:Original )?Classification Authority|"
    r"Declassify On|Derived From|SMART CREATION|Attachments?|Sensitivity)\s*:)\s*(?P<value>.*)$",
    re.IGNORECASE,
)
_HEAD = re.compile(r"^[ \t>*]*(?:MRN|Date/?\s?DTG|From|Action|Info)[ \t*]*:", re.IGNORECASE | re.MULTILINE)
# Without number and date-time group: a post that writes, one that is written to, and a classification.
_POSTS = "(?:" + "|".join(PREFIXES) + ")"
_POSTED = tuple(
    re.compile(rf"^[ \t>*]*{label}", re.IGNORECASE | re.MULTILINE)
    for label in (
        rf"From[ \t*]*:[ \t*]*(?:{_POSTS}\b|[A-Z .'-]{{1,40}},[ \t]*{_POSTS}\b)",
        r"(?:To|Action)[ \t*]*:[ \t*]*[A-Z]",
        r"Classification[ \t*]*:[ \t*]*[A-Z]",
    )
)
_BETWEEN = re.compile(rf",\s*(?={_POSTS}\b)")
_MRN = re.compile(r"^\s*(?:(?P<year>\d{2}|\d{4})\s+)?(?P<origin>[A-Z][A-Z .'/-]*?)\s*(?P<serial>\d{1,7})\s*$")
_SWAP = re.compile(r"^(?P<place>[A-Z][A-Z .'-]+),\s*(?P<kind>" + _POSTS + r")\b\s*(?P<rest>.*)$")
_FOOT = re.compile(
    r"^\s*(Drafted|Cleared|Approved|Released) By\s*:\s*(.*)$|"
    r"^\s*Signature\s*:(?P<signed>.*)$|"
    r"^\s*(?P<trailer>Dissemination Rule|XMT|Info|Action Post|Attachments?)\s*:.*$",
    re.IGNORECASE,
)
_OFFICERS = {
    "DRAFTINGOFFICER": "DRAFTEDBY", "DRAFTER": "DRAFTEDBY", "PREPAREDBY": "DRAFTEDBY",
    "CLEARINGOFFICER": "CLEAREDBY", "APPROVINGOFFICER": "APPROVEDBY", "AUTHORIZINGOFFICER": "APPROVEDBY",
    "AUTHORIZEDBY": "APPROVEDBY", "RELEASINGOFFICER": "RELEASEDBY", "CLASSIFYINGOFFICER": "CLASSIFIEDBY",
    "DRAFTED": "DRAFTEDBY", "CLEARED": "CLEAREDBY", "CLEARANCE": "CLEAREDBY", "CLEARANCES": "CLEAREDBY",
    "CLEARANCELIST": "CLEAREDBY", "APPROVED": "APPROVEDBY", "AUTHOR": "DRAFTEDBY", "AUTHORS": "DRAFTEDBY",
    "CLASSBY": "CLASSIFIEDBY", "CLASSIFICATIONBY": "CLASSIFIEDBY", "CLBY": "CLASSIFIEDBY",
    "DERIVEDBY": "CLASSIFIEDBY", "OCA": "CLASSIFIEDBY",
    "CLASSIFIER": "CLASSIFIEDBY", "ORIGINALCLASSIFIER": "CLASSIFIEDBY",
    "CLASSIFICATIONAUTHORITY": "CLASSIFIEDBY", "ORIGINALCLASSIFICATIONAUTHORITY": "CLASSIFIEDBY",
}  # fmt: skip
_PASS = re.compile(r"(?:(?:DEPT|DEPARTMENT|STATE|ALSO)\s+)?(?:FOR|PASS(?:\s+TO)?)\s[A-Z]")
_HALVES = {
    prefix[:n]: prefix for prefix in PREFIXES for n in range(2, len(prefix)) if prefix[:n] not in PREFIXES
}
_LAST = 60  # lines of the foot at most
_ORDER = re.compile(r"^\s*(?:E\.?\s?O\.?\s*)?(\d{5})\b\s*:?\s*(.*)$")


def is_labelled(text: str) -> bool:
    """Whether a text begins with labelled fields: MRN or From, and two more."""
    head = text[:20_000]
    if not any(before.rstrip(" \t*")[-3:].upper() in ("MRN", "DTG") for before in head.split(":")[:-1]):
        # Neither of the two stands before a colon.
        head = head[:4_000]
        named = "lassification" in head or "LASSIFICATION" in head
        return named and all(label.search(head) for label in _POSTED)
    found = {m.group().strip(" \t>*:").upper().replace(" ", "") for m in _HEAD.finditer(head)}
    return len(found) >= 2 and bool(found & {"MRN", "DATE/DTG", "DATEDTG"})


def strip_foot(lines: list[Line], log: Log) -> tuple[tuple[tuple[str, str], ...], str | None]:
    """Take the drafting lines off the end of the text, and the signature as the other forms print it.

    Who the drafting lines name is not carried on, the office is.
    """
    found: list[tuple[str, str]] = []
    signed: str | None = None
    while lines:
        text = lines[-1].text.strip()
        banner = class_line(text) if text else None
        match = _FOOT.match(text)
        if match and match["signed"] is not None:
            names = re.findall(r"[^\W\d_][\w'’-]+", match["signed"])
            signed = names[-1].upper() if names else None
        elif match and match["trailer"]:
            log.repair(lines[-1], 0, match["trailer"] + ":", "left out", "trailer line")
        elif match:
            log.repair(lines[-1], 0, "(a personal name)", "left out; the office is kept", "personal name")
            if match[1] and (office := office_of(re.split(r"[:,;]", match[2])[0])):
                found.append((match[1].lower().replace("released", "approved"), office))
        elif text and not (banner and not banner.full):
            break
        lines.pop()
    return tuple(found[::-1]), signed


@dataclass
class _Fields:
    values: dict[str, list[Line]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    classification: str | None = None
    control: str = ""


def read_labelled(lines: list[Line], start: int, log: Log, latest: int) -> tuple[Opening, Lead, _Fields]:
    """Read the fields; ``lead.body`` is the index of the first line of the paragraphs."""
    fields = _Fields()
    if any(line.text.lstrip()[:4].upper() == "INFO" for line in lines[-_LAST:]):
        _info_below(lines, start, fields, log)
    current: list[Line] | None = None
    index = start
    seen = 0
    while index < len(lines):
        line = lines[index]
        text = line.text.strip()
        if not text:
            ahead = next((x.text for x in lines[index + 1 : index + 4] if x.text.strip()), "")
            if seen >= 3 and not _LABEL.match(ahead):
                break
            current = None
            index += 1
            continue
        match = _LABEL.match(line.text)
        if match:
            name = "CAPTIONS" if match["handling"] else re.sub(r"[^A-Z]", "", match["name"].upper())
            name = {"DATE": "DATEDTG", "DTG": "DATEDTG", "EO": "EO", "REFERENCES": "REFERENCE",
                    "REF": "REFERENCE",
                    "CAPTION": "CAPTIONS", "TO": "ACTION", **_OFFICERS}.get(name, name)  # fmt: skip
            current = fields.values.setdefault(name, [])
            fields.order.append(name)
            current.append(line.part(match.start("value")))
            seen += 1
        elif (banner := class_line(text)) and not banner.full:
            fields.classification = fields.classification or banner.level
            fields.control = fields.control or banner.control
        elif current is None and seen >= 3:
            break
        elif current is not None:
            clean, count = redact_line(text)
            if count:
                log.repair(
                    line, 0, "(contact details of a person)", "left out; the office is kept", "personal name"
                )
                log.warn(
                    f"line {line.no}: {clean[:60]!r} among the fields is not understood; it is kept as "
                    "a caption"
                )
                fields.values.setdefault("STRAY", []).append(Line(clean, line.no))
            else:
                current.append(line)
        else:
            log.warn(f"line {line.no}: {text[:40]!r} stands before the fields and is not read")
        index += 1
    return _opening(fields, log, latest), _lead(fields, log, latest, index, len(lines)), fields


def _info_below(lines: list[Line], start: int, fields: _Fields, log: Log) -> None:
    """Take the addressees for information out of the foot, where later copies print them."""
    for index in range(len(lines) - 1, max(start, len(lines) - _LAST), -1):
        text = lines[index].text.strip()
        if not text or class_line(text) or text == "NNNN":
            continue
        match = _FOOT.match(text)
        if match is None or match["signed"] is not None:
            return
        if (match["trailer"] or "").upper() != "INFO":
            continue
        line = lines[index].part(lines[index].text.index(":") + 1)
        pieces = [_swap(piece).address.split(" ", 1)[0] for piece in line.text.split(";") if piece.strip()]
        if pieces and all(piece in PREFIXES for piece in pieces):
            fields.values.setdefault("INFO", []).append(line)
            log.repair(lines[index], 0, "Info:", "addressees for information", "trailer line")
            lines[index] = Line("", lines[index].no)


def _text(fields: _Fields, name: str) -> str:
    return " ".join(" ".join(line.text for line in fields.values.get(name, [])).split())


def _opening(fields: _Fields, log: Log, latest: int) -> Opening:
    when = _text(fields, "DATEDTG")
    group = parse_group(when, latest)
    sent = group.instant if group else None
    if sent is None and when:
        log.warn(f"the date {when!r} has no date-time group")
    precedence = _text(fields, "PRECEDENCE").upper() or None
    if precedence is None and group and group.letters:
        precedence = {v: k for k, v in WORDS.items()}.get(group.letters[0])
    drafted: list[tuple[str, str]] = []
    for name, role in (
        ("DRAFTEDBY", "drafted"),
        ("CLEAREDBY", "cleared"),
        ("APPROVEDBY", "approved"),
        ("RELEASEDBY", "approved"),
    ):
        value = _text(fields, name)
        if not value:
            continue
        for piece in re.split(r"[;,]", value):
            if office := office_of(piece.split(":", 1)[0]):
                drafted.append((role, office))
        log.repair(
            fields.values[name][0], 0, "(a personal name)", "left out; the office is kept", "personal name"
        )
    head = Head(
        precedence if precedence in (*WORDS, "NIACT IMMEDIATE") else None,
        None,
        sent,
        _swap(_text(fields, "FROM")).address or None,
        _addresses(fields, "ACTION", log),
        _addresses(fields, "INFO", log),
    )
    if head.precedence is None and head.to and head.to[0].precedence:
        head = replace(head, precedence=head.to[0].precedence)
    return Opening(head=head, drafted=tuple(dict.fromkeys(drafted)), marks=len(fields.order))


def _addresses(fields: _Fields, name: str, log: Log) -> tuple[Address, ...]:
    out: list[Address] = []
    for line in _joined(fields.values.get(name, []), log):
        for piece in line.text.split(";"):
            text = " ".join(piece.split()).strip(" ,")
            posts = _BETWEEN.split(text) if text.split(" ", 1)[0] in PREFIXES else [text]
            out += [_swap(post) for post in posts if post and post.upper() != "NONE"]
    return tuple(out)


def _joined(lines: list[Line], log: Log) -> list[Line]:
    """The lines of a field; an address that a line break cuts is whole (``PORT LOUIS, AMEM / BASSY``)."""
    out: list[Line] = []
    for line in lines:
        above = out[-1].text.rstrip() if out else ""
        half, _, rest = line.text.strip().partition(" ")
        before = above.rpartition(",")[2].strip().upper().rstrip("-") if "," in above else ""
        if before in _HALVES and before + half.upper().rstrip(";,") in PREFIXES:
            whole = above.rstrip("-") + half + (f" {rest}" if rest else "")
            at = len(above) - len(above.rpartition(",")[2].lstrip())
            log.repair(out[-1], at, f"{above[at:]} / {half}", before + half.upper(), "word broken")
            out[-1] = Line(whole, out[-1].no, [out[-1].column(min(n, len(above))) for n in range(len(whole))])
        elif above.endswith(",") and line.text.split()[:1] and line.text.split()[0].upper() in PREFIXES:
            whole = f"{above} {line.text.strip()}"
            log.repair(out[-1], 0, f"{above.strip()} / {line.text.strip()}", whole.strip(), "line break")
            out[-1] = Line(whole, out[-1].no, [out[-1].column(min(n, len(above))) for n in range(len(whole))])
        else:
            out.append(line)
    return out


def _swap(text: str) -> Address:
    """``DUSHANBE, AMEMBASSY IMMEDIATE`` is AMEMBASSY DUSHANBE IMMEDIATE."""
    text = " ".join(text.upper().split())
    if match := _SWAP.match(text):
        text = f"{match['kind']} {match['place'].strip()} {match['rest']}"
    elif match := re.match(
        r"^(?P<place>[A-Z][A-Z .'-]+),\s*(?P<office>[A-Z]+(?:\s[A-Z]+)?)\s*(?P<rest>.*)$", text
    ):
        text = (
            f"{match['office']} {match['place'].strip()} {match['rest']}"
            if match["office"].split()[0] in ("SECSTATE",)
            else text
        )
    return parse_address(text)


def number_of(fields: _Fields, latest: int, year: int | None) -> Number | None:
    """The message number of the field ``MRN``."""
    match = _MRN.match(_text(fields, "MRN").upper())
    if not match:
        return None
    own = expand_year(match["year"], latest) if match["year"] else year
    return Number(" ".join(match["origin"].split()).strip(" .-"), int(match["serial"]), own)


def _lead(fields: _Fields, log: Log, latest: int, body: int, end: int) -> Lead:
    year = None
    if group := parse_group(_text(fields, "DATEDTG"), latest):
        year = group.instant.year
    # The fields that both forms have are read by the reader of the common form.
    shared: list[Line] = []
    for name, label in (
        ("EO", "E.O. "),
        ("TAGS", "TAGS: "),
        ("SUBJECT", "SUBJECT: "),
        ("REFERENCE", "REF: "),
    ):
        values = fields.values.get(name)
        if not values or not _text(fields, name):
            continue
        text = _text(fields, name)
        if name == "EO":
            match = _ORDER.match(text)
            on = _text(fields, "DECLASSIFYON")
            text = f"{match[1]}: {match[2] or ('DECL: ' + on if on else '')}" if match else text
        place = values[0].column(0)
        for n, value in enumerate([Line(text, values[0].no)] if name == "EO" else values):
            lead_in = label if n == 0 else ""
            cols = [place] * len(lead_in) + [value.column(i) for i in range(len(value.text))]
            shared.append(Line(lead_in + value.text, value.no, cols))
        shared.append(Line("", values[-1].no))
    lead = read_lead(shared, 0, len(shared), log, year)
    lead.body = body
    lead.end = end
    for line in fields.values.get("CAPTIONS", []):
        for piece in re.split(r"[,;]", line.text):
            caption = " ".join(piece.split()).upper()
            words = canonical(piece) or ((caption, *words_in(piece)) if caption else ())
            if (words and caption not in words) or len(words) > 1:
                log.repair(line, line.text.find(piece), piece.strip(), ", ".join(words), "caption")
            lead.captions += [word for word in words if word not in lead.captions]
    lead.captions += [line.text for line in fields.values.get("STRAY", [])]
    for line in fields.values.get("PASSLINE", []):
        passed = " ".join(line.text.split()).upper().strip(" ;,")
        if not passed or passed in ("NONE", "N/A"):
            continue
        words = canonical(passed) or (
            (passed if _PASS.match(passed) else f"PASS TO {passed}"),
            *words_in(passed),
        )
        if words != (passed,):
            log.repair(line, 0, line.text.strip(), ", ".join(words), "caption")
        lead.captions += [word for word in words if word not in lead.captions]
    who = _text(fields, "CLASSIFIEDBY")
    given = [name for name in ("CLASSIFIEDBY", "REASONS", "REASON") if fields.values.get(name)]
    found = [reasons_of(_text(fields, name), fields.values[name][0], log) for name in given]
    reasons = tuple(dict.fromkeys(reason for some in found for reason in some))
    office = office_of(who) if who else ""
    if who or reasons:
        lead.authority = Authority(office, reasons)
    if who:
        log.repair(
            fields.values["CLASSIFIEDBY"][0],
            0,
            "Classified By: (a name)",
            office or "(office not stated)",
            "personal name",
        )
    if fields.classification is None and (named := _text(fields, "CLASSIFICATION")):
        banner = class_line(named.upper())
        fields.classification = banner.level if banner else named.upper()
        fields.control = banner.control if banner else ""
    return lead
