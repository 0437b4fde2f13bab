"""The loopback Discord carries the real client: commands, buttons, menus, forms, typing, deferral."""

import asyncio

import discord
import pytest

from tests.loopback.discord import Cannot
from tests.loopback.discord.tiny_bot import NOBODY, talking

pytestmark = pytest.mark.asyncio

TOPIC = {"type": 3, "name": "topic", "description": "A topic", "autocomplete": True}
QUIZ = {"name": "quiz", "description": "A question", "options": [TOPIC]}
MEMBER = {"type": 6, "name": "who", "description": "A person", "required": True}
SETUP = {"type": 1, "name": "setup", "description": "Set up", "options": [MEMBER]}
STUDY = {"name": "study", "description": "The group", "options": [SETUP]}


def question(*labels, text="What is 418?"):
    view = discord.ui.LayoutView(timeout=None)
    row = discord.ui.ActionRow()
    for label in labels:
        row.add_item(discord.ui.Button(label=label, custom_id=f"answer|{label}"))
    return view.add_item(discord.ui.Container(discord.ui.TextDisplay(text))).add_item(row)


def form():
    modal = discord.ui.Modal(title="Set up", custom_id="setup")
    zone = discord.ui.TextInput(custom_id="zone", default="Europe/Berlin", max_length=40)
    days = discord.ui.Select(
        custom_id="days",
        options=[
            discord.SelectOption(label="Weekdays", value="mon-fri"),
            discord.SelectOption(label="All", value="all"),
        ],
    )
    modal.add_item(discord.ui.Label(text="Time zone", component=zone))
    return modal.add_item(discord.ui.Label(text="Days", component=days))


async def test_a_command_arrives_whole_and_its_answer_is_seen():
    seen = []

    async def answer(interaction):
        seen.append(interaction)
        await interaction.response.send_message(view=question("A", "B"), ephemeral=True)

    async with talking(answer, commands=[STUDY]) as (server, bot, study, ana):
        shown = await ana.uses(study, "study setup", {"who": ana})
        assert shown.ephemeral
        assert "What is 418?" in shown.text
        assert [button["label"] for button in shown.message.buttons] == ["A", "B"]
        assert 0 < shown.seconds < 3
        [interaction] = seen
        options = interaction.data["options"]
        assert options == [
            {"name": "setup", "type": 1, "options": [{"name": "who", "type": 6, "value": str(ana.id)}]}
        ]
        assert interaction.data["resolved"]["users"][str(ana.id)]["username"] == "Ana"
        assert interaction.guild.name == "Berlin"
        assert interaction.channel.name == "study"
        assert interaction.user.guild_permissions.send_messages
        assert interaction.app_permissions.manage_roles
        assert not server.refused
        assert not bot.errors


async def test_a_click_is_answered_by_changing_the_message():
    async def answer(interaction):
        if interaction.type is discord.InteractionType.application_command:
            await interaction.response.send_message(view=question("A", "B"))
        else:
            pressed = interaction.data["custom_id"]
            await interaction.response.edit_message(view=question("A", text=f"You pressed {pressed}."))

    async with talking(answer, commands=[QUIZ]) as (server, _, study, ana):
        posted = (await ana.uses(study, "quiz")).message
        changed = await ana.presses(posted, "B")
        assert changed.message is posted
        assert posted.text == "You pressed answer|B."
        assert [before for _, before in posted.edits] == ["What is 418?"]
        with pytest.raises(Cannot, match="There is no 'B'"):
            await ana.presses(posted, "B")
        assert server.messages(study) == [posted]


async def test_an_ephemeral_message_is_not_there_for_others():
    async def answer(interaction):
        await interaction.response.send_message(view=question("A"), ephemeral=True)

    async with talking(answer, commands=[QUIZ]) as (server, _, study, ana):
        ben = server.member("Ben", study.guild)
        shown = await ana.uses(study, "quiz")
        assert ana.sees(study) == [shown.message]
        assert ben.sees(study) == []
        with pytest.raises(Cannot, match="not there"):
            await ben.presses(shown.message, "A")


async def test_a_menu_gives_the_value_behind_the_label():
    async def answer(interaction):
        if interaction.type is discord.InteractionType.component:
            await interaction.response.send_message(f"{interaction.data['values']}", ephemeral=True)
            return
        menu = discord.ui.Select(custom_id="pick", placeholder="Pick one")
        menu.add_option(label="First", value="1")
        view = discord.ui.LayoutView(timeout=None).add_item(discord.ui.ActionRow(menu))
        await interaction.response.send_message(view=view)

    async with talking(answer, commands=[QUIZ]) as (_, _, study, ana):
        posted = (await ana.uses(study, "quiz")).message
        assert (await ana.chooses(posted, "Pick one", "First")).text == "['1']"
        with pytest.raises(Cannot, match="only"):
            await ana.chooses(posted, "Pick one", "Second")


async def test_a_form_comes_back_with_nested_labels():
    sent = []

    async def answer(interaction):
        if interaction.type is discord.InteractionType.modal_submit:
            sent.append(interaction.data["components"])
            await interaction.response.send_message("Saved", ephemeral=True)
        else:
            await interaction.response.send_modal(form())

    async with talking(answer, commands=[QUIZ]) as (_, _, study, ana):
        opened = await ana.uses(study, "quiz")
        assert opened.modal.title == "Set up"
        assert "Time zone" in opened.text
        assert (await ana.submits(opened, {"Days": "Weekdays"})).text == "Saved"
        zone, days = [part["component"] for part in sent[0]]
        assert (zone["custom_id"], zone["value"]) == ("zone", "Europe/Berlin")
        assert (days["custom_id"], days["values"]) == ("days", ["mon-fri"])
        with pytest.raises(Cannot, match="40 characters"):
            await ana.submits(opened, {"zone": "x" * 41, "Days": "All"})


