"""The native payloads of what people do, as Slack sends them."""

from tests.loopback.slack import filling, payloads
from tests.loopback.slack.ids import secret
from tests.loopback.slack.world import Message


def slash(server, person, channel, command, text):
    """A slash command; in HTTP mode these are form fields."""
    team = person.team
    return {
        "token": server.verification_token, "team_id": team.id, "team_domain": team.domain,
        "channel_id": channel.id, "channel_name": "directmessage" if channel.recipient else channel.name,
        "user_id": person.id, "user_name": person.user.name.lower(), "command": command, "text": text,
        "api_app_id": server.app_id, "is_enterprise_install": "false", **_answers(server, person),
    }  # fmt: skip


def actions(server, person, surface, action):
    """A button, menu or other element of a message, a form or the home view."""
    acted = {**action, "action_ts": server.ids.ts()}
    told = {"type": "block_actions", **_who(server, person), "actions": [acted]}
    if not isinstance(surface, Message):
        told |= {"container": {"type": "view", "view_id": surface.id}, "view": _as_filled(surface, acted)}
        return told | {"trigger_id": _answers(server, person)["trigger_id"]}
    state = {"state": {"values": _state(acted)}}
    return told | _answers(server, person) | _on_message(surface) | state


def suggestion(server, person, surface, element, text):
    """Typing into an external select. It has no trigger and no response address."""
    told = {"type": "block_suggestion", **_who(server, person), "value": text, **element}
    if isinstance(surface, Message):
        return told | _on_message(surface)
    return told | {"container": {"type": "view", "view_id": surface.id}, "view": payloads.view(surface)}


def submission(server, person, view, values):
    """A form that is sent."""
    shown = payloads.view(view) | {"state": {"values": values}}
    trigger = _answers(server, person)["trigger_id"]
    return {"type": "view_submission", **_who(server, person), "trigger_id": trigger, "view": shown,
            "response_urls": []}  # fmt: skip


def closed(server, person, view):
    """A form that is closed without being sent."""
    return {"type": "view_closed", **_who(server, person), "view": payloads.view(view), "is_cleared": False}


def event(server, team, told):
    """An event in its wrapping."""
    return {
        "token": server.verification_token, "team_id": team.id, "context_team_id": team.id,
        "context_enterprise_id": None, "api_app_id": server.app_id, "event": told, "type": "event_callback",
        "event_id": server.ids.new("Ev"), "event_time": int(server.clock()), "is_ext_shared_channel": False,
        "authorizations": [{"enterprise_id": None, "team_id": team.id, "user_id": team.bot.id,
                            "is_bot": True, "is_enterprise_install": False}],
    }  # fmt: skip


def message_event(message):
    """A message as an event."""
    kinds = {"im": "im", "group": "group", "channel": "channel"}
    channel = message.channel
    return payloads.message(message) | {
        "channel": channel.id, "channel_type": kinds[channel.kind], "event_ts": message.ts,
    }  # fmt: skip


def _answers(server, person):
    """A trigger and an address to answer to."""
    number = server.ids.ts().replace(".", "")
    return {
        "trigger_id": f"{number}.{person.team.id}.{secret()}",
        "response_url": f"{server.url}/response/{person.team.id}/{number}/{secret()}",
    }  # fmt: skip


def _who(server, person):
    user = person.user
    return {
        "user": {"id": user.id, "username": user.name.lower(), "name": user.name.lower(),
                 "team_id": user.team.id},
        "team": payloads.team(user.team), "api_app_id": server.app_id, "enterprise": None,
        "token": server.verification_token, "is_enterprise_install": False,
    }  # fmt: skip


def _on_message(message):
    channel = message.channel
    name = "directmessage" if channel.recipient else channel.name
    container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id,
                 "is_ephemeral": message.ephemeral}  # fmt: skip
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    told = {"container": container, "channel": {"id": channel.id, "name": name}}
    # Slack does not tell what an ephemeral message said.
    return told if message.ephemeral else told | {"message": payloads.message(message)}


def _as_filled(view, acted):
    """A view with what stands in its fields at this moment, as far as it is known."""
    values = filling.standing(view)
    for block_id, told in _state(acted).items():
        values.setdefault(block_id, {}).update(told)
    return payloads.view(view) | {"state": {"values": values}}


def _state(acted):
    """State that one element has after it was used; empty for one that keeps no value."""
    kept = {key: acted[key] for key in acted if key == "type" or key.startswith(("selected", "value"))}
    plain = acted["type"] in {"button", "overflow"}
    return {} if plain else {acted["block_id"]: {acted["action_id"]: kept}}
