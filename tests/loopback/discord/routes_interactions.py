"""REST: answers to interactions, and the webhook that stands for each of them for 15 minutes."""

from tests.loopback.discord import payloads, validate
from tests.loopback.discord.interactions import (
    ALLOWED,
    CHOICES,
    DEFER,
    DEFER_UPDATE,
    MODAL,
    SAY,
    UPDATE,
    Modal,
)
from tests.loopback.discord.refusals import (
    ALREADY_ANSWERED,
    BAD_WEBHOOK_TOKEN,
    UNKNOWN_INTERACTION,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    Problems,
    Refused,
)
from tests.loopback.discord.world import EPHEMERAL


class InteractionRoutes:
    """First answers, and what follows them."""

    def __init__(self, server):
        self._server = server

    def table(self):
        """(method, path, handler)."""
        webhook = "/webhooks/{application}/{token}"
        message = webhook + "/messages/{message}"
        return [
            ("POST", "/interactions/{interaction}/{token}/callback", self.answer),
            ("POST", webhook, self.follow),
            ("GET", message, self.message),
            ("PATCH", message, self.edit),
            ("DELETE", message, self.delete),
        ]

    async def answer(self, request):
        interaction = self._server.interactions.get(request.match_info["token"])
        if interaction is None or str(interaction.id) != request.match_info["interaction"]:
            raise Refused(*UNKNOWN_INTERACTION)
        if interaction.response is not None:
            raise Refused(*ALREADY_ANSWERED)
        if self._server.now() - interaction.opened > self._server.rules.acknowledge_within:
            raise Refused(*UNKNOWN_INTERACTION)
        body = request.body
        self._fits(interaction, body.get("type"))
        self._act(interaction, body["type"], body.get("data") or {}, request.files)
        interaction.response, interaction.acknowledged = body["type"], self._server.now()
        interaction.changed.beat()
        if request.query.get("with_response", "").lower() in {"true", "1"}:
            return _callback(interaction)
        return None

    @staticmethod
    def _fits(interaction, kind):
        allowed = ALLOWED[interaction.kind]
        if interaction.source is None:
            allowed = allowed - {DEFER_UPDATE, UPDATE}
        if kind not in allowed:
            problems = Problems()
            problems.add(("type",), "INTERACTION_RESPONSE_TYPE", f"Must be one of {sorted(allowed)} here.")
            problems.check()

    def _act(self, interaction, kind, data, files):
        {
            SAY: self._say, DEFER: self._defer, DEFER_UPDATE: self._stay, UPDATE: self._update,
            CHOICES: self._suggest, MODAL: self._open,
        }[kind](interaction, data, files)  # fmt: skip

    def _say(self, interaction, data, files):
        only = _seen_by(interaction, data)
        interaction.message = self._server.texts.post(
            interaction.channel, data, files, interaction=interaction, only=only
        )

    def _defer(self, interaction, data, files):
        only = _seen_by(interaction, data)
        interaction.message = self._server.texts.placeholder(interaction.channel, interaction, only)

    def _stay(self, interaction, data, files):
        interaction.message = interaction.source

    def _update(self, interaction, data, files):
        interaction.message = self._server.texts.edit(interaction.source, data, files)

    def _suggest(self, interaction, data, files):
        validate.choices(data.get("choices"))
        interaction.choices = data["choices"]

    def _open(self, interaction, data, files):
        validate.modal(data)
        interaction.modal = Modal(data, interaction)

    async def follow(self, request):
        """A followup; the first one after a deferral fills the message that was "thinking"."""
        interaction, body, files = self._alive(request), request.body, request.files
        if interaction.thinking:
            return payloads.message(self._change(interaction, interaction.message, body, files))
        only = _seen_by(interaction, body)
        posted = self._server.texts.post(
            interaction.channel, body, files, interaction=interaction, only=only
        )
        interaction.followups.append(posted)
        interaction.changed.beat()
        return payloads.message(posted)

    async def message(self, request):
        return payloads.message(self._message(self._alive(request), request))

    async def edit(self, request):
        interaction = self._alive(request)
        message = self._message(interaction, request)
        return payloads.message(self._change(interaction, message, request.body, request.files))

    async def delete(self, request):
        interaction = self._alive(request)
        self._message(interaction, request).deleted = True
        interaction.changed.beat()

    def _change(self, interaction, message, body, files):
        self._server.texts.edit(message, body, files)
        interaction.updates += 1
        interaction.changed.beat()
        return message

    def _alive(self, request):
        interaction = self._server.interactions.get(request.match_info["token"])
        if interaction is None or interaction.response is None:
            raise Refused(*UNKNOWN_WEBHOOK)
        if self._server.now() - interaction.opened > self._server.rules.interaction_life:
            raise Refused(*BAD_WEBHOOK_TOKEN)
        return interaction

    @staticmethod
    def _message(interaction, request):
        asked = request.match_info["message"]
        mine = [m for m in (interaction.message, *interaction.followups) if m is not None]
        wanted = mine[:1] if asked == "@original" else [m for m in mine if str(m.id) == asked]
        if not wanted or wanted[0].deleted:
            raise Refused(*UNKNOWN_MESSAGE)
        return wanted[0]


def _seen_by(interaction, body):
    """The one user who sees an ephemeral answer, None for all."""
    return interaction.user.id if (body.get("flags") or 0) & EPHEMERAL else None


def _callback(interaction):
    """The answer that ``with_response`` asks for."""
    about = {"id": str(interaction.id), "type": interaction.kind}
    resource = {"type": interaction.response}
    message = interaction.message
    if message is not None:
        about |= {
            "response_message_id": str(message.id), "response_message_loading": message.loading,
            "response_message_ephemeral": message.ephemeral,
        }  # fmt: skip
        resource["message"] = payloads.message(message)
    return {"interaction": about, "resource": resource}
