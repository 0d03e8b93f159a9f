"""Random telegrams over the whole grammar, and every kind of damage that a copy can do to their text.

Everything draws from a `random.Random`, so that Hypothesis (which shrinks) and a long campaign (which is
fast) share the same grammar. A damage takes the canonical lines and gives damaged ones, or None where it
does not apply; reading the damaged text must give the model back.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

from overflight.telegram import (
    Address,
    Aftn,
    Authority,
    Head,
    Number,
    Order,
    Paragraph,
    Part,
    Reference,
    Run,
    Share,
    Subject,
    Telegram,
    Transmission,
    write,
)
from overflight.telegram.words import common_words
from overflight.telegram.wrap import _UNSAFE

PLACES = (
    "DUSHANBE",
    "ASHGABAT",
    "TASHKENT",
    "ABU DHABI",
    "NEW DELHI",
    "ADDIS ABABA",
    "BAKU",
    "EXAMPLEVILLE",
    "SAMPLETON",
    "TESTBURG",
)
PREFIX = ("AMEMBASSY", "AMEMBASSY", "AMEMBASSY", "AMCONSUL", "USMISSION")
OTHERS = (
    "SECSTATE WASHDC",
    "SECDEF WASHDC",
    "CDR EXAMPLE COMMAND//J5//",
    "ALL EXERCISE POSTS COLLECTIVE",
    "WHITE HOUSE WASHDC//NSC//",
)
WORDS = tuple(w.upper() for w in sorted(common_words()) if len(w) > 2 and not _UNSAFE.match(w))
NASTY = (
    "2.", "12.",
    "(S)", "(A)", "A.", "12,000", "12.5", "U.S.", "1978", "--", "PARA", "3,", "7)", "REF", "E.O.",
    "$5", "SECRET", "PAGE",
    "LONG-RANGE", '"QUOTED"', "DON'T", "AND/OR", "AN-124", "(NOTAL)", "ZKPY", "011530Z", "A", "I",
    "B)", "TO", "FM", "#2", "100%", "1/2", "...",
    "END", "BEGIN", "NNNN", "BT", "(S/NF)", "5", "S", "C", "IL-62", "@", "¶", "é",
)  # fmt: skip
MARKS = (
    "U", "S", "C", "S//NF", "S//REL TO USA, TJK", "S//REL TO USA, TJK, TKM", "C//REL TO USA, GBR",
    "SBU", "U//FOUO", "S/NF", "C-NF", "TS//NF",
    "S//REL TO USA, FVEY", "S/REL RECIPIENTS", "S//DISPLAY ONLY TUR", "C//RELIDO", "LOU", "U//SBU-NF",
    "S//OC/NF",
    "S//REL TO USA, ARM, AZE, GEO, IND, KAZ, KGZ, MNG, PAK, TJK, TKM, TUR, UZB",
)  # fmt: skip
LEVELS = (
    "SECRET",
    "CONFIDENTIAL",
    "UNCLASSIFIED",
    "TOP SECRET",
    "LIMITED OFFICIAL USE",
    "SENSITIVE BUT UNCLASSIFIED",
)
CAPTIONS = (
    "SIPDIS",
    "NODIS",
    "EXDIS",
    "STADIS",
    "NOFORN",
    "FOR ISN AND NEA",
    "DEPT FOR ISN/MTR",
    "AGREMENT CHANNEL",
    "OFFICIAL INFORMAL",
    "EFTO",
)
TAGS = (
    "EAIR",
    "ETTC",
    "KNNP",
    "PARM",
    "PREL",
    "MNUC",
    "IR",
    "KP",
    "TJ",
    "TM",
    "UN",
    "NATO",
    "2C",
    "C-20",
    "IAEA",
    "OVIP",
)
OFFICES = (
    "Office Director",
    "DEPUTY CHIEF OF MISSION",
    "Acting Assistant Secretary",
    "ISN/MTR",
    "POLITICAL COUNSELOR",
    "AMBASSADOR",
    "DCM",
)
ORDERS = (
    ("13526", "DECL: 08/01/2036"), ("13526", "DECL: 25X1"), ("12958", "DECL: 08/01/2018"),
    ("12958", "DECL: X1"), ("12356", "DECL: OADR"),
    ("12065", "GDS 11/23/85"), ("12065", "N/A"), ("11652", "GDS"), ("11652", "XGDS-1"),
    ("11652", "ADS, DECLAS 12-31-84"), ("13526", "N/A"),
)  # fmt: skip
HEADINGS = (
    "SUMMARY",
    "OBJECTIVES",
    "BACKGROUND",
    "REPORTING DEADLINE",
    "Point of departure",
    "TALKING POINTS",
    "ACTION REQUEST",
)
NAMES = ("EXAMPLE", "SAMPLE", "MUSTER", "TEST-CASE", "DE EXEMPEL")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def chance(r: Random, p: float) -> bool:
    return r.random() < p


def sentence(r: Random, longest: int = 40) -> str:
    """Words, some of them nasty, with a full stop."""
    count = r.randint(1, longest)
    words = [r.choice(WORDS)]
    for _ in range(count):
        # A nasty word stands alone between plain ones: two in a row may spell a numbered paragraph.
        if chance(r, 0.12) and words[-1] not in NASTY:
            words.append(r.choice(NASTY))
        else:
            words.append(r.choice(WORDS) + ("," if chance(r, 0.06) else "." if chance(r, 0.08) else ""))
    words.append(r.choice(WORDS) + ".")
    # "x. 3. WORD" and "x. (S) WORD" in the middle of a line do begin paragraphs: no stop before such a word.
    for n in range(1, len(words)):
        if words[n] in NASTY and words[n - 1].endswith((".", '"', ")", ":")):
            words[n - 1] = words[n - 1].rstrip('."):') + ","
    return " ".join(words)


def table(r: Random) -> list[str]:
    """Rows whose cells stand under each other."""
    columns = r.randint(1, 3)
    cells = [
        [r.choice(WORDS), *(r.choice((r.choice(WORDS), str(r.randint(1, 99999)))) for _ in range(columns))]
        for _ in range(r.randint(2, 6))
    ]
    widths = [max(len(row[n]) for row in cells) + r.randint(3, 6) for n in range(columns)]
    return ["".join(cell.ljust(w) for cell, w in zip(row, [*widths, 0], strict=True)) for row in cells]


def text(r: Random) -> str:
    subs = [sentence(r)]
    for _ in range(r.choice((0, 0, 0, 1, 2))):
        style = r.random()
        if style < 0.3:
            subs.append("-- " + sentence(r, 12))
        elif style < 0.4:
            subs.append(r.choice("ABCD") + ". " + sentence(r, 12))
        elif style < 0.5:
            subs.append(f"({r.choice('AB12')}) " + sentence(r, 12))
        elif style < 0.58:
            subs.append("BEGIN POINTS: " + sentence(r, 12) + " END POINTS.")
        elif style < 0.64 and "   " not in subs[-1]:
            subs += table(r)
        else:
            subs.append(sentence(r, 20))
    return "\n".join(subs)


def address(r: Random, wired: bool) -> Address:
    name = f"{r.choice(PREFIX)} {r.choice(PLACES)}" if chance(r, 0.85) else r.choice(OTHERS)
    return Address(
        name,
        r.choice((None, "ROUTINE", "PRIORITY", "IMMEDIATE", "NIACT IMMEDIATE", "FLASH")),
        r.randint(1, 9999) if chance(r, 0.5) else None,
        "RUEH" + "".join(r.choice(LETTERS) for _ in range(r.randint(1, 4))) if wired else None,
        wired and chance(r, 0.1),
    )


def instant(r: Random) -> datetime:
    # 1973 to 2026, whole minutes.
    return datetime(1973, 3, 1, tzinfo=UTC) + timedelta(minutes=r.randint(0, 28_000_000))


def head(r: Random) -> Head:
    wired = chance(r, 0.4)
    action = r.choice(("FLASH", "IMMEDIATE", "PRIORITY", "ROUTINE", "NIACT IMMEDIATE"))
    origin = r.choice(("SECSTATE WASHDC", f"AMEMBASSY {r.choice(PLACES)}", f"AMCONSUL {r.choice(PLACES)}"))
    return Head(
        action,
        r.choice((None, "PRIORITY", "ROUTINE")),
        instant(r),
        origin,
        tuple(address(r, wired) for _ in range(r.randint(1, 4))),
        tuple(address(r, wired) for _ in range(r.choice((0, 0, 1, 3)))),
        ("AMEMBASSY TESTBURG",) if chance(r, 0.05) else (),
        chance(r, 0.05),
    )


def numbers(r: Random) -> list[int | None]:
    style = r.random()
    if style < 0.06:
        return [None]
    count = r.choice((1, 2, 3, 5, 8, 13, 25))
    out: list[int | None] = list(range(1, count + 1))
    if style < 0.16:
        out.insert(0, None)
    elif style < 0.22 and count > 3:
        del out[r.randint(1, count - 2)]
    elif style < 0.28 and count > 2:
        at = r.randint(1, count - 1)
        out.insert(at, out[at - 1])
    return out


def paragraphs(r: Random) -> tuple[Paragraph, ...]:
    marked = chance(r, 0.7)
    out: list[Paragraph] = []
    copies: dict[int, int] = {}
    heading: str | None = None
    for n, number in enumerate(numbers(r)):
        if chance(r, 0.15) and number is not None:
            heading = r.choice([h for h in HEADINGS if h != heading])
        copy = 0
        if number is not None:
            copy = copies.get(number, 0)
            copies[number] = copy + 1
        mark = r.choice(MARKS) if marked and (number is not None or n) else None
        out.append(Paragraph(number, text(r), mark, heading, copy=copy))
        if marked and number is not None and chance(r, 0.06):
            lead = r.choice(("", "--", "A.", "-"))
            out.append(
                Paragraph(
                    None, sentence(r), r.choice(("S//NF", "S//REL TO USA, GBR", "U", "C")), heading, lead
                )
            )
    return tuple(out)


def references(r: Random, year: int) -> tuple[Reference, ...]:
    out = []
    for n in range(r.choice((0, 0, 1, 2, 3, 6))):
        letter = LETTERS[n]
        if chance(r, 0.85):
            place = r.choice(("STATE", *PLACES))
            own = year if chance(r, 0.7) else year - r.randint(1, 20)
            out.append(
                Reference(
                    letter, Number(place, r.randint(1, 199_999), own), "(NOTAL)" if chance(r, 0.1) else ""
                )
            )
        else:
            out.append(
                Reference(
                    letter, None, r.choice(("SEPTEL", "STATE-EMBASSY EMAIL OF JULY 3", "TELCON OF 5 JUNE"))
                )
            )
    return tuple(out)


def telegram(r: Random) -> Telegram:
    """One telegram of State's form or a military one."""
    h = head(r)
    assert h.sent is not None
    wire = None
    if chance(r, 0.5):
        wire = Transmission(
            r.choice((None, "ZCZC ABC123", "VZCZCABC027", "VV ABC027")),
            None,
            *(("IMMEDIATE", ("RUEHZZ", "RUEHYYA")) if chance(r, 0.8) else (None, ())),
            "RUEHC",
            r.randint(1, 9999),
            r.choice((None, "2131530")),
            r.choice(("ZNY SSSSS ZZH", "ZNR UUUUU ZZH", "ZNY CCCCC")),
        )
        if chance(r, 0.1):
            wire = replace(wire, header="PTTUZYUW RUEHZZA0001 2131530-UUUU--RUEHXXX.")
    number = (
        Number(r.choice(("STATE", *PLACES)), r.randint(1, 250_000), h.sent.year) if chance(r, 0.9) else None
    )
    order = Order(*r.choice(ORDERS)) if chance(r, 0.85) else None
    tags = tuple(r.sample(TAGS, r.randint(1, 9))) if chance(r, 0.9) or order is None else ()
    subject = None
    if chance(r, 0.92) or not tags:
        subject = Subject(
            "EXERCISE: " + " ".join(r.choice(WORDS) for _ in range(r.randint(1, 25))),
            r.choice((None, "U", "S//NF", "C")),
        )
    authority = None
    if chance(r, 0.4):
        reasons = tuple(f"1.4({c})" for c in sorted(r.sample("abcdefgh", r.randint(0, 3))))
        office = r.choice(OFFICES) if chance(r, 0.9) or not reasons else ""
        authority = Authority(office, reasons, "EXERCISE SOURCE" if chance(r, 0.1) else None)
    distribution: tuple[Share, ...] = ()
    drafted: tuple[tuple[str, str], ...] = ()
    if chance(r, 0.1):
        distribution = (Share("ORIGIN", "EB", 7), Share("INFO", "OCT", 1), Share("INFO", "EUR", 12))
        drafted = (("drafted", "EB/AN"), ("approved", "EB"), ("cleared", "NEA"))
    body = paragraphs(r)
    part = None
    if chance(r, 0.05) and len(body) > 1 and all(p.number is not None and not p.copy for p in body):
        part = Part(2, (Run(1, 1, 0),))
    return Telegram(
        head=h,
        number=number,
        classification=r.choice(LEVELS),
        control=r.choice(("", "", "", "//NOFORN", "//REL TO USA, TJK")),
        captions=tuple(r.sample(CAPTIONS, r.choice((0, 0, 1, 2)))),
        order=order,
        tags=tags,
        subject=subject,
        references=references(r, h.sent.year),
        authority=authority,
        paragraphs=body,
        signed=r.choice((None, *NAMES)),
        ended=not chance(r, 0.05),
        part=part,
        transmission=wire,
        readdressed=(head(r),) if chance(r, 0.04) else (),
        distribution=distribution,
        drafted=drafted,
        accounting="EX-123" if chance(r, 0.04) else None,
        groups=r.randint(1, 999) if chance(r, 0.04) else None,
        release_note="Declassified/Released US Department of State EO Systematic Review"
        if chance(r, 0.04)
        else None,
    )


