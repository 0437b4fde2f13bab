"""People in the simulated server: ``await ana.uses("/quiz"); await ana.presses("B")``."""

from simcord.results import ResponseMessage

from tests.adapters.discord.native import buttons, fields, form_words, menus, value_of, words


class Member:
    """Somebody in the server, with the last thing that the bot showed them.

    ``result`` is Discord's record of their last act. In ``direct`` they write to the bot alone.
    """

    def __init__(self, server, actor, channel, *, direct=False):
        self.server = server
        self.actor = actor
        self.channel = channel
        self.direct = direct
        self.result = None
        self._does = actor.user if direct else actor

    @property
    def name(self):
        return self.actor.name

    async def uses(self, typed, **options):
        """Use a command, options as keywords."""
        name = typed.removeprefix("/")
        given = {key: getattr(value, "actor", value) for key, value in options.items()}
        place = () if self.direct else (self.channel,)
        self.result = await self._does.slash(*place, name, **given)

    async def presses(self, label, *, on=None):
        """Press a button, on the newest message that has it or on a given one."""
        message = on or self._newest(lambda parts: label in buttons(parts), label)
        native = self._native(message)
        self.result = await self._does.click(native, custom_id=buttons(message.components)[label])

    async def chooses(self, label):
        """Choose an entry of a menu on the newest message that has it."""
        message = self._newest(lambda parts: _entry(parts, label), label)
        menu, option = _entry(message.components, label)
        self.result = await self._does.select(
            self._native(message), [option["value"]], custom_id=menu["custom_id"]
        )

    async def sends(self, *, form=None, **values):
        """Hand in the form that is open, or one that was opened earlier, changing these fields."""
        shown = form or self.result
        filled = {name: value_of(field) for name, field in fields(shown.modal).items()} | values
        typed = {
            name: _entries(value) if fields(shown.modal)[name]["type"] == 3 else value
            for name, value in filled.items()
        }
        self.result = await self._does.submit_modal(shown, typed)

    async def types(self, command, option, typed):
        """Type into an option; returns what is suggested."""
        place = () if self.direct else (self.channel,)
        return await self._does.autocomplete(*place, command, option, typed)

    def sees(self, text):
        """Tell if the newest thing that the bot showed contains the text."""
        return text in self.shown()

    def shown(self):
        """The newest thing that the bot showed: a form, else the message that answers their last act."""
        if self.result.modal:
            return form_words(self.result.modal)
        return words(self.result.response.components) if self.result.response else ""

    def can_read(self, text):
        """Tell if any message that this person can see contains the text."""
        return any(text in words(message.components) for message in self._visible())

    def _visible(self):
        stored = self.server.env.backend.messages.get(self.channel.id, {})
        return [m for _, m in sorted(stored.items()) if m.visible_to(self.actor.id)]

    def _newest(self, wanted, label):
        for message in reversed(self._visible()):
            if wanted(message.components):
                return message
        raise AssertionError(f"{self.name} sees no {label!r}")

    def _native(self, message):
        return ResponseMessage(self.server.env, message)


def _entries(value):
    return value.split(", ") if isinstance(value, str) else value


def _entry(components, label):
    for menu in menus(components):
        for option in menu["options"]:
            if label in option["label"]:
                return menu, option
    return None
