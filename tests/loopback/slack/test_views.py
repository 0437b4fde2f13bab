"""Forms, menus and the home view of the loopback Slack, with the real slack-bolt."""

import pytest
from slack_sdk.errors import SlackApiError

from tests.loopback.slack import Cannot
from tests.loopback.slack.tiny_bot import talking

pytestmark = pytest.mark.asyncio


def words(text):
    return {"type": "plain_text", "text": text}


def option(label, value):
    return {"text": words(label), "value": value}


def field(label, element, **more):
    return {"type": "input", "block_id": label.lower(), "label": words(label), "element": element, **more}


ZONE = {"type": "external_select", "action_id": "zone", "placeholder": words("Zone"), "min_query_length": 1}
DAYS = {"type": "multi_static_select", "action_id": "days",
        "options": [option("Monday", "mon"), option("Friday", "fri")]}  # fmt: skip
LEVEL = {"type": "radio_buttons", "action_id": "level", "options": [option("New", "1"), option("Old", "2")],
         "initial_option": option("Old", "2")}  # fmt: skip
TIME = {"type": "timepicker", "action_id": "time", "initial_time": "09:30"}
PLACE = {"type": "conversations_select", "action_id": "place"}
NAME = {"type": "plain_text_input", "action_id": "name", "max_length": 5}


def form(title="Setup", *blocks, **more):
    return {"type": "modal", "callback_id": "setup", "title": words(title), "submit": words("Save"),
            "blocks": list(blocks) or [field("Name", NAME)], **more}  # fmt: skip


WHOLE = form(
    "Setup", field("Name", NAME), field("Zone", ZONE, optional=True), field("Days", DAYS),
    field("Level", LEVEL), field("Time", TIME), field("Place", PLACE, optional=True),
)  # fmt: skip


def opens(view, seen=None):
    """A bot that opens a view on ``/setup`` and keeps what is sent."""

    def listens(app):
        @app.command("/setup")
        async def setup(ack, body, client):
            await ack()
            await client.views_open(trigger_id=body["trigger_id"], view=view)

        @app.view("setup")
        async def save(ack, body):
            await ack()
            if seen is not None:
                seen.append(body)

    return listens


async def test_every_kind_of_field_comes_back_as_slack_sends_it():
    seen = []
    async with talking(opens(WHOLE, seen), patience=0.05) as (server, _, study, ana):
        opened = await ana.uses(study, "/setup")
        with pytest.raises(Cannot, match="'Name' must be filled"):
            await ana.submits(opened, {"Days": ["Monday"]})
        with pytest.raises(Cannot, match="6 characters do not fit"):
            await ana.submits(opened, {"Name": "Berlin", "Days": ["Monday"]})
        with pytest.raises(Cannot, match="no option 'Sunday'"):
            await ana.submits(opened, {"Name": "Ana", "Days": ["Sunday"]})
        sent = {"Name": "Ana", "Days": ["Monday", "fri"], "Zone": "Asia/Tokyo", "place": study.id}
        assert not (await ana.submits(opened, sent)).failed
        await server.pulse.until(lambda: seen)
        [body] = seen
        state = body["view"]["state"]["values"]
        assert state["name"]["name"] == {"type": "plain_text_input", "value": "Ana"}
        assert [o["value"] for o in state["days"]["days"]["selected_options"]] == ["mon", "fri"]
        assert state["level"]["level"]["selected_option"]["value"] == "2"
        assert state["time"]["time"] == {"type": "timepicker", "selected_time": "09:30"}
        assert state["zone"]["zone"]["selected_option"]["value"] == "Asia/Tokyo"
        assert state["place"]["place"]["selected_conversation"] == study.id
        assert body["user"]["id"] == ana.id
        assert body["team"]["id"] == ana.team.id
        assert not server.refused


async def test_typing_into_an_external_menu_gets_suggestions():
    def listens(app):
        opens(WHOLE)(app)

        @app.options("zone")
        async def zones(ack, payload):
            await ack(options=[option(f"Europe/{payload['value']}", "x")])

    async with talking(listens) as (_, _, study, ana):
        opened = await ana.uses(study, "/setup")
        typed = await ana.types(opened.view, "zone", "Ber")
        assert [o["text"]["text"] for o in typed.options] == ["Europe/Ber"]


