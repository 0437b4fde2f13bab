"""Log of what people were shown, in order, in which they look up the effect of their acts."""

from dataclasses import dataclass

EPHEMERAL, POST, UPDATE, DELETE, VIEW, HOME = "ephemeral", "post", "update", "delete", "view", "home"


@dataclass(frozen=True)
class Happening:
    """One thing that was shown, changed or taken away. ``user`` is the id of who alone sees it, else None.

    ``interaction`` is known where the bot used its response_url, trigger_id or acknowledgement.
    """

    at: float
    kind: str
    thing: object
    channel: object = None
    user: str | None = None
    interaction: object = None


class Happenings:
    """Numbered from the start of the server; ``clear`` forgets but numbers on. Each one beats ``pulse``."""

    def __init__(self, now, pulse):
        self.pulse = pulse
        self._now = now
        self._kept = []
        self._before = 0

    @property
    def count(self):
        """The number that the next one gets."""
        return self._before + len(self._kept)

    def add(self, kind, thing, **told):
        """Note one and wake those who wait."""
        self._kept.append(Happening(self._now(), kind, thing, **told))
        self.pulse.beat()

    def since(self, number):
        """From that number on, oldest first."""
        return self._kept[max(0, number - self._before) :]

    def clear(self):
        """Forget all."""
        self._before += len(self._kept)
        self._kept.clear()
