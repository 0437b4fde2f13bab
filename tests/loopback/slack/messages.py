"""Messages in channels: posting, changing, deleting."""

from tests.loopback.slack import validate
from tests.loopback.slack.happenings import DELETE, EPHEMERAL, POST, UPDATE
from tests.loopback.slack.world import Message

KEPT = ("text", "blocks", "attachments", "metadata")


class Messages:
    """Every way in which a message comes to stand, and its checks."""

    def __init__(self, server):
        self._server = server

    def post(self, channel, body, *, user=None, only=None, interaction=None, files=()):
        """A message of the bot, or of ``user``; ``only`` is the id of who alone sees it."""
        team = channel.team
        if user is None and not files:
            validate.message(self._server, team, body)
        message = Message(self._server.ids.ts(), channel, user or team.bot, self._body(body), only=only)
        message.thread_ts = body.get("thread_ts")
        message.files = list(files)
        channel.messages[message.ts] = message
        if message.thread_ts:
            channel.threads.setdefault(message.thread_ts, []).append(message)
        kind = EPHEMERAL if only else POST
        self._server.happened.add(kind, message, channel=channel, user=only, interaction=interaction)
        if user is None and not only:
            self._server.echo("message", message)
        return message

    def edit(self, message, body, *, interaction=None, whole=False):
        """Change it; what the body does not name stays, unless it is the ``whole`` of the new message.

        New text without blocks takes the blocks away, as Slack documents it.
        """
        kept = {key: body[key] for key in KEPT if key in body}
        if kept.get("text"):
            kept.setdefault("blocks", [])
        merged = kept if whole else {**message.body, **kept}
        validate.message(self._server, message.team, merged)
        message.edits.append(message.body)
        message.body = self._body(merged)
        message.edited = self._server.ids.ts()
        self._happened(UPDATE, message, interaction)
        if not message.only:
            self._server.echo("message_changed", message)
        return message

    def delete(self, message, *, interaction=None):
        """Take it away."""
        message.deleted = True
        self._happened(DELETE, message, interaction)

    def _happened(self, kind, message, interaction):
        self._server.happened.add(
            kind, message, channel=message.channel, user=message.only, interaction=interaction
        )

    def _body(self, body):
        """Message body from the arguments, with ids where the bot gave none."""
        kept = {key: body[key] for key in KEPT if body.get(key)}
        if body.get("markdown_text"):
            kept["text"] = body["markdown_text"]
        if "blocks" in kept:
            kept["blocks"] = validate.with_ids(kept["blocks"], self._server.ids)
        return kept
