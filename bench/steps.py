"""Progress of a measurement, shown while it runs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console


class Steps:
    """Steps of a measurement, told on standard error, so that the figures can be piped."""

    def __init__(self) -> None:
        self._console = Console(stderr=True)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """A spinner while the block runs (on a terminal), then a line with how long it took."""
        began = time.perf_counter()
        with self._console.status(what):
            yield
        self._console.print(f"  {what}: {time.perf_counter() - began:.1f} s", style="dim", highlight=False)

    def note(self, sentence: str) -> None:
        """Print something that the figures do not tell, such as why some are missing."""
        self._console.print(f"  {sentence}", style="dim", highlight=False)