def aftn(r: Random) -> Telegram:
    """One message of the aeronautical fixed network, in a month of 31 days."""
    sent = datetime(
        2026, r.choice((1, 3, 5, 7, 8)), r.randint(1, 28), r.randint(0, 23), r.randint(0, 59), tzinfo=UTC
    )
    priority = r.choice(("SS", "DD", "FF", "GG", "KK"))

    def unit() -> str:
        return "".join(r.choice(LETTERS) for _ in range(4)) + r.choice(("ZQZX", "ZPZX", "YNYX", "ZTZX"))

    lines = [
        "(FPL-XXX621-IN",
        "-IL62/H-SHIWY/C",
        "-ZKPY0400",
        "-K0850S1060 DCT ALPHA DCT BRAVO",
        "-OIIE0815 OIII",
        "-DOF/260801 RMK/EXERCISE)",
    ]
    return Telegram(
        head=Head(priority, None, sent, unit(), tuple(Address(unit()) for _ in range(r.randint(1, 16)))),
        paragraphs=(Paragraph(None, "\n".join(lines[: r.randint(1, 6)])),),
        ended=chance(r, 0.9),
        aftn=Aftn(
            priority, f"{sent:%d%H%M}", r.choice((None, "ABC0123")), None, r.choice(("", "EXTRA DATA"))
        ),
    )


