"""The record of every call, and what passes between the gate and the methods."""

from dataclasses import dataclass, field


@dataclass
class Call:
    """One call that the bot made. ``at`` is monotonic seconds.

    ``method`` is a Web API method, or ``response_url``, ``upload``. ``status`` is the HTTP status, 0 while
    there is none, or when the connection was reset. ``error`` is Slack's word, None when all is well.
    """

    at: float
    method: str
    args: dict = field(default_factory=dict)
    team: str | None = None
    status: int = 0
    error: str | None = None
    seconds: float = 0.0
    fault: object = None

    @property
    def outcome(self):
        """Slack's word, else the HTTP status."""
        return self.error or self.status

    @property
    def ok(self):
        """Was it done, as far as the bot was told?"""
        return self.status == 200 and self.error is None


@dataclass(frozen=True)
class Refusal:
    """Something that Slack, or a rule of our own, would not take. ``problems`` are sentences."""

    at: float
    method: str
    error: str
    problems: tuple


@dataclass(frozen=True)
class Asked:
    """Call as a method gets it: decoded arguments, the workspace and the token that came with them."""

    method: str
    args: dict
    team: object
    grant: object
    call: Call
    login: tuple = ("", "")
    data: bytes = b""


@dataclass(frozen=True)
class Method:
    """A Web API method: who serves it, the scope it needs, its rate tier (0 for none)."""

    serve: object
    scope: str | None = None
    tier: int = 3
    public: bool = False
