"""Errors that the loopback Slack finds in app manifests."""

import copy

import pytest

from tests.loopback.slack import Cannot, LoopbackSlack

GOOD = {
    "_metadata": {"major_version": 1},
    "display_information": {"name": "Milepost", "description": "Walks a group along a roadmap",
                            "background_color": "#1a2b3c"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "Milepost", "always_online": True},
        "slash_commands": [{"command": "/quiz", "description": "A question", "usage_hint": "[topic]",
                            "should_escape": False}],
    },
    "oauth_config": {"scopes": {"bot": ["chat:write", "commands", "im:history"]}},
    "settings": {"socket_mode_enabled": True, "interactivity": {"is_enabled": True},
                 "event_subscriptions": {"bot_events": ["app_home_opened", "message.im"]}},
}  # fmt: skip
HTTP = {
    "features/slash_commands/0/url": "https://milepost.example/slack",
    "settings/interactivity/request_url": "https://milepost.example/slack",
    "settings/event_subscriptions/request_url": "https://milepost.example/slack",
}
COMMANDS = "features/slash_commands"


def changed(**changes):
    """The good manifest with other values at paths such as ``a/b/0``."""
    given = copy.deepcopy(GOOD)
    for path, value in changes.items():
        *way, last = path.split("/")
        place = given
        for key in way:
            place = place[int(key)] if isinstance(place, list) else place[key]
        place[int(last) if isinstance(place, list) else last] = value
    return LoopbackSlack().accepts_manifest(given)


def test_a_good_manifest_is_taken_in_both_modes():
    assert changed() == []
    assert changed(**HTTP, **{"settings/socket_mode_enabled": False}) == []


def test_http_mode_needs_safe_addresses():
    found = changed(**{"settings/socket_mode_enabled": False})
    assert len(found) == 3
    assert all("must be an https address" in sentence for sentence in found)


@pytest.mark.parametrize(
    ("path", "value", "why"),
    [
        (COMMANDS, [{"command": f"/c{n}", "description": "x"} for n in range(51)], "50 at most"),
        (COMMANDS, [{"command": "/a", "description": "x"}] * 2, "more than once"),
        (f"{COMMANDS}/0/command", "quiz", "must be /"),
        (f"{COMMANDS}/0/command", "/Quiz", "must be /"),
        (f"{COMMANDS}/0/command", "/" + "x" * 33, "must be /"),
        (f"{COMMANDS}/0/description", "", "not empty"),
        (f"{COMMANDS}/0/description", "x" * 2001, "2000 at most"),
        (f"{COMMANDS}/0/usage_hint", "x" * 1001, "1000 at most"),
        (f"{COMMANDS}/0/hint", "x", "is not known"),
        ("oauth_config/scopes/bot", ["chat:write", "im:history"], "needs commands"),
        ("oauth_config/scopes/bot", ["commands", "im:history", "chat:shout"], "is not a scope"),
        ("oauth_config/scopes/bot", ["commands"], "message.im needs the scope im:history"),
        ("oauth_config/redirect_urls", ["http://milepost.example"], "must be an https address"),
        ("settings/event_subscriptions/bot_events", ["message.everywhere"], "is not an event"),
        ("display_information/name", "x" * 36, "35 at most"),
        ("display_information/description", "x" * 141, "140 at most"),
        ("display_information/long_description", "x" * 174, "less than 175"),
        ("display_information/background_color", "blue", "must be a colour"),
        ("features/bot_user/display_name", None, "not empty"),
        ("_metadata/major_version", 3, "must be 1 or 2"),
        ("extra", {}, "/extra: is not known"),
    ],
)
def test_each_thing_that_is_wrong_is_named(path, value, why):
    assert any(why in sentence for sentence in changed(**{path: value}))


@pytest.mark.asyncio
async def test_the_app_of_a_manifest_has_its_commands_and_events_alone():
    server = LoopbackSlack()
    server.configures(GOOD)
    team = server.team()
    study, ana = server.channel(team), server.member("Ana", team)
    with pytest.raises(Cannot, match="/quit is not a command"):
        await ana.uses(study, "/quit")
    with pytest.raises(Cannot, match="No bot is connected"):
        await ana.uses(study, "/quiz")
    assert (await ana.mentions(study)).deliveries == []
    assert len((await ana.says(ana.inbox, "x")).deliveries) == 1
    with pytest.raises(ValueError, match="not known"):
        server.configures({**GOOD, "extra": {}})
