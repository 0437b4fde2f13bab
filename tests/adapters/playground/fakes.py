"""A small core and a clock, written by hand, for the playground to work with."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable

from bot.chat import (
    ActionInvoked,
    Actions,
    Button,
    Capabilities,
    ChannelRef,
    Choice,
    Code,
    Command,
    CommandInvoked,
    CommandOption,
    EventResolver,
    Facts,
    Field,
    Footnote,
    Form,
    FormErrors,
    FormSubmitted,
    Heading,
    Interaction,
    Kind,
    Message,
    NoReply,
    OpenForm,
    Picture,
    Replace,
    Reply,
    ReplyPolicy,
    ReplyReceived,
    Select,
    Send,
    Style,
    Text,
    UserRef,
    Visibility,
    literal,
)

NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)

TOPICS = (Choice("HTTP", "http"), Choice("HTTP caching", "http caching"), Choice("SQL", "sql"))
COMMANDS = (
    Command(
        "quiz", "A question to answer in private.", (CommandOption("topic", "What about.", completes=True),)
    ),
    Command("progress", "How far somebody is.", (CommandOption("member", "Who.", Kind.MEMBER),)),
    Command("announce", "A word to everybody.", (CommandOption("text", "What to say.", required=True),)),
    Command("picture", "A picture of the week."),
    Command("note", "Write something down."),
    Command("broken", "Fails in the server."),
    Command("study setup", "Start a study group here.", organiser_only=True),
    Command(
        "study schedule",
        "When posts come.",
        (
            CommandOption(
                "kind",
                "What is posted.",
                required=True,
                choices=(Choice("Quiz", "quiz"), Choice("A prompt", "prompt")),
            ),
            CommandOption("time", "When, such as 09:00."),
        ),
        organiser_only=True,
    ),
    Command("answer", "Answer by typing.", (CommandOption("number", "Which."),), hidden=True),
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="140" viewBox="0 0 480 140">'
    '<rect width="480" height="140" rx="10" fill="#f6f3ea"/>'
    '<path d="M20 110 L120 80 L220 92 L320 50 L460 30" fill="none"'
    ' stroke="#0f5f61" stroke-width="5"/></svg>'
)
SOURCE = """\
import httpx

# Ask again, with the tag
reply = httpx.get(url, headers={"If-None-Match": tag})
assert reply.status_code == ..."""
NOTE_FORM = Form(
    "Write a note",
    "mp1|note|",
    (
        Field("title", "Title", placeholder="A few words"),
        Field("topic", "Topic", required=False, completes=("quiz", "topic")),
        Field("kind", "Kind", options=(Choice("Idea", "idea"), Choice("Question", "question"))),
        Field("body", "Body", long=True, required=False),
    ),
    submit="Save",
)


def question(chosen: str = "") -> Message:
    """A quiz question; with ``chosen`` its buttons are spent."""
    return Message(
        "Which status code tells that nothing has changed?",
        (
            Heading("HTTP caching"),
            Text("Which status code tells that **nothing has changed** since `If-None-Match` was sent?"),
            Code(SOURCE, "python"),
            Actions(
                (
                    Button("A  200 OK", "mp1|quiz.answer|o=0", enabled=not chosen),
                    Button("B  304 Not Modified", "mp1|quiz.answer|o=1", enabled=not chosen),
                    Button("C  412 Precondition Failed", "mp1|quiz.answer|o=2", enabled=not chosen),
                )
            ),
            Footnote("Your answer is private." if not chosen else f"You chose {chosen}."),
        ),
    )


def daily_post() -> Message:
    """A post to a channel, with one of each thing to press."""
    return Message(
        "Today's question is here",
        (
            Heading("Day 12: idempotent requests"),
            Text(
                "A client sends the same `PUT` twice. Why is that **safe**? See [RFC 9110](https://www.rfc-editor.org/rfc/rfc9110)."
            ),
            Facts((("Milestone", "HTTP in depth"), ("Answered", "3 of 8"), ("Due", "today"))),
            Actions(
                (
                    Button("Answer in private", "mp1|open|", Style.PRIMARY),
                    Button("I have done it", "mp1|done|", Style.SUCCESS),
                    Button("Skip today", "mp1|skip|", Style.DANGER),
                    Select("Rate it", "mp1|rate|", (Choice("Too easy", "1"), Choice("Just right", "2"))),
                )
            ),
        ),
    )


class FakeClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = NOON

    def now(self) -> dt.datetime:
        return self.time

    async def skip(self, step: str) -> dt.datetime:
        self.time += dt.timedelta(days={"next": 1, "day": 1, "week": 7}[step])
        return self.time


class FakeApp:
    """Answers a few commands; remembers all that it was given."""

    def __init__(self) -> None:
        self.seen: list[Interaction] = []
        self.asked: list[tuple[str, str, str, ChannelRef]] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.arrived = asyncio.Event()

    def commands_for(self, _capabilities: Capabilities) -> tuple[Command, ...]:
        return COMMANDS

    def reply_policy(self, interaction: Interaction) -> ReplyPolicy:
        return ReplyPolicy()

    def too_fast(self, user: UserRef) -> str:
        return ""

    async def handle(
        self, interaction: Interaction, capabilities: Capabilities, resolver: EventResolver | None = None
    ) -> Reply:
        self.seen.append(interaction)
        self.arrived.set()
        await self.gate.wait()
        match interaction:
            case CommandInvoked(name=name, args=args):
                return _COMMANDS.get(name, _unknown)(dict(args))
            case ActionInvoked(action="mp1|quiz.answer|o=1"):
                return Replace(question("B"))
            case ActionInvoked(action="mp1|open|"):
                return Send(question())
            case ActionInvoked(choice=choice) if choice:
                return Send(Message(f"Rated {choice[0]}", ()))
            case FormSubmitted(values=values) if values.get("title") == "bad":
                return FormErrors(
                    NOTE_FORM, {"title": "Choose a kinder title.", "": "Nothing is saved yet."}
                )
            case FormSubmitted(values=values):
                return Send(
                    Message(f"Saved {values['title']}", (Text(f"Saved **{literal(values['title'])}**"),))
                )
            case ReplyReceived(text=text):
                return Send(Message(f"Noted: {text}", ()))
            case _:
                return NoReply()

    async def complete(
        self, command: str, option: str, typed: str, channel: ChannelRef, user: UserRef
    ) -> tuple[Choice, ...]:
        self.asked.append((command, option, typed, channel))
        return tuple(topic for topic in TOPICS if topic.value.startswith(typed.lower()))


def _unknown(_args: dict[str, str]) -> Reply:
    return Send(Message("Done.", ()))


def _broken(_args: dict[str, str]) -> Reply:
    raise RuntimeError("the fake core broke its promise")


_COMMANDS: dict[str, Callable[[dict[str, str]], Reply]] = {
    "quiz": lambda _args: Send(question()),
    "announce": lambda args: Send(Message(args["text"], (Text(literal(args["text"])),)), Visibility.PUBLIC),
    "picture": lambda _args: Send(
        Message("Your week", (Picture(SVG, "A line that rises"),)), Visibility.PUBLIC
    ),
    "note": lambda _args: OpenForm(NOTE_FORM),
    "broken": _broken,
}
