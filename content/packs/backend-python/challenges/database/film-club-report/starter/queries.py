"""Eight questions to the film club, one query each. Look at the answers with: python queries.py"""

import sqlite3
from pathlib import Path

NEVER_SHOWN = ""
"""title - of each film that was never shown, in alphabetical order."""

PER_FILM = ""
"""title, ratings, average - of each film, by title. The average has one decimal and is NULL without
ratings.
"""

FAVOURITES = ""
"""title, average - of each film with at least ? ratings, the best first, then by title. The average isn't
rounded.
"""

SILENT = ""
"""name - of each member who joined before the day ? and never gave a rating, by name."""

PER_MONTH = ""
"""month, screenings, ratings - such as 2026-03, of each month with a screening, in order."""

LAST_SHOWN = ""
"""title, shown_on - the last day on which each film was shown, NULL for never; the latest day first, NULL
at the end, then by title.
"""

BEST_OF_YEAR = ""
"""year, title - the film of each year with the best average; with the same average, all of them. By year,
then title. Films without ratings are left out.
"""

RUNNING_TOTAL = ""
"""shown_on, title, total - of each screening, by day and then id: how many ratings the club had collected
by then, those of this screening included. Two screenings on one day have each a total of their own.
"""


def connect(script):
    """Return a database in memory with the tables and rows of a script."""
    con = sqlite3.connect(":memory:")
    con.executescript(script)
    return con


def main():
    """Print the answer to each question about the club of the example."""
    con = connect(Path(__file__).with_name("club.sql").read_text(encoding="utf-8"))
    values = {"FAVOURITES": (2,), "SILENT": ("2026-12-31",)}
    for name, query in list(globals().items()):
        if name.isupper() and query:
            print(f"\n{name}")
            for row in con.execute(query, values.get(name, ())):
                print(" | ".join(str(value) for value in row))


if __name__ == "__main__":
    main()
