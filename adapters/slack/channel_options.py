"""Channels that posts are to come to, by an option or not: Slack is asked before the core uses them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace

from adapters.slack.teams import Team
from adapters.slack.web_api import INVITE, called
from bot.chat import Command, CommandInvoked, DeliveryError, Gone

log = logging.getLogger(__name__)

PAGE, MOST_PAGES = 1000, 20
"""People in an answer of ``conversations.members``, and how many answers are asked for at most."""

NOT_FOUND = f"I can't find that channel. Are you in it? If it's private, also type {INVITE} there first."
NOT_TOLD = "Slack isn't telling me about that channel. Please try again in a moment."
ARCHIVED = "That channel is archived. Unarchive it first."
NOT_IN_HERE = f"I'm not in this channel, so I can't post here. Type {INVITE} here first, then try again."
HERE_ARCHIVED = "This channel is archived. Unarchive it first."


def needs_place(used: CommandInvoked, commands: Sequence[Command]) -> bool:
    """Tell if posts are to come to the channel that the command was typed in, since it names no other."""
    if used.channels or used.origin.channel.direct:
        return False
    return any(command.brings_posts for command in commands if command.name == used.name)


async def with_obstacle(used: CommandInvoked, team: Team) -> CommandInvoked:
    """Return the command with what hinders Milepost from posting in its own channel.

    A public channel hinders nothing: Milepost joins it to post. Where Slack does not tell, such as an app
    without the scope for it, nothing is known to be in the way.
    """
    try:
        asked = team.client.conversations_info(channel=used.origin.channel.id)
        sentence = HERE_ARCHIVED if (await called(asked))["channel"].get("is_archived") else ""
    except Gone:
        sentence = NOT_IN_HERE
    except DeliveryError as error:
        log.info("channel %s does not say what it is: %s", used.origin.channel.id, error)
        return used
    return replace(used, origin=replace(used.origin, cannot_post_reason=sentence))


async def with_channels(used: CommandInvoked, team: Team) -> CommandInvoked:
    """The command with what is wrong with the channels that its options name.

    A channel counts only where the person is in it, since its id can be guessed or overheard.
    """
    for option, channel in used.channels.items():
        try:
            sentence = await _hindrance(team, channel.id, used.origin.user.id)
        except Gone:
            sentence = NOT_FOUND
        except DeliveryError:
            sentence = NOT_TOLD
        if sentence:
            used = replace(used, invalid_options={**used.invalid_options, option: sentence})
    return used


async def _hindrance(team: Team, channel: str, user: str) -> str:
    """Raises a DeliveryError, Gone for a channel that Milepost cannot see."""
    told = (await called(team.client.conversations_info(channel=channel)))["channel"]
    if not await _is_in(team, channel, user):
        return NOT_FOUND
    return ARCHIVED if told.get("is_archived") else ""


async def _is_in(team: Team, channel: str, user: str) -> bool:
    cursor = ""
    for _ in range(MOST_PAGES):
        found = await called(team.client.conversations_members(channel=channel, limit=PAGE, cursor=cursor))
        if user in found["members"]:
            return True
        cursor = (found.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            break
    return False
