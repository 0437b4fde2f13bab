"""Work out who pays whom after a trip: python settle.py trip.txt

Amounts are whole cents (an int) everywhere inside the program. They are text such as "12.50" only in
the file and on the screen.
"""

import sys


def split_line(line):
    """Return the name and the amount of a line, both as text. What follows is a note."""
    name, amount, *_ = line.split()
    return name, amount


def to_cents(text):
    """Return the cents of an amount: "12.50" is 1250, "7" is 700, "0.5" is 50.

    Raise ValueError for anything else: a sign, letters, a comma, a third decimal, nothing at all.
    """
    raise NotImplementedError


def to_text(cents):
    """Return cents with two decimals: 1250 is "12.50", 5 is "0.05", -305 is "-3.05"."""
    raise NotImplementedError


def shares(total, people):
    """Return a list of what each of so many people owes, in cents. It adds up to the total.

    Nobody owes more than one cent more than anybody else, and those who do are at the beginning.
    Raise ValueError if there are no people.
    """
    raise NotImplementedError


def read_payments(lines):
    """Return a list of (name, cents) from any iterable of lines, in their order.

    Lines with nothing but spaces are skipped. For a line that can't be read, raise ValueError with a
    message that has the number of the line in it, counted from 1.
    """
    raise NotImplementedError


def balances(payments):
    """Return a dictionary of name and balance: what the person paid, less the share of all costs.

    Everybody who is named shares all the costs. Shares go by the order in which names first appear.
    """
    raise NotImplementedError


def transfers(balances):
    """Return a list of (from, to, cents) after which every balance is zero.

    It has fewer entries than there are people, and the dictionary that was given is not changed.
    """
    raise NotImplementedError


def main(arguments):
    """Print one line for each transfer, and return the exit status."""
    try:
        with open(arguments[0], encoding="utf-8") as lines:
            payments = read_payments(lines)
    except (OSError, ValueError) as error:
        print(f"settle: {error}", file=sys.stderr)
        return 1
    for giver, taker, cents in transfers(balances(payments)):
        print(f"{giver} pays {taker} {to_text(cents)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
