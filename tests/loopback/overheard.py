"""All that is logged or printed while a block runs, as any handler could write it down."""

import json
import logging
from contextlib import contextmanager

from milepost.logs import configure

FORMAT = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")


class Overheard(logging.Handler):
    """Keeps every line, and every attribute of its record."""

    def __init__(self):
        super().__init__(level=1)
        self.setFormatter(FORMAT)
        self.lines, self.records = [], []

    def emit(self, record):
        self.lines.append(self.format(record))
        self.records.append(json.dumps(vars(record), default=repr, ensure_ascii=False))

    @property
    def text(self):
        return "\n".join((*self.lines, *self.records))

    def has(self, *secrets):
        """Secrets among ``secrets`` that are in what was logged or printed."""
        return [secret for secret in secrets if secret in self.text]


@contextmanager
def overheard(*, libraries=False):
    """Milepost at DEBUG, as its command line sets it up; with ``libraries`` those of platforms as well.

    That is never so in earnest: they write down all that they send and get.
    """
    configure("DEBUG")
    heard, root = Overheard(), logging.getLogger()
    root.addHandler(heard)
    chatty = ("discord", "slack_sdk", "slack_bolt", "aiohttp", "asyncio")
    before = {name: logging.getLogger(name).level for name in chatty}
    if libraries:
        for name in chatty:
            logging.getLogger(name).setLevel(logging.DEBUG)
    try:
        yield heard
    finally:
        root.removeHandler(heard)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
