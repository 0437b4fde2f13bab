"""The record of every request, and what passes between the gate and the routes."""

from dataclasses import dataclass, field


@dataclass
class Request:
    """One REST request. ``at`` is monotonic seconds, ``path`` is without ``/api/v10`` and query.

    ``status`` is what was answered, 0 while it is not, or when the connection was reset. ``fault`` is what
    struck it.
    """

    at: float
    method: str
    path: str
    query: dict = field(default_factory=dict)
    body: object = None
    files: list = field(default_factory=list)
    reason: str | None = None
    status: int = 0
    seconds: float = 0.0
    fault: object = None

    @property
    def outcome(self):
        """HTTP status that was returned."""
        return self.status


@dataclass(frozen=True)
class Refusal:
    """A body that Discord (or our own rule about mentions) would not take."""

    at: float
    method: str
    path: str
    errors: object


@dataclass(frozen=True)
class Answer:
    """A body with headers of its own."""

    body: object
    headers: dict = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """An uploaded file; ``index`` is the text in ``files[0]``."""

    index: str
    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class Asked:
    """Request as a route gets it: ``match_info`` has the words of the path, ``body`` is parsed JSON."""

    match_info: dict
    query: dict
    headers: dict
    body: object
    files: list
