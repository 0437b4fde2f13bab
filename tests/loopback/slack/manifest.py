"""Would Slack take this app manifest? Says what is wrong, a sentence each."""

import re

SECTIONS = {"_metadata", "display_information", "features", "oauth_config", "settings"}
COMMAND = re.compile(r"/[a-z0-9_-]{1,32}")
COLOUR = re.compile(r"#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
SCOPES = {
    "app_mentions:read", "bookmarks:read", "bookmarks:write", "calls:read", "calls:write",
    "channels:history", "channels:join", "channels:manage", "channels:read", "chat:write",
    "chat:write.customize", "chat:write.public", "commands", "dnd:read", "emoji:read",
    "files:read", "files:write",
    "groups:history", "groups:read", "groups:write", "im:history", "im:read", "im:write",
    "incoming-webhook", "links:read", "links:write", "metadata.message:read", "mpim:history", "mpim:read",
    "mpim:write", "pins:read", "pins:write", "reactions:read", "reactions:write", "reminders:read",
    "reminders:write", "remote_files:read", "remote_files:share", "remote_files:write", "team:read",
    "usergroups:read", "usergroups:write", "users.profile:read", "users:read", "users:read.email",
    "users:write", "assistant:write", "canvases:read", "canvases:write", "lists:read", "lists:write",
}  # fmt: skip
EVENTS = {
    "app_home_opened": None, "app_mention": "app_mentions:read", "app_uninstalled": None,
    "channel_archive": "channels:read", "channel_created": "channels:read",
    "channel_deleted": "channels:read", "channel_left": "channels:read", "channel_rename": "channels:read",
    "channel_unarchive": "channels:read", "file_shared": "files:read", "group_archive": "groups:read",
    "group_deleted": "groups:read", "group_left": "groups:read", "group_rename": "groups:read",
    "member_joined_channel": "channels:read", "member_left_channel": "channels:read",
    "message.channels": "channels:history", "message.groups": "groups:history", "message.im": "im:history",
    "message.mpim": "mpim:history", "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "subteam_created": "usergroups:read", "subteam_members_changed": "usergroups:read",
    "subteam_updated": "usergroups:read", "team_join": "users:read", "tokens_revoked": None,
    "user_change": "users:read",
}  # fmt: skip


class Findings(list):
    """Sentences, with the place in the manifest."""

    def say(self, place, sentence):
        """Add one."""
        self.append(f"{place}: {sentence}")

    def length(self, place, value, most, *, needed=True):
        """A text of at most so many characters."""
        if value is None and not needed:
            return
        if not isinstance(value, str) or not value.strip():
            self.say(place, "must be a text that is not empty")
        elif len(value) > most:
            self.say(place, f"has {len(value)} characters, {most} at most")

    def known(self, place, given, allowed):
        """An object without unknown keys."""
        for key in sorted(set(given) - set(allowed)):
            self.say(f"{place}/{key}", "is not known")

    def https(self, place, value):
        """An address that the outside can reach safely."""
        if not isinstance(value, str) or not value.startswith("https://"):
            self.say(place, "must be an https address")


def problems(given):
    """All that is wrong; an empty list when nothing is."""
    found = Findings()
    found.known("", given, SECTIONS)
    if (given.get("_metadata") or {}).get("major_version", 1) not in {1, 2}:
        found.say("/_metadata/major_version", "must be 1 or 2")
    _display(found, given.get("display_information") or {})
    socket = bool((given.get("settings") or {}).get("socket_mode_enabled"))
    scopes = ((given.get("oauth_config") or {}).get("scopes") or {}).get("bot") or []
    _features(found, given.get("features") or {}, scopes, socket=socket)
    _oauth(found, given.get("oauth_config") or {})
    _settings(found, given.get("settings") or {}, scopes, socket=socket)
    return list(found)


def _display(found, given):
    at = "/display_information"
    found.known(at, given, {"name", "description", "long_description", "background_color"})
    found.length(f"{at}/name", given.get("name"), 35)
    found.length(f"{at}/description", given.get("description"), 140, needed=False)
    long = given.get("long_description")
    found.length(f"{at}/long_description", long, 4000, needed=False)
    if isinstance(long, str) and len(long) < 175:
        found.say(f"{at}/long_description", "has less than 175 characters")
    if "background_color" in given and not COLOUR.fullmatch(str(given["background_color"])):
        found.say(f"{at}/background_color", "must be a colour such as #1a2b3c")


def _features(found, given, scopes, *, socket):
    found.known(
        "/features", given,
        {"app_home", "bot_user", "slash_commands", "shortcuts", "unfurl_domains", "assistant_view"},
    )  # fmt: skip
    found.known(
        "/features/app_home", given.get("app_home") or {},
        {"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"},
    )  # fmt: skip
    if "bot_user" in given:
        found.known("/features/bot_user", given["bot_user"], {"display_name", "always_online"})
        found.length("/features/bot_user/display_name", given["bot_user"].get("display_name"), 80)
    elif scopes:
        found.say("/features/bot_user", "is needed for bot scopes")
    commands = given.get("slash_commands") or []
    if len(commands) > 50:
        found.say("/features/slash_commands", f"has {len(commands)} commands, 50 at most")
    if commands and "commands" not in scopes:
        found.say("/oauth_config/scopes/bot", "needs commands for slash commands")
    for index, command in enumerate(commands):
        _command(found, f"/features/slash_commands/{index}", command, socket=socket)
    names = [command.get("command") for command in commands]
    for name in sorted({str(name) for name in names if names.count(name) > 1}):
        found.say("/features/slash_commands", f"has {name} more than once")


def _command(found, at, given, *, socket):
    found.known(at, given, {"command", "description", "usage_hint", "should_escape", "url"})
    if not COMMAND.fullmatch(str(given.get("command"))):
        found.say(f"{at}/command", f"{given.get('command')!r} must be / and 1 to 32 of a-z 0-9 - _")
    found.length(f"{at}/description", given.get("description"), 2000)
    found.length(f"{at}/usage_hint", given.get("usage_hint"), 1000, needed=False)
    if not socket or "url" in given:
        found.https(f"{at}/url", given.get("url"))


def _oauth(found, given):
    found.known("/oauth_config", given, {"redirect_urls", "scopes", "token_management_enabled",
                                         "pkce_enabled"})  # fmt: skip
    for index, address in enumerate(given.get("redirect_urls") or []):
        found.https(f"/oauth_config/redirect_urls/{index}", address)
    scopes = given.get("scopes") or {}
    found.known("/oauth_config/scopes", scopes, {"bot", "user", "bot_optional", "user_optional"})
    for index, scope in enumerate(scopes.get("bot") or []):
        if scope not in SCOPES:
            found.say(f"/oauth_config/scopes/bot/{index}", f"{scope!r} is not a scope")


def _settings(found, given, scopes, *, socket):
    found.known(
        "/settings", given,
        {"event_subscriptions", "interactivity", "org_deploy_enabled", "socket_mode_enabled",
         "token_rotation_enabled", "allowed_ip_address_ranges", "is_hosted", "function_runtime"},
    )  # fmt: skip
    interactive = given.get("interactivity") or {}
    found.known("/settings/interactivity", interactive,
                {"is_enabled", "request_url", "message_menu_options_url"})  # fmt: skip
    if interactive.get("is_enabled") and not socket:
        found.https("/settings/interactivity/request_url", interactive.get("request_url"))
    _events(found, given.get("event_subscriptions") or {}, scopes, socket=socket)


def _events(found, given, scopes, *, socket):
    at = "/settings/event_subscriptions"
    found.known(at, given, {"request_url", "bot_events", "user_events", "metadata_subscriptions"})
    if given.get("bot_events") and not socket:
        found.https(f"{at}/request_url", given.get("request_url"))
    for index, event in enumerate(given.get("bot_events") or []):
        place = f"{at}/bot_events/{index}"
        if event not in EVENTS:
            found.say(place, f"{event!r} is not an event")
        elif EVENTS[event] and EVENTS[event] not in scopes:
            found.say(place, f"{event} needs the scope {EVENTS[event]}")
