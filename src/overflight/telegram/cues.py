"""How sentences say who is to be asked, who drafted, cleared, approved or classified: the patterns."""

from __future__ import annotations

import re

from overflight.telegram.persons import TITLES

__all__ = [
    "AGAIN", "ASKING", "ASKING_LOOKS", "BOXES", "COLON", "CUES", "END",
    "EXTENSION", "LABELS", "LABEL_LENGTH", "MAIL", "MIDDLE", "MODALS", "NOUN",
    "NOUN_CUES", "OFFICERS_CUES", "OF_OFFICE", "PAIR", "PHONE", "PUT", "RUN",
    "SENTENCE", "SERVES", "SERVING", "SIGNED", "SIGNER", "SIGNING_CUES", "SLUGGED",
    "VERB", "WRITING", "WRITTEN", "names_a_person", "squashed",
]  # fmt: skip

#: One of them stands, in capitals, in every text that `redact_contact` changes.
CUES = (
    "@", ":", "POC", "P.O.C", "CONTACT", "OFFICER", "ATTN", "CALL", "PHONE", "MAIL", "QUESTIONS", "QUIRIES",
    "COMMENTS", "SLUG", "REPL", "ED BY", "DRAFT BY", "ED -", "ATTENTION OF", "SE NOTIFY",
    "PLS NOTIFY", "INATED WITH",
    "OUT TO", "C/O", " DOT ", "MEMCON BY",
)  # fmt: skip

# The quick looks before each pattern; those with a colon are looked for from the colon.
OFFICERS_CUES = tuple(
    f"{kind} OFFICER" for kind in ("ACTION", "DESK", "DUTY", "WATCH", "CASE", "COUNTRY", "CONTACT", "LIAISON")
)

NOUN_CUES = (
    "POC", "P.O.C", "P. O.", "OF CONTACT", "CONTACT PERSON", "CONTACT NAME", "CONTACT POINT", "CONTACT IS",

    "CONTACTS:", "CONTACT :", "ATTN",
)  # fmt: skip

SIGNING_CUES = ("ED BY", "DRAFT BY", "ED -", "G OFFICER", "ED  BY")

_ENDS = ("BY", "ED", "ER", "TD", "FT", "TR", "LR", "RD", "CE", "ES", "TY", "AL", "LS", "RS")

COLON = re.compile(":(?:" + "|".join(f"(?<={end}{gap}:)" for end in _ENDS for gap in ("", " ")) + ")")

_STOP = (
    r"(?<!\b[A-Z])(?<!\bM[RS])(?<!\bDR)(?<!\bMRS)(?<!\bEXT)(?<!\bTEL)(?<!\bCAPT)(?<!\bCOL)(?<!\bLT)(?<!\bAMB)"
)

END = rf"{_STOP}\.(?:\s|$)|\n|$"


def _who(size: int, until: str) -> str:
    """Who is named: up to what ends it, or as far as may be where nothing does."""
    return rf"(?P<who>[^\n]{{1,{size}}}?(?={until})|[^\n]{{1,{size}}}(?=\s))"


_ROLE = r"(?:ACTION|DESK|DUTY|WATCH|CASE|COUNTRY|CONTACT|LIAISON)\s+OFFICER"

_IS = r"(?=\s*(?::|-{1,2}\s|\b(?:IS|ARE|WILL|IN|AT|FOR)\b))"

# A sentence that names a point of contact: from the cue to a full stop that ends no title and no initial.
NOUN = re.compile(
    rf"(?:\b(?:POCS?\b|ATTN\b)|(?<![A-Z.])P\.\s?O\.\s?C\.?"
    r"|\b(?:POINTS? OF CONTACT|CONTACT (?:PERSON|NAME|POINT)S?|"
    rf"(?:DEPARTMENT|EMBASSY|POST|MISSION|WASHINGTON|OUR|THE)\s+CONTACTS?(?=\s*:|\s+IS\b)|{_ROLE}S?){_IS})"
    + _who(300, END),
    re.IGNORECASE,
)

# What asks to turn to somebody. Who it is stands up to what it is about, or to the end of the sentence.
_VERBS = r"(?:CONTACT|CALL|PHONE|TELEPHONE|E-?MAIL)"

