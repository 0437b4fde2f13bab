"""The apology to a member when something failed that is no fault of theirs."""

from __future__ import annotations

from bot.chat.messages import Message
from bot.errors import CommitUnknown, StorageError
from bot.views.common import text_message

_NOTHING_SAVED = "Nothing was saved, so please try again."
_MAYBE_SAVED = "It may have been saved anyway. Please try again: an answer only counts once."


def apology(reference: str, error: Exception) -> Message:
    """Say whether anything was saved, and by which reference an operator finds the fault."""
    reason = error.for_members if isinstance(error, StorageError) else "Something went wrong on my side."
    sentence = (
        f"{reason} {_MAYBE_SAVED if isinstance(error, CommitUnknown) else _NOTHING_SAVED} "
        f"If this keeps happening, give an organiser the reference {reference}."
    )
    return text_message(sentence)
