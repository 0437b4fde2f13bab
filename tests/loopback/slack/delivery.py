"""Bringing what people did to the bot, waiting for the acknowledgement, and doing what is in it."""

import asyncio

from tests.loopback.cannot import Cannot
from tests.loopback.slack import validate
from tests.loopback.slack.interactions import EVENTS, SLASH
from tests.loopback.slack.refusals import Refused


class Delivery:
    """Over Socket Mode, or signed HTTP once ``server.http.url`` is set."""

    def __init__(self, server):
        self._server = server

    async def deliver(self, interaction):
        """Send it and do what the acknowledgement says; what needs repeating is repeated beside it."""
        server = self._server
        if interaction.person.team.installed is False and interaction.kind != EVENTS:
            raise Cannot("The app is not installed in this workspace.")
        server.interactions.append(interaction)
        for key, kept in (("trigger_id", server.triggers), ("response_url", server.responses)):
            if interaction.payload.get(key):
                kept[interaction.payload[key]] = interaction
        ack = await self._send(interaction, 0, "")
        if ack is not None and ack.status == 200:
            self._do(interaction, ack.payload)
        elif interaction.kind in server.rules.redelivers:
            server.later(self._repeat(interaction, ack))
        return interaction

    async def _repeat(self, interaction, ack):
        """Send it again, with pauses, until it is acknowledged or given up."""
        for number, pause in enumerate(self._server.rules.redelivers_after, 1):
            await asyncio.sleep(pause)
            ack = await self._send(interaction, number, "timeout" if ack is None else "http_error")
            if ack is not None and ack.status == 200:
                self._do(interaction, ack.payload)
                return

    async def again(self, interaction, *, number=1):
        """Deliver the same payload once more, whatever became of it; returns the Ack, None if none came."""
        return await self._send(interaction, number, "timeout")

    async def _send(self, interaction, number, reason):
        server = self._server
        interaction.deliveries.append((server.now(), number))
        server.pulse.beat()
        way = server.http if server.http.url else server.sockets
        ack = await way.send(interaction, number, reason, server.rules.acknowledge_within)
        if interaction.ack is None or interaction.ack.status != 200:
            interaction.ack = ack or interaction.ack
        server.pulse.beat()
        return ack

    def _do(self, interaction, payload):
        """Carry out an acknowledgement's payload; one that Slack wouldn't accept is refused."""
        kind = interaction.payload.get("type") or interaction.kind
        if not payload or interaction.kind == EVENTS:
            if kind == "view_submission":
                interaction.surface.closed = True
            return
        act = {
            SLASH: self._say, "view_submission": self._respond, "block_suggestion": self._suggest,
        }.get(kind, self._nothing)  # fmt: skip
        try:
            act(interaction, payload)
        except Refused as refusal:
            self._server.refuse(refusal.error, refusal.problems or (refusal.error,), method=f"ack {kind}")

    @staticmethod
    def _nothing(interaction, payload):
        kind = interaction.payload.get("type")
        raise Refused("ack_payload", problems=[f"an acknowledgement of {kind} carries nothing"])

    @staticmethod
    def _suggest(interaction, payload):
        validate.options(payload)
        grouped = [group["options"] for group in payload.get("option_groups") or ()]
        interaction.options = [o for each in (payload.get("options") or [], *grouped) for o in each]

    def _say(self, interaction, payload):
        body = payload if isinstance(payload, dict) else {"text": str(payload)}
        only = None if body.get("response_type") == "in_channel" else interaction.person.id
        self._server.board.post(interaction.channel, body, only=only, interaction=interaction)

    def _respond(self, interaction, payload):
        action, view = payload.get("response_action"), interaction.surface
        forms = self._server.forms
        if action == "errors":
            validate.field_errors(payload.get("errors"), view)
            interaction.errors = dict(payload["errors"])
        elif action in {"update", "push"}:
            validate.view(view.team, payload.get("view"))
            if action == "update":
                forms.change(view, payload["view"], interaction)
            else:
                forms.show(interaction, payload["view"], view)
        elif action == "clear":
            interaction.cleared = True
            while view is not None:
                view.closed, view = True, view.below
        else:
            raise Refused("invalid_arguments", problems=[f"no response_action {action!r}"])
        self._server.pulse.beat()
