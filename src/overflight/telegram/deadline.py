"""The day by which a reply is due: the year comes from the telegram's own date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from overflight.telegram.dtg import MONTHS, expand_year, parse_group

__all__ = ["NUMBERS", "Due", "find_due", "raised"]

_COUNTED = (
    "ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE", "TEN", "ELEVEN", "TWELVE",
    "THIRTEEN", "FOURTEEN", "FIFTEEN", "SIXTEEN", "SEVENTEEN", "EIGHTEEN", "NINETEEN", "TWENTY",
)  # fmt: skip
#: Numbers in words.
NUMBERS = {word: n for n, word in enumerate(_COUNTED)}
_MONTH = (
    r"(?:JAN(?:UARY)?|FEB(?:RUARY)?|MAR(?:CH)?|APR(?:IL)?|MAY|JUNE?|JULY?|AUG(?:UST)?|"
    r"SEPT?(?:EMBER)?|OCT(?:OBER)?|NOV(?:EMBER)?|DEC(?:EMBER)?)\.?"
)
_WEEKDAY = r"(?:(?:MON|TUES|WEDNES|THURS|FRI|SATUR|SUN)DAY,?\s+)?"
_BY = (
    r"\b(?:BY|NLT|NO\s+LATER\s+THAN|NOT\s+LATER\s+THAN|BEFORE|DUE(?:\s+(?:ON|BY))?|DEADLINE(?:\s+(?:IS|"
    r"OF|FOR\s+\w+\s+IS))?\s*:?|UNTIL)\s+"
    r"(?:(?:THE\s+)?(?:COB|OOB|CLOSE\s+OF\s+BUSINESS|OPENING\s+OF\s+BUSINESS|"
    r"END\s+OF\s+(?:THE\s+)?(?:BUSINESS\s+)?DAY|NOON|\d{4}Z?|\d{1,2}:\d\d)\s*(?:,|ON|LOCAL|EST|EDT|"
    r"WASHINGTON\s+TIME)*\s*)*" + _WEEKDAY
)
_DATE = re.compile(
    _BY + r"(?:(?P<mon1>" + _MONTH + r")\s+(?P<d1>\d{1,2})(?:ST|ND|RD|TH)?(?:,?\s+(?P<y1>\d{4}))?"
    r"|(?P<d2>\d{1,2})(?:ST|ND|RD|TH)?\s+(?:OF\s+)?(?P<mon2>" + _MONTH + r")(?:,?\s+(?P<y2>\d{4}))?"
    r"|(?P<d4>\d{2})(?P<hour4>\d{4})\s?(?P<zone4>[A-IK-Z])\s*(?P<mon4>"
    + _MONTH
    + r")(?:\s*(?P<y4>\d{4}|\d{2}))?"
    r"|(?P<iso>\d{4}-\d{2}-\d{2})|(?P<m3>\d{1,2})/(?P<d3>\d{1,2})(?:/(?P<y3>\d{4}|\d{2}))?)(?![\d/])",
    re.IGNORECASE,
)
_WITHIN = re.compile(
    r"\b(?:WITHIN|IN\s+NO\s+MORE\s+THAN|NO\s+LATER\s+THAN|NOT\s+LATER\s+THAN)\s+(?:THE\s+NEXT\s+)?"
    r"(?P<n>\d{1,3}|" + "|".join(NUMBERS) + r")(?:\s*\(\d{1,3}\))?\s+"
    r"(?P<unit>(?:WORKING|BUSINESS|CALENDAR)\s+DAYS?|DAYS?|HOURS?|WEEKS?)\b",
    re.IGNORECASE,
)  # fmt: skip
# One of these stands in every sentence that sets a day, and one of those in every day, date or span.
_DUE_WORDS = ("BY ", "WITHIN", "LATER THAN", "NLT", "DEADLINE", "DUE ", "BEFORE", "UNTIL", "NO MORE THAN")
_DIGITS = "0123456789"
_TIMES = ("/", "-", *MONTHS)
_DAYS = ("MON", "TUES", "WEDNES", "THURS", "FRI", "SATUR", "SUN")
_ON_WEEKDAY = re.compile(
    _BY.removesuffix(_WEEKDAY) + r"(?P<day>" + "|".join(_DAYS) + r")DAY\b", re.IGNORECASE
)
_CUE = re.compile(
    r"\b(?:REPORT|REPORTS|REPORTING|REPLY|REPLIES|RESPOND|RESPONSE|RESPONSES|ANSWER|ANSWERS|DEADLINE|"
    r"RESULTS?|REACTION|READOUT|ADVISE|CONFIRM)",
    re.IGNORECASE,
)
_DELIVER = re.compile(r"\b(?:DELIVER|DEMARCHE|APPROACH|RAISE|REQUEST|CONVEY|URGE)", re.IGNORECASE)


class Due(tuple[date, int]):
    """The day, and the index of the paragraph that says so."""

    __slots__ = ()

    @property
    def day(self) -> date:
        return self[0]

    @property
    def paragraph(self) -> int:
        return self[1]


def find_due(
    texts: Sequence[tuple[str, str]], capitals: Sequence[str], sent: date | None
) -> tuple[Due | None, tuple[str, ...]]:
    """The reporting deadline of a telegram.

    Parameters
    ----------
    texts : sequence of (heading, text)
        Its paragraphs.
    capitals : sequence of str
        The texts in capitals.
    sent : date or None
        Day on which it was sent. A day without a year is the first such day not before it.

    Returns
    -------
    Due or None
        The deadline; a sentence that speaks of reporting goes before one that speaks of delivery.
    tuple of str
        Warnings: several days, or a day that needs the date of the telegram.
    """
    found: list[tuple[int, date, int]] = []
    warnings: list[str] = []
    words = list(filter("\n".join(capitals).__contains__, _DUE_WORDS))
    for index, (heading, text) in enumerate(texts):
        if not _may_be_due(capitals[index], words):
            continue
        cued = bool(heading) and bool(_CUE.search(heading))
        for sentence in _sentences(text):
            if not _may_be_due(sentence.upper(), words):
                continue
            rank = 0 if _CUE.search(sentence) else 1 if cued else 2 if _DELIVER.search(sentence) else 3
            if rank == 3:
                continue
            try:
                day = _day_in(sentence, sent)
                named = _weekday_in(sentence, sent) if day is None else None
            except OverflowError:  # behind the last day of the calendar
                continue
            if day is not None:
                found.append((rank, day, index))
            elif named is not None:
                found.append((rank, named, index))
                warnings.append(f"the deadline names a day of the week; {named.isoformat()} is taken")
            elif sent is not None and (misprint := _DATE.search(sentence)):
                warnings.append(
                    f"a deadline is given for a day that is not in the calendar: "
                    f"{' '.join(misprint[0].split())[:60]!r}"
                )
            elif sent is None and (_DATE.search(sentence) or _WITHIN.search(sentence)):
                warnings.append("a deadline is given, but the telegram has no date to tell its year")
    if not found:
        return None, tuple(dict.fromkeys(warnings))
    best = min(found, key=lambda item: (item[0], item[1], item[2]))
    if len({day for rank, day, _ in found if rank == best[0]}) > 1:
        warnings.append(f"several deadlines are given; the earliest, {best[1].isoformat()}, is taken")
    return Due((best[1], best[2])), tuple(dict.fromkeys(warnings))


def _may_be_due(upper: str, words: Sequence[str]) -> bool:
    """The quick look: one of few words goes before a day written with a digit, or a span with its unit."""
    if not any(map(upper.__contains__, words)):
        return False
    if "DAY" in upper or "HOUR" in upper or "WEEK" in upper:
        return True
    return any(map(upper.__contains__, _DIGITS)) and any(map(upper.__contains__, _TIMES))


def _sentences(text: str) -> list[str]:
    return re.split(r"(?<=[.?!;])\s+(?=[A-Z(\"])|\n", text)


def _day_in(sentence: str, sent: date | None) -> date | None:
    for match in _DATE.finditer(sentence):
        day = _dated(match, sent)
        if day:
            return day
    within = _WITHIN.search(sentence)
    if within and sent:
        count = int(within["n"]) if within["n"].isdigit() else NUMBERS[raised(within["n"])]
        unit = raised(within["unit"])
        if unit.startswith(("WORKING", "BUSINESS")):
            return _working(sent, count)
        if unit.startswith("HOUR"):
            return sent + timedelta(days=-(-count // 24))
        return sent + timedelta(days=count * (7 if unit.startswith("WEEK") else 1))
    return None


def raised(text: str) -> str:
    """Capitals to look up. Patterns that pass over case take these two as I and K; upper() leaves them."""
    return text.upper().replace("\u0130", "I").replace("\u212a", "K")


def _weekday_in(sentence: str, sent: date | None) -> date | None:
    """The first day of that name behind the day of sending."""
    named = _ON_WEEKDAY.search(sentence) if sent else None
    if named is None or sent is None:
        return None
    day = sent + timedelta(days=1)
    return day + timedelta(days=(_DAYS.index(raised(named["day"])) - day.weekday()) % 7)


def _working(start: date, count: int) -> date:
    day = start
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
    return day


def _dated(match: re.Match[str], sent: date | None) -> date | None:
    if match["iso"]:
        try:
            return date.fromisoformat(match["iso"])
        except ValueError:
            return None
    if match["mon4"]:
        return _grouped(match, sent)
    n = "1" if match["mon1"] else "2" if match["mon2"] else "3"
    month = int(match["m3"]) if n == "3" else MONTHS.index(match[f"mon{n}"][:3].upper()) + 1
    day = int(match[f"d{n}"])
    year = match[f"y{n}"]
    if n == "3" and month > 12 >= day:
        month, day = day, month
    if year is None and sent is None:
        return None
    latest = (sent.year if sent else date.max.year - 99) + 99
    years = [expand_year(year, latest)] if year else [sent.year, sent.year + 1] if sent else []
    for candidate in years:
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if year or (sent and found >= sent):
            return found
    return None


def _grouped(match: re.Match[str], sent: date | None) -> date | None:
    """The day, in UTC, of a date-time group, whose year may be left out."""
    if sent is None and not match["y4"]:
        return None
    clock = f"{match['d4']}{match['hour4']}{match['zone4'].upper()} {raised(match['mon4'])[:3]}"
    near = sent.year if sent else date.today().year
    years = [expand_year(match["y4"], near + 50)] if match["y4"] else [near, near + 1]
    for year in years:
        group = parse_group(f"{clock} {year:04d}", year)
        if group and (match["y4"] or sent is None or group.instant.date() >= sent):
            return group.instant.date()
    return None
