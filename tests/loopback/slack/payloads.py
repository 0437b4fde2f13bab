"""The JSON shapes in which Slack tells of people, channels, messages, views and workspaces."""

import datetime as dt
from zoneinfo import ZoneInfo


def user(person, *, locale=False):
    """As in users.info."""
    offset = dt.datetime.now(ZoneInfo(person.tz)).utcoffset()
    told = {
        "id": person.id, "team_id": person.team.id, "name": person.name.lower(), "deleted": person.deleted,
        "real_name": person.name, "tz": person.tz, "tz_label": person.tz.rpartition("/")[2],
        "tz_offset": int(offset.total_seconds()), "is_admin": person.admin or person.owner,
        "is_owner": person.owner, "is_primary_owner": False, "is_restricted": person.guest,
        "is_ultra_restricted": person.guest, "is_bot": person.bot, "is_app_user": False, "updated": 1,
        "profile": {
            "real_name": person.name, "display_name": person.name, "real_name_normalized": person.name,
            "display_name_normalized": person.name, "team": person.team.id,
        },
    }  # fmt: skip
    return told | {"locale": person.locale} if locale else told


def channel(place, *, member_of=None):
    """As in conversations.info; a direct channel is told differently."""
    told = {
        "id": place.id, "created": 1_700_000_000, "is_archived": place.archived,
        "is_im": place.recipient is not None, "is_mpim": False, "context_team_id": place.team.id,
    }  # fmt: skip
    if place.recipient:
        return told | {"user": place.recipient.id, "is_user_deleted": False, "is_open": True}
    return told | {
        "name": place.name, "name_normalized": place.name, "is_channel": not place.private,
        "is_group": place.private, "is_private": place.private, "is_general": False, "is_shared": False,
        "is_ext_shared": False, "is_org_shared": False, "creator": "U00000001",
        "is_member": member_of in place.members, "topic": {"value": place.topic}, "purpose": {"value": ""},
        "num_members": len(place.members),
    }  # fmt: skip


def message(given, *, metadata=False):
    """As in history, events and block actions."""
    told = {"type": "message", "user": given.user.id, "ts": given.ts, "team": given.team.id,
            "text": given.summary}  # fmt: skip
    if given.user.bot:
        told |= {"bot_id": given.team.bot_id, "app_id": given.team.app_id,
                 "bot_profile": {"id": given.team.bot_id, "name": given.user.name}}  # fmt: skip
    for key in ("blocks", "attachments"):
        if given.body.get(key):
            told[key] = given.body[key]
    if metadata and given.metadata:
        told["metadata"] = given.metadata
    if given.thread_ts:
        told["thread_ts"] = given.thread_ts
    if given.edited:
        told["edited"] = {"user": given.user.id, "ts": given.edited}
    if given.files:
        told["files"] = [file(each) for each in given.files]
    if given.only:
        told["is_ephemeral"] = True
    return told | _thread(given)


def _thread(given):
    """A message that was answered tells of its thread."""
    answers = [m for m in given.channel.threads.get(given.ts, ()) if not m.deleted and not m.only]
    if not answers:
        return {}
    people = list(dict.fromkeys(answer.user.id for answer in answers))
    return {"thread_ts": given.ts, "reply_count": len(answers), "reply_users": people,
            "reply_users_count": len(people), "latest_reply": answers[-1].ts}  # fmt: skip


def view(given):
    """As in answers of views.open and in payloads."""
    raw = given.raw
    return {
        "id": given.id, "team_id": given.team.id, "type": raw["type"], "blocks": given.blocks,
        "private_metadata": raw.get("private_metadata") or "", "callback_id": raw.get("callback_id") or "",
        "state": {"values": {}}, "hash": given.hash, "title": raw.get("title"),
        "clear_on_close": raw.get("clear_on_close", False),
        "notify_on_close": raw.get("notify_on_close", False),
        "close": raw.get("close"), "submit": raw.get("submit"), "external_id": raw.get("external_id") or "",
        "previous_view_id": given.below.id if given.below else None,
        "root_view_id": (given.root or given).id, "app_id": given.team.app_id,
        "app_installed_team_id": given.team.id, "bot_id": given.team.bot_id,
    }  # fmt: skip


def team(given):
    """As in block actions."""
    return {"id": given.id, "domain": given.domain}


def group(given):
    """As in usergroups.list."""
    return {
        "id": given.id, "handle": given.handle, "name": given.name, "is_usergroup": True,
        "users": list(given.users), "user_count": len(given.users), "is_subteam": True,
        "date_delete": 0 if given.enabled else 1,
    }  # fmt: skip


def file(given):
    """As in messages."""
    return {"id": given.id, "name": given.name, "title": given.title or given.name, "size": given.length,
            "alt_txt": given.alt, "mode": "hosted"}  # fmt: skip
