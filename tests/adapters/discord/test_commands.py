"""The core's commands as Discord publishes them, and whether they have changed."""

import copy
import re

import pytest

from adapters.discord.commands import digest, payloads
from bot.chat import Choice, Command, CommandOption, Kind
from bot.chat.text_fallback import TYPED_FORMS
from bot.handlers import all_routes

NAME = re.compile(r"[-_a-z0-9]{1,32}\Z")
MANAGE_SERVER = "32"


def shipped():
    return payloads((*all_routes().commands.values(), *TYPED_FORMS))


def one(*commands):
    (payload,) = payloads(commands)
    return payload


def leaves():
    for payload in shipped():
        inner = [option for option in payload["options"] if option["type"] == 1]
        yield from inner or [payload]


def test_every_command_is_one_that_discord_takes():
    published = shipped()
    assert 1 <= len(published) <= 100
    assert len({payload["name"] for payload in published}) == len(published)
    for payload in published:
        assert payload["type"] == 1
        assert payload["integration_types"] == [0]
        assert len(payload["options"]) <= 25
        assert _size(payload) <= 8000
    for leaf in leaves():
        assert NAME.match(leaf["name"])
        assert 1 <= len(leaf["description"]) <= 100
        assert len(leaf["options"]) <= 25


def test_every_option_is_one_that_discord_takes():
    for leaf in leaves():
        required = [option["required"] for option in leaf["options"]]
        assert required == sorted(required, reverse=True), leaf["name"]
        for option in leaf["options"]:
            assert NAME.match(option["name"])
            assert 1 <= len(option["description"]) <= 100
            assert option["type"] in {3, 6, 8}
            assert len(option.get("choices", ())) <= 25
            assert not (option.get("autocomplete") and "choices" in option)
            assert ("max_length" in option) is (option["type"] == 3 and "choices" not in option)
            assert 1 <= option.get("max_length", 1) <= 6000
            for choice in option.get("choices", ()):
                assert 1 <= len(choice["name"]) <= 100
                assert 1 <= len(choice["value"]) <= 100


def _size(part):
    """Characters of names, descriptions and values, of which a command may have 8000."""
    own = sum(len(part.get(key, "")) for key in ("name", "description", "value"))
    return own + sum(_size(inner) for key in ("options", "choices") for inner in part.get(key, ()))


def test_commands_for_platforms_without_buttons_are_not_published():
    assert {payload["name"] for payload in shipped()}.isdisjoint({"press", "fill", "home"})


def test_commands_of_two_words_are_subcommands():
    payload = one(
        Command("study setup", "Set up", organiser_only=True),
        Command("study status", "Status", default=True),
    )
    assert payload["name"] == "study"
    assert [(o["type"], o["name"], o["description"]) for o in payload["options"]] == [
        (1, "setup", "Set up"),
        (1, "status", "Status"),
    ]


def test_what_only_organisers_use_is_hidden_from_others_in_servers():
    # A group whose channel is gone can only be reached from elsewhere, such as a direct message.
    organisers = one(Command("study setup", "Set up", organiser_only=True))
    everybody = one(Command("quiz", "Practise"))
    assert (organisers["default_member_permissions"], organisers["contexts"]) == (MANAGE_SERVER, [0, 1])
    assert (everybody["default_member_permissions"], everybody["contexts"]) == (None, [0, 1])


def test_a_family_is_described_by_what_is_in_it():
    described = {payload["name"]: payload["description"] for payload in shipped()}
    assert described["challenge"] == "Challenge: show, join, submit, remove, list"
    assert described["study"].startswith("Study: setup, schedule, ")


def test_a_family_that_members_use_too_is_hidden_from_nobody():
    payload = one(Command("study setup", "Set up", organiser_only=True), Command("study status", "Status"))
    assert payload["default_member_permissions"] is None


@pytest.mark.parametrize(
    ("option", "told"),
    [
        (CommandOption("a", "A"), {"type": 3, "required": False, "max_length": 200}),
        (
            CommandOption("a", "A", required=True, max_length=5),
            {"type": 3, "required": True, "max_length": 5},
        ),
        (CommandOption("a", "A", Kind.MEMBER), {"type": 6, "required": False}),
        (CommandOption("a", "A", Kind.ROLE), {"type": 8, "required": False}),
        (
            CommandOption("a", "A", completes=True),
            {"type": 3, "required": False, "autocomplete": True, "max_length": 200},
        ),
        (
            CommandOption("a", "A", choices=(Choice("One", "1"),), completes=True),
            {"type": 3, "required": False, "choices": [{"name": "One", "value": "1"}]},
        ),
    ],
)
def test_an_option_is_told_as_it_is_declared(option, told):
    (payload,) = one(Command("quiz", "Practise", (option,)))["options"]
    assert payload == {"name": "a", "description": "A"} | told


def test_required_options_come_first_whatever_their_order_in_the_core():
    options = (CommandOption("a", "A"), CommandOption("b", "B", required=True), CommandOption("c", "C"))
    assert [o["name"] for o in one(Command("quiz", "P", options))["options"]] == ["b", "a", "c"]


def test_a_long_summary_is_cut():
    assert len(one(Command("quiz", "w" * 150))["description"]) == 100


def told_by_discord(published):
    """Published commands as Discord lists them: with its own fields and defaults, in its own order."""
    told = copy.deepcopy(published)[::-1]
    for command in told:
        command |= {
            "id": "1084000000000000101",
            "application_id": "1084000000000000001",
            "version": "1084000000000000201",
            "default_permission": True,
            "nsfw": False,
            "dm_permission": True,
            "name_localizations": None,
            "description_localizations": None,
            "contexts": command["contexts"][::-1],
        }
        _as_discord_tells_options(command)
    return told


def _as_discord_tells_options(part):
    options = part.get("options", [])
    if not options:
        part.pop("options", None)
    for option in options:
        for key in ("required", "autocomplete"):
            if not option.get(key):
                option.pop(key, None)
        for choice in option.get("choices", ()):
            choice["name_localizations"] = None
        _as_discord_tells_options(option)


def test_what_discord_tells_of_the_same_commands_is_the_same():
    assert digest(told_by_discord(shipped())) == digest(shipped())


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told.pop(),
        lambda told: told[0].update(description="Another"),
        lambda told: told[0].update(contexts=[0]),
        lambda told: told[-1].update(default_member_permissions="8"),
        lambda told: _an_option(told).update(required=True),
        lambda told: _an_option(told).update(max_length=7),
        lambda told: _an_option(told).update(description="Another"),
        lambda told: _with_choices(told)["choices"].pop(),
    ],
)
def test_any_difference_is_seen(change):
    told = copy.deepcopy(shipped())
    change(told)
    assert digest(told) != digest(shipped())


def _options(told):
    for command in told:
        for option in command["options"]:
            yield option
            yield from option.get("options", ())


def _an_option(told):
    return next(option for option in _options(told) if option["type"] == 3 and "max_length" in option)


def _with_choices(told):
    return next(option for option in _options(told) if "choices" in option)
