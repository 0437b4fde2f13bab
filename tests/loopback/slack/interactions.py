"""One thing that a person did: its acknowledgement, and what the person got to see after it."""

from dataclasses import dataclass, field

from tests.loopback.slack.happenings import DELETE, EPHEMERAL, HOME, POST, UPDATE, VIEW

SLASH, INTERACTIVE, EVENTS = "slash_commands", "interactive", "events_api"


@dataclass(frozen=True)
class Ack:
    """Acknowledgement of the bot: HTTP status (200 in Socket Mode), the answer in it, and its time."""

    status: int
    payload: object
    at: float


@dataclass(eq=False)
class Interaction:
    """The hands in ``people`` return it. What was shown is looked up anew each time it is asked for.

    ``kind`` is the envelope's type, ``surface`` the Message or View that was acted on. ``deliveries`` are
    the (monotonic second, retry number) of every time that it was sent. ``cleared`` says that the
    acknowledgement closed all forms. Times are monotonic seconds.
    """

    id: str
    kind: str
    person: object
    channel: object
    opened: float
    happened: object
    payload: dict
    surface: object = None
    within: float = 3.0
    trigger_used: bool = False
    response_used: int = 0
    ack: Ack | None = None
    cleared: bool = False
    errors: dict = field(default_factory=dict)
    options: list = field(default_factory=list)
    deliveries: list = field(default_factory=list)
    first: int = 0

    @property
    def trigger_id(self):
        return self.payload.get("trigger_id")

    @property
    def response_url(self):
        return self.payload.get("response_url")

    @property
    def seconds(self):
        """From the first delivery to the acknowledgement; None if there was none."""
        return None if self.ack is None else self.ack.at - self.opened

    @property
    def late(self):
        """Was it acknowledged after the deadline, or badly? None came: see ``failed``."""
        return self.ack is not None and (self.ack.status != 200 or self.seconds > self.within)

    @property
    def failed(self):
        """Was the person told that it did not work? Final after the deadline only."""
        return self.ack is None or self.late

    @property
    def ephemerals(self):
        """Messages for this person alone."""
        return self._seen(EPHEMERAL)

    @property
    def posts(self):
        """Messages for all in the same channel, or in this person's direct channel."""
        return self._seen(POST)

    @property
    def updates(self):
        """Messages that were changed, as they stand now."""
        return self._seen(UPDATE)

    @property
    def deleted(self):
        return self._seen(DELETE)

    @property
    def views(self):
        """Forms that were opened or changed for this person."""
        return self._seen(VIEW)

    @property
    def view(self):
        """The newest of them, None if there is none."""
        return (self.views or [None])[-1]

    @property
    def home(self):
        """The home view as it was published last, None if it was not."""
        return (self._seen(HOME) or [None])[-1]

    @property
    def message(self):
        """The newest message that was shown or changed, None if there is none."""
        found = [h.thing for h in self._mine() if h.kind in {EPHEMERAL, POST, UPDATE}]
        return (found or [None])[-1]

    @property
    def ephemeral(self):
        """Is the answer seen by the person alone?"""
        return self.message is not None and self.message.ephemeral

    @property
    def text(self):
        """Every word of all that was shown, and the errors in a form."""
        things = dict.fromkeys(h.thing for h in self._mine() if h.kind != DELETE)
        return "\n".join([*(thing.text for thing in things), *self.errors.values()])

    @property
    def answered(self):
        """Did the person get to see anything, in the acknowledgement or after it?"""
        return bool(self.cleared or self.errors or self.options or self._mine())

    async def until(self, condition, seconds=5.0):
        """Wait until ``condition(self)`` holds, ``seconds`` at most; whether it does."""
        return await self.happened.pulse.within(seconds, lambda: condition(self))

    def _seen(self, kind):
        return list(dict.fromkeys(h.thing for h in self._mine() if h.kind == kind))

    def _mine(self):
        return [h for h in self.happened.since(self.first) if self._concerns(h)]

    def _concerns(self, happening):
        if happening.interaction is not None:
            return happening.interaction is self
        if happening.user is not None:
            return happening.user == self.person.id
        places = {self.channel, self.person.user.inbox} - {None}
        return happening.channel in places and self._not_a_persons(happening.thing)

    def _not_a_persons(self, message):
        return message.user.bot
