"""Acknowledged writes are on the disk, whenever the process dies."""

import random
import sqlite3
import subprocess
import sys

KILLS = 10


def live_and_die(path, life, acknowledgements):
    """Start a writer, kill it after so many acknowledgements; returns all that it still got out."""
    program = [sys.executable, "-m", "tests.storage.acknowledging_child", str(path), str(life)]
    with subprocess.Popen(program, stdout=subprocess.PIPE, text=True) as child:
        heard = [child.stdout.readline().strip() for _ in range(acknowledgements)]
        child.kill()
        heard += [line.strip() for line in child.stdout if line.endswith("\n")]
    assert all(heard), "the child died of something else"
    return heard


def test_every_acknowledged_unit_survives_sigkill(path):
    chance = random.Random(20260302)
    acknowledged = []
    for life in range(KILLS):
        acknowledged += live_and_die(path, life, chance.randint(1, 120))
        connection = sqlite3.connect(path)
        notes = {name for (name,) in connection.execute("SELECT name FROM note")}
        events = {name for (name,) in connection.execute("SELECT event_id FROM event")}
        (whole,) = connection.execute("PRAGMA integrity_check").fetchone()
        connection.close()
        assert set(acknowledged) <= notes
        assert notes == events, "a unit is there whole or not at all"
        assert whole == "ok"
    assert len(acknowledged) > KILLS
