"""Helpers of the tests of features: the posts of a group, and a library with a change in it."""

import datetime as dt

from bot.chat import decode
from bot.library import Library
from tests.support.people import items_of, shipped_library

QUIZ = "Question of the day"
PROMPT = "Roadmap:"
CHALLENGE = "Project: "
RECAP = "The week in review"


def quiz_of(world, channel="study"):
    """The newest question of the day."""
    return world.newest(QUIZ, channel)


async def posts_project(world, channel="study", workspace="w"):
    """Have an organiser post a project at once: the first would come at the end of the first step."""
    olga = world.person("Olga", organiser=True, channel=channel, workspace=workspace)
    await olga.uses("/study post-now", kind="challenge")
    await world.run_once()
    return world.newest(CHALLENGE, channel)


def post_of(posted):
    """The number of the post that a message is, as its buttons carry it."""
    return int(decode(items_of(posted.message)[0].action).params["p"])


def facts(world):
    """The database without its memory of events."""
    return [line for line in world.dump().splitlines() if 'INTO "event' not in line]


def library_with(question=None, without=None, **changes):
    """The shipped pack with one question changed or left out, or with other fields changed."""
    pack = shipped_library().packs["backend-python"]
    changed = question or without
    questions = dict(pack.questions)
    for topic, found in pack.questions.items():
        if changed and any(each.id == changed.id for each in found):
            replaced = (question if each.id == changed.id else each for each in found)
            questions[topic] = tuple(each for each in replaced if each is not None)
    return Library({pack.info.id: pack_like(pack, **{"questions": questions} | changes)})


def serve(world, library):
    """Have Milepost read its packs again, and find these."""
    world.application.installed.library = library
    world.application.scheduler.packs_changed()


def first_prompt(topic):
    """The prompt of a topic of the shipped pack that a group gets on its first lap."""
    return shipped_library().packs["backend-python"].active_prompts(topic)[0]


def first_project(step):
    """The project of a step of the shipped pack that a group gets on its first lap."""
    return shipped_library().packs["backend-python"].active_challenges(step)[0]


def last_day_of_first_project(posted):
    """Return the last day of the first step's project, such as "Mon 23 Mar", if posted on this day."""
    day = posted + dt.timedelta(days=first_project("python-basics").days - 1)
    return f"{day:%a} {day.day} {day:%b}"


def every_project():
    """All projects of the shipped pack, whatever their status, in the order of the roadmap."""
    found = shipped_library().packs["backend-python"].challenges.values()
    return [project for projects in found for project in projects]


def pack_like(pack, **changes):
    """A pack with these fields changed; ``model_copy`` would keep its cached lookups."""
    fields = {name: getattr(pack, name) for name in type(pack).model_fields}
    return type(pack).model_construct(**fields | changes)
