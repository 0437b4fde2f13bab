"""Files and functions that a reader passes from a press on Discord to its verdict.

Counted are the files and functions of the project that run between the event and the answer, each once.
The press is the second of its member, so that nothing is counted that only a newcomer needs.
"""

import asyncio
import sys
import tempfile
import threading
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from tests.adapters.discord.simulation import server as simulated_server
from tests.adapters.discord.world import letter, milepost

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("adapters", "bot", "content", "milepost", "storage")
SKIPPED = ("<lambda>", "<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>", "<module>")
"""Parts of a function that stand inside of it, and are read with it."""


class Trace:
    """The functions that were called, by file and name, with how often."""

    def __init__(self):
        self.calls = Counter()

    @property
    def files(self):
        return {file for file, _ in self.calls}

    @contextmanager
    def running(self):
        """Count what is called meanwhile, in every thread."""

        def note(frame, event, _argument):
            if event == "call" and frame.f_code.co_name not in SKIPPED:
                found = ours(frame.f_code.co_filename)
                if found:
                    self.calls[found, frame.f_code.co_qualname] += 1

        threading.setprofile_all_threads(note) if hasattr(threading, "setprofile_all_threads") else None
        sys.setprofile(note)
        try:
            yield self
        finally:
            sys.setprofile(None)
            if hasattr(threading, "setprofile_all_threads"):
                threading.setprofile_all_threads(None)


def ours(filename):
    """The path from the root of a file of the product; None for any other."""
    try:
        path = Path(filename).relative_to(ROOT)
    except ValueError:
        return None
    return path.as_posix() if path.parts[0] in PRODUCT else None


async def press():
    """Trace one press on a letter of the question of the day."""
    trace = Trace()
    with tempfile.TemporaryDirectory() as folder:
        async with simulated_server() as server, milepost(Path(folder), server) as world:
            await world.founds()
            await world.passes(minutes=31)
            quiz, ana = world.newest("Question of the day"), world.person("Ana")
            await ana.presses(letter(quiz, right=True), on=quiz)
            await world.passes(days=1)
            quiz = world.newest("Question of the day")
            right = letter(quiz, right=True)
            with trace.running():
                await ana.presses(right, on=quiz)
            assert ana.sees("✓ Correct")
    return trace


def main():
    trace = asyncio.run(press())
    rooms = Counter("/".join(file.split("/")[:2]) for file in trace.files)
    for file in sorted(trace.files):
        names = [name for found, name in trace.calls if found == file]
        print(f"{file}: {', '.join(names)}")
    print()
    for room, files in rooms.most_common():
        print(f"{room}: {files} files")
    print(f"A press crosses {len(trace.files)} files and {len(trace.calls)} functions.")


if __name__ == "__main__":
    main()
