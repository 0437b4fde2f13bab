"""The contract's place on Example: its room, and the hands of its people."""

from contextlib import asynccontextmanager
from dataclasses import replace

from tests.support.room import FakeClock
from tools.scaffold.example import Settings, build
from tools.scaffold.example.limits import channel_ref, user_ref
from tools.scaffold.example.outbound import form_words

CHANNEL = "study"


class Place:
    def __init__(self, adapter, clock):
        self.adapter = adapter
        self.channel = channel_ref(CHANNEL)
        self.unknown = channel_ref("nowhere")
        self.now = clock.now
        self._clock = clock

    def person(self, name, *, organiser=False):
        assert organiser is (name == "Olga"), "Olga is the organiser here"
        return Person(name.lower(), self.adapter)

    async def passes(self, seconds):
        self._clock.advance(seconds=seconds)

    def refuse(self, _kind):
        return False


class Person:
    """Somebody in the channel: what they do becomes an event, as the platform would tell it."""

    def __init__(self, name, adapter):
        self.name = name
        self.user = user_ref(name)
        self._adapter = adapter
        self._room = adapter.room

    async def uses(self, typed, **options):
        given = (f'{key}:"{getattr(value, "name", value)}"' for key, value in options.items())
        await self._does(line=" ".join([typed, *given]))

    async def presses(self, label):
        posted = self._newest(lambda drawn: label in drawn.buttons)
        await self._does(action=posted.drawn.buttons[label], message=posted.id)

    async def chooses(self, label):
        posted = self._newest(lambda drawn: label in drawn.entries)
        action, value = posted.drawn.entries[label]
        await self._does(action=action, chosen=value, message=posted.id)

    async def sends(self, **values):
        form, _ = self._room.forms.pop(self.name)
        kept = {field.name: field.value for field in form.fields}
        given = {name: v if isinstance(v, str) else ", ".join(v) for name, v in values.items()}
        await self._does(form=form.action, values=kept | given)

    async def types(self, command, option, typed):
        event = replace(self._room.event(self.name, CHANNEL), line=typed)
        return [choice.value for choice in await self._adapter.suggest(event, command, option)]

    def sees(self):
        return [posted.drawn.text for posted in self._room.seen(CHANNEL, self.name)]

    def inbox(self):
        return [posted.drawn.text for posted in self._room.seen(f"@{self.name}", self.name)]

    def form(self):
        return form_words(*self._room.forms[self.name]) if self.name in self._room.forms else ""

    def can_press(self, label):
        return any(label in posted.drawn.buttons for posted in self._room.seen(CHANNEL, self.name))

    async def _does(self, **parts):
        await self._adapter.hear(replace(self._room.event(self.name, CHANNEL), **parts))

    def _newest(self, wanted):
        return next(each for each in self._room.seen(CHANNEL, self.name)[::-1] if wanted(each.drawn))


@asynccontextmanager
async def place_at(_folder, app):
    clock = FakeClock()
    adapter = build(Settings(channels=CHANNEL, organisers="olga", _env_file=None), clock)
    await adapter.start(app)
    try:
        yield Place(adapter, clock)
    finally:
        await adapter.stop()
