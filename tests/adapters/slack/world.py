"""The harness of ``tests/support/people.py`` in a Slack workspace: the same words for what people do."""

from contextlib import asynccontextmanager

from adapters.slack.outbound import action_of
from bot.chat import decode
from milepost.settings import ProgramSettings
from tests.adapters.slack.wired import over_socket, running
from tests.loopback.slack import LoopbackSlack
from tests.loopback.slack.words import elements, label_of
from tests.support.people import World as InMemory
from tests.support.people import shipped_library
from tests.support.room import FakeClock

PATIENCE = 20.0
"""Seconds that a beat waits for its posts: several to one channel take a second each. People wait as long
for what they asked for: thirty of them act at once."""


class World:
    """One workspace with one channel, and the people in it."""

    problems = InMemory.problems

    def __init__(self, wired, team, channel):
        self.wired, self.team, self.channel = wired, team, channel
        self.application, self.passes, self.clock = wired.application, wired.passes, wired.clock
        self.settings = ProgramSettings(_env_file=None)

    def person(self, name, *, zone="Europe/Berlin", organiser=False):
        """A new member of the channel, with this zone in their profile."""
        hands = self.wired.server.member(name, self.team, tz=zone, admin=organiser)
        return Person(self, hands)

    async def founds(self):
        """A study group in Berlin, at 09:30 from Monday to Friday; returns Olga, who set it up."""
        olga = self.person("Olga", organiser=True)
        await olga.uses("/study setup backend-python zone:Europe/Berlin time:09:30 days:mon-fri")
        assert olga.sees("The study group is set up"), olga.shown()
        return olga

    def channel_posts(self, *, about=""):
        """Public messages of the bot in the channel with ``about`` in their summary, oldest first."""
        there = self.wired.server.messages(self.channel)
        return [m for m in there if m.user.bot and m.only is None and about in m.summary]

    def newest(self, about):
        """The newest post of a kind."""
        return self.channel_posts(about=about)[-1]


class Person:
    """Somebody with the last thing that Milepost showed them."""

    def __init__(self, world, hands):
        self.world, self.hands = world, hands
        self.did = None

    async def uses(self, typed):
        """A command with its options, as it is typed."""
        command, _, words = typed.partition(" ")
        self.did = await self.hands.uses(self.world.channel, command, words)

    async def presses(self, label, *, on):
        """Press a button of a post."""
        self.did = await self.hands.presses(on, label)

    async def answers(self, post, *, right=True):
        """Press the letter of the right option of a question, or of a wrong one."""
        await self.presses(letter(self.world.wired, post, right=right), on=post)

    async def replies(self, text, *, to):
        """Write in the thread of a post."""
        self.did = await self.hands.replies(to, text)

    def sees(self, text):
        """Tell if the reply to the last act contains the text."""
        return text in self.shown()

    def shown(self):
        """Text of the reply to the last act."""
        return self.did.text if self.did else ""


def letter(wired, post, *, right):
    """The letter of the right option of a question that is posted, or of a wrong one."""
    offered = {label_of(e): decode(action_of(e["action_id"])).params for _, e in elements(post.blocks)}
    lettered = {label: params for label, params in offered.items() if "o" in params}
    number = next(iter(lettered.values()))["p"]
    ((content, topic),) = wired.rows(f"SELECT content_id, topic FROM post WHERE id = {int(number)}")
    questions = shipped_library().packs["backend-python"].questions[topic]
    question = next(question for question in questions if question.id == content)
    return next(label for label, p in lettered.items() if question.option(p["o"]).correct is right)


@asynccontextmanager
async def world_at(folder, *, mode=over_socket, **settings):
    """A running Milepost in a workspace of the loopback server, on a Monday at 08:00 UTC."""
    clock = FakeClock()
    chosen = {"pass_timeout_seconds": PATIENCE, **settings}
    async with LoopbackSlack(clock=lambda: clock.now().timestamp(), patience=PATIENCE) as server:
        # A week takes seconds here, in which everybody is looked up once a day.
        server.rules.own["users.info"] = 0
        team = server.team("Berlin")
        channel = server.channel(team, "study")
        async with running(folder, server, team, clock, mode=mode, **chosen) as wired:
            yield World(wired, team, channel)