_MATTERS = r"(?:QUESTIONS|INQUIRIES|ENQUIRIES|COMMENTS)"

_ASKS = (
    rf"(?:PLEASE|PLS|PLSE|KINDLY)\s+{_VERBS}|INFORMATION,?\s+{_VERBS}\b|CONTACTS?\s*:"
    rf"|{_VERBS}\s+(?=(?:" + "|".join(sorted(TITLES)) + r")\b|(?!AND/OR\b)[A-Z]{1,6}/[A-Z])"
    rf"|{_MATTERS}\b[^.\n]{{0,60}}?\b(?:DIRECTED|ADDRESSED|REFERRED|SENT)\s+TO\b"
    rf"|DIRECT\s(?:[A-Z]+\s){{0,3}}?{_MATTERS}\s+TO\b"
    r"|QUESTIONS\s*:(?=[^\n]{0,80}@)"
)

_SLUGGED = r"SLUG(?:GED)?\s[^.\n]{0,20}?\bFOR\s+[A-Z]{1,5}/[A-Z]{1,6}"

# Behind these words no person's name begins.
_NOBODY = (
    r"(?!(?:THE|AN?|ON|OFF|FOR|WITH|TO|IN|INTO|SIGNS?|UPON|AND|OR|THEIR|ITS|OUR|"
    r"YOUR|THIS|BACK|WILL|AT|IS|GROUP)\b)"
)

# These ask only where what follows looks like a person.
_ANSWERS = r"(?:REPLY|REPLIES|RESPONSES?|ANSWERS?)"

_LOOK = (
    rf"C(?:ALL|ONTACT)\s+{_NOBODY}|(?:TELE)?PHONE\s+{_NOBODY}|E-?MAIL\s+{_NOBODY}"
    rf"|{_ROLE}\s+{_NOBODY}|{_ANSWERS}\s+TO\s+{_NOBODY}"
    r"|(?:QUESTIONS|INQUIRIES|ENQUIRIES|ATTENTION)\s*:|(?:QUESTIONS|INQUIRIES|ENQUIRIES|COMMENTS)\s+TO\s*:"
    rf"|POINTS?\sOF\sCONTACT\s+{_NOBODY}|CONTACTS?\s+(?:IS|ARE)\s+{_NOBODY}|CONTACTER\s"
    rf"|(?:PLEASE|PLS|PLSE)\s+NOTIFY\s+{_NOBODY}|REACH\sOUT\sTO\s+{_NOBODY}"
    rf"|C/O\s|(?:FOR\sTHE\s)?ATTENTION\sOF\s+{_NOBODY}"
    rf"|(?<![A-Z0-9,]\s)COORDINATED\sWITH\s+{_NOBODY}|(?:MEMCON|MEMO)\sBY\s+{_NOBODY}"
    rf"|(?<![A-Z0-9,]\s)(?:CLASSIFICATION|CLA[A-Z1]{{3,8}}D|CL\s?|DERIVED|DERIVATIVELY\sCLASSIFIED)\s?BY\s+{_NOBODY}"
)

# Where a verb alone asks: at the beginning of a sentence, and behind these.
MODALS = (
    "SHOULD", "MAY", "MUST", "TO", "AND", "OR", "LY",
    "QUESTIONS,", "INQUIRIES,", "ENQUIRIES,", "COMMENTS,", "PROBLEMS,", "DETAILS,", "ASSISTANCE,", "HELP,",
    "NEEDED,", "REQUIRED,", "NECESSARY,",
)  # fmt: skip

# First of all: what is mailed stands between.
_MAILED = (
    rf"(?:E-?MAIL|SEND|FAX|FORWARD|ADDRESS)\s(?:[A-Z]+\s){{0,3}}?(?:{_ANSWERS}|{_MATTERS})"
    r"\b[^.\n]{0,60}?\sTO\s"
)

