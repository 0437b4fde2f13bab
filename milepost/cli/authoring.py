"""``milepost content new``: packs and what is in them, asked for step by step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shlex import quote
from typing import Annotated, Any, TypeVar

import typer

from bot.chat import SystemClock
from bot.errors import SetupError
from content.model import PackInfo, Step, Topic
from content.writing.draft import CannotWriteError, Draft, open_draft, start_pack
from content.writing.names import free, is_id, slug
from milepost.cli.asking import Asker, asker
from milepost.cli.new_posts import ask_challenge, ask_prompt
from milepost.cli.new_question import KINDS, LEVELS, ask_question, fits
from milepost.cli.output import say

T = TypeVar("T")

app = typer.Typer(help="Write a pack, or add to one: each part is asked for.", no_args_is_help=True)

Folder = Annotated[Path, typer.Argument(help="The pack's folder.")]
Title = Annotated[str, typer.Option(help="Its title.")]
TopicOption = Annotated[str, typer.Option(help="The topic that it is about, by its id.")]
Id = Annotated[str, typer.Option(help="Its permanent name; made from its words if left out.")]
Source = Annotated[str, typer.Option(help="The address of a page that says so.")]
SourceTitle = Annotated[str, typer.Option(help="The title of that page.")]
Defaults = Annotated[bool, typer.Option("--yes", help="Ask nothing: take the default of what isn't given.")]


@app.command()
def pack(
    folder: Folder,
    title: Title = "",
    topic: Annotated[str, typer.Option(help="The title of its first topic.")] = "",
    goal: Annotated[str, typer.Option(help="What a member can do at the end.")] = "",
    licence: Annotated[str, typer.Option(help="The licence that others may use it under.")] = "",
    step: Annotated[str, typer.Option(help="The title of its first step; the pack's if left out.")] = "",
    yes: Defaults = False,
) -> None:
    """Write a new pack with one topic. Questions come next."""
    given = {"title": title, "topic": topic, "goal": goal, "licence": licence, "step": step}
    asks = asker(given, ask=not yes)
    name = folder.resolve().name
    id_ = name if is_id(name) else slug(name)
    if not id_:
        raise SetupError(
            f"{folder} has no Latin letter in its name, which becomes the pack's id. Choose another."
        )
    named = asks.one("title", "The pack's title", fits(PackInfo, "title"))
    stop = asks.one("topic", "Its first topic", fits(Topic, "title"), named)
    end = asks.one("goal", "What members can do at the end", fits(Step, "goal"))
    terms = asks.one("licence", "Licence", fits(PackInfo, "licence"), "CC-BY-4.0")
    stop_id = slug(stop) or "first-topic"
    leg = asks.one("step", "Its first step", fits(Step, "title")) if step else named
    first = {
        "id": free(f"{stop_id}-step", {stop_id}, "first-step"),
        "title": leg,
        "goal": end,
        "topics": [{"id": stop_id, "title": stop}],
    }
    info = {
        "id": id_,
        "title": named,
        "version": "1.0.0",
        "schema": 1,
        "licence": terms,
        "as_of": SystemClock().now().date(),
    }
    roadmap = {"source": f"Written for {named}", "steps": [first]}
    _write(asks, _made(lambda: start_pack(folder, info, roadmap)))
    say(f"The pack {id_} is in {folder}. Now its questions:")
    say(f"milepost content new question {quote(str(folder))}")


@app.command()
def step(
    folder: Folder,
    title: Title = "",
    topic: Annotated[str, typer.Option(help="The title of its first topic.")] = "",
    goal: Annotated[str, typer.Option(help="What a member can do at the end.")] = "",
    id_: Annotated[str, typer.Option("--id", help="Its permanent name.")] = "",
    yes: Defaults = False,
) -> None:
    """Add a step with one topic at the end of the roadmap. Topics that are added next belong to it."""
    draft = _open(folder)
    asks = asker({"title": title, "topic": topic, "goal": goal, "id": id_}, ask=not yes)
    named = asks.one("title", "The step's title", fits(Step, "title"))
    stop = asks.one("topic", "Its first topic", fits(Topic, "title"), named)
    end = asks.one("goal", "What members can do at the end", fits(Step, "goal"))
    stop_id = free(slug(stop), draft.taken, "topic")
    draft.taken.add(stop_id)
    new = _new_id(asks, draft, slug(named), "step")
    first = {"id": stop_id, "title": stop}
    _made(lambda: draft.add_step({"id": new, "title": named, "goal": end, "topics": [first]}))
    _write(asks, draft)
    say(f"The step {new} ends the roadmap now. Questions on its topic:")
    say(f"milepost content new question {quote(str(folder))} --topic {stop_id}")


@app.command()
def topic(
    folder: Folder,
    title: Title = "",
    id_: Annotated[str, typer.Option("--id", help="Its permanent name.")] = "",
    yes: Defaults = False,
) -> None:
    """Add a topic to the last step of the roadmap. It needs a question before the pack can be served."""
    draft = _open(folder)
    asks = asker({"title": title, "id": id_}, ask=not yes)
    named = asks.one("title", "The topic's title", fits(Topic, "title"))
    new = _new_id(asks, draft, slug(named), "topic")
    _made(lambda: draft.add_topic({"id": new, "title": named}))
    _write(asks, draft)
    say(f"The topic {new} is on the roadmap. Now its questions:")
    say(f"milepost content new question {quote(str(folder))} --topic {new}")


@app.command()
def question(
    folder: Folder,
    topic: TopicOption = "",
    kind: Annotated[str, typer.Option(help=f"How it is answered: {', '.join(KINDS)}.")] = "",
    stem: Annotated[str, typer.Option(help="The question itself.")] = "",
    right: Annotated[
        list[str] | None, typer.Option(help="A right answer; true or false of a statement.")
    ] = None,
    wrong: Annotated[list[str] | None, typer.Option(help="A wrong answer to choose.")] = None,
    feedback: Annotated[
        list[str] | None,
        typer.Option(help="A word on the first wrong answer, the second... or on each item or pair."),
    ] = None,
    item: Annotated[
        list[str] | None, typer.Option(help="A thing to put in order, in the right order.")
    ] = None,
    pair: Annotated[list[str] | None, typer.Option(help="What belongs together: LEFT = RIGHT.")] = None,
    unit: Annotated[str, typer.Option(help="The unit of a number.")] = "",
    explanation: Annotated[str, typer.Option(help="Why it is so.")] = "",
    hint: Annotated[list[str] | None, typer.Option(help="A hint for practice; two at most.")] = None,
    source: Source = "",
    source_title: SourceTitle = "",
    difficulty: Annotated[str, typer.Option(help="1 (easy) to 5 (hard).")] = "",
    objective: Annotated[str, typer.Option(help="What it tests.")] = "",
    level: Annotated[str, typer.Option(help=f"What it asks for: {', '.join(LEVELS)}.")] = "",
    mistake: Annotated[
        list[str] | None, typer.Option(help="A wrong answer that people type; it needs a --feedback.")
    ] = None,
    code: Annotated[str, typer.Option(help="A file with code to show.")] = "",
    language: Annotated[str, typer.Option(help="The language of the code, such as bash.")] = "",
    id_: Annotated[str, typer.Option("--id", help="Its permanent name.")] = "",
    yes: Defaults = False,
) -> None:
    """Add a question to a topic of a pack."""
    given: dict[str, Any] = {
        "topic": topic,
        "kind": kind,
        "stem": stem,
        "right": right,
        "wrong": wrong,
        "feedback": feedback,
        "item": item,
        "pair": pair,
        "unit": unit,
        "explanation": explanation,
        "hint": hint,
        "source": source,
        "source_title": source_title,
        "difficulty": difficulty,
        "objective": objective,
        "level": level,
        "mistake": mistake,
        "code": code,
        "language": language,
        "id": id_,
    }
    draft, asks = _open(folder), asker(given, ask=not yes)
    about = _topic(asks, draft)
    here, today = draft.questions(about), SystemClock().now().date()
    new = ask_question(asks, about, draft.taken, draft.hosts, today, here)
    _made(lambda: draft.add_question(about, new))
    _write(asks, draft)
    say(f"{new['id']} is question {here + 1} of {about}. To see it as members will:")
    say(f"milepost content preview {quote(str(folder))} --question {new['id']}")


@app.command()
def prompt(
    folder: Folder,
    topic: TopicOption = "",
    title: Title = "",
    why: Annotated[str, typer.Option(help="Why the topic matters.")] = "",
    task: Annotated[str, typer.Option(help="Something to do.")] = "",
    minutes: Annotated[str, typer.Option(help="How long the task takes: 5, 10, 15 and so on to 60.")] = "",
    discuss: Annotated[str, typer.Option(help="A question to talk about.")] = "",
    sketch: Annotated[str, typer.Option(help="What a good answer has in it.")] = "",
    source: Source = "",
    source_title: SourceTitle = "",
    id_: Annotated[str, typer.Option("--id", help="Its permanent name.")] = "",
    yes: Defaults = False,
) -> None:
    """Add a prompt: something to do and to talk about when a topic begins."""
    given = {
        "topic": topic,
        "title": title,
        "why": why,
        "task": task,
        "minutes": minutes,
        "discuss": discuss,
        "sketch": sketch,
        "source": source,
        "source_title": source_title,
        "id": id_,
    }
    draft, asks = _open(folder), asker(given, ask=not yes)
    about = _topic(asks, draft)
    new = ask_prompt(asks, f"{about}-prompt", draft.taken, draft.hosts, SystemClock().now().date())
    _made(lambda: draft.add_prompt(about, new))
    _write(asks, draft)
    say(f"{new['id']} opens {about} now.")


@app.command()
def challenge(
    folder: Folder,
    step: Annotated[str, typer.Option(help="The step of the roadmap that it ends, by its id.")] = "",
    title: Title = "",
    summary: Annotated[str, typer.Option(help="What is built.")] = "",
    hours: Annotated[str, typer.Option(help="Hours of work, such as 2-5.")] = "",
    days: Annotated[str, typer.Option(help="Days that members have for it.")] = "",
    starter: Annotated[str, typer.Option(help="How to begin.")] = "",
    milestone: Annotated[
        list[str] | None, typer.Option(help="What is there at some point, in order.")
    ] = None,
    acceptance: Annotated[list[str] | None, typer.Option(help="How to see that it is done.")] = None,
    pitfall: Annotated[list[str] | None, typer.Option(help="What goes wrong easily.")] = None,
    stretch: Annotated[list[str] | None, typer.Option(help="A goal beyond.")] = None,
    alone: Annotated[str, typer.Option(help="How to do it without a group.")] = "",
    source: Source = "",
    source_title: SourceTitle = "",
    id_: Annotated[str, typer.Option("--id", help="Its permanent name.")] = "",
    yes: Defaults = False,
) -> None:
    """Add a project to a step of the roadmap."""
    given: dict[str, Any] = {
        "step": step,
        "title": title,
        "summary": summary,
        "hours": hours,
        "days": days,
        "starter": starter,
        "milestone": milestone,
        "acceptance": acceptance,
        "pitfall": pitfall,
        "stretch": stretch,
        "alone": alone,
        "source": source,
        "source_title": source_title,
        "id": id_,
    }
    draft, asks = _open(folder), asker(given, ask=not yes)
    steps = draft.steps
    leg = asks.choice(
        "step", "Which step does it end", steps, next(iter(steps)) if len(steps) == 1 else None
    )
    new = ask_challenge(asks, leg, draft.taken, draft.hosts, SystemClock().now().date())
    _made(lambda: draft.add_challenge(new))
    _write(asks, draft)
    say(f"The project {new['id']} ends {leg} now.")


def _topic(asks: Asker, draft: Draft) -> str:
    """Return the topic that something is about; the only one goes without saying."""
    topics = draft.topics
    only = next(iter(topics)) if len(topics) == 1 else None
    if only and not asks.given.get("topic"):
        return only
    return asks.choice("topic", "Which topic is it about", topics)


def _new_id(asks: Asker, draft: Draft, wanted: str, fallback: str) -> str:
    def check(answer: str) -> None:
        fits(Topic, "id")(answer)
        if answer in draft.taken:
            raise ValueError(f"The name {answer} is taken.")

    return asks.one("id", "Its permanent name", check, free(wanted, draft.taken, fallback))


def _made(make: Callable[[], T]) -> T:
    """Return what ``make`` returns. Raises SetupError where it can't be written."""
    try:
        return make()
    except CannotWriteError as error:
        raise SetupError(str(error)) from None


def _open(folder: Path) -> Draft:
    """Return the pack in ``folder`` to add to. Raises SetupError."""
    return _made(lambda: open_draft(folder))


def _write(asks: Asker, draft: Draft) -> None:
    """Write what was added, once it is agreed to. Raises SetupError."""
    if not asks.agrees("Write it?"):
        raise SetupError("Nothing was written.")
    _made(draft.write)
