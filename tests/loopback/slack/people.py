"""People's hands: commands, buttons, menus, typing, forms, messages, as Slack's client lets them."""

from tests.loopback.cannot import Cannot
from tests.loopback.slack import native, payloads
from tests.loopback.slack.escapes import escaped
from tests.loopback.slack.filling import chosen, found, pressed, submitted
from tests.loopback.slack.interactions import EVENTS, INTERACTIVE, SLASH, Interaction
from tests.loopback.slack.world import File, Message


class Person:
    """One user's hands. Each hand waits for the acknowledgement and for something to be shown after it,
    ``rules.patience`` seconds at most, and returns the Interaction; see there for what it tells.
    """

    def __init__(self, server, user):
        self._server = server
        self.user = user

    @property
    def id(self):
        return self.user.id

    @property
    def team(self):
        return self.user.team

    @property
    def inbox(self):
        """The direct channel with the bot."""
        return self._server.inbox_of(self.user)

    async def uses(self, channel, command, text=""):
        """Type a slash command such as ``/quiz``; it works in channels where the bot is not, too."""
        if self.id not in channel.members:
            raise Cannot("The person is not in this channel.")
        if self._server.commands is not None and command not in self._server.commands:
            raise Cannot(f"{command} is not a command of this app.")
        payload = native.slash(self._server, self, channel, command, escaped(text))
        return await self._acts(SLASH, channel, payload)

    async def presses(self, surface, button):
        """Press a button of a message or view, named by action_id or by label."""
        self._must_see(surface)
        block, element = found(surface, button, {"button"}.__contains__)
        return await self._acts_on(surface, pressed(block, element))

    async def chooses(self, surface, menu, *values):
        """Choose from a menu, named by action_id, placeholder or label; values by value or label."""
        self._must_see(surface)
        block, element = found(surface, menu, lambda kind: kind != "button")
        return await self._acts_on(surface, chosen(block, element, values))

    async def types(self, surface, menu, text):
        """Type into an external select; ``options`` of what is returned are the suggestions."""
        self._must_see(surface)
        block, element = found(surface, menu, lambda kind: "external_select" in kind)
        about = {"action_id": element["action_id"], "block_id": block["block_id"]}
        payload = native.suggestion(self._server, self, surface, about, text)
        return await self._acts(INTERACTIVE, _place(surface), payload, surface)

    async def submits(self, view, values=None):
        """Send a form: a View, or the Interaction that opened it. Values by label or action_id."""
        view = self._form(view)
        payload = native.submission(self._server, self, view, submitted(view, values or {}))
        return await self._acts(INTERACTIVE, None, payload, view)

    async def closes(self, view):
        """Close a form without sending it; the bot hears of it only if the view asks for that."""
        view = self._form(view)
        view.closed = True
        if not view.raw.get("notify_on_close"):
            return None
        payload = native.closed(self._server, self, view)
        return await self._acts(INTERACTIVE, None, payload, view)

    async def says(self, channel, text, *, thread=None, subtype="", files=()):
        """Write a message, in the thread of a message if that is given.

        ``subtype`` is ``me_message`` or ``thread_broadcast``; with ``files``, titles of uploads, it is
        ``file_share``.
        """
        if self.id not in channel.members:
            raise Cannot("The person is not in this channel.")
        return await self._writes(channel, escaped(text), thread, subtype=subtype, files=files)

    async def _writes(self, channel, text, thread=None, *, waits=True, subtype="", files=()):
        body = {"text": text, "thread_ts": thread and (thread.thread_ts or thread.ts)}
        uploads = [File(self._server.ids.new("F"), f"{title}.png", 1, title=title) for title in files]
        message = self._server.board.post(channel, body, user=self.user, files=uploads)
        event = native.message_event(message)
        subtype = "file_share" if files else subtype
        event |= {"subtype": subtype} if subtype else {}
        return await self._tells(subscription(channel), event, channel, message, waits=waits)

    async def replies(self, message, text, **how):
        """Answer in the thread of a message, as ``says`` does."""
        self._must_see(message)
        return await self.says(message.channel, text, thread=message, **how)

    async def mentions(self, channel, text=""):
        """Write a message that mentions the bot; returns the ``app_mention``."""
        words = f"<@{self.team.bot.id}> {escaped(text)}".strip()
        said = await self._writes(channel, words, waits=False)
        event = native.message_event(said.surface) | {"type": "app_mention"}
        return await self._tells("app_mention", event, channel, said.surface)

    async def opens_home(self, tab="home"):
        """Open the bot's home (or its ``messages``)."""
        event = {"type": "app_home_opened", "user": self.id, "channel": self.inbox.id, "tab": tab,
                 "event_ts": self._server.ids.ts()}  # fmt: skip
        return await self._tells("app_home_opened", event, self.inbox)

    async def invites(self, channel):
        """Invite the bot into a channel."""
        return await self._joins(channel, self.team.bot.id, inviter=self.id)

    async def joins(self, channel):
        """Come into a channel. Nobody waits for an answer to that: there is none."""
        return await self._joins(channel, self.id, waits=False)

    async def moves(self, tz):
        """Change one's own time zone."""
        self.user.tz = tz
        event = {"type": "user_change", "user": payloads.user(self.user), "event_ts": self._server.ids.ts()}
        return await self._tells("user_change", event, None)

    def sees(self, channel):
        """The messages that stand in a channel for this person, oldest first."""
        return [m for m in self._server.messages(channel) if m.only in {None, self.id}]

    async def _joins(self, channel, user, *, waits=True, **told):
        if user not in channel.members:
            channel.members.append(user)
        event = {"type": "member_joined_channel", "user": user, "channel": channel.id,
                 "channel_type": "G" if channel.private else "C", "team": self.team.id,
                 "event_ts": self._server.ids.ts(), **told}  # fmt: skip
        return await self._tells("member_joined_channel", event, channel, waits=waits)

    def _must_see(self, surface):
        if isinstance(surface, Message):
            there = not surface.deleted and surface.only in {None, self.id}
            if not there or self.id not in surface.channel.members:
                raise Cannot("The message is not there for this person.")
        elif surface is None or surface.closed or surface.user.id != self.id:
            raise Cannot("The view is not open for this person.")

    def _form(self, view):
        view = view.view if isinstance(view, Interaction) else view
        self._must_see(view)
        return view

    async def _acts_on(self, surface, action):
        payload = native.actions(self._server, self, surface, action)
        return await self._acts(INTERACTIVE, _place(surface), payload, surface)

    async def _tells(self, name, event, channel, message=None, *, waits=True):
        """An event. Of what the app did not subscribe to it hears nothing: nothing is delivered then."""
        payload = native.event(self._server, self.team, event)
        heard = name in self._server.rules.events and self._hears(channel)
        return await self._acts(EVENTS, channel, payload, message, heard=heard, waits=waits)

    def _hears(self, channel):
        return self.team.installed and (channel is None or self.team.bot.id in channel.members)

    async def _acts(self, kind, channel, payload, surface=None, *, heard=True, waits=True):
        server = self._server
        interaction = Interaction(
            server.ids.new("I"), kind, self, channel, server.now(), server.happened, payload, surface,
            server.rules.acknowledge_within, first=server.happened.count,
        )  # fmt: skip
        if not heard:
            return interaction
        await server.delivery.deliver(interaction)
        if waits and not interaction.failed:
            await interaction.until(lambda shown: shown.answered, server.rules.patience)
        return interaction


def subscription(channel):
    """The event that an app subscribes to for messages there."""
    return "message.im" if channel.recipient else f"message.{channel.kind}s"


def _place(surface):
    return surface.channel if isinstance(surface, Message) else None
