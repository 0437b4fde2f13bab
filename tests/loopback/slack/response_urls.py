"""The addresses by which an interaction is answered: five uses in thirty minutes."""

from tests.loopback.slack.places import truth
from tests.loopback.slack.refusals import Refused
from tests.loopback.slack.world import Message

GONE = {"invalid_url", "expired_url", "used_url"}


class ResponseUrls:
    """``POST /response/...``; says ``ok``, or the JSON of a refusal with its status."""

    def __init__(self, server):
        self._server = server

    async def serve(self, request):
        """One use."""
        address = self._server.url + request.path

        async def use(asked):
            try:
                return self._use(asked, address)
            except Refused as refusal:
                refusal.status = 404 if refusal.error in GONE else 400
                raise

        return await self._server.gate.passed(request, use, "response_url")

    def _use(self, asked, address):
        interaction = self._server.responses.get(address)
        if interaction is None:
            raise Refused("invalid_url")
        asked.call.team = interaction.person.team.id
        rules = self._server.rules
        if self._server.now() - interaction.opened > rules.response_life:
            raise Refused("expired_url", problems=["the response_url is older than 30 minutes"])
        if interaction.response_used >= rules.response_uses:
            raise Refused("used_url", problems=["the response_url was used five times"])
        interaction.response_used += 1
        self._act(interaction, asked.args)
        return "ok"

    def _act(self, interaction, body):
        original = interaction.surface if isinstance(interaction.surface, Message) else None
        board = self._server.board
        if truth(body.get("delete_original")) and original:
            board.delete(original, interaction=interaction)
        elif truth(body.get("replace_original")) and original:
            board.edit(original, body, interaction=interaction, whole=True)
        else:
            only = None if body.get("response_type") == "in_channel" else interaction.person.id
            told = {key: value for key, value in body.items() if key != "thread_ts"}
            told["thread_ts"] = body.get("thread_ts") or (original and original.thread_ts)
            board.post(interaction.channel, told, only=only, interaction=interaction)
