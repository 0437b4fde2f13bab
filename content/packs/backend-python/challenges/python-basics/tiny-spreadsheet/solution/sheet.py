"""A spreadsheet for the terminal: python sheet.py budget.csv"""

import csv
import re
import sys
from dataclasses import dataclass

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<cell>[A-Z]+[1-9]\d*)|(?P<name>[A-Z]+)|(?P<sign>[-+*/():]))"
)
PLAIN = re.compile(r"-?\d+(?:\.\d+)?")


class CellError(Exception):
    """A cell without a value. The text is what the cell shows, such as #SYNTAX!"""


SYNTAX, CYCLE, DIVISION, TYPE, NAME = "#SYNTAX!", "#CYCLE!", "#DIV/0!", "#VALUE!", "#NAME?"


def tokens(text):
    """Return a list of (kind, text). Raise CellError(SYNTAX)."""
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
    """A function of a range of cells."""

    name: str
    first: str
    last: str


class Parser:
    """Goes through the tokens of a formula once, from left to right."""

    def __init__(self, text):
        self.tokens = tokens(text)
        self.place = 0

    def next(self):
        """Return the next token without taking it."""
        return self.tokens[self.place] if self.place < len(self.tokens) else ("end", "")

    def take(self, kind, *texts):
        """Take a token of this kind, and of one of these texts if there are any."""
        found = self.next()
        if found[0] != kind or (texts and found[1] not in texts):
            raise CellError(SYNTAX)
        self.place += 1
        return found[1]

    def whole(self):
        tree = self.sum()
        if self.next()[0] != "end":
            raise CellError(SYNTAX)
        return tree

    def sum(self):
        return self.chain(self.product, "+", "-")

    def product(self):
        return self.chain(self.factor, "*", "/")

    def chain(self, part, *signs):
        tree = part()
        while self.next()[1] in signs:
            tree = Operation(self.take("sign"), tree, part())
        return tree

    def factor(self):
        kind, text = self.next()
        if kind == "number":
            return Number(float(self.take(kind)))
        if kind == "cell":
            return Reference(self.take(kind))
        if kind == "name":
            return self.call()
        if self.take("sign", "-", "(") == "-":
            return Operation("-", Number(0.0), self.factor())
        tree = self.sum()
        self.take("sign", ")")
        return tree

    def call(self):
        name = self.take("name")
        self.take("sign", "(")
        first = last = self.take("cell")
        if self.next()[1] == ":":
            self.take("sign")
            last = self.take("cell")
        self.take("sign", ")")
        return Call(name, first, last)


def parse(text):
    """Return the tree of a formula without its "="."""
    return Parser(text).whole()


def column_name(index):
    """Return the letters of a column: 0 is A, 26 is AA."""
    name = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _split(cell):
    letters = cell.rstrip("0123456789")
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1, int(cell.removeprefix(letters))


def cells_between(first, last):
    """Return the names of all cells of a rectangle, row by row."""
    columns, rows = (sorted(pair) for pair in zip(_split(first), _split(last), strict=True))
    return [
        f"{column_name(column)}{row}"
        for row in range(rows[0], rows[1] + 1)
        for column in range(columns[0], columns[1] + 1)
    ]


FUNCTIONS = {
    "SUM": sum,
    "MIN": lambda values: min(values, default=0),
    "MAX": lambda values: max(values, default=0),
    "COUNT": len,
}


class Sheet:
    """Cells by name. Values are worked out when somebody asks, and once only until a cell changes."""

    def __init__(self):
        self.texts = {}
        self.known = {}
        self.busy = set()

    def set(self, name, text):
        """Put a text into a cell; an empty one clears it."""
        self.texts[name] = text
        self.known.clear()

    def value(self, name):
        """Return what a cell shows."""
        try:
            found = self.result(name)
        except CellError as error:
            return str(error)
        return "" if found is None else found

    def result(self, name):
        """Return the value of a cell, or raise its error, from memory if it is known."""
        if name in self.busy:
            raise CellError(CYCLE)
        if name not in self.known:
            self.busy.add(name)
            try:
                self.known[name] = self.calculate(name)
            except CellError as error:
                self.known[name] = error
            finally:
                self.busy.discard(name)
        found = self.known[name]
        if isinstance(found, CellError):
            raise found
        return found

    def calculate(self, name):
        """Work out one cell: return its float or text, None if it's empty, or raise CellError."""
        text = self.texts.get(name, "")
        if text.startswith("="):
            return self.evaluate(parse(text[1:]))
        if PLAIN.fullmatch(text):
            return float(text)
        return text or None

    def evaluate(self, tree):
        match tree:
            case Number(value):
                return value
            case Reference(cell):
                found = self.result(cell)
                return 0.0 if found is None else found
            case Operation(sign, left, right):
                return self.operation(sign, self.evaluate(left), self.evaluate(right))
            case Call(name, first, last):
                if name not in FUNCTIONS:
                    raise CellError(NAME)
                found = [self.result(cell) for cell in cells_between(first, last)]
                return float(FUNCTIONS[name]([each for each in found if isinstance(each, float)]))

    def operation(self, sign, left, right):
        if not (isinstance(left, float) and isinstance(right, float)):
            raise CellError(TYPE)
        match sign:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
        if right == 0:
            raise CellError(DIVISION)
        return left / right


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
