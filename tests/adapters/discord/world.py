"""The whole of Milepost in the simulated server, on a real SQLite file and the shipped pack."""

import sqlite3
from contextlib import asynccontextmanager, closing

import discord

from bot.chat import decode
from milepost.bootstrap import build
from milepost.settings import ProgramSettings
from tests.adapters.discord.members import Member
from tests.adapters.discord.native import buttons, words
from tests.adapters.discord.simulation import Simulated
from tests.support.people import shipped_library
from tests.support.room import put_empty_database

ORGANISER = discord.Permissions(manage_guild=True)


class World:
    """One running Milepost and the people around it."""

    def __init__(self, folder, server, application):
        self.folder = folder
        self.server = server
        self.application = application

    def person(self, name, *, channel=None, organiser=False, direct=False):
        """A new member of the server."""
        guild, env = self.server.guild, self.server.env
        roles = [guild.create_role("Organisers", permissions=ORGANISER)] if organiser else []
        actor = guild.add_member(env.create_user(name), roles=roles)
        place = actor.user.dm_channel if direct else channel or self.server.channel
        return Member(self.server, actor, place, direct=direct)

    async def founds(self, *, days="mon-fri", **where):
        """A study group in Berlin, at 09:30; returns Olga, who set it up with the form."""
        olga = self.person("Olga", organiser=True, **where)
        await olga.uses("/study setup")
        await olga.sends(zone="Europe/Berlin", time="09:30", days=days)
        assert olga.sees("The study group is set up"), olga.shown()
        return olga

    async def passes(self, **parts):
        """Let time pass, with a beat at the end of it."""
        await self.server.passes(**parts)
        await self.application.scheduler.run_once()

    def rows(self, query):
        """Rows that a query finds in the database."""
        with closing(sqlite3.connect(self.folder / "milepost.db")) as database:
            return database.execute(query).fetchall()

    def posts(self, about):
        """The posts that everybody sees whose words have ``about``, oldest first."""
        return [post for post in self.server.posts() if about in words(post.components)]

    def newest(self, about):
        """The newest post of a kind."""
        found = self.posts(about)
        assert found, f"nothing about {about!r} was posted"
        return found[-1]


def letter(post, *, right):
    """The letter of the right option of a question, or of a wrong one."""
    questions = [q for found in shipped_library().packs["backend-python"].questions.values() for q in found]
    offered = {label: decode(action).params.get("o") for label, action in buttons(post.components).items()}
    lettered = {label: option for label, option in offered.items() if len(label) == 1 and option}
    shown = words(post.components)
    for question in questions:
        ids = {option.id for option in question.choices}
        if set(lettered.values()) == ids and question.stem.replace("\\", "") in shown:
            return next(
                label for label, option in lettered.items() if question.option(option).correct is right
            )
    raise AssertionError("no question is asked")


@asynccontextmanager
async def milepost(folder, server, **settings):
    """A running Milepost; a second one on the same folder and server is a restart."""
    await put_empty_database(folder / "milepost.db")
    chosen = ProgramSettings(database_url=f"sqlite:///{folder / 'milepost.db'}", **settings)
    async with build(chosen, server, [Simulated(server)], shipped_library()) as application:
        yield World(folder, server, application)
