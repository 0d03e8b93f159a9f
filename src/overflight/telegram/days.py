"""The days that a sentence names: printed, counted from the day of sending, or by the day of the week."""

from __future__ import annotations

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta

from overflight.telegram.dtg import MONTHS, expand_year, parse_group

__all__ = ["NUMBERS", "days_in", "last_before", "raised"]

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
_LETTERED = _MONTH.removesuffix(r"\.?") + r"(?![A-Z])\.?"
_DAYS = ("MON", "TUES", "WEDNES", "THURS", "FRI", "SATUR", "SUN")
# What sets a day, and what may stand between it and the day: an hour, a clock, a day of the week.
_BY = (
    r"\b(?:BY|NLT|NOT?\s+LATER\s+THAN|BEFORE|PRIOR\s+TO|DUE(?:\s+(?:ON|BY))?|DEADLINE(?:\s+(?:IS|"
    r"OF|FOR\s+\w{1,20}(?:\s+\w{1,20}){0,2}(?:\s+IS|(?=\s?:))))?|SUSPENSE(?:\s+DATE)?(?:\s+(?:IS|OF))?|UNTIL)[\s:,(]{1,4}"
    r"(?:(?:THE|ON|OR|BEFORE|AT|LATEST|NLT|COB|OOB|(?:CLOSE|OPENING)\s+OF\s+BUSINESS|"
    r"END\s+OF\s+(?:THE\s+)?(?:BUSINESS\s+)?DAY|NOON|MIDNIGHT|LOCAL|TIME|HOURS|HRS|WASHINGTON|"
    r"E[SD]T|GMT|UTC|\d{4}Z?|\d{1,2}:\d\d|\d{1,2}(?::\d\d)?\s?[AP]\.?M|"
    r"(?P<day>" + "|".join(_DAYS) + r")DAY)(?!\w)[\s,().]{0,4}){0,10}"
)
_DATE = re.compile(
    _BY
    + r"(?:(?P<mon1>"
    + _LETTERED
    + r")\s*(?P<d1>\d{1,2})(?:ST|ND|RD|TH)?(?!\w)(?:,?\s+(?P<y1>\d{4})(?!\w|\s*(?:HOURS|HRS|LOCAL|E[SD]T|"
    r"GMT|UTC|WASHINGTON)))?"
    r"|(?P<d2>\d{1,2})(?:ST|ND|RD|TH)?[\s-]*(?:OF\s+)?(?P<mon2>"
    + _LETTERED
    + r")(?:[\s,-]{0,3}(?P<y2>\d{4}|\d{2})(?![\w:]|\s*(?:HOURS|HRS|LOCAL|E[SD]T|GMT|UTC|WASHINGTON)))?"
    r"|(?P<d4>\d{2})(?P<hour4>\d{4})\s?(?P<zone4>[A-IK-Z])\s*(?P<mon4>"
    + _LETTERED
    + r")(?:\s*(?P<y4>\d{4}|\d{2}))?"
    r"|(?P<iso>\d{4}-\d{2}-\d{2}|20\d{2}[01]\d[0-3]\d)|(?P<m3>\d{1,2})/(?P<d3>\d{1,2})(?:/(?P<y3>\d{4}|\d{2}))?(?![A-Z])"
    r"|(?P<ordinal>\d{1,2})(?:ST|ND|RD|TH)(?:\s+OF\s+TH(?:E|IS)\s+MONTH)?(?=\s*(?:[.,;!?)]|$)|"
    r"\s+(?:AND|OR|AT|IF|SO|TO|WITH)\b)"
    r"|END\s+OF\s+(?:(?:THE|THIS)\s+)?(?:MONTH\s+OF\s+)?(?P<end>MONTH\b|"
    + _LETTERED
    + r")(?:,?\s+(?P<y5>\d{4}))?"
    r"|(?P<near>TODAY|TOMORROW)\b)(?![\d/])",
    re.IGNORECASE,
)
_TENS = {
    word: n * 10
    for n, word in enumerate(
        ("TWENTY", "THIRTY", "FORTY", "FIFTY", "SIXTY", "SEVENTY", "EIGHTY", "NINETY"), 2
    )
}
_WITHIN = re.compile(
    r"\b(?P<lead>WITHIN|IN\s+NO\s+MORE\s+THAN|NOT?\s+LATER\s+THAN|IN)\s+(?:THE\s+NEXT\s+)?"
    r"(?P<n>\d{1,3}|(?:" + "|".join(_TENS) + r")(?:[\s-](?:" + "|".join(_COUNTED[1:10]) + r"))?|"
    + "|".join(NUMBERS) + r"|AN?)(?:\s*\(\d{1,3}\))?\s+"
    r"(?P<unit>(?:WORKING|BUSINESS|CALENDAR)\s+DAYS?|DAYS?|HOURS?|HRS?|WEEKS?|MONTHS?)\b",
    re.IGNORECASE,
)  # fmt: skip
# Times that set no day by themselves.
_VAGUE = re.compile(
    _BY + r"(?:(?:END|BEGINNING|START|MIDDLE)\s+OF\s+(?:(?:THE|THIS|NEXT)\s+)?(?:WEEK|MONTH|QUARTER|YEAR|"
    + _LETTERED + r")|(?:EARLY|LATE|MID)[\s-]+" + _LETTERED + r"|(?:NEXT|THIS|COMING|FOLLOWING)\s+(?:WEEK|"
    r"MONTH|(?:" + "|".join(_DAYS) + r")DAY)|" + _LETTERED + r"\s*(?:\d{4}\s*)?(?:[.;]|$)|"
    r"(?:THIS\s+)?WEEKEND\b)"
    r"|\bWITHIN\s+(?:\w+\s+){0,3}"
    r"(?:DAYS|WORKDAYS?|WEEKS|FORTNIGHT|MONTHS|HOURS)\b|\b(?:BY|NLT|LATER\s+THAN|BEFORE)\s+(?:THE\s+)?"
    r"(?:COB|OOB|(?:CLOSE|OPENING)\s+OF\s+BUSINESS)\b",
    re.IGNORECASE,
)  # fmt: skip
# Days with letters for digits, and months with digits for letters.
_MIXED = re.compile(r"(?<![\w/-])(?=[A-Za-z]{0,8}[0158])(?=\d{0,8}[A-Za-z])[A-Za-z0158]{3,9}(?![\w/-])")
_NEAR_MONTH = re.compile(
    r"(?P<before>(?<!\w)(?i:" + _LETTERED + r")\s+)(?P<d>[0-9OIlS]{1,2})(?=(?:ST|ND|RD|TH)?(?!\w))|"
    r"(?<![\w/:-])(?P<e>[0-9OIlS]{1,2})(?=(?:ST|ND|RD|TH)?[\s-]+(?i:(?:OF\s+)?" + _LETTERED + r"))|"
    r"(?<![\w/-])(?P<n>[0-9OIlS]{1,4}[/-][0-9OIlS]{1,2}(?:[/-][0-9OIlS]{1,4})?|[0-9OIlS]{6}(?=Z))(?![\dOIlS/-])"
)
_LED = re.compile(_BY, re.IGNORECASE)
_WHOLE_MONTH = re.compile(_MONTH, re.IGNORECASE)
_TO_DIGITS = str.maketrans("OIlS", "0115")


