"""Parsers of what people type: times, days, dates and zones, read or refused with a sentence.

Pure: the day it is for the reader is an argument. Nothing is cut and nothing is guessed: text that may mean
two things is refused, and what is read, described back, reads the same.
"""

from bot.domain.parsing.dates import MOST_DATES, parse_date, parse_dates, parse_past_date
from bot.domain.parsing.days import MOST_DAYS, parse_days
from bot.domain.parsing.times import AFTER_TIME, MOST_TIME, is_off, parse_time
from bot.domain.parsing.words import quote
from bot.domain.parsing.zones import (
    MOST_ZONE,
    known_zone,
    parse_zone,
    suggested_zones,
    zones_meant,
    zones_of_cities,
)

__all__ = [
    "AFTER_TIME",
    "MOST_DATES",
    "MOST_DAYS",
    "MOST_TIME",
    "MOST_ZONE",
    "is_off",
    "known_zone",
    "parse_date",
    "parse_dates",
    "parse_days",
    "parse_past_date",
    "parse_time",
    "parse_zone",
    "quote",
    "suggested_zones",
    "zones_meant",
    "zones_of_cities",
]
