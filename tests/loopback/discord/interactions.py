"""One use of a command, button, menu or form: its token, its deadline, and what the bot answered."""

import secrets
from dataclasses import dataclass, field

from tests.loopback.discord import payloads
from tests.loopback.discord.components import every, texts
from tests.loopback.pulse import Pulse

COMMAND, COMPONENT, AUTOCOMPLETE, SUBMIT = 2, 3, 4, 5
SAY, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    COMMAND: {SAY, DEFER, MODAL},
    COMPONENT: {SAY, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    SUBMIT: {SAY, DEFER, DEFER_UPDATE, UPDATE},
}


@dataclass(frozen=True)
class Modal:
    """A form that is open for one person. ``raw`` is what the bot sent; ``interaction`` opened it."""

    raw: dict
    interaction: "Interaction"

    @property
    def title(self):
        return self.raw["title"]

    @property
    def text(self):
        """Title, labels, descriptions and texts, a line each."""
        lines = [self.title, *texts(self.raw["components"])]
        for component in every(self.raw["components"]):
            lines += [component[key] for key in ("label", "description") if component.get(key)]
        return "\n".join(lines)

    def inputs(self):
        """(label, component) of each input, from labels and from old rows alike."""
        found = []
        for part in self.raw["components"]:
            if part["type"] == 18:
                found.append((part["label"], part["component"]))
            elif part["type"] == 1:
                found += [(child["label"], child) for child in part["components"]]
        return found


@dataclass(eq=False)
class Interaction:
    """Also what the person sees of it: the hands in ``people`` return it.

    ``response`` is the type of the first answer, None while there is none. ``message`` is what the person
    sees as the answer: the bot's own message, or the one that was changed. Times are monotonic seconds.
    """

    id: int
    token: str
    kind: int
    user: object
    channel: object
    opened: float
    source: object = None
    application: int = 0
    response: int | None = None
    acknowledged: float | None = None
    message: object = None
    modal: Modal | None = None
    choices: list = field(default_factory=list)
    followups: list = field(default_factory=list)
    updates: int = 0
    changed: Pulse = field(default_factory=Pulse, repr=False)

    @property
    def seconds(self):
        """From the event to its acknowledgement; None if there was none."""
        return None if self.acknowledged is None else self.acknowledged - self.opened

    @property
    def failed(self):
        """Did the person read "This interaction failed"? Final after the deadline only."""
        return self.response is None

    @property
    def deferred(self):
        """Was the first answer only an acknowledgement?"""
        return self.response in {DEFER, DEFER_UPDATE}

    @property
    def thinking(self):
        """Is the person still shown "thinking"?"""
        return self.response == DEFER and self.message.loading

    @property
    def ephemeral(self):
        """Is the answer seen by the person alone?"""
        return self.message is not None and self.message.ephemeral

    @property
    def text(self):
        """Every word of the answer, of its followups and of a form."""
        parts = [self.message] if self.message else []
        parts += self.followups
        parts += [self.modal] if self.modal else []
        return "\n".join(part.text for part in parts)

    @property
    def edits(self):
        """Number of edits of the answer after the first response."""
        return self.updates

    async def until(self, condition, seconds):
        """Wait until ``condition()`` holds, ``seconds`` at most; whether it does."""
        return await self.changed.within(seconds, condition)

    async def finished(self, seconds=5.0):
        """Wait until a deferred answer came: it was filled, or followed by another message."""
        if self.deferred:
            await self.until(lambda: self.updates or self.followups or self.message.deleted, seconds)
        return self

    def on_message(self):
        """Fields about this interaction in the message that answers it."""
        return {
            "application_id": str(self.application),
            "webhook_id": str(self.application),
            "interaction_metadata": {
                "id": str(self.id), "type": self.kind, "user": payloads.user(self.user.user),
                "authorizing_integration_owners": {},
            },
        }  # fmt: skip


def new_token():
    """A token, unguessable and short."""
    return secrets.token_urlsafe(24)