def days_in(
    sentence: str, sent: date | None, cues: Sequence[int]
) -> tuple[list[tuple[int, date]], list[str]]:
    """Where days stand in a sentence, and warnings. Printed days go before spans, spans before weekdays."""
    out, told = _dates_in(sentence, sent)
    if out or told:
        return out, told
    within = _WITHIN.search(sentence)
    while within and raised(within["lead"]) == "IN" and not _near(cues, within.start()):
        within = _WITHIN.search(sentence, within.end())
    if sent is None:
        if within or _DATE.search(sentence):
            told.append("a deadline is given, but the telegram has no date to tell its year")
        return out, told
    try:
        if within:
            return [(within.start(), _behind(sent, within))], told
        for named in _LED.finditer(sentence):
            if named["day"]:
                day = _weekday(sent, named["day"])
                return [(named.start(), day)], [
                    f"the deadline names a day of the week; {day.isoformat()} is taken"
                ]
    except (OverflowError, ValueError):  # behind the last day of the calendar
        return out, told
    if misprint := _DATE.search(sentence):
        printed = " ".join(misprint[0].split())[:60]
        told.append(f"a deadline is given for a day that is not in the calendar: {printed!r}")
    elif cues:
        mended, printed = _mended(sentence)
        if printed:
            out, told = _dates_in(mended, sent)
            told = [
                *told,
                *(f"the deadline reads {printed!r}; {d.isoformat()} is proposed, check it" for _, d in out),
            ]
        if not out and (vague := _VAGUE.search(sentence)):
            told.append(f"a deadline is not understood: {' '.join(vague[0].split()).rstrip(' .;')[:60]!r}")
    return out, told


def _dates_in(sentence: str, sent: date | None) -> tuple[list[tuple[int, date]], list[str]]:
    out: list[tuple[int, date]] = []
    told: list[str] = []
    for match in _DATE.finditer(sentence):
        try:
            day, note = _dated(match, sent)
        except (OverflowError, ValueError):
            continue
        if day:
            out.append((match.start(), day))
        if note:
            told.append(note)
    return out, told


def _mended(sentence: str) -> tuple[str, str]:
    """The sentence with its days and months in digits and letters, and what was read in their place."""
    read: list[str] = []

    def month(match: re.Match[str]) -> str:
        word = match.group().upper().translate(str.maketrans("058", "OSB"))
        for letter in "IL":
            if _WHOLE_MONTH.fullmatch(name := word.replace("1", letter)):
                read.append(match.group())
                return name
        return match.group()

    def numeral(match: re.Match[str]) -> str:
        printed = match["d"] or match["e"] or match["n"]
        digits = printed.translate(_TO_DIGITS)
        if digits == printed or not ("l" in printed or any(map(str.isdecimal, printed))):
            return match.group()
        read.append(printed)
        return (match["before"] or "") + digits

    return _NEAR_MONTH.sub(numeral, _MIXED.sub(month, sentence)), " ".join(read[:4])


