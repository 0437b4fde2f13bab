"""One problem, three ways: which visits belong together?

A visit is a pair (user, second). Visits of one user belong to one session as long as not more than GAP
seconds lie between one and the next. A session is (user, first second, last second, number of visits).
"""

GAP = 1800

VISITS = [("bo", 10), ("ann", 100), ("ann", 1900), ("ann", 3701), ("bo", 10)]
"""Two sessions of Ann, the first of two visits, and one of Bo with two visits."""


def by_loop(visits):
    """Return the sessions as a list, sorted. The visits may come in any order.

    The way: one pass over sorted visits, a few variables, and `if`.
    """
    return []


def by_stream(visits):
    """Yield the sessions of visits that come sorted, as soon as each has ended.

    The way: generators and itertools. It keeps no list of visits or sessions, so it can work on a
    stream that never ends. Visits that don't come sorted raise ValueError.
    """
    yield from ()


QUERY = ""
"""One statement of SQL on the table visit (user, at) that returns the sessions, sorted.

The way: window functions; `lag` finds the visit before, a running sum numbers the sessions. The gap is
the parameter :gap.
"""


def by_sql(con):
    """Return the sessions of the table visit as a list, sorted."""
    return con.execute(QUERY, {"gap": GAP}).fetchall()
