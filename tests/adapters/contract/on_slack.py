"""The contract's place on Slack: a workspace of the loopback server, over Socket Mode."""

from contextlib import asynccontextmanager
from dataclasses import replace

from adapters.slack.adapter import Slack
from adapters.slack.inbound import channel_ref
from adapters.slack.limits import PLATFORM
from adapters.slack.settings import Settings
from bot.chat import UserRef
from tests.loopback.slack import LoopbackSlack
from tests.loopback.slack.words import elements, label_of, options_of
from tests.support.room import FakeClock

REFUSALS = {
    "Forbidden": {"error": "restricted_action"},
    "Gone": {"error": "is_archived"},
    "Rejected": {"error": "invalid_blocks"},
    "Transient": {"status": 503},
}


class Place:
    """With more for tests of Slack alone: ``another`` adapter, and ``another_channel``."""

    def __init__(self, server, team, adapter, clock):
        self.adapter = adapter
        self.now = clock.now
        self.server, self.team = server, team
        self.here = server.channel(team, "study")
        self.channel = channel_ref(team.id, self.here.id)
        self.unknown = replace(self.channel, id="C0NOWHERE")
        self._clock = clock

    def person(self, name, *, organiser=False):
        return Person(self.server.member(name, self.team, admin=organiser), self.here)

    async def passes(self, seconds):
        self._clock.advance(seconds=seconds)

    def another(self):
        return adapter_at(self.server, self.team, self._clock)

    def another_channel(self, name):
        return channel_ref(self.team.id, self.server.channel(self.team, name).id)

    def refuse(self, kind):
        self.server.faults.add(method="chat.postMessage", **REFUSALS[kind])
        return True


class Person:
    """Somebody's hands in the one channel."""

    def __init__(self, hands, channel):
        self._hands, self._channel = hands, channel
        self._shown = None
        self.user = UserRef(PLATFORM, hands.team.id, hands.id)
        self.mention = f"<@{hands.id}|{hands.user.name}>"

    async def uses(self, typed, **options):
        command, _, words = typed.partition(" ")
        given = (f'{name}:"{getattr(value, "mention", value)}"' for name, value in options.items())
        self._shown = await self._hands.uses(self._channel, command, " ".join([words, *given]).strip())

    async def presses(self, label):
        self._shown = await self._hands.presses(self._holding(label, label_of), label)

    async def chooses(self, label):
        def entries(element):
            return [option["text"]["text"] for option in options_of(element)]

        message = next(m for m in self._newest_first() if self._has(m, lambda e: label in entries(e)))
        menu = next(e for _, e in elements(message.blocks) if label in entries(e))
        self._shown = await self._hands.chooses(message, menu["action_id"], label)

    async def sends(self, **values):
        self._shown = await self._hands.submits(self._shown, values)

    def sees(self):
        return [message.text for message in self._hands.sees(self._channel)]

    def inbox(self):
        return [message.text for message in self._hands.sees(self._hands.inbox)]

    def form(self):
        if self._shown.errors:
            return " ".join(self._shown.errors.values())
        view = self._shown.view
        filled = (str(element.get("initial_value", "")) for _, element in elements(view.blocks))
        return " ".join([view.text, *filled])

    def can_press(self, label):
        return any(self._has(m, lambda e: label_of(e) == label) for m in self._newest_first())

    def _newest_first(self):
        return list(reversed(self._hands.sees(self._channel)))

    def _holding(self, label, name):
        return next(m for m in self._newest_first() if self._has(m, lambda e: name(e) == label))

    @staticmethod
    def _has(message, wanted):
        return any(wanted(element) for _, element in elements(message.blocks))


def adapter_at(server, team, clock):
    """An adapter for this workspace, not yet started."""
    settings = Settings(
        bot_token=team.token, app_token=server.app_token, api_url=server.api_url, _env_file=None
    )
    return Slack(settings, clock)


@asynccontextmanager
async def place_at(_folder, app):
    clock = FakeClock()
    async with LoopbackSlack(clock=lambda: clock.now().timestamp()) as server:
        team = server.team("Berlin")
        adapter = adapter_at(server, team, clock)
        await adapter.start(app)
        try:
            yield Place(server, team, adapter, clock)
        finally:
            await adapter.stop()
        assert not server.refused, server.refused
