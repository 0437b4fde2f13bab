"""Work out who pays whom after a trip: python settle.py trip.txt"""

import sys


def split_line(line):
    """Return the name and the amount of a line, both as text. What follows is a note."""
    name, amount, *_ = line.split()
    return name, amount


def to_cents(text):
    """Return the cents of an amount. Raise ValueError for anything that isn't one."""
    whole, point, decimals = text.partition(".")
    if point and not 1 <= len(decimals) <= 2:
        raise ValueError(f"not an amount: {text!r}")
    digits = whole + decimals
    if not whole or not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"not an amount: {text!r}")
    return int(whole) * 100 + int(decimals.ljust(2, "0"))


def to_text(cents):
    """Return cents with two decimals."""
    sign = "-" if cents < 0 else ""
    whole, rest = divmod(abs(cents), 100)
    return f"{sign}{whole}.{rest:02}"


def shares(total, people):
    """Return a list of what each of so many people owes, in cents."""
    if people < 1:
        raise ValueError("nobody is there to pay")
    each, left = divmod(total, people)
    return [each + 1] * left + [each] * (people - left)


def read_payments(lines):
    """Return a list of (name, cents) from any iterable of lines, in their order."""
    payments = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            name, amount = split_line(line)
            payments.append((name, to_cents(amount)))
        except ValueError as error:
            raise ValueError(f"line {number}: {error}") from error
    return payments


def balances(payments):
    """Return a dictionary of name and balance: what the person paid, less the share of all costs."""
    paid = {}
    for name, cents in payments:
        paid[name] = paid.get(name, 0) + cents
    if not paid:
        return {}
    owed = shares(sum(paid.values()), len(paid))
    return {name: paid[name] - share for name, share in zip(paid, owed, strict=True)}


def transfers(balances):
    """Return a list of (from, to, cents) after which every balance is zero."""
    left = {name: cents for name, cents in balances.items() if cents}
    moves = []
    while left:
        giver = min(left, key=left.get)
        taker = max(left, key=left.get)
        cents = min(-left[giver], left[taker])
        moves.append((giver, taker, cents))
        left[giver] += cents
        left[taker] -= cents
        left = {name: rest for name, rest in left.items() if rest}
    return moves


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