ASKING = re.compile(
    rf"\b(?=[ACDEFIKLMPQRSTW])(?:(?:(?:PLEASE|PLS|KINDLY)\s+)?{_MAILED}|(?P<sure>{_ASKS}|{_SLUGGED}(?=\s(?-i:[A-Z][a-z]+\s[A-Z][a-z]+)))|(?P<may>{_LOOK}))"
    + _who(
        300,
        r"\s(?:WITH|IF|SHOULD|WILL|REGARDING|ABOUT|CONCERNING|WHEN|BEFORE|AFTER|BY|NOT|NO|"
        r"IMMEDIATELY|APPROVED BY|CLEARED BY|RELEASED BY|DRAFTED BY)\b|" + END,
    ),
    re.IGNORECASE,
)

# Who drafted, cleared, approved, released or classified: behind a sign always, else in a sentence that says
# nothing more.
_DONE = r"(?:DRAFTED|CLEARED|APPROVED|RELEASED|AUTHORI[SZ]ED|PREPARED)"

_BY = rf"(?:{_DONE}|(?:DE)?CLASSIFIED)"

_OFFICERS = (
    r"(?:DRAFTING|CLEARING|RELEASING|APPROVING|AUTHORI[SZ]ING|CLASSIFYING|ORIGINATING)\s+OFFIC(?:ER|IAL)S?"
)

_SIGN = r"\s*(?::|-{1,2}(?=\s))"

SIGNED = re.compile(
    rf"\b(?:(?P<sure>(?:{_BY}(?:\s+IN\s+DRAFT)?\s+BY|{_OFFICERS}|DRAFTER|DRFTD?|DRFTR|CLRD?|APPROVER|RELEASER"
    rf"|CLASSIFIER|CLASSIFICATION\s+AUTHORITY){_SIGN})|(?P<bare>(?:{_DONE}|CLEARANCES?){_SIGN})"
    rf"|(?<![A-Z0-9,]\s)(?P<plain>{_BY}(?:\s+IN\s+DRAFT)?\s+BY)\s)"
    + _who(
        200,
        rf"[.,;(]?\s*\b(?:FOR\s+)?REASONS?\b|[.;,]?\s\b{_BY}\b|[;,]?\s{_OFFICERS}|[.,;]?\s(?:DECL|E\.O\.)|"
        + END,
    ),
    re.IGNORECASE,
)

SIGNER = re.compile(r"\bBY\b\s*:?(?P<who>[^\n]{1,200})$", re.IGNORECASE)

_PLEAS = ("PLEASE", "PLS", "PLSE", "KINDLY", "TION", "TION,")

_TITLED = "|".join(sorted(TITLES))


def _behind(words: tuple[str, ...], last: str) -> str:
    return "|".join(rf"(?<={word}\s{last})" for word in words)


_ABOUT = r"(?:\s*:|[^.\n]{0,80}?\sTO[\s:])"

_SELDOM = (
    "SE NOTIFY", "PLS NOTIFY", "REACH OUT TO", "C/O", "ATTENTION OF", "MEMCON BY", "MEMO BY", "ICATION BY",
    "CL BY", "CLBY", "IFIED BY", "DERIVED BY", "SIFED BY",
)  # fmt: skip

# The quick looks before the asking pattern: a cue, and what must stand around it.
_LOOKS = tuple(
    (cue, re.compile(look))
    for cue, look in (
        *(
            (verb, rf"{verb}(?:S?\s*:|\s+[A-Z]{{1,6}}/|\s+(?:{_TITLED})\b|(?=\s)(?:{_behind(_PLEAS, verb)})|"
                   rf"(?:(?<![A-Z0-9,]\s{verb})|{_behind(MODALS, verb)})\s+{_NOBODY})")
            for verb in ("CONTACT", "CALL", "PHONE")
        ),
        ("MAIL", r"MAIL\s+"),
        *((matter, matter + _ABOUT) for matter in ("QUESTIONS", "QUIRIES", "COMMENTS")),
        ("SLUG", "SLUG"),
        ("REPL", rf"REPL(?:Y|IES) TO\s+{_NOBODY}"),
        *((cue, rf"{cue}\s+{_NOBODY}") for cue in ("NSES TO", "WERS TO")),
        ("OFFICER", rf"OFFICER(?:{'|'.join(f'(?<={cue})' for cue in OFFICERS_CUES)})\s+{_NOBODY}"),
        ("ATTENTION:", "ATTENTION:"),
        ("OF CONTACT", rf"OF CONTACT\s+{_NOBODY}"),
        ("CONTACT", rf"CONTACTS?\s+(?:IS|ARE)\s+{_NOBODY}|CONTACTER\s"),
        ("COORDINATED WITH", "COORDINATED WITH"),
        *((cue, rf"{cue}\s+{_NOBODY}") for cue in _SELDOM),
    )
)  # fmt: skip

