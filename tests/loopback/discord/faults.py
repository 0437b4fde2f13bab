"""Scripted failures of requests to Discord."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from tests.loopback import faults
from tests.loopback.discord.ratelimits import too_many


@dataclass(eq=False)
class Fault(faults.Fault):
    """Of requests whose path matches as well; it is without ``/api/v10``.

    Status 429 goes with ``retry_after`` seconds, ``via`` and ``scope``.
    """

    path: str = "*"
    retry_after: float = 0.05
    via: bool = True
    scope: str = "user"

    def matches(self, entry, asked):
        """Would it strike this request now?"""
        return super().matches(entry, asked) and fnmatchcase(entry.path, self.path)

    def answer(self):
        """Status, headers and body."""
        if self.status == 429:
            return 429, *too_many(self.retry_after, scope=self.scope, via=self.via)
        return self.status, {}, {"message": f"{self.status}: scripted", "code": 0}
