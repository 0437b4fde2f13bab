"""One problem, three ways: which visits belong together?"""

from itertools import groupby
from operator import itemgetter

GAP = 1800

VISITS = [("bo", 10), ("ann", 100), ("ann", 1900), ("ann", 3701), ("bo", 10)]


def by_loop(visits):
    """Return the sessions as a list, sorted."""
    sessions = []
    for user, at in sorted(visits):
        if sessions and sessions[-1][0] == user and at - sessions[-1][2] <= GAP:
            _, first, _, number = sessions[-1]
            sessions[-1] = (user, first, at, number + 1)
        else:
            sessions.append((user, at, at, 1))
    return sessions


def _ordered(visits):
    before = None
    for visit in visits:
        if before is not None and visit < before:
            raise ValueError("the visits aren't sorted")
        yield visit
        before = visit


def by_stream(visits):
    """Yield the sessions of visits that come sorted, as soon as each has ended."""
    for user, group in groupby(_ordered(visits), key=itemgetter(0)):
        yield from ((user, *session) for session in _of_one(at for _, at in group))


def _of_one(times):
    first = last = next(times)
    number = 1
    for at in times:
        if at - last > GAP:
            yield first, last, number
            first, number = at, 0
        last, number = at, number + 1
    yield first, last, number


QUERY = """
WITH marked AS (
  SELECT user, at, at - lag(at) OVER mine > :gap AS begins FROM visit
  WINDOW mine AS (PARTITION BY user ORDER BY at)
), numbered AS (
  SELECT user, at, sum(coalesce(begins, 0)) OVER (
    PARTITION BY user ORDER BY at ROWS UNBOUNDED PRECEDING
  ) AS session FROM marked
)
SELECT user, min(at), max(at), count(*) FROM numbered GROUP BY user, session ORDER BY 1, 2
"""


def by_sql(con):
    """Return the sessions of the table visit as a list, sorted."""
    return con.execute(QUERY, {"gap": GAP}).fetchall()