# Before them what several cues have in common; a cue that has nothing of it stands for itself.
_STEMS = ("CONTACT", "NOTIFY", "ATTENTION", "BY", "S TO")
ASKING_LOOKS = tuple(
    (stem, tuple(look for look in _LOOKS if stem in look[0]))
    for stem in dict.fromkeys(next((s for s in _STEMS if s in cue), cue) for cue, _ in _LOOKS)
)

EXTENSION = re.compile(
    r"(?P<on>\b(?:EXT(?:ENSION)?\.?|X|ON|AT|TEL\.?|PHONE)\s?)(?<![A-Z]X)\d{4,7}\b(?!Z)", re.IGNORECASE
)

PHONE = re.compile(r"\+?\(?\d{3}\)?[-. ]\d{3}[-. ]\d{4}\b|\b\d{3}-\d{4}\b|(?<![\d-])\d-\d{4}(?![\d-])")

# A line break may part it at its sign, where a domain follows.
_DOMAIN = r"[A-Za-z0-9-]{1,40}(?:\.[A-Za-z0-9-]{1,40}){0,4}\.[A-Za-z]{2,12}(?![A-Za-z])"
MAIL = re.compile(
    rf"(?P<box>[A-Za-z0-9._%+-]{{1,64}})(?:@|@\s(?={_DOMAIN})|\s@(?={_DOMAIN}))(?P<domain>[A-Za-z0-9.-]{{1,64}})"
)

RUN = re.compile(r"(?<!\d)[A-Z][A-Z0-9'’.-]*(?:\s+[A-Z][A-Z0-9'’.-]*)*", re.IGNORECASE)

# What was put in, with what stands in brackets of its own, and what has a slash in it.
PUT = re.compile(r"(\((?:MAILBOX|NUMBER|NAME)\)(?: AT [A-Za-z0-9.-]+)?|/\S*|\S*/\S*)")

AGAIN = re.compile(r"\(NAME\)(?:\s+\(NAME\))+")

BOXES = frozenset(
    {
        "OVERFLIGHT", "OVERFLIGHTS", "PERMIT", "PERMITS", "CLEARANCE", "CLEARANCES", "OPS", "INFO", "AIS",
        "NOTAM", "NOTAMS", "PRESS", "HELPDESK", "FLIGHT", "FLIGHTS", "DCA", "CAA", "OFFICES",
    }
)  # fmt: skip

VERB, MIDDLE = re.compile(_VERBS, re.IGNORECASE), re.compile(r"[A-Z0-9,]\s$")

PAIR = re.compile(r"\s*(?::|-{1,2}|IS)\s*([A-Z]{3,})\s+([A-Z]{3,})(?=\s*(?:[,.;(]|$))", re.IGNORECASE)

# Who it is stands before: "… IS THE POINT OF CONTACT".
SERVES = re.compile(
    r"\s(?:IS|ARE|WILL\s(?:BE|SERVE\sAS|ACT\sAS)|SERVES?\sAS|ACTS?\sAS)\s(?:(?:THE|OUR|ITS|A|AN)\s)?"
    rf"(?:[A-Z/'’]{{1,14}}\s){{0,2}}?(?:POINTS?\sOF\sCONTACT|POCS?|P\.O\.C\.?|CONTACTS?|{_ROLE})\b",
    re.IGNORECASE,
)
SERVING = tuple(f"{cue} " for cue in ("IS", "ARE", "BE", "AS"))
SENTENCE = re.compile(rf"{_STOP}[.;!?]\s+|\n+")

