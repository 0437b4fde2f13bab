"""Jobs that run side by side."""

import pytest

from content.checks.side_by_side import side_by_side


def test_outcomes_come_in_the_order_of_the_jobs_and_each_is_counted():
    told = []
    jobs = [lambda n=n: n * n for n in range(20)]
    assert side_by_side(jobs, lambda done, of: told.append((done, of))) == tuple(n * n for n in range(20))
    assert told == [(n, 20) for n in range(1, 21)]


def test_the_error_of_a_job_is_raised():
    with pytest.raises(ZeroDivisionError):
        side_by_side([lambda: 1, lambda: 1 // 0])
