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


class Unshowable(DeliveryError):
    """Error: the content of a post cannot be shown any more. Its text is that of ``cause``."""

    def __init__(self, cause: UserError) -> None:
        super().__init__(str(cause))
        self.cause = cause


_KINDS = (
    (NotRunning, Fault.NOT_RUNNING),
    (Silent, Fault.SILENT),
    (Bug, Fault.BUG),
    (Transient, Fault.TROUBLE),
    (Forbidden, Fault.FORBIDDEN),
    (Gone, Fault.GONE),
    (Rejected, Fault.MALFORMED),
)
"""Pairs of an error's class and its fault; the first that fits holds."""


def fault_of(error: DeliveryError) -> tuple[Fault, str]:
    """The fault and its detail: what the platform said, or the name of what is missing."""
    if isinstance(error, Unshowable):
        missing = error.cause
        if isinstance(missing, PackMissing):
            return Fault.PACK_MISSING, missing.pack_id
        return Fault.CONTENT_MISSING, ""
    fault = next((fault for kind, fault in _KINDS if isinstance(error, kind)), Fault.MALFORMED)
    return fault, shorten(str(error).strip(), DETAIL_LENGTH)
