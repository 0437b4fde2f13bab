"""The server: what it holds, and the handles that tests use."""

import asyncio
import time

from tests.loopback.gate import current
from tests.loopback.server import Loopback
from tests.loopback.slack import browser, manifest, native, world
from tests.loopback.slack.control import Control
from tests.loopback.slack.delivery import Delivery
from tests.loopback.slack.faults import Fault
from tests.loopback.slack.gate import Gate
from tests.loopback.slack.happenings import Happenings
from tests.loopback.slack.http_mode import Requests
from tests.loopback.slack.ids import Ids, secret
from tests.loopback.slack.interactions import EVENTS, Interaction
from tests.loopback.slack.messages import Messages
from tests.loopback.slack.methods_chat import ChatMethods
from tests.loopback.slack.methods_conversations import ConversationMethods
from tests.loopback.slack.methods_files import FileMethods
from tests.loopback.slack.methods_people import PeopleMethods
from tests.loopback.slack.methods_views import ViewMethods
from tests.loopback.slack.oauth import Installing
from tests.loopback.slack.people import Person, subscription
from tests.loopback.slack.ratelimits import Limits
from tests.loopback.slack.record import Refusal
from tests.loopback.slack.response_urls import ResponseUrls
from tests.loopback.slack.rules import BOT_SCOPES, Rules
from tests.loopback.slack.socket_mode import Sockets


