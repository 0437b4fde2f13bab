"""A core made for the contract: it answers as it was told and remembers what it was given."""

import asyncio

from bot.chat import (
    ActionInvoked,
    Choice,
    Command,
    CommandInvoked,
    FormSubmitted,
    Kind,
    Message,
    NoReply,
    Option,
    ReplyPolicy,
    Send,
    Text,
    degrade,
)

TOPICS = (Choice("HTTP", "http"), Choice("Data types", "data-types"))
COMMANDS = (
    Command("quiz", "A question", (Option("topic", "What about", completes=True),)),
    Command(
        "note",
        "Something else",
        (
            Option("text", "Some words", required=True),
            Option("kind", "A kind", choices=(Choice("One", "1"), Choice("Two", "2"))),
        ),
    ),
    Command("progress", "How far somebody is", (Option("member", "Who", Kind.MEMBER),)),
    Command("study setup", "Start a group", (Option("zone", "Where"),), organiser_only=True),
    Command("press", "A button in words", hidden=True),
)


def said(text):
    """A message of one line."""
    return Message(text, (Text(text),))


class ScriptedApp:
    """``replies`` and ``manners`` by command or action; what is not in there is answered with ``Heard.``.

    It answers once ``open`` is set and ``takes`` seconds have passed.
    """

    engine = None

    def __init__(self):
        self.replies = {}
        self.manners = {}
        self.takes = 0.0
        self.seen = []
        self.lost, self.found, self.claimed = [], [], []
        self.asked, self.files = [], []
        self.open = asyncio.Event()
        self.open.set()
        self.arrived = asyncio.Event()

    def commands_for(self, capabilities):
        return COMMANDS

    def reply_policy(self, interaction):
        return self.manners.get(_name(interaction), ReplyPolicy())

    async def handle(self, interaction, capabilities, look_up=None):
        self.seen.append(await look_up(interaction) if look_up else interaction)
        self.arrived.set()
        await self.open.wait()
        await asyncio.sleep(self.takes)
        return degrade(self.replies.get(_name(interaction), Send(said("Heard."))), capabilities)

    def too_fast(self, user):
        return ""

    async def complete(self, command, option, typed, channel, user):
        self.asked.append((command, option, typed, channel))
        return tuple(topic for topic in TOPICS if typed.casefold() in topic.label.casefold())

    async def workspace_lost(self, platform, workspace):
        self.lost.append((platform, workspace))

    async def uploaded(self, user, file, days):
        self.files.append((user, file, days))

    async def concerned(self, channel, message):
        return True

    async def workspaces(self, platform):
        return ()

    async def workspaces_found(self, platform, workspaces):
        self.found.append((platform, workspaces))

    async def claim(self, key):
        self.claimed.append(key)
        return self.claimed.count(key) == 1


def _name(interaction):
    match interaction:
        case CommandInvoked(name=name):
            return name
        case ActionInvoked(action=action) | FormSubmitted(action=action):
            return action
    return NoReply
