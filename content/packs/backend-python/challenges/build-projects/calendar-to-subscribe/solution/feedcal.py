"""Turn a list of dates into a calendar that phones can subscribe to."""

import csv
import hashlib
import pathlib
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from wsgiref.simple_server import make_server


@dataclass(frozen=True)
class Event:
    """One whole day."""

    day: date
    what: str
    yearly: bool = False


def read_events(lines):
    """Return the events of an iterable of lines, and a list of complaints."""
    events, complaints = [], []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            events.append(_event(line))
        except (ValueError, csv.Error) as error:
            complaints.append(f"{number}: {error}")
    return events, complaints


def _event(line):
    [fields] = csv.reader([line.strip()], strict=True)
    if len(fields) != 3:
        raise ValueError("a line needs date, what and kind")
    day, what, kind = (field.strip() for field in fields)
    if kind not in ("once", "yearly") or not what:
        raise ValueError("kind is once or yearly, and what isn't empty")
    return Event(date.fromisoformat(day), what, kind == "yearly")


def escaped(text):
    """Return a text as RFC 5545 wants it in a property."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n")


def folded(line):
    """Return a content line with its line end, folded at 75 bytes."""
    parts, part, size = [], "", 0
    for character in line:
        length = len(character.encode())
        if size + length > 75:
            parts.append(part)
            part, size = " ", 1
        part, size = part + character, size + length
    return "".join(f"{each}\r\n" for each in [*parts, part])


def calendar(events, now):
    """Return the calendar as text."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//feedcal//EN"]
    for event in sorted(set(events), key=lambda each: (each.day, each.what, each.yearly)):
        uid = hashlib.sha256(f"{event.day}|{event.yearly}|{event.what}".encode()).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}@feedcal.example",
            f"DTSTAMP:{now.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{_compact(event.day)}",
            f"DTEND;VALUE=DATE:{_compact(event.day + timedelta(days=1))}",
            f"SUMMARY:{escaped(event.what)}",
            *(["RRULE:FREQ=YEARLY"] if event.yearly else []),
            "END:VEVENT",
        ]
    return "".join(map(folded, [*lines, "END:VCALENDAR"]))


def _compact(day):
    return day.isoformat().replace("-", "")


def make_app(path):
    """Return a WSGI application that serves the file at `path` as /calendar.ics."""

    def application(environ, start_response):
        if environ["PATH_INFO"] != "/calendar.ics":
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"The calendar is at /calendar.ics"]
        events, _ = read_events(pathlib.Path(path).read_text(encoding="utf-8").splitlines())
        timeless = calendar(events, datetime(2000, 1, 1, tzinfo=UTC))
        tag = f'"{hashlib.sha256(timeless.encode()).hexdigest()[:32]}"'
        if tag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", [("ETag", tag)])
            return [b""]
        headers = [("Content-Type", "text/calendar; charset=utf-8"), ("ETag", tag)]
        start_response("200 OK", headers)
        return [calendar(events, datetime.now(UTC)).encode()]

    return application


if __name__ == "__main__":
    with make_server("127.0.0.1", 8000, make_app(sys.argv[1])) as server:
        print("Subscribe to http://127.0.0.1:8000/calendar.ics")
        server.serve_forever()
