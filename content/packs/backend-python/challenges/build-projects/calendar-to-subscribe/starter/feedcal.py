"""Turn a list of dates into a calendar that phones can subscribe to: python feedcal.py days.csv

Each line of the file is `date,what,kind`. The kind is `once` or `yearly`; a line such as
`2020-02-29,Leap party,yearly` comes back in leap years only, as RFC 5545 says.
"""

import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime
from wsgiref.simple_server import make_server


@dataclass(frozen=True)
class Event:
    """One whole day."""

    day: date
    what: str
    yearly: bool = False


def read_events(lines):
    """Return the events of an iterable of lines, and a list of complaints.

    A complaint is a text that begins with the number of its line, counted from 1. Empty lines and those
    that begin with `#` are passed over. `what` may be quoted, with commas in it, as in CSV.
    """
    return [], []


def escaped(text):
    """Return a text as RFC 5545 wants it in a property: `\\`, `;`, `,` and line ends are escaped."""
    raise NotImplementedError


def folded(line):
    """Return a content line with its line end, folded so that no part has more than 75 bytes in UTF-8.

    Continued parts begin with a space, which counts. A character is never cut in two.
    """
    raise NotImplementedError


def calendar(events, now):
    """Return the calendar as text, with `now`, an aware time, as the time of each entry.

    An event has UID, DTSTAMP, DTSTART as a date, DTEND as the day after, SUMMARY and, if it comes back,
    RRULE. The UID depends on nothing but the event itself: a phone that loads the calendar again finds
    the same entries. Two equal events are one.
    """
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//feedcal//EN\r\nEND:VCALENDAR\r\n"


def make_app(path):
    """Return a WSGI application that serves the file at `path` as /calendar.ics, as it is now.

    It has an ETag that changes with the content, never with the time, and answers 304 if a client has it
    already. A file with complaints is served without the lines complained about.
    """
    raise NotImplementedError


if __name__ == "__main__":
    with make_server("127.0.0.1", 8000, make_app(sys.argv[1])) as server:
        print("Subscribe to http://127.0.0.1:8000/calendar.ics")
        server.serve_forever()