async def test_typing_is_completed():
    async def answer(interaction):
        [option] = interaction.data["options"]
        assert option["focused"]
        await interaction.response.autocomplete(
            [discord.app_commands.Choice(name=option["value"].upper(), value="1")]
        )

    async with talking(answer, commands=[QUIZ]) as (_, bot, study, ana):
        typed = await ana.types(study, "quiz", option="topic", text="htt")
        assert typed.choices == [{"name": "HTT", "value": "1"}]
        assert not bot.errors


async def test_a_deferred_answer_is_waited_for_and_keeps_its_privacy():
    async def answer(interaction):
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send("At last", allowed_mentions=NOBODY)
        await interaction.followup.send("And more", ephemeral=True, allowed_mentions=NOBODY)

    async with talking(answer, commands=[QUIZ]) as (_, bot, study, ana):
        shown = await ana.uses(study, "quiz")
        await shown.until(lambda: shown.followups, 3)
        assert shown.deferred
        assert not shown.thinking
        assert shown.ephemeral
        assert shown.text == "At last\nAnd more"
        assert not bot.errors


async def test_the_original_answer_is_edited_read_and_deleted():
    async def answer(interaction):
        await interaction.response.send_message("One")
        edited = await interaction.edit_original_response(content="Two", allowed_mentions=NOBODY)
        assert edited.content == "Two"
        assert (await interaction.followup.fetch_message(edited.id)).content == "Two"
        await interaction.delete_original_response()

    async with talking(answer, commands=[QUIZ]) as (server, bot, study, ana):
        shown = await ana.uses(study, "quiz")
        await shown.until(lambda: shown.message.deleted, 3)
        assert not bot.errors
        assert shown.message.text == "Two"
        assert server.messages(study) == []


async def test_an_answer_is_taken_once():
    codes = []

    async def answer(interaction):
        await interaction.response.send_message("One")
        interaction.response._response_type = None
        with pytest.raises(discord.HTTPException) as refused:
            await interaction.response.send_message("Two")
        codes.append((refused.value.status, refused.value.code))
        await interaction.edit_original_response(content="Three", allowed_mentions=NOBODY)

    async with talking(answer, commands=[QUIZ]) as (_, _, study, ana):
        shown = await ana.uses(study, "quiz")
        await shown.until(lambda: shown.updates, 3)
        assert codes == [(400, 40060)]
        assert shown.text == "Three"


async def test_an_answer_after_the_deadline_finds_a_dead_token():
    told, over, known = [], asyncio.Event(), asyncio.Event()

    async def answer(interaction):
        await over.wait()
        try:
            await interaction.response.send_message("Too late")
        except discord.NotFound as error:
            told.append(error.code)
            known.set()

    async with talking(answer, commands=[QUIZ], acknowledge_within=0.05) as (server, _, study, ana):
        shown = await ana.uses(study, "quiz")
        assert shown.failed
        over.set()
        await asyncio.wait_for(known.wait(), 3)
        assert told == [10062]
        assert server.late == [shown]


async def test_a_token_is_over_when_its_life_is():
    now = [0.0]

    async def answer(interaction):
        await interaction.response.send_message("One")

    async with talking(answer, commands=[QUIZ], now=lambda: now[0]) as (server, bot, study, ana):
        shown = await ana.uses(study, "quiz")
        webhook = discord.Webhook.from_state(
            {"id": str(bot.application_id), "type": 3, "token": shown.token}, state=bot._connection
        )
        now[0] += server.rules.interaction_life + 1
        with pytest.raises(discord.HTTPException) as refused:
            await webhook.send("Two", allowed_mentions=NOBODY)
        assert (refused.value.status, refused.value.code) == (401, 50027)
        unknown = discord.Webhook.from_state(
            {"id": str(bot.application_id), "type": 3, "token": "nobody"}, state=bot._connection
        )
        with pytest.raises(discord.NotFound):
            await unknown.send("Two", allowed_mentions=NOBODY)


async def test_commands_keep_their_ids_and_only_published_ones_can_be_used():
    async with talking(commands=[QUIZ, STUDY]) as (server, bot, study, ana):
        first = {command["name"]: command["id"] for command in server.commands}
        await bot.http.bulk_upsert_global_commands(bot.application_id, [QUIZ])
        assert [command["id"] for command in server.commands] == [first["quiz"]]
        with pytest.raises(Cannot, match="not published"):
            await ana.uses(study, "study setup")
        with pytest.raises(Cannot, match="no option"):
            await ana.uses(study, "quiz", {"level": "1"})


async def test_clicks_in_direct_messages_carry_a_user_and_no_guild():
    seen = []

    async def answer(interaction):
        seen.append((interaction.user.name, interaction.guild_id))
        await interaction.response.send_message("ok")

    async with talking(answer) as (server, bot, _, ana):
        inbox = await bot.create_dm(discord.Object(ana.id))
        await inbox.send(view=question("A"))
        [posted] = server.messages(ana.inbox)
        assert (await ana.presses(posted, "A")).text == "ok"
        assert seen == [("Ana", None)]
