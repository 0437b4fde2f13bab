"""Jobs that run side by side."""

import threading

import pytest

from content.checks import side_by_side as module
from content.checks.side_by_side import Job, side_by_side


def test_outcomes_come_in_the_order_of_the_jobs_and_each_is_counted():
    told = []
    jobs = [Job(lambda n=n: n * n, seconds=n % 3, waits=n % 2 == 0) for n in range(20)]
    assert side_by_side(jobs, lambda done, of: told.append((done, of))) == tuple(n * n for n in range(20))
    assert told == [(n, 20) for n in range(1, 21)]


def test_the_error_of_a_job_is_raised():
    with pytest.raises(ZeroDivisionError):
        side_by_side([Job(lambda: 1), Job(lambda: 1 // 0)])


def test_the_longest_begins_first(monkeypatch):
    monkeypatch.setattr(module, "CORES", 1)
    begun = []
    side_by_side([Job(lambda n=n: begun.append(n), seconds=n) for n in (1, 3, 2)])
    assert begun == [3, 2, 1]


def test_jobs_that_wait_keep_none_from_a_core(monkeypatch):
    monkeypatch.setattr(module, "CORES", 1)
    monkeypatch.setattr(module, "WAITING", 2)
    computed = threading.Event()
    waiting = [Job(lambda: computed.wait(60), seconds=9, waits=True)] * 2
    assert side_by_side([*waiting, Job(computed.set)]) == (True, True, None)


def test_jobs_that_run_are_not_waited_for_on_ctrl_c():
    ends, waited = threading.Event(), []

    def waits():
        waited.append(ends.wait(10))

    def interrupts(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        side_by_side([Job(waits, waits=True), Job(lambda: None)], interrupts)
    assert not waited
    ends.set()
