"""Questions whose key is corrected after they were answered."""

from bot.chat import decode
from tests.support.helpers import library_with, quiz_of, serve
from tests.support.people import items_of, question_in

NOTICE = "The answer key of"
NOTE = "The answer key was corrected after this question was posted."


def corrected(question, key, rev=1):
    """The question with another option as its key; ``rev`` is by how much its revision is raised."""
    said = tuple(o.model_copy(update={"correct": o.id == key}) for o in question.options)
    return question.model_copy(update={"options": said, "rev": question.rev + rev})


async def chooses(person, quiz, option_id):
    """Press the button of an option."""
    labels = {decode(item.action).params.get("o"): item.label for item in items_of(quiz.message)}
    await person.presses(labels[option_id], on=quiz)


def notices(world, channel="study"):
    return [posted.message.summary for posted in world.channel_posts(channel, about=NOTICE)]


async def points(world, group=1, period="all"):
    """Points, answers and right ones by name, as the boards have them."""
    rows, _ = await world.run(lambda unit: unit.boards.standings(group, period, 99, None))
    return {row.name: (row.points, row.answers, row.correct) for row in rows}


class Scene:
    """A question with three who have answered it, each in another way; ``key`` is the wrong key."""

    def __init__(self, world):
        self.world, self.quiz = world, quiz_of(world)
        self.question = question_in(world, self.quiz)
        self.key = self.question.key.id
        self.others = [option.id for option in self.question.options if option.id != self.key]

    async def is_answered(self):
        for name, option_id in zip(("Ana", "Ben", "Cem"), [self.key, *self.others], strict=False):
            await chooses(self.world.person(name), self.quiz, option_id)

    async def is_corrected(self, key=None, rev=1):
        serve(self.world, library_with(corrected(self.question, key or self.others[0], rev)))
        await self.world.passes(minutes=1)


async def scene_in(world, *, closed=True):
    scene = Scene(world)
    await scene.is_answered()
    if closed:
        await world.passes(days=1)
    return scene


async def two_groups(world):
    """Two groups with the same question, answered in the first."""
    for channel in ("study", "other"):
        await world.founds(channel, days="daily")
    await world.passes(minutes=31)
    first, other = Scene(world), Scene(world)
    other.quiz = quiz_of(world, "other")
    assert question_in(world, other.quiz).id == first.question.id
    await first.is_answered()
    return first, other