def _behind(sent: date, within: re.Match[str]) -> date:
    """The last day of a span that begins with the day of sending."""
    count = _count(raised(within["n"]))
    unit = raised(within["unit"])
    if unit.startswith(("WORKING", "BUSINESS")):
        return _working(sent, count)
    if unit.startswith("H"):
        return sent + timedelta(days=-(-count // 24))
    if unit.startswith("MONTH"):
        years, month = divmod(sent.month - 1 + count, 12)
        return min(
            sent.replace(day=1, year=sent.year + years, month=month + 1) + timedelta(days=sent.day - 1),
            _month_end(sent.year + years, month + 1),
        )
    return sent + timedelta(days=count * (7 if unit.startswith("WEEK") else 1))


def _count(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text in ("A", "AN"):
        return 1
    tens, _, units = text.replace("-", " ").partition(" ")
    return _TENS[tens] + NUMBERS.get(units.strip(), 0) if tens in _TENS else NUMBERS[text]


def _month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def raised(text: str) -> str:
    """Capitals to look up. Patterns that pass over case take these two as I and K; upper() leaves them."""
    return text.upper().replace("\u0130", "I").replace("\u212a", "K")


def _weekday(sent: date, name: str) -> date:
    """The first day of that name behind the day of sending."""
    day = sent + timedelta(days=1)
    return day + timedelta(days=(_DAYS.index(raised(name)) - day.weekday()) % 7)


def _working(start: date, count: int) -> date:
    day = start
    while count > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            count -= 1
    return day


def _dated(match: re.Match[str], sent: date | None) -> tuple[date | None, str | None]:
    """The day, and a note where it was moved on."""
    if match["iso"]:
        return date.fromisoformat(match["iso"]), None
    if match["mon4"]:
        return _grouped(match, sent), None
    if match["near"] or match["ordinal"] or match["end"]:
        return _relative(match, sent) if sent else (None, None)
    n = "1" if match["mon1"] else "2" if match["mon2"] else "3"
    month = int(match["m3"]) if n == "3" else MONTHS.index(raised(match[f"mon{n}"])[:3]) + 1
    day = int(match[f"d{n}"])
    year = match[f"y{n}"]
    if n == "3" and month > 12 >= day:
        month, day = day, month
    if year and n != "3":
        year = _year(year, sent)
    if year is None and sent is None:
        return None, None
    latest = (sent.year if sent else date.max.year - 99) + 99
    if year:
        return date(expand_year(year, latest), month, day), None
    passed: date | None = None
    for candidate in (sent.year, sent.year + 1) if sent else ():
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if sent and found >= sent:
            return found, _passed(passed, sent, found)
        passed = found
    return None, None


def _year(digits: str, sent: date | None) -> str | None:
    """What stands behind the month, where it can be a year: two digits are the telegram's own or the next."""
    if len(digits) == 2:
        return digits if sent and (int(digits) - sent.year) % 100 < 2 else None
    return digits if "1900" <= digits <= "2100" or (sent and abs(int(digits) - sent.year) < 2) else None


def _passed(passed: date | None, sent: date, taken: date) -> str | None:
    """A note where the same day of the telegram's own year has only just passed."""
    if passed is None or (sent - passed).days >= 60:
        return None
    return (
        f"the deadline of {MONTHS[passed.month - 1]} {passed.day} has passed in {passed.year}; "
        f"{taken.isoformat()} is taken, check it"
    )


def _relative(match: re.Match[str], sent: date) -> tuple[date | None, str | None]:
    """A day told from that of sending: today, the 24th, the end of a month."""
    if match["near"]:
        return sent + timedelta(days=raised(match["near"]) == "TOMORROW"), None
    if match["end"]:
        name = raised(match["end"])
        month = sent.month if name == "MONTH" else MONTHS.index(name[:3]) + 1
        if match["y5"] and name != "MONTH":
            return _month_end(int(match["y5"]), month), None
        found = _month_end(sent.year, month)
        if found >= sent:
            return found, None
        taken = _month_end(sent.year + 1, month)
        return taken, _passed(found, sent, taken)
    day = int(match["ordinal"])
    first = sent.replace(day=1)
    for _ in range(3):
        if day <= monthrange(first.year, first.month)[1] and day:
            found = first.replace(day=day)
            if found >= sent:
                late = first.month != sent.month and (sent.day - day) < 10
                return (
                    found,
                    f"the deadline is the {day} of a month; {found.isoformat()} is taken" if late else None,
                )
        first = (first + timedelta(days=31)).replace(day=1)
    return None, None


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


def last_before(places: Sequence[int], at: int) -> int:
    """The last of sorted places that is not behind another; -1 where none is."""
    n = bisect_right(places, at)
    return places[n - 1] if n else -1


def _near(cues: Sequence[int], at: int) -> bool:
    cue = last_before(cues, at)
    return cue >= 0 and at - cue < 60