class LoopbackSlack(Loopback):
    """A Slack on 127.0.0.1. ``clock`` is for timestamps, ``now`` for limits, deadlines and the record.

    Further arguments are fields of Rules. ``redirect_uri`` is where installing comes back to when the bot
    does not say.
    """

    def __init__(self, *, clock=time.time, now=time.monotonic, **rules):
        super().__init__(Rules(**rules), Fault, clock, now)
        self.ids = Ids(clock)
        self.app_id, self.client_id = self.ids.new("A"), f"{secret()[:10]}.{secret()[:12]}"
        self.client_secret, self.signing_secret = secret(), secret()
        self.verification_token, self.app_token = secret(), f"xapp-1-{self.app_id}-{secret()}"
        self.redirect_uri = ""
        self.commands = None
        self.teams, self.grants, self.triggers, self.responses, self.uploads = {}, {}, {}, {}, {}
        self.calls, self.interactions = self.record, []
        self.happened = Happenings(now, self.pulse)
        self.limits = Limits(self.rules, now)
        self.board, self.delivery, self.gate = Messages(self), Delivery(self), Gate(self)
        self.sockets, self.http = Sockets(self), Requests(self)
        self.installing, self.forms, self.files = Installing(self), ViewMethods(self), FileMethods(self)
        tables = (self.installing, self.forms, self.files, ChatMethods(self), PeopleMethods(self),
                  ConversationMethods(self))  # fmt: skip
        self.methods = {name: method for table in tables for name, method in table.table().items()}
        self._tasks = set()

    def add_routes(self, app):
        """Web API, Socket Mode, the other addresses and the control plane."""
        app.router.add_route("*", "/api/{method}", self.gate.api)
        app.router.add_get("/link/", self.sockets.serve)
        app.router.add_post("/response/{team}/{number}/{secret}", ResponseUrls(self).serve)
        app.router.add_post("/upload/v1/{file}", self.files.upload)
        app.router.add_get("/oauth/v2/authorize", self.installing.page)
        Control(self).add_to(app)

    async def hang_up(self):
        """Give up what is still to be sent, and end every connection."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sockets.close()
        await self.http.close()

    @property
    def api_url(self):
        """For ``AsyncWebClient(base_url=...)``."""
        return f"{self.url}/api/"

    @property
    def authorize_url(self):
        """For ``AsyncOAuthSettings(authorization_url=...)``."""
        return f"{self.url}/oauth/v2/authorize"

    def team(self, name="Berlin", *, scopes=BOT_SCOPES, installed=True):
        """A workspace with the bot in it, and a token for it."""
        team = world.Team(self.ids.new("T"), name, self.app_id, set(scopes), installed=installed)
        team.bot, team.bot_id = world.User(self.ids.new("U"), "Milepost", team, bot=True), self.ids.new("B")
        team.users[team.bot.id] = team.bot
        self.teams[team.id] = team
        self.installing.grant(team)
        return team

    def channel(self, team, name="study", *, private=False, bot=True):
        """A channel with everybody in it who is in the workspace; without the bot if ``bot`` is False."""
        channel = world.Channel(self.ids.new("C"), name, team, private)
        channel.members = [user.id for user in team.users.values() if not user.bot or bot]
        team.channels[channel.id] = channel
        return channel

    def member(self, name, team, *, tz="Europe/Berlin", admin=False, owner=False, guest=False):
        """A new person's hands, in every channel that the workspace has."""
        user = world.User(self.ids.new("U"), name, team, tz, admin=admin, owner=owner, guest=guest)
        team.users[user.id] = user
        for channel in team.channels.values():
            if not channel.recipient:
                channel.members.append(user.id)
        return Person(self, user)

    def group(self, team, handle, name=""):
        """A user group, such as ``streak-7``."""
        group = world.UserGroup(self.ids.new("S"), handle, name or handle)
        team.groups[group.id] = group
        return group

    def inbox_of(self, user):
        """The direct channel between the bot and a user; made if there is none."""
        if user.inbox is None:
            user.inbox = world.Channel(self.ids.new("D"), "", user.team, recipient=user)
            user.inbox.members = [user.id, user.team.bot.id]
            user.team.channels[user.inbox.id] = user.inbox
        return user.inbox

    def close_channel(self, channel):
        """Delete a channel: from now on it is unknown."""
        del channel.team.channels[channel.id]

    async def uninstalls(self, team, *, by):
        """Remove the app: its tokens are dead, and it hears of it twice, as Slack does."""
        team.installed = False
        told = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot.id]}}
        return [await self.tells(by, event) for event in ({"type": "app_uninstalled"}, told)]

    async def tells(self, person, event, channel=None):
        """Any event at all, as if ``person`` had caused it."""
        payload = native.event(self, person.team, {**event, "event_ts": self.ids.ts()})
        within = self.rules.acknowledge_within
        told = Interaction(self.ids.new("I"), EVENTS, person, channel, self.now(), self.happened, payload,
                           None, within, first=self.happened.count)  # fmt: skip
        return await self.delivery.deliver(told)

    async def installs(self, person, address, **how):
        """A person installs the app from the bot's install page; see ``browser.installs``."""
        return await browser.installs(self, person, address, **how)

    def configures(self, given):
        """Be the app of this manifest: its commands alone can be used, its events alone are sent."""
        found = manifest.problems(given)
        if found:
            raise ValueError("; ".join(found))
        self.commands = {command["command"] for command in given["features"].get("slash_commands", ())}
        told = given["settings"].get("event_subscriptions") or {}
        self.rules.events = tuple(told.get("bot_events") or ())

    def accepts_manifest(self, given):
        """Sentences about the errors that Slack would find in an app manifest; empty if it accepts it."""
        return manifest.problems(given)

    @property
    def late(self):
        """Interactions that were not acknowledged in time, or badly."""
        now, most = self.now(), self.rules.acknowledge_within
        return [i for i in self.interactions if i.late or (i.ack is None and now - i.opened >= most)]

    def called(self, method):
        """Calls of one method."""
        return [call for call in self.calls if call.method == method]

    def refuse(self, error, problems, *, method=None):
        """Note what was wrong with the call that is being served."""
        served = current.get()
        name = method or (served.method if served else "")
        self.refused.append(Refusal(self.now(), name, error, tuple(problems)))

    def echo(self, what, message):
        """Tell the bot of its own message, if the rules say so."""
        if not self.rules.echo or subscription(message.channel) not in self.rules.events:
            return
        event = native.message_event(message)
        if what == "message_changed":
            event = {"type": "message", "subtype": what, "hidden": True, "message": event,
                     "channel": message.channel.id, "channel_type": message.channel.kind,
                     "ts": message.edited}  # fmt: skip
        self.later(self.tells(Person(self, message.user), event, message.channel))

    def later(self, work):
        """Do it beside everything else; what is not done at the end is given up."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def forget(self):
        """Drop the record, messages and interactions, for long measurements."""
        super().forget()
        for kept in (self.triggers, self.responses, self.happened):
            kept.clear()
        for team in self.teams.values():
            team.views.clear()
            for channel in team.channels.values():
                channel.messages.clear()
                channel.threads.clear()
