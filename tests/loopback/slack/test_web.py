"""The Web API of the loopback Slack, called by the real slack_sdk: what it does and what it refuses."""

from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.loopback.slack import LoopbackSlack

pytestmark = pytest.mark.asyncio


@asynccontextmanager
async def calling(**rules):
    """A workspace and a client with its token."""
    async with LoopbackSlack(**rules) as server:
        team = server.team("Berlin")
        study, ana = server.channel(team, "study"), server.member("Ana", team, tz="Asia/Tokyo", admin=True)
        client = AsyncWebClient(token=team.token, base_url=server.api_url)
        yield SimpleNamespace(server=server, team=team, study=study, ana=ana, client=client)


async def refused(call):
    """Slack's word for why not."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return caught.value.response["error"]


async def test_the_bot_learns_who_it_is_and_who_people_are():
    async with calling() as at:
        who = await at.client.auth_test()
        assert (who["team_id"], who["user_id"]) == (at.team.id, at.team.bot.id)
        user = (await at.client.users_info(user=at.ana.id))["user"]
        assert (user["tz"], user["tz_offset"], user["is_admin"], user["is_owner"]) == (
            "Asia/Tokyo", 9 * 3600, True, False,
        )  # fmt: skip
        assert await refused(at.client.users_info(user="U404")) == "user_not_found"
        listed = await at.client.users_list(limit=1)
        assert [member["id"] for member in listed["members"]] == [at.team.bot.id]
        rest = await at.client.users_list(limit=1, cursor=listed["response_metadata"]["next_cursor"])
        assert [member["id"] for member in rest["members"]] == [at.ana.id]


async def test_messages_are_posted_changed_found_and_deleted():
    async with calling() as at:
        mark = {"event_type": "post", "event_payload": {"id": "17"}}
        sent = await at.client.chat_postMessage(channel=at.study.id, text="One", metadata=mark)
        second = await at.client.chat_postMessage(channel=at.study.id, text="Two", thread_ts=sent["ts"])
        await at.client.chat_update(channel=at.study.id, ts=sent["ts"], text="One, changed")
        found = await at.client.conversations_history(channel=at.study.id, include_all_metadata=True)
        assert [(m["text"], m["metadata"], m["reply_count"]) for m in found["messages"]] == [
            ("One, changed", mark, 1)
        ]
        without = await at.client.conversations_history(channel=at.study.id)
        assert "metadata" not in without["messages"][0]
        thread = await at.client.conversations_replies(channel=at.study.id, ts=sent["ts"])
        assert [m["text"] for m in thread["messages"]] == ["One, changed", "Two"]
        link = await at.client.chat_getPermalink(channel=at.study.id, message_ts=sent["ts"])
        assert link["permalink"].endswith(f"/{at.study.id}/p{sent['ts'].replace('.', '')}")
        await at.client.reactions_add(channel=at.study.id, timestamp=sent["ts"], name="eyes")
        await at.client.chat_delete(channel=at.study.id, ts=second["ts"])
        assert [m.summary for m in at.server.messages(at.study)] == ["One, changed"]
        gone = at.client.chat_update(channel=at.study.id, ts=second["ts"], text="x")
        assert await refused(gone) == "message_not_found"
        said = await at.ana.says(at.study, "a < b")
        theirs = at.client.chat_update(channel=at.study.id, ts=said.surface.ts, text="x")
        assert await refused(theirs) == "cant_update_message"
        assert [call.error for call in at.server.called("chat.update")] == [
            None, "message_not_found", "cant_update_message",
        ]  # fmt: skip
        assert not at.server.refused


async def test_new_text_alone_takes_the_blocks_away_and_new_blocks_leave_the_text():
    async with calling() as at:
        blocks = [{"type": "divider"}]
        sent = await at.client.chat_postMessage(channel=at.study.id, text="Old", blocks=blocks)
        message = at.study.messages[sent["ts"]]
        told = {"channel": at.study.id, "ts": sent["ts"], "blocks": blocks * 2}
        await at.client.api_call("chat.update", json=told)  # the SDK's own method warns of the missing text
        assert (message.summary, len(message.blocks)) == ("Old", 2)
        await at.client.chat_update(channel=at.study.id, ts=sent["ts"], text="New")
        assert (message.summary, message.blocks) == ("New", [])


async def test_history_is_paged_and_bounded():
    async with calling(limited=False) as at:
        sent = [
            (await at.client.chat_postMessage(channel=at.study.id, text=str(n)))["ts"] for n in range(5)
        ]
        first = await at.client.conversations_history(channel=at.study.id, limit=2)
        assert [m["text"] for m in first["messages"]] == ["4", "3"]
        assert first["has_more"]
        cursor = first["response_metadata"]["next_cursor"]
        rest = await at.client.conversations_history(channel=at.study.id, cursor=cursor)
        assert [m["text"] for m in rest["messages"]] == ["2", "1", "0"]
        late = await at.client.conversations_history(channel=at.study.id, oldest=sent[3])
        assert [m["text"] for m in late["messages"]] == ["4"]
        late = await at.client.conversations_history(channel=at.study.id, oldest=sent[3], inclusive=True)
        assert [m["text"] for m in late["messages"]] == ["4", "3"]


async def test_ephemeral_messages_reach_one_person_and_cannot_be_changed():
    async with calling() as at:
        ben = at.server.member("Ben", at.team)
        sent = await at.client.chat_postEphemeral(channel=at.study.id, user=at.ana.id, text="For Ana")
        assert [m.text for m in at.ana.sees(at.study)] == ["For Ana"]
        assert ben.sees(at.study) == []
        changed = at.client.chat_update(channel=at.study.id, ts=sent["message_ts"], text="x")
        assert await refused(changed) == "message_not_found"
        at.study.members.remove(ben.id)
        outside = at.client.chat_postEphemeral(channel=at.study.id, user=ben.id, text="x")
        assert await refused(outside) == "user_not_in_channel"


async def test_direct_channels():
    async with calling() as at:
        opened = await at.client.conversations_open(users=[at.ana.id])
        await at.client.chat_postMessage(channel=opened["channel"]["id"], text="Hello")
        await at.client.chat_postMessage(channel=at.ana.id, text="again")
        assert [m.text for m in at.ana.sees(at.ana.inbox)] == ["Hello", "again"]
        assert await refused(at.client.conversations_open(users=[at.team.bot.id])) == "cannot_dm_bot"
        assert await refused(at.client.conversations_open(users=["U404"])) == "user_not_found"


async def test_channels_where_the_bot_is_not():
    async with calling() as at:
        public = at.server.channel(at.team, "open", bot=False)
        private = at.server.channel(at.team, "closed", private=True, bot=False)

        def post(channel):
            return at.client.chat_postMessage(channel=channel.id, text="x")

        assert await refused(post(public)) == "not_in_channel"
        assert await refused(at.client.conversations_history(channel=public.id)) == "not_in_channel"
        assert await refused(post(private)) == "channel_not_found"
        joined = await at.client.conversations_join(channel=public.id)
        assert joined["channel"]["is_member"]
        await post(public)
        members = await at.client.conversations_members(channel=public.id)
        assert at.team.bot.id in members["members"]
        public.archived = True
        assert await refused(post(public)) == "is_archived"
        info = await at.client.conversations_info(channel=public.id)
        assert (info["channel"]["is_archived"], info["channel"]["name"]) == (True, "open")
        at.server.close_channel(public)
        assert await refused(post(public)) == "channel_not_found"


async def test_tokens_belong_to_a_workspace_and_can_die():
    async with calling() as at:
        other = at.server.team("Paris")
        there = AsyncWebClient(token=other.token, base_url=at.server.api_url)
        strange = there.chat_postMessage(channel=at.study.id, text="x")
        assert await refused(strange) == "channel_not_found"
        unknown = AsyncWebClient(token="xoxb-unknown", base_url=at.server.api_url)
        assert await refused(unknown.auth_test()) == "invalid_auth"
        nobody = AsyncWebClient(base_url=at.server.api_url)
        assert await refused(nobody.auth_test()) == "not_authed"
        at.team.scopes.discard("chat:write")
        with pytest.raises(SlackApiError) as caught:
            await at.client.chat_postMessage(channel=at.study.id, text="x")
        assert (caught.value.response["error"], caught.value.response["needed"]) == (
            "missing_scope", "chat:write",
        )  # fmt: skip
        at.team.scopes.discard("im:history")
        in_direct = at.client.conversations_history(channel=at.ana.inbox.id)
        assert await refused(in_direct) == "missing_scope"
        assert (await there.auth_revoke())["revoked"]
        assert await refused(there.auth_test()) == "token_revoked"
        at.team.installed = False
        assert await refused(at.client.auth_test()) == "account_inactive"


async def test_groups_of_people_are_set_whole():
    async with calling() as at:
        streak = at.server.group(at.team, "streak-7")
        [told] = (await at.client.usergroups_list())["usergroups"]
        assert (told["handle"], told["user_count"]) == ("streak-7", 0)
        await at.client.usergroups_users_update(usergroup=streak.id, users=[at.ana.id])
        assert (await at.client.usergroups_users_list(usergroup=streak.id))["users"] == [at.ana.id]
        empty = at.client.usergroups_users_update(usergroup=streak.id, users=[])
        assert await refused(empty) == "no_users_provided"
        unknown = at.client.usergroups_users_update(usergroup=streak.id, users=["U404"])
        assert await refused(unknown) == "invalid_users"
        assert await refused(at.client.usergroups_users_list(usergroup="S404")) == "no_such_subteam"


async def test_a_picture_is_uploaded_and_shown():
    async with calling() as at:
        made = await at.client.files_upload_v2(
            channel=at.study.id, filename="a.png", file=b"\x89PNG...", title="Progress",
            alt_txt="Ana's bar",
            initial_comment="Here it is",
        )  # fmt: skip
        [message] = at.server.messages(at.study)
        [file] = message.files
        assert (message.text, file.data, file.alt, file.title) == (
            "Here it is", b"\x89PNG...", "Ana's bar", "Progress",
        )  # fmt: skip
        picture = {"type": "image", "alt_text": "Bar", "slack_file": {"id": made["files"][0]["id"]}}
        await at.client.chat_postMessage(channel=at.study.id, text="Bar", blocks=[picture])
        unknown = picture | {"slack_file": {"id": "F404"}}
        shown = at.client.chat_postMessage(channel=at.study.id, text="Bar", blocks=[unknown])
        assert await refused(shown) == "invalid_blocks"


async def test_forms_and_json_and_queries_are_read_alike():
    async with calling() as at:
        told = {"channel": at.study.id, "text": "x", "blocks": '[{"type": "divider"}]'}
        for how in ({"data": told}, {"params": told}, {"json": told}):
            await at.client.api_call("chat.postMessage", **how)
        assert [m.blocks[0]["type"] for m in at.server.messages(at.study)] == ["divider"] * 3
        assert await refused(at.client.api_call("chat.unknown")) == "unknown_method"
