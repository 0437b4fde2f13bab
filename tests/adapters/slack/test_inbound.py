"""Slack's payloads become events of the core."""

import datetime as dt

import pytest

from adapters.slack.inbound import Person, read_action, read_form, read_reply, read_slash
from bot.chat import ParseError
from bot.handlers import all_routes

COMMANDS = tuple(all_routes().commands.values())
NOW = dt.datetime(2026, 3, 2, 8, tzinfo=dt.UTC)
ANA = Person("Ana", "Europe/Lisbon")


def slash(command, text="", channel="C1"):
    return {
        "command": command, "text": text, "channel_id": channel, "user_id": "U1", "team_id": "T1",
        "trigger_id": "1.2.abc",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("command", "text", "name", "args"),
    [
        ("/quiz", "", "quiz", {}),
        ("/quiz", "http", "quiz", {"topic": "http"}),
        ("/quiz", 'topic:"http caching"', "quiz", {"topic": "http caching"}),
        ("/study", "schedule quiz 09:30", "study schedule", {"kind": "quiz", "time": "09:30"}),
        ("/study", "", "study status", {}),
        ("/progress", "<@U2|ben>", "progress", {"member": "U2"}),
        ("/milepost", "quiz http", "quiz", {"topic": "http"}),
        ("/milepost", "", "help", {}),
        ("/milepost", "study pause", "study pause", {}),
    ],
)
def test_a_slash_command_is_read_by_the_one_declaration(command, text, name, args):
    used = read_slash(slash(command, text), COMMANDS, ANA, NOW)
    assert (used.name, dict(used.args)) == (name, args)
    origin = used.origin
    assert (origin.event_id, origin.display_name, origin.zone) == ("1.2.abc", "Ana", "Europe/Lisbon")
    assert (origin.user.workspace, origin.user.id, origin.channel.id) == ("T1", "U1", "C1")
    assert (origin.happened_at, origin.is_admin, origin.channel.direct) == (NOW, False, False)


@pytest.mark.parametrize(
    ("command", "text", "said"),
    [
        ("/progress", "ben", "@name"),
        ("/milepost", "qiuz", "Did you mean /quiz?"),
        ("/study", "schedule", "Please add “kind”"),
    ],
)
def test_what_cannot_be_read_is_said(command, text, said):
    with pytest.raises(ParseError, match=said):
        read_slash(slash(command, text), COMMANDS, ANA, NOW)


def press(**more):
    return {
        "type": "block_actions", "team": {"id": "T1"}, "user": {"id": "U1"}, "channel": {"id": "D7"},
        "container": {"type": "message", "message_ts": "99.5", "channel_id": "D7"}, "trigger_id": "t",
        "actions": [{"action_id": "3|mp1|quiz.answer|o=a;p=1", "action_ts": "1772438400.250000", **more}],
    }  # fmt: skip


def test_a_press_has_the_clicks_own_time():
    used = read_action(press(), Person("Olga", admin=True))
    assert used.action == "mp1|quiz.answer|o=a;p=1"
    assert used.origin.happened_at == dt.datetime(2026, 3, 2, 8, 0, 0, 250000, tzinfo=dt.UTC)
    assert used.origin.message.id == "99.5"
    assert used.origin.channel.direct
    assert used.origin.is_admin
    assert used.choice == ()


def test_a_menu_brings_what_was_chosen():
    assert read_action(press(selected_option={"value": "v"}), ANA).choice == ("v",)


def test_two_presses_are_two_events_and_one_delivered_twice_is_one():
    one, again, other = (read_action(press(action_ts=ts), ANA) for ts in ("1.1", "1.1", "1.2"))
    assert one.origin.event_id == again.origin.event_id != other.origin.event_id


def test_a_form_goes_on_where_it_was_opened():
    body = {
        "team": {"id": "T1"}, "user": {"id": "U1"}, "trigger_id": "t",
        "view": {
            "id": "V1", "hash": "1.a",
            "private_metadata": '{"action": "mp1|setup.sent|", "channel": "C1", "message": ""}',
            "state": {"values": {"zone": {"zone": {"type": "plain_text_input", "value": "UTC"}}}},
        },
    }  # fmt: skip
    sent = read_form(body, ANA, NOW)
    assert (sent.action, sent.values, sent.origin.channel.id) == ("mp1|setup.sent|", {"zone": "UTC"}, "C1")
    assert (sent.origin.event_id[:7], sent.origin.message) == ("V1|1.a|", None)
    body["view"]["state"]["values"]["zone"]["zone"]["value"] = "Europe/Berlin"
    assert read_form(body, ANA, NOW).origin.event_id != sent.origin.event_id


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"thread_ts": "5.0"},
        {"thread_ts": "1.0", "subtype": "message_changed"},
        {"thread_ts": "1.0", "bot_id": "B"},
    ],
    ids=str,
)
def test_only_what_people_write_in_a_thread_is_a_reply(more):
    event = {"type": "message", "user": "U1", "channel": "C1", "ts": "5.0", "text": "hello", **more}
    assert read_reply({"team_id": "T1", "event": event}, ANA) is None


def test_a_reply_names_the_post():
    event = {
        "type": "message",
        "user": "U1",
        "channel": "C1",
        "ts": "5.0",
        "text": "a &lt; b &amp;&amp; c",
        "thread_ts": "1.0",
    }
    written = read_reply({"team_id": "T1", "event": event}, ANA)
    assert written.text == "a < b && c"
    assert (written.origin.message.id, written.origin.event_id) == ("1.0", "C1|5.0")
