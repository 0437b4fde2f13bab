"""Answers that take long, come too late, or are lost on their way, in a simulated Discord server."""

import pytest
import pytest_asyncio

from adapters.contract.app import ScriptedApp, said
from bot.chat import Field, Form, Latency, NoReply, OpenForm, ReplyPolicy, Send, Visibility
from tests.adapters.discord.members import Member
from tests.adapters.discord.simulation import Simulated

pytestmark = pytest.mark.asyncio

CALLBACK = "/interactions/*/callback"
SAID, ANNOUNCED, FORM = 4, 5, 9
"""Types of a first answer. Source: Discord's documentation, "Interaction Callback Type"."""


class Stage:
    """A scripted app on Discord that announces after a moment, and somebody who talks to it."""

    def __init__(self, server, app):
        self.server = server
        self.app = app
        actor = server.guild.add_member(server.env.create_user("Ana"))
        self.ana = Member(server, actor, server.channel)

    async def asks_what_takes_long(self):
        """Ana uses a command whose answer takes longer than the adapter waits in silence."""
        self.app.takes = 0.2
        await self.ana.uses("/quiz")

    def callbacks(self):
        """The types of the first answers that were given."""
        return [sent.json["type"] for sent in self.server.requests("POST", "/callback")]

    def fails(self, *, status, code=0, times=1):
        self.server.env.inject_error("POST", CALLBACK, status=status, code=code, times=times)


@pytest_asyncio.fixture
async def stage(server):
    app = ScriptedApp()
    adapter = Simulated(server, answer_seconds=0.05)
    await adapter.start(app)
    yield Stage(server, app)
    await adapter.stop()


@pytest.mark.parametrize(("visibility", "alone"), [(Visibility.PRIVATE, True), (Visibility.PUBLIC, False)])
async def test_an_answer_that_takes_long_is_announced_as_private_as_it_will_be(stage, visibility, alone):
    stage.app.replies["quiz"] = Send(said("At last."), visibility)
    stage.app.policies["quiz"] = ReplyPolicy(visibility)
    await stage.asks_what_takes_long()
    assert stage.callbacks() == [ANNOUNCED]
    assert stage.ana.sees("At last.")
    assert stage.ana.result.ephemeral is alone
    assert stage.ana.result.followups == []


async def test_an_answer_that_is_ready_at_once_is_not_announced(stage):
    await stage.ana.uses("/quiz")
    assert stage.ana.sees("Heard.")
    assert stage.callbacks() == [SAID]


async def test_slow_work_is_announced_before_anybody_waits(stage):
    stage.app.policies["quiz"] = ReplyPolicy(latency=Latency.SLOW)
    await stage.ana.uses("/quiz")
    assert stage.callbacks() == [ANNOUNCED]
    assert stage.ana.sees("Heard.")


async def test_an_announced_answer_of_nothing_says_so(stage):
    stage.app.replies["quiz"] = NoReply()
    await stage.asks_what_takes_long()
    assert stage.ana.sees("Done.")


async def test_a_form_that_comes_after_the_announcement_is_asked_for_once_more(stage):
    stage.app.replies["quiz"] = OpenForm(Form("Title", "mp1|a|", (Field("link", "Link"),)))
    await stage.asks_what_takes_long()
    assert stage.ana.sees("That took too long. Please try again.")
    assert stage.ana.result.modal is None


async def test_a_form_is_waited_for_without_an_announcement(stage):
    stage.app.replies["quiz"] = OpenForm(Form("Title", "mp1|a|", (Field("link", "Link"),)))
    stage.app.policies["quiz"] = ReplyPolicy(latency=Latency.OPENS_FORM)
    await stage.asks_what_takes_long()
    assert stage.callbacks() == [FORM]
    assert stage.ana.sees("Title")


async def test_an_answer_that_discord_took_though_its_own_answer_was_lost_is_no_fault(stage, caplog):
    stage.fails(status=400, code=40060)
    await stage.ana.uses("/quiz")
    assert "did not arrive" not in caplog.text


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (403, 50001), (400, 50035)])
async def test_an_answer_that_cannot_be_given_is_logged_and_the_next_one_comes(stage, caplog, status, code):
    stage.fails(status=status, code=code)
    await stage.ana.uses("/quiz")
    assert stage.ana.shown() == ""
    assert "did not arrive" in caplog.text
    await stage.ana.uses("/quiz")
    assert stage.ana.sees("Heard.")


async def test_suggestions_that_come_too_late_are_let_go(stage):
    stage.fails(status=404, code=10062)
    assert await stage.ana.types("quiz", "topic", "http") == []
    assert await stage.ana.types("quiz", "topic", "http") == [{"name": "HTTP", "value": "http"}]


async def test_being_put_out_of_a_server_is_told_to_the_core(stage):
    guild, backend = stage.server.guild, stage.server.env.backend
    backend.emit("GUILD_DELETE", {"id": str(guild.id)})
    await stage.server.env.settle()
    assert stage.app.lost == [("discord", str(guild.id))]


async def test_a_server_that_is_merely_out_of_order_is_not_lost(stage):
    backend = stage.server.env.backend
    backend.emit("GUILD_DELETE", {"id": str(stage.server.guild.id), "unavailable": True})
    await stage.server.env.settle()
    assert stage.app.lost == []