# --- damage
# -----------------------------------------------------------------------------------------------------

Damage = Callable[[Random, list[str], Telegram], list[str] | None]


def _spots(lines: list[str], model: Telegram) -> list[tuple[int, int]]:
    """(index of the line, number) of each numbered paragraph."""
    out = []
    index = next((i for i, line in enumerate(lines) if line == "BT"), 0)
    for paragraph in model.paragraphs:
        if paragraph.number is None:
            continue
        start = f"{paragraph.number}."
        while index < len(lines) and not (lines[index].split(" ")[0] == start and not lines[index - 1]):
            index += 1
        if index >= len(lines):
            return []
        out.append((index, paragraph.number))
        index += 1
    return out


def _regular(model: Telegram) -> bool:
    found = [p.number for p in model.paragraphs if p.number is not None]
    return found == list(range(1, len(found) + 1)) and bool(found)


def _renumber(form: Callable[[Random, int], str], share: float = 1.0) -> Damage:
    def damage(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
        if not _regular(model):
            return None
        out = list(lines)
        for index, number in _spots(lines, model):
            if share == 1.0 or chance(r, share):
                out[index] = form(r, number) + out[index][len(f"{number}.") :]
        return out

    return damage


def _mixture(r: Random, n: int) -> str:
    return r.choice(
        (f"1{n}.", f"- 1{n}.", f"¶{n}.", f"$\\P{n}$.", f"$\\P{n}.$", f"$\\underline{{\\mbox{{1}}}} {n}.$",
         f"[{n}](#par{n}).",
         f"- {n}.", f"{n})",
         f"&para;{n}.", f"<a name=\"p{n}\"></a>{n}.", f"**{n}.**", f"{n}\\.", f"¶ {n}.", f"1 {n}.")
    )  # fmt: skip


def _body_lines(lines: list[str], model: Telegram) -> list[int]:
    """Lines that run on from the one above, inside a paragraph."""
    spots = _spots(lines, model)
    if not spots:
        return []
    end = len(lines) - 1
    while end > 0 and lines[end] != "BT":
        end -= 1
    if end <= spots[0][0]:  # an end is missing: a stamp or the signature may be the last line
        end = len(lines) - bool(model.release_note) - bool(model.signed)
    out = []
    for i in range(spots[0][0] + 1, end):
        if (
            lines[i]
            and lines[i - 1]
            and set(lines[i]) != {"-"}
            and set(lines[i - 1]) != {"-"}
            and "SECTION" not in lines[i]
            and "   " not in lines[i] + lines[i - 1].strip()
        ):
            if any(re.match(r"(?:BT|NNNN|#\d{4})$", x) for x in (lines[i], lines[i - 1])):
                continue
            out.append(i)
    return out if not any("SECTION" in line for line in lines) else []


def page_in_text(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    spots = _body_lines(lines, model)
    if not spots:
        return None
    out = list(lines)
    for at in sorted(r.sample(spots, min(len(spots), r.randint(1, 3))), reverse=True):
        page = f"PAGE {r.randint(2, 9):02d} STATE {r.randint(1, 999999):06d} {r.randint(1, 28):02d}1531Z"
        if chance(r, 0.3) and model.classification == "SECRET" and lines[at - 1][-1] not in '.?!:"':
            out[at:at] = ["", "SECRET", page, "SECRET", ""]
        else:
            out[at:at] = [page]
    return out


def page_in_address(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    out = list(lines)
    spots = [
        i
        for i, line in enumerate(lines[: lines.index("BT")])
        if re.search(r"(?:AMEMBASSY|AMCONSUL) (?:DUSHANBE|ASHGABAT|TASHKENT|BAKU)\b", line)
        and not line.startswith(("FM", "XMT"))
    ]
    if not spots:
        return None
    at = r.choice(spots)
    line = out[at]
    place = re.search(r"(?:AMEMBASSY|AMCONSUL) (DUSHANBE|ASHGABAT|TASHKENT|BAKU)\b", line)
    assert place
    cut = (
        r.randint(place.start(1) + 2, place.end(1) - 2)
        if chance(r, 0.5) and place.end(1) - place.start(1) > 4
        else place.start(1) - 1
    )
    out[at : at + 1] = [line[:cut], "PAGE 02 STATE 000001 011531Z", line[cut:].lstrip()]
    return out


def hyphens(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    """Break words that the list of common words knows."""
    out = list(lines)
    spots = _body_lines(lines, model)
    done = False
    for at in sorted(r.sample(spots, min(len(spots), 3)), reverse=True):
        words = [
            m
            for m in re.finditer(r"(?<![A-Z'/-])[A-Z]{6,}(?![A-Z'/-])", out[at])
            if m.group().lower() in common_words()
        ]
        if not words:
            continue
        word = r.choice(words)
        cut = r.randint(word.start() + 2, word.end() - 2)
        right = out[at][cut:]
        if _UNSAFE.match(right) or not right[:2].isalpha():
            continue
        out[at : at + 1] = [out[at][:cut] + "-", right]
        done = True
    return out if done else None


def quotes(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    pairs = (("'", "’"), ('"', r.choice("“”")), ("...", "…"), (" ", "\u00a0"), ("-", "\u2011"))
    old, new = r.choice(pairs)
    begin = lines.index("BT")
    return lines[:begin] + [
        line if re.match(r"^-+$", line) else line.replace(old, new) for line in lines[begin:]
    ]


def markdown(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    style = r.randint(0, 3)
    if style == 0:
        return [f"> {line}" for line in lines]
    if style == 1:
        return [re.sub(r"^(TAGS:|SUBJECT:|REF:)", r"**\1**", line) for line in lines]
    if style == 2:
        return [line + "<br>" if line else line for line in lines]
    return [f"<p>{line}" if line else line for line in lines]


def commas(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    if len(model.tags) < 2:
        return None
    at = next(i for i, line in enumerate(lines) if line.startswith("TAGS:"))
    return [*lines[:at], lines[at].replace(",", ""), *lines[at + 1 :]]


def letters(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    """Letters lost, nested, or taken for digits."""
    if len(model.references) < 2 or any(ref.number is None or ref.text for ref in model.references):
        return None
    out = list(lines)
    style = r.randint(0, 2)
    for i, line in enumerate(out):
        match = re.match(r"^(REF:|    ) ([A-Z])\. (?=\S)", line)
        if not match or (match[1] != "REF:" and not out[i - 1].startswith(("REF:", "     "))):
            continue
        if style == 0:
            out[i] = f"{match[1]} {line[match.end() :]}"
        elif style == 1:
            out[i] = f"{match[1]} {match[2]}. ({match[2]}) {line[match.end() :]}" + (
                " [1](#)" if chance(r, 0.5) else ""
            )
        else:
            out[i] = f"{match[1]} {'8' if match[2] == 'B' else match[2]}. {line[match.end() :]}"
    return out


def run_on(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    if (
        model.signed not in ("EXAMPLE", "SAMPLE", "MUSTER")
        or model.part
        or any("SECTION" in line for line in lines)
    ):
        return None
    at = max(i for i, line in enumerate(lines) if line == model.signed)
    if lines[at - 1] or not lines[at - 2] or "   " in lines[at - 2]:
        return None
    return [*lines[: at - 2], f"{lines[at - 2]} {lines[at]}", *lines[at + 1 :]]


def group_letters(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    """0 taken for O and 1 for l in the date-time group."""
    at = next((i for i, line in enumerate(lines) if re.match(r"^(?:[ZOPR] ){1,2}\d{6}Z ", line)), None)
    if at is None or model.readdressed:
        return None
    match = re.search(r"\d{6}(?=Z )", lines[at])
    assert match
    digits = match.group().replace("0", "O") if "0" in match.group() else match.group().replace("1", "l", 1)
    return [*lines[:at], lines[at][: match.start()] + digits + lines[at][match.end() :], *lines[at + 1 :]]


def number_letters(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    if model.number is None or model.classification is None:
        return None
    serial = f"{model.number.serial:06d}"
    at = next(
        (i for i, line in enumerate(lines) if line.endswith(f" {serial}") and lines[i - 1] == "BT"), None
    )
    if at is None or "0" not in serial or not re.search("[1-9]", serial):
        return None
    return [*lines[:at], lines[at][:-6] + serial.replace("0", "O", 1), *lines[at + 1 :]]


def no_blanks(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    """No blank line above numbered paragraphs."""
    if (
        not _regular(model)
        or any(p.heading for p in model.paragraphs)
        or any("SECTION" in line for line in lines)
    ):
        return None
    if not all(p.marking for p in model.paragraphs):
        return None
    drop = {index - 1 for index, _ in _spots(lines, model)[1:]}
    return [line for i, line in enumerate(lines) if i not in drop]


def glued(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    """The break before a numbered and marked paragraph is lost."""
    spots = [
        i
        for (i, _), p in zip(
            _spots(lines, model), [p for p in model.paragraphs if p.number is not None], strict=False
        )
        if p.marking
        and not p.marking.startswith("LOU")
        and i > 2
        and lines[i - 2]
        and lines[i - 2][-1] in "."
        and ")" in lines[i]
        and p.heading is None
    ]
    spots = [
        i
        for i in spots[1:]
        if set(lines[i - 2]) != {"-"}
        and not re.match(r"(?:REF|TAGS|SUBJ|Class|E\.O|Derived|Reason|     )", lines[i - 2])
    ]
    if not spots or not _regular(model):
        return None
    at = r.choice(spots)
    return [*lines[: at - 2], f"{lines[at - 2]} {lines[at]}", *lines[at + 1 :]]


def long_lines(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    """Each paragraph on one line."""
    spots = set(_body_lines(lines, model))
    if not spots or not all(p.marking for p in model.paragraphs):
        return None
    out: list[str] = []
    for i, line in enumerate(lines):
        if i in spots and not re.match(r"^(?:--|[A-Z]\.|\(|\d|BEGIN|END)", line) and out[-1]:
            out[-1] += " " + line
        else:
            out.append(line)
    return out


def stamp(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    spots = _body_lines(lines, model)
    if not spots or not model.release_note:
        return None
    at = r.choice(spots)
    return [*lines[:at], model.release_note, *lines[at:]]


def misprint(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    if not model.order or model.order.number != "11652":
        return None
    return [line.replace("E.O. 11652", "E.O. 11653") for line in lines]


def labels(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    names = {"TAGS:": "Tags:", "SUBJECT:": "Subject:", "REF:": "Ref:", "Classified By:": "CLASSIFIED BY:"}
    out = []
    for line in lines:
        for old, new in names.items():
            if line.startswith(old):
                line = new + line[len(old) :]
        out.append(line)
    return out


def double(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    return [piece for line in lines for piece in (line, "")] if len(lines) > 12 else None


def indent(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    return ["    " + line if line else line for line in lines]


def trailing(r: Random, lines: list[str], model: Telegram) -> list[str] | None:
    return [line + " " * r.randint(0, 3) for line in lines]


#: Kinds of damage that change lines, in the order in which a copy suffers them.
DAMAGES: dict[str, Damage] = {
    "page line in the text": page_in_text,
    "page line in an address": page_in_address,
    "word broken": hyphens,
    "commas lost": commas,
    "reference letters": letters,
    "signature runs on": run_on,
    "digits in the date-time group": group_letters,
    "digits in the number": number_letters,
    "misprint of the order": misprint,
    "labels in small letters": labels,
    "line break lost": glued,
    "blank lines lost": no_blanks,
    "one line a paragraph": long_lines,
    "release stamp": stamp,
    "pilcrow as 1": _renumber(lambda r, n: f"1{n}."),
    "pilcrow kept": _renumber(lambda r, n: f"¶{n}.", 0.7),
    "pilcrow in TeX": _renumber(
        lambda r, n: r.choice((f"$\\P{n}$.", f"$\\P{n}.$", f"$\\underline{{\\mbox{{1}}}} {n}.$"))
    ),
    "anchors": _renumber(lambda r, n: f"[{n}](#)."),
    "bullets": _renumber(lambda r, n: f"- {n}."),
    "parentheses": _renumber(lambda r, n: f"{n})"),
    "numbers of all sorts": _renumber(_mixture),
    "quotes and dashes": quotes,
    "markdown": markdown,
    "double spacing": double,
    "indent": indent,
    "trailing blanks": trailing,
}

#: Kinds of damage to the bytes.
ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8": lambda t: t.encode("utf-8"),
    "utf-8 with mark": lambda t: t.encode("utf-8-sig"),
    "utf-16": lambda t: t.encode("utf-16"),
    "utf-16 without mark": lambda t: t.encode("utf-16-le"),
    "windows-1252": lambda t: t.encode("cp1252", "replace"),
    "crlf": lambda t: t.replace("\n", "\r\n").encode("utf-8"),
    "teleprinter": lambda t: t.replace("\n", "\r\r\n").encode("utf-8"),
    "nuls": lambda t: t.replace(" ", " \0", 40).encode("utf-8"),
}


def damaged(r: Random, model: Telegram, kinds: list[str]) -> tuple[bytes, list[str]]:
    """Text of a model with damages of these kinds (those that apply, in their order), and which did."""
    lines = write(model, verify=False).rstrip("\n").split("\n")
    done: list[str] = []
    for name in DAMAGES:
        if name not in kinds:
            continue
        out = DAMAGES[name](r, lines, model)
        if out is not None and out != lines:
            lines = out
            done.append(name)
    text = "\n".join(lines) + "\n"
    names = [n for n in ENCODINGS if n in kinds] or ["utf-8"]
    name = names[0]
    if name == "windows-1252" and text.encode("cp1252", "replace").decode("cp1252") != text:
        name = "utf-8"
    return ENCODINGS[name](text), done + ([name] if name != "utf-8" else [])
