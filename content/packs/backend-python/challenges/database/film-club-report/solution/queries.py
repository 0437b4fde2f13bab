"""Eight questions to the film club, one query each. Look at the answers with: python queries.py"""

import sqlite3
from pathlib import Path

NEVER_SHOWN = """
SELECT title FROM film
WHERE NOT EXISTS (SELECT 1 FROM screening WHERE screening.film = film.id)
ORDER BY title
"""

PER_FILM = """
SELECT title, count(rating.id), round(avg(stars), 1)
FROM film
LEFT JOIN screening ON screening.film = film.id
LEFT JOIN rating ON rating.screening = screening.id
GROUP BY film.id ORDER BY title
"""

FAVOURITES = """
SELECT title, avg(stars) AS average
FROM film JOIN screening ON screening.film = film.id JOIN rating ON rating.screening = screening.id
GROUP BY film.id HAVING count(*) >= ?
ORDER BY average DESC, title
"""

SILENT = """
SELECT name FROM member
WHERE joined < ? AND NOT EXISTS (SELECT 1 FROM rating WHERE rating.member = member.id)
ORDER BY name
"""

PER_MONTH = """
SELECT substr(shown_on, 1, 7) AS month, count(DISTINCT screening.id), count(rating.id)
FROM screening LEFT JOIN rating ON rating.screening = screening.id
GROUP BY month ORDER BY month
"""

LAST_SHOWN = """
SELECT title, max(shown_on) AS latest
FROM film LEFT JOIN screening ON screening.film = film.id
GROUP BY film.id ORDER BY latest DESC NULLS LAST, title
"""

BEST_OF_YEAR = """
WITH average AS (
  SELECT year, title, rank() OVER (PARTITION BY year ORDER BY avg(stars) DESC) AS place
  FROM film JOIN screening ON screening.film = film.id JOIN rating ON rating.screening = screening.id
  GROUP BY film.id
)
SELECT year, title FROM average WHERE place = 1 ORDER BY year, title
"""

RUNNING_TOTAL = """
SELECT shown_on, title, sum(count(rating.id)) OVER (ORDER BY shown_on, screening.id)
FROM screening
JOIN film ON film.id = screening.film
LEFT JOIN rating ON rating.screening = screening.id
GROUP BY screening.id ORDER BY shown_on, screening.id
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
