"""Summarise a web server's access log as JSON: python loglens.py sample.log"""

import argparse
import json
import re
import sys
from collections import Counter
from dataclasses import dataclass

LINE = re.compile(
    r"(?P<host>\S+) \S+ (?P<user>\S+) \[(?P<time>[^]]+)\] "
    r'"(?P<method>\S+) (?P<target>\S+) \S+" (?P<status>\d{3}) (?P<size>\d+|-)'
)


@dataclass(frozen=True)
class Entry:
    """The parts of one line that the summary needs."""

    path: str
    status: str
    size: int


def parse_line(line):
    """Return the Entry of a line. Raise ValueError for one that doesn't fit the pattern."""
    found = LINE.fullmatch(line.rstrip("\n"))
    if found is None:
        raise ValueError("not in the common log format")
    size = 0 if found["size"] == "-" else int(found["size"])
    return Entry(found["target"].partition("?")[0], found["status"], size)


def summarise(lines, top=10):
    """Return the summary of any iterable of lines, as a dictionary."""
    statuses, paths = Counter(), Counter()
    sent = bad = 0
    for number, line in enumerate(lines, start=1):
        try:
            entry = parse_line(line)
        except ValueError as error:
            bad += 1
            print(f"line {number}: {error}", file=sys.stderr)
        else:
            statuses[entry.status] += 1
            paths[entry.path] += 1
            sent += entry.size
    ranked = sorted(paths.items(), key=lambda pair: (-pair[1], pair[0]))
    return {
        "total": statuses.total(),
        "by_status": dict(statuses),
        "top_paths": ranked[:top],
        "bytes": sent,
        "bad_lines": bad,
    }


def main(arguments=None):
    """Run the command line and return its exit status."""
    parser = argparse.ArgumentParser(prog="loglens")
    parser.add_argument("file")
    parser.add_argument("--top", type=int, default=10)
    options = parser.parse_args(arguments)
    if options.top < 1:
        parser.error("--top must be 1 or more")
    try:
        with open(options.file, encoding="utf-8", errors="backslashreplace") as lines:
            print(json.dumps(summarise(lines, options.top)))
    except OSError as error:
        print(f"loglens: {options.file}: {error.strerror}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
