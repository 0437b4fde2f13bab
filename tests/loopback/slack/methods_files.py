"""files.*: the three steps of an upload."""

import json

from tests.loopback.slack import payloads
from tests.loopback.slack.places import channel_of
from tests.loopback.slack.record import Method
from tests.loopback.slack.refusals import Refused
from tests.loopback.slack.world import File


class FileMethods:
    """Files that the bot uploads; ``server.uploads`` finds those that are under way."""

    def __init__(self, server):
        self._server = server

    def table(self):
        """Methods by name."""
        return {
            "files.getUploadURLExternal": Method(self.begin, "files:write", 4),
            "files.completeUploadExternal": Method(self.complete, "files:write", 4),
            "files.delete": Method(self.delete, "files:write", 3),
        }

    def begin(self, asked):
        args = asked.args
        length = str(args.get("length") or "")
        if not args.get("filename") or not length.isdigit() or length == "0":
            raise Refused("invalid_arguments", problems=["filename and a length above 0 are required"])
        file = File(self._server.ids.new("F"), args["filename"], int(length), args.get("alt_txt") or "")
        self._server.uploads[file.id] = (asked.team, file)
        return {"file_id": file.id, "upload_url": f"{self._server.url}/upload/v1/{file.id}"}

    async def upload(self, request):
        """The address that takes the bytes; it needs no token."""
        _, file = self._server.uploads.get(request.match_info["file"], (None, None))

        async def take(asked):
            data = asked.data or b"".join(_bytes(value) for value in asked.args.values())
            if file is None or len(data) != file.length:
                raise Refused("file_upload_size_mismatch", problems=[f"{len(data)} bytes came"])
            file.data = data
            return f"OK - {len(data)}"

        return await self._server.gate.passed(request, take, "upload")

    def complete(self, asked):
        """Share what was uploaded, in a channel if one is named."""
        files = [self._one(asked, named) for named in _listed(asked.args.get("files"))]
        channels = asked.args.get("channel_id") or asked.args.get("channels")
        if channels:
            self._share(asked, channels.split(","), files)
        for file in files:
            file.shared, file.refusals = True, self._server.rules.file_refusals
            asked.team.files[file.id] = file
        return {"files": [payloads.file(file) for file in files]}

    def delete(self, asked):
        """Once only: a second time it is gone."""
        if asked.args.get("file") not in asked.team.files:
            raise Refused("file_not_found")
        del asked.team.files[asked.args["file"]]
        return {}

    def _one(self, asked, named):
        team, file = self._server.uploads.get(named.get("id"), (None, None))
        if team is not asked.team:
            raise Refused("file_not_found")
        if file.data is None:
            raise Refused("upload_incomplete", problems=[f"no bytes came for {file.id}"])
        if file.shared:
            raise Refused("file_already_completed")
        file.title = named.get("title") or file.name
        return file

    def _share(self, asked, channels, files):
        for name in channels:
            channel = channel_of(_with_channel(asked, name), inside=True)
            if channel.archived:
                raise Refused("is_archived")
            body = {
                "text": asked.args.get("initial_comment") or "",
                "thread_ts": asked.args.get("thread_ts"),
            }
            self._server.board.post(channel, body, files=files)


def _with_channel(asked, name):
    asked.args["channel"] = name.strip()
    return asked


def _listed(given):
    given = json.loads(given) if isinstance(given, str) else given
    if not isinstance(given, list) or not given or not all(isinstance(each, dict) for each in given):
        raise Refused("invalid_arguments", problems=["files must be a list with at least one id"])
    return given


def _bytes(value):
    return value.file.read() if hasattr(value, "file") else str(value).encode()