async def test_a_menu_in_a_message_is_chosen_from():
    menu = {"type": "static_select", "action_id": "pick", "placeholder": words("Pick"),
            "options": [option("One", "1"), option("Two", "2")]}  # fmt: skip

    def listens(app):
        @app.command("/pick")
        async def pick(ack, command, client):
            await ack()
            blocks = [{"type": "actions", "elements": [menu]}]
            await client.chat_postMessage(channel=command["channel_id"], text="Pick", blocks=blocks)

        @app.action("pick")
        async def picked(ack, action, body, say):
            await ack()
            [kept] = [part["pick"] for part in body["state"]["values"].values()]
            assert kept["selected_option"] == action["selected_option"]
            await say(f"You took {action['selected_option']['value']}")

    async with talking(listens) as (_, app, study, ana):
        message = (await ana.uses(study, "/pick")).message
        assert (await ana.chooses(message, "Pick", "Two")).posts[-1].text == "You took 2"
        with pytest.raises(Cannot, match="no 'Nothing'"):
            await ana.chooses(message, "Nothing", "Two")
        assert not app.errors


async def test_views_are_pushed_updated_and_cleared():
    def listens(app):
        opens(
            form(
                "One",
                {
                    "type": "actions",
                    "elements": [{"type": "button", "action_id": "more", "text": words("More")}],
                },
                field("Name", NAME),
            )
        )(app)

        @app.action("more")
        async def more(ack, body, client):
            await ack()
            await client.views_push(trigger_id=body["trigger_id"], view=form("Two", callback_id="two"))

        @app.view("two")
        async def two(ack, view):
            said = view["state"]["values"]["name"]["name"]["value"]
            if said == "again":
                await ack(response_action="update", view=form("Three", callback_id="three"))
            else:
                await ack(response_action="clear")

    async with talking(listens) as (server, app, study, ana):
        first = (await ana.uses(study, "/setup")).view
        pushed = (await ana.presses(first, "More")).view
        assert (pushed.title, pushed.below) == ("Two", first)
        updated = await ana.submits(pushed, {"Name": "again"})
        assert (updated.view, updated.view.title) == (pushed, "Three")
        again = (await ana.presses(first, "More")).view
        await ana.submits(again, {"Name": "end"})
        assert again.closed
        assert first.closed
        assert not server.refused
        assert not app.errors


async def test_a_trigger_holds_three_seconds_and_once():
    at, kept = [100.0], {}

    def listens(app):
        @app.command("/keep")
        async def keep(ack, body):
            kept[body["command"]] = body["trigger_id"]
            await ack("kept")

    async with talking(listens, now=lambda: at[0]) as (_, app, study, ana):
        app.client.token = ana.team.token

        async def error(trigger):
            with pytest.raises(SlackApiError) as caught:
                await app.client.views_open(trigger_id=trigger, view=form())
            return caught.value.response["error"]

        await ana.uses(study, "/keep")
        at[0] += 2.9
        await app.client.views_open(trigger_id=kept["/keep"], view=form())
        assert await error(kept["/keep"]) == "exchanged_trigger_id"
        await ana.uses(study, "/keep")
        at[0] += 3.1
        assert await error(kept["/keep"]) == "expired_trigger_id"
        assert await error("1.2.3") == "invalid_trigger_id"


async def test_a_view_that_changed_meanwhile_is_not_overwritten():
    async with talking(opens(form())) as (_, app, study, ana):
        app.client.token = ana.team.token
        view = (await ana.uses(study, "/setup")).view
        old = view.hash
        await app.client.views_update(view_id=view.id, hash=old, view=form("New"))
        assert view.title == "New"
        with pytest.raises(SlackApiError, match="hash_conflict"):
            await app.client.views_update(view_id=view.id, hash=old, view=form("Old"))
        await ana.closes(view)
        with pytest.raises(SlackApiError, match="not_found"):
            await app.client.views_update(view_id=view.id, view=form("Old"))


async def test_a_view_has_a_name_of_its_own():
    async with talking(opens(form(external_id="mine")), acknowledge_within=0.3) as (_, app, study, ana):
        app.client.token = ana.team.token
        view = (await ana.uses(study, "/setup")).view
        again = await ana.uses(study, "/setup")
        assert (again.view, "duplicate_external_id" in str(app.errors)) == (None, True)
        await app.client.views_update(external_id="mine", view=form("New"))
        assert view.title == "New"
        assert view.blocks[0]["element"]["action_id"] == "name"


async def test_the_home_view_and_its_buttons():
    home = {"type": "home", "blocks": [
        {"type": "section", "text": words("Streak: 3"),
         "accessory": {"type": "button", "action_id": "again", "text": words("Refresh")}},
    ]}  # fmt: skip

    def listens(app):
        @app.event("app_home_opened")
        async def opened(event, client):
            await client.views_publish(user_id=event["user"], view=home)

        @app.action("again")
        async def again(ack, body, client):
            await ack()
            assert body["view"]["type"] == "home"
            await client.views_publish(user_id=body["user"]["id"], view=home)

    async with talking(listens) as (server, app, _, ana):
        shown = await ana.opens_home()
        assert shown.home.text == "Streak: 3\nRefresh"
        assert (await ana.presses(shown.home, "Refresh")).home.text == "Streak: 3\nRefresh"
        assert not server.refused
        assert not app.errors
