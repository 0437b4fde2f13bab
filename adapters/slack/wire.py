"""What a call of Slack's Web API came to, in the four kinds that the core knows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot import DeliveryError, Forbidden, Gone, Rejected, Transient

T = TypeVar("T")

BROKEN = (aiohttp.ClientError, ConnectionError, TimeoutError, asyncio.IncompleteReadError)

_GONE = {
    "channel_not_found": "Slack knows the channel no more.",
    "is_archived": "The channel is archived.",
    "message_not_found": "Slack knows the message no more.",
    "user_not_found": "Slack knows this person no more.",
}
_FORBIDDEN = {
    "account_inactive": "Milepost was taken out of the workspace.",
    "cannot_dm_bot": "This is an app, which takes no direct messages.",
    "cant_update_message": "I may not change this message.",
    "ekm_access_denied": "The administrators of the workspace do not allow messages now.",
    "invalid_auth": "Slack does not accept my token.",
    "missing_scope": "I lack a permission: install the app anew from the manifest.",
    "not_authed": "Slack got no token from me.",
    "restricted_action": "An administrator has restricted who may post in the channel.",
    "token_expired": "Slack does not accept my token any more.",
    "token_revoked": "Milepost was taken out of the workspace.",
    "user_disabled": "This person's account is switched off.",
}
_NOT_IN_CHANNEL = "I am not in the channel: invite me with /invite @Milepost."
_PASSING = {"fatal_error", "internal_error", "ratelimited", "request_timeout", "service_unavailable"}


class TooFast(Transient):
    """Slack did not look at it, for there was too much of its kind: it was surely not done."""


class NotInChannel(Forbidden):
    """Milepost is not in the channel, which it may join when it is public."""


async def called(request: Awaitable[T]) -> T:
    """What the call brings. Raises a DeliveryError."""
    try:
        return await request
    except SlackApiError as error:
        raise classified(error) from error
    except SlackClientError as error:
        raise Transient(f"Slack gave no answer that can be read: {error}.") from error
    except BROKEN as error:
        raise Transient(f"The connection to Slack broke: {error or type(error).__name__}.") from error


def classified(error: SlackApiError) -> DeliveryError:
    """The error in the core's words."""
    response = error.response
    code = str(response.get("error") or "")
    if response.status_code == 429 or code == "ratelimited":
        return TooFast("Slack asks for fewer messages.", _wait(response.headers))
    if code in _GONE:
        return Gone(_GONE[code])
    if code == "not_in_channel":
        return NotInChannel(_NOT_IN_CHANNEL)
    if code in _FORBIDDEN:
        return Forbidden(_FORBIDDEN[code])
    if response.status_code >= 500 or code in _PASSING:
        return Transient(f"Slack has trouble of its own ({code or response.status_code}).")
    return Rejected(f"Slack calls it malformed: {code}.")


def _wait(headers: dict[str, str]) -> float | None:
    """Seconds that Slack asks to wait, None when it does not say."""
    try:
        return float(next(value for name, value in headers.items() if name.lower() == "retry-after"))
    except (StopIteration, ValueError):
        return None
