"""Visibility and permissions of people in the loopback Slack, and errors of a bot there."""

import aiohttp
import pytest

from tests.loopback.slack import Cannot
from tests.loopback.slack.tiny_bot import talking

pytestmark = pytest.mark.asyncio


def blocks(*labels):
    return [{"type": "actions", "elements": [
        {"type": "button", "action_id": label.lower(), "text": {"type": "plain_text", "text": label}}
        for label in labels
    ]}]  # fmt: skip


FORM = {
    "type": "modal", "callback_id": "form", "title": {"type": "plain_text", "text": "Form"},
    "submit": {"type": "plain_text", "text": "Send"},
    "blocks": [{"type": "input", "block_id": "name", "label": {"type": "plain_text", "text": "Name"},
                "element": {"type": "plain_text_input", "action_id": "name"}}],
}  # fmt: skip


def whispers(app):
    app.seen = []

    @app.command("/whisper")
    async def whisper(ack, command, client):
        await ack()
        await client.chat_postEphemeral(
            channel=command["channel_id"], user=command["user_id"], text="Psst", blocks=blocks("More")
        )

    @app.action("more")
    async def more(ack, body, respond):
        await ack()
        app.seen.append(body)
        await respond(text="No more", replace_original=True)

    @app.command("/form")
    async def form(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("form")
    async def sent(ack):
        await ack(response_action="errors", errors={"nowhere": "Wrong"})


async def test_what_is_for_one_person_is_for_nobody_else():
    async with talking(whispers) as (server, app, study, ana):
        ben = server.member("Ben", ana.team)
        bens = await ben.uses(study, "/whisper")
        shown = await ana.uses(study, "/whisper")
        await ben.uses(study, "/whisper")
        assert len(bens.ephemerals) == 2
        assert shown.ephemerals == [shown.message]
        with pytest.raises(Cannot, match="not there for this person"):
            await ben.presses(shown.message, "More")
        await ana.presses(shown.message, "More")
        [body] = app.seen
        assert "message" not in body
        assert body["container"]["is_ephemeral"]
        assert (shown.message.text, shown.message.ephemeral) == ("No more", True)


async def test_people_act_only_where_they_are():
    async with talking(whispers, acknowledge_within=0.2, patience=0.05) as (server, app, study, ana):
        app.client.token = ana.team.token
        ben = server.member("Ben", ana.team)
        sent = await app.client.chat_postMessage(channel=study.id, text="x", blocks=blocks("More"))
        message = study.messages[sent["ts"]]
        study.members.remove(ben.id)
        for act in (
            lambda: ben.uses(study, "/whisper"),
            lambda: ben.says(study, "x"),
            lambda: ben.presses(message, "More"),
        ):
            with pytest.raises(Cannot):
                await act()
        await ben.joins(study)
        await ben.presses(message, "More")
        await app.client.chat_delete(channel=study.id, ts=message.ts)
        with pytest.raises(Cannot):
            await ben.presses(message, "More")
        form = (await ana.uses(study, "/form")).view
        with pytest.raises(Cannot, match="not open for this person"):
            await ben.submits(form, {"Name": "Ben"})


async def test_errors_for_a_field_that_is_not_there_show_nothing():
    async with talking(whispers, patience=0.05) as (server, _, study, ana):
        opened = await ana.uses(study, "/form")
        shown = await ana.submits(opened, {"Name": "Ana"})
        assert shown.errors == {}
        [refusal] = server.refused
        assert (refusal.method, refusal.error) == ("ack view_submission", "invalid_arguments")
        assert "there is no such input block" in refusal.problems[0]


async def test_an_upload_must_bring_the_bytes_that_were_promised():
    async with talking(whispers) as (server, app, _, ana), aiohttp.ClientSession() as web:
        app.client.token = ana.team.token
        begun = await app.client.files_getUploadURLExternal(filename="a.png", length=4)
        async with web.post(begun["upload_url"], data=b"123") as got:
            assert "size_mismatch" in await got.text()
        listed = [{"id": begun["file_id"]}]
        with pytest.raises(Exception, match="upload_incomplete"):
            await app.client.files_completeUploadExternal(files=listed)
        async with web.post(begun["upload_url"], data=b"1234") as got:
            assert await got.text() == "OK - 4"
        await app.client.files_completeUploadExternal(files=listed)
        assert [call.error for call in server.called("upload")] == ["file_upload_size_mismatch", None]


async def test_two_workspaces_do_not_see_each_other():
    async with talking(whispers) as (server, _, study, ana):
        paris = server.team("Paris")
        place, zoe = server.channel(paris, "study"), server.member("Zoe", paris)
        hers = await zoe.uses(place, "/whisper")
        his = await ana.uses(study, "/whisper")
        assert (hers.message.channel, his.message.channel) == (place, study)
        assert [call.team for call in server.called("chat.postEphemeral")] == [paris.id, ana.team.id]
        with pytest.raises(Cannot):
            await zoe.uses(study, "/whisper")


async def test_changes_of_a_persons_zone_and_any_other_event():
    heard = []

    def listens(app):
        @app.event("user_change")
        async def moved(event):
            heard.append(event["user"]["tz"])

        @app.event("channel_archive")
        async def archived(event):
            heard.append(event["channel"])

    async with talking(listens, patience=0.01) as (server, _, study, ana):
        assert not (await ana.moves("Asia/Tokyo")).failed
        await server.tells(ana, {"type": "channel_archive", "channel": study.id, "user": ana.id}, study)
        await server.pulse.until(lambda: heard == ["Asia/Tokyo", study.id])
        server.rules.events = ()
        unheard = await ana.moves("Europe/Paris")
        assert (unheard.deliveries, unheard.failed) == ([], True)
        assert server.late == []