# "THIS CABLE WAS DRAFTED BY … AND CLEARED BY …"
WRITTEN = re.compile(
    r"\b(?:CABLE|MESSAGE|TELEGRAM|TEL|MEMCON|THIS\s(?:REPORT|TEXT|REPLY|RESPONSE))\s+"
    r"(?:(?:WAS|IS|HAS\sBEEN)\s+)?(?:[A-Z]{2,12}\s(?:AND\s)?){0,3}?"
    rf"(?:{_BY}|COORDINATED|REVIEWED|WRITTEN)(?:\s+IN\s+DRAFT)?\s+(?:BY|WITH)\s" + _who(300, END),
    re.IGNORECASE,
)
WRITING = ("ED BY", "ED WITH", "EN BY", "DRAFT BY")

_NAMING = (
    "CLASS BY", "CL BY", "CLASSIFICATION BY", "CLASSIFIED BY", "CLASSIFIER",
    "DERIVED BY", "DERIVATIVE CLASSIFIER", "DERIVATIVELY CLASSIFIED BY", "OCA", "AUTHORITY",
    "AUTH", "AUTHOR", "AUTHORS", "DRAFTED BY", "DRAFTED",
    "DRAFTER", "DRAFTING OFFICE", "DRAFTING OFFICER", "DRAFTING DATE", "CLEARED BY",
    "CLEARED", "CLEARANCE", "CLEARANCES", "CLEARANCE LIST", "APPROVED BY",
    "APPROVED", "RELEASED BY", "AUTHORIZED BY", "SENT BY", "USER",
    "FROM USER", "PREPARED FOR", "PREPARED BY", "SIGNED", "SIGNED BY",
    "REPORTING OFFICER", "REPORTING OFFICIAL", "POC", "POCS", "POINT OF CONTACT",
    "POINTS OF CONTACT", "CONTACT", "CONTACTS", "CONTACT PERSON", "KONTAKT",
    "ATTN", "ATTENTION", "FOR ATTENTION", "FAO", "EMAIL",
    "E-MAIL", "UNCLASS E-MAIL", "CLASS E-MAIL", "REVIEWED BY", "COORDINATED BY",
    "COORDINATED WITH", "WRITTEN BY", "TYPED BY", "SUBMITTED BY", "REPORTED BY",
    "TRANSMITTED BY", "ENTERED BY", "CREATED BY", "ORIGINATED BY", "ORIGINATOR",
    "DISTRIBUTION", "ACTION OFFICER", "DESK OFFICER", "DUTY OFFICER", "WATCH OFFICER",
    "RELEASER", "APPROVER", "NAME", "TYPED NAME", "RELEASING OFFICER",
    "CLEARING OFFICER", "APPROVING OFFICER",
)  # fmt: skip
_ALIKE = str.maketrans("015|!L", "OISIII", " .-/'\n")


def squashed(label: str) -> str:
    """A label without what copies add to it or change in it: ``APPR0VED BY`` and ``APPROVEDBY`` are one."""
    return label.upper().translate(_ALIKE)


#: Labels behind which a person is named, squashed.
LABELS = frozenset(map(squashed, _NAMING))
_SHORTENED = frozenset(
    label[:n] + label[n + 1 :] for label in LABELS if label.endswith("BY") and len(label) > 8
    for n in range(len(label))
)  # fmt: skip
LABEL_LENGTH = 28


def names_a_person(label: str) -> bool:
    """Whether behind a label, read well or badly, a person is named."""
    bare = squashed(label).removesuffix("IS").removesuffix("ARE")
    if bare in LABELS or bare in _SHORTENED:
        return True
    if len(bare) < 9 or not bare.endswith(("BY", "B", "Y")):
        return False
    return any(
        bare[:n] + bare[n + 1 :] in _SHORTENED or bare[:n] + bare[n + 1 :] in LABELS for n in range(len(bare))
    )


# The person of a slug: behind a hyphen or in brackets, behind the office.
SLUGGED = re.compile(r"\bSLUG(?:GED)?\s[^.\n]{0,30}?\bFOR\s" + _who(200, END), re.IGNORECASE)
OF_OFFICE = re.compile(r"(?P<sign>\s-{1,2}\s|\()(?P<who>[^()\s-][^()-]{2,60})")
