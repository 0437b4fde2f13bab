"""Reasons why a message could not be sent, as facts that are stored: a kind, and what is known of it."""

from __future__ import annotations

from bot.chat.adapter import DeliveryError, Forbidden, Gone, Rejected, Transient
from bot.domain.reasons import Fault
from bot.errors import UserError
from bot.library import PackMissing
from bot.toolkit.text import shorten

DETAIL_LENGTH = 300
"""Characters that are kept of what a platform says, at most."""


class NotRunning(Transient):
    """Error: the platform does not run in this process. Its text is the platform's name."""


class Silent(Transient):
    """Error: the platform did not answer in time."""


class Bug(Transient):
    """Error that nobody foresaw, once logged; it may not come again. Its text is the error's type."""

    def __init__(self, error: Exception) -> None:
        super().__init__(type(error).__name__)


_KINDS = (
    (NotRunning, Fault.NOT_RUNNING),
    (Silent, Fault.SILENT),
    (Bug, Fault.BUG),
    (Transient, Fault.TROUBLE),
    (Forbidden, Fault.FORBIDDEN),
    (Gone, Fault.GONE),
    (Rejected, Fault.MALFORMED),
    (PackMissing, Fault.PACK_MISSING),
)
"""Pairs of an error's class and its fault; the first that fits holds."""


def fault_of(error: DeliveryError | UserError) -> tuple[Fault, str]:
    """The fault and its detail: what the platform said, or the name of what is missing."""
    fault = next((fault for kind, fault in _KINDS if isinstance(error, kind)), Fault.MALFORMED)
    if isinstance(error, UserError):
        return (fault, error.pack_id) if isinstance(error, PackMissing) else (Fault.CONTENT_MISSING, "")
    return fault, shorten(str(error).strip(), DETAIL_LENGTH)
