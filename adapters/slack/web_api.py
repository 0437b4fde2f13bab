"""Calls of Slack's Web API, with failures as one of the four kinds that the core knows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from typing import TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.chat import DeliveryError, Forbidden, Gone, Rejected, Transient
from bot.toolkit.text import sentence

T = TypeVar("T")

BROKEN = (aiohttp.ClientError, ConnectionError, TimeoutError, asyncio.IncompleteReadError)

INVITE = "/invite @Milepost"
"""The command of Slack's own that brings Milepost into a channel, typed there."""

_AGAIN = "Install Milepost again from the address that its operator gives you."
_OPERATOR = "Ask Milepost's operator to run milepost doctor."
_GONE = {
    "channel_not_found": (
        f"I can't find the channel. If it's private, I'm no longer in it: type {INVITE} there. "
        "Otherwise it was deleted."
    ),
    "file_deleted": "The file was deleted.",
    "file_not_found": "The file was deleted.",
    "is_archived": "The channel is archived. Unarchive it first.",
    "message_not_found": "The message was deleted.",
    "user_not_found": "This person is no longer in the workspace.",
    "users_not_found": "This person is no longer in the workspace.",
}
_FORBIDDEN = {
    "accesslimited": "The workspace allows some networks only. Ask an admin to allow Milepost's.",
    "access_denied": f"Slack doesn't let me use this. {_AGAIN}",
    "account_inactive": f"Milepost was removed from the workspace. {_AGAIN}",
    "cannot_dm_bot": "This is an app, and apps take no direct messages.",
    "cant_update_message": "I'm not allowed to change this message.",
    "edit_window_closed": "The workspace no longer lets messages this old be edited.",
    "ekm_access_denied": "The workspace's administrators have stopped messages for now. Ask them.",
    "enterprise_is_restricted": "An administrator of your organisation doesn't allow Milepost. Ask them.",
    "invalid_auth": f"Slack doesn't accept my token. {_OPERATOR}",
    "messages_tab_disabled": "Messages to Milepost are off. Turn on the Messages tab under App Home.",
    "missing_scope": "I'm missing a permission. Install Milepost again from its manifest.",
    "no_permission": "I'm missing a permission. Install Milepost again from its manifest.",
    "not_allowed_token_type": f"Slack doesn't accept this kind of token. {_OPERATOR}",
    "not_authed": f"Slack didn't get a token from me. {_OPERATOR}",
    "org_login_required": "The workspace is being moved to another plan. Try again when Slack is done.",
    "restricted_action": "Only some people may post in the channel. Ask an admin to let Milepost post.",
    "restricted_action_non_threadable_channel": (
        "The channel takes no messages in threads. Ask an admin to allow them."
    ),
    "restricted_action_read_only_channel": (
        "The channel is read-only. Ask an admin to let Milepost post there."
    ),
    "restricted_action_thread_locked": "The thread is locked. Unlock it first.",
    "restricted_action_thread_only_channel": (
        "The channel takes messages in threads only. Ask an admin to let Milepost post there."
    ),
    "team_access_not_granted": f"Milepost isn't allowed in this workspace. {_AGAIN}",
    "team_not_found": f"Milepost was removed from the workspace. {_AGAIN}",
    "token_expired": f"Slack no longer accepts my token. {_OPERATOR}",
    "token_revoked": f"Milepost was removed from the workspace. {_AGAIN}",
    "user_disabled": "This person's account is turned off.",
    "user_not_visible": "I'm not allowed to see this person.",
}
_NOT_IN_CHANNEL = f"I'm not in the channel. Type {INVITE} there."
_PASSING = {
    "fatal_error",
    "internal_error",
    "ratelimited",
    "rate_limited",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
}


_REPORT = "Please report this to Milepost's operator."


class TooFast(Transient):
    """Slack did not look at it, for there was too much of its kind: it was surely not done."""


class NotInChannel(Forbidden):
    """Milepost is not in the channel, which it may join when it is public."""


async def called(request: Awaitable[T]) -> T:
    """Await a call and return its answer. Raises a DeliveryError."""
    try:
        return await request
    except SlackApiError as error:
        raise classified(error) from error
    except SlackClientError as error:
        raise Transient(sentence(f"Slack's answer couldn't be read: {error}")) from error
    except BROKEN as error:
        raise Transient(
            sentence(f"The connection to Slack was lost: {error or type(error).__name__}")
        ) from error


def classified(error: SlackApiError) -> DeliveryError:
    """The error in the core's words."""
    response = error.response
    code = str(response.get("error") or "")
    if response.status_code == 429 or code in ("ratelimited", "rate_limited"):
        return TooFast("Slack asks me to slow down.", _wait(response.headers))
    if code in _GONE:
        return Gone(_GONE[code])
    if code == "not_in_channel":
        return NotInChannel(_NOT_IN_CHANNEL)
    if code in _FORBIDDEN:
        return Forbidden(_FORBIDDEN[code])
    if response.status_code >= 500 or code in _PASSING:
        return Transient(f"Slack is having problems ({code or response.status_code}).")
    return Rejected(f"Slack doesn't take the message ({code}). {_REPORT}")


def _wait(headers: dict[str, str]) -> float | None:
    """Seconds that Slack asks to wait, None when it does not say."""
    try:
        return float(next(value for name, value in headers.items() if name.lower() == "retry-after"))
    except (StopIteration, ValueError):
        return None
