"""A spreadsheet for the terminal: python sheet.py budget.csv

A cell is empty, a number, a text, or a formula that begins with "=". This is what a formula looks like; a
name in capitals is a token, [ ] may be missing, and { } comes any number of times:

    formula = sum
    sum     = product { ("+" | "-") product }
    product = factor { ("*" | "/") factor }
    factor  = "-" factor | NUMBER | CELL | NAME "(" CELL [ ":" CELL ] ")" | "(" sum ")"
"""

import csv
import re
import sys
from dataclasses import dataclass

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<cell>[A-Z]+[1-9]\d*)|(?P<name>[A-Z]+)|(?P<sign>[-+*/():]))"
)


class CellError(Exception):
    """A cell without a value. The text is what the cell shows, such as #SYNTAX!"""


SYNTAX, CYCLE, DIVISION, TYPE, NAME = "#SYNTAX!", "#CYCLE!", "#DIV/0!", "#VALUE!", "#NAME?"


def tokens(text):
    """Return a list of (kind, text), where kind is number, cell, name or sign. Raise CellError(SYNTAX)."""
    found, place = [], 0
    text = text.rstrip()
    while place < len(text):
        match = TOKEN.match(text, place)
        if match is None:
            raise CellError(SYNTAX)
        found.append((match.lastgroup, match[match.lastgroup]))
        place = match.end()
    return found


@dataclass(frozen=True)
class Number:
    """A number in a formula."""

    value: float


@dataclass(frozen=True)
class Reference:
    """The value of another cell."""

    cell: str


@dataclass(frozen=True)
class Operation:
    """Two parts with a sign between them. -X is 0 - X."""

    sign: str
    left: object
    right: object


@dataclass(frozen=True)
class Call:
    """A function of a range of cells. The range of a single cell begins and ends with it."""

    name: str
    first: str
    last: str


def parse(text):
    """Return the tree of a formula without its "=". Raise CellError(SYNTAX).

    parse("1+2*A1") is Operation("+", Number(1.0), Operation("*", Number(2.0), Reference("A1"))).
    """
    raise NotImplementedError


def column_name(index):
    """Return the letters of a column: 0 is A, 25 is Z, 26 is AA, 701 is ZZ, 702 is AAA."""
    raise NotImplementedError


def cells_between(first, last):
    """Return the names of all cells of a rectangle, row by row: A1 and B2 make A1, B1, A2, B2."""
    raise NotImplementedError


class Sheet:
    """Cells by name. Values are worked out when somebody asks, and once only until a cell changes."""

    def __init__(self):
        self.texts = {}

    def set(self, name, text):
        """Put a text into a cell; an empty one clears it."""
        raise NotImplementedError

    def value(self, name):
        """Return what a cell shows: a float, a text, an error such as "#CYCLE!", or "" if it's empty."""
        raise NotImplementedError

    def calculate(self, name):
        """Work out one cell: return its float or text, None if it's empty, or raise CellError.

        `value` and formulas call this once for each cell, until some cell changes.
        """
        raise NotImplementedError


def load(lines):
    """Return a sheet from the lines of a CSV file: the first field of the first line is A1."""
    sheet = Sheet()
    for row, fields in enumerate(csv.reader(lines), start=1):
        for column, text in enumerate(fields):
            sheet.set(f"{column_name(column)}{row}", text.strip())
    return sheet


def shown(value):
    """Return a value as it is printed, numbers with two decimals."""
    return f"{value:.2f}" if isinstance(value, float) else value


def main(arguments):
    """Print the values of a CSV file as a table."""
    with open(arguments[0], encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    with open(arguments[0], encoding="utf-8", newline="") as lines:
        sheet = load(lines)
    for row, fields in enumerate(rows, start=1):
        names = [f"{column_name(column)}{row}" for column in range(len(fields))]
        print("".join(f"{shown(sheet.value(name)):>12}" for name in names))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
