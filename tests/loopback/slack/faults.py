"""Scripted failures of calls to Slack."""

from dataclasses import dataclass, field

from tests.loopback import faults
from tests.loopback.slack.refusals import too_many


@dataclass(eq=False)
class Fault(faults.Fault):
    """Of calls whose arguments include ``where`` as well.

    Status 429 goes with ``retry_after`` seconds; ``error`` answers 200 with that word.
    """

    retry_after: int = 1
    error: str = ""
    where: dict = field(default_factory=dict)

    def matches(self, entry, asked):
        """Would it strike this call now?"""
        fits = all(asked.args.get(key) == value for key, value in self.where.items())
        return fits and super().matches(entry, asked)

    @property
    def answers(self):
        """Does it put its own end to the call?"""
        return bool(self.error) or super().answers

    def answer(self):
        """Status, headers and body."""
        if self.status == 429:
            return too_many(self.retry_after)
        if self.status:
            return self.status, {}, "<html><body>scripted</body></html>"
        return 200, {}, {"ok": False, "error": self.error}
