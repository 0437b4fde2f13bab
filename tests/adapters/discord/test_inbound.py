"""Events of Discord, as its documentation shows them, become events of the core."""

import datetime as dt
import json
from pathlib import Path

import discord
import pytest

from adapters.discord.inbound import Typing, read, read_typing
from bot.chat import ActionInvoked, ChannelRef, CommandInvoked, FormSubmitted, MessageRef, UserRef

PAYLOADS = Path(__file__).parent / "payloads"
CHANNEL = ChannelRef("discord", "41771983423143937", "41771983423143999")
DIRECT = ChannelRef("discord", "direct", "319674150115610528", direct=True)
ANA = UserRef("discord", "discord", "80351110224678912")
CLICKED = dt.datetime(2026, 3, 2, 8, 31, tzinfo=dt.UTC)
"""Time at which Discord made the id of these interactions."""

BOT = {"id": "1084000000000000001", "username": "milepost", "discriminator": "4821", "avatar": None}
NAMES = sorted(path.stem for path in PAYLOADS.glob("*.json"))


def payload(name):
    return json.loads((PAYLOADS / f"{name}.json").read_text())


def native(name, without="", **changes):
    told = payload(name) | changes
    told.pop(without, None)
    state = discord.Client(intents=discord.Intents.none())._connection
    state.user = discord.ClientUser(state=state, data=BOT)
    return discord.Interaction(data=told, state=state)


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("autocomplete")])
def test_everything_tells_who_did_it_and_when_they_clicked(name):
    origin = read(native(name)).origin
    assert origin.event_id == "1477946313277440007"
    assert origin.user == ANA
    assert origin.happened_at == CLICKED
    assert origin.zone is None


def test_the_name_is_that_of_the_server_and_elsewhere_the_global_one():
    assert read(native("command_bare")).origin.display_name == "Ana (study)"
    assert read(native("command_in_direct_message")).origin.display_name == "Ana Silva"


def test_a_subcommand_has_two_words_and_its_own_options():
    used = read(native("command_with_subcommand"))
    assert used == CommandInvoked(
        used.origin,
        "study setup",
        {"pack": "backend-python", "zone": "Europe/Berlin", "time": "09:30", "days": "mon-fri"},
    )


@pytest.mark.parametrize(
    ("name", "command", "args"),
    [
        ("command_bare", "quiz", {}),
        ("command_with_options", "quiz", {"topic": "http"}),
        ("command_with_user", "progress", {"member": "80351110224678999"}),
        ("command_with_role", "study mention", {"role": "41771983423143938"}),
    ],
)
def test_options_are_text_and_people_and_roles_are_ids(name, command, args):
    used = read(native(name))
    assert (used.name, used.args) == (command, args)


@pytest.mark.parametrize(
    ("name", "names"),
    [
        ("command_with_role", {"role": "learners"}),
        ("command_with_user", {"member": "Ben"}),
        ("command_with_options", {}),
    ],
)
def test_people_and_roles_have_the_names_that_the_server_gives_them(name, names):
    used = read(native(name))
    assert (used.names, used.invalid_options) == (names, {})


@pytest.mark.parametrize(
    ("nick", "everywhere", "shown"),
    [("Benny", "Ben", "Benny"), (None, "Ben", "Ben"), ("", None, "ben")],
)
def test_a_person_is_called_by_nick_else_global_name_else_account(nick, everywhere, shown):
    data = payload("command_with_user")["data"]
    data["resolved"]["members"]["80351110224678999"]["nick"] = nick
    data["resolved"]["users"]["80351110224678999"]["global_name"] = everywhere
    assert read(native("command_with_user", data=data)).names == {"member": shown}


@pytest.mark.parametrize(
    ("name", "channel"),
    [
        ("command_bare", CHANNEL),
        ("command_in_a_thread", CHANNEL),
        ("command_in_direct_message", DIRECT),
        ("button", CHANNEL),
        ("button_in_direct_message", DIRECT),
        ("modal_behind_a_command", CHANNEL),
    ],
)
def test_a_thread_belongs_to_its_channel_and_a_direct_message_to_no_server(name, channel):
    assert read(native(name)).origin.channel == channel


@pytest.mark.parametrize(
    ("name", "admin"),
    [
        ("command_with_subcommand", False),
        ("command_of_a_manager", True),
        ("command_of_an_administrator", True),
        ("command_in_direct_message", False),
    ],
)
def test_who_may_manage_the_server_is_an_admin(name, admin):
    assert read(native(name)).origin.is_admin is admin


def test_a_pressed_button_brings_back_its_id_and_its_message():
    used = read(native("button"))
    assert used == ActionInvoked(used.origin, "mp1|quiz.answer|o=three-two;p=17", ())
    assert used.origin.message == MessageRef(CHANNEL, "1477946313277440002")


def test_a_command_has_no_message():
    assert read(native("command_bare")).origin.message is None


def test_a_menu_brings_back_what_was_chosen():
    used = read(native("select"))
    assert (used.action, used.choice) == ("mp1|roadmap.step|", ("http",))


@pytest.mark.parametrize("name", ["modal_behind_a_button", "modal_behind_a_command"])
def test_a_form_brings_back_its_fields_and_an_empty_one_as_empty_text(name):
    sent = read(native(name))
    assert sent == FormSubmitted(
        sent.origin,
        "mp1|challenge.share|c=loglens",
        {"link": "https://example.org/ana/loglens", "learned": "", "pack": "backend-python"},
    )


def test_a_form_in_the_older_shape_of_rows_is_read_too():
    rows = [{"type": 1, "components": [{"type": 4, "custom_id": "link", "value": "x"}]}]
    sent = read(native("modal_behind_a_command", data={"custom_id": "mp1|a|", "components": rows}))
    assert sent.values == {"link": "x"}


def test_a_menu_of_a_form_in_which_nothing_was_chosen_is_empty():
    label = {"type": 18, "component": {"type": 3, "custom_id": "pack", "values": []}}
    sent = read(native("modal_behind_a_command", data={"custom_id": "mp1|a|", "components": [label]}))
    assert sent.values == {"pack": ""}


def test_the_option_that_is_being_typed():
    assert read_typing(native("autocomplete")) == Typing("study setup", "zone", "Berl", CHANNEL, ANA)
    assert read_typing(native("autocomplete_in_a_thread")) == Typing("quiz", "topic", "", CHANNEL, ANA)
    assert read_typing(native("command_bare")) is None


@pytest.mark.parametrize("name", ["autocomplete", "autocomplete_in_a_thread"])
def test_typing_is_no_interaction_yet(name):
    assert read(native(name)) is None


def test_a_ping_is_none_either():
    assert read(native("command_bare", type=1)) is None


@pytest.mark.parametrize("changes", [{"without": "channel"}, {"channel": {"id": "5", "type": 99}}])
def test_a_kind_of_place_that_discord_added_later_is_not_served(changes):
    assert read(native("command_bare", **changes)) is None
    assert read_typing(native("autocomplete", **changes)) is None
