"""Pictures of progress in a Slack workspace, over the wire."""

import pytest

from adapters.slack import pictures
from tests.adapters.slack.wired import study

pytestmark = pytest.mark.asyncio


def shown_files(message):
    """The ids of the files that a message shows."""
    return [block["slack_file"]["id"] for block in message.blocks if block["type"] == "image"]


def uploads(wired):
    """Number of picture uploads that were requested."""
    return len(wired.server.called("files.getUploadURLExternal"))


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr(pictures, "FIRST_PAUSE", 0.0)


async def test_progress_shows_its_picture_with_words_for_those_who_do_not_see(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        shown = await olga.uses(channel, "/progress")
        (file,) = shown_files(shown.message)
        assert shown.ephemeral
        assert channel.team.files[file].data.startswith(b"\x89PNG")
        assert channel.team.files[file].alt.startswith("Active on 0 days in the last 26 weeks.")
        assert "Active on 0 days in the last 26 weeks." in shown.text
        assert not wired.server.refused


async def test_the_same_picture_is_uploaded_once_in_ten_minutes(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        first = await olga.uses(channel, "/progress")
        second = await olga.uses(channel, "/progress")
        assert shown_files(first.message) == shown_files(second.message) != []
        assert uploads(wired) == 1
        await wired.passes(minutes=11)
        await olga.uses(channel, "/progress")
        assert uploads(wired) == 2


async def test_a_file_that_slack_still_looks_through_is_shown_a_moment_later(tmp_path):
    async with study(tmp_path) as (wired, channel, olga):
        wired.server.rules.file_refusals = 2
        shown = await olga.uses(channel, "/progress")
        assert shown_files(shown.message)


async def test_words_stay_where_slack_takes_no_block_with_the_file(tmp_path, caplog):
    async with study(tmp_path) as (wired, channel, olga):
        wired.server.rules.file_refusals = 1000
        for _ in range(2):
            shown = await olga.uses(channel, "/progress")
            assert not shown_files(shown.message)
            assert "Active on 0 days in the last 26 weeks." in shown.text
        assert caplog.text.count("a picture is shown in words") == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"method": "files.getUploadURLExternal", "status": 503},
        {"method": "files.getUploadURLExternal", "error": "missing_scope"},
        {"method": "upload", "reset": True},
        {"method": "files.completeUploadExternal", "status": 429, "retry_after": 30},
    ],
    ids=str,
)
async def test_words_stay_where_the_upload_fails(tmp_path, fault, caplog):
    async with study(tmp_path) as (wired, channel, olga):
        wired.server.faults.add(**fault)
        shown = await olga.uses(channel, "/progress")
        assert wired.server.faults.struck
        assert not shown_files(shown.message)
        assert "Active on 0 days in the last 26 weeks." in shown.text
        assert caplog.text.count("a picture is shown in words") == 1
