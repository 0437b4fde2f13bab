"""chat.*, reactions.add."""

from tests.loopback.slack import payloads
from tests.loopback.slack.places import channel_for_posting, channel_of, person_of
from tests.loopback.slack.record import Method
from tests.loopback.slack.refusals import Refused


class ChatMethods:
    """Methods of Slack with which the bot writes."""

    def __init__(self, server):
        self._server = server

    def table(self):
        """Methods by name."""
        return {
            "chat.postMessage": Method(self.post, "chat:write", 0),
            "chat.postEphemeral": Method(self.whisper, "chat:write", 4),
            "chat.update": Method(self.update, "chat:write", 3),
            "chat.delete": Method(self.delete, "chat:write", 3),
            "chat.getPermalink": Method(self.permalink, None, 0),
            "reactions.add": Method(self.react, "reactions:write", 3),
        }

    def post(self, asked):
        channel = channel_for_posting(self._server, asked)
        self._server.limits.take_message(asked.team.id, channel.id)
        self._thread(channel, asked.args)
        message = self._server.board.post(channel, asked.args)
        shown = payloads.message(message, metadata=True)
        return {"channel": channel.id, "ts": message.ts, "message": shown}

    def whisper(self, asked):
        channel = channel_for_posting(self._server, asked, direct=False)
        person = person_of(asked)
        if person.id not in channel.members:
            raise Refused("user_not_in_channel")
        self._thread(channel, asked.args)
        return {"message_ts": self._server.board.post(channel, asked.args, only=person.id).ts}

    def update(self, asked):
        message = self._mine(asked, "cant_update_message")
        edited = self._server.board.edit(message, asked.args)
        told = payloads.message(edited, metadata=True)
        return {"channel": message.channel.id, "ts": message.ts, "text": message.summary, "message": told}

    def delete(self, asked):
        message = self._mine(asked, "cant_delete_message")
        self._server.board.delete(message)
        return {"channel": message.channel.id, "ts": message.ts}

    def permalink(self, asked):
        message = message_at(channel_of(asked), asked.args.get("message_ts"))
        link = f"https://{asked.team.domain}.slack.com/archives/{message.channel.id}"
        return {"channel": message.channel.id, "permalink": f"{link}/p{message.ts.replace('.', '')}"}

    def react(self, asked):
        message = message_at(channel_of(asked), asked.args.get("timestamp"))
        name = asked.args.get("name")
        if not name:
            raise Refused("invalid_name")
        if name in message.reactions:
            raise Refused("already_reacted")
        message.reactions.append(name)

    @staticmethod
    def _thread(channel, args):
        if args.get("thread_ts") and args["thread_ts"] not in channel.messages:
            raise Refused("thread_not_found")

    def _mine(self, asked, otherwise):
        """A message of the bot that stands and may still be changed."""
        channel = channel_of(asked)
        message = message_at(channel, asked.args.get("ts"))
        if channel.archived:
            raise Refused("is_archived")
        if message.user is not asked.team.bot:
            raise Refused(otherwise)
        return message


def message_at(channel, ts):
    """The message that stands there; ephemeral ones are nobody's to find."""
    message = channel.messages.get(ts)
    if message is None or message.deleted or message.only:
        raise Refused("message_not_found")
    return message
