"""Summarise a web server's access log as JSON: python loglens.py sample.log"""

import argparse
import json
import re
import sys
from dataclasses import dataclass

# The common log format. `LINE.fullmatch(text)` gives a match with these names, or None:
# found["target"] is then the path with its query, found["size"] the bytes or "-".
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
    raise NotImplementedError


def summarise(lines, top=10):
    """Return the summary of any iterable of lines, as a dictionary.

    Its keys are total, by_status, top_paths, bytes and bad_lines. `total` counts the lines that
    could be read. `top_paths` is a list of [path, count], most frequent first, ties in alphabetical
    order. A line that can't be read is named on standard error with its number, counted from 1.
    """
    raise NotImplementedError


def main(arguments=None):
    """Run the command line and return its exit status."""
    parser = argparse.ArgumentParser(prog="loglens")
    parser.add_argument("file")
    parser.add_argument("--top", type=int, default=10)
    options = parser.parse_args(arguments)
    with open(options.file, encoding="utf-8") as lines:
        print(json.dumps(summarise(lines, options.top)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
