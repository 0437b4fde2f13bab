"""Loads folders of packs one after another and prints what each cost, as one line of JSON.

Run as a program, so that a fault of a parser ends this process and not the tests:
``python -m tests.content.loading FOLDER...``, or with ``fuzz FOLDER SEED COUNT`` for mutated packs.
"""

import json
import resource
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from content.loader import load_packs, shipped_packs_folder

ROOM = 400 * 2**20
"""Bytes of address space on top of what the process has at its start: more than any load may take."""

SECONDS = 10
"""Processor time after which one load is given up: the process ends."""


def load_alone(*arguments, timeout=600):
    """Run this module as a program; give the lines it printed and how it ended."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.content.loading", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return [json.loads(line) for line in done.stdout.splitlines()], done


def measured(folder):
    """Load a folder of packs; what was found, with processor time in seconds and growth in MiB."""
    _forget_the_peak()
    before = _peak()
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    started = time.process_time()
    loaded = load_packs(folder)
    spent = time.process_time() - started
    signal.setitimer(signal.ITIMER_PROF, 0)
    return {
        "packs": sorted(loaded.packs),
        "problems": [str(each) for each in loaded.problems],
        "seconds": spent,
        "mib": (_peak() - before) / 1024,
    }


def limit_memory():
    """Refuse memory beyond ROOM, so that a fault cannot take the machine with it."""
    pages = int(Path("/proc/self/statm").read_text().split()[0]) if Path("/proc/self/statm").exists() else 0
    if pages:
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM,) * 2)


def _forget_the_peak():
    with suppress(OSError):  # then growth is counted from the highest peak up to now
        Path("/proc/self/clear_refs").write_text("5")


def _peak():
    """The most memory that was in use, in KiB."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _tell(document):
    sys.stdout.write(f"{json.dumps(document)}\n")
    sys.stdout.flush()


def main():
    if sys.argv[1] == "fuzz":
        from tests.content.mutating import mutated_packs

        folder, seed, count = Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
        load_packs(shipped_packs_folder())
        limit_memory()
        for name in mutated_packs(folder, seed, count):
            _tell({"begins": name})
            _tell(measured(folder))
        return
    load_packs(shipped_packs_folder())  # what is imported and cached once is no growth
    limit_memory()
    for each in sys.argv[1:]:
        _tell({"begins": Path(each).name})
        _tell(measured(Path(each)))


if __name__ == "__main__":
    main()
