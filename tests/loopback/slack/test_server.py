"""The loopback Slack against the real slack-bolt, over Socket Mode and over HTTP alike."""

import pytest

from tests.loopback.slack import Cannot
from tests.loopback.slack.tiny_bot import talking

pytestmark = pytest.mark.asyncio
BOTH = pytest.mark.parametrize("mode", ["socket", "http"])


def button(label, action_id, value="1"):
    return {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": action_id,
            "value": value}  # fmt: skip


QUESTION = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "What is *HTTP*?"}},
    {"type": "actions", "elements": [button("A", "answer_a"), button("B", "answer_b", "2")]},
]
FORM = {
    "type": "modal", "callback_id": "reply", "title": {"type": "plain_text", "text": "Your answer"},
    "submit": {"type": "plain_text", "text": "Send"}, "private_metadata": "p=17",
    "blocks": [{
        "type": "input", "block_id": "answer", "label": {"type": "plain_text", "text": "Answer"},
        "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
    }],
}  # fmt: skip


def quiz(app):
    @app.command("/quiz")
    async def ask(ack, command, client):
        await ack()
        await client.chat_postMessage(
            channel=command["channel_id"], text=f"Question on {command['text']}", blocks=QUESTION
        )

    @app.command("/short")
    async def short(ack):
        await ack("At once")

    @app.action("answer_a")
    async def answer(ack, body, client, respond):
        await ack()
        await client.chat_update(
            channel=body["channel"]["id"], ts=body["message"]["ts"], text="1 answer", blocks=QUESTION
        )
        await respond(text=f"Correct, {body['actions'][0]['value']}", replace_original=False)

    @app.action("answer_b")
    async def form(ack, body, client):
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @app.view("reply")
    async def reply(ack, view, body, client):
        said = view["state"]["values"]["answer"]["text"]["value"]
        if said == "short":
            await ack(response_action="errors", errors={"answer": "Say more."})
            return
        await ack()
        await client.chat_postMessage(channel=body["user"]["id"], text=f"{view['private_metadata']} {said}")


@BOTH
async def test_a_command_a_button_and_what_came_of_them(mode):
    async with talking(quiz, mode=mode) as (server, app, study, ana):
        shown = await ana.uses(study, "/quiz", "http")
        assert shown.message.summary == "Question on http"
        assert "What is *HTTP*?" in shown.text
        assert not shown.ephemeral
        assert 0 < shown.seconds < 3
        pressed = await ana.presses(shown.message, "A")
        assert await pressed.until(lambda shown: shown.ephemerals)
        assert pressed.ephemerals[0].text == "Correct, 1"
        assert pressed.ephemerals[0] in ana.sees(study)
        [updated] = pressed.updates
        assert (updated.summary, len(updated.edits)) == ("1 answer", 1)
        assert [m.summary for m in server.messages(study)] == ["1 answer", "Correct, 1"]
        assert {"chat.postMessage", "chat.update", "response_url"} <= {call.method for call in server.calls}
        assert not server.refused
        assert not server.late
        assert not app.errors


@BOTH
async def test_an_answer_in_the_acknowledgement(mode):
    async with talking(quiz, mode=mode) as (_, _, study, ana):
        shown = await ana.uses(study, "/short")
        assert (shown.text, shown.ephemeral) == ("At once", True)


@BOTH
async def test_a_form_with_its_errors(mode):
    async with talking(quiz, mode=mode) as (server, app, study, ana):
        question = (await ana.uses(study, "/quiz")).message
        opened = await ana.presses(question, "B")
        assert opened.view.title == "Your answer"
        wrong = await ana.submits(opened, {"Answer": "short"})
        assert wrong.errors == {"answer": "Say more."}
        sent = await ana.submits(opened, {"Answer": "much longer"})
        assert sent.text == "p=17 much longer"
        assert sent.message.channel is ana.inbox
        with pytest.raises(Cannot, match="not open"):
            await ana.submits(opened, {"Answer": "once more"})
        assert not server.refused
        assert not app.errors
