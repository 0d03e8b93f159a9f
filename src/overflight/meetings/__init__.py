"""Meetings that may explain a flight innocently: what is on, where, and whether it would explain this leg.

`gather` brings together the shipped meetings, the recurring ones and iCalendar files; `coincident` picks
those on or near some days and places; `explanation` holds one against one leg, with every contribution shown.
"""

from overflight.meetings.beside import Beside, beside, days_of
from overflight.meetings.calendar import Calendar, calendars_in, parse_calendar, read_calendar
from overflight.meetings.coincidence import NEAR_DAYS, Coincidence, coincident, gather
from overflight.meetings.explanation import BANDS, CAUTION, Score, explanation, explanations
from overflight.meetings.features import Contribution, Known
from overflight.meetings.geography import place_of
from overflight.meetings.model import Category, Group, Meeting, Part, Place
from overflight.meetings.table import categories, groups, is_member, recurring, shipped

__all__ = [
    "BANDS",
    "CAUTION",
    "NEAR_DAYS",
    "Beside",
    "Calendar",
    "Category",
    "Coincidence",
    "Contribution",
    "Group",
    "Known",
    "Meeting",
    "Part",
    "Place",
    "Score",
    "beside",
    "calendars_in",
    "categories",
    "coincident",
    "days_of",
    "explanation",
    "explanations",
    "gather",
    "groups",
    "is_member",
    "parse_calendar",
    "place_of",
    "read_calendar",
    "recurring",
    "shipped",
]
