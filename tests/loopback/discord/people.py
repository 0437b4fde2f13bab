"""People's hands: commands, buttons, menus, typing and forms, as the app on a phone lets them."""

from tests.loopback.cannot import Cannot
from tests.loopback.discord import options, payloads
from tests.loopback.discord.components import every
from tests.loopback.discord.interactions import (
    AUTOCOMPLETE,
    COMMAND,
    COMPONENT,
    DEFER,
    SUBMIT,
    Interaction,
    Modal,
    new_token,
)
from tests.loopback.discord.permissions import permitted


class Person:
    """One user's hands. ``member`` is their membership, None for direct messages alone.

    Each hand waits for the answer and returns the Interaction; see there for what it tells.
    """

    def __init__(self, server, user, member):
        self._server = server
        self.user = user
        self.member = member

    @property
    def id(self):
        return self.user.id

    @property
    def roles(self):
        """The ids of the roles that this member holds."""
        return self.member.roles

    @property
    def inbox(self):
        """The direct channel with the bot."""
        return self._server.inbox_of(self.user)

    async def uses(self, channel, command, given=None):
        """Use a published command such as ``study setup``; ``given`` maps options to values."""
        data = options.command_data(self._server, command, given or {}, self)
        return await self._acts(COMMAND, channel, data)

    async def types(self, channel, command, option, text, given=None):
        """Type into an option that completes; the answer's ``choices`` are what is suggested."""
        values = {**(given or {}), option: text}
        data = options.command_data(self._server, command, values, self, focused=option)
        return await self._acts(AUTOCOMPLETE, channel, data)

    async def presses(self, message, button):
        """Press a button, named by custom_id or by label."""
        found = self._find(message, message.buttons, button, ("custom_id", "label"))
        if "custom_id" not in found:
            raise Cannot(f"The button {button!r} is a link.")
        data = {"custom_id": found["custom_id"], "component_type": 2, "id": found["id"]}
        return await self._acts(COMPONENT, message.channel, data, message)

    async def chooses(self, message, menu, *values):
        """Choose from a menu, named by custom_id or placeholder; values by value or label."""
        found = self._find(message, message.selects, menu, ("custom_id", "placeholder"))
        data = {"custom_id": found["custom_id"], "component_type": found["type"], "id": found["id"]}
        data["values"] = options.chosen(found, values)
        return await self._acts(COMPONENT, message.channel, data, message)

    async def submits(self, form, values=None):
        """Send a form: a Modal, or the Interaction that opened it. Values by label or custom_id."""
        modal = form if isinstance(form, Modal) else form.modal
        if modal is None or modal.interaction.user.id != self.id:
            raise Cannot("This form is not open for this person.")
        opener = modal.interaction
        data = options.modal_data(modal, values or {})
        return await self._acts(SUBMIT, opener.channel, data, opener.source)

    def sees(self, channel):
        """The messages that stand in a channel for this person, oldest first."""
        return [m for m in self._server.messages(channel) if m.only in {None, self.id}]

    def _find(self, message, among, wanted, keys):
        if message.deleted or message.only not in {None, self.id}:
            raise Cannot("The message is not there for this person.")
        for key in keys:
            found = [component for component in among if component.get(key) == wanted]
            if len(found) > 1:
                raise Cannot(f"{wanted!r} is there more than once.")
            if found and found[0].get("disabled"):
                raise Cannot(f"{wanted!r} is disabled.")
            if found:
                return found[0]
        there = [
            component.get(key)
            for component in every(message.components)
            for key in keys
            if key in component
        ]
        raise Cannot(f"There is no {wanted!r}, only {there}.")

    async def _acts(self, kind, channel, data, message=None):
        """Send INTERACTION_CREATE and wait for the answer, and for what a deferral promised."""
        server, rules = self._server, self._server.rules
        interaction = Interaction(
            server.ids.new(),
            new_token(),
            kind,
            self,
            channel,
            server.now(),
            message,
            application=server.bot.id,
        )
        server.interactions[interaction.token] = interaction
        guild_id = channel.guild.id if channel.guild else None
        await server.gateway.dispatch(guild_id, "INTERACTION_CREATE", self._payload(interaction, data))
        await interaction.until(lambda: interaction.response is not None, rules.acknowledge_within)
        if interaction.response == DEFER:
            await interaction.finished(rules.patience)
        return interaction

    def _payload(self, interaction, data):
        server, channel = self._server, interaction.channel
        payload = {
            "id": str(interaction.id), "application_id": str(server.bot.id), "type": interaction.kind,
            "token": interaction.token, "version": 1, "data": data, "locale": self.user.locale,
            "channel_id": str(channel.id), "channel": payloads.channel(channel, self.member),
            "entitlements": [], "authorizing_integration_owners": {}, "attachment_size_limit": 10_485_760,
            "app_permissions": "0",
        }  # fmt: skip
        direct = {"user": payloads.user(self.user), "context": 1}
        payload |= self._in_guild(channel) if channel.guild else direct
        if interaction.source is not None:
            payload["message"] = payloads.message(interaction.source)
        return payload

    def _in_guild(self, channel):
        guild = channel.guild
        bot = guild.members[self._server.bot.id]
        return {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
            "guild_locale": guild.locale, "member": payloads.member(self.member, channel), "context": 0,
            "app_permissions": str(permitted(bot, channel)),
            "authorizing_integration_owners": {"0": str(guild.id)},
        }  # fmt: skip
